import errno
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.colors import Color

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.sheets import CHECK, KEY, KEY2, TEMPLATE_SHEETS
from tenproj_xl.excel.look import Look, Part
from tenproj_xl.excel.look_reader import columns_by_field, read_look, rows_by_part
from tenproj_xl.forms.layout import Grid
from tenproj_xl.forms.template import build_template  # loads XlsxWriter
from tenproj_xl.forms.template_check import check_template
from tenproj_xl.forms.write import write_form  # loads XlsxWriter
from tests.helpers.small_plan import small_form

SHIPPED = Path(__file__).parents[2] / "workbook_templates" / "填报表.xlsx"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "填报表.xlsx"
    build_template(path, TEMPLATE_SHEETS)
    return path


def opened(path: Path) -> Any:
    return load_workbook(path)


def cell(page: Any, part: Part, field: str) -> Any:
    rows = rows_by_part(page)
    return page.cell(rows[part], dict(columns_by_field(page, rows[Part.CODES]))[field])


def restyled(path: Path, change: Any) -> Look:
    book = opened(path)
    change(book)
    book.save(path)
    return read_look(path)


def test_the_shipped_template_is_what_the_declarations_give(template: Path) -> None:
    def parts(path: Path) -> dict[str, bytes]:
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert parts(SHIPPED) == parts(template)


def test_the_shipped_template_has_nothing_to_complain_of(template: Path) -> None:
    assert check_template(template, TEMPLATE_SHEETS) == []


def test_fonts_fills_borders_and_formats_carry_over(template: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["主要指标进度表"]
        value = cell(page, Part.OPEN, "value")
        value.font = Font(name="仿宋", sz=13, b=True, i=True, u="double", color="FF112233")
        value.fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.6))
        value.border = Border(left=Side("medium", color="FFAA0000"), bottom=Side("double"))
        value.alignment = Alignment(horizontal="left", vertical="top", indent=2, wrap_text=False)
        value.number_format = "0.00"
        cell(page, Part.OPEN, "code").fill = PatternFill("solid", fgColor=Color(indexed=44))
        page.column_dimensions[value.column_letter].width = 20.7109375
        page.row_dimensions[value.row].height = 60

    look = restyled(template, change)
    style = look.sheets["indicators"].style(Part.OPEN, "value")
    assert (style.font, style.size, style.bold, style.italic, style.underline) == ("仿宋", 13, True, True, 2)
    assert (style.colour, style.fill) == ("#112233", "#B9CDE5")
    assert (style.borders[0], style.borders[3]) == ((2, "#AA0000"), (6, ""))
    assert (style.horizontal, style.vertical, style.indent, style.wrap) == ("left", "top", 2, False)
    assert style.number_format == "0.00"
    assert look.sheets["indicators"].style(Part.OPEN, "code").fill == "#99CCFF"
    form = small_form()
    write_form(tmp_path / "form.xlsx", form, look)
    page = opened(tmp_path / "form.xlsx")["主要指标进度表"]
    grid = Grid(form.sheets[0], look.sheets["indicators"])
    written = page[grid.address(form.sheets[0].rows[0].token, "value")]
    assert (written.font.name, written.font.sz, written.font.b) == ("仿宋", 13, True)
    assert written.fill.fgColor.rgb == "FFB9CDE5"
    assert (written.border.left.style, written.alignment.indent, written.number_format) == (
        "medium",
        2,
        "0.00",
    )
    assert page.column_dimensions[written.column_letter].width == 20.7109375
    assert page.row_dimensions[5].height == 60


def test_the_order_of_columns_carries_over_and_the_tokens_keep_their_places(
    template: Path, tmp_path: Path
) -> None:
    def change(book: Any) -> None:
        page = book["重点任务进度表"]
        move_after(page, "responsible_units", "name")

    look = restyled(template, change)
    form = small_form()
    write_form(tmp_path / "form.xlsx", form, look)
    page = opened(tmp_path / "form.xlsx")["重点任务进度表"]
    codes = [c.value for c in page[3]]
    assert codes[:6] == [KEY, "code", CHECK, "name", "responsible_units", "milestone"]
    assert codes.index(KEY2) + 1 == codes.index("invest_plan")
    assert [page.cell(4, 5).value, page.cell(5, 5).value] == ["责任单位", "区住建局"]


