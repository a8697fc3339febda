"""Tabs: which tab of a book carries which sheet of the form, and which of them a sheet is read from.

Reads: the cells of a book, what the ledger issued. Gives: `SheetPart`s. A tab is known by the header of a
sheet, and without one by the row tokens in it; its owner is the form that most of its rows were printed in.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Rows, cell_at
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.sheets import CORRECTION_SHEET, KEY, KEY2, SENT_SHEET
from tenproj_xl.core.tables import Layout, layouts
from tenproj_xl.core.texts import text_of
from tenproj_xl.core.tokens import is_token
from tenproj_xl.model.issued import Issued, SentForm
from tenproj_xl.reading.book import Book, SheetCells
from tenproj_xl.recognition.claims import Owner
from tenproj_xl.recognition.headerless import layout_without_header
from tenproj_xl.recognition.rows import Issues, SheetPart, all_rows, part_of, token_of


@dataclass(frozen=True)
class HeaderlessTab:
    """A tab whose header was left behind; `layout` is None where nobody can tell its columns."""

    tab: SheetCells
    sheet: Sheet
    layout: Layout | None


@dataclass(frozen=True)
class FoundTabs:
    """The tabs that carry a sheet of the form.

    Attributes:
        parts: All of them with their rows, the keyless ones keyed by code.
        keyless: Those whose row tokens are lost, as they came.
        headerless: The tabs whose header is lost.
        issued: What the ledger knows of the tokens in the book, and of all sent out if some are keyless.
    """

    parts: list[SheetPart]
    keyless: list[SheetPart]
    headerless: list[HeaderlessTab]
    issued: Issues


def find_tabs(book: Book, sheets: Sequence[Sheet], issued: Issues, sent: SentForm) -> FoundTabs:
    """Find the tabs that carry a sheet of the form, with or without its header and its row tokens."""
    parts = [_owned(part, issued) for part in _headed(book, sheets)]
    keyed = {part.sheet.code for part in parts if part.owner}
    headerless = list(_headerless(book, parts, sheets, issued, sent))
    keyless = [part for part in parts if _is_keyless(part, keyed)]
    if keyless:
        issued = {token: [row] for token, row in sent.rows.items()} | dict(issued)
    for part in keyless:
        parts[parts.index(part)] = _owned(_keyed_by_code(part, sent.rows), issued)
    parts += [_owned(part_of(bare.tab, bare.layout), issued) for bare in headerless if bare.layout]
    return FoundTabs(parts, keyless, headerless, issued)


def tokens_in_rows(rows: Rows) -> set[str]:
    """Return everything in the cells of a tab that is shaped like a row token."""
    texts = {cell for row in rows for cell in row if cell.__class__ is str and 10 < len(cell) < 40}
    return set(filter(None, map(_token_in, texts)))


@lru_cache(maxsize=1 << 12)  # labels stand in every return
def _token_in(cell: str) -> str:
    """Return the row token that a cell holds, "" where it holds none."""
    text = text_of(cell).upper()
    return text if is_token(text) else ""


def _is_our_list(tab: SheetCells) -> bool:
    """Return whether a tab is one of the lists that a correction carries, not a sheet to read."""
    return tab.name.strip() in (CORRECTION_SHEET, SENT_SHEET)


def _headed(book: Book, sheets: Sequence[Sheet]) -> Iterator[SheetPart]:
    """Yield, sheet by sheet, the tabs that carry its header, first those that have its name.

    Under another name a tab has to carry more than half of the columns that every form has.
    """
    found: dict[str, list[tuple[SheetCells, Layout]]] = {}
    for tab in book.sheets:
        if not _is_our_list(tab):
            for layout in layouts(tab.rows, sheets):
                found.setdefault(layout.sheet.code, []).append((tab, layout))
    for sheet in sheets:
        named, others = [], []
        own = len(sheet.of_task_force.columns)
        for tab, layout in found.get(sheet.code, ()):
            if tab.name.strip() == sheet.name:
                named.append(part_of(tab, layout))
            elif len(layout.missing) * 2 < own:
                others.append(part_of(tab, layout))
        yield from named
        yield from others


def _owned(part: SheetPart, issued: Issues) -> SheetPart:
    """Return a tab with its owner: the form that most of its rows were printed in."""
    votes: Counter[Owner] = Counter()
    for row in part.rows:
        printings = issued.get(token_of(row))
        if printings:
            newest = printings[-1]
            votes[Owner(newest.period, newest.recipient, newest.sheet)] += 1
    if not votes:
        return part
    return replace(part, owner=votes.most_common(1)[0][0])


def _headerless(
    book: Book, parts: Sequence[SheetPart], sheets: Sequence[Sheet], issued: Issues, sent: SentForm
) -> Iterator[HeaderlessTab]:
    """Yield the tabs with rows of ours whose header was left behind.

    Not where the sheet itself is there: beside it, rows without a header are somebody's notes.
    """
    lacking = {sheet.code: sheet for sheet in sheets}
    for part in parts:
        lacking.pop(part.sheet.code, None)
    if not lacking:
        return
    for tab in book.sheets:
        votes = Counter(issued[t][-1].sheet for t in tokens_in_rows(tab.rows) if t in issued)
        if not votes or _is_our_list(tab):
            continue
        code = votes.most_common(1)[0][0]
        if sheet := lacking.get(code):
            layout = layout_without_header(tab.rows, sheet, issued, sent.columns.get(code, ()))
            yield HeaderlessTab(tab, sheet, layout)


def _is_keyless(part: SheetPart, keyed: set[str]) -> bool:
    """Return whether a tab has no column of row tokens, and no other tab of its sheet has any."""
    return part.sheet.code not in keyed and not {KEY, KEY2} & set(part.layout.positions)


def _keyed_by_code(part: SheetPart, sent: Mapping[str, Issued]) -> SheetPart:
    """Return a tab without keys with its rows keyed by their codes; those of new issues stay without."""
    tokens = {i.code: token for token, i in sent.items() if i.sheet == part.sheet.code and i.code}
    beside = max(map(len, part.tab.rows), default=0)
    code = part.layout.positions.get("code", beside)
    rows = []
    for n, row in enumerate(part.tab.rows):
        padding = [None] * (beside - len(row))
        rows.append((*row, *padding, tokens.get(text_of(cell_at(part.tab.rows, n, code)))))
    layout = replace(part.layout, positions={**part.layout.positions, KEY: beside})
    return part_of(replace(part.tab, rows=tuple(rows)), layout)


# --- which tab a sheet is read from


def choose_tabs(
    sheets: Sequence[Sheet], tabs: FoundTabs, owner: Owner, file: str
) -> tuple[list[SheetPart], list[Finding]]:
    """Choose the tab to read each sheet from; there is none where nobody can tell which, with a finding."""
    chosen: list[SheetPart] = []
    findings: list[Finding] = []
    for sheet in sheets:
        own, ownerless = [], []
        for part in tabs.parts:
            if part.sheet.code != sheet.code:
                continue
            if part.owner is None:
                ownerless.append(part)
            elif part.owner == owner._replace(sheet=sheet.code):
                own.append(part)
        candidates = own or ownerless
        for foreign in _foreign_tabs(sheet, tabs, owner):
            findings.append(_not_of(foreign, sheets, tabs, owner, file, is_there=bool(candidates)))
        repeated = _repeated_tabs(own, file)
        findings += repeated
        if candidates and not repeated:
            chosen.append(candidates[0])
    return chosen, findings


def _foreign_tabs(sheet: Sheet, tabs: FoundTabs, owner: Owner) -> Iterator[SheetPart]:
    """Yield the tabs that look like a sheet and hold the rows of another form, or of another sheet."""
    for part in tabs.parts:
        if part.sheet.code == sheet.code and part.owner not in (None, owner._replace(sheet=sheet.code)):
            yield part


def _not_of(
    part: SheetPart, sheets: Sequence[Sheet], tabs: FoundTabs, owner: Owner, file: str, *, is_there: bool
) -> Finding:
    """Return the finding about such a tab: beside ours a warning, unless it was filled in for this period.

    Where it is of this same form, the sheet is named that its rows are of.
    """
    severity = Severity.ERROR
    if is_there and not _holds_answers_for(part, owner.period, tabs.issued):
        severity = Severity.WARNING
    whose, wanted = str(part.owner), str(owner)
    if whose == wanted:
        names = {sheet.code: sheet.name for sheet in sheets}
        other = part.owner.sheet if part.owner else ""
        whose = f"{whose}“{names.get(other, '另一张表')}”"
        wanted = f"{wanted}“{part.sheet.name}”"
    place = Place(file, part.tab.name)
    return finding(Code.SHEET_FOREIGN, place, "", severity, owner=whose, expected=wanted)


def _holds_answers_for(part: SheetPart, period: str, issued: Issues) -> bool:
    if part.owner is None or part.owner.period != period:
        return False
    return any(row.is_written for row in all_rows(part, issued))


def _repeated_tabs(own: Sequence[SheetPart], file: str) -> list[Finding]:
    """Find tabs of one sheet that hold different answers; equal copies do no harm."""
    findings = []
    for part in own[1:]:
        if part.content != own[0].content:
            place = Place(file, part.tab.name)
            findings.append(finding(Code.SHEET_TWICE, place, expected=own[0].tab.name))
    return findings
