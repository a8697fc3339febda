"""What the office's own mail system found out about a sender: it is shown, and decides nothing."""

import re
from email.message import Message

from tenproj_xl.core.dataclass import dataclass

_HEADER = "authentication-results"
_RESULT = re.compile(r"\b(spf|dkim|dmarc)\s{0,5}=\s{0,5}([a-z]{1,20})", re.IGNORECASE)
_PASSED, _FAILED = ("pass",), ("fail", "softfail", "permerror")
_LONGEST = 2000


@dataclass(frozen=True)
class Verification:
    """What was tried on a sender: spf, dkim and dmarc, each with the word for what came of it."""

    results: tuple[tuple[str, str], ...]

    @property
    def has_failed(self) -> bool:
        """Whether the sender is perhaps another one than the mail says."""
        return any(word in _FAILED for _, word in self.results)

    @property
    def text(self) -> str:
        """What people are told: `SPF通过、DKIM没有通过`."""
        return "、".join(f"{name.upper()}{_in_words(word)}" for name, word in self.results)


def verification_of(message: Message, verifier: str) -> Verification | None:
    """Return what a mail system noted, None where it is not named or noted nothing.

    Anybody can write such a header under another name: only the first one in the name of the office's own
    system, which takes out false ones, is believed.
    """
    if not verifier:
        return None
    for key, value in message.raw_items():
        text = " ".join(str(value)[:_LONGEST].split())
        name, _, rest = text.partition(";")
        if key.lower() == _HEADER and name.split(" ")[0].lower() == verifier.lower():
            found = [(match[1].lower(), match[2].lower()) for match in _RESULT.finditer(rest)]
            return Verification(tuple(dict(found).items()))
    return None


def _in_words(word: str) -> str:
    if word in _PASSED:
        return "通过"
    if word in _FAILED:
        return "没有通过"
    return "没有结果"
