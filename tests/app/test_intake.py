"""Zips, mails and files saved in another way, through the whole intake: read like any form, or answered by name."""

import io
import os
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import load_workbook

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import FileResult
from tenproj_xl.cli.returns_text import merged_lines
from tenproj_xl.core.catalogue import Code
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading.arrivals import remarks
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.sniff import FileKind
from tests.conftest import PERIOD
from tests.fuzzing.seeds import seeds
from tests.helpers.filling import Office
from tests.helpers.mails import letter
from tests.helpers.programs import need, output_of
from tests.helpers.settings_book import know_password


def filled(week: Office, task_force: str = "03") -> bytes:
    return week.right(task_force).data


def put(week: Office, name: str, data: bytes) -> Path:
    path = week.workspace.inbox / name
    path.write_bytes(data)
    at = week.deadline.timestamp() - 3600
    os.utime(path, (at, at))
    return path


def zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def mail(*attachments: tuple[str, bytes], text: str = "填报表见附件。") -> bytes:
    message = EmailMessage()
    message["From"] = "张三 <zhangsan@example.gov.cn>"
    message["Date"] = "Thu, 26 Nov 2026 10:00:00 +0800"
    message.set_content(text)
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def ingested(week: Office) -> dict[str, FileResult]:
    return {f.received.name: f for f in ingest(week.workspace, PERIOD).files}


def codes(result: FileResult) -> list[Code]:
    return [f.code for f in result.findings]


def test_the_forms_in_a_zip_are_taken_in_one_by_one_and_the_zip_leaves_the_inbox(week: Office) -> None:
    path = put(week, "回表.zip", zipped([("科技局/03.xlsx", filled(week)), ("08.xlsx", filled(week, "08"))]))
    results = ingested(week)
    assert {name: f.task_force for name, f in results.items()} == {
        "回表.zip/科技局/03.xlsx": "03",
        "回表.zip/08.xlsx": "08",
    }
    assert all(f.status is Status.ACCEPTED for f in results.values())
    assert not path.exists()


def test_the_attachment_of_a_mail_counts_from_when_it_was_sent(week: Office) -> None:
    put(week, "回复.eml", mail(("03_区科技局.xlsx", filled(week))))
    result = ingested(week)["回复.eml/03_区科技局.xlsx"]
    assert result.status is Status.ACCEPTED
    assert result.received.received_at.isoformat() == "2026-11-26T02:00:00+00:00"


