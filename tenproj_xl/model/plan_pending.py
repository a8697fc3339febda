"""Cells of 待核事项 that wait for the office: defaults that no document gives, marked 待核."""

import re
from collections.abc import Mapping
from datetime import date

from tenproj_xl.core.cells import Rows, address
from tenproj_xl.core.tables import data_rows, locate
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.plan_schema import PENDING, PLAN_SHEETS

MARK = "待核"
_MARK = re.compile(rf"[，、；]?{MARK}")


def pending_cells(sheets: Mapping[str, Rows]) -> dict[str, dict[str, str]]:
    """Return the texts of the cells that wait by sheet title and address, without sheets that have none."""
    found: dict[str, dict[str, str]] = {}
    for sheet in PLAN_SHEETS:
        rows = sheets.get(sheet.name, ())
        layout = locate(rows, sheet)
        if layout is None or PENDING not in layout.positions:
            continue
        for row in data_rows(rows, layout):
            text = text_of(row.cells[PENDING])
            if MARK in text:
                cell = address(row.index, layout.positions[PENDING])
                found.setdefault(sheet.name, {})[cell] = text
    return found


def confirmed(text: str, by: str, on: date) -> str:
    """Return the text of a cell once somebody has confirmed it: what was confirmed, by whom and when."""
    return f"已核定（{by}，{on.isoformat()}）：{_MARK.sub('', text)}"
