"""核实与裁定, 印发, 报告, 审定, 督办 by clicks alone: workbooks are made, filled in and given back, and it counts."""

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tenproj_xl.app import objections
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.files import sha256_of_file
from tenproj_xl.desk.jobs import Job
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.statuses import Status
from tests.app import test_admit, test_amend, test_review, test_score_checks
from tests.app.test_ingest import value
from tests.app.test_versions import figure as of_science
from tests.conftest import PERIOD
from tests.desk.visitor import Visitor, file
from tests.helpers.address_book import contact
from tests.helpers.by_unit import SCIENCE
from tests.helpers.filling import Office, sent_out
from tests.helpers.rollup_reading import one, table
from tests.helpers.small_weeks import figure, merged, send, small_workspace
from tests.office import test_meeting, test_resolve, test_supervise
from tests.office.test_signoff import CODE as ISSUE
from tests.office.test_signoff import SignoffFile, SignoffOffice, saved

_returned = test_score_checks._returned
scored = test_score_checks.workspace


def at(workspace: Workspace) -> Visitor:
    return Visitor(workspace.root)


def made_by(job: Job, part: str = "") -> Path:
    """Return the one workbook that a click made."""
    assert job.status == 0, job.text
    (path,) = (path for path in job.products if path.suffix == ".xlsx" and part in path.name)
    return path


def chosen(visitor: Visitor, path: Path) -> dict[str, object]:
    """Choose a workbook where it lies, as the field offers it."""
    relative = visitor.desk.workspace.relative(path)
    return {"file": relative}


def sent(path: Path, name: str = "填好的.xlsx") -> dict[str, object]:
    """Choose a workbook of the computer, under whatever name it was saved."""
    return {"file_sent": [file(name, path.read_bytes())]}


def rewritten(path: Path, sheet: str, head: int, *rows: Mapping[str, object]) -> None:
    """Fill in rows of a workbook from below its headers on, by the headers."""
    book = load_workbook(path)
    page = book[sheet]
    columns = {str(cell.value): n for n, cell in enumerate(page[head], 1)}
    for number, row in enumerate(rows, head + 1):
        for header, answer in row.items():
            page.cell(number, columns[header]).value = answer  # type: ignore[assignment]  # any value
    book.save(path)


# --- 冲突

RULING = {"以哪家为准": SCIENCE, "裁定人": "赵六", "理由": "已与统计局核对"}


@pytest.mark.parametrize("how", ["where it lies", "from the computer"])
def test_a_disagreement_is_listed_decided_and_given_back(out: Office, how: str) -> None:
    test_resolve.disagreed(out)
    visitor = at(out.workspace)
    listed = visitor.click("resolve", "make", {"period": PERIOD})
    path = made_by(listed, "分歧裁定")
    assert "各家说法不一1处" in listed.text
    assert "现在有 1处 等着办。" in visitor.see("/steps/resolve/waiting")
    assert (
        '<span id="waiting-resolve" class="count" hx-swap-oob="true">1处</span>'
        in visitor.ask("/steps/waiting").text
    )
    test_resolve.decide(path, **RULING)
    assert path.name in visitor.see("/steps/resolve")
    taken = visitor.click("resolve", "take", chosen(visitor, path) if how == "where it lies" else sent(path))
    assert taken.status == 0, taken.text
    assert "已裁定：" in taken.text
    assert value(out, "Z03-02") == 2.3
    assert "现在没有等着办的。" in visitor.see("/steps/resolve/waiting")
    again = visitor.click("resolve", "take", sent(path, "又交一次.xlsx"))
    assert "1处此前已经这样裁定，未作改动。" in again.text


def test_without_a_disagreement_there_is_nothing_to_decide(out: Office) -> None:
    job = at(out.workspace).click("resolve", "make")
    assert (job.status, job.products) == (0, ())
    assert "没有待裁定的分歧" in job.text


# --- 待核实


