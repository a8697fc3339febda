"""`verify` finds what was changed in ledger and archive, and says where, what and since when."""

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app.merge import merge
from tenproj_xl.app.verify import verify
from tenproj_xl.app.verify_entries import KINDS
from tenproj_xl.cli.main import main
from tenproj_xl.core.files import archived, sha256
from tenproj_xl.ledger.journal_files import journal_folder
from tenproj_xl.ledger.proof import KEYS
from tests.helpers.filling import Office

FIGURE = "Z03-04"


def work_on(office: Office, statement: str, *values: object) -> None:
    """Change the ledger behind the program's back."""
    with closing(sqlite3.connect(office.workspace.ledger / "台账.sqlite3")) as ledger, ledger:
        ledger.execute(statement, values)


def test_every_kind_of_entry_has_a_name() -> None:
    assert set(KINDS) == set(KEYS)


def original(office: Office) -> Path:
    with closing(sqlite3.connect(office.workspace.ledger / "台账.sqlite3")) as ledger:
        (sha256,) = ledger.execute("SELECT sha256 FROM rows WHERE code = ?", (FIGURE,)).fetchone()
    return archived(office.workspace.archive, sha256)


def test_of_an_untouched_workspace_all_agrees_down_to_the_cells(merged: Office) -> None:
    done = verify(merged.workspace)
    assert done.discrepancies == ()
    assert done.figures > 5
    assert done.files >= 4  # the return, and the papers of the week
    said = CliRunner().invoke(main, ["-C", str(merged.workspace.root), "verify"])
    assert (said.exit_code, "全部相符" in said.stderr) == (0, True)


def test_an_entry_that_was_changed_is_named_with_the_time_of_its_recording(merged: Office) -> None:
    work_on(merged, "UPDATE rows SET payload = replace(payload, '1', '7') WHERE code = ?", FIGURE)
    said = CliRunner().invoke(main, ["-C", str(merged.workspace.root), "verify", "--json"])
    assert said.exit_code == 1
    found = json.loads(said.stdout)["discrepancies"]
    assert "“接收的行”" in found[0]["where"]
    assert found[0]["what"] == "内容与记入时不同"
    assert found[0]["since"]
    assert found[0]["remedy"] == "请运行 tenproj rebuild 从存档重建，或从备份恢复，再核验一次"


def test_an_original_that_was_changed_or_is_gone_is_named(merged: Office) -> None:
    path = original(merged)
    data = path.read_bytes()
    path.write_bytes(data[:-1] + b"?")
    (found,) = [f for f in verify(merged.workspace).discrepancies if f.where.startswith("存档")]
    assert found.what == "原件被改动过"
    path.unlink()
    (found,) = verify(merged.workspace).discrepancies
    assert found.what == "不在存档里"


def test_a_figure_that_does_not_stand_in_its_cell_is_named_with_both_texts(merged: Office) -> None:
    """Whoever changes figure, digest and chain alike cannot change the cell of the original."""
    with closing(sqlite3.connect(merged.workspace.ledger / "台账.sqlite3")) as ledger:
        (payload,) = ledger.execute("SELECT payload FROM rows WHERE code = ?", (FIGURE,)).fetchone()
    typed = json.loads(payload)["typed"]["value"]
    work_on(merged, "UPDATE rows SET payload = ? WHERE code = ?", payload.replace(typed, "999.9"), FIGURE)
    found = [f.message for f in verify(merged.workspace).discrepancies if FIGURE in f.what]
    assert f"按“999.9”计，原件里是“{typed}”" in found[0]
    assert "（2026-11-27 14:00记入）" in found[0]
    assert "主要指标进度表" in found[0]


def test_the_latest_view_is_compared_with_the_entries(merged: Office) -> None:
    work_on(merged, "DELETE FROM standing WHERE code = ?", FIGURE)
    (found,) = verify(merged.workspace).discrepancies
    assert (FIGURE in found.where, found.what) == (True, "与各笔记录不一致")


def test_a_merge_verifies_what_was_recorded_since_the_last_and_says_so_loudly(merged: Office) -> None:
    assert merge(merged.workspace, merged.period).discrepancies == ()
    work_on(merged, "UPDATE receipts SET body = replace(body, '已', '未') WHERE seq = 1")
    work_on(merged, "UPDATE heads SET digest = x'00' WHERE number = (SELECT MAX(number) FROM heads)")
    said = CliRunner().invoke(main, ["-C", str(merged.workspace.root), "merge", "--period", merged.period])
    assert said.exit_code == 1
    assert said.stderr.startswith("台账核验不符：台账第")


def test_a_chain_that_was_cut_off_behind_what_a_merge_verified_is_found(merged: Office) -> None:
    merge(merged.workspace, merged.period)
    work_on(merged, "DELETE FROM heads WHERE number > 5")
    work_on(merged, "DELETE FROM salts WHERE number > 5")
    shutil.rmtree(journal_folder(merged.workspace.ledger))
    assert merge(merged.workspace, merged.period).discrepancies


def test_a_text_that_is_none_any_more_is_named_like_any_other_change(merged: Office) -> None:
    path = merged.workspace.ledger / "台账.sqlite3"
    work_on(merged, "PRAGMA user_version")  # nothing is left in a journal
    data = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as ledger:
        (payload,) = ledger.execute("SELECT payload FROM rows WHERE code = ?", (FIGURE,)).fetchone()
    place = data.index(payload.encode()) + payload.encode().index("亿".encode()) + 1
    data[place] ^= 0x80
    path.write_bytes(data)
    said = CliRunner().invoke(main, ["-C", str(merged.workspace.root), "verify"])
    assert (said.exit_code, "“接收的行”" in said.stderr, "内容与记入时不同" in said.stderr) == (1, True, True)
    looking = CliRunner().invoke(main, ["-C", str(merged.workspace.root), "history", FIGURE])
    assert (looking.exit_code, "已损坏。请运行 tenproj rebuild" in looking.stderr) == (3, True)


