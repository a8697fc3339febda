"""Recipients of forms, the names of units, and which unit may fill in a row.

A task force's form goes to its lead unit, which collects the entries of all its units. A unit's form has the
rows that this unit reports in all its task forces; a lead unit finds the rows of the other units behind its
own, to read only.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from itertools import chain

from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import indicator_of_row, is_correction_place
from tenproj_xl.core.policy import EVERYBODY
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.history import History
from tenproj_xl.model.issues import IssueHistory, issue_histories
from tenproj_xl.model.plan import Indicator, Plan, Task, TaskForce, Unit, plain_name
from tenproj_xl.model.unit_names import Mention, UnitNames

_BEFORE_SECTION = "_"
"""Stands between unit and 科室 in a code; no code of a unit has one, see `code_of_name`."""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A task force or unit that a form is made for.

    `code` is the code of the task force or the name of the unit, `unit` the unit that answers for the form.
    `task_forces` are those that a unit belongs to, or the one whose form it is; `leads` are the codes of
    those that it leads, `owes` of those in which it leads or reports anything.

    A unit that has several 科室 gets a form for each `section`; `parts` then says which of them reports each
    of the unit's rows, by the codes of the rows, "" where none is named.
    """

    code: str
    unit: str
    printed: str
    task_forces: tuple[TaskForce, ...]
    leads: frozenset[str]
    owes: tuple[str, ...]
    section: str = ""
    parts: Mapping[str, str] | None = field(default=None, hash=False)

    def has(self, row: str, task_force: str, unit: str) -> bool:
        """Return whether a row stands in the form: a unit's own, and all of a task force that it leads."""
        own = self.by_unit and self.reports(row, unit)
        return own or task_force in self.leads

    def reports(self, row: str, unit: str) -> bool:
        """Return whether a row that a unit reports is filled in by whom the form is made for.

        Blank rows, which have no code or that of a place for a correction, are whose form they stand in.
        """
        if unit != self.unit:
            return False
        if self.parts is None or not row or is_correction_place(row):
            return True
        return self.parts.get(indicator_of_row(row)) == self.section

    def reporter_of(self, row: str, unit: str, plan: Plan) -> str:
        """Return who reports a row, as people read it: a unit, with the 科室 where that is one of its own."""
        name = printed_unit(unit, plan)
        if unit == self.unit and self.parts is not None:
            return name + self.parts.get(indicator_of_row(row), "")
        return name

    @property
    def by_unit(self) -> bool:
        """Whether this is a unit's form, and not a task force's."""
        return is_unit(self.code)

    @property
    def spoken(self) -> str:
        """The name that people use: `03 科技创新…工程`, `区财政局`."""
        if self.by_unit:
            return self.printed
        return f"{self.code} {self.task_forces[0].name}"

    @property
    def labelled(self) -> str:
        """The name that people use behind its kind: `专班：03 …工程`, `填报单位：区财政局`."""
        if self.by_unit:
            return f"填报单位：{self.spoken}"
        return f"专班：{self.spoken}"

    @property
    def involved(self) -> bool:
        """Whether a return is owed: False if no task force in `owes` is involved."""
        return any(t.involved for t in self.task_forces if t.code in self.owes)


def is_unit(code: str) -> bool:
    """Return whether the code of a recipient is that of a unit; codes of task forces are digits."""
    return bool(code) and not code.isdigit()


def spoken_code(code: str) -> str:
    """Return the code of a recipient as a sentence has it: `03专班`, `区财政局`, `区发改经信局投资科`."""
    if is_unit(code):
        return code.replace(_BEFORE_SECTION, "")
    return f"{code}专班"


def with_section(unit: str, section: str) -> str:
    """Return the code of the recipient of a unit's 科室, that of the unit itself where there is none."""
    return f"{unit}{_BEFORE_SECTION}{section}" if section else unit


def unit_of(code: str) -> str:
    """Return the unit in the code of a recipient: `区发改经信局` in `区发改经信局_投资科`."""
    return code.partition(_BEFORE_SECTION)[0]


def section_of(code: str) -> str:
    """Return the 科室 in the code of a recipient, "" where it is for a whole unit or a task force."""
    return code.partition(_BEFORE_SECTION)[2]


def of_task_force(task_force: TaskForce, plan: Plan) -> Recipient:
    """Return the recipient of a task force's form."""
    return Recipient(
        code=task_force.code,
        unit=unit_code(task_force.lead, plan),
        printed=plan.printed(task_force.lead),
        task_forces=(task_force,),
        leads=frozenset([task_force.code]),
        owes=(task_force.code,),
    )


