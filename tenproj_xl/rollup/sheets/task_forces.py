"""The sheet 目标清单: the task forces with their conveners, units and aims, as the plan has them."""

from collections.abc import Iterable

from tenproj_xl.model.people import liaisons_of
from tenproj_xl.model.plan import Involvement, TaskForce
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table
from tenproj_xl.rollup.facts.editions import MEETING
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.task_forces import (
    conveners_of,
    direction_line,
    responsible_units,
)

TITLE = "目标清单"
_F = Field[TaskForce]


def _table(facts: Facts) -> Table[TaskForce]:
    return Table(
        sheet=TITLE,
        note=f"各专班的召集人、单位和目标任务，照录工作计划。{direction_line(facts.data)}",
        fields=tuple(_fields(facts)),
        lines=facts.data.plan.task_forces,
        fixed=2,
        empty="方案中没有专班。",
    )


def _fields(facts: Facts) -> Iterable[_F]:
    data = facts.data
    yield _F("task_force", "专班", "专班编号。", 6, lambda t: t.code, CellLook.WORD)
    yield _F("task_force_name", "工程", "专班对应的工程名称。", 26, lambda t: t.name)
    yield _F(
        "involved",
        "是否涉及",
        "专班是否涉及：不涉及的不要求报送、不参与排名。",
        9,
        _involved,
        CellLook.WORD,
        codes=(Involvement,),
    )
    yield _F("conveners", "召集人", "专班的召集人。", 18, conveners_of)
    yield _F(
        "liaisons",
        "联络员",
        "专班的联络员，括号内为承办科室、联系电话。",
        22,
        lambda t: liaisons_of(t.code, data.plan),
    )
    yield _F("lead", "牵头单位", "专班的牵头单位。", 16, lambda t: data.units(t.lead))
    yield _F("responsible", "责任单位", "专班的责任单位。", 44, lambda t: responsible_units(t, data))
    yield _F("aim", "目标任务", "专班的目标任务，照工作计划。", 110, lambda t: t.aim)


def _involved(task_force: TaskForce) -> str:
    if task_force.involved:
        return Involvement.INVOLVED
    return Involvement.NOT_INVOLVED


SPEC = SheetSpec(
    code="task_forces",
    title=TITLE,
    order=115,
    tab=Tab.ACTION,
    left_out_of=(MEETING,),
    table=_table,
    pointer="各专班的召集人、目标任务见“目标清单”",
)
