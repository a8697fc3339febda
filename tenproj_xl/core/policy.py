"""Policy: the severity of each rule for an office, rules on probation, and dated exemptions.

Reads: findings as the catalogue has them. Gives: the same findings as this office takes them. The day that
counts is the last of the period, so that a roll-up made again says the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date
from functools import cached_property

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.texts import canonical

EVERYBODY = "全部"
LEVELS = {s.label: s for s in (Severity.ERROR, Severity.WARNING, Severity.QUESTION)}
"""The severities that an office may choose, by what people call them."""
_MILDNESS = list(Severity)


@dataclass(frozen=True)
class Subject:
    """Whom findings are about: a task force, a row ("" if none), and the units by all their spellings."""

    task_force: str
    row: str
    units: frozenset[str]

    @cached_property
    def names(self) -> frozenset[str]:
        """What an exemption may call it, in canonical spelling."""
        return frozenset([canonical(EVERYBODY), canonical(self.task_force), canonical(self.row), *self.units])


NOBODY = Subject("", "", frozenset())


@dataclass(frozen=True)
class Exemption:
    """A dated line of the settings: a rule that is not held against those whom `whose` lists."""

    code: Code
    whose: str
    until: date
    why: str

    @cached_property
    def names(self) -> frozenset[str]:
        """Those whom it is for, in canonical spelling; also the whole cell, which may be one name."""
        return frozenset(map(canonical, (self.whose, *split_units(self.whose))))

    @property
    def spoken(self) -> str:
        """What the roll-up says of it."""
        return f"{self.whose}，至{self.until}：{self.why}"


@dataclass(frozen=True)
class Policy:
    """What departs from the catalogue. `trials` has the last day of a rule's probation: it warns only."""

    levels: Mapping[Code, Severity] = field(default_factory=dict)
    trials: Mapping[Code, date] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()

    def exemption(self, code: Code, subject: Subject, day: date) -> Exemption | None:
        """Return what exempts a subject from a rule on a day, if anything."""
        for exemption in self.exemptions:
            if exemption.code is code and day <= exemption.until and exemption.names & subject.names:
                return exemption
        return None

    def applied(self, findings: Iterable[Finding], subject: Subject, day: date) -> list[Finding]:
        """Apply the policy to findings about a subject on a day."""
        return [self._applied(f, subject, day) for f in findings]

    def severity(self, code: Code, subject: Subject, day: date) -> Severity:
        """Return how severe a finding of a rule about a subject is on a day."""
        if self.exemption(code, subject, day):
            return Severity.EXEMPT
        severity = self.levels.get(code, code.rule.severity)
        on_trial = severity is Severity.ERROR and code in self.trials and day <= self.trials[code]
        return Severity.WARNING if on_trial else severity

    def _applied(self, f: Finding, subject: Subject, day: date) -> Finding:
        """Apply the policy. A severity lowered by its place (e.g. the cover) is never raised.

        One raised by its place, as where a whole sheet stays out, is never lowered.
        """
        if exemption := self.exemption(f.code, subject, day):
            return replace(f, severity=Severity.EXEMPT, note=exemption.spoken)
        severity = self.severity(f.code, subject, day)
        by_place = _MILDNESS.index(f.severity) - _MILDNESS.index(f.code.rule.severity)
        if by_place < 0:
            return f
        return replace(f, severity=max(f.severity, severity, key=_MILDNESS.index) if by_place else severity)
