"""What a paper that was given out was made from, out of the ledger."""

from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.read_workbooks import load_snapshots
from tenproj_xl.app.releases import ALL_EDITIONS
from tenproj_xl.app.rollup_input import gathered_again
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.ledger.as_of import ledger_up_to
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.publications import Publication
from tenproj_xl.rollup.facts.input import RollupInput


def as_given_out(paper: Publication, ledger: LedgerView) -> RollupInput | None:
    """Return what a paper was made from; None where that is not known, or cannot be read any more."""
    number = ledger.told_in(paper)
    if number is None:
        return None
    try:
        loaded = load_snapshots(ledger.snapshots_of(ledger.batch_numbered(number)))
    except EnvironmentProblem:
        return None
    with ledger_up_to(ledger, number) as past:
        loaded = with_issued(loaded, past)
        return gathered_again(
            loaded, past, loaded.settings.span(paper.period.code), ALL_EDITIONS[paper.edition]
        )
