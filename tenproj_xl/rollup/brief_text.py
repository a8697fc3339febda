"""What the brief (简报) says: sections of whole sentences, as many as two pages hold.

Reads: `Facts`. Gives: `Section`s. Every number in them stands in the workbook, too. Nothing is cut in the
middle of a clause: of a long text that a unit typed the first clauses are told, and where the rest stands.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, zip_longest
from math import ceil

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.numbers import unit_in_sentences
from tenproj_xl.core.states import State, TaskState
from tenproj_xl.excel.style import text_width
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.publications import Publication
from tenproj_xl.model.slips import Level
from tenproj_xl.rollup.facts.asks import AskLine
from tenproj_xl.rollup.facts.breakdown import passed_targets
from tenproj_xl.rollup.facts.corrected import change_told, errata
from tenproj_xl.rollup.facts.counted_alike import turned_in_words
from tenproj_xl.rollup.facts.embargo import marked, with_mark
from tenproj_xl.rollup.facts.errata import Difference
from tenproj_xl.rollup.facts.highlights import HighlightLine
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.returns import ReturnLine
from tenproj_xl.rollup.facts.summary import reviews_in_words
from tenproj_xl.rollup.facts.supervision import SupervisionLine
from tenproj_xl.rollup.facts.themes import Theme
from tenproj_xl.rollup.overview.edition_line import edition_line
from tenproj_xl.rollup.registry import sheets_of
from tenproj_xl.rollup.sheets import asks, highlights, supervision
from tenproj_xl.rollup.sheets import errata as errata_sheet
from tenproj_xl.rollup.sheets.league import review_line

LINES = 32
"""As many lines of the body as two pages hold beside 报头 and 报尾."""
_ROOM = 52
"""The width of a line, in halves of a Chinese character; some may be lost to punctuation at its end."""
_LONG = 48
"""A text that a unit typed is told in full up to so many characters."""
_NAME = 30
_CLAUSE = re.compile(r"[。；;！!？?，,、]")
_NONE = re.compile(r"(?<!\d)0[项件]$")
_DAY = re.compile(r" ?(\d{4})-(\d{2})-(\d{2})")
_SHOWN = {"lagging": 8, "asks": 5, "praise": 4, "next": 6, "errata": 6}
"""At most so many items of each section."""
_NAMED, _UNITS = 3, 2
_SOON = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section: its heading without a number, what introduces its items, and the items.

    `told` of them are told, at most `most`; `least` come before the second of others. `sizes` are how many
    things each tells of, one where there are none, and `counter` the word that these are counted by. All
    stand on the sheet `sheet` of the workbook, "" where it has none; `shortened` where some are told in their
    first clauses. The `lead` may say where the others stand: then nothing does so at the end.
    """

    heading: str
    lead: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    counter: str = "项"
    most: int = 0
    least: int = 1
    sheet: str = ""
    shortened: bool = False
    told: int = 0
    says_where: bool = True

    @property
    def paragraphs(self) -> Iterator[str]:
        """What stands under the heading."""
        yield from self.lead
        for number, item in enumerate(self.items[: self.told], 1):
            ending = self._ending if number == self.told else ""
            yield f"{number}. {item}{ending}"
        if not self.told:
            yield from filter(None, (self._ending,))

    @property
    def _ending(self) -> str:
        """What says at the end where the rest stands, "" where there is none."""
        sizes = self.sizes or (1,) * len(self.items)
        rest = sum(sizes[self.told :])
        if not self.sheet or not self.says_where:
            return ""
        if rest > 0 and self.told:
            return f"（其余{rest}{self.counter}见汇总表“{self.sheet}”）"
        if rest > 0:
            return f"共{rest}{self.counter}，见汇总表“{self.sheet}”。"
        if self.shortened and self.told:
            return f"（全文见汇总表“{self.sheet}”）"
        return ""

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return 1 + sum(map(lines_of, self.paragraphs))


def lines_of(paragraph: str) -> int:
    """Return how many lines a paragraph of an office document takes."""
    return ceil((text_width(paragraph) + 4) / _ROOM)


