"""Entries of supervision slips, of replies to them and of closings: made from objects, and read back."""

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Container, Mapping, Sequence
from datetime import date

from tenproj_xl.core.periods import parse_period
from tenproj_xl.ledger import codec
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.slips import Closing, Level, Register, Slip, SlipReply, Stage


class SlipsView:
    """The register of slips, as a ledger has it."""

    _db: sqlite3.Connection

    def register_without(self, withdrawn: Container[str]) -> Register:
        """Return all slips by number, and what became of them; what returns answer to them is not here.

        `withdrawn` are the hashes of files whose replies do not count.
        """
        slips = self._db.execute("SELECT * FROM slips ORDER BY year, number")
        closings: dict[tuple[int, int], Closing] = {}
        for row in self._db.execute("SELECT * FROM closings ORDER BY seq"):
            closing = closing_of(row)
            closings[closing.year, closing.number] = closing
        replies: dict[tuple[int, int], dict[str, SlipReply]] = {}
        for row in self._db.execute("SELECT * FROM slip_replies ORDER BY seq"):
            reply = reply_of(row)
            if reply.sha256 not in withdrawn:
                replies.setdefault(reply.key, {})[reply.unit] = reply
        newest = {key: tuple(of_units.values()) for key, of_units in replies.items()}
        return Register(tuple(slip_of(row) for row in slips), closings, newest)

    def slips_answered_in(self, sha256: str) -> tuple[Slip, ...]:
        """Return the slips that a 督办单反馈 answers, by number, withdrawn or not."""
        query = """SELECT * FROM slips WHERE (year, number) IN
                   (SELECT year, number FROM slip_replies WHERE sha256 = ?) ORDER BY year, number"""
        return tuple(map(slip_of, self._db.execute(query, (sha256,))))

    def batches_of_slips(self) -> dict[tuple[int, int], int]:
        """Return the batches in which slips were issued, by their keys."""
        slips = self._db.execute("SELECT year, number, batch FROM slips")
        return {(year, number): batch for year, number, batch in slips}

    def recorded_by(self, batch: int, rows: Sequence[int]) -> int:
        """Return how many rows, by the numbers of their entries in order, were accepted until a batch."""
        return bisect_right(rows, batch, key=self._batch_of_row)

    def _batch_of_row(self, number: int) -> int:
        (batch,) = self._db.execute("SELECT batch FROM rows WHERE seq = ?", (number,)).fetchone()
        return int(batch)


def slip_body(slip: Slip) -> str:
    """Return what an entry says of a slip, besides its number."""
    return codec.values_to_json(vars(slip))


def slip_of(row: sqlite3.Row) -> Slip:
    """Return the slip that an entry holds."""
    body = json.loads(row["body"])
    stage, follows = body.get("stage"), body.get("follows")
    return Slip(
        year=row["year"],
        number=row["number"],
        level=Level.stored(_text(body, "level")),
        kind=Duty.stored(_text(body, "kind")),
        code=_text(body, "code"),
        name=_text(body, "name"),
        task_force=_text(body, "task_force"),
        unit=_text(body, "unit"),
        situation=_text(body, "situation"),
        basis=_text(body, "basis"),
        reply_by=_day(body, "reply_by"),
        signer=_text(body, "signer"),
        issued_on=_day(body, "issued_on"),
        period=body["period"],
        chosen_in=_text(body, "chosen_in"),
        stage=Stage.stored(stage) if stage else None,
        follows=(follows[0], follows[1]) if follows else None,
        awaits=tuple(body.get("awaits", ())),
    )


def closing_of(row: sqlite3.Row) -> Closing:
    """Return the closing of a slip that an entry holds."""
    body = json.loads(row["body"])
    return Closing(
        year=row["year"],
        number=row["number"],
        closed_on=_day(body, "closed_on"),
        outcome=_text(body, "outcome"),
        period=body["period"],
    )


def reply_columns(reply: SlipReply) -> dict[str, object]:
    """Return a reply by column of the table."""
    told = ("replied_on", "text", "period", "file", "unit")
    body = {name: getattr(reply, name) for name in told}
    return {
        "year": reply.year,
        "number": reply.number,
        "sha256": reply.sha256,
        "body": codec.values_to_json(body),
    }


def reply_of(row: sqlite3.Row) -> SlipReply:
    """Return the reply that an entry holds."""
    body = json.loads(row["body"])
    return SlipReply(
        year=row["year"],
        number=row["number"],
        replied_on=_day(body, "replied_on"),
        text=body["text"],
        period=body["period"],
        file=body["file"],
        sha256=row["sha256"],
        unit=_text(body, "unit"),
    )


def _text(body: Mapping[str, object], name: str) -> str:
    """Return a text of a body, "" if it has none of this name."""
    return str(body.get(name) or "")


def _day(body: Mapping[str, object], name: str) -> date:
    """Return a date of a body; if it has none of this name, the last day of its period."""
    value = codec.values_of({name: body.get(name)})[name]
    if isinstance(value, date):
        return value
    return parse_period(str(body["period"])).last
