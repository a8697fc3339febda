"""The mailbox of the office, as 邮箱 in 设置.xlsx has it."""

from tenproj_xl.core.dataclass import dataclass


@dataclass(frozen=True)
class MailServer:
    """A server of mail; `is_ssl` where the connection is encrypted from its first byte, else by STARTTLS."""

    host: str
    port: int
    is_ssl: bool


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """The mailbox of the office; `incoming` and `outgoing` are None where it is not used for that.

    `per_minute` letters go out in a minute, and `per_day` to one address in a day, at most. `sender` is the
    address that letters are from, `certificate` the name of a file with certificates that
    are trusted besides those of the system, `verifier` by which name the office's own mail system signs what
    it found out about a sender, each "" for none.
    """

    incoming: MailServer | None = None
    outgoing: MailServer | None = None
    account: str = ""
    sender: str = ""
    sender_name: str = ""
    folder: str = "INBOX"
    per_minute: int = 10
    per_day: int = 10
    certificate: str = ""
    verifier: str = ""


NO_MAIL = MailSettings()
