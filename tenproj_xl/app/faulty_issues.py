"""New issues with an error that their unit does not send again: nobody asks for them, so they are told once.

A row for a new issue is blank in each form, and what a later one has in it, or in the next, is as a rule the
same put right, or taken together with another: such a row cannot wait as one of the plan does
(`ledger.rows_waiting`).
"""

from collections.abc import Iterator

from tenproj_xl.app.files_at_hand import FilesAtHand
from tenproj_xl.app.ranking import Version
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place, finding, quoted
from tenproj_xl.core.sheets import ISSUES
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.ledger.return_state import open_receipts
from tenproj_xl.ledger.rows_waiting import is_of_new_issue
from tenproj_xl.validation.issue_texts import is_same_issue
from tenproj_xl.validation.judge import JudgedReturn

_Sender = tuple[str, str, str]
"""Period, recipient, and the unit that sends the form."""


class FaultyIssues:
    """The new issues with an error in the returns of units: of those before the run, and of those of it."""

    def __init__(self, run: FilesAtHand) -> None:
        self._run = run
        self._of_run: dict[_Sender, dict[str, None]] = {}

    def findings(self, judgement: JudgedReturn, version: Version) -> Iterator[Finding]:
        """Find the issues of earlier returns that were not registered and that a return does not have.

        Args:
            judgement: The return.
            version: Its place among those of its unit.
        """
        if not _has_issues(judgement):
            return
        sender = version.period, judgement.source.recipient, version.unit
        typed = _typed(judgement)
        left = [name for name in self._open(sender, judgement, version) if not _has(typed, name)]
        if left and not judgement.source.correction:
            yield finding(
                Code.ISSUE_UNREGISTERED, Place(judgement.source.file), expected="、".join(map(quoted, left))
            )
        if not self._run.apart:
            own = (f.name for f in judgement.findings if is_of_new_issue(f))
            self._of_run[sender] = dict.fromkeys(filter(None, own))

    def _open(self, sender: _Sender, judgement: JudgedReturn, version: Version) -> dict[str, None]:
        """Return how the issues are called that waited for the sender until this return came."""
        if sender in self._of_run:
            return self._of_run[sender]
        before = self._run.forms_before(judgement.source)
        names: dict[str, None] = {}
        for receipt in open_receipts([one for one in before if one.party.unit == version.unit]):
            if receipt.order < version.order:
                names |= dict.fromkeys(f.name for f in receipt.findings if f.name and is_of_new_issue(f))
        return names


def _has_issues(judgement: JudgedReturn) -> bool:
    """Whether a return has issues, so that nobody waits for those of earlier ones any more."""
    has_some = any(e.row.sheet.code == ISSUES.code for e in judgement.accepted)
    return has_some or any(is_of_new_issue(f) for f in judgement.findings)


def _typed(judgement: JudgedReturn) -> list[str]:
    """Return the descriptions of the issues in a return, of rows that were left out, too."""
    rows = [row for row in judgement.source.rows if row.sheet.code == ISSUES.code]
    rows += [one.row for one in judgement.source.unplaced if one.row.sheet.code == ISSUES.code]
    return [text for row in rows if (text := text_of(row.table_row.cells.get("description")))]


def _has(typed: list[str], name: str) -> bool:
    """Whether an issue is among those of a return, or became a part of one."""
    words = canonical(name.removesuffix("…"))  # a long one is cut where it stands for a row
    return any(is_same_issue(text, name) or words in canonical(text) for text in typed)
