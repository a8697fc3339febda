"""What units are still to be told of a period: forms, slips, decisions, what commands noted for letters."""

from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from tenproj_xl.app.matrix import matrix_of
from tenproj_xl.app.matrix_results import Matrix
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.slips import standing_register
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import sha256_of_file
from tenproj_xl.core.periods import Period
from tenproj_xl.core.texts import text_of
from tenproj_xl.forms.form import FORMS_FOLDER, form_stem
from tenproj_xl.forms.news import news_of
from tenproj_xl.ledger.return_state import ReturnState
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.decisions import OF_ITEMS, Decision, Verdict
from tenproj_xl.model.deliveries import (
    ASKING,
    LATE_UNITS,
    RECEIPT,
    REMINDED,
    REMINDER,
    LiaisonLetter,
    NotedMatter,
    told_in,
)
from tenproj_xl.model.history import History
from tenproj_xl.model.issues import issue_histories
from tenproj_xl.model.letter_passages import Occasion
from tenproj_xl.model.liaisons import Liaison, LiaisonKey, liaison_at, liaison_for, liaison_of_force
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.slips import Register, Slip
from tenproj_xl.model.units import (
    Recipient,
    code_of_name,
    is_planned,
    issue_unit,
    names_of,
    reporter,
    unit_code,
    unit_named,
    unit_of,
)
from tenproj_xl.replies.letter_content import MissingUnit, MissingUnits


@dataclass(frozen=True, kw_only=True)
class FormDue:
    """A form that has not gone out yet: whose it is, where it lies, and what is new in it, in sentences.

    `deadline` is when its return is due, an extension counted; one that is owed and goes out after that
    `is_late`.
    """

    recipient: Recipient
    path: Path
    version: str
    deadline: datetime
    news: tuple[str, ...] = ()
    is_late: bool = False


_SLIP, _LATE_SLIP, _DECISION = "slip", "late_slip", "decision"


@dataclass(frozen=True)
class SlipDue:
    """A slip that has not gone out to a unit yet, or `is_late`: is to be answered by it since some day.

    One for several units goes to each.
    """

    slip: Slip
    unit: str
    is_late: bool = False

    @property
    def version(self) -> str:
        """What tells it from another, and from the same slip to another unit."""
        kind = _LATE_SLIP if self.is_late else _SLIP
        return f"{kind}:{self.slip.year}/{self.slip.number}#{self.unit}"


@dataclass(frozen=True)
class DecisionDue:
    """A decision on an issue that its unit has not been told, and what the issue is described as."""

    decision: Decision
    description: str

    @property
    def version(self) -> str:
        """What tells it from other decisions on the issue."""
        return f"{_DECISION}:{self.decision.issue}#{self.decision.seq}"


@dataclass(frozen=True)
class Owed:
    """A form that has gone out and is still out on a day, of which its unit is reminded."""

    recipient: Recipient
    state: ReturnState
    day: date

    @property
    def version(self) -> str:
        """What tells it from reminders of other days."""
        return f"{REMINDED}:{self.recipient.code}#{self.day}"


@dataclass(frozen=True)
class LateUnits:
    """The units of a task force that have not returned their own forms, as its lead is told on a day."""

    missing: MissingUnits
    day: date

    @property
    def version(self) -> str:
        """What tells it from other days."""
        return f"{LATE_UNITS}:{self.missing.task_force}#{self.day}"


@dataclass(frozen=True)
class LostPapers:
    """What was never sent and lies in the outbox no more: forms, and what asks to mend returns."""

    forms: tuple[Recipient, ...] = ()
    returns: tuple[Receipt, ...] = ()


@dataclass(kw_only=True)
class ToTell:
    """All that one liaison is to be told in his or her next letter."""

    liaison: Liaison
    forms: list[FormDue] = field(default_factory=list)
    slips: list[SlipDue] = field(default_factory=list)
    late_slips: list[SlipDue] = field(default_factory=list)
    decisions: list[DecisionDue] = field(default_factory=list)
    noted: list[NotedMatter] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    late: list[LateUnits] = field(default_factory=list)

    @property
    def about(self) -> tuple[str, ...]:
        """The versions of all matters, in their order."""
        slips = (*self.slips, *self.late_slips)
        matters = (*self.forms, *slips, *self.decisions, *self.noted, *self.owed, *self.late)
        return tuple(map(attrgetter("version"), matters))

    @property
    def answers_a_machine(self) -> bool:
        """Whether something in it answers what a program or a mailing list sent."""
        return any(matter.by_machine for matter in self.noted)

    @property
    def recipients(self) -> tuple[str, ...]:
        """The codes of the forms that the letter is about."""
        codes: set[str] = set()
        codes.update(form.recipient.code for form in self.forms)
        codes.update(owed.recipient.code for owed in self.owed)
        for matter in self.noted:
            codes.update(matter.recipients)
        return tuple(sorted(codes))


