"""Lines of 数据修订和更正: figures that took the place of others for the same data period, and late ones.

Reads: what was accepted since the roll-up that this one is compared with, and what that one told. Gives: a
line for each figure replaced within the period, or since that roll-up although it had been told.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from tenproj_xl.core.answers import Nature
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.sheets import VERIFICATION
from tenproj_xl.core.states import State
from tenproj_xl.model.evaluate_indicators import yardstick
from tenproj_xl.model.history import Figure, History, Reported, as_returned, figure_in
from tenproj_xl.model.lives import RecordedValue, ValueStanding
from tenproj_xl.model.plan import Indicator, TaskForce
from tenproj_xl.model.published import FirstTold
from tenproj_xl.model.reviews import nature_rises
from tenproj_xl.rollup.facts.input import RollupInput

_SHEET = "indicators"
_KEPT = "restatements"
_OTHER_BASIS = re.compile(r"口径[^，。；、,;]{0,6}?(?<![未没无不])(调整|变更|变化|改变|修订|不同)")
_WITHDRAWN = "报来这个数的文件已撤回"


class RestatementKind(LabelledCode):
    """What a new figure for a data period is, found by rule."""

    STATISTICAL = "statistical", "统计修订"
    """Its nature is higher than that of the figure before: no mistake."""
    BASIS = "basis", "口径调整"
    """Its unit, or the office, says that it is counted in another way."""
    LATE = "late", "补报"
    """There was none yet, though a later data period had one from an earlier return."""
    ERROR = "error", "填报有误"


@dataclass(frozen=True, kw_only=True)
class RestatementLine:
    """A figure that took the place of another one for its data period.

    `was` is None where there was none (补报), `now` where its file was withdrawn. `rank` is the unit's, as
    reported with the figure. `row` is the report that brought the new figure. `was_place` and `place` are the
    places of the task force in the league by either figure, None where they are the same.
    """

    kind: RestatementKind
    indicator: Indicator
    task_force: TaskForce
    period: Period
    first_told: FirstTold | None
    was: float | str | None
    now: float | str | None
    was_nature: Nature | None
    nature: Nature | None
    was_state: State | None
    state: State | None
    was_rank: float | None
    rank: float | None
    row: Reported | None
    why: str
    was_place: int | None = None
    place: int | None = None

    @property
    def first_value(self) -> Value:
        """The value that was told first; None where none was."""
        if self.first_told is None:
            return None
        return self.first_told.value

    @property
    def first_paper(self) -> str:
        """The paper that told it first, "" where none did."""
        if self.first_told is None:
            return ""
        return self.first_told.paper

    @property
    def first_on(self) -> date | None:
        """The day of that paper."""
        if self.first_told is None:
            return None
        return self.first_told.on

    @property
    def difference(self) -> float | None:
        """The new figure less the one before, in the indicator's own unit."""
        if isinstance(self.was, float) and isinstance(self.now, float):
            return round(self.now - self.was, 9)
        return None

    @property
    def difference_unit(self) -> str:
        """The unit of the difference: that of percentages are percentage points."""
        if self.difference is None:
            return ""
        if self.indicator.unit == "%":
            return "百分点"
        return self.indicator.unit

    @property
    def changes_judgement(self) -> bool:
        """Whether it changes how the figure is judged, its rank, or the place of its task force."""
        if self.was is None:
            return False
        is_judged_alike = self.was_state is self.state and self.was_rank == self.rank
        return not is_judged_alike or self.was_place != self.place


@dataclass(frozen=True)
class _Step:
    """A figure that came, and the one that stood for its data period until then."""

    was: Figure | None
    now: Figure

    @property
    def day(self) -> date:
        return self.now.period.counted_on


def restatement_lines(data: RollupInput) -> tuple[RestatementLine, ...]:
    """Return all lines: in the plan's order, of one indicator in that of their recording."""
    lines = data.kept.get(_KEPT)
    if not isinstance(lines, tuple):
        lines = data.kept[_KEPT] = tuple(_all_lines(data))
    return lines


