"""What all pages of the wall are made of: the page itself, the light with its word, the colours."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar
from xml.etree.ElementTree import Element

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.excel.style import BLUE, DEEP, GREEN, GREY, RED, YELLOW
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.wall.markup import sized, tag

_Item = TypeVar("_Item")
CLASSES: Mapping[str, str] = {
    GREEN: "green",
    YELLOW: "yellow",
    RED: "red",
    DEEP: "deep",
    GREY: "grey",
    BLUE: "blue",
}
"""The classes of fills, which are stronger on the wall than in the workbook."""
_CHIP = 4, 6
"""As many characters stand in a chip at full size, and at the next one."""


@dataclass(frozen=True, kw_only=True)
class WallPage:
    """One page: `part` is what it belongs to, under the word by which one gets there.

    `under` stands below the title, `note` at the bottom.
    """

    part: str
    title: str
    under: tuple[Element | str, ...] = ()
    body: tuple[Element, ...]
    note: str = ""


def fill_class(state: LabelledCode | str) -> str:
    """Return the class of a state's fill, `quiet` where it has none."""
    return CLASSES.get(str(state_style(state).get("bg_color", "")), "quiet")


def chip(word: str, state: LabelledCode | str) -> Element:
    """Return a word on the fill of a state."""
    return tag("span", f"chip {fill_class(state)} {sized(word, *_CHIP)}", word)


def pages_of(items: Sequence[_Item], most: int) -> Iterator[Sequence[_Item]]:
    """Yield as many items as a page holds, about equally many on each; nothing for no items."""
    pages = -(-len(items) // most)
    first = 0
    for left in range(pages, 0, -1):
        number = -(-(len(items) - first) // left)
        yield items[first : first + number]
        first += number


def title_of_part(title: str, number: int, pages: int) -> str:
    """Return the title of one of several pages: `核心指标（2/3）`."""
    if pages == 1:
        return title
    return f"{title}（{number}/{pages}）"
