"""The life of questions: recorded when they are asked, and closed by what units answer or correct."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tenproj_xl.app.results import FileResult
from tenproj_xl.core.texts import canonical
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.questions import Question, QuestionState, answer_in, key_of, settled_by
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.figures import data_period


def keep_questions(results: Sequence[FileResult], ledger: Ledger) -> None:
    """Record what files answer to questions that are open, and what is asked about them.

    Args:
        results: The files that were recorded, within the same batch.
        ledger: The open ledger.
    """
    known, keys = ledger.questions_about(_rows_of(results)), set()
    for question in known:
        keys.add(question.key)
    for result in results:
        for question in _answered(result, known):
            ledger.record_question(question)
    for result in results:
        for question in _asked(result):
            if question.key not in keys:
                keys.add(question.key)
                ledger.record_question(question)


def _rows_of(results: Iterable[FileResult]) -> set[str]:
    """Return the rows that files answer or are asked about, as questions name them."""
    rows = set()
    for result in results:
        if result.judgement:
            rows |= {entry.code or entry.row.name for entry in result.judgement.accepted}
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


def _answered(result: FileResult, known: Sequence[Question]) -> Iterable[Question]:
    """Yield the open questions that the rows of a file answer."""
    if result.judgement is None:
        return
    entries = {}
    for accepted in result.judgement.accepted:
        entries[accepted.row.sheet.code, accepted.code or accepted.row.name] = accepted
    for question in known:
        entry = entries.get((question.sheet, question.row))
        if entry is None or not question.is_open or question.sha256 == result.received.sha256:
            continue
        if _is_corrected(question, entry):
            yield replace(question, state=QuestionState.CORRECTED, said=entry.verification)
        elif answer_in(entry.verification) and entry.verification != question.said:
            yield replace(question, state=settled_by(entry.verification), said=entry.verification)


def _is_corrected(question: Question, entry: Entry) -> bool:
    """Return whether a row now has another value for the same data period."""
    if question.data_period:
        period = data_period(entry)
        if period is None or period.code != question.data_period:
            return False
    value, _, _ = question.value.partition("|")
    return bool(question.field) and canonical(entry.typed(question.field)) != value
