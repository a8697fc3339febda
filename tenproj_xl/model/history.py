"""The accepted rows and decisions, as plain objects: read from the ledger, used to make forms and roll-up.

Several reports on one row are ordered by period, then by the rank of their files; see `app.ranking`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from functools import cached_property

from tenproj_xl.core.answers import IssueStatus, MilestoneStatus, Nature, TaskStatus
from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.sheets import ISSUES, TASKS, VERIFICATION
from tenproj_xl.core.words import USUAL, Words
from tenproj_xl.model.cell_sources import CellSource, Giver
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.milestones import milestones_done, milestones_then
from tenproj_xl.model.plan import Indicator, Task
from tenproj_xl.model.plan_scopes import in_scope


@dataclass(frozen=True, kw_only=True)
class Reported:
    """One accepted row: the parsed values, the typed texts, and the file they come from.

    `values` also holds what the form had printed in the row; `cells` has the address of every typed cell.
    `unit` is the sender, `owner` the unit that reports the row. `changed_fields` are the inputs that the
    sender filled or changed. `elsewhere` has the sources of the cells that come from another return or
    from a decision; `disputed` are the fields of which others report another value, with no decision yet.

    What the office was told and recorded in place of a unit (an *amendment*) has its `basis`, and who
    recorded it, in which `office`; it has no `unit`. `note` says whether the unit has confirmed it,
    `unconfirmed` are the fields that it has not. The figure of a row that is `held` waits for the office, or
    was refused, and does not count; `meanwhile` is the report of the same period whose figure stands instead.

    `ranked_at` is what it is ordered by, where that is not `received_at`. A row of a correction workbook
    counts only in the fields that its sender changed in it, `patched`; else that is None.
    """

    sheet: str
    code: str
    task_force: str
    period: Period
    values: Mapping[str, Value]
    typed: Mapping[str, str]
    cells: Mapping[str, str]
    file: str
    sha256: str
    tab: str
    received_at: datetime
    seq: int
    unit: str = ""
    owner: str = ""
    changed_fields: frozenset[str] = frozenset()
    elsewhere: Mapping[str, CellSource] = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()
    basis: str = ""
    recorded_by: str = ""
    office: str = USUAL.office
    note: str = ""
    held: bool = False
    unconfirmed: frozenset[str] = frozenset()
    meanwhile: "Reported | None" = None
    ranked_at: datetime | None = None
    patched: frozenset[str] | None = None

    def source(self, name: str = "") -> CellSource:
        """Return where a field was typed; where it was not typed, the first typed cell of the row."""
        if name in self.elsewhere:
            return self.elsewhere[name]
        cell = self.cells.get(name) or next(iter(self.cells.values()), "")
        source = CellSource(
            file=self.file, tab=self.tab, cell=cell, at=self.received_at, note=self.note, unit=self.unit
        )
        if not self.basis:
            return source
        file = f"由{self.office}代录（依据：{self.basis}）"
        return replace(source, file=file, giver=Giver.OFFICE, basis=self.basis)

    def amended(self, amendment: "Reported") -> "Reported":
        """Return the row with what the office recorded since in place of its unit."""
        values, elsewhere = dict(self.values), dict(self.elsewhere)
        for name in amendment.changed_fields:
            values[name] = amendment.values.get(name)
            elsewhere[name] = amendment.source(name)
        return replace(
            self,
            values=values,
            typed={**self.typed, **amendment.typed},
            changed_fields=self.changed_fields | amendment.changed_fields,
            elsewhere=elsewhere,
            unconfirmed=(self.unconfirmed - amendment.changed_fields) | amendment.unconfirmed,
        )

    def in_words(self, words: Words) -> "Reported":
        """Return the row in the words of a plan."""
        if words == USUAL:
            return self
        meanwhile = self.meanwhile and self.meanwhile.in_words(words)
        return replace(self, values=words.values(self.values), office=words.office, meanwhile=meanwhile)

    @property
    def counted(self) -> "Reported | None":
        """The report whose figure counts: this one, or one before it if its own waits; None if none does."""
        if self.held:
            return self.meanwhile and self.meanwhile.counted
        return self

    @cached_property
    def order(self) -> tuple[date, int, datetime, str]:
        """The sort key of reports on one row, the latest last."""
        return *self.period.place, self.ranked_at or self.received_at, self.sha256


@dataclass(frozen=True)
class Figure:
    """An indicator's value for one data period, and the row that brought it."""

    value: float | str
    period: Period
    nature: Nature | None
    row: Reported

    @property
    def is_verified(self) -> bool:
        """Whether it is 统计核定: such a figure yields only to another such one."""
        return self.nature is Nature.VERIFIED

    @property
    def reason(self) -> str:
        """What its unit said of it as 滞后原因; "" where it said nothing."""
        return str(self.row.values.get("lag_reason") or "")

    def replaces(self, standing: "Figure | None") -> bool:
        """Return whether it takes the place of the figure that stood until it came."""
        return standing is None or self.is_verified or not standing.is_verified


