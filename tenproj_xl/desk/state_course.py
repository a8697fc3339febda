"""The course of a state (走势): what a task or an issue was reported as, period by period, and what happened.

Reads: the life of a row. Gives: a `StateStep` for each period; no looks.
"""

from collections.abc import Iterator, Sequence

from tenproj_xl.app.life_results import Life
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.lives import RecordedValue, ValueStanding


@dataclass(frozen=True, kw_only=True)
class StateStep:
    """What a row was in a period.

    Attributes:
        period: The period, as papers name it.
        state: The state that counts, "" where none does.
        is_new: Whether it is another one than in the period before.
        before: The states that were reported for the same period and count no longer, oldest first.
        given_out: The papers that were given out with a state of this period.
    """

    period: str
    state: str
    is_new: bool
    before: tuple[str, ...]
    given_out: tuple[str, ...]


def state_course(life: Life) -> list[StateStep]:
    """Return what a task or issue was, period by period; nothing for an indicator."""
    by_period: dict[str, list[RecordedValue]] = {}
    for value in life.values:
        if value.is_main and value.row.sheet != "indicators":
            by_period.setdefault(value.about.dated_label, []).append(value)
    return list(_steps(by_period))


def _steps(by_period: dict[str, list[RecordedValue]]) -> Iterator[StateStep]:
    last = ""
    for period, values in by_period.items():
        state = _counting(values)
        others = dict.fromkeys(text_of(value.value) for value in values)
        given_out: dict[str, None] = {}
        for value in values:
            given_out.update((paper.label, None) for paper in value.papers if paper.is_given_out)
        yield StateStep(
            period=period,
            state=state,
            is_new=bool(last) and state not in ("", last),
            before=tuple(other for other in others if other != state),
            given_out=tuple(given_out),
        )
        last = state or last


def _counting(values: Sequence[RecordedValue]) -> str:
    """Return the state that counts."""
    for value in values:
        if value.standing is ValueStanding.CURRENT:
            return text_of(value.value)
    return ""
