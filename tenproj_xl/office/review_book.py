"""待核实清单: figures that would change what was given out, and questions that no unit has answered.

The office decides whether those figures count, and answers questions in place of units.

Reads: figures that wait and open questions, or such a workbook, filled in. Gives: a workbook, or decisions
and findings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import sha256
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.texts import text_of
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.questions import OFFICE_ANSWERS, Question, QuestionState
from tenproj_xl.model.reviews import MARK_LENGTH, NamedReview, Review, ReviewVerdict
from tenproj_xl.reading.office_book import load_rows
from tenproj_xl.reading.records import Record, read_records

_TITLE = "待核实清单"
_DECISIONS = (ReviewVerdict.ADOPTED, ReviewVerdict.REFUSED)


def _shown(field: str, header: str, width: float) -> Column:
    return Column(field, header, Fill.CARRIED, Kind.LONG_TEXT, width=width)


_DECISION = Column(
    "decision", "决定", Fill.OFFICE, Kind.CHOICE, width=10, choices=_DECISIONS, advice="从下拉选项中选择"
)
_WHO = Column("who", "核实人", Fill.OFFICE, Kind.LONG_TEXT, width=11, advice="填写姓名")
_WHY = Column("why", "核实情况", Fill.OFFICE, Kind.LONG_TEXT, width=36, advice="写明依据，如 已与统计局核对")
REVIEWS = Sheet(
    "reviews",
    _TITLE,
    (
        _shown("code", "编号", 10),
        _shown("name", "指标名称", 28),
        _shown("data_period", "数据所属期", 12),
        _shown("was", "原数（现按此计）", 12),
        _shown("value", "新报的数", 12),
        _shown("told", "印发时的评价", 12),
        _shown("state", "改后的评价", 12),
        _shown("paper", "印发的材料", 24),
        _shown("file", "校验码", 16),
        _shown("period", "报送期", 10),
        _DECISION,
        _WHO,
        _WHY,
    ),
)
_RESULT = Column(
    "result",
    "核实结果",
    Fill.OFFICE,
    Kind.CHOICE,
    width=10,
    choices=OFFICE_ANSWERS,
    advice="从下拉选项中选择",
)
QUESTIONS = Sheet(
    "questions",
    "疑问",
    (
        _shown("task_force", "专班", 7),
        _shown("row", "编号", 12),
        _shown("name", "名称", 28),
        _shown("data_period", "数据所属期", 12),
        _shown("message", "疑问", 60),
        _shown("period", "报送期", 10),
        _shown("key", "校验码", 16),
        _RESULT,
        _WHO,
        _WHY,
    ),
    may_lack=True,
)
_QUESTIONS_NOTE = (
    "下列疑问单位还没有答复，所填的数已计入，汇总表里标明待核实；到下期报送截止仍未答复的，按属实处理。\n"
    "黄色的列由{office}填写：属实、更正（请单位重报，或用 tenproj amend 代录）、电话核实（电话确认属实）。"
)
_NOTE = (
    "下列新数的性质不高于原数，采用后会改变已经印发的评价。核实前仍按原数计。\n"
    "黄色的列由{office}填写，暂不决定的留空；填好保存后运行：tenproj review 本文件名。"
)
_SHORT = 12
"""How much of a question's hash stands in the workbook."""


def write_review_book(
    path: Path, reviews: Iterable[NamedReview], questions: Iterable[Question], plan: Plan
) -> None:
    """Write the figures that wait and the open questions, one a row."""
    tables: dict[str, Rows] = {
        REVIEWS.name: [_headers(REVIEWS), *map(_row, reviews)],
        QUESTIONS.name: [_headers(QUESTIONS), *map(_question_row, questions)],
    }
    office = plan.programme.words.office
    notes = {
        REVIEWS.code: _NOTE.format(office=office),
        QUESTIONS.code: _QUESTIONS_NOTE.format(office=office),
    }
    write_workbook(path, (REVIEWS, QUESTIONS), tables, notes)


def _headers(sheet: Sheet) -> list[str]:
    return [column.header for column in sheet.columns]


def _question_row(question: Question) -> list[str]:
    period = ""
    if question.data_period:
        period = parse_period(question.data_period).label
    return [
        question.task_force,
        question.row,
        question.name,
        period,
        question.asked_and_said,
        question.period,
        _digest(question),
        "",
        "",
        "",
    ]


def _digest(question: Question) -> str:
    return sha256("\n".join(question.key).encode())[:_SHORT]


def _row(told: NamedReview) -> list[str]:
    review = told.review
    return [
        told.code,
        told.name,
        parse_period(review.data_period).label,
        text_of(label_of(review.was)),
        text_of(label_of(review.value)),
        review.told.label,
        review.state.label,
        review.paper,
        review.mark,
        review.period,
        "",
        "",
        "",
    ]


@dataclass(frozen=True)
class ReviewDecisions:
    """What a workbook decides, and what is wrong in it."""

    decided: tuple[Review, ...]
    answered: tuple[Question, ...]
    findings: tuple[Finding, ...]


def read_review_book(path: Path, waiting: Sequence[Review], open_ones: Sequence[Question]) -> ReviewDecisions:
    """Read what the office decided about figures that wait, and answered to questions that are open.

    A row at fault decides nothing.

    Raises:
        UsageProblem: It is another workbook.
    """
    (rows,) = load_rows(path)
    records, wrong = read_records(rows, (REVIEWS, QUESTIONS), path.name, {})
    if records is None:
        raise UsageProblem(f"“{path.name}”不是待核实清单，请填写 tenproj review 生成的那一份。")
    by_mark = {review.mark: review for review in waiting}
    by_place = {(review.sha256[:MARK_LENGTH], review.code, review.period): review for review in waiting}
    decided, findings = [], list(wrong)
    for record in records[REVIEWS.code]:
        verdict, mark = record.text("decision"), record.text("file")
        # Workbooks of before name the file of a figure and the code that it had.
        before = (mark, record.text("code"), record.text("period"))
        review = by_mark.get(mark) or by_place.get(before)
        if not verdict or review is None:
            continue
        lacking = [column for column in (_WHO, _WHY) if not record.text(column.field)]
        findings += [_lacking(record, column) for column in lacking]
        if not lacking:
            verdict = ReviewVerdict.stored(verdict)
            decided.append(replace(review, verdict=verdict, who=record.text("who"), why=record.text("why")))
    answered, lacking_answers = _answers(records.get(QUESTIONS.code, ()), open_ones)
    return ReviewDecisions(tuple(decided), tuple(answered), (*findings, *lacking_answers))


def _answers(
    records: Iterable[Record], open_ones: Iterable[Question]
) -> tuple[list[Question], list[Finding]]:
    by_digest = {_digest(question): question for question in open_ones}
    answered, findings = [], []
    for record in records:
        question = by_digest.get(record.text("key"))
        if not record.text("result") or question is None:
            continue
        if not record.text("who"):
            findings.append(_lacking(record, _WHO))
            continue
        state = QuestionState.stored(record.text("result"))
        who, why = record.text("who"), record.text("why")
        answered.append(replace(question, state=state, who=who, said=why, answered_in=""))
    return answered, findings


def _lacking(record: Record, column: Column) -> Finding:
    place = record.place(column.field)
    return finding(Code.PLAN_REQUIRED, place, expected=column.header, advice=column.wanted)
