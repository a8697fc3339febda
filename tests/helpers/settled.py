"""Papers of a month and more whose league nobody objected to in time."""

from tenproj_xl.app.editions import Made
from tenproj_xl.app.report import report
from tenproj_xl.app.workspace import Workspace
from tests.helpers.times import moment

LONG_AGO = moment("2023-01-03 09:00")
"""When the time for objections begins, so that it is over whenever tests run."""


def settled_report(workspace: Workspace, edition: str, period: str | None, signed_by: str = "") -> Made:
    """Make an edition after units had their time to object to its league."""
    report(workspace, edition, period, signed_by, now=LONG_AGO)
    return report(workspace, edition, period, signed_by)
