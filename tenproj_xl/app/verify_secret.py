"""The ledger's secret against the tokens of the rows that were printed by it: no entry has it."""

import sqlite3
from collections.abc import Iterator

from tenproj_xl.app.proof_results import Discrepancy
from tenproj_xl.core.tokens import token
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.plan_reader import stored_plan

_PRINTED = """
    SELECT issued.token, issued.period, issued.recipient, issued.sheet, issued.code, batches.plan
    FROM issued JOIN batches ON batches.id = issued.batch
    WHERE batches.command = 'generate' AND issued.code <> ''
    ORDER BY issued.seq DESC LIMIT 50"""


def prove_secret(ledger: LedgerView, connection: sqlite3.Connection) -> Iterator[Discrepancy]:
    """Yield a discrepancy where none of the rows printed last has a token by the ledger's secret."""
    printed = connection.execute(_PRINTED).fetchall()
    if not printed:
        return
    programme = stored_plan(ledger.snapshot(printed[0]["plan"])).programme.code
    try:
        secret = ledger.secret
        is_ours = any(
            row["token"]
            == token(secret, programme, row["period"], row["recipient"], row["sheet"], row["code"])
            for row in printed
        )
    except ValueError:  # no secret, or not one
        is_ours = False
    if not is_ours:
        yield Discrepancy(
            where="台账的密钥",
            what="与下发的填报表上印的行标识不符，发出去的表会认不出来",
            since="",
            remedy="请从备份恢复，再核验一次",
        )
