"""Lines of 本期变化: what differs from the last roll-up of an earlier period, each with before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.evaluate_indicators import LIGHTS, Light, State
from tenproj_xl.model.evaluate_tasks import IssueState, TaskState
from tenproj_xl.model.published import Row
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import SIGNED_OFF, IssueLine
from tenproj_xl.rollup.facts.publishing import indicator_row, issue_row, task_row
from tenproj_xl.rollup.facts.tasks import TaskLine


class Change(StrEnum):
    """What has happened to a row; the order is that of the list."""

    WORSE = "变差"
    REOPENED = "重新挂账"
    NEW = "新增"
    SOON = "转临期"
    ADJUSTED = "调整"
    REVISED = "数据修正"
    CLOSED = "办结"
    BETTER = "好转"
    MOVED = "有更新"
    GONE = "撤出"


@dataclass(frozen=True)
class ChangeLine:
    """One change. `step` is by how many percentage points an indicator gained on its pace (negative: lost)."""

    change: Change
    kind: str
    code: str
    name: str
    task_force: str
    before: str
    after: str
    step: float | None
    reason: str
    source: str


_NOTHING = "（无）"
INDICATOR, TASK, ISSUE = "主要指标", "重点任务", "问题"
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


def change_lines(
    data: RollupInput,
    indicators: Sequence[IndicatorLine],
    tasks: Sequence[TaskLine],
    issues: Sequence[IssueLine],
) -> tuple[ChangeLine, ...]:
    """All changes, those that want attention first; none in the first roll-up of all."""
    if data.before is None:
        return ()
    before = data.before.rows
    found = [
        *_of_indicators(data, before["indicators"], indicators),
        *_of_tasks(data, before["tasks"], tasks),
        *_of_issues(data, before["issues"], issues),
    ]
    order, kinds = list(Change), (INDICATOR, TASK, ISSUE)
    return tuple(sorted(found, key=lambda c: (order.index(c.change), kinds.index(c.kind), c.code)))


# --- indicators


def _of_indicators(
    data: RollupInput, before: Mapping[str, Row], lines: Iterable[IndicatorLine]
) -> Iterable[ChangeLine]:
    now = {line.indicator.code: line for line in lines}
    for code, line in now.items():
        new, old = indicator_row(line, data.day.year), before.get(code)
        reason = str(
            line.reported("lag_reason") or line.reported("next_steps") or line.reported("remark") or ""
        )
        about = (new, reason, data.source(line.figure.row, "value") if line.figure else "")
        if old is None:
            yield _line(INDICATOR, code, about, Change.NEW, (_NOTHING, _figure(new)))
            continue
        if old["year"] == new["year"] and old["target"] != new["target"]:
            targets = (f"目标：{old['target'] or '无'}", f"目标：{new['target'] or '无'}")
            yield _line(INDICATOR, code, about, Change.ADJUSTED, targets)
        change = _indicator_change(old, new)
        if change:
            yield _line(
                INDICATOR, code, about, change, (_figure(old), _figure(new)), _step(old["gap"], new["gap"])
            )
    yield from _gone(INDICATOR, before, now)


def _indicator_change(old: Row, new: Row) -> Change | None:
    was, becomes = (LIGHTS.get(str(row["state"]), Light.NONE) for row in (old, new))
    if was in _LIGHT_RANK and becomes in _LIGHT_RANK and was is not becomes:
        return Change.WORSE if _LIGHT_RANK[becomes] > _LIGHT_RANK[was] else Change.BETTER
    if State.MISSING in (old["state"], new["state"]) and old["state"] != new["state"]:
        return Change.WORSE if new["state"] == State.MISSING else Change.MOVED
    if old["data_period"] == new["data_period"] and old["value"] not in (None, new["value"]):
        return Change.REVISED
    moved = any(old[name] != new[name] for name in ("state", "value", "data_period"))
    return Change.MOVED if moved else None


def _figure(row: Row) -> str:
    """A figure in words: `72.5（2026年10月，达序时）`, or the state where there is none."""
    if row["value"] is None:
        return str(row["state"])
    value = f"{row['value']:.10g}" if isinstance(row["value"], float) else str(row["value"])
    return f"{value}（{parse_period(str(row['data_period'])).dated_label}，{row['state']}）"


def _step(old: Value, new: Value) -> float | None:
    return round(new - old, 6) if isinstance(old, float) and isinstance(new, float) else None


# --- tasks


def _of_tasks(
    data: RollupInput, before: Mapping[str, Row], lines: Iterable[TaskLine]
) -> Iterable[ChangeLine]:
    now = {line.task.code: line for line in lines}
    for code, line in now.items():
        new, old = task_row(line), before.get(code)
        reason = str(line.reported("problems") or line.reported("progress") or "")
        about = (new, reason, data.source(line.rows[-1], "status") if line.rows else "")
        if old is None:
            yield _line(TASK, code, about, Change.NEW, (_NOTHING, _task(new)))
            continue
        if old["deadline"] != new["deadline"]:
            yield _line(TASK, code, about, Change.ADJUSTED, (_deadline(old), _deadline(new)))
        change = _task_change(old, new)
        if change:
            yield _line(TASK, code, about, change, (_task(old), _task(new)))
    yield from _gone(TASK, before, now)


def _task_change(old: Row, new: Row) -> Change | None:
    was, becomes = str(old["state"]), str(new["state"])
    if becomes == TaskState.DONE:
        return None if was == TaskState.DONE else Change.CLOSED
    ranks = (_TASK_RANK.get(was), _TASK_RANK.get(becomes))
    if ranks[0] is not None and ranks[1] is not None and ranks[0] != ranks[1]:
        return Change.WORSE if ranks[1] > ranks[0] else Change.BETTER
    if was == TaskState.DONE:
        return Change.REOPENED
    if old["milestone"] != new["milestone"]:
        return Change.MOVED
    if was == becomes:
        return None
    return Change.SOON if becomes == TaskState.DUE_SOON else Change.MOVED


def _task(row: Row) -> str:
    return f"{row['state']}（节点：{row['milestone']}）" if row["milestone"] else str(row["state"])


def _deadline(row: Row) -> str:
    due = row["deadline"]
    return f"时限：{due:%Y-%m-%d}" if isinstance(due, date) else "时限：未定"


# --- issues


def _of_issues(
    data: RollupInput, before: Mapping[str, Row], lines: Iterable[IssueLine]
) -> Iterable[ChangeLine]:
    now = {line.code: line for line in lines}
    for code, line in now.items():
        new, old = issue_row(line), before.get(code)
        reason = str(line.reported("progress") or line.reported("measures") or "")
        about = (new, reason, data.source(line.row, "status"))
        if old is None:
            yield _line(ISSUE, code, about, Change.NEW, (_NOTHING, _issue(new)))
            continue
        if old["deadline"] != new["deadline"]:
            yield _line(ISSUE, code, about, Change.ADJUSTED, (_deadline(old), _deadline(new)))
        if old["level"] != new["level"]:
            yield _line(
                ISSUE, code, about, Change.ADJUSTED, (f"层级：{old['level']}", f"层级：{new['level']}")
            )
        change = _issue_change(str(old["state"]), str(new["state"]), reopened=_is_reopened(line, data))
        if change:
            yield _line(ISSUE, code, about, change, (_issue(old), _issue(new)))
    yield from _issues_no_longer_shown(data, before, now)


def _issues_no_longer_shown(
    data: RollupInput, before: Mapping[str, Row], now: Mapping[str, object]
) -> Iterable[ChangeLine]:
    """Those that were signed off between the two periods, and those whose only return was withdrawn."""
    for code, old in before.items():
        if code in now or old["state"] == SIGNED_OFF:
            continue
        signed = data.known.latest("issues", code)
        if signed is None:
            about, change, after = (old, "报来这个问题的文件已撤回", ""), Change.GONE, _NOTHING
        else:
            about = (old, str(signed.values.get("progress") or ""), data.source(signed, "status"))
            change, after = Change.CLOSED, SIGNED_OFF
        yield _line(ISSUE, code, about, change, (_issue(old), after))


def _is_reopened(line: IssueLine, data: RollupInput) -> bool:
    """True where it was opened again since the roll-up before, which may never have told that it was signed off."""
    last = data.before.period.last if data.before else date.min
    return any(d.verdict == Verdict.REOPEN and d.on > last for d in line.history.decisions)


def _issue_change(was: str, becomes: str, *, reopened: bool) -> Change | None:
    if was == becomes:
        return None
    if becomes == SIGNED_OFF:
        return Change.CLOSED
    if was == SIGNED_OFF or reopened:
        return Change.REOPENED
    if _ISSUE_RANK[becomes] > _ISSUE_RANK[was]:
        return Change.WORSE
    if becomes == IssueState.DUE_SOON and _ISSUE_RANK[was] == _ISSUE_RANK[becomes]:
        return Change.SOON
    return Change.MOVED


def _issue(row: Row) -> str:
    return str(row["state"])


# --- all


def _gone(kind: str, before: Mapping[str, Row], now: Mapping[str, object]) -> Iterable[ChangeLine]:
    for code, old in before.items():
        if code not in now:
            yield _line(
                kind, code, (old, "方案中已没有这一项", ""), Change.GONE, (str(old["state"]), _NOTHING)
            )


def _line(
    kind: str,
    code: str,
    about: tuple[Row, str, str],
    change: Change,
    words: tuple[str, str],
    step: float | None = None,
) -> ChangeLine:
    row, reason, source = about
    force, name = str(row["task_force"]), str(row["name"])
    return ChangeLine(change, kind, code, name, force, *words, step, reason, source)
