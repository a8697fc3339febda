"""HTML and SVG as elements: whatever text comes in, it stays text."""

from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring

Content: TypeAlias = "Element | str | None"


def tag(name: str, classes: str = "", /, *content: Content, **attributes: str) -> Element:
    """Return an element with its content; an attribute `data_part` is written `data-part`.

    Args:
        name: Its name.
        classes: Its classes, "" for none.
        content: Elements and texts, None for nothing.
        attributes: Its other attributes.
    """
    element = Element(name)
    if classes.strip():
        element.set("class", " ".join(classes.split()))
    for key, value in attributes.items():
        element.set(key.strip("_").replace("_", "-"), value)
    for one in content:
        if isinstance(one, str):
            _add_text(element, one)
        elif one is not None:
            element.append(one)
    return element


def _add_text(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def html(root: Element) -> str:
    """Return a document."""
    return f"<!DOCTYPE html>\n{tostring(root, encoding='unicode', method='html')}\n"


def sized(text: str, *limits: int) -> str:
    """Return the class of a text that is longer than the first of some limits, or than the second."""
    named = ("", "long", "longer")
    return named[sum(len(text) > limit for limit in limits)]
