"""The latest view of the accepted rows: which report stands on which topic, and how long.

A *report* is what all senders said under one sheet and code for one period, merged. The table `standing` has
a line for each topic (`model.topics.topics`) on which a report says something: it stands from the last day
of its period (`since`) until that of the next report on the same topic (`until`). What was known before a day
are the lines with `since < day <= until`, however many years lie behind it.

The table holds nothing of its own: it is renewed in the transaction that records rows, withdrawals or
decisions on conflicts, and can be made again from the entries.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import ISSUES, TEMPLATE_SHEETS
from tenproj_xl.ledger import codec
from tenproj_xl.ledger.lead_entries import key_of, left_out
from tenproj_xl.ledger.recordings import Decode
from tenproj_xl.ledger.review_entries import held_reports
from tenproj_xl.ledger.version_entries import preferred_ranks
from tenproj_xl.model.concerned_rows import ConcernedRows
from tenproj_xl.model.conflicts import ConflictDecision, merged_rows
from tenproj_xl.model.history import Reported
from tenproj_xl.model.topics import topics

ReportKey = tuple[str, str, str]
"""Sheet, code and period of a report."""

_STOOD_AND_BEFORE = """
    SELECT sheet, code, period FROM stood
    UNION
    SELECT earlier.sheet, earlier.code, earlier.period FROM stood JOIN standing AS earlier
        ON earlier.sheet = stood.sheet AND earlier.code = stood.code AND earlier.topic = ''
        AND earlier.since = (SELECT MAX(since) FROM standing AS before
            WHERE before.sheet = stood.sheet AND before.code = stood.code AND before.topic = ''
            AND before.since < stood.since)
        WHERE stood.topic = ''"""
"""What stood, and of each row the report before it."""

_ENTRIES = """
SELECT rows.* FROM chosen JOIN rows
    ON rows.sheet = chosen.sheet AND rows.code = chosen.code AND rows.period = chosen.period"""

_CHOSEN = f"""
WITH stood AS (
    SELECT * FROM standing WHERE until >= :first AND since < :first
        AND +sheet IN (SELECT value FROM json_each(:sheets))),
chosen AS (
    {_STOOD_AND_BEFORE}
    UNION
    SELECT sheet, code, period FROM standing WHERE since BETWEEN :first AND :last AND topic = ''
        AND (sheet = :issues OR sheet IN (SELECT value FROM json_each(:sheets)))
    UNION
    SELECT sheet, code, period FROM standing WHERE topic GLOB 'amended *' AND since BETWEEN :first AND :last
    UNION
    SELECT sheet, code, period FROM standing
        WHERE sheet = :issues AND since < :first
        AND (topic GLOB 'amended *' OR topic = '' AND (:whole_issues OR until >= :first))
        AND code NOT IN (SELECT value FROM json_each(:closed))
    UNION
    SELECT sheet, code, period FROM standing
        WHERE :renumbered != '[]' AND sheet IN (SELECT value FROM json_each(:sheets)) AND since < :first
        AND (topic = '' OR topic GLOB 'amended *')
        AND substr(code || '/', 1, instr(code || '/', '/') - 1) IN (SELECT value FROM json_each(:renumbered)))
{_ENTRIES}"""  # noqa: S608  # texts of ours
"""What stood is found by when it ended, whatever lies years behind: `+` keeps out the index by sheet."""

_CHOSEN_ABOUT = f"""
WITH about AS (
    SELECT json_extract(value, '$[0]') AS sheet, json_extract(value, '$[1]') AS code FROM json_each(:rows)),
stood AS (
    SELECT standing.* FROM about CROSS JOIN standing ON standing.sheet = about.sheet
        AND standing.code = about.code AND standing.until >= :first AND standing.since < :first),
chosen AS (
    {_STOOD_AND_BEFORE}
    UNION
    SELECT standing.sheet, standing.code, standing.period FROM about CROSS JOIN standing
        ON standing.sheet = about.sheet AND standing.code = about.code AND standing.topic = ''
        AND standing.since BETWEEN :first AND :last
    UNION
    SELECT standing.sheet, standing.code, standing.period FROM about CROSS JOIN standing
        ON standing.sheet = about.sheet AND standing.code = about.code
        AND standing.topic GLOB 'amended *' AND standing.since BETWEEN :first AND :last
    UNION
    SELECT standing.sheet, standing.code, standing.period FROM about CROSS JOIN standing
        ON standing.sheet = about.sheet AND standing.code = about.code
        AND (standing.topic = '' OR standing.topic GLOB 'amended *') AND standing.since < :first
        WHERE :renumbered != '[]' AND substr(about.code || '/', 1, instr(about.code || '/', '/') - 1)
            IN (SELECT value FROM json_each(:renumbered))
    UNION
    SELECT standing.sheet, standing.code, standing.period FROM json_each(:own) AS own CROSS JOIN standing
        ON standing.sheet = :issues AND standing.code = own.value
        AND (standing.topic GLOB 'amended *'
            OR standing.topic = '' AND (:whole_issues OR standing.until >= :first))
        AND standing.since <= :last
        AND (standing.since >= :first OR standing.code NOT IN (SELECT value FROM json_each(:closed))))
{_ENTRIES}"""  # noqa: S608  # texts of ours
"""The same about a few rows and issues, however many there are besides."""

_FOR_DATA_PERIODS = """
SELECT DISTINCT standing.sheet, standing.code FROM json_each(?) AS own CROSS JOIN standing
    ON standing.sheet = json_extract(own.value, '$[0]')
    AND standing.code > json_extract(own.value, '$[1]') || '/'
    AND standing.code < json_extract(own.value, '$[1]') || '0'"""
"""The codes of rows for data periods, like `Z03-04/2025` of `Z03-04`: `0` comes behind `/`."""

_PERIODS = """
WITH RECURSIVE reported(period) AS (
    SELECT MIN(period) FROM rows
    UNION ALL
    SELECT (SELECT MIN(period) FROM rows WHERE rows.period > reported.period) FROM reported
        WHERE reported.period IS NOT NULL)
