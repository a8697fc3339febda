"""Lines of 本期变化: what differs from the last roll-up of an earlier period, each with before and after."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.periods import parse_period, read_period
from tenproj_xl.core.states import LIGHTS, IssueState, Light, State, TaskState
from tenproj_xl.model.data_releases import UNRELEASED
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.issues import IssueHistory, issue_history
from tenproj_xl.model.plan import Indicator, Task
from tenproj_xl.model.plan_changes import PlanChange
from tenproj_xl.model.plan_identity import PlanTable
from tenproj_xl.model.plan_versions import GONE
from tenproj_xl.model.published import Row
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import SIGNED_OFF, IssueLine, NoLevel
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.publishing import indicator_row, issue_row, task_row
from tenproj_xl.rollup.facts.restatements import RestatementLine, restatement_lines
from tenproj_xl.rollup.facts.tasks import TaskLine


class Change(LabelledCode):
    """What has happened to a row; the order is that of the list."""

    WORSE = "worse", "新增滞后"
    REOPENED = "reopened", "重新挂账"
    NEW = "new", "新增"
    SOON = "due_soon", "临近时限"
    ADJUSTED = "adjusted", "调整"
    PLAN = "plan", "计划调整"
    REVISED = "revised", "数据修订", "数据修正"
    CLOSED = "closed", "办结"
    LEFT = "left", "退出督办"
    BETTER = "better", "转好"
    MOVED = "moved", "有更新"
    GONE = "gone", "撤出"


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One change. `step` is how many percentage points an indicator gained on its pace (negative: lost)."""

    change: Change
    kind: Duty | PlanTable
    code: str
    name: str
    task_force: str
    before: str
    after: str
    step: float | None
    reason: str
    source: str


@dataclass(frozen=True)
class _Item:
    """A row that may have changed: its published form, the unit's reason and where that was typed."""

    kind: Duty
    code: str
    row: Row
    reason: str
    source: str

    def changed(self, change: Change, before: str, after: str, step: float | None = None) -> ChangeLine:
        """Return the line that tells a change of the row."""
        return ChangeLine(
            change=change,
            kind=self.kind,
            code=self.code,
            name=str(self.row.get("name") or self.code),
            task_force=str(self.row.get("task_force") or ""),
            before=before,
            after=after,
            step=step,
            reason=self.reason,
            source=self.source,
        )


