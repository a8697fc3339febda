"""Write what goes back to units: workbooks to be corrected, and one letter a run for each unit.

A unit's letter speaks of all forms that it answers for: of the files that came, and of what is still out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from tenproj_xl.app.results import FileResult, Owing
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.files import atomic_write, file_name, write_file
from tenproj_xl.core.findings import Point, points_of
from tenproj_xl.core.periods import Period
from tenproj_xl.excel.look import Look, read_look
from tenproj_xl.forms.content import build_form, form_stem
from tenproj_xl.forms.write import write_form
from tenproj_xl.ledger.return_state import ReturnState
from tenproj_xl.model.history import History, Party, Status
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.units import is_unit, printed_unit, recipient_of, spoken_code, unit_code
from tenproj_xl.reading.inbox import Received
from tenproj_xl.replies.corrections import refill
from tenproj_xl.replies.letters import AnsweredFile, OutstandingForm, UnitLetter, letter_text
from tenproj_xl.validation.judge import JudgedReturn

_FOLDER, _CORRECTIONS, _REMINDER = "通知", "退回更正", "催报_"


@dataclass(frozen=True)
class Replies:
    """The files of a run with what was written for their senders; and the letters that only remind."""

    files: tuple[FileResult, ...]
    reminders: tuple[Path, ...]


@dataclass
class _Draft:
    """A letter as far as it is known: `answered` are the places of its files among the results of the run."""

    unit: str
    period: Period
    files: list[AnsweredFile] = field(default_factory=list)
    outstanding: list[OutstandingForm] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class ReplyWriter:
    """Writes the replies of a run.

    Attributes:
        workspace: Where they go.
        loaded: Plan and settings.
        known: What was accepted before the run.
        secret: The secret of the ledger's row tokens.
        expected: The period that the run is for.
    """

    workspace: Workspace
    loaded: Loaded
    known: History
    secret: str
    expected: Period

    def write(self, results: Sequence[FileResult], owing: Iterable[Owing] | None = None) -> Replies:
        """Write the replies to files and, where `owing` is given, remind those whose forms are still out.

        A letter takes the place of an earlier one to the same unit, but a mere reminder that of a reminder
        only. Reminders of units that owe nothing any more are removed.
        """
        files = list(results)
        drafts: dict[Path, _Draft] = {}
        answered_recipients = set()
        for place, result in enumerate(results):
            if result.is_the_offices or result.status in (Status.DUPLICATE, Status.SUPERSEDED):
                continue
            period = self._period_of(result)
            answer, answered = self._answer(result, period)
            files[place] = replace(result, answer=answer)
            path = self._folder(period) / f"{self._letter_name(result)}.txt"
            draft = drafts.setdefault(path, _Draft(self._unit_of(result.party), period))
            draft.files.append(answered)
            draft.answered.append(place)
            answered_recipients.add((result.period, result.party.recipient))
        reminders = []
        for item in owing or ():
            if (self.expected.code, item.recipient) not in answered_recipients:
                path = self._draft_of(item, drafts)
                if not drafts[path].files:
                    reminders.append(path)
        for path, draft in drafts.items():
            write_file(path, self._text_of(draft).encode("utf-8-sig"))
            for place in draft.answered:
                files[place] = replace(files[place], letter=path)
        if owing is not None:
            self._remove_other_reminders(reminders)
        return Replies(tuple(files), tuple(dict.fromkeys(reminders)))

    # --- letters

    def _draft_of(self, item: Owing, drafts: dict[Path, _Draft]) -> Path:
        """Add a form that is still out to its unit's letter, and return where the letter goes."""
        folder = self._folder(self.expected)
        path = folder / f"{file_name(item.unit)}.txt"
        if path not in drafts:
            path = folder / f"{_REMINDER}{file_name(item.unit)}.txt"
        draft = drafts.setdefault(path, _Draft(item.unit, self.expected))
        recipient = recipient_of(item.recipient, self.loaded.plan, self.known.before(self.expected))
        form = OutstandingForm(
            form=_form_name(item.recipient, self.expected),
            file=form_stem(recipient, self.expected),
            was_refused=item.state is ReturnState.REFUSED,
        )
        draft.outstanding.append(form)
        return path

    def _text_of(self, draft: _Draft) -> str:
        letter = UnitLetter(
            unit=draft.unit,
            files=sorted(draft.files, key=lambda file: (file.form, file.received_at)),
            outstanding=draft.outstanding,
            deadline=self.loaded.settings.deadline(draft.period),
            office=self.loaded.plan.programme.signature,
        )
        return letter_text(letter)

    def _remove_other_reminders(self, written: Sequence[Path]) -> None:
        for path in self._folder(self.expected).glob(f"{_REMINDER}*.txt"):
            if path not in written:
                path.unlink()

    def _letter_name(self, result: FileResult) -> str:
        """Return the name of the letter about a file: the unit's, else the file's own."""
        unit = self._unit_of(result.party)
        if unit:
            return file_name(unit)
        stem = Path(result.received.name).with_suffix("").as_posix().replace("/", "_")
        return f"未接收_{file_name(stem)[-60:]}_{result.received.sha256[:6]}"

    def _unit_of(self, party: Party) -> str:
        """Return the unit, as printed, that a return comes from or is owed by; "" if nobody can tell."""
        plan = self.loaded.plan
        unit = party.unit
        if not unit and is_unit(party.recipient):
            unit = party.recipient
        elif not unit and party.recipient:
            unit = unit_code(plan.task_force(party.recipient).lead, plan)
        if not unit:
            return ""
        return printed_unit(unit, plan)

    def _period_of(self, result: FileResult) -> Period:
        if not result.period:
            return self.expected
        return self.loaded.settings.span(result.period)

    def _folder(self, period: Period) -> Path:
        return self.workspace.outbox / period.code / _FOLDER

    # --- workbooks to be corrected

    def _answer(self, result: FileResult, period: Period) -> tuple[Path | None, AnsweredFile]:
        """Write the workbook that a sender is to correct, if any, and return it with what the letter says."""
        workbook, points, form, moved_from = None, points_of(result.findings), "", ""
        if result.judgement:
            form = _form_name(result.party.recipient, period)
            if result.needs_a_person:
                workbook, points = self._correction(result.received, result.judgement, period)
                moved_from = _moved_from(result)
        answered = AnsweredFile(
            file=result.received.name,
            form=form,
            sender=result.sender,
            status=result.status,
            points=points,
            attachment=workbook.name if workbook else "",
            moved_from=moved_from,
            received_at=result.received.received_at,
        )
        return workbook, answered

    def _correction(
        self, received: Received, judgement: JudgedReturn, period: Period
    ) -> tuple[Path, list[Point]]:
        """Write the current form with what was sent in it; return its path and the points it lists."""
        plan, settings = self.loaded.plan, self.loaded.settings
        recipient = recipient_of(judgement.party.recipient, plan, self.known.before(period))
        form = build_form(plan, settings, period, recipient, self.known, self.secret)
        filled, marks, letter = refill(form, judgement)
        folder = self.workspace.outbox / period.code / _CORRECTIONS
        path = folder / f"{form.stem}_请更正_{received.sha256[:6]}.xlsx"
        with atomic_write(path) as temporary:
            points = write_form(temporary, filled, self._look, marks, letter)
        return path, points

    @cached_property
    def _look(self) -> Look:
        return read_look(self.workspace.template)


def _moved_from(result: FileResult) -> str:
    """Return the period whose form was filled in instead of the one that is due, "" if none was."""
    for found in result.findings:
        if found.code is Code.OTHER_PERIOD:
            return found.value
    return ""


def _form_name(recipient: str, period: Period) -> str:
    """Return what a letter calls a form: `03专班第48期（11月23日—29日）填报表`."""
    if is_unit(recipient):
        return f"{period.label}填报表"
    return f"{spoken_code(recipient)}{period.label}填报表"
