"""The commands `backup` and `restore`: all of a workspace in one file, proved by restoring it.

The file is a zip. Its first member says what it holds: the hash of each file, and the newest head of the
ledger's chain. The ledger goes in as one state of it, whatever is recorded meanwhile.
"""

import errno
import json
import lzma
import shutil
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from tenproj_xl import __version__
from tenproj_xl.app.proof_results import BackedUp, BackupContents, Restored
from tenproj_xl.app.watch_memory import WATCHED
from tenproj_xl.app.workspace import DESK_NOTE, Workspace
from tenproj_xl.core.access import restrict
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.fault_report import REPORTS
from tenproj_xl.core.files import atomic_write, files_below, sha256_of_file, write_file, write_note
from tenproj_xl.core.progress import counted
from tenproj_xl.core.remains import clear_remains, private_folder
from tenproj_xl.ledger.faults import told_by_cause
from tenproj_xl.ledger.journal import chunks
from tenproj_xl.ledger.journal_files import last_in_journal, must_reach
from tenproj_xl.ledger.looking import connected, require_chain
from tenproj_xl.ledger.proof import Proof, verify
from tenproj_xl.ledger.schema import LAST_BACKUP, LEDGER_FILE, VERIFIED, WORKBOOKS
from tenproj_xl.ledger.turns import LOCK, NOTE

_CONTENTS = "备份内容.json"
_UNFINISHED = ".恢复中"
"""In a folder that is being filled from a backup: the hash of that."""
_LEFT_OUT = (LOCK, NOTE, LAST_BACKUP, VERIFIED, LEDGER_FILE, WATCHED, WORKBOOKS)
"""Files of the ledger's folder that are not copied; the ledger itself goes in as the state of one moment, of
which a later note of what was verified says nothing."""
_PASSING = ("~$", ".~", DESK_NOTE)
"""How the names of files begin that programs have while they run."""
_ASIDE = ("台账-第*版备份-*", "台账-重建前-*")
"""Ledgers that another has taken the place of: those of earlier versions may have passwords in them."""
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,
    KeyError,
    ValueError,
    TypeError,
)
"""What Python raises over a zip that is damaged, encrypted or no backup; see `_is_of_disk` for the others."""


