"""What differs of indicators from the last roll-up of an earlier period: verdicts, targets and figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.periods import Period, parse_period, read_period
from tenproj_xl.core.states import LIGHTS, Light, State
from tenproj_xl.model.data_releases import UNRELEASED
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.history import figure_in
from tenproj_xl.model.plan import Indicator
from tenproj_xl.model.plan_changes import PlanChange
from tenproj_xl.model.published import Row
from tenproj_xl.rollup.facts.change_items import (
    NOTHING,
    TARGET,
    Change,
    ChangeItem,
    ChangeLine,
    comparable,
    direction,
    gone,
)
from tenproj_xl.rollup.facts.indicators import IndicatorLine, line_of
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.publishing import indicator_row
from tenproj_xl.rollup.facts.restatements import RestatementLine, restatement_lines

_LIGHT_RANK = {Light.GREEN: 0, Light.YELLOW: 1, Light.RED: 2}


def indicator_changes(
    data: RollupInput, before: Mapping[str, Row], lines: Sequence[IndicatorLine]
) -> Iterable[ChangeLine]:
    """Yield the changes of all indicators, by their rows in the paper before."""
    restated: dict[str, list[RestatementLine]] = {}
    for restatement in restatement_lines(data):
        restated.setdefault(restatement.indicator.code, []).append(restatement)
    for line in lines:
        code = line.indicator.code
        yield from _of_indicator(data, before.get(code), line, restated.get(code, ()))
    yield from gone(Duty.INDICATOR, before, {line.indicator.code for line in lines})


def _of_indicator(
    data: RollupInput, old: Row | None, line: IndicatorLine, restated: Sequence[RestatementLine]
) -> Iterable[ChangeLine]:
    new = indicator_row(line, data.year)
    source = ""
    if line.figure:
        source = data.source(line.figure.row, "value")
    reason = line.text("lag_reason", "next_steps", "remark")
    item = ChangeItem(Duty.INDICATOR, line.indicator.code, new, reason, source)
    if old is None:
        yield item.changed(Change.NEW, NOTHING, _marked(new, line, data))
        return
    old = comparable(old, new)
    if old["year"] == new["year"] and old["target"] != new["target"]:
        item_of_plan = replace(item, reason=_basis(data, line), source="")
        was, is_now = (f"{TARGET}{row['target'] or '无'}" for row in (old, new))
        yield item_of_plan.changed(Change.ADJUSTED, was, is_now)
    change = _indicator_change(old, new, _year_before(old, line, data))
    if change is Change.BETTER and not _is_better_without_target(old, line, data):
        change = Change.MOVED
    if change:
        step = None
        if _is_of_one_year(old, new) and old["target"] == new["target"]:
            step = _step(old["gap"], new["gap"])
        yield item.changed(change, _marked(old, line, data), _marked(new, line, data), step=step)
    yield from _missed_since(item, old, line, data)
    for restatement in restated:
        is_told = change is Change.REVISED and restatement.period.code == new["data_period"]
        if not is_told:
            yield _restated(item, restatement, data)


def _is_better_without_target(old: Row, line: IndicatorLine, data: RollupInput) -> bool:
    """Return whether an indicator would have turned for the better by the targets that it had before, too."""
    if data.plan_before is None:
        return True
    for former in data.plan_before.indicators:
        if former.code == line.indicator.code and former.targets != line.indicator.targets:
            as_before = line_of(replace(line.indicator, targets=former.targets), data)
            row = indicator_row(as_before, data.year)
            return _indicator_change(old, row, _year_before(old, as_before, data)) is Change.BETTER
    return True


def _restated(item: ChangeItem, line: RestatementLine, data: RollupInput) -> ChangeLine:
    """Return the line of a figure that took the place of another one, with what that is."""
    period = line.period.dated_label
    before = NOTHING
    if line.was is not None:
        before = _in_words(line.was, period, line.was_state)
    after = NOTHING
    if line.now is not None:
        after = _in_words(line.now, period, line.state)
    mark = ""
    if not data.is_released(line.indicator, line.period):
        mark = UNRELEASED
    reason = "：".join(filter(None, (line.kind.label, line.why)))
    reason = "；".join(filter(None, (mark, reason)))
    source = data.source(line.row, "value") if line.row else ""
    return replace(item, reason=reason, source=source).changed(Change.REVISED, before, after)


def _missed_since(item: ChangeItem, old: Row, line: IndicatorLine, data: RollupInput) -> Iterable[ChangeLine]:
    """Yield the targets that were missed since, while the newest figure is judged by another."""
    if line.state is State.MISSED:
        return
    before = str(old["missed"] or "").split()
    for judgement in line.passed:
        figure = judgement.figure
        if judgement.state is not State.MISSED or figure is None or judgement.target.period.code in before:
            continue
        period = judgement.target.period.dated_label
        own = replace(item, reason=judgement.reason, source=data.source(figure.row, "value"))
        was = f"{State.PENDING.label}（{period}）"
        told = _in_words(figure.value, period, State.MISSED)
        is_now = _with_mark(told, line.indicator, figure.period, data)
        yield replace(own.changed(Change.WORSE, was, is_now), missed=judgement)


def _basis(data: RollupInput, line: IndicatorLine) -> str:
    """Return by whose decision an indicator's target was changed (批准依据)."""
    for change in data.plan_changes:
        if change.change is PlanChange.TARGET and change.code == line.indicator.code and change.basis:
            return f"批准依据：{change.basis}"
    return ""


