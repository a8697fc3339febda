"""Duties: the kinds of things that a unit owes."""

from tenproj_xl.core.codes import LabelledCode


class Duty(LabelledCode):
    """What a unit owes; the order is that of the league table's parts."""

    INDICATOR = "indicator", "主要指标"
    TASK = "task", "重点任务"
    ISSUE = "issue", "问题"
    RETURN = "return", "报送"
