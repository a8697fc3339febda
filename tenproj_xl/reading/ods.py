"""Read an .ods: its content.xml, properties and styles, as they came through the guard."""

import io
import re
from collections.abc import Iterator
from dataclasses import field
from datetime import date, datetime, timedelta, timezone
from itertools import product
from math import isfinite
from typing import NamedTuple
from xml.etree import ElementTree as ET

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue, NoValue, address
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.sheets import UNREAD_SHEETS
from tenproj_xl.reading.book import Book, Outside, OutsideKind, Position, Range, SheetCells
from tenproj_xl.reading.guard import (
    BROKEN_XML,
    Parts,
    Refusal,
    fault_of_size,
    too_many_cells,
    too_many_merges,
)
from tenproj_xl.reading.ods_looks import LOOKS, PLAIN, OdsLooks, Seen, annotations, seen_in, shape_on
from tenproj_xl.reading.properties import by_script, moment_of, properties_in, quoted_texts, subject_of
from tenproj_xl.reading.sniff import FileKind

_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE = _SPACE + "office:1.0}", _SPACE + "table:1.0}"
_TEXT, _STYLE = _SPACE + "text:1.0}", _SPACE + "style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS = {_TABLE + "table-cell", _TABLE + "covered-table-cell"}
_ERROR_TEXT = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)")
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+(?:\.\d+)?)S")
_BLANKS = re.compile(r"[ \t\r\n]+")
# Blanks in the XML collapse to one, those of these elements do not: they are kept as characters that no
# XML can hold.
_KEPT = {"s": "\0", "tab": "\1", "line-break": "\2"}
_SPELLED_OUT = str.maketrans("\0\1\2", " \t\n")
_LONGEST_GAP = 1000
_LINKED = {"table-source", "cell-range-source", "dde-source"}
_LINK_IN_FORMULA = "['file:"
_NO_NUMBER = ErrorValue("#NUM!")
_SAVED = re.compile(rb"<dc:date>([^<]+)<")
_LOCAL = timezone(timedelta(hours=8))
"""The zone of moments in document properties, which name none."""
_MIDNIGHT = datetime(2000, 1, 1)  # noqa: DTZ001  # cells have no time zone


def read_ods(parts: Parts, limits: Limits) -> Book | Refusal:
    """Read a workbook from its inflated parts, or say why it is not read."""
    content = _Content()
    try:
        for found in content.read(parts.inflated.get("content.xml", b"")):
            if fault := _fault(found, content, limits):
                return fault
        running = _headers_and_footers(parts.inflated.get("styles.xml", b""))
    except ET.ParseError:
        return Refusal(Code.FILE_UNREADABLE, f"工作簿的{BROKEN_XML}")
    except ValueError:
        return Refusal(Code.FILE_UNREADABLE, "工作簿里有不合规范的数或行列数")
    except RecursionError:
        return Refusal(Code.FILE_UNREADABLE, "工作簿的内容一层套一层，套得太深")
    meta = parts.inflated.get("meta.xml", b"")
    is_scripted = by_script(meta)
    sheets = [
        s.cells(content.hidden_styles, is_scripted=is_scripted)
        for s in content.sheets
        if s.name not in UNREAD_SHEETS
    ]
    return Book(
        kind=FileKind.ODS,
        sheets=tuple(sheets),
        macros=parts.macros,
        subject=subject_of(meta),
        about=properties_in(meta),
        outside=tuple(one for s in content.sheets if s.name not in UNREAD_SHEETS for one in s.outside),
        running=running,
        names=quoted_texts(content.names),
        links=parts.links or content.has_links,
        saved_at=_saved_at(meta),
    )


def _saved_at(meta: bytes) -> datetime | None:
    """Return when a workbook was last saved, as its properties say; None where they do not."""
    found = _SAVED.search(meta)
    if found is None:
        return None
    return moment_of(found[1], _LOCAL)


class _Repeated(NamedTuple):
    """A value and the cells it stands in: `rows` and `columns` count them downwards and to the right."""

    row: int
    column: int
    rows: int
    columns: int
    value: object


