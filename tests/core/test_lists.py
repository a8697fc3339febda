from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenproj_xl.core.lists import split_codes, split_units


@pytest.mark.parametrize("mark", [*"、,，;；。/／|｜\n \t\u3000", "、 ", "；\n", " / ", ", "])
def test_units_are_told_apart_by_any_mark_that_people_use(mark: str) -> None:
    assert split_units(f"区科技局{mark}区财政局{mark}") == ("区科技局", "区财政局")


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("", ()),
        ("、", ()),
        (" 区科技局 ", ("区科技局",)),
        ("A/B", ("A", "B")),
        ("区委宣传部（区新闻办、区文明办）、区科技局", ("区委宣传部（区新闻办、区文明办）", "区科技局")),
        ("区发改经信局(区委社建委/区发改局)/区科技局", ("区发改经信局(区委社建委/区发改局)", "区科技局")),
        ("区科技局 （牵头）\n区财政局", ("区科技局（牵头）", "区财政局")),
        ("（牵头）区科技局；区财政局", ("（牵头）区科技局", "区财政局")),
        ("区科技局（牵头、区财政局", ("区科技局（牵头", "区财政局")),
        ("区科技局）、区财政局", ("区科技局）", "区财政局")),
    ],
)
def test_a_bracketed_name_stays_with_the_unit_before_it(text: str, units: tuple[str, ...]) -> None:
    assert split_units(text) == units


@given(st.text("区科技局（）()、/ \n", max_size=40))
def test_no_mark_is_lost_inside_a_name_and_no_name_is_empty(text: str) -> None:
    names = split_units(text)
    assert all(names)
    assert all(split_units(name) == (name,) for name in names)


@pytest.mark.parametrize("piece", ["（", "（、", "（）", " ", "a（", "、"])
def test_no_composed_list_takes_long(piece: str) -> None:
    start = process_time()
    split_units(piece * 32000)
    assert process_time() - start < 2


def test_codes_are_listed_in_one_spelling() -> None:
    assert split_codes("z03-04、Ｒ03-02/无") == ("Z03-04", "R03-02", "无")
