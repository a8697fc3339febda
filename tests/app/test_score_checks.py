"""得分核对: a unit is told each deduction before the league is published, objects, and the office decides."""

import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from tenproj_xl.app import objections
from tenproj_xl.app.editions import Made
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.report import report
from tenproj_xl.app.results import FileResult, Ingested
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.files_told import told_of
from tenproj_xl.cli.returns_text import ToDo, status_lines, to_do_lines
from tenproj_xl.core.catalogue import Code
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.proof import verify
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.plan_schema import PLAN_SHEETS, TASK_FORCES
from tenproj_xl.model.statuses import Status
from tests.helpers.filling import Office, sent_out
from tests.helpers.libreoffice import save_all_as
from tests.helpers.programs import need
from tests.helpers.rollup_reading import one, table
from tests.helpers.settings_book import set_parameter
from tests.helpers.shared import made_once
from tests.helpers.small_plan import small_tables
from tests.helpers.small_weeks import figure, send, small_workspace
from tests.helpers.times import moment

MONTH = "2026-11"
ASKED, IN_TIME, TOO_LATE, OVER = (
    moment(f"2026-11-{text}") for text in ("23 09:00", "24 10:00", "27 08:00", "27 09:00")
)
"""When the scores go out: a Monday; three working days later, on Thursday at 17:00, the time is over."""
UNTIL = "2026-11-26 17:00"
INVEST = "Z01-01"
WHY = "投资已在联网直报平台更正"
BEHIND: Mapping[str, object] = {
    "status": "滞后",
    "progress": "手续未齐",
    "problems": "未批",
    "next_steps": "催办",
}


def behind_by(value: float) -> dict[str, object]:
    """The answer that the investment has a value which is behind."""
    return figure(value, "部门统计", lag_reason="重新核对", next_steps="逐项核对")


@pytest.fixture(scope="module")
def _returned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        workspace = small_workspace(folder)
        tables = small_tables()
        ranked = [["涉及" if cell == "不涉及" else cell for cell in row] for row in tables[TASK_FORCES.name]]
        write_workbook(workspace.plan, PLAN_SHEETS, {**tables, TASK_FORCES.name: ranked}, {})
        set_parameter(workspace, "参加排名最少事项", "1")
        office = sent_out(workspace, "2026-W47")
        send(office, {("indicators", INVEST): behind_by(12), ("tasks", "R01-01"): BEHIND})
        merge(workspace, "2026-W47")

    return made_once(tmp_path_factory, "scored", make)


@pytest.fixture
def workspace(_returned: Path, tmp_path: Path) -> Workspace:
    """Task force 01 has returned one week of November, in time and behind; 02 has nothing to be judged by."""
    shutil.copytree(_returned, tmp_path / "工作区")
    return Workspace(tmp_path / "工作区")


def month(workspace: Workspace, now: datetime = ASKED) -> Made:
    return report(workspace, "month", MONTH, now=now)


def book_of(workspace: Workspace) -> Path:
    (path,) = (workspace.outbox / MONTH / "得分核对稿").glob("01_*.xlsx")
    return path


def league_of(made: Made) -> list[Path]:
    """The files that are for all to read."""
    return [path for path in made.written if path.stem.endswith("晾晒版")]


def columns(page: Worksheet) -> dict[str, str]:
    return {str(cell.value): get_column_letter(n) for n, cell in enumerate(page[4], 1)}


def rows_in(path: Path) -> dict[str, dict[str, object]]:
    """What a 得分核对稿 shows, by what is deducted."""
    page = load_workbook(path)["得分核对稿"]
    at, found = columns(page), {}
    for n in range(5, page.max_row + 1):
        line: dict[str, object] = {header: page[f"{letters}{n}"].value for header, letters in at.items()}
        found[str(line["编号"] or line["扣分事项"])] = line
    return found


def score_in(made: Made) -> float:
    return float(str(one(table(made.written[0], "晾晒排名", key="专班"), "01", "得分", key="专班")))


def object_to(
    workspace: Workspace,
    said: Mapping[str, tuple[str, str]],
    name: str = "得分核对.xlsx",
    at: datetime = IN_TIME,
    book: Path | None = None,
) -> tuple[FileResult, Ingested]:
    """Fill the 得分核对稿 in, send it back at a time, and take it in."""
    opened = load_workbook(book or book_of(workspace))
    page = opened["得分核对稿"]
    letters = columns(page)
    for n in range(5, page.max_row + 1):
        row = {header: page[f"{column}{n}"].value for header, column in letters.items()}
        key = str(row["编号"] or row["扣分事项"])
        if key in said:
            page[f"{letters['异议']}{n}"], page[f"{letters['异议理由']}{n}"] = said[key]
    path = workspace.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    opened.save(path)
    os.utime(path, (at.timestamp(), at.timestamp()))
    done = ingest(workspace, now=moment("2026-12-20 09:00"))
    files = {f.received.name: f for f in done.files}
    return files[name], done


