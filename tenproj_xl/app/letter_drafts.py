"""Letters of a run as they grow, and how their files begin by what they are about."""

from dataclasses import field
from pathlib import Path

from tenproj_xl.app.addressees import Addressee
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.model.deliveries import RECEIPT, REMINDER, TO_CORRECT, TO_SEND_AGAIN
from tenproj_xl.replies.letter_content import (
    AnsweredFile,
    OutstandingForm,
    ReturnedRows,
    RowsToCheck,
    SlipToAnswer,
    WaitingFile,
)

REMINDS, TO_CHECK, RETURNED = "催报_", "核对_", "牵头退回_"
SCORES, SLIPS = "得分核对_", "督办_"
OPINIONS, SLIP_REPLIES = "核对意见_", "督办反馈_"
"""Of receipts for what units said in workbooks other than forms; the next run leaves them."""


@dataclass(kw_only=True)
class LetterDraft:
    """A letter as far as it is known: `answered` are the places of its files among the results of the run.

    `by_machine` where one of these came by a mail that no person wrote.
    """

    addressee: Addressee
    period: Period
    files: list[AnsweredFile] = field(default_factory=list)
    waiting: list[WaitingFile] = field(default_factory=list)
    outstanding: list[OutstandingForm] = field(default_factory=list)
    returned: list[ReturnedRows] = field(default_factory=list)
    to_check: list[RowsToCheck] = field(default_factory=list)
    slips: list[SlipToAnswer] = field(default_factory=list)
    answered_slips: list[str] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    recipients: set[str] = field(default_factory=set)
    attached: list[Path] = field(default_factory=list)
    by_machine: bool = False


_TITLES = {
    REMINDS: REMINDER,
    TO_CHECK: "专班核对稿",
    RETURNED: "牵头退回",
    SCORES: "得分核对稿",
    SLIPS: "督办单反馈",
    OPINIONS: "牵头核对意见",
    SLIP_REPLIES: "督办单反馈",
}


def title_of(path: Path, draft: LetterDraft) -> str:
    """Return what a letter is called in the list of those to be sent."""
    for prefix, title in _TITLES.items():
        if path.name.startswith(prefix):
            return title
    if draft.attached:
        return TO_CORRECT
    if any(file.must_come_again for file in draft.files):
        return TO_SEND_AGAIN
    return RECEIPT
