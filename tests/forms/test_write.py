import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from tenproj_xl.core.answers import Due
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.catalogue import Severity
from tenproj_xl.core.cells import letters
from tenproj_xl.core.columns import Fill, Sheet
from tenproj_xl.core.shares import SHARE_FORMAT
from tenproj_xl.core.sheets import (
    CHECK,
    COVER,
    KEY,
    KEY2,
    LOOKUP_SHEET,
    MACHINE_SHEET,
    STEPS_SHEET,
    TEMPLATE_SHEETS,
    with_choices,
)
from tenproj_xl.core.states import State, TaskState
from tenproj_xl.core.tokens import MAGIC, is_token
from tenproj_xl.excel.look import Look
from tenproj_xl.excel.look_reader import read_look
from tenproj_xl.excel.writer import harmless  # loads XlsxWriter
from tenproj_xl.forms.computed import computed
from tenproj_xl.forms.form import UNCHECKED, Form, FormRow, FormSheet
from tenproj_xl.forms.layout import Grid, Letter, Mark, SentRow, draft
from tenproj_xl.forms.template import build_template  # loads XlsxWriter
from tenproj_xl.forms.write import write_form  # loads XlsxWriter
from tenproj_xl.model.history import History, Reported
from tests.helpers.libreoffice import recalculated
from tests.helpers.programs import need
from tests.helpers.small_plan import PERIOD, small_form

LIVE = (
    "=1+1",
    "<r>x</r>",
    "http://x",
    "+86 571",
    "@home",
    "-5%",
    "{=A1}",
    "'quoted",
    "_x0041_",
    "a\x01b\ufffe",
)


@pytest.fixture(scope="session")
def look(tmp_path_factory: pytest.TempPathFactory) -> Look:
    path = tmp_path_factory.mktemp("look") / "填报表.xlsx"
    build_template(path, TEMPLATE_SHEETS)
    return read_look(path)


@pytest.fixture
def written(tmp_path: Path, look: Look) -> Callable[..., Path]:
    def write(form: Form, **more: Any) -> Path:
        path = tmp_path / "form.xlsx"
        write_form(path, form, look, **more)
        return path

    return write


def opened(path: Path) -> Any:
    return load_workbook(path)


def cells_of(form: Form, look: Look, sheet: str) -> Iterable[tuple[FormRow, str, str]]:
    grid = Grid(form.part(sheet), look.sheets[sheet])
    for row in grid.part.rows:
        for column in grid.columns:
            yield row, column.field, grid.address(row.token, column.field)


def with_filled(form: Form, sheet: str, filled: Mapping[str, Mapping[str, Any]]) -> Form:
    """The form with values in inputs, by the code of the row (or its number among the rows without one)."""
    part = form.part(sheet)
    blank = iter(range(len(part.rows)))
    named = [(row.code or f"#{next(blank)}", row) for row in part.rows]
    rows = tuple(replace(row, filled=filled[name]) if name in filled else row for name, row in named)
    return replace(form, sheets=tuple(replace(p, rows=rows) if p is part else p for p in form.sheets))


def an_issue(**values: Any) -> Reported:
    period = small_form().period
    earlier = replace(period, code="2026-W47", first=date(2026, 11, 16), last=date(2026, 11, 22))
    seen = datetime(2026, 11, 20, tzinfo=UTC)
    given = {"description": "项目用地报批滞后", "category": "用地", "due_on": date(2026, 12, 1), **values}
    return Reported(
        sheet="issues",
        code="W01-2026-001",
        task_force="01",
        period=earlier,
        values=given,
        typed={},
        cells={},
        file="a.xlsx",
        sha256="ab",
        tab="问题销号进度表",
        received_at=seen,
        seq=1,
    )


def test_a_form_has_its_sheets_in_order_and_hides_the_machines(written: Callable[..., Path]) -> None:
    book = CalamineWorkbook.from_path(written(small_form()))
    names = [
        "填报说明",
        "主要指标进度表",
        "重点任务进度表",
        "问题销号进度表",
        MACHINE_SHEET,
        LOOKUP_SHEET,
        STEPS_SHEET,
    ]
    assert [s.name for s in book.sheets_metadata] == names
    assert [s.visible == SheetVisibleEnum.Visible for s in book.sheets_metadata] == [True] * 4 + [False] * 3


