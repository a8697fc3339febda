"""查来历: a row is found by its name, its numbers stand in a chart and a table, files come out as they came."""

import io
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.history import history
from tenproj_xl.app.merge import merge
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.files import sha256
from tenproj_xl.desk.state_course import state_course
from tests.conftest import PERIOD
from tests.desk.visitor import Visitor, text_of
from tests.helpers.filling import Office
from tests.helpers.lives import CODE, corrected_week, give_out

TASK = "R03-01"


@pytest.fixture(scope="module")
def visitor(later: Office, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    root = tmp_path_factory.mktemp("history") / "工作区"
    shutil.copytree(later.workspace.root, root)
    corrected_week(root)
    return Visitor(root)


def asked(visitor: Visitor, subject: str) -> str:
    page = visitor.ask("/history/of", query_string={"subject": subject})
    assert page.status_code == 200, page.text
    return page.text


def test_rows_units_and_files_are_offered_by_name(visitor: Visitor) -> None:
    page = visitor.see("/history")
    assert "Z03-04 技术交易总额" in page
    assert "区科技局" in page
    assert "周四.xlsx" in page


@pytest.mark.parametrize(
    "words", ["Z03-04", "z03-04", "技术交易总额", "Z03-04 技术交易总额", " 技术交易总额 "]
)
def test_a_row_is_found_by_its_code_its_name_or_both(visitor: Visitor, words: str) -> None:
    assert "<h1>Z03-04 技术交易总额</h1>" in asked(visitor, words)


def test_words_that_several_names_have_lead_to_a_choice(visitor: Visitor) -> None:
    page = visitor.ask("/history/of", query_string={"subject": "企业"})
    assert "请选一项" in text_of(page)
    assert page.text.count("/history/of?subject=Z") > 1


def test_the_page_has_the_chart_its_marks_in_words_and_every_value(visitor: Visitor) -> None:
    page = asked(visitor, CODE)
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
    assert "印发“汇总2026年第1期”，其中2026年10月为1250亿元" in page
    assert "区科技局更正2026年10月：1250→13.5亿元" in page
    for value, standing in (("1250", "不再采用"), ("13.5", "现行"), ("14.5", "已撤回")):
        row = next(part for part in page.split("<tr") if f'<td class="number">{value}</td>' in part)
        assert standing in row
    assert "命令：<code>tenproj history Z03-04</code>" in page


def test_a_task_has_its_states_period_by_period(later: Office, tmp_path: Path) -> None:
    """序时推进 in W42; in W48 滞后, which was printed, and then 序时推进 after all."""
    root = tmp_path / "工作区"
    shutil.copytree(later.workspace.root, root)
    office = Office.of(Workspace(root), PERIOD)
    form = office.right("03")
    form.write("tasks", TASK, status="滞后", problems="资金未到位", next_steps="提请协调")
    office.send(form, "周三.xlsx", hours=-60)
    merge(office.workspace, PERIOD)
    give_out(office.workspace)
    office.send(office.right("03"), "周四.xlsx", hours=-40)
    merge(office.workspace, PERIOD)
    first, second = state_course(history(office.workspace, TASK))
    assert (first.period, first.state, first.before, first.given_out) == ("2026年第42周", "序时推进", (), ())
    assert (second.period, second.state, second.is_new) == ("2026年第48周", "序时推进", False)
    assert second.before == ("滞后",)
    assert second.given_out == ("汇总2026年第1期",)
    page = text_of(Visitor(root).ask("/history/of", query_string={"subject": TASK}))
    assert "2026年第48周 序时推进 更正前：滞后 印发：汇总2026年第1期" in page


def test_an_indicator_has_no_states(visitor: Visitor) -> None:
    assert state_course(history(visitor.desk.workspace, CODE)) == []
    assert "各期状态" not in asked(visitor, CODE)


def test_a_unit_has_the_files_that_came_from_it_and_their_values(visitor: Visitor) -> None:
    page = asked(visitor, "区科技局")
    for name in ("周三.xlsx", "周四.xlsx", "周五.xlsx"):
        assert name in page
    assert "Z03-04 技术交易总额" in page


def test_a_received_file_is_told_and_comes_out_as_it_came(visitor: Visitor) -> None:
    page = asked(visitor, "周四.xlsx")
    assert "<h1>周四.xlsx</h1>" in page
    answer = visitor.ask("/history/original", query_string={"subject": "周四.xlsx"})
    [kept] = [path for path in visitor.desk.workspace.archive.glob("*/*") if path.name == sha256(answer.data)]
    assert kept.read_bytes() == answer.data
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_life_is_saved_as_the_workbook_of_the_command(visitor: Visitor) -> None:
    answer = visitor.ask("/history/workbook", query_string={"subject": CODE})
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["数据沿革", "走势"]


def test_what_nobody_knows_is_said_with_its_remedy(visitor: Visitor) -> None:
    answer = visitor.ask("/history/of", query_string={"subject": "没有这个"})
    assert answer.status_code == 409
    assert "请核对写法" in text_of(answer)


def test_looking_records_nothing(visitor: Visitor) -> None:
    workspace = visitor.desk.workspace
    before = (workspace.ledger / "台账.sqlite3").read_bytes()
    asked(visitor, CODE)
    visitor.see("/history")
    assert (workspace.ledger / "台账.sqlite3").read_bytes() == before


def test_there_is_something_to_choose_before_anything_came(week: Office) -> None:
    generate(week.workspace, PERIOD)
    visitor = Visitor(week.workspace.root)
    assert "Z03-04 技术交易总额" in visitor.see("/history")
    assert "台账里还没有记过。" in asked(visitor, CODE)


def test_each_value_leads_to_its_cell_in_the_form_that_came_in(visitor: Visitor) -> None:
    (link, source), *_ = re.findall(r'<a href="(/pictures/return/[^"]+)">([^<]+)</a>', asked(visitor, CODE))
    address = source.rpartition(" › ")[2]
    assert unescape(link).endswith(f"#{address}")
    shown = visitor.ask(unescape(link)).text
    assert f'<td id="{address}"' in shown
