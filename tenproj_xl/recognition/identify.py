"""Returns: whose form a workbook is, and its rows by key.

Reads: the cells of a book and what the ledger issued. Gives: a `Return` with addressed rows, or findings. A row is
known by its token wherever it stands; a column by its field code or header.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Rows, address, cell_at
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.parse import text_of
from tenproj_xl.core.sheets import CORRECTION_SHEET, COVER, KEY, KEY2, SENT_SHEET, known_versions
from tenproj_xl.core.tables import Layout, layouts
from tenproj_xl.core.tokens import is_token
from tenproj_xl.model.issued import Issued, SentForm
from tenproj_xl.model.plan import Programme
from tenproj_xl.model.units import is_unit
from tenproj_xl.reading.book import Book, SheetCells
from tenproj_xl.recognition.claims import Claim, Owner, Sender, claims, machine_lines, vote
from tenproj_xl.recognition.headerless import layout_without_header
from tenproj_xl.recognition.row_status import SheetStatus, sheet_status
from tenproj_xl.recognition.rows import Issues, ReadRow, SheetPart, Unplaced, all_rows, part_of, token_of


@dataclass(frozen=True)
class Return:
    """A workbook that is ours: for which period and recipient it was issued, and what stands in it.

    `absent` are the codes of sheets that are missing or cannot be used; `cover_cells` the addresses of the cover's
    cells; `unplaced` the rows that were left out, those of unusable sheets included; `verdicts` what became of the
    sheets that are this form's.
    """

    file: str
    period: str
    recipient: str
    version: str
    cover: Mapping[str, object]
    cover_tab: str
    cover_cells: Mapping[str, str]
    rows: tuple[ReadRow, ...]
    absent: frozenset[str] = frozenset()
    unplaced: tuple[Unplaced, ...] = ()
    verdicts: tuple[SheetStatus, ...] = ()


@dataclass(frozen=True)
class Identified:
    """What one book turned out to be: a `Return` unless findings say why not; `owner` is one not taken in."""

    result: Return | None
    findings: list[Finding] = field(default_factory=list)
    owner: Return | None = None


def tokens_in(book: Book) -> frozenset[str]:
    """Everything in a book that is shaped like a row token."""
    return frozenset(token for tab in book.sheets for token in _tokens(tab.rows))


def _tokens(rows: Rows) -> set[str]:
    """The same of one sheet."""
    cells = {cell for row in rows for cell in row if isinstance(cell, str) and 10 < len(cell) < 40}
    return {text for cell in cells if is_token(text := text_of(cell).upper())}


def identify(
    file: str,
    book: Book,
    sheets: Sequence[Sheet],
    issued: Issues,
    sent_to: Callable[[str, str], SentForm],
    programme: Programme,
    sender: Sender | None = None,
) -> Identified:
    """Whose form a book is, and its rows.

    The row tokens decide by majority, because they survive what loses the machine's sheet; a sheet that disagrees with
    the rest (last week's, or another task force's, pasted in) is left out with a finding. Where all tokens are lost the
    other channels vote, and rows are known by their codes.

    Args:
        file: The file's name as people know it.
        book: Its cells.
        sheets: The declarations of the three standard sheets, with all columns.
        issued: What the ledger knows of the tokens in the book.
        sent_to: What was sent out for a period to a recipient.
        programme: This workspace's programme.
        sender: Who sent it, where that is known.
    """
    said = claims(book, file)
    votes = Counter(Owner(i[-1].period, i[-1].recipient) for i in issued.values())
    owner = max(votes, key=lambda v: (votes[v], v)) if votes else vote(said, programme.code, sender)
    current = known_versions(tuple(sheets))
    if owner is None or not is_unit(owner.recipient):
        sheets = [sheet.of_task_force for sheet in sheets]
    sent = sent_to(owner.period, owner.recipient) if owner else SentForm({}, {})
    parts = [_owned(part, issued) for part in _parts(book, sheets)]
    keyed = {part.sheet.code for part in parts if part.owner}
    keyless = [
        part
        for part in parts
        if part.sheet.code not in keyed and not {KEY, KEY2} & set(part.layout.positions)
    ]
    if owner is None or not (votes or (sent.rows and keyless)):
        return Identified(None, [_stranger(file, machine_lines(book), parts, programme)])
    findings = [finding(Code.KEYS_LOST, Place(file, part.tab.name)) for part in keyless]
    bare = list(_headerless(book, parts, sheets, issued, sent))
    findings += (_header_lost(tab, layout, file) for tab, _, layout in bare)
    parts += (_owned(part_of(tab, layout), issued) for tab, _, layout in bare if layout)
    if keyless:
        issued = {token: [row] for token, row in sent.rows.items()} | dict(issued)
        parts = [_owned(_keyed_by_code(p, sent.rows), issued) if p in keyless else p for p in parts]
    version = next((c.version for c in said if c.version), next(iter(issued.values()))[-1].version)
    if version not in current:
        findings.append(finding(Code.FORM_OLD, Place(file)))
    chosen = [part for s in sheets if (part := _chosen(s, parts, issued, owner, file, findings))]
    gone = (
        s for s in sheets if s.code not in {*(p.sheet.code for p in parts), *(s.code for _, s, _ in bare)}
    )
    findings += (finding(Code.SHEET_MISSING, Place(file, s.name), expected=s.name) for s in gone)
    findings += _disagreements(said, sender, owner, file, findings)
    verdicts = [sheet_status(p, issued, sent.rows, sent.columns.get(p.sheet.code, ()), owner) for p in chosen]
    findings += (f for v in verdicts for f in v.findings(file))
    others = [
        u for part in parts if part not in chosen for u in _not_chosen(part, chosen, issued, sent, owner)
    ]
    return Identified(_return(file, book, owner, version, sheets, chosen, verdicts, others), findings)


def _return(
    file: str,
    book: Book,
    owner: Owner,
    version: str,
    sheets: Sequence[Sheet],
    chosen: Sequence[SheetPart],
    verdicts: Sequence[SheetStatus],
    others: Sequence[Unplaced],
) -> Return:
    """The return: the rows of the sheets that can be used, and all that was left out."""
    usable = [v for v in verdicts if v.is_complete]
    absent = frozenset(s.code for s in sheets) - {v.sheet.code for v in usable}
    unusable = [
        u for part, v in zip(chosen, verdicts, strict=True) if not v.is_complete for u in _unusable(part, v)
    ]
    return Return(
        file,
        owner.period,
        owner.recipient,
        version,
        *_cover(book),
        rows=tuple(row for v in usable for row in v.read),
        absent=absent,
        unplaced=(*(u for v in usable for u in v.left_out), *unusable, *others),
        verdicts=tuple(verdicts),
    )


def _parts(book: Book, sheets: Sequence[Sheet]) -> Iterator[SheetPart]:
    """Every tab that carries the header of a declared sheet, most of it or under its name; not our lists."""
    tabs = [tab for tab in book.sheets if tab.name.strip() not in (CORRECTION_SHEET, SENT_SHEET)]
    found = [(tab, layout) for tab in tabs for layout in layouts(tab.rows, sheets)]
    for sheet in sheets:
        alike = [
            (tab.name.strip() == sheet.name, tab, layout) for tab, layout in found if layout.sheet == sheet
        ]
        for is_named, tab, layout in sorted(alike, key=lambda x: not x[0]):
            missing, own = len(layout.missing), sum(not c.by_unit for c in sheet.columns)
            if is_named or missing * 2 < own:
                yield part_of(tab, layout)


def _headerless(
    book: Book, parts: Sequence[SheetPart], sheets: Sequence[Sheet], issued: Issues, sent: SentForm
) -> Iterator[tuple[SheetCells, Sheet, Layout | None]]:
    """Tabs with rows of ours whose header was left behind; where their columns stand, if that can be told.

    Not where the sheet itself is there: beside it, rows without a header are somebody's notes.
    """
    headed = {part.sheet.code for part in parts}
    for tab in book.sheets if any(sheet.code not in headed for sheet in sheets) else ():
        votes = Counter(issued[t][-1].sheet for t in _tokens(tab.rows) if t in issued)
        code = votes.most_common(1)[0][0] if votes else ""
        if code and code not in headed and tab.name.strip() not in (CORRECTION_SHEET, SENT_SHEET):
            sheet = next(s for s in sheets if s.code == code)
            yield tab, sheet, layout_without_header(tab.rows, sheet, issued, sent.columns.get(code, ()))


def _header_lost(tab: SheetCells, layout: Layout | None, file: str) -> Finding:
    place = Place(file, tab.name)
    if layout:
        return finding(Code.HEADER_LOST, place, advice="已按锁定的内容认出各列，请核对")
    advice = "认不出各列，未接收；请连同表头一起复制，或发送整个填报表"
    return finding(Code.HEADER_LOST, place, "", Severity.ERROR, advice=advice)


def _disagreements(
    said: Sequence[Claim], sender: Sender | None, owner: Owner, file: str, findings: Sequence[Finding]
) -> Iterator[Finding]:
    """What a channel says of somebody else; not where a sheet of somebody else was found, which then says it all."""
    if any(f.code is Code.SHEET_FOREIGN for f in findings):
        return
    others: list[tuple[str, object]] = [
        (claim.channel, claim.owner) for claim in said if claim.owner != owner
    ]
    if sender and owner.recipient not in sender.recipients:
        others.append((sender.channel, sender.unit))
    for channel, other in others:
        yield finding(Code.CHANNELS_DISAGREE, Place(file), channel=channel, other=other, expected=owner)


def _keyed_by_code(part: SheetPart, sent: Mapping[str, Issued]) -> SheetPart:
    """A tab without keys, its rows keyed by what their codes say; those of new issues stay without."""
    tokens = {i.code: token for token, i in sent.items() if i.sheet == part.sheet.code and i.code}
    beside = max((len(row) for row in part.tab.rows), default=0)
    code = part.layout.positions.get("code", beside)
    rows = tuple(
        (*row, *[None] * (beside - len(row)), tokens.get(text_of(cell_at(part.tab.rows, n, code))))
        for n, row in enumerate(part.tab.rows)
    )
    layout = replace(part.layout, positions={**part.layout.positions, KEY: beside})
    return part_of(replace(part.tab, rows=rows), layout)


def _owned(part: SheetPart, issued: Issues) -> SheetPart:
    tokens = map(token_of, part.rows)
    votes = Counter((i.period, i.recipient, i.sheet) for t in tokens for i in issued.get(t, ())[-1:])
    return replace(part, owner=Owner(*votes.most_common(1)[0][0])) if votes else part


def _chosen(
    sheet: Sheet, parts: Sequence[SheetPart], issued: Issues, owner: Owner, file: str, findings: list[Finding]
) -> SheetPart | None:
    """The tab to read a sheet from; None, with the reason found, where there is none or nobody can tell which.

    A sheet of another form beside ours is only mentioned, unless it was filled in for this very period.
    """
    alike = [part for part in parts if part.sheet.code == sheet.code]
    own = [part for part in alike if part.owner == owner._replace(sheet=sheet.code)]
    foreign = [part for part in alike if part.owner and part not in own]
    chosen = next(iter(own), None) or next((part for part in alike if part.owner is None), None)
    for part in foreign:
        is_lost = part.owner and part.owner.period == owner.period and _is_written(part, issued)
        severity = Severity.WARNING if chosen and not is_lost else Severity.ERROR
        place = Place(file, part.tab.name)
        findings.append(finding(Code.SHEET_FOREIGN, place, "", severity, owner=part.owner, expected=owner))
    for part in own[1:]:
        if part.content != own[0].content:
            place = Place(file, part.tab.name)
            findings.append(finding(Code.SHEET_TWICE, place, expected=own[0].tab.name))
            chosen = None
    return chosen


def _is_written(part: SheetPart, issued: Issues) -> bool:
    return any(row.is_written for row in all_rows(part, issued))


def _unusable(part: SheetPart, verdict: SheetStatus) -> Iterator[Unplaced]:
    """The rows of a sheet that has not the columns it should, or has one of them twice."""
    reason = Code.COLUMN_TWICE if part.layout.twice else Code.COLUMN_MISSING
    for row in verdict.read:
        cells = {
            name: cell_at(part.tab.rows, row.table_row.index, n) for name, n in part.layout.twice.items()
        }
        yield Unplaced(row, reason, cells)
    yield from verdict.left_out


def _not_chosen(
    part: SheetPart, chosen: Sequence[SheetPart], issued: Issues, sent: SentForm, owner: Owner
) -> Iterator[Unplaced]:
    """The rows of a sheet that is not ours, or that came twice; none of a copy, or of a table of the sender's own."""
    if part.owner and part.owner != owner._replace(sheet=part.sheet.code):
        yield from (Unplaced(row, Code.SHEET_FOREIGN) for row in all_rows(part, issued))
    elif part.owner and not any(c.sheet.code == part.sheet.code for c in chosen):
        verdict = sheet_status(part, issued, sent.rows, (), owner)
        yield from (Unplaced(row, Code.SHEET_TWICE) for row in verdict.read)
        yield from verdict.left_out


def _stranger(
    file: str, machine: Mapping[str, str], parts: Sequence[SheetPart], programme: Programme
) -> Finding:
    if machine and machine.get("programme") != programme.code:
        found = machine.get("title") or machine.get("programme") or "其他方案"
        return finding(Code.OTHER_PROGRAMME, Place(file), found, expected=programme.title)
    return finding(Code.FORM_UNKNOWN if machine or parts else Code.NOT_OURS, Place(file))


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
