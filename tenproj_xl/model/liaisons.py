"""Whom letters about a form go to on a day, by the address book."""

from collections.abc import Iterator, Sequence
from datetime import date

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.address_book import AddressBook, Contact, Post
from tenproj_xl.model.plan import Plan, TaskForce
from tenproj_xl.model.plan_people import Person, Role
from tenproj_xl.model.sections import is_same_section
from tenproj_xl.model.units import Recipient, members, printed_unit, unit_code

LiaisonKey = tuple[str, str, str]
"""Unit, section and name: who gets one letter."""


@dataclass(frozen=True, kw_only=True)
class Liaison:
    """Whom letters go to: the holders of the posts of one section on a day, A岗 before B岗.

    Where the address book has nobody, there are no `holders`, and letters are addressed to the unit alone.
    """

    unit: str
    printed: str
    section: str
    holders: tuple[Contact, ...]

    @property
    def key(self) -> LiaisonKey:
        """What tells one who gets letters from another."""
        return self.unit, self.section, self.name

    @property
    def name(self) -> str:
        """The name of whom the letter is for, "" where nobody is known."""
        return self.holders[0].name if self.holders else ""

    @property
    def short_name(self) -> str:
        """The name without the unit and section that a post is named after: `A岗` of `区科技局办公室A岗`."""
        short = self.name.removeprefix(self.printed).removeprefix(self.section)
        return short or self.name

    @property
    def phone(self) -> str:
        """The telephone number of whom the letter is for."""
        return self.holders[0].phone if self.holders else ""

    @property
    def channel(self) -> str:
        """The way by which the letter goes, "" where none is known."""
        return self.holders[0].channel if self.holders else ""

    @property
    def is_mailed(self) -> bool:
        """Whether the letter goes by mail, and there is an address."""
        return bool(self.to) and self.holders[0].is_mailed

    @property
    def to(self) -> tuple[str, ...]:
        """The addresses that letters go to."""
        return self.holders[0].to if self.holders else ()

    @property
    def copies(self) -> tuple[str, ...]:
        """The addresses that get copies: those of the line, and whoever stands in."""
        found: list[str] = []
        for holder in self.holders:
            found += [*holder.to, *holder.copies]
        return tuple(address for address in dict.fromkeys(found) if address not in self.to)

    @property
    def stands_in(self) -> str:
        """Who stands in, with the telephone number: `李四（0571-88880001）`, "" for nobody."""
        names = []
        for holder in self.holders[1:]:
            names.append(f"{holder.name}（{holder.phone}）" if holder.phone else holder.name)
        return "、".join(names)

    @property
    def contact(self) -> str:
        """Who is in office, with section and telephone: `张三（科技科，0571-88880000）、李四`."""
        told = []
        for holder in self.holders:
            where = "，".join(part for part in (holder.section, holder.phone) if part)
            told.append(f"{holder.name}（{where}）" if where else holder.name)
        return "、".join(told)

    @property
    def label(self) -> str:
        """Unit, section and name: `区科技局 科技科 张三`, none of them twice."""
        return " ".join(part for part in (self.printed, self.section, self.short_name) if part)


def liaison_for(recipient: Recipient, book: AddressBook, plan: Plan, day: date) -> Liaison:
    """Return whom the letters about the form of a task force or a unit go to on a day."""
    if recipient.by_unit:
        return liaison_in(recipient.unit, recipient.section, book, plan, day)
    return liaison_of_force(plan.task_force(recipient.code), book, plan, day)


def liaison_of_force(force: TaskForce, book: AddressBook, plan: Plan, day: date) -> Liaison:
    """Return whom letters about a task force go to on a day, at its lead unit."""
    lead = unit_code(force.lead, plan)
    of_force = [contact for contact in book.of_unit(lead) if force.code in contact.task_forces]
    return _liaison(lead, of_force or book.of_whole_unit(lead), plan, day, force.section)


def liaison_in(unit: str, section: str, book: AddressBook, plan: Plan, day: date) -> Liaison:
    """Return whom letters to a 科室 of a unit go to on a day; whom those to the unit do, if it has nobody."""
    own = [contact for contact in book.of_unit(unit) if section and is_same_section(contact.section, section)]
    if any(contact.is_in_office(day) for contact in own):
        return _liaison(unit, own, plan, day)
    return liaison_at(unit, book, plan, day)


def liaison_at(unit: str, book: AddressBook, plan: Plan, day: date) -> Liaison:
    """Return whom letters to a unit as such go to on a day: who is for all of it, else the first."""
    return _liaison(unit, book.of_whole_unit(unit) or book.of_unit(unit), plan, day)


def _liaison(unit: str, contacts: Sequence[Contact], plan: Plan, day: date, section: str = "") -> Liaison:
    """Return the holders of the posts of a section, by default that of the first who is in office."""
    in_office = [contact for contact in contacts if contact.is_in_office(day)]
    held = sorted(in_office, key=lambda contact: contact.post is Post.SECOND)
    of_section = [contact for contact in held if contact.section == section]
    if held and not of_section:
        section = held[0].section
        of_section = [contact for contact in held if contact.section == section]
    return Liaison(unit=unit, printed=printed_unit(unit, plan), section=section, holders=tuple(of_section))


# --- as people of the plan


def people_of(book: AddressBook, plan: Plan) -> Iterator[Person]:
    """Yield those of an address book as people of the plan.

    Somebody is the 联络员 of each task force that the unit leads, of those named or of all that no other line
    of the unit names; who is of none is the 联络员 of the unit.
    """
    for contact in book.contacts:
        forces = _led(contact, book, plan)
        for force in forces:
            yield _person(contact, Role.LIAISON, force)
        if not forces:
            yield _person(contact, Role.UNIT_LIAISON, "")


def _led(contact: Contact, book: AddressBook, plan: Plan) -> list[str]:
    led = [force.code for force in plan.task_forces if unit_code(force.lead, plan) == contact.unit]
    if contact.task_forces:
        return [code for code in led if code in contact.task_forces]
    named = {code for other in book.of_unit(contact.unit) for code in other.task_forces}
    return [code for code in led if code not in named]


def _person(contact: Contact, role: Role, task_force: str) -> Person:
    return Person(
        task_force=task_force,
        role=role,
        name=contact.name,
        unit=contact.unit,
        section=contact.section,
        phone=contact.phone,
        starts=contact.starts,
        ends=contact.ends,
    )


def forces_of(unit: str, plan: Plan) -> list[str]:
    """Return the codes of the task forces that a unit sits in."""
    return [force.code for force in plan.task_forces if unit in members(force, plan)]
