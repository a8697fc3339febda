"""Letters: what a unit is told of the forms that it answers for, ready to paste into a mail or a chat.

One letter has all of them: what was received and what to correct in it, what is still missing, by when.
Findings that are alike are one point, and no form has more points than a person takes in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.findings import Point, finding_groups, quoted
from tenproj_xl.model.history import Status

POINTS = 5
"""The most points of one kind that a letter lists for a form."""
_TOLD_IN_THE_SENTENCE = (Code.RETURN_WAITS.rule.title, Code.LATE_PERIOD.rule.title)
_OWED = tuple(code.rule.title for code in (Code.FIGURE_MISSING, Code.TASK_SILENT, Code.PERIOD_STALE))
"""What points are called that ask for something that is still owed."""
_MOVED = Code.OTHER_PERIOD.rule.title
_HOW_TO_ANSWER = (
    "疑问属实的，请在该行“核实说明”选“属实”并写明原因，有误的请更正，随下期填报表报来即可；"
    "到下期报送截止未回复的，按属实处理。"
)
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, kw_only=True)
class AnsweredFile:
    """A file that came, as far as its sender is told of it.

    Attributes:
        file: Its name.
        form: What it is, such as `03专班第48期（11月23日—29日）填报表`; "" where nobody can tell.
        sender: Unit and person, as the cover names them.
        status: What became of it.
        points: The findings in it or, where a workbook to be corrected is attached, in that one.
        attachment: The name of the workbook to be corrected, "" where there is none.
        moved_from: The period whose form was filled in instead of the one that is due, "" where it was the
            right one.
        received_at: When it came.
        waiting: The names of the rows that count only when they are corrected.
        said: What a lead unit says of how many rows: `同意5行，退回1行`.
    """

    file: str
    form: str
    sender: str
    status: Status
    points: Sequence[Point]
    attachment: str
    moved_from: str
    received_at: datetime
    waiting: Sequence[str] = ()
    said: str = ""

    @property
    def is_scan_alone(self) -> bool:
        """Whether it is a scan whose form has not come."""
        return any(point.kind == Code.SCAN_ALONE.rule.title for point in self.points)

    @property
    def must_come_again(self) -> bool:
        """Whether the sender has to correct it, or to send something else."""
        return bool(self.attachment) or any(point.severity is Severity.ERROR for point in self.points)


@dataclass(frozen=True, kw_only=True)
class OutstandingForm:
    """A form that is still out, the name of the file to fill in, and whether one was refused."""

    form: str
    file: str
    was_refused: bool


@dataclass(frozen=True)
class ReturnedRow:
    """A row that a lead unit has returned: its sheet, its name, and why."""

    sheet: str
    name: str
    why: str


@dataclass(frozen=True)
class ReturnedRows:
    """The rows of a unit that a lead unit has returned in a task force."""

    lead: str
    task_force: str
    rows: Sequence[ReturnedRow]


@dataclass(frozen=True, kw_only=True)
class RowsToCheck:
    """What a lead unit is to look at: the workbook, how many rows are in it, how many without a word yet."""

    task_force: str
    file: str
    rows: int
    waiting: int
    counts_first: bool


@dataclass(frozen=True, kw_only=True)
class ScoreToCheck:
    """What a lead unit is told of its score: the workbook, how many deductions are in it, and until when."""

    task_force: str
    period: str
    file: str
    score: float
    deductions: int
    until: str


@dataclass(frozen=True, kw_only=True)
class SlipToAnswer:
    """A supervision slip that a unit should have answered: number, stage, item, and until when."""

    label: str
    stage: str
    name: str
    reply_by: date


@dataclass(frozen=True, kw_only=True)
class UnitLetter:
    """What one unit is told of a period in one run: of files that came, and of forms still out.

    `liaisons` are its 联络员 with section and telephone: `张三（科技科，0571-88880000）`.
    """

    unit: str
    files: Sequence[AnsweredFile]
    outstanding: Sequence[OutstandingForm]
    deadline: datetime
    office: str
    liaisons: str = ""
    returned: Sequence[ReturnedRows] = ()
    to_check: Sequence[RowsToCheck] = ()
    scores: Sequence[ScoreToCheck] = ()
    slips: Sequence[SlipToAnswer] = ()
    answered_slips: Sequence[str] = ()


def letter_text(letter: UnitLetter) -> str:
    """Return the text of a letter, its lines ended by CR and LF."""
    return "\r\n".join((*_lines(letter), ""))


def _lines(letter: UnitLetter) -> Iterator[str]:
    sections = list(_sections(letter))
    yield f"{_addressee(letter)}："
    if letter.liaisons:
        yield f"联络员：{letter.liaisons}"
    if len(sections) == 1:
        (only,) = sections
        yield f"您好！{only[0]}"
        yield from only[1:]
    else:
        about = "请按以下各条办理"
        if letter.files or letter.outstanding:
            about = "贵单位的填报表情况如下，请按各条办理"
        yield f"您好！{about}，谢谢！"
        for number, section in enumerate(sections):
            yield ""
            yield f"{_NUMERALS[number % len(_NUMERALS)]}、{section[0]}"
            yield from section[1:]
    if any(point.severity is Severity.QUESTION for file in letter.files for point in file.points):
        yield from ("", _HOW_TO_ANSWER)
    yield from _attachments(letter.files)
    if any(file.must_come_again for file in letter.files):
        yield from ("", _by_when(letter))
    yield from ("", letter.office)


def _addressee(letter: UnitLetter) -> str:
    """Return unit and person where all files come from one person, else the unit."""
    senders = {file.sender for file in letter.files if file.sender}
    if len(senders) == 1:
        return senders.pop()
    return letter.unit or "填报单位"


def _sections(letter: UnitLetter) -> Iterator[list[str]]:
    """Yield the lines of each section: one a file, then one for refused and one for missing forms."""
    for file in letter.files:
        yield list(_file_lines(file))
    missing: list[OutstandingForm] = []
    refused: list[OutstandingForm] = []
    for form in letter.outstanding:
        if form.was_refused:
            refused.append(form)
        else:
            missing.append(form)
    if refused:
        yield list(_refused_lines(refused))
    if missing:
        yield list(_missing_lines(missing, letter.deadline))
    for returned in letter.returned:
        yield list(_returned_lines(returned))
    for rows in letter.to_check:
        yield [_to_check_line(rows, letter.deadline)]
    for score in letter.scores:
        yield [_score_line(score)]
    if letter.answered_slips:
        yield [f"贵单位对督办单{'、'.join(letter.answered_slips)}的反馈已登记，谢谢！"]
    if letter.slips:
        yield list(_slip_lines(letter.slips))


def _slip_lines(slips: Sequence[SlipToAnswer]) -> Iterator[str]:
    yield (
        f"贵单位有{len(slips)}件督办单逾期未反馈，请尽快填写“督办单反馈”表的“办理情况”栏发回，"
        "或在填报表这一项的进展、滞后原因、下一步举措中写明："
    )
    for number, slip in enumerate(slips, 1):
        until = f"{slip.reply_by.year}年{slip.reply_by.month}月{slip.reply_by.day}日"
        yield f"{number}. {slip.stage}{slip.label}{quoted(slip.name)}，反馈时限{until}"


def _score_line(score: ScoreToCheck) -> str:
    lost = f"扣分{score.deductions}项" if score.deductions else "没有扣分"
    return (
        f"{score.task_force}专班{score.period}得分{score.score:.1f}分，{lost}，见附件“{score.file}”。对扣分有异议的，"
        f"请在附件黄色的“异议”栏选有异议，写明理由，于{score.until}前发回；没有异议的不必发回。"
    )


# --- a file that came


def _file_lines(file: AnsweredFile) -> Iterator[str]:
    if file.is_scan_alone:
        yield f"已收到盖章扫描件“{file.file}”，请再发送填报表电子表格（.xlsx）。"
        return
    left_out: tuple[str, ...] = _TOLD_IN_THE_SENTENCE
    if file.moved_from:
        left_out = (*left_out, _MOVED)
    errors: list[Point] = []
    others: list[Point] = []
    for point in file.points:
        if point.kind in left_out:
            continue
        if point.severity is Severity.ERROR:
            errors.append(point)
        else:
            others.append(point)
    if file.status.is_word:
        yield f"贵单位发来的{_WORDS[file.status]}“{file.file}”已收到，{_recorded(file)}。"
    else:
        yield _what_became(file, errors, others)
    yield from _listed("请更正" if file.attachment else "原因和办法", errors)
    yield from _listed("另请核对" if errors else "请核对", others)


_WORDS = {
    Status.LEAD_CHECK: "专班核对稿",
    Status.SCORE_CHECK: "得分核对稿",
    Status.SLIP_REPLY: "督办单反馈",
}


def _what_became(file: AnsweredFile, errors: Sequence[Point], others: Sequence[Point]) -> str:
    form = file.form or f"文件“{file.file}”"
    if file.moved_from:
        return (
            f"贵单位发来的是{file.moved_from}的填报表，本次应报{form}；填的内容已搬到附件，请逐项核对、补充。"
        )
    match file.status:
        case Status.ACCEPTED:
            return f"贵单位报送的{form}已接收，谢谢！"
        case Status.WITH_WARNINGS:
            return f"贵单位报送的{form}已接收，谢谢！{_to_look_at(others)}"
        case Status.REFUSED:
            return f"贵单位发来的{form}未接收。"
        case Status.SUPERSEDED:
            return f"贵单位发来的{form}（{file.file}）没有采用，仍按已接收的一份计。"
    rest = "没有错误的行已接收，不必重填"
    if file.waiting:
        rest += f"；{_named_rows(file.waiting)}待贵单位更正发回后计入"
    if any(point.kind == Code.RETURN_WAITS.rule.title for point in file.points):
        rest = "待贵单位更正发回后一并计入"
    asked = f"有{len(errors)}处须更正" if errors else f"有{len(others)}处需要核对后发回"
    return f"贵单位报送的{form}{asked}，{rest}。"


def _recorded(file: AnsweredFile) -> str:
    """Return what was recorded of a lead's words."""
    if file.said:
        return f"录入{file.said}，谢谢"
    return "没有新的意见"


