"""Zips and mails: what is inside, under the names that senders gave, and what is hostile about it."""

import base64
import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from urllib.parse import quote

import pytest
import xlsxwriter

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.limits import LIMITS, Limits
from tenproj_xl.reading.containers import Contents, unpack
from tenproj_xl.reading.content import Held
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.members import Member, clean_name
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.sniff import FileKind, sniff

NAME = "第3专班（区科技局）填报表.xlsx"
PDF = b"%PDF-1.7\n"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def form(text: str = "指标") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("一").write_string(0, 0, text)
    return file.getvalue()


FORM, OTHER = form(), form("任务")


def zipped(files: Sequence[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            undated = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            archive.writestr(undated, data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def contents(data: bytes, limits: Limits | None = None) -> Contents:
    found = unpack(data, sniff(data), limits or Limits())
    assert isinstance(found, Contents), found
    return found


def refusal(data: bytes, limits: Limits | None = None) -> Refusal:
    found = unpack(data, sniff(data), limits or Limits())
    assert isinstance(found, Refusal), found
    return found


def names(data: bytes) -> list[str]:
    return [m.name for m in contents(data).members]


# --- zips


def test_a_file_in_a_zip_has_its_date_there_by_the_local_time_that_zips_keep() -> None:
    dated = zipfile.ZipInfo("03.xlsx", (2026, 11, 26, 15, 30, 0))
    of_no_day = zipfile.ZipInfo("05.xlsx", (2026, 2, 30, 15, 30, 0))
    members = contents(zipped([(dated, FORM), (of_no_day, OTHER)])).members
    assert [m.zipped_at for m in members] == [datetime(2026, 11, 26, 7, 30, tzinfo=UTC), None]


def named_raw(raw: bytes, data: bytes = b"", flag: int = 0) -> bytes:
    """A zip of one file whose name is these very bytes, as programs write that know nothing of encodings."""
    archive = zipped([("N" * len(raw), data or FORM)])
    directory = archive.rfind(b"PK\x01\x02")
    patched = archive.replace(b"N" * len(raw), raw)
    return patched[: directory + 8] + struct.pack("<H", flag) + patched[directory + 10 :]


def test_a_zip_gives_its_workbooks_with_the_folders_they_lie_in() -> None:
    data = zipped([("科技局/", b""), (f"科技局/{NAME}", FORM), ("05.xls", OTHER)])
    assert contents(data) == Contents(
        FileKind.ZIP, (Member(f"科技局/{NAME}", Held(FORM)), Member("05.xls", Held(OTHER)))
    )


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_chinese_names_without_a_word_on_their_encoding_are_read(encoding: str) -> None:
    assert names(named_raw(NAME.encode(encoding))) == [NAME]


def test_the_encoding_is_told_by_all_names_together() -> None:
    raw = "一一一".encode("gbk")
    assert raw.decode() == "һһһ"  # it is UTF-8 as well, of something else
    archive = zipped([("N" * len(raw), FORM), ("M" * 8, OTHER)])
    archive = archive.replace(b"N" * len(raw), raw).replace(b"M" * 8, "区科技局".encode("gbk"))
    assert names(archive) == ["一一一", "区科技局"]


def test_the_name_in_unicode_beside_another_is_taken() -> None:
    info = zipfile.ZipInfo("03.xlsx")
    extra = b"\x01" + bytes(4) + NAME.encode()
    info.extra = struct.pack("<HH", 0x7075, len(extra)) + extra
    assert names(zipped([(info, FORM)])) == [NAME]


def test_a_backslash_parts_folders_but_not_characters() -> None:
    assert names(named_raw("表\\綷.xlsx".encode("gbk"))) == ["表/綷.xlsx"]


def test_what_systems_leave_beside_files_is_passed_over_without_a_word() -> None:
    noise = [
        "__MACOSX/._03.xlsx",
        "._03.xlsx",
        "~$03.xlsx",
        ".DS_Store",
        "Thumbs.db",
        "a/desktop.ini",
        ".~lock.03.xlsx#",
    ]
    found = contents(zipped([*((name, FORM) for name in noise), ("03.xlsx", FORM)]))
    assert found == Contents(FileKind.ZIP, (Member("03.xlsx", Held(FORM)),))


def test_what_lies_beside_a_workbook_is_there_too() -> None:
    found = contents(zipped([("03.xlsx", FORM), ("签字页.pdf", PDF), ("说明.txt", "请查收".encode())]))
    assert [m.name for m in found.members] == ["03.xlsx", "签字页.pdf", "说明.txt"]


def test_an_empty_zip_says_so() -> None:
    assert refusal(zipped([])) == Refusal(Code.NOTHING_INSIDE, "压缩包是空的")
    assert refusal(zipped([("a/", b""), (".DS_Store", b"x")])) == Refusal(Code.NOTHING_INSIDE, "压缩包是空的")


@pytest.mark.parametrize("share", [0.2, 0.9, 0.999])
def test_a_cut_zip_is_truncated(share: float) -> None:
    data = zipped([(NAME, FORM), ("05.xlsx", OTHER)])
    assert refusal(data[: int(len(data) * share)]) == Refusal(Code.FILE_TRUNCATED)


def test_a_damaged_member_costs_only_itself() -> None:
    data = bytearray(zipped([("03.xlsx", FORM), ("05.xlsx", OTHER)]))
    data[60:70] = bytes(10)
    broken, whole = contents(bytes(data)).members
    assert broken.refusal == Refusal(Code.FILE_TRUNCATED)
    assert whole == Member("05.xlsx", Held(OTHER))


@pytest.mark.parametrize(
    "name", ["../03.xlsx", "a/../../03.xlsx", "/etc/03.xlsx", "C:/03.xlsx", "..\\03.xlsx"]
)
def test_a_zip_whose_names_lead_outside_is_refused(name: str) -> None:
    found = refusal(zipped([("05.xlsx", FORM), (name, FORM)]))
    assert found == Refusal(Code.FILE_LIMITS, "压缩包内的文件名指向压缩包之外")


def test_a_zip_with_a_link_is_refused() -> None:
    info = zipfile.ZipInfo("03.xlsx")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    assert refusal(zipped([(info, b"/etc/passwd")])) == Refusal(Code.FILE_LIMITS, "压缩包内有指向别处的链接")


def test_of_a_zip_bomb_no_more_is_inflated_than_may_be() -> None:
    data = zipped([(f"{n}.xlsx", bytes(300_000)) for n in range(10)])
    found = contents(data, Limits(unpacked=1 << 20))
    assert [(m.content.size, m.refusal) for m in found.members] == [
        *[(300_000, None)] * 3,
        *[(0, Refusal(Code.FILE_UNREACHED))] * 7,
    ]
    (bomb,) = contents(zipped([("0.xlsx", bytes(3 << 20))]), Limits(size=1 << 20)).members
    assert (bomb.content.size, bomb.refusal) == (0, Refusal(Code.FILE_LIMITS, "文件超过1MB"))


def test_a_zip_whose_members_share_bytes_is_refused() -> None:
    data = bytearray(zipped([("a.xlsx", FORM), ("b.xlsx", FORM)]))
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert refusal(bytes(data)) == Refusal(Code.FILE_LIMITS, "文件内部的部件互相重叠")


def test_a_zip_of_endless_members_is_refused() -> None:
    assert refusal(zipped([(f"{n}.xlsx", b"x") for n in range(2_001)])).code is Code.FILE_LIMITS


def test_an_encrypted_zip_asks_for_a_plain_one() -> None:
    data = bytearray(zipped([("03.xlsx", FORM)]))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)).code is Code.FILE_ENCRYPTED


def test_a_zip_packed_by_unusual_means_asks_for_the_files() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("03.xlsx", FORM)
    assert refusal(file.getvalue()) == Refusal(Code.FILE_ARCHIVE, "用了不常见压缩方法的压缩包")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("03\u202excl.xlsx", "03xcl.xlsx"),
        ("03\r\n\x1b[31m.xlsx", "03[31m.xlsx"),
        ("  03 \u3000 表.xlsx ", "03 表.xlsx"),
        ("\ud800\ue000\u2028\u200b03.xlsx", "03.xlsx"),
        ("甲" * 500 + ".xlsx", "甲" * 80 + "…" + "甲" * 25 + ".xlsx"),
    ],
)
def test_names_from_outside_are_shown_without_tricks(name: str, shown: str) -> None:
    assert clean_name(name) == shown


