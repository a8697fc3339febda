"""Page one: its counts add up, what turned is named, each number leads to exactly its rows, all fits on its paper."""

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.core.periods import Frequency, parse_period
from tenproj_xl.core.states import State
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.plan import Curve, Direction, Indicator, Measure
from tenproj_xl.model.slips import Level
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.brief_text import sections
from tenproj_xl.rollup.facts.change_items import Change
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.core_figures import core_figures
from tenproj_xl.rollup.facts.errata import Shift, differences
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.facts.publishing import published
from tenproj_xl.rollup.facts.summary import changes_in_words, decisions_in_words
from tenproj_xl.rollup.facts.turned import figure_in_words, turned_lines
from tests.helpers import rollup_example as ex
from tests.helpers.rollup_reading import opened, table

BOARD = (
    *("达序时", "略滞后", "滞后", "未报", "达标", "未达标", "待核定", "评价"),
    *("序时", "临近", "滞后", "逾期", "未报", "办理中", "逾期"),
)
WEEKS: dict[str, Callable[[], RollupInput]] = {
    "ordinary": ex.ordinary_week,
    "following": ex.following_week,
    "awful": ex.awful_week,
    "first": ex.first_week,
    "nothing": ex.week_of,
    "no plan rows": ex.rollup_input,
}


def written(data: RollupInput, path: Path) -> Path:
    write_rollup(path, facts_of(data))
    return path


def page_one(path: Path, *, values: bool = True) -> Worksheet:
    return opened(path, values=values)["总览"]


def lines(page: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in page.iter_rows()]


def paragraph(path: Path, head: str) -> str:
    """The paragraph that begins with a word in brackets, without that word."""
    (text,) = [str(row[0]) for row in lines(page_one(path)) if str(row[0]).startswith(f"【{head}】")]
    return text.removeprefix(f"【{head}】")


def board(page: Worksheet) -> dict[str, list[object]]:
    """The numbers of the board by task force, the whole district's included."""
    rows = lines(page)
    head = next(n for n, row in enumerate(rows) if row[1] == "工程")
    assert tuple(rows[head + 1][4:19]) == BOARD
    found: dict[str, list[object]] = {}
    for row in rows[head + 2 :]:
        found[str(row[0])] = row[4:19]
        if row[0] == "合　计":
            break
    return found


def bounds(cells: str) -> tuple[int, int, int, int]:
    """The first column and row, and the last ones, of a range of cells."""
    left, top, right, bottom = (int(n or 0) for n in range_boundaries(cells))
    return left, top, right, bottom


def under(page: Worksheet, number: str) -> list[list[object]]:
    """The lines of a list, by the number of its title."""
    rows = lines(page)
    top = next(n for n, row in enumerate(rows) if str(row[0]).startswith(f"{number}、"))
    found = []
    for row in rows[top + 2 :]:
        if str(row[0])[1:2] == "、":
            break
        found.append([value for value in row if value is not None])
    return found


# --- counts


@pytest.mark.parametrize("week", WEEKS)
def test_the_numbers_of_indicators_add_up_to_all_of_them(week: str, tmp_path: Path) -> None:
    path = written(WEEKS[week](), tmp_path / "x.xlsx")
    shown = WEEKS[week]().plan.indicators
    whole = board(page_one(path))["合　计"]
    assert sum(int(str(n)) for n in whole[:8]) == len(shown)
    text = paragraph(path, "总体")
    said = re.match(
        r"(\d+)项指标：可比序时(\d+)项，达序时(\d+)、略滞后(\d+)、滞后(\d+)；到期(\d+)项[^，]*，达标(\d+)、未达标(\d+)、"
        r"待核定(\d+)；应报未报(\d+)项；暂不评价(\d+)项(?:（(.*?)）)?。",
        text,
    )
    assert said is not None, text
    total, paced, on, slow, behind, due, met, missed, pending, missing, unjudged = map(
        int, said.groups()[:11]
    )
    assert total == paced + due + missing + unjudged == len(shown)
    assert (paced, due) == (on + slow + behind, met + missed + pending)
    assert [on, slow, behind, missing, met, missed, pending, unjudged] == whole[:8]
    if unjudged:
        assert sum(map(int, re.findall(r"\d+", said[12]))) == unjudged


