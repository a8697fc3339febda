"""The matrix in docs/clients.md of clients, formats and actions; `python -m tests.clients.matrix` renews it."""

from collections.abc import Iterable
from pathlib import Path

from tenproj_xl.core.catalogue import Code
from tests.clients.cases import CASES, CHANGES, EVERYTHING, Case

PAGE = Path(__file__).parents[2] / "docs" / "clients.md"
START, END = "<!-- clients -->", "<!-- /clients -->"
_ALL_ROWS = sum(map(len, EVERYTHING.values()))


def tables() -> str:
    """Return the tables, made from what the tests assert."""
    return f"{_clients()}\n\n{_changes()}"


def _clients() -> str:
    """Return the table of unchanged forms: a line for a client and all formats with the same outcome."""
    groups: dict[tuple[str, int, bool, str], list[Case]] = {}
    for case in CASES:
        if case.action not in CHANGES:
            rows, exact = _ALL_ROWS - len(case.expected.lost), not case.expected.reads
            said = _codes(code for code, _, _ in case.expected.says)
            groups.setdefault((case.client, rows, exact, said), []).append(case)
    lines = [
        "| client | formats | what it did | recognised | values | reported |",
        "|---|---|---|---|---|---|",
    ]
    for (client, rows, exact, said), cases in groups.items():
        endings = " ".join(dict.fromkeys(f".{case.ending}" for case in cases))
        done = "; ".join(dict.fromkeys(case.action for case in cases))
        values = "exact" if exact else "as reported"
        lines.append(f"| {client} | {endings} | {done} | all {rows} rows | {values} | {said} |")
    return "\n".join(lines)


def _changes() -> str:
    """Return the table of changed forms: a line for each outcome and the actions that lead to it."""
    verdicts: dict[str, list[str]] = {}
    for action, (_, expected) in CHANGES.items():
        verdicts.setdefault(_codes(code for code, _, _ in expected.says), []).append(action)
    lines = ["| reported | what people did |", "|---|---|"]
    return "\n".join([*lines, *(f"| {said} | {'; '.join(actions)} |" for said, actions in verdicts.items())])


def _codes(codes: Iterable[Code]) -> str:
    return "、".join(f"{code.rule.title} `{code.rule.code}`" for code in dict.fromkeys(codes)) or "nothing"


def renewed(text: str) -> str:
    """Return the text of the page with renewed tables."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{tables()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
