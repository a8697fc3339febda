"""The plan workbook: mistakes that the office may make in it, and their messages."""

import copy
from collections.abc import Sequence

import pytest

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import address
from tenproj_xl.core.findings import Finding
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_reader import read_plan
from tenproj_xl.model.plan_schema import shipped_plan
from tests.helpers.small_plan import small_tables

FILE = "工作计划.xlsx"
Tables = dict[str, list[list[object]]]


def shipped() -> Tables:
    return {name: [list(row) for row in rows] for name, rows in shipped_plan().items()}


def edited(sheet: str, header: str, row: int, value: object) -> tuple[Tables, str]:
    """Return the shipped tables with one cell changed, and its address; `row` counts from 1, the header."""
    tables = copy.deepcopy(shipped())
    column = tables[sheet][0].index(header)
    tables[sheet][row - 1][column] = value
    return tables, address(row - 1, column)


def read(tables: Tables) -> tuple[Plan | None, list[Finding]]:
    return read_plan(tables, FILE)


def row_of(sheet: str, first: str) -> int:
    return next(n for n, row in enumerate(shipped()[sheet], 1) if row[0] == first)


def test_the_shipped_plan_is_read_without_a_finding() -> None:
    plan, findings = read(shipped())
    assert findings == []
    assert plan is not None
    assert [t.code for t in plan.task_forces if not t.involved] == ["05", "06", "07"]


@pytest.mark.parametrize(
    ("sheet", "header", "row", "value", "code", "says"),
    [
        ("主要指标", "指标编号", 3, "Z01-01", Code.PLAN_DUPLICATE, "“Z01-01”已在第2行出现"),
        ("主要指标", "指标编号", 3, "指标二", Code.PLAN_BAD_CODE, "应如 Z03-05"),
        ("主要指标", "专班编号", 3, "99", Code.PLAN_UNKNOWN, "“99”不在“专班”表中"),
        ("主要指标", "数据报送单位", 3, "区水利局", Code.PLAN_UNKNOWN, "“区水利局”不在“单位”表中"),
        ("主要指标", "类型", 3, "随便", Code.NOT_CHOICE, "请从下拉选项中选择"),
        ("主要指标", "发布时滞", 3, "二十天", Code.NOT_NUMBER, "填写天数"),
        ("专班", "牵头单位", 2, None, Code.PLAN_REQUIRED, "请填写“牵头单位”"),
        ("主要指标", "类型", 3, "—", Code.PLAN_REQUIRED, "请填写“类型”"),
        ("年度计划", "用语", 2, "无", Code.PLAN_REQUIRED, "请填写“用语”"),
        ("年度计划", "目标值", 2, None, Code.PLAN_TARGET_KIND, "请填写“目标值”"),
        ("年度计划", "目标期", 2, "近两年", Code.NOT_PERIOD, "2026-Q2"),
        ("重点任务", "完成时限", 2, "2026-02-30", Code.NOT_DATE, "填写年月日"),
        ("重点任务", "完成时限", 2, "11月5日", Code.NOT_DATE, "填写年月日"),
        ("单位", "文件用名", 3, "区政府办", Code.PLAN_DUPLICATE, "已在第"),
    ],
)
def test_a_fault_in_the_plan_is_named_by_sheet_and_cell(
    sheet: str, header: str, row: int, value: object, code: Code, says: str
) -> None:
    tables, cell = edited(sheet, header, row, value)
    if code is Code.PLAN_DUPLICATE and sheet == "单位":
        value = shipped()["单位"][1][0]
        tables, cell = edited(sheet, header, row, value)
    plan, findings = read(tables)
    fault = next(f for f in findings if f.code is code)
    assert plan is None
    assert (fault.file, fault.sheet, fault.cell) == (FILE, sheet, cell)
    assert says in fault.message


@pytest.mark.parametrize(
    ("sheet", "row", "code"),
    [
        ("主要指标", 4, "Z01-01"),  # two rows of 年度计划 refer to the code that stood here
        ("主要指标", 4, "指标三"),
        ("重点任务", 4, "R01-01"),
        ("专班", 4, "01"),  # six indicators and four tasks refer to it
        ("单位", 4, "区科技局"),  # three task forces refer to it
    ],
)
def test_an_overwritten_code_is_named_without_the_rows_that_refer_to_it(
    sheet: str, row: int, code: str
) -> None:
    tables = shipped()
    tables[sheet][row - 1][0] = code
    _, (fault,) = read(tables)
    assert (fault.sheet, fault.code) in {(sheet, Code.PLAN_DUPLICATE), (sheet, Code.PLAN_BAD_CODE)}


