"""Open files: each becomes a `Book`, the `Contents` of a zip or a mail, a `Document`, or a `Refusal`.

Files from outside are read in processes of their own: a hostile one may end its process, never the run.
"""

import os
import pickle
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from queue import SimpleQueue
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.limits import LIMITS, Limits
from tenproj_xl.reading.book import Book, SheetCells
from tenproj_xl.reading.containers import CONTAINERS, Contents, unpack
from tenproj_xl.reading.content import ChangedError, Content, Held, Spool
from tenproj_xl.reading.csv_text import has_token, read_text
from tenproj_xl.reading.decrypt import decrypted
from tenproj_xl.reading.documents import DOCUMENTS, Document, read_document
from tenproj_xl.reading.guard import Refusal, pack, parts_of_workbook, refuse
from tenproj_xl.reading.libreoffice import to_xlsx
from tenproj_xl.reading.marked import is_marked
from tenproj_xl.reading.ods import read_ods
from tenproj_xl.reading.sniff import FileKind, is_cut_ole, sniff
from tenproj_xl.reading.xls import read_xls
from tenproj_xl.reading.xlsx import read_xlsx

if TYPE_CHECKING:
    from concurrent.futures import Executor

# --- in this process


@dataclass(frozen=True)
class Convertible:
    """A workbook that only LibreOffice reads: `data` is what to give to it."""

    kind: FileKind
    data: bytes


def read_book(data: bytes, limits: Limits = LIMITS) -> Book | Refusal:
    """Read the workbook in some bytes, or say why it is not read.

    For files of our own: a hostile one can make calamine abort the process; use `Reader` for received files.
    """
    found = _workbook(data, limits)
    if isinstance(found, Convertible):
        return refuse(found.kind)
    return found


Found = Book | Contents | Document | Refusal
"""What a file is."""


def open_file(data: bytes, limits: Limits, passwords: Sequence[str]) -> Found | Convertible:
    """Return what bytes are: a workbook, one to be converted first, files in a file, a document, a refusal.

    Of what bears a classification mark nothing is returned.
    """
    found = _opened(data, limits, passwords)
    looked_at: object = found
    if isinstance(found, Refusal) and found.code is Code.FILE_RESAVE:
        looked_at = read_document(
            data, sniff(data), limits
        )  # a table in a format that is not read is one, too
    if is_marked(looked_at):
        return Refusal(Code.CLASSIFIED)
    return found


def _opened(data: bytes, limits: Limits, passwords: Sequence[str]) -> Found | Convertible:
    found = _workbook(data, limits)
    if not isinstance(found, Refusal) or found.code not in (Code.FILE_KIND, Code.FILE_ENCRYPTED):
        return found
    kind = sniff(data)
    if kind in DOCUMENTS:
        return _document(data, kind, limits)
    if kind in CONTAINERS:
        return unpack(data, kind, limits)
    if kind in (FileKind.ENCRYPTED, FileKind.XLS):
        plain = decrypted(data, passwords)
        if isinstance(plain, Refusal):
            return plain
        return _workbook(plain, limits)
    return found


def _document(data: bytes, kind: FileKind, limits: Limits) -> Book | Document | Refusal:
    if kind is FileKind.TEXT and has_token(data):
        return _text_file(data, limits)
    return read_document(data, kind, limits)


def _text_file(data: bytes, limits: Limits) -> Book | Refusal:
    table = read_text(data, limits)
    if isinstance(table, Refusal):
        return table
    sheet = SheetCells("", hidden=False, rows=table.rows)
    return _unless_lost(Book(kind=FileKind.TEXT, sheets=(sheet,), rough=table.rough))


def _workbook(data: bytes, limits: Limits) -> Book | Convertible | Refusal:
    if len(data) > limits.size:
        return Refusal(Code.FILE_LIMITS, f"文件有{len(data) >> 20}MB")
    if data.startswith(b"PK\x03\x04"):
        return _zipped_workbook(data, limits)
    kind = sniff(data)
    if kind is FileKind.XLS:
        return read_xls(data, limits)
    if kind is FileKind.OLE and is_cut_ole(data):
        return Refusal(Code.FILE_TRUNCATED)
    return refuse(kind)


def _zipped_workbook(data: bytes, limits: Limits) -> Book | Convertible | Refusal:
    parts = parts_of_workbook(data, limits)
    if isinstance(parts, Refusal):
        return parts
    if parts.kind is FileKind.XLSB:
        packed = pack({parts.spelled[name]: part for name, part in parts.inflated.items()})
        return Convertible(parts.kind, packed)
    if parts.kind is FileKind.ODS:
        return read_ods(parts, limits)
    return read_xlsx(parts, limits)


def _unless_lost(book: Book) -> Book | Refusal:
    """Return the book, or a refusal where a program that knows no Chinese wrote question marks for it.

    Nothing of such a file can be checked. Only text files can be written so.
    """
    texts = [cell for tab in book.sheets for row in tab.rows for cell in row if isinstance(cell, str)]
    lost = sum("??" in text for text in texts)
    if lost > 5 and lost * 4 > len(texts):
        return Refusal(Code.TEXT_LOST)
    return book


# --- in processes of their own

