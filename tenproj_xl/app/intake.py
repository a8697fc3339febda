"""Intake: from received files to results, and to what is recorded of them.

Reads: received files and the ledger. Gives: a `FileResult` each; nothing here stops because of one bad file.
"""

import gc
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import is_empty
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.findings import Finding, Place, capped, finding, has_errors, in_order
from tenproj_xl.core.parse import text_of
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.core.tables import locate
from tenproj_xl.ledger.issue_codes import NewIssue, issue_code, known_issue
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.history import History, Party, Receipt, Reported, Status, Withdrawal, history
from tenproj_xl.model.issued import SentForm
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Loaded, Settings
from tenproj_xl.model.units import is_planned, may_send, printed_unit, recipient_of, spoken_code, unit_in
from tenproj_xl.office.signoff import is_signoff_book
from tenproj_xl.reading.arrivals import Opened, open_all, remarks
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.inbox import Received, may_be_arriving
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.recognition.claims import Sender
from tenproj_xl.recognition.identify import Identified, Return, identify, tokens_in
from tenproj_xl.recognition.rows import Issues
from tenproj_xl.validation.crosschecks import Context

if TYPE_CHECKING:
    from tenproj_xl.validation.entries import Entry
    from tenproj_xl.validation.judge import JudgedReturn


@dataclass(frozen=True)
class FileResult:
    """What became of one file; `answer` is the workbook that its sender is to correct, `notice` what they are told."""

    received: Received
    party: Party
    period: str
    sender: str
    status: Status
    findings: tuple[Finding, ...]
    late: bool = False
    answer: Path | None = None
    notice: Path | None = None
    judgement: "JudgedReturn | None" = field(default=None, repr=False)

    @property
    def task_force(self) -> str:
        """The code of the one task force that it is about, "" where it is about several, or nobody can tell."""
        return self.party.task_force

    @property
    def may_be_arriving(self) -> bool:
        """True where the file is cut short and so new that its end may still be on the way."""
        cut = any(f.code in (Code.FILE_EMPTY, Code.FILE_TRUNCATED) for f in self.findings)
        return cut and may_be_arriving(self.received, datetime.now(UTC))

    @property
    def is_the_offices(self) -> bool:
        """True for a workbook that the office decides in: it stays where it lies until it is named to its command."""
        return any(f.code is Code.OFFICE_BOOK for f in self.findings)

    @property
    def needs_a_person(self) -> bool:
        """True where somebody has to correct or decide something."""
        return self.status in (Status.TO_CORRECT, Status.REFUSED)


@dataclass(frozen=True)
class Judged:
    """What became of all files of a run, those inside zips and mails one by one; and what was passed over in them.

    `known` is what counted before them.
    """

    files: tuple[FileResult, ...]
    passed_over: tuple[str, ...]
    known: History


