"""Lines of 主要指标: what each indicator amounts to, at the date of its own newest figure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import MINYEAR

from tenproj_xl.core.answers import Nature
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import is_for_period
from tenproj_xl.core.periods import Period
from tenproj_xl.core.states import LIGHTS, State
from tenproj_xl.model.cell_sources import CellSource
from tenproj_xl.model.data_releases import UNRELEASED
from tenproj_xl.model.evaluate_indicators import (
    FLOWS,
    Mode,
    Yardstick,
    is_target_undecided,
    judging,
    yardstick,
)
from tenproj_xl.model.history import Figure, Reported, as_returned, figure_in
from tenproj_xl.model.plan import Indicator, Target, TaskForce
from tenproj_xl.model.rankings import Ranking
from tenproj_xl.model.settings import Settings
from tenproj_xl.rollup.facts.ahead import gap_of, told_ahead
from tenproj_xl.rollup.facts.editions import YEAR
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.reported import (
    HELD,
    ReportedLine,
    freshness,
    newest_value,
    no_older_than_reason,
    origin,
)


class YearJudgement(LabelledCode):
    """How a year's target is judged in the end, in order of importance."""

    MET = "met", "达标"
    MISSED = "missed", "未达标"
    STRIVEN = "striven", "力争未达到"
    """Not met, and the plan only strives for it (力争)."""
    PENDING = "pending", "待核定"
    NOT_DUE = "not_due", "未到期"


_OF_FIGURE = frozenset(("value", "data_period", "nature"))


@dataclass(frozen=True)
class Judgement:
    """A target whose date has passed: 待核定 until a verified figure of exactly that date is in.

    One that was only striven for (力争) is met or a matter of reference, never missed. `figure` decided it,
    measured by `yardstick`.
    """

    target: Target
    state: State
    figure: Figure | None = None
    yardstick: Yardstick | None = None

    @property
    def reason(self) -> str:
        """What its unit said of the figure that decided it; "" where it said nothing."""
        if self.figure is None:
            return ""
        return self.figure.reason

    @property
    def label(self) -> str:
        """The judgement in words for people."""
        if self.state is State.REFERENCE:
            return YearJudgement.STRIVEN.label
        return self.state.label


