"""How wide texts come out, near enough to decide where they are broken or made smaller."""

_NARROW, _WIDE_LETTER = 0.53, 0.68
"""Of a size: what a digit or small letter takes, and what a capital."""
_LONGEST = 400
"""Letters of a text that are looked at: the time grows with their square."""


def width_of(text: str, size: float) -> float:
    """Return how wide a line of text is, in the unit of its size."""
    total = 0.0
    for letter in text:
        if ord(letter) > 0x2E80 or letter in "“”‘’…—×":
            total += 1.0
        elif letter.isupper() or letter in "%@&":
            total += _WIDE_LETTER
        else:
            total += _NARROW
    return total * size


def broken(text: str, size: float, width: float, most: int) -> list[str]:
    """Return a text in as many lines as it needs within a width, at most so many, the last one cut."""
    lines: list[str] = []
    for part in text[:_LONGEST].split("\n"):
        line = ""
        for letter in part:
            if line and width_of(line + letter, size) > width:
                lines.append(line)
                line = ""
            line += letter
        lines.append(line)
    if len(lines) > most:
        return [*lines[: most - 1], lines[most - 1][:-1] + "…"]
    return lines
