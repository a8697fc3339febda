"""Open all received files: workbooks themselves, and those inside zips and mails.

A file inside another is received like any other, as `outer/inner`, with its own hash, at the time its mail
was sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from itertools import groupby
from pathlib import PurePosixPath

from tenproj_xl.core.asides import joined
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import sha256
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.moments import Moments
from tenproj_xl.core.progress import counted
from tenproj_xl.core.second_process import load_later
from tenproj_xl.core.secrecy import name_bears_mark
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.budget import Budget
from tenproj_xl.reading.containers import Contents
from tenproj_xl.reading.documents import Document
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.inbox import Received
from tenproj_xl.reading.sandbox import Parcel, Reader
from tenproj_xl.reading.sniff import WORDS, FileKind, is_foreign, sniff
from tenproj_xl.reading.wire import Found

MAIL = "邮件"
"""The channel of what came in a mail, wherever that was saved."""
_DEEP = 3  # a workbook in a zip in a mail that is attached to a mail


@dataclass(frozen=True)
class Opened:
    """A file that may be a return, or lie beside one.

    `sender` is who sent the mail it came with, "" where it came with none, and `said` what that mail says;
    `root` is the name of the outermost file that it lies in, its own where it lies in none.
    """

    received: Received
    found: Book | Document | Refusal
    sender: str = ""
    root: str = ""
    said: str = ""


@dataclass(frozen=True)
class Arrivals:
    """What came, in the order in which it counts: oldest first, ties by hash.

    `duplicates` have the same bytes as a file that came before; `copies` are those of them whose like came in
    the same run. `held` are the outermost files of which a
    part bears a classification mark: nothing of them is among the others.
    """

    opened: tuple[Opened, ...]
    duplicates: tuple[Received, ...] = ()
    copies: tuple[Opened, ...] = ()
    held: tuple[Received, ...] = ()


@dataclass(frozen=True)
class _File:
    """A file to be opened: `around` are the kinds of the files it lies in, `root` names the outermost one."""

    received: Received
    root: str
    sender: str = ""
    said: str = ""
    around: tuple[FileKind, ...] = ()

    def opened(self, found: Book | Document | Refusal) -> Opened:
        """Return the file with what it turned out to be."""
        received = self.received
        if isinstance(found, Book):
            received = replace(received, moments=replace(received.moments, saved=found.saved_at))
        return Opened(received, found, self.sender, self.root, self.said)


@dataclass
class _State:
    """What has been found so far; `marked` are the names of the outermost files with a mark."""

    opened: list[Opened] = field(default_factory=list)
    duplicates: list[_File] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)
    inner: list[_File] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


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
    files = [_File(r, r.name, r.sender, r.said) for r in (_named(one, state) for one in received)]
    roots = {file.root: file.received for file in files}
    state.marked.update(name for name in roots if name_bears_mark(name))
    budgets = {root: Budget(reader.limits) for root in roots}
    files = [file for file in files if not _is_left(file, state, reader.limits)]
    while files:
        files = [file for file in files if file.root not in state.marked]
        new = {r.name: r for r in unseen([f.received for f in files])}
        state.duplicates += [f for f in files if f.received.name not in new]
        files = [replace(f, received=new[f.received.name]) for f in files if f.received.name in new]
        parcels = [list(of_root) for _, of_root in groupby(files, key=lambda file: file.root)]
        opened = reader.open_parcels([_parcel(some, budgets) for some in parcels])
        load_later()
        for some, answers in zip(counted(parcels, "打开收到的文件"), opened, strict=True):
            for file, found in zip(some, answers, strict=True):
                _take(file, found, state)
        files, state.inner = state.inner, []
    held = tuple(received for name, received in roots.items() if name in state.marked)
    return _in_order(state, held)


def look_ahead(received: Sequence[Received], reader: Reader) -> None:
    """Have files that `open_all` is given next, with the same reader, be opened while others are judged."""
    reader.look_ahead(
        [
            file.content
            for file in received
            if file.sha256 and not is_foreign(file.content.head) and not name_bears_mark(file.name)
        ]
    )


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


def _parcel(files: Sequence[_File], budgets: Mapping[str, Budget]) -> Parcel:
    """Return files of one outermost file as what is opened one after the other."""
    return Parcel([file.received.content for file in files], budgets[files[0].root])


def _is_left(file: _File, state: _State, limits: Limits) -> bool:
    """Take up a file of which size and head tell that nobody reads it; return whether it is one."""
    content = file.received.content
    refusal = None
    if not file.received.sha256:
        size, most = -(-content.size >> 20), limits.size >> 20
        refusal = Refusal(Code.FILE_OVERSIZE, f"文件有{size}MB，超过{most}MB")
    elif is_foreign(content.head):
        refusal = Refusal(Code.FILE_FOREIGN, WORDS[sniff(content.head)])
    if refusal and file.root not in state.marked:
        state.opened.append(file.opened(refusal))
    return refusal is not None


def _take(file: _File, found: Found, state: _State) -> None:
    if isinstance(found, Refusal) and found.code is Code.CLASSIFIED:
        state.marked.add(file.root)
    elif isinstance(found, Contents):
        _take_members(file, found, state)
    else:
        state.opened.append(file.opened(found))


def _take_members(file: _File, found: Contents, state: _State) -> None:
    """Take up what lies in a zip or a mail, to be opened next."""
    if refusal := _too_deep(file, found.kind):
        state.opened.append(file.opened(refusal))
        return
    outer = file.received
    for m in found.members:
        # A mail cannot have been sent after it was here: a clock that runs fast must not outdo later returns.
        sent_at = min(m.sent_at or outer.received_at, outer.received_at)
        name = f"{outer.name}/{m.name}"
        moments = Moments(
            mailed=min(m.sent_at, outer.received_at) if m.sent_at else outer.moments.mailed,
            zipped=m.zipped_at or outer.moments.zipped,
            filed=outer.moments.filed,
        )
        channel = MAIL if found.kind is FileKind.MAIL else outer.channel
        received = replace(
            outer,
            name=name,
            content=m.content,
            sha256=sha256(m.data),
            received_at=sent_at,
            moments=moments,
            channel=channel,
        )
        inner = _File(
            _named(received, state),
            file.root,
            m.sender or file.sender,
            joined((file.said, found.said)),
            (*file.around, found.kind),
        )
        if m.refusal:
            state.opened.append(inner.opened(m.refusal))
        else:
            state.inner.append(inner)


def _too_deep(file: _File, kind: FileKind) -> Refusal | None:
    if kind is FileKind.ZIP and kind in file.around:
        return Refusal(Code.FILE_ARCHIVE, "压缩包中的压缩包")
    if len(file.around) >= _DEEP:
        return Refusal(Code.FILE_ARCHIVE, "一层套一层的邮件")
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


def _in_order(state: _State, held: tuple[Received, ...]) -> Arrivals:
    """Sort the files, oldest first; of files with the same bytes the oldest counts, whatever it lay in."""
    opened: list[Opened] = []
    duplicates = [file.received for file in state.duplicates if file.root not in state.marked]
    copies: list[Opened] = []
    seen = set()
    came = [one for one in state.opened if one.root not in state.marked]
    for o in sorted(came, key=lambda o: (o.received.received_at, o.received.sha256)):
        if isinstance(o.found, Book | Document) and o.received.sha256 in seen:
            copies.append(o)
            duplicates.append(o.received)
        else:
            opened.append(o)
        seen.add(o.received.sha256)
    return Arrivals(tuple(opened), tuple(duplicates), tuple(copies), held)
