"""Recognise the files of a run: whose forms they are, for which period, or which workbook of the office."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.findings import Place, finding
from tenproj_xl.core.periods import Period
from tenproj_xl.core.tables import locate
from tenproj_xl.forms.content import form_stem
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.history import History, Receipt
from tenproj_xl.model.issued import SentForm
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.units import (
    Recipient,
    is_planned,
    may_send,
    printed_unit,
    recipient_of,
    spoken_code,
    unit_in,
)
from tenproj_xl.office.conflict_book import DECISIONS
from tenproj_xl.office.signoff import is_signoff_book
from tenproj_xl.office.supervision_choice import ITEMS
from tenproj_xl.reading.arrivals import Opened, remarks
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.recognition.claims import Sender
from tenproj_xl.recognition.identify import Identified, identify, tokens_in
from tenproj_xl.recognition.rows import Issues


def identify_files(
    opened: Sequence[Opened], sheets: Sequence[Sheet], loaded: Loaded, ledger: LedgerView
) -> Iterator[Identified]:
    """Yield what each file turned out to be; the ledger is asked once for the rows of all of them."""
    tokens = [frozenset() if isinstance(o.found, Refusal) else tokens_in(o.found) for o in opened]
    issued = ledger.issued(frozenset().union(*tokens))
    age = {token: n for n, token in enumerate(issued)}
    sent_to = cache(ledger.sent)
    for o, own in zip(opened, tokens, strict=True):
        known = {token: issued[token] for token in sorted(own & age.keys(), key=age.__getitem__)}
        yield _identify_one(o, known, sheets, loaded, sent_to)


def _identify_one(
    opened: Opened,
    issued: Issues,
    sheets: Sequence[Sheet],
    loaded: Loaded,
    sent_to: Callable[[str, str], SentForm],
) -> Identified:
    r, book = opened.received, opened.found
    if isinstance(book, Refusal):
        return Identified(None, [finding(book.code, Place(r.name), found=book.found)])
    if office := _office_book(book, issued):
        called, command = office
        return Identified(None, [finding(Code.OFFICE_BOOK, Place(r.name), called, expected=command)])
    sender = _sender(opened, loaded.plan)
    found = identify(r.name, book, sheets, issued, sent_to, loaded.plan.programme, sender)
    if found.result and not is_planned(found.result.recipient, loaded.plan):
        gone = spoken_code(found.result.recipient)
        return Identified(None, [finding(Code.TASK_FORCE_GONE, Place(r.name), expected=gone)])
    if found.result is None:
        return found
    return replace(found, findings=[*remarks(book, r.name), *found.findings])


def _sender(opened: Opened, plan: Plan) -> Sender | None:
    """Return who sent a file, as the mail tells that it came with, or the folder that it lies in."""
    channels = [("发件人", opened.sender)]
    folders = reversed(PurePosixPath(opened.received.name).parent.parts)
    channels += [("所在文件夹", folder) for folder in folders]
    for channel, text in channels:
        if unit := unit_in(text, plan):
            return Sender(channel, printed_unit(unit, plan), may_send(unit, plan))
    return None


def _office_book(book: Book, issued: Issues) -> tuple[str, str] | None:
    """Return the name and the command of a workbook that the office decides in, None for any other."""
    if issued:
        return ("销号审定表", "signoff") if is_signoff_book(issued) else None
    if _holds(book, DECISIONS):
        return "分歧裁定表", "resolve"
    if _holds(book, ITEMS):
        return "督办事项选择表", "supervise"
    return None


def _holds(book: Book, sheet: Sheet) -> bool:
    """Whether a workbook has a sheet of this name with all its columns."""
    for tab in book.sheets:
        if tab.name == sheet.name:
            layout = locate(tab.rows, sheet)
            if layout and not layout.missing:
                return True
    return False


def in_period(
    i: Identified, loaded: Loaded, receipts: Callable[[str], Sequence[Receipt]], expected: Period | None
) -> Identified:
    """Return a file with what is to be said of its period where that is an earlier one.

    A belated return counts for its own period; an old form used again is refused. `receipts` gives those of a
    period.
    """
    if i.result is None or expected is None:
        return i
    own = loaded.settings.span(i.result.period)
    if own.last >= expected.last:
        return i
    recipient = i.result.recipient
    earlier = [r for r in receipts(own.code) if r.party.recipient == recipient and r.status.is_return]
    code = Code.OTHER_PERIOD if earlier and earlier[-1].is_settled else Code.LATE_PERIOD
    said = finding(code, Place(i.result.file), own.label, expected=expected.label)
    return Identified(None if said.is_error else i.result, [*i.findings, said], i.result)


def recipient_by_name(
    name: str, period: Period, sent: Iterable[str], plan: Plan, known: History
) -> Recipient | None:
    """Return the recipient whose form of a period a file is named after, None if there is none."""
    earlier = known.before(period)
    for code in sent:
        if is_planned(code, plan):
            recipient = recipient_of(code, plan, earlier)
            if form_stem(recipient, period) in name:
                return recipient
    return None
