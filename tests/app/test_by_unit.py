"""Every unit fills in its own rows: one workbook each, across task forces, and all come together again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.report import report
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.send import send as send_letters
from tenproj_xl.app.status import status
from tenproj_xl.cli.open_form import TABS
from tenproj_xl.cli.returns_text import matrix_lines, merged_lines
from tenproj_xl.core.answers import IssueStatus
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.period_rows import is_for_period
from tenproj_xl.core.sheets import COVER, FILLED_BY, FORCE
from tenproj_xl.excel.look_reader import read_look  # loads openpyxl
from tenproj_xl.forms.cover import instructions
from tenproj_xl.forms.form import Form, FormRow
from tenproj_xl.forms.write import write_form  # loads XlsxWriter
from tenproj_xl.ledger.return_state import ReturnState
from tenproj_xl.model.plan_schema import UNITS
from tenproj_xl.model.statuses import Status
from tests.app.test_ingest import known, last_word, value
from tests.core.test_catalogue import ISSUE, with_parameter
from tests.core.test_policy import decide
from tests.helpers.answers import SIGNED, right_answers
from tests.helpers.by_unit import FINANCE, INVEST, LEAD, PERIOD, SCIENCE, blank, form_path, right, unit_forms
from tests.helpers.filling import Filling, Office
from tests.helpers.libreoffice import recalculated, type_into
from tests.helpers.programs import need
from tests.helpers.rollup_reading import one, table

GOVERNMENT = "区政府办"


@pytest.fixture(scope="session")
def forms(forms_out: Office) -> dict[str, Form]:
    """The content of the units' forms, by unit."""
    return dict(unit_forms(forms_out))


def rows(form: Form, sheet: str) -> Iterator[FormRow]:
    yield from form.part(sheet).rows


def codes(form: Form, sheet: str, *, others: bool = False) -> list[str]:
    """The codes of the rows for what is due now, without those for verified figures of before."""
    found = [r.code for r in rows(form, sheet) if r.of_others == others and r.code]
    return [code for code in found if not is_for_period(code)]


def ingested(out: Office) -> dict[str, FileResult]:
    return {f.received.name: f for f in ingest(out.workspace).files}


def send(out: Office, form: Filling, name: str = "", hours: float = -3) -> FileResult:
    path = out.send(form, name, hours=hours)
    return ingested(out)[path.name]


def said(result: FileResult) -> list[tuple[Code, str]]:
    return [(f.code, f.cell) for f in result.findings]


# --- who gets what


def test_a_unit_gets_one_workbook_with_its_rows_of_all_task_forces(forms: dict[str, Form]) -> None:
    form = forms[FINANCE]
    assert codes(form, "indicators") == ["Z01-02", "Z02-01", "Z03-02"]
    assert codes(form, "tasks") == ["R03-02"]
    assert [r.code for r in rows(form, "indicators") if r.block is Block.FINAL] == [
        "Z01-02/2025",
        "Z02-01/2025",
    ]
    assert [r.printed[FORCE] for r in rows(form, "indicators") if r.block is not Block.FINAL] == [
        "01 扩大有效投资“千项万亿”工程",
        "02 “415X”先进制造业集群培育工程",
        "03 “315”科技创新体系建设工程",
    ]
    assert {r.printed[FILLED_BY] for r in rows(form, "indicators")} == {"本单位填报"}


def test_every_row_of_the_plan_is_asked_of_exactly_one_unit(forms: dict[str, Form], out: Office) -> None:
    plan = out.loaded.plan
    for sheet, planned in (("indicators", plan.indicators), ("tasks", plan.tasks)):
        asked = [code for form in forms.values() for code in codes(form, sheet)]
        assert sorted(asked) == sorted(row.code for row in planned)


