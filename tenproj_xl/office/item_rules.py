"""What is wrong with a decision about an item of 督办清单, in which cell, and what to do about it."""

from collections.abc import Collection, Iterator
from datetime import date
from functools import cached_property

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.decisions import LEAVING, Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.slips import Level
from tenproj_xl.office.decided_row import DecidedRow, after, after_today, out_of_order
from tenproj_xl.office.signoff_items import ITEMS, Supervised, SupervisedItem

_OF_ISSUES = (Verdict.MERGE, Verdict.WRITE_OFF)
_INSTEAD = {
    Verdict.SETTLE: "清空这里，问题办结的在“待审定”表选“同意销号”",
    Verdict.ADJUST: "清空这里，问题要延期的在“待审定”表选“同意延期”",
    Verdict.RESUME: "清空这里，要重新挂账的在“本年已销号”表选“重新挂账”",
}
"""Where the office decides about an issue what it decides here about indicators and tasks."""
_ONLY_WITH = {"into": Verdict.MERGE, "until": Verdict.ADJUST}


@dataclass(frozen=True)
class ItemRules:
    """The rules for the rows of one workbook.

    `supervised` is what stands without what these rows decided before; `rows` are all that were written in.
    """

    supervised: Supervised
    rows: Collection[DecidedRow]
    today: date

    @cached_property
    def _leaving(self) -> frozenset[str]:
        """The codes of what the workbook itself lets go for good."""
        gone = [row for row in self.rows if row.values.get("verdict") in LEAVING]
        return frozenset(row.issued.code for row in gone if row.values["verdict"] is not Verdict.ADJUST)

    def faults(self, row: DecidedRow) -> Iterator[Finding]:
        """Yield what is wrong with a row; nothing that rests on older news is looked at any further."""
        item = self._item(row)
        if item is None or item.stamp != row.issued.printed.get("stamp"):
            yield finding(Code.DECISION_OUTDATED, row.place("code"), row.issued.code, found=_news(item, row))
            return
        yield from _deadline_overwritten(row)
        verdict = Verdict.of(row.values.get("verdict"))
        if verdict is None:
            yield row.lacking("verdict", "填了其他栏，没有选怎样处理")
            return
        yield from _incomplete(row, verdict)
        yield from _misfit(row, verdict, item)
        if verdict is Verdict.MERGE and row.text("into"):
            yield from self._merged_wrongly(row)
        yield from self._dates_in_disorder(row, item)

    def _item(self, row: DecidedRow) -> SupervisedItem | None:
        printed = row.issued.printed
        key = (row.issued.code, printed.get("item"))
        return next((item for item in self.supervised.items if item.key == key), None)

    def _merged_wrongly(self, row: DecidedRow) -> Iterator[Finding]:
        into = row.text("into").upper()
        why = ""
        if into == row.issued.code:
            why = "就是这一项自己"
        elif into in self._leaving:
            why = "在本表里也退出督办"
        elif into not in self.supervised.followed:
            why = "不是还在跟踪的指标、任务或问题编号"
        if why:
            yield finding(Code.MERGED_WRONGLY, row.place("into"), row.text("into"), expected=why)
            return
        place = row.place("into")
        for found, advice in self._dropped(row.issued.code, into):
            yield finding(Code.MERGED_DROPS, place, row.text("into"), found=found, advice=advice)

    def _dropped(self, code: str, into: str) -> Iterator[tuple[str, str]]:
        """Yield what nobody asks for any more once an item is merged into another, and the remedy."""
        supervised, register = self.supervised, self.supervised.data.register
        if code in supervised.listed and into not in supervised.listed:
            yield (
                f"“{into}”不在督办清单上，这一项的内容就不再列出",
                f"另行跟踪“{into}”，仍要督办的在新生成的审定表里恢复，改并到清单上的另一项",
            )
        slip = register.open_on(code)
        if slip is not None:
            again = f"在督办选择表第二张上登记办结，仍要办的对“{into}”另发督办单"
            yield f"督办单{slip.label}还没有办结", again
        request = supervised.request(code)
        if request and canonical(request) != canonical(supervised.request(into)):
            yield (
                f"提请协调的“{request}”不再列入提请协调",
                f"核对，仍要协调的由“{into}”的填报单位在“提请协调事项”里提出",
            )

    def _dates_in_disorder(self, row: DecidedRow, item: SupervisedItem) -> Iterator[Finding]:
        earlier = {}
        if item.decisions:
            earlier["上次决定"] = item.decisions[-1].on
        if item.line.level is Level.RED and item.line.deadline is not None:
            earlier["时限"] = item.line.deadline
        yield from after(row, "decided_on", earlier)
        yield from after_today(row, self.today)
        until, deadline = row.day("until"), item.line.deadline
        if until is None or row.values.get("verdict") is not Verdict.ADJUST:
            return
        for name, day in (("时限", deadline), ("决定日期", row.day("decided_on"))):
            if day is not None and day >= until:
                yield out_of_order(row, "until", f"“{name}”{day}", f"“新时限”{until}")
                return


