"""The sheet 责任清单: all that each unit owes, across task forces, with its light."""

from collections.abc import Callable, Iterable, Mapping

from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, write_table
from tenproj_xl.rollup.facts.duties import Duty, DutyLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.sheets import indicators, issues, returns, tasks

NAME = "责任清单"
_LONGEST = 90
_F = Field[DutyLine]


def table(facts: Facts) -> Table[DutyLine]:
    """The sheet's columns and lines."""
    return Table(
        NAME,
        NAME,
        "各单位在各专班承担的指标、任务、问题和报送，问题最多的单位在前，每个单位最要紧的在前；一个问题有几个责任单位的，各列一次，"
        "只计一次分。筛选“责任单位”可单独印发。",
        tuple(_fields(facts)),
        facts.duties,
        fixed=3,
        empty="没有责任事项。",
        sums_up=lambda d: d.is_total,
    )


def write(page: Page, facts: Facts) -> None:
    """Write the sheet."""
    write_table(page, table(facts), facts.data.period.full_name)


def _fields(facts: Facts) -> Iterable[_F]:
    place = _places(facts)
    yield _F("unit", "责任单位", 18, lambda d: d.unit)
    yield _F("kind", "对象", 9, lambda d: d.kind, CellLook.WORD)
    yield _F("state", "评价", 11, lambda d: d.state, CellLook.STATE)
    yield _F(
        "code", "编号", 14, lambda d: d.code or None, CellLook.WORD, leads=lambda d: place[d.kind](d.number)
    )
    yield _F("name", "事项", 60, lambda d: d.name if d.is_total else style.shortened(d.name, _LONGEST))
    yield _F("deadline", "时限", 12, lambda d: d.deadline, CellLook.DAY)
    yield _F("measured", "差多少", 18, lambda d: d.measured)
    yield _F("task_force", "专班", 6, lambda d: d.task_force.code if d.task_force else "", CellLook.WORD)
    yield _F("task_force_name", "工程", 26, lambda d: d.task_force.name if d.task_force else "")
    yield _F("score", "晾晒计分", 9, lambda d: str(d.score) if d.score else "", CellLook.WORD)
    yield _F("source", "来源（文件 › 工作表 › 单元格，时间）", 44, lambda d: d.source, CellLook.SMALL)


def _places(facts: Facts) -> Mapping[str, Callable[[int], str]]:
    """Where the lines of each sheet stand."""
    return {
        Duty.INDICATOR: indicators.table(facts).place,
        Duty.TASK: tasks.table(facts).place,
        Duty.ISSUE: issues.table(facts).place,
        Duty.RETURN: returns.table(facts).place,
    }