@dataclass(kw_only=True)
class _OdsSheet:
    """A table as far as it was read; cells with content lie within `rows` × `columns`."""

    name: str
    style: str
    rows: int = 0
    columns: int = 0
    filled: int = 0
    values: list[_Repeated] = field(default_factory=list)
    formulas: set[Position] = field(default_factory=set)
    seen: list[tuple[_Repeated, Seen]] = field(default_factory=list)
    outside: list[Outside] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    row: int = 0
    """The row that is being read, its repetitions below it; the next one begins at `next_row`."""
    next_row: int = 0
    column: int = 0

    def begin_row(self, element: ET.Element) -> None:
        """Go on to the next row."""
        self.row = self.next_row
        self.next_row += _count(element, "number-rows-repeated")
        self.column = 0

    def add(self, cell: ET.Element, looks: OdsLooks) -> None:
        """Take the content of a cell and go on to the next."""
        struck = looks.take_struck(cell)
        if struck:
            where = address(self.row, self.column)
            self.outside.append(Outside(OutsideKind.STRUCK, self.name, where, struck))
        self.outside += annotations(cell, self.name, address(self.row, self.column))
        columns = _count(cell, "number-columns-repeated")
        formula = cell.get(_TABLE + "formula")
        if formula is not None:
            self.formulas.add((self.row, self.column))
        if formula is not None or cell.get(_OFFICE + "value-type"):
            self.rows = max(self.rows, self.next_row)
            self.columns = max(self.columns, self.column + columns)
            value = _value(cell, formula)
            if value is not None:
                rows = self.next_row - self.row
                repeated = _Repeated(self.row, self.column, rows, columns, value)
                self.values.append(repeated)
                self.filled += rows * columns
                self.seen.append((repeated, seen_in(cell, value, looks)))
        down, right = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if down > 1 or right > 1:
            last = (self.row + down - 1, self.column + right - 1)
            self.merged.append(((self.row, self.column), last))
        self.column += columns

    def cells(self, hidden_styles: set[str], *, is_scripted: bool) -> SheetCells:
        """Return the sheet with every repetition written out, up to the last value of each row."""
        stale: frozenset[Position] = frozenset()
        if is_scripted:
            stale = frozenset(self.formulas)
        rows: list[list[object]] = [[] for _ in range(self.rows)]
        for found in self.values:
            for row in rows[found.row : found.row + found.rows]:
                row.extend([None] * (found.column - len(row)))
                row.extend([found.value] * found.columns)
        return SheetCells(
            name=self.name,
            hidden=self.style in hidden_styles,
            rows=tuple(map(tuple, rows)),
            merged=tuple(self.merged),
            stale=stale,
            per_cent=frozenset(at for at, seen in self._seen() if seen.is_per_cent),
            shown={at: seen.text for at, seen in self._seen() if seen.text},
            struck=frozenset(at for at, seen in self._seen() if seen.is_struck),
            unseen=frozenset(at for at, seen in self._seen() if seen.is_unseen),
        )

    def _seen(self) -> Iterator[tuple[Position, Seen]]:
        """Yield each cell that looks otherwise than its value tells."""
        for found, seen in self.seen:
            if seen != PLAIN:
                columns = range(found.column, found.column + found.columns)
                for at in product(range(found.row, found.row + found.rows), columns):
                    yield at, seen


class _Content:
    """What stands in a content.xml."""

    def __init__(self) -> None:
        self.sheets: list[_OdsSheet] = []
        self.names: list[str] = []
        self.hidden_styles: set[str] = set()
        self.looks = OdsLooks()
        self.has_links = False
        self.merges = 0

    def read(self, content: bytes) -> Iterator[_OdsSheet]:
        """Read all of it; yield the sheet at hand after each row, so that its size can be looked at."""
        style = ""
        for event, element in ET.iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314  # no DTD gets here
            tag = element.tag
            if event == "start":
                if tag == _STYLE + "style":
                    style = element.get(_STYLE + "name", "")
                elif tag == _TABLE + "table":
                    name = element.get(_TABLE + "name", "")
                    self.sheets.append(_OdsSheet(name=name, style=element.get(_TABLE + "style-name", "")))
                elif tag == _TABLE + "table-row" and self.sheets:
                    self.sheets[-1].begin_row(element)
            elif tag in LOOKS:
                self.looks.add(style, element)
            elif tag == _STYLE + "table-properties" and element.get(_TABLE + "display") == "false":
                self.hidden_styles.add(style)
            elif tag in _CELLS and self.sheets:
                self._add(element)
            elif tag == _TABLE + "table-row" and self.sheets:
                element.clear()
                yield self.sheets[-1]
            else:
                self._note(element)

    def _add(self, cell: ET.Element) -> None:
        sheet = self.sheets[-1]
        before = len(sheet.merged)
        sheet.add(cell, self.looks)
        self.merges += len(sheet.merged) - before
        self.has_links = self.has_links or _LINK_IN_FORMULA in cell.get(_TABLE + "formula", "")

    def _note(self, element: ET.Element) -> None:
        """Take what is neither style, row nor cell."""
        local = element.tag.rpartition("}")[2]
        if local in _KEPT:
            element.text = _KEPT[local] * min(int(element.get(_TEXT + "c", "1")), _LONGEST_GAP)
        elif local == "named-expression":
            self.names.append(element.get(_TABLE + "expression", ""))
        elif local in _LINKED:
            self.has_links = True
        elif self.sheets and (drawn := shape_on(element, self.sheets[-1].name)):
            self.sheets[-1].outside.append(drawn)


