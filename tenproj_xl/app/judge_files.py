"""Judge the files of a run: read, recognise and validate them, and say what becomes of each.

Reads received files and the ledger; gives a `FileResult` each. No bad file stops the others.
"""

import gc
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from tenproj_xl.app.identify_files import identify_files, in_period, recipient_by_name
from tenproj_xl.app.recording import new_issue
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.withdraw import withdrawn_finding
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place, capped, finding, has_errors, in_order
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.issue_codes import known_issue
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.history import (
    History,
    Party,
    Receipt,
    Reported,
    Status,
    Withdrawal,
    history,
    status_by_findings,
)
from tenproj_xl.model.settings import Loaded, Settings
from tenproj_xl.model.units import recipient_of
from tenproj_xl.reading.arrivals import Opened, open_all
from tenproj_xl.reading.inbox import Received
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.recognition.identify import Identified, Return
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry, entry
from tenproj_xl.validation.judge import JudgedReturn, judge, party_of, subject_of

_LatestRows = Mapping[tuple[str, str, str, str], tuple[datetime, str]]
"""When each unit last reported a row, by period, sheet, code and unit: time of receipt and hash."""


@dataclass(frozen=True)
class Judged:
    """What became of all files of a run, those inside zips and mails one by one.

    `passed_over` are the names of files that were not looked into.

    `known` is what was accepted before the run.
    """

    files: tuple[FileResult, ...]
    passed_over: tuple[str, ...]
    known: History


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause the garbage collector: parsed rows are long-lived, and collecting costs 20 %."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True)
class _Run:
    """What all files of a run are judged against."""

    loaded: Loaded
    ledger: LedgerView
    expected: Period | None
    known: History
    latest: _LatestRows

    def context_of(self, source: Return) -> Context:
        """Return what a return is checked against."""
        plan, settings = self.loaded.plan, self.loaded.settings
        period = settings.span(source.period)
        earlier = self.known.before(period)
        return Context(plan, settings, period, earlier, recipient_of(source.recipient, plan, earlier))


def judge_files(
    received: Sequence[Received], loaded: Loaded, ledger: LedgerView, expected: Period | None
) -> Judged:
    """Return the result of each file, in the order of receipt; all returns are validated at once."""
    settings, withdrawn, receipts = loaded.settings, ledger.withdrawals(), cache(ledger.receipts)

    def unseen(files: Sequence[Received]) -> list[Received]:
        settled = {file.sha256 for file in files if _is_settled(file.sha256, ledger, receipts)}
        return _unseen(files, withdrawn.keys() | settled, ledger)

    with Reader(settings.limits, settings.passwords) as reader:
        arrivals = open_all(received, reader, unseen)
    sheets = form_sheets(loaded.plan.programme.years)
    identified = [
        in_period(one, loaded, receipts, expected)
        for one in identify_files(arrivals.opened, sheets, loaded, ledger)
    ]
    returns = [one.result for one in identified if one.result]
    run = _run(returns, loaded, ledger, expected)
    judgements = iter(judge(returns, sheets, loaded.plan, run.context_of))
    results = []
    for opened, one in zip(arrivals.opened, identified, strict=True):
        judgement = next(judgements) if one.result else _unjudged(one, loaded)
        results.append(_result(opened, one, judgement, run))
    results = _with_lateness(results, settings, receipts)
    for file in arrivals.duplicates:
        results.append(_seen(file, withdrawn.get(file.sha256), settings))
    return Judged(tuple(results), arrivals.passed_over, run.known)


def _run(returns: Sequence[Return], loaded: Loaded, ledger: LedgerView, expected: Period | None) -> _Run:
    """Return what returns are judged against, for their periods and the expected one."""
    codes = {source.period for source in returns}
    periods = [loaded.settings.span(code) for code in sorted(codes)]
    if expected:
        periods.append(expected)
    if not periods:
        return _Run(loaded, ledger, expected, history(), {})
    issues = {row.issued.code for source in returns for row in source.rows if row.issued}
    first = min(period.first for period in periods)
    last = max(period.last for period in periods)
    known = ledger.history_of(first, last, issues=issues)
    latest = _latest([row for code in codes for row in ledger.accepted_rows(code)])
    return _Run(loaded, ledger, expected, known, latest)


def _is_settled(sha256: str, ledger: LedgerView, receipts: Callable[[str], Sequence[Receipt]]) -> bool:
    """Whether a file of this hash need not be processed again; `receipts` gives those of a period."""
    for period in ledger.periods_of(sha256):
        for receipt in receipts(period):
            if receipt.sha256 == sha256 and receipt.is_settled:
                return True
    return False


def _unseen(received: Sequence[Received], settled: Container[str], ledger: LedgerView) -> list[Received]:
    """Return the files to be judged: not those whose bytes were accepted, or withdrawn, before."""
    fresh = []
    for file in received:
        if file.sha256 not in settled:
            seen = ledger.first_seen(file.sha256)
            fresh.append(replace(file, received_at=seen) if seen else file)
    return fresh


def _seen(file: Received, withdrawal: Withdrawal | None, settings: Settings) -> FileResult:
    """Return the result of bytes seen before: they change nothing, and a withdrawn file stays withdrawn."""
    status, findings = Status.DUPLICATE, []
    if withdrawal:
        status = Status.REFUSED
        findings = [withdrawn_finding(file.name, withdrawal, settings.zone)]
    return FileResult(
        received=file, party=Party(), period="", sender="", status=status, findings=tuple(findings)
    )


