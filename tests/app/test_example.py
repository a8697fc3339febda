"""填报示例 lies beside the forms, is filled in as it should be, and is never taken for a return."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tenproj_xl.app.check import check
from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.open_form import TABS
from tenproj_xl.core.answers import Disclosure, IssueStatus, MilestoneStatus, TaskStatus
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.sheets import COVER, MACHINE_SHEET, form_sheets
from tenproj_xl.core.states import State
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.return_state import ReturnState
from tenproj_xl.model.statuses import Status
from tests.app.test_intake import mail, put, zipped
from tests.app.test_other_district import lay_down
from tests.conftest import PERIOD
from tests.core.test_catalogue import with_parameter
from tests.helpers.by_unit import district
from tests.helpers.filling import Filling, Office, places, sent_out
from tests.helpers.libreoffice import save_all_as
from tests.helpers.programs import need
from tests.helpers.rollup_reading import one, table
from tests.helpers.small_weeks import small_workspace
from tests.helpers.times import first_morning

FORM_OF_03 = "03_区科技局_2026年第48期填报表"


def example(office: Office) -> Path:
    return office.workspace.outbox / office.period / "填报示例.xlsx"


def opened(office: Office) -> Filling:
    return Filling(example(office))


def column(path: Path, sheet: str, field: str) -> list[object]:
    """What a column of an example shows, formulas included; rows for new issues that are blank are left out."""
    shown = places(path)
    return [shown.value(sheet, row, field) for row in shown.rows(sheet) if row != "+2"]


def checks(path: Path) -> set[object]:
    """What 自检 says in all rows."""
    return {said for sheet in TABS for said in column(path, sheet, "check")}


def accepted_rows(workspace: Workspace) -> int:
    with look_into_ledger(workspace.ledger) as ledger:
        return len(ledger.accepted_rows(PERIOD))


# --- what it shows


def test_the_example_shows_what_a_form_can_ask_for(week: Office) -> None:
    path, form = example(week), opened(week)
    assert len([v for v in column(path, "indicators", "value") if v != ""]) == 3
    states = column(path, "indicators", "state")
    behind = states.index(State.BEHIND.label)
    assert column(path, "indicators", "lag_reason")[behind]
    assert column(path, "indicators", "next_steps")[behind]
    assert State.ON_PACE.label in states
    assert any(str(v).startswith("属实") for v in column(path, "indicators", "verification"))

    statuses = column(path, "tasks", "status")
    assert set(statuses) == {s.label for s in (TaskStatus.DONE, TaskStatus.BEHIND, TaskStatus.ON_COURSE)}
    assert column(path, "tasks", "completed_on")[statuses.index(TaskStatus.DONE.label)]

    (registered,) = form.codes("issues")
    assert form.value("issues", registered, "status") == IssueStatus.APPLIED.label
    assert form.value("issues", registered, "evidence")
    assert form.value("issues", "+1", "status") == IssueStatus.OPEN.label


@pytest.mark.parametrize("by_unit", [False, True])
def test_its_check_of_itself_finds_nothing(week: Office, by_unit: bool) -> None:  # noqa: FBT001  # two cases
    generate(week.workspace, PERIOD, by_unit=by_unit)
    assert checks(example(week)) == {"✓"}
    cover = load_workbook(example(week), data_only=True)[COVER.name]
    texts = [str(cell.value) for line in cover for cell in line]
    assert "✓ 填报表填到这样，就可以发送；示例不用发送。" in texts


def test_what_it_shows_would_be_accepted_in_the_form_itself(week: Office, tmp_path: Path) -> None:
    shown = opened(week)
    task_force = shown.codes("indicators")[0][1:3]
    form = week.right(task_force)
    sheets = {sheet.code: sheet.of_task_force for sheet in form_sheets(week.loaded.plan.programme.years)}
    for name, sheet in sheets.items():
        rows = [*shown.codes(name)] if name != "issues" else ["+1"]
        for row in rows:
            for field in (c.field for c in sheet.columns if c.fill.is_input):
                form.write(name, row, **{field: shown.value(name, row, field)})
    (file,) = check(week.workspace, [form.save(tmp_path / "03.xlsx")], PERIOD).files
    assert [f.message for f in file.findings] == []
    assert file.status is Status.ACCEPTED


@pytest.mark.parametrize("period", ["2026-W31", "2026-W40", "2026-W53", "2027-W09"])
def test_any_week_has_an_example_without_a_fault(week: Office, period: str) -> None:
    assert checks(generate(week.workspace, period).example) - {""} == {
        "✓"
    }  # nothing is said of what is not asked


@pytest.mark.parametrize(
    ("cycle", "period"),
    [
        ("每旬", "2026-11-D1"),
        ("每月", "2026-11"),
        ("每季度", "2026-Q4"),
        ("每半年", "2026-H2"),
        ("每年", "2026"),
    ],
)
@pytest.mark.parametrize("by_unit", [False, True])
def test_any_rhythm_has_an_example_without_a_fault(
    tmp_path: Path,
    cycle: str,
    period: str,
    by_unit: bool,  # noqa: FBT001  # two cases
) -> None:
    workspace = district(tmp_path / "office")
    with_parameter(workspace, "报送周期", cycle)
    path = generate(workspace, period, by_unit=by_unit).example
    assert checks(path) == {"✓"}
    done = {str(day) for day in column(path, "tasks", "completed_on") if day}
    assert done
    assert all(day.startswith("2026") for day in done)
    put(Office.of(workspace, period), "a.xlsx", path.read_bytes())
    (file,) = ingest(workspace, period).files
    assert [f.code for f in file.findings] == [Code.FORM_EXAMPLE]


@pytest.mark.parametrize("task_forces", [4, 25])
def test_another_district_has_an_example_of_its_own(tmp_path: Path, task_forces: int) -> None:
    path = generate(lay_down(tmp_path, task_forces), "2031-W10", now=first_morning("2031-W10")).example
    assert checks(path) == {"✓"}
    form = Filling(path)
    assert form.codes("indicators") == ["Z01-01"]
    assert "县01局" in str(form.value("issues", "+1", "unit"))


def test_every_sheet_says_that_it_is_an_example_and_nothing_can_be_typed_into_it(week: Office) -> None:
    book = load_workbook(example(week))
    for name in (COVER.name, *TABS.values()):
        page = book[name]
        top = "".join(str(cell.value or "") for line in page.iter_rows(max_row=5) for cell in line)
        assert "【填报示例】" in top, name
        assert page.protection.sheet
        assert all(cell.protection.locked for line in page.iter_rows() for cell in line), name
    assert "填报示例" in str(book.properties.subject)
    assert "填报示例" in str(book.properties.title)


def test_no_figure_that_a_unit_reported_stands_in_it(later_week: Office) -> None:
    assert set(column(example(later_week), "indicators", "last_value")) == {""}
    assert "张三" not in str(list(load_workbook(example(later_week))[COVER.name].values))


def test_what_may_not_be_public_is_not_shown_in_it(week: Office) -> None:
    public = {i.code for i in week.loaded.plan.indicators if i.disclosure is not Disclosure.CLOSED}
    assert set(opened(week).codes("indicators")) <= public


def test_it_lies_beside_the_folder_of_forms_and_is_written_anew_each_time(week: Office) -> None:
    before = example(week).read_bytes()
    assert generate(week.workspace, PERIOD).example == example(week)
    assert example(week).read_bytes() == before
    assert not [p for p in (example(week).parent / "填报表").iterdir() if "示例" in p.name]


# --- when it comes back

Spoil = Callable[[Filling], None]


def as_it_is(form: Filling) -> None:
    del form


def typed_over(form: Filling) -> None:
    for sheet in ("indicators", "tasks"):
        for code in form.codes(sheet):
            form.write(sheet, code, remark="我们单位的")
    form.write("indicators", form.codes("indicators")[0], value=123.4)


def without_keys(form: Filling) -> None:
    for sheet in TABS:
        form.delete_column(sheet, "key", "key2")


def without_the_machines_sheet(form: Filling) -> None:
    form.delete_sheet(MACHINE_SHEET)


def without_all_that_identifies(form: Filling) -> None:
    form.forget_whose_it_is()
    for sheet in (*TABS, COVER.name):
        for line in form.tab(sheet).iter_rows(max_row=4):
            for cell in line:
                if "填报示例 " in str(cell.value or ""):
                    cell.value = None


@pytest.mark.parametrize(
    "spoil",
    [as_it_is, typed_over, without_keys, without_the_machines_sheet, without_all_that_identifies],
)
def test_whatever_was_done_to_it_it_is_known_again_and_nothing_counts(week: Office, spoil: Spoil) -> None:
    form = opened(week)
    spoil(form)
    form.save(week.workspace.inbox / "最终版(1).xlsx")
    (file,) = ingest(week.workspace, PERIOD).files
    assert (file.status, [f.code for f in file.findings]) == (Status.REFUSED, [Code.FORM_EXAMPLE])
    assert accepted_rows(week.workspace) == 0
    assert list(week.workspace.inbox.iterdir()) == []


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", ["xls", "ods", "xlsx"])
def test_saved_by_another_program_it_is_known_again(week: Office, tmp_path: Path, ending: str) -> None:
    need("soffice")
    (saved,) = save_all_as(ending, [example(week)], tmp_path)
    put(week, f"我局的表.{ending}", saved.read_bytes())
    (file,) = ingest(week.workspace, PERIOD).files
    assert [f.code for f in file.findings] == [Code.FORM_EXAMPLE]
    assert accepted_rows(week.workspace) == 0


def test_in_another_week_it_is_known_again(week: Office) -> None:
    old = example(week).read_bytes()
    generate(week.workspace, "2026-W49")
    put(week, "填报示例.xlsx", old)
    (file,) = ingest(week.workspace, "2026-W49").files
    assert [f.code for f in file.findings] == [Code.FORM_EXAMPLE]


@pytest.mark.provokes(Code.FORM_EXAMPLE)
def test_the_letter_says_what_came_and_what_is_to_come(week: Office) -> None:
    put(week, f"{FORM_OF_03}.xlsx", example(week).read_bytes())
    done = merge(week.workspace, PERIOD)
    (file,) = done.ingested.files
    assert file.letter
    letter = file.letter.read_text("utf-8-sig")
    assert f"这是填报示例，没有接收；请填写下发的填报表“{FORM_OF_03}”后发送，已经发送的不必再发。" in letter
    assert "附件" not in letter
    assert one(table(done.rollup, "报送情况", "专班"), "03", "报送", "专班") == "未接收（退回）"


def test_whose_it_is_is_known_by_the_mail_the_folder_or_the_cover(week: Office) -> None:
    form = opened(week)
    form.cover(unit="区科技局")
    (week.workspace.inbox / "区住建局").mkdir()
    put(week, "区住建局/示例.xlsx", example(week).read_bytes())
    form.save(week.workspace.inbox / "a.xlsx")
    put(week, "回复.xlsx", example(week).read_bytes())
    files = {f.received.name: f for f in ingest(week.workspace, PERIOD).files}
    assert files["a.xlsx"].letter == example(week).parent / "通知" / "区科技局.txt"
    folder = files["区住建局/示例.xlsx"]
    assert folder.letter == example(week).parent / "通知" / "区住建局.txt"
    unknown = files["回复.xlsx"]
    assert unknown.status is Status.REFUSED  # the same bytes, and answered all the same
    assert unknown.letter
    assert "这是填报示例" in unknown.letter.read_text("utf-8-sig")


def test_a_form_beside_it_is_accepted(week: Office) -> None:
    files = [("03.xlsx", week.right("03").data), ("填报示例.xlsx", example(week).read_bytes())]
    put(week, "材料.zip", zipped(files))
    put(week, "回复.eml", mail(("填报示例.xlsx", example(week).read_bytes())))
    put(week, f"{FORM_OF_03}.xlsx", example(week).read_bytes())
    files_of = {f.received.name: f.status for f in ingest(week.workspace, PERIOD).files}
    assert files_of.pop("材料.zip/03.xlsx") is Status.ACCEPTED
    assert set(files_of.values()) == {Status.REFUSED}
    (line,) = [line for line in status(week.workspace, PERIOD).lines if line.task_force.code == "03"]
    assert line.state is ReturnState.ACCEPTED


@pytest.mark.provokes(Code.EXAMPLE_INSIDE)
def test_what_was_copied_from_it_into_a_form_is_left_out_and_told(week: Office) -> None:
    form, shown = week.right("03"), opened(week)
    form.bring(shown, "indicators", "示例")
    tab = form.tab("tasks")
    source, last = shown.row("tasks", shown.codes("tasks")[0]), tab.max_row + 1
    for cell in list(shown.tab("tasks")[source]):
        tab.cell(last, cell.column or 1).value = cell.value
    form.save(week.workspace.inbox / "03.xlsx")
    (file,) = ingest(week.workspace, PERIOD).files
    assert [f.code for f in file.findings] == [Code.EXAMPLE_INSIDE]
    assert "“重点任务进度表”" in file.findings[0].message
    assert file.status is Status.WITH_WARNINGS
    assert file.judgement
    codes = [e.code for e in file.judgement.accepted]
    assert all(code.startswith(("Z03", "R03")) for code in codes)


def test_ones_own_rows_pasted_into_the_example_count(week: Office) -> None:
    form, right = opened(week), week.right("03")
    form.bring(right, "indicators")
    form.save(week.workspace.inbox / "03.xlsx")
    (file,) = ingest(week.workspace, PERIOD).files
    assert file.judgement
    assert {e.row.sheet.code for e in file.judgement.accepted} == {"indicators"}
    assert Code.EXAMPLE_INSIDE in [f.code for f in file.findings]


def test_the_example_of_another_programme_is_told_as_such(week: Office, tmp_path: Path) -> None:
    other = generate(lay_down(tmp_path / "other", 4), "2031-W10", now=first_morning("2031-W10")).example
    shutil.copy(other, week.workspace.inbox / "a.xlsx")
    (file,) = ingest(week.workspace, PERIOD).files
    assert file.status is Status.REFUSED
    assert accepted_rows(week.workspace) == 0


def test_milestones_that_are_done_have_their_day(tmp_path: Path) -> None:
    form = opened(sent_out(small_workspace(tmp_path), "2026-W48"))
    answers = {code: form.value("tasks", code, "milestone_done") for code in form.codes("tasks")}
    done = [code for code, answer in answers.items() if answer == MilestoneStatus.DONE.label]
    assert done
    assert all(form.value("tasks", code, "completed_on") for code in done)
