"""The pages that single editions have, computed again from the returned files and the plan's tables alone."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.app.report import report
from tenproj_xl.app.workspace import Workspace
from tests.helpers import whole_weeks
from tests.helpers.rollup_reading import opened, table
from tests.helpers.shared import made_once
from tests.rollup.test_independent import (
    DAY,
    Returned,
    Row,
    end_of,
    involved,
    issue,
    judged_indicators,
    plan,
    read,
    rows,
    targets,
)

EDITIONS = {"meeting": "2026-W48", "month": "2026-11", "quarter": "2026-Q4", "year": "2026"}
_ASIDE = r"(?:，含不涉及\d+项)?"
SECTION = re.compile(rf"(\w+)(?:（(?:共(\d+)项{_ASIDE}，这里印(\d+)项，其余见电子版|(\d+)项{_ASIDE})）)?")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "pages", _ordinary)


def _ordinary(folder: Path) -> None:
    workspace = Workspace(folder)
    whole_weeks.ordinary(workspace)
    for edition, period in EDITIONS.items():
        report(workspace, edition, period)


@pytest.fixture(scope="module")
def returned(home: Path) -> Returned:
    return read(home / "returned")


def paper(home: Path, edition: str, ending: str = "材料") -> Path:
    (found,) = (home / "outbox" / EDITIONS[edition] / "汇总").glob(f"*{ending}.xlsx")
    return found


def last_issues(returned: Returned) -> list[tuple[Row, Mapping[str, object]]]:
    """Each issue as its task force last listed it, with what follows from that."""
    said = returned.issues.dropna(subset=["当前状态"])
    answered = said.groupby("task_force")["period"].max()
    listed = returned.issues[returned.issues["问题描述"].notna()]
    listed = listed[listed["period"] == listed["task_force"].map(answered)]
    return [(row, issue(row, rows(said[said["问题编号"] == row["问题编号"]]))) for row in rows(listed)]


def last_figures(returned: Returned) -> dict[str, Row]:
    """Of each indicator the figure of its last data period, as sent last."""
    said = returned.indicators.dropna(subset=["最新数值"])
    said = said.assign(day=said["数据所属期"].map(end_of)).sort_values("day", kind="stable")
    return {row["指标编号"]: row for row in rows(said)}


def test_a_month_counts_issues_by_what_they_are_about_as_the_returns_do(
    home: Path, returned: Returned
) -> None:
    counts: dict[str, list[int]] = {}
    for row, found in last_issues(returned):
        of_kind = counts.setdefault(str(row["问题类别"]), [0, 0, 0])
        for n, fact in enumerate((True, found["overdue"], found["asks"])):
            of_kind[n] += bool(fact)
    shown = table(paper(home, "month"), "要素保障", key="类别").set_index("类别")
    shown.columns = shown.columns.str.replace("\n", "")
    told = {
        kind: [int(shown[column][kind]) for column in ("在办（件）", "逾期（件）", "提请协调（件）")]
        for kind in shown.index
    }
    assert {kind: numbers for kind, numbers in told.items() if any(numbers)} == counts


def test_a_month_lists_every_project_with_the_investment_that_was_returned_last(
    home: Path, returned: Returned
) -> None:
    (column,) = [name for name in returned.tasks.columns if name.startswith("累计完成投资")]
    said = returned.tasks[returned.tasks["task_force"].isin(involved())].dropna(subset=["当前状态"])
    told = said.dropna(subset=[column])  # a cell that is left blank leaves the last figure standing
    last = {row["任务编号"]: float(row[column]) for row in rows(told)}
    shown = table(paper(home, "month"), "项目投资")
    projects = shown[shown["类型"] == "重点任务"]
    assert dict(zip(projects["编号"], projects["已完成"].astype(float), strict=True)) == last
    figures = last_figures(returned)
    for line in rows(shown[shown["类型"] == "主要指标"]):
        if line["已完成"] != "":
            assert line["已完成"] == figures[line["编号"]]["最新数值"], line["编号"]


def test_a_quarter_shows_the_figures_of_its_months_and_what_came_since_the_last_quarter(
    home: Path, returned: Returned
) -> None:
    said = returned.indicators.dropna(subset=["最新数值"])
    said = said.assign(day=said["数据所属期"].map(end_of))
    of_quarter = said[said["day"].between(date(2026, 10, 1), date(2026, 12, 31))]
    before = said[said["day"].between(date(2026, 7, 1), date(2026, 9, 30))].sort_values("day", kind="stable")
    shown = rows(table(paper(home, "quarter"), "本季数据"))
    assert [line["编号"] for line in shown] == sorted(set(of_quarter["指标编号"]))
    for line in shown:
        own = of_quarter[of_quarter["指标编号"] == line["编号"]]
        months = {f"{row['day'].month}月": row["最新数值"] for row in rows(own)}
        assert {month: line[month] for month in ("10月", "11月", "12月") if line[month] != ""} == months
        (newest,) = list(months.values())[-1:]
        earlier = before[before["指标编号"] == line["编号"]]
        if len(earlier):
            assert line["上季最新"] == earlier.iloc[-1]["最新数值"]
            assert float(line["比上季"]) == pytest.approx(newest - earlier.iloc[-1]["最新数值"], abs=1e-6)
        else:
            assert line["上季最新"] == line["比上季"] == ""


def test_bullet_graphs_draw_each_figure_as_its_share_of_the_plans_target(
    home: Path, returned: Returned
) -> None:
    figures = last_figures(returned)
    drawn = list(_bullets(opened(paper(home, "quarter"), values=True)["目标进度图"]))
    assert len(drawn) > 20
    for code, value, goal, period, share in drawn:
        assert value == figures[code]["最新数值"]
        (indicator,) = rows(plan("indicators").query("指标编号 == @code"))
        goals = [float(t["目标值"]) for t in targets(indicator) if t["目标期"] == period.removesuffix("年")]
        assert goals == [goal], code
        assert share == pytest.approx(100 * value / goal), code


def _bullets(page: Worksheet) -> Iterator[tuple[str, float, float, str, float]]:
    for row in page.iter_rows(values_only=True):
        if re.fullmatch(r"Z\d\d-\d\d", str(row[0])):
            yield str(row[0]), float(str(row[3])), float(str(row[5])), str(row[6]), float(str(row[13]))


def test_a_year_lists_exactly_the_targets_of_the_plan_that_end_with_it(home: Path) -> None:
    own = [i for i in rows(plan("indicators")) if i["专班编号"] in involved()]
    ending = [
        i["指标编号"]
        for i in own
        for t in targets(i)
        if t["day"] == date(2026, 12, 31) and t["性质"] != "推算"
    ]
    shown = table(paper(home, "year"), "目标完成情况")
    assert sorted(shown["编号"]) == sorted(ending)
    assert set(shown["评判"]) == {"未到期"}
    (said,) = [text for text in _texts(paper(home, "year"), "总览") if text.startswith("年度目标：")]
    assert said == f"年度目标：达标0项，未达标0项，力争未达到0项，待核定0项，未到期{len(ending)}项"


def test_the_agenda_counts_what_the_returns_ask_for(home: Path, returned: Returned) -> None:
    found = last_issues(returned)
    asks = sum(bool(facts["asks"]) for _, facts in found)
    applied = sum(bool(facts["applied"]) for _, facts in found)
    asked = returned.issues.dropna(subset=["申请延期至"])
    asking = set(zip(asked["task_force"], asked["问题描述"], strict=True))  # no decision has answered one
    extensions = sum((row["task_force"], row["问题描述"]) in asking for row, _ in found)
    said = "\n".join(_texts(paper(home, "meeting"), "议程"))
    assert f"二、提请协调（{asks}件" in said
    assert f"申请销号{applied}件（" in said
    assert f"申请延期{extensions}件（" in said
    waits = [(DAY - row["提出日期"].date()).days for row, facts in found if facts["asks"]]
    assert f"{max(waits)}天" in _texts(paper(home, "meeting"), "议程")


def test_page_one_of_a_meeting_counts_as_the_week_does(home: Path, returned: Returned) -> None:
    states = judged_indicators(returned).query("counts")["state"].value_counts()
    said = "".join(_texts(paper(home, "meeting"), "总览"))
    told = "、".join(f"{word}{states.get(word, 0)}" for word in ("达序时", "略滞后", "滞后"))
    assert told in said
    told = "、".join(f"{word}{states.get(word, 0)}" for word in ("达标", "未达标", "待核定"))
    assert told in said


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_contents_of_the_print_copy_count_what_is_printed_and_what_there_is(
    home: Path, edition: str
) -> None:
    book = opened(paper(home, edition), values=True)
    copy = opened(paper(home, edition, "材料_打印版"), values=True)["各表"]
    contents = dict(_contents(copy))
    assert len(contents) > 5
    printed = _printed(copy)
    for title, (whole, shown) in contents.items():
        assert printed[title] == shown, title
        if title not in ("要素保障", "晾晒排名"):
            assert whole == _rows_of(book[title]), title


def _contents(page: Worksheet) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the titles of the contents that count lines: how many there are, and how many are printed."""
    for row in page.iter_rows(min_row=2, max_row=20, values_only=True):
        if str(row[0]).startswith(("本期没有", "只在电子版")):
            return
        for value in row:
            entry = SECTION.fullmatch(str(value))
            if entry and (entry[2] or entry[4]):
                yield entry[1], (int(entry[2] or entry[4]), int(entry[3] or entry[4]))


def _printed(page: Worksheet) -> dict[str, int]:
    """Return how many lines stand under each title, its header and those of further pages left out."""
    found: dict[str, int] = {}
    title, is_header = "", False
    begun = False
    for row in page.iter_rows(min_row=2, values_only=True):
        cells = [cell for cell in row if cell is not None]
        if not begun:
            begun = bool(cells) and str(cells[0]).startswith(("本期没有", "只在电子版"))
            continue
        head = SECTION.fullmatch(str(cells[0]).replace("（续）", "")) if len(cells) == 1 else None
        if head:
            title, is_header = head[1], True
        elif is_header:
            is_header = False
        elif cells:
            found[title] = found.get(title, 0) + 1
    return found


def _rows_of(page: Worksheet) -> int:
    return sum(
        1 for row in page.iter_rows(min_row=4, values_only=True) if any(cell is not None for cell in row)
    )


def _texts(path: Path, sheet: str) -> list[str]:
    return [str(c) for row in opened(path, values=True)[sheet].iter_rows(values_only=True) for c in row if c]
