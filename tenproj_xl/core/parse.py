"""Values: what a cell means by its column.

Reads: what stands in a cell, as typed. Gives: a `Meaning`, a number, a date, a period's code or a text; or
why it could not be understood, or what it was taken for. Everything typed is converted here and by the
modules it calls (numbers, dates), and nowhere else.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import TEXT_LIMIT, Column, Kind
from tenproj_xl.core.dates import read_date, read_period_cell, with_likely_year
from tenproj_xl.core.meaning import BLANK, Meaning, broken
from tenproj_xl.core.numbers import read_number
from tenproj_xl.core.periods import Period
from tenproj_xl.core.texts import canonical, is_blank, is_mark, plain, remembered, text_of

_DIGITS = 2
"""How many digits a code has that is a number."""
_DITTO = re.compile(
    r"(?:情况|内容|进展)?(?:同|与|详?见|参见|请见)"
    r"(?:[上左前下]|[上下前](?:面?一)?[行格项条]|第[\d一二三四五六七八九十]{1,4}[行格项条]|[A-Za-z]\d{2}-(?:\d{4}-)?\d{1,3})"
    r"(?:一致|相同|一样)?[。.]?|[〃″]"
)
"""Words that only point to another row of the form."""


def read_choice(cell: object, by_word: Mapping[str, str]) -> Meaning:
    """Read the choice a cell means, by the words of all (`Column.choices_by_word`).

    Full-width forms, blanks, a full stop and former labels make no difference.
    """
    if (meaning := broken(cell)) is not None:
        return meaning
    typed = canonical(cell)
    found = by_word.get(typed) or by_word.get(typed.strip("。.,;、!“”\"'"))
    if found is not None:
        return Meaning(found)
    if is_blank(cell):
        return BLANK
    return Meaning(None, Code.NOT_CHOICE)


def read_text(cell: object, limit: int = TEXT_LIMIT) -> Meaning:
    """Read the text of a cell; a lone dash or stroke is a blank, 无 is a text.

    Where it is not told that a cell holds text, a spreadsheet makes a date of `1-2`, a time of `1:2`, and a
    number of `007`, of `35%` and of a document's or a person's number, of which it keeps 15 digits.
    """
    if (meaning := broken(cell)) is not None:
        return meaning
    text = text_of(cell)
    if len(text) > limit:
        return Meaning(None, Code.TOO_LONG, str(len(text)))
    if cell.__class__ is not str and (altered := _altered(cell)):
        return Meaning(text, Code.TEXT_ALTERED, altered)
    if is_mark(text):
        return BLANK
    if _DITTO.fullmatch(text):
        return Meaning(text, Code.SAME_AS_ABOVE)
    return Meaning(text)


def read_code(cell: object) -> Meaning:
    """Read a code in half-width capitals; of 01 a spreadsheet keeps 1, which is 01 again."""
    if cell.__class__ is not str and (meaning := broken(cell)) is not None:
        return meaning
    return _written_code(text_of(cell))


@remembered
def _written_code(text: str) -> Meaning:
    if (meaning := broken(text)) is not None:
        return meaning
    code = plain(text).upper()
    if is_mark(code):
        return BLANK
    if code.isdecimal():
        code = code.zfill(_DIGITS)
    return Meaning(code)


def _altered(cell: object) -> str:
    """Return what a spreadsheet made of a text, and what of it is lost; "" where it is still a text."""
    match cell:
        case str() | bool():
            return ""
        case date():
            return "日期"
        case time() | timedelta():
            return "时间"
        case int() | float() if abs(cell) >= 10**15:
            return "数字，第15位以后的已丢失"
        case int() | float():
            return "数字，前后的0、百分号可能已丢失"
    return ""


def _read_share(cell: object) -> Meaning:
    # Only formulas give shares; programs that write text write them as shown.
    if isinstance(cell, str) and plain(cell).endswith("%"):
        per_cent = read_number(cell, "%")
        if isinstance(per_cent.value, float):
            return Meaning(per_cent.value / 100)
        return per_cent
    return read_number(cell)


_BY_CELL_ALONE: Mapping[Kind, Callable[[object], Meaning]] = {
    Kind.TEXT: read_text,
    Kind.LONG_TEXT: read_text,
    Kind.TOKEN: read_text,
    Kind.CODE: read_code,
    Kind.SHARE: _read_share,
}


def read_cell(cell: object, column: Column, *, unit: str = "", year: int) -> Meaning:
    """Read what a cell of a column means.

    Args:
        cell: What stands there.
        column: Its column.
        unit: The unit of its row; without one, that at the end of the header: `累计完成投资（亿元）`.
        year: Completes dates and periods written without one.
    """
    if cell is None:  # the common case, kept cheap
        return BLANK
    if read := _BY_CELL_ALONE.get(column.kind):
        return read(cell)
    match column.kind:
        case Kind.CHOICE:
            return read_choice(cell, column.choices_by_word)
        case Kind.NUMBER:
            return read_number(cell, unit or column.unit_in_header)
        case Kind.DATE:
            return read_date(cell, year)
        case _:
            return read_period_cell(cell, year)


def read_cell_in(
    period: Period, cell: object, column: Column, *, unit: str = "", to_come: bool = False
) -> Meaning:
    """Read what a cell means that was filled in for a period of returns; see `read_cell`.

    What has no year is of the one that is likely then, by `with_likely_year`.
    """
    meaning = read_cell(cell, column, unit=unit, year=period.year)
    if meaning.code is Code.YEAR_GUESSED:
        return with_likely_year(meaning, cell, period.last, to_come=to_come)
    return meaning
