"""The addresses of the desk, behind its own, of a workspace in which returns came in and a roll-up was made."""

from collections.abc import Iterator
from urllib.parse import quote

from openpyxl import load_workbook

from tenproj_xl.app.editions import WALL
from tenproj_xl.desk.steps import STEPS
from tenproj_xl.ledger.looking import look_into_ledger
from tests.helpers.filling import Office


def of_steps() -> list[str]:
    """The pages of all steps."""
    return [f"steps/{step.code}" for step in STEPS]


def of_looking(office: Office) -> Iterator[str]:
    """The pages on which things are looked for, and looked at."""
    workspace = office.workspace
    (rollup,) = (workspace.outbox / office.period / "汇总").glob("*汇总表.xlsx")
    yield from ("", "jobs", "begin", "history", "wall", "pictures/", "pictures/returns/", "files?path=outbox")
    yield from (f"history/of?subject={quote(subject)}" for subject in ("Z03-04", "R03-01", "区科技局"))
    yield f"files?path={quote(workspace.relative(rollup))}"
    yield "pictures/returns/03"
    with look_into_ledger(workspace.ledger) as ledger:
        yield from (f"pictures/return/{receipt.sha256}" for receipt in ledger.receipts(office.period))
    yield "wrong"


def of_sheets(office: Office) -> Iterator[str]:
    """The pictures of all sheets of the roll-up, and the wall."""
    workspace = office.workspace
    folder = workspace.outbox / office.period / "汇总"
    (rollup,), (wall,) = folder.glob("*汇总表.xlsx"), folder.glob(f"*{WALL}")
    book = quote(workspace.relative(rollup))
    for sheet in load_workbook(rollup, read_only=True).sheetnames:
        yield f"pictures/sheet?path={book}&sheet={quote(sheet)}"
    yield f"wall/show?path={quote(workspace.relative(wall))}"
