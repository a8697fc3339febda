"""The processes in which files from outside are read, and how they are spoken to."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.secret_variables import environment_without_secrets
from tenproj_xl.reading.answers import FileAnswer, hear, spoken
from tenproj_xl.reading.budget import Allowance
from tenproj_xl.reading.content import Held
from tenproj_xl.reading.guard import UNFORESEEN, Refusal
from tenproj_xl.reading.opening import open_file
from tenproj_xl.reading.wire import Keep, WireError, decoded, encoded, packed, receive, send

if TYPE_CHECKING:
    from tenproj_xl.reading.picture.model import Picture

_SERVE = "import sys; sys.path[:] = sys.argv[1:]; from tenproj_xl.reading.worker import serve; serve()"
_ORDER = 1 << 20  # bytes of what a worker is told of a file, and of limits and passwords
_ANY = 1 << 40  # bytes of a file that the parent sends: it has looked at the size before
_A_WHILE, _TIMES_LONGER = 30.0, 12.0
"""The clock is asked after as many seconds, or times as long as the processor may work on a file."""
_OVER_TIME = {-int(getattr(signal, name, 0)) for name in ("SIGPROF", "SIGXCPU")} - {0}
_KILLED = -int(getattr(signal, "SIGKILL", 9))
"""By the system, which had no memory left for it, or by a person."""
_OUT_OF_MEMORY = "读取时占用的内存过多"
_BROKEN_OFF = "文件内部的结构有误，读到一半读不下去"
_SAID = 4096  # bytes of what a process that ended wrote last
_OF_A_DEATH = 4
"""A file that ends its process is taken to have cost this part of what it might."""


def serve() -> None:
    """FileAnswer files from standard input until it ends: the body of a reading process."""
    import faulthandler  # noqa: PLC0415 - only workers need it

    source, sink = sys.stdin.buffer, sys.stdout.buffer
    told: Any = receive(source, _ORDER, 0, Held)[0]
    limits, passwords = Limits(**told["limits"]), told["passwords"]
    from python_calamine import CalamineWorkbook  # noqa: F401, PLC0415  # loaded by workers alone, before memory is limited

    _limit_memory(limits.memory)
    send(sink, packed("ready"))
    while True:
        try:
            order, contents = receive(source, _ORDER, _ANY, Held)
        except EOFError:
            return
        sheet = order["sheet"]  # type: ignore[index]  # from our own parent
        for content, told in zip(contents, order["allowances"], strict=True):  # type: ignore[index]
            allowance = Allowance(**told)
            faulthandler.dump_traceback_later(_by_the_clock(limits), exit=True)
            _limit_processor(allowance.seconds)
            if sheet is None:
                body, files = _answer(content.read(), limits, passwords, allowance)
            else:
                body, files = _drawn(content.read(), limits, passwords, sheet), []
            _limit_processor(0)
            faulthandler.cancel_dump_traceback_later()
            send(sink, body, files)


def _answer(
    data: bytes, limits: Limits, passwords: Sequence[str], allowance: Allowance
) -> tuple[bytes, list[bytes]]:
    """Return what is answered about a file."""
    began = time.process_time()
    try:
        found, work = open_file(data, limits, passwords, allowance)
        body, files = spoken(found, work=work, seconds=time.process_time() - began)
    except MemoryError:
        body, files = b"", []
    if not body or len(body) > limits.answer:
        refusal, work = Refusal(Code.FILE_LIMITS, _OUT_OF_MEMORY), allowance.work // _OF_A_DEATH
        body, files = spoken(refusal, work=work, seconds=time.process_time() - began)
    return body, files


def _drawn(data: bytes, limits: Limits, passwords: Sequence[str], sheet: str) -> bytes:
    """Return the picture of a sheet of a file, or why there is none."""
    from tenproj_xl.reading.picture.draw import draw_file  # noqa: PLC0415 - only where pictures are drawn
    from tenproj_xl.reading.picture.wire import encoded_picture  # noqa: PLC0415 - likewise

    try:
        drawn = draw_file(data, limits, passwords, sheet)
        if isinstance(drawn, Refusal):
            body = packed({"found": encoded(drawn)[0]})
        else:
            body = packed({"picture": encoded_picture(drawn)})
    except MemoryError:
        body = b""
    if not body or len(body) > limits.answer:
        body = packed({"found": encoded(Refusal(Code.FILE_LIMITS, _OUT_OF_MEMORY))[0]})
    return body


def _limit_memory(size: int) -> None:
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_SAID * 16, _SAID * 16))


def _limit_processor(seconds: float) -> None:
    """End the process, even inside calamine, after some seconds of processor time; 0 for no limit."""
    if hasattr(signal, "setitimer"):  # Windows has none
        signal.setitimer(signal.ITIMER_PROF, seconds)


class ClosedError(Exception):
    """A reading process was ended while it was asked."""


class Worker:
    """A reading process, started again whenever a file ends it, until it is closed."""

    def __init__(self, limits: Limits, passwords: Sequence[str]) -> None:
        self._limits = limits
        self._passwords = tuple(passwords)
        self._lock = Lock()
        self._is_closed = False
        self._start()

    def _start(self) -> None:
        # Isolated, so that no module lying in the workspace is imported; the path is handed over instead. It
        # writes no compiled modules: one that the limit on files cut short would never be imported again.
        command = [sys.executable, "-I", "-B", "-c", _SERVE, *sys.path]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # what it says before it ends
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=environment_without_secrets(),
        )
        self._ready = False

    def answers(
        self, files: Sequence[bytes], allowances: Sequence[Allowance], keep: Keep
    ) -> list[FileAnswer]:
        """Return what each of some files is, and what it cost to find out.

        Args:
            files: The files; they are handed over at once.
            allowances: What each of them may cost.
            keep: Takes in the files that lie in them.

        Raises:
            ClosedError: The process was ended meanwhile.
        """
        answers: list[FileAnswer] = []
        while len(answers) < len(files):
            if self._is_closed:
                raise ClosedError
            done = len(answers)
            answers += self._until_it_ends(files[done:], allowances[done:], keep)
        return answers

    def _until_it_ends(
        self, files: Sequence[bytes], allowances: Sequence[Allowance], keep: Keep
    ) -> Iterator[FileAnswer]:
        """Yield the answers about some files; after one that ends the process none of those behind it."""
        self._wait_until_ready()
        began = time.monotonic()
        try:
            send(self._stdin, packed({"allowances": list(map(asdict, allowances)), "sheet": None}), files)
        except OSError:
            yield self._answer_of_death(began, allowances[0])
            return
        for allowance in allowances:
            most = allowance.unpacked + 2 * self._limits.size
            try:
                answer = hear(self._stdout, self._limits.answer, most, keep)
            except WireError:  # it no longer does what it was started for
                self._restart()
                work = allowance.work // _OF_A_DEATH
                refusal = Refusal(Code.FILE_UNREADABLE, UNFORESEEN)
                yield FileAnswer.of(refusal, work=work, seconds=allowance.seconds)
                return
            except (EOFError, OSError):
                yield self._answer_of_death(began, allowance)
                return
            yield answer
            began = time.monotonic()

    def _answer_of_death(self, began: float, allowance: Allowance) -> FileAnswer:
        """Return what is said of a file that ended the process: it is taken to have cost a part of all."""
        took = time.monotonic() - began
        work, seconds = allowance.work // _OF_A_DEATH, min(took, allowance.seconds)
        return FileAnswer.of(self._why_ended(took, allowance), work=work, seconds=seconds)

    def draw(self, data: bytes, allowance: Allowance, sheet: str) -> "Picture | Refusal":
        """Return the picture of a sheet of a file, of its first one where none is called so, or why not."""
        self._wait_until_ready()
        began = time.monotonic()
        try:
            send(self._stdin, packed({"allowances": [asdict(allowance)], "sheet": sheet}), [data])
            message, _ = receive(self._stdout, self._limits.answer, 0, Held)
            return _picture_in(message)
        except WireError:
            self._restart()
            return Refusal(Code.FILE_UNREADABLE, UNFORESEEN)
        except (EOFError, OSError):
            return self._why_ended(time.monotonic() - began, allowance)

    def _why_ended(self, took: float, allowance: Allowance) -> Refusal:
        """Return why a file is not read that ended the process, and start another one."""
        status, said = self._restart()
        if status in _OVER_TIME:
            if allowance.seconds < self._limits.seconds:
                return Refusal(Code.FILE_UNREACHED)
            return Refusal(Code.FILE_LIMITS, f"读取超过{self._limits.seconds:g}秒")
        if took >= _by_the_clock(self._limits) or status == _KILLED:
            return Refusal(Code.FILE_LATER)
        if b"memory allocation" in said or b"MemoryError" in said:
            return Refusal(Code.FILE_LIMITS, _OUT_OF_MEMORY)
        if status < 0:
            return Refusal(Code.FILE_UNREADABLE, _BROKEN_OFF)
        return Refusal(Code.FILE_UNREADABLE, UNFORESEEN)

    def close(self) -> None:
        """End the process for good."""
        with self._lock:
            self._is_closed = True
            self._end()

    def _restart(self) -> tuple[int, bytes]:
        """Start another process in place of one that has ended; return its exit status and what it said."""
        # A caller that fails closes the worker while a thread waits for its answer: no process after that.
        with self._lock:
            ended = self._end()
            if not self._is_closed:
                self._start()
        return ended

    def _end(self) -> tuple[int, bytes]:
        """End the process; return its exit status, and what it said last."""
        self._process.kill()
        for stream in (self._stdin, self._stdout):
            try:
                stream.close()
            except OSError:  # what was not sent yet can no longer be
                continue
        status = self._process.wait()
        said = b""
        if not self._said.closed:
            end = self._said.seek(0, os.SEEK_END)
            self._said.seek(max(0, end - _SAID))
            said = self._said.read()
            self._said.close()
        return status, said

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        settings = packed({"limits": asdict(self._limits), "passwords": self._passwords})
        try:
            send(self._stdin, settings)
            receive(self._stdout, _ORDER, 0, Held)
        except (EOFError, OSError, WireError) as fault:
            raise EnvironmentProblem("读取程序无法启动，请检查python-calamine是否已安装。") from fault
        self._ready = True

    @property
    def _stdin(self) -> BinaryIO:
        return self._process.stdin  # type: ignore[return-value]  # typed as optional, but we asked for pipes

    @property
    def _stdout(self) -> BinaryIO:
        return self._process.stdout  # type: ignore[return-value]


def _picture_in(message: object) -> "Picture | Refusal":
    """Return the picture in an answer, or the refusal.

    Raises:
        WireError: There is neither.
    """
    if not isinstance(message, dict):
        raise WireError("no object")
    if "picture" not in message:
        found = decoded(message.get("found"), [])
        if not isinstance(found, Refusal):
            raise WireError("no refusal")
        return found
    from tenproj_xl.reading.picture.wire import decoded_picture  # noqa: PLC0415 - few files are drawn

    try:
        return decoded_picture(message["picture"])
    except (TypeError, ValueError, KeyError, RecursionError) as fault:
        raise WireError(str(fault)) from fault


def _by_the_clock(limits: Limits) -> float:
    """Return the seconds after which only a machine that is busy with other things still reads a file."""
    return max(_A_WHILE, _TIMES_LONGER * limits.seconds)
