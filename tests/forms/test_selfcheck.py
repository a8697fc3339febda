"""自检: what the form says of itself while it is filled in, and that it never says otherwise than the intake will."""

import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from tenproj_xl.app.check import check
from tenproj_xl.app.generate import generate
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.open_form import TABS
from tenproj_xl.core.answers import Nature, YesNo
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.findings import Finding, Place
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.policy import Exemption, Policy
from tenproj_xl.core.sheets import CHECK, COVER, STEPS_SHEET, TEMPLATE_SHEETS, with_choices
from tenproj_xl.core.texts import MARKS, is_mark
from tenproj_xl.excel.look import Look
from tenproj_xl.excel.look_reader import read_look
from tenproj_xl.forms.check_conditions import BROKEN, DOUBTFUL, LACKING, PASSED, UNREPORTED, UNSURE, Flag
from tenproj_xl.forms.form import Form, FormRow, figure_key
from tenproj_xl.forms.layout import Draft, Letter, draft
from tenproj_xl.forms.selfcheck import first_fault, sentence
from tenproj_xl.forms.template import build_template  # loads XlsxWriter
from tenproj_xl.forms.write import write_form  # loads XlsxWriter
from tenproj_xl.model.history import History
from tests.conftest import PERIOD
from tests.core.test_policy import decide
from tests.forms.test_write import an_issue, with_filled
from tests.helpers.answers import SIGNED
from tests.helpers.by_unit import FINANCE, LEAD, SCIENCE, form_path, unit_forms
from tests.helpers.filling import Filling, Office
from tests.helpers.libreoffice import recalculated, typing, visit
from tests.helpers.programs import need, output_of
from tests.helpers.small_plan import small_form


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Look:
    path = tmp_path_factory.mktemp("look") / "填报表.xlsx"
    build_template(path, TEMPLATE_SHEETS)
    return read_look(path)


def drawn(form: Form, look: Look) -> Draft:
    return draft(form, look, (), Letter())


def verdict(form: Form, look: Look, sheet: str, row: FormRow) -> str:
    return str(drawn(form, look).check.sheets[sheet].rows[row.token].verdict.shown)


FIGURE = {"value": 31.0, "nature": "部门统计"}
ISSUE = {
    "description": "用地未落实",
    "category": "用地",
    "source": "自查",
    "raised_on": date(2026, 11, 24),
    "unit": "区住建局",
    "due_on": date(2026, 12, 20),
}


def put_right(month: int, **others: Any) -> dict[str, Any]:
    """What stands in a row for a correction of the figure of a month, each example's its own."""
    return {
        "name": "Z01-01 重大项目当年完成投资",
        "data_period": f"2026年{month}月",
        "value": 30.0,
        "nature": "部门统计",
        **others,
    }


def some_history() -> History:
    """An issue, and a figure of each month from January to September."""
    issue = an_issue()
    rows = [issue]
    for month in range(1, 10):
        values: dict[str, Value] = {
            "data_period": f"2026-{month:02d}",
            "value": 3.0 * month,
            "nature": Nature.REPORTED,
        }
        week = parse_period(f"2026-W{4 * month + 3:02d}")
        row = replace(issue, sheet="indicators", code="Z01-01", values=values, period=week, seq=1 + month)
        rows.append(row)
    return History(tuple(rows))


