"""The brief (简报): one page of text in the sober form of an office document, for the brief group to edit.

Fonts and order are those of GB/T 9704: the title in 宋体 of size two, headings in 黑体, the body in 仿宋, of
size four so that it fits on a page. Every number in it stands in the workbook, too.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Draft
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from tenproj_xl.excel.style import fitted, shortened
from tenproj_xl.excel.writer import harmless
from tenproj_xl.model.plan import Programme
from tenproj_xl.model.publications import Publication, Series
from tenproj_xl.model.slips import Level
from tenproj_xl.rollup.facts.errata import change_line, errata
from tenproj_xl.rollup.facts.input import identity_line
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.returns import ReturnLine
from tenproj_xl.rollup.overview.edition_line import edition_line
from tenproj_xl.rollup.sheets.progress import returned

_TITLE, _HEAD, _BODY = "宋体", "黑体", "仿宋"
_SIZE_TWO, _SIZE_FOUR, _SIZE_TABLE = Pt(22), Pt(14), Pt(10.5)
_LEADING, _TABLE_LEADING, _TITLE_LEADING = Pt(18), Pt(14.5), Pt(32)
"""Line by line the same in every program and font, so that a page stays one."""
_ITEM = 35.3
"""How much of an item stands on one line of its column, in characters as a workbook's columns count them."""
_ASKS, _CHASED, _NAMED, _UNITS, _CORRECTED = 3, 5, 3, 2, 5
"""More lines of a list than this belong into the workbook, to which the brief then points."""


def write_brief(path: Path, facts: Facts) -> None:
    """Write the brief of a roll-up, a .docx file."""
    draft, data = _blank(facts), facts.data
    title = _paragraph(draft, _title(data.plan.programme), _TITLE, _SIZE_TWO, centred=True)
    title.paragraph_format.line_spacing = _TITLE_LEADING
    for under in (
        "　".join(filter(None, (data.release.issue, f"{data.period.dated_label}（{data.release.stamp}）"))),
        f"{data.plan.programme.signature}　　{_dates(facts)}",
    ):
        _paragraph(draft, under, _BODY, _SIZE_FOUR, centred=True)
    overall = [_overall(facts)]
    counted = edition_line(facts)
    if counted:
        overall.append(f"{counted}。")
    _section(draft, "一、总体情况", overall)
    _task_forces(draft, facts)
    _section(draft, "三、提请协调事项", _asks(facts))
    _section(draft, "四、督办事项", [_counts(facts)])
    _table(draft, ("级别", "事项", "责任单位", "情况"), _chased(facts), (1.6, 7.8, 3.4, 3.4))
    _section(draft, "五、报送情况", [_returns(facts)])
    if data.corrects:
        _section(draft, "六、更正内容", _corrected(facts, data.corrects))
    made = BytesIO()
    draft.save(made)
    path.write_bytes(_without_clock(made))


def _title(programme: Programme) -> str:
    """Return the title; a programme called 重点工作 has a 重点工作简报, not a 重点工作工作简报."""
    return f"{programme.title.removesuffix('工作')}工作简报"


def _without_clock(made: BytesIO) -> bytes:
    """Return the same document without times in its container: the same input gives the same bytes."""
    packed = BytesIO()
    with ZipFile(made) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name), source.read(name), ZIP_DEFLATED)
    return packed.getvalue()


def _section(draft: Draft, heading: str, sentences: Sequence[str]) -> None:
    _paragraph(draft, heading, _HEAD, _SIZE_FOUR, indented=True)
    for sentence in sentences:
        _paragraph(draft, sentence, _BODY, _SIZE_FOUR, indented=True)


def _blank(facts: Facts) -> Draft:
    draft = Document()
    section = draft.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.8)
    section.left_margin, section.right_margin = Cm(2.4), Cm(2.4)
    about = draft.core_properties
    about.title, about.author = (
        _title(facts.data.plan.programme),
        facts.data.plan.programme.signature,
    )
    about.subject, about.comments = identity_line(facts.data, Series.BRIEF.value), facts.data.version_line
    # The period's day and not the clock's, so that the same input gives the same file.
    about.created = about.modified = datetime.combine(facts.data.day, time(), UTC)
    about.last_modified_by = facts.data.plan.programme.signature
    return draft


def _paragraph(
    draft: Draft, text: str, font: str, size: Pt, *, centred: bool = False, indented: bool = False
) -> Paragraph:
    paragraph = draft.add_paragraph()
    _lead(paragraph, _LEADING)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indented:
        paragraph.paragraph_format.first_line_indent = size * 2
    _run(paragraph, text, font, size)
    return paragraph


def _lead(paragraph: Paragraph, leading: Pt) -> None:
    look = paragraph.paragraph_format
    look.space_before = look.space_after = Pt(0)
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, leading


def _run(paragraph: Paragraph, text: str, font: str, size: Pt) -> None:
    run = paragraph.add_run(harmless(text))
    run.font.size, run.font.name = size, font
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _dates(facts: Facts) -> str:
    """Return the day that all is judged on; of figures of a span also until when they were taken in."""
    if facts.data.is_wide:
        return f"{_day(facts)}　　{facts.data.data_until}"
    return _day(facts)


def _day(facts: Facts) -> str:
    day = facts.data.day
    return f"{day.year}年{day.month}月{day.day}日"


# --- its sentences and tables


def _overall(facts: Facts) -> str:
    h = facts.headline
    return (
        f"截至{_day(facts)}，应评指标{h.counted}项，达序时{h.on_pace}项，略滞后{h.slow}项，滞后{h.behind}项，"
        f"待核定{h.pending}项，未报{h.missing}项；重点任务序时推进（含完成）{h.tasks_on_time}项，临近时限{h.tasks_soon}项，"
        f"滞后{h.tasks_behind}项，逾期{h.tasks_overdue}项；在办问题{h.issues_open}件，其中逾期{h.issues_overdue}件；"
        f"提请协调{h.asks}项。"
    )


