"""Bounces: which addresses were not reached, for good or for now, and which letter it was.

A report of RFC 3464 says that in fields; others (QQ, NetEase, older servers) say it in words. The letter is
known by what of it came back, or is quoted: nothing else tells a bounce from one that somebody made up.
"""

import re
from base64 import b64decode
from collections.abc import Collection, Iterator
from email.message import Message

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.references import references_in
from tenproj_xl.post.machine_mails import FAILED_HEADER, LETTER_HEADER, POSTMASTERS
from tenproj_xl.post.threads import Ties, message_ids_in, ties_of
from tenproj_xl.reading.eml import parsed, text_parts
from tenproj_xl.reading.mail_headers import (
    addresses_in,
    header_text,
    name_and_address,
    raw_header,
    read_envelope,
)

_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_TEMPORARY = re.compile(
    r"\b4\.\d{1,3}\.\d{1,3}\b|\bdelayed\b|will (?:be )?re-?tr(?:y|ied)|延迟|重试|仍在尝试", re.IGNORECASE
)
_NOT_DEAD = re.compile(
    r"\b[45]\.2\.[23]\b|\b5\.3\.4\b|mailbox (?:is )?full|over quota|quota exceeded|message too large"
    r"|size limit|邮箱已满|空间已满|容量已满|空间不足|邮件过大|大小超过",
    re.IGNORECASE,
)
"""A full mailbox, or a letter that is too large: others arrive."""
_REASON = re.compile(r"(?:退信原因|失败原因|原因)[:：]?\s{0,5}([^\n]{1,120})|\b(5\d\d[ -][^\n]{1,120})")
_ENOUGH = 1 << 18
"""A bounce says what it is about before it repeats the body of the letter, in as many bytes."""
_LONGEST_REASON, _LONGEST_TEXT = 120, 20_000


@dataclass(frozen=True, kw_only=True)
class NotReached:
    """An address that was not reached.

    `is_given_up` where the letter will not arrive any more; `is_dead` where none ever will.
    """

    address: str
    is_given_up: bool
    is_dead: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """What a bounce says: the addresses that were not reached, and what names the letter.

    `mentioned` are further addresses in its words, where no report says which one it is about; `verdict` is
    what it says of them, for an address that it does not name itself.
    """

    not_reached: tuple[NotReached, ...]
    mentioned: tuple[str, ...]
    ties: Ties
    verdict: NotReached

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that were not reached."""
        return tuple(one.address for one in self.not_reached)

    @property
    def is_permanent(self) -> bool:
        """Whether the letter will not arrive any more at one of them, or at the one that is not named."""
        return any(one.is_given_up for one in self.not_reached or (self.verdict,))

    @property
    def why(self) -> str:
        """Why, as the first address has it."""
        return next((one.why for one in self.not_reached), self.verdict.why)


def bounce_of(data: bytes, own: Collection[str]) -> Bounce:
    """Return what a bounce says.

    Args:
        data: The mail.
        own: The office's own addresses, which are never the ones that were not reached.
    """
    try:
        return _bounce(parsed(data[:_ENOUGH]), own)
    except RecursionError:  # thousands of parts, each within another
        return _bounce(read_envelope(data).message, own)


def _bounce(message: Message, own: Collection[str]) -> Bounce:
    own_words = "\n".join(_own_words(message))[:_LONGEST_TEXT]
    verdict = _in_words(own_words)
    reported = [_of_block(block) for block in _blocks(message) if _action(block) in ("failed", "delayed")]
    mentioned: list[str] = []
    if not reported:
        failed = addresses_in(header_text(message, FAILED_HEADER))
        _, sender = name_and_address(header_text(message, "from"))
        excluded = {address.lower() for address in (*own, sender)}
        found = (match.lower() for match in _ADDRESS.findall(own_words))
        mentioned = [one for one in found if one not in excluded and not _is_postmaster(one)]
        reported = [_as(verdict, address.lower()) for address in failed or mentioned[:1]]
    by_address = {one.address: one for one in reversed(reported)}
    return Bounce(
        not_reached=tuple(by_address[address] for address in dict.fromkeys(one.address for one in reported)),
        mentioned=tuple(dict.fromkeys(mentioned)),
        ties=_ties(message, own_words),
        verdict=verdict,
    )


def about(bounce: Bounce, address: str) -> NotReached:
    """Return what a bounce says in words of an address that it does not name."""
    return _as(bounce.verdict, address)


def _as(verdict: NotReached, address: str) -> NotReached:
    return NotReached(
        address=address, is_given_up=verdict.is_given_up, is_dead=verdict.is_dead, why=verdict.why
    )


def _is_postmaster(address: str) -> bool:
    return address.partition("@")[0] in POSTMASTERS


# --- what was not reached


def _in_words(text: str) -> NotReached:
    is_given_up = not _TEMPORARY.search(text)
    reason = _REASON.search(text)
    why = (reason[1] or reason[2]) if reason else ""
    return NotReached(
        address="",
        is_given_up=is_given_up,
        is_dead=is_given_up and not _NOT_DEAD.search(text),
        why=_short(why),
    )


def _blocks(message: Message) -> Iterator[Message]:
    """Yield the blocks of a delivery status (RFC 3464), one for each recipient."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (block for block in blocks if isinstance(block, Message) and _address(block))


