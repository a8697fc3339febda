"""A bureau with several 科室 gets a form for each of them, and all come together again."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.plan_check import check_plan
from tenproj_xl.app.prefer import prefer
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.send import send
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.as_json import matrix_json
from tenproj_xl.cli.returns_text import matrix_lines
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.sheets import FILLED_BY
from tenproj_xl.forms.cover import instructions
from tenproj_xl.forms.form import Form
from tenproj_xl.ledger.return_state import UnitReturns
from tenproj_xl.model.address_reader import ADDRESS_SHEET
from tenproj_xl.model.plan_schema import INDICATORS
from tenproj_xl.model.statuses import Status
from tests.app.test_ingest import known, last_word, value
from tests.app.test_lead_checks import book_of, say
from tests.core.test_catalogue import ISSUE
from tests.helpers.answers import SIGNED
from tests.helpers.by_unit import (
    FINANCE,
    LEAD,
    PERIOD,
    SCIENCE,
    blank,
    district,
    form_path,
    right,
    unit_forms,
)
from tests.helpers.filling import Filling, Office
from tests.helpers.plan_book import plan_book
from tests.helpers.rollup_reading import one, table
from tests.helpers.sections import (
    ENERGY,
    FORCES,
    INDUSTRY,
    INVESTMENT,
    REGION,
    SERVICES,
    of,
    with_sections,
)
from tests.helpers.shared import made_once

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 1, tzinfo=UTC)
NEXT = "2026-W49"


@pytest.fixture(scope="session")
def _sections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        generate(with_sections(folder), PERIOD, by_unit=True)

    return made_once(tmp_path_factory, "sections", make)


@pytest.fixture
def out(_sections: Path, tmp_path: Path) -> Office:
    """Forms by unit are out for 2026-W48; nothing has come back."""
    root = tmp_path / _sections.name
    shutil.copytree(_sections, root)
    return Office.of(Workspace(root), PERIOD)


def forms(out: Office) -> dict[str, Form]:
    """Make the forms by plan and address book as they are now, and return their content."""
    generate(out.workspace, PERIOD, by_unit=True)
    return dict(unit_forms(Office.of(out.workspace, PERIOD)))


@pytest.fixture
def before(tmp_path: Path) -> Office:
    """The same district where no 科室 is named anywhere: each unit has one form."""
    workspace = district(tmp_path / "district")
    generate(workspace, PERIOD, by_unit=True)
    return Office.of(workspace, PERIOD)


def send_in(out: Office, form: Filling, name: str = "", hours: float = -3) -> FileResult:
    path = out.send(form, name, hours=hours)
    return {file.received.name: file for file in ingest(out.workspace).files}[path.name]


def own_codes(form: Form) -> set[str]:
    return {row.code for row in form.rows if row.code and not row.of_others}


def units(out: Office, task_force: str) -> UnitReturns:
    return next(one.units for one in status(out.workspace).lines if one.task_force.code == task_force)


def owing(out: Office) -> set[str]:
    return {one.recipient for one in status(out.workspace).owing}


def name_section(out: Office, sheet: str, code: str, section: str) -> str:
    """Write into the column 承办科室 of a row of the plan, which is added if it is not there; return the cell."""
    with plan_book(out.workspace) as plan:
        page = plan.book[sheet]
        if not any(cell.value == "承办科室" for cell in page[2]):
            page.cell(2, page.max_column + 1).value = "承办科室"
        plan.set(sheet, code, 承办科室=section)
        column = next(cell.column_letter for cell in page[2] if cell.value == "承办科室")
        return f"{column}{plan.row(sheet, code)}"


def edit_contact(out: Office, name: str, **cells: str) -> None:
    """Change the line of somebody in the address book."""
    book = load_workbook(out.workspace.addresses)
    page, fields = book[ADDRESS_SHEET.name], [column.field for column in ADDRESS_SHEET.columns]
    row = next(line[0].row for line in page.iter_rows() if line[fields.index("name")].value == name)
    for field, text in cells.items():
        page.cell(row or 0, fields.index(field) + 1).value = text
    book.save(out.workspace.addresses)


def letters(out: Office) -> dict[str, set[str]]:
    """Return what lies in each folder of 待发."""
    folders = [path for path in (out.workspace.outbox / PERIOD / "待发").iterdir() if path.is_dir()]
    return {folder.name: {path.name for path in folder.iterdir()} for folder in folders}


# --- who gets what


def test_a_bureau_that_leads_five_task_forces_gets_five_forms(out: Office) -> None:
    found = {code: form for code, form in forms(out).items() if code.startswith(LEAD)}
    assert list(found) == list(map(of, FORCES))
    for section, force in FORCES.items():
        form = found[of(section)]
        assert {row.task_force for row in form.rows if row.code} <= {force}
        assert form.stem == f"区发改经信局{section}_2026年第48期填报表"
        assert form_path(out, of(section)).exists()
    assert not (out.workspace.outbox / PERIOD / "填报表" / f"{LEAD}_2026年第48期填报表.xlsx").exists()


def test_every_row_of_the_plan_is_asked_of_exactly_one_recipient(out: Office) -> None:
    plan = out.loaded.plan
    planned = {row.code for row in plan.indicators} | {row.code for row in plan.tasks}
    asked = [code for form in forms(out).values() for code in own_codes(form) & planned]
    assert sorted(asked) == sorted(planned)


def test_a_unit_with_one_section_has_the_form_that_it_always_had(out: Office, before: Office) -> None:
    with_book, without = forms(out)[SCIENCE], forms(before)[SCIENCE]
    assert (with_book.recipient, with_book.stem) == (without.recipient, without.stem)
    assert [row.code for row in with_book.rows] == [row.code for row in without.rows]


def test_the_cover_and_the_sheets_name_the_section_and_speak_to_it(out: Office) -> None:
    form = forms(out)[of(INVESTMENT)]
    addressed, request, *_ = instructions(form)
    assert addressed == (
        "填报单位：区发改经信局投资科；所在专班：01；联络员：投资科A岗（投资科）、投资科B岗（投资科，0571-11）。"
        "各行属于哪个专班见“工程专班”列；牵头专班中由其他单位、科室填报的行列在最后，灰色，供了解，不必填写。"
    )
    assert request == (
        "请填报本科室的各行，于2026年11月27日（周五）17:00前用邮件附件报送总专班办公室（设在区发改经信局）；"
        "其他科室、单位的行不必填写，本表请勿转交其他科室、单位。"
    )
    written = blank(out, of(INVESTMENT))
    assert written.value("indicators", "Z01-01", FILLED_BY) == "本科室填报"
    told = [str(cell.value) for cell in written.tab("indicators")[2] if cell.value]
    assert any(text.startswith("填报单位：区发改经信局投资科　") for text in told)


def test_the_section_of_a_row_goes_before_that_of_its_task_force(out: Office) -> None:
    name_section(out, "主要指标", "Z01-03", ENERGY)
    name_section(out, "重点任务", "R01-02", ENERGY)
    found = forms(out)
    assert {"Z01-03", "R01-02"} <= own_codes(found[of(ENERGY)])
    assert not {"Z01-03", "R01-02"} & own_codes(found[of(INVESTMENT)])
    (shown,) = [row for row in found[of(INVESTMENT)].rows if row.code == "Z01-03"]
    assert (shown.of_others, shown.printed[FILLED_BY]) == (True, "由区发改经信局能源科填报")


def test_the_section_of_a_task_force_goes_before_the_lines_of_the_address_book(out: Office) -> None:
    name_section(out, "专班", "09", INVESTMENT)
    found = forms(out)
    assert {"Z01-01", "Z09-01"} <= own_codes(found[of(INVESTMENT)])
    assert of(ENERGY) not in found


def test_what_no_section_is_named_for_goes_to_who_is_for_the_whole_unit(out: Office) -> None:
    edit_contact(out, "能源科A岗", task_forces="04")
    form = forms(out)[of("办公室")]
    assert {row.task_force for row in form.rows if row.code} == {"09"}
    edit_contact(out, "办公室A岗", ends="2026-11-01")
    form = forms(out)[LEAD]
    assert form.stem == "区发改经信局_2026年第48期填报表"
    assert {row.task_force for row in form.rows if row.code} == {"09"}


def test_the_plan_alone_may_name_the_sections(before: Office) -> None:
    name_section(before, "专班", "01", INVESTMENT)
    assert LEAD in forms(before)
    name_section(before, "专班", "02", " 工业科 ")
    codes = [code for code in forms(before) if code.startswith(LEAD)]
    assert codes == [of(INVESTMENT), of(INDUSTRY), LEAD]


# --- all come together again


def test_the_forms_of_all_sections_come_together(out: Office) -> None:
    for code in (*map(of, (INVESTMENT, INDUSTRY)), FINANCE, SCIENCE):
        out.send(right(out, code))
    files = ingest(out.workspace).files
    assert {file.status for file in files} == {Status.ACCEPTED}
    assert {file.party.unit for file in files} == {LEAD, FINANCE, SCIENCE}
    assert {c: last_word(out, "indicators", c).unit for c in ("Z01-01", "Z01-02", "Z02-02", "Z03-04")} == {
        "Z01-01": LEAD,
        "Z01-02": FINANCE,
        "Z02-02": LEAD,
        "Z03-04": SCIENCE,
    }
    rollup = merge(out.workspace, PERIOD).rollup
    source = str(one(table(rollup, "主要指标"), "Z01-01", "来源（文件›工作表›单元格，时间）"))
    assert source.startswith("区发改经信局投资科_2026年第48期填报表.xlsx › 主要指标进度表 › K")
    returns = table(rollup, "报送情况", "专班")
    assert one(returns, "01", "报送", "专班") == "按时"
    assert one(returns, "03", "未报单位", "专班") == "区投促局"
    assert one(returns, "04", "未报单位", "专班") == "区发改经信局服务业科"


def test_status_says_which_sections_are_missing(out: Office) -> None:
    name_section(out, "主要指标", "Z01-03", ENERGY)
    generate(out.workspace, PERIOD, by_unit=True)
    assert units(out, "01").owed == (of(INVESTMENT), of(ENERGY), FINANCE)
    send_in(out, right(Office.of(out.workspace, PERIOD), of(INVESTMENT)))
    assert units(out, "01").returned == (of(INVESTMENT),)
    assert (units(out, "09").owed, units(out, "09").missing) == ((of(ENERGY),), (of(ENERGY),))
    lines = list(matrix_lines(status(out.workspace)))
    assert "01各单位已报1/3，未报：区发改经信局能源科、区财政局" in lines
    assert of(ENERGY) in owing(out)
    assert of(INVESTMENT) not in owing(out)
    document = matrix_json(status(out.workspace))
    assert isinstance(document["returns"], list)
    assert document["returns"][0]["units_returned"] == [of(INVESTMENT)]


def test_a_nil_return_of_one_section_says_nothing_for_the_others(out: Office) -> None:
    form = blank(out, of(INDUSTRY))
    form.cover(nil_return="是", **SIGNED)
    assert send_in(out, form).status in (Status.ACCEPTED, Status.WITH_WARNINGS)
    assert of(INDUSTRY) not in owing(out)
    assert {of(INVESTMENT), of(ENERGY)} <= owing(out)


def test_each_section_is_late_by_itself(out: Office) -> None:
    assert not send_in(out, right(out, of(INVESTMENT))).late
    assert send_in(out, right(out, of(ENERGY)), hours=5).late
    assert send_in(out, right(out, of(INDUSTRY)), hours=-1).late is False


# --- recognition


def test_what_another_section_returns_leaves_a_doubtful_version_open(out: Office) -> None:
    def doubtful() -> list[str]:
        return [one.receipt.file for one in status(out.workspace).doubtful]

    form = right(out, of(INVESTMENT))
    send_in(out, form, "一.xlsx")
    form.write("indicators", "Z01-03", value=161)
    send_in(out, form, "旧.xlsx", hours=-20)
    assert doubtful() == ["旧.xlsx"]
    send_in(out, right(out, of(INDUSTRY)), hours=-2)
    assert doubtful() == ["旧.xlsx"]
    prefer(out.workspace, f"{LEAD}{INDUSTRY}_2026年第48期填报表.xlsx")
    assert doubtful() == ["旧.xlsx"]
    prefer(out.workspace, "一.xlsx")
    assert doubtful() == []


def test_a_form_of_a_section_is_known_without_its_hidden_sheet_by_its_rows(out: Office) -> None:
    form = right(out, of(INVESTMENT))
    form.delete_sheet("系统信息", "填报说明")
    party = send_in(out, form, "随便叫什么.xlsx").party
    assert (party.recipient, party.unit, party.task_forces) == (of(INVESTMENT), LEAD, ("01",))


def test_a_form_of_a_section_whose_keys_are_lost_is_known_by_its_visible_line(out: Office) -> None:
    form = right(out, of(ENERGY))
    for sheet in ("indicators", "tasks", "issues"):
        form.delete_column(sheet, "key", "key2")
    result = send_in(out, form, "随便叫什么.xlsx")
    assert (result.party.recipient, {f.code for f in result.findings}) == (of(ENERGY), {Code.KEYS_LOST})
    assert value(out, "Z09-01") is not None


def test_the_sheet_of_another_section_does_not_count_as_ones_own(out: Office) -> None:
    form = right(out, of(INVESTMENT))
    form.bring(right(out, of(INDUSTRY)), "tasks")
    result = send_in(out, form)
    assert Code.SHEET_FOREIGN in {f.code for f in result.findings}
    assert "区发改经信局工业科" in "".join(f.message for f in result.findings)
    assert known(out).latest("tasks", "R02-01") is None


def test_a_row_of_another_section_that_is_edited_says_whose_it_is(out: Office) -> None:
    name_section(out, "主要指标", "Z01-03", ENERGY)
    generate(out.workspace, PERIOD, by_unit=True)
    form = right(Office.of(out.workspace, PERIOD), of(INVESTMENT))
    form.write("indicators", "Z01-03", value=3.1)
    (finding,) = send_in(out, form).findings
    assert finding.code is Code.ROW_OF_OTHERS
    assert "这一行由区发改经信局能源科填报" in finding.message
    assert known(out).latest("indicators", "Z01-03") is None


@pytest.mark.parametrize("name", ["区发改经信局", "区发改经信局投资科", "发改经信局（投资科）"])
def test_the_cover_may_name_the_bureau_alone(out: Office, name: str) -> None:
    form = right(out, of(INVESTMENT))
    form.cover(unit=name)
    assert send_in(out, form).status is Status.ACCEPTED


def test_a_form_of_a_section_in_the_mail_of_its_bureau_is_no_surprise(out: Office) -> None:
    out.send(right(out, of(INVESTMENT)), "区发改经信局/表.xlsx")
    (file,) = ingest(out.workspace).files
    assert (file.status, file.findings) == (Status.ACCEPTED, ())


def test_a_scan_belongs_to_the_section_that_its_name_tells(out: Office) -> None:
    send_in(out, right(out, of(INVESTMENT)))
    scan = out.workspace.inbox / "区发改经信局投资科盖章.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF")
    (file,) = ingest(out.workspace).files
    assert (file.status, file.party.recipient) == (Status.COMPANION, of(INVESTMENT))


# --- corrections and new issues


def test_a_section_corrects_its_own_form(out: Office) -> None:
    form = right(out, of(INVESTMENT))
    form.write("indicators", "Z01-03", value="约三千")
    result = send_in(out, form)
    assert result.status is Status.TO_CORRECT
    assert result.answer is not None
    assert result.answer.name.startswith("区发改经信局投资科_2026年第48期填报表")
    corrected = Filling(result.answer)
    assert set(corrected.codes("indicators")) >= {"Z01-01", "Z01-03"}
    assert "Z09-01" not in corrected.codes("indicators")
    corrected.write("indicators", "Z01-03", value=160)
    assert send_in(out, corrected, "改好.xlsx", hours=-1).status is Status.ACCEPTED
    assert value(out, "Z01-03") == 160


def test_a_new_issue_stays_with_the_section_that_it_concerns(out: Office) -> None:
    form = right(out, of(INVESTMENT))
    assert form.value("issues", "+1", "force") == "01 扩大有效投资“千项万亿”工程"
    form.write("issues", "+1", **{**ISSUE, "unit": LEAD})
    assert send_in(out, form).status is Status.ACCEPTED
    generate(out.workspace, NEXT, by_unit=True)
    later = unit_forms(Office.of(out.workspace, NEXT))
    holders = [code for code, form in later.items() if "W01-2026-001" in own_codes(form)]
    assert holders == [of(INVESTMENT)]


def test_an_issue_about_a_row_goes_with_the_row(out: Office) -> None:
    name_section(out, "主要指标", "Z01-03", ENERGY)
    form = right(out, of(INVESTMENT))
    form.write("issues", "+1", **{**ISSUE, "unit": LEAD, "related": "Z01-03"})
    assert send_in(out, form).status is Status.ACCEPTED
    generate(out.workspace, NEXT, by_unit=True)
    later = unit_forms(Office.of(out.workspace, NEXT))
    assert "W01-2026-001" in own_codes(later[of(ENERGY)])
    (shown,) = [row for row in later[of(INVESTMENT)].rows if row.code == "W01-2026-001"]
    assert shown.of_others


# --- what changes in mid-period


def test_a_form_that_is_out_counts_though_the_address_book_calls_the_section_otherwise_by_now(
    out: Office,
) -> None:
    form, faulty = right(out, of(INVESTMENT)), right(out, of(INDUSTRY))
    faulty.write("indicators", "Z02-02", value="约三千")
    for name in ("投资科A岗", "投资科B岗"):
        edit_contact(out, name, section="投资与项目科")
    edit_contact(out, "工业科A岗", ends="2026-11-24")
    assert send_in(out, form).status is Status.ACCEPTED
    assert units(out, "01") == UnitReturns((of(INVESTMENT), FINANCE), (of(INVESTMENT),))
    answer = send_in(out, faulty).answer
    assert answer is not None
    assert {"Z02-02", "R02-01"} <= {*Filling(answer).codes("indicators"), *Filling(answer).codes("tasks")}


def test_forms_made_anew_replace_those_of_before_and_both_are_accepted_once(out: Office) -> None:
    form = right(out, of(INVESTMENT))
    for name in ("投资科A岗", "投资科B岗"):
        edit_contact(out, name, section="项目科")
    lies = form_path(out, of(INVESTMENT))
    assert lies.exists()
    generate(out.workspace, PERIOD, by_unit=True)
    assert not lies.exists()
    assert units(out, "01").owed == (of("项目科"), FINANCE)
    assert of(INVESTMENT) not in owing(out)
    assert send_in(out, form).status is Status.ACCEPTED
    assert units(out, "01").missing == (FINANCE,)
    assert of("项目科") not in owing(out)
    anew = right(Office.of(out.workspace, PERIOD), of("项目科"))
    anew.write("indicators", "Z01-03", value=161)
    assert send_in(out, anew, "新表.xlsx", hours=-1).status is Status.WITH_WARNINGS  # two figures differ
    assert value(out, "Z01-03") == 161
    assert units(out, "01").returned == (of("项目科"),)


def test_a_task_force_is_not_returned_where_the_forms_made_anew_have_more_than_what_came_back(
    out: Office,
) -> None:
    name_section(out, "主要指标", "Z01-03", INDUSTRY)
    generate(out.workspace, PERIOD, by_unit=True)
    parted = Office.of(out.workspace, PERIOD)
    assert send_in(parted, right(parted, of(INVESTMENT))).status is Status.ACCEPTED
    for name in ("投资科A岗", "投资科B岗"):
        edit_contact(out, name, section="项目科")
    name_section(out, "主要指标", "Z01-03", "项目科")
    generate(out.workspace, PERIOD, by_unit=True)
    assert units(out, "01") == UnitReturns((of("项目科"), FINANCE), ())
    said = "\n".join(matrix_lines(status(out.workspace)))
    assert f"01各单位已报0/2，未报：{LEAD}项目科、{FINANCE}" in said
    returns = table(merge(out.workspace, PERIOD).rollup, "报送情况", "专班")
    assert one(returns, "01", "报送", "专班") == "部分未报"


def test_the_form_of_the_whole_bureau_answers_for_all_sections_that_got_forms_since(before: Office) -> None:
    whole = right(before, LEAD)
    for section, force in FORCES.items():
        name_section(before, "专班", force, section)
    generate(before.workspace, PERIOD, by_unit=True)
    assert {of(INVESTMENT), of(ENERGY)} <= owing(before)
    result = send_in(before, whole)
    assert (result.status, result.party.recipient) == (Status.ACCEPTED, LEAD)
    assert not {code for code in owing(before) if code.startswith(LEAD)}
    assert {units(before, force).missing for force in ("02", "04", "09")} == {(FINANCE,), ()}
    reminded = {path.name for path in merge(before.workspace, PERIOD).ingested.reminders}
    assert not [name for name in reminded if LEAD in name]


def test_forms_of_sections_answer_for_the_whole_bureau_once_there_is_one_form_again(out: Office) -> None:
    filled = [right(out, of(section)) for section in (INDUSTRY, INVESTMENT, SERVICES, REGION, ENERGY)]
    for section in FORCES:
        edit_contact(out, f"{section}A岗", ends="2026-11-01")
    edit_contact(out, "投资科B岗", ends="2026-11-01")
    generate(out.workspace, PERIOD, by_unit=True)
    for n, form in enumerate(filled[:-1]):
        assert send_in(out, form, f"{n}.xlsx").status is Status.ACCEPTED
    assert LEAD in owing(out)
    assert send_in(out, filled[-1], "末.xlsx").status is Status.ACCEPTED
    assert LEAD not in owing(out)


def test_a_section_of_a_bureau_that_was_succeeded_speaks_for_the_successor(out: Office) -> None:
    form = right(out, of(INVESTMENT))
    with plan_book(out.workspace) as plan:
        plan.copy("单位", LEAD, 文件用名="区发展改革局", 现用名=None, 简称=None)
        plan.set("单位", LEAD, 终止日期="2026-11-25", 承继单位="区发展改革局")
    result = send_in(out, form)
    assert (result.status, result.party.unit) == (Status.ACCEPTED, "区发展改革局")
    assert result.party.recipient == "区发展改革局_投资科"


# --- letters


def test_each_liaison_gets_the_form_of_the_section_and_nothing_of_the_others(out: Office) -> None:
    send(out.workspace, PERIOD, now=MONDAY)
    laid = letters(out)
    for section in FORCES:
        forms = {name for name in laid[f"区发改经信局_{section}_A岗"] if name.endswith("期填报表.xlsx")}
        assert forms == {f"区发改经信局{section}_2026年第48期填报表.xlsx"}
    assert not [name for name in laid if name.startswith("区发改经信局_办公室")]
    said = (out.workspace.outbox / PERIOD / "待发" / "区发改经信局_能源科_A岗" / "消息.txt").read_text(
        "utf-8-sig"
    )
    assert "区发改经信局能源科2026年第48期（11月23日—29日）填报表" in said
    assert INVESTMENT not in said


def test_where_the_first_post_has_ended_the_second_gets_the_form(out: Office) -> None:
    edit_contact(out, "投资科A岗", ends="2026-11-22")
    send(out.workspace, PERIOD, now=MONDAY)
    assert "区发改经信局投资科_2026年第48期填报表.xlsx" in letters(out)["区发改经信局_投资科_B岗"]


def test_where_a_section_has_nobody_any_more_whoever_is_for_the_bureau_gets_its_form(out: Office) -> None:
    edit_contact(out, "能源科A岗", ends="2026-11-22")
    send(out.workspace, PERIOD, now=MONDAY)
    assert "区发改经信局能源科_2026年第48期填报表.xlsx" in letters(out)["区发改经信局_办公室_A岗"]


def test_receipts_corrections_and_reminders_go_to_the_section(out: Office) -> None:
    faulty = right(out, of(INDUSTRY))
    faulty.write("indicators", "Z02-02", value="约三千")
    out.send(faulty)
    out.send(right(out, of(INVESTMENT)))
    done = merge(out.workspace, PERIOD).ingested
    notes = {path.name for path in (out.workspace.outbox / PERIOD / "通知").iterdir()}
    assert {"区发改经信局_投资科.txt", "区发改经信局_工业科.txt", "催报_区发改经信局_能源科.txt"} <= notes
    assert "催报_区发改经信局_投资科.txt" not in {path.name for path in done.reminders}
    send(out.workspace, PERIOD, now=THURSDAY, remind=True)
    laid = letters(out)
    assert [name for name in laid["区发改经信局_工业科_A岗"] if "更正" in name]
    assert not [name for name in laid["区发改经信局_投资科_A岗"] if name.endswith(".xlsx")]


def test_what_a_lead_returns_goes_to_the_section_that_filled_it_in(out: Office) -> None:
    with plan_book(out.workspace) as plan:
        plan.set("主要指标", "Z03-02", 数据报送单位=LEAD)
    name_section(out, "主要指标", "Z03-02", INDUSTRY)
    generate(out.workspace, PERIOD, by_unit=True)
    send_in(out, right(Office.of(out.workspace, PERIOD), of(INDUSTRY)))
    say(book_of(out), {"Z03-02": ("退回", "与统计局口径不一致")}, out.workspace.inbox / "核对.xlsx")
    ingest(out.workspace)
    notes = {path.name for path in (out.workspace.outbox / PERIOD / "通知").iterdir()}
    assert [name for name in notes if "牵头退回" in name] == ["牵头退回_区发改经信局_工业科.txt"]
    send(out.workspace, PERIOD, now=THURSDAY)
    told = out.workspace.outbox / PERIOD / "待发" / "区发改经信局_工业科_A岗" / "消息.txt"
    assert "与统计局口径不一致" in told.read_text("utf-8-sig")


def test_what_a_lead_is_to_check_goes_to_the_section_of_the_task_force(out: Office) -> None:
    send_in(out, right(out, FINANCE))
    assert (out.workspace.outbox / PERIOD / "通知" / "核对_区发改经信局_投资科.txt").exists()
    send(out.workspace, PERIOD, now=THURSDAY)
    assert "01_区发改经信局_2026年第48期专班核对稿.xlsx" in letters(out)["区发改经信局_投资科_A岗"]
    assert "区发改经信局_办公室_A岗" not in letters(out)


def test_the_receipt_for_what_a_lead_checked_goes_to_the_section_of_the_task_force(out: Office) -> None:
    send_in(out, right(out, FINANCE))
    [book] = (out.workspace.outbox / PERIOD / "专班核对稿").glob("01_*.xlsx")
    say(book, {"Z01-02": ("同意", "")}, out.workspace.inbox / "核对.xlsx")
    ingest(out.workspace)
    notes = {path.name for path in (out.workspace.outbox / PERIOD / "通知").iterdir()}
    assert [name for name in notes if "核对意见" in name] == ["核对意见_区发改经信局_投资科.txt"]
    send(out.workspace, PERIOD, now=THURSDAY)
    assert "区发改经信局_办公室_A岗" not in letters(out)


def test_a_form_that_was_answered_in_one_of_before_is_not_sent(out: Office) -> None:
    form = right(out, of(INVESTMENT))
    for name in ("投资科A岗", "投资科B岗"):
        edit_contact(out, name, section="项目科")
    generate(out.workspace, PERIOD, by_unit=True)
    send_in(out, form)
    send(out.workspace, PERIOD, now=THURSDAY)
    sent = {name for files in letters(out).values() for name in files}
    assert "区发改经信局项目科_2026年第48期填报表.xlsx" not in sent
    assert "区发改经信局投资科_2026年第48期填报表.xlsx" not in sent


# --- what is told of the plan


def test_a_section_that_the_address_book_does_not_know_is_told_by_its_cell(out: Office) -> None:
    cells = [
        name_section(out, "专班", "09", "能原科"),
        name_section(out, "主要指标", "Z03-04", INDUSTRY),
        name_section(out, "重点任务", "R01-02", ENERGY),
    ]
    told = [f for f in check_plan(out.workspace, now=MONDAY).findings if f.code is Code.ADDRESS_SECTION]
    assert [(f.sheet, f.cell) for f in told] == [("专班", cells[0]), ("主要指标", cells[1])]
    assert told[1].message == (
        "第22行：区科技局“工业科”在通讯录里没有在任的联络员，它的表先发给本单位的其他联络员；"
        "请在通讯录登记，或改正科室名称（通讯录里现有规划科）。"
    )


def test_a_plan_without_the_column_is_read_and_a_change_of_it_is_told(out: Office) -> None:
    with plan_book(out.workspace) as plan:
        assert "承办科室" in {cell.value for cell in plan.book["主要指标"][2]}
        plan.book["主要指标"].delete_cols([c.field for c in INDICATORS.columns].index("section") + 1)
    assert not check_plan(out.workspace, now=MONDAY).changes
    name_section(out, "主要指标", "Z01-03", ENERGY)
    (change,) = check_plan(out.workspace, now=MONDAY).changes
    assert change.text.endswith("承办科室：空 → 能源科")
    assert not status(out.workspace).notices


def test_what_was_never_sent_of_a_week_by_task_force_goes_to_the_section_of_the_task_force(
    tmp_path: Path,
) -> None:
    workspace = with_sections(tmp_path / "district")
    generate(workspace, PERIOD)
    week = Office.of(workspace, PERIOD)
    form = week.blank("02")
    form.fill_in({("indicators", "Z02-01"): {"value": "增长较快", "nature": "部门统计"}})
    week.send(form, "02.xlsx")
    ingest(workspace)
    send(workspace, now=THURSDAY)
    generate(workspace, NEXT, by_unit=True)
    laid = send(workspace, now=datetime(2026, 11, 28, 1, tzinfo=UTC))
    asked = [one.liaison.section for one in laid.letters if "请更正" in one.letter.topics]
    assert asked == [INDUSTRY]
