"""The course of a figure (走势): its numbers over their data periods, the targets, and what happened to them.

Reads: the life of a row, plan and settings. Gives: a `FigureCourse` for each number of the row; no looks.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta, tzinfo

from tenproj_xl.app.life_results import Life
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Frequency, Period, period_of
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.evaluate_indicators import FLOWS, Mode, yardstick
from tenproj_xl.model.lives import RecordedValue, ValueStanding
from tenproj_xl.model.plan import Indicator, Plan, Target, Task
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import printed_unit

INVESTED = "invest_done"
_LEAD = timedelta(days=31)
"""How much of the time before the first number is shown."""


class MarkKind(LabelledCode):
    """What happened to a number."""

    GIVEN_OUT = "given_out", "印发"
    CORRECTED = "corrected", "更正"
    WITHDRAWN = "withdrawn", "撤回"
    NOT_ADOPTED = "not_adopted", "未采用"


@dataclass(frozen=True, kw_only=True)
class CourseDot:
    """A number that was recorded, at the end of what it is about."""

    about: Period
    value: float
    standing: ValueStanding
    nature: str

    @property
    def day(self) -> date:
        """The day that it is drawn at."""
        return self.about.last

    @property
    def counts(self) -> bool:
        """Whether it is the number that counts now."""
        return self.standing is ValueStanding.CURRENT


@dataclass(frozen=True, kw_only=True)
class CourseGoal:
    """A target, drawn over the days that it is for; one that is derived is for reference only."""

    first: date
    last: date
    value: float
    name: str
    is_reference: bool = False


@dataclass(frozen=True, kw_only=True)
class CourseMark:
    """What happened to the number of a period; `number` counts from 1 in the order of time."""

    number: int
    kind: MarkKind
    day: date
    value: float
    text: str


@dataclass(frozen=True, kw_only=True)
class FigureCourse:
    """The course of one number of a row.

    `lines` are runs of numbers that may be compared with each other, `path` the value that was to be reached
    by a day (序时进度), `cut` the day from which figures are of another scope (口径调整).
    """

    title: str
    measure: str
    first: date
    last: date
    dots: tuple[CourseDot, ...]
    lines: tuple[tuple[CourseDot, ...], ...]
    goals: tuple[CourseGoal, ...]
    path: tuple[tuple[date, float], ...]
    marks: tuple[CourseMark, ...]
    cut: date | None = None


def courses(life: Life, settings: Settings) -> list[FigureCourse]:
    """Return the course of every number of a row: of an indicator's figure, of a task's investment."""
    by_field: dict[str, list[RecordedValue]] = {}
    for value in life.values:
        if isinstance(value.value, float) and (value.field == INVESTED or _is_figure(value)):
            by_field.setdefault(value.field, []).append(value)
    return [_course(life, values, settings) for values in by_field.values()]


def _is_figure(value: RecordedValue) -> bool:
    return value.row.sheet == "indicators" and value.is_main


def _course(life: Life, values: Sequence[RecordedValue], settings: Settings) -> FigureCourse:
    dots = tuple(_dot(value) for value in values)
    indicator = life.plan.indicator(life.subject)
    measure = values[-1].measure
    first, last = _span(dots)
    goals: tuple[CourseGoal, ...] = ()
    path: tuple[tuple[date, float], ...] = ()
    cut = None
    if indicator is not None:
        goals = tuple(_goals(indicator, first, last))
        path = tuple(_path(indicator, settings, first, last))
        measure = measure or indicator.unit
        if indicator.series_starts and first < indicator.series_starts.first <= last:
            cut = indicator.series_starts.first
    elif values[-1].field == INVESTED:
        goals = tuple(_invested_goal(life, last))
        measure = "亿元"
    return FigureCourse(
        title=f"{life.title}　{values[-1].header.partition('（')[0]}",
        measure=measure,
        first=first,
        last=last,
        dots=dots,
        lines=tuple(_lines(dots, indicator)),
        goals=goals,
        path=path,
        marks=tuple(_marks(values, measure, life.plan, life.zone)),
        cut=cut,
    )


def _dot(value: RecordedValue) -> CourseDot:
    return CourseDot(
        about=value.about,
        value=float(text_of(value.value)),
        standing=value.standing,
        nature=text_of(value.nature),
    )


def _span(dots: Sequence[CourseDot]) -> tuple[date, date]:
    """Return the days that are shown: a month before the first number to the end of the last one's year."""
    first = min(dot.day for dot in dots) - _LEAD
    last = max(dot.day for dot in dots)
    return first.replace(day=1), date(last.year, 12, 31)


def _lines(dots: Sequence[CourseDot], indicator: Indicator | None) -> Iterator[tuple[CourseDot, ...]]:
    """Yield the runs of numbers that count and may be compared with the one before."""
    run: list[CourseDot] = []
    for dot in sorted((dot for dot in dots if dot.counts), key=lambda dot: dot.about):
        if run and not _is_joined(run[-1].about, dot.about, indicator):
            yield tuple(run)
            run = []
        run.append(dot)
    if run:
        yield tuple(run)


