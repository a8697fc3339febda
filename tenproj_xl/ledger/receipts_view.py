"""What a ledger knows of received files: what became of each, as it stands now."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from tenproj_xl.ledger import codec
from tenproj_xl.ledger.receipts_in_force import ranked, receipts_in_force
from tenproj_xl.ledger.rows_waiting import with_waiting
from tenproj_xl.ledger.schema import RECIPIENT, SENDER
from tenproj_xl.ledger.version_entries import preferred_ranks
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.model.history import Reported
from tenproj_xl.model.receipts import Receipt

_ABOUT = f"""
SELECT * FROM receipts WHERE seq IN (
    SELECT seq FROM receipts INDEXED BY receipts_by_recipient
        WHERE period = ?1 AND {RECIPIENT} IN (SELECT value FROM json_each(?2))
    UNION
    SELECT seq FROM receipts INDEXED BY receipts_by_sender
        WHERE period = ?1 AND {SENDER} IN (SELECT value FROM json_each(?3)))
ORDER BY seq"""  # noqa: S608  # texts of ours
_OWN = f"""
SELECT DISTINCT period, {RECIPIENT} AS recipient FROM receipts
    WHERE sha256 IN (SELECT value FROM json_each(?))"""  # noqa: S608  # as above


class ReceiptsView:
    """The received files of an open ledger; a part of `LedgerView`."""

    _db: sqlite3.Connection
    _receipts: dict[int, Receipt]
    """Receipts by number: entries never change, and several questions are about the same ones."""

    def receipts(self, period: str | None = None) -> list[Receipt]:
        """Return what became of the files received for a period (or of all), in the order of receipt."""
        preferred = preferred_ranks(self._db)
        if period is None:
            entries = self._db.execute("SELECT * FROM receipts ORDER BY seq")
            return self._in_force(map(codec.receipt_of, entries), preferred)
        entries = self._db.execute("SELECT * FROM receipts WHERE period = ? ORDER BY seq", (period,))
        return self._in_force(map(self._receipt, entries), preferred)

    def receipts_of(
        self, period: str, recipients: Collection[str], units: Collection[str] = ()
    ) -> list[Receipt]:
        """Return the receipts of a period of forms for some recipients, and those that some units sent."""
        entries = _about(self._db, period, recipients, units)
        return self._in_force(map(self._receipt, entries), preferred_ranks(self._db))

    def _in_force(self, receipts: Iterable[Receipt], preferred: Mapping[str, datetime]) -> list[Receipt]:
        found = [ranked(receipt, preferred) for receipt in receipts]
        found.sort(key=lambda r: (*r.order, r.seq))
        return with_waiting(self._db, receipts_in_force(found, self.withdrawals(), preferred))

    def receipts_of_rows(self, rows: Iterable[Reported]) -> list[Receipt]:
        """Return the receipts of the files that brought some rows, as they came, in the order of receipt.

        What was said of the files since is not in them: that they were withdrawn, or set aside no more.
        """
        wanted = sorted({(row.period.code, row.sha256) for row in rows})
        preferred, found = preferred_ranks(self._db), []
        query = "SELECT * FROM receipts WHERE sha256 = ? AND period = ?"
        for period, sha256 in wanted:
            for row in self._db.execute(query, (sha256, period)):
                found.append(ranked(codec.receipt_of(row), preferred))
        return sorted(found, key=lambda receipt: (receipt.period, *receipt.order, receipt.seq))

    def _receipt(self, entry: sqlite3.Row) -> Receipt:
        seq = entry["seq"]
        if seq not in self._receipts:
            self._receipts[seq] = codec.receipt_of(entry)
        return self._receipts[seq]

    def received_since(self, batch: int, files: Collection[str]) -> frozenset[tuple[str, str]]:
        """Return which of some files were recorded after a batch: hash, and period that they are about."""
        query = """SELECT sha256, period FROM receipts
                   WHERE sha256 IN (SELECT value FROM json_each(?)) AND batch > ?"""
        found = self._db.execute(query, (json.dumps(sorted(files)), batch))
        return frozenset((sha256, period) for sha256, period in found)

    def receipts_beside(self, files: Collection[str]) -> list[Receipt]:
        """Return the receipts of files, and of all others for the same forms, in the order of receipt."""
        entries = _beside(self._db, files)
        return self._in_force(map(self._receipt, entries), preferred_ranks(self._db))

    def answered_by(self, correction: str) -> Receipt | None:
        """Return the file that a correction workbook answers, None where nobody can tell.

        Both were recorded together; of several files for the same form it is taken to answer the latest.
        """
        query = "SELECT period, recipient, batch FROM corrections WHERE name = ? ORDER BY seq DESC LIMIT 1"
        found = self._db.execute(query, (correction,)).fetchone()
        if found is None:
            return None
        period, recipient, batch = found
        beside = [entry for entry in _about(self._db, period, [recipient], ()) if entry["batch"] == batch]
        preferred = preferred_ranks(self._db)
        receipts = [ranked(self._receipt(entry), preferred) for entry in beside]
        answered = [receipt for receipt in receipts if receipt.status.must_come_again]
        return max(answered, key=lambda receipt: receipt.order, default=None)

    def corrections_sent(self, period: str, recipient: str) -> list[str]:
        """Return the names of the correction workbooks that a recipient was sent for a period."""
        query = "SELECT DISTINCT name FROM corrections WHERE period = ? AND recipient = ? ORDER BY name"
        return [name for (name,) in self._db.execute(query, (period, recipient))]

    def last_receipt_at(self, period: str) -> datetime | None:
        """Return when the newest file received for a period was recorded, None if none was."""
        query = """SELECT MAX(batches.at) FROM receipts JOIN batches ON batches.id = receipts.batch
                   WHERE receipts.period = ?"""
        (at,) = self._db.execute(query, (period,)).fetchone()
        return datetime.fromisoformat(at) if at else None

    def periods_of(self, sha256: str) -> list[str]:
        """Return the codes of the periods for which a file was received, "" if that is unknown."""
        query = "SELECT DISTINCT period FROM receipts WHERE sha256 = ?"
        return [code for (code,) in self._db.execute(query, (sha256,))]

    def withdrawals(self) -> dict[str, Withdrawal]:
        """Return the withdrawals in force, by the file's hash."""
        in_force: dict[str, Withdrawal] = {}
        query = "SELECT sha256, why, at, undone FROM withdrawals ORDER BY seq"
        for sha, why, at, undone in self._db.execute(query):
            in_force.pop(sha, None)
            if not undone:
                in_force[sha] = Withdrawal(sha, why, datetime.fromisoformat(at))
        return in_force

    def forget_receipts(self) -> None:
        """Let go of the receipts that were read so far: they are read anew where they are asked for."""
        self._receipts.clear()


def _about(
    connection: sqlite3.Connection, period: str, recipients: Collection[str], units: Collection[str]
) -> list[sqlite3.Row]:
    """Return the entries of a period about forms for some recipients, and those that some units sent."""
    values = (period, json.dumps(sorted(recipients)), json.dumps(sorted(units)))
    return connection.execute(_ABOUT, values).fetchall()


def _beside(connection: sqlite3.Connection, files: Collection[str]) -> list[sqlite3.Row]:
    """Return the entries of some files, and of all others of the same periods for the same recipients."""
    recipients: dict[str, set[str]] = {}
    for period, recipient in connection.execute(_OWN, (json.dumps(sorted(files)),)):
        recipients.setdefault(period, set()).add(recipient)
    found = []
    for period, own in recipients.items():
        found += _about(connection, period, own, ())
    return found
