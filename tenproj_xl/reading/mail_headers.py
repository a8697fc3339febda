"""Headers of mails as programs really write them: raw bytes of a code page, encoded words, both at once."""

import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parseaddr, parsedate_to_datetime

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.days import YEARS
from tenproj_xl.core.texts import text_of
from tenproj_xl.reading.sniff import gbk_euro, without_bom

_FOLD = re.compile(r"\r?\n[ \t]*")
_END = re.compile(rb"\n\r?\n")
LONGEST_HEAD = 1 << 18  # bytes


NO_ADDRESS = "（没有发件地址）"
"""What stands in the place of a sender's address in a mail that has none."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What the headers of a mail say; `address` is that of its sender alone, `message` the headers parsed."""

    sender: str
    address: str
    subject: str
    sent_at: datetime | None
    message_id: str
    message: Message


def read_envelope(data: bytes) -> Envelope:
    """Return what the headers of a mail say."""
    message = BytesHeaderParser().parsebytes(without_bom(data[:LONGEST_HEAD]))
    return Envelope(
        sender=sender_of(message),
        address=name_and_address(raw_header(message, "from"))[1],
        subject=text_of(header_text(message, "subject")),
        sent_at=date_of(message),
        message_id=raw_header(message, "message-id").strip(),
        message=message,
    )


def has_end_of_headers(data: bytes) -> bool:
    """Return whether the headers of a mail end within the bytes that are read of them, or with the mail."""
    return len(data) < LONGEST_HEAD or _END.search(without_bom(data[:LONGEST_HEAD])) is not None


def sender_of(message: Message) -> str:
    """Return name and address of the sender; "" where no header names any.

    Behind a name without an address it says so: a name may look like an address.
    """
    said = raw_header(message, "from")
    if not said:
        return ""
    name, address = name_and_address(said)
    if address.count("@") != 1:
        address = NO_ADDRESS
    return " ".join(filter(None, (text_of(decoded_words(name)), address)))


def name_and_address(said: str) -> tuple[str, str]:
    """Return the name and the address in a header, each "" where there is none."""
    try:
        return parseaddr(said)
    except RecursionError:  # thousands of brackets
        return "", ""


def addresses_in(said: str) -> list[str]:
    """Return the addresses in a header that names several."""
    try:
        return [address for _, address in getaddresses([said]) if address]
    except RecursionError:  # thousands of brackets
        return []


def header_text(message: Message, name: str) -> str:
    """Return a header as people read it, "" where there is none."""
    return decoded_words(raw_header(message, name))


def raw_header(message: Message, name: str) -> str:
    """Return a header's text as written, on one line, its raw bytes decoded; "" where there is none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    if not raw.isascii():
        raw = text_in(raw.encode(errors="surrogateescape"), "")
    return _FOLD.sub(" ", raw)


def decoded_words(text: str) -> str:
    """Decode the encoded words (RFC 2047) in a text."""
    if "=?" not in text:
        return text
    try:
        pieces = decode_header(text)
    except HeaderParseError:
        return text
    decoded = []
    for piece, charset in pieces:
        if isinstance(piece, bytes):
            decoded.append(text_in(piece, charset or ""))
        else:
            decoded.append(piece)
    return "".join(decoded)


def text_in(data: bytes, charset: str) -> str:
    """Decode by the charset named, if it fits; else as UTF-8, else by the code page of Chinese Windows."""
    if not charset.lower().startswith(("gb", "x-gb", "cp936")):
        for encoding in (charset, "utf-8"):
            try:
                return data.decode(encoding)
            except (ValueError, LookupError):  # a name with a NUL in it is a ValueError
                continue
    return data.decode("gb18030", gbk_euro)


def date_of(message: Message) -> datetime | None:
    """Return when a mail was sent, as it says; None where it does not, or names a year that is not ours."""
    try:
        sent_at = parsedate_to_datetime(raw_header(message, "date"))
        if sent_at.tzinfo is None:
            sent_at = sent_at.replace(tzinfo=UTC)
        sent_at = sent_at.astimezone(UTC).replace(microsecond=0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if sent_at.year not in YEARS:
        return None
    return sent_at
