"""The sheet 目标进度图: figures against target and pace, a chart for each task force beside its numbers."""

from collections.abc import Iterator, Mapping, Sequence

from tenproj_xl.core.cells import Value, address
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.shares import HUNDREDTHS_FORMAT
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.bullet_charts import (
    PARTS,
    BulletPlace,
    part_formulas,
    write_bullets,
    write_key,
)
from tenproj_xl.rollup.drawing.on_paper import WholePage
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.bullets import Bullet, BulletSet, bullet_sets, cut_in_words, scale_end
from tenproj_xl.rollup.facts.editions import QUARTER, YEAR
from tenproj_xl.rollup.facts.embargo import unreleased_note
from tenproj_xl.rollup.facts.model import Facts

TITLE = "目标进度图"
_HEADS = (
    ("编号", 9),
    ("指标", 30),
    ("单位", 8),
    ("最新数值", 9.5),
    ("数据所属期", 12),
    ("目标", 9),
    ("目标日期", 10),
    ("序时应完成", 9.5),
    ("预计全年", 9),
    ("进度评价", 9),
)
_VALUE, _GOAL, _PACE, _FORECAST, _STATE = 3, 5, 7, 8, 9
_CHART = len(_HEADS)
_CHART_WIDTH, _CHART_PIXELS = 105, 734
_NAMES = _CHART + 2
"""The label beside a bar; then figure, pace and forecast in hundredths of the target, then the parts."""
_SHARES = (_NAMES + 1, _NAMES + 2, _NAMES + 3)
_PARTS = _NAMES + 4
_KEY, _FIRST = 2, 4
_HEIGHT, _LEAST = 26.0, 4
"""Of a row, and how many rows a chart takes at least."""
_SPACE, _PAGE = 15.0, 900.0
"""Between two charts, and how much a page of A3 holds, in points."""
_CENTER = {**style.BOX, "align": "center"}
_NUMBER = {**style.BOX, "align": "right"}
_SHARE = {**_NUMBER, "num_format": HUNDREDTHS_FORMAT, "font_color": style.MUTED}


@dataclass(frozen=True)
class _Sheet:
    """What all blocks share: the page, the workbook and the end of the scale."""

    page: Page
    facts: Facts
    contents: BookContents
    most: int


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    sets = bullet_sets(facts)
    for n, (_, width) in enumerate(_HEADS):
        page.sheet.set_column(n, n, width)
    page.sheet.set_column(_CHART, _CHART, _CHART_WIDTH)
    page.sheet.set_column(_NAMES, _NAMES, 30)
    label = facts.data.period.paper_label
    page.write(0, 0, f"{TITLE}　{label}", style.TITLE)
    page.sheet.set_row(0, 30)
    page.back(1)
    page.write(1, 2, _note(sets) + unreleased_note(facts.indicators), style.NOTE)
    write_key(page, _KEY, 2)
    sheet, row = _Sheet(page, facts, contents, scale_end(sets)), _FIRST
    first_of_pages, breaks = set(_first_of_pages(sets)), []
    for n, bullets in enumerate(sets):
        if n in first_of_pages:
            breaks.append(row)
        row = _write_set(sheet, row, bullets)
    page.sheet.set_h_pagebreaks(breaks)
    if not sets:
        page.write(row, 0, "还没有可以按目标百分比画出的指标。", style.NOTE)
        row += 1
    page.sheet.freeze_panes(_FIRST - 1, 2)
    page.sheet.set_zoom(85)
    page.print_setup(f"{TITLE}　{label}", one_page=False)
    page.sheet.print_area(0, 0, row - 1, _CHART)


def _first_of_pages(sets: Sequence[BulletSet]) -> Iterator[int]:
    """Yield the numbers of the charts that begin a page, the first page apart."""
    height = 0.0
    for n, bullets in enumerate(sets):
        more = 2 * _HEIGHT + _HEIGHT * max(len(bullets.bullets), _LEAST) + _SPACE
        if height and height + more > _PAGE:
            yield n
            height = 0.0
        height += more


def _pages(facts: Facts) -> int:
    return 1 + len(tuple(_first_of_pages(bullet_sets(facts))))


def _note(sets: Sequence[BulletSet]) -> str:
    left_out = sum(bullets.left_out for bullets in sets)
    note = f"各图同一刻度，从0起，100%为目标；到期的，黑线就是目标。{cut_in_words(sets)}"
    if left_out:
        note += f"没有画的{left_out}项是越低越好的、增速和定性的、没有目标或还没有数的，见“主要指标”。"
    return note


