"""Returns are recognised and judged in the second process, while this one records what came before."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tenproj_xl.app import judges, portions
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.judges import judges_of
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.processors import usable_cores
from tenproj_xl.core.second_process import hand_over
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.passwords import Passwords
from tests.app.test_portions import beside, contents
from tests.helpers.beside import judge_beside
from tests.helpers.filling import Office

_SMALL = "import os, sys; from tenproj_xl.app import judges, portions; portions.FILES_AT_ONCE = 2\n"
_OTHERWISE = "of_old = judges._judged_beside\ndef _judged_beside(case):\n    {}\n    return of_old(case)\n"
_IN_PLACE = "_judged_beside.__module__ = judges.__name__; judges._judged_beside = _judged_beside\n"
_COUNTED = (
    _OTHERWISE.format("print(os.getppid(), len(case.returns), file=open('judged.txt', 'a'))") + _IN_PLACE
)
_ENDED = _OTHERWISE.format("os.abort()") + _IN_PLACE
_RUN = "from tenproj_xl.cli.main import main; main(sys.argv[1:])"

needs_two_cores = pytest.mark.skipif(usable_cores() < 2, reason="a second process is for a second core")


def run(script: str, workspace: Workspace, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Take in the files of a workspace in portions of two, in a process that runs a script first."""
    command = [sys.executable, "-c", _SMALL + script + _RUN, "-C", str(workspace.root), "ingest"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)  # noqa: S603  # ours


@pytest.fixture
def whole(week: Office) -> Workspace:
    """What taking in five returns at once makes; they lie in the inbox of the office, too."""
    for code in ("01", "02", "03", "04", "05"):
        week.send(week.right(code), f"{code}.xlsx")
    copy = beside(week, "whole")
    ingest(copy, week.period)
    return copy


@needs_two_cores
def test_the_second_process_judges_all_portions_and_the_ledger_is_the_same(
    week: Office, whole: Workspace, tmp_path: Path
) -> None:
    done = run(_COUNTED, week.workspace, tmp_path)

    assert done.returncode in (0, 1), done.stderr
    judged = [line.split() for line in (tmp_path / "judged.txt").read_text().splitlines()]
    assert [int(count) for _, count in judged] == [2, 2, 1]
    assert str(os.getpid()) not in {parent for parent, _ in judged}
    assert contents(week.workspace) == contents(whole)


@needs_two_cores
def test_where_the_second_process_ends_nothing_is_lost(
    week: Office, whole: Workspace, tmp_path: Path
) -> None:
    ended = run(_ENDED, week.workspace, tmp_path)

    assert ended.returncode == 3
    assert "请关闭一些程序后重新运行一次，不会重复计入" in ended.stderr
    run("", week.workspace, tmp_path)
    assert contents(week.workspace) == contents(whole)


def test_passwords_stay_here(week: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    judge_beside(monkeypatch)
    passwords = Passwords(lambda: ("没有谁能腌制它",))  # what cannot be pickled
    with look_into_ledger(week.workspace.ledger) as ledger:
        plans = in_force(replace(load(week.workspace), passwords=passwords), ledger)
        with judges_of(plans, ledger, week.workspace.ledger, are_many=True) as over:
            assert over.recognise([]).result() == []


def test_the_bytes_of_files_stay_here(week: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []

    def noted(function: Any, *args: Any) -> Any:
        sent.append(pickle.dumps(args))
        return hand_over(function, *args)

    judge_beside(monkeypatch)
    monkeypatch.setattr(judges, "hand_over", noted)
    monkeypatch.setattr(portions, "FILES_AT_ONCE", 1)
    paths = [week.send(week.right(code), f"{code}.xlsx") for code in ("01", "02")]
    bodies = [path.read_bytes() for path in paths]
    ingest(week.workspace, week.period)

    assert len(sent) >= 6
    assert not any(body[100:400] in args for body in bodies for args in sent)
