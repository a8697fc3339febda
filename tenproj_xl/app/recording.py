"""What of a judged file goes into the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tenproj_xl.app.results import FileResult
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import is_empty
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import ISSUES
from tenproj_xl.core.texts import canonical
from tenproj_xl.ledger.issue_codes import NewIssue, issue_code
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.history import Reported
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import is_unit
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.new_issues import namesakes

_PARTICULARS = ("unit", "related", "due_on", "raised_on")
"""What an issue is registered by besides its description."""


def record(result: FileResult, ledger: Ledger) -> None:
    """Write into the ledger what became of a file: the file, its receipt, its accepted rows."""
    r = result.received
    if result.status is Status.DUPLICATE or ledger.has_return(r.sha256):
        return
    ledger.record_file(r.sha256, r.name, r.content.size, r.received_at)
    judgement = result.judgement
    receipt = Receipt(
        file=r.name,
        sha256=r.sha256,
        party=result.party,
        period=result.period,
        sender=result.sender,
        status=result.status,
        received_at=r.received_at,
        late=result.late,
        nil=bool(judgement and judgement.nil),
        cover=judgement.cover if judgement else {},
        findings=result.findings,
        seq=0,
        ranked_at=result.ranked_at,
        moments=r.moments,
        channel=r.channel,
        answers=_answers(result),
        emptied=_emptied(result, ledger),
        kept_out=_kept_out(result),
        stranger=result.stranger,
    )
    ledger.record_receipt(receipt)
    for e, row in zip(judgement.accepted if judgement else (), result.rows, strict=True):
        code = e.code or issue_code(new_issue(e), ledger)
        ledger.record_row(row if row.code == code else replace(row, code=code))


def _answers(result: FileResult) -> tuple[str, ...]:
    """Return the rows that stand in a form by unit, as its own."""
    if result.judgement is None or not is_unit(result.party.recipient):
        return ()
    codes = set()
    for row in result.judgement.source.rows:
        if row.issued and row.issued.code and not row.of_others:
            codes.add(indicator_of_row(row.issued.code))
    return tuple(sorted(codes))


def _emptied(result: FileResult, ledger: Ledger) -> tuple[tuple[str, str], ...]:
    """Return the rows that had something in a correction workbook as it went out, and are empty now."""
    if result.judgement is None or not result.judgement.source.correction:
        return ()
    sent = ledger.correction(result.judgement.source.correction) or {}
    emptied = []
    for row in result.judgement.source.rows:
        if row.token in sent and row.issued and not row.is_written:
            cells = {**row.table_row.cells, **sent[row.token].values}
            if replace(row, table_row=replace(row.table_row, cells=cells)).is_written:
                emptied.append((row.sheet.code, row.issued.code))
    return tuple(emptied)


def _kept_out(result: FileResult) -> tuple[tuple[str, str], ...]:
    """Return the rows that are filled in a return which waits as a whole, right ones among them."""
    if result.judgement is None or not any(f.code is Code.RETURN_WAITS for f in result.findings):
        return ()
    kept = []
    for e in result.judgement.entries:
        if e.is_answered and not e.row.of_others and e.row.patched != frozenset():
            kept.append((e.row.sheet.code, e.code))
    return tuple(kept)


def rows_to_come(results: Sequence[FileResult], recorded: Iterable[Reported]) -> list[Reported]:
    """Return the rows of files that more than one unit reports, as they would be recorded.

    New issues, which have no code yet, are left out.

    Args:
        results: The files.
        recorded: The rows of the same periods that are recorded already.
    """
    units: dict[tuple[str, str, str], set[str]] = {}
    for row in recorded:
        if row.basis:
            continue
        units.setdefault(_key_of(row), set()).add(row.unit)
    coded = [row for result in results for row in result.rows if row.code]
    for row in coded:
        units.setdefault(_key_of(row), set()).add(row.unit)
    return [row for row in coded if len(units[_key_of(row)]) > 1]


def _key_of(row: Reported) -> tuple[str, str, str]:
    return row.period.code, row.sheet, row.code


def reported_row(e: Entry, code: str, result: FileResult) -> Reported:
    """Return an accepted row as it is recorded; a new issue is reported by whoever registers it."""
    r, unit = result.received, result.party.unit
    period = parse_period(e.source.period)
    printed = e.row.issued.printed if e.row.issued else {}
    values, typed, cells = {**printed}, {}, {}
    read = e.row.table_row.cells
    for field in e.inputs:
        values[field] = e.value(field)
        if is_empty(read.get(field)):
            continue
        if field not in e.registered or field not in e.row.edited:
            typed[field] = e.typed(field)
            cells[field] = e.row.table_row.address(field)
    return Reported(
        sheet=e.row.sheet.code,
        code=code,
        task_force=e.task_force,
        period=period,
        values=values,
        typed=typed,
        cells=cells,
        file=r.name,
        sha256=r.sha256,
        tab=e.row.tab,
        received_at=r.received_at,
        seq=0,
        unit=unit,
        owner=e.owner or unit,
        changed_fields=e.changed_fields,
        ranked_at=result.ranked_at,
        patched=e.row.patched,
    )


def new_issue(e: Entry) -> NewIssue:
    """Return the issue that a row without a code registers."""
    listed = set()
    for row in e.source.rows:
        if row.issued and row.sheet.code == ISSUES.code:
            listed.add(row.issued.code)
    return NewIssue(
        period=e.source.period,
        task_force=e.task_force,
        token=e.row.token,
        description=e.value("description"),
        namesakes=namesakes(e.row, e.source),
        particulars=tuple(canonical(e.value(field)) for field in _PARTICULARS),
        listed=frozenset(listed),
    )