def test_the_head_of_a_data_sheet_identifies_form_and_columns(written: Callable[..., Path]) -> None:
    form = small_form()
    page = opened(written(form))["重点任务进度表"]
    assert page["B1"].value == "示范区“两项重大工程”重点任务进度表　2026年第48期（11月23日—29日）"
    assert str(page["B2"].value).startswith('="本表还有 "')
    assert [cell.value for cell in page[2] if cell.value][-1] == form.id_line  # out of sight
    assert [page[f"{c}3"].value for c in "ABCD"] == [KEY, "code", CHECK, "name"]
    assert [page[f"{c}4"].value for c in "BCD"] == ["任务编号", "自检", "重点任务"]
    assert page.row_dimensions[3].hidden
    assert page.freeze_panes == "E5"
    assert page.auto_filter.ref == "B4:X7"


def test_row_tokens_stand_hidden_at_the_left_edge_and_in_the_locked_block_between_the_inputs(
    written: Callable[..., Path], look: Look
) -> None:
    form = small_form()
    book = opened(written(form))
    for part in form.sheets:
        page = book[part.sheet.name]
        grid = Grid(part, look.sheets[part.sheet.code])
        first, second = (grid.positions[k] for k in (KEY, KEY2))
        assert first == 0
        assert not grid.columns[second + 1].fill.is_input
        assert any(c.fill.is_input for c in grid.columns[:second])
        assert any(c.fill.is_input for c in grid.columns[second:])
        for row in part.rows:
            tokens = [page[grid.address(row.token, k)].value for k in (KEY, KEY2)]
            assert tokens == [row.token] * 2
            assert is_token(row.token)
        assert all(page.column_dimensions[letters(n)].hidden for n in (first, second))


def test_only_the_cells_of_departments_are_open(written: Callable[..., Path], look: Look) -> None:
    form = small_form(known=History((an_issue(),)))
    book = opened(written(form))
    for part in form.sheets:
        page = book[part.sheet.name]
        assert page.protection.sheet
        assert (page.protection.formatColumns, page.protection.formatRows, page.protection.autoFilter) == (
            False,
        ) * 3
        assert (page.protection.sort, page.protection.insertRows, page.protection.deleteRows) == (True,) * 3
        assert page.protection.password is None
        for row, field, address in cells_of(form, look, part.sheet.code):
            column = part.sheet.column(field)
            assert page[address].protection.locked is not row.is_open(column), address
    known, new = form.part("issues").rows[:2]
    assert (known.code, "due_on" in known.locked, new.locked) == ("W01-2026-001", True, frozenset())


def test_what_the_office_and_the_ledger_know_is_printed(written: Callable[..., Path], look: Look) -> None:
    form = small_form(known=History((an_issue(person="赵六"),)))
    path = written(form)
    book, fast = opened(path), CalamineWorkbook.from_path(path)
    for part in form.sheets:
        rows = fast.get_sheet_by_name(part.sheet.name).to_python(skip_empty_area=False)
        for row, field, address in cells_of(form, look, part.sheet.code):
            if part.sheet.column(field).fill in (Fill.OFFICE, Fill.CARRIED, Fill.EDITABLE, Fill.ONCE):
                cell = book[part.sheet.name][address]
                value = cell.value.date() if isinstance(cell.value, datetime) else cell.value
                assert value == (row.printed.get(field) or None), address
                assert rows[cell.row - 1][cell.column - 1] == (row.printed.get(field) or "")


def shown_by_formulas(form: Form, look: Look, sheet: Sheet, row: FormRow) -> Mapping[str, Any]:
    checks = draft(form, look, (), Letter()).check.sheets
    return {**computed(form, sheet, row), CHECK: checks[sheet.code].rows[row.token].verdict.shown}


