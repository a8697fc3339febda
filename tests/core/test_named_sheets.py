"""Sheets of the form by name: they come out of a pickle as the same objects."""

import pickle
from dataclasses import replace

import pytest

from tenproj_xl.core.named_sheets import named_sheets
from tenproj_xl.core.words import USUAL, Words

YEARS = range(2026, 2028)
OF_A_PROVINCE = Words(office="省专班办公室", rank="全省排名")


@pytest.mark.parametrize("words", [USUAL, OF_A_PROVINCE])
def test_a_sheet_and_its_columns_come_back_as_they_are_here(words: Words) -> None:
    for sheet in named_sheets(YEARS, words):
        back, columns = pickle.loads(pickle.dumps((sheet, list(sheet.columns))))  # noqa: S301  # our own
        assert back is sheet
        assert all(column is own for column, own in zip(columns, sheet.columns, strict=True))


def test_a_plan_with_other_words_has_other_sheets() -> None:
    indicators, _, issues = named_sheets(YEARS, OF_A_PROVINCE)

    assert indicators.column("city_rank").header == "全省排名"
    assert indicators is not named_sheets(YEARS, USUAL)[0]
    assert issues is not named_sheets(YEARS, USUAL)[2]


def test_a_name_is_shorter_than_a_sheet() -> None:
    (indicators, *_) = named_sheets(YEARS, USUAL)
    other = replace(indicators, columns=tuple(map(replace, indicators.columns)))

    assert len(pickle.dumps(indicators)) * 5 < len(pickle.dumps(other))


def test_a_sheet_without_a_name_is_pickled_as_it_is() -> None:
    (indicators, *_) = named_sheets(YEARS, USUAL)
    other = replace(indicators, name="另一张表")

    assert pickle.loads(pickle.dumps(other)) == other  # noqa: S301  # our own
