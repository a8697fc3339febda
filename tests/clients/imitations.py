"""Imitations of what online documents export: no export of theirs is here, only what is published of such files.

A form that is filled in in 金山文档, 腾讯文档 or 钉钉文档 and downloaded is none of ours: nobody here has such an
account. Each `Imitation` says what is published and where, and what of it is only assumed, so that a person
with an account can replace it by a real export (docs/在线文档.md).
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.core.sheets import MACHINE_SHEET

Parts = dict[str, bytes]
"""The members of a workbook by name, in order."""


@dataclass(frozen=True, kw_only=True)
class Imitation:
    """How a service exports a form, as far as that is known.

    Attributes:
        service: What people call the service.
        name: What its file is called, made of the form's own name without its ending.
        published: What is published, each with its address.
        assumed: What is only assumed.
        make: Makes the export of a filled form.
    """

    service: str
    name: str
    published: Mapping[str, str]
    assumed: tuple[str, ...]
    make: Callable[[bytes], bytes]


def kdocs(form: bytes) -> bytes:
    """Export as 金山文档 does, which is the program of WPS behind a page."""
    parts = _parts(_resaved(form, loses=frozenset({"protection"})))
    refined = (
        b'<dcterms:issued xmlns:dcterms="http://purl.org/dc/terms/">2026-11-26T02:00:00Z</dcterms:issued>'
    )
    end = b"</cp:coreProperties>"
    assert end in parts["docProps/core.xml"]
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(end, refined + end)
    parts["docProps/app.xml"] = _application("WPS 表格")
    return _zipped(parts)


def tencent_docs(form: bytes) -> bytes:
    """Export as 腾讯文档 does."""
    lost = frozenset({"protection", "validations", "properties", "machine sheet"})
    parts = _parts(_resaved(form, loses=lost))
    parts["xl/styles.xml"] = _empty_fill(parts["xl/styles.xml"])
    parts["docProps/app.xml"] = _application("Tencent office")
    folders = dict.fromkeys(("xl/", "xl\\worksheets/", "xl\\_rels/"), b"")
    return _zipped({**folders, **parts})


def dingtalk_docs(form: bytes) -> bytes:
    """Export as 钉钉文档 does."""
    parts = _parts(_resaved(form, loses=frozenset({"protection", "properties", "dates"}), extra="工作表1"))
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    for number, name in enumerate(sheets):
        dimension = b'<dimension ref="A1:A1"/>' if number % 2 else b""
        parts[name], count = re.subn(rb"<dimension [^>]*/>", dimension, parts[name])
        assert count
    return _zipped(parts)


IMITATIONS = (
    Imitation(
        service="金山文档",
        name="{}(1).xlsx",
        published={
            "core.xml has refinements of Dublin Core that OPC forbids, so that strict readers refuse the file": (
                "https://github.com/alibaba/easyexcel/issues/1471"
            ),
        },
        assumed=(
            "the page exports as the program for desktops saves, of which this is told",
            "the protection of the sheets is lost, and app.xml names WPS 表格",
        ),
        make=kdocs,
    ),
    Imitation(
        service="腾讯文档",
        name="{}.xlsx",
        published={
            "a table is exported as .xlsx": "https://developer.work.weixin.qq.com/document/path/101689",
            "app.xml names Tencent office, and the zip has entries of folders, with backslashes: ppt\\slides/": (
                "https://github.com/TencentBlueKing/bk-repo"
            ),
            "styles.xml has an empty <fill/>, which openpyxl refuses; seen in files that name no program": (
                "https://github.com/Yanyutin753/LambChat/pull/526"
            ),
        },
        assumed=(
            "what is told of presentations holds of tables",
            "hidden sheets, input rules, protection and document properties are lost",
        ),
        make=tencent_docs,
    ),
    Imitation(
        service="钉钉文档",
        name="{} (2).xlsx",
        published={
            "a table online is no file that could be downloaded: it has to be exported": (
                "https://github.com/DingTalk-Real-AI/dingtalk-workspace-cli/issues/190"
            ),
        },
        assumed=(
            "the dimension of a sheet is missing, or A1:A1, as public programs say that read what 钉钉 exports",
            "dates come as texts, an empty sheet is added, protection and document properties are lost",
        ),
        make=dingtalk_docs,
    ),
)


# --- what gets lost


def _resaved(form: bytes, *, loses: frozenset[str], extra: str = "") -> bytes:
    """Return a form as a program saves it that does not keep everything."""
    book = load_workbook(io.BytesIO(form))
    if "machine sheet" in loses:
        del book[MACHINE_SHEET]
        book.defined_names.clear()
    for page in book.worksheets:
        if "protection" in loses:
            page.protection.disable()
        if "validations" in loses:
            page.data_validations.dataValidation = []
        if "dates" in loses:
            _dates_as_texts(page)
    if "properties" in loses:
        for name in ("subject", "keywords", "title", "description", "category"):
            setattr(book.properties, name, None)
    if extra:
        book.create_sheet(extra)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _dates_as_texts(page: Worksheet) -> None:
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell.value, date) and not isinstance(cell, MergedCell):
                day = cell.value.date() if isinstance(cell.value, datetime) else cell.value
                cell.value, cell.number_format = f"{day:%Y-%m-%d}", "@"


# --- parts


def _parts(book: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            info = zipfile.ZipInfo("x", (2026, 11, 26, 10, 0, 0))
            info.filename, info.compress_type = name, zipfile.ZIP_DEFLATED
            packed.writestr(info, data)
    return file.getvalue()


def _application(name: str) -> bytes:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return f'<?xml version="1.0"?><Properties xmlns="{space}"><Application>{name}</Application></Properties>'.encode()


def _empty_fill(styles: bytes) -> bytes:
    found, count = re.subn(rb"<fill>.*?</fill>|<fill ?/>", b"<fill/>", styles, count=1, flags=re.DOTALL)
    assert count
    return found
