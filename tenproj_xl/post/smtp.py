"""Letters sent by SMTP: none twice unless a person says so, and none lost without its being told.

`send_letters` tells its caller of each letter before it goes out and after the server's answer. What was told
as SENDING and nothing after is UNKNOWN: the run was cut off in between.
"""

import re
import smtplib
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import field
from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.progress import counted
from tenproj_xl.model.mail_settings import MailServer, MailSettings
from tenproj_xl.post.connection import SECONDS, ConnectionProblem, answer_of, refused, tls, told
from tenproj_xl.post.letter_mail import LetterMail, mail_of
from tenproj_xl.post.secrets import Secret

_WHAT = "发信服务器"
_FAULTS = (smtplib.SMTPException, OSError)
_BACK_OFF = (30.0, 120.0)
"""Seconds before letters that were put off are tried again in the same run."""
_MINUTE = 60.0
_FOR_GOOD, _TOO_LARGE, _CLOSING = 500, 552, 421
_FULL = re.compile(
    r"\b[45]\.2\.2\b|mailbox (?:is )?full|over quota|quota exceeded|邮箱已满|空间已满", re.IGNORECASE
)


class SendState(LabelledCode):
    """What became of a letter that was to be sent."""

    SENDING = "sending", "正在发送"
    """Told before the letter goes out."""
    SENT = "sent", "已发送"
    PUT_OFF = "put_off", "暂时没有发出"
    """The server did not take it now: it may be sent again."""
    REFUSED = "refused", "没有发出，被拒收"
    """Nobody got it; addresses that were refused for good rest until a person has looked at them."""
    UNKNOWN = "unknown", "发送结果不明，请在“已发送”中核对"
    """The connection broke off before the answer: it never goes again without a person's word."""

    @property
    def may_be_sent_again(self) -> bool:
        """Whether the letter certainly went to nobody, and may go with the next run."""
        return self is SendState.PUT_OFF


