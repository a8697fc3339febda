"""The list by which the work is handed over (交接清单.docx): where things lie, what is open, who signs.

Reads: facts. Gives: a .docx file with blanks to fill in by hand; it never has a password.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from docx.document import Document as Draft

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.rollup.drawing.page import INTERNAL
from tenproj_xl.rollup.official_document import (
    BODY_FONT,
    HEAD_FONT,
    NUMERALS,
    SIZE_THREE,
    SIZE_TWO,
    TITLE_FONT,
    TITLE_LEADING,
    body,
    grid,
    line,
    plain,
    save,
)

_NONE = "没有。"
_SIGNERS = ("移交人", "接收人", "监交人")
_BLANK_DATE = "　　　　年　　月　　日"
_TO_SIGN = 1.2
"""How high rows to write in by hand are, in centimetres."""


@dataclass(frozen=True, kw_only=True)
class HandoverFacts:
    """What is handed over, each table as rows of texts.

    `places` are what, where and a remark; `standing` what and how it is; `open_matters` a sentence each;
    `numbers` series, year, last number and its day; `keepers` what is kept secret, and by whom it is used.
    """

    title: str
    office: str
    day: date
    head: str
    places: Sequence[tuple[str, str, str]]
    standing: Sequence[tuple[str, str]]
    open_matters: Sequence[str]
    numbers: Sequence[tuple[str, str, str, str]]
    keepers: Sequence[tuple[str, str]]


def write_handover(path: Path, facts: HandoverFacts) -> None:
    """Write the list, a .docx file."""
    name = f"{facts.title}工作交接清单"
    draft = plain(name, facts.office, facts.day)
    draft.core_properties.comments = facts.head
    line(draft, INTERNAL, HEAD_FONT, SIZE_THREE)
    title = line(draft, name, TITLE_FONT, SIZE_TWO, leading=TITLE_LEADING, centred=True)
    title.paragraph_format.space_before = title.paragraph_format.space_after = SIZE_THREE
    day = f"{facts.day.year}年{facts.day.month}月{facts.day.day}日"
    body(draft, f"{facts.office}，{day}。{facts.head}。接收人可以运行 tenproj verify 核对。", BODY_FONT)
    _heading(draft, 0, "东西在哪里")
    grid(draft, ("内容", "位置", "说明"), facts.places, (3.2, 6.4, 6.0))
    _heading(draft, 1, "现在的状态")
    grid(draft, ("事项", "情况"), facts.standing, (3.6, 12.0))
    _heading(draft, 2, "未了事项")
    for number, text in enumerate(facts.open_matters, 1):
        body(draft, f"{number}．{text}", BODY_FONT)
    if not facts.open_matters:
        body(draft, _NONE, BODY_FONT)
    _heading(draft, 3, "编号用到几号")
    if facts.numbers:
        grid(draft, ("种类", "年份", "最后一号", "日期"), facts.numbers, (3.6, 2.4, 6.0, 3.6))
    else:
        body(draft, "还没有印发过材料，也没有发过督办单。", BODY_FONT)
    _heading(draft, 4, "密码、钥匙由谁保管")
    note = body(draft, "本清单不写任何密码。密码当面交接，接收人改过以后签字。", BODY_FONT)
    note.paragraph_format.keep_with_next = True
    keepers = [(*keeper, "", "") for keeper in facts.keepers]
    grid(draft, ("什么", "单位、用途", "现保管人", "接收人（签字）"), keepers, (4.2, 5.0, 3.0, 3.4), _TO_SIGN)
    _heading(draft, 5, "签字")
    signers = [(who, "", "", _BLANK_DATE) for who in _SIGNERS]
    grid(draft, ("", "单位、职务", "签字", "日期"), signers, (2.0, 4.6, 3.6, 5.4), _TO_SIGN)
    save(draft, path)


def _heading(draft: Draft, number: int, text: str) -> None:
    heading = body(draft, f"{NUMERALS[number]}、{text}", HEAD_FONT)
    heading.paragraph_format.keep_with_next = True
