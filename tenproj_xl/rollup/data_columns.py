"""The columns of a sheet for those who compute: what a `Field` becomes in frames and exported files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import text_of
from tenproj_xl.rollup.drawing.table import Field, Holds

WORDS = "_words"
_KINDS: Mapping[Holds, type | tuple[type, ...]] = {
    Holds.TEXT: str,
    Holds.NUMBER: (float, int),
    Holds.COUNT: (float, int),
    Holds.DAY: date,
}


@dataclass(frozen=True, kw_only=True)
class DataColumn:
    """A column of a frame.

    Attributes:
        name: Its name.
        title: What people read above it in the sheet.
        meaning: What it says of a line, in one sentence.
        unit: The unit of its numbers, "" for none.
        holds: What kind of values it holds.
        labels: What people read of each code, where it holds codes.
        is_closed: Whether it holds nothing but these codes; what units reported may be an earlier word.
        values: Gives its values from the lines of the sheet.
    """

    name: str
    title: str
    meaning: str
    unit: str
    holds: Holds
    labels: Mapping[str, str]
    is_closed: bool = False
    values: Callable[[Sequence[Any]], list[object]]


def columns_of(field: Field[Any]) -> Iterator[DataColumn]:
    """Yield the columns that a field of a sheet becomes: none where it is drawn into, two with words."""
    if field.holds is Holds.DRAWING:
        return
    title = field.header.replace("\n", "")
    labels = {str(code): code.label for kind in field.codes for code in kind}
    yield DataColumn(
        name=field.name,
        title=title,
        meaning=field.meaning,
        unit=field.unit,
        holds=field.holds,
        labels=labels,
        is_closed=bool(labels) and not field.typed,
        values=lambda lines: [_value(field, line) for line in lines],
    )
    if field.words:
        yield DataColumn(
            name=field.name + WORDS,
            title=f"{title}（文字）",
            meaning=f"“{title}”不是数字时的文字。",
            unit="",
            holds=Holds.TEXT,
            labels={},
            values=lambda lines: [_words(field, line) for line in lines],
        )


def _value(field: Field[Any], line: object) -> object:
    """Return a line's value as a frame has it; None where it is missing."""
    value = field.get(line)
    if field.code is not None:
        value = field.code(line)
    if field.holds is Holds.TRUTH:
        return value == YesNo.YES
    if value in (None, "") or (field.words and isinstance(value, str)):
        return None
    if isinstance(value, LabelledCode):
        return str(value)
    if field.holds is Holds.TEXT and not isinstance(value, str):
        return text_of(value)
    if field.typed and not isinstance(value, _KINDS[field.holds]):
        return None  # reported to a form whose column was of another kind
    return value


def _words(field: Field[Any], line: object) -> str | None:
    value = field.get(line)
    if isinstance(value, str) and value:
        return label_of(value)
    return None
