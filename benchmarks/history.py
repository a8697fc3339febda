"""Compare commands with years of history behind them and with next to none, on the same period in one run.

    python -m benchmarks.history [--weeks 100] [--province 100]

Two workspaces are at the same week, with the same forms and returns. In one a week lies behind it, in the
other many: copies of that week, with a figure of each indicator for each month, and with issues that are
signed off after eight weeks. The seconds are of the processor, of this process and of those that it starts.
"""

import argparse
import resource
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.province import province
from benchmarks.returns import Sending, issue_and_send, send_issued
from tenproj_xl.app.generate import generate
from tenproj_xl.app.history import history
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.status import status
from tenproj_xl.app.verify_entries import verify_new_entries
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.files import sha256
from tenproj_xl.core.periods import Frequency, Period, parse_period, period_of, week_of
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.model.decisions import Decision, Verdict
from tenproj_xl.model.history import Reported
from tenproj_xl.model.issued import SentForm
from tenproj_xl.model.published import Published
from tenproj_xl.model.receipts import Receipt

FIRST, NOW = "2026-W47", "2026-W48"
LIFE_OF_ISSUES = 8
"""Weeks until an issue is signed off."""
RUNS = 3


def seconds(act: Callable[[], object]) -> float:
    """Return the processor's seconds for something, those of finished child processes included."""
    start = _processor()
    act()
    return _processor() - start


def _processor() -> float:
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Past:
    """A week that was taken in, to be recorded again for weeks before it."""

    def __init__(self, ledger: Ledger, period: Period, deadline: datetime) -> None:
        self.deadline = deadline
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

        ledger.record_period(week, at(self.deadline), at(self.deadline).date())
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
        month, month_before = (
            period_of(week.first - timedelta(weeks=weeks), Frequency.MONTH) for weeks in (4, 5)
        )
        for row in self.rows:
            if row.sheet == "indicators" and month == month_before:
                continue  # its figure was asked for, and given, in an earlier week
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
    loaded, first = load(workspace), parse_period(FIRST)
    with open_ledger(workspace.ledger, who="benchmark") as ledger:
        past = Past(ledger, first, loaded.settings.deadline(first))
        for age in range(weeks, 0, -1):
            week = week_of(first.last - timedelta(weeks=age))
            with ledger.batch("merge", datetime.now(UTC), loaded.snapshots):
                past.record(ledger, age, week)
                if age % LIFE_OF_ISSUES == 1 and age > LIFE_OF_ISSUES:
                    past.sign_off(ledger, age, week)
    verify_new_entries(workspace)  # as each week's own commands have done


def measured(root: Path, run: int, *, by_unit: bool) -> dict[str, float]:
    """Return the seconds of each command in a copy of a workspace."""
    copy = root.with_name(f"{root.name}-{run}")
    shutil.copytree(root, copy)
    workspace = Workspace(copy)
    code = load(workspace).plan.indicators[0].code
    taken = {"generate": seconds(lambda: generate(workspace, NOW, by_unit=by_unit))}
    send_issued(workspace, NOW, Sending(by_unit=by_unit))
    taken["merge"] = seconds(lambda: merge(workspace, NOW))
    taken["status"] = seconds(lambda: status(workspace, NOW))
    taken["history"] = seconds(lambda: history(workspace, code))
    shutil.rmtree(copy)
    return taken


def compared(weeks: int, recipients: int = 0, runs: int = RUNS) -> Mapping[str, tuple[float, float]]:
    """Return the seconds of each command with one week behind it, and with many: the fastest of some runs.

    The workspace is that of the district, or of a province of so many recipients.
    """
    by_unit = recipients > 0
    with tempfile.TemporaryDirectory() as folder:
        little, much = Path(folder).resolve() / "little", Path(folder).resolve() / "much"
        workspace = Workspace(little)
        if by_unit:
            province(little, recipients)
        else:
            initialise(workspace)
        issue_and_send(workspace, FIRST, Sending(by_unit=by_unit))
        merge(workspace, FIRST)
        shutil.copytree(little, much)
        with_history(Workspace(much), weeks - 1)
        taken = [
            tuple(measured(root, run, by_unit=by_unit) for root in (little, much)) for run in range(runs)
        ]
    return {
        command: (min(few[command] for few, _ in taken), min(many[command] for _, many in taken))
        for command in taken[0][0]
    }


def main() -> None:
    """Print the seconds of each command with little and with much history, and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weeks", type=int, default=100, help="weeks behind the period at hand")
    parser.add_argument("--province", type=int, default=0, help="recipients of a province, not the district")
    given = parser.parse_args()
    print(f"1 week and {given.weeks} weeks behind {NOW}")
    for command, (first, last) in compared(given.weeks, given.province).items():
        print(f"{command:9} {first:6.2f} s {last:6.2f} s  {last / first:.2f} times")


if __name__ == "__main__":
    main()
