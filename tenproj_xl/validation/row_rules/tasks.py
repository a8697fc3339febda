"""Rules for the rows of tasks."""

from collections.abc import Iterator, Mapping

from tenproj_xl.core.answers import MilestoneStatus, TaskStatus
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.scales import slip
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.core.wordings import Says, says
from tenproj_xl.model.evaluate_tasks import milestone_meant
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.figures import Comparison, is_past
from tenproj_xl.validation.registry import rule

_ON_COURSE = (TaskStatus.NOT_STARTED, TaskStatus.ON_COURSE, TaskStatus.LONG_TERM)
"""States of a task that is not late: 未启动, 序时推进, 长期推进."""
_INVESTMENT_UNIT = "亿元"
_PREPARATION = 0.1
"""The share of the year's investment that preparations may have taken."""
_SAID_AGAINST: Mapping[TaskStatus, tuple[Says, ...]] = {
    TaskStatus.DONE: (Says.UNBEGUN, Says.UNFINISHED, Says.HALTED),
    TaskStatus.NOT_STARTED: (Says.BEGUN, Says.FINISHED),
    TaskStatus.ON_COURSE: (Says.UNBEGUN, Says.STUCK, Says.HALTED, Says.FINISHED),
}
"""What 本期进展 says that does not go with a state."""


@rule(Code.DONE_HALFWAY, on=("tasks",), needs=("status", "milestone_done"))
def answers_agree(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask about two answers that hardly go together."""
    for odd in entry.row.sheet.at_odds:
        if odd.broken({odd.field: entry.value(odd.field), odd.other: entry.value(odd.other)}):
            yield finding(Code.DONE_HALFWAY, entry.place(odd.field), entry.typed(odd.field))


@rule(Code.MILESTONES_OPEN, on=("tasks",), needs=("status",))
def nothing_is_left_of_a_task_that_is_done(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a task that is reported as done while later milestones of it are not."""
    task = next((t for t in context.plan.tasks_of(entry.task_force) if t.code == entry.code), None)
    if entry.value("status") != TaskStatus.DONE or task is None:
        return
    done = context.known.milestones_done(task)
    meant = milestone_meant(task, entry.printed("milestone"), entry.printed("milestone_due"))
    left = [m.name for m in task.milestones if m.number not in done and m != meant]
    if left:
        place, typed = entry.place("status"), entry.typed("status")
        yield finding(Code.MILESTONES_OPEN, place, typed, count=len(left), expected="、".join(left))


@rule(Code.WORDS_AGAINST, on=("tasks",), needs=("status", "progress"))
def progress_goes_with_the_state(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask about progress that says the opposite of the state; a milestone may be done before its task."""
    status, progress = entry.value("status"), entry.value("progress")
    if not isinstance(status, TaskStatus) or not isinstance(progress, str):
        return
    against = set(_SAID_AGAINST.get(status, ()))
    if entry.value("milestone_done") == MilestoneStatus.DONE:
        against.discard(Says.FINISHED)
    if says(progress, *against):
        yield finding(
            Code.WORDS_AGAINST, entry.place("progress"), entry.typed("progress"), expected=status.label
        )


@rule(Code.WORDS_AGAINST, on=("tasks",), needs=("status", "invest_done", "invest_plan"))
def nothing_is_spent_before_it_begins(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask about a task that is reported as not begun, though a good part of the year's money is spent."""
    done, planned = entry.value("invest_done"), entry.printed("invest_plan")
    if not isinstance(done, float) or not isinstance(planned, float):
        return
    if entry.value("status") == TaskStatus.NOT_STARTED and done >= _PREPARATION * planned > 0:
        label = TaskStatus.NOT_STARTED.label
        yield finding(
            Code.WORDS_AGAINST, entry.place("invest_done"), entry.typed("invest_done"), expected=label
        )


def _is_a_state(entry: Entry) -> bool:
    """Return whether 本期进展 is one of the states."""
    states = {canonical(label) for label in entry.column("status").choice_labels}
    return canonical(entry.value("progress")) in states


@rule(Code.TEXT_ELSEWHERE, on=("tasks",), needs=("progress",))
def state_stands_in_its_column(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask about a state that is written into another column while its own is empty."""
    if entry.inputs["status"] is None and _is_a_state(entry):
        yield finding(
            Code.TEXT_ELSEWHERE,
            entry.place("progress"),
            entry.typed("progress"),
            expected=entry.column("status").header,
        )


@rule(Code.STATUS_BLANK, on=("tasks",), needs=("progress",))
def progress_has_a_state(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask for the state of a task of which progress is told."""
    is_new = bool(entry.value("progress")) and "progress" in entry.changed_fields
    if entry.inputs["status"] is None and is_new and not _is_a_state(entry):
        expected = entry.column("progress").header
        yield finding(Code.STATUS_BLANK, entry.place("status"), expected=expected)


@rule(Code.COMPLETION_UNCLEAR, on=("tasks",), needs=("status", "completed_on"))
def day_of_completion_is_of_something_done(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask about a day of completion where neither task nor milestone is done."""
    status = entry.value("status")
    is_done = entry.value("milestone_done") == MilestoneStatus.DONE or status == TaskStatus.DONE
    if status is not None and not is_done and "completed_on" in entry.changed_fields:
        yield finding(Code.COMPLETION_UNCLEAR, entry.place("completed_on"), entry.typed("completed_on"))


@rule(Code.MILESTONE_PASSED, Code.TASK_PAST_DUE, on=("tasks",), needs=("status",))
def what_is_on_time_is_not_past_due(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a task that is reported to be on time after the day of its open milestone, else its own day.

    A task is not done by its milestones alone: whether it is, only its unit can say.
    """
    if entry.value("status") not in _ON_COURSE:
        return
    is_reached = entry.value("milestone_done") == MilestoneStatus.DONE
    due = entry.printed("milestone_due")
    code, when = Code.MILESTONE_PASSED, ""
    if due is None or is_reached:
        due = entry.printed("due_on")
        code, when = Code.TASK_PAST_DUE, "节点已完成，" if is_reached else ""
    if is_past(due, context):
        yield finding(code, entry.place("status"), entry.typed("status"), expected=due, when=when)


@rule(
    Code.UNIT_SUSPECT,
    Code.VALUE_FAR,
    Code.VALUE_JUMPED,
    Code.VALUE_FELL,
    on=("tasks",),
    needs=("invest_done",),
)
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
        yield from comparison.with_last(last, context, falls=done < last)


def _last_investment(entry: Entry, context: Context) -> float | None:
    """Return the last investment of the year, None where there is none: it begins anew each year."""
    for row in reversed(context.known.of("tasks", entry.code)):
        value = row.values.get("invest_done")
        if row.period.year == context.period.year and isinstance(value, float):
            return value
    return None
