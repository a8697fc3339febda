"""The form as a workbook: what a task force is sent, and what comes back to it for correction.

Reads: a `Form` (what to say), a `Look` (how it looks) and, for a correction, `Mark`s. Gives: an .xlsx file;
the same input gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.cells import address
from tenproj_xl.core.columns import Column, Fill, Kind
from tenproj_xl.core.findings import Point
from tenproj_xl.core.shares import SHARE_FORMAT
from tenproj_xl.core.sheets import (
    CHECK,
    CORRECTION_SHEET,
    COVER,
    LISTED_COLUMN,
    LOOKUP_SHEET,
    MACHINE_SHEET,
    SENT_SHEET,
    STEPS_SHEET,
    TASKS,
)
from tenproj_xl.core.states import LIGHTS, Light
from tenproj_xl.core.tokens import EXAMPLE, FORM_NAME
from tenproj_xl.excel.look import Look, Part
from tenproj_xl.excel.style import Style, row_height
from tenproj_xl.excel.writer import SheetWriter, WorkbookWriter
from tenproj_xl.forms.check_conditions import DOUBTFUL, PASSED, UNREPORTED, UNSURE
from tenproj_xl.forms.computed import computed
from tenproj_xl.forms.correction_list import CorrectionList, write_correction_list
from tenproj_xl.forms.cover import GAP_COLOUR, OTHERS_COLOUR, write_cover
from tenproj_xl.forms.form import Form, FormRow
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
    shown,
    titled,
)
from tenproj_xl.forms.selfcheck import SelfCheck, sentence
from tenproj_xl.forms.unplaced_rows import write_unplaced_rows

_LIGHT_COLOURS = {
    Light.GREEN: ("#DDEFE3", "#1E5631"),
    Light.YELLOW: ("#FFE699", "#855600"),
    Light.RED: ("#F4B6A6", "#6B1A0B"),
    Light.NONE: ("#E3E7EE", "#44546A"),
}
_HINT_COLUMN = 5
"""Where the line above the headers goes on, counted from 0; its texts run over into blank cells beside."""
_HINT = "黄色单元格由填报单位填写，其余由系统带出。"
_EXAMPLE_HINT = "这是示例，数据为虚构，只供对照；请在下发的填报表中填写，本表不用填、不用发回。"
_ASIDE = "以下各列不常用，需要时填写，不打印。"
_UNCHOSEN_FORMATS = ("General", "@", "0.0%")
"""Number formats of a look that nobody chose: templates once came with the last for shares."""
_NOTHING = "本期没有需要填报的内容。"
_NO_LETTER = Letter()


def write_form(
    path: Path | BytesIO, form: Form, look: Look, marks: Sequence[Mark] = (), letter: Letter = _NO_LETTER
) -> list[Point]:
    """Write a form and return what is to be done in it; with marks it is a correction, opening on that list.

    Args:
        path: Where to.
        form: What to say; `filled` of its rows goes into the inputs.
        look: How it looks.
        marks: What to correct or to look at.
        letter: What else a correction says.
    """
    paper = draft(form, look, marks, letter)
    book = WorkbookWriter(path, form.programme.words.office)
    book.file.set_properties(
        {
            "title": f"{form.programme.title}{EXAMPLE if form.is_example else '填报表'}",
            "subject": form.id_line,
            "author": form.programme.signature,
            "created": datetime.combine(form.period.first, time()),
        }
    )
    book.file.define_name(FORM_NAME, f'="{form.id_line}"')
    if marks:
        # Added before the others, to stand first; written after them, since it names the cover's cells.
        list_page = book.sheet(CORRECTION_SHEET)
    places = write_cover(book.sheet(COVER.name), paper)
    for grid in paper.grids.values():
        write_grid(book.sheet(grid.part.sheet.name), paper, grid)
    if letter.rows:
        write_unplaced_rows(book.sheet(SENT_SHEET), paper)
    listed = CorrectionList()
    if marks:
        listed = write_correction_list(list_page, paper, places)
    write_machine(book.sheet(MACHINE_SHEET), paper, places["nil_return"], listed.texts)
    write_lookups(book.sheet(LOOKUP_SHEET), paper.known)
    write_steps(book.sheet(STEPS_SHEET), paper.check)
    book.close()
    return listed.points


# --- the three data sheets


def write_grid(page: SheetWriter, paper: Draft, grid: Grid) -> None:
    """Write a data sheet."""
    _set_columns(page, grid)
    marks = paper.marks_on(grid.part.sheet.code)
    _write_head(page, paper, grid, marks)
    for row in grid.part.rows:
        _write_row(page, paper, grid, row, marks)
    for at, heading in grid.headings.items():
        _write_heading(page, grid, at, heading)
    _write_rules(page, grid, paper.known)
    _write_colours(page, grid)
    _set_up(page, paper, grid)


def _set_columns(page: SheetWriter, grid: Grid) -> None:
    for n, column in enumerate(grid.columns):
        if column.fill is Fill.MACHINE:
            page.width(n, column.width, hidden=True)
        else:
            page.width(n, grid.look.width(column.field))


def _write_head(page: SheetWriter, paper: Draft, grid: Grid, marks: Mapping[tuple[str, str], Mark]) -> None:
    form, look, edge = paper.form, grid.look, grid.look.columns[0]
    title = look.style(Part.TITLE, edge)
    last = FIRST_VISIBLE
    if title.horizontal == "center":
        last = grid.last_printed
    page.write_across(TITLE_ROW, (FIRST_VISIBLE, last), titled(look, form), title)
    identity = look.style(Part.ID, edge)
    hint = _HINT if grid.part.rows else _NOTHING
    if form.is_example:
        hint = _EXAMPLE_HINT
    page.write(ID_ROW, max(_HINT_COLUMN, grid.frozen + 1), f"{form.recipient.labelled}　　{hint}", identity)
    last_column = len(grid.columns) - 1
    if grid.last_printed < last_column:
        page.write(ID_ROW, grid.last_printed + 1, _ASIDE, identity)
    page.write(ID_ROW, last_column, form.id_line, identity)
    if grid.part.own:
        count = sentence([paper.check.sheets[grid.part.sheet.code]], "本表")
        page.formula(ID_ROW, FIRST_VISIBLE, count.formula, count.shown, replace(identity, bold=True))
    headers = []
    for n, column in enumerate(grid.columns):
        field = column.field
        if column.fill is Fill.MACHINE:
            field = edge
        elif column.by_unit and any(row.is_open(column) for row in grid.part.own):
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


def _write_row(
    page: SheetWriter, paper: Draft, grid: Grid, row: FormRow, marks: Mapping[tuple[str, str], Mark]
) -> None:
    index, sheet = grid.rows[row.token], grid.part.sheet
    formulas: dict[str, str] = {}
    results = computed(paper.form, sheet, row)
    if not row.of_others:
        check = paper.check.sheets[sheet.code].rows[row.token]
        ref = grid.span.cell(index)
        if sheet.code == "indicators" and row.block is not Block.CORRECTIONS:
            is_final = row.block is Block.FINAL
            formulas.update(indicator_formulas(paper.known, ref, check.figure, is_final=is_final))
        elif sheet.code == TASKS.code:
            formulas.update(task_formulas(paper.known, ref))
        verdict = check.verdict
        formulas[CHECK], results[CHECK] = verdict.formula, verdict.shown
    texts = []
    for position, column in enumerate(grid.columns):
        if column.fill is Fill.MACHINE:
            page.write(index, position, row.token, grid.look.style(Part.CODES, grid.look.columns[0]))
            continue
        style = _style(grid, row, column, _mark_on(marks, row, column))
        value = row.content(column)
        is_closed = paper.form.is_example or not row.is_open(column)
        if column.fill is Fill.FORMULA:
            value = results.get(column.field)
        if column.field in formulas:
            page.formula(index, position, formulas[column.field], value, style)
        else:
            page.write(index, position, value, style, locked=is_closed)
        texts.append((shown(value), grid.look.width(column.field), style))
    page.height(index, row_height(texts, grid.look.heights[_part(row)]))
    for (token, field), mark in marks.items():
        if token == row.token:
            page.note(index, grid.positions.get(field, FIRST_VISIBLE), mark.message)


def _write_heading(page: SheetWriter, grid: Grid, at: int, heading: str) -> None:
    """Write the line above a block, which runs over into the blank cells beside it."""
    edge = grid.look.columns[0]
    style = replace(grid.look.style(Part.HEADER, edge), horizontal="left", wrap=False)
    plain = grid.look.style(Part.CODES, edge)
    for position, column in enumerate(grid.columns):
        if column.fill is Fill.MACHINE:
            page.write(at, position, None, plain)
        else:
            page.write(at, position, None, style)
    page.write(at, FIRST_VISIBLE, heading, style)
    page.height(at, grid.look.heights[Part.ID])


def _mark_on(marks: Mapping[tuple[str, str], Mark], row: FormRow, column: Column) -> Mark | None:
    """Return the mark on a cell, else on its row, else on its column if the cell is to be filled."""
    mark = marks.get((row.token, column.field)) or marks.get((row.token, ""))
    if mark is None and row.is_open(column):
        return marks.get(("", column.field))
    return mark


def _part(row: FormRow) -> Part:
    return Part.OPEN if row.asked or row.block.is_offered else Part.NOT_DUE


def _style(grid: Grid, row: FormRow, column: Column, mark: Mark | None) -> Style:
    """Return the style of a cell, made once for all cells alike: thousands of rows have few."""
    field = column.field
    alike = (
        *(field, mark and mark.part, _part(row), row.of_others),
        *(row.is_open(column), field in row.opened, field in row.choices),
    )
    if alike not in grid.styles:
        grid.styles[alike] = _made_style(grid, row, column, mark)
    return grid.styles[alike]


def _made_style(grid: Grid, row: FormRow, column: Column, mark: Mark | None) -> Style:
    look = grid.look
    if mark:
        style = look.style(mark.part, column.field)
    else:
        style = look.style(_part(row), column.field)
        if column.fill.is_input and not row.is_open(column):
            style = style.filled(
                look.style(Part.OPEN, look.columns[0]).fill
            )  # the background of locked cells
        elif row.is_open(column) and (column.by_unit or column.field in row.opened):
            style = style.filled(look.style(Part.OPEN, "remark").fill)
    if row.of_others:
        style = style.filled(OTHERS_COLOUR)
    wanted = _number_format(style.number_format, row, column)
    if wanted == style.number_format:
        return style
    return replace(style, number_format=wanted)


def _number_format(wanted: str, row: FormRow, column: Column) -> str:
    """Return the look's number format, except where it would change what is typed into text or dates."""
    if row.is_open(column) and (column.kind is not Kind.NUMBER or column.field in row.choices):
        if column.kind is not Kind.DATE:
            return "@"
    elif column.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return "General"  # old versions show a locked text over 255 characters as #### otherwise
    if wanted not in _UNCHOSEN_FORMATS:
        return wanted
    return {Kind.DATE: "yyyy-mm-dd", Kind.SHARE: SHARE_FORMAT}.get(column.kind, "General")


