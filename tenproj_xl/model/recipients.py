"""Recipients of forms by unit: each unit, and where it has several 科室 each of these."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.forms_sent import NOTHING_SENT, FormsSent, PartForm
from tenproj_xl.model.history import History
from tenproj_xl.model.issues import issue_histories
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.sections import Sections
from tenproj_xl.model.units import (
    Recipient,
    is_planned,
    is_unit,
    issue_unit,
    of_task_force,
    of_whole_unit,
    of_whole_units,
    open_issues,
    open_rows,
    present_unit,
    reporter,
    section_of,
    unit_code,
    unit_of,
    with_section,
)


@dataclass(frozen=True)
class Parting:
    """How the rows of units are parted: by plan and address book, and by the forms that are out."""

    sections: Sections
    out: FormsSent = NOTHING_SENT


def of_units(plan: Plan, known: History, sections: Sections) -> tuple[Recipient, ...]:
    """Return every unit that leads a task force or reports anything in one, in the plan's order of units.

    A unit that has several 科室 stands there once for each of them that leads or reports anything.
    """
    return tuple(chain(*(_parts(unit, plan, known, sections) for unit in of_whole_units(plan, known))))


def recipient_of(code: str, plan: Plan, known: History, parting: Parting) -> Recipient:
    """Return the recipient of a code; that of a 科室 with the rows that its form has in it.

    Raises:
        ValueError: The plan no longer has it, see `units.is_planned`.
    """
    if not is_planned(code, plan):
        raise ValueError(f"the plan has no such recipient: {code}")
    if not is_unit(code):
        return of_task_force(plan.task_force(code), plan)
    whole = of_whole_unit(present_unit(unit_of(code), plan), plan, known)
    section = section_of(code)
    if not section and not parting.out.is_parted(whole.unit):
        return whole
    return _as_sent(whole, section, plan, known, parting)


def _parts(whole: Recipient, plan: Plan, known: History, sections: Sections) -> Iterator[Recipient]:
    """Yield a unit, or each of its 科室 that leads or reports anything."""
    if not sections.are_several(whole.unit):
        yield whole
        return
    parts, open_ones = _sections_of_rows(whole.unit, plan, known, sections)
    forces = {force.code: sections.of_force(force, whole.unit) for force in whole.task_forces}
    for section in (*sections.of_unit(whole.unit), ""):
        leads = {code for code in whole.leads if forces[code] == section}
        reports = {force for code, force in open_ones.items() if parts[code] == section}
        belonging = {code for code, its in forces.items() if its == section}
        if leads or reports:
            yield _part(whole, section, parts, leads, reports, belonging)


def _sections_of_rows(
    unit: str, plan: Plan, known: History, sections: Sections
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the 科室 of each row of a unit, and the task force of each that is open, by the rows' codes."""
    forces = {force.code: force for force in plan.task_forces}
    parts: dict[str, str] = {}
    for row in sections.rows:
        if reporter(row, plan) == unit:
            parts[row.code] = sections.of_row(row, unit)
    for issue in issue_histories(known):
        force = forces.get(issue.row.task_force)
        if force and issue_unit(issue.row.values, force, plan) == unit:
            parts[issue.code] = sections.of_issue(issue.row.values, force, unit)
    open_ones = {row.code: row.task_force for row in open_rows(plan, known) if row.code in parts}
    for issue, force in open_issues(plan, known):
        if issue.code in parts:
            open_ones[issue.code] = force.code
    return parts, open_ones


def _part(
    whole: Recipient,
    section: str,
    parts: Mapping[str, str],
    leads: Iterable[str],
    reports: Iterable[str],
    belonging: Iterable[str],
) -> Recipient:
    """Return a 科室 of a unit as a recipient.

    Args:
        whole: The unit.
        section: The name of the 科室, "" for what none is named for.
        parts: Which 科室 reports each row of the unit.
        leads: The task forces that the 科室 leads.
        reports: Those in which it reports rows.
        belonging: Further ones in which it may register issues.
    """
    owes = {*leads, *reports}
    named = {*owes, *belonging}
    return replace(
        whole,
        code=with_section(whole.unit, section),
        printed=f"{whole.printed}{section}",
        task_forces=tuple(force for force in whole.task_forces if force.code in named),
        leads=frozenset(leads),
        owes=tuple(sorted(owes)),
        section=section,
        parts=parts,
    )


def _as_sent(whole: Recipient, section: str, plan: Plan, known: History, parting: Parting) -> Recipient:
    """Return a 科室 of a unit with the rows that its form has, whatever plan and address book say by now.

    Rows that are in no form of the unit go by plan and address book.
    """
    sections, unit = parting.sections, whole.unit
    parts, open_ones = _sections_of_rows(unit, plan, known, sections)
    forms = [form for code, form in parting.out.parts.items() if unit_of(code) == unit]
    elsewhere = set[str]().union(*(form.rows for form in forms))
    touched = frozenset[str]().union(*(form.task_forces for form in forms))
    for code, form in parting.out.parts.items():
        if unit_of(code) == unit:
            parts |= dict.fromkeys(form.rows, section_of(code))
    nothing = PartForm(rows={}, task_forces=frozenset(), leads=frozenset())
    own = parting.out.parts.get(with_section(unit, section), nothing)
    parts |= dict.fromkeys(own.rows, section)
    belonging = {force.code for force in whole.task_forces if sections.of_force(force, unit) == section}
    belonging = {code for code in belonging if code in own.task_forces or code not in touched}
    leads = {code for code in own.leads | belonging if _leads(unit, code, plan)}
    new = {force for code, force in open_ones.items() if parts[code] == section and code not in elsewhere}
    reports = (own.task_forces - leads) | new
    return _part(whole, section, parts, leads, reports, belonging)


def _leads(unit: str, task_force: str, plan: Plan) -> bool:
    return any(force.code == task_force and unit_code(force.lead, plan) == unit for force in plan.task_forces)