def _table(
    draft: Draft, heads: Sequence[str], lines: Sequence[Sequence[str]], widths: Sequence[float]
) -> None:
    if not lines:
        return
    table = draft.add_table(rows=0, cols=len(heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for cells, font in ((heads, _HEAD), *((line, _BODY) for line in lines)):
        row = table.add_row()
        for cell, text, width in zip(row.cells, cells, widths, strict=True):
            cell.width = Cm(width)
            _run(cell.paragraphs[0], text, font, _SIZE_TABLE)
            _lead(cell.paragraphs[0], _TABLE_LEADING)
            if width < 3:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _task_forces(draft: Draft, facts: Facts) -> None:
    """Write the table of task forces: ranked in a month and more, else in the order of the plan."""
    if facts.data.is_wide:
        _section(draft, "二、各专班晾晒得分", [])
        _table(draft, ("名次", "专班", "牵头单位", "得分"), _league(facts), (1.4, 8.0, 5.0, 1.8))
        return
    _section(draft, "二、各专班进展", [])
    heads = ("专班", "牵头单位", "指标达序时", "任务序时", "报送")
    _table(draft, heads, _progress(facts), (6.75, 3.85, 2.3, 1.9, 1.4))


def _progress(facts: Facts) -> list[tuple[str, ...]]:
    """Return a line for each task force: how many of its indicators and tasks are on course."""
    lines: list[tuple[str, ...]] = []
    for task_force in facts.involved:
        tally = facts.tally(task_force.code)
        name = f"{task_force.code} {task_force.name}"
        indicators = f"{tally.on_pace}/{tally.counted}"
        tasks = f"{tally.tasks_on_time}/{tally.tasks}"
        lead = facts.data.units(task_force.lead)
        lines.append((name, lead, indicators, tasks, returned(task_force, facts)))
    return lines


def _league(facts: Facts) -> list[tuple[str, ...]]:
    """Return the lines of the table of scores."""
    lines: list[tuple[str, ...]] = []
    for line in facts.league:
        score = "—"
        if line.score is not None:
            score = f"{line.score:.1f}"
        name = f"{line.task_force.code} {line.task_force.name}"
        lines.append((str(line.rank or "—"), name, facts.data.units(line.task_force.lead), score))
    return lines


def _asks(facts: Facts) -> list[str]:
    """Return a sentence for each of the first asks, and one about the others."""
    if not facts.asks:
        return ["没有提请协调的事项。"]
    sentences: list[str] = []
    for n, ask in enumerate(facts.asks[:_ASKS], 1):
        about = f"{ask.issue.task_force.code}专班，层级：{ask.issue.shown_level.label}"
        if ask.since:
            about += f"，{ask.since.month}月{ask.since.day}日起"
        sentences.append(f"{n}．{shortened(str(ask.issue.reported('request')), 30)}（{about}）。")
    more = len(facts.asks) - len(sentences)
    if more:
        sentences.append(f"其余{more}项见汇总表“提请协调”。")
    return sentences


def _corrected(facts: Facts, corrects: Publication) -> list[str]:
    """Return what a correction corrects, and a sentence for each of the gravest differences."""
    found = errata(facts)
    given_out = facts.data.clock(corrects.published_at)[:10]
    first = f"本稿更正{given_out}印发的{corrects.label}：{change_line(found) or '没有变动'}。"
    sentences = [first]
    for n, line in enumerate(found[:_CORRECTED], 1):
        item = " ".join(filter(None, (line.subject.label, line.code_for_people, line.name)))
        sentences.append(f"{n}．{shortened(item, 40)}：原为{line.was}，现为{line.now}；{line.why}。")
    more = len(found) - _CORRECTED
    if more > 0:
        sentences.append(f"其余{more}处见汇总表“更正内容”。")
    return sentences


def _counts(facts: Facts) -> str:
    """Return how many items of each level there are, as the introduction of the table of the first ones."""
    levels = [line.level for line in facts.supervision]
    counts = "，".join(f"{level.label}{levels.count(level)}项" for level in Level)
    if len(levels) > _CHASED:
        return f"{counts}，主要的{_CHASED}项是："
    return f"{counts}。"


def _chased(facts: Facts) -> list[tuple[str, ...]]:
    """Return the lines of the table of items to be supervised, hardest first."""
    lines: list[tuple[str, ...]] = []
    for line in facts.supervision[:_CHASED]:
        item = fitted(f"{line.code} {line.name}", _ITEM, _SIZE_TABLE.pt)
        lines.append((line.level.label, item, shortened(line.unit, 8), line.measured or line.state.label))
    return lines


def _returns(facts: Facts) -> str:
    h = facts.headline
    text = f"应报{h.owed}份，已报{h.returned}份"
    if h.late:
        text += f"，其中迟报{h.late}份"
    missing = list(dict.fromkeys(_missing(facts, r) for r in facts.returns if r.is_owed and not r.is_in))
    if not missing:
        return f"{text}。"
    named = "；".join(missing[:_NAMED])
    if len(missing) > _NAMED:
        named += f"等{len(missing)}个专班，见汇总表“报送情况”"
    return f"{text}。未报：{named}。"


def _missing(facts: Facts, line: ReturnLine) -> str:
    """Return whose return is missing: of units that got forms of their own those, else the lead unit."""
    units = line.units.missing or (line.task_force.lead,)
    named = f"{line.task_force.code}{facts.data.units(*units[:_UNITS])}"
    if len(units) > _UNITS:
        named += f"等{len(units)}家"
    return named
