"""What was written for people against what lies there, and the heads that papers name against the chain.

Files in the outbox are for people: one that was taken out or edited is no fault of what is kept. Told are
those that cannot be opened any more, signed papers that were changed and not given out as they are now, and
copies of what was given out that are neither. Papers witness for the chain: a ledger that was cut off at its
end, or made anew, is whole in itself, but papers that left it before name entries that it does not have.
"""

import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tenproj_xl.app.proof_results import Discrepancy
from tenproj_xl.app.texts_in_files import UNREADABLE_ZIP
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import archived, files_below, sha256_of_file
from tenproj_xl.core.progress import counted
from tenproj_xl.ledger.schema import LAST_BACKUP, VERIFIED
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.chain_heads import SHOWN, ChainHead, head_in
from tenproj_xl.model.publications import Publication, WrittenFile

_COMMANDS: Mapping[str, str] = {"ingest": "merge", "report": "report（当时的那一种）"}
"""What makes a file again, where that is not the command that its record names."""
_TO_FILL_IN = ("handover", "resolve", "supervise")
"""Commands whose workbooks the office fills in where they lie."""
_DOCUMENTS = (".xlsx", ".docx")
_PROPERTIES = "docProps/core.xml"
_LARGEST_PROPERTIES, _LARGEST_FILE = 100_000, 500_000_000


@dataclass(frozen=True, kw_only=True)
class ProvedPapers:
    """How many files that were written and lie there were compared; what is wrong; what else is told."""

    count: int
    discrepancies: tuple[Discrepancy, ...]
    notes: tuple[Discrepancy, ...]


def prove_papers(workspace: Workspace, ledger: LedgerView, connection: sqlite3.Connection) -> ProvedPapers:
    """Compare written files, papers that were given out, and the heads that papers name with the ledger."""
    given_out = ledger.publications()
    desk = _Desk(workspace, ledger, given_out)
    written = [file for file in ledger.written_files() if (workspace.root / file.path).is_file()]
    compared = [(file, desk.compared(file)) for file in counted(written, "核对生成的材料")]
    found = [told for _, told in compared if told is not None]
    wrong = [told.what for told in found if told.is_wrong]
    wrong += _not_as_given_out(workspace, given_out, {file.path for file, _ in compared})
    wrong += _of_heads(_witnesses(workspace, given_out), connection)
    notes = tuple(told.what for told in found if not told.is_wrong)
    return ProvedPapers(count=len(compared), discrepancies=tuple(wrong), notes=notes)


# --- files as they were written


@dataclass(frozen=True)
class _Told:
    what: Discrepancy
    is_wrong: bool


class _Desk:
    """Compares files with the records of their writing."""

    def __init__(self, workspace: Workspace, ledger: LedgerView, given_out: Iterable[Publication]) -> None:
        self._root = workspace.root
        self._ledger = ledger
        self._given_out = {file.sha256 for paper in given_out for file in paper.files}
        self._signed = set(_signed_paths(ledger))

    def compared(self, file: WrittenFile) -> _Told | None:
        """Return what is to be told of a file, None where it is as it was written or given out."""
        path = self._root / file.path
        digest = sha256_of_file(path)
        if self._ledger.was_made(file.path, digest) or digest in self._given_out:
            return None
        command = f"tenproj {_COMMANDS.get(file.command, file.command)}"
        since = f"{file.at.astimezone():%Y-%m-%d %H:%M}"
        if not _is_whole(path):
            what, is_wrong = "文件损坏，打不开", True
            remedy = f"台账不受影响；请移开这一份，重新运行 {command} 生成"
        elif file.path in self._signed:
            what, is_wrong = "签发以后改动过，还没有登记印发", True
            remedy = (
                "有意改的，印发后请运行 tenproj publish 登记；"
                f"不是的，请移开这一份，重新运行 {command} --final 签发人"
            )
        elif file.command in _TO_FILL_IN:
            return None
        else:
            what, is_wrong = "生成以后手工改过", False
            remedy = f"手改的不影响台账；要恢复原样，请重新运行 {command} 生成，手改的一份会另存在旁边"
        return _Told(Discrepancy(file.path, what, since, remedy), is_wrong)


def _signed_paths(ledger: LedgerView) -> Iterator[str]:
    for period, edition in ledger.editions_made():
        for made in ledger.made_editions(period, edition):
            if made.signed_by:
                yield from (file.path for _, file in made.files)


