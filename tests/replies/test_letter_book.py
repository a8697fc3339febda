"""信函.xlsx in a workspace: what the office writes there is what units are told."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from tenproj_xl.cli.main import main
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.letter_book import delete_rows, set_text
from tests.helpers.settings_book import set_parameter

LATER = "2026-W50"


def tenproj(office: Office, *arguments: str) -> tuple[int, str]:
    """Run a command, and return how it ended and what it printed for people and machines."""
    done = CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])
    return done.exit_code, done.stdout + done.stderr


def letter(office: Office, name: str = "区科技局", period: str = PERIOD) -> str:
    path = office.workspace.outbox / period / "通知" / f"{name}.txt"
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def test_a_unit_is_told_in_the_words_of_the_office(week: Office) -> None:
    set_text(week.workspace, "已接收", "{单位}的{填报表}收到了。\n录了{录入情况}。")
    set_text(week.workspace, "落款", "区专班办 小王\n｛联系方式｝")
    week.send(week.right("03"))
    assert tenproj(week, "ingest")[0] == 0
    assert letter(week) == (
        "区科技局 张三：\n"
        "您好！区科技局的03专班2026年第48期（11月23日—29日）填报表收到了。\n"
        "录了主要指标8行、重点任务4行。\n"
        "\n"
        "区专班办 小王\n"
    )


def test_what_is_typed_into_a_return_is_no_field(week: Office) -> None:
    form = week.right("03")
    form.write("indicators", "Z03-04", value="{单位}{0}")
    week.send(form)
    tenproj(week, "ingest")
    assert "填了“{单位}{0}”" in letter(week)


def test_the_telephone_of_the_office_stands_at_the_end(week: Office) -> None:
    book = load_workbook(week.workspace.plan)
    cell = next(row[1] for row in book["方案"].iter_rows() if row[0].value == "联系方式")
    cell.value = "0571-88880000"
    book.save(week.workspace.plan)
    assert tenproj(week, "generate", "--period", LATER)[0] == 0
    assert tenproj(week, "merge", "--period", LATER)[0] == 0
    assert letter(week, "催报_区科技局", LATER).endswith(
        "\n\n总专班办公室（设在区发改经信局）\n联系方式：0571-88880000\n"
    )


@pytest.mark.parametrize("command", [("plan", "check"), ("template", "check")])
def test_an_unknown_field_is_told_with_its_cell(week: Office, command: tuple[str, str]) -> None:
    cell = set_text(week.workspace, "请更正", "{填报表}里{更正清单}{核对清单}，请{单为}改好。")
    code, said = tenproj(week, *command)
    assert code == 1
    assert f"错误 信函.xlsx “信函”{cell}：" in said
    assert "没有字段{单为}，是不是“单位”" in said


def test_no_letter_is_written_while_a_text_is_at_fault(week: Office) -> None:
    """Nothing is half done: the return stays in the inbox, and is answered once the text is mended."""
    cell = set_text(week.workspace, "落款", "{办公室")
    week.send(week.right("03"))
    code, said = tenproj(week, "ingest")
    assert code == 3
    assert f"信函的文字有1处错误，如“信函.xlsx”信函 {cell}：" in said
    assert "请补齐成{单位}的样子" in said
    assert list(week.workspace.inbox.iterdir())
    set_text(week.workspace, "落款", "{办公室}")
    assert tenproj(week, "ingest")[0] == 0
    assert letter(week).endswith("总专班办公室（设在区发改经信局）\n")


def test_a_workspace_of_before_goes_on_without_the_workbook_and_init_lays_it_down(week: Office) -> None:
    week.workspace.letters.unlink()
    week.send(week.right("03"))
    assert tenproj(week, "ingest")[0] == 0
    assert "已接收，谢谢！" in letter(week)
    assert tenproj(week, "template", "check") == (0, "模板可以使用。\n")
    assert tenproj(week, "template", "update") == (0, "模板已是最新，未作改动。\n")
    assert "信函.xlsx" in tenproj(week, "init")[1]
    assert week.workspace.letters.exists()


def test_a_passage_that_is_missing_is_told_and_added_without_touching_the_others(week: Office) -> None:
    set_text(week.workspace, "已接收", "收到。")
    delete_rows(week.workspace, "落款", "督办单")
    code, said = tenproj(week, "template", "check")
    assert code == 0
    assert "缺少“督办单、落款”，暂用初始的文字" in said
    done = tenproj(week, "template", "update")
    assert done == (0, "已补进workbook_templates/信函.xlsx，原来的另存为“信函_更新前”：\n  督办单\n  落款\n")
    assert tenproj(week, "template", "check") == (0, "模板可以使用。\n")
    assert texts(week.workspace.letters)["已接收"] == "收到。"
    assert texts(week.workspace.letters)["落款"] == "{办公室}\n联系方式：{联系方式}"
    before = week.workspace.letters.with_name("信函_更新前.xlsx")
    assert "落款" not in texts(before)


def texts(path: Path) -> dict[object, object]:
    return {row[0].value: row[1].value for row in load_workbook(path)["信函"].iter_rows()}


def test_the_initial_texts_come_back_when_they_are_asked_for(week: Office) -> None:
    set_text(week.workspace, "已接收", "收到。")
    assert tenproj(week, "template", "build", "信函")[0] == 2
    assert tenproj(week, "template", "build", "信函", "--force")[0] == 0
    assert texts(week.workspace.letters)["已接收"] == "贵单位报送的{填报表}已接收，谢谢！\n已录入{录入情况}。"


# --- letters without figures


def test_a_letter_without_figures_says_which_cell_and_what_to_do(week: Office) -> None:
    set_parameter(week.workspace, "信函含数字", "否")
    form = week.right("03")
    form.write("indicators", "Z03-04", value="98765.4亿元左右", remark="原为3456.7")
    form.write("indicators", "Z03-05", value="九十八家")
    form.write("tasks", "R03-02", status="完成了87.6%")
    week.send(form)
    tenproj(week, "ingest")
    text = letter(week)
    assert "2. “重点任务进度表”L6“不在选项内”：请从下拉选项中选择。" in text
    assert "没有错误的行已接收，不必重填。" in text
    for typed in ("98765", "3456", "九十八", "87.6"):
        assert typed not in text
    assert "附件：03_区科技局_2026年第48期填报表_请更正_" in text


def test_with_figures_the_same_letter_quotes_what_was_typed(week: Office) -> None:
    form = week.right("03")
    form.write("tasks", "R03-02", status="完成了87.6%")
    week.send(form)
    tenproj(week, "ingest")
    assert "填了“完成了87.6%”" in letter(week)
