"""Judgement: all returns of a run checked at once, and which of their rows may enter the ledger.

One pandera validation per sheet over the rows of all returns together; its failures, and those of the row
rules, come back as findings with file, sheet and cell. A consequence is not listed beside its cause.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from tenproj_xl.core.answers import TaskStatus, YesNo
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import TEXT_LIMIT, Column, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.dates import with_likely_year
from tenproj_xl.core.findings import Finding, Place, finding, in_order, quoted
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.period_rows import is_correction_place
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.policy import Exemption, Subject
from tenproj_xl.core.second_process import hand_over
from tenproj_xl.core.sheets import COVER, TASKS
from tenproj_xl.core.texts import canonical, is_blank, text_of
from tenproj_xl.core.wordings import Says, says, sentences
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Party, speaker, stranger
from tenproj_xl.model.units import (
    Recipient,
    hints_at_unit,
    is_unit,
    spellings,
    unit_code,
    unit_named,
)
from tenproj_xl.recognition.identify import Return
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.crosschecks import crosschecks
from tenproj_xl.validation.entries import Entry, entries_of
from tenproj_xl.validation.failures import Failure, Unread
from tenproj_xl.validation.figures import data_period
from tenproj_xl.validation.given_figures import given_figures
from tenproj_xl.validation.in_bulk import failures_in
from tenproj_xl.validation.merged_cells import cause, once_for_merged
from tenproj_xl.validation.new_issues import continued_issue
from tenproj_xl.validation.nil_returns import nothing_to_keep
from tenproj_xl.validation.outside import outside_findings
from tenproj_xl.validation.reasons import is_about_no_reason


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


_OF_BLANKS = (
    Code.REQUIRED,
    Code.PERIOD_MISSING,
    Code.FIGURE_MISSING,
    Code.ISSUE_INCOMPLETE,
    Code.STATUS_BLANK,
)
"""What is found of blank cells: a consequence where they were merged with others."""
_HALF_A_YEAR = timedelta(days=183)
_SIGNED_LATE = timedelta(days=62)
"""So long after a period its returns are still signed."""
_Faults = Mapping[int, Sequence[Finding]]
"""What pandera found, by the `id` of the entry."""
_Validated = tuple[Sequence[Entry], Future[list[Failure]]]
"""Entries of one sheet, and what pandera finds in them, once it is done."""


def judge(
    returns: Sequence[Return], sheets: Sequence[Sheet], context_of: ContextOf, *, apart: bool = False
) -> list[JudgedReturn]:
    """Judge returns, in their order.

    Args:
        returns: Identified returns.
        sheets: The declarations of the three standard sheets.
        context_of: What a return is checked against.
        apart: Whether a return may be asked for what another one of them has answered.
    """
    contexts = [context_of(source) for source in returns]
    entries = []
    for source, context in zip(returns, contexts, strict=True):
        entries.append([e for row in source.rows for e in entries_of(source, row, context.plan)])
    validated = _handed_over([e for rows in entries for e in rows], sheets)
    answered = {} if apart else _answered(returns, entries)
    faults = _faults(validated)
    judged = []
    for n, (source, rows, context) in enumerate(zip(returns, entries, contexts, strict=True)):
        own = {n}
        elsewhere = {row for row, numbers in answered.get(source.period, {}).items() if numbers != own}
        whole = replace(context, answered_elsewhere=context.answered_elsewhere | elsewhere)
        judged.append(_Judging(source, rows, whole, faults).judged())
    return judged


def _answered(
    returns: Sequence[Return], entries: Sequence[Sequence[Entry]]
) -> dict[str, dict[tuple[str, str], set[int]]]:
    """Return by period which rows are answered, and the places of the returns that answer them."""
    answered: dict[str, dict[tuple[str, str], set[int]]] = {}
    for n, (source, rows) in enumerate(zip(returns, entries, strict=True)):
        of_period = answered.setdefault(source.period, {})
        for e in rows:
            if e.code and not e.row.of_others and e.answers_what_is_asked:
                of_period.setdefault((e.row.sheet.code, e.code), set()).add(n)
    return answered


def _handed_over(entries: Sequence[Entry], sheets: Sequence[Sheet]) -> Sequence[_Validated]:
    """Have the answered rows of all returns validated, one sheet after the other."""
    handed = []
    for sheet in sheets:
        chosen = [
            e for e in entries if e.row.sheet.code == sheet.code and not e.row.of_others and e.is_touched
        ]
        if chosen:
            handed.append((chosen, hand_over(failures_in, sheet, [e.inputs for e in chosen])))
    return handed


def _faults(validated: Sequence[_Validated]) -> _Faults:
    faults: dict[int, list[Finding]] = {}
    for chosen, failures in validated:
        for failure in failures.result():
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
    return finding(failure.code, place, typed, advice=column.how, expected=column.header)


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
        self.in_words = self._nil_in_words()
        if self.in_words:
            self.answered = []
        is_nil = self.cover.get("nil_return") == YesNo.YES or bool(self.in_words)
        self.nil = is_nil and not self.answered and not self.has_unplaced_answers
        self.meant = {u.meant for u in source.unplaced if u.meant}
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

    def _nil_in_words(self) -> list[Entry]:
        """Return the rows that say that nothing is new, where all that is written says so."""
        if self.has_unplaced_answers or self.cover.get("nil_return") is not None:
            return []
        written = [e for e in self.own if e.is_touched]
        return written if all(e.says_nil for e in written) else []

    def _of_the_whole(self) -> list[Finding]:
        """Find what is wrong with the cover, the sender, or the return as a whole."""
        findings = [*self.cover_findings, *_wrong_unit(self.source, self.cover, self.recipient, self.plan)]
        findings += _signed_far_off(self.source, self.cover, self.day)
        is_blank = not self.answered and not self.source.absent and not self.has_unplaced_answers
        if self.is_owed and is_blank:
            findings.append(finding(Code.RETURN_BLANK, Place(self.source.file)))
        findings += outside_findings(self.source, is_blank=is_blank and not self.nil)
        findings += _problem_as_highlight(self.source, self.cover)
        if self.answered and self.cover.get("nil_return") == YesNo.YES:
            place = _on_cover(self.source, "nil_return")
            findings.append(
                finding(Code.NIL_WITH_ANSWERS, place, YesNo.YES.label, expected=len(self.answered))
            )
        if self.nil and self.recipient.involved:
            findings += nothing_to_keep(self.own, _on_cover(self.source, "nil_return"), self.context)
        for e in self.in_words[:1]:
            [field] = e.changed_fields
            findings.append(finding(Code.NIL_IN_WORDS, e.place(field), e.says_nil))
        sender = subject_of(party_of(self.recipient, self.cover, (), self.plan), self.plan)
        return self.policy.applied(findings, sender, self.day)

    def _of_rows(self) -> tuple[list[Entry], list[Finding]]:
        """Check every row; return those that are accepted, and the findings of all."""
        reordered = frozenset(s.sheet.code for s in self.source.statuses if s.is_reordered)
        context = replace(
            self.context,
            nil=not self.is_owed,
            figures=_figures(self.answered),
            of_periods=_of_periods(self.answered),
            given=given_figures(self.answered),
            corrected=self._corrected(),
            reordered=reordered,
        )
        accepted: list[Entry] = []
        findings: list[Finding] = []
        left_aside = set(map(id, self.in_words))
        for e in self.entries:
            if id(e) in left_aside:
                continue
            faults = [f for f in self.faults.get(id(e), ()) if not is_about_no_reason(f, e, context)]
            raw = [*faults, *e.guesses, *crosschecks(e, context)]
            of_row: list[Finding] = []
            if raw:
                applied = self.policy.applied(raw, _subject(e, self.plan), self.day)
                of_row = self._with_causes(_with_answer(_without_consequences(applied), e), e)
                findings += of_row
            is_own = e.is_answered and not e.row.of_others and not e.is_unresolved
            is_own = is_own and continued_issue(e) is None
            if is_own and not any(f.is_error for f in of_row):
                accepted.append(e)
        return accepted, once_for_merged(findings)

    def _corrected(self) -> list[Reported]:
        """Return what the sender put right in rows for corrections of this period before."""
        unit = party_of(self.recipient, self.cover, (), self.plan).unit
        forces = {task_force.code for task_force in self.recipient.task_forces}
        rows = []
        for row in self.context.reported:
            is_of_sender = row.unit == unit and row.task_force in forces and not row.basis
            if is_of_sender and is_correction_place(row.values.get("code")):
                rows.append(row)
        return rows

    def _with_causes(self, findings: Sequence[Finding], e: Entry) -> list[Finding]:
        """Return the findings of a row, what follows from merged cells or a block pasted too low aside."""
        kept = []
        for f in findings:
            cells = e.merged(f.cell) if f.code in _OF_BLANKS else ""
            if cells and f.is_error:
                kept.append(cause(f, cells))
            elif not cells and not (f.code is Code.FIGURE_MISSING and e.row.token in self.meant):
                kept.append(f)
        return kept

    def _silent_tasks(self) -> list[Finding]:
        """Find the tasks without an answer: one finding for all, but one each for those with an exemption."""
        alike: dict[Exemption | None, list[Entry]] = {}
        for e in self.own:
            says_how_it_goes = e.is_touched and not e.changed_fields.isdisjoint(TASKS.awaits)
            if e.row.sheet.code == TASKS.code and e.code and not says_how_it_goes and not self._is_told(e):
                exemption = self.policy.exemption(Code.TASK_SILENT, _subject(e, self.plan), self.day)
                alike.setdefault(exemption, []).append(e)
        findings = []
        for silent in alike.values():
            subject = _subject(silent[0], self.plan)
            findings += self.policy.applied([_silence(self.source, silent)], subject, self.day)
        return findings

    def _is_told(self, e: Entry) -> bool:
        """Whether an answer to a task is not due, has come, or why there is none is told otherwise."""
        if e.printed("status") == TaskStatus.DONE or e.row.token in self.meant:
            return True
        if (TASKS.code, e.code) in self.context.answered_elsewhere:
            return True
        return any(e.merged(e.place(name).cell) for name in TASKS.awaits)


def _figures(entries: Sequence[Entry]) -> dict[str, float]:
    """Return the current figures of indicators by code."""
    figures = {}
    for e in entries:
        value = e.inputs.get("value")
        if isinstance(value, float) and e.of_period is None and not e.is_unresolved:
            figures[e.code] = value
    return figures


def _of_periods(entries: Sequence[Entry]) -> dict[str, list[int]]:
    """Return the numbers of the rows for one data period, by code."""
    numbers: dict[str, list[int]] = {}
    for e in entries:
        if e.of_period is not None:
            numbers.setdefault(e.code, []).append(e.row.number)
    return numbers


def _refuses(findings: Sequence[Finding]) -> bool:
    return any(f.code.rule.refuses_return for f in findings)


def _why_refused(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that explain a refusal: of a blank return only that, else every error."""
    is_blank = any(f.code is Code.RETURN_BLANK for f in findings)
    outside = (Code.OUTSIDE_CELLS, Code.OUTSIDE_NOTED)
    return [
        f
        for f in findings
        if f.code.rule.refuses_return or f.code in outside or (f.is_error and not is_blank)
    ]


