"""Figures that texts of units quote: exactly, rounded or in another scale, or by what is computed from them.

Rates, multiples and ranks stand beside the figure that they are computed from, or in the sentences behind it,
so that a sentence is told, or left out, as a whole: all its numbers but those of dates.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from math import floor, log10

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.numbers import read_number
from tenproj_xl.core.numerals import read_numeral
from tenproj_xl.core.texts import plain
from tenproj_xl.model.indicator_names import names_of
from tenproj_xl.model.plan import Indicator, Plan

_SENTENCE = re.compile(r"(?<=[。；;！!？?\n])")
_UNREAD = re.compile(r"[\s“”\"'‘’「」『』《》]+")
_NAMING = (
    r"(?<![A-Za-z])[A-Za-z]{1,4}\d{1,4}(?:-\d{1,4})+"  # R03-01
    r"|〔\d{4}〕(?:\d+号)?"
    r"|(?<!\d)\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?(?![\d.])"
    r"|(?<!\d)\d{4}\.\d{1,2}\.\d{1,2}(?![\d.])"
    r"|(?<![\d.])(?:\d{4} ?[-－—–~～至] ?)?\d{4} ?年"
    r"|(?<![\d.])(?:\d{1,2} ?[-－—–~～至] ?)?\d{1,2} ?(?:[月日号时]|季度|周)"
    r"|(?<!\d)\d{1,2}[:：]\d{2}(?!\d)"
)
"""Dates, and numbers that name something."""
_DIGIT = "[一二两三四五六七八九]"
_NUMERAL = "[零〇一二两三四五六七八九十百千]"
_NAMING_IN_WORDS = rf"{_NUMERAL}{{1,6}}(?:[月日号]|季度|周|个五年)|十[三四五六]五|(?:十[七八九]|二十)[大届]"
"""三季度, 十一月, 二十大, 十四五."""
_COUNTED = rf"[一二两三四五六七八九十]{_NUMERAL}{{0,9}}(?:点[零〇一二三四五六七八九]{{1,9}})?"
_LONG = (
    rf"(?<!{_NUMERAL})(?={_NUMERAL}{{2}})(?:{_DIGIT}千)?(?:零?{_DIGIT}百)?(?:零?{_DIGIT}?十)?零?{_DIGIT}?"
    rf"(?!{_NUMERAL})(?:点[零〇一二三四五六七八九]{{1,9}})?"
)
_ENDS = r"(?=[，,、。；;！!？?）)\s]|$)"
_IN_WORDS = "|".join(
    (
        rf"(?<=百分之){_COUNTED}",
        rf"{_COUNTED}分之{_COUNTED}",
        rf"(?<=[第前]){_COUNTED}(?:(?=[名位强甲])|{_ENDS})",
        rf"(?<=[市省国区县居列排名由从升至到]第){_COUNTED}",
        "首位|榜首|末位|垫底",
        rf"{_COUNTED}成[半一二三四五六七八九]?(?![为员立果效本功长交熟绩都不])",
        rf"(?:{_COUNTED}|[百千])(?=[多余来几]?[万亿])",
        r"(?<=[破过超近达上])[万亿]",
        rf"{_COUNTED}(?=多?倍|番|个?百分点|个?位(?!一体|置|于))",
        "翻番|一半|大半|半数|(?<=[过近减])半",
        _LONG,
    )
)
_DIGITS = r"(?:(?<!\d)[-+－−])?\d+(?:[,，]\d{3})*(?:[.．]\d+|点\d+(?!\d|分))?"
_RANK_BEFORE = re.compile(r"(?:[第前居列]|排名|全[市省国区县]|百分之)\s?$")
_RATE_BEHIND = re.compile(r"\s?(?:[%‰倍成番]|个?位|个?百分点|分之)")
_UNIT = re.compile(r"\s?([^\d\s,，。.．；;、：:（）()“”]{0,6})")
_SCALED = re.compile("[万亿]")
_TELLING = 3
"""A number of so many significant digits is known again whatever its unit: 12% and 3个 stand for anything."""
_MASK = "（数值略）"


@dataclass(frozen=True, kw_only=True)
class _Quantity:
    """A number in the unit of a figure; `place` is what its last digit is worth.

    One that `is_scaled` is written in 万 or 亿: nobody counts meetings in these.
    """

    value: float
    place: float
    is_scaled: bool


class QuotedFigures:
    """Figures of some indicators, to be found in texts by the names of these and by the numbers."""

    def __init__(self, plan: Plan, figures: Iterable[tuple[Indicator, Iterable[float]]]) -> None:
        """Take the indicators, each with its figures; the plan has the names of the others."""
        self._names: set[str] = set()
        self._by_unit: dict[str, set[float]] = {}
        for indicator, values in figures:
            self._names.update(map(_squeezed, names_of(indicator)))
            self._by_unit.setdefault(indicator.unit, set()).update(map(abs, values))
        names = {name for indicator in plan.indicators for name in names_of(indicator)}
        self._named = _any_of(set(map(_squeezed, names)))
        number = rf"{_DIGITS}|{_IN_WORDS}|{_COUNTED}(?={_any_of(filter(None, self._by_unit)).pattern})"
        with_numbers = {name for name in names if re.search(number, name)}
        kept = _any_of(with_numbers | set(map(plain, with_numbers))).pattern
        self._spoken = re.compile(rf"(?P<kept>{kept}|{_NAMING}|{_NAMING_IN_WORDS})|{number}")

    def are_in(self, text: str) -> bool:
        """Return whether a text tells of one."""
        return any(is_told for _, is_told in self._sentences(text))

    def left_out_of(self, text: str) -> str:
        """Return a text without the numbers of the sentences that tell of one."""
        shown = []
        for sentence, is_told in self._sentences(text):
            shown.append(self._without_numbers(sentence) if is_told else sentence)
        return "".join(shown)

    def _without_numbers(self, sentence: str) -> str:
        return self._spoken.sub(lambda found: found["kept"] or _MASK, sentence)

    def _sentences(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield the sentences of a text, each with whether it tells of a figure.

        After one that is about such an indicator, rates, ranks and sums are of it until another is named.
        """
        is_about = False
        for sentence in _SENTENCE.split(text):
            if not self._names:
                yield sentence, False
                continue
            named = set(self._named.findall(_squeezed(sentence)))
            is_named = not self._names.isdisjoint(named)
            numbers = [found for found in self._spoken.finditer(plain(sentence)) if not found["kept"]]
            goes_on = is_about and not named
            is_told = any(
                is_named or self._is_figure(found) or (goes_on and self._is_computed(found))
                for found in numbers
            )
            is_about = is_named or is_told or goes_on
            yield sentence, is_told

    def _is_figure(self, found: re.Match[str]) -> bool:
        number = _number_of(found)
        if not number:
            return False
        is_telling = _significant(number) >= _TELLING
        for unit, values in self._by_unit.items():
            quantity = _in_unit(number, _behind(found), unit)
            if quantity is None:
                is_told = is_telling and float(number) in values
            else:
                may_be = is_telling or quantity.is_scaled
                is_told = may_be and any(_is_told(value, quantity) for value in values)
            if is_told:
                return True
        return False

    def _is_computed(self, found: re.Match[str]) -> bool:
        """Return whether a number is a rate, a rank, or a sum in the unit of a figure."""
        number = _number_of(found)
        if not number or _RANK_BEFORE.search(found.string, 0, found.start()):
            return True
        if _RATE_BEHIND.match(found.string, found.end()):
            return True
        quantities = [_in_unit(number, _behind(found), unit) for unit in self._by_unit]
        return any(quantity is not None and quantity.is_scaled for quantity in quantities)


