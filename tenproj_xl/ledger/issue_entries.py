"""Which issues some forms may be about, found without reading all others."""

import json
import sqlite3

from tenproj_xl.ledger.schema import NAMED_UNITS
from tenproj_xl.model.concerned_rows import ConcernedRows

_UNITS_NAMED = f"""
WITH RECURSIVE named(text) AS (
    SELECT MIN({NAMED_UNITS}) FROM rows INDEXED BY issues_by_unit WHERE sheet = 'issues'
    UNION ALL
    SELECT (SELECT MIN({NAMED_UNITS}) FROM rows INDEXED BY issues_by_unit
            WHERE sheet = 'issues' AND {NAMED_UNITS} > named.text)
        FROM named WHERE named.text IS NOT NULL)
SELECT text FROM named WHERE text IS NOT NULL"""  # noqa: S608  # texts of ours
"""Each text once that names the units of an issue, from one to the next in their index."""

_CODES = f"""
SELECT code FROM rows INDEXED BY issues_by_unit
    WHERE sheet = 'issues' AND {NAMED_UNITS} IN (SELECT value FROM json_each(:texts))
UNION
SELECT code FROM rows INDEXED BY issues_by_force
    WHERE sheet = 'issues' AND task_force IN (SELECT value FROM json_each(:forces))
UNION
SELECT code FROM settlements WHERE sheet = 'issues' AND field = 'unit'
UNION
SELECT issue FROM decisions WHERE CASE WHEN json_valid(body) THEN json_extract(body, '$.unit') END != ''"""  # noqa: S608  # as above
"""What the office has decided about the unit of an issue is in no row of it."""


def issues_about(connection: sqlite3.Connection, concerned: ConcernedRows) -> frozenset[str]:
    """Return the codes of the issues that some forms may have, closed ones and a few others among them."""
    texts = [text for (text,) in connection.execute(_UNITS_NAMED) if concerned.is_named(text)]
    values = {"texts": json.dumps(texts), "forces": json.dumps(sorted(concerned.task_forces))}
    return concerned.issues.union(code for (code,) in connection.execute(_CODES, values))
