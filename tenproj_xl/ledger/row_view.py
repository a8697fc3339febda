"""What the ledger knows of rows by their codes and names: where they were reported, told and spoken of."""

import sqlite3
from collections.abc import Collection
from datetime import tzinfo

from tenproj_xl.ledger.lead_entries import has_lead_words, lead_words
from tenproj_xl.ledger.recordings import codes_from_units, codes_in_file, is_recorded, row_numbers
from tenproj_xl.ledger.row_entries import forces_about, forces_reported
from tenproj_xl.ledger.standing import is_reported
from tenproj_xl.ledger.told import CodeThen, first_told, told_state
from tenproj_xl.model.lead_words import LeadWord
from tenproj_xl.model.published import FirstTold
from tenproj_xl.model.reviews import ToldState


class RowView:
    """The rows of an open ledger by their codes; a part of `LedgerView`."""

    _db: sqlite3.Connection

    def rows_named_in(self, sha256: str) -> list[tuple[str, str]]:
        """Return sheet and code of every row that a file brought, whether it is still in force or not."""
        query = "SELECT DISTINCT sheet, code FROM rows WHERE sha256 = ?"
        return [(sheet, code) for sheet, code in self._db.execute(query, (sha256,))]

    def forces_about_rows_of(self, period: str, forces: Collection[str]) -> frozenset[str]:
        """Return some task forces, with others under which the same rows of a period were reported."""
        return forces_about(self._db, period, forces)

    def forces_reported(self, period: str) -> list[str]:
        """Return the codes of the task forces of which rows of a period were accepted, in their order."""
        return forces_reported(self._db, period)

    def has_lead_words(self, period: str) -> bool:
        """Whether anything was said of a row of a period, if only that it waits for its lead."""
        return has_lead_words(self._db, period)

    def lead_words(self, period: str) -> list[LeadWord]:
        """Return what lead units say of the rows of a period, each word as it stands."""
        return lead_words(self._db, period)

    def codes_in_file(self, sha256: str) -> list[str]:
        """Return the codes of the rows that a file brought."""
        return codes_in_file(self._db, sha256)

    def codes_from_units(self, units: Collection[str]) -> list[str]:
        """Return the codes of the rows that some units ever sent or were to report."""
        return codes_from_units(self._db, units)

    def row_numbers(self, codes: Collection[str]) -> list[int]:
        """Return the numbers of the entries about some rows, oldest first; of an indicator all its rows."""
        return row_numbers(self._db, codes)

    def is_recorded(self, code: str) -> bool:
        """Return whether a row of a code was ever recorded, in files that were withdrawn, too."""
        return is_recorded(self._db, code)

    def is_reported(self, sheet: str, code: str) -> bool:
        """Return whether there is a report on a row in force, whatever its period."""
        return is_reported(self._db, sheet, code)

    def issue_named(self, name: str) -> tuple[str, str] | None:
        """Return code and description of the issue that goes by a name, None if none does."""
        query = "SELECT code, description FROM issue_names WHERE name = ?"
        row = self._db.execute(query, (name,)).fetchone()
        if row is None:
            return None
        return row["code"], row["description"]

    def next_issue_code(self, task_force: str, year: int) -> str:
        """Return the next free code of a task force's issues, such as `W03-2026-007`."""
        prefix = f"W{task_force}-{year}-"
        query = "SELECT COUNT(DISTINCT code) FROM issue_names WHERE code LIKE ?"
        (count,) = self._db.execute(query, (prefix + "%",)).fetchone()
        return f"{prefix}{count + 1:03d}"

    def first_told(self, code_then: CodeThen, data_period: str, zone: tzinfo) -> FirstTold | None:
        """Return the first paper that told an indicator's figure of a data period, None if none did."""
        return first_told(self._db, code_then, data_period, zone)

    def told_state(self, code_then: CodeThen, data_period: str) -> ToldState | None:
        """Return how the last paper that was given out judged an indicator's figure of a data period."""
        return told_state(self._db, code_then, data_period)

    def decided_in(self, sha256: str) -> int:
        """Return how many decisions a file brought, whether they are still in force or not."""
        query = "SELECT COUNT(*) FROM decisions WHERE sha256 = ?"
        (count,) = self._db.execute(query, (sha256,)).fetchone()
        return int(count)