def place_of(unit: str, plan: Plan) -> int:
    """Return the place of a unit among those of a plan, counted from 1; a unit that it lacks is the last."""
    codes = [code_of_name(one.name) for one in plan.units]
    return codes.index(unit) + 1 if unit in codes else len(codes) + 1


@dataclass
class _Letters:
    """The letters as they grow.

    `told` are the versions of what was sent before. `going` are the recipients that get their forms by these
    letters or are asked to mend what they sent, `refused` those that are told why their return was refused.
    """

    told: frozenset[str]
    by_liaison: dict[LiaisonKey, ToTell] = field(default_factory=dict)
    going: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def to(self, liaison: Liaison) -> ToTell:
        """Return the letter to a liaison."""
        return self.by_liaison.setdefault(liaison.key, ToTell(liaison=liaison))

    def are_without(self, version: str) -> bool:
        """Return whether something was never told."""
        return version not in self.told

    def add_form(self, form: FormDue, liaison: Liaison) -> None:
        """Add a form to the letter to a liaison."""
        self.to(liaison).forms.append(form)
        self.going.add(form.recipient.code)

    def add_noted(self, matter: NotedMatter, late_slips: Iterable[SlipDue], liaison: Liaison) -> None:
        """Add what a command noted to the letter to a liaison; a slip that goes out by it is not late yet."""
        letter = self.to(liaison)
        letter.noted.append(matter)
        told = [due.slip for due in (*letter.slips, *letter.late_slips)]
        letter.late_slips += [due for due in late_slips if due.slip not in told]
        if matter.title in ASKING:
            self.going.update(matter.recipients)
        if any(map(matter.said_of, _REFUSALS)):
            self.refused.update(matter.recipients)

    def bring(self, recipients: Iterable[str]) -> bool:
        """Return whether all these get their forms by these letters, or are asked to mend what they sent."""
        return self.going.issuperset(recipients)

    def say_what_is_wrong(self, owed: Owed) -> bool:
        """Return whether these letters tell of the return that was refused: then nobody is reminded of it."""
        return owed.state is ReturnState.REFUSED and owed.recipient.code in self.refused


_REFUSALS = (Occasion.REFUSED, Occasion.OTHER_PERIOD)


