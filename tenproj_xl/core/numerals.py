"""Numbers as Chinese texts number their sections."""

_DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """Return a number below a hundred in Chinese: `十二`, `二十`."""
    tens, ones = divmod(number, 10)
    text = _DIGITS[ones] if ones else ""
    if tens:
        text = f"十{text}"
    if tens > 1:
        text = f"{_DIGITS[tens]}{text}"
    return text
