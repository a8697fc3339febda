"""An SMTP server for tests that does what it is told: takes letters, refuses them, breaks off."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.helpers.mail_servers import HOST, WORD, certificate, free_port

OK = "250 OK"
SILENCE = "…"
"""No answer for a long time; the letter has been taken."""
_LONG = 2.0


@dataclass
class Answers:
    """What the server answers: to the sender, to an address, to a letter as a whole.

    `answers` are for the first letters, one each; then all are taken. What is "" breaks the connection off, once
    the letter has been taken.
    """

    sender: str = OK
    addresses: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    logins: int = 0

    async def handle_MAIL(  # noqa: N802  # as the library calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        if self.sender != OK:
            envelope.mail_from = None
        return self.sender

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.addresses.get(address, OK)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else OK
        if answer in ("", OK, SILENCE):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append(message_from_bytes(content, policy=policy.default))
            self.to.append(list(envelope.rcpt_tos))
        if answer == SILENCE:
            await asyncio.sleep(_LONG)
        if not answer:
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
        return answer or OK

    def login(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        self.logins += 1
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password == WORD.encode(), handled=False)


@dataclass(frozen=True)
class SmtpServer:
    """A server that runs: its port, its certificate, and what it answers."""

    port: int
    certificate: Path
    answers: Answers


@contextmanager
def smtp_server(
    folder: Path, *, starttls: bool = False, plain: bool = False, port: int = 0
) -> Iterator[SmtpServer]:
    """Run a server, encrypted from the first byte or by STARTTLS, or one that cannot encrypt."""
    public, private = certificate()
    (folder / "smtp.pem").write_bytes(public)
    (folder / "smtp.key").write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "smtp.pem", folder / "smtp.key")
    answers, port = Answers(), port or free_port()
    settings: dict[str, object] = {"ssl_context": context, "auth_require_tls": False}
    if starttls:
        settings = {"tls_context": context, "require_starttls": True, "auth_required": True}
    if plain:
        settings = {"auth_require_tls": False}
    make: Callable[..., Controller] = Controller
    controller = make(answers, hostname=HOST, port=port, authenticator=answers.login, **settings)
    controller.start()
    try:
        yield SmtpServer(port, folder / "smtp.pem", answers)
    finally:
        controller.stop()
