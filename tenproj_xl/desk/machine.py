"""What the desk asks of this machine: to open a file or a folder, to show a page."""

import os
import subprocess
import sys
import webbrowser
from pathlib import Path

from tenproj_xl.core.errors import EnvironmentProblem


def open_path(path: Path) -> None:
    """Open a file or a folder with the program that this machine has for it.

    Raises:
        EnvironmentProblem: The machine has none.
    """
    try:
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606
        else:
            subprocess.Popen(  # noqa: S603
                ["xdg-open", str(path)],  # noqa: S607  # where it lies differs
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
    except OSError as fault:
        raise EnvironmentProblem(
            f"这台电脑没有打开“{path.name}”的程序。请点“另存”存下来，或在文件夹里打开：{path.parent}"
        ) from fault


def open_page(address: str) -> bool:
    """Show a page in the default browser; return whether one was found."""
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
