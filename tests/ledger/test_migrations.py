"""A ledger of an earlier version goes forward when it is opened, after a backup; a later one is refused."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tenproj_xl.cli.main import main
from tenproj_xl.ledger import migrations
from tenproj_xl.ledger.proof import KEYS, Proof, seal_all, verify
from tenproj_xl.ledger.schema import CURRENT
from tenproj_xl.ledger.store import open_ledger
from tests.helpers.filling import Office
from tests.helpers.old_ledger import as_version_1


@pytest.fixture
def old(recorded: Path) -> Path:
    """A ledger of 0.2.1 with a form, a return and the receipt of it."""
    as_version_1(recorded)
    return recorded


def entries(path: Path, columns: str = "*") -> dict[str, list[Any]]:
    """All entries by kind, of the kinds that there are any of."""
    with closing(sqlite3.connect(path)) as ledger:
        tables = {name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        kinds = [kind for kind in KEYS if kind in tables]
        found = {kind: ledger.execute(f"SELECT {columns} FROM {kind}").fetchall() for kind in kinds}
    return {kind: rows for kind, rows in found.items() if rows}


def entries_without_later_columns(path: Path) -> dict[str, list[Any]]:
    """All entries by kind, as far as 0.2.1 had their columns; none of the later ones has a value but `encoding`."""
    found: dict[str, list[Any]] = {}
    with closing(sqlite3.connect(path)) as ledger:
        for kind in KEYS:
            table = ledger.execute(f"SELECT * FROM {kind}")
            width = [name for name, *_ in table.description].index("encoding")
            rows = table.fetchall()
            assert {row[width:] for row in rows} <= {(1, *[None] * (len(table.description) - width - 1))}
            if rows:
                found[kind] = [row[:width] for row in rows]
    return found


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as ledger:
        (number,) = ledger.execute("PRAGMA user_version").fetchone()
    return int(number)


def proof(path: Path) -> Proof:
    with closing(sqlite3.connect(path)) as ledger:
        ledger.row_factory = sqlite3.Row
        return verify(ledger)


def backups(path: Path) -> list[Path]:
    return sorted(path.parent.glob("台账-*"))


def test_a_new_ledger_has_the_current_version_and_no_backup(week: Office) -> None:
    path = week.workspace.ledger / "台账.sqlite3"
    assert version(path) == CURRENT
    assert backups(path) == []


def test_a_ledger_of_0_2_1_goes_forward_without_a_byte_of_its_entries_rewritten(old: Path) -> None:
    before = entries(old)
    with open_ledger(old.parent, who="test") as ledger:
        assert len(ledger.receipts("2026-W48")) == 1
    assert version(old) == CURRENT
    assert entries_without_later_columns(old) == before


def test_the_entries_of_before_are_sealed(old: Path) -> None:
    count = sum(map(len, entries(old).values()))
    with open_ledger(old.parent, who="test"):
        pass
    sealed = proof(old)
    assert (sealed.heads, sealed.breaches) == (count, ())


def test_the_backup_is_the_ledger_of_before_and_its_name_says_version_and_day(old: Path) -> None:
    before = entries(old)
    with open_ledger(old.parent, who="test") as ledger:
        note = ledger.fact(f"migrated_to_{CURRENT}")
    (backup,) = backups(old)
    assert backup.name.startswith("台账-第1版备份-20")
    assert backup.name in str(note)
    assert (version(backup), entries(backup)) == (0, before)


def test_an_open_ledger_of_the_current_version_is_not_backed_up_again(old: Path) -> None:
    for _ in range(2):
        with open_ledger(old.parent, who="test"):
            pass
    assert len(backups(old)) == 1


def test_a_backup_is_never_overwritten(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(_: sqlite3.Connection) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "seal_all", cut_off)
        with pytest.raises(KeyboardInterrupt), open_ledger(old.parent, who="test"):
            pass
    (first,) = backups(old)
    kept = first.read_bytes()
    with open_ledger(old.parent, who="test"):
        pass
    assert first.read_bytes() == kept
    assert {path.stem for path in backups(old)} == {first.stem, f"{first.stem}-2"}


def test_a_migration_that_is_cut_off_leaves_the_ledger_as_it_was_and_starts_again(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = old.read_bytes()
    real = seal_all

    def cut_off(connection: sqlite3.Connection) -> None:
        real(connection)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "seal_all", cut_off)
        with pytest.raises(KeyboardInterrupt), open_ledger(old.parent, who="test"):
            pass
    assert old.read_bytes() == before
    with open_ledger(old.parent, who="test"):
        pass
    assert (version(old), proof(old).breaches) == (CURRENT, ())


def test_a_migration_that_the_machine_cuts_off_is_done_by_the_next_run(old: Path) -> None:
    """The process ends without cleaning up, as when the power fails, when all is written but the commit."""
    script = """
import os, sys
from pathlib import Path
from tenproj_xl.ledger import migrations, store
real = migrations.seal_all
def cut_off(connection):
    real(connection)
    connection.execute("PRAGMA cache_spill = 1")
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("UPDATE rows SET tab = tab")
    os._exit(9)
migrations.seal_all = cut_off
with store.open_ledger(Path(sys.argv[1]), who="test"):
    pass
"""
    before, data = entries(old), old.read_bytes()
    done = subprocess.run([sys.executable, "-c", script, str(old.parent)], check=False)  # noqa: S603  # our own script
    assert done.returncode == 9
    assert old.read_bytes() != data, "nothing of the migration was in the file yet"
    with open_ledger(old.parent, who="test"):
        pass
    assert (version(old), proof(old).breaches) == (CURRENT, ())
    assert entries_without_later_columns(old) == before


def test_a_ledger_of_before_0_2_1_that_lacks_a_table_is_given_it(old: Path) -> None:
    with closing(sqlite3.connect(old)) as ledger, ledger:
        ledger.execute("DROP TABLE decisions")
    with open_ledger(old.parent, who="test") as opened:
        assert opened.history().decisions == ()
    assert proof(old).breaches == ()


def test_a_ledger_of_a_later_version_is_refused_with_a_clear_word_and_left_as_it_is(week: Office) -> None:
    path = week.workspace.ledger / "台账.sqlite3"
    with closing(sqlite3.connect(path)) as ledger, ledger:
        ledger.execute(f"PRAGMA user_version = {CURRENT + 1}")
        ledger.execute("CREATE TABLE appeals (seq INTEGER)")
    before = path.read_bytes()
    result = CliRunner().invoke(main, ["-C", str(week.workspace.root), "status"])
    assert result.exit_code == 3
    assert f"台账“台账.sqlite3”是较新版本的 tenproj 写的（台账第{CURRENT + 1}版）" in result.stderr
    assert "请更新到最新版本，再运行一次。" in result.stderr
    assert path.read_bytes() == before
