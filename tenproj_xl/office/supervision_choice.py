"""督办事项选择表: the workbook in which the operator selects items to supervise and slips to close.

Reads: the supervision list and the open slips, or the workbook as it comes back. Gives: its tables, or what
was chosen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows, Value
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, finding, has_errors
from tenproj_xl.excel.style import shortened
from tenproj_xl.model.plan_versions import GONE
from tenproj_xl.model.slips import Register, Slip, Stage, stage_of
from tenproj_xl.reading.records import DaysWithoutYear, Record, read_records
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.supervision import SupervisionLine

AGAIN = "再发"
_NAME, _REASON = 66, 120
"""The longest texts here, in characters; the roll-up has them in full."""


def _column(field: str, header: str, kind: Kind = Kind.TEXT, width: float = 12, **more: object) -> Column:
    return Column(field, header, Fill.CARRIED, kind, width=width, **more)  # type: ignore[arg-type]


def _asked(field: str, header: str, kind: Kind = Kind.TEXT, width: float = 12, **more: object) -> Column:
    return replace(_column(field, header, kind, width, **more), fill=Fill.OFFICE)


ITEMS = Sheet(
    "items",
    "督办事项选择",
    (
        _asked("chosen", "是否督办", Kind.CHOICE, 10, choices=(YesNo.YES, YesNo.NO, AGAIN)),
        _column("code", "编号", width=14),
        _asked("reply_by", "反馈时限", Kind.DATE, 12),
        _asked("signer", "签发人", width=10, advice="填写姓名"),
        _column("slip", "在办督办单", width=12),
        _column("overdue", "逾期未反馈", width=12, may_lack=True),
        _column("stage", "拟发", width=10, may_lack=True),
        _column("level", "级别", width=9),
        _column("name", "事项", Kind.LONG_TEXT, 46),
        _column("task_force", "工程", Kind.LONG_TEXT, 22),
        _column("unit", "责任单位", width=18),
        _column("state", "状态", width=9),
        _column("deadline", "时限", width=12),
        _column("measured", "差多少", width=18),
        _column("reason", "单位自述的原因、进展", Kind.LONG_TEXT, 46),
        _column("period", "期", width=10),
    ),
)
OPEN = Sheet(
    "open",
    "在办督办单",
    (
        _asked("done", "是否办结", Kind.CHOICE, 10, choices=tuple(YesNo)),
        _column("label", "督办单", width=13),
        _asked("closed_on", "办结日期", Kind.DATE, 12),
        _asked("outcome", "办结情况", Kind.LONG_TEXT, 40),
        _column("code", "编号", width=14),
        _column("name", "事项", Kind.LONG_TEXT, 46),
        _column("unit", "责任单位", width=18),
        _column("issued_on", "签发日期", width=12),
        _column("reply_by", "反馈时限", width=12),
        _column("overdue", "逾期未反馈", width=12, may_lack=True),
        _column("now", "现状", Kind.LONG_TEXT, 30),
    ),
)
SHEETS = (ITEMS, OPEN)
NOTES: Mapping[str, str] = {
    ITEMS.code: "黄色的列由办公室填：要督办的在“是否督办”选“是”，写明反馈时限和签发人；已有在办督办单的，"
    "没有逾期的，确要再发一份请选“再发”；逾期未反馈的，选“是”即按“拟发”升一级再发。"
    "填好保存后运行 tenproj supervise 加这个文件名。",
    OPEN.code: "黄色的列由办公室填：已办结的在“是否办结”选“是”，写明办结日期和办结情况；没有办结的不必填。",
}


# --- out


def tables(facts: Facts, register: Register) -> dict[str, Rows]:
    """Return the rows of each sheet by its name, under their headers."""
    period = facts.data.period
    reply_by = period.last + timedelta(days=facts.data.settings.reply_days)
    day = facts.data.slips_day
    items = [_item_row(item, reply_by, register, facts) for item in facts.supervision]
    state_of = {item.code: _state_in_words(item) for item in facts.supervision}
    slips = [_slip_row(slip, state_of.get(slip.code, "已不在督办清单上"), day) for slip in register.open]
    return {ITEMS.name: [_headers(ITEMS), *items], OPEN.name: [_headers(OPEN), *slips]}


def _headers(sheet: Sheet) -> list[Value]:
    return [column.header for column in sheet.columns]


def next_stage(item: SupervisionLine, register: Register, day: date) -> Stage:
    """Return the stage of the next slip on an item: one more where the last was not answered in time."""
    stage = stage_of(item.level)
    standing = register.open_on(item.code)
    if standing is None:
        return stage
    last = standing.issued_as
    if standing.reply_by < day:
        last = last.next
    stages = list(Stage)
    return max(stage, last, key=stages.index)


def days_overdue(slip: Slip, day: date) -> str:
    """Return for how many days a slip should have been answered, "" for one that is in time."""
    days = (day - slip.reply_by).days
    return f"{days}天" if days > 0 else ""


def _item_row(item: SupervisionLine, reply_by: date, register: Register, facts: Facts) -> list[Value]:
    day = facts.data.slips_day
    values: dict[str, Value] = {
        "code": item.code,
        "reply_by": reply_by,
        "level": item.level.label,
        "name": shortened(item.name, _NAME),
        "task_force": item.task_force.name,
        "unit": item.unit,
        "state": item.state.label,
        "deadline": _date_text(item.deadline),
        "measured": item.told,
        "reason": shortened(item.reason, _REASON),
        "period": facts.data.period.code,
    }
    standing = register.open_on(item.code)
    if standing is not None:
        values["slip"] = standing.label
        values["overdue"] = days_overdue(standing, day)
    if standing is None or standing.reply_by < day:
        values["stage"] = next_stage(item, register, day).label
    return [values.get(column.field) for column in ITEMS.columns]


def _slip_row(slip: Slip, state: str, day: date) -> list[Value]:
    values: dict[str, Value] = {
        "label": slip.label,
        "code": slip.code.partition(GONE)[0],
        "name": slip.name,
        "unit": slip.unit,
        "issued_on": _date_text(slip.issued_on),
        "reply_by": _date_text(slip.reply_by),
        "overdue": days_overdue(slip, day),
        "now": state,
    }
    return [values.get(column.field) for column in OPEN.columns]


def _state_in_words(item: SupervisionLine) -> str:
    return "，".join(filter(None, (item.state.label, item.told)))


def _date_text(day: date | None) -> str:
    if day is None:
        return ""
    return f"{day:%Y-%m-%d}"


# --- in


@dataclass(frozen=True)
class Choice:
    """One item that is to be put under supervision."""

    item: SupervisionLine
    reply_by: date
    signer: str
    again: bool


@dataclass(frozen=True)
class Done:
    """One slip that is to be closed."""

    slip: Slip
    closed_on: date
    outcome: str


@dataclass(frozen=True)
class Selection:
    """What the operator has chosen."""

    choices: tuple[Choice, ...]
    done: tuple[Done, ...]


def period_of_selection(rows: Mapping[str, Rows], file: str) -> str:
    """Return the code of the period whose list the workbook is, "" where it does not say."""
    records, _ = read_records(rows, SHEETS, file, {})
    if records is None:
        return ""
    codes = [record.text("period") for record in records[ITEMS.code]]
    return next(filter(None, codes), "")


def read_selection(
    rows: Mapping[str, Rows], file: str, facts: Facts, register: Register, today: date
) -> tuple[Selection | None, list[Finding]]:
    """Return what was chosen, None where anything is wrong; and the findings, by cell.

    What has left the supervision list since is told, and left out. `today` tells which year days are of.
    """
    records, findings = read_records(rows, SHEETS, file, {}, days=DaysWithoutYear(today, ("reply_by",)))
    if records is None:
        return None, findings
    marked = [r for r in records[ITEMS.code] if r.text("chosen") in (YesNo.YES, AGAIN)]
    done = [r for r in records[OPEN.code] if r.text("done") == YesNo.YES]
    items = {item.code: item for item in facts.supervision}
    slips = {slip.label: slip for slip in register.slips}
    gone = _gone(facts) - items.keys()
    chosen = [record for record in marked if record.text("code") not in gone]
    for record in marked:
        if record.text("code") in gone:
            findings.append(finding(Code.ITEM_GONE, record.place("code"), record.text("code")))
    findings += _blank(chosen, ("reply_by", "signer")) + _blank(done, ("closed_on", "outcome"))
    findings += _unknown(chosen, "code", items, "督办清单") + _unknown(done, "label", slips, "督办台账")
    findings += _twice(chosen, "code") + _twice(done, "label") + _early(chosen, facts)
    if has_errors(findings):
        return None, findings
    choices = [_choice(record, items[record.text("code")]) for record in chosen]
    closings = [_done(record, slips[record.text("label")]) for record in done]
    return Selection(tuple(choices), tuple(closings)), findings


def _gone(facts: Facts) -> set[str]:
    """Return the codes of all that may stand on the supervision list, whether it does now or not."""
    codes = {line.indicator.code for line in facts.indicators}
    codes.update(line.task.code for line in facts.tasks)
    codes.update(line.code for line in facts.issues)
    return codes


def _choice(record: Record, item: SupervisionLine) -> Choice:
    again = record.text("chosen") == AGAIN
    return Choice(item, _filled_day(record, "reply_by"), record.text("signer"), again)


def _done(record: Record, slip: Slip) -> Done:
    return Done(slip, _filled_day(record, "closed_on"), record.text("outcome"))


def _filled_day(record: Record, field: str) -> date:
    day = record.day(field)
    if day is None:
        raise ValueError(f"the field {field} of a row without findings is blank")
    return day


def _blank(records: Iterable[Record], fields: Sequence[str]) -> list[Finding]:
    findings = []
    for record in records:
        for field in fields:
            if record.cells.get(field) is not None or record.table_row.cells[field]:
                continue
            column = record.sheet.column(field)
            place = record.place(field)
            findings.append(finding(Code.PLAN_REQUIRED, place, expected=column.header, advice=column.wanted))
    return findings


def _unknown(records: Iterable[Record], field: str, known: Mapping[str, object], table: str) -> list[Finding]:
    strange = [record for record in records if record.text(field) not in known]
    findings = []
    for record in strange:
        place, typed = record.place(field), record.text(field)
        findings.append(finding(Code.PLAN_UNKNOWN, place, typed, expected=table, near="", others=""))
    return findings


def _twice(records: Iterable[Record], field: str) -> list[Finding]:
    """Return findings on copied rows: an item gets one slip, and a slip is closed once."""
    first: dict[str, int] = {}
    findings = []
    for record in records:
        row = first.setdefault(record.text(field), record.row)
        if row != record.row:
            findings.append(finding(Code.ROW_TWICE, record.place(field), record.text(field), expected=row))
    return findings


def _early(records: Iterable[Record], facts: Facts) -> list[Finding]:
    """Return findings on replies that are due before the period has ended: a year or a month mistyped."""
    last = facts.data.period.last
    findings = []
    for record in records:
        day = record.day("reply_by")
        if day and day <= last:
            bound = f"晚于{last:%Y-%m-%d}"
            findings.append(finding(Code.OUT_OF_BOUNDS, record.place("reply_by"), day, expected=bound))
    return findings
