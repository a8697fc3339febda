"""A report of a fault of the program, for whoever maintains it: where it happened and with which versions."""

import platform
import sys
import tempfile
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tenproj_xl import __version__

REPORTS = "故障报告_*.txt"
"""How the files of reports are named."""
_LIBRARIES = ("click", "openpyxl", "pandas", "pandera", "python-calamine", "xlsxwriter")


def reported(fault: BaseException, command: str, folder: Path) -> str:
    """Write a report of a fault that nobody foresaw; return what the operator is told."""
    path = write_fault_report(fault, command, folder)
    return f"程序出错，没有做完；此前入账的内容不受影响。请把“{path}”发给软件维护人员，里面没有表格内容。"


def write_fault_report(fault: BaseException, command: str, folder: Path) -> Path:
    """Write a report into the folder, or where that is impossible among the temporary files; return its path.

    It holds no contents of cells and no names of files: no texts of exceptions, no values of variables.
    """
    text = "\n".join(_lines(fault, command))
    name = REPORTS.replace("*", f"{datetime.now().astimezone():%Y%m%d-%H%M%S}")
    try:
        path = folder / name
        path.write_text(text, encoding="utf-8")
    except OSError:
        path = Path(tempfile.gettempdir()) / name
        path.write_text(text, encoding="utf-8")
    return path


def _lines(fault: BaseException, command: str) -> Iterator[str]:
    yield f"tenproj {__version__}, command {command}"
    yield f"Python {sys.version.split()[0]}, {platform.platform()}"
    yield ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    causes = [fault]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    for cause in reversed(causes):
        yield ""
        yield from (line.rstrip("\n") for line in traceback.format_tb(cause.__traceback__))
        yield f"{type(cause).__module__}.{type(cause).__qualname__}"
    yield ""


def _version(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  # a quarter of what `--help` takes

    try:
        return version(library)
    except PackageNotFoundError:
        return "?"
