"""Rows of a sender's own with an error that are not sent again: nobody asks for them, so they are told once.

These are new issues, and figures of earlier periods that are put right. Such a row is blank in each form,
and what a later return has in it, or in the next, is as a rule the same put right, or taken together with
another: it cannot wait as a row of the plan does (`ledger.rows_waiting`).
"""

from collections.abc import Callable, Iterator

from tenproj_xl.app.files_at_hand import FilesAtHand
from tenproj_xl.app.ranking import Version
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding, quoted
from tenproj_xl.core.period_rows import is_correction_place
from tenproj_xl.core.sheets import ISSUES
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.ledger.return_state import open_receipts
from tenproj_xl.ledger.rows_waiting import is_of_correction_row, is_of_new_issue
from tenproj_xl.validation.issue_texts import is_same_issue
from tenproj_xl.validation.judge import JudgedReturn

_Sender = tuple[str, str, str]
"""Period, recipient, and the unit that sends the form."""


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """One kind of rows that senders type on their own.

    Attributes:
        sheet: The code of their sheet.
        code: What tells that some are not taken.
        is_faulty: Tells whether an error keeps such a row from being taken.
        has: Tells whether a return has one by its name, right or wrong.
    """

    sheet: str
    code: Code
    is_faulty: Callable[[Finding], bool]
    has: Callable[[JudgedReturn, str], bool]


class FaultyRows:
    """The own rows with an error in the returns of units: of those before the run, and of those of it."""

    def __init__(self, run: FilesAtHand) -> None:
        self._run = run
        self._of_run: dict[tuple[_Sender, Code], dict[str, None]] = {}

    def findings(self, judgement: JudgedReturn, version: Version) -> Iterator[Finding]:
        """Find the own rows of earlier returns that were not taken and that a return does not have.

        Args:
            judgement: The return.
            version: Its place among those of its unit.
        """
        for kind in _KINDS:
            if _settles(judgement, kind):
                yield from self._of_kind(kind, judgement, version)

    def _of_kind(self, kind: _Kind, judgement: JudgedReturn, version: Version) -> Iterator[Finding]:
        sender = version.period, judgement.source.recipient, version.unit
        names = self._of_run.get((sender, kind.code))
        if names is None:
            names = self._before(kind, judgement, version)
        left = [name for name in names if not kind.has(judgement, name)]
        if left and not judgement.source.correction:
            yield finding(kind.code, Place(judgement.source.file), expected="、".join(map(quoted, left)))
        if not self._run.apart:
            own = (f.name for f in judgement.findings if kind.is_faulty(f))
            self._of_run[sender, kind.code] = dict.fromkeys(filter(None, own))

    def _before(self, kind: _Kind, judgement: JudgedReturn, version: Version) -> dict[str, None]:
        """Return how the rows are called that waited for the sender before the run."""
        before = self._run.forms_before(judgement.source)
        names: dict[str, None] = {}
        for receipt in open_receipts([one for one in before if one.party.unit == version.unit]):
            if receipt.order < version.order:
                names |= dict.fromkeys(f.name for f in receipt.findings if f.name and kind.is_faulty(f))
        return names


def _settles(judgement: JudgedReturn, kind: _Kind) -> bool:
    """Whether a return has rows of a sheet, so that nobody waits for those of earlier ones any more."""
    has_some = any(e.row.sheet.code == kind.sheet for e in judgement.accepted)
    return has_some or any(map(kind.is_faulty, judgement.findings))


def _has_issue(judgement: JudgedReturn, name: str) -> bool:
    """Whether an issue is among those of a return, or became a part of one, in rows left out, too."""
    rows = [row for row in judgement.source.rows if row.sheet.code == ISSUES.code]
    rows += [one.row for one in judgement.source.unplaced if one.row.sheet.code == ISSUES.code]
    words = canonical(name.removesuffix("…"))  # a long one is cut where it stands for a row
    for row in rows:
        text = text_of(row.table_row.cells.get("description"))
        if text and (is_same_issue(text, name) or words in canonical(text)):
            return True
    return False


def _has_correction(judgement: JudgedReturn, name: str) -> bool:
    """Whether a figure is put right in a return; any may be the one of which nobody could tell what it is."""
    written = [e.row.name for e in judgement.entries if e.row.is_correction and e.row.is_written]
    if is_correction_place(name):
        return bool(written)
    return name in written


_KINDS = (
    _Kind(sheet=ISSUES.code, code=Code.ISSUE_UNREGISTERED, is_faulty=is_of_new_issue, has=_has_issue),
    _Kind(
        sheet="indicators",
        code=Code.CORRECTION_UNTAKEN,
        is_faulty=is_of_correction_row,
        has=_has_correction,
    ),
)
