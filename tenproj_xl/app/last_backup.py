"""When a workspace was last backed up, and the reminder of a backup that is due."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.ledger.schema import LAST_BACKUP
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.chain_heads import SHOWN

_OLD = timedelta(days=14)
"""After so long without a backup `status` reminds of one."""


@dataclass(frozen=True)
class BackupNote:
    """The last backup: when it was made and where, its newest entry, and how the hash of that begins."""

    at: datetime
    path: str
    number: int
    code: str


def noted_backup(workspace: Workspace) -> BackupNote | None:
    """Return what is noted of the last backup, None if there never was one."""
    try:
        noted = json.loads((workspace.ledger / LAST_BACKUP).read_text("utf-8"))
        at, code = datetime.fromisoformat(noted["at"]), str(noted["hash"])[:SHOWN]
        return BackupNote(at, str(noted["path"]), int(noted["number"]), code)
    except (FileNotFoundError, ValueError, KeyError):
        return None


def last_backup(workspace: Workspace) -> datetime | None:
    """Return when a workspace was last backed up, None if it never was."""
    noted = noted_backup(workspace)
    return noted.at if noted else None


def backup_reminder(workspace: Workspace, ledger: LedgerView, now: datetime) -> Iterator[str]:
    """Yield a sentence where the last backup is old, or there never was one."""
    last = last_backup(workspace)
    since = last or ledger.began_at()
    if since is None or now - since < _OLD:
        return
    said = "还没有备份过"
    if last is not None:
        said = f"上次备份是{(now - last).days}天前"
    yield f"{said}，请运行 tenproj backup 文件名，把工作区备份到另一个磁盘或U盘。"
