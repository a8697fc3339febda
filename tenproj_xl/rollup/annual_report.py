"""The annual report (年度报告) to the committee, a text of three to five pages for the office to edit.

It has the form of an office document without 报头: marking, title, addressee, body, signature and date.
Leaders read it: a figure that is not published yet stands in it with its mark.
"""

from pathlib import Path

from docx.document import Document as Draft
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.numerals import numeral
from tenproj_xl.model.publications import Series
from tenproj_xl.rollup.annual_text import opening, report_sections
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.official_document import (
    BODY_FONT,
    HEAD_FONT,
    KAI_FONT,
    LEADING,
    SIZE_THREE,
    SIZE_TWO,
    TITLE_FONT,
    TITLE_LEADING,
    blank,
    body,
    date_of,
    line,
    marking,
    more,
    save,
)


def write_annual_report(path: Path, facts: Facts) -> None:
    """Write the annual report of a year, a .docx file."""
    data = facts.data
    parts = _title(data)
    draft = blank(data, "".join(parts), Series.REPORT)
    marking(draft, data)
    title = line(draft, "\n".join(parts), TITLE_FONT, SIZE_TWO, leading=TITLE_LEADING, centred=True)
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(28), Pt(28)
    addressee = data.plan.programme.words.level(DecisionLevel.DISTRICT_COMMITTEE)
    line(draft, f"{addressee.label}：", BODY_FONT, SIZE_THREE)
    body(draft, opening(facts), BODY_FONT)
    for number, section in enumerate(report_sections(facts), 1):
        heading = body(draft, f"{numeral(number)}、{section.heading}", HEAD_FONT)
        heading.paragraph_format.keep_with_next = True
        for paragraph in section.paragraphs:
            written = body(draft, paragraph.head, KAI_FONT)
            more(written, paragraph.text, BODY_FONT)
    body(draft, "特此报告。", BODY_FONT)
    _sign(draft, data)
    save(draft, path)


def _title(data: RollupInput) -> tuple[str, str]:
    """Return the title's two lines: GB/T 9704 breaks a long one between words."""
    return f"关于{data.period.label}度{data.plan.programme.name}", "推进情况的报告"


def _sign(draft: Draft, data: RollupInput) -> None:
    """Write the office and the date, which stay together, four characters from the right edge."""
    office = line(draft, data.plan.programme.signature, BODY_FONT, SIZE_THREE)
    office.paragraph_format.space_before = LEADING
    office.paragraph_format.keep_with_next = True
    for paragraph in (office, line(draft, date_of(data), BODY_FONT, SIZE_THREE)):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = SIZE_THREE * 2
