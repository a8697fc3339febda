"""Editions: the same sheets for the liaison meeting, the month, the quarter and the year, each for two readers."""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from tenproj_xl.app.releases import EDITIONS
from tenproj_xl.app.wide_periods import wide_period
from tenproj_xl.cli.main import main
from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.findings import Place, finding
from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.plan import Measure
from tenproj_xl.model.statuses import Status
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.brief import write_brief
from tenproj_xl.rollup.facts.checks import check_lines
from tenproj_xl.rollup.facts.coming import coming_lines
from tenproj_xl.rollup.facts.editions import MEETING, MONTH, QUARTER, WEEK, YEAR, Audience, Edition, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.judgements import judgement_lines
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.registry import sheets_of
from tenproj_xl.rollup.sheets import outlook
from tests.conftest import PERIOD
from tests.helpers import rollup_example as ex
from tests.helpers.filling import Office
from tests.helpers.rollup_example import rollup_input_for
from tests.helpers.rollup_reading import opened
from tests.helpers.settled import settled_report

ALL = (WEEK, MEETING, MONTH, QUARTER, YEAR)


def parts_of(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield name, archive.read(name).decode("utf-8")


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.code)
def test_every_link_formula_chart_and_sparkline_stays_inside_the_workbook(
    edition: Edition, audience: Audience, tmp_path: Path
) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(rollup_input_for(edition, audience)))
    sheets = {spec.title for spec in sheets_of(Release(edition, audience))}
    named = {name for _, xml in parts_of(path) for name in re.findall(r"'([^'<>&]+)'!\$?[A-Z]", xml)}
    assert named <= sheets
    assert opened(path).sheetnames == [spec.title for spec in sheets_of(Release(edition, audience))]


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.code)
def test_what_all_may_read_has_no_issue_no_phone_and_no_figure_that_is_not_published(
    edition: Edition, tmp_path: Path
) -> None:
    data = rollup_input_for(edition, Audience.PUBLIC)
    closed = replace(ex.ANNUAL, disclosure=Disclosure.CLOSED)  # Z01-01, whose figure is 85
    plan = replace(data.plan, indicators=(closed, *data.plan.indicators[1:]))
    phone = {"unit": "甲局", "filler": "张三", "phone": "0571-88259999"}
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(replace(data, plan=plan, receipts=(ex.receipt("01", cover=phone),))))
    content = "\n".join(xml for _, xml in parts_of(path))
    for secret in ("W01-2026-001", "请批复用地", "0571-88259999", "张三", "用地未批"):
        assert secret not in content
    row = next(
        r for r in opened(path, values=True)["主要指标"].iter_rows(values_only=True) if r[2] == "Z01-01"
    )
    assert "不公开" in row
    assert 85.0 not in row
    assert "达序时" in row


def test_a_month_counts_the_returns_of_all_its_weeks() -> None:
    receipts = (
        ex.receipt("01", day=19, period="2026-W47"),
        ex.receipt("01", day=26),
        ex.receipt("02", day=28, late=True, cover={"unit": "乙局"}),
    )
    facts = facts_of(rollup_input_for(MONTH, receipts=receipts))
    assert [(r.period.code, r.task_force.code, r.state.label) for r in facts.returns if r.is_owed] == [
        ("2026-W48", "01", "按时"),
        ("2026-W48", "02", "迟报"),
        ("2026-W47", "01", "按时"),
        ("2026-W47", "02", "未报"),
    ]
    assert (facts.headline.owed, facts.headline.returned, facts.headline.not_returned) == (4, 3, 1)
    returns = {line.task_force.code: (line.parts[3].good, line.parts[3].of) for line in facts.league}
    assert returns == {"01": (2, 2), "02": (0, 2)}


