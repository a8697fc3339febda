"""The command `amend`: record what the office was told in place of a unit."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import issued_period
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.results import Amended
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import archive, atomic_write, sha256
from tenproj_xl.core.findings import Place
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.settings import Loaded
from tenproj_xl.office.amendment_book import (
    AMENDMENTS,
    Amendment,
    AmendmentReader,
    Told,
    read_amendment_book,
    write_amendment_book,
)

_WHO = "tenproj amend"


def blank_book(workspace: Workspace) -> Path:
    """Write the workbook to record in, unless it lies there and may be filled in; return where."""
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who=_WHO) as ledger:
        period = issued_period(None, loaded, ledger)
    path = workspace.outbox / period.code / "代录" / f"代录单_{period.name}.xlsx"
    if not path.exists():
        with atomic_write(path) as temporary:
            write_amendment_book(temporary, loaded.plan.programme.words.office)
    return path


def amend(workspace: Workspace, said: dict[str, str]) -> Amended:
    """Record one cell.

    Args:
        workspace: The workspace.
        said: What was told, by the fields of `office.amendment_book.AMENDMENTS`.

    Raises:
        UsageProblem: It cannot be understood, or no forms went out yet.
    """
    now = datetime.now(UTC)
    loaded = load(workspace)
    lines = [f"{AMENDMENTS.column(name).header}：{text}" for name, text in said.items()]
    data = "\n".join([*lines, f"时间：{now.isoformat()}"]).encode()
    name = f"代录_{said['code']}_{now.astimezone(loaded.settings.zone):%Y%m%d-%H%M%S}"
    told = Told(said=said, place=lambda _: Place(name), file=name, sha256=sha256(data), at=now)
    done = _recorded(workspace, loaded, [told], data)
    if done.findings:
        raise UsageProblem("\n".join(finding.message for finding in done.findings))
    return done


def amend_from(workspace: Workspace, path: Path) -> Amended:
    """Record what stands in a workbook; a line at fault records nothing.

    Raises:
        UsageProblem: It is another workbook, or it was withdrawn, or no forms went out yet.
    """
    loaded, data = load(workspace), path.read_bytes()
    lines = read_amendment_book(path, sha256(data), datetime.now(UTC))
    return _recorded(workspace, loaded, lines, data)


def _recorded(workspace: Workspace, loaded: Loaded, lines: Sequence[Told], data: bytes) -> Amended:
    with opened_ledger(workspace, loaded, who=_WHO) as ledger:
        if sha256(data) in ledger.withdrawals():
            raise UsageProblem(
                "这份代录单已经撤回；要恢复请运行 tenproj withdraw 文件名 --undo，要重录请改后再存一份。"
            )
        period = issued_period(None, loaded, ledger)
        plans = in_force(loaded, ledger)
        codes = {told.text("code") for told in lines}
        known = plans.history_of(ledger, period.first, period.last, issues=codes).up_to(period)
        reader = AmendmentReader(plans.plan_at(period), plans.known(known, period), period)
        read = list(map(reader.read, lines))
        understood = [one for one in read if isinstance(one, Amendment)]
        new = [one for one in understood if not one.changes_nothing]
        if new:
            archive(workspace.archive, data)
            with ledger.batch("amend", new[0].row.received_at, loaded.snapshots):
                _record(new, len(data), ledger)
    findings = [finding for one in read if not isinstance(one, Amendment) for finding in one]
    return Amended(
        period=period,
        amendments=tuple(new),
        said=tuple(map(_spoken, new)),
        unchanged=len(understood) - len(new),
        findings=tuple(findings),
    )


def _record(amendments: Sequence[Amendment], size: int, ledger: Ledger) -> None:
    first = amendments[0].row
    ledger.record_file(first.sha256, first.file, size, first.received_at)
    for amendment in amendments:
        ledger.record_row(amendment.row)


def _spoken(amendment: Amendment) -> str:
    """Return an amendment in words: `Z03-04“技术交易总额”最新数值（2026年10月）：72→75`."""
    row = amendment.row
    about = amendment.column.header
    if amendment.data_period:
        about += f"（{amendment.data_period.label}）"
    was = text_of(label_of(amendment.was)) or "空白"
    spoken = f"{row.code}“{row.values['name']}”{about}：{was}→{text_of(label_of(amendment.value))}"
    if amendment.is_year_guessed:
        spoken += "（没有写年份，已按最近的一年录入，请核对）"
    return spoken
