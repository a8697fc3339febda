"""The command `merge`: take in what lies in the inbox, and make the roll-up of a period."""

import time
from dataclasses import replace

from tenproj_xl.app.ingest import take_in
from tenproj_xl.app.matrix import matrix_of
from tenproj_xl.app.on_their_way import Sleep
from tenproj_xl.app.open_matters import with_open_matters
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.publications import proposals
from tenproj_xl.app.results import Merged
from tenproj_xl.app.verify_entries import verify_quickly
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.garbage import gc_paused
from tenproj_xl.ledger.looking import connected
from tenproj_xl.rollup.facts.editions import WEEK


@gc_paused()
def merge(
    workspace: Workspace,
    period_code: str | None = None,
    signed_by: str = "",
    *,
    sleep: Sleep = time.sleep,
) -> Merged:
    """Take in what lies in the inbox, and make the roll-up of a period from plan and ledger.

    The period is by default the newest that forms went out for. Files that are still on their way are
    waited for, for a minute at most; `sleep` waits for some seconds. What was recorded since the last merge
    is verified first.
    """
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj merge") as ledger:
        loaded = with_issued(loaded, ledger)
        period = issued_period(period_code, loaded, ledger)
        with connected(workspace.ledger) as connection:
            discrepancies = verify_quickly(workspace, connection).discrepancies
        ingested = take_in(workspace, loaded, ledger, period, remind=True, sleep=sleep)
        from tenproj_xl.app.editions import make  # noqa: PLC0415 - loaded while returns are validated

        made = make(workspace, loaded, ledger, period, WEEK, signed_by)
        corrections = proposals(loaded, ledger, period.year)
        inputs = made.facts.data
        in_its_time = replace(loaded, plan=inputs.plan)
        matrix = matrix_of(period, inputs.receipts, inputs.recipients[period.code], inputs.known, in_its_time)
        matrix = with_open_matters(replace(matrix, corrections=corrections), ledger)
    ingested = replace(ingested, notices=(*ingested.notices, *made.notices))
    return Merged(ingested, made.written[0], made.written[1:], matrix, discrepancies)