# --- mails


def mail(*parts: bytes, boundary: bytes = b"B", closed: bool = True) -> bytes:
    head = b"Date: Fri, 20 Nov 2026 16:30:00 +0800\r\nFrom: =?utf-8?B?5byg?= <zhang@kjj.example>\r\n"
    head += b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n'
    body = b'Content-Type: text/plain; charset="gbk"\r\n\r\n' + "请查收".encode("gbk")
    lines = [b"--" + boundary + b"\r\n" + part + b"\r\n" for part in (body, *parts)]
    return head + b"".join(lines) + (b"--" + boundary + b"--\r\n" if closed else b"")


def attached(name_headers: bytes, data: bytes = FORM) -> bytes:
    return name_headers + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data)


def disposition(parameters: str, encoding: str = "ascii") -> bytes:
    return f"Content-Type: {XLSX}\r\nContent-Disposition: attachment;\r\n {parameters}".encode(encoding)


def words(charset: str) -> str:
    return Header(NAME, charset, maxlinelen=60).encode()


GB2312 = "=?gb2312?B?" + base64.b64encode(NAME.encode("gb18030")).decode() + "?="
QUOTED = "=?utf-8?Q?" + "".join(f"={b:02X}" for b in NAME.encode()) + "?="


@pytest.mark.parametrize(
    "headers",
    [
        disposition(f'filename="{words("utf-8")}"'),  # Outlook, QQ
        disposition(f'filename="{GB2312}"'),  # Foxmail
        disposition(f'filename="{QUOTED}"'),
        disposition(f"filename={GB2312}"),
        disposition(f"filename*=utf-8''{quote(NAME)}"),  # RFC 2231
        disposition(f"filename*=gb2312''{quote(NAME.encode('gbk'))}"),
        disposition(f"filename*=UTF-8''{quote(NAME)};\r\n filename=\"x.xlsx\""),
        disposition(f"filename*0*=utf-8''{quote(NAME[:6])};\r\n filename*1*={quote(NAME[6:])}"),
        disposition(f'filename="{NAME}"', "utf-8"),  # raw, against the rules
        disposition(f'filename="{NAME}"', "gbk"),
        disposition(f'filename="{quote(NAME)}"'),
        disposition(f'filename="C:\\\\表\\\\{NAME}"', "gbk"),
        f'Content-Type: application/octet-stream; name="{GB2312}"'.encode(),
        f'Content-Type: application/octet-stream; name="{NAME}"'.encode("gbk"),
    ],
)
def test_every_way_to_write_a_name_is_read(headers: bytes) -> None:
    assert names(mail(attached(headers))) == [NAME]


