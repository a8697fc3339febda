"""A letter as a mail: the same letter is the same mail but for its date, whenever it is made."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import PurePath

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.mail_settings import MailSettings
from tenproj_xl.post.machine_mails import LETTER_HEADER
from tenproj_xl.post.threads import message_id_of

_KINDS = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".pdf": ("application", "pdf"),
}
_OTHER_KIND = ("application", "octet-stream")


@dataclass(frozen=True, kw_only=True)
class LetterMail:
    """What a letter says and to whom it goes, each address once; `attachments` are names and contents."""

    reference: str
    to: tuple[str, ...]
    copies: tuple[str, ...] = ()
    subject: str
    text: str
    attachments: Sequence[tuple[str, bytes]] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses that it goes to."""
        return tuple(dict.fromkeys((*self.to, *self.copies)))


def mail_of(letter: LetterMail, settings: MailSettings, sent_at: datetime) -> EmailMessage:
    """Return a letter as a mail from the office.

    Its Message-ID is made of its reference, so that a letter that is sent again is seen as the same one.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(settings.sender_name, addr_spec=settings.sender)
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = message_id_of(letter.reference, settings.sender)
    mail["Auto-Submitted"] = "auto-generated"  # so that no machine answers it
    mail[LETTER_HEADER] = letter.reference
    _write(letter, mail)
    return mail


def draft_of(letter: LetterMail) -> EmailMessage:
    """Return a letter as a mail that a person is to send: without sender, date and number of its own."""
    mail = EmailMessage(policy=SMTP)
    mail["X-Unsent"] = "1"
    _write(letter, mail)
    return mail


def _write(letter: LetterMail, mail: EmailMessage) -> None:
    mail["To"] = ", ".join(letter.to)
    if letter.copies:
        mail["Cc"] = ", ".join(letter.copies)
    mail["Subject"] = letter.subject
    mail.set_content(letter.text, cte="base64")
    for name, data in letter.attachments:
        main, sub = _KINDS.get(PurePath(name).suffix.lower(), _OTHER_KIND)
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
