"""Whom a letter is for: a unit, or one of the several liaisons that the address book has there."""

from tenproj_xl.app.plans import InForce
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.model.address_book import AddressBook
from tenproj_xl.model.liaisons import Liaison, liaison_at, liaison_in, liaison_of_force
from tenproj_xl.model.people import liaisons_at
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import is_unit, present_unit, section_of, unit_code, unit_named, unit_of


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Whom a letter is for.

    Attributes:
        unit: The code of the unit, "" where nobody can tell.
        printed: Its name.
        label: What tells the letter from those to others at the unit: `区科技局`, `区发改经信局_投资科`.
        liaisons: Who is to be reached, with section and telephone.
    """

    unit: str
    printed: str
    label: str
    liaisons: str


NOBODY = Addressee(unit="", printed="", label="", liaisons="")


@dataclass(frozen=True)
class Addressees:
    """Tells whom letters of a period are for, by its plan and the address book."""

    plans: InForce

    def of_form(self, recipient: str, unit: str, period: Period) -> Addressee:
        """Return whom a letter is for that is about a form, given who sent it or owes it.

        Args:
            recipient: The code of the form's task force or unit, "" where that is unknown.
            unit: The code of the unit that sent it, "" where that is unknown or nobody did.
            period: The period of the form.
        """
        plan = self._plan(period)
        section = section_of(recipient)
        if section and unit in ("", present_unit(unit_of(recipient), plan)):
            return self.of_section(unit_of(recipient), section, period)
        if not recipient or is_unit(recipient):
            return self.of_unit(unit or recipient, period)
        lead = unit_code(plan.task_force(recipient).lead, plan)
        if unit not in ("", lead):
            return self.of_unit(unit, period)
        return self.of_force(recipient, period)

    def of_force(self, task_force: str, period: Period) -> Addressee:
        """Return whom a letter about a task force is for."""
        plan = self._plan(period)
        force = plan.task_force(task_force)
        return self._addressee(liaison_of_force(force, self._book, plan, period.last), period)

    def of_section(self, unit: str, section: str, period: Period) -> Addressee:
        """Return whom a letter to a 科室 of a unit is for, given the unit's code."""
        plan = self._plan(period)
        liaison = liaison_in(present_unit(unit, plan), section, self._book, plan, period.last)
        return self._addressee(liaison, period)

    def of_unit(self, unit: str, period: Period) -> Addressee:
        """Return whom a letter to a unit as such is for, given its code."""
        if not unit:
            return NOBODY
        plan = self._plan(period)
        return self._addressee(liaison_at(present_unit(unit, plan), self._book, plan, period.last), period)

    def named(self, name: str, period: Period) -> Addressee:
        """Return whom a letter to a unit is for, given its name."""
        unit = unit_named(name, self._plan(period))
        if unit is None:
            return Addressee(unit="", printed=name, label=name, liaisons="")
        return self.of_unit(unit, period)

    @property
    def _book(self) -> AddressBook:
        return self.plans.loaded.addresses

    def _plan(self, period: Period) -> Plan:
        return self.plans.plan_at(period)

    def _addressee(self, liaison: Liaison, period: Period) -> Addressee:
        plan = self._plan(period)
        label = liaison.printed
        if liaison.holders and self._has_several(liaison.unit, period):
            label = f"{liaison.printed}_{liaison.section or liaison.name}"
        return Addressee(
            unit=liaison.unit,
            printed=liaison.printed,
            label=label,
            liaisons=liaison.contact or liaisons_at(liaison.printed, plan),
        )

    def _has_several(self, unit: str, period: Period) -> bool:
        in_office = [one for one in self._book.of_unit(unit) if one.is_in_office(period.last)]
        return len({one.section for one in in_office}) > 1
