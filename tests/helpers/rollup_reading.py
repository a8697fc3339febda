"""Reading a roll-up workbook back by its headers, without any code of the package."""

import warnings
from pathlib import Path

import pandas as pd
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook


def table(path: Path, sheet: str, key: str = "编号") -> pd.DataFrame:
    """Return a sheet as a frame of objects, a row for each line, headers without line breaks."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    texts = [["".join(str(cell).split()) for cell in row] for row in rows]
    head = next(n for n, row in enumerate(texts) if key in row)
    frame = pd.DataFrame(rows[head + 1 :], columns=texts[head], dtype=object)
    return frame[frame[key] != ""].reset_index(drop=True)


def one(frame: pd.DataFrame, code: str, column: str, key: str = "编号") -> object:
    """Return the value in a column of the only line with a code."""
    found = frame.loc[frame[key] == code, column].tolist()
    assert len(found) == 1, f"{code}: {len(found)} lines"
    return found[0]


def opened(path: Path, *, values: bool = False) -> Workbook:
    """Return a roll-up as openpyxl reads it: with formulas, or with their values."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl passes over sparklines and says so
        return load_workbook(path, data_only=values)
