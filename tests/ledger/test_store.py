"""The ledger's file: what people put in its place is left alone, and they are told what to do."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tenproj_xl.cli.main import main
from tenproj_xl.core.findings import in_order
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.statuses import Status
from tests.helpers.filling import Office

DAMAGED = "台账“台账.sqlite3”已损坏。请运行 tenproj rebuild 从存档重建，或从备份恢复 ledger 文件夹。"
NO_LEDGER = "“台账.sqlite3”不是台账，没有改动它。请把它移开，再从备份恢复 ledger 文件夹。"
OTHER_VERSION = "请安装平时用的那个版本，或更新到最新版本，再运行一次。"


def changed(*statements: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database, database:
            for statement in statements:
                database.execute(statement)

    return change


def of_another_program(path: Path) -> None:
    path.unlink()
    changed("CREATE TABLE contacts (name TEXT)")(path)


def of_another_program_with_facts(path: Path) -> None:
    path.unlink()
    changed("CREATE TABLE facts (key TEXT, value TEXT)")(path)


def no_database(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(5000))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20000])


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (no_database, DAMAGED),
        (cut_short, DAMAGED),
        (of_another_program, NO_LEDGER),
        (of_another_program_with_facts, NO_LEDGER),
        (changed("ALTER TABLE receipts RENAME COLUMN body TO content"), OTHER_VERSION),
        (changed("ALTER TABLE issued ADD COLUMN colour TEXT"), OTHER_VERSION),
        (changed("CREATE TABLE appeals (seq INTEGER)"), OTHER_VERSION),
    ],
    ids=[
        "no database",
        "cut short",
        "other program",
        "other facts",
        "column renamed",
        "column added",
        "table added",
    ],
)
def test_a_file_that_is_no_ledger_of_this_version_is_left_as_it_is(
    week: Office, spoil: Callable[[Path], None], says: str
) -> None:
    path = week.workspace.ledger / "台账.sqlite3"
    spoil(path)
    before = path.read_bytes()
    for command in (["status"], ["generate", "--period", "2026-W48"], ["merge", "--period", "2026-W48"]):
        result = CliRunner().invoke(main, ["-C", str(week.workspace.root), *command])
        assert (result.exit_code, says in result.stderr) == (3, True), result.stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (changed("UPDATE receipts SET body = 'nothing'"), DAMAGED),
        (changed("UPDATE receipts SET body = substr(body, 2)"), DAMAGED),
    ],
    ids=["no entry", "damaged entry"],
)
def test_an_entry_that_cannot_be_understood_ends_in_a_sentence(
    week: Office, spoil: Callable[[Path], None], says: str
) -> None:
    form = week.right("02")
    form.write("tasks", "R02-01", status="基本完成")
    week.send(form)
    CliRunner().invoke(main, ["-C", str(week.workspace.root), "ingest"])
    spoil(week.workspace.ledger / "台账.sqlite3")
    result = CliRunner().invoke(main, ["-C", str(week.workspace.root), "status"])
    assert (result.exit_code, says in result.stderr) == (3, True), result.stderr


def test_what_cannot_be_opened_is_no_damage(week: Office) -> None:
    path = week.workspace.ledger / "台账.sqlite3"
    path.unlink()
    path.mkdir()
    result = CliRunner().invoke(main, ["-C", str(week.workspace.root), "status"])
    assert result.exit_code == 3
    assert "请检查 ledger 文件夹的权限、磁盘空间" in result.stderr


def test_a_finding_comes_back_as_it_was_recorded_and_from_an_earlier_version_without_an_answer(
    week: Office,
) -> None:
    form = week.right("02")
    form.write("tasks", "R02-01", status="基本完成", verification="等待验收")
    week.send(form)
    CliRunner().invoke(main, ["-C", str(week.workspace.root), "ingest"])
    with open_ledger(week.workspace.ledger, who="test") as ledger:
        ((found,),) = (receipt.findings for receipt in ledger.receipts("2026-W48"))
    assert (found.task_force, found.answer) == ("02", "等待验收")
    former = changed("UPDATE receipts SET body = json_remove(body, '$.findings[0].answer')")
    former(week.workspace.ledger / "台账.sqlite3")
    with open_ledger(week.workspace.ledger, who="test") as ledger:
        ((found,),) = (receipt.findings for receipt in ledger.receipts("2026-W48"))
    assert (found.task_force, found.answer) == ("02", "")


def test_entries_with_a_retired_rule_and_an_unknown_status_are_read(week: Office) -> None:
    """An earlier version may have had a rule, or a state, that this one has not."""
    form = week.right("02")
    form.write("tasks", "R02-01", status="基本完成")
    week.send(form)
    CliRunner().invoke(main, ["-C", str(week.workspace.root), "ingest"])
    rename = changed(
        "UPDATE receipts SET body = replace(body, '\"not_choice\"', '\"not_a_word\"')",
        "UPDATE receipts SET body = replace(body, '\"to_correct\"', '\"to_mend\"')",
    )
    rename(week.workspace.ledger / "台账.sqlite3")
    with open_ledger(week.workspace.ledger, who="test") as ledger:
        (receipt,) = ledger.receipts("2026-W48")
    (found,) = receipt.findings
    assert (receipt.status, found.code.rule.code) == (Status.TO_CORRECT, "not_a_word")
    assert "基本完成" in found.message
    assert in_order(receipt.findings) == [found]
    result = CliRunner().invoke(main, ["-C", str(week.workspace.root), "merge", "--period", "2026-W48"])
    assert "汇总表：" in result.stderr  # and that entries were changed behind the ledger's back
    assert (result.exit_code, result.stderr.startswith("台账核验不符")) == (1, True)


def test_a_full_disk_is_told_as_such_and_costs_nothing_that_was_recorded(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = week.right("02")
    form.write("tasks", "R02-01", status="基本完成")
    week.send(form)
    before = (week.workspace.ledger / "台账.sqlite3").read_bytes()
    connect = sqlite3.connect

    def full(*where: Any, **how: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*where, **how)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    with monkeypatch.context() as disk:
        disk.setattr("tenproj_xl.ledger.store.sqlite3.connect", full)
        result = CliRunner().invoke(main, ["-C", str(week.workspace.root), "ingest"])
    assert (result.exit_code, "台账“台账.sqlite3”磁盘已满，本次内容没有记入" in result.stderr) == (3, True), (
        result.stderr
    )
    assert (week.workspace.ledger / "台账.sqlite3").read_bytes() == before
    result = CliRunner().invoke(main, ["-C", str(week.workspace.root), "ingest"])
    assert result.exit_code == 1, result.output  # R02-01 is to be put right
    with open_ledger(week.workspace.ledger, who="test") as ledger:
        assert len(ledger.receipts("2026-W48")) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size to be set")
def test_a_disk_that_fails_while_it_is_written_to_is_told_as_such(week: Office) -> None:
    week.send(week.right("02"))
    size = (week.workspace.ledger / "台账.sqlite3").stat().st_size
    begin = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size})); "
        f"from tenproj_xl.cli.main import main; main(['-C', {str(week.workspace.root)!r}, 'ingest'])"
    )
    result = subprocess.run(  # noqa: S603  # Python, of the tests
        [sys.executable, "-c", begin], capture_output=True, text=True, check=False
    )
    assert (result.returncode, "读写磁盘时出错，此前记入的不受影响" in result.stderr) == (3, True), (
        result.stderr
    )


def test_a_fault_of_the_program_is_not_taken_for_damage(week: Office) -> None:
    with pytest.raises(sqlite3.OperationalError), open_ledger(week.workspace.ledger, who="test") as ledger:
        ledger._db.execute("SELECT nothing FROM nowhere")
