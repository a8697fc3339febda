"""Open all received files: workbooks themselves, and those inside zips and mails.

A file inside another is received like any other, as `outer/inner`, with its own hash, at the time its mail
was sent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.files import sha256
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.containers import Contents
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.inbox import Received
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.sniff import WORDS, FileKind

_DEEP = 3  # a workbook in a zip in a mail that is attached to a mail


@dataclass(frozen=True)
class Opened:
    """A file that may be a return; `sender` is who sent the mail it came with, "" where it came with none."""

    received: Received
    found: Book | Refusal
    sender: str = ""


@dataclass(frozen=True)
class Arrivals:
    """What came, in the order in which it counts: oldest first, ties by hash.

    `duplicates` have the same bytes as a file that came before; `passed_over` lay beside a workbook and are
    no returns.
    """

    opened: tuple[Opened, ...]
    duplicates: tuple[Received, ...] = ()
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True)
class _File:
    """A file to be opened: `around` are the kinds of the files it lies in, `root` names the outermost one."""

    received: Received
    root: str
    sender: str = ""
    around: tuple[FileKind, ...] = ()


@dataclass
class _State:
    """What has been found so far; `unpacked` is the size of what lay in each outermost file."""

    opened: list[Opened] = field(default_factory=list)
    duplicates: list[Received] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    inner: list[_File] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    unpacked: dict[str, int] = field(default_factory=dict)


def open_all(
    received: Sequence[Received], reader: Reader, unseen: Callable[[Sequence[Received]], Sequence[Received]]
) -> Arrivals:
    """Open all files of a run; zips and mails are replaced by the files inside.

    Args:
        received: The files as they came, zips and mails among them.
        reader: What opens them.
        unseen: Returns those whose bytes were not taken in by an earlier run, times perhaps corrected.
    """
    state = _State()
    files = [_File(named, named.name) for named in (_named(r, state) for r in received)]
    while files:
        new = {r.name: r for r in unseen([f.received for f in files])}
        state.duplicates += [f.received for f in files if f.received.name not in new]
        files = [replace(f, received=new[f.received.name]) for f in files if f.received.name in new]
        for file, found in zip(files, reader.open([f.received.data for f in files]), strict=True):
            _take(file, found, state, reader.limits.unpacked)
        files, state.inner = state.inner, []
    return _in_order(state)


def remarks(book: Book, file: str) -> list[Finding]:
    """Return the findings about a workbook as such: what was not used, a conversion, lost characters."""
    noticed = {
        Code.MACROS_IGNORED: book.macros,
        Code.LINKS_IGNORED: book.links,
        Code.FILE_CONVERTED: book.converted,
        Code.TEXT_ROUGH: book.rough,
    }
    return [
        finding(code, Place(file), WORDS[book.kind]) for code, is_noticed in noticed.items() if is_noticed
    ]


def _take(file: _File, found: Book | Contents | Refusal, state: _State, room: int) -> None:
    if not isinstance(found, Contents):
        state.opened.append(Opened(file.received, found, file.sender))
        return
    state.unpacked[file.root] = state.unpacked.get(file.root, 0) + sum(len(m.data) for m in found.members)
    if refusal := _too_deep(file, found.kind, state.unpacked[file.root] > room):
        state.opened.append(Opened(file.received, refusal, file.sender))
        return
    outer = file.received
    state.passed_over += [f"{outer.name}/{name}" for name in found.passed_over]
    for m in found.members:
        # A mail cannot have been sent after it was here: a clock that runs fast must not outdo later returns.
        sent_at = min(m.sent_at or outer.received_at, outer.received_at)
        name = f"{outer.name}/{m.name}"
        inner = _named(Received(name, outer.path, m.data, sha256(m.data), sent_at), state)
        sender = m.sender or file.sender
        if m.refusal:
            state.opened.append(Opened(inner, m.refusal, sender))
        else:
            state.inner.append(_File(inner, file.root, sender, (*file.around, found.kind)))


def _too_deep(file: _File, kind: FileKind, is_too_much: bool) -> Refusal | None:  # noqa: FBT001  # one call, just above
    if kind is FileKind.ZIP and kind in file.around:
        return Refusal(Code.FILE_ARCHIVE, "压缩包中的压缩包")
    if len(file.around) >= _DEEP:
        return Refusal(Code.FILE_ARCHIVE, "一层套一层的邮件")
    if is_too_much:
        return Refusal(Code.FILE_LIMITS, "里面的文件过大")
    return None


def _named(received: Received, state: _State) -> Received:
    """Return a file under a name that no other file of the run has."""
    path = PurePosixPath(received.name)
    name, n = received.name, 1
    while name in state.names:
        n += 1
        name = str(path.with_name(f"{path.stem}({n}){path.suffix}"))
    state.names.add(name)
    return replace(received, name=name)


def _in_order(state: _State) -> Arrivals:
    """Sort the files, oldest first; of files with the same bytes the oldest counts, whatever it lay in."""
    opened: list[Opened] = []
    duplicates = list(state.duplicates)
    seen = set()
    for o in sorted(state.opened, key=lambda o: (o.received.received_at, o.received.sha256)):
        if isinstance(o.found, Book) and o.received.sha256 in seen:
            duplicates.append(o.received)
        else:
            opened.append(o)
        seen.add(o.received.sha256)
    return Arrivals(tuple(opened), tuple(duplicates), tuple(state.passed_over))
