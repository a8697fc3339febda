"""Text that can be read on its ground: greys of a workbook that are too faint are made darker."""

from functools import cache

_ENOUGH = 4.55
"""The contrast that text needs at least (WCAG 2, level AA), and a little for rounding."""
_UNSEEN = 1.15
"""What has less is not meant to be seen, such as white on white."""
_STEPS = 40


@cache
def readable(colour: str, ground: str) -> str:
    """Return a colour with enough contrast to its ground: itself, or one a little darker or lighter."""
    own, under = _parts(colour), _parts(ground)
    if not _UNSEEN < _contrast(own, under) < _ENOUGH:
        return colour
    end = (0, 0, 0)
    if _contrast(end, under) < _ENOUGH:
        end = (255, 255, 255)
    mixed = own
    for step in range(1, _STEPS + 1):
        mixed = _between(own, end, step / _STEPS)
        if _contrast(mixed, under) >= _ENOUGH:
            break
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _between(one: tuple[int, int, int], other: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def _light(colour: tuple[int, int, int]) -> float:
    """Return the relative luminance of a colour."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    if part <= 0.04045:
        return part / 12.92
    return float(((part + 0.055) / 1.055) ** 2.4)
