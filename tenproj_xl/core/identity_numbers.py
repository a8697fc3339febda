"""Identity numbers of citizens (GB 11643): 17 digits, often in groups, and a check digit, which may be X."""

import re
from collections.abc import Iterator
from datetime import date

_GAP = r"[ \u3000\u00a0·\-－—–−]{0,2}"
_SHAPE = re.compile(rf"(?<!\d)(\d(?:{_GAP}\d){{16}}){_GAP}([\dXxＸｘ])(?![\dXxＸｘ])")
"""The shape of one that stands alone; `\\d` takes full-width digits too."""
_NO_DIGIT = re.compile(r"\D")
_LENGTH = 18
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
"""The check character by the remainder of the weighted sum, divided by 11."""
_MASK = "***"


def has_identity_number(text: str) -> bool:
    """Return whether a text holds an identity number whose date of birth and check character are right."""
    if len(text) < _LENGTH:
        return False
    return next(_numbers_in(text), None) is not None


def without_identity_numbers(text: str) -> str:
    """Return a text with asterisks for every identity number."""
    kept, end = [], 0
    for match in _numbers_in(text):
        kept.append(text[end : match.start()])
        end = match.end()
    return _MASK.join([*kept, text[end:]])


def _numbers_in(text: str) -> Iterator[re.Match[str]]:
    """Yield the identity numbers in a text; one in groups may begin within what has the shape of another."""
    start = 0
    while match := _SHAPE.search(text, start):
        if _is_valid(match):
            yield match
            start = match.end()
        else:
            start = match.start() + 1


def _is_valid(match: re.Match[str]) -> bool:
    digits, last = _NO_DIGIT.sub("", match[1]), match[2]
    if not _is_date(int(digits[6:14])):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    expected = _CHECK_CHARACTERS[total % 11]
    if expected == "X":
        return last in "XxＸｘ"
    return last.isdecimal() and int(last) == int(expected)


def _is_date(number: int) -> bool:
    """Return whether a number such as 19491001 is a date on which somebody living may have been born."""
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    if not 1900 <= year <= 2100:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
