"""Why something is late, and what is done about it: where that is due, 无 says nothing; else it is true."""

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import REASONS, Entry, is_none
from tenproj_xl.validation.figures import state_of


def is_about_no_reason(found: Finding, entry: Entry, context: Context) -> bool:
    """Return whether a finding is about 无 as a reason where none is due."""
    if found.code is not Code.EMPTY_WORDS:
        return False
    for name in REASONS:
        if name in entry.inputs and entry.place(name).cell == found.cell:
            return is_none(entry.typed(name)) and not _is_due(name, entry, context)
    return False


def _is_due(name: str, entry: Entry, context: Context) -> bool:
    """Return whether a reason is due, by what the sheet requires."""
    for required in entry.row.sheet.requires:
        if required.field != name:
            continue
        given = state_of(entry, context) if required.given == "state" else entry.value(required.given)
        if given in required.among:
            return True
    return False
