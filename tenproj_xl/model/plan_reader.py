"""Read the cells of 工作计划.xlsx, or of the shipped tables, into a `Plan` or into findings."""

from collections.abc import Mapping, Sequence

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.periods import Frequency, parse_period
from tenproj_xl.model.plan import (
    Curve,
    Direction,
    Indicator,
    Involvement,
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
    """Return the plan of a workbook's cells, or None where they have errors; and all findings."""
    records, findings = read_records(sheets, PLAN_SHEETS, file, REQUIRED)
    if records is None:
        return None, findings
    findings += plan_faults(records, file)
    if has_errors(findings):
        return None, findings
    return _build(records), findings


def _build(records: Records) -> Plan:
    targets: dict[str, list[Target]] = {}
    for record in records["targets"]:
        targets.setdefault(record.text("indicator"), []).append(_target(record))
    milestones: dict[str, list[Milestone]] = {}
    for record in records["milestones"]:
        milestones.setdefault(record.text("task"), []).append(_milestone(record))
    return Plan(
        programme=_programme(records["programme"]),
        task_forces=tuple(_task_force(r) for r in records["task_forces"]),
        units=tuple(_unit(r) for r in records["units"]),
        indicators=tuple(_indicator(r, targets[r.text("code")]) for r in records["indicators"]),
        tasks=tuple(_task(r, milestones.get(r.text("code"), [])) for r in records["tasks"]),
    )


def _programme(records: Sequence[Record]) -> Programme:
    content_by_item = {r.text("item"): r.text("content") for r in records}

    def content(field: str) -> str:
        return content_by_item.get(PROGRAMME_ITEMS[field], "")

    return Programme(
        code=content("code"),
        region=content("region"),
        name=content("name"),
        document=content("document"),
        document_no=content("document_no"),
        first_year=int(content("first_year")),
        last_year=int(content("last_year")),
        convener=content("convener"),
        office=content("office"),
        contact=content("contact"),
    )


def _task_force(record: Record) -> TaskForce:
    return TaskForce(
        code=record.text("code"),
        name=record.text("name"),
        involved=record.text("involved") == Involvement.INVOLVED,
        conveners=split_units(record.text("conveners")),
        lead=record.text("lead"),
        responsible=split_units(record.text("responsible")),
        responsible_note=record.text("responsible_note"),
        aim=record.text("aim"),
    )


def _unit(record: Record) -> Unit:
    return Unit(
        name=record.text("name"),
        current_name=record.text("current_name"),
        short=record.text("short"),
        starts=record.day("starts"),
        ends=record.day("ends"),
        successor=record.text("successor"),
    )


def _target(record: Record) -> Target:
    return Target(
        period=parse_period(record.text("period")),
        wording=record.text("wording"),
        value=record.optional("value"),
        text=record.text("text"),
        origin=Origin(record.text("origin")),
        basis=record.text("basis"),
        pending=record.text("pending"),
        quotation=record.text("quotation"),
    )


def _indicator(record: Record, targets: Sequence[Target]) -> Indicator:
    return Indicator(
        code=record.text("code"),
        task_force=record.text("task_force"),
        name=record.text("name"),
        area=record.text("area"),
        unit=record.text("unit"),
        basis=record.text("basis"),
        measure=Measure(record.text("measure")),
        direction=Direction(record.text("direction") or Direction.HIGHER),
        reporting_unit=record.text("reporting_unit"),
        responsible=split_units(record.text("responsible")),
        frequency=Frequency(record.text("frequency")),
        lag_days=int(record.optional("lag_days") or 0),
        curve=Curve(record.text("curve")),
        starts=record.day("starts"),
        baseline=record.optional("baseline"),
        baseline_on=record.day("baseline_on"),
        is_published=record.text("published") != YesNo.NO,
        pending=record.text("pending"),
        quotation=record.text("quotation"),
        targets=tuple(sorted(targets, key=lambda target: target.period)),
    )


def _milestone(record: Record) -> Milestone:
    due_on = record.day("due_on")
    if due_on is None:
        raise ValueError(f"milestone without a date passed the checks: {record}")
    return Milestone(
        number=int(record.number("number")),
        name=record.text("name"),
        due_on=due_on,
        origin=Origin(record.text("origin")),
    )


def _task(record: Record, milestones: Sequence[Milestone]) -> Task:
    return Task(
        code=record.text("code"),
        task_force=record.text("task_force"),
        name=record.text("name"),
        annual_goal=record.text("annual_goal"),
        lead_unit=record.text("lead_unit"),
        responsible=split_units(record.text("responsible")),
        reporting_unit=record.text("reporting_unit"),
        person=record.text("person"),
        invest_plan=record.optional("invest_plan"),
        due_on=record.day("due_on"),
        pending=record.text("pending"),
        quotation=record.text("quotation"),
        milestones=tuple(sorted(milestones, key=lambda milestone: milestone.number)),
    )
