"""The data sheets of a roll-up as pandas frames, each with the pandera schema of its columns.

Columns, types, units and meanings are those that `rollup.sheets` declares: nothing is listed twice. A frame
has a row for each line of its sheet but totals; states are codes, data periods are codes such as `2026-10`,
and what is blank in the sheet is missing. Where words may stand among numbers, a second column,
`value_words` beside `value`, has them. The frame `sources` tells where each reported value was typed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

import pandas as pd
import pandera.pandas as pa

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.cell_sources import CellSource
from tenproj_xl.rollup.data_columns import DataColumn, columns_of
from tenproj_xl.rollup.drawing.table import CellLook, Field, Holds, Table
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.reported import ReportedLine
from tenproj_xl.rollup.registry import sheets_of

SOURCES = "sources"


class Frames(TypedDict):
    """The frames of a roll-up by the codes of its sheets; some stand in those of some editions only."""

    indicators: pd.DataFrame
    tasks: pd.DataFrame
    issues: pd.DataFrame
    supervision: pd.DataFrame
    asks: pd.DataFrame
    duties: pd.DataFrame
    task_forces: pd.DataFrame
    lives: pd.DataFrame
    changes: pd.DataFrame
    restatements: pd.DataFrame
    returns: pd.DataFrame
    breakdown: pd.DataFrame
    highlights: pd.DataFrame
    checks: pd.DataFrame
    rankings: pd.DataFrame
    sources: pd.DataFrame
    league: NotRequired[pd.DataFrame]
    judgements: NotRequired[pd.DataFrame]
    gaps: NotRequired[pd.DataFrame]
    supply: NotRequired[pd.DataFrame]
    projects: NotRequired[pd.DataFrame]
    quarter_figures: NotRequired[pd.DataFrame]
    outlook: NotRequired[pd.DataFrame]
    coming: NotRequired[pd.DataFrame]
    errata: NotRequired[pd.DataFrame]


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
        return self.schema.validate(frame_of(self.columns, self.lines))


_DTYPES: Mapping[Holds, str] = {
    Holds.TEXT: "string",
    Holds.NUMBER: "float64",
    Holds.COUNT: "Int64",
    Holds.DAY: "datetime64[ms]",  # the coarsest that Parquet has, too
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
        columns = [column for field in table.fields for column in columns_of(field)]
        tables.append(DataTable(code=spec.code, title=spec.title, columns=tuple(columns), lines=lines))
        origins += _origins(spec.code, table, facts.data.settings.zone)
    columns = [column for field in _ORIGIN_FIELDS for column in columns_of(field)]
    return (*tables, DataTable(code=SOURCES, title="数据来源", columns=tuple(columns), lines=origins))


def frame_of(columns: Sequence[DataColumn], lines: Sequence[Any]) -> pd.DataFrame:
    """Return the frame of some columns and lines."""
    return pd.DataFrame(
        {column.name: pd.Series(column.values(lines), dtype=_DTYPES[column.holds]) for column in columns}
    )


def frames_of(facts: Facts) -> Frames:
    """Return the frames of the data sheets by code."""
    made = {table.code: table.frame for table in data_tables(facts)}
    return cast(Frames, made)


def schemas_of(facts: Facts) -> dict[str, pa.DataFrameSchema]:
    """Return the schemas of the frames by code."""
    return {table.code: table.schema for table in data_tables(facts)}


def _checked(column: DataColumn) -> pa.Column:
    checks = []
    if column.is_closed:
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
            is_shown = field.get(line) not in (None, "")
            if cell is not None and is_shown:
                at = cell.at.astimezone(zone).isoformat(timespec="seconds")
                yield _Origin(sheet, str(code.get(line)), field.name, cell, at)