def _to_look_at(points: Sequence[Point]) -> str:
    """Return what is asked of one whose return counts; nothing where nothing is."""
    if not points:
        return ""
    if any(point.kind in _OWED for point in points):
        return f"有{len(points)}处请贵单位核对、补报。"
    if any(point.severity is Severity.QUESTION for point in points):
        return f"有{len(points)}处请贵单位核对。"  # how to answer stands at the end of the letter
    return f"有{len(points)}处请贵单位核对，没有问题的不必回复。"


def _named_rows(names: Sequence[str]) -> str:
    """Return the first three rows in quotation marks, and how many there are."""
    listed = "、".join(quoted(name) for name in names[:3])
    if len(names) > 3:
        return f"{listed}等{len(names)}行"
    return f"{listed}这{len(names)}行"


def _listed(heading: str, points: Sequence[Point]) -> Iterator[str]:
    groups = finding_groups(points)
    if not groups:
        return
    more = len(groups) - POINTS
    if more > 0:
        heading = f"先{heading}"
    yield from ("", f"{heading}：")
    for number, group in enumerate(groups[:POINTS], 1):
        yield f"{number}. {group.sentence}"
    if more > 0:
        yield f"还有{more}类问题，改好以上各处后请一并核对。"


def _attachments(files: Sequence[AnsweredFile]) -> Iterator[str]:
    corrections = [file for file in files if file.attachment]
    if not corrections:
        return
    yield ""
    for file in corrections:
        yield f"附件：{file.attachment}"
    yield "第一张“修改清单”列出每一处，点单元格可直接跳转；改好后直接发回这份附件，不用重新填表。"


