"""A run that is killed while it sends: what went is not sent again, and what nobody knows of is told."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.cli.main import main
from tests.helpers.address_book import contact
from tests.helpers.filling import Office
from tests.helpers.mail_servers import HOST, line_to
from tests.helpers.mailbox import set_mail
from tests.helpers.postfix import FAR, Postfix
from tests.helpers.smtp_server import SILENCE, SmtpServer, smtp_server
from tests.post.conftest import Mailbox

_PATIENCE = 60.0
_CODE = "import sys; from tenproj_xl.cli.main import main; main(sys.argv[1:])"


def send(week: Office) -> Result:
    return CliRunner().invoke(main, ["-C", str(week.workspace.root), "send", "--mail"])


def fetch(week: Office) -> Result:
    return CliRunner().invoke(main, ["-C", str(week.workspace.root), "fetch"])


@contextmanager
def sending(week: Office) -> Iterator["subprocess.Popen[bytes]"]:
    """Send in a process of its own, which is killed at the end of the block."""
    home = Path(__file__).parents[2]
    command = [sys.executable, "-c", _CODE, "-C", str(week.workspace.root), "send", "--mail"]
    process = subprocess.Popen(  # noqa: S603
        command, cwd=home, env={**os.environ, "PYTHONPATH": str(home)}, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def two_liaisons(week: Office, first: str, second: str) -> None:
    contact(week.workspace, "区科技局", "张一", phone="0571-3", to=first)
    contact(week.workspace, "区住建局", "李二", phone="0571-5", to=second)


def subjects(smtp: SmtpServer) -> list[str]:
    return [str(mail["Subject"]).rpartition("〔")[2] for mail in smtp.answers.taken]


@pytest.fixture
def by_smtp(week: Office, mailbox: Mailbox, smtp: SmtpServer) -> Office:
    assert mailbox.account
    set_mail(week.workspace, 发信服务器=HOST, 发信端口=smtp.port, 发件人="bgs@example.com")
    two_liaisons(week, "kjj@example.com", "zjj@example.com")
    return week


def test_killed_in_the_midst_of_a_letter_it_is_told_and_goes_once(by_smtp: Office, smtp: SmtpServer) -> None:
    smtp.answers.answers = ["250 OK", SILENCE]
    with sending(by_smtp):
        wait_until(lambda: len(smtp.answers.taken) == 2)
    done = send(by_smtp)
    assert "2026-W48-05-1 发送结果不明，请在“已发送”中核对" in done.stderr
    assert done.exit_code == 1
    send(by_smtp)
    assert subjects(smtp) == ["2026-W48-03-1〕", "2026-W48-05-1〕"]


def test_killed_between_two_letters_the_second_goes_with_the_next_run(
    week: Office, mailbox: Mailbox, postfix: Postfix
) -> None:
    set_mail(week.workspace, 发信服务器=HOST, 发信端口=postfix.port, 每分钟封数=1)
    two_liaisons(week, "box70@example.com", "box71@example.com")
    with sending(week):
        mailbox.server.mails_of("box70@example.com", 1)
        time.sleep(1)  # for its state, which is recorded by then
    set_mail(week.workspace, 每分钟封数=600)
    done = send(week)
    assert "从邮箱发出1封" in done.stderr, done.stderr
    assert "发送结果不明" not in done.stderr
    mailbox.server.mails_of("box71@example.com", 1)
    assert "从邮箱发出0封" in send(week).stderr
    for account in ("box70@example.com", "box71@example.com"):
        assert len(mailbox.server.mails_of(account, 1)) == 1


def test_over_a_slow_line_all_go_once(by_smtp: Office, smtp: SmtpServer) -> None:
    with line_to(smtp.port, lambda _: True, delay=0.005) as port:
        set_mail(by_smtp.workspace, 发信端口=port)
        assert send(by_smtp).exit_code == 0
    assert subjects(smtp) == ["2026-W48-03-1〕", "2026-W48-05-1〕"]


def test_a_bounce_of_a_real_server_lets_the_address_rest_and_a_delivery_does_not(
    week: Office, mailbox: Mailbox, postfix: Postfix, tmp_path: Path
) -> None:
    set_mail(week.workspace, 发信服务器=HOST, 发信端口=postfix.port, 每分钟封数=600)
    two_liaisons(week, f"kjj@{FAR}", "box72@example.com")
    with smtp_server(tmp_path, plain=True, port=postfix.far_port) as far:
        far.answers.addresses = {f"kjj@{FAR}": "550 5.1.1 no such user"}
        assert "从邮箱发出2封" in send(week).stderr
        mailbox.server.mails_of(mailbox.account, 1)
    done = fetch(week)
    assert f"退信：2026-W48-03-1发给kjj@{FAR}，没有送到（" in done.stderr
    assert "以后不再发给这个地址。请电话联系区科技局 张一（0571-3）" in done.stderr
    done = send(week)
    assert f"kjj@{FAR} 收不到信（" in done.stderr
    assert "从邮箱发出0封" in done.stderr


def test_a_letter_that_a_real_server_gave_up_is_told_and_its_address_does_not_rest(
    week: Office, mailbox: Mailbox, postfix: Postfix
) -> None:
    set_mail(week.workspace, 发信服务器=HOST, 发信端口=postfix.port, 每分钟封数=600)
    two_liaisons(week, f"kjj@{FAR}", "box73@example.com")  # nothing runs at its port
    send(week)
    mailbox.server.mails_of(mailbox.account, 1)
    done = fetch(week)
    assert f"退信：2026-W48-03-1发给kjj@{FAR}，没有送到（" in done.stderr
    assert "或在待发清单写“再发”" in done.stderr
    assert "收不到信" not in send(week).stderr
