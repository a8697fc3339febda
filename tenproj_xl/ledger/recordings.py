"""What was recorded of rows, and the papers they stood in, each with the batch that recorded it."""

import json
import sqlite3
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.sheets import TEMPLATE_SHEETS
from tenproj_xl.ledger import codec
from tenproj_xl.ledger.version_entries import preferred_ranks
from tenproj_xl.model.history import Reported
from tenproj_xl.model.lives import Paper, Recording
from tenproj_xl.model.publications import Publication
from tenproj_xl.model.published import Published

_ABOUT_CODES = """FROM json_each(:sheets) AS sheets CROSS JOIN json_each(:codes) AS codes CROSS JOIN rows
    ON rows.sheet = sheets.value AND rows.code >= codes.value AND rows.code < codes.value || '0'
    AND (rows.code = codes.value OR rows.code >= codes.value || '/')"""
"""An indicator's rows for one data period are among its own, see `core.period_rows`; 0 follows on /."""
_OF_CODES = f"""SELECT rows.*, batches.at AS recorded_at {_ABOUT_CODES}
    JOIN batches ON batches.id = rows.batch ORDER BY rows.seq"""  # a text of ours
_ANY_OF_CODES = f"SELECT 1 {_ABOUT_CODES} LIMIT 1"  # as above
_NUMBERS_OF_CODES = f"SELECT rows.seq {_ABOUT_CODES} ORDER BY rows.seq"  # as above
_NUMBERED = "SELECT * FROM rows WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq"
_FIGURES = """SELECT rows.*, batches.at AS recorded_at
    FROM rows JOIN batches ON batches.id = rows.batch
    WHERE rows.sheet = 'indicators' AND rows.period IN (SELECT value FROM json_each(?))
    AND json_extract(rows.payload, '$.values.value') IS NOT NULL ORDER BY rows.seq"""
_PREFERRED = """SELECT * FROM rows WHERE code IN (SELECT value FROM json_each(?))
    AND sha256 IN (SELECT sha256 FROM preferences)"""
_CODES_OF_FILE = "SELECT DISTINCT code FROM rows WHERE sha256 = ? ORDER BY code"
_CODES_OF_UNITS = """SELECT DISTINCT code FROM rows
    WHERE json_extract(payload, '$.unit') IN (SELECT value FROM json_each(:units))
        OR json_extract(payload, '$.owner') IN (SELECT value FROM json_each(:units)) ORDER BY code"""


Decode = Callable[[sqlite3.Row], Reported]
"""Gives the accepted row that an entry holds."""


def recordings_of(connection: sqlite3.Connection, codes: Collection[str], decode: Decode) -> list[Recording]:
    """Return all recordings of some rows, those of withdrawn files included, oldest first.

    Those of an indicator are on all its rows, whichever of their codes is given.
    """
    return _recordings(connection, connection.execute(_OF_CODES, _wanted(codes)), decode)


def is_recorded(connection: sqlite3.Connection, code: str) -> bool:
    """Return whether a row of a code was ever recorded; of an indicator any of its rows."""
    return connection.execute(_ANY_OF_CODES, _wanted([code])).fetchone() is not None


def row_numbers(connection: sqlite3.Connection, codes: Collection[str]) -> list[int]:
    """Return the numbers of the entries of `recordings_of`, which are not read."""
    return [number for (number,) in connection.execute(_NUMBERS_OF_CODES, _wanted(codes))]


