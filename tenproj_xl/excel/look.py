"""The look of the forms: fonts, colours, widths and print set-up, as the office's template workbook has them.

Reads: a template as `template.build_template` makes it and the office restyles it. Gives: a frozen `Look`.
Column A of a template names its rows, the row of field codes names its columns; nothing else in it has a
fixed place.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from tenproj_xl.core.columns import Column, Fill, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.sheets import COVER, TASKS, TEMPLATE_SHEETS
from tenproj_xl.excel.style import Printing, Style

YEARLY = "target"
"""The one column of a template that stands for the target column of every year."""
LABEL, INPUT, ADVICE = "label", "input", "advice"
"""The columns of the cover."""
_BY_UNIT = {c.field: c.width for c in TASKS.columns if c.by_unit}
"""Widths of the columns that only a unit's form has; a template has none, they look like the code's."""
PLACEHOLDERS = ("{地区}", "{方案}", "{期}", "{专班}", "{标识}")
"""What titles, headers and footers may name."""


class Part(StrEnum):
    """The rows of a template, by the name in its column A."""

    TITLE = "标题行"
    ID = "标识行"
    CODES = "字段代码"
    HEADER = "表头"
    OPEN = "应报行"
    NOT_DUE = "未到发布期行"
    ERROR = "待更正行"
    WARNING = "请核对行"
    HEADING = "小标题"
    BODY = "正文"
    ENTRY = "填写行"


DATA_PARTS = tuple(Part)[:8]
COVER_PARTS = (Part.TITLE, Part.ID, Part.CODES, Part.HEADING, Part.BODY, Part.ENTRY)


def parts_of(sheet: str) -> tuple[Part, ...]:
    """Return the rows that a sheet of the template has, by the code of the sheet."""
    return COVER_PARTS if sheet == COVER.code else DATA_PARTS


@dataclass(frozen=True, kw_only=True)
class SheetLook:
    """How one sheet looks.

    `columns` are field codes from left to right, `frozen` the last one that stays in view.
    """

    columns: tuple[str, ...]
    widths: Mapping[str, float]
    styles: Mapping[tuple[Part, str], Style]
    heights: Mapping[Part, float]
    title: str
    frozen: str
    zoom: int
    gridlines: bool
    tab: str
    printing: Printing

    def field(self, field: str) -> str:
        """Return the template's column for a field: its own, or the one whose look it shares."""
        if field in _BY_UNIT:
            return "code"
        if field.startswith("target_") and re.fullmatch(r"target_\d{4}", field):
            return YEARLY
        return field

    def style(self, part: Part, field: str) -> Style:
        """Return the style of a field's cells in a row of the template."""
        return self.styles[part, self.field(field)]

    def width(self, field: str) -> float:
        """Return the width of a field's column in characters."""
        return _BY_UNIT.get(field) or self.widths[self.field(field)]


@dataclass(frozen=True)
class Look:
    """How the whole form looks, by the codes of its sheets."""

    sheets: Mapping[str, SheetLook]


LOOKED_SHEETS = {sheet.code: sheet for sheet in (COVER, *TEMPLATE_SHEETS)}
SHEET_NAMES = {code: sheet.name for code, sheet in LOOKED_SHEETS.items()}
"""The sheets of a template, and their names."""


def template_columns(sheet: Sheet) -> list[Column]:
    """Return the columns that a template shows: not the machine's, and one for the targets of all years."""
    columns: list[Column] = []
    for column in sheet.laid_out:
        if column.fill is Fill.MACHINE:
            continue
        shown = column
        if column.field.removeprefix("target_").isdigit():
            shown = replace(column, field=YEARLY, header="各年目标")
        if shown not in columns:
            columns.append(shown)
    return columns


def needed_fields(sheet: str) -> tuple[str, ...]:
    """Return the field codes that a template's sheet has: all but row tokens, which forms place."""
    if sheet == COVER.code:
        return LABEL, INPUT, ADVICE
    return tuple(column.field for column in template_columns(LOOKED_SHEETS[sheet]))
