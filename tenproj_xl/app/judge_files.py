"""Judge the files of a run: read, recognise and validate them, and say what becomes of each.

Reads: received files and the ledger. Gives: a `FileResult` each; nothing here stops because of one bad file.
"""

import gc
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from tenproj_xl.app.identify_files import identify_files, in_period
from tenproj_xl.app.recording import new_issue
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.withdraw import withdrawn_finding
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place, capped, finding, has_errors, in_order
from tenproj_xl.core.parse import text_of
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.ledger.issue_codes import known_issue
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.history import History, Party, Receipt, Reported, Status, Withdrawal, history
from tenproj_xl.model.settings import Loaded, Settings
from tenproj_xl.model.units import recipient_of
from tenproj_xl.reading.arrivals import Opened, open_all
from tenproj_xl.reading.inbox import Received
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.recognition.identify import Identified, Return
from tenproj_xl.validation.crosschecks import Context
from tenproj_xl.validation.entries import Entry, entry
from tenproj_xl.validation.judge import JudgedReturn, judge, party_of, subject_of

_Latest = Mapping[tuple[str, str, str, str], tuple[datetime, str]]
"""When each unit last spoke, by period, sheet, code and unit: time of receipt and hash."""


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
    """Pause the garbage collector: parsed rows are long-lived, and going through them again and again costs 20 %."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def judge_files(
    received: Sequence[Received], loaded: Loaded, ledger: Ledger, expected: Period | None
) -> Judged:
    """The result of each file, in the order of receipt; all returns are validated at once."""

    settings, receipts, withdrawn = loaded.settings, ledger.receipts(), ledger.withdrawals()
    settled = withdrawn.keys() | {r.sha256 for r in receipts if r.is_settled}
    with Reader(settings.limits, settings.passwords) as reader:
        arrivals = open_all(received, reader, lambda files: _unseen(files, settled, ledger))
    sheets = form_sheets(loaded.plan.programme.years)
    identified = list(identify_files(arrivals.opened, sheets, loaded, ledger))
    timely = [in_period(i, loaded, receipts, expected) for i in identified]
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
    results = []
    for opened, found in zip(arrivals.opened, timely, strict=True):
        judgement = next(judgements) if found.result else _unjudged(found, loaded)
        results.append(_result(opened, found, judgement, latest, ledger, loaded))
    duplicates = [_seen(r, withdrawn.get(r.sha256), settings) for r in arrivals.duplicates]
    return Judged((*_with_lateness(results, loaded, receipts), *duplicates), arrivals.passed_over, known)


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


def _unjudged(identified: Identified, loaded: Loaded) -> JudgedReturn | None:
    """What stands in a form of ours that is not taken in, so that nobody has to type it again."""

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
    judgement: JudgedReturn | None,
    latest: _Latest,
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


def _with_findings_of(identified: Identified, judgement: JudgedReturn, loaded: Loaded) -> JudgedReturn:
    """The judgement with what was found before it, as this office takes it; an error on the whole file stops all."""

    source, settings = judgement.source, loaded.settings
    subject = subject_of(judgement.party, loaded.plan)
    found = settings.policy.applied(identified.findings, subject, settings.span(source.period).last)
    stopped = any(f.is_error and not f.sheet for f in found)
    whole = tuple(in_order([*found, *judgement.findings]))
    return replace(judgement, findings=whole, accepted=() if stopped else judgement.accepted)


def _taken_whole(judgement: JudgedReturn, settings: Settings) -> JudgedReturn:
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


def _latest(words: Sequence[Reported]) -> _Latest:
    found: dict[tuple[str, str, str, str], tuple[datetime, str]] = {}
    for row in words:
        key = (row.period.code, row.sheet, row.code, row.unit)
        found[key] = max(found.get(key, (row.received_at, row.sha256)), (row.received_at, row.sha256))
    return found


def _status(
    r: Received, judgement: JudgedReturn, findings: Sequence[Finding], latest: _Latest, ledger: Ledger
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


def _is_outdated(e: Entry, r: Received, unit: str, latest: _Latest, ledger: Ledger) -> bool:
    """True where a later word of the same unit on the row, for the same period, is in the ledger already."""
    code = e.code or known_issue(new_issue(e), ledger)
    last = latest.get((e.source.period, e.row.sheet.code, code, unit)) if code else None
    return last is not None and last > (r.received_at, r.sha256)


# --- what is recorded
