"""What ties a mail to a letter, as commands show it."""

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.deliveries import LetterBounce, LiaisonLetter


@dataclass(frozen=True, kw_only=True)
class Threaded:
    """A mail and the letter that it answers, as the letter stands then.

    Attributes:
        letter: The letter.
        is_confirmed: Whether the headers name the same letter as the subject.
        other: The reference of another letter that the headers name instead, "" for none.
        is_contradicted: Whether it brings a form that the letter is not about: the form decides.
    """

    letter: LiaisonLetter
    is_confirmed: bool
    other: str
    is_contradicted: bool


@dataclass(frozen=True, kw_only=True)
class Returned:
    """A bounce and the letter that it is about.

    `reached_not` are the addresses of the letter that it did not reach, empty where the bounce names none
    that the letter went to: then nothing follows from it.
    """

    letter: LiaisonLetter
    reached_not: tuple[LetterBounce, ...]
