"""A key ring for the processes that the desk starts: it keeps in the file that TESTED_KEY_RING names."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class KeyRing(KeyringBackend):
    """Keeps passwords as they are."""

    priority = 1

    def set_password(self, service: str, username: str, password: str) -> None:
        _file().write_text(json.dumps({f"{service} {username}": password}), encoding="utf-8")

    def get_password(self, service: str, username: str) -> str | None:
        kept = json.loads(_file().read_text(encoding="utf-8")) if _file().exists() else {}
        password: str | None = kept.get(f"{service} {username}")
        return password


def _file() -> Path:
    return Path(os.environ["TESTED_KEY_RING"])
