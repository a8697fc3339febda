"""Paragraphs of page one: 变化, what turned since the last roll-up, and 请定, what is to be decided."""

import re
from collections.abc import Mapping, Sequence

from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.numbers import unit_in_sentences
from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.data_releases import UNRELEASED
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.reviews import NamedReview
from tenproj_xl.rollup.facts.asks import AskLine
from tenproj_xl.rollup.facts.change_items import Change, ChangeLine
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.issues import NoLevel
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.outlook import Expectation, ForecastLine, forecast_lines
from tenproj_xl.rollup.facts.returns import OWING, Timeliness
from tenproj_xl.rollup.facts.turned import BETTER, TurnedLine, items_by_code, turned_worse

_NAMED, _LONGEST = 3, 30
_CLAUSE_ENDS = re.compile("[，。；,;\n]")
_COUNTERS: Mapping[Duty, str] = {Duty.INDICATOR: "项", Duty.TASK: "项", Duty.ISSUE: "件"}
_TURNS: Mapping[Duty, str] = {
    Duty.INDICATOR: "指标转差",
    Duty.TASK: "任务转差",
    Duty.ISSUE: "问题转逾期或重新挂账",
}
_OTHERS: Sequence[tuple[Change, str]] = (
    (Change.REVISED, "数据修订{}项"),
    (Change.ADJUSTED, "目标、时限或层级调整{}项"),
    (Change.PLAN, "计划调整{}处"),
)


def changes_in_words(facts: Facts) -> str:
    """Return what turned since the last roll-up of an earlier period, worse before better, with names."""
    if facts.data.before is None:
        return "首次汇总，没有可以比较的上一期。"
    changes = change_lines(facts)
    items = items_by_code(facts)
    parts = [_worse(items, changes, kind) for kind in _TURNS]
    parts += _others(changes)
    return f"与{facts.data.before.period.named_in(facts.data.year)}相比，{'；'.join(filter(None, parts))}。"


def other_changes_in_words(facts: Facts) -> str:
    """Return what changed besides what turned for the worse: `转好3项、办结1项`; "" for nothing."""
    if facts.data.before is None:
        return ""
    return "；".join(filter(None, _others(change_lines(facts))))


def _others(changes: Sequence[ChangeLine]) -> list[str]:
    parts = [_better(changes)]
    counted = [(sum(c.change is change for c in changes), said) for change, said in _OTHERS]
    parts += [said.format(number) for number, said in counted if number]
    left = [c.kind is Duty.ISSUE for c in changes if c.change is Change.LEFT]
    if not all(left):
        parts.append(f"经决定退出督办{left.count(False)}项")
    if any(left):
        parts.append(f"问题经决定并入、核销{left.count(True)}件")
    new = sum(c.change is Change.NEW and c.kind is Duty.ISSUE for c in changes)
    if new:
        parts.append(f"新提问题{new}件")
    return parts


def _worse(items: Mapping[str, TurnedLine], changes: Sequence[ChangeLine], kind: Duty) -> str:
    turned = turned_worse(changes).values()
    found = [items[c.code] for c in turned if c.kind is kind and c.code in items]
    if not found:
        return f"{kind.label.removeprefix('主要').removeprefix('重点')}无转差"
    return f"{_TURNS[kind]}{len(found)}{_COUNTERS[kind]}：{_names(found, _COUNTERS[kind])}"


def _names(lines: Sequence[TurnedLine], counter: str) -> str:
    named = [f"{_short(line.name)}（{line.task_force.code}专班，{line.unit}）" for line in lines[:_NAMED]]
    text = "、".join(named)
    if len(lines) > _NAMED:
        text += f"等{len(lines)}{counter}"
    return text


def _short(name: str) -> str:
    """Return the first clause of a name: that of an issue is all of its description."""
    return _CLAUSE_ENDS.split(name.strip())[0][:_LONGEST]


def _better(changes: Sequence[ChangeLine]) -> str:
    closed, better = (sum(c.change is change for c in changes) for change in BETTER)
    parts = []
    if better:
        parts.append(f"转好{better}项")
    if closed:
        parts.append(f"办结{closed}项")
    return "、".join(parts)