SELECT period FROM reported WHERE period IS NOT NULL"""
"""The periods of all entries, from one to the next in their index."""

_REPORTS_ABOUT = """
SELECT rows.* FROM json_each(?) AS about CROSS JOIN rows ON rows.sheet = json_extract(about.value, '$[0]')
    AND rows.code = json_extract(about.value, '$[1]')
    AND rows.period IN (SELECT value FROM json_each(?))"""

_OF_REPORTS = """
SELECT rows.* FROM json_each(?) AS report CROSS JOIN rows ON rows.sheet = json_extract(report.value, '$[0]')
    AND rows.code = json_extract(report.value, '$[1]') AND rows.period = json_extract(report.value, '$[2]')"""

_LINES_OF_REPORT = """
SELECT sheet, code, topic, since, period FROM standing
    WHERE sheet = ? AND code = ? AND until > ? AND period = ?"""
"""By when they ended: a row that is reported every week has a line for each of them."""

_SET_ENDS = """
UPDATE standing SET until = COALESCE((SELECT MIN(later.since) FROM standing AS later
    WHERE later.sheet = standing.sheet AND later.code = standing.code AND later.topic = standing.topic
    AND later.since > standing.since), '9999-12-31')"""

_SET_ENDS_AROUND = f"""{_SET_ENDS}
    WHERE sheet = :sheet AND code = :code AND topic = :topic AND since <= :since
    AND since >= COALESCE((SELECT MAX(earlier.since) FROM standing AS earlier
        WHERE earlier.sheet = :sheet AND earlier.code = :code AND earlier.topic = :topic
        AND earlier.since < :since), :since)"""  # noqa: S608  # two texts of ours
"""Those of a topic that depend on one report: its own, and those of the reports just before it."""


def _by_code(entry: sqlite3.Row) -> Reported:
    """Return the row that an entry holds, with the days that the code of its period says."""
    return codec.reported_of(entry, {})


def chosen_rows(
    connection: sqlite3.Connection,
    first: date,
    last: date,
    *,
    closed: Iterable[str],
    sheets: Iterable[str],
    renumbered: Iterable[str],
    about: ConcernedRows | None = None,
    whole_issues: bool = True,
) -> list[sqlite3.Row]:
    """Return the entries of the reports that answer questions about the days from `first` to `last`.

    Those are all of a period that ends within, and of earlier ones what stands on each topic, the last two
    on each row, and all on each issue but the closed ones; also all under codes that other rows had: a topic
    goes by the code, so that what stands under it may be of another row. What the office recorded in place
    of units is among them, and so are entries of withdrawn files.

    Args:
        connection: The ledger; its rows have names.
        first: The first day.
        last: The last day.
        closed: The codes of closed issues.
        sheets: The codes of the sheets that questions are about, besides issues.
        renumbered: The codes of indicators and tasks that were those of other rows at some time.
        about: The only rows that questions are about, issues by code; None for all of them.
        whole_issues: Whether all reports on open issues are wanted, not only what stood of each.
    """
    planned = [sheet for sheet in sheets if sheet != ISSUES.code]
    values: dict[str, object] = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "issues": ISSUES.code,
        "closed": json.dumps(list(closed)),
        "sheets": json.dumps(planned),
        "renumbered": json.dumps(list(renumbered)),
        "whole_issues": whole_issues,
    }
    query = _CHOSEN
    if about is not None:
        query, values["own"] = _CHOSEN_ABOUT, json.dumps(sorted(about.issues))
        values["rows"] = json.dumps(_rows_about(connection, planned, about.codes))
    return sorted(connection.execute(query, values), key=lambda entry: int(entry["seq"]))


def reports_about(
    connection: sqlite3.Connection, periods: Collection[str], codes: Collection[str], issues: Collection[str]
) -> list[sqlite3.Row]:
    """Return the entries of some periods about a few rows, oldest first.

    Args:
        connection: The ledger; its rows have names.
        periods: The codes of the periods.
        codes: Those of indicators, with their rows for data periods, and of tasks.
        issues: Those of issues.
    """
    planned = [sheet.code for sheet in TEMPLATE_SHEETS if sheet is not ISSUES]
    rows = _rows_about(connection, planned, codes)
    rows += [(ISSUES.code, code) for code in issues]
    found = connection.execute(_REPORTS_ABOUT, (json.dumps(rows), json.dumps(sorted(periods))))
    return sorted(found, key=lambda entry: int(entry["seq"]))


def reported_periods(connection: sqlite3.Connection, last: date) -> list[str]:
    """Return the codes of the periods of which any report counts, until a day."""
    query = """SELECT 1 FROM standing WHERE topic = '' AND since = ?1 AND period = ?2
               UNION ALL
               SELECT 1 FROM standing WHERE topic GLOB 'amended *' AND since = ?1 AND period = ?2 LIMIT 1"""
    found = []
    for (period,) in connection.execute(_PERIODS).fetchall():
        since = _since(period)
        if since <= last.isoformat() and connection.execute(query, (since, period)).fetchone():
            found.append(period)
    return found


def _rows_about(
    connection: sqlite3.Connection, sheets: Iterable[str], codes: Collection[str]
) -> list[tuple[str, str]]:
    """Return sheet and code of some rows, and of those for the data periods of indicators among them."""
    rows = [(sheet, code) for sheet in sheets for code in sorted(codes)]
    for_periods = connection.execute(_FOR_DATA_PERIODS, (json.dumps(rows),))
    return rows + [(sheet, code) for sheet, code in for_periods]


def is_reported(connection: sqlite3.Connection, sheet: str, code: str) -> bool:
    """Return whether there is a report on a row, whatever its period."""
    query = "SELECT 1 FROM standing WHERE sheet = ? AND code = ? LIMIT 1"
    return connection.execute(query, (sheet, code)).fetchone() is not None


def renew(
    connection: sqlite3.Connection,
    reports: Collection[ReportKey],
    withdrawn: Collection[str],
    decisions: Sequence[ConflictDecision],
    decode: Decode = _by_code,
) -> None:
    """Write the lines of some reports anew, within the transaction that is open.

    Args:
        connection: The ledger; its rows have names.
        reports: The reports about which something was recorded.
        withdrawn: The hashes of the files that are withdrawn now.
        decisions: What was decided about conflicts.
        decode: Gives the row of an entry, with the days that the code of its period says; who decodes rows
            anyhow gives its own.
    """
    entries = connection.execute(_OF_REPORTS, (json.dumps(list(reports)),))
    before: set[_Line] = set()
    for sheet, code, period in reports:
        own = (sheet, code, _since(period), period)
        before.update(map(_Line._make, connection.execute(_LINES_OF_REPORT, own)))
    lines = _lines(_rows(connection, entries, withdrawn, decode), decisions)
    connection.executemany(
        "DELETE FROM standing WHERE sheet = ? AND code = ? AND topic = ? AND since = ? AND period = ?",
        before - lines,
    )
    _add(connection, lines - before)
    connection.executemany(_SET_ENDS_AROUND, [line._asdict() for line in sorted(before ^ lines)])


def renew_all(
    connection: sqlite3.Connection, withdrawn: Collection[str], decisions: Sequence[ConflictDecision]
) -> None:
    """Write all lines anew; see `renew`."""
    entries = connection.execute("SELECT * FROM rows").fetchall()
    connection.execute("DELETE FROM standing")
    _add(connection, _lines(_rows(connection, entries, withdrawn, _by_code), decisions))
    connection.execute(_SET_ENDS)


class _Line(NamedTuple):
    """A line of the table, but for its end."""

    sheet: str
    code: str
    topic: str
    since: str
    period: str


def _since(period: str) -> str:
    return parse_period(period).last.isoformat()


def _rows(
    connection: sqlite3.Connection,
    entries: Iterable[sqlite3.Row],
    withdrawn: Collection[str],
    decode: Decode,
) -> Iterator[Reported]:
    """Yield rows as they count now, without those of withdrawn files and those that lead units keep out."""
    held, preferred = held_reports(connection), preferred_ranks(connection)
    listed = list(entries)
    not_counted = left_out(connection, (entry["sha256"] for entry in listed))
    for entry in listed:
        sha256 = entry["sha256"]
        if sha256 in withdrawn or key_of(entry) in not_counted:
            continue
        row = decode(entry)
        if held and (sha256, entry["code"], entry["period"]) in held:
            row = replace(row, held=True)
        if sha256 in preferred:
            row = replace(row, ranked_at=preferred[sha256])
        yield row


def _lines(rows: Iterable[Reported], decisions: Sequence[ConflictDecision]) -> set[_Line]:
    lines = set()
    for row in merged_rows(rows, decisions):
        for topic in topics(row):
            lines.add(_Line(row.sheet, row.code, topic, _since(row.period.code), row.period.code))
    return lines


def _add(connection: sqlite3.Connection, lines: Iterable[_Line]) -> None:
    statement = "INSERT INTO standing (sheet, code, topic, since, period, until) VALUES (?, ?, ?, ?, ?, '')"
    connection.executemany(statement, sorted(lines))
