"""The form as a workbook: what a task force is sent, and what comes back to it for correction.

Reads: a `Form` (what to say), a `Look` (how it looks) and, for a correction, `Mark`s. Gives: an .xlsx file;
the same input gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

from tenproj_xl.core.cells import address
from tenproj_xl.core.columns import Column, Fill, Kind
from tenproj_xl.core.findings import Point
from tenproj_xl.core.sheets import (
    CHECK,
    COVER,
    FILLED_BY,
    FORCE,
    LOOKUP_SHEET,
    MACHINE_SHEET,
    SENT_SHEET,
    STEPS_SHEET,
    TODO_SHEET,
    YES,
)
from tenproj_xl.core.tokens import FORM_NAME
from tenproj_xl.excel.look import Look, Part
from tenproj_xl.excel.style import Style, row_height
from tenproj_xl.excel.writer import SheetWriter, WorkbookWriter
from tenproj_xl.forms.content import Form, FormRow, computed
from tenproj_xl.forms.correction_list import draw_todo
from tenproj_xl.forms.cover import GAP_COLOUR, OTHERS_COLOUR, draw_cover
from tenproj_xl.forms.formulas import STICK_COLUMNS, Machine, indicator_formulas, task_formulas
from tenproj_xl.forms.inputs import rules_of
from tenproj_xl.forms.layout import (
    CODES_ROW,
    FIRST_ROW,
    FIRST_VISIBLE,
    HEADER_ROW,
    ID_ROW,
    TITLE_ROW,
    Draft,
    Grid,
    Letter,
    Mark,
    draft,
    filled_in,
    shown,
)
from tenproj_xl.forms.selfcheck import DOUBTFUL, PASSED, UNREPORTED, UNSURE, SelfCheck, sentence
from tenproj_xl.forms.unplaced_rows import draw_sent
from tenproj_xl.model.evaluate_indicators import LIGHTS, Light

_LIGHT_COLOURS = {
    Light.GREEN: ("#DDEFE3", "#1E5631"),
    Light.YELLOW: ("#FFE699", "#855600"),
    Light.RED: ("#F4B6A6", "#6B1A0B"),
    Light.NONE: ("#E3E7EE", "#44546A"),
}
_FORMULAS = {"indicators": indicator_formulas, "tasks": task_formulas}
_COUNT_COLUMN, _HINT_COLUMN = 3, 5
"""Where the line of the form's identity goes on, counted from 0; the texts run over into the blank cells beside."""
_HINT = "黄色单元格由填报单位填写，其余由系统带出。"
_NOTHING = "本期没有需要填报的内容。"
_NO_LETTER = Letter()


def write_form(
    path: Path, form: Form, look: Look, marks: Sequence[Mark] = (), letter: Letter = _NO_LETTER
) -> list[Point]:
    """What is to be done in the form that was written; with marks it is a correction workbook, which opens on that.

    Args:
        path: Where to.
        form: What to say; `filled` of its rows goes into the inputs.
        look: How it looks.
        marks: What to correct or to look at.
        letter: What else a correction says.
    """
    paper = draft(form, look, marks, letter)
    book = WorkbookWriter(path)
    book.file.set_properties(
        {
            "title": f"{form.programme.title}填报表",
            "subject": form.id_line,
            "author": form.programme.office,
            "created": datetime.combine(form.period.first, time()),
        }
    )
    book.file.define_name(FORM_NAME, f'="{form.id_line}"')
    todo = book.sheet(TODO_SHEET) if marks else None
    places = draw_cover(book.sheet(COVER.name), paper)
    for grid in paper.grids.values():
        draw_grid(book.sheet(grid.part.sheet.name), paper, grid)
    if letter.rows:
        draw_sent(book.sheet(SENT_SHEET), paper)
    draw_machine(book.sheet(MACHINE_SHEET), paper, places["nil_return"])
    draw_lookups(book.sheet(LOOKUP_SHEET), paper.known)
    draw_steps(book.sheet(STEPS_SHEET), paper.check)
    points = draw_todo(todo, paper, places) if todo else []
    book.close()
    return points


