"""Entries of the ledger: objects to what a table holds, and back.

What no column has to be searched by is one JSON text a row. Dates are written `{"date": "2026-11-27"}`,
moments in UTC with seconds; numbers come back as floats.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from sqlite3 import Row
from sys import intern
from typing import Any

from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.catalogue import Severity, known, retired
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.moments import moments_body, moments_of, rank_body, ranked_at_of
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.rhythms import Rhythm, fortnight
from tenproj_xl.core.sheets import COVER, with_choices
from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.model.calendar import IssuedPeriod
from tenproj_xl.model.cell_sources import CellSource
from tenproj_xl.model.conflicts import ConflictDecision
from tenproj_xl.model.file_status import status_by_findings
from tenproj_xl.model.history import Reported
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.publications import (
    MadeEdition,
    MadeFile,
    PaperKind,
    Publication,
    PublishedFile,
    Series,
)
from tenproj_xl.model.published import Published
from tenproj_xl.model.receipts import Party, Receipt
from tenproj_xl.model.statuses import Status

ENCODING = 2
"""The version of the encoding that entries are written in; each names its own.

1: 0.2.1 and before: the labels of levels, verdicts, duties and states, and "" for what was not decided.
2: their codes, and those of what clerks choose.

A code is read by itself or by any label that it has or had, so that both are read alike.
"""
_TO_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode

# --- values


def utc(moment: datetime) -> str:
    """Return a moment as the ledger writes it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def to_json(body: object) -> str:
    """Return a JSON text that is the same for equal objects."""
    return _TO_JSON(body)


def values_to_json(values: Mapping[str, object]) -> str:
    """Return values by field as JSON, dates marked as such."""
    return to_json(plain_values(values))


def _plain(value: object) -> object:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


def plain_values(values: Mapping[str, object]) -> dict[str, object]:
    """Return values by field as JSON knows them, dates marked as such."""
    return {name: _plain(value) for name, value in values.items()}


def _value(body: object) -> Value:
    if body is None or isinstance(body, str):  # the common cases, kept cheap
        return body
    if isinstance(body, dict):
        return date.fromisoformat(body["date"])
    if isinstance(body, int | float):
        return float(body)
    return str(body)


def values_of(body: Mapping[str, object]) -> dict[str, Value]:
    """Return the values by field that `plain_values` gave."""
    # Most are texts or blanks, and years of them are read: the same in each period, they are held once.
    values: dict[str, Value] = {}
    for name, value in body.items():
        if value is None:
            values[intern(name)] = None
        elif isinstance(value, str):
            values[intern(name)] = intern(value)
        else:
            values[intern(name)] = _value(value)
    return values


def _once(text: str) -> str:
    """Return a text that is held once, whatever rows have it; what a damaged ledger has instead, as it is."""
    return intern(text) if type(text) is str else text


def _texts_of(body: Mapping[str, str]) -> dict[str, str]:
    return {intern(name): _once(text) for name, text in body.items()}


# --- periods


def issued_period_of(row: Row, first: IssuedPeriod | None) -> IssuedPeriod:
    """Return the period that an entry holds, with the days of the `first` entry about it, if there is one."""
    deadline = datetime.fromisoformat(row["deadline"])
    asked_until = date.fromisoformat(row["asked_until"]) if row["asked_until"] else None
    if first:
        return IssuedPeriod(first.period, deadline, asked_until)
    days = (date.fromisoformat(row[name]) for name in ("first", "last"))
    return IssuedPeriod(Period(row["period"], *days), deadline, asked_until)


def span_of(code: str, settings: str) -> Period:
    """Return the days of a period under the rhythm that a snapshot of settings has."""
    period = parse_period(code)
    if period.is_week and _is_by_fortnight(settings):
        return fortnight(period)
    return period


@lru_cache(maxsize=32)  # the same settings were in force in many periods
def _is_by_fortnight(settings: str) -> bool:
    # Ledgers of now keep the days of each period.
    from tenproj_xl.model.settings_schema import PARAMETER_SHEET, RHYTHM  # noqa: PLC0415  # as above

    parameters = json.loads(settings).get(PARAMETER_SHEET.name, ())
    return any((name, value) == (RHYTHM.name, Rhythm.FORTNIGHT.label) for name, value, *_ in parameters)


# --- rows that were printed


def issued_columns(row: Issued) -> dict[str, object]:
    """Return a printed row by column of the table `issued`."""
    return {**vars(row), "printed": values_to_json(row.printed)}


def issued_of(row: Row) -> Issued:
    """Return the printed row that an entry holds."""
    return Issued(
        token=row["token"],
        version=row["version"],
        period=row["period"],
        recipient=row["recipient"],
        sheet=row["sheet"],
        code=row["code"],
        task_force=row["task_force"],
        unit=row["unit"],
        of_others=bool(row["of_others"]),
        printed=with_choices(row["sheet"], values_of(json.loads(row["printed"]))),
    )


# --- receipts