def _by_when(letter: UnitLetter) -> str:
    """Return by when to correct; what came in time may be read by its sender when the deadline has passed."""
    until = spoken_moment(letter.deadline)
    if all(file.is_scan_alone for file in letter.files):
        return f"报送截止时间是{until}，谢谢！"
    if max(file.received_at for file in letter.files) > letter.deadline:
        return f"报送截止时间（{until}）已过，请尽快更正后发回，谢谢！"
    return f"报送截止时间是{until}，请尽快更正后发回，谢谢！"


# --- a form that is still out


def _missing_lines(forms: Sequence[OutstandingForm], deadline: datetime) -> Iterator[str]:
    yield f"贵单位的{_named(forms)}尚未收到，报送截止时间是{spoken_moment(deadline)}。"
    files = "、".join(f"“{form.file}.xlsx”" for form in forms)
    yield (f"请填好{files}后发回；本期确无更新的，请在“填报说明”的“零报告”处选“是”后发回。谢谢！")


def _refused_lines(forms: Sequence[OutstandingForm]) -> Iterator[str]:
    yield f"贵单位此前发来的{_named(forms)}未接收，请按当时告知的办法改好后重新发回，谢谢！"


# --- what lead units look at


def _returned_lines(returned: ReturnedRows) -> Iterator[str]:
    yield (
        f"{returned.task_force}专班牵头单位{returned.lead}核对后，退回贵单位填报的以下{len(returned.rows)}行，"
        "没有计入；请在填报表中更正后重新报送："
    )
    for number, row in enumerate(returned.rows, 1):
        yield f"{number}. {row.sheet}{quoted(row.name)}：{row.why}"


def _to_check_line(rows: RowsToCheck, deadline: datetime) -> str:
    counting = "没有填意见的行照常计入" if rows.counts_first else "牵头单位同意后才计入"
    return (
        f"请贵单位核对{rows.task_force}专班各单位报来的内容：附件“{rows.file}”有{rows.rows}行，其中{rows.waiting}行待核对。"
        f"请在“牵头单位意见”选同意或退回，退回的写明理由，于{spoken_moment(deadline)}前发回（已过的请尽快）；{counting}。"
    )


def _named(forms: Sequence[OutstandingForm]) -> str:
    return "、".join(form.form for form in forms)


def spoken_moment(moment: datetime) -> str:
    """Return a moment as a letter says it: `2026年11月27日17:00`."""
    return f"{moment.year}年{moment.month}月{moment.day}日{moment:%H:%M}"