def sections(facts: Facts) -> tuple[Section, ...]:
    """Return the sections of a brief in order, with as many items as fit on its pages."""
    found = [
        Section(heading="总体情况", lead=tuple(_overall(facts))),
        _lagging(facts),
        _asks(facts),
        _praise(facts),
        _next_steps(facts),
    ]
    if facts.data.corrects:
        found.insert(1, _corrected(facts, facts.data.corrects))
    titles = {spec.title for spec in sheets_of(facts.data.release)}
    listed = []
    for section in found:
        if section.lead or section.items:
            sheet = section.sheet if section.sheet in titles else ""
            listed.append(replace(section, sheet=sheet))
    readers = facts.data.settings.brief_readers
    wrapped = sum(ceil(text_width(names) / _ROOM) - 1 for names in readers if names)
    return _fitted(listed, LINES - wrapped)


def _fitted(found: Sequence[Section], room: int) -> tuple[Section, ...]:
    """Return the sections with the items that there is room for: from each in turn, in the order of need."""
    chosen = list(found)
    turns = list(range(len(found)))
    turns += [n for n, section in enumerate(found) for _ in range(section.least - 1)]
    turns += list(range(len(found))) * max(_SHOWN.values())
    for n in turns:
        more = replace(chosen[n], told=chosen[n].told + 1)
        if more.told > min(more.most, len(more.items)):
            continue
        others = sum(other.lines for m, other in enumerate(chosen) if m != n)
        if others + more.lines <= room:
            chosen[n] = more
    return tuple(section for section in chosen if any(section.paragraphs))


# --- what was typed, in whole clauses


def told(text: Value, limit: int = _LONG) -> tuple[str, bool]:
    """Return a typed text without its last full stop, and whether something of it is left out.

    A long one ends with the last clause that fits; one of a single long clause is told in full.
    """
    flat = " ".join(str(text or "").split()).rstrip("。；;，,")
    if len(flat) <= limit:
        return flat, False
    ends = [found.start() for found in _CLAUSE.finditer(flat)]
    fitting = [end for end in ends if 0 < end <= limit]
    end = fitting[-1] if fitting else next(iter(ends), len(flat))
    shown = flat[:end]
    for opening, closing in ("“”", "（）", "《》"):
        if shown.count(opening) > shown.count(closing):
            return flat, False  # no half a quotation
    return shown, end < len(flat)


# --- 总体情况


def _overall(facts: Facts) -> Iterator[str]:
    h, data = facts.headline, facts.data
    of_tasks = counted_told(
        (("序时推进（含完成）", h.tasks_on_time),),
        (
            ("临近时限", h.tasks_soon),
            ("滞后", h.tasks_behind),
            ("逾期", h.tasks_overdue),
            ("未报", h.tasks_missing),
        ),
    )
    tasks = sum(line.is_owed for line in facts.tasks)
    text = (
        f"{data.period.paper_label}，应评指标{h.counted}项{indicators_told(facts)}{turned_in_words(facts)}。"
    )
    text += f"重点任务{tasks}项，{of_tasks}。"
    overdue = f"，其中逾期{h.issues_overdue}件" if h.issues_overdue else ""
    text += f"在办问题{h.issues_open}件{overdue}；提请协调{h.asks}件。"
    yield text
    yield f"{data_periods_told(facts)}{_returns(facts)}"
    if counted := _without_zeros(edition_line(facts)):
        yield f"{counted}。"
    if waiting := reviews_in_words(facts):
        yield f"{waiting}。"
    if data.is_wide:
        yield f"{league_told(facts)}{review_line(facts)}{days_told(data.data_until)}。"


def indicators_told(facts: Facts) -> str:
    """Return the indicators as page one tells them apart: those on their way, those at a target's date."""
    h = facts.headline
    paced, due = h.on_track + h.slow + h.lagging, h.met + h.missed + h.pending
    parts = []
    if paced:
        counts = counted_told((("达序时", h.on_track), ("略滞后", h.slow), ("滞后", h.lagging)), ())
        parts.append(f"可比序时{paced}项（{counts}）")
    if due:
        counts = counted_told((), (("达标", h.met), ("未达标", h.missed), ("待核定", h.pending)))
        parts.append(f"到期目标{due}项（{counts}）")
    if h.missing:
        silent = "应报未报" if facts.data.asked_for_returns else "没有数可评"
        parts.append(f"{silent}{h.missing}项")
    if h.missed_before:
        parts.append(f"另有{passed_targets(facts)}未达标{h.missed_before}项")
    return "".join(f"，{part}" for part in parts)


