"""The files of a portion, and what they are judged against: read when it is asked for, and once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from tenproj_xl.app.companions import DuePeriod, with_words
from tenproj_xl.app.grounds import Concerned, Grounds, grounds_of
from tenproj_xl.app.held_figures import HeldFigures
from tenproj_xl.app.identify_files import in_period
from tenproj_xl.app.judges import Case
from tenproj_xl.app.known_files import KnownFiles
from tenproj_xl.app.patching import SentBack, sent_back
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.ranking import Version, ranked, version_of, versions_before
from tenproj_xl.app.recogniser import Arrived
from tenproj_xl.app.versions import ReportedRows
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.issue_codes import IssuesAtHand
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.questions import Key, Question, key_of
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.settings import Settings
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.recognition.identify import Identified, Return


class ArrivedFile(NamedTuple):
    """A file, and what it turned out to be."""

    opened: Opened
    identified: Identified

    @property
    def sha256(self) -> str:
        """Its hash."""
        return self.opened.received.sha256


@dataclass(frozen=True, kw_only=True)
class FilesAtHand:
    """The files of a run, or of a portion of it, and what all of them are judged against.

    Attributes:
        plans: Plan and settings of each period.
        ledger: What is known.
        expected: The period that returns are expected for.
        before: Tells what came before.
        arrived: What came.
        now: The moment that no file can have been made after.
        apart: Whether each file is judged as if it came alone.
    """

    plans: InForce
    ledger: LedgerView
    expected: Period | None
    before: KnownFiles
    arrived: Arrived
    now: datetime
    apart: bool

    def read(self) -> None:
        """Read what the files are compared with, while others may judge them."""
        _ = self.grounds, self.versions

    @cached_property
    def files(self) -> Sequence[ArrivedFile]:
        """The files, with what is to be said of their periods, and what mails and notes beside them say."""
        opened = [one.opened for one in self.arrived.files]
        identified = []
        for one in self.arrived.files:
            source = one.identified.result
            earlier = self.forms_before(source) if source else ()
            identified.append(in_period(one.identified, self.plans, earlier, self.expected))
        told = with_words(identified, opened, self.due)
        return [ArrivedFile(*both) for both in zip(opened, told, strict=True)]

    @cached_property
    def _forms_before(self) -> Mapping[tuple[str, str], list[Receipt]]:
        """The receipts of the same forms, by period and recipient."""
        sources = filter(None, (one.identified.result for one in self.arrived.files))
        return self.before.by_form((source.period, source.recipient) for source in sources)

    @cached_property
    def returns(self) -> Mapping[int, Return]:
        """The returns among the files, by their places."""
        return {n: file.identified.result for n, file in enumerate(self.files) if file.identified.result}

    @cached_property
    def sent_back(self) -> Mapping[str, SentBack]:
        """What the correction workbooks that came back were, by their names."""
        return sent_back(self.returns.values(), self.ledger)

    @cached_property
    def plain(self) -> Mapping[int, Return]:
        """The returns that are no correction workbooks, by their places."""
        return {n: source for n, source in self.returns.items() if source.correction not in self.sent_back}

    @cached_property
    def concerned(self) -> Concerned:
        """What the files are about, old forms that were used again among them."""
        forms, rows = set(), set[tuple[str, str]]()
        for one, file in zip(self.arrived.files, self.files, strict=True):
            source = file.identified.result or file.identified.owner
            if source:
                forms.add((source.period, source.recipient))
                rows |= one.rows
        return Concerned(forms=forms, rows=rows, expected=self.expected)

    def forms_before(self, source: Return) -> Sequence[Receipt]:
        """Return the receipts of the same form."""
        return self._forms_before.get((source.period, source.recipient), ())

    @property
    def case(self) -> Case:
        """The returns that are judged together."""
        returns = tuple(self.plain.values())
        return Case(returns=returns, concerned=self.concerned, begun=self.before.begun, apart=self.apart)

    @cached_property
    def grounds(self) -> Grounds:
        """What was recorded of the same rows."""
        return grounds_of(self.concerned, self.plans, self.ledger, self.before)

    @property
    def settings(self) -> Settings:
        """The settings, which are the same for all periods."""
        return self.plans.loaded.settings

    @cached_property
    def issues(self) -> IssuesAtHand:
        """The issues that are known, those that the files register among them."""
        return IssuesAtHand(self.ledger)

    @property
    def standing(self) -> ReportedRows:
        """The rows in force, those of the run so far among them."""
        return self.grounds.standing

    @cached_property
    def held(self) -> HeldFigures:
        """Tells which figures wait for the office."""
        return HeldFigures(self.grounds.known, self.plans, self.ledger)

    @cached_property
    def due(self) -> DuePeriod | None:
        """The expected period, None where none is expected."""
        if self.expected is None:
            return None
        return DuePeriod(period=self.expected, plans=self.plans, ledger=self.ledger)

    def plan_of(self, source: Return) -> Plan:
        """Return the plan that is in force in the period of a return."""
        return self.grounds.plan_of(source)

    def is_recorded(self, row: Reported) -> bool:
        """Whether a row was recorded before the run."""
        return row.sha256 not in self.versions or self.versions[row.sha256].number < 0

    def asked(self, findings: Iterable[Finding]) -> Mapping[Key | None, Question]:
        """Return the questions that were asked before about rows of findings, by key."""
        rows = {f.row for f in findings if key_of(f)}
        found = self.ledger.questions_about(rows, self.before.begun) if rows else ()
        return {question.key: question for question in found}

    @cached_property
    def versions(self) -> Mapping[str, Version]:
        """All returns of the same units by hash, those of the run ranked; known bytes keep their rank."""
        own = {}
        for n, source in self.returns.items():
            received = self.files[n].opened.received
            own[n] = version_of(received, source, self.plan_of(source), n, self.now)
        before = self._versions_before(own.values())
        versions = {version.sha256: version for version in before}
        fresh = []
        for n, version in own.items():
            same = versions.get(version.sha256)
            if same:
                versions[same.sha256] = replace(same, number=n, is_known=True, in_run=True)
            else:
                fresh.append(version)
        for some in zip(fresh, strict=True) if self.apart else (fresh,):
            for version in ranked(some, before):
                versions[version.sha256] = version
        return versions

    def _versions_before(self, own: Iterable[Version]) -> list[Version]:
        """Return what the units of returns sent before for the same periods, oldest first."""
        units: dict[str, set[str]] = {}
        for version in own:
            units.setdefault(version.period, set()).add(version.unit)
        receipts = []
        for period, senders in units.items():
            receipts += self.before.sent_by(period, senders)
        return versions_before(receipts, self.before.of_run({receipt.sha256 for receipt in receipts}))
