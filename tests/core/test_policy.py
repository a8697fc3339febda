"""What an office decides about the rules: their severity, probation, exemptions. Each example goes the real way."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tenproj_xl.app.check import check
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.status import status
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.cli.returns_text import ingested_lines
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.sheets import TASKS
from tenproj_xl.ledger.return_state import ReturnState
from tenproj_xl.model.statuses import Status
from tests.conftest import PERIOD
from tests.helpers.filling import Filling, Office
from tests.helpers.rollup_reading import one, table
from tests.helpers.settings_book import set_parameter


def decide(week: Office, sheet: str, *lines: tuple[str | date | None, ...]) -> None:
    """Write lines into a sheet of the settings."""
    book = openpyxl.load_workbook(week.workspace.settings)
    for line in lines:
        book[sheet].append(line)
    book.save(week.workspace.settings)


def judge(week: Office, form: Filling, tmp_path: Path) -> FileResult:
    return check(week.workspace, [form.save(tmp_path / "sent" / form.name)], PERIOD).files[0]


def verdict(result: FileResult) -> tuple[list[tuple[Code, Severity]], Status]:
    return [(f.code, f.severity) for f in result.findings], result.status


def accepted(result: FileResult) -> set[str]:
    return {e.code for e in result.judgement.accepted} if result.judgement else set()


def fell(week: Office) -> Filling:
    """A form in which a sum over the year is less than last time."""
    form = week.right("03")
    form.write("indicators", "Z03-04", value=9.8)
    return form


def future(week: Office) -> Filling:
    """A form in which a task was done after the period's last day."""
    form = week.right("03")
    form.write("tasks", "R03-01", status="已完成", completed_on=date(2026, 12, 20))
    return form


def test_a_question_may_be_made_an_error(later_week: Office, tmp_path: Path) -> None:
    decide(later_week, "规则", ("累计数下降", "错误", None, "核减须先报告"))
    result = judge(later_week, fell(later_week), tmp_path)
    assert verdict(result) == ([(Code.VALUE_FELL, Severity.ERROR)], Status.TO_CORRECT)
    assert "Z03-04" not in accepted(result)
    assert "Z03-05" in accepted(result)


def test_a_fall_that_the_unit_explains_is_still_a_question(later_week: Office, tmp_path: Path) -> None:
    decide(later_week, "规则", ("累计数下降", "错误", None, "核减须先报告"))
    form = fell(later_week)
    form.write("indicators", "Z03-04", verification="核减系统计口径调整")
    result = judge(later_week, form, tmp_path)
    assert verdict(result)[0] == [(Code.VALUE_FELL, Severity.QUESTION)]
    assert "Z03-04" in accepted(result)


def test_an_error_may_be_made_a_warning(week: Office, tmp_path: Path) -> None:
    decide(week, "规则", ("dates_order", "提示", None, "先提醒"))
    result = judge(week, future(week), tmp_path)
    assert verdict(result) == ([(Code.DATES_ORDER, Severity.WARNING)], Status.WITH_WARNINGS)
    assert "R03-01" in accepted(result)


@pytest.mark.parametrize(
    ("until", "severity"), [(date(2026, 11, 29), Severity.WARNING), (date(2026, 11, 28), Severity.ERROR)]
)
def test_a_rule_on_probation_only_warns_up_to_its_day(
    week: Office, tmp_path: Path, until: date, severity: Severity
) -> None:
    """The last day of 2026-W48 is 2026-11-29: that day counts, not the day on which a command is run."""
    decide(week, "规则", ("日期先后", None, until, "新规则"))
    assert verdict(judge(week, future(week), tmp_path))[0] == [(Code.DATES_ORDER, severity)]