def counted_told(always: Iterable[tuple[str, int]], if_any: Iterable[tuple[str, int]]) -> str:
    """Return counts in words; those of the second kind only where there are any."""
    parts = [f"{word}{number}项" for word, number in always]
    parts += [f"{word}{number}项" for word, number in if_any if number]
    return "、".join(parts)


def _without_zeros(counted: str) -> str:
    """Return counts in words without those of nothing; "" where nothing is left."""
    about, colon, counts = counted.partition("：")
    parts = [part for part in counts.split("，") if part and not _NONE.search(part)]
    if not parts:
        return ""
    return f"{about}{colon}{'，'.join(parts)}"


def days_told(text: str) -> str:
    """Return a text with its days as papers write them: 2026年11月28日."""
    return _DAY.sub(lambda day: f"{day[1]}年{int(day[2])}月{int(day[3])}日", text)


def data_periods_told(facts: Facts) -> str:
    """Return of which data periods the figures are that were judged: `2026年10月的28项、2025年的2项`."""
    figures = [line.figure for line in facts.indicators if line.counted and line.figure]
    if not figures:
        return ""
    counts = Counter(figure.period.dated_label for figure in figures)
    parts = [f"{label}的{number}项" for label, number in counts.most_common(_NAMED)]
    others = len(figures) - sum(number for _, number in counts.most_common(_NAMED))
    if others:
        parts.append(f"其他时期的{others}项")
    return f"指标按数据所属期评价：{'、'.join(parts)}。"


def league_told(facts: Facts) -> str:
    """Return who leads the league and who is last, "" where nobody is ranked."""
    ranked = [line for line in facts.league if line.rank is not None and line.score is not None]
    if not ranked:
        return ""
    named = [f"{line.task_force.code}专班{line.score:.1f}分" for line in ranked]
    if len(named) <= 2 * _NAMED:
        return f"晾晒得分依次为{'、'.join(named)}。"
    return f"晾晒得分居前的是{'、'.join(named[:_NAMED])}，居后的是{'、'.join(named[-_NAMED:])}。"


def _returns(facts: Facts) -> str:
    h = facts.headline
    if not facts.data.asked_for_returns:
        return "这一时段没有下发填报表，没有报送的任务不作评价。"
    text = f"填报表应报{h.owed}份，已报{h.returned}份"
    if h.late:
        text += f"，其中迟报{h.late}份"
    missing: dict[str, list[str]] = {}
    for line in facts.returns:
        if line.is_owed and not line.is_in:
            missing.setdefault(line.state.label, []).append(_missing(facts, line))
    return "。".join((text, *(_named_missing(label, names) for label, names in missing.items()))) + "。"


def _named_missing(label: str, names: Iterable[str]) -> str:
    """Return whose returns are missing in one way: `未接收（退回）：08专班区文广旅体局`."""
    different = list(dict.fromkeys(names))
    named = "；".join(different[:_NAMED])
    if len(different) > _NAMED:
        named += f"等{len(different)}个专班，见汇总表“报送情况”"
    return f"{label}：{named}"


def _missing(facts: Facts, line: ReturnLine) -> str:
    """Return whose return is missing: of units that got forms of their own those, else the lead unit."""
    units = line.units.missing or (line.task_force.lead,)
    named = f"{line.task_force.code}专班{facts.data.units(*units[:_UNITS])}"
    if len(units) > _UNITS:
        named += f"等{len(units)}家"
    return named


# --- 滞后和主要差距