def test_a_unit_that_neither_leads_nor_reports_anything_gets_no_form(forms: dict[str, Form]) -> None:
    assert "区民政局" not in forms
    assert set(forms) == {
        LEAD,
        SCIENCE,
        FINANCE,
        INVEST,
        "区住建局",
        "规划资源拱墅分局",
        "区文广旅体局",
        "区政府办",
    }


def test_the_lead_sees_the_rows_of_the_others_after_its_own_closed(forms: dict[str, Form]) -> None:
    form = forms[SCIENCE]
    assert codes(form, "indicators") == ["Z03-01", "Z03-04", "Z03-05", "Z03-06"]
    assert codes(form, "indicators", others=True) == ["Z03-02", "Z03-03"]
    assert codes(form, "tasks", others=True) == ["R03-02"]
    sheet = form.part("indicators")
    assert [r.of_others for r in sheet.rows] == [False] * 6 + [True] * 2
    others = [r for r in sheet.rows if r.of_others]
    assert [(r.printed[FILLED_BY], r.printed["asked"]) for r in others] == [
        ("由区财政局填报", "不必填报"),
        ("由区投促局填报", "不必填报"),
    ]
    assert not any(r.is_open(c) for r in others for c in sheet.sheet.columns)


def test_others_rows_are_locked_grey_and_carry_no_formula(out: Office) -> None:
    form = blank(out, SCIENCE)
    page = form.tab("indicators")
    cell = page[form.at("indicators", "Z03-02", "value")]
    assert cell.protection.locked
    assert cell.fill.fgColor.rgb == "FFEDEDED"
    assert form.value("indicators", "Z03-02", "state") is None
    assert str(form.value("indicators", "Z03-04", "state")).startswith("=")


def test_the_cover_tells_a_unit_what_is_its_own(out: Office) -> None:
    texts = [
        str(v) for row in blank(out, SCIENCE).tab("填报说明").iter_rows(values_only=True) for v in row if v
    ]
    assert texts[3] == (
        "1. 填报单位：区科技局；所在专班：01、03、04。各行属于哪个专班见“工程专班”列；"
        "牵头专班中由其他单位填报的行列在最后，灰色，供了解，不必填写。"
    )
    assert "3. 本期应报指标4项、任务3项、在办问题0件；新问题请填在“问题销号进度表”的空行中。" in texts


def test_a_unit_that_owes_nothing_is_asked_for_nothing(forms: dict[str, Form]) -> None:
    idle = next(form for form in forms.values() if not form.recipient.involved)
    asked = instructions(idle)
    assert asked[1].startswith("本单位没有应报的内容；如有配合事项，可于")
    assert asked[2].startswith("可报指标0项、任务1项、在办问题0件；")


def test_the_two_columns_are_in_the_forms_of_units_only(out: Office) -> None:
    assert "工程专班" in {c.value for c in blank(out, FINANCE).tab("tasks")[4]}
    assert "工程专班" not in {c.value for c in out.blank("03").tab("tasks")[4]}


def test_a_sheet_with_nothing_but_rows_of_others_counts_none(out: Office, tmp_path: Path) -> None:
    form = unit_forms(out)[SCIENCE]
    sheets = [
        replace(p, rows=tuple(r for r in p.rows if r.of_others or p.sheet.code != "indicators"))
        for p in form.sheets
    ]
    path = tmp_path / "区科技局.xlsx"
    write_form(path, replace(form, sheets=tuple(sheets)), read_look(out.workspace.template))
    written = Filling(path)
    counts = {
        s: [c.value for c in written.tab(s)[2] if "自检" in str(c.value)] for s in ("indicators", "tasks")
    }
    assert counts["indicators"] == []
    assert len(counts["tasks"]) == 1
    assert "主要指标进度表" not in {c.value for row in written.tab("填报说明").iter_rows() for c in row}


def test_generating_again_changes_nothing(out: Office) -> None:
    before = form_path(out, FINANCE).read_bytes()
    generate(out.workspace, PERIOD, by_unit=True)
    assert form_path(out, FINANCE).read_bytes() == before
    assert send(out, right(out, FINANCE)).status is Status.ACCEPTED