def _unjudged(identified: Identified, loaded: Loaded) -> JudgedReturn | None:
    """Return what stands in a form of ours that is not accepted, so that nobody has to type it again."""
    source = identified.owner
    if source is None:
        return None
    cover = {name: text_of(cell) or None for name, cell in source.cover.items()}
    recipient = recipient_of(source.recipient, loaded.plan, history())
    return JudgedReturn(
        source=source,
        party=party_of(recipient, cover, (), loaded.plan),
        entries=tuple(entry(source, row, loaded.plan) for row in source.rows),
        accepted=(),
        cover=cover,
        nil=False,
        findings=(),
    )


# --- the result of one file


def _result(opened: Opened, identified: Identified, judgement: JudgedReturn | None, run: _Run) -> FileResult:
    if judgement is None:
        return _unrecognised(opened, identified, run)
    file, settings = opened.received, run.loaded.settings
    judgement = _with_findings_of(identified, judgement, run.loaded)
    judgement = _accepted_whole(judgement, settings)
    findings = tuple(capped(judgement.findings))  # the answer marks every cell all the same
    period = judgement.source.period
    if identified.result:
        status = _status(file, judgement, findings, run)
    else:
        # An old form used again: what is still owed is the form of the period that is due.
        status = Status.REFUSED
        if run.expected:
            period = run.expected.code
    return FileResult(
        received=file,
        party=judgement.party,
        period=period,
        sender=_sender_of(judgement) or opened.sender,
        status=status,
        findings=findings,
        judgement=judgement,
    )


def _unrecognised(opened: Opened, identified: Identified, run: _Run) -> FileResult:
    """Return the result of a refused file; only its name may tell whose form it was meant to be."""
    file, period, party = opened.received, "", Party()
    findings = tuple(in_order(identified.findings))
    is_of_office = any(f.code is Code.OFFICE_BOOK for f in findings)
    if run.expected and not is_of_office:
        sent = run.ledger.recipients(run.expected.code)
        recipient = recipient_by_name(file.name, run.expected, sent, run.loaded.plan, run.known)
        if recipient:
            party = Party(recipient.code, recipient.owes, recipient.unit)
            period = run.expected.code
    return FileResult(
        received=file,
        party=party,
        period=period,
        sender=opened.sender,
        status=Status.REFUSED,
        findings=findings,
    )


def _sender_of(judgement: JudgedReturn) -> str:
    """Return the unit and the person that the cover names: `区科技局 张三`."""
    names = [judgement.cover.get(field) for field in ("unit", "filler")]
    return " ".join(str(name) for name in names if name)


def _with_findings_of(identified: Identified, judgement: JudgedReturn, loaded: Loaded) -> JudgedReturn:
    """Return the judgement with the findings of recognition; an error of the file keeps all of it out."""
    settings = loaded.settings
    subject = subject_of(judgement.party, loaded.plan)
    day = settings.span(judgement.source.period).last
    earlier = settings.policy.applied(identified.findings, subject, day)
    findings = tuple(in_order([*earlier, *judgement.findings]))
    if any(f.is_error and not f.sheet for f in earlier):
        return replace(judgement, findings=findings, accepted=())
    return replace(judgement, findings=findings)


def _accepted_whole(judgement: JudgedReturn, settings: Settings) -> JudgedReturn:
    """Return the judgement, with nothing accepted where it has an error and files are accepted whole."""
    if not (settings.whole_files and judgement.accepted and has_errors(judgement.findings)):
        return judgement
    waits = finding(Code.RETURN_WAITS, Place(judgement.source.file), expected=len(judgement.accepted))
    return replace(judgement, findings=tuple(in_order([*judgement.findings, waits])), accepted=())


def _status(file: Received, judgement: JudgedReturn, findings: Sequence[Finding], run: _Run) -> Status:
    if judgement.is_refused:
        return Status.REFUSED
    unit = judgement.party.unit
    if judgement.accepted and all(_is_outdated(e, file, unit, run) for e in judgement.accepted):
        return Status.SUPERSEDED
    return status_by_findings(findings)


def _is_outdated(e: Entry, file: Received, unit: str, run: _Run) -> bool:
    """Whether the ledger has a later row of the same unit under the same code, for the same period."""
    code = e.code or known_issue(new_issue(e), run.ledger)
    last = run.latest.get((e.source.period, e.row.sheet.code, code, unit))
    return bool(code) and last is not None and last > (file.received_at, file.sha256)


def _latest(rows: Sequence[Reported]) -> _LatestRows:
    latest: dict[tuple[str, str, str, str], tuple[datetime, str]] = {}
    for row in rows:
        key = (row.period.code, row.sheet, row.code, row.unit)
        received = (row.received_at, row.sha256)
        latest[key] = max(latest.get(key, received), received)
    return latest


# --- lateness


def _with_lateness(
    results: Sequence[FileResult], settings: Settings, receipts: Callable[[str], Sequence[Receipt]]
) -> list[FileResult]:
    """Return the results, late ones marked; a correction of what came in time is in time.

    Args:
        results: The results.
        settings: The settings, which have the deadlines.
        receipts: Gives the receipts of a period.
    """
    in_time = set()
    for period in {result.period for result in results}:
        for receipt in receipts(period):
            if receipt.status.is_return and not receipt.late:
                in_time.add((receipt.party.recipient, period))
    marked = []
    for result in results:
        owner = (result.party.recipient, result.period)
        days_late = 0
        if result.status.is_return and owner not in in_time:
            days_late = settings.days_late(settings.span(result.period), result.received.received_at)
            if not days_late:
                in_time.add(owner)
        marked.append(replace(result, days_late=days_late))
    return marked
