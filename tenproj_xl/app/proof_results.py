"""What the commands that prove and keep a workspace give back."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Self

from tenproj_xl.core.dataclass import dataclass


@dataclass(frozen=True)
class Discrepancy:
    """What is wrong: where, what, since when ("" where nobody knows), and what can be done."""

    where: str
    what: str
    since: str
    remedy: str

    @property
    def message(self) -> str:
        """All of it in one sentence."""
        since = f"（{self.since}记入）" if self.since else ""
        return f"{self.where}{since}：{self.what}。{self.remedy}。"


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What was compared, and what is wrong; `notes` are only to be known, such as papers edited by hand.

    `last` is the hash of the newest entry, in hex; `papers` is how many files written for people there were.
    """

    entries: int
    last: str
    files: int
    figures: int
    removed: int
    papers: int
    discrepancies: tuple[Discrepancy, ...]
    notes: tuple[Discrepancy, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VerifiedEntries:
    """How many entries the ledger has, how many new ones were compared; the last's hash; what is wrong."""

    entries: int
    new: int
    last: str
    discrepancies: tuple[Discrepancy, ...]


@dataclass(frozen=True, kw_only=True)
class Removed:
    """A file that was lawfully removed: its name and hash, why, and how many entries of the ledger that took.

    `held_in` is how many zips and mails went with it, `papers` how many papers in the archive; `shared_with`
    names other files that say some of its words, `came_beside` those that came in zips and mails which do,
    and `made` the files in the outbox that do. `told_in` are the papers that told its figures and states:
    these are looked for in no file.
    """

    name: str
    sha256: str
    why: str
    entries: int
    held_in: int
    papers: int
    shared_with: tuple[str, ...]
    came_beside: tuple[str, ...]
    made: tuple[str, ...]
    told_in: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """A ledger that was made again: how many entries it has, and where the one before it lies now, if any."""

    entries: int
    last: str
    before: Path | None


@dataclass(frozen=True, kw_only=True)
class BackupContents:
    """What a backup says of itself: when and by which version it was made, and the hash of each file.

    `entries` is how many entries the ledger has, `last` the hash of the newest, in hex.
    """

    made_at: datetime
    made_by: str
    entries: int
    last: str
    files: Mapping[str, str]

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(vars(self) | {"made_at": self.made_at.isoformat()}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Return what a text says; raise ValueError, KeyError or TypeError where it says something else."""
        said = json.loads(text)
        return cls(
            made_at=datetime.fromisoformat(said["made_at"]),
            made_by=str(said["made_by"]),
            entries=int(said["entries"]),
            last=str(said["last"]),
            files=dict(said["files"]),
        )


@dataclass(frozen=True, kw_only=True)
class BackedUp:
    """A backup: where it lies, how many files it has, its size in bytes, and the ledger's newest entry."""

    path: Path
    files: int
    size: int
    entries: int
    last: str


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A workspace that was restored: where it lies, how many files it has, and when they were backed up."""

    root: Path
    files: int
    made_at: datetime
    entries: int


@dataclass(frozen=True, kw_only=True)
class ArchivedYear:
    """A folder for the archive of a year: where it lies, and how many items it has by period of retention.

    `without_pages` is how many of its files have no number of pages, `left_out` how much of the year is only
    listed; `missing` are given-out papers and decisions that the archive lacks. `kept_aside` is where the
    previous folder lies, if people had changed it.
    """

    year: int
    folder: Path
    catalogue: Path
    counts: Mapping[str, int]
    files: int
    without_pages: int
    left_out: int
    missing: tuple[str, ...]
    kept_aside: Path | None


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """The list by which the work is handed over: where it lies, and what it says is open."""

    path: Path
    open_matters: tuple[str, ...]
