"""A ledger that is lost or damaged is made again from the journal in the archive: the same roll-up, byte for byte."""

import gzip
import shutil
import sqlite3
import stat
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app.merge import merge
from tenproj_xl.cli.main import main
from tenproj_xl.core.files import sha256_of_file
from tenproj_xl.ledger.journal import chunks, compare_journal
from tenproj_xl.ledger.journal_files import journal_folder, last_in_journal
from tenproj_xl.ledger.looking import connected, look_into_ledger
from tenproj_xl.ledger.proof import KEYS
from tests.conftest import PERIOD
from tests.helpers.closed import close
from tests.helpers.filling import Office


def tenproj(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


def file(office: Office) -> Path:
    return office.workspace.ledger / "台账.sqlite3"


def entries(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that a ledger has, by table."""
    with closing(sqlite3.connect(path)) as ledger:
        tables = (*KEYS, "heads", "salts", "facts", "standing")
        return {table: sorted(ledger.execute(f"SELECT * FROM {table}")) for table in tables}  # ours


def test_a_lost_ledger_is_made_again_entry_for_entry_and_gives_the_same_roll_up(merged: Office) -> None:
    roll_up = merge(merged.workspace, PERIOD).rollup
    before = entries(file(merged))
    mode = stat.S_IMODE(file(merged).stat().st_mode)
    same = sha256_of_file(roll_up)
    file(merged).unlink()
    assert tenproj(merged, "verify", "--quick").exit_code == 3
    said = tenproj(merged, "verify")
    assert (said.exit_code, "不见了或是空的，存档还在，没有新建。请运行 tenproj rebuild" in said.stderr) == (
        3,
        True,
    )
    done = tenproj(merged, "rebuild")
    assert (done.exit_code, "台账已从存档重建" in done.stderr) == (0, True)
    assert stat.S_IMODE(file(merged).stat().st_mode) == mode
    assert entries(file(merged)) == before
    assert tenproj(merged, "verify").exit_code == 0
    merge(merged.workspace, PERIOD)
    assert sha256_of_file(roll_up) == same


def test_forms_that_are_out_are_known_after_a_rebuild(merged: Office) -> None:
    form = merged.right("04")
    file(merged).unlink()
    tenproj(merged, "rebuild")
    merged.send(form)
    said = tenproj(merged, "ingest", "--period", PERIOD)
    assert "已接收" in said.stderr


@pytest.mark.parametrize("damage", [b"", b"no ledger at all", None])
def test_a_damaged_ledger_is_kept_beside_the_new_one(merged: Office, damage: bytes | None) -> None:
    whole = file(merged).read_bytes()
    broken = whole[:4096] + bytes(len(whole) - 4096) if damage is None else damage
    file(merged).write_bytes(broken)
    done = tenproj(merged, "rebuild")
    assert done.exit_code == 0, done.stderr
    [aside] = merged.workspace.ledger.glob("台账-重建前-*.sqlite3")
    assert aside.read_bytes() == broken
    assert f"原来的台账已改名为“ledger/{aside.name}”" in done.stderr
    assert tenproj(merged, "verify").exit_code == 0


def test_what_is_left_of_a_transaction_is_not_rolled_back_into_the_new_ledger(merged: Office) -> None:
    file(merged).unlink()
    left = merged.workspace.ledger / "台账.sqlite3-journal"
    left.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    assert tenproj(merged, "rebuild").exit_code == 0
    assert not left.exists()
    assert tenproj(merged, "verify").exit_code == 0


@pytest.mark.parametrize("command", [["merge"], ["generate"], ["ingest"]])
def test_no_new_ledger_is_begun_where_one_is_missing(merged: Office, command: list[str]) -> None:
    file(merged).unlink()
    said = tenproj(merged, *command)
    assert (said.exit_code, file(merged).exists()) == (3, False)
    assert (
        "台账“台账.sqlite3”不见了或是空的，存档还在，没有新建。请运行 tenproj rebuild 从存档重建"
        in said.stderr
    )
    assert "请运行 tenproj rebuild 从存档重建" in tenproj(merged, "status").stderr


@pytest.mark.parametrize("command", ["publications", "status", "history 03"])
def test_an_empty_ledger_is_not_taken_for_one_of_which_nothing_was_given_out(
    merged: Office, command: str
) -> None:
    file(merged).write_bytes(b"")
    said = tenproj(merged, *command.split(), "--json")
    assert said.exit_code == 3
    assert "台账“台账.sqlite3”不见了或是空的，存档还在" in said.stdout


def test_a_whole_ledger_is_left_alone(merged: Office) -> None:
    before = file(merged).read_bytes()
    said = tenproj(merged, "rebuild")
    assert (said.exit_code, "台账完好，共" in said.stderr) == (2, True)
    assert file(merged).read_bytes() == before


def test_an_older_ledger_put_in_its_place_is_refused_and_rebuilt(merged: Office, tmp_path: Path) -> None:
    shutil.copy(file(merged), tmp_path / "旧.sqlite3")
    merged.send(merged.right("04"))
    merge(merged.workspace, PERIOD)
    newest = entries(file(merged))
    shutil.copy(tmp_path / "旧.sqlite3", file(merged))
    backup = str(tmp_path / "备份.zip")
    for command in (
        "merge",
        "status",
        "history 03",
        "export --to 数据",
        "verify --quick",
        f"backup {backup}",
    ):
        refused = tenproj(merged, *command.split())
        assert (command, refused.exit_code, "台账可能被换成了旧的一份" in refused.stderr) == (
            command,
            3,
            True,
        )
    assert not Path(backup).exists()
    verified = tenproj(merged, "verify")
    assert "台账：只到第" in verified.stderr
    assert "可能被换成了旧的一份。请运行 tenproj rebuild 从存档找回" in verified.stderr
    assert tenproj(merged, "rebuild").exit_code == 0
    assert entries(file(merged)) == newest


def test_a_journal_that_lacks_a_file_or_was_changed_is_refused_with_what_is_missing(merged: Office) -> None:
    file(merged).rename(merged.workspace.root / "移开.sqlite3")
    first, second, *_ = chunks(merged.workspace.ledger)
    second.path.write_bytes(second.path.read_bytes()[:-20])
    said = tenproj(merged, "rebuild")
    assert (said.exit_code, f"“{second.path.name}”读不出来，不能重建台账" in said.stderr) == (3, True)
    first.path.unlink()
    assert "台账日志缺第1笔以后的一份" in tenproj(merged, "rebuild").stderr
    shutil.rmtree(journal_folder(merged.workspace.ledger))
    assert "存档里没有台账日志，不能重建台账" in tenproj(merged, "rebuild").stderr
    assert not file(merged).exists()
    assert not list(merged.workspace.ledger.glob(".tenproj-*"))


def test_a_journal_that_was_moved_away_is_written_anew_by_the_next_command(merged: Office) -> None:
    before = entries(file(merged))
    shutil.rmtree(journal_folder(merged.workspace.ledger))
    with look_into_ledger(merged.workspace.ledger):
        assert not journal_folder(merged.workspace.ledger).exists()
    tenproj(merged, "ingest", "--period", PERIOD)
    assert tenproj(merged, "verify").exit_code == 0
    file(merged).unlink()
    tenproj(merged, "rebuild")
    after = entries(file(merged))
    assert {kind: rows[: len(before[kind])] for kind, rows in after.items() if kind == "rows"}[
        "rows"
    ] == before["rows"]


@pytest.mark.parametrize(
    "command", [["ingest", "--period", PERIOD], ["merge", "--period", PERIOD], ["verify"]]
)
def test_a_journal_that_cannot_be_looked_at_for_a_while_is_not_taken_for_one_that_is_not_begun(
    merged: Office, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    journal = journal_folder(merged.workspace.ledger)
    before = sorted(path.name for path in journal.iterdir())
    with monkeypatch.context() as system:
        close(journal, system)
        said = tenproj(merged, *command)
    assert (said.exit_code, "权限" in said.stderr) == (3, True)
    assert sorted(path.name for path in journal.iterdir()) == before
    assert tenproj(merged, "verify").exit_code == 0


def test_a_changed_journal_is_found_by_verify(merged: Office) -> None:
    [*_, last] = chunks(merged.workspace.ledger)
    data = bytearray(last.path.read_bytes())
    data[len(data) // 2] ^= 1
    last.path.write_bytes(bytes(data))
    said = tenproj(merged, "verify")
    assert (said.exit_code, "存档的“台账日志”" in said.stderr) == (1, True)


def test_an_entry_that_was_taken_out_by_hand_comes_back_as_verify_advises(merged: Office) -> None:
    before = entries(file(merged))
    with closing(sqlite3.connect(file(merged))) as ledger, ledger:
        ledger.execute("DELETE FROM receipts")
    assert "内容不在了。请运行 tenproj rebuild 从存档重建，或从备份恢复" in tenproj(merged, "verify").stderr
    assert tenproj(merged, "rebuild").exit_code == 0
    assert entries(file(merged)) == before
    assert tenproj(merged, "verify").exit_code == 0


def test_an_older_ledger_that_ended_with_a_run_is_refused_as_well(merged: Office, tmp_path: Path) -> None:
    shutil.copy(file(merged), tmp_path / "旧.sqlite3")
    merged.send(merged.right("04"))
    merge(merged.workspace, PERIOD)
    assert merge(merged.workspace, PERIOD)
    last = entries(file(merged))
    shutil.copy(tmp_path / "旧.sqlite3", file(merged))
    before = file(merged).read_bytes()
    said = tenproj(merged, "merge", "--period", PERIOD)
    assert (said.exit_code, "台账可能被换成了旧的一份，没有改动它" in said.stderr) == (3, True)
    assert file(merged).read_bytes() == before
    assert tenproj(merged, "rebuild").exit_code == 0
    assert entries(file(merged)) == last


@pytest.mark.parametrize(
    "instead",
    [
        b"",
        gzip.compress(b""),
        gzip.compress(b"[]\n"),
        gzip.compress(b'{"after": 0, "last": 1, "facts": {}}\n{"head": [1], "salt": null, "row": null}\n'),
        gzip.compress(b'{"after": 0, "last": 1, "facts": {}}\n[1]\n'),
        gzip.compress(b"no json"),
    ],
)
def test_a_journal_that_is_none_is_told_by_verify_and_rebuild(merged: Office, instead: bytes) -> None:
    first, *_ = chunks(merged.workspace.ledger)
    first.path.write_bytes(instead)
    said = tenproj(merged, "verify")
    assert (said.exit_code, "存档的“台账日志”" in said.stderr) == (1, True)
    file(merged).unlink()
    said = tenproj(merged, "rebuild")
    assert (said.exit_code, "不能重建台账。请从备份恢复" in said.stderr) == (3, True)


def test_any_byte_of_the_journal_that_is_changed_is_told(merged: Office) -> None:
    """A changed bit may refer to the same text elsewhere, or fill a byte: then nothing else is unpacked."""
    folder = merged.workspace.ledger
    first, *_ = chunks(folder)
    data = first.path.read_bytes()
    told = 0
    for place in range(12, len(data), len(data) // 25):
        changed = bytearray(data)
        changed[place] ^= 128
        if unpacked(bytes(changed)) == unpacked(data):
            continue
        first.path.write_bytes(bytes(changed))
        with connected(folder) as connection:
            assert list(compare_journal(connection, folder, last_in_journal(folder))), place
        told += 1
    assert told > 20


def unpacked(data: bytes) -> bytes | None:
    """Return what a file of the journal holds, None where it cannot be unpacked."""
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return None