def test_page_one_of_a_month_says_how_often_each_task_force_returned_in_time(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    weeks = tuple(parse_period(f"2026-W{n}") for n in range(44, 49))
    write_rollup(
        path, facts_of(rollup_input_for(MONTH, receipts=(), periods=weeks))
    )  # five weeks, two task forces
    shown = {cell.value for line in opened(path, values=True)["总览"].iter_rows() for cell in line}
    assert {"按时0/5次", "应报10，已报0"} <= shown


def test_a_row_that_is_at_fault_in_two_weeks_of_a_month_waits_in_each_since_that_weeks_return() -> None:
    fault = (
        finding(
            Code.NOT_NUMBER,
            Place("01填报表.xlsx", "主要指标进度表", "R5", "投资"),
            "约三千",
            advice="只填数字",
        ),
    )
    weeks = [
        ex.receipt("01", Status.TO_CORRECT, day, fault, period=week)
        for day, week in ((18, "2026-W47"), (26, "2026-W48"))
    ]
    lines = check_lines(rollup_input_for(MONTH, receipts=tuple(weeks)))
    assert [line.since and line.since.day for line in lines] == [18, 26]


def test_the_returns_of_a_month_are_set_beside_those_of_a_week_by_their_share_alone(tmp_path: Path) -> None:
    receipts = (
        ex.receipt("01", day=19, period="2026-W47"),
        ex.receipt("01", day=26),
        ex.receipt("02", day=27),
    )
    path = tmp_path / "x.xlsx"
    write_rollup(
        path, facts_of(rollup_input_for(MONTH, receipts=receipts, earlier=ex.following_week().earlier))
    )
    content = "".join(xml for _, xml in parts_of(path))
    assert "按时报送率由第46周的100%减至75%" in content  # two of two; three of the four of two weeks
    lines = {row[2]: row for row in opened(path, values=True)["趋势"].iter_rows(min_row=30, values_only=True)}
    assert (lines["数字"][8:12], lines["应报"][8:12]) == (
        ("第46周\n至11月15日", "第47周\n没有汇总", "2026年11月\n至11月29日", "较第46周"),
        (2, None, 4, None),
    )


def test_what_came_in_an_earlier_week_of_the_month_is_of_the_month() -> None:
    facts = facts_of(rollup_input_for(MONTH))
    stock = next(i for i in facts.indicators if i.indicator.code == "Z02-01")  # its figure came in week 47
    assert stock.carried == ""
    weekly = next(i for i in facts_of(ex.ordinary_week()).indicators if i.indicator.code == "Z02-01")
    assert weekly.carried == "第47周"


@pytest.mark.parametrize(
    ("data", "behind_page_one", "edition_line"),
    [
        (
            lambda: rollup_input_for(MONTH),
            ["提请协调"],
            "专班不能解决、需上级决定：提请省、市协调1件，区委0件，区政府常务会议0件，总专班1件，总专班办公室0件",
        ),
        (
            ex.reviewed_quarter,
            ["本季数据", "预计全年", "下季度节点", "目标进度图"],
            "各单位预计全年：预计达成1项，预计未达成1项，未填预计1项",
        ),
        (
            ex.ended_year,
            ["目标完成情况", "目标进度图", "晾晒排名"],
            "年度目标：达标1项，未达标1项，力争未达到0项，待核定2项（含没有报数的1项），未到期0项",
        ),
    ],
    ids=["month", "quarter", "year"],
)
def test_a_wider_edition_says_first_what_it_is_made_for_and_opens_with_that_sheet(
    data: Callable[[], RollupInput], behind_page_one: list[str], edition_line: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(data()))
    book = opened(path, values=True)
    assert book["总览"]["A6"].value == edition_line
    assert book.sheetnames[1 : 1 + len(behind_page_one)] == behind_page_one
    write_brief(path, facts_of(data()))
    about, _, counts = edition_line.partition("：")
    shown = "，".join(part for part in counts.split("，") if not re.search(r"\D0[项件]$", part))
    assert f"{about}：{shown}。" in [p.text for p in docx.Document(str(path)).paragraphs]


def test_a_running_month_is_judged_on_the_last_day_of_its_last_week() -> None:
    assert rollup_input_for(MONTH).day == date(2026, 11, 29)
    assert rollup_input_for(MONTH, periods=(*ex.WEEKS, parse_period("2026-W49"))).day == date(2026, 11, 30)


def test_the_quarter_compares_the_departments_forecast_with_the_years_target() -> None:
    rows = (
        ex.figure("Z01-01", 60.0, "2026年8月", period="2026-W40"),
        ex.figure("Z01-01", 85.0, "2026年10月", forecast=98.0),
        ex.figure("Z02-03", 12.0, "2026年10月", forecast=15.5),
    )
    data = replace(
        ex.rollup_input(*rows, indicators=(ex.ANNUAL, ex.GROWTH)),
        period=parse_period("2026-Q4"),
        periods=ex.WEEKS,
    )
    annual, growth = outlook.SPEC.lines(facts_of(data))
    # The year's target is 100; 85 by the end of October, of whose year 304 of 365 days had passed.
    assert (annual.start and annual.start.value, annual.change, annual.gap) == (60.0, 25.0, -2.0)
    assert annual.judgement.label == "预计未达成"
    assert annual.projected == pytest.approx(85 / (304 / 365))
    assert (growth.judgement.label, growth.gap, growth.projected) == ("预计达成", 0.5, None)


def test_a_completion_rate_begins_the_year_at_nought_and_not_at_last_years_end() -> None:
    completion = ex.indicator(
        "Z01-05", Measure.COMPLETION, ex.target("2025", "达", 100.0), ex.target("2026", "达", 100.0)
    )
    rows = (
        ex.figure("Z01-05", 100.0, "2025年12月", period="2026-W04"),
        ex.figure("Z01-05", 22.0, "2026年3月", period="2026-W13"),
    )
    weeks = (parse_period("2026-W13"),)
    data = replace(
        ex.rollup_input(*rows, indicators=(completion,)), period=parse_period("2026-Q1"), periods=weeks
    )
    (line,) = outlook.SPEC.lines(facts_of(data))
    assert (line.start, line.change) == (None, 22.0)
    assert line.projected == pytest.approx(22 / (90 / 365))


def test_the_quarter_lists_the_milestones_of_the_next_one() -> None:
    data = rollup_input_for(QUARTER, period=parse_period("2026-Q3"), periods=(parse_period("2026-W39"),))
    lines = coming_lines(facts_of(data))
    assert [(c.line.task.code, c.step, c.due_on) for c in lines] == [
        ("R01-01", "开工", date(2026, 11, 20)),
        ("R01-01", "竣工", date(2026, 12, 5)),
        ("R01-02", "任务完成", date(2026, 12, 10)),
        ("R01-01", "任务完成", date(2026, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("value", "nature", "judgement"),
    [(100.0, "统计核定", "达标"), (99.9, "统计核定", "未达标"), (100.0, "部门统计", "待核定")],
)
def test_the_year_judges_each_of_its_targets_by_the_verified_figure(
    value: float, nature: str, judgement: str
) -> None:
    row = ex.figure("Z01-01", value, "2026年", nature, period="2026-W53")
    week = parse_period("2026-W53")
    data = replace(
        ex.rollup_input(row, indicators=(ex.ANNUAL, ex.STOCK)), period=parse_period("2026"), periods=(week,)
    )
    (line,) = judgement_lines(facts_of(replace(data, period=parse_period("2026"))))
    assert (line.line.indicator.code, line.judgement.label) == ("Z01-01", judgement)


def test_a_target_of_a_year_that_still_runs_is_not_due() -> None:
    data = rollup_input_for(YEAR)
    assert {v.judgement.label for v in judgement_lines(facts_of(data))} == {"未到期"}
    assert all(v.line.indicator.measure is not Measure.STOCK for v in judgement_lines(facts_of(data)))


def test_the_meeting_sees_only_what_is_behind_or_asks(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(rollup_input_for(MEETING)))
    sheet = opened(path)["主要指标"]
    header = [cell.value for cell in sheet[3]]
    column = header.index("需关注")
    shown = {
        row[2].value for row in sheet.iter_rows(min_row=4) if not sheet.row_dimensions[row[2].row or 0].hidden
    }
    wanted = {row[2].value for row in sheet.iter_rows(min_row=4) if row[column].value == "是"}
    assert shown == wanted
    assert "Z01-02" in shown  # behind
    assert "Z01-01" not in shown  # on pace
    assert len(list(sheet.iter_rows(min_row=4))) == len(ex.INDICATORS)  # the others are only filtered away


def test_a_draft_says_so_and_a_final_one_says_who_signed_it(tmp_path: Path) -> None:
    for signed_by, stamp in (("", "送审稿"), ("张三", "签发稿（签发人：张三）")):
        path = tmp_path / f"{stamp}.xlsx"
        write_rollup(path, facts_of(rollup_input_for(MONTH, signed_by=signed_by)))
        book = opened(path)
        assert any(stamp in str(cell.value) for cell in book["总览"][1])
        footers = re.findall(r"<oddFooter>(.*?)</oddFooter>", "".join(xml for _, xml in parts_of(path)))
        assert [stamp in footer for footer in footers] == [True] * len(book.sheetnames)
        assert book.properties.title == "某区“两项工程”调度材料　2026年11月"


# --- the command


def report(office: Office, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["-C", str(office.workspace.root), "report", *arguments])
    return result.exit_code, result.stderr


def test_the_month_of_a_workspace_is_four_files_in_its_folder_and_five_once_its_league_is_settled(
    week: Office,
) -> None:
    code, printed = report(week, "--month", "2026-11", "--final", "李四")
    assert (code, sorted(p.name for p in (week.workspace.outbox / "2026-11" / "汇总").iterdir())) == (
        0,
        [
            "拱墅区十项重大工程_2026年11月调度材料_签发稿.xlsx",
            "拱墅区十项重大工程_2026年11月调度材料_签发稿_打印版.xlsx",
            "拱墅区十项重大工程_2026年11月调度材料_签发稿_挂图作战.html",
            "拱墅区十项重大工程_2026年11月调度材料_签发稿_简报.docx",
        ],
    )
    assert "得分核对稿/03_区科技局_2026年11月得分核对稿.xlsx" in printed
    assert "晾晒版还没有生成" in printed
    settled = settled_report(week.workspace, "quarter", "2026-Q4", "李四")
    assert [path.name.partition("签发稿")[2] for path in settled.written] == [
        ".xlsx",
        "_打印版.xlsx",
        "_挂图作战.html",
        "_晾晒版.xlsx",
        "_简报.docx",
    ]


def test_the_meeting_is_that_of_the_newest_week(week: Office) -> None:
    assert report(week, "--meeting")[0] == 0
    assert list((week.workspace.outbox / PERIOD / "汇总").glob("*联络员例会材料*"))


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ((), "请在 --meeting、--month、--quarter、--year 中选一个"),
        (("--month", "2026-11", "--year", "2026"), "请在 --meeting、--month、--quarter、--year 中选一个"),
        (("--month", "2026-Q4"), "“2026-Q4”不能用于调度材料，应如 2026-11"),
        (("--quarter", "2026年五季度"), "不是期号"),
        (("--month", "2026-03"), "2026年3月还没有下发过填报表"),
    ],
)
def test_a_wrong_period_is_answered_with_what_to_write(
    week: Office, arguments: tuple[str, ...], answer: str
) -> None:
    code, printed = report(week, *arguments)
    assert (code, answer in printed) == (2, True), printed


def test_every_wide_edition_has_its_own_kind_of_period() -> None:
    assert [wide_period(code, EDITIONS[e]).code for e, code in (("month", "2026-02"), ("year", "2026"))] == [
        "2026-02",
        "2026",
    ]
    with pytest.raises(UsageProblem):
        wide_period("2026-H1", QUARTER)