@dataclass(frozen=True, kw_only=True)
class IndicatorLine(ReportedLine):
    """One indicator. `state` is judged by `figure`; `previous` is the one before it, or one that is too old.

    `counted` is 应评: there is a light, or there would be one had the due figure come. `gap` is in hundredths
    of the target (for growth rates in their own unit), negative where behind. `carried` names the period of
    an older return. `rows` are the last return and the one that brought the figure, newest first. `doubt`
    stands beside it. `waiting` are the data periods of those figures shown that are not published yet, and
    for leaders alone. `ranking` is what the office knows from superiors for the figure's data period. Of one
    that `missed_before` 督办清单 lists a target that it missed, while its newest figure is judged by another.
    """

    indicator: Indicator
    task_force: TaskForce
    state: State
    counted: bool
    due: Period | None
    asked: bool
    figure: Figure | None
    previous: Figure | None
    yardstick: Yardstick | None
    gap: float | None
    stale: bool
    carried: str
    passed: tuple[Judgement, ...]
    rows: tuple[Reported, ...]
    doubt: str = ""
    waiting: tuple[Period, ...] = ()
    ranking: Ranking | None = None
    missed_before: bool = False

    @property
    def unreleased(self) -> bool:
        """Whether the figure is not published yet."""
        return self.figure is not None and self.figure.period in self.waiting

    @property
    def place(self) -> Value:
        """The district's rank: what a superior said of the figure's data period, else what its unit says."""
        if self.ranking is not None and self.ranking.rank is not None:
            return float(self.ranking.rank)
        return self.reported("city_rank")

    @property
    def lag_reason(self) -> Value:
        """Why its figure is behind; else, with its period, what was said of the last target it missed."""
        reason = self.reported("lag_reason")
        explained = (judgement for judgement in self._missed if judgement.reason)
        missed = next(explained, None)
        if reason or missed is None:
            return reason
        return f"{missed.target.period.dated_label}：{missed.reason}"

    @property
    def _missed(self) -> list[Judgement]:
        """The targets that were missed, the last first."""
        return [judgement for judgement in reversed(self.passed) if judgement.state is State.MISSED]

    @property
    def mark(self) -> str:
        """What stands wherever its figure is quoted: 未公布，内部掌握; "" of one that is published."""
        if self.unreleased:
            return UNRELEASED
        return ""

    @property
    def value(self) -> float | str | None:
        """The figure's value; None without a figure."""
        if self.figure is None:
            return None
        return self.figure.value

    @property
    def data_period(self) -> str | None:
        """The label of the figure's data period; None without a figure."""
        if self.figure is None:
            return None
        return self.figure.period.dated_label

    @property
    def nature(self) -> Nature | None:
        """The nature of the figure; None without a figure."""
        if self.figure is None:
            return None
        return self.figure.nature

    @property
    def share(self) -> float | None:
        """完成率 as a fraction."""
        if self.yardstick is None or self.figure is None:
            return None
        return self.yardstick.share(self.figure.value)

    @property
    def is_share_of_year(self) -> bool:
        """Whether 完成率 is a share of the year's target, while that of a part of the year is judged."""
        stick, share = self.yardstick, self.share
        return share is not None and stick is not None and stick.share_of_target(self.value) != share

    @property
    def pace(self) -> float | None:
        """序时进度 as a fraction, at the figure's own date."""
        if self.yardstick is None:
            return None
        return self.yardstick.pace

    @property
    def ahead(self) -> float | None:
        """By how much the figure is ahead of its pace in its own unit, negative where it is behind.

        It has two decimals, one more than the figures have where it would be nothing.
        """
        if self.yardstick is None or self.figure is None:
            return None
        return told_ahead(self.yardstick, self.figure.value)

    @property
    def expected(self) -> float | None:
        """序时应完成值: the value on pace at the figure's own date."""
        stick = self.yardstick
        if stick is None or stick.mode is not Mode.PACE or stick.expected is None:
            return None
        return round(stick.expected, 2)

    def year_shown(self, year: int) -> int:
        """Return the year that the line is about: that of its figure, else of what is due, else `year`."""
        if self.figure is not None:
            return self.figure.period.year
        if self.due is not None:
            return self.due.year
        return year

    @property
    def answered(self) -> bool:
        """Whether the figure that is due is in, though it may be of a year that is not judged any more."""
        newest = self.figure or self.previous
        return newest is not None and (self.due is None or newest.period.last >= self.due.last)

    @property
    def is_missing(self) -> bool:
        """Whether it is 应报未报: it would be judged, and there is no figure to judge."""
        return self.counted and self.state is State.MISSING

    @property
    def pending(self) -> int:
        """The number of passed targets that nobody has verified."""
        return sum(j.state is State.PENDING for j in self.passed)

    @property
    def unverified_before(self) -> bool:
        """Whether a target that has passed is not verified, while the newest figure is judged by another."""
        return self.state is not State.PENDING and self.pending > 0

    @property
    def passed_in_words(self) -> str:
        """The targets that have passed, by judgement: `2023年：达标；2024、2025年、2026年一季度：待核定`."""
        by_label: dict[str, list[Period]] = {}
        for judgement in self.passed:
            by_label.setdefault(judgement.label, []).append(judgement.target.period)
        return "；".join(f"{listed_periods(periods)}：{label}" for label, periods in by_label.items())

    @property
    def freshness(self) -> str:
        """How fresh the figure is: 本期, 沿用第47周, or too old with what is due."""
        if self.figure is None:
            if self.due and self.state == State.MISSING:
                return f"应报{self.due.dated_label}"
            return ""
        carried = freshness(self.carried, self.rows, self.doubt)
        if self.unreleased:
            carried = f"{carried}，{UNRELEASED}"
        if self.due and self.stale:
            return f"数据过旧：应报{self.due.dated_label}（{carried}）"
        return carried

    def reported(self, field: str) -> Value:
        """Return a field of the last return, else of the return that brought the figure."""
        return newest_value(self._telling(field), field)

    def origin(self, field: str) -> CellSource | None:
        """Return where a field was typed; what belongs to a figure, in the return that brought it."""
        if field == "last_value":
            return origin([self.previous.row] if self.previous else [], "value")
        if field in _OF_FIGURE:
            return origin([self.figure.row] if self.figure else [], field)
        return origin(self._telling(field), field)

    def _telling(self, field: str) -> Sequence[Reported]:
        """Return the rows in which a field is about what the line tells."""
        if field == "lag_reason":
            return [row for row in self.rows if self._is_of_figure(row)]
        if field != "next_steps":
            return self.rows
        missed = [judgement.figure.row for judgement in self._missed if judgement.figure]
        return no_older_than_reason(self.rows, (*self._telling("lag_reason"), *missed), "lag_reason")

    def _is_of_figure(self, row: Reported) -> bool:
        """Return whether a row is about the figure told, and not about one of another data period."""
        reported = figure_in(row)
        return reported is None or (self.figure is not None and reported.period == self.figure.period)


