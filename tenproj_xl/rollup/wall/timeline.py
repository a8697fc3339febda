"""Pages of the wall for each task force: tasks and indicators as bars over the years, with their marks."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from xml.etree.ElementTree import Element

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.excel.style import GREY, STRONG
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.task_forces import conveners_of
from tenproj_xl.rollup.facts.timeline import Bar, Sign, TimelineMark, Undated, bars, undated
from tenproj_xl.rollup.sheets.timeline import SIGNS
from tenproj_xl.rollup.wall.markup import sized, tag
from tenproj_xl.rollup.wall.parts import WallPage, chip, pages_of, title_of_part
from tenproj_xl.rollup.wall.svg import box, drawing, words

_ROWS = 7
_WIDTH, _HEIGHT, _HEAD = 1750.0, 300.0, 175.0
"""Of a drawing, in hundredths of a rem."""
_TODAY, _REST, _UNTOLD = "#c00000", "#cfdcec", "#ececec"
_INK, _BAD = "#1a1a1a", "#a00000"
_BAR_TOP, _BAR_HEIGHT, _MARK = 98.0, 104.0, 135.0
_BAD_SIGNS = (Sign.OVERDUE, Sign.MISSED)
_UNDATED = {Duty.TASK: "没有时限的任务", Duty.INDICATOR: "没有目标日期的指标"}
_MOST = 32
"""As many characters are shown of what a mark is about."""
_NAMED, _LONG = 3, 150
"""How many names of undated items are told, and how long their text is at full size."""
_QUIET = ("done", "on_time", "on_pace", "met", "reference", "not_yet")
"""The codes of states of which the number is told and no names."""


@dataclass(frozen=True)
class _Scale:
    """The years of the programme over the width of a drawing, and the day of the period."""

    first: date
    last: date
    day: date

    def at(self, day: date) -> float:
        """Return where a day stands."""
        whole = (self.last - self.first).days + 1
        share = ((day - self.first).days + 0.5) / whole
        return _WIDTH * min(1.0, max(0.0, share))


def task_force_pages(facts: Facts) -> Iterator[WallPage]:
    """Yield the pages of each task force that is involved, in the order of the plan."""
    years = facts.data.plan.programme.years
    scale = _Scale(date(years[0], 1, 1), date(years[-1], 12, 31), facts.data.day)
    lines = bars(facts.data, facts.indicators, facts.tasks)
    apart = undated(facts.data, facts.indicators, facts.tasks)
    for task_force in facts.involved:
        own = [bar for bar in lines if bar.task_force.code == task_force.code]
        without = [group for group in apart if group.task_force.code == task_force.code]
        yield from _pages(facts, task_force, own, without, scale)


def _pages(
    facts: Facts, task_force: TaskForce, lines: Sequence[Bar], apart: Sequence[Undated], scale: _Scale
) -> Iterator[WallPage]:
    parts = list(pages_of(lines, _ROWS)) or [()]
    for number, some in enumerate(parts, 1):
        body = [_axis(scale), *(_line(bar, scale) for bar in some)]
        if not some:
            body = [tag("p", "paragraph", "方案中没有定了时限的任务和指标。")]
        if number == len(parts) and apart:
            body.append(_apart(apart))
        yield WallPage(
            part=task_force.code,
            title=title_of_part(f"{task_force.code}　{task_force.name}", number, len(parts)),
            under=_under(facts, task_force),
            body=tuple(body),
            note=_legend(scale.day),
        )


def _under(facts: Facts, task_force: TaskForce) -> tuple[Element | str, ...]:
    """Return who directs a task force, and its numbers."""
    tally = facts.tally(task_force.code)
    said: list[Element | str] = []
    if task_force.conveners:
        said += ["召集人 ", tag("b", "", conveners_of(task_force)), "　"]
    said += ["牵头 ", tag("b", "", facts.data.units(task_force.lead)), "　"]
    late = tally.tasks_behind + tally.tasks_overdue
    said.append(
        f"指标{tally.indicators}项：达序时、达标{tally.on_pace}，略滞后{tally.slow}，滞后、未达标{tally.behind}；"
        f"任务{tally.tasks}项：滞后、逾期{late}；问题{tally.issues_open}件"
    )
    return tuple(said)


def _legend(day: date) -> str:
    signs = "　".join(f"{character}{sign.label}" for sign, character in SIGNS.items())
    return (
        f"红线：{day:%Y年%m月%d日}（本期最后一天）　{signs}　"
        "横条为当月最后一次汇总的评价：深灰未评价，浅灰没有汇总，浅蓝未到"
    )


# --- lines


def _axis(scale: _Scale) -> Element:
    made = drawing(_WIDTH, _HEAD)
    for year in range(scale.first.year, scale.last.year + 1):
        left, right = scale.at(date(year, 1, 1)), scale.at(date(year, 12, 31))
        made.append(box(left, left + 4, 0, _HEAD, "#8ea9c1"))
        made.append(words(f"{year}年", (left + right) / 2, 125, 88, fill="#1f3864"))
    today = scale.at(scale.day)
    made.append(box(today - 6, today + 6, 140, _HEAD - 140, _TODAY))
    heads = [tag("div", "", text) for text in ("事项", "评价", "进度", "节点和目标")]
    return tag("div", "axis", *heads, made)


def _line(bar: Bar, scale: _Scale) -> Element:
    name = tag(
        "div",
        "name",
        tag("small", "", f"{bar.code}　{bar.unit}"),
        tag("span", sized(bar.name, 32, 60), bar.name),
    )
    word = tag("div", "", chip(bar.state.label, bar.state))
    progress = tag("div", "progress", bar.progress.replace("（未公布）", "（未公布，内部掌握）"))
    return tag("div", "line", name, word, progress, _pressing(bar), _track(bar, scale))


def _pressing(bar: Bar) -> Element:
    """Return the mark that matters most in words: what is missed or late, else what comes, else the last."""
    by_sign = {mark.sign: mark for mark in reversed(bar.marks)}
    worst = [mark for mark in bar.marks if mark.sign in _BAD_SIGNS]
    mark = bar.marks[-1]
    if worst:
        mark = worst[-1]
    elif Sign.AHEAD in by_sign:
        mark = by_sign[Sign.AHEAD]
    when = f"{mark.day:%Y-%m-%d}"
    if mark.period is not None:
        when = mark.period.dated_label
    text = f"{SIGNS[mark.sign]}{when}　{_named(mark)}"
    if len(text) > _MOST:
        text = f"{text[:_MOST]}…"
    classes = "bad" if mark.sign in _BAD_SIGNS else ""
    return tag("div", f"next {sized(text, 22)}", tag("span", classes, text))


def _named(mark: TimelineMark) -> str:
    if mark.sign in _BAD_SIGNS:
        return f"{mark.sign.label}：{mark.name}"
    return mark.name


def _track(bar: Bar, scale: _Scale) -> Element:
    made = drawing(_WIDTH, _HEIGHT, "；".join(_spoken(mark) for mark in bar.marks))
    for year in range(scale.first.year, scale.last.year + 1):
        left = scale.at(date(year, 1, 1))
        made.append(box(left, left + 3, 0, _HEIGHT, "#c9c9c9"))
    for fill, months in groupby(_months(bar, scale), key=lambda month: _fill(bar, month, scale.day)):
        covered = list(months)
        left, right = scale.at(covered[0][0]), scale.at(covered[-1][1])
        made.append(box(left, right, _BAR_TOP, _BAR_HEIGHT, fill))
    today = scale.at(scale.day)
    made.append(box(today - 6, today + 6, 0, _HEIGHT, _TODAY))
    for mark in bar.marks:
        fill = _INK
        if mark.sign in _BAD_SIGNS:
            fill = _BAD
        x = min(_WIDTH - _MARK / 2, max(_MARK / 2, scale.at(mark.day)))
        sign = words(SIGNS[mark.sign], x, _BAR_TOP + _BAR_HEIGHT - 4, _MARK, fill=fill)
        sign.set("stroke", "#ffffff")
        sign.set("stroke-width", "14")
        sign.set("paint-order", "stroke")
        made.append(sign)
    return made


def _spoken(mark: TimelineMark) -> str:
    return f"{mark.day:%Y年%m月%d日}{mark.name}{mark.sign.label}"


def _months(bar: Bar, scale: _Scale) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each month that the bar covers."""
    for year in range(scale.first.year, scale.last.year + 1):
        for month in range(1, 13):
            first = date(year, month, 1)
            last = date(year, month, monthrange(year, month)[1])
            if bar.covers(first, last):
                yield first, last


def _fill(bar: Bar, month: tuple[date, date], day: date) -> str:
    first, last = month
    if first > day:
        return _REST
    state = bar.state_in(first, last, day)
    if state is None:
        return _UNTOLD
    fill = str(state_style(state).get("bg_color", GREY))
    return STRONG[fill]


# --- what has no bar


def _apart(groups: Sequence[Undated]) -> Element:
    """Return in words what has no date in the plan: the numbers of each state, and who is behind by name."""
    parts = []
    for kind, title in _UNDATED.items():
        of_kind = [group for group in groups if group.kind is kind]
        if of_kind:
            told = "，".join(_told(group) for group in of_kind)
            parts.append(f"{title}{sum(len(group.items) for group in of_kind)}项：{told}。")
    text = "".join(parts)
    return tag("p", f"undated {sized(text, _LONG)}", text)


def _told(group: Undated) -> str:
    said = f"{group.state.label}{len(group.items)}"
    if group.state in _QUIET:
        return said
    names = "、".join(name for _, name in group.items[:_NAMED])
    more = "等" if len(group.items) > _NAMED else ""
    return f"{said}（{names}{more}）"
