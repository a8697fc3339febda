"""Returns: whose form a workbook is, and its rows by key.

Reads: the cells of a book and what the ledger issued. Gives: a `Return` with addressed rows, or findings. A
row is known by its token wherever it stands; a column by its field code or header.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import field, replace
from operator import attrgetter

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Rows, address, cell_at
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.form_versions import known_versions
from tenproj_xl.core.sheets import CORRECTION, COVER, worded
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.issued import SentForm
from tenproj_xl.model.plan import Plan, Programme
from tenproj_xl.model.units import is_unit
from tenproj_xl.reading.book import Book, Outside
from tenproj_xl.recognition.claims import (
    Claim,
    Owner,
    Sender,
    claims,
    machine_lines,
    task_force_on_cover,
    vote,
)
from tenproj_xl.recognition.outside import covers_of, outside_of
from tenproj_xl.recognition.row_status import SheetStatus, sheet_status
from tenproj_xl.recognition.rows import Issues, ReadRow, SheetPart, Unplaced, all_rows
from tenproj_xl.recognition.tabs import (
    FoundTabs,
    HeaderlessTab,
    choose_tabs,
    find_tabs,
    tokens_in_rows,
)

_SEARCHED_COVER_ROWS = 80


@dataclass(frozen=True, kw_only=True)
class Return:
    """A workbook that is ours: for which period and recipient it was issued, and what stands in it.

    Attributes:
        file: The file's name as people know it.
        period: The code of the period.
        recipient: The code of the task force or unit, or of a 科室 of a unit.
        version: The version of the form.
        cover: The cover's cells by field.
        cover_tab: The cover's tab, "" where there is none.
        cover_cells: The addresses of the cover's cells by field.
        rows: The rows of the sheets that can be used.
        absent: The codes of sheets that are missing or cannot be used.
        unplaced: The rows that were left out, those of unusable sheets included.
        statuses: What became of the sheets that are this form's.
        outside: What its sender wrote outside the cells, or beside the form.
        correction: The name of a correction workbook, "" for any other.
    """

    file: str
    period: str
    recipient: str
    version: str
    cover: Mapping[str, object]
    cover_tab: str
    cover_cells: Mapping[str, str]
    rows: Sequence[ReadRow]
    absent: frozenset[str] = frozenset()
    unplaced: Sequence[Unplaced] = ()
    statuses: Sequence[SheetStatus] = ()
    outside: tuple[Outside, ...] = ()
    correction: str = ""


@dataclass(frozen=True, kw_only=True)
class Identified:
    """What one book turned out to be: a `Return` unless findings say why not; `owner` is one not taken in.

    `lead_rows` are the rows of a 专班核对稿, as they were printed, `score_rows` those of a 得分核对稿,
    `slip_rows` those of a 督办单反馈. `waiting` is a return that waits for the office's word on its
    sender, in which the unit of the code `speaks` speaks; `if_it_changes` is what a return is found to be
    where it would change what that unit has said.
    """

    result: Return | None = None
    findings: list[Finding] = field(default_factory=list)
    owner: Return | None = None
    lead_rows: Issues = field(default_factory=dict)
    score_rows: Issues = field(default_factory=dict)
    slip_rows: Issues = field(default_factory=dict)
    waiting: Return | None = None
    speaks: str = ""
    if_it_changes: Finding | None = None

    @property
    def is_example(self) -> bool:
        """Whether it is 填报示例, which nobody is to send."""
        return Code.FORM_EXAMPLE in map(attrgetter("code"), self.findings)


def tokens_in(book: Book) -> frozenset[str]:
    """Return everything in a book that is shaped like a row token."""
    tokens: set[str] = set()
    for tab in book.sheets:
        tokens |= tokens_in_rows(tab.rows)
    return frozenset(tokens)


def correction_in(book: Book) -> str:
    """Return the name of the correction workbook that a book is, "" for any other."""
    return machine_lines(book).get(CORRECTION, "")


def identify(
    file: str,
    book: Book,
    sheets: Sequence[Sheet],
    issued: Issues,
    sent_to: Callable[[str, str], SentForm],
    plan: Plan,
    sender: Sender | None = None,
) -> Identified:
    """Find out whose form a book is, and read its rows.

    The row tokens decide, sheet by sheet, because they survive what loses the machine's sheet; a sheet that
    disagrees with the rest (last week's, or another task force's, pasted in) is left out with a finding.
    Where all tokens are lost the other channels vote, and rows are known by their codes.

    Args:
        file: The file's name as people know it.
        book: Its cells.
        sheets: The declarations of the three standard sheets, with all columns.
        issued: What the ledger knows of the tokens in the book.
        sent_to: What was sent out for a period to a recipient.
        plan: This workspace's plan.
        sender: Who sent it, where that is known.
    """
    programme = plan.programme
    # 1. Whose form it is
    channels = claims(book, file)
    owner = _owner(channels, issued, programme, sender)
    sent = sent_to(owner.period, owner.recipient) if owner else SentForm({}, {})
    form_sheets = _sheets_of(owner, [worded(sheet, sent.words) for sheet in sheets])
    # 2. Which tabs carry its sheets
    tabs = find_tabs(book, form_sheets, issued, sent)
    if owner is None or not (issued or (sent.rows and tabs.keyless)):
        return Identified(findings=[_stranger(file, machine_lines(book), tabs.parts, programme)])
    version = _version(channels, tabs.issued)
    findings = [*_of_version(version, sheets, file), *_of_tabs(tabs, file)]
    # 3. Which tab each sheet is read from
    chosen, of_choice = choose_tabs(form_sheets, tabs, owner, file)
    findings += [*of_choice, *_missing_sheets(form_sheets, tabs, file)]
    if all(f.code is not Code.SHEET_FOREIGN for f in of_choice):  # which says it all
        keyed = {part.tab.name for part in tabs.parts if part.owner}
        findings += _disagreements(channels, keyed, sender, owner, file)
        findings += _foreign_covers(book, owner, file)
    # 4. What became of its rows and columns
    statuses: list[SheetStatus] = []
    for part in chosen:
        columns = sent.columns.get(part.sheet.code, ())
        status = sheet_status(part, tabs.issued, sent.rows, columns, owner, plan)
        statuses.append(status)
        findings += status.findings(file)
    # 5. The rows that can be used, and all that was left out
    unplaced = tuple(_unplaced(chosen, statuses, tabs, sent, owner, plan))
    found = _return_of(file, book, owner, version, form_sheets, statuses, unplaced)
    # 6. What stands outside the cells
    told = {one.sheet for one in findings}
    complete = {status.tab for status in statuses if status.is_complete}
    outside = tuple(outside_of(book, tabs.parts, covers_of(book), told, complete, programme.words.office))
    return Identified(result=replace(found, outside=outside), findings=findings)


def _sheets_of(owner: Owner | None, sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the sheets as the form of an owner has them."""
    if owner and is_unit(owner.recipient):
        return list(sheets)
    return [sheet.of_task_force for sheet in sheets]


