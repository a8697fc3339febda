"""The formulas of conditional formats, as far as the forms and the roll-up have them.

Known are texts, numbers, cells of the same sheet, comparisons, `&` and a few functions; of anything else a
formula is unknown, and its format is not applied.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from tenproj_xl.core.dataclass import dataclass

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Z][A-Z0-9.]*)\('
    r"|(?P<word>TRUE|FALSE)\b|(?P<cell>\$?[A-Z]{1,3}\$?\d{1,7})|(?P<sign><>|<=|>=|[=<>&(),+-]))"
)
_CELL = re.compile(r"(\$?)([A-Z]+)(\$?)(\d+)")
_DEEPEST = 30
_LONGEST = 1000

_ORDERS = {"=": (0,), "<>": (-1, 1), "<": (-1,), ">": (1,), "<=": (-1, 0), ">=": (0, 1)}

Value = str | float | bool | None
"""What a formula gives; None is a blank cell."""


class UnknownError(Exception):
    """A formula has something in it that is not known here."""


class _Failed:
    """An error value, such as that of FIND where nothing is found."""


_FAILED = _Failed()
Result = Value | _Failed


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a formula sees: the values of the sheet, and how far away from its own cell it is applied."""

    values: Mapping[tuple[int, int], Value]
    down: int = 0
    right: int = 0

    def at(self, cell: str) -> Value:
        """Return what stands in a cell as the formula names it."""
        found = _CELL.fullmatch(cell)
        if found is None:
            raise UnknownError(cell)
        row, column = int(found[4]) - 1, column_number(found[2])
        if not found[3]:
            row += self.down
        if not found[1]:
            column += self.right
        return self.values.get((row, column))


def column_number(letters: str) -> int:
    """Return the number of a column by its letters, counted from 0."""
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return column - 1


def holds(formula: str, sight: Sight) -> bool:
    """Return whether a formula is true.

    Raises:
        UnknownError: It has something in it that is not known here.
    """
    value = result(formula, sight)
    return not isinstance(value, str | _Failed) and bool(value)


def result(formula: str, sight: Sight) -> Result:
    """Return what a formula gives.

    Raises:
        UnknownError: It has something in it that is not known here.
    """
    return _Reading(formula, sight).whole()


class _Reading:
    """A formula that is being read from left to right, and computed meanwhile."""

    def __init__(self, formula: str, sight: Sight) -> None:
        self._tokens = _tokens(formula)
        self._sight = sight
        self._at = 0
        self._deep = 0

    def whole(self) -> Result:
        value = self._comparison()
        if self._at < len(self._tokens):
            raise UnknownError(self._tokens[self._at][1])
        return value

    def _next(self, *signs: str) -> str:
        """Take the next token if it is one of some signs; return it, or ""."""
        if self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind == "sign" and text in signs:
                self._at += 1
                return text
        return ""

    def _comparison(self) -> Result:
        self._deeper()
        left = self._joined()
        while sign := self._next("=", "<>", "<", ">", "<=", ">="):
            left = _compared(left, sign, self._joined())
        self._deep -= 1
        return left

    def _deeper(self) -> None:
        self._deep += 1
        if self._deep > _DEEPEST:
            raise UnknownError("too deep")

    def _joined(self) -> Result:
        left = self._single()
        while self._next("&"):
            right = self._single()
            if isinstance(left, _Failed) or isinstance(right, _Failed):
                left = _FAILED
            else:
                left = text_of(left) + text_of(right)
        return left

    def _single(self) -> Result:
        if self._next("("):
            value = self._comparison()
            self._close()
            return value
        if self._next("-"):
            self._deeper()
            value = self._single()
            self._deep -= 1
            return -value if isinstance(value, int | float) else _FAILED
        if self._at >= len(self._tokens):
            raise UnknownError("nothing")
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "name":
            return self._called(text)
        return self._plain(kind, text)

    def _plain(self, kind: str, text: str) -> Result:
        """Return the value of a token that is one."""
        match kind:
            case "text":
                return text[1:-1].replace('""', '"')
            case "number":
                return float(text)
            case "word":
                return text == "TRUE"
            case "cell":
                return self._sight.at(text)
        raise UnknownError(text)

    def _called(self, name: str) -> Result:
        if name not in _FUNCTIONS:
            raise UnknownError(name)
        arguments: list[Result] = []
        if not self._next(")"):
            arguments.append(self._comparison())
            while self._next(","):
                arguments.append(self._comparison())
            self._close()
        try:
            return _FUNCTIONS[name](arguments)
        except (IndexError, ValueError, TypeError) as fault:
            raise UnknownError(name) from fault

    def _close(self) -> None:
        if not self._next(")"):
            raise UnknownError(")")


def _tokens(formula: str) -> list[tuple[str, str]]:
    if len(formula) > _LONGEST:
        raise UnknownError("too long")
    tokens, at = [], 0
    text = formula.strip().removeprefix("=")
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise UnknownError(text[at:])
        tokens.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    return tokens


def text_of(value: Value) -> str:
    """Return a value as a formula joins it to a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | int):
        return f"{value:.15g}"
    return value


def compare(left: Value, right: Value) -> int:
    """Return -1, 0 or 1 as one value is less than another one: numbers before texts, texts without case."""
    one, other = _order(left, right), _order(right, left)
    return (one > other) - (one < other)


def _order(value: Value, beside: Value) -> tuple[int, float, str]:
    if value is None:
        value = "" if isinstance(beside, str) else 0.0
    if isinstance(value, str):
        return 1, 0.0, value.casefold()
    if isinstance(value, bool):
        return 2, float(value), ""
    return 0, float(value), ""


def _compared(left: Result, sign: str, right: Result) -> Result:
    if isinstance(left, _Failed) or isinstance(right, _Failed):
        return _FAILED
    return compare(left, right) in _ORDERS[sign]


def _truth(value: Result) -> bool:
    if isinstance(value, str):
        raise TypeError("a text is no condition")
    return bool(value)


def _and(given: Sequence[Result]) -> Result:
    return _FAILED if _FAILED in given else all(map(_truth, given))


def _or(given: Sequence[Result]) -> Result:
    return _FAILED if _FAILED in given else any(map(_truth, given))


def _not(given: Sequence[Result]) -> Result:
    return _FAILED if _FAILED in given else not _truth(given[0])


def _plain(value: Result) -> str:
    if isinstance(value, _Failed):
        raise TypeError("an error is no text")
    return text_of(value)


def _found(where: int) -> Result:
    return float(where + 1) if where >= 0 else _FAILED


_FUNCTIONS: Mapping[str, Callable[[Sequence[Result]], Result]] = {
    "AND": _and,
    "OR": _or,
    "NOT": _not,
    "ISNUMBER": lambda given: isinstance(given[0], int | float) and not isinstance(given[0], bool),
    "ISERROR": lambda given: given[0] is _FAILED,
    "ISBLANK": lambda given: given[0] is None,
    "LEN": lambda given: float(len(_plain(given[0]))),
    "LEFT": lambda given: _plain(given[0])[: int(_plain(given[1]))],
    "TRIM": lambda given: " ".join(_plain(given[0]).split(" ")).strip(),
    "FIND": lambda given: _found(_plain(given[1]).find(_plain(given[0]))),
    "SEARCH": lambda given: _found(_plain(given[1]).casefold().find(_plain(given[0]).casefold())),
}
