"""The 科室 of units: which of them answers for a task force or a row on a day.

Where a unit has several, its rows are parted: a row's own 科室 goes first, then that of the task force at its
lead unit, then the one whose line in the address book names the task force, then the one that is for the
whole unit.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.address_book import NO_ADDRESSES, AddressBook, Contact, Post
from tenproj_xl.model.plan import Indicator, Plan, Task, TaskForce
from tenproj_xl.model.units import reporter, unit_code


def section_name(text: str) -> str:
    """Return the name of a 科室 as part of a form's identity: without spaces and low lines."""
    return re.sub(r"[\s_]+", "", text)


def is_same_section(one: str, other: str) -> bool:
    """Return whether two texts name the same 科室, however they are spelled."""
    return _key(one) == _key(other)


def _key(text: str) -> str:
    return canonical(section_name(text))


@dataclass(frozen=True)
class Sections:
    """The 科室 that plan and address book name, as far as they are in office on a day.

    A plan that is told without a day has none: each unit is one.
    """

    plan: Plan
    book: AddressBook = NO_ADDRESSES
    day: date | None = None

    def are_several(self, unit: str) -> bool:
        """Return whether a unit has several 科室, so that each gets a form of its own."""
        return len(self.of_unit(unit)) > 1

    def of_unit(self, unit: str) -> tuple[str, ...]:
        """Return the 科室 of a unit: those of the address book in its order, then others of the plan."""
        return tuple(self._by_unit.get(unit, {}).values())

    def of_row(self, row: Indicator | Task, unit: str) -> str:
        """Return the 科室 that reports a row of a unit, "" where nobody says so."""
        return self._spelled(unit, row.section) or self.of_force(self.plan.task_force(row.task_force), unit)

    def of_issue(self, values: Mapping[str, Value], force: TaskForce, unit: str) -> str:
        """Return the 科室 that reports on an issue: that of the row that it is about, if it is the unit's."""
        about = text_of(values.get("related"))
        for row in self.rows:
            if about and row.code == about and reporter(row, self.plan) == unit:
                return self.of_row(row, unit)
        return self.of_force(force, unit)

    def of_force(self, force: TaskForce, unit: str) -> str:
        """Return the 科室 of a unit that a task force belongs to, "" where nobody says so."""
        if force.section and unit_code(force.lead, self.plan) == unit:
            return self._spelled(unit, force.section)
        in_office = self._in_office(unit)
        for contact in in_office:
            if force.code in contact.task_forces and contact.section:
                return self._spelled(unit, contact.section)
        for contact in in_office:
            if not contact.task_forces and contact.section:
                return self._spelled(unit, contact.section)
        return ""

    def _in_office(self, unit: str) -> list[Contact]:
        """Return those of a unit who are in office, A岗 first."""
        day = self.day
        if day is None:
            return []
        found = [contact for contact in self.book.of_unit(unit) if contact.is_in_office(day)]
        return sorted(found, key=lambda contact: contact.post is Post.SECOND)

    def _spelled(self, unit: str, section: str) -> str:
        """Return the one spelling of a 科室 of a unit."""
        return self._by_unit.get(unit, {}).get(_key(section), "")

    @cached_property
    def rows(self) -> tuple[Indicator | Task, ...]:
        """The indicators and tasks of the plan."""
        return (*self.plan.indicators, *self.plan.tasks)

    @cached_property
    def _by_unit(self) -> dict[str, dict[str, str]]:
        """The 科室 of each unit, in the spelling that goes first, by what they are compared by."""
        found: dict[str, dict[str, str]] = {}
        for unit, section in self._named():
            if section:
                found.setdefault(unit, {}).setdefault(_key(section), section_name(section))
        return found

    def _named(self) -> Iterator[tuple[str, str]]:
        if self.day is None:
            return
        for contact in self.book.contacts:
            if contact.is_in_office(self.day):
                yield contact.unit, contact.section
        for force in self.plan.task_forces:
            yield unit_code(force.lead, self.plan), force.section
        for row in self.rows:
            yield reporter(row, self.plan), row.section