def figure_in(row: Reported) -> Figure | None:
    """Return the figure that a report on an indicator brought, None without a value or its data period.

    One that waits for the office is none yet: that of the report before counts meanwhile.
    """
    counted = row.counted
    if counted is None:
        return None
    value, data_period = counted.values.get("value"), counted.values.get("data_period")
    if not data_period or not isinstance(value, float | str):
        return None
    period = read_period(str(data_period))
    if period is None:
        return None
    return Figure(value, period, Nature.of(counted.values.get("nature")), counted)


def as_returned(indicator: Indicator, figure: Figure | None) -> Indicator:
    """Return an indicator in the scope that a figure was returned in."""
    if figure is None:
        return indicator
    return in_scope(indicator, figure.period, figure.row.period)


@dataclass(frozen=True)
class History:
    """Accepted rows and decisions; of several rows with one code and period the last is used.

    `rows` are all that were accepted, or those of them that the ledger chooses for a stretch of time, see
    `model.topics`. Where they are about a few indicators and tasks, `others` are the periods of all.
    """

    rows: tuple[Reported, ...]
    decisions: tuple[Decision, ...] = ()
    others: tuple[Period, ...] = ()

    @cached_property
    def kept(self) -> dict[type, object]:
        """What was worked out of the history once, by its class, for what is asked again and again."""
        return {}

    @cached_property
    def _by_code(self) -> dict[tuple[str, str], list[Reported]]:
        last: dict[tuple[str, str, str], Reported] = {}
        for row in self._in_order:
            if not row.basis:
                last[row.sheet, row.code, row.period.code] = row
        by_code: dict[tuple[str, str], list[Reported]] = {}
        for row in sorted(last.values(), key=lambda r: r.period.place):
            by_code.setdefault((row.sheet, row.code), []).append(row)
        for amendment in self.amendments:
            if figure_in(amendment) is None:
                _amend(by_code.setdefault((amendment.sheet, amendment.code), []), amendment)
        for decision in sorted(filter(lambda d: d.changes, self.decisions), key=lambda d: (d.on, d.seq)):
            rows = by_code.get((ISSUES.code, decision.issue), [])
            rows[:] = [replace(row, values=decision.applied_to(row.values, row.period)) for row in rows]
        return by_code

    @cached_property
    def amendments(self) -> tuple[Reported, ...]:
        """What the office recorded in place of units, oldest first, with what the units say of it."""
        recorded = []
        for row in self._in_order:
            if row.basis:
                recorded.append(self._with_answer(row))
        return tuple(recorded)

    @cached_property
    def _in_order(self) -> Sequence[Reported]:
        return sorted(self.rows, key=lambda r: r.order)

    @cached_property
    def _reports_about(self) -> Mapping[tuple[str, str], Sequence[Reported]]:
        """The reports on each row, of an indicator also those for single data periods, in their order."""
        about: dict[tuple[str, str], list[Reported]] = {}
        for row in self._in_order:
            for code in {row.code, indicator_of_row(row.code)}:
                about.setdefault((row.sheet, code), []).append(row)
        return about

    def _with_answer(self, amendment: Reported) -> Reported:
        for row in self._reports_about[amendment.sheet, amendment.code]:
            is_later = row.order > amendment.order and not row.basis
            if not is_later or not _is_about_the_same(row, amendment):
                continue
            if answer := row.values.get(VERIFICATION):
                return replace(amendment, note=f"单位答复：{answer}")
            if all(row.values.get(name) == amendment.values.get(name) for name in amendment.changed_fields):
                return replace(amendment, note="单位已报同样内容")
        return replace(amendment, note="待单位确认", unconfirmed=amendment.changed_fields)

    def of(self, sheet: str, code: str) -> list[Reported]:
        """Return the last report on a row in each period of `rows`, oldest first."""
        return self._by_code.get((sheet, code), [])

    def latest(self, sheet: str, code: str) -> Reported | None:
        """Return the last report on a row, None if none was ever accepted."""
        return next(reversed(self.of(sheet, code)), None)

    def figures(self, code: str) -> list[Figure]:
        """Return an indicator's figures by data period, oldest first, of each the one that counts.

        That is the last one; a verified one yields only to another. A year, its last quarter, its December
        and the week across New Year are counted on the same day and are the same figure: of those a verified
        one comes last, else they are ordered by the reports that brought them.
        """
        if code not in self._figures:
            self._figures[code] = self._counting_figures(code)
        return list(self._figures[code])

    @cached_property
    def _figures(self) -> dict[str, Sequence[Figure]]:
        """The figures of the indicators that were asked for."""
        return {}

    def _counting_figures(self, code: str) -> Sequence[Figure]:
        by_period: dict[str, Figure] = {}
        for row in self.reports_on_figures(code):
            figure = figure_in(row)
            if figure and figure.replaces(by_period.get(figure.period.code)):
                by_period[figure.period.code] = figure
        return sorted(by_period.values(), key=lambda f: (f.period.counted_on, f.is_verified, f.row.order))

    def reports_on_figures(self, code: str) -> list[Reported]:
        """Return all reports that may bring figures of an indicator, in their order.

        Those are the reports on its own row, on its rows for one data period, and what the office recorded.
        """
        reports = [row for row in self.amendments if (row.sheet, row.code) == ("indicators", code)]
        for key in self._figure_rows.get(code, ()):
            reports += self.of("indicators", key)
        return sorted(reports, key=lambda r: r.order)

    @cached_property
    def _figure_rows(self) -> dict[str, list[str]]:
        """The codes of the rows of each indicator."""
        rows: dict[str, list[str]] = {}
        for sheet, code in self._by_code:
            if sheet == "indicators":
                rows.setdefault(indicator_of_row(code), []).append(code)
        return rows

    def milestones_done(self, task: Task) -> set[int]:
        """Return the numbers of a task's milestones that were reported as done, and not as open since.

        See `milestones.milestones_done`.
        """
        return milestones_done(task, [row.values for row in self.of("tasks", task.code)])

    def is_finished(self, task: Task) -> bool:
        """Return whether the last report on a task says that it is done, and no milestone was added since."""
        latest = self.latest("tasks", task.code)
        if latest is None or latest.values.get("status") != TaskStatus.DONE:
            return False
        known_then = milestones_then(latest.values)
        return known_then is None or {m.number for m in task.milestones} <= known_then

    def has_just_finished(self, task: Task) -> bool:
        """Return whether a task is finished, and was reported so first in the newest period of all."""
        if not self.is_finished(task):
            return False
        first = None
        for row in reversed(self.of("tasks", task.code)):
            if row.values.get("status") != TaskStatus.DONE:
                break
            first = row.period
        return first == self.newest_period

    @cached_property
    def newest_period(self) -> Period | None:
        """The newest period that anything was reported for, on whatever row; None without any."""
        return max((*self.others, *(row.period for row in self.rows)), default=None)

    def issues(self, task_force: str | None = None) -> list[Reported]:
        """Return the last report on every registered issue (of one task force, if given), by code."""
        return list(self._issues_by_force.get(task_force, ()))

    @cached_property
    def _issues_by_force(self) -> Mapping[str | None, Sequence[Reported]]:
        """The last report on every issue by its task force, all of them under None."""
        by_force: dict[str | None, list[Reported]] = {}
        issues = [rows[-1] for (sheet, _), rows in self._by_code.items() if sheet == "issues"]
        for issue in sorted(issues, key=lambda r: r.code):
            for force in (None, issue.task_force):
                by_force.setdefault(force, []).append(issue)
        return by_force

    def decisions_on(self, code: str) -> tuple[Decision, ...]:
        """Return the decisions on an issue, oldest first."""
        return tuple(self._decisions_by_code.get(code, ()))

    @cached_property
    def _decisions_by_code(self) -> Mapping[str, Sequence[Decision]]:
        by_code: dict[str, list[Decision]] = {}
        for decision in sorted(self.decisions, key=lambda d: (d.on, d.seq)):
            by_code.setdefault(decision.issue, []).append(decision)
        return by_code

    def before(self, period: Period) -> "History":
        """Return the rows of earlier periods, with the decisions taken by this period's last day.

        Forms of a period show decisions taken within it. Earlier is what ended before (`Period.precedes`),
        even within this one, as weeks do in the first month that returns are asked for by month.
        """
        # Kept, because every form, return and line of a run asks for the same history.
        if period not in self._earlier:
            rows = tuple(r for r in self.rows if r.period.precedes(period))
            others = tuple(one for one in self.others if one.precedes(period))
            self._earlier[period] = History(rows, self._decided_by(period), others)
        return self._earlier[period]

    @cached_property
    def _earlier(self) -> dict[Period, "History"]:
        return {}

    def in_words(self, words: Words) -> "History":
        """Return the history in the words of a plan."""
        if words == USUAL:
            return self
        rows = tuple(row.in_words(words) for row in self.rows)
        decisions = tuple(decision.in_words(words) for decision in self.decisions)
        return History(rows, decisions, self.others)

    def up_to(self, period: Period) -> "History":
        """Return the rows of a period and earlier ones, with the decisions taken by its last day."""
        rows = tuple(r for r in self.rows if not period.precedes(r.period))
        others = tuple(one for one in self.others if not period.precedes(one))
        return History(rows, self._decided_by(period), others)

    def about(self, span: Period) -> "History":
        """Return what is known of a month, quarter or year, whenever it was reported.

        Those are the rows of periods that count until its last day, and of later ones what they tell of the
        time until then: figures by their data period, tasks and milestones by the day on which they were
        completed, unless that was taken back, issues by the day on which they were raised or applied for.
        The week across New Year counts in December; what it tells of January is left out by the same days,
        but for the investment, which is the year's. Decisions are those taken by its last day, whenever they
        were recorded.
        """
        told = (_as_told(row, span, self.of(row.sheet, row.code)) for row in self.rows)
        return History(tuple(row for row in told if row is not None), self._decided_by(span))

    def _decided_by(self, period: Period) -> tuple[Decision, ...]:
        return tuple(d for d in self.decisions if d.on <= period.last)