_LENGTH = struct.Struct("<Q")
_SECONDS = struct.Struct("<d")
_SERVE = "import sys; sys.path[:] = sys.argv[1:]; from tenproj_xl.reading.sandbox import serve; serve()"
_FILES_WORTH_A_SECOND_PROCESS = 60  # about what one reads while the other is started
_PROCESSES = 2  # that read, at most
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
    """A reading process, started again whenever a file ends it, until it is closed."""

    def __init__(self, limits: Limits, passwords: Sequence[str]) -> None:
        self._limits = limits
        self._passwords = tuple(passwords)
        self._lock = Lock()
        self._is_closed = False
        self._start()

    def _start(self) -> None:
        # Isolated, so that no module lying in the workspace is imported; the path is handed over instead.
        command = [sys.executable, "-I", "-c", _SERVE, *sys.path]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._ready = False

    def open(self, data: bytes, seconds: float) -> Found | Convertible:
        """Return what a file is, within some seconds."""
        self._wait_until_ready()
        began = time.monotonic()
        try:
            _send(self._stdin, _SECONDS.pack(seconds) + data)
            message = _receive(self._stdout)
        except (EOFError, OSError):
            took = time.monotonic() - began
            status = self._restart()
            if took >= seconds:
                return Refusal(Code.FILE_LIMITS, f"读取超过{self._limits.seconds:g}秒")
            return Refusal(Code.FILE_UNREADABLE, f"reading process ended with {status}")
        answer: Found | Convertible = pickle.loads(message)  # noqa: S301 - from our own child
        return answer

    def close(self) -> None:
        """End the process for good."""
        with self._lock:
            self._is_closed = True
            self._end()

    def _restart(self) -> int:
        """Start another process in place of one that has ended; return that one's exit status."""
        # A caller that fails closes the worker while a thread waits for its answer: no process after that.
        with self._lock:
            status = self._end()
            if not self._is_closed:
                self._start()
        return status

    def _end(self) -> int:
        """End the process and return its exit status."""
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

    The first process starts on entering, beside whatever the caller does until the first file. `passwords`
    are tried on encrypted workbooks.
    """

    def __init__(self, limits: Limits = LIMITS, passwords: Sequence[str] = ()) -> None:
        self.limits = limits
        self._passwords = passwords
        self._workers: list[_Worker] = []
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._pool: Executor | None = None
        self._spool = Spool()

    def __enter__(self) -> Self:
        self._start_worker()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Threads end here, not with the generator of `open`: one that a caller gave up is collected at any
        # moment, also while another thread starts, which it would wait for without end.
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        if self._pool is not None:
            self._pool.shutdown()

    def _start_worker(self) -> None:
        self._workers.append(_Worker(self.limits, self._passwords))
        self._idle.put(self._workers[-1])

    def open(self, files: Sequence[bytes | Content]) -> Iterator[Found]:
        """For each file, in this order: the book, what is inside of it, or why it is not read."""
        may_start = len(self._workers) < _PROCESSES <= (os.cpu_count() or 1)
        if may_start and len(files) > _FILES_WORTH_A_SECOND_PROCESS:
            self._start_worker()
        pool = self._threads()
        contents = [Held(file) if isinstance(file, bytes) else file for file in files]
        pending = deque(pool.submit(self._open, content) for content in contents[:_AHEAD])
        for n in range(len(contents)):
            answer = pending.popleft().result()
            if n + _AHEAD < len(contents):
                pending.append(pool.submit(self._open, contents[n + _AHEAD]))
            yield answer

    def _threads(self) -> "Executor":
        """Return the threads that wait for processes, as many as may read or convert at a time."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 5 ms, only where files are read

        if self._pool is None:
            self._pool = ThreadPoolExecutor(_PROCESSES + _CONVERSIONS)
        return self._pool

    def _open(self, content: Content) -> Found:
        try:
            found, left = self._by_worker(content, self.limits.seconds)
        except ChangedError:
            return Refusal(Code.FILE_CHANGING)
        if isinstance(found, Convertible):
            return self._converted(found, left)
        if isinstance(found, Contents):
            members = (replace(m, content=self._spool.keep(m.data)) for m in found.members)
            return replace(found, members=tuple(members))
        return found

    def _converted(self, found: Convertible, left: float) -> Found:
        """Return what LibreOffice makes of a workbook, within some seconds."""
        began = time.monotonic()
        converted = to_xlsx(found.data, f".{found.kind}", replace(self.limits, seconds=left))
        if converted is None:
            return refuse(found.kind)
        left = max(left - time.monotonic() + began, _A_MOMENT)
        again, _ = self._by_worker(Held(converted), left)
        if isinstance(again, Book):
            return replace(again, kind=found.kind, converted=True)
        if isinstance(again, Refusal) and again.code is Code.FILE_LIMITS:
            return again
        return refuse(found.kind)

    def _by_worker(self, content: Content, seconds: float) -> tuple[Found | Convertible, float]:
        """Return what a file is, and how many of the seconds are left."""
        worker = self._idle.get()
        began = time.monotonic()
        try:
            return worker.open(content.read(), seconds), seconds - time.monotonic() + began
        finally:
            self._idle.put(worker)
