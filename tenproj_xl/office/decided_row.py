"""A row of a workbook in which the office decides, its cells converted, and what is wrong with its dates."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TypeVar

from tenproj_xl.core.answers import DecisionLevel, IssueCategory, IssueSource
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.tables import TableRow
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.decisions import ChangeReply, Coordination, Decision, Extension, Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.history import History
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.slips import Level
from tenproj_xl.office.meeting_book import RESOLUTIONS
from tenproj_xl.office.signoff import changed_field
from tenproj_xl.office.signoff_items import Supervised

_Remembered = TypeVar("_Remembered", bound=LabelledCode)


@dataclass(frozen=True, kw_only=True)
class DecidedRow:
    """One row that the office wrote in, its cells converted once; `faults` are those of cells and keys."""

    file: str
    tab: str
    sheet: Sheet
    table_row: TableRow
    issued: Issued
    values: Mapping[str, Value]
    faults: tuple[Finding, ...]

    @property
    def token(self) -> str:
        """What identifies the row."""
        return self.issued.token

    @property
    def period(self) -> Period:
        """The period that the workbook was made for."""
        return parse_period(self.issued.period)

    @property
    def book(self) -> str:
        """What people call the workbook."""
        if self.sheet.code == RESOLUTIONS.code:
            return "议定事项表"
        return "审定表"

    def place(self, field: str) -> Place:
        """Return where a field stands."""
        name = self.issued.code or text_of(self.table_row.cells.get("description"))[:24]
        return Place(self.file, self.tab, self.table_row.address(field), name)

    def text(self, field: str) -> str:
        """Return a field as text, "" where it is blank or at fault."""
        return str(self.values.get(field) or "")

    def day(self, field: str) -> date | None:
        """Return a field as a date."""
        return _day(self.values.get(field))

    def lacking(self, field: str, when: str) -> Finding:
        """Return the finding that a cell should have been filled, and `when`: because of what."""
        column = self.sheet.column(field)
        advice = column.how.removeprefix("填写")
        return finding(Code.REQUIRED, self.place(field), when=when, expected=column.header, advice=advice)

    def _remembered(self, kind: type[_Remembered], field: str) -> _Remembered | None:
        """Return a code that the ledger remembers of the row, None where it remembers none."""
        code = self.issued.printed.get(field)
        if not isinstance(code, str):
            return None
        return kind.stored(code)

    @cached_property
    def decision(self) -> Decision | None:
        """The decision, as far as it can be read; None without a day."""
        on = self.day("decided_on")
        if on is None:
            return None
        return Decision(
            issue=self.issued.code,
            on=on,
            by=self.text("by"),
            upon=self.period,
            verdict=Verdict.of(self.values.get("verdict")),
            level=DecisionLevel.of(self.values.get("level")),
            coordination=Coordination.of(self.values.get("coordination")),
            extension=Extension.of(self.values.get("extension")),
            until=self.day("until"),
            change=ChangeReply.of(self.values.get("change")),
            description=self.text(changed_field("description")),
            category=IssueCategory.of(self.values.get(changed_field("category"))),
            source=IssueSource.of(self.values.get(changed_field("source"))),
            unit=self.text(changed_field("unit")),
            raised_on=self.day(changed_field("raised_on")),
            kind=self._remembered(Duty, "kind"),
            item=_day(self.issued.printed.get("item")),
            urgency=self._remembered(Level, "urgency"),
            into=self.text("into").upper(),
            opinion=self.text("opinion"),
            token=self.token,
            file=self.file,
        )


def _day(value: Value) -> date | None:
    if isinstance(value, date):
        return value
    return None


@dataclass(frozen=True)
class Registration:
    """An issue that the office registered: the fields of 问题销号进度表, and the decision on it.

    One that `is_answered` was registered before, and its unit has reported on it since.
    """

    row: DecidedRow
    task_force: str
    values: Mapping[str, Value]
    decision: Decision
    is_answered: bool


@dataclass(frozen=True)
class SignoffContext:
    """What decisions are checked against; `today` is the day on which the workbook was last saved.

    `supervised` gives what stands in 督办清单 without what some rows, given by their tokens, decided before.
    """

    sheets: Sequence[Sheet]
    plan: Plan
    known: History
    today: date
    supervised: Callable[[Collection[str]], Supervised]


def after(row: DecidedRow, field: str, earlier: Mapping[str, Value]) -> Iterator[Finding]:
    """Yield a finding where a field is before one of the `earlier` days by name; the first one only."""
    day, header = row.day(field), row.sheet.column(field).header
    if day is None:
        return
    for name, other in earlier.items():
        if isinstance(other, date) and other > day:
            yield out_of_order(row, field, f"“{name}”{other}", f"“{header}”{day}")
            return


def after_today(row: DecidedRow, today: date) -> Iterator[Finding]:
    """Yield a finding where a decision is dated later than its workbook was saved."""
    on = row.day("decided_on")
    if on and on > today:
        header = row.sheet.column("decided_on").header
        yield out_of_order(row, "decided_on", f"“{header}”{on}", f"{row.book}保存的日期{today}")


def out_of_order(row: DecidedRow, field: str, later: str, earlier: str) -> Finding:
    """Return the finding that what stands in a field lies after something else, both in words."""
    typed = text_of(row.table_row.cells.get(field))
    return finding(Code.DATES_ORDER, row.place(field), typed, found=later, expected=earlier)