def test_formulas_carry_what_they_show(written: Callable[..., Path], look: Look) -> None:
    form = with_filled(small_form(), "indicators", {"Z01-01": {"value": 31.0, "nature": "部门统计"}})
    path = written(form)
    fast = CalamineWorkbook.from_path(path)
    for part in form.sheets:
        rows = fast.get_sheet_by_name(part.sheet.name).to_python(skip_empty_area=False)
        page = opened(path)[part.sheet.name]
        for row, field, address in cells_of(form, look, part.sheet.code):
            if part.sheet.column(field).fill is Fill.FORMULA:
                cell = page[address]
                assert str(cell.value).startswith("=")
                shown = shown_by_formulas(form, look, part.sheet, row)[field]
                assert rows[cell.row - 1][cell.column - 1] == ("" if shown is None else shown)
    states = {r.code: computed(form, form.sheets[0].sheet, r)["state"] for r in form.sheets[0].rows}
    assert (states["Z01-01"], states["Z01-02"]) == ("达序时", "未报")


def test_formulas_fit_what_old_formats_hold(written: Callable[..., Path]) -> None:
    for page in opened(written(small_form())).worksheets:
        for cell in (c for row in page.iter_rows() for c in row if c.data_type == "f"):
            assert len(cell.value) <= 1024, cell.coordinate
            assert depth(cell.value) <= 7, cell.coordinate
            assert "TODAY" not in cell.value


def depth(formula: str) -> int:
    deepest, open_ones = 0, []
    for before, c in zip(" " + formula, formula, strict=False):
        if c == "(":
            open_ones.append(before.isalpha())
        elif c == ")":
            open_ones.pop()
        deepest = max(deepest, sum(open_ones))
    return deepest


def test_inputs_guide_the_clerk(written: Callable[..., Path], look: Look) -> None:
    form = small_form()
    book = opened(written(form))
    rules: dict[tuple[str, str], Any] = {}
    for part in form.sheets:
        checks = book[part.sheet.name].data_validations.dataValidation
        for row, field, address in cells_of(form, look, part.sheet.code):
            if row.is_open(part.sheet.column(field)):
                found = [v for v in checks if address in v.cells]
                assert len(found) == 1, (part.sheet.code, address)
                assert found[0].prompt
                assert found[0].error
                rules[row.code, field] = found[0]
    assert rules["Z01-01", "nature"].formula1 == '"统计核定,统计快报,部门统计,预计"'
    assert rules["Z01-01", "data_period"].formula1.startswith('"2026年10月,2026年9月,')
    assert rules["Z01-13", "value"].formula1 == '"已实现,推进中,未实现"'
    assert (rules["Z01-01", "value"].type, rules["Z01-01", "city_rank"].formula2) == ("decimal", "99")
    assert (rules["R01-01", "completed_on"].type, rules["R01-01", "completed_on"].formula1) == (
        "date",
        "43831",
    )
    assert (rules["R01-01", "progress"].type, rules["R01-01", "progress"].formula1) == ("textLength", "500")
    assert rules["R01-01", "invest_done"].prompt == "只填数字、不带单位，如 72.5。不小于0。"


def test_a_list_too_long_for_a_rule_stands_on_the_sheet_that_is_looked_up(
    written: Callable[..., Path], look: Look
) -> None:
    long = tuple(f"第{n}个很长的选项名称" for n in range(40))
    form = small_form()
    part = form.sheets[0]
    rows = (replace(part.rows[0], choices={**part.rows[0].choices, "nature": long}), *part.rows[1:])
    form = replace(form, sheets=(replace(part, rows=rows), *form.sheets[1:]))
    book = opened(written(form))
    address = Grid(form.sheets[0], look.sheets["indicators"]).address(rows[0].token, "nature")
    rule = next(v for v in book[part.sheet.name].data_validations.dataValidation if address in v.cells)
    sheet, _, area = rule.formula1.replace("$", "").partition("!")
    assert sheet == f"'{LOOKUP_SHEET}'"
    assert [row[0].value for row in book[LOOKUP_SHEET][area]] == list(long)


