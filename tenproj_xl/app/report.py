"""The command `report`: an edition of the roll-up made from the ledger alone."""

from pathlib import Path

from tenproj_xl.app.editions import EDITIONS, make
from tenproj_xl.app.periods import issued_period, wide_period
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.ledger.store import open_ledger


def report(
    workspace: Workspace, edition_code: str, period_code: str | None, signed_by: str = ""
) -> tuple[Path, ...]:
    """Make an edition of the roll-up from what is in the ledger: its workbooks and its brief.

    Args:
        workspace: The workspace.
        edition_code: `meeting`, `month`, `quarter` or `year`.
        period_code: The week, month, quarter or year; of a meeting by default the newest week that forms
            went out for.
        signed_by: Who signed it; a draft without.

    Raises:
        UsageProblem: there is no such edition or period, or no forms went out in it.
    """
    edition = EDITIONS.get(edition_code)
    if edition is None:
        raise UsageProblem(f"没有“{edition_code}”这一种，可选：{'、'.join(EDITIONS)}。")
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tenproj report") as ledger:
        if edition.pressing:
            period = issued_period(period_code, loaded, ledger)
        else:
            period = wide_period(period_code or "", edition)
        return make(workspace, loaded, ledger, period, edition, signed_by).written
