"""Editions of a year, quarter or month are about the figures *of* that span, whenever they were sent.

What they say is computed again by pandas, from the accepted rows in the ledger's file and the plan's targets alone.
"""

import json
import re
import sqlite3
from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from tenproj_xl.app.report import report
from tenproj_xl.app.signoff import draw_signoff, sign_off
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.desk.choices import Known, periods
from tests.helpers.filling import sent_out
from tests.helpers.rollup_reading import one, table
from tests.helpers.small_weeks import figure, merged, small_workspace
from tests.helpers.year_ends import (
    INDICATORS,
    QUARTER_TARGETS,
    UNIT,
    YearEnd,
    lay_down,
    send,
    through_the_turn,
    weeks,
)
from tests.office.test_signoff import SignoffFile, saved

YEARS = (2025, 2026, 2027, 2028)
ZONE = ZoneInfo("Asia/Shanghai")
COUNTED = "个"


# --- what was accepted, as it stands in the ledger's file


def end_of(code: str) -> date:
    """The last day of 2026, 2026-H1, 2026-Q3 or 2026-10."""
    year, _, part = code.partition("-")
    month = {"": 12, "H": 6, "Q": 3}.get(part[:1], 1) * (int(part.lstrip("HQ")) if part else 1)
    return date(int(year), month, monthrange(int(year), month)[1])


def first_of(code: str) -> date:
    """The first day of 2026, 2026-H1, 2026-Q3 or 2026-10."""
    months = {"": 12, "H": 6, "Q": 3}.get(code.partition("-")[2][:1], 1)
    last = end_of(code)
    return date(last.year, last.month - months + 1, 1)


def sunday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 7)


def accepted(workspace: Workspace) -> pd.DataFrame:
    """Every accepted figure with the end of its data period, in the order of the weeks that brought it."""
    with sqlite3.connect(next(workspace.ledger.glob("*.sqlite*"))) as file:
        frame = pd.read_sql("SELECT * FROM rows WHERE sheet = 'indicators'", file)
    values = pd.DataFrame([json.loads(payload)["values"] for payload in frame.pop("payload")])
    frame = frame.join(values[["value", "data_period", "nature"]])
    frame = frame[frame["value"].notna()]
    frame["code"] = frame["code"].str.split("/").str[0]  # a row for one data period is about its indicator
    frame["ends"] = frame["data_period"].map(end_of)
    frame["week"] = frame["period"].map(sunday)
    frame["at"] = [datetime.fromisoformat(at).astimezone(ZONE).date() for at in frame["received_at"]]
    return frame.sort_values(["week", "received_at"], kind="stable")


# --- the rules, once more


def verdict(code: str, wording: str, goal: float | None, value: object) -> str:
    if goal is None:
        return "达标" if value == "achieved" else "未达标"
    number = float(str(value))
    met = {
        "以内": number <= goal,
        "超过": number > goal,
        "提高": number > goal,
        "左右": abs(number - goal) <= max(0.05 * goal, 1.0 if INDICATORS[code].unit == COUNTED else 0.0),
    }.get(wording, number >= goal)
    if met:
        return "达标"
    return "力争未达到" if wording == "力争" else "未达标"


def targets_at(year: int, ends: date) -> dict[str, tuple[str, float | None]]:
    """The target of each indicator that falls due on a day."""
    if ends == date(year, 12, 31):
        return {code: (sort.wording, sort.goals[1]) for code, sort in INDICATORS.items()}
    return {code: ("以上", goal) for code, goal in QUARTER_TARGETS.items()} if ends.month == 9 else {}


def verdicts(figures: pd.DataFrame, year: int, ends: date) -> pd.DataFrame:
    """The verdict on every target that falls due on a day, and the figure that decided it."""
    found = []
    for code, (wording, goal) in targets_at(year, ends).items():
        own = figures[(figures["code"] == code) & (figures["ends"] == ends)]
        verified = own[own["nature"] == "verified"]
        if verified.empty:
            found.append({"编号": code, "评判": "待核定", "value": None})
        else:
            value = verified.iloc[-1]["value"]
            found.append({"编号": code, "评判": verdict(code, wording, goal, value), "value": value})
    return pd.DataFrame(found).set_index("编号")