def test_text_inputs_keep_what_is_typed_and_numbers_show_no_stray_point(
    written: Callable[..., Path], look: Look
) -> None:
    form = small_form()
    book = opened(written(form))
    formats = {
        (row.code, field): book[part.sheet.name][address].number_format
        for part in form.sheets
        for row, field, address in cells_of(form, look, part.sheet.code)
    }
    assert (
        formats["Z01-01", "data_period"] == formats["R01-01", "progress"] == formats["Z01-13", "value"] == "@"
    )
    assert formats["Z01-01", "value"] == "General"
    assert formats["R01-01", "completed_on"] == formats["R01-01", "due_on"] == "yyyy-mm-dd"
    assert formats["Z01-01", "share"] == SHARE_FORMAT


@pytest.mark.parametrize("text", LIVE)
def test_nothing_typed_becomes_live(text: str, written: Callable[..., Path], look: Look) -> None:
    form = with_filled(small_form(), "indicators", {"Z01-01": {"value": text, "lag_reason": text}})
    form = replace(form, cover={"unit": text})
    row = form.sheets[0].rows[0]
    mark = Mark(sheet="indicators", token=row.token, field="value", severity=Severity.ERROR, message=text)
    sent = SentRow(
        sheet=form.sheets[0].sheet,
        tab=text,
        number=7,
        reason=text,
        cells={"code": text, "remark": text},
        tokens=(row.token,),
    )
    note = Mark(severity=Severity.WARNING, message=text)
    path = written(form, marks=[mark, note], letter=Letter((sent,), text))
    book = opened(path)
    page = book["主要指标进度表"]
    grid = Grid(form.sheets[0], look.sheets["indicators"])
    for field in ("value", "lag_reason"):
        cell = page[grid.address(row.token, field)]
        assert (cell.data_type, cell.hyperlink) == ("s", None)
    rows = (
        CalamineWorkbook.from_path(path).get_sheet_by_name("主要指标进度表").to_python(skip_empty_area=False)
    )
    cell = page[grid.address(row.token, "lag_reason")]
    assert rows[cell.row - 1][cell.column - 1] == harmless(text)
    links = [c for p in book.worksheets for r in p.iter_rows() for c in r if c.hyperlink]
    assert [link.hyperlink.target for link in links] == [None] * 5


def test_the_same_form_is_the_same_bytes(tmp_path: Path, look: Look) -> None:
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        write_form(path, small_form(), look)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    core = zipfile.ZipFile(paths[0]).read("docProps/core.xml").decode()
    assert "2026-11-23T00:00:00Z" in core


def test_the_file_says_what_it_is(written: Callable[..., Path]) -> None:
    form = small_form()
    known = opened(written(form)).properties
    assert (known.title, known.subject, known.creator) == (
        "示范区“两项重大工程”填报表",
        form.id_line,
        "总专班办公室",
    )


def test_the_machines_sheet_tells_what_the_form_is(written: Callable[..., Path]) -> None:
    form = small_form()
    page = opened(written(form))[MACHINE_SHEET]
    facts = {row[0].value: row[1].value for row in page.iter_rows(max_row=10)}
    assert page["A1"].value == MAGIC
    assert facts["programme"] == "SF02"
    assert (facts["period"], facts["recipient"], facts["version"]) == (PERIOD, "01", form.version)
    assert facts["deadline"] == "2026-11-27T17:00:00+08:00"


def test_it_prints_on_a4_with_its_header_on_every_page(written: Callable[..., Path]) -> None:
    form = small_form()
    for page in opened(written(form)).worksheets[1:4]:
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
        assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (None, 0)
        assert page.print_title_rows == "$1:$4"
        assert str(page.oddHeader.right.text).strip() == "内部资料 注意保管"
        assert str(page.oddFooter.center.text).strip() == "第 &P 页 / 共 &N 页"
        assert str(page.oddFooter.left.text).strip() == form.id_line


