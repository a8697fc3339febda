"""The check of a restyled template: what forms need and is gone, and what would not carry over.

Reads: a template. Gives: findings with sheet and cell.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import fromstring

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import address
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.findings import Finding, Place, finding, in_order
from tenproj_xl.core.sheets import COVER
from tenproj_xl.excel.look import PLACEHOLDERS, Part, needed_fields, parts_of, template_columns
from tenproj_xl.excel.look_reader import columns_by_field, load_template, rows_by_part
from tenproj_xl.forms.template import GUIDE


def check_template(path: Path, sheets: Sequence[Sheet]) -> list[Finding]:
    """Return what is wrong with a template: errors if it makes no forms, warnings if parts are not taken.

    Raises:
        EnvironmentProblem: there is no such file, or it is no workbook.
    """
    book = load_template(path)
    findings: list[Finding] = []
    names = {GUIDE}
    for sheet in (COVER, *sheets):
        names.add(sheet.name)
        if sheet.name not in book.sheetnames:
            place = Place(path.name, sheet.name)
            findings.append(finding(Code.TEMPLATE_SHEET_MISSING, place, expected=sheet.name))
            continue
        page = book[sheet.name]
        findings += _missing_parts(page, sheet, path.name)
        findings += _columns(page, sheet, path.name)
        findings += _not_carried(page, path.name)
        findings += _placeholders(page, path.name)
    for name in book.sheetnames:
        if name not in names:
            findings.append(finding(Code.TEMPLATE_SHEET_UNKNOWN, Place(path.name, name), name))
    for floating in _floating(path):
        if floating.sheet != GUIDE and floating.sheet in ("", *names):
            findings.append(floating)
    return in_order(findings)


def _missing_parts(page: Any, sheet: Sheet, file: str) -> Iterator[Finding]:
    rows = rows_by_part(page)
    for part in parts_of(sheet.code):
        if part not in rows:
            yield finding(Code.TEMPLATE_ROW_MISSING, Place(file, page.title), expected=part)


def _columns(page: Any, sheet: Sheet, file: str) -> Iterator[Finding]:
    """Give findings about field codes and headers."""
    rows = rows_by_part(page)
    if Part.CODES not in rows:
        return
    columns = columns_by_field(page, rows[Part.CODES])
    needed, headers = needed_fields(sheet.code), _headers(sheet)
    if columns:
        present = {field for field, _ in columns}
        for field in needed:
            if field not in present:
                header = headers.get(field, field)
                place = Place(file, page.title)
                yield finding(Code.TEMPLATE_FIELD_MISSING, place, expected=field, header=header)
    seen: set[str] = set()
    for field, column in columns:
        place = Place(file, page.title, f"{get_column_letter(column)}{rows[Part.CODES]}")
        if field not in needed:
            yield finding(Code.TEMPLATE_FIELD_UNKNOWN, place, field)
        elif field in seen:
            yield finding(Code.TEMPLATE_FIELD_TWICE, place, field)
        elif headers and Part.HEADER in rows:
            yield from _changed_header(page.cell(rows[Part.HEADER], column), headers[field], file)
        seen.add(field)


def _headers(sheet: Sheet) -> dict[str, str]:
    """Return the headers of a sheet's columns by field; the cover has none."""
    if sheet is COVER:
        return {}
    return {column.field: column.header for column in template_columns(sheet)}


def _changed_header(cell: Any, header: str, file: str) -> Iterator[Finding]:
    if str(cell.value or "").strip() != header:
        place = Place(file, cell.parent.title, cell.coordinate)
        yield finding(Code.TEMPLATE_HEADER_CHANGED, place, cell.value or "", expected=header)


def _not_carried(page: Any, file: str) -> Iterator[Finding]:
    """Give findings about what openpyxl reads and the forms do not take over."""
    for what, cell in (*_attached(page), *_in_cells(page)):
        yield finding(Code.TEMPLATE_NOT_CARRIED, Place(file, page.title, cell), what)


def _attached(page: Any) -> Iterator[tuple[str, str]]:
    rows = rows_by_part(page)
    merging = [rows.get(part) for part in (Part.TITLE, Part.ID, Part.HEADING, Part.BODY)]
    for merged in page.merged_cells.ranges:
        if merged.min_row not in merging or merged.max_row != merged.min_row:
            yield "合并单元格", _corner(merged.coord)
    for area in page.conditional_formatting:
        yield "条件格式", _corner(str(area.sqref))
    for rule in page.data_validations.dataValidation:
        yield "数据有效性", _corner(str(rule.sqref))
    for table in page.tables.values():
        yield "表格对象", _corner(table.ref)
    for letter, dimension in page.column_dimensions.items():
        if dimension.hidden:
            yield "隐藏列", f"{letter}1"
    if page.HeaderFooter.differentFirst or page.HeaderFooter.differentOddEven:
        yield "首页或奇偶页不同的页眉页脚", ""
    if any("&G" in text for text in _running(page)):
        yield "页眉页脚中的图片", ""


