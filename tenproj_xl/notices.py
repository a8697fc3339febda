"""Notices: what a sender is told, ready to paste into a mail or a chat: what was received, what to do, by when.

First things first: findings that are alike are one point, and no notice has more points than a person takes in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tenproj_xl.findings import Code, Finding, Severity
from tenproj_xl.history import Status

POINTS = 5
"""More things at once than this nobody takes in."""
_CELLS = 3
_SAID_APART = (Code.RETURN_WAITS, Code.LATE_PERIOD)


def located(f: Finding) -> str:
    """A finding with its sheet and cell before it: `“主要指标进度表”N8：第8行…`."""
    if not f.sheet:
        return f.message
    return f"“{f.sheet}”{f.cell}：{f.message}"


def points(findings: Sequence[Finding]) -> list[str]:
    """What there is to do, a sentence for all findings that are alike: errors first, whole files and sheets before cells."""
    alike: dict[tuple[Severity, Code, str], list[Finding]] = {}
    for f in findings:
        if f.is_open:
            alike.setdefault((f.severity, f.code, f.sheet), []).append(f)
    return [_point(some) for some in sorted(alike.values(), key=_urgency)]


def _urgency(alike: Sequence[Finding]) -> tuple[int, bool, bool, int]:
    first = alike[0]
    return list(Severity).index(first.severity), bool(first.sheet), bool(first.cell), -len(alike)


def _point(alike: Sequence[Finding]) -> str:
    first = alike[0]
    if len(alike) == 1:
        return located(first)
    cells = "、".join(f.cell for f in alike[:_CELLS] if f.cell) + ("等" if len(alike) > _CELLS else "")
    where = f"“{first.sheet}”{cells}" if first.sheet else ""
    return f"{where}共{len(alike)}处{first.code.rule.title}，如{first.message}"


@dataclass(frozen=True)
class Sent:
    """A file that came, as far as its sender is to be told of it."""

    file: str
    sender: str
    period: str
    status: Status
    findings: Sequence[Finding]
    attachment: str
    received_at: datetime
    deadline: datetime
    office: str


def notice(sent: Sent) -> str:
    """What the sender of a file is told of it."""
    return "\r\n".join((*_letter(sent), ""))


def _letter(sent: Sent) -> Iterator[str]:
    errors = [f for f in sent.findings if f.is_error]
    looks = [f for f in sent.findings if f.is_open and not f.is_error and f.code not in _SAID_APART]
    yield f"{sent.sender or '填报单位'}："
    yield f"您好！{_what_became(sent, errors)}"
    yield from _listed("请更正" if sent.status.is_return else "原因和办法", errors)
    yield from _listed("另请核对" if errors else "请核对", looks)
    if sent.attachment:
        yield from ("", f"附件：{sent.attachment}")
        yield "第一张“修改清单”列出每一处，点单元格可直接跳转；改好后直接发回这份附件，不用重新填表。"
    if errors:
        yield from ("", _by_when(sent))
    yield from ("", sent.office)


def _what_became(sent: Sent, errors: Sequence[Finding]) -> str:
    form = f"{sent.period}填报表" if sent.period else f"文件“{sent.file}”"
    match sent.status:
        case Status.ACCEPTED:
            return f"贵单位报送的{form}已收下，谢谢！"
        case Status.WITH_WARNINGS:
            return f"贵单位报送的{form}已收下，谢谢！有几处想请您看一眼，没有问题的不必回复。"
        case Status.REFUSED:
            return f"您发来的{form}没有收下。"
    whole = any(f.code is Code.RETURN_WAITS for f in sent.findings)
    rest = "更正发回后一并收下" if whole else "没有错误的行已收下，不必重填"
    return f"贵单位报送的{form}有{len(errors)}处须更正，{rest}。"


def _listed(heading: str, findings: Sequence[Finding]) -> Iterator[str]:
    said = points(findings)
    if not said:
        return
    more = len(said) > POINTS
    yield from ("", f"{'先' if more else ''}{heading}：")
    yield from (f"{n}. {point}" for n, point in enumerate(said[:POINTS], 1))
    if more:
        yield f"还有{len(said) - POINTS}类问题，改好以上各处后请一并核对。"


def _by_when(sent: Sent) -> str:
    if sent.received_at > sent.deadline:
        return f"报送截止时间（{spoken_moment(sent.deadline)}）已过，请尽快更正后发回，谢谢！"
    return f"请于{spoken_moment(sent.deadline)}前更正后发回，谢谢！"


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