@pytest.mark.parametrize("whose", ["Z03-04", "03", "区科技局", "全部", "区教育局、区科技局", "02/03"])
def test_a_row_a_task_force_a_unit_or_everybody_may_be_exempt(
    later_week: Office, tmp_path: Path, whose: str
) -> None:
    decide(later_week, "豁免", ("累计数下降", whose, date(2026, 12, 31), "口径调整"))
    result = judge(later_week, fell(later_week), tmp_path)
    assert verdict(result) == ([(Code.VALUE_FELL, Severity.EXEMPT)], Status.ACCEPTED)
    assert result.findings[0].note == f"{whose}，至2026-12-31：口径调整"


@pytest.mark.parametrize(
    "line",
    [
        ("累计数下降", "Z03-05", date(2026, 12, 31), "是另一行"),
        ("累计数下降", "区发改经信局", date(2026, 12, 31), "不是这一行的报送单位"),
        ("累计数下降", "区发改经信局、区教育局", date(2026, 12, 31), "两个都不是"),
        ("累计数下降", "全部", date(2026, 11, 28), "到期了"),
        ("数值突变", "全部", date(2026, 12, 31), "是另一条规则"),
    ],
)
def test_an_exemption_is_for_nobody_else_and_nothing_else_and_not_for_ever(
    later_week: Office, tmp_path: Path, line: tuple[str | date | None, ...]
) -> None:
    decide(later_week, "豁免", line)
    assert verdict(judge(later_week, fell(later_week), tmp_path))[0] == [(Code.VALUE_FELL, Severity.QUESTION)]


def test_an_exempt_error_keeps_no_row_out(week: Office, tmp_path: Path) -> None:
    decide(week, "豁免", ("日期先后", "R03-01", date(2026, 12, 31), "验收定在12月"))
    result = judge(week, future(week), tmp_path)
    assert verdict(result) == ([(Code.DATES_ORDER, Severity.EXEMPT)], Status.ACCEPTED)
    assert "R03-01" in accepted(result)


def test_of_several_silent_tasks_only_the_exempt_one_is_excused(week: Office, tmp_path: Path) -> None:
    decide(week, "豁免", ("任务未填", "R03-01", date(2026, 12, 31), "暑期不开展"))
    form = week.right("03")
    for code in ("R03-01", "R03-04"):
        form.write("tasks", code, status=None, progress=None)
    result = judge(week, form, tmp_path)
    assert verdict(result)[0] == [(Code.TASK_SILENT, Severity.WARNING), (Code.TASK_SILENT, Severity.EXEMPT)]
    assert "加强科技与金融结合" in result.findings[0].message
    assert "打造‘科技创新少年队’" in result.findings[1].message


def test_the_whole_file_is_taken_where_the_sender_is_exempt_from_a_rule_about_files(
    week: Office, tmp_path: Path
) -> None:
    decide(week, "豁免", ("填报信息未填", "区科技局", date(2026, 12, 31), "值班电话另行登记"))
    form = week.right("03")
    form.cover(phone=None)
    assert verdict(judge(week, form, tmp_path)) == ([(Code.COVER_BLANK, Severity.EXEMPT)], Status.ACCEPTED)


def test_settings_that_exempt_a_stranger_stop_the_run(week: Office) -> None:
    decide(week, "豁免", ("任务未填", "区天文局", date(2026, 12, 31), "没有这个单位"))
    result = pipeline_fault(week)
    assert "“对象”填了“区天文局”" in result


def pipeline_fault(week: Office) -> str:
    with pytest.raises(Exception, match="计划或设置有1处错误") as fault:
        status(week.workspace, PERIOD)
    return str(fault.value)


def test_the_roll_up_shows_what_is_excused_by_whom_and_which_rows_wait(later_week: Office) -> None:
    decide(later_week, "豁免", ("累计数下降", "Z03-04", date(2026, 12, 31), "口径调整"))
    form = fell(later_week)
    form.write("tasks", "R03-02", status="基本完成")
    later_week.send(form)
    done = merge(later_week.workspace, PERIOD)
    checks = table(done.rollup, "核验清单", "专班")
    assert checks[["专班", "级别", "对应的行", "处理"]].to_numpy().tolist() == [
        ["03", "错误", "帮助各类创新主体争取省、市重大科技专项", "该行未计入，待更正"],
        ["03", "已豁免", "技术交易总额", "Z03-04，至2026-12-31：口径调整"],
    ]
    assert checks["何时起等更正"].tolist()[0] == "2026-11-27 14:00"
    returns = table(done.rollup, "报送情况", "专班").set_index("专班")
    assert returns.loc["03", "等更正、暂未计入的行"] == "帮助各类创新主体争取省、市重大科技专项"


