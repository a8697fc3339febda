"""The command `withdraw`: take a received file out again, or back in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from tenproj_xl.app.books_to_correct import has_workbook
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.results import ChangedRulings, Withdrawn
from tenproj_xl.app.taken_files import file_called
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.period_rows import indicator_of_row, is_for_period, period_of_row
from tenproj_xl.ledger.return_state import open_receipts
from tenproj_xl.ledger.view import AcceptedFile, LedgerView
from tenproj_xl.model.conflicts import Cell, ConflictDecision
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.statuses import Status
from tenproj_xl.office.conflict_book import decided

_Rulings = Mapping[Cell, ConflictDecision | None]
"""The cells on which units disagree, each with the decision that holds."""


def withdraw(workspace: Workspace, name: str, why: str, *, undo: bool = False) -> Withdrawn:
    """Take a file out again, or back in: what it said does not count, the earlier word on each row does.

    Args:
        workspace: The workspace.
        name: The file's name, or the beginning of its hash.
        why: The reason, which the ledger keeps.
        undo: Take an earlier withdrawal back.

    Raises:
        UsageProblem: no reason was given, or not exactly one file goes by the name.
    """
    if not why.strip():
        raise UsageProblem("请用 --why 写明撤回的原因。")
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj withdraw") as ledger:
        file = file_called(name, ledger, loaded.settings.zone)
        already = bool(file.withdrawn) is not undo
        before = _conflicts(file.period, ledger)
        waited = {one.sha256 for one in _to_correct(file, ledger)}
        if not already:
            clock = datetime.now(UTC)
            withdrawal = Withdrawal(file.sha256, why.strip(), ledger.moment(clock))
            with ledger.batch("withdraw", clock, loaded.snapshots):
                ledger.record_withdrawal(withdrawal, undone=undo)
        after = _conflicts(file.period, ledger)
        named = ledger.rows_named_in(file.sha256)
        by_the_office = ledger.decided_in(file.sha256)
        slips = ledger.slips_answered_in(file.sha256)
        standing = _still_reported(named, ledger)
        waits_again = [one for one in _to_correct(file, ledger) if one.sha256 not in waited]
        to_correct = tuple(one for one in waits_again if not has_workbook(workspace, one))
    return Withdrawn(
        file=file,
        rows=len(named),
        standing=standing,
        decided=by_the_office,
        slips=tuple(slip.label for slip in slips),
        rulings=_changed(before, after, loaded.plan),
        to_correct=to_correct,
        already=already,
        undone=undo,
        zone=loaded.settings.zone,
    )


def _still_reported(rows: Sequence[tuple[str, str]], ledger: LedgerView) -> int:
    """Return on how many rows of a withdrawn file, by sheet and code, an earlier word stands.

    On a row for one data period that is the figure of the period, whichever row of the indicator brought it.
    """
    unsaid = [code for sheet, code in rows if not ledger.is_reported(sheet, code)]
    lost = len(unsaid)
    for_periods = [code for code in unsaid if is_for_period(code)]
    if for_periods:
        known = ledger.history()
        for code in for_periods:
            period = period_of_row(code)
            figures = known.figures(indicator_of_row(code))
            lost -= any(period is not None and f.period.last == period.last for f in figures)
    return len(rows) - lost


def _to_correct(file: AcceptedFile, ledger: LedgerView) -> list[Receipt]:
    """Return the returns of a file's sender that are to be corrected."""
    sent = ledger.receipts_of(file.period, [file.party.recipient])
    own = open_receipts([one for one in sent if one.party.unit == file.party.unit])
    return [one for one in own if one.status is Status.TO_CORRECT]


def _conflicts(period: str, ledger: LedgerView) -> _Rulings:
    """Return the cells of a period on which units disagree, each with the decision that holds."""
    return {conflict.cell: conflict.decision for conflict in ledger.conflicts(period)}


def _changed(before: _Rulings, after: _Rulings, plan: Plan) -> ChangedRulings:
    """Return what became of the decisions that held before, and which hold again."""
    lapsed, disputed, restored, replaced = [], [], [], []
    for cell in {**before, **after}:
        was, now = before.get(cell), after.get(cell)
        if was and now and was != now:
            replaced.append((decided(was, plan), decided(now, plan)))
        elif was and not now and cell in after:
            disputed.append(decided(was, plan))
        elif was and not now:
            lapsed.append(decided(was, plan))
        elif now and not was:
            restored.append(decided(now, plan))
    return ChangedRulings(
        lapsed=tuple(lapsed), disputed=tuple(disputed), restored=tuple(restored), replaced=tuple(replaced)
    )


def withdrawn_finding(
    name: str, withdrawal: Withdrawal, zone: tzinfo, code: Code = Code.FILE_WITHDRAWN
) -> Finding:
    """Return the finding in a withdrawn file: on which day and why it was withdrawn."""
    day = f"{withdrawal.at.astimezone(zone):%Y年%m月%d日}"
    return finding(code, Place(name), withdrawal.why, expected=day)