def test_what_was_asked_for_and_did_not_come_is_told_also_where_an_older_figure_stands_for_it(
    tmp_path: Path,
) -> None:
    flow = ex.indicator("Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 60.0))
    september = ex.figure("Z01-09", 45.0, "2026年9月", period="2026-W42")
    text = paragraph(written(of_one(flow, september), tmp_path / "x.xlsx"), "总体")
    assert "应报未报0项" in text
    assert "沿用旧数或暂不评价的指标中，有1项应报的数没有报来，见“报送情况”。" in text
    october = ex.figure("Z01-09", 50.0, "2026年10月")
    text = paragraph(written(of_one(flow, september, october), tmp_path / "y.xlsx"), "总体")
    assert "没有报来" not in text


def test_the_board_counts_what_the_data_sheets_hold(tmp_path: Path) -> None:
    path = written(ex.ordinary_week(), tmp_path / "x.xlsx")
    indicators, tasks, issues = (
        table(path, sheet, key)
        for sheet, key in (("主要指标", "编号"), ("重点任务", "编号"), ("问题销号", "问题编号"))
    )
    found = board(page_one(path))
    assert list(found) == ["01", "02", "合　计"]
    for code, row in found.items():
        own = [one if code == "合　计" else one[one["专班"] == code] for one in (indicators, tasks, issues)]
        of_figures = own[0][own[0]["应评"] == "是"]["进度评价"].tolist()
        of_tasks, of_issues = own[1]["进度评价"].tolist(), own[2]["状态"].tolist()
        words = ("达序时", "略滞后", "滞后", "未报", "达标", "未达标", "待核定")
        assert row == [
            *map(of_figures.count, words),
            len(own[0]) - len(of_figures),
            of_tasks.count("序时推进") + of_tasks.count("已完成"),
            *map(of_tasks.count, ("临近时限", "滞后", "逾期", "未报")),
            len(of_issues) - of_issues.count("逾期") - of_issues.count("已销号"),
            of_issues.count("逾期"),
        ], code


@pytest.mark.parametrize("week", ["ordinary", "following", "awful"])
def test_a_number_leads_to_exactly_the_rows_that_it_counts(week: str, tmp_path: Path) -> None:
    path = written(WEEKS[week](), tmp_path / "x.xlsx")
    page = page_one(path)
    details = opened(path, values=True)["首页明细"]
    followed = 0
    for row in page.iter_rows(min_col=5, max_col=19):
        for cell in row:
            if cell.hyperlink is None or not isinstance(cell.value, int):
                continue
            sheet, _, cells = str(cell.hyperlink.location).partition("!")
            assert sheet == "'首页明细'"
            _, first, _, last = bounds(cells)
            assert last - first + 1 == cell.value, cell.coordinate
            forces = {details.cell(n, 3).value for n in range(first, last + 1)}
            force = page.cell(cell.row, 1).value
            assert force == "合　计" or forces == {force}
            states = {(details.cell(n, 1).value, details.cell(n, 2).value) for n in range(first, last + 1)}
            assert len({part for part, _ in states}) == 1
            followed += 1
    assert followed > 10


def test_a_target_missed_before_stays_in_sight_beside_a_good_new_figure(tmp_path: Path) -> None:
    flow = ex.indicator(
        "Z01-09", Measure.ANNUAL, ex.target("2025", "以上", 60.0), ex.target("2026", "以上", 60.0)
    )
    rows = (
        ex.figure("Z01-09", 40.0, "2025年", "统计核定", period="2026-W20"),
        ex.figure("Z01-09", 59.0, "2026年10月"),
    )
    path = written(ex.rollup_input(*rows, indicators=(flow,)), tmp_path / "x.xlsx")
    assert "达序时1" in paragraph(path, "总体")
    assert paragraph(path, "总体").endswith(
        "另有往期目标未达标的1项、待核定的0项，见“主要指标”的“到期目标判定”。历史未办结1项，见“督办清单”。"
    )
    said = [value for row in page_one(path).values for value in row]
    assert "没有新近滞后、逾期或未达标的事项；历史未办结1项，见“督办清单”。" in said


def test_a_target_missed_before_that_a_decision_settled_is_counted_nowhere(tmp_path: Path) -> None:
    """Of two that missed 2025 one is written off: page one, the formula's column and the list have one."""
    goals = (ex.target("2025", "以上", 60.0), ex.target("2026", "以上", 60.0))
    flows = tuple(ex.indicator(code, Measure.ANNUAL, *goals) for code in ("Z01-08", "Z01-09"))
    rows = [ex.figure(flow.code, 40.0, "2025年", "统计核定", period="2026-W20") for flow in flows]
    rows += [ex.figure(flow.code, 59.0, "2026年10月") for flow in flows]
    settled = ex.decision(
        "Z01-08",
        date(2026, 11, 20),
        kind=Duty.INDICATOR,
        item=date(2025, 12, 31),
        verdict=Verdict.WRITE_OFF,
        urgency=Level.RED,
    )
    week = parse_period("2026-W47")
    both = published(facts_of(replace(ex.rollup_input(*rows, indicators=flows), period=week)), 1)
    data = ex.rollup_input(*rows, indicators=flows, decisions=(settled,))
    path = written(replace(data, earlier=(both,)), tmp_path / "x.xlsx")
    assert "另有往期目标未达标的1项、待核定的0项" in paragraph(path, "总体")
    told = table(path, "主要指标")
    assert dict(zip(told["编号"], told["往期未达标未办结"], strict=True)) == {"Z01-08": "否", "Z01-09": "是"}
    assert list(table(path, "督办清单")["编号"]) == ["Z01-09"]
    facts = facts_of(replace(data, earlier=(both,)))
    assert "，另有往期目标未达标1项；滞后和未达标的较第47周减少1项。" in sections(facts)[0].lead[0]
    following = facts_of(replace(data, earlier=(replace(published(facts, 2), period=week),)))
    assert "，另有往期目标未达标1项；滞后和未达标的较第47周持平。" in sections(following)[0].lead[0]


def test_a_weekly_figure_goes_by_the_week_on_papers_and_not_by_the_issue_of_a_form(tmp_path: Path) -> None:
    weekly = ex.indicator(
        "Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 60.0), frequency=Frequency.WEEK, lag_days=0
    )
    told = ex.rollup_input(ex.figure("Z01-09", 59.0, "2026年第48周"), indicators=(weekly,))
    path = written(told, tmp_path / "x.xlsx")
    assert "第48周" in [value for row in page_one(path).values for value in row]
    assert list(table(path, "主要指标")["数据所属期"]) == ["2026年第48周"]
    waiting = ex.rollup_input(indicators=(weekly,))
    (line,) = facts_of(waiting).indicators
    assert line.freshness == "应报2026年第48周"


def test_targets_of_the_very_year_are_no_earlier_ones_in_its_own_edition(tmp_path: Path) -> None:
    flow = ex.indicator("Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 60.0))
    november = ex.figure("Z01-09", 59.0, "2026年11月")
    data = replace(ex.ended_year(), known=History((november,)), plan=ex.plan((flow,)))
    assert "另有到期目标未达标的0项、待核定的1项" in paragraph(written(data, tmp_path / "x.xlsx"), "总体")


# --- what turned


def of_one(indicator: Indicator, *rows: Reported, period: str = "2026-W48") -> RollupInput:
    return replace(ex.rollup_input(*rows, indicators=(indicator,)), period=parse_period(period))


def after(before: RollupInput, now: RollupInput) -> RollupInput:
    return replace(now, earlier=(published(facts_of(before), 1),))


def test_what_turned_for_the_worse_is_named_with_its_task_force_and_unit() -> None:
    text = changes_in_words(facts_of(ex.following_week()))
    assert text == (
        "与第46周相比，指标转差3项：指标Z01-02（01专班，甲局）、指标Z01-04（01专班，甲局）、"
        "指标Z02-02（02专班，甲局）；"
        "任务转差2项：任务R01-01（01专班，甲局）、任务R02-01（02专班，甲局）；"
        "问题转逾期或重新挂账2件：问题W01-2026-001（01专班，甲局）、问题W02-2026-002（02专班，甲局）；"
        "办结1项；数据修订1项；目标、时限或层级调整2项；新提问题1件。"
    )


def test_the_first_roll_up_says_that_there_is_nothing_to_compare_with() -> None:
    assert changes_in_words(facts_of(ex.first_week())) == "首次汇总，没有可以比较的上一期。"


def test_of_many_that_turned_three_are_named_and_all_are_counted() -> None:
    issues = [ex.issue(f"W01-2026-{n:03d}", due_on=date(2026, 11, 20)) for n in range(1, 6)]
    earlier = [ex.issue(f"W01-2026-{n:03d}", "2026-W46", due_on=date(2026, 11, 20)) for n in range(1, 6)]
    before = replace(ex.rollup_input(*earlier), period=parse_period("2026-W46"))
    text = changes_in_words(facts_of(after(before, ex.rollup_input(*earlier, *issues))))
    assert "问题转逾期或重新挂账5件：" in text
    assert text.count("专班") == 3
    assert "等5件" in text


def test_a_figure_that_rises_into_a_missed_target_turned_for_the_worse() -> None:
    # 52 of 60 by an estimate is 待核定; 55 verified is 未达标, though it is more.
    yearly = {"frequency": Frequency.YEAR, "lag_days": 90}
    indicator = ex.indicator("Z01-09", Measure.ANNUAL, ex.target("2025", "以上", 60.0), **yearly)
    was = ex.figure("Z01-09", 52.0, "2025年", "部门统计", period="2026-W44")
    now = ex.figure("Z01-09", 55.0, "2025年", "统计核定")
    facts = facts_of(after(of_one(indicator, was, period="2026-W47"), of_one(indicator, was, now)))
    changes = change_lines(facts)
    assert (changes[0].change, changes[0].after) == (Change.WORSE, "55（2025年，未达标）")
    (line,) = turned_lines(facts, changes)
    assert (line.word, line.gap) == ("新增未达标", "55，目标60以上，差5亿元（2025年）")
    assert "指标转差1项：指标Z01-09" in changes_in_words(facts)


def test_a_pace_that_begins_anew_with_the_year_moves_nothing() -> None:
    rate = ex.indicator(
        "Z01-09", Measure.GROWTH, ex.target("2026", "以上", 15.0), ex.target("2027", "以上", 5.0)
    )
    was = ex.figure("Z01-09", 16.0, "2026年11月", period="2026-W53")
    now = ex.figure("Z01-09", 16.0, "2027年1月", period="2027-W08")
    facts = facts_of(after(of_one(rate, was, period="2026-W53"), of_one(rate, was, now, period="2027-W08")))
    assert [line.step for line in change_lines(facts) if line.code == "Z01-09"] in ([None], [])
    assert "指标无转差" in changes_in_words(facts)


@pytest.mark.parametrize("december", [14.0, 16.0])
def test_a_light_of_december_is_neither_better_nor_worse_in_january(december: float) -> None:
    rate = ex.indicator(
        "Z01-09", Measure.GROWTH, ex.target("2026", "以上", 15.0), ex.target("2027", "以上", 5.0)
    )
    was = ex.figure("Z01-09", december, "2026年12月", "统计核定", period="2027-W04")
    now = ex.figure("Z01-09", 4.9, "2027年1月", period="2027-W08")
    facts = facts_of(after(of_one(rate, was, period="2027-W04"), of_one(rate, was, now, period="2027-W08")))
    assert [line.change for line in change_lines(facts) if line.code == "Z01-09"] == [Change.MOVED]
    assert "指标无转差" in changes_in_words(facts)


@pytest.mark.parametrize("week_before", ["2026-W53", "2027-W07"])
def test_the_first_figure_of_a_year_is_no_news_whichever_week_it_is_compared_with(week_before: str) -> None:
    flow = ex.indicator(
        "Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 100.0), ex.target("2027", "以上", 100.0)
    )
    was = ex.figure("Z01-09", 60.0, "2026年11月", period="2026-W52")
    now = ex.figure("Z01-09", 2.0, "2027年1月", period="2027-W08")
    before = of_one(flow, was, period=week_before)
    facts = facts_of(after(before, of_one(flow, was, now, period="2027-W08")))
    assert [line.state for line in facts.indicators] == [State.BEHIND]
    assert [line.change for line in change_lines(facts)] == [Change.MOVED]
    assert "指标无转差" in changes_in_words(facts)


def test_a_target_that_was_missed_though_nothing_was_judged_before_turned_for_the_worse() -> None:
    once = ex.indicator(
        "Z01-09", Measure.ANNUAL_IN_YEAR, ex.target("2026", "以上", 60.0), curve=Curve.YEAR_END
    )
    was = ex.figure("Z01-09", 52.0, "2026年10月", period="2026-W48")
    now = ex.figure("Z01-09", 55.0, "2026年12月", "统计核定", period="2027-W04")
    facts = facts_of(after(of_one(once, was, period="2026-W48"), of_one(once, was, now, period="2027-W04")))
    (change,) = [line for line in change_lines(facts) if line.code == "Z01-09"]
    assert (change.change, change.before, change.after) == (
        Change.WORSE,
        "52（2026年10月，暂不评价）",
        "55（2026年12月，未达标）",
    )
    assert "指标转差1项：指标Z01-09" in changes_in_words(facts)


def test_a_target_of_last_year_that_proves_missed_is_told_beside_the_newest_figure() -> None:
    flow = ex.indicator(
        "Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 60.0), ex.target("2027", "以上", 60.0)
    )
    was = ex.figure("Z01-09", 52.0, "2026年12月", period="2027-W04")
    january = ex.figure("Z01-09", 9.0, "2027年1月", period="2027-W07")
    verified = ex.figure(
        "Z01-09/2026-12", 55.0, "2026年12月", "统计核定", period="2027-W08", lag_reason="供地晚"
    )
    before = of_one(flow, was, january, period="2027-W07")
    facts = facts_of(after(before, of_one(flow, was, january, verified, period="2027-W08")))
    changes = change_lines(facts)
    assert [(line.before, line.after) for line in changes if line.change is Change.WORSE] == [
        ("待核定（2026年）", "55（2026年，未达标）")
    ]
    (line,) = turned_lines(facts, changes)
    assert (line.word, line.state, line.gap, line.reason) == (
        "新增未达标",
        State.MISSED,
        "55，目标60以上，差5亿元（2026年12月）；最新9亿元，应达5.1亿元（2027年1月）",
        "供地晚",
    )
    assert [line.reason for line in facts.supervision] == ["供地晚"]


def test_a_missed_target_is_named_also_where_the_newest_figure_is_behind() -> None:
    flow = ex.indicator(
        "Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 60.0), ex.target("2027", "以上", 60.0)
    )
    january = ex.figure("Z01-09", 1.0, "2027年1月", period="2027-W07")
    verified = ex.figure("Z01-09/2026-12", 55.0, "2026年12月", "统计核定", period="2027-W08")
    before = of_one(flow, january, period="2027-W07")
    facts = facts_of(after(before, of_one(flow, january, verified, period="2027-W08")))
    (line,) = turned_lines(facts, change_lines(facts))
    assert (line.word, line.gap) == (
        "新增未达标",
        "55，目标60以上，差5亿元（2026年12月）；最新1，应达5.1，差4.1亿元（2027年1月）",
    )
    (item,) = facts.supervision
    assert (item.level, item.deadline, item.told) == (
        Level.RED,
        date(2026, 12, 31),
        "2026年目标未达标，差5亿元；2027年目标滞后，差4.1亿元",
    )


def test_what_lags_now_is_no_matter_of_the_past_though_the_target_that_was_missed_is() -> None:
    flow = ex.indicator(
        "Z01-09", Measure.ANNUAL, ex.target("2025", "以上", 60.0), ex.target("2026", "以上", 60.0)
    )
    missed = ex.figure("Z01-09/2025-12", 55.0, "2025年12月", "统计核定", period="2026-W08")
    behind = facts_of(of_one(flow, missed, ex.figure("Z01-09", 40.0, "2026年10月")))
    (item,) = behind.supervision
    assert (item.level, item.told, item.historic) == (
        Level.RED,
        "2025年目标未达标，差5亿元；2026年目标滞后，差9.97亿元",
        False,
    )
    (line,) = turned_lines(behind, ())
    assert (line.word, line.gap) == (
        "未达标",
        "2025年目标未达标，差5亿元；最新40，应达49.97，差9.97亿元（2026年10月）",
    )
    on_pace = facts_of(of_one(flow, missed, ex.figure("Z01-09", 59.0, "2026年10月")))
    assert [(item.level, item.told, item.historic) for item in on_pace.supervision] == [
        (Level.RED, "2025年目标未达标，差5亿元", True)
    ]


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ({"lag_reason": "供地晚"}, ("供地晚", "供地晚", None)),
        ({"lag_reason": "供地晚", "next_steps": "催办"}, ("供地晚；催办", "供地晚", "催办")),
        ({"next_steps": "催办"}, ("前期慢；催办", "前期慢", "催办")),
        ({"remark": "无"}, ("前期慢；加快", "前期慢", "加快")),
    ],
)
def test_beside_a_reason_stand_no_measures_of_an_earlier_report(
    later: dict[str, str], told: tuple[str, str, str | None]
) -> None:
    flow = ex.indicator("Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 60.0))
    october = ex.figure(
        "Z01-09", 30.0, "2026年10月", period="2026-W47", lag_reason="前期慢", next_steps="加快"
    )
    facts = facts_of(of_one(flow, october, ex.row("indicators", "Z01-09", later)))
    ((item,), (line,)) = turned_lines(facts, ()), facts.indicators
    assert (item.reason, line.lag_reason, line.reported("next_steps")) == told


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ({"problems": "资金未到位"}, ("资金未到位", None)),
        ({"progress": "已上报"}, ("用地未批；专人跟办", "专人跟办")),
        ({"problems": "资金未到位", "next_steps": "拨付"}, ("资金未到位；拨付", "拨付")),
    ],
)
def test_beside_what_a_task_is_stuck_by_stand_no_measures_of_an_earlier_report(
    later: dict[str, str], told: tuple[str, str | None]
) -> None:
    said = {"status": "滞后", "problems": "用地未批", "next_steps": "专人跟办"}
    rows = (ex.row("tasks", "R01-09", said, "2026-W47"), ex.row("tasks", "R01-09", later))
    facts = facts_of(ex.rollup_input(*rows, tasks=(ex.task("R01-09", due_on=date(2026, 11, 20)),)))
    ((item,), (line,)) = turned_lines(facts, ()), facts.tasks
    assert (item.reason, line.reported("next_steps")) == told


