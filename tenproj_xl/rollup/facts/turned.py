"""What page one lists: what turned for the worse, then what lags most, each with its gap and reason."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.numbers import unit_in_sentences
from tenproj_xl.core.period_rows import is_correction_place
from tenproj_xl.core.states import State, TaskState
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.history import Figure
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.model.slips import Level
from tenproj_xl.rollup.facts.change_items import TARGET, Change, ChangeLine
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.issues import units_of_issue
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.supervision import (
    SupervisionLine,
    behind_in_words,
    by_verdict,
    days_in_words,
    task_in_words,
)

WORSE, BETTER = (Change.WORSE, Change.REOPENED), (Change.CLOSED, Change.BETTER)
_Line = TypeVar("_Line", "TurnedLine", SupervisionLine)
_TURNED_TO: Mapping[str, str] = {
    State.SLOW: "转略滞后",
    State.MISSED: "新增未达标",
    TaskState.OVERDUE: "新增逾期",
}
"""What is said of what turned for the worse, by its state now; 新增滞后 of any other."""
UNSAID, TO_COME = "（单位未填）", "（原因待补报）"
"""What stands in place of a reason: its unit did not give one, or was not asked for it yet."""


@dataclass(frozen=True, kw_only=True)
class TurnedLine:
    """One item.

    Attributes:
        kind: What kind of row it is.
        word: How it turned, else how it is judged.
        state: How it is judged.
        code: The row's code.
        name: What people call it.
        task_force: Its task force.
        unit: The unit that answers for it, as people read it.
        gap: How far it is behind, in words.
        reason: What its unit says of it.
        silence: What stands in its place where it is blank.
        margin: By how many hundredths of its target it is ahead, or how many days are left: less is worse.
    """

    kind: Duty
    word: str
    state: LabelledCode
    code: str
    name: str
    task_force: TaskForce
    unit: str
    gap: str
    reason: str
    silence: str = UNSAID
    margin: float = 0.0

    @property
    def told_reason(self) -> str:
        """The reason, else why there is none."""
        return self.reason or self.silence


def turned_lines(facts: Facts, changes: Sequence[ChangeLine]) -> tuple[TurnedLine, ...]:
    """Return what turned for the worse, then what else is behind: indicators and others in turn."""
    items = items_by_code(facts)
    behind = [line for line in facts.supervision if line.level is not Level.BLUE and not line.historic]
    supervised = {line.code: line for line in behind if line.kind is Duty.INDICATOR}
    missed = _missed_since(facts, changes)
    turned = [
        _turned(items[code], change, supervised.get(code), missed.get(code))
        for code, change in turned_worse(changes).items()
        if code in items
    ]
    turned.sort(key=lambda item: (item.margin, item.code))
    adjusted = {change.code: change for change in changes if change.after.startswith(TARGET)}
    turned = [_with_new_target(item, adjusted.get(item.code)) for item in turned]
    told = {line.code for line in turned}
    worst_first = sorted(supervised.values(), key=lambda line: (line.gap or 0, line.code))
    others = [line for line in behind if line.kind is not Duty.INDICATOR]
    rest = [line for line in _in_turn((*worst_first, *others)) if line.code not in told]
    return (*_in_turn(turned), *(_as_supervised(items[line.code], line) for line in rest))


def turned_worse(changes: Iterable[ChangeLine]) -> dict[str, ChangeLine]:
    """Return what turned for the worse by code, of two changes of a row that to a target that was missed."""
    turned: dict[str, ChangeLine] = {}
    for change in changes:
        if change.change in WORSE and (change.code not in turned or change.missed is not None):
            turned[change.code] = change
    return turned


def items_by_code(facts: Facts) -> dict[str, TurnedLine]:
    """Return every indicator, task and issue as a line of the list, by its code."""
    return facts.once(_items)


def _items(facts: Facts) -> dict[str, TurnedLine]:
    lines = [*_of_indicators(facts), *_of_tasks(facts), *_of_issues(facts)]
    return {line.code: line for line in lines}


def _in_turn(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Yield indicators in turn with tasks and issues, each kind in its order."""
    figures = [line for line in lines if line.kind is Duty.INDICATOR]
    others = [line for line in lines if line.kind is not Duty.INDICATOR]
    for n in range(max(len(figures), len(others))):
        yield from figures[n : n + 1]
        yield from others[n : n + 1]


def _with_new_target(item: TurnedLine, change: ChangeLine | None) -> TurnedLine:
    """Return an indicator with the target that was changed: that, not its figure, may be why it turned."""
    if change is None or item.kind is not Duty.INDICATOR:
        return item
    return replace(
        item, gap=f"{item.gap}；{change.before} → {change.after.removeprefix(TARGET)}".lstrip("；")
    )


def _as_supervised(item: TurnedLine, line: SupervisionLine) -> TurnedLine:
    """Return an indicator as it is supervised: by the target that it missed, though a new year began well."""
    if line.kind is not Duty.INDICATOR or line.state is item.state:
        return item
    gap = _beside_newest(line.measured, item)
    return replace(item, word=label_of(line.state), state=line.state, gap=gap, reason=line.reason)


def _missed_since(facts: Facts, changes: Sequence[ChangeLine]) -> dict[str, IndicatorLine]:
    """Return the indicators that missed a target since, as the figure that missed it is measured."""
    lines = {line.indicator.code: line for line in facts.indicators}
    found = {}
    for code, change in turned_worse(changes).items():
        if change.missed is not None:
            found[code] = by_verdict(lines[code], change.missed)
    return found


