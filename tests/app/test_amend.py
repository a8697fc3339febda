"""The office records what it was told: it counts, is never taken for the unit's own word, and the unit confirms it."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tenproj_xl.app.merge import merge
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tests.helpers.filling import Office, sent_out
from tests.helpers.rollup_reading import one, opened, table
from tests.helpers.shared import made_once
from tests.helpers.small_weeks import figure, merged, send, small_workspace

CODE, TASK = "Z01-01", "R01-03"
BASIS = "11月26日王五电话告知"
TOLD = ("--period", "2026-10", "--basis", BASIS, "--by", "赵六")


@pytest.fixture(scope="module")
def _reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        done: dict[str, object] = {"status": "已完成", "completed_on": "2026-11-20", "progress": "全部完工"}
        answers = {("indicators", CODE): figure(30, "部门统计"), ("tasks", TASK): done}
        merged(small_workspace(folder), "2026-W47", answers)
        sent_out(Workspace(folder), "2026-W48")

    return made_once(tmp_path_factory, "amended", make)


@pytest.fixture
def office(_reported: Path, tmp_path: Path) -> Office:
    """W47 told 30亿元 for October and a task done; the forms of W48 are out."""
    folder = tmp_path / "工作区"
    shutil.copytree(_reported, folder)
    return Office.of(Workspace(folder), "2026-W48")


def tenproj(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


def amended(office: Office, *arguments: str) -> Result:
    result = tenproj(office, "amend", *arguments)
    assert result.exit_code == 0, result.output
    return result


def shown(rollup: Path, *headers: str) -> list[object]:
    indicators = table(rollup, "主要指标")
    return [one(indicators, CODE, header) for header in headers]


SOURCE = "来源（文件›工作表›单元格，时间）"


def test_what_was_told_counts_and_is_shown_as_recorded_by_the_office(office: Office) -> None:
    result = amended(office, CODE, "最新数值", "31", *TOLD)
    assert f"已代录：{CODE}“重大项目当年完成投资”最新数值（2026年10月）：30→31" in result.stderr
    rollup = merge(office.workspace, "2026-W48").rollup
    value, nature, source = shown(rollup, "最新数值", "数据性质", SOURCE)
    assert (value, nature) == (31.0, "部门统计")
    assert str(source).startswith(f"由总专班办公室代录（依据：{BASIS}）")
    assert "待单位确认" in str(source)
    lines = table(rollup, "数据修订和更正")
    assert [one(lines, CODE, header) for header in ("类别", "原数", "现数", "谁改的", "为何")] == [
        "填报有误",
        30.0,
        31.0,
        "总专班办公室代录（赵六）",
        BASIS,
    ]


def test_page_one_does_not_blame_its_unit_for_the_reason_that_the_office_did_not_record(
    office: Office,
) -> None:
    amended(office, CODE, "最新数值", "12", *TOLD)
    page = opened(merge(office.workspace, "2026-W48").rollup)["总览"]
    (line,) = [row for row in page.values if f"{CODE} 重大项目" in str(row[1])]
    assert (line[0], line[14]) == ("新增滞后", "（原因待补报）")


def test_the_next_form_prints_it_and_the_answer_confirms_it(office: Office) -> None:
    amended(office, CODE, "最新数值", "31", *TOLD)
    following = sent_out(office.workspace, "2026-W49")
    form = following.blank("01")
    assert form.value("indicators", CODE, "last_value") == "31"
    cover = [str(cell.value) for row in form.tab("填报说明").iter_rows() for cell in row if cell.value]
    (asked,) = [text for text in cover if "代录" in text]
    assert (
        f"{CODE}“重大项目当年完成投资”最新数值（2026年10月）31，部门统计，系由总专班办公室代录（依据：{BASIS}），"
        "请核对：无误的在该行“核实说明”写“属实”，有误的请更正。" in asked
    )
    send(following, {("indicators", CODE): {"verification": "属实"}})
    rollup = merge(office.workspace, "2026-W49").rollup
    (source,) = shown(rollup, SOURCE)
    assert "单位答复：属实" in str(source)
    form = sent_out(office.workspace, "2026-W50").blank("01")
    assert not any("代录" in str(cell.value) for row in form.tab("填报说明").iter_rows() for cell in row)


def test_what_the_unit_reports_later_counts_again(office: Office) -> None:
    amended(office, CODE, "最新数值", "31", *TOLD)
    following = sent_out(office.workspace, "2026-W49")
    send(following, {("indicators", CODE): figure(30.8, "部门统计")})
    rollup = merge(office.workspace, "2026-W49").rollup
    value, source = shown(rollup, "最新数值", SOURCE)
    assert value == 30.8
    assert "代录" not in str(source)


def test_it_is_withdrawn_like_a_file(office: Office) -> None:
    result = tenproj(office, "amend", CODE, "最新数值", "31", *TOLD, "--json")
    assert result.exit_code == 0, result.output
    (recorded,) = json.loads(result.stdout)["amendments"]
    assert (recorded["was"], recorded["value"], recorded["data_period"]) == ("30", "31", "2026-10")
    assert tenproj(office, "withdraw", recorded["file"], "--why", "听错了").exit_code == 0
    rollup = merge(office.workspace, "2026-W48").rollup
    assert shown(rollup, "最新数值") == [30.0]


def test_a_task_that_was_reported_done_by_mistake_is_taken_back_by_the_office(office: Office) -> None:
    amended(office, TASK, "当前状态", "序时推进", "--basis", BASIS)
    rollup = merge(office.workspace, "2026-W48").rollup
    tasks = table(rollup, "重点任务")
    assert one(tasks, TASK, "进度评价") == "序时推进"
    assert str(one(tasks, TASK, SOURCE)).startswith(f"由总专班办公室代录（依据：{BASIS}）")
    form = sent_out(office.workspace, "2026-W49").blank("01")
    assert form.value("tasks", TASK, "status") is None
    assert TASK in form.codes("tasks")


def test_its_life_tells_that_what_the_office_recorded_counts(office: Office) -> None:
    amended(office, TASK, "当前状态", "滞后", "--basis", BASIS)
    told = tenproj(office, "history", TASK).stdout
    states = re.findall(r"(现行|不再采用)\s+(滞后|已完成)", told)
    assert states == [("不再采用", "已完成"), ("现行", "滞后")], told


def test_a_workbook_records_many_and_tells_the_cells_at_fault(office: Office) -> None:
    written = tenproj(office, "amend").stderr
    path = next((office.workspace.outbox / "2026-W48" / "代录").glob("*.xlsx"))
    assert path.name in written
    book = load_workbook(path)
    page = book["代录单"]
    page.append([CODE, "最新数值", "31", "2026年10月", None, BASIS, "赵六"])
    page.append([TASK, "当前状态", "序时推进", None, None, BASIS, "赵六"])
    page.append(["Z99-99", "最新数值", "31", "2026年10月", None, BASIS, "赵六"])
    page.append([CODE, "最新数值", "很多", "2026年10月", None, BASIS, "赵六"])
    page.append([CODE, "最新数值", "33", "2026年9月", None, BASIS, "赵六"])
    page.append([CODE, "最新数值", "33", None, None, None, "赵六"])
    book.save(path)
    result = tenproj(office, "amend", str(path))
    assert result.exit_code == 1
    told = result.stderr
    assert told.count("已代录：") == 2
    assert "“代录单”A5" in told
    assert "“Z99-99”不在“主要指标、重点任务、问题”表中" in told
    assert "“代录单”C6" in told
    assert "请填写“数据性质”" in told
    assert "请填写“依据”" in told
    rollup = merge(office.workspace, "2026-W48").rollup
    (source,) = shown(rollup, SOURCE)
    assert "代录单 › C3" in str(source)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((CODE, "最新数值", "31", "--period", "2026-10"), "请填写“依据”"),
        ((CODE, "最新数值", "31", "--basis", BASIS), "请在“数据所属期”填明"),
        (
            (CODE, "最新数值", "31", "--period", "十三月", "--basis", BASIS),
            "填了“十三月”，这里请填写数据所属期",
        ),
        ((CODE, "目标", "31", "--basis", BASIS), "“目标”不在“主要指标进度表”表中"),
        ((CODE, "最新数值"), "请写明编号、栏目和内容三项"),
        (("没有.xlsx",), "没有“没有.xlsx”这个文件"),
    ],
)
def test_what_cannot_be_understood_is_told(office: Office, arguments: tuple[str, ...], told: str) -> None:
    result = tenproj(office, "amend", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr


def test_the_data_period_is_read_as_forms_read_it(office: Office) -> None:
    said = amended(
        office, CODE, "最新数值", "31", "--period", "10月", "--basis", BASIS, "--by", "赵六"
    ).stderr
    assert "（2026年10月）：30→31" in said


def test_in_january_days_and_months_without_a_year_are_those_of_december_which_is_told(
    office: Office,
) -> None:
    january, told = sent_out(office.workspace, "2027-W02"), ("--basis", "1月12日王五电话告知", "--by", "赵六")
    said = amended(january, "R01-01", "完成日期", "12月28日", *told).stderr
    assert "空白→2026-12-28（没有写年份，已按最近的一年录入，请核对）" in said
    said = amended(january, CODE, "最新数值", "33", "--period", "11月", "--nature", "部门统计", *told).stderr
    assert "（2026年11月）：空白→33（没有写年份，已按最近的一年录入，请核对）" in said
    said = amended(january, "R01-01", "完成日期", "2026-12-29", *told).stderr
    assert "2026-12-28→2026-12-29" in said
    assert "没有写年份" not in said


def test_the_same_again_records_nothing(office: Office) -> None:
    amended(office, CODE, "最新数值", "31", *TOLD)
    assert "1处与现有的相同，未作改动。" in amended(office, CODE, "最新数值", "31", *TOLD).stderr
