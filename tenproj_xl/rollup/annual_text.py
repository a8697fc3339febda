"""What the annual report (年度报告) tells: sections of whole sentences, as many as five pages hold.

Reads: `Facts` of a year. Gives: `ReportSection`s. Every number in them stands in the workbook, too. Where
there is more to name than its pages hold, fewer are named, and all are counted.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.numbers import unit_in_sentences
from tenproj_xl.core.numerals import numeral
from tenproj_xl.core.shares import share_in_words
from tenproj_xl.core.states import State, TaskState
from tenproj_xl.model.slips import Level
from tenproj_xl.rollup.brief_text import (
    ask_told,
    counted_told,
    data_periods_told,
    days_told,
    figure_told,
    indicators_told,
    league_told,
    lines_of,
    told,
)
from tenproj_xl.rollup.facts.asks import AskLine
from tenproj_xl.rollup.facts.coming import ComingLine, steps
from tenproj_xl.rollup.facts.embargo import marked, with_mark
from tenproj_xl.rollup.facts.highlights import Praise
from tenproj_xl.rollup.facts.indicators import IndicatorLine, YearJudgement
from tenproj_xl.rollup.facts.judgements import judgement_lines
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.supervision import SupervisionLine, behind_in_words
from tenproj_xl.rollup.facts.tasks import TaskLine
from tenproj_xl.rollup.sheets.league import NOT_ASKED, review_line

LINES = 94
"""As many lines of the body as five pages hold beside title, addressee and signature."""
_BUDGETS = (8, 6, 5, 4, 3, 2, 1, 0)
"""At most so many things are named in one sentence: the first that keeps the report on its pages.

