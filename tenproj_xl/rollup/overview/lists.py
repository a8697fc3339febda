"""Page one's lists: what superiors are asked for, what turned and what lags, the core indicators."""

from collections.abc import Mapping, Sequence

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.personal_names import without_post
from tenproj_xl.core.shares import SHARE_FORMAT
from tenproj_xl.core.states import IssueState
from tenproj_xl.excel import style
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import BookContents
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.asks import AskLine, deadline_told, most_urgent, same_wording
from tenproj_xl.rollup.facts.core_figures import are_marked, core_figures
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.outlook import Expectation, ForecastLine, forecast_lines
from tenproj_xl.rollup.facts.returns import Timeliness
from tenproj_xl.rollup.facts.turned import TurnedLine
from tenproj_xl.rollup.overview.grid import (
    CENTER,
    LINE,
    LINKED,
    RIGHT,
    SECTION_HEIGHT,
    Row,
    Spans,
    first_whole,
    fitting,
    write_header,
    write_nothing,
    write_row,
    write_section,
)

NONE = "—"
_PEOPLE = 2


@dataclass(frozen=True)
class List:
    """A list of page one: its title, which tells how many lines are left out, its headers and its lines."""

    title: str
    spans: Spans
    headers: Sequence[str]
    rows: Sequence[Row]
    nothing: str

    @property
    def height(self) -> float:
        """How high it is with all of its lines."""
        lines = [row.height(self.spans) for row in self.rows] or [LINE]
        return SECTION_HEIGHT + LINE + sum(lines)


def write_list(page: Page, top: int, made: List) -> int:
    """Write a list from a row on; return the first row after it."""
    write_section(page, top, made.title)
    write_header(page, top + 1, made.spans, made.headers)
    for row, line in enumerate(made.rows, top + 2):
        write_row(page, row, made.spans, line)
    if not made.rows:
        write_nothing(page, top + 2, made.nothing)
    return top + 2 + max(1, len(made.rows))


def conveners(task_force: TaskForce) -> str:
    """Return the names of a task force's conveners, `—` where the plan names none."""
    names = "、".join(map(without_post, task_force.conveners[:_PEOPLE]))
    if len(task_force.conveners) > _PEOPLE:
        names += "等"
    return names or NONE


# --- asks

_ASK_SPANS: Spans = ((0, 0), (1, 2), (3, 6), (7, 9), (10, 11), (12, 12), (13, 15), (16, 19))
_ASK_HEADERS = (
    "序",
    "提请协调事项",
    "提请专班（召集人）",
    "提请单位",
    "层级",
    "已等",
    "问题时限",
    "办理经过",
)


def asks(facts: Facts, contents: BookContents, most: int, number: str = "一") -> List:
    """Return what superiors are asked for, the same wording once: highest level, then longest wait first."""
    groups = same_wording(facts.asks)
    shown = groups[:most]
    title = f"{number}、提请协调（{len(facts.asks)}件，按层级、等待天数）"
    left = len(facts.asks) - sum(map(len, shown))
    if left:
        title = f"{number}、提请协调（{len(facts.asks)}件，按层级、等待天数；另有{left}件见“提请协调”）"
    table = contents["asks"]
    rows = []
    for place_in_list, group in enumerate(shown, 1):
        place = table.place(facts.asks.index(group[0]))
        rows.append(Row(_ask(facts, place_in_list, group), place))
    return List(title, _ASK_SPANS, _ASK_HEADERS, rows, "没有提请协调的事项。")


def _ask(facts: Facts, number: int, group: Sequence[AskLine]) -> Sequence[tuple[str, Mapping[str, object]]]:
    data, first = facts.data, group[0]
    forces = {line.issue.task_force.code: line.issue.task_force for line in group}.values()
    named = "、".join(f"{force.code}专班（{conveners(force)}）" for force in forces)
    codes = sorted(force.code for force in forces)
    leads = list(dict.fromkeys(data.units(force.lead) for force in forces))
    level = str(label_of(first.issue.shown_level))
    if any(line.is_level_suggested for line in group):
        level += SUGGESTED
    return [
        (str(number), LINKED),
        (fitting(str(first.issue.reported("request")), _ASK_SPANS[1]), style.BOX),
        (first_whole(_ASK_SPANS[2], named, f"{'、'.join(codes)}专班", codes_in_brief(codes)), CENTER),
        (first_whole(_ASK_SPANS[3], "、".join(leads), f"{leads[0]}等{len(leads)}家"), CENTER),
        (level, CENTER),
        (_waited(facts, group), CENTER),
        (deadline_told(group, facts.data.year) or NONE, {**CENTER, **_urgent(most_urgent(group))}),
        (fitting(_course(facts, first), _ASK_SPANS[7]), style.BOX),
    ]