def _as_told(row: Reported, span: Period, reports: Sequence[Reported]) -> Reported | None:
    """Return what a row tells of a span, None where that is nothing; `reports` are all on the same.

    A row of a period that counts in the span tells something of it, unless it is about a day after it; one of
    a later period does where it is about a day of it.
    """
    counts = row.period.counted_on <= span.last
    is_taken_back = _is_taken_back(row, reports)
    if counts and is_taken_back and _ends_done(reports, span):
        return _not_done(row)
    if row.period.last <= span.last:
        return row
    day = _day_told(row, reports)
    is_of_span = day is not None and day <= span.last
    if not counts:
        tells = is_of_span and not is_taken_back
        return row if tells else None
    if day is None or is_of_span:
        return row
    return _not_done(row) if row.sheet == TASKS.code else None


def _ends_done(reports: Sequence[Reported], span: Period) -> bool:
    """Return whether the last status of a task within a span is that it is done."""
    said = [row.values.get("status") for row in reports if row.period.counted_on <= span.last]
    return next(filter(None, reversed(said)), None) == TaskStatus.DONE


def _not_done(row: Reported) -> Reported:
    """Return the report of a task without what it says of an end that is not of its time, or was none."""
    left_out = {"milestone_done", "completed_on"}
    if row.values.get("status") == TaskStatus.DONE:
        left_out = _OF_DONE
    return replace(row, values={field: v for field, v in row.values.items() if field not in left_out})


