"""Mails that people and machines send back on a letter of the office."""

from email.message import EmailMessage

from tests.helpers.mails import letter


def reply(
    to: EmailMessage,
    *attached: tuple[str, bytes],
    sender: str = "张一 <kjj@example.com>",
    before: str = "回复：",
    subject: str = "",
    text: str = "收到。",
    **headers: str,
) -> EmailMessage:
    """Return what somebody writes who presses “回复” on a letter; `before` is what the program puts there."""
    mail = letter(*attached, sender=sender, subject=subject or before + str(to["Subject"]), text=text)
    mail["In-Reply-To"] = mail["References"] = str(to["Message-ID"])
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    return mail


def bounce(
    of: EmailMessage,
    address: str,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    why: str = "550 5.1.1 no such user",
    as_headers: bool = False,
    original: str = "",
) -> bytes:
    """Return the bounce of a letter as RFC 3464 wants it, with the letter or its headers alone.

    `original` is the address as it was written, where the one that was not reached is another.
    """
    returned, kind = bytes(of), "message/rfc822"
    if as_headers:
        returned, kind = returned.partition(b"\n\n")[0], "text/rfc822-headers"
    written = f"Original-Recipient: rfc822;{original}\r\n" if original else ""
    head = (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.com>\r\nTo: bgs@example.com\r\n"
        f"Message-ID: <{address.partition('@')[0]}.{status}.{action}@mx.example.com>\r\n"
        "Date: Thu, 26 Nov 2026 10:30:00 +0800\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nI'm sorry to inform you.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        f"{written}Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {why}\r\n\r\n--B\r\nContent-Type: {kind}\r\n\r\n"
    )
    return head.encode() + returned + b"\r\n--B--\r\n"
