"""What a folder holds once a command is done: compared between a run that was disturbed and one that was not.

Left out is what says when something was made, and in which order: moments, numbers of batches, salts and hashes.
"""

import hashlib
import json
import re
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from tenproj_xl.ledger.journal_files import journal_folder
from tenproj_xl.ledger.schema import LAST_BACKUP, LEDGER_FILE, VERIFIED, WORKBOOKS

TEMPORARY = "tmp"
"""Where the commands of a case put what passes; it holds nothing when they are done."""
_MOMENT = re.compile(rb"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(\+00:00|Z)?")
_STAMP = re.compile(r"20\d\d-?\d\d-?\d\d[-_ ]\d{4,6}")
_SERIAL = re.compile(rb"\b4\d{4}\.\d{3,}\b")
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_TOKEN = re.compile(rb"\b[A-Z2-7]{12}[A-Z]\b")
_TEXTS = "xl/sharedStrings.xml"
_TEXT = re.compile(rb"<si>.*?</si>", re.DOTALL)
_SHARED = re.compile(rb'(<c [^>]*t="s"[^>]*><v>)(\d+)')
_HEADS = re.compile(
    "数据截至台账第[0-9]+笔（校验码 [0-9a-f]+）".encode()
    + rb"|(?<=tenproj )[^<]{1,60} [0-9a-f]{8}\b|\bmade_from\W{1,8}[0-9a-f]{8}\b"
)
_ENTRIES, _ROOT = (
    re.compile("\\d+ ?笔|\\d+个文件，按校验码存放".encode()),
    re.compile(rb"(/[\w.-]+)+/" + "(?=工作区)".encode()),
)
"""What 交接清单 says of the ledger and of where the workspace lies."""
_NAMED = re.compile(rb"20\d{6}-\d{6}")
_CHECK = re.compile(rb"\b[0-9a-f]{12}\b")
_CORRECTION = re.compile(rb"(?<=<t>)[0-9a-f]{16}(?=</t>)")
"""Which correction a workbook is, on its machine sheet: reckoned from the tokens in it."""
_JOURNAL = journal_folder(Path()).name
"""Each run has a file of it, with salts and hashes; `verify` compares it with the entries."""
_PASSING = (LEDGER_FILE, "台账.lock", VERIFIED, LAST_BACKUP, WORKBOOKS)
_ORDER = {
    "seq",
    "batch",
    "at",
    "clock",
    "id",
    "rowid",
    "sequence",
    "recorded_at",
    "number",
    "source",
    "decided_at",
}
_TOLD_AGAIN = {
    "made_files",
    "made_editions",
    "merges",
    "snapshots",
    "score_sheets",
    "forms",
    "issued",
    "periods",
}
"""What may stand twice where a command ran twice: the same, told again."""
_NOT_COMPARED = {"batches", "heads", "salts"}
_WHERE = {"facts": " WHERE key != 'told'"}
"""What only spares the next run its work, and is noted anew, is no part of the state."""
_WITHOUT_HASHES = {"made_files", "made_editions", "merges", "score_sheets", "standing"}


@dataclass(frozen=True)
class State:
    """What lies where, and what the ledger says."""

    files: Mapping[str, str]
    ledger: Mapping[str, Counter[str]]
    archive: frozenset[str]
    remains: tuple[str, ...]

    def differences(self, other: "State") -> Iterator[str]:
        """Yield what is otherwise in another state, this being the undisturbed one."""
        for name in sorted(self.files.keys() | other.files.keys()):
            if name not in other.files:
                yield f"missing: {name}"
            elif name not in self.files:
                yield f"too much: {name}"
            elif self.files[name] != other.files[name]:
                yield f"other contents: {name}"
        for table in sorted(self.ledger.keys() | other.ledger.keys()):
            ours, theirs = self.ledger.get(table, Counter()), other.ledger.get(table, Counter())
            for row, count in ((ours - theirs) + (theirs - ours)).items():
                kind = "lost" if row in ours - theirs else "doubled" if row in ours else "new"
                yield f"{table}: {count} {kind}: {row[:300]}"
        if self.archive != other.archive:
            yield f"archive: {len(self.archive - other.archive)} lost, {len(other.archive - self.archive)} new"
        yield from (f"remains: {name}" for name in other.remains)