def _is_joined(one: Period, other: Period, indicator: Indicator | None) -> bool:
    """Return whether a line may lead from a number to the next.

    What starts at 0 in each year falls in January, which is no bad news; whole years are compared.
    """
    if indicator is None:
        return one.year == other.year
    if not indicator.is_comparable(one, other):
        return False
    if indicator.measure not in FLOWS or (one.is_year and other.is_year):
        return True
    return one.year == other.year


# --- targets


def _goals(indicator: Indicator, first: date, last: date) -> Iterator[CourseGoal]:
    """Yield the targets for what is shown; where that has none, the next one, if it is for a level."""
    later: list[Target] = []
    has_own = False
    for target in indicator.targets:
        begins, ends = max(first, target.period.first), min(last, target.period.last)
        if target.value is None:
            continue
        if begins <= ends:
            has_own = True
            yield _goal(indicator, target, begins, ends)
        elif target.period.first > last and target.period.is_year:
            later.append(target)
    if later and not has_own and indicator.measure not in FLOWS:
        yield _goal(indicator, later[0], first, last)


def _goal(indicator: Indicator, target: Target, first: date, last: date) -> CourseGoal:
    name = f"{target.period.label}目标：{target.spoken_with(indicator.unit)}"
    if not target.judges:
        name += "（推算，仅供参考）"
    value = target.value or 0.0
    return CourseGoal(first=first, last=last, value=value, name=name, is_reference=not target.judges)


def _path(indicator: Indicator, settings: Settings, first: date, last: date) -> Iterator[tuple[date, float]]:
    """Yield the value that was to be reached by the end of each month."""
    day = first
    while day <= last:
        month = period_of(day, Frequency.MONTH)
        limits = yardstick(indicator, month, settings)
        if limits.mode in (Mode.PACE, Mode.JUDGE) and limits.expected is not None:
            yield month.last, limits.expected
        day = month.last + timedelta(days=1)


def _invested_goal(life: Life, last: date) -> Iterator[CourseGoal]:
    task = _task(life.plan, life.subject)
    if task is None or task.invest_plan is None:
        return
    name = f"{last.year}年计划投资：{task.invest_plan:g}亿元"
    yield CourseGoal(first=date(last.year, 1, 1), last=last, value=task.invest_plan, name=name)


def _task(plan: Plan, code: str) -> Task | None:
    for task in plan.tasks:
        if task.code == code:
            return task
    return None


# --- what happened


@dataclass(frozen=True, kw_only=True)
class _Event:
    """What happened to a number, and when."""

    at: float
    kind: MarkKind
    value: RecordedValue
    text: str


def _marks(values: Sequence[RecordedValue], measure: str, plan: Plan, zone: tzinfo) -> Iterator[CourseMark]:
    """Yield what happened to the numbers, in the order of time."""
    events = [*_papers(values, measure, zone), *_changes(values, measure, plan, zone)]
    events.sort(key=lambda event: event.at)
    for number, event in enumerate(events, 1):
        yield CourseMark(
            number=number,
            kind=event.kind,
            day=event.value.about.last,
            value=float(text_of(event.value.value)),
            text=event.text,
        )


def _papers(values: Iterable[RecordedValue], measure: str, zone: tzinfo) -> Iterator[_Event]:
    """Yield the papers that were given out with a number."""
    for value in values:
        figure = f"其中{value.about.dated_label}为{_amount(value, measure)}"
        for paper in value.papers:
            if paper.is_given_out:
                clock = f"{paper.at.astimezone(zone):%Y-%m-%d %H:%M}"
                text = f"{clock}　印发“{paper.label}”，{figure}"
                yield _Event(at=paper.at.timestamp(), kind=MarkKind.GIVEN_OUT, value=value, text=text)


def _changes(values: Sequence[RecordedValue], measure: str, plan: Plan, zone: tzinfo) -> Iterator[_Event]:
    """Yield where a number took the place of another one, was withdrawn, or was not adopted."""
    standing: dict[Period, RecordedValue] = {}
    for value in values:
        at = value.recording.at
        who = printed_unit(value.row.unit, plan)
        told = f"{value.about.dated_label}{_amount(value, measure)}"
        if value.withdrawn is not None:
            at = value.withdrawn.at
            kind = MarkKind.WITHDRAWN
            text = f"撤回{who}所报{told}：{value.withdrawn.why}"
        elif value.standing is ValueStanding.NOT_ADOPTED:
            kind = MarkKind.NOT_ADOPTED
            text = f"{who}报{told}，没有采用"
        else:
            earlier = standing.get(value.about)
            standing[value.about] = value
            if earlier is None or earlier.value == value.value:
                continue
            kind = MarkKind.CORRECTED
            text = _corrected(earlier, value, measure, who)
        clock = f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
        yield _Event(at=at.timestamp(), kind=kind, value=value, text=f"{clock}　{text}")


def _corrected(earlier: RecordedValue, value: RecordedValue, measure: str, who: str) -> str:
    """Return how a number took the place of another one: from the same unit, or from another one."""
    about = value.about.dated_label
    if earlier.row.unit == value.row.unit:
        return f"{who}更正{about}：{text_of(earlier.value)}→{_amount(value, measure)}"
    return f"{who}报{about}{_amount(value, measure)}，此前报的是{_amount(earlier, measure)}"


def _amount(value: RecordedValue, measure: str) -> str:
    return f"{text_of(value.value)}{measure}"
