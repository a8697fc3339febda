"""Where the returns of a run come from: the inbox, and the folders that 设置.xlsx names besides."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tenproj_xl.app.cluster import reading_executor
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.sifting import Sieve
from tenproj_xl.app.watch_memory import WATCHED, WatchMemory
from tenproj_xl.app.watching import WatchedFolder, WatchedFolders
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.settings import Loaded
from tenproj_xl.reading.folders import EmptiedFolder, EmptiedFolders
from tenproj_xl.reading.inbox import Collected, InboxFolder, Received
from tenproj_xl.reading.sandbox import Reader


@dataclass(frozen=True)
class ReturnSources:
    """All of them as one source; `watched` is None where no folder is watched."""

    own: EmptiedFolders
    watched: WatchedFolders | None

    def collect(self) -> Collected:
        """Return what is there now; watched folders are looked through once a run.

        Raises:
            EnvironmentProblem: There is no inbox.
        """
        found = self.own.collect()
        if self.watched is None:
            return found
        more = self.watched.collect(found.files)
        return replace(found, files=(*found.files, *more.files), folders=(*found.folders, *more.folders))

    def strangers(self, results: Sequence[FileResult]) -> Iterator[FileResult]:
        """Yield the results of files of watched folders that are not mentioned."""
        if self.watched:
            yield from self.watched.strangers(results)

    def remove(self, files: Iterable[Received], unmentioned: Iterable[Received] = ()) -> None:
        """Take files out of the folders that are emptied; those of watched ones are remembered as dealt with.

        Args:
            files: What was archived and recorded.
            unmentioned: What of watched folders brings nothing.
        """
        taken = list(files)
        self.own.remove([file for file in taken if not file.is_watched])
        if self.watched:
            self.watched.remove(taken, unmentioned)


def sources_of(
    workspace: Workspace, loaded: Loaded, plans: InForce, ledger: LedgerView, expected: Period
) -> ReturnSources:
    """Return where the returns of a workspace come from."""
    settings, root = loaded.settings, workspace.root
    size = settings.limits.size
    inbox = InboxFolder(workspace.inbox, size)
    emptied, watched = [], []
    without = frozenset({Path.cwd() / root, root.resolve()})
    for line in settings.folders:
        path = line.path(root)
        if line.is_inbox(root):
            inbox = replace(inbox, channel=line.channel)
        elif line.is_watched:
            watched.append(WatchedFolder(called=line.text, path=path, channel=line.channel, without=without))
        else:
            emptied.append(EmptiedFolder(line.text, InboxFolder(path, size, line.channel) if path else None))
    own = EmptiedFolders(inbox, tuple(emptied))
    if not watched:
        return ReturnSources(own, None)
    owed = json.loads(ledger.fact("owed") or '{"files": []}')["files"]
    sieve = Sieve(
        plans=plans,
        ledger=ledger,
        sheets=form_sheets(loaded.plan.programme.years),
        expected=expected,
        owed=frozenset(owed),
    )
    passwords = loaded.passwords.known
    return ReturnSources(
        own,
        WatchedFolders(
            watched,
            sieve=sieve,
            memory=WatchMemory(workspace.ledger / WATCHED, ledger.secret, (*passwords, str(settings.limits))),
            reader=lambda: Reader(settings.limits, passwords, reading_executor()),
            limits=settings.limits,
        ),
    )
