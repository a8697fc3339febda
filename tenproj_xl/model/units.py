"""Recipients: whom a form is made for, which unit a name means, and which unit may fill a row.

A task force's form goes to its lead, which gathers what all its units have to say. A unit's form has the rows that this
unit reports, of all its task forces; a lead finds the rows of the others after its own, to read.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tenproj_xl.core.cells import Value
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.parse import canonical, text_of
from tenproj_xl.model.history import History
from tenproj_xl.model.issues import issue_histories
from tenproj_xl.model.plan import Indicator, Plan, Task, TaskForce, plain_name


@dataclass(frozen=True)
class Recipient:
    """Whom a form is made for. `code` is a task force's code or a unit's name; `unit` the one that answers for it.

    `task_forces` are those that a unit sits in, or the one whose form it is; `leads` the codes of those that it leads,
    `owes` of those in which it leads or reports anything.
    """

    code: str
    unit: str
    printed: str
    task_forces: tuple[TaskForce, ...]
    leads: frozenset[str]
    owes: tuple[str, ...]

    @property
    def by_unit(self) -> bool:
        """True for a unit's form, False for a task force's."""
        return is_unit(self.code)

    @property
    def spoken(self) -> str:
        """What people call it: `03 科技创新…工程`, `区财政局`."""
        return self.printed if self.by_unit else f"{self.code} {self.task_forces[0].name}"

    @property
    def labelled(self) -> str:
        """The same with what it is."""
        return f"{'填报单位' if self.by_unit else '专班'}：{self.spoken}"

    @property
    def involved(self) -> bool:
        """False where nothing is owed."""
        return any(t.involved for t in self.task_forces if t.code in self.owes)


def is_unit(code: str) -> bool:
    """True for a recipient that is a unit: task forces have numbers."""
    return bool(code) and not code.isdigit()


def spoken_code(code: str) -> str:
    """A recipient in a sentence: `03专班`, `区财政局`."""
    return code if is_unit(code) else f"{code}专班"


def of_task_force(task_force: TaskForce, plan: Plan) -> Recipient:
    """The recipient that a task force is."""
    code, lead = task_force.code, unit_code(task_force.lead, plan)
    return Recipient(code, lead, plan.printed(task_force.lead), (task_force,), frozenset([code]), (code,))


def of_units(plan: Plan, known: History) -> tuple[Recipient, ...]:
    """Every unit that leads a task force or reports anything in one, in the order in which the plan names them."""
    busy = _busy(plan, known)
    order = list(dict.fromkeys(unit_code(u.name, plan) for u in plan.units))
    return tuple(_of_unit(code, busy[code], plan) for code in sorted(busy, key=order.index))


def recipient_of(code: str, plan: Plan, known: History) -> Recipient:
    """The recipient of a code.

    Raises:
        ValueError: the plan has it no longer, see `is_planned`.
    """
    if not is_planned(code, plan):
        raise ValueError(f"the plan has no such recipient: {code}")
    if is_unit(code):
        unit = present_unit(code, plan)
        return _of_unit(unit, _busy(plan, known).get(unit, set()), plan)
    return of_task_force(plan.task_force(code), plan)


def is_planned(code: str, plan: Plan) -> bool:
    """False for a recipient that the plan has no longer."""
    return code in {t.code for t in plan.task_forces} | {_code(u.name) for u in plan.units}


def reporting_units(task_force: TaskForce, plan: Plan, known: History) -> tuple[str, ...]:
    """The units that owe a return of their own rows in a task force, the lead first."""
    lead = unit_code(task_force.lead, plan)
    reporting = {unit for unit, force in _reporting(plan, known) if force == task_force.code}
    order = [lead, *(unit_code(u.name, plan) for u in plan.units)]
    return tuple(sorted(reporting, key=order.index))


def _of_unit(code: str, owes: set[str], plan: Plan) -> Recipient:
    sits = tuple(t for t in plan.task_forces if t.code in owes or code in members(t, plan))
    leads = frozenset(t.code for t in sits if unit_code(t.lead, plan) == code)
    return Recipient(code, code, printed_unit(code, plan), sits, leads, tuple(sorted(owes)))


def _busy(plan: Plan, known: History) -> dict[str, set[str]]:
    """By unit the task forces in which it leads or reports anything."""
    found: dict[str, set[str]] = {}
    for task_force in plan.task_forces:
        found.setdefault(unit_code(task_force.lead, plan), set()).add(task_force.code)
    for unit, task_force_code in _reporting(plan, known):
        found.setdefault(unit, set()).add(task_force_code)
    return found


def _reporting(plan: Plan, known: History) -> Iterable[tuple[str, str]]:
    """Unit and task force of everything that is to be reported."""
    rows: tuple[Indicator | Task, ...] = (
        *plan.indicators,
        *(t for t in plan.tasks if not known.is_finished(t)),
    )
    yield from ((reporter(row, plan), row.task_force) for row in rows)
    forces = {t.code: t for t in plan.task_forces}
    for issue in issue_histories(known):
        force = issue.row.task_force
        if force in forces and not issue.signed_off:
            yield issue_unit(issue.row.values, forces[force], plan), force


# --- units and their names


@lru_cache(maxsize=1 << 10)  # every row of every return asks for all units of the plan
def _code(name: str) -> str:
    """A unit's name as part of a form's identity: without its bracketed second name, in one piece."""
    return re.sub(r"[\s_]+", "", plain_name(name))


def unit_code(name: str, plan: Plan) -> str:
    """What a unit of the plan goes by, whichever of its names is given; one that was succeeded goes by the other."""
    unit, seen = plan.unit(name), {name}
    while unit.successor and unit.successor not in seen:
        seen.add(unit.successor)
        unit = plan.unit(unit.successor)
    return _code(unit.name)


def spellings(code: str, plan: Plan) -> frozenset[str]:
    """How people write a unit, in one spelling each."""
    found = next((plan.spellings(u.name) for u in plan.units if _code(u.name) == code), None)
    return frozenset(found or [canonical(code)])


def present_unit(code: str, plan: Plan) -> str:
    """What a unit goes by now that went by a code when a form was made."""
    return next((unit_code(u.name, plan) for u in plan.units if _code(u.name) == code), code)


def printed_unit(code: str, plan: Plan) -> str:
    """A unit as people read it; one that the plan no longer has by the name it went by."""
    return next((u.printed for u in plan.units if _code(u.name) == code), code)


def unit_named(text: object, plan: Plan) -> str | None:
    """The unit that somebody wrote: by its name in the document, its current or its short name; None if it is none."""
    written = canonical(text)
    for unit in plan.units if written else ():
        if written in {
            canonical(s) for s in (unit.name, plain_name(unit.name), unit.current_name, unit.short) if s
        }:
            return unit_code(unit.name, plan)
    return None


def unit_in(text: str, plan: Plan) -> str | None:
    """The unit that a text names, alone or among other words; None where it names none, or one that is the office."""
    written, office = canonical(text), canonical(plan.programme.office)
    named = [(len(s), u) for u in plan.units if written for s in plan.spellings(u.name) if s in written]
    found = max(named, key=lambda n: n[0], default=(0, None))[1]
    if found is None or any(s in office for s in plan.spellings(found.name)):
        return None
    return unit_code(found.name, plan)


def may_send(unit: str, plan: Plan) -> frozenset[str]:
    """The recipients whose forms a unit may send: itself, the task forces it sits in, the units of those it leads."""
    sits = [t for t in plan.task_forces if unit in members(t, plan)]
    led = (members(t, plan) for t in sits if unit_code(t.lead, plan) == unit)
    return frozenset({unit, *(t.code for t in sits)}.union(*led))


def members(task_force: TaskForce, plan: Plan) -> set[str]:
    """The units of a task force: its lead, its responsible units, and those of its rows."""
    rows: tuple[Indicator | Task, ...] = (
        *plan.indicators_of(task_force.code),
        *plan.tasks_of(task_force.code),
    )
    of_rows = (name for row in rows for name in (row.reporting_unit, *row.responsible))
    return {unit_code(name, plan) for name in (task_force.lead, *task_force.responsible, *of_rows)}


# --- who may fill a row


def reporter(row: Indicator | Task, plan: Plan) -> str:
    """The one unit that reports an indicator or a task."""
    return unit_code(row.reporting_unit, plan)


def issue_unit(values: Mapping[str, Value], task_force: TaskForce, plan: Plan) -> str:
    """The one unit that reports on an issue: the first responsible one that is a unit of the plan, else the lead."""
    named = (unit_named(name, plan) for name in split_units(text_of(values.get("unit"))))
    return next((unit for unit in named if unit), unit_code(task_force.lead, plan))


def speaker(cover: Mapping[str, Value], recipient: Recipient, plan: Plan) -> str:
    """The unit that speaks in a return: in its own form itself, in a task force's that of the cover, or the lead."""
    named = None if recipient.by_unit else unit_named(cover.get("unit"), plan)
    return named or recipient.unit


def task_force_named(text: object, plan: Plan) -> str:
    """The code of the task force that somebody wrote or chose, "" if it is none."""
    written = text_of(text)
    return next(
        (t.code for t in plan.task_forces if written in (t.code, t.name) or written[:3] == f"{t.code} "), ""
    )


def spoken_task_force(task_force: TaskForce) -> str:
    """A task force as a row of a unit's form shows it."""
    return f"{task_force.code} {task_force.name}"
