"""Lines of 本期变化: what differs from the last roll-up of an earlier period, each with before and after."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date

from tenproj_xl.core.answers import TaskStatus
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.states import IssueState, TaskState
from tenproj_xl.model.decisions import Decision, Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.evaluate_tasks import milestone_reached
from tenproj_xl.model.issues import IssueHistory, issue_history
from tenproj_xl.model.plan import Indicator, Task
from tenproj_xl.model.plan_changes import PlanChange, PlanDifference
from tenproj_xl.model.plan_identity import PlanTable
from tenproj_xl.model.published import Row
from tenproj_xl.rollup.facts.change_items import (
    NOTHING,
    Change,
    ChangeItem,
    ChangeLine,
    comparable,
    direction,
    gone,
    state_in_words,
)
from tenproj_xl.rollup.facts.exits import ExitLine
from tenproj_xl.rollup.facts.indicator_changes import indicator_changes
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import SIGNED_OFF, IssueLine, NoLevel
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.publishing import issue_row, task_row
from tenproj_xl.rollup.facts.supervision import all_items
from tenproj_xl.rollup.facts.tasks import TaskLine

_TASK_RANK: Mapping[str, int] = {
    TaskState.DONE: 0,
    TaskState.ON_TIME: 0,
    TaskState.DUE_SOON: 0,
    TaskState.BEHIND: 1,
    TaskState.OVERDUE: 2,
}
_BEHIND = (TaskState.BEHIND, TaskState.OVERDUE)
_ISSUE_RANK: Mapping[str, int] = {
    SIGNED_OFF: 0,
    IssueState.APPLIED: 2,  # sent back it is as it was, and neither late nor reopened
    IssueState.OPEN: 2,
    IssueState.DUE_SOON: 2,
    IssueState.OVERDUE: 3,
    IssueState.WAITING: 2,
    IssueState.REOPENED: 2,
}


def change_lines(facts: Facts) -> tuple[ChangeLine, ...]:
    """Return all changes, those that want attention first; none in the first roll-up of all."""
    return facts.once(_changes)


def _changes(facts: Facts) -> tuple[ChangeLine, ...]:
    data = facts.data
    if data.before is None:
        return ()
    before, lines = data.before.rows, list[ChangeLine]()
    # A sheet that another version did not publish tells of no change.
    if "indicators" in before:
        lines += indicator_changes(data, before["indicators"], facts.indicators)
    if "tasks" in before:
        lines += _of_tasks(data, before["tasks"], facts.tasks)
    if "issues" in before:
        lines += _of_issues(data, before["issues"], facts.issues)
    lines += _of_decisions(facts)
    lines += _of_the_plan(data)
    order, kinds = list(Change), list[Duty | PlanTable]([*Duty, *PlanTable])
    lines.sort(key=lambda line: (order.index(line.change), kinds.index(line.kind), line.code))
    return tuple(lines)


# --- tasks


def _of_tasks(
    data: RollupInput, before: Mapping[str, Row], lines: Sequence[TaskLine]
) -> Iterable[ChangeLine]:
    for line in lines:
        yield from _of_task(data, before.get(line.task.code), line)
    yield from gone(Duty.TASK, before, {line.task.code for line in lines})


def _of_task(data: RollupInput, old: Row | None, line: TaskLine) -> Iterable[ChangeLine]:
    new = task_row(line)
    source = data.source(line.status_row, "status")
    item = ChangeItem(Duty.TASK, line.task.code, new, line.text("problems", "progress"), source)
    if old is None:
        yield item.changed(Change.NEW, NOTHING, _task(new))
        return
    old = comparable(old, new)
    if old["deadline"] != new["deadline"]:
        yield item.changed(Change.ADJUSTED, _deadline(old), _deadline(new))
    change = _task_change(old, new)
    if change is Change.REOPENED and _has_reached_a_milestone(line):
        change = Change.MOVED  # what was done stays done, and the next milestone is begun
    if change:
        yield item.changed(change, _task(old), _task(new))
    elif _says_otherwise(old, new):
        yield item.changed(Change.MOVED, _status(old), _status(new))


def _has_reached_a_milestone(line: TaskLine) -> bool:
    """Return whether the return that its status comes from says that a milestone is done."""
    row = line.status_row
    return row is not None and milestone_reached(line.task, row.values) is not None


def _task_change(old: Row, new: Row) -> Change | None:
    old_state, new_state = str(old["state"]), str(new["state"])
    if new_state == TaskState.DONE:
        if old_state == TaskState.DONE:
            return None
        return Change.CLOSED
    old_rank, new_rank = _TASK_RANK.get(old_state), _TASK_RANK.get(new_state)
    if old_rank is not None and new_rank is not None and old_rank != new_rank:
        return direction(old_rank, new_rank)
    if old_state == TaskState.DONE:
        return Change.REOPENED
    return _task_movement(old, new)


def _task_movement(old: Row, new: Row) -> Change | None:
    """Return what has changed in a task whose progress is neither better nor worse than one told before."""
    old_state, new_state = str(old["state"]), str(new["state"])
    if old_state == TaskState.MISSING and new_state in _BEHIND:
        return Change.WORSE
    if old["milestone"] != new["milestone"]:
        return Change.MOVED
    if old_state == new_state:
        return None
    if new_state == TaskState.DUE_SOON:
        return Change.SOON
    return Change.MOVED


def _task(row: Row) -> str:
    if row["milestone"]:
        return f"{label_of(row['state'])}（节点：{row['milestone']}）"
    return str(label_of(row["state"]))


def _says_otherwise(old: Row, new: Row) -> bool:
    """Return whether a unit says another state than before; what only another version knows is no other."""
    before, now = TaskStatus.of(old["status"]), TaskStatus.of(new["status"])
    return before is not None and now is not None and before != now


def _status(row: Row) -> str:
    return f"自报：{label_of(row['status'])}"


def _deadline(row: Row) -> str:
    due = row["deadline"]
    if isinstance(due, date):
        return f"时限：{due:%Y-%m-%d}"
    return "时限：未定"


# --- issues


def _of_issues(
    data: RollupInput, before: Mapping[str, Row], lines: Sequence[IssueLine]
) -> Iterable[ChangeLine]:
    for line in lines:
        yield from _of_issue(data, before.get(line.code), line)
    yield from _issues_no_longer_shown(data, before, {line.code for line in lines})


def _of_issue(data: RollupInput, old: Row | None, line: IssueLine) -> Iterable[ChangeLine]:
    new = issue_row(line)
    reason = _ruled(line, data) or line.text("progress", "measures")
    item = ChangeItem(Duty.ISSUE, line.code, new, reason, data.source(line.row, "status"))
    if old is None:
        if not line.history.is_taken_off:  # who registers one twice has no new one
            yield item.changed(Change.NEW, NOTHING, str(label_of(new["state"])))
        return
    old = comparable(old, new)
    if old["deadline"] != new["deadline"]:
        yield item.changed(Change.ADJUSTED, _deadline(old), _deadline(new))
    if old["level"] != new["level"]:
        yield item.changed(Change.ADJUSTED, _level(old), _level(new))
    old_state, new_state = str(old["state"]), str(new["state"])
    change = _issue_change(old_state, new_state, reopened=_is_reopened(line, data))
    if change and not _is_told_as_left(change, line.history):
        yield item.changed(change, str(label_of(old["state"])), str(label_of(new["state"])))


def _level(row: Row) -> str:
    return f"层级：{label_of(row['level'] or NoLevel.UNDECIDED)}"


def _issues_no_longer_shown(
    data: RollupInput, before: Mapping[str, Row], shown: Container[str]
) -> Iterable[ChangeLine]:
    """Yield those that were signed off between the two periods, and those whose only return was withdrawn."""
    for code, old in before.items():
        if code in shown or old.get("state") == SIGNED_OFF:
            continue
        state = state_in_words(old)
        row, history = data.known.latest("issues", code), issue_history(data.known, code)
        if history is not None and _is_told_as_left(Change.CLOSED, history):
            continue
        if row is None:
            item = ChangeItem(Duty.ISSUE, code, old, "报来这个问题的文件已撤回", "")
            yield item.changed(Change.GONE, state, NOTHING)
        else:
            reason = str(row.values.get("progress") or "")
            item = ChangeItem(Duty.ISSUE, code, old, reason, data.source(row, "status"))
            yield item.changed(Change.CLOSED, state, SIGNED_OFF.label)


def _is_reopened(line: IssueLine, data: RollupInput) -> bool:
    """Return whether it was reopened since the roll-up before, which may not have shown it as signed off."""
    return any(decision.verdict == Verdict.REOPEN for decision in _decided_since(line, data))


def _ruled(line: IssueLine, data: RollupInput) -> str:
    """Return by what words an issue was sent back or reopened since the roll-up before; "" where none was."""
    for decision in _decided_since(line, data):
        if decision.verdict == Verdict.SEND_BACK:
            return "：".join(filter(None, (Verdict.SEND_BACK.label, decision.opinion)))
        if decision.verdict == Verdict.REOPEN:
            steps = filter(None, (line.history.last_sign_off, decision))
            told = "，".join(f"{step.on} {step.outcome}" for step in steps)
            return "：".join(filter(None, (told, decision.opinion)))
    return ""


def _decided_since(line: IssueLine, data: RollupInput) -> list[Decision]:
    """Return what was decided of an issue since the roll-up before, the latest first."""
    found = reversed(line.history.decisions)
    return [decision for decision in found if data.before is None or not data.before.knew_of(decision)]


def _issue_change(old_state: str, new_state: str, *, reopened: bool) -> Change | None:
    if old_state == new_state:
        return None
    if new_state == SIGNED_OFF:
        return Change.CLOSED
    if old_state == SIGNED_OFF or reopened:
        return Change.REOPENED
    old_rank, new_rank = _ISSUE_RANK[old_state], _ISSUE_RANK[new_state]
    if new_rank > old_rank:
        return Change.WORSE
    if new_state == IssueState.DUE_SOON and new_rank == old_rank:
        return Change.SOON
    return Change.MOVED


def _is_told_as_left(change: Change, history: IssueHistory) -> bool:
    """Return whether an issue was closed by a decision that merged it or wrote it off: that is no success."""
    return change is Change.CLOSED and history.is_taken_off


# --- decisions


def _of_decisions(facts: Facts) -> Iterable[ChangeLine]:
    """Yield what left 督办清单 by a decision, what stays, what came back; and issues, on it or not."""
    data = facts.data
    listed: set[tuple[str, date | None]] = set()
    if facts.exits:
        items = all_items(data, facts.indicators, facts.tasks, facts.issues)
        listed = {(item.code, item.item) for item in items}
    for line in facts.exits:
        decision = line.decision
        before = "已退出督办" if line.is_back else "督办"
        if line.kind is Duty.ISSUE:
            before = "未销号"
        yield ChangeLine(
            change=_left(line, is_listed=(line.code, decision.item) in listed),
            kind=line.kind,
            code=line.code,
            name=line.name,
            task_force=line.task_force,
            before=before,
            after=decision.outcome,
            step=None,
            reason=f"{decision.by}，依据：{decision.opinion}",
            source=decision.file,
        )


def _left(line: ExitLine, *, is_listed: bool) -> Change:
    """Return what a decision has done to an item: with a new deadline it may still be listed."""
    if line.is_back:
        return Change.MOVED
    if not is_listed:
        return Change.LEFT
    if line.decision.verdict is Verdict.ADJUST:
        return Change.ADJUSTED
    return Change.MOVED


# --- the plan


def _of_the_plan(data: RollupInput) -> Iterable[ChangeLine]:
    """Yield how the plan has changed, but for rows and this year's targets, which have their own lines."""
    rows: tuple[Indicator | Task, ...] = (*data.plan.indicators, *data.plan.tasks)
    forces = {row.code: row.task_force for row in rows}
    this_year = f"{data.year}年目标"
    for change in data.plan_changes:
        is_row = change.table in _ROWS and change.change in (PlanChange.ADDED, PlanChange.WITHDRAWN)
        if is_row or change.column == this_year:
            continue
        force = forces.get(change.code, "")
        if change.table is PlanTable.TASK_FORCES:
            force = change.code
        yield ChangeLine(
            change=Change.PLAN,
            kind=_ROWS.get(change.table, change.table),
            code=change.code,
            name=change.name,
            task_force=force,
            before=_stood(change.column, change.before),
            after=_stood(change.column, change.after) or _what_became(change, data),
            step=None,
            reason=f"批准依据：{change.basis}" if change.basis else "",
            source="",
        )


def _what_became(change: PlanDifference, data: RollupInput) -> str:
    """Return what became of a row of the plan; of a task force that was taken over, by which."""
    for force in data.plan.ended:
        if change.table is PlanTable.TASK_FORCES and force.code == change.code and force.successor:
            heir = data.task_force(force.successor)
            return f"{change.change.label}，由{heir.code}专班（{heir.name}）承继"
    return change.change.label


_ROWS = {PlanTable.INDICATORS: Duty.INDICATOR, PlanTable.TASKS: Duty.TASK}


def _stood(column: str, text: str) -> str:
    if not column:
        return ""
    return f"{column}：{text or '空'}"
