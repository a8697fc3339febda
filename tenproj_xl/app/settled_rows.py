"""Rows with an error that nobody has to put right any more: they count as put right, or were emptied since.

So it is where the form with the error comes once more after the corrected one.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from tenproj_xl.app.files_at_hand import FilesAtHand
from tenproj_xl.app.patching import SentBack, changed_inputs
from tenproj_xl.app.ranking import Version
from tenproj_xl.app.recording import new_issue
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, capped, has_errors, in_order
from tenproj_xl.ledger.issue_codes import known_issue
from tenproj_xl.ledger.rows_waiting import rows_to_correct
from tenproj_xl.model.file_status import status_by_findings
from tenproj_xl.model.history import Reported
from tenproj_xl.model.receipts import Party
from tenproj_xl.model.statuses import Status
from tenproj_xl.recognition.identify import Return
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.judge import JudgedReturn

_RowPlace = tuple[str, int]
"""The tab and the number of a row."""


@dataclass(frozen=True, kw_only=True)
class _Settled:
    """A row with an error that is settled otherwise; `is_later` where that came later."""

    place: _RowPlace
    is_later: bool


def without_settled_rows(result: FileResult, run: FilesAtHand) -> FileResult:
    """Return a result without the errors in rows that count as the unit has put them right.

    A row that counts in a later file, was emptied in one, or is to be corrected there, is not asked for
    again. Neither is one of a later file that says what was sent back and has been put right since, where
    that holds of all rows with errors: else the workbook to be corrected would bring the old words of such a
    row back.
    """
    judgement = result.judgement
    if judgement is None or result.status is not Status.TO_CORRECT or run.settings.whole_files:
        return result
    found = list(_settled_rows(judgement, result, run))
    settled = frozenset(row.place for row in found)
    findings = _without(judgement.findings, settled)
    if has_errors(findings):
        settled = frozenset(row.place for row in found if row.is_later)
        findings = _without(judgement.findings, settled)
    elif run.versions[result.received.sha256].is_known:
        return FileResult(
            received=result.received,
            party=Party(),
            period="",
            sender="",
            status=Status.DUPLICATE,
            findings=(),
        )
    else:
        findings = [f for f in findings if f.code is not Code.CORRECTION_UNCHANGED]
    return replace(
        result,
        findings=tuple(in_order(capped(findings))),
        status=status_by_findings(findings),
        settled=settled,
        judgement=replace(judgement, findings=tuple(findings)),
    )


def _without(findings: Sequence[Finding], rows: Container[_RowPlace]) -> list[Finding]:
    return [f for f in findings if not f.cell or _place_of(f) not in rows]


def _place_of(f: Finding) -> _RowPlace:
    return f.sheet, Place(cell=f.cell).row


def _settled_rows(judgement: JudgedReturn, result: FileResult, run: FilesAtHand) -> Iterator[_Settled]:
    """Yield the rows with errors of a return that another file of its unit has put right or emptied."""
    faulty = {_place_of(f) for f in judgement.findings if f.is_error and f.cell}
    version, sent = run.versions[result.received.sha256], list(_sent_back(judgement.source, run))
    answered = _answered_later(judgement.source, version, run)
    for e in judgement.entries:
        place = (e.row.tab, e.row.number)
        code = e.code or known_issue(new_issue(e), run.issues)
        if place not in faulty or not code:
            continue
        if (e.row.sheet.code, code) in answered:
            yield _Settled(place=place, is_later=True)
            continue
        counts = run.standing.of_unit((version.period, e.row.sheet.code, code), version.unit)
        if counts is None or counts.sha256 == version.sha256 or _is_of_the_run(counts.sha256, run):
            continue
        if counts.order[-2:] > version.order:
            yield _Settled(place=place, is_later=True)
        elif _was_put_right(e, counts, sent):
            yield _Settled(place=place, is_later=False)


def _is_of_the_run(sha256: str, run: FilesAtHand) -> bool:
    """Whether a file came in the run: what becomes of its files does not hang on how they are portioned."""
    version = run.versions.get(sha256)
    return version is not None and version.in_run


def _answered_later(source: Return, version: Version, run: FilesAtHand) -> frozenset[tuple[str, str]]:
    """Return the rows that returns of earlier runs have which come after a return: emptied, or to correct."""
    later = [
        receipt
        for receipt in run.forms_before(source)
        if receipt.party.unit == version.unit
        and receipt.status.is_return
        and receipt.order > version.order
        and not _is_of_the_run(receipt.sha256, run)
    ]
    return rows_to_correct(later).union(*(receipt.emptied for receipt in later))


def _was_put_right(e: Entry, counts: Reported, sent_back: Iterable[SentBack]) -> bool:
    """Whether a row says what was sent back to be corrected before what counts came."""
    for sent in sent_back:
        printed = sent.rows.get(e.row.token)
        if printed is None or sent.answered is None or sent.is_newer_than(counts):
            continue
        if not changed_inputs(e.row, printed.values, int(e.source.period[:4])):
            return True
    return False


def _sent_back(source: Return, run: FilesAtHand) -> Iterator[SentBack]:
    """Yield the correction workbooks that the recipient of a form was sent for it."""
    for name in run.ledger.corrections_sent(source.period, source.recipient):
        yield SentBack(run.ledger.correction(name) or {}, run.ledger.answered_by(name))
