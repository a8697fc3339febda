"""Rows and columns of returns: each row by its token, and what can be used of a sheet.

Reads: tabs that look like a sheet of the form, and what the ledger issued. Gives: `ReadRow`s, the `Unplaced` ones
apart, and findings that say why.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from tenproj_xl.cells import address, cell_at, is_empty
from tenproj_xl.channels import Owner
from tenproj_xl.findings import Code, Finding, Place, Severity, finding, quoted
from tenproj_xl.identity import is_token
from tenproj_xl.ledger import Issued
from tenproj_xl.reader import SheetCells
from tenproj_xl.sheets import KEY, KEY2, Fill, Kind, Sheet
from tenproj_xl.tables import Layout, TableRow, data_rows
from tenproj_xl.values import canonical, text_of


@dataclass(frozen=True)
class ReadRow:
    """One row of a return, with all printings of its token; a row that the sender added has none."""

    sheet: Sheet
    tab: str
    table_row: TableRow
    token: str
    printings: tuple[Issued, ...] = ()

    @cached_property
    def issued(self) -> Issued | None:
        """The printing that stands in the row: what most of its locked cells agree with, the newest of equals."""
        if len(self.printings) < 2:
            return next(iter(self.printings), None)
        locked = [c.field for c in self.sheet.columns if c.fill in (Fill.OFFICE, Fill.CARRIED)]
        stands = {f: canonical(self.table_row.cells[f]) for f in locked if f in self.table_row.cells}

        def agreement(n: int) -> tuple[int, int]:
            printed = self.printings[n].printed
            return sum(canonical(printed.get(f)) == cell for f, cell in stands.items()), n

        return self.printings[max(range(len(self.printings)), key=agreement)]

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

    @property
    def is_written(self) -> bool:
        """True where an input holds something that we had not printed; a period alone says nothing."""
        columns = [c.field for c in self.sheet.inputs if c.kind is not Kind.PERIOD]
        return any(self._is_written(self.table_row.cells.get(name), name) for name in columns)

    def _is_written(self, cell: object, name: str) -> bool:
        return not is_empty(cell) and canonical(cell) not in {canonical(p.printed.get(name)) for p in self.printings}


@dataclass(frozen=True)
class Unplaced:
    """A row that could not be used, and the code that says why; `second` are the cells of columns that came twice."""

    row: ReadRow
    reason: Code
    second: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One tab that looks like a sheet of the form; `owner` is whose most rows are, None where nobody can tell."""

    tab: SheetCells
    layout: Layout
    owner: Owner | None = None

    @property
    def sheet(self) -> Sheet:
        """The declaration it answers."""
        return self.layout.sheet

    @cached_property
    def content(self) -> dict[str, list[str]]:
        """What is filled in, by token."""
        fields = [c.field for c in self.sheet.inputs]
        rows = data_rows(self.tab.rows, self.layout)
        return {token_of(row): [text_of(row.cells.get(f)) for f in fields] for row in rows}


Issues = Mapping[str, Sequence[Issued]]
"""What the ledger knows of some tokens: all printings, oldest first."""


def token_of(row: TableRow) -> str:
    """The row's token, "" where neither key is shaped like one."""
    first, second = (text_of(row.cells.get(name)).upper() for name in (KEY, KEY2))
    return first if is_token(first) else second if is_token(second) else ""


def columns_complete(part: Part, file: str, findings: list[Finding]) -> bool:
    """False where an input column, or both keys, are gone: blanks there would wipe out what was said before."""
    place = Place(file, part.tab.name)
    keys = {KEY, KEY2} & set(part.layout.positions)
    needed = [c for c in part.layout.missing if c.fill.is_input or (c.field == KEY and not keys)]
    for c in part.layout.missing:
        if c in needed:
            advice = "这张表没有收下，请把数据填入完整的填报表后重新发送"
            findings.append(finding(Code.COLUMN_MISSING, place, expected=c.header, advice=advice))
        elif c.fill is not Fill.MACHINE:
            advice = "其余内容已照常读取，以后请勿删除列"
            findings.append(finding(Code.COLUMN_MISSING, place, "", Severity.WARNING, expected=c.header, advice=advice))
    for name, position in part.layout.twice.items():
        second = replace(place, cell=address(part.layout.first - 1, position))
        findings.append(finding(Code.COLUMN_TWICE, second, expected=part.sheet.column(name).header))
    return not needed and not part.layout.twice


def _all_rows(part: Part, issued: Issues) -> Iterator[ReadRow]:
    for table_row in data_rows(part.tab.rows, part.layout):
        token = token_of(table_row)
        yield ReadRow(part.sheet, part.tab.name, table_row, token, tuple(issued.get(token, ())))