@pytest.mark.parametrize("code", [sheet.code for sheet in TEMPLATE_SHEETS])
def test_what_is_needed_every_period_stands_first_is_printed_on_a4_and_fits_a_small_screen(
    written: Callable[..., Path], look: Look, code: str
) -> None:
    form = small_form()
    grid = Grid(form.part(code), look.sheets[code])
    page = opened(written(form))[grid.part.sheet.name]
    front = [c.field for c in grid.columns[: grid.last_printed + 1] if c.fill is not Fill.MACHINE]
    assert tuple(front) == tuple(f for f in grid.part.sheet.front if f in grid.positions)
    assert len(front) <= 16
    assert page.print_area.endswith(f"${letters(grid.last_printed)}${grid.last_row + 1}")
    assert not any(d.hidden for d in page.column_dimensions.values() if d.outlineLevel)
    pixels = sum(int(look.sheets[code].width(field) * 7 + 5) for field in front)
    margins = page.page_margins.left + page.page_margins.right
    points = (11.69 - margins) * 72 / (pixels * 0.75) * 11
    assert points >= 8, "the print is at least 8 points high on A4"
    assert page.sheet_view.zoomScale >= 85
    assert pixels * 0.85 + 60 <= 1366


def test_every_choice_that_needs_it_is_defined_beside_its_cell(written: Callable[..., Path]) -> None:
    said = {}
    for page in opened(written(small_form())).worksheets[1:4]:
        for rule in page.data_validations.dataValidation:
            said[rule.promptTitle] = str(rule.prompt)
    assert "预计是还没有统计时的测算" in said["数据性质"]
    assert "申请调整是请求改变节点或时限" in said["当前状态"] or "申请销号是已经解决" in said["当前状态"]


def test_rows_are_high_enough_for_their_texts(written: Callable[..., Path]) -> None:
    form = small_form()
    page = opened(written(form))["重点任务进度表"]
    short, long = page.row_dimensions[5].height, page.row_dimensions[6].height
    assert 24 <= short < long <= 409
    lengthy = with_filled(form, "tasks", {"R01-01": {"progress": "很长的进展。" * 80}})
    assert opened(written(lengthy))["重点任务进度表"].row_dimensions[5].height == 408.75  # whole pixels


def test_the_cover_says_by_what_and_to_whom_it_is_sent_back(written: Callable[..., Path]) -> None:
    form = small_form()
    form = replace(
        form,
        settings=replace(form.settings, channel="浙政钉"),
        programme=replace(form.programme, contact="0571-88880000"),
    )
    cells = [str(cell.value) for row in opened(written(form))[COVER.name].iter_rows() for cell in row]
    assert "17:00前用浙政钉报送总专班办公室（0571-88880000）" in "\n".join(cells)


def test_the_cover_says_what_is_asked_and_by_when(written: Callable[..., Path]) -> None:
    form = replace(small_form(), cover={"unit": "区发改经信局"})
    page = opened(written(form))[COVER.name]
    texts = [str(c.value) for row in page.iter_rows() for c in row if c.value is not None]
    whole = "\n".join(texts)
    assert "2026年11月27日（周五）17:00前" in whole
    assert "本期应报指标16项、任务3项、在办问题0件" in whole
    assert "严禁填报涉密信息" in whole
    assert form.id_line not in texts
    codes = {row[0].value: row[2] for row in page.iter_rows(max_col=3) if row[0].value}
    assert list(codes) == [c.field for c in COVER.columns]
    assert not any(cell.protection.locked for cell in codes.values())
    assert codes["unit"].value == "区发改经信局"
    assert page.column_dimensions["A"].hidden


def test_a_full_stop_at_the_end_of_a_task_forces_name_does_not_stand_before_a_semicolon(
    written: Callable[..., Path],
) -> None:
    form = small_form()
    task_force = replace(form.recipient.task_forces[0], name="打造战略平台。")
    form = replace(form, recipient=replace(form.recipient, task_forces=(task_force,)))
    page = opened(written(form))[COVER.name]
    texts = "\n".join(str(c.value) for row in page.iter_rows() for c in row if c.value is not None)
    assert "打造战略平台；牵头单位：" in texts


