"""A file with a classification mark: nothing of it is taken in, archived or quoted; it is told by its name alone."""

import io
import zipfile
from pathlib import Path

import pytest

from tenproj_xl.app.check import check
from tenproj_xl.app.ingest import ingest
from tenproj_xl.cli.as_json import ingested_json
from tenproj_xl.cli.returns_text import checked_lines, ingested_lines
from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.statuses import Status
from tests.app.test_intake import mail, put, zipped
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.libreoffice import save_all_as
from tests.helpers.programs import need

NOTE = "某基地建设情况"


def word(*paragraphs: str, header: str = "") -> bytes:
    """A text of Word, with a header of its pages."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    lines = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{lines}</w:body></w:document>")
        archive.writestr(
            "word/header1.xml", f"<w:hdr {space}><w:p><w:r><w:t>{header}</w:t></w:r></w:p></w:hdr>"
        )
    return out.getvalue()


def marked_form(week: Office, text: str = "秘密★1年") -> bytes:
    form = week.right("03")
    form.put("填报说明", "F1", text)
    return form.data


def originals(week: Office) -> list[str]:
    return sorted(path.name for path in week.workspace.archive.glob("??/*"))


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.provokes(Code.CLASSIFIED)
def test_a_marked_form_stays_where_it_lies_and_leaves_no_trace_but_its_name(week: Office) -> None:
    data = marked_form(week)
    before = originals(week)
    put(week, "03.xlsx", data)
    for _ in range(2):
        done = ingest(week.workspace, PERIOD)
        assert [(f.received.name, f.status, f.letter, f.answer) for f in done.files] == [
            ("03.xlsx", Status.HELD, None, None)
        ]
        assert done.needs_a_person
        told = list(ingested_lines(done, week.workspace))
        assert "1. 1个文件带密级标志，没有收取，仍在原处：请按保密规定处置" in told
        assert "72.5" not in str(ingested_json(done, week.workspace))
    assert (week.workspace.inbox / "03.xlsx").read_bytes() == data
    assert originals(week) == before
    with look_into_ledger(week.workspace.ledger) as ledger:
        assert (ledger.receipts(), ledger.accepted_rows(PERIOD)) == ([], [])


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("材料.zip", [("情况说明.docx", word("秘密★1年", NOTE))]),
        ("材料.zip", [("情况说明.docx", word(NOTE, header="机密★"))]),
        ("材料.zip", [("说明.txt", f"（机密）\n{NOTE}".encode("gbk"))]),
        (
            "材料.zip",
            [("说明.rtf", b"{\\rtf1\\ansi {\\f0 \\'c3\\'d8\\'c3\\'dc\\u9733 ?1\\'c4\\'ea}\\par x}")],
        ),
        ("材料.zip", [("附件（机密）.pdf", b"%PDF-1.7\n")]),
        ("回表.eml", [("情况说明.docx", word("密级：绝密"))]),
        ("材料.zip", [("情况.xls", "<html><table><tr><td>绝密★</td></tr></table></html>".encode())]),
        ("机密_材料.zip", []),
    ],
)
def test_a_mark_anywhere_in_a_parcel_holds_all_of_it(
    week: Office, name: str, files: list[tuple[str, bytes]]
) -> None:
    inside = [("03.xlsx", week.right("03").data), *files]
    put(week, name, mail(*inside) if name.endswith(".eml") else zipped(inside))
    put(week, "01.xlsx", week.right("01").data)
    done = ingest(week.workspace, PERIOD)
    found = {f.received.name: f.status for f in done.files}
    assert found.pop("01.xlsx").is_return
    assert found == {name: Status.HELD}
    assert files_in(week.workspace.inbox) == [name]


def test_a_mark_in_the_words_of_a_mail_holds_it(week: Office) -> None:
    data = mail(("03.xlsx", week.right("03").data))
    text = "填报表见附件。".encode()
    assert b"charset" in data
    from_mail = data.replace(b"From: ", b"Subject: =?utf-8?b?5py65a+G4piF?=\nFrom: ", 1)  # 机密★
    put(week, "回表.eml", from_mail)
    assert [f.status for f in ingest(week.workspace, PERIOD).files] == [Status.HELD]
    assert text.decode() not in str(ingest(week.workspace, PERIOD))


def test_a_note_beside_in_a_folder_is_held_and_the_form_is_not(week: Office) -> None:
    (week.workspace.inbox / "03区科技局").mkdir()
    put(week, "03区科技局/填报表.xlsx", week.right("03").data)
    put(week, "03区科技局/说明.docx", word("秘密★1年", NOTE))
    found = {f.received.name: f.status for f in ingest(week.workspace, PERIOD).files}
    assert found["03区科技局/说明.docx"] is Status.HELD
    assert found["03区科技局/填报表.xlsx"].is_return


def test_check_tells_the_name_alone(later: Office, tmp_path: Path) -> None:
    path = tmp_path / "03.xlsx"
    path.write_bytes(marked_form(later))
    done = check(later.workspace, [path], PERIOD)
    lines = "\n".join(checked_lines(done, later.workspace))
    assert "带密级标志，不能收取" in lines
    assert NOTE not in lines
    assert done.needs_a_person


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_mark_is_seen_in_every_format(week: Office, kind: str, tmp_path: Path) -> None:
    need("soffice")
    path = tmp_path / "03.xlsx"
    path.write_bytes(marked_form(week, "机密★"))
    (saved,) = save_all_as(kind, [path], tmp_path / "saved")
    put(week, f"03.{kind}", saved.read_bytes())
    assert [f.status for f in ingest(week.workspace, PERIOD).files] == [Status.HELD]