# --- the three data sheets


def draw_grid(page: SheetWriter, paper: Draft, grid: Grid) -> None:
    """Draw a data sheet."""
    _draw_columns(page, grid)
    marks = paper.marks_on(grid.part.sheet.code)
    _draw_head(page, paper, grid, marks)
    for row in grid.part.rows:
        _draw_row(page, paper, grid, row, marks)
    _draw_rules(page, grid, paper.known)
    _draw_colours(page, grid)
    _set_up(page, paper, grid)


def _draw_columns(page: SheetWriter, grid: Grid) -> None:
    before: Column | None = None
    for n, column in enumerate(grid.columns):
        if column.fill is Fill.MACHINE:
            page.width(n, column.width, hidden=True)
        elif column.folded:
            page.width(n, grid.look.width(column.field), level=1, hidden=True)
        else:
            # The sign that unfolds hidden columns stands on the one after them.
            page.width(n, grid.look.width(column.field), collapsed=bool(before and before.folded))
        before = column


def _draw_head(page: SheetWriter, paper: Draft, grid: Grid, marks: Mapping[tuple[str, str], Mark]) -> None:
    form, look, edge = paper.form, grid.look, grid.look.columns[0]
    title = look.style(Part.TITLE, edge)
    across = len(grid.columns) - 1 if title.horizontal == "center" else FIRST_VISIBLE
    page.write_across(TITLE_ROW, (FIRST_VISIBLE, across), filled_in(look.title, form), title)
    identity = look.style(Part.ID, edge)
    page.write(ID_ROW, FIRST_VISIBLE, form.id_line, identity)
    hint = _HINT if grid.part.rows else _NOTHING
    page.write(ID_ROW, max(_HINT_COLUMN, grid.frozen + 1), f"{form.recipient.labelled}　　{hint}", identity)
    if grid.part.own:
        count = sentence([paper.check.sheets[grid.part.sheet.code]], "本表")
        page.formula(ID_ROW, _count_column(grid), count.formula, count.shown, replace(identity, bold=True))
    headers = []
    for n, column in enumerate(grid.columns):
        field = edge if column.fill is Fill.MACHINE else column.field
        if column.by_unit and any(row.is_open(column) for row in grid.part.own):
            field = "remark"
        page.write(CODES_ROW, n, column.field, look.style(Part.CODES, field))
        page.write(HEADER_ROW, n, column.header, look.style(Part.HEADER, field))
        if mark := marks.get(("", column.field)):
            page.note(HEADER_ROW, n, mark.message)
        if column.fill is not Fill.MACHINE:
            headers.append((column.header, look.width(field), look.style(Part.HEADER, field)))
    page.height(TITLE_ROW, look.heights[Part.TITLE])
    page.height(ID_ROW, look.heights[Part.ID])
    page.height(CODES_ROW, look.heights[Part.CODES], hidden=True)
    page.height(HEADER_ROW, row_height(headers, look.heights[Part.HEADER]))


def _count_column(grid: Grid) -> int:
    """Where the sum of 自检 stands; a unit's own name is longer and its form has two more columns for the identity."""
    return _COUNT_COLUMN + sum(field in grid.positions for field in (FORCE, FILLED_BY))


