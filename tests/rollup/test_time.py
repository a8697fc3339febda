"""The roll-up's sheets about time: 挂图作战, 趋势 and 本期变化, worked out by hand and read back from the workbook."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.app.merge import merge
from tenproj_xl.core.answers import DecisionLevel, TaskStatus
from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.excel import style
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.history import History, history
from tenproj_xl.model.published import Published
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.drawing.sparklines import scale_of
from tenproj_xl.rollup.drawing.trend_charts import chart_title
from tenproj_xl.rollup.facts.change_items import ChangeLine
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.editions import WEEK, Audience, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.lives import life_lines
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.facts.publishing import published  # belongs to the line above
from tenproj_xl.rollup.facts.timeline import Bar, Sign, bars, undated
from tenproj_xl.rollup.facts.trends import series_lines, shown_periods
from tenproj_xl.rollup.sheets.trends import short_period
from tests.helpers import rollup_example as ex
from tests.helpers import rollup_reading
from tests.helpers.filling import Office, sent_out


def bar(data: RollupInput, code: str) -> Bar:
    facts = facts_of(data)
    return next(b for b in bars(data, facts.indicators, facts.tasks) if b.code == code)


def changes(data: RollupInput) -> list[ChangeLine]:
    facts = facts_of(data)
    return list(change_lines(facts))


def sheet(data: RollupInput, path: Path, name: str) -> Worksheet:
    write_rollup(path, facts_of(data))
    found = rollup_reading.opened(path)[name]
    assert isinstance(found, Worksheet)
    return found


# --- 挂图作战


def test_a_task_runs_from_its_first_dated_step_to_its_deadline() -> None:
    found = bar(ex.ordinary_week(), "R01-01")
    assert (found.starts, found.ends, found.progress) == (date(2026, 11, 20), date(2026, 12, 31), "节点0/2")
    assert [(m.day, m.sign) for m in found.marks] == [
        (date(2026, 11, 20), Sign.OVERDUE),  # nobody has said that work began
        (date(2026, 12, 5), Sign.AHEAD),
        (date(2026, 12, 31), Sign.AHEAD),
    ]
    assert found.sign(date(2026, 12, 1), date(2026, 12, 31)) is Sign.AHEAD


def test_a_task_with_one_date_runs_from_the_programmes_start() -> None:
    dated = bar(ex.ordinary_week(), "R01-02")
    assert (dated.starts, dated.ends) == (date(2023, 1, 1), date(2026, 12, 10))
    assert not dated.covers(date(2027, 1, 1), date(2027, 1, 31))


def test_what_has_no_date_has_no_bar_and_is_listed_apart_by_state(tmp_path: Path) -> None:
    data = ex.ordinary_week()
    facts = facts_of(data)
    assert {"R02-01", "Z02-04"}.isdisjoint(b.code for b in bars(data, facts.indicators, facts.tasks))
    found = [
        (group.task_force.code, group.kind, group.state, group.items)
        for group in undated(data, facts.indicators, facts.tasks)
    ]
    assert found == [
        ("02", Duty.TASK, TaskState.BEHIND, (("R02-01", "任务R02-01"),)),
        ("02", Duty.INDICATOR, State.MISSING, (("Z02-04", "指标Z02-04"),)),  # its target is only derived
    ]
    wall = sheet(data, tmp_path / "x.xlsx", "挂图作战")
    head = next(n for n in range(5, wall.max_row + 1) if str(wall.cell(n, 1).value).startswith("没有"))
    assert wall.cell(head, 1).value == (
        "没有时限的重点任务1项、没有目标日期的指标1项（方案没有定日期，不画横条）"
    )
    assert wall.cell(head + 1, 3).value == "滞后1项：R02-01 任务R02-01\n指标未报1项：Z02-04 指标Z02-04"


def told_in(code: str, period: str, state: State | TaskState, **more: Value) -> Published:
    sheet_of = {"R": "tasks", "Z": "indicators"}[code[0]]
    return Published(parse_period(period), 1, {}, {sheet_of: {code: {"state": state, **more}}})


def test_each_month_of_a_bar_has_the_colour_of_what_was_told_then(tmp_path: Path) -> None:
    """Behind in October, overdue now; what came since changes no month that is past."""
    told = told_in("R01-02", "2026-W42", TaskState.BEHIND)
    data = replace(ex.ordinary_week(), by_month=(told,))
    assert bar(data, "R01-02").told == {date(2026, 10, 1): TaskState.BEHIND}
    wall = sheet(data, tmp_path / "x.xlsx", "挂图作战")
    row = next(n for n in range(5, wall.max_row + 1) if wall.cell(n, 3).value == "R01-02")
    months = {(2023 + n, m): 8 + 13 * n + m + 1 for n in range(5) for m in range(1, 13)}
    fills = {m: wall.cell(row, months[2026, m]).fill.fgColor.rgb[2:] for m in (9, 10, 11, 12)}
    assert fills == {9: "F2F2F2", 10: style.RED[1:], 11: style.YELLOW[1:], 12: "D6E0EC"}


def test_the_wall_for_all_is_painted_by_what_all_could_read_then() -> None:
    row: dict[str, Value] = {"for_all_state": State.ON_PACE}
    told = told_in("Z01-01", "2026-W42", State.BEHIND, **row)
    leaders = replace(ex.ordinary_week(), by_month=(told,))
    public = replace(leaders, release=Release(WEEK, Audience.PUBLIC))
    assert bar(leaders, "Z01-01").told == {date(2026, 10, 1): State.BEHIND}
    assert bar(public, "Z01-01").told == {date(2026, 10, 1): State.ON_PACE}


def test_an_investment_just_short_of_its_plan_does_not_stand_at_the_whole() -> None:
    task = ex.task("R01-02", due_on=date(2026, 12, 10), invest_plan=12.5)
    told = ex.row("tasks", "R01-02", {"status": "序时推进", "invest_plan": 12.5, "invest_done": 12.49})
    data = ex.rollup_input(told, indicators=ex.INDICATORS, tasks=(task,))
    assert bar(data, "R01-02").progress == "投资99.9%"


def test_a_task_that_is_done_has_all_its_milestones_done_in_words_as_in_marks() -> None:
    task = ex.task("R01-02", ("开工", date(2026, 10, 10)), ("竣工", date(2026, 12, 31)))
    row = ex.row("tasks", "R01-02", {"status": "已完成", "progress": "完工"})
    assert bar(ex.rollup_input(row, tasks=(task,)), "R01-02").progress == "节点2/2"


def test_marks_have_names_and_a_task_its_site_progress(tmp_path: Path) -> None:
    seen = ex.row("tasks", "R01-01", {"status": "序时推进", "site_progress": "主体结构施工至五层"})
    verdict = ex.figure("Z01-04", 861.0, "2025年", "统计核定")
    data = ex.rollup_input(seen, verdict, indicators=ex.INDICATORS, tasks=ex.TASKS)
    wall = sheet(data, tmp_path / "x.xlsx", "挂图作战")
    rows = {wall.cell(n, 3).value: n for n in range(5, wall.max_row + 1)}
    assert wall.cell(rows["R01-01"], 7).value == "节点0/2\n主体结构施工至五层"
    assert wall.cell(rows["R01-01"], 8).value == "▲开工2026-11-20；◇竣工2026-12-05；◇完成时限2026-12-31"
    assert wall.cell(rows["Z01-04"], 8).value == "超过860亿元：●2025年；突破950亿元：◇2027年"


def test_the_ledger_knows_the_newest_paper_of_each_month(week: Office) -> None:
    told = published(facts_of(ex.earlier_week()), 10)
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        with ledger.batch("merge", week.deadline, week.loaded.snapshots):
            for code in ("2025-W52", "2026-W35", "2026-W41", "2026-W43", "2026-W44", "2026-W48"):
                ledger.record_merge(replace(told, period=parse_period(code)))
        found = ledger.published_by_month(ex.WEEK, date(2026, 1, 1))
    assert [p.period.code for p in found] == ["2026-W35", "2026-W43", "2026-W44"]  # W44 ends on 1 November


def test_the_paper_of_the_week_across_new_year_is_decembers() -> None:
    papers = [
        told_in("R01-02", week, state)
        for week, state in (
            ("2026-W48", TaskState.BEHIND),
            ("2026-W53", TaskState.OVERDUE),
            ("2027-W02", TaskState.ON_TIME),
        )
    ]
    told = bar(replace(ex.ordinary_week(), by_month=tuple(papers)), "R01-02").told
    assert {(month.year, month.month): state for month, state in told.items()} == {
        (2026, 11): TaskState.BEHIND,
        (2026, 12): TaskState.OVERDUE,
        (2027, 1): TaskState.ON_TIME,
    }


def test_a_finished_task_has_no_overdue_mark() -> None:
    done = ex.row("tasks", "R02-02", {"status": "已完成"})
    found = bar(ex.rollup_input(done, tasks=ex.TASKS), "R02-02")
    assert [m.sign for m in found.marks] == [Sign.DONE]


def test_an_indicators_targets_are_marked_with_their_verdicts() -> None:
    assert [(m.day.year, m.sign) for m in bar(ex.ordinary_week(), "Z01-04").marks] == [
        (2025, Sign.MISSED),  # 860 does not exceed 860
        (2027, Sign.AHEAD),
    ]
    assert [m.sign for m in bar(ex.ordinary_week(), "Z02-01").marks] == [Sign.UNVERIFIED, Sign.AHEAD]


def test_the_wall_shows_bars_marks_and_today(tmp_path: Path) -> None:
    wall = sheet(ex.ordinary_week(), tmp_path / "x.xlsx", "挂图作战")
    rows = {wall.cell(n, 3).value: n for n in range(5, wall.max_row + 1)}
    assert {"R02-01", "Z02-04"}.isdisjoint(rows)
    codes = {*(i.code for i in ex.INDICATORS), *(t.code for t in ex.TASKS)}
    assert codes - set(rows) == {"R02-01", "Z02-04", "R03-01", "Z03-01"}  # undated, not involved
    # 2023 begins in column J; every year is preceded by a thin column.
    months = {(2023 + n, m): 8 + 13 * n + m + 1 for n in range(5) for m in range(1, 13)}
    november = months[2026, 11]
    assert wall.cell(4, november).value == 11
    assert wall.cell(4, november).fill.fgColor.rgb == "FFC00000"
    overdue, december = (wall.cell(rows["R01-01"], months[2026, m]) for m in (11, 12))
    assert (overdue.value, december.value) == ("▲", "◇")
    assert overdue.fill.fgColor.rgb == wall.cell(rows["R01-01"], 6).fill.fgColor.rgb == "FFE48672"  # as 逾期
    assert overdue.border.right.color.rgb == "FFC00000"
    assert wall.cell(rows["R01-01"], months[2026, 10]).fill.fgColor.rgb == "00000000"  # before the bar begins
    assert wall.cell(rows["R02-02"], months[2026, 6]).value == "▲"
    assert wall.cell(rows["R02-02"], months[2026, 7]).fill.fgColor.rgb == "00000000"  # after it has ended
    properties = wall.sheet_properties.pageSetUpPr
    assert properties is not None
    assert properties.fitToPage  # on one sheet of A3
    assert (wall.page_setup.fitToHeight, wall.page_setup.paperSize) == (None, 8)


# --- 本期变化


def test_every_change_has_before_and_after() -> None:
    found = [(c.change.label, c.code, c.before, c.after) for c in changes(ex.following_week())]
    assert found == [
        ("新增滞后", "Z01-02", "12.5（2026年三季度，达序时）", "12.8（2026年三季度，滞后）"),
        ("新增滞后", "Z01-04", "待核定（2025年）", "860（2025年，未达标）"),  # a target that has passed
        ("新增滞后", "Z02-02", "未报", "100（2026年8月，滞后）"),
        ("新增滞后", "R01-01", "临近时限（节点：开工）", "逾期（节点：开工）"),
        ("新增滞后", "R02-01", "序时推进", "滞后"),  # 8.5 of 10 on 15 November; 8.0 on the 29th
        ("新增滞后", "W01-2026-001", "临近时限", "逾期"),
        ("重新挂账", "W02-2026-002", "已销号", "重新挂账"),
        ("新增", "W03-2026-001", "（无）", "待上级协调"),
        ("临近时限", "R01-02", "序时推进", "临近时限"),
        ("临近时限", "W01-2026-002", "整改中", "临近时限"),
        ("调整", "W01-2026-001", "层级：总专班办公室", "层级：总专班"),
        ("调整", "W01-2026-002", "时限：2026-12-01", "时限：2026-12-13"),
        ("数据修订", "Z01-02", "12.5（2026年三季度，达序时）", "12.8（2026年三季度，滞后）"),
        ("办结", "W02-2026-003", "整改中", "已销号"),  # in the week between, which nobody published
        ("有更新", "Z01-01", "82（2026年9月，达序时）", "85（2026年10月，达序时）"),
        ("有更新", "Z01-03", "未报", "52（2025年12月，达标）"),
        ("有更新", "Z02-01", "未报", "910（2025年，待核定）"),
        ("有更新", "W02-2026-001", "整改中", "申请销号"),
    ]


@pytest.mark.parametrize(
    ("reopened_on", "change"), [(date(2026, 11, 2), "有更新"), (date(2026, 11, 24), "重新挂账")]
)
def test_an_issue_is_reopened_in_the_week_in_which_it_was_and_not_whenever_its_application_is_sent_back(
    reopened_on: date, change: str
) -> None:
    code = "W01-2026-001"
    applied = ex.issue(
        code, "2026-W47", status="申请销号", applied_on=date(2026, 11, 18), due_on=date(2027, 3, 1)
    )
    told = ex.decision(code, reopened_on, "2026-W44", verdict=Verdict.REOPEN, until=date(2027, 3, 1))
    last = replace(ex.rollup_input(applied, decisions=(told,)), period=parse_period("2026-W47"))
    before = replace(last, known=last.known.up_to(last.period))
    sent_back = ex.decision(
        code, date(2026, 11, 25), "2026-W47", verdict=Verdict.SEND_BACK, opinion="材料不全"
    )
    week = replace(
        ex.rollup_input(applied, decisions=(told, sent_back)), earlier=(published(facts_of(before), 1),)
    )
    found = changes(week)
    assert [(c.change.label, c.before, c.after) for c in found] == [(change, "申请销号", "重新挂账")]
    assert found[0].reason == "退回整改：材料不全"


def test_a_change_says_by_how_much_why_and_where_it_stands() -> None:
    found = {c.code: c for c in reversed(changes(ex.following_week()))}
    worse = found["Z01-02"]
    # 12.8 instead of 12.5, of a target of 10: three points lost.
    assert worse.step == pytest.approx(-3.0)
    assert (worse.reason, worse.source) == (
        "前期项目多",
        "01填报表.xlsx › 主要指标进度表 › K8（2026-11-23 09:00）",
    )
    assert found["W02-2026-003"].reason == "已批复"


def test_a_withdrawn_issue_and_a_row_that_left_the_plan_are_named() -> None:
    week = ex.following_week()
    known = History(tuple(r for r in week.known.rows if r.code != "W02-2026-003"))
    plan = ex.plan(ex.INDICATORS[1:], ex.TASKS)
    found = changes(replace(week, plan=plan, known=known))
    gone = [(c.code, c.before, c.reason) for c in found if c.change.label == "撤出"]
    assert gone == [
        ("Z01-01", "达序时", "方案中已没有这一项"),
        ("W02-2026-003", "整改中", "报来这个问题的文件已撤回"),
    ]


def test_a_corrected_figure_of_the_same_date_is_a_revision() -> None:
    before = ex.rollup_input(
        ex.figure("Z01-01", 85.0, "2026年10月", period="2026-W47"), indicators=ex.INDICATORS[:1]
    )
    told = published(facts_of(replace(before, period=parse_period("2026-W47"))), 1)
    rows = (*before.known.rows, ex.figure("Z01-01", 84.0, "2026年10月"))
    week = ex.rollup_input(*rows, indicators=ex.INDICATORS[:1])
    found = changes(replace(week, earlier=(told,)))
    assert [(c.change.label, c.before, c.after) for c in found] == [
        ("数据修订", "85（2026年10月，达序时）", "84（2026年10月，达序时）")
    ]


def test_a_task_that_stays_done_has_not_changed_though_no_step_of_it_is_open_any_more() -> None:
    done = ex.row(
        "tasks",
        "R01-01",
        {
            "milestone": "竣工",
            "milestone_due": date(2026, 11, 10),
            "milestone_done": "已完成",
            "status": "已完成",
        },
        period="2026-W46",
    )
    week = ex.rollup_input(done, tasks=(ex.task("R01-01", ("竣工", date(2026, 11, 10))),))
    told = published(facts_of(replace(week, period=parse_period("2026-W46"), earlier=())), 1)
    assert told.rows["tasks"]["R01-01"]["milestone"] == "竣工"
    assert changes(replace(week, earlier=(told,))) == []


@pytest.mark.parametrize(
    ("before", "value", "change"),
    [
        (State.MISSING, 83.29, "有更新"),
        (State.MISSING, 83.28, "有更新"),  # 略滞后
        (State.MISSING, 78.2, "新增滞后"),
        (State.PENDING, 83.29, "有更新"),
        (State.PENDING, 83.28, "有更新"),
        (State.PENDING, 78.2, "新增滞后"),
        (State.SLOW, 83.29, "转好"),
        (State.ON_PACE, 83.28, "新增滞后"),
    ],
)
def test_what_had_no_light_turns_nothing_but_is_bad_news_where_it_is_red(
    before: State, value: float, change: str
) -> None:
    rows = [ex.figure("Z01-01", value, "2026年10月")]
    figure: dict[str, Value] = {"value": None, "data_period": None}
    if before is not State.MISSING:
        rows.append(ex.figure("Z01-01", 80.0, "2026年9月", period="2026-W47"))
        figure = {"value": 80.0, "data_period": "2026-09"}
    week = ex.rollup_input(*rows, indicators=ex.INDICATORS[:1])
    told = dict(published(facts_of(week), 1).rows["indicators"]["Z01-01"]) | figure | {"state": before}
    earlier = Published(parse_period("2026-W47"), 1, {}, {"indicators": {"Z01-01": told}})
    (found,) = changes(replace(week, earlier=(earlier,)))
    assert found.change.label == change


@pytest.mark.parametrize(
    ("status", "due_on", "change"),
    [
        ("序时推进", date(2027, 6, 30), "有更新"),
        ("滞后", date(2027, 6, 30), "新增滞后"),
        ("序时推进", date(2026, 11, 20), "新增滞后"),  # overdue
    ],
)
def test_a_task_that_is_first_reported_behind_or_overdue_is_bad_news(
    status: str, due_on: date, change: str
) -> None:
    silent = ex.rollup_input(tasks=(ex.task("R01-09", due_on=due_on),))
    told = published(facts_of(replace(silent, period=parse_period("2026-W47"))), 1)
    week = replace(silent, known=history([ex.row("tasks", "R01-09", {"status": status})]), earlier=(told,))
    assert [(c.change.label, c.before) for c in changes(week)] == [(change, "未报")]


def test_a_task_whose_unit_says_otherwise_has_moved_though_it_is_judged_as_before(week: Office) -> None:
    told = ex.row("tasks", "R01-01", {"status": TaskStatus.NOT_STARTED}, "2026-W47")
    now = ex.row("tasks", "R01-01", {"status": TaskStatus.ON_COURSE})
    made = ex.rollup_input(told, now, tasks=(ex.task("R01-01"),))
    paper = published(facts_of(replace(made, period=told.period, known=history([told]))), 1)
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        with ledger.batch("merge", week.deadline, week.loaded.snapshots):
            ledger.record_merge(paper)
        earlier = ledger.published_before(made.period, 1)
    assert [(c.change.label, c.before, c.after) for c in changes(replace(made, earlier=earlier))] == [
        ("有更新", "自报：未启动", "自报：序时推进")
    ]


def test_a_paper_that_told_no_status_tells_of_no_other_one() -> None:
    now = ex.row("tasks", "R01-01", {"status": TaskStatus.ON_COURSE})
    made = ex.rollup_input(now, tasks=(ex.task("R01-01"),))
    told = dict(published(facts_of(made), 1).rows["tasks"]["R01-01"])
    del told["status"]
    before = Published(parse_period("2026-W47"), 1, {}, {"tasks": {"R01-01": told}})
    assert changes(replace(made, earlier=(before,))) == []


def test_the_first_roll_up_has_no_changes_and_says_so(tmp_path: Path) -> None:
    found = sheet(ex.ordinary_week(), tmp_path / "x.xlsx", "本期变化")
    assert changes(ex.ordinary_week()) == []
    assert found["C2"].value == "首次汇总，没有可比的上一期；自下一期起列出变化。"


def test_the_sheet_counts_its_changes(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.following_week()))
    rows = rollup_reading.table(path, "本期变化")
    book = rollup_reading.opened(path, values=True)["本期变化"]
    counts = rows["变化"].value_counts()
    assert str(book["C2"].value).split("　") == [
        f"{kind}{counts[kind]}项" for kind in rows["变化"].drop_duplicates()
    ]
    assert str(book["A1"].value).startswith("本期变化（与2026年第46周汇总比较）")


# --- 趋势


def test_the_numbers_of_the_periods_are_those_that_were_published(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.following_week()))
    grid = rollup_reading.opened(path, values=True)["趋势"]
    head = next(row for row in grid.iter_rows(values_only=True) if row[2] == "数字")
    assert head[8:12] == ("第46周\n至11月15日", "第47周\n没有汇总", "第48周\n至11月29日", "较第46周")
    found: dict[tuple[object, object], tuple[object, ...]] = {}
    group: object = None
    for row in grid.iter_rows(min_row=30, values_only=True):
        group = row[0] or group
        found[group, row[2]] = row[8:12]
    assert found["主要指标", "滞后（含未达标）"] == (0, None, 2, 2)
    assert found["问题", "逾期"] == (0, None, 1, 1)
    assert found["报送", "按时"] == (2, None, 1, -1)
    assert found["督办", "红督办"] == (1, None, 4, 3)  # R02-02 was overdue before; Z01-04 was reported since


def periods_shown(*codes: str, now: str = "2026-W48") -> list[str | None]:
    """The codes of the periods shown where these were published before."""
    told = tuple(Published(parse_period(code), 1, {}, {}) for code in codes)
    data = replace(ex.ordinary_week(), period=parse_period(now), earlier=told)
    return [None if period is None else period.code for period in shown_periods(data)]


def test_a_week_without_a_roll_up_keeps_its_place() -> None:
    assert periods_shown("2026-W44", "2026-W46") == [
        None,
        "2026-W44",
        "2026-W45",
        "2026-W46",
        "2026-W47",
        "2026-W48",
    ]
    assert periods_shown() == [*[None] * 5, "2026-W48"]


def test_the_last_roll_up_is_shown_however_long_ago_it_was() -> None:
    assert periods_shown("2026-W02", "2026-W30") == [
        "2026-W30",
        "2026-W44",
        "2026-W45",
        "2026-W46",
        "2026-W47",
        "2026-W48",
    ]


def test_a_data_period_without_a_figure_is_a_gap_and_a_year_ends_with_its_december() -> None:
    rows = (
        ex.figure("Z01-01", 99.0, "2025年", "统计核定"),
        ex.figure("Z01-01", 20.0, "2026年3月"),
        ex.figure("Z01-01", 30.0, "2026年4月"),
    )
    sent = [replace(r, seq=n, period=parse_period(f"2026-W{n + 10}")) for n, r in enumerate(rows)]
    data = ex.rollup_input(*sent, indicators=ex.INDICATORS)
    data = replace(data, period=parse_period("2026-W20"))  # April is due
    (series, *_) = series_lines(data, facts_of(data).indicators)
    assert series.values == (None, 99.0, None, None, 20.0, 30.0)
    later = replace(data, period=parse_period("2026-W25"))  # May is due, and missing
    (series, *_) = series_lines(later, facts_of(later).indicators)
    assert series.values == (99.0, None, None, 20.0, 30.0, None)


def test_a_sparkline_shows_what_changed_and_gaps_are_from_zero() -> None:
    assert scale_of([893.0, 902.0]) == (888.5, 902.0)
    assert scale_of([0.0, 4.0]) == (0.0, 4.0)
    assert scale_of([-3.0, 1.0]) == (-5.0, 1.0)
    assert scale_of([1.2, 1.2]) == (0.0, 2.4)
    assert scale_of([0.0, 0.0]) == (0.0, 1.0)


@pytest.mark.parametrize("data_set", ex.DATA_SETS)
def test_this_periods_numbers_are_what_the_data_sheets_add_up_to(data_set: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.DATA_SETS[data_set]()))
    indicators, tasks, supervision = (
        rollup_reading.table(path, n) for n in ("主要指标", "重点任务", "督办清单")
    )
    issues, returns = (
        rollup_reading.table(path, n, k) for n, k in (("问题销号", "问题编号"), ("报送情况", "专班"))
    )
    counted = indicators[indicators["应评"] == "是"]["进度评价"]
    on_task, on_issue, sent, level = tasks["进度评价"], issues["状态"], returns["报送"], supervision["级别"]
    expected = [
        len(counted),
        counted.isin(["达序时", "达标"]).sum(),
        (counted == "略滞后").sum(),
        counted.isin(["滞后", "未达标"]).sum(),
        (counted == "待核定").sum(),
        (counted == "未报").sum(),
        on_task.isin(["序时推进", "已完成"]).sum(),
        *((on_task == word).sum() for word in ("临近时限", "滞后", "逾期", "未报")),
        (on_issue != "已销号").sum(),
        (on_issue == "逾期").sum(),
        (issues["提请协调"] == "是").sum(),
        (sent != "不涉及").sum(),
        (sent == "按时").sum(),
        (sent == "迟报").sum(),
        sent.isin(["未报", "未接收"]).sum(),
        *((level == word).sum() for word in ("红督办", "黄催办", "蓝提醒")),
    ]
    grid = list(rollup_reading.opened(path, values=True)["趋势"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(grid) if row[2] == "数字")
    assert [row[10] for row in grid[head + 1 : head + 1 + len(expected)]] == expected


def test_an_indicators_figures_stand_with_their_date_and_the_gap_they_had() -> None:
    week = ex.following_week()
    series = next(
        s for s in series_lines(week, facts_of(week).indicators) if s.line.indicator.code == "Z01-01"
    )
    # 30 September is day 273 of 365, 31 October day 304.
    assert series.values == (None, None, None, None, 82.0, 85.0)
    assert series.gaps[-2:] == pytest.approx((82 - 100 * 273 / 365, 85 - 100 * 304 / 365), abs=1e-6)


@pytest.mark.parametrize(
    ("code", "spoken"),
    [
        ("2026-10", "26年10月"),
        ("2026-Q3", "26年三季"),
        ("2026-H1", "26年上半"),
        ("2026", "2026年"),
        ("2026-W48", "26年48周"),
    ],
)
def test_a_figures_period_is_spoken_shortly(code: str, spoken: str) -> None:
    assert short_period(parse_period(code)) == spoken


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ((3, 5), "滞后的指标由第46周的3项增至5项"),
        ((5, 0), "滞后的指标由第46周的5项减至0项"),
        ((5, 5), "滞后的指标5项，与第46周持平"),
        ((3, None, 5), "滞后的指标由第46周的3项增至5项"),
        ((None, 5), "滞后的指标5项（首次汇总）"),
    ],
)
def test_a_charts_title_says_what_it_shows(values: tuple[int | None, ...], title: str) -> None:
    assert chart_title(values, "滞后的指标", "项", "第46周") == title


# --- what the ledger remembers


def test_a_merge_is_compared_with_the_last_one_of_an_earlier_period(later_week: Office) -> None:
    workspace = later_week.workspace
    merge(workspace, "2026-W42")
    later_week.send(later_week.right("03"))
    first = merge(workspace, "2026-W48").rollup
    before = first.read_bytes()
    rows = rollup_reading.table(first, "本期变化")
    assert set(rows["专班"]) >= {"03"}
    # Once more is the same workbook, although the ledger has remembered a merge of this period meanwhile.
    assert merge(workspace, "2026-W48").rollup.read_bytes() == before
    with open_ledger(workspace.ledger, who="tests") as ledger:
        told = ledger.published_before(parse_period("2026-W48"), 7)
        assert [p.period.code for p in told] == ["2026-W42"]
        assert ledger.published_before(parse_period("2026-W42"), 7) == ()


def test_what_was_published_comes_back_from_the_ledger_as_it_was(week: Office) -> None:
    told = published(facts_of(ex.earlier_week()), 10)
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        with ledger.batch("merge", week.deadline, week.loaded.snapshots):
            ledger.record_merge(told)
        assert ledger.published_before(ex.WEEK, 7) == (told,)


def test_the_words_of_a_merge_of_0_2_1_come_back_as_codes(week: Office) -> None:
    rows: dict[str, dict[str, dict[str, Value]]] = {
        "indicators": {"Z01-01": {"state": "略慢"}, "Z01-02": {"state": "参考"}},
        "tasks": {"R01-01": {"state": "临期"}},
        "issues": {"W01-2026-001": {"state": "逾期", "level": "提请省市"}},
    }
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        with ledger.batch("merge", week.deadline, week.loaded.snapshots):
            ledger.record_merge(Published(parse_period("2026-W46"), 1, {}, rows))
        ledger._db.execute("UPDATE merges SET encoding = 1")
        (told,) = ledger.published_before(ex.WEEK, 7)
    states = {code: row["state"] for by_code in told.rows.values() for code, row in by_code.items()}
    assert states == {
        "Z01-01": State.SLOW,
        "Z01-02": State.REFERENCE,
        "R01-01": TaskState.DUE_SOON,
        "W01-2026-001": IssueState.OVERDUE,
    }
    assert told.rows["issues"]["W01-2026-001"]["level"] is DecisionLevel.SUPERIOR


def test_seven_earlier_periods_are_shown_at_most(week: Office) -> None:
    codes = [f"2026-W{n:02d}" for n in range(1, 48)]
    told = published(facts_of(ex.earlier_week()), 10)
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        with ledger.batch("merge", week.deadline, week.loaded.snapshots):
            for code in codes:
                ledger.record_merge(type(told)(parse_period(code), 1, told.numbers, told.rows))
        assert [p.period.code for p in ledger.published_before(ex.WEEK, 7)] == codes[-7:]


def test_a_second_period_is_sent_out_after_a_merge_of_the_first(week: Office) -> None:
    merge(week.workspace, week.period)
    sent_out(week.workspace, "2026-W49")
    path = merge(week.workspace, "2026-W49").rollup
    assert "与2026年第48周汇总" in str(rollup_reading.opened(path)["本期变化"]["A1"].value)


# --- 数据沿革


def lives(*values: tuple[str, float]) -> list[tuple[object, str, list[str], str]]:
    """The lines of one data period, by the weeks and values of returns."""
    rows = [ex.figure("Z01-01", value, "2026年9月", period=week) for week, value in values]
    lines = life_lines(ex.rollup_input(*rows, indicators=ex.INDICATORS))
    told: list[tuple[object, str, list[str], str]] = []
    for line in lines:
        again = [recorded.row.period.code for recorded in line.again]
        told.append((line.recorded.value, line.recorded.row.period.code, again, line.standing.label))
    return told


def test_a_figure_that_is_reported_again_unchanged_is_one_line_of_its_life() -> None:
    assert lives(("2026-W44", 75.0), ("2026-W46", 75.0), ("2026-W48", 75.0)) == [
        (75.0, "2026-W44", ["2026-W46", "2026-W48"], "现行")
    ]


def test_a_figure_that_is_corrected_and_goes_back_has_a_line_for_each_turn() -> None:
    assert lives(("2026-W44", 75.0), ("2026-W46", 76.0), ("2026-W48", 75.0)) == [
        (75.0, "2026-W44", [], "不再采用"),
        (76.0, "2026-W46", [], "不再采用"),
        (75.0, "2026-W48", [], "现行"),
    ]


def test_the_sheet_of_two_years_names_weeks_with_their_year(tmp_path: Path) -> None:
    row = ex.figure("Z01-01", 75.0, "2026年第47周")
    page = sheet(ex.rollup_input(row, indicators=ex.INDICATORS), tmp_path / "汇总.xlsx", "数据沿革")
    heads = [cell.value for cell in page[3]]
    assert page.cell(4, heads.index("数据所属期") + 1).value == "2026年第47周"


def test_the_sheet_says_how_often_a_figure_was_reported_again(tmp_path: Path) -> None:
    rows = [
        ex.figure("Z01-01", 75.0, "2026年9月", period=week) for week in ("2026-W44", "2026-W46", "2026-W48")
    ]
    page = sheet(ex.rollup_input(*rows, indicators=ex.INDICATORS), tmp_path / "汇总.xlsx", "数据沿革")
    heads = [cell.value for cell in page[3]]
    assert page.cell(4, heads.index("其后照报") + 1).value == "2次，至2026年第48周"
    assert page.cell(4, heads.index("现在") + 1).fill.fgColor.rgb == f"FF{style.GREEN[1:]}"
    assert page.cell(5, 1).value is None
