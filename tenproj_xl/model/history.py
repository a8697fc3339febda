"""The accepted rows and decisions, as plain objects: read from the ledger, used to make forms and roll-up.

Several reports on one row are ordered by period, then by when the file was first received, then by its hash;
never by the time at which a command ran.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from tenproj_xl.core.answers import MilestoneStatus, Nature, TaskStatus
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.plan import Task


@dataclass(frozen=True)
class CellSource:
    """The place where the value of a cell was typed; `note` says why it is used."""

    file: str
    tab: str
    cell: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Reported:
    """One accepted row: the parsed values, the typed texts, and the file they come from.

    `values` also holds what the form had printed in the row; `cells` has the address of every typed cell.
    `unit` is the sender, `owner` the unit that reports the row. `changed_fields` are the inputs that the
    sender filled or changed. `elsewhere` has the sources of the cells that come from another return or
    from a decision; `disputed` are the fields of which others report another value, with no decision yet.
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

    def source(self, name: str = "") -> CellSource:
        """Return where a field was typed; where it was not typed, the first typed cell of the row."""
        if name in self.elsewhere:
            return self.elsewhere[name]
        cell = self.cells.get(name) or next(iter(self.cells.values()), "")
        return CellSource(self.file, self.tab, cell, self.received_at)

    @property
    def order(self) -> tuple[Period, datetime, str]:
        """The sort key of reports on one row, the latest last."""
        return self.period, self.received_at, self.sha256


class Status(LabelledCode):
    """The status of a received file."""

    ACCEPTED = "accepted", "已接收"
    WITH_WARNINGS = "accepted_with_warnings", "已接收，有提示"
    TO_CORRECT = "to_correct", "待更正"
    REFUSED = "refused", "未接收（退回）"
    SUPERSEDED = "superseded", "已被更新的一份取代"
    DUPLICATE = "duplicate", "重复报送"
    WITHDRAWN = "withdrawn", "已撤回"

    @property
    def is_return(self) -> bool:
        """Whether the file counts as a return of its recipient."""
        return self not in (Status.REFUSED, Status.DUPLICATE, Status.WITHDRAWN)


def status_by_findings(findings: Sequence[Finding]) -> Status:
    """Return the status of a return that counts: what is exempt is listed, and makes no difference."""
    if has_errors(findings):
        return Status.TO_CORRECT
    if any(finding.is_open for finding in findings):
        return Status.WITH_WARNINGS
    return Status.ACCEPTED


class Party(NamedTuple):
    """The sender of a return: the recipient of its form, its task forces, and the unit that filled it.

    `recipient` is the code of a task force or a unit; `unit` is "" if the plan has no unit of that name.
    """

    recipient: str = ""
    task_forces: tuple[str, ...] = ()
    unit: str = ""

    @property
    def task_force(self) -> str:
        """The code of the one task force that it is about, "" if there are several or it is unknown."""
        if len(self.task_forces) == 1:
            return self.task_forces[0]
        return ""


@dataclass(frozen=True)
class Withdrawal:
    """The office's withdrawal of a file: why, and when."""

    sha256: str
    why: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One received file and its status. `party` and `period` are blank if they are unknown.

    `status` is that on receipt, until the file is withdrawn, or the file that superseded it is.
    """

    file: str
    sha256: str
    party: Party
    period: str
    sender: str
    status: Status
    received_at: datetime
    late: bool
    nil: bool
    cover: Mapping[str, Value]
    findings: tuple[Finding, ...]
    seq: int
    withdrawn: Withdrawal | None = None

    @property
    def order(self) -> tuple[datetime, str]:
        """The sort key of receipts, the latest last."""
        return self.received_at, self.sha256

    @property
    def is_settled(self) -> bool:
        """Whether the file need not be processed again.

        A refused file may be tried again. A file to correct is answered again, because a run that was
        interrupted may not have written its answer.
        """
        return self.status.is_return and self.status is not Status.TO_CORRECT

    @property
    def task_force(self) -> str:
        """The code of the one task force that it is about, "" if there are several or it is unknown."""
        return self.party.task_force


@dataclass(frozen=True)
class Figure:
    """An indicator's value for one data period, and the row that brought it."""

    value: float | str
    period: Period
    nature: Nature | None
    row: Reported


_TOPICS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "indicators": {"value": ("data_period",)},
    "tasks": {"status": (), "invest_done": (), "milestone_done": ("milestone_done", "milestone")},
}
"""Fields whose last value is asked for, by sheet, each with the fields that tell about what it is."""