def gaps(figures: pd.DataFrame, year: int, code_of_span: str) -> dict[str, tuple[str, date]]:
    """What is missing of the figures of a span: what, and from which day it was owed."""
    found = {}
    ends = end_of(code_of_span)
    asked_until = sunday(weeks(year)[-1]) - timedelta(days=2)  # the deadline, a Friday
    month_ends = {date(year, month, monthrange(year, month)[1]) for month in (9, 12)}
    passed = [day for day in sorted(month_ends) if first_of(code_of_span) <= day <= ends]
    for code, sort in INDICATORS.items():
        step = {"月": 1, "季": 3, "半年": 6, "年": 12}[sort.frequency]
        if ends.month % step:
            continue  # no figure of its own ends with the span
        own = figures[(figures["code"] == code) & (figures["ends"] == ends)]
        owed_since = ends + timedelta(days=sort.lag)
        if own.empty:
            found[code] = ("未报" if owed_since <= asked_until else "未到发布期", owed_since)
            continue
        for day in passed:
            of_day = figures[(figures["code"] == code) & (figures["ends"] == day)]
            if code in targets_at(year, day) and not (of_day["nature"] == "verified").any():
                found[code] = ("未核定", day + timedelta(days=sort.lag))
    return found


# --- against the editions


@pytest.fixture(scope="module", params=YEARS)
def turn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> YearEnd:
    return through_the_turn(tmp_path_factory.mktemp(str(request.param)) / "w", request.param)


@cache
def made(turn: YearEnd, edition: str, code: str) -> Path:
    """Make an edition once for all tests, and return its workbook for leaders."""
    return report(turn.workspace, edition, code).written[0]


SPANS = [("year", "{}"), ("quarter", "{}-Q4"), ("quarter", "{}-Q3"), ("month", "{}-12")]


@pytest.mark.parametrize(("edition", "spelled"), SPANS)
def test_each_target_is_judged_by_the_verified_figure_of_its_date_whenever_it_came(
    turn: YearEnd, edition: str, spelled: str
) -> None:
    code = spelled.format(turn.year)
    figures, ends = accepted(turn.workspace), end_of(code)
    path = made(turn, edition, code)
    expected = verdicts(figures, turn.year, ends)
    lines = table(path, "目标完成情况").set_index("编号")
    assert lines["评判"].to_dict() == expected["评判"].to_dict()
    decided = expected[expected["评判"] != "待核定"]
    shown = lines.loc[decided.index]
    words = {"achieved": "已实现", "underway": "推进中"}
    assert shown["评判数值"].to_list() == [words.get(value, value) for value in decided["value"]]
    assert set(shown["数据性质"]) <= {"统计核定"}
    assert all("›" in source for source in shown["来源（文件›工作表›单元格，时间）"])

    missing = table(path, "缺数清单").set_index("编号") if gaps(figures, turn.year, code) else None
    found = {}
    if missing is not None:
        assert set(missing["应报单位"]) == {UNIT}
        found = {name: (line["缺什么"], line["应报自"]) for name, line in missing.iterrows()}
    assert found == gaps(figures, turn.year, code)


@pytest.mark.parametrize(("edition", "spelled"), SPANS)
def test_the_newest_figure_of_the_span_stands_in_the_list_and_none_of_a_later_time(
    turn: YearEnd, edition: str, spelled: str
) -> None:
    code = spelled.format(turn.year)
    figures, ends = accepted(turn.workspace), end_of(code)
    known = figures[figures["ends"] <= ends]
    lines = table(made(turn, edition, code), "主要指标").set_index("编号")
    for name, shown in lines["最新数值"].items():
        own = known[known["code"] == name]
        own = own[own["ends"] == own["ends"].max()]
        best = own[own["nature"] == "verified"] if (own["nature"] == "verified").any() else own
        value = best.iloc[-1]["value"] if len(best) else ""
        if shown != "":
            assert shown == {"achieved": "已实现", "underway": "推进中"}.get(value, value), name
        else:
            assert best.empty or best.iloc[-1]["ends"].year < turn.year, name


def test_the_year_says_until_when_data_were_taken_in_and_counts_all_its_indicators(turn: YearEnd) -> None:
    path = made(turn, "year", str(turn.year))
    cells = CalamineWorkbook.from_path(path).get_sheet_by_name("总览").to_python()
    texts = "\n".join(str(cell) for row in cells for cell in row)
    figures = accepted(turn.workspace)
    newest = max(figures.loc[figures["ends"] <= date(turn.year, 12, 31), "at"])
    assert f"评价日 {turn.year}-12-31，资料截至 {newest}" in texts
    judged = table(path, "目标完成情况")["评判"].value_counts()
    words = ("达标", "未达标", "力争未达到", "待核定", "未到期")
    assert "年度目标：" + "，".join(f"{word}{judged.get(word, 0)}项" for word in words) in re.sub(
        "（含没有报数的[0-9]+项）", "", texts
    )


