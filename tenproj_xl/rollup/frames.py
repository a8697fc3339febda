"""The data sheets of a roll-up as pandas frames, each with the pandera schema of its columns.

Columns, types, units and meanings are those that `rollup.sheets` declares: nothing is listed twice. A frame
has a row for each line of its sheet but totals; states are codes, data periods are codes such as `2026-10`,
and what is blank in the sheet is missing. Where words may stand among numbers, a second column,
`value_words` beside `value`, has them. The frame `sources` tells where each reported value was typed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

import pandas as pd
import pandera.pandas as pa

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.history import CellSource
from tenproj_xl.rollup.drawing.table import CellLook, Field, Holds, Table
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.reported import ReportedLine
from tenproj_xl.rollup.registry import sheets_of

SOURCES = "sources"
WORDS = "_words"


class Frames(TypedDict):
    """The frames of a roll-up by the codes of its sheets; some stand in those of quarters or years only."""

    indicators: pd.DataFrame
    tasks: pd.DataFrame
    issues: pd.DataFrame
    supervision: pd.DataFrame
    asks: pd.DataFrame
    duties: pd.DataFrame
    task_forces: pd.DataFrame
    league: pd.DataFrame
    changes: pd.DataFrame
    returns: pd.DataFrame
    highlights: pd.DataFrame
    checks: pd.DataFrame
    sources: pd.DataFrame
    judgements: NotRequired[pd.DataFrame]
    outlook: NotRequired[pd.DataFrame]
    coming: NotRequired[pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class DataColumn:
    """A column of a frame.

    Attributes:
        name: Its name.
        title: What people read above it in the sheet.
        meaning: What it says of a line, in one sentence.
        unit: The unit of its numbers, "" for none.
        holds: What kind of values it holds.
        labels: What people read of each code, where it holds nothing but codes.
        values: Gives its values from the lines of the sheet.
    """

    name: str
    title: str
    meaning: str
    unit: str
    holds: Holds
    labels: Mapping[str, str]
    values: Callable[[Sequence[Any]], list[object]]


@dataclass(frozen=True, kw_only=True)
class DataTable:
    """A sheet for those who compute: its code, its title, its columns and its lines without totals."""

    code: str
    title: str
    columns: tuple[DataColumn, ...]
    lines: Sequence[Any]

    @property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema of its frame."""
        columns = {column.name: _checked(column) for column in self.columns}
        return pa.DataFrameSchema(columns, name=self.code, title=self.title, strict=True, ordered=True)

    @property
    def frame(self) -> pd.DataFrame:
        """Its frame, which fits the schema.

        Raises:
            SchemaError: A sheet gave what its declaration does not allow: a fault of the program.
        """
        series = {column.name: _series(column, self.lines) for column in self.columns}
        return self.schema.validate(pd.DataFrame(series))


_DTYPES: Mapping[Holds, str] = {
    Holds.TEXT: "string",
    Holds.NUMBER: "float64",
    Holds.COUNT: "Int64",
    Holds.DAY: "datetime64[s]",
    Holds.TRUTH: "bool",
}


def data_tables(facts: Facts) -> tuple[DataTable, ...]:
    """Return the data sheets of some facts' release, in the order of the workbook, and `sources`."""
    tables: list[DataTable] = []
    origins: list[_Origin] = []
    for spec in sheets_of(facts.data.release):
        if spec.table is None:
            continue
        table = spec.table_of(facts)
        lines = [line for line in table.lines if not table.is_total(line)]
        columns = [column for field in table.fields for column in _columns(field)]
        tables.append(DataTable(code=spec.code, title=spec.title, columns=tuple(columns), lines=lines))
        origins += _origins(spec.code, table, facts.data.settings.zone)
    columns = [column for field in _ORIGIN_FIELDS for column in _columns(field)]
    return (*tables, DataTable(code=SOURCES, title="数据来源", columns=tuple(columns), lines=origins))


def frames_of(facts: Facts) -> Frames:
    """Return the frames of the data sheets by code."""
    made = {table.code: table.frame for table in data_tables(facts)}
    return cast(Frames, made)


