"""`tenproj send --mail`: letters that go by mail are sent from the office's mailbox, each once, and that is recorded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tenproj_xl.cli.main import main
from tests.helpers.address_book import contact
from tests.helpers.filling import Office
from tests.helpers.mail_servers import HOST, WORD
from tests.helpers.mailbox import set_mail
from tests.helpers.smtp_server import SmtpServer, smtp_server


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpServer]:
    with smtp_server(tmp_path_factory.mktemp("smtp")) as server:
        yield server


@pytest.fixture
def office(week: Office, server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The week, with two liaisons who are mailed and one who is not."""
    monkeypatch.setenv("TENPROJ_SECRET_MAIL", WORD)
    monkeypatch.setattr("tenproj_xl.post.smtp._BACK_OFF", ())
    root = week.workspace.root
    (root / "server.pem").write_bytes(server.certificate.read_bytes())
    set_mail(
        week.workspace, 发信服务器=HOST, 发信端口=server.port, 账号="bgs@example.com", 服务器证书="server.pem"
    )
    contact(week.workspace, "区科技局", "张一", to="kjj@example.com", copies="kjj-jz@example.com")
    contact(week.workspace, "区住建局", "李二", to="zjj@example.com")
    contact(week.workspace, "区政府办", "王五", channel="OA")
    return week


def send(office: Office) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), "send", "--mail"])


def folder(office: Office) -> Path:
    return office.workspace.outbox / office.period / "待发"


def states(office: Office) -> dict[str, str]:
    page = load_workbook(folder(office) / "待发清单.xlsx")["待发清单"]
    _, head, *lines = page.iter_rows(values_only=True)
    unit, became = head.index("单位"), head.index("状态")
    return {str(line[unit]): str(line[became]) for line in lines}


def mark(office: Office, unit: str, text: str) -> None:
    path = folder(office) / "待发清单.xlsx"
    book = load_workbook(path)
    for row in book["待发清单"].iter_rows(min_row=3):
        if unit in [cell.value for cell in row]:
            row[1].value = text
    book.save(path)


def subjects(server: SmtpServer) -> list[str]:
    return [str(mail["Subject"]).rpartition("〔")[2] for mail in server.answers.taken]


def test_who_is_mailed_gets_the_letter_once_and_the_others_wait_in_their_folders(
    office: Office, server: SmtpServer
) -> None:
    done = send(office)
    assert done.exit_code == 0, done.stderr
    assert "从邮箱发出2封。" in done.stderr
    assert subjects(server) == ["2026-W48-03-1〕", "2026-W48-05-1〕"]
    assert server.answers.to[0] == ["kjj@example.com", "kjj-jz@example.com"]
    assert states(office)["区科技局"].startswith("已发（")
    assert states(office)["区政府办"] == "待发"
    assert not (folder(office) / "区科技局_张一").exists()
    send(office)
    assert len(subjects(server)) == 2


def test_what_the_operator_wrote_into_the_message_is_what_goes(office: Office, server: SmtpServer) -> None:
    CliRunner().invoke(main, ["-C", str(office.workspace.root), "send"])
    (folder(office) / "区科技局_张一" / "消息.txt").write_text("张科长好，请查收。\n", "utf-8")
    (folder(office) / "区科技局_张一" / "补充说明.docx").write_bytes(b"PK")
    send(office)
    mail = server.answers.taken[0]
    body = mail.get_body()
    assert body is not None
    assert body.get_content().strip() == "张科长好，请查收。"
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ["03_区科技局_2026年第48期填报表.xlsx", "填报示例.xlsx", "补充说明.docx"]


def test_what_may_have_been_sent_waits_for_a_persons_word(office: Office, server: SmtpServer) -> None:
    server.answers.answers = [""]  # breaks off once the letter has been taken
    done = send(office)
    assert done.exit_code == 1
    assert "2026-W48-03-1 发送结果不明，请在“已发送”中核对" in done.stderr
    send(office)
    assert subjects(server).count("2026-W48-03-1〕") == 1
    assert states(office)["区科技局"] == "发送结果不明，请在“已发送”中核对"
    status = CliRunner().invoke(main, ["-C", str(office.workspace.root), "status"])
    assert "2026-W48-03-1发送结果不明" in status.stdout + status.stderr
    mark(office, "区科技局", "再发")
    assert send(office).exit_code == 0
    assert subjects(server).count("2026-W48-03-1〕") == 2
    assert states(office)["区科技局"].startswith("已发（")


def test_a_letter_that_went_after_all_is_ticked(office: Office, server: SmtpServer) -> None:
    server.answers.answers = [""]
    send(office)
    mark(office, "区科技局", "√")
    assert send(office).exit_code == 0
    assert subjects(server).count("2026-W48-03-1〕") == 1


def test_a_letter_that_reached_its_copy_alone_is_told(office: Office, server: SmtpServer) -> None:
    server.answers.addresses = {"kjj@example.com": "452 4.2.2 mailbox full"}
    done = send(office)
    assert server.answers.to[0] == ["kjj-jz@example.com"]
    assert "2026-W48-03-1（kjj@example.com）已发：没有发给kjj@example.com：对方邮箱已满：" in done.stderr


def test_an_address_that_was_refused_rests_until_the_address_book_has_another(
    office: Office, server: SmtpServer
) -> None:
    server.answers.addresses = {"zjj@example.com": "550 5.1.1 no such user"}
    done = send(office)
    assert done.exit_code == 1
    assert "2026-W48-05-1（zjj@example.com）被拒收：" in done.stderr
    assert states(office)["区住建局"].startswith("被拒收，")
    again = send(office)
    assert "zjj@example.com 收不到信（" in again.stderr
    assert subjects(server) == ["2026-W48-03-1〕"]
    server.answers.addresses = {}
    book = load_workbook(office.workspace.addresses)
    for row in book["通讯录"].iter_rows(min_row=3):
        for cell in row:
            if cell.value == "zjj@example.com":
                cell.value = "zjj-new@example.com"
    book.save(office.workspace.addresses)
    assert send(office).exit_code == 0
    assert server.answers.to[-1] == ["zjj-new@example.com"]


def test_a_run_that_was_killed_while_it_sent_leaves_the_letter_in_doubt(
    office: Office, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tenproj_xl.post.smtp._Line._attempt", killed)
        send(office)
    done = send(office)
    assert "2026-W48-03-1 发送结果不明" in done.stderr
    assert subjects(server) == ["2026-W48-05-1〕"]


def test_without_a_server_or_with_a_wrong_password_nothing_goes_and_the_remedy_is_told(
    office: Office, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENPROJ_SECRET_MAIL", "wrong")
    done = send(office)
    assert done.exit_code == 3
    assert "其余的下次再发" in done.stderr
    assert "wrong" not in done.stderr
    assert subjects(server) == []
    set_mail(office.workspace, 发信服务器="")
    done = send(office)
    assert done.exit_code == 3
    assert "还没有登记发信的邮箱" in done.stderr
