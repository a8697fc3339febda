"""The command `report`: an edition of the roll-up made from the ledger alone."""

from datetime import datetime

from tenproj_xl.app.editions import Made, make
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import in_this_year, issued_period, with_issued
from tenproj_xl.app.releases import EDITIONS
from tenproj_xl.app.wide_periods import wide_code, wide_period
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.settings import Loaded
from tenproj_xl.rollup.facts.editions import WEEK, Edition


def report(
    workspace: Workspace,
    edition_code: str,
    period_code: str | None,
    signed_by: str = "",
    *,
    now: datetime | None = None,
) -> Made:
    """Make an edition of the roll-up from what is in the ledger: its workbooks and its brief.

    Args:
        workspace: The workspace.
        edition_code: `meeting`, `month`, `quarter` or `year`.
        period_code: The period of returns for a meeting, else a month, quarter or year; by default the
            newest that forms went out for, or that in which it ends.
        signed_by: Who signed it; a draft without.
        now: The moment that the time for objections to a league is reckoned by, by default the present.

    Raises:
        UsageProblem: there is no such edition or period, or no forms went out in it.
    """
    edition = edition_of(edition_code)
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj report") as ledger:
        loaded = with_issued(loaded, ledger)
        period = period_for(edition, period_code, loaded, ledger)
        return make(workspace, loaded, ledger, period, edition, signed_by, now)


def edition_of(code: str) -> Edition:
    """Return the edition of a code; raise UsageProblem where there is none."""
    edition = EDITIONS.get(code)
    if edition is None:
        raise UsageProblem(f"没有“{code}”这一种，可选：{'、'.join(EDITIONS)}。")
    return edition


def period_for(edition: Edition, code: str | None, loaded: Loaded, ledger: LedgerView) -> Period:
    """Return the period of a code for an edition.

    By default it is the newest that forms went out for, or the month, quarter or year in which that counts.

    Raises:
        UsageProblem: There is no such period, or no forms went out in it.
    """
    if edition is WEEK or edition.pressing:
        return issued_period(code, loaded, ledger)
    newest = issued_period(None, loaded, ledger)
    if code is None:
        code = wide_code(newest, edition)
    return wide_period(in_this_year(code, newest), edition)
