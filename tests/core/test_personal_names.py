"""Names of people are told from other words by their surnames."""

import pytest

from tenproj_xl.core.personal_names import is_personal_name, without_post


@pytest.mark.parametrize("name", ["张三", "李小明", "欧阳明德", "诸葛亮"])
def test_a_surname_and_one_or_two_characters_are_a_name(name: str) -> None:
    assert is_personal_name(name)


@pytest.mark.parametrize("words", ["演示数据", "经办人", "科长", "同上", "张", "张三李四", ""])
def test_other_words_are_none(words: str) -> None:
    assert not is_personal_name(words)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("黄飞常务副区长", "黄飞"),
        ("樊峥常委副区长", "樊峥"),
        ("张建明", "张建明"),
        ("区委常委", "区委常委"),  # nobody's name is left
        ("", ""),
    ],
)
def test_a_post_behind_a_name_is_left_out(text: str, name: str) -> None:
    assert without_post(text) == name
