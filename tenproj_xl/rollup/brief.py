"""The brief (简报) in the form of an office document, for the brief group to edit.

报头, title, body and 报尾 have the fonts and spacing of GB/T 9704: the title in 小标宋 of size two, the body
in 仿宋 of size three, headings in 黑体, lines 28 points apart, page numbers at the outer edge. Leaders read
it: a figure that is not published yet stands in it with its mark.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Draft
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tenproj_xl.excel.style import text_width
from tenproj_xl.excel.writer import harmless
from tenproj_xl.model.plan import Programme
from tenproj_xl.model.publications import Series
from tenproj_xl.rollup.brief_text import sections
from tenproj_xl.rollup.drawing.page import INTERNAL
from tenproj_xl.rollup.facts.input import RollupInput, identity_line
from tenproj_xl.rollup.facts.model import Facts

TITLE_FONT, BODY_FONT, HEAD_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体"
_FALLBACKS = {TITLE_FONT: "华文中宋", BODY_FONT: "仿宋", HEAD_FONT: "SimHei"}
"""What a program takes where a computer lacks a font; 小标宋 and 仿宋_GB2312 come with no system."""
_LATIN = "Times New Roman"
_SIZE_TWO, _SIZE_THREE, _SIZE_FOUR = Pt(22), Pt(16), Pt(14)
_NAME_SIZE, _NAME_LEADING = 36, Pt(54)
_LEADING, _TITLE_LEADING, _END_LEADING = Pt(28), Pt(34), Pt(24)
_WIDTH = Cm(15.6)
"""Of the type area, 156 mm by 225 mm."""
_RED = RGBColor(0xC0, 0x00, 0x00)
_NUMERALS = "一二三四五六七八九"
_FONT_TABLE = "word/fontTable.xml"


def write_brief(path: Path, facts: Facts) -> None:
    """Write the brief of a roll-up, a .docx file."""
    draft = _blank(facts)
    _write_head(draft, facts)
    for numeral, section in zip(_NUMERALS, sections(facts), strict=False):
        heading = _body(draft, f"{numeral}、{section.heading}", HEAD_FONT)
        heading.paragraph_format.keep_with_next = True
        for paragraph in section.paragraphs:
            _body(draft, paragraph, BODY_FONT)
    _write_end(draft, facts)
    made = BytesIO()
    draft.save(made)
    path.write_bytes(_finished(made))


def _name(programme: Programme) -> str:
    """Return its name; a programme called 重点工作 has a 重点工作简报, not a 重点工作工作简报."""
    return f"{programme.title.removesuffix('工作')}工作简报"


def _finished(made: BytesIO) -> bytes:
    """Return the same document with fallbacks of its fonts, and without times in its container.

    So the same input gives the same bytes.
    """
    packed = BytesIO()
    with ZipFile(made) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == _FONT_TABLE:
                content = content.replace(b"</w:fonts>", _fallbacks().encode() + b"</w:fonts>")
            target.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return packed.getvalue()


def _fallbacks() -> str:
    fonts = []
    for font, other in _FALLBACKS.items():
        fonts.append(f'<w:font w:name="{font}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>')
    return "".join(fonts)


def _blank(facts: Facts) -> Draft:
    draft, data = Document(), facts.data
    section = draft.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.footer_distance = Cm(2.5)
    draft.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    about = draft.core_properties
    about.title, about.author = _name(data.plan.programme), data.plan.programme.signature
    about.subject, about.comments = identity_line(data, Series.BRIEF.value), data.version_line
    # The period's day and not the clock's, so that the same input gives the same file.
    about.created = about.modified = datetime.combine(data.day, time(), UTC)
    about.last_modified_by = data.plan.programme.signature
    return draft


def _number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """Write the number of the page as `— 1 —`, one character from the outer edge."""
    paragraph.alignment = side
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = _SIZE_FOUR
    for kind, text in ((None, "— "), ("begin", ""), ("code", "PAGE"), ("end", ""), (None, " —")):
        run = paragraph.add_run(text if kind is None else "")
        _set_font(run, "宋体", _SIZE_FOUR)
        if kind == "code":
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)  # noqa: SLF001  # python-docx has no fields
        elif kind is not None:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)  # noqa: SLF001  # as above


# --- 报头


def _write_head(draft: Draft, facts: Facts) -> None:
    """Write the marking, name, number, office and date over a red line, then the title."""
    data = facts.data
    marking = _line(draft, f"{INTERNAL}\t{data.release.stamp}", HEAD_FONT, _SIZE_THREE)
    marking.paragraph_format.tab_stops.add_tab_stop(_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    name = _name(data.plan.programme)
    fitting = Pt(min(_NAME_SIZE, int(_WIDTH.pt * 2 / text_width(name))))
    _line(draft, name, TITLE_FONT, fitting, leading=_NAME_LEADING, centred=True, colour=_RED)
    _line(draft, data.release.issue, BODY_FONT, _SIZE_THREE, centred=True)
    by_whom, size = f"{data.plan.programme.signature}\t{_date(data)}", _SIZE_THREE
    if text_width(by_whom) * _SIZE_THREE.pt / 2 > _WIDTH.pt - _SIZE_THREE.pt:
        size = _SIZE_FOUR
    office = _line(draft, by_whom, BODY_FONT, size)
    office.paragraph_format.tab_stops.add_tab_stop(_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    _rule(office, "bottom", 18, "C00000")
    about = f"{data.period.dated_label}工作进展情况"
    title = _line(draft, about, TITLE_FONT, _SIZE_TWO, leading=_TITLE_LEADING, centred=True)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(14)


def _date(data: RollupInput) -> str:
    day = data.made_on
    return f"{day.year}年{day.month}月{day.day}日"


# --- 报尾


def _write_end(draft: Draft, facts: Facts) -> None:
    """Write to whom it goes and how many copies there are, between lines; it stays together."""
    readers = facts.data.settings.brief_readers
    lines = (f"报：{readers.report}", f"送：{readers.send}", f"发：{readers.issue}")
    written = [_line(draft, line, BODY_FONT, _SIZE_FOUR, leading=_END_LEADING) for line in lines]
    copies = _line(draft, "共印　　份", BODY_FONT, _SIZE_FOUR, leading=_END_LEADING)
    copies.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for paragraph in (*written, copies):
        look = paragraph.paragraph_format
        look.left_indent = look.right_indent = _SIZE_FOUR
        look.keep_with_next = look.keep_together = True
    for paragraph in written:
        look = paragraph.paragraph_format  # the second line stands under the first name
        look.left_indent, look.first_line_indent = _SIZE_FOUR * 3, -_SIZE_FOUR * 2
    written[0].paragraph_format.space_before = _LEADING
    copies.paragraph_format.keep_with_next = False
    _rule(written[0], "top", 8)
    _rule(copies, "top", 6)
    _rule(copies, "bottom", 8)


def _rule(paragraph: Paragraph, side: str, eighths: int, colour: str = "000000") -> None:
    """Draw a line above or below a paragraph, so many eighths of a point thick."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  # python-docx has no borders
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "1"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)


