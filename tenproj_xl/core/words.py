"""The words of a programme: what it calls its office, its ranks and who may be asked to decide."""

from collections.abc import Mapping
from functools import cached_property

from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass


def usual_labels(office: str = DecisionLevel.OFFICE.label) -> dict[DecisionLevel, str]:
    """Return what levels are called that a plan does not name: that of the office as the office is."""
    return {level: level.label for level in DecisionLevel} | {DecisionLevel.OFFICE: office}


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of a plan; those that it does not give are as they were before plans had any.

    `office` is its name without what stands behind in brackets, `rank` the header of the ranks that units
    report, `level_labels` what the levels are called, in the order of `DecisionLevel`.
    """

    office: str = DecisionLevel.OFFICE.label
    rank: str = "全市排名"
    level_labels: tuple[str, ...] = tuple(usual_labels().values())

    @cached_property
    def levels(self) -> tuple[DecisionLevel, ...]:
        """The levels under their names; the usual names are still read, unless another level has them now."""
        named = []
        for level, label in zip(DecisionLevel, self.level_labels, strict=True):
            usual = [word for word in level.labels if word not in self.level_labels]
            named.append(level.called(label, usual))
        return tuple(named)

    def told(self, value: Value) -> Value:
        """Return a level under its name; any other value, and a level of another version, as it is."""
        if isinstance(value, DecisionLevel):
            return self.level(value)
        return value

    def level(self, level: DecisionLevel) -> DecisionLevel:
        """Return a level under its name; one that only another version has, as it is."""
        return next((named for named in self.levels if named == level), level)

    def values(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return values by field, levels among them under their names."""
        if self == USUAL:
            return values
        return {field: self.told(value) for field, value in values.items()}


USUAL = Words()
"""The words of a plan that gives none."""
