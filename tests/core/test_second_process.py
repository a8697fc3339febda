"""Work that is handed over to a second process of ours."""

import os
import signal
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import pytest

from tenproj_xl.core.processors import usable_cores
from tenproj_xl.core.second_process import (
    MAKING_EDITIONS,
    VALIDATING,
    WRITING_FORMS,
    WRITING_PAPERS,
    hand_over,
    second_process,
)

BEGIN = "import os, signal, sys, time\nfrom tenproj_xl.core.second_process import hand_over, load_later, second_process\n"
ENOUGH = 20.0
"""Seconds in which a process has ended on any machine."""


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", BEGIN + script], capture_output=True, text=True, check=False, timeout=ENOUGH
    )


@pytest.fixture
def two_cores() -> None:
    if usable_cores() < 2:
        pytest.skip("a second process is for a second core")


def test_without_a_second_process_work_is_done_at_once() -> None:
    assert hand_over(os.getpid).result() == os.getpid()


def test_a_fault_is_raised_where_the_result_is_asked_for() -> None:
    handed = hand_over(int, "abc")

    with pytest.raises(ValueError, match="abc"):
        handed.result()


def test_what_is_loaded_beforehand_is_there() -> None:
    for name in (*VALIDATING, *WRITING_FORMS, *WRITING_PAPERS, *MAKING_EDITIONS):
        import_module(name)  # raises ImportError for a module that was moved


def test_no_process_is_copied_that_has_pandas_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenproj_xl.core.second_process.usable_cores", lambda: 2)
    monkeypatch.setitem(sys.modules, "pandas", ModuleType("pandas"))

    with second_process(()):
        assert hand_over(os.getpid).result() == os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is not told of its cores")
def test_there_is_none_where_one_core_is_left_to_the_program() -> None:
    script = (
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "with second_process(()): print(hand_over(os.getpid).result() == os.getpid())\n"
    )

    assert run(script).stdout == "True\n"


@pytest.mark.usefixtures("two_cores")
def test_work_is_done_in_another_process_and_its_result_comes_back() -> None:
    done = run(
        "with second_process(()): print(hand_over(os.getpid).result() != os.getpid(), hand_over(abs, -3).result())"
    )

    assert done.stdout == "True 3\n"
    assert done.stderr == ""


@pytest.mark.usefixtures("two_cores")
def test_what_is_needed_later_is_loaded_behind_the_first_work_here_and_there() -> None:
    script = (
        "def has(name): return hand_over(eval, f'{name!r} in __import__(\"sys\").modules').result()\n"
        "with second_process(('colorsys',), later=('tabnanny',), meanwhile=('sched',)):\n"
        "    print(has('colorsys'), has('tabnanny'), 'sched' in sys.modules)\n"
        "    load_later(); load_later()\n"
        "    print(has('tabnanny'), 'sched' in sys.modules)\n"
    )
    done = run(script)

    assert done.stdout == "True False False\nTrue True\n"


@pytest.mark.usefixtures("two_cores")
def test_the_second_process_loads_nothing_that_is_for_tests_alone() -> None:
    expression = (
        "[n for n, m in __import__('sys').modules.items() if n.partition('.')[0] == 'hypothesis' and m]"
    )
    script = (
        f"with second_process({VALIDATING}):\n"
        "    hand_over(exec, 'import pandera.backends.pandas.builtin_checks').result()\n"
        f"    print(hand_over(eval, {expression!r}).result())\n"
    )

    assert run(script).stdout == "[]\n"


@pytest.mark.usefixtures("two_cores")
def test_a_process_that_the_system_ends_is_told_of_with_the_remedy() -> None:
    script = (
        "try:\n"
        "    with second_process(()): hand_over(os.kill, hand_over(os.getpid).result(), signal.SIGKILL).result()\n"
        "except Exception as fault: print(type(fault).__name__, fault)\n"
    )
    done = run(script)

    assert "EnvironmentProblem 同时工作的另一个进程中途结束了" in done.stdout
    assert "重新运行一次" in done.stdout


@pytest.mark.usefixtures("two_cores")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_the_second_process_ends_with_the_first_however_that_ends() -> None:
    script = "with second_process(()): print(hand_over(os.getpid).result(), flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", BEGIN + script], stdout=subprocess.PIPE, text=True) as first:  # noqa: S603
        assert first.stdout
        assert int(first.stdout.readline()) != first.pid
        first.send_signal(signal.SIGKILL)
        first.communicate(timeout=ENOUGH)  # ends when nobody is left who could write


@pytest.mark.usefixtures("two_cores")
@pytest.mark.skipif(sys.platform != "linux", reason="the process is copied on Linux alone")
def test_interrupted_just_as_the_second_process_is_made_both_end() -> None:
    script = (
        "from multiprocessing.process import BaseProcess\n"
        "start = BaseProcess.start\n"
        "def interrupted(process): start(process); signal.raise_signal(signal.SIGINT)\n"
        "BaseProcess.start = interrupted\n"
        "try:\n"
        "    with second_process(()): print('goes on')\n"
        "except KeyboardInterrupt: print('interrupted')\n"
    )

    assert run(script).stdout == "interrupted\n"
