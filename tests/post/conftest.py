"""Real servers for the tests of mail, where they are installed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from tests.helpers.filling import Office
from tests.helpers.mail_servers import HOST, WORD, Dovecot, why_no_dovecot, why_no_postfix
from tests.helpers.mail_servers import dovecot as running_dovecot
from tests.helpers.mailbox import set_mail
from tests.helpers.postfix import Postfix
from tests.helpers.postfix import postfix as running_postfix

_NUMBERS = count()


@dataclass(frozen=True)
class Mailbox:
    """The office's mailbox, of this test alone, on a real server."""

    server: Dovecot
    account: str

    def deliver(self, *mails: bytes) -> None:
        self.server.deliver(self.account, *mails)

    @property
    def state(self) -> list[bytes]:
        return self.server.state(self.account)


def _require(why: str) -> None:
    """Skip a test whose server does not run here, or let it fail where all programs are to be there."""
    is_other_day = "FAKETIME" in os.environ
    if why and os.environ.get("TENPROJ_REQUIRE_LIBREOFFICE") and not is_other_day:
        pytest.fail(why)
    if why:
        pytest.skip(why)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    _require(why_no_dovecot())
    with running_dovecot() as server:
        yield server


@pytest.fixture
def mailbox(week: Office, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """Let the workspace fetch from a fresh mailbox."""
    monkeypatch.setenv("TENPROJ_SECRET_MAIL", WORD)
    account = f"bgs{next(_NUMBERS)}@example.com"
    (week.workspace.root / "server.pem").write_bytes(dovecot.certificate.read_bytes())
    set_mail(week.workspace, 收信服务器=HOST, 收信端口=dovecot.port, 账号=account, 服务器证书="server.pem")
    return Mailbox(dovecot, account)


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    _require(why_no_postfix())
    with running_postfix(dovecot) as server:
        yield server