def of_whole_units(plan: Plan, known: History) -> tuple[Recipient, ...]:
    """Return every unit that leads a task force or reports anything in one, in the plan's order of units.

    See `model.recipients` for those that have several 科室.
    """
    found = []
    for code in _places(plan):
        unit = of_whole_unit(code, plan, known)
        if unit.owes:
            found.append(unit)
    return tuple(found)


def of_whole_unit(unit: str, plan: Plan, known: History) -> Recipient:
    """Return a unit that the plan has, given its present code, as a recipient; each return asks for one."""
    owes = {force.code for force in _forces_of(unit, plan) if unit_code(force.lead, plan) == unit}
    owes.update(row.task_force for row in _rows_of(unit, plan) if _is_open(row, known))
    owes.update(_open_issues(plan, known).forces_of.get(unit, ()))
    codes = owes.union(force.code for force in _forces_of(unit, plan))
    task_forces = tuple(t for t in plan.task_forces if t.code in codes)
    return Recipient(
        code=unit,
        unit=unit,
        printed=printed_unit(unit, plan),
        task_forces=task_forces,
        leads=frozenset(t.code for t in task_forces if unit_code(t.lead, plan) == unit),
        owes=tuple(sorted(owes)),
    )


def is_planned(code: str, plan: Plan) -> bool:
    """Return whether the plan still has a recipient."""
    return code in _index(plan).force_codes or _find_unit(unit_of(code), plan) is not None


def reporting_units(task_force: TaskForce, plan: Plan, known: History) -> tuple[str, ...]:
    """Return the units that owe a return of their own rows in a task force, the lead unit first."""
    lead = unit_code(task_force.lead, plan)
    code = task_force.code
    rows: Iterable[Indicator | Task] = chain(plan.indicators_of(code), plan.tasks_of(code))
    reporting = {reporter(row, plan) for row in rows if _is_open(row, known)}
    reporting.update(_open_issues(plan, known).units_in.get(code, ()))
    places = _places(plan)
    return tuple(sorted(reporting, key=lambda unit: (unit != lead, places[unit])))


class _OpenIssues:
    """Task forces and units of open issues, by a plan and what is known.

    `forces_of` are the codes of the task forces by the unit that reports on an issue, `units_in` these units
    by the code of the task force.
    """

    def __init__(self, plan: Plan, known: History) -> None:
        self.plan = plan
        self.forces_of: dict[str, set[str]] = {}
        self.units_in: dict[str, set[str]] = {}
        for issue, force in open_issues(plan, known):
            unit = issue_unit(issue.row.values, force, plan)
            self.forces_of.setdefault(unit, set()).add(force.code)
            self.units_in.setdefault(force.code, set()).add(unit)


def _open_issues(plan: Plan, known: History) -> _OpenIssues:
    """Return the task forces and units of open issues, worked out once."""
    found = known.kept.get(_OpenIssues)
    if not isinstance(found, _OpenIssues) or found.plan is not plan:
        found = known.kept[_OpenIssues] = _OpenIssues(plan, known)
    return found


def open_rows(plan: Plan, known: History) -> Iterator[Indicator | Task]:
    """Yield every indicator, and every task that is not done."""
    for row in _rows(plan):
        if _is_open(row, known):
            yield row


def _rows(plan: Plan) -> Iterator[Indicator | Task]:
    yield from plan.indicators
    yield from plan.tasks


def _is_open(row: Indicator | Task, known: History) -> bool:
    return isinstance(row, Indicator) or not known.is_finished(row)


def open_issues(plan: Plan, known: History) -> Iterator[tuple[IssueHistory, TaskForce]]:
    """Yield every open issue of a task force that the plan has."""
    task_forces = {t.code: t for t in plan.task_forces}
    for issue in issue_histories(known):
        force = task_forces.get(issue.row.task_force)
        if force and not issue.signed_off:
            yield issue, force


# --- units and their names


@lru_cache(maxsize=1 << 14)  # called for the units of every row of every return
def code_of_name(name: str) -> str:
    """Return the name of a unit as part of a form's identity: no bracketed second name, no spaces."""
    return re.sub(r"[\s_]+", "", plain_name(name))


