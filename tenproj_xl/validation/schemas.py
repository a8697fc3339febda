"""The pandera schemas, made from the declarations, and what their failures mean.

A frame holds the rows of one sheet of all returns at once: object dtype, converted values, `Unread` where a
cell could not be understood, and a unique integer index (from 0) by which a failure finds its row.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrorReason, SchemaErrors

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Column, Required, Sheet
from tenproj_xl.core.errors import CheckCrashed
from tenproj_xl.validation.failures import Failure, Unread


def _understood(column: "pd.Series[Any]") -> "pd.Series[bool]":
    return ~column.map(lambda v: isinstance(v, Unread)).astype(bool)


def _within(column: Column) -> pa.Check:
    def within(values: "pd.Series[Any]") -> "pd.Series[bool]":
        return values.map(column.allows).astype(bool)

    return pa.Check(within, error=Code.OUT_OF_BOUNDS.name, ignore_na=False)


def _name_of(required: Required) -> str:
    """Return the name under which pandera reports a cell that another one requires."""
    return f"{Code.REQUIRED.name}/{required.field}/{required.given}"


def _filled(required: Required) -> pa.Check:
    def filled(frame: pd.DataFrame) -> "pd.Series[bool]":
        applies = frame[required.given].notna()
        if required.among:
            applies = frame[required.given].isin(required.among)
        return ~(applies & frame[required.field].isna())

    return pa.Check(filled, error=_name_of(required), ignore_na=False)


@cache
def schema(sheet: Sheet) -> pa.DataFrameSchema:
    """Make the schema of a sheet's input columns."""
    understood = pa.Check(_understood, error="UNREAD", ignore_na=False)
    columns = {}
    for column in sheet.inputs:
        checks = [understood]
        if column.bounds:
            checks.append(_within(column))
        columns[column.field] = pa.Column(checks=checks, nullable=True)
    typed = [r for r in sheet.requires if sheet.column(r.given).fill.is_input]
    return pa.DataFrameSchema(columns, checks=[_filled(r) for r in typed])


def failures(sheet: Sheet, frame: pd.DataFrame) -> list[Failure]:
    """Return every cell of a frame that fails its sheet's schema, in one validation.

    Raises:
        CheckCrashed: A check itself failed, which hides all its real failures.
    """
    try:
        schema(sheet).validate(frame, lazy=True)
    except SchemaErrors as raised:
        for error in raised.schema_errors:
            if error.reason_code is SchemaErrorReason.CHECK_ERROR:
                raise CheckCrashed(f"{sheet.name}: {error}") from raised
        return list(dict.fromkeys(_failures(sheet, frame, raised.failure_cases)))
    return []


def _failures(sheet: Sheet, frame: pd.DataFrame, cases: pd.DataFrame) -> Iterator[Failure]:
    by_name = {_name_of(required): required for required in sheet.requires}
    for check, field, index in zip(cases["check"], cases["column"], cases["index"], strict=True):
        if index is None or pd.isna(index):
            raise CheckCrashed(f"{sheet.name}: the frame does not fit its schema: {check} {field}")
        row = int(index)
        if required := by_name.get(check):
            yield Failure(row, required.field, Code.REQUIRED, required)
        elif check == "UNREAD":
            cell: object = frame[field].tolist()[row]
            if isinstance(cell, Unread):
                yield Failure(row, field, cell.code)
        else:
            yield Failure(row, field, Code[check])


def frame_of(sheet: Sheet, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Make the frame of some rows' input values, its index counting them from 0."""
    fields = [c.field for c in sheet.inputs]
    return pd.DataFrame([[row.get(f) for f in fields] for row in rows], columns=fields, dtype=object)
