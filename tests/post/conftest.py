"""Real servers for the tests of mail, where they are installed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tenproj_xl.cli.main import main
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.deliveries import LiaisonLetter
from tests.helpers.address_book import contact
from tests.helpers.filling import Office
from tests.helpers.mail_servers import HOST, WORD, Dovecot, why_no_dovecot, why_no_postfix
from tests.helpers.mail_servers import dovecot as running_dovecot
from tests.helpers.mailbox import set_mail
from tests.helpers.postfix import Postfix
from tests.helpers.postfix import postfix as running_postfix
from tests.helpers.smtp_server import SmtpServer, smtp_server

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


@pytest.fixture
def smtp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpServer]:
    with smtp_server(tmp_path_factory.mktemp("smtp")) as server:
        yield server


@dataclass(frozen=True)
class Correspondence:
    """An office with a mailbox, a server to send by, and the liaisons of three units in its address book."""

    office: Office
    mailbox: Mailbox
    smtp: SmtpServer

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["-C", str(self.office.workspace.root), *arguments])

    def send(self) -> Result:
        return self.run("send", "--mail")

    def fetch(self, *mails: bytes) -> Result:
        """Fetch some mails, once they have come."""
        self.mailbox.deliver(*mails)
        return self.run("fetch")

    def sent_to(self, address: str) -> EmailMessage:
        """Return the last letter that went to an address."""
        pairs = zip(self.smtp.answers.taken, self.smtp.answers.to, strict=True)
        return [mail for mail, to in pairs if address in to][-1]

    def count(self, address: str) -> int:
        """Return how many letters went to an address."""
        return sum(address in to for to in self.smtp.answers.to)

    def letter(self, reference: str) -> LiaisonLetter:
        with look_into_ledger(self.office.workspace.ledger) as ledger:
            found = ledger.letter(reference)
        assert found is not None, reference
        return found

    @property
    def folder(self) -> Path:
        return self.folder_of(self.office.period)

    def folder_of(self, period: str) -> Path:
        return self.office.workspace.outbox / period / "待发"

    def listed(self, reference: str) -> dict[str, str]:
        """Return the line of a letter in 待发清单.xlsx by header."""
        page = load_workbook(self.folder_of(reference[:8]) / "待发清单.xlsx")["待发清单"]
        _, head, *lines = page.iter_rows(values_only=True)
        by_reference = {
            str(line[0]): dict(zip(map(str, head), map(str, line), strict=True)) for line in lines
        }
        return by_reference[reference]

    def mark(self, reference: str, mark: str) -> None:
        path = self.folder_of(reference[:8]) / "待发清单.xlsx"
        book = load_workbook(path)
        for row in book["待发清单"].iter_rows(min_row=3):
            if row[0].value == reference:
                row[1].value = mark
        book.save(path)


@pytest.fixture
def post(week: Office, mailbox: Mailbox, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Correspondence:
    """The week, with liaisons of 03 and 05 who are mailed, and whose letters went."""
    monkeypatch.setattr("tenproj_xl.post.smtp._BACK_OFF", ())
    set_mail(week.workspace, 发信服务器=HOST, 发信端口=smtp.port, 发件人="bgs@example.com")
    contact(week.workspace, "区科技局", "张一", phone="0571-3", to="kjj@example.com")
    contact(week.workspace, "区住建局", "李二", phone="0571-5", to="zjj@example.com")
    pair = Correspondence(week, mailbox, smtp)
    done = pair.send()
    assert "从邮箱发出2封" in done.stderr, done.stderr
    return pair
