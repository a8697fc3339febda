"""What was recorded of rows, and the papers they stood in, each with the batch that recorded it."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import parse_period
from tenproj_xl.ledger import codec
from tenproj_xl.ledger.version_entries import preferred_ranks
from tenproj_xl.model.lives import Paper, Recording

_OF_CODES = """SELECT rows.*, batches.at AS recorded_at
    FROM rows JOIN batches ON batches.id = rows.batch
    WHERE rows.code IN (SELECT value FROM json_each(:codes))
    OR substr(rows.code, 1, instr(rows.code, '/') - 1) IN (SELECT value FROM json_each(:codes))
    ORDER BY rows.seq"""
"""An indicator's rows for one data period are among its own, see `core.period_rows`."""
_FIGURES = """SELECT rows.*, batches.at AS recorded_at
    FROM rows JOIN batches ON batches.id = rows.batch
    WHERE rows.sheet = 'indicators' AND rows.period IN (SELECT value FROM json_each(?))
    AND json_extract(rows.payload, '$.values.value') IS NOT NULL ORDER BY rows.seq"""
_CODES_OF_FILE = "SELECT DISTINCT code FROM rows WHERE sha256 = ? ORDER BY code"
_CODES_OF_UNITS = """SELECT DISTINCT code FROM rows
    WHERE json_extract(payload, '$.unit') IN (SELECT value FROM json_each(?)) ORDER BY code"""


def recordings_of(connection: sqlite3.Connection, codes: Collection[str]) -> list[Recording]:
    """Return all recordings of some rows, those of withdrawn files included, oldest first.

    Those of an indicator are on all its rows, whichever of their codes is given.
    """
    wanted = json.dumps(sorted({indicator_of_row(code) for code in codes}))
    return _recordings(connection, connection.execute(_OF_CODES, {"codes": wanted}))


def figure_recordings(connection: sqlite3.Connection, first: date, last: date) -> list[Recording]:
    """Return the recordings of figures in returns of periods that end within some days, oldest first."""
    periods = [code for (code,) in connection.execute("SELECT DISTINCT period FROM rows")]
    within = [code for code in periods if first <= parse_period(code).last <= last]
    return _recordings(connection, connection.execute(_FIGURES, (json.dumps(within),)))


def _recordings(connection: sqlite3.Connection, entries: Iterable[sqlite3.Row]) -> list[Recording]:
    preferred, found = preferred_ranks(connection), []
    for entry in entries:
        row, at = codec.reported_of(entry), datetime.fromisoformat(entry["recorded_at"])
        if row.sha256 in preferred:
            row = replace(row, ranked_at=preferred[row.sha256])
        found.append(Recording(row=row, batch=entry["batch"], at=at))
    return found


def codes_in_file(connection: sqlite3.Connection, sha256: str) -> list[str]:
    """Return the codes of the rows that a file brought."""
    return [code for (code,) in connection.execute(_CODES_OF_FILE, (sha256,))]


def codes_from_units(connection: sqlite3.Connection, units: Collection[str]) -> list[str]:
    """Return the codes of the rows that some units ever reported."""
    return [code for (code,) in connection.execute(_CODES_OF_UNITS, (json.dumps(list(units)),))]


def papers(connection: sqlite3.Connection) -> list[Paper]:
    """Return what was made and given out for readers, in the order of recording."""
    found = [*_merges(connection), *_given_out(connection)]
    return sorted(found, key=lambda paper: paper.batch)


def _merges(connection: sqlite3.Connection) -> Iterator[Paper]:
    query = "SELECT merges.*, batches.at FROM merges JOIN batches ON batches.id = merges.batch"
    for entry in connection.execute(query):
        period = parse_period(entry["period"])
        yield Paper(
            label=f"{period.dated_label}汇总",
            at=datetime.fromisoformat(entry["at"]),
            batch=entry["batch"],
            told=codec.published_of(period, entry),
        )


def _given_out(connection: sqlite3.Connection) -> Iterator[Paper]:
    for entry in connection.execute("SELECT * FROM publications"):
        publication = codec.publication_of(entry)
        yield Paper(
            label=publication.label,
            at=publication.published_at,
            batch=entry["batch"],
            told=publication.told,
            is_given_out=True,
        )
