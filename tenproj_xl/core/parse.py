"""Values: what a cell means by its column.

Reads: what stands in a cell, as typed. Gives: a `Meaning`, a number, a date, a period's code or a text; or
why it could not be understood, or what it was taken for. Everything typed is converted here and by the
modules it calls (numbers, dates), and nowhere else.
"""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import lru_cache

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.columns import TEXT_LIMIT, Column, Kind
from tenproj_xl.core.dates import read_date, read_period_cell
from tenproj_xl.core.meaning import BLANK, Meaning, broken
from tenproj_xl.core.numbers import read_number
from tenproj_xl.core.texts import canonical, is_blank, is_mark, plain, text_of

_DIGITS = 2
"""How many digits a code has that is a number."""
_DITTO = re.compile(r"同(?:上|左|前|上一?[行格])[。.]?|[〃″]")


def read_choice(cell: object, choices: Sequence[str]) -> Meaning:
    """Read the choice a cell means: the member of a code, or the word as it is declared.

    Full-width forms, blanks, a full stop and former labels make no difference.
    """
    if (meaning := broken(cell)) is not None:
        return meaning
    typed = canonical(cell)
    names = _choices_by_word(tuple(choices), tuple((type(choice), _words_of(choice)) for choice in choices))
    found = names.get(typed) or names.get(typed.strip("。.,;、!“”\"'"))
    if found is not None:
        return Meaning(found)
    if is_blank(cell):
        return BLANK
    return Meaning(None, Code.NOT_CHOICE)


@lru_cache(maxsize=256)  # members of two codes may be equal as texts, hence the type and words of each
def _choices_by_word(
    choices: tuple[str, ...], known_by: tuple[tuple[type, tuple[str, ...]], ...]
) -> dict[str, str]:
    named = zip(choices, known_by, strict=True)
    return {canonical(word): choice for choice, (_, words) in named for word in words}


def _words_of(choice: str) -> tuple[str, ...]:
    if isinstance(choice, LabelledCode):
        return choice.labels
    return (choice,)


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
    if altered := _altered(cell):
        return Meaning(text, Code.TEXT_ALTERED, altered)
    if is_mark(text):
        return BLANK
    if _DITTO.fullmatch(text):
        return Meaning(text, Code.SAME_AS_ABOVE)
    return Meaning(text)


def read_code(cell: object) -> Meaning:
    """Read a code in half-width capitals; of 01 a spreadsheet keeps 1, which is 01 again."""
    if (meaning := broken(cell)) is not None:
        return meaning
    code = plain(text_of(cell)).upper()
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


def read_cell(cell: object, column: Column, *, unit: str = "", year: int) -> Meaning:
    """Read what a cell of a column means.

    Args:
        cell: What stands there.
        column: Its column.
        unit: The unit of its row; without one, that at the end of the header: `累计完成投资（亿元）`.
        year: Completes dates and periods written without one.
    """
    match column.kind:
        case Kind.NUMBER:
            in_header = re.search(r"（([^（）]+)）$", column.header)
            return read_number(cell, unit or (in_header[1] if in_header else ""))
        case Kind.SHARE:
            return _read_share(cell)
        case Kind.DATE:
            return read_date(cell, year)
        case Kind.PERIOD:
            return read_period_cell(cell, year)
        case Kind.CHOICE:
            return read_choice(cell, column.choices)
        case Kind.TEXT | Kind.LONG_TEXT | Kind.TOKEN | Kind.CODE:
            read = read_code if column.kind is Kind.CODE else read_text
            return read(cell)
