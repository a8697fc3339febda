"""Lines of 数据沿革: every value of an indicator of this and the last year, by data period and recording."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.lives import RecordedValue, ValueStanding
from tenproj_xl.model.plan import Indicator
from tenproj_xl.rollup.facts.input import RollupInput


@dataclass(frozen=True)
class LifeLine:
    """A value that was recorded of an indicator, and those that said the same again."""

    indicator: Indicator
    recorded: RecordedValue
    again: tuple[RecordedValue, ...] = ()

    @property
    def standing(self) -> ValueStanding:
        """Whether the value counts, whichever return brought it."""
        if any(one.standing is ValueStanding.CURRENT for one in self.again):
            return ValueStanding.CURRENT
        return self.recorded.standing


def life_lines(data: RollupInput) -> Sequence[LifeLine]:
    """Return a line for each value, in the plan's order of indicators."""
    by_code: dict[str, list[RecordedValue]] = {}
    for recorded in data.lives:
        by_code.setdefault(recorded.code, []).append(recorded)
    lines: list[LifeLine] = []
    for indicator in data.plan.indicators:
        lines += _folded(indicator, by_code.get(indicator.code, ()))
    return lines


def _folded(indicator: Indicator, values: Iterable[RecordedValue]) -> Iterator[LifeLine]:
    for _, same in groupby(values, key=_said):
        first, *again = same
        yield LifeLine(indicator, first, tuple(again))


def _said(recorded: RecordedValue) -> tuple[object, ...]:
    """Return what a recording says; a withdrawn one is told by itself."""
    withdrawn = recorded.row.seq if recorded.withdrawn is not None else None
    return recorded.about, recorded.value, recorded.nature, recorded.measure, recorded.row.unit, withdrawn
