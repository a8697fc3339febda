"""Archived files are handed out again: under their own names, byte for byte, and over nothing that lies there."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app.merge import merge
from tenproj_xl.app.original import original
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import archive, archived, sha256
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.publications import PaperKind, Publication, PublishedFile, Series
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.rollup_reading import one, table
from tests.helpers.snapshot import snapshot
from tests.helpers.times import moment

SCAN = b"%PDF-1.7 a scan"


@pytest.fixture(scope="module")
def office(later: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """03 returned twice under one name, 04 in a zip; the week's brief was given out as a scan."""
    root = tmp_path_factory.mktemp("originals") / "工作区"
    shutil.copytree(later.workspace.root, root)
    office = Office.of(Workspace(root), PERIOD)
    workspace = office.workspace
    office.send(office.right("03"), "03.xlsx", hours=-30)
    merge(workspace, PERIOD)
    form = office.right("03")
    form.write("indicators", "Z03-04", value=99.0)
    office.send(form, "03.xlsx", hours=-20)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive_file:
        archive_file.writestr("04.xlsx", office.send(office.right("04"), "04.xlsx").read_bytes())
    (workspace.inbox / "04.xlsx").unlink()
    (workspace.inbox / "回表.zip").write_bytes(packed.getvalue())
    merge(workspace, PERIOD)
    with open_ledger(workspace.ledger, who="tests") as ledger:
        (*_, paper) = ledger.papers()
        publication = Publication(
            series=Series.BRIEF,
            year=2026,
            number=1,
            edition="week",
            published_at=moment("2026-11-27 18:00"),
            published_by="王主任",
            files=(PublishedFile("简报第1期.pdf", archive(workspace.archive, SCAN), PaperKind.SCAN),),
            told=paper.told,
            plan="",
        )
        with ledger.batch("publish", moment("2026-11-27 18:00"), office.loaded.snapshots):
            ledger.record_publication(publication)
    return office


def newest(office: Office) -> str:
    """The hash of the newer of the files called 03.xlsx."""
    with look_into_ledger(office.workspace.ledger) as ledger:
        return [sha for sha, name, _ in ledger.received_files() if name == "03.xlsx"][-1]


def test_a_file_is_handed_out_as_it_came(office: Office, tmp_path: Path) -> None:
    before = snapshot(office.workspace.root)
    done = original(office.workspace, newest(office)[:8], tmp_path / "原件")
    assert done.path == tmp_path / "原件" / "03.xlsx"
    assert sha256(done.path.read_bytes()) == newest(office)
    assert snapshot(office.workspace.root) == before


def test_a_file_out_of_a_zip_has_its_own_name(office: Office, tmp_path: Path) -> None:
    assert original(office.workspace, "04.xlsx", tmp_path).path.name == "04.xlsx"


def test_a_paper_that_was_given_out_is_handed_out_too(office: Office, tmp_path: Path) -> None:
    assert original(office.workspace, "简报第1期.pdf", tmp_path).path.read_bytes() == SCAN


def test_a_source_of_the_roll_up_leads_to_the_very_file(office: Office, tmp_path: Path) -> None:
    """Two files have this name: the time tells which."""
    (rollup,) = (office.workspace.outbox / PERIOD / "汇总").glob("*汇总表.xlsx")
    source = one(table(rollup, "主要指标"), "Z03-04", "来源（文件›工作表›单元格，时间）")
    done = original(office.workspace, str(source), tmp_path)
    assert done.sha256 == newest(office)


def test_a_file_that_lies_there_is_never_overwritten(office: Office, tmp_path: Path) -> None:
    (tmp_path / "03.xlsx").write_bytes(b"another one")
    first = original(office.workspace, newest(office), tmp_path)
    again = original(office.workspace, newest(office), tmp_path)
    assert (tmp_path / "03.xlsx").read_bytes() == b"another one"
    assert (first.path.name, first.was_there) == ("03_2.xlsx", False)
    assert (again.path, again.was_there) == (first.path, True)


def command(office: Office, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), "original", *words])


def test_of_several_files_of_one_name_the_operator_says_which(office: Office, tmp_path: Path) -> None:
    done = command(office, "03.xlsx", "--out", str(tmp_path))
    assert done.exit_code == 2
    assert "叫“03.xlsx”的文件有2份" in done.stderr
    assert newest(office)[:12] in done.stderr


def test_programs_are_told_where_it_lies(office: Office, tmp_path: Path) -> None:
    done = json.loads(command(office, "04.xlsx", "--out", str(tmp_path), "--json").stdout)
    assert "error" not in done, done
    assert (done["file"], done["written"]) == ("04.xlsx", [str(tmp_path / "04.xlsx")])


def test_what_was_never_received_is_told(office: Office, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="存档里没有“99"):
        original(office.workspace, "99.xlsx", tmp_path)


def test_of_what_the_office_recorded_its_workbook_is_to_be_named(office: Office, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match=r"由办公室代录，没有单位的原件.*请写代录单的文件名"):
        original(
            office.workspace, "由总专班办公室代录（依据：电话） › 代录 › E5（2026-11-27 18:00）", tmp_path
        )


def test_an_original_that_was_changed_or_is_gone_is_not_handed_out(office: Office, tmp_path: Path) -> None:
    path = archived(office.workspace.archive, sha256(SCAN))
    path.write_bytes(b"forged")
    with pytest.raises(EnvironmentProblem, match="被改动过"):
        original(office.workspace, "简报第1期.pdf", tmp_path)
    path.unlink()
    with pytest.raises(EnvironmentProblem, match="没有“简报第1期"):
        original(office.workspace, "简报第1期.pdf", tmp_path)
    path.write_bytes(SCAN)
