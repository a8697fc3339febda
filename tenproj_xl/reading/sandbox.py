"""Workbooks as they were sent.

Reads: the bytes of files, through the guard. Gives: a `Book` of sheets with every cell where it stood, the `Contents`
of a zip or a mail, or a `Refusal`. Files from outside are read in processes of their own: a hostile one may end its
process, never the run.
"""

import io
import os
import pickle
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isfinite
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self
from xml.etree import ElementTree as ET

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.limits import LIMITS, Limits
from tenproj_xl.core.sheets import UNREAD_SHEETS
from tenproj_xl.reading.book import Book, SheetCells
from tenproj_xl.reading.containers import CONTAINERS, Contents, unpack
from tenproj_xl.reading.csv_text import read_text
from tenproj_xl.reading.decrypt import decrypted
from tenproj_xl.reading.guard import Convertible, Inspected, Refusal, inspect
from tenproj_xl.reading.libreoffice import to_xlsx
from tenproj_xl.reading.oldxml import OldSheet, read_old_xml
from tenproj_xl.reading.sniff import FileKind, sniff
from tenproj_xl.reading.xlsx import Odd, SheetScan

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


# --- in this process


def read_book(data: bytes, limits: Limits = LIMITS) -> Book | Refusal:
    """The workbook in some bytes, or why it is not read.

    For files of our own; a hostile file can make calamine abort the whole process, so use `Reader` for what was sent.
    """
    found = _book(data, limits)
    return found.otherwise if isinstance(found, Convertible) else found


def open_file(
    data: bytes, limits: Limits, passwords: Sequence[str]
) -> Book | Convertible | Contents | Refusal:
    """What some bytes are: a workbook, one that has to be converted first, files inside a file, or nothing we read."""
    found = _book(data, limits)
    if not isinstance(found, Refusal) or found.code not in (Code.FILE_KIND, Code.FILE_ENCRYPTED):
        return found
    kind = sniff(data)
    if kind is FileKind.TEXT:
        table = read_text(data, limits)
        if isinstance(table, Refusal):
            return table
        return _unless_lost(
            Book(kind=kind, sheets=(SheetCells("", hidden=False, rows=table.rows),), rough=table.rough)
        )
    if kind in CONTAINERS:
        return unpack(data, kind, limits)
    if kind in (FileKind.ENCRYPTED, FileKind.XLS):
        plain = decrypted(data, passwords)
        return plain if isinstance(plain, Refusal) else _book(plain, limits)
    return found


def _book(data: bytes, limits: Limits) -> Book | Convertible | Refusal:
    inspected = inspect(data, limits)
    if not isinstance(inspected, Inspected):
        return inspected
    if inspected.kind is FileKind.SPREADSHEETML:
        old = read_old_xml(inspected.data, limits)
        return (
            old if isinstance(old, Refusal) else Book(kind=inspected.kind, sheets=tuple(map(_old_sheet, old)))
        )
    return _read(inspected, limits)


def _unless_lost(book: Book) -> Book | Refusal:
    """The book, unless a program that knows no Chinese wrote question marks for it: then nothing of it can be checked.

    Only text files and the oldest workbooks can be written so.
    """
    texts = [cell for tab in book.sheets for row in tab.rows for cell in row if isinstance(cell, str)]
    lost = sum("??" in text for text in texts)
    return Refusal(Code.TEXT_LOST) if lost > 5 and lost * 4 > len(texts) else book


def _old_sheet(sheet: OldSheet) -> SheetCells:
    return SheetCells(sheet.name, sheet.hidden, sheet.rows, tuple(sheet.merged))


def _read(inspected: Inspected, limits: Limits) -> Book | Refusal:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # noqa: PLC0415 - only workers need it

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(inspected.data)) as workbook:
            sheets = _sheets(workbook, inspected, limits)
    except PasswordError:
        return Refusal(Code.FILE_ENCRYPTED)
    except (
        CalamineError,
        ET.ParseError,
        OverflowError,
        ValueError,
    ) as fault:  # Overflow: dates out of all bounds
        return Refusal(Code.FILE_UNREADABLE, str(fault))
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # pyo3's, which cannot be imported and is no Exception
            raise
        return Refusal(Code.FILE_UNREADABLE, str(fault))
    if isinstance(sheets, Refusal):
        return sheets
    i = inspected
    return Book(
        kind=i.kind,
        sheets=sheets,
        macros=i.macros,
        subject=i.subject,
        running=i.running,
        names=i.names,
        links=i.links,
    )