# --- all come together again


def test_the_rows_of_all_units_come_together_in_the_roll_up(out: Office) -> None:
    for unit in (FINANCE, INVEST, SCIENCE):
        out.send(right(out, unit))
    assert {f.status for f in ingested(out).values()} == {Status.ACCEPTED}
    brought = {c: last_word(out, "indicators", c) for c in ("Z01-02", "Z03-02", "Z03-03", "Z03-04")}
    assert {c: (row.task_force, row.unit) for c, row in brought.items()} == {
        "Z01-02": ("01", FINANCE),
        "Z03-02": ("03", FINANCE),
        "Z03-03": ("03", INVEST),
        "Z03-04": ("03", SCIENCE),
    }
    indicators = table(merge(out.workspace, PERIOD).rollup, "主要指标")
    source = str(one(indicators, "Z01-02", "来源（文件›工作表›单元格，时间）"))
    assert source.startswith("区财政局_2026年第48期填报表.xlsx › 主要指标进度表 › K5")


def test_the_matrix_says_which_units_have_returned(out: Office) -> None:
    out.send(right(out, FINANCE))
    ingested(out)
    lines = {line.task_force.code: line for line in status(out.workspace).lines}
    assert (lines["01"].units.owed, lines["01"].units.returned) == ((LEAD, FINANCE), (FINANCE,))
    assert (lines["03"].units.owed, lines["03"].units.missing) == (
        (SCIENCE, FINANCE, INVEST),
        (SCIENCE, INVEST),
    )
    assert [lines[code].label for code in ("01", "02", "03", "04")] == [
        "部分未报",
        "部分未报",
        "部分未报",
        "未报",
    ]
    assert "应报7个专班，已报0个，部分未报3个，未报4个。" in list(matrix_lines(status(out.workspace)))
    for unit in (SCIENCE, INVEST):
        out.send(right(out, unit))
    ingested(out)
    assert "应报7个专班，已报1个，部分未报2个，未报4个。" in list(matrix_lines(status(out.workspace)))
    done = next(line for line in status(out.workspace).lines if line.task_force.code == "03")
    assert (done.label, done.units.missing) == ("已接收", ())


def test_the_roll_up_says_which_units_are_missing(out: Office) -> None:
    out.send(right(out, FINANCE))
    returns = table(merge(out.workspace, PERIOD).rollup, "报送情况", "专班")
    found = [one(returns, "03", column, "专班") for column in ("报送", "单位（已报/应报）", "未报单位")]
    assert found == ["部分未报", "1/3", "区科技局、区投促局"]


def test_the_brief_names_the_units_that_are_missing_and_not_their_lead(out: Office) -> None:
    out.send(right(out, SCIENCE))
    merge(out.workspace, PERIOD)
    brief = report(out.workspace, "meeting", PERIOD).written[-1]
    said = "".join(paragraph.text for paragraph in docx.Document(str(brief)).paragraphs)
    assert "分未报：03专班区财政局、区投促局。" in said


def test_what_the_lead_returns_in_the_task_forces_form_is_for_all_its_units(out: Office) -> None:
    assert send(out, out.right("03")).status is Status.ACCEPTED
    line = next(line for line in status(out.workspace).lines if line.task_force.code == "03")
    assert (line.label, line.units.missing) == ("已接收", ())


