"""Perform actions on a workbook in headless LibreOffice; run by the system's Python, which has UNO.

Each line of standard input is one order as JSON: `open` (a path), `steps` (of lo_actions: `do` and its arguments), `save`
(a path or null), `encoding` (of a .csv), `values` (true to recalculate and give what every cell shows). A line of JSON
answers it. One file, one save; the windowless build does not reliably outlive many, and then the process ends.
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
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException

from tests.helpers.lo_actions import ACTIONS, properties

FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".csv": "Text - txt - csv (StarCalc)",
}
CSV = "44,34,{charset},1,,0,false,true,false,false,false,{sheet}"
CHARSETS = {"utf-8": 76, "gb18030": 85}
START_SECONDS = 60
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>zh-CN</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Input"><prop oor:name="ReplaceCellsWarning" oor:op="fuse">
<value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Linguistic/SpellChecking"><prop oor:name="IsSpellAuto" oor:op="fuse">
<value>false</value></prop></item>
</oor:items>"""


def url(path: Path) -> str:
    return str(uno.systemPathToFileUrl(str(path.resolve())))


class Calc:
    """A LibreOffice with a fresh profile, for the time of a `with`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.documents: list[Any] = []

    def __enter__(self) -> "Calc":  # noqa: PYI034  # the system's Python may be older than typing.Self
        (self.home / "user").mkdir(parents=True)
        (self.home / "user" / "registrymodifications.xcu").write_text(SETTINGS, "utf-8")
        pipe = f"tenproj{uuid.uuid4().hex}"
        command = [
            "soffice",
            f"-env:UserInstallation={url(self.home)}",
            "--headless",
            "--norestore",
            "--nologo",
            f"--accept=pipe,name={pipe};urp;",
        ]
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

    def open(self, path: str) -> Any:
        """Open a copy of the file, hidden: a lock file beside the original would keep it shut."""
        folder = Path(tempfile.mkdtemp(dir=self.home))
        document = self._load(url(Path(shutil.copy(path, folder))))
        if document is None:
            raise OSError(f"LibreOffice would not open {path}")
        return document

    def new(self) -> Any:
        return self._load("private:factory/scalc")

    def _load(self, address: str) -> Any:
        document = self.desktop.loadComponentFromURL(address, "_blank", 0, properties(Hidden=True))
        self.documents.append(document)
        return document

    def close_documents(self) -> None:
        """Close what was opened, the newest first."""
        while self.documents:
            self.documents.pop().close(True)


def values(document: Any) -> dict[str, dict[str, Any]]:
    document.calculateAll()
    return {page.Name: dict(shown(page)) for page in document.Sheets}


def shown(page: Any) -> Any:
    cursor = page.createCursor()
    cursor.gotoEndOfUsedArea(False)  # UNO has no names for arguments
    area = page.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow)
    for r, row in enumerate(area.getDataArray()):
        for c, value in enumerate(row):
            if value != "":
                yield f"{letters(c)}{r + 1}", value


def letters(column: int) -> str:
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def carry_out(calc: Calc, order: dict[str, Any]) -> Any:
    document = calc.open(order["open"])
    for step in order["steps"]:
        document = ACTIONS[step.pop("do")](calc, document, **step)
    answer = values(document) if order["values"] else None
    if order["save"]:
        save(document, Path(order["save"]), order["encoding"])
    return answer


def save(document: Any, path: Path, encoding: str) -> None:
    options = {}
    front = document.CurrentController.ActiveSheet
    if path.suffix == ".csv":  # headless LibreOffice has to be told the active sheet, and adds its name
        charset, sheet = CHARSETS[encoding], front.RangeAddress.Sheet + 1
        options["FilterOptions"] = CSV.format(charset=charset, sheet=sheet)
    document.storeToURL(url(path), properties(FilterName=FILTERS[path.suffix], Overwrite=True, **options))
    if path.suffix == ".csv":
        path.with_name(f"{path.stem}-{front.Name}.csv").rename(path)


def main() -> None:
    folder = tempfile.TemporaryDirectory(prefix="tenproj-lo-", ignore_cleanup_errors=True)
    with folder as home, Calc(Path(home)) as calc, suppress(DisposedException):  # it may crash on closing
        for line in sys.stdin:
            json.dump(carry_out(calc, json.loads(line)), sys.stdout)
            sys.stdout.write("\n")
            sys.stdout.flush()
            calc.close_documents()


if __name__ == "__main__":
    main()
