"""Pictures of workbooks: what is drawn from is what the workbook says, read in a process of its own."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from tenproj_xl.core.catalogue import Code
from tenproj_xl.excel.writer import SheetWriter, WorkbookWriter
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.picture.model import Picture, PictureCell, SheetPicture
from tenproj_xl.reading.picture.wire import decoded_picture, encoded_picture
from tenproj_xl.reading.sandbox import Reader
from tests.helpers.oldxls import number, text, xls

BOX = {"border": 1, "border_color": "#BFBFBF"}


def workbook(folder: Path, write: Callable[[WorkbookWriter], None]) -> bytes:
    path = folder / "表.xlsx"
    book = WorkbookWriter(path)
    write(book)
    book.close()
    return path.read_bytes()


def on_one_sheet(folder: Path, write: Callable[[SheetWriter], None]) -> SheetPicture:
    picture = drawn(workbook(folder, lambda book: write(book.sheet("总览"))))
    return picture.shown


def drawn(data: bytes, sheet: str = "") -> Picture:
    with Reader() as reader:
        found = reader.draw(data, sheet)
    assert isinstance(found, Picture)
    return found


def cell(sheet: SheetPicture, row: int, column: int) -> PictureCell:
    (found,) = (one for one in sheet.cells if (one.row, one.column) == (row, column))
    return found


def test_texts_numbers_and_looks_are_those_of_the_workbook(tmp_path: Path) -> None:
    def write(page: SheetWriter) -> None:
        page.write(
            0, 0, "拱墅区", {"font_name": "黑体", "font_size": 16, "font_color": "#1F3864", "bold": True}
        )
        page.write(1, 0, 0.914, {**BOX, "num_format": "0.0%", "bg_color": "#C6E0B4", "align": "center"})
        page.write(1, 1, "两行\n文字", {"text_wrap": True, "valign": "vcenter", "indent": 1})

    sheet = on_one_sheet(tmp_path, write)
    head, share, lines = cell(sheet, 0, 0), cell(sheet, 1, 0), cell(sheet, 1, 1)
    look = sheet.looks[head.look]
    assert (head.text, look.font, look.size, look.colour, look.bold) == (
        "拱墅区",
        "黑体",
        16,
        "#1f3864",
        True,
    )
    look = sheet.looks[share.look]
    assert (share.text, share.numeric, look.fill, look.horizontal) == ("91.4%", True, "#c6e0b4", "center")
    assert (look.left.line, look.left.colour) == ("thin", "#bfbfbf")
    look = sheet.looks[lines.look]
    assert (lines.text, look.wrap, look.vertical, look.indent) == ("两行\n文字", True, "center", 1)


def test_widths_heights_hidden_ones_merges_and_what_is_frozen_are_known(tmp_path: Path) -> None:
    def write(page: SheetWriter) -> None:
        page.write_across(0, (0, 2), "标题", {})
        page.write(2, 2, 1.0, {})
        page.width(0, 10)
        page.width(1, 3, hidden=True)
        page.height(0, 30)
        page.height(1, 15, hidden=True)
        page.sheet.freeze_panes(1, 2)
        page.sheet.hide_gridlines(2)

    sheet = on_one_sheet(tmp_path, write)
    assert sheet.widths[:2] == (75, 0)
    assert sheet.heights[:2] == (40, 0)
    assert sheet.merged == ((0, 0, 0, 2),)
    assert (sheet.frozen, sheet.grid) == ((1, 2), False)


def test_a_sheet_is_drawn_by_its_name_and_hidden_ones_are_not_offered(tmp_path: Path) -> None:
    def write(book: WorkbookWriter) -> None:
        book.sheet("甲").write(0, 0, "一", {})
        book.sheet("乙").write(0, 0, "二", {})
        hidden = book.sheet("藏")
        hidden.write(0, 0, "三", {})
        hidden.sheet.hide()

    data = workbook(tmp_path, write)
    assert drawn(data).sheets == ("甲", "乙")
    assert cell(drawn(data, "乙").shown, 0, 0).text == "二"
    assert drawn(data, "藏").shown.name == "甲"


def test_links_and_notes_stand_at_their_cells(tmp_path: Path) -> None:
    def write(book: WorkbookWriter) -> None:
        page = book.sheet("总览")
        book.sheet("首页明细")
        page.link(0, 0, "'首页明细'!A4:G11", {}, text="8", tip="看是哪8项")
        page.note(1, 1, "请只填数字")

    sheet = drawn(workbook(tmp_path, write)).shown
    link = cell(sheet, 0, 0).link
    assert link is not None
    assert (link.sheet, link.cell, link.tip) == ("首页明细", "A4", "看是哪8项")
    assert "请只填数字" in cell(sheet, 1, 1).note


def test_conditional_formats_change_the_look_where_they_hold_and_bars_have_their_share(
    tmp_path: Path,
) -> None:
    def write(page: SheetWriter) -> None:
        red = page.book.file.add_format({"bg_color": "#F8CBAD", "font_color": "#9C0006"})
        for row, value in enumerate((0.5, 1.0, 0.0)):
            page.write(row, 0, value, {"num_format": "0%"})
            page.write(row, 1, ("滞后", "达序时", "滞后原因未填")[row], {})
        bar = {"type": "data_bar", "bar_solid": True, "bar_color": "#9DC3E6"}
        ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
        page.sheet.conditional_format(0, 0, 2, 0, {**bar, **ends})
        page.sheet.conditional_format(
            0, 1, 2, 1, {"type": "cell", "criteria": "==", "value": '"滞后"', "format": red}
        )

    sheet = on_one_sheet(tmp_path, write)
    bars = [cell(sheet, row, 0).bar for row in range(3)]
    assert [bar and (bar.share, bar.colour) for bar in bars] == [
        (0.5, "#9dc3e6"),
        (1.0, "#9dc3e6"),
        (0.0, "#9dc3e6"),
    ]
    looks = [sheet.looks[cell(sheet, row, 1).look] for row in range(3)]
    assert [look.fill for look in looks] == ["#f8cbad", "", ""]
    assert looks[0].colour == "#9c0006"


def test_sparklines_have_the_values_of_the_sheet_that_they_are_drawn_from(tmp_path: Path) -> None:
    def write(book: WorkbookWriter) -> None:
        page, numbers = book.sheet("主要指标"), book.sheet("趋势")
        numbers.write(0, 0, 3.0, {})
        numbers.write(0, 2, -1.0, {})
        page.write(0, 0, None, BOX)
        options = {
            "range": "趋势!A1:C1",
            "type": "column",
            "series_color": "#1E6B3A",
            "negative_points": True,
        }
        page.sheet.add_sparkline(0, 0, {**options, "min": -2, "max": 4})

    spark = cell(drawn(workbook(tmp_path, write)).shown, 0, 0).spark
    assert spark is not None
    assert spark.values == (3.0, None, -1.0)
    assert (spark.lowest, spark.highest, spark.colour) == (-2, 4, "#1e6b3a")


def test_a_chart_has_its_title_series_and_numbers(tmp_path: Path) -> None:
    def write(page: SheetWriter) -> None:
        for column, (name, done, late) in enumerate((("第47周", 5.0, 1.0), ("第48周", 7.0, None))):
            page.write(0, column, name, {})
            page.write(1, column, done, {})
            page.write(2, column, late, {})
        chart = page.book.file.add_chart({"type": "column", "subtype": "stacked"})
        for row, (name, colour) in enumerate((("达序时", "#A9D18E"), ("滞后", "#D9783A")), start=1):
            values = ["总览", row, 0, row, 1]
            labels = {"value": True, "num_format": "0;;;"}
            chart.add_series(
                {
                    "name": name,
                    "categories": ["总览", 0, 0, 0, 1],
                    "values": values,
                    "fill": {"color": colour},
                    "data_labels": labels,
                }
            )
        chart.set_title({"name": "滞后的指标由1项减至0项"})
        chart.set_size({"width": 400, "height": 240})
        page.sheet.insert_chart(4, 1, chart, {"x_offset": 6, "description": "柱形图"})

    (chart,) = on_one_sheet(tmp_path, write).charts
    assert (chart.kind, chart.stacking, chart.title, chart.description) == (
        "column",
        "stacked",
        "滞后的指标由1项减至0项",
        "柱形图",
    )
    assert (chart.row, chart.column, chart.x) == (4, 1, 6)
    assert chart.width == pytest.approx(400, abs=3)
    assert chart.categories == ("第47周", "第48周")
    assert [(one.name, one.values, one.colour, one.labels) for one in chart.series] == [
        ("达序时", (5.0, 7.0), "#a9d18e", "0;;;"),
        ("滞后", (1.0, None), "#d9783a", "0;;;"),
    ]


def test_an_old_xls_is_drawn_by_its_contents_alone() -> None:
    data = xls([[text(0, 0, "指标名称"), number(1, 0, 72.5)]], names=["主要指标进度表"])
    sheet = drawn(data).shown
    assert sheet.plain
    assert [(one.row, one.column, one.text) for one in sheet.cells] == [(0, 0, "指标名称"), (1, 0, "72.5")]


def test_what_is_no_workbook_is_refused_with_its_reason() -> None:
    with Reader() as reader:
        refused = [reader.draw(data, "") for data in (b"", b"PK\x03\x04 cut short", "只是一段话".encode())]
    assert all(isinstance(one, Refusal) for one in refused)
    assert isinstance(refused[0], Refusal)
    assert refused[0].code is Code.FILE_EMPTY


def test_a_workbook_under_a_classification_mark_is_not_drawn(tmp_path: Path) -> None:
    data = workbook(tmp_path, lambda book: book.sheet("表").write(0, 0, "机密★1年", {}))
    with Reader() as reader:
        found = reader.draw(data, "")
    assert isinstance(found, Refusal)
    assert found.code is Code.CLASSIFIED


def test_a_sheet_without_end_is_drawn_as_far_as_a_page_can_show_it(tmp_path: Path) -> None:
    sheet = on_one_sheet(tmp_path, lambda page: page.write(4000, 0, "远", {}))
    assert sheet.cut
    assert len(sheet.heights) == 3000


def test_a_broken_style_sheet_leaves_the_texts(tmp_path: Path) -> None:
    data = workbook(tmp_path, lambda book: book.sheet("表").write(0, 0, "看得见", {"bold": True}))
    broken = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/styles.xml":
                part = part.replace(b'<sz val="10"/>', b'<sz val="1e99999"/>').replace(b'rgb="FF', b'rgb="ZZ')
            new.writestr(name, part)
    assert cell(drawn(broken.getvalue()).shown, 0, 0).text == "看得见"


def test_a_picture_comes_through_the_wire_as_it_was(tmp_path: Path) -> None:
    picture = drawn(workbook(tmp_path, lambda book: book.sheet("表").write(0, 0, "一", BOX)))
    assert decoded_picture(encoded_picture(picture)) == picture


@pytest.mark.parametrize(
    "told",
    [
        None,
        {"sheets": "总览", "shown": {}},
        {"sheets": [], "shown": {"name": "表", "widths": ["10"], "heights": [], "cells": [], "looks": []}},
        {
            "sheets": [],
            "shown": {"name": "表", "widths": [float("inf")], "heights": [], "cells": [], "looks": []},
        },
        {
            "sheets": [],
            "shown": {"name": "表", "widths": [], "heights": [], "cells": [{"row": True}], "looks": []},
        },
        {
            "sheets": [],
            "shown": {"name": "表", "widths": [], "heights": [], "cells": [], "looks": [{"horizontal": "}"}]},
        },
        {
            "sheets": [],
            "shown": {"name": "表", "widths": [], "heights": [], "cells": [], "looks": [], "frozen": [1]},
        },
    ],
)
def test_an_answer_that_is_no_picture_is_not_believed(told: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        decoded_picture(told)


def test_an_answer_that_would_fill_the_memory_of_who_asked_is_not_believed() -> None:
    shown = {"name": "表", "widths": [10] * 100, "heights": [10] * 2000, "cells": [], "looks": []}
    with pytest.raises(ValueError, match="too much"):
        decoded_picture({"sheets": [], "shown": shown})
