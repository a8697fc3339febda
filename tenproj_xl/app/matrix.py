"""The return matrix: who has returned what for a period, and whose form is still out.

Reads: what came in, and to whom forms went out. Gives: a `Matrix`.
"""

from collections.abc import Collection, Sequence

from tenproj_xl.app.results import Matrix, MatrixLine, Owing
from tenproj_xl.core.periods import Period
from tenproj_xl.model.history import History, Receipt, Status
from tenproj_xl.model.plan import Plan, TaskForce
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.units import current_receipts, is_late, printed_unit, unit_returns


def matrix_of(
    period: Period, receipts: Sequence[Receipt], sent: Collection[str], known: History, loaded: Loaded
) -> Matrix:
    """The matrix of a period.

    Args:
        period: The period.
        receipts: What came in for it, in the order of receipt.
        sent: The recipients to whom its forms went out.
        known: What was accepted so far.
        loaded: Plan and settings.
    """
    earlier = known.before(period)
    lines = tuple(_line(t, receipts, sent, earlier, loaded) for t in loaded.plan.task_forces)
    kept = {r.sha256 for r in receipts if r.status.is_return}
    refused = tuple(r for r in receipts if r.status is Status.REFUSED and r.sha256 not in kept)
    withdrawn = tuple(r for r in receipts if r.withdrawn)
    return Matrix(
        period, loaded.settings.deadline(period), lines, _owing(lines, loaded.plan), refused, withdrawn
    )


def _owing(lines: Sequence[MatrixLine], plan: Plan) -> tuple[Owing, ...]:
    """Of a task force whose units got forms of their own those that have not returned, else its lead."""
    asked = [line for line in lines if line.task_force.involved]
    forces = [
        Owing(line.task_force.code, line.lead) for line in asked if line.is_missing and not line.units.owed
    ]
    units = dict.fromkeys(unit for line in asked for unit in line.units.missing)
    return (*forces, *(Owing(unit, printed_unit(unit, plan)) for unit in units))


def _line(
    task_force: TaskForce, receipts: Sequence[Receipt], sent: Collection[str], known: History, loaded: Loaded
) -> MatrixLine:
    own = [r for r in receipts if task_force.code in r.party.task_forces and r.status.is_return]
    current = sorted(current_receipts(own), key=lambda r: (r.status is Status.TO_CORRECT, r.order))
    units = unit_returns(task_force, loaded.plan, known, sent, receipts)
    return MatrixLine(
        task_force,
        loaded.plan.printed(task_force.lead),
        current[-1] if current else None,
        len(own),
        is_late(task_force, own),
        units,
    )