def test_the_roll_up_says_that_a_whole_return_waits_for_one_row(later_week: Office) -> None:
    set_parameter(later_week.workspace, "收取方式", "整份收取")
    form = later_week.right("03")
    form.write("tasks", "R03-02", status="基本完成")
    later_week.send(form)
    rollup = merge(later_week.workspace, PERIOD).rollup
    returns = table(rollup, "报送情况", "专班").set_index("专班")
    assert returns.loc["03", "等更正、暂未计入的行"] == (
        "帮助各类创新主体争取省、市重大科技专项（整份收取，其余各行也未计入）"
    )
    checks = table(rollup, "核验清单", "专班").set_index("问题类型")
    assert checks.loc["整份待更正", "处理"] == "整份未计入，待更正"


def test_a_return_with_nothing_but_exempt_findings_is_accepted_wherever_it_is_shown(
    later_week: Office, tmp_path: Path
) -> None:
    office = later_week.workspace
    decide(later_week, "豁免", ("累计数下降", "Z03-04", date(2026, 12, 31), "口径调整"))
    assert judge(later_week, fell(later_week), tmp_path).status is Status.ACCEPTED
    later_week.send(fell(later_week), "03.xlsx")
    merged = merge(office, PERIOD)
    (result,) = merged.ingested.files
    assert verdict(result) == ([(Code.VALUE_FELL, Severity.EXEMPT)], Status.ACCEPTED)
    assert list(ingested_lines(merged.ingested, office))[:1] == ["  03.xlsx  已接收（已豁免1）"]
    assert result.letter is not None
    letter = result.letter.read_text(encoding="utf-8-sig")
    assert "已接收，谢谢！" in letter
    assert "核对" not in letter
    assert state(later_week, "03") is ReturnState.ACCEPTED
    assert one(table(merged.rollup, "报送情况", "专班"), "03", "现行件状态", "专班") == "已接收"
    assert one(table(merged.rollup, "核验清单", "专班"), "03", "级别", "专班") == "已豁免"


def test_a_return_with_nothing_but_exempt_findings_stands_as_accepted_once_the_later_one_is_withdrawn(
    later_week: Office,
) -> None:
    office = later_week.workspace
    decide(later_week, "豁免", ("累计数下降", "Z03-04", date(2026, 12, 31), "口径调整"))
    later_week.send(later_week.right("03"), "周五.xlsx")
    ingest(office, PERIOD)
    later_week.send(fell(later_week), "周四.xlsx", hours=-20)
    (earlier,) = ingest(office, PERIOD).files
    assert earlier.status is Status.SUPERSEDED
    withdraw(office, "周五.xlsx", "报错了单位")
    assert state(later_week, "03") is ReturnState.ACCEPTED


def state(week: Office, task_force: str) -> ReturnState:
    """Return what `status` says of a task force's return."""
    (line,) = (r for r in status(week.workspace, PERIOD).lines if r.task_force.code == task_force)
    return line.state


def test_an_exempt_cell_is_not_marked_in_the_workbook_that_goes_back(later_week: Office) -> None:
    decide(later_week, "豁免", ("累计数下降", "Z03-04", date(2026, 12, 31), "口径调整"))
    form = fell(later_week)
    form.write("tasks", "R03-02", status="基本完成")
    later_week.send(form)
    (result,) = ingest(later_week.workspace, PERIOD).files
    assert result.answer
    listed = openpyxl.load_workbook(result.answer)["修改清单"].iter_rows(min_row=5, values_only=True)
    assert [row[3] for row in listed if row[1]] == [TASKS.name]