def decide(workspace: Workspace, decision: str, why: str = "经核平台数据，情况属实") -> list[str]:
    """Decide all open objections in the office's workbook."""
    path = objections.ask(workspace).written
    assert path is not None
    book = load_workbook(path)
    page = book["得分异议裁定表"]
    head = next(row for row in page.iter_rows() if "决定" in {cell.value for cell in row})
    at = {str(cell.value): cell.column for cell in head}
    for n in range((head[0].row or 0) + 1, page.max_row + 1):
        for header, text in (("决定", decision), ("决定人", "王主任"), ("决定理由", why)):
            page.cell(n, at[header] or 0).value = text
    book.save(path)
    return list(objections.decide(workspace, path).said)


# --- what a unit is sent


def test_the_month_first_makes_what_units_are_to_check_and_no_league_for_all(workspace: Workspace) -> None:
    made = month(workspace)
    assert [path.name for path in (*made.written, *made.to_check)] == [
        "示范区两项重大工程_2026年11月调度材料.xlsx",
        "示范区两项重大工程_2026年11月调度材料_打印版.xlsx",
        "示范区两项重大工程_2026年11月调度材料_挂图作战.html",
        "示范区两项重大工程_2026年11月调度材料_简报.docx",
        "01_区发改经信局_2026年11月得分核对稿.xlsx",
        "得分核对_区发改经信局.txt",
    ]
    told = made.to_check[-1].read_text("utf-8-sig")
    assert f"01专班2026年11月得分{score_in(made):.1f}分，扣分" in told
    assert "见附件“01_区发改经信局_2026年11月得分核对稿.xlsx”。对扣分有异议的，" in told
    assert f"于{UNTIL}前发回；没有异议的不必发回。" in told
    (notice,) = made.awaited
    assert f"异议期到{UNTIL}" in notice
    assert "再运行 tenproj report --month 2026-11" in notice
    note = str(load_workbook(book_of(workspace))["得分核对稿"]["B2"].value)
    assert f"于{UNTIL}前发回" in note


def test_each_deduction_has_its_points_and_rule_and_with_the_score_they_make_a_hundred(
    workspace: Workspace,
) -> None:
    made = month(workspace)
    rows = rows_in(book_of(workspace))
    behind = rows[INVEST]
    assert (behind["对象"], behind["为什么扣分"]) == ("主要指标", "达序时、达标的才得分")
    assert str(behind["评价"]).startswith("滞后，差")
    assert rows["R01-01"]["为什么扣分"] == "滞后、逾期的不得分"
    assert rows["R01-02"]["为什么扣分"] == "从未报过进展的不得分"
    points = [float(str(row["扣分"])) for row in rows.values() if row["扣分"]]
    assert sum(points) + score_in(made) == pytest.approx(100, abs=0.1)
    assert list(rows)[-1] == "其他意见（漏计、名次等）"


def test_the_league_comes_when_the_time_is_over_and_nobody_objected(workspace: Workspace) -> None:
    month(workspace)
    assert league_of(month(workspace, moment(UNTIL))) == []
    made = month(workspace, OVER)
    assert len(league_of(made)) == 1
    assert made.awaited == ()


def test_a_week_asks_nobody(workspace: Workspace) -> None:
    merge(workspace, "2026-W47")
    assert not list(workspace.outbox.rglob("*得分核对稿*"))


def test_a_time_before_the_first_forms_asks_nobody(workspace: Workspace) -> None:
    made = report(workspace, "month", "2026-10", now=ASKED)  # its figure came in November
    assert (made.to_check, made.awaited) == ((), ())


def test_the_same_again_makes_the_same_workbook_and_asks_no_anew(workspace: Workspace) -> None:
    month(workspace)
    before = book_of(workspace).read_bytes()
    month(workspace, TOO_LATE)
    assert book_of(workspace).read_bytes() == before
    with look_into_ledger(workspace.ledger) as ledger:
        (sheet,) = ledger.score_review(MONTH).sheets
    assert sheet.until == moment(UNTIL)


def test_the_days_for_objections_are_working_days_and_a_setting(workspace: Workspace) -> None:
    set_parameter(workspace, "得分异议期", "5")
    (notice,) = month(workspace).awaited
    assert "异议期到2026-11-30 17:00" in notice  # from Monday over the weekend to Monday


