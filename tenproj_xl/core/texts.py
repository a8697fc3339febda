"""Texts: what was typed as people read it, and one spelling to compare by.

Reads: what stands in a cell, or a text. Gives: texts without invisible characters, and whether they are
blanks or errors.
"""

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache, wraps
from typing import TypeVar

from tenproj_xl.core.cells import ErrorValue, NoValue, is_empty
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.days import possible_day

_MARKS = re.compile(r"[-/\\_.。…·\s]*")
MARKS = (*"-/\\_.。…·－／＼＿．‐‑‒–—―−﹣ \t\n\u00a0\u2002\u2003\u2009\u202f\u3000\u200b\ufeff",)
"""The characters by which people leave a cell blank, one by one: what formulas go by."""
ERROR_TEXTS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!")
ERROR_STARTS = ("###", "Err:", "错误:")
"""What a cell shows that shows an error, as a text, and how other such texts begin."""
_ERROR_TEXT = re.compile(rf"{'|'.join(map(re.escape, ERROR_TEXTS))}|#{{3,}}|(?:Err|错误):\d{{3}}")
_NOTHING = re.compile(
    r"[暂尚]?[无缺空]|没有|待定|[未待](?:填|报|发布|公布)|不(?:涉及|适用)|n/?a|null|none|nil", re.IGNORECASE
)

_T = TypeVar("_T")
SHORT = 80
"""Texts up to this length are looked up once: names, codes and choices stand in every return."""

_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms
_PLAIN |= dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), ord("-"))
_PLAIN |= dict.fromkeys(map(ord, "\t\u00a0\u2002\u2003\u2009\u202f\u3000"), ord(" "))


def remembered(function: Callable[[str], _T]) -> Callable[[str], _T]:
    """Make a function of a text remember what it gives for short ones, which stand in every return."""
    of_short = lru_cache(maxsize=1 << 12)(function)

    @wraps(function)
    def of(text: str) -> _T:
        return of_short(text) if len(text) <= SHORT else function(text)

    return of


def text_of(cell: object) -> str:
    """Return what was typed, as people read it, without invisible characters."""
    if cell.__class__ is str:  # the common case, kept cheap
        return _clean_short(cell) if len(cell) <= SHORT else _cleaned(cell)
    if cell is None:
        return ""
    match cell:
        case LabelledCode():
            return cell.label
        case str():
            return _clean(cell)
        case bool():
            text = str(cell).upper()
        case float():
            text = decimal_digits(cell, 15)
        case datetime():
            text = cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "auto")
        case timedelta():
            minutes, seconds = divmod(round(cell.total_seconds()), 60)
            text = f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case ErrorValue():
            text = cell.text
        case NoValue():
            text = f"={cell.formula}"
        case _:
            text = str(cell)
    return _clean(text)


def _clean(text: str) -> str:
    return _clean_short(text) if len(text) <= SHORT else _cleaned(text)


@lru_cache(maxsize=1 << 14)
def _clean_short(text: str) -> str:
    return _cleaned(text)


def _cleaned(text: str) -> str:
    if not text.isprintable():
        text = "".join(c for c in re.sub(r"\r\n?|[\u2028\u2029]", "\n", text) if _is_seen(c))
    return unicodedata.normalize("NFC", text).strip()


def _is_seen(c: str) -> bool:
    # Not by "unassigned" as a whole: characters of names newer than Python's tables are that too.
    nonsense = ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF
    return c in "\n\t" or not (nonsense or unicodedata.category(c) in ("Cc", "Cf", "Cs"))


def decimal_digits(number: float, significant: int) -> str:
    """Return a number in decimal notation, never in powers of ten, rounded to its significant digits."""
    if not math.isfinite(number):
        return str(number)
    return format(Decimal(f"{number + 0.0:.{significant}g}"), "f")


def per_cent_text(number: float) -> str:
    """Return a number as a cell shows it that shows per cent: 0.2941 as 29.41%."""
    return decimal_digits(number * 100, 15) + "%"


def on_one_line(text: str) -> str:
    """Return a text with its line breaks as blanks, and no more than one blank in a row."""
    return " ".join(text.split())


def canonical(value: object) -> str:
    """Return one spelling, to compare what was printed with what was read back from any program.

    Numbers have 12 significant digits (whole ones all of theirs), dates are ISO, texts NFKC without blanks;
    a text that is a number or a whole date is spelled as one, since CSV has only texts.
    """
    if value is None:
        return ""
    if value.__class__ is str:  # the common case, kept cheap; it is cleaned when it is spelled
        text = value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return _short(value)
    else:
        text = text_of(value)
    return spelled(text) if len(text) <= SHORT else _spelling(text)


@lru_cache(maxsize=1 << 14)
def spelled(text: str) -> str:
    """Return the canonical spelling of a short text, cached."""
    return _spelling(text)


def _spelling(text: str) -> str:
    squeezed = "".join(unicodedata.normalize("NFKC", _cleaned(text)).split())
    text = unicodedata.normalize("NFKC", squeezed)  # a mark may have lost the blank it stood on
    if match := re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:00:00(?::00)?)?", text, re.ASCII):
        day = possible_day(*map(int, match.groups()))
        return day.isoformat() if day else text
    if re.fullmatch(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", text, re.ASCII) and (
        "." in text or len(text) <= 15
    ):
        return _short(float(text.replace(",", "")))
    return text  # longer numbers are those of documents and people, where every digit counts


@lru_cache(maxsize=1 << 14)
def _short(number: float) -> str:
    return decimal_digits(number, 15 if abs(number) < 10**15 and number == int(number) else 12)


def is_blank(cell: object) -> bool:
    """Return whether a cell is empty or says so: `—`, `/`, `无`, `未发布`. Not for texts: 无 is one."""
    if isinstance(cell, str):
        return _says_blank(cell)
    return cell is None


def is_error(cell: object) -> bool:
    """Return whether a cell shows an error, as one or as a text."""
    if isinstance(cell, str):
        return _shows_error(cell)
    return isinstance(cell, ErrorValue)


@remembered
def plain(text: str) -> str:
    """Return a text in half-width characters, one by one."""
    # Not NFKC, which would make 352 of 35².
    return _clean(text).translate(_PLAIN).strip()


@remembered
def is_mark(text: str) -> bool:
    """Return whether a text is nothing but marks; an empty one is."""
    return _MARKS.fullmatch(plain(text)) is not None


@remembered
def _says_blank(text: str) -> bool:
    return is_empty(text) or is_mark(text) or _NOTHING.fullmatch(plain(text)) is not None


@remembered
def _shows_error(text: str) -> bool:
    return _ERROR_TEXT.fullmatch(_clean(text)) is not None


def brief(text: str) -> str:
    """Return the plain form of a text as short as figures, dates and periods are, "" for a longer one.

    A longer text is not matched, lest a hostile one take long.
    """
    short = plain(text)
    if len(short) > 60:
        return ""
    return short