def listed_periods(periods: Sequence[Period]) -> str:
    """Return periods in words, years first: `2024、2025年、2026年一季度`."""
    years = [period.code for period in periods if period.is_year]
    parts = [period.dated_label for period in periods if not period.is_year]
    if years:
        parts.insert(0, f"{'、'.join(years)}年")
    return "、".join(parts)


def period_code(figure: Figure | None) -> str | None:
    """Return the code of a figure's data period; None without a figure."""
    if figure is None:
        return None
    return figure.period.code


def indicator_lines(data: RollupInput) -> tuple[IndicatorLine, ...]:
    """Return a line for every indicator, in the plan's order."""
    return tuple(line_of(indicator, data) for indicator in data.plan.indicators)


def line_of(indicator: Indicator, data: RollupInput) -> IndicatorLine:
    """Return the line of an indicator, as in the plan or with other targets."""
    task_force = data.task_force(indicator.task_force)
    due = data.due(indicator)
    figures = data.known.figures(indicator.code)
    figure, previous = _current(indicator, figures, _first_year(indicator, due, data))
    in_plan = indicator
    indicator = as_returned(in_plan, figure)
    passed: tuple[Judgement, ...] = ()
    if task_force.involved:
        targets = [target for target in indicator.judging_targets if target.period.last <= data.day]
        passed = tuple(_judged(in_plan, targets, figures, data))
    stick, gap, stale, ranking = None, None, False, None
    if figure:
        ranking = data.settings.rankings.of(indicator.code, figure.period, data.plan)
        stick = yardstick(indicator, figure.period, data.settings)
        gap = gap_of(indicator, stick, figure.value)
        stale = due is not None and figure.period.last < due.last
    state = State.NOT_INVOLVED
    if task_force.involved:
        state = _state(indicator, figure, stick, due, data)
    shown = {f.period for f in (figure, previous, *(judgement.figure for judgement in passed)) if f}
    return IndicatorLine(
        indicator=indicator,
        task_force=task_force,
        ranking=ranking,
        state=state,
        counted=task_force.involved and _is_counted(state, indicator, due, data),
        due=due,
        asked=_is_asked(indicator, due, data),
        figure=figure,
        previous=previous,
        yardstick=stick,
        gap=gap,
        stale=stale,
        carried=_carried(figure, data),
        passed=passed,
        rows=tuple(sorted(_rows(indicator, figure, data), key=lambda row: row.order, reverse=True)),
        doubt=_doubt(indicator, figure, data),
        waiting=tuple(sorted(period for period in shown if not data.is_released(indicator, period))),
    )


def judged_as(line: IndicatorLine, period: Period, state: State, data: RollupInput) -> IndicatorLine:
    """Return a line as it would be if a figure of a data period counted, and were judged so.

    A figure of a year that is not judged any more, or an older one than counts, makes no difference.
    """
    is_older = line.figure is not None and period.last < line.figure.period.last
    if is_older or period.year < _first_year(line.indicator, line.due, data):
        return line
    return replace(
        line,
        state=state,
        counted=line.task_force.involved and _is_counted(state, line.indicator, line.due, data),
        stale=line.due is not None and period.last < line.due.last,
    )


def _is_asked(indicator: Indicator, due: Period | None, data: RollupInput) -> bool:
    """Return whether the period's form asks for a figure that no earlier period brought."""
    if due is None or is_target_undecided(indicator, due.year):
        return False
    earlier = data.known_before.figures(indicator.code)
    return not earlier or earlier[-1].period.last < due.last


def _carried(figure: Figure | None, data: RollupInput) -> str:
    if figure is None or (data.is_wide and figure.period.last >= data.period.first):
        return ""
    return data.carried_from(figure.row)


def _rows(indicator: Indicator, figure: Figure | None, data: RollupInput) -> Iterable[Reported]:
    latest = data.known.latest("indicators", indicator.code)
    if latest:
        yield _as_it_counts(latest)
    if figure:
        yield figure.row


