"""Passwords of returns stand in 打开密码.xlsx alone: not in the ledger, not in a backup."""

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import load_workbook

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.plan_check import check_plan
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.model.statuses import Status
from tests.helpers.filling import Office
from tests.helpers.old_ledger import as_version_1
from tests.helpers.settings_book import know_password

OURS, THEIRS = "区科技局2026", "kjj@2026"


def tenproj(office: Office, *arguments: str) -> str:
    """Run a command and return what it prints for people and machines."""
    done = CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])
    return done.stdout + done.stderr


def locked(form: bytes, password: str) -> bytes:
    file = io.BytesIO()
    OOXMLFile(io.BytesIO(form)).encrypt(password, file)
    return file.getvalue()


def in_old_settings(workspace: Workspace, password: str) -> None:
    """Give 设置.xlsx the sheet that it had up to 0.4.0."""
    workspace.passwords.unlink()
    book = load_workbook(workspace.settings)
    page = book.create_sheet("打开密码")
    page.append(["密码", "说明"])
    page.append([password, "科技局统计科"])
    book.save(workspace.settings)


def test_each_of_several_passwords_of_a_unit_opens_its_files(week: Office) -> None:
    know_password(week.workspace, "区科技局", OURS)
    know_password(week.workspace, "区科技局", THEIRS)
    for number, password in (("03", OURS), ("04", THEIRS)):
        (week.workspace.inbox / f"{number}.xlsx").write_bytes(locked(week.right(number).data, password))
    done = ingest(week.workspace, week.period)
    assert [file.status for file in done.files] == [Status.ACCEPTED, Status.ACCEPTED]


def test_a_number_typed_as_password_is_the_text_that_it_shows(week: Office) -> None:
    book = load_workbook(week.workspace.passwords)
    book["打开密码"].append(["区科技局", 20261127])
    book.save(week.workspace.passwords)
    assert load(week.workspace).passwords.known == ("20261127",)


def test_passwords_in_settings_of_before_still_open_files_and_are_told(week: Office) -> None:
    in_old_settings(week.workspace, OURS)
    (week.workspace.inbox / "03.xlsx").write_bytes(locked(week.right("03").data, OURS))
    said = tenproj(week, "ingest", "--period", week.period)
    assert "“设置.xlsx”里登记着打开密码，会随备份留存；请移到“打开密码.xlsx”" in said
    assert "03.xlsx  已接收" in said
    (found,) = [f for f in check_plan(week.workspace).findings if f.code is Code.SETTING_PASSWORDS]
    assert (found.file, found.sheet, found.cell) == ("设置.xlsx", "打开密码", "A2")
    assert found.message.startswith("第2行：打开密码请移到“打开密码.xlsx”（没有的，运行 tenproj init 补上）")


def test_init_gives_a_workspace_of_before_the_workbook_for_passwords(week: Office) -> None:
    in_old_settings(week.workspace, OURS)
    assert "打开密码.xlsx" in tenproj(week, "init")
    assert load(week.workspace).passwords.known == (OURS,)


@pytest.mark.parametrize("is_old", [False, True])
def test_no_password_stands_in_the_ledger_or_in_a_backup_or_in_what_is_told(
    week: Office, tmp_path: Path, *, is_old: bool
) -> None:
    if is_old:
        in_old_settings(week.workspace, OURS)
    else:
        know_password(week.workspace, "区科技局", OURS)
    (week.workspace.inbox / "03.xlsx").write_bytes(locked(week.right("03").data, OURS))
    said = tenproj(week, "merge", "--period", week.period) + tenproj(week, "status", "--json")
    kept = b"".join(file.read_bytes() for file in week.workspace.ledger.rglob("*") if file.is_file())
    assert OURS not in said
    assert json.dumps(OURS).strip('"').encode() not in kept
    assert OURS.encode() not in kept
    tenproj(week, "backup", str(tmp_path / "备份.zip"))
    with zipfile.ZipFile(tmp_path / "备份.zip") as backup:
        assert "打开密码.xlsx" not in backup.namelist()
        assert "设置.xlsx" in backup.namelist()


def test_passwords_in_a_ledger_of_before_are_taken_out_when_it_is_brought_forward(week: Office) -> None:
    path = week.workspace.ledger / "台账.sqlite3"
    as_version_1(path)
    with closing(sqlite3.connect(path)) as ledger, ledger:
        (body,) = ledger.execute("SELECT body FROM snapshots WHERE kind = 'settings'").fetchone()
        tables = json.loads(body) | {"打开密码": [["密码", "说明"], [OURS, "科技局统计科"]]}
        ledger.execute("UPDATE snapshots SET body = ? WHERE body = ?", (json.dumps(tables), body))
    said = tenproj(week, "ingest", "--period", week.period)
    assert OURS not in said
    with closing(sqlite3.connect(path)) as ledger:
        bodies = [body for (body,) in ledger.execute("SELECT body FROM snapshots")]
        [(why,)] = ledger.execute("SELECT why FROM removals")
    assert not any("打开密码" in json.loads(body) for body in bodies if "参数" in json.loads(body))
    assert why == "打开密码不再存入台账"
    assert "全部相符" in tenproj(week, "verify")


def test_the_workbook_of_passwords_needs_its_columns(week: Office) -> None:
    book = load_workbook(week.workspace.passwords)
    book["打开密码"]["B2"] = "口令"
    book.save(week.workspace.passwords)
    (found,) = [f for f in check_plan(week.workspace).findings if f.is_error]
    assert (found.code, found.file) == (Code.PLAN_COLUMN_MISSING, "打开密码.xlsx")
    assert "计划或设置有1处错误，如“打开密码.xlsx”打开密码" in tenproj(week, "merge")
