"""The sheet 督办清单: what is about to be late, is behind or is overdue, hardest first."""

from collections.abc import Iterable

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.excel import style
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.slips import Level, Slip, Stage
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import CellLook, Field, Holds, Table, source_field, write_table
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.supervision import SupervisionLine

TITLE = "督办清单"
EXITS = "本期经决定退出的事项"
_F = Field[SupervisionLine]


def _table(facts: Facts) -> Table[SupervisionLine]:
    return Table(
        sheet=TITLE,
        note="红督办：已逾期或到期未达标；黄催办：滞后；蓝提醒：临近时限。超期为负数的尚未到期；早已过了时限的（历史未办结）排在最后，不因跨年撤下，只凭办结、并入、调整、核销的决定退出。是否发出督办单由督考组选定。",
        fields=tuple(_fields(facts)),
        lines=facts.supervision,
        fixed=4,
        empty="没有需要督办的事项。",
    )


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    table = contents[SPEC.code]
    write_table(page, table, facts.data.period.paper_label, contents.place)
    if facts.exits:
        _write_exits(page, facts, table)


def _write_exits(page: Page, facts: Facts, table: Table[SupervisionLine]) -> None:
    """Write under the list what left it by a decision since the last roll-up, and what came back."""
    row = table.last + 2
    page.write(row, 0, EXITS, style.SECTION)
    last = table.column("reason")
    for line in facts.exits:
        row += 1
        verdict = line.decision.verdict
        force = facts.data.task_force(line.task_force)
        values = (verdict, line.kind, line.code, line.name, force.code, force.name, line.unit)
        for column, value in enumerate(values):
            page.write(row, column, value, style.BOX)
        said = line.decision.spoken
        page.merge(row, (len(values), last), style.BOX)
        page.write(row, len(values), said, style.BOX)
        width = sum(field.width for field in table.fields[len(values) : last + 1])
        height = max(style.text_height(said, width), style.text_height(line.name, table.fields[3].width))
        page.sheet.set_row(row, height)
    page.sheet.print_area(0, 0, row, last)


def _fields(facts: Facts) -> Iterable[_F]:
    yield from _item_fields(facts)
    yield from _standing_fields(facts)


def _item_fields(facts: Facts) -> Iterable[_F]:
    """Yield what is behind, and whose it is."""
    links = row_links(facts)
    yield _F("level", "级别", "督办的级别。", 10, lambda s: s.level, CellLook.STATE, codes=(Level,))
    yield _F(
        "kind", "对象", "督办的是指标、任务还是问题。", 10, lambda s: s.kind, CellLook.WORD, codes=(Duty,)
    )
    yield _F(
        "code",
        "编号",
        "指标、任务或问题的编号。",
        14,
        lambda s: s.code,
        CellLook.WORD,
        link=lambda s: links.get(s.code),
    )
    yield _F("name", "事项", "指标、任务的名称，或问题的描述。", 46, lambda s: s.name)
    yield _F("task_force", "专班", "专班编号。", 6, lambda s: s.task_force.code, CellLook.WORD)
    yield _F("task_force_name", "工程", "专班对应的工程名称。", 28, lambda s: s.task_force.name)
    yield _F("unit", "责任单位", "负责的单位。", 18, lambda s: s.unit)


def _replied(slip: Slip | None, data: RollupInput) -> str | None:
    """Return whether a slip was answered, and for how many days it should have been; None without one."""
    if slip is None:
        return None
    parts = [reply.spoken for reply in data.register.replies_to(slip)]
    if not data.register.is_answered(slip):
        late, days = data.register.late_ones(slip), (data.slips_day - slip.reply_by).days
        parts.append(f"{late}逾期{days}天未反馈" if days > 0 else f"待{late}反馈")
    return "；".join(parts)


def _standing_fields(facts: Facts) -> Iterable[_F]:
    """Yield how far it is behind, and what was sent."""
    yield _F(
        "state",
        "状态",
        "事项的评价。",
        10,
        lambda s: s.state,
        CellLook.STATE,
        codes=(State, TaskState, IssueState),
    )
    yield _F("deadline", "时限", "事项的时限，调整过的是调整后的。", 12, lambda s: s.deadline, CellLook.DAY)
    yield _F(
        "original", "原定时限", "经决定调整过时限的，原来的时限。", 12, lambda s: s.original, CellLook.DAY
    )
    yield _F(
        "days",
        "超期\n（天）",
        "评价日超过时限的天数，负数为还没有到期。",
        9,
        lambda s: s.days,
        CellLook.COUNT,
        unit="天",
    )
    yield _F(
        "historic",
        "历史\n未办结",
        "是否早已过了时限（超过“设置”里的历史未办结天数）：首页只计数。",
        7,
        lambda s: YesNo.of_fact(s.historic),
        CellLook.WORD,
        holds=Holds.TRUTH,
    )
    yield _F("measured", "差多少", "差多少，用文字说。", 20, lambda s: s.told)
    yield _F(
        "slip",
        "督办单",
        "最近一份督办单的编号，已办结的除外。",
        11,
        lambda s: s.slip.label if s.slip else None,
        CellLook.WORD,
    )
    yield _F(
        "stage",
        "督办\n方式",
        "督办单是提醒、催办、督办、再次督办还是通报。",
        9,
        lambda s: s.slip.issued_as if s.slip else None,
        CellLook.WORD,
        codes=(Stage,),
    )
    yield _F(
        "issued_on",
        "签发日期",
        "督办单签发的日期。",
        12,
        lambda s: s.slip.issued_on if s.slip else None,
        CellLook.DAY,
    )
    yield _F(
        "reply_by",
        "反馈时限",
        "督办单要求反馈的日期。",
        12,
        lambda s: s.slip.reply_by if s.slip else None,
        CellLook.DAY,
    )
    yield _F(
        "replied", "督办单反馈", "单位反馈了没有，逾期几天。", 24, lambda s: _replied(s.slip, facts.data)
    )
    yield _F(
        "reason", "单位自述的原因、进展", "单位自述的原因或进展。", 60, lambda s: s.reason, CellLook.LONG
    )
    yield source_field(lambda s: s.source)


SPEC = SheetSpec(
    code="supervision",
    title=TITLE,
    order=90,
    tab=Tab.ACTION,
    table=_table,
    write=_write,
    pointer="全部督办事项见“督办清单”",
    paper=OnPaper(
        widths={
            "level": 4,
            "code": 7,
            "name": 14,
            "task_force": 2,
            "unit": 7,
            "state": 5,
            "deadline": 5,
            "days": 4,
            "measured": 7,
            "reason": 17,
        },
        pages=3,
    ),
)