def parted_rows(
    part: Part, issued: Issues, owner: Owner, file: str
) -> tuple[list[ReadRow], list[Unplaced], list[Finding]]:
    """The rows that can be used, the others, and what is wrong with those; of two with one key neither can be used."""
    kept: dict[str, ReadRow] = {}
    twice: list[str] = []
    left: list[Unplaced] = []
    findings = []
    codes = {i[-1].code for i in issued.values() if i[-1].sheet == part.sheet.code}
    for row in _all_rows(part, issued):
        problem = _row_problem(row, owner, file)
        findings += [problem] if problem else []
        if row.issued and not problem and _is_torn(row, codes):
            left.append(Unplaced(row, Code.KEYS_DISAGREE))
        elif row.token in kept:
            findings.append(finding(Code.ROW_TWICE, row.place(file, "code"), expected=kept[row.token].number))
            twice.append(row.token)
            left.append(Unplaced(row, Code.ROW_TWICE))
        elif problem is None or problem.code is Code.ROW_NEW:
            kept[row.token or row.table_row.address(KEY)] = row
        else:
            left.append(Unplaced(row, problem.code))
    torn = [u.row for u in left if u.reason is Code.KEYS_DISAGREE]
    findings += [_torn(torn, file)] if torn else []
    left += [Unplaced(kept.pop(token), Code.ROW_TWICE) for token in dict.fromkeys(twice)]
    return list(kept.values()), left, findings


def rows_of_unusable(part: Part, chosen: Sequence[Part], issued: Issues, owner: Owner) -> list[Unplaced]:
    """The rows of a sheet that was left out: one that is not ours, or came twice, or has not the columns it should."""
    if part.owner and part.owner != owner._replace(sheet=part.sheet.code):
        return [Unplaced(row, Code.SHEET_FOREIGN) for row in _all_rows(part, issued)]
    if any(part is c for c in chosen):
        reason = Code.COLUMN_TWICE if part.layout.twice else Code.COLUMN_MISSING
    elif part.owner and not any(c.sheet.code == part.sheet.code for c in chosen):
        reason = Code.SHEET_TWICE
    else:
        return []  # a copy of what was read, or a table of the sender's own
    kept, left, _ = parted_rows(part, issued, owner, "")
    twice = part.layout.twice.items()
    cells = part.tab.rows
    second = [{name: cell_at(cells, row.table_row.index, n) for name, n in twice} for row in kept]
    return [*(Unplaced(row, reason, more) for row, more in zip(kept, second, strict=True)), *left]


def _row_problem(row: ReadRow, owner: Owner, file: str) -> Finding | None:
    place = row.place(file, "code")
    if row.token and row.issued is None:
        return finding(Code.ROW_UNKNOWN, place, text_of(row.table_row.cells.get("code")) or row.token)
    if row.issued is None:
        return _keyless(row, place)
    issued = Owner(row.issued.period, row.issued.task_force, row.issued.sheet)
    if issued != owner._replace(sheet=row.sheet.code):
        return finding(Code.ROW_FOREIGN, place, owner=issued)
    return None


def _is_torn(row: ReadRow, codes: Collection[str]) -> bool:
    """True where a row's parts belong to different rows: its two keys differ, or its code is another row's."""
    cells = row.table_row.cells
    first, second = (text_of(cells.get(name)).upper() for name in (KEY, KEY2))
    if is_token(first) and is_token(second) and first != second:
        return True
    code = text_of(cells.get("code"))
    return bool(code and row.issued and code != row.issued.code and code in codes)


def _torn(rows: Sequence[ReadRow], file: str) -> Finding:
    numbers = "、".join(str(row.number) for row in rows[:5])
    spoken = f"第{numbers}行" if len(rows) <= 5 else f"第{numbers}行等{len(rows)}行"
    place = Place(file, rows[0].tab)
    return replace(finding(Code.KEYS_DISAGREE, place, rows=spoken), cell=rows[0].table_row.address("code"))


def _keyless(row: ReadRow, place: Place) -> Finding:
    """What a row is that the sender added: a new issue, or one that belongs on another sheet, or a note."""
    written = [c for c in row.sheet.inputs if not is_empty(row.table_row.cells.get(c.field))]
    if row.sheet.spare_rows and written:
        return finding(Code.ROW_NEW, place)
    code = text_of(row.table_row.cells.get("code"))
    first = next((text for c in row.table_row.cells.values() if (text := text_of(c))), "")
    return finding(Code.ROW_UNKNOWN, place, code or first[:20], None if written else Severity.WARNING)


def missing_rows(parts: Sequence[Part], printed: Mapping[str, Issued], file: str) -> Iterator[Finding]:
    """One finding a sheet for the rows that were sent out and did not come back; blank rows for issues may go."""
    for part in parts:
        back = {token_of(row) for row in data_rows(part.tab.rows, part.layout)}
        gone = [i for t, i in printed.items() if t not in back and i.sheet == part.sheet.code and i.code]
        if gone:
            names = "、".join(quoted(str(i.printed.get("name") or i.code)) for i in gone[:3])
            expected = f"{names}{'等' if len(gone) > 3 else '这'}{len(gone)}行"
            yield finding(Code.ROW_MISSING, Place(file, part.tab.name), expected=expected)
