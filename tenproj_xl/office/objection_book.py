"""得分异议裁定表: objections of units to deductions in the league, on which the office decides.

Reads: open objections, or such a workbook, filled in. Gives: a workbook, or decisions and findings.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import sha256
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.periods import parse_period
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.model.objections import Objection, ObjectionState
from tenproj_xl.model.plan import Plan
from tenproj_xl.office.sent_book import shown_column
from tenproj_xl.reading.office_book import load_rows
from tenproj_xl.reading.records import read_records

_WHO = Column("who", "决定人", Fill.OFFICE, Kind.LONG_TEXT, width=11, advice="填写姓名")
_WHY = Column(
    "why", "决定理由", Fill.OFFICE, Kind.LONG_TEXT, width=36, advice="写明依据，如 经核收文记录，属按时报送"
)
OBJECTIONS = Sheet(
    "objections",
    "得分异议裁定表",
    (
        shown_column("period", "时段", 12),
        shown_column("task_force", "专班", 7),
        shown_column("unit", "单位", 16),
        shown_column("code", "编号", 12),
        shown_column("name", "扣分事项", 34),
        shown_column("reason", "异议理由", 44),
        shown_column("said_at", "收到时间", 16),
        shown_column("key", "校验码", 16),
        Column(
            "decision",
            "决定",
            Fill.OFFICE,
            Kind.CHOICE,
            width=10,
            choices=(ObjectionState.ACCEPTED, ObjectionState.REFUSED),
            advice="从下拉选项中选择",
        ),
        _WHO,
        _WHY,
    ),
)
_NOTE = (
    "单位对得分核对稿的异议。采纳的，这一项不扣分；不采纳的照扣。“其他意见”采纳后不改分，由{office}另行处理。\n"
    "黄色的列由{office}填写，暂不决定的留空；填好保存后运行：tenproj objections 本文件名。"
)
_SHORT = 12
"""How much of a digest stands in the workbook."""


def write_objection_book(path: Path, objections: Iterable[Objection], plan: Plan, zone: tzinfo) -> None:
    """Write objections, one a row, with the days on which they came in a zone."""
    rows = [_row(one, plan, zone) for one in objections]
    headers = [column.header for column in OBJECTIONS.columns]
    notes = {OBJECTIONS.code: _NOTE.format(office=plan.programme.words.office)}
    write_workbook(path, (OBJECTIONS,), {OBJECTIONS.name: [headers, *rows]}, notes)


def _row(one: Objection, plan: Plan, zone: tzinfo) -> list[str]:
    return [
        parse_period(one.period).dated_label,
        one.task_force,
        plan.printed(one.unit),
        one.item[1],
        one.name,
        one.reason,
        f"{one.said_at.astimezone(zone):%Y-%m-%d}",
        _digest(one),
        "",
        "",
        "",
    ]


def _digest(one: Objection) -> str:
    """Return what identifies an objection as it was raised: one raised anew is another."""
    return sha256("\n".join((one.period, one.task_force, *one.item, one.reason)).encode())[:_SHORT]


def read_objection_book(path: Path, open_ones: Iterable[Objection]) -> tuple[list[Objection], list[Finding]]:
    """Return the objections that a workbook decides, and what is wrong in it; a row at fault decides nothing.

    Raises:
        UsageProblem: It is another workbook.
    """
    (rows,) = load_rows(path)
    records, wrong = read_records(rows, (OBJECTIONS,), path.name, {})
    if records is None:
        raise UsageProblem(f"“{path.name}”不是得分异议裁定表，请填写 tenproj objections 生成的那一份。")
    waiting = {_digest(one): one for one in open_ones}
    decided, findings = [], list(wrong)
    for record in records[OBJECTIONS.code]:
        one = waiting.get(record.text("key"))
        if one is None or not record.text("decision"):
            continue
        lacking = [column for column in (_WHO, _WHY) if not record.text(column.field)]
        for column in lacking:
            place = record.place(column.field)
            findings.append(finding(Code.PLAN_REQUIRED, place, expected=column.header, advice=column.wanted))
        if not lacking:
            state = ObjectionState.stored(record.text("decision"))
            decided.append(replace(one, state=state, who=record.text("who"), why=record.text("why")))
    return decided, findings
