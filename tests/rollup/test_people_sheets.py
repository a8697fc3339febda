"""提请协调, 责任清单 and 亮点做法: who asks, who owes, who did well."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.periods import parse_period
from tenproj_xl.excel import style
from tenproj_xl.model.decisions import Coordination
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.history import Reported, history
from tenproj_xl.model.milestones import MILESTONES
from tenproj_xl.model.plan import Measure
from tenproj_xl.rollup.annual_text import report_sections
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.brief_text import sections
from tenproj_xl.rollup.drawing.trend_charts import FIRST_ROW, Chart
from tenproj_xl.rollup.facts.editions import MONTH, WEEK, YEAR, Edition, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import units_shown
from tenproj_xl.rollup.facts.league import ScorePart
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.facts.task_forces import responsible_units
from tests.helpers import rollup_example as ex
from tests.helpers.rollup_reading import opened, table

WEIGHTS = (40.0, 30.0, 15.0, 15.0)
NOTHING = ScorePart(0, 0)


def of(*rows: Reported, receipts: tuple[str, ...] = ("01", "02")) -> RollupInput:
    """A week of the example plan with returns, on time, of some task forces."""
    return ex.rollup_input(
        *rows, indicators=ex.INDICATORS, tasks=ex.TASKS, receipts=tuple(map(ex.receipt, receipts))
    )


def parts(data: RollupInput, task_force: str) -> list[tuple[int, int]]:
    line = next(a for a in facts_of(data).league if a.task_force.code == task_force)
    return [(p.good, p.of) for p in line.parts]


def written(data: RollupInput, path: Path) -> Path:
    write_rollup(path, facts_of(data))
    return path


def grid(path: Path, sheet: str) -> list[list[object]]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [list(row) for row in rows]


# --- who convenes and what is aimed at


def test_the_list_of_aims_names_conveners_units_and_aims_as_the_plan_has_them(tmp_path: Path) -> None:
    data = ex.ordinary_week()
    first, *others = data.plan.task_forces
    first = replace(
        first,
        conveners=("甲副区长", "乙副区长"),
        responsible=("乙局", "丙局"),
        responsible_note="等",
        aim="每年完成35亿元以上。",
    )
    programme = replace(data.plan.programme, convener="丁区长")
    plan = replace(data.plan, task_forces=(first, *others), programme=programme)
    path = written(replace(data, plan=plan), tmp_path / "x.xlsx")
    aims = table(path, "目标清单", key="专班").iloc[0]
    assert aims["召集人"] == "甲副区长、乙副区长"
    assert aims["责任单位"].endswith("丙局等")
    assert aims["目标任务"] == "每年完成35亿元以上。"
    texts = [str(cell.value) for row in opened(path)["目标清单"].iter_rows(max_row=3) for cell in row]
    assert any("总召集人：丁区长" in text for text in texts)
    duties = table(path, "责任清单")
    assert set(duties[duties["专班"] == first.code]["召集人"]) == {"甲副区长、乙副区长"}


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("等", "乙局等"),
        ("及有关企业等", "乙局及有关企业等"),
        ("其他成员单位", "乙局、其他成员单位"),
        ("", "乙局"),
    ],
)
def test_the_plans_note_follows_the_responsible_units(note: str, text: str) -> None:
    data = ex.ordinary_week()
    task_force = replace(data.plan.task_forces[0], responsible=("乙局",), responsible_note=note)
    assert responsible_units(task_force, data) == text


# --- what is asked for


def asks(data: RollupInput) -> list[tuple[str, date | None, int | None, bool]]:
    return [(a.issue.code, a.since, a.waiting(data.day), a.is_new) for a in facts_of(data).asks]


def test_asks_are_ordered_by_level_then_by_how_long_they_have_waited() -> None:
    rows = [
        ex.issue(f"W01-2026-{n:03d}", request="请协调", suggested_level=level, raised_on=date(2026, 10, day))
        for n, (level, day) in enumerate(
            [("总专班", 1), ("提请省、市协调", 9), ("总专班办公室", 1), ("提请省、市协调", 2)]
        )
    ]
    assert [code[-1] for code, *_ in asks(of(*rows))] == ["3", "1", "0", "2"]


def test_an_ask_waits_since_the_issue_was_raised_or_since_the_return_that_added_it() -> None:
    raised: dict[str, Value] = {
        "raised_on": date(2026, 10, 1),
        "due_on": date(2027, 3, 1),
        "status": "整改中",
    }
    from_the_start = ex.row("issues", "W01-2026-001", {**raised, "request": "请批复"}, "2026-W40")
    without = ex.row("issues", "W01-2026-002", {**raised, "request": "无"}, "2026-W40")
    added = ex.row("issues", "W01-2026-002", {**raised, "request": "请批复"}, "2026-W48")
    assert asks(of(from_the_start, without, added)) == [
        ("W01-2026-001", date(2026, 10, 1), 59, False),
        ("W01-2026-002", date(2026, 11, 23), 6, True),  # the return came on 23 November
    ]


def test_an_ask_that_was_taken_back_and_made_again_waits_since_then() -> None:
    said: dict[str, Value] = {"raised_on": date(2026, 9, 1), "due_on": date(2027, 3, 1), "status": "整改中"}
    rows = [
        ex.row("issues", "W01-2026-001", {**said, "request": request}, period)
        for request, period in (
            ("请批复", "2026-W38"),
            ("", "2026-W40"),
            ("请批复", "2026-W44"),
            ("请速批", "2026-W46"),
        )
    ]
    assert asks(of(*rows)) == [("W01-2026-001", date(2026, 10, 26), 34, False)]


def test_an_ask_made_anew_after_an_answer_waits_since_then() -> None:
    said: dict[str, Value] = {"raised_on": date(2026, 9, 1), "due_on": date(2027, 3, 1), "status": "整改中"}
    first = ex.row("issues", "W01-2026-001", {**said, "request": "请批复用地"}, "2026-W40")
    still = ex.row(
        "issues", "W01-2026-001", {**said, "request": "请批复用地"}, "2026-W44"
    )  # as the form brought it
    anew = ex.row("issues", "W01-2026-001", {**said, "request": "请安排资金"}, "2026-W47")
    settled = ex.decision("W01-2026-001", date(2026, 10, 20), "2026-W40", coordination=Coordination.SETTLED)
    answered = replace(of(first), known=history([first, still], [settled]))
    assert asks(answered) == []
    assert asks(replace(answered, known=history([first, still, anew], [settled]))) == [
        ("W01-2026-001", date(2026, 11, 16), 13, False)
    ]


# --- duties


def test_every_item_stands_under_its_unit_with_its_light() -> None:
    facts = facts_of(ex.ordinary_week())
    totals = {d.unit: d.name for d in facts.duties if d.is_total}
    assert totals == {
        "甲局": "指标8项（滞后2、未报4）　任务4项（逾期1、滞后1、未报1、临近时限1）　问题5件（逾期1、临近时限1）　报送1次",
        "乙局": "指标1项　报送1次（迟报1）",
    }
    assert [label_of(d.state) for d in facts.duties if d.is_total] == ["逾期", "迟报"]
    involved = [i.indicator.code for i in facts.indicators if i.task_force.involved]
    assert sorted(d.code for d in facts.duties if d.kind is Duty.INDICATOR) == involved


def test_the_units_of_an_issue_are_told_apart_however_they_are_written() -> None:
    data = of(ex.issue("W01-2026-001", unit="乙局（牵头、汇总）/甲局；丁所", due_on=date(2026, 11, 1)))
    facts = facts_of(data)
    assert {d.unit for d in facts.duties if d.code == "W01-2026-001"} == {"乙局", "甲局"}
    assert [s.unit for s in facts.supervision if s.code == "W01-2026-001"] == ["乙局、甲局"]


@pytest.mark.parametrize(
    ("typed", "units"),
    [
        ("乙局和甲局", ["乙局", "甲局"]),
        ("乙局办公室", ["乙局"]),
        ("天文局", ["甲局"]),
        ("天文局、乙局", ["乙局"]),
    ],
)
def test_only_units_of_the_plan_are_charged_with_an_issue(typed: str, units: list[str]) -> None:
    facts = facts_of(of(ex.issue("W01-2026-001", unit=typed, due_on=date(2026, 11, 1))))
    assert {d.unit for d in facts.duties if d.code == "W01-2026-001"} == set(units)
    assert [s.unit for s in facts.supervision if s.code == "W01-2026-001"] == ["、".join(units)]
    assert [i.text("unit") for i in facts.issues] == [typed]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("乙局（办公室）", "乙局"),
        ("乙局（牵头）/甲局", "乙局、甲局"),
        ("乙局办公室", "乙局办公室"),
        ("除乙局外各部门", "除乙局外各部门"),
        ("乙局牵头，甲局配合", "乙局牵头，甲局配合"),
        ("天文局", "天文局"),
        ("天文局、乙局办公室", "天文局、乙局办公室"),
    ],
)
def test_the_list_of_issues_calls_units_as_the_plan_does_where_it_has_them_all(
    typed: str, shown: str
) -> None:
    data = of(ex.issue("W01-2026-001", unit=typed, due_on=date(2026, 11, 1)))
    [line] = facts_of(data).issues
    assert units_shown(line, data) == shown


def test_an_issue_without_a_unit_is_its_lead_units() -> None:
    facts = facts_of(of(ex.issue("W02-2026-001", unit=None)))
    assert [d.unit for d in facts.duties if d.code == "W02-2026-001"] == ["乙局"]


# --- good practice


def test_good_practice_and_results_of_this_period_are_quoted_with_their_source() -> None:
    rows = (
        ex.figure("Z01-03", 52.0, "2025年12月", "统计核定"),
        ex.figure("Z01-04", 900.0, "2025年", "统计核定", period="2026-W46"),  # met, but told before
        ex.row("tasks", "R01-01", {"milestone": "开工", "milestone_done": "已完成", "progress": "已开工"}),
        ex.row("tasks", "R02-02", {"status": "已完成", "progress": "通过验收"}),
        ex.row("tasks", "R01-02", {"status": "已完成", "progress": "早已完成"}, "2026-W46"),
    )
    receipts = (
        ex.receipt("01", cover={"unit": "甲局", "highlights": "拿地即开工"}),
        ex.receipt("02", cover={"unit": "乙局", "highlights": "无"}),
    )
    facts = facts_of(ex.rollup_input(*rows, indicators=ex.INDICATORS, tasks=ex.TASKS, receipts=receipts))
    assert [(h.task_force.code, h.kind.label, h.code, h.text) for h in facts.highlights] == [
        ("01", "典型做法", "", "拿地即开工"),
        ("01", "指标达标", "Z01-03", "完成52亿元（2025年目标：50左右）"),
        ("01", "节点完成", "R01-01", "已开工"),
        ("02", "任务完成", "R02-02", "通过验收"),
    ]
    assert facts.highlights[0].source == "01填报表.xlsx › 填报说明 › 工作亮点/典型做法（2026-11-26 16:20）"


GOALS = tuple(ex.target(year, "以上", 60.0) for year in ("2025", "2026", "2027"))
FLOW = ex.indicator("Z01-09", Measure.ANNUAL, *GOALS)
VERIFIED = ex.figure("Z01-09/2026", 61.0, "2026年", "统计核定", period="2027-W02")
BEGUN = ex.figure("Z01-09", 9.0, "2027年1月", period="2027-W02")
"""January's first figure, which comes with that which meets the target of the year before."""
JANUARY = tuple(map(parse_period, ("2027-W01", "2027-W02", "2027-W03")))


