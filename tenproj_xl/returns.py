"""Returns: whose form a workbook is, and its rows by key.

Reads: the cells of a book and what the ledger issued. Gives: a `Return` with addressed rows, or findings. A row is
known by its token wherever it stands; a column by its field code or header.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from tenproj_xl.cells import Rows, address, cell_at, is_empty
from tenproj_xl.channels import Claim, Owner, claims, machine_lines, vote
from tenproj_xl.findings import Code, Finding, Place, Severity, finding, quoted
from tenproj_xl.identity import is_token
from tenproj_xl.ledger import Issued
from tenproj_xl.plan import Programme
from tenproj_xl.reader import Book, SheetCells
from tenproj_xl.sheets import COVER, KEY, KEY2, SENT_SHEET, TODO_SHEET, Fill, Kind, Sheet, form_version
from tenproj_xl.tables import Layout, TableRow, data_rows, locate
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
class Return:
    """A workbook that is ours: for what it was issued, and what stands in it.

    `absent` are the codes of sheets that are missing or cannot be used; `cover_cells` the addresses of the cover's
    cells; `unplaced` the rows that were left out, those of unusable sheets included.
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
    unplaced: tuple[Unplaced, ...] = ()


@dataclass(frozen=True)
class _Part:
    """One tab that looks like a sheet of the form; `owner` is whose most rows are, None where nobody can tell."""

    tab: SheetCells
    layout: Layout
    owner: Owner | None = None

    @property
    def sheet(self) -> Sheet:
        return self.layout.sheet

    @cached_property
    def content(self) -> dict[str, list[str]]:
        """What is filled in, by token."""
        fields = [c.field for c in self.sheet.inputs]
        rows = data_rows(self.tab.rows, self.layout)
        return {_token(row): [text_of(row.cells.get(f)) for f in fields] for row in rows}


Issues = Mapping[str, Sequence[Issued]]
"""What the ledger knows of some tokens: all printings, oldest first."""


@dataclass(frozen=True)
class Identified:
    """What one book turned out to be: a `Return` unless findings say why not; `owner` is one not taken in."""

    result: Return | None
    findings: list[Finding] = field(default_factory=list)
    owner: Return | None = None


def tokens_in(book: Book) -> set[str]:
    """Everything in a book that is shaped like a row token."""
    cells = (cell for tab in book.sheets for row in tab.rows for cell in row)
    return {text for cell in cells if isinstance(cell, str) and is_token(text := text_of(cell).upper())}


def identify(
    file: str,
    book: Book,
    sheets: Sequence[Sheet],
    issued: Issues,
    printed: Callable[[str, str], Mapping[str, Issued]],
    programme: Programme,
) -> Identified:
    """Whose form a book is, and its rows.

    The row tokens decide by majority, because they survive what loses the machine's sheet; a sheet that disagrees with
    the rest (last week's, or another task force's, pasted in) is left out with a finding. Where all tokens are lost the
    other channels vote, and rows are known by their codes.

    Args:
        file: The file's name as people know it.
        book: Its cells.
        sheets: The declarations of the three standard sheets.
        issued: What the ledger knows of the tokens in the book.
        printed: All rows that were sent out for a period to a task force, by token.
        programme: This workspace's programme.
    """
    said = claims(book, file)
    votes = Counter(Owner(i[-1].period, i[-1].task_force) for i in issued.values())
    owner = max(votes, key=lambda v: (votes[v], v)) if votes else vote(said, programme.code)
    sent = printed(owner.period, owner.task_force) if owner else {}
    parts = [_owned(part, issued) for part in _parts(book, sheets)]
    keyed = {part.sheet.code for part in parts if part.owner}
    keyless = [part for part in parts if part.sheet.code not in keyed and not {KEY, KEY2} & set(part.layout.positions)]
    if owner is None or not (votes or (sent and keyless)):
        return Identified(None, [_stranger(file, machine_lines(book), parts, programme)])
    findings = [finding(Code.KEYS_LOST, Place(file, part.tab.name)) for part in keyless]
    if keyless:
        issued = {token: [row] for token, row in sent.items()} | dict(issued)
        parts = [_owned(_keyed_by_code(p, sent), issued) if p in keyless else p for p in parts]
    version = next((c.version for c in said if c.version), next(iter(issued.values()))[-1].version)
    if version != form_version(sheets):
        findings.append(finding(Code.FORM_OLD, Place(file)))
    chosen = [part for s in sheets if (part := _chosen(s, parts, owner, file, findings))]
    findings += _disagreements(said, owner, file, findings)
    usable = [part for part in chosen if _columns_complete(part, file, findings)]
    rows: list[ReadRow] = []
    unplaced: list[Unplaced] = []
    for part in usable:
        found, left, faults = _rows(part, issued, owner, file)
        rows += found
        unplaced += left
        findings += faults
    for part in parts:
        if not any(part is u for u in usable):
            unplaced += _rows_of_unusable(part, chosen, issued, owner)
    findings += _missing_rows(usable, sent, file)
    absent = frozenset(s.code for s in sheets) - {part.sheet.code for part in usable}
    cover, tab, cells = _cover(book)
    result = Return(
        file, owner.period, owner.task_force, version, cover, tab, cells, tuple(rows), absent, tuple(unplaced)
    )
    return Identified(result, findings)


def _parts(book: Book, sheets: Sequence[Sheet]) -> Iterator[_Part]:
    """Every tab that carries the header of a declared sheet, most of it or under its name; not our lists."""
    tabs = [tab for tab in book.sheets if tab.name.strip() not in (TODO_SHEET, SENT_SHEET)]
    for sheet in sheets:
        for tab in sorted(tabs, key=lambda tab: tab.name.strip() != sheet.name):
            layout = locate(tab.rows, sheet)
            if layout and (tab.name.strip() == sheet.name or len(layout.missing) * 2 < len(sheet.columns)):
                yield _Part(tab, layout)