# --- what it says, and what is decided


def test_an_objection_is_recorded_told_and_keeps_the_league_back_until_it_is_decided(
    workspace: Workspace,
) -> None:
    month(workspace)
    file, done = object_to(workspace, {INVEST: ("有异议", WHY)})
    assert (file.status, file.findings, file.needs_a_person) == (Status.SCORE_CHECK, (), False)
    told = f"2026年11月的得分有1条异议待决定：01区发改经信局“重大项目当年完成投资”（{WHY}）"
    assert any(told in notice for notice in done.notices)
    assert any(told in line for line in status_lines(status(workspace)))
    assert file.letter is not None
    assert "得分核对稿“得分核对.xlsx”已收到，录入异议1条，谢谢。" in file.letter.read_text("utf-8-sig")
    made = month(workspace, OVER)
    assert league_of(made) == []
    assert any(told in notice for notice in made.notices)
    assert rows_in(book_of(workspace))[INVEST]["异议的办理"] == f"待决定：{WHY}"


def test_the_day_of_one_that_came_before_eight_in_the_morning_is_that_of_the_office(
    workspace: Workspace,
) -> None:
    month(workspace)
    object_to(workspace, {INVEST: ("有异议", WHY)}, at=moment("2026-11-24 07:30"))
    path = objections.ask(workspace).written
    assert path is not None
    assert one(table(path, "得分异议裁定表"), INVEST, "收到时间") == "2026-11-24"


def test_what_is_accepted_costs_no_points_and_everybody_sees_why(workspace: Workspace) -> None:
    before = score_in(month(workspace))
    points = float(str(rows_in(book_of(workspace))[INVEST]["扣分"]))
    object_to(workspace, {INVEST: ("有异议", WHY)})
    said = decide(workspace, "采纳")
    assert said == [f"01区发改经信局“重大项目当年完成投资”（{WHY}）：采纳，经核平台数据，情况属实"]
    made = month(workspace, OVER)
    assert score_in(made) == pytest.approx(before + points, abs=0.1)
    row = rows_in(book_of(workspace))[INVEST]
    assert (row["扣分"], row["异议的办理"]) == ("不扣分", "采纳：经核平台数据，情况属实")
    (public,) = league_of(made)
    for path in (public, made.written[0]):
        page = CalamineWorkbook.from_path(path).get_sheet_by_name("晾晒排名")
        texts = {str(cell) for line in page.to_python() for cell in line}
        assert "异议采纳、不扣分的：01 Z01-01" in texts
        assert any("异议期到2026-11-26 17:00；采纳1条" in text for text in texts)
    duties = table(made.written[0], "责任清单")
    assert one(duties, INVEST, "得分异议") == "采纳：经核平台数据，情况属实"
    assert one(duties, INVEST, "晾晒计分") == "得分"


def test_what_is_refused_is_deducted_and_the_league_comes(workspace: Workspace) -> None:
    before = score_in(month(workspace))
    object_to(workspace, {INVEST: ("有异议", WHY), "其他意见（漏计、名次等）": ("有异议", "应列入年度项目")})
    assert len(decide(workspace, "不采纳", "平台数据未更正")) == 2
    made = month(workspace, OVER)
    assert (score_in(made), len(league_of(made))) == (before, 1)
    assert rows_in(book_of(workspace))[INVEST]["异议的办理"] == "不采纳：平台数据未更正"
    with open_ledger(workspace.ledger, who="tests") as ledger:
        assert verify(ledger._db).breaches == ()  # the proof reads the file itself


def test_a_decision_needs_who_and_why(workspace: Workspace) -> None:
    month(workspace)
    object_to(workspace, {INVEST: ("有异议", WHY)})
    assert decide(workspace, "采纳", "") == []
    assert objections.ask(workspace).still_open == 1


def test_a_unit_may_take_its_objection_back(workspace: Workspace) -> None:
    month(workspace)
    object_to(workspace, {INVEST: ("有异议", WHY)})
    file, _ = object_to(workspace, {INVEST: ("无异议", "")}, "收回.xlsx", moment("2026-11-25 10:00"))
    assert file.letter is not None
    assert "收回异议1条" in file.letter.read_text("utf-8-sig")
    assert len(league_of(month(workspace, OVER))) == 1


def test_the_same_objection_again_changes_nothing(workspace: Workspace) -> None:
    month(workspace)
    object_to(workspace, {INVEST: ("有异议", WHY)})
    decide(workspace, "不采纳", "平台数据未更正")
    file, _ = object_to(workspace, {INVEST: ("有异议", WHY)}, "又一份.xlsx", moment("2026-11-25 10:00"))
    assert file.objections == ()
    assert objections.ask(workspace).written is None


