"""What has been accepted so far, as plain objects: the ledger gives it, forms and roll-up are made from it.

Order of two returns of one row: by period, then by when the file was first seen, then by its hash; never by when
somebody ran the command.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from tenproj_xl.core.cells import Value
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.sheets import DONE
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.plan import Task


@dataclass(frozen=True)
class Source:
    """Where a cell's word was typed, if not in the file that its row came in; `note` says why it counts."""

    file: str
    tab: str
    cell: str
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class Reported:
    """One accepted row: what was understood, what was typed, and where from.

    `values` also holds what the form had printed in the row; `cells` has the address of every cell that was typed in.
    `unit` is the one that speaks, `owner` the one that reports the row; `said` are the inputs in which it says anything
    of its own. `elsewhere` has the cells that come from another return, or from what a person decided; `disputed` are
    those about which others say something else, and nobody has decided.
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
    said: frozenset[str] = frozenset()
    elsewhere: Mapping[str, Source] = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()

    def source(self, name: str = "") -> Source:
        """Where a field was typed, or the first one that was."""
        cell = self.cells.get(name) or next(iter(self.cells.values()), "")
        return self.elsewhere.get(name) or Source(self.file, self.tab, cell, self.received_at)

    @property
    def order(self) -> tuple[Period, datetime, str]:
        """What decides which of two is the later word."""
        return self.period, self.received_at, self.sha256


class Status(StrEnum):
    """What became of a received file."""

    ACCEPTED = "accepted"
    WITH_WARNINGS = "accepted_with_warnings"
    TO_CORRECT = "to_correct"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """What people read."""
        return _STATUS_LABELS[self]

    @property
    def is_return(self) -> bool:
        """True where the task force has returned something that counts."""
        return self not in (Status.REFUSED, Status.DUPLICATE, Status.WITHDRAWN)


_STATUS_LABELS = {
    Status.ACCEPTED: "已接收",
    Status.WITH_WARNINGS: "已接收，有提示",
    Status.TO_CORRECT: "待更正",
    Status.REFUSED: "未接收（退回）",
    Status.SUPERSEDED: "已被更新的一份取代",
    Status.DUPLICATE: "重复报送",
    Status.WITHDRAWN: "已撤回",
}


class Party(NamedTuple):
    """Who speaks in a return: for whom its form was made, the task forces that it is about, and the unit that fills it.

    `recipient` is a task force's code or a unit; `unit` is "" where the plan has none of that name.
    """

    recipient: str = ""
    task_forces: tuple[str, ...] = ()
    unit: str = ""

    @property
    def task_force(self) -> str:
        """The code of the one task force that it is about, "" where it is about several, or nobody can tell."""
        return self.task_forces[0] if len(self.task_forces) == 1 else ""


@dataclass(frozen=True)
class Withdrawal:
    """The office's word that a file does not count: why, and when it was said."""

    sha256: str
    why: str
    at: datetime


@dataclass(frozen=True)
class Receipt:
    """What became of one received file. `party` and `period` are blank where nobody can tell.

    `status` is what it was on receipt, until the file is withdrawn or what had superseded it is.
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
        """What decides which of two is the later one."""
        return self.received_at, self.sha256

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to be done about the file.

        One that was refused may be tried again; one that was to be corrected is answered again, because a run that was
        cut off may not have come to its answer.
        """
        return self.status.is_return and self.status is not Status.TO_CORRECT

    @property
    def task_force(self) -> str:
        """The code of the one task force that it is about, "" where it is about several, or nobody can tell."""
        return self.party.task_force


@dataclass(frozen=True)
class Figure:
    """An indicator's value for one data period, and the row that brought it."""

    value: float | str
    period: Period
    nature: str
    row: Reported


@dataclass(frozen=True)
class History:
    """All accepted rows and the office's decisions; of several rows in one period only the last word counts."""

    rows: tuple[Reported, ...]
    decisions: tuple[Decision, ...] = ()

    @cached_property
    def _by_code(self) -> dict[tuple[str, str], list[Reported]]:
        last: dict[tuple[str, str, str], Reported] = {}
        for row in sorted(self.rows, key=lambda r: r.order):
            last[row.sheet, row.code, row.period.code] = row
        found: dict[tuple[str, str], list[Reported]] = {}
        for row in last.values():
            found.setdefault((row.sheet, row.code), []).append(row)
        return {key: sorted(rows, key=lambda r: r.period) for key, rows in found.items()}

    def of(self, sheet: str, code: str) -> list[Reported]:
        """A row's last word of each period, oldest first."""
        return self._by_code.get((sheet, code), [])

    def latest(self, sheet: str, code: str) -> Reported | None:
        """A row's last word, None if nothing was ever accepted."""
        return next(reversed(self.of(sheet, code)), None)

    def figures(self, code: str) -> list[Figure]:
        """An indicator's figures by data period, oldest first; of several for one data period the last word.

        A year and its December or last quarter end on one day and are the same figure, so the later word comes last.
        """
        found: dict[str, Figure] = {}
        for row in self.of("indicators", code):
            value, spoken = row.values.get("value"), row.values.get("data_period")
            period = read_period(str(spoken)) if spoken else None
            if isinstance(value, float | str) and period is not None:
                found[period.code] = Figure(value, period, str(row.values.get("nature") or ""), row)
        return sorted(found.values(), key=lambda f: (f.period.last, f.row.order))

    def milestones_done(self, task: Task) -> set[int]:
        """The numbers of a task's milestones that were reported as done."""
        names = {
            r.values.get("milestone")
            for r in self.of("tasks", task.code)
            if r.values.get("milestone_done") == DONE
        }
        return {m.number for m in task.milestones if m.name in names}

    def is_finished(self, task: Task) -> bool:
        """True once a task's last word is that it is done."""
        latest = self.latest("tasks", task.code)
        return latest is not None and latest.values.get("status") == DONE

    def issues(self, task_force: str | None = None) -> list[Reported]:
        """The last word on every registered issue (of one task force), by code."""
        latest = [rows[-1] for (sheet, _), rows in self._by_code.items() if sheet == "issues"]
        return sorted((r for r in latest if task_force in (None, r.task_force)), key=lambda r: r.code)

    def decisions_on(self, code: str) -> tuple[Decision, ...]:
        """The decisions on an issue, oldest first."""
        own = (d for d in self.decisions if d.issue == code)
        return tuple(sorted(own, key=lambda d: (d.on, d.seq)))

    def before(self, period: Period) -> "History":
        """What was accepted for earlier periods, and what was decided by this one's last day, for its forms say so.

        Every form, return and line of a run asks for the same one, which is sorted out once.
        """
        if period not in self._earlier:
            rows = tuple(r for r in self.rows if r.period.last < period.first)
            self._earlier[period] = History(rows, self._decided_by(period))
        return self._earlier[period]

    @cached_property
    def _earlier(self) -> dict[Period, "History"]:
        return {}

    def up_to(self, period: Period) -> "History":
        """What was accepted for a period and earlier ones, and decided by its last day."""
        return History(tuple(r for r in self.rows if r.period.last <= period.last), self._decided_by(period))

    def _decided_by(self, period: Period) -> tuple[Decision, ...]:
        return tuple(d for d in self.decisions if d.on <= period.last)


def history(rows: Iterable[Reported] = (), decisions: Iterable[Decision] = ()) -> History:
    """The history of some rows and decisions."""
    return History(tuple(rows), tuple(decisions))
