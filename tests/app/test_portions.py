"""Many returns are taken in by portions: what counts is the same as if they had come in one."""

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tenproj_xl.app import intake, portions
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.judge_files import Judged, judge_files
from tenproj_xl.app.kept_apart import KeptResults
from tenproj_xl.app.letters import Replies, ReplyWriter
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import FileResult, Ingested, IngestInterrupted
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.as_json import ingested_json
from tenproj_xl.cli.returns_text import ingested_lines
from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.looking import connected, look_into_ledger
from tenproj_xl.ledger.proof import verify
from tenproj_xl.reading.answers import FileAnswer
from tenproj_xl.reading.inbox import Received, receive
from tenproj_xl.reading.parcels import Children, SealedParcel
from tenproj_xl.reading.wire import Keep
from tests.helpers.beside import judge_beside
from tests.helpers.filling import Filling, Office
from tests.office.test_signoff import ISSUE


class PowerCutError(Exception):
    """Stands for whatever ends a run in the middle."""


@pytest.fixture
def full(week: Office) -> Office:
    """An office whose inbox has all kinds of files, older ones first."""
    inbox = week.workspace.inbox
    for number, code in enumerate(["01", "02", "04", "05"]):
        week.send(week.right(code), f"{code}.xlsx", hours=-20 + number)
    wrong = spoiled(week)
    week.send(wrong, "03 第一次.xlsx", hours=-15)
    shutil.copy2(inbox / "03 第一次.xlsx", inbox / "03 又一份.xlsx")
    shutil.copy2(inbox / "01.xlsx", inbox / "01 又一份.xlsx")
    changed = week.right("02")
    changed.write("indicators", "Z02-01", value=3)
    week.send(changed, "02 第二次.xlsx", hours=-10)
    doubtful = week.right("03")
    doubtful.write("indicators", "Z03-04", city_rank=50)
    week.send(doubtful, "03 第二次.xlsx", hours=-9)
    packed = week.send(week.right("07"), "07.xlsx", hours=-8)
    with zipfile.ZipFile(inbox / "压缩包.zip", "w") as archive:
        archive.write(packed, "07.xlsx")
        archive.write(inbox / "05.xlsx", "05 又一份.xlsx")
    packed.unlink()
    (inbox / "通讯录.xlsx").write_bytes(b"PK no workbook")
    week.send(spoiled(week, "02"), "02 第三次.xlsx", hours=-2)
    return week


def spoiled(week: Office, code: str = "03") -> Filling:
    """A form that has to be corrected."""
    form = week.right(code)
    form.write("indicators", form.codes("indicators")[0], value="很多")
    return form


def beside(office: Office, name: str) -> Workspace:
    """A copy of a workspace."""
    return Workspace(shutil.copytree(office.workspace.root, office.workspace.root.with_name(name)))


