"""Objections that wait for the office's decision; apart, for commands that only look write no workbook."""

from collections.abc import Iterator

from tenproj_xl.core.periods import Period
from tenproj_xl.model.objections import Objection, ScoreReview
from tenproj_xl.model.plan import Plan

_LISTED = 3
"""As many objections as are named in one sentence."""


def open_objections(review: ScoreReview, period: Period, plan: Plan) -> Iterator[str]:
    """Yield a sentence for the operator where objections wait for the office's decision."""
    waiting = review.open_ones
    if waiting:
        listed = "；".join(spoken(one, plan) for one in waiting[:_LISTED])
        more = "等" if len(waiting) > _LISTED else ""
        yield (
            f"{period.dated_label}的得分有{len(waiting)}条异议待决定：{listed}{more}。"
            "请运行 tenproj objections。"
        )


def spoken(one: Objection, plan: Plan) -> str:
    """Return an objection in words: `03区科技局“高新技术企业数”（已用OA报送）`."""
    return f"{one.task_force}{plan.printed(one.unit)}“{one.name}”（{one.reason}）"
