"""Commands that only look: they leave the workspace as it was, whatever goes on in it."""

import os
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.issued import Snapshots
from tests.helpers.filling import Office
from tests.helpers.snapshot import snapshot

LOOKING = {
    "check": ("check", "inbox/03.xlsx", "inbox/04.xlsx"),
    "check --json": ("check", "inbox/03.xlsx", "--json"),
    "status": ("status",),
    "export": ("export", "--to", "../导出"),
    "history of a row": ("history", "Z03-04"),
    "status of an earlier period": ("status", "--period", "2026-W42"),
    "rules": ("rules",),
    "plan check": ("plan", "check"),
    "template check": ("template", "check"),
}


def look(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture
def office(later_week: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return a workspace with two returns in the inbox, one of them with an error, as the current folder."""
    monkeypatch.chdir(later_week.workspace.root)
    later_week.send(later_week.right("03"), "03.xlsx")
    wrong = later_week.right("04")
    wrong.fill_in({("tasks", later_week.forms["04"].part("tasks").rows[0].code): {"status": "基本完成"}})
    later_week.send(wrong, "04.xlsx")
    return later_week


@pytest.mark.parametrize("words", LOOKING.values(), ids=LOOKING)
def test_a_command_that_looks_leaves_every_byte_name_and_time_as_it_was(
    office: Office, words: tuple[str, ...]
) -> None:
    before = snapshot(office.workspace.root)
    result = look(*words)
    assert result.exit_code == (1 if "inbox/04.xlsx" in words else 0), result.stderr
    assert snapshot(office.workspace.root) == before


@pytest.mark.parametrize("words", LOOKING.values(), ids=LOOKING)
def test_a_command_that_looks_makes_nothing_in_a_workspace_without_a_ledger(
    tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = Workspace(tmp_path)
    initialise(workspace)
    for name in ("03", "04"):
        (workspace.inbox / f"{name}.xlsx").write_bytes(workspace.template.read_bytes())
    before = snapshot(tmp_path)
    result = look(*words)
    if words[0] == "history":
        assert "台账里还没有记过" in result.stdout
    elif words[0] in ("check", "status", "export"):
        assert result.exit_code == 2
        assert "台账里没有下发记录" in result.stderr + result.stdout
    else:
        assert result.exit_code == 0
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("words", [LOOKING["check"], LOOKING["status"]], ids=["check", "status"])
def test_a_command_that_looks_works_while_another_one_writes(office: Office, words: tuple[str, ...]) -> None:
    workspace = office.workspace
    said = look(*words).output
    moment = datetime(2026, 11, 27, tzinfo=UTC)
    with (
        open_ledger(workspace.ledger, who="tenproj merge --period 2026-W48") as ledger,
        ledger.batch("merge", moment, Snapshots("{}", "{}")),
    ):
        for n in range(30_000):  # more than SQLite keeps in memory before it changes the file
            ledger.record_file(f"{n:064}", "填报表.xlsx", 1, moment)
        before = snapshot(workspace.root)
        assert look(*words).output == said
        assert snapshot(workspace.root) == before


def _without_write_access(folder: Path) -> list[str]:
    """Take the right to write from a folder; return the words before a command that root obeys it with."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]


@pytest.mark.skipif(os.name == "nt" or not shutil.which("setpriv"), reason="needs setpriv where root runs it")
@pytest.mark.parametrize("words", LOOKING.values(), ids=LOOKING)
def test_a_command_that_looks_works_in_a_folder_that_may_only_be_read(
    office: Office, words: tuple[str, ...]
) -> None:
    root = office.workspace.root
    obeying = _without_write_access(root)
    refused = subprocess.run([*obeying, "touch", str(root / "inbox" / "x")], capture_output=True, check=False)  # noqa: S603  # ours
    assert refused.returncode
    command = [*obeying, sys.executable, "-m", "tenproj_xl.cli.main", "-C", str(root), *words]
    before = snapshot(root)
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)  # noqa: S603  # ours
    assert done.returncode == (1 if "inbox/04.xlsx" in words else 0), done.stderr
    assert snapshot(root) == before