def test_a_mail_or_zip_of_which_no_entry_tells_is_compared_with_its_name(week: Office) -> None:
    path = week.send(week.right("03"))
    packed = week.workspace.inbox / "03.zip"
    with zipfile.ZipFile(packed, "w") as file:
        file.write(path, path.name)
    path.unlink()
    data = packed.read_bytes()
    merge(week.workspace, week.period)
    kept = archived(week.workspace.archive, sha256(data))
    assert verify(week.workspace).discrepancies == ()
    kept.write_bytes(data[:-1] + b"?")
    (found,) = verify(week.workspace).discrepancies
    assert (found.where, found.what) == (f"存档的一份文件（{kept.name[:12]}）", "原件被改动过")


@pytest.mark.parametrize("secret", ["ab" * 32, "no secret"])
def test_a_secret_by_which_no_row_was_printed_is_found(secret: str, merged: Office) -> None:
    work_on(merged, "UPDATE facts SET value = ? WHERE key = 'secret'", secret)
    (found,) = verify(merged.workspace).discrepancies
    assert found.where == "台账的密钥"
    assert "与下发的填报表上印的行标识不符" in found.what


def test_the_quick_way_compares_what_is_new_since_the_last_time(merged: Office) -> None:
    first = json.loads(tenproj(merged, "verify", "--quick", "--json").stdout)
    again = json.loads(tenproj(merged, "verify", "--quick", "--json").stdout)
    assert first["new"] > 0
    assert (again["entries"], again["new"], again["discrepancies"]) == (first["entries"], 0, [])
    work_on(merged, "UPDATE heads SET hash = x'00' WHERE number = (SELECT MAX(number) FROM heads)")
    said = tenproj(merged, "verify", "--quick")
    assert (said.exit_code, "有1处不符" in said.stderr) == (1, True)


def tenproj(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


@pytest.mark.parametrize(
    "change",
    [
        "entry = CAST(x'ff31' AS TEXT) WHERE number = 3",
        "entry = x'31' WHERE number = 3",
        "entry = '1' WHERE kind = 'forms'",  # half of a key
        "digest = 'abc' WHERE number = 3",
        "hash = 'abc' WHERE number = 3",
        "kind = x'31' WHERE number = 3",
    ],
)
def test_a_head_that_is_no_such_head_any_more_is_named_as_broken(change: str, merged: Office) -> None:
    work_on(merged, f"UPDATE heads SET {change}")
    said = CliRunner().invoke(main, ["-C", str(merged.workspace.root), "verify"])
    assert (said.exit_code, "校验链在这里断开" in said.stderr) == (1, True)


def test_a_folder_without_a_ledger_is_not_verified(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["-C", str(tmp_path), "verify", "--quick"])
    assert (said.exit_code, "这里还没有台账，没有可以核验的内容" in said.stderr) == (3, True)


def changed_in(path: Path, part: str, text: bytes, place: int, bits: int) -> None:
    """Change a byte of the first text like this in a table or index of a ledger."""
    with closing(sqlite3.connect(path)) as ledger:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = ledger.execute(query, (part,)).fetchone()
        (size,) = ledger.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    data[data.index(text, (page - 1) * size) + place] ^= bits
    path.write_bytes(data)


def test_an_index_that_was_changed_is_found_and_a_rebuilt_ledger_has_it_right(merged: Office) -> None:
    changed_in(merged.workspace.ledger / "台账.sqlite3", "standing_by_start", b"2026-1", 5, 2)  # the month
    said = CliRunner().invoke(main, ["-C", str(merged.workspace.root), "verify"])
    assert (said.exit_code, "台账的索引：与台账的内容不一致" in said.stderr) == (1, True)
    done = CliRunner().invoke(main, ["-C", str(merged.workspace.root), "rebuild"])
    assert done.exit_code == 0, done.stderr
    assert verify(merged.workspace).discrepancies == ()


def test_an_index_with_what_is_no_period_any_more_is_found_too(merged: Office) -> None:
    changed_in(merged.workspace.ledger / "台账.sqlite3", "rows_by_period", b"2026-W", 5, 8)
    said = CliRunner().invoke(main, ["-C", str(merged.workspace.root), "verify"])
    assert (said.exit_code, "台账的索引：与台账的内容不一致" in said.stderr) == (1, True)


def test_an_entry_whose_kind_is_no_text_any_more_is_told_in_words_that_any_console_takes(
    merged: Office,
) -> None:
    changed_in(merged.workspace.ledger / "台账.sqlite3", "heads", b"issued", 4, 128)
    places = [found.where for found in verify(merged.workspace).discrepancies]
    assert any(place.startswith("台账第") and r"“issu\xe5d”" in place for place in places), places
    assert all(place.encode("utf-8") for place in places)


def test_a_name_in_the_ledgers_own_description_that_is_no_text_any_more_is_told_as_damage(
    merged: Office,
) -> None:
    path = merged.workspace.ledger / "台账.sqlite3"
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE admissions", b"CREATE \xf0ABLE admissions"))
    said = CliRunner().invoke(main, ["-C", str(merged.workspace.root), "verify"])
    assert said.exit_code == 3
    assert "已损坏。请运行 tenproj rebuild" in said.stderr
