"""The roll-up on paper: a PDF beside the workbook, or a clear word where there can be none."""

import json
import subprocess

import pytest
from click.testing import CliRunner

from tenproj_xl.cli.main import main
from tenproj_xl.reading import libreoffice
from tests.helpers.filling import Office
from tests.helpers.programs import need


@pytest.mark.libreoffice
def test_merge_prints_the_copy_for_the_printer_beside_it(later_week: Office) -> None:
    need("soffice", "pdftotext")
    later_week.send(later_week.right("03"))
    root = str(later_week.workspace.root)
    result = CliRunner().invoke(main, ["-C", root, "merge", "--period", later_week.period, "--pdf", "--json"])
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    printed = said["rollup"].replace(".xlsx", "_打印版.pdf")
    assert [w for w in said["written"] if w.endswith(".pdf")] == [
        printed,
        said["rollup"].replace(".xlsx", "_晾晒版.pdf"),
    ]
    path = str(later_week.workspace.root / printed)
    text = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, encoding="utf-8").stdout  # noqa: S603, S607  # our own file
    assert "【总体】" in text
    assert "只在电子版里的：" in text
    pages = [page.strip() for page in text.split("\f")]
    assert sum(page.startswith("挂图作战") for page in pages) == 1


def test_without_libreoffice_the_workbook_is_written_and_the_word_says_how_to_get_a_pdf(
    later_week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "soffice", lambda: None)
    root = later_week.workspace.root
    result = CliRunner().invoke(
        main, ["-C", str(root), "merge", "--period", later_week.period, "--pdf", "--json"]
    )
    said = json.loads(result.stdout)
    assert result.exit_code == 1  # done, but a person has to do something
    assert not [w for w in said["written"] if w.endswith(".pdf")]
    assert (root / said["rollup"]).exists()
    assert "没有生成 PDF" in result.stderr
    assert "输出为PDF" in result.stderr


def test_an_older_pdf_does_not_stay_beside_a_newer_workbook(
    later_week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "soffice", lambda: None)
    root = later_week.workspace.root
    command = ["-C", str(root), "merge", "--period", later_week.period, "--pdf", "--json"]
    rollup = root / json.loads(CliRunner().invoke(main, command).stdout)["rollup"]
    older = rollup.with_name(f"{rollup.stem}_打印版.pdf")
    older.write_bytes(b"%PDF-1.7")
    CliRunner().invoke(main, command)
    assert not older.exists()