def _sheets(
    workbook: "CalamineWorkbook", inspected: Inspected, limits: Limits
) -> tuple[SheetCells, ...] | Refusal:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - only workers need it

    if len(set(workbook.sheet_names)) < len(workbook.sheets_metadata):
        return Refusal(Code.FILE_UNREADABLE, "工作表重名")  # calamine would read one of them twice
    sheets, scans = [], inspected.sheets
    for n, about in enumerate(workbook.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet or about.name in UNREAD_SHEETS:
            continue
        sheet = workbook.get_sheet_by_index(n)
        if sheet.total_height * sheet.total_width > limits.cells:
            return Refusal(
                Code.FILE_LIMITS,
                f"工作表“{about.name}”的内容一直到第{sheet.total_height}行、第{sheet.total_width}列",
            )
        scan = scans[n] if n < len(scans) else SheetScan(0, 0)
        merged = scan.merged or tuple(sheet.merged_cell_ranges or ())
        hidden = about.visible != SheetVisibleEnum.Visible
        stale = scan.formulas if inspected.scripted else frozenset()
        sheets.append(SheetCells(about.name, hidden, _rows(sheet, scan.odd), merged, stale))
    return tuple(sheets)


_NO_NUMBER = ErrorValue("#NUM!")
"""What `1e999` and `NaN` in the file are, which no spreadsheet shows."""


def _rows(sheet: "CalamineSheet", odd: Odd) -> tuple[tuple[object, ...], ...]:
    rows: list[list[object]] = [
        [None if v == "" else v if v.__class__ is not float or isfinite(v) else _NO_NUMBER for v in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    for (r, c), value in odd.items():
        while len(rows) <= r:
            rows.append([])
        rows[r].extend([None] * (c + 1 - len(rows[r])))
        if rows[r][c] is None or isinstance(value, ErrorValue):  # in some .ods the error is a text as well
            rows[r][c] = value
    return tuple(map(tuple, rows))


# --- in processes of their own

_LENGTH = struct.Struct("<Q")
_SECONDS = struct.Struct("<d")
_SERVE = "import sys; sys.path[:] = sys.argv[1:]; from tenproj_xl.reading.sandbox import serve; serve()"
_FILES_WORTH_A_SECOND_PROCESS = 60  # about what one reads while the other is started
_CONVERSIONS = 2  # at a time, beside the files that are read
_A_MOMENT = 0.5  # for reading what took all the time to convert
_AHEAD = 8  # files under way before the caller has taken the first, so that answers do not pile up


def serve() -> None:
    """Answer files from standard input until it ends: the body of a reading process."""
    import faulthandler  # noqa: PLC0415 - only workers need it

    source, sink = sys.stdin.buffer, sys.stdout.buffer
    limits, passwords = pickle.loads(_receive(source))  # noqa: S301 - from our own parent
    from python_calamine import CalamineWorkbook  # noqa: F401, PLC0415  # loaded by workers alone, before memory is limited

    _limit_memory(limits.memory)
    _send(sink, b"ready")
    while True:
        try:
            order = _receive(source)
        except EOFError:
            return
        (seconds,), data = _SECONDS.unpack_from(order), order[_SECONDS.size :]
        faulthandler.dump_traceback_later(seconds, exit=True)  # ends the process even inside calamine
        try:
            answer = open_file(data, limits, passwords)
        except MemoryError:
            answer = Refusal(Code.FILE_LIMITS, "读取时占用的内存过多")
        message = pickle.dumps(answer, protocol=5)
        faulthandler.cancel_dump_traceback_later()
        _send(sink, message)


def _limit_memory(size: int) -> None:
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _send(stream: BinaryIO, message: bytes) -> None:
    stream.write(_LENGTH.pack(len(message)) + message)
    stream.flush()


def _receive(stream: BinaryIO) -> bytes:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    message = stream.read(length)
    if len(message) < length:
        raise EOFError
    return message


class _Worker:
    """A reading process, started again whenever a file ends it."""

    def __init__(self, limits: Limits, passwords: Sequence[str]) -> None:
        self._limits = limits
        self._passwords = tuple(passwords)
        self._start()

    def _start(self) -> None:
        # Isolated, so that no module lying in the workspace is imported; the path is handed over instead.
        command = [sys.executable, "-I", "-c", _SERVE, *sys.path]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._ready = False

    def open(self, data: bytes, seconds: float) -> Book | Convertible | Contents | Refusal:
        """What a file is, within some seconds."""
        self._wait_until_ready()
        began = time.monotonic()
        try:
            _send(self._stdin, _SECONDS.pack(seconds) + data)
            answer: Book | Convertible | Contents | Refusal = pickle.loads(_receive(self._stdout))  # noqa: S301 - from our own child
        except (EOFError, OSError):
            took = time.monotonic() - began
            status = self.close()
            self._start()
            if took >= seconds:
                return Refusal(Code.FILE_LIMITS, f"读取超过{self._limits.seconds:g}秒")
            return Refusal(Code.FILE_UNREADABLE, f"reading process ended with {status}")
        return answer

    def close(self) -> int:
        """The exit status of the process, which is no more."""
        self._process.kill()
        for stream in (self._stdin, self._stdout):
            try:
                stream.close()
            except OSError:  # what was not sent yet can no longer be
                continue
        return self._process.wait()

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        try:
            _send(self._stdin, pickle.dumps((self._limits, self._passwords)))
            _receive(self._stdout)
        except (EOFError, OSError) as fault:
            raise EnvironmentProblem("读取程序无法启动，请检查python-calamine是否已安装。") from fault
        self._ready = True

    @property
    def _stdin(self) -> BinaryIO:
        return self._process.stdin  # type: ignore[return-value]  # typed as optional, but we asked for pipes

    @property
    def _stdout(self) -> BinaryIO:
        return self._process.stdout  # type: ignore[return-value]


class Reader:
    """Opens untrusted files in one process, or two where there are many; `with Reader() as reader:`.

    The first process starts on entering, beside whatever the caller does until the first file. `passwords` are tried
    on encrypted workbooks.
    """

    def __init__(self, limits: Limits = LIMITS, passwords: Sequence[str] = ()) -> None:
        self.limits = limits
        self._passwords = passwords
        self._workers: list[_Worker] = []
        self._idle: SimpleQueue[_Worker] = SimpleQueue()

    def __enter__(self) -> Self:
        self._start_worker()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.close()

    def _start_worker(self) -> None:
        self._workers.append(_Worker(self.limits, self._passwords))
        self._idle.put(self._workers[-1])

    def open(self, files: Sequence[bytes]) -> Iterator[Book | Contents | Refusal]:
        """For each file, in this order: the book, what is inside of it, or why it is not read."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 5 ms, only where files are read

        if len(files) > _FILES_WORTH_A_SECOND_PROCESS and len(self._workers) < 2 <= (os.cpu_count() or 1):
            self._start_worker()
        with ThreadPoolExecutor(len(self._workers) + _CONVERSIONS) as pool:
            pending = deque(pool.submit(self._open, data) for data in files[:_AHEAD])
            for n in range(len(files)):
                answer = pending.popleft().result()
                if n + _AHEAD < len(files):
                    pending.append(pool.submit(self._open, files[n + _AHEAD]))
                yield answer

    def _open(self, data: bytes) -> Book | Contents | Refusal:
        found, left = self._by_worker(data, self.limits.seconds)
        if not isinstance(found, Convertible):
            return found
        began = time.monotonic()
        converted = to_xlsx(
            found.data, found.ending, replace(self.limits, seconds=left)
        )  # others are read meanwhile
        left = max(left - time.monotonic() + began, _A_MOMENT)
        again = self._by_worker(converted, left)[0] if converted else found.otherwise
        if isinstance(again, Book):
            return _unless_lost(replace(again, kind=found.kind, converted=True))
        return again if isinstance(again, Refusal) and again.code is Code.FILE_LIMITS else found.otherwise

    def _by_worker(
        self, data: bytes, seconds: float
    ) -> tuple[Book | Convertible | Contents | Refusal, float]:
        """What a file is, and how many of the seconds are left."""
        worker = self._idle.get()
        began = time.monotonic()
        try:
            return worker.open(data, seconds), seconds - time.monotonic() + began
        finally:
            self._idle.put(worker)