@pytest.mark.parametrize(
    ("sheet", "header", "value"),
    [
        ("年度计划", "目标值", "1"),  # less than in the year before
        ("主要指标", "类型", "定性"),  # its targets would have to be words
        ("节点", "节点时限", "2020-01-01"),  # earlier than in the first row
    ],
)
def test_a_repeated_row_is_not_compared_with_the_first_one(sheet: str, header: str, value: str) -> None:
    tables = shipped()
    repeated = list(tables[sheet][-1])
    repeated[tables[sheet][0].index(header)] = value
    tables[sheet].append(repeated)
    _, (fault,) = read(tables)
    assert (fault.code, fault.sheet, fault.cell) == (Code.PLAN_DUPLICATE, sheet, f"A{len(tables[sheet])}")


def test_a_row_without_its_code_is_named_once() -> None:
    tables = shipped()
    tables["主要指标"][3][0] = None
    _, findings = read(tables)
    assert [(f.code, f.cell) for f in findings] == [(Code.PLAN_REQUIRED, "A4")]


@pytest.mark.parametrize("sheet", ["专班", "单位"])
def test_an_empty_table_is_named_without_the_references_to_it(sheet: str) -> None:
    tables = shipped()
    tables[sheet] = tables[sheet][:1]
    _, findings = read(tables)
    assert [(f.code, f.sheet) for f in findings] == [(Code.PLAN_REQUIRED, sheet)]
    assert findings[0].message == f"请填写“{sheet}”（至少登记一行）。"


def test_a_plan_of_headers_only_is_refused_with_the_tables_to_fill_in() -> None:
    plan, findings = read({name: rows[:1] for name, rows in shipped().items()})
    assert plan is None
    assert {(f.code, f.sheet) for f in findings} == {
        (Code.PLAN_REQUIRED, "方案"),
        (Code.PLAN_REQUIRED, "专班"),
        (Code.PLAN_REQUIRED, "单位"),
        (Code.PLAN_REQUIRED, "主要指标"),
    }


def test_other_faults_of_a_repeated_row_are_reported_at_once() -> None:
    tables = shipped()
    repeated = list(tables["主要指标"][-1])
    repeated[tables["主要指标"][0].index("数据报送单位")] = "区水利局"
    tables["主要指标"].append(repeated)
    _, findings = read(tables)
    assert [f.code for f in findings] == [Code.PLAN_DUPLICATE, Code.PLAN_UNKNOWN]


def test_a_name_mistyped_in_many_cells_is_told_once_with_the_name_that_is_meant() -> None:
    tables = shipped()
    for sheet in ("主要指标", "重点任务"):
        column = tables[sheet][0].index("数据报送单位")
        for row in tables[sheet]:
            row[column] = str(row[column] or "").replace("区科技局", "区科枝局")
    _, (fault,) = read(tables)
    assert (fault.code, fault.sheet) == (Code.PLAN_UNKNOWN, "主要指标")
    assert "“区科枝局”不在“单位”表中（是不是“区科技局”？）" in fault.message
    assert "同样的共" in fault.message


def test_a_task_force_mistyped_in_its_own_table_is_told_once() -> None:
    tables, _ = edited("专班", "编号", 4, "13")
    _, (fault,) = read(tables)
    assert (fault.code, fault.value) == (Code.PLAN_UNKNOWN, "03")
    assert "“03”不在“专班”表中" in fault.message


def test_two_units_of_one_name_are_one_duplicate_however_they_are_spelled() -> None:
    tables = shipped()
    tables["单位"].append(["区委组织部（区委人才办）", *[None] * 6])
    _, (fault,) = read(tables)
    assert (fault.code, fault.cell) == (Code.PLAN_DUPLICATE, f"A{len(tables['单位'])}")
    assert fault.message.endswith("行出现，同一单位请只留一行，不是同一单位的请写清全称。")


def test_the_remedy_for_a_missing_sheet_is_an_empty_one() -> None:
    tables = shipped()
    del tables["节点"]
    _, (fault,) = read(tables)
    assert "tenproj init --empty" in fault.message


def test_a_target_that_goes_backwards_is_named() -> None:
    row = next(n for n, r in enumerate(shipped()["年度计划"], 1) if r[0] == "Z03-03" and r[1] == "2027")
    tables, cell = edited("年度计划", "目标值", row, "800")
    _, findings = read(tables)
    assert [(f.code, f.cell) for f in findings] == [(Code.PLAN_TARGET_BACKWARD, cell)]
    assert "Z03-03" in findings[0].message
    assert "900" in findings[0].message


def test_the_earlier_target_is_called_by_its_own_period() -> None:
    tables = shipped()
    tables["年度计划"] += [["Z03-03", "2026-Q2", "以上", "1300", None, "批准", *[None] * 3]]
    _, findings = read(tables)
    assert [f.code for f in findings] == [Code.PLAN_TARGET_BACKWARD]
    assert "的目标1000不如更早的2026年二季度目标1300" in findings[0].message