SAID: tuple[tuple[str, str, Mapping[str, Any], str], ...] = (
    # --- a figure that is asked for: behind, unclear, of a period that is not over
    ("indicators", "Z01-01", {}, "未填"),
    ("indicators", "Z01-01", FIGURE, "✓"),
    ("indicators", "Z01-01", {"remark": "数据尚未发布"}, "未填"),
    ("indicators", "Z01-01", {"value": 31.0}, "缺：数据性质"),
    ("indicators", "Z01-01", FIGURE | {"data_period": None}, "缺：数据所属期"),
    ("indicators", "Z01-01", FIGURE | {"data_period": "2026年12月"}, "数据所属期尚未结束"),
    ("indicators", "Z01-01", FIGURE | {"data_period": "10月份"}, "待核：数据所属期"),
    ("indicators", "Z01-01", FIGURE | {"value": 5.0}, "缺：滞后原因、下一步举措"),
    (
        "indicators",
        "Z01-01",
        FIGURE | {"value": 5.0, "lag_reason": "—", "next_steps": "加快"},
        "缺：滞后原因",
    ),
    ("indicators", "Z01-01", FIGURE | {"value": 5.0, "lag_reason": "征迁", "next_steps": "加快"}, "✓"),
    ("indicators", "Z01-01", FIGURE | {"value": "35亿元"}, "待核：最新数值"),
    ("indicators", "Z01-01", FIGURE | {"value": "—"}, "未填"),
    ("indicators", "Z01-01", FIGURE | {"value": 46331.0}, "请核对：最新数值像是日期"),
    ("indicators", "Z01-01", FIGURE | {"nature": "局里核定的"}, "待核：数据性质"),
    ("indicators", "Z01-01", FIGURE | {"city_rank": 120.0}, "全市排名应在1到99之间"),
    ("indicators", "Z01-01", {"value": 31.0, "city_rank": 120.0}, "缺：数据性质；全市排名应在1到99之间"),
    ("indicators", "Z01-01", FIGURE | {"remark": "长" * 501}, "备注超过500字"),
    ("indicators", "Z01-01", FIGURE | {"remark": "#N/A"}, "待核：像公式出错的文字"),
    ("indicators", "Z01-09", FIGURE | {"value": 0.15}, "待核：最新数值"),  # 15 is meant, and read
    ("indicators", "Z01-09", FIGURE | {"value": "15.2%"}, "✓"),  # as it is seen
    ("indicators", "Z01-09", FIGURE | {"value": "0.15%"}, "✓"),
    ("indicators", "Z01-01", FIGURE | {"value": "31%"}, "待核：最新数值"),
    ("indicators", "Z01-13", {"value": "推进中", "nature": "部门统计"}, "✓"),
    ("indicators", "Z01-13", {"value": 3.0, "nature": "部门统计"}, "待核：最新数值"),
    # --- a row for a correction: of a month that was reported, or not, or that lacks something
    ("indicators", "更正1", {}, ""),
    ("indicators", "更正1", put_right(1), "✓"),
    ("indicators", "更正1", put_right(2, name=None), "缺：指标名称"),
    ("indicators", "更正1", put_right(3, data_period=None, nature=None), "缺：数据所属期、数据性质"),
    ("indicators", "更正1", {"name": "Z01-01 重大项目当年完成投资"}, "缺：数据所属期、最新数值"),
    ("indicators", "更正1", {"remark": "漏减"}, "缺：指标名称、数据所属期、最新数值"),
    ("indicators", "更正1", put_right(4, name="Z01-01"), "待核：指标名称、数据所属期"),
    ("indicators", "更正1", put_right(10), "待核：数据所属期"),
    ("indicators", "更正1", put_right(12), "数据所属期尚未结束"),
    ("indicators", "更正1", put_right(5, value="31亿元"), "待核：最新数值"),
    # --- a task
    ("tasks", "R01-01", {}, "未填"),
    ("tasks", "R01-01", {"status": "序时推进", "progress": "已开工"}, "✓"),
    ("tasks", "R01-01", {"status": "滞后"}, "缺：本期进展、存在问题、下一步举措"),
    ("tasks", "R01-01", {"milestone_done": "已完成"}, "缺：完成日期"),
    ("tasks", "R01-01", {"milestone_done": "已完成", "completed_on": date(2026, 11, 29)}, "✓"),
    ("tasks", "R01-01", {"milestone_done": "已完成", "completed_on": date(2026, 11, 30)}, "完成日期晚于本期"),
    ("tasks", "R01-01", {"milestone_done": "已完成", "completed_on": "11月29日"}, "待核：完成日期"),
    ("tasks", "R01-01", {"invest_done": -1.0}, "累计完成投资（亿元）应不小于0"),
    (
        "tasks",
        "R01-01",
        {
            "status": "已完成",
            "progress": "建成",
            "completed_on": date(2026, 11, 1),
            "milestone_done": "未完成",
        },
        "请核对：任务已完成，节点却未完成",
    ),
    # --- an issue: one that is open, one that is new, a row that waits
    ("issues", "W01-2026-001", {}, ""),
    ("issues", "W01-2026-001", {"status": "整改中", "progress": "已对接"}, "✓"),
    ("issues", "W01-2026-001", {"status": "申请销号"}, "缺：佐证材料、申请销号日期、牵头单位初审"),
    (
        "issues",
        "W01-2026-001",
        {"extend_to": date(2026, 11, 30), "extend_reason": "雨季"},
        "原定时限晚于申请延期至",
    ),
    ("issues", "W01-2026-001", {"extend_to": date(2026, 12, 30)}, "缺：延期理由"),
    ("issues", "#0", {}, ""),
    ("issues", "#0", {"remark": "—"}, ""),
    ("issues", "#0", ISSUE, "✓"),
    ("issues", "#0", {"description": "无"}, ""),
    ("issues", "#0", {"description": "暂无问题", "unit": "区住建局", "remark": "/"}, ""),
    ("issues", "#0", {"description": "本期无新增问题"}, ""),
    (
        "issues",
        "#0",
        {"description": "目前暂未发现新的问题"},
        "待核：问题描述",
    ),  # which the intake reads as none
    ("issues", "#0", {"progress": "无"}, "待核：问题描述"),
    ("issues", "#0", ISSUE | {"description": "无用地指标，无法开工", "progress": "无"}, "✓"),
    (
        "issues",
        "#0",
        {"description": "用地未落实", "category": "用地"},
        "缺：问题来源、提出日期、责任单位、原定时限",
    ),
    (
        "issues",
        "#0",
        {"progress": "已对接"},
        "缺：问题描述、问题类别、问题来源、提出日期、责任单位、原定时限",
    ),
    ("issues", "#0", ISSUE | {"due_on": date(2026, 11, 1)}, "提出日期晚于原定时限"),
    ("issues", "#0", ISSUE | {"source": "自己查的"}, "待核：问题来源"),
    (
        "issues",
        "#0",
        ISSUE | {"source": "自己查的", "extend_to": date(2026, 12, 31)},
        "缺：延期理由；待核：问题来源",
    ),
)


