"""Checks across the records of all sheets of 工作计划.xlsx; each finding names its sheet and cell."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.plan import Direction, Measure, plain_name
from tenproj_xl.model.plan_schema import (
    CODES,
    INDICATORS,
    PROGRAMME,
    PROGRAMME_ITEMS,
    TASK_FORCES,
    TASKS,
    UNITS,
)
from tenproj_xl.reading.office_book import Record

Records = Mapping[str, Sequence[Record]]
_LONGEST_PLAN = 15  # years between the first and the last
_GROWING = (Measure.CUMULATIVE, Measure.STOCK, Measure.RATIO)


def plan_faults(records: Records, file: str) -> list[Finding]:
    """Return the findings about the tables, without those that only follow from another one.

    A row without a code (which `read_records` has reported) or with a code at fault is left out of the other
    checks; names are not looked up in a table that has such a row, or that is empty.
    """
    empty = [sheet for sheet in (TASK_FORCES, UNITS) if not records[sheet.code]]
    code_faults = [*_ill_formed_codes(records), *_repeated_codes(records)]
    at_fault = [*_rows_without_code(records), *(record for record, _ in code_faults)]
    sound = _without(records, at_fault)
    unsure = {sheet.name for sheet in empty} | {record.sheet.name for record in at_fault}
    findings = [*_programme_complete(sound, file), *_years_in_order(sound)]
    for sheet in empty:
        place = Place(file, sheet.name)
        findings.append(finding(Code.PLAN_REQUIRED, place, expected=sheet.name, advice="至少登记一行"))
    findings += [fault for _, fault in code_faults]
    findings += _known_references(records, unsure)
    findings += _targets_fit(sound)
    findings += _milestones_in_order(sound)
    return findings


def _rows_without_code(records: Records) -> list[Record]:
    without: list[Record] = []
    for rows in records.values():
        without += [record for record in rows if not _has_code(record)]
    return without


def _has_code(record: Record) -> bool:
    """Return whether the first column of a row, its code or name, is filled in."""
    return record.cells[next(iter(record.cells))] is not None


def _without(records: Records, left_out: Iterable[Record]) -> Records:
    places = {(record.sheet.code, record.row) for record in left_out}
    kept: dict[str, list[Record]] = {}
    for sheet, rows in records.items():
        kept[sheet] = [record for record in rows if (sheet, record.row) not in places]
    return kept


_CodeFault = tuple[Record, Finding]


def _ill_formed_codes(records: Records) -> Iterator[_CodeFault]:
    for sheet, (pattern, example) in CODES.items():
        for record in records[sheet]:
            code, place = record.text("code"), record.place("code")
            if _has_code(record) and not pattern.fullmatch(code):
                yield record, finding(Code.PLAN_BAD_CODE, place, code, expected=example)


def _repeated_codes(records: Records) -> Iterator[_CodeFault]:
    keys = {
        "programme": ("item",),
        "task_forces": ("code",),
        "units": ("name",),
        "indicators": ("code",),
        "tasks": ("code",),
        "targets": ("indicator", "period"),
        "milestones": ("task", "number"),
    }
    for sheet, fields in keys.items():
        first_rows: dict[tuple[Value, ...], int] = {}
        for record in records[sheet]:
            key = tuple(record.cells[field] for field in fields)
            if None in key:
                continue  # reported as an empty cell
            first = first_rows.setdefault(key, record.row)
            if first != record.row:
                place = record.place(fields[0])
                yield record, finding(Code.PLAN_DUPLICATE, place, _key_text(key), expected=first)


def _key_text(key: Iterable[Value]) -> str:
    """Write the key of a row for people: `Z03-05 2026`, `R03-02 节点1`."""
    parts = []
    for part in key:
        text = str(part)
        if isinstance(part, float):
            text = f"节点{part:g}"
        parts.append(text)
    return " ".join(parts)


def _known_references(records: Records, unsure: Collection[str]) -> Iterator[Finding]:
    """Report names that another table does not have.

    Nothing is looked up in tables whose title is in `unsure`: a code at fault there may be the very one
    meant.
    """
    units: set[str] = set()
    for record in records["units"]:
        units |= {record.text("name"), plain_name(record.text("name"))}

    def unknown(sheet: str, field: str, known: set[str], table: str) -> Iterator[Finding]:
        if table in unsure:
            return
        for record in records[sheet]:
            names: tuple[str, ...] = (record.text(field),)
            if field == "responsible":
                names = split_units(record.text(field))
            for name in names:
                if name and not known & {name, plain_name(name)}:
                    yield finding(Code.PLAN_UNKNOWN, record.place(field), name, expected=table)

    def codes(sheet: str) -> set[str]:
        return {record.text("code") for record in records[sheet]}

    yield from unknown("task_forces", "lead", units, UNITS.name)
    yield from unknown("task_forces", "responsible", units, UNITS.name)
    yield from unknown("units", "successor", units, UNITS.name)
    task_forces = codes("task_forces")
    for sheet in ("indicators", "tasks"):
        yield from unknown(sheet, "task_force", task_forces, TASK_FORCES.name)
        yield from unknown(sheet, "reporting_unit", units, UNITS.name)
        yield from unknown(sheet, "responsible", units, UNITS.name)
    yield from unknown("tasks", "lead_unit", units, UNITS.name)
    yield from unknown("targets", "indicator", codes("indicators"), INDICATORS.name)
    yield from unknown("milestones", "task", codes("tasks"), TASKS.name)


def _programme_records(records: Records) -> dict[str, Record]:
    """Return the lines of 方案 by item."""
    return {record.text("item"): record for record in records["programme"]}


def _programme_complete(records: Records, file: str) -> Iterator[Finding]:
    lines = _programme_records(records)
    for field in ("code", "region", "name", "first_year", "last_year"):
        item = PROGRAMME_ITEMS[field]
        place, content = Place(file, PROGRAMME.name), ""
        if item in lines:
            place, content = lines[item].place("content"), lines[item].text("content")
        if not content:
            yield finding(Code.PLAN_REQUIRED, place, expected=item, advice="见初始工作簿")
        elif field.endswith("_year") and not _is_year(content):
            yield finding(Code.NOT_NUMBER, place, content, advice="填写四位年份")


def _is_year(text: str) -> bool:
    return re.fullmatch(r"20\d\d", text) is not None


def _years_in_order(records: Records) -> Iterator[Finding]:
    """Report a last year before the first or too long after it, otherwise targets outside these years."""
    lines = _programme_records(records)
    first_line = lines.get(PROGRAMME_ITEMS["first_year"])
    last_line = lines.get(PROGRAMME_ITEMS["last_year"])
    if first_line is None or last_line is None:
        return  # `_programme_complete` reports it
    first_text, last_text = first_line.text("content"), last_line.text("content")
    if not _is_year(first_text) or not _is_year(last_text):
        return  # `_programme_complete` reports it
    first, last = int(first_text), int(last_text)
    if not first <= last <= first + _LONGEST_PLAN:
        problem = f"终止年{last}应不早于起始年{first}，且相隔不超过{_LONGEST_PLAN}年"
        yield finding(Code.PLAN_YEARS, last_line.place("content"), found=problem)
        return
    for record in records["targets"]:
        code = record.text("period")
        if code and not first <= parse_period(code).last.year <= last:
            problem = f"目标期{code}不在{first}—{last}年之内"
            yield finding(Code.PLAN_YEARS, record.place("period"), code, found=problem)


def _targets_fit(records: Records) -> Iterator[Finding]:
    """Report indicators without a target, targets without a value or words, and ones that go backwards."""
    by_indicator: dict[str, list[Record]] = {}
    for record in records["targets"]:
        by_indicator.setdefault(record.text("indicator"), []).append(record)
    for indicator in records["indicators"]:
        code = indicator.text("code")
        targets = by_indicator.get(code, [])
        if not targets:
            yield finding(Code.PLAN_TARGET_MISSING, indicator.place("code"), code)
        yield from _targets_of_kind(indicator, targets)
        yield from _targets_forward(indicator, targets)


def _targets_of_kind(indicator: Record, targets: Sequence[Record]) -> Iterator[Finding]:
    field, header = "value", "目标值"
    if indicator.text("measure") == Measure.QUALITATIVE:
        field, header = "text", "目标文字"
    measure = text_of(indicator.cells["measure"])
    expected = f"类型为“{measure}”的指标请填写“{header}”"
    for record in targets:
        if record.cells[field] is None:
            place, code = record.place(field), indicator.text("code")
            yield finding(Code.PLAN_TARGET_KIND, place, code, expected=expected)


def _targets_forward(indicator: Record, targets: Sequence[Record]) -> Iterator[Finding]:
    """Report a target of a growing indicator that asks for less than an earlier one."""
    direction = indicator.text("direction")
    if indicator.text("measure") not in _GROWING or direction == Direction.NEITHER:
        return
    valued = [t for t in targets if t.cells["value"] is not None and t.text("period")]
    for earlier, later in pairwise(sorted(valued, key=_target_period)):
        before, after = earlier.number("value"), later.number("value")
        is_backward = after < before
        if direction == Direction.LOWER:
            is_backward = after > before
        if is_backward:
            yield finding(
                Code.PLAN_TARGET_BACKWARD,
                later.place("value"),
                indicator.text("code"),
                target=f"{after:g}",
                expected=f"{_target_period(earlier).label}目标{before:g}",
            )


def _target_period(target: Record) -> Period:
    return parse_period(target.text("period"))


def _milestones_in_order(records: Records) -> Iterator[Finding]:
    """Report a milestone that is due before the one that precedes it by number."""
    by_task: dict[str, list[Record]] = {}
    for record in records["milestones"]:
        by_task.setdefault(record.text("task"), []).append(record)
    for milestones in by_task.values():
        ordered = sorted(milestones, key=lambda milestone: milestone.number("number"))
        for earlier, later in pairwise(ordered):
            if (later.day("due_on") or date.max) < (earlier.day("due_on") or date.min):
                place, name = later.place("due_on"), later.text("name")
                yield finding(Code.PLAN_DATE_ORDER, place, name, expected=earlier.text("name"))
