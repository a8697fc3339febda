"""专班核对稿: what units have reported for a task force in forms of their own, for its lead unit to look at.

One row a reported row; the lead says 同意 or 退回 with a reason, and mails it back like any return. A row is
known again by its token, which stands for what one file reported in it.

Reads: rows to check, or such a workbook, filled in. Gives: a `LeadBook`, drawn as a workbook, or words and
findings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import file_name
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.parse import read_text
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.sheets import FORCE, KEY, KEY2, form_sheets
from tenproj_xl.core.texts import is_blank, text_of
from tenproj_xl.core.tokens import token
from tenproj_xl.core.wordings import Says, says
from tenproj_xl.model.evaluate_indicators import yardstick
from tenproj_xl.model.evaluate_tasks import task_state
from tenproj_xl.model.history import Reported, figure_in
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.lead_words import CheckedRow, LeadVerdict, name_of
from tenproj_xl.model.plan import Plan, TaskForce
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import printed_code, printed_unit
from tenproj_xl.office.sent_book import Answer, SentBook, answers_in, shown_column
from tenproj_xl.reading.book import Book

LEAD_CHECK = "lead_check"
"""The sheet that the ledger remembers the rows of such workbooks under."""
TITLE = "专班核对稿"
_FORM = {sheet.code: sheet for sheet in form_sheets(())}


SHEET = Sheet(
    LEAD_CHECK,
    TITLE,
    (
        Column(KEY, "行标识", Fill.MACHINE, Kind.TOKEN, width=4),
        shown_column("code", "编号", 13),
        shown_column("name", "名称", 26),
        shown_column("unit", "填报单位", 13),
        shown_column("said", "本期所报", 58),
        shown_column("state", "进度评价", 10),
        shown_column("doubts", "疑问和提示", 34),
        shown_column("received", "收到时间", 12),
        Column(KEY2, "行标识（二）", Fill.MACHINE, Kind.TOKEN, width=4),
        Column(
            "opinion",
            "牵头单位意见",
            Fill.DEPARTMENT,
            Kind.CHOICE,
            width=11,
            choices=(LeadVerdict.AGREED, LeadVerdict.RETURNED),
        ),
        Column(
            "why",
            "退回理由",
            Fill.DEPARTMENT,
            Kind.LONG_TEXT,
            width=34,
            advice="填写哪里不对、怎么改，如 与统计局口径不一致，应为当年累计数",
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class LeadBook:
    """The rows of one task force to be looked at; `missing` are the codes of those that lack theirs."""

    task_force: TaskForce
    period: Period
    plan: Plan
    settings: Settings
    rows: Sequence[CheckedRow]
    missing: Sequence[str]
    secret: str

    @property
    def lead(self) -> str:
        """The code of the lead unit."""
        return self.rows[0].lead

    @property
    def printed_lead(self) -> str:
        """The name of the lead unit."""
        return printed_unit(self.lead, self.plan)

    @property
    def stem(self) -> str:
        """The name of its file without the ending: `03_区科技局_2026年第48期专班核对稿`."""
        return f"{self.task_force.code}_{file_name(self.printed_lead)}_{self.period.name}{TITLE}"

    @property
    def waiting(self) -> int:
        """How many rows the lead has said nothing about."""
        return sum(row.is_open for row in self.rows)

    @property
    def issued(self) -> tuple[Issued, ...]:
        """The rows as the ledger remembers them."""
        return tuple(self._issued(row) for row in self.rows)

    def _issued(self, checked: CheckedRow) -> Issued:
        row = checked.row
        return Issued(
            token=self.token(checked),
            version="",
            period=self.period.code,
            recipient=checked.lead,
            sheet=LEAD_CHECK,
            code=row.code,
            task_force=row.task_force,
            unit=row.unit,
            of_others=False,
            printed={"sha256": row.sha256, "sheet": row.sheet, "name": name_of(row)},
        )

    def token(self, checked: CheckedRow) -> str:
        """Return what identifies a row: the same for the same report."""
        return token(self.secret, LEAD_CHECK, *checked.key)


def sheet_name(row: Reported) -> str:
    """Return the name of the sheet that a row stands in."""
    return _FORM[row.sheet].name


def said_in(row: Reported) -> str:
    """Return what a unit has filled in, in words: `最新数值：12.5亿元；数据性质：部门统计`."""
    parts = []
    for column in _FORM[row.sheet].inputs:
        value = row.values.get(column.field)
        if column.field == FORCE or value is None:
            continue
        unit = ""
        if row.sheet == "indicators" and column.field in ("value", "forecast") and isinstance(value, float):
            unit = text_of(row.values.get("unit"))
        parts.append(f"{column.header}：{_spoken(value, column)}{unit}")
    return "；".join(parts)


def _spoken(value: Value, column: Column) -> str:
    if column.kind is Kind.PERIOD and (period := read_period(str(value))):
        return period.dated_label
    return text_of(label_of(value))


def _state_of(row: Reported, book: LeadBook) -> str:
    """Return how what was reported is judged, "" where nothing can be."""
    if row.sheet == "tasks":
        return task_state(row.values, book.period.last, book.settings, year=book.period.year).label
    figure, indicator = figure_in(row), book.plan.indicator(row.code)
    if row.sheet != "indicators" or figure is None or indicator is None:
        return ""
    stick = yardstick(indicator, figure.period, book.settings)
    return stick.state(figure.value, figure.nature).label


def _doubts(checked: CheckedRow) -> str:
    """Return what was found in the row and is still open."""
    row = checked.row
    numbers = {Place(cell=cell).row for cell in row.cells.values()}
    found = []
    for one in checked.receipt.findings:
        if one.is_open and one.sheet == row.tab and Place(cell=one.cell).row in numbers:
            found.append(f"{one.severity.label}：{one.message}")
    return "\n".join(dict.fromkeys(found))


# --- the workbook


def as_sent(book: LeadBook) -> SentBook:
    """Return what is shown of a workbook."""
    return SentBook(
        sheet=SHEET,
        heading=f"{TITLE}：{book.task_force.code} {book.task_force.name}　{book.period.full_name}",
        notes=(_note(book), _left(book)),
        rows=[(book.token(checked), _shown(checked, book)) for checked in book.rows],
        choosing="请选择同意或退回；暂不表态的留空。",
        programme=book.plan.programme,
        day=book.period.first,
    )


def _note(book: LeadBook) -> str:
    counting = "没有填意见的行照常计入。"
    if book.settings.lead_first:
        counting = "牵头单位同意后才计入，没有填意见的行暂不计入。"
    by = ""
    if not book.settings.calendar.is_called_off(book.period.code):
        by = f"于{book.settings.deadline(book.period):%Y-%m-%d %H:%M}前"
    return (
        f"请{book.printed_lead}逐行核对各单位所报内容，在黄色的“牵头单位意见”选同意或退回，退回的写明理由，"
        f"{by}发回。退回的行不计入，"
        f"由{book.plan.programme.words.office}请单位更正后重报。{counting}"
    )


def _left(book: LeadBook) -> str:
    told = f"已报来{len(book.rows)}行，待核对{book.waiting}行。"
    if book.missing:
        names = "、".join(printed_code(code, book.plan) for code in book.missing)
        told += f"尚未报来：{names}。"
    return told


def _shown(checked: CheckedRow, book: LeadBook) -> dict[str, str]:
    """Return what stands in a row, by field."""
    row, word = checked.row, checked.word
    received = checked.receipt.received_at.astimezone(book.settings.zone)
    shown = {
        "code": row.code,
        "name": name_of(row),
        "unit": printed_unit(row.unit, book.plan),
        "said": said_in(row),
        "state": _state_of(row, book),
        "doubts": _doubts(checked),
        "received": f"{received:%m-%d %H:%M}",
    }
    if word and not checked.is_open:
        shown |= {"opinion": word.verdict.label, "why": word.why}
    return shown


# --- when it comes back


@dataclass(frozen=True)
class SaidRow:
    """What a lead says of a row that was printed: 同意, 退回 with a reason, or nothing.

    `said` is what stands as 本期所报 in its row, which is not for the lead to change.
    """

    issued: Issued
    place: Place
    verdict: LeadVerdict | None
    why: str
    said: str


def read_lead_book(
    file: str, book: Book, issued: Mapping[str, Sequence[Issued]]
) -> tuple[list[SaidRow], list[Finding]]:
    """Return what a lead says in a workbook, and what is wrong in it; a row at fault says nothing."""
    said: dict[str, SaidRow] = {}
    findings: list[Finding] = []
    for answer in answers_in(file, book, SHEET, "opinion", issued):
        read = _said_in(answer) if isinstance(answer, Answer) else answer
        if isinstance(read, Finding):
            findings.append(read)
        elif read.verdict or read.issued.token not in said:
            said[read.issued.token] = read
    return list(said.values()), findings


def _said_in(answer: Answer) -> SaidRow | Finding:
    verdict, why = LeadVerdict.of(answer.value), answer.text("why")
    if verdict is None and why:
        return finding(Code.OPINION_MISSING, answer.place, why)
    if verdict is LeadVerdict.RETURNED and _says_nothing(why):
        return finding(Code.LEAD_WHY, replace(answer.place, cell=answer.row.address("why")))
    return SaidRow(answer.issued, answer.place, verdict, why, answer.text("said"))


def _says_nothing(why: str) -> bool:
    """Return whether a reason tells nothing to the unit, which does not see the rows above: 同上, 无."""
    return is_blank(why) or says(why, Says.EMPTY) or read_text(why).code is Code.SAME_AS_ABOVE
