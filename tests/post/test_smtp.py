"""Letters by SMTP: none twice, none lost without its being told, whatever the server answers or breaks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tenproj_xl.core.mail_kinds import MailKind
from tenproj_xl.model.mail_settings import MailServer, MailSettings
from tenproj_xl.post import smtp
from tenproj_xl.post.connection import ConnectionProblem
from tenproj_xl.post.letter_mail import LetterMail
from tenproj_xl.post.machine_mails import kind_of
from tenproj_xl.post.secrets import Secret
from tenproj_xl.post.smtp import Attempt, SendState, send_letters
from tests.helpers.mail_servers import HOST, WORD, certificate
from tests.helpers.smtp_server import SILENCE, SmtpServer, smtp_server

Told = list[tuple[str, SendState]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SmtpServer]:
    with smtp_server(tmp_path) as server:
        yield server


def letter(number: int = 1, *to: str, **values: object) -> LetterMail:
    return LetterMail(
        reference=f"2026-W48-{number:02}-1",
        to=to or (f"kjj{number}@example.com",),
        subject=f"请报送第48期填报表〔2026-W48-{number:02}-1〕",
        text="区科技局：\n请于11月27日17时前报送。",
        **values,  # type: ignore[arg-type]
    )


class Office:
    """Sends by a server; notes what it is told, and how long it was made to wait."""

    def __init__(
        self, server: SmtpServer, *, port: int = 0, is_ssl: bool = True, per_minute: int = 100
    ) -> None:
        self.settings = MailSettings(
            outgoing=MailServer(HOST, port or server.port, is_ssl),
            account="bgs@example.com",
            sender="bgs@example.com",
            sender_name="总专班办公室",
            per_minute=per_minute,
        )
        self.secret, self.certificate = Secret(WORD), server.certificate
        self.told: Told = []
        self.waits: list[float] = []

    def send(self, *letters: LetterMail) -> list[Attempt]:
        found = send_letters(
            letters, self.settings, self.secret, self.certificate, self.note, sleep=self.waits.append
        )
        return [found[one.reference] for one in letters]

    def note(self, about: LetterMail, attempt: Attempt) -> None:
        self.told.append((about.reference, attempt.state))


def states(attempts: list[Attempt]) -> list[SendState]:
    return [attempt.state for attempt in attempts]


def test_a_letter_arrives_with_its_attachment_and_is_told_before_and_after(server: SmtpServer) -> None:
    office = Office(server)
    form = "03_区科技局_2026年第48期填报表.xlsx"
    sent = office.send(letter(3, "kjj@example.com", copies=("b@example.com",), attachments=((form, b"PK"),)))
    assert states(sent) == [SendState.SENT]
    assert office.told == [("2026-W48-03-1", SendState.SENDING), ("2026-W48-03-1", SendState.SENT)]
    (mail,) = server.answers.taken
    assert str(mail["From"]) == "总专班办公室 <bgs@example.com>"
    assert (str(mail["To"]), str(mail["Cc"])) == ("kjj@example.com", "b@example.com")
    assert str(mail["Subject"]) == "请报送第48期填报表〔2026-W48-03-1〕"
    assert [part.get_filename() for part in mail.iter_attachments()] == [form]
    body = mail.get_body()
    assert body is not None
    assert "请于11月27日17时前报送。" in body.get_content()
    assert server.answers.to == [["kjj@example.com", "b@example.com"]]
    assert kind_of(mail) is MailKind.OWN


def test_a_letter_that_goes_again_is_known_as_the_same_one(server: SmtpServer) -> None:
    Office(server).send(letter())
    Office(server).send(letter())
    first, second = server.answers.taken
    assert first["Message-ID"] == second["Message-ID"] == "<2026-W48-01-1.tenproj@example.com>"


def test_starttls_serves_as_well(tmp_path: Path) -> None:
    with smtp_server(tmp_path, starttls=True) as server:
        assert states(Office(server, is_ssl=False).send(letter())) == [SendState.SENT]


def test_all_letters_go_through_one_login(server: SmtpServer) -> None:
    assert states(Office(server).send(*map(letter, range(1, 6)))) == [SendState.SENT] * 5
    assert server.answers.logins == 1


def test_an_address_that_is_refused_for_good_is_named_and_the_others_get_theirs(server: SmtpServer) -> None:
    server.answers.addresses["gone@example.com"] = "550 5.1.1 no such user"
    alone, both = Office(server).send(
        letter(1, "gone@example.com"), letter(2, "kjj@example.com", "gone@example.com")
    )
    assert (alone.state, alone.why) == (SendState.REFUSED, "5.1.1 no such user")
    assert both.state is SendState.SENT
    for attempt in (alone, both):
        (refused,) = attempt.refused
        assert (refused.address, refused.is_permanent) == ("gone@example.com", True)
    assert server.answers.to == [["kjj@example.com"]]


def test_a_full_mailbox_does_not_put_an_address_to_rest(server: SmtpServer) -> None:
    server.answers.addresses["full@example.com"] = "552 5.2.2 mailbox full"
    (attempt,) = Office(server).send(letter(1, "full@example.com"))
    assert attempt.state is SendState.PUT_OFF
    assert attempt.refused[0].why == "对方邮箱已满：5.2.2 mailbox full"
    assert not attempt.refused[0].is_permanent


def test_what_is_put_off_goes_again_after_longer_and_longer_pauses(server: SmtpServer) -> None:
    server.answers.answers += ["451 4.7.1 try later", "451 4.7.1 try later"]
    office = Office(server)
    assert states(office.send(letter())) == [SendState.SENT]
    assert office.waits == [30.0, 120.0]
    assert [state for _, state in office.told] == [
        SendState.SENDING,
        SendState.PUT_OFF,
        SendState.SENDING,
        SendState.PUT_OFF,
        SendState.SENDING,
        SendState.SENT,
    ]
    assert len(server.answers.taken) == 1


def test_what_is_put_off_to_the_end_is_left_to_another_run(server: SmtpServer) -> None:
    server.answers.addresses["slow@example.com"] = "450 4.2.0 greylisted"
    attempt, other = Office(server).send(letter(1, "slow@example.com"), letter(2))
    assert (attempt.state, attempt.state.may_be_sent_again) == (SendState.PUT_OFF, True)
    assert attempt.why == "4.2.0 greylisted"
    assert other.state is SendState.SENT
    assert len(server.answers.taken) == 1


def test_a_letter_that_the_server_will_not_have_is_refused_and_the_others_go(server: SmtpServer) -> None:
    server.answers.answers.append("554 5.7.1 rejected as spam")
    first, second = Office(server).send(letter(1), letter(2))
    assert (first.state, first.why, first.refused) == (SendState.REFUSED, "5.7.1 rejected as spam", ())
    assert second.state is SendState.SENT


def test_a_letter_larger_than_the_server_takes_is_told_as_such(server: SmtpServer) -> None:
    (attempt,) = Office(server).send(letter(1, attachments=(("录像.mp4", bytes(40 << 20)),)))
    assert attempt.state is SendState.REFUSED
    assert attempt.why.startswith("邮件太大：")


# --- lines that break


def test_a_line_cut_before_the_answer_leaves_the_result_unknown_and_the_letter_goes_once(
    server: SmtpServer,
) -> None:
    server.answers.answers.append("")
    office = Office(server)
    first, second = office.send(letter(1), letter(2))
    assert (first.state, second.state) == (SendState.UNKNOWN, SendState.SENT)
    assert first.state.label == "发送结果不明，请在“已发送”中核对"
    assert not first.state.may_be_sent_again
    assert [str(mail["Message-ID"])[1:14] for mail in server.answers.taken] == [
        "2026-W48-01-1",
        "2026-W48-02-1",
    ]


def test_a_server_that_never_answers_a_letter_leaves_the_result_unknown(
    server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "SECONDS", 0.5)
    server.answers.answers.append(SILENCE)
    assert states(Office(server).send(letter(1), letter(2))) == [SendState.UNKNOWN, SendState.SENT]
    assert len(server.answers.taken) == 2


def test_a_line_cut_before_the_letter_began_costs_nothing(server: SmtpServer) -> None:
    office = Office(server)

    def note(about: LetterMail, attempt: Attempt) -> None:
        office.told.append((about.reference, attempt.state))
        if attempt.state is SendState.PUT_OFF:
            server.answers.addresses.clear()

    office.note = note  # type: ignore[method-assign]
    server.answers.addresses["a@example.com"] = "421 4.3.2 shutting down"
    assert states(office.send(letter(1, "a@example.com"))) == [SendState.SENT]
    assert len(server.answers.taken) == 1


def test_a_run_that_is_killed_in_between_has_told_what_it_was_sending(server: SmtpServer) -> None:
    office = Office(server)

    def killed(about: LetterMail, attempt: Attempt) -> None:
        office.told.append((about.reference, attempt.state))
        if about.reference == "2026-W48-02-1" and attempt.state is SendState.SENT:
            raise KeyboardInterrupt

    office.note = killed  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        office.send(letter(1), letter(2), letter(3))
    assert office.told[2:] == [("2026-W48-02-1", SendState.SENDING), ("2026-W48-02-1", SendState.SENT)]
    assert len(server.answers.taken) == 2


# --- pace, and what keeps all from going out


def test_no_more_letters_go_out_in_a_minute_than_the_settings_allow(server: SmtpServer) -> None:
    office = Office(server, per_minute=2)
    office.send(*map(letter, range(1, 6)))
    assert len(office.waits) == 3
    assert all(50 < wait <= 60 for wait in office.waits)


def test_a_sender_that_the_server_does_not_allow_stops_all_and_none_is_lost(server: SmtpServer) -> None:
    server.answers.sender = "553 mail from must equal authorized user"
    office = Office(server)
    with pytest.raises(ConnectionProblem, match=r"不让用发件人“bgs@example.com”发信.*一般要与账号一致。"):
        office.send(letter(1), letter(2))
    assert office.told == [("2026-W48-01-1", SendState.SENDING), ("2026-W48-01-1", SendState.PUT_OFF)]


def test_a_wrong_password_is_told_without_it_and_no_letter_is_touched(server: SmtpServer) -> None:
    office = Office(server)
    office.secret = Secret("geheim-falsch")
    with pytest.raises(ConnectionProblem, match=r"没有让“bgs@example.com”登录") as told:
        office.send(letter())
    assert "geheim" not in str(told.value)
    assert office.told == []


def test_a_certificate_that_is_not_the_servers_is_told(server: SmtpServer, tmp_path: Path) -> None:
    office = Office(server)
    office.certificate = tmp_path / "other.pem"
    office.certificate.write_bytes(certificate("mail.example.com")[0])
    with pytest.raises(ConnectionProblem, match="证书不可信"):
        office.send(letter())
    assert server.answers.logins == 0


def test_a_server_that_cannot_encrypt_gets_no_letter_and_no_password(tmp_path: Path) -> None:
    with smtp_server(tmp_path, plain=True) as server:
        with pytest.raises(ConnectionProblem, match=r"不能加密（STARTTLS），没有发信。"):
            Office(server, is_ssl=False).send(letter())
        assert server.answers.logins == 0


def test_two_letters_of_one_reference_are_a_fault_of_the_program(server: SmtpServer) -> None:
    with pytest.raises(ValueError, match="one reference"):
        Office(server).send(letter(1), letter(1))
