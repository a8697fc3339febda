"""Say what bytes are, in this process: a workbook, files in a file, a document, or why nothing is read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.limits import LIMITS, Limits
from tenproj_xl.reading.book import Book, SheetCells
from tenproj_xl.reading.budget import CELL, PARSED_TAG, TAG, TAG_OF_ODS, Allowance, Meter, SpentError
from tenproj_xl.reading.containers import CONTAINERS, unpack
from tenproj_xl.reading.csv_text import decoded_text, has_token, read_text
from tenproj_xl.reading.decrypt import decrypted
from tenproj_xl.reading.documents import DOCUMENTS, Document, read_document
from tenproj_xl.reading.guard import (
    Parts,
    Refusal,
    pack,
    parts_of_workbook,
    refuse,
    too_long_text,
    too_many_cells,
    too_many_characters,
)
from tenproj_xl.reading.marked import is_marked
from tenproj_xl.reading.ods import read_ods
from tenproj_xl.reading.sniff import FileKind, is_cut_ole, sniff
from tenproj_xl.reading.wire import Convertible, Found
from tenproj_xl.reading.xls import read_xls
from tenproj_xl.reading.xlsx import read_xlsx
from tenproj_xl.reading.xlsx_scan import is_plain

_MANY_TAGS = 50_000
_KEPT = 1 << 20
"""Characters of a document that are kept once all of it was looked through."""


def read_book(data: bytes, limits: Limits = LIMITS) -> Book | Refusal:
    """Read the workbook in some bytes, or say why it is not read.

    For files of our own: a hostile one can make calamine abort the process; use `Reader` for received files.
    """
    found = _Opening(data, limits, (), Meter(Allowance.of(limits))).workbook(data)
    if isinstance(found, Convertible):
        return refuse(found.kind)
    return found


def open_file(
    data: bytes, limits: Limits, passwords: Sequence[str], allowance: Allowance | None = None
) -> tuple[Found | Convertible, int]:
    """Return what bytes are, and the work that it was to find out.

    Of what bears a classification mark nothing is returned.

    Args:
        data: The bytes.
        limits: What is read of a file at most.
        passwords: What an encrypted workbook is tried with.
        allowance: What the file may cost, by default what one alone may.
    """
    allowance = allowance or Allowance.of(limits)
    meter = Meter(allowance)
    within = replace(limits, unpacked=allowance.unpacked, members=allowance.members)
    try:
        found = _Opening(data, within, passwords, meter).all()
    except SpentError:
        found = Refusal(Code.FILE_UNREACHED)
    return found, meter.work


class _Opening:
    """One file that is being opened, and the work that it costs."""

    def __init__(self, data: bytes, limits: Limits, passwords: Sequence[str], meter: Meter) -> None:
        self._data = data
        self._limits = limits
        self._passwords = passwords
        self._meter = meter

    def all(self) -> Found | Convertible:
        """Return what the file is, but for what bears a mark."""
        self._meter.add(len(self._data))
        found = self._opened()
        looked_at: object = found
        if isinstance(found, Refusal) and found.code is Code.FILE_RESAVE:
            # A table in a format that is not read is one, too.
            looked_at = read_document(self._data, sniff(self._data), self._limits)
        elif isinstance(found, Refusal) and found.code is Code.FILE_LONG_TEXT:
            looked_at = Document(FileKind.TEXT, decoded_text(self._data[: self._limits.plain]))
        if is_marked(looked_at):
            return Refusal(Code.CLASSIFIED)
        if isinstance(found, Document):
            return replace(found, text=found.text[:_KEPT])
        return found

    def _opened(self) -> Found | Convertible:
        found = self.workbook(self._data)
        if not isinstance(found, Refusal) or found.code not in (Code.FILE_KIND, Code.FILE_ENCRYPTED):
            return found
        kind = sniff(self._data)
        if kind in DOCUMENTS:
            return self._document(kind)
        if kind in CONTAINERS:
            return unpack(self._data, kind, self._limits)
        if kind in (FileKind.ENCRYPTED, FileKind.XLS):
            plain = decrypted(self._data, self._passwords)
            if isinstance(plain, Refusal):
                return plain
            self._meter.add(len(plain))
            return self.workbook(plain)
        return found

    def _document(self, kind: FileKind) -> Book | Document | Refusal:
        if kind is FileKind.TEXT and len(self._data) > self._limits.plain:
            return Refusal(Code.FILE_LONG_TEXT, f"{len(self._data) >> 20}MB")
        if kind is FileKind.TEXT and has_token(self._data):
            return self._checked(_text_file(self._data, self._limits))
        return read_document(self._data, kind, self._limits)

    def workbook(self, data: bytes) -> Book | Convertible | Refusal:
        """Return the workbook that bytes are, or why they are none."""
        if len(data) > self._limits.size:
            return Refusal(Code.FILE_LIMITS, f"文件有{len(data) >> 20}MB")
        if data.startswith(b"PK\x03\x04"):
            return self._zipped_workbook(data)
        kind = sniff(data)
        if kind is FileKind.XLS:
            return self._checked(read_xls(data, self._limits))
        if kind is FileKind.OLE and is_cut_ole(data):
            return Refusal(Code.FILE_TRUNCATED)
        return refuse(kind)

    def _zipped_workbook(self, data: bytes) -> Book | Convertible | Refusal:
        # No more is inflated than what is left to be done, so that a bomb costs no more than others leave.
        limits = replace(self._limits, inflated=min(self._limits.inflated, self._meter.left))
        parts = parts_of_workbook(data, limits)
        if isinstance(parts, Refusal):
            if parts.code is Code.FILE_LIMITS and limits.inflated < self._limits.inflated:
                raise SpentError
            return parts
        self._meter.add(sum(_cost(parts, name) for name in parts.inflated))
        if parts.kind is FileKind.XLSB:
            packed = pack({parts.spelled[name]: part for name, part in parts.inflated.items()})
            return Convertible(parts.kind, packed)
        if parts.kind is FileKind.ODS:
            return self._checked(read_ods(parts, limits))
        return self._checked(read_xlsx(parts, limits))

    def _checked(self, found: Book | Refusal) -> Book | Refusal:
        """Return a workbook that was read, or a refusal where it holds too much."""
        if isinstance(found, Refusal):
            return found
        filled = sum(len(row) - row.count(None) for sheet in found.sheets for row in sheet.rows)
        self._meter.add(CELL * filled)
        fault = _fault(found, filled, self._limits)
        if fault and is_marked(found):
            return Refusal(Code.CLASSIFIED)
        return fault or found


def _cost(workbook: Parts, name: str) -> int:
    """Return what it costs to read a part of a workbook."""
    each = TAG
    part, tags = workbook.inflated[name], workbook.tags[name]
    if workbook.kind is FileKind.ODS:
        each = TAG_OF_ODS
    elif tags > _MANY_TAGS and not is_plain(part):
        each = PARSED_TAG
    return len(part) + each * tags


def _fault(book: Book, filled: int, limits: Limits) -> Refusal | None:
    """Return why a workbook is not taken that holds so many cells, or texts too long."""
    if filled > limits.filled:
        return too_many_cells(filled)
    lengths = list(map(len, _texts(book)))
    longest = limits.text // 3  # bytes, which may be three a character
    if max(lengths) > longest:
        return too_long_text(next(length for length in lengths if length > longest))
    characters = sum(lengths)
    if characters > limits.texts:
        return too_many_characters(characters)
    return None


def _texts(book: Book) -> Iterator[str]:
    yield from (*book.about, *book.running, *book.names, book.subject)
    yield from (one.text for one in book.outside)
    for sheet in book.sheets:
        yield from sheet.shown.values()
        yield from sheet.texts


def _text_file(data: bytes, limits: Limits) -> Book | Refusal:
    table = read_text(data, limits)
    if isinstance(table, Refusal):
        return table
    sheet = SheetCells("", hidden=False, rows=table.rows)
    return _unless_lost(Book(kind=FileKind.TEXT, sheets=(sheet,), rough=table.rough))


def _unless_lost(book: Book) -> Book | Refusal:
    """Return the book, or a refusal where a program that knows no Chinese wrote question marks for it.

    Nothing of such a file can be checked. Only text files can be written so.
    """
    texts = [cell for tab in book.sheets for row in tab.rows for cell in row if isinstance(cell, str)]
    lost = sum("??" in text for text in texts)
    if lost > 5 and lost * 4 > len(texts):
        return Refusal(Code.TEXT_LOST)
    return book