def test_a_correction_that_waits_in_a_row_for_its_data_period_marks_the_line() -> None:
    flow = ex.indicator("Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 60.0))
    october = ex.figure("Z01-09", 52.0, "2026年10月", period="2026-W47")
    waits = replace(ex.figure("Z01-09/2026-10", 40.0, "2026年10月"), held=True)
    (line,) = facts_of(of_one(flow, october, waits)).indicators
    assert (line.value, line.freshness) == (52.0, "沿用第47周【有更正，待核实】")


def test_a_restated_figure_is_told_with_the_cell_that_it_was_typed_in() -> None:
    flow = ex.indicator("Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 60.0))
    september = ex.figure("Z01-09", 42.0, "2026年9月", period="2026-W42")
    october = ex.figure("Z01-09", 52.0, "2026年10月", period="2026-W47")
    restated = ex.figure("Z01-09/2026-09", 41.0, "2026年9月")
    before = of_one(flow, september, october, period="2026-W47")
    facts = facts_of(after(before, of_one(flow, september, october, restated)))
    (change,) = [line for line in change_lines(facts) if line.change is Change.REVISED]
    assert change.source == facts.data.source(restated, "value") != ""


def test_a_correction_names_the_numbers_of_page_one_as_page_one_does() -> None:
    once = ex.indicator("Z01-09", Measure.GROWTH, ex.target("2026", "以上", 15.0))
    was = ex.figure("Z01-09", 16.0, "2026年11月", period="2026-W50")
    now = ex.figure("Z01-09", 16.0, "2026年12月", "统计核定", period="2027-W04")
    told = published(facts_of(of_one(once, was, period="2026-W50")), 1)
    found = differences(told, facts_of(of_one(once, was, now, period="2027-W04")))
    numbers = {one.name: (one.was, one.now) for one in found if one.shift is Shift.HEADLINE}
    assert numbers == {"达序时": ("1", "0"), "达标": ("0", "1")}


def test_what_turned_stands_worst_first_and_indicators_stand_in_turn_with_the_others() -> None:
    facts = facts_of(ex.following_week())
    listed = [(line.word, line.code) for line in turned_lines(facts, change_lines(facts))]
    assert listed == [
        ("新增滞后", "Z02-02"),
        ("新增逾期", "W01-2026-001"),
        ("新增滞后", "Z01-02"),
        ("新增逾期", "R01-01"),
        ("新增未达标", "Z01-04"),
        ("新增滞后", "R02-01"),
        ("重新挂账", "W02-2026-002"),
    ]


def test_of_targets_that_were_missed_since_that_by_most_stands_first() -> None:
    """All in, the newest figures are those of a new year: each target is told by the figure that missed it."""
    names, years = ("Z01-07", "Z01-08", "Z01-09"), ("2025", "2026")
    goals = [ex.target(year, "以上", 100.0) for year in years]
    flows = tuple(ex.indicator(code, Measure.ANNUAL, *goals) for code in names)
    estimates = [ex.figure(code, 90.0, "2025年", "部门统计", period="2026-W05") for code in names]
    verified = [
        ex.figure(f"{code}/2025", value, "2025年", "统计核定", period="2026-W20")
        for code, value in zip(names, (99.0, 80.0, 95.0), strict=True)
    ]
    begun = [ex.figure(code, 60.0, "2026年4月", period="2026-W20") for code in names]
    now = replace(
        ex.rollup_input(*estimates, *verified, *begun, indicators=flows), period=parse_period("2026-W20")
    )
    before = replace(ex.rollup_input(*estimates, indicators=flows), period=parse_period("2026-W05"))
    facts = facts_of(after(before, now))
    listed = [(line.word, line.code) for line in turned_lines(facts, change_lines(facts))]
    assert listed == [("新增未达标", "Z01-08"), ("新增未达标", "Z01-09"), ("新增未达标", "Z01-07")]


@pytest.mark.parametrize(("value", "turn"), [(83.0, Change.MOVED), (92.0, Change.BETTER)])
def test_what_is_on_pace_only_since_its_target_was_lowered_has_not_turned_for_the_better(
    value: float, turn: Change
) -> None:
    asked, lowered = (
        ex.indicator("Z01-09", Measure.ANNUAL, ex.target("2026", "以上", target)) for target in (100.0, 90.0)
    )
    was = ex.figure("Z01-09", 81.0, "2026年10月", period="2026-W46")
    now = ex.figure("Z01-09", value, "2026年11月", period="2026-W50")
    before = of_one(asked, was, period="2026-W46")
    data = replace(after(before, of_one(lowered, was, now, period="2026-W50")), plan_before=before.plan)
    facts = facts_of(data)
    adjusted, turned = change_lines(facts)
    assert {adjusted.change, turned.change} == {Change.ADJUSTED, turn}
    told = f"81（2026年10月，略滞后）→{value:g}（2026年11月，达序时）"
    assert told in {f"{line.before}→{line.after}" for line in (adjusted, turned)}
    assert ("转好1项" in changes_in_words(facts)) is (turn is Change.BETTER)


def test_of_what_must_stay_below_the_words_say_so() -> None:
    fewer = ex.indicator(
        "Z01-09", Measure.ANNUAL, ex.target("2026", "以内", 240.0), direction=Direction.LOWER
    )
    data = of_one(fewer, ex.figure("Z01-09", 215.0, "2026年10月"))
    (line,) = facts_of(data).indicators
    assert figure_in_words(line).startswith("215，不超过199.89，差15.11亿元")


def test_the_list_says_how_far_each_is_behind_whose_it_is_and_who_convenes(tmp_path: Path) -> None:
    data = ex.following_week()
    first, *others = data.plan.task_forces
    forces = (replace(first, conveners=("黄飞常务副区长",)), *others)
    data = replace(data, plan=replace(data.plan, task_forces=forces))
    listed = {str(row[1]): row for row in under(page_one(written(data, tmp_path / "x.xlsx")), "二")}
    figure = listed["Z01-02 指标Z01-02"]
    assert figure[2:] == [
        "甲局",
        "黄飞",
        "12.8，不超过12.52，差0.28亿元（2026年三季度）",
        "前期项目多；加快",
    ]
    assert listed["R01-01 任务R01-01"][4] == "临近时限 → 逾期，开工，超期9天"


def test_of_an_issue_that_was_reopened_the_list_says_why_and_not_by_what_it_had_been_closed() -> None:
    code = "W01-2026-001"
    applied = ex.issue(code, "2026-W46", status="申请销号", progress="已全部完工")
    signed = ex.decision(code, date(2026, 11, 12), "2026-W46", verdict=Verdict.SIGN_OFF)
    reopened = ex.decision(
        code,
        date(2026, 11, 25),
        "2026-W46",
        verdict=Verdict.REOPEN,
        until=date(2026, 12, 31),
        opinion="现场复查未完工",
    )
    before = replace(ex.rollup_input(applied, decisions=(signed,)), period=parse_period("2026-W46"))
    facts = facts_of(after(before, ex.rollup_input(applied, decisions=(signed, reopened))))
    (line,) = turned_lines(facts, change_lines(facts))
    assert (line.word, line.gap, line.reason) == (
        "重新挂账",
        "已销号 → 重新挂账，还有32天",
        "2026-11-12 同意销号，2026-11-25 重新挂账（整改时限2026-12-31）：现场复查未完工",
    )


def test_of_a_task_that_is_not_done_after_all_the_list_says_what_it_was_and_is() -> None:
    task = ex.task("R01-09", due_on=date(2026, 12, 31))
    done = ex.row("tasks", "R01-09", {"status": "已完成", "progress": "已完工"}, "2026-W46")
    back = ex.row(
        "tasks",
        "R01-09",
        {"status": "序时推进", "due_on": date(2026, 12, 31), "progress": "还差2个小区"},
    )
    before = replace(ex.rollup_input(done, tasks=(task,)), period=parse_period("2026-W46"))
    facts = facts_of(after(before, ex.rollup_input(done, back, tasks=(task,))))
    (line,) = turned_lines(facts, change_lines(facts))
    assert (line.word, line.gap, line.reason) == (
        "重新挂账",
        "已完成 → 序时推进，还有32天",
        "还差2个小区",
    )


# --- what is to be decided


def test_asks_are_told_by_level_with_the_longest_wait_and_who_owes_is_named() -> None:
    assert decisions_in_words(facts_of(ex.ordinary_week())) == (
        "提请省、市协调1件、提请总专班协调1件，最长已等28天。"
    )
    assert decisions_in_words(facts_of(ex.week_of())) == "没有提请协调的事项；01、02专班未报。"


def test_what_is_to_be_decided_names_asks_for_which_nobody_chose_a_level() -> None:
    rows = [ex.issue(f"W01-2026-00{n}", request=ask) for n, ask in ((1, "请协调资金"), (2, "请协调用地"))]
    rows.append(ex.issue("W01-2026-003", request="请批复用地", suggested_level="总专班"))
    text = decisions_in_words(facts_of(ex.week_of(*rows)))
    assert text.startswith("提请总专班协调1件、提请协调2件（层级未定），最长已等28天")


def test_a_year_that_is_expected_to_fail_is_named_with_its_target() -> None:
    rows = (ex.figure("Z01-01", 85.0, "2026年10月", forecast=98.0),)
    text = decisions_in_words(facts_of(ex.week_of(*rows)))
    assert "预计完不成全年目标1项：指标Z01-01（预计98亿元，目标100亿元以上）" in text


def test_a_figure_that_equals_what_is_to_be_exceeded_is_told_to_have_to_exceed_it() -> None:
    rate = ex.indicator("Z01-09", Measure.GROWTH, ex.target("2026", "超过", 5.0), unit="%")
    level = ex.figure("Z01-09", 5.0, "2026年10月")
    (line,) = facts_of(of_one(rate, level)).indicators
    assert figure_in_words(line) == "5%，须超过5%（2026年10月）"


def test_a_figure_that_just_reaches_what_it_has_to_exceed_is_level_and_not_nought_behind(
    tmp_path: Path,
) -> None:
    rate = ex.indicator("Z01-09", Measure.GROWTH, ex.target("2026", "超过", 5.0), unit="%")
    reached = ex.rollup_input(ex.figure("Z01-09", 5.0, "2026年10月"), indicators=(rate,))
    path = written(reached, tmp_path / "x.xlsx")
    (row,) = [row for row in page_one(path).values if "超过5（2026）" in row]
    assert "持平" in row
    assert State.SLOW.label in row


@pytest.mark.parametrize(
    ("value", "data_period", "nature"),
    [
        (96.0, "2026年12月", "统计核定"),  # the year is judged, and missed
        (99.0, "2026年11月", "部门统计"),  # more was reached than was expected
    ],
)
def test_an_expectation_that_the_figures_have_overtaken_fails_no_year(
    value: float, data_period: str, nature: str
) -> None:
    expected = ex.figure("Z01-01", 85.0, "2026年10月", period="2026-W47", forecast=98.0)
    reached = ex.figure("Z01-01", value, data_period, nature, forecast=98.0)
    assert "预计完不成" not in decisions_in_words(facts_of(ex.week_of(expected, reached)))


def test_in_the_week_across_new_year_the_year_expected_to_fail_is_still_the_old_one(tmp_path: Path) -> None:
    row = ex.figure("Z01-01", 85.0, "2026年11月", period="2026-W53", forecast=98.0)
    week = replace(ex.week_of(row), period=parse_period("2026-W53"))
    assert week.day.year == 2027
    text = decisions_in_words(facts_of(week))
    assert "预计完不成全年目标1项：指标Z01-01（预计98亿元，目标100亿元以上）" in text
    headers = table(written(week, tmp_path / "x.xlsx"), "主要指标").columns
    assert "本年目标（2026年）" in headers


def test_the_same_wording_is_listed_once_with_all_who_ask(tmp_path: Path) -> None:
    rows = [ex.issue(f"W0{n}-2026-001", request="请协调用地指标", suggested_level="总专班") for n in (1, 2)]
    other = ex.issue("W01-2026-002", request="请安排资金", suggested_level="总专班")
    listed = under(page_one(written(ex.week_of(*rows, other), tmp_path / "x.xlsx")), "一")
    assert [row[1:3] for row in listed] == [
        ["请协调用地指标", "01专班（—）、02专班（—）"],
        ["请安排资金", "01专班（—）"],
    ]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (2, "01、02专班"),
        (6, "01、02、03、04、05、06专班"),
        # Digits of LibreOffice's own fonts take this to a second line, which the row has no room for.
        (7, "01、02等7个专班"),
        (12, "01、02、03、04、05、06、07、08、09、10、11、12专班"),  # two lines in any font
        (19, "01、02等19个专班"),
    ],
)
def test_who_asks_is_told_in_brief_where_the_codes_might_be_cut_off(
    tmp_path: Path, number: int, told: str
) -> None:
    data = ex.week_of()
    forces = [
        replace(data.plan.task_forces[0], code=f"{n:02d}", conveners=("某副区长",) * 3)
        for n in range(1, number + 1)
    ]
    rows = [
        ex.issue(f"W{force.code}-2026-001", request="请协调用地指标", suggested_level="总专班")
        for force in forces
    ]
    data = replace(ex.week_of(*rows), plan=replace(data.plan, task_forces=tuple(forces)))
    (line,) = under(page_one(written(data, tmp_path / "x.xlsx")), "一")
    assert line[2] == told


