"""Real servers for the tests of mail, where they are installed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from tests.helpers import mail_servers
from tests.helpers.filling import Office
from tests.helpers.mail_servers import HOST, WORD, Dovecot
from tests.helpers.mailbox import set_mail

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


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    if "FAKETIME" in os.environ:
        pytest.skip("servers do not run on another day than their files")
    why = mail_servers.why_no_dovecot()
    if why and os.environ.get("TENPROJ_REQUIRE_LIBREOFFICE"):
        pytest.fail(why)
    if why:
        pytest.skip(why)
    with mail_servers.dovecot() as server:
        yield server


@pytest.fixture
def mailbox(week: Office, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """Let the workspace fetch from a fresh mailbox."""
    monkeypatch.setenv("TENPROJ_SECRET_MAIL", WORD)
    account = f"bgs{next(_NUMBERS)}@example.com"
    (week.workspace.root / "server.pem").write_bytes(dovecot.certificate.read_bytes())
    set_mail(week.workspace, 收信服务器=HOST, 收信端口=dovecot.port, 账号=account, 服务器证书="server.pem")
    return Mailbox(dovecot, account)