def test_a_task_force_that_is_not_involved_is_not_pressed(written: Callable[..., Path]) -> None:
    page = opened(written(small_form("02")))[COVER.name]
    texts = "\n".join(str(c.value) for row in page.iter_rows() for c in row if c.value is not None)
    assert "本专班不涉及，不要求报送" in texts


def test_a_correction_opens_on_what_is_to_be_done(written: Callable[..., Path], look: Look) -> None:
    form = with_filled(small_form(), "indicators", {"Z01-01": {"value": "增长较快", "nature": "部门统计"}})
    form = with_filled(form, "tasks", {"R01-01": {"completed_on": date(2026, 12, 3), "invest_done": 9.5}})
    indicator, task = form.part("indicators").rows[0], form.part("tasks").rows[0]
    marks = [
        Mark(
            sheet="tasks",
            token=task.token,
            field="completed_on",
            severity=Severity.WARNING,
            message="完成日期晚于本期，请核对。",
        ),
        Mark(
            sheet="indicators",
            token=indicator.token,
            field="value",
            severity=Severity.ERROR,
            message="填了“增长较快”，这里请只填数字。",
        ),
        Mark(sheet="tasks", token=task.token, severity=Severity.QUESTION, message="整行与上期相同，请核对。"),
        Mark(sheet="cover", field="signed_on", severity=Severity.ERROR, message="请填写审签日期。"),
        Mark(sheet="issues", severity=Severity.ERROR, message="缺少工作表“问题销号进度表”。"),
    ]
    book = opened(written(form, marks=marks))
    page = book.worksheets[0]
    assert page.title == "修改清单"
    assert "3处须更正、1处请核对、1处有疑问" in page["B3"].value
    lines = [[c.value for c in row[1:]] for row in page.iter_rows(min_row=5)]
    assert [line[1] for line in lines] == ["须更正", "须更正", "须更正", "请核对", "有疑问"]
    address = Grid(form.sheets[0], look.sheets["indicators"]).address(indicator.token, "value")
    where = ["主要指标进度表", address, "重大项目当年完成投资　最新数值"]
    assert lines[1][2:] == [*where, "增长较快", marks[1].message]
    assert page["E6"].hyperlink.location == f"'主要指标进度表'!{address}"
    marked = book["主要指标进度表"][address]
    assert (marked.fill.fgColor.rgb, marked.comment.text, marked.value) == (
        "FFFADBD8",
        marks[1].message,
        "增长较快",
    )
    tasks = Grid(form.sheets[1], look.sheets["tasks"])
    done, invested = (
        book["重点任务进度表"][tasks.address(task.token, f)] for f in ("completed_on", "invest_done")
    )
    assert (done.value, invested.value) == (datetime(2026, 12, 3), 9.5)  # what openpyxl gives
    assert (done.fill.fgColor.rgb, invested.fill.fgColor.rgb) == ("FFFFE699", "FFFFE699")


# --- LibreOffice recalculates what we say it shows


def scenarios(row: FormRow) -> Iterable[Mapping[str, Any]]:
    """Values on both sides of every limit of a row's yardsticks, and what cannot be judged."""
    yield {}
    for stick in row.yardsticks:
        spoken = (stick.period.label, stick.period.code)
        if "value" in row.choices:
            for value in ("已实现", "推进中", "未实现", 3.0):
                yield {"data_period": spoken[0], "value": value}
            continue
        lights = (stick.green, stick.yellow, stick.most_green, stick.most_yellow)
        limits = {x for x in (*lights, stick.low, stick.high) if abs(x) < 1e14}
        for value in sorted({round(x + d, 6) for x in limits or {50.0} for d in (-0.01, 0.0, 0.01)}):
            nature = "统计核定" if value > 0 else "部门统计"
            yield {"data_period": spoken[value != 0], "value": value, "nature": nature}
        yield {"data_period": spoken[0], "value": float(max(limits, default=1.0)), "nature": "预计"}
        yield {"data_period": spoken[0], "value": "72", "nature": "统计核定"}
    yield {"data_period": "2019年", "value": 5.0, "nature": "统计核定"}
    yield {"value": 5.0, "data_period": None}


