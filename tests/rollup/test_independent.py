"""Headline numbers and scores computed again by pandas, from the returned files and the plan's tables alone.

Nothing of the product is used but to send the forms and merge them: the rules stand here a second time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

import tenproj_xl
from tenproj_xl.app.report import report
from tenproj_xl.app.workspace import Workspace
from tests.helpers import whole_weeks
from tests.helpers.rollup_reading import table

DAY, DEADLINE = date(2026, 11, 29), datetime(2026, 11, 27, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PLAN = Path(tenproj_xl.__file__).parent / "data" / "plan"
HEADER_ROW = 3
FLOWS, LEVELS, RATES = ("逐年", "目标年当年", "当年完成率"), ("期末存量", "比率"), ("增速", "比较")
COUNTED = ("个", "家", "件", "名", "座", "套", "人", "人次", "张", "处", "项")
SLACK = {"期末存量": 0.02, "比率": 0.02}
WEIGHTS = (40, 30, 15, 15)
NOVEMBER = ("2026-W44", "2026-W45", "2026-W46", "2026-W47", "2026-W48")
"""The weeks whose last day is in November."""
LEAST = 3
Row = Mapping[str, Any]


@cache
def plan(name: str) -> pd.DataFrame:
    return pd.read_csv(PLAN / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")


def rows(frame: pd.DataFrame) -> list[Row]:
    return [{str(field): value for field, value in row.items()} for row in frame.to_dict("records")]


# --- periods, as people write them


def end_of(spoken: str) -> date:
    """The last day of 2026年10月, 2026年三季度, 2026年上半年, 2025年."""
    year, _, rest = spoken.partition("年")
    month = {"": 12, "上半年": 6, "下半年": 12, "一季度": 3, "二季度": 6, "三季度": 9, "四季度": 12}.get(rest)
    return last_day(int(year), month or int(rest.removesuffix("月")))


def last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def due(indicator: Row) -> date:
    """The last day of the newest data period whose figure can be known, none after the last target."""
    known = DAY - timedelta(days=int(indicator["发布时滞"]))
    step = {"月": 1, "月（1—2月合并）": 1, "季": 3, "半年": 6, "年": 12}[indicator["更新频次"]]
    ends = [last_day(y, m) for y in range(2022, 2027) for m in range(step, 13, step)]
    if indicator["更新频次"].startswith("月（"):
        ends = [d for d in ends if d.month != 1]
    last_target: date = targets(indicator)[-1]["day"]
    return min(max(d for d in ends if d <= known), last_target)


# --- what returned files say


@dataclass(frozen=True)
class Returned:
    """All returned rows of a sheet with period and task force, oldest first, and when the files came."""

    paths: Mapping[str, Path]
    indicators: pd.DataFrame
    tasks: pd.DataFrame
    issues: pd.DataFrame
    arrivals: Mapping[tuple[str, str], datetime]

    @property
    def arrived(self) -> dict[str, datetime]:
        """When this week's files came, by task force."""
        return {code: at for (period, code), at in self.arrivals.items() if period == whole_weeks.PERIOD}

    def book(self, name: str) -> Workbook:
        """A returned file, by its name."""
        return opened(self.paths[name])


opened = cache(load_workbook)


def read(folder: Path) -> Returned:
    sheets: dict[str, list[pd.DataFrame]] = {"主要指标进度表": [], "重点任务进度表": [], "问题销号进度表": []}
    paths = sorted(folder.glob("*/*.xlsx"), key=lambda p: (p.parent.name, p.name))
    for path in paths:
        for name, frames in sheets.items():
            frame = pd.read_excel(path, sheet_name=name, header=HEADER_ROW, dtype=object, engine="openpyxl")
            frames.append(frame.assign(period=path.parent.name, task_force=path.name[:2]))
    arrivals = {
        (p.parent.name, p.name[:2]): datetime.fromtimestamp(p.stat().st_mtime, DEADLINE.tzinfo) for p in paths
    }
    indicators, tasks, issues = (pd.concat(frames) for frames in sheets.values())
    for_period = indicators["指标编号"].astype(str).str.contains("/")
    indicators = indicators[~for_period | indicators["最新数值"].notna()]
    indicators = indicators.assign(指标编号=indicators["指标编号"].astype(str).str.split("/").str[0])
    return Returned({p.name: p for p in paths}, indicators, tasks, issues, arrivals)


