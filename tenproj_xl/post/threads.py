"""What ties a mail to a letter of ours: the reference in its subject, which headers can only confirm."""

import re
from email.message import Message

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.references import references_in
from tenproj_xl.reading.mail_headers import header_text, raw_header

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_OURS = re.compile(r"<([0-9A-Za-z-]{1,60})\.tenproj@[^<>\s]{1,200}>")
_LONGEST = 20_000


def message_id_of(reference: str, sender: str) -> str:
    """Return the Message-ID of a letter: it has nothing but the reference and the domain of the sender."""
    return f"<{reference}.tenproj@{sender.rpartition('@')[2]}>"


@dataclass(frozen=True)
class Ties:
    """What a mail names letters by: references in words, and Message-IDs."""

    references: tuple[str, ...]
    message_ids: tuple[str, ...]

    def confirm(self, message_id: str) -> bool:
        """Return whether the headers name a letter of that Message-ID."""
        return bool(message_id) and message_id in self.message_ids

    @property
    def by_message_ids(self) -> dict[str, str]:
        """The references that Message-IDs in the form of ours have, by the whole Message-ID."""
        return {found: match[1] for found in self.message_ids if (match := _OURS.fullmatch(found))}


def ties_of(message: Message) -> Ties:
    """Return what a mail names letters by: in its subject, and in the headers that say what it answers."""
    answered = f"{raw_header(message, 'in-reply-to')} {raw_header(message, 'references')}"
    return Ties(references_in(header_text(message, "subject")), message_ids_in(answered))


def message_ids_in(text: str) -> tuple[str, ...]:
    """Return the Message-IDs in a text, each once."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(text[:_LONGEST])))
