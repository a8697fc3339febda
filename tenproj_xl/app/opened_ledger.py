"""The ledger of a workspace, open to record in and closed to whom it is not for."""

from collections.abc import Iterator
from contextlib import contextmanager

from tenproj_xl.app.workspace import Workspace, keep_workbooks
from tenproj_xl.core.access import restrict
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.model.settings import Loaded


@contextmanager
def opened_ledger(workspace: Workspace, loaded: Loaded, *, who: str) -> Iterator[Ledger]:
    """Open the ledger to record in; it, the archive and 打开密码.xlsx are closed to others.

    What the office's workbooks say is kept beside it, for the commands that come after.

    Args:
        workspace: The workspace.
        loaded: Plan and settings, which name the group that shares the ledger, if any.
        who: The command, as a second run names it.

    Raises:
        EnvironmentProblem: As `open_ledger` does; or there is no such group.
    """
    workspace.ledger.mkdir(parents=True, exist_ok=True)
    for path in (workspace.ledger, workspace.passwords):
        restrict(path, loaded.settings.shared_group)
    with open_ledger(workspace.ledger, who=who) as ledger:
        keep_workbooks(workspace)
        yield ledger
