"""Folders that are expensive to make: made once a run, whichever worker of pytest-xdist asks first; and their copies."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from tenproj_xl.app.workspace import Workspace
from tests.helpers.filling import Office


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder that `make` fills, for all workers together: tests only read it, or work on a copy."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # each worker has a folder of its own in the run's
    folder, unfinished = root / f"shared-{name}", root / f"unfinished-{name}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(folder)
    return folder


def copied(made: Path, folder: Path) -> Workspace:
    """Return a copy of a shared workspace in a test's folder."""
    return Workspace(Path(shutil.copytree(made, folder / made.name)))


def opened(made: Path, period: str, factory: pytest.TempPathFactory) -> Office:
    """Open a copy of a shared workspace, which nobody may open itself: another worker may be copying it."""
    return Office.of(copied(made, factory.mktemp("opened")), period)


def copied_as(opened: Office, made: Path, folder: Path) -> Office:
    """Return a copy of a shared workspace; its forms have the content that they had when it was opened."""
    return replace(opened, workspace=copied(made, folder))
