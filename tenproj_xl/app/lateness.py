"""Which of the files of a run came after the deadline."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.units import names_of


def with_lateness(
    results: Sequence[FileResult],
    plans: InForce,
    forms_of: Callable[[str, Collection[str]], Sequence[Receipt]],
) -> list[FileResult]:
    """Return the results, late ones marked; a correction of what came in time is in time.

    Args:
        results: The results.
        plans: Plan and settings, which have the deadlines.
        forms_of: Gives what became of the forms of some recipients for a period.
    """
    in_time, calendar = set(), plans.loaded.settings.calendar
    recipients: dict[str, set[str]] = {}
    for result in results:
        if result.status.is_return:
            recipients.setdefault(result.period, set()).add(result.party.recipient)
    for period, codes in recipients.items():
        for receipt in forms_of(period, codes):
            if receipt.status.is_return and not receipt.late:
                in_time.add((receipt.party.recipient, period))
    marked = []
    for result in results:
        owner = (result.party.recipient, result.period)
        days_late = 0
        if result.status.is_return and owner not in in_time:
            own = calendar.span(result.period)
            names = names_of(result.party.recipient, plans.plan_at(own))
            days_late = calendar.days_late(own, result.received.received_at, names)
            if not days_late:
                in_time.add(owner)
        marked.append(replace(result, days_late=days_late))
    return marked
