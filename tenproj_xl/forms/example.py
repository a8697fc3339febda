"""填报示例: a short form filled in as it should be, for clerks to look at; what it says is made up.

Reads: plan, settings and recipients of a period, nothing of what anybody reported. Gives: a `Form` of a few
rows of the recipient with most to show. Its inputs are closed, and its row tokens are the same in every
period, so that it is known again whatever is typed over it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tenproj_xl.core.answers import (
    Disclosure,
    InWords,
    IssueCategory,
    IssueSource,
    IssueStatus,
    MilestoneStatus,
    Nature,
    Opinion,
    TaskStatus,
    YesNo,
)
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.sheets import FILLED_BY, FORCE, ISSUES, TASKS, VERIFICATION
from tenproj_xl.core.states import State
from tenproj_xl.core.tokens import example_token
from tenproj_xl.forms.content import REGISTERED, build_form
from tenproj_xl.forms.form import Form, FormRow
from tenproj_xl.forms.row_facts import OWN
from tenproj_xl.model.evaluate_indicators import ASKS_VERIFIED, Mode, Yardstick
from tenproj_xl.model.evaluate_tasks import year_share
from tenproj_xl.model.history import history
from tenproj_xl.model.plan import Indicator, Plan
from tenproj_xl.model.plausibility import limits_of
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import Recipient, spoken_task_force

_ROWS = 3
"""As many indicators, tasks and rows for new issues as an example has."""
_PLACES = 2
_MOST_PER_CENT = 100.0
_SHORT_OF_PACE = (-0.15, -0.25, -0.4, -0.6, -0.8)
_AHEAD_OF_PACE = (0.03, 0.08, 0.15, 0.0, 0.3)
"""How far from its pace a figure is tried out, as a share of it."""
_BEHIND = (State.BEHIND, State.MISSED)
_ON_PACE = (State.ON_PACE, State.MET, State.PENDING)
_COVER: Mapping[str, Value] = {
    "filler": "张某某",
    "phone": "12345678",
    "reviewer": "李某某",
    "signer": "王某某",
    "nil_return": YesNo.NO,
    "highlights": "建立“周会商、月通报”机制，本期协调解决共性问题3个。",
}


def example_form(
    plan: Plan, settings: Settings, period: Period, recipients: Iterable[Recipient], secret: str
) -> Form:
    """Return the example for a period, made from the form of the recipient with most to show."""
    blank = [build_form(plan, settings, period, one, history(), secret) for one in recipients]
    shortened = [_shortened(form, plan) for form in blank]
    chosen = max(shortened, key=lambda form: (_shows(form), form.recipient.involved))
    return _filled_in(chosen, plan, secret)


def _shortened(form: Form, plan: Plan) -> Form:
    """Return a form with the few rows that an example shows."""
    indicators, tasks, issues = form.sheets
    blank = [row for row in issues.own if not row.code]
    return replace(
        form,
        sheets=(
            replace(indicators, rows=tuple(_indicators(indicators.own, plan))),
            replace(tasks, rows=tuple(_tasks(tasks.own, form))),
            replace(issues, rows=tuple(blank[:_ROWS])),
        ),
    )


def _shows(form: Form) -> int:
    """Return how much of what a clerk may have to fill in a form has to show."""
    measured = [row for row in form.part("indicators").rows if row.asked and _is_on_a_path(row)]
    dated = [row for row in form.part(TASKS.code).rows if _due(row)]
    return len(form.rows) + 2 * len(measured) + len(dated)


def _indicators(rows: Sequence[FormRow], plan: Plan) -> list[FormRow]:
    """Return a few of the indicators that are asked, those with a path first, and one that is not asked."""
    public = {
        indicator.code for indicator in plan.indicators if indicator.disclosure is not Disclosure.CLOSED
    }
    shown = [row for row in rows if row.code in public]
    asked = sorted((row for row in shown if row.asked), key=lambda row: not _is_on_a_path(row))[:_ROWS]
    chosen = [*asked, *[row for row in shown if row.block is Block.NOT_ASKED][:1]]
    return [row for row in shown if row in chosen]


def _tasks(rows: Sequence[FormRow], form: Form) -> list[FormRow]:
    """Return a few tasks, those with a date ahead first, those whose date is past last."""
    first = form.period.first

    def rank(row: FormRow) -> int:
        due = _due(row)
        if due is None:
            return 1
        return 0 if due >= first else 2

    chosen = sorted(rows, key=rank)[:_ROWS]
    return [row for row in rows if row in chosen]


def _day(form: Form) -> date:
    """Return the day on which everything was done: in the last week of the period."""
    return max(form.period.first, form.period.last - timedelta(days=6))


def _due(row: FormRow) -> date | None:
    due = row.printed.get("milestone_due") or row.printed.get("due_on")
    return due if isinstance(due, date) else None


def _stick(row: FormRow) -> Yardstick | None:
    """Return what the figure that a row asks for is measured by."""
    period = read_period(str(row.printed["data_period"] or ""))
    return next((s for s in row.yardsticks if period and s.period.code == period.code), None)


def _is_on_a_path(row: FormRow) -> bool:
    stick = _stick(row)
    return stick is not None and stick.mode is Mode.PACE


# --- what is filled in


def _filled_in(form: Form, plan: Plan, secret: str) -> Form:
    """Return a shortened form with every row filled in, under the tokens of the example."""
    indicators, tasks, issues = form.sheets
    answered = (
        replace(indicators, rows=tuple(_answered_indicators(indicators.rows, plan))),
        replace(tasks, rows=tuple(_answered_tasks(tasks.rows, form))),
        replace(issues, rows=tuple(_answered_issues(issues.rows, form))),
    )
    sheets = []
    for part in answered:
        rows = []
        for number, row in enumerate(part.rows):
            rows.append(replace(row, token=example_token(secret, part.sheet.code, number)))
        sheets.append(replace(part, rows=tuple(rows)))
    return replace(
        form,
        sheets=tuple(sheets),
        cover={**_COVER, "unit": f"（示例）{form.recipient.printed}", "signed_on": _day(form)},
        news=(),
        liaisons="",
        is_example=True,
    )


def _answered_indicators(rows: Iterable[FormRow], plan: Plan) -> Iterator[FormRow]:
    """Fill in the first figure that can be behind as behind, the others as on pace, one as verified."""
    by_code = {indicator.code: indicator for indicator in plan.indicators}
    has_behind = has_verified = False
    for row in rows:
        stick, indicator = _stick(row), by_code[row.code]
        if not row.asked or stick is None:
            yield row
            continue
        nature = Nature.REPORTED
        if str(row.printed["asked"]).endswith(ASKS_VERIFIED):
            nature = Nature.VERIFIED
        filled: dict[str, Value] = {"nature": nature}
        behind = None
        if not has_behind:
            behind = _figure(row, stick, indicator, plan, nature, _SHORT_OF_PACE, _BEHIND)
        if behind is not None:
            has_behind = True
            filled |= {"value": behind, "lag_reason": _LAG_REASON, "next_steps": _CATCHING_UP}
        else:
            filled["value"] = _on_pace(row, stick, indicator, plan, nature)
            if not has_verified:
                has_verified = True
                filled[VERIFICATION] = _VERIFIED
        yield replace(row, filled=filled)


_LAG_REASON = "2个项目的前期手续办理慢于计划，开工推迟一个月"
_CATCHING_UP = "专人跟办前期手续，月底前2个项目全部开工"
_VERIFIED = "属实，与部门月报一致，增幅较大是因为上月集中入库"


def _on_pace(row: FormRow, stick: Yardstick, indicator: Indicator, plan: Plan, nature: Nature) -> Value:
    """Return a figure on pace; what is reported in words is under way, where nothing is measured a goal."""
    if "value" in row.choices:
        return InWords.ACHIEVED if nature is Nature.VERIFIED else InWords.UNDERWAY
    figure = _figure(row, stick, indicator, plan, nature, _AHEAD_OF_PACE, _ON_PACE)
    if figure is not None:
        return figure
    goal = next((t.value for t in indicator.targets if t.value is not None), 1.0)
    return _rounded(goal, indicator, plan)


def _figure(
    row: FormRow,
    stick: Yardstick,
    indicator: Indicator,
    plan: Plan,
    nature: Nature,
    shares: Iterable[float],
    states: Sequence[State],
) -> float | None:
    """Return a figure in one of some states, tried out at shares from its pace; None where there is none."""
    expected = stick.expected
    if expected is None or "value" in row.choices:
        return None
    for share in shares:
        value = _rounded(expected + stick.sign * share * (abs(expected) or 1.0), indicator, plan)
        if stick.state(value, nature) in states:
            return value
    return None


def _rounded(value: float, indicator: Indicator, plan: Plan) -> float:
    places = limits_of(indicator, plan).places
    rounded = float(round(value, _PLACES if places is None else places))
    if indicator.unit == "%":
        return min(rounded, _MOST_PER_CENT)
    return rounded


def _answered_tasks(rows: Sequence[FormRow], form: Form) -> Iterator[FormRow]:
    """Fill in one task as done, one as behind and one as under way; the one that is due first is done."""
    by_date = sorted(rows, key=lambda row: _due(row) or date.max)
    for row in rows:
        match by_date.index(row):
            case 0:
                yield replace(row, filled=_done(row, form))
            case 1:
                yield replace(row, filled=_behind(row, form))
            case _:
                yield replace(row, filled=_under_way(row, form))


def _done(row: FormRow, form: Form) -> dict[str, Value]:
    filled: dict[str, Value] = {
        "status": TaskStatus.DONE,
        "completed_on": _day(form),
        "progress": "全部内容已完成，通过验收",
        "next_steps": None,
        "person": "赵某某",
    }
    if row.printed.get("milestone"):
        filled["milestone_done"] = MilestoneStatus.DONE
    return filled | _invested(row, 1.0)


def _behind(row: FormRow, form: Form) -> dict[str, Value]:
    filled: dict[str, Value] = {
        "status": TaskStatus.BEHIND,
        "progress": "已完成4个项目中的2个",
        "problems": "2个项目的审批未办结，影响开工",
        "next_steps": "专人跟办，月底前办结审批，下月初开工",
        "person": "钱某某",
    }
    if row.printed.get("milestone"):
        filled["milestone_done"] = MilestoneStatus.NOT_DONE
    return filled | _invested(row, 0.8 * year_share(form.period.last, form.period.year))


def _under_way(row: FormRow, form: Form) -> dict[str, Value]:
    filled: dict[str, Value] = {
        "status": TaskStatus.ON_COURSE,
        "progress": "第一批12个项目已入库，第二批开始申报",
        "next_steps": "下月完成第二批申报",
        "person": "孙某某",
    }
    due = row.printed.get("milestone_due")
    if isinstance(due, date) and due <= form.period.last:
        filled |= {"milestone_done": MilestoneStatus.DONE, "completed_on": _day(form)}
    return filled | _invested(row, year_share(form.period.last, form.period.year))


def _invested(row: FormRow, share: float) -> dict[str, Value]:
    """Return how much of the investment planned for the year was made, and what is seen of it."""
    planned = row.printed.get("invest_plan")
    if not isinstance(planned, float):
        return {}
    return {"invest_done": round(planned * share, _PLACES), "site_progress": "内装施工"}


def _answered_issues(rows: Sequence[FormRow], form: Form) -> Iterator[FormRow]:
    """Fill in a registered issue that applies for sign-off and a new one, and leave a row for another."""
    force, first = form.recipient.task_forces[0], _day(form)
    spoken = spoken_task_force(force)
    unit = form.recipient.printed
    registered: dict[str, Value] = {
        "code": f"W{force.code}-{form.period.year}-001",
        "description": "项目用地红线内1条管线未迁改，影响基坑开挖",
        "category": IssueCategory.OTHER,
        "source": IssueSource.MEETING,
        "raised_on": first - timedelta(days=42),
        "unit": unit,
        "person": "周某某",
        "measures": "与管线单位签订迁改协议，分段迁改",
        "due_on": first + timedelta(days=14),
    }
    applied: dict[str, Value] = {
        "status": IssueStatus.APPLIED,
        "progress": "管线已迁改到位，基坑已开挖",
        "evidence": "管线迁改验收单1份",
        "applied_on": first,
        "lead_opinion": Opinion.AGREED,
    }
    raised: dict[str, Value] = {
        "description": "施工许可证未办结，影响二期开工",
        "category": IssueCategory.APPROVAL,
        "source": IssueSource.SELF_CHECK,
        "raised_on": first,
        "request": "请协调压缩审图时间",
        "suggested_level": _level(form, 1),
        "unit": unit,
        "person": "吴某某",
        "measures": "一周内补齐审图材料，专人跟办",
        "due_on": form.period.last + timedelta(days=30),
        "status": IssueStatus.OPEN,
        "progress": "审图意见已回复，待复审",
    }
    place: dict[str, Value] = {}
    if form.recipient.by_unit:
        place = {FORCE: spoken, FILLED_BY: OWN}
        raised[FORCE] = spoken
    locked = REGISTERED | place.keys()
    for number, row in enumerate(rows):
        match number:
            case 0:
                yield replace(
                    row,
                    code=str(registered["code"]),
                    printed=registered | place,
                    choices={},
                    filled=applied,
                    locked=locked,
                    task_force=force.code,
                )
            case 1:
                yield replace(row, filled=raised)
            case _:
                yield row


def _level(form: Form, number: int) -> LabelledCode | None:
    """Return a level that may be asked to decide, in the words of the plan; counted from 0, the lowest."""
    levels = form.part(ISSUES.code).sheet.column("suggested_level").choices
    chosen = levels[min(number, len(levels) - 1)] if levels else None
    return chosen if isinstance(chosen, LabelledCode) else None