def _lagging(facts: Facts) -> Section:
    """Return what lags by name: two indicators, those furthest behind, for each task or issue."""
    behind = [line for line in facts.supervision if line.level is not Level.BLUE and not line.historic]
    of_indicators = sorted(
        (line for line in behind if line.kind is Duty.INDICATOR), key=lambda line: (line.gap or 0, line.code)
    )
    others = sorted(
        (line for line in behind if line.kind is not Duty.INDICATOR),
        key=lambda line: (-(line.days or 0), line.code),
    )
    lines = {line.indicator.code: line for line in facts.indicators}
    items = [_laggard(line, lines) for line in _in_turn(of_indicators, others)]
    historic = f"历史未办结{facts.headline.historic}项" if facts.headline.historic else ""
    if not behind:
        more = f"，另有{historic}，详见“{supervision.TITLE}”" if historic else ""
        return Section(heading="滞后和主要差距", lead=(f"没有新近滞后或逾期的事项{more}。",))
    red = sum(line.level is Level.RED for line in behind)
    waiting = sum(line.level is not Level.RED and line.state is State.PENDING for line in behind)
    kinds = (("逾期、未达标", red), ("滞后", len(behind) - red - waiting), ("待核定且滞后", waiting))
    counts = "，另有".join(filter(None, (counted_told((), kinds), historic)))
    lead = f"{counts}，详见“{supervision.TITLE}”。"
    return Section(
        heading="滞后和主要差距",
        lead=(lead,),
        items=tuple(items),
        most=_SHOWN["lagging"],
        least=3,
        says_where=False,
    )


def _in_turn(many: Sequence[SupervisionLine], few: Sequence[SupervisionLine]) -> Iterator[SupervisionLine]:
    """Yield two of the first for each of the second, then what is left of either."""
    rest = list(few)
    for n, line in enumerate(many):
        if n and n % 2 == 0 and rest:
            yield rest.pop(0)
        yield line
    yield from rest


def _laggard(line: SupervisionLine, indicators: Mapping[str, IndicatorLine]) -> str:
    name, parts = line.name, [line.state.label, line.measured]
    if line.kind is Duty.ISSUE:
        name, _ = told(line.name, _NAME)
    if line.measured.startswith("超期"):
        parts = [line.measured]
    if line.kind is Duty.INDICATOR:
        parts = [figure_told(indicators[line.code]), line.told or line.state.label]
    return f"{name}（{line.unit}）：{'，'.join(filter(None, parts))}。"


def figure_told(line: IndicatorLine) -> str:
    """Return the figure of an indicator with its data period: `2026年10月40亿元`; "" without one."""
    if line.figure is None:
        return ""
    value = label_of(line.figure.value)
    if isinstance(line.figure.value, float):
        value = f"{line.figure.value:.10g}{unit_in_sentences(line.indicator.unit)}"
    return f"{line.figure.period.dated_label}{value}"


# --- 提请协调


def _asks(facts: Facts) -> Section:
    """Return the asks, one wording told once with all task forces that ask for it."""
    by_text: dict[tuple[str, str], list[AskLine]] = {}
    is_shortened = False
    for ask in facts.asks:
        text, is_cut = told(ask.issue.reported("request"))
        is_shortened = is_shortened or is_cut
        by_text.setdefault((ask.issue.shown_level.label, marked(text, facts.data)), []).append(ask)
    items = [ask_told(text, level, alike, facts.data.day) for (level, text), alike in by_text.items()]
    if not items:
        return Section(heading="提请协调事项", lead=("没有提请协调的事项。",))
    return Section(
        heading="提请协调事项",
        items=tuple(items),
        sizes=tuple(map(len, by_text.values())),
        counter="件",
        most=_SHOWN["asks"],
        sheet=asks.TITLE,
        shortened=is_shortened,
    )


def ask_told(text: str, level: str, alike: Sequence[AskLine], day: date) -> str:
    """Return an ask with the task forces that make it, its level and how long it has waited."""
    forces = "、".join(sorted({ask.issue.task_force.code for ask in alike}))
    about = f"{forces}专班，层级：{level}{_suggested(alike)}"
    waited = [days for ask in alike if (days := ask.waiting(day)) is not None]
    if waited and max(waited) > 0:
        longest = "最长的" if len(alike) > 1 else ""
        about += f"，{longest}已提请{max(waited)}天"
    return f"{text}（{about}）。"


