"""The command `merge --changed`: make again each roll-up that may tell something else by now."""

import time
from dataclasses import replace

from tenproj_xl.app.merge import merge
from tenproj_xl.app.on_their_way import Sleep
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.results import Merged
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.ledger.later_entries import LaterEntries
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.settings import Loaded


def merge_changed(workspace: Workspace, *, sleep: Sleep = time.sleep) -> Merged:
    """Take in what lies in the inbox, merge the newest period, and each earlier one that has changed since.

    An earlier one has changed where anything about its returns, or those of a period before it, was recorded
    or removed since its roll-up was made; or where returns came and none was ever made.
    """
    newest = merge(workspace, sleep=sleep)
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        changed = _changed_periods(with_issued(loaded, ledger), ledger)
    again = [merge(workspace, code, sleep=sleep) for code in changed]
    return replace(newest, again=tuple(again))


def _changed_periods(loaded: Loaded, ledger: LedgerView) -> list[str]:
    """Return the codes of the periods whose roll-up may tell something else by now, in their order."""
    later = ledger.later_entries()
    return [code for code in ledger.issued_periods() if _has_changed(code, loaded, ledger, later)]


def _has_changed(code: str, loaded: Loaded, ledger: LedgerView, later: LaterEntries) -> bool:
    """Return whether something was recorded since the roll-up of a period that may change it."""
    merged = ledger.last_merge_batch(code)
    if merged is None:
        return ledger.last_receipt_at(code) is not None
    return later.may_change(loaded.settings.span(code), merged)
