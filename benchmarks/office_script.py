"""Compare `tenproj merge` with the script that an office would write, on the same returns in one run.

    python benchmarks/office_script.py [--weeks 20]

The script globs the inbox, reads three sheets of each workbook with `pandas.read_excel` and openpyxl,
concatenates them and writes one workbook: no checks, no history, no formatting. Both run as whole processes.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.clerks import answers, filled, issue_forms
from tenproj_xl.core.periods import parse_period, week_of
from tenproj_xl.ledger.looking import look_into_ledger

SCRIPT = """
import sys, glob, pandas as pd
sheets = ["主要指标进度表", "重点任务进度表", "问题销号进度表"]
found = {s: [] for s in sheets}
for path in glob.glob(sys.argv[1] + "/*.xlsx"):
    for sheet in sheets:
        found[sheet].append(pd.read_excel(path, sheet_name=sheet, header=3, engine="openpyxl"))
with pd.ExcelWriter(sys.argv[2]) as book:
    for sheet in sheets:
        pd.concat(found[sheet]).to_excel(book, sheet_name=sheet, index=False)
"""


def seconds(*command: str) -> float:
    """Return the seconds of a whole process; exit code 1 means that a sender has something to correct."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own commands
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return time.perf_counter() - start


def prepare(workspace: Workspace, weeks: int) -> str:
    """Fill in and send the forms of some weeks; return the code of the last week."""
    initialise(workspace)
    week = parse_period("2026-W10")
    for _ in range(weeks):
        office = issue_forms(workspace, week.code)
        for code, form in office.forms.items():
            office.send(filled(office, code, answers(form, 0)))
        week = week_of(week.last + timedelta(days=1))
    return week_of(week.first - timedelta(days=1)).code


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weeks", type=int, default=3, help="weeks of ten returns each")
    weeks = parser.parse_args().weeks
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder).resolve())
        last = prepare(workspace, weeks)
        count = len(list(workspace.inbox.glob("*.xlsx")))
        script = seconds(sys.executable, "-c", SCRIPT, str(workspace.inbox), f"{folder}/script.xlsx")
        merge = seconds(sys.executable, "-m", "tenproj_xl.cli.main", "-C", folder, "merge", "--period", last)
        with look_into_ledger(workspace.ledger) as ledger:
            accepted = sum(r.status.is_return for r in ledger.receipts())
    print(
        f"{count} returns, {accepted} accepted: office script {script:.2f} s, tenproj merge {merge:.2f} s, ",
        end="",
    )
    print(f"{script / merge:.1f} times as fast, checks, ledger and looks included")


if __name__ == "__main__":
    main()
