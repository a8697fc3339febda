"""An answer is owed until it is written: a run that was cut off anywhere is finished by the next."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tenproj_xl.app import intake, letters
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.files import sha256, write_file
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.reading.inbox import InboxFolder
from tests.helpers.filling import Office


class PowerCutError(Exception):
    """Stands for whatever ends a run in the middle."""


def cut(*_: object, **__: object) -> None:
    raise PowerCutError


MOMENTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "before any letter": lambda patch: patch.setattr(letters.ReplyWriter, "write", cut),
    "between two letters": lambda patch: patch.setattr(letters, "write_file", after(1, write_file)),
    "before the workbooks of leads": lambda patch: patch.setattr(intake, "writing_lead_books", cut),
    "before the letters are settled": lambda patch: patch.setattr(letters.ReplyWriter, "remove_settled", cut),
    "before it is noted": lambda patch: patch.setattr(Ledger, "answers_written", cut),
    "before the inbox is cleared": lambda patch: patch.setattr(InboxFolder, "remove", cut),
    "while the inbox is cleared": lambda patch: patch.setattr(Path, "unlink", after_returns(2, Path.unlink)),
}


def after_returns(times: int, unlink: Callable[..., None]) -> Callable[..., None]:
    """Return a deletion that is cut off after some files of the inbox."""
    left = [times]

    def limited(path: Path, *, missing_ok: bool = False) -> None:
        if path.parent.name == "inbox":
            if not left[0]:
                raise PowerCutError
            left[0] -= 1
        unlink(path, missing_ok=missing_ok)

    return limited


def after(times: int, function: Callable[..., object]) -> Callable[..., object]:
    """Return a function that works some times, and then is cut off."""
    left = [times]

    def limited(*arguments: object, **more: object) -> object:
        if not left[0]:
            raise PowerCutError
        left[0] -= 1
        return function(*arguments, **more)

    return limited


@pytest.fixture
def arrived(week: Office) -> Office:
    """Return an office with four files in its inbox: one to correct, one with a question, a good, a foreign one."""
    wrong = week.right("02")
    wrong.write("indicators", "Z02-01", value="很多")
    doubtful = week.right("03")
    doubtful.write("indicators", "Z03-04", city_rank=50)
    week.send(wrong, "02.xlsx", hours=-5)
    week.send(doubtful, "03.xlsx", hours=-4)
    week.send(week.right("01"), "01.xlsx", hours=-3)
    (week.workspace.inbox / "通讯录.xlsx").write_bytes(b"PK no workbook")
    return week


def outbox(workspace: Workspace) -> dict[str, str]:
    """The letters and workbooks that went back, by their names, with what the letters say."""
    found = {}
    for path in sorted(workspace.outbox.rglob("*")):
        if path.is_file() and path.parent.name in ("通知", "退回更正"):
            found[path.name] = path.read_text("utf-8-sig") if path.suffix == ".txt" else ""
    return found


def test_a_form_that_is_saved_over_one_which_is_being_taken_in_is_taken_in_by_the_next_run(
    week: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = week.send(week.right("01"), "01.xlsx", hours=-3)
    week.send(week.right("02"), "02.xlsx", hours=-3)
    better = week.right("01")
    better.cover(filler="李四")
    saved = better.data
    write = letters.ReplyWriter.write

    def saved_over(*arguments: Any, **more: Any) -> Any:
        path.write_bytes(saved)
        (week.workspace.inbox / "02.xlsx").unlink(missing_ok=True)  # and one is taken away by hand
        return write(*arguments, **more)

    with monkeypatch.context() as patch:
        patch.setattr(letters.ReplyWriter, "write", saved_over)
        ingest(week.workspace, week.period)
    assert path.read_bytes() == saved
    assert "“01.xlsx”在收取时被换成了另一份，没有动它，下次运行时收取。" in caplog.text
    ingest(week.workspace, week.period)
    assert not path.exists()
    with look_into_ledger(week.workspace.ledger) as ledger:
        assert sha256(saved) in {sha for sha, _, _ in ledger.received_files()}


def receipts(workspace: Workspace) -> list[tuple[str, str]]:
    with look_into_ledger(workspace.ledger) as ledger:
        return sorted((receipt.file, receipt.status.value) for receipt in ledger.receipts())


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("command", ["ingest", "merge"])
def test_one_plain_run_after_a_cut_gives_what_an_undisturbed_run_gives(
    moment: str, command: str, arrived: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Workspace(tmp_path / "undisturbed")
    shutil.copytree(arrived.workspace.root, other.root)

    def run(workspace: Workspace) -> None:
        if command == "ingest":
            ingest(workspace, arrived.period)
        else:
            merge(workspace, arrived.period, sleep=lambda _: None)

    run(other)
    with monkeypatch.context() as patch:
        MOMENTS[moment](patch)
        with pytest.raises(PowerCutError):
            run(arrived.workspace)
    run(arrived.workspace)
    assert outbox(arrived.workspace) == outbox(other)
    assert receipts(arrived.workspace) == receipts(other)
    assert list(arrived.workspace.inbox.iterdir()) == list((other.inbox).iterdir()) == []


def test_a_question_in_an_accepted_return_is_put_after_a_cut(
    arrived: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(letters.ReplyWriter, "write", cut)
        with pytest.raises(PowerCutError):
            ingest(arrived.workspace, arrived.period)
    done = ingest(arrived.workspace, arrived.period)
    result = next(file for file in done.files if file.received.name == "03.xlsx")
    assert result.letter is not None
    assert "请核" in result.letter.read_text("utf-8")


def test_what_comes_after_the_cut_is_taken_in_besides(
    arrived: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(letters.ReplyWriter, "write", cut)
        with pytest.raises(PowerCutError):
            ingest(arrived.workspace, arrived.period)
    arrived.send(arrived.right("04"), "04.xlsx")
    names = {file.received.name for file in ingest(arrived.workspace, arrived.period).files}
    assert names == {"01.xlsx", "02.xlsx", "03.xlsx", "04.xlsx", "通讯录.xlsx"}
    assert ingest(arrived.workspace, arrived.period).files == ()
