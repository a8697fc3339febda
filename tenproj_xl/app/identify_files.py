"""Recognise the files of a run: whose forms they are, for which period, or which workbook of the office."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath

from tenproj_xl.app.plans import InForce
from tenproj_xl.app.senders import as_admitted, doubt_about, doubt_about_cover, speaking_unit
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.findings import Place, finding
from tenproj_xl.core.periods import Period
from tenproj_xl.core.tables import locate
from tenproj_xl.core.texts import canonical
from tenproj_xl.core.tokens import example_tokens
from tenproj_xl.core.words import Words
from tenproj_xl.forms.form import form_stem
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.issued import PrintedRow, SentForm
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.units import (
    Recipient,
    is_planned,
    may_send,
    printed_unit,
    spellings,
    spoken_code,
    unit_in,
)
from tenproj_xl.office import lead_book, score_book, slip_replies
from tenproj_xl.office.amendment_book import AMENDMENTS
from tenproj_xl.office.conflict_book import DECISIONS
from tenproj_xl.office.meeting_book import is_meeting_book
from tenproj_xl.office.objection_book import OBJECTIONS
from tenproj_xl.office.review_book import REVIEWS
from tenproj_xl.office.sent_book import is_only_of, without_rows_of
from tenproj_xl.office.signoff import is_signoff_book
from tenproj_xl.office.supervision_choice import ITEMS
from tenproj_xl.reading.arrivals import Opened, remarks
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.documents import Document, is_named_as_workbook
from tenproj_xl.reading.guard import Refusal, refuse
from tenproj_xl.recognition.claims import Sender
from tenproj_xl.recognition.example import is_example, without_example
from tenproj_xl.recognition.identify import Identified, Return, correction_in, identify, tokens_in
from tenproj_xl.recognition.rows import Issues

_NUMBER = re.compile(r"(?<![0-9])(?<![0-9][-./年])[0-9]{2}(?![0-9年月日号])")
"""The number of a task force in the name of a file; a part of a date, such as 2026-03 or 12日, is none."""


def identify_files(
    opened: Sequence[Opened], sheets: Sequence[Sheet], plans: InForce, ledger: LedgerView
) -> Iterator[Identified]:
    """Yield what each file turned out to be; the ledger is asked once for the rows of all of them."""
    example, admitted = example_tokens(ledger.secret), ledger.admissions()
    tokens = [tokens_in(o.found) if isinstance(o.found, Book) else frozenset() for o in opened]
    issued = ledger.issued(frozenset().union(*tokens))
    age = {token: n for n, token in enumerate(issued)}

    @cache
    def words_in(period: str) -> Words:
        return plans.plan_at(plans.loaded.settings.span(period)).programme.words

    @cache
    def sent_to(period: str, recipient: str) -> SentForm:
        return ledger.sent(period, recipient, issued).in_words(words_in(period))

    for o, own in zip(opened, tokens, strict=True):
        known = {}
        corrected = _corrected(o, ledger)
        for token in sorted(own & age.keys(), key=age.__getitem__):
            printings = issued[token]
            if token in corrected:
                printings = [*printings, corrected[token].over(printings[-1])]
            known[token] = [one.in_words(words_in(one.period)) for one in printings]
        yield _identify_one(o, known, sheets, plans, sent_to, own & example, admitted)


def _corrected(opened: Opened, ledger: LedgerView) -> Mapping[str, PrintedRow]:
    """Return what was printed into a file that is one of our correction workbooks, by token."""
    if not isinstance(opened.found, Book):
        return {}
    name = correction_in(opened.found)
    return (name and ledger.correction(name)) or {}


def _identify_one(
    opened: Opened,
    issued: Issues,
    sheets: Sequence[Sheet],
    plans: InForce,
    sent_to: Callable[[str, str], SentForm],
    example: frozenset[str],
    admitted: Mapping[str, str],
) -> Identified:
    r, book = opened.received, opened.found
    if isinstance(book, Document):
        is_scan = book.is_scan(r.name) and not is_named_as_workbook(r.name)
        book = Refusal(Code.SCAN_ALONE) if is_scan else refuse(book.kind)
    if isinstance(book, Refusal):
        office = plans.loaded.plan.programme.words.office
        said = book.found if book.code is Code.MAIL_WORDS else ""
        refused = finding(book.code, Place(r.name), said, found=book.found, office=office)
        return Identified(findings=[refused])
    plan = plans.loaded.plan
    if other := _no_form(r.name, book, issued, example, plan):
        return other
    sender = sender_of(opened, plan)
    issued = without_rows_of((lead_book.SHEET, score_book.SHEET, slip_replies.SHEET), issued)
    book, beside = without_example(book, issued, example)
    found = identify(r.name, book, sheets, issued, sent_to, plan, sender)
    if found.result and not plans.has_recipient(found.result):
        gone = spoken_code(found.result.recipient)
        return Identified(findings=[finding(Code.TASK_FORCE_GONE, Place(r.name), expected=gone)])
    if found.result is None:
        return found
    if beside:
        found.findings.append(finding(Code.EXAMPLE_INSIDE, Place(r.name), "、".join(beside)))
    source, findings = found.result, [*remarks(book, r.name), *found.findings]
    return _as_sent(replace(found, findings=findings), source, opened, plans, admitted)


def _as_sent(
    found: Identified, source: Return, opened: Opened, plans: InForce, admitted: Mapping[str, str]
) -> Identified:
    """Return a recognised return as its sender makes it: it waits for the office's word, or is doubted."""
    sha256 = opened.received.sha256
    if sha256 in admitted:
        return replace(found, result=as_admitted(source, admitted[sha256], plans))
    doubt = doubt_about(source, opened, plans)
    if doubt and doubt.code is Code.SENDER_OTHER_UNIT:
        return Identified(findings=[doubt], waiting=source, speaks=speaking_unit(source, plans))
    if doubt and doubt.code is Code.SENDER_CHANGES:
        return replace(found, if_it_changes=doubt)
    found = replace(found, if_it_changes=doubt_about_cover(source, opened, plans))
    if doubt is None:
        return found
    return replace(found, findings=[doubt, *found.findings])