def receipt_body(receipt: Receipt) -> str:
    """Return what an entry says of a received file, besides its hash and period."""
    body = {
        "file": receipt.file,
        "sender": receipt.sender,
        "party": list(receipt.party),
        "status": receipt.status,
        "received_at": utc(receipt.received_at),
        "late": receipt.late,
        "nil": receipt.nil,
        "cover": plain_values(receipt.cover),
        "findings": [_finding_body(finding) for finding in receipt.findings],
        "moments": moments_body(receipt.moments),
    }
    if receipt.channel:
        body["channel"] = receipt.channel
    if receipt.answers:
        body["answers"] = list(receipt.answers)
    if receipt.emptied:
        body["emptied"] = list(receipt.emptied)
    if receipt.kept_out:
        body["kept_out"] = list(receipt.kept_out)
    if receipt.stranger:
        body["stranger"] = receipt.stranger
    return to_json(body | rank_body(receipt.ranked_at))


def receipt_of(row: Row) -> Receipt:
    """Return the receipt that an entry holds."""
    body = json.loads(row["body"])
    recipient, task_forces, unit = body["party"]
    findings = tuple(_finding(finding) for finding in body["findings"])
    return Receipt(
        file=body["file"],
        sha256=row["sha256"],
        party=Party(recipient, tuple(task_forces), unit),
        period=row["period"],
        sender=body["sender"],
        status=_status(body["status"], findings),
        received_at=datetime.fromisoformat(body["received_at"]),
        late=body["late"],
        nil=body["nil"],
        cover=with_choices(COVER.code, values_of(body["cover"])),
        findings=findings,
        seq=row["seq"],
        ranked_at=ranked_at_of(body),
        moments=moments_of(body.get("moments", {})),
        channel=body.get("channel", ""),
        answers=tuple(body.get("answers", ())),
        emptied=tuple((sheet, code) for sheet, code in body.get("emptied", ())),
        kept_out=tuple((sheet, code) for sheet, code in body.get("kept_out", ())),
        stranger=body.get("stranger", ""),
    )


def is_return(body: str) -> bool:
    """Whether a receipt says that the file was accepted as a return, whatever is to be corrected in it."""
    receipt = json.loads(body)
    return _status(receipt["status"], tuple(_finding(f) for f in receipt["findings"])).is_return


def _status(word: str, findings: tuple[Finding, ...]) -> Status:
    """Return the status of a code; one that only another version has is decided by the findings."""
    return Status(word) if word in list(Status) else status_by_findings(findings)


def _finding_body(finding: Finding) -> dict[str, str]:
    return {**vars(finding), "code": finding.code.rule.code}


def _finding(body: Mapping[str, str]) -> Finding:
    """Return a finding; what it says stands in it, so that one of a retired rule is read like any other."""
    return Finding(
        code=known(body["code"]) or retired(body["code"]),
        severity=_severity(body["severity"]),
        file=body["file"],
        sheet=body["sheet"],
        cell=body["cell"],
        value=body["value"],
        message=body["message"],
        name=body["name"],
        note=body["note"],
        task_force=body.get("task_force", ""),
        answer=body.get("answer", ""),
        row=body.get("row", ""),
        field=body.get("field", ""),
        data_period=body.get("data_period", ""),
    )


def _severity(code: str) -> Severity:
    """Return a severity; one that only another version has asks for a look, and keeps nothing out."""
    severity = Severity.stored(code)
    if severity.is_known:
        return severity
    return Severity.WARNING


# --- accepted rows


def row_payload(row: Reported) -> str:
    """Return what an entry says of an accepted row, besides its columns."""
    payload = {
        "values": plain_values(row.values),
        "typed": dict(row.typed),
        "cells": dict(row.cells),
        "unit": row.unit,
        "owner": row.owner,
        "said": sorted(row.changed_fields),
    }
    if row.basis:
        payload |= {"basis": row.basis, "recorded_by": row.recorded_by}
    payload |= rank_body(row.ranked_at)
    if row.patched is not None:
        payload["patched"] = sorted(row.patched)
    return to_json(payload)


def reported_of(row: Row, spans: Mapping[str, Period]) -> Reported:
    """Return the accepted row that an entry holds; `spans` are the days of periods that went out."""
    payload = json.loads(row["payload"])
    period = row["period"]
    return Reported(
        sheet=_once(row["sheet"]),
        code=_once(row["code"]),
        task_force=_once(row["task_force"]),
        period=spans.get(period) or parse_period(period),
        values=with_choices(row["sheet"], values_of(payload["values"])),
        typed=_texts_of(payload["typed"]),
        cells=_texts_of(payload["cells"]),
        file=_once(row["file"]),
        sha256=_once(row["sha256"]),
        tab=_once(row["tab"]),
        received_at=datetime.fromisoformat(row["received_at"]),
        seq=row["seq"],
        unit=_once(payload["unit"]),
        owner=_once(payload["owner"]),
        changed_fields=frozenset(map(_once, payload["said"])),
        basis=payload.get("basis", ""),
        recorded_by=payload.get("recorded_by", ""),
        ranked_at=ranked_at_of(payload),
        patched=frozenset(payload["patched"]) if "patched" in payload else None,
    )


