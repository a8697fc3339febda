"""The sheet 下季度节点: which milestones and deadlines fall into the quarter after the period."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tenproj_xl.core.periods import Frequency, Period, period_of
from tenproj_xl.core.sheets import DONE
from tenproj_xl.model.plan import NOT_INVOLVED
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, shown_to, source_field, write_table
from tenproj_xl.rollup.facts.editions import COMING
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.tasks import TaskLine
from tenproj_xl.rollup.sheets.places import link_codes

NAME = COMING


@dataclass(frozen=True)
class ComingLine:
    """One milestone (or a task's own deadline) of the quarter after."""

    line: TaskLine
    step: str
    due_on: date


_F = Field[ComingLine]


def table(facts: Facts) -> Table[ComingLine]:
    """The sheet's columns and lines."""
    data = facts.data
    quarter = period_of(data.period.last + timedelta(days=1), Frequency.QUARTER)
    lines = sorted(_lines(facts, quarter), key=lambda c: (c.due_on, c.line.task.code))
    fields: tuple[_F, ...] = (
        _F("due_on", "时限", 12, lambda c: c.due_on, CellLook.DAY),
        _F("task_force", "专班", 6, lambda c: c.line.task_force.code, CellLook.WORD),
        _F("task_force_name", "工程", 24, lambda c: c.line.task_force.name),
        _F("code", "任务编号", 10, lambda c: c.line.task.code, CellLook.WORD),
        _F("name", "重点任务", 40, lambda c: c.line.task.name),
        _F("step", "节点", 34, lambda c: c.step),
        _F("state", "目前评价", 11, lambda c: c.line.state, CellLook.STATE),
        _F("lead_unit", "牵头单位", 18, lambda c: data.units(c.line.task.lead_unit)),
        _F("next_steps", "下一步举措", 44, lambda c: c.line.reported("next_steps"), CellLook.LONG),
        source_field(lambda c: data.source(c.line.rows[-1], "status") if c.line.rows else ""),
    )
    note = f"{quarter.label}（{_spoken(quarter.first)}—{_spoken(quarter.last)}）到期的节点和任务，共{len(lines)}项。"
    return Table(
        NAME,
        NAME,
        note,
        shown_to(data.release, fields),
        lines,
        fixed=5,
        empty=f"{quarter.label}没有到期的节点。",
    )


def _spoken(day: date) -> str:
    return f"{day.month}月{day.day}日"


def write(page: Page, facts: Facts) -> None:
    """Write the sheet."""
    made = table(facts)
    write_table(page, made, facts.data.period.full_name)
    link_codes(page, made, facts)


def _lines(facts: Facts, quarter: Period) -> Iterator[ComingLine]:
    for line in facts.tasks:
        if line.state in (NOT_INVOLVED, DONE):
            continue
        done = facts.data.known.milestones_done(line.task)
        steps = [(m.name, m.due_on) for m in line.task.milestones if m.number not in done]
        if line.task.due_on:
            steps.append(("任务完成", line.task.due_on))
        for step, due_on in steps:
            if quarter.first <= due_on <= quarter.last:
                yield ComingLine(line, step, due_on)