def praised(period: str, *rows: Reported, edition: Edition = WEEK) -> list[str]:
    weeks = JANUARY if edition.is_wide else ()
    data = ex.rollup_input(*rows, indicators=(FLOW,))
    paper = replace(data, period=parse_period(period), periods=weeks, release=Release(edition))
    return [line.text for line in facts_of(paper).highlights]


def test_a_target_of_the_year_before_is_told_as_met_in_the_time_in_which_it_was_met() -> None:
    told = ["完成61亿元（2026年目标：60以上）"]
    assert praised("2027-W02", VERIFIED, BEGUN) == told
    assert praised("2027-01", VERIFIED, BEGUN, edition=MONTH) == told
    assert praised("2027-W03", VERIFIED, BEGUN) == []
    assert praised("2027", VERIFIED, BEGUN, edition=YEAR) == []  # that of its own year alone


def test_what_was_met_before_is_not_told_as_met_again_where_its_figure_is_restated() -> None:
    revised = ex.figure("Z01-09/2026", 62.0, "2026年", "统计核定", period="2027-W03")
    assert praised("2027-W03", VERIFIED, revised) == praised("2027-W03", VERIFIED, BEGUN, revised) == []
    earlier = ex.figure("Z01-09", 61.0, "2026年", "统计核定", period="2026-W53")
    assert praised("2027-01", earlier, revised, edition=MONTH) == []
    short = ex.figure("Z01-09/2026", 59.0, "2026年", "统计核定", period="2027-W02")
    assert praised("2027-W03", short, BEGUN, revised) == ["完成62亿元（2026年目标：60以上）"]


