"""Mails that no person wrote to us: bounces, automatic replies, mass mailings, and our own letters.

What is recognised here is never answered by a machine. Whether a mail brings a form is another question.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses, parseaddr

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.reading.eml import parsed, text_parts
from tenproj_xl.reading.mail_headers import header_text

LETTER_HEADER = "X-Tenproj-Letter"
"""What every letter that we send bears, with its reference."""
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
_BOUNCED = re.compile(
    r"退信|undeliver|undelivered|returned mail|failure notice|delivery (?:status|failure|has failed)"
    r"|mail delivery failed|投递失败|无法投递|未送达|未能送达",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"自动回复|自动答复|out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?reply",
    re.IGNORECASE,
)
_POSTMASTERS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon")
_MASS = ("bulk", "junk", "list")
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "list-help")
_AUTOMATIC_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder")
_FAILED_HEADER = "x-failed-recipients"
_TEMPORARY = re.compile(r"\b4\.\d{1,3}\.\d{1,3}\b")
_ENOUGH = 1 << 18
"""A bounce says what it is about before it repeats the mail that came back, in as many bytes."""
_LONGEST_REASON = 120


class MailKind(LabelledCode):
    """Who wrote a mail, as far as its headers tell."""

    PERSON = "person", "来信"
    AUTOMATIC = "automatic", "自动回复"
    MASS = "mass", "群发邮件"
    BOUNCE = "bounce", "退信"
    OWN = "own", "本软件发出的信"

    @property
    def may_be_answered(self) -> bool:
        """Whether a letter may be sent in answer without a person's word."""
        return self is MailKind.PERSON


@dataclass(frozen=True)
class Bounce:
    """What a bounce is about: the addresses that were not reached, for good or for now, and why."""

    addresses: tuple[str, ...]
    is_permanent: bool
    why: str


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
    if header_text(message, _FAILED_HEADER):
        return True
    from_machine = _address(message).partition("@")[0] in _POSTMASTERS or _has_null_path(message)
    return from_machine and bool(_BOUNCED.search(header_text(message, "subject")))


def _is_automatic(message: Message) -> bool:
    submitted = header_text(message, "auto-submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return True
    if message.get_content_type() == "multipart/report" or _has_null_path(message):
        return True
    if any(header_text(message, name) for name in _AUTOMATIC_HEADERS):
        return True
    if _address(message).partition("@")[0] in _POSTMASTERS:
        return True
    return bool(_AWAY.match(header_text(message, "subject").strip()))


def _has_null_path(message: Message) -> bool:
    return header_text(message, "return-path").strip() == "<>"


def _address(message: Message) -> str:
    return parseaddr(header_text(message, "from"))[1].lower()


def bounce_of(data: bytes, own: Collection[str]) -> Bounce:
    """Return what a bounce is about, by its report, else by what it says in words.

    Args:
        data: The mail.
        own: The office's own addresses, which are never the ones that were not reached.
    """
    message = parsed(data[:_ENOUGH])
    reports = list(_reports(message))
    texts = "\n".join(text_parts(message))
    addresses = [_of_report(block) for block in reports if _has_failed(block)]
    addresses += [address for _, address in getaddresses([header_text(message, _FAILED_HEADER)])]
    why = next((str(b.get("diagnostic-code", "")).partition(";")[2] for b in reports), "")
    if not any(addresses):
        excluded = {address.lower() for address in own} | {_address(message)}
        found = [match.lower() for match in _ADDRESS.findall(texts)]
        addresses = [one for one in found if one not in excluded and not _is_postmaster(one)][:1]
    is_permanent = not _TEMPORARY.search(texts)
    if reports:  # what was given up is so whatever the reason
        is_permanent = any(_action(block) == "failed" for block in reports)
    distinct = tuple(dict.fromkeys(address.lower() for address in addresses if address))
    return Bounce(distinct, is_permanent, " ".join(why.split())[:_LONGEST_REASON])


def _is_postmaster(address: str) -> bool:
    return address.partition("@")[0] in _POSTMASTERS


def _reports(message: Message) -> Iterator[Message]:
    """Yield the blocks of a delivery status (RFC 3464), one for each recipient."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (block for block in blocks if isinstance(block, Message) and _of_report(block))


def _of_report(block: Message) -> str:
    """Return the address that a block is about: as it was first written, where the report says that."""
    written = block.get("original-recipient") or block.get("final-recipient") or ""
    return str(written).partition(";")[2].strip().strip("<>")


def _has_failed(block: Message) -> bool:
    return _action(block) in ("failed", "delayed")


def _action(block: Message) -> str:
    return str(block.get("action", "failed")).strip().lower()