def _is_whole(path: Path) -> bool:
    """Whether a workbook or document can be unpacked; a file of another kind always can."""
    if path.suffix not in _DOCUMENTS:
        return True
    try:
        with zipfile.ZipFile(path) as file:
            if sum(member.file_size for member in file.infolist()) > _LARGEST_FILE:
                return False
            return file.testzip() is None
    except UNREADABLE_ZIP:
        return False


# --- copies of what was given out


def _not_as_given_out(
    workspace: Workspace, given_out: Iterable[Publication], written: Iterable[str]
) -> Iterator[Discrepancy]:
    """Yield the files in the outbox that have the name of a registered one, and are neither it nor ours."""
    known = set(written)
    papers = list(given_out)
    registered = {file.sha256 for paper in papers for file in paper.files}
    for paper in papers:
        for file in paper.files:
            path = workspace.outbox / paper.period.code / "汇总" / file.name
            place = workspace.relative(path)
            if place in known or not path.is_file():
                continue
            if sha256_of_file(path) not in registered:
                command = f"tenproj publications --period {paper.period.code} --out 文件夹"
                remedy = f"以存档的为准；要取出，请运行 {command}"
                yield Discrepancy(place, f"与登记的印发稿（{paper.label}）不同", "", remedy)


# --- what papers witness


@dataclass(frozen=True)
class _Witness:
    """Who names a head: a paper, the last backup, the last verification."""

    name: str
    head: ChainHead


def _witnesses(workspace: Workspace, given_out: Iterable[Publication]) -> Iterator[_Witness]:
    for path in files_below(workspace.outbox):
        if path.suffix in _DOCUMENTS and not path.name.startswith(("~$", ".")):
            head = _head_of(path)
            if head is not None:
                yield _Witness(f"“{workspace.relative(path)}”", head)
    for paper in given_out:
        for file in paper.files:
            head = _head_of(archived(workspace.archive, file.sha256))
            if head is not None:
                yield _Witness(f"印发稿“{file.name}”", head)
    for name, noted in (("上次备份", LAST_BACKUP), ("上次核验的记录", VERIFIED)):
        head = _noted(workspace.ledger / noted)
        if head is not None:
            yield _Witness(name, head)


def _head_of(path: Path) -> ChainHead | None:
    """Return the head that the properties of a document name, None where they name none."""
    try:
        with zipfile.ZipFile(path) as file, file.open(_PROPERTIES) as part:
            text = part.read(_LARGEST_PROPERTIES).decode("utf-8", "replace")
    except (*UNREADABLE_ZIP, KeyError):
        return None
    return head_in(text)


def _noted(path: Path) -> ChainHead | None:
    try:
        noted = json.loads(path.read_text("utf-8"))
        return ChainHead(int(noted["number"]), str(noted["hash"])[:SHOWN])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _of_heads(witnesses: Iterable[_Witness], connection: sqlite3.Connection) -> Iterator[Discrepancy]:
    """Yield one discrepancy where the chain is not the one that the witnesses saw: where it parts from it."""
    (last,) = connection.execute("SELECT COALESCE(MAX(number), 0) FROM heads").fetchone()
    agreed, parted = 0, list[_Witness]()
    for witness in witnesses:
        if _code_of(witness.head.number, connection) == witness.head.code:
            agreed = max(agreed, witness.head.number)
        else:
            parted.append(witness)
    if not parted:
        return
    first = min(parted, key=lambda witness: witness.head.number)
    number = first.head.number
    found = f"现在这一笔的校验码是 {_code_of(number, connection)}"
    if number > last:
        found = f"现在的台账只有{last}笔"
    where = f"台账第{number}笔"
    if agreed and agreed < number:
        where = f"台账第{agreed}笔以后、第{number}笔以前"
    what = f"{first.name}写的是第{number}笔、校验码 {first.head.code}，{found}，台账被截去或重做过"
    if len(parted) > 1:
        what += f"（对不上的共{len(parted)}份）"
    remedy = (
        "请从这份材料以后的备份恢复；是有意换回旧备份的，请把此后收到的表重新放进收件夹，再运行 tenproj merge"
    )
    yield Discrepancy(where, what, "", remedy)


def _code_of(number: int, connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT hash FROM heads WHERE number = ?", (number,)).fetchone()
    return row["hash"].hex()[:SHOWN] if row else ""