def test_a_target_in_words_that_is_met_is_told_without_a_unit() -> None:
    facts = facts_of(ex.week_of(ex.figure("Z02-05", "已实现", "2026年10月")))
    (told,) = facts.highlights
    assert told.text.startswith("已实现（")


def test_a_month_quotes_what_each_of_its_weeks_reported_as_done() -> None:
    rows = (
        ex.row(
            "tasks",
            "R01-01",
            {"milestone": "开工", "milestone_done": "已完成", "progress": "已开工"},
            "2026-W46",
        ),
        ex.row(
            "tasks",
            "R01-01",
            {"milestone": "竣工", "milestone_done": "已完成", "progress": "已竣工"},
            "2026-W48",
        ),
        ex.row("tasks", "R01-02", {"status": "已完成", "progress": "十月已完成"}, "2026-W42"),
    )
    weeks = tuple(map(parse_period, ("2026-W46", "2026-W47", "2026-W48")))
    november = parse_period("2026-11")
    month = replace(of(*rows), period=november, periods=weeks, release=Release(MONTH))
    assert [h.text for h in facts_of(month).highlights] == ["已开工", "已竣工"]
    assert [h.text for h in facts_of(of(*rows)).highlights] == ["已竣工"]


def in_2026(*rows: Reported) -> RollupInput:
    """The year, from returns of weeks 46 to 48."""
    weeks = tuple(map(parse_period, ("2026-W46", "2026-W47", "2026-W48")))
    return replace(of(*rows), period=parse_period("2026"), periods=weeks, release=Release(YEAR))


