"""Pictures of workbooks that somebody made to hurt whoever looks at them."""

import io
from dataclasses import replace

import pytest
import xlsxwriter

from tenproj_xl.desk.picture_charts import chart_svg
from tenproj_xl.desk.picture_table import draw_sheet
from tenproj_xl.desk.picture_widths import broken
from tenproj_xl.reading.picture.formula import Sight, UnknownError, holds
from tenproj_xl.reading.picture.model import CELLS, Axis, ChartSeries, Picture, PictureChart, SheetPicture
from tenproj_xl.reading.picture.numbers import shown
from tenproj_xl.reading.sandbox import Reader

CHART = PictureChart(
    row=0,
    column=0,
    x=0,
    y=0,
    width=400,
    height=300,
    kind="column",
    stacking="",
    title="完成率",
    description="",
    categories=["一组"],
    series=[ChartSeries(name="一组", values=[1.0], colour="#000000", labels="0")],
    axis=Axis(),
)


def place(sheet: str, cell: str) -> str:
    return f"?sheet={sheet}#{cell}"


def picture_of(book: io.BytesIO) -> SheetPicture:
    with Reader() as reader:
        drawn = reader.draw(book.getvalue(), "")
    assert isinstance(drawn, Picture), drawn
    return drawn.shown


def test_a_sheet_that_is_all_room_is_cut_to_what_a_browser_can_show() -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        workbook.add_worksheet().write("GR3000", "在很远的地方")
    shown_sheet = picture_of(book)
    assert shown_sheet.cut
    assert len(shown_sheet.widths) * len(shown_sheet.heights) <= CELLS


@pytest.mark.parametrize("value", [5e-324, 1e-320, 1e15, -1e15])
def test_a_chart_of_any_number_is_drawn(value: float) -> None:
    series = [ChartSeries(name="一组", values=[value], colour="")]
    assert chart_svg(replace(CHART, series=series)).endswith("</svg>")


@pytest.mark.parametrize("step", [1e-300, -1.0, 1e-9])
def test_a_scale_without_end_is_drawn_with_few_steps(step: float) -> None:
    drawn = chart_svg(replace(CHART, axis=Axis(lowest=0, highest=1e14, step=step)))
    assert drawn.count("<line") < 50


def test_a_format_that_leaves_the_numbers_of_computers_is_shown_all_the_same() -> None:
    assert shown(1.0, "0" + "%" * 200).startswith("1")
    assert shown(1e14, "0" + "," * 200) == "0"
    assert chart_svg(replace(CHART, axis=Axis(number_format="0" + "%" * 200))).endswith("</svg>")


def test_a_format_whose_formula_is_signs_without_end_is_not_applied() -> None:
    with pytest.raises(UnknownError):
        holds("-" * 990 + "1", Sight(values={}))


def test_of_a_text_without_end_its_beginning_is_broken_into_lines() -> None:
    assert len("".join(broken("字" * 200_000, 12, 1e9, 2))) <= 400


def test_names_and_texts_stay_texts() -> None:
    bad = "</style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet("<b>'&amp;\"x")
        look = workbook.add_format({"font_name": "x;}</style><script>", "num_format": f'"{bad[:40]}"0'})
        sheet.write_string(0, 0, bad, look)
        sheet.write_number(0, 1, 1, look)
        sheet.write_comment(0, 0, bad)
        sheet.write_url(1, 0, "https://evil.example/javascript:alert(1)", string="点这里")
        sheet.write_url(2, 0, "internal:'<b>''&amp;\"x'!A1", string="去那里", tip=bad)
        style = workbook.add_format({"bg_color": "#ff0000"})
        rule = {"type": "text", "criteria": "containing", "value": bad, "format": style}
        sheet.conditional_format("A1:B9", rule)
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"name": bad, "values": [sheet.name, 0, 1, 0, 1]})
        chart.set_title({"name": bad})
        sheet.insert_chart("D1", chart, {"description": bad})
    drawn = draw_sheet(picture_of(book), place)
    assert "<script" not in drawn.html + drawn.css
    assert "<img" not in drawn.html
    assert "javascript" not in drawn.html
    assert "</style" not in drawn.css
    assert "&lt;script&gt;" in drawn.html


def test_of_endless_texts_the_beginning_is_shown() -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for row in range(100):
            sheet.write_string(row, 0, "字" * 32_767)
        sheet.write_string(0, 1, "字" * 3000)
    html = draw_sheet(picture_of(book), place).html
    assert html.count("（很长，后面的请打开原表看）") == 100
    assert html.count("字") == 101 * 3000
