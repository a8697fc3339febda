"""The first pages of the wall: the numbers of the whole, and those of each task force."""

from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.model import Facts, Headline, Tally
from tenproj_xl.rollup.facts.returns import Timeliness
from tenproj_xl.rollup.facts.summary import changes_in_words, decisions_in_words
from tenproj_xl.rollup.wall.markup import sized, tag
from tenproj_xl.rollup.wall.parts import WallPage, fill_class, pages_of, title_of_part

_ROWS = 8
"""As many task forces stand on one page."""
_LONG_PARAGRAPH = 105, 260


@dataclass(frozen=True)
class _Count:
    """A number: the fields of a `Tally` that it adds up, its word, and the class of its fill."""

    names: tuple[str, ...]
    word: str
    fill: str = ""

    def of(self, tally: Tally) -> int:
        return sum(int(getattr(tally, name)) for name in self.names)


_INDICATORS = (
    _Count(("on_pace",), "达序时、达标", "green"),
    _Count(("slow",), "略滞后", "yellow"),
    _Count(("behind",), "滞后、未达标", "red"),
    _Count(("pending",), "待核定", "blue"),
    _Count(("missing",), "未报", "grey"),
    _Count(("unjudged",), "暂不评价"),
)
_TASKS = (
    _Count(("tasks_on_time",), "序时、完成", "green"),
    _Count(("tasks_soon",), "临近时限", "yellow"),
    _Count(("tasks_behind",), "滞后", "red"),
    _Count(("tasks_overdue",), "逾期", "deep"),
    _Count(("tasks_missing",), "未报", "grey"),
)
_ISSUES = (_Count(("issues_in_time",), "办理中"), _Count(("issues_overdue",), "逾期", "deep"))
_LATE_TASKS = _Count(("tasks_behind", "tasks_overdue"), "滞后逾期", "red")
_BOARD: Mapping[str, Sequence[_Count]] = {
    "指标": _INDICATORS,
    "任务": (_TASKS[0], _TASKS[1], _LATE_TASKS, _TASKS[4]),
    "问题": _ISSUES,
}
_SHORT: Mapping[str, str] = {
    "达序时、达标": "达序时达标",
    "滞后、未达标": "滞后未达标",
    "序时、完成": "序时完成",
    "暂不评价": "暂不评价",
}


def whole_page(facts: Facts) -> WallPage:
    """Return the page with the numbers of the whole, what has changed and what is to be decided."""
    headline = facts.headline
    rows = [
        *_row("指标", f"共{headline.indicators}项", _INDICATORS, headline),
        *_row("重点任务", f"共{headline.tasks}项", _TASKS, headline),
        *_row("在办问题", f"共{headline.issues_open}件", _ISSUES, headline),
        *_returned(headline),
    ]
    said = [("变化", changes_in_words(facts)), ("请定", decisions_in_words(facts))]
    paragraphs = [
        tag("p", f"paragraph {sized(text, *_LONG_PARAGRAPH)}", tag("b", "", f"【{word}】"), text)
        for word, text in said
    ]
    return WallPage(
        part="总览",
        title=facts.data.plan.programme.title,
        body=(tag("div", "totals", *rows), *paragraphs),
    )


def _row(name: str, of_all: str, counts: Sequence[_Count], tally: Tally) -> Iterator[Element]:
    yield tag("h2", "", name, tag("small", "", of_all))
    yield tag("div", "counts", *(_counted(count.of(tally), count.word, count.fill) for count in counts))


def _counted(number: int, word: str, fill: str) -> Element:
    if not number:
        fill = "none"
    return tag("div", f"count {fill}", tag("b", "", str(number)), tag("span", "", word))


def _returned(headline: Headline) -> Iterator[Element]:
    yield tag("h2", "", "本期报送", tag("small", "", f"应报{headline.owed}份"))
    in_time = headline.returned - headline.late
    counts = (
        _counted(in_time, "按时报送", "green"),
        _counted(headline.late, "迟报", "yellow"),
        _counted(headline.not_returned, "未报、未接收", "grey"),
    )
    yield tag("div", "counts", *counts)


# --- each task force


def board_pages(facts: Facts) -> Iterator[WallPage]:
    """Yield the pages with the numbers of each task force; the whole stands on the last."""
    parts = list(pages_of(facts.involved, _ROWS))
    for number, task_forces in enumerate(parts, 1):
        rows = [_of_task_force(facts, task_force) for task_force in task_forces]
        if number == len(parts):
            rows.append(_of_all(facts))
        table = tag("table", "board", _columns(), _head(), tag("tbody", "", *rows))
        yield WallPage(
            part="各专班",
            title=title_of_part("各专班进展", number, len(parts)),
            body=(table,),
            note=_aside(facts),
        )


def _columns() -> Element:
    columns = [tag("col", name) for name in ("c-code", "c-force", "c-lead")]
    columns += [tag("col") for counts in _BOARD.values() for _ in counts]
    return tag("colgroup", "", *columns, tag("col", "c-returned"))


def _head() -> Element:
    first = [tag("th", "", text, rowspan="2", scope="col") for text in ("专班", "工程", "牵头单位")]
    first += [tag("th", "", name, colspan=str(len(c)), scope="colgroup") for name, c in _BOARD.items()]
    first.append(tag("th", "", "本期报送", rowspan="2", scope="col"))
    second = [
        tag("th", "", _SHORT.get(count.word, count.word), scope="col")
        for counts in _BOARD.values()
        for count in counts
    ]
    return tag("thead", "", tag("tr", "", *first), tag("tr", "", *second))


def _of_task_force(facts: Facts, task_force: TaskForce) -> Element:
    tally = facts.tally(task_force.code)
    lead = facts.data.units(task_force.lead)
    cells = [
        tag("td", "middle", task_force.code),
        tag("td", sized(task_force.name, 15), task_force.name),
        tag("td", f"who {sized(lead, 6)}", lead),
        *_cells(tally),
        _how_returned(facts, task_force),
    ]
    return tag("tr", "", *cells)


def _of_all(facts: Facts) -> Element:
    headline = facts.headline
    said = f"{headline.returned}/{headline.owed}"
    cells = [tag("td", "middle", "全部专班", colspan="3"), *_cells(headline), tag("td", "number", said)]
    return tag("tr", "all", *cells)


def _cells(tally: Tally) -> Iterator[Element]:
    for counts in _BOARD.values():
        for count in counts:
            number = count.of(tally)
            fill = count.fill
            if not number:
                fill = "none"
            yield tag("td", f"number {fill}", str(number))


def _how_returned(facts: Facts, task_force: TaskForce) -> Element:
    returned = facts.returned_by(task_force.code)
    if not returned:
        return tag("td", "middle", "—")
    if len(returned) > 1:
        in_time = sum(line.state is Timeliness.ON_TIME for line in returned)
        return tag("td", "middle", f"按时{in_time}/{len(returned)}")
    state = returned[0].state
    return tag("td", f"middle {fill_class(state)} {sized(state.label, 4)}", state.label)


def _aside(facts: Facts) -> str:
    codes = "、".join(task_force.code for task_force in facts.not_involved)
    if not codes:
        return ""
    return f"{codes}专班不涉及，不列；最后一行含其指标（暂不评价）和问题。"