STEP_DONE: dict[str, Value] = {
    "status": "序时推进",
    "milestone": "开工",
    "milestone_done": "已完成",
    "progress": "已开工",
}


@pytest.mark.parametrize(
    "later",
    [
        {"status": "序时推进", "progress": "还有一笔没有拨付"},
        {"status": "序时推进", "milestone_done": "已完成", "progress": "还有一笔没有拨付"},
    ],
    ids=["emptied", "brought forward"],
)
def test_a_task_that_was_taken_back_from_done_is_praised_neither_itself_nor_as_a_milestone(
    later: dict[str, Value],
) -> None:
    done = {"status": "已完成", "milestone_done": "已完成", "progress": "资金已拨付"}
    first = ex.row("tasks", "R01-02", done, "2026-W46")
    assert [h.kind.label for h in facts_of(in_2026(first)).highlights] == ["任务完成"]
    assert facts_of(in_2026(first, ex.row("tasks", "R01-02", later))).highlights == ()


@pytest.mark.parametrize("status", ["滞后", "序时推进"])
def test_a_milestone_of_a_task_that_lags_is_no_praise_and_stays_counted_as_reached(status: str) -> None:
    reached = ex.row("tasks", "R01-01", {**STEP_DONE, "status": status})
    facts = facts_of(in_2026(reached))
    praised, lagging = ([h.name for h in lines] for lines in (facts.highlights, facts.lagging))
    assert (praised, lagging)[status == "滞后"] == ["任务R01-01：开工"]
    assert (praised, lagging)[status != "滞后"] == []
    told = [paragraph.text for section in report_sections(facts) for paragraph in section.paragraphs]
    assert any("年内完成节点1个：任务R01-01：开工。" in text for text in told)


@pytest.mark.parametrize("day", [10, 11])
def test_nor_is_one_that_was_reached_after_its_limit(day: int) -> None:
    task = ex.task("R01-09", ("开工", date(2026, 11, 10)), ("竣工", date(2027, 5, 20)))
    row = ex.row("tasks", "R01-09", {**STEP_DONE, "completed_on": date(2026, 11, day)})
    facts = facts_of(ex.rollup_input(row, tasks=(task,)))
    praised, lagging = ([h.name for h in lines] for lines in (facts.highlights, facts.lagging))
    assert (praised, lagging)[day == 11] == ["任务R01-09：开工"]
    assert (praised, lagging)[day != 11] == []


