"""The chain proves what was recorded: whatever is changed behind the ledger's back is named."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenproj_xl.cli.main import main
from tenproj_xl.ledger.proof import KEYS, Breach, Flaw, Proof, verify
from tests.helpers.filling import Office


@pytest.fixture
def path(recorded: Path) -> Path:
    """A ledger in which forms and a return are recorded."""
    return recorded


def proof(path: Path, *statements: str) -> Proof:
    """The proof of a ledger after statements of somebody who works on its file."""
    with closing(sqlite3.connect(path)) as ledger:
        ledger.row_factory = sqlite3.Row
        with ledger:
            for statement in statements:
                ledger.execute(statement)
        return verify(ledger)


def head(path: Path, kind: str, entry: str) -> int:
    """The number of an entry's head."""
    with closing(sqlite3.connect(path)) as ledger:
        query = "SELECT number FROM heads WHERE kind = ? AND entry = ?"
        (number,) = ledger.execute(query, (kind, entry)).fetchone()
    return int(number)


def test_every_entry_of_every_kind_is_covered(path: Path) -> None:
    with closing(sqlite3.connect(path)) as ledger:
        count = sum(ledger.execute(f"SELECT COUNT(*) FROM {kind}").fetchone()[0] for kind in KEYS)
        (last,) = ledger.execute("SELECT lower(hex(hash)) FROM heads ORDER BY number DESC").fetchone()
    assert proof(path) == Proof(count, last, ())


def test_the_tables_that_are_covered_are_all_but_facts_the_chain_itself_and_the_view(path: Path) -> None:
    with closing(sqlite3.connect(path)) as ledger:
        tables = {name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables - set(KEYS) == {"facts", "heads", "salts", "standing"}


def test_a_figure_that_was_changed_is_named(path: Path) -> None:
    number = head(path, "rows", "1")
    found = proof(path, "UPDATE rows SET payload = replace(payload, '1', '7') WHERE seq = 1")
    assert found.breaches == (Breach(number, "rows", "1", Flaw.CHANGED),)


def test_another_encoding_period_or_file_of_a_row_is_a_change(path: Path) -> None:
    number = head(path, "rows", "2")
    for change in ("encoding = 1", "period = '2026-W47'", "file = ''", "received_at = ''"):
        with closing(sqlite3.connect(path)) as ledger:
            ledger.execute(f"UPDATE rows SET {change} WHERE seq = 2")
            ledger.row_factory = sqlite3.Row
            assert verify(ledger).breaches == (Breach(number, "rows", "2", Flaw.CHANGED),)


def test_contents_that_are_removed_with_their_salt_leave_the_rest_of_the_chain_whole(path: Path) -> None:
    number = head(path, "rows", "1")
    before = proof(path)
    found = proof(path, "DELETE FROM rows WHERE seq = 1", f"DELETE FROM salts WHERE number = {number}")
    assert found.breaches == (Breach(number, "rows", "1", Flaw.MISSING),)
    assert (found.heads, found.last) == (before.heads, before.last)


def test_the_same_contents_have_other_digests_by_their_salts(path: Path) -> None:
    """Nobody who has only the chain can try out what a removed entry said."""
    with closing(sqlite3.connect(path)) as ledger:
        salts = [salt for (salt,) in ledger.execute("SELECT salt FROM salts")]
        digests = [digest for (digest,) in ledger.execute("SELECT digest FROM heads")]
    assert {len(salt) for salt in salts} == {16}
    assert len(set(salts)) == len(set(digests)) == len(salts)


@pytest.mark.parametrize(
    "change",
    ["recorded_at = '2026-01-01'", "period = ''", "kind = 'files'", "digest = x'00'", "hash = x'00'"],
)
def test_a_head_that_was_changed_is_named(path: Path, change: str) -> None:
    number = head(path, "receipts", "1")
    found = proof(path, f"UPDATE heads SET {change} WHERE number = {number}")
    assert {breach.number for breach in found.breaches if breach.flaw is Flaw.BROKEN} <= {number, number + 1}
    assert Flaw.BROKEN in {breach.flaw for breach in found.breaches}


def test_a_head_that_was_taken_out_is_missed_at_the_next_one(path: Path) -> None:
    number = head(path, "rows", "1")
    found = proof(path, f"DELETE FROM heads WHERE number = {number}")
    assert found.breaches[0].number == number + 1
    assert found.breaches[0].flaw is Flaw.BROKEN
    assert found.breaches[-1] == Breach(0, "rows", "1", Flaw.UNSEALED)


def test_an_entry_that_another_program_slipped_in_is_named(path: Path) -> None:
    found = proof(path, "INSERT INTO withdrawals VALUES (NULL, 'a', 'b', 'c', 0, 1, 2)")
    assert found.breaches == (Breach(0, "withdrawals", "1", Flaw.UNSEALED),)


def test_a_command_that_fails_leaves_no_heads(week: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    week.send(week.right("02"))
    path = week.workspace.ledger / "台账.sqlite3"
    before = proof(path)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tenproj_xl.ledger.store.Ledger.record_receipt", fail)
    CliRunner().invoke(main, ["-C", str(week.workspace.root), "ingest"])
    assert proof(path) == before