def test_what_would_change_a_paper_is_listed_and_decided(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "工作区")
    merged(workspace, "2026-W47", {("indicators", test_review.CODE): figure(30, "部门统计")})
    test_review.give_out(workspace)
    office = sent_out(workspace, "2026-W48")
    test_review.contradicted(office)
    visitor = at(workspace)
    path = made_by(visitor.click("review", "make"), "待核实清单")
    rewritten(path, "待核实清单", 2, {"决定": "采用", "核实人": "赵六", "核实情况": "已与统计局核对"})
    taken = visitor.click("review", "take", chosen(visitor, path))
    assert taken.status == 0, taken.text
    assert "没有待核实" in visitor.click("review", "make").text
    rollup = merge(workspace, "2026-W48").rollup
    assert one(table(rollup, "主要指标"), test_review.CODE, "最新数值") == 12


# --- 来源


@pytest.fixture
def waiting(week: Office) -> Office:
    """08's form came from the address of another unit, and waits."""
    contact(week.workspace, "区科技局", "周一", to="kjj@example.com")
    contact(week.workspace, "区文广旅体局", "陈二", to="wgl@example.com")
    mail = test_admit.mailed(test_admit.stopped(week), "kjj@example.com")
    assert test_admit.arrive(week, mail).status is Status.AWAITING
    return week


def one_offered(visitor: Visitor, step: str) -> str:
    """Return the value of the one received file that a step's page lets choose."""
    page = visitor.ask(f"/steps/{step}").text
    field = page.split('name="received"')[1].split("</select>")[0]
    values = [part.split('"')[0] for part in field.split('value="')[1:]]
    (value,) = filter(None, values)
    return value


def test_a_return_from_another_units_address_is_chosen_by_name_and_admitted(waiting: Office) -> None:
    visitor = at(waiting.workspace)
    assert "来信.eml/填报表.xlsx　区文广旅体局　第48期" in visitor.ask("/steps/admit").text
    assert "现在有 1份 等着办。" in visitor.see("/steps/admit/waiting")
    job = visitor.click("admit", "admit", {"received": one_offered(visitor, "admit")})
    assert job.status == 0, job.text
    assert test_admit.progress(waiting) == "已全部停工"
    assert "没有等待核实来源的回表" in visitor.see("/steps/admit")


def test_one_that_shall_not_count_is_withdrawn_where_it_is_asked_about(waiting: Office) -> None:
    visitor = at(waiting.workspace)
    refused = visitor.send("/steps/admit/reject", {"received": one_offered(visitor, "admit")})
    assert refused.status_code == 409
    assert "请填“原因”。" in refused.text
    job = visitor.click(
        "admit", "reject", {"received": one_offered(visitor, "admit"), "why": "电话核实，不是本单位所报"}
    )
    assert job.status == 0, job.text
    assert test_admit.progress(waiting) is None
    assert "没有等待核实来源的回表" in visitor.see("/steps/admit")


def test_nothing_chosen_starts_nothing(week: Office) -> None:
    visitor = at(week.workspace)
    for step, action in (
        ("admit", "admit"),
        ("prefer", "prefer"),
        ("withdraw", "withdraw"),
        ("withdraw", "undo"),
    ):
        answer = visitor.send(f"/steps/{step}/{action}", {"why": "看错了"})
        assert answer.status_code == 409
        assert "还没有选文件" in answer.text
    assert visitor.desk.jobs.past == []


# --- 版本, 撤回


def counts(office: Office, code: str = "Z03-04") -> object:
    with look_into_ledger(office.workspace.ledger) as ledger:
        row = ledger.history().latest("indicators", code)
    return row.values["value"] if row else None


def test_of_two_returns_that_one_counts_which_is_chosen(week: Office) -> None:
    week.send(of_science(week, 76), "周五.xlsx", hours=-3)
    week.send(of_science(week, 75), "周四.xlsx", hours=-20)
    ingest(week.workspace, PERIOD)
    visitor = at(week.workspace)
    page = visitor.ask("/steps/prefer").text
    thursday = page.split("周四.xlsx")[0].rpartition('value="')[2].split('"')[0]
    job = visitor.click("prefer", "prefer", {"received": thursday, "why": "电话核实"})
    assert job.status == 0, job.text
    assert "“技术交易总额”76→75" in job.text
    assert job.command == f"tenproj prefer --why 电话核实 {thursday}"
    assert counts(week) == 75