@pytest.mark.parametrize("header", ["文件用名", "现用名"])
def test_a_units_name_too_long_for_the_name_of_a_file_is_named_with_its_cell(header: str) -> None:
    tables, cell = edited("单位", header, 2, "区人民政府工业和信息化" * 6)
    plan, findings = read(tables)
    assert plan is None
    (found,) = [f for f in findings if f.code is Code.TOO_LONG]
    assert (found.sheet, found.cell) == ("单位", cell)
    assert found.message == "第2行：共66字，超过60字的上限，请压缩。"


def small_with_target(code: str, period: str, wording: str, value: str) -> Tables:
    """Return the tables of the small plan with one target more."""
    tables = {name: [list(row) for row in rows] for name, rows in small_tables().items()}
    tables["年度计划"].append([code, period, wording, value, None, "批准", *[None] * 3])
    return tables


def test_a_target_within_the_year_above_that_of_the_whole_year_is_asked_about() -> None:
    plan, findings = read(small_with_target("Z01-02", "2026-Q3", "以上", "300"))
    assert plan is not None
    assert [(f.code, f.severity) for f in findings] == [(Code.PLAN_TARGET_BACKWARD, Severity.QUESTION)]
    assert "“Z01-02”的目标200不如更早的2026年三季度目标300" in findings[0].message


def test_a_sum_that_may_not_exceed_its_targets_grows_through_the_year_all_the_same() -> None:
    def most(until_june: str) -> list[Code]:
        tables = small_with_target("Z01-15", "2026-Q2", "以内", until_june)
        next(row for row in tables["主要指标"] if row[0] == "Z01-15")[7] = "越低越好"
        next(row for row in tables["年度计划"] if row[:2] == ["Z01-15", "2026"])[2] = "以内"
        _, findings = read(tables)
        return [f.code for f in findings]

    assert most(until_june="6") == []
    assert most(until_june="13") == [Code.PLAN_TARGET_BACKWARD]


def test_a_sum_below_zero_falls_through_the_year_and_is_not_asked_about() -> None:
    tables = small_with_target("Z01-15", "2026-Q2", "以内", "-3")
    next(row for row in tables["主要指标"] if row[0] == "Z01-15")[7] = "越低越好"
    next(row for row in tables["年度计划"] if row[:2] == ["Z01-15", "2026"])[2:4] = ["以内", "-6"]
    _, findings = read(tables)
    assert findings == []


def test_what_begins_anew_each_year_may_ask_for_less_than_the_year_before() -> None:
    _, findings = read(small_with_target("Z01-02", "2027-Q1", "以上", "15"))
    assert findings == []


@pytest.mark.parametrize("rows", [1, 2])
def test_a_target_without_its_period_is_named_and_nothing_else(rows: int) -> None:
    tables = shipped()
    first = len(tables["年度计划"]) + 1
    tables["年度计划"] += [["Z03-03", None, "以上", "900", None, "批准", *[None] * 3] for _ in range(rows)]
    _, findings = read(tables)
    assert [(f.code, f.cell) for f in findings] == [
        (Code.PLAN_REQUIRED, f"B{first + n}") for n in range(rows)
    ]


def test_an_indicator_without_a_target_is_named() -> None:
    tables = shipped()
    tables["年度计划"] = [r for r in tables["年度计划"] if r[0] != "Z03-03"]
    _, findings = read(tables)
    place = address(row_of("主要指标", "Z03-03") - 1, 0)
    assert [(f.code, f.sheet, f.cell) for f in findings] == [(Code.PLAN_TARGET_MISSING, "主要指标", place)]


@pytest.mark.parametrize(
    ("code", "direction", "says"),
    [
        (
            "Z03-03",
            "越低越好",
            "方向为“越低越好”（“主要指标”H{row}），与用语“以上”（C{first}）、“以上”（C{last}）相反",
        ),
        ("Z10-20", "越高越好", "方向为“越高越好”（“主要指标”H{row}），与用语“以内”（C{first}）相反"),
    ],
)
def test_a_direction_against_the_wording_is_named_with_both_cells(
    code: str, direction: str, says: str
) -> None:
    tables, _ = edited("主要指标", "方向", row_of("主要指标", code), direction)
    worded = [n for n, row in enumerate(tables["年度计划"], 1) if row[0] == code]
    plan, (fault,) = read(tables)
    assert plan is None
    assert (fault.code, fault.sheet, fault.cell) == (Code.PLAN_DIRECTION, "年度计划", f"C{worded[0]}")
    assert says.format(row=row_of("主要指标", code), first=worded[0], last=worded[-1]) in fault.message


