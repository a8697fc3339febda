"""Numbers: what a cell means in the unit of its column or row."""

import math
import re
from fractions import Fraction

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.meaning import Meaning, settled
from tenproj_xl.core.numerals import numeral
from tenproj_xl.core.texts import brief, decimal_digits, plain

_NUMBER = re.compile(
    r"(?P<about>约为?|大约为?|大概|将近|接近|近|≈)?"
    r"(?P<number>[+-]?(?:(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+))(?P<unit>.*)",
    re.ASCII,
)
_ORDINAL = re.compile(
    r"(?:位?居|位?列|排名?)?(?:全[市省国区])?(?:排名?|位?列|并列)?"
    r"(?:第?(?P<digits>\d+)|第(?P<numeral>[一二三四五六七八九十]{1,3}))[名位]?",
    re.ASCII,
)
_NUMERALS = {numeral(number): number for number in range(1, 100)}
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
PER_CENT = ("%", "百分点")
"""The units in which a cell that shows per cent is read as it is seen."""

_IN_SENTENCES = {"百分点": "个百分点"}

MAX_VALUE = 1e13
"""No figure of a district is as large in any unit: it was mistyped, or is the number of a document."""


def unit_in_sentences(unit: str) -> str:
    """Return a unit as it stands behind a number in a sentence: `5个百分点`, but `5亿元`."""
    return _IN_SENTENCES.get(unit, unit)


def read_number(cell: object, unit: str = "") -> Meaning:
    """Read the number a cell means in its column's or row's unit.

    `93%` is 93 where the unit is %, and no number elsewhere; 0.93 stays, for a judge who knows the target.
    """
    if (meaning := settled(cell)) is not None:
        return meaning
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _number(cell)
    if isinstance(cell, str):
        return _written_number(cell, plain(unit))
    return Meaning(None, Code.NOT_NUMBER)


def _number(number: float | Fraction, code: Code | None = None, unit: str = "") -> Meaning:
    try:
        value = float(number) + 0.0  # no minus zero
    except OverflowError:
        return Meaning(None, Code.NOT_NUMBER)
    if not abs(value) < MAX_VALUE:
        return Meaning(None, Code.NOT_NUMBER)
    if code is None:
        return Meaning(value)
    return Meaning(value, code, decimal_digits(value, 15) + unit)


def _written_number(cell: str, unit: str) -> Meaning:
    # Blanks after a point or a comma stay: `1. 25` may be an item of a list, `12, 345` may be two numbers.
    text = re.sub(r"\s*([^\d\s.,])\s*", r"\1", brief(cell)).rstrip("。.").lstrip("'’‘`")
    if unit in ("", "名", "位") and (ordinal := _ORDINAL.fullmatch(text)):
        rank = ordinal["digits"] or _NUMERALS.get(ordinal["numeral"])
        return _number(Fraction(rank)) if rank else Meaning(None, Code.NOT_NUMBER)
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
    if typed in ("", unit) or (typed, unit) == ("%", "百分点"):
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