class _NotWholeError(Exception):
    """A backup is none, or not whole; `why` says so in words that follow its name."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def backup(workspace: Workspace, path: Path, *, now: datetime | None = None) -> BackedUp:
    """Write all of a workspace into one file, and restore it into a folder of its own as a proof.

    Args:
        workspace: The workspace.
        path: The file.
        now: When that is, by default the present.

    Raises:
        UsageProblem: The file is to lie in the workspace, something else goes by its name, or there is no
            ledger.
        EnvironmentProblem: The ledger is not whole, or what was written cannot be restored.
    """
    path = path.resolve()
    if path.is_relative_to(workspace.root):
        raise UsageProblem(
            "备份请放到工作区以外（最好是另一个磁盘或U盘），如 tenproj backup E:\\备份\\十项.zip。"
        )
    if path.exists() and not path.is_file():
        raise UsageProblem(f"“{path}”不是文件。请写备份文件的名称，如 tenproj backup E:\\备份\\十项.zip。")
    if not (workspace.ledger / LEDGER_FILE).exists():
        raise UsageProblem("这里还没有台账，没有可以备份的内容。")
    now = now or datetime.now(UTC)
    with private_folder() as private:
        ledger = private / LEDGER_FILE
        proof = _ledger_copy(workspace, ledger)
        with atomic_write(path) as temporary:
            count = _write(temporary, workspace, ledger, proof, now)
            try:
                _extract(temporary, private / "restored")
            except _NotWholeError as fault:
                raise EnvironmentProblem(
                    f"备份{fault.why}，没有备份成。可能有文件正被改动，请关闭打开的表格，再运行一次。"
                ) from fault
    restrict(path)
    noted = {"at": now.isoformat(), "path": str(path), "number": proof.heads, "hash": proof.last}
    write_note(workspace.ledger / LAST_BACKUP, json.dumps(noted, ensure_ascii=False).encode())
    return BackedUp(path=path, files=count, size=path.stat().st_size, entries=proof.heads, last=proof.last)


def restore(path: Path, root: Path) -> Restored:
    """Make a workspace from a backup in a folder that has none.

    Args:
        path: The backup.
        root: The folder.

    Raises:
        UsageProblem: The folder has something in it.
        EnvironmentProblem: The file is no backup, or not whole.
    """
    root.mkdir(parents=True, exist_ok=True)
    clear_remains(root)
    unfinished = root / _UNFINISHED
    if not _may_be_filled(root, path, unfinished):
        raise UsageProblem(f"“{root}”里已有文件，没有恢复，以免盖掉。请用 -C 指定一个新的空文件夹。")
    with private_folder(beside=root) as private:
        try:
            contents = _extract(path, private)
        except _NotWholeError as fault:
            raise EnvironmentProblem(f"“{path.name}”{fault.why}，没有恢复。请换一份备份。") from fault
        write_file(unfinished, sha256_of_file(path).encode())
        for member in list(private.iterdir()):
            if not (
                root / member.name
            ).exists():  # a run that was cut off has moved it, and each is moved whole
                member.rename(root / member.name)
    for folder in (Workspace(root).inbox, Workspace(root).outbox):  # empty ones are in no zip
        folder.mkdir(exist_ok=True)
    restrict(Workspace(root).ledger)
    unfinished.unlink()
    return Restored(root=root, files=len(contents.files), made_at=contents.made_at, entries=contents.entries)


def _may_be_filled(root: Path, path: Path, unfinished: Path) -> bool:
    """Return whether a folder is empty, or has but what a restoring that was cut off put there.

    Reports of faults of the program count as nothing: they are written there if a restoring meets one.
    """
    if unfinished.exists():
        return unfinished.read_bytes() == sha256_of_file(path).encode()
    return all(one.match(REPORTS) for one in root.iterdir())


# --- writing


def _ledger_copy(workspace: Workspace, path: Path) -> Proof:
    """Copy one state of the ledger; return what its chain proves.

    Raises:
        EnvironmentProblem: Something is amiss with an entry, the journal has more of them, or the ledger is
            of a version without a chain.
    """
    require_chain(workspace.ledger)
    written = last_in_journal(workspace.ledger)
    with connected(workspace.ledger) as connection, closing(sqlite3.connect(path)) as copy:
        must_reach(connection, written)
        connection.backup(copy)
    with told_by_cause(path), closing(sqlite3.connect(path)) as copy:
        copy.row_factory = sqlite3.Row
        proof = verify(copy)
    if proof.breaches:
        raise EnvironmentProblem(
            "台账核验不符，没有备份，以免盖掉好的一份。请先运行 tenproj verify 看是哪里。"
        )
    return proof


def _write(target: Path, workspace: Workspace, ledger: Path, proof: Proof, now: datetime) -> int:
    """Write the zip, and return how many files it has."""
    members = dict(_members(workspace, target))
    later = [chunk.path for chunk in chunks(workspace.ledger) if chunk.last > proof.heads]
    members = {name: path for name, path in members.items() if path not in later}
    members[f"ledger/{LEDGER_FILE}"] = ledger
    contents = BackupContents(
        made_at=now,
        made_by=__version__,
        entries=proof.heads,
        last=proof.last,
        files={name: sha256_of_file(path) for name, path in counted(members.items(), "计算校验码")},
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(_CONTENTS, contents.to_json())
        for name, path in counted(members.items(), "写进备份"):
            file.write(path, name)
    return len(members)


def _members(workspace: Workspace, target: Path) -> Iterator[tuple[str, Path]]:
    """Yield all files of a workspace under the names that they have in the zip."""
    for path in files_below(workspace.root):
        is_ours = path.parent == workspace.ledger and (path.name in _LEFT_OUT or any(map(path.match, _ASIDE)))
        is_passing = path.suffix == ".tmp" or path.name.startswith(_PASSING) or path == target
        is_journal = path.name.startswith(f"{LEDGER_FILE}-")
        is_secret = path == workspace.passwords
        is_elsewhere = path.is_symlink()  # what lies elsewhere is not of the workspace
        if not (is_ours or is_passing or is_journal or is_secret or is_elsewhere):
            yield workspace.relative(path), path


# --- reading


def _extract(path: Path, folder: Path) -> BackupContents:
    """Write what a backup holds into a folder, each file compared with its hash, and the chain verified.

    Raises:
        _NotWholeError: The file is no backup, or not whole.
    """
    try:
        with zipfile.ZipFile(path) as file:
            contents = BackupContents.from_json(file.read(_CONTENTS))
            for name, sha256 in counted(contents.files.items(), "取出备份"):
                target = folder / _safe(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                with file.open(name) as packed, target.open("wb") as plain:
                    shutil.copyfileobj(packed, plain)
                if sha256_of_file(target) != sha256:
                    raise _NotWholeError(f"里的“{name}”与备份时不同")
    except (*_DAMAGED, OSError) as fault:
        if isinstance(fault, OSError) and _is_of_disk(fault):
            raise
        raise _NotWholeError("不是 tenproj backup 写的文件，或者不完整") from fault
    ledger = folder / "ledger" / LEDGER_FILE
    with told_by_cause(ledger), closing(sqlite3.connect(ledger)) as connection:
        connection.row_factory = sqlite3.Row
        proof = verify(connection)
    if proof.breaches or proof.last != contents.last:
        raise _NotWholeError("里台账的校验链对不上")
    return contents


def _is_of_disk(fault: OSError) -> bool:
    """Return whether the disk is at fault, not the zip: a damaged one may point before its beginning."""
    return fault.errno not in (None, errno.EINVAL)


def _safe(name: str) -> Path:
    """Return the path of a member below the folder; raise ValueError for one that leads out of it."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or ":" in name or "\\" in name:
        raise ValueError(name)
    return Path(*parts.parts)
