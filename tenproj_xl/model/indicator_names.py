"""What texts call an indicator: its code, its name, and its name without what stands in brackets."""

import re
from collections.abc import Iterator

from tenproj_xl.model.plan import Indicator

_IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")


def names_of(indicator: Indicator) -> Iterator[str]:
    """Yield the code of an indicator and its names, each once; a name that is all in brackets stays whole."""
    yield indicator.code
    yield indicator.name
    shorter = without_brackets(indicator.name)
    if shorter and shorter != indicator.name:
        yield shorter


def without_brackets(name: str) -> str:
    """Return a name without what stands in brackets: `亩均税收（万元/亩）` is 亩均税收."""
    return _IN_BRACKETS.sub("", name).strip()
