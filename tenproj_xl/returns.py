"""Returns: whose form a workbook is, and its rows by key.

Reads: the cells of a book and what the ledger issued. Gives: a `Return` with addressed rows, or findings. A row is known by
its token wherever it stands; a column by its field code or header.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tenproj_xl.cells import Rows, address, cell_at, is_empty
from tenproj_xl.findings import Code, Finding, Place, Severity, finding
from tenproj_xl.identity import MAGIC, is_token
from tenproj_xl.ledger import Issued
from tenproj_xl.plan import Programme
from tenproj_xl.reader import Book, SheetCells
from tenproj_xl.sheets import COVER, KEY, KEY2, Fill, Sheet
from tenproj_xl.tables import Layout, TableRow, data_rows, locate
from tenproj_xl.values import text_of


@dataclass(frozen=True)
class ReadRow:
    """One row of a return, with all printings of its token; a row that the sender added has none."""

    sheet: Sheet
    tab: str
    table_row: TableRow
    token: str
    printings: tuple[Issued, ...] = ()

    @property
    def issued(self) -> Issued | None:
        """The newest printing."""
        return self.printings[-1] if self.printings else None

    @property
    def number(self) -> int:
        """The row number, counted from 1."""
        return self.table_row.index + 1

    @property
    def name(self) -> str:
        """What a person calls the row."""
        printed = self.issued.printed if self.issued else {}
        spoken = str(printed.get("name") or printed.get("description") or "")
        spoken = spoken or text_of(self.table_row.cells.get("description")) or (self.issued.code if self.issued else "")
        return spoken if len(spoken) <= 24 else spoken[:23] + "…"

    def place(self, file: str, name: str) -> Place:
        """Where a field of this row stands."""
        return Place(file, self.tab, self.table_row.address(name), self.name)


@dataclass(frozen=True)
class Return:
    """A workbook that is ours: for what it was issued, and what stands in it.

    `absent` are the codes of sheets that are missing or cannot be used; `cover_cells` the addresses of the cover's cells.
    """

    file: str
    period: str
    task_force: str
    version: str
    cover: Mapping[str, object]
    cover_tab: str
    cover_cells: Mapping[str, str]
    rows: tuple[ReadRow, ...]
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Part:
    """One located sheet of the form."""

    tab: SheetCells
    layout: Layout

    @property
    def sheet(self) -> Sheet:
        return self.layout.sheet


@dataclass(frozen=True)
class Identified:
    """What one book turned out to be: a `Return` unless findings say why not; `owner` is one that is ours but not taken."""

    result: Return | None
    findings: list[Finding] = field(default_factory=list)
    owner: Return | None = None


def tokens_in(book: Book) -> set[str]:
    """Everything in a book that is shaped like a row token."""
    cells = (cell for tab in book.sheets for row in tab.rows for cell in row)
    return {cell for cell in cells if isinstance(cell, str) and is_token(cell)}


def identify(
    file: str,
    book: Book,
    sheets: Sequence[Sheet],
    issued: Mapping[str, Sequence[Issued]],
    printed: Callable[[str, str], Mapping[str, Issued]],
    programme: Programme,
) -> Identified:
    """Whose form a book is, and its rows.

    The row tokens decide by majority, because they survive what loses the machine's sheet; a sheet that disagrees with the
    rest (last week's, or another task force's, pasted in) is left out with a finding.

    Args:
        file: The file's name as people know it.
        book: Its cells.
        sheets: The declarations of the three standard sheets.
        issued: What the ledger knows of the tokens in the book, all printings, oldest first.
        printed: All rows that were sent out for a period to a task force, by token.
        programme: This workspace's programme.
    """
    machine = _machine_lines(book)
    parts = list(_parts(book, sheets))
    votes = Counter((i[-1].period, i[-1].task_force) for i in issued.values())
    if not votes:
        return Identified(None, [_stranger(file, machine, parts, programme)])
    period, task_force = max(votes, key=lambda v: (votes[v], v))
    version = machine.get("version") or next(iter(issued.values()))[-1].version
    findings: list[Finding] = []
    if version not in {i.version for printings in issued.values() for i in printings}:
        findings.append(finding(Code.FORM_OLD, Place(file)))
    kept = [p for p in parts if not _foreign(p, issued, (period, task_force), file, findings)]
    usable = [p for p in kept if _columns_complete(p, file, findings)]
    have = {p.sheet.code for p in parts}
    findings += [
        finding(Code.SHEET_MISSING, Place(file, s.name), expected=s.name) for s in sheets if s.code not in have
    ]
    rows: list[ReadRow] = []
    for part in usable:
        found, faults = _rows(part, issued, (period, task_force), file)
        rows += found
        findings += faults
    findings += _missing_rows(usable, printed(period, task_force), file)
    absent = frozenset(s.code for s in sheets) - {p.sheet.code for p in usable}
    cover, tab, cells = _cover(book)
    result = Return(file, period, task_force, version, cover, tab, cells, tuple(rows), absent)
    return Identified(result, findings)


def _machine_lines(book: Book) -> dict[str, str]:
    """Key and value of the machine's own sheet, found by its magic word, not by its name or visibility."""
    for tab in book.sheets:
        if text_of(cell_at(tab.rows, 0, 0)) == MAGIC:
            return {text_of(row[0]): text_of(row[1]) for row in tab.rows[1:] if len(row) > 1 and not is_empty(row[0])}
    return {}


