"""The sheet 核验清单: everything that was found in the files of this period, with what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from tenproj_xl.findings import Finding, Severity
from tenproj_xl.history import Receipt
from tenproj_xl.rollup.edition import CHECKS
from tenproj_xl.rollup.facts import Facts, Given
from tenproj_xl.rollup.page import Page
from tenproj_xl.rollup.return_lines import current_receipts
from tenproj_xl.rollup.table import Field, Look, Table, write_table

NAME = CHECKS
_UNKNOWN = "—"


@dataclass(frozen=True)
class CheckLine:
    """One finding and the file it was found in; `overtaken` where the unit has returned another one since."""

    receipt: Receipt
    finding: Finding
    overtaken: bool


_F = Field[CheckLine]


def check_lines(given: Given) -> tuple[CheckLine, ...]:
    """All findings: by task force (files that nobody can place come last), errors first, then as they stand."""
    severities = list(Severity)
    current = current_receipts(given.receipts)
    lines = [
        CheckLine(r, f, r.status.is_return and r not in current)
        for r in sorted(given.receipts, key=lambda r: (r.received_at, r.sha256))
        for f in r.findings
    ]
    return tuple(sorted(lines, key=lambda c: (c.receipt.task_force or "～", severities.index(c.finding.severity))))


def table(facts: Facts) -> Table[CheckLine]:
    """The sheet's columns and lines."""
    return Table(
        NAME,
        NAME,
        "错误：有关的行（或文件）没有采用，须更正后再报；提示：已采用，请留意；疑问：已采用，请核实。",
        tuple(_fields(facts.given)),
        check_lines(facts.given),
        fixed=3,
        empty="本期来件没有核验问题。",
    )


def write(page: Page, facts: Facts) -> None:
    """Write the sheet."""
    write_table(page, table(facts), facts.given.dated)


def _fields(given: Given) -> Iterable[_F]:
    yield _F("task_force", "专班", 6, lambda c: c.receipt.task_force or _UNKNOWN, Look.WORD)
    yield _F("severity", "级别", 8, lambda c: c.finding.severity.label, Look.STATE)
    yield _F("title", "问题类型", 16, lambda c: c.finding.code.rule.title)
    yield _F("file", "文件", 40, lambda c: c.receipt.file)
    yield _F("sheet", "工作表", 18, lambda c: c.finding.sheet)
    yield _F("cell", "单元格", 8, lambda c: c.finding.cell, Look.WORD)
    yield _F("value", "填的内容", 26, lambda c: c.finding.value)
    yield _F("message", "问题和办法", 70, lambda c: c.finding.message)
    yield _F("sender", "报送单位", 18, lambda c: c.receipt.sender)
    yield _F("status", "文件状态", 18, lambda c: c.receipt.status.label, Look.WORD)
    yield _F("overtaken", "后续", 9, lambda c: "已另报" if c.overtaken else "", Look.WORD)
    yield _F("received", "收到时间", 17, lambda c: given.clock(c.receipt.received_at), Look.WORD)
