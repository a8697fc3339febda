"""The folder for the archive: catalogue and files agree, all is legible without the program, and it may be made again."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.files import archived, sha256_of_file
from tenproj_xl.core.remains import temporary_name
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.reading import libreoffice
from tenproj_xl.reading.pdf_pages import pages_of_pdf
from tests.app.test_remove import leaked
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.programs import need
from tests.helpers.rollup_reading import opened
from tests.helpers.shared import copied_as, made_once
from tests.office.test_meeting import ITEM, MeetingOffice
from tests.office.test_supervise import choose, listed

YEAR = "2026"


def pdf(pages: int, count: int | None = None) -> bytes:
    """A PDF of so many pages, which says that it has `count`."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count %d >>" % (count or pages)]
    objects += [b"<< /Type /Page /Parent 2 0 R >>"] * pages
    return (
        b"%PDF-1.4\n" + b"\n".join(b"%d 0 obj %s endobj" % one for one in enumerate(objects, 1)) + b"\n%%EOF"
    )


def tenproj(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


def archive(office: Office, *more: str) -> Result:
    return tenproj(office, "archive", "--year", YEAR, "--no-pages", *more)


def folder(office: Office) -> Path:
    return office.workspace.outbox / f"归档_{YEAR}"


def catalogue(office: Office, sheet: str = "归档文件目录") -> list[dict[str, Any]]:
    rows = list(opened(folder(office) / "目录.xlsx")[sheet].iter_rows(min_row=3, values_only=True))
    heads = [str(head) for head in rows[0]]
    return [dict(zip(heads, row, strict=True)) for row in rows[1:] if row[0]]


def contents(place: Path) -> dict[str, str]:
    files = [path for path in place.rglob("*") if path.is_file()]
    return {path.relative_to(place).as_posix(): sha256_of_file(path) for path in files}


def temporary_folder_of_a_process_that_ended() -> str:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return temporary_name("x").replace(".x.", ".tenproj-").replace(f"{os.getpid()}.tmp", f"{ended.pid}-abc")


@pytest.fixture(scope="session")
def _given_out_year(_first_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(root: Path) -> None:
        shutil.copytree(_first_week, root)
        office = Office.of(Workspace(root), PERIOD)
        office.send(office.right("03"))
        office.send(office.right("02"))
        assert tenproj(office, "merge", "--period", PERIOD).exit_code == 0
        (rollup,) = (office.workspace.outbox / PERIOD / "汇总").glob("*周汇总表.xlsx")
        scan = tmp_path_factory.mktemp("scan") / "第1期扫描件.pdf"
        scan.write_bytes(pdf(3))
        given = tenproj(office, "publish", str(rollup), str(scan), "--by", "张三", "--period", PERIOD)
        assert given.exit_code == 0

    return made_once(tmp_path_factory, "given-out-year", make)


@pytest.fixture
def given_out(_given_out_year: Path, _first: Office, tmp_path: Path) -> Office:
    """Return an office with two returns, a roll-up that was given out with a scan, and a decision."""
    return copied_as(_first, _given_out_year, tmp_path)


def test_every_file_stands_in_the_catalogue_where_it_lies_with_the_hash_of_its_bytes(
    given_out: Office,
) -> None:
    said = archive(given_out)
    assert said.exit_code == 0
    assert said.stderr.startswith("2026年归档文件：outbox/归档_2026（永久1件、10年3件，共5个文件）")
    listed = {
        f"{row['所在文件夹']}/{row['文件名']}": row["校验码（SHA-256）"] for row in catalogue(given_out)
    }
    there = contents(folder(given_out))
    beside = {"目录.xlsx", "校验码.txt", "说明.txt"}
    assert listed == {name: sha for name, sha in there.items() if name not in beside}
    assert "3_报送原件/2026-W48/区科技局/03_区科技局_2026年第48期填报表.xlsx" in listed


def test_files_of_one_paper_are_one_item_numbered_within_their_period_of_retention(given_out: Office) -> None:
    archive(given_out)
    rows = catalogue(given_out)
    assert [(row["保管期限"], row["件号"]) for row in rows] == [
        ("永久", 1),
        ("10年", 1),
        ("10年", 1),
        ("10年", 2),
        ("10年", 3),
    ]
    paper = [row for row in rows if row["文号"] == "汇总2026年第1期"]
    assert [row["备注"] for row in paper] == ["张三印发", "张三印发"]
    assert len(str(paper[0]["日期"])) == 8


def test_pages_are_those_of_the_registered_scan_and_blank_where_nobody_can_tell(given_out: Office) -> None:
    archive(given_out)
    pages = {row["文件名"]: row["页数"] for row in catalogue(given_out)}
    assert pages["第1期扫描件.pdf"] == 3
    assert [count for name, count in pages.items() if name.endswith(".xlsx")] == [None] * 4
    assert "4个文件没有页数" in archive(given_out).stderr


@pytest.mark.libreoffice
def test_where_libreoffice_is_installed_papers_are_counted_as_they_are_printed(given_out: Office) -> None:
    need("soffice")
    assert tenproj(given_out, "archive", "--year", YEAR).exit_code == 0
    pages = {row["所在文件夹"].split("/")[0]: row["页数"] for row in catalogue(given_out)}
    assert pages["1_工作计划"] > 1
    assert pages["3_报送原件"] is None
    assert min(r["页数"] for r in catalogue(given_out) if r["所在文件夹"].startswith("2_")) > 1


def test_without_libreoffice_nothing_is_invented(given_out: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "soffice", lambda: None)
    assert tenproj(given_out, "archive", "--year", YEAR).exit_code == 0
    assert [row["页数"] for row in catalogue(given_out) if row["文件名"].endswith(".xlsx")] == [None] * 4


def test_the_plan_is_written_as_it_was_and_everything_opens_without_the_program(given_out: Office) -> None:
    archive(given_out)
    (path,) = (folder(given_out) / "1_工作计划").iterdir()
    ours, theirs = load_workbook(path), load_workbook(given_out.workspace.plan)
    said = {str(cell) for row in ours["主要指标"].iter_rows(values_only=True) for cell in row if cell}
    names = [row[1] for row in theirs["主要指标"].iter_rows(min_row=3, values_only=True) if row[1]]
    assert names
    assert set(map(str, names)) <= said
    for line in (folder(given_out) / "校验码.txt").read_text("utf-8").splitlines():
        digest, name = line.split(" *")
        assert hashlib.sha256((folder(given_out) / name).read_bytes()).hexdigest() == digest


def test_made_again_it_is_the_same_and_what_people_changed_in_it_is_kept_aside(given_out: Office) -> None:
    archive(given_out)
    before = contents(folder(given_out))
    assert "没有覆盖" not in archive(given_out).stderr
    assert contents(folder(given_out)) == before
    (folder(given_out) / "档案室批注.txt").write_text("已收", "utf-8")
    assert "原来的文件夹改动过，没有覆盖，已改名为“归档_2026_手改备份1”" in archive(given_out).stderr
    assert contents(folder(given_out)) == before
    assert (folder(given_out).with_name("归档_2026_手改备份1") / "档案室批注.txt").exists()
    assert not list(given_out.workspace.outbox.glob(".*"))


def test_a_run_that_was_cut_off_leaves_the_folder_of_before_and_the_next_clears_up(
    given_out: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(given_out)
    before = contents(folder(given_out))
    left = given_out.workspace.outbox / temporary_folder_of_a_process_that_ended()
    left.mkdir()
    (left / "x").write_text("x")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("tenproj_xl.app.archive_year.write_catalogue", full)
        assert archive(given_out).exit_code == 3
    assert contents(folder(given_out)) == before
    assert archive(given_out).exit_code == 0
    assert not left.exists()


def test_what_was_not_accepted_is_listed_and_not_copied(given_out: Office) -> None:
    name = "02_区发改经信局_2026年第48期填报表.xlsx"
    assert tenproj(given_out, "withdraw", name, "--why", "发错了").exit_code == 0
    assert "另有1份没有归档，原因见目录的“未归档”表。" in archive(given_out).stderr
    (row,) = catalogue(given_out, "未归档")
    assert (row["文件"], row["为什么没有归档"]) == (name, "已撤回")
    assert not [path for path in contents(folder(given_out)) if name in path]


def test_what_was_lawfully_removed_is_listed_with_its_basis_and_gone_from_the_folder(week: Office) -> None:
    leaked(week)
    archive(week)
    copy = "3_报送原件/2026-W48/区科技局/03误传.xlsx"
    assert copy in contents(folder(week))
    said = tenproj(week, "remove", "03误传.xlsx", "--why", "保密办〔2026〕3号")
    assert f"归档_2026/{copy}" in said.stderr  # copies in the outbox are for the operator to take out
    archive(week)
    assert copy not in contents(folder(week))
    with look_into_ledger(week.workspace.ledger) as ledger:
        (removal,) = [one for one in ledger.removals() if one.name == "03误传.xlsx"]
    year = removal.at.astimezone(ZoneInfo("Asia/Shanghai")).year  # of the day of the removal
    assert tenproj(week, "archive", "--year", str(year), "--no-pages").exit_code == 0
    book = opened(week.workspace.outbox / f"归档_{year}" / "目录.xlsx")
    rows = list(book["未归档"].iter_rows(min_row=4, values_only=True))
    assert ("03误传.xlsx", "已按规定清除，依据：保密办〔2026〕3号") in [(row[0], row[3]) for row in rows]


def test_a_given_out_paper_that_the_archive_lacks_is_told_and_needs_a_person(given_out: Office) -> None:
    (rollup,) = (given_out.workspace.outbox / PERIOD / "汇总").glob("*周汇总表.xlsx")
    archived(given_out.workspace.archive, sha256_of_file(rollup)).unlink()
    said = archive(given_out, "--json")
    assert said.exit_code == 1
    assert json.loads(said.stdout)["missing"] == [f"印发稿“{rollup.name}”"]


def test_another_place_is_written_to_unless_something_else_lies_there(
    given_out: Office, tmp_path: Path
) -> None:
    place = tmp_path / "移交"
    assert archive(given_out, "--out", str(place)).exit_code == 0
    assert (place / "目录.xlsx").exists()
    other = tmp_path / "别的"
    other.mkdir()
    (other / "照片.txt").write_text("x")
    said = archive(given_out, "--out", str(other))
    assert (said.exit_code, (other / "照片.txt").exists()) == (2, True)
    assert "里已有别的文件，没有写" in said.stderr


def test_what_the_office_decided_is_handed_over_as_it_was_filled_in(week: Office) -> None:
    office = MeetingOffice(week.workspace, week)
    file = office.meeting()
    file.write(1, ITEM)
    office.agree(file, name="第12次例会.xlsx")
    assert archive(week).exit_code == 0
    (row,) = [row for row in catalogue(week) if row["所在文件夹"].startswith("4_")]
    assert (row["所在文件夹"], row["保管期限"]) == ("4_办公室审定/会议议定事项", "30年")
    handed = folder(week) / row["所在文件夹"] / row["文件名"]
    assert handed.read_bytes() == (week.workspace.root / "第12次例会.xlsx").read_bytes()


def test_slips_are_written_again_with_their_register(later_week: Office) -> None:
    form = later_week.right("03")
    form.write("tasks", "R03-01", status="滞后", problems="资金未到位", next_steps="提请协调")
    later_week.send(form)
    tenproj(later_week, "merge", "--period", PERIOD)
    path = choose(listed(later_week), {"R03-01": {"是否督办": "是", "签发人": "王五"}})
    assert tenproj(later_week, "supervise", str(path)).exit_code == 0
    with look_into_ledger(later_week.workspace.ledger) as ledger:
        (slip,) = ledger.register().slips  # of the year of the day on which it is issued
    assert tenproj(later_week, "archive", "--year", str(slip.year), "--no-pages").exit_code == 0
    place = later_week.workspace.outbox / f"归档_{slip.year}"
    (book,) = (place / "5_督办单").iterdir()
    assert opened(book).sheetnames == [slip.label, "督办台账"]


def test_of_a_year_without_anything_nothing_is_made(week: Office) -> None:
    said = tenproj(week, "archive", "--year", "2031")
    assert (said.exit_code, "台账里没有2031年的内容" in said.stderr) == (2, True)
    assert not list(week.workspace.outbox.glob("归档*"))


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        (pdf(1), 1),
        (pdf(12), 12),
        (pdf(3) + pdf(1)[8:], None),  # saved twice: what it counts is not what it has
        (pdf(3, 5), None),
        (pdf(2) + b"/Encrypt", None),
        (b"no PDF", None),
    ],
)
def test_the_pages_of_a_pdf_are_told_where_two_things_in_it_say_the_same(
    data: bytes, pages: int | None
) -> None:
    assert pages_of_pdf(data) == pages
