"""Measure by growth, not by the clock, that no pattern of the package takes quadratic time on a hostile text.

    python -m tests.fuzzing.growth

Each pattern is tried on texts made of its own characters, as long as a cell can hold: one that takes much longer for
a character of a long text than of a short one could hold up every other return.
"""

import ast
import importlib
import itertools
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as kinds  # type: ignore[attr-defined]  # no public tree of a pattern
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from typing import Any

import tenproj_xl
from tests.fuzzing.mutations import CELL_LIMIT

_SEARCHING = frozenset({"search", "findall", "finditer", "sub", "subn", "split"})
_SHORT, _MIDDLE, _LONG = 1_000, 6_000, CELL_LIMIT
_LEAST = 5e-8  # seconds: less for a character is below what can be told
_MOST = 6.0
"""Times longer for a character; a quadratic pattern reaches 30, noise 4."""
_CHARACTERS = 5
_INSTEAD = {"DIGIT": "1", "SPACE": " ", "WORD": "a", "NOT_DIGIT": "q", "NOT_SPACE": "q", "NOT_WORD": "-"}
_SHORT_TEXTS = {
    "tenproj_xl.core.numbers": "texts.brief gives at most 60 characters",
    "tenproj_xl.core.dates": "texts.brief gives at most 60 characters",
    "tenproj_xl.core.lists": "split_units takes blanks before a bracket one by one",
    "tenproj_xl.reading.number_formats": "a format is cut at 255 characters",
    "tenproj_xl.reading.picture.numbers": "a format is cut at 255 characters",
    "tenproj_xl.recognition.claims._FILE_NAME": "a file's name is cut at 255 characters",
}
"""Patterns that only short texts reach, and why."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """A pattern of the package; `searches` says that it is also tried in the middle of a text."""

    name: str
    pattern: re.Pattern[Any]
    searches: bool

    def seconds(self, text: str) -> float:
        """Return the processor seconds of going through a text."""
        written: str | bytes = text
        if isinstance(self.pattern.pattern, bytes):
            written = text.encode("utf-8", "surrogatepass")
        began = time.process_time()
        if self.searches:
            for _ in self.pattern.finditer(written):
                pass
        else:
            self.pattern.match(written)
            self.pattern.fullmatch(written)
        return time.process_time() - began


def uses() -> Iterator[Use]:
    """Yield every pattern of the package, whether it has a name or stands where it is used."""
    root = Path(tenproj_xl.__file__).parent
    for path in sorted(root.rglob("*.py")):
        module = ".".join(["tenproj_xl", *path.relative_to(root).with_suffix("").parts])
        calls: list[Any] = [c for c in ast.walk(ast.parse(path.read_text("utf-8"))) if _is_method(c)]
        yield from _unnamed(module, calls)
        methods: dict[str, set[str]] = {}
        for call in calls:
            methods.setdefault(call.func.value.id, set()).add(call.func.attr)
        for name, value in vars(importlib.import_module(module)).items():
            for pattern in _patterns(value):
                used = methods.get(name, _SEARCHING)
                yield Use(name=f"{module}.{name}", pattern=pattern, searches=bool(_SEARCHING & used))


def _is_method(node: Any) -> bool:
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return is_call and isinstance(node.func.value, ast.Name)


def _unnamed(module: str, calls: list[Any]) -> Iterator[Use]:
    """Yield the patterns that calls of `re` are given, as they are or by the name of a text."""
    for call in calls:
        if call.func.value.id != "re" or call.func.attr not in {"match", "fullmatch", *_SEARCHING}:
            continue
        written, name, text = call.args[0], f"{module}:{call.lineno}", None
        if isinstance(written, ast.Constant):
            text = written.value
        elif isinstance(written, ast.Name):
            name = f"{module}.{written.id}"
            text = vars(importlib.import_module(module)).get(written.id)
        if isinstance(text, str):
            yield Use(name=name, pattern=re.compile(text), searches=call.func.attr in _SEARCHING)


def _patterns(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _patterns(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _patterns(one)


def texts(pattern: re.Pattern[Any], length: int) -> Iterator[str]:
    """Yield texts of a length that repeat what a pattern looks for, and end, or begin, as it does not expect."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(source, pattern.flags & ~re.UNICODE)
    characters = list(dict.fromkeys(_characters(tree)))[:_CHARACTERS]
    whole = _least(tree)
    pairs = [a + b for a, b in itertools.permutations(characters, 2)]
    for unit in filter(None, [*characters, *pairs, whole, whole[:-1], whole[1:]]):
        repeated = unit * (length // len(unit))
        yield f"{repeated}\x01"
        if len(unit) == 1:
            yield f"{whole[: len(whole) // 2]}{repeated}\x01"
            yield f"{whole}{repeated}\x01"


def _characters(tree: Any) -> Iterator[str]:
    """Yield one character for each thing that a pattern looks for."""
    for kind, value in tree:
        if kind in (kinds.LITERAL, kinds.NOT_LITERAL):
            yield chr(value)
        elif kind is kinds.RANGE:
            yield chr(value[0])
        elif kind is kinds.CATEGORY:
            yield _INSTEAD[str(value).removeprefix("CATEGORY_")]
        elif kind in (kinds.ANY, kinds.NEGATE):
            yield "x"
        for inner in _inner(kind, value):
            yield from _characters(inner)


def _inner(kind: Any, value: Any) -> list[Any]:
    if kind is kinds.IN:
        return [value]
    if kind is kinds.BRANCH:
        return list(value[1])
    if kind in (kinds.SUBPATTERN, kinds.ASSERT, kinds.ASSERT_NOT, kinds.MAX_REPEAT, kinds.MIN_REPEAT):
        return [value[-1]]
    return []


def _least(tree: Any) -> str:
    """Return about the shortest text that a pattern matches."""
    text = ""
    for kind, value in tree:
        if kind is kinds.BRANCH:
            text += _least(value[1][0])
        elif kind is kinds.SUBPATTERN:
            text += _least(value[-1])
        elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
            text += _least(value[2]) * max(1, min(value[0], 20))
        elif kind not in (kinds.ASSERT, kinds.ASSERT_NOT, kinds.AT):
            text += next(_characters([(kind, value)]), "")
    return text


def growth(use: Use) -> tuple[float, str]:
    """Return how many times longer a character takes in a long text than in a short one at worst, and the text."""
    worst = (0.0, "")
    for text, short in zip(texts(use.pattern, _LONG), texts(use.pattern, _SHORT), strict=True):
        worst = max(worst, (_factor(use, text, short), short[:20]))
    return worst


def _factor(use: Use, text: str, short: str) -> float:
    """Compare a text of middle length first: a longer one might take for ever; what seems to grow is tried again."""
    factor = 0.0
    for length in (_MIDDLE, _LONG):
        part = text[: length - 1] + text[-1]
        for _ in range(3):
            least = max(use.seconds(short) / len(short), _LEAST)
            factor = use.seconds(part) / len(part) / least
            if factor <= _MOST:
                break
        if factor > _MOST:
            break
    return factor


def main() -> int:
    """Print the pattern that grows fastest, and each that grows too fast; return the process's exit code."""
    different = {(use.pattern, use.searches): use for use in uses() if not _is_short(use.name)}
    measured = [(*growth(use), use.name) for use in different.values()]
    factor, text, name = max(measured)
    print(f"{len(measured)} patterns; {name} grows fastest: {factor:.1f} times a character, on {text!r}")
    faults = [one for one in measured if one[0] > _MOST]
    for factor, text, name in faults:
        print(f"too fast: {name} grows {factor:.1f} times a character, on {text!r}", file=sys.stderr)
    return 1 if faults else 0


def _is_short(name: str) -> bool:
    return any(name.startswith(known) for known in _SHORT_TEXTS)


if __name__ == "__main__":
    sys.exit(main())
