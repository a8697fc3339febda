"""Page one, under the headline: what an edition is made for, counted by a formula over its own sheet."""

from collections.abc import Mapping

from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec
from tenproj_xl.rollup.facts.editions import MONTH, QUARTER, YEAR, Edition
from tenproj_xl.rollup.facts.indicators import YearJudgement
from tenproj_xl.rollup.facts.judgements import judgement_lines
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.outlook import Expectation
from tenproj_xl.rollup.overview.grid import LINE, WHOLE
from tenproj_xl.rollup.sheets import asks, judgements, outlook


@dataclass(frozen=True)
class _Counted:
    """What is counted: the words of a sheet's column, in order of importance, under what they are about.

    `counter` is the word that people count such lines by. `rare` words are told only where there are such.
    """

    about: str
    sheet: SheetSpec
    column: str
    words: tuple[str, ...]
    counter: str = "项"
    rare: tuple[str, ...] = ()

    def values(self, facts: Facts) -> list[Value]:
        """Return what stands in the column."""
        table = self.sheet.table_of(facts)
        field = table.fields[table.column(self.column)]
        return [field.get(line) for line in table.lines]

    def told(self, facts: Facts) -> tuple[str, ...]:
        """Return the words that are told with their number."""
        found = self.values(facts)
        return tuple(word for word in self.words if word not in self.rare or word in found)


_ABOVE_TASK_FORCE = tuple(reversed(DecisionLevel))[:-1]

_COUNTED: Mapping[Edition, _Counted] = {
    MONTH: _Counted("专班不能解决、需上级决定：", asks.SPEC, "level", _ABOVE_TASK_FORCE, "件"),
    QUARTER: _Counted(
        "各单位预计全年：", outlook.SPEC, "judgement", tuple(Expectation), rare=(Expectation.JUDGED,)
    ),
    YEAR: _Counted("年度目标：", judgements.SPEC, "judgement", tuple(YearJudgement)),
}


def edition_line(facts: Facts) -> str:
    """Return what an edition is made for: `年度目标：达成1项，未达成0项`; "" where it has no such line."""
    counted = _COUNTED.get(facts.data.release.edition)
    if counted is None:
        return ""
    values = counted.values(facts)
    named = zip(_labels(counted, facts), counted.told(facts), strict=True)
    parts = [f"{label}{values.count(word)}{counted.counter}{_aside(word, facts)}" for label, word in named]
    return counted.about + "，".join(parts)


def _aside(word: str, facts: Facts) -> str:
    """Return what is said beside a count: how many of the targets that wait have no figure at all."""
    if word is not YearJudgement.PENDING:
        return ""
    unreported = sum(line.is_unreported for line in judgement_lines(facts))
    if not unreported:
        return ""
    return f"（含没有报数的{unreported}项）"


def _labels(counted: _Counted, facts: Facts) -> list[str]:
    """Return what is counted, in the words of the plan."""
    words = facts.data.plan.programme.words
    return [str(label_of(words.told(word))) for word in counted.told(facts)]


def write_edition_line(page: Page, facts: Facts, row: int) -> None:
    """Write the line of an edition that has one."""
    counted = _COUNTED.get(facts.data.release.edition)
    if counted is None:
        return
    table = counted.sheet.table_of(facts)
    cells = table.range(counted.column)
    labels = _labels(counted, facts)
    asides = [f"{counted.counter}{_aside(word, facts)}" for word in counted.told(facts)]
    named = zip(labels, asides, strict=True)
    parts = [f'"{label}"&SUMPRODUCT(({cells}="{label}")*1)&"{aside}"' for label, aside in named]
    formula = f'="{counted.about}"&' + '&"，"&'.join(parts)
    look = {"font_name": style.HEAD, "font_size": 11, "font_color": style.INK}
    page.merge(row, WHOLE, look)
    page.link(row, WHOLE[0], table.place(), look)
    page.formula(row, WHOLE[0], formula, edition_line(facts), look)
    page.grow(row, LINE)
