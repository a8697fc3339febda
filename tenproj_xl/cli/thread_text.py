"""What is printed of the letter that a received file answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tenproj_xl.model.units import spoken_code

if TYPE_CHECKING:
    from tenproj_xl.app.results import FileResult


def thread_lines(file: FileResult) -> Iterator[str]:
    """Yield which letter the mail answers that a file came with."""
    thread = file.thread
    if thread is None:
        return
    letter = thread.letter
    if thread.is_contradicted:
        forms = "、".join(map(spoken_code, letter.recipients))
        yield f"    主题写的编号{letter.reference}是{forms}的信，与附件的表不同，以附件的表为准"
        return
    yield f"    回信：{letter.reference}"
    if thread.other:
        yield f"    信头写的是{thread.other}，与主题的编号不同，以主题为准"
