"""Pictures of workbooks: of what commands wrote, and of the forms that came in, with their findings.

Files are read in a process of its own, whoever made them: between writing and looking anybody may have put
another one in their place.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tenproj_xl.app.original import kept_file
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.removed_files import removed_then
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import archived, sha256
from tenproj_xl.core.findings import Finding, Place, finding, in_order
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.settings import Loaded
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.picture.model import Picture
from tenproj_xl.reading.sandbox import Reader

_SOURCE = re.compile(r"[^›]{1,300} › (?P<sheet>[^›]{1,60}) › (?P<cell>[A-Z]{1,3}[0-9]{1,7})（")
"""Where a value comes from, as the roll-up writes it: file › sheet › cell（time）."""

_MOST = 50
"""As many files of nobody are listed."""


@dataclass(frozen=True, kw_only=True)
class ReceivedForm:
    """A file that came in: what was made of it, and the findings that are told of it, errors first.

    `file` has the name of the zip or mail before it that it lay in; `status` is what people read, "" of a
    workbook that is no return, and `channel` what it came by, "" where nobody said.
    """

    file: str
    sha256: str
    at: datetime
    status: str = ""
    channel: str = ""
    findings: Sequence[Finding] = ()

    @property
    def name(self) -> str:
        """Its own name."""
        return self.file.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class ReceivedForms:
    """What came in from a task force for a period, oldest first, and the name of the task force."""

    period: Period
    task_force: str
    forms: Sequence[ReceivedForm]


@dataclass(frozen=True, kw_only=True)
class SourceCell:
    """Where a figure comes from: the sheet and cell of a received file, by its hash."""

    sha256: str
    sheet: str
    cell: str


def is_source(text: str) -> bool:
    """Return whether a text says where a value comes from, as the roll-up writes it."""
    return _SOURCE.match(text) is not None


def source_cell(workspace: Workspace, told: str) -> SourceCell:
    """Return the file, sheet and cell that a roll-up names as the source of a value.

    Raises:
        UsageProblem: It names none, or none or several files go by the name.
    """
    found = _SOURCE.match(told)
    if found is None:
        raise UsageProblem("这不是“来源”一栏的整句话。请在表里点来源。")
    zone = load(workspace).settings.zone
    with look_into_ledger(workspace.ledger) as ledger:
        file = kept_file(told, ledger, zone)
    return SourceCell(sha256=file.sha256, sheet=found["sheet"], cell=found["cell"])


def picture_of_workbook(path: Path, sheet: str = "") -> Picture:
    """Return the picture of a sheet of a workbook, of its first one where none is called so.

    Raises:
        EnvironmentProblem: It is no workbook that can be drawn, or cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise EnvironmentProblem(f"“{path.name}”现在读不了，可能正被别的程序占用。请关上后再点。") from fault
    with Reader() as reader:
        return _drawn(reader, data, path.name, sheet)


def received_forms(workspace: Workspace, task_force: str, period_code: str | None = None) -> ReceivedForms:
    """Return what came in from a task force for a period, by default the newest that forms went out for.

    Raises:
        UsageProblem: There is no such task force or period.
    """
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        period = issued_period(period_code, with_issued(loaded, ledger), ledger)
        receipts = [one for one in ledger.receipts(period.code) if task_force in one.party.task_forces]
    names = {one.code: one.name for one in loaded.plan.task_forces}
    if task_force not in names:
        raise UsageProblem(f"工作计划里没有编号为“{task_force}”的专班，请从首页的报送情况点进来。")
    forms = [_received(one) for one in sorted(receipts, key=lambda one: one.order)]
    return ReceivedForms(period=period, task_force=f"{task_force} {names[task_force]}", forms=forms)


def unrecognised_forms(workspace: Workspace) -> list[ReceivedForm]:
    """Return the newest files that came in and are no task force's, such as what could not be read."""
    with look_into_ledger(workspace.ledger) as ledger:
        receipts = [one for one in ledger.receipts() if not one.party.task_forces]
    newest = sorted(receipts, key=lambda one: one.order)[-_MOST:]
    return [_received(one) for one in newest]


def received_form(workspace: Workspace, digest: str) -> ReceivedForm:
    """Return what was made of the file of a hash, the last time that it came in.

    Raises:
        UsageProblem: None of this hash came in.
    """
    with look_into_ledger(workspace.ledger) as ledger:
        receipts = [one for one in ledger.receipts() if one.sha256 == digest]
        kept = [ReceivedForm(file=name, sha256=sha, at=at) for sha, name, at in ledger.received_files()]
    if receipts:
        return _received(max(receipts, key=lambda one: one.seq))
    for form in kept:
        if form.sha256 == digest:
            return form
    raise UsageProblem("没有收到过这份文件。请从首页的报送情况点进来。")


def _received(receipt: Receipt) -> ReceivedForm:
    return ReceivedForm(
        file=receipt.file,
        sha256=receipt.sha256,
        at=receipt.received_at,
        status=receipt.status.label,
        channel=receipt.channel,
        findings=in_order(one for one in receipt.findings if one.is_open),
    )


def picture_of_return(workspace: Workspace, form: ReceivedForm, sheet: str = "") -> Picture:
    """Return the picture of a sheet of a form that came in, from the archive.

    Raises:
        EnvironmentProblem: The archive lacks the file, or it cannot be drawn.
    """
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        data = _kept(workspace, form, ledger, loaded)
    with Reader(loaded.settings.limits, loaded.passwords.known) as reader:
        return _drawn(reader, data, form.name, sheet)


def _kept(workspace: Workspace, form: ReceivedForm, ledger: LedgerView, loaded: Loaded) -> bytes:
    digest = form.sha256
    try:
        data = archived(workspace.archive, digest).read_bytes()
    except FileNotFoundError as fault:
        raise EnvironmentProblem(
            removed_then(digest, ledger, loaded.settings.zone)
            or f"存档里没有“{form.name}”的原件，请从备份恢复 ledger 文件夹。"
        ) from fault
    if sha256(data) != digest:
        raise EnvironmentProblem(f"存档里“{form.name}”的原件被改动过，没有打开。请从备份恢复 ledger 文件夹。")
    return data


def _drawn(reader: Reader, data: bytes, name: str, sheet: str) -> Picture:
    drawn = reader.draw(data, sheet)
    if isinstance(drawn, Refusal):
        raise EnvironmentProblem(f"“{name}”画不出来：{_why(drawn)}")
    return drawn


def _why(refusal: Refusal) -> str:
    if refusal.code is Code.FILE_LATER:
        return "这台电脑正忙，请过一会儿再点。"
    return finding(refusal.code, Place(), refusal.found).message
