"""Checks of the plan's tables over the records of all sheets, by sheet and cell."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.plan import LOWER, NEITHER, Measure, plain_name
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
_LONGEST_PLAN = 15


def plan_faults(records: Records, file: str) -> list[Finding]:
    """What is wrong in the tables; what only follows from a code at fault, or an empty table, is not said beside it."""
    empty = [sheet for sheet in (TASK_FORCES, UNITS) if not records[sheet.code]]
    nameless = [r for rows in records.values() for r in rows if not _coded(r)]  # said already
    faults = [*_ill_formed_codes(records), *_repeated_codes(records)]
    at_fault = [*nameless, *(record for record, _ in faults)]
    wrong = {(r.sheet.code, r.row) for r in at_fault}
    sound = {sheet: [r for r in rows if (sheet, r.row) not in wrong] for sheet, rows in records.items()}
    return [
        *_programme_complete(sound, file),
        *_years_in_order(sound),
        *(
            finding(Code.PLAN_REQUIRED, Place(file, s.name), expected=s.name, advice="至少登记一行")
            for s in empty
        ),
        *(said for _, said in faults),
        *_known_references(records, {s.name for s in empty} | {r.sheet.name for r in at_fault}),
        *_targets_fit(sound),
        *_milestones_in_order(sound),
    ]


def _coded(record: Record) -> bool:
    """True where the first column of a row, by which it goes, is filled in."""
    return record.cells[next(iter(record.cells))] is not None


_CodeFault = tuple[Record, Finding]


def _ill_formed_codes(records: Records) -> Iterator[_CodeFault]:
    for sheet, (pattern, example) in CODES.items():
        for record in filter(_coded, records[sheet]):
            if not pattern.fullmatch(record.text("code")):
                said = finding(
                    Code.PLAN_BAD_CODE, record.place("code"), record.text("code"), expected=example
                )
                yield record, said


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
        seen: dict[tuple[Value, ...], int] = {}
        for record in records[sheet]:
            key = tuple(record.cells[f] for f in fields)
            if None in key:
                continue  # said already
            first = seen.setdefault(key, record.row)
            if first != record.row:
                spoken = " ".join(f"节点{part:g}" if isinstance(part, float) else str(part) for part in key)
                yield record, finding(Code.PLAN_DUPLICATE, record.place(fields[0]), spoken, expected=first)


def _known_references(records: Records, unsure: Collection[str]) -> Iterator[Finding]:
    """Names that another table has not; of a table where a code is at fault, that may be the very one that is named."""
    names = {n for r in records["units"] for n in (r.text("name"), plain_name(r.text("name")))}
    codes = {s: {r.text("code") for r in records[s]} for s in ("task_forces", "indicators", "tasks")}

    def unknown(
        sheet: str, field: str, known: set[str], table: str, *, many: bool = False
    ) -> Iterator[Finding]:
        for record in () if table in unsure else records[sheet]:
            text = record.text(field)
            for name in split_units(text) if many else (text,):
                if name and name not in known and plain_name(name) not in known:
                    yield finding(Code.PLAN_UNKNOWN, record.place(field), name, expected=table)

    yield from unknown("task_forces", "lead", names, UNITS.name)
    yield from unknown("task_forces", "responsible", names, UNITS.name, many=True)
    yield from unknown("units", "successor", names, UNITS.name)
    for sheet in ("indicators", "tasks"):
        yield from unknown(sheet, "task_force", codes["task_forces"], TASK_FORCES.name)
        yield from unknown(sheet, "reporting_unit", names, UNITS.name)
        yield from unknown(sheet, "responsible", names, UNITS.name, many=True)
    yield from unknown("tasks", "lead_unit", names, UNITS.name)
    yield from unknown("targets", "indicator", codes["indicators"], INDICATORS.name)
    yield from unknown("milestones", "task", codes["tasks"], TASKS.name)


def _programme_complete(records: Records, file: str) -> Iterator[Finding]:
    given = {r.text("item"): r for r in records["programme"]}
    for field in ("code", "region", "name", "first_year", "last_year"):
        item = PROGRAMME_ITEMS[field]
        record = given.get(item)
        if record is None or not record.text("content"):
            place = record.place("content") if record else Place(file, PROGRAMME.name)
            yield finding(Code.PLAN_REQUIRED, place, expected=item, advice="见初始工作簿")
        elif field.endswith("_year") and not re.fullmatch(r"20\d\d", record.text("content")):
            yield finding(
                Code.NOT_NUMBER, record.place("content"), record.text("content"), advice="填写四位年份"
            )


def _years_in_order(records: Records) -> Iterator[Finding]:
    """The last year not before the first, the plan no longer than anybody plans, targets inside it."""
    given = {r.text("item"): r for r in records["programme"]}
    ends = [given.get(PROGRAMME_ITEMS[f]) for f in ("first_year", "last_year")]
    texts = [r.text("content") if r else "" for r in ends]
    if not all(re.fullmatch(r"20\d\d", text) for text in texts):
        return  # said already
    first, last = map(int, texts)
    if not first <= last <= first + _LONGEST_PLAN:
        place = ends[1].place("content") if ends[1] else Place()
        yield finding(
            Code.PLAN_YEARS, place, found=f"终止年{last}应不早于起始年{first}，且相隔不超过{_LONGEST_PLAN}年"
        )
        return
    for record in records["targets"]:
        code = record.text("period")
        if code and not first <= parse_period(code).last.year <= last:
            found = f"目标期{code}不在{first}—{last}年之内"
            yield finding(Code.PLAN_YEARS, record.place("period"), code, found=found)


def _targets_fit(records: Records) -> Iterator[Finding]:
    by_indicator: dict[str, list[Record]] = {}
    for record in records["targets"]:
        by_indicator.setdefault(record.text("indicator"), []).append(record)
    for indicator in records["indicators"]:
        targets = by_indicator.get(indicator.text("code"), [])
        if not targets:
            place = indicator.place("code")
            yield finding(Code.PLAN_TARGET_MISSING, place, indicator.text("code"))
        yield from _targets_of_kind(indicator, targets)
        yield from _targets_forward(indicator, targets)


def _targets_of_kind(indicator: Record, targets: Sequence[Record]) -> Iterator[Finding]:
    in_words = indicator.text("measure") == Measure.QUALITATIVE
    field, header = ("text", "目标文字") if in_words else ("value", "目标值")
    for record in targets:
        if record.cells[field] is None:
            expected = f"类型为“{indicator.text('measure')}”的指标请填写“{header}”"
            yield finding(
                Code.PLAN_TARGET_KIND, record.place(field), indicator.text("code"), expected=expected
            )


_GROWING = (Measure.CUMULATIVE, Measure.STOCK, Measure.RATIO)


def _targets_forward(indicator: Record, targets: Sequence[Record]) -> Iterator[Finding]:
    if indicator.text("measure") not in _GROWING or indicator.text("direction") == NEITHER:
        return
    sign = -1 if indicator.text("direction") == LOWER else 1
    valued = [t for t in targets if t.cells["value"] is not None and t.text("period")]
    ordered = sorted(valued, key=lambda t: parse_period(t.text("period")))
    for earlier, later in pairwise(ordered):
        if sign * later.number("value") < sign * earlier.number("value"):
            expected = f"{parse_period(earlier.text('period')).label}目标{earlier.number('value'):g}"
            place, target = later.place("value"), f"{later.number('value'):g}"
            yield finding(
                Code.PLAN_TARGET_BACKWARD, place, indicator.text("code"), target=target, expected=expected
            )


def _milestones_in_order(records: Records) -> Iterator[Finding]:
    by_task: dict[str, list[Record]] = {}
    for record in records["milestones"]:
        by_task.setdefault(record.text("task"), []).append(record)
    for milestones in by_task.values():
        ordered = sorted(milestones, key=lambda m: m.number("number"))
        for earlier, later in pairwise(ordered):
            if (later.day("due_on") or date.max) < (earlier.day("due_on") or date.min):
                place = later.place("due_on")
                yield finding(Code.PLAN_DATE_ORDER, place, later.text("name"), expected=earlier.text("name"))