def test_figures_of_the_next_year_are_not_of_this_one(turn: YearEnd) -> None:
    lines = table(made(turn, "quarter", f"{turn.year + 1}-Q1"), "主要指标").set_index("编号")
    flows = [code for code, sort in INDICATORS.items() if sort.measure == "逐年"]
    periods = lines.loc[flows, "数据所属期"]
    assert any(periods)
    assert all(period == "" or period.startswith(str(turn.year + 1)) for period in periods)


# --- issues and tasks at the turn of the year


@pytest.fixture(scope="module")
def closing(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An issue signed off on 26 December, which the office records in January; milestones reported in January."""
    workspace = lay_down(tmp_path_factory.mktemp("closing") / "w", 2026)
    under_way: dict[str, object] = {"status": "序时推进", "progress": "在施工"}
    tasks = {("tasks", "R01-01"): under_way, ("tasks", "R01-02"): under_way}
    issue: dict[str, object] = {
        "description": "用地未批",
        "category": "用地",
        "source": "自查",
        "raised_on": date(2026, 12, 14),
        "unit": UNIT,
        "measures": "对接",
        "due_on": date(2026, 12, 31),
        "status": "整改中",
        "progress": "已上报",
    }
    send(sent_out(workspace, "2026-W51"), {**tasks, ("issues", "+1"): issue})
    applied: dict[str, object] = {
        "status": "申请销号",
        "applied_on": date(2026, 12, 24),
        "evidence": "批复",
        "lead_opinion": "同意",
        "progress": "已批",
    }
    send(sent_out(workspace, "2026-W52"), {**tasks, ("issues", "W01-2026-001"): applied})
    january = sent_out(workspace, "2027-W02")
    drawn = SignoffFile(draw_signoff(workspace).path)
    drawn.decide("W01-2026-001", verdict="同意销号", opinion="同意", on=date(2026, 12, 26))
    path = workspace.root / "审定.xlsx"
    drawn.book.save(path)
    assert sign_off(workspace, saved(path, date(2027, 1, 12))).findings == ()
    done: dict[str, object] = {**under_way, "milestone_done": "已完成"}
    send(
        january,
        {
            ("tasks", "R01-01"): {**done, "completed_on": date(2026, 12, 27)},
            ("tasks", "R01-02"): {**done, "completed_on": date(2027, 1, 5)},
        },
    )
    return workspace


def test_an_issue_signed_off_on_26_december_is_in_that_years_count_and_not_in_the_next(
    closing: Workspace,
) -> None:
    old = table(report(closing, "year", "2026").written[0], "问题销号", "问题编号")
    assert old[["问题编号", "状态", "销号日期"]].to_numpy().tolist() == [
        ["W01-2026-001", "已销号", date(2026, 12, 26)]
    ]
    assert table(report(closing, "year", "2027").written[0], "问题销号", "问题编号").empty


def test_a_milestone_counts_for_the_year_in_which_it_was_completed(closing: Workspace) -> None:
    lines = table(report(closing, "year", "2026").written[0], "重点任务")
    assert one(lines, "R01-01", "进度评价") == "序时推进"
    assert one(lines, "R01-02", "进度评价") == "逾期"
    of_year = [report(closing, "year", year).facts for year in ("2026", "2027")]
    assert [[line.code for line in facts.highlights] for facts in of_year] == [["R01-01"], []]
    assert [[line.code for line in facts.lagging] for facts in of_year] == [[], ["R01-02"]]  # it was late


def test_what_a_later_return_tells_of_a_month_and_is_asked_about_is_marked_there_too(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    merged(workspace, "2026-W43", {("indicators", "Z01-01"): figure(30.0, "部门统计", "2026年9月")})
    done = {"status": "已完成", "completed_on": date(2026, 10, 28), "progress": "尚未启动"}
    told = {
        ("indicators", "Z01-01"): figure(29.0, "部门统计", "2026年10月"),
        ("tasks", "R01-03"): done,
    }
    week = merged(workspace, "2026-W47", told).rollup
    month = report(workspace, "month", "2026-10").written[0]
    doubted = (("主要指标", "Z01-01"), ("重点任务", "R01-03"))
    for path in (week, month):
        assert ["【待核实】" in str(one(table(path, sheet), code, "时效")) for sheet, code in doubted] == [
            True,
            True,
        ]
        assert "R01-03" not in table(path, "亮点做法", "类别")["编号"].tolist()
        asked = table(path, "核验清单", "级别")
        asked = asked[asked["级别"] == "疑问"]
        assert {"累计数下降", "文字与状态不符"} <= set(asked["问题类型"])
        assert set(asked["处理"]) == {"已计入，待核实"}


def test_returns_are_those_owed_in_the_year(closing: Workspace) -> None:
    weeks_of = {
        y: set(table(report(closing, "year", y).written[0], "报送情况", "专班")["期"])
        for y in ("2026", "2027")
    }
    assert weeks_of == {"2026": {"第51周", "第52周"}, "2027": {"第2周"}}


def test_the_lines_of_weeks_do_not_repeat_what_the_year_asked_and_got(closing: Workspace) -> None:
    returns = table(report(closing, "year", "2026").written[0], "报送情况", "专班")
    counts = ("应报指标", "已报指标", "在办任务", "本期更新任务")
    assert [name for name in returns.columns if str(name).startswith(counts)] == []


def test_the_week_across_new_year_counts_where_its_number_says(tmp_path: Path) -> None:
    """2026-W53 ends on 3 January: it is one of December, of the last quarter and of 2026."""
    workspace = lay_down(tmp_path / "w", 2026)
    sent_out(workspace, "2026-W52")
    behind: dict[str, object] = {
        "status": "滞后",
        "progress": "停工",
        "problems": "资金未到位",
        "next_steps": "催拨",
    }
    send(sent_out(workspace, "2026-W53"), {("tasks", "R01-01"): behind})
    send(sent_out(workspace, "2027-W01"), {("tasks", "R01-01"): {"status": "序时推进", "progress": "复工"}})
    spans = {"month": ("2026-12", "2027-01"), "quarter": ("2026-Q4", "2027-Q1"), "year": ("2026", "2027")}
    for edition, (old, new) in spans.items():
        books = [report(workspace, edition, span).written[0] for span in (old, new)]
        weeks = [list(table(book, "报送情况", "专班")["期"]) for book in books]
        assert weeks == [["第53周", "第52周"], ["第1周"]], edition
        problems = [one(table(book, "重点任务"), "R01-01", "存在问题") for book in books]
        assert problems == ["资金未到位", ""], edition


def test_in_the_week_across_new_year_the_materials_are_those_of_the_old_year(tmp_path: Path) -> None:
    workspace = lay_down(tmp_path / "w", 2026)
    under_way: dict[str, object] = {"status": "序时推进", "progress": "施工"}
    send(sent_out(workspace, "2026-W53"), {("tasks", "R01-01"): under_way})
    editions = {"month": Known.MONTHS, "quarter": Known.QUARTERS, "year": Known.YEARS}
    made = {edition: report(workspace, edition, None).written[0].parents[1].name for edition in editions}
    assert made == {"month": "2026-12", "quarter": "2026-Q4", "year": "2026"}
    offered = {edition: periods(workspace, known)[0].value for edition, known in editions.items()}
    assert offered == made


def test_what_the_week_across_new_year_tells_of_january_is_not_of_december(tmp_path: Path) -> None:
    """W53 tells that a task due in December was completed on 2 January, and of an issue that was raised then."""
    workspace = lay_down(tmp_path / "w", 2026)
    under_way: dict[str, object] = {"status": "序时推进", "progress": "施工"}
    send(sent_out(workspace, "2026-W52"), {("tasks", "R01-01"): under_way, ("tasks", "R01-02"): under_way})
    new_year = date(2027, 1, 2)
    done: dict[str, object] = {"status": "已完成", "progress": "竣工", "milestone_done": "已完成"}
    issue: dict[str, object] = {
        "description": "资金未到位",
        "category": "资金",
        "source": "自查",
        "raised_on": new_year,
        "unit": UNIT,
        "measures": "对接",
        "due_on": date(2027, 2, 27),
        "status": "整改中",
        "progress": "已上报",
    }
    answers = {
        ("tasks", "R01-01"): {**done, "completed_on": date(2026, 12, 30)},
        ("tasks", "R01-02"): {**done, "completed_on": new_year},
        ("issues", "+1"): issue,
    }
    send(sent_out(workspace, "2026-W53"), answers)
    sent_out(workspace, "2027-W01")
    states, issues = {}, {}
    for edition, span in (
        ("month", "2026-12"),
        ("quarter", "2026-Q4"),
        ("year", "2026"),
        ("month", "2027-01"),
    ):
        book = report(workspace, edition, span).written[0]
        states[span] = one(table(book, "重点任务"), "R01-02", "进度评价")
        issues[span] = len(table(book, "问题销号", "问题编号"))
        assert one(table(book, "重点任务"), "R01-01", "进度评价") == "已完成", span
    assert states == {"2026-12": "逾期", "2026-Q4": "逾期", "2026": "逾期", "2027-01": "已完成"}
    assert issues == {"2026-12": 0, "2026-Q4": 0, "2026": 0, "2027-01": 1}
