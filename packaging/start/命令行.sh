#!/bin/sh
# A console in the workspace, in which tenproj is known.
here=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)
exec sh "$here/tenproj" --start-desk --console
