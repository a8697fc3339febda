"""A week in which thousands of issues were registered, and the forms of the next one, in which they stand."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice

from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import ISSUES
from tenproj_xl.ledger.issue_codes import NewIssue, issue_code
from tenproj_xl.ledger.store import open_ledger


def register_issues(workspace: Workspace, period: str, count: int) -> None:
    """Record issues beside those that the returns of a period registered, as `ingest` records them.

    Each is like one of these, with a description of its own, and from the same file.
    """
    snapshots = load(workspace).snapshots
    with open_ledger(workspace.ledger, who="benchmark") as ledger:
        rows = [row for row in ledger.accepted_rows(period) if row.sheet == ISSUES.code]
        with ledger.batch("ingest", datetime.now(UTC), snapshots):
            for number, row in enumerate(islice(cycle(rows), count), 1):
                description = f"{row.values['description']}：第{number}处"
                issue = NewIssue(parse_period(period).code, row.task_force, "", description)
                values = {**row.values, "description": description}
                code = issue_code(issue, ledger)
                ledger.record_row(
                    replace(row, code=code, values=values, typed={**row.typed, "description": description})
                )
