"""Write what goes back to units: workbooks to be corrected, and one letter a run for each unit.

A unit's letter speaks of all forms that it answers for: of the files that came, and of what is still out.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from tenproj_xl.app.addressees import Addressee, Addressees
from tenproj_xl.app.answered_files import moved_from, recorded_rows, said_in, unknown_address, waiting_rows
from tenproj_xl.app.books_to_correct import BooksToCorrect, names_waiting, sheets_waiting
from tenproj_xl.app.kept_apart import Drafts, KeptDrafts
from tenproj_xl.app.lead_letters import LeadLetters
from tenproj_xl.app.letter_drafts import OPINIONS, REMINDS, SCORES, SLIP_REPLIES, SLIPS, LetterDraft, title_of
from tenproj_xl.app.mail_threads import is_from_machine
from tenproj_xl.app.matrix_results import Owing
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.slips import NO_SLIP_NEWS, SlipNews
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import atomic_write, file_name, write_file
from tenproj_xl.core.findings import Finding, Point, for_sender, points_of
from tenproj_xl.core.periods import Period
from tenproj_xl.core.progress import counted
from tenproj_xl.excel.look import Look
from tenproj_xl.forms.content import build_form
from tenproj_xl.forms.form import Form, form_name, form_stem
from tenproj_xl.forms.layout import Letter, Mark
from tenproj_xl.forms.write import write_form
from tenproj_xl.ledger.return_state import ReturnState
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.deliveries import NotedMatter
from tenproj_xl.model.file_status import status_by_findings
from tenproj_xl.model.history import History
from tenproj_xl.model.lead_words import LeadVerdict, WordKey
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.questions import left_to_the_office
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import Recipient, names_of
from tenproj_xl.office.lead_book import LeadBook
from tenproj_xl.reading.inbox import Received
from tenproj_xl.replies.corrections import refill
from tenproj_xl.replies.letter_content import (
    AnsweredFile,
    OutstandingForm,
    SlipToAnswer,
    UnitLetter,
    WaitingFile,
)
from tenproj_xl.replies.letters import LetterParts, letter_parts, parts_text
from tenproj_xl.replies.printed_rows import correction_name, printed_rows
from tenproj_xl.validation.judge import JudgedReturn

_CONTINUED = "_续"
_RECEIPTS = {
    Status.LEAD_CHECK: OPINIONS,
    Status.SCORE_CHECK: SCORES,
    Status.SLIP_REPLY: SLIP_REPLIES,
}
"""How the names of letters about files begin that are no returns."""

_Refilled = tuple[Form, Sequence[Mark], Letter]
"""A form that goes back, the marks on it, and what else it says."""


@dataclass(frozen=True)
class Replies:
    """The files of a run with what was written for their senders, and the letters that came to none of them.

    `matters` are what is noted of all of them for letters that are laid out to be sent.

    Those only remind, are `of_leads`: about what lead units look at, and what they returned, or `of_slips`:
    about supervision slips alone. `leads_apart` says that no other letter speaks of what lead units do.
    """

    files: tuple[FileResult, ...]
    reminders: tuple[Path, ...]
    of_leads: tuple[Path, ...] = ()
    of_slips: tuple[Path, ...] = ()
    matters: tuple[NotedMatter, ...] = ()
    leads_apart: bool = True


@dataclass(frozen=True, kw_only=True)
class ReplyWriter:
    """Writes the replies of a run.

    Attributes:
        workspace: Where they go.
        plans: Plan and settings of each period.
        known: What was accepted before the run, about the rows of those who sent something in it.
        ledger: What is known when they are written: what they answer is recorded before.
        expected: The period that the run is for.
        kept: The letters that earlier portions of the run have written, None for a run in one.
        told: The letters that are not written over, by their paths in the workspace.
        left_out: What their lead units keep out of the files that are answered.
    """

    workspace: Workspace
    plans: InForce
    known: History
    ledger: LedgerView
    expected: Period
    kept: KeptDrafts | None = None
    told: frozenset[str] = frozenset()
    left_out: Mapping[WordKey, LeadVerdict] = field(default_factory=dict)
    _in_words: dict[Period, History] = field(default_factory=dict, init=False)

    @cached_property
    def addressees(self) -> Addressees:
        """Whom the letters are for."""
        return Addressees(self.plans)

    def write(
        self,
        results: Sequence[FileResult],
        owing: Iterable[Owing] | None = None,
        books: Iterable[LeadBook] | None = None,
        slips: SlipNews = NO_SLIP_NEWS,
    ) -> Replies:
        """Write the replies to files and, where `owing` is given, remind those whose forms are still out.

        `books` are what lead units are to look at, None where they are told later; units are told what these
        returned. `slips` are those that units should have answered, or did.

        A letter takes the place of an earlier one to the same unit, but a mere reminder that of a reminder
        only. Reminders of units that owe nothing any more are removed.
        """
        drafts = Drafts(self.kept)
        files = self._answer_files(results, drafts)
        reminders = self._remind(owing or (), results, drafts)
        lead_letters = LeadLetters(self.workspace, self.addressees, books)
        of_leads = lead_letters.add(drafts)
        of_slips = self._add_slips(slips, drafts)
        matters, letters = self._write_letters(drafts)
        for place, letter in letters.items():
            files[place] = replace(files[place], letter=letter)
        if owing is not None:
            self._remove_other_reminders(reminders)
        lead_letters.remove_others(self.expected, drafts)
        self._remove_other_slips(drafts)
        drafts.keep()
        return Replies(
            files=tuple(files),
            reminders=tuple(reminders),
            of_leads=tuple(of_leads),
            of_slips=tuple(of_slips),
            matters=tuple(matter for matter in matters if matter.unit),
            leads_apart=lead_letters.are_apart,
        )

    def _answer_files(self, results: Sequence[FileResult], drafts: Drafts) -> list[FileResult]:
        """Write the workbooks that senders are to correct, and add to letters what became of their files."""
        files = list(results)
        unasked = self._left_to_the_office(results)
        for place, result in enumerate(counted(results, "写更正表和回复")):
            if not _is_answered(result):
                continue
            period = self._period_of(result)
            answer, answered = self._answer(result, period, unasked)
            files[place] = replace(result, answer=answer)
            path = self._folder(period) / f"{self._letter_name(result, period)}.txt"
            draft = drafts.begun(path, self._whose(result, period), period)
            draft.files.append(answered)
            if answer:
                draft.attached.append(answer)
            draft.answered.append(place)
            draft.recipients.add(result.checked or result.party.recipient)
            draft.by_machine = draft.by_machine or is_from_machine(result.received.path)
            if result.stranger:
                self._tell_stranger(result, answered, period, drafts)
        for result in results:
            if _is_answered(result) and result.status.is_return:
                self._add_waiting(result, drafts)
        return files

    def _tell_stranger(self, result: FileResult, said: AnsweredFile, period: Period, drafts: Drafts) -> None:
        """Add to the letter of who filled in a task force's form without a part in it what became of it."""
        told = self.addressees.of_unit(result.stranger, period)
        path = self._folder(period) / f"{file_name(told.label)}.txt"
        asked = replace(said, sender=result.sender, attachment="")
        drafts.begun(path, told, period).files.append(asked)

    def _add_waiting(self, result: FileResult, drafts: Drafts) -> None:
        """Add to the letter about a file what still waits of earlier ones, but for what it tells anyhow."""
        period = self._period_of(result)
        for receipt, path in self._books.waiting(result.party, period):
            letter = self._folder(period) / f"{self._letter_name(result, period)}.txt"
            draft = drafts.begun(letter, self._whose(result, period), period)
            is_there = path.exists()
            waiting = WaitingFile(
                file=receipt.file,
                form=form_name(receipt.party.recipient, period),
                rows=names_waiting(receipt.waiting),
                sheets=sheets_waiting(receipt.waiting),
                attachment=path.name if is_there else "",
            )
            is_told = waiting in draft.waiting or any(one.attachment == path.name for one in draft.files)
            if not is_told:
                draft.waiting.append(waiting)
                draft.attached += [path] if is_there else []

    def _remind(
        self, owing: Iterable[Owing], results: Iterable[FileResult], drafts: Drafts
    ) -> Mapping[Path, None]:
        """Add the forms that are still out to letters; return those that say nothing of a file.

        The units of files that are answered are not reminded besides.
        """
        answered = set()
        for result in results:
            if _is_answered(result) and result.period == self.expected.code:
                answered.add(result.party.recipient)
        reminders: dict[Path, None] = {}
        for item in owing:
            if item.recipient not in answered:
                path = self._draft_of(item, drafts)
                if not drafts[path].files:
                    reminders[path] = None
        return reminders

    def _write_letters(self, drafts: Drafts) -> tuple[list[NotedMatter], Mapping[int, Path]]:
        """Write all letters; return what is noted of them, and in which one each file is answered."""
        matters: list[NotedMatter] = []
        letters: dict[int, Path] = {}
        for path, draft in drafts.items():
            own = self._own_path(path)
            matters.append(self._write_letter(own, draft))
            letters.update(dict.fromkeys(draft.answered, own))
        return matters, letters

    # --- letters

    def _add_slips(self, news: SlipNews, drafts: Drafts) -> list[Path]:
        """Add what is said of slips to the letters of their units; return the letters that are new."""
        new: dict[Path, None] = {}
        for told, slip in news.overdue:
            draft = self._slip_draft(told, ("", REMINDS, SLIPS), drafts, new)
            to_answer = SlipToAnswer.of(slip)
            if draft.slips[-1:] != [to_answer]:  # one unit may be two of those that a slip names
                draft.slips.append(to_answer)
        for told, slip in news.answered:
            draft = self._slip_draft(told, ("", SLIP_REPLIES), drafts, new)
            draft.answered_slips.append(slip.label)
        return list(new)

    def _slip_draft(
        self, told: Addressee, kinds: Sequence[str], drafts: Drafts, new: dict[Path, None]
    ) -> LetterDraft:
        """Return the first letter of a unit that is written, by how its name begins, else the last kind."""
        folder, name = self._folder(self.expected), file_name(told.label)
        paths = [folder / f"{kind}{name}.txt" for kind in kinds]
        path = next(filter(drafts.is_written, paths), paths[-1])
        if not drafts.is_written(path):
            new[path] = None
        return drafts.begun(path, told, self.expected)

    def _draft_of(self, item: Owing, drafts: Drafts) -> Path:
        """Add a form that is still out to its unit's letter, and return where the letter goes."""
        folder = self._folder(self.expected)
        told = self.addressees.of_form(item.recipient, "", self.expected)
        path = folder / f"{file_name(told.label)}.txt"
        if not drafts.is_written(path):
            path = folder / f"{REMINDS}{file_name(told.label)}.txt"
        draft = drafts.begun(path, told, self.expected)
        recipient = self._recipient(item.recipient, self.expected)
        form = OutstandingForm(
            form=form_name(item.recipient, self.expected),
            file=form_stem(recipient, self.expected),
            was_refused=item.state is ReturnState.REFUSED,
        )
        draft.outstanding.append(form)
        draft.recipients.add(item.recipient)
        return path

    def _own_path(self, path: Path) -> Path:
        """Return where a letter goes: beside one of a run that was cut off later, not over it."""
        if self.workspace.relative(path) in self.told:
            return path.with_stem(f"{path.stem}{_CONTINUED}")
        return path

    def _letter_of(self, draft: LetterDraft) -> UnitLetter:
        plan = self._plan_of(draft.period)
        return UnitLetter(
            unit=draft.addressee.printed,
            files=sorted(draft.files, key=lambda file: (file.form, file.received_at)),
            waiting=draft.waiting,
            outstanding=draft.outstanding,
            returned=draft.returned,
            to_check=draft.to_check,
            slips=draft.slips,
            answered_slips=list(dict.fromkeys(draft.answered_slips)),
            deadline=self._deadline(draft),
            office=plan.programme.signature,
            phone=plan.programme.contact,
            period=draft.period.full_name,
            channel=self.plans.loaded.settings.channel,
            liaisons=draft.addressee.liaisons,
        )

    def _write_letter(self, path: Path, draft: LetterDraft) -> NotedMatter:
        """Write a letter, and return what is noted of it."""
        letter, texts = self._letter_of(draft), self.plans.loaded.letters
        parts = letter_parts(letter, texts)
        write_file(path, parts_text(parts, letter, texts).encode("utf-8-sig"))
        return self._matter(path, draft, parts)

    def _matter(self, path: Path, draft: LetterDraft, parts: LetterParts) -> NotedMatter:
        """Return what is noted of a letter for the next ones that are laid out to be sent."""
        return NotedMatter(
            key=self.workspace.relative(path),
            title=title_of(path, draft),
            period=draft.period.code,
            unit=draft.addressee.unit,
            recipients=tuple(sorted(draft.recipients)),
            sections=parts.as_noted,
            endings=parts.endings,
            files=tuple(map(self.workspace.relative, draft.attached)),
            by_machine=draft.by_machine,
        )

    def _deadline(self, draft: LetterDraft) -> datetime | None:
        """Return when the forms of a letter are due: the first of them, where some are extended."""
        calendar, plan = self.plans.loaded.settings.calendar, self._plan_of(draft.period)
        if calendar.is_called_off(draft.period.code):
            return None
        return min(
            calendar.deadline_of(draft.period, names_of(code, plan)) for code in draft.recipients or {""}
        )

    def _remove_other_slips(self, drafts: Drafts) -> None:
        for path in self._folder(self.expected).glob(f"{SLIPS}*.txt"):
            if not drafts.is_written(path):
                path.unlink()

    def _remove_other_reminders(self, written: Container[Path]) -> None:
        for path in self._folder(self.expected).glob(f"{REMINDS}*.txt"):
            if path not in written:
                path.unlink()

    def remove_outlived_reminders(self, owing: Callable[[], Iterable[Owing]]) -> None:
        """Remove the reminders of those whose forms have all come; `owing` tells whose are still out."""
        reminders = list(self._folder(self.expected).glob(f"{REMINDS}*.txt"))
        if not reminders:
            return
        labels = (self.addressees.of_form(item.recipient, "", self.expected).label for item in owing())
        still_out = {f"{REMINDS}{file_name(label)}" for label in labels}
        for path in reminders:
            if path.stem not in still_out:
                path.unlink()

    def _letter_name(self, result: FileResult, period: Period) -> str:
        """Return the name of the letter about a file: the unit's, else the file's own."""
        unit = self._whose(result, period).label
        if unit:
            return f"{_RECEIPTS.get(result.status, '')}{file_name(unit)}"
        stem = Path(result.received.name).with_suffix("").as_posix().replace("/", "_")
        return f"未接收_{file_name(stem)[-60:]}_{result.received.sha256[:6]}"

    def _plan_of(self, period: Period) -> Plan:
        return self.plans.plan_at(period)

    def _recipient(self, code: str, period: Period) -> Recipient:
        return self.plans.recipient(code, period, self._known_before(period))

    def _known_before(self, period: Period) -> History:
        """Return what was known before a period, in its words; what follows from it is kept with it."""
        if period not in self._in_words:
            self._in_words[period] = self.plans.known(self.known, period).before(period)
        return self._in_words[period]

    def _whose(self, result: FileResult, period: Period) -> Addressee:
        """Return whom the letter about a file is for."""
        return self.addressees.of_form(result.checked or result.party.recipient, result.party.unit, period)

    def _period_of(self, result: FileResult) -> Period:
        if not result.period:
            return self.expected
        return self.plans.loaded.settings.span(result.period)

    def _folder(self, period: Period) -> Path:
        return self.workspace.replies(period)

    # --- workbooks to be corrected

    def _left_to_the_office(self, results: Sequence[FileResult]) -> frozenset[Finding]:
        """Return the questions that no letter of the run puts to a unit: beyond so many in one letter."""
        by_letter: dict[tuple[str, str], list[Finding]] = {}
        for result in results:
            period = self._period_of(result)
            by_letter.setdefault((period.code, self._letter_name(result, period)), []).extend(result.findings)
        most = self.plans.loaded.settings.questions
        unasked: set[Finding] = set()
        for findings in by_letter.values():
            unasked |= left_to_the_office(findings, most)
        return frozenset(unasked)

    def _answer(
        self, result: FileResult, period: Period, unasked: Container[Finding]
    ) -> tuple[Path | None, AnsweredFile]:
        """Write the workbook that a sender is to correct, if any, and return it with what the letter says."""
        findings = [f for f in for_sender(result.findings) if f not in unasked]
        status = result.status
        if status is Status.WITH_WARNINGS:
            status = status_by_findings(findings)
        workbook, points, form, other_period = None, points_of(findings), "", ""
        if result.judgement:
            form = form_name(result.party.recipient, period)
            if result.must_come_again:
                asked = tuple(f for f in result.judgement.findings if f not in unasked)
                judgement = replace(result.judgement, findings=asked)
                workbook, points = self._correction(result.received, judgement, period)
                other_period = moved_from(result)
        waiting, is_nil = waiting_rows(result), result.judgement is not None and result.judgement.nil
        counting, to_check = recorded_rows(result, self.left_out)
        answered = AnsweredFile(
            file=result.received.name,
            form=form,
            sender="" if result.stranger else result.sender,
            status=status,
            points=points,
            attachment=workbook.name if workbook else "",
            moved_from=other_period,
            received_at=result.received.received_at,
            waiting=waiting.whole,
            waiting_changes=waiting.changed,
            said=said_in(result),
            unknown_address=unknown_address(result),
            rows=counting,
            rows_to_check=to_check,
            is_nil=is_nil,
            counts_besides=is_nil and self._books.counts_besides(result),
        )
        return workbook, answered

    def _correction(
        self, received: Received, judgement: JudgedReturn, period: Period
    ) -> tuple[Path, list[Point]]:
        """Write the current form with what was sent in it; return its path and the points it lists."""
        form, marks, letter = self._refilled(judgement, period)
        path = self._books.path(judgement.party.recipient, period, received.sha256)
        with atomic_write(path) as temporary:
            points = write_form(temporary, form, self._look, marks, letter)
        return path, points

    def _refilled(self, judgement: JudgedReturn, period: Period) -> _Refilled:
        """Return the current form with what was sent in it, named by what is printed in its inputs."""
        plan, settings = self._plan_of(period), self.plans.loaded.settings
        known = self.plans.known(self.known, period)
        recipient = self._recipient(judgement.party.recipient, period)
        form = build_form(plan, settings, period, recipient, known, self.ledger.secret)
        told = replace(judgement, findings=for_sender(judgement.findings))
        filled, marks, letter = refill(form, told, known)
        return replace(filled, correction=correction_name(printed_rows(filled))), marks, letter

    def record_corrections(self, results: Iterable[FileResult], ledger: Ledger) -> None:
        """Record what is printed into the workbooks that go back: when they return they are patches of it."""
        for result in results:
            if result.judgement and result.must_come_again:
                period = self._period_of(result)
                form, _, _ = self._refilled(result.judgement, period)
                ledger.record_correction(
                    form.correction, period.code, form.recipient.code, printed_rows(form)
                )

    def remove_settled(self, results: Sequence[FileResult]) -> None:
        """Remove the workbooks to be corrected of those who answered in the run, but for open ones."""
        self._books.remove_settled(results, self._period_of)

    @cached_property
    def _books(self) -> BooksToCorrect:
        return BooksToCorrect(
            workspace=self.workspace, ledger=self.ledger, stem_of=self._stem_of, kept=self.kept
        )

    def _stem_of(self, recipient: str, period: Period) -> str:
        return form_stem(self._recipient(recipient, period), period)

    @cached_property
    def _look(self) -> Look:
        from tenproj_xl.excel.look_reader import read_look  # noqa: PLC0415  # loads openpyxl

        return read_look(self.workspace.template)


def _is_answered(result: FileResult) -> bool:
    """Return whether its sender is told what became of a file; of what lay beside a form nothing is said."""
    if result.status is Status.COMPANION:
        return result.is_scan_alone
    is_old = result.status is Status.SUPERSEDED and not result.is_doubtful_version
    return not (result.stays or is_old or result.status in (Status.DUPLICATE, Status.AWAITING))
