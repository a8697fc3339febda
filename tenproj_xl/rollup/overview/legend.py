"""Page one, lower right: what the words and colours mean, and where more is told."""

from collections import Counter as Counts

from tenproj_xl.core.states import State
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.counts import Counter
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.overview.grid import RIGHT

_LEAST = 17.0


def write_legend(page: Page, facts: Facts, contents: BookContents, top: int) -> int:
    """Write what the words and colours mean, and links to other sheets; return the first row after it."""
    settings = facts.data.settings
    page.merge(top, RIGHT, style.SECTION)
    page.write(top, RIGHT[0], "怎么看", style.SECTION)
    page.grow(top, 20)  # the left half may have a narrow gap in this row
    slow, level, rate = settings.slow * 100, settings.slow_level * 100, settings.slow_rate
    lines = (
        ("达序时", "按数据所属期算，不低于序时应完成值；目标日期已核定合格的为达标"),
        (
            "略滞后",
            f"落后序时{slow:g}个百分点以内（存量、比率{level:g}，增速{rate:g}）",
        ),
        ("滞后", "落后更多；目标日期核定不合格的为未达标"),
        ("待核定", "目标日期已到，还没有统计核定数"),
        ("未报", "应报而没有报，不等于零"),
        ("临近时限", f"{settings.soon_days}天内到时限"),
        ("逾期", "过了时限没有完成或没有申请销号"),
    )
    look = {**style.BOX, "font_size": 9}
    for row, (word, meaning) in enumerate(lines, top + 1):
        light = {**look, **state_style(word), "align": "center"}
        page.merge(row, (RIGHT[0], RIGHT[0] + 1), light)
        page.write(row, RIGHT[0], word, light)
        page.merge(row, (RIGHT[0] + 2, RIGHT[1]), look)
        page.write(row, RIGHT[0] + 2, meaning, look)
        page.grow(row, _LEAST)
    page.merge(top + len(lines) + 1, RIGHT, look)
    page.write(top + len(lines) + 1, RIGHT[0], _all_in_words(facts), look)
    page.grow(top + len(lines) + 1, _LEAST)
    return _write_links(page, facts, contents, top + len(lines) + 2)


def _all_in_words(facts: Facts) -> str:
    """Return how many indicators there are, and how many of them are not 应评, by why."""
    left_out = Counts(line.state for line in facts.indicators if not line.counted)
    parts = [f"应评{facts.headline.counted}项"]
    for state in (State.UNDECIDED, State.NOT_YET, State.NOT_INVOLVED):
        parts.append(f"{state.label}{left_out.pop(state, 0)}项")
    parts.insert(1, f"{State.REFERENCE.label}{left_out.total()}项")
    return f"指标共{len(facts.indicators)}项：" + "，".join(parts)


def _write_links(page: Page, facts: Facts, contents: BookContents, row: int) -> int:
    """Write the links to the indicators that are unverified and to each sheet that has a pointer."""
    before, after = "另有到期目标未核定的指标", "项，见“主要指标”的“到期目标判定”"
    count = Counter(contents).unverified.removeprefix("=")
    formula, value = f'="{before}"&{count}&"{after}"', f"{before}{facts.headline.unverified}{after}"
    indicators = next(spec.title for spec in contents.specs if spec.code == "indicators")
    page.merge(row, RIGHT, style.LINK)
    page.link(row, RIGHT[0], f"'{indicators}'!A1", style.LINK)
    page.formula(row, RIGHT[0], formula, value, style.LINK)
    page.grow(row, _LEAST)
    for spec in contents.specs:
        if spec.pointer:
            row += 1
            page.grow(row, _LEAST)
            page.merge(row, RIGHT, style.LINK)
            page.link(row, RIGHT[0], f"'{spec.title}'!A1", style.LINK, spec.pointer)
    return row + 1
