"""Numbers in Chinese, as texts number their sections and as they tell figures in words."""

from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))
_WORTH = {place: worth for worth, place in _PLACES}
_ONE_SPELLING = str.maketrans("两〇", "二零")


def numeral(number: int) -> str:
    """Return a number below ten thousand in Chinese: `十二`, `二十`, `一百零五`, `一百一十`."""
    text, is_gap = "", False
    for worth, place in _PLACES:
        digit, number = divmod(number, worth)
        if digit:
            text += f"{'零' * is_gap}{_DIGITS[digit]}{place}"
        is_gap = bool(text) and not digit
    if number:
        text += f"{'零' * is_gap}{_DIGITS[number]}"
    if text.startswith("一十"):
        text = text.removeprefix("一")
    return text


def read_numeral(text: str) -> Decimal | None:
    """Return the number below ten thousand that a text is in Chinese, `九十二点四八`; None if it is none."""
    whole, _, decimals = text.translate(_ONE_SPELLING).partition("点")
    number, digit = 0, 0
    for character in whole:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif character in _WORTH:
            number += (digit or 1) * _WORTH[character]
            digit = 0
        else:
            return None
    number += digit
    if whole != (numeral(number) or "零") or not set(decimals) <= set(_DIGITS):
        return None
    return Decimal(f"{number}.{''.join(str(_DIGITS.index(one)) for one in decimals)}")