def schemas_of(facts: Facts) -> dict[str, pa.DataFrameSchema]:
    """Return the schemas of the frames by code."""
    return {table.code: table.schema for table in data_tables(facts)}


# --- columns


def _columns(field: Field[Any]) -> Iterator[DataColumn]:
    """Yield the columns that a field of a sheet becomes: none where it is drawn into, two with words."""
    if field.holds is Holds.DRAWING:
        return
    title = field.header.replace("\n", "")
    labels = {str(code): code.label for kind in field.codes for code in kind}
    yield DataColumn(
        name=field.name,
        title=title,
        meaning=field.meaning,
        unit=field.unit,
        holds=field.holds,
        labels=labels,
        values=lambda lines: [_value(field, line) for line in lines],
    )
    if field.words:
        yield DataColumn(
            name=field.name + WORDS,
            title=f"{title}（文字）",
            meaning=f"“{title}”不是数字时的文字。",
            unit="",
            holds=Holds.TEXT,
            labels={},
            values=lambda lines: [_words(field, line) for line in lines],
        )


def _value(field: Field[Any], line: object) -> object:
    """Return a line's value as a frame has it; None where it is missing."""
    value = field.get(line)
    if field.code is not None:
        value = field.code(line)
    if field.holds is Holds.TRUTH:
        return value == YesNo.YES
    if value in (None, "") or (field.words and isinstance(value, str)):
        return None
    if isinstance(value, LabelledCode):
        return str(value)
    if field.holds is Holds.TEXT and not isinstance(value, str):
        return text_of(value)
    return value


def _words(field: Field[Any], line: object) -> str | None:
    value = field.get(line)
    if isinstance(value, str) and value:
        return label_of(value)
    return None


def _series(column: DataColumn, lines: Sequence[Any]) -> "pd.Series[Any]":
    return pd.Series(column.values(lines), dtype=_DTYPES[column.holds])


def _checked(column: DataColumn) -> pa.Column:
    checks = []
    if column.labels:
        checks.append(pa.Check.isin(list(column.labels)))
    return pa.Column(
        _DTYPES[column.holds],
        checks=checks,
        nullable=column.holds is not Holds.TRUTH,
        title=column.title,
        description=column.meaning,
        metadata={"unit": column.unit, "labels": dict(column.labels)},
    )


# --- sources


class _Origin(NamedTuple):
    """Where a value of a line was typed: the code of the sheet, that of the line, the column, the cell."""

    sheet: str
    code: str
    column: str
    cell: CellSource
    received_at: str


_O = Field[_Origin]
_ORIGIN_FIELDS = (
    _O("table", "数据表", "数据在哪一张表（文件）里。", 12, lambda o: o.sheet),
    _O("code", "编号", "是哪一行：指标、任务或问题的编号。", 14, lambda o: o.code),
    _O("column", "字段", "是哪一个字段。", 14, lambda o: o.column),
    _O("file", "文件", "填在哪份文件里。", 40, lambda o: o.cell.file),
    _O("sheet", "工作表", "填在哪张表里。", 18, lambda o: o.cell.tab),
    _O("cell", "单元格", "填在哪个单元格里。", 8, lambda o: o.cell.cell, CellLook.WORD),
    _O("received_at", "收到时间", "文件何时收到，带时区。", 25, lambda o: o.received_at),
    _O("note", "说明", "为什么采用这个单元格，有没有分歧。", 30, lambda o: o.cell.note),
)


def _origins(sheet: str, table: Table[Any], zone: tzinfo) -> Iterator[_Origin]:
    """Yield where the values of a sheet's lines were typed, with times in a zone."""
    typed = [field for field in table.fields if field.typed]
    if not typed:
        return
    code = table.fields[table.column("code")]
    for line in table.lines:
        if not isinstance(line, ReportedLine):
            raise TypeError(f"{sheet}: a line is not reported, and a field of it is typed")
        for field in typed:
            cell = line.origin(field.typed)
            if cell is not None:
                at = cell.at.astimezone(zone).isoformat(timespec="seconds")
                yield _Origin(sheet, str(code.get(line)), field.name, cell, at)
