"""The sheet 督办清单: what is about to be late, is behind or is overdue, hardest first."""

from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, source_field, write_table
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.supervision import SupervisionLine
from tenproj_xl.rollup.sheets.places import link_codes

NAME = "督办清单"
_F = Field[SupervisionLine]
_FIELDS: tuple[_F, ...] = (
    _F("level", "级别", 10, lambda s: s.level.value, CellLook.STATE),
    _F("kind", "对象", 10, lambda s: s.kind, CellLook.WORD),
    _F("code", "编号", 14, lambda s: s.code, CellLook.WORD),
    _F("name", "事项", 46, lambda s: s.name),
    _F("task_force", "专班", 6, lambda s: s.task_force.code, CellLook.WORD),
    _F("task_force_name", "工程", 28, lambda s: s.task_force.name),
    _F("unit", "责任单位", 18, lambda s: s.unit),
    _F("state", "状态", 10, lambda s: s.state, CellLook.STATE),
    _F("deadline", "时限", 12, lambda s: s.deadline, CellLook.DAY),
    _F("days", "超期\n（天）", 9, lambda s: None if s.days is None else float(s.days), CellLook.COUNT),
    _F("measured", "差多少", 20, lambda s: s.measured),
    _F("slip", "督办单", 11, lambda s: s.slip.label if s.slip else None, CellLook.WORD),
    _F("issued_on", "签发日期", 12, lambda s: s.slip.issued_on if s.slip else None, CellLook.DAY),
    _F("reply_by", "反馈时限", 12, lambda s: s.slip.reply_by if s.slip else None, CellLook.DAY),
    _F("reason", "单位自述的原因、进展", 60, lambda s: s.reason, CellLook.LONG),
    source_field(lambda s: s.source),
)


def table(facts: Facts) -> Table[SupervisionLine]:
    """The sheet's columns and lines."""
    return Table(
        NAME,
        NAME,
        "红督办：已逾期或到期未达标；黄催办：滞后；蓝提醒：临近时限。超期为负数的尚未到期。是否发出督办单由督考组选定。",
        _FIELDS,
        facts.supervision,
        fixed=4,
        empty="没有需要督办的事项。",
    )


def write(page: Page, facts: Facts) -> None:
    """Write the sheet."""
    made = table(facts)
    write_table(page, made, facts.data.period.full_name)
    link_codes(page, made, facts)
