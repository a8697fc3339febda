"""Figures that are not published yet (公开：公布后): marked for leaders, and in no paper for all until their day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.states import State
from tenproj_xl.model.data_releases import DataRelease, DataReleases
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.plan import Indicator, Measure
from tenproj_xl.model.publications import Publication, Series
from tenproj_xl.model.published import Published
from tenproj_xl.model.reviews import NamedReview, Review
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.facts.change_items import Change
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.corrected import errata
from tenproj_xl.rollup.facts.editions import MEETING, MONTH, QUARTER, WEEK, YEAR, Audience, Edition, Release
from tenproj_xl.rollup.facts.embargo import only_released, unreleased_figures
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.facts.public import for_all, left_out
from tenproj_xl.rollup.facts.publishing import published
from tenproj_xl.rollup.facts.sdmx import ConfidentialityStatus, confidentiality_status
from tenproj_xl.rollup.facts.summary import reviews_in_words
from tests.helpers import rollup_example as ex
from tests.helpers.rollup_reading import one, opened, table
from tests.rollup.test_public import content

ALL = (WEEK, MEETING, MONTH, QUARTER, YEAR)
WAITING = "Z01-01"
"""Its target of 2026 is 100; that of September, 82, is published, that of October is not."""
SEPTEMBER, OCTOBER = ("2026-09", date(2026, 10, 20)), ("2026-10", date(2026, 11, 27))
MARK = "未公布，内部掌握"


def released(*days: tuple[str, date], whose: str = WAITING) -> DataReleases:
    return DataReleases(tuple(DataRelease(frozenset({whose}), code, on) for code, on in days))


def district(october: float | None, *days: tuple[str, date]) -> RollupInput:
    """Return a district that differs from others in one figure, and what its unit says of it; None: no figure."""
    data = ex.following_week()
    rows: list[Reported] = []
    for row in data.known.rows:
        is_october = row.code == WAITING and row.period == ex.WEEK
        if not is_october:
            rows.append(row)
        elif october is not None:
            said: dict[str, Value] = {
                "lag_reason": f"只完成{october}",
                "next_steps": f"补上{october}",
                "forecast": october + 7,
            }
            rows.append(replace(row, values={**row.values, "value": october, **said}))
    return waiting(replace(data, known=History(tuple(rows), data.known.decisions)), *days)


def waiting(data: RollupInput, *days: tuple[str, date]) -> RollupInput:
    """Return an input in which the first indicator waits for the publication of its figures."""
    first, *others = data.plan.indicators
    first = replace(first, disclosure=Disclosure.AFTER_RELEASE)
    return replace(
        data,
        plan=replace(data.plan, indicators=(first, *others)),
        settings=replace(data.settings, releases=released(*days)),
        lives=ex.lives(data.known.rows, data.plan),
    )


def publication(told: Published) -> Publication:
    """Return a league table that was given out, which told this."""
    return Publication(
        series=Series.LEAGUE,
        year=2026,
        number=1,
        edition=WEEK.code,
        published_at=datetime(2026, 11, 30, tzinfo=UTC),
        published_by="王主任",
        files=(),
        told=told,
        plan="",
    )


def line_of(facts: Facts, code: str = WAITING) -> IndicatorLine:
    return next(line for line in facts.indicators if line.indicator.code == code)


def written(data: RollupInput, path: Path, audience: Audience, edition: Edition = WEEK) -> Path:
    write_rollup(path, facts_of(replace(data, release=Release(edition, audience))))
    return path


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.code)
def test_no_byte_for_all_depends_on_a_figure_that_is_not_published(edition: Edition, tmp_path: Path) -> None:
    behind = content(district(40.0, SEPTEMBER), tmp_path / "1.xlsx", edition)
    ahead = content(district(95.25, SEPTEMBER), tmp_path / "2.xlsx", edition)
    assert [name for name in behind if behind[name] != ahead[name]] == []
    unreported = content(district(None, SEPTEMBER), tmp_path / "3.xlsx", edition)
    assert [name for name in behind if behind[name] != unreported[name]] == []


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.code)
def test_from_the_day_of_publication_on_all_may_read_it(edition: Edition, tmp_path: Path) -> None:
    behind = content(district(40.0, SEPTEMBER, OCTOBER), tmp_path / "1.xlsx", edition)
    ahead = content(district(95.25, SEPTEMBER, OCTOBER), tmp_path / "2.xlsx", edition)
    assert "xl/sharedStrings.xml" in [name for name in behind if behind[name] != ahead[name]]
    path = written(district(95.25, SEPTEMBER, OCTOBER), tmp_path / "3.xlsx", Audience.PUBLIC)
    shown = table(path, "主要指标")
    assert (one(shown, WAITING, "最新数值"), one(shown, WAITING, "数据所属期")) == (95.25, "2026年10月")


def test_until_then_all_read_the_newest_published_figure_and_its_judgement(tmp_path: Path) -> None:
    shown = table(written(district(40.0, SEPTEMBER), tmp_path / "x.xlsx", Audience.PUBLIC), "主要指标")
    assert one(shown, WAITING, "最新数值") == 82
    assert one(shown, WAITING, "数据所属期") == "2026年9月"
    assert one(shown, WAITING, "进度评价") == "达序时"
    assert "过旧" not in str(one(shown, WAITING, "时效"))


def test_without_any_published_figure_the_row_says_that_none_can_be_there_yet(tmp_path: Path) -> None:
    shown = table(written(district(40.0), tmp_path / "x.xlsx", Audience.PUBLIC), "主要指标")
    assert one(shown, WAITING, "进度评价") == "未到发布期"
    assert one(shown, WAITING, "应评") == "否"
    assert one(shown, WAITING, "滞后原因") == ""


def test_leaders_read_it_with_a_mark_wherever_it_is_quoted(tmp_path: Path) -> None:
    path = written(district(40.0, SEPTEMBER), tmp_path / "x.xlsx", Audience.LEADERS)
    shown = table(path, "主要指标")
    assert one(shown, WAITING, "最新数值") == 40
    assert one(shown, WAITING, "时效") == f"本期，{MARK}"
    assert one(table(path, "督办清单"), WAITING, "差多少") == f"差43.29亿元（{MARK}）"
    assert one(table(path, "本期变化"), WAITING, "本期") == f"40（2026年10月，滞后）（{MARK}）"
    wall = [cell.value for row in opened(path, values=True)["挂图作战"].iter_rows() for cell in row]
    assert "完成40.0%（未公布）" in wall
    assert f"{MARK}的数：Z01-01（2026年10月）。" in str(opened(path, values=True)["趋势"]["C2"].value)
    (first,) = [
        [cell.value for cell in row if cell.value is not None]
        for row in opened(path, values=True)["总览"].iter_rows()
        if any(str(cell.value).startswith("Z01-01") and "→" not in str(cell.value) for cell in row)
        and any("差43.29" in str(cell.value) for cell in row)
    ]
    assert any(MARK in str(value) for value in first)
    told = str([cell.value for row in opened(path, values=True)["说明"].iter_rows() for cell in row])
    assert "（11月27日）的才对外写" in told


@pytest.mark.parametrize(
    ("published_one", "told"),
    [
        (OCTOBER, f"97（2025年，未达标）（{MARK}）"),
        (("2025", date(2026, 2, 1)), "97（2025年，未达标）"),
    ],
    ids=["the newest figure is published", "that of the year is published"],
)
def test_a_missed_target_is_told_as_news_with_the_mark_of_its_own_figure(
    published_one: tuple[str, date], told: str
) -> None:
    targets = (ex.target("2025", "以上", 100.0), ex.target("2026", "以上", 100.0))
    flow = ex.indicator(WAITING, Measure.ANNUAL, *targets)
    october = ex.figure(WAITING, 70.0, "2026年10月", period="2026-W47")
    year = ex.figure(WAITING, 97.0, "2025年", "统计核定")
    before = waiting(ex.rollup_input(october, indicators=(flow,)), published_one)
    before = replace(before, period=parse_period("2026-W47"))
    now = waiting(ex.rollup_input(october, year, indicators=(flow,)), published_one)
    now = replace(now, earlier=(published(facts_of(before), 1),))
    (news,) = (line for line in change_lines(facts_of(now)) if line.change is Change.WORSE)
    assert (news.before, news.after) == ("待核定（2025年）", told)


def test_nothing_is_marked_once_it_is_published(tmp_path: Path) -> None:
    path = written(district(40.0, SEPTEMBER, OCTOBER), tmp_path / "x.xlsx", Audience.LEADERS)
    marked = []
    for page in opened(path, values=True):
        if page.title != "说明":
            marked += [cell.value for row in page.iter_rows() for cell in row if MARK in str(cell.value)]
    assert marked == []


def month(data: RollupInput) -> Facts:
    """Return the facts of a month with what is known in a week: a week has no league."""
    november = parse_period("2026-11")
    return facts_of(replace(data, release=Release(MONTH), period=november, periods=ex.WEEKS))


def test_leaders_and_all_read_the_same_league_which_counts_what_is_published() -> None:
    behind, ahead = month(district(40.0, SEPTEMBER)), month(district(95.25, SEPTEMBER))
    assert line_of(behind).state is State.BEHIND
    assert line_of(ahead).state is State.ON_PACE
    assert behind.league == ahead.league == for_all(behind).league
    assert month(district(40.0, SEPTEMBER, OCTOBER)).league != behind.league


@pytest.mark.parametrize(
    ("day", "is_published"),
    [(date(2026, 11, 26), True), (date(2026, 11, 27), True), (date(2026, 11, 28), False)],
)
def test_a_weeks_paper_has_the_date_of_its_deadline(day: date, *, is_published: bool) -> None:
    data = district(40.0, SEPTEMBER, ("2026-10", day))
    assert data.made_on == date(2026, 11, 27)
    assert line_of(facts_of(data)).unreleased is not is_published


def test_a_wide_paper_has_the_date_of_its_newest_data_or_of_the_periods_that_are_over() -> None:
    data = replace(ex.rollup_input_for(MONTH), newest=parse_period("2026-W48"))
    assert data.made_on == date(2026, 11, 28)  # a return of that day
    later = replace(data, newest=parse_period("2026-W51"))
    assert later.made_on == date(2026, 12, 13)
    assert replace(data, receipts=(), known=History(())).made_on == date(2026, 11, 27)


def test_a_verdict_waits_like_its_figure(tmp_path: Path) -> None:
    data = ex.rollup_input_for(YEAR)
    first = data.plan.indicators[2]  # the target of 2025, met by the figure of December 2025
    late = replace(first, disclosure=Disclosure.AFTER_RELEASE)
    others = tuple(late if one is first else one for one in data.plan.indicators)
    data = replace(data, plan=replace(data.plan, indicators=others))
    assert "2025年：达标" in line_of(facts_of(data), first.code).passed_in_words
    shown = line_of(facts_of(data), first.code)
    assert [period.label for period in shown.waiting] == ["2025年12月"]
    assert not shown.unreleased, "there is no figure of this year"
    assert line_of(facts_of(only_released(data)), first.code).passed_in_words == ""
    path = written(data, tmp_path / "x.xlsx", Audience.PUBLIC, YEAR)
    assert one(table(path, "主要指标"), first.code, "最新数值") == ""


def test_a_correction_for_all_compares_with_what_all_could_read() -> None:
    was = facts_of(district(40.0, SEPTEMBER))
    told = published(was, 10)
    row = told.rows["indicators"][WAITING]
    assert (row["value"], row["for_all_value"], row["for_all_state"]) == (40.0, 82.0, State.ON_PACE)
    paper = publication(told)
    for audience, shown in (
        (Audience.PUBLIC, "达序时，82（2026年9月）"),
        (Audience.LEADERS, "滞后，40（2026年10月）"),
    ):
        release = Release(WEEK, audience, correction=1)
        now = facts_of(replace(district(41.0, SEPTEMBER, OCTOBER), release=release, corrects=paper))
        (difference,) = [d for d in errata(for_all(now) if release.is_public else now) if d.code == WAITING]
        assert difference.was.startswith(shown)
        assert (difference.why == "数据已经公布") is release.is_public
        if release.is_public:
            assert not difference.calls_for_correction
        still = facts_of(replace(district(41.0, SEPTEMBER), release=release, corrects=paper))
        found = errata(for_all(still)) if release.is_public else errata(still)
        assert [d.code for d in found if d.code == WAITING] == ([] if release.is_public else [WAITING])


def quoting(figure: str) -> RollupInput:
    """Return a district whose October figure is told in the texts of another row and of the cover."""
    data = district(float(figure), SEPTEMBER)
    said = f"本月完成{figure}亿元（2026年10月），其中10项已竣工"
    rows = []
    for row in data.known.rows:
        if row.code == "R01-02":
            rows.append(replace(row, values={**row.values, "progress": said}))
        else:
            rows.append(row)
    cover: dict[str, Value] = {"unit": "甲局", "highlights": f"{said}，同比多{figure}"}
    return replace(
        data, known=replace(data.known, rows=tuple(rows)), receipts=(ex.receipt("01", cover=cover),)
    )


def test_a_figure_that_a_unit_quotes_elsewhere_is_left_out_and_the_operator_told(tmp_path: Path) -> None:
    one_way = content(quoting("40.5"), tmp_path / "1.xlsx", WEEK)
    other = content(quoting("95.25"), tmp_path / "2.xlsx", WEEK)
    assert [name for name in one_way if one_way[name] != other[name]] == []
    said = "本月完成（数值略）亿元（2026年10月），其中（数值略）项已竣工"
    assert said.encode() in one_way["xl/sharedStrings.xml"]
    assert left_out(facts_of(quoting("40.5"))) == ("R01-02", "01典型做法")
    assert left_out(facts_of(district(40.0, SEPTEMBER))) == ()


def test_lists_for_other_offices_say_whether_a_figure_is_free() -> None:
    closed = confidentiality_status(line_of(facts_of(district(40.0, SEPTEMBER))))
    free = confidentiality_status(line_of(facts_of(district(40.0, SEPTEMBER, OCTOBER))))
    assert (closed, free) == (ConfidentialityStatus.NOT_FOR_PUBLICATION, ConfidentialityStatus.FREE)


# --- the calendar


def indicator(unit: str = "甲局") -> Indicator:
    return replace(ex.ANNUAL, disclosure=Disclosure.AFTER_RELEASE, reporting_unit=unit)


def test_a_line_for_the_indicator_comes_before_one_for_its_unit_and_one_for_all() -> None:
    october = parse_period("2026-10")
    lines = [
        DataRelease(frozenset({"全部"}), "2026-10", date(2026, 11, 18)),
        DataRelease(frozenset({"甲局"}), "2026-10", date(2026, 11, 20)),
        DataRelease(frozenset({"Z01-01"}), "2026-10", date(2026, 11, 25)),
    ]
    days = [DataReleases(tuple(lines[:n])).day_of(indicator(), october) for n in (1, 2, 3)]
    assert days == [date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 25)]
    assert DataReleases(tuple(lines[1:])).day_of(indicator("乙局"), october) == date(2026, 11, 25)
    assert DataReleases(tuple(lines)).day_of(indicator(), parse_period("2026-09")) is None


def test_a_figure_that_is_published_has_no_mark_though_the_one_before_it_never_was() -> None:
    line = line_of(facts_of(district(40.0, ("2026-10", date(2026, 11, 25)))))
    assert (line.unreleased, line.mark) == (False, "")
    assert unreleased_figures([line]) == [f"{line.indicator.code}（2026年9月）"]


def correction(value: float) -> NamedReview:
    """Return a correction of October's figure that waits for the office."""
    review = Review(
        sha256="",
        code=WAITING,
        period="2026-W48",
        data_period="2026-10",
        was=40.0,
        value=value,
        told=State.ON_PACE,
        state=State.BEHIND,
        paper="",
    )
    return NamedReview(review=review, code=WAITING, name="投资", unit="亿元")


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.code)
def test_a_correction_that_waits_is_marked_for_leaders_and_in_no_paper_for_all(
    edition: Edition, tmp_path: Path
) -> None:
    data = district(40.0, SEPTEMBER)
    corrected = replace(data, to_review=(correction(12.0),))
    told = "投资2026年10月40→12亿元（达序时变滞后，未公布，内部掌握）"
    assert told in reviews_in_words(facts_of(corrected))
    before = content(data, tmp_path / "1.xlsx", edition)
    after = content(corrected, tmp_path / "2.xlsx", edition)
    assert [name for name in before if before[name] != after[name]] == []


def test_a_correction_of_a_figure_that_all_may_read_has_no_mark() -> None:
    corrected = replace(district(40.0, SEPTEMBER, OCTOBER), to_review=(correction(12.0),))
    assert "投资2026年10月40→12亿元（达序时变滞后）" in reviews_in_words(facts_of(corrected))