# --- decisions


def conflict_decision_body(decision: ConflictDecision) -> str:
    """Return what an entry says of a decision about a conflict, besides its cell."""
    source = decision.source
    body = {
        "words": dict(decision.reported_values),
        "chosen": decision.chosen,
        "value": _plain(decision.value),
        "who": decision.who,
        "why": decision.why,
        "source": [source.file, source.tab, source.cell, utc(source.at)],
    }
    return to_json(body)


def conflict_decision_of(row: Row) -> ConflictDecision:
    """Return the decision about a conflict that an entry holds; 0.2.1 stored labels of choices."""
    body = json.loads(row["body"])

    def stored(value: Value) -> Value:
        return with_choices(row["sheet"], {row["field"]: value})[row["field"]]

    file, tab, cell, at = body["source"]
    return ConflictDecision(
        period=row["period"],
        sheet=row["sheet"],
        code=row["code"],
        field=row["field"],
        reported_values={unit: str(stored(word)) for unit, word in body["words"].items()},
        chosen=body["chosen"],
        value=stored(_value(body["value"])),
        who=body["who"],
        why=body["why"],
        source=CellSource(file=file, tab=tab, cell=cell, at=datetime.fromisoformat(at)),
    )


# --- slips and merges


def published_body(published: Published) -> str:
    """Return what an entry says of a merge, besides its period and sequence number."""
    return to_json(_told_body(published))


def _told_body(published: Published) -> dict[str, object]:
    rows: dict[str, dict[str, object]] = {}
    for sheet, by_code in published.rows.items():
        rows[sheet] = {code: plain_values(row) for code, row in by_code.items()}
    return {"numbers": dict(published.numbers), "rows": rows}


_STATES: Mapping[str, type[LabelledCode]] = {"indicators": State, "tasks": TaskState, "issues": IssueState}
"""The states of published rows by sheet."""
_UNDECIDED = "未定"
"""The level of a published issue that has none, as 0.2.1 stored it."""


def _published_row(sheet: str, body: Mapping[str, object]) -> dict[str, Value]:
    row = with_choices(sheet, values_of(body))
    kind = _STATES.get(sheet)
    if kind and "state" in row:
        row["state"] = kind.stored(str(row["state"]))
    if level := row.get("level"):
        row["level"] = DecisionLevel.stored(str(level)) if level != _UNDECIDED else None
    return row


def published_of(period: Period, row: Row) -> Published:
    """Return what the merge of an entry told its readers."""
    return told_of(period, row["sequence"], json.loads(row["body"]))


def told_of(period: Period, sequence: int, body: Mapping[str, Any]) -> Published:
    """Return what a paper told, from the part of an entry that says so."""
    rows: dict[str, dict[str, dict[str, Value]]] = {}
    for sheet, by_code in body["rows"].items():
        rows[sheet] = {code: _published_row(sheet, values) for code, values in by_code.items()}
    return Published(period, sequence, body["numbers"], rows)


# --- papers


def edition_body(made: MadeEdition) -> str:
    """Return what an entry says of an edition that was made, besides its columns."""
    body = {
        "plan": made.plan,
        "made_from": made.made_from,
        "files": [[series, file.path, file.sha256] for series, file in made.files],
        "told": _told_body(made.told),
    }
    return to_json(body)


def edition_of(row: Row) -> MadeEdition:
    """Return the making of an edition that an entry holds."""
    body = json.loads(row["body"])
    files = [(Series.stored(series), MadeFile(path, sha)) for series, path, sha in body["files"]]
    return MadeEdition(
        edition=row["edition"],
        signed_by=row["signed_by"],
        plan=body["plan"],
        made_from=body["made_from"],
        files=tuple(files),
        told=told_of(parse_period(row["period"]), row["sequence"], body["told"]),
        seq=row["seq"],
    )


def publication_body(publication: Publication) -> str:
    """Return what an entry says of a publication, besides its columns."""
    body = {
        "at": utc(publication.published_at),
        "by": publication.published_by,
        "plan": publication.plan,
        "files": [[file.name, file.sha256, file.kind] for file in publication.files],
        "told": _told_body(publication.told),
    }
    return to_json(body)


def publication_of(row: Row, told: Published | None = None) -> Publication:
    """Return the publication that an entry holds; what it told is given where its body is without."""
    body = json.loads(row["body"])
    if told is None:
        told = told_of(parse_period(row["period"]), row["sequence"], body["told"])
    return Publication(
        series=Series.stored(row["series"]),
        year=row["year"],
        number=row["number"],
        correction=row["correction"],
        edition=row["edition"],
        published_at=datetime.fromisoformat(body["at"]),
        published_by=body["by"],
        files=tuple(PublishedFile(name, sha, PaperKind.stored(kind)) for name, sha, kind in body["files"]),
        told=told,
        plan=body["plan"],
    )