def _parts(book: Book, sheets: Sequence[Sheet]) -> Iterator[_Part]:
    """Each declared sheet where a tab carries its header: the tab of its name first, then any other."""
    taken: set[str] = set()
    for sheet in sheets:
        named = sorted(book.sheets, key=lambda tab: tab.name.strip() != sheet.name)
        for tab in named:
            layout = None if tab.name in taken else locate(tab.rows, sheet)
            if layout and (tab.name.strip() == sheet.name or len(layout.missing) * 2 < len(sheet.columns)):
                taken.add(tab.name)
                yield _Part(tab, layout)
                break


def _stranger(file: str, machine: Mapping[str, str], parts: Sequence[_Part], programme: Programme) -> Finding:
    if machine and machine.get("programme") != programme.code:
        found = machine.get("title") or machine.get("programme") or "其他方案"
        return finding(Code.OTHER_PROGRAMME, Place(file), found, expected=programme.title)
    keyed = any(is_token(text_of(row.cells.get(KEY))) for p in parts for row in data_rows(p.tab.rows, p.layout))
    return finding(Code.FORM_UNKNOWN if machine or keyed else Code.NOT_OURS, Place(file))


def _foreign(
    part: _Part,
    issued: Mapping[str, Sequence[Issued]],
    owner: tuple[str, str],
    file: str,
    findings: list[Finding],
) -> bool:
    keys = (token for row in data_rows(part.tab.rows, part.layout) if (token := _token(row)) in issued)
    votes = Counter((issued[k][-1].period, issued[k][-1].task_force) for k in keys)
    if not votes or owner in votes:
        return False
    period, task_force = votes.most_common(1)[0][0]
    found, expected = f"{period} {task_force}专班", f"{owner[0]} {owner[1]}专班"
    findings.append(finding(Code.SHEET_FOREIGN, Place(file, part.tab.name), found, expected=expected))
    return True


def _token(row: TableRow) -> str:
    first, second = (text_of(row.cells.get(name)).upper() for name in (KEY, KEY2))
    return first if is_token(first) else second if is_token(second) else ""


def _columns_complete(part: _Part, file: str, findings: list[Finding]) -> bool:
    """False where an input column, or both keys, are gone: blanks there would wipe out what was said before."""
    place = Place(file, part.tab.name)
    keys = {KEY, KEY2} & set(part.layout.positions)
    needed = [c for c in part.layout.missing if c.fill.is_input or (c.field == KEY and not keys)]
    findings += [finding(Code.COLUMN_MISSING, place, expected=c.header) for c in needed]
    findings += [
        finding(Code.COLUMN_MISSING, place, severity=Severity.WARNING, expected=c.header)
        for c in part.layout.missing
        if c not in needed and c.fill is not Fill.MACHINE
    ]
    findings += [finding(Code.COLUMN_TWICE, place, expected=c.header) for c in part.layout.twice]
    return not needed and not part.layout.twice


