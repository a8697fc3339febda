"""The sheet 提请协调: what superiors are asked to settle, highest level and oldest first."""

from collections.abc import Iterable, Sequence

from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.states import IssueState
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.sheet_spec import Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.table import CellLook, Field, RowLink, Table, source_field
from tenproj_xl.rollup.facts.asks import AskLine
from tenproj_xl.rollup.facts.editions import MEETING, MONTH
from tenproj_xl.rollup.facts.issues import NoLevel
from tenproj_xl.rollup.facts.model import Facts

TITLE = "提请协调"
_LONGEST = 100
_F = Field[AskLine]


def _table(facts: Facts) -> Table[AskLine]:
    about = "请领导决定的事项"
    if facts.data.release.edition is MONTH:
        lowest = facts.data.plan.programme.words.level(DecisionLevel.OFFICE).label
        about = f"各专班自身不能解决、需{lowest}及以上层级决定的在前"
    return Table(
        sheet=TITLE,
        note=f"{about}，按层级从高到低、提请时间从早到晚；等待天数算到{facts.data.day:%Y年%m月%d日}；"
        "层级未核定的按建议层级；已申请销号、已销号的不再列入。",
        fields=tuple(_fields(facts)),
        lines=facts.asks,
        fixed=3,
        empty="没有提请协调的事项。",
    )


def _fields(facts: Facts) -> Iterable[_F]:
    yield from _request_fields(facts)
    yield from _issue_fields(facts)


def _request_fields(facts: Facts) -> Iterable[_F]:
    """Yield what is asked, of whom, by whom and since when."""
    data = facts.data
    numbers = {ask.issue.code: n for n, ask in enumerate(facts.asks, 1)}
    yield _F(
        "number", "序", "在清单里的序号。", 5, lambda a: numbers[a.issue.code], CellLook.COUNT, unit="号"
    )
    yield _F(
        "level",
        "层级",
        "请哪一级决定：核定的层级；没有核定的是建议层级。",
        14,
        lambda a: a.issue.shown_level,
        CellLook.WORD,
        codes=(data.plan.programme.words.levels, NoLevel),
    )
    yield _F("request", "提请协调事项", "提请协调的事项。", 48, lambda a: a.issue.reported("request"))
    yield _F("task_force", "专班", "专班编号。", 5, lambda a: a.issue.task_force.code, CellLook.WORD)
    yield _F("task_force_name", "工程", "专班对应的工程名称。", 20, lambda a: a.issue.task_force.name)
    yield _F(
        "lead", "提请单位\n（牵头）", "提请的牵头单位。", 13, lambda a: data.units(a.issue.task_force.lead)
    )
    yield _F(
        "since",
        "提请日期",
        "提请的日期；改请别的事的，从改请的那一次算。",
        11,
        lambda a: a.since,
        CellLook.DAY,
    )
    yield _F(
        "waiting",
        "已等待\n（天）",
        "从提请到评价日的天数。",
        8,
        lambda a: a.waiting(data.day),
        CellLook.COUNT,
        unit="天",
    )
    yield _F("is_new", "新提请", "是不是本期新提请的：是的写“本期新提”。", 7, _newness, CellLook.WORD)
    yield _F(
        "suggested_unit",
        "建议协调单位",
        "单位建议由谁协调。",
        13,
        lambda a: a.issue.reported("suggested_unit"),
    )


def _issue_fields(facts: Facts) -> Iterable[_F]:
    """Yield the issue behind it."""
    data = facts.data
    yield _F(
        "code",
        "问题编号",
        "问题编号。",
        14,
        lambda a: a.issue.code,
        CellLook.WORD,
        link=lambda a: RowLink("issues", a.number),
    )
    yield _F(
        "description",
        "问题",
        "问题描述，过长的只列开头。",
        40,
        lambda a: _short(a, "description"),
        CellLook.LONG,
    )
    yield _F(
        "state",
        "问题状态",
        "问题办到哪一步。",
        9,
        lambda a: a.issue.state,
        CellLook.STATE,
        codes=(IssueState,),
    )
    yield _F("due_on", "问题时限", "问题的现行时限。", 11, lambda a: a.issue.due_on, CellLook.DAY)
    yield _F(
        "progress",
        "进展情况",
        "进展情况，过长的只列开头。",
        40,
        lambda a: _short(a, "progress"),
        CellLook.LONG,
    )
    yield source_field(lambda a: data.source(a.issue.row, "request"))


def _newness(line: AskLine) -> str:
    if line.is_new:
        return "本期新提"
    return ""


def _short(line: AskLine, field: str) -> str:
    """Return the beginning of one of the issue's texts; all of it stands where the code leads to."""
    return style.shortened(str(line.issue.reported(field) or ""), _LONGEST)


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (
        explained(
            "提请日期",
            "问题登记时即提请的，为问题的提出日期；以后才提请的，或答复后又提请的，为最早提请的那份填报表的收到日期。",
            "等待天数从这一天算到评价日。",
        ),
    )


SPEC = SheetSpec(
    code="asks",
    title=TITLE,
    order=100,
    tab=Tab.ACTION,
    opens=(MEETING, MONTH),
    table=_table,
    explanations=_explanations,
    chapter=Chapter.DECISIONS,
    paper=OnPaper(
        widths={
            "number": 2,
            "level": 7,
            "request": 17,
            "lead": 8,
            "since": 5,
            "waiting": 4,
            "code": 7,
            "description": 12,
            "state": 5,
            "due_on": 5,
        },
        pages=2,
    ),
)