_NOTHING = "（无）"
_LIGHT_RANK = {Light.GREEN: 0, Light.YELLOW: 1, Light.RED: 2}
_TASK_RANK: Mapping[str, int] = {
    TaskState.DONE: 0,
    TaskState.ON_TIME: 0,
    TaskState.DUE_SOON: 0,
    TaskState.BEHIND: 1,
    TaskState.OVERDUE: 2,
}
_ISSUE_RANK: Mapping[str, int] = {
    SIGNED_OFF: 0,
    IssueState.APPLIED: 1,
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
        lines += _of_indicators(data, before["indicators"], facts.indicators)
    if "tasks" in before:
        lines += _of_tasks(data, before["tasks"], facts.tasks)
    if "issues" in before:
        lines += _of_issues(data, before["issues"], facts.issues)
    lines += _of_decisions(facts)
    lines += _of_the_plan(data)
    order, kinds = list(Change), list[Duty | PlanTable]([*Duty, *PlanTable])
    lines.sort(key=lambda line: (order.index(line.change), kinds.index(line.kind), line.code))
    return tuple(lines)


# --- indicators


def _of_indicators(
    data: RollupInput, before: Mapping[str, Row], lines: Sequence[IndicatorLine]
) -> Iterable[ChangeLine]:
    restated: dict[str, list[RestatementLine]] = {}
    for restatement in restatement_lines(data):
        restated.setdefault(restatement.indicator.code, []).append(restatement)
    for line in lines:
        code = line.indicator.code
        yield from _of_indicator(data, before.get(code), line, restated.get(code, ()))
    yield from _gone(Duty.INDICATOR, before, {line.indicator.code for line in lines})


def _of_indicator(
    data: RollupInput, old: Row | None, line: IndicatorLine, restated: Sequence[RestatementLine]
) -> Iterable[ChangeLine]:
    new = indicator_row(line, data.day.year)
    source = ""
    if line.figure:
        source = data.source(line.figure.row, "value")
    reason = line.text("lag_reason", "next_steps", "remark")
    item = _Item(Duty.INDICATOR, line.indicator.code, new, reason, source)
    if old is None:
        yield item.changed(Change.NEW, _NOTHING, _marked(new, line, data))
        return
    old = _comparable(old, new)
    if old["year"] == new["year"] and old["target"] != new["target"]:
        item_of_plan = replace(item, reason=_basis(data, line), source="")
        was, is_now = (f"目标：{row['target'] or '无'}" for row in (old, new))
        yield item_of_plan.changed(Change.ADJUSTED, was, is_now)
    change = _indicator_change(old, new)
    if change:
        step = None
        if _year_of(old) == _year_of(new):  # the pace begins anew with the year
            step = _step(old["gap"], new["gap"])
        yield item.changed(change, _marked(old, line, data), _marked(new, line, data), step=step)
    for restatement in restated:
        is_told = change is Change.REVISED and restatement.period.code == new["data_period"]
        if not is_told:
            yield _restated(item, restatement, data)


def _restated(item: _Item, line: RestatementLine, data: RollupInput) -> ChangeLine:
    """Return the line of a figure that took the place of another one, with what that is."""
    period = line.period.dated_label
    before = _NOTHING
    if line.was is not None:
        before = _in_words(line.was, period, line.was_state)
    after = _NOTHING
    if line.now is not None:
        after = _in_words(line.now, period, line.state)
    mark = ""
    if not data.is_released(line.indicator, line.period):
        mark = UNRELEASED
    reason = "：".join(filter(None, (line.kind.label, line.why)))
    reason = "；".join(filter(None, (mark, reason)))
    return replace(item, reason=reason).changed(Change.REVISED, before, after)


def _basis(data: RollupInput, line: IndicatorLine) -> str:
    """Return by whose decision an indicator's target was changed (批准依据)."""
    for change in data.plan_changes:
        if change.change is PlanChange.TARGET and change.code == line.indicator.code and change.basis:
            return f"批准依据：{change.basis}"
    return ""


def _indicator_change(old: Row, new: Row) -> Change | None:
    new_rank = _LIGHT_RANK.get(_light(new))
    old_rank = _LIGHT_RANK.get(_light(old))
    if old["state"] == State.PENDING:
        old_rank = _LIGHT_RANK[Light.YELLOW]  # the verdict on what has passed is good news or bad
    if old_rank is not None and new_rank is not None and old_rank != new_rank:
        return _direction(old_rank, new_rank)
    if old["state"] != new["state"]:
        if new["state"] == State.MISSING:
            return Change.WORSE
        if old["state"] == State.MISSING:
            return Change.MOVED
    if old["data_period"] == new["data_period"] and old["value"] not in (None, new["value"]):
        return Change.REVISED
    if any(old[name] != new[name] for name in ("state", "value", "data_period")):
        return Change.MOVED
    return None


def _light(row: Row) -> Light:
    return LIGHTS.get(State(str(row["state"])), Light.NONE)


def _direction(old_rank: int, new_rank: int) -> Change:
    """Return whether a row got worse or better; a higher rank is a worse state."""
    if new_rank > old_rank:
        return Change.WORSE
    return Change.BETTER


def _figure(row: Row) -> str:
    """Return a figure in words: `72.5（2026年10月，达序时）`, or the state where there is none."""
    value, data_period = row["value"], row["data_period"]
    if value is None or data_period is None:
        return str(label_of(row["state"]))
    return _in_words(value, parse_period(str(data_period)).dated_label, row["state"])


def _marked(row: Row, line: IndicatorLine, data: RollupInput) -> str:
    """Return a figure in words, with a mark where it is not published yet."""
    period = read_period(str(row["data_period"] or ""))
    if period is None or data.is_released(line.indicator, period):
        return _figure(row)
    return f"{_figure(row)}（{UNRELEASED}）"


def _in_words(value: Value, period: str, state: Value) -> str:
    shown = label_of(value)
    if isinstance(value, float):
        shown = f"{value:.10g}"
    if state is None:
        return f"{shown}（{period}）"
    return f"{shown}（{period}，{label_of(state)}）"


def _year_of(row: Row) -> int | None:
    """Return the year of a row's figure; None without a figure."""
    period = read_period(str(row["data_period"] or ""))
    if period is None:
        return None
    return period.last.year


def _step(old: Value, new: Value) -> float | None:
    if isinstance(old, float) and isinstance(new, float):
        return round(new - old, 6)
    return None


# --- tasks


def _of_tasks(
    data: RollupInput, before: Mapping[str, Row], lines: Sequence[TaskLine]
) -> Iterable[ChangeLine]:
    for line in lines:
        yield from _of_task(data, before.get(line.task.code), line)
    yield from _gone(Duty.TASK, before, {line.task.code for line in lines})


def _of_task(data: RollupInput, old: Row | None, line: TaskLine) -> Iterable[ChangeLine]:
    new = task_row(line)
    source = data.source(line.status_row, "status")
    item = _Item(Duty.TASK, line.task.code, new, line.text("problems", "progress"), source)
    if old is None:
        yield item.changed(Change.NEW, _NOTHING, _task(new))
        return
    old = _comparable(old, new)
    if old["deadline"] != new["deadline"]:
        yield item.changed(Change.ADJUSTED, _deadline(old), _deadline(new))
    change = _task_change(old, new)
    if change:
        yield item.changed(change, _task(old), _task(new))


def _task_change(old: Row, new: Row) -> Change | None:
    old_state, new_state = str(old["state"]), str(new["state"])
    if new_state == TaskState.DONE:
        if old_state == TaskState.DONE:
            return None
        return Change.CLOSED
    old_rank, new_rank = _TASK_RANK.get(old_state), _TASK_RANK.get(new_state)
    if old_rank is not None and new_rank is not None and old_rank != new_rank:
        return _direction(old_rank, new_rank)
    if old_state == TaskState.DONE:
        return Change.REOPENED
    return _task_movement(old, new)


def _task_movement(old: Row, new: Row) -> Change | None:
    """Return what has changed in a task whose progress is neither better nor worse."""
    if old["milestone"] != new["milestone"]:
        return Change.MOVED
    if old["state"] == new["state"]:
        return None
    if new["state"] == TaskState.DUE_SOON:
        return Change.SOON
    return Change.MOVED


def _task(row: Row) -> str:
    if row["milestone"]:
        return f"{label_of(row['state'])}（节点：{row['milestone']}）"
    return str(label_of(row["state"]))


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
    item = _Item(
        Duty.ISSUE, line.code, new, line.text("progress", "measures"), data.source(line.row, "status")
    )
    if old is None:
        yield item.changed(Change.NEW, _NOTHING, str(label_of(new["state"])))
        return
    old = _comparable(old, new)
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
        state = _state(old)
        row, history = data.known.latest("issues", code), issue_history(data.known, code)
        if history is not None and _is_told_as_left(Change.CLOSED, history):
            continue
        if row is None:
            item = _Item(Duty.ISSUE, code, old, "报来这个问题的文件已撤回", "")
            yield item.changed(Change.GONE, state, _NOTHING)
        else:
            reason = str(row.values.get("progress") or "")
            item = _Item(Duty.ISSUE, code, old, reason, data.source(row, "status"))
            yield item.changed(Change.CLOSED, state, SIGNED_OFF.label)


def _is_reopened(line: IssueLine, data: RollupInput) -> bool:
    """Return whether it was reopened since the roll-up before, which may not have shown it as signed off."""
    last = date.min
    if data.before:
        last = data.before.period.last
    return any(d.verdict == Verdict.REOPEN and d.on > last for d in line.history.decisions)


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
    closed = history.signed_off
    return change is Change.CLOSED and closed is not None and closed.verdict != Verdict.SIGN_OFF


# --- decisions


def _of_decisions(facts: Facts) -> Iterable[ChangeLine]:
    """Yield what left 督办清单 by a decision, and what came back."""
    for line in facts.exits:
        decision = line.decision
        yield ChangeLine(
            change=Change.MOVED if line.is_back else Change.LEFT,
            kind=line.kind,
            code=line.code,
            name=line.name,
            task_force=line.task_force,
            before="已退出督办" if line.is_back else "督办",
            after=decision.outcome,
            step=None,
            reason=f"{decision.by}，依据：{decision.opinion}",
            source=decision.file,
        )


# --- the plan


def _of_the_plan(data: RollupInput) -> Iterable[ChangeLine]:
    """Yield how the plan has changed, but for rows and this year's targets, which have their own lines."""
    rows: tuple[Indicator | Task, ...] = (*data.plan.indicators, *data.plan.tasks)
    forces = {row.code: row.task_force for row in rows}
    this_year = f"{data.day.year}年目标"
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
            after=_stood(change.column, change.after) or change.change.label,
            step=None,
            reason=f"批准依据：{change.basis}" if change.basis else "",
            source="",
        )


_ROWS = {PlanTable.INDICATORS: Duty.INDICATOR, PlanTable.TASKS: Duty.TASK}


def _stood(column: str, text: str) -> str:
    if not column:
        return ""
    return f"{column}：{text or '空'}"


# --- all


def _gone(kind: Duty, before: Mapping[str, Row], now: Container[str]) -> Iterable[ChangeLine]:
    for code, old in before.items():
        if code not in now:
            item = _Item(kind, code.partition(GONE)[0], old, "方案中已没有这一项", "")
            yield item.changed(Change.GONE, _state(old), _NOTHING)


def _comparable(old: Row, new: Row) -> Row:
    """Return what was published of a row, to be compared with what is now.

    A field, state or level that only one of two versions has tells of no change.
    """
    told = {}
    for name, value in old.items():
        is_foreign = isinstance(value, LabelledCode) and not value.is_known
        if name in new and not is_foreign:
            told[name] = value
    return {**new, **told}


def _state(row: Row) -> str:
    return str(label_of(row.get("state")) or _NOTHING)
