"""Pages of the wall with the core indicators: each figure as a bullet against target and pace."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tenproj_xl.core.shares import share_in_brief
from tenproj_xl.rollup.facts.bullets import Bullet, BulletSet, bullet_of, cut_in_words, scale_end
from tenproj_xl.rollup.facts.core_figures import are_marked, core_figures
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.supervision import behind_in_words
from tenproj_xl.rollup.wall.markup import sized, tag
from tenproj_xl.rollup.wall.parts import WallPage, chip, pages_of, title_of_part
from tenproj_xl.rollup.wall.svg import box, drawing, words

_ROWS, _UNMARKED = 7, 14
"""How many indicators stand on a page, and how many in all where the plan marks none as core."""
_WIDTH, _HEIGHT = 2120.0, 300.0
"""Of a drawing, in hundredths of a rem."""
_LEFT, _ROOM = 60.0, 1960.0
_DONE, _REST, _TICK = "#1f4e79", "#dcdcdc", "#000000"
_STEP = 20


def figure_pages(facts: Facts) -> Iterator[WallPage]:
    """Yield the pages with the core indicators, in the plan's order."""
    lines = core_figures(facts)
    how = "工作计划里标“核心”的"
    if not are_marked(facts):
        lines, how = lines[:_UNMARKED], "各专班依次列；可在工作计划“核心”列指定"
    order = {line.indicator.code: n for n, line in enumerate(facts.indicators)}
    shown = sorted(lines, key=lambda line: order[line.indicator.code])
    bullets = {line.indicator.code: bullet_of(line, facts) for line in shown}
    drawn = tuple(bullet for bullet in bullets.values() if bullet is not None)
    sets = [BulletSet(bullet.line.task_force, (bullet,), 0) for bullet in drawn]
    most = scale_end(sets)
    parts = list(pages_of(shown, _ROWS))
    for number, some in enumerate(parts, 1):
        rows = [_line(facts, line, bullets[line.indicator.code], most) for line in some]
        yield WallPage(
            part="核心指标",
            title=title_of_part(f"核心指标　{len(shown)}项", number, len(parts)),
            under=(how,),
            body=(_axis(most), *rows),
            note=(
                "深色为实际完成，斜线为单位预计全年还能完成的，黑色竖线为序时应到的位置（到期的为目标），浅灰到100%为目标。"
                f"{cut_in_words(sets)}越低越好的、增速和定性的不按百分比画。"
            ),
        )


def _axis(most: int) -> Element:
    made = drawing(_WIDTH, 175)
    for share in range(0, most + 1, _STEP):
        word = f"{share}%"
        if share == 100:
            word = "目标100%"
        made.append(words(word, _at(share, most), 130, 76))
    heads = [tag("div", "", text) for text in ("指标", "最新数值／目标", "评价")]
    return tag("div", "bullet-axis", *heads, made)


def _line(facts: Facts, line: IndicatorLine, bullet: Bullet | None, most: int) -> Element:
    indicator = line.indicator
    unit = facts.data.units(indicator.reporting_unit)
    name = tag(
        "div",
        "name",
        tag("small", "", f"{indicator.code}　{unit}"),
        tag("span", sized(indicator.name, 32, 60), indicator.name),
    )
    return tag(
        "div",
        "bullet",
        name,
        _value(line),
        tag("div", "", chip(line.state.label, line.state)),
        _bullet(bullet, most) if bullet else tag("div", "next", "不按百分比画"),
    )


def _value(line: IndicatorLine) -> Element:
    value, unit = line.value, line.indicator.unit
    shown = "还没有数"
    if isinstance(value, float):
        shown = f"{value:.10g}{unit}"
    elif value is not None:
        shown = str(value)
    target = line.yardstick.target if line.yardstick else None
    told = [f"目标{target.spoken_with(unit)}" if target else "", line.data_period or ""]
    told += [behind_in_words(line), line.mark]
    below = [tag("span", "", text) for text in dict.fromkeys(filter(None, told))]
    return tag("div", f"value {sized(shown, 12)}", shown, tag("small", "", *below))


def _bullet(bullet: Bullet, most: int) -> Element:
    """Return a bullet: the rest of the target, what is expected, what is done, the pace, the target."""
    made = drawing(_WIDTH, _HEIGHT, bullet.in_words)
    goal, done = _at(100, most), _at(bullet.done, most)
    made.append(box(_LEFT, goal, 60, 180, _REST))
    foreseen = _at(bullet.foreseen, most)
    if foreseen > done:
        made.append(box(done, foreseen, 90, 120, "url(#hatched)"))
    made.append(box(_LEFT, done, 90, 120, _DONE))
    if bullet.pace is not None:
        pace = _at(bullet.pace, most)
        made.append(box(pace - 9, pace + 9, 35, 230, _TICK))
    share = share_in_brief(bullet.done / 100)
    if done > _LEFT + 260:
        made.append(words(share, _LEFT + 30, 185, 95, anchor="start", fill="#ffffff"))
    else:
        made.append(words(share, max(done, foreseen) + 30, 185, 95, anchor="start"))
    return made


def _at(share: float, most: int) -> float:
    return _LEFT + _ROOM * min(share, most) / most
