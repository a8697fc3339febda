"""Notices: what a sender is told, ready to paste into a mail or a chat: what was received, what to do, by when.

First things first: what is alike is one point, and no notice has more points than a person takes in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.findings import Point, finding_groups
from tenproj_xl.model.history import Status

POINTS = 5
"""More things at once than this nobody takes in."""
_SAID_APART = tuple(code.rule.title for code in (Code.RETURN_WAITS, Code.LATE_PERIOD))
_MOVED = Code.OTHER_PERIOD.rule.title


@dataclass(frozen=True)
class AnsweredFile:
    """A file that came, as far as its sender is to be told of it.

    `points` are said of the file, or, where a workbook to be corrected is attached, of that one; `moved_from` is the
    period whose form was filled in instead of the one that is due.
    """

    file: str
    sender: str
    period: str
    status: Status
    points: Sequence[Point]
    attachment: str
    moved_from: str
    received_at: datetime
    deadline: datetime
    office: str


def notice(sent: AnsweredFile) -> str:
    """What the sender of a file is told of it."""
    return "\r\n".join((*_letter(sent), ""))


def _letter(sent: AnsweredFile) -> Iterator[str]:
    apart = (*_SAID_APART, _MOVED) if sent.moved_from else _SAID_APART
    said = [p for p in sent.points if p.kind not in apart]
    errors = [p for p in said if p.severity is Severity.ERROR]
    looks = [p for p in said if p.severity is not Severity.ERROR]
    yield f"{sent.sender or '填报单位'}："
    yield f"您好！{_what_became(sent, len(errors))}"
    yield from _listed("请更正" if sent.attachment else "原因和办法", errors)
    yield from _listed("另请核对" if errors else "请核对", looks)
    if sent.attachment:
        yield from ("", f"附件：{sent.attachment}")
        yield "第一张“修改清单”列出每一处，点单元格可直接跳转；改好后直接发回这份附件，不用重新填表。"
    if sent.attachment or errors:
        yield from ("", _by_when(sent))
    yield from ("", sent.office)


def _what_became(sent: AnsweredFile, errors: int) -> str:
    form = f"{sent.period}填报表" if sent.period else f"文件“{sent.file}”"
    if sent.moved_from:
        return f"您发来的是{sent.moved_from}的填报表，本次应报{sent.period}；填的内容已搬到附件，请逐项核对、补充。"
    match sent.status:
        case Status.ACCEPTED:
            return f"贵单位报送的{form}已收下，谢谢！"
        case Status.WITH_WARNINGS:
            return f"贵单位报送的{form}已收下，谢谢！有几处想请您看一眼，没有问题的不必回复。"
        case Status.REFUSED:
            return f"您发来的{form}没有收下。"
    whole = any(p.kind == Code.RETURN_WAITS.rule.title for p in sent.points)
    rest = "更正发回后一并收下" if whole else "没有错误的行已收下，不必重填"
    asked = f"有{errors}处须更正" if errors else "有几处需要核对后发回"
    return f"贵单位报送的{form}{asked}，{rest}。"


def _listed(heading: str, points: Sequence[Point]) -> Iterator[str]:
    found = finding_groups(points)
    if not found:
        return
    more = len(found) > POINTS
    yield from ("", f"{'先' if more else ''}{heading}：")
    yield from (f"{n}. {gist.sentence}" for n, gist in enumerate(found[:POINTS], 1))
    if more:
        yield f"还有{len(found) - POINTS}类问题，改好以上各处后请一并核对。"


def _by_when(sent: AnsweredFile) -> str:
    """By when to correct; what came in time may be read by its sender when the deadline has passed."""
    until = spoken_moment(sent.deadline)
    if sent.received_at > sent.deadline:
        return f"报送截止时间（{until}）已过，请尽快更正后发回，谢谢！"
    return f"报送截止时间是{until}，请尽快更正后发回，谢谢！"


def reminder(unit: str, period: str, form: str, deadline: datetime, office: str) -> str:
    """What a unit is told that has not returned its form."""
    lines = (
        f"{unit}：",
        f"您好！贵单位的{period}填报表尚未收到，报送截止时间是{spoken_moment(deadline)}。",
        f"请填好“{form}.xlsx”，作为附件发回；本期确无更新的，请在“填报说明”的“零报告”处选“是”后发回。谢谢！",
        "",
        office,
        "",
    )
    return "\r\n".join(lines)


def spoken_moment(moment: datetime) -> str:
    """A moment as a letter says it: `11月27日17:00`."""
    return f"{moment.month}月{moment.day}日{moment:%H:%M}"
