"""Mails that were fetched from the office's mailbox."""

from datetime import datetime

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass


class MailOutcome(LabelledCode):
    """What became of a mail that was fetched."""

    TAKEN_IN = "taken_in", "已收取"
    NO_RETURN = "no_return", "不是回表"
    TOO_LARGE = "too_large", "太大，没有收取"


@dataclass(frozen=True, kw_only=True)
class FetchedMail:
    """A mail, by the numbers that it has in its mailbox, and what became of it.

    Nothing is kept of what it says: that is in the archive where it was taken in, and else in the mailbox
    alone.
    """

    mailbox: str
    uid_validity: int
    uid: int
    message_id: str
    sha256: str
    size: int
    arrived_at: datetime
    outcome: MailOutcome

    @property
    def number(self) -> tuple[str, int, int]:
        """Its number, and of what that is the number."""
        return self.mailbox, self.uid_validity, self.uid

    @property
    def likeness(self) -> tuple[str, int]:
        """What it is known by where its number is another: Message-ID and size."""
        return self.message_id, self.size
