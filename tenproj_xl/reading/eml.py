"""Saved mails (.eml): the files attached to them and what they say, whatever program wrote them.

An attachment is named as the sender named it, and has the date and the sender of the mail that it came with,
which may itself be attached to another.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.errors import MessageDefect
from email.feedparser import BytesFeedParser
from email.message import Message
from html import unescape
from urllib.parse import unquote_to_bytes

from tenproj_xl.core.asides import said_in_mail
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import Limits
from tenproj_xl.reading.content import Held
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.mail_headers import (
    LONGEST_HEAD,
    NO_ADDRESS,
    date_of,
    decoded_words,
    has_end_of_headers,
    header_text,
    raw_header,
    sender_of,
    text_in,
)
from tenproj_xl.reading.members import Member, clean_name
from tenproj_xl.reading.sniff import open_zip, without_bom

_MAILS_DEEP = 5
_SIGNATURES = {
    "application/pgp-signature",
    "application/pgp-keys",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "text/vcard",
    "text/x-vcard",
    "text/calendar",
}
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}){3}")
_UNNAMED = "未命名附件"
_CHARSET = re.compile(r"utf-?8|(?:x-)?gb[\w-]{1,20}|big5|us-ascii|iso-8859-\d{1,2}|windows-125\d")
_QUOTE = re.compile(
    r"<blockquote\b(?=[^<>]*\b(?:type\s{0,3}=[\s\"']{0,3}cite\b"
    r"|(?:class|id|name)\s{0,3}=[\s\"']{0,3}[\w -]{0,40}(?:_quote|ReferenceQuote|ReplyContent)))[^<>]*+>",
    re.IGNORECASE,
)
"""A quoted mail, as programs mark it; without a mark it is how they indent what somebody writes himself."""
_WITHIN_A_LINE = re.compile(r"</?(?:a|b|em|font|i|span|strong|u)\b[^<>]*+>", re.IGNORECASE)
_TAG = re.compile(r"<(?:style|script)\b[^<]{0,20000}|<[^<>]*+>")
_LARGE_ATTACHMENT = re.compile(
    rb"mail\.qq\.com/(?:cgi-bin/ftn|ftn/)|ftnExs_download|large-attachment-download|cloud-attachment-download"
    rb"|//1drv\.ms/|//onedrive\.live\.com/|-my\.sharepoint\.com/"
)
_PARTS_A_FILE = 4
_BLOCK = 1 << 20
_LONGEST_TEXT = 1 << 20  # bytes: what is longer was pasted


@dataclass(frozen=True)
class _Part:
    """A part of a mail, within `deep` others; `last` where nothing follows it in a mail that breaks off."""

    message: Message
    sent_at: datetime | None = None
    sender: str = ""
    deep: int = 0
    last: bool = False


@dataclass(frozen=True)
class Mail:
    """What a mail brought: the attached files, without pictures that belong to the text; and what it says.

    `words` are its subject and its texts, those of mails that are attached to it included, and `said` what
    they say beside courtesies. `has_links` where a text leads to attachments that lie with a provider of
    mail, and did not come.
    """

    members: tuple[Member, ...]
    words: tuple[str, ...]
    said: str = ""
    has_links: bool = False


def read_mail(data: bytes, limits: Limits) -> Mail | Refusal:
    """Return what a mail brought, or why it is not read."""
    members: list[Member] = []
    texts: list[str] = []
    has_links = False
    try:
        if data.count(b"\n--") > _PARTS_A_FILE * limits.parts:
            return Refusal(Code.FILE_LIMITS, "邮件分成了成千上万段")
        if not has_end_of_headers(data):
            return Refusal(Code.FILE_LIMITS, f"邮件的信头超过{LONGEST_HEAD >> 10}KB")
        message = parsed(data)
        subject = header_text(message, "subject")
        for part in _leaves(_of_mail(_Part(message))):
            members += _attachment(part)
            texts += _said(part.message)
            has_links = has_links or _leads_to_attachments(part.message)
            if len(members) > limits.parts:
                return Refusal(Code.FILE_LIMITS, f"邮件中有{len(members)}个附件")
    except RecursionError:
        return Refusal(Code.FILE_LIMITS, "邮件层层嵌套")
    words = tuple(filter(None, (subject, *texts)))
    return Mail(tuple(members), words, said_in_mail(subject, texts), has_links)


def parsed(data: bytes) -> Message:
    """Return a mail, parsed block by block, so that what was parsed is not held as text besides."""
    parser = BytesFeedParser()
    parser.feed(without_bom(data[:_BLOCK]))
    for start in range(_BLOCK, len(data), _BLOCK):
        parser.feed(data[start : start + _BLOCK])
    return parser.close()


def text_parts(message: Message) -> Iterator[str]:
    """Yield the texts of a mail, without those of files attached to it."""
    for part in message.walk():
        yield from _said(part)


def _said(message: Message) -> Iterator[str]:
    """Yield the text of a part that is the mail's own, codes of HTML left out."""
    kind = message.get_content_type()
    if kind not in ("text/plain", "text/html"):
        return
    if message.get_content_disposition() == "attachment" or _name(message):
        return
    payload = message.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return
    charset = message.get_param("charset")
    known = isinstance(charset, str) and _CHARSET.fullmatch(charset.lower())
    text = text_in(payload[:_LONGEST_TEXT], str(charset) if known else "")
    if kind == "text/html":
        text = _text_of_page(text)
    yield text.strip()