def _draw_row(
    page: SheetWriter, paper: Draft, grid: Grid, row: FormRow, marks: Mapping[tuple[str, str], Mark]
) -> None:
    index, sheet = grid.rows[row.token], grid.part.sheet
    formulas: Mapping[str, str] = {}
    results = dict(computed(paper.form, sheet, row))
    if not row.of_others:
        verdict = paper.check.sheets[sheet.code].rows[row.token].verdict
        made = _FORMULAS[sheet.code](paper.known, grid.span.cell(index)) if sheet.code in _FORMULAS else {}
        formulas, results = {**made, CHECK: verdict.formula}, results | {CHECK: verdict.shown}
    texts = []
    for position, column in enumerate(grid.columns):
        if column.fill is Fill.MACHINE:
            page.write(index, position, row.token, grid.look.style(Part.CODES, grid.look.columns[0]))
            continue
        style = _style(grid, row, column, _mark_on(marks, row, column))
        value = results.get(column.field) if column.fill is Fill.FORMULA else row.content(column)
        if column.field in formulas:
            page.formula(index, position, formulas[column.field], value, style)
        else:
            page.write(index, position, value, style, locked=not row.is_open(column))
        if not column.folded:
            texts.append((shown(value), grid.look.width(column.field), style))
    page.height(index, row_height(texts, grid.look.heights[_part(row)]))
    for (token, field), mark in marks.items():
        if token == row.token:
            page.note(index, grid.positions[field] if field else FIRST_VISIBLE, mark.message)


def _mark_on(marks: Mapping[tuple[str, str], Mark], row: FormRow, column: Column) -> Mark | None:
    """The mark on a cell, else on its row, else on its column, as far as that is to be filled."""
    mark = marks.get((row.token, column.field)) or marks.get((row.token, ""))
    return mark or (marks.get(("", column.field)) if row.is_open(column) else None)


def _part(row: FormRow) -> Part:
    return Part.OPEN if row.asked else Part.NOT_DUE


def _style(grid: Grid, row: FormRow, column: Column, mark: Mark | None) -> Style:
    look = grid.look
    style = look.style(mark.part if mark else _part(row), column.field)
    if not mark and column.fill.is_input and not row.is_open(column):
        style = style.filled(
            look.style(Part.OPEN, look.columns[0]).fill
        )  # closed, so it looks like what is locked
    elif not mark and column.by_unit and row.is_open(column):
        style = style.filled(look.style(Part.OPEN, "remark").fill)
    if row.of_others:
        style = style.filled(OTHERS_COLOUR)
    return replace(style, number_format=_number_format(style.number_format, row, column))


def _number_format(wanted: str, row: FormRow, column: Column) -> str:
    """The look's format, except where it would change what is typed: text stays text, a date shows as one."""
    if row.is_open(column) and (column.kind is not Kind.NUMBER or column.field in row.choices):
        if column.kind is not Kind.DATE:
            return "@"
    elif column.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return "General"  # old versions show a locked text over 255 characters as #### otherwise
    if wanted not in ("General", "@"):
        return wanted
    return {Kind.DATE: "yyyy-mm-dd", Kind.SHARE: "0.0%"}.get(column.kind, "General")


def _draw_rules(page: SheetWriter, grid: Grid, known: Machine) -> None:
    rows = grid.part.rows
    if not rows:
        return
    for column in grid.part.sheet.inputs:
        n = grid.positions[column.field]
        for first, last, rule in rules_of(column, rows, known):
            page.sheet.data_validation(FIRST_ROW + first, n, FIRST_ROW + last, n, rule)


def _draw_colours(page: SheetWriter, grid: Grid) -> None:
    if not grid.part.rows:
        return
    n = _count_column(grid)
    for text, light in ((" 0 行未通过自检，", Light.YELLOW), (" 0 行", Light.GREEN), ("行未通过", Light.RED)):
        rule = {"type": "text", "criteria": "containing", "value": text, "stop_if_true": True}
        form = page.book.file.add_format({"font_color": _LIGHT_COLOURS[light][1]})
        page.sheet.conditional_format(ID_ROW, n, ID_ROW, n, rule | {"format": form})
    first = f"${address(FIRST_ROW, grid.positions[CHECK])}"
    for column in grid.part.sheet.inputs:
        criteria = f'=ISNUMBER(FIND("{column.header}",{first}))'
        form = page.book.file.add_format({"bg_color": GAP_COLOUR})
        _conditional(page, grid, column.field, {"type": "formula", "criteria": criteria, "format": form})
    words = {PASSED: Light.GREEN, UNREPORTED: Light.NONE, UNSURE: Light.YELLOW, DOUBTFUL: Light.YELLOW}
    for word, light in words.items():
        rule = {"type": "text", "criteria": "begins with", "value": word, "stop_if_true": True}
        _conditional(page, grid, CHECK, rule | {"format": _light_format(page, light)})
    rule = {"type": "formula", "criteria": f'={first}<>""', "format": _light_format(page, Light.RED)}
    _conditional(page, grid, CHECK, rule)
    if "state" in grid.positions:
        for word, light in LIGHTS.items():
            rule = {
                "type": "cell",
                "criteria": "==",
                "value": f'"{word}"',
                "format": _light_format(page, light),
            }
            _conditional(page, grid, "state", rule)


