"""专班核对: what a lead unit says of the rows that units report for its task force in forms of their own.

A word is about what one file reported in one row; what is reported anew needs another. A row that its lead
has returned, or has to agree to first, does not count.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.period_rows import named_as_printed
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.core.texts import on_one_line, text_of
from tenproj_xl.model.conflicts import rows_in_force
from tenproj_xl.model.history import Reported
from tenproj_xl.model.lives import MAIN
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.units import is_unit, printed_unit, unit_code

WordKey = tuple[str, str, str, str]
"""Hash of the file, sheet, code and period of a row."""


class LeadVerdict(LabelledCode):
    """What a lead unit says of a row."""

    WAITING = "waiting", "待核对"
    """Nothing yet, and the row counts only when it has agreed."""
    AGREED = "agreed", "同意"
    RETURNED = "returned", "退回"

    @property
    def counts(self) -> bool:
        """Whether the row counts."""
        return self is LeadVerdict.AGREED


@dataclass(frozen=True, kw_only=True)
class LeadWord:
    """A word of a lead unit on a row that a file reported: `said_at` is when the word came."""

    sha256: str
    sheet: str
    code: str
    period: str
    verdict: LeadVerdict
    task_force: str
    unit: str
    lead: str
    said_at: datetime
    why: str = ""

    @property
    def key(self) -> WordKey:
        """What the word is about."""
        return self.sha256, self.sheet, self.code, self.period


@dataclass(frozen=True, kw_only=True)
class CheckedRow:
    """A row that a unit reported in its own form, as it counts, and what its lead unit says of it."""

    row: Reported
    receipt: Receipt
    lead: str
    word: LeadWord | None = None

    @property
    def key(self) -> WordKey:
        """What a word on it is about."""
        return self.row.sha256, self.row.sheet, self.row.code, self.row.period.code

    @property
    def is_open(self) -> bool:
        """Whether its lead has said nothing yet."""
        return self.word is None or self.word.verdict is LeadVerdict.WAITING

    @property
    def is_returned(self) -> bool:
        """Whether its lead has returned it."""
        return self.word is not None and self.word.verdict is LeadVerdict.RETURNED

    @property
    def is_left_out(self) -> bool:
        """Whether it does not count."""
        return self.word is not None and not self.word.verdict.counts

    def says_the_same(self, other: "CheckedRow") -> bool:
        """Return whether another report has the same in all inputs."""
        return all(self.row.values.get(f) == other.row.values.get(f) for f in _INPUTS[self.row.sheet])


_INPUTS = {sheet.code: tuple(c.field for c in sheet.inputs) for sheet in form_sheets(())}
_ORDER = tuple(_INPUTS)
_LONGEST = 40
"""Characters of a row's name."""


def rows_to_check(
    rows: Iterable[Reported], receipts: Iterable[Receipt], words: Iterable[LeadWord], plan: Plan
) -> list[CheckedRow]:
    """Return the rows that units reported in their own forms for task forces that others lead.

    Args:
        rows: All rows of a period, those that do not count included.
        receipts: What became of the files that they came in.
        words: The words on rows, each as it stands.
        plan: The plan of the period.
    """
    in_force: list[Reported] = []
    for reports in _by_row(rows).values():
        in_force += rows_in_force(reports).values()
    return sorted(checked_reports(in_force, receipts, words, plan), key=_place)


def checked_reports(
    reports: Iterable[Reported], receipts: Iterable[Receipt], words: Iterable[LeadWord], plan: Plan
) -> list[CheckedRow]:
    """Return those of some reports that are for leads to check, each with the word on it.

    See `rows_to_check`, which gives those in force, for the arguments.
    """
    by_file = {r.sha256: r for r in receipts if is_unit(r.party.recipient)}
    by_key = {word.key: word for word in words}
    leads = leads_of(plan)
    found = []
    for row in reports:
        receipt, lead = by_file.get(row.sha256), leads.get(row.task_force, row.unit)
        if receipt is None or row.unit == lead:
            continue
        word = by_key.get((row.sha256, row.sheet, row.code, row.period.code))
        found.append(CheckedRow(row=row, receipt=receipt, lead=lead, word=word))
    return found


def leads_of(plan: Plan) -> dict[str, str]:
    """Return the units that lead task forces, by their codes."""
    return {force.code: unit_code(force.lead, plan) for force in plan.task_forces}


def _by_row(rows: Iterable[Reported]) -> Mapping[tuple[str, str], Sequence[Reported]]:
    grouped: dict[tuple[str, str], list[Reported]] = {}
    for row in rows:
        if not row.basis:
            grouped.setdefault((row.sheet, row.code), []).append(row)
    return grouped


def _place(checked: CheckedRow) -> tuple[str, int, str, str]:
    row = checked.row
    return row.task_force, _ORDER.index(row.sheet), row.code, row.unit


def name_of(row: Reported) -> str:
    """Return what people call a row: its name, or what an issue is described as."""
    spoken = text_of(row.values.get("name") or row.values.get("description") or row.code)
    spoken = on_one_line(named_as_printed(spoken, row.code, row.values.get("code")))
    if len(spoken) <= _LONGEST:
        return spoken
    return spoken[: _LONGEST - 1] + "…"


def why_left_out(checked: CheckedRow, word: LeadWord, plan: Plan) -> Finding:
    """Return the finding that a row does not count, because its lead has returned it or not agreed yet."""
    row, field = checked.row, MAIN[checked.row.sheet]
    cell = row.cells.get(field) or next(iter(row.cells.values()), "")
    place = Place(row.file, row.tab, cell, name_of(row), row.task_force)
    code = Code.LEAD_RETURNED if checked.is_returned else Code.LEAD_WAITS
    typed = row.typed.get(field) or row.values.get(field)
    return finding(code, place, typed, why=word.why, lead=printed_unit(checked.lead, plan))