def _as_it_counts(row: Reported) -> Reported:
    """Return a row; that of a figure which waits with what is said of the one that counts instead."""
    if not row.held:
        return row
    counted = row.counted or replace(row, values={}, typed={}, cells={}, elsewhere={})
    return replace(counted, held=True, disputed=row.disputed, unconfirmed=row.unconfirmed)


def _doubt(indicator: Indicator, figure: Figure | None, data: RollupInput) -> str:
    """Return what stands beside a figure: that it is asked about, or that a row for a data period waits."""
    if figure is None:
        return ""
    doubt = data.doubt(figure.row, figure.period.code)
    for row in data.known.reports_on_figures(indicator.code):
        if row.held and is_for_period(row.code) and data.is_of_now(row.period):
            return f"{HELD}{doubt}"
    return doubt


def _first_year(indicator: Indicator, due: Period | None, data: RollupInput) -> int:
    """Return the first year whose figures may be judged: the flow of a year is not judged in a later one.

    A wide edition judges flows of its own year, and that of a year nothing else at all.
    """
    if data.is_wide and (indicator.measure in FLOWS or data.release.edition is YEAR):
        return data.period.year
    if due is None:
        return MINYEAR
    if indicator.measure in FLOWS or is_target_undecided(indicator, due.year):
        return due.year
    return MINYEAR


def _current(
    indicator: Indicator, figures: Sequence[Figure], first_year: int
) -> tuple[Figure | None, Figure | None]:
    """Return the figure to judge, None where there is none of a year from the first, and the one before.

    That is one of the same scope.
    """
    if not figures:
        return None, None
    newest = figures[-1]
    if newest.period.year < first_year:
        return None, newest
    earlier = [figure for figure in figures if figure.period.last < newest.period.last]
    if not earlier:
        return newest, None
    if not as_returned(indicator, newest).is_comparable(earlier[-1].period, newest.period):
        return newest, None
    return newest, earlier[-1]


def _state(
    indicator: Indicator,
    figure: Figure | None,
    stick: Yardstick | None,
    due: Period | None,
    data: RollupInput,
) -> State:
    if figure is not None and stick is not None:
        return stick.state(figure.value, figure.nature)
    first_year = _first_year(indicator, due, data)
    if due is None or due.year < first_year:
        return _state_without_figures(indicator, first_year, data)
    if is_target_undecided(indicator, due.year):
        return State.UNDECIDED
    return State.MISSING


def _state_without_figures(indicator: Indicator, first_year: int, data: RollupInput) -> State:
    """Return the state of what has no figure that could be judged, since none is out or none is wanted."""
    last = max(target.period.year for target in indicator.targets)
    if last < first_year and not is_target_undecided(indicator, data.period.year):
        return State.PAST
    return State.NOT_YET


def _is_counted(state: str, indicator: Indicator, due: Period | None, data: RollupInput) -> bool:
    if state != State.MISSING or due is None:
        return state in LIGHTS or state == State.PENDING
    wanted = yardstick(indicator, due, data.settings)
    if wanted.mode is Mode.WORDS:
        return wanted.target is not None and due.last >= wanted.target.period.last
    return wanted.mode is not Mode.REFERENCE


def _judged(
    indicator: Indicator, targets: Iterable[Target], figures: Sequence[Figure], data: RollupInput
) -> Iterable[Judgement]:
    for target in targets:
        judgement = judgement_of(indicator, target, figures, data.settings)
        if judgement.figure or not data.is_only_released or data.is_released(indicator, target.period):
            yield judgement


def judgement_of(
    indicator: Indicator, target: Target, figures: Sequence[Figure], settings: Settings
) -> Judgement:
    """Judge a target that has passed: by the last verified figure of exactly its date, in its own scope."""
    last = target.period.last
    verified = [f for f in figures if f.period.counted_on == last and f.nature == Nature.VERIFIED]
    if not verified:
        return Judgement(target, State.PENDING)
    newest = max(verified, key=lambda f: f.row.order)
    scope = as_returned(indicator, newest)
    wanted = next((own for own in scope.targets if own.period == target.period), target)
    stick = judging(scope, wanted, settings)
    state = stick.state(newest.value, newest.nature)
    if state in (State.MET, State.MISSED) or (state is State.REFERENCE and wanted.strives):
        return Judgement(target, state, newest, stick)
    return Judgement(target, State.PENDING)
