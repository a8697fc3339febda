"""Judgement: all returns of a run checked at once, and which of their rows may enter the ledger.

One pandera validation per sheet over the rows of all returns together; its failures, and those of the cross-checks,
come back as findings with file, sheet and cell. A consequence is not listed beside its cause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Value, is_empty
from tenproj_xl.core.columns import TEXT_LIMIT, Sheet
from tenproj_xl.core.findings import Finding, Place, finding, in_order, quoted
from tenproj_xl.core.parse import read_cell, text_of
from tenproj_xl.core.policy import Exemption, Subject
from tenproj_xl.core.sheets import COVER, TASKS, YES
from tenproj_xl.model.history import Party
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import Recipient, is_unit, members, speaker, spellings, unit_code, unit_named
from tenproj_xl.recognition.identify import Return
from tenproj_xl.validation.crosschecks import Context, crosschecks
from tenproj_xl.validation.entries import Entry, Unread, entry
from tenproj_xl.validation.schemas import Failure, failures, frame_of


class ContextOf(Protocol):
    """Gives what a return is checked against."""

    def __call__(self, source: Return) -> Context: ...  # noqa: D102


@dataclass(frozen=True)
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
        """True where nothing of the return counts."""
        return any(f.code.rule.refuses_return for f in self.findings)


def judge(
    returns: Sequence[Return], sheets: Sequence[Sheet], plan: Plan, context_of: ContextOf
) -> list[JudgedReturn]:
    """The judgement of each return, in their order.

    Args:
        returns: Identified returns.
        sheets: The declarations of the three standard sheets.
        plan: The plan.
        context_of: What a return is checked against.
    """
    entries = [[entry(source, row, plan) for row in source.rows] for source in returns]
    answered = [e for some in entries for e in some if e.is_answered and not e.row.of_others]
    faults: dict[int, list[Finding]] = {}
    for sheet in sheets:
        chosen = [e for e in answered if e.row.sheet.code == sheet.code]
        for failure in failures(sheet, frame_of(sheet, [dict(e.inputs) for e in chosen])) if chosen else ():
            found = chosen[failure.index]
            faults.setdefault(id(found), []).append(_finding_of(failure, found))
    return [_judgement(*pair, faults, plan, context_of) for pair in zip(returns, entries, strict=True)]


def _finding_of(failure: Failure, found: Entry) -> Finding:
    column, place = found.column(failure.field), found.place(failure.field)
    cell = found.inputs[failure.field]
    typed = found.typed(failure.field)
    if failure.required is not None:
        return found.lacking(failure.code, failure.field, when=failure.required.when)
    if failure.code is Code.OUT_OF_BOUNDS:
        return finding(failure.code, place, typed, expected=column.bounds)
    if isinstance(cell, Unread) and failure.code is Code.TOO_LONG:
        return finding(failure.code, place, typed, found=cell.detail, expected=TEXT_LIMIT)
    return finding(failure.code, place, typed, advice=column.how)


def _judgement(
    source: Return,
    entries: Sequence[Entry],
    faults: Mapping[int, Sequence[Finding]],
    plan: Plan,
    context_of: ContextOf,
) -> JudgedReturn:
    cover, findings = _cover(source)
    context = context_of(source)
    findings += _right_unit(source, cover, context.recipient, plan)
    own = [e for e in entries if not e.row.of_others]
    answered = [e for e in own if e.is_answered]
    torn = any(u.row.is_written for u in source.unplaced)
    nil = cover.get("nil_return") == YES and not answered and not torn
    owed = context.recipient.involved and not nil
    if owed and not answered and not source.absent and not torn:
        findings.append(finding(Code.RETURN_BLANK, Place(source.file)))
    if cover.get("nil_return") == YES and answered:
        findings.append(
            finding(Code.NIL_WITH_ANSWERS, _on_cover(source, "nil_return"), YES, expected=len(answered))
        )
    context = replace(context, nil=not owed)
    policy, day = context.settings.policy, context.period.last
    findings = policy.applied(findings, subject_of(party_of(context.recipient, cover, (), plan), plan), day)
    accepted = []
    for e in entries:
        raw = [*faults.get(id(e), ()), *e.guesses, *crosschecks(e, context)]
        found = _without_consequences(policy.applied(raw, _subject(e, plan), day)) if raw else []
        findings += found
        if e.is_answered and not e.row.of_others and not any(f.is_error for f in found):
            accepted.append(e)
    findings += _silent_tasks(source, own, context) if owed else []
    if any(f.code.rule.refuses_return for f in findings):
        blank = any(f.code is Code.RETURN_BLANK for f in findings)
        findings = [f for f in findings if f.code.rule.refuses_return or (not blank and f.is_error)]
        accepted = []
    party = party_of(context.recipient, cover, accepted, plan)
    return JudgedReturn(source, party, tuple(entries), tuple(accepted), cover, nil, tuple(in_order(findings)))


def party_of(
    recipient: Recipient, cover: Mapping[str, Value], accepted: Sequence[Entry], plan: Plan
) -> Party:
    """Who speaks in a return: its task forces are those in which rows are owed, and those of new issues."""
    forces = {*recipient.owes, *(e.task_force for e in accepted)}
    return Party(recipient.code, tuple(sorted(forces)), speaker(cover, recipient, plan))


def _without_consequences(found: Sequence[Finding]) -> list[Finding]:
    """Findings of one row; of a cell with errors only the first, for the others are said of what is wrong already."""
    first = {f.cell: f for f in reversed(found) if f.is_error}
    return [f for f in found if first.get(f.cell, f) is f]


def _silent_tasks(source: Return, entries: Sequence[Entry], context: Context) -> list[Finding]:
    """One finding for the tasks of which nothing was said, one more for those whose silence is excused alike."""
    silent = [e for e in entries if e.row.sheet.code == TASKS.code and e.code and not e.is_answered]
    policy, day = context.settings.policy, context.period.last
    alike: dict[Exemption | None, list[Entry]] = {}
    for e in silent:
        alike.setdefault(policy.exemption(Code.TASK_SILENT, _subject(e, context.plan), day), []).append(e)
    return [
        f
        for some in alike.values()
        for f in policy.applied([_silence(source, some)], _subject(some[0], context.plan), day)
    ]


def _silence(source: Return, silent: Sequence[Entry]) -> Finding:
    names = "、".join(quoted(e.row.name) for e in silent[:3])
    expected = names if len(silent) <= 3 else f"{names}等{len(silent)}项任务"
    return finding(Code.TASK_SILENT, Place(source.file, silent[0].row.tab), expected=expected)


# --- whom findings are about


def subject_of(party: Party, plan: Plan) -> Subject:
    """A sender: the unit that speaks, in the form of a task force or in its own."""
    return Subject("" if is_unit(party.recipient) else party.recipient, "", spellings(party.unit, plan))


def _subject(e: Entry, plan: Plan) -> Subject:
    """A row, and the unit that reports it; a new issue is its task force's lead's."""
    force = next((t for t in plan.task_forces if t.code == e.task_force), None)
    unit = e.owner or (unit_code(force.lead, plan) if force else "")
    return Subject(e.task_force, e.code, spellings(unit, plan))


# --- the cover


def _cover(source: Return) -> tuple[dict[str, Value], list[Finding]]:
    """The cover's answers; what is wrong there only asks for a look, the figures count all the same."""
    values: dict[str, Value] = {}
    if not source.cover_tab:
        place = Place(source.file, COVER.name)
        return values, [finding(Code.SHEET_MISSING, place, "", Severity.WARNING, expected=COVER.name)]
    findings = []
    for column in COVER.columns:
        cell = source.cover.get(column.field)
        meaning = read_cell(cell, column, year=int(source.period[:4]))
        place = _on_cover(source, column.field)
        values[column.field] = meaning.value
        if meaning.code is Code.TOO_LONG:
            fields = {"found": meaning.detail, "expected": TEXT_LIMIT}
            findings.append(finding(meaning.code, place, text_of(cell), Severity.WARNING, **fields))
        elif meaning.code:
            fields = {"advice": column.how, "expected": meaning.detail}
            findings.append(finding(meaning.code, place, text_of(cell), Severity.WARNING, **fields))
        elif column.field in COVER.registers and is_empty(cell):
            findings.append(finding(Code.COVER_BLANK, place, advice=column.how))
    return values, findings


def _on_cover(source: Return, name: str) -> Place:
    return Place(source.file, source.cover_tab, source.cover_cells.get(name, ""), COVER.column(name).header)


def _right_unit(
    source: Return, cover: Mapping[str, Value], recipient: Recipient, plan: Plan
) -> list[Finding]:
    """A finding where the sender is a unit of the plan, but not the one whose form it is, or of other task forces."""
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