With none the task forces have their counts alone, and other sentences name one.
"""
_GOOD = (State.MET, State.ON_PACE, State.SLOW)
_BEHIND = (State.MISSED, State.BEHIND)
_EXAMPLES = 3
"""At most so many figures of a task force are told that are not behind."""


@dataclass(frozen=True)
class ReportParagraph:
    """A paragraph: what it begins with in another hand, "" where it has no heading, and its text."""

    head: str
    text: str


@dataclass(frozen=True)
class ReportSection:
    """A section: its heading without a number, and its paragraphs."""

    heading: str
    paragraphs: tuple[ReportParagraph, ...]

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return 1 + sum(lines_of(paragraph.head + paragraph.text) for paragraph in self.paragraphs)


def report_sections(facts: Facts) -> tuple[ReportSection, ...]:
    """Return the sections of an annual report in order, with as many names as its pages hold."""
    found: tuple[ReportSection, ...] = ()
    for most in _BUDGETS:
        found = tuple(_sections(facts, most))
        if sum(section.lines for section in found) <= LINES:
            break
    return found


def opening(facts: Facts) -> str:
    """Return the first sentence of the report, and how far the year has come where it still runs."""
    data = facts.data
    programme = data.plan.programme
    text = f"现将{data.period.label}度{programme.name}推进情况报告如下。"
    if programme.document and programme.document_no:
        document = programme.document.strip("《》")
        text = f"根据《{document}》（{programme.document_no}），{text}"
    if data.day < data.period.last:
        text += f"本年度尚未结束，以下为截至{_day(data.day)}的情况。"
    return text


def _sections(facts: Facts, most: int) -> Iterator[ReportSection]:
    of_task_forces = tuple(_of_task_forces(facts, most))
    most = max(most, 1)
    found = (
        ("总体情况", _overall(facts)),
        ("主要指标完成情况", of_task_forces),
        ("重点任务推进情况", _of_tasks(facts, most)),
        ("存在问题", _in_turn(_problems(facts, most))),
        ("典型做法", _practices(facts, most)),
        ("下步打算", _next_steps(facts, most)),
    )
    for heading, paragraphs in found:
        listed = tuple(paragraph for paragraph in paragraphs if paragraph.text)
        if listed:
            yield ReportSection(heading, listed)


def _plain(*texts: str) -> Iterator[ReportParagraph]:
    for text in texts:
        yield ReportParagraph("", text)


def _in_turn(texts: Iterable[str]) -> Iterator[ReportParagraph]:
    """Yield texts that begin with 一是, 二是 and so on."""
    for number, text in enumerate(texts, 1):
        yield ReportParagraph(f"{numeral(number)}是", text)


def _named(names: Sequence[str], most: int, counted: str = "项", between: str = "、") -> str:
    """Return the first of some names, and how many there are where that is more.

    With no word to count them by, their number has been told already.
    """
    listed = between.join(names[:most])
    if len(names) > most:
        number = f"{len(names)}{counted}" if counted else ""
        return f"{listed}等{number}"
    return listed


def _by_state(states: Iterable[LabelledCode], order: Iterable[LabelledCode]) -> str:
    """Return how many there are of each state, in an order: `达序时3项、滞后1项`."""
    counts = Counter(states)
    return counted_told((), [(state.label, counts[state]) for state in order])


def _said(text: Value, facts: Facts) -> str:
    """Return what is told of a text of a unit, with the mark where it tells of an unreleased figure."""
    return marked(told(text)[0], facts.data)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- 总体情况


def _overall(facts: Facts) -> Iterator[ReportParagraph]:
    data, h = facts.data, facts.headline
    involved = len(facts.involved)
    text = f"{data.plan.programme.name}共设{len(data.plan.task_forces)}个工程专班"
    if facts.not_involved:
        text += f"，其中涉及本地任务的{involved}个"
    yield from _plain(f"{text}。{_targets(facts)}")
    text = f"指标共{h.indicators}项，其中应评{h.counted}项（按各项最新的数评价）{indicators_told(facts)}"
    if h.unjudged:
        text += f"；暂不评价、未到发布期等{h.unjudged}项"
    tasks = [line for line in facts.tasks if line.is_owed]
    text += f"。重点任务{len(tasks)}项，{_by_state([line.state for line in tasks], TaskState)}。"
    overdue = f"，其中逾期{h.issues_overdue}件" if h.issues_overdue else ""
    text += f"在办问题{h.issues_open}件{overdue}；提请协调事项{h.asks}件。"
    yield from _plain(text)
    league = f"{league_told(facts)}{review_line(facts)}"
    if not data.asked_for_returns:
        league = NOT_ASKED
    yield from _plain(days_told(f"{data_periods_told(facts)}{league}{data.data_until}。"))


def _targets(facts: Facts) -> str:
    """Return how the targets of the year were judged; the counts add up to all of them."""
    year = facts.data.period.label
    lines = tuple(judgement_lines(facts))
    judgements = [line.judgement for line in lines]
    if not judgements:
        return f"方案没有{year}底到期的指标目标。"
    counts = _by_state(judgements, YearJudgement)
    text = f"{year}底到期的指标目标{len(judgements)}项，按统计核定数评判：{counts}。"
    if unreported := sum(line.is_unreported for line in lines):
        text += f"待核定的有{unreported}项没有报数。"
    return text


# --- 主要指标完成情况


def _of_task_forces(facts: Facts, most: int) -> Iterator[ReportParagraph]:
    number = 0
    for task_force in facts.involved:
        lines = [line for line in facts.indicators if line.task_force.code == task_force.code]
        if lines:
            number += 1
            yield ReportParagraph(
                f"（{numeral(number)}）{task_force.name}。", _of_task_force(lines, facts, most)
            )


def _of_task_force(lines: Sequence[IndicatorLine], facts: Facts, most: int) -> str:
    text = f"指标{len(lines)}项，{_by_state(map(_counted_as, lines), State)}。"
    if not most:
        return text
    good = [line for line in lines if line.state in _GOOD and line.figure is not None]
    good.sort(key=lambda line: not line.indicator.is_core)
    behind = sorted(_behind(lines), key=lambda line: line.gap or 0.0)
    if good:
        shown = "；".join(_figure(line) for line in good[: min(most, _EXAMPLES)])
        text += f"其中{shown}。"
    if behind:
        named = "；".join(_shortfall(line, facts) for line in behind[:most])
        if len(behind) > most:
            named += f"；另有{len(behind) - most}项"
        text += f"未达标、滞后的：{named}。"
    pending = [line.indicator.name for line in lines if line.state is State.PENDING]
    if pending:
        text += f"待核定的：{_named(pending, most)}。"
    return text


def _counted_as(line: IndicatorLine) -> State:
    """Return the state that an indicator is counted by: 未报 are only those that are 应评, as on page one."""
    if line.state is State.MISSING and not line.counted:
        return State.REFERENCE
    return line.state


def _behind(lines: Iterable[IndicatorLine]) -> list[IndicatorLine]:
    return [line for line in lines if line.state in _BEHIND]


def _figure(line: IndicatorLine) -> str:
    """Return a figure in words: `2026年10月投资为30.18亿元（2026年目标35亿元，完成86.2%），达序时`."""
    about = []
    if line.yardstick is not None and line.yardstick.target is not None:
        target = line.yardstick.target
        spoken = target.spoken_with(unit_in_sentences(line.indicator.unit))
        about.append(f"{target.period.dated_label}目标{spoken}")
    if line.share is not None:
        of_year = "全年目标的" if line.is_share_of_year else ""
        about.append(f"完成{of_year}{share_in_words(line.share)}")
    if line.mark:
        about.append(line.mark)
    aside = f"（{'，'.join(about)}）" if about else ""
    if line.figure is None:
        return f"{line.indicator.name}{aside}，{line.state.label}"
    period = line.figure.period.dated_label
    value = figure_told(line).removeprefix(period)
    return f"{period}{line.indicator.name}为{value}{aside}，{line.state.label}"


def _shortfall(line: IndicatorLine, facts: Facts) -> str:
    """Return a figure that is behind, by how much, why, and whose it is."""
    text = _figure(line)
    if gap := behind_in_words(line):
        text += f"，{gap}"
    reason = _said(line.reported("lag_reason"), facts)
    if reason:
        text += f"，主要是{reason}"
    return f"{text}（{facts.data.units(line.indicator.reporting_unit)}）"


# --- 重点任务推进情况


def _of_tasks(facts: Facts, most: int) -> Iterator[ReportParagraph]:
    tasks = [line for line in facts.tasks if line.is_owed]
    if not tasks:
        return
    text = f"重点任务{len(tasks)}项，{_by_state([line.state for line in tasks], TaskState)}。"
    yield from _plain(text + _finished(facts, most))
    yield from _plain(_invested(tasks))
    yield from _plain(_late_tasks(facts, _late_codes(tasks), most))
    yield from _plain(_on_site(tasks, facts, most))


def _late_tasks(facts: Facts, codes: Collection[str], most: int) -> str:
    """Return the tasks that are late, and how many of them a decision let go or gave more time."""
    if not codes:
        return ""
    late = [line for line in facts.supervision if line.code in codes and line.level is not Level.BLUE]
    if not late:
        return f"滞后和逾期的任务{len(codes)}项，均已决定退出督办或调整时限。"
    decided = len(codes) - len(late)
    parts = [_late(line, facts) for line in late[:most]]
    if len(late) > most:
        parts.append(f"另有{len(late) - most}项")
    if decided:
        parts.append(f"其余{decided}项已决定退出督办或调整时限")
    return f"滞后和逾期的任务{len(codes)}项：{'；'.join(parts)}。"


def _finished(facts: Facts, most: int) -> str:
    """Return what was finished in the year."""
    tasks = _finished_of(Praise.TASK, "任务", "项", facts, most)
    return tasks + _finished_of(Praise.MILESTONE, "节点", "个", facts, most)


def _finished_of(kind: Praise, what: str, counter: str, facts: Facts, most: int) -> str:
    """Return what of a kind was finished in the year, and how many of it are reported so and doubted."""
    names = [line.name for line in (*facts.highlights, *facts.lagging) if line.kind is kind]
    doubted = sum(line.kind is kind for line in facts.doubted)
    text = ""
    if names:
        text += f"年内完成{what}{len(names)}{counter}：{_named(names, most, '')}。"
    if doubted:
        also = "另有" if names else "年内"
        text += f"{also}{doubted}{counter}{what}报为已完成，尚待核实。"
    return text


def _invested(tasks: Sequence[TaskLine]) -> str:
    """Return the investment of the tasks that have a plan for it and report it."""
    planned, done, count = 0.0, 0.0, 0
    for line in tasks:
        value = line.reported("invest_done")
        if line.task.invest_plan and isinstance(value, float):
            planned, done, count = planned + line.task.invest_plan, done + value, count + 1
    if not count:
        return ""
    return (
        f"有年度计划投资并报来完成数的任务{count}项，"
        f"计划投资{planned:.10g}亿元，累计完成{round(done, 2):.10g}亿元，"
        f"占年度计划的{share_in_words(done / planned)}。"
    )


def _late_codes(tasks: Iterable[TaskLine]) -> set[str]:
    return {line.task.code for line in tasks if line.state in (TaskState.OVERDUE, TaskState.BEHIND)}


def _late(line: SupervisionLine, facts: Facts) -> str:
    reason = _said(line.reason, facts)
    parts = [line.state.label]
    if line.measured.startswith("超期"):
        parts = [line.measured]
    if reason:
        parts.append(reason)
    return f"{line.name}（{line.unit}），{'，'.join(parts)}"


def _on_site(tasks: Iterable[TaskLine], facts: Facts, most: int) -> str:
    """Return how projects look on site."""
    seen = []
    for line in tasks:
        text = _said(line.reported("site_progress"), facts)
        if text:
            seen.append(f"{line.task.name}，{text}")
    if not seen:
        return ""
    shown = "；".join(seen[:most])
    more = f"；另有{len(seen) - most}项" if len(seen) > most else ""
    return f"项目形象进度：{shown}{more}。"


# --- 存在问题


def _problems(facts: Facts, most: int) -> Iterator[str]:
    """Yield what is to be improved; what does not occur is not told."""
    h = facts.headline
    behind = sorted(_behind(facts.indicators), key=lambda line: line.gap or 0.0)
    if behind:
        missed = sum(line.state is State.MISSED for line in behind)
        counts = counted_told((), (("未达标", missed), ("滞后", len(behind) - missed)))
        names = []
        for line in behind:
            gap = behind_in_words(line)
            names.append(f"{line.indicator.name}（{gap}）" if gap else line.indicator.name)
        yield f"部分指标落后。{counts}，差距较大的有{_named(names, most)}。"
    silent_tasks, silent_indicators = 0, 0
    if facts.data.asked_for_returns:
        silent_tasks, silent_indicators = h.tasks_missing, h.missing
    if h.tasks_overdue or h.tasks_behind or silent_tasks:
        slow = (("逾期", h.tasks_overdue), ("滞后", h.tasks_behind), ("未报进展", silent_tasks))
        yield f"部分任务推进不快。重点任务中{counted_told((), slow)}。"
    if facts.asks:
        yield f"部分问题有待协调。{_asks(facts, most)}"
    elif h.issues_overdue:
        yield f"部分问题逾期未办结。{_asks(facts, most)}"
    if h.historic:
        names = [line.name for line in facts.supervision if line.historic and line.level is not Level.BLUE]
        named = _named(_short_names(names), most, "", between="；")
        yield f"以前的事项尚未办结。历史未办结{h.historic}项：{named}。"
    if h.late or h.not_returned:
        returns = f"应报填报表{h.owed}份，已报{h.returned}份"
        late = f"，其中迟报{h.late}份" if h.late else ""
        missing = f"，未报{h.not_returned}份" if h.not_returned else ""
        yield f"报送不够及时。{returns}{late}{missing}。"
    unverified = h.pending + h.unverified
    if unverified or silent_indicators:
        waiting = ("有到期目标（含以前年度的）待核定的指标", unverified)
        counts = counted_told((), (waiting, ("应报未报的指标", silent_indicators)))
        yield f"部分数据还没有报齐。{counts}，核定数报来以后再作评判。"


def _short_names(names: Iterable[str]) -> list[str]:
    return [told(name, 30)[0] for name in names]


def _asks(facts: Facts, most: int) -> str:
    h = facts.headline
    text = f"在办问题{h.issues_open}件，逾期{h.issues_overdue}件"
    if not facts.asks:
        return f"{text}。"
    by_wording: dict[tuple[str, str], list[AskLine]] = {}
    for ask in facts.asks:
        wording = _said(ask.issue.reported("request"), facts)
        by_wording.setdefault((ask.issue.shown_level.label, wording), []).append(ask)
    items, shown = [], 0
    for (level, wording), alike in list(by_wording.items())[:most]:
        items.append(ask_told(wording, level, alike, facts.data.day).rstrip("。"))
        shown += len(alike)
    more = f"；另有{len(facts.asks) - shown}件" if len(facts.asks) > shown else ""
    return f"{text}；提请协调{h.asks}件：{'；'.join(items)}{more}。"


# --- 典型做法


def _practices(facts: Facts, most: int) -> Iterator[ReportParagraph]:
    told_of = [line for line in facts.highlights if line.kind is Praise.PRACTICE]
    texts = (f"{line.unit}{with_mark(told(line.text, 120)[0], line.mark)}。" for line in told_of)
    practices = list(dict.fromkeys(texts))
    for number, text in enumerate(practices[:most], 1):
        yield ReportParagraph(f"{numeral(number)}是", text)
    if len(practices) > most:
        yield from _plain(f"各专班填报的典型做法共{len(practices)}条，其余见总结材料“亮点做法”。")


# --- 下步打算


def _next_steps(facts: Facts, most: int) -> Iterator[ReportParagraph]:
    yield from _in_turn(
        filter(None, (_next_targets(facts, most), _coming(facts, most), _measures(facts, most)))
    )


def _next_targets(facts: Facts, most: int) -> str:
    """Return the targets of the next year in the plan: of core indicators first, and numbers before words."""
    year = facts.data.period.year + 1
    found = []
    for line in facts.indicators:
        target = line.indicator.target_of_year(year)
        if line.task_force.involved and target is not None and target.judges:
            found.append(((not line.indicator.is_core, target.value is None), line, target))
    if not found:
        return ""
    found.sort(key=lambda one: one[0])
    names = []
    for _, line, target in found:
        unit = unit_in_sentences(line.indicator.unit)
        names.append(f"{line.indicator.name}（{target.spoken_with(unit)}）")
    return f"抓目标落实。{year}年有目标的指标{len(found)}项，包括{_named(names, most)}。"


def _coming(facts: Facts, most: int) -> str:
    """Return the milestones and deadlines of the next year, the nearest first."""
    year = facts.data.period.year + 1
    due = [line for line in steps(facts) if line.due_on.year == year and line.due_on > facts.data.told_on]
    due.sort(key=lambda line: (line.due_on, line.line.task.code))
    if not due:
        return ""
    shown = "；".join(_step(line, facts) for line in due[:most])
    more = f"；另有{len(due) - most}个" if len(due) > most else ""
    return f"抓节点推进。{year}年到期的节点和任务{len(due)}个：{shown}{more}。"


def _step(line: ComingLine, facts: Facts) -> str:
    task = line.line.task
    when = f"{line.due_on.month}月{line.due_on.day}日前"
    return f"{when}，{task.name}：{line.step}（{facts.data.units(task.lead_unit)}）"


def _measures(facts: Facts, most: int) -> str:
    """Return what units mean to do about what is furthest behind."""
    found = []
    for line in sorted(_behind(facts.indicators), key=lambda line: line.gap or 0.0):
        text = _said(line.reported("next_steps"), facts)
        if text:
            unit = facts.data.units(line.indicator.reporting_unit)
            found.append(f"{line.indicator.name}，{text}（{unit}）")
    if not found:
        return ""
    return f"补短板弱项。{'；'.join(found[:most])}。"
