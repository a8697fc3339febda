"""What the office's workbooks say is kept beside the ledger: it is theirs, or it is not used."""

import json
from pathlib import Path
from typing import Any

import pytest

from tenproj_xl.app import kept_workbooks, read_workbooks, workspace
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.status import status
from tenproj_xl.app.verify import verify
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.files import sha256
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.settings_schema import EXAMPLES, FOLDER_SHEET, SETTING_SHEETS
from tests.helpers.address_book import contact
from tests.helpers.filling import Office
from tests.helpers.settings_book import add_line, know_password, set_parameter

KEPT, PASSWORD = "已读工作簿.json", "区科技局2026"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which each workbook that is read adds its name; nothing is remembered in memory."""
    names: list[str] = []
    rows = read_workbooks._rows

    def told(files: Any) -> Any:
        names.extend(file.name for file in files)
        return rows(files)

    monkeypatch.setattr(read_workbooks, "_rows", told)
    forget()
    return names


def forget() -> None:
    """Let the next look be one of a process that has just begun."""
    workspace._known.cache_clear()
    read_workbooks.understood.cache_clear()


def recorded(office: Office) -> Path:
    """Let a command record, and return where it kept what the workbooks say."""
    ingest(office.workspace, office.period)
    forget()
    return office.workspace.ledger / KEPT


def told(loaded: Loaded) -> tuple[object, ...]:
    return (
        loaded.plan,
        loaded.settings,
        loaded.snapshots,
        loaded.addresses,
        loaded.letters,
        loaded.passwords.known,
        loaded.passwords.in_settings,
    )


def tampered(path: Path, old: str, new: str) -> None:
    """Change what is kept, and its digest with it."""
    head, body = path.read_text("utf-8").split("\n", 1)
    assert old in body
    body = body.replace(old, new, 1)
    path.write_text(f"{json.dumps(json.loads(head) | {'sha256': sha256(body.encode())})}\n{body}", "utf-8")


def test_what_is_kept_says_what_the_workbooks_say(week: Office, read: list[str]) -> None:
    place = week.workspace
    contact(place, "区科技局", "王联络", task_forces="03", to="kjj@example.com", phone="0571-3")
    for sheet in SETTING_SHEETS:
        if sheet is not FOLDER_SHEET:  # its examples lie on a Windows machine
            for line in EXAMPLES.get(sheet.code, ()):
                add_line(place, sheet.name, *line)
    (place.root.parent / "聊天").mkdir()
    add_line(place, FOLDER_SHEET.name, "../聊天", "旁看", "微信")
    as_read = told(load(place, afresh=True))
    recorded(week)
    read.clear()
    assert told(load(place)) == as_read
    assert status(place, week.period).lines
    assert read == []


@pytest.mark.parametrize("name", ["工作计划.xlsx", "设置.xlsx", "通讯录.xlsx", "打开密码.xlsx"])
def test_a_workbook_that_was_saved_since_is_read(week: Office, read: list[str], name: str) -> None:
    recorded(week)
    path = week.workspace.root / name
    path.write_bytes(path.read_bytes() + b"\0")
    read.clear()
    load(week.workspace)
    assert name in read


def test_a_setting_that_was_changed_counts_at_once_and_is_kept_by_the_next_that_records(week: Office) -> None:
    recorded(week)
    set_parameter(week.workspace, "临近时限天数", 9)
    assert load(week.workspace).settings.soon_days == 9
    recorded(week)
    assert load(week.workspace).settings.soon_days == 9


def test_passwords_are_never_kept_and_read_where_they_are_needed(week: Office, read: list[str]) -> None:
    know_password(week.workspace, "区科技局", PASSWORD)
    path = recorded(week)
    assert PASSWORD not in path.read_text("utf-8")
    read.clear()
    loaded = load(week.workspace)
    assert read == []
    assert loaded.passwords.known == (PASSWORD,)
    assert read == ["打开密码.xlsx", "设置.xlsx"]
    assert PASSWORD not in repr(loaded)


def test_another_version_of_the_program_reads_anew(
    week: Office, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(week)
    monkeypatch.setattr(kept_workbooks, "modules_stamp", lambda *_: "of another version")
    read.clear()
    load(week.workspace)
    assert "工作计划.xlsx" in read


@pytest.mark.parametrize("at", [0, 20, 120, 5000, -1])
def test_where_a_byte_is_damaged_the_workbooks_are_read(week: Office, read: list[str], at: int) -> None:
    path = recorded(week)
    as_kept = told(load(week.workspace))
    forget()
    data = bytearray(path.read_bytes())
    data[at] ^= 0x15
    path.write_bytes(data)
    read.clear()
    assert told(load(week.workspace)) == as_kept
    assert "工作计划.xlsx" in read
    assert verify(week.workspace).discrepancies == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [('"Plan"', '"Path"'), ('"Direction":"HIGHER"', '"Direction":"UP"'), ("[", "["), ("[{", "{[")],
)
def test_what_is_no_plan_is_not_taken_for_one(week: Office, old: str, new: str) -> None:
    path = recorded(week)
    as_kept = told(load(week.workspace))
    forget()
    tampered(path, old, new)
    assert told(load(week.workspace)) == as_kept


def test_verify_finds_a_target_that_was_changed_in_what_is_kept(week: Office) -> None:
    path = recorded(week)
    name = load(week.workspace).plan.indicators[0].name
    forget()
    tampered(path, name, f"{name}（改）")
    (found,) = verify(week.workspace).discrepancies
    assert found.message == (
        "台账文件夹的“已读工作簿.json”：与工作簿不一致。请删去这个文件，下一次收表、汇总时会照工作簿重写。"
    )
    path.unlink()
    assert verify(week.workspace).discrepancies == ()


def test_nothing_is_kept_of_workbooks_with_errors(week: Office) -> None:
    set_parameter(week.workspace, "临近时限天数", "几天")
    place = Workspace(week.workspace.root)
    forget()
    (place.ledger / KEPT).unlink(missing_ok=True)
    workspace.keep_workbooks(place)
    assert not (place.ledger / KEPT).exists()