def _all_lines(data: RollupInput) -> Iterator[RestatementLine]:
    known, reports, recorded = _known_at_start(data), _reports_by_indicator(data), _recorded_by_code(data)
    for indicator in data.plan.indicators:
        standing = {figure.period.counted_on: figure for figure in known.figures(indicator.code)}
        steps = _steps(standing, _reports(indicator.code, reports.get(indicator.code, ()), data))
        yield from _of_indicator(indicator, steps, recorded.get(indicator.code, ()), data)


def _of_indicator(
    indicator: Indicator, steps: Iterable[_Step], recorded: Sequence[RecordedValue], data: RollupInput
) -> Iterator[RestatementLine]:
    told = _told(indicator, data)
    shown: set[date] = set()
    for step in steps:
        is_of_now = step.now.row.period.counted_on >= data.period.first
        if is_of_now or (told and step.was and told == (step.day, step.was.value)):
            shown.add(step.day)
            yield _line(indicator, data, step.was, step.now)
    if told is None or told[0] in shown:
        return
    day, value = told
    standing = [f for f in data.known.figures(indicator.code) if f.period.counted_on == day]
    now = standing[-1] if standing else None
    if now and now.value == value:
        return
    was = _replaced(told, recorded)
    if was and now:
        yield _line(indicator, data, was, now)
    else:
        yield _withdrawn(indicator, data, now)


def _recorded_by_code(data: RollupInput) -> Mapping[str, Sequence[RecordedValue]]:
    """Return the figures as they were recorded, in their order, by the code of their indicator."""
    by_code: dict[str, list[RecordedValue]] = {}
    for value in data.lives:
        by_code.setdefault(value.code, []).append(value)
    return by_code


def _replaced(told: tuple[date, Value], recorded: Iterable[RecordedValue]) -> Figure | None:
    """Return the figure that was told of an indicator, if another one took its place in whatever period.

    None where what brought it counts no more.
    """
    same = [value for value in recorded if (value.about.counted_on, value.value) == told]
    if not same or same[-1].standing not in (ValueStanding.CURRENT, ValueStanding.NOT_USED):
        return None
    return figure_in(same[-1].row)


def _told(indicator: Indicator, data: RollupInput) -> tuple[date, Value] | None:
    """Return the day of the data period, and the value, that were told of an indicator before."""
    row = _told_row(indicator, data)
    period = read_period(str(row.get("data_period") or ""))
    if period is None or row.get("value") is None:
        return None
    return period.counted_on, row["value"]


def _told_row(indicator: Indicator, data: RollupInput) -> Mapping[str, Value]:
    if data.before is None:
        return {}
    return data.before.rows.get(_SHEET, {}).get(indicator.code, {})


# --- how the figures followed each other


def _start(data: RollupInput) -> Period:
    """Return the first period whose reports are looked at: that of the roll-up before."""
    if data.before is None:
        return data.period
    return data.before.period


def _steps(standing: dict[date, Figure], reports: Iterable[Reported]) -> Iterator[_Step]:
    """Yield how reports replaced the figures that stood, by the days that these are counted on."""
    for row in reports:
        figure = figure_in(row)
        if figure is None:
            continue
        day = figure.period.counted_on
        was = standing.get(day)
        if not figure.replaces(was):
            continue
        is_late = was is None and _had_a_later_one(standing, figure)
        standing[day] = figure
        if is_late or (was and was.value != figure.value):
            yield _Step(was, figure)


def _had_a_later_one(standing: Mapping[date, Figure], figure: Figure) -> bool:
    """Return whether a figure for a later data period came before the period that brought this one."""
    day, since = figure.period.counted_on, figure.row.period.first
    return any(other > day and told.row.period.first < since for other, told in standing.items())


@dataclass(frozen=True)
class _AtStart:
    """What was known before a day."""

    day: date
    known: History


def _known_at_start(data: RollupInput) -> History:
    """Return what was known before the reports that are looked at: a month has weeks of its own."""
    since = _start(data).first
    # Kept with the history, whose figures are worked out once: who told them first is asked before the rest.
    kept = data.known.kept.get(_AtStart)
    if not isinstance(kept, _AtStart) or kept.day != since:
        rows = tuple(row for row in data.known.rows if row.period.last < since)
        kept = _AtStart(since, History(rows, data.known.decisions))
        data.known.kept[_AtStart] = kept
    return kept.known


