"""Weeks of the small plan, taken through the real commands: forms out, filled in by row, merged, read back."""

from dataclasses import dataclass
from pathlib import Path

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.open_form import Answers
from tenproj_xl.excel.office_tables import write_workbook  # loads XlsxWriter
from tenproj_xl.model.plan_schema import PLAN_SHEETS
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling, Office, sent_out
from tests.helpers.small_plan import small_tables


def small_workspace(root: Path) -> Workspace:
    """Make a workspace with the small plan."""
    workspace = Workspace(root)
    initialise(workspace)
    write_workbook(workspace.plan, PLAN_SHEETS, small_tables(), {})
    return workspace


@dataclass(frozen=True)
class Merged:
    """A week that was merged: its forms, and its roll-up."""

    office: Office
    rollup: Path

    @property
    def form(self) -> Filling:
        """The form of task force 01 as it was issued."""
        return self.office.blank("01")


def figure(value: float, nature: str, data_period: str = "2026年10月", **more: object) -> dict[str, object]:
    """Return the answer that an indicator has a value."""
    return {"value": value, "nature": nature, "data_period": data_period, **more}


def merged(workspace: Workspace, period: str, answers: Answers) -> Merged:
    """Send the forms of a week out, let task force 01 answer, and merge."""
    office = sent_out(workspace, period)
    send(office, answers)
    return Merged(office, merge(workspace, period).rollup)


def send(office: Office, answers: Answers, *, hours: float = -3) -> Filling:
    """Put a return of task force 01 into the inbox, some hours after the deadline."""
    form = office.blank("01")
    form.fill_in(answers)
    form.cover(**SIGNED)
    office.send(form, f"{office.period}_{hours}.xlsx", hours=hours)
    return form
