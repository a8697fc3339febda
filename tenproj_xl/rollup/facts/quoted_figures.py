"""Figures that texts of units quote: exactly, rounded or in another scale, or by what is computed from them.

Rates, multiples and ranks stand beside the figure that they are computed from, so that a sentence is told, or
left out, as a whole: all its numbers but those of dates.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import floor, log10

from tenproj_xl.core.numbers import read_number
from tenproj_xl.core.texts import plain
from tenproj_xl.model.plan import Indicator, Plan

_SENTENCE = re.compile(r"(?<=[。；;！!？?\n])")
_UNREAD = re.compile(r"[\s“”\"'‘’「」『』《》]+")
_IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_NAMING = re.compile(
    r"(?<![A-Za-z])[A-Za-z]{1,4}\d{1,4}(?:-\d{1,4})+"  # R03-01
    r"|〔\d{4}〕(?:\d+号)?"
    r"|(?<!\d)\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?(?![\d.])"
    r"|(?<!\d)\d{4}\.\d{1,2}\.\d{1,2}(?![\d.])"
    r"|(?<![\d.])(?:\d{4} ?[-－—–~～至] ?)?\d{4} ?年"
    r"|(?<![\d.])(?:\d{1,2} ?[-－—–~～至] ?)?\d{1,2} ?(?:[月日号时]|季度|周)"
    r"|(?<!\d)\d{1,2}[:：]\d{2}(?!\d)"
)
"""Dates, and numbers that name something."""
_COUNTED = "[一二两三四五六七八九十][零〇一二两三四五六七八九十百千]{0,9}(?:点[零〇一二三四五六七八九]{1,9})?"
_ENDS = r"(?=[，,、。；;！!？?）)\s]|$)"
_NUMBER = re.compile(
    r"(?P<digits>(?:(?<!\d)[-+－−])?\d+(?:[,，]\d{3})*(?:[.．]\d+)?)"
    rf"|(?<=[第前]){_COUNTED}(?:(?=[名位强])|{_ENDS})"
    rf"|(?<=百分之){_COUNTED}"
    rf"|{_COUNTED}(?=[多余]?[万亿倍]|分之|番{_ENDS}|成(?:以上|以下|左右|多|{_ENDS}))"
)
_UNIT = re.compile(r"\s?([^\d\s,，。.．；;、：:（）()“”]{0,6})")
"""The first characters behind a number, with which its unit begins."""
_TELLING = 3
"""A number of so many digits is known again without its unit."""
_MASK = "（数值略）"


@dataclass(frozen=True)
class _Quantity:
    """A number in the unit of a figure; `place` is what its last digit is worth."""

    value: float
    place: float


class QuotedFigures:
    """Figures of some indicators, to be found in texts by the names of these and by the numbers."""

    def __init__(self, plan: Plan, figures: Iterable[tuple[Indicator, Iterable[float]]]) -> None:
        """Take the indicators, each with its figures; the plan has the names of the others."""
        self._names: set[str] = set()
        self._by_unit: dict[str, set[float]] = {}
        for indicator, values in figures:
            self._names.update(map(_squeezed, _names(indicator)))
            self._by_unit.setdefault(indicator.unit, set()).update(map(abs, values))
        names = {name for indicator in plan.indicators for name in _names(indicator)}
        self._named = _any_of(set(map(_squeezed, names)))
        with_numbers = {name for name in names if _NUMBER.search(name)}
        kept = _any_of(with_numbers | set(map(plain, with_numbers)))
        self._spoken = re.compile(rf"(?P<kept>{kept.pattern}|{_NAMING.pattern})|{_NUMBER.pattern}")

    def are_in(self, text: str) -> bool:
        """Return whether a text tells of one."""
        return any(map(self._are_told, _SENTENCE.split(text)))

    def left_out_of(self, text: str) -> str:
        """Return a text without the numbers of the sentences that tell of one."""
        return "".join(map(self._shown, _SENTENCE.split(text)))

    def _shown(self, sentence: str) -> str:
        if not self._are_told(sentence):
            return sentence
        return self._spoken.sub(lambda found: found["kept"] or _MASK, sentence)

    def _are_told(self, sentence: str) -> bool:
        if not self._names:
            return False
        numbers = [found for found in self._spoken.finditer(plain(sentence)) if not found["kept"]]
        is_named = not self._names.isdisjoint(self._named.findall(_squeezed(sentence)))
        return bool(numbers) and (is_named or any(map(self._is_figure, numbers)))

    def _is_figure(self, found: re.Match[str]) -> bool:
        if not found["digits"]:
            return False
        number = found["digits"].replace(",", "").lstrip("+-")
        behind = _UNIT.match(found.string, found.end())
        for unit, values in self._by_unit.items():
            quantity = _in_unit(number, behind[1] if behind else "", unit)
            if quantity is not None:
                is_told = any(_is_told(value, quantity) for value in values)
            else:
                is_told = _digits(number) >= _TELLING and float(number) in values
            if is_told:
                return True
        return False


def _names(indicator: Indicator) -> Iterator[str]:
    """Yield the name of an indicator, and the name without what stands in brackets."""
    yield indicator.name
    shorter = _IN_BRACKETS.sub("", indicator.name)
    if _squeezed(shorter):
        yield shorter


def _squeezed(text: str) -> str:
    return _UNREAD.sub("", plain(text))


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    # The longest first: 服务业增加值占比 is another indicator than 服务业增加值.
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


@lru_cache(maxsize=1 << 12)
def _in_unit(number: str, behind: str, unit: str) -> _Quantity | None:
    """Return a number in a unit, as far as what stands behind it begins with one of its kind, else None."""
    for length in range(len(behind), 0, -1):
        value = read_number(number + behind[:length], unit).value
        if not isinstance(value, float):
            continue
        written = Decimal(number).normalize()
        exponent = written.as_tuple().exponent
        if not written or not isinstance(exponent, int):
            return _Quantity(value, 0.0)
        return _Quantity(value, value / float(written) * 10.0**exponent)
    return None


def _is_told(figure: float, quantity: _Quantity) -> bool:
    """Return whether a number is a figure, rounded up or down to two digits or more."""
    difference = abs(figure - quantity.value)
    if not figure or not difference:
        return not difference
    second_digit = 10.0 ** (floor(log10(figure)) - 1)
    return difference < min(quantity.place, second_digit) * (1 - 1e-9)


def _digits(number: str) -> int:
    return len(number.replace(".", ""))
