"""The check of foreign files, on a folder made for it."""

import io
from pathlib import Path

import xlsxwriter

from tests.fuzzing.foreign import files, run, save
from tests.fuzzing.seeds import seeds
from tests.helpers.filling import Office


def foreign() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("预算").write_row(0, 0, ["科目", "金额"])
    return file.getvalue()


def test_foreign_files_end_in_named_findings_and_so_do_their_broken_variants(
    later: Office, tmp_path: Path
) -> None:
    (tmp_path / "budget.xlsx").write_bytes(foreign())
    (tmp_path / "copy of budget.xlsx").write_bytes(foreign())
    (tmp_path / "minutes.pdf").write_bytes(b"%PDF-1.7\n")
    table = run(later, files([tmp_path], 3, 1))
    assert (table.count, table.breaches) == (12, [])
    assert table.codes["not_ours"] >= 1
    assert table.codes["file_kind"] >= 1
    assert "12 files: " in str(table)
    assert str(table).endswith("\n0 breaches")


def test_a_return_among_foreign_files_is_told(later: Office, tmp_path: Path) -> None:
    (tmp_path / "form.xlsx").write_bytes(seeds(later)["form.xlsx"])
    table = run(later, files([tmp_path], 0, 1))
    ((file, what),) = table.breaches
    assert what == "it was taken for a return"
    save(tmp_path / "kept", table.breaches)
    assert (tmp_path / "kept" / "0-form.xlsx").read_bytes() == file.data
