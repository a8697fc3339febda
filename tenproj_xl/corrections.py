"""Corrections: what goes back to a sender, built from values in the current form; received files are never re-saved."""

from collections.abc import Mapping
from dataclasses import replace

from tenproj_xl.content import Form, FormRow, FormSheet
from tenproj_xl.entries import Entry, Unread
from tenproj_xl.findings import Place
from tenproj_xl.forms import Mark
from tenproj_xl.history import Value
from tenproj_xl.notices import located
from tenproj_xl.periods import parse_period
from tenproj_xl.sheets import Kind
from tenproj_xl.validate import Judgement


def refill(form: Form, judged: Judgement) -> tuple[Form, list[Mark], list[str]]:
    """The current form with what was sent, the marks on its cells, and the findings that belong to no cell.

    What was understood is written as understood, anything else as it was typed. Rows that the sender added go into the
    blank rows for new issues.
    """
    rows = _tokens(form, judged)
    filled = {rows[id(e)]: _values(e) for e in judged.entries if id(e) in rows}
    sheets = tuple(FormSheet(p.sheet, tuple(_filled(r, filled) for r in p.rows)) for p in form.sheets)
    where = {
        (e.row.tab, e.row.table_row.address(c.field)): (e.row.sheet.code, rows[id(e)], c.field)
        for e in judged.entries
        if id(e) in rows
        for c in reversed(e.row.sheet.columns)
    }
    marks, notes = [], []
    for f in judged.findings:
        place = where.get((f.sheet, f.cell))
        if place:
            # The row may stand elsewhere in the current form.
            marks.append(Mark(*place, f.severity, f.message.removeprefix(f"第{Place(cell=f.cell).row}行")))
        else:
            notes.append(located(f))
    cover = {k: v for k, v in judged.cover.items() if v is not None}
    return replace(form, sheets=sheets, cover={**form.cover, **cover}), marks, notes


def _tokens(form: Form, judged: Judgement) -> dict[int, str]:
    """The token of the form's row that each entry goes back into: its own, or that of the same code in a newer form."""
    rows = [(part.sheet.code, row) for part in form.sheets for row in part.rows]
    own = {row.token for _, row in rows}
    by_code = {(sheet, row.code): row.token for sheet, row in rows if row.code}
    used = {e.row.token for e in judged.entries}
    spare = iter([row.token for _, row in rows if not row.code and row.token not in used])
    found = {}
    for e in judged.entries:
        token = e.row.token if e.row.token in own else by_code.get((e.row.sheet.code, e.code), "")
        if not token and not e.code and e.is_answered:
            token = next(spare, "")
        if token:
            found[id(e)] = token
    return found


def _filled(row: FormRow, filled: Mapping[str, Mapping[str, Value]]) -> FormRow:
    return replace(row, filled=filled[row.token]) if row.token in filled else row


def _values(e: Entry) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, given in e.inputs.items():
        if isinstance(given, Unread):
            values[name] = given.typed
        elif e.column(name).kind is Kind.PERIOD and given:
            values[name] = parse_period(str(given)).dated_label
        else:
            values[name] = e.value(name)
    return values
