"""Postfix and Dovecot, as offices have them: a form goes out, is filled in, comes back, and counts."""

import smtplib
import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app.workspace import load
from tenproj_xl.cli.main import main
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.mail_settings import MailSettings
from tenproj_xl.post.letter_mail import LetterMail
from tenproj_xl.post.secrets import Secret
from tenproj_xl.post.smtp import Attempt, SendState, send_letters
from tests.helpers.filling import Office
from tests.helpers.mail_servers import HOST, WORD
from tests.helpers.mailbox import set_mail
from tests.helpers.mails import letter
from tests.helpers.postfix import NOWHERE, Postfix
from tests.post.conftest import Mailbox


@pytest.fixture
def settings(week: Office, mailbox: Mailbox, postfix: Postfix) -> MailSettings:
    """Let the office send by Postfix."""
    set_mail(week.workspace, 发信服务器=HOST, 发信端口=postfix.port, 每分钟封数=600)
    assert mailbox.account.startswith("bgs")
    return load(week.workspace).settings.mail


def send(settings: MailSettings, week: Office, *letters: LetterMail) -> dict[str, Attempt]:
    certificate = week.workspace.root / settings.certificate
    return send_letters(letters, settings, Secret(WORD), certificate, lambda *_: None, sleep=lambda _: None)


def to(address: str, *attached: tuple[str, bytes]) -> LetterMail:
    return LetterMail(
        reference="2026-W48-03-1",
        to=(address,),
        subject="请报送第48期填报表〔2026-W48-03-1〕",
        text="请于11月27日17时前发回。",
        attachments=attached,
    )


def fetch(week: Office) -> Result:
    return CliRunner().invoke(main, ["-C", str(week.workspace.root), "fetch"])


def mail_by(account: str, postfix: Postfix, certificate: Path, mail: EmailMessage) -> None:
    """Send a mail as a clerk's program does."""
    context = ssl.create_default_context(cafile=certificate)
    with smtplib.SMTP_SSL(HOST, postfix.port, context=context) as client:
        client.login(account, WORD)
        client.send_message(mail, from_addr=account)


def test_a_form_that_was_mailed_is_filled_in_mailed_back_and_counts(
    week: Office, mailbox: Mailbox, postfix: Postfix, settings: MailSettings
) -> None:
    name = week.right("03").name
    blank = (name, week.blank("03").data)
    sent = send(settings, week, to("box3@example.com", blank))
    assert sent["2026-W48-03-1"].state is SendState.SENT
    (came,) = mailbox.server.mails_of("box3@example.com", 1)
    received = message_from_bytes(came, policy=policy.default)
    (form,) = received.iter_attachments()
    assert (form.get_filename(), form.get_content()) == blank
    answer = letter((name, week.right("03").data), sender="张三 <box3@example.com>")
    answer.replace_header("To", mailbox.account)
    mail_by("box3@example.com", postfix, mailbox.server.certificate, answer)
    mailbox.server.mails_of(mailbox.account, 1)
    done = fetch(week)
    assert (done.exit_code, "1封有回表" in done.stderr) == (0, True), done.stderr
    with look_into_ledger(week.workspace.ledger) as ledger:
        assert [r.party.recipient for r in ledger.receipts(week.period) if r.status.is_return] == ["03"]


def test_a_letter_that_nobody_gets_bounces_and_its_address_is_named(
    week: Office, mailbox: Mailbox, settings: MailSettings
) -> None:
    sent = send(settings, week, to(f"kjj@{NOWHERE}", ("03.xlsx", week.blank("03").data)))
    assert sent["2026-W48-03-1"].state is SendState.SENT  # it was taken, and comes back
    mailbox.server.mails_of(mailbox.account, 1)
    done = fetch(week)
    assert f"退信：发给kjj@{NOWHERE}的信没有送到" in done.stderr
    assert done.exit_code == 1
    with look_into_ledger(week.workspace.ledger) as ledger:
        assert list(ledger.receipts(week.period)) == []


def test_an_address_that_the_server_does_not_know_is_refused_at_once(
    week: Office, settings: MailSettings
) -> None:
    (attempt,) = send(settings, week, to("gone@example.com")).values()
    assert attempt.state is SendState.REFUSED
    assert [(one.address, one.is_permanent) for one in attempt.refused] == [("gone@example.com", True)]


def test_a_letter_that_is_too_large_for_the_server_is_told(week: Office, settings: MailSettings) -> None:
    (attempt,) = send(settings, week, to("box4@example.com", ("录像.mp4", bytes(20 << 20)))).values()
    assert (attempt.state, attempt.why.startswith("邮件太大：")) == (SendState.REFUSED, True)


def test_a_server_that_was_down_is_told_and_the_next_run_goes_on(
    week: Office, mailbox: Mailbox, settings: MailSettings
) -> None:
    assert settings.incoming
    mailbox.deliver(bytes(letter((week.right("03").name, week.right("03").data))))
    mailbox.server.stop()
    try:
        down = fetch(week)
    finally:
        mailbox.server.start()
    assert (down.exit_code, "连不上" in down.stderr) == (3, True)
    assert fetch(week).exit_code == 0