def test_a_level_that_is_only_suggested_is_marked(tmp_path: Path) -> None:
    listed = under(page_one(written(ex.ordinary_week(), tmp_path / "x.xlsx")), "一")
    assert [row[4] for row in listed] == ["提请省、市协调", "总专班*"]


def test_of_one_wording_a_level_nobody_approved_is_marked_and_the_deadline_that_presses_most_shown(
    tmp_path: Path,
) -> None:
    days = {1: date(2027, 1, 15), 2: date(2026, 11, 20), 3: date(2026, 12, 1)}
    rows = [
        ex.issue(f"W0{n}-2026-001", request="请批复用地", suggested_level="总专班", due_on=day)
        for n, day in days.items()
    ]
    data = ex.week_of(*rows)
    approved = (ex.decision("W01-2026-001", date(2026, 11, 25), level="总专班"),)
    data = replace(data, known=replace(data.known, decisions=approved))
    (line,) = under(page_one(written(data, tmp_path / "x.xlsx")), "一")
    assert (line[4], line[6]) == ("总专班*", "11-20 逾期等")


def test_a_deadline_of_another_year_has_its_year(tmp_path: Path) -> None:
    days = (date(2027, 11, 20), date(2026, 11, 20), date(2025, 11, 20))
    rows = [
        ex.issue(f"W01-2026-00{n}", request=f"请求{n}", suggested_level="总专班", due_on=day)
        for n, day in enumerate(days)
    ]
    listed = under(page_one(written(ex.week_of(*rows), tmp_path / "x.xlsx")), "一")
    # The state has a line of its own: beside so long a day it would be cut off in wide fonts.
    assert [row[6] for row in listed] == ["2027-11-20", "11-20 逾期", "2025-11-20\n逾期"]


