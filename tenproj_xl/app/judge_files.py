"""Judge the files of a run: read, recognise and validate them, and say what becomes of each.

Reads received files and the ledger; gives a `FileResult` each. No bad file stops the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial

from tenproj_xl.app.cluster import reading_executor
from tenproj_xl.app.companions import held_back, with_companions
from tenproj_xl.app.files_at_hand import ArrivedFile, FilesAtHand
from tenproj_xl.app.judges import JudgesHere
from tenproj_xl.app.known_files import KnownFiles
from tenproj_xl.app.lateness import with_lateness
from tenproj_xl.app.not_sent_yet import not_sent_yet
from tenproj_xl.app.others_forms import of_its_sender, stranger_in
from tenproj_xl.app.patching import Patched, patched, told_anew
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.portions import PlaceInRun
from tenproj_xl.app.ranking import Version
from tenproj_xl.app.recogniser import Recogniser
from tenproj_xl.app.recording import new_issue, reported_row
from tenproj_xl.app.registered_issues import RegisteredIssues
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.settled_rows import without_settled_rows
from tenproj_xl.app.unrecognised import unrecognised, waiting_for_admission
from tenproj_xl.app.versions import Awaited, Compared, VersionComparison, how_it_counts
from tenproj_xl.app.withdraw import withdrawn_finding
from tenproj_xl.app.words_of_leads import read_word_of_lead
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, capped, finding, has_errors, in_order
from tenproj_xl.core.named_sheets import named_sheets
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.texts import text_of
from tenproj_xl.core.words import USUAL
from tenproj_xl.ledger.issue_codes import NewIssue, known_issue
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.model.file_status import status_by_findings
from tenproj_xl.model.history import History, Reported, history
from tenproj_xl.model.lead_words import leads_of
from tenproj_xl.model.questions import key_of
from tenproj_xl.model.receipts import Party
from tenproj_xl.model.reviews import ReviewVerdict
from tenproj_xl.model.settings import Loaded, Settings
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import is_unit
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.reading.inbox import Received, present
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.recognition.identify import Identified, Return
from tenproj_xl.recognition.rows import ReadRow
from tenproj_xl.validation.corrections import with_corrections
from tenproj_xl.validation.entries import Entry, entry
from tenproj_xl.validation.judge import JudgedReturn, judge, party_of, subject_of
from tenproj_xl.validation.new_issues import namesakes

_HOW_RECEIVED = (Code.CHANNELS_DISAGREE, Code.LATE_PERIOD)
"""What is told of a return that was taken in although something did not go with it."""


@dataclass(frozen=True)
class Judged:
    """What became of all files of a run, those inside zips and mails one by one.

    `known` is what was accepted before the run, about the rows of those who sent something in it.
    """

    files: tuple[FileResult, ...]
    known: History


def judge_files(
    received: Sequence[Received],
    plans: InForce,
    ledger: LedgerView,
    expected: Period | None,
    *,
    now: datetime | None = None,
    apart: bool = False,
    place: PlaceInRun | None = None,
) -> Judged:
    """Return the result of each file, in the order of receipt; all returns are validated at once.

    Args:
        received: The files.
        plans: Plan and settings of each period.
        ledger: What is known.
        expected: The period that returns are expected for.
        now: The moment that no file can have been made after, by default the present.
        apart: Whether each file is judged as if it came alone, and not as one of several of its unit.
        place: The place among the portions of a run; by default all files are judged at once.
    """
    known = KnownFiles(ledger, place.begun if place else None)
    ahead, behind = (place.ahead, place.behind) if place else ((), ())
    with _recogniser_of(place, plans, ledger) as recogniser:
        run = FilesAtHand(
            plans=plans,
            ledger=ledger,
            expected=expected,
            before=known,
            arrived=recogniser.arrived(received, ahead, known.unseen),
            now=now or present(),
            apart=apart,
        )
        judged = recogniser.judges.judge(run.case, lambda: run.grounds)
        if place:
            place.meanwhile()
        run.read()
        recogniser.begin_next(ahead, behind, known.unseen)
        judgements = dict(zip(run.plain, judged.result(), strict=True))
    results = with_companions(_results(judgements, run), [file.opened for file in run.files], run.due)
    results = with_lateness(results, plans, known.forms_of)
    results += _of_duplicates(run)
    results += map(held_back, run.arrived.held)
    return Judged(tuple(results), run.grounds.known)


def _of_duplicates(run: FilesAtHand) -> Iterator[FileResult]:
    """Yield the results of files whose bytes came before."""
    examples = {file.sha256: file.identified for file in run.files if file.identified.is_example}
    copies = {one.received.name: one for one in run.arrived.copies}
    for file in run.arrived.duplicates:
        if file.sha256 in examples:  # several units may send back the same one, and each is answered
            yield unrecognised(copies[file.name], examples[file.sha256], run.due)
        else:
            yield _seen(file, run.before.withdrawn.get(file.sha256), run.settings)


@contextmanager
def _recogniser_of(place: PlaceInRun | None, plans: InForce, ledger: LedgerView) -> Iterator[Recogniser]:
    """Give that of a run, one of its own for files that are judged at once."""
    if place:
        yield place.recogniser
        return
    with reader_of(plans.loaded) as reader:
        yield Recogniser(reader, JudgesHere(plans, ledger))


def reader_of(loaded: Loaded) -> Reader:
    """Return what opens received files, wherever they are read."""
    return Reader(loaded.settings.limits, loaded.passwords.known, reading_executor())


def _results(judgements: Mapping[int, JudgedReturn], run: FilesAtHand) -> list[FileResult]:
    """Return the result of each file, in their order.

    Correction workbooks come after all others, each as a patch of what stands then.
    """
    for row in _issues_registered_before(judgements, run):
        run.standing.add(row)
    registered = RegisteredIssues(run)
    done: dict[int, FileResult] = {}
    files, returns = run.files, list(run.returns.items())
    returns.sort(key=lambda numbered: run.versions[files[numbered[0]].sha256].order)
    for n, _ in returns:
        if n in judgements:
            result = _result(*files[n], judgements[n], run)
            done[n] = _compared(result, files[n].identified.if_it_changes, registered, run)
    for n, source in returns:
        if n not in done:
            done[n] = _patched(files[n], source, registered, run)
    for n, file in enumerate(files):
        if n not in done:
            done[n] = _result(*file, _unjudged(file.identified, run), run)
    return [_settled(done[n], run) for n in range(len(files))]


def _settled(result: FileResult, run: FilesAtHand) -> FileResult:
    """Return a result without what is put right elsewhere; an older file is of no use where that is all."""
    if result.judgement is None or result.status is not Status.TO_CORRECT:
        return result
    settled = without_settled_rows(result, run)
    if settled.status is Status.TO_CORRECT or not settled.status.is_return:
        return settled
    own = zip(result.rows, result.judgement.accepted, strict=True)
    if _is_outdated([_row_in_the_run(row, accepted, run) for row, accepted in own], run):
        return replace(settled, status=Status.SUPERSEDED)
    return settled


def _issues_registered_before(judgements: Mapping[int, JudgedReturn], run: FilesAtHand) -> list[Reported]:
    """Return what was recorded of the issues that rows without a code register once more."""
    issues = []
    for n, source in run.returns.items():
        if n in judgements:
            issues += [new_issue(e) for e in judgements[n].accepted if not e.code]
        else:
            issues += [_issue_in(row, source) for row in source.rows if row.issued and not row.issued.code]
    codes = {known_issue(issue, run.ledger) for issue in issues} - {"", *run.concerned.issues}
    return run.ledger.accepted_about(run.concerned.periods, (), codes)


def _issue_in(row: ReadRow, source: Return) -> NewIssue:
    """Return the issue that a row of a form is about, as it says."""
    task_force = row.issued.task_force if row.issued else ""
    return NewIssue(
        period=source.period,
        task_force=task_force,
        token=row.token,
        description=row.table_row.cells.get("description"),
        namesakes=namesakes(row, source),
    )


def _patched(file: ArrivedFile, source: Return, registered: RegisteredIssues, run: FilesAtHand) -> FileResult:
    """Return the result of a correction workbook."""
    sheets = named_sheets(run.plans.loaded.plan.programme.years, USUAL)
    patch = _patch(file, with_corrections(source, run.grounds.context_of(source)), run)
    [judgement] = judge([patch.source], sheets, run.grounds.context_of, apart=True)
    identified = replace(file.identified, findings=[*file.identified.findings, *patch.findings])
    result = _result(file.opened, identified, judgement, run)
    return _compared(result, identified.if_it_changes, registered, run)


def _patch(file: ArrivedFile, source: Return, run: FilesAtHand) -> Patched:
    """Return a correction workbook as a patch of what its sender has in force."""
    unit = run.versions[file.sha256].unit

    def standing(row: ReadRow) -> Reported | None:
        if row.issued is None:
            return None
        code = row.issued.code or known_issue(_issue_in(row, source), run.issues)
        return run.standing.of_unit((source.period, row.sheet.code, code), unit)

    return patched(source, run.sent_back[source.correction], standing)


def _compared(
    result: FileResult, if_it_changes: Finding | None, registered: RegisteredIssues, run: FilesAtHand
) -> FileResult:
    """Return a result with what the file changed against other returns of its unit; its rows count from then.

    The same bytes again change nothing. One that may not change anything waits if it does.
    """
    judgement, version = result.judgement, run.versions[result.received.sha256]
    if judgement is None or result.status is Status.REFUSED:
        return result
    result = replace(result, received=replace(result.received, moments=version.moments))
    if version.ranked_at != result.received.received_at:
        result = replace(result, ranked_at=version.ranked_at)
    own = [_own_row(accepted, result, run) for accepted in judgement.accepted]
    rows = [
        _row_in_the_run(row, accepted, run) for row, accepted in zip(own, judgement.accepted, strict=True)
    ]
    found: list[Compared] = []
    told: list[Finding] = []
    if not version.is_known:
        found = _comparison(judgement.source, version, run).findings(rows)
        told = [*(one.finding for one in found), *_waiting(judgement, own, run)]
        told += _about_issues(judgement, registered.findings(judgement, rows, version), run)
    if found and if_it_changes:
        return waiting_for_admission(result, if_it_changes)
    findings = tuple(in_order([*result.findings, *told]))
    status = status_by_findings(findings)
    is_to_correct = status is Status.TO_CORRECT and not run.settings.whole_files
    if not is_to_correct and _is_outdated(rows, run):
        status = Status.SUPERSEDED
    if not run.apart:
        for row in rows:
            run.standing.add(row)
    doubtful = [one.other for one in found if one.finding.code is not Code.RETURN_CHANGED]
    return replace(
        result,
        findings=findings,
        status=status,
        judgement=replace(judgement, findings=tuple(in_order([*judgement.findings, *told]))),
        rival="".join(doubtful[:1]),
        rows=tuple(own),
    )


def _about_issues(
    judgement: JudgedReturn, findings: Iterator[Finding], run: FilesAtHand
) -> Iterator[Finding]:
    """Yield what is told of the issues of a return beside others, a question about an issue once."""
    subject = subject_of(judgement.party, run.plan_of(judgement.source))
    day = run.settings.span(judgement.source.period).last
    found = run.settings.policy.applied(findings, subject, day)
    before = {(question.rule, question.row) for question in run.asked(found).values()}
    yield from (f for f in found if (f.code.rule.code, f.row) not in before)


def _own_row(accepted: Entry, result: FileResult, run: FilesAtHand) -> Reported:
    """Return an accepted row as it is recorded; a new issue has no code yet where the ledger knows none."""
    code = accepted.code or known_issue(new_issue(accepted), run.ledger)
    return reported_row(accepted, code, result)


def _row_in_the_run(row: Reported, accepted: Entry, run: FilesAtHand) -> Reported:
    """Return a row as others of the run are compared with it: an issue by the code that it has there."""
    if accepted.code:
        return row
    return replace(row, code=run.issues.code_of(new_issue(accepted)))


def _comparison(source: Return, version: Version, run: FilesAtHand) -> VersionComparison:
    return VersionComparison(
        own=version,
        versions=run.versions,
        standing=run.standing,
        programme=run.plan_of(source).programme,
        zone=run.settings.zone,
        waits_for=partial(_waits_for, source=source, run=run),
    )


def _waits_for(row: Reported, *, source: Return, run: FilesAtHand) -> Awaited | None:
    """Return what a row that differs from what was reported before has to pass before it counts."""
    if _is_checked_first(row, source=source, run=run):
        return Awaited.LEAD
    held = run.held.of(row)
    if held is None:
        return None
    if held.verdict is ReviewVerdict.REFUSED:
        return Awaited.NOTHING_MORE
    return Awaited.OFFICE


def _waiting(judgement: JudgedReturn, rows: Sequence[Reported], run: FilesAtHand) -> Iterator[Finding]:
    """Yield the figures that the office has yet to allow, or has refused, where no other return tells it."""
    programme = run.plan_of(judgement.source).programme
    for e, row in zip(judgement.accepted, rows, strict=True):
        held = run.held.of(row)
        if held is None:
            continue
        waits = _waits_for(row, source=judgement.source, run=run)
        if waits in (None, Awaited.LEAD) or any(run.standing.others(row)):
            continue
        unit = e.indicator.unit if e.indicator else ""
        yield finding(
            Code.FIGURE_WAITS,
            e.place("value"),
            text_of(held.value) + unit,
            expected=text_of(held.was) + unit,
            period=parse_period(held.data_period).label,
            counts=how_it_counts(waits, "", programme),
        )


def _is_checked_first(row: Reported, *, source: Return, run: FilesAtHand) -> bool:
    """Whether a row that differs from what was reported before counts only when its lead unit has agreed."""
    if not run.settings.lead_first or not is_unit(source.recipient):
        return False
    return row.unit != leads_of(run.plan_of(source)).get(row.task_force, row.unit)


def _is_outdated(rows: Sequence[Reported], run: FilesAtHand) -> bool:
    """Whether the ledger has for each row a later one of the same unit, under the same code and period."""
    later = [run.standing.others(row)[1] for row in rows]
    return bool(rows) and all(any(map(run.is_recorded, newer)) for newer in later)


def _seen(file: Received, withdrawal: Withdrawal | None, settings: Settings) -> FileResult:
    """Return the result of bytes seen before: they change nothing, and a withdrawn file stays withdrawn."""
    status, findings = Status.DUPLICATE, []
    if withdrawal:
        status = Status.REFUSED
        findings = [withdrawn_finding(file.name, withdrawal, settings.zone)]
    return FileResult(
        received=file, party=Party(), period="", sender="", status=status, findings=tuple(findings)
    )


def _unjudged(identified: Identified, run: FilesAtHand) -> JudgedReturn | None:
    """Return what stands in a form of ours that is not accepted, so that nobody has to type it again."""
    source = identified.owner
    if source is None:
        return None
    cover = {name: text_of(cell) or None for name, cell in source.cover.items()}
    plan = run.plan_of(source)
    recipient = run.plans.recipient(source.recipient, run.settings.span(source.period), history())
    return JudgedReturn(
        source=source,
        party=party_of(recipient, cover, (), plan),
        entries=tuple(entry(source, row, plan) for row in source.rows),
        accepted=(),
        cover=cover,
        nil=False,
        findings=(),
    )


# --- the result of one file


def _result(
    opened: Opened, identified: Identified, judgement: JudgedReturn | None, run: FilesAtHand
) -> FileResult:
    if word := read_word_of_lead(opened, identified, run.plans, run.ledger):
        return word
    if judgement is None:
        return unrecognised(opened, identified, run.due)
    file, settings = opened.received, run.settings
    judgement = _with_findings_of(identified, judgement, run)
    judgement = _asked_once(judgement, file, run)
    judgement = told_anew(_accepted_whole(judgement, settings))
    is_refused = judgement.is_refused or not identified.result
    if is_refused:
        judgement = _not_received(judgement)
    findings = tuple(capped(judgement.findings))  # the answer marks every cell all the same
    period = judgement.source.period
    if not identified.result and run.expected:
        # An old form used again: what is still owed is the form of the period that is due.
        period = run.expected.code
    status = Status.REFUSED if is_refused else status_by_findings(findings)
    result = FileResult(
        received=file,
        party=judgement.party,
        period=period,
        sender=_sender_of(judgement) or opened.sender,
        status=status,
        findings=findings,
        judgement=judgement,
        stranger=stranger_in(identified, judgement, run.plan_of(judgement.source)),
    )
    return of_its_sender(result, opened, run.plans, run.grounds.known)


def _not_received(judgement: JudgedReturn) -> JudgedReturn:
    """Return the judgement of a refused return without the findings that say how it was received."""
    findings = tuple(f for f in judgement.findings if f.code not in _HOW_RECEIVED)
    return replace(judgement, findings=findings)


def _sender_of(judgement: JudgedReturn) -> str:
    """Return the unit and the person that the cover names: `区科技局 张三`."""
    names = list(map(judgement.cover.get, ("unit", "filler")))
    return " ".join(str(name) for name in names if name)


def _with_findings_of(identified: Identified, judgement: JudgedReturn, run: FilesAtHand) -> JudgedReturn:
    """Return the judgement with the findings of recognition; an error of the file keeps all of it out."""
    subject = subject_of(judgement.party, run.plan_of(judgement.source))
    day = run.settings.span(judgement.source.period).last
    earlier = run.settings.policy.applied(not_sent_yet(identified.findings, judgement, run), subject, day)
    findings = tuple(in_order([*earlier, *judgement.findings]))
    if any(f.is_error and not f.sheet for f in earlier):
        return replace(judgement, findings=findings, accepted=())
    return replace(judgement, findings=findings)


def _asked_once(judgement: JudgedReturn, file: Received, run: FilesAtHand) -> JudgedReturn:
    """Return the judgement without the questions that were asked about the same value before."""
    before, findings = run.asked(judgement.findings), []
    for f in judgement.findings:
        asked = before.get(key_of(f))
        if asked is None or asked.sha256 == file.sha256:
            findings.append(f)
    return replace(judgement, findings=tuple(findings))


def _accepted_whole(judgement: JudgedReturn, settings: Settings) -> JudgedReturn:
    """Return the judgement, with nothing accepted where it has an error and files are accepted whole."""
    if not (settings.whole_files and judgement.accepted and has_errors(judgement.findings)):
        return judgement
    waits = finding(Code.RETURN_WAITS, Place(judgement.source.file), expected=len(judgement.accepted))
    return replace(judgement, findings=tuple(in_order([*judgement.findings, waits])), accepted=())