@pytest.mark.parametrize(("sheet", "code", "filled", "said"), SAID)
def test_a_row_says_what_it_lacks(
    sheet: str, code: str, filled: Mapping[str, Any], said: str, look: Look
) -> None:
    form = with_filled(small_form(known=some_history()), sheet, {code: filled})
    rows = form.part(sheet).rows
    row = next(r for r in rows if (r.code == code if code[0] != "#" else not r.code))
    assert verdict(form, look, sheet, row) == said


def test_a_second_extension_begins_where_the_first_ends(look: Look) -> None:
    again = {"extend_to": date(2026, 12, 10), "extend_reason": "雨季"}
    form = with_filled(small_form(known=some_history()), "issues", {"W01-2026-001": again})
    row = form.part("issues").rows[0]
    assert verdict(form, look, "issues", row) == "✓"
    moved = replace(row, due_moved=date(2026, 12, 20))
    part = form.part("issues")
    form = replace(form, sheets=(*form.sheets[:2], replace(part, rows=(moved, *part.rows[1:]))))
    assert verdict(form, look, "issues", moved) == "申请延期至早于现行时限"


HALFWAY = {
    "status": "已完成",
    "progress": "建成",
    "completed_on": date(2026, 11, 1),
    "milestone_done": "未完成",
}
LATE = {"milestone_done": "已完成", "completed_on": date(2026, 12, 1)}
BEHIND = {"status": "滞后", "progress": "未进场"}


@pytest.mark.parametrize(
    ("policy", "filled", "said", "counts"),
    [
        (Policy({Code.DONE_HALFWAY: Severity.ERROR}), HALFWAY, "任务已完成，节点却未完成", Flag.OPEN),
        (Policy({Code.DATES_ORDER: Severity.QUESTION}), LATE, "请核对：完成日期晚于本期", Flag.DONE),
        (Policy({Code.REQUIRED: Severity.WARNING}), BEHIND, "请核对：缺存在问题；缺下一步举措", Flag.DONE),
        (
            Policy(trials={Code.REQUIRED: date(2026, 11, 29)}),
            BEHIND,
            "请核对：缺存在问题；缺下一步举措",
            Flag.DONE,
        ),
        (Policy(trials={Code.REQUIRED: date(2026, 11, 28)}), BEHIND, "缺：存在问题、下一步举措", Flag.OPEN),
    ],
)
def test_a_rule_is_taken_as_the_office_takes_it(
    policy: Policy, filled: Mapping[str, Any], said: str, counts: Flag, look: Look
) -> None:
    form = under(policy, with_filled(small_form(), "tasks", {"R01-01": filled}))
    found = drawn(form, look).check.sheets["tasks"].rows[form.part("tasks").rows[0].token]
    assert (found.verdict.shown, found.flag) == (said, counts)


@pytest.mark.parametrize(
    ("whose", "said"),
    [
        *((whose, "✓") for whose in ("R01-01", "01", "区发改经信局", "全部")),
        *((whose, "缺：存在问题、下一步举措") for whose in ("R01-02", "02", "区住建局")),
    ],
)
def test_nothing_is_said_of_what_is_exempt(whose: str, said: str, look: Look) -> None:
    exempt = Policy(exemptions=(Exemption(Code.REQUIRED, whose, date(2026, 12, 31), "机构改革"),))
    form = under(exempt, with_filled(small_form(), "tasks", {"R01-01": BEHIND}))
    assert verdict(form, look, "tasks", form.part("tasks").rows[0]) == said


def under(policy: Policy, form: Form) -> Form:
    return replace(form, settings=replace(form.settings, policy=policy))


def test_rows_count_as_open_unreported_or_done(look: Look) -> None:
    form = with_filled(
        small_form(), "indicators", {"Z01-01": FIGURE, "Z01-02": {"value": 5.0}, "Z01-03": FIGURE}
    )
    check = drawn(form, look).check.sheets["indicators"]
    assert [check.count(flag) for flag in (Flag.OPEN, Flag.UNREPORTED, Flag.DONE)] == [1, 13, 2]
    assert sentence([check], "本表").shown == "本表还有 1 行未通过自检，13 项未填"
    assert first_fault(check).shown == "第6行　缺：数据性质、滞后原因、下一步举措"


