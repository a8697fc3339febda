"""Companions: scans, photographs and notes that came beside a form are filed, and nobody is told anything.

A document belongs to a form that came in the same zip or mail or lies in the same subfolder of the inbox,
else to the form whose name, or number and unit, stand in its own name. Where forms of several lie together,
the name goes first. A scan whose form has not come is filed as well: its sender is asked for the workbook.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import PurePosixPath

from tenproj_xl.app.identify_files import recipient_in_name
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.asides import holds_figure
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Place, finding
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.history import History
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Party
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import Recipient, is_planned
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.reading.book import Outside, OutsideKind
from tenproj_xl.reading.content import Held
from tenproj_xl.reading.documents import Document, is_named_as_workbook
from tenproj_xl.reading.inbox import Received
from tenproj_xl.recognition.identify import Identified

_LONGEST = 1000
"""Characters of a note that are kept."""


@dataclass(frozen=True, kw_only=True)
class DuePeriod:
    """What is known of the period that is due: to whom forms went out, and what came for it before."""

    period: Period
    plans: InForce
    ledger: LedgerView

    @cached_property
    def plan(self) -> Plan:
        """The plan of the period."""
        return self.plans.plan_at(self.period)

    @cached_property
    def recipients(self) -> tuple[Recipient, ...]:
        """Whom forms went out to, as far as the plan has them still."""
        found, known = [], self.known
        for code in self.ledger.recipients(self.period.code):
            if is_planned(code, self.plan):
                found.append(self.plans.recipient(code, self.period, known))
        return tuple(found)

    @property
    def known(self) -> History:
        """What was accepted for earlier periods, about all rows."""
        past = self.plans.history_of(self.ledger, self.period.first, self.period.last)
        return self.plans.known(past.before(self.period), self.period)

    def named_by(self, name: str) -> Party | None:
        """Return whose form a file is named after, None if there is none."""
        recipient = recipient_in_name(name, self.period, self.recipients, self.plan)
        if recipient is None:
            return None
        return Party(recipient.code, recipient.owes, recipient.unit)

    def is_in(self, recipient: str, forms: Iterable[FileResult]) -> bool:
        """Return whether a recipient's form is among those of the run, or came before."""
        period = self.period.code
        if any((form.period, form.party.recipient) == (period, recipient) for form in forms):
            return True
        earlier = self.ledger.receipts_of(period, [recipient])
        return any(r.status.is_return and r.party.recipient == recipient for r in earlier)


def held_back(received: Received) -> FileResult:
    """Return the result of a file that bears a classification mark: its name, and nothing else."""
    return FileResult(
        received=replace(received, content=Held(b""), sha256=""),
        party=Party(),
        period="",
        sender="",
        status=Status.HELD,
        findings=(finding(Code.CLASSIFIED, Place(received.name)),),
    )


def with_companions(
    results: Sequence[FileResult], opened: Sequence[Opened], due: DuePeriod | None
) -> list[FileResult]:
    """Return the results of the opened files, those of documents that belong to a form being companions."""
    forms = [(one, result) for one, result in zip(opened, results, strict=True) if result.judgement]
    found = []
    for one, result in zip(opened, results, strict=True):
        is_document = isinstance(one.found, Document) and not is_named_as_workbook(one.received.name)
        found.append(_filed(one, result, forms, due) if is_document else result)
    return found


def with_words(
    identified: Sequence[Identified], opened: Sequence[Opened], due: DuePeriod | None
) -> list[Identified]:
    """Return the files, the first form of each parcel with what its mail and the notes beside it say.

    A note that is named after another form of the parcel is told with that one.
    """
    said: set[Outside] = set()
    forms = [(file, one.result.recipient) for one, file in zip(identified, opened, strict=True) if one.result]
    notes = []
    for file in opened:
        if isinstance(file.found, Document) and holds_figure(file.found.text):
            notes.append((file, file.found.text, _forms_of(file, forms, due)))
    found = []
    for one, file in zip(identified, opened, strict=True):
        result = one.result
        if result:
            words = tuple(aside for aside in _words(file, notes) if aside not in said)
            said.update(words)
            result = replace(result, outside=(*result.outside, *words))
        found.append(replace(one, result=result))
    return found


def _words(form: Opened, notes: Iterable[tuple[Opened, str, Sequence[Opened]]]) -> Iterator[Outside]:
    """Yield what the mail of a form says, and those of the notes with a figure that belong to it."""
    if form.said:
        yield Outside(OutsideKind.MAIL, form.root, "", form.said)
    for note, text, forms in notes:
        if any(form is one for one in forms):
            name = PurePosixPath(note.received.name).name
            yield Outside(OutsideKind.DOCUMENT, name, "", " ".join(text.split())[:_LONGEST])


_Forms = Sequence[tuple[Opened, FileResult]]


def _filed(one: Opened, result: FileResult, forms: _Forms, due: DuePeriod | None) -> FileResult:
    """Return the result of a document: filed with its form, or as it was."""
    own = _forms_of(one, [(other, form.party.recipient) for other, form in forms], due)
    beside = [form for other, form in forms if any(other is of_own for of_own in own)]
    if beside:
        return _companion(result, _party(beside), beside[0].period)
    party = due.named_by(_own_name(one)) or due.named_by(one.received.name) if due else None
    if due is None or party is None:
        return result
    if due.is_in(party.recipient, [form for _, form in forms]):
        return _companion(result, party, due.period.code)
    if any(f.code is Code.SCAN_ALONE for f in result.findings):
        return replace(result, status=Status.COMPANION, party=party, period=due.period.code)
    return result


def _companion(result: FileResult, party: Party, period: str) -> FileResult:
    return replace(result, status=Status.COMPANION, party=party, period=period, findings=())


def _forms_of(one: Opened, forms: Iterable[tuple[Opened, str]], due: DuePeriod | None) -> list[Opened]:
    """Return the forms that a document belongs to; each form is given with its recipient.

    Those are the forms beside it; where these are of several recipients, those of the one in its name.
    """
    beside = [(form, recipient) for form, recipient in forms if _lie_together(one, form)]
    named = None
    if due and len({recipient for _, recipient in beside}) > 1:
        named = due.named_by(_own_name(one))
    return [form for form, recipient in beside if named is None or recipient == named.recipient]


def _own_name(one: Opened) -> str:
    """Return the name of a file without the zip, mail or folders that others may share with it."""
    if one.root == one.received.name:
        return PurePosixPath(one.root).name
    return one.received.name.removeprefix(one.root)


def _lie_together(one: Opened, other: Opened) -> bool:
    """Return whether two files came in one zip or mail, or are in the same subfolder, at any depth."""
    if one.root == other.root:
        return True
    folders = list(_folders(other.root))
    return bool(folders) and folders[0] in _folders(one.root)


def _folders(name: str) -> Iterator[str]:
    """Yield the folders that a file lies in, the nearest first."""
    for folder in PurePosixPath(name).parents:
        if folder.name:
            yield folder.as_posix()


def _party(forms: Sequence[FileResult]) -> Party:
    """Return whose companion lies beside some forms: that of the one, or of all their task forces."""
    if len(forms) == 1:
        return forms[0].party
    codes = sorted({code for form in forms for code in form.party.task_forces})
    units = {form.party.unit for form in forms}
    return Party("", tuple(codes), units.pop() if len(units) == 1 else "")
