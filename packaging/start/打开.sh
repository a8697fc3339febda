#!/bin/sh
# What a double-click runs: the desk, without a console. What keeps it from starting is shown in a window.
here=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)
words=$(sh "$here/tenproj" --version 2>&1) && exec sh "$here/tenproj" --start-desk "$@"
echo "$words" >&2
for show in "zenity --warning --no-wrap --no-markup --title=tenproj --text" "kdialog --title tenproj --sorry" "xmessage -center"; do
    if command -v "${show%% *}" > /dev/null; then
        $show "$words" && break
    fi
done
exit 3
