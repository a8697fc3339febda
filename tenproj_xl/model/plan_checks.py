"""Checks across the records of all sheets of 工作计划.xlsx; each finding names its sheet and cell."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from itertools import pairwise

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Value
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.texts import canonical, is_blank, text_of
from tenproj_xl.model.evaluate_indicators import FLOWS
from tenproj_xl.model.people_checks import people_faults
from tenproj_xl.model.plan import WORDINGS, Direction, Measure, Sense, plain_name
from tenproj_xl.model.plan_items import PROGRAMME_ITEMS
from tenproj_xl.model.plan_schema import (
    CODES,
    INDICATORS,
    MILESTONES,
    PEOPLE,
    PROGRAMME,
    TARGETS,
    TASK_FORCES,
    TASKS,
    UNITS,
)
from tenproj_xl.model.word_checks import lines_of_programme, word_faults
from tenproj_xl.reading.records import Record

Records = Mapping[str, Sequence[Record]]
_REFERENCES = (
    (TASK_FORCES.code, "lead", UNITS.name),
    (TASK_FORCES.code, "responsible", UNITS.name),
    (UNITS.code, "successor", UNITS.name),
    (TASK_FORCES.code, "successor", TASK_FORCES.name),
    (INDICATORS.code, "task_force", TASK_FORCES.name),
    (TASKS.code, "task_force", TASK_FORCES.name),
    (INDICATORS.code, "reporting_unit", UNITS.name),
    (INDICATORS.code, "responsible", UNITS.name),
    (TASKS.code, "reporting_unit", UNITS.name),
    (TASKS.code, "responsible", UNITS.name),
    (TASKS.code, "lead_unit", UNITS.name),
    (TARGETS.code, "indicator", INDICATORS.name),
    (MILESTONES.code, "task", TASKS.name),
    (PEOPLE.code, "task_force", TASK_FORCES.name),
    (PEOPLE.code, "unit", UNITS.name),
)
"""Columns that refer to a table: sheet, field, title of the table."""
_NEAR = 0.6
_AT_LEAST = {
    TASK_FORCES.code: "至少登记一行",
    UNITS.code: "至少登记一行",
    INDICATORS.code: "主要指标、重点任务两表合起来至少登记一项",
}
_ITEM_ADVICE = {
    "code": "填写字母和数字，如 SF02",
    "region": "填写区、县的名称",
    "name": "填写方案的简称，如 “十项重大工程”",
    "first_year": "填写四位年份，如 2026",
    "last_year": "填写四位年份，如 2030",
}
_LONGEST_PLAN = 15  # years between the first and the last
_LONGEST_NAME = 60
"""The most characters of a unit's name: names of files have period and kind beside it."""
_CONTRARY: Mapping[str, tuple[Sense, ...]] = {
    Direction.HIGHER: (Sense.AT_MOST,),
    Direction.LOWER: (Sense.AT_LEAST, Sense.MORE_THAN),
}
"""By direction the senses of wordings that say the opposite."""
_GROWING = (Measure.CUMULATIVE, Measure.STOCK, Measure.RATIO)


def plan_faults(records: Records, file: str) -> list[Finding]:
    """Return the findings about the tables, without those that only follow from another one.

    A row without a code (which `read_records` has reported) or with a code at fault is left out of the other
    checks; names are not looked up in a table that has such a row, or that is empty.
    """
    empty = [sheet for sheet in (TASK_FORCES, UNITS) if not records[sheet.code]]
    if not records[INDICATORS.code] and not records[TASKS.code]:
        empty.append(INDICATORS)
    code_faults = [*_ill_formed_codes(records), *_repeated_codes(records)]
    at_fault = [*_rows_without_code(records), *(record for record, _ in code_faults)]
    sound = _without(records, at_fault)
    unsure = {sheet.name for sheet in empty} | {record.sheet.name for record in at_fault}
    findings = [*_programme_complete(sound, file), *_years_in_order(sound)]
    for sheet in empty:
        place = Place(file, sheet.name)
        findings.append(finding(Code.PLAN_REQUIRED, place, expected=sheet.name, advice=_AT_LEAST[sheet.code]))
    findings += [fault for _, fault in code_faults]
    findings += _names_fit_files(records[UNITS.code])
    findings += _known_references(records, unsure)
    findings += _targets_fit(sound)
    findings += _milestones_in_order(sound)
    findings += people_faults(records[PEOPLE.code])
    findings += word_faults(sound[PROGRAMME.code])
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


