"""Put typing errors of stored plans right: the cells in which two snapshots differ, written into others."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.tables import TableRow, data_rows, locate
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.plan_schema import PLAN_SHEETS

_KEYS: Mapping[str, tuple[str, ...]] = {
    "programme": ("item",),
    "units": ("name",),
    "targets": ("indicator", "period", "effective"),
    "milestones": ("task", "number"),
}
"""The fields by which a row is known, where that is not its code."""
_Key = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CellCorrection:
    """A cell of the plan, and what stood and is to stand there."""

    sheet: Sheet
    key: _Key
    field: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """The correction in words: `年度计划 Z03-04 2026 目标值：340 → 34`."""
        whose = " ".join(part for part in self.key if part)
        header = self.sheet.column(self.field).header
        return f"{self.sheet.name} {whose} {header}：{self.before or '空'} → {self.after or '空'}"


@dataclass(frozen=True)
class OtherRow:
    """A row that only one of two snapshots has: no correction, but a change of the plan."""

    sheet: Sheet
    key: _Key


def corrections(before: str, after: str) -> tuple[tuple[CellCorrection, ...], tuple[OtherRow, ...]]:
    """Return the cells in which a plan differs from an earlier snapshot, and the rows that one alone has."""
    cells: list[CellCorrection] = []
    others: list[OtherRow] = []
    old, new = json.loads(before), json.loads(after)
    for sheet in PLAN_SHEETS:
        stood, stands = _rows(old, sheet), _rows(new, sheet)
        for key in [*stood, *(key for key in stands if key not in stood)]:
            if key in stood and key in stands:
                cells += _cells(sheet, key, stood[key], stands[key])
            else:
                others.append(OtherRow(sheet, key))
    return tuple(cells), tuple(others)


def _cells(sheet: Sheet, key: _Key, stood: TableRow, stands: TableRow) -> Iterator[CellCorrection]:
    for column in sheet.columns:
        before, after = (text_of(row.cells.get(column.field)) for row in (stood, stands))
        if before != after:
            yield CellCorrection(sheet=sheet, key=key, field=column.field, before=before, after=after)


def corrected(snapshot: str, cells: Iterable[CellCorrection]) -> tuple[str, tuple[CellCorrection, ...]]:
    """Return a snapshot with cells corrected, and those corrections that found the wrong value in it."""
    tables = json.loads(snapshot)
    made = []
    for cell in cells:
        row = _rows(tables, cell.sheet).get(cell.key)
        if row is None or cell.field not in row.positions:
            continue
        if text_of(row.cells.get(cell.field)) == cell.before:
            tables[cell.sheet.name][row.index][row.positions[cell.field]] = cell.after
            made.append(cell)
    return json.dumps(tables, ensure_ascii=False, sort_keys=True), tuple(made)


def _rows(tables: Mapping[str, Sequence[Sequence[object]]], sheet: Sheet) -> dict[_Key, TableRow]:
    """Return the rows of a sheet by their key."""
    rows = tables.get(sheet.name, ())
    layout = locate(rows, sheet)
    if layout is None:
        return {}
    fields = _KEYS.get(sheet.code, ("code",))
    found: dict[_Key, TableRow] = {}
    for row in data_rows(rows, layout):
        found[tuple(text_of(row.cells.get(field)) for field in fields)] = row
    return found
