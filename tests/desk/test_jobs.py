"""Commands that do what nobody wishes: say too much, never end, leave files that go away."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.progress import MARK
from tenproj_xl.desk import jobs
from tenproj_xl.desk.jobs import Job, Jobs
from tenproj_xl.desk.products import linked_lines, linked_text

Run = Callable[[str], Job]


@pytest.fixture
def desk_jobs() -> Jobs:
    return Jobs()


@pytest.fixture
def run(tmp_path: Path, desk_jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Start a program of one line in the place of a command."""

    def start(program: str) -> Job:
        def process(root: Path, _: object) -> "subprocess.Popen[str]":
            return subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", program],
                cwd=root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
            )

        monkeypatch.setattr(jobs, "_process", process)
        return desk_jobs.start(tmp_path, ["status"], step="status", title="看情况")

    return start


def test_of_a_command_that_says_too_much_the_middle_is_left_out(run: Run, desk_jobs: Jobs) -> None:
    job = run("for n in range(100_000): print('第', n)")
    desk_jobs.wait(job)
    assert job.status == 0
    assert len(job.shown_lines) == 2001
    assert job.shown_lines[0] == "第 0"
    assert job.shown_lines[1000] == "……（中间98000行没有显示）……"
    assert job.shown_lines[-1] == "第 99999"


def test_a_line_without_end_is_cut(run: Run, desk_jobs: Jobs) -> None:
    job = run("print('字' * 1_000_000)")
    desk_jobs.wait(job)
    assert len(job.lines[0]) == 4000


def test_words_that_begin_as_progress_does_are_words(run: Run, desk_jobs: Jobs) -> None:
    job = run(f"print('{MARK}是文件名'); print('{MARK}[1]'); print('做完了')")
    desk_jobs.wait(job)
    assert job.lines == [f"{MARK}是文件名", f"{MARK}[1]", "做完了"]


def test_a_fault_while_a_command_is_followed_leaves_none_that_runs_for_ever(
    run: Run, desk_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Job, line: str) -> None:
        raise RuntimeError(line)

    monkeypatch.setattr(Job, "hear", broken)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    job = run("print('一行')")
    desk_jobs.wait(job)
    assert desk_jobs.running is None
    assert job.ending


@pytest.mark.skipif(os.name != "posix", reason="Windows ends a command at once")
def test_a_command_that_hears_nothing_is_ended_by_the_second_click(run: Run, desk_jobs: Jobs) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    job = run(deaf)
    while not job.lines:
        assert job.is_running
    desk_jobs.stop(job)
    assert job.is_running
    desk_jobs.stop(job)
    desk_jobs.wait(job, 20)
    assert job.ending == "已停下，没有做完。再点一次就接着做，不会重复计入。"


@pytest.mark.skipif(os.name != "posix", reason="names of files are texts on Windows")
def test_a_product_whose_name_is_no_text_is_left_out(run: Run, desk_jobs: Jobs) -> None:
    job = run(
        r"import os; os.mkdir('outbox'); open(b'outbox/\xb1\xed.xlsx', 'w'); open('outbox/a.xlsx', 'w')"
    )
    desk_jobs.wait(job)
    assert [path.name for path in job.products] == ["a.xlsx"]


def test_a_workspace_that_was_removed_meanwhile_leaves_a_command_that_ended(
    run: Run, desk_jobs: Jobs
) -> None:
    job = run("import os; os.rmdir(os.getcwd()); print('好')")
    desk_jobs.wait(job)
    assert (job.status, job.products) == (0, ())


@pytest.mark.parametrize(
    "line",
    [
        f"outbox/{'长' * 30_000}.xlsx",
        "outbox/x " * 5_000,
        "tenproj merge " * 5_000,
        "outbox/\x00.xlsx",
    ],
)
def test_any_line_is_shown_as_it_is(tmp_path: Path, line: str) -> None:
    workspace = Workspace(tmp_path)
    assert "".join(piece.text for piece in linked_text(line, workspace)) == line


def test_paths_and_commands_in_a_line_lead_to_what_they_name(tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "a.xlsx").touch()
    (pieces,) = linked_lines(["见 outbox/a.xlsx，再运行 tenproj merge。outbox/b.xlsx"], Workspace(tmp_path))
    assert [(piece.text, piece.path, piece.step) for piece in pieces] == [
        ("见 ", "", ""),
        ("outbox/a.xlsx", "outbox/a.xlsx", ""),
        ("，再运行 ", "", ""),
        ("tenproj merge", "", "merge"),
        ("。", "", ""),
        ("outbox/", "outbox/", ""),
        ("b.xlsx", "", ""),
    ]
