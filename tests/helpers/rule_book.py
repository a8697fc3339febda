"""The rules of precedence in their plainest form: which report on a cell counts, in whatever order reports arrive."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Word:
    """A unit's report on the row; `said` has only the cells that it filled in or changed."""

    unit: str
    at: int
    sha: str
    said: Mapping[str, object]


@dataclass(frozen=True)
class Decision:
    """A decision on a cell, and what every unit had reported by then."""

    field: str
    words: Mapping[str, object]
    value: object


@dataclass
class RuleBook:
    """One row, reported by `owner`; `printed` is what the form showed in its cells."""

    owner: str
    printed: Mapping[str, object]
    words: list[Word] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)
    decisions: list[Decision] = field(default_factory=list)

    def last_words(self) -> list[Word]:
        """Return each unit's last report, in the order of precedence."""
        standing = sorted((w for w in self.words if w.sha not in self.withdrawn), key=lambda w: (w.at, w.sha))
        last = {w.unit: w for w in standing}
        units = sorted(last, key=lambda u: (u != self.owner, [w.unit for w in standing].index(u)))
        return [last[unit] for unit in units]

    def said(self, name: str) -> dict[str, object]:
        """Return what each unit reports in a cell."""
        return {w.unit: w.said[name] for w in self.last_words() if name in w.said}

    def is_open(self, name: str) -> bool:
        """Return whether units disagree in a cell and nobody has decided."""
        return len(set(self.said(name).values())) > 1 and self._decision(name) is None

    def counts(self, name: str) -> object:
        """Return the value that the roll-up shows."""
        said, decision = self.said(name), self._decision(name)
        if len(set(said.values())) > 1 and decision:
            return decision.value
        return next(iter(said.values()), self.printed.get(name))

    def _decision(self, name: str) -> Decision | None:
        said = self.said(name)
        holding = (
            d
            for d in reversed(self.decisions)
            if d.field == name
            and d.words.keys() == said.keys()
            and all(word in (d.words[unit], d.value) for unit, word in said.items())
        )
        return next(holding, None)
