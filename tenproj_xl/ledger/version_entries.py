"""Entries about versions: the returns that the office prefers, and what correction workbooks had printed."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from tenproj_xl.core.cells import Value
from tenproj_xl.core.sheets import with_choices
from tenproj_xl.ledger import codec
from tenproj_xl.model.issued import PrintedRow


def preferred_ranks(connection: sqlite3.Connection) -> dict[str, datetime]:
    """Return by hash what the files are ordered by that the office prefers."""
    query = "SELECT sha256, ranked_at FROM preferences ORDER BY seq"
    return {sha256: datetime.fromisoformat(moment) for sha256, moment in connection.execute(query)}


def correction_body(rows: Mapping[str, PrintedRow]) -> str:
    """Return what was printed into a correction workbook, as its entry holds it."""
    body = {}
    for token, row in rows.items():
        body[token] = [row.sheet, codec.plain_values(row.values), codec.plain_values(row.closed)]
    return codec.to_json(body)


def correction_of(connection: sqlite3.Connection, name: str) -> dict[str, PrintedRow] | None:
    """Return what was printed into a correction workbook, by token; None for an unknown one.

    Earlier entries hold the inputs alone.
    """
    query = "SELECT body FROM corrections WHERE name = ? ORDER BY seq DESC LIMIT 1"
    found = connection.execute(query, (name,)).fetchone()
    if found is None:
        return None
    rows: dict[str, PrintedRow] = {}
    for token, (sheet, values, *more) in json.loads(found[0]).items():
        closed = more[0] if more else {}
        rows[token] = PrintedRow(sheet=sheet, values=_printed(sheet, values), closed=_printed(sheet, closed))
    return rows


def _printed(sheet: str, body: Mapping[str, object]) -> Mapping[str, Value]:
    return with_choices(sheet, codec.values_of(body))
