"""The sheet 年度评判: every target of the year with its verdict 达成, 未达成 or 待核定."""

from collections.abc import Iterator
from dataclasses import dataclass

from tenproj_xl.model.evaluate_indicators import State
from tenproj_xl.model.plan import Target
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, shown_to, source_field, write_table
from tenproj_xl.rollup.facts.editions import JUDGEMENTS
from tenproj_xl.rollup.facts.indicators import STRIVEN, YEAR_MET, YEAR_MISSED, IndicatorLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.sheets.places import link_codes

NAME = JUDGEMENTS
NOT_DUE = "未到期"
_WORDS = {
    State.MET: YEAR_MET,
    State.MISSED: YEAR_MISSED,
    State.REFERENCE: STRIVEN,
    State.PENDING: str(State.PENDING),
}
WORDS = (*_WORDS.values(), NOT_DUE)
"""All verdicts."""


@dataclass(frozen=True)
class JudgementLine:
    """One target that is set for the year."""

    line: IndicatorLine
    target: Target
    verdict: str


_F = Field[JudgementLine]


def judgement_lines(facts: Facts) -> Iterator[JudgementLine]:
    """A line for every target of the period's year that judges, in the plan's order."""
    year = facts.data.period.last.year
    for line in facts.indicators:
        target = line.indicator.target_of_year(year)
        shown = line.task_force.involved and facts.data.may_show(line.indicator)
        if target is None or not target.judges or not shown:
            continue
        judged = next((j for j in line.passed if j.target == target), None)
        yield JudgementLine(line, target, _WORDS[judged.state] if judged else NOT_DUE)


def table(facts: Facts) -> Table[JudgementLine]:
    """The sheet's columns and lines."""
    data, lines = facts.data, list(judgement_lines(facts))
    counts = "，".join(f"{word}{n}项" for word in WORDS if (n := sum(v.verdict == word for v in lines)))
    fields: tuple[_F, ...] = (
        _F("task_force", "专班", 6, lambda v: v.line.task_force.code, CellLook.WORD),
        _F("task_force_name", "工程", 24, lambda v: v.line.task_force.name),
        _F("code", "编号", 10, lambda v: v.line.indicator.code, CellLook.WORD),
        _F("name", "指标名称", 36, lambda v: v.line.indicator.name),
        _F("unit", "单位", 9, lambda v: v.line.indicator.unit, CellLook.WORD),
        _F("target", f"{data.period.last.year}年目标", 14, lambda v: v.target.spoken, CellLook.WORD),
        _F(
            "value", "最新数值", 12, lambda v: v.line.figure.value if v.line.figure else None, CellLook.NUMBER
        ),
        _F(
            "data_period",
            "数据所属期",
            14,
            lambda v: v.line.figure.period.label if v.line.figure else None,
            CellLook.WORD,
        ),
        _F(
            "nature", "数据性质", 11, lambda v: v.line.figure.nature if v.line.figure else None, CellLook.WORD
        ),
        _F("verdict", "评判", 12, lambda v: v.verdict, CellLook.STATE),
        _F("lag_reason", "未达成的原因", 40, lambda v: v.line.reported("lag_reason"), CellLook.LONG),
        _F("reporting_unit", "报送单位", 18, lambda v: data.units(v.line.indicator.reporting_unit)),
        source_field(lambda v: data.source(v.line.figure.row, "value") if v.line.figure else ""),
    )
    note = f"共{len(lines)}项：{counts}。只按目标日期的统计核定数评判；“待核定”是核定数还没有报来。"
    return Table(NAME, NAME, note, shown_to(data.release, fields), lines, fixed=4, empty="这一年没有目标。")


def write(page: Page, facts: Facts) -> None:
    """Write the sheet."""
    made = table(facts)
    write_table(page, made, facts.data.period.full_name)
    link_codes(page, made, facts)
