"""LibreOffice as the reader of .xlsb, and as the printer, where it is installed.

An untrusted workbook has passed the guard before, and has to pass it again as .xlsx. LibreOffice runs in a
profile of its own, with macros and links switched off, under limits on time, memory and what it writes; it
and all processes that it started are ended.
"""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path

from tenproj_xl.core.limits import Limits
from tenproj_xl.core.remains import private_folder
from tenproj_xl.core.secret_variables import environment_without_secrets

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
<item oor:path="/org.openoffice.Inet/Settings">\
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>\
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>\
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>\
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>\
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop>\
<prop oor:name="ooInetNoProxy" oor:op="fuse"><value></value></prop></item>
</oor:items>
"""


@cache
def soffice() -> str | None:
    """Return the program, None where LibreOffice is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in _ELSEWHERE if Path(path).exists()), None)


class TooBusyError(Exception):
    """The machine was so busy that a conversion did not end."""


def to_xlsx(data: bytes, ending: str, limits: Limits) -> bytes | None:
    """Convert a workbook to .xlsx; return None where that fails, takes too much or exceeds the limits.

    Raises:
        TooBusyError: It did not end in any time, though it did not use up that of the processor.
    """
    found = _converted(data, ending, ".xlsx", "xlsx:Calc MS Excel 2007 XML", limits)
    if found is None or len(found) > limits.size:
        return None
    return found


_A_WHILE, _TIMES_LONGER = 30.0, 12.0
"""The clock ends a conversion after as many seconds, or times as long as the processor may work on it."""
_ADDRESSES = 2 << 30
"""Bytes of addresses for LibreOffice, which maps much that it never uses."""
_PATIENCE = 300.0
"""Seconds for printing a workbook of our own, which has as many pages as it has."""


_TO_PDF = {".xlsx": "pdf:calc_pdf_Export", ".docx": "pdf:writer_pdf_Export"}


def to_pdf(data: bytes, ending: str = ".xlsx") -> bytes | None:
    """Print a workbook or text of our own to PDF; return None where that fails on this machine."""
    try:
        return _converted(data, ending, ".pdf", _TO_PDF[ending], None)
    except TooBusyError:
        return None


def _converted(data: bytes, ending: str, wanted: str, form: str, limits: Limits | None) -> bytes | None:
    program = soffice()
    if program is None:
        return None
    with private_folder() as folder:
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
        seconds = _PATIENCE
        if limits is not None:
            seconds = max(_A_WHILE, _TIMES_LONGER * limits.seconds)
            command = [*without_network(), *_limited(command, limits)]
        if not _run(command, seconds, folder) or not target.exists():
            return None
        return target.read_bytes()


@cache
def without_network() -> tuple[str, ...]:
    """Return the command that runs another one in a network of its own, with nobody in it; () without one.

    The profile sends whatever asks for an address to a proxy that is not there: a second line for machines
    that cannot do this, and the only one against pictures that a workbook merely links to.
    """
    program = shutil.which("unshare")
    if program is None:
        return ()
    command = (program, "--map-root-user", "--net")
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)  # noqa: S603  # ours
    return command if tried.returncode == 0 else ()


def _limited(command: list[str], limits: Limits) -> list[str]:
    """Put a command under the system's own limits, where a shell can set them."""
    if os.name != "posix":
        return command
    # Of memory address space is counted, of which LibreOffice maps much that it never uses.
    seconds = max(1, round(limits.seconds))
    ulimits = f"ulimit -c 0 -t {seconds} -f {limits.inflated >> 9} -v {_ADDRESSES >> 10}"
    return ["/bin/sh", "-c", f'{ulimits}; exec "$@"', "sh", *command]


def _run(command: list[str], seconds: float, folder: Path) -> bool:
    """Run a command and return whether it ended well; end all that it started in any case.

    Raises:
        TooBusyError: It did not end in time.
    """
    process = subprocess.Popen(  # noqa: S603  # our own command line
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment_without_secrets(),
        cwd=folder,
        start_new_session=True,
    )
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired as fault:
        raise TooBusyError from fault
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if os.name != "posix":
        process.kill()
    else:
        with suppress(ProcessLookupError):  # all of it may have ended already
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