def _no_form(name: str, book: Book, issued: Issues, example: frozenset[str], plan: Plan) -> Identified | None:
    """Return what a book is that we made and that is no form; None for any other."""
    if is_only_of(lead_book.SHEET, issued):
        return Identified(lead_rows=issued)
    if is_only_of(score_book.SHEET, issued):
        return Identified(score_rows=issued)
    if is_only_of(slip_replies.SHEET, issued):
        return Identified(slip_rows=issued)
    if of_office := _office_book(book, issued):
        called, command = of_office
        return Identified(findings=[finding(Code.OFFICE_BOOK, Place(name), called, expected=command)])
    if not issued and is_example(book, example, plan.programme):
        return Identified(findings=[finding(Code.FORM_EXAMPLE, Place(name), expected="")])
    return None


def sender_of(opened: Opened, plan: Plan) -> Sender | None:
    """Return who sent a file, as the mail tells that it came with, or the folder that it lies in."""
    channels = [("发件人", opened.sender)]
    folders = reversed(PurePosixPath(opened.received.name).parent.parts)
    channels += [("所在文件夹", folder) for folder in folders]
    for channel, text in channels:
        if unit := unit_in(text, plan):
            return Sender(channel, printed_unit(unit, plan), may_send(unit, plan))
    return None


_OFFICE_SHEETS = (
    (DECISIONS, "分歧裁定表", "resolve"),
    (AMENDMENTS, "代录单", "amend"),
    (OBJECTIONS, "得分异议裁定表", "objections"),
    (REVIEWS, "待核实清单", "review"),
    (ITEMS, "督办事项选择表", "supervise"),
)
"""The sheets by which workbooks of the office are known, what these are called, and their commands."""


def _office_book(book: Book, issued: Issues) -> tuple[str, str] | None:
    """Return the name and the command of a workbook that the office decides in, None for any other."""
    if is_signoff_book(issued):
        return "销号审定表", "signoff"
    if is_meeting_book(issued):
        return "议定事项表", "meeting"
    if issued:
        return None
    for sheet, called, command in _OFFICE_SHEETS:
        if _holds(book, sheet):
            return called, command
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
    i: Identified, plans: InForce, earlier: Iterable[Receipt], expected: Period | None
) -> Identified:
    """Return a file with what is to be said of its period where that is an earlier one.

    A belated return counts for its own period; an old form used again in place of the one that is due is
    refused. `earlier` are the receipts of its recipient for its period.
    """
    if i.result is None or expected is None:
        return i
    own = plans.loaded.settings.span(i.result.period)
    if not own.precedes(expected):
        return i
    recipient = i.result.recipient
    returns = [r for r in earlier if r.status.is_return]
    is_answered = bool(returns) and returns[-1].is_settled
    has_form_now = is_planned(recipient, plans.plan_at(expected))
    code = Code.OTHER_PERIOD if is_answered and has_form_now else Code.LATE_PERIOD
    said = finding(code, Place(i.result.file), own.full_name, expected=expected.full_name)
    result = None if said.is_error else i.result
    return Identified(result=result, findings=[*i.findings, said], owner=i.result)


def recipient_by_name(name: str, period: Period, recipients: Iterable[Recipient]) -> Recipient | None:
    """Return the recipient whose form of a period a file is named after, None if there is none."""
    return next((one for one in recipients if form_stem(one, period) in name), None)


def recipient_in_name(
    name: str, period: Period, recipients: Sequence[Recipient], plan: Plan
) -> Recipient | None:
    """Return the recipient whose form's name, or number and unit, stand in the name of a file or its folders.

    A form by unit has no number. Where a unit has several 科室, the name has to tell which of them.
    """
    if recipient := recipient_by_name(name, period, recipients):
        return recipient
    written, numbers = canonical(name), set(_NUMBER.findall(name))
    found = []
    for recipient in recipients:
        is_numbered = recipient.by_unit or recipient.code in numbers
        if is_numbered and any(unit in written for unit in spellings(recipient.unit, plan)):
            found.append(recipient)
    for recipient in found:
        is_alone = sum(other.unit == recipient.unit and other.by_unit for other in found) == 1
        is_told = bool(recipient.section) and canonical(recipient.section) in written
        if not recipient.by_unit or is_alone or is_told:
            return recipient
    return None
