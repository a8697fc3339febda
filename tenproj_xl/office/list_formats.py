"""上报格式.xlsx: the workbook in which the office says how a superior's platform takes the lists.

Reads: the workbook. Gives: the columns of each list in the order of the rows, or findings. The sheet 可用字段
names what there is to choose from; it is written for people, and never read.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.findings import Finding, finding, in_order
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.reading.records import Record, read_records
from tenproj_xl.rollup.platform_lists import ListColumn, Lists, PlatformList

FORMAT_SHEET = Sheet(
    "formats",
    "上报格式",
    (
        Column("list", "清单", Fill.OFFICE, Kind.CHOICE, width=12, choices=tuple(PlatformList)),
        Column("field", "字段", Fill.OFFICE, width=22, advice="填写“可用字段”列出的字段或代码"),
        Column("header", "表头", Fill.OFFICE, width=26),
    ),
)
FIELD_SHEET = Sheet(
    "fields",
    "可用字段",
    (
        Column("list", "清单", Fill.OFFICE, width=12),
        Column("field", "字段", Fill.OFFICE, width=22),
        Column("code", "代码", Fill.OFFICE, width=20),
        Column("unit", "单位", Fill.OFFICE, width=14),
        Column("meaning", "含义", Fill.OFFICE, Kind.LONG_TEXT, width=60),
    ),
)
_NOTES = {
    FORMAT_SHEET.code: (
        "tenproj export 按本表做四张清单，各成一个文件：一行一列，上下顺序就是各列的先后；"
        "表头空着的，用字段的名称。"
        "按上级平台的要求增删、调整各行；不上报的清单，删去它的各行。"
    ),
    FIELD_SHEET.code: "“上报格式”里可以填的字段，供查阅，改动不起作用。名称带“代码”的是程序之间用的代码。",
}
_DEFAULTS: Mapping[PlatformList, Sequence[str]] = {
    PlatformList.TARGETS: (
        *("task_force", "task_force_name", "conveners", "code", "name", "unit", "target_now", "value"),
        *("data_period", "nature", "obs_status", "conf_status", "share", "pace", "state", "lag_reason"),
        *("next_steps", "reporting_unit", "responsible"),
    ),
    PlatformList.TASKS: (
        *("task_force", "task_force_name", "code", "name", "annual_goal", "milestone", "due_on", "status"),
        *("state", "progress", "problems", "next_steps", "lead_unit", "responsible", "person", "final_due"),
    ),
    PlatformList.DUTIES: (
        *("unit", "kind", "code", "name", "state", "deadline", "measured", "task_force", "task_force_name"),
        "conveners",
    ),
    PlatformList.ISSUES: (
        *("task_force", "task_force_name", "code", "description", "category", "raised_on", "due_on"),
        *("due_now", "state", "level", "request", "unit", "person", "measures", "progress", "signed_on"),
    ),
}
"""What the lists of a fresh workspace have."""

Formats = Mapping[PlatformList, Sequence[ListColumn]]


def default_formats(lists: Lists) -> Formats:
    """Return the columns of a fresh workspace, under the names of the fields."""
    return {
        kind: tuple(ListColumn(code, lists.fields[kind][code].name) for code in codes)
        for kind, codes in _DEFAULTS.items()
    }


def write_formats(path: Path, lists: Lists) -> None:
    """Write the workbook of a fresh workspace."""
    rows: dict[str, list[Sequence[object]]] = {}
    for sheet in (FORMAT_SHEET, FIELD_SHEET):
        rows[sheet.name] = [[column.header for column in sheet.columns]]
    for kind, columns in default_formats(lists).items():
        rows[FORMAT_SHEET.name] += [(kind.label, column.header, column.header) for column in columns]
    for kind, fields in lists.fields.items():
        for field in fields.values():
            line = (kind.label, field.name, field.code, field.column.unit, field.column.meaning)
            rows[FIELD_SHEET.name].append(line)
    write_workbook(path, (FORMAT_SHEET, FIELD_SHEET), rows, _NOTES)


def read_formats(sheets: Mapping[str, Rows], file: str, lists: Lists) -> tuple[Formats, list[Finding]]:
    """Return the columns of each list that the workbook has rows of, and what is wrong with it.

    Args:
        sheets: The rows of the workbook by sheet.
        file: Its name.
        lists: What there is to choose from.
    """
    required = {FORMAT_SHEET.code: ("list", "field")}
    records, findings = read_records(sheets, (FORMAT_SHEET,), file, required)
    chosen: dict[PlatformList, list[ListColumn]] = {}
    for record in (records or {}).get(FORMAT_SHEET.code, ()):
        kind = PlatformList.of(record.cells["list"])
        if kind is None or not record.text("field"):
            continue  # which the required cells have reported
        column = _column(record, kind, lists, findings)
        columns = chosen.setdefault(kind, [])
        if column is None:
            continue
        if column.header in [other.header for other in columns]:
            place = record.place("header")
            findings.append(finding(Code.LIST_HEADER_TWICE, place, column.header, expected=kind.label))
        columns.append(column)
    return chosen, in_order(findings)


def _column(record: Record, kind: PlatformList, lists: Lists, findings: list[Finding]) -> ListColumn | None:
    """Return the column that a row asks for; None, with a finding, where there is no such field."""
    typed = record.text("field")
    field = lists.field(kind, typed)
    if field is None:
        names = [known.name for known in lists.fields[kind].values()]
        near = "".join(f"，是不是“{name}”" for name in get_close_matches(typed, names, 1))
        place = record.place("field")
        findings.append(finding(Code.LIST_FIELD_UNKNOWN, place, typed, expected=kind.label, near=near))
        return None
    return ListColumn(field.code, record.text("header") or field.name)
