"""The sheet 本期变化: what differs from the last roll-up of an earlier period."""

from collections.abc import Iterable, Mapping, Sequence

from tenproj_xl.excel import style
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.plan_identity import PlanTable
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, source_field, write_table
from tenproj_xl.rollup.facts.change_items import Change, ChangeLine
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.editions import MEETING
from tenproj_xl.rollup.facts.model import Facts

TITLE = "本期变化"
_COUNTS, _COUNTS_AT = 1, 2
_NAME, _REASON = 66, 120
"""How much of a text stands here; the whole of it stands on the sheet of its kind."""
_FILLS: Mapping[str, str] = {
    Change.WORSE: style.RED,
    Change.REOPENED: style.DEEP,
    Change.NEW: style.BLUE,
    Change.SOON: style.YELLOW,
    Change.ADJUSTED: style.YELLOW,
    Change.PLAN: style.YELLOW,
    Change.REVISED: style.YELLOW,
    Change.CLOSED: style.GREEN,
    Change.LEFT: style.BLUE,
    Change.BETTER: style.GREEN,
}
_F = Field[ChangeLine]


def _table(facts: Facts) -> Table[ChangeLine]:
    heading, empty = TITLE, ""
    if facts.data.before:
        heading, empty = f"{TITLE}（与{facts.compared_with}比较）", "与上一期比较没有变化。"
    return Table(
        sheet=TITLE,
        heading=heading,
        note="首次汇总，没有可比的上一期；自下一期起列出变化。",  # else the counts stand here
        fields=tuple(_fields(facts)),
        lines=change_lines(facts),
        fixed=4,
        empty=empty,
    )


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    table = contents[SPEC.code]
    write_table(page, table, facts.data.period.paper_label, contents.place)
    if facts.data.before:
        _write_counts(page, table)


def _write_counts(page: Page, table: Table[ChangeLine]) -> None:
    """Write how many changes of each kind there are: a formula over the rows below."""
    kinds = [line.change for line in table.lines]
    shown = [change for change in Change if change in kinds] or [Change.NEW]
    column = table.range("change")
    formulas = [f'"{change.label}"&SUMPRODUCT(({column}="{change.label}")*1)&"项"' for change in shown]
    words = [f"{change.label}{kinds.count(change)}项" for change in shown]
    look = {"font_name": style.HEAD, "font_size": 11, "font_color": style.INK}
    page.formula(_COUNTS, _COUNTS_AT, "=" + '&"　"&'.join(formulas), "　".join(words), look)


def _fields(facts: Facts) -> Iterable[_F]:
    data, links = facts.data, row_links(facts)
    yield _F(
        "change",
        "变化",
        "与上一次汇总比，是怎样的变化。",
        10,
        lambda c: c.change,
        CellLook.STATE,
        fills=_FILLS,
        codes=(Change,),
    )
    yield _F(
        "kind",
        "对象",
        "变化的是指标、任务、问题，还是计划里的专班、单位。",
        10,
        lambda c: c.kind,
        CellLook.WORD,
        codes=(Duty, PlanTable),
    )
    yield _F(
        "code",
        "编号",
        "指标、任务或问题的编号。",
        14,
        lambda c: c.code,
        CellLook.WORD,
        link=lambda c: links.get(c.code),
    )
    yield _F(
        "name", "事项", "事项的名称或描述，过长的只列开头。", 44, lambda c: style.shortened(c.name, _NAME)
    )
    yield _F("task_force", "专班", "专班编号。", 6, lambda c: c.task_force, CellLook.WORD)
    yield _F(
        "task_force_name",
        "工程",
        "专班对应的工程名称。",
        24,
        lambda c: data.task_force(c.task_force).name if c.task_force else "",
    )
    yield _F("before", "上期", "上一次汇总时怎样。", 32, lambda c: c.before)
    yield _F("after", "本期", "本期怎样。", 32, lambda c: c.after)
    yield _F(
        "step",
        "差距变动\n（占目标%）",
        "本期差距占目标的百分比减上期的，正数为赶上；增速类指标是数值之差。",
        10,
        lambda c: c.step,
        CellLook.POINTS,
        unit="%",
    )
    yield _F(
        "reason",
        "单位自述的原因、进展",
        "单位自述的原因或进展，过长的只列开头。",
        52,
        lambda c: style.shortened(c.reason, _REASON),
        CellLook.LONG,
    )
    yield source_field(lambda c: c.source)


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (
        explained("本期变化", "与上一个汇总过的期的最后一次汇总逐项比较；变化按下列各词，要注意的在前。"),
        explained(
            "新增滞后、转好",
            "评价的灯变了（绿、黄、红之间），任务、问题转为滞后、逾期或由此转回；",
            "原来没有灯的（未报、待核定等）报来即为红灯、滞后、逾期的，应报的转为未报，也是新增滞后；",
            "待核定的核定为达标是转好；目标调低了、照原来的目标没有转好的不算，列为“有更新”。",
        ),
        explained("临近时限", "时限临近，别的没有变。", fill=_FILLS[Change.SOON]),
        explained(
            "调整",
            "目标、时限或层级改了，督办事项改了时限还列着的也是；目标附批准依据。",
            fill=_FILLS[Change.ADJUSTED],
        ),
        explained(
            "计划调整", "工作计划的其他改动：改名、改编号、口径、单位、专班撤并等。", fill=_FILLS[Change.PLAN]
        ),
        explained("数据修订", "同一所属期的数改了，详见“数据修订和更正”。", fill=_FILLS[Change.REVISED]),
        explained("办结、重新挂账", "任务完成、问题销号；或完成、销号后又转回在办。"),
        explained("有更新", "有新的数、新的节点或状态，灯没有变。"),
        explained("差距变动（占目标%）", "本期差距占目标的百分比－上期的；正数为赶上，负数为落下。"),
    )


def _is_of_note(line: ChangeLine) -> bool:
    return line.change is not Change.MOVED


SPEC = SheetSpec(
    code="changes",
    title=TITLE,
    order=140,
    tab=Tab.TIME,
    opens=(MEETING,),
    table=_table,
    write=_write,
    explanations=_explanations,
    chapter=Chapter.TIME,
    paper=OnPaper(
        widths={
            "change": 5,
            "kind": 4,
            "code": 7,
            "name": 15,
            "task_force": 3,
            "before": 12,
            "after": 12,
            "reason": 14,
        },
        chosen=lambda _: _is_of_note,
        pages=2,
    ),
)
