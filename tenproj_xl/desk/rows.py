"""The rows of plan and ledger by name, to choose from: indicators and tasks by task force, and issues."""

from collections.abc import Iterator

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.sheets import TEMPLATE_SHEETS
from tenproj_xl.desk.choices import Offer
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.plan import Plan

_SHORTENED = 40


@dataclass(frozen=True)
class OfferGroup:
    """What can be chosen under a heading."""

    title: str
    rows: tuple[Offer, ...]


def groups(plan: Plan) -> Iterator[OfferGroup]:
    """Yield the indicators and tasks of each task force that has some."""
    for task_force in plan.task_forces:
        rows = [Offer(i.code, i.name) for i in plan.indicators_of(task_force.code)]
        rows += [Offer(t.code, t.name) for t in plan.tasks_of(task_force.code)]
        if rows:
            yield OfferGroup(f"{task_force.code} {task_force.name}", tuple(rows))


def issues(workspace: Workspace) -> list[Offer]:
    """Return the issues that were reported, by their codes."""
    found = {}
    with look_into_ledger(workspace.ledger) as ledger:
        for row in ledger.history().rows:
            if row.sheet == "issues":
                found[row.code] = _short(str(row.values.get("description") or ""))
    return [Offer(code, found[code]) for code in sorted(found)]


def all_rows(plan: Plan, workspace: Workspace) -> list[Offer]:
    """Return the rows of all task forces, then the issues."""
    rows: list[Offer] = []
    for group in groups(plan):
        rows += group.rows
    return [*rows, *issues(workspace)]


def columns() -> Iterator[OfferGroup]:
    """Yield the columns of each sheet that a unit fills in, by their headers."""
    for sheet in TEMPLATE_SHEETS:
        headers = tuple(Offer(column.header, column.header) for column in sheet.inputs)
        yield OfferGroup(sheet.name, headers)


def _short(text: str) -> str:
    if len(text) > _SHORTENED:
        return f"{text[: _SHORTENED - 1]}…"
    return text
