"""What a correction workbook has printed, by which it is known and compared when it comes back.

Reads: the form that goes back. Gives: its rows as the ledger keeps them, and the name of the workbook.
"""

import json
from collections.abc import Mapping, Sequence

from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column, Sheet
from tenproj_xl.core.files import sha256
from tenproj_xl.core.texts import text_of
from tenproj_xl.forms.form import Form, FormRow
from tenproj_xl.model.issued import PrintedRow


def printed_rows(form: Form) -> dict[str, PrintedRow]:
    """Return what is printed into a form, by the tokens of its rows."""
    rows = {}
    for part in form.sheets:
        for row in part.rows:
            fields = [*part.sheet.inputs, *(part.sheet.column(name) for name in row.opened)]
            rows[row.token] = PrintedRow(
                sheet=part.sheet.code,
                values={column.field: row.current(column.field) for column in fields},
                closed={column.field: row.printed.get(column.field) for column in _closed(row, part.sheet)},
            )
    return rows


def _closed(row: FormRow, sheet: Sheet) -> Sequence[Column]:
    """Return the columns, but for formulas, in which the recipient of a form may not write."""
    if row.of_others:
        return sheet.locked_of_others
    return [column for column in sheet.locked_once_known if not row.is_open(column)]


def correction_name(rows: Mapping[str, PrintedRow]) -> str:
    """Return the name of a correction workbook: other contents give another one."""
    told = [[token, _as_texts(row.values), _as_texts(row.closed)] for token, row in rows.items()]
    return sha256(json.dumps(told, ensure_ascii=False).encode())[:16]


def _as_texts(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: text_of(value) for name, value in values.items()}
