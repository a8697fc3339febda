"""The command `rebuild`: make a ledger that is lost or damaged again, from the journal in the archive."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from tenproj_xl.app.proof_results import Rebuilt
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.access import like_its_folder
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import move_durably
from tenproj_xl.core.remains import private_folder
from tenproj_xl.ledger.journal import BrokenJournalError, chunks, ledger_of_journal
from tenproj_xl.ledger.looking import connected
from tenproj_xl.ledger.proof import is_sound, verify
from tenproj_xl.ledger.schema import LEDGER_FILE
from tenproj_xl.ledger.turns import own_turn


def rebuild(workspace: Workspace, *, now: datetime | None = None) -> Rebuilt:
    """Make the ledger again; what lies in its place is kept beside it, and one that is whole is left alone.

    Args:
        workspace: The workspace.
        now: The moment that names what is kept, by default the present.

    Raises:
        UsageProblem: The ledger is whole, and has all that the journal has.
        EnvironmentProblem: The journal is missing or damaged, or another run holds the ledger.
    """
    folder = workspace.ledger
    path = folder / LEDGER_FILE
    if not folder.is_dir():
        raise UsageProblem("这里没有 ledger 文件夹，没有可以重建的台账。请从备份恢复，或用 -C 指明工作区。")
    with (
        own_turn(folder, "tenproj rebuild"),
        private_folder(beside=folder) as made,
    ):
        _must_be_needed(workspace)
        new = made / LEDGER_FILE
        try:
            entries = ledger_of_journal(folder, new)
        except BrokenJournalError as broken:
            raise EnvironmentProblem(f"{broken.why}，不能重建台账。请从备份恢复 ledger 文件夹。") from broken
        before = _set_aside(path, now or datetime.now(UTC))
        move_durably(new, path)
        like_its_folder(path)
    with connected(folder) as connection:
        last = verify(connection).last
    return Rebuilt(entries=entries, last=last, before=before)


def _must_be_needed(workspace: Workspace) -> None:
    """Raise UsageProblem where the ledger is whole, and has all that the journal has."""
    if not (workspace.ledger / LEDGER_FILE).exists():
        return
    journalled = max((chunk.last for chunk in chunks(workspace.ledger)), default=0)
    try:
        with connected(workspace.ledger) as connection:
            proof, sound = verify(connection), is_sound(connection)
    except EnvironmentProblem:  # damaged, so that it is needed
        return
    if sound and not proof.breaches and proof.heads >= journalled:
        raise UsageProblem(f"台账完好，共{proof.heads}笔，不必重建。")


def _set_aside(path: Path, now: datetime) -> Path | None:
    """Rename a ledger, and what is left of a transaction of it that was cut off; return its new name.

    SQLite would roll back into the new ledger what was left of the old.
    """
    unfinished = path.with_name(f"{path.name}-journal")
    if not path.exists() and not unfinished.exists():
        return None
    stem = f"{path.stem}-重建前-{now.astimezone():%Y-%m-%d}"
    for number in count(1):
        ordinal = f"-{number}" if number > 1 else ""
        target = path.with_name(f"{stem}{ordinal}{path.suffix}")
        if not target.exists():
            break
    if unfinished.exists():
        move_durably(unfinished, target.with_name(f"{target.name}-journal"))
    if path.exists():
        move_durably(path, target)
    return target
