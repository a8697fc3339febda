"""计划检查, 备份, 交接 by clicks alone, with what the commands really did."""

import shutil
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tenproj_xl.app.backup import restore
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.verify import verify
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.files import archived
from tenproj_xl.desk.places import backup_name, places
from tenproj_xl.ledger.looking import look_into_ledger
from tests.conftest import PERIOD
from tests.desk.visitor import Visitor, file
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import plan_book
from tests.helpers.small_weeks import figure, merged, small_workspace
from tests.helpers.times import moment


@pytest.fixture(scope="module")
def _kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = small_workspace(tmp_path_factory.mktemp("kept") / "工作区")
    merged(workspace, "2026-W48", {("indicators", "Z01-01"): figure(30, "部门统计")})
    return workspace.root


@pytest.fixture
def visitor(_kept: Path, tmp_path: Path) -> Visitor:
    """The desk of a workspace with the small plan, of which one week was merged."""
    root = tmp_path / "工作区"
    shutil.copytree(_kept, root)
    return Visitor(root)


# --- 计划检查


def test_the_plan_is_checked_and_opened_from_the_page(visitor: Visitor) -> None:
    page = visitor.ask("/steps/plan-check").text
    for name in ("工作计划.xlsx", "设置.xlsx", "通讯录.xlsx"):
        assert f'name="path" value="{name}"' in page
    visitor.send("/files/open", {"path": "工作计划.xlsx"})
    assert visitor.opened == [visitor.desk.workspace.plan]
    with plan_book(Workspace(visitor.desk.workspace.root)) as plan:
        plan.set("主要指标", "Z01-01", 更新频次="天天")
    job = visitor.click("plan-check", "check")
    assert job.status == 1
    assert "填了“天天”，请从下拉选项中选择" in job.text


def test_what_is_to_be_confirmed_is_confirmed_by_one_click(week: Office) -> None:
    visitor = Visitor(week.workspace.root)
    job = visitor.click("plan-check", "confirm", {"by": "王主任"})
    assert job.status == 0, job.text
    page = load_workbook(week.workspace.plan)["主要指标"]
    assert not any(cell.value == "待核" for row in page.iter_rows(min_row=3) for cell in row)
    assert list((week.workspace.root / "备份").glob("*.xlsx"))


def test_a_slip_in_the_plan_is_corrected_from_a_period_chosen_by_name(visitor: Visitor) -> None:
    with plan_book(visitor.desk.workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=34)
    page = visitor.see("/steps/plan-correct")
    assert "2026年第48期（11月23日—29日）" in page
    job = visitor.click("plan-correct", "correct", {"from": "2026-W48", "reason": "目标34误填"})
    assert job.status == 0, job.text
    with look_into_ledger(visitor.desk.workspace.ledger) as ledger:
        assert [version.reason for version in ledger.plan_versions()][-1] == "目标34误填"


def test_the_year_to_carry_over_to_is_offered(visitor: Visitor) -> None:
    """The year's last forms are out, and those before them."""
    sent_out(visitor.desk.workspace, "2026-W53")
    page = visitor.ask("/steps/plan-new-year").text
    years = [part.split('"')[0] for part in page.split('<option value="')[1:]]
    assert years == ["2027", "2026"]
    job = visitor.click("plan-new-year", "carry", {"period": "2027"})
    assert job.command == "tenproj plan new-year 2027"
    assert job.status == 0, job.text


def test_contacts_of_a_telephone_are_added(visitor: Visitor) -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:王五\nN:王;五;;;\nORG:区科技局\nTEL:13900000000\nEND:VCARD\n"
    job = visitor.click("contacts", "import", {"file_sent": [file("联系人.vcf", card.encode())]})
    assert job.status == 0, job.text
    cells = [
        cell.value for page in load_workbook(visitor.desk.workspace.addresses) for row in page for cell in row
    ]
    assert "王五" in cells
    refused = visitor.send("/steps/contacts/import", {"file_sent": [file("联系人.exe", b"MZ")]})
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("action", "said"),
    [("check", "模板可以使用。"), ("update", "模板已是最新"), ("rules", "【"), ("stats", "疑问")],
)
def test_template_and_rules_are_looked_after(visitor: Visitor, action: str, said: str) -> None:
    job = visitor.click("template", action)
    assert job.status == 0, job.text
    assert said in job.text


# --- 备份


