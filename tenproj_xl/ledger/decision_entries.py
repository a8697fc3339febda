"""Entries of the table `decisions`, on issues and on items of 督办清单: made from objects, and read back."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

from tenproj_xl.core.answers import DecisionLevel, IssueCategory, IssueSource
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.periods import parse_period
from tenproj_xl.ledger import codec
from tenproj_xl.model.decisions import ChangeReply, Coordination, Decision, Extension, Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.slips import Level

_DECIDED = (
    *("by", "verdict", "level", "coordination", "extension", "until", "opinion"),
    *("change", "description", "category", "source", "unit", "raised_on"),
    *("kind", "item", "urgency", "into"),
)
_DECIDED_DAYS = ("until", "raised_on", "item")

_DECIDED_AS: Mapping[str, type[LabelledCode]] = {
    "verdict": Verdict,
    "level": DecisionLevel,
    "coordination": Coordination,
    "extension": Extension,
    "change": ChangeReply,
    "category": IssueCategory,
    "source": IssueSource,
    "kind": Duty,
    "urgency": Level,
}


def decision_columns(decision: Decision) -> dict[str, object]:
    """Return a decision by column of the table."""
    return {
        "issue": decision.issue,
        "decided_on": decision.on.isoformat(),
        "upon": decision.upon.code,
        "token": decision.token,
        "sha256": decision.sha256,
        "file": decision.file,
        "body": decision_body(decision),
    }


def decision_body(decision: Decision) -> str:
    """Return what an entry says of a decision, besides its columns."""
    return codec.values_to_json({name: getattr(decision, name) for name in _DECIDED})


def decision_of(row: sqlite3.Row) -> Decision:
    """Return the decision that an entry holds."""
    body = json.loads(row["body"])
    values = codec.values_of(body)
    decided: dict[str, Any] = {name: values[name] for name in _DECIDED if name in values}
    for name, kind in _DECIDED_AS.items():
        text = body.get(name)
        # The first encoding has "" for what was not decided.
        decided[name] = kind.stored(text) if text else None
    for name in _DECIDED_DAYS:
        if not isinstance(decided.get(name), date):
            decided[name] = None
    return Decision(
        issue=row["issue"],
        on=date.fromisoformat(row["decided_on"]),
        upon=parse_period(row["upon"]),
        token=row["token"],
        sha256=row["sha256"],
        file=row["file"],
        seq=row["seq"],
        **decided,
    )
