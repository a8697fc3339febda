"""Mails that no person wrote to us: bounces, automatic replies, mass mailings, and our own letters.

What is recognised here is never answered by a machine. Whether a mail brings a form is another question.
"""

import re
from email.message import Message

from tenproj_xl.core.mail_kinds import MailKind
from tenproj_xl.reading.mail_headers import header_text, name_and_address

LETTER_HEADER = "X-Tenproj-Letter"
"""What every letter that we send bears, with its reference."""
_BOUNCED = re.compile(
    r"退信|undeliver|undelivered|returned mail|failure notice|delivery (?:status|failure|has failed)"
    r"|mail delivery failed|投递失败|无法投递|未送达|未能送达",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"自动回复|自动答复|out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?reply",
    re.IGNORECASE,
)
POSTMASTERS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon")
_MASS = ("bulk", "junk", "list")
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "list-help")
_AUTOMATIC_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder")
FAILED_HEADER = "x-failed-recipients"


def kind_of(message: Message) -> MailKind:
    """Return who wrote a mail, by its headers alone."""
    if header_text(message, LETTER_HEADER):
        return MailKind.OWN
    if _is_bounce(message):
        return MailKind.BOUNCE
    if any(header_text(message, name) for name in _LIST_HEADERS):
        return MailKind.MASS
    precedence = header_text(message, "precedence").strip().lower()
    if precedence in _MASS:
        return MailKind.MASS
    if _is_automatic(message) or precedence == "auto_reply":
        return MailKind.AUTOMATIC
    return MailKind.PERSON


def _is_bounce(message: Message) -> bool:
    is_report = message.get_content_type() == "multipart/report"
    if is_report and message.get_param("report-type") == "delivery-status":
        return True
    if header_text(message, FAILED_HEADER):
        return True
    from_machine = _address(message).partition("@")[0] in POSTMASTERS or _has_null_path(message)
    return from_machine and bool(_BOUNCED.search(header_text(message, "subject")))


def _is_automatic(message: Message) -> bool:
    submitted = header_text(message, "auto-submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return True
    if message.get_content_type() == "multipart/report" or _has_null_path(message):
        return True
    if any(header_text(message, name) for name in _AUTOMATIC_HEADERS):
        return True
    if _address(message).partition("@")[0] in POSTMASTERS:
        return True
    return bool(_AWAY.match(header_text(message, "subject").strip()))


def _has_null_path(message: Message) -> bool:
    return header_text(message, "return-path").strip() == "<>"


def _address(message: Message) -> str:
    return name_and_address(header_text(message, "from"))[1].lower()
