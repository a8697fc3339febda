"""The texts of letters in 信函.xlsx: mistakes that the office may make in them, and what is written."""

from pathlib import Path

import pytest

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.placeholders import fields_in, fill_in, has_stray_brace, plain_braces
from tenproj_xl.model.letter_passages import PASSAGES, Occasion
from tenproj_xl.model.letter_reader import default_letter_rows, read_letter_texts
from tenproj_xl.model.letter_texts import LetterTexts
from tenproj_xl.reading.office_book import load_rows

FILE = "信函.xlsx"
Tables = dict[str, list[list[object]]]


def fresh() -> Tables:
    return {name: [list(row) for row in rows] for name, rows in default_letter_rows().items()}


def edited(occasion: str, text: str) -> tuple[Tables, str]:
    """Return fresh texts with one changed, and the address of its cell."""
    tables = fresh()
    number = next(n for n, row in enumerate(tables["信函"], 1) if row[0] == occasion)
    tables["信函"][number - 1][1] = text
    return tables, f"B{number}"


def only(tables: Tables) -> Finding:
    _, (found,) = read_letter_texts(tables, FILE)
    return found


def test_a_fresh_workbook_has_every_passage_and_no_fault() -> None:
    texts, findings = read_letter_texts(fresh(), FILE)
    assert findings == []
    assert {occasion: texts.text(occasion) for occasion in Occasion} == {
        occasion: PASSAGES[occasion].default for occasion in Occasion
    }


def test_the_workbook_in_the_repository_has_the_default_texts() -> None:
    (tables,) = load_rows(Path(__file__).parents[2] / "workbook_templates" / FILE)
    texts, findings = read_letter_texts(tables, FILE)
    assert findings == []
    assert texts.own == {occasion: PASSAGES[occasion].default for occasion in Occasion}


def test_a_workspace_without_the_workbook_has_the_defaults() -> None:
    texts, findings = read_letter_texts(None, FILE)
    assert findings == []
    assert texts.text(Occasion.HEAD) == "{称呼}：\n联络员：{联络员}"


def test_a_field_that_is_none_is_told_with_its_cell_and_those_that_are() -> None:
    tables, cell = edited("已接收", "贵单位的{填表}收到了。")
    found = only(tables)
    assert (found.code, found.cell, found.file) == (Code.SETTING_LETTER_FIELD, cell, FILE)
    assert found.message.startswith(
        f"第{cell[1:]}行：“已接收”里没有字段{{填表}}，是不是“填报表”；可用的有：{{填报表}}、{{文件}}、{{处数}}、"
    )


def test_a_field_of_another_passage_is_none_of_this_one() -> None:
    tables, _ = edited("落款", "{办公室}\n{更正清单}")
    assert only(tables).code is Code.SETTING_LETTER_FIELD


@pytest.mark.parametrize("text", ["{办公室", "办公室}", "{办公室}{", "{{办公室}}", "}{"])
def test_braces_without_a_partner_are_told(text: str) -> None:
    tables, cell = edited("落款", text)
    found = only(tables)
    assert (found.code, found.cell) == (Code.SETTING_LETTER_BRACES, cell)
    assert (
        found.message.partition("：")[2]
        == "“落款”里的花括号不成对，请补齐成{单位}的样子；文字里请勿另用花括号。"
    )


@pytest.mark.parametrize("text", ["{0}", "{单位.__class__}", "{单位[0]}", "{单位!r}", "{}", "{单位:>9}"])
def test_nothing_but_a_plain_name_is_a_field(text: str) -> None:
    tables, _ = edited("落款", text)
    assert only(tables).code is Code.SETTING_LETTER_FIELD


def test_a_text_that_lost_its_list_is_told() -> None:
    tables, cell = edited("请更正", "贵单位报送的{填报表}有{处数}处须更正。\n{核对清单}")
    found = only(tables)
    assert (found.code, found.cell) == (Code.SETTING_LETTER_LACKS, cell)
    assert found.message.partition("：")[2] == "“请更正”里少了{更正清单}，请补回，单位才知道要办什么。"


