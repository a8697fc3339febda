"""Entries of questions: objects to what the table `questions` holds, and back."""

import json
import sqlite3
from collections.abc import Collection, Iterable

from tenproj_xl.ledger.codec import values_to_json
from tenproj_xl.model.questions import Key, Question, QuestionState

_COLUMNS = ("rule", "row", "data_period", "value", "period", "sha256")
_BODY = ("field", "sheet", "task_force", "name", "message", "said", "who")


def question_columns(question: Question) -> dict[str, object]:
    """Return a question that was asked or answered by column of the table."""
    columns: dict[str, object] = {name: getattr(question, name) for name in _COLUMNS}
    columns["state"] = question.state.value
    columns["body"] = values_to_json({name: getattr(question, name) for name in _BODY})
    return columns


def questions(connection: sqlite3.Connection, until: int | None = None) -> list[Question]:
    """Return the questions (until a batch), each as it stood, in the order in which they were asked."""
    query = "SELECT * FROM questions WHERE batch <= COALESCE(?, batch) ORDER BY seq"
    return _as_they_stood(connection.execute(query, (until,)))


def questions_about(
    connection: sqlite3.Connection, rows: Collection[str], until: int | None = None
) -> list[Question]:
    """Return those about some rows, by their codes or names."""
    query = """SELECT * FROM questions WHERE "row" IN (SELECT value FROM json_each(?))
               AND batch <= COALESCE(?, batch) ORDER BY seq"""
    return _as_they_stood(connection.execute(query, (json.dumps(sorted(rows)), until)))


def _as_they_stood(entries: Iterable[sqlite3.Row]) -> list[Question]:
    last: dict[Key, Question] = {}
    for entry in entries:
        question = _question_of(entry)
        last[question.key] = question
    return list(last.values())


def _question_of(row: sqlite3.Row) -> Question:
    body = json.loads(row["body"])
    return Question(
        **{name: row[name] for name in _COLUMNS},
        **{name: body[name] for name in _BODY},
        state=QuestionState.stored(row["state"]),
    )
