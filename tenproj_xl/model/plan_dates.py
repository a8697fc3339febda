"""What holds in a period by its own date (生效期, 撤并期, 终止日期): targets, rows, task forces and units.

Reads: a plan with all that is dated. Gives: the plan of one period, with successors in their places.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.model.plan import Indicator, Plan, Task, TaskForce, Unit, plain_name
from tenproj_xl.model.plan_people import Person
from tenproj_xl.model.plan_targets import has_begun, targets_in_force


def dated(plan: Plan, period: Period, indicators: Iterable[Indicator]) -> Plan:
    """Return a plan with what holds in a period: its task forces, rows, targets and units.

    `indicators` are the plan's, with all targets that may hold; one that has none in force is not asked for.
    """
    taken_over = successors(plan, period)
    forces = tuple(t for t in plan.task_forces if stands_in(t, period))
    codes = {force.code for force in forces}

    def is_asked(row: Indicator | Task) -> bool:
        return has_begun(row.effective, period) and taken_over.get(row.task_force, row.task_force) in codes

    former = []
    rows: tuple[Indicator | Task, ...] = (*plan.indicators, *plan.tasks)
    for row in rows:
        if row.task_force in taken_over:
            former.append((row.code, row.task_force))
    kept = []
    for indicator in filter(is_asked, indicators):
        force = taken_over.get(indicator.task_force, indicator.task_force)
        targets = targets_in_force(indicator.targets, period)
        if targets:
            kept.append(_with(indicator, task_force=force, targets=targets))
    tasks = []
    for task in filter(is_asked, plan.tasks):
        tasks.append(_with(task, task_force=taken_over.get(task.task_force, task.task_force)))
    units = tuple(_unit_in(unit, period) for unit in plan.units)
    heirs = _Heirs({plain_name(unit.name): unit.successor for unit in units if unit.successor})
    return replace(
        plan,
        task_forces=tuple(heirs.of_task_force(force) for force in forces),
        units=units,
        indicators=tuple(heirs.of_indicator(indicator) for indicator in kept),
        tasks=tuple(heirs.of_task(task) for task in tasks),
        people=tuple(heirs.of_person(person) for person in plan.people),
        ended=tuple(t for t in plan.task_forces if t.ends and has_begun(t.ends, period)),
        former_forces=tuple(former),
    )


_Part = TypeVar("_Part", TaskForce, Indicator, Task, Person)


def _with(part: _Part, **changes: object) -> _Part:
    """Return a part of a plan with some changes; itself where they change nothing, as most often."""
    if all(getattr(part, name) == value for name, value in changes.items()):
        return part
    return replace(part, **changes)  # type: ignore[arg-type]  # each of the type of its field


@dataclass(frozen=True)
class _Heirs:
    """Puts successors in the places of units that have ended; `successors` are theirs by plain name."""

    successors: Mapping[str, str]

    def _of(self, name: str) -> str:
        return _last_of(name, lambda unit: self.successors.get(plain_name(unit)))

    def _all_of(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(self._of, names)))

    def of_task_force(self, force: TaskForce) -> TaskForce:
        """Return a task force with the units that are there."""
        return _with(force, lead=self._of(force.lead), responsible=self._all_of(force.responsible))

    def of_indicator(self, row: Indicator) -> Indicator:
        """Return an indicator with the units that are there."""
        unit, responsible = self._of(row.reporting_unit), self._all_of(row.responsible)
        return _with(row, reporting_unit=unit, responsible=responsible)

    def of_task(self, row: Task) -> Task:
        """Return a task with the units that are there."""
        unit, responsible = self._of(row.reporting_unit), self._all_of(row.responsible)
        return _with(row, lead_unit=self._of(row.lead_unit), reporting_unit=unit, responsible=responsible)

    def of_person(self, person: Person) -> Person:
        """Return somebody at the unit that is there."""
        return _with(person, unit=self._of(person.unit))


def with_ended_units(plan: Plan, later: Iterable[Plan]) -> Plan:
    """Return a plan with the units that end by a date of their own (终止日期), whenever it was written."""
    units = {unit.name: unit for unit in plan.units}
    for newer in later:
        for unit in newer.units:
            known = units.get(unit.name)
            if known is None or unit.ends is None or not unit.successor or known.ends == unit.ends:
                continue
            units[unit.name] = replace(known, ends=unit.ends, successor=unit.successor)
            heir = newer.unit(unit.successor)
            units.setdefault(heir.name, heir)
    if units == {unit.name: unit for unit in plan.units}:
        return plan
    return replace(plan, units=tuple(units.values()))


def stands_in(force: TaskForce, period: Period) -> bool:
    """Return whether a task force is there in a period: it has begun (生效期) and not ended (撤并期)."""
    has_ended = force.ends is not None and has_begun(force.ends, period)
    return has_begun(force.effective, period) and not has_ended


def successors(plan: Plan, period: Period) -> dict[str, str]:
    """Return, by the code of each task force that has ended, that of the last one that took it over."""
    ended = {t.code: t.successor for t in plan.task_forces if t.ends and has_begun(t.ends, period)}
    return {code: _last_of(code, ended.get) for code, successor in ended.items() if successor}


def _last_of(code: str, successor_of: Callable[[str], str | None]) -> str:
    seen = {code}
    while (following := successor_of(code)) and following not in seen:
        seen.add(following)
        code = following
    return code


def _unit_in(unit: Unit, period: Period) -> Unit:
    """Return a unit as it is in a period: its successor comes only after its last day (终止日期)."""
    if unit.ends is not None and period.last <= unit.ends:
        return replace(unit, successor="")
    return unit
