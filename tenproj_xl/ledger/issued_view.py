"""What the ledger knows of the forms that went out, and of their periods."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.ledger import codec
from tenproj_xl.model.calendar import IssuedPeriod
from tenproj_xl.model.forms_sent import FormsSent, part_form
from tenproj_xl.model.issued import Issued, SentForm
from tenproj_xl.model.units import section_of, unit_of

_MAX_PARAMETERS = 500
"""Tokens asked for in one query; SQLite has a limit of its own."""


NEW_YEAR = "plan new-year"
"""The command that makes the plan ready for a year, which its batch names behind it: `plan new-year 2027`."""


class IssuedView:
    """What was issued, as a ledger has it; a part of `LedgerView`."""

    _db: sqlite3.Connection

    def issued(self, tokens: Iterable[str]) -> dict[str, list[Issued]]:
        """Return all printings of tokens, oldest first."""
        wanted = sorted(set(tokens))
        rows: list[sqlite3.Row] = []
        for start in range(0, len(wanted), _MAX_PARAMETERS):
            chunk = wanted[start : start + _MAX_PARAMETERS]
            marks = ",".join("?" * len(chunk))
            rows += self._db.execute(f"SELECT * FROM issued WHERE token IN ({marks})", chunk)  # noqa: S608  # marks only
        printings: dict[str, list[Issued]] = {}
        for row in sorted(rows, key=lambda row: int(row["seq"])):
            printings.setdefault(row["token"], []).append(codec.issued_of(row))
        return printings

    def newest_period(self) -> str | None:
        """Return the code of the newest period that forms went out for, None if none did."""
        return next(reversed(self.issued_periods()), None)

    def issued_periods(self) -> list[str]:
        """Return the codes of all periods that forms went out for, in the order of their last days."""
        codes = [code for (code,) in self._db.execute("SELECT DISTINCT period FROM forms")]
        return sorted(codes, key=parse_period)

    def year_begun(self) -> int | None:
        """Return the year that the plan was made ready for last (`plan new-year`), None if it never was."""
        query = "SELECT command FROM batches WHERE command LIKE ? ORDER BY id DESC LIMIT 1"
        found = self._db.execute(query, (f"{NEW_YEAR} %",)).fetchone()
        if found is None:
            return None
        return int(found[0].removeprefix(NEW_YEAR))

    def period_bounds(self) -> dict[str, IssuedPeriod]:
        """Return the periods that forms went out for, by code, each with the days that it had then.

        The deadline is that of the newest forms. For forms that 0.3.0 and before made, the days are those
        that the rhythm in the settings of that time gives.
        """
        bounds: dict[str, IssuedPeriod] = {}
        query = """SELECT forms.period, snapshots.body FROM forms JOIN batches ON batches.id = forms.batch
                   JOIN snapshots ON snapshots.sha256 = batches.settings
                   WHERE forms.period NOT IN (SELECT period FROM periods)
                   GROUP BY forms.period ORDER BY MIN(forms.batch)"""
        for code, settings in self._db.execute(query):
            bounds[code] = IssuedPeriod(codec.span_of(code, settings), None, None)
        for row in self._db.execute("SELECT * FROM periods ORDER BY seq"):
            first = bounds.get(row["period"])
            bounds[row["period"]] = codec.issued_period_of(row, first)
        return bounds

    def sent(
        self, period: str, recipient: str, known: Mapping[str, Sequence[Issued]] | None = None
    ) -> SentForm:
        """Return what was sent out for a period to a recipient; nothing where no form was.

        `known` are all printings of some tokens, as `issued` gives them, which are not read again.
        """
        query = "SELECT * FROM issued WHERE period = ? AND recipient = ? ORDER BY seq"
        newest: dict[str, Issued] = {}
        for row in self._db.execute(query, (period, recipient)):
            printings = (known or {}).get(row["token"], ())
            own = [one for one in printings if (one.period, one.recipient) == (period, recipient)]
            newest[row["token"]] = own[-1] if own else codec.issued_of(row)
        query = "SELECT tokens, columns FROM forms WHERE period = ? AND recipient = ? ORDER BY batch"
        columns = "{}"
        for tokens, columns in self._db.execute(query, (period, recipient)):  # noqa: B007  # the last is wanted
            newest = {token: newest[token] for token in json.loads(tokens) if token in newest}
        return SentForm(newest, json.loads(columns))

    def recipients(self, period: str) -> list[str]:
        """Return the codes of all to whom forms of a period went out that count, see `forms_sent`."""
        return [code for code, is_replaced in self._recipients(period).items() if not is_replaced]

    def replaced_recipients(self, period: str) -> list[str]:
        """Return the codes of those in place of whose forms others were made since."""
        return [code for code, is_replaced in self._recipients(period).items() if is_replaced]

    def forms_sent(self, period: str) -> FormsSent:
        """Return whom the forms of a period went out to, and what those of several 科室 have in them."""
        codes = self._recipients(period)
        parted = {unit_of(code) for code in codes if section_of(code)}
        own = [code for code in codes if unit_of(code) in parted]
        parts = {}
        for code in sorted(own, key=codes.__getitem__, reverse=True):
            parts[code] = part_form(self._newest_rows(period, code))
        return FormsSent(tuple(code for code in codes if not codes[code]), parts)

    def _newest_rows(self, period: str, recipient: str) -> list[Issued]:
        """Return the rows of the newest form for a period to a recipient."""
        query = """SELECT tokens FROM forms WHERE period = ? AND recipient = ? ORDER BY batch DESC LIMIT 1"""
        (tokens,) = self._db.execute(query, (period, recipient)).fetchone()
        return [printings[-1] for printings in self.issued(json.loads(tokens)).values()]

    def _recipients(self, period: str) -> dict[str, bool]:
        """Return by recipient whether its form was replaced: others were made for its unit since, and not it.

        That happens only where a unit has several 科室, or had.
        """
        query = """SELECT recipient, MAX(batch) FROM forms WHERE period = ?
                   GROUP BY recipient ORDER BY recipient"""
        batches = {code: int(batch) for code, batch in self._db.execute(query, (period,))}
        newest: dict[str, int] = {}
        for code, batch in batches.items():
            newest[unit_of(code)] = max(batch, newest.get(unit_of(code), 0))
        return {code: batch < newest[unit_of(code)] for code, batch in batches.items()}

    def plan_of_forms(self, period: str) -> str | None:
        """Return the hash of the plan of a period's newest forms, None if there are none."""
        query = """SELECT plan FROM batches JOIN forms ON forms.batch = batches.id
                   WHERE forms.period = ? ORDER BY batches.id DESC LIMIT 1"""
        return self._first(query, period)

    @cached_property
    def _spans(self) -> dict[str, Period]:
        """The periods that forms went out for, by code: a fortnight has the code of its second week."""
        return {code: issued.period for code, issued in self.period_bounds().items()}

    def _first(self, query: str, parameter: str) -> str | None:
        """Return the one column of the first row of a query, None where there is no row."""
        row = self._db.execute(query, (parameter,)).fetchone()
        if row is None:
            return None
        return str(row[0])
