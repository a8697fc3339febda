"""Entries of accepted rows, chosen by what is asked: a run reads no more of a period than it is about."""

import json
import sqlite3
from collections.abc import Collection


def rows_of_forces(connection: sqlite3.Connection, period: str, forces: Collection[str]) -> list[sqlite3.Row]:
    """Return the entries of a period about rows of some task forces, oldest first."""
    query = """SELECT * FROM rows WHERE period = ? AND task_force IN (SELECT value FROM json_each(?))
               ORDER BY seq"""
    return connection.execute(query, (period, json.dumps(sorted(forces)))).fetchall()


def rows_of_files(connection: sqlite3.Connection, files: Collection[str]) -> list[sqlite3.Row]:
    """Return the entries that some files brought, oldest first."""
    query = "SELECT * FROM rows WHERE sha256 IN (SELECT value FROM json_each(?)) ORDER BY seq"
    return connection.execute(query, (json.dumps(sorted(files)),)).fetchall()


def rows_said_twice(connection: sqlite3.Connection, period: str) -> list[sqlite3.Row]:
    """Return the entries of a period about rows on which more than one file said something, oldest first."""
    query = """SELECT rows.* FROM rows JOIN (
                   SELECT sheet, code FROM rows WHERE period = :period
                   GROUP BY sheet, code HAVING COUNT(DISTINCT sha256) > 1
               ) AS twice ON rows.sheet = twice.sheet AND rows.code = twice.code
               WHERE rows.period = :period ORDER BY rows.seq"""
    return connection.execute(query, {"period": period}).fetchall()


def forces_about(connection: sqlite3.Connection, period: str, forces: Collection[str]) -> frozenset[str]:
    """Return some task forces, with those under which anything was reported on the same rows of a period.

    A row has more than one where the plan was put right between two reports on it.
    """
    query = """SELECT DISTINCT others.task_force FROM (
                   SELECT DISTINCT sheet, code FROM rows
                   WHERE period = :period AND task_force IN (SELECT value FROM json_each(:forces))
               ) AS own JOIN rows AS others ON others.sheet = own.sheet AND others.code = own.code
               WHERE others.period = :period"""
    values = {"period": period, "forces": json.dumps(sorted(forces))}
    return frozenset(forces) | {force for (force,) in connection.execute(query, values)}


def forces_reported(connection: sqlite3.Connection, period: str) -> list[str]:
    """Return the task forces of which there are entries of a period, in the order of their codes."""
    query = "SELECT DISTINCT task_force FROM rows WHERE period = ? ORDER BY task_force"
    return [force for (force,) in connection.execute(query, (period,))]
