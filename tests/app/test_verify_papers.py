"""`verify` compares papers with their records; papers name the entry that they stand on, and witness for the chain."""

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from docx import Document

from tenproj_xl.cli.main import main
from tenproj_xl.core.files import archived, sha256_of_file
from tenproj_xl.ledger.journal_files import journal_folder
from tenproj_xl.ledger.proof import seal_all
from tenproj_xl.model.chain_heads import head_in
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.rollup_reading import opened


def tenproj(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


def verified(office: Office) -> Any:
    return json.loads(tenproj(office, "verify", "--json").stdout)


def paper(office: Office, end: str = "周汇总表.xlsx") -> Path:
    (found,) = (office.workspace.outbox / PERIOD / "汇总").glob(f"*{end}")
    return found


def edited(path: Path) -> None:
    """Save a workbook as somebody does who changes a word in it."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    texts = "xl/sharedStrings.xml"
    members[texts] = members[texts].replace("说明".encode(), "注释".encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)


def work_on(office: Office, *statements: str) -> None:
    """Change the ledger behind the program's back."""
    with closing(sqlite3.connect(office.workspace.ledger / "台账.sqlite3")) as ledger, ledger:
        for statement in statements:
            ledger.execute(statement)


# --- the head that stands on papers


def test_every_paper_names_the_last_entry_that_it_is_made_from_where_people_and_programs_read_it(
    merged: Office,
) -> None:
    book = opened(paper(merged))
    head = head_in(book.properties.description or "")
    assert head is not None
    assert head.label in str(book.worksheets[0]["A2"].value)
    assert head.label in "".join(str(row) for row in book["说明"].iter_rows(values_only=True))
    brief = Document(str(paper(merged, "简报.docx"))).core_properties.comments
    for_all = opened(paper(merged, "晾晒版.xlsx")).properties.description or ""
    assert head_in(brief) == head_in(for_all) == head
    with closing(sqlite3.connect(merged.workspace.ledger / "台账.sqlite3")) as ledger:
        query = "SELECT kind, hash FROM heads WHERE number = ?"
        kind, code = ledger.execute(query, (head.number,)).fetchone()
    assert kind in ("rows", "receipts", "questions")
    assert code.hex().startswith(head.code)


def test_a_paper_made_again_names_the_same_entry_whatever_the_making_recorded(merged: Office) -> None:
    before = sha256_of_file(paper(merged))
    assert tenproj(merged, "publish", str(paper(merged)), "--by", "张三").exit_code == 0
    work_on(merged, "DELETE FROM publications")  # only for the bytes: a paper that was given out has its mark
    tenproj(merged, "merge", "--period", PERIOD)
    assert sha256_of_file(paper(merged)) == before


def test_a_paper_made_after_another_return_names_a_later_entry(merged: Office) -> None:
    before = head_in(opened(paper(merged)).properties.description or "")
    merged.send(merged.right("02"))
    tenproj(merged, "merge", "--period", PERIOD)
    after = head_in(opened(paper(merged)).properties.description or "")
    assert before is not None
    assert after is not None
    assert after.number > before.number


# --- files as they were written


def test_an_untouched_outbox_agrees_and_files_that_people_took_out_are_no_fault(merged: Office) -> None:
    shutil.rmtree(merged.workspace.outbox / PERIOD / "填报表")
    done = verified(merged)
    assert (done["discrepancies"], done["notes"]) == ([], [])
    assert done["papers"] > 5
    merged.workspace.outbox.rename(merged.workspace.root / "移走的")
    assert verified(merged)["papers"] == 0, "only what was compared is counted"


def test_a_roll_up_that_was_edited_by_hand_is_told_and_no_alarm(merged: Office) -> None:
    edited(paper(merged))
    said = tenproj(merged, "verify")
    assert said.exit_code == 0
    assert "提示：outbox/2026-W48/汇总/" in said.stderr
    assert "生成以后手工改过。手改的不影响台账；要恢复原样，请重新运行 tenproj merge 生成" in said.stderr
    assert "全部相符" in said.stderr
    tenproj(merged, "merge", "--period", PERIOD)  # keeps what was edited beside it
    assert list(paper(merged).parent.glob("*_手改备份_*"))
    assert verified(merged)["notes"] == []


def test_a_file_with_one_byte_changed_cannot_be_opened_and_is_named_with_what_makes_it_again(
    merged: Office,
) -> None:
    path = paper(merged)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    said = tenproj(merged, "verify")
    assert said.exit_code == 1
    assert "文件损坏，打不开。台账不受影响；请移开这一份，重新运行 tenproj merge 生成" in said.stderr


def test_a_signed_paper_that_was_changed_needs_a_person_until_it_is_registered(merged: Office) -> None:
    tenproj(merged, "merge", "--period", PERIOD, "--final", "王主任")
    path = paper(merged, "签发稿.xlsx")
    edited(path)
    (found,) = verified(merged)["discrepancies"]
    assert found["what"] == "签发以后改动过，还没有登记印发"
    assert tenproj(merged, "publish", str(path), "--by", "张三").exit_code in (0, 1)
    assert verified(merged)["discrepancies"] == []


def test_a_copy_of_what_was_given_out_that_is_not_the_registered_one_is_named(merged: Office) -> None:
    given = paper(merged).with_name("第48周汇总（报区长）.xlsx")
    shutil.copy(paper(merged), given)
    tenproj(merged, "publish", str(given), "--by", "张三", "--period", PERIOD)
    assert verified(merged)["discrepancies"] == []
    edited(given)
    (found,) = verified(merged)["discrepancies"]
    assert found["what"].startswith("与登记的印发稿（汇总2026年第1期）不同")
    assert "tenproj publications --period 2026-W48 --out" in found["remedy"]


def test_a_paper_that_was_given_out_and_is_not_in_the_archive_any_more_is_named(merged: Office) -> None:
    tenproj(merged, "publish", str(paper(merged)), "--by", "张三")
    archived(merged.workspace.archive, sha256_of_file(paper(merged))).unlink()
    assert "不在存档里" in [found["what"] for found in verified(merged)["discrepancies"]]


# --- papers as witnesses of the chain


def test_a_chain_that_was_cut_off_at_its_end_is_whole_but_a_paper_names_what_is_missing(
    merged: Office,
) -> None:
    """Batch by batch taken out at the end: nothing in the ledger itself contradicts."""
    keep = Path(merged.workspace.root.parent / "old.sqlite3")
    file = merged.workspace.ledger / "台账.sqlite3"
    shutil.copy(file, keep)
    merged.send(merged.right("02"))
    tenproj(merged, "merge", "--period", PERIOD)
    head = head_in(opened(paper(merged)).properties.description or "")
    shutil.copy(keep, file)
    shutil.rmtree(journal_folder(merged.workspace.ledger))
    (merged.workspace.ledger / "核验.json").unlink()
    said = tenproj(merged, "verify")
    assert said.exit_code == 1
    assert head is not None
    assert f"写的是第{head.number}笔、校验码 {head.code}，现在的台账只有" in said.stderr
    assert "台账被截去或重做过" in said.stderr


def test_a_chain_that_was_made_anew_is_whole_but_papers_name_other_hashes(merged: Office) -> None:
    """Somebody changes an entry and computes digests and hashes again, as the program does."""
    with closing(sqlite3.connect(merged.workspace.ledger / "台账.sqlite3")) as ledger, ledger:
        ledger.row_factory = sqlite3.Row
        ledger.execute("DELETE FROM heads")
        ledger.execute("DELETE FROM salts")
        seal_all(ledger)
    shutil.rmtree(journal_folder(merged.workspace.ledger))
    (merged.workspace.ledger / "核验.json").unlink()
    (found,) = verified(merged)["discrepancies"]
    assert "现在这一笔的校验码是" in found["what"]
    assert found["where"].startswith("台账第")


def test_the_last_backup_witnesses_too(merged: Office, tmp_path: Path) -> None:
    tenproj(merged, "backup", str(tmp_path / "备份.zip"))
    note = merged.workspace.ledger / "上次备份.json"
    said = json.loads(note.read_text("utf-8"))
    note.write_text(json.dumps({**said, "number": said["number"] + 50}), "utf-8")
    (found,) = verified(merged)["discrepancies"]
    assert found["what"].startswith("上次备份写的是第")
