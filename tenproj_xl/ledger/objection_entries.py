"""Entries of 得分核对稿 and of objections: objects to what their tables hold, and back."""

import json
import sqlite3
from dataclasses import replace
from datetime import datetime

from tenproj_xl.ledger import codec
from tenproj_xl.model.objections import Objection, ObjectionState, ScoreReview, ScoreSheet

_BODY = ("name", "unit", "reason", "who", "why")


class ObjectionsView:
    """What was sent and said of scores, as a ledger has it."""

    _db: sqlite3.Connection

    def score_review(self, period: str) -> ScoreReview:
        """Return what was sent and said of the scores of a month or more, each as it stands."""
        sheets = [(row["batch"], _sheet_of(row)) for row in self._entries("score_sheets", period)]
        objections = {}
        for row in self._entries("objections", period):
            objection = _objection_of(row)
            since = [sheet for batch, sheet in sheets if batch > row["batch"]]
            is_over = any(sheet.has_lifted(objection) for sheet in since)
            objections[objection.key] = replace(objection, is_over=is_over)
        newest = {sheet.task_force: sheet for _, sheet in sheets}
        return ScoreReview(sheets=tuple(newest.values()), objections=tuple(objections.values()))

    def scored_periods(self) -> list[str]:
        """Return the periods that 得分核对稿 went out for, in order."""
        query = "SELECT DISTINCT period FROM score_sheets ORDER BY period"
        return [row["period"] for row in self._db.execute(query)]

    def _entries(self, table: str, period: str) -> list[sqlite3.Row]:
        query = f"SELECT * FROM {table} WHERE period = ? ORDER BY seq"  # noqa: S608  # a name of ours
        return self._db.execute(query, (period,)).fetchall()


def score_sheet_columns(sheet: ScoreSheet) -> dict[str, object]:
    """Return a sheet by column of the table."""
    body = {"items": [list(item) for item in sheet.items], "until": codec.utc(sheet.until)}
    return {"period": sheet.period, "task_force": sheet.task_force, "body": codec.to_json(body)}


def objection_columns(objection: Objection) -> dict[str, object]:
    """Return an objection by column of the table."""
    body: dict[str, object] = {name: getattr(objection, name) for name in _BODY}
    body |= {"item": list(objection.item), "said_at": codec.utc(objection.said_at)}
    return {
        "period": objection.period,
        "task_force": objection.task_force,
        "state": objection.state.value,
        "body": codec.to_json(body),
    }


def _sheet_of(row: sqlite3.Row) -> ScoreSheet:
    body = json.loads(row["body"])
    return ScoreSheet(
        period=row["period"],
        task_force=row["task_force"],
        items=tuple((kind, code, judged) for kind, code, judged in body["items"]),
        until=datetime.fromisoformat(body["until"]),
    )


def _objection_of(row: sqlite3.Row) -> Objection:
    body = json.loads(row["body"])
    kind, code, judged = body["item"]
    return Objection(
        period=row["period"],
        task_force=row["task_force"],
        item=(kind, code, judged),
        **{name: body[name] for name in _BODY},
        said_at=datetime.fromisoformat(body["said_at"]),
        state=ObjectionState.stored(row["state"]),
    )