_AFTER_BORDERS: Sequence[str] = (
    "w:shd",
    "w:tabs",
    "w:suppressAutoHyphens",
    "w:kinsoku",
    "w:wordWrap",
    "w:overflowPunct",
    "w:topLinePunct",
    "w:autoSpaceDE",
    "w:autoSpaceDN",
    "w:bidi",
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:mirrorIndents",
    "w:suppressOverlap",
    "w:jc",
    "w:rPr",
)
"""What stands behind the borders among the properties of a paragraph; their order is fixed."""


# --- paragraphs


def _body(draft: Draft, text: str, font: str) -> Paragraph:
    paragraph = _line(draft, text, font, _SIZE_THREE)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = _SIZE_THREE * 2
    return paragraph


def _line(
    draft: Draft,
    text: str,
    font: str,
    size: Pt,
    *,
    leading: Pt = _LEADING,
    centred: bool = False,
    colour: RGBColor | None = None,
) -> Paragraph:
    paragraph = draft.add_paragraph()
    look = paragraph.paragraph_format
    look.space_before = look.space_after = Pt(0)
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, leading
    look.widow_control = False
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(harmless(text))
    _set_font(run, font, size)
    if colour is not None:
        run.font.color.rgb = colour
    return paragraph


def _set_font(run: Run, font: str, size: Pt) -> None:
    """Set a font for Chinese, with its quotation marks; numbers and letters have one of their own."""
    run.font.size, run.font.name = size, _LATIN
    fonts = run.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")
