"""A figure that is not published yet, through the commands: who reads it, what the operator is told and enters."""

import shutil
import zipfile
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from tenproj_xl.app.merge import merge
from tenproj_xl.app.plan_check import check_plan
from tenproj_xl.app.results import Merged
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code, Severity
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import plan_book
from tests.helpers.rollup_reading import one, table
from tests.helpers.settings_book import add_line
from tests.helpers.settled import settled_report
from tests.helpers.shared import made_once
from tests.helpers.small_weeks import figure, send, small_workspace

CODE, PERIOD, CALENDAR = "Z01-01", "2026-W48", "数据发布日历"
SECRET = 30.125
"""A figure that stands nowhere else."""


@pytest.fixture(scope="module")
def _reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        workspace = small_workspace(folder)
        with plan_book(workspace) as plan:
            plan.set("主要指标", CODE, 公开="公布后")
        send(sent_out(workspace, PERIOD), {("indicators", CODE): figure(SECRET, "部门统计")})

    return made_once(tmp_path_factory, "embargo", make)


@pytest.fixture
def office(_reported: Path, tmp_path: Path) -> Office:
    """The October figure of an indicator that waits for its publication lies in the inbox of W48."""
    folder = tmp_path / "工作区"
    shutil.copytree(_reported, folder)
    return Office.of(Workspace(folder), PERIOD)


def public(done: Merged) -> Path:
    return next(path for path in done.beside if "晾晒版" in path.name)


def test_a_figure_that_waits_is_in_no_part_for_all_and_marked_for_leaders(office: Office) -> None:
    done = merge(office.workspace, PERIOD)
    assert one(table(done.rollup, "主要指标"), CODE, "最新数值") == SECRET
    assert "未公布，内部掌握" in str(one(table(done.rollup, "主要指标"), CODE, "时效"))
    with zipfile.ZipFile(public(done)) as archive:
        assert not [name for name in archive.namelist() if str(SECRET).encode() in archive.read(name)]
    assert one(table(public(done), "主要指标"), CODE, "进度评价") == "未到发布期"
    (told,) = [notice for notice in done.ingested.notices if "公布" in notice]
    assert told == (
        "晾晒版没有写到11月27日还没有公布的数：Z01-01（2026年10月）。"
        "已公布的，请在“设置.xlsx”的“数据发布日历”登记公布日期。"
    )


def told_elsewhere(office: Office) -> Merged:
    """Merge a return in which the figure is told in good practice and in the progress of a task."""
    form = office.blank("01")
    form.fill_in(
        {
            ("indicators", CODE): figure(SECRET, "部门统计"),
            ("tasks", "R01-03"): {
                "progress": "当年完成投资约30亿元，改造小区12个。签约3家",
                "status": "序时推进",
            },
        }
    )
    form.cover(**SIGNED, highlights=f"重大项目当年完成投资{SECRET}亿元，完成全年的86.1%，居全市第2")
    office.send(form, "更新.xlsx", hours=-1)
    return merge(office.workspace, PERIOD)


def test_neither_rate_nor_rank_nor_a_rounded_figure_that_a_unit_tells_is_for_all(office: Office) -> None:
    done = told_elsewhere(office)
    book = public(done)
    (praise,) = table(book, "亮点做法", "单位自述")["单位自述"]
    assert praise == "重大项目当年完成投资（数值略）亿元，完成全年的（数值略）%，居全市第（数值略）"
    progress = one(table(book, "重点任务"), "R01-03", "本期进展")
    assert progress == "当年完成投资约（数值略）亿元，改造小区（数值略）个。签约3家"
    assert any("不对外的数：R01-03、01典型做法" in notice for notice in done.ingested.notices)


def test_leaders_read_what_a_unit_tells_of_it_with_its_mark(office: Office) -> None:
    done = told_elsewhere(office)
    (praise,) = table(done.rollup, "亮点做法", "单位自述")["单位自述"]
    assert praise.endswith("，居全市第2（未公布，内部掌握）")
    (brief,) = (path for path in done.beside if path.suffix == ".docx")
    (told,) = (line.text for line in Document(str(brief)).paragraphs if "86.1%" in line.text)
    assert told == (
        f"1. 区发改经信局：重大项目当年完成投资{SECRET}亿元，完成全年的86.1%，居全市第2（未公布，内部掌握）。"
    )


def test_once_its_day_is_entered_and_has_come_all_read_it(office: Office) -> None:
    add_line(office.workspace, CALENDAR, CODE, "2026-10", "2026-11-27", "市统计局")
    done = merge(office.workspace, PERIOD)
    assert one(table(public(done), "主要指标"), CODE, "最新数值") == SECRET
    assert not [notice for notice in done.ingested.notices if "公布" in notice]


def test_a_day_that_lies_after_the_paper_publishes_nothing_in_it(office: Office) -> None:
    add_line(office.workspace, CALENDAR, "全部", "2026-10", "2026-11-30")
    assert one(table(public(merge(office.workspace, PERIOD)), "主要指标"), CODE, "最新数值") == ""


def public_book(office: Office) -> Path:
    """Make the papers of November once its league is settled; return the workbook for all."""
    written = settled_report(office.workspace, "month", "2026-11").written
    return next(path for path in written if "晾晒版" in path.name)


def test_the_month_shows_it_once_later_weeks_are_under_way(office: Office) -> None:
    add_line(office.workspace, CALENDAR, CODE, "2026-10", "2026-12-05")
    merge(office.workspace, PERIOD)
    before = public_book(office)
    assert one(table(before, "主要指标"), CODE, "最新数值") == ""
    sent_out(office.workspace, "2026-W50")
    after = public_book(office)
    assert one(table(after, "主要指标"), CODE, "最新数值") == SECRET


def test_settings_of_before_publish_nothing_and_go_on_working(office: Office) -> None:
    book = load_workbook(office.workspace.settings)
    del book[CALENDAR]
    book.save(office.workspace.settings)
    assert one(table(public(merge(office.workspace, PERIOD)), "主要指标"), CODE, "最新数值") == ""


def test_plan_check_asks_for_the_day_of_a_figure_that_waits_without_one(office: Office) -> None:
    assert check_plan(office.workspace).findings == ()  # nothing has come yet
    merge(office.workspace, PERIOD)
    (found,) = check_plan(office.workspace).findings
    assert (found.code, found.severity, found.sheet) == (
        Code.SETTING_RELEASE_UNKNOWN,
        Severity.WARNING,
        CALENDAR,
    )
    assert "2026年10月的数据还没有公布日期，晾晒版暂不写" in found.message
    add_line(office.workspace, CALENDAR, CODE, "2026-10", "2026-12-20")
    assert check_plan(office.workspace).findings == ()


def test_a_subject_of_the_calendar_that_the_plan_does_not_have_is_refused(office: Office) -> None:
    add_line(office.workspace, CALENDAR, "Z09-99", "2026-10", "2026-11-20")
    (found,) = check_plan(office.workspace).findings
    assert (found.code, found.cell) == (Code.SETTING_VALUE, "A3")
