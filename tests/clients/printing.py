"""Print the matrix at the end of a run: the findings by client, format and action."""

from collections.abc import Iterator, Mapping

import pytest

Tried = tuple[str, str, str]
"""Client, action and format."""
RETURNED = pytest.StashKey[dict[Tried, str]]()
"""The verdicts of a run so far."""


def lines(returned: Mapping[Tried, str]) -> Iterator[str]:
    """Yield a line for each action, grouped by programs and formats with the same findings."""
    actions: dict[str, dict[str, dict[str, list[str]]]] = {}
    for (client, action, ending), verdict in returned.items():
        actions.setdefault(action, {}).setdefault(verdict, {}).setdefault(client, []).append(ending)
    width = max(map(len, actions), default=0)
    for action, verdicts in actions.items():
        for verdict, clients in verdicts.items():
            by = ", ".join(f"{client} {' '.join(endings)}" for client, endings in clients.items())
            yield f"{action:<{width}}  {verdict} ({by})"
