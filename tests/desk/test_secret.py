"""The password of the mailbox is typed on the page, and stands nowhere but in the key ring."""

import json
from pathlib import Path

import pytest

from tests.desk.visitor import Visitor, text_of
from tests.helpers.filling import Office
from tests.helpers.mailbox import set_mail

HOME = Path(__file__).parents[2]
WORD = "xkcd-936 正确"


def test_a_password_goes_into_the_key_ring_and_onto_no_page(
    visitor: Visitor, week: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mail(week.workspace)
    kept = tmp_path / "ring"
    monkeypatch.setenv("PYTHONPATH", str(HOME))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.desk.keyring_in_a_file.KeyRing")
    monkeypatch.setenv("TESTED_KEY_RING", str(kept))

    job = visitor.click("secret", "keep", {"secret": WORD})
    assert job.status == 0, job.text
    assert list(json.loads(kept.read_text(encoding="utf-8")).values()) == [WORD]
    assert job.command == "tenproj secret set mail"
    assert WORD not in repr(job)
    assert WORD not in visitor.ask(f"/jobs/{job.number}").text + visitor.ask("/jobs").text
    assert "系统的密钥环里" in visitor.click("secret", "look").text


def test_nothing_typed_is_said_and_nothing_is_run(visitor: Visitor) -> None:
    assert "请填“密码（授权码）”。" in text_of(visitor.send("/steps/secret/keep", {"secret": ""}))
    assert visitor.desk.jobs.past == []
