"""The ledger as it was at a moment, up to the last batch that was recorded by then."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

from tenproj_xl.ledger.proof import KEYS
from tenproj_xl.ledger.standing import ReportKey, renew
from tenproj_xl.ledger.view import LedgerView

_NOT_OF_BATCHES = ("batches", "snapshots")
"""Kinds without a column `batch`; a snapshot says nothing but to the batch that names it."""


@contextmanager
def ledger_as_of(ledger: LedgerView, moment: datetime) -> Iterator[LedgerView]:
    """Give a private copy, in a nameless file, of what a ledger held at a moment.

    Batches follow each other: all up to the last one that was recorded by the moment are in it, and nothing
    of those after it. A ledger of which nothing was recorded by then is given as empty. The chain of the copy
    ends with them, too, so that papers name the head that they named then.
    """
    last = ledger.last_batch(moment)
    number = 0
    if last is not None:
        number = last.number
    with ledger_up_to(ledger, number) as past:
        yield past


@contextmanager
def ledger_up_to(ledger: LedgerView, number: int) -> Iterator[LedgerView]:
    """Give a private copy, in a nameless file, of what a ledger held after a batch; 0 for none."""
    with closing(sqlite3.connect("", isolation_level=None)) as copy:
        ledger.copy_to(copy)
        copy.row_factory = sqlite3.Row
        copy.execute("BEGIN")
        reports = _reports_changed_later(copy, number)
        _forget_later(copy, number)
        past = LedgerView(copy)
        renew(copy, reports, past.withdrawals(), past.conflict_decisions())
        copy.execute("COMMIT")
        yield past


def _reports_changed_later(connection: sqlite3.Connection, last: int) -> set[ReportKey]:
    """Return the reports about which something was recorded after a batch."""
    query = """SELECT sheet, code, period FROM rows WHERE batch > :last
               UNION SELECT sheet, code, period FROM settlements WHERE batch > :last
               UNION SELECT sheet, code, period FROM lead_words WHERE batch > :last
               UNION SELECT 'indicators', code, period FROM reviews WHERE batch > :last
               UNION SELECT sheet, code, period FROM rows WHERE sha256 IN (
                   SELECT sha256 FROM withdrawals WHERE batch > :last
                   UNION SELECT sha256 FROM preferences WHERE batch > :last
                   UNION SELECT sha256 FROM removals WHERE batch > :last)"""
    return {(sheet, code, period) for sheet, code, period in connection.execute(query, {"last": last})}


def _forget_later(connection: sqlite3.Connection, last: int) -> None:
    """Delete the batches after one, and all their entries."""
    later = "SELECT CAST(MIN(id) AS TEXT) FROM batches WHERE id > ?"
    first = f"SELECT number FROM heads WHERE kind = 'batches' AND entry = ({later})"  # noqa: S608  # both fixed
    connection.execute(f"DELETE FROM heads WHERE number >= ({first})", (last,))  # noqa: S608  # fixed
    connection.execute("DELETE FROM batches WHERE id > ?", (last,))
    for kind in KEYS:
        if kind not in _NOT_OF_BATCHES:
            connection.execute(f"DELETE FROM {kind} WHERE batch > ?", (last,))  # noqa: S608  # of KEYS
