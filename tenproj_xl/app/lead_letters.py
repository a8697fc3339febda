"""What lead units are told of the rows of their units, in letters of their own or those of a run."""

from collections.abc import Iterable
from pathlib import Path

from tenproj_xl.app.addressees import Addressees
from tenproj_xl.app.kept_apart import Drafts
from tenproj_xl.app.lead_checks import book_path
from tenproj_xl.app.letter_drafts import RETURNED, TO_CHECK
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.files import file_name
from tenproj_xl.core.periods import Period
from tenproj_xl.model.lead_words import name_of
from tenproj_xl.office.lead_book import LeadBook, sheet_name
from tenproj_xl.replies.letter_content import ReturnedRow, ReturnedRows, RowsToCheck


class LeadLetters:
    """Adds what leads are to look at and what they returned to the letters of a run."""

    def __init__(
        self, workspace: Workspace, addressees: Addressees, books: Iterable[LeadBook] | None
    ) -> None:
        self._workspace = workspace
        self._addressees = addressees
        self._books = books
        self._periods: set[Period] = set()
        self.are_apart = True
        """Whether the letters that were added to say nothing else."""

    def add(self, drafts: Drafts) -> list[Path]:
        """Add what there is in the workbooks, if leads are told now; return the letters that are new."""
        new: list[Path] = []
        for book in self._books or ():
            self._periods.add(book.period)
            folder = self._workspace.replies(book.period)
            if book.waiting:
                lead = self._addressees.of_force(book.task_force.code, book.period)
                path = folder / f"{TO_CHECK}{file_name(lead.label)}.txt"
                self._begin(path, drafts, new)
                draft = drafts.begun(path, lead, book.period)
                draft.to_check.append(_to_check(book))
                draft.attached.append(book_path(book, self._workspace))
                draft.recipients.add(book.task_force.code)
            for (recipient, unit), rows in _returned_by_form(book).items():
                told = self._addressees.of_form(recipient, unit, book.period)
                path = folder / f"{file_name(told.label)}.txt"
                if not drafts.is_written(path):
                    path = folder / f"{RETURNED}{file_name(told.label)}.txt"
                self._begin(path, drafts, new)
                draft = drafts.begun(path, told, book.period)
                draft.returned.append(ReturnedRows(book.printed_lead, book.task_force.code, rows))
                draft.recipients.add(recipient)
        return new

    def _begin(self, path: Path, drafts: Drafts, new: list[Path]) -> None:
        """Note a letter as new, or that a letter of the run says something else besides."""
        if not drafts.is_written(path):
            new.append(path)
        elif path not in new:
            self.are_apart = False

    def remove_others(self, expected: Period, drafts: Drafts) -> None:
        """Remove the letters about rows that nobody has to look at, or to correct, any more."""
        if self._books is None:
            return
        for period in {expected, *self._periods}:
            for prefix in (TO_CHECK, RETURNED):
                for path in self._workspace.replies(period).glob(f"{prefix}*.txt"):
                    if not drafts.is_written(path):
                        path.unlink()


def _returned_by_form(book: LeadBook) -> dict[tuple[str, str], list[ReturnedRow]]:
    """Return the rows that a lead has returned, by the form that they came in and the unit that sent it."""
    returned: dict[tuple[str, str], list[ReturnedRow]] = {}
    for checked in book.rows:
        if checked.is_returned and checked.word:
            row = ReturnedRow(
                sheet=sheet_name(checked.row),
                name=name_of(checked.row),
                why=checked.word.why,
                code=checked.row.code,
            )
            form = checked.receipt.party.recipient, checked.row.unit
            returned.setdefault(form, []).append(row)
    return returned


def _to_check(book: LeadBook) -> RowsToCheck:
    return RowsToCheck(
        task_force=book.task_force.code,
        file=f"{book.stem}.xlsx",
        rows=len(book.rows),
        waiting=book.waiting,
        counts_first=not book.settings.lead_first,
    )
