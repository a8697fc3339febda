"""Start the desk without a console: what it says reaches the operator in a window of the machine.

Run by the start files of a bundle with the interpreter that this lies beside. With `--console` a console
begins in the workspace instead, in which `tenproj` is known.
"""

import ctypes
import io
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path

BUNDLE = Path(__file__).resolve().parents[1]
OWN_FOLDER = "工作区"
"""The folder of the workspace, beside the unpacked bundle or among the operator's documents."""
_DOCUMENTS = 5
"""Windows' number of the folder of documents."""
_WARNING = 0x30
_DIALOGS = (
    ("zenity", "--warning", "--no-wrap", "--no-markup", "--title=tenproj", "--text={text}"),
    ("kdialog", "--title", "tenproj", "--sorry", "{text}"),
    ("xmessage", "-center", "{text}"),
)
"""Programs of Linux desktops that show a text in a window."""


def place_of_work() -> Path:
    """Return the folder in which the workspace lies, or in which the desk will offer to make one.

    A workspace beside the bundle comes first, then one among the documents; where there is none, beside the
    bundle if that can be written to.
    """
    beside, documents = BUNDLE.parent, documents_folder()
    for folder in (beside, documents):
        if (folder / OWN_FOLDER).is_dir():
            return folder
    return beside if can_be_written(beside) else documents


def can_be_written(folder: Path) -> bool:
    """Return whether a file can be made in a folder: rights alone do not tell on sticks and shares."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def documents_folder() -> Path:
    """Return the operator's folder of documents, or the home folder."""
    home = Path.home()
    if sys.platform == "win32":
        text = ctypes.create_unicode_buffer(260)
        failed = ctypes.windll.shell32.SHGetFolderPathW(None, _DOCUMENTS, None, 0, text)
        return home if failed else Path(text.value)
    for name in ("文档", "Documents"):
        if (home / name).is_dir():
            return home / name
    return home


def show(text: str) -> None:
    """Show a text in a window: by the machine's dialogs, else as a file in its editor or browser."""
    if sys.platform == "win32":
        ctypes.windll.user32.MessageBoxW(None, text, "tenproj", _WARNING)
        return
    for program, *arguments in _DIALOGS:
        if shutil.which(program):
            words = [argument.format(text=text) for argument in arguments]
            if subprocess.run([program, *words], check=False).returncode in (0, 1):  # noqa: S603  # ours
                return
    print(text, file=sys.__stderr__)
    path = Path(tempfile.gettempdir()) / "tenproj没有打开.txt"
    path.write_text(text, encoding="utf-8")
    webbrowser.open(path.as_uri())


class Words(io.StringIO):
    """What the program says, for the end; an address that a person has to open by hand is shown at once."""

    def write(self, text: str) -> int:
        """Note a text."""
        if "http://" in text:
            threading.Thread(target=show, args=(text.strip(),), daemon=True).start()
        return super().write(text)


def serve_desk(place: Path) -> None:
    """Serve the desk until its last window is closed, and show what kept it from that."""
    words = sys.stdout = sys.stderr = Words()
    status: object = 4
    try:
        from tenproj_xl.cli.main import main as run  # noqa: PLC0415  # a fault of it is shown as well

        run(["-C", str(place), "desk", *sys.argv[1:]], prog_name="tenproj")
    except SystemExit as end:
        status = end.code
    except BaseException as fault:  # noqa: BLE001  # shown, since nobody sees a traceback here
        words.write(f"{type(fault).__name__}: {fault}")
    if status:
        said = words.getvalue().strip()
        show(f"{said}\n\n没有打开。更多的说明，请看“{BUNDLE.name}”文件夹里的“说明.txt”。")
        sys.exit(status if isinstance(status, int) else 4)


def begin_console(place: Path) -> None:
    """Say what comes next in the workspace, and leave the operator in a console."""
    if (place / OWN_FOLDER).is_dir():
        os.chdir(place / OWN_FOLDER)
    os.environ["PATH"] = f"{BUNDLE}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if sys.platform == "win32":
        sys.exit(subprocess.run("cmd /k tenproj", check=False).returncode)  # noqa: S607  # ours
    subprocess.run([BUNDLE / "tenproj"], check=False)  # noqa: S603  # ours
    shell = os.environ.get("SHELL", "/bin/sh")
    os.execv(shell, [shell])  # noqa: S606  # the operator's own


def main() -> None:
    """Begin where the work is."""
    place = place_of_work()
    with suppress(OSError):  # the desk says what is wrong with it
        os.chdir(place)
    if sys.argv[1:] == ["--console"]:
        begin_console(place)
    else:
        serve_desk(place)


if __name__ == "__main__":
    main()
