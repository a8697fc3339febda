"""A return that contradicts what was given out, and its judgement, waits for the office; meanwhile the old figure counts."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document
from openpyxl import load_workbook

from tenproj_xl.app.history import history
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.report import report
from tenproj_xl.app.results import Merged
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.periods import parse_period
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.publications import Publication, Series
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import plan_book
from tests.helpers.rollup_reading import one, opened, table
from tests.helpers.shared import made_once
from tests.helpers.small_weeks import figure, merged, send, small_workspace

CODE, STOCK = "Z01-01", "Z01-07"
EXPLAINED = {"lag_reason": "重新核对", "next_steps": "逐项核对"}


@pytest.fixture(scope="module")
def _published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        workspace = small_workspace(folder)
        merged(workspace, "2026-W47", {("indicators", CODE): figure(30, "部门统计")})
        give_out(workspace)
        sent_out(workspace, "2026-W48")

    return made_once(tmp_path_factory, "contradicted", make)


def give_out(workspace: Workspace) -> None:
    """Register W47's roll-up as given out at seven in the morning of 21 November."""
    with open_ledger(workspace.ledger, who="tests") as ledger:
        (told,) = ledger.published_before(parse_period("2026-W48"), 1)
        paper = Publication(
            series=Series.WEEK,
            year=2026,
            number=12,
            edition="week",
            published_at=datetime(2026, 11, 20, 23, tzinfo=UTC),
            published_by="赵六",
            files=(),
            told=told,
            plan="",
        )
        with ledger.batch("publish", datetime(2026, 11, 21, 1, tzinfo=UTC), load(workspace).snapshots):
            ledger.record_publication(paper)


@pytest.fixture
def office(_published: Path, tmp_path: Path) -> Office:
    """W47's paper, which was given out, says 30亿元 for October, 达序时; the forms of W48 are out."""
    folder = tmp_path / "工作区"
    shutil.copytree(_published, folder)
    return Office.of(Workspace(folder), "2026-W48")


