"""The return matrix: who has returned what for a period, and whose form is still out."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tenproj_xl.app.matrix_results import Matrix, Owing
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.return_state import (
    TaskForceReturn,
    open_receipts,
    return_of,
    still_refused,
    unit_state,
)
from tenproj_xl.model.forms_sent import FormsSent
from tenproj_xl.model.history import History
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import names_of, printed_code


def matrix_of(
    period: Period,
    receipts: Sequence[Receipt],
    sent: FormsSent,
    known: History,
    loaded: Loaded,
    now: datetime | None = None,
) -> Matrix:
    """Return the matrix of a period.

    Args:
        period: The period.
        receipts: Its receipts.
        sent: Whom its forms went out to.
        known: What was accepted so far.
        loaded: Plan and settings.
        now: The moment at which returns that are out are late or not, if that is asked.
    """
    plan, earlier = loaded.plan, known.before(period)
    lines = tuple(
        return_of(t, period, receipts, sent, earlier, plan, loaded.settings) for t in plan.task_forces
    )
    standing = [r for r in receipts if not r.withdrawn]
    return Matrix(
        period=period,
        deadline=loaded.settings.deadline(period),
        is_called_off=loaded.settings.calendar.is_called_off(period.code),
        now=now,
        lines=lines,
        owing=tuple(_owing(lines, receipts, loaded, period, now)),
        refused=tuple(still_refused(receipts)),
        withdrawn=tuple(r for r in receipts if r.withdrawn),
        to_correct=tuple(r for r in open_receipts(standing) if r.status is Status.TO_CORRECT),
    )


def _owing(
    lines: Sequence[TaskForceReturn],
    receipts: Sequence[Receipt],
    loaded: Loaded,
    period: Period,
    now: datetime | None,
) -> Iterator[Owing]:
    """Yield whose form is still out: of units with forms of their own, else of a task force's lead."""
    calendar, plan = loaded.settings.calendar, loaded.plan

    def is_due(deadline: datetime) -> bool:
        return now is None or calendar.is_time_for_reminders(deadline, now)

    missing: dict[str, None] = {}
    for line in lines:
        if line.is_outstanding and not line.units.owed:
            yield Owing(
                recipient=line.task_force.code,
                unit=line.lead,
                state=line.state,
                is_due=is_due(line.deadline),
            )
        if line.is_owed:
            missing |= dict.fromkeys(line.units.missing)
    for code in missing:
        yield Owing(
            recipient=code,
            unit=printed_code(code, plan),
            state=unit_state(code, receipts),
            is_due=is_due(calendar.deadline_of(period, names_of(code, plan))),
        )
