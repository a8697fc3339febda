"""The life of questions: recorded when they are asked, and closed by what units answer or correct."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from tenproj_xl.app.recording import new_issue
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import ISSUES
from tenproj_xl.core.texts import canonical
from tenproj_xl.ledger.issue_codes import known_issue
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.conflicts import merged_rows
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.questions import Key, Question, QuestionState, answer_in, key_of, settled_by
from tenproj_xl.model.statuses import Status
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.figures import data_period


def keep_questions(results: Sequence[FileResult], ledger: Ledger) -> None:
    """Record what files answer to questions that are open, and what is asked about them.

    The later of two returns answers what is asked about the earlier one; one that came late does not.

    Args:
        results: The files that were recorded, within the same batch.
        ledger: The open ledger.
    """
    known = {question.key: question for question in ledger.questions_about(_rows_of(results))}
    for result in sorted(results, key=_rank):
        for question in _answered(result, list(known.values()), ledger):
            known[question.key] = question
            ledger.record_question(question)
        for question in _asked(result):
            if question.key not in known:
                known[question.key] = question
                ledger.record_question(question)
                if answered := _answered_before(question, result, ledger):
                    known[question.key] = answered
                    ledger.record_question(answered)


def _rank(result: FileResult) -> tuple[datetime, str]:
    """Return the sort key of versions, the latest last."""
    return result.ranked_at or result.received.received_at, result.received.sha256


def settled_questions(rows: Collection[str], ledger: LedgerView) -> frozenset[Key]:
    """Return the questions about some rows that nobody has to answer any more."""
    return frozenset(question.key for question in ledger.questions_about(rows) if not question.is_open)


def _rows_of(results: Iterable[FileResult]) -> set[str]:
    """Return the rows that files answer or are asked about, as questions name them."""
    rows = set()
    for result in results:
        if result.judgement:
            for entry in result.judgement.accepted:
                rows.update(_names(entry))
            rows |= {f.row for f in result.judgement.findings if key_of(f)}
    return rows


def _asked(result: FileResult) -> Iterable[Question]:
    """Yield the questions about a file, those that its 核实说明 answers as answered."""
    if result.judgement is None or not result.status.is_return:
        return
    sheets = {entry.row.tab: entry.row.sheet.code for entry in result.judgement.entries}
    for f in result.judgement.findings:
        key = key_of(f)
        if key is None:
            continue
        yield Question(
            rule=f.code.rule.code,
            row=f.row,
            field=f.field,
            data_period=f.data_period,
            value=key[-1],
            sheet=sheets.get(f.sheet, ""),
            task_force=f.task_force,
            name=f.name,
            message=f.message,
            period=result.period,
            sha256=result.received.sha256,
            state=settled_by(f.answer),
            said=f.answer,
        )


def _answered_before(question: Question, result: FileResult, ledger: Ledger) -> Question | None:
    """Return a question about a file as a newer return that came first answers it, None where none does."""
    if result.judgement is None or result.status is not Status.SUPERSEDED or not question.is_open:
        return None
    for entry in result.judgement.accepted:
        if entry.row.sheet.code == question.sheet and question.row in _names(entry):
            row = _counting(question, entry, ledger)
            if row and canonical(row.typed.get(question.field)) != question.asked_value:
                return replace(question, state=QuestionState.CORRECTED, answered_in=row.sha256)
    return None


def _answered(result: FileResult, known: Sequence[Question], ledger: Ledger) -> Iterable[Question]:
    """Yield the open questions that the rows of a file answer."""
    if result.judgement is None:
        return
    entries: dict[tuple[str, str], list[Entry]] = {}
    for accepted in result.judgement.accepted:
        for name in _names(accepted):
            entries.setdefault((accepted.row.sheet.code, name), []).append(accepted)
    for question in known:
        if not question.is_open or question.sha256 == result.received.sha256:
            continue
        for entry in entries.get((question.sheet, question.row), ()):
            if answered := _answered_in(entry, question, ledger):
                yield replace(answered, answered_in=result.received.sha256)
                break


def _names(entry: Entry) -> set[str]:
    """Return what a question may call the row of an entry.

    A row for one data period may answer what its indicator's own row was asked, and a registered issue what
    it was asked when it was new.
    """
    if entry.row.sheet.code == ISSUES.code:
        return {entry.code, entry.row.name} - {""}
    return {entry.code, indicator_of_row(entry.code)}


def _answered_in(entry: Entry, question: Question, ledger: Ledger) -> Question | None:
    """Return a question as a row answers it, None where it says nothing of it."""
    if entry.task_force != question.task_force:
        return None
    if entry.of_period and entry.of_period.code != question.data_period:
        return None
    if _says_another(question, entry):
        if _is_replaced(question, entry, ledger):
            return replace(question, state=QuestionState.CORRECTED, said=entry.verification)
        if entry.typed(question.field):
            return None  # its words are about its own value
    if answer_in(entry.verification) and entry.verification != question.said:
        return replace(question, state=settled_by(entry.verification), said=entry.verification)
    return None


def _says_another(question: Question, entry: Entry) -> bool:
    """Return whether a row has another value for the same data period."""
    if question.data_period:
        period = data_period(entry)
        if period is None or period.code != question.data_period:
            return False
    return bool(question.field) and canonical(entry.typed(question.field)) != question.asked_value


def _is_replaced(question: Question, entry: Entry, ledger: Ledger) -> bool:
    """Return whether another value counts in place of the one that is asked about."""
    row = _counting(question, entry, ledger)
    return row is None or canonical(row.typed.get(question.field)) != question.asked_value


def _counting(question: Question, entry: Entry, ledger: Ledger) -> Reported | None:
    """Return the report that counts of what is asked about, None where none does."""
    code = entry.code or known_issue(new_issue(entry), ledger)
    history = _history_of(code, {question.period, entry.source.period}, ledger)
    if not question.data_period:
        return history.latest(question.sheet, code)
    if question.field == "value":
        figures = history.figures(question.row)
        return next((f.row for f in figures if f.period.code == question.data_period), None)
    reports = history.reports_on_figures(question.row)
    return next((r for r in reversed(reports) if r.values.get("data_period") == question.data_period), None)


def _history_of(code: str, returned_for: Collection[str], ledger: Ledger) -> History:
    """Return the reports on a row from the first of some periods on; figures that wait count as others do."""
    first = min(map(parse_period, returned_for))
    later = {period for period in ledger.issued_periods() if not parse_period(period).precedes(first)}
    reports = ledger.accepted_about(later.union(returned_for), {code, indicator_of_row(code)}, (code,))
    rows = [replace(report, held=False) if report.held else report for report in reports]
    return History(tuple(merged_rows(rows, ledger.conflict_decisions())))