def test_an_attachment_has_the_date_and_the_sender_of_its_mail() -> None:
    (member,) = contents(mail(attached(disposition('filename="03.xlsx"')))).members
    sent_at = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert member == Member("03.xlsx", Held(FORM), None, sent_at, "张 zhang@kjj.example")


@pytest.mark.parametrize(
    "date",
    [
        b"",
        b"yesterday",
        b"Fri, 99 Nov 2026 16:30:00 +0800",
        b"Fri, 31 Dec 9999 20:00:00 +0000",  # in Hangzhou there is no such moment
        b"\xff\xfe",
    ],
)
def test_a_date_that_is_none_is_none(date: bytes) -> None:
    data = mail(attached(disposition('filename="03.xlsx"')))
    data = data.replace(b"Fri, 20 Nov 2026 16:30:00 +0800", date)
    assert contents(data).members[0].sent_at is None


def test_an_attachment_without_a_name_is_read() -> None:
    (member,) = contents(mail(attached(f"Content-Type: {XLSX}".encode()))).members
    assert (member.name, member.data) == ("未命名附件", FORM)


@pytest.mark.parametrize("charset", [b"g\0k", b"rot13", b"idna", b"no-such", b"\xff\xfe"])
def test_a_charset_that_python_cannot_use_keeps_no_form_from_being_read(charset: bytes) -> None:
    named = b"Content-Type: " + XLSX.encode() + b"; name*=" + charset + b"''03.xlsx"
    data = mail(attached(named)).replace(b'charset="gbk"', b'charset="' + charset + b'"')
    assert names(data) == ["03.xlsx"]