def task_scenarios() -> Iterable[Mapping[str, Any]]:
    for status in (None, "未启动", "序时推进", "滞后", "已完成", "长期推进"):
        for done in (None, "已完成", "未完成"):
            for invested in (None, 0.0, 10.6, 12.0):
                yield {"status": status, "milestone_done": done, "invest_done": invested}


def multiplied(part: FormSheet, of: Callable[[FormRow], Iterable[Mapping[str, Any]]]) -> FormSheet:
    """Return a sheet with a row for each way in which one of its rows is filled in."""
    wanted = [(row, filled) for row in part.rows for filled in of(row)]
    rows = []
    for n, (row, filled) in enumerate(wanted):
        rows.append(replace(row, token=f"{row.code} {n}", filled=with_choices(part.sheet.code, filled)))
    return replace(part, rows=tuple(rows))


def with_past_targets(part: FormSheet) -> FormSheet:
    """Return a sheet with one more row: one without a figure that says that its targets have passed."""
    row = next(row for row in part.rows if row.block is Block.TABLE)
    printed = {**row.printed, "asked": Due.PAST.label}
    past = replace(row, token=f"{row.code} past", asked=False, filled={}, printed=printed)
    return replace(part, rows=(past, *part.rows))


@pytest.mark.libreoffice
def test_libreoffice_computes_what_the_roll_up_would(tmp_path: Path, look: Look) -> None:
    need("soffice")
    form = small_form()
    indicators, tasks, issues = form.sheets
    filled = replace(
        form,
        sheets=(
            with_past_targets(multiplied(indicators, scenarios)),
            multiplied(tasks, lambda _: task_scenarios()),
            issues,
        ),
    )
    path = tmp_path / "filled.xlsx"
    write_form(path, filled, look)
    shown = recalculated(path)
    checks = draft(filled, look, (), Letter()).check.sheets
    differing = [
        (row.code, dict(row.filled), field, found, wanted)
        for part in filled.sheets[:2]
        for row, field, address in cells_of(filled, look, part.sheet.code)
        if part.sheet.column(field).fill is Fill.FORMULA
        for shows in [
            computed(filled, part.sheet, row) | {CHECK: checks[part.sheet.code].rows[row.token].verdict.shown}
        ]
        for found, wanted in [(shown[part.sheet.name].get(address), shows[field])]
        if (found, wanted) != (None, "")
        if found != (pytest.approx(wanted) if isinstance(wanted, float) else wanted)
    ]
    assert not differing
    states = {
        shown[part.sheet.name][address]
        for part in filled.sheets[:2]
        for _, field, address in cells_of(filled, look, part.sheet.code)
        if field == "state"
    }
    never = (State.NOT_YET, State.NOT_INVOLVED)
    labels = {s.label for s in (*State, *TaskState) if s not in never}
    assert states == labels | {UNCHECKED}


@pytest.mark.libreoffice
def test_what_is_typed_in_libreoffice_is_judged_at_once(tmp_path: Path, look: Look) -> None:
    need("soffice")
    form = small_form()
    path = tmp_path / "form.xlsx"
    write_form(path, form, look)
    grid = Grid(form.sheets[0], look.sheets["indicators"])
    token = grid.part.rows[0].token
    typed = [
        ("主要指标进度表", grid.address(token, f), text)
        for f, text in (("value", "31"), ("nature", "部门统计"))
    ]
    shown = recalculated(path, typed)["主要指标进度表"]
    assert shown[grid.address(token, "share")] == pytest.approx(31 / 35)
    assert shown[grid.address(token, "state")] == "达序时"
    assert shown[grid.address(token, CHECK)] == "✓"
    behind = [("主要指标进度表", grid.address(token, "value"), "5"), typed[1]]
    said = recalculated(path, behind)
    assert said["主要指标进度表"][grid.address(token, CHECK)] == "缺：滞后原因、下一步举措"
    assert "本表还有 1 行未通过自检，15 项未填" in said[COVER.name].values()
    assert "第5行　缺：滞后原因、下一步举措" in said[COVER.name].values()
