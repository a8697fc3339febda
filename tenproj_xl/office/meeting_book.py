"""The workbook of what meetings agree on (议定事项): blank rows for new items, and how earlier ones stand.

Reads: plan, settings, history. Gives: a `SignoffBook` of its own sheets. Each item becomes an issue that the
office registered, with the meeting as its source; it is answered, signed off and reopened as every issue.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import ISSUES, KEY, KEY2
from tenproj_xl.core.tokens import token
from tenproj_xl.model.history import History
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.issues import issue_histories
from tenproj_xl.model.meetings import MeetingItem, meeting_items
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import spoken_task_force
from tenproj_xl.office.signoff import SignoffBook, SignoffRow, stamp_of

NAME = "议定事项"


def _shown(field: str, header: str, width: float, kind: Kind = Kind.LONG_TEXT) -> Column:
    return Column(field, header, Fill.CARRIED, kind, width=width)


def _asked(field: str, header: str, width: float, kind: Kind = Kind.TEXT, advice: str = "") -> Column:
    return Column(field, header, Fill.DEPARTMENT, kind, width=width, advice=advice)


_KEY = Column(KEY, "行标识", Fill.MACHINE, Kind.TOKEN, width=4)
_KEY2 = Column(KEY2, "行标识（二）", Fill.MACHINE, Kind.TOKEN, width=4)

RESOLUTIONS = Sheet(
    "resolutions",
    NAME,
    (
        _KEY,
        _asked("by", "会议名称", 20, advice="填写会议名称，如 第12次联络员例会"),
        _asked("decided_on", "会议日期", 12, Kind.DATE),
        _asked("description", NAME, 44, Kind.LONG_TEXT, "填写要办的事，如 协调落实地块用地指标，500字以内"),
        _KEY2,
        _asked("task_force", "专班", 27, Kind.CHOICE),
        replace(ISSUES.column("unit"), fill=Fill.DEPARTMENT, width=16),
        _asked("due_on", "完成时限", 12, Kind.DATE),
        _asked("opinion", "备注", 24, Kind.LONG_TEXT),
    ),
    spare_rows=24,
    registers=("by", "decided_on", "description", "task_force", "unit", "due_on"),
)
STANDING = Sheet(
    "standing",
    "落实情况",
    (
        _KEY,
        _shown("code", "问题编号", 14, Kind.TEXT),
        _shown("meeting", "会议", 20),
        _shown("held_on", "会议日期", 12, Kind.DATE),
        _shown("description", NAME, 40),
        _KEY2,
        _shown("task_force", "专班", 18),
        _shown("unit", "责任单位", 14),
        _shown("deadline", "完成时限", 12, Kind.DATE),
        _shown("state", "落实情况", 10, Kind.TEXT),
        _shown("progress", "单位最近一次反馈", 40),
    ),
)
MEETING_SHEETS = (RESOLUTIONS, STANDING)


def is_meeting_book(issued: Mapping[str, Sequence[Issued]]) -> bool:
    """Return whether all the tokens of a book were printed in workbooks of what meetings agree on."""
    ours = {sheet.code for sheet in MEETING_SHEETS}
    return bool(issued) and all(printings[-1].sheet in ours for printings in issued.values())


def meeting_sheets(plan: Plan) -> tuple[Sheet, Sheet]:
    """Return the sheets for a plan: items are for its task forces."""
    forces = tuple(map(spoken_task_force, plan.task_forces))
    columns = []
    for column in RESOLUTIONS.columns:
        if column.field == "task_force":
            column = replace(column, choices=forces)  # noqa: PLW2901  # one of them is another
        columns.append(column)
    return replace(RESOLUTIONS, columns=tuple(columns)), STANDING


def build_meeting_book(
    plan: Plan, settings: Settings, period: Period, known: History, secret: str, sequence: int
) -> SignoffBook:
    """Return blank rows for new items, with what became of those of earlier meetings.

    Args:
        plan: The plan.
        settings: The settings.
        period: The period on whose last day the items are judged.
        known: All that was accepted and decided.
        secret: The ledger's secret, from which tokens are made.
        sequence: The ledger's sequence number.
    """
    resolutions, standing = meeting_sheets(plan)

    def key(*parts: str) -> str:
        return token(secret, plan.programme.code, "meeting", *parts)

    blank = []
    for number in range(1, resolutions.spare_rows + 1):
        blank.append(SignoffRow(key("新增", str(sequence), str(number)), "", {}))
    rows = []
    for item in meeting_items(issue_histories(known)):
        rows.append(_row(item, plan, settings, period.last, key))
    sheets = ((resolutions, tuple(blank)), (standing, tuple(rows)))
    return SignoffBook(plan.programme, period, sheets, sequence, NAME)


def _row(item: MeetingItem, plan: Plan, settings: Settings, day: date, key: Callable[..., str]) -> SignoffRow:
    issue = item.issue
    names = {force.code: spoken_task_force(force) for force in plan.task_forces}
    task_force = issue.row.task_force
    printed: dict[str, Value] = {
        "code": issue.code,
        "meeting": item.meeting,
        "held_on": item.held_on,
        "description": issue.reported("description"),
        "task_force": names.get(task_force, f"{task_force} 现行方案中没有的专班"),
        "unit": issue.reported("unit"),
        "deadline": issue.due,
        "state": issue.state(day, settings).label,
        "progress": item.last_words or "尚无反馈",
    }
    stamp = stamp_of(issue)
    return SignoffRow(key(issue.code, stamp), issue.code, printed, stamp)