_OTHER_CODE = "请改为不重复的编号"
_UNREPEATED: Mapping[str, str] = {
    UNITS.code: "同一单位请只留一行，不是同一单位的请写清全称",
    PROGRAMME.code: "请只留一行",
    TARGETS.code: "同一指标、同一目标期请只留一行；调整了目标的，新的一行请填写“生效期”",
}
"""What to do with a row that is there twice, of sheets whose rows have no code of their own."""


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
            is_blank_item = sheet == PROGRAMME.code and record.cells["content"] is None
            if None in key or is_blank_item:
                continue  # reported as an empty cell
            if sheet == UNITS.code:
                key = (canonical(record.text("name")),)
            # The row that a later one replaces from its date on may stay beside it.
            dated = record.cells.get("effective") if record.sheet is TARGETS else None
            first = first_rows.setdefault((*key, dated), record.row)
            if first != record.row:
                place = record.place(fields[0])
                typed = _key_text(record.cells[field] for field in fields)
                advice = _UNREPEATED.get(sheet, _OTHER_CODE)
                yield record, finding(Code.PLAN_DUPLICATE, place, typed, expected=first, advice=advice)


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
    """Report names that another table does not have, each once, whatever cells it stands in.

    Nothing is looked up in tables whose title is in `unsure`: a code at fault there may be the very one
    meant.
    """
    units: set[str] = set()
    for record in records["units"]:
        units |= {record.text("name"), plain_name(record.text("name"))}
    unknown: dict[tuple[str, str], list[Place]] = {}
    names_by_table: dict[str, set[str]] = {UNITS.name: units}
    for sheet in (TASK_FORCES, INDICATORS, TASKS):
        names_by_table[sheet.name] = {record.text("code") for record in records[sheet.code]}
    for code, field, table in _REFERENCES:
        if table in unsure:
            continue
        for record in records[code]:
            for name in _names(record, field):
                if not names_by_table[table] & {name, plain_name(name)}:
                    unknown.setdefault((table, name), []).append(record.place(field))
    for (table, name), places in unknown.items():
        near = _meant(name, names_by_table[table])
        others = ""
        if len(places) > 1:
            others = f"（同样的共{len(places)}处）"
        yield finding(Code.PLAN_UNKNOWN, places[0], name, expected=table, near=near, others=others)


def _names(record: Record, field: str) -> tuple[str, ...]:
    """Return the names in a field, which lists several where it is that of responsible units."""
    if field == "responsible":
        return split_units(record.text(field))
    name = record.text(field)
    return (name,) if name else ()


def _meant(name: str, known: Iterable[str]) -> str:
    """Return a question for a known name that is nearly the same, "" where there is none."""
    near = get_close_matches(name, sorted(known), 1, _NEAR)
    return f"（是不是“{near[0]}”？）" if near else ""


def _programme_complete(records: Records, file: str) -> Iterator[Finding]:
    lines = lines_of_programme(records[PROGRAMME.code])
    for field, advice in _ITEM_ADVICE.items():
        item = PROGRAMME_ITEMS[field]
        place, content = Place(file, PROGRAMME.name), ""
        if item in lines:
            place, content = lines[item].place("content"), lines[item].text("content")
        if not content:
            yield finding(Code.PLAN_REQUIRED, place, expected=item, advice=advice)
        elif field.endswith("_year") and not _is_year(content):
            yield finding(Code.NOT_NUMBER, place, content, advice="填写四位年份")


def _is_year(text: str) -> bool:
    return re.fullmatch(r"20\d\d", text) is not None


def _names_fit_files(units: Sequence[Record]) -> Iterator[Finding]:
    """Report names of units that are too long for the names of their files."""
    for unit in units:
        for field in ("name", "current_name"):
            name = unit.text(field)
            if len(name) > _LONGEST_NAME:
                yield finding(Code.TOO_LONG, unit.place(field), name, found=len(name), expected=_LONGEST_NAME)


