"""What the ledger knows of papers: what was made for leaders, and what was given out of it."""

import json
import sqlite3
from collections.abc import Collection
from datetime import date, datetime

from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.ledger import codec
from tenproj_xl.ledger.later_entries import LaterEntries
from tenproj_xl.model.chain_heads import SHOWN, ChainHead
from tenproj_xl.model.publications import MadeEdition, Publication, Series, WrittenFile
from tenproj_xl.model.published import Published

_TABLES_OF_THE_ROLLUP = (
    "rows",
    "decisions",
    "withdrawals",
    "settlements",
    "slips",
    "closings",
    "slip_replies",
    "reviews",
    "questions",
    "preferences",
)
_ON_PAPERS = (*_TABLES_OF_THE_ROLLUP, "receipts", "lead_words", "objections", "removals")
"""Kinds of entries that papers are made from. What `report` and `publish` record themselves is none of them:
a paper that is made again would name another entry than before."""


class PaperView:
    """The papers of an open ledger; a part of `LedgerView`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def published_before(self, period: Period, most: int) -> tuple[Published, ...]:
        """Return what the papers of the newest periods before one told, oldest first.

        Of each period that is what was given out, else what was signed last, else the last merge.
        """
        last = self._last_merges()
        earlier = sorted(p for p in map(parse_period, last) if p.precedes(period))
        return tuple(self._published(before, last[before.code]) for before in earlier[-most:])

    def published_by_month(self, period: Period, since: date) -> tuple[Published, ...]:
        """Return what the newest paper of each month told, from a day until before a period, oldest first.

        A period is of the month in which it ends, the week across New Year of December; of its papers the one
        that `published_before` returns.
        """
        last = self._last_merges()
        newest: dict[date, Period] = {}
        for earlier in sorted(map(parse_period, last)):
            if earlier.last >= since and earlier.precedes(period):
                newest[earlier.counted_month] = earlier
        return tuple(self._published(earlier, last[earlier.code]) for earlier in newest.values())

    def last_merge_at(self, period: str) -> datetime | None:
        """Return when a roll-up of a period was made last, None if none was."""
        query = """SELECT MAX(batches.at) FROM merges JOIN batches ON batches.id = merges.batch
                   WHERE merges.period = ?"""
        (at,) = self._db.execute(query, (period,)).fetchone()
        return datetime.fromisoformat(at) if at else None

    def last_merge_batch(self, period: str) -> int | None:
        """Return the batch that made the last roll-up of a period, None if none did."""
        (batch,) = self._db.execute("SELECT MAX(batch) FROM merges WHERE period = ?", (period,)).fetchone()
        return None if batch is None else int(batch)

    def _last_merges(self) -> dict[str, int]:
        """Return the entry of the last merge of each period, by its code."""
        return dict(self._db.execute("SELECT period, MAX(seq) FROM merges GROUP BY period"))

    def _published(self, period: Period, last_merge: int) -> Published:
        if given_out := self._given_out(period.code):
            return given_out
        query = "SELECT sequence, body, encoding FROM merges WHERE seq = ?"
        return codec.published_of(period, self._db.execute(query, (last_merge,)).fetchone())

    def _given_out(self, week: str) -> Published | None:
        """Return what the roll-up of a week told that was given out, else the last one that was signed."""
        query = """SELECT * FROM publications WHERE period = ? AND series = ?
                   ORDER BY correction DESC, seq DESC LIMIT 1"""
        row = self._db.execute(query, (week, Series.WEEK.value)).fetchone()
        if row is not None:
            return codec.publication_of(row).told
        query = """SELECT * FROM made_editions WHERE period = ? AND edition = 'week' AND signed_by != ''
                   ORDER BY seq DESC LIMIT 1"""
        row = self._db.execute(query, (week,)).fetchone()
        if row is not None:
            return codec.edition_of(row).told
        return None

    def has_number(self, series: Series, year: int, number: int) -> bool:
        """Return whether a paper of a series has a number in a year."""
        query = "SELECT 1 FROM publications WHERE series = ? AND year = ? AND number = ? LIMIT 1"
        return self._db.execute(query, (series.value, year, number)).fetchone() is not None

    def publications(self, period: str | None = None) -> tuple[Publication, ...]:
        """Return the papers about a period (or all) that were given out, each with all its files."""
        found: dict[object, Publication] = {}
        query = "SELECT * FROM publications WHERE ?1 IS NULL OR period = ?1 ORDER BY seq"
        for row in self._db.execute(query, (period,)):
            publication = codec.publication_of(row)
            found[publication.key] = publication
        return tuple(found.values())

    def told_in(self, paper: Publication) -> int | None:
        """Return the batch that recorded the making which told what a publication tells, None without one."""
        query = """SELECT MAX(made.batch) FROM made_editions AS made JOIN publications AS given
                   ON given.period = made.period AND given.edition = made.edition
                   AND given.sequence = made.sequence
                   AND json_extract(given.body, '$.told') = json_extract(made.body, '$.told')
                   WHERE (given.series, given.year, given.number, given.correction) = (?, ?, ?, ?)"""
        (batch,) = self._db.execute(query, paper.key).fetchone()
        if batch is None:
            return None
        return int(batch)

    def later_entries(self) -> LaterEntries:
        """Return the entries by what they are about and when they were recorded."""
        return LaterEntries(self._db)

    def next_number(self, series: Series, year: int) -> int:
        """Return the next free number of a series in a year."""
        query = "SELECT COALESCE(MAX(number), 0) + 1 FROM publications WHERE series = ? AND year = ?"
        (number,) = self._db.execute(query, (series.value, year)).fetchone()
        return int(number)

    def is_published(self, period: str, edition: str) -> bool:
        """Return whether a paper of an edition was given out for a period; editions have codes (`month`)."""
        query = "SELECT 1 FROM publications WHERE period = ? AND edition = ? LIMIT 1"
        return self._db.execute(query, (period, edition)).fetchone() is not None

    def made_editions(self, period: str, edition: str) -> tuple[MadeEdition, ...]:
        """Return all makings of an edition for a period, oldest first."""
        query = "SELECT * FROM made_editions WHERE period = ? AND edition = ? ORDER BY seq"
        return tuple(codec.edition_of(row) for row in self._db.execute(query, (period, edition)))

    def editions_made(self) -> tuple[tuple[str, str], ...]:
        """Return the period and the edition of everything that was ever made, each once."""
        query = "SELECT DISTINCT period, edition FROM made_editions ORDER BY period, edition"
        return tuple((period, edition) for period, edition in self._db.execute(query))

    def was_made(self, path: str, sha256: str) -> bool:
        """Return whether a file at a path of the workspace was ever written with these bytes."""
        query = "SELECT 1 FROM made_files WHERE path = ? AND sha256 = ? LIMIT 1"
        return self._db.execute(query, (path, sha256)).fetchone() is not None

    def written_files(self) -> tuple[WrittenFile, ...]:
        """Return the last recorded writing of each file that was written for people, by path."""
        query = """SELECT made.path, batches.at, batches.command
                   FROM made_files AS made JOIN batches ON batches.id = made.batch
                   WHERE made.seq IN (SELECT MAX(seq) FROM made_files GROUP BY path) ORDER BY made.path"""
        found = []
        for path, at, command in self._db.execute(query):
            found.append(WrittenFile(path=path, at=datetime.fromisoformat(at), command=command))
        return tuple(found)

    def decided_files(self) -> tuple[tuple[str, str, datetime, str], ...]:
        """Return hash, name, time and command of the workbooks that the office decided in, oldest first."""
        query = """SELECT files.sha256, files.name, files.received_at, batches.command
                   FROM files JOIN batches ON batches.id = files.batch
                   WHERE files.sha256 NOT IN (SELECT sha256 FROM receipts) AND batches.command != 'publish'
                   ORDER BY files.received_at, files.sha256"""
        return tuple(
            (sha256, name, datetime.fromisoformat(at), command)
            for sha256, name, at, command in self._db.execute(query)
        )

    def began_at(self) -> datetime | None:
        """Return when the first entries were recorded, None in an empty ledger."""
        (at,) = self._db.execute("SELECT MIN(at) FROM batches").fetchone()
        return datetime.fromisoformat(at) if at else None

    def wrote(self, sha256: str) -> bool:
        """Return whether a file with these bytes was ever written, wherever that was."""
        query = "SELECT 1 FROM made_files WHERE sha256 = ? LIMIT 1"
        return self._db.execute(query, (sha256,)).fetchone() is not None

    def sequence(self) -> int:
        """Return a number that grows with every entry that the roll-up is made from."""
        total = 0
        for table in _TABLES_OF_THE_ROLLUP:
            (newest,) = self._db.execute(f"SELECT COALESCE(MAX(seq), 0) FROM {table}").fetchone()  # noqa: S608  # fixed
            total += int(newest)
        return total

    def paper_head(self) -> ChainHead:
        """Return the head of the newest entry that papers are made from, however many of others follow it."""
        query = f"""SELECT number, hash FROM heads WHERE kind IN ({", ".join("?" * len(_ON_PAPERS))})
                    ORDER BY number DESC LIMIT 1"""  # noqa: S608  # only question marks
        return _head(self._db.execute(query, _ON_PAPERS).fetchone())

    def newest_head(self) -> ChainHead:
        """Return the head of the newest entry of all."""
        return _head(
            self._db.execute("SELECT number, hash FROM heads ORDER BY number DESC LIMIT 1").fetchone()
        )

    def has_entries_after(self, number: int, *, but: Collection[str]) -> bool:
        """Return whether any entries follow one, those of some kinds left out."""
        query = """SELECT 1 FROM heads WHERE number > ? AND kind NOT IN (SELECT value FROM json_each(?))
                   LIMIT 1"""
        return self._db.execute(query, (number, json.dumps(list(but)))).fetchone() is not None


def _head(row: sqlite3.Row | None) -> ChainHead:
    if row is None:
        return ChainHead(0, "")
    return ChainHead(row["number"], row["hash"].hex()[:SHOWN])
