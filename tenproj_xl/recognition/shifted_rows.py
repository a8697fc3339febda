"""Blocks of answers that were pasted into rows too low: every figure would count for another row.

Reads: the rows of a sheet. Gives: the numbers of the rows of such a block, and the rows they were meant for.
"""

from collections.abc import Iterable, Mapping, Sequence

from tenproj_xl.core.answers import Due
from tenproj_xl.core.cells import is_empty
from tenproj_xl.recognition.rows import ReadRow


def shifted_block(rows: Sequence[ReadRow], end: int | None = None) -> dict[int, str]:
    """Return the rows of a block that was pasted too low: their numbers, and the tokens they were meant for.

    It is known by what stands out below the table: as many rows that hold nothing but answers as there are
    at its top without any, in the same columns; and by more of what was asked being answered once it is
    moved up. Where the table has a line below it, that is at the index `end`. A row for corrections in which
    an indicator was chosen is none of such a block.
    """
    if end is not None:
        return _shifted_over_line(rows, end)
    table = list(filter(_is_of_form, rows))
    below = _answers_below(rows, table)
    if not below:
        return _shifted_within(table)
    if len(below) >= len(table):
        return {}
    block = [*table, *below]
    fields = _written_fields(below)
    written = [row for row in block if _is_written_in(row, fields)]
    is_top_written = any(_is_written_in(row, fields) for row in table[: len(below)])
    if is_top_written or len(below) >= len(written):
        return {}
    meant = _moved_up(block, rows, len(below))
    if not _answers_more(written, meant):
        return {}
    return _tokens(meant)


_MAX_SHIFT = 3
"""How many rows too low a block is looked for that ends within the table."""
_FEWEST_STRAYS = 2


def _shifted_within(table: Sequence[ReadRow]) -> dict[int, str]:
    """Return the rows of a block that was pasted too low, but whose last rows were blank.

    It is known by the rows that ask for nothing: several of them are answered, and every answer stands just
    as far below a row that is asked as those do.
    """
    answered, strays = [], 0
    for row in table:
        if _is_written_in(row, row.sheet.awaits):
            answered.append(row)
            strays += not _is_asked(row)
    if strays < _FEWEST_STRAYS:
        return {}
    for by in range(1, _MAX_SHIFT + 1):
        meant = _moved_up(answered, table, by)
        if all(map(_is_asked, meant.values())):
            return _tokens(meant)
    return {}


def _tokens(meant: Mapping[int, ReadRow | None]) -> dict[int, str]:
    tokens = {}
    for number, row in meant.items():
        tokens[number] = row.token if row else ""
    return tokens


def _answers_below(rows: Sequence[ReadRow], table: Sequence[ReadRow]) -> list[ReadRow]:
    """Return the rows just below the table, as far as they hold nothing but answers."""
    below: list[ReadRow] = []
    if not table:
        return below
    last = table[-1].number
    for row in rows:
        if row.number <= last:
            continue
        if row.number != last + 1 or not _holds_only_answers(row):
            break
        below.append(row)
        last = row.number
    return below


def _shifted_over_line(rows: Sequence[ReadRow], end: int) -> dict[int, str]:
    """Return the rows of a block that was pasted too low, over the line below the table.

    It goes on into the next blocks. Every answer is moved up by as many rows as make it stand in a row of
    the form, of those that are blank at the top of the table the fewest.
    """
    table, rest = [], []
    for row in rows:
        if row.is_correction and row.is_written_in("name"):
            continue
        if row.table_row.index >= end:
            rest.append(row)
        elif _is_of_form(row):
            table.append(row)
    below = _without_gap(rest, end)
    if not table or not below or not below[0].is_written:
        return _shifted_within(table)
    fields, block = _written_fields(below[:1]), [*table, *below]
    written = list(filter(lambda row: _is_written_in(row, fields), block))
    at_top = table.index(written[0]) if written[0] in table else 0
    for by in range(1, at_top + 1):
        meant = _moved_up(block, rows, by)
        if all(map(_is_of_form, map(meant.get, map(_number, written)))):
            return _tokens(meant)
    return _shifted_within(table)


def _number(row: ReadRow) -> int:
    return row.number


def _without_gap(below: Sequence[ReadRow], end: int) -> list[ReadRow]:
    """Return the rows from an index on without a gap, up to the last that is written in."""
    kept: list[ReadRow] = []
    for n, row in enumerate(below):
        if row.table_row.index != end + n:
            break
        kept.append(row)
    while kept and not kept[-1].is_written:
        kept.pop()
    return kept


def _is_of_form(row: ReadRow | None) -> bool:
    return row is not None and row.issued is not None and bool(row.issued.code)


def _holds_only_answers(row: ReadRow) -> bool:
    """Return whether a row is none of the table's, and no whole issue either."""
    is_of_table = bool(row.token) and (row.issued is None or bool(row.issued.code))
    if is_of_table or not row.is_written:
        return False
    cells = row.table_row.cells
    if any(not is_empty(cells.get(column.field)) for column in row.sheet.locked):
        return False
    return all(is_empty(cells.get(name)) for name in row.sheet.registers[:1])


def _written_fields(rows: Iterable[ReadRow]) -> set[str]:
    """Return the fields in which any of some rows is written."""
    fields: set[str] = set()
    for row in rows:
        for column in row.sheet.inputs:
            if row.is_written_in(column.field):
                fields.add(column.field)
    return fields


def _is_written_in(row: ReadRow, fields: Iterable[str]) -> bool:
    return any(map(row.is_written_in, fields))


def _moved_up(block: Iterable[ReadRow], rows: Iterable[ReadRow], by: int) -> dict[int, ReadRow | None]:
    """Return, by the number of each row of a block, the row that stands so many rows above it."""
    at = {row.number: row for row in rows}
    return {row.number: at.get(row.number - by) for row in block}


def _answers_more(written: Iterable[ReadRow], meant: Mapping[int, ReadRow | None]) -> bool:
    """Return whether the answers fit more of what was asked where they are meant than where they stand."""
    moved_up = as_it_stands = 0
    for row in written:
        moved_up += _is_asked(meant[row.number])
        as_it_stands += _is_asked(row)
    return moved_up > as_it_stands


def _is_asked(row: ReadRow | None) -> bool:
    """Return whether an answer is due in a row; in sheets that do not say so, in every row of the table."""
    if row is None or row.issued is None or not row.issued.code:
        return False
    return str(row.issued.printed.get("asked", Due.ASKED.label)).startswith(Due.ASKED.label)