def test_a_return_is_withdrawn_and_counts_again(week: Office) -> None:
    week.send(of_science(week, 76), "周五.xlsx", hours=-3)
    ingest(week.workspace, PERIOD)
    visitor = at(week.workspace)
    job = visitor.click(
        "withdraw", "withdraw", {"received": one_offered(visitor, "withdraw"), "why": "报错了单位"}
    )
    assert job.status == 0, job.text
    assert counts(week) is None
    page = visitor.ask("/steps/withdraw").text
    key = page.split("已撤回：报错了单位")[0].rpartition('value="')[2].split('"')[0]
    assert visitor.click("withdraw", "undo", {"received": key, "why": "查明没有错"}).status == 0
    assert counts(week) == 76


# --- 代录


def test_what_was_said_on_the_telephone_is_recorded(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "工作区")
    merged(workspace, "2026-W47", {("indicators", test_amend.CODE): figure(30, "部门统计")})
    sent_out(workspace, "2026-W48")
    visitor = at(workspace)
    path = made_by(visitor.click("amend", "make"), "代录单")
    book = load_workbook(path)
    book["代录单"].append([test_amend.CODE, "最新数值", "31", "2026年10月", None, test_amend.BASIS, "赵六"])
    book.save(path)
    taken = visitor.click("amend", "take", chosen(visitor, path))
    assert taken.status == 0, taken.text
    assert "已代录：" in taken.text
    rollup = merge(workspace, "2026-W48").rollup
    assert one(table(rollup, "主要指标"), test_amend.CODE, "最新数值") == 31


def test_one_number_is_recorded_on_the_page_by_its_name(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "工作区")
    merged(workspace, "2026-W47", {("indicators", test_amend.CODE): figure(30, "部门统计")})
    sent_out(workspace, "2026-W48")
    visitor = at(workspace)
    page = visitor.ask("/steps/amend").text
    (offered,) = (part.split('"')[0] for part in page.split('<option value="') if part.startswith("Z01-01 "))
    assert '<option value="2026-10">2026年10月</option>' in page
    given = {
        "row": offered,
        "column": "最新数值",
        "value": "31",
        "period": "2026-10",
        "basis": test_amend.BASIS,
    }
    refused = visitor.send("/steps/amend/one", given)
    assert "请填“代录人”。" in refused.text
    refused = visitor.send("/steps/amend/one", {**given, "by": "赵" * 60_000})
    assert "“代录人”太长，最多2000字。" in refused.text
    job = visitor.click("amend", "one", {**given, "by": "赵六"})
    assert job.status == 0, job.text
    assert "已代录：" in job.text
    rollup = merge(workspace, "2026-W48").rollup
    assert one(table(rollup, "主要指标"), test_amend.CODE, "最新数值") == 31
    nothing = visitor.send("/steps/amend/one", {**given, "row": " ", "by": "赵六"})
    assert "请填“哪一项”" in nothing.text


# --- 议定事项


def test_what_a_meeting_agreed_on_goes_with_the_next_form(week: Office) -> None:
    visitor = at(week.workspace)
    path = made_by(visitor.click("meeting", "make"), "议定事项")
    agreed = test_meeting.MeetingFile(path)
    agreed.write(1, test_meeting.ITEM)
    agreed.book.save(path)
    taken = visitor.click("meeting", "take", sent(path, "会后.xlsx"))
    assert taken.status == 0, taken.text
    assert "W03-2026-001" in taken.text
    later = sent_out(week.workspace, "2026-W49")
    (row,) = (row for row in later.forms["03"].part("issues").rows if row.code == "W03-2026-001")
    assert "协调落实北部软件园扩建地块用地指标" in str(row.printed)