def _squeezed(text: str) -> str:
    return _UNREAD.sub("", plain(text)).casefold()


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    # The longest first: 服务业增加值占比 is another indicator than 服务业增加值.
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


def _number_of(found: re.Match[str]) -> str:
    """Return a number that was found in digits; "" for half, first and other words that are none."""
    if found[0][-1].isdecimal():
        return plain(found[0]).replace(",", "").replace("点", ".").lstrip("+-")
    number = read_numeral(found[0])
    return "" if number is None else format(number, "f")


def _behind(found: re.Match[str]) -> str:
    """Return the first characters behind a number, with which its unit begins."""
    behind = _UNIT.match(found.string, found.end())
    return behind[1] if behind else ""


@lru_cache(maxsize=1 << 12)
def _in_unit(number: str, behind: str, unit: str) -> _Quantity | None:
    """Return a number in a unit, as far as what stands behind it begins with one of its kind, else None."""
    for length in range(len(behind), 0, -1):
        value = read_number(number + behind[:length], unit).value
        if not isinstance(value, float):
            continue
        written = Decimal(number).normalize()
        exponent = written.as_tuple().exponent
        place = 0.0
        if written and isinstance(exponent, int):
            place = value / float(written) * 10.0**exponent
        is_scaled = _SCALED.search(behind, 0, length) is not None
        return _Quantity(value=value, place=place, is_scaled=is_scaled)
    return None


def _is_told(figure: float, quantity: _Quantity) -> bool:
    """Return whether a number is a figure, rounded up or down to two digits or more."""
    difference = abs(figure - quantity.value)
    if not figure or not difference:
        return not difference
    second_digit = 10.0 ** (floor(log10(figure)) - 1)
    return difference < min(quantity.place, second_digit) * (1 - 1e-9)


def _significant(number: str) -> int:
    """Return how many digits a number tells: those behind the point do, noughts before it may be rounded."""
    if "." not in number:
        number = number.rstrip("0")
    return len(number.replace(".", "").lstrip("0"))
