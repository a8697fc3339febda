"""Telephone numbers: of mobiles, with an area code, or told as one."""

import re

_NUMBER = re.compile(
    r"(?<![\d.])(?:[1１][3-9３-９]\d{9}|[（(]?[0０]\d{2,3}[)）]?[-－—]?\d{7,8})(?:[-转]\d{1,6})?(?![\d.])"
    r"|(?:电话|手机|联系方式|联系人)[^\d。；;]{0,12}\d{7,8}(?![\d.])"
)
_MASK = "（电话略）"


def without_telephones(text: str) -> str:
    """Return a text with a word for every telephone number."""
    return _NUMBER.sub(_MASK, text)