def _day_told(row: Reported, reports: Sequence[Reported]) -> date | None:
    """Return the day that a row tells of: of its figure, of what was done, raised or applied for; or None."""
    status = row.values.get("status")
    match row.sheet:
        case "indicators":
            if row.values.get("value") is None:
                return None
            period = read_period(str(row.values.get("data_period") or ""))
            return period.counted_on if period else None
        case "tasks":
            is_done = status == TaskStatus.DONE or row.values.get("milestone_done") == MilestoneStatus.DONE
            return _day(row, "completed_on") if is_done else None
        case _:
            raised_on = _day(row, "raised_on") if row.period == reports[0].period else None
            if raised_on is None and status == IssueStatus.APPLIED:
                return _day(row, "applied_on")
            return raised_on


_OF_DONE = {column.field for column in TASKS.inputs} - {"invest_done"}
"""What a report of a task that is done tells of its end: all but the investment, a figure of the year."""


def _is_taken_back(row: Reported, reports: Sequence[Reported]) -> bool:
    """Return whether a task that a row calls done was called otherwise since."""
    is_done = row.sheet == TASKS.code and row.values.get("status") == TaskStatus.DONE
    return is_done and reports[-1].values.get("status") not in (None, TaskStatus.DONE)


def _day(row: Reported, field: str) -> date | None:
    day = row.values.get(field)
    return day if isinstance(day, date) else None


def _is_about_the_same(row: Reported, amendment: Reported) -> bool:
    """Return whether a row can answer an amendment: of the same code, or of its data period."""
    is_of_period = row.values.get("data_period") == amendment.values.get("data_period")
    code = indicator_of_row(row.code) if is_of_period else row.code
    return (row.sheet, code) == (amendment.sheet, amendment.code)


def _amend(rows: list[Reported], amendment: Reported) -> None:
    """Put what the office recorded into the report that stood then; without one it stands by itself."""
    for n in reversed(range(len(rows))):
        if rows[n].order < amendment.order:
            rows[n] = rows[n].amended(amendment)
            return
    rows.insert(0, amendment)


def history(rows: Iterable[Reported] = (), decisions: Iterable[Decision] = ()) -> History:
    """Return the history of some rows and decisions."""
    return History(tuple(rows), tuple(decisions))
