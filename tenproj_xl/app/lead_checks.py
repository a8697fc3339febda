"""专班核对: what lead units are asked to look at, what they said, and which rows they keep out.

Where units got forms of their own, each lead gets a workbook of what its units have reported so far. It comes
back through the inbox; its words are entries of the ledger, each about one report of one row.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from tenproj_xl.app.checked_rows import checked_in_parts, checked_rows
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.sent_results import sent_result
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.files import bytes_written
from tenproj_xl.core.findings import Finding, finding, in_order
from tenproj_xl.core.periods import Period
from tenproj_xl.core.second_process import hand_over
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.ledger.return_state import return_of
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.concerned_rows import concerned_rows
from tenproj_xl.model.history import Reported
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.lead_words import CheckedRow, LeadVerdict, LeadWord, checked_reports, rows_to_check
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import is_unit, unit_of
from tenproj_xl.office.lead_book import TITLE, LeadBook, SaidRow, as_sent, read_lead_book, said_in
from tenproj_xl.office.sent_book import SentBook, write_sent_book
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.reading.book import Book
from tenproj_xl.recognition.rows import Issues

if TYPE_CHECKING:
    from concurrent.futures import Future  # loaded where work is handed over

_AHEAD = 8
"""As many workbooks are made while the one before them is put in its place."""
_SUPERSEDED = "已被其后报来的一份取代"


def lead_books(ledger: LedgerView, plans: InForce, period: Period) -> Iterator[list[LeadBook]]:
    """Yield a workbook for each task force of which units have reported rows in forms of their own.

    Those of some task forces come at a time; who is done with them may let go of what was read for them.
    """
    for rows in checked_in_parts(ledger, plans, period):
        yield list(_books_of(rows, ledger, plans, period))


def the_most_books(ledger: LedgerView, period: Period) -> int:
    """Return how many workbooks of a period there are at most, without reading its rows."""
    if not any(map(is_unit, ledger.recipients(period.code))):
        return 0
    return len(ledger.forces_reported(period.code))


def _books_of(
    rows: Iterable[CheckedRow], ledger: LedgerView, plans: InForce, period: Period
) -> Iterator[LeadBook]:
    by_force: dict[str, list[CheckedRow]] = {}
    for checked in rows:
        by_force.setdefault(checked.row.task_force, []).append(checked)
    loaded = plans.at(period)
    receipts, sent = ledger.receipts(period.code), ledger.forms_sent(period.code)
    about = concerned_rows(by_force, [loaded.plan], plans.plans.heirs)
    known = plans.known_of_owing(ledger, period, about=about).before(period)
    for force in loaded.plan.task_forces:
        if own := by_force.get(force.code):
            state = return_of(force, period, receipts, sent, known, loaded.plan, loaded.settings)
            missing = [code for code in state.units.missing if unit_of(code) != own[0].lead]
            yield LeadBook(
                task_force=force,
                period=period,
                plan=loaded.plan,
                settings=loaded.settings,
                rows=own,
                missing=sorted(missing),
                secret=ledger.secret,
            )


def writing_lead_books(
    books: Iterable[LeadBook], workspace: Workspace, outputs: Outputs, written: list[Path]
) -> Iterator[LeadBook]:
    """Yield workbooks, each once it is written anew; `written` gets where they lie."""
    for book, workbook in _begun(books):
        path = book_path(book, workspace)
        with outputs.write(path) as temporary:
            temporary.write_bytes(workbook.result())
        written.append(path)
        yield book


def _begun(books: Iterable[LeadBook]) -> "Iterator[tuple[LeadBook, Future[bytes]]]":
    """Yield workbooks with their files, which a second process makes ahead, where there is one."""
    begun: deque[tuple[LeadBook, Future[bytes]]] = deque()
    for book in books:
        begun.append((book, hand_over(file_of, as_sent(book))))
        if len(begun) > _AHEAD:
            yield begun.popleft()
    yield from begun


def file_of(book: SentBook) -> bytes:
    """Return a workbook as a file."""
    return bytes_written(partial(write_sent_book, book=book))


def book_path(book: LeadBook, workspace: Workspace) -> Path:
    """Return where a workbook lies."""
    return workspace.outbox / book.period.code / TITLE / f"{book.stem}.xlsx"


# --- when one comes back


def read_words(opened: Opened, issued: Issues, plans: InForce, ledger: LedgerView) -> FileResult:
    """Return the result of a 专班核对稿 that came back, with the words in it that are new."""
    name = opened.received.name
    result = sent_result(opened, issued, plans, Status.LEAD_CHECK)
    if result.status is Status.REFUSED:
        return result
    period = plans.loaded.settings.span(result.period)
    if not isinstance(opened.found, Book):
        raise TypeError(f"a workbook without cells: {name}")
    said, findings = read_lead_book(name, opened.found, issued)
    words, outdated = _words(said, opened, checked_rows(ledger, plans, period))
    found = tuple(in_order([*findings, *outdated]))
    force = next(iter(issued.values()))[-1].task_force
    return replace(result, findings=found, lead_words=tuple(words), checked=force)


def _words(
    said: Iterable[SaidRow], opened: Opened, rows: Iterable[CheckedRow]
) -> tuple[list[LeadWord], list[Finding]]:
    """Return the words that say something new, and what the lead and the office are told of all words."""
    by_key = {checked.key: checked for checked in rows}
    words, findings = [], []
    for one in said:
        issued, moment = one.issued, opened.received.received_at
        sha256, sheet = text_of(issued.printed["sha256"]), text_of(issued.printed["sheet"])
        checked = by_key.get((sha256, sheet, issued.code, issued.period))
        if checked is None:
            if one.verdict:
                findings.append(finding(Code.LEAD_OUTDATED, one.place))
            continue
        if canonical(one.said) != canonical(said_in(checked.row)):
            findings.append(finding(Code.LEAD_EDITED, one.place, one.said))
        before = checked.word
        if one.verdict is None:
            continue
        if before and not checked.is_open and before.said_at > moment:
            continue
        if before is None or (before.verdict, before.why) != (one.verdict, one.why):
            words.append(_word(checked, one.verdict, moment, one.why))
            if one.why and one.verdict is LeadVerdict.AGREED:
                findings.append(finding(Code.LEAD_REMARK, one.place, one.why))
    return words, findings


def _word(checked: CheckedRow, verdict: LeadVerdict, said_at: datetime, why: str = "") -> LeadWord:
    row = checked.row
    return LeadWord(
        sha256=row.sha256,
        sheet=row.sheet,
        code=row.code,
        period=row.period.code,
        verdict=verdict,
        task_force=row.task_force,
        unit=row.unit,
        lead=checked.lead,
        said_at=said_at,
        why=why,
    )


# --- what is recorded


def record_lead_checks(
    results: Sequence[FileResult], fresh: Collection[str], plans: InForce, ledger: Ledger, expected: Period
) -> None:
    """Record new words, and which new rows wait for one, within a batch.

    Args:
        results: What became of the files of the run.
        fresh: The hashes of the files that were recorded in it.
        plans: Plan and settings of each period.
        ledger: The open ledger.
        expected: The period that the run is for.
    """
    for result in results:
        for word in result.lead_words:
            ledger.record_lead_word(word)
    for period in periods_about(results, plans, expected):
        if not plans.loaded.settings.lead_first and not ledger.has_lead_words(period.code):
            continue
        rows = checked_rows(ledger, plans, period)
        for word in [*_taken_over(rows, fresh, plans, ledger, period), *_replaced(rows, ledger, period)]:
            ledger.record_lead_word(word)


def record_lead_books(books: Sequence[LeadBook], ledger: Ledger, snapshots: Snapshots) -> None:
    """Record what is printed in workbooks for lead units, in a batch if any of it was never printed."""
    printed = [row for book in books for row in book.issued]
    if ledger.never_printed(printed):
        with ledger.batch("ingest", datetime.now(UTC), snapshots):
            ledger.record_workbook_rows(printed)


def periods_about(results: Iterable[FileResult], plans: InForce, expected: Period) -> list[Period]:
    """Return the expected period, and those that files of a run were about."""
    codes = {expected.code}
    codes |= {r.period for r in results if r.period and r.status is not Status.SCORE_CHECK}
    return list(map(plans.loaded.settings.span, sorted(codes)))


def _taken_over(
    rows: Iterable[CheckedRow], fresh: Collection[str], plans: InForce, ledger: LedgerView, period: Period
) -> Iterator[LeadWord]:
    """Yield the words on new reports: that on the one before where it says the same, else that it waits."""
    new: list[Reported] = []
    old: list[Reported] = []
    for row in ledger.accepted_rows(period.code, kept_out=True):
        reports = new if row.sha256 in fresh and not row.basis else old
        reports.append(row)
    if not new:
        return
    receipts, words = ledger.receipts(period.code), ledger.lead_words(period.code)
    plan = plans.plan_at(period)
    before: dict[tuple[str, str, str], CheckedRow] = {}
    for checked in rows_to_check(old, receipts, words, plan):
        before[checked.row.sheet, checked.row.code, checked.row.unit] = checked
    reported = {checked.key: checked for checked in checked_reports(new, receipts, words, plan)}
    # Also what another of the new ones replaces: it would count once that one is left out.
    reported |= {checked.key: checked for checked in rows if checked.key in reported}
    for checked in reported.values():
        if checked.word:
            continue
        earlier = before.get((checked.row.sheet, checked.row.code, checked.row.unit))
        word = earlier.word if earlier else None
        if earlier and word and earlier.says_the_same(checked):
            yield replace(word, sha256=checked.row.sha256)
        elif plans.loaded.settings.lead_first:
            yield _word(checked, LeadVerdict.WAITING, checked.receipt.received_at)


def _replaced(rows: Iterable[CheckedRow], ledger: LedgerView, period: Period) -> Iterator[LeadWord]:
    """Yield words on what a unit itself replaced by a row that was returned: it does not count again.

    What the lead had agreed to does.
    """
    returned = {}
    for checked in rows:
        if checked.is_returned:
            returned[checked.row.sheet, checked.row.code, checked.row.unit] = checked
    if not returned:
        return
    said = set(map(attrgetter("key"), ledger.lead_words(period.code)))
    for row in ledger.accepted_rows(period.code, kept_out=True):
        current = returned.get((row.sheet, row.code, row.unit))
        key = row.sha256, row.sheet, row.code, row.period.code
        if current and current.word and key not in said and current.key != key:
            yield replace(current.word, sha256=row.sha256, why=_SUPERSEDED)