@dataclass(frozen=True, kw_only=True)
class RefusedAddress:
    """An address that the server refused for a letter, and why; for good, or for now."""

    address: str
    why: str
    is_permanent: bool


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What became of a letter at some moment.

    A letter that was SENT went to all its addresses but the `refused` ones. `why` is what the server said
    where it is not SENT.
    """

    state: SendState
    at: datetime
    why: str = ""
    refused: tuple[RefusedAddress, ...] = ()


Tell = Callable[[LetterMail, Attempt], None]
"""Records what becomes of a letter, durably before it returns."""


def send_letters(
    letters: Sequence[LetterMail],
    settings: MailSettings,
    secret: Secret,
    certificate: Path | None,
    tell: Tell,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Attempt]:
    """Send letters, so many a minute as the settings allow; return what became of each, by its reference.

    Letters that the server puts off are tried again after a while, each time longer, and then left to another
    run. Where the connection cannot be made, or made again, the letters that are left are not told of at all.

    Args:
        letters: The letters, each of its own reference.
        settings: The mailbox.
        secret: Its password.
        certificate: A file with certificates that are trusted besides those of the system.
        tell: Records each state of a letter, before it goes out and after.
        sleep: Waits for some seconds.

    Raises:
        ConnectionProblem: The server cannot be used; a person is told why and what to do.
        ValueError: Two letters have one reference.
    """
    if len({letter.reference for letter in letters}) < len(letters):
        raise ValueError("two letters have one reference")
    found: dict[str, Attempt] = {}
    with _Line(settings, secret, tls(certificate), _Pace(settings.per_minute, sleep)).closed() as line:
        waiting = list(letters)
        for pause in (0.0, *_BACK_OFF):
            if not waiting:
                break
            if pause:
                sleep(pause)
            for letter in counted(waiting, "发邮件", "封"):
                found[letter.reference] = line.send(letter, tell)
            waiting = [one for one in waiting if found[one.reference].state.may_be_sent_again]
    return found


@dataclass
class _Pace:
    """At most so many letters in any minute."""

    per_minute: int
    sleep: Callable[[float], None]
    begun: deque[float] = field(default_factory=deque)

    def wait(self) -> None:
        """Wait until one more letter may go out."""
        now = time.monotonic()
        if len(self.begun) >= self.per_minute:
            left = self.begun.popleft() + _MINUTE - now
            if left > 0:
                self.sleep(left)
        self.begun.append(time.monotonic())


class _Noting:
    """Notes whether the body of a mail began to go out: what came before is text, and the body is bytes."""

    body_begun = False

    def send(self, s: object) -> None:
        """Send a command or a body."""
        if isinstance(s, bytes):
            self.body_begun = True
        super().send(s)  # type: ignore[misc]  # that of smtplib


class _EncryptedClient(_Noting, smtplib.SMTP_SSL):
    pass


class _StartTlsClient(_Noting, smtplib.SMTP):
    pass


_Client = _EncryptedClient | _StartTlsClient


@dataclass
class _Line:
    """A connection to the server, made where there is none."""

    settings: MailSettings
    secret: Secret
    context: ssl.SSLContext
    pace: _Pace
    client: _Client | None = None
    problem: str = ""
    """What keeps all letters from going out, told once the letter at hand is."""

    @contextmanager
    def closed(self) -> Iterator["_Line"]:
        """Close the connection at the end of the block."""
        try:
            yield self
        finally:
            self.drop(politely=True)

    def drop(self, *, politely: bool = False) -> None:
        """Give the connection up."""
        if self.client is not None:
            with suppress(*_FAULTS):
                if politely:
                    self.client.quit()
            self.client.close()
            self.client = None

    def send(self, letter: LetterMail, tell: Tell) -> Attempt:
        """Send one letter; tell of it before and after."""
        client = self._open()
        self.pace.wait()
        tell(letter, Attempt(state=SendState.SENDING, at=datetime.now(UTC)))
        client.body_begun = False
        attempt = self._attempt(client, letter)
        tell(letter, attempt)
        if self.problem:
            raise ConnectionProblem(self.problem)
        return attempt

    def _attempt(self, client: _Client, letter: LetterMail) -> Attempt:
        now = datetime.now(UTC)
        sender = self.settings.sender
        try:
            mail = mail_of(letter, self.settings, now).as_bytes()
            answers = client.sendmail(sender, letter.addresses, mail)
        except smtplib.SMTPRecipientsRefused as fault:
            return self._nobody(fault.recipients, now)
        except smtplib.SMTPResponseException as fault:
            return self._not_taken(fault, now)
        except UnicodeEncodeError:
            return Attempt(state=SendState.REFUSED, at=now, why="地址里有不能用的字")
        except _FAULTS:
            self.drop()
            state = SendState.UNKNOWN if client.body_begun else SendState.PUT_OFF
            return Attempt(state=state, at=now, why="连接中断")
        return Attempt(state=SendState.SENT, at=now, refused=self._refused(answers))

    def _nobody(self, answers: Mapping[str, tuple[int, bytes]], now: datetime) -> Attempt:
        """Return what became of a letter of which all addresses were refused."""
        found = self._refused(answers)
        state = SendState.REFUSED
        if not all(one.is_permanent for one in found):
            state = SendState.PUT_OFF
        self._drop_where_closing([code for code, _ in answers.values()])
        return Attempt(state=state, at=now, why=found[0].why if found else "", refused=found)

    def _not_taken(self, fault: smtplib.SMTPResponseException, now: datetime) -> Attempt:
        """Return what became of a letter that the server refused as such."""
        code, why = fault.smtp_code, answer_of(fault.smtp_error, self.secret)
        self._drop_where_closing([code])
        state = SendState.REFUSED
        if code < _FOR_GOOD or _FULL.search(why):
            state = SendState.PUT_OFF
        elif isinstance(fault, smtplib.SMTPSenderRefused) and code != _TOO_LARGE:
            state = SendState.PUT_OFF  # with all letters, until the settings are right
            sender = f"{_WHAT}不让用发件人“{self.settings.sender}”发信（服务器说：{why}）"
            self.problem = f"{sender}。请核对“邮箱”表的“发件人”，一般要与账号一致。"
        elif code == _TOO_LARGE:
            why = f"邮件太大：{why}"
        return Attempt(state=state, at=now, why=why)

    def _refused(self, answers: Mapping[str, tuple[int, bytes]]) -> tuple[RefusedAddress, ...]:
        found = []
        for address, (code, said) in answers.items():
            why = answer_of(said, self.secret)
            is_full = bool(_FULL.search(why))
            found.append(
                RefusedAddress(
                    address=address,
                    why=f"对方邮箱已满：{why}" if is_full else why,
                    is_permanent=code >= _FOR_GOOD and not is_full,
                )
            )
        return tuple(found)

    def _drop_where_closing(self, codes: Sequence[int]) -> None:
        if _CLOSING in codes:
            self.drop()

    def _open(self) -> _Client:
        """Return the connection, made and logged in where there is none."""
        if self.client is None:
            server = self.settings.outgoing
            if server is None:
                raise ValueError("the settings have no server")
            self.client = _connected(server, self.context)
            try:
                _log_in(self.client, server, self.settings.account, self.secret)
            except ConnectionProblem:
                self.drop()
                raise
        return self.client


def _connected(server: MailServer, context: ssl.SSLContext) -> _Client:
    client: _Client
    try:
        if server.is_ssl:
            return _EncryptedClient(server.host, server.port, timeout=SECONDS, context=context)
        client = _StartTlsClient(server.host, server.port, timeout=SECONDS)
    except _FAULTS as fault:
        raise told(fault, server, _WHAT) from None
    try:
        client.starttls(context=context)
    except smtplib.SMTPNotSupportedError:
        client.close()
        name = f"{_WHAT} {server.host}:{server.port}"
        raise ConnectionProblem(
            f"{name} 不能加密（STARTTLS），没有发信。请核对“邮箱”表的端口和加密。"
        ) from None
    except _FAULTS as fault:
        client.close()
        raise told(fault, server, _WHAT) from None
    return client


def _log_in(client: _Client, server: MailServer, account: str, secret: Secret) -> None:
    try:
        client.login(account, secret.reveal())
    except smtplib.SMTPAuthenticationError as fault:
        said = answer_of(fault.smtp_error, secret)
        raise refused(server, _WHAT, account, said) from None
    except (smtplib.SMTPNotSupportedError, UnicodeEncodeError):
        raise refused(server, _WHAT, account, "") from None
    except _FAULTS as fault:
        raise told(fault, server, _WHAT) from None
