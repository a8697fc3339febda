"""What can be read in the plan, but is hardly meant: each cause is told once, with its cell and what to do."""

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.findings import Finding
from tenproj_xl.model.plan_reader import doubts_of_plan, read_plan
from tenproj_xl.model.plan_schema import shipped_plan
from tests.helpers.small_plan import small_tables

Tables = dict[str, list[list[object]]]


def small() -> Tables:
    """The small plan, in which every task is led by the lead of its task force and a row has a responsible unit."""
    tables = {name: [list(row) for row in rows] for name, rows in small_tables().items()}
    put(tables, "重点任务", "R01-03", "牵头单位", "区发改经信局")
    return tables


def put(tables: Tables, sheet: str, code: str, header: str, value: object) -> str:
    """Write into a row of a sheet; return the address of the cell."""
    column = tables[sheet][0].index(header)
    row = next(n for n, cells in enumerate(tables[sheet]) if cells[0] == code)
    tables[sheet][row][column] = value
    return f"{chr(ord('A') + column)}{row + 1}"


def doubts(tables: Tables) -> list[Finding]:
    assert read_plan(tables, "")[1] == []  # nothing of it is an error
    return doubts_of_plan(tables, "工作计划.xlsx")


def test_a_plan_that_is_meant_as_it_stands_is_not_doubted() -> None:
    assert doubts(small()) == []


def test_of_the_shipped_plan_only_the_responsible_units_are_told_once() -> None:
    tables = {name: [list(row) for row in rows] for name, rows in shipped_plan().items()}
    (found,) = doubts(tables)
    assert (found.code, found.severity) == (Code.PLAN_NOBODY_RESPONSIBLE, Severity.WARNING)
    assert "主要指标和重点任务共139行，“责任单位”都空着" in found.message


def test_blank_lags_are_told_once() -> None:
    tables = small()
    first = put(tables, "主要指标", "Z01-01", "发布时滞", None)
    put(tables, "主要指标", "Z01-03", "发布时滞", "—")
    (found,) = doubts(tables)
    assert (found.code, found.cell) == (Code.PLAN_LAG_MISSING, first)
    assert "L2、L4没有填写“发布时滞”，暂按0天计" in found.message


def test_a_unit_that_goes_by_the_name_of_another_is_told() -> None:
    tables = small()
    cell = put(tables, "单位", "区住建局", "现用名", "区科技和数据局")
    (found,) = doubts(tables)
    assert (found.code, found.cell, found.value) == (Code.PLAN_SAME_NAME, cell, "区科技和数据局")
    assert "第3行" in found.message


def test_a_unit_that_was_merged_into_another_may_have_its_name() -> None:
    tables = small()
    put(tables, "单位", "区住建局", "现用名", "区科技和数据局")
    put(tables, "单位", "区住建局", "承继单位", "区科技局")
    assert doubts(tables) == []


def test_a_mistyped_task_force_is_told_by_the_codes_of_its_rows() -> None:
    tables = small()
    cell = put(tables, "主要指标", "Z01-06", "专班编号", "02")
    found = next(f for f in doubts(tables) if f.code is Code.PLAN_FORCE_OF_CODE)
    assert (found.cell, found.severity) == (cell, Severity.WARNING)
    assert "Z01-06的编号是专班01的，“专班编号”却是02" in found.message


def test_a_reporting_unit_outside_the_task_force_is_told_once() -> None:
    tables = small()
    tables["单位"].append(["区水利局", *[None] * (len(tables["单位"][0]) - 1)])
    first = put(tables, "主要指标", "Z01-02", "数据报送单位", "区水利局")
    put(tables, "重点任务", "R01-02", "数据报送单位", "区水利局")
    (found,) = doubts(tables)
    assert (found.code, found.cell, found.value) == (Code.PLAN_UNIT_OUTSIDE, first, "区水利局")
    assert "“区水利局”不是专班01的牵头单位或责任单位，却在2行里是数据报送单位" in found.message


def test_a_lead_changed_on_one_sheet_only_is_asked_about_once_for_its_task_force() -> None:
    tables = small()
    lead = put(tables, "专班", "01", "牵头单位", "区科技局")
    (found,) = doubts(tables)
    assert (found.code, found.severity) == (Code.PLAN_LEAD_DIFFERS, Severity.QUESTION)
    assert f"“专班”表（{lead}）是“区科技局”，“重点任务”表却有区发改经信局（E2、E3、E4）" in found.message


def test_dates_outside_the_programme_are_told_once_a_column() -> None:
    tables = small()
    first = put(tables, "重点任务", "R01-01", "完成时限", "2062-12-20")
    put(tables, "重点任务", "R01-02", "完成时限", "2016-12-31")
    put(tables, "主要指标", "Z01-07", "基期日期", "2012-12-31")
    due, baseline = sorted(doubts(tables), key=lambda f: f.sheet, reverse=True)
    assert [f.code for f in (due, baseline)] == [Code.PLAN_DATE_OUTSIDE] * 2
    assert due.cell == first
    assert "“完成时限”J2、J3的日期（如2062-12-20）不在方案的2023—2027年之内" in due.message
    assert "“基期日期”P8的日期（如2012-12-31）" in baseline.message


def test_a_copy_of_a_sheet_that_nobody_reads_is_told_with_where_it_belongs() -> None:
    tables = small()
    tables["主要指标 (2)"] = tables["主要指标"]
    tables["抄一份"] = tables["年度计划"]
    tables["Sheet1"] = [[None, ""], [None, None]]
    copy, alike = doubts(tables)
    assert {f.code for f in (copy, alike)} == {Code.PLAN_SHEET_UNREAD}
    assert "工作表“主要指标 (2)”不读取，内容要并入“主要指标”表，不用的请删除" in copy.message
    assert "工作表“抄一份”不读取，内容要并入“年度计划”表" in alike.message


def test_a_column_that_nobody_reads_is_told_once_for_its_sheet() -> None:
    tables = small()
    extra = ("2026年目标", "2027年目标", "空着的")
    tables["主要指标"][0] += extra
    for row in tables["主要指标"][1:]:
        row += ["35", None, None]
    tables["主要指标"][1][-2] = "40"
    (found,) = doubts(tables)
    assert (found.code, found.sheet) == (Code.PLAN_COLUMN_UNREAD, "主要指标")
    assert "“2026年目标”、“2027年目标”不读取，目标请填入“年度计划”表，一期一行" in found.message


def test_an_error_is_not_told_again_as_a_doubt() -> None:
    tables = small()
    put(tables, "主要指标", "Z01-02", "数据报送单位", "区水利局")  # in no table
    put(tables, "主要指标", "Z01-03", "专班编号", "99")
    assert {f.value for f in read_plan(tables, "")[1]} == {"区水利局", "99"}
    assert doubts_of_plan(tables, "") == []
