"""The conditions of conditional formats."""

from collections.abc import Mapping

import pytest

from tenproj_xl.reading.picture.formula import Sight, UnknownError, Value, holds

VALUES: Mapping[tuple[int, int], Value] = {
    (4, 2): "未填：最新数值、数据性质",
    (4, 10): 12.5,
    (5, 2): "✓ 通过",
    (6, 2): "缺3处",
}


@pytest.mark.parametrize(
    ("formula", "down", "answer"),
    [
        ('ISNUMBER(FIND("最新数值",$C5))', 0, True),
        ('ISNUMBER(FIND("最新数值",$C5))', 1, False),
        ('LEFT(C5,1)="✓"', 1, True),
        ('C5<>""', 0, True),
        ('C5<>""', 9, False),
        ("K5>=12.5", 0, True),
        ("NOT(K5>12)", 0, False),
        ('OR(LEFT(C5,1)="缺",AND(ISNUMBER(FIND("通过",C5)),NOT(ISERROR(SEARCH("无",C5)))))', 2, True),
        ('NOT(ISERROR(SEARCH("数据性质",C5)))', 0, True),
        ('"第"&1&"期"="第1期"', 0, True),
        ("-K5<0", 0, True),
    ],
)
def test_a_condition_holds_where_it_does_in_a_spreadsheet(formula: str, down: int, *, answer: bool) -> None:
    assert holds(formula, Sight(values=VALUES, down=down)) is answer


@pytest.mark.parametrize(
    "formula", ["VLOOKUP(C5,A1:B9,2)", "别的表!A1=1", "AND(", '"a', "NOT()", "(" * 200 + "1"]
)
def test_a_condition_that_is_not_understood_is_unknown(formula: str) -> None:
    with pytest.raises(UnknownError):
        holds(formula, Sight(values=VALUES))


def test_a_fixed_column_stays_and_a_loose_one_moves() -> None:
    sight = Sight(values={(0, 0): "甲", (0, 1): "乙"}, right=1)
    assert holds('$A1="甲"', sight)
    assert holds('A1="乙"', sight)
