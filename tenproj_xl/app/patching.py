"""Correction workbooks that come back: patches of what stands.

Of each row only the cells that were changed in it count, and those of the answered file that do not stand
yet.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding, has_errors
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.history import Reported
from tenproj_xl.model.issued import PrintedRow
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.recognition.identify import Return
from tenproj_xl.recognition.rows import ReadRow
from tenproj_xl.validation.judge import JudgedReturn


@dataclass(frozen=True)
class SentBack:
    """What was printed into the inputs of a correction workbook, by token, and the file that it answers."""

    rows: Mapping[str, PrintedRow]
    answered: Receipt | None

    def is_newer_than(self, row: Reported) -> bool:
        """Whether a row came before the file that was answered: what this one said does not stand yet."""
        return self.answered is not None and row.order[-2:] < self.answered.order


@dataclass(frozen=True)
class Patched:
    """A correction workbook over the rows that stand, and what is to be said of it."""

    source: Return
    findings: tuple[Finding, ...]


def patched(source: Return, sent: SentBack, standing: Callable[[ReadRow], Reported | None]) -> Patched:
    """Return a correction workbook as a patch of what stands; a row that does not stand yet counts whole.

    What it was printed with counts, too, where an older row stands: its sender was told that it would.

    Args:
        source: The workbook.
        sent: What was sent back to be corrected.
        standing: Gives the row that its sender has in force.
    """
    rows, findings = [], []
    is_changed = False
    for row in source.rows:
        if row.token not in sent.rows:
            is_changed = is_changed or row.is_written
            rows.append(row)
            continue
        before = sent.rows[row.token].values
        changed = changed_inputs(row, before, int(source.period[:4]))
        is_changed = is_changed or bool(changed)
        reported = standing(row)
        if reported is None:
            rows.append(row)
            continue
        told = changed
        if sent.is_newer_than(reported):
            told |= _not_counted(row, before, reported, int(source.period[:4]))
        else:
            findings += _crossed(source, row, before, reported, changed)
        rows.append(_over(row, reported, told, int(source.period[:4])))
    if not is_changed:
        findings.insert(0, finding(Code.CORRECTION_UNCHANGED, Place(source.file)))
    return Patched(replace(source, rows=tuple(rows)), tuple(findings))


def changed_inputs(row: ReadRow, before: Mapping[str, Value], year: int) -> frozenset[str]:
    """Return the inputs that do not hold any more what was printed in them."""
    cells = row.table_row.cells
    return frozenset(
        column.field
        for column in row.open_columns
        if _differs(cells.get(column.field), before.get(column.field), column, year)
    )


def _differs(cell: object, before: Value, column: Column, year: int) -> bool:
    if canonical(cell) == canonical(before):
        return False
    now, then = read_cell(cell, column, year=year), read_cell(before, column, year=year)
    is_read = now.value is not None and then.value is not None
    return not (is_read and canonical(now.value) == canonical(then.value))


def _not_counted(row: ReadRow, before: Mapping[str, Value], reported: Reported, year: int) -> frozenset[str]:
    """Return the inputs in which the answered file had something else than stands, none in a blank row."""
    cells = {**row.table_row.cells, **before}
    if not replace(row, table_row=replace(row.table_row, cells=cells)).is_written:
        return frozenset()
    return frozenset(
        column.field
        for column in row.sheet.inputs
        if _differs(before.get(column.field), reported.values.get(column.field), column, year)
    )


def _over(row: ReadRow, reported: Reported, told: frozenset[str], year: int) -> ReadRow:
    """Return a row in which only what is told anew is the workbook's, and all else what stands."""
    cells = dict(row.table_row.cells)
    for column in row.sheet.inputs:
        if column.field not in told:
            cells[column.field] = _as_stands(reported, column, year)
    doubts = {name: doubt for name, doubt in row.doubts.items() if name in told}
    patched_fields = told & {column.field for column in row.sheet.inputs}
    return replace(row, table_row=replace(row.table_row, cells=cells), doubts=doubts, patched=patched_fields)


def _as_stands(reported: Reported, column: Column, year: int) -> object:
    """Return a cell as it was typed; where its meaning was guessed, which was told then, that meaning."""
    typed = reported.typed.get(column.field)
    if typed and read_cell(typed, column, year=year).code is None:
        return typed
    return reported.values.get(column.field)


def _crossed(
    source: Return, row: ReadRow, before: Mapping[str, Value], reported: Reported, changed: frozenset[str]
) -> list[Finding]:
    """Find the cells that were changed both here and in a return that came meanwhile."""
    found = []
    for column in row.sheet.inputs:
        if column.field not in changed:
            continue
        stands = reported.values.get(column.field)
        own = row.table_row.cells.get(column.field)
        now = read_cell(own, column, year=int(source.period[:4])).value
        if canonical(stands) in (canonical(before.get(column.field)), canonical(own), canonical(now)):
            continue
        crossed = finding(
            Code.PATCH_CROSSED,
            row.place(source.file, column.field),
            text_of(own) or "空白",
            expected=column.header,
            printed=text_of(before.get(column.field)) or "空白",
            standing=text_of(stands) or "空白",
        )
        found.append(crossed)
    return found


def sent_back(returns: Iterable[Return], ledger: LedgerView) -> dict[str, SentBack]:
    """Return what the correction workbooks that came back were, by their names."""
    sent: dict[str, SentBack] = {}
    for name in {source.correction for source in returns if source.correction}:
        rows = ledger.correction(name)
        if rows is not None:
            sent[name] = SentBack(rows, ledger.answered_by(name))
    return sent


def told_anew(judgement: JudgedReturn) -> JudgedReturn:
    """Return the judgement without the rows of a correction workbook that say what stands already.

    That nothing was changed in it is told where something has still to be.
    """
    accepted = tuple(e for e in judgement.accepted if e.row.patched != frozenset())
    findings = tuple(f for f in judgement.findings if f.code is not Code.CORRECTION_UNCHANGED)
    if has_errors(findings):
        findings = judgement.findings
    return replace(judgement, accepted=accepted, findings=findings)
