"""得分核对稿: what a task force scores in a month or more, with every deduction, for its lead unit.

One row a deduction; the unit says 有异议 with a reason, and mails it back like any return. The last row is
for anything else.

Reads: deductions, or such a workbook, filled in. Gives: a `ScoreBook`, drawn as a workbook, or what is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import file_name
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.sheets import KEY, KEY2
from tenproj_xl.core.texts import text_of
from tenproj_xl.core.tokens import token
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.objections import OTHER, ItemKey, ObjectionState, ScoreSheet
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import printed_unit, unit_code
from tenproj_xl.office.sent_book import Answer, SentBook, answers_in, shown_column, write_sent_book
from tenproj_xl.reading.book import Book
from tenproj_xl.rollup.facts.deductions import Deduction
from tenproj_xl.rollup.facts.league import LeagueLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.sheets.league import in_words

TITLE = "得分核对稿"
OTHER_ITEM: ItemKey = (OTHER, "", "")
_OTHER_NAME = "其他意见（漏计、名次等）"
SHEET = Sheet(
    "score_check",
    TITLE,
    (
        Column(KEY, "行标识", Fill.MACHINE, Kind.TOKEN, width=4),
        shown_column("kind", "对象", 10),
        shown_column("code", "编号", 14),
        shown_column("name", "扣分事项", 40),
        shown_column("state", "评价", 18),
        shown_column("points", "扣分", 8),
        shown_column("rule", "为什么扣分", 30),
        shown_column("decision", "异议的办理", 26),
        Column(KEY2, "行标识（二）", Fill.MACHINE, Kind.TOKEN, width=4),
        Column(
            "opinion",
            "异议",
            Fill.DEPARTMENT,
            Kind.CHOICE,
            width=10,
            choices=(ObjectionState.TAKEN_BACK, ObjectionState.RAISED),
        ),
        Column(
            "reason",
            "异议理由",
            Fill.DEPARTMENT,
            Kind.LONG_TEXT,
            width=36,
            advice="填写为什么不应扣分，有依据的写明依据，如 11月20日已用OA报送，有收文记录",
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class ScoreBook:
    """The score of one task force, its deductions, and until when its lead can object."""

    facts: Facts
    line: LeagueLine
    deductions: Sequence[Deduction]
    sheet: ScoreSheet
    secret: str

    @property
    def plan(self) -> Plan:
        """The plan of the period."""
        return self.facts.data.plan

    @property
    def lead(self) -> str:
        """The code of the lead unit."""
        return unit_code(self.line.task_force.lead, self.plan)

    @property
    def printed_lead(self) -> str:
        """The name of the lead unit."""
        return printed_unit(self.lead, self.plan)

    @property
    def stem(self) -> str:
        """The name of its file without the ending: `03_区科技局_2026年11月得分核对稿`."""
        period = self.facts.data.period.dated_label
        return f"{self.line.task_force.code}_{file_name(self.printed_lead)}_{period}{TITLE}"

    @property
    def issued(self) -> tuple[Issued, ...]:
        """The rows as the ledger remembers them."""
        named = [(one.item, one.duty.name) for one in self.deductions]
        return tuple(self._issued(item, name) for item, name in (*named, (OTHER_ITEM, _OTHER_NAME)))

    def _issued(self, item: ItemKey, name: str) -> Issued:
        kind, code, judged = item
        return Issued(
            token=self.token(item),
            version="",
            period=self.facts.data.period.code,
            recipient=self.lead,
            sheet=SHEET.code,
            code=code,
            task_force=self.line.task_force.code,
            unit=self.lead,
            of_others=False,
            printed={"kind": kind, "judged": judged, "name": name},
        )

    def token(self, item: ItemKey) -> str:
        """Return what identifies a row: the same for the same deduction."""
        period = self.facts.data.period.code
        return token(self.secret, SHEET.code, period, self.line.task_force.code, *item)


def write_score_book(path: Path, book: ScoreBook) -> None:
    """Write the workbook; the same input gives the same bytes."""
    data, task_force = book.facts.data, book.line.task_force
    rows = [(book.token(one.item), _shown(one)) for one in book.deductions]
    rows.append((book.token(OTHER_ITEM), _other(book)))
    sent = SentBook(
        sheet=SHEET,
        heading=f"{TITLE}：{task_force.code} {task_force.name}　{data.period.paper_label}",
        notes=(_note(book), _sum(book)),
        rows=rows,
        choosing="请选择有异议或无异议；没有异议的可以留空。",
        programme=data.plan.programme,
        day=data.day,
    )
    write_sent_book(path, sent)


def _note(book: ScoreBook) -> str:
    data = book.facts.data
    office = data.plan.programme.words.office
    return (
        f"请{book.printed_lead}核对本专班的得分。对扣分有异议的，在黄色的“异议”栏选有异议，写明理由，"
        f"于{data.clock(book.sheet.until)}前发回；没有异议的不必发回。异议由{office}决定，采纳的不扣分；"
        "异议期满、异议都有决定后才公布名次。"
    )


def _sum(book: ScoreBook) -> str:
    live = [one for one in book.deductions if not one.is_withdrawn]
    told = f"得分{book.line.score:.1f}分：{in_words(book.line, book.facts)}。"
    if not live:
        return f"{told}没有扣分。"
    lost = sum(one.points for one in live)
    return (
        f"{told}满分100分，扣分{len(live)}项，共{lost:.1f}分（各项扣分＝该部分权重所占的分÷该部分计分项数）。"
    )


def _shown(one: Deduction) -> dict[str, str]:
    duty = one.duty
    points = f"{one.points:.2f}"
    if one.is_withdrawn:
        points = "不扣分"
    shown = {
        "kind": duty.kind.label if duty.kind else "",
        "code": duty.code if not duty.period else "",
        "name": duty.name,
        "state": _state_in_words(one),
        "points": points,
        "rule": one.rule,
    }
    if one.objection:
        shown["decision"] = one.objection.in_words
        if one.objection.is_open:
            shown |= {"opinion": one.objection.state.label, "reason": one.objection.reason}
    return shown


def _state_in_words(one: Deduction) -> str:
    """Return how an item is judged and by how much, as far as that is published: `滞后，差3亿元`."""
    duty = one.duty
    if duty.scored_as is not None:
        return f"{duty.scored_as.label}（按已公布的数）"
    return "，".join(filter(None, (duty.state.label, duty.measured)))


def _other(book: ScoreBook) -> dict[str, str]:
    shown = {"kind": "其他", "name": _OTHER_NAME}
    objection = book.facts.data.score_review.objection(book.line.task_force.code, OTHER_ITEM)
    if objection:
        shown["decision"] = objection.in_words
        if objection.is_open:
            shown |= {"opinion": objection.state.label, "reason": objection.reason}
    return shown


# --- when it comes back


@dataclass(frozen=True)
class SaidOfScore:
    """What a unit says of a deduction: 有异议 with a reason, or 无异议."""

    issued: Issued
    place: Place
    state: ObjectionState
    reason: str

    @property
    def item(self) -> ItemKey:
        """The item that it is about."""
        printed = self.issued.printed
        return text_of(printed["kind"]), self.issued.code, text_of(printed["judged"])


def read_score_book(
    file: str, book: Book, issued: Mapping[str, Sequence[Issued]]
) -> tuple[list[SaidOfScore], list[Finding]]:
    """Return what a unit says in a workbook, and what is wrong in it; a row at fault says nothing."""
    said: list[SaidOfScore] = []
    findings: list[Finding] = []
    for answer in answers_in(file, book, SHEET, "opinion", issued):
        read = _said_in(answer) if isinstance(answer, Answer) else answer
        if isinstance(read, Finding):
            findings.append(read)
        elif read:
            said.append(read)
    return said, findings


def _said_in(answer: Answer) -> SaidOfScore | Finding | None:
    state, reason = ObjectionState.of(answer.value), answer.text("reason")
    if state is None and reason:
        return finding(Code.OPINION_MISSING, answer.place, reason)
    if state is None:
        return None
    if state is ObjectionState.RAISED and not reason:
        return finding(Code.OBJECTION_WHY, replace(answer.place, cell=answer.row.address("reason")))
    return SaidOfScore(answer.issued, answer.place, state, reason)
