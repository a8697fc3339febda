"""督办事项选择表: the workbook in which the operator says what is put under supervision, and which slips are closed.

Reads: the supervision list and the open slips, or the workbook as it comes back. Gives: its tables, or what was chosen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.sheets import NO, YES
from tenproj_xl.excel.style import shortened
from tenproj_xl.model.slips import Register, Slip
from tenproj_xl.reading.office_book import Record, read_records
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.supervision import SupervisionLine

AGAIN = "再发"
_NAME, _REASON = 66, 120
"""How much of a text stands here; the roll-up has the whole of it."""


def _column(field: str, header: str, kind: Kind = Kind.TEXT, width: float = 12, **more: object) -> Column:
    return Column(field, header, Fill.CARRIED, kind, width, **more)  # type: ignore[arg-type]


def _asked(field: str, header: str, kind: Kind = Kind.TEXT, width: float = 12, **more: object) -> Column:
    return replace(_column(field, header, kind, width, **more), fill=Fill.OFFICE)


ITEMS = Sheet(
    "items",
    "督办事项选择",
    (
        _asked("chosen", "是否督办", Kind.CHOICE, 10, choices=(YES, NO, AGAIN)),
        _column("code", "编号", width=14),
        _asked("reply_by", "反馈时限", Kind.DATE, 12),
        _asked("signer", "签发人", width=10, advice="填写姓名"),
        _column("slip", "在办督办单", width=12),
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
        _asked("done", "是否办结", Kind.CHOICE, 10, choices=(YES, NO)),
        _column("label", "督办单", width=13),
        _asked("closed_on", "办结日期", Kind.DATE, 12),
        _asked("outcome", "办结情况", Kind.LONG_TEXT, 40),
        _column("code", "编号", width=14),
        _column("name", "事项", Kind.LONG_TEXT, 46),
        _column("unit", "责任单位", width=18),
        _column("issued_on", "签发日期", width=12),
        _column("reply_by", "反馈时限", width=12),
        _column("now", "现状", Kind.LONG_TEXT, 30),
    ),
)
SHEETS = (ITEMS, OPEN)
NOTES: Mapping[str, str] = {
    ITEMS.code: "黄色的列由办公室填：要督办的在“是否督办”选“是”，写明反馈时限和签发人；已有在办督办单的，"
    "确要再发一份请选“再发”。填好保存后运行 tenproj supervise 加这个文件名。",
    OPEN.code: "黄色的列由办公室填：已办结的在“是否办结”选“是”，写明办结日期和办结情况；没有办结的不必填。",
}


# --- out


def tables(facts: Facts, register: Register) -> dict[str, Rows]:
    """The workbook's rows under their headers."""
    settings, period = facts.data.settings, facts.data.period
    reply_by = period.last + timedelta(days=settings.reply_days)
    items = [
        [
            None,
            s.code,
            reply_by,
            None,
            s.slip.label if s.slip else None,
            s.level.value,
            shortened(s.name, _NAME),
            s.task_force.name,
            s.unit,
            s.state,
            _spoken(s.deadline),
            s.measured,
            shortened(s.reason, _REASON),
            period.code,
        ]
        for s in facts.supervision
    ]
    now = {s.code: "，".join(filter(None, (s.state, s.measured))) for s in facts.supervision}
    slips = [
        [
            None,
            s.label,
            None,
            None,
            s.code,
            s.name,
            s.unit,
            _spoken(s.issued_on),
            _spoken(s.reply_by),
            now.get(s.code, "已不在督办清单上"),
        ]
        for s in register.open
    ]
    return {s.name: [[c.header for c in s.columns], *rows] for s, rows in ((ITEMS, items), (OPEN, slips))}


def _spoken(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


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
    """The code of the period whose list the workbook is, "" where it does not say."""
    records, _ = read_records(rows, SHEETS, file, {})
    return next((r.text("period") for r in (records or {}).get(ITEMS.code, ()) if r.text("period")), "")


def read_selection(
    rows: Mapping[str, Rows], file: str, facts: Facts, register: Register
) -> tuple[Selection | None, list[Finding]]:
    """What was chosen, None where something stands in the way; and what was found, by cell."""
    records, findings = read_records(rows, SHEETS, file, {})
    if records is None:
        return None, findings
    chosen = [r for r in records[ITEMS.code] if r.text("chosen") in (YES, AGAIN)]
    done = [r for r in records[OPEN.code] if r.text("done") == YES]
    items = {s.code: s for s in facts.supervision}
    slips = {s.label: s for s in register.slips}
    findings += _blank(chosen, ("reply_by", "signer")) + _blank(done, ("closed_on", "outcome"))
    findings += _unknown(chosen, "code", items, "督办清单") + _unknown(done, "label", slips, "督办台账")
    findings += _twice(chosen, "code") + _twice(done, "label") + _early(chosen, facts)
    if findings:
        return None, findings
    choices = (
        Choice(items[r.text("code")], day, r.text("signer"), r.text("chosen") == AGAIN)
        for r in chosen
        if (day := r.day("reply_by"))
    )
    closings = (
        Done(slips[r.text("label")], day, r.text("outcome")) for r in done if (day := r.day("closed_on"))
    )
    return Selection(tuple(choices), tuple(closings)), []


def _blank(records: Iterable[Record], fields: Sequence[str]) -> list[Finding]:
    return [
        finding(
            Code.PLAN_REQUIRED, r.place(f), expected=r.sheet.column(f).header, advice=r.sheet.column(f).wanted
        )
        for r in records
        for f in fields
        if r.cells.get(f) is None and not r.table_row.cells[f]
    ]


def _unknown(records: Iterable[Record], field: str, known: Mapping[str, object], table: str) -> list[Finding]:
    return [
        finding(Code.PLAN_UNKNOWN, r.place(field), r.text(field), expected=table)
        for r in records
        if r.text(field) not in known
    ]


def _twice(records: Iterable[Record], field: str) -> list[Finding]:
    """Rows that were copied: an item has one slip, and a slip is closed once."""
    first: dict[str, int] = {}
    return [
        finding(Code.ROW_TWICE, r.place(field), r.text(field), expected=row)
        for r in records
        if (row := first.setdefault(r.text(field), r.row)) != r.row
    ]


def _early(records: Iterable[Record], facts: Facts) -> list[Finding]:
    """A reply that is due before the period has ended: a year or a month mistyped."""
    last = facts.data.period.last
    return [
        finding(Code.OUT_OF_BOUNDS, r.place("reply_by"), day, expected=f"晚于{last:%Y-%m-%d}")
        for r in records
        if (day := r.day("reply_by")) and day <= last
    ]
