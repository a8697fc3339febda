"""Compare commands with years of history behind them and with next to none, on the same period in one run.

    python -m benchmarks.history [--weeks 100]

Two workspaces are at the same week, with the same forms and returns. In one a week lies behind it, in the
other many: copies of that week, with other figures' periods, and with issues that are signed off after eight
weeks. The seconds are of the processor, of this process and of those that it starts.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tenproj_xl.app.generate import generate
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.cli.clerks import Office, answers, filled, issue_forms
from tenproj_xl.core.files import sha256
from tenproj_xl.core.periods import Frequency, Period, parse_period, period_of, week_of
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.model.decisions import Decision, Verdict
from tenproj_xl.model.history import Receipt, Reported
from tenproj_xl.model.issued import SentForm
from tenproj_xl.model.published import Published

FIRST, NOW = "2026-W47", "2026-W48"
LIFE_OF_ISSUES = 8
"""Weeks until an issue is signed off."""
RUNS = 3


def seconds(act: Callable[[], object]) -> float:
    """Return the processor's seconds for something, those of finished child processes included."""
    start = os.times()
    act()
    end = os.times()
    return sum(end[:4]) - sum(start[:4])


def send(office: Office) -> None:
    """Fill the forms of a period in and put them into the inbox."""
    for code, form in office.forms.items():
        office.send(filled(office, code, answers(form, 0)))


class Past:
    """A week that was taken in, to be recorded again for weeks before it."""

    def __init__(self, ledger: Ledger, period: Period) -> None:
        self.rows: list[Reported] = ledger.accepted_rows(period.code)
        self.receipts: list[Receipt] = ledger.receipts(period.code)
        self.forms: dict[str, SentForm] = {
            r: ledger.sent(period.code, r) for r in ledger.recipients(period.code)
        }
        (self.published,) = ledger.published_before(week_of(period.last + timedelta(days=1)), 1)

    def record(self, ledger: Ledger, age: int, week: Period) -> None:
        """Record the week once more, as if it had been some weeks ago."""
        shift = timedelta(weeks=age)

        def at(moment: datetime) -> datetime:
            return moment - shift

        for recipient, form in self.forms.items():
            rows = [
                replace(row, token=f"{row.token[:-4]}{age:03}z", period=week.code)
                for row in form.rows.values()
            ]
            ledger.record_issue(week.code, recipient, rows, form.columns)
        for receipt in self.receipts:
            digest = sha256(f"{receipt.sha256}/{age}".encode())
            ledger.record_file(digest, receipt.file, 1, at(receipt.received_at))
            ledger.record_receipt(
                replace(receipt, sha256=digest, period=week.code, received_at=at(receipt.received_at))
            )
        month = period_of(week.first - timedelta(days=28), Frequency.MONTH)
        for row in self.rows:
            digest = sha256(f"{row.sha256}/{age}".encode())
            values = dict(row.values)
            if row.sheet == "indicators":
                values["data_period"] = month.dated_label
            again = replace(row, period=week, sha256=digest, values=values, received_at=at(row.received_at))
            ledger.record_row(replace(again, code=self.code(row, age)))
        ledger.record_merge(Published(week, ledger.sequence(), self.published.numbers, self.published.rows))

    def code(self, row: Reported, age: int) -> str:
        """Return the code of a row; issues change theirs with each generation."""
        generation = (age - 1) // LIFE_OF_ISSUES
        if row.sheet != "issues" or not generation:
            return row.code
        return f"{row.code[:-3]}{900 - 9 * generation + int(row.code[-3:]):03}"

    def sign_off(self, ledger: Ledger, age: int, week: Period) -> None:
        """Sign off all issues of a generation that ends in a week."""
        for code in {self.code(row, age) for row in self.rows if row.sheet == "issues"}:
            decision = Decision(
                issue=code,
                on=week.last,
                by="王主任",
                upon=week,
                verdict=Verdict.SIGN_OFF,
                token=code,
                sha256=f"{age}",
            )
            ledger.record_decision(decision)


def with_history(workspace: Workspace, weeks: int) -> None:
    """Record weeks before the one that the workspace has, the oldest first."""
    snapshots, first = load(workspace).snapshots, parse_period(FIRST)
    with open_ledger(workspace.ledger, who="benchmark") as ledger:
        past = Past(ledger, first)
        for age in range(weeks, 0, -1):
            week = week_of(first.last - timedelta(weeks=age))
            with ledger.batch("merge", datetime.now(UTC), snapshots):
                past.record(ledger, age, week)
                if age % LIFE_OF_ISSUES == 1 and age > LIFE_OF_ISSUES:
                    past.sign_off(ledger, age, week)


def measured(root: Path, run: int) -> dict[str, float]:
    """Return the seconds of each command in a copy of a workspace."""
    copy = root.with_name(f"{root.name}-{run}")
    shutil.copytree(root, copy)
    workspace = Workspace(copy)
    taken = {"generate": seconds(lambda: generate(workspace, NOW))}
    send(Office.of(workspace, NOW))
    taken["merge"] = seconds(lambda: merge(workspace, NOW))
    taken["status"] = seconds(lambda: status(workspace, NOW))
    shutil.rmtree(copy)
    return taken


def compared(weeks: int) -> Mapping[str, tuple[float, float]]:
    """Return the seconds of each command with one week behind it, and with many: the fastest of some runs."""
    with tempfile.TemporaryDirectory() as folder:
        little, much = Path(folder).resolve() / "little", Path(folder).resolve() / "much"
        workspace = Workspace(little)
        initialise(workspace)
        send(issue_forms(workspace, FIRST))
        merge(workspace, FIRST)
        shutil.copytree(little, much)
        with_history(Workspace(much), weeks - 1)
        runs = [(measured(little, run), measured(much, run)) for run in range(RUNS)]
    return {
        command: (min(few[command] for few, _ in runs), min(many[command] for _, many in runs))
        for command in runs[0][0]
    }


def main() -> None:
    """Print the seconds of each command with little and with much history, and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weeks", type=int, default=100, help="weeks behind the period at hand")
    weeks = parser.parse_args().weeks
    print(f"1 week and {weeks} weeks behind {NOW}")
    for command, (first, last) in compared(weeks).items():
        print(f"{command:9} {first:6.2f} s {last:6.2f} s  {last / first:.2f} times")


if __name__ == "__main__":
    main()
