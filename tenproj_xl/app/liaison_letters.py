"""Make the letter of one liaison: what it says, what goes along, and what it is known by."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from tenproj_xl.app.matters import FormDue, Owed, ToTell, place_of
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.supervise import SLIPS_FOLDER
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.tokens import EXAMPLE
from tenproj_xl.forms.form import form_stem
from tenproj_xl.ledger.return_state import ReturnState
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.address_book import MAIL
from tenproj_xl.model.deliveries import LetterState, LiaisonLetter, next_reference
from tenproj_xl.model.letter_passages import Occasion
from tenproj_xl.model.liaisons import Liaison
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import names_of, spoken_code
from tenproj_xl.office.slip_pages import write_slips
from tenproj_xl.office.slip_replies import TITLE as REPLY_TITLE
from tenproj_xl.office.slip_replies import SlipReplyBook, write_slip_reply_book
from tenproj_xl.post.to_send import ReadyLetter, folder_name
from tenproj_xl.replies.letter_content import (
    DecidedIssue,
    FormsOut,
    OutstandingForm,
    SlipsOut,
    SlipToAnswer,
    UnitLetter,
)
from tenproj_xl.replies.letters import LetterParts, LetterSection, letter_parts, parts_subject, parts_text


@dataclass(frozen=True, kw_only=True)
class LetterMaker:
    """Makes the letters of a period on a day."""

    workspace: Workspace
    ledger: LedgerView
    plans: InForce
    period: Period
    now: datetime

    @property
    def plan(self) -> Plan:
        """The plan of the period."""
        return self.plans.plan_at(self.period)

    @property
    def day(self) -> date:
        """Today, where the office is."""
        return self.now.astimezone(self.plans.loaded.settings.zone).date()

    def reference(self, told: ToTell, letters: Sequence[LiaisonLetter]) -> str:
        """Return a reference for what is to be told that none of the letters has."""
        return next_reference(self.period.code, self._tag(told), letters)

    def letter(self, told: ToTell, reference: str) -> LiaisonLetter:
        """Return the letter that tells something."""
        liaison, said, texts = told.liaison, self._unit_letter(told), self.plans.loaded.letters
        parts = self._parts(told, said)
        return LiaisonLetter(
            reference=reference,
            period=self.period.code,
            unit=liaison.unit,
            section=liaison.section,
            name=liaison.name,
            channel=liaison.channel,
            to=liaison.to,
            copies=liaison.copies,
            recipients=told.recipients,
            subject=f"{parts_subject(parts, said, texts)}〔{reference}〕",
            topics=parts.topics,
            files=tuple(name for name, _ in self._files(told)),
            folder=folder_name(liaison),
            text=parts_text(parts, said, texts),
            about=told.about,
            state=LetterState.LAID_OUT,
            at=self.now,
            phone=liaison.phone,
        )

    def _tag(self, told: ToTell) -> str:
        """Return whom a reference is for: a task force, else the unit by its place in the plan."""
        forces = [code for code in told.recipients if code.isdigit()]
        if forces:
            return forces[0]
        return f"D{place_of(told.liaison.unit, self.plan):02d}"

    def ready(self, told: ToTell, letter: LiaisonLetter) -> ReadyLetter:
        """Return a letter with the files that go along."""
        return ReadyLetter(letter=letter, is_mailed=told.liaison.is_mailed, files=list(self._files(told)))

    # --- what a letter says

    def _parts(self, told: ToTell, letter: UnitLetter) -> LetterParts:
        parts = letter_parts(letter, self.plans.loaded.letters)
        for matter in told.noted:
            said = [(Occasion.stored(code), text) for code, text in matter.sections]
            # Of the slips in it, some may have been answered since: which are late is told once, as of now.
            sections = [LetterSection(*one) for one in said if one[0] is not Occasion.SLIPS_OVERDUE]
            parts = parts.and_also(sections, matter.endings)
        return parts

    def _unit_letter(self, told: ToTell) -> UnitLetter:
        programme, calendar = self.plan.programme, self.plans.loaded.settings.calendar
        deadlines = []
        if not calendar.is_called_off(self.period.code):
            asked = [names_of(code, self.plan) for code in told.recipients or ("",)]
            deadlines = [calendar.deadline_of(self.period, names) for names in asked]
        return UnitLetter(
            unit=told.liaison.printed,
            deadline=min(deadlines, default=None),
            office=programme.signature,
            phone=programme.contact,
            period=self.period.full_name,
            channel=self._answered_by(told.liaison),
            day=self.day,
            liaisons=told.liaison.contact,
            forms_out=list(self._forms_out(told)),
            outstanding=[self._still_out(owed) for owed in told.owed],
            missing=[late.missing for late in told.late],
            slips_out=self._slips_out(told),
            slips=[SlipToAnswer.of(due.slip) for due in told.late_slips],
            decisions=[DecidedIssue(one.decision, one.description) for one in told.decisions],
        )

    def _answered_by(self, liaison: Liaison) -> str:
        """Return the way by which a liaison is asked to send forms back: that by which the letter comes."""
        if liaison.channel and liaison.channel != MAIL:
            return liaison.channel
        return self.plans.loaded.settings.channel

    def _spoken(self, recipients: Sequence[str]) -> str:
        """Return what people call some forms: `04、06专班2026年第48期（11月23日—29日）填报表`."""
        return f"{self._named(recipients)}{self.period.full_name}填报表"

    @staticmethod
    def _named(recipients: Sequence[str]) -> str:
        """Return what people call some recipients: `04、06专班`."""
        forces = [code for code in recipients if code.isdigit()]
        names = [spoken_code(code) for code in recipients if code not in forces]
        if forces:
            names.append(f"{'、'.join(forces)}专班")
        return "、".join(names)

    def _not_owed(self, forms: Sequence[FormDue]) -> str:
        """Return which of some forms need not come back, "" where all have to."""
        free = [form.recipient.code for form in forms if not form.recipient.involved]
        if not free:
            return ""
        if len(free) == len(forms):
            return "（不要求报送，有配合事项的再报）"
        return f"（其中{self._named(free)}不要求报送，有配合事项的再报）"

    def _still_out(self, owed: Owed) -> OutstandingForm:
        return OutstandingForm(
            form=self._spoken([owed.recipient.code]),
            file=form_stem(owed.recipient, self.period),
            was_refused=owed.state is ReturnState.REFUSED,
        )

    def _forms_out(self, told: ToTell) -> Iterator[FormsOut]:
        """Yield the forms that go out late, then the others; those that nobody owes stand with owed ones."""
        late = [form for form in told.forms if form.is_late]
        others = [form for form in told.forms if not form.is_late]
        if late and not any(form.recipient.involved for form in others):
            late, others = told.forms, []
        if late:
            yield self._group_out(told, late, is_late=True)
        if others:
            yield self._group_out(told, others, is_late=False)

    def _group_out(self, told: ToTell, forms: Sequence[FormDue], *, is_late: bool) -> FormsOut:
        owed = [form for form in forms if form.recipient.involved]
        return FormsOut(
            forms=[self._spoken([form.recipient.code for form in forms]) + self._not_owed(forms)],
            files=[form.path.name for form in forms],
            deadline=min(form.deadline for form in owed or forms),
            example=self._example.name if self._example.exists() else "",
            news=list(self._news(told, forms)),
            is_late=is_late,
        )

    @staticmethod
    def _news(told: ToTell, forms: Iterable[FormDue]) -> Iterator[str]:
        """Yield what is new in forms, each once, but for decisions that the letter tells of itself."""
        news: dict[str, None] = {}
        for form in forms:
            news |= dict.fromkeys(form.news)
        for decided in told.decisions:
            for line in list(news):
                if decided.decision.issue in line:
                    del news[line]
        yield from news

    def _slips_out(self, told: ToTell) -> SlipsOut | None:
        if not told.slips:
            return None
        to_answer = [SlipToAnswer.of(due.slip) for due in told.slips]
        return SlipsOut(slips=to_answer, files=[name for name, _ in self._slip_files(told)])

    # --- what goes along

    @property
    def _example(self) -> Path:
        return self.workspace.outbox / self.period.code / f"{EXAMPLE}.xlsx"

    def _files(self, told: ToTell) -> Iterator[tuple[str, bytes]]:
        """Yield what goes along with a letter: names and bytes."""
        for form in told.forms:
            yield form.path.name, form.path.read_bytes()
        if told.forms and self._example.exists():
            yield self._example.name, self._example.read_bytes()
        yield from self._slip_files(told)
        for matter in told.noted:
            for name in matter.files:
                path = self.workspace.root / name
                if path.exists():
                    yield path.name, path.read_bytes()

    def _slip_files(self, told: ToTell) -> Iterator[tuple[str, bytes]]:
        """Yield the unit's own slips, to be read and signed, and the workbook to answer in."""
        if not told.slips:
            return
        slips = tuple(map(attrgetter("slip"), told.slips))
        own = replace(self.ledger.register(), slips=slips)
        book = SlipReplyBook(
            plan=self.plan, unit=told.liaison.unit, slips=slips, day=self.day, secret=self.ledger.secret
        )
        with TemporaryDirectory() as folder:
            path = Path(folder) / "slips.xlsx"
            write_slips(path, slips, own, self.plan.programme)
            yield f"{book.stem.replace(REPLY_TITLE, '督办单', 1)}.xlsx", path.read_bytes()
            name = f"{book.stem}.xlsx"
            made = self.workspace.outbox / slips[0].period / SLIPS_FOLDER / name
            if not made.exists():
                write_slip_reply_book(path, book)
                made = path
            yield name, made.read_bytes()
