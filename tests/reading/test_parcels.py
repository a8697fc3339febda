"""The work on files is a function of bytes to bytes: wherever it runs, files are the same, and cost the same."""

import functools
import io
import multiprocessing
import os
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

import pytest

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.limits import LIMITS
from tenproj_xl.reading import parcels as parcels_module
from tenproj_xl.reading.answers import FileAnswer
from tenproj_xl.reading.arrivals import Opened, look_ahead, open_all
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.budget import Budget
from tenproj_xl.reading.content import Held
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.inbox import Received
from tenproj_xl.reading.parcels import (
    SealedParcel,
    answers_in,
    end_children,
    read_parcels,
    task_of,
)
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.wire import WireError, receive
from tests.reading.test_arrivals import all_unseen, came, zipped
from tests.reading.test_arrivals import form as numbered
from tests.reading.test_budget import NARROW, heavy
from tests.reading.test_sandbox import FAR, encrypted, form


class Serial(Executor):
    """Does each task at once, where it is asked."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except EnvironmentProblem as fault:
            future.set_exception(fault)
        return future


@contextmanager
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(3) as pool:
        yield pool


@contextmanager
def serial() -> Iterator[Executor]:
    yield Serial()


ELSEWHERE = [serial, threads, processes]


@pytest.fixture(autouse=True)
def _no_process_left() -> Iterator[None]:
    yield
    end_children()
    assert not parcels_module._of_process


LIMITED = replace(NARROW, cells=1 << 60, memory=1 << 30)


@functools.cache
def sent() -> tuple[Received, ...]:
    """Forms, a file that ends its reader, and zips, of one of which the budget reads a part."""
    files = [came(f"{n}.xlsx", numbered(f"第{n}份")) for n in range(40)]
    files += [
        came("坏.xlsx", FAR),
        came("密.xlsx", encrypted("密码123")),
        came("回表.zip", zipped(*((f"{n}.xlsx", heavy(n)) for n in range(12)), ("末.xlsx", form()))),
        came("又.zip", zipped(("坏.xlsx", FAR), ("好.xlsx", form()))),
        came("空.xlsx", b""),
    ]
    return tuple(files)


def opened(executor: Executor | None = None) -> tuple[Opened, ...]:
    """What they are."""
    with Reader(LIMITED, ("密码123",), executor) as reader:
        return open_all(sent(), reader, all_unseen).opened


@pytest.fixture(scope="module")
def here() -> tuple[Opened, ...]:
    """What is read in the usual way."""
    return opened()


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_wherever_files_are_read_they_are_the_same(
    elsewhere: Callable[[], Any], here: tuple[Opened, ...]
) -> None:
    with elsewhere() as executor:
        there = opened(executor)
    assert [one.received.name for one in there] == [one.received.name for one in here]
    assert [one.found for one in there] == [one.found for one in here]
    assert Refusal(Code.FILE_LIMITS, "读取时占用的内存过多") in [one.found for one in here], (
        "it ends its process"
    )
    unreached = [one for one in here if one.found == Refusal(Code.FILE_UNREACHED)]
    assert len(unreached) > 1, "the budget of the zip is used up"


def said(*files: bytes, passwords: tuple[str, ...] = (), budget: Budget | None = None) -> list[FileAnswer]:
    """What is said of files of one outermost file, by bytes alone."""
    sent = [SealedParcel(files, budget or Budget(LIMITS))]
    reply = read_parcels(task_of(sent, LIMITS, passwords))
    ((*answers,),) = answers_in(reply, sent, LIMITS, Held)
    return answers


def test_bytes_go_in_and_bytes_come_out() -> None:
    book, empty = said(form(), b"")
    assert isinstance(book.found(), Book)
    assert empty.found() == Refusal(Code.FILE_EMPTY, "空文件")


def test_passwords_go_along() -> None:
    (answer,) = said(encrypted("密码123"), passwords=("密码123",))
    assert isinstance(answer.found(), Book)


def test_what_is_asked_with_other_passwords_is_read_by_another_process() -> None:
    (known,) = said(encrypted("密码123"), passwords=("密码123",))
    (unknown,) = said(encrypted("密码123"))
    assert isinstance(known.found(), Book)
    assert unknown.found() == Refusal(Code.FILE_ENCRYPTED, "已知的密码打不开")


def test_a_task_holds_files_limits_and_passwords_alone() -> None:
    task = task_of([SealedParcel([b"first"], Budget(LIMITS))], LIMITS, ("密码123",))
    told, (file,) = receive(io.BytesIO(task), 1 << 20, 1 << 20, Held)
    assert isinstance(told, dict)
    assert file.read() == b"first"
    assert told.keys() == {"version", "limits", "passwords", "parcels"}
    assert (told["limits"], told["passwords"]) == (asdict(LIMITS), ["密码123"])
    assert [one.keys() for one in told["parcels"]] == [{"files", "budget"}]


def test_what_a_file_costs_elsewhere_is_taken_off_here() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("1.xlsx", form())
    budget = Budget(LIMITS)
    said(file.getvalue(), budget=budget)
    assert budget.next().unpacked == LIMITS.unpacked - len(form())
    assert budget.next().members == LIMITS.members - 1


def test_another_version_of_the_program_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    task = task_of([SealedParcel([form()], Budget(LIMITS))], LIMITS, ())
    monkeypatch.setattr(parcels_module, "__version__", "0.0.1")
    with pytest.raises(EnvironmentProblem, match=r"这台计算节点上的是0\.0\.1版，请装成同一版"):
        read_parcels(task)


@pytest.mark.parametrize("reply", [b"", b"\0\0\0\0", b"\x02\0\0\0", b"\x01\0\0\0" + b"\0" * 12, b"\xff" * 60])
def test_what_no_reply_can_be_is_told(reply: bytes) -> None:
    with pytest.raises(WireError):
        answers_in(reply, [SealedParcel([form()], Budget(LIMITS))], LIMITS, Held)


class Liar(Executor):
    """Answers with what no reader would."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        assert (fn, kwargs) == (read_parcels, {}), args
        future: Future[Any] = Future()
        future.set_result(b"\x05\0\0\0")
        return future


