"""Forms as clerks fill them in and spoil them, and workspaces whose forms are out.

`Filling` is the package's `OpenForm` with what only tests need: reading back, and all the ways in which people damage
a form. What clerks write is in tests/helpers/answers.py.
"""

import hashlib
import io
import os
import pickle
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Self
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli import clerks
from tenproj_xl.cli.open_form import TABS, Answers, OpenForm
from tenproj_xl.core.blocks import is_heading
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.sheets import COVER, KEY, MACHINE_SHEET
from tests.helpers.answers import SIGNED, right_answers
from tests.helpers.times import first_morning


class Filling(OpenForm):
    """An open form that can be read back and spoiled."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.book = _opened(path.read_bytes())
        self.instead: bytes | None = None
        self.identity = str(self.book.properties.subject)

    def codes(self, sheet: str) -> list[str]:
        """Return the codes of a sheet's rows, from the top, those without a key included; no lines above blocks."""
        tab, code = self.tab(sheet), self.column(sheet, "code")
        numbers = range(self.head(sheet) + 2, tab.max_row + 1)
        found = [str(tab.cell(n, code).value or "") for n in numbers]
        return [text for text in found if text and not is_heading(text)]

    def value(self, sheet: str, row: str, field: str) -> object:
        """Return the value of a cell."""
        return self.tab(sheet)[self.at(sheet, row, field)].value

    def answer(self, answers: Answers) -> Self:
        """Write all answers, and who filled the form in."""
        self.fill_in(answers)
        self.cover(**SIGNED)
        return self

    def save(self, path: Path, at: datetime | None = None) -> Path:
        """Save the form as if it had come in at a time, three hours before its deadline if none is given.

        The file never keeps the time of the test's run, which is late or not by the day.
        """
        moment = at or _in_time(self.identity)
        super().save(path, moment)
        if self.instead is not None:
            path.write_bytes(self.instead)
            os.utime(path, (moment.timestamp(), moment.timestamp()))
        return path

    # --- how people spoil a form

    def become(self, data: bytes) -> None:
        """Send these bytes instead of the form's."""
        self.instead = data

    @property
    def data(self) -> bytes:
        """The form's bytes."""
        return self.saved(None)

    def delete_sheet(self, *sheets: str) -> None:
        """Delete worksheets."""
        for sheet in sheets:
            del self.book[TABS.get(sheet, sheet)]

    def forget_whose_it_is(self) -> None:
        """Remove everything that identifies a form: keys, identity lines, machine sheet, footers, names."""
        for sheet in (*TABS, COVER.name):
            for row in self.tab(sheet).iter_rows(max_row=3):
                for cell in row:
                    if re.match(r"\S+ \d{4}-W\d\d ", str(cell.value or "")):
                        cell.value = None
        for sheet in TABS:
            self.delete_column(sheet, "key", "key2")
        self.delete_sheet(MACHINE_SHEET)
        self.book.properties.subject = None
        self.book.defined_names.clear()
        for tab in self.book.worksheets:
            if (footer := tab.oddFooter) and footer.left:
                footer.left.text = None

    def rename_sheet(self, sheet: str, name: str) -> None:
        """Call a worksheet something else."""
        self.tab(sheet).title = name

    def copy_sheet(self, sheet: str, name: str) -> None:
        """Keep a second copy of a worksheet."""
        self.book.copy_worksheet(self.tab(sheet)).title = name

    def bring(self, other: "Filling", sheet: str, name: str = "") -> None:
        """Paste the cells of another form's worksheet into ours, or into a new worksheet of a name."""
        target = self.book.create_sheet(name) if name else self.tab(sheet)
        _clear(target)
        for cells in other.tab(sheet).iter_rows():
            for cell in cells:
                target.cell(cell.row or 1, cell.column or 1).value = cell.value

    def delete_row(self, sheet: str, row: str) -> None:
        """Delete a row."""
        self._grid(sheet).delete_rows(self.row(sheet, row))

    def insert_rows(self, sheet: str, before: int, count: int = 1) -> None:
        """Insert blank rows before one counted from 1."""
        self._grid(sheet).insert_rows(before, count)

    def copy_row(self, sheet: str, row: str) -> int:
        """Copy a whole row, token included, below the last one; return its number."""
        tab, source = self.tab(sheet), self.row(sheet, row)
        last = tab.max_row + 1
        for cell in list(tab[source]):
            tab.cell(last, cell.column or 1).value = cell.value
        return last

    def append(self, sheet: str, **values: object) -> int:
        """Write a row below the last one; return its number."""
        last = self.tab(sheet).max_row + 1
        for field, value in values.items():
            self.tab(sheet).cell(last, self.column(sheet, field)).value = value  # type: ignore[assignment]  # any value
        return last

    def delete_column(self, sheet: str, *fields: str) -> None:
        """Delete columns."""
        for field in fields:
            self._grid(sheet).delete_cols(self.column(sheet, field))

    def move_column(self, sheet: str, field: str, before: str) -> None:
        """Move a column to before another."""
        tab, source = self._grid(sheet), self.column(sheet, field)
        values = [tab.cell(r, source).value for r in range(1, tab.max_row + 1)]
        tab.delete_cols(source)
        target = self.column(sheet, before)
        tab.insert_cols(target)
        for r, value in enumerate(values, 1):
            tab.cell(r, target).value = value

    def copy_column(self, sheet: str, field: str) -> str:
        """Copy a column, header included, to the right edge; return the address of the second header."""
        tab, source = self.tab(sheet), self.column(sheet, field)
        last = tab.max_column + 1
        for r in range(1, tab.max_row + 1):
            if not isinstance(tab.cell(r, source), MergedCell):
                tab.cell(r, last).value = tab.cell(r, source).value
        return f"{get_column_letter(last)}{self.head(sheet) + 1}"

    def rename_header(self, sheet: str, field: str, header: str, *, codes_too: bool = False) -> None:
        """Type another header, and delete the hidden field code above it if wanted."""
        tab, column, head = self.tab(sheet), self.column(sheet, field), self.head(sheet)
        tab.cell(head + 1, column).value = header
        if codes_too:
            tab.cell(head, column).value = None

    def reorder(self, sheet: str, order: Iterable[str], only: Iterable[str] = ()) -> None:
        """Sort rows into an order of codes; with `only`, just the cells of those fields, as a partial sort does."""
        tab = self.tab(sheet)
        codes = list(order)
        sources = [self.row(sheet, code) for code in codes]
        columns = [self.column(sheet, f) for f in only] or list(range(1, tab.max_column + 1))
        values = [[tab.cell(r, c).value for c in columns] for r in sources]
        for target, row in zip(sorted(sources), values, strict=True):
            for c, value in zip(columns, row, strict=True):
                tab.cell(target, c).value = value

    def swap(self, sheet: str, one: str, other: str) -> None:
        """Swap two whole rows, tokens and all."""
        tab, first, second = self.tab(sheet), self.row(sheet, one), self.row(sheet, other)
        for column in range(1, tab.max_column + 1):
            upper, lower = tab.cell(first, column), tab.cell(second, column)
            upper.value, lower.value = lower.value, upper.value

    def shift_down(self, sheet: str, fields: Iterable[str]) -> None:
        """Paste a block of inputs one row too low."""
        tab = self.tab(sheet)
        first = self.row(sheet, self.codes(sheet)[0])
        for column in [self.column(sheet, f) for f in fields]:
            values = [tab.cell(r, column).value for r in range(first, tab.max_row + 1)]
            for r, value in enumerate([None, *values], first):
                tab.cell(r, column).value = value

    def _grid(self, sheet: str) -> Worksheet:
        """Return the worksheet without merged cells and filters, which openpyxl does not move."""
        tab = self.tab(sheet)
        for merged in list(tab.merged_cells.ranges):
            tab.unmerge_cells(str(merged))
        tab.auto_filter.ref = None
        tab.print_area = ""
        return tab


