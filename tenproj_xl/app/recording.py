"""What of a judged file goes into the ledger."""

from collections.abc import Iterable, Sequence

from tenproj_xl.app.results import FileResult
from tenproj_xl.core.cells import is_empty
from tenproj_xl.core.periods import parse_period
from tenproj_xl.ledger.issue_codes import NewIssue, issue_code
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.history import Receipt, Reported, Status
from tenproj_xl.reading.inbox import Received
from tenproj_xl.validation.entries import Entry


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
        ledger.record_row(_reported(e, e.code or issue_code(new_issue(e), ledger), r, result.party.unit))


def rows_to_come(results: Sequence[FileResult], recorded: Iterable[Reported]) -> list[Reported]:
    """Return the rows of files that more than one unit reports, as they would be recorded.

    New issues, which have no code yet, are left out.

    Args:
        results: The files.
        recorded: The rows of the same periods that are recorded already.
    """
    come = [(r, e) for r in results if r.judgement for e in r.judgement.accepted if e.code]
    speakers: dict[tuple[str, str, str], set[str]] = {}
    for row in recorded:
        speakers.setdefault((row.period.code, row.sheet, row.code), set()).add(row.unit)
    for r, e in come:
        speakers.setdefault((r.period, e.row.sheet.code, e.code), set()).add(r.party.unit)
    return [
        _reported(e, e.code, r.received, r.party.unit)
        for r, e in come
        if len(speakers[r.period, e.row.sheet.code, e.code]) > 1
    ]


def _reported(e: Entry, code: str, r: Received, unit: str) -> Reported:
    """Return an accepted row as it is recorded; a new issue is reported by whoever registers it."""
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
        e.changed_fields,
    )


def new_issue(e: Entry) -> NewIssue:
    """Return the issue that a row without a code registers."""
    return NewIssue(e.source.period, e.task_force, e.row.token, e.value("description"))
