"""A week in which one figure is corrected, printed and withdrawn, for tests that ask what became of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from tenproj_xl.app.merge import merge
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.files import sha256
from tenproj_xl.core.periods import parse_period
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.publications import Publication, Series
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.times import Clock, moment

CODE = "Z03-04"


def corrected_week(root: Path) -> Office:
    """03 returned 1250, then 13.5, then 14.5, which was withdrawn; each is merged, the first one printed."""
    office = Office.of(Workspace(root), PERIOD)
    workspace = office.workspace
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        for n, (name, value) in enumerate((("周三.xlsx", 1250.0), ("周四.xlsx", 13.5), ("周五.xlsx", 14.5))):
            clock.set(f"2099-11-2{n + 5} 10:00")
            form = office.right("03")
            form.write("indicators", CODE, value=value, nature="部门统计")
            office.send(form, name, hours=3 * n - 60)
            merge(workspace, PERIOD)
            if n == 0:
                give_out(workspace)
        clock.set("2099-11-28 10:00")
        withdraw(workspace, "周五.xlsx", "报错了单位")
    return office


def give_out(
    workspace: Workspace, series: Series = Series.WEEK, edition: str = "week", period: str = PERIOD
) -> None:
    """Register a paper of what the week's roll-up told as given out, by default that roll-up."""
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tests") as ledger:
        (*_, last) = ledger.papers()
        publication = Publication(
            series=series,
            year=2026,
            number=1,
            edition=edition,
            published_at=moment("2099-11-25 15:00"),
            published_by="王主任",
            files=(),
            told=replace(last.told, period=parse_period(period)),
            plan=sha256(loaded.snapshots.plan.encode()),
        )
        with ledger.batch("publish", moment("2099-11-25 15:00"), loaded.snapshots):
            ledger.record_publication(publication)
