"""Ledgers as a version with other declarations would have written them.

A column, number, rule or state that this version has and another had not is missing from what that one stored; one
that this version has not stands in it; one that was renamed stands in it by its other name.
"""

import json
import sqlite3
from collections.abc import Callable, Container, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ADDED = "added_elsewhere"
"""What no version of ours ever had: a name, or a code."""

TABLES = ("rows", "issued", "forms", "receipts", "merges", "decisions", "slips", "closings")

Body = dict[str, Any]


@dataclass(frozen=True)
class Evolution:
    """What is otherwise in the version that wrote a ledger; names are columns, numbers and fields, codes all else.

    `names` and `codes` give the other name of each that was renamed, "" for one that was not there; `adds` is
    whether everything has something more.
    """

    names: Mapping[str, str]
    codes: Mapping[str, str]
    adds: bool

    def named(self, body: Mapping[str, Any]) -> Body:
        """Return a mapping by the names of the other version, with its codes as values."""
        other = {}
        for name, value in body.items():
            other[self.names.get(name, name)] = self._value(value)
        other.pop("", None)
        if self.adds:
            other[ADDED] = "其他版本才有"
        return other

    def _value(self, value: object) -> object:
        if isinstance(value, str) and value in self.codes:
            return self.code(value)
        return value

    def listed(self, names: list[str]) -> list[str]:
        """Return a list of names as the other version has it."""
        return list(self.named(dict.fromkeys(names)))

    def code(self, code: str | None) -> str | None:
        """Return a code of the other version; one that it had not was another."""
        return self.codes.get(code or "", code or "") or (code and ADDED)


def evolved(path: Path, evolution: Evolution, tables: Container[str] = TABLES) -> None:
    """Make a ledger, or some tables of it, what another version wrote."""
    with closing(sqlite3.connect(path)) as ledger, ledger:
        for table, column, change in _CHANGES:
            if table not in tables:
                continue
            for rowid, text in ledger.execute(f"SELECT rowid, {column} FROM {table}").fetchall():
                body = json.dumps(change(json.loads(text), evolution), ensure_ascii=False, sort_keys=True)
                ledger.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (body, rowid))
        for field, other in evolution.names.items():
            ledger.execute("UPDATE settlements SET field = ? WHERE field = ?", (other or ADDED, field))


def _payload(body: Body, other: Evolution) -> Body:
    for part in ("values", "typed", "cells"):
        body[part] = other.named(body[part])
    return {**body, "said": other.listed(body["said"])}


def _columns(body: Body, other: Evolution) -> Body:
    return {sheet: other.listed(fields) for sheet, fields in body.items()}


def _receipt(body: Body, other: Evolution) -> Body:
    for finding in body["findings"]:
        finding.update(code=other.code(finding["code"]), severity=other.code(finding["severity"]))
    return {**body, "status": other.code(body["status"]), "cover": other.named(body["cover"])}


def _published(body: Body, other: Evolution) -> Body:
    sheets = {}
    for sheet, rows in body["rows"].items():
        for row in rows.values():
            if "state" in row:
                row["state"] = other.code(row["state"])
        sheets[sheet] = {code: other.named(row) for code, row in rows.items()}
    for sheet in [sheet for sheet in sheets if other.names.get(sheet) == ""]:
        del sheets[sheet]
    return {"numbers": other.named(body["numbers"]), "rows": sheets}


def _decision(body: Body, other: Evolution) -> Body:
    return {
        **body,
        **{name: other.code(body[name]) for name in ("verdict", "level", "coordination", "extension")},
    }


def _slip(body: Body, other: Evolution) -> Body:
    body = {**body, "level": other.code(body["level"]), "kind": other.code(body["kind"])}
    return {**other.named(body), "period": body["period"]}


def _closing(body: Body, other: Evolution) -> Body:
    return {**other.named(body), "period": body["period"]}


_CHANGES: tuple[tuple[str, str, Callable[[Body, Evolution], Body]], ...] = (
    ("rows", "payload", _payload),
    ("issued", "printed", lambda body, other: other.named(body)),
    ("forms", "columns", _columns),
    ("receipts", "body", _receipt),
    ("merges", "body", _published),
    ("decisions", "body", _decision),
    ("slips", "body", _slip),
    ("closings", "body", _closing),
)
"""Tables, the columns in which declarations stand in them, and how."""
