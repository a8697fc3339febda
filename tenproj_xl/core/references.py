"""References of letters as they stand in the subjects of answers: `回复：请报送…〔2026-W48-03-2〕`."""

import re

from tenproj_xl.core.texts import plain, text_of

_REFERENCE = re.compile(r"(?<![0-9A-Z-])[0-9]{4}(?:-[A-Z0-9]{1,4}){2,4}(?![0-9A-Z-])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_AROUND_DASH = re.compile(r"(?<=[0-9A-Z]) ?- ?(?=[0-9A-Z])")
_LONGEST = 2000
_BEHIND = " 〕)）】],，、;；:：。"
"""Marks that end a reference, or part it from what is added."""


def references_in(subject: str) -> tuple[str, ...]:
    """Return what may be references in a subject, each once, in their order.

    Programs make brackets, digits and dashes full-width, letters small, and fold a long line within it.
    Only a ledger knows whether there is such a letter.
    """
    return tuple(dict.fromkeys(_REFERENCE.findall(_as_written(subject))))


def around_references(subject: str) -> tuple[str, str]:
    """Return what stands in a subject before its first reference and behind its last, as it is written.

    All of one without a reference stands before.
    """
    cut = text_of(subject[:_LONGEST])
    text = _as_written(cut)
    found = [match for match in _REFERENCE.finditer(text) if not _DAY.fullmatch(match[0])]
    if not found:
        return cut, ""
    places = [place for place, character in enumerate(cut) for _ in plain(character).upper()]
    start = places[_count(text[: found[0].start()])]
    end = places[_count(text[: found[-1].end()]) - 1] + 1
    return cut[:start].rstrip(" 〔(（【["), cut[end:].lstrip(_BEHIND)


def _count(text: str) -> int:
    """Return how many characters of a text are no blanks."""
    return len("".join(text.split()))


def _as_written(subject: str) -> str:
    text = " ".join(plain(subject[:_LONGEST]).upper().split())
    return _AROUND_DASH.sub("-", text)
