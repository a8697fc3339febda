"""What was recorded since a batch that can change what a paper of an earlier time tells.

It asks for as little as it can, and says yes where it is not sure: a paper that is compared in vain costs
time only. What it leaves out tells nothing of the time of the paper; see `History.up_to` and `History.about`.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cached_property

from tenproj_xl.core.answers import TaskStatus
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period, parse_period, read_period
from tenproj_xl.core.sheets import ISSUES, TASKS, with_choices

_REPORTS = """
SELECT sheet, code, period, MAX(batch) FROM (
    SELECT sheet, code, period, batch FROM rows
    UNION ALL SELECT rows.sheet, rows.code, rows.period, withdrawals.batch
        FROM withdrawals JOIN rows ON rows.sha256 = withdrawals.sha256
    UNION ALL SELECT rows.sheet, rows.code, rows.period, preferences.batch
        FROM preferences JOIN rows ON rows.sha256 = preferences.sha256
    UNION ALL SELECT sheet, code, period, batch FROM settlements
    UNION ALL SELECT 'indicators', code, period, batch FROM reviews
    UNION ALL SELECT sheet, code, period, batch FROM lead_words)
GROUP BY sheet, code, period"""
_RETURNS = """
SELECT period, MAX(batch) FROM (
    SELECT period, batch FROM receipts
    UNION ALL SELECT receipts.period, withdrawals.batch
        FROM withdrawals JOIN receipts ON receipts.sha256 = withdrawals.sha256
    UNION ALL SELECT period, batch FROM preferences
    UNION ALL SELECT period, batch FROM objections
    UNION ALL SELECT period, batch FROM forms
    UNION ALL SELECT period, batch FROM periods)
WHERE period != '' GROUP BY period"""
_DECISIONS = """
SELECT MIN(decided_on), MAX(batch) FROM (
    SELECT issue, decided_on, batch FROM decisions
    UNION ALL SELECT decisions.issue, decisions.decided_on, withdrawals.batch
        FROM withdrawals JOIN decisions ON decisions.sha256 = withdrawals.sha256)
GROUP BY issue"""
_TOLD_DAYS = """
SELECT sheet, code, period,
    json_extract(payload, '$.values.data_period') AS data_period,
    json_extract(payload, '$.values.status') AS status,
    json_extract(payload, '$.values.completed_on.date') AS completed_on,
    json_extract(payload, '$.values.applied_on.date') AS applied_on,
    json_extract(payload, '$.values.raised_on.date') AS raised_on
FROM rows"""
_REMOVED = "SELECT COALESCE(MAX(batch), 0) FROM removals WHERE sha256 != ''"
_FORMS = "SELECT period, MIN(batch) FROM forms GROUP BY period"

_ReportKey = tuple[str, str, str]
"""Sheet, code and period of a report."""


@dataclass(frozen=True)
class _Telling:
    """A report of a period that tells something of a day, and the newest batch that can have changed that."""

    period: Period
    day: date
    newest: int


class LaterEntries:
    """The entries of an open ledger by what they are about, each with the newest batch that recorded some."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def may_change(self, period: Period, since: int) -> bool:
        """Return whether anything that the roll-up of a period tells was recorded or decided since."""
        return self.are_of_returns(period, since) or self.are_decisions_by(period.last, since)

    def are_of_returns(self, until: Period, since: int) -> bool:
        """Return whether anything about the returns of a period, or of one before, was recorded since.

        Of what was removed by law nobody knows any more of which period it was.
        """
        return self._newest_removal > since or any(
            newest > since and not until.precedes(period) for period, newest in self._by_period.items()
        )

    def are_of_later_returns_about(self, span: Period, since: int) -> bool:
        """Return whether anything that returns of later periods tell of a span was recorded since."""
        return any(
            told.newest > since and span.last < told.period.last and told.day <= span.last
            for told in self._tellings
        )

    def are_decisions_by(self, day: date, since: int) -> bool:
        """Return whether anything was decided since on an issue that was decided on by a day."""
        return any(first <= day and newest > since for first, newest in self._decisions)

    def newest_sent(self, until: int | None = None) -> Period | None:
        """Return the newest period that forms went out for, in all or until a batch."""
        sent = [period for period, first in self._sent if until is None or first <= until]
        return max(sent, key=lambda period: period.last, default=None)

    # --- what there is

    @cached_property
    def _reports(self) -> Mapping[_ReportKey, int]:
        return {(sheet, code, period): newest for sheet, code, period, newest in self._db.execute(_REPORTS)}

    @cached_property
    def _by_period(self) -> Mapping[Period, int]:
        newest: dict[str, int] = dict(self._db.execute(_RETURNS).fetchall())
        for (_, _, period), batch in self._reports.items():
            newest[period] = max(batch, newest.get(period, 0))
        return {parse_period(code): batch for code, batch in newest.items()}

    @cached_property
    def _decisions(self) -> list[tuple[date, int]]:
        return [(date.fromisoformat(day), newest) for day, newest in self._db.execute(_DECISIONS)]

    @cached_property
    def _newest_removal(self) -> int:
        (newest,) = self._db.execute(_REMOVED).fetchone()
        return int(newest)

    @cached_property
    def _sent(self) -> list[tuple[Period, int]]:
        return [(parse_period(code), first) for code, first in self._db.execute(_FORMS)]

    @cached_property
    def _tellings(self) -> list[_Telling]:
        """The reports that tell of days before their own period."""
        found = []
        rows = self._db.execute(_TOLD_DAYS).fetchall()
        done = {row["code"] for row in rows if row["sheet"] == TASKS.code and _is_done(row["status"])}
        for row in rows:
            period = parse_period(row["period"])
            for day, newest in self._told_days(row, done):
                if day <= period.last:
                    found.append(_Telling(period, day, newest))
        return found

    def _told_days(self, row: sqlite3.Row, done: Collection[str]) -> Iterator[tuple[date, int]]:
        """Yield the days that a report tells of, each with the newest batch that can have changed it.

        Reports of one period are told together. A task that is said to be done may be taken back by any later
        report; an issue is registered by the first.
        """
        sheet, code, period = row["sheet"], row["code"], row["period"]
        newest = self._reports[sheet, code, period]
        if data_period := read_period(str(row["data_period"] or "")):
            yield data_period.last, newest
        if row["completed_on"]:
            if code in done:
                newest = self._newest_of_task[code]
            yield date.fromisoformat(row["completed_on"]), newest
        if row["applied_on"]:
            yield date.fromisoformat(row["applied_on"]), newest
        if row["raised_on"] and parse_period(period) <= self._first_of_issue[code]:
            yield date.fromisoformat(row["raised_on"]), newest

    @cached_property
    def _newest_of_task(self) -> Mapping[str, int]:
        newest: dict[str, int] = {}
        for (sheet, code, _), batch in self._reports.items():
            if sheet == TASKS.code:
                newest[code] = max(batch, newest.get(code, 0))
        return newest

    @cached_property
    def _first_of_issue(self) -> Mapping[str, Period]:
        first: dict[str, Period] = {}
        for sheet, code, period in self._reports:
            if sheet == ISSUES.code:
                first[code] = min(parse_period(period), first.get(code, parse_period(period)))
        return first


def _is_done(status: object) -> bool:
    return with_choices(TASKS.code, {"status": str(status or "")})["status"] is TaskStatus.DONE
