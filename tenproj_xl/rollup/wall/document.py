"""The wall as one file: its pages, its look and what turns them, with nothing from elsewhere.

Reads: the facts of a roll-up for leaders. Writes: an .html file; the same facts give the same bytes.
"""

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import resources
from io import BytesIO
from itertools import chain
from pathlib import Path
from xml.etree.ElementTree import Element

from tenproj_xl.rollup.drawing.page import INTERNAL
from tenproj_xl.rollup.facts.editions import Edition
from tenproj_xl.rollup.facts.input import RollupInput, identity_line
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.sheets import timeline as sheet
from tenproj_xl.rollup.wall.behind import ask_pages, behind_pages
from tenproj_xl.rollup.wall.figures import figure_pages
from tenproj_xl.rollup.wall.markup import html, sized, tag
from tenproj_xl.rollup.wall.parts import WallPage
from tenproj_xl.rollup.wall.svg import hatching
from tenproj_xl.rollup.wall.timeline import task_force_pages
from tenproj_xl.rollup.wall.totals import board_pages, whole_page

SECONDS = 20
"""How long a page stands until the next one comes by itself."""
_UNDER = 62
"""As many characters stand below a title at full size."""
_STYLE, _SCRIPT = "wall.css", "wall.js"
_BUTTONS = (("back", "上一页"), ("pause", "暂停"), ("next", "下一页"), ("whole", "全屏"))
_KEYS = "← → 翻页，空格暂停，↑ ↓ 调快慢，F 全屏"


def has_wall(edition: Edition) -> bool:
    """Return whether an edition has a wall: where its workbook has 挂图作战."""
    return edition not in sheet.SPEC.left_out_of


def write_wall(target: Path | BytesIO, facts: Facts) -> None:
    """Write the wall of a roll-up."""
    page = wall_html(facts).encode()
    if isinstance(target, BytesIO):
        target.write(page)
    else:
        target.write_bytes(page)


def wall_html(facts: Facts) -> str:
    """Return the wall of a roll-up as a document."""
    data = facts.data
    pages = list(_pages(facts))
    title = f"{sheet.TITLE}　{data.plan.programme.title}　{data.period.paper_label}"
    in_head = (
        tag("meta", "", charset="utf-8"),
        tag("meta", "", http_equiv="Content-Security-Policy", content=content_policy()),
        tag("meta", "", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", "", name="description", content=identity_line(data, sheet.SPEC.code)),
        tag("meta", "", name="author", content=data.plan.programme.signature),
        tag("title", "", title),
        tag("style", "", _static(_STYLE)),
    )
    sections = [_section(data, page, number) for number, page in enumerate(pages, 1)]
    body = tag(
        "body",
        "",
        hatching(),
        tag("main", "", *sections),
        _footer(pages),
        tag("script", "", _static(_SCRIPT)),
        data_seconds=str(SECONDS),
    )
    return html(tag("html", "", tag("head", "", *in_head), body, lang="zh-CN"))


def content_policy() -> str:
    """Return the policy under which the wall runs: its own look and script, and nothing else at all."""
    allowed = " ".join(f"{kind}-src '{_digest(name)}';" for kind, name in _INLINE)
    return f"default-src 'none'; {allowed} base-uri 'none'; form-action 'none'"


_INLINE = (("style", _STYLE), ("script", _SCRIPT))


def _digest(name: str) -> str:
    return f"sha256-{b64encode(sha256(_static(name).encode()).digest()).decode()}"


@cache
def _static(name: str) -> str:
    return (resources.files("tenproj_xl.data") / "wall" / name).read_text("utf-8")


def _pages(facts: Facts) -> Iterator[WallPage]:
    yield whole_page(facts)
    makers = (board_pages, behind_pages, ask_pages, figure_pages, task_force_pages)
    yield from chain.from_iterable(make(facts) for make in makers)


def _section(data: RollupInput, page: WallPage, number: int) -> Element:
    of_when = tag("p", "", data.period.paper_label, tag("br"), _marking(data))
    head = tag("header", "", tag("h1", sized(page.title, 24), page.title), of_when)
    under = _under(page)
    note = tag("p", "note", page.note) if page.note else None
    return tag(
        "section",
        "page",
        head,
        under,
        *page.body,
        note,
        id=f"p{number}",
        aria_label=page.title,
        data_part=page.part,
        data_title=f"{page.title}　{data.period.paper_label}",
    )


def _under(page: WallPage) -> Element | None:
    if not page.under:
        return None
    text = "".join(one if isinstance(one, str) else one.text or "" for one in page.under)
    return tag("p", f"under {sized(text, _UNDER)}", *page.under)


def _marking(data: RollupInput) -> Element:
    shown = filter(None, (data.release.issue, data.release.stamp, INTERNAL))
    return tag("span", "marking", "　".join(shown))


def _footer(pages: list[WallPage]) -> Element:
    first: dict[str, int] = {}
    for number, page in enumerate(pages, 1):
        first.setdefault(page.part, number)
    links = [tag("a", "", part, href=f"#p{number}", data_part=part) for part, number in first.items()]
    buttons = [tag("button", "", text, id=name, type="button", title=_KEYS) for name, text in _BUTTONS]
    where = tag("span", "", id="where")
    return tag("footer", "", tag("nav", "", *links, aria_label="各页"), where, *buttons)
