"""LibreOffice as the reader of what nothing else reads, and as the printer, where it is installed.

Reads: the bytes of an untrusted workbook that passed the guard. Gives: the same workbook as .xlsx, which has to pass
the guard in its turn. It runs in a profile of its own, with macros and links switched off, under limits on time, memory
and what it writes; it and all that it started end with it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from tenproj_xl.core.limits import Limits

_ELSEWHERE = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">\
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">\
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">\
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


@cache
def soffice() -> str | None:
    """The program, None where LibreOffice is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in _ELSEWHERE if Path(path).exists()), None)


def to_xlsx(data: bytes, ending: str, limits: Limits) -> bytes | None:
    """The workbook as .xlsx, None where it cannot be converted on this machine, in time and within the limits."""
    found = _converted(data, ending, ".xlsx", "xlsx:Calc MS Excel 2007 XML", limits)
    return found if found is not None and len(found) <= limits.size else None


_PATIENCE = 300.0
"""Seconds for printing a workbook of our own, which has as many pages as it has."""


def to_pdf(data: bytes) -> bytes | None:
    """A workbook of our own (.xlsx) as it is printed, None where it cannot be printed on this machine."""
    return _converted(data, ".xlsx", ".pdf", "pdf:calc_pdf_Export", None)


def _converted(data: bytes, ending: str, wanted: str, form: str, limits: Limits | None) -> bytes | None:
    program = soffice()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="tenproj-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        source = folder / f"book{ending}"
        source.write_bytes(data)
        target = folder / "out" / f"book{wanted}"
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nologo",
            "--convert-to",
            form,
            "--outdir",
            str(target.parent),
            str(source),
        ]
        seconds = limits.seconds if limits else _PATIENCE
        if not _run(_limited(command, limits) if limits else command, seconds, folder) or not target.exists():
            return None
        return target.read_bytes()


def _limited(command: list[str], limits: Limits) -> list[str]:
    """The command under the system's own limits, where a shell can set them."""
    if os.name != "posix":
        return command
    # Twice the memory, because it is address space, of which LibreOffice maps much that it never uses.
    ulimits = f"ulimit -c 0 -f {limits.inflated >> 9} -v {limits.memory >> 9}"
    return ["/bin/sh", "-c", f'{ulimits}; exec "$@"', "sh", *command]


def _run(command: list[str], seconds: float, folder: Path) -> bool:
    """True if it ended well and in time; nothing that it started goes on in any case."""
    process = subprocess.Popen(  # noqa: S603  # our own command line
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        start_new_session=True,
    )
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if os.name != "posix":
        process.kill()
    else:
        with suppress(ProcessLookupError):  # all of it may have ended already
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
