"""Ctrl-C while returns are taken in: nothing is lost, people are told how it goes on, and it does."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.statuses import Status
from tests.helpers.filling import Office

_SMALL = "import sys; from tenproj_xl.app import portions; portions.FILES_AT_ONCE = 1; "
_RUN = "from tenproj_xl.cli.main import main; main(sys.argv[1:])"
_SECONDS = 120

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as other systems have them")


def accepted(workspace: Workspace) -> list[tuple[str, str]]:
    with look_into_ledger(workspace.ledger) as ledger:
        return sorted((receipt.file, receipt.status.value) for receipt in ledger.receipts())


def letters(workspace: Workspace) -> set[str]:
    return {path.name for path in workspace.outbox.rglob("通知/*.txt")}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_tells_how_it_goes_on_and_the_next_one_does(
    number: signal.Signals, week: Office
) -> None:
    wrong = week.right("01")
    wrong.write("indicators", wrong.codes("indicators")[0], value="很多")
    week.send(wrong, "01.xlsx", hours=-4)
    for code in ("02", "03", "04", "05", "07", "08"):
        week.send(week.right(code), f"{code}.xlsx")
    whole = Workspace(shutil.copytree(week.workspace.root, week.workspace.root.with_name("whole")))
    ingest(whole, week.period)
    inbox = week.workspace.inbox
    command = [sys.executable, "-c", _SMALL + _RUN, "-C", str(week.workspace.root), "ingest"]
    with subprocess.Popen(  # noqa: S603  # ours
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        wait_for_one_less(inbox)
        os.killpg(process.pid, number)
        said, errors = process.communicate(timeout=_SECONDS)
    assert process.returncode == 3, (said, errors)
    assert "Traceback" not in errors
    left = len(list(inbox.glob("*.xlsx")))
    assert f"已中断。已收取{7 - left}份，其余{left}份仍在收件夹；重新运行同一条命令" in errors
    told = errors.partition("错误：已中断")[0]
    assert f"01.xlsx  {Status.TO_CORRECT.label}（错误1" in told
    assert "请1家更正：把退回更正的表发回" in told
    assert f"退回更正：outbox/{week.period}/退回更正/（1份）" in told
    ingest(week.workspace, week.period)
    assert accepted(week.workspace) == accepted(whole)
    assert letters(week.workspace) == letters(whole)
    assert not list(inbox.glob("*.xlsx"))


def test_the_exit_code_tells_of_an_interruption_whatever_it_broke_off(week: Office, tmp_path: Path) -> None:
    text = (
        "import sys\n"
        "from tenproj_xl.app import status\n"
        "def broken_off(*_, **__): exec('raise KeyboardInterrupt')  # as where a dataclass is made\n"
        "status.status = broken_off\n"
        "from tenproj_xl.cli.main import main; main(sys.argv[1:])\n"
    )
    (tmp_path / "broken_off.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "broken_off", "-C", str(week.workspace.root), "status"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)  # noqa: S603  # ours

    assert (ended.returncode, ended.stderr) == (3, "错误：已中断。重新运行一次即可，不会重复计入。\n")


def wait_for_one_less(inbox: Path) -> None:
    """Wait until a return has been taken out of the inbox."""
    before = len(list(inbox.glob("*.xlsx")))
    until = time.monotonic() + _SECONDS
    while len(list(inbox.glob("*.xlsx"))) == before and time.monotonic() < until:
        time.sleep(0.01)
