"""The matrix as it is printed at the end of a run: what was reported of each client, format and action."""

from collections.abc import Iterator, Mapping

import pytest

Tried = tuple[str, str, str]
"""Client, action and format."""
RETURNED = pytest.StashKey[dict[Tried, str]]()
"""The verdicts of a run so far."""


def lines(returned: Mapping[Tried, str]) -> Iterator[str]:
    """A line for each action: programs and formats that led to the same verdict stand together."""
    actions: dict[str, dict[str, dict[str, list[str]]]] = {}
    for (client, action, ending), verdict in returned.items():
        actions.setdefault(action, {}).setdefault(verdict, {}).setdefault(client, []).append(ending)
    width = max(map(len, actions), default=0)
    for action, verdicts in actions.items():
        for verdict, clients in verdicts.items():
            by = ", ".join(f"{client} {' '.join(endings)}" for client, endings in clients.items())
            yield f"{action:<{width}}  {verdict} ({by})"
