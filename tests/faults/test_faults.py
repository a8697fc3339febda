"""A few points of the fault suite, and that it sees what is wrong; `.ci/run faults` tries more of them."""

import shutil
import sqlite3
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.faults import FLIPPED, Point, Suite, drawn, points_of, run, tried, undisturbed
from tests.faults.flips import Flip, answers_of, flips_of, verdict
from tests.faults.runs import KILL, Call, calls_in, plain
from tests.faults.state import state_of
from tests.faults.together import of_ledger
from tests.faults.workspaces import PLACE, Case
from tests.helpers.mail_servers import why_no_dovecot
from tests.helpers.programs import need

_TRIED = (
    ("ingest", "unlink", "工作区/inbox/", KILL),
    ("ingest", "pwrite64", "台账.sqlite3", "ENOSPC"),
    ("supervise", "unlink", "台账.sqlite3-journal", KILL),
    ("restore", "rename", "", KILL),
    ("export", "write", "", "ENOSPC"),
    ("backup", "pwrite64", "", KILL),
    ("fetch", "rename", "inbox", KILL),
    ("fetch", "pwrite64", "", "ENOSPC"),
    ("plan new-year", "chmod", "台账日志", "EIO"),
)
"""Commands, a call, the beginning or part of its path, and what befalls it: each had once left something behind."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    need("strace")
    suite = Suite(tmp_path_factory.mktemp("faults"), [])
    yield suite
    suite.end()


@pytest.mark.parametrize(("command", "call", "where", "fault"), _TRIED)
def test_a_command_that_was_cut_off_is_finished_by_the_next_run(
    command: str, call: str, where: str, fault: str, suite: Suite, tmp_path: Path
) -> None:
    if command == "fetch" and (why := why_no_dovecot()):
        pytest.skip(why)
    case = suite.cases[command]
    normal = undisturbed(case, tmp_path)
    found = [c for c in normal.calls if c.name == call and where in c.path]
    middle = found[len(found) // 2]
    outcome = tried(Point(command, call, middle.number, fault), middle.path, case, normal, tmp_path)
    assert (outcome.missed, outcome.failures) == (False, ())


def test_a_fault_that_leaves_something_behind_is_seen(suite: Suite, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(suite.cases["withdraw"].root, root)
    before = state_of(root)
    workspace = root / PLACE
    (workspace / "outbox" / ".通知.txt.12.tmp").write_bytes(b"half")
    (workspace / "outbox" / "多.txt").write_bytes(b"too much")
    (letter,) = (workspace / "outbox" / "2026-W48" / "通知").glob("未接收_照片_*")
    letter.unlink()
    with closing(sqlite3.connect(workspace / "ledger" / "台账.sqlite3")) as ledger, ledger:
        ledger.execute(
            "INSERT INTO receipts SELECT MAX(seq) + 1, sha256, period, body, batch, encoding FROM receipts"
        )
        ledger.execute("DELETE FROM rows WHERE seq = 1")
    told = "\n".join(before.differences(state_of(root)))
    for part in ("remains: 工作区/outbox/.通知.txt.12.tmp", "too much: 工作区/outbox/多.txt", "missing: "):
        assert part in told
    assert "receipts: 1 doubled" in told
    assert "rows: 1 lost" in told


def test_calls_are_counted_by_their_name_and_those_elsewhere_are_no_points(tmp_path: Path) -> None:
    log = "\n".join(
        [
            f'openat(AT_FDCWD</>, "{tmp_path}/a.txt", O_RDONLY|O_CLOEXEC) = 3<{tmp_path}/a.txt>',
            f'openat(AT_FDCWD</>, "{tmp_path}/.b.txt.1a2b-77.tmp", O_WRONLY|O_CREAT) = 4<{tmp_path}/b>',
            'write(1</dev/null>, ""..., 5)   = 5',
            f'write(4<{tmp_path}/\\345\\217\\260.txt>, ""..., 5)   = 5',
        ]
    )
    assert calls_in(log, tmp_path) == [Call("openat", 2, ".b.txt.~.tmp"), Call("write", 2, "台.txt")]


def test_points_are_drawn_over_all_commands_and_kinds_and_are_the_same_again() -> None:
    points: list[tuple[Point, str]] = []
    for name in ("merge", "ingest"):
        case = Case(name, (name,), Path())
        calls = [Call("write", n, "f") for n in range(1, 200)] + [Call("rename", 1, "f")]
        points += points_of(case, calls)
    chosen = drawn(points, 14, seed=11)
    assert chosen == drawn(points, 14, seed=11)
    assert {(p.case, p.call) for p, _ in chosen} == {
        (c, n) for c in ("merge", "ingest") for n in ("write", "rename")
    }
    assert [Point.parse(str(point)) for point, _ in chosen] == [point for point, _ in chosen]


def test_where_strace_may_not_look_the_suite_says_so_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = tmp_path / "bin" / "strace"
    refused.parent.mkdir()
    refused.write_text(
        "#!/bin/sh\necho 'attach: ptrace(PTRACE_SEIZE, 12): Operation not permitted' >&2\nexit 1\n"
    )
    refused.chmod(0o700)
    monkeypatch.setenv("PATH", str(refused.parent), prepend=":")
    suite = Suite(tmp_path / "faults", ["withdraw"])
    try:
        assert not run(suite, Namespace(), until=0)
    finally:
        suite.end()
    assert "strace may not look at processes here (attach: ptrace" in capsys.readouterr().out


def test_a_return_that_is_lost_or_doubled_between_two_operators_is_seen(suite: Suite, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(suite.cases["withdraw"].root, root)
    names = {"科技局.xlsx", "没有来过.xlsx"}
    assert [*of_ledger(root, names - {"没有来过.xlsx"}, "Z01-03")] == []
    assert [*of_ledger(root, names, "Z01-03")] == [
        "receipts: 没有来过.xlsx is lost",
        "rows: 没有来过.xlsx is lost",
    ]
    with closing(sqlite3.connect(root / PLACE / "ledger" / "台账.sqlite3")) as ledger, ledger:
        ledger.execute(
            "INSERT INTO receipts SELECT seq + 100, sha256, period, body, batch, encoding FROM receipts WHERE body LIKE '%科技局.xlsx%'"
        )
    assert "receipts: 科技局.xlsx stands 2 times" in [*of_ledger(root, names, "Z01-03")]


def test_a_changed_byte_is_found_or_without_effect_and_neither_is_taken_for_the_other(
    suite: Suite, tmp_path: Path
) -> None:
    case = suite.cases[FLIPPED]
    ledger = "工作区/ledger/台账.sqlite3"
    root = tmp_path / "asked"
    shutil.copytree(case.root, root)
    untouched, asked = plain(("-C", PLACE, "verify"), root), answers_of(root)
    data = (case.root / ledger).read_bytes()
    of_free_bytes = Flip(ledger, 72 + 3, 4)  # of the header, reserved
    of_an_entry = Flip(ledger, data.index(b"Z01-01"), 1)
    of_a_paper = next(f for f in flips_of(case, 12, seed=1) if "archive" in f.file)
    assert verdict(of_free_bytes, case, untouched, asked, tmp_path) == "without effect"
    assert verdict(of_an_entry, case, untouched, asked, tmp_path) in ("found", "without effect")
    assert verdict(of_a_paper, case, untouched, asked, tmp_path) == "found"
    others = replace(asked, files=())
    assert (
        verdict(of_free_bytes, case, untouched, others, tmp_path)
        == "verify finds nothing, and answers are other ones"
    )
