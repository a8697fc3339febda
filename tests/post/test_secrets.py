"""Where the password of the mailbox comes from, and where it never stands."""

import copy
import os
import pickle
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from keyring.backends.fail import Keyring as NoKeyRing
from keyring.errors import KeyringLocked

from tenproj_xl.cli.main import main
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.fault_report import write_fault_report
from tenproj_xl.core.secret_variables import environment_without_secrets
from tenproj_xl.post.secrets import Secret, SecretName, key_ring, secret_of
from tenproj_xl.reading.worker import Worker
from tests.helpers.filling import Office
from tests.helpers.mailbox import ACCOUNT, MemoryKeyRing, set_mail, using_key_ring

WORD = "sesam-öffne-2026"


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyRing]:
    monkeypatch.delenv("TENPROJ_SECRET_MAIL", raising=False)
    ring = MemoryKeyRing()
    with using_key_ring(ring):
        yield ring


def tenproj(office: Office, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments], input=typed)


def test_a_secret_that_was_set_is_there_is_used_and_is_deleted(week: Office, ring: MemoryKeyRing) -> None:
    set_mail(week.workspace)
    done = tenproj(week, "secret", "set", "mail", typed=f"{WORD}\n")
    assert (done.exit_code, done.stderr) == (0, f"已把“{ACCOUNT}”的邮箱密码存进系统的密钥环。\n")
    assert list(ring.kept.values()) == [WORD]
    assert secret_of(SecretName.MAIL, ACCOUNT).reveal() == WORD
    assert f"有“{ACCOUNT}”的邮箱密码，在系统的密钥环里。" in tenproj(week, "secret", "status", "mail").stdout
    assert "已从系统的密钥环删去" in tenproj(week, "secret", "delete", "mail").stderr
    assert ring.kept == {}
    assert "没有“" in tenproj(week, "secret", "status", "mail").stdout


def test_nothing_typed_keeps_nothing(week: Office, ring: MemoryKeyRing) -> None:
    set_mail(week.workspace)
    done = tenproj(week, "secret", "set", "mail", typed="\n")
    assert (done.exit_code, ring.kept) == (2, {})


def test_the_environment_comes_first(ring: MemoryKeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    key_ring(SecretName.MAIL).put(SecretName.MAIL, ACCOUNT, Secret("older"))
    monkeypatch.setenv("TENPROJ_SECRET_MAIL", WORD)
    assert secret_of(SecretName.MAIL, ACCOUNT).reveal() == WORD
    assert len(ring.kept) == 1


@pytest.mark.usefixtures("ring")
def test_the_terminal_comes_last() -> None:
    asked = []

    def ask(what: str) -> str:
        asked.append(what)
        return WORD

    assert secret_of(SecretName.MAIL, ACCOUNT, ask).reveal() == WORD
    assert asked == [f"“{ACCOUNT}”的邮箱密码"]


@pytest.mark.usefixtures("ring")
def test_without_any_the_remedies_are_told() -> None:
    with pytest.raises(EnvironmentProblem) as told:
        secret_of(SecretName.MAIL, ACCOUNT)
    assert str(told.value) == (
        f"没有“{ACCOUNT}”的邮箱密码。请运行 tenproj secret set mail 保存，"
        "或把邮箱密码放进环境变量 TENPROJ_SECRET_MAIL。"
    )


@pytest.mark.usefixtures("ring")
def test_a_machine_without_a_key_ring_is_told_before_anything_is_typed(week: Office) -> None:
    set_mail(week.workspace)
    with using_key_ring(NoKeyRing()):  # type: ignore[no-untyped-call]
        done = tenproj(week, "secret", "set", "mail", typed=f"{WORD}\n")
    assert done.exit_code == 3
    assert done.stderr == (
        "错误：这台电脑没有可以保存密码的密钥环。请把邮箱密码放进环境变量 TENPROJ_SECRET_MAIL。\n"
    )


@pytest.mark.usefixtures("ring")
def test_a_key_ring_that_stays_locked_is_told() -> None:
    class Locked(MemoryKeyRing):
        def get_password(self, service: str, username: str) -> str | None:
            raise KeyringLocked(service, username)

    with (
        using_key_ring(Locked()),
        pytest.raises(EnvironmentProblem, match=r"密钥环打不开.*TENPROJ_SECRET_MAIL"),
    ):
        secret_of(SecretName.MAIL, ACCOUNT)


def test_without_an_account_there_is_nothing_to_keep_a_secret_for(week: Office) -> None:
    done = tenproj(week, "secret", "set", "mail", typed=f"{WORD}\n")
    assert done.exit_code == 3
    assert "请在“设置.xlsx”的“邮箱”表填“账号”" in done.stderr


def test_a_secret_shows_itself_to_nobody_who_does_not_ask() -> None:
    secret = Secret(WORD)
    assert WORD not in f"{secret!r} {secret} {vars(type(secret))}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        copy.deepcopy(secret)


def test_processes_that_read_files_are_not_given_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENPROJ_SECRET_MAIL", WORD)
    assert WORD in os.environ.values()
    assert WORD not in environment_without_secrets().values()


def test_reading_processes_are_started_without_secrets(week: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[dict[str, str]] = []
    popen = subprocess.Popen

    def noting(*arguments: object, **named: object) -> object:
        started.append(named["env"])  # type: ignore[arg-type]
        return popen(*arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setenv("TENPROJ_SECRET_MAIL", WORD)
    monkeypatch.setattr(subprocess, "Popen", noting)
    monkeypatch.setattr("tenproj_xl.reading.parcels.Worker", Worker)  # none that ran before
    assert tenproj(week, "check", str(week.send(week.right("03")))).exit_code == 0
    assert started
    assert not any(WORD in environment.values() for environment in started)


@pytest.mark.usefixtures("ring")
def test_a_secret_stands_in_no_file_of_the_workspace_and_in_no_backup(week: Office, tmp_path: Path) -> None:
    set_mail(week.workspace)
    week.send(week.right("03"))
    assert tenproj(week, "secret", "set", "mail", typed=f"{WORD}\n").exit_code == 0
    assert tenproj(week, "ingest").exit_code == 0
    backup = tmp_path / "备份.zip"
    assert tenproj(week, "backup", str(backup)).exit_code == 0
    files = [path for path in week.workspace.root.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert [path for path in files if WORD.encode() in path.read_bytes()] == []
    with zipfile.ZipFile(backup) as archive:
        assert not any(WORD.encode() in archive.read(name) for name in archive.namelist())


def test_a_fault_report_has_no_secret(tmp_path: Path) -> None:
    def fail(word: Secret) -> None:
        raise ValueError(word.reveal())

    try:
        fail(Secret(WORD))
    except ValueError as fault:
        path = write_fault_report(fault, "fetch", tmp_path)
    assert WORD not in path.read_text("utf-8")