def day_of(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, int | float) and not pd.isna(cell):
        return date(1899, 12, 30) + timedelta(days=int(cell))
    return date.fromisoformat(cell.replace(".", "-")) if isinstance(cell, str) and cell else None


# --- indicators


def targets(indicator: Row) -> list[Row]:
    own = plan("targets").query("指标编号 == @code", local_dict={"code": indicator["指标编号"]})
    return sorted(({**t, "day": end_of(t["目标期"] + "年")} for t in rows(own)), key=lambda t: t["day"])


def target_at(indicator: Row, day: date) -> Row | None:
    flows = indicator["类型"] in FLOWS
    wanted = (t for t in targets(indicator) if (t["day"].year == day.year if flows else t["day"] >= day))
    return next(wanted, None)


def state(indicator: Row, day: date, value: object, nature: str) -> str:
    target = target_at(indicator, day)
    if target is None or target["性质"] == "推算":
        return "暂不评价"
    if indicator["类型"] == "定性" or not target["目标值"]:
        return in_words(target, day, value, nature)
    goal, number = float(target["目标值"]), float(str(value))
    if day == target["day"]:
        if nature != "统计核定":
            return "待核定"
        missed = "暂不评价" if target["用语"] == "力争" else "未达标"
        return "达标" if meets(indicator, target["用语"], number, goal) else missed
    expected = path(indicator, target, day)
    return "暂不评价" if expected is None else on_the_way(indicator, target, day, number - expected)


def in_words(target: Row, day: date, value: object, nature: str) -> str:
    if day < target["day"]:
        return "达标" if value == "已实现" else "暂不评价"
    if nature != "统计核定":
        return "待核定"
    return "达标" if value == "已实现" else "未达标"


def meets(indicator: Row, wording: str, value: float, goal: float) -> bool:
    if wording in ("左右", "稳定"):
        return abs(value - goal) <= max(0.05 * abs(goal), 1.0 if indicator["计量单位"] in COUNTED else 0.0)
    if wording in ("超过", "突破", "快于", "提高"):
        return value > goal
    return value <= goal if wording == "以内" else value >= goal


def on_the_way(indicator: Row, target: Row, day: date, ahead: float) -> str:
    """What being so far ahead of the path amounts to."""
    goal = float(target["目标值"])
    if target["用语"] in ("左右", "稳定"):
        ahead = max(0.05 * abs(goal), 1.0 if indicator["计量单位"] in COUNTED else 0.0) - abs(ahead)
    ahead = round(-ahead if target["用语"] == "以内" else ahead, 8)
    if ahead > 0 or (ahead == 0 and target["用语"] not in ("超过", "突破", "快于", "提高")):
        return "达序时"
    slack = 1.0 if indicator["类型"] in RATES else abs(goal) * SLACK.get(indicator["类型"], 0.05)
    if target["用语"] != "力争" and (-ahead > slack + 1e-8 or fallen_back(indicator, target, day, ahead)):
        return "滞后"
    return "略滞后"


def fallen_back(indicator: Row, target: Row, day: date, ahead: float) -> bool:
    """True for a stock or a ratio that is below a target that has passed."""
    passed = [t for t in targets(indicator) if t["day"] < day and t["性质"] != "推算" and t["目标值"]]
    expected = path(indicator, target, day)
    if (
        indicator["类型"] not in LEVELS
        or not passed
        or expected is None
        or target["用语"] in ("左右", "稳定")
    ):
        return False
    sign = -1 if target["用语"] == "以内" else 1
    return sign * (expected + sign * ahead) < sign * float(passed[-1]["目标值"]) - 1e-8


def path(indicator: Row, target: Row, day: date) -> float | None:
    goal = float(target["目标值"])
    if indicator["类型"] in RATES:
        return goal
    if indicator["进度曲线"] == "年末考核":
        return None
    if indicator["类型"] in FLOWS:
        assert indicator["进度曲线"] == "匀速"
        return goal * day.timetuple().tm_yday / (date(day.year, 12, 31).timetuple().tm_yday)
    points = [(t["day"], float(t["目标值"])) for t in targets(indicator) if t["目标值"]]
    if indicator["类型"] == "期间累计" and indicator["起算日期"]:
        points.insert(0, (date.fromisoformat(indicator["起算日期"]) - timedelta(days=1), 0.0))
    before, after = [p for p in points if p[0] <= day], [p for p in points if p[0] > day]
    if not before or not after:
        return None
    (left, low), (right, high) = before[-1], after[0]
    return (
        low
        if indicator["进度曲线"] == "阶梯"
        else low + (high - low) * (day - left).days / (right - left).days
    )