def _disagreements(said: Sequence[Claim], owner: Owner, file: str, findings: Sequence[Finding]) -> Iterator[Finding]:
    """What a channel says of somebody else; not where a sheet of somebody else was found, which then says it all."""
    if any(f.code is Code.SHEET_FOREIGN for f in findings):
        return
    for claim in said:
        if claim.owner != owner:
            fields = {"channel": claim.channel, "other": claim.owner, "expected": owner}
            yield finding(Code.CHANNELS_DISAGREE, Place(file), "", None, **fields)


def _keyed_by_code(part: _Part, sent: Mapping[str, Issued]) -> _Part:
    """A tab without keys, its rows keyed by what their codes say; those of new issues stay without."""
    tokens = {i.code: token for token, i in sent.items() if i.sheet == part.sheet.code and i.code}
    beside = max((len(row) for row in part.tab.rows), default=0)
    code = part.layout.positions.get("code", beside)
    rows = tuple(
        (*row, *[None] * (beside - len(row)), tokens.get(text_of(cell_at(part.tab.rows, n, code))))
        for n, row in enumerate(part.tab.rows)
    )
    layout = replace(
        part.layout,
        positions={**part.layout.positions, KEY: beside},
        missing=tuple(c for c in part.layout.missing if c.field != KEY),
    )
    return replace(part, tab=replace(part.tab, rows=rows), layout=layout)


def _owned(part: _Part, issued: Issues) -> _Part:
    tokens = (_token(row) for row in data_rows(part.tab.rows, part.layout))
    votes = Counter(Owner(i.period, i.task_force, i.sheet) for t in tokens for i in issued.get(t, ())[-1:])
    return replace(part, owner=votes.most_common(1)[0][0]) if votes else part


def _chosen(sheet: Sheet, parts: Sequence[_Part], owner: Owner, file: str, findings: list[Finding]) -> _Part | None:
    """The tab to read a sheet from; None, with the reason found, where there is none or nobody can tell which."""
    alike = [part for part in parts if part.sheet.code == sheet.code]
    own = [part for part in alike if part.owner == owner._replace(sheet=sheet.code)]
    foreign = [part for part in alike if part.owner and part not in own]
    chosen = next(iter(own), None) or next((part for part in alike if part.owner is None), None)
    for part in foreign:
        severity = Severity.WARNING if chosen else Severity.ERROR
        place = Place(file, part.tab.name)
        findings.append(finding(Code.SHEET_FOREIGN, place, "", severity, owner=part.owner, expected=owner))
    for part in own[1:]:
        if part.content != own[0].content:
            place = Place(file, part.tab.name)
            findings.append(finding(Code.SHEET_TWICE, place, expected=own[0].tab.name))
            chosen = None
    if not alike:
        findings.append(finding(Code.SHEET_MISSING, Place(file, sheet.name), expected=sheet.name))
    return chosen


def _stranger(file: str, machine: Mapping[str, str], parts: Sequence[_Part], programme: Programme) -> Finding:
    if machine and machine.get("programme") != programme.code:
        found = machine.get("title") or machine.get("programme") or "其他方案"
        return finding(Code.OTHER_PROGRAMME, Place(file), found, expected=programme.title)
    return finding(Code.FORM_UNKNOWN if machine or parts else Code.NOT_OURS, Place(file))


def _token(row: TableRow) -> str:
    first, second = (text_of(row.cells.get(name)).upper() for name in (KEY, KEY2))
    return first if is_token(first) else second if is_token(second) else ""


def _columns_complete(part: _Part, file: str, findings: list[Finding]) -> bool:
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


def _all_rows(part: _Part, issued: Issues) -> Iterator[ReadRow]:
    for table_row in data_rows(part.tab.rows, part.layout):
        token = _token(table_row)
        yield ReadRow(part.sheet, part.tab.name, table_row, token, tuple(issued.get(token, ())))


def _rows(part: _Part, issued: Issues, owner: Owner, file: str) -> tuple[list[ReadRow], list[Unplaced], list[Finding]]:
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


def _rows_of_unusable(part: _Part, chosen: Sequence[_Part], issued: Issues, owner: Owner) -> list[Unplaced]:
    """The rows of a sheet that was left out: one that is not ours, or came twice, or has not the columns it should."""
    if part.owner and part.owner != owner._replace(sheet=part.sheet.code):
        return [Unplaced(row, Code.SHEET_FOREIGN) for row in _all_rows(part, issued)]
    if any(part is c for c in chosen):
        reason = Code.COLUMN_TWICE if part.layout.twice else Code.COLUMN_MISSING
    elif part.owner and not any(c.sheet.code == part.sheet.code for c in chosen):
        reason = Code.SHEET_TWICE
    else:
        return []  # a copy of what was read, or a table of the sender's own
    kept, left, _ = _rows(part, issued, owner, "")
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


def _missing_rows(parts: Sequence[_Part], printed: Mapping[str, Issued], file: str) -> Iterator[Finding]:
    """One finding a sheet for the rows that were sent out and did not come back; blank rows for issues may go."""
    for part in parts:
        back = {_token(row) for row in data_rows(part.tab.rows, part.layout)}
        gone = [i for t, i in printed.items() if t not in back and i.sheet == part.sheet.code and i.code]
        if gone:
            names = "、".join(quoted(str(i.printed.get("name") or i.code)) for i in gone[:3])
            expected = f"{names}{'等' if len(gone) > 3 else '这'}{len(gone)}行"
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