def test_what_a_unit_without_a_part_in_a_task_force_returns_in_its_form_is_for_none_of_its_units(
    out: Office,
) -> None:
    """区住建局 stands on the cover of the 03 form: other_task_force; 区投促局 makes a nil return besides."""
    form = out.right("03")
    form.cover(unit="区住建局")
    result = send(out, form, hours=5)
    assert [f.code for f in result.findings] == [Code.OTHER_TASK_FORCE]
    assert last_word(out, "indicators", "Z03-04").unit == SCIENCE
    folder = out.workspace.outbox / PERIOD / "通知"
    for unit, greeted in (("区住建局", "区住建局 张三："), (SCIENCE, f"{SCIENCE}：")):
        letter = (folder / f"{unit}.txt").read_text("utf-8-sig")
        assert letter.startswith(greeted)
        assert "填报单位“区住建局”不在本专班的单位名单内" in letter
    nil = blank(out, INVEST)
    nil.cover(nil_return="是", **SIGNED)
    assert send(out, nil, "零报告.xlsx").status is Status.ACCEPTED
    line = next(line for line in status(out.workspace).lines if line.task_force.code == "03")
    assert (line.state, line.days_late) == (ReturnState.PARTIAL, 0)
    returns = table(merge(out.workspace, PERIOD).rollup, "报送情况", "专班")
    found = [
        one(returns, "03", column, "专班") for column in ("报送", "单位（已报/应报）", "未报单位", "零报告")
    ]
    assert found == ["部分未报", "1/3", "区科技局、区财政局", ""]


def test_a_unit_is_late_by_itself(out: Office) -> None:
    assert not send(out, right(out, SCIENCE)).late
    assert send(out, right(out, FINANCE), hours=5).late


def test_the_task_forces_form_that_comes_late_makes_nobody_late_whose_units_were_all_in_time(
    out: Office,
) -> None:
    for unit in (SCIENCE, FINANCE, INVEST):
        out.send(right(out, unit), f"{unit}.xlsx")
    ingested(out)
    late = out.right("03")
    late.cover(highlights="另有说明")
    send(out, late, "补充.xlsx", hours=5)
    line = next(line for line in status(out.workspace).lines if line.task_force.code == "03")
    assert (len(line.returns), line.days_late) == (4, 0)
    returns = table(merge(out.workspace, PERIOD).rollup, "报送情况", "专班")
    assert one(returns, "03", "报送", "专班") == "按时"


def test_the_task_forces_form_that_comes_late_for_a_unit_that_is_missing_is_late(out: Office) -> None:
    out.send(right(out, SCIENCE))
    ingested(out)
    send(out, out.right("03"), "补报.xlsx", hours=5)
    line = next(line for line in status(out.workspace).lines if line.task_force.code == "03")
    assert (line.units.missing, line.days_late) == ((), 1)


def test_one_unit_that_is_late_or_has_something_to_correct_makes_the_task_force_so_in_status_and_roll_up(
    out: Office,
) -> None:
    faulty = right(out, SCIENCE)
    faulty.write("indicators", "Z03-01", value="约三千")
    assert send(out, faulty, "科技.xlsx").status is Status.TO_CORRECT
    for unit in (FINANCE, INVEST):
        out.send(right(out, unit), f"{unit}.xlsx", hours=5)
    ingested(out)
    line = next(line for line in status(out.workspace).lines if line.task_force.code == "03")
    assert (line.label, line.receipt and line.receipt.file) == ("待更正（迟报1天）", "科技.xlsx")
    returns = table(merge(out.workspace, PERIOD).rollup, "报送情况", "专班")
    assert (one(returns, "03", "报送", "专班"), one(returns, "03", "待更正错误（处）", "专班")) == ("迟报", 1)


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_a_units_form_typed_into_in_libreoffice_is_accepted_whole(out: Office, ending: str) -> None:
    """区科技局 leads 03 and sees two rows there that others report; 自检 says ✓ of its own and nothing of those."""
    need("soffice")
    form, answers = blank(out, SCIENCE), right_answers(unit_forms(out)[SCIENCE])
    cover = [(COVER.name, form.cover(**{field: text}), text) for field, text in SIGNED.items()]
    cells = [
        (TABS[s], form.at(s, code, f), spoken(v))
        for (s, code), said in answers.items()
        for f, v in said.items()
    ]
    sent = out.workspace.inbox / f"回表.{ending}"
    type_into(form_path(out, SCIENCE), [*cover, *cells], sent)
    shown = recalculated(sent)
    checks = {
        code: shown[TABS["indicators"]].get(form.at("indicators", code, "check"))
        for code in ("Z03-02", "Z03-04")
    }
    assert checks == {"Z03-02": None, "Z03-04": "✓"}
    result = ingested(out)[sent.name]
    assert said(result) == []
    assert {c: last_word(out, s, c).unit for s, c in answers} == dict.fromkeys(
        (c for _, c in answers), SCIENCE
    )


