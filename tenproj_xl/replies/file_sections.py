"""What a letter says of one file that came: the occasion, and what its fields hold."""

from collections.abc import Sequence

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.findings import Point, finding_groups, quoted
from tenproj_xl.core.texts import on_one_line
from tenproj_xl.model.letter_passages import Occasion
from tenproj_xl.model.statuses import Status
from tenproj_xl.replies.letter_content import AnsweredFile, WaitingFile
from tenproj_xl.replies.without_figures import told_without_figures
from tenproj_xl.replies.wording import counted_rows, numbered

POINTS = 5
"""The most points of one kind that a letter lists for a file."""
_TOLD_IN_THE_SENTENCE = (Code.RETURN_WAITS.rule.title, Code.LATE_PERIOD.rule.title)
_OWED = tuple(code.rule.title for code in (Code.FIGURE_MISSING, Code.TASK_SILENT, Code.PERIOD_STALE))
"""What points are called that ask for something that is still owed."""
_MOVED = Code.OTHER_PERIOD.rule.title
_BOOKS = {
    Status.LEAD_CHECK: "专班核对稿",
    Status.SCORE_CHECK: "得分核对稿",
    Status.SLIP_REPLY: "督办单反馈",
}


_BY_STATUS = {
    Status.ACCEPTED: Occasion.ACCEPTED,
    Status.REFUSED: Occasion.REFUSED,
    Status.SUPERSEDED: Occasion.NOT_USED,
}


def occasion_of(file: AnsweredFile) -> Occasion:
    """Return which passage tells what became of a file."""
    if file.is_scan_alone:
        return Occasion.SCAN_ALONE
    if file.status.is_word:
        return Occasion.WORDS_RECORDED if file.said else Occasion.NO_NEW_WORDS
    if file.moved_from:
        return Occasion.OTHER_PERIOD
    if file.status is Status.WITH_WARNINGS:
        return _to_look_at(_others(file))
    return _BY_STATUS.get(file.status) or _to_correct(file)


def _to_correct(file: AnsweredFile) -> Occasion:
    if any(point.kind == Code.RETURN_WAITS.rule.title for point in file.points):
        return Occasion.TO_CORRECT_WHOLE
    if _errors(file):
        return Occasion.TO_CORRECT
    return Occasion.TO_CONFIRM


def _to_look_at(points: Sequence[Point]) -> Occasion:
    """Return how one whose return counts is asked to look at it; how to answer stands at the letter's end."""
    if not points:
        return Occasion.ACCEPTED
    if any(point.kind in _OWED for point in points):
        return Occasion.ACCEPTED_OWING
    if any(point.severity is Severity.QUESTION for point in points):
        return Occasion.ACCEPTED_QUESTIONS
    return Occasion.ACCEPTED_TO_LOOK_AT


def file_values(file: AnsweredFile, *, has_figures: bool) -> dict[str, str]:
    """Return what the fields of a passage about a file hold."""
    errors, others = _errors(file), _others(file)
    return {
        "填报表": file.form or f"文件“{file.file}”",
        "文件": file.file,
        "原期": file.moved_from,
        "稿名": _BOOKS.get(file.status, ""),
        "处数": str(len(errors) or len(others)),
        "录入情况": _recorded(file),
        "待计入的行": _waiting(file, has_figures=has_figures),
        "更正清单": _listed(errors, has_figures=has_figures),
        "核对清单": _listed(others, has_figures=has_figures),
    }


def waiting_values(waiting: WaitingFile, *, has_figures: bool) -> dict[str, str]:
    """Return what the fields of the passage about an earlier file hold, of which rows still wait."""
    rows = _named_rows(waiting.rows, has_figures=has_figures)
    if waiting.rows and not has_figures:
        rows = f"有{len(waiting.rows)}行"
    told = [rows] if rows else []
    if waiting.sheets:
        told.append(f"{'、'.join(map(quoted, waiting.sheets))}中退回的内容")
    return {"填报表": waiting.form, "文件": waiting.file, "待计入的行": "、".join(told)}


def _recorded(file: AnsweredFile) -> str:
    if file.is_nil and file.counts_besides:
        return "零报告，本期此前报来的内容照常计入"
    if file.is_nil:
        return "零报告（本期无更新）"
    counting, to_check = counted_rows(file.rows), counted_rows(file.rows_to_check)
    if file.said or not to_check:
        return file.said or counting
    if not counting:
        return f"{to_check}，待牵头单位核对后计入"
    return f"{counting}，另有{to_check}待牵头单位核对后计入"


def _errors(file: AnsweredFile) -> list[Point]:
    return [point for point in _told(file) if point.severity is Severity.ERROR]


def _others(file: AnsweredFile) -> list[Point]:
    return [point for point in _told(file) if point.severity is not Severity.ERROR]


def _told(file: AnsweredFile) -> list[Point]:
    """Return the points of a file, but for those that its passage tells."""
    left_out: tuple[str, ...] = _TOLD_IN_THE_SENTENCE
    if file.moved_from:
        left_out = (*left_out, _MOVED)
    return [point for point in file.points if point.kind not in left_out]


def _waiting(file: AnsweredFile, *, has_figures: bool) -> str:
    """Return what counts only when it is corrected: whole rows, and changes in rows that count already."""
    rows = _named_rows(file.waiting, has_figures=has_figures)
    changed = _named_rows(file.waiting_changes, has_figures=has_figures)
    return "、".join(filter(None, (rows, f"{changed}的改动" if changed else "")))


def _named_rows(names: Sequence[str], *, has_figures: bool) -> str:
    """Return the first three rows in quotation marks, and how many there are; "" where there are none."""
    if not names:
        return ""
    if not has_figures:
        return f"其余{len(names)}行"
    listed = "、".join(quoted(name) for name in names[:3])
    if len(names) > 3:
        return f"{listed}等{len(names)}行"
    return f"{listed}这{len(names)}行"


def _listed(points: Sequence[Point], *, has_figures: bool) -> str:
    """Return the points in groups, no more than a person takes in; "" where there are none."""
    groups = finding_groups(points)
    lines = []
    for group in groups[:POINTS]:
        lines.append(on_one_line(group.sentence if has_figures else told_without_figures(group)))
    text = numbered(lines)
    more = len(groups) - POINTS
    if more > 0:
        text += f"\n还有{more}类问题，改好以上各处后请一并核对。"
    return text