def test_one_bad_file_in_a_zip_never_stops_the_others(week: Office) -> None:
    whole = filled(week)
    put(week, "回表.zip", zipped([("坏.xlsx", whole[: len(whole) // 2]), ("好.xlsx", whole)]))
    results = ingested(week)
    assert codes(results["回表.zip/坏.xlsx"]) == [Code.FILE_TRUNCATED]
    assert results["回表.zip/好.xlsx"].status is Status.ACCEPTED


@pytest.mark.provokes(Code.FILE_ARCHIVE)
def test_a_zip_in_a_zip_asks_for_the_files_themselves(week: Office) -> None:
    put(week, "外.zip", zipped([("内.zip", zipped([("03.xlsx", filled(week))]))]))
    (result,) = ingested(week).values()
    assert codes(result) == [Code.FILE_ARCHIVE]
    assert "这是压缩包中的压缩包，没有打开，请解压后直接发送" in result.findings[0].message


@pytest.mark.provokes(Code.FILE_MAIL)
def test_what_outlook_packed_asks_for_the_attachment_itself(week: Office) -> None:
    put(week, "回复.eml", mail(("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(200))))
    (result,) = ingested(week).values()
    assert codes(result) == [Code.FILE_MAIL]
    assert "请把附件另存出来单独发送" in result.findings[0].message


@pytest.mark.provokes(Code.NOTHING_INSIDE)
def test_a_mail_without_an_attachment_says_so(week: Office) -> None:
    put(week, "回复.eml", mail())
    (result,) = ingested(week).values()
    assert codes(result) == [Code.NOTHING_INSIDE]
    assert "邮件没有附件" in result.findings[0].message


@pytest.mark.provokes(Code.MAIL_WORDS)
def test_a_mail_that_only_says_something_is_read_by_the_office_and_asked_for_no_form(week: Office) -> None:
    earlier = "> 您好！贵单位报送的填报表已接收，请核对：本次20亿元，低于上次26.71亿元"
    put(week, "回复.eml", mail(text=f"您好。\nZ01-02属实，系核减。\n\n张三\n\n{earlier}"))
    done = merge(week.workspace, PERIOD)
    (result,) = done.ingested.files
    assert codes(result) == [Code.MAIL_WORDS]
    said = "邮件没有附件，写的是“Z01-02属实，系核减。”，没有计入"
    assert said in result.findings[0].message
    assert result.letter
    letter = result.letter.read_text("utf-8-sig")
    assert said in letter
    assert "答复疑问的，请填在填报表那一行的“核实说明”里发回" in letter
    assert "请尽快更正后发回" not in letter
    lines = "\n".join(merged_lines(done, week.workspace))
    assert "1封邮件里只有话，请看一看：是答复疑问的，用 tenproj review 记下" in lines
    assert "回复.eml：Z01-02属实，系核减。" in lines
    assert "  回复.eml  没有附件，只有话（提示1）" in lines


def test_an_automatic_reply_in_the_inbox_is_no_answer_to_a_question(week: Office) -> None:
    away = letter(subject="自动回复", text="我休假了", Auto_Submitted="auto-replied")
    put(week, "休假.eml", away.as_bytes())
    done = merge(week.workspace, PERIOD)
    lines = "\n".join(merged_lines(done, week.workspace))
    assert "  休假.eml  自动回复（提示1）" in lines
    assert "1封自动回复、群发等邮件没有附件，一般不用管\n   休假.eml：自动回复；我休假了" in lines
    assert "review" not in lines


def test_a_form_in_a_mail_whose_sender_is_nothing_but_brackets_is_taken_in_like_any_other(
    week: Office,
) -> None:
    message = mail(("03.xlsx", filled(week))).replace(b"From: ", b"From: " + b"(" * 5000)
    put(week, "回表.eml", message)
    (result,) = ingested(week).values()
    assert (result.task_force, result.status) == ("03", Status.ACCEPTED)


@pytest.mark.parametrize("header", ["From", "X-Failed-Recipients"])
def test_a_bounce_with_nothing_but_brackets_in_a_header_keeps_no_form_from_being_taken_in(
    week: Office, header: str
) -> None:
    spoilt = f"Return-Path: <>\r\nSubject: Undelivered\r\n{header}: {'(' * 5000}\r\n\r\nuser unknown\r\n"
    put(week, "退信.eml", spoilt.encode())
    put(week, "03.xlsx", filled(week))
    found = ingested(week)
    assert found["03.xlsx"].status is Status.ACCEPTED
    assert list(week.workspace.inbox.iterdir()) == []


@pytest.mark.provokes(Code.FILE_RESAVE)
def test_a_web_page_called_a_workbook_asks_to_be_saved_as_one(week: Office) -> None:
    put(week, "03.xls", "<html><body><table><tr><td>指标</td></tr></table></body></html>".encode())
    (result,) = ingested(week).values()
    assert codes(result) == [Code.FILE_RESAVE]
    assert "另存为.xlsx后重新发送" in result.findings[0].message


@pytest.mark.provokes(Code.MACROS_IGNORED)
def test_macros_are_left_alone_and_said(week: Office) -> None:
    put(week, "03.xlsm", with_part(filled(week), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0", macros=True))
    (result,) = ingested(week).values()
    assert (result.status, codes(result)) == (Status.WITH_WARNINGS, [Code.MACROS_IGNORED])


@pytest.mark.provokes(Code.LINKS_IGNORED)
def test_links_to_other_files_are_left_alone_and_said(week: Office) -> None:
    put(week, "03.xlsx", with_part(filled(week), "xl/externalLinks/externalLink1.xml", b"<externalLink/>"))
    (result,) = ingested(week).values()
    assert codes(result) == [Code.LINKS_IGNORED]


def with_part(data: bytes, name: str, part: bytes, *, macros: bool = False) -> bytes:
    """A workbook with one part more, declared as what makes a workbook of macros where it is one."""
    plain, other = b"sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(entry, archive.read(entry)) for entry in archive.namelist()]
    if macros:
        parts = [
            (n, p.replace(b"openxmlformats-officedocument.spreadsheetml." + plain, other)) for n, p in parts
        ]
    return zipped([*parts, (name, part)])


@pytest.mark.provokes(Code.TEXT_ROUGH)
def test_a_csv_with_its_keys_is_a_return_and_lost_characters_are_said(week: Office) -> None:
    page = load_workbook(io.BytesIO(filled(week)))["主要指标进度表"]
    lines = [
        ",".join(str(c if c is not None else "") for c in row) for row in page.iter_rows(values_only=True)
    ]
    put(week, "主要指标进度表.csv", "\r\n".join(lines).encode("gb18030") + b"\r\n\xff\xff\r\n")
    (result,) = ingested(week).values()
    assert result.task_force == "03"
    assert Code.TEXT_ROUGH in codes(result)


@pytest.mark.provokes(Code.TEXT_LOST)
def test_a_table_whose_chinese_became_question_marks_is_one_finding(week: Office) -> None:
    put(week, "03.csv", seeds(week)["hand.csv"].decode("gb18030").encode("ascii", "replace"))
    result = ingested(week)["03.csv"]
    assert (result.status, codes(result)) == (Status.REFUSED, [Code.TEXT_LOST])


@pytest.mark.clients
def test_a_workbook_for_excel_95_alone_asks_to_be_saved_as_another(week: Office, tmp_path: Path) -> None:
    need("soffice", "gnumeric")
    old = tmp_path / "03.xls"
    output_of(
        [
            "ssconvert",
            "-T",
            "Gnumeric_Excel:excel_biff7",
            str(week.right("03").save(tmp_path / "f.xlsx")),
            str(old),
        ]
    )
    put(week, "03.xls", old.read_bytes())
    assert codes(ingested(week)["03.xls"]) == [Code.FILE_RESAVE]


@pytest.mark.provokes(Code.FILE_CONVERTED)
def test_what_had_to_be_converted_is_said_to_be() -> None:
    (found,) = remarks(Book(kind=FileKind.XLSB, sheets=(), converted=True), "03.xlsb")
    assert found.message == "这是xlsb二进制工作簿，已转换后读取，请核对；以后请发送.xlsx。"


def test_a_password_that_the_office_knows_opens_a_file(week: Office) -> None:
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(filled(week))).encrypt("区科技局2026", locked)
    put(week, "03.xlsx", locked.getvalue())
    (result,) = ingested(week).values()
    assert codes(result) == [Code.FILE_ENCRYPTED]
    know_password(week.workspace, "区科技局", "区科技局2026")
    put(week, "03.xlsx", locked.getvalue())
    (again,) = ingested(week).values()
    assert again.status is Status.ACCEPTED


def test_limits_stand_in_the_settings(week: Office) -> None:
    book = load_workbook(week.workspace.settings)
    row = next(r for r in book["参数"].iter_rows() if r[0].value == "单元格数上限")
    row[1].value = 10000
    book.save(week.workspace.settings)
    form = week.right("03")
    form.put("tasks", "A5000", "。")
    put(week, "03.xlsx", form.data)
    (result,) = ingested(week).values()
    assert codes(result) == [Code.FILE_LIMITS]