@contextmanager
def gc_paused() -> Iterator[None]:
    """Nobody looks for garbage meanwhile: what is read is kept, and to go through it over and over costs a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def judged(received: Sequence[Received], loaded: Loaded, ledger: Ledger, expected: Period | None) -> Judged:
    """The result of each file, in the order of receipt; all returns are validated at once."""
    from tenproj_xl.validation.judge import judge  # noqa: PLC0415  # loads pandas and pandera

    settings, receipts, withdrawn = loaded.settings, ledger.receipts(), ledger.withdrawals()
    settled = withdrawn.keys() | {r.sha256 for r in receipts if _is_settled(r)}
    with Reader(settings.limits, settings.passwords) as reader:
        arrivals = open_all(received, reader, lambda files: _unseen(files, settled, ledger))
    sheets = form_sheets(loaded.plan.programme.years)
    identified = list(_identified(arrivals.opened, sheets, loaded, ledger))
    timely = [_in_period(i, loaded, receipts, expected) for i in identified]
    words = ledger.accepted_rows()
    known = ledger.history(words)

    def context_of(source: Return) -> Context:
        period = settings.span(source.period)
        earlier = known.before(period)
        return Context(
            loaded.plan, settings, period, earlier, recipient_of(source.recipient, loaded.plan, earlier)
        )

    judgements = iter(judge([i.result for i in timely if i.result], sheets, loaded.plan, context_of))
    latest = _latest(words)
    results = [
        _result(o, i, next(judgements) if i.result else _unjudged(i, loaded), latest, ledger, loaded)
        for o, i in zip(arrivals.opened, timely, strict=True)
    ]
    duplicates = [_seen(r, withdrawn.get(r.sha256), settings) for r in arrivals.duplicates]
    return Judged((*_with_lateness(results, loaded, receipts), *duplicates), arrivals.passed_over, known)


def _is_settled(receipt: Receipt) -> bool:
    """True where nothing is left to be done about a file.

    One that was refused may be tried again; one that was to be corrected is answered again, because a run that was cut
    off may not have come to its answer.
    """
    return receipt.status.is_return and receipt.status is not Status.TO_CORRECT


def _unseen(received: Sequence[Received], settled: Container[str], ledger: Ledger) -> list[Received]:
    """The files to be judged: not those whose bytes were accepted, or taken out again, before."""
    fresh = []
    for r in received:
        if r.sha256 not in settled:
            seen = ledger.first_seen(r.sha256)
            fresh.append(replace(r, received_at=seen) if seen else r)
    return fresh


def _seen(r: Received, withdrawal: Withdrawal | None, settings: Settings) -> FileResult:
    """The same bytes again change nothing; those of a withdrawn file do not bring it back, and say so."""
    if withdrawal is None:
        return FileResult(r, Party(), "", "", Status.DUPLICATE, ())
    return FileResult(
        r, Party(), "", "", Status.REFUSED, (withdrawn_finding(r.name, withdrawal, settings.zone),)
    )


def withdrawn_finding(name: str, withdrawal: Withdrawal, zone: tzinfo) -> Finding:
    """What is said of a file that was taken out again, on which day and why."""
    day = f"{withdrawal.at.astimezone(zone):%Y年%m月%d日}"
    return finding(Code.FILE_WITHDRAWN, Place(name), withdrawal.why, expected=day)


def _identified(
    opened: Sequence[Opened], sheets: Sequence[Sheet], loaded: Loaded, ledger: Ledger
) -> Iterator[Identified]:
    """What each file turned out to be; the ledger is asked once for the rows of all of them."""
    tokens = [frozenset() if isinstance(o.found, Refusal) else tokens_in(o.found) for o in opened]
    issued = ledger.issued(frozenset().union(*tokens))
    age = {token: n for n, token in enumerate(issued)}
    sent_to = cache(ledger.sent)
    for o, own in zip(opened, tokens, strict=True):
        known = {token: issued[token] for token in sorted(own & age.keys(), key=age.__getitem__)}
        yield _identified_alone(o, known, sheets, loaded, sent_to)


def _identified_alone(
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
    return replace(found, findings=[*remarks(book, r.name), *found.findings]) if found.result else found


def _sender(opened: Opened, plan: Plan) -> Sender | None:
    """Who sent a file, as far as the mail tells that it came with, or the folder that it lies in."""
    folders = PurePosixPath(opened.received.name).parent.parts
    for channel, text in (
        ("发件人", opened.sender),
        *(("所在文件夹", folder) for folder in reversed(folders)),
    ):
        if unit := unit_in(text, plan):
            return Sender(channel, printed_unit(unit, plan), may_send(unit, plan))
    return None


def _office_book(book: Book, issued: Issues) -> tuple[str, str] | None:
    """What a workbook is called that the office decides in, and the command that takes it; None for any other."""
    if issued:
        return ("销号审定表", "signoff") if is_signoff_book(issued) else None
    from tenproj_xl.office.conflict_book import DECISIONS  # noqa: PLC0415  # loads XlsxWriter
    from tenproj_xl.office.supervision_choice import ITEMS  # noqa: PLC0415  # loads XlsxWriter

    known = ((DECISIONS, ("分歧裁定表", "resolve")), (ITEMS, ("督办事项选择表", "supervise")))
    return next((said for sheet, said in known if _holds(book, sheet)), None)


def _holds(book: Book, sheet: Sheet) -> bool:
    layouts = (locate(tab.rows, sheet) for tab in book.sheets if tab.name == sheet.name)
    return any(layout and not layout.missing for layout in layouts)


def _in_period(
    i: Identified, loaded: Loaded, receipts: Sequence[Receipt], expected: Period | None
) -> Identified:
    """The same, unless for an earlier period: a belated return counts for its own, an old form used again does not."""
    if i.result is None or expected is None:
        return i
    own = loaded.settings.span(i.result.period)
    if own.last >= expected.last:
        return i
    owner = (own.code, i.result.recipient)
    earlier = [r for r in receipts if (r.period, r.party.recipient) == owner and r.status.is_return]
    code = Code.OTHER_PERIOD if earlier and _is_settled(earlier[-1]) else Code.LATE_PERIOD
    said = finding(code, Place(i.result.file), own.label, expected=expected.label)
    return Identified(None if said.is_error else i.result, [*i.findings, said], i.result)


def _unjudged(identified: Identified, loaded: Loaded) -> "JudgedReturn | None":
    """What stands in a form of ours that is not taken in, so that nobody has to type it again."""
    from tenproj_xl.validation.entries import entry  # noqa: PLC0415  # beside the import of `judge`
    from tenproj_xl.validation.judge import JudgedReturn, party_of  # noqa: PLC0415  # loads pandas and pandera

    source = identified.owner
    if source is None:
        return None
    entries = tuple(entry(source, row, loaded.plan) for row in source.rows)
    cover = {name: text_of(cell) or None for name, cell in source.cover.items()}
    recipient = recipient_of(source.recipient, loaded.plan, history())
    return JudgedReturn(
        source, party_of(recipient, cover, (), loaded.plan), entries, (), cover, nil=False, findings=()
    )


def _result(
    opened: Opened,
    identified: Identified,
    judgement: "JudgedReturn | None",
    latest: "_Latest",
    ledger: Ledger,
    loaded: Loaded,
) -> FileResult:
    r = opened.received
    if judgement is None:
        return FileResult(r, Party(), "", opened.sender, Status.REFUSED, tuple(in_order(identified.findings)))
    source = judgement.source
    judgement = _taken_whole(_with_findings_of(identified, judgement, loaded), loaded.settings)
    findings = tuple(capped(judgement.findings))  # the answer marks every cell all the same
    status = Status.REFUSED if identified.result is None else _status(r, judgement, findings, latest, ledger)
    sender = " ".join(str(v) for f in ("unit", "filler") if (v := judgement.cover.get(f))) or opened.sender
    return FileResult(r, judgement.party, source.period, sender, status, findings, judgement=judgement)


def _with_findings_of(identified: Identified, judgement: "JudgedReturn", loaded: Loaded) -> "JudgedReturn":
    """The judgement with what was found before it, as this office takes it; an error on the whole file stops all."""
    from tenproj_xl.validation.judge import subject_of  # noqa: PLC0415  # loads pandas and pandera

    source, settings = judgement.source, loaded.settings
    subject = subject_of(judgement.party, loaded.plan)
    found = settings.policy.applied(identified.findings, subject, settings.span(source.period).last)
    stopped = any(f.is_error and not f.sheet for f in found)
    whole = tuple(in_order([*found, *judgement.findings]))
    return replace(judgement, findings=whole, accepted=() if stopped else judgement.accepted)


def _taken_whole(judgement: "JudgedReturn", settings: Settings) -> "JudgedReturn":
    """The judgement, with nothing accepted where one error stands and the office takes files whole."""
    if not (settings.whole_files and judgement.accepted and has_errors(judgement.findings)):
        return judgement
    said = finding(Code.RETURN_WAITS, Place(judgement.source.file), expected=len(judgement.accepted))
    return replace(judgement, findings=tuple(in_order([*judgement.findings, said])), accepted=())


def _with_lateness(
    results: Sequence[FileResult], loaded: Loaded, receipts: Sequence[Receipt]
) -> Iterator[FileResult]:
    """The results, late ones marked; a correction of what came in time is in time."""
    in_time = {(r.party.recipient, r.period) for r in receipts if r.status.is_return and not r.late}
    for result in results:
        owner = (result.party.recipient, result.period)
        if not result.status.is_return or owner in in_time:
            yield result
        elif result.received.received_at > loaded.settings.deadline(loaded.settings.span(result.period)):
            yield replace(result, late=True)
        else:
            in_time.add(owner)
            yield result


_Latest = Mapping[tuple[str, str, str, str], tuple[datetime, str]]
"""When each unit last spoke, by period, sheet, code and unit: time of receipt and hash."""


def _latest(words: Sequence[Reported]) -> _Latest:
    found: dict[tuple[str, str, str, str], tuple[datetime, str]] = {}
    for row in words:
        key = (row.period.code, row.sheet, row.code, row.unit)
        found[key] = max(found.get(key, (row.received_at, row.sha256)), (row.received_at, row.sha256))
    return found


def _status(
    r: Received, judgement: "JudgedReturn", findings: Sequence[Finding], latest: _Latest, ledger: Ledger
) -> Status:
    if judgement.is_refused:
        return Status.REFUSED
    if judgement.accepted and all(
        _is_outdated(e, r, judgement.party.unit, latest, ledger) for e in judgement.accepted
    ):
        return Status.SUPERSEDED
    if has_errors(findings):
        return Status.TO_CORRECT
    return Status.WITH_WARNINGS if any(f.is_open for f in findings) else Status.ACCEPTED


def _is_outdated(e: "Entry", r: Received, unit: str, latest: _Latest, ledger: Ledger) -> bool:
    """True where a later word of the same unit on the row, for the same period, is in the ledger already."""
    code = e.code or known_issue(_new(e), ledger)
    last = latest.get((e.source.period, e.row.sheet.code, code, unit)) if code else None
    return last is not None and last > (r.received_at, r.sha256)


# --- what is recorded


def record(result: FileResult, ledger: Ledger) -> None:
    """Write into the ledger what became of a file: the file, its receipt, its accepted rows."""
    r = result.received
    if result.status is Status.DUPLICATE or ledger.has_return(r.sha256):
        return
    ledger.record_file(r.sha256, r.name, len(r.data), r.received_at)
    judgement = result.judgement
    cover = judgement.cover if judgement else {}
    nil = judgement.nil if judgement else False
    ledger.record_receipt(
        Receipt(
            r.name,
            r.sha256,
            result.party,
            result.period,
            result.sender,
            result.status,
            r.received_at,
            result.late,
            nil,
            cover,
            result.findings,
            0,
        )
    )
    for e in judgement.accepted if judgement else ():
        ledger.record_row(_reported(e, e.code or issue_code(_new(e), ledger), r, result.party.unit))


def rows_to_come(results: Sequence[FileResult], said: Iterable[Reported]) -> list[Reported]:
    """The rows of files as they would be recorded, of which more than one unit speaks; no new issues, without a code.

    Args:
        results: The files.
        said: What is recorded already.
    """
    come = [(r, e) for r in results if r.judgement for e in r.judgement.accepted if e.code]
    speakers: dict[tuple[str, str, str], set[str]] = {}
    for row in said:
        speakers.setdefault((row.period.code, row.sheet, row.code), set()).add(row.unit)
    for r, e in come:
        speakers.setdefault((r.period, e.row.sheet.code, e.code), set()).add(r.party.unit)
    return [
        _reported(e, e.code, r.received, r.party.unit)
        for r, e in come
        if len(speakers[r.period, e.row.sheet.code, e.code]) > 1
    ]


def _reported(e: "Entry", code: str, r: Received, unit: str) -> Reported:
    """An accepted row; a new issue is the word of whoever registers it, any other row that of its reporting unit."""
    period = parse_period(e.source.period)
    printed = e.row.issued.printed if e.row.issued else {}
    inputs = [f for f in e.inputs if not is_empty(e.row.table_row.cells.get(f))]
    return Reported(
        e.row.sheet.code,
        code,
        e.task_force,
        period,
        {**printed, **{f: e.value(f) for f in e.inputs}},
        {f: e.typed(f) for f in inputs},
        {f: e.row.table_row.address(f) for f in inputs},
        r.name,
        r.sha256,
        e.row.tab,
        r.received_at,
        0,
        unit,
        e.owner or unit,
        e.said,
    )


def _new(e: "Entry") -> NewIssue:
    return NewIssue(e.source.period, e.task_force, e.row.token, e.value("description"))
