"""Rules for the rows of tasks."""

from collections.abc import Iterator

from tenproj_xl.core.answers import MilestoneStatus, TaskStatus
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.scales import slip
from tenproj_xl.core.texts import text_of
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.figures import Comparison, is_past
from tenproj_xl.validation.registry import rule

_ON_COURSE = (TaskStatus.NOT_STARTED, TaskStatus.ON_COURSE, TaskStatus.LONG_TERM)
"""States of a task that is not late: 未启动, 序时推进, 长期推进."""
_INVESTMENT_UNIT = "亿元"


@rule(Code.DONE_HALFWAY, on=("tasks",))
def answers_agree(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask about two answers that hardly go together."""
    for odd in entry.row.sheet.at_odds:
        if odd.broken({odd.field: entry.value(odd.field), odd.other: entry.value(odd.other)}):
            yield finding(Code.DONE_HALFWAY, entry.place(odd.field), entry.typed(odd.field))


@rule(Code.MILESTONE_PASSED, on=("tasks",))
def milestone_is_in_time(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a milestone that is past and not reached, of a task that is reported to be on time."""
    due, status = entry.printed("milestone_due"), entry.value("status")
    if (
        status in _ON_COURSE
        and entry.value("milestone_done") != MilestoneStatus.DONE
        and is_past(due, context)
    ):
        yield finding(Code.MILESTONE_PASSED, entry.place("status"), entry.typed("status"), expected=due)


@rule(Code.UNIT_SUSPECT, Code.VALUE_FAR, Code.VALUE_JUMPED, Code.VALUE_FELL, on=("tasks",))
def investment_is_plausible(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about an investment that fell within the year, or is far from the last one or from the plan."""
    done, planned = entry.value("invest_done"), entry.printed("invest_plan")
    if not isinstance(done, float):
        return
    comparison = Comparison(entry, "invest_done", done, _INVESTMENT_UNIT)
    last = _last_investment(entry, context)
    if last is None:
        if isinstance(planned, float):
            yield from comparison.with_target(planned, context, low_too=False)
    elif out := slip(done, last, _INVESTMENT_UNIT):
        yield comparison.unit_suspected(out, f"上次{text_of(last)}{_INVESTMENT_UNIT}")
    else:
        yield from comparison.with_last(last, context, adds_up=True)


def _last_investment(entry: Entry, context: Context) -> float | None:
    """Return the last investment of the year, None where there is none: it begins anew each year."""
    for row in reversed(context.known.of("tasks", entry.code)):
        value = row.values.get("invest_done")
        if row.period.last.year == context.period.last.year and isinstance(value, float):
            return value
    return None