@pytest.mark.provokes(Code.OBJECTION_WHY)
def test_an_objection_without_a_reason_is_asked_about(workspace: Workspace) -> None:
    month(workspace)
    file, _ = object_to(workspace, {INVEST: ("有异议", "")})
    assert [f.code for f in file.findings] == [Code.OBJECTION_WHY]
    assert (file.objections, file.needs_a_person) == ((), True)


def test_a_reason_without_an_objection_is_asked_about(workspace: Workspace) -> None:
    month(workspace)
    file, _ = object_to(workspace, {INVEST: ("", WHY)})
    assert [f.code for f in file.findings] == [Code.OPINION_MISSING]
    assert (file.objections, file.needs_a_person) == ((), True)


@pytest.mark.provokes(Code.OBJECTION_LATE)
def test_an_objection_that_comes_too_late_is_not_taken(workspace: Workspace) -> None:
    month(workspace)
    file, done = object_to(workspace, {INVEST: ("有异议", WHY)}, at=TOO_LATE)
    assert [f.code for f in file.findings] == [Code.OBJECTION_LATE]
    assert f"异议期到{UNTIL}为止" in file.findings[0].message
    assert file.letter is not None
    told = file.letter.read_text("utf-8-sig")
    assert "已收到，没有录入新的意见。" in told
    assert "请与办公室联系" in told
    assert "更正后发回" not in told
    assert "异议已录入" not in file.status.label
    asked = "".join(to_do_lines(ToDo.of(done, told_of(done))))
    assert "补填后发回" not in asked
    assert "1份得分核对稿里有的异议过了异议期才收到，没有录入" in asked
    assert len(league_of(month(workspace, OVER))) == 1


@pytest.mark.provokes(Code.OBJECTION_GONE)
def test_what_is_deducted_anew_is_asked_about_anew_and_what_is_no_more_cannot_be_objected_to(
    workspace: Workspace,
) -> None:
    month(workspace)
    first = workspace.root / "第一稿.xlsx"
    shutil.copy(book_of(workspace), first)
    office = Office.of(workspace, "2026-W47")
    send(office, {("indicators", INVEST): figure(30, "统计快报"), ("tasks", "R01-02"): BEHIND}, hours=-1)
    ingest(workspace, now=moment("2026-12-20 09:00"))
    (notice,) = month(workspace, OVER).awaited  # R01-02 is behind now, and was 未报
    assert "异议期到2026-12-02 17:00" in notice
    assert INVEST not in rows_in(book_of(workspace))
    file, _ = object_to(workspace, {INVEST: ("有异议", WHY)}, book=first)
    assert [f.code for f in file.findings] == [Code.OBJECTION_GONE]


def letter_of(workspace: Workspace) -> Path:
    return workspace.outbox / MONTH / "通知" / "得分核对_区发改经信局.txt"


def rises(workspace: Workspace) -> None:
    """The investment is reported anew, and is on its way."""
    office = Office.of(workspace, "2026-W47")
    send(office, {("indicators", INVEST): figure(30, "统计快报")}, hours=-1)
    ingest(workspace, now=moment("2026-12-20 09:00"))


def test_a_letter_tells_the_score_that_its_workbook_has_now(workspace: Workspace) -> None:
    before = score_in(month(workspace))
    rises(workspace)
    made = month(workspace, IN_TIME)
    assert score_in(made) > before
    assert f"得分{score_in(made):.1f}分，扣分" in letter_of(workspace).read_text("utf-8-sig")
    (notice,) = made.awaited
    assert "没有新的扣分，此前没有发的请发给牵头单位；异议期到2026-11-26 17:00" in notice


def test_a_letter_of_another_score_is_gone_when_its_unit_can_object_no_more(workspace: Workspace) -> None:
    month(workspace)
    month(workspace, OVER)
    assert letter_of(workspace).exists()
    rises(workspace)
    month(workspace, OVER)
    assert not letter_of(workspace).exists()


def falls(workspace: Workspace) -> None:
    """The investment is reported anew, and is behind by another figure."""
    send(Office.of(workspace, "2026-W47"), {("indicators", INVEST): behind_by(13)}, hours=1)
    ingest(workspace, now=moment("2026-12-21 09:00"))