def judged_indicators(returned: Returned) -> pd.DataFrame:
    """State, whether it counts and whether it scores, for every indicator of a task force that is involved."""
    said = returned.indicators.dropna(subset=["最新数值"])
    own = (i for i in rows(plan("indicators")) if i["专班编号"] in involved())
    return pd.DataFrame([judged(i, said[said["指标编号"] == i["指标编号"]]) for i in own])


def judged(indicator: Row, said: pd.DataFrame) -> dict[str, object]:
    days = said["数据所属期"].map(end_of)
    newest = said.assign(day=days).sort_values("day", kind="stable").iloc[-1] if len(said) else None
    past_year = newest is not None and indicator["类型"] in FLOWS and newest["day"].year < due(indicator).year
    if not decided(indicator):
        found, stale, counts = "本年目标未下达", False, False
    elif newest is None or past_year:
        found, stale = "未报", False
        counts = would_have_light(indicator)
    else:
        found = state(indicator, newest["day"], newest["最新数值"], newest["数据性质"])
        stale = newest["day"] < due(indicator)
        counts = found not in ("暂不评价", "未报")
    good = found in ("达序时", "达标") and not stale
    return {
        "code": indicator["指标编号"],
        "task_force": indicator["专班编号"],
        "state": found,
        "counts": counts,
        "scores": counts and found != "待核定" and not is_past_flow(indicator),
        "good": counts and good,
    }


def is_past_flow(indicator: Row) -> bool:
    """True for the flow of a year before this one, which a month of this year does not judge."""
    return indicator["类型"] in FLOWS and due(indicator).year < DAY.year


def decided(indicator: Row) -> bool:
    """False where targets are set year by year and this year's is not."""
    is_yearly = indicator["类型"] in ("逐年", "当年完成率")
    return not is_yearly or any(target["day"].year == DAY.year for target in targets(indicator))


def would_have_light(indicator: Row) -> bool:
    """True where some figure of the period that is due would be judged."""
    figures = ("推进中",) if indicator["类型"] == "定性" else (0.0, 1e6)
    return any(state(indicator, due(indicator), figure, "统计核定") != "暂不评价" for figure in figures)


# --- tasks and issues


def judged_tasks(returned: Returned) -> pd.DataFrame:
    """State of each task, and whether it scores in the month: what is not dated was said in it."""
    silent = involved() - {code for period, code in returned.arrivals if period in NOVEMBER}
    judged = []
    for task in rows(plan("tasks")):
        if task["专班编号"] not in involved():
            continue
        own = returned.tasks[returned.tasks["任务编号"] == task["任务编号"]]
        found = task_state(task, own)
        said = own.dropna(subset=["当前状态"])
        is_said = is_dated(task) or bool(set(said["period"]) & set(NOVEMBER))
        is_said = is_said and task["专班编号"] not in silent
        stands = found == "已完成" or is_said
        good = found in ("已完成", "序时推进", "临近时限") and stands
        judged.append(
            {
                "code": task["任务编号"],
                "task_force": task["专班编号"],
                "state": found,
                "good": good,
                "dated": is_dated(task),
            }
        )
    return pd.DataFrame(judged)


def is_dated(task: Row) -> bool:
    """True where a task has milestones, investment or a deadline of this year or an earlier one."""
    steps = plan("milestones").query("任务编号 == @code", local_dict={"code": task["任务编号"]})
    due_on = day_of(task["完成时限"])
    return bool(task["年度计划投资"]) or len(steps) > 0 or (due_on is not None and due_on.year <= DAY.year)


