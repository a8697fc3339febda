"""Tell which of other people's files are ours: by tokens and identity, and those that are named after a form.

What is not is not mentioned anywhere: no result, no finding, no line.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from functools import cached_property
from operator import attrgetter
from pathlib import PurePosixPath

from tenproj_xl.app.companions import DuePeriod
from tenproj_xl.app.identify_files import identify_files, recipient_by_name, recipient_in_name
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import has_errors
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading.arrivals import Opened, open_all
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.documents import Document, is_named_as_workbook
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.inbox import Received, may_be_arriving
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.recognition.identify import Identified, tokens_in
from tenproj_xl.validation.judge import JudgedReturn

_OURS = frozenset({Code.OFFICE_BOOK, Code.TASK_FORCE_GONE})
"""What is found only in workbooks of ours; 填报示例 is passed over, for it lies where it was sent from."""
_CODE = attrgetter("code")
_UNCHANGED = frozenset({Code.RETURN_BLANK, Code.CORRECTION_UNCHANGED})
_CUT = frozenset({Code.FILE_EMPTY, Code.FILE_TRUNCATED})
_NEXT_TIME = frozenset({Code.FILE_LATER, Code.FILE_CHANGING})


@dataclass
class Sifted:
    """What some files turned out to be.

    `ours` are forms and other workbooks of ours, those inside zips and mails each on its own; `perhaps` are
    documents named after a form, of which the rest of the run decides; `again` are the outermost files that
    are to be looked at by the next run once more.
    """

    ours: list[Received] = field(default_factory=list)
    perhaps: list[Received] = field(default_factory=list)
    again: set[str] = field(default_factory=set)


class Sieve:
    """What files are sifted by; `owed` are the hashes of files that are recorded and not answered yet."""

    def __init__(
        self,
        *,
        plans: InForce,
        ledger: LedgerView,
        sheets: Sequence[Sheet],
        expected: Period,
        owed: Collection[str],
    ) -> None:
        self._plans = plans
        self._ledger = ledger
        self._sheets = sheets
        self._expected = expected
        self._owed = owed

    @cached_property
    def _due(self) -> DuePeriod:
        return DuePeriod(period=self._expected, plans=self._plans, ledger=self._ledger)

    def is_named(self, name: str) -> bool:
        """Return whether a file is named as a form that went out for the period."""
        due = self._due
        return recipient_by_name(name, due.period, due.recipients) is not None

    def may_be_beside(self, name: str) -> bool:
        """Return whether a document of this name belongs to a form of the period, if that came.

        The name of a unit alone stands in too many names, even where the unit has a form of its own.
        """
        if self.is_named(name):
            return True
        due = self._due
        numbered = [recipient for recipient in due.recipients if not recipient.by_unit]
        return recipient_in_name(name, due.period, numbered, due.plan) is not None

    def is_dealt_with(self, sha256: str) -> bool:
        """Return whether bytes were received before, or written by us; not where an answer is owed."""
        if sha256 in self._owed:
            return False
        return self._ledger.first_seen(sha256) is not None or self._ledger.wrote(sha256)

    def is_of_long_ago(self, file: Received) -> bool:
        """Return whether a file was made before the period began."""
        moments = file.moments
        made = moments.mailed or moments.saved or moments.zipped or file.received_at
        zone = self._plans.loaded.settings.zone
        return made.astimezone(zone).date() < self._expected.first

    def sift(self, files: Sequence[Received], reader: Reader) -> Sifted:
        """Return what some files are; those in a zip or a mail that was not taken apart are looked into."""
        found = Sifted()
        arrivals = open_all(files, reader, self._new)
        for file in arrivals.held:
            if self.is_named(file.name):
                found.ours.append(_bare(file))
        identified = list(identify_files(arrivals.opened, self._sheets, self._plans, self._ledger))
        with_tokens = self._with_tokens(arrivals.opened)
        for opened, one in zip(arrivals.opened, identified, strict=True):
            received = _on_its_own(opened)
            if _is_unfinished(opened):
                found.again.add(opened.root)
            elif opened.received.name in with_tokens or self._is_ours(opened, one):
                found.ours.append(received)
            elif isinstance(opened.found, Document) and self.may_be_beside(received.name):
                found.perhaps.append(received)
        return found

    def _new(self, files: Sequence[Received]) -> list[Received]:
        return [file for file in files if not self.is_dealt_with(file.sha256)]

    def _with_tokens(self, opened: Sequence[Opened]) -> set[str]:
        """Return the names of the workbooks that hold tokens of ours."""
        tokens: dict[str, frozenset[str]] = {}
        for one in opened:
            if isinstance(one.found, Book):
                tokens[one.received.name] = tokens_in(one.found)
        every = frozenset().union(*tokens.values())
        ours = self._ledger.issued(every).keys()
        found = set()
        for name, own in tokens.items():
            if own & ours:
                found.add(name)
        return found

    def _is_ours(self, opened: Opened, one: Identified) -> bool:
        is_form = bool(one.result or one.owner or one.lead_rows or one.score_rows or one.slip_rows)
        if is_form or _OURS.intersection(map(_CODE, one.findings)):
            return True
        name = PurePosixPath(opened.received.name).name
        is_broken = isinstance(opened.found, Refusal)
        is_disguised = isinstance(opened.found, Document) and is_named_as_workbook(name)
        return (is_broken or is_disguised) and self.is_named(name)


def _on_its_own(opened: Opened) -> Received:
    """Return a file as if it lay in the folder itself: names of folders, zips and mails are left out."""
    received = _bare(opened.received)
    if opened.root == opened.received.name:
        return received
    path = received.path / opened.received.name.removeprefix(f"{opened.root}/")
    return replace(received, path=path, sender=opened.sender, said=opened.said)


def _bare(received: Received) -> Received:
    return replace(received, name=PurePosixPath(received.name).name)


def _is_unfinished(opened: Opened) -> bool:
    """Return whether a file cannot be read yet, but perhaps by the next run."""
    found = opened.found
    if not isinstance(found, Refusal):
        return False
    if found.code in _NEXT_TIME:
        return True
    return found.code in _CUT and may_be_arriving(opened.received, datetime.now(UTC))


def is_of_no_concern(result: FileResult, sieve: Sieve) -> bool:
    """Return whether a file of a watched folder brings nothing: then it is not mentioned either.

    A form as it went out, with nothing filled in; one that was used in an earlier period and lies there
    since; the same bytes twice; a document whose form has not come.
    """
    if result.status is Status.DUPLICATE:
        return True
    if result.status is Status.COMPANION:
        return result.is_scan_alone and not sieve.is_named(result.received.name)
    if result.status.is_word:
        said = result.lead_words or result.objections or result.slip_replies
        return not said and not result.findings
    return result.judgement is not None and _says_nothing(result, result.judgement, sieve)


def _says_nothing(result: FileResult, judgement: JudgedReturn, sieve: Sieve) -> bool:
    codes = set(map(_CODE, result.findings))
    if codes & _UNCHANGED:
        return True
    if Code.OTHER_PERIOD in codes:
        return sieve.is_of_long_ago(result.received)
    return not (judgement.accepted or judgement.nil or has_errors(result.findings))


def strangers(results: Sequence[FileResult], perhaps: Collection[str], sieve: Sieve) -> Iterator[FileResult]:
    """Yield the results of watched files that are not mentioned; `perhaps` are the paths of documents."""
    for result in results:
        file = result.received
        if not file.is_watched:
            continue
        is_left_over = str(file.path) in perhaps and result.status is not Status.COMPANION
        if is_left_over or is_of_no_concern(result, sieve):
            yield result
