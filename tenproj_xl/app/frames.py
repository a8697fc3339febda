"""The data of a period for those who compute: the roll-up's numbers read from the ledger, nothing written."""

from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.rollup_input import gathered
from tenproj_xl.app.wide_periods import period_and_edition
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.rollup.facts.model import Facts, facts_of


def facts_for(workspace: Workspace, period_code: str | None) -> Facts:
    """Return the facts of a period as its roll-up for leaders has them.

    Args:
        workspace: The workspace.
        period_code: A week, month, quarter or year; by default the newest week that forms went out for.

    Raises:
        UsageProblem: There is no such period, or no forms went out in it.
    """
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        loaded = with_issued(loaded, ledger)
        period, edition = period_and_edition(period_code, loaded, ledger)
        return facts_of(gathered(loaded, ledger, period, edition))


def issued_periods(workspace: Workspace) -> tuple[str, ...]:
    """Return the codes of the periods that forms went out for, oldest first."""
    with look_into_ledger(workspace.ledger) as ledger:
        return tuple(ledger.issued_periods())
