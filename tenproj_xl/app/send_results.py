"""What the command `send` laid out, and what it mailed."""

from collections.abc import Mapping
from pathlib import Path

from tenproj_xl.app.matters import LostPapers
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.model.deliveries import LetterState, LiaisonLetter
from tenproj_xl.model.liaisons import Liaison


@dataclass(frozen=True, kw_only=True)
class LaidOut:
    """A letter in 待发, and where it lies; `is_new` where this run wrote it.

    `by_hand` is why no machine sends it without a person's word, "" where one may.
    """

    letter: LiaisonLetter
    liaison: Liaison
    folder: Path
    is_new: bool
    by_hand: str = ""


@dataclass(frozen=True, kw_only=True)
class Mailed:
    """What became of letters that were mailed.

    Attributes:
        letters: The letters, each as it stands.
        resting: The addresses that take no letters, to which nothing is mailed, each with the reason.
        problem: Why the rest was not sent, "" where all was tried.
        put_off: The letters that wait for the next day, since an address got as many as may go in one.
    """

    letters: tuple[LiaisonLetter, ...]
    resting: Mapping[str, str]
    problem: str
    put_off: tuple[LiaisonLetter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Laid:
    """What `send` did.

    Attributes:
        period: The period.
        letters: The letters that are to be sent.
        marked: Those that the office had marked as sent since the run before.
        unclear: What is told of words in the list that may mean sent or not.
        sent: How many letters of the period were sent in all.
        answered: How many of those were answered.
        undelivered: What people are told of letters that did not arrive, or were answered and not ticked.
        doubtful: Those of which nobody knows if they were sent.
        mailed: What became of those that go by mail, None where none was to be mailed.
        book: 待发清单.xlsx.
        group: The texts for the work group, the one with names first.
        nameless: The units that letters are for and that the address book has nobody of.
        lost: What was never sent and lies in the outbox no more.
    """

    period: Period
    letters: tuple[LaidOut, ...]
    marked: tuple[LiaisonLetter, ...]
    sent: int
    doubtful: tuple[LiaisonLetter, ...]
    mailed: Mailed | None
    book: Path
    group: tuple[Path, ...]
    nameless: tuple[str, ...]
    answered: int = 0
    undelivered: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    lost: LostPapers = LostPapers()

    @property
    def reminds(self) -> bool:
        """Whether units are reminded, in what lies there or was mailed, of forms that went out before."""
        mailed = self.mailed.letters if self.mailed else ()
        return any(letter.reminds for letter in (*(one.letter for one in self.letters), *mailed))

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to look whether a letter went, or why an address took none."""
        if self.doubtful:
            return True
        if self.mailed is None:
            return False
        is_refused = any(
            letter.state is LetterState.REFUSED or letter.refused for letter in self.mailed.letters
        )
        return is_refused or bool(self.mailed.resting)
