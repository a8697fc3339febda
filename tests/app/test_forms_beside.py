"""Of two forms a second process makes one, where there is one; they are the same byte for byte."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.processors import usable_cores
from tests.app.test_portions import beside
from tests.helpers.filling import Office

_OTHERWISE = (
    "import os, sys; from tenproj_xl.app import generate as forms\n"
    "of_old = forms.bytes_written\n"
    "def bytes_written(write):\n    {}\n    return of_old(write)\n"
    "bytes_written.__module__ = forms.__name__; forms.bytes_written = bytes_written\n"
    "from tenproj_xl.cli.main import main; main(sys.argv[1:])"
)
_COUNTED = _OTHERWISE.format("print(os.getppid(), file=open('made.txt', 'a'))")
_ENDED = _OTHERWISE.format("os.abort()")

pytestmark = pytest.mark.skipif(usable_cores() < 2, reason="a second process is for a second core")


def generated(script: str, workspace: Workspace, period: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Make the forms of a period in a process that runs a script."""
    command = [sys.executable, "-c", script, "-C", str(workspace.root), "generate", "--period", period]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)  # noqa: S603  # ours


def files(workspace: Workspace, period: str) -> dict[str, bytes]:
    """Return the forms of a period and their example, by name."""
    return {path.name: path.read_bytes() for path in (workspace.outbox / period).rglob("*.xlsx")}


@pytest.fixture
def without_forms(week: Office) -> Workspace:
    """The workspace of the week, in which the forms that went out are gone."""
    copy = beside(week, "again")
    shutil.rmtree(copy.outbox / week.period)
    return copy


def test_every_other_form_is_made_by_a_second_process(
    week: Office, without_forms: Workspace, tmp_path: Path
) -> None:
    done = generated(_COUNTED, without_forms, week.period, tmp_path)

    assert done.returncode == 0, done.stderr
    made = (tmp_path / "made.txt").read_text().splitlines()
    assert str(os.getpid()) not in made
    forms = list((without_forms.outbox / week.period / "填报表").iterdir())
    assert len(made) == len(forms) // 2
    assert files(without_forms, week.period) == files(week.workspace, week.period)


def test_where_the_second_process_ends_the_forms_are_made_by_the_next_run(
    week: Office, without_forms: Workspace, tmp_path: Path
) -> None:
    broken = generated(_ENDED, without_forms, week.period, tmp_path)
    assert broken.returncode == 3
    assert "另一个进程中途结束了" in broken.stderr

    assert generated(_COUNTED, without_forms, week.period, tmp_path).returncode == 0
    assert files(without_forms, week.period) == files(week.workspace, week.period)