def _indicator_change(old: Row, new: Row, year_before: int | None) -> Change | None:
    if change := _verdict(old, new) or _turn(old, new, year_before):
        return change
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


def _verdict(old: Row, new: Row) -> Change | None:
    """Return what a verdict is that was not there before: bad news, or good after nothing was judged."""
    if new["state"] == State.MISSED and old["state"] != State.MISSED:
        return Change.WORSE
    if new["state"] == State.MET and old["state"] in (State.PENDING, State.REFERENCE):
        return Change.BETTER
    return None


def _turn(old: Row, new: Row, year_before: int | None) -> Change | None:
    """Return how a light has turned; what begins anew with the year turns nothing.

    A red one is bad news after none, too.
    """
    if year_before not in (None, _year_of(new)):
        return None
    old_rank, new_rank = _LIGHT_RANK.get(_light(old)), _LIGHT_RANK.get(_light(new))
    if old_rank is None and _light(new) is Light.RED:
        return Change.WORSE
    if old_rank is None or new_rank is None or old_rank == new_rank:
        return None
    return direction(old_rank, new_rank)


def _year_before(old: Row, line: IndicatorLine, data: RollupInput) -> int | None:
    """Return the year of the newest figure known before, also where that was judged no more."""
    year = _year_of(old)
    if year is not None or data.before is None:
        return year
    reports = data.known.reports_on_figures(line.indicator.code)
    known = (figure_in(one) for one in reports if not data.before.period.precedes(one.period))
    return max((figure.period.year for figure in known if figure), default=None)


def _light(row: Row) -> Light:
    return LIGHTS.get(State(str(row["state"])), Light.NONE)


def _figure(row: Row) -> str:
    """Return a figure in words: `72.5（2026年10月，达序时）`, or the state where there is none."""
    value, data_period = row["value"], row["data_period"]
    if value is None or data_period is None:
        return str(label_of(row["state"]))
    return _in_words(value, parse_period(str(data_period)).dated_label, row["state"])


def _marked(row: Row, line: IndicatorLine, data: RollupInput) -> str:
    """Return a figure in words, with a mark where it is not published yet."""
    period = read_period(str(row["data_period"] or ""))
    if period is None:
        return _figure(row)
    return _with_mark(_figure(row), line.indicator, period, data)


def _with_mark(told: str, indicator: Indicator, period: Period, data: RollupInput) -> str:
    if data.is_released(indicator, period):
        return told
    return f"{told}（{UNRELEASED}）"


def _in_words(value: Value, period: str, state: Value) -> str:
    shown = label_of(value)
    if isinstance(value, float):
        shown = f"{value:.10g}"
    if state is None:
        return f"{shown}（{period}）"
    return f"{shown}（{period}，{label_of(state)}）"


def _is_of_one_year(old: Row, new: Row) -> bool:
    """Return whether two rows have figures of one year, or none: the pace begins anew with the year."""
    return _year_of(old) == _year_of(new)


def _year_of(row: Row) -> int | None:
    """Return the year of a row's figure; None without a figure."""
    period = read_period(str(row["data_period"] or ""))
    if period is None:
        return None
    return period.year


def _step(old: Value, new: Value) -> float | None:
    if isinstance(old, float) and isinstance(new, float):
        return round(new - old, 6)
    return None
