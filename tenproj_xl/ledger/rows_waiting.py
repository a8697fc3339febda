"""Which errors of a return still wait, though its unit has sent another one since: decided row by row.

Who sends half of a form, a nil return or a form in which a row is blank says nothing of the other rows: an
error in one of them waits until a later return of the unit has that row.
"""

import json
import sqlite3
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.period_rows import is_correction_place, is_of_correction
from tenproj_xl.core.sheets import ISSUES, TEMPLATE_SHEETS
from tenproj_xl.ledger.return_state import open_receipts, return_in_force, returns_by_sender
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.statuses import Status

_OF_SHEETS = (
    Code.COLUMN_MISSING,
    Code.COLUMN_TWICE,
    Code.HEADER_LOST,
    Code.KEYS_DISAGREE,
    Code.ROWS_SHIFTED,
    Code.ROW_FOREIGN,
    Code.ROW_UNKNOWN,
)
"""Errors because of which rows of a sheet were left out, whichever these are."""
_SHEETS = {sheet.name: sheet.code for sheet in TEMPLATE_SHEETS}

_Topic = tuple[str, str]
"""A row by "row" and its code or its name, or a sheet by "sheet" and its code, or the name of its tab."""

_ROWS = """
SELECT sha256, sheet, code, tab, COALESCE(json_extract(payload, '$.values.name'),
    json_extract(payload, '$.values.description'), '') AS name FROM rows
    WHERE sha256 IN (SELECT value FROM json_each(?)) AND period IN (SELECT value FROM json_each(?))"""


def with_waiting(connection: sqlite3.Connection, receipts: Sequence[Receipt]) -> list[Receipt]:
    """Return receipts as they stand, each with its errors in rows that its unit has not reported since.

    Args:
        connection: The ledger; its rows have names.
        receipts: All of some forms, in the order in which they count.
    """
    followed = list(_followed(receipts))
    told = _Told.of(connection, [later for own in followed for later in own[1:]])
    waiting = {}
    for own in followed:
        said, current = set[_Topic](), return_in_force(own)
        for receipt in reversed(own):
            found = tuple(_waiting(receipt, said))
            if found and receipt is not current:
                waiting[id(receipt)] = found
            said |= told.in_file(receipt)
    return [replace(one, waiting=waiting[id(one)]) if id(one) in waiting else one for one in receipts]


def topic_of(finding: Finding) -> _Topic | None:
    """Return what has to come again for a finding to be settled, None for one about the whole file."""
    sheet = "sheet", _SHEETS.get(finding.sheet, finding.sheet)
    if finding.code in _OF_SHEETS:
        return sheet
    if not finding.cell or not (finding.row or finding.task_force):
        return None
    # One who has typed a row of their own, for a new issue or a correction, may be asked to empty it.
    if _is_in_correction_row(finding) or _is_in_new_row(finding):
        return sheet
    name = finding.row or finding.name
    return ("row", name) if name else sheet


def is_of_new_issue(finding: Finding) -> bool:
    """Return whether an error keeps a new issue from being registered."""
    return _is_of_row(finding) and _is_in_new_row(finding)


def is_of_correction_row(finding: Finding) -> bool:
    """Return whether an error keeps a figure of an earlier period from being put right."""
    return _is_of_row(finding) and _is_in_correction_row(finding)


def _is_of_row(finding: Finding) -> bool:
    return finding.is_error and finding.code not in _OF_SHEETS and bool(finding.cell)


def _is_in_correction_row(finding: Finding) -> bool:
    return is_correction_place(finding.row) or is_of_correction(finding.name)


def _is_in_new_row(finding: Finding) -> bool:
    is_issue = _SHEETS.get(finding.sheet) == ISSUES.code
    return is_issue and finding.row in ("", finding.name)


def rows_to_correct(receipts: Iterable[Receipt]) -> frozenset[tuple[str, str]]:
    """Return sheet and code of the rows in which returns have errors that are still to be corrected."""
    rows = set()
    for receipt in open_receipts(receipts):
        if receipt.status is Status.TO_CORRECT:
            for finding in receipt.findings:
                sheet = _SHEETS.get(finding.sheet, "")
                if finding.is_error and sheet and finding.row:
                    rows.add((sheet, finding.row))
    return frozenset(rows)


def _followed(receipts: Sequence[Receipt]) -> Iterable[Sequence[Receipt]]:
    """Yield the returns of each sender from the first to correct that is not in force any more."""
    for own in returns_by_sender(receipts):
        current = return_in_force(own)
        for place, receipt in enumerate(own):
            if receipt.status is Status.TO_CORRECT and receipt is not current:
                yield own[place:]
                break


def _waiting(receipt: Receipt, said: Container[_Topic]) -> Iterable[Finding]:
    """Yield the errors of a return to correct in rows of which those after it say nothing."""
    if receipt.status is not Status.TO_CORRECT:
        return
    errors = [finding for finding in receipt.findings if finding.is_error]
    open_ones = [finding for finding in errors if (topic := topic_of(finding)) and topic not in said]
    if open_ones:
        yield from open_ones
        yield from (finding for finding in receipt.findings if finding.code is Code.RETURN_WAITS)


@dataclass(frozen=True)
class _Told:
    """What files say something of: by their hashes, and the periods that they are about."""

    accepted: dict[str, set[_Topic]]

    @classmethod
    def of(cls, connection: sqlite3.Connection, receipts: Sequence[Receipt]) -> "_Told":
        """Return what some files say, of which only the accepted rows have to be read."""
        accepted: dict[str, set[_Topic]] = {}
        if not receipts:
            return cls(accepted)
        files = json.dumps(sorted({receipt.sha256 for receipt in receipts}))
        periods = json.dumps(sorted({receipt.period for receipt in receipts}))
        for row in connection.execute(_ROWS, (files, periods)):
            topics = accepted.setdefault(row["sha256"], set())
            topics |= {("row", row["code"]), ("row", row["name"])}
            topics |= {("sheet", row["sheet"]), ("sheet", row["tab"])}
        return cls(accepted)

    def in_file(self, receipt: Receipt) -> set[_Topic]:
        """Return the rows and sheets that a file has: accepted, emptied, waiting, or with an error."""
        topics = set(self.accepted.get(receipt.sha256, ()))
        for sheet, code in (*receipt.emptied, *receipt.kept_out):
            topics |= {("row", code), ("sheet", sheet)}
        for finding in receipt.findings:
            topic = topic_of(finding) if finding.is_error else None
            if topic:
                topics |= {topic, ("row", finding.name)}
        return topics