def test_a_backup_goes_outside_the_workspace_and_can_be_restored(visitor: Visitor, tmp_path: Path) -> None:
    workspace = visitor.desk.workspace
    (*_, beside) = places(workspace)
    assert beside.value == str(tmp_path / "备份")
    assert beside.label in visitor.see("/steps/backup")
    job = visitor.click("backup", "make", {"place": [beside.value, ""]})
    assert job.status == 0, job.text
    (path,) = (tmp_path / "备份").glob("十项重大工程_备份_*.zip")
    restore(path, tmp_path / "新电脑")
    assert verify(Workspace(tmp_path / "新电脑")).discrepancies == ()


def test_a_folder_that_is_typed_counts_before_the_one_that_is_chosen(
    visitor: Visitor, tmp_path: Path
) -> None:
    typed = tmp_path / "U盘" / "十 项"
    typed.mkdir(parents=True)
    job = visitor.click("backup", "make", {"place": [str(tmp_path / "备份"), f'"{typed}"']})
    assert job.status == 0, job.text
    (path,) = typed.glob("*.zip")
    assert zipfile.is_zipfile(path)
    assert not (tmp_path / "备份").exists()


@pytest.mark.parametrize(("typed", "said"), [("备份", "文件夹请写全"), (" ", "还没有选备份到哪里")])
def test_a_folder_has_to_be_written_out(visitor: Visitor, typed: str, said: str) -> None:
    answer = visitor.send("/steps/backup/make", {"place": typed})
    assert answer.status_code == 409
    assert said in answer.text


def test_a_backup_never_goes_into_the_workspace(visitor: Visitor) -> None:
    inside = visitor.desk.workspace.root / "outbox"
    job = visitor.click("backup", "make", {"place": str(inside)})
    assert job.status == 2
    assert "备份请放到工作区以外" in job.text


def test_two_backups_have_two_names() -> None:
    first, second = moment("2026-11-27 17:00"), moment("2026-11-27 17:01")
    assert backup_name("十项", first) == "十项_备份_2026-11-27_170000.zip"
    assert backup_name("十项", first) != backup_name("十项", second)


def test_the_ledger_is_verified_and_rebuilt(visitor: Visitor) -> None:
    assert "全部相符" in visitor.click("verify", "all").text
    quick = visitor.click("verify", "all", {"quick": "yes"})
    assert quick.command == "tenproj verify --quick"
    assert quick.status == 0
    (visitor.desk.workspace.ledger / "台账.sqlite3").unlink()
    rebuilt = visitor.click("verify", "rebuild")
    assert rebuilt.status == 0, rebuilt.text
    assert "全部相符" in visitor.click("verify", "all").text


def test_a_file_is_taken_out_by_law_with_its_reason(week: Office) -> None:
    week.send(week.right("03"), "误传.xlsx")
    ingest(week.workspace, PERIOD)
    visitor = Visitor(week.workspace.root)
    with look_into_ledger(week.workspace.ledger) as ledger:
        ((sha256, _, _),) = (one for one in ledger.received_files() if one[1] == "误传.xlsx")
    page = visitor.ask("/steps/remove").text
    assert f'value="{sha256[:12]}"' in page
    assert visitor.send("/steps/remove/remove", {"received": sha256[:12]}).status_code == 409
    job = visitor.click("remove", "remove", {"received": sha256[:12], "why": "保密办〔2026〕3号"})
    assert job.status == 0, job.text
    assert not archived(week.workspace.archive, sha256).exists()


# --- 交接


def test_the_list_for_who_takes_over_is_written(visitor: Visitor) -> None:
    job = visitor.click("handover", "make")
    assert job.status == 0, job.text
    (path,) = job.products
    assert path.suffix == ".docx"


def test_a_year_is_archived(visitor: Visitor) -> None:
    assert '<option value="2026">2026年</option>' in visitor.ask("/steps/archive").text
    job = visitor.click("archive", "make", {"year": "2026", "no-pages": "yes"})
    assert job.status == 0, job.text
    assert job.command == "tenproj archive --year 2026 --no-pages"
    assert any("目录" in path.name for path in job.products)


def test_data_are_exported_for_a_period_chosen_by_name(visitor: Visitor) -> None:
    job = visitor.click("export", "make", {"period": "2026-W48"})
    assert job.status == 0, job.text
    folder = visitor.desk.workspace.outbox / "导出"
    assert (folder / "datapackage.json").exists()
    again = visitor.click("export", "make", {"period": "2026-11"})
    assert again.status == 0, again.text
