"""Entries of mails that were fetched, and of the day from which a mailbox is fetched."""

import json
import sqlite3
from datetime import date, datetime

from tenproj_xl.ledger import codec
from tenproj_xl.model.fetched import FetchedMail, MailOutcome

_OF_NO_MAIL = 0
"""No mail has this number; the entry that does says from which day on the mailbox is fetched."""


class FetchedView:
    """The mails that were fetched, as a ledger has them."""

    _db: sqlite3.Connection

    def fetched_mails(self) -> list[FetchedMail]:
        """Return all mails that were fetched, of all mailboxes."""
        query = "SELECT * FROM fetched WHERE uid != ? ORDER BY seq"
        return [_fetched_of(row) for row in self._db.execute(query, (_OF_NO_MAIL,))]

    def fetched_since(self, mailbox: str) -> date | None:
        """Return the day from which a mailbox is fetched, None where it never was."""
        query = "SELECT body FROM fetched WHERE mailbox = ? AND uid = ? ORDER BY seq LIMIT 1"
        row = self._db.execute(query, (mailbox, _OF_NO_MAIL)).fetchone()
        if row is None:
            return None
        return date.fromisoformat(json.loads(row["body"])["since"])

    def forms_out_at(self, period: str) -> datetime | None:
        """Return when the first form of a period went out, None where none did."""
        query = """SELECT MIN(batches.at) FROM forms JOIN batches ON batches.id = forms.batch
                   WHERE forms.period = ?"""
        (at,) = self._db.execute(query, (period,)).fetchone()
        return datetime.fromisoformat(at) if at else None


def fetched_columns(mail: FetchedMail) -> dict[str, object]:
    """Return the columns of the entry of a mail."""
    body = {"size": mail.size, "arrived_at": codec.utc(mail.arrived_at), "outcome": str(mail.outcome)}
    return {
        "mailbox": mail.mailbox,
        "uid_validity": mail.uid_validity,
        "uid": mail.uid,
        "message_id": mail.message_id,
        "sha256": mail.sha256,
        "body": codec.to_json(body),
    }


def since_columns(mailbox: str, since: date) -> dict[str, object]:
    """Return the columns of the entry that says from which day on a mailbox is fetched."""
    return {
        "mailbox": mailbox,
        "uid_validity": 0,
        "uid": _OF_NO_MAIL,
        "message_id": "",
        "sha256": "",
        "body": codec.to_json({"since": since.isoformat()}),
    }


def _fetched_of(row: sqlite3.Row) -> FetchedMail:
    body = json.loads(row["body"])
    return FetchedMail(
        mailbox=row["mailbox"],
        uid_validity=row["uid_validity"],
        uid=row["uid"],
        message_id=row["message_id"],
        sha256=row["sha256"],
        size=body["size"],
        arrived_at=datetime.fromisoformat(body["arrived_at"]),
        outcome=MailOutcome.stored(body["outcome"]),
    )
