"""Descriptions of issues side by side: whether two tell of one issue."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from tenproj_xl.core.texts import canonical

IS_OPEN = "是同一个的，进展请填在原来那一行，并请告知{office}撤去这一个"
IS_BACK = "确是再次出现的，请告知{office}把原来那个重新挂账，撤去这一个"
"""What becomes of a new issue that is the same as one which is open, or was signed off."""
_SAME_WORDS = 0.4
"""How like the registered description another one is at least that still tells of the same issue."""
_SHORTEST, _LEAST_SHARE = 6, 0.6
"""How long a description is, and what share of a longer one, that may say the same as that."""
_LONGEST = 200
_DIGITS = str.maketrans("零〇一二两三四五六七八九", "001223456789")
_CODE = re.compile(r"(W\w{1,8})[-—–](\d{4})[-—–](\d{3})", re.IGNORECASE)
_CODE_AT_BEGIN = re.compile(rf"\W*{_CODE.pattern}", re.IGNORECASE)
"""For `match` only: searched for, its marks would be tried again from each of them."""
_FILLING = re.compile(r"[的了尚仍还已现均也]|目前|当前|[^\w]|_")


def is_other_issue(text: str, registered: str) -> bool:
    """Return whether a text written over a description has nothing to do with it."""
    ours, theirs = _core(text), _core(registered)
    if not ours or not theirs or _is_within(ours, theirs) or _is_within(theirs, ours):
        return False
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio() < _SAME_WORDS


def is_same_issue(text: str, other: str) -> bool:
    """Return whether two descriptions say the same, one perhaps in fewer words, with the same numbers."""
    shorter, longer = sorted((_core(text), _core(other)), key=len)
    if shorter == longer:
        return bool(shorter)
    is_like = len(shorter) >= max(_SHORTEST, _LEAST_SHARE * len(longer))
    return is_like and _numbers(shorter) == _numbers(longer) and _is_within(shorter, longer)


def issue_named_in(text: str) -> str:
    """Return the code of an issue that a text begins with, "" where it begins with none."""
    found = _CODE_AT_BEGIN.match(canonical(text))
    return "-".join(found.groups()).upper() if found else ""


@lru_cache(maxsize=1 << 13)  # each new issue is compared with all of its task force and units
def _core(text: str) -> str:
    """Return what is left of a text without marks, words that add nothing, and the code of an issue."""
    told = _CODE.sub("", canonical(text)[:_LONGEST], count=1)
    return _FILLING.sub("", told.translate(_DIGITS))


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _is_within(shorter: str, longer: str) -> bool:
    """Return whether all characters of a text stand in another one in their order."""
    rest: Iterator[str] = iter(longer)
    return all(character in rest for character in shorter)