def test_a_node_that_answers_at_cross_purposes_is_a_fault_of_the_machine() -> None:
    with Reader(executor=Liar()) as reader, pytest.raises(EnvironmentProblem, match="请检查各节点后重新运行"):
        list(reader.open([form()]))


def _die(_: bytes) -> bytes:
    os._exit(9)


def test_a_process_that_ends_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenproj_xl.reading.sandbox.read_parcels", _die)
    told = pytest.raises(EnvironmentProblem, match="这次没有收完，请重新运行")
    with processes() as pool, Reader(executor=pool) as reader, told:
        list(reader.open([form()]))


def test_a_caller_that_fails_early_leaves_no_task_behind() -> None:
    with threads() as pool, Reader(executor=pool) as reader:
        answers = reader.open([form()] * 50)
        next(answers)
    assert not reader._waited_for


def test_what_was_opened_ahead_is_the_same_and_is_not_opened_again(here: tuple[Opened, ...]) -> None:
    asked: list[int] = []

    class Counting(Serial):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
            asked.append(1)
            return super().submit(fn, *args, **kwargs)

    with Reader(LIMITED, ("密码123",), Counting()) as reader:
        look_ahead(sent()[30:], reader)
        first = open_all(sent()[:30], reader, all_unseen).opened
        with ThreadPoolExecutor() as judging:
            judging.map(lambda task: task.result.result(), reader._ahead)
        before = len(asked)
        second = open_all(sent()[30:], reader, all_unseen).opened
        assert not reader._foreseen
    assert before > 40, "of the second lot only what lies in zips is left to be opened"
    assert {one.received.name: one.found for one in (*first, *second)} == {
        one.received.name: one.found for one in here
    }
