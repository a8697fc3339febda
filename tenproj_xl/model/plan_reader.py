"""Read the cells of 工作计划.xlsx, or of the shipped tables, into a `Plan` or into findings."""

import json
from collections.abc import Mapping, Sequence

from tenproj_xl.core.answers import Disclosure, YesNo
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.parse import read_code
from tenproj_xl.core.periods import Frequency, Period, parse_period
from tenproj_xl.core.tables import TableRow, data_rows, locate
from tenproj_xl.core.texts import text_of
from tenproj_xl.core.words import USUAL, Words, usual_labels
from tenproj_xl.model.plan import (
    MOST_RANKED,
    Curve,
    Direction,
    Indicator,
    Involvement,
    Measure,
    Mechanism,
    Milestone,
    Origin,
    Plan,
    Programme,
    Target,
    Task,
    TaskForce,
    Unit,
    plain_name,
)
from tenproj_xl.model.plan_checks import Records, plan_faults
from tenproj_xl.model.plan_doubts import plan_doubts, unread
from tenproj_xl.model.plan_items import LEVEL_ITEMS, PROGRAMME_ITEMS
from tenproj_xl.model.plan_people import Person, Role
from tenproj_xl.model.plan_schema import INDICATORS, PLAN_SHEETS, REQUIRED, TARGETS
from tenproj_xl.reading.records import Record, UnitOf, read_records


def read_plan(sheets: Mapping[str, Rows], file: str) -> tuple[Plan | None, list[Finding]]:
    """Return the plan of a workbook's cells, or None where they have errors; and all findings."""
    records, findings = read_records(sheets, PLAN_SHEETS, file, REQUIRED, _units_of_rows(sheets))
    if records is None:
        return None, findings
    findings += plan_faults(records, file)
    if has_errors(findings):
        return None, findings
    return _build(records), findings


def doubts_of_plan(sheets: Mapping[str, Rows], file: str) -> list[Finding]:
    """Return what is hardly meant in a workbook's cells: nothing of it keeps the plan from being read."""
    findings = unread(sheets, PLAN_SHEETS, file)
    records, _ = read_records(sheets, PLAN_SHEETS, file, {}, _units_of_rows(sheets))
    if records is not None:
        findings += plan_doubts(records)
    return findings


def _units_of_rows(sheets: Mapping[str, Rows]) -> UnitOf:
    """Return a function to the unit in which the numbers of an indicator, or of a target, are written."""
    units: dict[str, str] = {}
    rows = sheets.get(INDICATORS.name, ())
    layout = locate(rows, INDICATORS)
    if layout is not None:
        for row in data_rows(rows, layout):
            units[_code(row, "code")] = text_of(row.cells.get("unit"))

    def unit_of(sheet: Sheet, row: TableRow) -> str:
        if sheet is INDICATORS:
            return units.get(_code(row, "code"), "")
        if sheet is TARGETS:
            return units.get(_code(row, "indicator"), "")
        return ""

    return unit_of


def _code(row: TableRow, field: str) -> str:
    return str(read_code(row.cells.get(field)).value or "")


def stored_plan(snapshot: str) -> Plan:
    """Return the plan that a ledger stored, as JSON of the cells of its sheets.

    What a later version would find fault with was in force all the same.

    Raises:
        ValueError: It is no plan.
    """
    sheets = json.loads(snapshot)
    records, _ = read_records(sheets, PLAN_SHEETS, "", REQUIRED, _units_of_rows(sheets))
    if records is None:
        raise ValueError("the ledger holds a plan that lacks a sheet or a column")
    return _build(records)


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
        mechanisms=tuple(_mechanism(r) for r in records["mechanisms"]),
        people=tuple(_person(r) for r in records["people"]),
    )


def _mechanism(record: Record) -> Mechanism:
    return Mechanism(
        name=record.text("name"),
        rhythm=record.text("rhythm"),
        content=record.text("content"),
        chair=record.text("chair"),
        quotation=record.text("quotation"),
    )


def _person(record: Record) -> Person:
    return Person(
        task_force=record.text("task_force"),
        role=Role(record.text("role")),
        name=record.text("name"),
        unit=record.text("unit"),
        section=record.text("section"),
        phone=record.text("phone"),
        starts=record.day("starts"),
        ends=record.day("ends"),
    )


def _programme(records: Sequence[Record]) -> Programme:
    content_by_item = {r.text("item"): r.text("content") for r in records if r.text("content")}

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
        words=_words(content_by_item),
        ranked=_count(content("ranked")),
    )


def _count(text: str) -> int:
    """Return how many are ranked; a line that is blank or no number leaves the usual limit."""
    digits = text.removesuffix("个").strip()
    if digits.isdecimal() and int(digits):
        return int(digits)
    return MOST_RANKED


def _words(content_by_item: Mapping[str, str]) -> Words:
    """Return the words of a plan; a line that is blank or missing leaves the usual one."""
    office = plain_name(content_by_item.get(PROGRAMME_ITEMS["office"], "")) or USUAL.office
    usual = usual_labels(office)
    labels = tuple(content_by_item.get(item, usual[level]) for level, item in LEVEL_ITEMS.items())
    rank = content_by_item.get(PROGRAMME_ITEMS["rank"], USUAL.rank)
    return Words(office=office, rank=rank, level_labels=labels)


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
        effective=_period(record, "effective"),
        ends=_period(record, "ends"),
        successor=record.text("successor"),
        section=record.text("section"),
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
        effective=_period(record, "effective"),
    )


def _period(record: Record, field: str) -> Period | None:
    text = record.text(field)
    if not text:
        return None
    return parse_period(text)


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
        disclosure=Disclosure(record.text("published") or Disclosure.OPEN),
        pending=record.text("pending"),
        quotation=record.text("quotation"),
        targets=tuple(sorted(targets, key=lambda target: target.period)),
        former_code=record.text("former_code"),
        effective=_period(record, "effective"),
        series_starts=_period(record, "series_starts"),
        low=record.optional("low"),
        high=record.optional("high"),
        places=_places(record),
        is_core=record.text("core") == YesNo.YES,
        section=record.text("section"),
    )


def _places(record: Record) -> int | None:
    places = record.optional("places")
    if places is None:
        return None
    return int(places)


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
        former_code=record.text("former_code"),
        effective=_period(record, "effective"),
        section=record.text("section"),
    )