_once: set[bytes] = set()
_pickled: dict[bytes, bytes] = {}
"""Forms that were opened more than once: unpickling takes a sixth of the time of opening."""


def _opened(data: bytes) -> Workbook:
    """Open a form; those that many tests begin with are kept."""
    if data in _pickled:
        book: Workbook = pickle.loads(_pickled[data])  # noqa: S301  # our own
        return book
    book = load_workbook(io.BytesIO(data))
    digest = hashlib.sha256(data).digest()
    if digest in _once:
        _pickled[data] = pickle.dumps(book)
    _once.add(digest)
    return book


def _in_time(identity: str) -> datetime:
    """Return three hours before the usual deadline (Friday, 17:00) of the period that an identity line names."""
    week = re.search(r"(\d{4})-W(\d\d)", identity)
    assert week, f"no period in {identity!r}"
    friday = date.fromisocalendar(int(week[1]), int(week[2]), 5)
    return datetime.combine(friday, time(14), ZoneInfo("Asia/Shanghai"))


def _clear(tab: Worksheet) -> None:
    for merged in list(tab.merged_cells.ranges):
        tab.unmerge_cells(str(merged))
    for cells in tab.iter_rows():
        for cell in cells:
            if not isinstance(cell, MergedCell):
                cell.value = None