def test_an_occasion_that_is_none_is_told_and_the_one_it_should_be_is_missing() -> None:
    tables = fresh()
    tables["信函"][5][0] = "已接受"
    _, findings = read_letter_texts(tables, FILE)
    unknown, missing = findings
    assert (unknown.code, unknown.cell) == (Code.SETTING_LETTER_UNKNOWN, "A6")
    assert "没有“已接受”这个场合，是不是“已接收”" in unknown.message
    assert missing.code is Code.SETTING_LETTER_MISSING


def test_an_occasion_that_stands_twice_is_told() -> None:
    tables = fresh()
    tables["信函"].append(["落款", "{办公室}", None, None])
    found = only(tables)
    assert found.code is Code.SETTING_TWICE
    assert found.cell == f"A{len(tables['信函'])}"


def test_an_occasion_without_a_text_is_told() -> None:
    tables, cell = edited("落款", "")
    assert (only(tables).code, only(tables).cell) == (Code.PLAN_REQUIRED, cell)


def test_an_occasion_that_is_missing_has_the_default_text_and_is_told() -> None:
    tables = fresh()
    tables["信函"] = [row for row in tables["信函"] if row[0] not in ("落款", "已接收")]
    texts, (found,) = read_letter_texts(tables, FILE)
    assert texts.text(Occasion.SIGNATURE) == PASSAGES[Occasion.SIGNATURE].default
    assert (found.code, found.severity) == (Code.SETTING_LETTER_MISSING, Severity.WARNING)
    assert "“已接收、落款”" in found.message


def test_braces_of_a_chinese_keyboard_are_braces() -> None:
    tables, _ = edited("落款", "｛ 办公室 ｝")
    texts, findings = read_letter_texts(tables, FILE)
    assert findings == []
    assert texts.text(Occasion.SIGNATURE) == "{办公室}"


@pytest.mark.parametrize("occasion", Occasion, ids=str)
def test_a_default_text_uses_only_its_fields_and_has_all_that_it_needs(occasion: Occasion) -> None:
    passage = PASSAGES[occasion]
    used = fields_in(passage.default)
    assert not has_stray_brace(passage.default)
    assert set(passage.needs) <= set(used) <= set(passage.fields)


# --- filling in


def test_a_line_whose_fields_are_all_empty_is_left_out_and_so_is_its_heading() -> None:
    text = "{甲}：\n电话：{乙}\n\n请更正：\n{丙}\n\n再见\n{乙}"
    assert fill_in(text, {"甲": "区科技局", "乙": "", "丙": ""}) == "区科技局：\n\n再见"
    filled = fill_in(text, {"甲": "", "乙": "1", "丙": "1. x\n\n\n2. y"})
    assert filled == "电话：1\n\n请更正：\n1. x\n\n\n2. y\n\n再见\n1"


def test_a_line_above_that_is_no_heading_stays() -> None:
    assert fill_in("区专班办 小王\n{联系方式}", {"联系方式": ""}) == "区专班办 小王"
    assert fill_in("{甲}：\n{乙}", {"甲": "各单位", "乙": ""}) == "各单位："
    assert fill_in("各科室：\n联络员：{乙}", {"乙": ""}) == "各科室："


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    assert fill_in("{甲}{乙}", {"甲": "{乙}", "乙": r"\1{甲}"}) == r"{乙}\1{甲}"


def test_a_letter_fails_rather_than_leave_out_a_field_that_the_office_may_use() -> None:
    with pytest.raises(KeyError, match="单位"):
        LetterTexts().write(Occasion.SIGNATURE, {"办公室": "办公室"})


def test_blanks_within_braces_do_not_count() -> None:
    assert plain_braces("｛单位 ｝{ 期}") == "{单位}{期}"
