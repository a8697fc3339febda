"""The command `original`: hand out an archived file under its own name, byte for byte."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import count
from pathlib import Path

from tenproj_xl.app.removed_files import removed_then
from tenproj_xl.app.results import HandedOut
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import archived, file_name, sha256, write_file
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView

_SHORTEST_PREFIX = 6
_LISTED = 10
_NOTE = re.compile(r"(?P<file>.+?)(?: › .*?)?(?:（(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d)[^（）]*）.*)?", re.DOTALL)
"""Where a value comes from, as the roll-up writes it: file › sheet › cell（time）."""
_RECORDED = re.compile("由.+代录（依据：")
"""How that begins where the office recorded the value; see `model.history.Reported.source`."""


@dataclass(frozen=True)
class KeptFile:
    """A file in the archive: its name, its hash, and when it was received or given out."""

    name: str
    sha256: str
    at: datetime

    @property
    def own_name(self) -> str:
        """The name without that of the zip or mail it came in."""
        return self.name.rpartition("/")[2]


def original(workspace: Workspace, reference: str, folder: Path) -> HandedOut:
    """Write an archived file into a folder; a file that lies there already is never overwritten.

    Args:
        workspace: The workspace.
        reference: The name of a received or published file, the beginning of its hash, or where a value comes
            from, as the roll-up says it: `file › sheet › cell（time）`.
        folder: Where to write it.

    Raises:
        UsageProblem: No file or several go by the reference.
        EnvironmentProblem: The archive has not got the file, or not as it was.
    """
    zone = load(workspace).settings.zone
    with look_into_ledger(workspace.ledger) as ledger:
        file = kept_file(reference, ledger, zone)
    data = _bytes_of(file, workspace)
    target = _free_place(folder / file_name(file.own_name), data)
    is_there = target.exists()
    if not is_there:
        write_file(target, data)
    return HandedOut(name=file.own_name, sha256=file.sha256, path=target, was_there=is_there)


def kept_file(reference: str, ledger: LedgerView, zone: tzinfo) -> KeptFile:
    """Return the one file that is meant, as `original` takes references.

    Raises:
        UsageProblem: No file or several go by it.
    """
    files = [*received_files(ledger), *_published_files(ledger)]
    return _kept_file(reference.strip(), files, removed_then(reference, ledger, zone), zone)


def received_files(ledger: LedgerView) -> list[KeptFile]:
    """Return the files that were received, oldest first."""
    return [KeptFile(name, sha, at) for sha, name, at in ledger.received_files()]


def _published_files(ledger: LedgerView) -> Iterator[KeptFile]:
    for publication in ledger.publications():
        for file in publication.files:
            yield KeptFile(file.name, file.sha256, publication.published_at)


def files_called(name: str, files: Sequence[KeptFile]) -> list[KeptFile]:
    """Return the files of a name, or else of the beginning of a hash; of the same bytes the first."""
    wanted = name.casefold()
    found = {f.sha256: f for f in reversed(files) if wanted in (f.name.casefold(), f.own_name.casefold())}
    if not found and len(wanted) >= _SHORTEST_PREFIX:
        found = {f.sha256: f for f in reversed(files) if f.sha256.startswith(wanted)}
    return sorted(found.values(), key=lambda f: f.at)


def several(name: str, found: Sequence[KeptFile], zone: tzinfo) -> UsageProblem:
    """Return what to tell where a name may mean several files."""
    lines = [f"  {f.sha256[:12]}  {_clock(f.at, zone)}  {f.name}" for f in found[-_LISTED:]]
    head = f"叫“{name}”的文件有{len(found)}份，请改写校验码的前几位，指明是哪一份："
    return UsageProblem("\n".join([head, *lines]))


def _kept_file(reference: str, files: Sequence[KeptFile], removed: str, zone: tzinfo) -> KeptFile:
    """Return the one file that is meant; `removed` is what to say if it was lawfully removed."""
    found = files_called(reference, files)
    note = _NOTE.fullmatch(reference)
    if not found and note is not None:
        found = files_called(note["file"].strip(), files)
        if len(found) > 1 and note["at"]:
            found = [f for f in found if _clock(f.at, zone) == note["at"]] or found
    if len(found) == 1:
        return found[0]
    if found:
        raise several(reference, found, zone)
    if _RECORDED.match(reference):
        raise UsageProblem(
            "这个数由办公室代录，没有单位的原件，依据写在“来源”里。"
            "要取出代录单，请写代录单的文件名；谁录的、改了什么，请运行 tenproj history 编号。"
        )
    raise UsageProblem(
        removed
        or f"存档里没有“{reference}”。"
        "请写收到过或印发过的文件的名称、校验码的前几位，或汇总表“来源”一栏的整句话。"
    )


def _clock(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _bytes_of(file: KeptFile, workspace: Workspace) -> bytes:
    """Return what the archive has under the hash of a file.

    Raises:
        EnvironmentProblem: It has nothing, or something else.
    """
    try:
        data = archived(workspace.archive, file.sha256).read_bytes()
    except FileNotFoundError as fault:
        raise EnvironmentProblem(
            f"存档里没有“{file.own_name}”的原件（{file.sha256[:12]}）。请从备份恢复 ledger 文件夹。"
        ) from fault
    if sha256(data) != file.sha256:
        raise EnvironmentProblem(
            f"存档里“{file.own_name}”的原件（{file.sha256[:12]}）被改动过，没有取出。请从备份恢复。"
        )
    return data


def _free_place(path: Path, data: bytes) -> Path:
    """Return the first of `表.xlsx`, `表_2.xlsx`, … that is free, or holds these bytes already."""
    place = path
    for number in count(2):
        if not place.exists() or (place.is_file() and place.read_bytes() == data):
            break
        place = path.with_name(f"{path.stem}_{number}{path.suffix}")
    return place