def test_two_rows_that_put_the_same_figure_right_both_say_so(look: Look) -> None:
    rows = {"更正2": put_right(8), "更正3": put_right(7), "更正5": put_right(8, value=31.0)}
    form = with_filled(small_form(known=some_history()), "indicators", rows)
    said = {r.code: verdict(form, look, "indicators", r) for r in form.part("indicators").rows}
    assert [said[f"更正{n}"] for n in range(1, 6)] == ["", REPEATED, "✓", "", REPEATED]


def test_nothing_is_owed_of_a_nil_return_nor_by_a_task_force_that_is_not_involved(look: Look) -> None:
    nil = replace(small_form(), cover={"nil_return": YesNo.YES})
    for form in (nil, small_form("02")):
        checks = drawn(form, look).check.sheets.values()
        assert {row.verdict.shown for c in checks for row in c.rows.values()} == {""}


def test_a_figure_that_is_not_asked_for_may_be_left_blank(later: Office, look: Look) -> None:
    form = next(f for f in later.forms.values() if any(not r.asked for r in f.part("indicators").rows))
    row = next(r for r in form.part("indicators").rows if not r.asked)
    assert verdict(form, look, "indicators", row) == ""


def test_every_mark_of_the_formulas_is_one_to_the_intake() -> None:
    assert all(len(mark) == 1 and is_mark(mark) for mark in MARKS)


# --- what the cover says


@pytest.fixture
def covered(tmp_path: Path, look: Look) -> Any:
    def cover(form: Form) -> dict[str, tuple[str, str]]:
        path = tmp_path / "form.xlsx"
        write_form(path, form, look)
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name(COVER.name).to_python(skip_empty_area=False)
        return {str(row[1]): (str(row[2]), str(row[3])) for row in rows}

    return cover


def test_an_empty_form_says_what_is_owed_and_not_that_it_may_be_sent(covered: Any) -> None:
    said = covered(small_form())
    assert said["主要指标进度表"] == ("本表还有 0 行未通过自检，16 项未填", "")
    assert said["重点任务进度表"] == ("本表还有 0 行未通过自检，3 项未填", "")
    assert said["问题销号进度表"] == ("本表还有 0 行未通过自检", "")
    assert said["填报信息"][0] == "缺：填报人、联系电话"
    assert said["合计"] == (
        "各表还有 0 行未通过自检，19 项未填",
        "三张表都还没有填写；本期确无更新的，“零报告”请选“是”。",
    )


def test_the_count_above_a_sheet_is_green_only_where_nothing_is_left_to_fill_in(
    tmp_path: Path, look: Look
) -> None:
    """The first rule that holds colours it: amber while items are blank, green, red."""
    path = tmp_path / "form.xlsx"
    write_form(path, small_form(), look)
    tab = load_workbook(path)["主要指标进度表"]
    (rules,) = [found.rules for found in tab.conditional_formatting if str(found.sqref) == "B2"]
    inks = [
        (rule.text, rule.dxf.font.color.rgb[2:]) for rule in sorted(rules, key=lambda rule: rule.priority)
    ]
    assert str(tab["B2"].value).startswith('="本表还有 "')
    assert inks == [(" 0 行未通过自检，", "855600"), (" 0 行", "1E5631"), ("行未通过", "6B1A0B")]


def test_a_nil_return_may_be_sent_and_one_with_answers_is_asked_about(covered: Any) -> None:
    signed = {"unit": "区住建局", "nil_return": YesNo.YES, **SIGNED}
    form = replace(small_form(), cover=signed)
    assert covered(form)["填报信息"][0] == "已填好"
    assert covered(form)["合计"] == ("各表还有 0 行未通过自检", "✓ 零报告，可以发送。")
    answered = with_filled(form, "indicators", {"Z01-01": FIGURE})
    assert covered(answered)["合计"][1] == "选了零报告，表中却填了内容：有更新的请改选“否”。"


def test_the_first_row_at_fault_is_named_and_linked(covered: Any) -> None:
    form = with_filled(small_form(), "tasks", {"R01-02": {"status": "滞后", "progress": "初稿"}})
    assert covered(form)["重点任务进度表"] == (
        "本表还有 1 行未通过自检，2 项未填",
        "第6行　缺：存在问题、下一步举措",
    )
    assert covered(form)["合计"][1] == "点左边的表名或上面的行号，逐行更正后再发送。"