def spoken(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def test_each_unit_whose_form_is_still_out_is_reminded_once_of_its_own(out: Office) -> None:
    """区发改经信局 leads four of the task forces and has one form; 区科技局 returns in the task force's form."""
    out.send(right(out, FINANCE))
    out.send(out.right("03"))
    done = merge(out.workspace, PERIOD)
    assert [path.name for path in done.ingested.reminders] == [
        "催报_区发改经信局.txt",
        "催报_区文广旅体局.txt",
        "催报_区政府办.txt",
    ]
    assert "请填好“区发改经信局_2026年第48期填报表.xlsx”" in done.ingested.reminders[0].read_text("utf-8-sig")
    assert "催报3家：区发改经信局、区文广旅体局、区政府办" in "\n".join(merged_lines(done, out.workspace))
    out.send(right(out, GOVERNMENT))
    assert [path.name for path in merge(out.workspace, PERIOD).ingested.reminders] == [
        "催报_区发改经信局.txt",
        "催报_区文广旅体局.txt",
    ]
    assert not done.ingested.reminders[2].exists()


def test_the_work_group_is_told_of_units_where_these_have_forms_of_their_own(out: Office) -> None:
    out.send(right(out, FINANCE))
    ingested(out)
    send_letters(out.workspace, PERIOD)
    told = (out.workspace.outbox / PERIOD / "待发" / "工作群_点名.txt").read_text("utf-8-sig")
    missing = [one.spoken for one in status(out.workspace).owing]
    assert f"应报{len(missing) + 1}家，已报1家，未报{len(missing)}家" in told
    assert "已报：区财政局。谢谢！" in told
    assert f"未报：{'、'.join(missing)}。" in told


# --- new issues


def test_a_unit_of_several_task_forces_chooses_one_for_a_new_issue(out: Office) -> None:
    form = right(out, FINANCE)
    form.write("issues", "+1", **ISSUE, force="02 “415X”先进制造业集群培育工程")
    form.write("issues", "+2", **{**ISSUE, "description": "配套资金未到位"}, force="09")
    assert send(out, form).status is Status.ACCEPTED
    assert last_word(out, "issues", "W02-2026-001").values["description"] == ISSUE["description"]
    assert last_word(out, "issues", "W09-2026-001").values["description"] == "配套资金未到位"


def test_an_issue_without_its_task_force_is_asked_for_it(out: Office) -> None:
    form = right(out, FINANCE)
    form.write("issues", "+1", **ISSUE)
    strange = form.write("issues", "+2", **{**ISSUE, "description": "配套资金未到位"}, force="07")
    result = send(out, form)
    assert said(result) == [
        (Code.ISSUE_INCOMPLETE, form.at("issues", "+1", "force")),
        (Code.NOT_CHOICE, strange),
    ]
    assert result.findings[0].message.endswith(
        "登记新问题请填写“工程专班”（从下拉选项中选择问题所属的工程专班）。"
    )


def test_a_unit_of_one_task_force_need_not_choose(out: Office) -> None:
    form = right(out, GOVERNMENT)
    assert form.value("issues", "+1", "force") == "10 公共服务“七优享”工程"
    form.write("issues", "+1", **{**ISSUE, "unit": GOVERNMENT})
    assert send(out, form).status is Status.ACCEPTED
    assert last_word(out, "issues", "W10-2026-001").unit == GOVERNMENT


def test_the_responsible_unit_reports_on_an_issue_from_then_on_and_the_lead_reads_it(out: Office) -> None:
    form = right(out, SCIENCE)
    form.write("issues", "+1", **{**ISSUE, "unit": FINANCE}, force="03")
    assert send(out, form).status is Status.ACCEPTED
    generate(out.workspace, "2026-W49", by_unit=True)
    later = unit_forms(Office.of(out.workspace, "2026-W49"))
    assert codes(later[FINANCE], "issues") == ["W03-2026-001"]
    assert codes(later[SCIENCE], "issues") == []
    read = next(r for r in rows(later[SCIENCE], "issues") if r.of_others)
    assert (read.code, read.printed["status"], read.printed[FILLED_BY]) == (
        "W03-2026-001",
        IssueStatus.OPEN,
        "由区财政局填报",
    )


# --- who may fill in which row


@pytest.mark.provokes(Code.ROW_OF_OTHERS)
def test_a_row_of_others_that_the_lead_edits_does_not_count_and_says_whose_it_is(out: Office) -> None:
    form = right(out, SCIENCE)
    cell = form.write("indicators", "Z03-02", value=3.1)
    result = send(out, form)
    assert said(result) == [(Code.ROW_OF_OTHERS, cell)]
    assert result.status is Status.WITH_WARNINGS
    assert result.findings[0].message == (
        f"第{cell[1:]}行“全社会研究与试验发展经费占地区生产总值比重”：这一行由区财政局填报，供贵单位了解；"
        "改动的“最新数值”没有采用。需要更正的，请与区财政局联系。"
    )
    assert known(out).latest("indicators", "Z03-02") is None
    assert known(out).latest("indicators", "Z03-04") is not None


def test_what_goes_back_has_the_row_of_others_as_it_was_and_is_accepted_as_it_is(out: Office) -> None:
    form = right(out, SCIENCE)
    form.write("indicators", "Z03-02", value=3.1)
    form.write("indicators", "Z03-04", value="很多")
    back = send(out, form).answer
    assert back
    corrected = Filling(back)
    assert corrected.value("indicators", "Z03-02", "value") is None
    todo = [
        row for row in corrected.tab("修改清单").iter_rows(values_only=True) if row[3] == "主要指标进度表"
    ]
    restored = next(row for row in todo if "这一行已恢复原样" in str(row[7]))
    assert restored[2] == "请核对"
    corrected.write("indicators", "Z03-04", value=10.2)
    assert send(out, corrected, "改好.xlsx", hours=-1).status is Status.ACCEPTED


@pytest.mark.provokes(Code.OTHER_UNIT)
def test_a_units_form_that_another_unit_filled_in_is_refused(out: Office) -> None:
    form = right(out, FINANCE)
    cell = form.cover(unit=INVEST)
    result = send(out, form)
    assert (result.status, said(result)) == (Status.REFUSED, [(Code.OTHER_UNIT, cell)])
    assert result.findings[0].message.partition("：")[2] == (
        "这是发给区财政局的填报表，填报单位写的是“区投促局”，未接收；"
        "区投促局请填发给自己的那一份，确由区财政局填报的，请改正填报单位后重新发送。"
    )
    assert known(out).latest("indicators", "Z03-02") is None


def test_who_filled_in_another_units_form_is_told_so_with_its_own_form_and_the_other_unit_is_not(
    out: Office,
) -> None:
    """区投促局 fills in the form of 区财政局: other_unit on the cover, whose rows are none of its business."""
    form = right(out, FINANCE)
    cell = form.cover(unit=INVEST)
    form.write("indicators", "Z03-02", value="约三")
    result = send(out, form)
    assert (result.party.recipient, result.party.unit) == (INVEST, INVEST)
    assert said(result) == [(Code.OTHER_UNIT, cell)]
    assert result.letter
    assert result.answer
    assert result.letter.name == f"{INVEST}.txt"
    letter = result.letter.read_text("utf-8-sig")
    assert "贵单位发来的是发给区财政局的填报表，未接收；这一份是发给贵单位的，请填写后发回。" in letter
    assert f"附件：{result.answer.name}" in letter
    assert list(result.letter.parent.glob(f"*{FINANCE}*")) == []
    states = {one.recipient: one.state for one in status(out.workspace).owing}
    assert (states[FINANCE], states[INVEST]) == (ReturnState.MISSING, ReturnState.REFUSED)
    assert "催报_区财政局.txt" in [path.name for path in merge(out.workspace, PERIOD).ingested.reminders]
    own = Filling(result.answer).answer(right_answers(unit_forms(out)[INVEST]))
    assert send(out, own, "改好.xlsx", hours=-1).status is Status.ACCEPTED
    assert last_word(out, "indicators", "Z03-03").unit == INVEST


def test_the_checks_list_says_of_another_units_form_what_status_says(out: Office) -> None:
    """处理 of other_unit in 核验清单 is settled once 区投促局 has returned its own form."""
    form = right(out, FINANCE)
    form.cover(unit=INVEST)
    assert send(out, form).status is Status.REFUSED
    checks = table(merge(out.workspace, PERIOD).rollup, "核验清单", "问题类型")
    assert one(checks, "不是本单位的表", "处理", "问题类型") == "整份未计入，待更正"
    send(out, right(out, INVEST), "自己的表.xlsx", hours=-1)
    assert status(out.workspace).refused == ()
    checks = table(merge(out.workspace, PERIOD).rollup, "核验清单", "问题类型")
    assert one(checks, "不是本单位的表", "处理", "问题类型") == "已另报"


def test_the_name_on_the_cover_of_a_units_form_may_be_anything_but_another_unit(out: Office) -> None:
    form = right(out, FINANCE)
    form.cover(unit="拱墅区财政局（国资办）")
    assert send(out, form).status is Status.ACCEPTED
    assert last_word(out, "indicators", "Z03-02").unit == FINANCE


@pytest.mark.parametrize(
    ("on_cover", "unit"), [(INVEST, INVEST), ("发改经信局", LEAD), ("某公司", SCIENCE), ("市科技局", SCIENCE)]
)
def test_in_a_task_forces_form_the_cover_says_who_speaks_else_the_lead(
    out: Office, on_cover: str, unit: str
) -> None:
    form = out.right("03")
    form.cover(unit=on_cover)
    asked = [f.code for f in send(out, form).findings]
    assert asked == [Code.COVER_UNIT] * (on_cover in ("某公司", "市科技局"))
    row = last_word(out, "indicators", "Z03-04")
    assert (row.unit, row.owner) == (unit, SCIENCE)


# --- what the office decides

LAGS = {"status": "滞后", "progress": "未进场", "problems": None, "next_steps": None}


def test_a_units_form_may_be_taken_whole_and_others_are_not_kept_waiting(out: Office) -> None:
    with_parameter(out.workspace, "收取方式", "整份收取")
    form = right(out, FINANCE)
    form.write("tasks", "R03-02", **LAGS)
    out.send(form)
    out.send(right(out, INVEST))
    done = merge(out.workspace, PERIOD)
    assert value(out, "Z03-03") is not None
    assert known(out).latest("indicators", "Z03-02") is None
    back = "区财政局 张三：2处错误（重点任务进度表N5、重点任务进度表O5）"
    assert f"   {back}" in list(merged_lines(done, out.workspace))


@pytest.mark.parametrize(("whose", "status"), [(FINANCE, Status.ACCEPTED), (SCIENCE, Status.TO_CORRECT)])
def test_an_exemption_of_a_unit_is_for_its_rows_in_whatever_task_force(
    whose: str, status: Status, out: Office
) -> None:
    """区财政局 reports R03-02, 区科技局 leads that task force."""
    decide(out, "豁免", ("必填未填", whose, date(2026, 12, 31), "机构改革"))
    form = right(out, FINANCE)
    form.write("tasks", "R03-02", **LAGS)
    result = send(out, form)
    counted = known(out).latest("tasks", "R03-02")
    assert {f.severity for f in result.findings} == {
        Severity.EXEMPT if status is Status.ACCEPTED else Severity.ERROR
    }
    assert (result.status, counted is not None) == (status, status is Status.ACCEPTED)


# --- recognition


def test_a_units_form_is_known_without_its_hidden_sheet_by_its_rows(out: Office) -> None:
    form = right(out, FINANCE)
    form.delete_sheet("系统信息", "填报说明")
    result = send(out, form, "随便叫什么.xlsx")
    assert (result.party.recipient, result.party.task_forces) == (FINANCE, ("01", "02", "03"))


def test_a_units_form_whose_keys_are_lost_is_known_by_its_visible_line(out: Office) -> None:
    form = right(out, FINANCE)
    for sheet in ("indicators", "tasks", "issues"):
        form.delete_column(sheet, "key", "key2")
    result = send(out, form, "随便叫什么.xlsx")
    assert (result.party.recipient, {f.code for f in result.findings}) == (FINANCE, {Code.KEYS_LOST})
    assert value(out, "Z03-02") is not None


def test_a_row_of_the_task_forces_form_pasted_into_a_units_form_is_foreign(out: Office) -> None:
    form, other = right(out, FINANCE), out.right("03")
    form.bring(other, "tasks")
    result = send(out, form)
    assert Code.SHEET_FOREIGN in {f.code for f in result.findings}
    assert "第48期（11月23日—29日）03专班" in str([f.message for f in result.findings])


def test_a_row_of_another_unit_pasted_in_is_left_to_that_unit(out: Office) -> None:
    form, other = right(out, SCIENCE), blank(out, FINANCE)
    other.write("tasks", "R03-02", status="序时推进", progress="区科技局代填")
    form.tab("tasks").append([cell.value for cell in other.tab("tasks")[other.row("tasks", "R03-02")]])
    result = send(out, form)
    assert {f.code for f in result.findings} == {Code.ROW_FOREIGN}
    assert result.answer
    back = Filling(result.answer)
    todo = [row for row in back.tab("修改清单").iter_rows(values_only=True) if row[2] == "须更正"]
    advice = "是第48期（11月23日—29日）区财政局的内容，没有填回；需要报送的，请由区财政局填到区财政局的填报表中发送。"
    assert [row[7] for row in todo] == [advice]
    listed = [row for row in back.tab("原填内容").iter_rows(values_only=True) if row[1] == "重点任务进度表"]
    assert [row[4] for row in listed] == ["区财政局的填报表"]
    assert send(out, back, "2.xlsx", hours=-2).status is Status.ACCEPTED


# --- reforms


def test_a_form_sent_before_a_unit_was_succeeded_is_the_successors(out: Office) -> None:
    form, successor = right(out, INVEST), "区商务局"
    edit_unit(out, INVEST, ends="2026-11-25", successor="区商务局")
    result = send(out, form)
    assert (result.status, result.party.recipient, result.party.unit) == (
        Status.ACCEPTED,
        successor,
        successor,
    )
    row = last_word(out, "indicators", "Z03-03")
    assert (row.unit, row.owner) == (successor, successor)
    later = unit_forms(Office.of(out.workspace, PERIOD))
    assert successor in later
    assert INVEST not in later


def edit_unit(out: Office, name: str, **values: str) -> None:
    """What the office writes into the plan's 单位 about a unit."""
    book = load_workbook(out.workspace.plan)
    page = book[UNITS.name]
    row = next(cells[0].row for cells in page.iter_rows() if cells[0].value == name)
    for field, text in values.items():
        column = [c.field for c in UNITS.columns].index(field) + 1
        page.cell(row, column).value = text
    book.save(out.workspace.plan)