def numbered_rows(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[sqlite3.Row]:
    """Return the entries of rows of some numbers, oldest first."""
    return connection.execute(_NUMBERED, (json.dumps(list(numbers)),)).fetchall()


def without_set_aside(
    connection: sqlite3.Connection,
    entries: Iterable[sqlite3.Row],
    withdrawn: Container[str],
    decode: Decode,
) -> list[Reported]:
    """Return the rows of entries, without those of versions over which the office prefers another.

    A report that a preferred one replaced after it had counted is not set aside: it was its unit's word then.
    """
    listed = [(decode(entry), entry["batch"]) for entry in entries if entry["sha256"] not in withdrawn]
    ranks = preferred_ranks(connection)
    if not ranks:
        return [row for row, _ in listed]
    adopted: dict[tuple[str, str, Period, str], list[tuple[Reported, int]]] = {}
    codes = sorted({row.code for row, _ in listed})
    for entry in connection.execute(_PREFERRED, (json.dumps(codes),)):
        if entry["sha256"] not in withdrawn:
            row = decode(entry)
            adopted.setdefault(_report_of(row), []).append((row, entry["batch"]))
    kept = []
    for row, batch in listed:
        ranked = _ranked(row, ranks)
        rivals = adopted.get(_report_of(row), ())
        if not any(_sets_aside(other, ranked, ranks, is_later=batch < since) for other, since in rivals):
            kept.append(row)
    return kept


def _report_of(row: Reported) -> tuple[str, str, Period, str]:
    return row.sheet, row.code, row.period, row.unit


def _ranked(row: Reported, ranks: Mapping[str, datetime]) -> Reported:
    """Return a row that is ordered as the office prefers."""
    return replace(row, ranked_at=ranks.get(row.sha256, row.ranked_at))


def _sets_aside(preferred: Reported, row: Reported, ranks: Mapping[str, datetime], *, is_later: bool) -> bool:
    """Return whether a preferred report stands over another one that is not just the unit's word before it.

    `is_later` where it was recorded in a later run than the other.
    """
    moment, before = row.ranked_at or row.received_at, preferred.ranked_at or preferred.received_at
    was_the_word_before = is_later and moment < before
    return not was_the_word_before and row.order < _ranked(preferred, ranks).order


def _wanted(codes: Iterable[str]) -> dict[str, str]:
    wanted = sorted({indicator_of_row(code) for code in codes})
    return {"sheets": json.dumps([sheet.code for sheet in TEMPLATE_SHEETS]), "codes": json.dumps(wanted)}


def figure_recordings(
    connection: sqlite3.Connection, first: date, last: date, decode: Decode
) -> list[Recording]:
    """Return the recordings of figures in returns of periods that end within some days, oldest first."""
    periods = [code for (code,) in connection.execute("SELECT DISTINCT period FROM rows")]
    within = [code for code in periods if first <= parse_period(code).last <= last]
    return _recordings(connection, connection.execute(_FIGURES, (json.dumps(within),)), decode)


def _recordings(
    connection: sqlite3.Connection, entries: Iterable[sqlite3.Row], decode: Decode
) -> list[Recording]:
    ranks, found = preferred_ranks(connection), []
    for entry in entries:
        row, at = decode(entry), datetime.fromisoformat(entry["recorded_at"])
        if row.sha256 in ranks:
            row = _ranked(row, ranks)
        found.append(Recording(row=row, batch=entry["batch"], at=at))
    return found


def codes_in_file(connection: sqlite3.Connection, sha256: str) -> list[str]:
    """Return the codes of the rows that a file brought."""
    return [code for (code,) in connection.execute(_CODES_OF_FILE, (sha256,))]


def codes_from_units(connection: sqlite3.Connection, units: Collection[str]) -> list[str]:
    """Return the codes of the rows that some units ever sent or were to report."""
    return [code for (code,) in connection.execute(_CODES_OF_UNITS, {"units": json.dumps(list(units))})]


_OF_RETURNS = ("week", "meeting")
"""The editions that tell what came for some periods, and not the figures of a month, quarter or year."""
_MAKING = "SELECT MAX(batch) FROM made_editions WHERE (period, edition, sequence) = (?, ?, ?)"
_MERGES = "SELECT merges.*, batches.at FROM merges JOIN batches ON batches.id = merges.batch"
_MERGES_ABOUT = """SELECT merges.period, merges.sequence, merges.batch, batches.at,
    json_extract(merges.body, {paths}) AS told FROM merges JOIN batches ON batches.id = merges.batch"""
_GIVEN_OUT_ABOUT = """SELECT series, year, number, correction, edition, period, sequence, batch,
    json_remove(body, '$.told') AS body, json_extract(body, {paths}) AS told FROM publications"""


def papers(connection: sqlite3.Connection) -> list[Paper]:
    """Return what was made and given out for readers, in the order of recording."""
    found = []
    for entry in connection.execute(_MERGES):
        found.append(_made(entry, codec.published_of(parse_period(entry["period"]), entry)))
    for entry in connection.execute("SELECT * FROM publications"):
        found.append(_given_out(connection, entry, codec.publication_of(entry)))
    return sorted(found, key=lambda paper: paper.batch)


def papers_about(connection: sqlite3.Connection, codes: Collection[str]) -> list[Paper]:
    """Return the same with what they tell of a few rows: the rest, and their numbers, are not read."""
    found = []
    for entry in _about(connection, _MERGES_ABOUT, "$", codes):
        found.append(_made(entry, _told_about(entry, codes)))
    for entry in _about(connection, _GIVEN_OUT_ABOUT, "$.told", codes):
        found.append(_given_out(connection, entry, codec.publication_of(entry, _told_about(entry, codes))))
    return sorted(found, key=lambda paper: paper.batch)


def _made(entry: sqlite3.Row, told: Published) -> Paper:
    return Paper(
        label=f"{told.period.dated_label}汇总",
        at=datetime.fromisoformat(entry["at"]),
        batch=entry["batch"],
        told=told,
    )


def _given_out(connection: sqlite3.Connection, entry: sqlite3.Row, publication: Publication) -> Paper:
    """Return a paper that was given out, which knows what there was when it was made."""
    made = (publication.period.code, publication.edition, publication.sequence)
    (batch,) = connection.execute(_MAKING, made).fetchone()
    return Paper(
        label=publication.label,
        at=publication.published_at,
        batch=batch or entry["batch"],
        told=publication.told,
        is_given_out=True,
        is_wide=publication.edition not in _OF_RETURNS,
    )


def _about(
    connection: sqlite3.Connection, query: str, told: str, codes: Collection[str]
) -> Iterable[sqlite3.Row]:
    """Return entries of papers with what they tell of some rows."""
    paths = [f'{told}.rows.{sheet.code}."{code}"' for sheet in TEMPLATE_SHEETS for code in codes]
    return connection.execute(query.format(paths=", ".join("?" * len(paths))), paths)


def _told_about(entry: sqlite3.Row, codes: Collection[str]) -> Published:
    """Return what an entry of `_about` tells."""
    found, rows = iter(json.loads(entry["told"])), {}
    for sheet in TEMPLATE_SHEETS:
        told = {code: next(found) for code in codes}
        rows[sheet.code] = {code: row for code, row in told.items() if row is not None}
    return codec.told_of(parse_period(entry["period"]), entry["sequence"], {"numbers": {}, "rows": rows})
