"""The plan workbook: declared like the forms, checked like the returns, read into a frozen `Plan`.

Reads: the cells of 工作计划.xlsx (or the shipped tables). Gives: a `Plan`, or findings with sheet and cell.
"""

from collections.abc import Mapping, Sequence

from tenproj_xl.core.cells import Rows
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.periods import Frequency, parse_period
from tenproj_xl.core.sheets import NO
from tenproj_xl.model.plan import (
    HIGHER,
    INVOLVED,
    Curve,
    Indicator,
    Measure,
    Milestone,
    Origin,
    Plan,
    Programme,
    Target,
    Task,
    TaskForce,
    Unit,
)
from tenproj_xl.model.plan_checks import Records, plan_faults
from tenproj_xl.model.plan_schema import PLAN_SHEETS, PROGRAMME_ITEMS, REQUIRED
from tenproj_xl.reading.office_book import Record, read_records


def read_plan(sheets: Mapping[str, Rows], file: str) -> tuple[Plan | None, list[Finding]]:
    """The plan of a workbook's cells, None where an error stands in its way; and what is wrong, by sheet and cell."""
    records, findings = read_records(sheets, PLAN_SHEETS, file, REQUIRED)
    if records is None:
        return None, findings
    findings += plan_faults(records, file)
    if has_errors(findings):
        return None, findings
    return _build(records), findings


def _build(records: Records) -> Plan:
    targets: dict[str, list[Target]] = {}
    for r in records["targets"]:
        targets.setdefault(r.text("indicator"), []).append(_target(r))
    milestones: dict[str, list[Milestone]] = {}
    for r in records["milestones"]:
        milestones.setdefault(r.text("task"), []).append(_milestone(r))
    return Plan(
        _programme(records["programme"]),
        tuple(_task_force(r) for r in records["task_forces"]),
        tuple(_unit(r) for r in records["units"]),
        tuple(_indicator(r, targets[r.text("code")]) for r in records["indicators"]),
        tuple(_task(r, milestones.get(r.text("code"), [])) for r in records["tasks"]),
    )


def _programme(records: Sequence[Record]) -> Programme:
    given = {r.text("item"): r.text("content") for r in records}
    facts = {field: given.get(item, "") for field, item in PROGRAMME_ITEMS.items()}
    years = {f: int(facts.pop(f)) for f in ("first_year", "last_year")}
    return Programme(**facts, **years)  # type: ignore[arg-type]  # str and int are told apart by field above


def _task_force(r: Record) -> TaskForce:
    return TaskForce(
        r.text("code"),
        r.text("name"),
        r.text("involved") == INVOLVED,
        split_units(r.text("conveners")),
        r.text("lead"),
        split_units(r.text("responsible")),
        r.text("responsible_note"),
        r.text("aim"),
    )


def _unit(r: Record) -> Unit:
    return Unit(
        r.text("name"),
        r.text("current_name"),
        r.text("short"),
        r.day("starts"),
        r.day("ends"),
        r.text("successor"),
    )


def _target(r: Record) -> Target:
    return Target(
        parse_period(r.text("period")),
        r.text("wording"),
        r.optional("value"),
        r.text("text"),
        Origin(r.text("origin")),
        r.text("basis"),
        r.text("pending"),
        r.text("quotation"),
    )


def _indicator(r: Record, targets: Sequence[Target]) -> Indicator:
    return Indicator(
        r.text("code"),
        r.text("task_force"),
        r.text("name"),
        r.text("area"),
        r.text("unit"),
        r.text("basis"),
        Measure(r.text("measure")),
        r.text("direction") or HIGHER,
        r.text("reporting_unit"),
        split_units(r.text("responsible")),
        Frequency(r.text("frequency")),
        int(r.optional("lag_days") or 0),
        Curve(r.text("curve")),
        r.day("starts"),
        r.optional("baseline"),
        r.day("baseline_on"),
        r.text("published") != NO,
        r.text("pending"),
        r.text("quotation"),
        tuple(sorted(targets, key=lambda t: t.period)),
    )


def _milestone(r: Record) -> Milestone:
    due = r.day("due_on")
    if due is None:
        raise ValueError(f"milestone without a date passed the checks: {r}")
    return Milestone(int(r.number("number")), r.text("name"), due, Origin(r.text("origin")))


def _task(r: Record, milestones: Sequence[Milestone]) -> Task:
    return Task(
        r.text("code"),
        r.text("task_force"),
        r.text("name"),
        r.text("annual_goal"),
        r.text("lead_unit"),
        split_units(r.text("responsible")),
        r.text("reporting_unit"),
        r.text("person"),
        r.optional("invest_plan"),
        r.day("due_on"),
        r.text("pending"),
        r.text("quotation"),
        tuple(sorted(milestones, key=lambda m: m.number)),
    )
