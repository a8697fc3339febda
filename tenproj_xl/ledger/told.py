"""What papers told of the figures of data periods: which told one first, and how the last one judged it."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from typing import NamedTuple

from tenproj_xl.core.periods import Period, parse_period, read_period, widest_ending
from tenproj_xl.core.states import State
from tenproj_xl.ledger import codec
from tenproj_xl.model.published import FirstTold
from tenproj_xl.model.reviews import ToldState

CodeThen = Callable[[Period], str | None]
"""Gives the code that an indicator had in the period of a paper, None where the plan did not have it."""

_IN_ORDER = "SELECT seq, period FROM {table} ORDER BY seq"
_IN_REVERSE = _IN_ORDER + " DESC"


class _Telling(NamedTuple):
    """A paper that told a figure: its entry, and the code that it told it under."""

    entry: sqlite3.Row
    code: str


def first_told(
    connection: sqlite3.Connection, code_then: CodeThen, data_period: str, zone: tzinfo
) -> FirstTold | None:
    """Return the first paper that told an indicator's figure of a data period, None if none did.

    A paper that was given out comes before one that was only made. Its day is that of the zone.
    """
    for told in _tellings(connection, _IN_ORDER, "publications", code_then, data_period):
        publication = codec.publication_of(told.entry)
        value = publication.told.rows["indicators"][told.code]["value"]
        return FirstTold(value, publication.label, publication.published_at.astimezone(zone).date())
    for told in _tellings(connection, _IN_ORDER, "merges", code_then, data_period):
        published = codec.published_of(parse_period(told.entry["period"]), told.entry)
        value = published.rows["indicators"][told.code]["value"]
        on = datetime.fromisoformat(told.entry["at"]).astimezone(zone).date()
        return FirstTold(value, only_made(published.period), on)
    return None


def only_made(period: Period) -> str:
    """Return what the roll-up of a period is called that was made and not given out."""
    return f"{period.dated_label}汇总（未印发）"


def told_state(connection: sqlite3.Connection, code_then: CodeThen, data_period: str) -> ToldState | None:
    """Return how the last paper that was given out judged an indicator's figure of a data period."""
    for told in _tellings(connection, _IN_REVERSE, "publications", code_then, data_period):
        publication = codec.publication_of(told.entry)
        state = State.of(publication.told.rows["indicators"][told.code].get("state"))
        if state is None:
            return None
        return ToldState(state, publication.label)
    return None


_ROWS = {"publications": "$.told.rows", "merges": "$.rows"}
"""Where the rows that were told stand in an entry, by table."""


def _tellings(
    connection: sqlite3.Connection, order: str, table: str, code_then: CodeThen, data_period: str
) -> Iterator[_Telling]:
    """Yield the entries of a table that told a figure of a data period, each under the code of its time.

    A year, its last quarter and its December end on the same day and are the same figure.
    """
    told_of = f"SELECT json_extract(body, ?) FROM {table} WHERE seq = ?"  # noqa: S608  # a table of `_ROWS`
    entry_of = f"""SELECT e.*, b.at FROM {table} AS e JOIN batches AS b ON b.id = e.batch
                   WHERE e.seq = ?"""  # noqa: S608  # likewise
    last = parse_period(data_period).last
    begins = widest_ending(last).first
    for seq, code_of_period in connection.execute(order.format(table=table)).fetchall():
        period = parse_period(code_of_period)
        code = code_then(period) if period.last >= begins else None  # no paper tells what has not begun
        if code is None:
            continue
        path = f'{_ROWS[table]}.indicators."{code}".data_period'
        (told,) = connection.execute(told_of, (path, seq)).fetchone()
        about = read_period(told or "")
        if about is not None and about.last == last:
            yield _Telling(connection.execute(entry_of, (seq,)).fetchone(), code)
