"""The command `remove`: take a file out of archive and ledger for good, as the law wants it, and record that.

The ledger goes first, in one transaction that leaves a record; then bytes go from archive and journal, by the
next command that writes if this one is cut off.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.app.history import life_of_file
from tenproj_xl.app.kept_papers import kept_papers
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.original import KeptFile, files_called, received_files, several
from tenproj_xl.app.proof_results import Removed
from tenproj_xl.app.removed_files import removed_then
from tenproj_xl.app.texts_in_files import says_any
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import files_below, files_of_archive, sha256, sha256_of_file
from tenproj_xl.ledger.looking import connected
from tenproj_xl.ledger.proof import verify
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.settings import Loaded
from tenproj_xl.reading.containers import Contents
from tenproj_xl.reading.content import Content, Held, look_at
from tenproj_xl.reading.sandbox import Reader

_DEEP = 4
"""A file lies at most in so many zips and mails."""


def remove(workspace: Workspace, name: str, why: str) -> Removed:
    """Take a received file out of archive and ledger for good.

    Gone are its bytes, those of the zips and mails that it came in and of papers in the archive that repeat
    what it alone said in words, its rows and receipts, and these words wherever else the ledger has them. A
    record stays: names, hashes, why, and when. Its figures are not looked for elsewhere: a number may be
    anybody's. The papers that told them are named.

    Args:
        workspace: The workspace.
        name: The file's name, or the beginning of its hash.
        why: On what basis, which the ledger keeps.

    Raises:
        UsageProblem: No basis was given, or not exactly one file goes by the name.
        EnvironmentProblem: The ledger is not whole, or another run holds it.
    """
    if not why.strip():
        raise UsageProblem("请用 --why 写明清除的依据，如批准的文件和日期。")
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj remove") as ledger:
        _must_be_whole(workspace)
        file = _file_called(name, ledger, loaded)
        words = ledger.words_of(file.sha256)
        told_in = _told_in(file, loaded, ledger)
        known = kept_papers(ledger)
        not_received = list(_not_received(workspace, ledger, known))
        brought = _brought([path for path in not_received if path.name not in known], loaded)
        saying = [path.name for path in not_received if says_any(path, words.own)]
        papers = {digest: known.get(digest, "") for digest in saying if digest not in brought}
        holders = [digest for digest, within in brought.items() if file.sha256 in within]
        held_in = dict.fromkeys(holders, file.name.partition("/")[0])
        others = [brought[digest] for digest in saying if digest in brought and digest not in held_in]
        came_beside = _names_of(others, ledger)
        with ledger.batch("remove", datetime.now(UTC), loaded.snapshots):
            entries = ledger.remove(file.sha256, file.name, why.strip(), words.own)
            for digest, called in (papers | held_in).items():
                ledger.record_removed_bytes(digest, called, why.strip())
    return Removed(
        name=file.name,
        sha256=file.sha256,
        why=why.strip(),
        entries=entries,
        held_in=len(held_in),
        papers=len(papers),
        shared_with=words.shared_with,
        came_beside=came_beside,
        made=tuple(workspace.relative(path) for path in _made(workspace) if _repeats(path, file, words.own)),
        told_in=told_in,
    )


def _must_be_whole(workspace: Workspace) -> None:
    with connected(workspace.ledger) as connection:
        if verify(connection).breaches:
            raise EnvironmentProblem(
                "台账核验不符，没有清除：清除以后就看不出是哪里不符了。请先运行 tenproj verify 看是哪里。"
            )


def _told_in(file: KeptFile, loaded: Loaded, ledger: Ledger) -> tuple[str, ...]:
    """Return the papers that told the figures and states of a file, the oldest first."""
    papers = set()
    for value in life_of_file(file.sha256, loaded, ledger).values:
        papers |= {(paper.at, paper.label) for paper in value.papers}
    return tuple(dict.fromkeys(label for _, label in sorted(papers)))


def _file_called(name: str, ledger: Ledger, loaded: Loaded) -> KeptFile:
    wanted = name.strip()
    found = files_called(wanted, received_files(ledger))
    if len(found) > 1:
        raise several(wanted, found, loaded.settings.zone)
    if found:
        return found[0]
    removed = removed_then(wanted, ledger, loaded.settings.zone)
    raise UsageProblem(removed or f"没有收到过叫“{wanted}”的文件，请核对文件名或校验码的前几位。")


def _brought(paths: Iterable[Path], loaded: Loaded) -> dict[str, frozenset[str]]:
    """Return the zips and mails in the archive, by hash, each with the hashes of the files in it.

    What lay in them is archived by itself.
    """
    brought = {}
    limits = loaded.settings.limits
    with Reader(limits, loaded.passwords.known) as reader:
        for path in paths:
            within = frozenset(_within(look_at(path, limits.size), reader, _DEEP))
            if within:
                brought[path.name] = within
    return brought


def _names_of(brought: Iterable[Collection[str]], ledger: Ledger) -> tuple[str, ...]:
    """Return the names of the received files that zips and mails have brought."""
    wanted = set().union(*brought)
    return tuple(name for sha, name, _ in ledger.received_files() if sha in wanted)


def _not_received(workspace: Workspace, ledger: Ledger, papers: Collection[str]) -> Iterator[Path]:
    """Yield what lies in the archive and was not received: papers, by hash, and what files came in."""
    # A paper that was given out is recorded as a received file is.
    received = {sha for sha, _, _ in ledger.received_files()}.difference(papers)
    yield from (path for path in files_of_archive(workspace.archive) if path.name not in received)


def _made(workspace: Workspace) -> Iterator[Path]:
    """Yield the files in the outbox."""
    yield from files_below(workspace.outbox)


def _repeats(path: Path, file: KeptFile, words: Iterable[str]) -> bool:
    """Return whether a file in the outbox says what another said alone, or is a copy of it."""
    return says_any(path, words) or sha256_of_file(path) == file.sha256


def _within(content: Content, reader: Reader, deep: int) -> Iterator[str]:
    """Yield the hashes of the files in a zip or a mail, whatever they lie in."""
    [found] = reader.open([content])
    if not isinstance(found, Contents) or deep == 0:
        return
    for member in found.members:
        yield sha256(member.data)
        yield from _within(Held(member.data), reader, deep - 1)