def _suggested(alike: Sequence[AskLine]) -> str:
    """Return what marks the level of asks that nobody has approved: `（建议）`, `（其中3件为建议）`."""
    number = sum(ask.is_level_suggested for ask in alike)
    if number == len(alike):
        return "（建议）"
    return f"（其中{number}件为建议）" if number else ""


# --- 亮点做法


def _praise(facts: Facts) -> Section:
    items, is_shortened = [], False
    for line in facts.highlights:
        item, is_cut = _highlight(line)
        items.append(item)
        is_shortened = is_shortened or is_cut
    return Section(
        heading="亮点做法",
        items=tuple(items),
        most=_SHOWN["praise"],
        sheet=highlights.TITLE,
        shortened=is_shortened,
    )


def _highlight(line: HighlightLine) -> tuple[str, bool]:
    text, is_cut = told(line.text)
    if line.name.endswith(f"：{text.rstrip('。')}"):
        text = ""  # a milestone's name says it
    parts = (line.name, with_mark(text, line.mark))
    about = f"（{line.theme.label}）" if line.theme and line.theme is not Theme.OTHER else ""
    return f"{line.unit}{about}：{'，'.join(filter(None, parts))}。", is_cut


# --- 下一步工作


def _next_steps(facts: Facts) -> Section:
    """Return what falls due in the next thirty days, and what units mean to do about what lags most."""
    in_turn = chain.from_iterable(zip_longest(_due_soon(facts), _measures(facts)))
    items = tuple(filter(None, in_turn))[: _SHOWN["next"]]
    return Section(heading="下一步工作", items=items, most=_SHOWN["next"])


def _due_soon(facts: Facts) -> list[str]:
    """Return the milestones and deadlines of the thirty days after the paper, the nearest first."""
    data, found = facts.data, []
    paper = data.told_on
    for line in facts.tasks:
        is_ahead = line.due_on is not None and paper < line.due_on <= paper + _SOON
        if line.due_on is None or not is_ahead or line.state is TaskState.DONE or not line.is_owed:
            continue
        what = f"{line.task.name}：{line.milestone}" if line.milestone else f"完成{line.task.name}"
        when = f"{day_told(line.due_on, paper)}前"
        found.append((line.due_on, line.task.code, f"{when}，{what}（{data.units(line.task.lead_unit)}）。"))
    return [text for _, _, text in sorted(found)]


def day_told(day: date, paper: date) -> str:
    """Return a day as a paper of another tells it, with its year where that is another: `2027年1月8日`."""
    said = f"{day.month}月{day.day}日"
    if day.year != paper.year:
        return f"{day.year}年{said}"
    return said


def _measures(facts: Facts) -> Iterator[str]:
    """Yield what units mean to do about the indicators that are furthest behind."""
    lines = {line.indicator.code: line for line in facts.indicators}
    behind = [line for line in facts.supervision if line.kind is Duty.INDICATOR and not line.historic]
    for line in sorted(behind, key=lambda line: (line.gap or 0, line.code)):
        text, _ = told(lines[line.code].reported("next_steps"))
        if text:
            yield f"{line.name}：{marked(text, facts.data)}（{line.unit}）。"


# --- 更正内容


def _corrected(facts: Facts, corrects: Publication) -> Section:
    """Return what a correction corrects, and the gravest differences."""
    found = errata(facts)
    given_out = days_told(facts.data.clock(corrects.published_at)[:10])
    return Section(
        heading="更正内容",
        lead=(f"本稿更正{given_out}印发的{corrects.label}：{change_told(facts)}。",),
        items=tuple(map(_difference, found)),
        most=_SHOWN["errata"],
        sheet=errata_sheet.TITLE,
    )


def _difference(line: Difference) -> str:
    item = " ".join(filter(None, (line.subject.label, line.code_for_people, told(line.name, _NAME)[0])))
    return f"{item}：原为{line.was}，现为{line.now}；{line.why}。"
