"""What all parts of a workbook are read with: elements whatever their namespace is."""

from xml.etree import ElementTree as ET

_TRUE = ("1", "true", "on")
_LONGEST = 15


def parsed(part: bytes) -> ET.Element:
    """Return the root of a part that the guard has let through; an empty one if it is no XML."""
    try:
        return ET.fromstring(part)  # noqa: S314  # the guard lets no DTD in
    except ET.ParseError:
        return ET.Element("nothing")


def first(parent: ET.Element | None, *path: str) -> ET.Element | None:
    """Return the first element under another by its path, None if there is none."""
    found = parent
    for step in path:
        if found is None:
            return None
        found = found.find(f"{{*}}{step}")
    return found


def every(parent: ET.Element | None, path: str) -> list[ET.Element]:
    """Return the elements under another by a path of plain names."""
    if parent is None:
        return []
    return parent.findall("/".join(f"{{*}}{step}" for step in path.split("/")))


def named(element: ET.Element | None, name: str, default: str = "") -> str:
    """Return an attribute, or the default."""
    if element is None:
        return default
    return element.get(name, default)


def val(parent: ET.Element | None, *path: str) -> str:
    """Return the `val` of an element by its path, "" if there is none."""
    return named(first(parent, *path), "val")


def attribute_called(element: ET.Element, name: str) -> str:
    """Return an attribute whatever its namespace is, "" if there is none."""
    for key, value in element.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def is_true(text: str) -> bool:
    """Return whether an attribute says yes."""
    return text.strip().lower() in _TRUE


def number(text: str | None, default: float = 0.0) -> float:
    """Return a finite number, or the default where a text is none."""
    try:
        value = float(text or "")
    except ValueError:
        return default
    if not abs(value) < 10**_LONGEST:
        return default
    return value


def whole(text: str | None, default: int = 0) -> int:
    """Return a whole number that is not negative, or the default where a text is none."""
    if text and text.isascii() and text.isdigit() and len(text) <= _LONGEST:
        return int(text)
    return default


def text_in(element: ET.Element | None, *, skipped: str = "rPh") -> str:
    """Return all text of `t` elements under another, but for readings that stand above characters."""
    if element is None:
        return ""
    pieces = []
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            pieces.append(child.text or "")
        elif name != skipped:
            pieces.append(text_in(child))
    return "".join(pieces)