def topics(row: Reported) -> set[str]:
    """Return what a report tells something about: "" for the row as a whole, and what it has a value for.

    A `History` that has the last reports on each topic, the last two on a row as a whole, and all on an
    issue, answers the same as one that has all reports. What asks a history for more needs a topic here,
    and a new version of the ledger.
    """
    found = {""}
    for name, about in _TOPICS.get(row.sheet, {}).items():
        if row.values.get(name) is not None:
            found.add(" ".join([name, *(str(row.values.get(field)) for field in about)]))
    return found


@dataclass(frozen=True)
class History:
    """Accepted rows and decisions; of several rows with one code and period the last is used.

    `rows` are all that were accepted, or those of them that the ledger chooses for a stretch of time, see
    `topics`.
    """

    rows: tuple[Reported, ...]
    decisions: tuple[Decision, ...] = ()

    @cached_property
    def _by_code(self) -> dict[tuple[str, str], list[Reported]]:
        last: dict[tuple[str, str, str], Reported] = {}
        for row in sorted(self.rows, key=lambda r: r.order):
            last[row.sheet, row.code, row.period.code] = row
        by_code: dict[tuple[str, str], list[Reported]] = {}
        for row in sorted(last.values(), key=lambda r: r.period):
            by_code.setdefault((row.sheet, row.code), []).append(row)
        return by_code

    def of(self, sheet: str, code: str) -> list[Reported]:
        """Return the last report on a row in each period of `rows`, oldest first."""
        return self._by_code.get((sheet, code), [])

    def latest(self, sheet: str, code: str) -> Reported | None:
        """Return the last report on a row, None if none was ever accepted."""
        return next(reversed(self.of(sheet, code)), None)

    def figures(self, code: str) -> list[Figure]:
        """Return an indicator's figures by data period, oldest first; for each data period the last one.

        A year, its last quarter and its December end on the same day and are the same figure: those are
        ordered by the reports that brought them.
        """
        by_period: dict[str, Figure] = {}
        for row in self.of("indicators", code):
            value, data_period = row.values.get("value"), row.values.get("data_period")
            if not data_period or not isinstance(value, float | str):
                continue
            period = read_period(str(data_period))
            if period is not None:
                by_period[period.code] = Figure(value, period, Nature.of(row.values.get("nature")), row)
        return sorted(by_period.values(), key=lambda f: (f.period.last, f.row.order))

    def milestones_done(self, task: Task) -> set[int]:
        """Return the numbers of a task's milestones that were reported as done."""
        names = set()
        for row in self.of("tasks", task.code):
            if row.values.get("milestone_done") == MilestoneStatus.DONE:
                names.add(row.values.get("milestone"))
        return {m.number for m in task.milestones if m.name in names}

    def is_finished(self, task: Task) -> bool:
        """Return whether the last report on a task says that it is done."""
        latest = self.latest("tasks", task.code)
        return latest is not None and latest.values.get("status") == TaskStatus.DONE

    def issues(self, task_force: str | None = None) -> list[Reported]:
        """Return the last report on every registered issue (of one task force, if given), by code."""
        latest = []
        for (sheet, _), rows in self._by_code.items():
            if sheet == "issues" and task_force in (None, rows[-1].task_force):
                latest.append(rows[-1])
        return sorted(latest, key=lambda r: r.code)

    def decisions_on(self, code: str) -> tuple[Decision, ...]:
        """Return the decisions on an issue, oldest first."""
        own = [d for d in self.decisions if d.issue == code]
        return tuple(sorted(own, key=lambda d: (d.on, d.seq)))

    def before(self, period: Period) -> "History":
        """Return the rows of earlier periods, with the decisions taken by this period's last day.

        The forms of a period show the decisions taken within it.
        """
        # Kept, because every form, return and line of a run asks for the same history.
        if period not in self._earlier:
            rows = tuple(r for r in self.rows if r.period.last < period.first)
            self._earlier[period] = History(rows, self._decided_by(period))
        return self._earlier[period]

    @cached_property
    def _earlier(self) -> dict[Period, "History"]:
        return {}

    def up_to(self, period: Period) -> "History":
        """Return the rows of a period and earlier ones, with the decisions taken by its last day."""
        return History(tuple(r for r in self.rows if r.period.last <= period.last), self._decided_by(period))

    def _decided_by(self, period: Period) -> tuple[Decision, ...]:
        return tuple(d for d in self.decisions if d.on <= period.last)


def history(rows: Iterable[Reported] = (), decisions: Iterable[Decision] = ()) -> History:
    """Return the history of some rows and decisions."""
    return History(tuple(rows), tuple(decisions))