def _of_version(version: str, sheets: Sequence[Sheet], file: str) -> Iterator[Finding]:
    if version not in known_versions(tuple(sheets)):
        yield finding(Code.FORM_OLD, Place(file))


def _return_of(
    file: str,
    book: Book,
    owner: Owner,
    version: str,
    sheets: Sequence[Sheet],
    statuses: Sequence[SheetStatus],
    unplaced: tuple[Unplaced, ...],
) -> Return:
    """Return what was sent: the cover, and the rows of the sheets that can be read."""
    cover, cover_tab, cover_cells = read_cover(book)
    rows: list[ReadRow] = []
    absent = {sheet.code for sheet in sheets}
    for status in statuses:
        if status.is_complete:
            rows += status.read
            absent.remove(status.sheet.code)
    return Return(
        file=file,
        period=owner.period,
        recipient=owner.recipient,
        version=version,
        cover=cover,
        cover_tab=cover_tab,
        cover_cells=cover_cells,
        rows=tuple(rows),
        absent=frozenset(absent),
        unplaced=unplaced,
        statuses=tuple(statuses),
        correction=correction_in(book),
    )


def _owner(
    channels: Sequence[Claim], issued: Issues, programme: Programme, sender: Sender | None
) -> Owner | None:
    """Return whose form it is by most of the sheets; without any row tokens, by the other channels.

    Whom these name has the voice of one more sheet, and is preferred on a tie, so one big sheet of
    another form makes nobody's book that form.
    """
    rows: Counter[Owner] = Counter()
    sheets: set[Owner] = set()
    for *_, newest in issued.values():
        owner = Owner(newest.period, newest.recipient)
        rows[owner] += 1
        sheets.add(owner._replace(sheet=newest.sheet))
    named = vote(channels, programme.code, sender)
    if not rows:
        return named
    voices = Counter(owner._replace(sheet="") for owner in sheets)
    if named is not None and named in rows:
        voices[named] += 1
    return max(rows, key=lambda owner: (voices[owner], owner == named, rows[owner], owner))


def _version(channels: Sequence[Claim], issued: Issues) -> str:
    """Return the version of the form that a channel names, else that of the first row token."""
    for claim in channels:
        if claim.version:
            return claim.version
    return next(iter(issued.values()))[-1].version


def _of_tabs(tabs: FoundTabs, file: str) -> Iterator[Finding]:
    """Find the tabs that lost their keys or their header."""
    for part in tabs.keyless:
        yield finding(Code.KEYS_LOST, Place(file, part.tab.name))
    for bare in tabs.headerless:
        yield _header_lost(bare, file)


def _header_lost(bare: HeaderlessTab, file: str) -> Finding:
    place = Place(file, bare.tab.name)
    if bare.layout:
        return finding(Code.HEADER_LOST, place, advice="已按锁定的内容认出各列，请核对")
    advice = "认不出各列，未接收；请连同表头一起复制，或发送整个填报表"
    return finding(Code.HEADER_LOST, place, "", Severity.ERROR, advice=advice)


def _missing_sheets(sheets: Sequence[Sheet], tabs: FoundTabs, file: str) -> Iterator[Finding]:
    present = [part.sheet for part in tabs.parts] + [bare.sheet for bare in tabs.headerless]
    for sheet in sheets:
        if sheet not in present:
            yield finding(Code.SHEET_MISSING, Place(file, sheet.name), expected=sheet.name)


