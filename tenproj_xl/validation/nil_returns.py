"""Nil returns: they reaffirm what was reported last, and cannot where nothing ever was."""

from collections.abc import Iterator, Sequence

from tenproj_xl.core.answers import Due
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place, finding, quoted
from tenproj_xl.core.sheets import TASKS
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry

_NAMED = 3
"""How many rows are named."""


def nothing_to_keep(entries: Sequence[Entry], place: Place, context: Context) -> Iterator[Finding]:
    """Find the rows of a nil return that are awaited, and on which nothing was ever reported."""
    reported = {(row.sheet, row.code) for row in context.reported} | context.answered_elsewhere
    never = []
    for e in entries:
        key = (e.row.sheet.code, e.code)
        if _is_awaited(e) and key not in reported and context.known.latest(*key) is None:
            never.append(e)
    if not never:
        return
    expected = "、".join(quoted(e.row.name) for e in never[:_NAMED])
    if len(never) > _NAMED:
        expected += f"等{len(never)}项"
    yield finding(Code.NIL_UNREPORTED, place, expected=expected)


def _is_awaited(e: Entry) -> bool:
    """Return whether a row is a task, or an indicator of which a new figure is asked for."""
    if not e.code:
        return False
    return e.row.sheet.code == TASKS.code or str(e.printed("asked") or "").startswith(Due.ASKED.label)
