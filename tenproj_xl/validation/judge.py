"""Judgement: all returns of a run checked at once, and which of their rows may enter the ledger.

One pandera validation per sheet over the rows of all returns together; its failures, and those of the row
rules, come back as findings with file, sheet and cell. A consequence is not listed beside its cause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Value, is_empty
from tenproj_xl.core.columns import TEXT_LIMIT, Column, Sheet
from tenproj_xl.core.findings import Finding, Place, finding, in_order, quoted
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.policy import Exemption, Subject
from tenproj_xl.core.sheets import COVER, TASKS
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.history import Party
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import Recipient, is_unit, members, speaker, spellings, unit_code, unit_named
from tenproj_xl.recognition.identify import Return
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.crosschecks import crosschecks
from tenproj_xl.validation.entries import Entry, Unread, entry
from tenproj_xl.validation.schemas import Failure, failures, frame_of


class ContextOf(Protocol):
    """Gives what a return is checked against."""

    def __call__(self, source: Return) -> Context: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class JudgedReturn:
    """What became of one return: `accepted` are the answered rows without an error."""

    source: Return
    party: Party
    entries: tuple[Entry, ...]
    accepted: tuple[Entry, ...]
    cover: Mapping[str, Value]
    nil: bool
    findings: tuple[Finding, ...]

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the return is accepted, because of a rule about the whole of it."""
        return _refuses(self.findings)


_Faults = Mapping[int, Sequence[Finding]]
"""What pandera found, by the `id` of the entry."""


def judge(
    returns: Sequence[Return], sheets: Sequence[Sheet], plan: Plan, context_of: ContextOf
) -> list[JudgedReturn]:
    """Judge returns, in their order.

    Args:
        returns: Identified returns.
        sheets: The declarations of the three standard sheets.
        plan: The plan.
        context_of: What a return is checked against.
    """
    entries = [[entry(source, row, plan) for row in source.rows] for source in returns]
    faults = _faults([e for rows in entries for e in rows], sheets)
    judged = []
    for source, rows in zip(returns, entries, strict=True):
        judged.append(_Judging(source, rows, context_of(source), faults).judged())
    return judged


def _faults(entries: Sequence[Entry], sheets: Sequence[Sheet]) -> _Faults:
    """Validate the answered rows of all returns, one sheet after the other."""
    faults: dict[int, list[Finding]] = {}
    for sheet in sheets:
        chosen = [
            e for e in entries if e.row.sheet.code == sheet.code and e.is_answered and not e.row.of_others
        ]
        if not chosen:
            continue
        frame = frame_of(sheet, [e.inputs for e in chosen])
        for failure in failures(sheet, frame):
            at_fault = chosen[failure.index]
            faults.setdefault(id(at_fault), []).append(_finding_of(failure, at_fault))
    return faults


def _finding_of(failure: Failure, at_fault: Entry) -> Finding:
    column, place = at_fault.column(failure.field), at_fault.place(failure.field)
    cell = at_fault.inputs[failure.field]
    typed = at_fault.typed(failure.field)
    if failure.required is not None:
        return at_fault.lacking(failure.code, failure.field, when=failure.required.when)
    if failure.code is Code.OUT_OF_BOUNDS:
        return finding(failure.code, place, typed, expected=column.bounds)
    if isinstance(cell, Unread) and failure.code is Code.TOO_LONG:
        return finding(failure.code, place, typed, found=cell.detail, expected=TEXT_LIMIT)
    return finding(failure.code, place, typed, advice=column.how)


