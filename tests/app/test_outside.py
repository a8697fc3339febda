"""What stands outside the cells: told, kept with the receipt, shown in 核验清单, and never counted."""

from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tenproj_xl.app.check import check
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import FileResult
from tenproj_xl.cli.returns_text import checked_lines
from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.statuses import Status
from tests.app.test_classified import word
from tests.app.test_intake import mail, put, zipped
from tests.conftest import PERIOD
from tests.core.test_catalogue import with_part
from tests.helpers.filling import Filling, Office
from tests.helpers.libreoffice import save_all_as
from tests.helpers.mails import letter
from tests.helpers.programs import need
from tests.helpers.rollup_reading import table
from tests.spoils.clerk import Clerk

VALUE = "indicators Z03-04 value"


def comment(form: Filling, text: str, author: str = "张三") -> str:
    cell = form.at("indicators", "Z03-04", "value")
    form.tab("indicators")[cell].comment = Comment(text, author)
    return cell


def checked(week: Office, form: Filling, tmp_path: Path, name: str = "03.xlsx") -> FileResult:
    path = form.save(tmp_path / name)
    return check(week.workspace, [path], PERIOD).files[0]


def said(result: FileResult) -> list[tuple[Code, str]]:
    return [(f.code, f.message) for f in result.findings]


@pytest.mark.provokes(Code.OUTSIDE_CELLS)
def test_a_comment_with_a_figure_is_told_to_its_sender_and_kept_with_the_receipt(week: Office) -> None:
    form = week.right("03")
    cell = comment(form, "实为30.12，请以此为准")
    week.send(form)
    done = merge(week.workspace, PERIOD)
    (file,) = done.ingested.files
    text = (
        f"以下内容不在填报单元格内，未计入：“主要指标进度表”{cell}的批注“实为30.12，请以此为准”。"
        "要计入的请填到对应的单元格后重新发送。"
    )
    assert said(file) == [(Code.OUTSIDE_CELLS, text)]
    assert file.letter
    assert text in file.letter.read_text("utf-8-sig")
    assert text in table(done.rollup, "核验清单", "问题类型")["问题和办法"].tolist()
    with look_into_ledger(week.workspace.ledger) as ledger:
        (receipt,) = ledger.receipts(PERIOD)
        (row,) = [r for r in ledger.accepted_rows(PERIOD) if r.code == "Z03-04"]
    assert [f.value for f in receipt.findings] == ["实为30.12，请以此为准"]
    assert row.values["value"] != 30.12


@pytest.mark.parametrize(
    ("sheet", "cell"),
    [("tasks", "AJ1"), ("tasks", "AJ2"), ("tasks", "AJ3"), ("indicators", "AD2"), ("issues", "D2")],
)
@pytest.mark.parametrize("note", ["技术交易总额应为30.12亿元", "本表技术交易总额应为30.12亿元"])
def test_a_note_above_a_table_is_told(
    later: Office, tmp_path: Path, sheet: str, cell: str, note: str
) -> None:
    form = later.right("03")
    form.put(sheet, cell, note)
    ((code, text),) = said(checked(later, form, tmp_path))
    assert (code, f"{cell}的表外文字“{note}”" in text) == (Code.OUTSIDE_CELLS, True)


@pytest.mark.parametrize("field", ["name", "check", "state"])
def test_a_remark_with_a_figure_below_a_table_is_told_whole(
    later: Office, tmp_path: Path, field: str
) -> None:
    form = later.right("03")
    form.append("tasks", **{field: "备注：以上数据截至11月25日，全部核对无误，技术交易总额另增2.1亿元"})
    ((code, text),) = said(checked(later, form, tmp_path))
    assert (code, "另增2.1亿元" in text, "不必更正" in text) == (Code.OUTSIDE_CELLS, True, False)


@pytest.mark.parametrize("text", ["合计：30.12亿元", "备注：以上数据已核对"])
def test_a_total_and_a_remark_without_a_figure_need_no_answer(
    later: Office, tmp_path: Path, text: str
) -> None:
    form = later.right("03")
    form.append("tasks", name=text)
    assert [code for code, _ in said(checked(later, form, tmp_path))] == [Code.ROW_NOTE]


