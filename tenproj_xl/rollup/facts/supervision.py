"""Lines of 督办清单: what is about to be late, is behind, or is overdue."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.evaluate_indicators import FLOWS, Mode, yardstick
from tenproj_xl.model.history import Figure
from tenproj_xl.model.plan import Indicator, Target, TaskForce
from tenproj_xl.model.plausibility import places_of
from tenproj_xl.model.rulings import is_told_with_a_later, lets_go, merged_into, ruling_on
from tenproj_xl.model.slips import Level, Slip
from tenproj_xl.rollup.facts.ahead import gap_of
from tenproj_xl.rollup.facts.indicators import IndicatorLine, Judgement
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import IssueLine, units_of_issue
from tenproj_xl.rollup.facts.tasks import TaskLine


@dataclass(frozen=True, kw_only=True)
class SupervisionLine:
    """One item. `days` are those past the deadline (negative: still to go); `slip` is its newest slip.

    `original` is the deadline that it had before a decision moved it, None for one that was never moved.
    `measured` tells in words how far behind it is, `besides` what lags now of an indicator that missed an
    earlier target. One that is `historic` is long past its deadline: it stands last, and page one counts it
    in one line. A task whose investment lags is `invest_short` of so much, in 亿元.
    """

    level: Level
    kind: Duty
    code: str
    name: str
    task_force: TaskForce
    unit: str
    state: LabelledCode
    deadline: date | None
    days: int | None
    gap: float | None
    measured: str
    reason: str
    source: str
    slip: Slip | None = None
    historic: bool = False
    original: date | None = None
    besides: str = ""
    invest_short: float = 0.0

    @property
    def told(self) -> str:
        """How far behind it is, with what lags besides: `2025年目标未达标；2027年目标滞后，差24件`."""
        return "；".join(filter(None, (self.measured, self.besides)))

    @property
    def item(self) -> date | None:
        """The date that a decision about it is about: its deadline before any decision."""
        return self.original or self.deadline


_PERCENT = ("%", "百分点")
_PLACES, _MOST_PLACES = 2, 6
_TASK_LEVELS: Mapping[str, Level] = {
    TaskState.OVERDUE: Level.RED,
    TaskState.BEHIND: Level.YELLOW,
    TaskState.DUE_SOON: Level.BLUE,
}
_ISSUE_LEVELS: Mapping[str, Level] = {IssueState.OVERDUE: Level.RED, IssueState.DUE_SOON: Level.BLUE}
_INDICATOR_LEVELS: Mapping[str, Level] = {State.MISSED: Level.RED, State.BEHIND: Level.YELLOW}


def supervision_lines(
    data: RollupInput,
    indicators: Sequence[IndicatorLine],
    tasks: Sequence[TaskLine],
    issues: Sequence[IssueLine],
) -> tuple[SupervisionLine, ...]:
    """Return all items of the task forces involved, most urgent first, then those furthest behind.

    Nothing leaves the list by time alone, only by what is reported or decided; what is long past stands last.
    """
    items = [*_of_indicators(data, indicators), *_of_tasks(data, tasks), *_of_issues(data, issues)]
    merged = merged_into(data.known)
    return tuple(
        replace(item, slip=data.register.shown_on(item.code), reason=_with_origin(item, data, merged))
        for item in _most_urgent_first(items, data)
    )


def with_unsettled(
    lines: Iterable[IndicatorLine], items: Iterable[SupervisionLine]
) -> tuple[IndicatorLine, ...]:
    """Return indicators, those marked that missed a target before which is on the list by itself."""
    missed = {item.code for item in items if item.kind is Duty.INDICATOR and item.state is State.MISSED}
    return tuple(
        replace(line, missed_before=line.state is not State.MISSED and line.indicator.code in missed)
        for line in lines
    )


def all_items(
    data: RollupInput,
    indicators: Iterable[IndicatorLine],
    tasks: Iterable[TaskLine],
    issues: Iterable[IssueLine],
) -> tuple[SupervisionLine, ...]:
    """Return what can be decided about by itself: of an indicator every target that it is behind, too."""
    items = [*_of_tasks(data, tasks), *_of_issues(data, issues)]
    for line in indicators:
        items += _undecided(data, line, (*_behind_now(data, line), *_unsettled(data, line)))
    return tuple(_most_urgent_first(items, data))


def _most_urgent_first(items: Iterable[SupervisionLine], data: RollupInput) -> list[SupervisionLine]:
    """Return items in the order of the list, marked where they are long past their deadline."""
    levels = list(Level)
    marked = [replace(item, historic=_is_historic(item, data)) for item in items]
    marked.sort(
        key=lambda item: (
            item.historic,
            levels.index(item.level),
            -(item.days or 0),
            item.gap or 0,
            item.code,
        )
    )
    return marked


def _is_historic(item: SupervisionLine, data: RollupInput) -> bool:
    """Return whether a deadline is past by more days than an item is told of one by one.

    What lags now is no matter of the past.
    """
    if item.deadline is None or item.level is Level.BLUE or item.besides:
        return False
    days = (data.day - item.deadline).days
    if item.days is not None:
        days = item.days  # of an issue without those on which it was paused
    return days > data.settings.historic_days


def _with_origin(item: SupervisionLine, data: RollupInput, merged: Mapping[str, Sequence[str]]) -> str:
    """Return the reason, with what was merged into the item, and the task force that had it before."""
    notes = ""
    former = data.plan.former_force(item.code)
    if former is not None:
        notes = f"（原{former.code}专班转来）"
    if item.code in merged:
        notes += f"（含并入的{'、'.join(merged[item.code])}）"
    return notes + item.reason


def _as_decided(item: SupervisionLine, data: RollupInput) -> SupervisionLine | None:
    """Return an item as the office decided about it: as it is, with a new deadline, or None once it left."""
    ruling = ruling_on(data.known, item.code, item.deadline)
    if ruling is None:
        return item
    if ruling.verdict is Verdict.ADJUST and ruling.until is not None:
        return _adjusted(item, ruling.until, data)
    if lets_go(ruling, item.level):
        return None
    return item


def _adjusted(item: SupervisionLine, until: date, data: RollupInput) -> SupervisionLine | None:
    """Return an item measured by a new deadline; None while that is not near.

    What a task lacks of its year's investment stays: the decision is not about that.
    """
    left = (until - data.day).days
    if left > data.settings.soon_days and not item.invest_short:
        return None
    level, state = Level.BLUE, TaskState.DUE_SOON
    if item.invest_short:
        level, state = Level.YELLOW, TaskState.BEHIND
    if left < 0:
        level, state = Level.RED, TaskState.OVERDUE
    moved = replace(item, level=level, deadline=until, original=item.deadline, days=-left)
    if item.kind is Duty.TASK:
        return replace(moved, state=state, measured=_days_and_investment(left, item.invest_short))
    measured = f"{item.measured}，按调整后的时限{days_in_words(left)}"
    return replace(moved, measured=measured.removeprefix("，"))


def _of_indicators(data: RollupInput, lines: Iterable[IndicatorLine]) -> Iterable[SupervisionLine]:
    """Yield the most pressing item of each indicator: a target that was missed comes before what lags now.

    What the office decided about one of them leaves the others as they are.
    """
    levels = list(Level)
    for line in lines:
        lagging = _undecided(data, line, _behind_now(data, line))
        passed = _undecided(data, line, _unsettled(data, line))
        item = min((*lagging, *passed), key=lambda item: levels.index(item.level), default=None)
        if item is None:
            continue
        if lagging and item in passed:
            item = _with_lag(item, lagging[0], line)
        yield item


def _undecided(
    data: RollupInput, line: IndicatorLine, items: Iterable[SupervisionLine]
) -> list[SupervisionLine]:
    """Return those items of an indicator that no decision has let go, as they were decided."""
    found = []
    for item in items:
        decided = _as_decided(item, data)
        if decided is not None and not (decided.original and _is_reached(data, line, decided.original)):
            found.append(decided)
    return found


def _with_lag(missed: SupervisionLine, lagging: SupervisionLine, line: IndicatorLine) -> SupervisionLine:
    """Return the item of a missed target with how far the indicator is behind on its way to the next."""
    besides = "，".join(filter(None, (lagging.state.label, lagging.measured)))
    if line.yardstick is not None and line.yardstick.target is not None:
        besides = f"{line.yardstick.target.period.dated_label}目标{besides}"
    reasons = dict.fromkeys((missed.reason, lagging.reason))
    return replace(
        missed,
        gap=lagging.gap,
        besides=besides,
        reason="；".join(filter(None, reasons)),
        source=lagging.source,
    )


def _is_reached(data: RollupInput, line: IndicatorLine, last: date) -> bool:
    """Return whether a target whose deadline was moved is met since, but by no yearly flow: it began anew."""
    target = next((target for target in line.indicator.targets if target.period.last == last), None)
    if target is None or line.figure is None or line.indicator.measure in FLOWS:
        return False
    stick = yardstick(line.indicator, target.period, data.settings)
    is_later = line.figure.period.last > last
    return is_later and isinstance(line.figure.value, float) and stick.meets(line.figure.value)


def _behind_now(data: RollupInput, line: IndicatorLine) -> Iterator[SupervisionLine]:
    """Yield an item of what the newest figure of an indicator says, nothing of one that is not behind."""
    level = _INDICATOR_LEVELS.get(line.state)
    if level is None or line.yardstick is None or line.yardstick.target is None:
        return
    item = _of_target(data, line, line.yardstick.target, level)
    source = ""
    if line.figure:
        source = data.source(line.figure.row, "value")
    yield replace(
        item,
        state=line.state,
        gap=line.gap,
        measured=behind_in_words(line) or line.mark,
        reason=line.text("lag_reason"),
        source=source,
    )


def _unsettled(data: RollupInput, line: IndicatorLine) -> Iterator[SupervisionLine]:
    """Yield items of passed targets, last first: what was missed, what nobody has verified since it lagged.

    A new year, whose figures begin at 0, settles nothing.
    """
    if not line.task_force.involved:
        return
    missed = []
    for judgement in line.passed:
        last = judgement.target.period.last
        is_missed = judgement.state is State.MISSED
        if is_missed and not is_told_with_a_later(data.known, line.indicator.code, last):
            missed.append(judgement)
    while missed:
        item = _of_target(data, line, missed[-1].target, Level.RED)
        yield replace(
            item,
            state=State.MISSED,
            gap=by_verdict(line, missed[-1]).gap,
            measured=_missed_in_words(line, missed),
            reason=_reason_of(missed[-1].figure, line),
            source=data.source_of(missed[-1].figure),
        )
        missed.pop()
    waiting: list[tuple[Target, Figure]] = []
    for judgement in line.passed:
        if judgement.state is State.PENDING and (figure := _lagged(data, line.indicator, judgement.target)):
            waiting.append((judgement.target, figure))
    while waiting:
        target, figure = waiting[-1]
        named = "、".join(one.period.dated_label for one, _ in waiting)
        yield replace(
            _of_target(data, line, target, Level.YELLOW),
            state=State.PENDING,
            measured=f"{named}目标待核定，最后报的数滞后",
            reason=_reason_of(figure, line),
            source=data.source_of(figure),
        )
        waiting.pop()


def _missed_in_words(line: IndicatorLine, missed: Sequence[Judgement]) -> str:
    """Return the targets that were missed, and by how much the last was: `2026年目标未达标，差6件`."""
    years = [judgement.target.period.dated_label for judgement in missed]
    short = behind_in_words(by_verdict(line, missed[-1]))
    if short and len(years) > 1:
        short = f"{years[-1]}{short}"
    return "，".join(filter(None, (f"{'、'.join(years)}目标未达标", short)))


def by_verdict(line: IndicatorLine, judgement: Judgement) -> IndicatorLine:
    """Return an indicator as the figure that decided about a target that has passed is measured by it."""
    figure, stick, gap = judgement.figure, judgement.yardstick, None
    if figure is not None and stick is not None:
        gap = gap_of(line.indicator, stick, figure.value)
    return replace(line, figure=figure, yardstick=stick, gap=gap)


def _reason_of(figure: Figure | None, line: IndicatorLine) -> str:
    """Return what its unit gave as the reason of a figure, in its row or, of the newest, in a later one."""
    reason = figure.reason if figure is not None else ""
    if not reason and figure == line.figure:
        return line.text("lag_reason")
    return reason


def _lagged(data: RollupInput, indicator: Indicator, target: Target) -> Figure | None:
    """Return the last figure of a yearly flow by the date of its target where it was 滞后, else None."""
    if indicator.measure not in FLOWS:
        return None  # what adds up over the years is judged by its newest figure
    year, last = target.period.year, target.period.last
    figures = [f for f in data.known.figures(indicator.code) if f.period.counted_on <= last]
    if not figures or figures[-1].period.year != year:
        return None
    figure = figures[-1]
    stick = yardstick(indicator, figure.period, data.settings)
    state = stick.state(figure.value, figure.nature)
    if stick.mode is Mode.JUDGE and isinstance(figure.value, float):
        state = stick.light(figure.value)
    if state is State.BEHIND:
        return figure
    return None


def _of_target(data: RollupInput, line: IndicatorLine, target: Target, level: Level) -> SupervisionLine:
    """Return the item of an indicator and one of its targets, without what is said of them."""
    return SupervisionLine(
        level=level,
        kind=Duty.INDICATOR,
        code=line.indicator.code,
        name=line.indicator.name,
        task_force=line.task_force,
        unit=data.units(line.indicator.reporting_unit),
        state=line.state,
        deadline=target.period.last,
        days=None,
        gap=None,
        measured="",
        reason="",
        source="",
    )


def behind_in_words(line: IndicatorLine) -> str:
    """Return how far behind an indicator is, in its own unit: `差1.24亿元`; "" for one that is not.

    What tells of a figure that is not published yet is marked.
    """
    if line.ahead is None or line.ahead >= 0:
        return ""
    unit, places = line.indicator.unit, places_of(line.indicator)
    if unit in _PERCENT:
        unit, places = "个百分点", _PLACES
    if places is None:
        places = _PLACES
    text = f"差{_short(-line.ahead, places)}{unit}"
    if line.mark:
        return f"{text}（{line.mark}）"
    return text


def _short(number: float, places: int) -> str:
    """Return a number with so many decimals, with more where it would be nothing."""
    while not round(number, places) and places < _MOST_PLACES:
        places += 1
    return f"{round(number, places):.10g}"


def _of_tasks(data: RollupInput, lines: Iterable[TaskLine]) -> Iterable[SupervisionLine]:
    for line in lines:
        level = _TASK_LEVELS.get(line.state)
        # A task without a return is overdue as well once its deadline has passed.
        if line.state == TaskState.MISSING and line.days_left is not None and line.days_left < 0:
            level = Level.RED
        if level is None:
            continue
        item = SupervisionLine(
            level=level,
            kind=Duty.TASK,
            code=line.task.code,
            name=line.task.name,
            task_force=line.task_force,
            unit=data.units(line.task.lead_unit),
            state=line.state,
            deadline=line.due_on,
            days=_days_over(line.days_left),
            gap=None,
            measured=task_in_words(line),
            reason=line.text("problems", "progress"),
            source=data.source(line.status_row, "status"),
            invest_short=line.invest_short,
        )
        decided = _as_decided(item, data)
        if decided is not None:
            yield decided


def _of_issues(data: RollupInput, lines: Iterable[IssueLine]) -> Iterable[SupervisionLine]:
    for line in lines:
        level = _ISSUE_LEVELS.get(line.state)
        if level is not None and line.task_force.involved:
            yield _of_issue(data, line, level)


def issues_not_listed(data: RollupInput, lines: Iterable[IssueLine]) -> Iterator[SupervisionLine]:
    """Yield the open issues that are neither overdue nor due soon, each as it would begin on the list."""
    for line in lines:
        if line.is_open and line.state not in _ISSUE_LEVELS and line.task_force.involved:
            yield _of_issue(data, line, Level.BLUE)


def _of_issue(data: RollupInput, line: IssueLine, level: Level) -> SupervisionLine:
    return SupervisionLine(
        level=level,
        kind=Duty.ISSUE,
        code=line.code,
        name=line.text("description"),
        task_force=line.task_force,
        unit="、".join(units_of_issue(line, data)),
        state=line.state,
        deadline=line.due_on,
        days=_days_over(line.days_left),
        gap=None,
        measured=days_in_words(line.days_left),
        reason=line.text("progress", "measures"),
        source=data.source(line.row, "due_on"),
    )


def _days_over(days_left: int | None) -> int | None:
    if days_left is None:
        return None
    return -days_left


def days_in_words(days_left: int | None) -> str:
    """Return how far a deadline is: `超期9天`, `还有11天`; "" without one."""
    if days_left is None:
        return ""
    if days_left < 0:
        return f"超期{-days_left}天"
    return f"还有{days_left}天"


def task_in_words(line: TaskLine) -> str:
    """Return how far a task is from its date, and what its investment lacks: `还有20天，投资差1.47亿元`."""
    return _days_and_investment(line.days_left, line.invest_short)


def _days_and_investment(days_left: int | None, invest_short: float) -> str:
    short = ""
    if invest_short:
        short = f"投资差{_short(invest_short, _PLACES)}亿元"
    return "，".join(filter(None, (days_in_words(days_left), short)))
