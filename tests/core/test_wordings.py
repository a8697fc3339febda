"""Wordings: each pattern is held to the texts that it is for, and to those that it is not for."""

import pytest

from tenproj_xl.core.wordings import Says, Wording, says, wordings


@pytest.mark.parametrize("wording", wordings(), ids=lambda wording: wording.examples[0])
def test_a_wording_is_for_its_examples_and_not_for_its_counterexamples(wording: Wording) -> None:
    assert [text for text in wording.examples if not says(text, wording.says)] == []
    assert [text for text in wording.counterexamples if says(text, wording.says)] == []


@pytest.mark.parametrize("meaning", Says)
def test_everything_that_a_rule_asks_for_is_said_in_some_way(meaning: Says) -> None:
    assert any(wording.says is meaning for wording in wordings())


def test_a_long_text_says_more_than_one_thing() -> None:
    assert not says("尚未启动，" + "待专班会议明确后按程序办理" * 6, Says.UNBEGUN)