def test_an_ask_of_a_task_force_that_had_nothing_new_is_carried_and_not_called_unreported(
    tmp_path: Path,
) -> None:
    rows = [ex.issue(f"W0{n}-2026-001", "2026-W46", request=f"请批复用地{n}") for n in (1, 2)]
    data = replace(ex.week_of(*rows), receipts=(ex.receipt("01", nil=True),))
    listed = under(page_one(written(data, tmp_path / "x.xlsx")), "一")
    assert [row[7] for row in listed] == ["沿用第46周", "本期未报"]


def test_more_asks_than_five_are_counted(tmp_path: Path) -> None:
    path = written(ex.awful_week(), tmp_path / "x.xlsx")
    rows = [ex.issue(f"W01-2026-{n:03d}", request=f"请求{n}", suggested_level="总专班") for n in range(1, 9)]
    page = page_one(written(ex.week_of(*rows), path))
    titles = [str(row[0]) for row in lines(page)]
    assert "一、提请协调（8件，按层级、等待天数；另有3件见“提请协调”）" in titles
    assert len(under(page, "一")) == 5


# --- core indicators


def test_the_indicators_that_the_plan_marks_are_core(tmp_path: Path) -> None:
    data = ex.ordinary_week()
    marked = tuple(replace(one, is_core=one.code in ("Z02-02", "Z01-01")) for one in data.plan.indicators)
    data = replace(data, plan=replace(data.plan, indicators=marked))
    path = written(data, tmp_path / "x.xlsx")
    listed = under(page_one(path), "三")
    assert [row[1] for row in listed] == ["指标Z01-01（亿元）", "指标Z02-02（亿元）"]
    assert listed[0][2:] == [85, "10月", "100以上（2026）", 0.85, "＋1.71", "—", 3, "达序时", "甲局"]
    with zipfile.ZipFile(path) as archive:
        assert b"dataBar" in archive.read("xl/worksheets/sheet1.xml")