def _rows(
    part: _Part, issued: Mapping[str, Sequence[Issued]], owner: tuple[str, str], file: str
) -> tuple[list[ReadRow], list[Finding]]:
    """The rows that can be used, and what is wrong with the others; of two with one key neither can be."""
    kept: dict[str, ReadRow] = {}
    twice: set[str] = set()
    findings = []
    for table_row in data_rows(part.tab.rows, part.layout):
        token = _token(table_row)
        row = ReadRow(part.sheet, part.tab.name, table_row, token, tuple(issued.get(token, ())))
        problem = _row_problem(row, owner, file, kept)
        findings += [problem] if problem else []
        if problem is None or not problem.is_error:
            kept[token or table_row.address(KEY)] = row
        elif problem.code is Code.ROW_TWICE:
            twice.add(token)
    return [row for token, row in kept.items() if token not in twice], findings


def _row_problem(row: ReadRow, owner: tuple[str, str], file: str, seen: Mapping[str, ReadRow]) -> Finding | None:
    cells, place = row.table_row.cells, row.place(file, KEY)
    first, second = text_of(cells.get(KEY)).upper(), text_of(cells.get(KEY2)).upper()
    if row.token and row.issued is None:
        return finding(Code.ROW_UNKNOWN, place, text_of(cells.get("code")) or row.token)
    if row.issued is None:
        return _keyless(row, place)
    if (row.issued.period, row.issued.task_force, row.issued.sheet) != (*owner, row.sheet.code):
        return finding(Code.ROW_FOREIGN, place, f"{row.issued.period} {row.issued.task_force}专班")
    if is_token(first) and is_token(second) and first != second:
        return finding(Code.KEYS_DISAGREE, place)
    if row.token in seen:
        return finding(Code.ROW_TWICE, place, seen[row.token].number)
    return None


def _keyless(row: ReadRow, place: Place) -> Finding | None:
    """A row that the sender added: a new issue, or on the other sheets a row that belongs elsewhere."""
    written = [c for c in row.sheet.inputs if not is_empty(row.table_row.cells.get(c.field))]
    if row.sheet.spare_rows and written:
        return finding(Code.ROW_NEW, place)
    code = text_of(row.table_row.cells.get("code"))
    first = next((text for c in row.table_row.cells.values() if (text := text_of(c))), "")
    return finding(Code.ROW_UNKNOWN, place, code or first[:20])


def _missing_rows(parts: Sequence[_Part], printed: Mapping[str, Issued], file: str) -> Iterator[Finding]:
    """One finding a sheet for the rows that were sent out and did not come back; blank rows for issues may go."""
    for part in parts:
        back = {_token(row) for row in data_rows(part.tab.rows, part.layout)}
        gone = [i for t, i in printed.items() if t not in back and i.sheet == part.sheet.code and i.code]
        if gone:
            names = "、".join(f"“{i.printed.get('name') or i.code}”" for i in gone[:3])
            expected = names if len(gone) <= 3 else f"{names}等{len(gone)}行"
            yield finding(Code.ROW_MISSING, Place(file, part.tab.name), expected=expected)


def _cover(book: Book) -> tuple[dict[str, object], str, dict[str, str]]:
    """What the sender wrote on 填报说明: values, its tab, addresses; by field code, else by label."""
    names = {text: c.field for c in COVER.columns for text in (c.field, c.header)}
    for tab in sorted(book.sheets, key=lambda t: t.name.strip() != COVER.name):
        found = dict(_cover_lines(tab.rows, names))
        if len(found) * 2 >= len(COVER.columns):
            values = {name: cell_at(tab.rows, *where) for name, where in found.items()}
            return values, tab.name, {name: address(*where) for name, where in found.items()}
    return {}, "", {}


def _cover_lines(rows: Rows, names: Mapping[str, str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Field and cell of each line: hidden code in column A, label in B, the answer in C."""
    for r in range(min(len(rows), 80)):
        for c in (0, 1):
            name = names.get(text_of(cell_at(rows, r, c)).rstrip("：:"))
            if name:
                yield name, (r, 2)
                break
