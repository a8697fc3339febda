"""Checks of the sheet 人员 of 工作计划.xlsx."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.model.plan_people import Role
from tenproj_xl.reading.records import Record


def people_faults(people: Sequence[Record]) -> Iterator[Finding]:
    """Yield offices that end before they begin or are of no task force, and two 总召集人 at once."""
    chiefs: list[Record] = []
    for person in people:
        starts, ends = _days(person)
        if ends < starts:
            yield finding(Code.PLAN_PERSON_DATES, person.place("ends"), person.text("name"), expected=starts)
        role, has_force = person.text("role"), bool(person.text("task_force"))
        place = person.place("task_force")
        if role == Role.CONVENER and not has_force:
            advice = "请填写所在专班的编号，如 03"
            yield finding(Code.PLAN_PERSON_FORCE, place, Role.CONVENER.label, advice=advice)
        if role == Role.CHIEF_CONVENER:
            if has_force:
                advice = "管整个方案，专班编号请留空"
                yield finding(Code.PLAN_PERSON_FORCE, place, Role.CHIEF_CONVENER.label, advice=advice)
            chiefs.append(person)
    yield from _two_at_once(chiefs)


def _two_at_once(chiefs: Sequence[Record]) -> Iterator[Finding]:
    in_turn = sorted(chiefs, key=lambda person: _days(person)[0])
    for earlier, later in pairwise(in_turn):
        if _days(later)[0] <= _days(earlier)[1]:
            place, name = later.place("name"), later.text("name")
            yield finding(Code.PLAN_TWO_CHIEFS, place, name, expected=earlier.text("name"))


def _days(person: Record) -> tuple[date, date]:
    return person.day("starts") or date.min, person.day("ends") or date.max