def _text_of_page(page: str) -> str:
    """Return the text of a page of HTML; a line `>` stands where a quoted mail begins, as in plain text."""
    page = _QUOTE.sub("\n>\n", page)
    return unescape(_TAG.sub("\n", _WITHIN_A_LINE.sub("", page)))


def _leads_to_attachments(message: Message) -> bool:
    """Return whether a text has a link to a large attachment, as QQ, NetEase and Outlook write it."""
    if message.get_content_maintype() != "text":
        return False
    payload = message.get_payload(decode=True)
    return isinstance(payload, bytes) and bool(_LARGE_ATTACHMENT.search(payload[:_LONGEST_TEXT]))


def _of_mail(part: _Part) -> _Part:
    """Return a part with date and sender from the mail's own headers, where it has them."""
    sent_at = date_of(part.message) or part.sent_at
    return replace(part, sent_at=sent_at, sender=sender_of(part.message) or part.sender)


def _leaves(part: _Part) -> Iterator[_Part]:
    """Yield the parts that hold something, in order."""
    if not part.message.is_multipart():
        yield part
        return
    payload = part.message.get_payload()
    is_mail = part.message.get_content_type() == "message/rfc822"
    cut = any(type(d).__name__ == "CloseBoundaryNotFoundDefect" for d in part.message.defects)
    for n, inner in enumerate(payload):
        if not isinstance(inner, Message):
            continue
        last = (cut or part.last) and n == len(payload) - 1
        below = replace(part, message=inner, last=last)
        if not is_mail:
            yield from _leaves(below)
            continue
        below = replace(below, message=_unwrapped(part.message, inner))
        if part.deep >= _MAILS_DEEP:
            raise RecursionError("mails in mails")
        else:
            yield from _leaves(_of_mail(replace(below, deep=part.deep + 1)))


def _unwrapped(part: Message, inner: Message) -> Message:
    """Return the mail in a part, which some programs encode in base64, against the rules."""
    encoding = raw_header(part, "content-transfer-encoding").strip().lower()
    payload = inner.get_payload()
    if encoding != "base64" or not isinstance(payload, str):
        return inner
    try:
        return parsed(b64decode(payload))
    except ValueError:
        return inner


def _attachment(part: _Part) -> Iterator[Member]:
    message = part.message
    name = _name(message)
    attached = message.get_content_disposition() == "attachment"
    if message.get_content_type() in _SIGNATURES or name.lower().endswith(".p7s"):
        return
    if message.get_content_maintype() == "image" and not (attached and name):
        return
    if message.get_content_maintype() == "text" and not (attached or name):
        return
    payload = message.get_payload(decode=True)
    data = b""
    if isinstance(payload, bytes):
        data = payload
    if not data and not name:
        return
    refusal = None
    if _is_cut(part, data):
        refusal = Refusal(Code.FILE_TRUNCATED)
    yield Member(name or _UNNAMED, Held(data), refusal, part.sent_at, part.sender or NO_ADDRESS)


def _is_cut(part: _Part, data: bytes) -> bool:
    """Return whether bytes seem to be missing; a zip that is whole shows it by itself."""
    defects: list[MessageDefect] = part.message.defects  # what decoding it found is among them
    return (part.last or bool(defects)) and open_zip(data) is None


# --- headers


def _name(message: Message) -> str:
    """How the sender named an attachment: "" where he did not."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        given = _with_plain_header(message, header).get_params([], header)
        values = [value for key, value in given if key.lower() == parameter]
        # Where a name is written twice, the newer way is the complete one.
        for value in sorted(values, key=lambda v: not isinstance(v, tuple)):
            if name := _decoded_name(value):
                return clean_name(name.replace("\\", "/").rpartition("/")[2])
    return ""


def _decoded_name(value: object) -> str:
    if isinstance(value, tuple):  # RFC 2231
        charset, _, text = value
        return text_in(text.encode("raw-unicode-escape"), charset or "")
    if not isinstance(value, str):
        return ""
    text = decoded_words(value)
    if _PERCENT.search(text):
        return text_in(unquote_to_bytes(text), "")
    return text


def _with_plain_header(message: Message, name: str) -> Message:
    """Return a message with one header alone; its raw bytes, which many programs write, are made text."""
    plain = Message()
    plain[name] = raw_header(message, name)
    return plain
