"""What people choose in a cell instead of typing it: the choices of columns, as codes with labels.

A choice is stored and compared by its code; drop-downs, forms and papers show its label. Labels that forms of
0.2.1 offered stand behind the present one and are still read.
"""

from typing import Self

from tenproj_xl.core.codes import LabelledCode


class YesNo(LabelledCode):
    """An answer to a question; a tick says yes, too."""

    YES = "yes", "是", "√", "✓", "✔", "☑"
    NO = "no", "否"

    @classmethod
    def of_fact(cls, fact: bool) -> Self:  # noqa: FBT001  # the one thing that is asked
        """Return the answer to whether something is so."""
        if fact:
            return cls.YES
        return cls.NO


class Disclosure(LabelledCode):
    """Whether all may read the figures of an indicator (公开)."""

    OPEN = "yes", "是"
    CLOSED = "no", "否"
    AFTER_RELEASE = "after_release", "公布后"
    """Once 数据发布日历 says that their data period is published."""


class Nature(LabelledCode):
    """The nature of a figure (数据性质), the most reliable first, with what else people write for it."""

    VERIFIED = "verified", "统计核定", "核定", "核定数", "统计核定数", "统计局核定", "统计局核定数"
    FLASH = "flash", "统计快报", "快报", "快报数", "统计快报数"
    REPORTED = "reported", "部门统计", "部门统计数"
    EXPECTED = "expected", "预计", "预计数"


class InWords(LabelledCode):
    """The figure of an indicator that is measured in words."""

    ACHIEVED = "achieved", "已实现"
    UNDERWAY = "underway", "推进中"
    FAILED = "failed", "未实现"


class MilestoneStatus(LabelledCode):
    """What a department says of the milestone of a task (节点完成情况)."""

    DONE = "done", "已完成"
    NOT_DONE = "not_done", "未完成"


class TaskStatus(LabelledCode):
    """What a department says of a task (当前状态); its state is judged."""

    NOT_STARTED = "not_started", "未启动"
    ON_COURSE = "on_course", "序时推进"
    BEHIND = "behind", "滞后"
    DONE = "done", "已完成"
    LONG_TERM = "long_term", "长期推进"
    ADJUST = "adjust", "申请调整"


class IssueStatus(LabelledCode):
    """What a department says of an issue (当前状态); its state is judged."""

    OPEN = "open", "整改中"
    APPLIED = "applied", "申请销号"


class IssueCategory(LabelledCode):
    """What an issue is about (问题类别)."""

    LAND = "land", "用地"
    ENERGY = "energy", "用能"
    FUNDS = "funds", "资金"
    APPROVAL = "approval", "审批"
    RESETTLEMENT = "resettlement", "征迁"
    OTHER = "other", "其他"


class IssueSource(LabelledCode):
    """Who found an issue (问题来源)."""

    SELF_CHECK = "self_check", "自查"
    INSPECTION = "inspection", "督查核查"
    MEETING = "meeting", "会议交办"
    LEADER = "leader", "领导批示"


class DecisionLevel(LabelledCode):
    """Who may be asked to decide (建议层级, 核定层级), the lowest first."""

    TASK_FORCE = "task_force", "专班内部"
    OFFICE = "office", "总专班办公室"
    HEAD = "head", "总专班"
    EXECUTIVE_MEETING = "executive_meeting", "区政府常务会议", "区政府常务会", "常务会议", "常务会"
    DISTRICT_COMMITTEE = "district_committee", "区委"
    SUPERIOR = "superior", "提请省、市协调", "提请省市"


class Opinion(LabelledCode):
    """What the lead unit says of an application to sign an issue off (牵头单位初审); a tick agrees."""

    AGREED = "agreed", "同意", "√", "✓", "✔", "☑"
    AGAINST = "against", "不同意"


class Due(LabelledCode):
    """Whether a figure is due (本期应报); what is due stands behind the label."""

    ASKED = "asked", "应报"
    NOT_YET = "not_yet", "未到发布期"
    PAST = "past", "目标期已过"
    UNDECIDED = "undecided", "本年目标未下达"
