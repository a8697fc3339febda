"""The roll-up: what its lines and numbers amount to, worked out by hand, and what the workbook says when read back."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.findings import Place, finding
from tenproj_xl.excel.style import line_count, shortened, text_width
from tenproj_xl.excel.writer import harmless
from tenproj_xl.model.history import Party, Reported, Status
from tenproj_xl.model.plan import Measure
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.drawing import counts
from tenproj_xl.rollup.drawing.sheet_spec import BookContents
from tenproj_xl.rollup.facts.editions import Release
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.overview.lists import worst
from tenproj_xl.rollup.registry import sheets_of
from tests.helpers import rollup_example as ex
from tests.helpers.libreoffice import recalculated
from tests.helpers.programs import need

Grid = Sequence[Sequence[object]]


def line(data: RollupInput, code: str) -> IndicatorLine:
    return next(i for i in facts_of(data).indicators if i.indicator.code == code)


def of(*rows: Reported) -> RollupInput:
    return ex.rollup_input(*rows, indicators=ex.INDICATORS, tasks=ex.TASKS)


def written(data: RollupInput, path: Path) -> dict[str, Grid]:
    write_rollup(path, facts_of(data))
    return read(path)


def read(path: Path) -> dict[str, Grid]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def frame(grid: Grid) -> pd.DataFrame:
    header = [str(cell).replace("\n", "") for cell in grid[2]]
    return pd.DataFrame(grid[3:], columns=header, dtype=object)


def own(data: pd.DataFrame, task_force: str) -> pd.DataFrame:
    return data if task_force == "全　区" else data[data["专班"] == task_force]


# --- indicators


def test_an_annual_flow_is_measured_at_the_end_of_its_data_period() -> None:
    # 31 October is day 304 of 365: 83.288 of 100 should be done; 85 is 1.712 points ahead.
    found = line(of(ex.figure("Z01-01", 85.0, "2026年10月")), "Z01-01")
    assert (found.state, found.counted, found.stale, found.carried) == ("达序时", True, False, "")
    assert found.share == pytest.approx(0.85)
    assert found.pace == pytest.approx(304 / 365)
    assert found.gap == pytest.approx(100 * (0.85 - 304 / 365), abs=1e-6)


@pytest.mark.parametrize(
    ("value", "state"),
    [(83.29, "达序时"), (83.28, "略滞后"), (78.3, "略滞后"), (78.2, "滞后"), (0.0, "滞后")],
)
def test_five_points_part_slow_from_behind_and_a_zero_is_a_figure(value: float, state: str) -> None:
    # 83.288 should be done, yellow down to 78.288.
    assert line(of(ex.figure("Z01-01", value, "2026年10月")), "Z01-01").state == state


def test_what_was_not_reported_is_not_zero() -> None:
    found = line(of(), "Z01-01")
    assert (found.state, found.counted, found.figure, found.share, found.gap) == (
        "未报",
        True,
        None,
        None,
        None,
    )
    assert found.freshness == "应报2026年10月"


@pytest.mark.parametrize(
    ("value", "state", "gap"),
    # Down from 20 to 10 over 365 days: 30 September is day 273, so 20 - 10 * 273 / 365 = 12.5205 is allowed; the
    # limit for ratios is 2 points of the target 10, so up to 12.7205 is yellow.
    [(12.5, "达序时", 0.205), (12.6, "略滞后", -0.795), (12.8, "滞后", -2.795), (9.0, "达序时", 35.205)],
)
def test_where_lower_is_better_less_is_ahead(value: float, state: str, gap: float) -> None:
    found = line(of(ex.figure("Z01-02", value, "2026年三季度")), "Z01-02")
    assert (found.state, found.share) == (state, None)
    assert found.gap == pytest.approx(gap, abs=1e-3)


@pytest.mark.parametrize(
    ("value", "state"), [(52.5, "达标"), (47.5, "达标"), (53.0, "未达标"), (47.0, "未达标")]
)
def test_about_is_two_sided(value: float, state: str) -> None:
    # 50左右: five per cent either way, 47.5 to 52.5.
    assert line(of(ex.figure("Z01-03", value, "2025年12月", "统计核定")), "Z01-03").state == state


@pytest.mark.parametrize(("value", "verdict"), [(860.0, "未达标"), (860.1, "达标")])
def test_more_than_is_strict(value: float, verdict: str) -> None:
    found = line(of(ex.figure("Z01-04", value, "2025年", "统计核定")), "Z01-04")
    assert found.passed_in_words == f"2025年：{verdict}"
    # A flow of 2025 says nothing of October 2026: unreported, the old value is only shown as the last one.
    assert (found.state, found.figure) == ("未报", None)
    assert found.previous is not None
    assert found.previous.value == value
    assert not found.counted  # 2026 has no target, so there would be no light either


def test_a_passed_target_waits_for_a_verified_figure_of_exactly_its_date() -> None:
    reported = ex.figure("Z02-01", 910.0, "2025年")
    assert line(of(), "Z02-01").passed_in_words == "2025年：待核定"
    found = line(of(reported), "Z02-01")
    assert (found.state, found.passed_in_words, found.pending) == ("待核定", "2025年：待核定", 1)
    verified = ex.figure("Z02-01", 899.0, "2025年", "统计核定")
    assert line(of(verified), "Z02-01").passed_in_words == "2025年：未达标"
    other_date = ex.figure("Z02-01", 950.0, "2024年", "统计核定")
    assert line(of(other_date), "Z02-01").passed_in_words == "2025年：待核定"


@pytest.mark.parametrize("preliminary", ["2025年12月", "2025年四季度", "2025年下半年"])
def test_the_verified_figure_of_a_year_follows_the_one_of_its_last_months(preliminary: str) -> None:
    reported = ex.figure("Z02-01", 905.0, preliminary, period="2026-W40")
    verified = ex.figure("Z02-01", 899.0, "2025年", "统计核定")
    assert line(of(reported, verified), "Z02-01").state == "未达标"


def test_years_of_one_verdict_are_named_together() -> None:
    yearly = ex.indicator(
        "Z01-09", Measure.ANNUAL, *(ex.target(str(y), "以上", 10.0) for y in (2023, 2024, 2025, 2026))
    )
    facts = facts_of(
        ex.rollup_input(ex.figure("Z01-09", 11.0, "2024年12月", "统计核定"), indicators=(yearly,))
    )
    assert facts.indicators[0].passed_in_words == "2023、2025年：待核定；2024年：达标"


def test_what_was_only_striven_for_is_never_missed() -> None:
    hoped = ex.indicator("Z01-09", Measure.ANNUAL_IN_YEAR, ex.target("2025", "力争", 47.0))
    rows = (ex.figure("Z01-09", 46.0, "2025年", "统计核定"),)
    facts = facts_of(ex.rollup_input(*rows, indicators=(hoped,)))
    assert (facts.indicators[0].state, facts.indicators[0].passed_in_words) == (
        "暂不评价",
        "2025年：力争未达到",
    )
    assert (facts.headline.counted, facts.headline.unverified, facts.supervision) == (0, 0, ())


def test_a_figure_of_an_earlier_return_is_stamped_with_its_period() -> None:
    found = line(of(ex.figure("Z02-01", 910.0, "2025年", period="2026-W44")), "Z02-01")
    assert (found.carried, found.stale, found.freshness) == ("第44周", False, "沿用第44周")
    last_year = line(of(ex.figure("Z02-01", 910.0, "2025年", period="2025-W51")), "Z02-01")
    assert last_year.carried == "2025年第51周"


def test_a_figure_older_than_due_is_judged_at_its_own_date_and_says_that_it_is_old() -> None:
    # From 110 at the end of 2025 to 200 at the end of 2027 in 730 days: 31 August 2026 is day 243, 139.96 expected.
    found = line(of(ex.figure("Z02-02", 139.0, "2026年8月", period="2026-W40")), "Z02-02")
    assert (found.state, found.stale, found.answered) == ("略滞后", True, False)
    assert found.freshness == "数据过旧：应报2026年10月（沿用第40周）"
    assert found.gap == pytest.approx((139 - (110 + 90 * 243 / 730)) / 2, abs=1e-6)


def test_growth_may_be_negative_and_its_gap_is_in_points_of_the_value() -> None:
    found = line(of(ex.figure("Z02-03", -2.5, "2026年10月")), "Z02-03")
    assert (found.state, found.gap, found.share) == ("滞后", -17.5, None)


def test_derived_targets_words_underway_and_task_forces_not_involved_are_not_counted() -> None:
    rows = (ex.figure("Z02-04", 1.0, "2026年10月"), ex.figure("Z02-05", "推进中", "2026年10月"))
    facts = facts_of(of(*rows, ex.figure("Z03-01", 1.0, "2026年10月")))
    states = {i.indicator.code: (i.state, i.counted) for i in facts.indicators}
    assert states["Z02-04"] == states["Z02-05"] == ("暂不评价", False)
    assert states["Z03-01"] == ("不涉及", False)
    assert line(of(), "Z03-01").state == "不涉及"


def test_a_word_of_an_earlier_return_stands_while_the_later_one_says_nothing() -> None:
    old = ex.figure("Z01-02", 12.8, "2026年三季度", period="2026-W47", lag_reason="汛期停工")
    new = ex.row("indicators", "Z01-02", {"next_steps": "抢工"})
    found = line(of(old, new), "Z01-02")
    assert (found.reported("lag_reason"), found.reported("next_steps"), found.carried) == (
        "汛期停工",
        "抢工",
        "第47周",
    )


# --- tasks, issues, returns; and the supervision list over all of them


def test_tasks_are_judged_on_the_last_day() -> None:
    facts = facts_of(ex.ordinary_week())
    found = {t.task.code: (t.state, t.days_left) for t in facts.tasks}
    assert found == {
        "R01-01": ("逾期", -9),  # the milestone of 20 November was not done
        "R01-02": ("临近时限", 11),  # 10 December is within 14 days
        "R02-01": ("滞后", None),  # 80 % invested; 29 November is day 333 of 365, 91.2 % less 5 points
        "R02-02": ("未报", -152),  # never a word, and 30 June has passed
        "R03-01": ("不涉及", -152),
    }


def test_an_older_word_on_a_task_is_judged_by_the_milestone_that_is_current_since() -> None:
    done: dict[str, Value] = {
        "milestone": "开工",
        "milestone_due": date(2026, 11, 20),
        "status": "序时推进",
        "milestone_done": "已完成",
    }
    facts = facts_of(of(ex.row("tasks", "R01-01", done, "2026-W47")))
    found = facts.tasks[0]
    # 竣工 on 5 December is six days away.
    assert (found.milestone, found.state, found.days_left, found.carried) == ("竣工", "临近时限", 6, "第47周")


def test_issues_have_an_age_a_level_and_a_state() -> None:
    facts = facts_of(ex.ordinary_week())
    found = {i.code: (i.state, i.days_open, i.days_over, i.asks, i.level) for i in facts.issues}
    assert found == {
        "W01-2026-001": ("逾期", 28, 10, True, "总专班"),
        "W01-2026-002": ("临近时限", 28, None, False, "未定"),  # 13 December is exactly 14 days away
        "W02-2026-001": ("申请销号", 28, None, False, "未定"),  # asks no longer
        "W02-2026-002": ("整改中", 28, None, False, "未定"),  # “无” is no ask
        "W03-2026-001": (
            "待上级协调",
            28,
            None,
            True,
            "提请省、市协调",
        ),  # the approved level, not the suggested one
    }
    assert [a.issue.code for a in facts.asks] == ["W03-2026-001", "W01-2026-001"]


def test_the_supervision_list_is_hardest_first() -> None:
    found = [(s.level.value, s.code, s.measured) for s in facts_of(ex.ordinary_week()).supervision]
    assert found == [
        ("红督办", "R02-02", "超期152天"),  # saying nothing does not stop the clock
        ("红督办", "W01-2026-001", "超期10天"),
        ("红督办", "R01-01", "超期9天"),
        ("黄催办", "Z02-02", "差20.0个百分点"),  # 100 instead of 139.96, of 200
        ("黄催办", "Z01-02", "差2.8个百分点"),
        ("黄催办", "R02-01", ""),
        ("蓝提醒", "R01-02", "还有11天"),
        ("蓝提醒", "W01-2026-002", "还有14天"),
    ]


def test_returns_are_late_by_the_first_one_and_corrections_are_counted() -> None:
    fault = finding(
        Code.NOT_NUMBER, Place("01填报表.xlsx", "主要指标进度表", "K8"), "很多", advice="只填数字"
    )
    receipts = (
        ex.receipt("01", Status.TO_CORRECT, 26, (fault,)),
        ex.receipt("01", Status.ACCEPTED, 29, late=True),
        ex.receipt("01", Status.DUPLICATE, 29),
        ex.receipt("02", Status.REFUSED, 25, (fault,)),
    )
    data = ex.rollup_input(indicators=ex.INDICATORS, tasks=ex.TASKS, receipts=receipts)
    facts = facts_of(data)
    first, second, third = facts.returns
    assert (first.state, first.corrections, first.files, first.errors) == ("按时", 1, 3, 0)
    assert first.current is receipts[1]
    assert (second.state, second.errors, second.is_in) == ("未接收", 1, False)
    assert (third.state, third.is_owed) == ("不涉及", False)
    assert (facts.headline.owed, facts.headline.returned, facts.headline.late) == (2, 1, 0)
    assert facts.headline.not_returned == 1
    # Before this week nothing was known: of task force 02 five figures and two tasks are asked, none came.
    assert (second.figures_asked, second.figures_in, second.tasks_asked, second.tasks_in) == (5, 0, 2, 0)


def test_a_finding_that_a_later_return_has_overtaken_says_so(tmp_path: Path) -> None:
    fault = finding(
        Code.NOT_NUMBER, Place("01填报表.xlsx", "主要指标进度表", "K8"), "很多", advice="只填数字"
    )
    receipts = (
        ex.receipt("01", Status.TO_CORRECT, 26, (fault,)),
        ex.receipt("01", Status.ACCEPTED, 27),
        ex.receipt("02", Status.TO_CORRECT, 26, (fault,), cover={"unit": "乙局"}),
    )
    checks = frame(written(ex.rollup_input(receipts=receipts), tmp_path / "x.xlsx")["核验清单"])
    assert checks[["专班", "级别", "处理"]].to_numpy().tolist() == [
        ["01", "错误", "已另报"],
        ["02", "错误", "该行未计入，待更正"],
    ]


def test_a_finding_in_the_form_of_a_unit_that_sits_in_several_task_forces_names_that_of_its_row(
    tmp_path: Path,
) -> None:
    of_row = Place("甲局填报表.xlsx", "主要指标进度表", "K8", "技术交易总额", "02")
    of_cover = Place("甲局填报表.xlsx", "填报说明", "C8")
    faults = (
        finding(Code.NOT_NUMBER, of_row, "很多", advice="只填数字"),
        finding(Code.NOT_NUMBER, of_cover, "很多", advice="只填数字"),
    )
    party = Party("甲局", ("01", "02"), "甲局")
    receipts = (ex.receipt("01", Status.TO_CORRECT, 26, faults, party=party),)
    checks = frame(written(ex.rollup_input(receipts=receipts), tmp_path / "x.xlsx")["核验清单"])
    assert checks[["专班", "对应的行"]].to_numpy().tolist() == [["02", "技术交易总额"], ["—", "第8行"]]


def test_the_headline_of_the_ordinary_week() -> None:
    # 达序时 Z01-01, 达标 Z01-03; 滞后 Z01-02 and Z02-02; 待核定 Z02-01; 未报 with a light to lose: Z02-03. Not counted:
    # Z01-04 (no target in 2026), Z02-04 (derived), Z02-05 (in words, not due before the year's end), Z03-01 (aside).
    head = facts_of(ex.ordinary_week()).headline
    assert (head.counted, head.on_pace, head.slow, head.behind, head.pending, head.missing) == (
        6,
        2,
        0,
        2,
        1,
        1,
    )
    assert (head.stale, head.unverified) == (
        1,
        2,
    )  # Z02-02 of August; Z02-01 and Z02-02 have passed 2025 unverified
    assert (head.tasks_on_time, head.tasks_soon, head.tasks_behind) == (0, 1, 1)
    assert (head.tasks_overdue, head.tasks_missing) == (1, 1)
    assert (head.issues_open, head.issues_soon, head.issues_overdue, head.issues_applied, head.asks) == (
        5,
        1,
        1,
        1,
        2,
    )
    assert (head.owed, head.returned, head.late, head.not_returned) == (2, 2, 1, 0)


# --- the workbook


def hundred_issues() -> RollupInput:
    long = "因管线交叉须多部门联审，" * 42
    rows = [ex.issue(f"W01-2026-{n:03d}", request=long[:500], description=long[:500]) for n in range(100)]
    return of(*rows, ex.figure("Z01-02", 19.0, "2026年三季度", lag_reason=long[:500]))


WEEKS = {
    "ordinary": ex.ordinary_week,
    "following": ex.following_week,
    "awful": ex.awful_week,
    "first": ex.first_week,
    "nothing": of,
    "hundred": hundred_issues,
    "no plan rows": ex.rollup_input,
}


OPEN = ("整改中", "临近时限", "逾期", "待上级协调", "申请销号", "重新挂账")


@pytest.mark.parametrize("week", WEEKS)
def test_every_week_gives_a_workbook_whose_cached_numbers_are_those_of_its_data_sheets(
    week: str, tmp_path: Path
) -> None:
    data = WEEKS[week]()
    sheets = written(data, tmp_path / "x.xlsx")
    assert list(sheets) == [spec.title for spec in sheets_of(Release())]
    indicators, tasks, issues = (frame(sheets[name]) for name in ("主要指标", "重点任务", "问题销号"))
    page_one = sheets["总览"]
    board = {str(row[2] or row[1]): row for row in page_one[10:13]}
    assert set(board) == {"01", "02", "全　区"}
    for code, row in board.items():
        counted = own(indicators, code)[own(indicators, code)["应评"] == "是"]["进度评价"].tolist()
        states, open_issues = own(tasks, code)["进度评价"].tolist(), own(issues, code)["状态"].tolist()
        expected = [
            len(counted),
            counted.count("达序时") + counted.count("达标"),
            counted.count("略滞后"),
            counted.count("滞后") + counted.count("未达标"),
            counted.count("待核定"),
            counted.count("未报"),
            states.count("序时推进") + states.count("已完成"),
            *map(states.count, ("临近时限", "滞后", "逾期", "未报")),
            sum(map(open_issues.count, OPEN)),
            open_issues.count("逾期"),
        ]
        assert [*row[7:13], *row[14:19], *row[20:22]] == expected, code
    whole = board["全　区"]
    asks = (issues["提请协调"] == "是").sum()
    sentence = "应评指标{}项，达序时{}项，略滞后{}项，滞后{}项，待核定{}项，未报{}项；提请协调{}项。"
    wanted = sentence.format(*(int(str(n).removesuffix(".0")) for n in whole[7:13]), asks)
    assert str(page_one[2][1]).startswith(wanted.removesuffix("。"))  # then how many asks there were before


def test_the_data_sheets_show_what_was_reported_and_where_it_stands(tmp_path: Path) -> None:
    sheets = written(ex.ordinary_week(), tmp_path / "x.xlsx")
    indicators = frame(sheets["主要指标"]).set_index("编号")
    first = indicators.loc["Z01-01"]
    assert (first["最新数值"], first["数据所属期"], first["完成率"], first["全市排名"]) == (
        85.0,
        "2026年10月",
        0.85,
        3.0,
    )
    source = "来源（文件 › 工作表 › 单元格，时间）"
    assert first[source] == "01填报表.xlsx › 主要指标进度表 › K8（2026-11-23 09:00）"
    assert indicators.loc["Z02-03"]["最新数值"] == ""  # not reported, not zero
    assert indicators.loc["Z02-01"]["时效"] == "沿用第47周"
    assert indicators.loc["Z01-04"]["上次数值"] == 860.0
    returns = frame(sheets["报送情况"]).set_index("专班")["报送"]
    assert dict(returns) == {"01": "按时", "02": "迟报", "03": "不涉及"}


def test_a_task_force_that_is_not_involved_has_no_row_on_the_board(tmp_path: Path) -> None:
    page_one = written(ex.ordinary_week(), tmp_path / "x.xlsx")["总览"]
    assert "03" not in [row[2] for row in page_one]
    assert any(
        "不涉及、不评价：03 丙工程（另有在办问题1件，已计入全区数）" in str(row[1]) for row in page_one
    )


@pytest.mark.parametrize("number", [1, 4, 25])
def test_any_number_of_task_forces_fits(number: int, tmp_path: Path) -> None:
    week = ex.ordinary_week()
    forces = tuple(replace(week.plan.task_forces[0], code=f"{n:02d}") for n in range(1, number + 1))
    page_one = written(replace(week, plan=replace(week.plan, task_forces=forces)), tmp_path / "x.xlsx")[
        "总览"
    ]
    assert [row[2] or row[1] for row in page_one[10 : 11 + number]] == [*(f.code for f in forces), "全　区"]


HOSTILE = (
    "=1+1",
    "<r>x</r>",
    "<r><t>x</t></r>",
    "http://x.cn",
    "+1",
    "@SUM(A1)",
    "a\x00\x0bb",
    "_x0041_",
    "{=1}",
    "&<>\"'",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_typed_comes_alive(text: str, tmp_path: Path) -> None:
    rows = (
        ex.figure("Z01-02", 19.0, "2026年三季度", lag_reason=text, next_steps=text),
        ex.issue(
            "W01-2026-001", description=text, request=text, unit=text, due_on=date(2026, 11, 1), progress=text
        ),
        ex.row("tasks", "R01-02", {"status": "滞后", "progress": text, "problems": text}),
    )
    fault = finding(Code.NOT_NUMBER, Place(text, text, "K8", text), text, advice="只填数字")
    receipts = (
        ex.receipt(
            "01", Status.TO_CORRECT, findings=(fault,), file=text, cover={"unit": text, "filler": text}
        ),
    )
    data = replace(of(*rows), receipts=receipts, version_line=text)
    path = tmp_path / "x.xlsx"
    sheets = written(data, path)
    clean = "ab" if "\x00" in text else text
    assert frame(sheets["主要指标"]).set_index("编号").loc["Z01-02"]["滞后原因"] == clean
    assert frame(sheets["问题销号"]).iloc[0]["提请协调事项"] == clean
    assert frame(sheets["核验清单"]).iloc[0]["填的内容"] == clean
    for name, xml in parts(path).items():
        assert 'TargetMode="External"' not in xml, name
        for formula in re.findall(r"<f>(.*?)</f>", xml):
            assert formula.startswith(("SUMPRODUCT(", "IF(", "'晾晒排名'!", "&quot;", '"')), formula


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {n: archive.read(n).decode() for n in archive.namelist() if n.endswith((".xml", ".rels"))}


def test_text_beyond_a_cell_is_cut_with_a_mark(tmp_path: Path) -> None:
    data = of(ex.issue("W01-2026-001", description="长" * 40_000))
    shown = str(frame(written(data, tmp_path / "x.xlsx")["问题销号"]).iloc[0]["问题描述"])
    assert len(shown) == 32_767
    assert shown.endswith("…（文字过长，已截断）")
    assert harmless("𬭚" * 20_000).endswith("已截断）")
    assert harmless("\ud800a\x7f\ufffe") == "a"


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_rollup(tmp_path / name, facts_of(ex.following_week()))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_each_number_leads_to_its_rows_and_back(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.ordinary_week()))
    links = dict(
        re.findall(r'<hyperlink ref="(\w+)" location="([^"]+)"', parts(path)["xl/worksheets/sheet1.xml"])
    )
    # The board's second row is task force 02, whose indicators begin in the fifth line: row 8 of the sheet.
    assert links["H12"] == "'主要指标'!A8"
    assert links["U12"] == "'问题销号'!A6"
    # Rank and score are those of the league table, and the ask of 03 is the first of two.
    assert links["B12"] == links["F12"] == "'晾晒排名'!A5"
    assert links["Y11"] == "'提请协调'!A4"
    for n in range(2, len(sheets_of(Release())) + 1):
        assert "location=\"'总览'!A1\"" in parts(path)[f"xl/worksheets/sheet{n}.xml"]


def test_every_formula_uses_functions_that_old_programs_know(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.ordinary_week()))
    formulas = re.findall(r"<f>(.*?)</f>", parts(path)["xl/worksheets/sheet1.xml"])
    assert len(formulas) > 50
    assert {name for f in formulas for name in re.findall(r"([A-Z]+)\(", f)} == {"IF", "SUMPRODUCT"}


def test_counts_name_columns_that_there_are() -> None:
    facts: Facts = facts_of(ex.ordinary_week())
    counter = counts.Counter(BookContents(sheets_of(Release()), facts))
    for name in counts.COUNTS:
        assert hasattr(facts.headline, name)
        assert counter.formula(name).startswith("=SUMPRODUCT(")
        assert "!A" in counter.place(name)


def test_page_one_shows_what_lags_most_of_both_kinds() -> None:
    behind = [s for s in facts_of(ex.ordinary_week()).supervision if s.level.value != "蓝提醒"]
    assert [s.code for s in worst(behind, 6)] == [
        "Z02-02",
        "Z01-02",
        "R02-02",
        "W01-2026-001",
        "R01-01",
        "R02-01",
    ]


def test_texts_are_measured_as_they_are_wide() -> None:
    assert text_width("ab中文，") == 8
    assert line_count("中" * 30, 20) == 4  # 60 characters, some 19.7 to a line
    assert line_count("一\n二", 20) == 2
    assert shortened("一 二\n三", 5) == "一 二 三"
    assert shortened("一二三四五六", 4) == "一二三…"


def test_a_measure_in_words_that_is_met_counts_as_on_pace() -> None:
    found = line(of(ex.figure("Z02-05", "已实现", "2026年10月")), "Z02-05")
    assert found.indicator.measure is Measure.QUALITATIVE
    assert (found.state, found.counted) == ("达标", True)


# --- LibreOffice


BOOKS = {**WEEKS, **{name: made for name, (made, _) in ex.OWN_SHEETS.items()}}


@pytest.mark.libreoffice
@pytest.mark.parametrize("book", BOOKS)
def test_libreoffice_computes_what_was_cached(book: str, tmp_path: Path) -> None:
    need("soffice")
    path, data = tmp_path / "x.xlsx", BOOKS[book]()
    cached, fresh = written(data, path), recalculated(path)
    for n, spec in enumerate(sheets_of(data.release), 1):
        formulas = re.findall(r'<c r="([A-Z]+)(\d+)"[^>]*><f>', parts(path)[f"xl/worksheets/sheet{n}.xml"])
        assert formulas or spec.title not in ("总览", "晾晒排名")
        for letters, number in formulas:
            column = sum((ord(c) - 64) * 26**i for i, c in enumerate(reversed(letters))) - 1
            expected = cached[spec.title][int(number) - 1][column]
            got = fresh[spec.title].get(letters + number, "")
            same = got == (pytest.approx(expected) if isinstance(expected, float) else expected)
            assert same, f"{spec.title}!{letters}{number}: {got} instead of {expected}"
