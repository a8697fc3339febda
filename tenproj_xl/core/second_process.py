"""Hand work over to a second process of ours, which does it while this one goes on.

What has work to hand over does so by `hand_over`, and neither knows nor asks whether there is another
process: without one the work is done at once. It is one of ours and trusted; files from outside are read
elsewhere.
"""

import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any, ParamSpec, TypeVar
from zlib import compress, decompress

from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.interrupts import uninterrupted
from tenproj_xl.core.processors import usable_cores

_P = ParamSpec("_P")
_T = TypeVar("_T")
_NOT_NEEDED = ("hypothesis",)
"""What pandera loads where it is installed, to draw examples of frames in tests: a fifth of its start."""
_LOST = (
    "同时工作的另一个进程中途结束了，多半是内存不足。"
    "已接收的都在，请关闭一些程序后重新运行一次，不会重复计入。"
)
_LARGE = 16 << 20
"""Bytes of work that are packed on their way."""
VALIDATING = ("tenproj_xl.validation.schemas",)
"""What validates: pandas and pandera."""
WRITING_FORMS = ("tenproj_xl.forms.write",)
"""What writes forms."""
WRITING_PAPERS = ("tenproj_xl.rollup.book", "tenproj_xl.rollup.print_copy")
"""What writes workbooks for leaders."""
MAKING_EDITIONS = ("tenproj_xl.app.editions",)
"""What has papers written, and writes some itself."""


class _Second:
    """The second process, and what is loaded there and here when it has begun with its first work."""

    def __init__(self, executor: Executor, later: Iterable[str], meanwhile: Iterable[str]) -> None:
        self.executor = executor
        self.later = tuple(later)
        self.meanwhile = tuple(meanwhile)


_second: ContextVar[_Second | None] = ContextVar("second", default=None)


def has_second_process() -> bool:
    """Whether what is handed over is done by a second process, and not at once."""
    return _second.get() is not None


def hand_over(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> "Future[_T]":
    """Have a function called, and give what its result, or its fault, is taken from.

    In a second process the function is found by its name, and arguments and result are pickled.
    """
    second = _second.get()
    if second is not None:
        # At once: a thread of the executor would pickle them while this one goes on to work with them.
        order = pickle.dumps((function, args, kwargs))
        if len(order) < _LARGE:
            return second.executor.submit(_called, order)
        # Packed: four copies of it lie in both processes until the work is done.
        return second.executor.submit(_called_packed, compress(order, 1))
    done: Future[_T] = Future()
    try:
        done.set_result(function(*args, **kwargs))
    except Exception as fault:  # noqa: BLE001  # it is raised where the result is asked for
        done.set_exception(fault)
    return done


def load_later() -> None:
    """Load what was to be loaded later, here and in the second process, where that is not done yet.

    What has others read files calls it while it waits for them, and so does what cannot go on without.
    """
    second = _second.get()
    if second is not None and second.later:
        second.executor.submit(_load, second.later)
        second.later = ()
        _load(second.meanwhile)


@contextmanager
def second_process(
    modules: Iterable[str], later: Iterable[str] = (), meanwhile: Iterable[str] = ()
) -> Iterator[None]:
    """Have a second process meanwhile, which begins to load some modules of ours.

    What it needs `later`, and what this one needs `meanwhile`, is loaded by `load_later`.

    There is none on one core, nor in a program that stays open: that has loaded by itself what it needs,
    and a process with threads is not to be copied.

    Raises:
        EnvironmentProblem: The process was ended from outside.
    """
    if usable_cores() < 2 or threading.active_count() > 1 or "pandas" in sys.modules:
        yield
        return
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor  # noqa: PLC0415 - 20 ms
    from multiprocessing import get_context  # noqa: PLC0415 - comes with it

    way = "spawn"
    if sys.platform == "linux":
        way = "fork"  # now, before anything heavy is loaded, it is a matter of milliseconds
    executor = ProcessPoolExecutor(1, mp_context=get_context(way), initializer=_begin)
    before = _second.set(_Second(executor, later, meanwhile))
    try:
        with uninterrupted():  # a process that is made, and not yet known to the thread that ends it, stays
            executor.submit(_load, tuple(modules))
        yield
    except BrokenProcessPool as fault:
        raise EnvironmentProblem(_LOST) from fault
    finally:
        _second.reset(before)
        executor.shutdown(cancel_futures=True)


def _called(handed_over: bytes) -> Any:
    function, args, kwargs = pickle.loads(handed_over)  # noqa: S301  # by this program
    return function(*args, **kwargs)


def _called_packed(handed_over: bytes) -> Any:
    return _called(decompress(handed_over))


def _load(modules: tuple[str, ...]) -> None:
    for name in modules:
        import_module(name)


def _begin() -> None:
    """Leave Ctrl-C and the like to the process that was started first; end with it, however that ends."""
    import signal  # noqa: PLC0415 - here alone
    from multiprocessing import parent_process  # noqa: PLC0415 - is there already

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for name in _NOT_NEEDED:
        if name not in sys.modules:  # what was loaded before the process was made is counted on
            sys.modules[name] = None  # type: ignore[assignment]  # as Python's documentation says: not found
    _second.set(None)
    first = parent_process()
    if first is not None:
        threading.Thread(target=_end_with, args=(first.join,), daemon=True).start()


def _end_with(join: Callable[[], object]) -> None:
    join()
    os._exit(1)
