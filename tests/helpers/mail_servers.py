"""Real servers of mail on the loopback, in a folder of their own, with certificates made on the spot.

Dovecot and Postfix are Debian's (`apt-get install postfix dovecot-imapd`); `.ci/run` installs them.
"""

import datetime as dt
import imaplib
import ipaddress
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
WORD = "sesam-2026"
"""The password of every account."""
_PATIENCE = 20.0
MAIL_OWNER = "mail"


def why_no_dovecot() -> str:
    """Return why Dovecot does not run here, "" where it does."""
    if "FAKETIME" in os.environ:
        return "servers do not run on another day than their files"
    return "" if shutil.which("dovecot") else "Dovecot is not installed: apt-get install dovecot-imapd"


def why_no_postfix() -> str:
    """Return why Postfix does not run here, "" where it does."""
    if not shutil.which("postfix"):
        return "Postfix is not installed: apt-get install postfix"
    return "" if os.geteuid() == 0 else "Postfix runs for root alone"


@cache
def certificate(host: str = HOST, last_year: int = 2060) -> tuple[bytes, bytes]:
    """Return a certificate for a host that vouches for itself, until a year begins, and its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    with suppress(ValueError):
        return _signed(key, name, x509.IPAddress(ipaddress.ip_address(host)), last_year)
    return _signed(key, name, x509.DNSName(host), last_year)


def _signed(
    key: ec.EllipticCurvePrivateKey, name: x509.Name, host: x509.GeneralName, last_year: int
) -> tuple[bytes, bytes]:
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime(2010, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(last_year, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made.public_bytes(pem), private


def free_port() -> int:
    with socket.socket() as held:
        held.bind((HOST, 0))
        return int(held.getsockname()[1])


@dataclass
class Dovecot:
    """An IMAP server; any account has a mailbox, and the password `WORD`."""

    folder: Path
    port: int
    starttls_port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def certificate(self) -> Path:
        return self.folder / "server.pem"

    @property
    def mails(self) -> Path:
        """The folder of mailboxes, each a Maildir by the name of its account."""
        return self.folder / "mails"

    def start(self) -> None:
        command = ["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603
        wait_for(self.port)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(_PATIENCE)
            self.process = None

    @contextmanager
    def session(self, account: str) -> Iterator[imaplib.IMAP4_SSL]:
        """Log in as another program of the same person would."""
        context = ssl.create_default_context(cafile=self.certificate)
        session = imaplib.IMAP4_SSL(HOST, self.port, ssl_context=context)
        session.login(account, WORD)
        try:
            yield session
        finally:
            session.logout()

    def deliver(
        self, account: str, *mails: bytes, arrived_at: dt.datetime | None = None, folder: str = "INBOX"
    ) -> None:
        """Put mails into a mailbox, as if they had arrived at some time, by default now."""
        moment = imaplib.Time2Internaldate(arrived_at or dt.datetime.now(dt.UTC))
        with self.session(account) as session:
            for mail in mails:
                state, said = session.append(folder, "", moment, mail)
                assert state == "OK", said

    def mails_of(self, account: str, count: int) -> list[bytes]:
        """Return the mails of a mailbox, once so many have come."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            with self.session(account) as session:
                session.select("INBOX", readonly=True)
                numbers = session.search(None, "ALL")[1][0].split()
                if len(numbers) >= count:
                    return [_mail(session, number) for number in numbers]
            time.sleep(0.1)
        raise TimeoutError(account)

    def state(self, account: str) -> list[bytes]:
        """Return number and flags of all mails of a mailbox."""
        with self.session(account) as session:
            session.select("INBOX", readonly=True)
            _, found = session.fetch("1:*", "(UID FLAGS)")
            return [line for line in found if isinstance(line, bytes)]

    def renumber(self, account: str) -> None:
        """Give the mailbox another UIDVALIDITY, and its mails other numbers, as a moved mailbox has."""
        for path in (self.mails / account).rglob("dovecot*"):
            path.unlink()


def _mail(session: imaplib.IMAP4, number: bytes) -> bytes:
    _, (answer, *_) = session.fetch(number.decode(), "(BODY.PEEK[])")
    assert isinstance(answer, tuple)
    return answer[1]


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Run Dovecot in a folder that goes with the block."""
    # Sockets have short names, and pytest's folders long ones.
    with tempfile.TemporaryDirectory(prefix="tp-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        server = Dovecot(folder, free_port(), free_port())
        _lay_out(server)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _lay_out(server: Dovecot) -> None:
    folder = server.folder
    folder.chmod(0o755)
    public, private = certificate()
    server.certificate.write_bytes(public)
    (folder / "server.key").write_bytes(private)
    server.mails.mkdir()
    (folder / "run").mkdir()
    mine = pwd.getpwuid(os.geteuid()).pw_name
    users = f"default_internal_user = {mine}\ndefault_login_user = {mine}\ndefault_internal_group = {mine}\n"
    owner = mine
    if os.geteuid() == 0:
        users, owner = "", MAIL_OWNER
        shutil.chown(server.mails, owner, owner)
    (folder / "dovecot.conf").write_text(
        f"""
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = {HOST}
ssl = required
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
{users}
first_valid_uid = 1
mail_location = maildir:{server.mails}/%u
auth_mechanisms = plain login
mail_max_userip_connections = 50
passdb {{
  driver = static
  args = password={WORD}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={server.mails}/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {server.starttls_port}
  }}
  inet_listener imaps {{
    port = {server.port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""
    )


def wait_for(port: int, *, answers: bool = True) -> None:
    """Wait until somebody answers at a port, or nobody does any more."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if _answers(port) is answers:
            return
        time.sleep(0.05)
    raise TimeoutError(port)


def _answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


# --- lines that break


@contextmanager
def line_to(port: int, passing: Callable[[int], bool], *, delay: float = 0.0) -> Iterator[int]:
    """Give the port of a line to a server on another port.

    Args:
        port: The server's port.
        passing: Whether more goes through once so many bytes came from the server; else the line is cut.
        delay: How long each block takes, in seconds.
    """
    listening = socket.create_server((HOST, 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                near, _ = listening.accept()
            except OSError:
                return
            far = socket.create_connection((HOST, port))
            counted = _Count()
            for source, sink, count in ((near, far, None), (far, near, counted)):
                threading.Thread(target=pump, args=(source, sink, count), daemon=True).start()

    def pump(source: socket.socket, sink: socket.socket, count: "_Count | None") -> None:
        with suppress(OSError):
            while block := source.recv(1024):
                time.sleep(delay)
                if count is not None:
                    count.bytes += len(block)
                    if not passing(count.bytes):
                        break
                sink.sendall(block)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                end.close()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        over.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()


@dataclass
class _Count:
    bytes: int = 0
