"""The sheet 专班进展: how far each task force is, in the order of the plan; in a week nobody is ranked."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table
from tenproj_xl.rollup.facts.editions import MEETING, WEEK, Audience
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.returns import Timeliness

TITLE = "专班进展"
_F = Field[TaskForce]
_COUNTS = (
    ("counted", "应评\n指标", "应评的指标。", "项"),
    ("on_pace", "指标\n达序时", "达序时和达标的指标。", "项"),
    ("slow", "指标\n略滞后", "略滞后的指标。", "项"),
    ("behind", "指标\n滞后", "滞后和未达标的指标。", "项"),
    ("pending", "指标\n待核定", "待核定的指标。", "项"),
    ("missing", "指标\n未报", "应报未报的指标。", "项"),
    ("tasks_on_time", "任务\n序时", "序时推进和已完成的任务。", "项"),
    ("tasks_soon", "任务\n临近时限", "临近时限的任务。", "项"),
    ("tasks_behind", "任务\n滞后", "滞后的任务。", "项"),
    ("tasks_overdue", "任务\n逾期", "逾期的任务。", "项"),
    ("tasks_missing", "任务\n未报", "从未报过的任务。", "项"),
    ("issues_open", "问题\n在办", "尚未销号的问题。", "件"),
    ("issues_overdue", "问题\n逾期", "已过时限的问题。", "件"),
)
"""The numbers of a task force, as `Tally` names them, with header, meaning and unit."""


def _table(facts: Facts) -> Table[TaskForce]:
    return Table(
        sheet=TITLE,
        note="按方案中的次序列出，不计分，不排名；得分和名次按月及以上公布。达序时含达标，滞后含未达标，序时含已完成。",
        fields=tuple(_fields(facts)),
        lines=facts.involved,
        fixed=2,
        empty="方案中没有参加报送的专班。",
    )


def _fields(facts: Facts) -> Iterable[_F]:
    yield _F("task_force", "专班", "专班编号。", 6, lambda t: t.code, CellLook.WORD)
    yield _F("name", "工程", "专班对应的工程名称。", 34, lambda t: t.name)
    yield _F("lead", "牵头单位", "专班的牵头单位。", 18, lambda t: facts.data.units(t.lead))
    for name, header, meaning, unit in _COUNTS:
        yield _F(name, header, meaning, 9, _count(name, facts), CellLook.COUNT, unit=unit)
    yield _F(
        "returned", "本期报送", "本期的填报表报来没有。", 14, lambda t: returned(t, facts), CellLook.WORD
    )


def _count(name: str, facts: Facts) -> Callable[[TaskForce], int]:
    number = attrgetter(name)

    def count(task_force: TaskForce) -> int:
        return int(number(facts.tally(task_force.code)))

    return count


def returned(task_force: TaskForce, facts: Facts) -> str:
    """Return how a task force returned: `按时`, of several periods `按时3/4次`; "—" where none was owed."""
    lines = facts.returned_by(task_force.code)
    if not lines:
        return "—"
    if len(lines) == 1:
        return lines[0].state.label
    in_time = sum(line.state is Timeliness.ON_TIME for line in lines)
    return f"{Timeliness.ON_TIME.label}{in_time}/{len(lines)}次"


SPEC = SheetSpec(
    code="progress",
    title=TITLE,
    order=15,
    tab=Tab.SUMMARY,
    audience=Audience.PUBLIC,
    only_public=True,
    public=("task_force", "name", "lead", *(name for name, *_ in _COUNTS), "returned"),
    only_in=(WEEK, MEETING),
    table=_table,
)
