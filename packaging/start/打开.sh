#!/bin/sh
# A console in which tenproj is known: in 工作区 beside the unpacked folder where there is one, else beside it.
here=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)
export PATH="$here:$PATH"
cd "$here/../工作区" 2> /dev/null || cd "$here/.." || exit 3
tenproj
exec "${SHELL:-/bin/sh}"