def _fault(sheet: _OdsSheet, content: _Content, limits: Limits) -> Refusal | None:
    if content.merges > limits.merges:
        return too_many_merges(content.merges)
    filled = sum(one.filled for one in content.sheets)
    if filled > limits.filled:
        return too_many_cells(filled)
    return fault_of_size(sheet.rows, sheet.columns, limits)


# --- one cell


def _count(element: ET.Element, name: str) -> int:
    count = int(element.get(_TABLE + name, "1"))
    if count < 1:
        raise ValueError(f"{name}={count}")
    return count


def _value(cell: ET.Element, formula: str | None) -> object:  # noqa: PLR0911  # one for each kind
    """Return what stands in a cell with a value or a formula, None where it is blank.

    Raises:
        ValueError: a number is none.
    """
    kind = cell.get(_OFFICE + "value-type", "")
    if formula is not None and not kind and cell.find(_TEXT + "p") is None:
        return NoValue(formula.removeprefix("of:="))
    shown = _shown(cell)
    if cell.get(_CALC + "value-type") == "error" or _ERROR_TEXT.fullmatch(shown):
        return ErrorValue(shown)
    match kind:
        case "float" | "percentage" | "currency":
            return _number(cell.get(_OFFICE + "value", ""))
        case "boolean":
            return cell.get(_OFFICE + "boolean-value") == "true"
        case "date":
            return _day(cell.get(_OFFICE + "date-value", ""))
        case "time":
            return _time(cell.get(_OFFICE + "time-value", ""))
        case "string":
            return cell.get(_OFFICE + "string-value", shown) or None
    return None


def _number(text: str) -> object:
    if not text:
        return None
    number = float(text)
    if not isfinite(number):
        return _NO_NUMBER
    return number


def _day(text: str) -> object:
    """Return a date or a moment, the text itself where it is neither."""
    try:
        if "T" in text:
            return datetime.fromisoformat(text)
        return date.fromisoformat(text)
    except ValueError:
        return text or None


def _time(text: str) -> object:
    """Return a time of day, a duration where it is a day or more, the text itself where it is neither."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return text or None
    hours, minutes, seconds = int(match[1]), int(match[2]), float(match[3])
    duration = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if duration >= timedelta(days=1):
        return duration
    return (_MIDNIGHT + duration).time()


def _shown(cell: ET.Element) -> str:
    """Return the paragraphs of a cell, without those of a note, one a line."""
    paragraphs = []
    for paragraph in cell.iterfind(_TEXT + "p"):
        text = _BLANKS.sub(" ", "".join(paragraph.itertext()))
        paragraphs.append(text.translate(_SPELLED_OUT))
    return "\n".join(paragraphs)


# --- headers and footers


def _headers_and_footers(styles: bytes) -> tuple[str, ...]:
    """Return the texts of the headers and footers in a styles.xml, each once."""
    if not styles:
        return ()
    texts: dict[str, None] = {}
    for element in ET.fromstring(styles).iter():  # noqa: S314  # the guard lets no DTD in
        if element.tag in (_STYLE + "header", _STYLE + "footer"):
            text = " ".join(" ".join(element.itertext()).split())
            if text:
                texts[text] = None
    return tuple(texts)
