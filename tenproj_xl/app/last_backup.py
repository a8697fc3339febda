"""When a workspace was last backed up, and the reminder of a backup that is due."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.ledger.schema import LAST_BACKUP
from tenproj_xl.ledger.view import LedgerView

_OLD = timedelta(days=14)
"""After so long without a backup `status` reminds of one."""


def last_backup(workspace: Workspace) -> datetime | None:
    """Return when a workspace was last backed up, None if it never was."""
    try:
        noted = json.loads((workspace.ledger / LAST_BACKUP).read_text("utf-8"))
        return datetime.fromisoformat(noted["at"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


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
