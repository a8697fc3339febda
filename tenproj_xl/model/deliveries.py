"""What goes out to liaisons: matters that units are to be told, and the letters that tell them."""

from collections.abc import Iterable
from datetime import datetime

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import sha256
from tenproj_xl.model.letter_passages import Occasion


class LetterState(LabelledCode):
    """What became of a letter."""

    LAID_OUT = "laid_out", "待发"
    """It lies in 待发."""
    PUT_OFF = "put_off", "暂时没有发出"
    """The mail server did not take it now."""
    REFUSED = "refused", "被拒收"
    """The mail server refused its addresses: nobody got it."""
    RETURNED = "returned", "没有送到"
    """It went, and came back from all its addresses: nobody got it."""
    SENDING = "sending", "正在发送"
    """A run began to send it, and said no more."""
    UNKNOWN = "unknown", "发送结果不明，请在“已发送”中核对"
    """The connection broke off before the server's answer."""
    SENT = "sent", "已发"
    """The office says so, or a mail server took it."""
    REPLACED = "replaced", "已并入"
    """It was never sent, and what it said stands in a later one, or need not be said any more."""

    @property
    def is_waiting(self) -> bool:
        """Whether the letter lies in 待发 and nobody got it."""
        return self in (
            LetterState.LAID_OUT,
            LetterState.PUT_OFF,
            LetterState.REFUSED,
            LetterState.RETURNED,
        )

    @property
    def may_have_gone(self) -> bool:
        """Whether what it says must not be sent again without a person's word."""
        return self in (LetterState.SENT, LetterState.SENDING, LetterState.UNKNOWN)

    @property
    def is_doubtful(self) -> bool:
        """Whether nobody knows if it was sent."""
        return self in (LetterState.SENDING, LetterState.UNKNOWN)


REMINDER = "催报"
"""The title of what `merge` notes of forms that are still out."""
RECEIPT = "收到回执"
"""The title of what only says that a return has come."""
TO_CORRECT, TO_SEND_AGAIN = "请更正", "请重报"
ASKING = (TO_CORRECT, TO_SEND_AGAIN)
"""The titles of what asks a unit to mend what it sent, which needs no reminder besides."""
REMINDED, LATE_UNITS = "remind", "late"
"""How the versions of reminders begin: to who has not returned a form, and to lead units about theirs."""
DUE = "due"
"""The state of an entry that is no letter yet, but a matter for one."""


@dataclass(frozen=True, kw_only=True)
class LetterAnswer:
    """A mail that answers a letter, of which nothing is kept but this.

    Attributes:
        digest: The hash of the mail.
        at: When it was sent.
        has_form: Whether a return came with it.
        is_from_addressee: Whether it is from an address that the letter went to.
        is_confirmed: Whether its headers name the letter as well as its subject does.
    """

    digest: str
    at: datetime
    has_form: bool
    is_from_addressee: bool
    is_confirmed: bool


@dataclass(frozen=True, kw_only=True)
class LetterBounce:
    """A mail that says that a letter did not reach an address.

    Attributes:
        digest: The hash of the mail.
        at: When it was sent.
        address: The address, one that the letter went to.
        is_given_up: Whether the letter will not arrive any more, or is only delayed.
        is_dead: Whether no letter ever arrives there.
        why: What the mail system said.
    """

    digest: str
    at: datetime
    address: str
    is_given_up: bool
    is_dead: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class NotedMatter:
    """Something that a unit is to be told of a period: some sections of a letter, and what goes along.

    Attributes:
        key: What it is about, which is where the letter of a command lies, from the workspace on; a later
            matter of the same key takes its place.
        title: What people call it: `请更正`.
        period: The code of the period.
        unit: The code of the unit.
        recipients: The codes of the forms that it is about.
        sections: The sections of a letter, each with the code of its occasion.
        endings: What stands below the sections, such as how to answer questions.
        files: Paths of what goes along, from the workspace on.
        by_machine: Whether it answers what a program or a mailing list sent, and so goes only by a person.
    """

    key: str
    title: str
    period: str
    unit: str
    recipients: tuple[str, ...] = ()
    sections: tuple[tuple[str, str], ...]
    endings: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    by_machine: bool = False

    @property
    def version(self) -> str:
        """What tells it from an earlier matter of the same key: `notice:区科技局#1c2d3e4f`."""
        sections = [text for _, text in self.sections]
        said = "\n".join((*sections, *self.endings, *self.files))
        return f"{self.key}#{sha256(said.encode())[:16]}"

    def said_of(self, occasion: Occasion) -> tuple[str, ...]:
        """Return the sections that are written on an occasion."""
        return tuple(text for code, text in self.sections if code == occasion.value)

    def is_only_about(self, occasion: Occasion) -> bool:
        """Return whether it says nothing but what is written on an occasion."""
        return len(self.said_of(occasion)) == len(self.sections)


