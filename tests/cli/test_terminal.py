"""Texts on a terminal."""

import pytest

from tenproj_xl.cli.terminal import fitting, width


@pytest.mark.parametrize("line", ["", "任务清单", "a" * 76, "中" * 38, "中" * 37 + "…", "…" * 76])
def test_a_line_that_fits_stays(line: str) -> None:
    assert fitting(line) == line


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("a" * 77, "a" * 75 + "…"),
        ("中" * 39, "中" * 37 + "…"),
        ("a" + "中" * 38, "a" + "中" * 37 + "…"),
        ("a" * 76 + "…", "a" * 75 + "…"),
        ("…" * 77, "…" * 76),
    ],
)
def test_a_line_too_long_is_cut_to_the_width_of_a_screen_and_says_so(line: str, cut: str) -> None:
    assert fitting(line) == cut
    assert width(cut) <= 76
