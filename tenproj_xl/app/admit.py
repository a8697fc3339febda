"""The command `admit`: the office vouches for a return that came from an address of another unit.

The word is recorded; the archived file is laid into the inbox with the time when it came, and taken in.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from tenproj_xl.app.contacts import learn_address
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.results import Ingested
from tenproj_xl.app.taken_files import file_called
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import archived, atomic_write
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import AcceptedFile, LedgerView
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import is_unit, members, printed_unit, unit_named

_DOUBTS = (Code.SENDER_OTHER_UNIT, Code.SENDER_CHANGES, Code.SENDER_UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """What was admitted, what became of it, and which address was learnt, "" for none.

    `ingested` is None where the file counted before, and only its address was learnt.
    """

    receipt: Receipt
    ingested: Ingested | None
    learnt: str


def admit(
    workspace: Workspace, name: str, *, whose: str = "", learn: bool = False, now: datetime
) -> Admitted:
    """Take in a return that waits for the office's word; or learn the address that a return came from.

    A run that was cut off is simply run again.

    Args:
        workspace: The workspace.
        name: The name of the file, or the beginning of its hash.
        whose: The unit that it is a return of, "" where it is that of the unit that it names.
        learn: Whether its address is one of the unit's from now on.
        now: The present moment, as the machine's clock shows it.

    Raises:
        UsageProblem: Not exactly one file goes by the name, it never waited and nothing is to be learnt, it
            counts as that of another unit or is withdrawn, its form is another unit's own, or the plan of its
            period has no such unit in its task force.
        EnvironmentProblem: The archive has not got it.
    """
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        receipts = _receipts_of(file_called(name, ledger, loaded.settings.zone), ledger)
        issued = with_issued(loaded, ledger)
        plan = in_force(issued, ledger).plan_at(issued.settings.span(receipts[-1].period))
        admitted = ledger.admissions().get(receipts[-1].sha256)
    receipt = receipts[-1]
    unit = _unit_called(whose, plan) if whose else ""
    if receipt.status is Status.WITHDRAWN and not learn:
        raise UsageProblem(
            f"“{receipt.file}”已撤回，不能接收。要恢复的，请先运行 tenproj withdraw {receipt.sha256[:12]} "
            "--undo --why 原因。"
        )
    waits = receipt.status is Status.AWAITING
    if not waits and admitted is None and not learn:
        raise UsageProblem(f"“{receipt.file}”不在等待核实（{receipt.status.label}），不必运行 admit。")
    if not waits and admitted is not None and unit not in ("", admitted):
        raise UsageProblem(
            f"“{receipt.file}”已经计入，不能改算别的单位的；算错了的，请用 tenproj withdraw 撤回。"
        )
    if is_unit(receipt.party.recipient) and unit not in ("", receipt.party.unit):
        raise UsageProblem(
            f"“{receipt.file}”是按单位发给{receipt.party.unit}的表，只能算它报的，不能用 --as；"
            "其他单位的，请用发给那个单位的表报。"
        )
    _must_have_a_part(unit, receipt, plan)
    original = _original(receipt, workspace) if waits else b""
    learnt = ""
    if learn:
        learnt = _address_of(receipts)
        learn_address(workspace, loaded, unit or receipt.party.unit, learnt, now)
    if waits:
        with opened_ledger(workspace, loaded, who="tenproj admit") as ledger:
            _record(receipt, unit, ledger, with_issued(loaded, ledger))
        _lay_into_inbox(original, receipt, workspace)
    ingested = None
    if waits or admitted is not None:  # also what a run that was cut off has left
        ingested = ingest(workspace)
    return Admitted(receipt=receipt, ingested=ingested, learnt=learnt)


def _unit_called(name: str, plan: Plan) -> str:
    unit = unit_named(name, plan)
    if unit is None:
        raise UsageProblem(f"那一期的工作计划里没有叫“{name}”的单位，请核对 --as 后面的单位名称。")
    return unit


def _must_have_a_part(unit: str, receipt: Receipt, plan: Plan) -> None:
    """Raise UsageProblem where a unit has no part in the task force whose form it shall have filled in."""
    for task_force in plan.task_forces:
        is_its_form = receipt.party.recipient == task_force.code
        if unit and is_its_form and unit not in members(task_force, plan):
            raise UsageProblem(
                f"“{receipt.file}”是{task_force.code}专班的表，{printed_unit(unit, plan)}不在这个专班，"
                "不能算它报的；请核对 --as 后面的单位名称。"
            )


def _receipts_of(file: AcceptedFile, ledger: LedgerView) -> list[Receipt]:
    """Return what became of a return, the last time last."""
    if not file.period:
        raise UsageProblem(f"“{file.file}”不是回表，不用核实来源。")
    return [receipt for receipt in ledger.receipts(file.period) if receipt.sha256 == file.sha256]


def _address_of(receipts: Sequence[Receipt]) -> str:
    """Return the address that a return came from and that the address book had not got for its unit."""
    for receipt in receipts:
        for found in receipt.findings:
            if found.code in _DOUBTS:
                return found.value
    raise UsageProblem(f"“{receipts[-1].file}”没有未登记的来件地址，不用 --learn。")


def _original(receipt: Receipt, workspace: Workspace) -> bytes:
    """Return a file as it came, for which there is room in the inbox."""
    kept = archived(workspace.archive, receipt.sha256)
    if not kept.exists():
        raise EnvironmentProblem(f"存档里没有“{receipt.file}”，请从备份恢复 ledger 文件夹，再运行一次。")
    original, target = kept.read_bytes(), _place_of(receipt, workspace)
    if target.exists() and target.read_bytes() != original:
        raise UsageProblem(f"收件夹里已有“{target.name}”，请先收取或移开它，再运行一次。")
    return original


def _lay_into_inbox(original: bytes, receipt: Receipt, workspace: Workspace) -> None:
    """Lay a file into the inbox, with the time when it came."""
    target, moment = _place_of(receipt, workspace), receipt.received_at.timestamp()
    with atomic_write(target) as temporary:
        temporary.write_bytes(original)
    os.utime(target, (moment, moment))


def _place_of(receipt: Receipt, workspace: Workspace) -> Path:
    return workspace.inbox / PurePosixPath(receipt.file).name


def _record(receipt: Receipt, unit: str, ledger: Ledger, loaded: Loaded) -> None:
    """Record that the office vouches for a file; the same word again is no entry."""
    if ledger.admissions().get(receipt.sha256) == unit:
        return
    with ledger.batch("admit", datetime.now(UTC), loaded.snapshots):
        ledger.record_admission(receipt.sha256, unit)