def task_state(task: Row, own: pd.DataFrame) -> str:
    said = own.dropna(subset=["当前状态"])
    if said.empty:
        return "未报"
    last = said.iloc[-1]
    if last["当前状态"] == "已完成":
        return "已完成"
    if last["period"] == whole_weeks.PERIOD and last["节点完成情况"] != "已完成":
        ahead = [day_of(last["节点时限"])]
    else:
        done = set(own.loc[own["节点完成情况"] == "已完成", "当前节点"])
        steps = plan("milestones").query("任务编号 == @code", local_dict={"code": task["任务编号"]})
        ahead = [day_of(s["节点时限"]) for s in rows(steps) if s["节点"] not in done]
    limit = (ahead or [None])[0] or day_of(task["完成时限"])
    if limit and limit < DAY:
        return "逾期"
    if last["当前状态"] == "滞后":
        return "滞后"
    return "临近时限" if limit and (limit - DAY).days <= 14 else "序时推进"


def last_issues(returned: Returned) -> pd.DataFrame:
    """The issues of each task force as its last form with answers lists them all, old and new."""
    said = returned.issues.dropna(subset=["当前状态"])
    answered = said.groupby("task_force")["period"].max()
    found = returned.issues[returned.issues["问题描述"].notna()]
    found = found[found["period"] == found["task_force"].map(answered)]
    return pd.DataFrame([issue(row, rows(said[said["问题编号"] == row["问题编号"]])) for row in rows(found)])


def issue(row: Row, said: list[Row]) -> dict[str, object]:
    applied, on, original = (
        row["当前状态"] == "申请销号",
        day_of(row["申请销号日期"]),
        day_of(row["原定时限"]),
    )
    assert original
    limit = original + timedelta(days=waited(said))
    return {
        "task_force": row["task_force"],
        "applied": applied,
        "overdue": not applied and limit < DAY,
        "asks": not applied and not pd.isna(row["提请协调事项"]),
        "good": applied and on is not None and on <= limit,
    }


def waited(said: list[Row]) -> int:
    """How many days an issue's clock stood still: from an application to the week in which it was taken back."""
    days = 0
    for row, later in pairwise(said):
        on = day_of(row["申请销号日期"])
        if row["当前状态"] == "申请销号" and on:
            monday, sunday = week_of(row["period"])
            days += (week_of(later["period"])[0] - min(max(on, monday), sunday)).days
    return days


def week_of(period: str) -> tuple[date, date]:
    year, week = int(period[:4]), int(period[6:])
    return date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7)


def involved() -> set[str]:
    forces = plan("task_forces")
    return set(forces.loc[forces["是否涉及"] == "涉及", "编号"])


def returned_in_time(returned: Returned, code: str) -> pd.Series:
    """Whether a task force returned in time, for each week of November for which forms went out."""
    weeks = sorted({period for period, _ in returned.arrivals if period in NOVEMBER})
    in_time = []
    for week in weeks:
        monday, _ = week_of(week)
        deadline = datetime.combine(monday + timedelta(days=4), DEADLINE.timetz())
        arrived = returned.arrivals.get((week, code))
        in_time.append(arrived is not None and arrived <= deadline)
    return pd.Series(in_time)


def league(returned: Returned) -> dict[str, float | str]:
    """The score of each task force in November, "—" where too little can be judged."""
    indicators, tasks, issues = judged_indicators(returned), judged_tasks(returned), last_issues(returned)
    issues = issues[issues["applied"] | issues["overdue"]]
    found: dict[str, float | str] = {}
    indicators = indicators[indicators["scores"].astype(bool)]
    for code in involved():
        parts = [
            *(f.loc[f["task_force"] == code, "good"] for f in (indicators, tasks, issues)),
            returned_in_time(returned, code),
        ]
        if len(parts[0]) + tasks.loc[tasks["task_force"] == code, "dated"].sum() < LEAST:
            found[code] = "—"
            continue
        weighed = [(w, p.mean()) for w, p in zip(WEIGHTS, parts, strict=True) if len(p)]
        found[code] = 100 * sum(w * rate for w, rate in weighed) / sum(w for w, _ in weighed)
    return found


# --- against the roll-up


@pytest.fixture(scope="module", params=["ordinary", "awful", "first"])
def week(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Returned]:
    workspace = Workspace(tmp_path_factory.mktemp(request.param))
    make: Callable[[Workspace], whole_weeks.Week] = whole_weeks.WEEKS[request.param]
    rollup = make(workspace).rollup
    return rollup, read(workspace.root / "returned")


