"""The brief (简报) in the form of an office document, for the brief group to edit.

报头, title, body and 报尾 have the fonts and spacing of GB/T 9704: the title in 小标宋 of size two, the body
in 仿宋 of size three, headings in 黑体, lines 28 points apart, page numbers at the outer edge. Leaders read
it: a figure that is not published yet stands in it with its mark.
"""

from pathlib import Path

from docx.document import Document as Draft
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Pt, RGBColor

from tenproj_xl.excel.style import text_width
from tenproj_xl.model.plan import Programme
from tenproj_xl.model.publications import Series
from tenproj_xl.rollup.brief_text import sections
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.official_document import (
    BODY_FONT,
    HEAD_FONT,
    LEADING,
    NUMERALS,
    SIZE_FOUR,
    SIZE_THREE,
    SIZE_TWO,
    TITLE_FONT,
    TITLE_LEADING,
    WIDTH,
    blank,
    body,
    date_of,
    line,
    marking,
    rule,
    save,
)

_NAME_SIZE, _NAME_LEADING, _END_LEADING = 36, Pt(54), Pt(24)
_RED = RGBColor(0xC0, 0x00, 0x00)


def write_brief(path: Path, facts: Facts) -> None:
    """Write the brief of a roll-up, a .docx file."""
    draft = blank(facts.data, _name(facts.data.plan.programme), Series.BRIEF)
    _write_head(draft, facts)
    for numeral, section in zip(NUMERALS, sections(facts), strict=False):
        heading = body(draft, f"{numeral}、{section.heading}", HEAD_FONT)
        heading.paragraph_format.keep_with_next = True
        for paragraph in section.paragraphs:
            body(draft, paragraph, BODY_FONT)
    _write_end(draft, facts)
    save(draft, path)


def _name(programme: Programme) -> str:
    """Return its name; a programme called 重点工作 has a 重点工作简报, not a 重点工作工作简报."""
    return f"{programme.title.removesuffix('工作')}工作简报"


# --- 报头


def _write_head(draft: Draft, facts: Facts) -> None:
    """Write the marking, name, number, office and date over a red line, then the title."""
    data = facts.data
    marking(draft, data)
    name = _name(data.plan.programme)
    fitting = Pt(min(_NAME_SIZE, int(WIDTH.pt * 2 / text_width(name))))
    line(draft, name, TITLE_FONT, fitting, leading=_NAME_LEADING, centred=True, colour=_RED)
    line(draft, data.release.issue, BODY_FONT, SIZE_THREE, centred=True)
    by_whom, size = f"{data.plan.programme.signature}\t{date_of(data)}", SIZE_THREE
    if text_width(by_whom) * SIZE_THREE.pt / 2 > WIDTH.pt - SIZE_THREE.pt:
        size = SIZE_FOUR
    office = line(draft, by_whom, BODY_FONT, size)
    office.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    rule(office, "bottom", 18, "C00000")
    about = f"{data.period.dated_label}工作进展情况"
    title = line(draft, about, TITLE_FONT, SIZE_TWO, leading=TITLE_LEADING, centred=True)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(14)


# --- 报尾


def _write_end(draft: Draft, facts: Facts) -> None:
    """Write to whom it goes and how many copies there are, between lines; it stays together."""
    readers = facts.data.settings.brief_readers
    texts = (f"报：{readers.report}", f"送：{readers.send}", f"发：{readers.issue}")
    written = [line(draft, text, BODY_FONT, SIZE_FOUR, leading=_END_LEADING) for text in texts]
    copies = line(draft, "共印　　份", BODY_FONT, SIZE_FOUR, leading=_END_LEADING)
    copies.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for paragraph in (*written, copies):
        look = paragraph.paragraph_format
        look.left_indent = look.right_indent = SIZE_FOUR
        look.keep_with_next = look.keep_together = True
    for paragraph in written:
        look = paragraph.paragraph_format  # the second line stands under the first name
        look.left_indent, look.first_line_indent = SIZE_FOUR * 3, -SIZE_FOUR * 2
    written[0].paragraph_format.space_before = LEADING
    copies.paragraph_format.keep_with_next = False
    rule(written[0], "top", 8)
    rule(copies, "top", 6)
    rule(copies, "bottom", 8)
