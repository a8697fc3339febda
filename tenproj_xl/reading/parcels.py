"""The work on files, as a function of bytes to bytes: it runs on any machine that has this program.

Files go there in parcels, each with what may still be read of its outermost file; what they are comes back,
and is looked into by whoever asked. Each file is read in a guarded process beside the one that runs the
function.
"""

import atexit
import io
import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from threading import Condition, Lock
from typing import Any

from tenproj_xl import __version__
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.limits import Limits
from tenproj_xl.reading.answers import FileAnswer, hear, pass_on
from tenproj_xl.reading.budget import Budget
from tenproj_xl.reading.content import Held
from tenproj_xl.reading.wire import Keep, WireError, packed, receive, send
from tenproj_xl.reading.worker import ClosedError, Worker

_COUNT = struct.Struct("<I")
_ANY = 1 << 40  # bytes of a task, which our own side packed


@dataclass(frozen=True)
class SealedParcel:
    """Files that lie in one outermost file, or that file itself, and what may still be read of it."""

    files: Sequence[bytes]
    budget: Budget


class Children:
    """The guarded processes that read for one process: as many as ask at a time, and no more than `most`."""

    def __init__(self, limits: Limits, passwords: Sequence[str], most: int) -> None:
        self._limits = limits
        self._passwords = tuple(passwords)
        self.most = most
        self._all: list[Worker] = []
        self._idle: list[Worker] = []
        self._changed = Condition()
        self._is_closed = False
        self._are_kept = True

    @contextmanager
    def one(self) -> Iterator[Worker]:
        """Give a process meanwhile; wait for one where all are busy.

        Raises:
            ClosedError: They were ended meanwhile.
        """
        with self._changed:
            while not self._idle and len(self._all) >= self.most and not self._is_closed:
                self._changed.wait()
            if self._is_closed:
                raise ClosedError
            if not self._idle:
                self._idle.append(Worker(self._limits, self._passwords))
                self._all += self._idle
            worker = self._idle.pop()
        try:
            yield worker
        finally:
            self._give_back(worker)

    def _give_back(self, worker: Worker) -> None:
        with self._changed:
            self._idle.append(worker)
            self._changed.notify()
        if not self._are_kept:
            self.end_idle()

    def answers(self, parcels: Sequence[SealedParcel], keep: Keep) -> list[list[FileAnswer]]:
        """Return what is said of the files of some parcels, taken off their budgets.

        Of a parcel with a file that is to be converted nothing behind that file is read.
        """
        answers: list[list[FileAnswer]] = []
        alone: list[SealedParcel] = []  # whose files can be handed over together, for they share no budget
        with self.one() as worker:
            for parcel in parcels:
                if len(parcel.files) == 1:
                    alone.append(parcel)
                else:
                    answers += _answers_together(worker, alone, keep)
                    answers.append(list(_answers_in_turn(worker, parcel, keep)))
                    alone = []
            answers += _answers_together(worker, alone, keep)
        return answers

    def end_idle(self) -> None:
        """End those processes that are idle, and from now on each that becomes so."""
        self._are_kept = False
        with self._changed:
            idle, self._idle = self._idle, []
            self._all = [worker for worker in self._all if worker not in idle]
        for worker in idle:
            worker.close()

    def close(self) -> None:
        """End all processes, also those that are busy."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        for worker in self._all:
            worker.close()


def _answers_together(worker: Worker, parcels: Sequence[SealedParcel], keep: Keep) -> list[list[FileAnswer]]:
    """Return what is said of parcels of one file each."""
    allowances = [parcel.budget.next() for parcel in parcels]
    answers = worker.answers([parcel.files[0] for parcel in parcels], allowances, keep)
    for parcel, answer in zip(parcels, answers, strict=True):
        parcel.budget.spend(answer.spent)
    return [[answer] for answer in answers]


def _answers_in_turn(worker: Worker, parcel: SealedParcel, keep: Keep) -> Iterator[FileAnswer]:
    """Yield what is said of files of which each leaves less to the next."""
    for file in parcel.files:
        (answer,) = worker.answers([file], [parcel.budget.next()], keep)
        parcel.budget.spend(answer.spent)
        yield answer
        if answer.is_convertible:
            return


# --- elsewhere


def read_parcels(task: bytes) -> bytes:
    """Read the files in some bytes, and return what they are.

    Raises:
        EnvironmentProblem: Another version of this program asks, or the guarded process does not start.
    """
    told, files = receive(io.BytesIO(task), _ANY, _ANY, Held)
    order: Mapping[str, Any] = told  # type: ignore[assignment]  # from our own side
    if order["version"] != __version__:
        raise EnvironmentProblem(
            f"交来任务的程序是{order['version']}版，这台计算节点上的是{__version__}版，请装成同一版再运行。"
        )
    limits, left = Limits(**order["limits"]), iter(files)
    parcels = []
    for parcel in order["parcels"]:
        own = [next(left).read() for _ in range(parcel["files"])]
        parcels.append(SealedParcel(own, Budget.of_told(parcel["budget"], limits)))
    children = _children_here(limits, tuple(order["passwords"]))
    reply = io.BytesIO()
    for answers in children.answers(parcels, Held):
        reply.write(_COUNT.pack(len(answers)))
        for answer in answers:
            pass_on(reply, answer)
    return reply.getvalue()


def task_of(parcels: Sequence[SealedParcel], limits: Limits, passwords: Sequence[str]) -> bytes:
    """Return what `read_parcels` is given."""
    told = [{"files": len(parcel.files), "budget": parcel.budget.told()} for parcel in parcels]
    order = {"version": __version__, "limits": asdict(limits), "passwords": passwords, "parcels": told}
    task = io.BytesIO()
    send(task, packed(order), [file for parcel in parcels for file in parcel.files])
    return task.getvalue()


def answers_in(
    reply: bytes, parcels: Sequence[SealedParcel], limits: Limits, keep: Keep
) -> list[list[FileAnswer]]:
    """Return what `read_parcels` says of the files of some parcels, taken off their budgets.

    Raises:
        WireError: That is not what it can say.
    """
    stream = io.BytesIO(reply)
    try:
        return [list(_heard(stream, parcel, limits, keep)) for parcel in parcels]
    except (EOFError, struct.error) as fault:
        raise WireError("it breaks off") from fault


def _heard(stream: io.BytesIO, parcel: SealedParcel, limits: Limits, keep: Keep) -> Iterator[FileAnswer]:
    (count,) = _COUNT.unpack(stream.read(_COUNT.size))
    if not 0 < count <= len(parcel.files):
        raise WireError("answers to what was not asked")
    for _ in range(count):
        most = parcel.budget.next().unpacked + 2 * limits.size
        answer = hear(stream, limits.answer, most, keep)
        parcel.budget.spend(answer.spent)
        yield answer
    if count < len(parcel.files) and not answer.is_convertible:
        raise WireError("files without an answer")


_AS_MANY_AS_ASK = 1 << 10
_lock = Lock()
_of_process: dict[tuple[int, Limits, tuple[str, ...]], Children] = {}
"""The processes that read for this one, which stands first: one that was forked has none of its parent's."""


def _children_here(limits: Limits, passwords: tuple[str, ...]) -> Children:
    with _lock:
        if not _of_process:
            atexit.register(end_children)
        key = os.getpid(), limits, passwords
        if key not in _of_process:
            _of_process[key] = Children(limits, passwords, _AS_MANY_AS_ASK)
        return _of_process[key]


def end_children() -> None:
    """End the processes that read for this one, as soon as they are idle; the next task starts others."""
    with _lock:
        own = [key for key in _of_process if key[0] == os.getpid()]
        ended = [_of_process.pop(key) for key in own]
    for children in ended:
        children.end_idle()
