"""Does to a workbook in headless LibreOffice what a person would; run by the system's Python, which has its bridge.

Reads one order as JSON from standard input: `open` (a path), `type` (sheet, cell, text), `save` (a path or null),
`values` (true to recalculate and give what every cell shows). Writes the answer as JSON. One process, one file, one
save: the windowless build does not reliably outlive more.
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from os import killpg
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xls": "MS Excel 97", ".ods": "calc8"}
START_SECONDS = 60
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>zh-CN</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Input"><prop oor:name="ReplaceCellsWarning" oor:op="fuse">
<value>false</value></prop></item>
</oor:items>"""


def properties(**named: Any) -> tuple[Any, ...]:
    return tuple(PropertyValue(Name=name, Value=value) for name, value in named.items())


def url(path: Path) -> str:
    return str(uno.systemPathToFileUrl(str(path.resolve())))


class Calc:
    """A LibreOffice of our own, with a fresh profile, as long as the `with` lasts."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __enter__(self) -> "Calc":  # noqa: PYI034  # the system's Python may be older than typing.Self
        (self.home / "user").mkdir(parents=True)
        (self.home / "user" / "registrymodifications.xcu").write_text(SETTINGS, "utf-8")
        pipe = f"tenproj{uuid.uuid4().hex}"
        command = [
            "soffice", f"-env:UserInstallation={url(self.home)}", "--headless", "--norestore", "--nologo",
            f"--accept=pipe,name={pipe};urp;",
        ]  # fmt: skip
        self.process = subprocess.Popen(  # noqa: S603  # our own command line
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self.services = self._connect(pipe)
        self.desktop = self._service("com.sun.star.frame.Desktop")
        self.dispatcher = self._service("com.sun.star.frame.DispatchHelper")
        return self

    def _connect(self, pipe: str) -> Any:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            except NoConnectException:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def _service(self, name: str) -> Any:
        return self.services.ServiceManager.createInstanceWithContext(name, self.services)

    def __exit__(self, *_: object) -> None:
        with suppress(DisposedException):
            self.desktop.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            killpg(self.process.pid, signal.SIGKILL)

    def open(self, path: Path) -> Any:
        """A copy of the file, since a lock beside the original would keep it shut; never in a visible window."""
        copy = self.home / path.name
        shutil.copy(path, copy)
        document = self.desktop.loadComponentFromURL(url(copy), "_blank", 0, properties(Hidden=True))
        if document is None:
            raise OSError(f"LibreOffice would not open {path}")
        return document

    def type(self, document: Any, sheet: str, cell: str, text: str) -> None:
        """Type into a cell, with all that LibreOffice makes of it; a locked cell refuses."""
        page = document.Sheets.getByName(sheet)
        if page.isProtected() and page.getCellRangeByName(cell).CellProtection.IsLocked:
            raise PermissionError(f"{sheet}!{cell} is locked")  # its message box would end the windowless build
        document.CurrentController.setActiveSheet(page)
        frame = document.CurrentController.Frame
        self.dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, properties(ToPoint=cell))
        self.dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, properties(StringName=text))


def values(document: Any) -> dict[str, dict[str, Any]]:
    document.calculateAll()
    return {page.Name: dict(shown(page)) for page in document.Sheets}


def shown(page: Any) -> Any:
    cursor = page.createCursor()
    cursor.gotoEndOfUsedArea(False)  # noqa: FBT003  # UNO has no names for arguments
    area = page.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow)
    for r, row in enumerate(area.getDataArray()):
        for c, value in enumerate(row):
            if value != "":
                yield f"{letters(c)}{r + 1}", value


def letters(column: int) -> str:
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def carry_out(order: dict[str, Any]) -> Any:
    folder = tempfile.TemporaryDirectory(prefix="tenproj-lo-", ignore_cleanup_errors=True)
    with folder as home, Calc(Path(home)) as calc:
        document = calc.open(Path(order["open"]))
        for sheet, cell, text in order["type"]:
            calc.type(document, sheet, cell, text)
        answer = values(document) if order["values"] else None
        if order["save"]:
            target = Path(order["save"])
            options = properties(FilterName=FILTERS[target.suffix], Overwrite=True)
            document.storeToURL(url(target), options)
        with suppress(DisposedException):
            document.close(True)  # noqa: FBT003  # it may crash on closing, after the save
        return answer


if __name__ == "__main__":
    json.dump(carry_out(json.load(sys.stdin)), sys.stdout, ensure_ascii=False)
