"""Values: what a cell means.

Reads: what stands in a cell, as typed. Gives: a `Meaning`, a number, a date, a period's code or a text; or
why it could not be understood, or what it was taken for. Everything typed is converted here and nowhere
else.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue, NoValue, is_empty
from tenproj_xl.core.columns import TEXT_LIMIT, Column, Kind
from tenproj_xl.core.periods import Frequency, Period, period_of, read_period
from tenproj_xl.core.sheets import FORMER_CHOICES


@dataclass(frozen=True)
class Meaning:
    """What a cell means: `value` is None where it is blank, or where `code` is an error.

    With a `code` that is a warning, `detail` is what the cell was taken for, as people read it; with
    ERROR_VALUE it is what the cell shows, with TOO_LONG the number of characters.
    """

    value: float | date | str | None
    code: Code | None = None
    detail: str = ""


BLANK = Meaning(None)

_YEARS = range(2000, 2101)
_NEAR_YEARS = 10
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_DAY_ZERO = date(1899, 12, 30)

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
_DITTO = re.compile(r"同(?:上|左|前|上一?[行格])[。.]?|[〃″]")

SHORT = 80
"""Texts up to this length are looked up once: names, codes and choices stand in every return."""

_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms
_PLAIN |= dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), ord("-"))
_PLAIN |= dict.fromkeys(map(ord, "\t\u00a0\u2002\u2003\u2009\u202f\u3000"), ord(" "))


def text_of(cell: object) -> str:
    """Return what was typed, as people read it, without invisible characters."""
    if isinstance(cell, str):
        return _clean(cell)
    match cell:
        case None:
            return ""
        case bool():
            text = str(cell).upper()
        case float():
            text = _digits(cell, 15)
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


def _digits(number: float, significant: int) -> str:
    if not math.isfinite(number):
        return str(number)
    return format(Decimal(f"{number + 0.0:.{significant}g}"), "f")


def canonical(value: object) -> str:
    """Return one spelling, to compare what was printed with what was read back from any program.

    Numbers have 12 significant digits (whole ones all of theirs), dates are ISO, texts NFKC without blanks;
    a text that is a number or a whole date is spelled as one, since CSV has only texts.
    """
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _short(value)
    text = value if isinstance(value, str) else text_of(value)
    return spelled(text) if len(text) <= SHORT else _spelling(text)


@lru_cache(maxsize=1 << 14)
def spelled(text: str) -> str:
    """Return the canonical spelling of a short text, cached."""
    return _spelling(text)


def _spelling(text: str) -> str:
    squeezed = "".join(unicodedata.normalize("NFKC", _cleaned(text)).split())
    text = unicodedata.normalize("NFKC", squeezed)  # a mark may have lost the blank it stood on
    if match := re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:00:00(?::00)?)?", text, re.ASCII):
        day = _day(*map(int, match.groups()))
        return day.isoformat() if day else text
    if re.fullmatch(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", text, re.ASCII) and (
        "." in text or len(text) <= 15
    ):
        return _short(float(text.replace(",", "")))
    return text  # longer numbers are those of documents and people, where every digit counts


@lru_cache(maxsize=1 << 14)
def _short(number: float) -> str:
    return _digits(number, 15 if abs(number) < 10**15 and number == int(number) else 12)


def is_blank(cell: object) -> bool:
    """Return whether a cell is empty or says so: `—`, `/`, `无`, `未发布`. Not for texts: 无 is one."""
    return is_empty(cell) or (
        isinstance(cell, str) and (is_mark(cell) or _NOTHING.fullmatch(_plain(cell)) is not None)
    )


def is_mark(text: str) -> bool:
    """Return whether a text is nothing but marks; an empty one is."""
    return _MARKS.fullmatch(_plain(text)) is not None


def _broken(cell: object) -> Meaning | None:
    if isinstance(cell, NoValue):
        return Meaning(None, Code.RESULT_MISSING, text_of(cell))
    if isinstance(cell, ErrorValue) or (isinstance(cell, str) and _ERROR_TEXT.fullmatch(_clean(cell))):
        return Meaning(None, Code.ERROR_VALUE, text_of(cell))
    return None


def _plain(text: str) -> str:
    # Not NFKC, which would make 352 of 35².
    return _clean(text).translate(_PLAIN).strip()


def _brief(text: str) -> str:
    # Figures, dates and periods are short; a longer text is not matched, lest a hostile one take long.
    plain = _plain(text)
    if len(plain) > 60:
        return ""
    return plain


# --- numbers

_NUMBER = re.compile(
    r"(?P<about>约为?|大约为?|大概|将近|接近|近|≈)?"
    r"(?P<number>[+-]?(?:(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+))(?P<unit>.*)",
    re.ASCII,
)
_ORDINAL = re.compile(r"第?(\d+)[名位]?", re.ASCII)
_SPACED = re.compile(r"(?<![\d.])(?:\d{1,3}(?: \d{3})+|\d(?: \d)+)(?![\d ])", re.ASCII)
_ROUGH = ("左右", "上下", "余", "多")
_SCALE = re.compile(r"(?:[十百千]?(?:万亿|[万亿])|千(?![瓦米克])|百(?!分))?")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_MEASURES: dict[str, tuple[Fraction | int, str]] = {
    name: (size, base)
    for names, size, base in (
        ("㎡ m2 m² 平米", 1, "平方米"),
        ("亩", Fraction(2000, 3), "平方米"),
        ("公顷", 10**4, "平方米"),
        ("平方公里 平方千米 km² km2", 10**6, "平方米"),
        ("m³ m3", 1, "立方米"),
        ("公里 千米 km", 1000, "米"),
        ("公斤 千克 kg", 1000, "克"),
        ("吨 t", 10**6, "克"),
        ("千瓦 kw", 1000, "瓦"),
        ("兆瓦 mw", 10**6, "瓦"),
        ("度 千瓦时 kwh", 1000, "瓦时"),
        ("人民币 元人民币", 1, "元"),
        ("个百分点", 1, "百分点"),
    )
    for name in names.split()
}
_PARTS = ("%", "‰", "百分点")


def read_number(cell: object, unit: str = "") -> Meaning:
    """Read the number a cell means in its column's or row's unit.

    `93%` is 93 where the unit is %, and no number elsewhere; 0.93 stays, for a judge who knows the target.
    """
    if settled := _settled(cell):
        return settled
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _number(cell)
    if isinstance(cell, str):
        return _written_number(cell, _plain(unit))
    return Meaning(None, Code.NOT_NUMBER)


def _settled(cell: object) -> Meaning | None:
    broken = _broken(cell)
    if broken is None and is_blank(cell):
        return BLANK
    return broken


MAX_VALUE = 1e13
"""No figure of a district is as large in any unit: it was mistyped, or is the number of a document."""


def _number(number: float | Fraction, code: Code | None = None, unit: str = "") -> Meaning:
    try:
        value = float(number) + 0.0  # no minus zero
    except OverflowError:
        return Meaning(None, Code.NOT_NUMBER)
    if not abs(value) < MAX_VALUE:
        return Meaning(None, Code.NOT_NUMBER)
    if code is None:
        return Meaning(value)
    return Meaning(value, code, _digits(value, 15) + unit)


def _written_number(cell: str, unit: str) -> Meaning:
    # Blanks after a point or a comma stay: `1. 25` may be an item of a list, `12, 345` may be two numbers.
    text = re.sub(r"\s*([^\d\s.,])\s*", r"\1", _brief(cell)).rstrip("。.")
    if unit in ("", "名", "位") and (ordinal := _ORDINAL.fullmatch(text)):
        return _number(Fraction(ordinal[1]))
    joined = _SPACED.sub(lambda m: m[0].replace(" ", ""), text, count=1)
    match = _NUMBER.fullmatch(joined)
    if match is None:
        return Meaning(None, Code.NOT_NUMBER)
    factor, rough = _factor_roughly(match["unit"], unit)
    if factor is None:
        return Meaning(None, Code.NOT_NUMBER)
    code = Code.UNIT_GUESSED if factor != 1 else None
    if rough or match["about"] or joined != text:
        code = Code.READ_ROUGHLY
    return _number(Fraction(match["number"].replace(",", "")) * factor, code, unit)


def _factor_roughly(typed: str, unit: str) -> tuple[Fraction | None, bool]:
    factor = _factor(typed, unit)
    for word in _ROUGH:
        if factor is None and word in typed:
            return _factor(typed.replace(word, "", 1), unit), True
    return factor, False


def _factor(typed: str, unit: str) -> Fraction | None:
    """Return how many of `unit` one of `typed` is; None if they do not measure the same."""
    if typed in ("", unit):
        return Fraction(1)
    scale, what = _scaled(typed)
    own_scale, own = _scaled(unit)
    if not what:  # 3万 of 家, 72000万 of 亿元, 3.5万 of 万元/亩
        if own in _PARTS:
            return None
        return Fraction(scale, own_scale)
    (size, what), (own_size, own) = (
        _MEASURES.get(what.casefold(), (1, what)),
        _MEASURES.get(own.casefold(), (1, own)),
    )
    if what != own:
        return None
    return Fraction(scale, own_scale) * size / own_size


def _scaled(unit: str) -> tuple[int, str]:
    match = _SCALE.match(unit)
    prefix = match[0] if match else ""
    return math.prod(_SCALES[c] for c in prefix), unit[len(prefix) :]


# --- dates and periods

_DATE = re.compile(
    r"(?:(?P<year>\d{4}|\d\d)[-./年])?"
    r"(?(year)|(?!\d+[-./]\d+[日号]))"  # 5-11日 is from the 5th to the 11th
    r"(?P<month>\d{1,2})[-./月](?P<day>\d{1,2})[日号]?"
    r"(?:(?:[ T]|(?<=[日号]))\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?(?P<by>之前|以前|前)?",
    re.ASCII,
)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def serial(day: date) -> int:
    """Return the serial number of a date in spreadsheets."""
    return (day - _DAY_ZERO).days


def read_date(cell: object, year: int) -> Meaning:
    """Read the date a cell means; `year` completes what was written without one."""
    if settled := _settled(cell):
        return settled
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if serial(FIRST_DAY) <= cell < serial(LAST_DAY) + 1:
            return Meaning(_DAY_ZERO + timedelta(days=int(cell)))
        cell = text_of(cell) if cell > 10**7 else ""  # 20261105; 11.5 may have been 11.50
    if isinstance(cell, str):
        return _written_date(cell, year)
    if isinstance(cell, date) and (day := _day(cell.year, cell.month, cell.day)):
        return Meaning(day)
    return Meaning(None, Code.NOT_DATE)


def _written_date(cell: str, year: int) -> Meaning:
    text = re.sub(r"\s*([^\d\s])\s*", r"\1", _brief(cell))
    text = re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", text, flags=re.ASCII)
    match = _DATE.fullmatch(text)
    if match is None:
        return Meaning(None, Code.NOT_DATE)
    typed_year = match["year"] or ""
    full = year
    if typed_year:
        full = int(typed_year)
    if len(typed_year) == 2:
        full += 2000
    day = _day(full, int(match["month"]), int(match["day"]))
    if day is None or (len(typed_year) == 2 and abs(full - year) > _NEAR_YEARS):
        return Meaning(None, Code.NOT_DATE)
    if len(typed_year) < 4:
        return Meaning(day, Code.YEAR_GUESSED, day.isoformat())
    if match["by"]:
        return Meaning(day, Code.READ_ROUGHLY, day.isoformat())
    return Meaning(day)


def read_period_cell(cell: object, year: int | None = None) -> Meaning:
    """Read the code of the period a cell means; `year`, where given, completes `三季度` or `10月`.

    A date is what spreadsheets make of `2026-10` and stands for its month. The number 2026.1 may be January
    or October.
    """
    if settled := _settled(cell):
        return settled
    if isinstance(cell, bool) or (isinstance(cell, float) and text_of(cell).endswith(".1")):
        return Meaning(None, Code.NOT_PERIOD)
    text = "".join(_brief(text_of(cell)).split())
    text = re.sub(r"第(\d{1,2})期(?:\(.*\))?$", r"第\1周", text)
    text = re.sub(r"^(\d{4})(\d\d)$", r"\1-\2", text)
    if period := _sensible(text):
        return Meaning(period.code)
    day = read_date(cell, 0).value
    if isinstance(day, date):
        return _month_of(day)
    if year and re.search(r"[月季年周QqHh]", text):
        for whole in (f"{year}年{text}", f"20{text}"):
            if (period := _sensible(whole)) and abs(int(period.code[:4]) - year) <= _NEAR_YEARS:
                return Meaning(period.code, Code.YEAR_GUESSED, period.full_name)
    return Meaning(None, Code.NOT_PERIOD)


def _sensible(text: str) -> Period | None:
    period = read_period(text)
    if period and int(period.code[:4]) in _YEARS:
        return period
    return None


def _month_of(day: date) -> Meaning:
    month = period_of(day, Frequency.MONTH)
    if day in (month.first, month.last):
        return Meaning(month.code)
    return Meaning(month.code, Code.READ_ROUGHLY, month.label)


# --- choices, texts, and any cell


def read_choice(cell: object, choices: Sequence[str]) -> Meaning:
    """Read the choice a cell means, spelled as declared.

    Full-width forms, blanks, a full stop and former words make no difference.
    """
    if broken := _broken(cell):
        return broken
    typed = canonical(cell)
    names = {canonical(choice): choice for choice in choices}
    names |= {canonical(old): now for old, now in FORMER_CHOICES.items() if now in choices}
    found = names.get(typed) or names.get(typed.strip("。.,;、!“”\"'"))
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
    if broken := _broken(cell):
        return broken
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
    if isinstance(cell, str) and _plain(cell).endswith("%"):
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
        case Kind.TEXT | Kind.LONG_TEXT | Kind.TOKEN:
            return read_text(cell)