def state_of(root: Path, *, is_new: bool = False) -> State:
    """Return what a folder holds.

    Args:
        root: The folder.
        is_new: Whether secret, names or contents differ from run to run, so that tokens and hashes do.
    """
    files: dict[str, str] = {}
    archive: set[str] = set()
    remains: list[str] = []
    tables: dict[str, Counter[str]] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if _is_left_over(path, name):
            remains.append(name)
        if not path.is_file() or name.startswith(f"{TEMPORARY}/") or path.parent.name == _JOURNAL:
            continue
        if path.name == LEDGER_FILE:
            tables = _ledger(path, is_new=is_new)
        elif "ledger/archive/" in name:
            archive.add(_print_of(path.read_bytes(), is_new=is_new))
        elif path.name not in _PASSING:
            files[_STAMP.sub("~", name)] = _print_of(path.read_bytes(), is_new=is_new)
    return State(files, tables, frozenset(archive), tuple(remains))


def _is_left_over(path: Path, name: str) -> bool:
    if name.startswith(f"{TEMPORARY}/"):
        return True
    passing = path.name.endswith((".tmp", "-journal", "-wal")) or path.name.startswith(".tenproj-")
    return passing or path.name in ("运行中.txt", ".恢复中")


def _print_of(data: bytes, *, is_new: bool) -> str:
    """Return a hash of contents; those of a zip are its members."""
    if not zipfile.is_zipfile(BytesIO(data)):
        return _hash(_masked(data, is_new=is_new))
    parts = []
    with zipfile.ZipFile(BytesIO(data)) as packed:
        names = set(packed.namelist())
        texts: list[bytes] = []
        if _TEXTS in names:
            texts = _TEXT.findall(packed.read(_TEXTS))
        for name in sorted(names - {_TEXTS, "备份内容.json", f"ledger/{LEDGER_FILE}"}):
            part = packed.read(name)
            if texts and name.startswith("xl/worksheets/"):
                part = _in_place(part, texts)
            parts.append(f"{name} {_print_of(part, is_new=is_new)}")
    return _hash("\n".join(parts).encode())


def _in_place(sheet: bytes, texts: Sequence[bytes]) -> bytes:
    """Return a worksheet with its texts in their cells: how many different moments there are numbers them anew."""
    return _SHARED.sub(lambda match: match[1] + texts[int(match[2])], sheet)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _masked(data: bytes, *, is_new: bool) -> bytes:
    masked = data
    for differs in (_HEADS, _MOMENT, _SERIAL, _CHECK, _ENTRIES, _ROOT):
        masked = differs.sub(b"~", masked)
    if is_new:
        for differs in (_TOKEN, _NAMED, _CORRECTION):
            masked = differs.sub(b"~", masked)
    return masked


def _ledger(path: Path, *, is_new: bool) -> dict[str, Counter[str]]:
    """Return the rows of each table as texts, with how often each stands there."""
    tables: dict[str, Counter[str]] = {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in names:
            if table in _NOT_COMPARED:
                continue
            rows = connection.execute(f"SELECT * FROM {table}{_WHERE.get(table, '')}")
            told = Counter(_row(table, row, is_new=is_new) for row in rows)
            if table in _TOLD_AGAIN:
                told = Counter(set(told))
            tables[table] = told
    return tables


def _row(table: str, row: sqlite3.Row, *, is_new: bool) -> str:
    numbered = table in ("slips", "closings")
    left_out = _ORDER - {"number"} if numbered else _ORDER
    kept = {name: row[name] for name in row.keys() if name not in left_out}  # noqa: SIM118  # a Row has values
    if table == "facts" and kept["key"] == "secret":
        return "the secret"
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str)
    text = re.sub(r'\\"(seq|sequence|batch|before)\\": ?\d+', "~", text)
    if is_new or table in _WITHOUT_HASHES:
        text = _HASH.sub("~", text)
    return _masked(text.encode(), is_new=is_new).decode()
