"""Who holds an office of the programme (人员) on a day, by the versions of the plan and what they date."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from tenproj_xl.model.plan import Plan, plain_name
from tenproj_xl.model.plan_people import Person, Role
from tenproj_xl.model.sections import is_same_section
from tenproj_xl.model.units import Recipient, printed_unit

_Office = tuple[str, Role]
"""The code of a task force, "" for the whole programme, and what somebody is there."""
_Holders = Mapping[_Office, Sequence[Person]]
_LIAISONS = (Role.LIAISON, Role.UNIT_LIAISON)


def with_holders(plan: Plan, later: Sequence[Plan], day: date) -> Plan:
    """Return a plan with those who hold the offices on a day.

    Conveners stand in the places of the plan; `people` are the 联络员. An office that the sheet names nobody
    for until that day is held by whom 专班 or 方案 names. The `later` plans, oldest first, tell of a day
    before them what they date anew.
    """
    known = by_office(plan)
    newer = [by_office(one) for one in later]
    held: dict[_Office, tuple[Person, ...]] = {}
    liaisons: list[Person] = []
    for office in dict.fromkeys(chain(known, *newer)):
        people = _told(office, known, newer, day)
        begun = [person for person in people if person.starts is None or person.starts <= day]
        if begun:
            held[office] = tuple(person for person in begun if person.ends is None or day <= person.ends)
            if office[1] in _LIAISONS:
                liaisons += held[office]
    programme, chief = plan.programme, ("", Role.CHIEF_CONVENER)
    if chief in held:
        programme = replace(programme, convener="、".join(_names(held[chief])))
    forces = []
    for force in plan.task_forces:
        convener = force.code, Role.CONVENER
        if convener in held:
            forces.append(replace(force, conveners=_names(held[convener])))
        else:
            forces.append(force)
    return replace(plan, programme=programme, task_forces=tuple(forces), people=tuple(liaisons))


def with_liaisons(plan: Plan, people: Iterable[Person]) -> Plan:
    """Return a plan with these 联络员 in place of its own."""
    others = [person for person in plan.people if person.role not in _LIAISONS]
    return replace(plan, people=(*others, *people))


def by_office(plan: Plan) -> dict[_Office, list[Person]]:
    """Return the people of a plan by what they are, and of which task force."""
    people: dict[_Office, list[Person]] = {}
    for person in plan.people:
        people.setdefault((person.task_force, person.role), []).append(person)
    return people


def liaisons_of(task_force: str, plan: Plan) -> str:
    """Return how to reach the 联络员 of a task force, or "" for the whole programme, in a period's plan.

    For example `张三（科技科，0571-88880000）、李四`.
    """
    return _contacts(by_office(plan).get((task_force, Role.LIAISON), ()))


def liaisons_at(unit: str, plan: Plan, section: str = "") -> str:
    """Return how to reach the 联络员 at a unit, as printed; without 单位 they are at the lead.

    Where there are any of the 科室 `section`, these alone.
    """
    if not plan.people:
        return ""
    names = {plain_name(one.name) for one in plan.units if one.printed == unit}
    leads = {"": ""} | {force.code: force.lead for force in plan.task_forces}
    found = []
    for person in plan.people:
        at = person.unit or leads.get(person.task_force, "")
        if person.task_force in leads and plain_name(at) in names:
            found.append(person)
    of_section = [person for person in found if section and is_same_section(person.section, section)]
    return _contacts(of_section or found)


def liaisons_for(recipient: Recipient, plan: Plan) -> str:
    """Return how to reach the 联络员 of the task force or unit that a form is made for."""
    if recipient.by_unit:
        return liaisons_at(printed_unit(recipient.unit, plan), plan, recipient.section)
    return liaisons_of(recipient.code, plan)


def _contacts(people: Iterable[Person]) -> str:
    return "、".join(dict.fromkeys(person.contact for person in people))


def _told(office: _Office, known: _Holders, newer: Sequence[_Holders], day: date) -> Sequence[Person]:
    """Return the people of an office by the newest plan that knows of a change until a day.

    What a later plan changes without a date is no earlier change.
    """
    people = known.get(office, ())
    changes = _changes(people, day)
    for later in reversed(newer):
        told = later.get(office, ())
        if _changes(told, day) - changes:
            return told
    return people


def _changes(people: Iterable[Person], day: date) -> set[tuple[str, date]]:
    """Return on which days until a day somebody began or ended."""
    days: set[tuple[str, date]] = set()
    for person in people:
        if person.starts and person.starts <= day:
            days.add(("starts", person.starts))
        if person.ends and person.ends < day:
            days.add(("ends", person.ends))
    return days


def _names(people: Iterable[Person]) -> tuple[str, ...]:
    return tuple(person.name for person in people)