def _light_format(page: SheetWriter, light: Light) -> object:
    ground, ink = _LIGHT_COLOURS[light]
    return page.book.file.add_format({"bg_color": ground, "font_color": ink, "bold": True})


def _conditional(page: SheetWriter, grid: Grid, field: str, rule: dict[str, object]) -> None:
    n = grid.positions[field]
    page.sheet.conditional_format(FIRST_ROW, n, grid.last_row, n, rule)


def _set_up(page: SheetWriter, paper: Draft, grid: Grid) -> None:
    look, last = grid.look, len(grid.columns) - 1
    page.sheet.freeze_panes(FIRST_ROW, grid.frozen)
    if grid.part.rows:
        page.sheet.autofilter(HEADER_ROW, FIRST_VISIBLE, grid.last_row, last)
    page.sheet.set_zoom(look.zoom)
    if not look.gridlines:
        page.sheet.hide_gridlines(2)
    if look.tab:
        page.sheet.set_tab_color(look.tab)
    page.sheet.repeat_rows(TITLE_ROW, HEADER_ROW)
    page.sheet.print_area(TITLE_ROW, FIRST_VISIBLE, grid.last_row, last)
    page.print_as(look.printing, *paper.running(look))
    page.protect()


# --- the hidden sheets


def draw_machine(page: SheetWriter, paper: Draft, nil: str) -> None:
    """Draw the machine's own sheet: the word to find it by, and what the form is.

    `nil` is where the cover says whether this is a nil return.
    """
    known, plain, day = paper.known, Style(wrap=False), Style(number_format="yyyy-mm-dd")
    for n, (name, value) in enumerate(known.facts):
        page.write(n, 0, name, plain)
        page.write(n, 1, value, day if name == "day" else plain)
        if name == "nil":
            page.formula(n, 1, f"=IF('{COVER.name}'!{nil}=\"{YES}\",1,0)", value, plain)
    page.width(0, 30)
    page.width(1, 28)
    page.sheet.hide()
    page.protect()


def draw_lookups(page: SheetWriter, known: Machine) -> None:
    """Draw the sheet that formulas look up: what figures are compared with, and long drop-down lists."""
    plain = Style(wrap=False)
    for m, stick in enumerate((STICK_COLUMNS, *known.sticks)):
        for n, value in enumerate(stick):
            page.write(m, n, value, plain)
    for n, choices in enumerate(known.lists, known.list_column):
        for m, choice in enumerate(choices):
            page.write(m, n, choice, plain)
    page.sheet.hide()
    page.protect()


def draw_steps(page: SheetWriter, check: SelfCheck) -> None:
    """Draw the sheet on which the form computes its check of itself."""
    plain = Style(wrap=False)
    for n, words in enumerate(check.lists.values()):
        for m, word in enumerate(words):
            page.write(m, n, word, plain)
    for sheet in check.sheets.values():
        for m, row in enumerate(sheet.rows.values(), sheet.span.first):
            for n, step in enumerate(row.steps, sheet.column):
                page.formula(m, n, step.formula, step.shown, plain)
    page.sheet.hide()
    page.protect()
