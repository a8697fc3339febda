"""The declaration of a sheet: its name, place, readers, columns and lines.

Each module of `rollup.sheets` makes one, and `rollup.registry` finds them; workbook, page one and 说明 take
from a declaration all that they tell of the sheet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, NamedTuple

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.rollup.drawing.on_paper import OnPaper, WholePage
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import Field, RowLink, Table
from tenproj_xl.rollup.facts.editions import Audience, Edition
from tenproj_xl.rollup.facts.model import Facts


class Tab(StrEnum):
    """The colours of the tabs, by what a sheet is for."""

    SUMMARY = "#1F3864"
    PROGRESS = "#2E75B6"
    ACTION = "#C55A11"
    TIME = "#548235"
    BACKGROUND = "#7F7F7F"


class Chapter(StrEnum):
    """The chapters of 说明, in order; the value is the heading."""

    NUMBERS = "首页数字怎么算"
    STATES = "指标的评价"
    ARITHMETIC = "评价的算法"
    WORK = "任务、问题和督办"
    LEAGUE = "晾晒排名"
    DECISIONS = "变动和提请协调"
    TIME = "挂图、趋势和变化"
    SHEETS = "其他各表"
    MECHANISMS = "工作机制"
    SOURCES = "来源和版本"


class Explanation(NamedTuple):
    """A line of 说明: a topic, the number in force where there is one, the rule, the fill of the topic."""

    topic: str
    value: str
    text: str
    fill: str = ""


def explained(topic: str, *sentences: str, fill: str = "") -> Explanation:
    """Return a line without a number."""
    return Explanation(topic, "", "".join(sentences), fill)


def _no_explanations(_: Facts) -> Sequence[Explanation]:
    return ()


@dataclass(frozen=True, kw_only=True)
class SheetSpec:
    """A sheet of the roll-up.

    Attributes:
        code: What the program calls the sheet: a stable ASCII word, unique.
        title: What people call it; the name on its tab.
        order: Its place among the sheets; gaps are left for new ones.
        tab: The colour of its tab.
        audience: PUBLIC where all may read it.
        only_public: Whether it is for all alone; leaders have it on page one.
        public: The columns that all may read, by name; a * stands for a year or a number in it. What is not
            listed is for leaders only.
        opens: The editions that begin with it, behind page one.
        only_in: The editions that have it; all of them where none is named.
        left_out_of: The editions that go without it.
        only_corrections: Whether only corrections (更正稿) have it.
        table: Makes its columns and lines; None for a sheet that is no table.
        write: Writes it; None where writing the table is all.
        paper: What the copy for the printer has of it; None where it is only for the screen.
        pointer: The line of page one's legend that leads to it; "" for none.
        explanations: Its lines in 说明.
        chapter: The chapter of 说明 that has them.
    """

    code: str
    title: str
    order: int
    tab: Tab
    audience: Audience = Audience.LEADERS
    only_public: bool = False
    public: tuple[str, ...] = ()
    opens: tuple[Edition, ...] = ()
    only_in: tuple[Edition, ...] = ()
    left_out_of: tuple[Edition, ...] = ()
    only_corrections: bool = False
    table: Callable[[Facts], Table[Any]] | None = None
    write: "Callable[[Page, Facts, BookContents], None] | None" = None
    paper: OnPaper | WholePage | None = None
    pointer: str = ""
    explanations: Callable[[Facts], Sequence[Explanation]] = _no_explanations
    chapter: Chapter = Chapter.SHEETS

    def table_of(self, facts: Facts) -> Table[Any]:
        """Return the table of some facts, with the columns that the readers of their release may see.

        Raises:
            LookupError: The sheet is no table.
        """
        if self.table is None:
            raise LookupError(f"{self.code} is no table")
        made = self.table(facts)
        if not facts.data.release.is_public:
            return made
        return replace(made, fields=tuple(field for field in made.fields if self._is_public(field.name)))

    def _is_public(self, name: str) -> bool:
        return any(fnmatchcase(name, listed) for listed in self.public)

    def fields(self, facts: Facts) -> tuple[Field[Any], ...]:
        """Return the columns that the readers may see; raises LookupError as `table_of` does."""
        return self.table_of(facts).fields

    def lines(self, facts: Facts) -> Sequence[Any]:
        """Return the lines under the columns; raises LookupError as `table_of` does."""
        return self.table_of(facts).lines


class BookContents:
    """The sheets of one workbook in order, and their tables by the codes of the sheets."""

    def __init__(self, specs: Iterable[SheetSpec], facts: Facts) -> None:
        self.specs = tuple(specs)
        self._facts = facts

    @cached_property
    def _tables(self) -> Mapping[str, Table[Any]]:
        return {spec.code: spec.table_of(self._facts) for spec in self.specs if spec.table is not None}

    def __getitem__(self, code: str) -> Table[Any]:
        """Return the table of a sheet."""
        return self._tables[code]

    def place(self, link: RowLink) -> str:
        """Return where a line stands, as links name it; "" where the workbook does not have the sheet."""
        table = self._tables.get(link.sheet)
        if table is None:
            return ""
        return table.place(link.line)
