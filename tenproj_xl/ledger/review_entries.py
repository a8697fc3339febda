"""Entries of figures that wait for the office: objects to what the table `reviews` holds, and back."""

import json
import sqlite3

from tenproj_xl.core.cells import Value
from tenproj_xl.core.sheets import with_choices
from tenproj_xl.core.states import State
from tenproj_xl.ledger.codec import values_to_json
from tenproj_xl.model.reviews import Review, ReviewVerdict

_BODY = ("data_period", "was", "value", "told", "state", "paper", "who", "why")


def review_columns(review: Review) -> dict[str, object]:
    """Return a figure that waits, or was decided on, by column of the table."""
    return {
        "sha256": review.sha256,
        "code": review.code,
        "period": review.period,
        "verdict": review.verdict.value,
        "body": values_to_json({name: getattr(review, name) for name in _BODY}),
    }


def review_of(row: sqlite3.Row) -> Review:
    """Return the figure that waits, or was decided on, that an entry holds."""
    body = json.loads(row["body"])
    return Review(
        sha256=row["sha256"],
        code=row["code"],
        period=row["period"],
        data_period=body["data_period"],
        was=_figure(body["was"]),
        value=_figure(body["value"]),
        told=State.stored(body["told"]),
        state=State.stored(body["state"]),
        paper=body["paper"],
        verdict=ReviewVerdict.stored(row["verdict"]),
        who=body["who"],
        why=body["why"],
    )


def reviews(connection: sqlite3.Connection) -> list[Review]:
    """Return the figures that waited for the office, each as it stands, oldest first."""
    last: dict[tuple[str, str, str], Review] = {}
    for row in connection.execute("SELECT * FROM reviews ORDER BY seq"):
        review = review_of(row)
        last[review.key] = review
    return list(last.values())


def held_reports(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    """Return file, code and period of the reports whose figures wait, or were refused by the office."""
    last: dict[tuple[str, str, str], str] = {}
    query = "SELECT sha256, code, period, verdict FROM reviews ORDER BY seq"
    for sha256, code, period, verdict in connection.execute(query):
        last[sha256, code, period] = verdict
    return {key for key, verdict in last.items() if verdict != ReviewVerdict.ADOPTED}


def _figure(value: object) -> Value:
    if isinstance(value, int | float):
        return float(value)
    return with_choices("indicators", {"value": str(value)})["value"]
