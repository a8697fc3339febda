"""待发清单.xlsx: the letters of a period in a table, where the office marks what it has sent.

Reads: letters, or such a workbook with marks. Gives: a workbook, or the references that are marked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from tenproj_xl.core.cells import Rows
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.deliveries import LetterState
from tenproj_xl.reading.records import Record, read_records

SEND_LIST = Sheet(
    "send_list",
    "待发清单",
    (
        Column("reference", "编号", Fill.CARRIED, width=16),
        Column("sent", "已发", Fill.OFFICE, width=8),
        Column("became", "状态", Fill.CARRIED, width=14),
        Column("unit", "单位", Fill.CARRIED, width=18),
        Column("section", "承办科室", Fill.CARRIED, width=12),
        Column("name", "联络员", Fill.CARRIED, width=18),
        Column("phone", "电话", Fill.CARRIED, width=15),
        Column("stands_in", "B岗", Fill.CARRIED, width=18),
        Column("channel", "渠道", Fill.CARRIED, width=9),
        Column("to", "发送地址", Fill.CARRIED, Kind.LONG_TEXT, width=24),
        Column("what", "内容", Fill.CARRIED, width=18),
        Column("subject", "主题", Fill.CARRIED, Kind.LONG_TEXT, width=30),
        Column("folder", "文件夹", Fill.CARRIED, width=24),
        Column("files", "附件", Fill.CARRIED, Kind.LONG_TEXT, width=34),
        Column("text", "消息", Fill.CARRIED, Kind.LONG_TEXT, width=60),
    ),
)
NOTE = (
    "照“文件夹”一栏打开各人的文件夹，把“消息.txt”贴进邮件或聊天窗口，附上同一文件夹里的文件。\n"
    "发出一封，在“已发”打√并保存；下次运行 tenproj send 或 status 时读回，没打√的下次仍列为待发。\n"
    "“发送结果不明”的，请在邮箱的“已发送”中核对：发出去了的打√，没有的写“再发”。"
)
_DAY = (
    r"(?:[0-9]{4}[-./年])?[0-9]{1,2}[-./月][0-9]{1,2}[日号]?|[0-9]{8}"
    r"|(?:[0-9]{1,2}|(?<=[-./月][0-9]{2})[0-9]{2})[:时点][0-9]{0,2}(?::[0-9]{2})?分?"
)
_WAY = "电子邮件|邮件|邮箱|微信群?|短信|浙政钉群?|钉钉群?|工作群|群里?|当面|oa|qq群?"
_GO = "[补转重]?(?:报送|寄送|传送|发送|[发送寄传交])"
_WENT = (
    rf"(?:均|都)?已经?(?:[由用从经]|通过)?(?:{_WAY})?{_GO}(?:出去?|[到达给至]|成功|完毕?)?[了过]?"
    rf"|{_GO}(?:出去?|[到达])?(?:了|过了|完了|完毕|成功)|送达"
)
_YES = rf"[√✓✔☑✅]\ufe0f?|{_WENT}|已?完成了?|是的?|对的?|好的?|已|y|yes|v|ok|t|true|1"
_BESIDE = rf"{_DAY}|今天|昨天|上午|下午|{_WAY}|[㐀-鿿](?:科长|主任|局长|处长|股长|所长)|[,、;。()]"
_SENT = re.compile(
    rf"(?:{_BESIDE}){{0,8}}(?:{_YES})(?:{_BESIDE}){{0,8}}|(?:上午|下午)?(?:{_DAY})(?:{_BESIDE}){{0,8}}"
)
"""A whole text that says yes, beside a day, a time, the way it went, or to whom; or a day or a time alone.

Nothing else may stand in it: words nobody thought of here are asked about, 已发错人 as well as 已发，被拒收.
"""
_LONGEST = 40
_NOT_SENT = re.compile(
    r"否|[×x✗✘\-/0]|no?|f|false|(?:还|尚|暂)?[未没]有?(?:发[送出]?)?|待发送?|(?:[先暂]时?)?不发|暂缓"
)
_NAMED = ("name", "stands_in", "unit", "section", "channel")
"""The cells of a line that say to whom a letter goes, and by what."""
_WORDS = re.compile(r"[^\W\d_]{2,}")
_AGAIN = frozenset(("再发", "重发", "再发一次", "重新发送"))


@dataclass(frozen=True, kw_only=True)
class ListedLetter:
    """One line: the texts of its cells by field."""

    cells: Mapping[str, str]


def send_list_rows(letters: Sequence[ListedLetter]) -> Rows:
    """Return the table under its headers."""
    rows: list[Sequence[object]] = [[column.header for column in SEND_LIST.columns]]
    for letter in letters:
        rows.append([letter.cells.get(column.field) or None for column in SEND_LIST.columns])
    return rows


def write_send_list(path: Path, letters: Sequence[ListedLetter]) -> None:
    """Write the workbook; the same letters give the same bytes."""
    from tenproj_xl.excel.office_tables import write_workbook  # noqa: PLC0415  # loads XlsxWriter

    write_workbook(path, [SEND_LIST], {SEND_LIST.name: send_list_rows(letters)}, {SEND_LIST.code: NOTE})


@dataclass(frozen=True)
class Marks:
    """The references of letters that the office marks as sent, and of those that are to be sent again.

    `unclear` are the words that may mean either, by the references that they stand at.
    """

    sent: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    unclear: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: "Marks") -> "Marks":
        """Return the marks of both."""
        return Marks(self.sent | other.sent, self.again | other.again, {**self.unclear, **other.unclear})


def marks_in(tables: Mapping[str, Rows], file: str) -> Marks:
    """Return what is marked, in whatever way people tick a cell.

    A tick beside a letter that had gone by then is ours: what became of it since is not undone by it.
    """
    records, _ = read_records(tables, [SEND_LIST], file, {})
    sent, again, unclear = set(), set(), {}
    for record in (records or {}).get(SEND_LIST.code, ()):
        reference, mark = record.text("reference"), canonical(record.text("sent")).casefold()
        if mark in _AGAIN:
            again.add(reference)
        elif not mark or record.text("became").startswith(LetterState.SENT.label):
            continue
        elif _says_sent(mark, record):
            sent.add(reference)
        elif not _NOT_SENT.fullmatch(mark):
            unclear[reference] = record.text("sent")
    return Marks(frozenset(sent), frozenset(again), unclear)


def _says_sent(mark: str, record: Record) -> bool:
    told = " ".join(canonical(record.text(field)).casefold() for field in _NAMED)
    for name in sorted(set(_WORDS.findall(told)), key=len, reverse=True):
        mark = mark.replace(name, "")
    return len(mark) <= _LONGEST and _SENT.fullmatch(mark) is not None
