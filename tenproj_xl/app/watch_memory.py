"""What was found in watched folders before, so that thousands of files are not read again with each run.

It is a cache beside the ledger, which may be deleted at any time: everything is then looked at once more. Of
a file that is not ours it keeps no name, size, time or hash, but only what these give under the ledger's
secret, so that nobody can tell from it which files lie there.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Iterable
from dataclasses import field
from pathlib import Path

from tenproj_xl import __version__
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import write_file
from tenproj_xl.reading.watched import Sighted

WATCHED = "旁看.json"
"""The name of the file in the folder of the ledger."""
_MOST_CONTENTS = 100_000
"""As many contents are remembered for each folder."""


@dataclass
class OfFolder:
    """What is remembered of one folder: its listed files, and contents wherever they lie in it."""

    listed: set[str] = field(default_factory=set)
    contents: set[str] = field(default_factory=set)


class WatchMemory:
    """What is remembered of all watched folders."""

    def __init__(self, path: Path, secret: str, known_by: Collection[str]) -> None:
        """Read what is remembered; nothing where what files are known by has changed.

        Args:
            path: The file of the cache.
            secret: The ledger's secret.
            known_by: What decides, besides a file itself, if it can be read: passwords and limits.
        """
        self._path = path
        self._secret = bytes.fromhex(secret)
        self._state = self._digest(__version__, *sorted(known_by))
        self._folders: dict[str, OfFolder] = {}
        self._was = b""
        self._read()

    def _read(self) -> None:
        try:
            self._was = self._path.read_bytes()
            body = json.loads(self._was)
            if body["state"] == self._state:
                for key, kept in body["folders"].items():
                    self._folders[key] = OfFolder(set(kept["listed"]), set(kept["contents"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self._folders = {}  # it is a cache

    def of(self, folder: str) -> OfFolder:
        """Return what is remembered of a folder, by its text in the settings."""
        return self._folders.setdefault(self._digest(folder), OfFolder())

    def listed(self, seen: Sighted) -> str:
        """Return what a file is remembered by as the folder lists it."""
        return self._digest(seen.name, str(seen.size), str(seen.changed))

    def contents(self, sha256: str) -> str:
        """Return what contents are remembered by."""
        return self._digest("contents", sha256)

    def keep(self, folders: Iterable[str]) -> None:
        """Write what is remembered of some folders; of others nothing is any more."""
        wanted = set(map(self._digest, folders))
        kept = {}
        for key, of_folder in sorted(self._folders.items()):
            if key in wanted:
                contents = sorted(of_folder.contents)[:_MOST_CONTENTS]
                kept[key] = {"listed": sorted(of_folder.listed), "contents": contents}
        data = json.dumps({"state": self._state, "folders": kept}).encode()
        if data != self._was and (kept or self._was):
            write_file(self._path, data)
            self._was = data

    def _digest(self, *parts: str) -> str:
        text = "\x1f".join(parts).encode("utf-8", "surrogateescape")
        return hmac.digest(self._secret, text, hashlib.sha256)[:12].hex()
