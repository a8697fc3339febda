"""Numbers as Chinese texts number their sections."""

_DIGITS = "零一二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))


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