def test_a_deduction_that_was_lifted_and_comes_back_for_another_figure_is_told_anew(
    workspace: Workspace,
) -> None:
    month(workspace)
    rises(workspace)
    month(workspace, IN_TIME)
    falls(workspace)
    made = month(workspace, OVER)
    assert INVEST in rows_in(book_of(workspace))
    assert league_of(made) == []
    (notice,) = made.awaited
    assert "请把“得分核对稿”文件夹里的1份发给牵头单位" in notice
    assert "异议期到2026-12-02 17:00" in notice
    assert "于2026-12-02 17:00前发回" in letter_of(workspace).read_text("utf-8-sig")
    (again,) = month(workspace, OVER).awaited
    assert "没有新的扣分" in again


def test_an_objection_that_was_accepted_lifts_no_deduction_for_another_figure(workspace: Workspace) -> None:
    month(workspace)
    object_to(workspace, {INVEST: ("有异议", WHY)})
    decide(workspace, "采纳")
    month(workspace, IN_TIME)
    rises(workspace)
    month(workspace, IN_TIME)
    falls(workspace)
    (notice,) = month(workspace, OVER).awaited
    assert "异议期到2026-12-02 17:00" in notice
    row = rows_in(book_of(workspace))[INVEST]
    assert (row["扣分"], row["异议的办理"]) != ("不扣分", f"采纳：{WHY}")
    assert row["异议的办理"] is None
    file, _ = object_to(workspace, {INVEST: ("有异议", WHY)}, "又一份.xlsx", at=moment("2026-12-01 09:00"))
    assert [one.item[1] for one in file.objections] == [INVEST]


def test_an_objection_to_a_deduction_that_was_lifted_waits_for_nobody(workspace: Workspace) -> None:
    month(workspace)
    object_to(workspace, {INVEST: ("有异议", WHY)})
    rises(workspace)
    assert len(league_of(month(workspace, OVER))) == 1
    assert objections.ask(workspace).written is None


def test_an_answer_that_lies_where_the_letter_lay_stays(workspace: Workspace) -> None:
    month(workspace)
    object_to(workspace, {INVEST: ("有异议", WHY)})
    answered = letter_of(workspace).read_text("utf-8-sig")
    assert "录入异议1条" in answered
    rises(workspace)
    month(workspace, OVER)
    assert letter_of(workspace).read_text("utf-8-sig") == answered


def test_the_workbook_of_another_unit_is_refused(workspace: Workspace) -> None:
    month(workspace)
    file, _ = object_to(workspace, {INVEST: ("有异议", WHY)}, "区住建局/得分核对.xlsx")
    assert file.status is Status.REFUSED
    assert [f.code for f in file.findings] == [Code.LEAD_SENDER]


def test_the_offices_own_workbook_in_the_inbox_stays_there(workspace: Workspace) -> None:
    month(workspace)
    object_to(workspace, {INVEST: ("有异议", WHY)})
    path = objections.ask(workspace).written
    assert path is not None
    shutil.copy(path, workspace.inbox / "裁定.xlsx")
    (file,) = ingest(workspace).files
    assert [f.code for f in file.findings] == [Code.OFFICE_BOOK]
    assert (workspace.inbox / "裁定.xlsx").exists()


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_it_comes_back_in_whatever_format(ending: str, workspace: Workspace, tmp_path: Path) -> None:
    need("soffice")
    month(workspace)
    book = load_workbook(book_of(workspace))
    page = book["得分核对稿"]
    at = columns(page)
    page[f"{at['异议']}5"], page[f"{at['异议理由']}5"] = "有异议", WHY
    book.save(tmp_path / "核对.xlsx")
    (saved,) = save_all_as(ending, [tmp_path / "核对.xlsx"], tmp_path)
    shutil.copy(saved, workspace.inbox / saved.name)
    os.utime(workspace.inbox / saved.name, (IN_TIME.timestamp(), IN_TIME.timestamp()))
    (file,) = ingest(workspace, now=moment("2026-12-20 09:00")).files
    assert [one.item[1] for one in file.objections] == [INVEST]


def test_a_workbook_of_objections_that_was_filled_in_is_kept_beside_a_new_one(workspace: Workspace) -> None:
    month(workspace)
    object_to(workspace, {INVEST: ("有异议", WHY)})
    path = objections.ask(workspace).written
    assert path is not None
    book = load_workbook(path)
    book.worksheets[0]["A1"] = "填了一半"
    book.save(path)
    filled_in = path.read_bytes()
    assert objections.ask(workspace).written == path
    (kept,) = path.parent.glob("*手改备份*.xlsx")
    assert kept.read_bytes() == filled_in
    objections.ask(workspace)
    assert len(list(path.parent.iterdir())) == 2