def tenproj(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


def contradicted(office: Office, nature: str = "部门统计") -> Merged:
    send(office, {("indicators", CODE): figure(12, nature, **EXPLAINED)})
    return merge(office.workspace, "2026-W48")


def test_a_figure_of_a_row_that_was_renumbered_waits_too(office: Office) -> None:
    with plan_book(office.workspace) as plan:
        plan.set("主要指标", CODE, 指标编号="Z01-17", 原编号=CODE)
        for year in ("2023", "2025", "2026"):
            plan.set("年度计划", CODE, year, 指标编号="Z01-17")
    later = sent_out(office.workspace, "2026-W49")
    send(later, {("indicators", "Z01-17"): figure(12, "部门统计", **EXPLAINED)})
    done = merge(office.workspace, "2026-W49")
    assert any("1处更正会改变已印发的评价" in notice for notice in done.ingested.notices)


def test_one_whose_indicator_gets_another_code_meanwhile_is_told_under_that_code(office: Office) -> None:
    """Z01-01 becomes Z01-17 in W49, and a new indicator gets its code."""
    contradicted(office)
    with plan_book(office.workspace) as plan:
        plan.set("主要指标", CODE, 指标编号="Z01-17", 原编号=CODE)
        for year in ("2023", "2025", "2026"):
            plan.set("年度计划", CODE, year, 指标编号="Z01-17")
        plan.copy("主要指标", "Z01-11", 指标编号=CODE, 指标名称="新开工项目")
        plan.copy("年度计划", "Z01-11", "2026", 指标编号=CODE)
    sent_out(office.workspace, "2026-W49")
    told = "Z01-17“重大项目当年完成投资”2026年10月30→12亿元，达序时变滞后"
    assert told in tenproj(office, "status", "--period", "2026-W49").output
    decided = decide(office, "采用", "2026-W49")
    (path,) = (office.workspace.outbox / "2026-W49" / "待核实").glob("待核实清单*.xlsx")
    listed = table(path, "待核实清单")
    assert listed[["编号", "指标名称"]].to_numpy().tolist() == [["Z01-17", "重大项目当年完成投资"]]
    assert f"{told}（汇总2026年第12期）：采用" in decided.output


def test_a_list_made_before_the_code_changed_is_still_read(office: Office) -> None:
    contradicted(office)
    tenproj(office, "review")
    (path,) = (office.workspace.outbox / "2026-W48" / "待核实").glob("待核实清单*.xlsx")
    with look_into_ledger(office.workspace.ledger) as ledger:
        (waiting,) = ledger.reviews()
    book = load_workbook(path)
    page = book["待核实清单"]
    columns = {str(cell.value): n for n, cell in enumerate(page[2], 1)}
    said = {"校验码": waiting.sha256[:12], "决定": "采用", "核实人": "赵六", "核实情况": "已核对"}
    for header, answer in said.items():
        page.cell(3, columns[header]).value = answer
    book.save(path)
    assert "：采用" in tenproj(office, "review", str(path)).output


def shown(rollup: Path, *headers: str) -> list[object]:
    return [one(table(rollup, "主要指标"), CODE, header) for header in headers]


def decide(office: Office, decision: str, period: str = "2026-W48") -> Result:
    tenproj(office, "review")
    (path,) = (office.workspace.outbox / period / "待核实").glob("待核实清单*.xlsx")
    book = load_workbook(path)
    page = book["待核实清单"]
    columns = {str(cell.value): n for n, cell in enumerate(page[2], 1)}
    answers = {"决定": decision, "核实人": "赵六", "核实情况": "已与统计局核对"}
    for header, answer in answers.items():
        page.cell(3, columns[header]).value = answer
    book.save(path)
    return tenproj(office, "review", str(path))


def test_the_old_figure_counts_meanwhile_marked_and_the_operator_is_told(office: Office) -> None:
    made = contradicted(office)
    value, fresh = shown(made.rollup, "最新数值", "时效")
    assert (value, "待核实" in str(fresh)) == (30.0, True)
    (told,) = [text for text in made.ingested.notices if "待核实" in text]
    assert "Z01-01“重大项目当年完成投资”2026年10月30→12亿元，达序时变滞后（汇总2026年第12期）" in told


def first_page(rollup: Path) -> str:
    return "\n".join(str(cell.value) for row in opened(rollup)["总览"].iter_rows(max_row=6) for cell in row)


def test_page_one_tells_which_correction_waits_and_what_it_would_change_until_it_is_decided(
    office: Office,
) -> None:
    told = "更正待总专班办公室核实1处，暂按原数计：重大项目当年完成投资2026年10月30→12亿元（达序时变滞后）"
    assert told in first_page(contradicted(office).rollup)
    month = report(office.workspace, "month", "2026-10").written
    assert told in first_page(month[0])
    (brief,) = (path for path in month if path.name.endswith("_简报.docx"))
    assert f"{told}。" in [paragraph.text for paragraph in Document(str(brief)).paragraphs]
    decide(office, "不采用")
    assert "更正待" not in first_page(merge(office.workspace, "2026-W48").rollup)


def test_the_roll_up_of_an_earlier_week_knows_of_no_correction_that_came_later(office: Office) -> None:
    contradicted(office)
    assert "更正待" not in first_page(merge(office.workspace, "2026-W47").rollup)


def test_a_meeting_is_asked_whether_a_correction_that_waits_is_used(office: Office) -> None:
    contradicted(office)
    book = opened(report(office.workspace, "meeting", "2026-W48").written[0])
    said = [str(cell.value) for row in book["议程"].iter_rows() for cell in row if cell.value]
    assert any("（达序时变滞后），请定是否采用。" in text for text in said)


def letter_after_a_second_return(office: Office) -> str:
    """Return what task force 01 is told of the return for W47 that contradicts its first."""
    answers = {("indicators", CODE): figure(12, "部门统计", **EXPLAINED)}
    send(Office.of(office.workspace, "2026-W47"), answers, hours=30)
    (file,) = ingest(office.workspace, "2026-W47").files
    assert file.letter
    return file.letter.read_text("utf-8-sig")


def test_its_unit_is_told_that_it_waits_and_not_that_it_counts(office: Office) -> None:
    letter = letter_after_a_second_return(office)
    assert "“重大项目当年完成投资”30→12" in letter
    assert "已收到，因会改变已印发的评价，待总专班办公室核实，暂按原数计。" in letter
    assert "已按这一份计" not in letter


@pytest.mark.provokes(Code.FIGURE_WAITS)
def test_its_unit_is_told_that_it_waits_where_it_stands_in_the_form_of_the_next_week(office: Office) -> None:
    (file,) = contradicted(office).ingested.files
    assert file.letter
    letter = file.letter.read_text("utf-8-sig")
    assert (
        "2026年10月的数由30亿元变为12亿元；"
        "已收到，因会改变已印发的评价，待总专班办公室核实，暂按原数计。" in letter
    )


def test_its_unit_is_told_that_it_waits_where_something_else_has_to_be_corrected(office: Office) -> None:
    answers: dict[tuple[str, str], dict[str, object]] = {
        ("indicators", CODE): figure(12, "部门统计", **EXPLAINED),
        ("tasks", "R01-01"): {"status": "正常推进"},
    }
    send(office, answers)
    (file,) = ingest(office.workspace, "2026-W48").files
    told = "2026年10月的数由30亿元变为12亿元；已收到，因会改变已印发的评价，待总专班办公室核实，暂按原数计。"
    assert file.letter
    assert told in file.letter.read_text("utf-8-sig")
    assert file.answer
    to_do = [str(cell.value) for cell in load_workbook(file.answer)["修改清单"]["H"]]
    assert told in to_do


def test_its_unit_is_told_in_a_later_week_that_the_figure_was_refused_before(office: Office) -> None:
    contradicted(office)
    decide(office, "不采用")
    later = sent_out(office.workspace, "2026-W49")
    send(later, {("indicators", CODE): figure(12, "部门统计", **EXPLAINED)})
    (file,) = ingest(office.workspace, "2026-W49").files
    (told,) = [f.message for f in file.findings if f.code is Code.FIGURE_WAITS]
    assert "由30亿元变为12亿元；同一个数总专班办公室此前核实后没有采用，仍按原数计。" in told


def test_a_figure_that_does_not_wait_is_not_said_to(office: Office) -> None:
    send(office, {("indicators", CODE): figure(31, "部门统计")})
    (file,) = ingest(office.workspace, "2026-W48").files
    assert Code.FIGURE_WAITS not in [f.code for f in file.findings]


def test_what_explains_the_figure_that_waits_does_not_stand_beside_the_other(office: Office) -> None:
    letter_after_a_second_return(office)
    rollup = merge(office.workspace, "2026-W47").rollup
    told = shown(rollup, "最新数值", "滞后原因", "下一步举措", "时效")
    assert told == [30.0, "", "", "本期【有更正，待核实】"]


def outcome(rollup: Path, rule: str) -> object:
    return one(table(rollup, "核验清单", "问题类型"), rule, "处理", "问题类型")


def test_the_list_of_checks_says_that_it_does_not_count_until_it_is_adopted(office: Office) -> None:
    assert outcome(contradicted(office).rollup, "暂按原数计") == "未计入，按原数计"
    decide(office, "采用")
    assert outcome(merge(office.workspace, "2026-W48").rollup, "暂按原数计") == "已计入"


def test_the_list_of_checks_says_that_it_never_counts_where_it_was_refused(office: Office) -> None:
    contradicted(office)
    decide(office, "不采用")
    assert outcome(merge(office.workspace, "2026-W48").rollup, "暂按原数计") == "未计入，按原数计"


def test_the_list_of_checks_says_of_no_row_that_has_an_error_that_it_counts(office: Office) -> None:
    answers = {("indicators", CODE): figure(31, "大概", "10月"), ("indicators", "Z01-02"): figure(5, "预计")}
    send(office, answers)
    rollup = merge(office.workspace, "2026-W48").rollup
    assert outcome(rollup, "年份推断") == "该行未计入，待更正"


def test_adopted_it_counts_and_is_told_as_a_restatement_of_the_paper(office: Office) -> None:
    contradicted(office)
    assert decide(office, "采用").exit_code == 0
    rollup = merge(office.workspace, "2026-W48").rollup
    assert shown(rollup, "最新数值", "进度评价") == [12.0, "滞后"]
    lines = table(rollup, "数据修订和更正")
    told = [one(lines, CODE, header) for header in ("原数", "现数", "首次公布", "公布在", "改变评价或名次")]
    assert told == [30.0, 12.0, 30.0, "汇总2026年第12期", "是"]


def test_adopted_under_an_older_week_it_is_told_with_what_the_office_found_out(office: Office) -> None:
    answers = {("indicators", CODE): figure(12, "部门统计", **EXPLAINED)}
    send(Office.of(office.workspace, "2026-W47"), answers, hours=30)
    ingest(office.workspace, "2026-W47")
    merge(office.workspace, "2026-W48")
    sent_out(office.workspace, "2026-W49")
    decide(office, "采用", "2026-W49")
    rollup = merge(office.workspace, "2026-W49").rollup
    told = "已与统计局核对"
    assert one(table(rollup, "数据修订和更正"), CODE, "为何") == f"总专班办公室核实后采用：{told}"
    changes = table(rollup, "本期变化")
    (revised,) = changes[changes["变化"] == "数据修订"]["单位自述的原因、进展"]
    assert revised.endswith(told)


def test_refused_it_never_counts_and_is_not_asked_about_again(office: Office) -> None:
    contradicted(office)
    decide(office, "不采用")
    rollup = merge(office.workspace, "2026-W48").rollup
    assert shown(rollup, "最新数值") == [30.0]
    again = merged(office.workspace, "2026-W49", {("indicators", CODE): figure(12, "部门统计", **EXPLAINED)})
    assert shown(again.rollup, "最新数值") == [30.0]
    assert "没有待核实的更正和疑问" in tenproj(office, "review").stderr


def test_a_second_return_that_waits_leaves_the_figure_of_the_first_in_force(office: Office) -> None:
    send(office, {("indicators", CODE): figure(31, "部门统计")})
    merge(office.workspace, "2026-W48")
    send(office, {("indicators", CODE): figure(12, "部门统计", **EXPLAINED)}, hours=-1)
    made = merge(office.workspace, "2026-W48")
    value, state, fresh = shown(made.rollup, "最新数值", "进度评价", "时效")
    assert (value, state, "待核实" in str(fresh)) == (31.0, "达序时", True)


def test_what_waits_is_told_in_its_history_as_not_adopted(office: Office) -> None:
    contradicted(office)
    values = [v for v in history(office.workspace, CODE).values if v.is_main]
    assert [(v.value, v.standing.label) for v in values] == [(30.0, "现行"), (12.0, "未采用")]


def test_a_figure_of_a_higher_nature_goes_in_at_once(office: Office) -> None:
    assert shown(contradicted(office, "统计快报").rollup, "最新数值") == [12.0]


def test_one_of_the_year_waits_where_it_contradicts_that_of_its_december(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "工作区")
    merged(workspace, "2026-W47", {("indicators", STOCK): figure(910, "统计核定", "2025年12月")})
    give_out(workspace)
    answer = figure(850, "统计核定", "2025年", **EXPLAINED)
    made = merged(workspace, "2026-W48", {("indicators", STOCK): answer})
    assert one(table(made.rollup, "主要指标"), STOCK, "最新数值") == 910.0


def test_a_figure_that_changes_no_judgement_goes_in_at_once(office: Office) -> None:
    send(office, {("indicators", CODE): figure(31, "部门统计")})
    assert shown(merge(office.workspace, "2026-W48").rollup, "最新数值") == [31.0]
    assert (
        date(2026, 11, 21)
        == table(merge(office.workspace, "2026-W48").rollup, "数据修订和更正")["公布日期"][0]
    )


def test_a_list_that_was_filled_in_is_kept_beside_a_new_one(office: Office) -> None:
    contradicted(office)
    tenproj(office, "review")
    (path,) = (office.workspace.outbox / "2026-W48" / "待核实").glob("待核实清单*.xlsx")
    book = load_workbook(path)
    book.worksheets[0]["A3"] = "填了一半"
    book.save(path)
    filled_in = path.read_bytes()
    told = tenproj(office, "review").stderr
    (kept,) = path.parent.glob("*手改备份*.xlsx")
    assert kept.read_bytes() == filled_in
    assert f"原来的一份已改名为“{kept.name}”" in told
    tenproj(office, "review")
    assert len(list(path.parent.iterdir())) == 2


def test_a_figure_that_waits_answers_a_question_once_it_is_adopted(office: Office) -> None:
    def became() -> list[str]:
        with look_into_ledger(office.workspace.ledger) as ledger:
            return [q.state.label for q in ledger.questions_about([CODE]) if q.value == "300"]

    send(office, {("indicators", CODE): figure(300, "部门统计")})
    merge(office.workspace, "2026-W48")
    assert became() == ["待核实"]
    contradicted(office)
    assert became() == ["待核实"]
    decide(office, "采用")
    assert became() == ["更正"]
