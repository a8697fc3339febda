"""Doubts about 工作计划.xlsx: what can be read, but is hardly meant; each is told once, by its cause.

Nothing here keeps a plan from being used. What cannot be read has its errors in `plan_checks`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows, address, is_empty
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.tables import Layout, locate
from tenproj_xl.core.texts import canonical, is_blank, text_of
from tenproj_xl.model.plan import plain_name
from tenproj_xl.model.plan_checks import Records
from tenproj_xl.model.plan_items import PROGRAMME_ITEMS
from tenproj_xl.model.plan_schema import INDICATORS, MILESTONES, PROGRAMME, TASK_FORCES, TASKS, UNITS
from tenproj_xl.model.word_checks import word_doubts
from tenproj_xl.reading.records import Record

_SHOWN = 3
_YEARS_BEFORE = 10
"""How long before the first year a baseline or a beginning may lie."""
_ROWS = (INDICATORS.code, TASKS.code)


def plan_doubts(records: Records) -> list[Finding]:
    """Return the doubts about the rows of the plan; names that are errors are not looked at again."""
    findings = [*_lags_missing(records), *_same_names(records), *_codes_of_another_force(records)]
    findings += [*_strange_units(records), *_other_leads(records)]
    findings += [*_dates_outside(records), *_nobody_responsible(records)]
    findings += word_doubts(records[PROGRAMME.code])
    return findings


def cells(records: Sequence[Record], field: str) -> str:
    """Return where a field stands in some rows of a sheet: `B3、B4、B5等16处`."""
    shown = "、".join(record.place(field).cell for record in records[:_SHOWN])
    if len(records) > _SHOWN:
        return f"{shown}等{len(records)}处"
    return shown


def _lags_missing(records: Records) -> Iterator[Finding]:
    """Report figures that would be owed on the day after their period."""
    blank = [r for r in records[INDICATORS.code] if is_blank(r.table_row.cells["lag_days"])]
    if blank:
        yield finding(Code.PLAN_LAG_MISSING, blank[0].place("lag_days"), expected=cells(blank, "lag_days"))


def _same_names(records: Records) -> Iterator[Finding]:
    """Report a unit of which one name is also one of another unit that still exists."""
    first_rows: dict[str, int] = {}
    for record in records[UNITS.code]:
        if record.text("successor") or record.day("ends"):
            continue
        names = {field: record.text(field) for field in ("name", "current_name", "short")}
        for field, name in names.items():
            first = first_rows.setdefault(canonical(name), record.row)
            is_duplicate = field == "name" and name == _name_in_row(records, first)
            if name and first != record.row and not is_duplicate:  # the same 文件用名 is an error
                yield finding(Code.PLAN_SAME_NAME, record.place(field), name, expected=first)
                break


def _name_in_row(records: Records, row: int) -> str:
    return next(r.text("name") for r in records[UNITS.code] if r.row == row)


def _codes_of_another_force(records: Records) -> Iterator[Finding]:
    """Report rows whose code begins with another task force than they are in, once for each pair."""
    known = {record.text("code"): record.text("successor") for record in records[TASK_FORCES.code]}
    for sheet in _ROWS:
        by_pair: dict[tuple[str, str], list[Record]] = {}
        for record in records[sheet]:
            by_code, typed = record.text("code")[1:3], record.text("task_force")
            is_merged = known.get(by_code) == typed
            if typed != by_code and {typed, by_code} <= known.keys() and not is_merged:
                by_pair.setdefault((by_code, typed), []).append(record)
        for (by_code, typed), rows in by_pair.items():
            codes = "、".join(record.text("code") for record in rows[:_SHOWN])
            if len(rows) > _SHOWN:
                codes += "等"
            yield finding(
                Code.PLAN_FORCE_OF_CODE,
                rows[0].place("task_force"),
                typed,
                expected=by_code,
                near=codes,
                places=cells(rows, "task_force"),
            )


def _plain(name: str) -> str:
    return canonical(plain_name(name))


def _strange_units(records: Records) -> Iterator[Finding]:
    """Report reporting units that are neither the lead nor a responsible unit of their task force.

    The lead of one of its tasks is none of them: `_other_leads` asks about it.
    """
    known = {_plain(record.text("name")) for record in records[UNITS.code]}
    members: dict[str, set[str]] = {}
    for record in records[TASK_FORCES.code]:
        names = (record.text("lead"), *split_units(record.text("responsible")))
        members[record.text("code")] = {_plain(name) for name in names}
    for task in records[TASKS.code]:
        if task.text("task_force") in members:
            members[task.text("task_force")].add(_plain(task.text("lead_unit")))
    strange: dict[tuple[str, str], list[Record]] = {}
    for record in chain.from_iterable(records[sheet] for sheet in _ROWS):
        unit, task_force = record.text("reporting_unit"), record.text("task_force")
        if task_force in members and _plain(unit) in known - members[task_force]:
            strange.setdefault((task_force, unit), []).append(record)
    for (task_force, unit), rows in strange.items():
        place, count = rows[0].place("reporting_unit"), len(rows)
        yield finding(Code.PLAN_UNIT_OUTSIDE, place, unit, expected=task_force, count=count)


def _other_leads(records: Records) -> Iterator[Finding]:
    """Ask about leads of tasks that are not the lead of their task force, once for each of them."""
    known = {_plain(record.text("name")) for record in records[UNITS.code]}
    for force in records[TASK_FORCES.code]:
        lead, code = force.text("lead"), force.text("code")
        by_lead: dict[str, list[Record]] = {}
        for task in records[TASKS.code]:
            other = task.text("lead_unit")
            if task.text("task_force") == code and _plain(other) in known - {_plain(lead)}:
                by_lead.setdefault(other, []).append(task)
        if lead and by_lead:
            first = next(iter(by_lead.values()))[0]
            others = "；".join(f"{other}（{cells(tasks, 'lead_unit')}）" for other, tasks in by_lead.items())
            where = force.place("lead").cell
            yield finding(
                Code.PLAN_LEAD_DIFFERS,
                first.place("lead_unit"),
                lead,
                expected=code,
                near=where,
                others=others,
            )


def _years(records: Records) -> tuple[int, int] | None:
    """Return the first and the last year of the programme, None where they are not (rightly) filled in."""
    lines = {record.text("item"): record.text("content") for record in records["programme"]}
    first, last = (lines.get(PROGRAMME_ITEMS[field], "") for field in ("first_year", "last_year"))
    if first.isdecimal() and last.isdecimal() and int(first) <= int(last):
        return int(first), int(last)
    return None


def _dates_outside(records: Records) -> Iterator[Finding]:
    """Report dates outside the years of the programme, once for each column."""
    years = _years(records)
    if years is None:
        return
    first, last = years
    for sheet, field, earliest in (
        (INDICATORS, "starts", first - _YEARS_BEFORE),
        (INDICATORS, "baseline_on", first - _YEARS_BEFORE),
        (TASKS, "due_on", first),
        (MILESTONES, "due_on", first),
    ):
        outside = []
        for record in records[sheet.code]:
            day = record.day(field)
            if day is not None and not date(earliest, 1, 1) <= day <= date(last, 12, 31):
                outside.append(record)
        if outside:
            where, header = cells(outside, field), sheet.column(field).header
            yield finding(
                Code.PLAN_DATE_OUTSIDE,
                outside[0].place(field),
                outside[0].day(field),
                expected=header,
                near=where,
                span=f"{first}—{last}年",
            )


def _nobody_responsible(records: Records) -> Iterator[Finding]:
    """Report that no row at all has a responsible unit."""
    rows = [record for sheet in _ROWS for record in records[sheet]]
    if len(rows) > 1 and not any(record.text("responsible") for record in rows):
        yield finding(Code.PLAN_NOBODY_RESPONSIBLE, rows[0].place("responsible"), count=len(rows))


# --- what nobody reads


def unread(sheets: Mapping[str, Rows], declared: Sequence[Sheet], file: str) -> list[Finding]:
    """Return findings about sheets with content, and columns with content, that nobody reads."""
    by_name = {sheet.name: sheet for sheet in declared}
    findings: list[Finding] = []
    for name, rows in sheets.items():
        if name not in by_name:
            findings += _unread_sheet(name, rows, declared, file)
            continue
        layout = locate(rows, by_name[name])
        if layout is not None:
            findings += _unread_columns(rows, layout, file)
    return findings


def _unread_sheet(name: str, rows: Rows, declared: Iterable[Sheet], file: str) -> Iterator[Finding]:
    if all(is_empty(cell) for row in rows for cell in row):
        return
    alike = [sheet.name for sheet in declared if name.startswith(sheet.name) or _is_like(rows, sheet)]
    remedy = "；不用的请删除"
    if alike:
        remedy = f"，内容要并入“{alike[0]}”表，不用的请删除"
    yield finding(Code.PLAN_SHEET_UNREAD, Place(file, name), name, expected=remedy)


def _is_like(rows: Rows, sheet: Sheet) -> bool:
    layout = locate(rows, sheet)
    return layout is not None and len(layout.missing) * 2 < len(sheet.columns)


def _unread_columns(rows: Rows, layout: Layout, file: str) -> Iterator[Finding]:
    """Report the headers of columns that are filled in and not read, once for a sheet."""
    headers = rows[layout.first - 1]
    known = {*layout.positions.values(), *layout.twice.values()}
    found: list[tuple[int, str]] = []
    for n, header in enumerate(headers):
        is_filled = any(n < len(row) and not is_empty(row[n]) for row in rows[layout.first :])
        if n not in known and is_filled:
            found.append((n, text_of(header)))
    if found:
        named = "、".join(f"“{header}”" for _, header in found if header) or "没有表头的列"
        remedy = ""
        if any("目标" in header for _, header in found):
            remedy = "，目标请填入“年度计划”表，一期一行"
        place = Place(file, layout.sheet.name, address(layout.first - 1, found[0][0]))
        yield finding(Code.PLAN_COLUMN_UNREAD, place, named, expected=remedy)
