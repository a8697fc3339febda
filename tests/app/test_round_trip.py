"""The whole loop in a real program: generated, typed into in LibreOffice, ingested, merged, read back."""

import math
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import Merged
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.model.statuses import Status
from tests.helpers.libreoffice import recalculated, type_into
from tests.helpers.programs import need
from tests.helpers.rollup_reading import one, opened, table

PERIOD = "2026-W48"
INDICATORS, TASKS, ISSUES = "主要指标进度表", "重点任务进度表", "问题销号进度表"

TYPED_INDICATORS = {
    "Z02-01": {"value": "187.5", "nature": "部门统计", "forecast": "205", "remark": "含新口径"},
    "Z02-06": {
        "value": "１６５",
        "nature": "统计核定",
        "lag_reason": "出让计划集中在四季度",
        "next_steps": "加快做地",
    },
}
TYPED_TASKS = {
    "R02-01": {"status": "序时推进", "progress": "五大产业生态圈项目库更新至46个", "person": "张三"},
    "R02-02": {
        "status": "滞后",
        "progress": "已完成初稿",
        "problems": "意见未统一",
        "next_steps": "专题会商",
    },
}
TASK_HEADERS = {
    "status": "当前状态（自报）",
    "progress": "本期进展",
    "problems": "存在问题",
    "next_steps": "下一步举措",
    "person": "责任人",
}
TYPED_ISSUES = {
    1: {
        "description": "石桥地块征迁未完成，影响工业用地出让",
        "category": "征迁",
        "source": "自查",
        "raised_on": "2026-11-24",
        "request": "请协调加快征迁",
        "suggested_level": "总专班",
        "unit": "规划资源拱墅分局",
        "due_on": "2026-12-20",
        "status": "整改中",
        "progress": "剩余3户",
    }
}
COVER = {"unit": "区发改经信局", "filler": "李四", "phone": "0571-88880000"}


class Form:
    """A generated form, seen through its hidden field codes."""

    def __init__(self, path: Path) -> None:
        self.book = load_workbook(path)

    def fields(self, sheet: str) -> dict[str, str]:
        row = next(r for r in self.book[sheet].iter_rows(max_row=10) if r[0].value == "key")
        return {str(cell.value): cell.column_letter for cell in row if cell.value}

    def row(self, sheet: str, code: str) -> int:
        letter = self.fields(sheet)["code"]
        return next(int(c.row) for c in self.book[sheet][letter] if c.value == code)

    def blank_row(self, sheet: str, n: int) -> int:
        page, fields = self.book[sheet], self.fields(sheet)
        keyed = [int(c.row) for c in page[fields["key"]] if c.row > 4 and c.value]
        return [r for r in keyed if not page[f"{fields['code']}{r}"].value][n - 1]

    def cover(self, field: str) -> str:
        return next(f"C{c.row}" for c in self.book["填报说明"]["A"] if c.value == field)


def typing(form: Form) -> list[tuple[str, str, str]]:
    cells = [("填报说明", form.cover(field), text) for field, text in COVER.items()]
    for sheet, answers in ((INDICATORS, TYPED_INDICATORS), (TASKS, TYPED_TASKS)):
        fields = form.fields(sheet)
        for code, said in answers.items():
            cells += [(sheet, f"{fields[f]}{form.row(sheet, code)}", text) for f, text in said.items()]
    fields = form.fields(ISSUES)
    for n, said in TYPED_ISSUES.items():
        cells += [(ISSUES, f"{fields[f]}{form.blank_row(ISSUES, n)}", text) for f, text in said.items()]
    return cells


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Merged:
    need("soffice")
    workspace = Workspace(tmp_path_factory.mktemp("区"))
    initialise(workspace)
    generate(workspace, PERIOD)
    sent = next((workspace.outbox / PERIOD / "填报表").glob("02_*.xlsx"))
    type_into(sent, typing(Form(sent)), workspace.inbox / "回复：填报表(终稿).xlsx")
    return merge(workspace, PERIOD)


@pytest.mark.libreoffice
def test_a_form_typed_into_in_libreoffice_is_accepted(merged: Merged) -> None:
    (result,) = merged.ingested.files
    assert [f.message for f in result.findings if f.is_error] == []
    assert result.status in (Status.ACCEPTED, Status.WITH_WARNINGS)
    assert (result.task_force, result.period, result.sender) == ("02", PERIOD, "区发改经信局 李四")


@pytest.mark.libreoffice
def test_every_indicator_value_in_the_rollup_is_what_was_typed(merged: Merged) -> None:
    lines = table(merged.rollup, "主要指标")
    assert one(lines, "Z02-01", "最新数值") == 187.5
    assert one(lines, "Z02-01", "数据性质") == "部门统计"
    assert one(lines, "Z02-01", "预计全年完成值") == 205
    assert one(lines, "Z02-01", "备注") == "含新口径"
    assert one(lines, "Z02-06", "最新数值") == 165
    assert one(lines, "Z02-06", "数据性质") == "统计核定"
    assert one(lines, "Z02-06", "滞后原因") == "出让计划集中在四季度"
    assert one(lines, "Z02-06", "下一步举措") == "加快做地"


@pytest.mark.libreoffice
def test_every_task_value_in_the_rollup_is_what_was_typed(merged: Merged) -> None:
    lines = table(merged.rollup, "重点任务")
    for code, said in TYPED_TASKS.items():
        for field, text in said.items():
            assert one(lines, code, TASK_HEADERS[field]) == text, (code, field)


@pytest.mark.libreoffice
def test_a_new_issue_is_in_the_rollup_under_its_code_as_it_was_typed(merged: Merged) -> None:
    lines, code = table(merged.rollup, "问题销号", "问题编号"), "W02-2026-001"
    assert one(lines, code, "问题描述", "问题编号") == "石桥地块征迁未完成，影响工业用地出让"
    assert one(lines, code, "提请协调事项", "问题编号") == "请协调加快征迁"
    assert one(lines, code, "责任单位", "问题编号") == "规划资源拱墅分局"
    assert one(lines, code, "提出日期", "问题编号") == date(2026, 11, 24)
    assert one(lines, code, "原定时限", "问题编号") == date(2026, 12, 20)
    assert one(lines, code, "进展情况", "问题编号") == "剩余3户"


@pytest.mark.libreoffice
def test_the_sum_of_the_figures_equals_a_pandas_sum_over_the_typed_ones(merged: Merged) -> None:
    lines = table(merged.rollup, "主要指标")
    values = pd.to_numeric(lines["最新数值"], errors="coerce")
    assert values[lines["专班"] == "02"].sum() == 187.5 + 165
    assert math.isclose(
        values.sum(), 187.5 + 165
    )  # nobody else has reported, and what is missing is not a nought


@pytest.mark.libreoffice
def test_recalculating_the_rollup_in_libreoffice_changes_no_cell(merged: Merged) -> None:
    cached = opened(merged.rollup, values=True)
    formulas = opened(merged.rollup)
    shown = recalculated(merged.rollup)
    compared = 0
    for page in formulas.worksheets:
        for cell in (c for row in page.iter_rows() for c in row if c.data_type == "f"):
            kept = cached[page.title][cell.coordinate].value
            found = shown[page.title].get(cell.coordinate, "")
            compared += 1
            if isinstance(kept, int | float):
                assert isinstance(found, int | float), (page.title, cell.coordinate, kept, found)
                assert math.isclose(kept, found, abs_tol=1e-9), (page.title, cell.coordinate, kept, found)
            else:
                assert (kept or "") == found, (page.title, cell.coordinate)
    assert compared > 20
