"""What is said of returns that are not in yet, or late, and by whose deadline."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.plan_check import check_plan
from tenproj_xl.app.report import report
from tenproj_xl.app.send import send
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.returns_text import matrix_lines, status_lines
from tenproj_xl.cli.terminal import width
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.placeholders import without
from tenproj_xl.ledger.return_state import ReturnState
from tests.app.test_send import tick
from tests.helpers.filling import Office, sent_out
from tests.helpers.old_ledger import as_version_1
from tests.helpers.rollup_reading import one, opened, table
from tests.helpers.settings_book import add_line, set_parameter
from tests.helpers.small_weeks import figure, merged, small_workspace


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def label(office: Office, task_force: str, now: str) -> str:
    """Return what `status` says of a task force at a moment."""
    matrix = status(office.workspace, now=at(now))
    return next(line.label_at(matrix.now) for line in matrix.lines if line.task_force.code == task_force)


def test_status_says_whether_a_return_is_due_and_how_late_it_is(week: Office) -> None:
    add_line(week.workspace, "延期报送", "04", "2026-W48", "2026-12-01", "统计数据推迟发布")
    assert label(week, "03", "2026-11-26T18:00") == "未报（未到期）"
    assert label(week, "03", "2026-11-27T09:00") == "未报（今日截止）"
    assert label(week, "03", "2026-11-27T18:00") == "未报（迟报1天）"
    assert label(week, "03", "2026-11-30T09:00") == "未报（迟报3天）"
    assert label(week, "04", "2026-11-30T09:00") == "未报（未到期）"
    assert label(week, "05", "2026-11-30T09:00") == "不要求报送"


def reminded(office: Office, now: str) -> str:
    """Return what `status` asks the office to do about returns that are not in, at a moment."""
    lines = status_lines(status(office.workspace, now=at(now)))
    return next((line for line in lines if "催报" in line), "")


def test_nobody_is_asked_for_a_return_before_the_working_day_before_its_deadline(week: Office) -> None:
    """The deadline is Friday 27 November; that of 04 is Tuesday 1 December."""
    add_line(week.workspace, "延期报送", "04", "2026-W48", "2026-12-01", "统计数据推迟发布")
    assert reminded(week, "2026-11-23T09:10") == reminded(week, "2026-11-25T18:00") == ""
    assert "催报6家：" in reminded(week, "2026-11-26T09:00")
    assert "04" not in reminded(week, "2026-11-28T09:00")
    assert "04" in reminded(week, "2026-11-30T09:00")
    late = reminded(week, "2026-12-20T09:00")
    assert "催报7家：" in late
    assert late.endswith("…")
    assert width(late) <= 80, "all names stand in the lines above"


def test_an_extended_return_is_in_time_until_its_own_deadline(week: Office) -> None:
    week.send(week.right("03"), hours=60)
    week.send(week.right("04"), hours=60)
    add_line(week.workspace, "延期报送", "区科技局", "2026-W48", "2026-12-01", "统计数据推迟发布")
    files = {file.task_force: file.days_late for file in ingest(week.workspace).files}
    assert files == {"03": 0, "04": 3}
    assert label(week, "03", "2026-12-05T09:00") == "已接收"
    assert label(week, "04", "2026-12-05T09:00") == "已接收（迟报3天）"


def test_an_extension_that_is_entered_afterwards_takes_the_lateness_away(week: Office) -> None:
    week.send(week.right("03"), hours=60)
    ingest(week.workspace)
    assert label(week, "03", "2026-12-05T09:00") == "已接收（迟报3天）"
    add_line(week.workspace, "延期报送", "区科技局", "2026-W48", "2026-12-01", "经同意")
    assert label(week, "03", "2026-12-05T09:00") == "已接收"


def test_what_is_extended_and_not_in_yet_costs_no_points(week: Office) -> None:
    add_line(week.workspace, "延期报送", "03", "2026-W48", "2026-12-01", "统计数据推迟发布")
    rollup = merge(week.workspace).rollup
    returns = table(rollup, "报送情况", key="专班")
    assert one(returns, "03", "报送", key="专班") == "延期未到"
    assert one(returns, "04", "报送", key="专班") == "未报"
    month = report(week.workspace, "month", "2026-11").written[0]
    league = table(month, "晾晒排名", key="专班")
    assert one(league, "03", "报送应报", key="专班") == 0
    assert one(league, "04", "报送应报", key="专班") == 1


def test_a_week_that_is_called_off_after_its_forms_went_out_owes_nothing(week: Office) -> None:
    sent_out(week.workspace, "2026-W47")
    week.send(week.right("03"), hours=60)
    add_line(week.workspace, "报送日历", "2026-W48", "否", None, "放假停报")
    assert [file.days_late for file in ingest(week.workspace).files] == [0]
    assert label(week, "04", "2026-11-30T09:00") == "不要求报送"
    matrix = status(week.workspace, now=at("2026-11-30T09:00"))
    assert (matrix.owing, any(line.is_owed for line in matrix.lines)) == ((), False)
    laid = send(week.workspace, remind=True, now=at("2026-11-30T09:00"))
    assert {letter.letter.topics for letter in laid.letters} == {("已接收",)}
    month = report(week.workspace, "month", "2026-11").written[0]
    assert set(table(month, "报送情况", key="专班")["期"]) == {"第47周"}
    assert one(table(month, "晾晒排名", key="专班"), "04", "报送应报", key="专班") == 1


def test_no_paper_of_a_week_that_was_called_off_names_a_deadline(week: Office) -> None:
    add_line(week.workspace, "报送日历", week.period, "否", None, "放假停报")
    form = week.blank("04")
    form.write("tasks", "R04-01", status="已完成", progress="已全部完成")
    week.send(form, hours=-50)
    (file,) = ingest(week.workspace).files
    assert file.letter is not None
    assert file.answer is not None
    letter = file.letter.read_text("utf-8-sig")
    assert "请尽快更正后发回，谢谢！" in letter
    assert "截止" not in letter
    cover = load_workbook(file.answer)["填报说明"]
    asked = next(str(row[1].value) for row in cover.iter_rows() if "报送总专班办公室" in str(row[1].value))
    assert asked == "2. 请牵头单位组织各数据报送单位填报，用邮件附件报送总专班办公室（设在区发改经信局）。"
    rollup = merge(week.workspace, week.period).rollup
    assert str(opened(rollup)["总览"]["A2"].value).startswith("停报，不要求报送｜计划快照")
    returns = [str(cell.value) for row in opened(rollup)["报送情况"]["A1:J3"] for cell in row]
    assert any(text.startswith("停报，不要求报送。首次有效报送") for text in returns)
    assert next(matrix_lines(status(week.workspace))).endswith(" 报送情况（停报，不要求报送）")
    send(week.workspace, remind=True)
    folder = week.workspace.outbox / week.period / "待发"
    laid = "".join(path.read_text("utf-8-sig") for path in folder.rglob("*.txt"))
    assert "更正后发回" in laid
    assert "截止" not in laid


def test_who_was_to_be_reminded_before_a_week_was_called_off_is_not_urged_any_more(week: Office) -> None:
    now = at("2026-11-30T09:00")
    generate(week.workspace, week.period, now=at("2026-11-23T09:00"))
    send(week.workspace, now=at("2026-11-23T10:00"))
    tick(week)
    merge(week.workspace, week.period)
    assert {one.letter.topics for one in send(week.workspace, now=now).letters} == {("催报",)}
    add_line(week.workspace, "报送日历", "2026-W48", "否", None, "放假停报")
    assert send(week.workspace, now=now).letters == ()


def test_a_month_whose_first_week_is_called_off_is_compared_with_what_was_before_that_week(
    week: Office,
) -> None:
    merge(week.workspace, sent_out(week.workspace, "2026-W43").period)
    called_off = sent_out(week.workspace, "2026-W47")
    called_off.send(called_off.right("03"))
    merge(week.workspace, "2026-W47")
    month = opened(report(week.workspace, "month", "2026-11").written[0])["本期变化"]
    add_line(week.workspace, "报送日历", "2026-W47", "否", None, "放假停报")
    again = opened(report(week.workspace, "month", "2026-11").written[0])["本期变化"]
    for page in (month, again):
        texts = " ".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)
        assert "第43周汇总" in texts
        assert "第47周汇总" not in texts


def test_an_empty_return_in_time_is_no_return(week: Office) -> None:
    week.send(week.blank("03"), "空表.xlsx")
    (file,) = ingest(week.workspace).files
    assert [found.code for found in file.findings] == [Code.RETURN_BLANK]
    matrix = status(week.workspace, now=at("2026-11-27T09:00"))
    state = next(line for line in matrix.lines if line.task_force.code == "03")
    assert state.state is ReturnState.REFUSED
    assert state.label_at(matrix.now) == "未接收（退回）（今日截止）"
    week.send(week.right("03"), hours=60)
    assert [file.days_late for file in ingest(week.workspace).files] == [3]


def test_a_year_whose_days_off_are_not_entered_is_told_when_its_forms_are_made(week: Office) -> None:
    done = generate(week.workspace, "2027-W02")
    (found,) = done.findings
    assert (found.code, found.sheet, found.message) == (
        Code.DAYS_OFF_UNKNOWN,
        "放假调休",
        "2027年的放假调休还没有登记，截止日只避开周末和1月1日；公布后请在“放假调休”表登记。",
    )
    assert found in check_plan(week.workspace).findings
    add_line(week.workspace, "放假调休", "2027-01-01", "放假", "元旦")
    assert generate(week.workspace, "2027-W02").findings == ()


def _set_off(workspace: Workspace) -> None:
    """Have the whole of 2027-W06 off: from Monday 8 to Sunday 14 February."""
    for day in range(8, 15):
        add_line(workspace, "放假调休", f"2027-02-{day:02d}", "放假", "春节")


def test_a_week_that_is_off_and_due_before_it_begins_is_told_with_the_remedy(week: Office) -> None:
    _set_off(week.workspace)
    (found,) = generate(week.workspace, "2027-W06").findings
    assert (found.code, found.sheet) == (Code.DAYS_OFF_BEFORE_BEGIN, "报送日历")
    assert found.message == (
        "第6期（2月8日—14日）的截止日遇放假，提前到2月5日，这一期还没有开始，本期报来的都算迟报。"
        "请在“报送日历”表登记这一期：不用报的，“是否报送”填“否”；要报的，填“截止日期”，再重新生成填报表。"
    )
    add_line(week.workspace, "报送日历", "2027-W06", "是", "2027-02-17", "春节")
    assert generate(week.workspace, "2027-W06").findings == ()
    assert status(week.workspace, "2027-W06").deadline == at("2027-02-17T17:00")


def test_who_has_the_deadline_behind_the_days_off_has_it_behind_a_week_that_is_off(week: Office) -> None:
    _set_off(week.workspace)
    set_parameter(week.workspace, "截止日遇放假", "节后")
    assert generate(week.workspace, "2027-W06").findings == ()
    assert status(week.workspace, "2027-W06").deadline == at("2027-02-15T17:00")


def test_the_next_week_is_looked_at_when_the_plan_is_checked(week: Office) -> None:
    sent_out(week.workspace, "2027-W05")
    _set_off(week.workspace)
    codes = [found.code for found in check_plan(week.workspace).findings]
    assert Code.DAYS_OFF_BEFORE_BEGIN in codes


def test_a_fresh_workspace_knows_the_days_off_of_the_plans_years(week: Office) -> None:
    set_parameter(week.workspace, "截止日", "周四")
    assert generate(week.workspace, "2026-W40").findings == ()
    assert status(week.workspace, "2026-W40").deadline == at("2026-09-30T17:00")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("报送截止时间是{截止时间}，请尽快更正后发回，谢谢！", "请尽快更正后发回，谢谢！"),
        ("请再发送电子表格。报送截止时间是{截止时间}，谢谢！", "请再发送电子表格。谢谢！"),
        ("退回的写明理由，于{截止时间}前发回；{怎样计入}。", "退回的写明理由；{怎样计入}。"),
        ("请填写，于{截止时间}前发回。\n谢谢", "请填写。\n谢谢"),
        ("请于{截止时间}前发回。", ""),
        ("请填写（{单位}）", "请填写（{单位}）"),
    ],
)
def test_of_a_passage_the_clauses_that_name_a_deadline_are_left_out(text: str, said: str) -> None:
    assert without(text, "截止时间") == said


# --- what forms ask for


@pytest.fixture
def december(tmp_path: Path) -> Office:
    """Week 51, due on Friday 18 December: November's figure of Z01-01 comes out on Sunday, the 20th."""
    workspace = small_workspace(tmp_path)
    merged(workspace, "2026-W48", {("indicators", "Z01-01"): figure(31.0, "部门统计", "2026年10月")})
    return sent_out(workspace, "2026-W51")