class _UnitIndex:
    """The units of a plan as they are looked up: for every row of every form and return."""

    def __init__(self, plan: Plan) -> None:
        self.by_code: dict[str, Unit] = {}
        for unit in plan.units:
            self.by_code.setdefault(code_of_name(unit.name), unit)
        self.names = UnitNames(plan)
        self.codes: dict[str, str] = {}
        """The present codes by the names that were asked for."""
        self.members: dict[TaskForce, frozenset[str]] = {}
        """The units of the task forces that were asked for."""
        self.places: Mapping[str, int] = {}
        """The places of the units, by code, once they were asked for."""
        self.force_codes = frozenset(task_force.code for task_force in plan.task_forces)
        self.forces_of: Mapping[str, Sequence[TaskForce]] = {}
        self.rows_of: Mapping[str, Sequence[Indicator | Task]] = {}
        """The task forces that each unit belongs to, and what it reports, by its code, once asked for."""


def _index(plan: Plan) -> _UnitIndex:
    """Return the index of a plan: kept with it, for to find it by the plan takes comparing plans."""
    index = plan.kept.get(_UnitIndex)
    if not isinstance(index, _UnitIndex):
        index = plan.kept[_UnitIndex] = _UnitIndex(plan)
    return index


def _places(plan: Plan) -> Mapping[str, int]:
    """Return the places of the units in the plan's order, by code; a successor has that of the first."""
    index = _index(plan)
    if not index.places:
        codes = dict.fromkeys(unit_code(unit.name, plan) for unit in plan.units)
        index.places = {code: place for place, code in enumerate(codes)}
    return index.places


def _find_unit(code: str, plan: Plan) -> Unit | None:
    return _index(plan).by_code.get(code)


def unit_code(name: str, plan: Plan) -> str:
    """Return the code of a unit of the plan, or of its last successor.

    Raises:
        KeyError: The plan has no such unit.
    """
    known = _index(plan).codes
    if name not in known:
        unit, seen = plan.unit(name), {name}
        while unit.successor and unit.successor not in seen:
            seen.add(unit.successor)
            unit = plan.unit(unit.successor)
        known[name] = code_of_name(unit.name)
    return known[name]


def spellings(code: str, plan: Plan) -> frozenset[str]:
    """Return the names of a unit in canonical spelling; the code alone if the plan no longer has it."""
    unit = _find_unit(code, plan)
    if unit is None:
        return frozenset([canonical(code)])
    return plan.spellings(unit.name)


def codes_of(code: str, plan: Plan) -> frozenset[str]:
    """Return the codes that a unit and the units that it succeeds stand under in earlier returns."""
    earlier = {code_of_name(unit.name) for unit in plan.units if unit_code(unit.name, plan) == code}
    return frozenset({code, *earlier})


def names_of(code: str, plan: Plan) -> frozenset[str]:
    """Return what 延期报送 may call a recipient, in canonical spelling; a task force also by its lead."""
    everybody = canonical(EVERYBODY)
    if is_unit(code):
        return spellings(unit_of(code), plan) | {everybody}
    leads = [spellings(unit_code(t.lead, plan), plan) for t in plan.task_forces if t.code == code]
    return frozenset([canonical(code), everybody]).union(*leads)


def present_unit(code: str, plan: Plan) -> str:
    """Return the present code of a unit from the code that an earlier form has."""
    unit = _find_unit(code, plan)
    if unit is None:
        return code
    return unit_code(unit.name, plan)


def printed_unit(code: str, plan: Plan) -> str:
    """Return the name of a unit as people read it; the code itself if the plan no longer has it."""
    unit = _find_unit(code, plan)
    if unit is None:
        return code
    return unit.printed


def printed_code(code: str, plan: Plan) -> str:
    """Return the name of a unit and its 科室, given the code of a recipient: `区发改经信局投资科`."""
    return printed_unit(unit_of(code), plan) + section_of(code)


def unit_named(text: object, plan: Plan) -> str | None:
    """Return the code of the unit that a text names by its full, current or short name, or None.

    What stands in brackets behind the name may be left out, and may be added: `区科技局（牵头）`.
    """
    mention = _index(plan).names.named(text)
    if mention is None:
        return None
    return unit_code(mention.unit.name, plan)


def unit_in(text: str, plan: Plan) -> str | None:
    """Return the code of the unit with the longest name that a text contains; None if there is none.

    None as well if that unit is the office itself.
    """
    held, office = _index(plan).names.held(text), canonical(plan.programme.office)
    longest = max(held, key=lambda mention: len(mention.spelled), default=None)
    if longest is None or any(name in office for name in plan.spellings(longest.unit.name)):
        return None
    return unit_code(longest.unit.name, plan)