def test_pictures_of_the_text_and_signatures_are_no_attachments() -> None:
    logo = attached(
        b"Content-Type: image/png; name=logo.png\r\nContent-ID: <1>\r\nContent-Disposition: inline",
        b"\x89PNG",
    )
    card = attached(
        b"Content-Type: text/x-vcard; name=me.vcf\r\nContent-Disposition: attachment", b"BEGIN:VCARD"
    )
    page = b"Content-Type: text/html\r\n\r\n<html>"
    found = contents(mail(page, logo, attached(disposition('filename="03.xlsx"')), card))
    assert [member.name for member in found.members] == ["03.xlsx"]
    assert refusal(mail(page, logo, card)) == Refusal(Code.NOTHING_INSIDE, "邮件没有附件")


def test_a_mail_says_its_subject_and_its_text_whatever_the_charset() -> None:
    plain = b"Content-Type: text/plain; charset=gbk\r\n\r\n" + "应为30.12".encode("gbk")
    page = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + "<p>第二&#34892;</p>".encode()
    found = contents(mail(plain, page, attached(disposition('filename="03.xlsx"'))))
    assert "应为30.12" in found.words
    assert "第二行" in "".join(found.words)


def test_a_mail_behind_the_mark_of_a_text_in_utf_8_is_read() -> None:
    found = contents(b"\xef\xbb\xbf" + mail(attached(disposition('filename="03.xlsx"'))))
    assert [member.name for member in found.members] == ["03.xlsx"]


@pytest.mark.parametrize("endless", [b"From: " + b"=?gbk?b?" * 40_000, b"From: " + b"(" * 300_000])
def test_a_mail_whose_headers_do_not_end_is_refused_as_one(endless: bytes) -> None:
    data = endless + b"\nSubject: x\n\n"
    assert sniff(data) is FileKind.MAIL
    assert unpack(data, FileKind.MAIL) == Refusal(Code.FILE_LIMITS, "邮件的信头超过256KB")


def test_what_outlook_packed_is_said_to_be_unreadable() -> None:
    tnef = attached(b"Content-Type: application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22" + bytes(50))
    (member,) = contents(mail(tnef)).members
    assert (member.name, sniff(member.data)) == (
        "winmail.dat",
        FileKind.TNEF,
    )  # it goes on, and is refused for its kind


def forwarded(inner: bytes) -> bytes:
    return b"Content-Type: message/rfc822\r\n\r\n" + inner


def test_a_mail_in_a_mail_counts_with_its_own_date_and_sender() -> None:
    inner = mail(attached(disposition('filename="03.xlsx"')))
    outer = mail(forwarded(inner), attached(disposition('filename="05.xlsx"'), OTHER), boundary=b"C")
    outer = outer.replace(b"20 Nov", b"27 Nov", 1).replace(b"zhang@", b"office@", 1)
    found = [(m.name, m.sent_at.day if m.sent_at else 0, m.sender) for m in contents(outer).members]
    assert found == [("03.xlsx", 20, "张 zhang@kjj.example"), ("05.xlsx", 27, "张 office@kjj.example")]


def test_a_forwarded_mail_that_was_encoded_against_the_rules_is_read() -> None:
    inner = mail(attached(disposition('filename="03.xlsx"')))
    wrapped = b"Content-Type: message/rfc822; name=x.eml\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    found = contents(mail(wrapped + base64.encodebytes(inner), boundary=b"C"))
    assert [(m.name, m.data, m.sender) for m in found.members] == [("03.xlsx", FORM, "张 zhang@kjj.example")]


def test_parts_that_apple_mail_shows_in_the_text_are_attachments() -> None:
    shown = (
        f"Content-Disposition: inline;\r\n\tfilename*=utf-8''{quote(NAME)}\r\n"
        f'Content-Type: {XLSX};\r\n\tx-unix-mode=0644;\r\n\tname="{words("utf-8")}"'
    ).encode()
    rest = b"Content-Type: text/html; charset=us-ascii\r\n\r\n<html><body>"
    assert names(mail(attached(shown), rest)) == [NAME]