def test_the_share_of_a_core_indicator_is_of_the_target_beside_it(tmp_path: Path) -> None:
    traded = ex.indicator(
        "Z01-09", Measure.ANNUAL, ex.target("2026-11", "达", 78.0), ex.target("2026", "达", 85.0)
    )
    november = ex.figure("Z01-09", 80.2, "2026年11月", "统计核定")
    (line,) = under(page_one(written(of_one(traded, november), tmp_path / "x.xlsx")), "三")
    assert line[4] == "达78（2026年11月）"
    assert line[5] == pytest.approx(80.2 / 78)


def test_of_marked_indicators_those_that_are_behind_come_first_and_those_without_a_figure_last() -> None:
    def chosen(**more: Any) -> list[str]:
        data = ex.week_of(
            ex.figure("Z01-01", 85.0, "2026年10月", **more),
            ex.figure("Z01-03", 30.0, "2025年12月", "统计核定"),
        )
        marked = tuple(replace(one, is_core=True) for one in data.plan.indicators)
        facts = facts_of(replace(data, plan=replace(data.plan, indicators=marked)))
        return [line.indicator.code for line in core_figures(facts)]

    assert chosen()[:4] == ["Z01-03", "Z01-01", "Z01-02", "Z01-04"]
    assert chosen(forecast=98.0)[:4] == ["Z01-01", "Z01-03", "Z01-02", "Z01-04"]


