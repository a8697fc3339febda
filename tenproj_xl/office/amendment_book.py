"""代录单: what the office was told, by telephone for example, and records in place of a unit.

Reads: lines of the workbook, or one line from the command. Gives: an empty workbook; rows as accepted ones
are recorded, with findings by cell.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.meaning import Meaning
from tenproj_xl.core.parse import read_cell_in
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.sheets import FORCE, ISSUES, TASKS, indicator_sheet, worded
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.plan import Indicator, Plan
from tenproj_xl.model.units import issue_unit, reporter
from tenproj_xl.reading.office_book import load_rows
from tenproj_xl.reading.records import Record, read_records
from tenproj_xl.validation.entries import DAYS_TO_COME, column_in_row

_TITLE = "代录单"
_FIGURE = ("value", "nature")
"""What is recorded together with the data period, as one figure."""
_IN_UNITS = ("value", "forecast")


def _column(field: str, header: str, width: float, advice: str) -> Column:
    return Column(field, header, Fill.OFFICE, Kind.LONG_TEXT, width=width, advice=advice)


AMENDMENTS = Sheet(
    "amendments",
    _TITLE,
    (
        _column("code", "编号", 14, "填写指标、任务或问题的编号，如 Z03-04"),
        _column("field", "栏目", 16, "填写填报表的栏目名，如 最新数值、当前状态"),
        _column("value", "内容", 24, "填写应当是什么，如 75"),
        _column("data_period", "数据所属期", 14, "改的是哪一期的数，如 2026年10月；不是指标数值的不填"),
        _column("nature", "数据性质", 12, "填写数据性质；已有这一期的数而性质不变的可不填"),
        _column("basis", "依据", 30, "写明谁、何时、怎样告知，如 11月26日区科技局王五电话告知"),
        _column("by", "代录人", 10, "填写姓名"),
    ),
)
_NOTE = (
    "单位口头、电话告知而没有报表的内容，由{office}在这里代录，一行一项；"
    "填好保存后运行：tenproj amend 本文件名。\n"
    "代录的内容各处都注明“由{office}代录（依据…）”，并印在单位的下一期填报表上请其确认。"
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A line: what it says by field, and where that stands."""

    said: Mapping[str, str]
    place: Callable[[str], Place]
    file: str
    sha256: str
    at: datetime

    def text(self, field: str) -> str:
        """Return what a field says, "" where it is blank."""
        return self.said.get(field, "").strip()


def write_amendment_book(path: Path, office: str) -> None:
    """Write the empty workbook of an office."""
    headers = [column.header for column in AMENDMENTS.columns]
    notes = {AMENDMENTS.code: _NOTE.format(office=office)}
    write_workbook(path, (AMENDMENTS,), {AMENDMENTS.name: [headers]}, notes)


def read_amendment_book(path: Path, sha256: str, at: datetime) -> list[Told]:
    """Read the lines of a workbook that have anything in them.

    Raises:
        UsageProblem: It is another workbook.
    """
    (rows,) = load_rows(path)
    records, _ = read_records(rows, (AMENDMENTS,), path.name, {})
    if records is None:
        raise UsageProblem(f"“{path.name}”不是代录单，请填写 tenproj amend 生成的那一份。")
    lines = [_told(record, sha256, at) for record in records[AMENDMENTS.code]]
    return [line for line in lines if any(line.said.values())]


def _told(record: Record, sha256: str, at: datetime) -> Told:
    said = {column.field: record.text(column.field) for column in AMENDMENTS.columns}
    return Told(said=said, place=record.place, file=record.file, sha256=sha256, at=at)


# --- what a line means


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """A row to be recorded, the column that it is about, and what stood there until then.

    `is_year_guessed` says whether its day or its data period was told without a year.
    """

    row: Reported
    column: Column
    was: Value
    is_year_guessed: bool = False

    @property
    def field(self) -> str:
        """The field that was amended."""
        return self.column.field

    @property
    def value(self) -> Value:
        """What it is by now."""
        return self.row.values.get(self.field)

    @property
    def data_period(self) -> Period | None:
        """The data period of a figure, None of anything else."""
        return read_period(str(self.row.values.get("data_period") or ""))

    @property
    def changes_nothing(self) -> bool:
        """Whether the same stood there already."""
        return canonical(self.was) == canonical(self.value)


@dataclass(frozen=True, kw_only=True)
class _Row:
    """The row of the plan, or the issue, that a line is about."""

    sheet: Sheet
    code: str
    name: str
    task_force: str
    owner: str
    indicator: Indicator | None = None


