"""The rows of the office's tables (plan, settings, decisions), read by the declarations of their sheets.

Reads: rows of cells, as `office_book` gives them or the ledger keeps them. Gives: records and findings.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows, Value
from tenproj_xl.core.columns import Column, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.dates import with_likely_year
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.meaning import Meaning
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.tables import TableRow, data_rows, locate
from tenproj_xl.core.texts import is_blank, text_of

_YEAR = 2000
"""No year is guessed in plan and settings: a date without one is refused below."""


@dataclass(frozen=True)
class Record:
    """One row of an office table: converted values by field, and where they stand."""

    file: str
    sheet: Sheet
    table_row: TableRow
    cells: Mapping[str, Value]

    @property
    def row(self) -> int:
        """The row number, counted from 1."""
        return self.table_row.index + 1

    def place(self, field: str) -> Place:
        """Where a field of this record stands."""
        return Place(self.file, self.sheet.name, self.table_row.address(field))

    def text(self, field: str) -> str:
        """Return a field as text, "" where it is blank."""
        value = self.cells.get(field)
        if value is None:
            return ""
        return str(value)

    def optional(self, field: str) -> float | None:
        """Return a field as a number, None where it is blank."""
        value = self.cells.get(field)
        if isinstance(value, float):
            return value
        return None

    def number(self, field: str) -> float:
        """Return a field as a number, 0 where it is blank (which the checks have then reported)."""
        return self.optional(field) or 0.0

    def day(self, field: str) -> date | None:
        """Return a field as a date, None where it is blank."""
        value = self.cells.get(field)
        if isinstance(value, date):
            return value
        return None


@dataclass(frozen=True)
class DaysWithoutYear:
    """How days without a year are read in tables where that is told: as those next to the day of `today`.

    `to_come` are the fields of days that are to come, as deadlines are; others are past.
    """

    today: date
    to_come: Collection[str]


UnitOf = Callable[[Sheet, TableRow], str]
"""A function from a row of a sheet to the unit of its numbers, "" where they have none."""


def _no_unit(_sheet: Sheet, _row: TableRow) -> str:
    return ""


def read_records(
    sheets: Mapping[str, Rows],
    declared: Sequence[Sheet],
    file: str,
    required: Mapping[str, Sequence[str]],
    unit_of: UnitOf = _no_unit,
    days: DaysWithoutYear | None = None,
) -> tuple[dict[str, list[Record]] | None, list[Finding]]:
    """Return the records of each declared sheet, None where a sheet or column is missing; and findings.

    `unit_of` gives the unit in which the numbers of a row are read: `85%` is 85 where it is %. Without `days`
    a day has to have its year.
    """
    findings: list[Finding] = []
    records: dict[str, list[Record]] = {}
    for sheet in declared:
        if sheet.may_lack and sheet.name not in sheets:
            records[sheet.code] = []
            continue
        layout = locate(sheets.get(sheet.name, ()), sheet)
        place = Place(file, sheet.name)
        if layout is None:
            findings.append(finding(Code.PLAN_SHEET_MISSING, place, expected=sheet.name))
            continue
        missing = [column for column in layout.missing if not column.may_lack]
        findings += [finding(Code.PLAN_COLUMN_MISSING, place, expected=c.header) for c in missing]
        if not missing:
            rows = []
            for row in data_rows(sheets[sheet.name], layout):
                rows.append(_record(row, sheet, file, unit_of(sheet, row), days, findings))
            records[sheet.code] = rows
            findings += [f for r in rows for f in _blanks(r, required.get(sheet.code, ()))]
    if len(records) < len(declared):
        return None, findings
    return records, findings


_STRICT = {Kind.DATE: Code.NOT_DATE, Kind.NUMBER: Code.NOT_NUMBER, Kind.PERIOD: Code.NOT_PERIOD}
"""In an office workbook nothing is guessed: what is not plainly understood is refused."""


def _record(
    row: TableRow,
    sheet: Sheet,
    file: str,
    unit: str,
    days: DaysWithoutYear | None,
    findings: list[Finding],
) -> Record:
    values: dict[str, Value] = {}
    for column in sheet.columns:
        cell = row.cells.get(column.field)
        if cell is None:  # the common case, kept cheap
            values[column.field] = None
            continue
        if column.kind in (Kind.TEXT, Kind.LONG_TEXT):
            values[column.field] = text_of(cell) or None
            continue
        meaning = _meaning(cell, column, unit, days)
        values[column.field] = meaning.value
        if days and meaning.code is Code.YEAR_GUESSED:
            place = Place(file, sheet.name, row.address(column.field))
            findings.append(finding(meaning.code, place, text_of(cell), expected=meaning.detail))
        elif meaning.code:
            values[column.field] = None
            place = Place(file, sheet.name, row.address(column.field))
            code = _STRICT.get(column.kind, meaning.code)
            findings.append(finding(code, place, text_of(cell), advice=column.how))
        elif not column.allows(meaning.value):
            place = Place(file, sheet.name, row.address(column.field))
            findings.append(finding(Code.OUT_OF_BOUNDS, place, text_of(cell), expected=column.bounds))
    return Record(file, sheet, row, values)


def _meaning(cell: object, column: Column, unit: str, days: DaysWithoutYear | None) -> Meaning:
    if days is None:
        return read_cell(cell, column, unit=unit, year=_YEAR)
    meaning = read_cell(cell, column, unit=unit, year=days.today.year)
    if meaning.code is Code.YEAR_GUESSED:
        return with_likely_year(meaning, cell, days.today, to_come=column.field in days.to_come)
    return meaning


def _blanks(record: Record, fields: Sequence[str]) -> list[Finding]:
    """Return findings of required cells that are empty or say so, as with `—`; refused values have theirs."""
    blank = [f for f in fields if record.cells[f] is None and is_blank(record.table_row.cells[f])]
    columns = [record.sheet.column(f) for f in blank]
    return [
        finding(Code.PLAN_REQUIRED, record.place(c.field), expected=c.header, advice=c.wanted)
        for c in columns
    ]