def below(cell: str, rows: int = 1) -> str:
    """Return the address some rows below another."""
    letters = "".join(c for c in cell if c.isalpha())
    return f"{get_column_letter(column_index_from_string(letters))}{int(cell[len(letters) :]) + rows}"


def typed(form: Path, answers: Answers, **cover: object) -> bytes:
    """Return a form's bytes with answers in its cells and all else as it was: fifty times faster than `Filling`."""
    at = places(form)
    parts: dict[str, dict[str, object]] = {
        COVER.name: {at.cover_at(f): v for f, v in {**SIGNED, **cover}.items()}
    }
    for (sheet, row), values in answers.items():
        parts.setdefault(TABS[sheet], {}).update({at.at(sheet, row, f): v for f, v in values.items()})
    names = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(at.tabs, 1)}
    file = io.BytesIO()
    with (
        zipfile.ZipFile(form) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, _with_cells(text, parts.get(names.get(name, ""), {})))
    return file.getvalue()


class Places:
    """Where the rows and fields of a form stand, as its values say: read in a twentieth of the time of `Filling`."""

    def __init__(self, form: bytes) -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(form))
        self.tabs = book.sheet_names
        self._grids = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in self.tabs
        }
        self._heads = {sheet: self._head(sheet) for sheet in TABS}
        self._rows = {sheet: self._rows_of(sheet) for sheet in TABS}

    def rows(self, sheet: str) -> dict[str, int]:
        """Return the numbers of all rows that have a key, by their names, from the top."""
        return self._rows[sheet]

    def at(self, sheet: str, row: str, field: str) -> str:
        """Return the address of a cell."""
        column = self._fields(sheet).index(field) + 1
        return f"{get_column_letter(column)}{self._rows[sheet][row]}"

    def value(self, sheet: str, row: str, field: str) -> object:
        """Return the value of a cell."""
        line = self._grids[TABS[sheet]][self._rows[sheet][row] - 1]
        return line[self._fields(sheet).index(field)]

    def cover_at(self, field: str) -> str:
        """Return the address of an answer on 填报说明."""
        names = [line[0] for line in self._grids[COVER.name]]
        return f"C{names.index(field) + 1}"

    def _fields(self, sheet: str) -> list[object]:
        return list(self._grids[TABS[sheet]][self._heads[sheet]])

    def _head(self, sheet: str) -> int:
        lines = enumerate(self._grids[TABS[sheet]])
        return next(n for n, line in lines if {KEY, "code", "remark"} & set(map(str, line)))

    def _rows_of(self, sheet: str) -> dict[str, int]:
        fields = self._fields(sheet)
        key, code = fields.index(KEY), fields.index("code")
        numbers: dict[str, int] = {}
        blank = 0
        for number, line in enumerate(self._grids[TABS[sheet]], 1):
            if number < self._heads[sheet] + 3 or not line[key]:
                continue
            blank += not line[code]
            numbers.setdefault(str(line[code] or f"+{blank}"), number)
        return numbers


def places(form: Path) -> Places:
    """Return where things stand in a form, which is read once: as its bytes, for a path may have another one by then."""
    return _places(form.read_bytes())


_places = cache(Places)


def _with_cells(xml: bytes, cells: Mapping[str, object]) -> bytes:
    def cell(match: re.Match[bytes]) -> bytes:
        address = match["r"].decode()
        if address not in cells:
            return match[0]
        value = cells[address]
        if isinstance(value, date):
            value = (value - date(1899, 12, 30)).days
        head = b'<c r="' + match["r"] + b'"' + match["s"]
        if isinstance(value, int | float):
            return head + f"><v>{value!r}</v></c>".encode()
        return head + f' t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'.encode()

    return _CELL.sub(cell, xml) if cells else xml


_CELL = re.compile(rb'<c r="(?P<r>[A-Z]+\d+)"(?P<s> s="\d+")?[^>]*?(?:/>|>.*?</c>)')


# --- a workspace with forms that are out


@dataclass(frozen=True)
class Office(clerks.Office):
    """A workspace whose forms for a period were issued, and whose clerks spoil them."""

    def blank(self, task_force: str) -> Filling:
        """Open a task force's form as it was issued."""
        return Filling(self.path(task_force))

    def right(self, task_force: str) -> Filling:
        """Open a task force's form with everything filled in that is asked, and nothing wrong."""
        return self.blank(task_force).answer(right_answers(self.forms[task_force]))


def sent_out(workspace: Workspace, period: str) -> Office:
    """Generate a period's forms in a workspace, as on its first day."""
    generate(workspace, period, now=first_morning(period))
    return Office.of(workspace, period)
