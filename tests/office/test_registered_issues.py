"""Registered issues: what is locked on the form, what becomes of text typed over it, and how it is changed."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.answers import IssueSource
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding
from tenproj_xl.validation.new_issues import namesakes
from tests.helpers.filling import Filling, Office
from tests.helpers.shared import made_once
from tests.office.test_signoff import CODE, ISSUE, WAITING, SignoffOffice

WEEK = "2026-W49"


@pytest.fixture(scope="session")
def _registered(_first_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        shutil.copytree(_first_week, folder)
        office = SignoffOffice(Workspace(folder), Office.of(Workspace(folder), "2026-W48"))
        office.registers()
        office.next_week(WEEK)

    return made_once(tmp_path_factory, "registered-issue", make)


@pytest.fixture
def office(_registered: Path, tmp_path: Path) -> SignoffOffice:
    """An issue was registered in 2026-W48, and forms of 2026-W49 are out."""
    workspace = Workspace(tmp_path / "week")
    shutil.copytree(_registered, workspace.root)
    return SignoffOffice(workspace, Office.of(workspace, WEEK))


def about_issues(result: FileResult) -> list[Finding]:
    return [f for f in result.findings if f.sheet == "问题销号进度表"]


def returned(office: SignoffOffice, **values: object) -> list[Finding]:
    return about_issues(office.says(**values).files[0])


def test_what_an_issue_is_registered_as_is_locked_and_a_change_can_be_asked_for(
    office: SignoffOffice,
) -> None:
    row = office.row()
    assert row is not None
    columns = {c.field: c for c in office.week.forms["03"].part("issues").sheet.columns}
    closed = [
        name for name in ("description", "category", "unit", "raised_on") if not row.is_open(columns[name])
    ]
    assert closed == ["description", "category", "unit", "raised_on"]
    assert row.is_open(columns["change_request"])


@pytest.mark.provokes(Code.REGISTERED_CHANGED)
def test_what_is_typed_over_it_is_told_and_not_taken_while_the_row_counts(office: SignoffOffice) -> None:
    (told,) = returned(office, unit="区财政局", status="整改中", progress="已报市局复核")
    assert told.message == (
        "第5行“项目用地指标尚未落实”：问题登记后，下列内容不能直接改，仍按登记的计：“责任单位”原为“区科技局”，"
        "现为“区财政局”。确需变更的，请在“申请变更”写明改成什么和理由，由总专班办公室审定。"
    )
    issue = office.issue_history()
    assert (issue.reported("unit"), issue.reported("progress")) == ("区科技局", "已报市局复核")


def test_another_deadline_is_asked_for_as_an_extension(office: SignoffOffice) -> None:
    (found,) = returned(office, due_on=date(2027, 3, 31), status="整改中", progress="已报市局复核")
    assert found.message.endswith("确需变更的，请填“申请延期至”和“延期理由”，由总专班办公室审定。")
    (found,) = returned(office, due_on=date(2027, 3, 31), unit="区财政局", progress="已报市局复核")
    assert found.message.endswith(
        "确需变更的，请在“申请变更”写明改成什么和理由，其中时限请填“申请延期至”和“延期理由”，由总专班办公室审定。"
    )


def test_other_words_for_the_same_issue_do_not_make_another(office: SignoffOffice) -> None:
    said = {"description": "项目用地指标至今没有落实", "status": "整改中", "progress": "已报市局复核"}
    assert [f.code for f in returned(office, **said)] == [Code.REGISTERED_CHANGED]
    assert office.issue_history().reported("description") == ISSUE["description"]
    assert list(office.rolled_up()) == [CODE]


@pytest.mark.provokes(Code.ISSUE_OVERWRITTEN)
def test_another_issue_written_over_it_is_registered_anew_and_asked_about(office: SignoffOffice) -> None:
    said = {"description": "施工用电容量不足", "category": "用能", "status": "整改中", "progress": "已申请"}
    (asked,) = returned(office, **said)
    assert asked.message == (
        "第5行“项目用地指标尚未落实”：这一行登记的是“项目用地指标尚未落实”，现写成“施工用电容量不足”，已作为新问题登记；"
        "原问题不变，本期按未填计。其实是原问题的，请改回原来的描述后发回，并请告知总专班办公室撤去新的一个；"
        "新问题请填在空行里。"
    )
    old, new = office.issue_history(), office.issue_history("W03-2026-002")
    assert (old.reported("description"), old.reported("progress")) == (ISSUE["description"], "已报市局")
    assert (new.reported("description"), new.reported("progress")) == ("施工用电容量不足", "已申请")


def test_the_same_row_sent_again_is_the_same_new_issue(office: SignoffOffice) -> None:
    for progress in ("已申请", "已批复"):
        returned(office, description="施工用电容量不足", status="整改中", progress=progress)
    assert sorted(office.rolled_up()) == [CODE, "W03-2026-002"]


def registers_twice(office: SignoffOffice, name: str, hours: float, **other: object) -> FileResult:
    """A return registers the same words in two blank rows."""

    def twice(form: Filling) -> None:
        said = {**ISSUE, "description": "配套资金未到位"}
        form.write("issues", "+1", **said)
        form.write("issues", "+2", **{**said, **other})

    return office.returns(twice, name, hours).files[0]


def test_the_same_words_of_two_units_are_two_issues_whenever_they_come(office: SignoffOffice) -> None:
    other = {"unit": "区财政局", "related": "R03-01", "due_on": date(2027, 3, 31)}
    registers_twice(office, "1.xlsx", -3, **other)
    registers_twice(office, "2.xlsx", -2, **other)
    shown = {code: line["责任单位"] for code, line in office.rolled_up().items()}
    assert shown == {CODE: "区科技局", "W03-2026-002": "区科技局", "W03-2026-003": "区财政局"}
    second = "W03-2026-003"
    office.returns(
        lambda form: form.write("issues", "+2", **{**ISSUE, "description": "配套资金未到位", **other}),
        "3.xlsx",
        -1,
    )
    assert office.issue_history(second).reported("due_on") == date(2027, 3, 31)
    assert len(office.rolled_up()) == 3


def test_a_row_is_known_by_its_place_wherever_it_was_judged(office: SignoffOffice) -> None:
    judgement = registers_twice(office, "1.xlsx", -3, unit="区财政局").judgement
    assert judgement is not None
    elsewhere = [replace(row) for row in judgement.source.rows if row.is_written]
    assert [namesakes(row, judgement.source) for row in elsewhere] == [0, 1]


POWER: dict[str, object] = {**ISSUE, "description": "施工用电容量不足"}


def last_week_again(office: SignoffOffice, **other: object) -> FileResult:
    """The form of 2026-W48 comes once more, late, with one more issue."""
    late = SignoffOffice(office.workspace, Office.of(office.workspace, "2026-W48"))

    def one_more(form: Filling) -> None:
        form.write("issues", "+1", **ISSUE)
        form.write("issues", "+2", **{**POWER, **other})

    return late.returns(one_more, "late.xlsx", hours=100).files[0]


def test_the_same_issue_in_a_late_return_of_the_week_before_is_one(office: SignoffOffice) -> None:
    office.returns(lambda form: form.write("issues", "+1", **POWER), hours=-9)
    last_week_again(office, progress="已申请")
    assert sorted(office.rolled_up()) == [CODE, "W03-2026-002"]
    periods = [row.period.code for row in office.issue_history("W03-2026-002").rows]
    assert periods == ["2026-W48", WEEK]


def test_the_same_words_with_another_deadline_are_another_issue_in_a_late_return(
    office: SignoffOffice,
) -> None:
    office.returns(lambda form: form.write("issues", "+1", **POWER), hours=-9)
    last_week_again(office, due_on=date(2027, 5, 31))
    assert sorted(office.rolled_up()) == [CODE, "W03-2026-002", "W03-2026-003"]


def test_a_registered_issue_written_into_a_blank_row_too_is_asked_about_and_keeps_its_row(
    office: SignoffOffice,
) -> None:
    def twice(form: Filling) -> None:
        form.write("issues", CODE, status="整改中", progress="已报市局复核")
        form.write("issues", "+1", **ISSUE)

    found = about_issues(office.returns(twice).files[0])
    assert [f.code for f in found] == [Code.ISSUE_TWICE]
    assert office.issue_history().reported("progress") == "已报市局复核"


def test_the_same_issue_in_two_rows_of_a_return_is_one(office: SignoffOffice) -> None:
    registers_twice(office, "1.xlsx", -3)
    assert sorted(office.rolled_up()) == [CODE, "W03-2026-002"]


def test_a_blank_row_that_was_filled_in_and_copied_registers_an_issue_each(office: SignoffOffice) -> None:
    texts = ["施工用电容量不足", "征迁评估没有完成", "弃土场没有落实"]

    def copied(form: Filling) -> None:
        form.write("issues", "+1", **{**ISSUE, "description": texts[0]})
        for text in texts[1:]:
            number = form.copy_row("issues", "+1")
            form.tab("issues").cell(number, form.column("issues", "description")).value = text

    found = about_issues(office.returns(copied).files[0])
    assert {f.code for f in found} == {Code.ROW_NEW, Code.ISSUE_SILENT}
    shown = office.rolled_up()
    assert sorted(shown) == [CODE, "W03-2026-002", "W03-2026-003", "W03-2026-004"]
    assert [line["问题描述"] for code, line in sorted(shown.items()) if code != CODE] == texts


@pytest.mark.provokes(Code.ISSUE_SILENT)
def test_an_open_issue_that_is_passed_over_is_asked_about(office: SignoffOffice) -> None:
    result = office.returns(
        lambda form: form.write("tasks", "R03-01", status="序时推进", progress="按计划推进")
    )
    (asked,) = about_issues(result.files[0])
    assert asked.message == (
        "第5行“项目用地指标尚未落实”：这个问题还没有销号，本期没有填写“进展情况”，请补报；"
        "没有新进展的，也请写明卡在哪里。"
    )


def test_an_issue_that_waits_for_its_sign_off_needs_no_word(office: SignoffOffice) -> None:
    office.applies(date(2026, 12, 3))
    office.next_week("2026-W50")
    result = office.returns(
        lambda form: form.write("tasks", "R03-01", status="序时推进", progress="按计划推进")
    )
    assert about_issues(result.files[0]) == []


# --- 申请变更


def asked_to_change(office: SignoffOffice) -> None:
    done = office.says(
        change_request="责任单位改为区财政局，职责已调整", status="整改中", progress="已报市局复核"
    )
    assert about_issues(done.files[0]) == []
    (notice,) = done.notices
    assert notice == (
        "有1个问题申请变更登记的内容，审定之前仍按登记的：W03-2026-001“项目用地指标尚未落实”："
        "责任单位改为区财政局，职责已调整。请运行 tenproj signoff。"
    )


def test_a_change_that_the_office_agrees_to_counts_from_then_on(office: SignoffOffice) -> None:
    asked_to_change(office)
    drawn = office.draw()
    assert drawn.value(WAITING, CODE, "asks") == (
        "【申请变更】责任单位改为区财政局，职责已调整\n登记的类别、来源、责任单位、提出日期：用地、自查、区科技局、2026-11-23"
    )
    drawn.decide(CODE, change="同意变更", new_unit="区财政局", on=date(2026, 12, 4))
    assert office.sign(drawn).findings == ()
    assert office.rolled_up()[CODE]["责任单位"] == "区财政局"
    office.next_week("2026-W50")
    row = office.row()
    assert row is not None
    assert row.printed["unit"] == "区财政局"
    assert str(row.printed["review"]) == "2026-12-04 同意变更（责任单位改为区财政局）（王主任）"
    assert office.draw().codes(WAITING) == []


def test_the_office_can_agree_to_another_source(office: SignoffOffice) -> None:
    office.says(change_request="来源改为督查核查，系督查发现", status="整改中", progress="已报市局复核")
    drawn = office.draw()
    drawn.decide(CODE, change="同意变更", new_source="督查核查", on=date(2026, 12, 4))
    assert office.sign(drawn).findings == ()
    assert office.issue_history().reported("source") == IssueSource.INSPECTION
    office.next_week("2026-W50")
    row = office.row()
    assert row is not None
    assert str(row.printed["review"]) == "2026-12-04 同意变更（来源改为督查核查）（王主任）"


def test_a_change_that_is_refused_leaves_the_issue_as_it_is(office: SignoffOffice) -> None:
    asked_to_change(office)
    drawn = office.draw()
    drawn.decide(CODE, change="不同意变更", opinion="仍由区科技局负责", on=date(2026, 12, 4))
    assert office.sign(drawn).findings == ()
    assert office.issue_history().reported("unit") == "区科技局"
    assert office.draw().codes(WAITING) == []


def test_a_change_needs_a_new_content_and_the_word_that_it_is_agreed_to(office: SignoffOffice) -> None:
    asked_to_change(office)
    drawn = office.draw()
    drawn.decide(CODE, change="同意变更", on=date(2026, 12, 4))
    assert [f.code for f in office.sign(drawn).findings] == [Code.REQUIRED]
    drawn = office.draw()
    drawn.decide(CODE, new_unit="区财政局", level="总专班", on=date(2026, 12, 4))
    assert [f.code for f in office.sign(drawn, name="又审定.xlsx").findings] == [Code.REQUIRED]


def test_a_form_that_went_out_before_the_change_does_not_undo_it(office: SignoffOffice) -> None:
    asked_to_change(office)
    office.next_week("2026-W50")
    drawn = office.draw()
    drawn.decide(CODE, change="同意变更", new_unit="区财政局", on=date(2026, 12, 8))
    office.sign(drawn)
    assert returned(office, status="整改中", progress="继续跟进") == []
    assert office.issue_history().reported("unit") == "区财政局"


# --- registered again, or left out


SPOIL = {**ISSUE, "description": "弃土场未批，渣土外运受阻"}
SUPPLY = {**ISSUE, "description": "施工用电容量不足，影响试车"}
IN_OTHER_WORDS = {**ISSUE, "description": "弃土场至今未批，渣土外运受阻"}
TWICE = "像是同一个问题，请核对；是同一个的，进展请填在原来那一行，并请告知总专班办公室撤去这一个。"
BACK = "确是再次出现的，请告知总专班办公室把原来那个重新挂账，撤去这一个。"


def registers(week: Office, name: str, *issues: dict[str, object], recipient: str = "03") -> None:
    """Lay a return with a figure, a task and new issues into the inbox; later names come later."""
    form = week.right(recipient)
    for number, issue in enumerate(issues, start=1):
        form.write("issues", f"+{number}", **issue)
    week.send(form, name, hours=-9 + int(name[0]))


def of_issues(week: Office) -> dict[str, list[tuple[Code, str, str]]]:
    """What is said of issues by file: the rule, the cell, and the message."""
    told = {}
    for result in ingest(week.workspace, "2026-W48").files:
        found = [f for f in result.findings if f.code in (Code.ISSUE_TWICE, Code.ISSUE_LEFT_OUT)]
        told[result.received.name] = [(f.code, f.cell, f.message) for f in found]
        assert result.letter
        letter = result.letter.read_text("utf-8-sig")
        assert all(f.message in letter for f in found)
    return told


@pytest.mark.provokes(Code.ISSUE_LEFT_OUT)
def test_who_leaves_out_an_issue_that_an_earlier_return_registered_is_told_that_it_stays(
    week: Office,
) -> None:
    registers(week, "1.xlsx", SUPPLY, SPOIL)
    assert of_issues(week) == {"1.xlsx": []}
    registers(week, "2.xlsx", SPOIL)
    left = (
        "前次报送登记的新问题W03-2026-001“施工用电容量不足，影响试车”，这一份里没有了，仍按已登记的挂账；"
        "已办结的，请在下一期的表上申请销号，报错了或重复的，请告知总专班办公室核销。"
    )
    assert of_issues(week) == {"2.xlsx": [(Code.ISSUE_LEFT_OUT, "", left)]}
    registers(week, "3.xlsx", SPOIL)
    assert of_issues(week) == {"3.xlsx": []}


def test_the_other_half_of_a_form_leaves_out_no_issue(week: Office) -> None:
    first, second = week.blank("03"), week.blank("03")
    first.write("tasks", "R03-01", status="序时推进", progress="成立2支基金")
    first.write("issues", "+1", **SUPPLY)
    second.write("indicators", "Z03-04", value=76, nature="部门统计")
    week.send(first, "1.xlsx", hours=-8)
    of_issues(week)
    week.send(second, "2.xlsx", hours=-7)
    assert of_issues(week) == {"2.xlsx": []}


def test_a_registered_row_that_was_deleted_is_told_as_missing_and_not_as_a_new_issue_left_out(
    office: SignoffOffice,
) -> None:
    for name, hours in (("1.xlsx", -4), ("2.xlsx", -3)):
        form = office.week.right("03")
        if name == "2.xlsx":
            form.delete_row("issues", CODE)
        office.week.send(form, name, hours=hours)
        (result,) = ingest(office.workspace, WEEK).files
    told = [f.code for f in result.findings]
    assert (told.count(Code.ROW_MISSING), told.count(Code.ISSUE_LEFT_OUT)) == (1, 0)


def test_a_new_issue_in_a_row_that_could_not_be_read_is_not_called_left_out(week: Office) -> None:
    registers(week, "1.xlsx", SUPPLY)
    assert of_issues(week) == {"1.xlsx": []}
    form = week.right("03")
    form.write("issues", "+1", **SUPPLY)
    form.write("issues", "+1", key2=form.value("issues", "+2", "key2"))
    week.send(form, "2.xlsx", hours=-7)
    (result,) = ingest(week.workspace, "2026-W48").files
    told = [f.code for f in result.findings]
    assert (told.count(Code.KEYS_DISAGREE), told.count(Code.ISSUE_LEFT_OUT)) == (1, 0)


WITHOUT_DEADLINE = {**SUPPLY, "due_on": None}


def unregistered(week: Office) -> dict[str, list[str]]:
    """What is said by file of new issues that were not registered."""
    told = {}
    for result in ingest(week.workspace, "2026-W48").files:
        found = [f.message for f in result.findings if f.code is Code.ISSUE_UNREGISTERED]
        told[result.received.name] = found
        assert result.letter
        assert all(message in result.letter.read_text("utf-8-sig") for message in found)
    return told


@pytest.mark.provokes(Code.ISSUE_UNREGISTERED)
@pytest.mark.parametrize("at_once", [False, True])
def test_who_sends_other_issues_after_one_with_an_error_is_told_that_it_is_not_registered(
    week: Office, *, at_once: bool
) -> None:
    told: dict[str, list[str]] = {}
    for name, issues in (("1.xlsx", [WITHOUT_DEADLINE, SPOIL]), ("2.xlsx", [SPOIL]), ("3.xlsx", [SPOIL])):
        registers(week, name, *issues)
        if not at_once:
            told |= unregistered(week)
    told |= unregistered(week)
    said = (
        "前次报送的新问题“施工用电容量不足，影响试车”有差错，没有登记，这一份里也没有；"
        "仍要登记的，请填在本期表的空行里再发来。"
    )
    assert told == {"1.xlsx": [], "2.xlsx": [said], "3.xlsx": []}


@pytest.mark.parametrize(
    "later",
    [
        SUPPLY,
        WITHOUT_DEADLINE,
        {**SUPPLY, "description": "弃土场未批，渣土外运受阻；另外施工用电容量不足，影响试车"},
    ],
)
def test_an_issue_with_an_error_that_comes_again_is_not_called_unregistered(
    week: Office, later: dict[str, object]
) -> None:
    registers(week, "1.xlsx", WITHOUT_DEADLINE)
    unregistered(week)
    registers(week, "2.xlsx", later)
    assert unregistered(week) == {"2.xlsx": []}


def test_while_a_return_has_no_issues_one_with_an_error_waits_and_is_not_told_as_given_up(
    week: Office,
) -> None:
    registers(week, "1.xlsx", WITHOUT_DEADLINE)
    unregistered(week)
    registers(week, "2.xlsx")
    assert unregistered(week) == {"2.xlsx": []}
    assert [one.file for one in status(week.workspace, "2026-W48").to_correct] == ["1.xlsx"]


def test_an_issue_sent_again_in_other_words_and_another_row_is_asked_about_once(week: Office) -> None:
    registers(week, "1.xlsx", SUPPLY, SPOIL)
    of_issues(week)
    registers(week, "2.xlsx", IN_OTHER_WORDS, SUPPLY)
    asked = f"第5行“弃土场至今未批，渣土外运受阻”：与W03-2026-002“弃土场未批，渣土外运受阻”{TWICE}"
    assert of_issues(week) == {"2.xlsx": [(Code.ISSUE_TWICE, "D5", asked)]}
    registers(week, "3.xlsx", IN_OTHER_WORDS, SUPPLY)
    assert of_issues(week) == {"3.xlsx": []}


def test_an_issue_in_two_returns_of_a_run_in_other_words_is_asked_about(week: Office) -> None:
    registers(week, "1.xlsx", SUPPLY, SPOIL)
    registers(week, "2.xlsx", IN_OTHER_WORDS, SUPPLY)
    asked = f"第5行“弃土场至今未批，渣土外运受阻”：与03专班报来的“弃土场未批，渣土外运受阻”{TWICE}"
    assert of_issues(week) == {"1.xlsx": [], "2.xlsx": [(Code.ISSUE_TWICE, "D5", asked)]}


def test_an_issue_edited_in_its_row_is_the_same(week: Office) -> None:
    registers(week, "1.xlsx", SUPPLY, SPOIL)
    of_issues(week)
    registers(week, "2.xlsx", SUPPLY, IN_OTHER_WORDS)
    assert of_issues(week) == {"2.xlsx": []}


def test_an_issue_of_one_unit_in_the_forms_of_two_task_forces_is_asked_about(week: Office) -> None:
    registers(week, "1.xlsx", SPOIL)
    registers(week, "2.xlsx", IN_OTHER_WORDS, recipient="04")
    asked = f"第5行“弃土场至今未批，渣土外运受阻”：与03专班报来的“弃土场未批，渣土外运受阻”{TWICE}"
    assert of_issues(week)["2.xlsx"] == [(Code.ISSUE_TWICE, "D5", asked)]


def test_the_same_words_of_another_unit_in_another_task_forces_form_are_another_issue(week: Office) -> None:
    registers(week, "1.xlsx", SPOIL)
    of_issues(week)
    registers(week, "2.xlsx", {**SPOIL, "unit": "区住建局"}, recipient="04")
    assert of_issues(week) == {"2.xlsx": []}


def test_an_issue_told_of_by_its_code_in_another_form_is_asked_about(week: Office) -> None:
    registers(week, "1.xlsx", SPOIL)
    of_issues(week)
    by_code = {**SPOIL, "unit": "区住建局", "description": "W03-2026-001 弃土场未批，渣土外运受阻"}
    registers(week, "2.xlsx", by_code, recipient="04")
    [(code, cell, message)] = of_issues(week)["2.xlsx"]
    assert (code, cell) == (Code.ISSUE_TWICE, "D5")
    assert "与W03-2026-001“弃土场未批，渣土外运受阻”像是同一个问题" in message


def test_an_issue_under_the_code_of_another_one_in_a_row_for_new_ones_is_asked_about(
    office: SignoffOffice,
) -> None:
    form = office.week.right("03")
    other = {**ISSUE, "description": "地块还差两处拆迁没有完成"}
    form.write("issues", "+1", **other, code=CODE)
    office.week.send(form, "1.xlsx", hours=-3)
    (result,) = ingest(office.workspace, WEEK).files
    asked = f"第6行“地块还差两处拆迁没有完成”：与{CODE}“项目用地指标尚未落实”{TWICE}"
    assert [(f.cell, f.message) for f in result.findings if f.code is Code.ISSUE_TWICE] == [("D6", asked)]


@pytest.mark.parametrize(
    ("period", "unit"), [("2026-W50", "区科技局"), ("2026-W51", "区科技局"), ("2026-W50", "区财政局")]
)
def test_an_issue_that_was_signed_off_and_is_registered_again_in_its_words_is_asked_about(
    office: SignoffOffice, period: str, unit: str
) -> None:
    office.applies(date(2026, 12, 3))
    drawn = office.draw()
    drawn.decide(CODE, verdict="同意销号", opinion="已核实", on=date(2026, 12, 4))
    assert len(office.sign(drawn).decisions) == 1
    office.next_week(period)
    form = office.week.right("03")
    form.write("issues", "+1", **{**ISSUE, "unit": unit, "raised_on": date(2026, 12, 8)})
    office.week.send(form, "1.xlsx", hours=-3)
    (result,) = ingest(office.workspace, period).files
    asked = [f.message.partition("：")[2] for f in result.findings if f.code is Code.ISSUE_TWICE]
    closed = f"与{CODE}“项目用地指标尚未落实”（2026-12-04同意销号）像是同一个问题，请核对；{BACK}"
    assert asked == ([closed] if unit == "区科技局" else [])


def test_an_issue_that_was_signed_off_in_december_is_there_in_january_to_be_reopened(
    office: SignoffOffice,
) -> None:
    office.applies(date(2026, 12, 3))
    drawn = office.draw()
    drawn.decide(CODE, verdict="同意销号", opinion="已核实", on=date(2026, 12, 4))
    assert len(office.sign(drawn).decisions) == 1
    office.next_week("2027-W05")
    assert CODE in office.draw().codes("本年已销号")
