"""The mailbox that forms are fetched from: IMAP by the library `imap-tools`, of the extra `mail`.

It is opened to look into alone (EXAMINE), and mails are fetched without being marked as read: nothing in it
is changed, moved or deleted.
"""

import imaplib
import re
import ssl
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from email.message import Message
from pathlib import Path

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailMessage
from imap_tools.errors import MailboxFetchError, MailboxFolderSelectError, MailboxLoginError

from tenproj_xl import __version__
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.mail_settings import MailServer, MailSettings
from tenproj_xl.post.connection import SECONDS, ConnectionProblem, answer_of, refused, tls, told
from tenproj_xl.post.secrets import Secret
from tenproj_xl.reading.mail_headers import read_envelope
from tenproj_xl.reading.members import clean_name

_WHAT = "收信服务器"
_FAULTS = (imaplib.IMAP4.error, ImapToolsError, OSError, EOFError)
"""What the libraries raise; a cut connection is an `imaplib.IMAP4.abort`, and TLS an OSError."""
_AT_ONCE = 100
"""Headers asked for in one command."""
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, kw_only=True)
class MailHead:
    """A mail in the mailbox: its number there, when it arrived, its size in bytes, and what its head says."""

    uid: int
    arrived_at: datetime
    size: int
    message_id: str
    sender: str
    subject: str


class _RawMessage(MailMessage):
    """A mail as the bytes that came, which nothing parses here."""

    def __init__(self, fetch_data: list[object]) -> None:
        self.data, self._raw_uid_data, self._raw_flag_data = self._get_message_data_parts(fetch_data)
        self.obj = Message()


class _EncryptedBox(MailBox):
    email_message_class = _RawMessage


class _StartTlsBox(MailBoxStartTls):
    email_message_class = _RawMessage


@dataclass(frozen=True)
class OpenMailbox:
    """A folder of a mailbox, open to look into.

    `uid_validity` says how long the numbers of mails are good for: they are others where it is another. It is
    0 where the server gives none, and then no number is good beyond a connection.
    """

    box: BaseMailBox
    server: MailServer
    uid_validity: int

    def listed(self, since: date, known: Collection[int]) -> list[MailHead]:
        """Return the mails that arrived on a day or later, but for known ones, by their numbers."""
        with _told(self.server):
            day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
            uids = sorted(map(int, self.box.uids(f"SINCE {day}", charset=None)))
            new = [uid for uid in uids if uid not in known]
            found: list[MailHead] = []
            for start in range(0, len(new), _AT_ONCE):
                found += self._headers(new[start : start + _AT_ONCE])
        # Some servers take no notice of SINCE.
        return [mail for mail in found if mail.arrived_at.date() >= since]

    def _headers(self, uids: Sequence[int]) -> Iterator[MailHead]:
        numbers = ",".join(map(str, uids))
        arrived = _arrivals(self.box, numbers)
        for mail in self.box.fetch(
            f"UID {numbers}", charset=None, mark_seen=False, headers_only=True, bulk=_AT_ONCE
        ):
            uid = int(mail.uid or 0)
            if uid in arrived and isinstance(mail, _RawMessage):
                envelope = read_envelope(mail.data)
                yield MailHead(
                    uid=uid,
                    arrived_at=arrived[uid],
                    size=mail.size_rfc822,
                    message_id=envelope.message_id,
                    sender=clean_name(envelope.sender),
                    subject=clean_name(envelope.subject),
                )

    def message(self, mail: MailHead) -> bytes | None:
        """Return the bytes of a mail, None where the server does not give it.

        Raises:
            ConnectionProblem: The connection broke off.
        """
        with _told(self.server):
            try:
                criteria = f"UID {mail.uid}"
                for found in self.box.fetch(criteria, charset=None, mark_seen=False):
                    if isinstance(found, _RawMessage) and found.uid == str(mail.uid):
                        return found.data or None
            except MailboxFetchError:  # this one alone
                return None
        return None


@contextmanager
def open_mailbox(settings: MailSettings, secret: Secret, certificate: Path | None) -> Iterator[OpenMailbox]:
    """Open the folder of the mailbox that the settings name, to look into alone.

    Raises:
        ConnectionProblem: That is impossible; a person is told why and what to do.
    """
    server = settings.incoming
    if server is None:
        raise ValueError("the settings have no server")
    box = _connected(server, tls(certificate))
    try:
        _log_in(box, server, settings, secret)
        yield OpenMailbox(box, server, _opened(box, server, settings.folder))
    finally:
        with suppress(*_FAULTS):
            box.logout()
        with suppress(*_FAULTS):
            box.client.shutdown()  # a connection that broke off is still to be closed


def _connected(server: MailServer, context: ssl.SSLContext) -> BaseMailBox:
    with _told(server):
        if server.is_ssl:
            return _EncryptedBox(server.host, server.port, timeout=SECONDS, ssl_context=context)
        return _StartTlsBox(server.host, server.port, timeout=SECONDS, ssl_context=context)


def _log_in(box: BaseMailBox, server: MailServer, settings: MailSettings, secret: Secret) -> None:
    account, password = settings.account, secret.reveal()
    log_in = box.login if (account + password).isascii() else box.login_utf8
    with _told(server):
        try:
            log_in(account, password, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise
        except (MailboxLoginError, imaplib.IMAP4.error) as fault:
            said = answer_of(_said(fault), secret)
            raise refused(server, _WHAT, account, said) from None
        if "ID" in box.client.capabilities:  # NetEase lets no program in that does not name itself
            with suppress(imaplib.IMAP4.error):
                box.client.xatom("ID", f'("name" "tenproj" "version" "{__version__}")')


def _opened(box: BaseMailBox, server: MailServer, folder: str) -> int:
    """Open a folder to look into; return its UIDVALIDITY, 0 where the server gives none."""
    with _told(server):
        try:
            box.folder.set(folder, readonly=True)
        except MailboxFolderSelectError:
            raise ConnectionProblem(
                f"邮箱里没有文件夹“{folder}”，或不让打开。请核对“邮箱”表的“收取的文件夹”；收件箱是 INBOX。"
            ) from None
        _, found = box.client.response("UIDVALIDITY")
    given = found[0] if found else None
    if isinstance(given, bytes) and given.isdigit():
        return int(given)
    return 0


@contextmanager
def _told(server: MailServer) -> Iterator[None]:
    try:
        yield
    except ConnectionProblem:
        raise
    except _FAULTS as fault:
        raise told(fault, server, _WHAT) from None


def _said(fault: Exception) -> object:
    """Return what the server answered, of which a fault tells."""
    if isinstance(fault, MailboxLoginError):
        answers = fault.command_result[1]
        return answers[-1] if answers else ""
    return fault.args[0] if fault.args else ""


def _arrivals(box: BaseMailBox, numbers: str) -> dict[int, datetime]:
    """Return when mails arrived in the mailbox, by their numbers."""
    _, answers = box.client.uid("FETCH", numbers, "(INTERNALDATE)")
    found = {}
    for line in answers:
        uid = _UID.search(line) if isinstance(line, bytes) else None
        arrived = imaplib.Internaldate2tuple(line) if isinstance(line, bytes) else None
        if uid and arrived:
            found[int(uid[1])] = datetime.fromtimestamp(time.mktime(arrived), UTC)
    return found
