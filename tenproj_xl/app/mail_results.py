"""What the commands of the mailbox give back."""

from datetime import datetime, tzinfo

from tenproj_xl.app.results import Ingested
from tenproj_xl.app.thread_results import Returned, Threaded
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.mail_kinds import MailKind
from tenproj_xl.post.bounces import Bounce
from tenproj_xl.post.verification import Verification


@dataclass(frozen=True, kw_only=True)
class LeftMail:
    """A mail that is no return: the operator is told, and it is nowhere but in the mailbox.

    `megabytes` is its size where that is why it was not fetched, else 0; `bounce` is what a bounce is about,
    `returned` the letter of ours that came back; `thread` is the letter that a person's mail answers.
    """

    kind: MailKind
    sender: str
    subject: str
    sent_at: datetime
    megabytes: int = 0
    bounce: Bounce | None = None
    returned: Returned | None = None
    thread: Threaded | None = None


@dataclass(frozen=True, kw_only=True)
class TakenMail:
    """A mail that brought something; `verification` is what the office's mail system noted of its sender."""

    sender: str
    subject: str
    sent_at: datetime
    verification: Verification | None


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What `fetch` did: how many new mails came, those of them that brought something, and the others.

    `waiting` mails are left for another run, `not_given` are those that the server did not give or that could
    not be looked at in time. `zone` is the office's. `problem` is what broke the connection off, "" for
    nothing.
    """

    account: str
    zone: tzinfo
    ingested: Ingested
    mails: int
    taken: tuple[TakenMail, ...]
    left: tuple[LeftMail, ...]
    waiting: int
    not_given: int
    problem: str

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to correct or decide something, or an address reaches nobody."""
        bounced = any(left.bounce and left.bounce.is_permanent for left in self.left)
        return bounced or self.ingested.needs_a_person
