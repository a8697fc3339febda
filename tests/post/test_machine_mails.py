"""Mails that no person wrote: told by their headers, as mail systems and programs really write them."""

from email.message import EmailMessage, Message

import pytest

from tenproj_xl.core.mail_kinds import MailKind
from tenproj_xl.post.bounces import NotReached, bounce_of
from tenproj_xl.post.machine_mails import kind_of
from tenproj_xl.reading.mail_headers import read_envelope
from tests.helpers.mails import letter

OWN = {"bgs@example.com"}


def kind(mail: Message) -> MailKind:
    return kind_of(read_envelope(bytes(mail)).message)


def report(*blocks: str, text: str = "Delivery failed.") -> bytes:
    """Return a bounce as RFC 3464 wants it, with the letter that came back."""
    returned = letter(("03.xlsx", b"PK"), sender="总专班办公室 <bgs@example.com>")
    parts = "\r\n\r\n".join(blocks)
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.com>\r\nSubject: Undelivered Mail\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        f"--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        f"--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n{parts}\r\n\r\n"
        f"--B\r\nContent-Type: message/rfc822\r\n\r\n{returned}\r\n--B--\r\n"
    ).encode()


def block(address: str, action: str = "failed", status: str = "5.1.1", why: str = "550 no such user") -> str:
    return (
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {why}"
    )


def test_a_letter_of_a_clerk_is_a_persons() -> None:
    assert kind(letter()) is MailKind.PERSON
    assert kind(letter()).may_be_answered


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Auto-Submitted", "auto-replied", MailKind.AUTOMATIC),
        ("Auto-Submitted", "auto-generated (rejected)", MailKind.AUTOMATIC),
        ("Auto-Submitted", "no", MailKind.PERSON),
        ("Precedence", "auto_reply", MailKind.AUTOMATIC),
        ("Precedence", "bulk", MailKind.MASS),
        ("Precedence", "List", MailKind.MASS),
        ("Precedence", "first-class", MailKind.PERSON),
        ("Return-Path", "<>", MailKind.AUTOMATIC),
        ("Return-Path", "<zhangsan@kjj.example.com>", MailKind.PERSON),
        ("List-Id", "<news.example.com>", MailKind.MASS),
        ("List-Unsubscribe", "<mailto:out@example.com>", MailKind.MASS),
        ("X-Autoreply", "yes", MailKind.AUTOMATIC),
        ("x-tenproj-letter", "2026-W48-03-1", MailKind.OWN),
    ],
)
def test_headers_tell_who_wrote(name: str, value: str, expected: MailKind) -> None:
    mail = letter()
    mail[name] = value
    assert kind(mail) is expected
    assert kind(mail).may_be_answered == (expected is MailKind.PERSON)


@pytest.mark.parametrize(
    "subject", ["自动回复: 第48期填报表", "Automatic reply: 第48期", "Auto-Reply: 第48期"]
)
def test_out_of_office_is_told_by_its_subject_where_its_program_says_nothing_else(subject: str) -> None:
    assert kind(letter(subject=subject)) is MailKind.AUTOMATIC


def test_a_receipt_that_a_letter_was_read_is_automatic() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "zhangsan@kjj.example.com", "已读: 第48期填报表"
    mail["Content-Type"] = 'multipart/report; report-type="disposition-notification"; boundary="B"'
    assert kind(mail) is MailKind.AUTOMATIC


def test_a_report_names_the_address_that_was_not_reached() -> None:
    mail = report(block("kjj@example.com"))
    assert kind_of(read_envelope(mail).message) is MailKind.BOUNCE
    assert bounce_of(mail, OWN).not_reached == (
        NotReached(address="kjj@example.com", is_given_up=True, is_dead=True, why="550 no such user"),
    )


def test_a_report_of_several_names_those_that_failed_alone() -> None:
    delivered = block("fgj@example.com", action="delivered", status="2.0.0")
    mail = report(delivered, block("KJJ@example.com"), block("zjj@example.com"))
    assert bounce_of(mail, OWN).addresses == ("kjj@example.com", "zjj@example.com")


def test_a_delay_is_not_for_good() -> None:
    mail = report(block("kjj@example.com", action="delayed", status="4.4.1", why="connection timed out"))
    assert bounce_of(mail, OWN).not_reached == (
        NotReached(address="kjj@example.com", is_given_up=False, is_dead=False, why="connection timed out"),
    )


def test_the_address_as_it_was_written_comes_before_the_one_it_was_forwarded_to() -> None:
    mail = report(f"Original-Recipient: rfc822;kjj@example.com\r\n{block('box17@internal.example.com')}")
    assert bounce_of(mail, OWN).addresses == ("kjj@example.com",)


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (
            "PostMaster@qq.com",
            "来自qq.com的退信",
            "您好，bgs@example.com，您的邮件被退回。\n收件人邮件地址（kjj@qq.example.com）不存在，邮件无法送达。",
        ),
        (
            '"Postmaster" <Postmaster@163.com>',
            "系统退信/Systems bounce",
            "抱歉，您的邮件被退回来了……\n收件人：kjj@qq.example.com\n退信原因：550 User not found",
        ),
        (
            "Mail Delivery System <MAILER-DAEMON@mx.example.com>",
            "Mail delivery failed: returning message to sender",
            "The following address failed:\n\n  kjj@qq.example.com\n    user unknown",
        ),
    ],
)
def test_plain_bounces_name_the_address_in_their_text(sender: str, subject: str, text: str) -> None:
    mail = letter(sender=sender, subject=subject, text=text)
    assert kind(mail) is MailKind.BOUNCE
    assert bounce_of(bytes(mail), OWN).addresses == ("kjj@qq.example.com",)


_BRACKETS = b"(" * 5000


@pytest.mark.parametrize("header", [b"From: ", b"X-Failed-Recipients: "])
def test_a_bounce_with_nothing_but_brackets_in_a_header_is_told_by_its_words(header: bytes) -> None:
    mail = b"Return-Path: <>\r\nSubject: Undelivered\r\n%b%b\r\n\r\nkjj@example.com: user unknown\r\n" % (
        header,
        _BRACKETS,
    )
    assert bounce_of(mail, OWN).addresses == ("kjj@example.com",)


def test_a_bounce_of_thousands_of_parts_each_within_another_names_the_letter_in_its_subject() -> None:
    parts = b"".join(b"Content-Type: message/rfc822\r\n\r\n" for _ in range(3000))
    mail = "Subject: 退信：请填报〔2026-W48-03-1〕\r\n".encode() + parts
    bounce = bounce_of(mail, OWN)
    assert (bounce.addresses, bounce.ties.references) == ((), ("2026-W48-03-1",))


def test_a_bounce_in_which_no_address_stands_names_none() -> None:
    mail = letter(sender="PostMaster@qq.com", subject="退信", text="邮件被退回。")
    assert bounce_of(bytes(mail), OWN).addresses == ()


def test_a_person_who_writes_of_a_bounce_is_a_person() -> None:
    assert kind(letter(subject="上次退信了，重新发一份")) is MailKind.PERSON
