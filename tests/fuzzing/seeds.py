"""One filled-in form in every format that is read, written here or, where installed, by LibreOffice."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape, quoteattr

from msoffcrypto.format.ooxml import OOXMLFile

from tenproj_xl.reading.book import Book, SheetCells
from tenproj_xl.reading.opening import read_book
from tests.fuzzing.mutations import zipped
from tests.helpers import oldxls
from tests.helpers.answers import right_answers
from tests.helpers.filling import Office, typed
from tests.helpers.libreoffice import save_all_as

PASSWORD = "密码123"  # noqa: S105  # of a file that is made here
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"


def seeds(office: Office, task_force: str = "03") -> dict[str, bytes]:
    """Return the form of a task force in every format, by a name with its ending."""
    xlsx = typed(office.path(task_force), right_answers(office.forms[task_force]))
    book = read_book(xlsx)
    assert isinstance(book, Book)
    tasks = next(tab for tab in book.sheets if tab.name == "重点任务进度表")
    return {
        "form.xlsx": xlsx,
        "openpyxl.xlsx": office.right(task_force).data,
        "hand.ods": _ods(book.sheets),
        "hand.xls": oldxls.xls([list(_records(tasks))], [tasks.name]),
        "hand.csv": _csv(tasks).encode("gb18030"),
        "two.zip": zipped([("甲/03.xlsx", xlsx), ("乙/03.csv", _csv(tasks).encode())]),
        "sent.eml": _mail(xlsx),
        "password.xlsx": _encrypted(xlsx),
    }


def seeds_of_libreoffice(xlsx: bytes) -> dict[str, bytes]:
    """Return a form as LibreOffice saves it, in every format."""
    with TemporaryDirectory() as name:
        source = Path(name) / "form.xlsx"
        source.write_bytes(xlsx)
        (Path(name) / "out").mkdir()
        endings = ("xls", "ods", "xlsx")
        saved = [save_all_as(ending, [source], Path(name) / "out")[0] for ending in endings]
        return {f"libreoffice.{path.suffix[1:]}": path.read_bytes() for path in saved}


def _cells(tab: SheetCells) -> Iterator[tuple[int, int, object]]:
    return ((r, c, cell) for r, row in enumerate(tab.rows) for c, cell in enumerate(row) if cell is not None)


def _records(tab: SheetCells) -> Iterator[bytes]:
    for r, c, cell in _cells(tab):
        yield oldxls.number(r, c, cell) if isinstance(cell, float) else oldxls.text(r, c, str(cell))


def _csv(tab: SheetCells) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(tab.rows)
    return file.getvalue()


def _ods(tabs: Sequence[SheetCells]) -> bytes:
    return zipped(
        [
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{_OASIS}manifest:1.0"/>'.encode()),
            ("content.xml", _content(tabs).encode()),
        ],
        packed=False,
    )


def _content(tabs: Sequence[SheetCells]) -> str:
    tables = "".join(
        f"<table:table table:name={quoteattr(t.name)}>{_ods_rows(t)}</table:table>" for t in tabs
    )
    return (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{_OASIS}office:1.0" xmlns:table="{_OASIS}table:1.0"'
        f' xmlns:text="{_OASIS}text:1.0" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )


def _ods_rows(tab: SheetCells) -> str:
    rows = ("".join(map(_ods_cell, row)) for row in tab.rows)
    return "".join(f"<table:table-row>{row or '<table:table-cell/>'}</table:table-row>" for row in rows)


def _ods_cell(cell: object) -> str:
    if cell is None:
        return "<table:table-cell/>"
    given = 'office:value-type="string"'
    if isinstance(cell, float):
        given = f'office:value-type="float" office:value="{cell!r}"'
    elif isinstance(cell, date):
        given = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
    return f"<table:table-cell {given}><text:p>{escape(str(cell))}</text:p></table:table-cell>"


def _mail(xlsx: bytes) -> bytes:
    message = EmailMessage()
    message["From"] = "张三 <zhangsan@example.gov.cn>"
    message["Date"] = "Thu, 26 Nov 2026 10:00:00 +0800"
    message["Subject"] = "第48期填报表"
    message.set_content("填报表见附件。")
    message.add_attachment(xlsx, maintype="application", subtype="octet-stream", filename="03_区科技局.xlsx")
    return message.as_bytes()


def _encrypted(xlsx: bytes) -> bytes:
    file = io.BytesIO()
    OOXMLFile(io.BytesIO(xlsx)).encrypt(PASSWORD, file)
    return file.getvalue()
