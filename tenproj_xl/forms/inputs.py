"""The rules of the form's inputs: drop-downs, bounds and the hints beside them, from the declarations.

They are only a help: pasting bypasses them, so everything is checked again on receipt.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from tenproj_xl.core.blocks import Block
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import TEXT_LIMIT, Column, Fill, Kind
from tenproj_xl.forms.form import FormRow
from tenproj_xl.forms.formulas import Machine

_DAYS = date(2020, 1, 1), date(2099, 12, 31)
_FAR = 1e15
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255


def input_rule(column: Column, choices: Sequence[str], known: Machine) -> dict[str, Any]:
    """Return the rule of an input as XlsxWriter takes it; `choices` are the labels of its row."""
    return {
        **_allowed(column, choices, known),
        "input_title": column.header[:_LONGEST_TITLE],
        "input_message": _hint(column, choices)[:_LONGEST_MESSAGE],
        "error_title": f"请核对“{column.header}”"[:_LONGEST_TITLE],
        "error_message": f"这里请{_advice(column, choices)}。"[:_LONGEST_MESSAGE],
    }


def _advice(column: Column, choices: Sequence[str]) -> str:
    if choices:
        return "从下拉选项中选择：" + "、".join(choices)
    return column.how


def _hint(column: Column, choices: Sequence[str]) -> str:
    hint = f"{_advice(column, choices)}。"
    if column.definitions:
        hint += f"{column.definitions}。"
    if column.fill is Fill.EDITABLE and not choices:
        hint += "已带出上次填报内容，有变化的请修改。"
    if column.bounds:
        hint += f"{column.bounds}。"
    return hint


def _allowed(column: Column, choices: Sequence[str], known: Machine) -> dict[str, Any]:
    if choices:
        rule = {"validate": "list", "source": known.source(choices), "error_type": "stop"}
        if column.kind is Kind.PERIOD:
            rule["error_type"] = "warning"  # a figure for a period that is not offered may be right
        return rule
    if column.suggested:
        return {"validate": "list", "source": list(column.suggested), "show_error": False}
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
) -> Iterator[tuple[FormRow, FormRow, dict[str, Any]]]:
    """Give the rules of a column, each with the first and the last row that it holds for."""
    for choices, stretch in groupby(rows, key=lambda row: _choices(column, row)):
        alike = list(stretch)
        if choices is not None:
            yield alike[0], alike[-1], _rule_of(column, alike[0], choices, known)


def _rule_of(column: Column, row: FormRow, choices: Sequence[str], known: Machine) -> dict[str, Any]:
    """Return the rule of an input in a row; in one for corrections its hint says what to choose."""
    rule = input_rule(column, choices, known)
    if row.block is Block.CORRECTIONS and column.field in _CORRECTED:
        rule |= {"input_message": _CORRECTED[column.field], "error_message": _CORRECTED[column.field]}
    return rule


_CORRECTED = {
    "name": "从下拉选项中选择要更正的指标；不更正的空着。",
    "data_period": "从下拉选项中选择要更正的是哪一期的数，如 2026年8月；不是本期要报的那一期。",
    "value": "填写更正后的数：只填数字、不带单位，如 72.5。",
}
"""What a row for corrections asks for."""


def _choices(column: Column, row: FormRow) -> tuple[str, ...] | None:
    """Return the labels of a row's choices, which may be none; None where the input is closed."""
    if not row.is_open(column):
        return None
    return tuple(map(label_of, row.choices.get(column.field, column.choices)))
