"""The forms that were sent: their rows as printed, and the plan and settings that a batch used."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.words import USUAL, Words


@dataclass(frozen=True, kw_only=True)
class Issued:
    """One keyed row of a form that was sent. A token may be printed again after the plan was edited.

    `recipient` received the form. The row belongs to `task_force` ("" until one is chosen) and is
    reported by `unit`; `of_others` is True where that is not the recipient, for whom the row is read-only.
    """

    token: str
    version: str
    period: str
    recipient: str
    sheet: str
    code: str
    task_force: str
    unit: str
    of_others: bool
    printed: Mapping[str, Value]

    def in_words(self, words: Words) -> "Issued":
        """Return the row in the words of a plan, in which it was printed."""
        if words == USUAL:
            return self
        return replace(self, printed=words.values(self.printed))


@dataclass(frozen=True, kw_only=True)
class PrintedRow:
    """What was printed into the inputs of a row of a correction workbook, by field, and into closed cells.

    `closed` is empty where the ledger had only the inputs recorded.
    """

    sheet: str
    values: Mapping[str, Value]
    closed: Mapping[str, Value]

    def over(self, form: Issued) -> Issued:
        """Return the row of a form as the workbook had it, which was made later and may know more."""
        return replace(form, printed={**form.printed, **self.closed})


@dataclass(frozen=True)
class SentForm:
    """The form sent to a recipient for a period: rows by token, and the fields of each sheet in order.

    If the form was made several times, `rows` has those that every version had, in the order and as printed
    in the newest; the columns are those of the newest. `words` are those that it was printed in.
    """

    rows: Mapping[str, Issued]
    columns: Mapping[str, Sequence[str]]
    words: Words = USUAL

    def in_words(self, words: Words) -> "SentForm":
        """Return the form in the words of a plan, in which it was printed."""
        rows = {token: issued.in_words(words) for token, issued in self.rows.items()}
        return replace(self, rows=rows, words=words)


@dataclass(frozen=True)
class Snapshots:
    """The tables of plan and settings as a batch read them."""

    plan: str
    settings: str