def _news(item: SupervisedItem | None, row: DecidedRow) -> str:
    """Return what has changed on an item since its row was printed."""
    if item is None:
        return "这一项已不在督办清单上，也不是未销号的问题"
    last = str(max((decision.seq for decision in item.decisions), default=0))
    if item.decisions and not str(row.issued.printed.get("stamp")).endswith(f"/{last}"):
        return item.decisions[-1].spoken
    deadline = item.line.deadline
    return f"现为{item.level}，时限{deadline or '未定'}"


def _deadline_overwritten(row: DecidedRow) -> Iterator[Finding]:
    """Yield a finding where the printed deadline was typed over: a new one has a column of its own."""
    cell, printed = row.table_row.cells.get("deadline"), row.issued.printed.get("deadline")
    if printed is None or cell is None:
        return
    column = ITEMS.column("deadline")
    if read_cell(cell, column, year=row.period.year).value != printed:
        yield _misfitting(
            row,
            "deadline",
            f"“时限”栏由{printed}改成了{text_of(cell)}",
            "恢复原来的时限；要改时限的，处理选“调整”，填“新时限”",
        )


def _incomplete(row: DecidedRow, verdict: Verdict) -> Iterator[Finding]:
    """Yield what is lacking: each decision has grounds, a name and a day, some another code or a deadline."""
    needed = [field for field, only in _ONLY_WITH.items() if only is verdict]
    for field in (*needed, "opinion", "by", "decided_on"):
        if row.values.get(field) is None:
            yield row.lacking(field, f"处理选了“{label_of(verdict)}”")


def _misfit(row: DecidedRow, verdict: Verdict, item: SupervisedItem) -> Iterator[Finding]:
    """Yield what does not go together: a decision and its item, or a decision and what else is filled in."""
    if item.line.kind is Duty.ISSUE and verdict not in _OF_ISSUES:
        advice = _INSTEAD[verdict]
        yield _misfitting(row, "verdict", f"处理选了“{label_of(verdict)}”，这一项是问题", advice)
    elif verdict is Verdict.RESUME and not item.has_left:
        yield _misfitting(row, "verdict", "处理选了“恢复督办”，这一项没有退出督办", "清空，或改选别的处理")
    for field, only in _ONLY_WITH.items():
        if row.text(field) and verdict is not only:
            header = row.sheet.column(field).header
            found = f"填了“{header}”，处理选的是“{label_of(verdict)}”"
            yield _misfitting(row, field, found, f"改选“{only.label}”，或清空“{header}”")


def _misfitting(row: DecidedRow, field: str, found: str, advice: str) -> Finding:
    typed = text_of(row.table_row.cells.get(field))
    return finding(Code.ITEM_MISFIT, row.place(field), typed, found=found, advice=advice)
