"""督办单反馈: the workbook in which a unit answers its slips, and that comes back through the inbox.

Reads: the slips of a unit, or such a workbook, filled in. Gives: a workbook, or what is answered to which.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import file_name
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.sheets import KEY, KEY2
from tenproj_xl.core.texts import text_of
from tenproj_xl.core.tokens import token
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.slips import Slip, numbers_of
from tenproj_xl.model.units import printed_unit
from tenproj_xl.office.sent_book import Answer, SentBook, answers_in, shown_column, write_sent_book
from tenproj_xl.reading.book import Book

TITLE = "督办单反馈"
SHEET = Sheet(
    "slip_reply",
    TITLE,
    (
        Column(KEY, "行标识", Fill.MACHINE, Kind.TOKEN, width=4),
        shown_column("label", "督办单", 13),
        shown_column("stage", "方式", 10),
        shown_column("code", "编号", 14),
        shown_column("name", "督办事项", 34),
        shown_column("situation", "目前情况", 40),
        shown_column("reply_by", "反馈时限", 13),
        Column(KEY2, "行标识（二）", Fill.MACHINE, Kind.TOKEN, width=4),
        Column(
            "reply",
            "办理情况",
            Fill.DEPARTMENT,
            Kind.LONG_TEXT,
            width=48,
            advice="填写办理情况、下一步措施和完成时间",
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class SlipReplyBook:
    """The slips that a unit, given by its code, is to answer."""

    plan: Plan
    unit: str
    slips: Sequence[Slip]
    day: date
    secret: str

    @property
    def printed_unit(self) -> str:
        """The name of the unit."""
        return printed_unit(self.unit, self.plan)

    @property
    def stem(self) -> str:
        """The name of its file without the ending: `督办单反馈_区科技局_2026年3—4号`."""
        return f"{TITLE}_{file_name(self.printed_unit)}_{numbers_of(self.slips)}"

    def token(self, slip: Slip) -> str:
        """Return what identifies a row: the same for the same slip and unit."""
        return token(self.secret, SHEET.code, self.unit, str(slip.year), str(slip.number))

    @property
    def issued(self) -> tuple[Issued, ...]:
        """The rows as the ledger remembers them."""
        rows = []
        for slip in self.slips:
            row = Issued(
                token=self.token(slip),
                version="",
                period=slip.period,
                recipient=self.unit,
                sheet=SHEET.code,
                code=slip.code,
                task_force=slip.task_force.partition(" ")[0],
                unit=self.unit,
                of_others=False,
                printed={"year": float(slip.year), "number": float(slip.number), "name": slip.name},
            )
            rows.append(row)
        return tuple(rows)


def write_slip_reply_book(path: Path, book: SlipReplyBook) -> None:
    """Write the workbook; the same input gives the same bytes."""
    programme = book.plan.programme
    sent = SentBook(
        sheet=SHEET,
        heading=f"{TITLE}：{book.printed_unit}",
        notes=(
            f"请在黄色的“办理情况”栏填写，在反馈时限前发回{programme.signature}；盖章的纸质督办单另按要求反馈。",
            "本单位报填报表的，也可以不填本表，在下期填报表这一项的进展、滞后原因、下一步举措中写明。行标识（隐藏列）请勿改动。",
        ),
        rows=[(book.token(slip), _shown(slip)) for slip in book.slips],
        choosing="",
        programme=programme,
        day=book.day,
    )
    write_sent_book(path, sent)


def _shown(slip: Slip) -> Mapping[str, str]:
    return {
        "label": slip.label,
        "stage": slip.issued_as.label,
        "code": slip.code,
        "name": slip.name,
        "situation": slip.situation,
        "reply_by": f"{slip.reply_by:%Y-%m-%d}",
    }


# --- when it comes back


@dataclass(frozen=True)
class Replied:
    """What was answered to the slip of a key."""

    key: tuple[int, int]
    text: str


def read_slip_replies(
    file: str, book: Book, issued: Mapping[str, Sequence[Issued]]
) -> tuple[list[Replied], list[Finding]]:
    """Return what is answered in a workbook, and what is wrong in it; a row at fault answers nothing."""
    replied: list[Replied] = []
    findings: list[Finding] = []
    for answer in answers_in(file, book, SHEET, "reply", issued):
        if isinstance(answer, Finding):
            findings.append(answer)
        elif answer.value is not None:
            replied.append(Replied(_key(answer), text_of(answer.value)))
    return replied, findings


def _key(answer: Answer) -> tuple[int, int]:
    printed = answer.issued.printed
    return int(float(text_of(printed["year"]))), int(float(text_of(printed["number"])))
