"""The first page: where the office stands, what comes next, how to begin."""

from pathlib import Path

from tests.desk.visitor import Visitor, text_of
from tests.helpers.filling import Office


def test_the_first_page_says_who_has_returned_what(visitor: Visitor, week: Office) -> None:
    week.send(week.right("03"))
    visitor.click("ingest", "take")
    page = visitor.see("/")
    assert "第48期（11月23日—29日） 报送情况" in page
    assert "03 “315”科技创新体系建设工程 区科技局 已接收" in page
    assert "08 文旅深度融合工程 区文广旅体局 未报" in page
    assert "06 县城承载能力提升和深化“千村示范、万村整治”工程 区发改经信局 不要求报送" in page


def test_what_comes_next_is_a_button_with_its_reason_and_command(visitor: Visitor, week: Office) -> None:
    week.send(week.right("03"))
    assert "收表 收件夹里有1个文件 tenproj ingest" in visitor.see("/")


def test_what_is_to_be_done_is_told_as_status_does_and_leads_to_the_step(visitor: Visitor) -> None:
    page = visitor.ask("/to-do")
    assert "催报7家：" in text_of(page)


def test_a_plan_that_cannot_be_read_is_told_and_the_steps_stay(visitor: Visitor, week: Office) -> None:
    week.workspace.plan.write_bytes(b"no workbook")
    page = visitor.see("/")
    assert "工作计划.xlsx" in page
    assert "每周要做的事" in page


def test_where_there_is_no_workspace_one_is_begun(beginner: Visitor) -> None:
    page = beginner.see("/")
    assert "里还没有工作区。请选一样开始：" in page
    assert "看演示" in page
    assert "从备份恢复" in page

    made = beginner.click("init", "make")
    assert made.status == 0, made.text
    assert "打开“工作区”" in beginner.see(f"/jobs/{made.number}")
    beginner.send("/begin/use", {"name": "工作区"})
    assert beginner.desk.workspace.root == beginner.desk.folder / "工作区"
    assert "拱墅区“十项重大工程”" in beginner.see("/")


def test_of_several_workspaces_one_is_chosen(beginner: Visitor) -> None:
    for name in ("工作区", "另一个"):
        (beginner.desk.folder / name).mkdir()
        (beginner.desk.folder / name / "工作计划.xlsx").write_bytes(b"")
    assert beginner.desk.workspace.root.name == "工作区"
    beginner.send("/begin/use", {"name": "另一个"})
    assert beginner.desk.workspace.root.name == "另一个"
    refused = beginner.send("/begin/use", {"name": "../其他"})
    assert "这个工作区已经不在了，请重新选。" in text_of(refused)


def test_a_folder_that_is_a_workspace_is_worked_in(tmp_path: Path) -> None:
    (tmp_path / "工作计划.xlsx").write_bytes(b"")
    (tmp_path / "工作区").mkdir()
    (tmp_path / "工作区" / "工作计划.xlsx").write_bytes(b"")
    assert Visitor(tmp_path).desk.workspace.root == tmp_path


def test_a_fault_of_the_program_is_told_with_its_report_and_the_desk_goes_on(visitor: Visitor) -> None:
    typed = "72亿元"

    def broken() -> str:
        raise ZeroDivisionError(typed)

    visitor.client.application.view_functions["jobs.list_all"] = broken
    page = visitor.ask("/jobs")
    assert page.status_code == 500
    [report] = visitor.desk.folder.glob("故障报告_*.txt")
    assert f"请把“{report}”发给软件维护人员，里面没有表格内容。" in text_of(page)
    assert typed not in report.read_text(encoding="utf-8")
    assert visitor.ask("/").status_code == 200
