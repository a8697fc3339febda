"""What others take for the same work: an office's own script, calamine, datamaps, openpyxl, XlsxWriter."""

import csv
import subprocess
import sys
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from benchmarks.processes import Run, python, run

OFFICE_SCRIPT = """
import sys, glob, pandas as pd
sheets = ["主要指标进度表", "重点任务进度表", "问题销号进度表"]
found = {s: [] for s in sheets}
for path in glob.glob(sys.argv[1] + "/*.xlsx"):
    for sheet in sheets:
        found[sheet].append(pd.read_excel(path, sheet_name=sheet, header=3, engine="openpyxl"))
with pd.ExcelWriter(sys.argv[2]) as book:
    for sheet in sheets:
        pd.concat(found[sheet]).to_excel(book, sheet_name=sheet, index=False)
"""
"""Globs the inbox, reads three sheets of each workbook, concatenates them, writes one workbook: no checks, no
history, no formatting."""

CALAMINE = """
import sys, glob
from python_calamine import CalamineWorkbook
for path in glob.glob(sys.argv[1] + "/*.xlsx"):
    with CalamineWorkbook.from_path(path) as book:
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
"""

OPENPYXL = """
import sys, glob
from openpyxl import load_workbook
for path in glob.glob(sys.argv[1] + "/*.xlsx"):
    book = load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            pass
    book.close()
"""

XLSXWRITER = """
import pickle, sys
import xlsxwriter
sheets = pickle.load(open(sys.argv[1], "rb"))
book = xlsxwriter.Workbook(sys.argv[2])
formats = {}
for name, heights, widths, cells in sheets:
    sheet = book.add_worksheet(name)
    for number, height in heights:
        sheet.set_row(number, height)
    for first, last, width in widths:
        sheet.set_column(first, last, width)
    for row, column, value, look in cells:
        if look not in formats:
            formats[look] = book.add_format(dict(look))
        sheet.write(row, column, value, formats[look])
book.close()
"""


def datamaps(inbox: Path, scratch: Path) -> Run:
    """Have datamaps gather all cells that are filled in, in an environment of its own.

    Raises:
        subprocess.CalledProcessError: It cannot be installed here.
    """
    environment = scratch / "datamaps"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)  # noqa: S603
    pip = [environment / "bin" / "pip", "install", "--quiet", "datamaps==1.1.9"]
    subprocess.run(pip, check=True)  # noqa: S603
    folder = scratch / "datamaps-input"
    folder.mkdir()
    home = scratch / "datamaps-home"
    home.mkdir()
    returns = sorted(inbox.glob("*.xlsx"))
    for path in returns:
        (folder / path.name).symlink_to(path)
    with (folder / "datamap.csv").open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file)
        write.writerow(["cell_key", "template_sheet", "cell_reference"])
        write.writerows(_filled_in(returns[0]))
    start = ["env", f"HOME={home}", str(environment / "bin" / "datamaps")]
    return run(
        *start, "import", "templates", "-m", "-d", str(folder / "datamap.csv"), "--inputdir", str(folder)
    )


def _filled_in(form: Path) -> list[tuple[str, str, str]]:
    """Return a key, the sheet and the address of each cell of a return that has something."""
    book = load_workbook(form, read_only=True, data_only=True)
    cells = []
    for sheet in book.worksheets[1:4]:
        for row, values in enumerate(sheet.iter_rows(values_only=True), 1):
            for column, value in enumerate(values, 1):
                if value is not None:
                    address = f"{get_column_letter(column)}{row}"
                    cells.append((f"{sheet.title} {address}", sheet.title, address))
    return cells


def office_script(inbox: Path, target: Path, *, is_watched: bool = False) -> Run:
    """Have an office's own script gather the returns."""
    return python(OFFICE_SCRIPT, str(inbox), str(target), is_watched=is_watched)