def hints_at_unit(text: str, plan: Plan) -> bool:
    """Return whether a text holds a name of a unit of the plan, or is most of one: `科技局`, `区科技局办`."""
    names = _index(plan).names
    return any(names.held(name) or names.longer(name) for name in names.listed(text))


def names_listed(text: str, plan: Plan) -> Sequence[str]:
    """Return the names of units that a text lists."""
    return _index(plan).names.listed(text)


def units_mentioned(name: str, plan: Plan) -> Sequence[Mention]:
    """Return the units that one name of a list is, or holds, or of whose name only it is most."""
    names = _index(plan).names
    if named := names.named(name):
        return [named]
    if held := names.held(name):
        return held
    longer = names.longer(name)
    codes = {unit_code(mention.unit.name, plan) for mention in longer}
    return longer[:1] if len(codes) == 1 else ()


def units_meant(text: str, plan: Plan) -> tuple[str, ...]:
    """Return the codes of the units that a text lists or holds, or of whose name only it is most."""
    found = chain.from_iterable(units_mentioned(name, plan) for name in names_listed(text, plan))
    return tuple(dict.fromkeys(unit_code(mention.unit.name, plan) for mention in found))


def why_unclear(text: str, plan: Plan) -> str:
    """Return why a text does not name one unit, "" where it does."""
    if not all(units_mentioned(name, plan) for name in names_listed(text, plan)):
        return "不是工作计划里的单位"
    if len(units_meant(text, plan)) > 1:
        return "不止一个单位"
    return ""


def may_send(unit: str, plan: Plan) -> frozenset[str]:
    """Return the recipients whose forms a unit may send.

    These are the unit itself, the task forces it belongs to, and all units of those that it leads.
    """
    recipients = {unit}
    for task_force in _forces_of(unit, plan):
        recipients.add(task_force.code)
        if unit_code(task_force.lead, plan) == unit:
            recipients |= members(task_force, plan)
    return frozenset(recipients)


def members(task_force: TaskForce, plan: Plan) -> frozenset[str]:
    """Return the codes of a task force's units: lead unit, responsible units, and the units of its rows."""
    known = _index(plan).members
    if task_force not in known:
        known[task_force] = frozenset(unit_code(name, plan) for name in _names_in(task_force, plan))
    return known[task_force]


def _forces_of(unit: str, plan: Plan) -> Sequence[TaskForce]:
    """Return the task forces that a unit belongs to, in the plan's order."""
    index = _index(plan)
    if not index.forces_of:
        forces_of: dict[str, list[TaskForce]] = {}
        for task_force in plan.task_forces:
            for member in members(task_force, plan):
                forces_of.setdefault(member, []).append(task_force)
        index.forces_of = forces_of
    return index.forces_of.get(unit, ())


def _rows_of(unit: str, plan: Plan) -> Sequence[Indicator | Task]:
    index = _index(plan)
    if not index.rows_of:
        rows_of: dict[str, list[Indicator | Task]] = {}
        for row in _rows(plan):
            rows_of.setdefault(reporter(row, plan), []).append(row)
        index.rows_of = rows_of
    return index.rows_of.get(unit, ())


def _names_in(task_force: TaskForce, plan: Plan) -> list[str]:
    names = [task_force.lead, *task_force.responsible]
    rows: tuple[Indicator | Task, ...] = (
        *plan.indicators_of(task_force.code),
        *plan.tasks_of(task_force.code),
    )
    for row in rows:
        names += [row.reporting_unit, *row.responsible]
    return names


# --- who may fill in a row


def reporter(row: Indicator | Task, plan: Plan) -> str:
    """Return the code of the one unit that reports an indicator or a task."""
    return unit_code(row.reporting_unit, plan)


def issue_unit(values: Mapping[str, Value], task_force: TaskForce, plan: Plan) -> str:
    """Return the code of the one unit that reports on an issue.

    This is the first responsible unit that the plan has, or else the lead unit of the task force.
    """
    for unit in units_meant(text_of(values.get("unit")), plan):
        return unit
    return unit_code(task_force.lead, plan)


def spoken_task_force(task_force: TaskForce) -> str:
    """Return a task force as a row of a unit's form shows it: `03 科技创新…工程`."""
    return f"{task_force.code} {task_force.name}"
