"""What a frame should say, read from the cells of the roll-up workbook and back from exported files."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from tenproj_xl.core.catalogue import known
from tenproj_xl.core.periods import read_period
from tests.helpers.rollup_reading import opened

_HEADER = 3
"""The row of the headers in every data sheet."""
PERIODS = ("data_period", "last_period", "start_period", "wanted_period", "reported_in")
"""Columns of codes of periods, whose cells show their labels."""


def differences(path: Path, title: str, frame: pd.DataFrame, schema: pa.DataFrameSchema) -> list[str]:
    """Return the cells of a sheet that say anything but what a frame says."""
    lines = list(_lines(path, title))
    if len(lines) != len(frame):
        return [f"{title}: {len(lines)} lines, {len(frame)} in the frame"]
    found = []
    for name, column in schema.columns.items():
        if name.endswith("_words"):
            continue
        header = str(column.title)
        words = frame.get(f"{name}_words")
        for n, (line, value) in enumerate(zip(lines, frame[name].tolist(), strict=True)):
            said = words.iloc[n] if words is not None and pd.isna(value) else value
            if not _same(line[header], said, name, (column.metadata or {})["labels"]):
                found.append(f"{title} {header} line {n}: {line[header]!r}, in the frame {said!r}")
    return found


def _lines(path: Path, title: str) -> Iterator[Mapping[str, object]]:
    """Yield the lines of a sheet by header, totals left out."""
    book = opened(path, values=True)
    header, *rows = book[title].iter_rows(min_row=_HEADER, values_only=True)
    names = [str(text or "").replace("\n", "") for text in header]
    for row in rows:
        line = dict(zip(names, row, strict=True))
        if line.get("对象") == "合计":
            continue
        if line.get("专班", "01") in (None, "") or sum(value is not None for value in row) < 2:
            return  # what stands below the lines, or in their place
        yield line


def _same(cell: object, value: object, name: str, labels: Mapping[str, str]) -> bool:
    """Return whether a cell says what a frame has."""
    if isinstance(value, bool):
        return (cell == "是") is value
    if pd.isna(value):  # type: ignore[call-overload]
        return cell in (None, "")
    if isinstance(cell, datetime) and isinstance(value, datetime):
        return cell.date() == value.date()
    if isinstance(value, float | int) and isinstance(cell, float | int):
        return abs(cell - value) < 1e-9
    if name == "rule" and (code := known(str(value))):
        return cell == code.rule.title
    return _read(cell, name) == labels.get(str(value), value)


def _read(cell: object, name: str) -> object:
    """Return the code of the period that a cell names, in columns of such codes; other cells as they are."""
    if name == "period":
        return f"2026-W{str(cell).strip('第周').zfill(2)}"
    if name in PERIODS and (period := read_period(str(cell))):
        return period.code
    return cell
