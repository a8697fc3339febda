"""Texts with fields in braces, such as `{单位}`, that the office writes: their fields, and filling them in.

A field is a name and nothing else: no text of the office is ever evaluated, and what is filled in is not
looked at again.
"""

import re
from collections.abc import Mapping

_FIELD = re.compile(r"\{([^{}]*+)\}")  # possessive: linear on any number of open braces
_FULL_WIDTH = str.maketrans("｛｝", "{}")
_PARAGRAPH = "\n\n"
_CLAUSE = re.compile(r"[^，；。！？\n]*[，；。！？\n]?")
_WITHIN = "，；"
"""What ends a clause and no sentence, the weaker first."""


def plain_braces(text: str) -> str:
    """Return a text with the braces of a Chinese keyboard as plain ones, and no blanks around its fields."""
    return _FIELD.sub(lambda field: f"{{{field[1].strip()}}}", text.translate(_FULL_WIDTH))


def fields_in(text: str) -> tuple[str, ...]:
    """Return the names of the fields of a text, each once, in their order."""
    return tuple(dict.fromkeys(_FIELD.findall(text)))


def has_stray_brace(text: str) -> bool:
    """Return whether a brace of a text has no partner."""
    rest = _FIELD.sub("", text)
    return "{" in rest or "}" in rest


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its fields filled in.

    A line all of whose fields are empty is left out. Where it was nothing but a field, as that of a list,
    the heading just above it is left out, too: a line without fields that ends in a colon. Blank lines are
    never doubled.

    Raises:
        KeyError: A field has no value.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        names = fields_in(line)
        if not names or any(values[name] for name in names):
            lines.append(line)
        elif _FIELD.fullmatch(line.strip()) and lines and _is_heading(lines[-1]):
            lines.pop()
    paragraphs = [paragraph.strip("\n") for paragraph in "\n".join(lines).split(_PARAGRAPH)]
    kept = _PARAGRAPH.join(filter(None, paragraphs))
    return _FIELD.sub(lambda field: values[field[1]], kept)


def without(text: str, name: str) -> str:
    """Return a text without the clauses that have a field; what stands before ends as they did."""
    kept: list[str] = []
    for clause in _CLAUSE.findall(text):
        if name not in fields_in(clause):
            kept.append(clause)
        elif kept and kept[-1][-1:] in tuple(_WITHIN) and clause[-1:] != _WITHIN[0]:
            kept[-1] = kept[-1][:-1] + clause[-1:]
    return "".join(kept)


def _is_heading(line: str) -> bool:
    return line.endswith(("：", ":")) and not fields_in(line)
