"""The forms of a period that are out, and which of the forms of one unit answer for which rows.

The 科室 of a unit may change after its forms went out: the office makes them anew, and earlier ones come
back all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import indicator_of_row, is_correction_place
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.units import is_unit, present_unit, section_of, unit_of, with_section


@dataclass(frozen=True, kw_only=True)
class PartForm:
    """What a form of a unit that has several has in it.

    `rows` are its own, with their task forces, `task_forces` those of all its rows, and `leads` those of
    which it shows rows of others.
    """

    rows: Mapping[str, str]
    task_forces: frozenset[str]
    leads: frozenset[str]

    def rows_of(self, task_force: str) -> set[str]:
        """Return its own rows of a task force."""
        return {row for row, force in self.rows.items() if force == task_force}

    def and_also(self, other: "PartForm") -> "PartForm":
        """Return what is in either form."""
        return PartForm(
            rows={**self.rows, **other.rows},
            task_forces=self.task_forces | other.task_forces,
            leads=self.leads | other.leads,
        )


def part_form(rows: Iterable[Issued]) -> PartForm:
    """Return what a form has in it, given its rows."""
    own: dict[str, str] = {}
    task_forces: set[str] = set()
    leads: set[str] = set()
    for row in rows:
        if row.task_force:
            task_forces.add(row.task_force)
        if row.of_others:
            leads.add(row.task_force)
        elif row.code and not is_correction_place(row.code):
            own[indicator_of_row(row.code)] = row.task_force
    return PartForm(rows=own, task_forces=frozenset(task_forces), leads=frozenset(leads))


@dataclass(frozen=True)
class FormsSent:
    """Whom the forms of a period went out to.

    Attributes:
        codes: The recipients whose forms count, in order; not those that other forms have replaced.
        parts: What is in the forms of units that got one for each 科室, by recipient; replaced ones first.
    """

    codes: tuple[str, ...] = ()
    parts: Mapping[str, PartForm] = field(default_factory=dict)

    def is_parted(self, unit: str) -> bool:
        """Return whether a unit got several forms, each for a 科室."""
        return any(unit_of(code) == unit for code in self.parts)

    def of_unit(self, unit: str, task_force: str) -> list[str]:
        """Return the recipients of a unit whose forms count and have rows of a task force."""
        if not self.is_parted(unit):
            return [code for code in self.codes if code == unit]
        own = [code for code in self.codes if code in self.parts and unit_of(code) == unit]
        touching = [code for code in own if task_force in self.parts[code].task_forces]
        return touching or own[:1]

    def is_answered(self, code: str, task_force: str, returns: Iterable[Receipt]) -> bool:
        """Return whether some returns answer for a recipient's rows of a task force.

        That is the recipient's own return, and those in other forms of the unit that had all these rows in
        them: the unit may have several 科室 by now, or other ones, than when they went out.
        """
        answered: set[str] = set()
        is_same_unit = False
        for receipt in returns:
            recipient = receipt.party.recipient
            if recipient == code:
                return True
            if is_unit(recipient) and unit_of(recipient) == unit_of(code):
                is_same_unit = True
                answered.update(receipt.answers)
        if not is_same_unit or code not in self.parts:
            return False
        return self.parts[code].rows_of(task_force) <= answered

    def in_units(self, plan: Plan) -> "FormsSent":
        """Return the forms of units that got several under the present names of these units."""
        if not self.parts:
            return self
        parts: dict[str, PartForm] = {}
        present: dict[str, str] = {}
        for code, form in self.parts.items():
            name = with_section(present_unit(unit_of(code), plan), section_of(code))
            parts[name] = parts[name].and_also(form) if name in parts else form
            present[code] = name
        codes = [present.get(code, code) for code in self.codes]
        return replace(self, codes=tuple(dict.fromkeys(codes)), parts=parts)


NOTHING_SENT = FormsSent()