def _disagreements(
    channels: Sequence[Claim], keyed: Container[str], sender: Sender | None, owner: Owner, file: str
) -> Iterator[Finding]:
    """Find the channels that name somebody else; on tabs with row tokens these say whose they are."""
    code, place = Code.CHANNELS_DISAGREE, Place(file)
    for claim in channels:
        is_other = str(claim.owner) != str(owner)  # to people: 2026-W8 is 2026-W08
        if is_other and claim.tab not in keyed:
            yield finding(code, place, channel=claim.channel, other=claim.owner, expected=owner)
    if sender and not sender.may_send(owner.recipient):
        yield finding(code, place, channel=sender.channel, other=sender.unit, expected=owner)


def _foreign_covers(book: Book, owner: Owner, file: str) -> Iterator[Finding]:
    """Find the covers that were printed for another task force."""
    names = covers_of(book)
    for tab in book.sheets:
        force = task_force_on_cover(tab.rows) if tab.name in names else ""
        if force and not is_unit(owner.recipient) and force != owner.recipient:
            other = owner._replace(recipient=force)
            place = Place(file, tab.name)
            yield finding(Code.CHANNELS_DISAGREE, place, channel=f"“{tab.name}”", other=other, expected=owner)


def _unplaced(
    chosen: Sequence[SheetPart],
    statuses: Sequence[SheetStatus],
    tabs: FoundTabs,
    sent: SentForm,
    owner: Owner,
    plan: Plan,
) -> Iterator[Unplaced]:
    """Yield the rows left out of usable sheets, those of unusable ones, and of tabs that were not chosen."""
    for status in statuses:
        if status.is_complete:
            yield from status.left_out
    for part, status in zip(chosen, statuses, strict=True):
        if not status.is_complete:
            yield from _of_unusable(part, status)
    for part in tabs.parts:
        if part not in chosen:
            yield from _of_not_chosen(part, chosen, tabs.issued, sent, owner, plan)


def _of_unusable(part: SheetPart, status: SheetStatus) -> Iterator[Unplaced]:
    """Yield the rows of a sheet that lacks a column it needs, or has one twice."""
    reason = Code.COLUMN_TWICE if part.layout.twice else Code.COLUMN_MISSING
    for row in status.read:
        second = {}
        for name, position in part.layout.twice.items():
            second[name] = cell_at(part.tab.rows, row.table_row.index, position)
        yield Unplaced(row, reason, second)
    yield from status.left_out


def _of_not_chosen(
    part: SheetPart,
    chosen: Sequence[SheetPart],
    issued: Issues,
    sent: SentForm,
    owner: Owner,
    plan: Plan,
) -> Iterator[Unplaced]:
    """Yield the rows of a tab of another form, or that came twice; not of a copy or of a sender's table."""
    if part.owner is None:
        return
    if part.owner != owner._replace(sheet=part.sheet.code):
        for row in all_rows(part, issued):
            yield Unplaced(row, Code.SHEET_FOREIGN)
    elif part.sheet not in [other.sheet for other in chosen]:
        status = sheet_status(part, issued, sent.rows, (), owner, plan)
        for row in status.read:
            yield Unplaced(row, Code.SHEET_TWICE)
        yield from status.left_out


def _stranger(
    file: str, machine: Mapping[str, str], parts: Sequence[SheetPart], programme: Programme
) -> Finding:
    """Return why a book is none of our forms."""
    if machine and machine.get("programme") != programme.code:
        title = machine.get("title") or machine.get("programme") or "其他方案"
        wanted = programme.title
        if title == wanted:
            title = f"{title}（{machine.get('programme') or '没有编号'}）"
            wanted = f"{wanted}（{programme.code}）"
        return finding(Code.OTHER_PROGRAMME, Place(file), title, expected=wanted)
    code = Code.FORM_UNKNOWN if machine or parts else Code.NOT_OURS
    return finding(code, Place(file))


def read_cover(book: Book) -> tuple[dict[str, object], str, dict[str, str]]:
    """Read what the sender wrote on 填报说明: values, its tab, addresses; by field code, else by label."""
    names = {}
    for column in COVER.columns:
        names[column.field] = names[column.header] = column.field
    for tab in sorted(book.sheets, key=lambda t: t.name.strip() != COVER.name):
        values: dict[str, object] = {}
        addresses: dict[str, str] = {}
        for name, at in _cover_lines(tab.rows, names):
            values[name] = cell_at(tab.rows, *at)
            addresses[name] = address(*at)
        if len(values) * 2 >= len(COVER.columns):
            return values, tab.name, addresses
    return {}, "", {}


def _cover_lines(rows: Rows, names: Mapping[str, str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield field and cell (from 0) of each line: hidden code in column A, label in B, answer in C."""
    for r in range(min(len(rows), _SEARCHED_COVER_ROWS)):
        for c in (0, 1):
            name = names.get(text_of(cell_at(rows, r, c)).rstrip("：:"))
            if name:
                yield name, (r, 2)
                break
