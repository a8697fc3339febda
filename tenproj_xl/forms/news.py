"""Sentences on the cover of a form: what left it, what stands in it once more, what is to be confirmed."""

from collections.abc import Iterator
from datetime import date, timedelta

from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import Column
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.issues import issue_histories
from tenproj_xl.model.near_rows import indicators_near, tasks_near
from tenproj_xl.model.plan import Indicator, Plan, Task
from tenproj_xl.model.rulings import is_in_force
from tenproj_xl.model.units import Recipient, issue_unit, reporter

_MOST = 40
"""How much of a name or a description stands in a sentence."""
_WITH_VALUE = ("data_period", "nature")
"""What is not told by itself, but with the figure that it belongs to."""


def news_of(plan: Plan, known: History, period: Period, recipient: Recipient) -> Iterator[str]:
    """Give the sentences for a recipient's form of a period; `known` is what earlier periods brought."""
    yield from _signed_off_lately(plan, known, period, recipient)
    yield from _decided_lately(plan, known, period, recipient)
    yield from _just_finished(plan, known, recipient)
    yield from _unconfirmed(plan, known, recipient)


def _signed_off_lately(plan: Plan, known: History, period: Period, recipient: Recipient) -> Iterator[str]:
    """Give a sentence for each issue signed off in this period or the one before: it has no row any more."""
    since = _since(period)
    for force in recipient.task_forces:
        for issue in issue_histories(known, force.code):
            unit = issue_unit(issue.row.values, force, plan)
            if not recipient.has(issue.code, issue.row.task_force, unit):
                continue
            if issue.signed_off and issue.signed_off.on >= since:
                description = str(issue.reported("description") or "")
                how = "已销号" if issue.signed_off.verdict == Verdict.SIGN_OFF else "不再挂账"
                yield f"问题{issue.code}“{description[:_MOST]}”{how}：{issue.signed_off.spoken}。"


def _since(period: Period) -> date:
    """Return the first day of the period before, if that was as long."""
    return period.first - (period.last - period.first) - timedelta(days=1)


def _decided_lately(plan: Plan, known: History, period: Period, recipient: Recipient) -> Iterator[str]:
    """Give a sentence for each indicator or task that left 督办清单 by a decision, or is back by one."""
    rows: tuple[Indicator | Task, ...] = (*indicators_near(recipient, plan), *tasks_near(recipient, plan))
    for row in rows:
        if not recipient.has(row.code, row.task_force, reporter(row, plan)):
            continue
        for decision in known.decisions_on(row.code):
            if decision.kind is None or decision.on < _since(period) or not is_in_force(decision, known):
                continue
            kind = decision.kind.label.removeprefix("主要").removeprefix("重点")
            yield f"{kind}{row.code}“{row.name[:_MOST]}”的督办：{decision.spoken}。"


def _just_finished(plan: Plan, known: History, recipient: Recipient) -> Iterator[str]:
    """Give a sentence for each task that was reported as done in the period before."""
    for task in tasks_near(recipient, plan):
        if recipient.has(task.code, task.task_force, reporter(task, plan)) and known.has_just_finished(task):
            yield (
                f"任务{task.code}“{task.name[:_MOST]}”上期已报完成，仅在本期再列一次，不必填写；"
                f"如属误报，请在“当前状态”改选实际状态，并在“本期进展”写明情况。"
            )


def _unconfirmed(plan: Plan, known: History, recipient: Recipient) -> Iterator[str]:
    """Give a sentence for each thing that the office recorded in place of a unit, until the unit answers."""
    for row in known.amendments:
        if row.unconfirmed and recipient.has(row.code, row.task_force, row.owner):
            yield (
                f"{row.code}“{str(row.values.get('name') or '')[:_MOST]}”{_in_words(row, plan)}，"
                f"系由{row.office}代录（依据：{row.basis}），请核对：无误的在该行“核实说明”写“属实”，有误的请更正。"
            )


def _in_words(row: Reported, plan: Plan) -> str:
    """Return what was recorded: `最新数值（2026年10月）75，部门统计`."""
    period = read_period(str(row.values.get("data_period") or ""))
    told = []
    for name in sorted(row.unconfirmed - set(_WITH_VALUE)):
        about = _column(row, name, plan).header
        if period:
            about += f"（{period.dated_label}）"
        told.append(f"{about}{text_of(label_of(row.values.get(name)))}")
    if period:
        told.append(text_of(label_of(row.values.get("nature"))))
    return "，".join(told)


def _column(row: Reported, name: str, plan: Plan) -> Column:
    sheets = form_sheets((), words=plan.programme.words)
    return next(sheet for sheet in sheets if sheet.code == row.sheet).column(name)
