"""Letters: what a unit is told in a run, ready to paste into a mail or a chat.

One letter has everything that concerns the unit, in the office's own texts (`model.letter_texts`): what came
and what to correct in it, what is still missing, by when, and what lead units are asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from tenproj_xl.core.catalogue import Severity
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.numerals import numeral
from tenproj_xl.model.decisions import Decision, Verdict
from tenproj_xl.model.letter_passages import Occasion
from tenproj_xl.model.letter_texts import LetterTexts
from tenproj_xl.model.units import spoken_code
from tenproj_xl.replies.file_sections import file_values, occasion_of, waiting_values
from tenproj_xl.replies.letter_content import (
    AnsweredFile,
    DecidedIssue,
    FormsOut,
    GroupNotice,
    MissingUnits,
    OutstandingForm,
    ReturnedRows,
    RowsToCheck,
    ScoreToCheck,
    SlipsOut,
    SlipToAnswer,
    UnitLetter,
)
from tenproj_xl.replies.wording import (
    counted_rows,
    name_to_tell,
    numbered,
    spoken_day,
    spoken_moment,
)

_ASK_THE_LEAD = "退回理由请向牵头单位了解"
_ASK_THE_OFFICE = "请向办公室了解"
_SEE_THE_FORM = "与上期相比的变动见“填报说明”。"
_BY_VERDICT: Mapping[str, Occasion] = {
    Verdict.SIGN_OFF: Occasion.SIGNED_OFF,
    Verdict.SEND_BACK: Occasion.SENT_BACK,
    Verdict.REOPEN: Occasion.REOPENED,
}
_TOPICS: Mapping[Occasion, str] = {
    Occasion.FORMS_OUT: "请填报",
    Occasion.FORMS_OUT_LATE: "请填报",
    Occasion.ACCEPTED: "已接收",
    Occasion.ACCEPTED_TO_LOOK_AT: "请核对",
    Occasion.ACCEPTED_QUESTIONS: "请核对",
    Occasion.ACCEPTED_OWING: "请补报",
    Occasion.TO_CORRECT: "请更正",
    Occasion.TO_CORRECT_WHOLE: "请更正",
    Occasion.TO_CONFIRM: "请核对",
    Occasion.STILL_TO_CORRECT: "请更正",
    Occasion.OTHER_PERIOD: "请更正",
    Occasion.REFUSED: "未接收",
    Occasion.NOT_USED: "请核对",
    Occasion.SCAN_ALONE: "请补电子表格",
    Occasion.WORDS_RECORDED: "意见已录入",
    Occasion.NO_NEW_WORDS: "意见已收到",
    Occasion.BEFORE_DEADLINE: "催报",
    Occasion.ON_DEADLINE: "催报",
    Occasion.AFTER_DEADLINE: "催报",
    Occasion.STILL_REFUSED: "请重新报送",
    Occasion.ESCALATION: "请督促报送",
    Occasion.RETURNED_BY_LEAD: "牵头单位退回",
    Occasion.LEAD_CHECK: "请核对专班内容",
    Occasion.SCORE_CHECK: "得分核对",
    Occasion.SLIPS_OUT: "督办单",
    Occasion.SLIPS_OVERDUE: "督办单催办",
    Occasion.SLIPS_ANSWERED: "督办单反馈已登记",
    Occasion.DECISIONS: "审定结果",
}
"""What the subject of a mail says of each matter."""
_WITH_REASON = (Occasion.SENT_BACK, Occasion.REOPENED)


class LetterSection(NamedTuple):
    """One matter of a letter: on which occasion it is written, and what is said."""

    occasion: Occasion
    text: str


@dataclass(frozen=True)
class LetterParts:
    """What a letter says between head and signature: a section a matter, and what stands below them."""

    sections: tuple[LetterSection, ...]
    endings: tuple[str, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        """What it is about, as the subject of a mail names it, each matter once."""
        return tuple(dict.fromkeys(_TOPICS[section.occasion] for section in self.sections))

    @property
    def as_noted(self) -> tuple[tuple[str, str], ...]:
        """The sections as they are noted: the code of the occasion, and the text."""
        return tuple((section.occasion.value, section.text) for section in self.sections)

    def and_also(self, sections: Iterable[LetterSection], endings: Sequence[str]) -> "LetterParts":
        """Return the same with the parts of another letter to the same person behind; nothing ends twice."""
        both = dict.fromkeys((*self.endings, *endings))
        return LetterParts((*self.sections, *sections), tuple(both))


def letter_parts(letter: UnitLetter, texts: LetterTexts) -> LetterParts:
    """Return what a letter says, without head and signature."""
    writer = _Writer(letter, texts)
    return LetterParts(tuple(writer.sections()), tuple(filter(None, writer.endings())))


def parts_text(parts: LetterParts, letter: UnitLetter, texts: LetterTexts) -> str:
    """Return the text of a letter that says these parts, its lines ended by CR and LF; "" without any."""
    if not parts.sections:
        return ""
    return _as_file("\n".join(_Writer(letter, texts).lines(parts)))


def parts_subject(parts: LetterParts, letter: UnitLetter, texts: LetterTexts) -> str:
    """Return what a mail with a letter that says these parts is called.

    Such as `2026年第48期（11月23日—29日）填报表：请更正、督办单`.
    """
    subject = _Writer(letter, texts).write(Occasion.SUBJECT, {"事由": "、".join(parts.topics)})
    return " ".join(subject.split())


def group_text(notice: GroupNotice, texts: LetterTexts, *, by_name: bool) -> str:
    """Return what is posted to the work group: who has not returned, or how many only.

    Its lines are ended by CR and LF.
    """
    occasion = Occasion.GROUP_NAMED if by_name else Occasion.GROUP_UNNAMED
    if not notice.missing:
        occasion = Occasion.GROUP_ALL_IN
    values = {
        "期": notice.period,
        "截止时间": spoken_moment(notice.deadline),
        "渠道": notice.channel,
        "办公室": notice.office,
        "联系方式": notice.phone,
        "应报数": str(len(notice.returned) + len(notice.missing)),
        "已报数": str(len(notice.returned)),
        "未报数": str(len(notice.missing)),
        "已报单位": "、".join(notice.returned),
        "未报单位": "、".join(notice.missing),
    }
    return _as_file(texts.write(occasion, values))


def _as_file(text: str) -> str:
    return text.replace("\n", "\r\n") + "\r\n"


class _Writer:
    """Writes the parts of one letter."""

    def __init__(self, letter: UnitLetter, texts: LetterTexts) -> None:
        self.letter = letter
        self.texts = texts
        self.common = {
            "单位": letter.unit,
            "期": letter.period,
            "截止时间": spoken_moment(letter.deadline) if letter.deadline else "",
            "渠道": letter.channel,
            "办公室": letter.office,
            "联系方式": letter.phone,
        }

    def write(self, occasion: Occasion, values: Mapping[str, str]) -> str:
        """Return a passage with its own values and those that all have."""
        return self.texts.write(occasion, {**self.common, **values})

    def section(self, occasion: Occasion, values: Mapping[str, str]) -> LetterSection:
        """Return a passage that is a matter of its own."""
        return LetterSection(occasion, self.write(occasion, values))

    def lines(self, parts: LetterParts) -> Iterator[str]:
        """Yield head, sections and end, parted by blank lines where they stand apart."""
        letter, sections = self.letter, parts.sections
        yield self.write(Occasion.HEAD, {"称呼": self._addressee(), "联络员": letter.liaisons})
        if len(sections) == 1:
            yield self.write(Occasion.ONE_MATTER, {"正文": sections[0].text})
        else:
            yield self.write(Occasion.SEVERAL_MATTERS, {})
            for number, section in enumerate(sections, 1):
                yield from ("", f"{numeral(number)}、{section.text}")
        for passage in filter(None, (*parts.endings, self.write(Occasion.SIGNATURE, {}))):
            yield from ("", passage)

    def _addressee(self) -> str:
        """Return unit and person where all files come from one person, else the unit."""
        senders = {file.sender for file in self.letter.files if file.sender}
        if len(senders) == 1:
            return senders.pop()
        return self.letter.unit or "填报单位"

    def endings(self) -> Iterator[str]:
        """Yield what stands below the sections: whose address it was, how to answer, by when to correct."""
        files = self.letter.files
        for file in files:
            if file.unknown_address:
                values = {"文件": file.file, "来件地址": file.unknown_address}
                yield self.write(Occasion.FROM_UNKNOWN, values)
        questions = [p for file in files for p in file.points if p.severity is Severity.QUESTION]
        if any(question.in_row for question in questions):
            yield self.write(Occasion.HOW_TO_ANSWER, {})
        books = [file.attachment for file in files] + [file.attachment for file in self.letter.waiting]
        attached = [f"附件：{book}" for book in books if book]
        if attached:
            yield self.write(Occasion.ATTACHMENTS, {"附件": "\n".join(attached)})
        coming_again = [file for file in files if file.must_come_again and not file.is_scan_alone]
        if coming_again:
            # What came in time may be read by its sender when the deadline has passed.
            due = self.letter.deadline
            is_late = due is None or max(file.received_at for file in coming_again) > due
            yield self.write(Occasion.CORRECT_AT_ONCE if is_late else Occasion.CORRECT_BY, {})

    def sections(self) -> Iterator[LetterSection]:
        """Yield what is said of each matter, in the order of the letter."""
        yield from self._about_forms()
        yield from self._to_leads()
        yield from self._about_slips()
        if self.letter.decisions:
            yield self._decisions(self.letter.decisions)

    # --- forms

    def _about_forms(self) -> Iterator[LetterSection]:
        letter = self.letter
        yield from map(self._forms_out, letter.forms_out)
        for file in letter.files:
            yield self._about_file(file)
        for waiting in letter.waiting:
            values = waiting_values(waiting, has_figures=self.texts.has_figures)
            yield self.section(Occasion.STILL_TO_CORRECT, values)
        refused = [form for form in letter.outstanding if form.was_refused]
        missing = [form for form in letter.outstanding if not form.was_refused]
        if refused:
            yield self._outstanding(Occasion.STILL_REFUSED, refused)
        if missing:
            yield self._outstanding(self._reminder(), missing)

    def _about_file(self, file: AnsweredFile) -> LetterSection:
        """Return what is said of a file; it is named where the letter speaks of another of its form."""
        values, occasion = file_values(file, has_figures=self.texts.has_figures), occasion_of(file)
        same = [other for other in self.letter.files if file.form and other.form == file.form]
        if len(same) > 1 and occasion is not Occasion.NOT_USED:  # which names its file anyhow
            values["填报表"] += f"（{file.file}）"
        return self.section(occasion, values)

    def _forms_out(self, out: FormsOut) -> LetterSection:
        news = numbered(out.news)
        if out.news and not self.texts.has_figures:
            news = _SEE_THE_FORM
        values = {
            "填报表": "、".join(out.forms),
            "文件": _files(out.files),
            "截止时间": spoken_moment(out.deadline),
            "示例": out.example,
            "新情况": news,
        }
        occasion = Occasion.FORMS_OUT_LATE if out.is_late else Occasion.FORMS_OUT
        return self.section(occasion, values)

    def _reminder(self) -> Occasion:
        day, due = self.letter.day, self.letter.deadline
        if day is None or due is None or day < due.date():
            return Occasion.BEFORE_DEADLINE
        if day == due.date():
            return Occasion.ON_DEADLINE
        return Occasion.AFTER_DEADLINE

    def _outstanding(self, occasion: Occasion, forms: Sequence[OutstandingForm]) -> LetterSection:
        values = {
            "填报表": "、".join(form.form for form in forms),
            "文件": _files([f"{form.file}.xlsx" for form in forms]),
            "截止时刻": f"{self.letter.deadline:%H:%M}" if self.letter.deadline else "",
        }
        return self.section(occasion, values)

    # --- what lead units are told

    def _to_leads(self) -> Iterator[LetterSection]:
        letter = self.letter
        for units in letter.missing:
            yield self._escalation(units)
        for returned in letter.returned:
            yield self._returned(returned)
        for rows in letter.to_check:
            yield self._to_check(rows)
        for score in letter.scores:
            yield self._score(score)

    def _escalation(self, missing: MissingUnits) -> LetterSection:
        lines = []
        for one in missing.units:
            contact = f"，联系{one.contact}" if one.contact else ""
            lines.append(f"{one.unit}：{counted_rows(one.rows)}{contact}")
        values = {
            "专班": spoken_code(missing.task_force),
            "家数": str(len(missing.units)),
            "未报清单": numbered(lines),
        }
        return self.section(Occasion.ESCALATION, values)

    def _returned(self, returned: ReturnedRows) -> LetterSection:
        has_figures = self.texts.has_figures
        lines = []
        for row in returned.rows:
            why = row.why if has_figures else _ASK_THE_LEAD
            lines.append(f"{row.sheet}{name_to_tell(row.name, row.code, has_figures=has_figures)}：{why}")
        values = {
            "专班": spoken_code(returned.task_force),
            "牵头单位": returned.lead,
            "行数": str(len(returned.rows)),
            "退回清单": numbered(lines),
        }
        return self.section(Occasion.RETURNED_BY_LEAD, values)

    def _to_check(self, rows: RowsToCheck) -> LetterSection:
        counting = "没有填意见的行照常计入" if rows.counts_first else "牵头单位同意后才计入"
        values = {
            "专班": spoken_code(rows.task_force),
            "文件": rows.file,
            "行数": str(rows.rows),
            "待核对": str(rows.waiting),
            "怎样计入": counting,
        }
        return self.section(Occasion.LEAD_CHECK, values)

    def _score(self, score: ScoreToCheck) -> LetterSection:
        lost = f"扣分{score.deductions}项" if score.deductions else "没有扣分"
        said = f"得分{score.score:.1f}分，{lost}"
        if not self.texts.has_figures:
            said = "的得分和扣分"
        values = {
            "专班": spoken_code(score.task_force),
            "得分所属期": score.period,
            "得分情况": said,
            "文件": score.file,
            "异议期": score.until,
        }
        return self.section(Occasion.SCORE_CHECK, values)

    # --- slips and decisions

    def _about_slips(self) -> Iterator[LetterSection]:
        letter = self.letter
        if letter.answered_slips:
            yield self.section(Occasion.SLIPS_ANSWERED, {"督办单": "、".join(letter.answered_slips)})
        if letter.slips_out:
            yield self._slips_out(letter.slips_out)
        if letter.slips:
            listed = self._slips(letter.slips)
            yield self.section(Occasion.SLIPS_OVERDUE, {"件数": str(len(letter.slips)), "督办清单": listed})

    def _slips(self, slips: Sequence[SlipToAnswer]) -> str:
        lines = []
        for slip in slips:
            name = name_to_tell(slip.name, slip.code, has_figures=self.texts.has_figures)
            lines.append(f"{slip.stage}{slip.label}{name}，反馈时限{spoken_day(slip.reply_by)}")
        return numbered(lines)

    def _slips_out(self, out: SlipsOut) -> LetterSection:
        values = {
            "件数": str(len(out.slips)),
            "文件": _files(out.files),
            "督办清单": self._slips(out.slips),
        }
        return self.section(Occasion.SLIPS_OUT, values)

    def _decisions(self, decisions: Sequence[DecidedIssue]) -> LetterSection:
        lines = [self._decision(decided) for decided in decisions]
        values = {"件数": str(len(decisions)), "审定清单": numbered(lines)}
        return self.section(Occasion.DECISIONS, values)

    def _decision(self, decided: DecidedIssue) -> str:
        decision, has_figures = decided.decision, self.texts.has_figures
        name = decision.issue + name_to_tell(decided.description, "", has_figures=has_figures)
        occasion = Occasion.DECIDED_ELSE
        if decision.verdict:
            occasion = _BY_VERDICT.get(decision.verdict, occasion)
        why = decision.opinion
        if not has_figures:
            why = _ASK_THE_OFFICE if occasion in _WITH_REASON else ""
        values = {
            "问题": name,
            "审定": _outcome(decision, has_figures=has_figures),
            "日期": spoken_day(decision.on),
            "理由": why,
        }
        return self.write(occasion, values)


def _outcome(decision: Decision, *, has_figures: bool) -> str:
    """Return what was decided; without figures, of a change of words only whether it was agreed to."""
    if has_figures or decision.change is None:
        return decision.outcome
    rest = replace(decision, change=None).outcome
    return "，".join(filter(None, (rest, decision.change.label)))


def _files(names: Sequence[str]) -> str:
    return "、".join(f"“{name}”" for name in names)
