"""Figures that are not published yet (公开：公布后): for leaders alone, until 数据发布日历 says so.

What all may read, and the league table in every paper, is computed from an input that does not have them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.model.data_releases import UNRELEASED
from tenproj_xl.model.history import Reported, figure_in
from tenproj_xl.model.plan import Indicator
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.quoted_figures import QuotedFigures

_KEPT = "unreleased figures in texts"
_PRINTED = ("last_value", "last_period")
"""What a form printed of the figure before."""
_LISTED = 5


def only_released(data: RollupInput) -> RollupInput:
    """Return the input without the figures that wait for their publication, and without their rows.

    What units wrote in the row of an indicator goes with its figure: a reason why it lags tells of it. The
    input itself where the plan has no such indicator, or where that is done already.
    """
    waiting = {}
    for indicator in data.plan.indicators:
        if indicator.disclosure is Disclosure.AFTER_RELEASE:
            waiting[indicator.code] = indicator
    if data.is_only_released or not waiting:
        return data

    def released(rows: Iterable[Reported]) -> Iterator[Reported]:
        for row in rows:
            indicator = None
            if row.sheet == "indicators":
                indicator = waiting.get(indicator_of_row(row.code))
            shown = _released(row, indicator, data) if indicator else row
            if shown is not None:
                yield shown

    return replace(
        data,
        is_only_released=True,
        known=replace(data.known, rows=tuple(released(data.known.rows))),
        reports=tuple(released(data.reports)),
        lives=tuple(value for value in data.lives if value.code not in waiting),
    )


def _released(row: Reported, indicator: Indicator, data: RollupInput) -> Reported | None:
    """Return the row of an indicator as far as all may read it, None where its figure waits, or has none."""
    figure = figure_in(row)
    if figure is None or not data.is_released(indicator, figure.period):
        return None
    values = {name: value for name, value in figure.row.values.items() if name not in _PRINTED}
    return replace(figure.row, values=values, meanwhile=None)


def unreleased_by_indicator(data: RollupInput) -> Iterator[tuple[Indicator, list[float]]]:
    """Yield the indicators of which figures wait for publication, with these; those that have none, too.

    What a text says of an indicator without any figure is of one that has not come yet.
    """
    for indicator in data.plan.indicators:
        if indicator.disclosure is not Disclosure.AFTER_RELEASE:
            continue
        figures = data.known.figures(indicator.code)
        waiting = [figure for figure in figures if not data.is_released(indicator, figure.period)]
        if waiting or not figures:
            yield indicator, [figure.value for figure in waiting if isinstance(figure.value, float)]


def unreleased_mark(text: str, data: RollupInput) -> str:
    """Return what stands behind a text of a unit that tells of a figure which waits; "" behind others.

    What has only released figures is read by all, without the numbers of such texts.
    """
    if data.is_only_released:
        return ""
    quoted = data.kept.get(_KEPT)
    if not isinstance(quoted, QuotedFigures):
        quoted = data.kept[_KEPT] = QuotedFigures(data.plan, unreleased_by_indicator(data))
    if quoted.are_in(text):
        return UNRELEASED
    return ""


def marked(text: str, data: RollupInput) -> str:
    """Return a text of a unit, with the mark where it tells of a figure which waits."""
    return with_mark(text, unreleased_mark(text, data))


def with_mark(text: str, mark: str) -> str:
    """Return a text with its mark in brackets; the text where there is none."""
    if not mark:
        return text
    return f"{text}（{mark}）"


def unreleased_figures(lines: Iterable[IndicatorLine]) -> list[str]:
    """Return the figures shown that are not published yet: `Z03-04（2026年9月、2026年10月）`."""
    named = []
    for line in lines:
        if line.waiting:
            periods = "、".join(period.dated_label for period in line.waiting)
            named.append(f"{line.indicator.code}（{periods}）")
    return named


def unreleased_note(lines: Iterable[IndicatorLine]) -> str:
    """Return the sentence over a sheet that shows figures which are not published yet; "" without any."""
    named = unreleased_figures(lines)
    if not named:
        return ""
    more = f"等{len(named)}项" if len(named) > _LISTED else ""
    return f"{UNRELEASED}的数：{'、'.join(named[:_LISTED])}{more}。"
