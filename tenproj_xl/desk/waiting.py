"""How much waits for the office in each step: the same matters that its command would list."""

from tenproj_xl.app.objections import open_ones
from tenproj_xl.app.open_matters import doubtful_versions, open_questions, waiting
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.signoff import applications_waiting
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.desk.received import ReceivedKind, is_of
from tenproj_xl.ledger.looking import look_into_ledger

WATCHED = ("review", "admit", "prefer", "resolve", "objections", "signoff")
"""The steps of which it is known how much waits in them."""


@dataclass(frozen=True)
class Waiting:
    """How many of what wait in a step: `3处`."""

    count: int
    counter: str

    @property
    def spoken(self) -> str:
        """The number with its counter."""
        return f"{self.count}{self.counter}"


def waiting_by_step(workspace: Workspace) -> dict[str, Waiting]:
    """Return what waits for the office, by the code of its step; nothing for a step in which nothing does.

    Raises:
        EnvironmentProblem: A workbook of the office or the ledger cannot be used.
    """
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        newest = ledger.newest_period()
        if newest is None:
            return {}
        loaded = with_issued(loaded, ledger)
        period = loaded.settings.span(newest)
        receipts = {receipt.sha256: receipt for receipt in ledger.receipts()}
        vouched_for = [one for one in receipts.values() if is_of(one, ReceivedKind.AWAITING)]
        conflicts = [one for one in ledger.conflicts(newest) if one.is_open]
        versions = doubtful_versions(ledger.receipts(newest), ledger.preferred())
        found = {
            "review": Waiting(len(waiting(ledger)) + len(open_questions(ledger, period)), "处"),
            "admit": Waiting(len(vouched_for), "份"),
            "prefer": Waiting(len(versions), "份"),
            "resolve": Waiting(len(conflicts), "处"),
            "objections": Waiting(len(open_ones(ledger)), "条"),
            "signoff": Waiting(applications_waiting(period, loaded, ledger), "个"),
        }
    return {code: one for code, one in found.items() if one.count}
