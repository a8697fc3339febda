"""Cells that list several things."""

import re

_SEPARATORS = re.compile(r"[、,，;；/／\s]+")


def split_units(text: str) -> tuple[str, ...]:
    """Return the units (or other names, or codes) that a text lists, in whatever way they are separated."""
    return tuple(part for part in _SEPARATORS.split(text) if part)
