"""Which of the files of a run came after the deadline."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.model.history import Receipt
from tenproj_xl.model.units import names_of


def with_lateness(
    results: Sequence[FileResult], plans: InForce, receipts: Callable[[str], Sequence[Receipt]]
) -> list[FileResult]:
    """Return the results, late ones marked; a correction of what came in time is in time.

    Args:
        results: The results.
        plans: Plan and settings, which have the deadlines.
        receipts: Gives the receipts of a period.
    """
    in_time, calendar = set(), plans.loaded.settings.calendar
    for period in {result.period for result in results}:
        for receipt in receipts(period):
            if receipt.status.is_return and not receipt.late:
                in_time.add((receipt.party.recipient, period))
    marked = []
    for result in results:
        owner = (result.party.recipient, result.period)
        days_late = 0
        if result.status.is_return and owner not in in_time:
            own = calendar.span(result.period)
            names = names_of(result.party.recipient, plans.at(own).plan)
            days_late = calendar.days_late(own, result.received.received_at, names)
            if not days_late:
                in_time.add(owner)
        marked.append(replace(result, days_late=days_late))
    return marked
