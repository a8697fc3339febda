"""Classification marks: each pattern is held to the texts that it is for, and to those that it is not for."""

import re

import pytest

from tenproj_xl.core.secrecy import MarkPattern, MarkPlace, bears_mark, marks, name_bears_mark

RIGHT = (
    "开展商业秘密保护宣传，完成36个小区",
    "签订保密协议3份",
    "涉及企业商业秘密，正在协调",
    "建成机密计算示范平台",
    "严禁填报涉密信息。本表为内部资料，请注意保管。",
    "内部资料　注意保管",
    "保守国家秘密和工作秘密专项检查2次",
    "★秘密会议纪念馆修缮完成",
    "密码产业园，机密性测评通过",
    "查处泄露国家秘密案件1起，绝密级0起",
    "秘密\u200b",
)


@pytest.mark.parametrize("mark", marks(), ids=lambda mark: mark.examples[0])
def test_a_pattern_is_for_its_examples_and_not_for_its_counterexamples(mark: MarkPattern) -> None:
    told = name_bears_mark if mark.place is MarkPlace.PIECE else bears_mark
    assert [text for text in mark.examples if not told(text)] == []
    assert [text for text in mark.counterexamples if told(text)] == []


@pytest.mark.parametrize("text", RIGHT[:-1])
def test_the_word_in_a_sentence_is_a_word_like_any_other(text: str) -> None:
    assert not bears_mark(text)
    assert not name_bears_mark(f"{text}.xlsx")


def test_a_mark_counts_in_whatever_line_it_stands() -> None:
    assert bears_mark("重点任务进度表\n　机　密　\n2026年")
    assert bears_mark("情况说明\r\n秘密★1年\r\n某项目")
    assert bears_mark(RIGHT[-1])


@pytest.mark.parametrize(
    "name",
    [
        "01_填报表（机密）.xlsx",
        "机密_某项目.docx",
        "秘密★1年 填报表.xlsx",
        "机密/01.xlsx",
        "【绝密】01.xls",
        "01 秘密.et",
    ],
)
def test_a_mark_in_a_name_stands_between_separators(name: str) -> None:
    assert name_bears_mark(name)


@pytest.mark.parametrize(
    "name", ["商业秘密保护.xlsx", "01区保密局.xlsx", "保守秘密(1).xlsx", "机密计算平台/01.xlsx"]
)
def test_the_word_in_a_name_is_a_word(name: str) -> None:
    assert not name_bears_mark(name)


def test_the_patterns_take_no_longer_for_a_character_of_a_long_line() -> None:
    assert all(
        not re.search(r"[*+](?![?+])", mark.pattern.pattern.replace("★☆*", "").replace("⋆*", ""))
        for mark in marks()
    )
