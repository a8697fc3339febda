"""What `status` gives back: who has returned what for a period, and what else of it is open."""

from collections.abc import Iterable
from datetime import datetime

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.return_state import ReturnState, TaskForceReturn
from tenproj_xl.model.calendar import CALLED_OFF
from tenproj_xl.model.publications import Publication
from tenproj_xl.model.questions import Question
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.units import is_unit

VERSION_DOUBTS = (Code.VERSION_UNSURE, Code.RETURN_SET_ASIDE, Code.RETURN_GOES_BACK)
"""What is found in a return of which a person has to say if it or another one of its unit counts."""


@dataclass(frozen=True, kw_only=True)
class Owing:
    """A form that is still out: a task force's, with its lead, or a unit's own; missing or refused.

    One that is not `is_due` yet is not asked for: its deadline is days away.
    """

    recipient: str
    unit: str
    state: ReturnState
    is_due: bool

    @property
    def spoken(self) -> str:
        """The words that people read: `04区发改经信局`, `区投促局`."""
        if is_unit(self.recipient):
            return self.unit
        return f"{self.recipient}{self.unit}"


@dataclass(frozen=True, kw_only=True)
class PaperState:
    """A paper that was given out, and how what would be made now differs from it.

    `changes` says so in words, "" where nothing changed; it is None of one that a correction has replaced.
    `proposal` is the command that makes the correction, "" where none is called for. `restated` are how many
    figures in it have been replaced by later returns, beside `changes`, which are as of its own.
    """

    publication: Publication
    changes: str | None
    proposal: str
    restated: int = 0


def called_for(states: Iterable[PaperState]) -> list[PaperState]:
    """Return the papers that call for a correction, one for each edition: its papers are corrected together.

    It is the workbook of the edition, which 更正内容 compares with, where that is among them.
    """
    found: dict[str, PaperState] = {}
    for state in states:
        paper = state.publication
        if state.proposal and (state.proposal not in found or paper.series == paper.edition):
            found[state.proposal] = state
    return list(found.values())


@dataclass(frozen=True, kw_only=True)
class DoubtfulVersion:
    """A return of which it is doubtful if it or another one of its unit counts.

    `counts` is the hash of the one that counts now, `rival` that of the other one.
    """

    receipt: Receipt
    counts: str
    rival: str


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Who has returned what for a period, whose form is still out, and which files were refused.

    `now` is the moment at which what is still out is late or not, None where that was not asked.
    `to_correct` are the returns that wait for a correction, whoever took them in; `conflicts` and `notices`
    what else is open, as in `Ingested`; `questions` those of its returns that nobody has answered, `doubtful`
    the versions of which nobody has said which one counts; `awaiting` are the returns whose sender the office
    has to vouch for. `corrections` are the papers given out for which a correction is called for. `letters`
    says how many letters were answered, "" for none. The period `is_called_off` where no return is due.
    """

    period: Period
    deadline: datetime
    now: datetime | None
    lines: tuple[TaskForceReturn, ...]
    owing: tuple[Owing, ...]
    refused: tuple[Receipt, ...]
    withdrawn: tuple[Receipt, ...] = ()
    to_correct: tuple[Receipt, ...] = ()
    conflicts: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    doubtful: tuple[DoubtfulVersion, ...] = ()
    awaiting: tuple[Receipt, ...] = ()
    notices: tuple[str, ...] = ()
    corrections: tuple[PaperState, ...] = ()
    letters: str = ""
    is_called_off: bool = False

    @property
    def due_in_words(self) -> str:
        """Until when returns are due: `截止 2026年11月27日 17:00`."""
        if self.is_called_off:
            return CALLED_OFF
        return f"截止 {self.deadline:%Y年%m月%d日 %H:%M}"