class _Judging:
    """The judgement of one return, in steps: the cover, the whole, the rows, the tasks without an answer."""

    def __init__(self, source: Return, entries: Sequence[Entry], context: Context, faults: _Faults) -> None:
        self.source, self.entries, self.context, self.faults = source, entries, context, faults
        self.plan, self.recipient = context.plan, context.recipient
        self.policy, self.day = context.settings.policy, context.period.last
        self.cover, self.cover_findings = _cover(source)
        self.own = [e for e in entries if not e.row.of_others]
        self.answered = [e for e in self.own if e.is_answered]
        self.has_unplaced_answers = any(u.row.is_written for u in source.unplaced)
        is_nil = self.cover.get("nil_return") == YesNo.YES
        self.nil = is_nil and not self.answered and not self.has_unplaced_answers
        self.is_owed = self.recipient.involved and not self.nil

    def judged(self) -> JudgedReturn:
        findings = self._of_the_whole()
        accepted, of_rows = self._of_rows()
        findings += of_rows
        if self.is_owed:
            findings += self._silent_tasks()
        if _refuses(findings):
            findings, accepted = _why_refused(findings), []
        return JudgedReturn(
            source=self.source,
            party=party_of(self.recipient, self.cover, accepted, self.plan),
            entries=tuple(self.entries),
            accepted=tuple(accepted),
            cover=self.cover,
            nil=self.nil,
            findings=tuple(in_order(findings)),
        )

    def _of_the_whole(self) -> list[Finding]:
        """Find what is wrong with the cover, the sender, or the return as a whole."""
        findings = [*self.cover_findings, *_wrong_unit(self.source, self.cover, self.recipient, self.plan)]
        is_blank = not self.answered and not self.source.absent and not self.has_unplaced_answers
        if self.is_owed and is_blank:
            findings.append(finding(Code.RETURN_BLANK, Place(self.source.file)))
        if self.answered and self.cover.get("nil_return") == YesNo.YES:
            place = _on_cover(self.source, "nil_return")
            findings.append(
                finding(Code.NIL_WITH_ANSWERS, place, YesNo.YES.label, expected=len(self.answered))
            )
        sender = subject_of(party_of(self.recipient, self.cover, (), self.plan), self.plan)
        return self.policy.applied(findings, sender, self.day)

    def _of_rows(self) -> tuple[list[Entry], list[Finding]]:
        """Check every row; return those that are accepted, and the findings of all."""
        context = replace(self.context, nil=not self.is_owed)
        accepted, findings = [], []
        for e in self.entries:
            raw = [*self.faults.get(id(e), ()), *e.guesses, *crosschecks(e, context)]
            of_row: list[Finding] = []
            if raw:
                applied = self.policy.applied(raw, _subject(e, self.plan), self.day)
                of_row = _with_answer(_without_consequences(applied), e)
                findings += of_row
            if e.is_answered and not e.row.of_others and not any(f.is_error for f in of_row):
                accepted.append(e)
        return accepted, findings

    def _silent_tasks(self) -> list[Finding]:
        """Find the tasks without an answer: one finding for all, but one each for those with an exemption."""
        alike: dict[Exemption | None, list[Entry]] = {}
        for e in self.own:
            if e.row.sheet.code == TASKS.code and e.code and not e.is_answered:
                exemption = self.policy.exemption(Code.TASK_SILENT, _subject(e, self.plan), self.day)
                alike.setdefault(exemption, []).append(e)
        findings = []
        for silent in alike.values():
            subject = _subject(silent[0], self.plan)
            findings += self.policy.applied([_silence(self.source, silent)], subject, self.day)
        return findings


def _refuses(findings: Sequence[Finding]) -> bool:
    return any(f.code.rule.refuses_return for f in findings)


