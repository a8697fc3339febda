"""The check of a restyled template: what forms need and is gone, and what would not carry over.

Reads: a template. Gives: findings with sheet and cell.
"""

import re
from collections.abc import Iterator, Sequence
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
from tenproj_xl.excel.look import (
    PLACEHOLDERS,
    Part,
    columns_by_field,
    load_template,
    needed_fields,
    parts_of,
    rows_by_part,
)
from tenproj_xl.forms.template import GUIDE, template_columns


def check_template(path: Path, sheets: Sequence[Sheet]) -> list[Finding]:
    """What is wrong with a template: errors where forms cannot be made with it, warnings where something is not taken.

    Raises:
        EnvironmentProblem: there is no such file, or it is no workbook.
    """
    book = load_template(path)
    found: list[Finding] = []
    for sheet in (COVER, *sheets):
        if sheet.name not in book.sheetnames:
            found.append(
                finding(Code.TEMPLATE_SHEET_MISSING, Place(path.name, sheet.name), expected=sheet.name)
            )
            continue
        page = book[sheet.name]
        found += _structure(page, sheet, path.name)
        found += _left_behind(page, path.name)
        found += _placeholders(page, path.name)
    known = {s.name for s in (COVER, *sheets)}
    for extra in (n for n in book.sheetnames if n not in {GUIDE, *known}):
        found.append(finding(Code.TEMPLATE_SHEET_UNKNOWN, Place(path.name, extra), extra))
    found += [f for f in _floating(path) if f.sheet in known or not f.sheet]
    return in_order(found)


def _structure(page: Any, sheet: Sheet, file: str) -> Iterator[Finding]:
    place = Place(file, page.title)
    rows = rows_by_part(page)
    for part in parts_of(sheet.code):
        if part not in rows:
            yield finding(Code.TEMPLATE_ROW_MISSING, place, expected=part)
    columns = columns_by_field(page, rows[Part.CODES]) if Part.CODES in rows else []
    fields = [field for field, _ in columns]
    headers = {} if sheet is COVER else {c.field: c.header for c in template_columns(sheet)}
    needed = needed_fields(sheet.code)
    for field in needed if columns else ():
        if field not in fields:
            yield finding(
                Code.TEMPLATE_FIELD_MISSING, place, expected=field, header=headers.get(field, field)
            )
    for n, (field, column) in enumerate(columns):
        at = Place(file, page.title, f"{get_column_letter(column)}{rows[Part.CODES]}")
        if field not in needed:
            yield finding(Code.TEMPLATE_FIELD_UNKNOWN, at, field)
        elif field in fields[:n]:
            yield finding(Code.TEMPLATE_FIELD_TWICE, at, field)
        elif headers and Part.HEADER in rows:
            header = page.cell(rows[Part.HEADER], column)
            if str(header.value or "").strip() != headers[field]:
                at = Place(file, page.title, header.coordinate)
                yield finding(Code.TEMPLATE_HEADER_CHANGED, at, header.value or "", expected=headers[field])


def _left_behind(page: Any, file: str) -> Iterator[Finding]:
    """What openpyxl knows of and the forms do not take over."""
    for what, cell in (*_attached(page), *_in_cells(page)):
        yield finding(Code.TEMPLATE_NOT_CARRIED, Place(file, page.title, cell), what)


def _attached(page: Any) -> Iterator[tuple[str, str]]:
    rows = rows_by_part(page)
    merging = {rows.get(p) for p in (Part.TITLE, Part.ID, Part.HEADING, Part.BODY)}
    for merged in page.merged_cells.ranges:
        if merged.min_row not in merging or merged.max_row != merged.min_row:
            yield "合并单元格", _corner(merged.coord)
    yield from (("条件格式", _corner(str(area.sqref))) for area in page.conditional_formatting)
    yield from (("数据有效性", _corner(str(rule.sqref))) for rule in page.data_validations.dataValidation)
    yield from (("表格对象", _corner(table.ref)) for table in page.tables.values())
    yield from (("隐藏列", f"{letter}1") for letter, d in page.column_dimensions.items() if d.hidden)
    if page.HeaderFooter.differentFirst or page.HeaderFooter.differentOddEven:
        yield "首页或奇偶页不同的页眉页脚", ""
    if any("&G" in text for text in _running(page)):
        yield "页眉页脚中的图片", ""


def _in_cells(page: Any) -> Iterator[tuple[str, str]]:
    marked = rows_by_part(page).values()
    for cell in (c for row in page.iter_rows() for c in row):
        if cell.comment:
            yield "批注", cell.coordinate
        if cell.hyperlink:
            yield "超链接", cell.coordinate
        if cell.data_type == "f":
            yield "公式", cell.coordinate
        elif cell.value is not None and cell.row not in marked and cell.column > 1:
            yield f"文字“{str(cell.value)[:20]}”", cell.coordinate


def _running(page: Any) -> list[str]:
    parts = (p for item in (page.oddHeader, page.oddFooter) for p in (item.left, item.center, item.right))
    return [str(part.text) for part in parts if part.text]


def _corner(reference: str) -> str:
    return re.split("[: ]", reference)[0]


def _placeholders(page: Any, file: str) -> Iterator[Finding]:
    rows = rows_by_part(page)
    texts = [("", text) for text in _running(page)]
    if Part.TITLE in rows:
        texts += [(c.coordinate, str(c.value)) for c in page[rows[Part.TITLE]][1:] if c.value]
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
        thing = next((e for e in anchor.iter() if _plain(e.tag) in _WORDS), None)
        if thing is None:
            continue
        corner = anchor.find(f"{_SHEET_DRAWING}from")
        cell = "" if corner is None else address(int(corner[2].text or 0), int(corner[0].text or 0))
        details = {_plain(e.tag): e for e in thing.iter()}
        boxed = "cNvSpPr" in details and details["cNvSpPr"].get("txBox") == "1"
        name = details["cNvPr"].get("name") if "cNvPr" in details else ""
        yield ("文本框" if boxed else _WORDS[_plain(thing.tag)]) + (f"“{name}”" if name else ""), cell


def _plain(tag: object) -> str:
    return str(tag).rpartition("}")[2]
