"""New issues among the rows of a return: those that go on above, and those that are there already."""

from collections.abc import Iterator

from tenproj_xl.core.cells import is_empty
from tenproj_xl.core.columns import Kind
from tenproj_xl.core.sheets import ISSUES
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.recognition.identify import Return
from tenproj_xl.recognition.rows import ReadRow
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.issue_texts import is_same_issue


def continued_issue(entry: Entry) -> ReadRow | None:
    """Return the row of the new issue that a row only goes on with, None where it is an issue of its own."""
    if entry.code or not _holds_only_texts(entry):
        return None
    above = {row.number: row for row in _issue_rows(entry) if row.tab == entry.row.tab}
    number = entry.row.number - 1
    while number in above and _is_new(above[number]):
        if not _is_only_text(above[number]):
            return above[number]
        number -= 1
    return None


def continuing_rows(entry: Entry) -> list[int]:
    """Return the numbers of the rows that go on with the same issue, from the row of an entry on."""
    numbers = []
    written = {row.number: row for row in _issue_rows(entry) if row.tab == entry.row.tab}
    number = entry.row.number
    while number in written and _is_new(written[number]) and _is_only_text(written[number]):
        numbers.append(number)
        number += 1
    return numbers


def same_issue(entry: Entry) -> ReadRow | None:
    """Return the row of the return, registered or above, that tells of the same issue as a new one."""
    description = entry.typed("description")
    for row in _issue_rows(entry):
        if row.table_row is entry.row.table_row:
            continue
        is_registered = row.issued is not None and bool(row.issued.code)
        if not is_registered and row.number > entry.row.number:
            continue
        if is_same_issue(description, _description(row)):
            return row
    return None


def namesakes(row: ReadRow, source: Return) -> int:
    """Return how many other issues of the same description are registered before a row in its return.

    Another issue is one of another unit, with another deadline or about another row of the plan.
    """
    others = set()
    for before in source.rows:
        if (before.tab, before.number) == (row.tab, row.number):
            break
        is_new = before.sheet.code == ISSUES.code and _is_new(before)
        if is_new and canonical(_description(before)) == canonical(_description(row)):
            others.add(_told_apart(before))
    return len(others - {_told_apart(row)})


def _told_apart(row: ReadRow) -> tuple[str, ...]:
    cells = row.table_row.cells
    return tuple(canonical(cells.get(field)) for field in ("unit", "related", "due_on"))


def _issue_rows(entry: Entry) -> Iterator[ReadRow]:
    for row in entry.source.rows:
        if row.sheet.code == ISSUES.code:
            yield row


def _description(row: ReadRow) -> str:
    if row.issued and row.issued.code:
        return text_of(row.issued.printed.get("description"))
    return text_of(row.table_row.cells.get("description"))


def _is_new(row: ReadRow) -> bool:
    return not (row.issued and row.issued.code) and row.is_written


def _holds_only_texts(entry: Entry) -> bool:
    return entry.row.sheet.code == ISSUES.code and entry.is_answered and _is_only_text(entry.row)


def _is_only_text(row: ReadRow) -> bool:
    """Return whether a row has long texts and nothing that an issue is registered by."""
    filled = {c.field for c in row.sheet.inputs if not is_empty(row.table_row.cells.get(c.field))}
    texts = {c.field for c in row.sheet.inputs if c.kind is Kind.LONG_TEXT}
    return bool(filled) and filled <= texts
