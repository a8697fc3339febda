"""An .ods's content.xml: how far its cells reach, which of them calamine would lose, and a form that it can read.

Reads: the inflated part. Gives: the same without the layout that makes calamine give up, and a scan of each sheet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.reading.book import Position, Range
from tenproj_xl.reading.xlsx import SheetScan, quoted_texts, text_of_xml

_LAYOUT = re.compile(rb">\s+<(?=/?(?:table|office):|text:p[\s/>])")
_BREAKS = ((b"<text:line-break/>", b"\n"), (b"<text:tab/>", b"\t"))
_TAG = re.compile(
    rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])"
    rb"([^<>\"']*+(?:(?:\"[^\"]*+\"|'[^']*+')[^<>\"']*+)*+)>"  # possessive: no attribute makes it try for ever
    rb"(?:(?:<office:annotation.*?</office:annotation>)?(<text:p[^<>]*>)([^<]*))?",
    re.DOTALL,
)
_RUNNING = re.compile(
    rb"<style:(?:header|footer)(?:\s[^<>]*[^<>/])?>(.*?)</style:(?:header|footer)>", re.DOTALL
)
_LINKS = (
    b"<table:table-source",
    b"<table:cell-range-source",
    b"<office:dde-source",
    b"['file:",
    b"[&apos;file:",
)
_NAME = re.compile(rb"table:expression=(?:\"([^\"]*)\"|'([^']*)')")
_ANY_TAG = re.compile(rb"<[^<>]*>")
_REPEATED = re.compile(rb"table:number-(?:rows|columns)-repeated=[\"'](\d+)")
_SPANNED = re.compile(rb"table:number-(rows|columns)-spanned=[\"'](\d+)")
_FORMULA = re.compile(rb"table:formula=(?:\"([^\"]*)\"|'([^']*)')")
_ERROR_TEXT = re.compile(rb"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)")


@dataclass(frozen=True)
class _Found:
    """An odd cell, with how often it is repeated downwards and to the right."""

    row: int
    column: int
    rows: int
    columns: int
    value: ErrorValue | NoValue


def plain_content(content: bytes) -> bytes:
    """The same content without blanks between tags, which calamine takes for a fault, and with breaks it can see."""
    if _LAYOUT.search(content):
        content = _LAYOUT.sub(b"><", content)
    for tag, text in _BREAKS:
        content = content.replace(tag, text)
    return content


def scan_content(content: bytes, cells: int) -> list[SheetScan]:
    """The scan of each sheet, in order; the odd cells of one that reaches beyond so many cells are left out."""
    sheets: list[_Sheet] = []
    for tag in _TAG.finditer(content):
        name, attributes, paragraph, shown = tag.groups()
        if name == b"table":
            sheets.append(_Sheet())
        elif sheets and name == b"table-row":
            sheets[-1].next_row(_repeated(attributes))
        elif sheets:
            sheets[-1].cell(attributes, paragraph, shown or b"")
    return [sheet.scan(cells) for sheet in sheets]


def content_of_flat(data: bytes) -> bytes:
    """The content of an .ods that is one plain XML file; calamine minds no other elements beside it."""
    content = data.replace(b"<office:document ", b"<office:document-content ", 1)
    return content.replace(b"</office:document>", b"</office:document-content>")


def names_in(content: bytes) -> tuple[str, ...]:
    """The texts that names stand for."""
    return quoted_texts(text_of_xml(a or b) for a, b in _NAME.findall(content))


def has_links(content: bytes) -> bool:
    """True where cells take their values from other files or programs."""
    return any(mark in content for mark in _LINKS)


def running_texts(styles: bytes) -> tuple[str, ...]:
    """The headers and footers of an .ods's styles.xml, each once."""
    texts = (" ".join(text_of_xml(_ANY_TAG.sub(b" ", found)).split()) for found in _RUNNING.findall(styles))
    return tuple(dict.fromkeys(filter(None, texts)))


def _repeated(attributes: bytes) -> int:
    found = _REPEATED.search(attributes) if b"-repeated=" in attributes else None
    return int(found[1]) if found else 1


class _Sheet:
    """What was seen of a sheet so far."""

    def __init__(self) -> None:
        self._row = self._next_row = self._column = 0
        self._rows = self._columns = 0
        self._odd: list[_Found] = []
        self._formulas: set[Position] = set()
        self._merged: list[Range] = []

    def next_row(self, count: int) -> None:
        self._row, self._column = self._next_row, 0
        self._next_row += count

    def cell(self, attributes: bytes, paragraph: bytes | None, shown: bytes) -> None:
        count = _repeated(attributes)
        if b"office:value-type" in attributes or b"table:formula" in attributes:
            self._rows, self._columns = (
                max(self._rows, self._next_row),
                max(self._columns, self._column + count),
            )
            if b"table:formula" in attributes:
                self._formulas.add((self._row, self._column))
            if odd := _odd(attributes, paragraph, shown):
                rows = self._next_row - self._row
                self._odd.append(_Found(self._row, self._column, rows, count, odd))
        if b"-spanned=" in attributes:
            self._merge(attributes)
        self._column += count

    def _merge(self, attributes: bytes) -> None:
        spans = {name: int(number) for name, number in _SPANNED.findall(attributes)}
        down, right = spans.get(b"rows", 1), spans.get(b"columns", 1)
        if down > 1 or right > 1:
            start = (self._row, self._column)
            self._merged.append((start, (self._row + down - 1, self._column + right - 1)))

    def scan(self, cells: int) -> SheetScan:
        odd = dict(self._positions()) if self._rows * self._columns <= cells else {}
        return SheetScan(self._rows, self._columns, odd, frozenset(self._formulas), tuple(self._merged))

    def _positions(self) -> Iterator[tuple[Position, ErrorValue | NoValue]]:
        for f in self._odd:
            for row in range(f.row, f.row + f.rows):
                for column in range(f.column, f.column + f.columns):
                    yield (row, column), f.value


def _odd(attributes: bytes, paragraph: bytes | None, shown: bytes) -> ErrorValue | NoValue | None:
    """What a cell with a formula or a value shows that calamine leaves blank or takes for text."""
    if b'calcext:value-type="error"' in attributes or (
        shown.startswith(b"#") and _ERROR_TEXT.fullmatch(shown)
    ):
        return ErrorValue(text_of_xml(shown))
    if paragraph is not None or b"office:value-type" in attributes:
        return None
    if formula := _FORMULA.search(attributes):
        return NoValue(text_of_xml(formula[1] or formula[2] or b"").removeprefix("of:="))
    return None