def test_without_a_mark_each_task_force_has_one_in_turn() -> None:
    codes = [line.indicator.code for line in core_figures(facts_of(ex.ordinary_week()))]
    assert codes[:4] == ["Z01-01", "Z02-02", "Z01-02", "Z02-01"]


@pytest.mark.parametrize(
    ("shown", "left_out"),
    [(9, "；06、07、08、09专班未列，见“主要指标”"), (5, ""), (15, "；06、07等10个专班未列，见“主要指标”")],
)
def test_the_title_says_which_task_forces_have_none_of_the_core_indicators(
    tmp_path: Path, shown: int, left_out: str
) -> None:
    """Of the first five there is a figure, of the others none."""
    data = ex.week_of()
    codes = [f"{n:02d}" for n in range(1, shown + 1)]
    forces = tuple(replace(data.plan.task_forces[0], code=code) for code in codes)
    indicators = tuple(
        ex.indicator(f"Z{code}-01", Measure.ANNUAL, ex.target("2026", "以上", 100.0)) for code in codes
    )
    rows = [ex.figure(f"Z{code}-01", 85.0, "2026年10月") for code in codes[:5]]
    data = ex.rollup_input(*rows, indicators=indicators)
    data = replace(data, plan=replace(data.plan, task_forces=forces))
    (title,) = [
        row[0] for row in lines(page_one(written(data, tmp_path / "x.xlsx"))) if "核心指标" in str(row[0])
    ]
    assert title == f"三、核心指标（各专班依次列一项，可在工作计划“核心”列指定{left_out}）"