def test_without_a_direction_the_wording_says_which_way_targets_go() -> None:
    tables, _ = edited("主要指标", "方向", row_of("主要指标", "Z10-20"), None)
    tables["年度计划"].append(["Z10-20", "2026", "以内", "16", None, "批准", *[None] * 3])
    assert read(tables)[1] == []


def test_about_goes_with_any_direction() -> None:
    for direction in ("越高越好", "越低越好", "适中", None):
        tables, _ = edited("主要指标", "方向", row_of("主要指标", "Z01-01"), direction)
        assert read(tables)[1] == []


def test_a_lower_limit_above_the_upper_one_is_an_error_that_names_both_cells() -> None:
    tables = shipped()
    header, line = tables["主要指标"][0], row_of("主要指标", "Z03-04")
    low, high = len(header), len(header) + 1
    tables["主要指标"] = [[*row, None, None] for row in tables["主要指标"]]
    tables["主要指标"][0][low:] = ["下限", "上限"]
    tables["主要指标"][line - 1][low:] = ["90", "10"]
    plan, (fault,) = read(tables)
    assert plan is None
    assert (fault.code, fault.cell) == (Code.PLAN_LIMITS_ORDER, address(line - 1, low))
    assert f"（{address(line - 1, low)}、{address(line - 1, high)}）" in fault.message
    tables["主要指标"][line - 1][low:] = ["10", "10"]
    assert read(tables)[1] == []


def test_milestones_out_of_order_are_named() -> None:
    tables = shipped()
    header = tables["节点"][0]
    tables["节点"] += [
        ["R01-01", "1", "开工", "2026-06-30", "批准", None],
        ["R01-01", "2", "竣工", "2026-03-31", "批准", None],
    ]
    _, findings = read(tables)
    cell = address(len(tables["节点"]) - 1, header.index("节点时限"))
    assert [(f.code, f.cell) for f in findings] == [(Code.PLAN_DATE_ORDER, cell)]


def test_a_milestone_without_a_date_is_named() -> None:
    tables = shipped()
    tables["节点"] += [["R01-01", "1", "开工", "待定", "批准", None]]
    _, findings = read(tables)
    assert [(f.code, f.cell) for f in findings] == [(Code.PLAN_REQUIRED, f"D{len(tables['节点'])}")]


def test_a_missing_sheet_and_a_missing_column_are_named() -> None:
    tables = shipped()
    del tables["节点"]
    tables["主要指标"] = without_column(tables["主要指标"], "更新频次")
    plan, findings = read(tables)
    assert plan is None
    assert {(f.code, f.sheet) for f in findings} == {
        (Code.PLAN_SHEET_MISSING, "节点"),
        (Code.PLAN_COLUMN_MISSING, "主要指标"),
    }


def without_column(rows: Sequence[Sequence[object]], header: str) -> list[list[object]]:
    n = list(rows[0]).index(header)
    return [[*row[:n], *row[n + 1 :]] for row in rows]


def test_a_missing_item_of_the_programme_is_named() -> None:
    tables = shipped()
    tables["方案"] = [r for r in tables["方案"] if r[0] != "起始年"]
    _, findings = read(tables)
    assert [f.code for f in findings] == [Code.PLAN_REQUIRED]
    assert "起始年" in findings[0].message


def test_columns_may_stand_in_any_order_and_below_a_note() -> None:
    tables = shipped()
    tables["单位"] = [["请勿删除本表", *[None] * 6], *[list(reversed(row)) for row in tables["单位"]]]
    plan, findings = read(tables)
    assert findings == []
    assert plan is not None
    assert plan.unit("区科技局").name == "区科技局"


def test_a_last_year_before_the_first_is_named() -> None:
    tables = shipped()
    last = next(r for r in tables["方案"] if r[0] == "终止年")
    last[1] = "2020"
    _, findings = read(tables)
    assert [(f.code, f.sheet) for f in findings] == [(Code.PLAN_YEARS, "方案")]
    assert "终止年2020应不早于起始年2023" in findings[0].message


def test_a_target_outside_the_plans_years_is_named() -> None:
    row = next(n for n, r in enumerate(shipped()["年度计划"], 1) if r[0] == "Z03-03" and r[1] == "2027")
    tables, cell = edited("年度计划", "目标期", row, "2030")
    _, findings = read(tables)
    assert [(f.code, f.cell) for f in findings] == [(Code.PLAN_YEARS, cell)]


def test_a_lag_cannot_be_negative() -> None:
    tables, cell = edited("主要指标", "发布时滞", 3, -5)
    _, findings = read(tables)
    assert [(f.code, f.cell) for f in findings] == [(Code.OUT_OF_BOUNDS, cell)]