def _write_rules(page: SheetWriter, grid: Grid, known: Machine) -> None:
    rows = grid.part.rows
    if not rows:
        return
    for column in grid.part.inputs:
        n = grid.positions[column.field]
        for first, last, rule in rules_of(column, rows, known):
            page.sheet.data_validation(grid.rows[first.token], n, grid.rows[last.token], n, rule)


def _write_colours(page: SheetWriter, grid: Grid) -> None:
    if not grid.part.rows:
        return
    _colour_count(page)
    first = f"${address(FIRST_ROW, grid.positions[CHECK])}"
    for column in grid.part.inputs:
        criteria = f'=ISNUMBER(FIND("{column.header}",{first}))'
        form = page.book.file.add_format({"bg_color": GAP_COLOUR})
        _conditional(page, grid, column.field, {"type": "formula", "criteria": criteria, "format": form})
    lights = {PASSED: Light.GREEN, UNREPORTED: Light.NONE, UNSURE: Light.YELLOW, DOUBTFUL: Light.YELLOW}
    for word, light in lights.items():
        rule = {"type": "text", "criteria": "begins with", "value": word, "stop_if_true": True}
        _conditional(page, grid, CHECK, rule | {"format": _light_format(page, light)})
    rule = {"type": "formula", "criteria": f'={first}<>""', "format": _light_format(page, Light.RED)}
    _conditional(page, grid, CHECK, rule)
    if "state" in grid.positions:
        for state, light in LIGHTS.items():
            rule = {
                "type": "cell",
                "criteria": "==",
                "value": f'"{state.label}"',
                "format": _light_format(page, light),
            }
            _conditional(page, grid, "state", rule)


