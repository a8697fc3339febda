"""Number formats: what a cell shows of the number that it holds.

Readers give the number alone, and 0.07 in a cell that shows 7% is not 0.07 %, 297400 in one that shows
297400万元 no figure in 亿元.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from tenproj_xl.core.texts import decimal_digits

_LITERAL = re.compile(r'"[^"]*"|[\\!].|\[[^\]]*\]|[_*].')
"""What a format shows as it is, leaves room for, or says of colour and condition."""
_LONGEST = 255  # characters of a format that Excel keeps
BUILT_IN_PER_CENT = ("9", "10")
_TOKEN = re.compile(r'"([^"]*)"|[\\!](.)|\[[^\]]*\]|[_*].|([0#?.,]+)|(.)', re.DOTALL)
_WORD = re.compile(r"[^\W\d_]|[%‰]")
_NOT_PLAIN = re.compile(r"[eE][+-]|[/@]|General|[ymdhs]", re.IGNORECASE)
_CONDITION = re.compile(r"\[[<>=][^\]]*\]")
COMPARISON = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d{1,20}(?:\.\d{1,20})?)\]")
"""The condition of a section: how a number is compared, and with what."""
_SIGNED = re.compile(r"(?:\[[^\]]*\])*-")
"""How a section begins that writes the sign of negative numbers itself."""
COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


def is_per_cent(code: str) -> bool:
    """Return whether a number format multiplies by 100 and shows a per cent sign."""
    return "%" in _LITERAL.sub("", code[:_LONGEST])


def hides(code: str) -> bool:
    """Return whether a number format shows nothing of a number, as `;;;` does."""
    sections = _sections(code)
    return len(sections) > 1 and not any(section.strip() for section in sections[:2])


def says_more(code: str) -> bool:
    """Return whether a number format writes a word beside some number, or shows some divided by thousands."""
    shown = code[:_LONGEST]
    words = "".join(a or b for a, b, _, _ in _TOKEN.findall(shown))
    plain = _LITERAL.sub("", shown)
    is_divided = any(map(_thousands, _sections(code)))
    return bool(_WORD.search(words)) or any("\u3400" <= c <= "\u9fff" for c in plain) or is_divided


def shown_number(number: float, code: str) -> str:
    """Return what a cell shows of a number, all its digits unless it is divided; "" if that is unknown."""
    section, value = _section_for(number, _sections(code))
    if _NOT_PLAIN.search(_LITERAL.sub("", section)) or "%" in _LITERAL.sub("", section):
        return ""
    return _written(value, section)


def _section_for(number: float, sections: Sequence[str]) -> tuple[str, float]:
    """Return the section that shows a number, "" if unknown; and the number, without its sign in some."""
    if any(map(_CONDITION.search, sections)):
        section = _section_that_holds(number, sections)
        return section, abs(number) if _SIGNED.match(section) else number
    if number < 0 and len(sections) > 1:
        return sections[1], -number
    if number == 0 and len(sections) > 2:
        return sections[2], number
    return sections[0], number


def _section_that_holds(number: float, sections: Sequence[str]) -> str:
    """Return the first section whose condition holds, or the last that has none; "" if that is unknown."""
    for section in sections:
        comparison = COMPARISON.search(section)
        if comparison is None:
            is_for_others = section is sections[-1] and not _CONDITION.search(section)
            return section if is_for_others else ""
        if COMPARED[comparison[1]](number, float(comparison[2])):
            return section
    return ""


def _sections(code: str) -> list[str]:
    """Return the sections of a number format: for numbers above, below and equal to 0, and for texts."""
    parts, start = [], 0
    shown = code[:_LONGEST]
    for found in re.finditer(r'"[^"]*"|[\\!_*].|;', shown):
        if found[0] == ";":
            parts.append(shown[start : found.start()])
            start = found.end()
    return [*parts, shown[start:]]


def _thousands(section: str) -> int:
    """Return how often a section divides by 1,000: the commas that end its digits."""
    digits = "".join(found[2] or "" for found in _TOKEN.findall(section))
    return len(digits) - len(digits.rstrip(","))


def _written(number: float, section: str) -> str:
    """Return a number as a section writes it, digits of `!.` among them."""
    tokens = _TOKEN.findall(section)
    places = [n for n, (_, _, digits, _) in enumerate(tokens) if digits]
    if not places:
        return ""
    digits = "".join(token[2] for token in tokens)
    thousands = len(digits) - len(digits.rstrip(","))
    decimals = len(digits.rstrip(",").partition(".")[2].replace(",", ""))
    text = decimal_digits(number, 15)
    if thousands:
        unit = Decimal(1).scaleb(-decimals)
        text = str(Decimal(text).scaleb(-3 * thousands).quantize(unit, ROUND_HALF_UP))
    words = [a or b or d for a, b, _, d in tokens]
    first, last = places[0], places[-1]
    for n in range(last - 1, first, -1):  # what stands between the digits, from the right
        if words[n]:
            behind = sum(len(token[2].rstrip(",").replace(".", "")) for token in tokens[n + 1 :])
            text = text.rjust(behind + 1, "0")
            cut = len(text) - behind
            text = f"{text[:cut]}{words[n]}{text[cut:]}"
    before, after = "".join(words[:first]), "".join(words[last + 1 :])
    return f"{before}{text}{after}".strip()