# --- 异议


def test_an_objection_to_a_score_is_listed_and_decided(scored: Workspace) -> None:
    test_score_checks.month(scored)
    test_score_checks.object_to(scored, {test_score_checks.INVEST: ("有异议", test_score_checks.WHY)})
    visitor = at(scored)
    path = made_by(visitor.click("objections", "make"), "得分异议裁定表")
    book = load_workbook(path)
    page = book["得分异议裁定表"]
    head = next(cells for cells in page.iter_rows() if "决定" in {cell.value for cell in cells})[0].row
    rewritten(path, page.title, int(head or 0), {"决定": "采纳", "决定人": "王主任", "决定理由": "情况属实"})
    taken = visitor.click("objections", "take", chosen(visitor, path))
    assert taken.status == 0, taken.text
    assert "采纳，情况属实" in taken.text
    assert objections.ask(scored).written is None


# --- 审定


def test_an_issue_is_signed_off(week: Office) -> None:
    office = SignoffOffice(week.workspace, week)
    office.registers()
    office.next_week("2026-W49")
    office.applies(date(2026, 12, 3))
    visitor = at(week.workspace)
    drawn = visitor.click("signoff", "make")
    path = made_by(drawn, "销号审定")
    assert "待审定1个问题。" in drawn.text
    assert "现在有 1个 等着办。" in visitor.see("/steps/signoff/waiting")
    page = visitor.see("/steps/signoff")
    assert f"{path.name} 看 “{path.name}” 打开 “{path.name}”" in page
    signed = SignoffFile(path)
    signed.decide(ISSUE, on=date(2026, 12, 4), verdict="同意销号", opinion="已核实")
    signed.book.save(path)
    saved(path, date(2026, 12, 4))
    taken = visitor.click("signoff", "take", chosen(visitor, path))
    assert taken.status == 0, taken.text
    signed_off = office.issue_history().signed_off
    assert signed_off is not None
    assert signed_off.on == date(2026, 12, 4)


# --- 督办


@pytest.fixture
def behind(later: Office, tmp_path: Path) -> Office:
    """Task force 03 returns that its first two tasks lag."""
    root = tmp_path / "工作区"
    shutil.copytree(later.workspace.root, root)
    office = Office.of(Workspace(root), PERIOD)
    form = office.right("03")
    for code in ("R03-01", "R03-02"):
        form.write("tasks", code, status="滞后", problems="资金未到位", next_steps="提请协调")
    office.send(form)
    merge(office.workspace, PERIOD)
    return office


def test_what_is_chosen_gets_its_slip(behind: Office) -> None:
    visitor = at(behind.workspace)
    path = made_by(visitor.click("supervise", "make"), "督办事项选择表")
    test_supervise.choose(path, {"R03-01": {"是否督办": "是", "签发人": "王五"}})
    issued = visitor.click("supervise", "take", chosen(visitor, path))
    assert issued.status == 0, issued.text
    assert "R03-01" in issued.text
    (slip,) = test_supervise.register(behind).slips
    assert slip.code == "R03-01"
    names = [product.name for product in issued.products]
    assert any("督办单" in name for name in names)


# --- 印发, 报告


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """A week of the small plan that was merged and signed by clicks."""
    workspace = small_workspace(tmp_path_factory.mktemp("papers") / "工作区")
    office = sent_out(workspace, "2026-W48")
    send(office, {("indicators", "Z01-01"): figure(30, "部门统计")})
    visitor = at(workspace)
    assert visitor.click("merge", "make", {"final": "王主任"}).status == 0
    return visitor


