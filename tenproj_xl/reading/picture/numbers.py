"""What a cell shows of a number by its number format, as far as spreadsheets of this country use them."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from tenproj_xl.reading.number_formats import COMPARED, COMPARISON

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|_.|\*.|(?P<general>General)|(?P<at>@)'
    r"|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|上午/下午|[aA][mM]/[pP][mM])|(?P<digits>[0#?.,]+)|(?P<plain>.)",
    re.DOTALL,
)
_LONGEST = 255
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001  # cells have no time zone
_LAST_DAY = 2_958_465.999_99
"""The last moment of the year 9999."""
_SCALES = 10
"""Signs that multiply or divide that count: more of them would leave the numbers of computers."""
_DIGITS = 11
"""Digits that General shows of a number at most."""


def shown(value: float, code: str, *, epoch_1904: bool = False) -> str:
    """Return what a cell shows of a number; "" where its format hides it."""
    sections = sections_of(code)
    section, number = _section_for(value, sections)
    if not section and len(sections) > 1:
        return ""
    tokens = list(_TOKEN.finditer(section))
    if any(token["date"] for token in tokens):
        return _moment(number, tokens, epoch_1904=epoch_1904)
    return _written(number, tokens)


def _section_for(value: float, sections: list[str]) -> tuple[str, float]:
    """Return the section that a number is shown by, and the number that stands in it."""
    conditions = [COMPARISON.search(section) for section in sections[:2]]
    if any(conditions):
        numeric = sections[:3]
        for section, condition in zip(numeric, conditions, strict=False):
            if condition is None or COMPARED[condition[1]](value, float(condition[2])):
                return section, _beside_sign(value, section)
        return numeric[-1], _beside_sign(value, numeric[-1])
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


def _beside_sign(value: float, section: str) -> float:
    """Return a number without its sign where a section writes a minus before the digits itself."""
    for token in _TOKEN.finditer(section):
        if token["digits"] or token["general"]:
            break
        if "-" in _literal(token):
            return abs(value)
    return value


def shown_text(text: str, code: str) -> str:
    """Return what a cell shows of a text: the fourth section of a format, where it has one."""
    sections = sections_of(code)
    if len(sections) < 4:
        return text
    return "".join(text if token["at"] else _literal(token) for token in _TOKEN.finditer(sections[3]))


def sections_of(code: str) -> list[str]:
    """Return the sections of a number format: for numbers above, below and equal to 0, and for texts."""
    parts, start = [], 0
    cut = code[:_LONGEST]
    for found in re.finditer(r'"[^"]*"|\[[^\]]*\]|[\\!_*].|;', cut):
        if found[0] == ";":
            parts.append(cut[start : found.start()])
            start = found.end()
    return [*parts, cut[start:]]


def general(value: float) -> str:
    """Return a number as General shows it."""
    if value == int(value) and abs(value) < 10**_DIGITS:
        return str(int(value))
    text = f"{value:.{_DIGITS - 1}g}"
    if "e" in text:
        mantissa, _, exponent = f"{value:.5E}".partition("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"
    return text


def _literal(token: re.Match[str]) -> str:
    return token["quoted"] or token["escaped"] or token["plain"] or ""


def _written(number: float, tokens: list[re.Match[str]]) -> str:
    """Return a number in the place of the digits of a section, with the words around them."""
    pieces = [token for token in tokens if token["digits"]]
    pattern = "".join(token["digits"] for token in pieces)
    number = _scaled(number, pattern, sum(token["plain"] == "%" for token in tokens))
    written, done = [], False
    for token in tokens:
        if token["general"] or token["at"]:
            written.append(general(number))
        elif token["digits"] and not done:
            written.append(_digits(number, pattern.rstrip(",")))
            done = True
        else:
            written.append(_literal(token))
    return "".join(written).strip() or _if_none(number, tokens)


def _if_none(number: float, tokens: list[re.Match[str]]) -> str:
    """Return a number whose format is blank: one of a section that only writes nothing stays unseen."""
    if tokens:
        return ""
    return general(number)


def _scaled(number: float, pattern: str, percents: int) -> float:
    thousands = len(pattern) - len(pattern.rstrip(","))
    return number * 100.0 ** min(percents, _SCALES) / 1000.0 ** min(thousands, _SCALES)


def _digits(number: float, pattern: str) -> str:
    """Return a number with the decimals, leading zeros and commas of a pattern such as `#,##0.0#`."""
    before, _, after = pattern.partition(".")
    places = len(after.replace(",", ""))
    least = len(after.rstrip("#?")) if after else 0
    try:
        rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:
        return general(number)
    comma = "," if "," in before else ""
    text = format(rounded, f"{comma}.{places}f")
    whole, _, decimals = text.partition(".")
    while len(decimals) > least and decimals.endswith("0"):
        decimals = decimals[:-1]
    sign = "-" if whole.startswith("-") else ""
    digits = whole.removeprefix("-").rjust(before.count("0"), "0")
    if digits == "0" and "0" not in before:
        digits = ""
    if rounded == 0:
        sign = ""
    return f"{sign}{digits}.{decimals}" if decimals else f"{sign}{digits}"


def _moment(number: float, tokens: list[re.Match[str]], *, epoch_1904: bool) -> str:
    """Return a date or time as a section writes it."""
    if epoch_1904:
        number += 1462
    if not 0 <= number <= _LAST_DAY:
        return "#" * 8
    moment = _FIRST_DAY + timedelta(seconds=round(number * 86400))
    parts = [token["date"] or "" for token in tokens]
    halves = any("/" in part for part in parts)
    written = []
    for n, token in enumerate(tokens):
        part = parts[n].lower()
        if not part:
            written.append(token["digits"] or _literal(token))
        elif part.startswith("m") and len(part) <= 2 and _is_minute(parts, n):
            written.append(f"{moment.minute:0{len(part)}d}")
        else:
            written.append(_date_part(moment, part, halves=halves))
    return "".join(written)


def _is_minute(parts: list[str], n: int) -> bool:
    """Return whether an m stands behind hours or before seconds."""
    before = [part.lower()[:1] for part in parts[:n] if part]
    after = [part.lower()[:1] for part in parts[n + 1 :] if part]
    return before[-1:] == ["h"] or after[:1] == ["s"]


def _date_part(moment: datetime, part: str, *, halves: bool) -> str:
    hour = moment.hour
    if halves:
        hour = (hour + 11) % 12 + 1
    match part[0]:
        case "y":
            return f"{moment.year:04d}" if len(part) > 2 else f"{moment.year % 100:02d}"
        case "m":
            return f"{moment.month}月" if len(part) > 2 else f"{moment.month:0{len(part)}d}"
        case "d":
            return f"{moment.day:0{min(len(part), 2)}d}"
        case "h":
            return f"{hour:0{min(len(part), 2)}d}"
        case "s":
            return f"{moment.second:0{min(len(part), 2)}d}"
    return "下午" if moment.hour >= 12 else "上午"
