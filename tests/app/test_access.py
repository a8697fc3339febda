"""Ledger, archive, passwords and backups are closed to others; a group may share the ledger."""

import grp
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.cli.main import main
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.settings_book import set_parameter

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has rights of its own")


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def modes(folder: Path) -> set[tuple[str, str]]:
    """Of all that lies in a folder: what it is, and who may do what with it."""
    return {("folder" if p.is_dir() else "file", mode(p)) for p in (folder, *folder.rglob("*"))}


def tenproj(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(root), *arguments])


def test_ledger_archive_and_passwords_are_for_the_owner_alone(merged: Office) -> None:
    assert modes(merged.workspace.ledger) == {("folder", "0o700"), ("file", "0o600")}
    assert mode(merged.workspace.passwords) == "0o600"


def test_papers_and_forms_are_as_open_as_their_folders(merged: Office) -> None:
    folders = [path for path in merged.workspace.outbox.rglob("*") if path.is_dir()]
    files = [path for folder in folders for path in folder.iterdir() if path.is_file()]
    assert {mode(file) for file in files} == {oct(folders[0].stat().st_mode & 0o666)}


def test_a_workspace_of_before_is_closed_by_the_next_command_that_records(merged: Office) -> None:
    for path in (merged.workspace.ledger, *merged.workspace.ledger.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    merged.workspace.passwords.chmod(0o644)  # as WPS saves it
    tenproj(merged.workspace.root, "status")
    assert mode(merged.workspace.ledger) == "0o755"  # who only looks changes nothing
    tenproj(merged.workspace.root, "ingest", "--period", PERIOD)
    assert modes(merged.workspace.ledger) == {("folder", "0o700"), ("file", "0o600")}
    assert mode(merged.workspace.passwords) == "0o600"


def test_a_group_that_the_settings_name_shares_the_ledger(merged: Office) -> None:
    group = grp.getgrgid(os.getgid())
    set_parameter(merged.workspace, "共用组", group.gr_name)
    merged.send(merged.right("04"))
    assert tenproj(merged.workspace.root, "ingest", "--period", PERIOD).exit_code == 0
    assert modes(merged.workspace.ledger) == {("folder", "0o2770"), ("file", "0o660")}
    assert {path.stat().st_gid for path in merged.workspace.ledger.rglob("*")} == {group.gr_gid}


def test_a_group_that_the_machine_does_not_have_is_told_and_nothing_is_changed(merged: Office) -> None:
    set_parameter(merged.workspace, "共用组", "没有这个组")
    said = tenproj(merged.workspace.root, "ingest", "--period", PERIOD)
    assert said.exit_code == 3
    assert "“设置.xlsx”的“共用组”填了“没有这个组”，这台电脑没有这个用户组" in said.stderr
    assert mode(merged.workspace.ledger) == "0o700"


def test_a_backup_is_for_the_owner_alone_and_what_is_restored_of_it_too(
    merged: Office, tmp_path: Path
) -> None:
    tenproj(merged.workspace.root, "backup", str(tmp_path / "备份.zip"))
    assert mode(tmp_path / "备份.zip") == "0o600"
    tenproj(tmp_path / "新电脑", "restore", str(tmp_path / "备份.zip"))
    assert modes(tmp_path / "新电脑" / "ledger") == {("folder", "0o700"), ("file", "0o600")}


def test_the_folder_for_the_archive_has_originals_and_is_for_the_owner_alone(merged: Office) -> None:
    assert tenproj(merged.workspace.root, "archive", "--year", "2026", "--no-pages").exit_code == 0
    assert modes(merged.workspace.outbox / "归档_2026") == {("folder", "0o700"), ("file", "0o600")}