def _turned(
    item: TurnedLine, change: ChangeLine, supervised: SupervisionLine | None, missed: IndicatorLine | None
) -> TurnedLine:
    """Return an item with how it turned; `supervised` is how an indicator is supervised."""
    if change.change is Change.REOPENED:
        reason = item.reason
        if item.kind is Duty.ISSUE:
            reason = change.reason or reason  # the office reopened it: its words, not those it was closed by
        return replace(item, word=change.change.label, gap=_from_to(change, item), reason=reason)
    if change.missed is not None and missed is not None:
        return replace(
            item,
            word=_TURNED_TO[change.missed.state],
            state=change.missed.state,
            gap=_beside_newest(figure_in_words(missed), item),
            reason=change.reason,
            silence=_silence(missed.figure),
            margin=missed.gap or 0,
        )
    gap = item.gap
    if item.kind is not Duty.INDICATOR:
        gap = _from_to(change, item)
    if supervised and supervised.state is not item.state:
        gap = "；".join(filter(None, (gap, supervised.measured)))
    return replace(item, word=_TURNED_TO.get(item.state, "新增滞后"), gap=gap)


def _from_to(change: ChangeLine, item: TurnedLine) -> str:
    """Return from what to what a task or issue turned: `已完成 → 序时推进，还有9天`."""
    before = change.before.partition("（")[0]
    return "，".join(filter(None, (f"{before} → {label_of(item.state)}", item.gap)))


def _beside_newest(measured: str, item: TurnedLine) -> str:
    """Return how a target that has passed is told, with the newest figure."""
    newest = f"最新{item.gap}" if item.gap else ""
    return "；".join(filter(None, (measured, newest)))


def _of_indicators(facts: Facts) -> Iterator[TurnedLine]:
    for line in facts.indicators:
        yield TurnedLine(
            kind=Duty.INDICATOR,
            word=line.state.label,
            state=line.state,
            code=line.indicator.code,
            name=line.indicator.name,
            task_force=line.task_force,
            unit=facts.data.units(line.indicator.reporting_unit),
            gap=figure_in_words(line),
            reason=_reason(line.text("lag_reason"), line.text("next_steps")),
            silence=_silence(_behind_by(line)),
            margin=line.gap or 0,
        )


def _behind_by(line: IndicatorLine) -> Figure | None:
    """Return the figure by which it is behind: the newest one, else that which missed a target."""
    missed = [judgement.figure for judgement in line.passed if judgement.state is State.MISSED]
    if missed and line.state not in (State.MISSED, State.BEHIND, State.SLOW):
        return missed[-1]
    return line.figure


def _silence(figure: Figure | None) -> str:
    """Return what stands in place of a reason: one who puts a figure right or amends it is asked for none."""
    if figure is None:
        return UNSAID
    is_put_right = is_correction_place(figure.row.values.get("code"))
    if is_put_right or figure.row.basis:
        return TO_COME
    return UNSAID


def figure_in_words(line: IndicatorLine) -> str:
    """Return a figure beside what it is measured by: `5580，应达5860，差280件（2026年三季度）`."""
    if line.figure is None:
        return ""
    behind, unit = behind_in_words(line) or line.mark, unit_in_sentences(line.indicator.unit)
    if line.ahead is not None and line.ahead < 0:
        unit = ""  # it is told with the gap
    value = line.figure.value
    if isinstance(value, float):
        value = f"{value:.10g}{unit}"
    parts = [str(label_of(value)), _measured_by(line, unit), behind]
    return f"{'，'.join(filter(None, parts))}（{line.figure.period.dated_label}）"


_WORDS = {(1, False): "应达", (1, True): "须超过", (-1, False): "不超过", (-1, True): "须低于"}
"""What is said of the figure that is on pace: by the sign of better, and whether it must be passed."""


def _kind_of(line: IndicatorLine) -> tuple[int, bool]:
    if line.yardstick is None:
        return 1, False
    return line.yardstick.sign, line.yardstick.strict


def _measured_by(line: IndicatorLine, unit: str) -> str:
    if line.expected is not None:
        return f"{_WORDS[_kind_of(line)]}{line.expected:.10g}{unit}"
    if line.yardstick is not None and line.yardstick.target is not None:
        return f"目标{line.yardstick.target.spoken_with(unit)}"
    return ""


def _reason(reason: str, next_steps: str) -> str:
    ended = (text.rstrip("。；;，, ") for text in (reason, next_steps))
    return "；".join(filter(None, dict.fromkeys(ended)))


def _of_tasks(facts: Facts) -> Iterator[TurnedLine]:
    for line in facts.tasks:
        yield TurnedLine(
            kind=Duty.TASK,
            word=line.state.label,
            state=line.state,
            code=line.task.code,
            name=line.task.name,
            task_force=line.task_force,
            unit=facts.data.units(line.task.lead_unit),
            gap="，".join(filter(None, (line.milestone, task_in_words(line)))),
            reason=_reason(line.text("problems", "progress"), line.text("next_steps")),
            margin=line.days_left or 0,
        )


def _of_issues(facts: Facts) -> Iterator[TurnedLine]:
    for line in facts.issues:
        yield TurnedLine(
            kind=Duty.ISSUE,
            word=line.state.label,
            state=line.state,
            code=line.code,
            name=line.text("description"),
            task_force=line.task_force,
            unit="、".join(units_of_issue(line, facts.data)),
            gap=days_in_words(line.days_left),
            reason=_reason(line.text("progress", "measures"), ""),
            margin=line.days_left or 0,
        )