def decisions_in_words(facts: Facts) -> str:
    """Return what is to be decided: asks, corrections that wait, years expected to fail, who owes returns."""
    parts = [
        _asked(facts),
        reviews_in_words(facts),
        expected_in_words(facts),
        owing_in_words(facts),
        slips_in_words(facts),
    ]
    return f"{'；'.join(filter(None, parts))}。"


def reviews_in_words(facts: Facts) -> str:
    """Return which corrections wait, and the verdicts that they would change; "" for none."""
    found = facts.data.to_review
    if not found:
        return ""
    said = "、".join(_review(one, facts) for one in found[:_NAMED])
    more = f"等{len(found)}处" if len(found) > _NAMED else ""
    office = facts.data.plan.programme.words.office
    return f"更正待{office}核实{len(found)}处，暂按原数计：{said}{more}"


def _review(told: NamedReview, facts: Facts) -> str:
    """Return a figure that waits: `固定资产投资2026年121→119亿元（达标变未达标）`."""
    one, words = told.review, facts.data.plan.programme.words
    about, indicator = parse_period(one.data_period), facts.data.plan.indicator(told.code)
    said = f"{label_of(words.told(one.told))}变{label_of(words.told(one.state))}"
    if indicator is not None and not facts.data.is_released(indicator, about):
        said = f"{said}，{UNRELEASED}"
    return f"{told.name or told.code}{about.dated_label}{told.change}（{said}）"


def slips_in_words(facts: Facts) -> str:
    """Return which slips should have been answered: `督办单逾期未反馈1件：〔2026〕3号（区科技局，9天）`."""
    day = facts.data.slips_day
    register = facts.data.register
    slips = register.overdue(day)
    if not slips:
        return ""
    named = []
    for slip in slips[:_NAMED]:
        named.append(f"{slip.label}（{'、'.join(register.awaited(slip))}，{(day - slip.reply_by).days}天）")
    more = f"等{len(slips)}件" if len(slips) > _NAMED else ""
    return f"督办单逾期未反馈{len(slips)}件：{'、'.join(named)}{more}，见“督办清单”"


def _asked(facts: Facts) -> str:
    if not facts.asks:
        return "没有提请协调的事项"
    by_level: dict[LabelledCode, list[AskLine]] = {}
    for ask in facts.asks:
        by_level.setdefault(ask.issue.shown_level, []).append(ask)
    asked = "、".join(_at_level(level, len(asks)) for level, asks in by_level.items())
    longest = max(ask.waiting(facts.data.day) or 0 for ask in facts.asks)
    if not longest:
        return asked
    return f"{asked}，最长已等{longest}天"


def _at_level(level: LabelledCode, number: int) -> str:
    if level is NoLevel.UNDECIDED:
        return f"提请协调{number}件（层级{level.label}）"
    where = str(label_of(level))
    if level == DecisionLevel.TASK_FORCE:
        return f"{where}协调{number}件"
    if where.startswith("提请"):  # a level beyond the district, which says so itself
        return f"{where}{number}件"
    return f"提请{where}协调{number}件"


def expected_in_words(facts: Facts) -> str:
    """Return which years are expected to fail: `预计完不成全年目标2项：…`; "" for none."""
    failing = []
    for line in forecast_lines(facts.data, facts.indicators):
        if line.judgement is Expectation.MISSED and not line.is_outdated:
            failing.append(line)
    if not failing:
        return ""
    named = "、".join(map(_forecast, failing[:_NAMED]))
    if len(failing) > _NAMED:
        named += f"等{len(failing)}项"
    return f"预计完不成全年目标{len(failing)}项：{named}"


def _forecast(line: ForecastLine) -> str:
    unit, name = unit_in_sentences(line.line.indicator.unit), line.line.indicator.name
    said = (f"预计{line.forecast:.10g}{unit}", f"目标{line.target.spoken_with(unit)}", line.line.mark)
    return f"{name}（{'，'.join(filter(None, said))}）"


def owing_in_words(facts: Facts) -> str:
    """Return who still owes a return for the last period of returns: `08、09专班未报`."""
    last = facts.data.last_period
    owing: dict[Timeliness, list[str]] = {state: [] for state in OWING}
    for line in facts.returns:
        if line.state in owing and line.period.code == last.code:
            owing[line.state].append(line.task_force.code)
    return "，".join(f"{'、'.join(codes)}专班{state.label}" for state, codes in owing.items() if codes)
