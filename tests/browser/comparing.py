"""Two offices after the same week: what lies in their folders and stands in their ledgers, entry by entry.

Each has a secret of its own, so tokens, and what is reckoned from the bytes of forms, differ.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.faults.state import State, state_of

_OF_A_SECRET = (
    re.compile(r"#[0-9a-f]{16}\b"),
    re.compile(r"(?<=请更正_)[0-9a-f]{6}(?=\.xlsx)"),
    re.compile(r'(?<="name": ")[0-9a-f]{16}(?=")'),
    re.compile(r'(?<="size": )\d+'),
    re.compile(r'(?<=\\"stamp\\": \\")\d+/\d+'),
)
"""What forms of the same content differ in: hashes, sizes of packed files."""
_ROW = re.compile(r'\\"~\\": \[.*?\}\](, )?')
"""A row of a form under its masked token: rows are kept in the order of their tokens, another in each office."""


def differences(one: Path, other: Path) -> Iterator[str]:
    """Yield what another office has otherwise, this being the one to go by."""
    yield from _plain(state_of(one, is_new=True)).differences(_plain(state_of(other, is_new=True)))


def _plain(state: State) -> State:
    ledger = {table: Counter(map(_masked, rows.elements())) for table, rows in state.ledger.items()}
    files = {_masked(name): contents for name, contents in state.files.items()}
    return replace(state, ledger=ledger, files=files)


def _masked(text: str) -> str:
    for differs in _OF_A_SECRET:
        text = differs.sub("~", text)
    rows = sorted(match[0].removesuffix(", ") for match in _ROW.finditer(text))
    return "".join((_ROW.sub("", text), *rows))
