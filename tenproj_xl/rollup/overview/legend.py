"""Page one, lower right: what the words and colours mean, and where more is told."""

from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.overview.grid import RIGHT
from tenproj_xl.rollup.sheets import checks, duties, highlights, indicators, notes, supervision
from tenproj_xl.rollup.sheets.counts import Counter

_LEAST = 17.0
_LINKS = (
    (duties.NAME, "各单位承担的全部事项见“责任清单”"),
    (highlights.NAME, "各专班的典型做法和成效见“亮点做法”"),
    (supervision.NAME, "全部督办事项见“督办清单”"),
    (checks.NAME, "来件中的问题见“核验清单”"),
    (notes.NAME, "规则和算法见“说明”"),
)


def write_legend(page: Page, facts: Facts, counter: Counter, top: int) -> int:
    """Write what the words and colours mean, and where more is told; gives the first row after it."""
    settings = facts.data.settings
    page.merge(top, RIGHT, style.SECTION)
    page.write(top, RIGHT[0], "怎么看", style.SECTION)
    slow = f"{settings.slow * 100:g}"
    lines = (
        ("达序时", "按数据所属期算，不低于序时应完成值；目标日期已核定合格的为达标"),
        (
            "略慢",
            f"落后序时{slow}个百分点以内（存量、比率{settings.slow_level * 100:g}，增速{settings.slow_rate:g}）",
        ),
        ("滞后", "落后更多；目标日期核定不合格的为未达标"),
        ("待核定", "目标日期已到，还没有统计核定数"),
        ("未报", "应报而没有报，不等于零"),
        ("临期", f"{settings.soon_days}天内到时限"),
        ("逾期", "过了时限没有完成或没有申请销号"),
    )
    look = {**style.BOX, "font_size": 9}
    for row, (word, meaning) in enumerate(lines, top + 1):
        page.merge(row, (RIGHT[0], RIGHT[0] + 1), {**look, **state_style(word), "align": "center"})
        page.write(row, RIGHT[0], word, {**look, **state_style(word), "align": "center"})
        page.merge(row, (RIGHT[0] + 2, RIGHT[1]), look)
        page.write(row, RIGHT[0] + 2, meaning, look)
        page.grow(row, _LEAST)
    return _write_links(page, facts, counter, top + len(lines) + 1)


def _write_links(page: Page, facts: Facts, counter: Counter, row: int) -> int:
    unverified = facts.headline.unverified
    words = ("另有到期目标未核定的指标", "项，见“主要指标”的“到期目标判定”")
    page.merge(row, RIGHT, style.LINK)
    page.link(row, RIGHT[0], f"'{indicators.NAME}'!A1", style.LINK)
    formula = f'="{words[0]}"&{counter.unverified.removeprefix("=")}&"{words[1]}"'
    page.formula(row, RIGHT[0], formula, f"{words[0]}{unverified}{words[1]}", style.LINK)
    page.grow(row, _LEAST)
    without = facts.data.release.edition.without
    for name, text in ((name, text) for name, text in _LINKS if name not in without):
        row += 1
        page.grow(row, _LEAST)
        page.merge(row, RIGHT, style.LINK)
        page.link(row, RIGHT[0], f"'{name}'!A1", style.LINK, text)
    return row + 1
