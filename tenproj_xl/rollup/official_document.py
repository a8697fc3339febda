"""Office documents (.docx) in the form of GB/T 9704, which brief and annual report share.

The title is in 小标宋 of size two, the body in 仿宋 of size three, headings in 黑体 and 楷体, lines 28 points
apart, page numbers at the outer edge.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Draft
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tenproj_xl.excel.writer import harmless
from tenproj_xl.model.publications import Series
from tenproj_xl.rollup.drawing.page import INTERNAL
from tenproj_xl.rollup.facts.input import RollupInput, identity_line

TITLE_FONT, BODY_FONT, HEAD_FONT, KAI_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
_FALLBACKS = {TITLE_FONT: "华文中宋", BODY_FONT: "仿宋", HEAD_FONT: "SimHei", KAI_FONT: "楷体"}
"""What a program takes where a computer lacks a font; 小标宋 and 仿宋_GB2312 come with no system."""
_LATIN = "Times New Roman"
SIZE_TWO, SIZE_THREE, SIZE_FOUR, SIZE_SMALL_FOUR = Pt(22), Pt(16), Pt(14), Pt(12)
LEADING, TITLE_LEADING = Pt(28), Pt(34)
WIDTH = Cm(15.6)
"""Of the type area, 156 mm by 225 mm."""
NUMERALS = "一二三四五六七八九十"
_FONT_TABLE = "word/fontTable.xml"


def save(draft: Draft, path: Path) -> None:
    """Write a document; the same input gives the same bytes."""
    made = BytesIO()
    draft.save(made)
    path.write_bytes(_finished(made))


def marking(draft: Draft, data: RollupInput) -> None:
    """Write the line at the top: how the paper is to be kept, and whether it is a draft."""
    written = line(draft, f"{INTERNAL}\t{data.release.stamp}", HEAD_FONT, SIZE_THREE)
    written.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)


def date_of(data: RollupInput) -> str:
    """Return the date of a paper: `2026年11月27日`."""
    day = data.made_on
    return f"{day.year}年{day.month}月{day.day}日"


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


def blank(data: RollupInput, title: str, series: Series) -> Draft:
    """Return a paper without text: pages, page numbers and properties."""
    # The period's day and not the clock's, so that the same input gives the same file.
    draft = plain(title, data.plan.programme.signature, data.day)
    about = draft.core_properties
    about.subject, about.comments = identity_line(data, series.value), data.version_line
    return draft


def plain(title: str, author: str, day: date) -> Draft:
    """Return a document without text, dated a day."""
    draft = Document()
    section = draft.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.footer_distance = Cm(2.5)
    draft.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    about = draft.core_properties
    about.title, about.author = title, author
    about.created = about.modified = datetime.combine(day, time(), UTC)
    about.last_modified_by, about.comments = author, ""
    return draft


def _number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """Write the number of the page as `— 1 —`, one character from the outer edge."""
    paragraph.alignment = side
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = SIZE_FOUR
    for kind, text in ((None, "— "), ("begin", ""), ("code", "PAGE"), ("end", ""), (None, " —")):
        run = paragraph.add_run(text if kind is None else "")
        _set_font(run, "宋体", SIZE_FOUR)
        if kind == "code":
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)  # noqa: SLF001  # python-docx has no fields
        elif kind is not None:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)  # noqa: SLF001  # as above


def rule(paragraph: Paragraph, side: str, eighths: int, colour: str = "000000") -> None:
    """Draw a line above or below a paragraph, so many eighths of a point thick."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  # python-docx has no borders
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    drawn = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "1"), ("color", colour)):
        drawn.set(qn(f"w:{name}"), value)
    borders.append(drawn)


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


def body(draft: Draft, text: str, font: str) -> Paragraph:
    """Write a paragraph of the body, which begins two characters further in."""
    paragraph = line(draft, text, font, SIZE_THREE)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = SIZE_THREE * 2
    return paragraph


def line(
    draft: Draft,
    text: str,
    font: str,
    size: Pt,
    *,
    leading: Pt = LEADING,
    centred: bool = False,
    colour: RGBColor | None = None,
) -> Paragraph:
    """Write a paragraph that begins at the left edge, or is centred."""
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


def more(paragraph: Paragraph, text: str, font: str) -> None:
    """Write more text into a paragraph of the body."""
    _set_font(paragraph.add_run(harmless(text)), font, SIZE_THREE)


def grid(
    draft: Draft,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    least: float = 0.8,
) -> None:
    """Write a table whose header stands on each page that it takes, and whose rows are not parted.

    Args:
        draft: The document.
        heads: The header.
        rows: The texts.
        widths: The widths of the columns in centimetres.
        least: How high a row is at least, in centimetres.
    """
    made = draft.add_table(rows=0, cols=len(heads), style="Table Grid")
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    for number, texts in enumerate((heads, *rows)):
        row = made.add_row()
        if number:
            row.height = Cm(least)
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001  # python-docx has neither
        properties.append(OxmlElement("w:cantSplit"))
        if not number:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = Cm(width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            _write_cell(cell.paragraphs[0], text, BODY_FONT if number else HEAD_FONT)


def _write_cell(paragraph: Paragraph, text: str, font: str) -> None:
    look = paragraph.paragraph_format
    look.space_before = look.space_after = Pt(2)
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(18)
    _set_font(paragraph.add_run(harmless(text)), font, SIZE_SMALL_FOUR)


def _set_font(run: Run, font: str, size: Pt) -> None:
    """Set a font for Chinese, with its quotation marks; numbers and letters have one of their own."""
    run.font.size, run.font.name = size, _LATIN
    fonts = run.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")
