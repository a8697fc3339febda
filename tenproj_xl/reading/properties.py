"""What a workbook says of itself: document properties, defined names, the program that saved it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from html import unescape
from xml.etree import ElementTree as ET

_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_CREATED = re.compile(rb"<(?:\w+:)?created(?:\s[^<>]*)?>([^<]+)<")
_MODIFIED = re.compile(rb"<(?:\w+:)?modified(?:\s[^<>]*)?>([^<]+)<")
_SUBJECT = re.compile(rb"<(?:\w+:)?subject(?:\s[^<>]*)?>([^<]+)<")
_PROGRAM = re.compile(rb"<(?:\w+:)?(?:Application|generator)(?:\s[^<>]*)?>([^<]+)<")
_SCRIPTS = re.compile(
    rb"sheetjs|apache poi|npoi|excelize|openpyxl|xlsxwriter|odfpy|ezodf|pyexcel|phpexcel|phpspreadsheet",
    re.IGNORECASE,
)
_FORMULA_OF_A_FORM = 1 << 11  # bytes, few enough to keep a thousand
_PROPERTY = re.compile(rb">([^<>]{1,2000})<")


def quoted_texts(formulas: Iterable[str]) -> tuple[str, ...]:
    """Return the texts of those formulas that are nothing but a text."""
    texts = []
    for formula in formulas:
        quoted = _QUOTED.fullmatch(formula.strip().removeprefix("of:").removeprefix("="))
        if quoted:
            texts.append(quoted[1].replace('""', '"'))
    return tuple(texts)


def subject_of(properties: bytes) -> str:
    """Return the subject in a part of document properties, "" where there is none."""
    found = _SUBJECT.search(properties)
    if found is None:
        return ""
    return text_of_xml(found[1]).strip()


def properties_in(*parts: bytes) -> tuple[str, ...]:
    """Return the texts of document properties, each once."""
    texts = (text_of_xml(text).strip() for part in parts for text in _PROPERTY.findall(part))
    return tuple(dict.fromkeys(filter(None, texts)))


def saved_at(properties: bytes) -> datetime | None:
    """Return when a workbook was last saved, as its document properties say.

    One that has the moment of its making there was saved by a program that writes none, and tells nothing.
    """
    modified, created = _MODIFIED.search(properties), _CREATED.search(properties)
    if modified is None or (created and created[1].strip() == modified[1].strip()):
        return None
    return moment_of(modified[1], UTC)


def moment_of(written: bytes, zone: tzinfo) -> datetime | None:
    """Return the moment in a document property, in UTC; `zone` is that of one that names none."""
    try:
        moment = datetime.fromisoformat(written.strip().decode("ascii"))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return moment.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None


def by_script(properties: bytes) -> bool:
    """Return whether document properties name a library that saves formulas and never computes them."""
    found = _PROGRAM.search(properties)
    return bool(found and _SCRIPTS.search(found[1]))


def text_of_xml(raw: bytes) -> str:
    """Return the text that some bytes of XML without tags stand for."""
    if b"&" not in raw:
        return raw.decode(errors="replace")
    if len(raw) > _FORMULA_OF_A_FORM:
        return _referred_to(raw)
    return _referred_to_again(raw)


def _referred_to(raw: bytes) -> str:
    try:
        return ET.fromstring(b"<t>%b</t>" % raw).text or ""  # noqa: S314 - no tag, hence no DTD
    except ET.ParseError:
        return unescape(raw.decode(errors="replace"))


_referred_to_again = lru_cache(maxsize=1 << 10)(_referred_to)
"""Form after form has the same formulas."""