@dataclass(frozen=True, kw_only=True)
class MatterFinder:
    """Finds what is still to be told of a period, and whom on a day.

    What commands noted of the period `before` and was never sent is told in the same letters; `before` is ""
    where there was none.
    """

    workspace: Workspace
    ledger: LedgerView
    plans: InForce
    period: Period
    before: str
    known: History
    now: datetime

    def to_tell(self, *, remind: bool) -> list[ToTell]:
        """Return what each liaison is still to be told, in the order of the forms, then of the units.

        Where units are to be reminded, that are those whose forms are out, each once a day, and after the
        deadline the lead units of those who have not returned their own.
        """
        about = (*self.ledger.letters_about(_SLIP), *self.ledger.letters_about(_DECISION))
        letters = _Letters(told_in((*self.letters, *about)))
        for form in self._forms():
            if letters.are_without(form.version):
                letters.add_form(form, self.liaison_for(form.recipient))
        for due in self._slips():
            if letters.are_without(due.version):
                letters.to(self._liaison_of_row(due.unit, due.slip.code)).slips.append(due)
        for unit, decided in self._decisions():
            if letters.are_without(decided.version):
                letters.to(self._liaison_of_row(unit, decided.decision.issue)).decisions.append(decided)
        for matter in self._noted():
            is_needless = remind or self._is_called_off or letters.bring(matter.recipients)
            is_moot = matter.title == REMINDER and is_needless
            if letters.are_without(matter.version) and not is_moot:
                late_slips = list(self._late_slips(matter))
                if late_slips or not matter.is_only_about(Occasion.SLIPS_OVERDUE):
                    letters.add_noted(matter, late_slips, self._liaison_of(matter))
        if remind:
            self._add_reminders(letters)
        return sorted(letters.by_liaison.values(), key=self._place)

    def _noted(self) -> Iterator[NotedMatter]:
        """Yield what commands noted and what holds still; of the period before, what asks for something."""
        for matter in self.ledger.matters(self.before):
            if matter.title not in (REMINDER, RECEIPT) and self._still_holds(matter):
                yield matter
        of_period = sorted(self.ledger.matters(self.period.code), key=lambda one: one.title == REMINDER)
        for matter in of_period:
            if self._still_holds(matter):
                yield matter

    def _place(self, told: ToTell) -> tuple[bool, tuple[str, ...], int]:
        """Return where a letter stands: by its task forces, those about none behind, by their units."""
        return not told.recipients, told.recipients, place_of(told.liaison.unit, self._plan)

    @cached_property
    def letters(self) -> tuple[LiaisonLetter, ...]:
        """The letters of the period and of the one before, each as it stands."""
        return (*self.ledger.letters(self.before), *self.ledger.letters(self.period.code))

    def _add_reminders(self, letters: "_Letters") -> None:
        """Add whose forms are out, but for those that these letters bring or tell of, and whom leads ask."""
        for owed in self._owed():
            is_told = letters.bring([owed.recipient.code]) or letters.say_what_is_wrong(owed)
            if letters.are_without(owed.version) and not is_told:
                letters.to(self.liaison_for(owed.recipient)).owed.append(owed)
        for late in self._late_units():
            if letters.are_without(late.version):
                force = self._plan.task_force(late.missing.task_force)
                liaison = liaison_of_force(force, self.plans.loaded.addresses, self._plan, self.day)
                letters.to(liaison).late.append(late)

    def liaison_for(self, recipient: Recipient) -> Liaison:
        """Return who answers for a form."""
        return liaison_for(recipient, self.plans.loaded.addresses, self._plan, self.day)

    def liaison_at(self, unit: str) -> Liaison:
        """Return who answers for a unit."""
        return liaison_at(unit, self.plans.loaded.addresses, self._plan, self.day)

    @cached_property
    def recipients(self) -> dict[str, Recipient]:
        """Whom forms of the period went out to, by code."""
        return self._planned(self.ledger.recipients(self.period.code))

    def _planned(self, codes: Iterable[str]) -> dict[str, Recipient]:
        """Return recipients by code, those that the plan still has."""
        known = self.known.before(self.period)
        planned = [code for code in codes if is_planned(code, self._plan)]
        return {code: self.plans.recipient(code, self.period, known) for code in planned}

    @cached_property
    def _plan(self) -> Plan:
        return self.plans.plan_at(self.period)

    @property
    def _is_called_off(self) -> bool:
        return self.plans.loaded.settings.calendar.is_called_off(self.period.code)

    def lost(self) -> LostPapers:
        """Return what is still wanted of the period, was never sent and lies in the outbox no more."""
        told = told_in(self.letters)
        told_forms = {version.partition("#")[0] for version in told}
        forms = []
        for recipient, path in self._unanswered():
            if not path.exists() and f"form:{recipient.code}" not in told_forms:
                forms.append(recipient)
        asked: set[str] = set()
        for matter in self.ledger.matters(self.period.code):
            is_lost = not all((self.workspace.root / path).exists() for path in (matter.key, *matter.files))
            if matter.title in ASKING and is_lost and matter.version not in told:
                asked.update(matter.recipients)
        returns = [one for one in self.matrix.to_correct if one.party.recipient in asked]
        return LostPapers(forms=tuple(forms), returns=tuple(returns))

    def _unanswered(self) -> Iterator[tuple[Recipient, Path]]:
        """Yield whose forms nobody has tried to return yet, with where they lie in the outbox."""
        if self._is_called_off:
            return
        out, receipts = self.ledger.forms_sent(self.period.code), self.ledger.receipts(self.period.code)
        standing = [receipt for receipt in receipts if not receipt.withdrawn]
        returned = {receipt.party.recipient for receipt in standing}
        returns = [receipt for receipt in standing if receipt.status.is_return]
        for code, recipient in self.recipients.items():
            is_answered = any(out.is_answered(code, force, returns) for force in recipient.owes)
            if not is_answered and code not in returned:
                yield recipient, self.forms_folder / f"{form_stem(recipient, self.period)}.xlsx"

    def _forms(self) -> Iterator[FormDue]:
        """Yield the forms that nobody has tried to return yet and that lie in the outbox."""
        deadline_of = self.plans.loaded.settings.calendar.deadline_of
        for recipient, path in self._unanswered():
            code = recipient.code
            if path.exists():
                version = f"form:{code}#{sha256_of_file(path)[:16]}"
                deadline = deadline_of(self.period, names_of(code, self._plan))
                yield FormDue(
                    recipient=recipient,
                    path=path,
                    version=version,
                    deadline=deadline,
                    news=tuple(news_of(self._plan, self.known.before(self.period), self.period, recipient)),
                    is_late=recipient.involved and self.now > deadline,
                )

    @property
    def forms_folder(self) -> Path:
        """Where the forms of the period lie."""
        return self.workspace.outbox / self.period.code / FORMS_FOLDER

    def _slips(self) -> Iterator[SlipDue]:
        """Yield the open slips of the period and of the one before, once for each unit that is to answer."""
        for slip in self._register.open:
            if slip.period in (self.before, self.period.code):
                for unit in self._awaited(slip):
                    if unit is not None:
                        yield SlipDue(slip, unit)

    def _late_slips(self, matter: NotedMatter) -> Iterator[SlipDue]:
        """Yield the slips that a unit was to be asked for and that it has not answered since."""
        for slip in self._register.open:
            is_asked = any(slip.label in text for text in matter.said_of(Occasion.SLIPS_OVERDUE))
            if is_asked and matter.unit in self._awaited(slip):
                yield SlipDue(slip, matter.unit, is_late=True)

    @cached_property
    def _register(self) -> Register:
        return standing_register(self.ledger, self.plans, self.period)

    def _awaited(self, slip: Slip) -> tuple[str | None, ...]:
        """Return the units that are still to answer a slip, each once; None for those the plan lacks."""
        return tuple(dict.fromkeys(unit_named(name, self._plan) for name in self._register.awaited(slip)))

    def _liaison_of_row(self, unit: str, row: str) -> Liaison:
        """Return who answers for a row of a unit: where the unit got several forms, whoever got the row."""
        for recipient in self.recipients.values():
            if recipient.section and recipient.reports(row, unit):
                return self.liaison_for(recipient)
        return self.liaison_at(unit)

    def _decisions(self) -> Iterator[tuple[str, DecisionDue]]:
        """Yield what was decided on issues, with the unit that reports on each.

        That is what was recorded since forms of the period before went out, whichever day it was decided on.
        """
        forces = {force.code: force for force in self._plan.task_forces}
        issues = {issue.code: issue for issue in issue_histories(self.known)}
        for decision in self.ledger.decisions_since(self.before or self.period.code):
            issue = issues.get(decision.issue)
            if issue is None or decision.verdict in _NOT_TOLD:
                continue
            force = forces.get(issue.row.task_force)
            if force is not None:
                unit = issue_unit(issue.row.values, force, self._plan)
                yield unit, DecisionDue(decision, text_of(issue.reported("description")))

    # --- reminders

    @cached_property
    def matrix(self) -> Matrix:
        """Who has returned what for the period."""
        code = self.period.code
        return matrix_of(
            self.period,
            self.ledger.receipts(code),
            self.ledger.forms_sent(code),
            self.known,
            self.plans.at(self.period),
            self.now,
        )

    @property
    def day(self) -> date:
        """Today, where the office is."""
        return self.now.astimezone(self.plans.loaded.settings.zone).date()

    def _owed(self) -> Iterator[Owed]:
        for owing in self.matrix.owing:
            if owing.recipient in self.recipients:
                yield Owed(self.recipients[owing.recipient], owing.state, self.day)

    def _late_units(self) -> Iterator[LateUnits]:
        """Yield the task forces whose units have not returned their own forms after the deadline."""
        for line in self.matrix.lines:
            is_late = self.now > line.deadline
            lead = self._lead_of(line.task_force.code)
            missing = [code for code in line.units.missing if unit_of(code) != lead]
            if is_late and line.is_owed and missing:
                told = [self._missing_unit(code, line.task_force.code) for code in missing]
                yield LateUnits(MissingUnits(line.task_force.code, told), self.day)

    def _missing_unit(self, code: str, force: str) -> MissingUnit:
        """Return who has not returned, with how many rows of a task force that are, and whom to ask there."""
        plan, earlier = self._plan, self.known.before(self.period)
        recipient = self.plans.recipient(code, self.period, earlier)
        rows = {}
        for name, planned in (("主要指标", plan.indicators_of(force)), ("重点任务", plan.tasks_of(force))):
            rows[name] = sum(recipient.reports(row.code, reporter(row, plan)) for row in planned)
        return MissingUnit(recipient.printed, rows, self.liaison_for(recipient).contact)

    def _lead_of(self, force: str) -> str:
        return unit_code(self._plan.task_force(force).lead, self._plan)

    def _still_holds(self, matter: NotedMatter) -> bool:
        """Return whether the letter of a command lies in 通知 still: it is removed once it is settled."""
        return (self.workspace.root / matter.key).exists()

    def _liaison_of(self, matter: NotedMatter) -> Liaison:
        """Return who answers for what a command noted, even for a period whose forms went to others."""
        for recipient in self._planned(matter.recipients).values():
            if recipient.unit == matter.unit:
                return self.liaison_for(recipient)
        return self.liaison_at(matter.unit)


_NOT_TOLD = (Verdict.REGISTER, *OF_ITEMS)
"""What the office registers itself, and what is decided on items of 督办清单."""
