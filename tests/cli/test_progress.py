"""Long work tells how far it has come: a bar on a terminal, lines elsewhere, lines that a program reads."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenproj_xl.cli.main import main
from tenproj_xl.cli.progress import Bars, Lines, ProgramLines, ProgressTold
from tenproj_xl.core.progress import VARIABLE, Progress, counted, duration, heard_by, progress_in, working

_WORK = """
from time import sleep
from tenproj_xl.cli.progress import progress_told
from tenproj_xl.core.progress import counted, heard_by
with heard_by(progress_told()):
    for _ in counted(range(6), "打开收到的文件"):
        sleep(0.2)
"""


class _Clock:
    """Goes on only when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def _do(items: int, each: float, told: ProgressTold, clock: _Clock) -> None:
    with heard_by(told):
        for _ in counted(range(items), "写更正表和回复"):
            clock.now += each


def test_a_program_gets_a_line_at_the_beginning_the_end_and_now_and_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = _Clock()
    _do(4, 2.0, ProgramLines(clock), clock)
    found = list(map(progress_in, capsys.readouterr().err.splitlines()))
    assert found[0] == Progress(what="写更正表和回复", unit="份", done=0, total=4)
    assert [one and one.done for one in found] == [0, 1, 2, 3, 4]
    assert [one and one.seconds_left for one in found[1:]] == [None, 4.0, 2.0, 0.0]


def test_what_was_loaded_before_the_first_thing_is_no_measure_of_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = _Clock()
    with heard_by(ProgramLines(clock)), working("收取回表", 300) as step:
        for seconds, files in ((12.0, 50), (2.0, 100), (2.0, 100)):
            clock.now += seconds
            step(files)
    found = list(map(progress_in, capsys.readouterr().err.splitlines()))
    assert [one and one.seconds_left for one in found] == [None, None, 3.0, 1.0]


def test_a_program_gets_few_lines_of_a_thousand_quick_things(capsys: pytest.CaptureFixture[str]) -> None:
    clock = _Clock()
    _do(1000, 0.001, ProgramLines(clock), clock)
    lines = capsys.readouterr().err.splitlines()
    assert 8 <= len(lines) <= 12
    assert progress_in(lines[-1]) == Progress(
        what="写更正表和回复", unit="份", done=1000, total=1000, seconds_left=0
    )


def test_words_for_people_are_no_line_of_progress() -> None:
    assert progress_in("已接收：1份") is None


def test_a_log_file_gets_a_line_only_where_work_takes_long(capsys: pytest.CaptureFixture[str]) -> None:
    clock = _Clock()
    _do(10, 1.5, Lines(clock), clock)
    assert capsys.readouterr().err == ""
    _do(10, 12.0, Lines(clock), clock)
    assert capsys.readouterr().err.splitlines() == [
        "写更正表和回复：2/10份，还要约2分钟",
        "写更正表和回复：5/10份，还要约1分钟",
        "写更正表和回复：8/10份，还要约24秒",
    ]


def test_of_work_within_work_only_the_outer_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with heard_by(ProgramLines(_Clock())):
        for _ in counted("ab", "外面的"):
            list(counted("xyz", "里面的"))
    found = list(map(progress_in, capsys.readouterr().err.splitlines()))
    assert {one and one.what for one in found} == {"外面的"}
    assert [one and one.done for one in found] == [0, 2]


def test_work_that_fails_lets_the_next_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    with heard_by(ProgramLines(_Clock())):
        work = counted("ab", "前一件")
        next(work)
        with pytest.raises(RuntimeError):
            work.throw(RuntimeError)  # type: ignore[attr-defined]  # of generators
        list(counted("ab", "后一件"))
    assert "\\u540e\\u4e00\\u4ef6" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.2, "1秒"), (59.4, "59秒"), (61, "1分钟"), (3599, "1小时0分钟"), (5400, "1小时30分钟")],
)
def test_a_time_is_told_roughly(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def _at_a_terminal(code: str) -> str:
    """Run Python with a terminal as its standard error; return what appears there."""
    pty = pytest.importorskip("pty", reason="no terminals like this on Windows")
    leader, follower = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", code], stderr=follower) as process:  # noqa: S603  # ours
        os.close(follower)
        seen = b""
        while True:
            try:
                some = os.read(leader, 4096)
            except OSError:  # nobody writes to it any more
                break
            if not some:
                break
            seen += some
        process.wait()
    os.close(leader)
    assert process.returncode == 0
    return seen.decode()


def test_a_terminal_shows_a_bar_with_what_is_done_and_how_fast() -> None:
    seen = _at_a_terminal(_WORK)
    assert "打开收到的文件" in seen
    assert "6/6" in seen
    assert re.search(r"每秒\d+份|每份[\d.]+秒", seen)


def test_quick_work_shows_no_bar() -> None:
    assert _at_a_terminal(_WORK.replace("sleep(0.2)", "pass")) == ""


def test_a_message_begins_a_line_of_its_own_below_a_bar() -> None:
    telling = _WORK.replace("progress_told()", "(told := progress_told())").replace(
        "sleep(0.2)", "sleep(0.3); told.make_room()"
    )
    assert "\r\n" in _at_a_terminal(telling).partition("6/6")[0]


def test_nothing_is_told_where_a_bar_is_not_yet_needed(capsys: pytest.CaptureFixture[str]) -> None:
    clock = _Clock()
    _do(3, 0.1, Bars(clock), clock)
    assert capsys.readouterr().err == ""


def test_generate_tells_a_program_of_each_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "json")
    run = CliRunner()
    assert run.invoke(main, ["-C", str(tmp_path), "init"]).exit_code == 0
    done = run.invoke(main, ["-C", str(tmp_path), "generate", "--period", "2026-W48"])
    told = [one for one in map(progress_in, done.stderr.splitlines()) if one]
    assert told[0] == Progress(what="生成填报表", unit="份", done=0, total=10)
    assert (told[-1].done, told[-1].total) == (10, 10)
