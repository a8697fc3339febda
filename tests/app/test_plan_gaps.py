"""`plan check`, `plan confirm` and `init --empty`: what the office is told before the first form goes out."""

import json
import shutil
import time
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.plan_check import check_plan
from tenproj_xl.app.plan_confirm import confirm_plan
from tenproj_xl.app.plan_gaps import plan_gaps
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.model.plan_schema import PLAN_SHEETS, shipped_plan
from tenproj_xl.reading.office_book import load_rows
from tests.helpers.plan_book import plan_book, workspace_of
from tests.helpers.times import first_morning

NOON = datetime(2026, 11, 28, 12)  # as the office's clock shows it


def run(workspace: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(workspace.root), *arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two fresh workspaces: `shipped` and `empty`."""
    root = tmp_path_factory.mktemp("made")
    initialise(Workspace(root / "shipped"))
    initialise(Workspace(root / "empty"), empty=True)
    return root


@pytest.fixture
def shipped(made: Path, tmp_path: Path) -> Workspace:
    return Workspace(Path(shutil.copytree(made / "shipped", tmp_path / "shipped")))


@pytest.fixture
def empty(made: Path, tmp_path: Path) -> Workspace:
    return Workspace(Path(shutil.copytree(made / "empty", tmp_path / "empty")))


# --- plan check


def test_a_second_plan_in_the_folder_is_told_by_its_name(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    for name in ("工作计划(1).xlsx", "工作计划 - 副本.xlsx", "设置_旧.xlsx", "~$工作计划.xlsx", "说明.docx"):
        shutil.copy(workspace.plan, tmp_path / name)
    found = [f for f in plan_gaps(workspace, 2026).doubts if f.code is Code.PLAN_SECOND_BOOK]
    assert [f.file for f in found] == ["工作计划 - 副本.xlsx", "工作计划(1).xlsx", "设置_旧.xlsx"]
    assert "另有“工作计划 - 副本.xlsx”，不读取，只读“工作计划.xlsx”" in found[0].message


def test_a_copied_sheet_of_the_settings_is_told_too(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    book = load_workbook(workspace.settings)
    book.copy_worksheet(book["参数"]).title = "参数 (2)"
    book.save(workspace.settings)
    found = [f for f in plan_gaps(workspace, 2026).doubts if f.code is Code.PLAN_SHEET_UNREAD]
    assert [(f.file, f.sheet) for f in found] == [("设置.xlsx", "参数 (2)")]


def test_everything_mistyped_is_told_once_and_by_its_cause(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-01", 发布时滞=None)
        plan.set("主要指标", "Z01-02", 专班编号="10")
        plan.set("主要指标", "Z01-07", 方向="越低越好")
        plan.set("主要指标", "Z01-12", 数据报送单位="区主建局")
        plan.set("重点任务", "R01-01", 完成时限="2062-12-20")
        plan.set("单位", "区住建局", 简称="科技局")
        plan.book.copy_worksheet(plan.book["主要指标"]).title = "主要指标 (2)"
    told = [
        f
        for f in [*check_plan(workspace).findings, *plan_gaps(workspace, 2026).doubts]
        if f.code is not Code.PLAN_LEAD_DIFFERS
    ]
    assert sorted(f.code.rule.code for f in told) == [
        "plan_date_outside",
        "plan_direction",
        "plan_lag_missing",
        "plan_same_name",
        "plan_sheet_unread",
        "plan_unknown",
        "plan_unknown",
    ]


def test_plan_check_lists_who_gets_no_light_this_year_and_what_is_missing(shipped: Workspace) -> None:
    result = run(shipped, "plan", "check")
    assert result.exit_code == 0
    assert "无本年目标" in result.stderr
    assert "下达后补入“年度计划”" in result.stderr
    assert "标“待核”的还有173处（主要指标65处、年度计划34处、重点任务74处）。" in result.stderr
    document = json.loads(run(shipped, "plan", "check", "--json").stdout)
    assert document["unconfirmed"] == {"主要指标": 65, "年度计划": 34, "重点任务": 74}
    assert {"code", "name", "reason", "remedy"} == set(document["unlit"][0])
    assert [f["code"] for f in document["findings"]] == ["plan_nobody_responsible"]


def test_the_year_looked_at_is_one_of_the_programme(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    assert [plan_gaps(workspace, year).year for year in (2019, 2026, 2031)] == [2023, 2026, 2027]


# --- plan confirm


def test_all_that_is_marked_is_confirmed_in_one_go_and_nothing_else_changes(shipped: Workspace) -> None:
    before = shipped.plan.read_bytes()
    (rows_before,) = load_rows(shipped.plan)
    result = run(shipped, "plan", "confirm", "--by", "王主任")
    assert result.exit_code == 0
    assert "已核定173处" in result.stderr
    assert plan_gaps(shipped, 2026).unconfirmed == {}
    (backup,) = shipped.backups.iterdir()
    assert backup.read_bytes() == before

    (rows_after,) = load_rows(shipped.plan)
    pending = rows_after["主要指标"][1].index("待核事项")
    assert str(rows_after["主要指标"][7][pending]).startswith("已核定（王主任，")
    for sheet, rows in rows_before.items():
        for row, now in zip(rows, rows_after[sheet], strict=True):
            changed = [n for n, cell in enumerate(row) if cell != now[n]]
            assert all("待核" in str(row[n]) for n in changed)


def test_it_is_dated_by_the_clock_of_the_office_whatever_zone_the_machine_is_set_to(
    shipped: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    there = "Etc/GMT+12"  # yesterday, until eight in the evening
    if now.hour >= 19:
        there = "Pacific/Kiritimati"  # tomorrow, from six in the evening on
    with monkeypatch.context() as patch:
        patch.setenv("TZ", there)
        time.tzset()
        run(shipped, "plan", "confirm", "--by", "王主任")
    time.tzset()
    (rows,) = load_rows(shipped.plan)
    pending = rows["主要指标"][1].index("待核事项")
    assert str(rows["主要指标"][7][pending]).startswith(f"已核定（王主任，{now:%Y-%m-%d}）")
    (backup,) = shipped.backups.glob("工作计划_*.xlsx")
    assert f"_{now:%Y%m%d}-" in backup.name


def test_what_the_program_does_not_know_in_the_workbook_is_kept(shipped: Workspace) -> None:
    with zipfile.ZipFile(shipped.plan, "a") as book:
        book.writestr("xl/drawings/drawing9.xml", "<a/>")
    with zipfile.ZipFile(shipped.plan) as book:
        before = {name: book.read(name) for name in book.namelist()}
    confirm_plan(shipped, "王主任", NOON)
    with zipfile.ZipFile(shipped.plan) as book:
        after = {name: book.read(name) for name in book.namelist()}
    changed = [name for name, part in after.items() if part != before[name]]
    assert list(after) == list(before)
    assert len(changed) == 3
    assert all(name.startswith("xl/worksheets/sheet") for name in changed)
    assert load_workbook(shipped.plan)["主要指标"]["A3"].value == "Z01-01"


def test_confirming_twice_changes_nothing(shipped: Workspace) -> None:
    done = confirm_plan(shipped, "王主任", NOON)
    assert done.backup == shipped.backups / "工作计划_20261128-120000.xlsx"
    assert confirm_plan(shipped, "李主任", NOON).backup is None
    assert "未作改动" in run(shipped, "plan", "confirm", "--by", "李主任").stderr


def test_a_plan_saved_by_another_program_is_confirmed_too(shipped: Workspace) -> None:
    load_workbook(shipped.plan).save(shipped.plan)
    confirm_plan(shipped, "王主任", NOON)
    assert plan_gaps(shipped, 2026).unconfirmed == {}


@pytest.mark.parametrize("beside", ["~$工作计划.xlsx", ".~工作计划.xlsx", ".~lock.工作计划.xlsx#"])
def test_a_plan_that_is_open_in_another_program_is_left_alone(shipped: Workspace, beside: str) -> None:
    before = shipped.plan.read_bytes()
    (shipped.root / beside).touch()
    with pytest.raises(EnvironmentProblem, match=r"“工作计划.xlsx”正开着，没有改动它。请保存、关闭后再运行"):
        confirm_plan(shipped, "王主任", NOON)
    assert (shipped.plan.read_bytes(), shipped.backups.exists()) == (before, False)


def test_somebody_confirms(shipped: Workspace) -> None:
    with pytest.raises(UsageProblem, match="写明核定人"):
        confirm_plan(shipped, " ", NOON)


# --- init --empty


@pytest.mark.parametrize("flags", [(), ("--empty",)])
def test_no_other_plan_takes_the_place_of_a_lost_one(tmp_path: Path, flags: tuple[str, ...]) -> None:
    workspace = workspace_of(tmp_path)
    generate(workspace, "2026-W48")
    workspace.plan.unlink()
    result = run(workspace, "init", *flags)
    assert result.exit_code == 2
    assert "缺少“工作计划.xlsx”，请从备份恢复它" in result.stderr
    assert not workspace.plan.exists()


def test_an_empty_plan_has_sheets_headers_lists_and_notes_but_nothing_of_the_shipped_one(
    empty: Workspace,
) -> None:
    book = load_workbook(empty.plan)
    assert book.sheetnames == [sheet.name for sheet in PLAN_SHEETS]
    for sheet in PLAN_SHEETS:
        page = book[sheet.name]
        assert page["A1"].value
        assert [cell.value for cell in page[2]] == [column.header for column in sheet.columns]
        if sheet.code != "programme":  # whose first column names what is to be filled in
            assert page.max_row == 2
        lists = [column for column in sheet.columns if column.choices]
        assert len(page.data_validations.dataValidation) == len(lists)
    region = shipped_plan()["方案"][2][1]
    assert not any(
        str(region) in str(cell.value) for page in book for row in page.iter_rows() for cell in row
    )


def test_plan_check_on_an_empty_plan_says_what_to_fill_in_first(empty: Workspace) -> None:
    result = run(empty, "plan", "check")
    assert result.exit_code == 1
    assert "请依次填写：方案→单位→专班→主要指标→年度计划→重点任务→节点" in result.stderr
    lines = [line for line in result.stderr.splitlines() if line.startswith("错误")]
    wanted = ("方案代码", "地区", "方案名称", "起始年", "终止年", "专班", "单位", "主要指标")
    assert len(lines) == len(wanted)
    assert all(sum(f"请填写“{name}”" in line for line in lines) == 1 for name in wanted)


def fill_in(book: Workbook) -> None:
    """Type another programme's plan into the empty workbook, as a person does."""
    programme: dict[str, str | int] = {
        "方案代码": "BH7",
        "地区": "滨海县",
        "方案名称": "“七大攻坚”",
        "起始年": 2030,
        "终止年": 2032,
        "办公室": "县攻坚办",
    }
    for row in book["方案"].iter_rows(min_row=3):
        row[1].value = programme.get(str(row[0].value))
    rows: dict[str, list[list[str | float | None]]] = {
        "单位": [["县发改局"], ["县水利局"]],
        "专班": [[1, "水网攻坚", "涉及", "某县长", "县水利局", "县发改局"]],
        "主要指标": [
            ["Z01-01", 1, "水利投资", "", "亿元", "", "逐年", "越高越好", "县水利局", "", "月", 5, "匀速"],
            ["Z01-02", 1, "达标率", "", "%", "", "增速", "越高越好", "县水利局", "", "季", 5, "匀速"],
        ],
        "年度计划": [
            ["Z01-01", 2030, "以上", 12, None, "原文"],
            ["Z01-02", 2030, "以上", "85%", None, "原文"],
        ],
        "重点任务": [["R01-01", 1, "修渠", "", "县水利局", "", "县水利局"]],
    }
    for name, lines in rows.items():
        for line in lines:
            book[name].append([cell if cell != "" else None for cell in line])


def test_an_empty_plan_filled_in_for_another_programme_gives_its_first_forms(empty: Workspace) -> None:
    book = load_workbook(empty.plan)
    fill_in(book)
    book.save(empty.plan)
    gaps = plan_gaps(empty, 2030)
    assert check_plan(empty).findings == ()
    assert [f.code for f in gaps.doubts] == [Code.PLAN_NOBODY_RESPONSIBLE]
    assert (gaps.to_fill, gaps.unlit) == ((), ())

    (form,) = generate(empty, "2030-W10", now=first_morning("2030-W10")).written
    page = load_workbook(form)["主要指标进度表"]
    texts = {str(cell.value) for row in page.iter_rows() for cell in row}
    assert {"水利投资", "85以上"} <= texts
    assert initialise(empty) == [empty.list_formats]  # by its own years, now that its plan can be read