def _of_block(block: Message) -> NotReached:
    why = str(block.get("diagnostic-code", "")).partition(";")[2]
    status = _STATUS.search(str(block.get("status", ""))) or _STATUS.search(why)
    is_given_up = _action(block) == "failed"
    is_permanent = status is None or status[0].startswith("5")
    is_other = status is not None and _NOT_DEAD.search(status[0])
    return NotReached(
        address=_address(block).lower(),
        is_given_up=is_given_up,
        is_dead=is_given_up and is_permanent and not is_other and not _NOT_DEAD.search(why),
        why=_short(why),
    )


def _address(block: Message) -> str:
    """Return the address that a block is about: as it was first written, where the report says that."""
    written = block.get("original-recipient") or block.get("final-recipient") or ""
    return str(written).partition(";")[2].strip().strip("<>")


def _action(block: Message) -> str:
    return str(block.get("action", "failed")).strip().lower()


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_REASON]


# --- which letter it was


def _own_words(message: Message) -> Iterator[str]:
    """Yield what a bounce says itself, without the words of the letter that came back."""
    if message.get_content_type() in ("message/rfc822", "message/delivery-status"):
        return
    payload = message.get_payload()
    if not message.is_multipart():
        yield from text_parts(message)
    elif isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _own_words(part)


def _ties(message: Message, own_words: str) -> Ties:
    """Return what names the letter: its headers where they came back, what is quoted, what is answered."""
    ties = ties_of(message)
    references, ids = [*ties.references], [*ties.message_ids]
    for letter in _returned(message):
        references += references_in(header_text(letter, LETTER_HEADER))
        references += references_in(header_text(letter, "subject"))
        ids += message_ids_in(raw_header(letter, "message-id"))
    for line in own_words.splitlines():
        references += references_in(line)
        ids += message_ids_in(line)
    return Ties(tuple(dict.fromkeys(references)), tuple(dict.fromkeys(ids)))


def _returned(message: Message) -> Iterator[Message]:
    """Yield the headers of the letters that came back."""
    for part in message.walk():
        kind, payload = part.get_content_type(), part.get_payload()
        if kind == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            if isinstance(text, bytes):
                yield parsed(text)
        elif kind == "message/rfc822" and isinstance(payload, list):
            for inner in payload:
                if isinstance(inner, Message):
                    yield _decoded(part, inner)


def _decoded(part: Message, inner: Message) -> Message:
    """Return a letter that came back, which some programs encode in base64, against the rules."""
    payload, encoding = inner.get_payload(), raw_header(part, "content-transfer-encoding")
    if encoding.strip().lower() != "base64" or not isinstance(payload, str):
        return inner
    text = "".join(payload.split())
    try:
        return parsed(b64decode(text[: len(text) // 4 * 4]))
    except ValueError:
        return inner