def test_papers_are_registered_as_they_were_given_out(papers: Visitor) -> None:
    workspace = papers.desk.workspace
    page = papers.ask("/steps/publish").text
    assert "_挂图作战.html" not in page, "it is no paper"
    folder = workspace.outbox / "2026-W48" / "汇总"
    (brief,) = folder.glob("*签发稿*简报.docx")
    (rollup,) = (path for path in folder.glob("*签发稿.xlsx"))
    for path in (brief, rollup):
        assert workspace.relative(path) in page
    scan = file("简报签字.pdf", b"%PDF-1.4\n%%EOF")
    refused = papers.send("/steps/publish/register", {"file": [workspace.relative(brief)]})
    assert "请填“印发人”。" in refused.text
    given = {"file": [workspace.relative(brief)], "file_sent": [scan], "by": "赵六"}
    job = papers.click("publish", "register", {**given, "period": "2026-W48", "series": "brief"})
    assert job.status == 0, job.text
    more = papers.click("publish", "register", {"file": [workspace.relative(rollup)], "by": "赵六"})
    assert more.status == 0, more.text
    with look_into_ledger(workspace.ledger) as ledger:
        kept = {kept.sha256 for paper in ledger.publications("2026-W48") for kept in paper.files}
    assert {sha256_of_file(brief), sha256_of_file(rollup)} < kept
    assert len(kept) == 3

    listed = papers.click("publications", "list")
    assert "赵六" in listed.text
    taken_out = papers.click("publications", "take_out", {"period": "2026-W48"})
    assert taken_out.status == 0, taken_out.text
    hashes = {
        sha256_of_file(path) for path in (workspace.outbox / "取出的印发稿").rglob("*") if path.is_file()
    }
    assert hashes == kept


@pytest.mark.parametrize(
    ("code", "given"),
    [("meeting", "2026-W48"), ("month", "2026-11"), ("quarter", "2026-Q4"), ("year", "2026")],
)
def test_each_report_is_made_for_the_period_at_hand_or_a_chosen_one(
    papers: Visitor, code: str, given: str
) -> None:
    step = f"report-{code}"
    assert f'<option value="{given}">' in papers.ask(f"/steps/{step}").text
    job = papers.click(step, "make")
    assert job.status == 0, job.text
    assert job.command == f"tenproj report --{code}"
    names = [path.name for path in job.products]
    again = papers.click(step, "make", {code: given, "final": "王主任"})
    assert again.status == 0, again.text
    assert again.command == f"tenproj report --{code} {given} --final 王主任"
    for made in (names, [path.name for path in again.products]):
        assert any(name.endswith(".xlsx") for name in made)
        assert any(name.endswith(".docx") for name in made)
    assert any(
        path.name in papers.ask("/steps/publish").text for path in again.products if path.suffix == ".docx"
    )


# --- the same on every page

GIVEN_BACK = ("review", "resolve", "objections", "meeting", "amend", "signoff", "supervise")


@pytest.mark.parametrize("step", GIVEN_BACK)
def test_a_workbook_that_is_broken_is_told_in_words_and_changes_nothing(papers: Visitor, step: str) -> None:
    with look_into_ledger(papers.desk.workspace.ledger) as ledger:
        before = ledger.sequence()
    job = papers.click(step, "take", {"file_sent": [file("交回.xlsx", b"PK\x03\x04")]})
    assert job.status in (1, 2, 3), job.text
    assert "打不开" in job.text
    with look_into_ledger(papers.desk.workspace.ledger) as ledger:
        assert ledger.sequence() == before


@pytest.mark.parametrize("step", GIVEN_BACK)
def test_another_workbook_of_ours_is_not_taken_for_it(papers: Visitor, step: str) -> None:
    (rollup,) = (papers.desk.workspace.outbox / "2026-W48" / "汇总").glob("*汇总表_签发稿.xlsx")
    with look_into_ledger(papers.desk.workspace.ledger) as ledger:
        before = ledger.sequence()
    job = papers.click(step, "take", {"file_sent": [file("汇总表.xlsx", rollup.read_bytes())]})
    assert job.status in (1, 2, 3), job.text
    assert f"tenproj {step}" in job.text
    with look_into_ledger(papers.desk.workspace.ledger) as ledger:
        assert ledger.sequence() == before