_NAMED, _CODES = 2, 8
"""How many task forces are named of more than a cell holds, and at most where there is room."""


def codes_in_brief(codes: Sequence[str]) -> str:
    """Return task forces by code, of many the first and how many they are: `01、02等7个专班`."""
    if len(codes) <= _NAMED:
        return f"{'、'.join(codes)}专班"
    return f"{'、'.join(codes[:_NAMED])}等{len(codes)}个专班"


SUGGESTED = "*"
"""Stands behind a level that is only the unit's suggestion."""


def _waited(facts: Facts, group: Sequence[AskLine]) -> str:
    days = [line.waiting(facts.data.day) for line in group]
    known = [day for day in days if day is not None]
    if not known:
        return NONE
    return f"{max(known)}天"


def _urgent(line: AskLine) -> Mapping[str, object]:
    if line.issue.state in (IssueState.OVERDUE, IssueState.DUE_SOON):
        return state_style(line.issue.state)
    return {}


def _course(facts: Facts, line: AskLine) -> str:
    parts = [line.issue.text("progress", "measures")]
    if line.is_new:
        parts.append("本期新提")
    if line.issue.carried:
        parts.append(_since_when(facts, line))
    return "；".join(filter(None, parts))


def _since_when(facts: Facts, line: AskLine) -> str:
    """Return why an issue stands as it was reported before: no return came, or one without a word of it."""
    force = line.issue.task_force.code
    states = [line.state for line in facts.returns if line.task_force.code == force]
    if all(state is Timeliness.NOT_RETURNED for state in states):
        return "本期未报"
    return f"沿用{line.issue.carried}"


# --- what turned, what lags

_TURNED_SPANS: Spans = ((0, 0), (1, 2), (3, 3), (4, 6), (7, 13), (14, 19))
_TURNED_HEADERS = ("变化", "事项", "责任单位", "召集人", "差距", "单位自述的原因、下一步")


def turned(
    facts: Facts, contents: BookContents, lines: Sequence[TurnedLine], most: int, number: str = "二"
) -> List:
    """Return what turned for the worse, then what lags most, at most so many of its lines."""
    shown = lines[:most]
    order = "先新增的，再按差距占目标的比重、超期天数交替排列"
    title = f"{number}、新增滞后和主要差距（{order}）"
    if len(lines) > len(shown):
        order += f"；共{len(lines)}项，其余见“本期变化”“督办清单”"
        title = f"{number}、新增滞后和主要差距（{order}）"
    links = row_links(facts)
    rows = [Row(_turned(line), contents.place(links[line.code])) for line in shown]
    return List(title, _TURNED_SPANS, _TURNED_HEADERS, rows, _nothing_turned(facts))


def _nothing_turned(facts: Facts) -> str:
    """Return that nothing lags; what is long past is no news, and stays in sight."""
    if facts.headline.historic:
        return f"没有新近滞后、逾期或未达标的事项；历史未办结{facts.headline.historic}项，见“督办清单”。"
    return "没有滞后、逾期或未达标的事项。"


def _turned(line: TurnedLine) -> Sequence[tuple[str, Mapping[str, object]]]:
    look = dict(style.BOX)
    if not line.reason:
        look["font_color"] = style.MUTED
    return [
        (line.word, {**CENTER, "bold": True, **state_style(line.state)}),
        (fitting(f"{line.code} {line.name}", _TURNED_SPANS[1]), style.BOX),
        (fitting(line.unit, _TURNED_SPANS[2]), CENTER),
        (fitting(conveners(line.task_force), _TURNED_SPANS[3]), CENTER),
        (fitting(line.gap, _TURNED_SPANS[4]), style.BOX),
        (fitting(line.told_reason, _TURNED_SPANS[5]), look),
    ]


# --- core indicators

_CORE_SPANS: Spans = (
    (0, 0),
    (1, 2),
    (3, 3),
    (4, 5),
    (6, 8),
    (9, 10),
    (11, 12),
    (13, 15),
    (16, 16),
    (17, 18),
    (19, 19),
)
SHARE = 5
"""Which of the columns has the share of the target, with a bar."""
_SHARE_LOOK: Mapping[str, object] = {**RIGHT, "num_format": SHARE_FORMAT}