def test_a_form_all_filled_in_may_be_sent(covered: Any) -> None:
    form = small_form()
    answer = {"nature": "预计", "lag_reason": "无", "next_steps": "加快"}
    rows = form.part("indicators").rows
    values: dict[str, str | float] = {r.code: "推进中" if "value" in r.choices else 100.0 for r in rows}
    form = with_filled(
        form, "indicators", {code: {**answer, "value": value} for code, value in values.items()}
    )
    form = with_filled(
        form,
        "tasks",
        {r.code: {"status": "序时推进", "progress": "有序推进"} for r in form.part("tasks").rows},
    )
    assert covered(form)["合计"] == ("各表还有 0 行未通过自检", "没有发现错误；请补上填报信息再发送。")
    signed = replace(form, cover={"unit": "区住建局", **SIGNED})
    assert covered(signed)["合计"] == ("各表还有 0 行未通过自检", "✓ 可以发送。")


# --- in another program, which takes no truth value for a number, as Excel does and LibreOffice does not


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")  # as Gnumeric writes them
def test_formulas_count_with_truth_values_as_excel_does(tmp_path: Path, look: Look) -> None:
    need("gnumeric")
    form = of_every_example()
    write_form(tmp_path / "form.xlsx", form, look)
    as_arrays(tmp_path / "form.xlsx", tmp_path / "arrays.xlsx")
    output_of(["ssconvert", "--recalc", str(tmp_path / "arrays.xlsx"), str(tmp_path / "back.xlsx")])
    ours, theirs = (load_workbook(tmp_path / name, data_only=True) for name in ("form.xlsx", "back.xlsx"))
    formulas = load_workbook(tmp_path / "form.xlsx")
    found = {
        (page.title, cell.coordinate): [
            book[page.title][cell.coordinate].value or "" for book in (ours, theirs)
        ]
        for page in formulas.worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert len(found) > 300
    assert {where: both for where, both in found.items() if both[0] != pytest.approx(both[1])} == {}


def of_every_example() -> Form:
    """A form with one row for each of the examples above."""
    form = small_form(known=some_history())
    parts = []
    for part in form.sheets:
        examples = [(code, filled) for sheet, code, filled, _ in SAID if sheet == part.sheet.code]
        rows = []
        for n, (code, filled) in enumerate(examples):
            row = next(r for r in part.rows if r.code == code.lstrip("#0"))
            rows.append(replace(row, token=f"例{n}", filled=with_choices(part.sheet.code, filled)))
        parts.append(replace(part, rows=tuple(rows)))
    return replace(form, sheets=tuple(parts))


def as_arrays(path: Path, target: Path) -> None:
    """A copy with array formulas in the steps of the check, without which Gnumeric looks at single cells."""
    number = load_workbook(path).sheetnames.index(STEPS_SHEET) + 1
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == f"xl/worksheets/sheet{number}.xml":
                data = re.sub(rb'(<c r="([A-Z]+\d+)"[^>]*>)<f>', rb'\1<f t="array" ref="\2">', data)
            new.writestr(name, data)


# --- in a real program, against the intake


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_every_example_says_so_in_libreoffice_in_every_format(
    ending: str, tmp_path: Path, look: Look
) -> None:
    need("soffice")
    form = of_every_example()
    write_form(tmp_path / "form.xlsx", form, look)
    saved = visit(tmp_path / "form.xlsx", [], tmp_path / f"saved.{ending}")
    shown = recalculated(saved)
    grids = drawn(form, look).grids
    for sheet, grid in grids.items():
        said = [shown[grid.part.sheet.name].get(grid.address(row.token, CHECK), "") for row in grid.part.rows]
        assert said == [verdict for s, _, _, verdict in SAID if s == sheet]


PLAIN: Mapping[Kind, tuple[str, ...]] = {
    Kind.NUMBER: ("12.5", "0", "-3", "5", "120", "1000", "88"),
    Kind.DATE: ("2026-11-05", "2026-12-24", "2026-10-01", "2026-11-29", "2027-03-01"),
    Kind.TEXT: ("按计划推进", "3#楼已结顶", "=1+1", "长" * 501, "长" * 500),
    Kind.PERIOD: ("2026年12月", "2027年", "2026-Q4"),
}
"""What a formula can judge."""
ODD: Mapping[Kind, tuple[str, ...]] = {
    Kind.NUMBER: (
        "35亿元",
        "3万",
        "—",
        "无",
        "93%",
        "0.93",
        "1e14",
        "2026-11-5",
        "TRUE",
        "约30",
        "第3",
        "=1/0",
        "=NA()",
        "=6*7",
        "12:30",
    ),
    Kind.DATE: ("11月5日", "2026.11.5", "待定", "20261105", "1999-1-1", "=1/0", "/", "明年", "46331.5"),
    Kind.TEXT: ("无", "暂无问题", "—", " 　", "#N/A", "错误:502", "1-2", "###", "/ /"),
    Kind.PERIOD: ("三季度", "2019年", "—", "10月", "上个月", "2026.10", "*"),
    Kind.CHOICE: ("其它", "无", "/", "待定"),
}
"""What it cannot judge, or only now and then."""


@dataclass(frozen=True)
class Typed:
    """What was typed into one row: texts by field, and whether each of them can be judged."""

    texts: Mapping[str, str]
    plain: bool


def kind_of(column: Column, row: FormRow) -> Kind:
    if column.field in row.choices and column.kind is not Kind.PERIOD:
        return Kind.CHOICE
    return Kind.TEXT if column.kind is Kind.LONG_TEXT else column.kind


def typed_at_random(sheet: Sheet, row: FormRow, rng: random.Random) -> Typed:
    """Right, wrong and odd answers to some of a row's inputs; now and then none at all."""
    texts: dict[str, str] = {}
    oddly = rng.random() < 0.4
    plain = True
    share = rng.choice((0.0, 0.3, 0.6, 0.9))
    for column in row.open_columns(sheet):
        kind = kind_of(column, row)
        likely = column.fill is Fill.DEPARTMENT or kind is Kind.PERIOD or not row.code
        if rng.random() > (share if likely else share / 4):
            continue
        if oddly and rng.random() < 0.25:
            texts[column.field] = rng.choice(ODD[kind])
            plain = False
        elif kind is Kind.CHOICE:
            texts[column.field] = label_of(rng.choice(row.choices.get(column.field, column.choices)))
        elif kind is Kind.PERIOD:
            offered = row.choices.get(column.field, ())
            texts[column.field] = rng.choice((*offered[:2], *PLAIN[kind], ""))
            plain = plain and texts[column.field] in (*offered, *PLAIN[kind], "")
        else:
            texts[column.field] = rng.choice(PLAIN[kind])
    if "name" in texts and texts.get("data_period") in row.choices.get("data_period", ()):
        # Whether a figure that was not reported before is a late one, only the intake knows.
        plain = plain and figure_key(texts["name"], texts["data_period"]) in row.figures
    return Typed(texts, plain)


@dataclass(frozen=True)
class Compared:
    """One row: what was typed, what the form says of it, and the errors of the intake by code and field."""

    where: str
    typed: Typed
    sheet: Sheet
    verdict: str
    errors: frozenset[tuple[Code, str]]
    is_figure_asked_about: bool = False
    """Whether the intake asks about the figure first, and says nothing of what follows from it."""


@pytest.fixture(scope="module")
def compared(later: Office, forms_out: Office, tmp_path_factory: pytest.TempPathFactory) -> list[Compared]:
    """Every row of every task force's form and of three units', typed into at random and checked as it was saved."""
    need("soffice")
    by_force = {later.path(code): form for code, form in later.forms.items()}
    district = forms_out
    units = {unit: form for unit, form in unit_forms(district).items() if unit in (LEAD, SCIENCE, FINANCE)}
    by_unit = {form_path(district, unit): form for unit, form in units.items()}
    return [
        *typed_and_checked(later.workspace, by_force, tmp_path_factory.mktemp("forces")),
        *typed_and_checked(district.workspace, by_unit, tmp_path_factory.mktemp("units")),
    ]


def typed_and_checked(workspace: Workspace, forms: Mapping[Path, Form], folder: Path) -> Iterator[Compared]:
    """The rows of some forms, typed into in LibreOffice."""
    typed = {}
    for path, form in forms.items():
        rng = random.Random(form.recipient.code)  # noqa: S311  # examples, no secrets
        typed[path.name] = {
            (part.sheet.code, row.token): typed_at_random(part.sheet, row, rng)
            for part in form.sheets
            for row in part.rows
        }
        steps = [
            {"do": "fill_in", "sheet": TABS[sheet], "cells": cells}
            for sheet, cells in by_cell(Filling(path), form, typed[path.name]).items()
        ]
        visit(path, steps, folder / path.name)
    of_name = {path.name: form for path, form in forms.items()}
    for file in check(workspace, sorted(folder.iterdir()), PERIOD).files:
        yield from rows_of(file, of_name[file.received.name], folder, typed[file.received.name])


def by_cell(blank: Filling, form: Form, typed: Mapping[tuple[str, str], Typed]) -> dict[str, dict[str, str]]:
    cells: dict[str, dict[str, str]] = {part.sheet.code: {} for part in form.sheets}
    for part in form.sheets:
        first = blank.head(part.sheet.code) + 2
        for row in part.rows:
            n = first + part.lines[row.token]
            for field, text in typed[part.sheet.code, row.token].texts.items():
                letter = blank.at(part.sheet.code, row.code or "+1", field).rstrip("0123456789")
                cells[part.sheet.code][f"{letter}{n}"] = text
    return cells


def rows_of(
    file: Any, form: Form, folder: Path, typed: Mapping[tuple[str, str], Typed]
) -> Iterator[Compared]:
    name = file.received.name
    assert file.judgement, (name, file.findings)
    book = CalamineWorkbook.from_path(folder / name)
    found: list[Finding] = [f for f in file.judgement.findings if f.is_error]
    for part in form.sheets:
        lines = book.get_sheet_by_name(part.sheet.name).to_python(skip_empty_area=False)
        head = next(n for n, line in enumerate(lines) if CHECK in line)
        fields = lines[head]
        for row in part.rows:
            n = head + 2 + part.lines[row.token]
            errors = {
                (f.code, str(fields[column_of(f.cell)]))
                for f in found
                if f.sheet == part.sheet.name and Place(cell=f.cell).row == n + 1
            }
            said = str(lines[n][fields.index(CHECK)])
            yield Compared(
                f"{name} {part.sheet.name}第{n + 1}行",
                typed[part.sheet.code, row.token],
                part.sheet,
                said,
                frozenset(errors),
                any(asked(f, part.sheet.name, n + 1, fields) for f in file.judgement.findings),
            )


def asked(f: Finding, sheet: str, number: int, fields: Sequence[object]) -> bool:
    """Return whether a finding asks about the figure of a row."""
    is_of_row = f.sheet == sheet and Place(cell=f.cell).row == number
    return is_of_row and not f.is_error and str(fields[column_of(f.cell)]) == "value"


def column_of(cell: str) -> int:
    number = 0
    for c in cell.rstrip("0123456789"):
        number = number * 26 + ord(c) - 64
    return number - 1


MISSING = (Code.REQUIRED, Code.ISSUE_INCOMPLETE, Code.PERIOD_MISSING, Code.CORRECTION_INCOMPLETE)
REPEATED = "与另一行更正的是同一个数"
JUDGED = (
    *MISSING,
    Code.DATES_ORDER,
    Code.OUT_OF_BOUNDS,
    Code.TOO_LONG,
    Code.PERIOD_FUTURE,
)
"""The errors that a form can find itself."""


def named(verdict: str, sheet: Sheet) -> set[tuple[str, str]]:
    """The faults that a verdict names: kind and field."""
    fields = {c.header: c.field for c in sheet.columns}
    found: set[tuple[str, str]] = set()
    for part in verdict.split("；"):
        if part.startswith(UNSURE) or part == REPEATED:
            continue
        if part.startswith(LACKING):
            found |= {("缺", fields[header]) for header in part.removeprefix(LACKING).split("、")}
        elif "晚于" in part:
            first, second = part.split("晚于")
            found.add(("晚于", fields[first if second == "本期" else second]))
        else:
            word = next(w for w in ("应", "超过500字", "尚未结束") if w in part)
            found.add((word, fields[part.partition(word)[0]]))
    return found


def kinds(errors: frozenset[tuple[Code, str]]) -> set[tuple[str, str]]:
    words = {
        Code.DATES_ORDER: "晚于",
        Code.OUT_OF_BOUNDS: "应",
        Code.TOO_LONG: "超过500字",
        Code.PERIOD_FUTURE: "尚未结束",
    }
    return {(words.get(code, "缺"), field) for code, field in errors if code in JUDGED}


def is_split(row: Compared) -> bool:
    """Return whether the intake takes a row for one that goes on with the issue above, and says no more of it."""
    return Code.ISSUE_SPLIT in {code for code, _ in row.errors}


def is_pass(verdict: str) -> bool:
    return verdict in ("", PASSED, UNREPORTED) or verdict.startswith(DOUBTFUL)


@pytest.mark.libreoffice
def test_the_form_never_lets_an_error_pass(compared: list[Compared]) -> None:
    assert [row for row in compared if is_pass(row.verdict) and row.errors] == []


@pytest.mark.libreoffice
def test_the_form_names_no_fault_that_the_intake_does_not_find(compared: list[Compared]) -> None:
    faulty = [row for row in compared if not is_pass(row.verdict) and not row.verdict.startswith(UNSURE)]
    broken = [row for row in faulty if row.verdict == BROKEN]
    assert [row for row in broken if Code.ERROR_VALUE not in {code for code, _ in row.errors}] == []
    others = [row for row in faulty if row.verdict != BROKEN and not is_split(row)]
    others = [row for row in others if not row.is_figure_asked_about]
    assert [row for row in others if not named(row.verdict, row.sheet) <= kinds(row.errors)] == []


@pytest.mark.libreoffice
def test_of_what_a_formula_can_judge_form_and_intake_say_the_same(compared: list[Compared]) -> None:
    plain = [row for row in compared if row.typed.plain and not row.verdict.startswith(UNSURE)]
    plain = [row for row in plain if not row.is_figure_asked_about]
    assert [row for row in plain if is_pass(row.verdict) == bool(row.errors)] == []
    faulty = [row for row in plain if row.errors and not is_split(row)]
    assert [row for row in faulty if named(row.verdict, row.sheet) != kinds(row.errors)] == []


@pytest.mark.libreoffice
def test_only_what_no_formula_can_judge_is_left_to_be_checked(compared: list[Compared]) -> None:
    unsure = [row for row in compared if row.verdict.startswith(UNSURE)]
    assert [row for row in unsure if row.typed.plain] == []


@pytest.mark.libreoffice
def test_form_and_intake_both_take_a_rule_as_the_office_does(later_week: Office, tmp_path: Path) -> None:
    need("soffice")
    decide(
        later_week, "规则", ("done_halfway", "错误", None, "先核对"), ("dates_order", "提示", None, "先提醒")
    )
    decide(later_week, "豁免", ("required", "R03-03", "2026-12-31", "机构改革"))
    generate(later_week.workspace, PERIOD)
    blank = later_week.blank("03")
    done = {"status": "已完成", "progress": "建成"}
    typed = {
        "R03-01": {**done, "milestone_done": "未完成", "completed_on": "2026-11-20"},
        "R03-02": {**done, "completed_on": "2026-12-20"},
        "R03-03": {"status": "滞后"},
        "R03-04": {"status": "滞后"},
    }
    cells = {blank.at("tasks", code, f): text for code, said in typed.items() for f, text in said.items()}
    steps = [{"do": "fill_in", "sheet": TABS["tasks"], "cells": cells}]
    sent = visit(later_week.path("03"), steps, tmp_path / "03.xlsx")
    shown = recalculated(sent)[TABS["tasks"]]
    (file,) = check(later_week.workspace, [sent], PERIOD).files
    accepted = {e.code for e in file.judgement.accepted} if file.judgement else set()
    said = {code: str(shown[blank.at("tasks", code, "check")]) for code in typed}
    assert said == {
        "R03-01": "任务已完成，节点却未完成",
        "R03-02": "请核对：完成日期晚于本期",
        "R03-03": "✓",
        "R03-04": "缺：本期进展、存在问题、下一步举措",
    }
    assert accepted == {code for code, verdict in said.items() if is_pass(verdict)}


@pytest.mark.libreoffice
def test_per_cent_and_none_are_what_the_clerk_sees_in_the_form_its_check_and_the_intake(
    later_week: Office, tmp_path: Path
) -> None:
    need("soffice")
    blank = later_week.blank("03")
    per_cent, others = by_unit_of_figures(later_week.forms["03"])
    figures = {per_cent: "88.4%", others: "31%"}
    steps = [typing(TABS["indicators"], blank.at("indicators", c, "value"), t) for c, t in figures.items()]
    natures = {blank.at("indicators", code, "nature"): "部门统计" for code in figures}
    steps += [
        {"do": "fill_in", "sheet": TABS["indicators"], "cells": natures},
        typing(TABS["issues"], blank.at("issues", "+1", "description"), "本期无新增问题"),
    ]
    sent = visit(later_week.path("03"), steps, tmp_path / "03.xlsx")
    shown = recalculated(sent)
    check_of = {code: shown[TABS["indicators"]][blank.at("indicators", code, "check")] for code in figures}
    assert check_of == {per_cent: "✓", others: "待核：最新数值"}
    assert blank.at("issues", "+1", "check") not in shown[TABS["issues"]]
    (file,) = check(later_week.workspace, [sent], PERIOD).files
    assert file.judgement
    assert {e.code: e.value("value") for e in file.judgement.accepted} == {per_cent: 88.4}
    (wrong,) = [f for f in file.findings if f.is_error]
    assert "填了“31%”" in wrong.message


def by_unit_of_figures(form: Form) -> tuple[str, str]:
    """The codes of a row that is asked for per cent and of one that is asked for something else."""
    rows = [row for row in form.part("indicators").rows if row.asked and "value" not in row.choices]
    per_cent = next(row.code for row in rows if row.printed["unit"] == "%")
    return per_cent, next(row.code for row in rows if row.printed["unit"] != "%")


@pytest.mark.libreoffice
def test_hundreds_of_rows_of_every_sort_were_compared(compared: list[Compared]) -> None:
    sorts = Counter(
        "fault" if not is_pass(v) and not v.startswith(UNSURE) and v != BROKEN else v[:3]
        for row in compared
        for v in [row.verdict]
    )
    assert len(compared) > 200
    assert sorts["fault"] > 70
    assert all(sorts[sort] > 5 for sort in ("", PASSED, UNREPORTED, UNSURE))
    assert sorts[BROKEN[:3]] > 1
    assert {code for row in compared for code, _ in row.errors} >= {
        *JUDGED,
        Code.NOT_NUMBER,
        Code.ERROR_VALUE,
    }
