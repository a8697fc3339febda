"""Scans, photographs and notes beside a form are filed with it; a scan alone is answered with what is wanted."""

from collections.abc import Sequence

import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.status import status
from tenproj_xl.cli.returns_text import ingested_lines
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.files import archived, sha256
from tenproj_xl.ledger.return_state import ReturnState
from tenproj_xl.model.statuses import Status
from tests.app.test_classified import word
from tests.app.test_intake import mail, put, zipped
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.rollup_reading import one, table

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
STEM = "03_区科技局_2026年第48期填报表"


def came(week: Office, *files: tuple[str, bytes]) -> dict[str, Status]:
    for name, data in files:
        (week.workspace.inbox / name).parent.mkdir(parents=True, exist_ok=True)
        put(week, name, data)
    done = ingest(week.workspace, PERIOD)
    assert not [f.letter for f in done.files if f.status is Status.COMPANION and f.letter]
    return {f.received.name: f.status for f in done.files}


@pytest.mark.parametrize(
    "beside",
    [
        ("盖章扫描件.pdf", PDF),
        ("照片.jpg", b"\xff\xd8\xff\xe0"),
        ("情况说明.docx", word("一切正常。")),
        ("a.txt", b"ok"),
    ],
)
def test_what_lies_beside_a_form_in_a_parcel_is_filed(week: Office, beside: tuple[str, bytes]) -> None:
    files = [("03.xlsx", week.right("03").data), beside]
    found = came(week, ("材料.zip", zipped(files)))
    assert found[f"材料.zip/{beside[0]}"] is Status.COMPANION
    assert archived(week.workspace.archive, sha256(beside[1])).read_bytes() == beside[1]
    assert list(week.workspace.inbox.glob("*.zip")) == []


def test_what_lies_beside_a_form_in_a_mail_or_a_folder_is_filed_too(week: Office) -> None:
    found = came(
        week,
        ("回表.eml", mail(("03.xlsx", week.right("03").data), ("签字页.pdf", PDF))),
        ("01局/填报表.xlsx", week.right("01").data),
        ("01局/附件/现场.png", b"\x89PNG\r\n"),
    )
    assert found["回表.eml/签字页.pdf"] is Status.COMPANION
    assert found["01局/附件/现场.png"] is Status.COMPANION


@pytest.mark.parametrize("name", [f"{STEM}（盖章）.pdf", "03区科技局盖章.pdf", "03专班 区科技局 签字页.jpg"])
def test_a_scan_named_after_a_form_that_came_is_filed(week: Office, name: str) -> None:
    assert came(week, ("03.xlsx", week.right("03").data), (name, PDF))[name] is Status.COMPANION
    assert came(week, (name, PDF + b"%2"))[name] is Status.COMPANION  # also days after it


def test_a_companion_is_listed_in_the_roll_up_and_is_no_attempt_at_a_return(week: Office) -> None:
    put(week, "材料.zip", zipped([("03.xlsx", week.right("03").data), ("签字页.pdf", PDF)]))
    done = merge(week.workspace, PERIOD)
    lines = table(done.rollup, "报送情况", "专班")
    told = [one(lines, "03", column, "专班") for column in ("盖章扫描件", "附带材料", "来件（份）")]
    assert told == ["有", "材料.zip/签字页.pdf", 1]
    assert not [f for f in done.ingested.files if f.needs_a_person]


def test_in_a_parcel_of_several_forms_names_say_whose_what_lies_beside_is(week: Office) -> None:
    """Somebody collected what came in a group: the note is of 03, the scan of 10, whose form did not come."""
    note = word("本局技术交易总额30.12亿元，含未公布数。")
    files = [(f"{code}.xlsx", week.right(code).data) for code in ("01", "03")]
    beside = [
        ("03区科技局情况说明.docx", note),
        ("10区政府办盖章.pdf", PDF),
        ("合影.jpg", b"\xff\xd8\xff\xe0"),
    ]
    put(week, "微信群.zip", zipped([*files, *beside]))
    found = {f.received.name.removeprefix("微信群.zip/"): f for f in ingest(week.workspace, PERIOD).files}
    told = {name: "30.12" in str(f.findings) for name, f in found.items() if f.judgement}
    assert told == {"01.xlsx": False, "03.xlsx": True}
    whose = {name: (found[name].status, found[name].party.task_forces) for name, _ in beside}
    assert whose == {
        "03区科技局情况说明.docx": (Status.COMPANION, ("03",)),
        "10区政府办盖章.pdf": (Status.COMPANION, ("10",)),
        "合影.jpg": (Status.COMPANION, ("01", "03")),
    }
    letter = found["10区政府办盖章.pdf"].letter
    assert letter
    assert "请再发送填报表电子表格" in letter.read_text("utf-8-sig")


def test_what_lies_beside_one_form_alone_is_of_that_form_whatever_its_name(week: Office) -> None:
    put(week, "材料.zip", zipped([("03.xlsx", week.right("03").data), ("10区政府办批示.pdf", PDF)]))
    scan = next(f for f in ingest(week.workspace, PERIOD).files if f.received.name.endswith(".pdf"))
    assert (scan.status, scan.party.recipient, scan.letter) == (Status.COMPANION, "03", None)


@pytest.mark.provokes(Code.SCAN_ALONE)
def test_a_scan_alone_is_answered_with_what_is_wanted(week: Office) -> None:
    put(week, f"{STEM}.pdf", PDF)
    done = ingest(week.workspace, PERIOD)
    (file,) = done.files
    assert (file.status, file.party.recipient, done.needs_a_person) == (Status.COMPANION, "03", False)
    assert file.letter
    letter = file.letter.read_text("utf-8-sig")
    assert f"已收到盖章扫描件“{STEM}.pdf”，请再发送填报表电子表格（.xlsx）。" in letter
    assert "未接收" not in letter
    assert any("只发来盖章扫描件" in line for line in ingested_lines(done, week.workspace))
    (state,) = [line.state for line in status(week.workspace, PERIOD).lines if line.task_force.code == "03"]
    assert state is ReturnState.MISSING


@pytest.mark.parametrize("name", ["盖章.pdf", "IMG_0001.jpg"])
def test_a_scan_of_nobody_knows_what_is_answered_by_its_name(week: Office, name: str) -> None:
    put(week, name, PDF)
    (file,) = ingest(week.workspace, PERIOD).files
    assert file.status is Status.REFUSED
    assert file.letter
    assert "请再发送填报表电子表格" in file.letter.read_text("utf-8-sig")


def named(codes: Sequence[Code]) -> list[str]:
    return [code.name for code in codes]


def test_a_note_alone_and_a_scan_named_as_a_workbook_are_asked_for_the_form(week: Office) -> None:
    put(week, "情况.docx", word("一切正常。"))
    put(week, "03.xlsx", PDF)
    files = ingest(week.workspace, PERIOD).files
    assert [file.status for file in files] == [Status.REFUSED, Status.REFUSED]
    assert [named([f.code for f in file.findings]) for file in files] == [["FILE_KIND"], ["FILE_KIND"]]


@pytest.mark.parametrize("text", ["??,??,????\n1,2,3\n??,??,????\n", "????\t??\n????\t??\n??\t1\n"])
def test_a_table_in_which_all_characters_became_question_marks_is_told_so(week: Office, text: str) -> None:
    put(week, "03.csv", text.encode())
    (file,) = ingest(week.workspace, PERIOD).files
    assert named([f.code for f in file.findings]) == ["TEXT_LOST"]
