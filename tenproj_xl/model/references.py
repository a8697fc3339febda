"""References of letters as they stand in the subjects of answers: `回复：请报送…〔2026-W48-03-2〕`."""

import re

from tenproj_xl.core.texts import plain

_REFERENCE = re.compile(r"(?<![0-9A-Z-])[0-9]{4}(?:-[A-Z0-9]{1,4}){2,4}(?![0-9A-Z-])")
_AROUND_DASH = re.compile(r"(?<=[0-9A-Z]) ?- ?(?=[0-9A-Z])")
_LONGEST = 2000


def references_in(subject: str) -> tuple[str, ...]:
    """Return what may be references in a subject, each once, in their order.

    Programs make brackets, digits and dashes full-width, letters small, and fold a long line within it.
    Only a ledger knows whether there is such a letter.
    """
    text = " ".join(plain(subject[:_LONGEST]).upper().split())
    found = _REFERENCE.findall(_AROUND_DASH.sub("-", text))
    return tuple(dict.fromkeys(found))
