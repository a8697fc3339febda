"""The command `handover`: 交接清单.docx, which tells who takes over where things lie and what is open.

Reads: the workspace. Writes: a .docx file into the outbox.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

from tenproj_xl import __version__
from tenproj_xl.app.last_backup import BackupNote, noted_backup
from tenproj_xl.app.matrix_results import Matrix
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.proof_results import HandedOver
from tenproj_xl.app.signoff import applications_waiting
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.tables import data_rows, locate
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.journal_files import journal_folder
from tenproj_xl.ledger.schema import CURRENT, LEDGER_FILE
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.password_reader import PASSWORD_SHEET
from tenproj_xl.model.publications import Publication, Series, number_label
from tenproj_xl.model.settings import Loaded
from tenproj_xl.office.handover_document import HandoverFacts, write_handover
from tenproj_xl.reading.office_book import load_rows

_LISTED = 12
"""As many things of a kind are named in one sentence."""


def hand_over(workspace: Workspace, *, now: datetime | None = None) -> HandedOver:
    """Write the list by which the work is handed over; one that was filled in by hand is kept beside.

    `now` is when that is, by default the present.
    """
    now = now or datetime.now(UTC)
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj handover") as ledger:
        loaded = with_issued(loaded, ledger)
        day = now.astimezone(loaded.settings.zone).date()
        facts = _facts(workspace, loaded, ledger, now, day)
        path = workspace.outbox / f"交接清单_{day}.docx"
        outputs = Outputs(workspace, loaded, ledger)
        with outputs.write(path) as temporary:
            write_handover(temporary, facts)
        outputs.record_alone("handover")
    return HandedOver(path=path, open_matters=tuple(facts.open_matters))


def _facts(
    workspace: Workspace, loaded: Loaded, ledger: LedgerView, now: datetime, day: date
) -> HandoverFacts:
    programme = loaded.plan.programme
    backup = noted_backup(workspace)
    matrix = status(workspace, now=now) if ledger.newest_period() else None
    return HandoverFacts(
        title=programme.title,
        office=programme.signature,
        day=day,
        head=ledger.newest_head().label,
        places=tuple(_places(workspace, loaded, ledger, backup)),
        standing=tuple(_standing(loaded, ledger, backup, matrix)),
        open_matters=tuple(_open_matters(workspace, loaded, ledger, matrix)),
        numbers=tuple(_numbers(ledger, loaded.settings.zone)),
        keepers=tuple(_keepers(workspace)),
    )


# --- where things lie


def _places(
    workspace: Workspace, loaded: Loaded, ledger: LedgerView, backup: BackupNote | None
) -> Iterator[tuple[str, str, str]]:
    yield "工作区", str(workspace.root), "换电脑用 tenproj backup 和 tenproj restore"
    yield "工作计划", workspace.plan.name, "办公室改，改后运行 tenproj plan check"
    yield "设置", workspace.settings.name, "截止时间、放假调休、延期、报送渠道等"
    if workspace.passwords.exists():
        yield "打开密码", workspace.passwords.name, "不进台账、不进备份，当面另行拷贝"
    yield "填报表模板", workspace.relative(workspace.template), "填报表的样子"
    if workspace.letters.exists():
        yield "信函的文字", workspace.relative(workspace.letters), "办公室改，改后运行 tenproj template check"
    yield "收件夹", workspace.relative(workspace.inbox), f"现有{_count(workspace.inbox)}个文件没有接收"
    for line in loaded.settings.folders:
        if not line.is_inbox(workspace.root):
            note = f"{line.taking.label}，{line.channel}" if line.channel else line.taking.label
            yield "另外的收件夹", line.text, note
    yield "发件夹", workspace.relative(workspace.outbox), "每期一个文件夹，材料、通知、归档都在里面"
    yield "台账", f"{workspace.ledger.name}/{LEDGER_FILE}", f"{ledger.newest_head().number}笔，请勿改动"
    files = len(list(workspace.archive.glob("??/*")))
    yield "原件存档", workspace.relative(workspace.archive), f"{files}个文件，按校验码存放，请勿改动"
    journal = journal_folder(workspace.ledger)
    yield "台账日志", workspace.relative(journal), "台账坏了，用 tenproj rebuild 照它重建，请勿改动"
    where, note = "没有备份过", "请先运行 tenproj backup"
    if backup is not None:
        where = backup.path
        note = f"{backup.at.astimezone(loaded.settings.zone):%Y-%m-%d %H:%M}，到台账第{backup.number}笔"
        if not Path(backup.path).exists():
            note += "；现在打不开这个位置，请当面找到"
    yield "上次备份", where, note


def _count(folder: Path) -> int:
    return sum(path.is_file() and not path.name.startswith((".", "~$")) for path in folder.rglob("*"))


# --- how it stands


def _standing(
    loaded: Loaded, ledger: LedgerView, backup: BackupNote | None, matrix: Matrix | None
) -> Iterator[tuple[str, str]]:
    yield "软件", f"tenproj {__version__}（台账第{CURRENT}版）"
    yield "台账末笔", ledger.newest_head().label
    if backup is not None:
        since = ledger.newest_head().number - backup.number
        said = f"校验码 {backup.code}" + (f"；此后又记了{since}笔，移交前请再备份一次" if since > 0 else "")
        yield "上次备份", said
    if matrix is None:
        yield "报送", "还没有下发过填报表"
        return
    plans = in_force(loaded, ledger)
    version = plans.plans.version_at(matrix.period)
    since_when = f"，{version.since.name}起执行" if version else ""
    yield "执行的工作计划", f"{plans.snapshot_at(matrix.period)}{since_when}"
    yield "最近下发的一期", f"{matrix.period.full_name}，{matrix.due_in_words}"
    periods = ledger.issued_periods()
    yield "下发过", f"{len(periods)}期"


# --- what is open


def _open_matters(
    workspace: Workspace, loaded: Loaded, ledger: LedgerView, matrix: Matrix | None
) -> Iterator[str]:
    waiting = _count(workspace.inbox)
    if waiting:
        yield f"收件夹里有{waiting}个文件没有接收，请运行 tenproj merge。"
    if matrix is not None:
        yield from _of_returns(matrix)
        applied = applications_waiting(matrix.period, loaded, ledger)
        if applied:
            yield f"{applied}件申请等待审定（销号、延期、变更、核定层级等），请运行 tenproj signoff。"
    yield from _of_slips(ledger)
    if matrix is not None:
        yield from matrix.notices
        for state in matrix.corrections:
            yield f"{state.publication.label}印发后{state.changes}，建议出更正稿：{state.proposal}。"


def _of_returns(matrix: Matrix) -> Iterator[str]:
    if matrix.owing:
        owing = [owed.spoken for owed in matrix.owing]
        yield f"{matrix.period.spoken}还没有报的{len(owing)}家：{_few(owing)}。"
    if matrix.to_correct:
        files = [receipt.file for receipt in matrix.to_correct]
        yield f"已退回更正、还没有发回的{len(files)}份：{_few(files)}。"
    if matrix.refused:
        files = [receipt.file for receipt in matrix.refused]
        yield f"没有接收、已退回的{len(files)}份：{_few(files)}。"
    if matrix.conflicts:
        found = [conflict.message.removesuffix("。") for conflict in matrix.conflicts]
        yield f"各家说法不一、没有裁定的{len(found)}处：{_few(found)}。请运行 tenproj resolve。"
    if matrix.doubtful:
        files = [one.receipt.file for one in matrix.doubtful]
        yield f"没有定以哪一份为准的{len(files)}份：{_few(files)}。请运行 tenproj status 看怎么定。"
    if matrix.questions:
        rows = [f"{question.task_force}专班“{question.name}”" for question in matrix.questions]
        yield f"单位没有答复的疑问{len(rows)}处：{_few(rows)}。"


def _of_slips(ledger: LedgerView) -> Iterator[str]:
    register = ledger.register()
    said = []
    for slip in register.open:
        said.append(f"{slip.label}（{'、'.join(register.awaited(slip))}，{slip.reply_by}前反馈）")
    if said:
        yield f"没有反馈的督办单{len(said)}份：{_few(said)}。"


def _few(names: list[str]) -> str:
    shown = "、".join(names[:_LISTED])
    return f"{shown}等" if len(names) > _LISTED else shown


# --- numbers and keepers


def _numbers(ledger: LedgerView, zone: tzinfo) -> Iterator[tuple[str, str, str, str]]:
    last: dict[tuple[Series, int], Publication] = {}
    for paper in ledger.publications():
        key = paper.series, paper.year
        if key not in last or (paper.number, paper.correction) > (last[key].number, last[key].correction):
            last[key] = paper
    for (series, year), paper in last.items():
        day = f"{paper.published_at.astimezone(zone).date()}"
        yield series.label, f"{year}年", number_label(paper.number, paper.correction), day
    slips = {slip.year: slip for slip in ledger.register().slips}
    for year, slip in slips.items():
        yield "督办单", f"{year}年", slip.label, f"{slip.issued_on}"


def _keepers(workspace: Workspace) -> Iterator[tuple[str, str]]:
    yield "电脑的开机密码", "装本软件、放工作区的电脑"
    yield "工作区文件夹的权限", "本机或共享盘"
    yield "备份所在的磁盘、U盘", "存放地点："
    yield "收发填报表的邮箱、账号", ""
    units = _units_with_passwords(workspace)
    for unit in units:
        yield "单位报送文件的打开密码", unit
    if not units:
        yield "单位报送文件的打开密码", "没有登记过"


def _units_with_passwords(workspace: Workspace) -> list[str]:
    """Return the units that told a password, each once; the passwords themselves are left where they are."""
    if not workspace.passwords.exists():
        return []
    (tables,) = load_rows(workspace.passwords)
    rows = tables.get(PASSWORD_SHEET.name, ())
    layout = locate(rows, PASSWORD_SHEET)
    if layout is None:
        return []
    named = [
        text_of(row.cells.get("unit")) or "（没有写单位）"
        for row in data_rows(rows, layout)
        if text_of(row.cells.get("password"))
    ]
    return list(dict.fromkeys(named))