@dataclass(frozen=True, kw_only=True)
class LiaisonLetter:
    """One letter to a liaison, as it was laid out or sent.

    Attributes:
        reference: What answers are known by: `2026-W48-03-2`.
        period: The code of the period.
        unit: The code of the unit.
        section: The 承办科室.
        name: The liaison, "" where the address book has nobody.
        channel: The way by which it goes.
        to: Mail addresses.
        copies: Mail addresses that get a copy.
        recipients: The codes of the forms that it is about.
        subject: Its subject line.
        topics: What it is about, as people call it.
        files: The names of what goes along.
        folder: The name of its folder in 待发.
        text: What it says: as it was laid out, once it was sent as it went.
        about: The versions of the matters in it.
        state: What became of it.
        at: Since when.
        why: How that is known, or what was amiss.
        refused: The addresses that take no letters: a mail server refused them for good, or said so later.
        phone: The telephone number of the liaison.
        message_id: The Message-ID of the mail, "" where it did not go by one of ours.
        answers: The mails that answered it.
        bounces: The mails that say whom it did not reach.
    """

    reference: str
    period: str
    unit: str
    section: str
    name: str
    channel: str
    to: tuple[str, ...]
    copies: tuple[str, ...]
    recipients: tuple[str, ...]
    subject: str
    topics: tuple[str, ...]
    files: tuple[str, ...]
    folder: str
    text: str
    about: tuple[str, ...]
    state: LetterState
    at: datetime
    why: str = ""
    refused: tuple[str, ...] = ()
    phone: str = ""
    message_id: str = ""
    answers: tuple[LetterAnswer, ...] = ()
    bounces: tuple[LetterBounce, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """All mail addresses that it goes to."""
        return tuple(dict.fromkeys((*self.to, *self.copies)))

    @property
    def whom(self) -> str:
        """Whom to call about it: `张三（0571-88880000）`, "" where the address book has nobody."""
        if self.name and self.phone:
            return f"{self.name}（{self.phone}）"
        return self.name or self.phone

    @property
    def not_reached(self) -> tuple[str, ...]:
        """The addresses that it will not reach any more."""
        return tuple(dict.fromkeys(bounce.address for bounce in self.bounces if bounce.is_given_up))

    def went_to(self, address: str) -> bool:
        """Return whether it went to an address, in whatever letters that is written."""
        return address.lower() in [one.lower() for one in self.addresses]

    @property
    def reminds(self) -> bool:
        """Whether somebody is reminded in it of a form that went out before."""
        return any(version.partition(":")[0] in (REMINDED, LATE_UNITS) for version in self.about)

    @property
    def task_forces(self) -> tuple[str, ...]:
        """The codes of the task forces whose forms it is about."""
        return tuple(code for code in self.recipients if code.isdigit())


def told_in(letters: Iterable[LiaisonLetter]) -> frozenset[str]:
    """Return the versions of the matters that letters have told, or may have told."""
    told: set[str] = set()
    for letter in letters:
        if letter.state.may_have_gone:
            told.update(letter.about)
    return frozenset(told)


def resting(letters: Iterable[LiaisonLetter]) -> dict[str, str]:
    """Return the addresses that take no letters, in small letters, each with the reason."""
    found: dict[str, str] = {}
    for letter in letters:
        for address in letter.refused:
            found[address.lower()] = letter.why
        for bounce in letter.bounces:
            if bounce.is_dead and bounce.address in letter.refused:
                found[bounce.address.lower()] = bounce.why
    return found


def next_reference(period: str, tag: str, letters: Iterable[LiaisonLetter]) -> str:
    """Return the reference of a further letter: period, whom it is about, and the how-many-eth that is."""
    begins = f"{period}-{tag}-"
    numbers = [0]
    for letter in letters:
        number = letter.reference.removeprefix(begins)
        if letter.reference.startswith(begins) and number.isdecimal():
            numbers.append(int(number))
    return f"{begins}{max(numbers) + 1}"
