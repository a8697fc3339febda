"""Files inside files: what is known of each before anybody reads it."""

import unicodedata
from datetime import datetime

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.reading.content import Content
from tenproj_xl.reading.guard import Refusal

_LONGEST_NAME = 120
_UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@dataclass(frozen=True)
class Member:
    """A file inside another; `refusal` where it is known already why it cannot be read.

    A file from a mail has the date and the address of the mail's sender, one from a zip its date there, as
    far as they are given.
    """

    name: str
    content: Content
    refusal: Refusal | None = None
    sent_at: datetime | None = None
    sender: str = ""
    zipped_at: datetime | None = None

    @property
    def data(self) -> bytes:
        """All its bytes."""
        return self.content.read()


def clean_name(name: str) -> str:
    """Return a name as it may be shown: without control and direction characters, and not endless."""
    shown = "".join(c for c in name if c.isprintable() or unicodedata.category(c) not in _UNSHOWN)
    shown = " ".join(shown.split())
    if len(shown) > _LONGEST_NAME:
        return f"{shown[:80]}…{shown[-30:]}"
    return shown