@pytest.fixture(scope="module")
def month(week: tuple[Path, Returned]) -> tuple[Path, Returned]:
    """The same as the month of November, of which it is the last week."""
    rollup, returned = week
    workspace = Workspace(rollup.parents[3])
    return report(workspace, "month", "2026-11").written[0], returned


def test_every_indicator_is_judged_as_the_rules_say(week: tuple[Path, Returned]) -> None:
    rollup, returned = week
    expected = judged_indicators(returned).set_index("code")
    lines = table(rollup, "主要指标").set_index("编号").loc[expected.index]
    assert lines["进度评价"].to_dict() == expected["state"].to_dict() | {
        code: "未到发布期" for code, word in lines["进度评价"].items() if word == "未到发布期"
    }
    assert (lines["应评"] == "是").to_dict() == expected["counts"].astype(bool).to_dict()


def test_every_task_is_judged_as_the_rules_say(week: tuple[Path, Returned]) -> None:
    rollup, returned = week
    expected = judged_tasks(returned).set_index("code")["state"]
    assert (
        table(rollup, "重点任务").set_index("编号").loc[expected.index, "进度评价"].to_dict()
        == expected.to_dict()
    )


def test_page_one_says_what_pandas_counts(week: tuple[Path, Returned]) -> None:
    rollup, returned = week
    indicators, tasks, issues = judged_indicators(returned), judged_tasks(returned), last_issues(returned)
    states = indicators.loc[indicators["counts"].astype(bool), "state"].value_counts()

    def count(*words: str) -> int:
        return sum(int(states.get(word, 0)) for word in words)

    page_one = CalamineWorkbook.from_path(rollup).get_sheet_by_name("总览").to_python(skip_empty_area=False)
    text = "".join(str(row[0]) for row in page_one)
    paced, due = ("达序时", "略滞后", "滞后"), ("达标", "未达标", "待核定")
    assert f"{len(indicators)}项指标：可比序时{count(*paced)}项" in text
    assert "、".join(f"{word}{count(word)}" for word in paced) in text
    assert "、".join(f"{word}{count(word)}" for word in due) in text
    assert f"应报未报{count('未报')}项；暂不评价{len(indicators) - states.sum()}项" in text
    assert f"逾期{(tasks['state'] == '逾期').sum()}、未报" in text
    assert f"逾期{issues['overdue'].sum()}件" in text
    assert f"一、提请协调（{issues['asks'].sum()}件" in text
    returns = [row[19] for row in page_one if row[0] == "合　计"]
    assert returns == [f"应报{len(involved())}，已报{len(returned.arrived)}"]


def test_scores_and_ranks_of_the_month_are_those_that_pandas_computes(month: tuple[Path, Returned]) -> None:
    rollup, returned = month
    expected = league(returned)
    lines = table(rollup, "晾晒排名", "专班")
    lines = lines[lines["专班"].isin(list(expected))]
    got = dict(zip(lines["专班"], lines["得分"], strict=True))
    assert got == {
        code: score if score == "—" else pytest.approx(score, abs=0.05001) for code, score in expected.items()
    }
    scores = [score for score in lines["得分"] if score != "—"]
    assert scores == sorted(scores, reverse=True)
    ranks = [1 + sum(other > score for other in scores) for score in scores]
    assert lines["名次"].to_list() == [*ranks, *["不排名"] * (len(lines) - len(scores))]


# --- every row names the cell that it came from

SOURCE = "来源（文件›工作表›单元格，时间）"


@pytest.mark.parametrize(
    ("sheet", "key", "column"),
    [
        ("主要指标", "编号", "最新数值"),
        ("重点任务", "编号", "当前状态（自报）"),
        ("问题销号", "问题编号", "问题描述"),
        ("提请协调", "问题编号", "提请协调事项"),
    ],
)
def test_the_cell_that_a_row_names_holds_what_the_row_shows(
    sheet: str, key: str, column: str, week: tuple[Path, Returned]
) -> None:
    rollup, returned = week
    lines = table(rollup, sheet, key)
    lines = lines[(lines[SOURCE] != "") & (lines[column] != "")]
    assert len(lines) > 0
    for code, shown, source in zip(lines[key], lines[column], lines[SOURCE], strict=True):
        file, tab, cell = str(source).partition("（")[0].split(" › ")
        assert returned.book(file)[tab][cell].value == shown, f"{code}: {source}"
