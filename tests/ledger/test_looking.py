"""Looking into a ledger: what a command that only looks sees, and that nothing shows that it looked."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.ledger import looking
from tenproj_xl.ledger.looking import follow_ledger, look_into_ledger
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.issued import Snapshots
from tests.helpers.old_ledger import as_version_1
from tests.helpers.snapshot import snapshot

SNAPSHOTS = Snapshots("{}", "{}")
NOON = datetime(2026, 11, 27, 4, tzinfo=UTC)

WRITER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    database.execute(statement)
print("ready", flush=True)
sys.stdin.read()
"""
MANY = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
          INSERT INTO files (sha256, name, size, received_at, batch) SELECT 'new' || i, 'new', 1, '2026-11-27T04:00:00+00:00', 1 FROM n"""
SPILLED = ("PRAGMA cache_size = 5", "BEGIN IMMEDIATE", "DELETE FROM issue_names", MANY)
"""A transaction too large for memory: SQLite changes the file before the commit, and allows no reader."""
IN_MEMORY = ("BEGIN IMMEDIATE", "DELETE FROM issue_names")
ABOUT_TO_COMMIT = ("BEGIN EXCLUSIVE",)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a ledger with an issue of the name `old` and 300 files."""
    folder = tmp_path / "台账 #1?"
    with open_ledger(folder, who="tests") as ledger, ledger.batch("test", NOON, SNAPSHOTS):
        ledger.name_issue("old", "W03-2026-001", "用地")
        for n in range(300):
            ledger.record_file(f"{n:064}", "表.xlsx", 1, NOON)
    return folder


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that temporary files are made in."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return temporary


@contextmanager
def writing(folder: Path, *statements: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process that has begun to write, and goes on having begun until the end."""
    command = [sys.executable, "-c", WRITER, str(folder / "台账.sqlite3"), *statements]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # ours
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def seen(folder: Path) -> str | None:
    with look_into_ledger(folder) as ledger:
        named = ledger.issue_named("old")
    return named and named[0]


def test_looking_leaves_every_byte_name_and_time_as_it_was(folder: Path) -> None:
    before = snapshot(folder)
    assert seen(folder) == "W03-2026-001"
    assert snapshot(folder) == before


def test_a_ledger_that_is_not_there_is_seen_as_empty_and_not_made(tmp_path: Path) -> None:
    with look_into_ledger(tmp_path / "ledger") as ledger:
        assert ledger.newest_period() is None
        assert ledger.receipts() == []
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_without_tables_is_seen_as_empty(tmp_path: Path) -> None:
    (tmp_path / "台账.sqlite3").touch()
    (tmp_path / "台账.sqlite3-journal").touch()
    before = snapshot(tmp_path)
    with look_into_ledger(tmp_path) as ledger:
        assert ledger.newest_period() is None
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "statements", [IN_MEMORY, SPILLED, ABOUT_TO_COMMIT], ids=["in memory", "spilled", "about to commit"]
)
def test_looking_sees_what_holds_while_another_process_writes(
    folder: Path, temporary: Path, statements: tuple[str, ...]
) -> None:
    with writing(folder, *statements):
        before = snapshot(folder)
        assert seen(folder) == "W03-2026-001"
        assert snapshot(folder) == before
    assert list(temporary.iterdir()) == []


def test_looking_sees_what_holds_after_a_writer_was_cut_off(folder: Path, temporary: Path) -> None:
    with writing(folder, *SPILLED) as process:
        process.kill()
    before = snapshot(folder)
    assert "台账.sqlite3-journal" in before
    assert seen(folder) == "W03-2026-001"
    assert snapshot(folder) == before
    assert list(temporary.iterdir()) == []
    with open_ledger(folder, who="tests") as ledger:
        assert ledger.issue_named("old")
    assert "台账.sqlite3-journal" not in snapshot(folder)


def test_a_look_sees_one_state_and_a_commit_waits_for_its_end(folder: Path) -> None:
    def rename() -> None:
        with open_ledger(folder, who="tests") as ledger, ledger.batch("test", NOON, SNAPSHOTS):
            ledger.name_issue("new", "W03-2026-002", "资金")

    with look_into_ledger(folder) as ledger:
        assert ledger.issue_named("old")
        writer = Thread(target=rename)
        writer.start()
        writer.join(0.3)
        assert writer.is_alive()
        assert ledger.issue_named("new") is None
    writer.join()
    with look_into_ledger(folder) as ledger:
        assert ledger.issue_named("new")


def test_who_follows_a_run_sees_each_batch_and_records_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_COMMIT", 0.1)
    with open_ledger(folder, who="tests") as ledger, follow_ledger(folder) as followed:
        ledger._db.execute("PRAGMA cache_size = 5")  # it would change the file before the commit
        with ledger.batch("test", NOON, SNAPSHOTS):
            for n in range(500):
                ledger.record_file(f"{n:064x}-", "新表.xlsx", 1, NOON)
            assert followed.first_seen(f"{1:064x}-") is None
        assert followed.first_seen(f"{1:064x}-") == NOON
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            followed._db.execute("DELETE FROM files")


def test_a_copy_that_a_commit_interfered_with_is_not_used(
    folder: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "台账.sqlite3"

    def interfere(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes())
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE issue_names SET description = description || '。'")

    monkeypatch.setattr(shutil, "copyfile", interfere)
    assert not looking._copied(path, temporary / "copy")
    monkeypatch.undo()
    assert looking._copied(path, temporary / "copy")


def test_a_ledger_that_is_written_to_all_the_time_is_not_guessed_at(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_copied", lambda *_paths: False)
    monkeypatch.setattr(looking, "_PATIENCE", 0)
    monkeypatch.setattr(looking, "_PAUSE", 0)
    with writing(folder, *SPILLED), pytest.raises(EnvironmentProblem, match="台账正在被别的命令写入"):
        seen(folder)


def test_no_ledger_is_told_from_one_that_cannot_be_read(folder: Path) -> None:
    path = folder / "台账.sqlite3"
    path.write_bytes(path.read_bytes()[:-20000])
    with pytest.raises(EnvironmentProblem, match="已损坏"):
        seen(folder)
    path.write_bytes(b"PK\x03\x04" + bytes(5000))
    with pytest.raises(EnvironmentProblem, match="已损坏"):
        seen(folder)


def test_an_older_ledger_is_seen_as_a_current_one_and_stays_as_it_was(folder: Path) -> None:
    as_version_1(folder / "台账.sqlite3")
    before = snapshot(folder)
    assert seen(folder) == "W03-2026-001"
    assert snapshot(folder) == before
