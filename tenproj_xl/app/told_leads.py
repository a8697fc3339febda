"""What lead units were last told of a period: where nothing of it can have changed, it stays as it lies.

Noted is after which entry of the ledger they were told, by what else (plan, settings, address book, texts of
letters, program), and the files with their hashes. Whoever edits or removes one gets it written anew.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from tenproj_xl.app.kept_workbooks import modules_stamp
from tenproj_xl.app.letter_drafts import RETURNED, TO_CHECK
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import sha256, sha256_of_file
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.settings import Loaded

_SAY_NOTHING = ("batches", "snapshots", "made_files", "made_editions", "merges", "letters", "fetched")
"""Entries by which lead units are told nothing else; plan and settings are compared themselves."""


@dataclass(frozen=True, kw_only=True)
class ToldLeads:
    """What lead units were told of a period: workbooks to look through, and letters."""

    workspace: Workspace
    loaded: Loaded
    ledger: Ledger
    period: Period

    def standing(self) -> list[Path] | None:
        """Return the files, None where they have to be written again."""
        noted = json.loads(self.ledger.fact("told") or "{}")
        if noted.get("by") != self._by() or self.ledger.leads_owed():
            return None
        if self.ledger.has_entries_after(noted["after"], but=_SAY_NOTHING):
            return None
        files = {self.workspace.root / path: digest for path, digest in noted["files"]}
        letters = {path for path in files if path.suffix == ".txt"}
        if letters != self._letters() or not all(map(_is_as_written, files, files.values())):
            return None
        return list(files)

    def note(self, files: Iterable[Path], made: Mapping[Path, str]) -> None:
        """Note what they were told of this period, in the order in which the operator is told of it.

        Args:
            files: All that was written for them.
            made: The hashes of the workbooks, as they were written.
        """
        own = [path for path in files if self.workspace.outbox / self.period.code in path.parents]
        if own:
            listed = [(self.workspace.relative(p), made.get(p) or sha256_of_file(p)) for p in own]
            after = self.ledger.newest_head().number
            self.ledger.note_told({"by": self._by(), "after": after, "files": listed})

    def _letters(self) -> set[Path]:
        """Return the letters about rows to look at, or to correct, that lie there."""
        folder = self.workspace.replies(self.period)
        return {path for prefix in (TO_CHECK, RETURNED) for path in folder.glob(f"{prefix}*.txt")}

    def _by(self) -> str:
        """Return what changes where they would be told something else, whatever the ledger says."""
        snapshots = self.loaded.snapshots
        others = (modules_stamp(), self.period, self.loaded.addresses, self.loaded.letters)
        return sha256(f"{others}{snapshots.plan}{snapshots.settings}".encode())


def _is_as_written(path: Path, digest: str) -> bool:
    return path.is_file() and sha256_of_file(path) == digest