def _in_cells(page: Any) -> Iterator[tuple[str, str]]:
    marked = rows_by_part(page).values()
    for cell in chain.from_iterable(page.iter_rows()):
        if cell.comment:
            yield "批注", cell.coordinate
        if cell.hyperlink:
            yield "超链接", cell.coordinate
        if cell.data_type == "f":
            yield "公式", cell.coordinate
        elif cell.value is not None and cell.row not in marked and cell.column > 1:
            yield f"文字“{str(cell.value)[:20]}”", cell.coordinate


def _running(page: Any) -> list[str]:
    """Return the texts of header and footer."""
    header, footer = page.oddHeader, page.oddFooter
    parts = (header.left, header.center, header.right, footer.left, footer.center, footer.right)
    return [str(part.text) for part in parts if part.text]


def _corner(reference: str) -> str:
    return re.split("[: ]", reference)[0]


def _placeholders(page: Any, file: str) -> Iterator[Finding]:
    rows = rows_by_part(page)
    texts = [("", text) for text in _running(page)]
    if Part.TITLE in rows:
        texts += [(cell.coordinate, str(cell.value or "")) for cell in page[rows[Part.TITLE]][1:]]
    for cell, text in texts:
        for name in re.findall(r"\{[^{}]*\}", text):
            if name not in PLACEHOLDERS:
                known = "、".join(PLACEHOLDERS)
                yield finding(Code.TEMPLATE_PLACEHOLDER, Place(file, page.title, cell), name, expected=known)


# --- what floats over the cells: openpyxl drops it on reading, so the file itself is asked

_SHEET_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_WORDS = {"pic": "图片", "sp": "形状", "cxnSp": "线条", "graphicFrame": "图表", "grpSp": "组合图形"}


def _floating(path: Path) -> Iterator[Finding]:
    with ZipFile(path) as archive:
        parts = archive.namelist()
        if any(name.endswith("vbaProject.bin") for name in parts):
            yield finding(Code.TEMPLATE_NOT_CARRIED, Place(path.name), "宏")
        relations = get_dependents(archive, "xl/_rels/workbook.xml.rels")
        for sheet in fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
            part = relations.get(str(sheet.get(_RELATION))).target
            yield from _floating_on(archive, part, str(sheet.get("name")), path.name)


def _floating_on(archive: ZipFile, part: str, sheet: str, file: str) -> Iterator[Finding]:
    relations_part = str(get_rels_path(part))  # type: ignore[no-untyped-call]
    if relations_part not in archive.namelist():
        return
    for relation in get_dependents(archive, relations_part):
        kind = relation.Type.rsplit("/", 1)[-1]
        if kind == "drawing":
            for what, cell in _anchored(archive.read(relation.target)):
                yield finding(Code.TEMPLATE_NOT_CARRIED, Place(file, sheet, cell), what)
        elif kind in ("image", "oleObject", "control"):
            words = {"image": "工作表背景图", "oleObject": "嵌入对象", "control": "控件"}
            yield finding(Code.TEMPLATE_NOT_CARRIED, Place(file, sheet), words[kind])


def _anchored(drawing: bytes) -> Iterator[tuple[str, str]]:
    for anchor in fromstring(drawing):
        shape = next((element for element in anchor.iter() if _plain(element.tag) in _WORDS), None)
        if shape is None:
            continue
        cell = ""
        corner = anchor.find(f"{_SHEET_DRAWING}from")
        if corner is not None:
            cell = address(int(corner[2].text or 0), int(corner[0].text or 0))
        yield _described(shape), cell


def _described(shape: Any) -> str:
    """Return what a shape is, with its name if it has one."""
    details = {_plain(element.tag): element for element in shape.iter()}
    kind = _WORDS[_plain(shape.tag)]
    if "cNvSpPr" in details and details["cNvSpPr"].get("txBox") == "1":
        kind = "文本框"
    name = details["cNvPr"].get("name") if "cNvPr" in details else ""
    return f"{kind}“{name}”" if name else kind


def _plain(tag: object) -> str:
    return str(tag).rpartition("}")[2]