def test_a_detached_signature_is_no_attachment_whatever_its_kind_is_said_to_be() -> None:
    signature = attached(b"Content-Type: application/octet-stream; name=smime.p7s", b"\x30\x82")
    assert names(mail(attached(disposition('filename="03.xlsx"')), signature)) == ["03.xlsx"]


@pytest.mark.parametrize("head", ["3082100006092a864886f70d010702a0", "308006092a864886f70d010703a080"])
def test_a_mail_wrapped_by_its_signature_is_known_for_what_it_is(head: str) -> None:
    wrapped = attached(
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        bytes.fromhex(head) + bytes(100),
    )
    (member,) = contents(mail(wrapped)).members
    assert sniff(member.data) is FileKind.SMIME


@pytest.mark.parametrize(
    "link",
    [
        "https://mail.qq.com/cgi-bin/ftnExs_download?k=1&t=exs_ftn_download&code=2",
        "https://wx.mail.qq.com/ftn/download?func=3&key=1",
        "https://mail.163.com/large-attachment-download/index.html?p=1",
        "https://dashi.163.com/html/cloud-attachment-download/?key=1",
        "https://1drv.ms/x/s!abc",
    ],
)
def test_a_mail_with_nothing_but_a_link_to_a_large_attachment_is_told_as_such(link: str) -> None:
    page = f'Content-Type: text/html; charset=utf-8\r\n\r\n<a href="{link}">03.xlsx</a>'.encode()
    assert refusal(mail(page)) == Refusal(Code.FILE_MAIL, "只有超大附件（云附件）链接的邮件")
    assert names(mail(page, attached(disposition('filename="03.xlsx"')))) == ["03.xlsx"]


def test_thirty_megabytes_beside_a_form_do_not_keep_it_from_being_read() -> None:
    film = attached(b"Content-Type: video/mp4; name=a.mp4", bytes(30 << 20))
    with Reader(LIMITS) as reader:
        (found,) = reader.open([mail(attached(disposition('filename="03.xlsx"')), film)])
    assert isinstance(found, Contents)
    assert [(m.name, m.content.size) for m in found.members] == [("03.xlsx", len(FORM)), ("a.mp4", 30 << 20)]


def test_mails_in_mails_are_followed_only_so_far() -> None:
    data = mail(attached(disposition('filename="03.xlsx"')))
    for depth in range(8):
        assert (depth > 5) == (unpack(data, FileKind.MAIL) == Refusal(Code.FILE_LIMITS, "邮件层层嵌套"))
        data = mail(forwarded(data), boundary=b"%d" % depth)


def test_parts_nested_without_end_are_refused() -> None:
    data = b"From: a@b.cn\nMIME-Version: 1.0\n"
    data += b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5000))
    assert refusal(data) == Refusal(Code.FILE_LIMITS, "邮件层层嵌套")


@pytest.mark.parametrize("cut", [200, 3000, 60])
def test_a_cut_attachment_is_seen(cut: int) -> None:
    data = mail(attached(disposition('filename="03.xls"'), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000)))
    (member,) = contents(data[:-cut]).members
    assert member.refusal == Refusal(Code.FILE_TRUNCATED)


def test_a_mail_that_only_lost_its_end_is_read() -> None:
    (member,) = contents(mail(attached(disposition('filename="03.xlsx"')), closed=False)).members
    assert (member.data, member.refusal) == (FORM, None)


def test_a_mail_written_by_python_is_read() -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["Date"] = (
        "填报表",
        "a@b.cn",
        "Fri, 20 Nov 2026 16:30:00 +0800",
    )
    message.set_content("请查收")
    message.add_attachment(FORM, maintype="application", subtype="octet-stream", filename=NAME)
    message.add_attachment(OTHER, maintype="application", subtype="octet-stream", filename=NAME)
    assert names(message.as_bytes()) == [NAME, NAME]


def test_endless_attachments_are_refused() -> None:
    part = b"Content-Type: application/octet-stream; name=a.xlsx\r\n\r\nx"
    assert refusal(mail(*[part] * 2_001)) == Refusal(Code.FILE_LIMITS, "邮件中有2001个附件")
