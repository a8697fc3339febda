"""The rows of 主要指标进度表: for current figures, for verified ones, and for corrections of earlier ones."""

from collections.abc import Iterator

from tenproj_xl.core.answers import InWords, Nature
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.period_rows import row_of_period
from tenproj_xl.core.sheets import target_field
from tenproj_xl.forms.correction_rows import correction_rows
from tenproj_xl.forms.form import FormRow
from tenproj_xl.forms.row_facts import RowFacts, assigned, last_value
from tenproj_xl.model.evaluate_indicators import (
    asked_label,
    asked_period,
    candidate_periods,
    final_label,
    fractions_of,
    unverified_targets,
    yardstick,
    year_target,
)
from tenproj_xl.model.near_rows import indicators_near
from tenproj_xl.model.plan import Indicator, Measure, Target
from tenproj_xl.model.units import reporter

_SHEET = "indicators"
_LOCKED_IN_FINAL = frozenset(("data_period", "forecast", "next_steps"))
"""What cannot be said of a period that is over, or is settled by the row."""


def indicator_rows(facts: RowFacts) -> Iterator[FormRow]:
    """Give the rows of a recipient's indicators; those of other units for the current figure only."""
    for indicator in indicators_near(facts.recipient, facts.plan):
        unit = reporter(indicator, facts.plan)
        if not facts.has(indicator, unit):
            continue
        rows = [_current_row(indicator, facts)]
        if not facts.recipient.by_unit or facts.recipient.reports(indicator.code, unit):
            rows += _final_rows(indicator, facts)
        for row in rows:
            yield assigned(row, _SHEET, unit, indicator.task_force, facts)
    yield from correction_rows(facts)


def _current_row(indicator: Indicator, facts: RowFacts) -> FormRow:
    settings, period = facts.settings, facts.period
    known_until, first_year = settings.calendar.known_until(period), facts.plan.programme.first_year
    asked_until = settings.calendar.asked_until(period, indicator)
    figures = facts.known.figures(indicator.code)
    asked = asked_period(indicator, [(f.period, f.nature) for f in figures], asked_until, first_year)
    candidates = candidate_periods(indicator, known_until, first_year)
    printed = {
        **_planned(indicator, facts),
        "asked": asked_label(asked, indicator, period, asked_until),
        "next_steps": last_value(facts.known, _SHEET, indicator.code, "next_steps"),
    }
    since = (asked or period).counted_on
    spoken = indicator.spoken_targets(since.year, since)
    printed["target_now"] = year_target(indicator, since.year, period, spoken)
    if asked:
        printed["data_period"] = asked.dated_label
    judged = list(candidates)
    if figures and indicator.is_comparable(figures[-1].period, period):
        last = figures[-1]
        printed["last_value"] = _spoken(last.value)
        printed["last_period"] = last.period.dated_label
        if last.period not in candidates:
            judged.append(last.period)
    choices = _word_choices(indicator)
    if candidates:
        choices["data_period"] = tuple(p.dated_label for p in candidates)
    return FormRow(
        token=facts.key(_SHEET, indicator.code),
        code=indicator.code,
        printed=printed,
        asked=asked is not None,
        block=Block.TABLE if asked else Block.NOT_ASKED,
        choices=choices,
        yardsticks=tuple(yardstick(indicator, p, settings) for p in judged),
        fractions=fractions_of(indicator),
    )


def _final_rows(indicator: Indicator, facts: RowFacts) -> Iterator[FormRow]:
    asked_until = facts.settings.calendar.asked_until(facts.period, indicator)
    reported = [(f.period, f.nature) for f in facts.known.figures(indicator.code)]
    first_year = facts.plan.programme.first_year
    for target in unverified_targets(indicator, reported, asked_until, first_year):
        yield _final_row(indicator, target, facts)


def _final_row(indicator: Indicator, target: Target, facts: RowFacts) -> FormRow:
    """Return the row for the verified figure of the period of a target."""
    period, code = target.period, row_of_period(indicator.code, target.period)
    printed = {
        **_planned(indicator, facts),
        "code": code,
        "asked": final_label(period),
        "target_now": f"{period.label}：{target.spoken}",
        "data_period": period.dated_label,
        "nature": Nature.VERIFIED,
    }
    of_then = [f for f in facts.known.figures(indicator.code) if f.period.counted_on == period.last]
    for figure in of_then[-1:]:
        printed["last_value"] = _spoken(figure.value)
        printed["last_period"] = figure.period.dated_label
    return FormRow(
        token=facts.key(_SHEET, code),
        code=code,
        printed=printed,
        asked=False,
        block=Block.FINAL,
        locked=_LOCKED_IN_FINAL,
        choices=_word_choices(indicator),
        yardsticks=(yardstick(indicator, period, facts.settings),),
        fractions=fractions_of(indicator),
    )


def _planned(indicator: Indicator, facts: RowFacts) -> dict[str, Value]:
    """Return what the plan says of an indicator, and blanks for what is known of its figures."""
    plan = facts.plan
    printed: dict[str, Value] = {
        "code": indicator.code,
        "name": indicator.name,
        "area": indicator.area,
        "basis": indicator.basis,
        "unit": indicator.unit,
        "last_value": None,
        "last_period": None,
        "data_period": None,
        "next_steps": None,
        "reporting_unit": plan.printed(indicator.reporting_unit),
        "responsible_units": plan.printed(*indicator.responsible),
    }
    for target in indicator.year_targets:
        printed[target_field(target.period.year)] = target.spoken
    return printed


def _word_choices(indicator: Indicator) -> dict[str, tuple[str, ...]]:
    if indicator.measure is Measure.QUALITATIVE:
        return {"value": tuple(InWords)}
    return {}


def _spoken(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(label_of(value) or "")