def _years_in_order(records: Records) -> Iterator[Finding]:
    """Report a last year before the first or too long after it, otherwise targets outside these years."""
    lines = lines_of_programme(records[PROGRAMME.code])
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
        if code and not first <= parse_period(code).year <= last:
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
        yield from _direction_fits(indicator, targets)
        yield from _limits_in_order(indicator)
        yield from _targets_forward(indicator, targets)


def _limits_in_order(indicator: Record) -> Iterator[Finding]:
    """Report a lower limit above the upper one."""
    low, high = indicator.optional("low"), indicator.optional("high")
    if low is None or high is None or low <= high:
        return
    yield finding(
        Code.PLAN_LIMITS_ORDER,
        indicator.place("low"),
        indicator.text("name"),
        expected=text_of(low),
        high=text_of(high),
        near=f"{indicator.place('low').cell}、{indicator.place('high').cell}",
    )


def _direction_fits(indicator: Record, targets: Sequence[Record]) -> Iterator[Finding]:
    """Report a direction that the wording of targets contradicts, naming the cells of both."""
    direction = indicator.text("direction")
    contrary = [t for t in targets if WORDINGS.get(t.text("wording")) in _CONTRARY.get(direction, ())]
    if not contrary or indicator.text("measure") == Measure.QUALITATIVE:
        return
    worded = "、".join(f"“{t.text('wording')}”（{t.place('wording').cell}）" for t in contrary)
    yield finding(
        Code.PLAN_DIRECTION,
        contrary[0].place("wording"),
        indicator.text("code"),
        expected=Direction(direction).label,
        near=indicator.place("direction").cell,
        wording=worded,
    )


def _targets_of_kind(indicator: Record, targets: Sequence[Record]) -> Iterator[Finding]:
    field, header = "value", "目标值"
    if indicator.text("measure") == Measure.QUALITATIVE:
        field, header = "text", "目标文字"
    measure = text_of(indicator.cells["measure"])
    expected = f"类型为“{measure}”的指标请填写“{header}”"
    for record in targets:
        if is_blank(record.table_row.cells[field]):  # what cannot be read has its own finding
            place, code = record.place(field), indicator.text("code")
            yield finding(Code.PLAN_TARGET_KIND, place, code, expected=expected)


def _targets_forward(indicator: Record, targets: Sequence[Record]) -> Iterator[Finding]:
    """Report a target of a growing indicator that asks for less than an earlier one.

    With 批准依据 it was decided, and is only asked about, as is one of a sum that begins anew each year:
    its targets rise within the year, or fall where they are below zero.
    """
    direction, is_sum = indicator.text("direction"), indicator.text("measure") in FLOWS
    is_growing = is_sum or indicator.text("measure") in _GROWING
    if not is_growing or direction == Direction.NEITHER:
        return
    if any(WORDINGS.get(t.text("wording")) in _CONTRARY.get(direction, ()) for t in targets):
        return  # `_direction_fits` reports it
    newest: dict[Period, Record] = {}
    for target in sorted(targets, key=_begins):
        if target.cells["value"] is not None and target.text("period"):
            newest[_target_period(target)] = target
    for earlier, later in pairwise(sorted(newest.values(), key=_target_period)):
        if is_sum and _target_period(earlier).year != _target_period(later).year:
            continue
        before, after = earlier.number("value"), later.number("value")
        is_backward = after < before
        if is_sum:
            is_backward = before > 0 and after < before  # what is below zero falls as it adds up
        elif direction == Direction.LOWER or _is_ceiling(later):
            is_backward = after > before
        if is_backward:
            severity = Severity.ERROR
            if is_sum or later.text("basis"):
                severity = Severity.QUESTION
            yield finding(
                Code.PLAN_TARGET_BACKWARD,
                later.place("value"),
                indicator.text("code"),
                severity,
                target=f"{after:g}",
                expected=f"{_target_period(earlier).label}目标{before:g}",
            )


def _is_ceiling(target: Record) -> bool:
    return WORDINGS.get(target.text("wording")) is Sense.AT_MOST


def _begins(target: Record) -> date:
    """Return the day from which a target holds; one without 生效期 holds from the first."""
    effective = target.text("effective")
    if not effective:
        return date.min
    return parse_period(effective).first


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