def move_after(page: Any, moved: str, anchor: str) -> None:
    """Cut a column and insert it after another, values and styles, as one does in Excel."""
    columns = [n for _, n in columns_by_field(page, rows_by_part(page)[Part.CODES])]
    fields = [f for f, _ in columns_by_field(page, rows_by_part(page)[Part.CODES])]
    order = [f for f in fields if f != moved]
    order.insert(order.index(anchor) + 1, moved)
    for row in range(rows_by_part(page)[Part.CODES], page.max_row + 1):
        cells = {f: page.cell(row, n) for f, n in zip(fields, columns, strict=True)}
        kept = {f: (c.value, c._style) for f, c in cells.items()}
        for field, n in zip(order, columns, strict=True):
            page.cell(row, n).value, page.cell(row, n)._style = kept[field]


def test_titles_print_setup_and_view_carry_over(template: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["问题销号进度表"]
        page.cell(1, 2).value = "{地区}问题清单（{专班}）"
        page.page_setup.paperSize, page.page_setup.orientation = 9, "portrait"
        page.page_margins.left = 1.0
        page.oddFooter.center.text = "{地区} 第 &P 页"
        page.sheet_view.zoomScale = 70
        page.freeze_panes = "B5"
        page.sheet_properties.tabColor = "FF00B050"

    look = restyled(template, change)
    write_form(tmp_path / "form.xlsx", small_form(), look)
    page = opened(tmp_path / "form.xlsx")["问题销号进度表"]
    assert page["B1"].value == "示范区问题清单（01 扩大有效投资“千项万亿”工程）"
    assert (page.page_setup.paperSize, page.page_setup.orientation, page.page_margins.left) == (
        9,
        "portrait",
        1.0,
    )
    assert str(page.oddFooter.center.text).strip() == "示范区 第 &P 页"
    assert (page.sheet_view.zoomScale, page.freeze_panes) == (70, "A5")
    assert page.sheet_properties.tabColor.rgb == "FF00B050"


def test_a_column_of_the_offices_own_changes_neither_title_nor_what_stays_in_view(template: Path) -> None:
    def change(book: Any) -> None:
        page = book["重点任务进度表"]
        for merged in list(page.merged_cells.ranges):
            page.merged_cells.remove(merged)
        page.insert_cols(2)
        cell(page, Part.CODES, "code").offset(column=-1).value = "序号"
        page.insert_cols(6)
        cell(page, Part.CODES, "annual_goal").offset(column=-1).value = "批注"
        page.freeze_panes = "G5"

    look = restyled(template, change).sheets["tasks"]
    assert look.title == "{地区}{方案}重点任务进度表　{期}"
    assert look.frozen == "name"


# --- the check


def found(path: Path) -> dict[Code, list[str]]:
    by_code: dict[Code, list[str]] = {}
    for f in check_template(path, TEMPLATE_SHEETS):
        by_code.setdefault(f.code, []).append(f"{f.sheet}!{f.cell} {f.message}")
    return by_code


def changed(path: Path, change: Any) -> dict[Code, list[str]]:
    book = opened(path)
    change(book)
    book.save(path)
    return found(path)


def test_a_lost_sheet_is_named_and_no_form_is_made(template: Path) -> None:
    codes = changed(template, lambda book: book.remove(book["重点任务进度表"]))
    assert list(codes) == [Code.TEMPLATE_SHEET_MISSING]
    with pytest.raises(EnvironmentProblem, match="缺少工作表“重点任务进度表”"):
        read_look(template)


def test_lost_field_codes_and_rows_are_named(template: Path) -> None:
    def change(book: Any) -> None:
        page = book["重点任务进度表"]
        cell(page, Part.CODES, "status").value = None
        cell(page, Part.CODES, "progress").value = "进展"
        cell(page, Part.CODES, "problems").value = "code"
        page.cell(rows_by_part(page)[Part.WARNING], 1).value = None

    codes = changed(template, change)
    assert "“status”（当前状态），填报表中会按相近的列补上" in codes[Code.TEMPLATE_FIELD_MISSING][0]
    assert "“进展”" in codes[Code.TEMPLATE_FIELD_UNKNOWN][0]
    assert "“code”出现了两次" in codes[Code.TEMPLATE_FIELD_TWICE][0]
    assert "“请核对行”" in codes[Code.TEMPLATE_ROW_MISSING][0]
    with pytest.raises(EnvironmentProblem, match="请运行 tenproj template check"):
        read_look(template)


def test_what_would_not_carry_over_is_named_with_its_cell(template: Path) -> None:
    def change(book: Any) -> None:
        page = book["重点任务进度表"]
        page["C5"].comment = Comment("批注", "我")
        page["D5"].value = "=1+1"
        page["E5"].hyperlink = "http://example.com/"
        page["C20"].value = "单位负责人签字："
        page.merge_cells("C6:D6")
        page.conditional_formatting.add("F5:F8", Rule("cellIs", operator="equal", formula=["1"]))
        page.column_dimensions["H"].hidden = True
        page.HeaderFooter.differentFirst = True
        cell(page, Part.HEADER, "name").value = "任务名称"
        page["B1"].value = "{地区}{月份}"
        book.create_sheet("汇总")

    codes = changed(template, change)
    lost = "\n".join(codes[Code.TEMPLATE_NOT_CARRIED])
    for what in ("C5 第5行：批注", "D5 第5行：公式", "E5 第5行：超链接", "C6 第6行：合并单元格"):
        assert what in lost
    for what in ("C20 第20行：文字“单位负责人签字：”", "F5 第5行：条件格式", "H1 第1行：隐藏列", "首页"):
        assert what in lost
    assert "“任务名称”" in codes[Code.TEMPLATE_HEADER_CHANGED][0]
    assert "“{月份}”" in codes[Code.TEMPLATE_PLACEHOLDER][0]
    assert "汇总" in codes[Code.TEMPLATE_SHEET_UNKNOWN][0]


def test_a_logo_a_text_box_and_macros_are_named(tmp_path: Path) -> None:
    path = tmp_path / "填报表.xlsx"
    build_template(path, TEMPLATE_SHEETS)
    with_drawings(path)
    messages = "\n".join(found(path)[Code.TEMPLATE_NOT_CARRIED])
    assert "主要指标进度表!C1 第1行：图片“徽标”不会带到填报表中" in messages
    assert "主要指标进度表!E2 第2行：文本框“说明”" in messages
    assert "宏不会带到填报表中" in messages


_DRAWING = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"><xdr:oneCellAnchor>
<xdr:from><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>
<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="徽标"/></xdr:nvPicPr></xdr:pic></xdr:oneCellAnchor>
<xdr:oneCellAnchor>
<xdr:from><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>
<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="3" name="说明"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr></xdr:sp>
</xdr:oneCellAnchor></xdr:wsDr>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing" Target="../drawings/drawing1.xml"/>
</Relationships>"""


def with_drawings(path: Path) -> None:
    """Put a logo, a text box and macros into a template, which openpyxl cannot write."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet3.xml"
    namespace = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    drawing = b'<drawing %s r:id="rId1"/></worksheet>' % namespace
    parts[sheet] = parts[sheet].replace(b"</worksheet>", drawing)
    parts["xl/worksheets/_rels/sheet3.xml.rels"] = _RELATIONS.encode()
    parts["xl/drawings/drawing1.xml"] = _DRAWING.encode()
    parts["xl/vbaProject.bin"] = b"macros"
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def test_a_file_that_is_no_template_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="没有找到模板"):
        read_look(tmp_path / "填报表.xlsx")
    (tmp_path / "填报表.xlsx").write_bytes(b"PK")
    with pytest.raises(EnvironmentProblem, match=r"不是 \.xlsx 工作簿，或已损坏"):
        read_look(tmp_path / "填报表.xlsx")


def test_a_template_that_the_disk_does_not_give_is_not_told_as_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", fails)
    with pytest.raises(OSError, match="Input/output error"):
        read_look(tmp_path / "填报表.xlsx")
