"""What the plan says of the task forces themselves: conveners, responsible units, who directs them all."""

from tenproj_xl.model.people import liaisons_of
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.input import RollupInput


def conveners_of(task_force: TaskForce) -> str:
    """Return the conveners of a task force."""
    return "、".join(task_force.conveners)


def responsible_units(task_force: TaskForce, data: RollupInput) -> str:
    """Return the responsible units with the plan's note on them: `区财政局、区住建局等`."""
    units = ""
    if task_force.responsible:
        units = data.units(*task_force.responsible)
    note = task_force.responsible_note
    if units and note and not note.startswith(("等", "及", "和")):
        return f"{units}、{note}"
    return units + note


def direction_line(data: RollupInput) -> str:
    """Return who directs the programme as a whole: `总召集人：…　办公室：…　联络员：…`."""
    programme = data.plan.programme
    parts = []
    if programme.convener:
        parts.append(f"总召集人：{programme.convener}")
    parts.append(f"办公室：{programme.signature}")
    if liaisons := liaisons_of("", data.plan):
        parts.append(f"联络员：{liaisons}")
    return "　".join(parts)
