"""Blocks of the rows of a sheet, and the lines above them, which hold no answers."""

import re
from enum import IntEnum

from tenproj_xl.core.texts import canonical


class Block(IntEnum):
    """Rows that stand together, in the order of the blocks."""

    TABLE = 0
    """What is asked for; the block without a line of its own."""
    FINAL = 1
    """The verified figures of targets whose date has passed: filled in when there is one, never owed."""
    CORRECTIONS = 2
    """Blank rows, each for one figure of an earlier period that is put right."""
    NOT_ASKED = 3
    OTHERS = 4
    """Rows that another unit fills in."""

    @property
    def is_offered(self) -> bool:
        """Whether its rows are filled in where there is something to say, and never owed."""
        return self in (Block.FINAL, Block.CORRECTIONS)

    def heading(self, count: int) -> str:
        """Return the line above the block; `count` is the number of its rows."""
        return _HEADINGS[self].format(count=count)


_HEADINGS = {
    Block.FINAL: "待核定（有数再填）：往期目标的最终数，统计核定后填；没有的空着，不算漏报",
    Block.CORRECTIONS: (
        "更正以前报过的数（有更正再填）：选指标名称和数据所属期，填更正后的数值和数据性质，原因写在备注；没有的空着，不算漏报"
    ),
    Block.NOT_ASKED: "以下{count}项本期不必填报",
    Block.OTHERS: "以下{count}项由其他单位填报，供了解",
}


def _pattern(heading: str) -> str:
    return r"\d+".join(re.escape(canonical(part)) for part in heading.split("{count}"))


_HEADING = re.compile("|".join(map(_pattern, _HEADINGS.values())))


def is_heading(cell: object) -> bool:
    """Return whether a cell holds the line above a block."""
    return isinstance(cell, str) and _HEADING.fullmatch(canonical(cell)) is not None
