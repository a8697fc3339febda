"""Papers that a second process writes are those that one process writes."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tenproj_xl.app.as_of import remake
from tests.helpers.filling import Office

PERIOD, LATER = "2026-W48", "2099-12-31"


def papers(written: Sequence[Path]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in written}


def test_the_papers_of_two_processes_and_of_one_are_the_same_byte_for_byte(merged: Office) -> None:
    workspace = merged.workspace
    written = remake(workspace, LATER, "week", PERIOD).written
    by_one = papers(written)
    for path in written:
        path.unlink()

    command = [sys.executable, "-m", "tenproj_xl.cli.main", "-C", str(workspace.root)]
    subprocess.run([*command, "merge", "--as-of", LATER], capture_output=True, check=True)  # noqa: S603 - ours

    assert len(by_one) == 5
    assert papers(written) == by_one
