"""Drawings of the wall, in hundredths of a rem, so that they are as large on every screen as their words."""

from xml.etree.ElementTree import Element

from tenproj_xl.rollup.wall.markup import tag


def drawing(width: float, height: float, told: str = "") -> Element:
    """Return an empty drawing; `told` is what it shows in words, "" where those stand beside it."""
    made = tag("svg", "", width="100%")
    made.set("viewBox", f"0 0 {width:g} {height:g}")
    if told:
        made.set("role", "img")
        made.set("aria-label", told)
    else:
        made.set("aria-hidden", "true")
    return made


def box(left: float, right: float, top: float, height: float, fill: str) -> Element:
    """Return a filled rectangle."""
    width = max(0.0, right - left)
    return tag(
        "rect", "", x=f"{left:.1f}", y=f"{top:g}", width=f"{width:.1f}", height=f"{height:g}", fill=fill
    )


def words(
    text: str, x: float, y: float, size: float, *, anchor: str = "middle", fill: str = "#1a1a1a"
) -> Element:
    """Return a bold text whose foot stands at `y`; `anchor` is which part of it stands at `x`."""
    return tag(
        "text",
        "",
        text,
        x=f"{x:.1f}",
        y=f"{y:g}",
        font_size=f"{size:g}",
        text_anchor=anchor,
        fill=fill,
        font_weight="bold",
    )


def hatching() -> Element:
    """Return the pattern that fills refer to as `url(#hatched)`, in a drawing that takes no room."""
    stripes = tag("path", "", d="M-10 50 L50 -10 M-10 110 L110 -10 M50 110 L110 50", stroke="#1f4e79")
    stripes.set("stroke-width", "12")
    ground = tag("rect", "", width="100", height="100", fill="#ffffff")
    pattern = tag("pattern", "", ground, stripes, id="hatched", width="50", height="50")
    pattern.set("patternUnits", "userSpaceOnUse")
    return tag("svg", "hidden-defs", tag("defs", "", pattern), aria_hidden="true")