def test_the_brief_says_a_milestone_once_where_its_unit_says_no_more_than_its_name() -> None:
    row = ex.row("tasks", "R01-01", {**STEP_DONE, "progress": "开工。"})
    told = [paragraph for section in sections(facts_of(of(row))) for paragraph in section.paragraphs]
    assert any(paragraph.endswith("任务R01-01：开工。") for paragraph in told)


def test_nor_is_one_of_a_task_whose_next_milestone_is_overdue() -> None:
    first, due = ("开工", date(2026, 11, 10)), ("竣工", date(2026, 11, 20))
    task = ex.task("R01-09", first, due)
    row = ex.row("tasks", "R01-09", STEP_DONE)
    facts = facts_of(ex.rollup_input(row, tasks=(task,)))
    assert [line.state.label for line in facts.tasks] == ["逾期"]
    assert facts.highlights == ()


@pytest.mark.parametrize(
    "beside", [{"milestone": "开工"}, {MILESTONES: "1"}], ids=["of its name", "in a form that names none"]
)
def test_a_milestone_that_was_reported_as_open_since_is_not_praised(beside: dict[str, Value]) -> None:
    done = ex.row("tasks", "R01-01", STEP_DONE, "2026-W46")
    open_again = {"status": "滞后", "milestone_done": "未完成", "problems": "被退回", **beside}
    assert [h.name for h in facts_of(in_2026(done)).highlights] == ["任务R01-01：开工"]
    facts = facts_of(in_2026(done, ex.row("tasks", "R01-01", open_again)))
    assert facts.highlights == facts.lagging == ()


def test_that_the_next_milestone_is_open_takes_no_praise_from_the_one_before() -> None:
    done = ex.row("tasks", "R01-01", STEP_DONE, "2026-W46")
    following = {"status": "序时推进", "milestone": "竣工", "milestone_done": "未完成"}
    told = facts_of(in_2026(done, ex.row("tasks", "R01-01", following))).highlights
    assert [h.name for h in told] == ["任务R01-01：开工"]


def test_what_the_plan_does_not_have_as_a_milestone_is_none() -> None:
    named = ex.row("tasks", "R01-01", {**STEP_DONE, "milestone": "奠基"})
    unnamed = ex.row("tasks", "R01-02", {**STEP_DONE, "milestone": None})
    assert facts_of(in_2026(named, unnamed)).highlights == ()


# --- lights


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return (299 * red + 587 * green + 114 * blue) / 1000


@pytest.mark.parametrize("chart", FIRST_ROW)
def test_neighbours_in_a_bar_differ_in_black_and_white(chart: Chart) -> None:
    shades = [lightness(style.STRONG[fill]) for _, fill in chart.names]
    assert all(abs(one - other) > 25 for one, other in pairwise(shades))
    assert all(shade > 110 for shade in shades)  # black figures on them are legible


# --- where a line comes from


def source_of_z01_01(tmp_path: Path, *rows: Reported) -> str:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.week_of(*rows)))
    lines = table(path, "主要指标").set_index("编号")
    return str(lines.loc["Z01-01", "来源（文件›工作表›单元格，时间）"])


def test_a_row_behind_which_two_returns_stand_names_both(tmp_path: Path) -> None:
    figure = ex.figure("Z01-01", 40.0, "2026年10月", period="2026-W46")
    said = source_of_z01_01(tmp_path, figure, ex.row("indicators", "Z01-01", {"lag_reason": "征迁未完"}))
    assert said == (
        "01填报表.xlsx › 主要指标进度表 › K8（2026-11-09 09:00）；其他栏另见01填报表.xlsx › 主要指标进度表（2026-11-23 09:00）"
    )


def test_a_row_that_one_return_filled_names_it_once(tmp_path: Path) -> None:
    said = source_of_z01_01(tmp_path, ex.figure("Z01-01", 40.0, "2026年10月", lag_reason="征迁未完"))
    assert said == "01填报表.xlsx › 主要指标进度表 › K8（2026-11-23 09:00）"