def told_of_the_figure(office: Office) -> str:
    """Return what 主要指标 says of how new the figure of Z01-01 is."""
    return str(one(table(merge(office.workspace, office.period).rollup, "主要指标"), "Z01-01", "时效"))


def test_a_form_does_not_ask_for_a_figure_that_comes_out_behind_its_deadline(december: Office) -> None:
    form = december.blank("01")
    assert form.value("indicators", "Z01-01", "asked") == "未到发布期"
    assert "应报" not in told_of_the_figure(december)
    form.write("indicators", "Z01-01", value=34.0, nature="部门统计", data_period="2026年11月")
    december.send(form)
    assert (
        one(table(merge(december.workspace, december.period).rollup, "主要指标"), "Z01-01", "最新数值") == 34
    )


def test_a_deadline_that_is_moved_later_makes_nobody_owe_what_the_form_did_not_ask_for(
    december: Office,
) -> None:
    add_line(december.workspace, "报送日历", december.period, "是", "2026-12-21", "顺延")
    assert "应报" not in told_of_the_figure(december)
    generate(december.workspace, december.period)
    assert december.blank("01").value("indicators", "Z01-01", "asked") == "应报：2026年11月"
    assert "应报2026年11月" in told_of_the_figure(december)


def test_a_week_whose_forms_an_earlier_version_made_is_told_of_as_it_was_asked(december: Office) -> None:
    as_version_1(december.workspace.ledger / "台账.sqlite3")
    assert "应报2026年11月" in told_of_the_figure(december)
