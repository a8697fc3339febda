"""References of letters as they stand in the subjects of answers: `回复：请报送…〔2026-W48-03-2〕`."""

import re

from tenproj_xl.core.texts import plain

_REFERENCE = re.compile(r"(?<![0-9A-Z-])[0-9]{4}(?:-[A-Z0-9]{1,4}){2,4}(?![0-9A-Z-])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_AROUND_DASH = re.compile(r"(?<=[0-9A-Z]) ?- ?(?=[0-9A-Z])")
_LONGEST = 2000


def references_in(subject: str) -> tuple[str, ...]:
    """Return what may be references in a subject, each once, in their order.

    Programs make brackets, digits and dashes full-width, letters small, and fold a long line within it.
    Only a ledger knows whether there is such a letter.
    """
    return tuple(dict.fromkeys(_REFERENCE.findall(_as_written(subject))))


def after_references(subject: str) -> str:
    """Return what is added to a subject of ours behind its reference; a subject without one is whole."""
    text = _as_written(subject)
    found = [match for match in _REFERENCE.finditer(text) if not _DAY.fullmatch(match[0])]
    if not found:
        return subject
    return text[found[-1].end() :].lstrip(" 〕)】]")


def _as_written(subject: str) -> str:
    text = " ".join(plain(subject[:_LONGEST]).upper().split())
    return _AROUND_DASH.sub("-", text)
