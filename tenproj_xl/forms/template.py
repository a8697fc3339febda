"""The template workbook: the look as first shipped, drawn from the declarations.

Gives: workbook_templates/填报表.xlsx.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from tenproj_xl.core.answers import Due
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.shares import SHARE_FORMAT
from tenproj_xl.core.sheets import CHECK, COVER
from tenproj_xl.excel.look import (
    ADVICE,
    COVER_PARTS,
    DATA_PARTS,
    INPUT,
    LABEL,
    PLACEHOLDERS,
    YEARLY,
    Part,
    template_columns,
)
from tenproj_xl.excel.style import Printing, Style, row_height, text_width
from tenproj_xl.excel.writer import SheetWriter, WorkbookWriter

GUIDE = "使用说明"
"""The sheet of a template that explains it; the forms have no such sheet."""
_CREATED = datetime(2023, 1, 1)  # noqa: DTZ001  # the same on every machine, so that the same template is the same bytes
_INK, _GREY, _LINE = "#1F2D3D", "#6B7280", "#B7BEC8"
_HEAD, _HEAD_INPUT = "#DCE6F1", "#FCE9B8"
_INPUT, _INPUT_LATER, _FORMULA = "#FFF9DF", "#FFFDF4", "#EEF3F8"
_ERROR, _WARNING = ("#FADBD8", "#C00000"), ("#FFE699", "#BF8F00")
_PLAIN = Style(size=11, colour=_INK, wrap=True)
_CELL = _PLAIN.framed(1, _LINE)
_TITLE = Style(font="黑体", size=20, colour=_INK, horizontal="center")
_ID = Style(font="宋体", size=10, colour=_GREY)
_MARK = Style(font="宋体", size=9, colour=_GREY, horizontal="center")
_NUMBER_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.SHARE: SHARE_FORMAT}
_SAMPLES: Mapping[Kind, float | date | str] = {
    Kind.NUMBER: 72.5,
    Kind.SHARE: 0.906,
    Kind.DATE: date(2026, 11, 25),
    Kind.PERIOD: "2026年三季度",
    Kind.LONG_TEXT: "示例文字，较长的内容自动换行",
}
_CENTRED = (Kind.DATE, Kind.CHOICE, Kind.PERIOD)
_CENTRED_FIELDS = (
    "code",
    "unit",
    "last_value",
    "last_period",
    "asked",
    "area",
    "state",
    CHECK,
    YEARLY,
    "target_now",
)
_HEIGHTS = {
    Part.TITLE: 36.0,
    Part.ID: 20.0,
    Part.CODES: 15.0,
    Part.HEADER: 36.0,
    Part.HEADING: 26.0,
    Part.BODY: 22.0,
    Part.ENTRY: 30.0,
}
_RUNNING = "&L&9{标识}&C&9第 &P 页 / 共 &N 页&R&9{地区}{方案}"
_CONFIDENTIAL = '&R&"黑体,Regular"&10内部资料 注意保管'
_DATA_PRINT = Printing(paper=9, margins=(0.3, 0.3, 0.6, 0.5, 0.3, 0.3), header=_CONFIDENTIAL, footer=_RUNNING)
_COVER_PRINT = replace(_DATA_PRINT, landscape=False, tall=1, margins=(0.6, 0.6, 0.7, 0.7, 0.3, 0.3))


def build_template(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the template for some sheets; the same sheets give the same bytes."""
    book = WorkbookWriter(path)
    book.file.set_properties({"title": "填报表模板", "created": _CREATED})
    _write_guide(book.sheet(GUIDE))
    _write_cover(book.sheet(COVER.name))
    for sheet in sheets:
        _write_sheet(book.sheet(sheet.name), template_columns(sheet), sheet.name)
    book.close()


def _write_sheet(page: SheetWriter, columns: Sequence[Column], name: str) -> None:
    rows = {part: n for n, part in enumerate(DATA_PARTS)}
    _write_marks(page, rows)
    page.write_across(rows[Part.TITLE], (1, len(columns)), f"{{地区}}{{方案}}{name}　{{期}}", _TITLE)
    page.write(rows[Part.ID], 1, "{标识}", _ID)
    for n, column in enumerate(columns, 1):
        page.width(n, _width(column))
        page.write(rows[Part.CODES], n, column.field, _MARK)
        page.write(rows[Part.HEADER], n, column.header, _header_style(column))
        for part in (Part.OPEN, Part.NOT_DUE, Part.ERROR, Part.WARNING):
            page.write(rows[part], n, _sample(column, part), _cell_style(column, part))
    for part in (Part.OPEN, Part.NOT_DUE, Part.ERROR, Part.WARNING):
        page.height(rows[part], 40)
    kept = next(n for n, c in enumerate(columns, 1) if c.field in ("name", "description"))
    page.sheet.freeze_panes(rows[Part.HEADER] + 1, kept + 1)
    page.sheet.set_zoom(85)
    page.sheet.hide_gridlines(2)
    page.print_as(_DATA_PRINT, _DATA_PRINT.header, _DATA_PRINT.footer)


def _write_marks(page: SheetWriter, rows: Mapping[Part, int]) -> None:
    page.width(0, 14)
    for part, row in rows.items():
        page.write(row, 0, str(part), _MARK)
        page.height(row, _HEIGHTS.get(part, 24.0), hidden=part is Part.CODES)


def _width(column: Column) -> float:
    """Return a column's width: wide enough for short samples to stand on one line."""
    sample = _sample(column, Part.OPEN)
    if column.kind is Kind.LONG_TEXT or not isinstance(sample, str):
        return column.width
    return max(column.width, text_width(sample) + 1.5)


