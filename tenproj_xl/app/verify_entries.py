"""Verify the entries of the ledger that are new, as each `merge` does; see `app.verify` for all else."""

import json
import sqlite3
from collections.abc import Iterator, Mapping

from tenproj_xl.app.proof_results import Discrepancy, VerifiedEntries
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.files import write_note
from tenproj_xl.ledger.journal_files import last_in_journal, must_be_new, must_reach
from tenproj_xl.ledger.looking import connected
from tenproj_xl.ledger.proof import Breach, Flaw, Proof, verify_after
from tenproj_xl.ledger.schema import LEDGER_FILE, VERIFIED

KINDS: Mapping[str, str] = {
    "rows": "接收的行",
    "receipts": "接收记录",
    "files": "收到的文件",
    "issue_names": "问题编号",
    "decisions": "审定",
    "settlements": "以哪一份为准",
    "publications": "印发登记",
    "merges": "汇总记录",
    "made_files": "生成的文件",
    "made_editions": "生成的材料",
    "periods": "报送期",
    "forms": "下发的表",
    "issued": "印出的行",
    "snapshots": "计划、设置的版本",
    "plan_corrections": "计划更正",
    "batches": "运行记录",
    "withdrawals": "撤回",
    "preferences": "采用的一份",
    "admissions": "补认的来件",
    "reviews": "数据核实",
    "questions": "疑问",
    "corrections": "更正表",
    "lead_words": "牵头单位核对",
    "score_sheets": "评分核对单",
    "objections": "评分异议",
    "slips": "督办单",
    "slip_replies": "督办回复",
    "closings": "督办办结",
    "removals": "销毁记录",
    "letters": "信函记录",
    "fetched": "收信记录",
}
"""What each kind of entry is called, all of `ledger.proof.KEYS`."""
_FLAWS: Mapping[Flaw, str] = {
    Flaw.CHANGED: "内容与记入时不同",
    Flaw.MISSING: "内容不在了",
    Flaw.BROKEN: "校验链在这里断开",
    Flaw.UNSEALED: "不是本软件记入的",
}
REBUILD = "请运行 tenproj rebuild 从存档重建，或从备份恢复，再核验一次"


def verify_new_entries(workspace: Workspace) -> VerifiedEntries:
    """Compare the entries since the last that was verified, and remember the newest.

    Raises:
        EnvironmentProblem: The ledger is missing, has fewer entries than the journal, or cannot be read.
    """
    must_exist(workspace)
    written = last_in_journal(workspace.ledger)
    with connected(workspace.ledger) as connection:
        must_reach(connection, written)
        return verify_quickly(workspace, connection)


def must_exist(workspace: Workspace) -> None:
    """Raise EnvironmentProblem where there is no ledger, which would be taken for one without entries."""
    if not (workspace.ledger / LEDGER_FILE).exists():
        must_be_new(workspace.ledger)
        raise EnvironmentProblem("这里还没有台账，没有可以核验的内容。请进入工作区文件夹，或用 -C 指明它。")


def verify_quickly(workspace: Workspace, connection: sqlite3.Connection) -> VerifiedEntries:
    """Do as `verify_new_entries` in a ledger that is open."""
    number, last = _remembered(workspace)
    proof = verify_after(connection, number, last)
    found = tuple(of_chain(proof, connection))
    if not found and (proof.heads, proof.last) != (number, last):
        remember(workspace, proof)
    return VerifiedEntries(
        entries=proof.heads, new=proof.heads - number, last=proof.last, discrepancies=found
    )


def _remembered(workspace: Workspace) -> tuple[int, str]:
    try:
        noted = json.loads((workspace.ledger / VERIFIED).read_text("utf-8"))
        return int(noted["number"]), str(noted["hash"])
    except (FileNotFoundError, ValueError, KeyError):
        return 0, ""


def remember(workspace: Workspace, proof: Proof) -> None:
    """Note the newest entry that was verified, which the next look goes on from."""
    noted = json.dumps({"number": proof.heads, "hash": proof.last})
    write_note(workspace.ledger / VERIFIED, noted.encode())


def of_chain(proof: Proof, connection: sqlite3.Connection) -> Iterator[Discrepancy]:
    """Yield a discrepancy for each entry that is not as it was recorded."""
    for breach in proof.breaches:
        kind = KINDS.get(breach.kind, breach.kind)
        where = f"台账“{kind}”{breach.entry}"
        if breach.number:
            where = f"台账第{breach.number}笔“{kind}”{breach.entry}"
        yield Discrepancy(where, _FLAWS[breach.flaw], _since(breach, connection), REBUILD)


def _since(breach: Breach, connection: sqlite3.Connection) -> str:
    query = "SELECT recorded_at FROM heads WHERE number = ?"
    found = connection.execute(query, (breach.number,)).fetchone()
    return str(found[0])[:16].replace("T", " ") if found else ""