def core(facts: Facts, contents: BookContents, most: int, number: str = "三") -> List:
    """Return the core indicators, at most so many, in the plan's order."""
    lines = core_figures(facts)
    order = {line.indicator.code: n for n, line in enumerate(facts.indicators)}
    shown = sorted(lines[:most], key=lambda line: order[line.indicator.code])
    how = "工作计划里标“核心”的"
    if not are_marked(facts):
        how = f"各专班依次列一项，可在工作计划“核心”列指定{_forces_left_out(facts, shown)}"
    if are_marked(facts) and len(lines) > len(shown):
        how += f"，共{len(lines)}项，列{len(shown)}项，未达标、滞后、预计完不成的优先"
    headers = (
        "专班",
        "指标（单位）",
        "最新数值",
        "数据所属期",
        "目标",
        "完成率",
        "比序时",
        "预计全年",
        _rank_header(facts),
        "评价",
        "责任单位",
    )
    expected = {line.line.indicator.code: line for line in forecast_lines(facts.data, facts.indicators)}
    table = contents["indicators"]
    rows = [
        Row(_core(facts, line, expected.get(line.indicator.code)), table.place(order[line.indicator.code]))
        for line in shown
    ]
    return List(f"{number}、核心指标（{how}）", _CORE_SPANS, headers, rows, "没有有数的指标。")


def _forces_left_out(facts: Facts, shown: Sequence[IndicatorLine]) -> str:
    """Return which task forces have indicators, but none among those shown: `；09、10专班未列`."""
    listed = {line.task_force.code for line in shown}
    having = {line.task_force.code for line in facts.indicators}
    left_out = [force.code for force in facts.involved if force.code in having - listed]
    if not left_out:
        return ""
    told = f"{'、'.join(left_out)}专班"
    if len(left_out) > _CODES:
        told = codes_in_brief(left_out)
    return f"；{told}未列，见“主要指标”"


def _rank_header(facts: Facts) -> str:
    """Return the header of the ranks in the city, short enough for its column."""
    return facts.data.plan.programme.words.rank.removeprefix("全市") or "排名"


def _core(
    facts: Facts, line: IndicatorLine, forecast: ForecastLine | None
) -> Sequence[tuple[Value, Mapping[str, object]]]:
    indicator = line.indicator
    in_brackets = "，".join(filter(None, (indicator.unit, line.mark)))
    return [
        (line.task_force.code, LINKED),
        (fitting(f"{indicator.name}（{in_brackets}）", _CORE_SPANS[1]), style.BOX),
        (line.value, RIGHT),
        (_data_period(facts, line), CENTER),
        (_target(line), CENTER),
        (_share(line), _SHARE_LOOK),
        (_ahead(line), RIGHT),
        (_forecast(forecast), CENTER),
        (line.place, CENTER),
        (line.state, {**CENTER, **state_style(line.state)}),
        (fitting(facts.data.units(indicator.reporting_unit), _CORE_SPANS[10]), CENTER),
    ]


def _data_period(facts: Facts, line: IndicatorLine) -> str:
    """Return a figure's data period, without the year that the paper is about: `10月`, `2025年`."""
    if line.data_period is None:
        return NONE
    year = f"{facts.data.year}年"
    return line.data_period.removeprefix(year) or year


def _target(line: IndicatorLine) -> str:
    if line.yardstick is None or line.yardstick.target is None:
        return NONE
    target = line.yardstick.target
    return f"{target.spoken}（{target.period.dated_label.removesuffix('年')}）"


def _share(line: IndicatorLine) -> float | None:
    """Return what a figure is of the target beside it, which may be that of a part of the year."""
    if line.yardstick is None:
        return None
    return line.yardstick.share_of_target(line.value)


def _ahead(line: IndicatorLine) -> str:
    """Return by how much a figure is ahead: `＋1.03`, `－280`, `0`, and 持平 where it has to be beyond."""
    if line.ahead is None:
        return NONE
    if not line.ahead:
        return "持平" if line.yardstick is not None and line.yardstick.strict else "0"
    if line.ahead < 0:
        return f"－{-line.ahead:.10g}"
    return f"＋{line.ahead:.10g}"


_CAN: Mapping[Expectation, str] = {Expectation.MET: "能完成", Expectation.MISSED: "完不成"}


def _forecast(line: ForecastLine | None) -> str:
    if line is None or line.forecast is None or line.is_outdated:
        return NONE
    return f"{line.forecast:.10g} {_CAN.get(line.judgement, '')}".strip()
