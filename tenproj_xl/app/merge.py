"""The command `merge`: take in what lies in the inbox, and make the roll-up of a period."""

from datetime import UTC, datetime

from tenproj_xl.app.editions import make
from tenproj_xl.app.ingest import take_in
from tenproj_xl.app.judge_files import gc_paused
from tenproj_xl.app.matrix import matrix_of
from tenproj_xl.app.periods import issued_period
from tenproj_xl.app.results import Merged
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.rollup.facts.editions import WEEK
from tenproj_xl.rollup.facts.publishing import published


@gc_paused()
def merge(workspace: Workspace, period_code: str, signed_by: str = "") -> Merged:
    """Take in what lies in the inbox, and make the roll-up of a period from plan and ledger."""
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who=f"tenproj merge --period {period_code}") as ledger:
        period = issued_period(period_code, loaded, ledger)
        ingested = take_in(workspace, loaded, ledger, period, remind=True)
        made = make(workspace, loaded, ledger, period, WEEK, signed_by)
        with ledger.batch("merge", datetime.now(UTC), loaded.snapshots):
            ledger.record_merge(published(made.facts, ledger.sequence()))
    inputs = made.facts.data
    matrix = matrix_of(period, inputs.receipts, inputs.recipients[period.code], inputs.known, loaded)
    return Merged(ingested, made.written[0], made.written[1:], matrix)
