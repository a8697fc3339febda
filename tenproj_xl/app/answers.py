"""What goes to senders: a workbook to be corrected, a notice to paste into a mail, or a reminder where nothing came.

Reads: what became of their files, and the template. Writes: into the outbox. Gives: where it lies.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from tenproj_xl.app.results import FileResult, Matrix
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.files import atomic_write, file_name, write_file
from tenproj_xl.core.findings import Point, points_of
from tenproj_xl.core.periods import Period
from tenproj_xl.excel.look import Look, read_look
from tenproj_xl.forms.content import build_form
from tenproj_xl.forms.write import write_form
from tenproj_xl.model.history import History, Status
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.units import is_unit, recipient_of
from tenproj_xl.reading.inbox import Received
from tenproj_xl.replies.corrections import refill
from tenproj_xl.replies.letters import AnsweredFile, notice, reminder
from tenproj_xl.validation.judge import JudgedReturn

_NOTICES, _REMINDER = "通知", "催报_"
_NEXT_LETTER = f"\r\n{'—' * 20}\r\n\r\n"
"""Between what is said of several files that one sender sent at once."""


@dataclass(frozen=True)
class Answers:
    """What all answers of a run are made from: `known` is what counted before it, `expected` the period it was for."""

    workspace: Workspace
    loaded: Loaded
    known: History
    secret: str
    expected: Period
    _letters: dict[Path, list[str]] = field(default_factory=dict)

    def answered(self, result: FileResult) -> FileResult:
        """The result with what was laid into the outbox for its sender; who changed nothing is told nothing."""
        if result.is_the_offices or result.status in (Status.DUPLICATE, Status.SUPERSEDED):
            return result
        r, period = result.received, self._period(result)
        workbook, points = None, points_of(result.findings)
        if result.needs_a_person and result.judgement:
            workbook, points = self._correction(r, result.judgement, period)
        moved = next((f.value for f in result.findings if workbook and f.code is Code.OTHER_PERIOD), "")
        sent = AnsweredFile(
            r.name,
            result.sender,
            period.label if result.period else "",
            result.status,
            points,
            workbook.name if workbook else "",
            moved,
            r.received_at,
            self.loaded.settings.deadline(period),
            self.loaded.plan.programme.signature,
        )
        path = self._folder(period) / _NOTICES / f"{_addressee(result)}.txt"
        letters = self._letters.setdefault(path, [])
        letters.append(notice(sent))
        write_file(path, _NEXT_LETTER.join(letters).encode("utf-8-sig"))
        return replace(result, answer=workbook, notice=path)

    def _period(self, result: FileResult) -> Period:
        """The period that the sender has to return: the file's own, unless it is an old form used again."""
        is_old = any(f.code is Code.OTHER_PERIOD for f in result.findings)
        return self.expected if is_old or not result.period else self.loaded.settings.span(result.period)

    def _folder(self, period: Period) -> Path:
        return self.workspace.outbox / period.code

    def _correction(self, r: Received, judgement: JudgedReturn, period: Period) -> tuple[Path, list[Point]]:
        """Where the current form lies with what was sent in it, and what it says."""

        plan, settings = self.loaded.plan, self.loaded.settings
        recipient = recipient_of(judgement.party.recipient, plan, self.known.before(period))
        form = build_form(plan, settings, period, recipient, self.known, self.secret)
        filled, marks, notes = refill(form, judgement)
        path = self._folder(period) / "退回更正" / f"{form.stem}_请更正_{r.sha256[:6]}.xlsx"
        with atomic_write(path) as temporary:
            return path, write_form(temporary, filled, self._look, marks, notes)

    @cached_property
    def _look(self) -> Look:

        return read_look(self.workspace.template)


def _addressee(result: FileResult) -> str:
    """Whom a notice is for, as its file is called: what a run tells a sender takes the place of what one before did."""
    recipient = result.party.recipient
    unit = str(result.judgement.cover.get("unit") or "") if result.judgement else ""
    if result.period:
        number = "" if is_unit(recipient) else recipient
        return file_name("_".join(part for part in (number, unit or result.sender) if part))
    stem = file_name(Path(result.received.name).with_suffix("").as_posix().replace("/", "_"))[-60:]
    return f"未收下_{stem}_{result.received.sha256[:6]}"


# --- where nothing came


def remind(workspace: Workspace, loaded: Loaded, matrix: Matrix) -> tuple[Path, ...]:
    """A text for everybody whose form is still out; those of others that have returned by now are taken away."""
    folder, written = workspace.outbox / matrix.period.code / _NOTICES, []
    for owing in matrix.owing:
        code = "" if is_unit(owing.recipient) else f"{owing.recipient}_"
        path = folder / file_name(f"{_REMINDER}{code}{owing.unit}.txt")
        form = next((p.stem for p in folder.parent.glob(f"填报表/{owing.recipient}_*.xlsx")), "填报表")
        text = reminder(
            owing.unit, matrix.period.label, form, matrix.deadline, loaded.plan.programme.signature
        )
        write_file(path, text.encode("utf-8-sig"))
        written.append(path)
    for path in folder.glob(f"{_REMINDER}*.txt"):
        if path not in written:
            path.unlink()
    return tuple(written)
