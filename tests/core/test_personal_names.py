"""Names of people are told from other words by their surnames."""

import pytest

from tenproj_xl.core.personal_names import is_personal_name


@pytest.mark.parametrize("name", ["张三", "李小明", "欧阳明德", "诸葛亮"])
def test_a_surname_and_one_or_two_characters_are_a_name(name: str) -> None:
    assert is_personal_name(name)


@pytest.mark.parametrize("words", ["演示数据", "经办人", "科长", "同上", "张", "张三李四", ""])
def test_other_words_are_none(words: str) -> None:
    assert not is_personal_name(words)
