"""The rules of the form's inputs: drop-downs, bounds and the hints beside them, from the declarations.

They guide and do not guard: pasting goes past them, so everything is checked again on receipt.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from tenproj_xl.core.columns import TEXT_LIMIT, Column, Fill, Kind
from tenproj_xl.forms.content import FormRow
from tenproj_xl.forms.formulas import Machine

_DAYS = date(2020, 1, 1), date(2099, 12, 31)
_FAR = 1e15
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255


def input_rule(column: Column, choices: Sequence[str], known: Machine) -> dict[str, Any]:
    """The rule of an input as XlsxWriter takes it; `choices` are those of its row."""
    return {
        **_allowed(column, choices, known),
        "input_title": column.header[:_LONGEST_TITLE],
        "input_message": _hint(column, choices)[:_LONGEST_MESSAGE],
        "error_title": f"请核对“{column.header}”"[:_LONGEST_TITLE],
        "error_message": f"这里请{_advice(column, choices)}。"[:_LONGEST_MESSAGE],
    }


def _advice(column: Column, choices: Sequence[str]) -> str:
    return "从下拉选项中选择：" + "、".join(choices) if choices else column.how


def _hint(column: Column, choices: Sequence[str]) -> str:
    carried = "已带出上次填报内容，有变化的请修改。" if column.fill is Fill.EDITABLE and not choices else ""
    return f"{_advice(column, choices)}。{carried}" + (f"{column.bounds}。" if column.bounds else "")


def _allowed(column: Column, choices: Sequence[str], known: Machine) -> dict[str, Any]:
    if choices:
        # A figure for a period that is not offered may be right: ask, do not refuse.
        strictness = "warning" if column.kind is Kind.PERIOD else "stop"
        return {"validate": "list", "source": known.source(choices), "error_type": strictness}
    match column.kind:
        case Kind.NUMBER:
            low = -_FAR if column.low is None else column.low
            high = _FAR if column.high is None else column.high
            return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
        case Kind.DATE:
            return {"validate": "date", "criteria": "between", "minimum": _DAYS[0], "maximum": _DAYS[1]}
        case Kind.PERIOD:
            return {"validate": "any"}
        case _:
            return {"validate": "length", "criteria": "<=", "value": TEXT_LIMIT}


def rules_of(
    column: Column, rows: Sequence[FormRow], known: Machine
) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """The rules of a column: first and last row (counted from 0) of each stretch that has the same one."""
    stretch: tuple[int, tuple[str, ...]] | None = None
    for n, row in enumerate((*rows, None)):
        choices = row.choices.get(column.field, column.choices) if row and row.is_open(column) else None
        if stretch is not None and choices != stretch[1]:
            yield stretch[0], n - 1, input_rule(column, stretch[1], known)
            stretch = None
        if stretch is None and choices is not None:
            stretch = n, choices
