"""Folders of which the system says that they may not be listed, whoever asks."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def close(folder: Path, system: pytest.MonkeyPatch) -> None:
    """Have the system refuse to list a folder."""
    for name in ("listdir", "scandir"):
        system.setattr(os, name, _all_but(folder, getattr(os, name)))


def _all_but(folder: Path, look: Callable[..., Any]) -> Callable[..., Any]:
    def look_at(path: Any = ".") -> Any:
        if isinstance(path, str | os.PathLike) and Path(path) == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
        return look(path)

    return look_at
