"""Figures of earlier periods are put right in blank rows under the table, beside the current ones."""

import shutil
from pathlib import Path

import pytest

from tenproj_xl.app.generate import generate
from tenproj_xl.app.history import history
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.history import History
from tenproj_xl.model.statuses import Status
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling, Office, sent_out
from tests.helpers.rollup_reading import one, opened, table
from tests.helpers.shared import made_once
from tests.helpers.small_weeks import Merged, figure, merged, send, small_workspace

ROW, PLACE, NEXT_PLACE = "Z01-01", "更正1", "更正2"
CHOICE = "Z01-01 重大项目当年完成投资"
RATE = "Z01-11"


@pytest.fixture
def reported(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Workspace:
    """31 were reported for September 2026 in W43, 33.5 for October in W47; of Z01-11 only October."""
    made = made_once(tmp_path_factory, "corrections", _reported)
    return Workspace(shutil.copytree(made, tmp_path / "workspace"))


def _reported(root: Path) -> None:
    workspace = small_workspace(root)
    merged(workspace, "2026-W43", {("indicators", ROW): figure(31.0, "部门统计", "2026年9月")})
    october = figure(33.5, "部门统计", "2026年10月")
    merged(
        workspace, "2026-W47", {("indicators", ROW): october, ("indicators", RATE): figure(85, "部门统计")}
    )


def correction(
    value: object = 29.5, name: object = CHOICE, period: object = "2026年9月", **more: object
) -> dict[str, object]:
    """Return what is typed into a row for corrections."""
    return {"name": name, "data_period": period, "value": value, "nature": "部门统计", **more}


def known(workspace: Workspace) -> History:
    with open_ledger(workspace.ledger, who="tests") as ledger:
        return ledger.history()


def figures(workspace: Workspace, code: str = ROW) -> dict[str, object]:
    return {f.period.code: f.value for f in known(workspace).figures(code)}


def restated(week: Merged) -> dict[str, object]:
    """Return the only line of 数据修订和更正."""
    (line,) = table(week.rollup, "数据修订和更正").to_dict("records")
    return {str(header): cell for header, cell in line.items()}


def test_of_a_figure_of_a_period_to_come_only_the_period_is_asked_about(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W48")
    send(office, {("indicators", PLACE): correction(700, period="2026年12月")})
    about_it = [f.code for f in result_of(office).findings if f.name.endswith("更正")]
    assert about_it == [Code.PERIOD_FUTURE]


def test_in_january_a_month_without_its_year_is_the_one_that_is_over(reported: Workspace) -> None:
    result = answered(reported, correction(29.5, period="9月"), week="2027-W02")
    (guess,) = [f for f in result.findings if f.code is Code.YEAR_GUESSED]
    assert "填了“9月”，年份不全，已记为2026年9月，请核对" in guess.message
    assert Code.PERIOD_FUTURE not in [f.code for f in result.findings]
    assert figures(reported)["2026-09"] == 29.5


def result_of(office: Office) -> FileResult:
    (result,) = ingest(office.workspace, office.period).files
    return result


def answered(workspace: Workspace, *rows: dict[str, object], week: str = "2026-W48") -> FileResult:
    """Send the form of a week back with rows for corrections filled in."""
    office = sent_out(workspace, week)
    send(office, {("indicators", f"更正{n}"): row for n, row in enumerate(rows, 1)})
    return result_of(office)


def message(result: FileResult, code: Code) -> str:
    (found,) = (f.message for f in result.findings if f.code is code)
    return found.partition("：")[2]


def told(result: FileResult) -> list[Code]:
    """Return what was found in rows for corrections."""
    return [f.code for f in result.findings if f.code.name.startswith("CORRECTION_")]


# --- the form


def test_they_stand_blank_between_the_verified_figures_and_what_is_not_asked(reported: Workspace) -> None:
    form = sent_out(reported, "2026-W48").blank("01")
    codes = form.codes("indicators")
    assert codes[-7:] == ["更正1", "更正2", "更正3", "更正4", "更正5", ROW, RATE]
    assert "/" in codes[-8]
    line = form.tab("indicators").cell(form.row("indicators", PLACE) - 1, 2).value
    assert str(line).startswith("更正以前报过的数（有更正再填）")
    blank = (
        "name",
        "unit",
        "target_now",
        "last_value",
        "asked",
        "data_period",
        "value",
        "nature",
        "state",
    )
    assert {form.value("indicators", PLACE, field) for field in blank} == {None}


def test_they_are_open_for_what_is_put_right_and_closed_for_what_is_said_of_now(reported: Workspace) -> None:
    form = sent_out(reported, "2026-W48").blank("01")
    page = form.tab("indicators")
    is_open = {
        field: not page[form.at("indicators", PLACE, field)].protection.locked
        for field in form.columns("indicators")
    }
    opened = {field for field, is_so in is_open.items() if is_so}
    assert opened == {"name", "data_period", "value", "nature", "city_rank", "remark", "verification"}
    assert page[form.at("indicators", ROW, "name")].protection.locked


def test_they_offer_the_indicators_and_periods_that_were_reported(reported: Workspace) -> None:
    form = sent_out(reported, "2026-W48").forms["01"]
    row = next(row for row in form.part("indicators").rows if row.code == PLACE)
    assert row.choices["name"] == (CHOICE, "Z01-11 省重大项目投资完成率")
    assert row.choices["data_period"] == ("2026年10月", "2026年9月")


def test_page_one_does_not_blame_a_unit_for_the_reason_that_the_row_has_no_place_for(
    reported: Workspace,
) -> None:
    def listed(week: Merged) -> list[object]:
        (line,) = [row for row in opened(week.rollup)["总览"].values if f"{ROW} 重大项目" in str(row[1])]
        return [line[0], line[14]]

    answer = {("indicators", PLACE): correction(5, period="2026年10月")}
    assert listed(merged(reported, "2026-W48", answer)) == ["新增滞后", "（原因待补报）"]
    explained = {("indicators", ROW): {"lag_reason": "剔除了重复的项目", "next_steps": "逐项催办"}}
    assert listed(merged(reported, "2026-W49", explained)) == ["滞后", "剔除了重复的项目；逐项催办"]


def test_a_form_without_earlier_figures_has_none(tmp_path: Path) -> None:
    form = sent_out(small_workspace(tmp_path), "2026-W48").blank("01")
    assert PLACE not in form.codes("indicators")


def test_a_unit_finds_its_own_indicators_only(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    second_quarter = figure(31, "部门统计", "2026年二季度")
    merged(
        workspace,
        "2026-W38",
        {("indicators", "Z01-03"): second_quarter, ("indicators", ROW): figure(28, "部门统计", "2026年8月")},
    )
    generate(workspace, "2026-W48", by_unit=True)
    own, lead = (
        Filling(next(workspace.outbox.glob(f"2026-W48/填报表/{name}*"))) for name in ("区科技", "区发改")
    )
    offered = [_offered(form) for form in (own, lead)]
    assert [any(text.startswith("Z01-03 ") for text in texts) for texts in offered] == [True, False]
    assert [any(text.startswith(f"{ROW} ") for text in texts) for texts in offered] == [False, True]


def _offered(form: Filling) -> set[str]:
    """Return all texts on the hidden sheet that drop-downs look up."""
    return {str(cell.value) for row in form.tab("系统对照").iter_rows() for cell in row if cell.value}


# --- what comes back


def test_the_figure_is_put_right_and_the_roll_up_says_who_was_is_and_why(reported: Workspace) -> None:
    week = merged(reported, "2026-W48", {("indicators", PLACE): correction(remark="漏减了退库项目")})
    line = restated(week)
    fields = ("数据所属期", "类别", "原数", "现数", "差额", "谁改的", "为何")
    assert [line[field] for field in fields] == [
        "2026年9月",
        "填报有误",
        31.0,
        29.5,
        -1.5,
        "区发改经信局",
        "漏减了退库项目",
    ]
    assert figures(reported) == {"2026-09": 29.5, "2026-10": 33.5}


def test_the_current_figure_is_untouched_and_still_owed_where_it_is(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W48")
    send(office, {("indicators", PLACE): correction(84, "Z01-11 省重大项目投资完成率", "2026年10月")})
    week = merge(reported, "2026-W48")
    lines = table(week.rollup, "主要指标")
    assert (one(lines, ROW, "最新数值"), one(lines, ROW, "数据所属期")) == (33.5, "2026年10月")
    assert one(lines, RATE, "最新数值") == 84
    assert PLACE not in lines["编号"].tolist()
    with open_ledger(reported.ledger, who="tests") as ledger:
        rows = [(row.code, row.values["value"]) for row in ledger.accepted_rows("2026-W48")]
    assert rows == [("Z01-11/2026-10", 84)]


def test_a_return_with_nothing_else_is_asked_for_what_it_owes(reported: Workspace) -> None:
    result = answered(reported, correction())
    missing = {f.row for f in result.findings if f.code is Code.FIGURE_MISSING}
    assert "Z01-04" in missing
    assert ROW not in missing
    assert told(result) == []


def test_its_life_tells_both_values(reported: Workspace) -> None:
    merged(reported, "2026-W48", {("indicators", PLACE): correction()})
    values = [v for v in history(reported, ROW).values if v.is_main]
    assert [(v.about.code, v.value, v.standing.value) for v in values] == [
        ("2026-09", 31.0, "not_used"),
        ("2026-09", 29.5, "current"),
        ("2026-10", 33.5, "current"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Z01-01",
        "z01-01",
        "重大项目当年完成投资",
        " Z01－01　重大项目当年完成投资 ",
        "Z01-01：重大项目投资",
        "Z01-01（重大项目当年完成投资）",
    ],
)
def test_a_name_typed_by_hand_is_understood(reported: Workspace, name: str) -> None:
    answered(reported, correction(name=name))
    assert figures(reported)["2026-09"] == 29.5


def test_a_code_typed_into_the_column_of_codes_is_understood(reported: Workspace) -> None:
    result = answered(reported, {**correction(name=None), "code": ROW})
    assert figures(reported)["2026-09"] == 29.5
    assert Code.OFFICE_EDITED not in [f.code for f in result.findings]


@pytest.mark.parametrize("period", ["2026.9", "9月", "2026年1—9月", "2026年三季度", "2026年前三季度"])
def test_a_period_is_understood_as_the_one_that_was_reported(reported: Workspace, period: str) -> None:
    answered(reported, correction(period=period))
    assert figures(reported) == {"2026-09": 29.5, "2026-10": 33.5}


def test_an_estimate_that_is_put_right_by_the_statistics_is_no_mistake(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    merged(workspace, "2026-W43", {("indicators", ROW): figure(31.0, "预计", "2026年9月")})
    week = merged(workspace, "2026-W48", {("indicators", PLACE): correction(31.2, nature="统计快报")})
    assert restated(week)["类别"] == "统计修订"


def test_a_figure_that_was_never_reported_is_taken_as_a_late_one(reported: Workspace) -> None:
    week = merged(reported, "2026-W48", {("indicators", PLACE): correction(27.5, period="2026年8月")})
    line = restated(week)
    assert (line["类别"], line["现数"]) == ("补报", 27.5)


def test_nothing_is_late_that_came_when_figures_were_first_asked_for(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    september, last_year = figure(31.0, "部门统计", "2026年9月"), {"value": 40.0, "nature": "统计核定"}
    rows = {("indicators", ROW): september, ("indicators", f"{ROW}/2025"): last_year}
    week = merged(workspace, "2026-W43", rows)
    assert figures(workspace) == {"2025": 40.0, "2026-09": 31.0}
    assert restated(week)["编号"] == "本期没有数据修订和更正。"


def test_a_second_return_with_the_rows_blank_leaves_what_was_put_right(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W48")
    send(office, {("indicators", PLACE): correction()})
    result_of(office)
    send(office, {("indicators", "Z01-04"): figure(5, "部门统计")}, hours=-1)
    result_of(office)
    assert figures(reported)["2026-09"] == 29.5


def untaken(office: Office) -> list[str]:
    result = result_of(office)
    said = [f.message for f in result.findings if f.code is Code.CORRECTION_UNTAKEN]
    assert result.letter
    assert all(message in result.letter.read_text("utf-8-sig") for message in said)
    return said


@pytest.mark.provokes(Code.CORRECTION_UNTAKEN)
def test_who_sends_other_rows_after_a_correction_with_an_error_is_told_that_it_does_not_count(
    reported: Workspace,
) -> None:
    office = sent_out(reported, "2026-W48")
    other = {("indicators", "Z01-04"): figure(5, "部门统计", "2026年10月")}
    send(office, {("indicators", PLACE): correction(nature="什么数"), **other})
    assert not untaken(office)
    send(office, other, hours=-2)
    said = (
        "前次报送的“重大项目当年完成投资（2026年9月）更正”有差错，没有计入，这一份里也没有；"
        "仍要更正的，请填在本期表“更正以前报过的数”的空行里再发来。"
    )
    assert untaken(office) == [said]
    send(office, other | {("indicators", "Z01-02"): figure(12, "部门统计", "2026年10月")}, hours=-1)
    assert not untaken(office), "once is enough"


@pytest.mark.parametrize("later", [correction(), correction(nature="什么？"), correction(name="其他指标")])
@pytest.mark.parametrize("first", [correction(nature="什么数"), correction(name="不知道什么")])
def test_a_correction_with_an_error_that_comes_again_is_not_called_left_out(
    reported: Workspace, first: dict[str, object], later: dict[str, object]
) -> None:
    office = sent_out(reported, "2026-W48")
    send(office, {("indicators", PLACE): first})
    assert not untaken(office)
    send(office, {("indicators", PLACE): later}, hours=-2)
    is_of_another = later["name"] != CHOICE and first["name"] == CHOICE
    assert bool(untaken(office)) is is_of_another


def test_a_later_week_may_put_it_right_once_more(reported: Workspace) -> None:
    merged(reported, "2026-W48", {("indicators", PLACE): correction()})
    week = merged(reported, "2026-W49", {("indicators", PLACE): correction(30.0)})
    line = restated(week)
    assert (line["原数"], line["现数"]) == (29.5, 30.0)


def test_one_that_is_withdrawn_goes_back_to_the_figure_that_was_reported_before(reported: Workspace) -> None:
    result = answered(reported, correction())
    assert figures(reported)["2026-09"] == 29.5
    done = withdraw(reported, result.received.name, "报错了")
    assert (done.rows, done.standing) == (1, 1)
    assert figures(reported)["2026-09"] == 31.0


def test_a_form_sent_back_without_its_keys_is_read_by_its_codes(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W48")
    form = office.blank("01")
    form.fill_in({("indicators", PLACE): correction()})
    form.cover(**SIGNED)
    form.delete_column("indicators", "key", "key2")
    office.send(form)
    result_of(office)
    assert figures(reported)["2026-09"] == 29.5


def test_blank_ones_that_were_deleted_are_not_missed(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W48")
    form = office.blank("01")
    form.fill_in({("indicators", "Z01-04"): figure(5, "部门统计")})
    form.cover(**SIGNED)
    for place in ("更正5", "更正4"):
        form.delete_row("indicators", place)
    office.send(form)
    assert Code.ROW_MISSING not in [f.code for f in result_of(office).findings]


def test_answers_just_above_are_not_taken_for_a_block_pasted_too_low(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W48")
    form = office.blank("01")
    last_asked = next(
        c
        for c in reversed(form.codes("indicators"))
        if str(form.value("indicators", c, "asked")).startswith("应报")
    )
    send(
        office,
        {("indicators", last_asked): {"value": 5, "nature": "部门统计"}, ("indicators", PLACE): correction()},
    )
    assert Code.ROWS_SHIFTED not in [f.code for f in result_of(office).findings]
    assert figures(reported)["2026-09"] == 29.5


def test_a_unit_puts_its_figure_right_in_its_own_form_and_its_lead_reads_so(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    merged(workspace, "2026-W38", {("indicators", "Z01-03"): figure(31, "部门统计", "2026年二季度")})
    generate(workspace, "2026-W48", by_unit=True)
    form = Filling(next(workspace.outbox.glob("2026-W48/填报表/区科技*")))
    form.write("indicators", PLACE, **correction(30, "Z01-03", "2026年二季度"))
    form.cover(**SIGNED)
    form.save(workspace.inbox / "区科技.xlsx")
    ingest(workspace, "2026-W48")
    assert figures(workspace, "Z01-03") == {"2026-Q2": 30}
    (path,) = workspace.outbox.glob("2026-W48/专班核对稿/*.xlsx")
    texts = {str(cell.value) for row in Filling(path).tab("专班核对稿").iter_rows() for cell in row}
    assert "新增规上企业（2026年二季度）更正" in texts


# --- what is wrong


@pytest.mark.provokes(Code.CORRECTION_INCOMPLETE)
def test_what_lacks_is_told_by_the_names_of_its_columns(reported: Workspace) -> None:
    result = answered(
        reported, {"value": 29.5, "nature": "部门统计"}, {"name": CHOICE, "data_period": "2026年9月"}
    )
    found = [f.message for f in result.findings if f.code is Code.CORRECTION_INCOMPLETE]
    assert found[0] == (
        "第31行“更正1”：这一行用来更正以前报过的数，请填写“指标名称”（从下拉选项中选择）；"
        "不需要更正的请把这一行清空。"
    )
    assert "请填写“数据所属期”（更正的是哪一期的数，如 2026年8月）" in found[1]
    assert found[2] == (
        "第32行“重大项目当年完成投资（2026年9月）更正”：这一行用来更正以前报过的数，"
        "请填写“最新数值”（更正后的数，如 72.5）；不需要更正的请把这一行清空。"
    )
    assert Code.PERIOD_MISSING not in [f.code for f in result.findings]
    assert result.status is Status.TO_CORRECT
    assert figures(reported)["2026-09"] == 31.0


@pytest.mark.provokes(Code.CORRECTION_UNKNOWN)
def test_an_indicator_that_is_not_sure_is_asked_for(reported: Workspace) -> None:
    result = answered(reported, correction(name="投资"))
    assert message(result, Code.CORRECTION_UNKNOWN) == (
        "“投资”认不出是贵单位填报的哪个指标，未接收；请在“指标名称”的下拉选项中选择。"
    )
    assert figures(reported)["2026-09"] == 31.0


def test_of_an_unknown_indicator_nobody_can_tell_in_what_unit_its_figure_is(reported: Workspace) -> None:
    result = answered(reported, correction("5000亿", name="投资"))
    assert [f.code for f in result.findings if f.name == PLACE] == [Code.CORRECTION_UNKNOWN]
    assert result.answer
    assert Filling(result.answer).value("indicators", PLACE, "value") == "5000亿"


@pytest.mark.parametrize("name", ["Z09-99", "Z01-02 重大项目当年完成投资", "R01-01"])
def test_nor_is_a_code_of_others_or_one_beside_the_name_of_another_taken_for_it(
    reported: Workspace, name: str
) -> None:
    assert told(answered(reported, correction(name=name))) == [Code.CORRECTION_UNKNOWN]
    assert figures(reported)["2026-09"] == 31.0


@pytest.mark.provokes(Code.CORRECTION_CURRENT)
def test_the_figure_that_is_asked_for_now_belongs_into_its_own_row(reported: Workspace) -> None:
    result = answered(reported, correction(5, "Z01-04", "2026年10月"), correction(34, period="2026年12月"))
    assert told(result) == [Code.CORRECTION_CURRENT]
    assert message(result, Code.CORRECTION_CURRENT) == (
        "2026年10月的数以前没有报过，是新的数，不是更正，未接收；请填在“每年推进重大项目数”自己的行里，并把这一行清空。"
    )
    assert [f.code for f in result.findings if f.is_error] == [Code.CORRECTION_CURRENT, Code.PERIOD_FUTURE]
    assert figures(reported, "Z01-04") == {}


@pytest.mark.provokes(Code.CORRECTION_TWICE)
def test_one_figure_in_two_rows_is_taken_from_neither(reported: Workspace) -> None:
    result = answered(reported, correction(), correction(29.6, "Z01-01", "9月"))
    assert told(result) == [Code.CORRECTION_TWICE, Code.CORRECTION_TWICE]
    first = next(f.message for f in result.findings if f.code is Code.CORRECTION_TWICE)
    assert first == (
        "第31行“重大项目当年完成投资（2026年9月）更正”：第32行填的也是这个指标这一期的数，未接收；"
        "请只留正确的一行，把另一行清空。"
    )
    assert figures(reported)["2026-09"] == 31.0


def both(workspace: Workspace, own: dict[str, object], corrected: dict[str, object]) -> FileResult:
    """Send a form in which the indicator's own row and one for corrections are filled in."""
    office = sent_out(workspace, "2026-W48")
    send(office, {("indicators", ROW): own, ("indicators", PLACE): corrected})
    return result_of(office)


def test_nor_is_one_that_its_own_row_gives_otherwise(reported: Workspace) -> None:
    result = both(reported, figure(10.5, "部门统计", "2026年9月"), correction(10.8))
    assert told(result) == [Code.CORRECTION_TWICE, Code.CORRECTION_TWICE]
    assert figures(reported)["2026-09"] == 31.0


def test_a_verified_figure_may_stand_beside_one_that_is_not(reported: Workspace) -> None:
    own = figure(31.0, "部门统计", "2026年9月")
    assert told(both(reported, own, correction(30.2, nature="统计核定"))) == []
    assert figures(reported)["2026-09"] == 30.2


def test_so_may_the_same_figure(reported: Workspace) -> None:
    assert told(both(reported, figure(29.5, "部门统计", "2026年9月"), correction())) == []
    assert figures(reported)["2026-09"] == 29.5


@pytest.mark.provokes(Code.CORRECTION_SAME)
def test_a_figure_that_is_no_other_changes_nothing_and_is_told(reported: Workspace) -> None:
    result = answered(reported, correction(31.0))
    assert message(result, Code.CORRECTION_SAME) == (
        "填的31亿元与原来报的一样，没有变化；如要更正，请填更正后的数。"
    )
    assert not any(f.is_error for f in result.findings)
    lines = table(merge(reported, "2026-W48").rollup, "数据修订和更正")
    assert lines["编号"].tolist() == ["本期没有数据修订和更正。"]


@pytest.mark.provokes(Code.CORRECTION_STAYS)
def test_another_figure_in_the_same_row_of_a_second_return_leaves_the_first_one_and_says_so(
    reported: Workspace,
) -> None:
    office = sent_out(reported, "2026-W48")
    send(office, {("indicators", PLACE): correction()})
    result_of(office)
    send(office, {("indicators", PLACE): correction(33.0, period="2026年10月")}, hours=-1)
    assert message(result_of(office), Code.CORRECTION_STAYS) == (
        "这一行前次填的是“重大项目当年完成投资（2026年9月）更正”29.5亿元，仍按更正后的数计入；"
        "如果当时选错了，请另用一行把它改回正确的数。"
    )
    assert figures(reported) == {"2026-09": 29.5, "2026-10": 33.0}


@pytest.mark.provokes(Code.CORRECTION_LACKING)
def test_who_only_says_that_the_last_figure_is_wrong_is_told_where_the_right_one_goes(
    reported: Workspace,
) -> None:
    office = sent_out(reported, "2026-W48")
    send(office, {("indicators", ROW): {"verification": "更正：应为35.5"}})
    assert message(result_of(office), Code.CORRECTION_LACKING) == (
        "“核实说明”写着“更正：应为35.5”，但没有报来更正后的数，2026年10月的33.5亿元没有改动；"
        "请在表下的更正行选这个指标，填写数据所属期和更正后的数，再发一次。"
    )


def test_who_gives_the_right_figure_in_a_row_for_corrections_has_said_enough(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W48")
    said = {("indicators", ROW): {"verification": "更正"}}
    send(office, {**said, ("indicators", PLACE): correction(35.5, period="2026年10月")})
    assert told(result_of(office)) == []


@pytest.mark.provokes(Code.CORRECTION_BEYOND)
def test_a_figure_above_the_later_one_of_a_sum_is_asked_about(reported: Workspace) -> None:
    result = answered(reported, correction(34.0))
    assert message(result, Code.CORRECTION_BEYOND) == (
        "2026年9月的34亿元大于后来2026年10月的33.5亿元，累计数只增不减，请核对；如属实，后来的数也请一并更正。"
    )


def test_a_late_figure_above_the_later_one_of_a_sum_is_asked_about(reported: Workspace) -> None:
    result = answered(reported, correction(33.9, period="2026年8月"))
    assert "2026年8月的33.9亿元大于后来2026年9月的31亿元" in message(result, Code.CORRECTION_BEYOND)


def test_two_late_figures_of_one_return_are_compared_with_each_other(reported: Workspace) -> None:
    result = answered(reported, correction(30.0, period="2026年7月"), correction(29.0, period="2026年8月"))
    assert "2026年7月的30亿元大于后来2026年8月的29亿元" in message(result, Code.CORRECTION_BEYOND)


def test_no_question_is_left_where_the_later_one_is_put_right_beside_it(reported: Workspace) -> None:
    result = answered(reported, correction(34.0), correction(36.0, period="2026年10月"))
    assert told(result) == []
    assert figures(reported) == {"2026-09": 34.0, "2026-10": 36.0}


def test_a_figure_in_another_unit_is_asked_about(reported: Workspace) -> None:
    result = answered(reported, correction(335000, period="2026年10月"))
    assert Code.UNIT_SUSPECT in [f.code for f in result.findings]


# --- the correction workbook


def test_a_correction_workbook_has_it_again_with_what_is_wrong_marked_and_is_taken_as_a_patch(
    reported: Workspace,
) -> None:
    office = sent_out(reported, "2026-W48")
    send(
        office,
        {
            ("indicators", PLACE): correction(name="投资"),
            ("indicators", NEXT_PLACE): correction(85.5, RATE, "2026年10月"),
        },
    )
    assert result_of(office).status is Status.TO_CORRECT
    assert figures(reported, RATE) == {"2026-10": 85.5}
    (path,) = reported.outbox.glob("2026-W48/退回更正/*.xlsx")
    workbook = Filling(path)
    assert [workbook.value("indicators", PLACE, field) for field in ("name", "data_period", "value")] == [
        "投资",
        "2026年9月",
        29.5,
    ]
    assert workbook.value("indicators", NEXT_PLACE, "name") == "Z01-11 省重大项目投资完成率"
    listed = [str(cell.value) for row in workbook.tab("修改清单").iter_rows() for cell in row]
    assert "更正1：投资　指标名称" in listed
    assert any(text.startswith("“投资”认不出") for text in listed)
    workbook.write("indicators", PLACE, name=CHOICE)
    workbook.cover(**SIGNED)
    office.send(workbook, "更正.xlsx", hours=-1)
    result = result_of(office)
    assert result.status is not Status.TO_CORRECT
    assert figures(reported)["2026-09"] == 29.5
    assert result.judgement
    assert [e.code for e in result.judgement.accepted] == ["Z01-01/2026-09"]


# --- what is put right between a form and its correction


def test_a_correction_workbook_with_what_was_put_right_meanwhile_is_not_taken_for_edited(
    reported: Workspace,
) -> None:
    office = sent_out(reported, "2026-W48")
    assert office.blank("01").value("indicators", ROW, "last_value") == "33.5"
    send(Office.of(reported, "2026-W47"), {("indicators", ROW): figure(34.5, "部门统计")}, hours=12)
    ingest(reported, "2026-W47")
    send(office, {("indicators", "Z01-02"): figure(12, "部门估计？", "2026年11月")})
    to_correct = result_of(office).answer
    assert to_correct
    correction = Filling(to_correct)
    assert correction.value("indicators", ROW, "last_value") == "34.5", "as it stands by now"
    correction.write("indicators", "Z01-02", nature="部门统计")
    office.send(correction, "更正.xlsx", hours=-1)
    assert Code.OFFICE_EDITED not in [f.code for f in result_of(office).findings]
    correction.write("indicators", ROW, last_value="33.5")
    office.send(correction, "更正2.xlsx", hours=0)
    edited = [f for f in result_of(office).findings if f.code is Code.OFFICE_EDITED]
    assert not edited, "so it stood in the form that went out"
    correction.write("indicators", ROW, last_value="99")
    office.send(correction, "更正3.xlsx", hours=1)
    (found,) = (f for f in result_of(office).findings if f.code is Code.OFFICE_EDITED)
    assert "34.5" in found.message