def _why_refused(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that explain a refusal: of a blank return only that, else every error."""
    is_blank = any(f.code is Code.RETURN_BLANK for f in findings)
    return [f for f in findings if f.code.rule.refuses_return or (f.is_error and not is_blank)]


def party_of(
    recipient: Recipient, cover: Mapping[str, Value], accepted: Sequence[Entry], plan: Plan
) -> Party:
    """Return who speaks in a return, for the task forces in which rows are owed and those of new issues."""
    forces = {*recipient.owes, *(e.task_force for e in accepted)}
    return Party(recipient.code, tuple(sorted(forces)), speaker(cover, recipient, plan))


def _without_consequences(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of a row, of a cell with errors only the first, from which others may follow."""
    first = {f.cell: f for f in reversed(findings) if f.is_error}
    return [f for f in findings if first.get(f.cell, f) is f]


def _with_answer(findings: Sequence[Finding], e: Entry) -> list[Finding]:
    """Return the findings of a row with what its 核实说明 says; a fall explained there stays a question."""
    answered = []
    for f in findings:
        severity = f.severity
        if f.code is Code.VALUE_FELL and f.is_error and e.explains_fall:
            severity = Severity.QUESTION
        answered.append(replace(f, severity=severity, answer=e.verification))
    return answered


def _silence(source: Return, silent: Sequence[Entry]) -> Finding:
    expected = "、".join(quoted(e.row.name) for e in silent[:3])
    if len(silent) > 3:
        expected += f"等{len(silent)}项任务"
    return finding(Code.TASK_SILENT, Place(source.file, silent[0].row.tab), expected=expected)


# --- whom findings are about


def subject_of(party: Party, plan: Plan) -> Subject:
    """Return a sender as a subject: the unit that speaks, in the form of a task force or in its own."""
    task_force = "" if is_unit(party.recipient) else party.recipient
    return Subject(task_force, "", spellings(party.unit, plan))


def _subject(e: Entry, plan: Plan) -> Subject:
    """Return a row as a subject, with the unit that reports it; a new issue is its task force's lead's."""
    unit = e.owner
    if not unit:
        for task_force in plan.task_forces:
            if task_force.code == e.task_force:
                unit = unit_code(task_force.lead, plan)
    return Subject(e.task_force, e.code, spellings(unit, plan))


# --- the cover


def _cover(source: Return) -> tuple[dict[str, Value], list[Finding]]:
    """Read the cover's answers; what is wrong there is a warning at most, so that it keeps no figure out."""
    values: dict[str, Value] = {}
    findings: list[Finding] = []
    if not source.cover_tab:
        place = Place(source.file, COVER.name)
        return values, [finding(Code.SHEET_MISSING, place, "", Severity.WARNING, expected=COVER.name)]
    for column in COVER.columns:
        values[column.field], warning = _cover_answer(source, column)
        if warning:
            findings.append(warning)
    return values, findings


def _cover_answer(source: Return, column: Column) -> tuple[Value, Finding | None]:
    cell, place = source.cover.get(column.field), _on_cover(source, column.field)
    meaning = read_cell(cell, column, year=int(source.period[:4]))
    warning = None
    if meaning.code is Code.TOO_LONG:
        fields = {"found": meaning.detail, "expected": TEXT_LIMIT}
        warning = finding(meaning.code, place, text_of(cell), Severity.WARNING, **fields)
    elif meaning.code:
        fields = {"advice": column.how, "expected": meaning.detail}
        warning = finding(meaning.code, place, text_of(cell), Severity.WARNING, **fields)
    elif column.field in COVER.registers and is_empty(cell):
        warning = finding(Code.COVER_BLANK, place, advice=column.how)
    return meaning.value, warning


def _on_cover(source: Return, name: str) -> Place:
    return Place(source.file, source.cover_tab, source.cover_cells.get(name, ""), COVER.column(name).header)


def _wrong_unit(
    source: Return, cover: Mapping[str, Value], recipient: Recipient, plan: Plan
) -> list[Finding]:
    """Find a sender that is a unit of the plan, but not the one whose form it is, or of other task forces."""
    unit = unit_named(cover.get("unit"), plan)
    if unit is None or unit == recipient.unit:
        return []
    place, typed = _on_cover(source, "unit"), str(cover["unit"])
    if recipient.by_unit:
        return [finding(Code.OTHER_UNIT, place, typed, expected=recipient.printed)]
    task_force = recipient.task_forces[0]
    if unit in members(task_force, plan):
        return []
    expected = f"{recipient.spoken}，牵头单位{recipient.printed}"
    return [finding(Code.OTHER_TASK_FORCE, place, typed, expected=expected)]
