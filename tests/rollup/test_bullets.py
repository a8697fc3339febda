"""目标进度图: bars worked out by hand after the sketch of the page, and what the titles say."""

from dataclasses import replace
from pathlib import Path

import pytest

from tenproj_xl.core.cells import letters
from tenproj_xl.core.states import State
from tenproj_xl.model.history import History
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.facts.bullets import Bullet, BulletSet, bullet_sets, scale_end
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tests.helpers import rollup_example as ex
from tests.helpers.libreoffice import recalculated
from tests.helpers.programs import need
from tests.helpers.rollup_reading import opened


def bullet(done: float, pace: float | None, foreseen: float | None) -> Bullet:
    """A figure of a target of 100."""
    (line, *_) = facts_of(ex.ordinary_week()).indicators
    return Bullet(line=line, value=done, goal=100.0, expected=pace, forecast=foreseen, gap="")


def sets_of(data: RollupInput) -> tuple[BulletSet, ...]:
    return bullet_sets(facts_of(data))


@pytest.mark.parametrize(
    ("done", "pace", "foreseen", "parts"),
    [
        # The four bars of the sketch: figure, forecast and rest before the tick of the pace, tick, then the same.
        (72.0, 81.0, 91.0, (72.0, 8.5, 0.0, 1.0, 0.0, 9.5, 9.0)),
        (51.25, 65.0, 87.5, (51.25, 13.25, 0.0, 1.0, 0.0, 22.0, 12.5)),
        (98.0, 90.0, 103.0, (89.5, 0.0, 0.0, 1.0, 7.5, 5.0, 0.0)),
        (75.0, 85.0, 80.0, (75.0, 5.0, 4.5, 1.0, 0.0, 0.0, 14.5)),
        # No forecast; no pace; beyond the end of the scale.
        (40.0, 50.0, None, (40.0, 0.0, 9.5, 1.0, 0.0, 0.0, 49.5)),
        (60.0, None, 90.0, (60.0, 30.0, 10.0, 0.0, 0.0, 0.0, 0.0)),
        (300.0, 100.0, None, (99.5, 0.0, 0.0, 1.0, 99.5, 0.0, 0.0)),
    ],
)
def test_a_bar_is_the_figure_the_forecast_and_the_rest_around_the_tick_of_the_pace(
    done: float, pace: float | None, foreseen: float | None, parts: tuple[float, ...]
) -> None:
    assert bullet(done, pace, foreseen).parts(200) == pytest.approx(parts)


def test_a_figure_that_is_its_target_is_the_whole_of_it() -> None:
    (line, *_) = facts_of(ex.ordinary_week()).indicators
    met = Bullet(line=line, value=1.37, goal=1.37, expected=1.37, forecast=1.37, gap="")
    assert (met.done, met.pace, met.foreseen) == (100.0, 100.0, 100.0)


def test_the_scale_ends_with_the_highest_but_not_too_far() -> None:
    (line, *_) = ex.plan().task_forces
    assert scale_end([BulletSet(line, (bullet(98.0, 90.0, 103.0),), 0)]) == 120
    assert scale_end([BulletSet(line, (bullet(98.0, 90.0, 133.0),), 0)]) == 140
    assert scale_end([BulletSet(line, (bullet(400.0, 90.0, None),), 0)]) == 200


@pytest.mark.parametrize(
    ("value", "said"), [(230.0, "超过200%的1项只画到200%，长短不能比，以数值为准。"), (200.0, "")]
)
def test_the_sheet_says_how_many_bars_end_before_their_figure(
    tmp_path: Path, value: float, said: str
) -> None:
    far = ex.figure("Z01-01", value, "2026年10月")
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(replace(ex.reviewed_quarter(), known=History((far,)))))
    note = str(opened(path)["目标进度图"]["C2"].value)
    assert note.startswith(f"各图同一刻度，从0起，100%为目标；到期的，黑线就是目标。{said}没有画的")


def test_figures_stand_against_their_own_target_with_what_is_expected_of_the_year() -> None:
    (first, *_) = sets_of(ex.reviewed_quarter())
    (annual,) = first.bullets
    # 85 of 100 by the end of October, of whose year 304 of 365 days have passed; 98 are expected.
    assert (annual.value, annual.goal, annual.forecast) == (85.0, 100.0, 98.0)
    assert annual.pace == pytest.approx(100 * 304 / 365, abs=0.01)
    assert annual.label == "指标Z01-01 85/100亿元"
    assert first.title == "01专班1项中没有落后的"
    assert annual.in_words == "指标Z01-01 85/100亿元，完成85.0%，序时83.3%，预计98.0%"


def test_a_title_names_what_is_furthest_behind_in_its_own_unit() -> None:
    behind = ex.figure("Z02-02", 100.0, "2026年8月")
    (found,) = sets_of(ex.rollup_input(behind, indicators=ex.INDICATORS))
    assert found.bullets[0].line.state is State.BEHIND
    # 110 by the end of 2025 and 200 by that of 2027: 139.96 by the end of August 2026.
    assert found.title == "02专班1项中1项落后：指标Z02-02，差39.96亿元"


def test_what_is_better_when_lower_grows_or_is_told_in_words_has_no_bar() -> None:
    rows = (
        ex.figure("Z01-01", 85.0, "2026年10月"),
        ex.figure("Z01-02", 12.8, "2026年三季度"),
        ex.figure("Z02-03", 12.0, "2026年9月"),
        ex.figure("Z02-05", "推进中", "2026年9月"),
    )
    (found,) = sets_of(ex.rollup_input(*rows, indicators=ex.INDICATORS))
    assert [b.line.indicator.code for b in found.bullets] == ["Z01-01"]
    assert found.left_out == 3  # the others of task force 01


def test_a_target_that_is_due_is_its_own_pace() -> None:
    (found,) = sets_of(ex.ended_year())
    assert [(b.line.indicator.code, b.done, b.pace) for b in found.bullets] == [("Z01-01", 103.0, 100.0)]


@pytest.mark.libreoffice
def test_the_formulas_of_the_bars_follow_the_numbers_beside_them(tmp_path: Path) -> None:
    """The figure of a bar is set to 40 and its forecast to 60: the bar follows, as worked out by hand."""
    need("soffice")
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.reviewed_quarter()))
    sheet = opened(path)["目标进度图"]
    row = next(n for n in range(5, sheet.max_row + 1) if sheet.cell(n, 1).value == "Z01-01")
    columns = [letters(n) for n in range(16, 23)]
    cells = [
        ("目标进度图", f"{column}{row}", text) for column, text in (("D", "40"), ("H", "50"), ("I", "60"))
    ]
    shown = recalculated(path, cells)["目标进度图"]
    parts = [float(shown.get(f"{column}{row}", 0)) for column in columns]
    assert parts == pytest.approx(bullet(40.0, 50.0, 60.0).parts(120))
    assert parts == pytest.approx((40.0, 9.5, 0.0, 1.0, 0.0, 9.5, 40.0))