def _header_style(column: Column) -> Style:
    head = Style(font="黑体", size=11, colour=_INK, wrap=True, horizontal="center").framed(1, _LINE)
    if column.fill.is_input:
        return head.filled(_HEAD_INPUT)
    return head.filled(_HEAD)


def _cell_style(column: Column, part: Part) -> Style:
    style = replace(_CELL, number_format=_number_format(column))
    if column.kind in _CENTRED or column.field in _CENTRED_FIELDS:
        style = replace(style, horizontal="center")
    elif column.kind in (Kind.NUMBER, Kind.SHARE):
        style = replace(style, horizontal="right")
    match part:
        case Part.ERROR:
            return replace(style.filled(_ERROR[0]).framed(2, _ERROR[1]), colour="#7B1A12")
        case Part.WARNING:
            return replace(style.filled(_WARNING[0]).framed(2, _WARNING[1]), colour="#5C4300")
    later = part is Part.NOT_DUE
    if column.fill is Fill.FORMULA:
        style = style.filled(_FORMULA)
    elif column.fill.is_input and later:
        style = style.filled(_INPUT_LATER)
    elif column.fill.is_input:
        style = style.filled(_INPUT)
    if later:
        return replace(style, colour=_GREY)
    return style


def _number_format(column: Column) -> str:
    is_text = column.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.PERIOD)
    if is_text and column.fill.is_input:
        return "@"
    return _NUMBER_FORMATS.get(column.kind, "General")


def _sample(column: Column, part: Part) -> float | date | str:
    if column.field == "asked" and part is Part.NOT_DUE:
        return Due.NOT_YET.label
    if column.field == "asked":
        return Due.ASKED.label
    if column.choices:
        return column.choice_labels[0]
    return _SAMPLES.get(column.kind, "示例文字")


_COVER_WIDTHS = {LABEL: 20.0, INPUT: 34.0, ADVICE: 44.0}


def _write_cover(page: SheetWriter) -> None:
    rows = {part: n for n, part in enumerate(COVER_PARTS)}
    _write_marks(page, rows)
    last = len(_COVER_WIDTHS)
    page.write_across(rows[Part.TITLE], (1, last), "{地区}{方案}填报表　{期}", replace(_TITLE, wrap=True))
    page.write_across(rows[Part.ID], (1, last), "{标识}", replace(_ID, horizontal="center"))
    page.write_across(rows[Part.HEADING], (1, last), "小标题", Style(font="黑体", size=12, colour=_INK))
    page.write_across(rows[Part.BODY], (1, last), "1. 正文，较长的内容自动换行。", _PLAIN)
    entry = {
        LABEL: ("填写项", replace(_CELL, indent=1).filled(_HEAD)),
        INPUT: ("由单位填写", replace(_CELL, indent=1, number_format="@").filled(_INPUT)),
        ADVICE: ("填写提示", replace(_CELL, size=10, indent=1, colour=_GREY)),
    }
    for n, (field, width) in enumerate(_COVER_WIDTHS.items(), 1):
        page.width(n, width)
        page.write(rows[Part.CODES], n, field, _MARK)
        page.write(rows[Part.ENTRY], n, *entry[field])
    page.sheet.hide_gridlines(2)
    page.print_as(_COVER_PRINT, _COVER_PRINT.header, _COVER_PRINT.footer)


_GUIDE = (
    ("这本工作簿决定填报表的样子。", ()),
    (
        "可以改",
        (
            "字体、字号、颜色、底色、边框、对齐、数字和日期格式：改各表的样式行，填报表中同类的行都照此显示。",
            "各列的宽度和先后顺序：整列剪切、插入即可；冻结到哪一列、显示比例也照此带出。",
            "标题文字：可使用" + "、".join(PLACEHOLDERS) + "，生成时换成实际内容。",
            "样式行的行高：作为填报表的最小行高，文字多时自动加高。",
            "打印设置：纸张、方向、页边距、缩放、页眉和页脚（页眉、页脚也可使用上面的占位内容）。",
        ),
    ),
    (
        "必须保留",
        (
            "各工作表的名称；A列的行标记；“字段代码”行（已隐藏）及其中的代码。移动列时代码随列一起移动。",
            "表头文字由系统统一，改了也不会带到填报表中。",
        ),
    ),
    (
        "各样式行的用途",
        (
            f"{Part.OPEN}：本期要填的行。　{Part.NOT_DUE}：本期还没有新数、可以不填的行。",
            f"{Part.ERROR}：退回更正时，填错的单元格。　{Part.WARNING}：退回更正时，需要再核对的单元格。",
            "“各年目标”一列代表每一年的目标列，生成时按工作计划的年份展开。",
        ),
    ),
    (
        "不会带出",
        (
            "图片、文本框、形状、图表、批注、条件格式、数据有效性、宏，以及另加的工作表、行和列。",
            "改完请运行 tenproj template check，系统会逐条指出不会带出的内容。",
        ),
    ),
)


def _write_guide(page: SheetWriter) -> None:
    width = 110.0
    page.width(0, 3)
    page.width(1, width)
    page.write(0, 1, "填报表模板使用说明", replace(_TITLE, horizontal=""))
    page.height(0, 40)
    row = 1
    for heading, texts in _GUIDE:
        page.write(row, 1, heading, Style(font="黑体", size=12, colour=_INK))
        page.height(row, 28)
        for n, text in enumerate(texts, 1):
            page.write(row + n, 1, f"{n}. {text}", _PLAIN)
            page.height(row + n, row_height([(text, width, _PLAIN)], 22))
        row += 1 + len(texts)
    page.sheet.hide_gridlines(2)
    page.print_as(_COVER_PRINT, "", "&C&9第 &P 页 / 共 &N 页")