@pytest.mark.provokes(Code.OUTSIDE_NOTED)
def test_a_note_without_a_figure_is_told_to_the_office_alone(week: Office) -> None:
    form = week.right("03")
    comment(form, "请领导出面协调")
    week.send(form)
    done = merge(week.workspace, PERIOD)
    (file,) = done.ingested.files
    assert [code for code, _ in said(file)] == [Code.OUTSIDE_NOTED]
    assert file.status is Status.WITH_WARNINGS
    assert file.letter
    letter = file.letter.read_text("utf-8-sig")
    assert "请领导出面协调" not in letter
    assert "已接收，谢谢！" in letter
    assert "请贵单位核对" not in letter
    told = table(done.rollup, "核验清单", "问题类型")["问题和办法"].tolist()
    assert any("请领导出面协调" in text for text in told)


def test_check_shows_the_operator_what_stands_outside(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    comment(form, "请领导出面协调")
    done = check(later.workspace, [form.save(tmp_path / "03.xlsx")], PERIOD)
    assert "请领导出面协调" in "\n".join(checked_lines(done, later.workspace))


def test_the_offices_own_comments_in_a_correction_are_none(week: Office, tmp_path: Path) -> None:
    form = week.right("03")
    form.write("indicators", "Z03-04", value="约三成")
    week.send(form)
    (file,) = ingest(week.workspace, PERIOD).files
    assert file.answer
    again = Filling(file.answer)
    assert again.tab("indicators")[again.at("indicators", "Z03-04", "value")].comment
    again.write("indicators", "Z03-04", value=12.5)
    assert said(checked(week, again, tmp_path, "again.xlsx")) == []


def test_boxes_pictures_sheets_and_notes_are_one_finding(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    clerk = Clerk(form, {})
    clerk.draws_text_box("tasks", "R03-02：完成36个小区")
    clerk.adds_sheet("补充说明", "技术交易总额应为30.12亿元")
    clerk.writes_beside("indicators", "Z03-04", "应为30.12")
    clerk.writes_on_cover("F5", "请更正为30.12")
    form.become(clerk.data)
    ((code, text),) = said(checked(later, form, tmp_path))
    assert code is Code.OUTSIDE_CELLS
    for part in (
        "“重点任务进度表”上的文本框“R03-02：完成36个小区”",
        "另加的工作表“补充说明”中的“技术交易总额应为30.12亿元”",
        "的表外文字“应为30.12”",
        "“填报说明”F5的表外文字“请更正为30.12”",
    ):
        assert part in text


def added_column(form: Filling, header: str, *cells: object) -> None:
    """Type a column of one's own at the right edge of 重点任务进度表."""
    tab, head = form.tab("tasks"), form.head("tasks") + 1
    column = tab.max_column + 1
    for n, value in enumerate((header, *cells)):
        tab.cell(head + n, column).value = value  # type: ignore[assignment]  # any value


def test_figures_in_a_column_of_ones_own_are_asked_about_once(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    added_column(form, "本周新增投资", "3.2亿元", 5.5)
    ((code, text),) = said(checked(later, form, tmp_path))
    assert code is Code.OUTSIDE_CELLS
    assert "“重点任务进度表”上的自加列“本周新增投资：3.2亿元、5.5”" in text


def test_so_are_those_in_a_column_inserted_between_others(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    Clerk(form, {}).inserts_column("tasks", "progress", "本周投资（亿元）", "R03-01", 4.5)
    ((code, text),) = said(checked(later, form, tmp_path))
    assert code is Code.OUTSIDE_CELLS
    assert "“本周投资（亿元）：4.5”" in text


@pytest.mark.parametrize(
    ("header", "cells"),
    [("序号", (1, 2, 3)), ("备用", ()), ("分管领导", ("王副局长",)), ("填报分工", ("本专班填报",))],
)
def test_a_column_without_figures_or_with_a_count_of_the_rows_is_not_told(
    later: Office, tmp_path: Path, header: str, cells: Sequence[object]
) -> None:
    form = later.right("03")
    added_column(form, header, *cells)
    assert said(checked(later, form, tmp_path)) == []


def test_nor_is_one_that_repeats_what_stands_in_its_rows(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    again = form.value("indicators", "Z03-04", "value")
    Clerk(form, {}).inserts_column("indicators", "value", "数值（底稿）", "Z03-04", again)
    assert said(checked(later, form, tmp_path)) == []


@pytest.mark.parametrize("draw", ["picture", "box"])
def test_a_picture_or_boxes_instead_of_cells_are_told_beside_the_blank_form(
    later: Office, tmp_path: Path, draw: str
) -> None:
    form = later.blank("03")
    clerk = Clerk(form, {})
    if draw == "picture":
        clerk.pastes_picture("indicators")
    else:
        clerk.draws_text_box("tasks", "已全部完成")
    form.become(clerk.data)
    found = dict(said(checked(later, form, tmp_path)))
    assert found.keys() == {Code.RETURN_BLANK, Code.OUTSIDE_CELLS}
    assert ("图片1张" if draw == "picture" else "文本框“已全部完成”") in found[Code.OUTSIDE_CELLS]


# --- in the cells, but not as they look


@pytest.mark.provokes(Code.CELL_STRUCK)
def test_a_figure_struck_through_is_asked_about(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.tab("indicators")[form.at("indicators", "Z03-04", "value")].font = Font(strike=True)
    ((code, text),) = said(checked(later, form, tmp_path))
    assert code is Code.CELL_STRUCK
    assert "打了删除线，不知是否作废" in text


def test_a_text_struck_through_in_part_is_read_without_that_part(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    struck = TextBlock(InlineFont(strike=True), "28个")
    form.write("tasks", "R03-01", progress=CellRichText("完成", struck, "30个"))
    result = checked(later, form, tmp_path)
    assert result.judgement
    (row,) = [e for e in result.judgement.accepted if e.code == "R03-01"]
    assert row.value("progress") == "完成30个"
    ((code, text),) = said(result)
    assert code is Code.OUTSIDE_CELLS
    assert "中打了删除线的“28个”" in text


@pytest.mark.provokes(Code.CELL_UNSEEN)
@pytest.mark.parametrize("how", ["white", "format"])
def test_a_figure_that_nobody_sees_is_asked_about(later: Office, tmp_path: Path, how: str) -> None:
    form = later.right("03")
    cell = form.tab("indicators")[form.at("indicators", "Z03-04", "value")]
    if how == "white":
        cell.font = Font(color="FFFFFFFF")
    else:
        cell.number_format = ";;;"
    ((code, text),) = said(checked(later, form, tmp_path))
    assert code is Code.CELL_UNSEEN
    assert "看不见" in text


@pytest.mark.provokes(Code.SHOWN_OTHERWISE)
def test_a_figure_that_its_number_format_divides_is_read_as_seen(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    cell = form.write("indicators", "Z03-04", value=1250000000)
    form.tab("indicators")[cell].number_format = '0!.00,,"亿元"'
    result = checked(later, form, tmp_path)
    ((code, text),) = said(result)
    assert code is Code.SHOWN_OTHERWISE
    assert "实际是1250000000，因数字格式显示为“12.50亿元”" in text
    assert result.judgement
    assert {e.code: e.value("value") for e in result.judgement.accepted}["Z03-04"] == 12.5


@pytest.mark.provokes(Code.HIGHLIGHT_PROBLEM)
def test_a_problem_among_the_highlights_is_asked_about(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.cover(highlights="老旧小区改造已停工，请求协调资金")
    assert [code for code, _ in said(checked(later, form, tmp_path))] == [Code.HIGHLIGHT_PROBLEM]


def test_a_problem_that_was_overcome_is_a_highlight(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.cover(
        highlights="建立联审联批机制。有效克服征迁受阻。着力扭转进度偏慢；全力避免停工2个月。提前2个月交地。"
    )
    assert said(checked(later, form, tmp_path)) == []


# --- the mail, and notes beside


def ingested(week: Office) -> dict[str, FileResult]:
    return {f.received.name: f for f in ingest(week.workspace, PERIOD).files}


def test_what_a_mail_says_is_told_and_its_courtesies_are_not(week: Office) -> None:
    put(week, "回表.eml", mail(("03.xlsx", week.right("03").data)))
    assert said(ingested(week)["回表.eml/03.xlsx"]) == []
    words = "请查收。\n总投资应为30.12亿元。\n张三 0571-88880000"
    put(week, "又.eml", mail(("01.xlsx", week.right("01").data), text=words))
    ((code, told),) = said(ingested(week)["又.eml/01.xlsx"])
    assert code is Code.OUTSIDE_CELLS
    assert "邮件正文“总投资应为30.12亿元。”" in told


ANSWERED = '在 2026-11-23 09:00:00，"office" &lt;<a href="mailto:o@example.com">o@example.com</a>&gt; 写道：'


@pytest.mark.parametrize(
    "before", [f"<p>{ANSWERED}</p>", "", f"<style>p {{margin: 0 3pt}}</style>{ANSWERED}<br>"]
)
def test_a_form_that_answers_our_mail_with_our_words_below_is_accepted_without_a_question(
    week: Office, before: str
) -> None:
    quoted = f'<div>见附件</div>{before}<blockquote id="isReplyContent"><div>目标35亿元</div></blockquote>'
    answer = letter(
        ("03.xlsx", week.right("03").data),
        subject="Re: 2026年第48期（11月23日—11月29日）填报表：请填报〔2026-W48-03-1〕",
        text="见附件",
    )
    body = answer.get_body()
    assert isinstance(body, EmailMessage)
    body.set_content(quoted, subtype="html")
    put(week, "回表.eml", answer.as_bytes())
    assert said(ingested(week)["回表.eml/03.xlsx"]) == []


@pytest.mark.parametrize(
    "page",
    [
        "<div>您好</div><blockquote style='margin:0 0 0 40px'>总投资应为30.12亿元</blockquote>",
        "<div>总投资应为30.12亿元</div><blockquote type='cite'>目标35亿元</blockquote>",
        '<div>总投资应为30.12亿元</div><blockquote class="gmail_quote" style="x">目标35亿元</blockquote>',
    ],
)
def test_what_a_mail_says_in_an_indented_paragraph_is_told_and_what_it_quotes_is_not(
    week: Office, page: str
) -> None:
    answer = letter(("03.xlsx", week.right("03").data))
    body = answer.get_body()
    assert isinstance(body, EmailMessage)
    body.set_content(page, subtype="html")
    put(week, "回表.eml", answer.as_bytes())
    ((code, told),) = said(ingested(week)["回表.eml/03.xlsx"])
    assert code is Code.OUTSIDE_CELLS
    assert "邮件正文“总投资应为30.12亿元”" in told


@pytest.mark.parametrize(("text", "codes"), [("总投资30.12亿元。", [Code.OUTSIDE_NOTED]), ("一切正常。", [])])
def test_a_figure_in_a_note_beside_is_told_to_the_office(week: Office, text: str, codes: list[Code]) -> None:
    put(week, "材料.zip", zipped([("03.xlsx", week.right("03").data), ("情况说明.docx", word(text))]))
    found = ingested(week)
    assert [code for code, _ in said(found["材料.zip/03.xlsx"])] == codes
    assert found["材料.zip/情况说明.docx"].status is Status.COMPANION


# --- other formats


def _spoiled(form: Filling) -> None:
    comment(form, "实为30.12")
    form.tab("tasks")[form.at("tasks", "R03-01", "progress")].font = Font(strike=True)
    cell = form.write("indicators", "Z03-04", value=125000)
    form.tab("indicators")[cell].number_format = '0"万元"'
    clerk = Clerk(form, {})
    clerk.draws_text_box("tasks", "R03-02：完成36个")
    form.become(clerk.data)


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_what_stands_outside_is_seen_in_every_format(later: Office, tmp_path: Path, kind: str) -> None:
    need("soffice")
    form = later.right("03")
    _spoiled(form)
    (saved,) = save_all_as(kind, [form.save(tmp_path / "03.xlsx")], tmp_path / "saved")
    result = check(later.workspace, [saved], PERIOD).files[0]
    found = dict(said(result))
    assert "批注“实为30.12”" in found[Code.OUTSIDE_CELLS]
    assert "文本框“R03-02：完成36个”" in found[Code.OUTSIDE_CELLS]
    assert Code.CELL_STRUCK in found
    assert result.judgement
    assert {e.code: e.value("value") for e in result.judgement.accepted}["Z03-04"] == 12.5


def test_a_picture_that_wps_put_into_a_cell_is_no_answer(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.write("tasks", "R03-02", remark='=DISPIMG("ID_0123",1)')
    shown = rb'\1<v>=DISPIMG("ID_0123",1)</v>'
    form.become(with_part(form.data, "xl/worksheets/sheet3.xml", _SHOWN, shown))
    result = checked(later, form, tmp_path)
    ((code, text),) = said(result)
    assert code is Code.OUTSIDE_NOTED
    assert "“重点任务进度表”上的图片1张" in text


_SHOWN = rb"(<f>DISPIMG[^<]*</f>)<v(?: ?/>|></v>)"
Spoil = Callable[[Filling], object]
RIGHT: Sequence[Spoil] = (
    lambda form: form.tab("indicators")["A1"],
    lambda form: form.book.create_sheet("Sheet1"),
    lambda form: form.book.create_sheet("WpsReserved_CellImgList").append(["x"]),
)


@pytest.mark.parametrize("spoil", RIGHT)
def test_a_right_form_has_nothing_outside(later: Office, tmp_path: Path, spoil: Spoil) -> None:
    form = later.right("03")
    spoil(form)
    assert said(checked(later, form, tmp_path)) == []
