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


def test_a_command_at_the_end_of_a_line_stays_whole() -> None:
    command = "改以另一份为准：tenproj prefer 123456789012"
    assert fitting("区科技局：有1处不同。", command) == f"区科技局：有1处不同。{command}"
    cut = fitting("区科技局：" + "有1处不同，" * 9, command)
    assert cut == f"区科技局：有1处不同，有1处不同，…{command}"
    assert width(cut) <= 76
    assert fitting("中" * 20, "a" * 76) == "中" * 14 + "…" + "a" * 76