def party_of(
    recipient: Recipient, cover: Mapping[str, Value], accepted: Sequence[Entry], plan: Plan
) -> Party:
    """Return who speaks in a return, for the task forces in which rows are owed and those of new issues."""
    forces = {*recipient.owes, *(e.task_force for e in accepted)}
    return Party(recipient.code, tuple(sorted(forces)), speaker(cover, recipient, plan))


def _without_consequences(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of a row, of a cell with errors only the first, from which others may follow.

    Who is asked for the unit of an issue need not be told besides that 同上 is none.
    """
    first = {f.cell: f for f in reversed(findings) if f.is_error}
    asked = {f.cell for f in findings if f.code is Code.UNIT_UNCLEAR}
    kept = [f for f in findings if first.get(f.cell, f) is f]
    return [f for f in kept if f.code is not Code.SAME_AS_ABOVE or f.cell not in asked]


def _with_answer(findings: Sequence[Finding], e: Entry) -> list[Finding]:
    """Return the findings of a row with what its 核实说明 says; a fall explained there stays a question."""
    answered = []
    for f in findings:
        severity = f.severity
        if f.code is Code.VALUE_FELL and f.is_error and e.explains_fall:
            severity = Severity.QUESTION
        answered.append(_about(replace(f, severity=severity, answer=e.verification), e))
    return answered


def _about(f: Finding, e: Entry) -> Finding:
    """Return a finding with the row, the field and the data period that it is about."""
    field = ""
    for column in e.row.sheet.columns:
        if e.row.table_row.address(column.field) == f.cell:
            field = column.field
    period = data_period(e) if e.row.sheet.dated else None
    return replace(f, row=e.code or e.row.name, field=field, data_period=period.code if period else "")


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
    period, warning = parse_period(source.period), None
    meaning = read_cell(cell, column, year=period.year)
    if meaning.code is Code.YEAR_GUESSED:
        meaning = with_likely_year(meaning, cell, period.last + _SIGNED_LATE)
    if meaning.code is Code.TOO_LONG:
        fields = {"found": meaning.detail, "expected": TEXT_LIMIT}
        warning = finding(meaning.code, place, text_of(cell), Severity.WARNING, **fields)
    elif meaning.code:
        fields = {"advice": column.how, "expected": meaning.detail}
        warning = finding(meaning.code, place, text_of(cell), Severity.WARNING, **fields)
    elif column.field in COVER.registers and is_blank(cell):
        warning = finding(Code.COVER_BLANK, place, advice=column.how)
    return meaning.value, warning


def _on_cover(source: Return, name: str) -> Place:
    return Place(source.file, source.cover_tab, source.cover_cells.get(name, ""), COVER.column(name).header)


def _problem_as_highlight(source: Return, cover: Mapping[str, Value]) -> Iterator[Finding]:
    """Find a highlight that tells of what has stopped or is not solved."""
    for sentence in sentences(str(cover.get("highlights") or "")):
        if says(sentence, Says.STUCK, Says.HALTED, Says.UNSOLVED):
            yield finding(Code.HIGHLIGHT_PROBLEM, _on_cover(source, "highlights"), sentence.strip())
            return


def _wrong_unit(
    source: Return, cover: Mapping[str, Value], recipient: Recipient, plan: Plan
) -> list[Finding]:
    """Find a sender that is a unit of the plan, but not the one whose form it is, or of other task forces."""
    unit, typed = unit_named(cover.get("unit"), plan), text_of(cover.get("unit"))
    place = _on_cover(source, "unit")
    if unit is None and _is_nobody(typed, recipient, plan):
        return [finding(Code.COVER_UNIT, place, typed, expected=recipient.printed)]
    if unit is None or unit == recipient.unit:
        return []
    if recipient.by_unit:
        return [finding(Code.OTHER_UNIT, place, typed, expected=recipient.printed)]
    if not stranger(cover, recipient, plan):
        return []
    expected = f"{recipient.spoken}，牵头单位{recipient.printed}"
    return [finding(Code.OTHER_TASK_FORCE, place, typed, expected=expected)]


def _is_nobody(typed: str, recipient: Recipient, plan: Plan) -> bool:
    """Return whether a text names no unit of the plan, with or without its office, nor the task force."""
    if is_blank(typed) or hints_at_unit(typed, plan) or canonical(typed) in canonical(plan.programme.office):
        return False
    for task_force in recipient.task_forces:
        if f"{task_force.code}专班" in canonical(typed) or canonical(task_force.name) in canonical(typed):
            return False
    return True


def _signed_far_off(source: Return, cover: Mapping[str, Value], day: date) -> list[Finding]:
    """Ask about a day of signing that lies half a year and more from the period."""
    signed_on = cover.get("signed_on")
    if not isinstance(signed_on, date) or abs(signed_on - day) < _HALF_A_YEAR:
        return []
    header = COVER.column("signed_on").header
    return [finding(Code.DATE_FAR, _on_cover(source, "signed_on"), text_of(signed_on), expected=header)]