def _write_set(sheet: _Sheet, row: int, bullets: BulletSet) -> int:
    """Write the numbers of a task force, and their chart beside them; return the row after them."""
    page, first = sheet.page, row + 2
    heading = f"{bullets.task_force.code}　{bullets.task_force.name}"
    page.merge(row, (0, _CHART), style.SECTION)
    page.write(row, 0, heading, style.SECTION)
    page.sheet.set_row(row, 24)
    for n, (text, _) in enumerate(_HEADS):
        page.write(row + 1, n, text, style.HEADER)
    for n, text in enumerate(("图上名称", "实际%", "序时%", "预计%", *PARTS)):
        page.write(row + 1, _NAMES + n, text, {**style.NOTE, "text_wrap": True})
    page.sheet.set_row(row + 1, _HEIGHT)
    for n, bullet in enumerate(bullets.bullets):
        _write_numbers(sheet, first + n, bullet)
        _write_parts(sheet, first + n, bullet)
    rows = max(len(bullets.bullets), _LEAST)
    for n in range(rows):
        page.sheet.set_row(first + n, _HEIGHT)
    place = BulletPlace(
        sheet=TITLE,
        first=first,
        last=first + len(bullets.bullets) - 1,
        names=_NAMES,
        parts=_PARTS,
        row=row + 1,
        column=_CHART,
        points=_HEIGHT * (rows + 1),
        width=_CHART_PIXELS,
    )
    told = "；".join(bullet.in_words for bullet in bullets.bullets)
    write_bullets(page, place, bullets.title, f"{bullets.title}。{told}。", sheet.most)
    return first + rows + 1


def _write_numbers(sheet: _Sheet, row: int, bullet: Bullet) -> None:
    page, line = sheet.page, bullet.line
    link = row_links(sheet.facts).get(line.indicator.code)
    place = sheet.contents.place(link) if link else ""
    if place:
        page.link(row, 0, place, {**_CENTER, "font_color": style.LINK["font_color"]})
    target = line.yardstick.target if line.yardstick else None
    texts: tuple[tuple[Value, Mapping[str, object]], ...] = (
        (line.indicator.code, {**_CENTER, "font_color": style.LINK["font_color"]}),
        (line.indicator.name, style.BOX),
        (line.indicator.unit, _CENTER),
        (bullet.value, _NUMBER),
        (line.data_period, _CENTER),
        (bullet.goal, _NUMBER),
        (target.period.dated_label if target else "", _CENTER),
        (bullet.expected, _NUMBER),
        (bullet.forecast, _NUMBER),
        (line.state, {**_CENTER, **state_style(line.state)}),
    )
    for n, (value, look) in enumerate(texts):
        page.write(row, n, value, look)


def _write_parts(sheet: _Sheet, row: int, bullet: Bullet) -> None:
    page, goal = sheet.page, address(row, _GOAL)
    page.write(row, _NAMES, bullet.label, style.NOTE)
    done, pace, foreseen = _SHARES
    page.formula(row, done, f"=100*{address(row, _VALUE)}/{goal}", bullet.done, _SHARE)
    if bullet.pace is None:
        page.write(row, pace, None, _SHARE)
    else:
        page.formula(row, pace, f"=100*{address(row, _PACE)}/{goal}", bullet.pace, _SHARE)
    page.formula(row, foreseen, f"=100*{address(row, _FORECAST)}/{goal}", bullet.foreseen, _SHARE)
    formulas = part_formulas(row, _SHARES, _PARTS, sheet.most)
    for n, (formula, value) in enumerate(zip(formulas, bullet.parts(sheet.most), strict=True)):
        page.formula(row, _PARTS + n, formula, value, _SHARE)


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (
        explained(
            TITLE,
            "每条是一项指标占目标的百分比：深色为实际，斜线为单位预计全年还能完成的，黑线为序时应到的位置（到期的为目标），浅灰为目标其余。",
            "各图同一刻度，从0起，最多画到200%，超过的长短一样；不按百分比比较的（越低越好的、增速、定性的）不画。",
        ),
    )


SPEC = SheetSpec(
    code="bullets",
    title=TITLE,
    order=55,
    tab=Tab.SUMMARY,
    opens=(QUARTER, YEAR),
    only_in=(QUARTER, YEAR),
    paper=WholePage(_pages),
    write=_write,
    explanations=_explanations,
    chapter=Chapter.TIME,
)
