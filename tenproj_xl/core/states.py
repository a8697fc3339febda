"""The states of an indicator's figure, a task and an issue, and the light of each.

A state is stored and compared by its code; forms, papers and messages show its label.
"""

from collections.abc import Mapping

from tenproj_xl.core.codes import LabelledCode


class State(LabelledCode):
    """The state of an indicator's figure."""

    ON_PACE = "on_pace", "达序时"
    SLOW = "slow", "略滞后", "略慢"
    BEHIND = "behind", "滞后"
    MET = "met", "达标"
    MISSED = "missed", "未达标"
    PENDING = "pending", "待核定"
    REFERENCE = "reference", "暂不评价", "参考"
    UNDECIDED = "undecided", "本年目标未下达"
    """A target of the kind that is set year by year, and that of the year is not decided yet."""
    NOT_YET = "not_yet", "未到发布期"
    PAST = "past", "目标期已过"
    """The dates of all its targets have passed, and its figure is none of the period's."""
    MISSING = "missing", "未报"
    NOT_INVOLVED = "not_involved", "不涉及"


class TaskState(LabelledCode):
    """The state of a task."""

    DONE = "done", "已完成"
    ON_TIME = "on_time", "序时推进"
    DUE_SOON = "due_soon", "临近时限", "临期"
    BEHIND = "behind", "滞后"
    OVERDUE = "overdue", "逾期"
    MISSING = "missing", "未报"
    NOT_INVOLVED = "not_involved", "不涉及"


class IssueState(LabelledCode):
    """The state of an issue."""

    OPEN = "open", "整改中"
    DUE_SOON = "due_soon", "临近时限", "临期"
    OVERDUE = "overdue", "逾期"
    WAITING = "waiting", "待上级协调"
    APPLIED = "applied", "申请销号"
    REOPENED = "reopened", "重新挂账"
    SIGNED_OFF = "signed_off", "已销号"


class Light(LabelledCode):
    """The colour shown beside a state."""

    GREEN = "green", "绿"
    YELLOW = "yellow", "黄"
    RED = "red", "红"
    NONE = "none", "—"


LIGHTS: Mapping[LabelledCode, Light] = {
    State.ON_PACE: Light.GREEN,
    State.MET: Light.GREEN,
    TaskState.DONE: Light.GREEN,
    TaskState.ON_TIME: Light.GREEN,
    State.SLOW: Light.YELLOW,
    TaskState.DUE_SOON: Light.YELLOW,
    State.BEHIND: Light.RED,
    State.MISSED: Light.RED,
    TaskState.OVERDUE: Light.RED,
}
"""Lights by state; a state that is missing here has none."""