# --- the board


def test_the_board_stands_in_the_order_of_the_document_and_shows_no_score(tmp_path: Path) -> None:
    page = page_one(written(ex.ordinary_week(), tmp_path / "x.xlsx"))
    assert list(board(page)) == ["01", "02", "合　计"]
    texts = "".join(str(value) for row in lines(page) for value in row)
    assert "得分" not in texts
    assert "名次" not in texts


def test_who_has_not_returned_is_shown_in_grey_with_the_period_that_is_carried(tmp_path: Path) -> None:
    data = ex.following_week()
    data = replace(data, receipts=(ex.receipt("01"),))
    old = [row for row in data.known.rows if not (row.task_force == "02" and row.period == ex.WEEK)]
    data = replace(data, known=replace(data.known, rows=tuple(old)))
    page = page_one(written(data, tmp_path / "x.xlsx"))
    colours = {}
    for row in page.iter_rows(max_col=20):
        if row[0].value in ("01", "02") and row[19].value is not None:
            is_grey = row[4].font.color.rgb == "FF7F7F7F"
            colours[str(row[0].value)] = (is_grey, row[19].value)
    assert colours == {"01": (False, "按时"), "02": (True, "未报")}
    assert any("灰色的数沿用以前报的（02专班第46周）" in str(row[0]) for row in lines(page))


def test_a_task_force_that_is_not_involved_has_no_row_on_the_board(tmp_path: Path) -> None:
    page = page_one(written(ex.ordinary_week(), tmp_path / "x.xlsx"))
    assert "03" not in board(page)
    assert any("03专班不涉及（在办问题1件，已计入合计）。" in str(row[0]) for row in lines(page))


def test_progress_that_is_the_units_word_alone_is_marked(tmp_path: Path) -> None:
    data = ex.ordinary_week()
    undated = ex.task("R01-09")  # neither milestones nor an investment nor a deadline
    data = replace(data, plan=replace(data.plan, tasks=(*data.plan.tasks, undated)))
    page = page_one(written(data, tmp_path / "x.xlsx"))
    formats = {row[0].value: row[12].number_format for row in page.iter_rows() if row[12].value is not None}
    assert (formats["01"], formats["02"]) == ('0"*"', "General")
    assert any("状态为单位自报" in str(row[0]) for row in lines(page))


# --- the paper


def scale(page: Worksheet) -> float:
    """The scale at which the print area fits on A4 across, as spreadsheets compute it."""
    _, _, last_column, last_row = bounds(page.print_area.partition("!")[2].replace("$", ""))
    width: float = sum(page.column_dimensions[c].width * 7 * 0.75 for c in columns_of(page, last_column))
    height: float = sum(page.row_dimensions[n].height or 12.75 for n in range(1, last_row + 1))
    margins = page.page_margins
    across = (297 / 25.4 - margins.left - margins.right) * 72
    down = (210 / 25.4 - margins.top - margins.bottom) * 72
    return float(min(1.0, across / width, down / height))


def columns_of(page: Worksheet, last: int) -> Sequence[str]:
    letters = []
    for dimension in page.column_dimensions.values():
        first, end = int(dimension.min or 0), int(dimension.max or 0)
        letters += [dimension.index] * (min(end, last) - first + 1)
    return letters


def smallest(page: Worksheet) -> float:
    rows = page[page.print_area.partition("!")[2]]
    return float(min(cell.font.sz for row in rows for cell in row if cell.value))


@pytest.mark.parametrize("forces", [2, 7, 12])
@pytest.mark.parametrize("week", ["following", "awful", "nothing"])
def test_all_of_it_is_one_sheet_of_a4_at_eight_and_a_half_points(
    week: str, forces: int, tmp_path: Path
) -> None:
    data = WEEKS[week]()
    first, *others = data.plan.task_forces
    more = [replace(first, code=f"{n:02d}", lead="甲局") for n in range(10, 10 + forces - 2)]
    data = replace(data, plan=replace(data.plan, task_forces=(first, *others, *more)))
    page = page_one(written(data, tmp_path / "x.xlsx"))
    assert page.page_setup.paperSize == 9
    assert page.sheet_properties.pageSetUpPr is not None
    assert page.sheet_properties.pageSetUpPr.fitToPage  # on one page: 1 × 1 is what is not written
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (None, None)
    assert smallest(page) * scale(page) >= 8.5


def test_with_more_than_twelve_task_forces_the_board_is_page_two(tmp_path: Path) -> None:
    data = ex.ordinary_week()
    forces = tuple(replace(data.plan.task_forces[0], code=f"{n:02d}") for n in range(1, 26))
    page = page_one(written(replace(data, plan=replace(data.plan, task_forces=forces)), tmp_path / "x.xlsx"))
    assert list(board(page)) == [*(f.code for f in forces), "合　计"]
    (pagebreak,) = page.row_breaks.brk
    assert str(page.cell(pagebreak.id + 1, 1).value).startswith("四、")


@pytest.mark.parametrize("week", ["following", "awful"])
def test_the_first_screen_holds_the_paragraphs_the_asks_and_what_turned(week: str, tmp_path: Path) -> None:
    page = page_one(written(WEEKS[week](), tmp_path / "x.xlsx"))
    rows = [str(row[0]) for row in lines(page)]
    core = next(n for n, text in enumerate(rows) if text.startswith("三、"))
    height = sum((page.row_dimensions[n].height or 12.75) / 0.75 for n in range(1, core + 1))
    assert height * 0.8 <= 768 - 300  # what ribbon, formula bar, tabs and task bar leave of 1366 × 768
