"""The command `check`: say what would become of files, without recording, writing or moving anything."""

from collections.abc import Sequence
from pathlib import Path

from tenproj_xl.app.judge_files import judge_files
from tenproj_xl.app.open_matters import undecided
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.recording import rows_to_come
from tenproj_xl.app.results import Ingested
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.garbage import gc_paused
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.conflicts import conflicts
from tenproj_xl.model.history import Reported
from tenproj_xl.reading.inbox import receive


@gc_paused()
def check(workspace: Workspace, paths: Sequence[Path], period_code: str | None = None) -> Ingested:
    """Say what would become of files, of each as if it came alone; nothing is recorded, written or moved.

    Raises:
        UsageProblem: A file is not there.
    """
    for path in paths:
        if not path.is_file():
            raise UsageProblem(f"没有找到文件“{path}”，请核对路径和文件名。")
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        loaded = with_issued(loaded, ledger)
        plans, expected = in_force(loaded, ledger), issued_period(period_code, loaded, ledger)
        received = receive(paths, largest=loaded.settings.limits.size)
        done = judge_files(received, plans, ledger, expected, apart=True)
        recorded: list[Reported] = []
        for code in sorted({file.period for file in done.files if file.judgement}):
            recorded += ledger.accepted_rows(code)
        new_rows = rows_to_come(done.files, recorded)
        hashes = {row.sha256 for row in new_rows}
        found = [
            conflict
            for conflict in conflicts([*recorded, *new_rows], ledger.conflict_decisions())
            if hashes.intersection(row.sha256 for row in conflict.reports)
        ]
        return Ingested(
            files=done.files,
            has_open_files=any(file.needs_a_person for file in done.files),
            conflicts=undecided(found, loaded.plan),
        )
