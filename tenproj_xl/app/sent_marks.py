"""What the office has marked as sent in 待发清单.xlsx, and how many letters wait still."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.deliveries import LetterState

if TYPE_CHECKING:
    from tenproj_xl.office.send_list import Marks

FOLDER, LIST = "待发", "待发清单.xlsx"


def letters_folder(workspace: Workspace, period: str) -> Path:
    """Return where the letters of a period are laid out."""
    return workspace.outbox / period / FOLDER


def sent_marks(workspace: Workspace, period: str) -> "Marks":
    """Return what the office has marked, nothing where there is no list."""
    # What reads the list loads only where letters wait.
    from tenproj_xl.office.send_list import Marks, marks_in  # noqa: PLC0415  # as above
    from tenproj_xl.reading.office_book import load_rows  # noqa: PLC0415  # as above

    path = letters_folder(workspace, period) / LIST
    if not path.exists():
        return Marks()
    (tables,) = load_rows(path)
    return marks_in(tables, path.name)


def letters_waiting(workspace: Workspace, ledger: LedgerView, period: Period) -> list[str]:
    """Return a sentence about the letters of a period that wait to be sent, none where all were."""
    letters = ledger.letters(period.code)
    waiting = {one.reference for one in letters if one.state.is_waiting}
    doubtful = {one.reference for one in letters if one.state.is_doubtful}
    sent = sum(one.state is LetterState.SENT for one in letters)
    told: list[str] = []
    if waiting or doubtful:
        marks = sent_marks(workspace, period.code)
        sent += len(marks.sent & (waiting | doubtful))
        waiting -= marks.sent
        doubtful -= marks.sent | marks.again
        told += unclear_marks(marks.unclear, waiting | doubtful)
    if doubtful:
        names = "、".join(sorted(doubtful))
        told.append(f"{names}发送结果不明，请在“已发送”中核对，再在“{LIST}”打√或写“再发”。")
    if waiting:
        folder = workspace.relative(letters_folder(workspace, period.code))
        told.append(f"待发{len(waiting)}封信（已发{sent}封），在 {folder}/，发出一封在“{LIST}”打√。")
    return told


def unclear_marks(unclear: Mapping[str, str], references: Collection[str]) -> Iterator[str]:
    """Yield a sentence about words in the list that may mean sent or not, at letters that may wait."""
    listed = [f"{reference}“{word}”" for reference, word in unclear.items() if reference in references]
    if listed:
        yield f"“{LIST}”的“已发”里，{'、'.join(listed)}看不出发没发，没有记为已发；发出去了的，请改为√。"
