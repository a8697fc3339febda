"""Open files: each becomes a `Book`, the `Contents` of a zip or a mail, a `Document`, or a `Refusal`.

Files from outside are read in processes of their own: a hostile one may end its process, never the run.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import BoundedSemaphore
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.limits import LIMITS, Limits
from tenproj_xl.core.processors import usable_cores
from tenproj_xl.reading.answers import FileAnswer
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.budget import Budget, Spent
from tenproj_xl.reading.content import ChangedError, Content, Held, Spool
from tenproj_xl.reading.guard import UNFORESEEN, Refusal, refuse
from tenproj_xl.reading.libreoffice import TooBusyError, to_xlsx
from tenproj_xl.reading.parcels import Children, SealedParcel, answers_in, read_parcels, task_of
from tenproj_xl.reading.wire import Convertible, Found, WireError

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future, ThreadPoolExecutor

    from tenproj_xl.reading.picture.model import Picture

_FILES_WORTH_ANOTHER_PROCESS = 60  # about what one reads while the other is started
_PROCESSES = 8  # that read, at most: what they have read is judged by one
_CONVERSIONS = 2  # at a time, beside the files that are read
_TASKS = 16  # under way before the caller has taken the first, so that answers do not pile up
_TASKS_ELSEWHERE = 64
_FILES_OF_A_TASK, _BYTES_OF_A_TASK = 16, 1 << 20
_BYTES_AHEAD = 64 << 20  # of the files of all tasks under way
_ALSO_OF_CONVERTED = (Code.FILE_LIMITS, Code.FILE_UNREACHED, Code.FILE_LATER)
_OF_A_CONVERSION = Spent(seconds=1.0)
"""What one costs beside the reading of what comes of it, whatever the machine."""


@dataclass(frozen=True)
class Parcel:
    """Files that lie in one outermost file, or that file itself, and what may still be read of it."""

    files: Sequence[Content]
    budget: Budget

    @property
    def size(self) -> int:
        """The bytes of the files."""
        return sum(file.size for file in self.files)


class _Opening:
    """A parcel that is being opened: what is known of its files so far, in their order."""

    def __init__(self, parcel: Parcel) -> None:
        self.parcel = parcel
        self.done: list[FileAnswer | Found] = []

    def sealed(self) -> SealedParcel:
        """Return files that come next, at least one, up to a number and bytes; none where all are done.

        Of one that has changed meanwhile it is noted that it has.
        """
        files: list[bytes] = []
        size = 0
        for content in self.parcel.files[len(self.done) :]:
            size += content.size
            if files and (len(files) >= _FILES_OF_A_TASK or size > _BYTES_OF_A_TASK):
                break
            try:
                files.append(content.read())
            except ChangedError:
                if files:
                    break
                self.done.append(Refusal(Code.FILE_CHANGING))
        return SealedParcel(files, self.parcel.budget)

    def found(self) -> list[Found]:
        """Return what the files are."""
        return [_found(one) for one in self.done]


class Reader:
    """Opens untrusted files in processes of their own, here or elsewhere; `with Reader() as reader:`.

    The first process starts with the first file: a run that finds nothing new starts none. Where there are
    many files there are as many processes as processors, up to a number.

    Args:
        limits: What is read of a file at most.
        passwords: What encrypted workbooks are tried with.
        executor: Where files are read, None for this machine. Whoever gives it ends it.
    """

    def __init__(
        self, limits: Limits = LIMITS, passwords: Sequence[str] = (), executor: "Executor | None" = None
    ) -> None:
        self.limits = limits
        self._passwords = passwords
        self._elsewhere = executor
        self._children = Children(limits, passwords, most=1)
        self._threads: ThreadPoolExecutor | None = None
        self._next: deque[list[Parcel]] = deque()
        self._ahead: deque[_Task] = deque()
        self._foreseen: dict[Content, Parcel] = {}
        self._waited_for: set[Future[bytes]] = set()
        self._converting = BoundedSemaphore(_CONVERSIONS)
        self._spool = Spool()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Threads end here, not with the generator of `open`: one that a caller gave up is collected at any
        # moment, also while another thread starts, which it would wait for without end.
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
        self._children.close()
        for future in list(self._waited_for):
            future.cancel()
        if self._threads is not None:
            self._threads.shutdown()

    def open(self, files: Sequence[bytes | Content]) -> Iterator[Found]:
        """For each file, in this order: the book, what is inside of it, or why it is not read."""
        contents = [Held(file) if isinstance(file, bytes) else file for file in files]
        parcels = [Parcel([content], Budget(self.limits)) for content in contents]
        for (found,) in self.open_parcels(parcels):
            yield found

    def draw(self, file: bytes, sheet: str) -> "Picture | Refusal":
        """Return the picture of a sheet of a workbook, or of its first one; or why there is none."""
        with self._children.one() as worker:
            return worker.draw(file, Budget(self.limits).next(), sheet)

    def open_parcels(self, parcels: Sequence[Parcel]) -> Iterator[list[Found]]:
        """For each parcel, in this order, what its files are; these are read one after the other.

        The first are begun at once, whenever the caller asks for what they are.
        """
        opened = list(map(self._as_foreseen, parcels))
        new = [parcel for parcel, own in zip(parcels, opened, strict=True) if own is parcel]
        begun: deque[_Task] = deque()
        if len(new) < len(parcels):  # what else was foreseen is not asked for
            begun, self._ahead, self._foreseen = self._ahead, begun, {}
        tasks = self._tasks(new)
        self._begin(tasks, begun)
        return self._in_order(list(zip(parcels, opened, strict=True)), tasks, begun)

    def look_ahead(self, files: Sequence[Content]) -> None:
        """Hear which outermost files will be asked for next: they are begun when all others are."""
        self._next = self._tasks([Parcel([content], Budget(self.limits)) for content in files])

    def _as_foreseen(self, parcel: Parcel) -> Parcel:
        """Return what was begun in place of a parcel, itself where it was not."""
        if parcel.budget.is_begun:
            return parcel
        return self._foreseen.pop(parcel.files[0], parcel)

    def _in_order(
        self, parcels: Sequence[tuple[Parcel, Parcel]], tasks: deque[list[Parcel]], begun: "deque[_Task]"
    ) -> Iterator[list[Found]]:
        """Yield what is in some parcels, each with what is opened in its place, which may be itself."""
        openings: dict[int, _Opening] = {}
        for parcel, opened in parcels:
            while id(opened) not in openings:
                for opening in begun.popleft().result.result():
                    openings[id(opening.parcel)] = opening
                self._begin(tasks, begun)
            if opened is not parcel:
                parcel.budget.go_on_from(opened.budget)
            yield openings.pop(id(opened)).found()

    def _tasks(self, parcels: Sequence[Parcel]) -> deque[list[Parcel]]:
        """Return parcels by what is opened in one go; have as many processes as they are worth."""
        files = sum(len(parcel.files) for parcel in parcels)
        wanted = min(-(-files // _FILES_WORTH_ANOTHER_PROCESS), usable_cores(), _PROCESSES)
        self._children.most = max(self._children.most, wanted)
        return deque(_tasks(parcels, min(_FILES_OF_A_TASK, -(-files // self._most_tasks))))

    @property
    def _most_tasks(self) -> int:
        return _TASKS if self._elsewhere is None else _TASKS_ELSEWHERE

    def _begin(self, tasks: deque[list[Parcel]], begun: "deque[_Task]") -> None:
        """Begin as many tasks as may be under way, and where there is room those that come after them."""
        self._begin_some(tasks, begun, under_way=list(begun))
        if not tasks:
            before = len(self._ahead)
            self._begin_some(self._next, self._ahead, under_way=[*begun, *self._ahead])
            for task in list(self._ahead)[before:]:
                self._foreseen.update({parcel.files[0]: parcel for parcel in task.parcels})

    def _begin_some(
        self, tasks: deque[list[Parcel]], begun: "deque[_Task]", under_way: "list[_Task]"
    ) -> None:
        count, bytes_ahead = len(under_way), sum(task.size for task in under_way)
        while tasks and count < self._most_tasks:
            size = sum(parcel.size for parcel in tasks[0])
            if count and bytes_ahead + size > _BYTES_AHEAD:
                return
            parcels = tasks.popleft()
            begun.append(_Task(size, parcels, self._its_threads().submit(self._work_through, parcels)))
            count, bytes_ahead = count + 1, bytes_ahead + size

    def _its_threads(self) -> "ThreadPoolExecutor":
        """Return the threads that wait for whoever reads, or convert."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 5 ms, only where files are read

        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._most_tasks)
        return self._threads

    def _work_through(self, parcels: Sequence[Parcel]) -> list[_Opening]:
        """Open parcels, in several batches if need be."""
        openings = [_Opening(parcel) for parcel in parcels]
        while True:
            sealed = [(opening, opening.sealed()) for opening in openings]
            sealed = [(opening, parcel) for opening, parcel in sealed if parcel.files]
            if not sealed:
                return openings
            answers = self._answers([parcel for _, parcel in sealed])
            for (opening, parcel), own in zip(sealed, answers, strict=True):
                opening.done += own
                if own[-1].is_convertible:
                    opening.done[-1] = self._converted(own[-1], parcel.budget)

    def _answers(self, parcels: Sequence[SealedParcel]) -> list[list[FileAnswer]]:
        """Return what is said of the files of some parcels, of each up to one that is to be converted."""
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415 - as above

        if self._elsewhere is None:
            return self._children.answers(parcels, self._spool.keep)
        try:
            future = self._elsewhere.submit(read_parcels, task_of(parcels, self.limits, self._passwords))
            self._waited_for.add(future)
            future.add_done_callback(self._waited_for.discard)
            return answers_in(future.result(), parcels, self.limits, self._spool.keep)
        except BrokenExecutor as fault:
            raise EnvironmentProblem("读取文件的进程中途退出，这次没有收完，请重新运行。") from fault
        except WireError as fault:
            raise EnvironmentProblem(
                "读取文件的节点答非所问，这次没有收完，请检查各节点后重新运行。"
            ) from fault

    def _converted(self, answer: FileAnswer, budget: Budget) -> Found:
        """Return what LibreOffice makes of a workbook."""
        found = _opened_answer(answer)
        if not isinstance(found, Convertible):
            return found
        if not budget.may_convert():
            return refuse(found.kind)
        again = self._of_converted(found, budget)
        if isinstance(again, Book):
            return replace(again, kind=found.kind, converted=True)
        if isinstance(again, Refusal) and again.code in _ALSO_OF_CONVERTED:
            return again
        return refuse(found.kind)

    def _of_converted(self, found: Convertible, budget: Budget) -> Found | Convertible:
        """Return what becomes of a workbook that LibreOffice converts."""
        budget.spend(_OF_A_CONVERSION)
        try:
            with self._converting:
                converted = to_xlsx(found.data, f".{found.kind}", self.limits)
        except TooBusyError:
            return Refusal(Code.FILE_LATER)
        if converted is None:
            return refuse(found.kind)
        ((answer,),) = self._answers([SealedParcel([converted], budget)])
        return _opened_answer(answer)


@dataclass(frozen=True)
class _Task:
    """Parcels that are being opened in one go, the bytes of their files and what becomes of them."""

    size: int
    parcels: Sequence[Parcel]
    result: "Future[list[_Opening]]"


def _tasks(parcels: Sequence[Parcel], most: int) -> Iterator[list[Parcel]]:
    """Yield parcels that are opened in one go, up to some files and bytes, one at least."""
    task: list[Parcel] = []
    count = size = 0
    for parcel in parcels:
        if task and (count + len(parcel.files) > most or size + parcel.size > _BYTES_OF_A_TASK):
            yield task
            task, count, size = [], 0, 0
        task.append(parcel)
        count, size = count + len(parcel.files), size + parcel.size
    if task:
        yield task


def _found(one: FileAnswer | Found) -> Found:
    if not isinstance(one, FileAnswer):
        return one
    found = _opened_answer(one)
    if isinstance(found, Convertible):
        raise TypeError("a workbook that was not converted")
    return found


def _opened_answer(answer: FileAnswer) -> Found | Convertible:
    """Return what an answer says, a refusal where that cannot be meant."""
    try:
        return answer.found()
    except WireError:
        return Refusal(Code.FILE_UNREADABLE, UNFORESEEN)
