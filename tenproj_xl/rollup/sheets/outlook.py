"""The sheet 预计全年: the quarter's progress, and the departments' expectations of the year against its targets."""

from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, shown_to, source_field, write_table
from tenproj_xl.rollup.facts.editions import FORECAST
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.outlook import (
    EXPECTED_MET,
    EXPECTED_MISSED,
    NOT_SAID,
    ForecastLine,
    forecast_lines,
)
from tenproj_xl.rollup.sheets.places import link_codes

NAME = FORECAST
_F = Field[ForecastLine]


def table(facts: Facts) -> Table[ForecastLine]:
    """The sheet's columns and lines."""
    data = facts.data
    lines = [f for f in forecast_lines(data, facts.indicators) if data.may_show(f.line.indicator)]
    counts = "，".join(
        f"{word}{sum(f.judgement == word for f in lines)}项"
        for word in (EXPECTED_MET, EXPECTED_MISSED, NOT_SAID)
    )
    fields: tuple[_F, ...] = (
        _F("task_force", "专班", 5, lambda f: f.line.task_force.code, CellLook.WORD),
        _F("code", "编号", 9, lambda f: f.line.indicator.code, CellLook.WORD),
        _F("name", "指标名称", 30, lambda f: f.line.indicator.name),
        _F("unit", "单位", 8, lambda f: f.line.indicator.unit, CellLook.WORD),
        _F("target", f"{data.day.year}年目标", 12, lambda f: f.target.spoken, CellLook.WORD),
        _F("start", "期初数值", 11, lambda f: f.start.value if f.start else None, CellLook.NUMBER),
        _F(
            "start_period",
            "期初所属期",
            13,
            lambda f: f.start.period.label if f.start else None,
            CellLook.WORD,
        ),
        _F(
            "value", "最新数值", 11, lambda f: f.line.figure.value if f.line.figure else None, CellLook.NUMBER
        ),
        _F(
            "data_period",
            "数据所属期",
            13,
            lambda f: f.line.figure.period.label if f.line.figure else None,
            CellLook.WORD,
        ),
        _F("change", "本期变化", 11, lambda f: f.change, CellLook.NUMBER),
        _F("state", "进度评价", 11, lambda f: f.line.state, CellLook.STATE),
        _F("forecast", "预计全年完成值\n（单位填报）", 13, lambda f: f.forecast, CellLook.NUMBER),
        _F("gap", "预计与目标\n相差", 11, lambda f: f.gap, CellLook.NUMBER),
        _F("verdict", "预计能否达成", 12, lambda f: f.judgement, CellLook.STATE),
        _F("projected", "按目前进度推算\n（仅供参考）", 13, _projected, CellLook.NUMBER),
        _F("lag_reason", "滞后原因", 32, lambda f: f.line.reported("lag_reason"), CellLook.LONG),
        _F("next_steps", "下一步举措", 32, lambda f: f.line.reported("next_steps"), CellLook.LONG),
        _F("reporting_unit", "报送单位", 16, lambda f: data.units(f.line.indicator.reporting_unit)),
        source_field(lambda f: data.source(f.line.figure.row, "value") if f.line.figure else ""),
    )
    note = f"{counts}。推算＝最新数值÷数据所属期末已过的全年时间比例，只用于匀速推进的逐年指标，不作评价。"
    return Table(NAME, NAME, note, shown_to(data.release, fields), lines, fixed=3, empty="今年没有量化目标。")


def _projected(line: ForecastLine) -> float | None:
    return None if line.projected is None else round(line.projected, 2)


def write(page: Page, facts: Facts) -> None:
    """Write the sheet."""
    made = table(facts)
    write_table(page, made, facts.data.period.full_name)
    link_codes(page, made, facts)