class AmendmentReader:
    """Reads lines by the plan in force in a period, and what is known by then."""

    def __init__(self, plan: Plan, known: History, period: Period) -> None:
        self.plan, self.known, self.period = plan, known, period

    def read(self, told: Told) -> Amendment | list[Finding]:
        """Return what a line records, or what is wrong with it."""
        lacking = [name for name in ("code", "field", "value", "basis") if not told.text(name)]
        if lacking:
            return [_lacking(told, AMENDMENTS.column(name)) for name in lacking]
        row = self._row(told.text("code"))
        if row is None:
            return [_unknown(told, "code", "主要指标、重点任务、问题")]
        column = _column_named(told.text("field"), row)
        if column is None:
            return [_unknown(told, "field", row.sheet.name)]
        meaning = self._meaning(told, column, row.indicator)
        if isinstance(meaning, Finding):
            return [meaning]
        if row.indicator and column.field in _FIGURE:
            return self._figure(told, row, column, meaning.value)
        was = None
        if latest := self.known.latest(row.sheet.code, row.code):
            was = latest.values.get(column.field)
        return Amendment(
            row=self._recorded(told, row, {column.field: meaning.value}),
            column=column,
            was=was,
            is_year_guessed=meaning.code is Code.YEAR_GUESSED,
        )

    def _meaning(
        self, told: Told, column: Column, indicator: Indicator | None, field: str = "value"
    ) -> Meaning | Finding:
        """Return what the text of a field means in a column of the form, or what is wrong with it."""
        unit = ""
        if indicator and column.field in _IN_UNITS:
            unit = indicator.unit
        to_come = column.field in DAYS_TO_COME
        meaning = read_cell_in(self.period, told.text(field), column, unit=unit, to_come=to_come)
        if meaning.value is None and meaning.code:
            return finding(meaning.code, told.place(field), told.text(field), advice=column.how)
        if not column.allows(meaning.value):
            bounds = column.bounds
            return finding(Code.OUT_OF_BOUNDS, told.place(field), told.text(field), expected=bounds)
        return meaning

    def _row(self, code: str) -> _Row | None:
        indicator = self.plan.indicator(code)
        if indicator:
            return _Row(
                sheet=worded(indicator_sheet(()), self.plan.programme.words),
                code=indicator.code,
                name=indicator.name,
                task_force=indicator.task_force,
                owner=reporter(indicator, self.plan),
                indicator=indicator,
            )
        for task in self.plan.tasks:
            if task.code == code:
                owner = reporter(task, self.plan)
                return _Row(sheet=TASKS, code=code, name=task.name, task_force=task.task_force, owner=owner)
        return self._issue(code)

    def _issue(self, code: str) -> _Row | None:
        issue = self.known.latest(ISSUES.code, code)
        if issue is None:
            return None
        owner = ""
        for task_force in self.plan.task_forces:
            if task_force.code == issue.task_force:
                owner = issue_unit(issue.values, task_force, self.plan)
        name = str(issue.values.get("description") or code)
        sheet = worded(ISSUES, self.plan.programme.words)
        return _Row(sheet=sheet, code=code, name=name, task_force=issue.task_force, owner=owner)

    def _figure(self, told: Told, row: _Row, column: Column, value: Value) -> Amendment | list[Finding]:
        """Return a figure of a data period: the value with the nature that it has, or the other way round."""
        typed, advice = told.text("data_period"), self.period.last.strftime("%Y年%m月")
        if not typed:
            return [finding(Code.PERIOD_MISSING, told.place("data_period"), advice=advice)]
        about = read_cell_in(self.period, typed, row.sheet.column("data_period"))
        period = read_period(str(about.value))
        if period is None:
            advice = f"填写数据所属期，如 {advice}"
            return [finding(Code.NOT_PERIOD, told.place("data_period"), typed, found=typed, advice=advice)]
        if period.last > self.period.last:
            return [finding(Code.PERIOD_FUTURE, told.place("data_period"), period.label)]
        figure: dict[str, Value] = {"value": None, "nature": None}
        for standing in self.known.figures(row.code):
            if standing.period.last == period.last:
                figure = {"value": standing.value, "nature": standing.nature}
        was = figure[column.field]
        if told.text("nature"):
            nature = self._meaning(told, row.sheet.column("nature"), None, "nature")
            if isinstance(nature, Finding):
                return [nature]
            figure["nature"] = nature.value
        figure[column.field] = value
        if missing := [name for name in _FIGURE if figure[name] is None]:
            return [_lacking(told, row.sheet.column(missing[0]), "nature")]
        values = {**figure, "data_period": period.code}
        return Amendment(
            row=self._recorded(told, row, values),
            column=column,
            was=was,
            is_year_guessed=about.code is Code.YEAR_GUESSED,
        )

    def _recorded(self, told: Told, row: _Row, values: Mapping[str, Value]) -> Reported:
        place = told.place("value")
        return Reported(
            sheet=row.sheet.code,
            code=row.code,
            task_force=row.task_force,
            period=self.period,
            values={"name": row.name, **values},
            typed={name: text_of(value) for name, value in values.items()},
            cells=dict.fromkeys(values, place.cell),
            file=told.file,
            sha256=told.sha256,
            tab=place.sheet,
            received_at=told.at,
            seq=0,
            owner=row.owner,
            changed_fields=frozenset(values),
            basis=told.text("basis"),
            office=self.plan.programme.words.office,
            recorded_by=told.text("by"),
        )


def _column_named(name: str, row: _Row) -> Column | None:
    for column in row.sheet.inputs:
        is_named = name in (column.field, column.header, *column.aliases)
        if is_named and column.field not in ("data_period", FORCE):
            return column_in_row(column, row.indicator)
    return None


def _lacking(told: Told, column: Column, field: str = "") -> Finding:
    place = told.place(field or column.field)
    return finding(Code.PLAN_REQUIRED, place, expected=column.header, advice=column.wanted)


def _unknown(told: Told, field: str, where: str) -> Finding:
    return finding(Code.PLAN_UNKNOWN, told.place(field), told.text(field), expected=where, near="", others="")
