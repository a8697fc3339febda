"""What a run in portions keeps of the earlier ones: in nameless files, so that its memory stays bounded.

Pickles are read back by the run that wrote them, and nobody else can reach them.
"""

import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import overload

from tenproj_xl.app.addressees import Addressee
from tenproj_xl.app.letter_drafts import LetterDraft
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.periods import Period
from tenproj_xl.reading.content import OnDisk
from tenproj_xl.recognition.row_status import RowState, RowStatus, SheetStatus
from tenproj_xl.validation.judge import JudgedReturn


class _Shelf:
    """Objects by key, on disk; those of the sheets of the form are named, not repeated."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("CREATE TABLE kept (key PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID")

    def put(self, key: int | str, value: object) -> None:
        """Keep an object, in place of an earlier one of the key."""
        self._db.execute("REPLACE INTO kept VALUES (?, ?)", (key, pickle.dumps(value)))

    def get(self, key: int | str) -> object:
        """Return the object of a key, None where there is none."""
        found = self._db.execute("SELECT body FROM kept WHERE key = ?", (key,)).fetchone()
        if found is None:
            return None
        kept: object = pickle.loads(found[0])  # noqa: S301  # by this run
        return kept


class KeptResults(Sequence[FileResult]):
    """Results in their order, without what stands in the files: what was found in them stays."""

    def __init__(self) -> None:
        self._shelf = _Shelf()
        self._judgements = _Shelf()
        self._count = 0

    def extend(self, results: Iterable[FileResult]) -> None:
        """Keep some more results."""
        for result in results:
            self._shelf.put(self._count, _light(result))
            if result.judgement is not None:
                self._judgements.put(self._count, _light_judgement(result.judgement))
            self._count += 1

    def with_sheets(self) -> Iterator[FileResult]:
        """Yield the results with what became of their sheets, of which only programs ask."""
        for number, result in enumerate(self):
            judgement = self._judgements.get(number)
            yield replace(result, judgement=judgement if isinstance(judgement, JudgedReturn) else None)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[FileResult]:
        for number in range(self._count):
            yield self[number]

    @overload
    def __getitem__(self, place: int) -> FileResult: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[FileResult]: ...
    def __getitem__(self, place: int | slice) -> FileResult | Sequence[FileResult]:
        """Return a result, or some of them."""
        if isinstance(place, slice):
            return [self[number] for number in range(self._count)[place]]
        result = self._shelf.get(range(self._count)[place])
        if not isinstance(result, FileResult):
            raise TypeError(place)
        return result


class KeptDrafts:
    """The letters that a run has written, as they have to be known where a later portion adds to them."""

    def __init__(self) -> None:
        self._shelf = _Shelf()

    def keep(self, path: Path, draft: LetterDraft) -> None:
        """Keep what files brought into a letter; what tells how things stand is told anew each time."""
        if not (draft.files or draft.answered_slips):
            return
        of_files = {file.attachment for file in draft.files}
        kept = LetterDraft(
            addressee=draft.addressee,
            period=draft.period,
            files=draft.files,
            answered_slips=draft.answered_slips,
            recipients=draft.recipients,
            attached=[one for one in draft.attached if one.name in of_files],
            by_machine=draft.by_machine,
        )
        self._shelf.put(str(path), kept)
        for attached in kept.attached:
            self._shelf.put(str(attached), attached.name)

    def has_attached(self, path: Path) -> bool:
        """Return whether a workbook goes with one of the letters."""
        return self._shelf.get(str(path)) is not None

    def get(self, path: Path) -> LetterDraft | None:
        """Return a letter that was kept, None where there is none."""
        draft = self._shelf.get(str(path))
        if draft is None or isinstance(draft, LetterDraft):
            return draft
        raise TypeError(path)


class Drafts(dict[Path, LetterDraft]):
    """The letters of a portion by their paths; one that an earlier portion wrote goes on from there."""

    def __init__(self, kept: KeptDrafts | None) -> None:
        super().__init__()
        self._kept = kept

    def begun(self, path: Path, addressee: Addressee, period: Period) -> LetterDraft:
        """Return the letter of a path, begun where there is none."""
        if path not in self:
            self[path] = self._earlier(path) or LetterDraft(addressee=addressee, period=period)
        return self[path]

    def is_written(self, path: Path) -> bool:
        """Return whether the run has something to say in a letter."""
        return path in self or self._earlier(path) is not None

    def _earlier(self, path: Path) -> LetterDraft | None:
        return self._kept.get(path) if self._kept else None

    def keep(self) -> None:
        """Keep all for the portions to come, if there may be some."""
        if self._kept is not None:
            for path, draft in self.items():
                self._kept.keep(path, draft)


def _light(result: FileResult) -> FileResult:
    """Return a result without bytes, rows and entries."""
    received = result.received
    content = OnDisk(received.path, received.content.size, received.sha256)
    return replace(result, received=replace(received, content=content), judgement=None, rows=())


def _light_judgement(judgement: JudgedReturn) -> JudgedReturn:
    """Return a judgement with no more than the state of the sheets, and the rows that came back changed."""
    statuses = tuple(map(_light_status, judgement.source.statuses))
    source = replace(judgement.source, cover={}, rows=(), unplaced=(), outside=(), statuses=statuses)
    return replace(judgement, source=source, entries=(), accepted=(), findings=())


def _light_status(status: SheetStatus) -> SheetStatus:
    rows = []
    for row in status.rows:
        is_as_sent = row.state is RowState.OK and not row.edits
        rows.append(_AS_SENT if is_as_sent else row)
    return replace(status, rows=tuple(rows))


_AS_SENT = RowStatus(RowState.OK, None, None)