def _colour_count(page: SheetWriter) -> None:
    """Colour the sum of 自检 by what it says."""
    n = FIRST_VISIBLE
    for text, light in ((" 0 行未通过自检，", Light.YELLOW), (" 0 行", Light.GREEN), ("行未通过", Light.RED)):
        form = page.book.file.add_format({"font_color": _LIGHT_COLOURS[light][1]})
        rule = {"type": "text", "criteria": "containing", "value": text, "stop_if_true": True, "format": form}
        page.sheet.conditional_format(ID_ROW, n, ID_ROW, n, rule)


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
    page.sheet.print_area(TITLE_ROW, FIRST_VISIBLE, grid.last_row, grid.last_printed)
    page.print_as(look.printing, *paper.running(look))
    page.protect()


# --- the hidden sheets


def write_machine(page: SheetWriter, paper: Draft, nil: str, listed: Sequence[str] = ()) -> None:
    """Write the machine's own sheet: the word to find it by, and what the form is.

    Args:
        page: Where to write.
        paper: The form.
        nil: Where the cover says whether this is a nil return.
        listed: The texts of the list of corrections, kept to know what is written into it.
    """
    plain = Style(wrap=False)
    for n, (name, value) in enumerate(paper.known.facts):
        page.write(n, 0, name, plain)
        page.write(n, 1, value, plain)
        if name == "nil":
            page.formula(n, 1, f"=IF('{COVER.name}'!{nil}=\"{YesNo.YES.label}\",1,0)", value, plain)
    for n, text in enumerate(listed):
        page.write(n, LISTED_COLUMN, text, plain)
    page.width(0, 30)
    page.width(1, 28)
    page.sheet.hide()
    page.protect()


def write_lookups(page: SheetWriter, known: Machine) -> None:
    """Write the sheet that formulas look up: what figures are compared with, and long drop-down lists."""
    plain = Style(wrap=False)
    for m, stick in enumerate((STICK_COLUMNS, *known.sticks)):
        for n, value in enumerate(stick):
            page.write(m, n, value, plain)
    for n, choices in enumerate(known.lists, known.list_column):
        for m, choice in enumerate(choices):
            page.write(m, n, choice, plain)
    page.sheet.hide()
    page.protect()


def write_steps(page: SheetWriter, check: SelfCheck) -> None:
    """Write the sheet on which the form computes its check of itself."""
    plain = Style(wrap=False)
    for n, words in enumerate(check.lists.values()):
        for m, word in enumerate(words):
            page.write(m, n, word, plain)
    for sheet in check.sheets.values():
        for token, row in sheet.rows.items():
            for n, step in enumerate(row.steps, sheet.column):
                page.formula(sheet.span.row(token), n, step.formula, step.shown, plain)
    page.sheet.hide()
    page.protect()
