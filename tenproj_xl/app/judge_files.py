"""Judge the files of a run: read, recognise and validate them, and say what becomes of each.

Reads received files and the ledger; gives a `FileResult` each. No bad file stops the others.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from tenproj_xl.app.cluster import reading_executor
from tenproj_xl.app.companions import DuePeriod, held_back, with_companions, with_words
from tenproj_xl.app.identify_files import identify_files, in_period
from tenproj_xl.app.known_files import KnownFiles
from tenproj_xl.app.lateness import with_lateness
from tenproj_xl.app.patching import Patched, patched, printed_in, told_anew
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.portions import PlaceInRun
from tenproj_xl.app.ranking import Version, ranked, version_of, versions_before
from tenproj_xl.app.recording import new_issue, reported_row
from tenproj_xl.app.removed_again import without_removed
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.unrecognised import unrecognised, waiting_for_admission
from tenproj_xl.app.versions import Compared, ReportedRows, version_findings
from tenproj_xl.app.withdraw import withdrawn_finding
from tenproj_xl.app.words_of_leads import read_word_of_lead
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.findings import Finding, Place, capped, finding, has_errors, in_order
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.issue_codes import NewIssue, known_issue
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.model.file_status import status_by_findings
from tenproj_xl.model.history import History, Party, Reported, history
from tenproj_xl.model.issued import PrintedRow
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.questions import Key, Question, key_of
from tenproj_xl.model.settings import Loaded, Settings
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading.arrivals import Opened, look_ahead, open_all
from tenproj_xl.reading.inbox import Received
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.recognition.identify import Identified, Return
from tenproj_xl.recognition.rows import ReadRow
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.corrections import with_corrections
from tenproj_xl.validation.entries import entry
from tenproj_xl.validation.judge import JudgedReturn, judge, party_of, subject_of


@dataclass(frozen=True)
class Judged:
    """What became of all files of a run, those inside zips and mails one by one.

    `known` is what was accepted before the run.
    """

    files: tuple[FileResult, ...]
    known: History


@dataclass(frozen=True, kw_only=True)
class _Run:
    """What all files of a run, or of a portion of it, are judged against.

    `before` tells what came before, `reported` are the rows accepted before the run. `standing` are the rows
    in force, `versions` all returns of the periods, by hash; `printed` is what stood in the inputs of
    correction workbooks that came back, by their names. `apart` where each file is judged as if it came
    alone.
    """

    plans: InForce
    ledger: LedgerView
    expected: Period | None
    known: History
    before: KnownFiles
    reported: Sequence[Reported]
    standing: ReportedRows
    versions: Mapping[str, Version]
    printed: Mapping[str, Mapping[str, PrintedRow]]
    apart: bool = False

    def context_of(self, source: Return) -> Context:
        """Return what a return is checked against: the plan is that in force in its period."""
        period = self.settings.span(source.period)
        plan, earlier = self.plan_of(source), self.known_before(period)
        return Context(
            plan=plan,
            settings=self.settings,
            period=period,
            known=earlier,
            recipient=self.plans.recipient(source.recipient, period, earlier),
            reported=self._reported_by_period.get(period.code, ()),
            answered_elsewhere=self.standing.reported(period.code),
        )

    def is_recorded(self, row: Reported) -> bool:
        """Whether a row was recorded before the run."""
        return row.sha256 not in self.versions or self.versions[row.sha256].number < 0

    @property
    def settings(self) -> Settings:
        """The settings, which are the same for all periods."""
        return self.plans.loaded.settings

    def plan_of(self, source: Return) -> Plan:
        """Return the plan that is in force in the period of a return."""
        return self.plans.at(self.settings.span(source.period)).plan

    def known_before(self, period: Period) -> History:
        """Return what was accepted for earlier periods, in the words of the plan of a period."""
        if period not in self._known_before:
            self._known_before[period] = self.plans.known(self.known.before(period), period)
        return self._known_before[period]

    @property
    def due(self) -> DuePeriod | None:
        """Return what is known of the expected period, None where none is expected."""
        if self.expected is None:
            return None
        return DuePeriod(
            period=self.expected,
            plans=self.plans,
            sent=self.ledger.recipients(self.expected.code),
            known=self.known_before(self.expected),
            receipts=self.before.receipts,
        )

    @cached_property
    def asked(self) -> Mapping[Key | None, Question]:
        """The questions that were asked before, by what they are known by."""
        return {question.key: question for question in self.ledger.questions(self.before.begun)}

    @cached_property
    def _known_before(self) -> dict[Period, History]:
        return {}

    @cached_property
    def _reported_by_period(self) -> Mapping[str, Sequence[Reported]]:
        by_period: dict[str, list[Reported]] = {}
        for row in self.reported:
            by_period.setdefault(row.period.code, []).append(row)
        return by_period


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
    loaded = plans.loaded
    settings, withdrawn = loaded.settings, ledger.withdrawals()
    known = KnownFiles(ledger, place.begun if place else None)

    def unseen(files: Sequence[Received]) -> list[Received]:
        new = []
        for file in files:
            if file.sha256 not in withdrawn and not known.is_settled(file.sha256):
                new.append(known.as_it_came(file))
        return new

    with nullcontext(place.reader) if place else reader_of(loaded) as reader:
        arrivals = without_removed(open_all(received, reader, unseen), ledger)
        if place:
            look_ahead(unseen(place.ahead), reader)
    sheets = form_sheets(loaded.plan.programme.years)
    identified = [
        in_period(one, plans, known.receipts, expected)
        for one in identify_files(arrivals.opened, sheets, plans, ledger)
    ]
    identified = with_words(identified, arrivals.opened)
    files = [_File(*both) for both in zip(arrivals.opened, identified, strict=True)]
    run = _run(files, plans, ledger, expected, known)
    files = [_with_corrections(file, run) for file in files]
    run = replace(run, versions=_versions(files, run, now or datetime.now(UTC), apart=apart), apart=apart)
    results = with_companions(_results(files, sheets, run), arrivals.opened, run.due)
    results = with_lateness(results, plans, known.receipts)
    examples = {file.sha256: file.identified for file in files if file.identified.is_example}
    copies = {one.received.name: one for one in arrivals.copies}
    for file in arrivals.duplicates:
        if file.sha256 in examples:  # several units may send back the same one, and each is answered
            results.append(unrecognised(copies[file.name], examples[file.sha256], run.due))
        else:
            results.append(_seen(file, withdrawn.get(file.sha256), settings))
    results += map(held_back, arrivals.held)
    return Judged(tuple(results), run.known)


def reader_of(loaded: Loaded) -> Reader:
    """Return what opens received files, wherever they are read."""
    return Reader(loaded.settings.limits, loaded.passwords.known, reading_executor())


class _File(NamedTuple):
    """A file, and what it turned out to be."""

    opened: Opened
    identified: Identified

    @property
    def sha256(self) -> str:
        return self.opened.received.sha256


def _with_corrections(file: _File, run: _Run) -> _File:
    """Return a file whose rows for corrections go by what was filled in."""
    source = file.identified.result
    if source is None:
        return file
    resolved = with_corrections(source, run.context_of(source))
    return file._replace(identified=replace(file.identified, result=resolved))


def _results(files: Sequence[_File], sheets: Sequence[Sheet], run: _Run) -> list[FileResult]:
    """Return the result of each file, in their order.

    Correction workbooks come after all others, each as a patch of what stands then.
    """
    done: dict[int, FileResult] = {}
    returns: list[tuple[int, Return]] = []
    for n, file in enumerate(files):
        if file.identified.result:
            returns.append((n, file.identified.result))
    returns.sort(key=lambda numbered: run.versions[files[numbered[0]].sha256].order)
    plain = [(n, source) for n, source in returns if source.correction not in run.printed]
    judgements = judge([source for _, source in plain], sheets, run.context_of, apart=run.apart)
    for (n, _), judgement in zip(plain, judgements, strict=True):
        done[n] = _compared(_result(*files[n], judgement, run), files[n].identified.if_it_changes, run)
    for n, source in returns:
        if n not in done:
            patch = _patch(files[n], source, run)
            [judgement] = judge([patch.source], sheets, run.context_of, apart=True)
            identified = files[n].identified
            identified = replace(identified, findings=[*identified.findings, *patch.findings])
            result = _result(files[n].opened, identified, judgement, run)
            done[n] = _compared(result, identified.if_it_changes, run)
    for n, file in enumerate(files):
        if n not in done:
            done[n] = _result(*file, _unjudged(file.identified, run), run)
    return [done[n] for n in range(len(files))]


def _patch(file: _File, source: Return, run: _Run) -> Patched:
    """Return a correction workbook as a patch of what its sender has in force."""
    unit = run.versions[file.sha256].unit

    def standing(row: ReadRow) -> Reported | None:
        if row.issued is None:
            return None
        description = row.table_row.cells.get("description")
        issue = NewIssue(source.period, row.issued.task_force, row.token, description)
        code = row.issued.code or known_issue(issue, run.ledger)
        return run.standing.of_unit((source.period, row.sheet.code, code), unit)

    return patched(source, run.printed[source.correction], standing)


def _compared(result: FileResult, if_it_changes: Finding | None, run: _Run) -> FileResult:
    """Return a result with what the file changed against other returns of its unit; its rows count from then.

    The same bytes again change nothing. One that may not change anything waits if it does.
    """
    judgement, version = result.judgement, run.versions[result.received.sha256]
    if judgement is None or result.status is Status.REFUSED:
        return result
    result = replace(result, received=replace(result.received, moments=version.moments))
    if version.ranked_at != result.received.received_at:
        result = replace(result, ranked_at=version.ranked_at)
    rows = []
    for e in judgement.accepted:
        if code := e.code or known_issue(new_issue(e), run.ledger):
            rows.append(reported_row(e, code, result))
    found: list[Compared] = []
    if not version.is_known:
        programme, zone = run.plan_of(judgement.source).programme, run.settings.zone
        found = version_findings(rows, version, run.versions, run.standing, programme, zone)
    if found and if_it_changes:
        return waiting_for_admission(result, if_it_changes)
    findings = tuple(in_order([*result.findings, *(one.finding for one in found)]))
    status = status_by_findings(findings)
    is_complete = len(rows) == len(judgement.accepted)
    if rows and is_complete and all(_is_outdated(row, run) for row in rows):
        status = Status.SUPERSEDED
    for row in rows if not run.apart else ():
        run.standing.add(row)
    doubtful = [one.other for one in found if one.finding.code is not Code.RETURN_CHANGED]
    return replace(result, findings=findings, status=status, rival="".join(doubtful[:1]))


def _is_outdated(row: Reported, run: _Run) -> bool:
    """Whether the ledger has a later row of the same unit under the same code, for the same period."""
    _, newer = run.standing.others(row)
    return any(map(run.is_recorded, newer))


def _run(
    files: Sequence[_File], plans: InForce, ledger: LedgerView, expected: Period | None, before: KnownFiles
) -> _Run:
    """Return what returns are judged against, for their periods and the expected one."""
    returns = [file.identified.result for file in files if file.identified.result]
    codes = {source.period for source in returns}
    periods = list(map(plans.loaded.settings.span, sorted(codes)))
    if expected:
        periods.append(expected)
    if not periods:
        return _Run(
            plans=plans,
            ledger=ledger,
            expected=expected,
            known=history(),
            before=before,
            reported=(),
            standing=ReportedRows(()),
            versions={},
            printed={},
        )
    issues = {row.issued.code for source in returns for row in source.rows if row.issued}
    first = min(period.first for period in periods)
    last = max(period.last for period in periods)
    known = plans.history_of(ledger, first, last, issues=issues)
    standing = [row for code in codes for row in ledger.accepted_rows(code)]
    return _Run(
        plans=plans,
        ledger=ledger,
        expected=expected,
        known=known,
        before=before,
        reported=[row for row in standing if row.sha256 not in before.of_run(row.period.code)],
        standing=ReportedRows(standing),
        versions={},
        printed=printed_in(returns, ledger),
    )


def _versions(files: Sequence[_File], run: _Run, now: datetime, *, apart: bool) -> dict[str, Version]:
    """Return all returns of the periods by hash, those of the run ranked; known bytes keep their rank."""
    codes = {file.identified.result.period for file in files if file.identified.result}
    before = []
    for code in codes:
        before += versions_before(run.before.receipts(code), run.before.of_run(code))
    before.sort(key=attrgetter("order"))
    versions = {version.sha256: version for version in before}
    fresh = []
    for n, (opened, one) in enumerate(files):
        known = versions.get(opened.received.sha256)
        if one.result and known:
            versions[known.sha256] = replace(known, number=n, is_known=True, in_run=True)
        elif one.result:
            fresh.append(version_of(opened.received, one.result, run.plan_of(one.result), n, now))
    for some in zip(fresh, strict=True) if apart else (fresh,):
        for version in ranked(some, before):
            versions[version.sha256] = version
    return versions


def _seen(file: Received, withdrawal: Withdrawal | None, settings: Settings) -> FileResult:
    """Return the result of bytes seen before: they change nothing, and a withdrawn file stays withdrawn."""
    status, findings = Status.DUPLICATE, []
    if withdrawal:
        status = Status.REFUSED
        findings = [withdrawn_finding(file.name, withdrawal, settings.zone)]
    return FileResult(
        received=file, party=Party(), period="", sender="", status=status, findings=tuple(findings)
    )


def _unjudged(identified: Identified, run: _Run) -> JudgedReturn | None:
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


def _result(opened: Opened, identified: Identified, judgement: JudgedReturn | None, run: _Run) -> FileResult:
    if word := read_word_of_lead(opened, identified, run.plans, run.ledger):
        return word
    if judgement is None:
        return unrecognised(opened, identified, run.due)
    file, settings = opened.received, run.settings
    judgement = _with_findings_of(identified, judgement, run)
    judgement = _asked_once(judgement, file, run)
    judgement = told_anew(_accepted_whole(judgement, settings))
    findings = tuple(capped(judgement.findings))  # the answer marks every cell all the same
    period = judgement.source.period
    if identified.result:
        status = Status.REFUSED if judgement.is_refused else status_by_findings(findings)
    else:
        # An old form used again: what is still owed is the form of the period that is due.
        status = Status.REFUSED
        if run.expected:
            period = run.expected.code
    return FileResult(
        received=file,
        party=judgement.party,
        period=period,
        sender=_sender_of(judgement) or opened.sender,
        status=status,
        findings=findings,
        judgement=judgement,
    )


def _sender_of(judgement: JudgedReturn) -> str:
    """Return the unit and the person that the cover names: `区科技局 张三`."""
    names = list(map(judgement.cover.get, ("unit", "filler")))
    return " ".join(str(name) for name in names if name)


def _with_findings_of(identified: Identified, judgement: JudgedReturn, run: _Run) -> JudgedReturn:
    """Return the judgement with the findings of recognition; an error of the file keeps all of it out."""
    subject = subject_of(judgement.party, run.plan_of(judgement.source))
    day = run.settings.span(judgement.source.period).last
    earlier = run.settings.policy.applied(identified.findings, subject, day)
    findings = tuple(in_order([*earlier, *judgement.findings]))
    if any(f.is_error and not f.sheet for f in earlier):
        return replace(judgement, findings=findings, accepted=())
    return replace(judgement, findings=findings)


def _asked_once(judgement: JudgedReturn, file: Received, run: _Run) -> JudgedReturn:
    """Return the judgement without the questions that were asked about the same value before."""
    findings = []
    for f in judgement.findings:
        asked = run.asked.get(key_of(f))
        if asked is None or asked.sha256 == file.sha256:
            findings.append(f)
    return replace(judgement, findings=tuple(findings))


def _accepted_whole(judgement: JudgedReturn, settings: Settings) -> JudgedReturn:
    """Return the judgement, with nothing accepted where it has an error and files are accepted whole."""
    if not (settings.whole_files and judgement.accepted and has_errors(judgement.findings)):
        return judgement
    waits = finding(Code.RETURN_WAITS, Place(judgement.source.file), expected=len(judgement.accepted))
    return replace(judgement, findings=tuple(in_order([*judgement.findings, waits])), accepted=())
