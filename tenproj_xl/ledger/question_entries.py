"""Entries of questions: objects to what the table `questions` holds, and back."""

import json
import sqlite3
from collections.abc import Collection, Iterable

from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.ledger.codec import values_to_json
from tenproj_xl.ledger.lead_entries import left_out
from tenproj_xl.ledger.review_entries import held_reports
from tenproj_xl.model.questions import Key, Question, QuestionState

_COLUMNS = ("rule", "row", "data_period", "value", "period", "sha256")
_BODY = ("field", "sheet", "task_force", "name", "message", "said", "who")
_ANSWERED_IN = "answered_in"
"""Only in entries of answers that a later return gave."""


def question_columns(question: Question) -> dict[str, object]:
    """Return a question that was asked or answered by column of the table."""
    columns: dict[str, object] = {name: getattr(question, name) for name in _COLUMNS}
    columns["state"] = question.state.value
    body = {name: getattr(question, name) for name in _BODY}
    if question.answered_in:
        body[_ANSWERED_IN] = question.answered_in
    columns["body"] = values_to_json(body)
    return columns


def questions(
    connection: sqlite3.Connection, withdrawn: Collection[str], until: int | None = None
) -> list[Question]:
    """Return the questions (until a batch), each as it stands, in the order in which they were asked.

    Those of withdrawn files are none. What a return answered counts only while its row does: it is not
    withdrawn, nor kept out by its lead unit, nor does its figure wait for the office.
    """
    query = "SELECT * FROM questions WHERE batch <= COALESCE(?, batch) ORDER BY seq"
    return _as_they_stand(connection, connection.execute(query, (until,)), withdrawn)


def questions_about(
    connection: sqlite3.Connection,
    rows: Collection[str],
    withdrawn: Collection[str],
    until: int | None = None,
) -> list[Question]:
    """Return those about some rows, by their codes or names."""
    query = """SELECT * FROM questions WHERE "row" IN (SELECT value FROM json_each(?))
               AND batch <= COALESCE(?, batch) ORDER BY seq"""
    entries = connection.execute(query, (json.dumps(sorted(rows)), until))
    return _as_they_stand(connection, entries, withdrawn)


def _as_they_stand(
    connection: sqlite3.Connection, entries: Iterable[sqlite3.Row], withdrawn: Collection[str]
) -> list[Question]:
    recorded = [question for question in map(_question_of, entries) if question.sha256 not in withdrawn]
    answering = {question.answered_in for question in recorded} - {""}
    idle = _rows_that_do_not_count(connection, answering)
    last: dict[Key, Question] = {}
    for question in recorded:
        answer = question.answered_in, question.sheet, question.row
        if question.answered_in not in withdrawn and answer not in idle:
            last[question.key] = question
    return list(last.values())


def _rows_that_do_not_count(
    connection: sqlite3.Connection, files: Collection[str]
) -> set[tuple[str, str, str]]:
    """Return file, sheet and code of the rows of some files that wait or were refused."""
    if not files:
        return set()
    idle = {(sha256, sheet, indicator_of_row(code)) for sha256, sheet, code, _ in left_out(connection, files)}
    for sha256, code, _ in held_reports(connection):
        idle.add((sha256, "indicators", indicator_of_row(code)))
    return idle


def _question_of(row: sqlite3.Row) -> Question:
    body = json.loads(row["body"])
    return Question(
        **{name: row[name] for name in _COLUMNS},
        **{name: body[name] for name in _BODY},
        state=QuestionState.stored(row["state"]),
        answered_in=body.get(_ANSWERED_IN, ""),
    )