def _reports_by_indicator(data: RollupInput) -> Mapping[str, Sequence[Reported]]:
    """Return what units reported since the start, by indicator."""
    by_indicator: dict[str, list[Reported]] = {}
    for row in data.reports:
        if row.sheet == _SHEET and not row.basis:
            by_indicator.setdefault(indicator_of_row(row.code), []).append(row)
    return by_indicator


def _reports(code: str, of_units: Iterable[Reported], data: RollupInput) -> list[Reported]:
    """Return the reports on an indicator in order: those of one sender, what counts, and the office's."""
    by_row: dict[tuple[str, Period], list[Reported]] = {}
    for row in of_units:
        by_row.setdefault((row.code, row.period), []).append(row)
    reports: list[Reported] = []
    since = _start(data).first
    for counting in data.known.reports_on_figures(code):
        if counting.period.last < since:
            continue
        if not counting.basis:
            reports += _of_one_sender(counting, by_row.get((counting.code, counting.period), ()))
        reports.append(counting)
    return sorted(reports, key=lambda row: row.order)


def _of_one_sender(counting: Reported, reports: Sequence[Reported]) -> Iterable[Reported]:
    """Return the reports of the sender whose value counts; two senders are a conflict, no restatement."""
    file = counting.source("value").file
    units = {row.unit for row in reports if row.file == file}
    return sorted((row for row in reports if row.unit in units), key=lambda row: row.order)


# --- one line


def _line(indicator: Indicator, data: RollupInput, was: Figure | None, now: Figure) -> RestatementLine:
    row = now.row
    said = [row.basis, row.values.get(VERIFICATION), row.values.get("remark")]
    if adopted := data.adopted.get((row.sha256, row.code, row.period.code)):
        said.append(f"{row.office}核实后采用：{adopted}")
    why = "；".join(str(reason) for reason in said if reason)
    return RestatementLine(
        kind=_kind(was, now, why),
        indicator=indicator,
        task_force=data.task_force(indicator.task_force),
        period=now.period,
        first_told=data.first_told.get((indicator.code, now.period.code)),
        was=_value(was),
        now=now.value,
        was_nature=_nature(was),
        nature=now.nature,
        was_state=_state(indicator, data, was),
        state=_state(indicator, data, now),
        was_rank=_rank(was),
        rank=_rank(now),
        row=row,
        why=why,
    )


def _value(figure: Figure | None) -> float | str | None:
    if figure is None:
        return None
    return figure.value


def _nature(figure: Figure | None) -> Nature | None:
    if figure is None:
        return None
    return figure.nature


def _kind(was: Figure | None, now: Figure, why: str) -> RestatementKind:
    if was is None:
        return RestatementKind.LATE
    if nature_rises(was.nature, now.nature):
        return RestatementKind.STATISTICAL
    if _OTHER_BASIS.search(why):
        return RestatementKind.BASIS
    return RestatementKind.ERROR


def _state(indicator: Indicator, data: RollupInput, figure: Figure | None) -> State | None:
    if figure is None:
        return None
    indicator = as_returned(indicator, figure)
    return yardstick(indicator, figure.period, data.settings).state(figure.value, figure.nature)


def _rank(figure: Figure | None) -> float | None:
    if figure is None:
        return None
    rank = figure.row.values.get("city_rank")
    if isinstance(rank, float):
        return rank
    return None


def _withdrawn(indicator: Indicator, data: RollupInput, now: Figure | None) -> RestatementLine:
    """Return the line of a figure that was told and no report brings any more."""
    row = _told_row(indicator, data)
    value, period = row["value"], read_period(str(row["data_period"]))
    if period is None or not isinstance(value, float | str):
        raise ValueError(f"{indicator.code}: {row}")
    report = None
    if now:
        report = now.row
    return RestatementLine(
        kind=RestatementKind.ERROR,
        indicator=indicator,
        task_force=data.task_force(indicator.task_force),
        period=period,
        first_told=data.first_told.get((indicator.code, str(row["data_period"]))),
        was=value,
        now=_value(now),
        was_nature=None,
        nature=_nature(now),
        was_state=State.of(row.get("state")),
        state=_state(indicator, data, now),
        was_rank=None,
        rank=_rank(now),
        row=report,
        why=_WITHDRAWN,
    )