def contents(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """What counts of a ledger: all but the batches that brought it, and their order."""
    with connected(workspace.ledger) as connection:
        queries = {
            "rows": "SELECT sheet, code, period, sha256, received_at, file, payload FROM rows",
            "receipts": "SELECT sha256, period, body FROM receipts",
            "standing": "SELECT * FROM standing",
            "questions": "SELECT rule, row, value, period, state FROM questions",
            "corrections": "SELECT name, period, recipient, body FROM corrections",
        }
        return {kind: sorted(map(tuple, connection.execute(query))) for kind, query in queries.items()}


def letters(workspace: Workspace) -> dict[str, str]:
    """The letters and workbooks that went back, with what the letters say."""
    found = {}
    for path in sorted(workspace.outbox.rglob("*")):
        if path.is_file() and path.parent.name in ("通知", "退回更正"):
            found[path.name] = path.read_text("utf-8-sig") if path.suffix == ".txt" else ""
    return found


def told(done: Ingested, workspace: Workspace) -> tuple[object, ...]:
    """What people and programs are told."""
    document = ingested_json(done, workspace)
    files = sorted(repr(file) for file in as_list(document.pop("files")))
    written = sorted(map(str, as_list(document.pop("written"))))
    return files, written, document, sorted(ingested_lines(done, workspace))


def as_list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize(("count", "is_beside"), [(1, False), (3, False), (4, False), (1, True), (3, True)])
def test_portions_give_the_ledger_and_the_letters_that_one_gives(
    full: Office, monkeypatch: pytest.MonkeyPatch, *, count: int, is_beside: bool
) -> None:
    whole = beside(full, "whole")
    at_once = ingest(whole, full.period)
    if is_beside:
        judge_beside(monkeypatch)
    monkeypatch.setattr(portions, "FILES_AT_ONCE", count)
    done = ingest(full.workspace, full.period)
    assert isinstance(done.files, KeptResults)
    assert contents(full.workspace) == contents(whole)
    assert letters(full.workspace) == letters(whole)
    assert told(done, full.workspace) == told(at_once, whole)
    with connected(full.workspace.ledger) as connection:
        assert not verify(connection).breaches


@pytest.mark.parametrize("count", [1, 200])
def test_what_changed_in_a_new_issue_is_told_though_it_has_no_code_yet(
    week: Office, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(portions, "FILES_AT_ONCE", count)
    for number, measures in enumerate(("尽快办理", "已列入计划", "已列入计划")):
        form = week.right("03")
        form.append("issues", **{**ISSUE, "measures": measures})
        if number == 2:
            form.append("issues", **{**ISSUE, "description": "人手不足"})
        week.send(form, f"第{number + 1}次.xlsx", hours=number - 9)
    results = {file.received.name: file for file in ingest(week.workspace, week.period).files}
    told = {name: changes_told(file) for name, file in results.items()}
    assert told["第1次.xlsx"] == told["第3次.xlsx"] == []
    (changed,) = told["第2次.xlsx"]
    assert "改动1处" in changed
    assert "尽快办理→已列入计划" in changed


def changes_told(file: FileResult) -> list[str]:
    return [found.message for found in file.findings if found.code is Code.RETURN_CHANGED]


@pytest.mark.parametrize("is_beside", [False, True])
def test_corrections_that_come_back_give_the_same_in_portions(
    full: Office, monkeypatch: pytest.MonkeyPatch, *, is_beside: bool
) -> None:
    ingest(full.workspace, full.period)
    for number, path in enumerate(sorted(full.workspace.outbox.rglob("退回更正/*.xlsx"))):
        form = Filling(path)
        form.write("indicators", form.codes("indicators")[0], value=5)
        full.send(form, f"更正{number}.xlsx", hours=1 + number)
    full.send(full.right("08"), "08.xlsx", hours=-1)
    whole = beside(full, "whole")
    ingest(whole, full.period)
    if is_beside:
        judge_beside(monkeypatch)
    monkeypatch.setattr(portions, "FILES_AT_ONCE", 1)
    ingest(full.workspace, full.period)
    assert contents(full.workspace) == contents(whole)
    assert letters(full.workspace) == letters(whole)


def test_reminders_go_once_all_portions_are_in(full: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = beside(full, "whole")
    merge(whole, full.period, sleep=lambda _: None)
    monkeypatch.setattr(portions, "FILES_AT_ONCE", 2)
    merge(full.workspace, full.period, sleep=lambda _: None)
    assert letters(full.workspace) == letters(whole)


def test_an_example_that_several_units_send_back_is_answered_in_every_portion(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = week.workspace.outbox.rglob("*填报示例*.xlsx")
    for name in ("甲.xlsx", "乙.xlsx"):
        shutil.copy2(example, week.workspace.inbox / name)
    whole = beside(week, "whole")
    ingest(whole, week.period)
    monkeypatch.setattr(portions, "FILES_AT_ONCE", 1)
    ingest(week.workspace, week.period)
    assert set(letters(week.workspace)) == set(letters(whole))


def test_a_cut_off_portion_is_answered_beside_what_earlier_ones_said(
    full: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = beside(full, "whole")
    ingest(whole, full.period)
    wanted = letters(whole)
    written = ReplyWriter.write
    runs = []

    def cut(writer: ReplyWriter, *arguments: Any, **more: Any) -> Replies:
        runs.append(writer)
        if len(runs) == 3:
            raise PowerCutError
        return written(writer, *arguments, **more)

    monkeypatch.setattr(portions, "FILES_AT_ONCE", 3)
    with monkeypatch.context() as patch:
        patch.setattr(ReplyWriter, "write", cut)
        with pytest.raises(PowerCutError):
            ingest(full.workspace, full.period)
    before = letters(full.workspace)
    ingest(full.workspace, full.period)
    after = letters(full.workspace)
    assert contents(full.workspace) == contents(whole)
    assert {name for name in after if name.endswith(".xlsx")} == {n for n in wanted if n.endswith(".xlsx")}
    assert before["区科技局.txt"] == after["区科技局.txt"]
    assert "区科技局_续.txt" in after
    said = "".join(after.values())
    assert all(name in said for name in after if name.endswith(".xlsx"))


def test_a_portion_that_was_recorded_is_answered_though_the_next_one_is_interrupted(
    full: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []

    def interrupted(files: Sequence[Received], *arguments: Any, **more: Any) -> Judged:
        judged.append(files)
        if len(judged) == 2:
            raise KeyboardInterrupt
        return judge_files(files, *arguments, **more)

    monkeypatch.setattr(portions, "FILES_AT_ONCE", 3)
    monkeypatch.setattr(intake, "judge_files", interrupted)
    with pytest.raises(IngestInterrupted, match="已收取3份") as raised:
        ingest(full.workspace, full.period)
    answered, rest = ({file.name for file in files} for files in judged)
    assert {file.received.name for file in raised.value.done.files} == answered
    here = {path.name for path in full.workspace.inbox.iterdir()}
    said = "".join(letters(full.workspace).values())
    assert "01专班" in said
    assert "02专班" in said
    assert not answered & here
    assert rest <= here
    with look_into_ledger(full.workspace.ledger) as ledger:
        assert ledger.fact("owed") is None


def test_a_run_behind_one_that_was_stopped_parts_the_files_as_that_one_would_have(
    full: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[int] = []

    def noted(files: Sequence[Received], *arguments: Any, **more: Any) -> Judged:
        judged.append(len(files))
        if len(judged) == 3:
            raise KeyboardInterrupt
        return judge_files(files, *arguments, **more)

    whole = beside(full, "whole")
    monkeypatch.setattr(portions, "FILES_AT_ONCE", 3)
    monkeypatch.setattr(intake, "judge_files", noted)
    with pytest.raises(IngestInterrupted, match="已收取6份"):
        ingest(full.workspace, full.period)
    ingest(full.workspace, full.period)
    stopped, judged[:] = judged[3:], [0, 0, 0]
    ingest(whole, full.period)
    assert judged[3:] == [3, 3, *stopped]
    assert contents(full.workspace) == contents(whole)


def test_each_file_is_read_once_though_it_is_read_ahead(
    full: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(full.workspace.inbox)
    full.workspace.inbox.mkdir()
    for number, code in enumerate(["01", "02", "03", "04", "05", "07", "08"]):
        full.send(full.right(code), f"{code}.xlsx", hours=-20 + number)
    read: list[bytes] = []
    answers = Children.answers

    def counting(children: Children, parcels: Sequence[SealedParcel], keep: Keep) -> list[list[FileAnswer]]:
        read.extend(file for parcel in parcels for file in parcel.files)
        return answers(children, parcels, keep)

    monkeypatch.setattr(portions, "FILES_AT_ONCE", 2)
    monkeypatch.setattr(Children, "answers", counting)
    judge_beside(monkeypatch)
    ingest(full.workspace, full.period)
    assert len(read) == len(set(read)) == 7


def test_portions_are_bounded_by_files_and_by_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = []
    for number in range(5):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(bytes([number]) * 10)
        paths.append(path)
    files = receive(paths)

    def sizes() -> list[int]:
        return [len(portion) for portion in portions.portions(files)]

    assert sizes() == [5]
    monkeypatch.setattr(portions, "FILES_AT_ONCE", 2)
    assert sizes() == [2, 2, 1]
    monkeypatch.setattr(portions, "BYTES_AT_ONCE", 10)
    assert sizes() == [1, 1, 1, 1, 1]
    assert portions.portions([]) == [[]]
