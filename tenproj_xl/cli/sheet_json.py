"""What the commands print with `--json` of the sheets of a return: what was recognised in which rows."""

from collections import Counter

from tenproj_xl.core.texts import text_of
from tenproj_xl.recognition.column_status import ColumnState, ColumnStatus
from tenproj_xl.recognition.row_status import RowState, RowStatus, SheetStatus
from tenproj_xl.recognition.rows import Edit


def sheet_json(status: SheetStatus) -> dict[str, object]:
    """Return the number of rows and columns by state, and each that is not as it was sent out."""
    changed_rows, changed_columns = [], []
    for row in status.rows:
        if row.edits or (row.state is not RowState.OK and (row.row or row.code)):
            changed_rows.append(_row_json(row))
    for column in status.columns:
        if column.is_renamed or column.state is not ColumnState.OK:
            changed_columns.append(_column_json(column))
    return {
        "sheet": status.sheet.code,
        "tab": status.tab,
        "rows": dict(Counter(str(row.state) for row in status.rows)),
        "columns": dict(Counter(str(column.state) for column in status.columns)),
        "changed_rows": changed_rows,
        "changed_columns": changed_columns,
    }


def _row_json(status: RowStatus) -> dict[str, object]:
    return {
        "row": status.row.number if status.row else None,
        "code": status.code or None,
        "state": str(status.state),
        "edited": list(map(_edit_json, status.edits)),
    }


def _edit_json(edit: Edit) -> dict[str, object]:
    return {
        "column": edit.column.field,
        "cell": edit.cell,
        "printed": _typed(edit.printed),
        "found": _typed(edit.found),
    }


def _typed(value: object) -> str | None:
    return text_of(value) or None


def _column_json(status: ColumnStatus) -> dict[str, object]:
    return {
        "column": status.column.field if status.column else None,
        "state": str(status.state),
        "cell": status.cell or None,
        "header": status.header or None,
    }
