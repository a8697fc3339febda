"""Figures that wait for the office: other values for what was given out, which would change a judgement.

Until the office has decided, the earlier figure counts. A figure whose nature rises never waits.
"""

from tenproj_xl.core.answers import Nature
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import sha256
from tenproj_xl.core.numbers import unit_in_sentences
from tenproj_xl.core.sheets import with_choices
from tenproj_xl.core.states import State
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.history import Figure

MARK_LENGTH = 12
_NATURES = tuple(Nature)
"""The most reliable first."""


class ReviewVerdict(LabelledCode):
    """What became of a figure that waits."""

    WAITING = "waiting", "待核实"
    ADOPTED = "adopted", "采用"
    REFUSED = "refused", "不采用"


@dataclass(frozen=True, kw_only=True)
class Review:
    """A figure that waits, or was decided on: the report that brought it, and what it would change.

    `told` is how the paper judged the data period, `state` how it would be judged.
    """

    sha256: str
    code: str
    period: str
    data_period: str
    was: Value
    value: Value
    told: State
    state: State
    paper: str
    verdict: ReviewVerdict = ReviewVerdict.WAITING
    who: str = ""
    why: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """File, code and period of the report."""
        return self.sha256, self.code, self.period

    @property
    def mark(self) -> str:
        """What tells it from all others in a workbook, whatever code its row has by then."""
        return sha256("\n".join(self.key).encode())[:MARK_LENGTH]


@dataclass(frozen=True, kw_only=True)
class NamedReview:
    """A figure that waits, or was decided on, with code, name and unit of its indicator."""

    review: Review
    code: str
    name: str
    unit: str

    @property
    def change(self) -> str:
        """What the figure was and would be: `121→119亿元`, `已实现→未实现`."""
        was, now = (_spoken(value) for value in (self.review.was, self.review.value))
        unit = unit_in_sentences(self.unit) if isinstance(self.review.value, float) else ""
        return f"{was}→{now}{unit}"


def _spoken(value: Value) -> str:
    """Return a figure as papers tell it; one in words is recorded by its code."""
    return text_of(label_of(with_choices("indicators", {"value": value})["value"]))


@dataclass(frozen=True)
class ToldState:
    """How a paper that was given out judged a figure."""

    state: State
    paper: str


def nature_rises(was: Nature | None, now: Nature | None) -> bool:
    """Return whether a figure is of a higher nature than the one before."""
    if was is None or now is None:
        return False
    return _NATURES.index(now) < _NATURES.index(was)


def nature_falls(was: Nature | None, now: Nature | None) -> bool:
    """Return whether a figure is of a lower nature than the one before."""
    return nature_rises(now, was)


def is_questioned(was: Figure, now: Figure) -> bool:
    """Return whether a figure contradicts another of its data period without being of a higher nature."""
    return was.value != now.value and not nature_rises(was.nature, now.nature)
