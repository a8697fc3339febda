"""Questions: doubts about a value, asked once, and answered by the unit or by the office.

A question is known by its rule, its row, the data period and the value: the same value is never asked about
again, another one is another question. Who does not answer by the next period has confirmed the value.
"""

import re
from collections.abc import Iterable

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.texts import canonical, plain
from tenproj_xl.core.wordings import Says, says

Key = tuple[str, str, str, str]
"""Rule, row, data period and value."""


class QuestionState(LabelledCode):
    """What became of a question; `silent` is never recorded, but follows from the period."""

    ASKED = "asked", "待核实"
    TRUE = "true", "属实"
    CORRECTED = "corrected", "更正"
    SCOPE = "scope", "口径不同"
    PHONED = "phoned", "电话核实"
    SILENT = "silent", "单位未回复"


OFFICE_ANSWERS = (QuestionState.TRUE, QuestionState.CORRECTED, QuestionState.PHONED)
"""What the office may answer in place of the unit."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question and what became of it.

    Attributes:
        rule: The code of the rule that asks.
        row: The code of the row; the name of an issue that has no code yet.
        field: The field that is asked about.
        data_period: The code of the data period, "" in rows without one.
        value: What stood there, as typed; in rows without a data period with what was said of it.
        sheet: The code of the sheet.
        task_force: The task force of the row.
        name: The row's own name.
        message: What was asked.
        period: The period of the return in which it was found.
        sha256: The file.
        state: What became of it.
        said: The answer in words.
        who: Who answered for the office, "" where the unit did.
        answered_in: The later return that answered, by its hash: the answer counts while that row does.
    """

    rule: str
    row: str
    field: str
    data_period: str
    value: str
    sheet: str
    task_force: str
    name: str
    message: str
    period: str
    sha256: str
    state: QuestionState = QuestionState.ASKED
    said: str = ""
    who: str = ""
    answered_in: str = ""

    @property
    def key(self) -> Key:
        """The question's key."""
        return self.rule, self.row, self.data_period, self.value

    @property
    def asked_value(self) -> str:
        """The value that is asked about, without what is said of it."""
        if self.data_period:
            return self.value
        return self.value.removesuffix(f"|{_asked(self.message)}")

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return self.state is QuestionState.ASKED

    @property
    def asked_and_said(self) -> str:
        """What was asked, and while that is open what the unit has said of it."""
        if self.is_open and self.said:
            return f"{self.message}单位在“核实说明”写了“{self.said}”，还没有报来新数。"
        return self.message

    def state_in(self, period: Period) -> QuestionState:
        """Return what became of it, as a period sees it: silence until the next one is a confirmation.

        Who has said that the value is wrong has confirmed nothing by silence.
        """
        is_silent = self.is_open and not self.said
        if is_silent and parse_period(self.period).precedes(period):
            return QuestionState.SILENT
        return self.state


def key_of(f: Finding) -> Key | None:
    """Return by what a question is known, None for a finding that is none, or is about no row."""
    if f.severity is not Severity.QUESTION or not f.row:
        return None
    value = canonical(f.value)
    if not f.data_period:
        value = f"{value}|{_asked(f.message)}"
    return f.code.rule.code, f.row, f.data_period, value


def _asked(message: str) -> str:
    """Return what a message says of a value, without where that stands."""
    _, _, asked = message.partition("：")
    return asked


_CLAUSES = re.compile(r"[,。;:!()、\s]+")
_SCOPE = "口径"
_WRONG = re.compile(r"不属实|有误(?!差)|填错|(?:填报?|写|录入?|输入?)成(?![功果])")
_OTHER_FIGURE = re.compile(r"改为|更正|应该?[为是](?:约?(?![0-9]+(?:家|个|月)[^,]{3,})[0-9]|[万亿千百]*元)")
_NOT_SO = re.compile(r"没|无[误错需须]|未(?:发现|见|出现|填)|并非|不(?:是|存在|需|必|用)")
_BEFORE = re.compile(r"上[期次月周年季旬]|上一[期次月周季]|前期|前次|去年|以前|之前|此前|原先|往期")


def answer_in(said: str) -> QuestionState | None:
    """Return the answer that a unit gives in 核实说明, None without one; an explanation confirms.

    What is said first counts: the reason behind it may be that the last figure was wrong.
    """
    text = plain(said)
    if not text:
        return None
    for part in (text, *_CLAUSES.split(text)):
        if says(part, Says.DENIES, Says.UNDOES):
            return QuestionState.CORRECTED
        if says(part, Says.CONFIRMS):
            return QuestionState.TRUE
    if _doubts(text):
        return QuestionState.CORRECTED
    if _SCOPE in text:
        return QuestionState.SCOPE
    return QuestionState.TRUE


def _doubts(text: str) -> bool:
    """Return whether a text that no wording is for has a word in it of a wrong figure.

    A question that stays open costs another look; one that is settled is lost.
    """
    is_about_before = bool(_BEFORE.search(text))
    for clause in _CLAUSES.split(text):
        if _NOT_SO.search(clause):
            continue
        if _WRONG.search(clause) and not _BEFORE.search(clause):
            return True
        if _OTHER_FIGURE.search(clause) and _SCOPE not in clause and not is_about_before:
            return True
    return False


def settled_by(said: str) -> QuestionState:
    """Return what becomes of a question about a value that stays, by what its unit says in 核实说明.

    That it is wrong settles nothing while no other value has come.
    """
    answer = answer_in(said)
    if answer is None or answer is QuestionState.CORRECTED:
        return QuestionState.ASKED
    return answer


_GRAVITY = (
    Code.UNIT_SUSPECT,
    Code.FIGURES_SWAPPED,
    Code.VALUE_FAR,
    Code.VALUE_JUMPED,
    Code.BEYOND_LIMITS,
    Code.VALUE_OFF,
    Code.ZERO_FILLED,
    Code.NEGATIVE,
    Code.VALUE_FELL,
    Code.NOT_WHOLE,
    Code.PERIOD_BACKWARD,
    Code.PERIOD_OFF_CYCLE,
    Code.WORDS_AGAINST,
    Code.REMARK_AGAINST,
    Code.DATE_FAR,
    Code.FORECAST_FAR,
    Code.FORECAST_LOW,
    Code.RANK_DOUBTFUL,
    Code.RANK_DIFFERS,
)
"""The rules that ask, the gravest first; what is not named comes behind."""


def left_to_the_office(findings: Iterable[Finding], most: int) -> set[Finding]:
    """Return the questions that a letter does not put: answered already, or beyond so many of the gravest."""
    questions = [f for f in findings if f.severity is Severity.QUESTION]
    open_ones = [f for f in questions if settled_by(f.answer) is QuestionState.ASKED]
    open_ones.sort(key=_gravity)
    return {*questions} - {*open_ones[:most]}


def _gravity(f: Finding) -> int:
    if f.code in _GRAVITY:
        return _GRAVITY.index(f.code)
    return len(_GRAVITY)
