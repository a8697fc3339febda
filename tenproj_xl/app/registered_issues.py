"""New issues of returns beside those that are registered.

Who registers an issue once more, in other words, in another row or in another form, is asked about it, and
who registers one anew that was signed off. Who sends a later return without one that an earlier one
registered is told that it stays registered.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tenproj_xl.app.faulty_rows import FaultyRows
from tenproj_xl.app.files_at_hand import FilesAtHand
from tenproj_xl.app.ranking import Version
from tenproj_xl.app.recording import new_issue
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place, finding, quoted
from tenproj_xl.core.sheets import ISSUES
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.ledger.issue_codes import known_issue
from tenproj_xl.model.concerned_rows import ConcernedRows
from tenproj_xl.model.conflicts import row_name, rows_in_force
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.history import History, Reported, history
from tenproj_xl.model.issues import IssueHistory, issue_histories, issue_history
from tenproj_xl.model.units import spoken_code, units_meant
from tenproj_xl.recognition.identify import Return
from tenproj_xl.validation.entries import Entry, entries_of
from tenproj_xl.validation.issue_texts import IS_BACK, IS_OPEN, is_same_issue, issue_named_in
from tenproj_xl.validation.judge import JudgedReturn

_Answer = tuple[Entry, Reported]
"""A row of a return, and how it is compared with others of the run."""
_ASKED_BEFORE = (Code.ISSUE_TWICE, Code.ISSUE_OVERWRITTEN)
"""What asks whether a new issue is another one than a registered one, before the ledger is looked at."""
_YEAR = timedelta(days=366)


class RegisteredIssues:
    """The issues that are registered: those of the ledger that new ones may repeat, and those of the run."""

    def __init__(self, run: FilesAtHand) -> None:
        self._run = run
        self._is_read = False
        self._by_code: dict[str, Reported] = {}
        self._open: dict[str, dict[str, Reported]] = {}
        self._closed: dict[str, list[IssueHistory]] = {}
        self._by_file: dict[str, list[Reported]] = {}
        self._faulty = FaultyRows(run)

    def findings(
        self, judgement: JudgedReturn, rows: Sequence[Reported], version: Version
    ) -> Iterator[Finding]:
        """Find what a return registers twice, and what it leaves out; its issues are registered from then.

        Args:
            judgement: The return.
            rows: Its accepted rows; a new issue has a code of the run.
            version: Its place among those of its unit.
        """
        answers = list(zip(judgement.accepted, rows, strict=True))
        issues = [answer for answer in answers if answer[0].row.sheet.code == ISSUES.code]
        yield from self._twice(judgement, issues)
        if not (judgement.nil or judgement.source.correction or ISSUES.code in judgement.source.absent):
            yield from self._left_out(judgement, rows)
        yield from self._faulty.findings(judgement, version)
        if not self._run.apart:
            for _, row in issues:
                self._register(row)
                self._by_file.setdefault(row.sha256, []).append(row)

    # --- registered twice

    def _twice(self, judgement: JudgedReturn, issues: Iterable[_Answer]) -> Iterator[Finding]:
        self._read()
        asked = {(f.sheet, f.cell) for f in judgement.findings if f.code in _ASKED_BEFORE}
        for e, row in issues:
            place = e.place("description")
            if e.code or (place.sheet, place.cell) in asked:
                continue
            if other := self._same_as(e, row):
                yield self._asked(e, self._spoken(other), IS_OPEN)
            elif closed := self._closed_same_as(row):
                yield self._asked(e, f"{self._spoken(closed.row)}{_closing(closed)}", IS_BACK)

    def _asked(self, e: Entry, other: str, advice: str) -> Finding:
        place, typed = e.place("description"), e.typed("description")
        advice = advice.format(office=self._run.plan_of(e.source).programme.words.office)
        asked = finding(Code.ISSUE_TWICE, place, typed, expected=other, advice=advice)
        return replace(asked, row=e.row.name, field="description", answer=e.verification)

    def _spoken(self, issue: Reported) -> str:
        """Return what people call an issue: by its code, where it has one already."""
        if issue_named_in(issue.code):
            return f"{issue.code}{quoted(row_name(issue))}"
        return f"{spoken_code(issue.task_force)}报来的{quoted(row_name(issue))}"

    def _same_as(self, e: Entry, row: Reported) -> Reported | None:
        """Return the open issue that a new one says again, None if there is none.

        Issues of the same words may be one where they are of one task force or of one unit.
        """
        description = text_of(row.values.get("description"))
        found: dict[str, Reported] = {}
        for party in self._parties(row):
            found |= self._open.get(party, {})
        for code, other in found.items():
            if code != row.code and is_same_issue(description, text_of(other.values.get("description"))):
                return other
        named = _named_in(e)
        if named == row.code:
            return None
        return self._by_code.get(named)

    def _closed_same_as(self, row: Reported) -> IssueHistory | None:
        """Return the issue that was closed, last year or later, in the very words of a new one of its unit.

        What is only alike may well come up again elsewhere once the first is solved.
        """
        units = self._units_in(text_of(row.values.get("unit")))
        for issue in reversed(self._closed.get(_words(row), ())):
            if issue.code != row.code and not units.isdisjoint(self._units_in(_unit(issue))):
                return issue
        return None

    def _register(self, row: Reported) -> None:
        self._by_code[row.code] = row
        for party in self._parties(row):
            self._open.setdefault(party, {})[row.code] = row

    def _parties(self, row: Reported) -> tuple[str, ...]:
        """Return the task force of an issue and its units, of whom others may tell of the same."""
        return row.task_force, *sorted(self._units_in(text_of(row.values.get("unit"))))

    def _units_in(self, text: str) -> frozenset[str]:
        return frozenset(units_meant(text, self._run.plans.loaded.plan))

    def _read(self) -> None:
        """Read the open issues of the ledger that those of the run may repeat, once."""
        if self._is_read:
            return
        self._is_read = True
        for issue in issue_histories(self._known()):
            if not issue.signed_off:
                self._register(issue.row)
            elif issue.signed_off.verdict is not Verdict.MERGE:
                self._closed.setdefault(_words(issue.row), []).append(issue)

    def _known(self) -> History:
        """Return the issues of the ledger that are of task forces and units of new ones, or named in them."""
        forces, units, named = set[str](), set[str](), set[str]()
        for e in self._new_entries():
            forces.add(e.task_force)
            units |= self._units_in(e.typed("unit"))
            named.add(_named_in(e))
        periods = self._run.concerned.spans(self._run.plans)
        if not forces or not periods:
            return history()
        first = min(period.first for period in periods)
        return self._run.ledger.history_of(
            first,
            max(period.last for period in periods),
            issues=self._closed_since(first - _YEAR),
            renumbered=self._run.plans.plans.renumbered,
            about=ConcernedRows(
                codes=frozenset(),
                issues=frozenset(named - {""}),
                task_forces=frozenset(forces),
                is_named=lambda text: not units.isdisjoint(self._units_in(text)),
            ),
            whole_issues=False,
        )

    def _closed_since(self, day: date) -> frozenset[str]:
        """Return the codes of the issues about which something was decided since a day."""
        return frozenset(decision.issue for decision in self._run.ledger.decisions() if decision.on >= day)

    def _new_entries(self) -> Iterator[Entry]:
        for source in self._run.returns.values():
            plan = self._run.plan_of(source)
            for row in source.rows:
                if row.sheet.code == ISSUES.code and row.is_written:
                    yield from (e for e in entries_of(source, row, plan) if not e.code)

    # --- left out

    def _left_out(self, judgement: JudgedReturn, rows: Sequence[Reported]) -> Iterator[Finding]:
        """Find the new issues of the returns that this one comes after which it has no more."""
        answered = self._answered_files(rows)
        if not answered:
            return
        listed = _listed(judgement.source)
        before = [row for row in self._registered_in(answered, rows[0]) if row.code not in listed]
        left = [row for row in before if self._is_left(row, judgement)]
        if not left:
            return
        programme = self._run.plan_of(judgement.source).programme
        yield finding(
            Code.ISSUE_LEFT_OUT,
            Place(judgement.source.file),
            expected="、".join(map(self._spoken, left)),
            office=programme.words.office,
        )

    def _answered_files(self, rows: Iterable[Reported]) -> frozenset[str]:
        """Return the files with the reports that rows of a return replace: halves of a form replace none."""
        files = set()
        for row in rows:
            older, newer = self._run.standing.others(row)
            if older and not newer:
                [last] = rows_in_force(older).values()
                files.add(last.sha256)
        return frozenset(files)

    def _registered_in(self, files: Collection[str], beside: Reported) -> Iterator[Reported]:
        """Yield the issues of some files of the unit and period of a row."""
        known = {row.code: row for row in self._run.ledger.accepted_from(files)}
        for sha256 in files:
            known |= {row.code: row for row in self._by_file.get(sha256, ())}
        for row in known.values():
            is_of_unit = (row.period.code, row.unit) == (beside.period.code, beside.unit)
            if row.sheet == ISSUES.code and is_of_unit:
                yield row

    def _is_left(self, row: Reported, judgement: JudgedReturn) -> bool:
        """Whether a return has neither an issue nor one like it in a row for a new one, not even unread."""
        description = text_of(row.values.get("description"))
        if _is_left_unread(description, judgement.source):
            return False
        for e in judgement.entries:
            if e.row.sheet.code != ISSUES.code:
                continue
            if e.code == row.code or (not e.code and self._tells_of(e, row.code, description)):
                return False
        issue = issue_history(self._run.grounds.known, row.code)
        return not (issue and issue.signed_off)

    def _tells_of(self, e: Entry, code: str, description: str) -> bool:
        if not e.is_touched:
            return False
        is_like = is_same_issue(e.typed("description"), description)
        return is_like or known_issue(new_issue(e), self._run.issues) == code


def _closing(issue: IssueHistory) -> str:
    """Return how an issue was closed: `（2026-12-04同意销号）`."""
    closed = issue.signed_off
    return f"（{closed.on:%Y-%m-%d}{closed.verdict.label}）" if closed and closed.verdict else ""


def _words(row: Reported) -> str:
    return canonical(text_of(row.values.get("description")))


def _unit(issue: IssueHistory) -> str:
    return text_of(issue.reported("unit"))


def _named_in(e: Entry) -> str:
    """Return the code of the issue that a row for a new one names, "" if it names none."""
    named = issue_named_in(e.typed("description"))
    if named:
        return named
    return issue_named_in(text_of(e.row.table_row.cells.get("code")))


def _listed(source: Return) -> frozenset[str]:
    """Return the codes of the issues that the form of a return went out with, deleted rows too."""
    issues = [status for status in source.statuses if status.sheet.code == ISSUES.code]
    return frozenset(row.issued.code for status in issues for row in status.rows if row.issued)


def _is_left_unread(description: str, source: Return) -> bool:
    """Whether an issue stands in a row of a return that was left out."""
    for unplaced in source.unplaced:
        typed = text_of(unplaced.row.table_row.cells.get("description"))
        if unplaced.row.sheet.code == ISSUES.code and is_same_issue(typed, description):
            return True
    return False
