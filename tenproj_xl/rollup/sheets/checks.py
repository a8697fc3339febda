"""The sheet 核验清单: everything that was found in the files of this period, with what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.findings import Finding, Place
from tenproj_xl.model.conflicts import finding_of
from tenproj_xl.model.history import Receipt
from tenproj_xl.model.units import current_receipts
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, write_table
from tenproj_xl.rollup.facts.editions import CHECKS
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts

NAME = CHECKS
_UNKNOWN = "—"


@dataclass(frozen=True)
class CheckLine:
    """One finding and the file it was found in.

    `overtaken` is True where the unit has returned another one since, of a conflict where somebody has decided it.
    `since` is when what it is about was first returned for the week and could not be taken, None where nothing waits.
    """

    receipt: Receipt
    finding: Finding
    overtaken: bool
    since: datetime | None = None

    @property
    def subject(self) -> str:
        """What it is about, as people call it: a row by its name, or a whole sheet or file."""
        row = Place(cell=self.finding.cell).row
        return self.finding.name or (f"第{row}行" if row else "整张表" if self.finding.sheet else "整份")

    @property
    def outcome(self) -> str:
        """What became of what it is about: it waits, it counts, or it is excused, by whom and until when."""
        if self.finding.code is Code.SENDERS_DISAGREE:
            return "已裁定" if self.overtaken else "待裁定"
        if self.receipt.withdrawn:
            return "已撤回"
        if not self.finding.is_open:
            return self.finding.note
        if not self.finding.is_error:
            return "已计入" if self.receipt.status.is_return else ""
        what = "该行" if self.finding.cell else self.subject
        return "已另报" if self.overtaken else f"{what}未计入，待更正"


_F = Field[CheckLine]


def check_lines(data: RollupInput) -> tuple[CheckLine, ...]:
    """All findings: by task force (files that nobody can place come last), errors first, then as they stand."""
    severities = list(Severity)
    current = current_receipts(data.receipts)
    lines: list[CheckLine] = []
    since: dict[tuple[str, str, str, str], datetime] = {}
    for r in sorted(data.receipts, key=lambda r: r.order):
        overtaken = r.status.is_return and r not in current
        for f in r.findings:
            key = r.period, r.party.recipient, f.sheet, f.name
            first = since.setdefault(key, r.received_at) if f.is_error else None
            lines.append(CheckLine(r, f, overtaken, None if overtaken else first))
    lines += _disputed(data)
    return tuple(
        sorted(lines, key=lambda c: (c.receipt.task_force or "～", severities.index(c.finding.severity)))
    )


def _disputed(data: RollupInput) -> list[CheckLine]:
    """The cells on which senders disagree, each with the file whose word counts for now."""
    receipts = {r.sha256: r for r in data.receipts}
    return [
        CheckLine(receipts[d.row.sha256], finding_of(d, data.plan), not d.is_open)
        for d in data.conflicts
        if d.row.sha256 in receipts
    ]


def table(facts: Facts) -> Table[CheckLine]:
    """The sheet's columns and lines."""
    return Table(
        NAME,
        NAME,
        "错误：有关的行（或文件）没有计入，须更正后再报；提示：已计入，请留意；疑问：已计入，请核实；已豁免：按“设置.xlsx”的豁免不作要求。",
        tuple(_fields(facts.data)),
        check_lines(facts.data),
        fixed=3,
        empty="本期来件没有核验问题。",
    )


def write(page: Page, facts: Facts) -> None:
    """Write the sheet."""
    write_table(page, table(facts), facts.data.period.full_name)


def _fields(data: RollupInput) -> Iterable[_F]:
    yield _F("task_force", "专班", 6, lambda c: c.receipt.task_force or _UNKNOWN, CellLook.WORD)
    yield _F("severity", "级别", 8, lambda c: c.finding.severity.label, CellLook.STATE)
    yield _F("row", "对应的行", 26, lambda c: c.subject)
    yield _F("title", "问题类型", 16, lambda c: c.finding.code.rule.title)
    yield _F("file", "文件", 30, lambda c: c.receipt.file)
    yield _F("sheet", "工作表", 18, lambda c: c.finding.sheet)
    yield _F("cell", "单元格", 8, lambda c: c.finding.cell, CellLook.WORD)
    yield _F("value", "填的内容", 26, lambda c: c.finding.value)
    yield _F("message", "问题和办法", 70, lambda c: c.finding.message)
    yield _F("sender", "报送单位", 18, lambda c: c.receipt.sender)
    yield _F("status", "文件状态", 18, lambda c: c.receipt.status.label, CellLook.WORD)
    yield _F("outcome", "处理", 24, lambda c: c.outcome)
    yield _F("since", "何时起等更正", 17, lambda c: data.clock(c.since) if c.since else "", CellLook.WORD)
    yield _F("received", "收到时间", 17, lambda c: data.clock(c.receipt.received_at), CellLook.WORD)
