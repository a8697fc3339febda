"""Papers made again as of a moment: part by part what was made then, whatever was recorded since."""

import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tenproj_xl.app.as_of import remake
from tenproj_xl.app.merge import merge
from tenproj_xl.app.read_workbooks import load_snapshots
from tenproj_xl.app.report import report
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.cli.main import main
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.ledger.as_of import ledger_as_of
from tenproj_xl.ledger.journal_files import journal_folder
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.schema import LEDGER_FILE
from tenproj_xl.model.issued import Snapshots
from tests.conftest import PERIOD
from tests.helpers.filling import Office, sent_out
from tests.helpers.snapshot import snapshot
from tests.helpers.times import Clock, moment

FRIDAY = "2099-11-27 17:30"
"""When the week was merged; the years are those of the tests' clock."""
REPORTS = {"meeting": PERIOD, "month": "2026-11"}


def parts(path: Path) -> dict[str, bytes]:
    """The members of a workbook or document by name; a page is one."""
    if path.suffix == ".html":
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def all_parts(paths: tuple[Path, ...]) -> dict[str, dict[str, bytes]]:
    return {path.name: parts(path) for path in paths}


def edited(path: Path, sheet: str, row: str, column: int, new: str | int) -> None:
    """Type into a workbook of the office: into the first row that holds a text, and a column counted from 1."""
    book = load_workbook(path)
    found = next(cells for cells in book[sheet].iter_rows() if row in [cell.value for cell in cells])
    found[column - 1].value = new
    book.save(path)


@dataclass(frozen=True)
class Past:
    """A workspace in which much was recorded since the papers of a Friday were made, and what these held."""

    workspace: Workspace
    kept: dict[str, dict[str, dict[str, bytes]]]


def papers(workspace: Workspace) -> dict[str, dict[str, dict[str, bytes]]]:
    """Make all papers; return what they hold by edition."""
    merged = merge(workspace, PERIOD, "王主任")
    made = {"week": all_parts((merged.rollup, *merged.beside))}
    for edition, period in REPORTS.items():
        made[edition] = all_parts(report(workspace, edition, period, now=moment(FRIDAY)).written)
    return made


@pytest.fixture(scope="module")
def past(later: Office, tmp_path_factory: pytest.TempPathFactory) -> Past:
    """03 returned W48 before the merge; then come returns, a correction, a withdrawal, edits, and a later week."""
    root = tmp_path_factory.mktemp("past") / "工作区"
    shutil.copytree(later.workspace.root, root)
    office = Office.of(Workspace(root), PERIOD)
    workspace = office.workspace
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        clock.set("2099-11-26 10:00")
        office.send(office.right("03"), "03.xlsx", hours=-20)
        office.send(office.right("08"), "08.xlsx", hours=-20)
        clock.set(FRIDAY)
        kept = papers(workspace)
        clock.set("2099-11-30 09:00")
        office.send(office.right("04"), "04.xlsx", hours=30)
        correction = office.right("03")
        correction.write("indicators", "Z03-04", value=99.0)
        office.send(correction, "03更正.xlsx", hours=31)
        merge(workspace, PERIOD)
        withdraw(workspace, "08.xlsx", "报错了单位")
        clock.set("2099-12-01 09:00")
        edited(workspace.plan, "主要指标", "Z03-04", 3, "改了名的指标")
        edited(workspace.settings, "参数", "略滞后界限", 2, 1)
        next_week = sent_out(workspace, "2026-W49")
        next_week.send(next_week.right("03"), "03下周.xlsx")
        merge(workspace, "2026-W49")
    return Past(workspace, kept)  # with the clock as it is: workspaces that others share may be made next


@pytest.mark.parametrize("edition", ["week", *REPORTS])
def test_a_paper_as_of_then_is_part_by_part_the_one_that_was_made_then(past: Past, edition: str) -> None:
    signed_by = "王主任" if edition == "week" else ""
    done = remake(past.workspace, FRIDAY, edition, REPORTS.get(edition, PERIOD), signed_by)
    assert all_parts(done.written) == past.kept[edition]
    if edition == "week":
        (now,) = (past.workspace.outbox / PERIOD / "汇总").glob("*汇总表.xlsx")
        assert parts(now) != parts(done.written[0])
    assert {path.parent.name for path in done.written} == {"按当时_2099-11-27T1730"}


def test_nothing_is_taken_in_or_recorded_and_only_the_papers_are_written(past: Past) -> None:
    waiting = past.workspace.inbox / "来晚了.xlsx"
    waiting.write_bytes(b"PK\x03\x04")
    before = snapshot(past.workspace.root)
    done = remake(past.workspace, "2099-11-28", "week", PERIOD)
    waiting.unlink()
    after = snapshot(past.workspace.root)
    new = {path for path in after.keys() - before.keys() if not path.endswith("_2099-11-28")}
    assert new == {past.workspace.relative(path) for path in done.written}
    assert snapshot(past.workspace.ledger) == {
        path.removeprefix("ledger/") if path != "ledger" else ".": entry
        for path, entry in before.items()
        if path.split("/")[0] == "ledger"
    }


def test_a_day_means_its_end_and_a_minute_its_last_second(past: Past) -> None:
    with pytest.raises(UsageProblem, match="还没有下发过"):
        remake(past.workspace, "2099-11-30", "week", "2026-W49")
    assert remake(past.workspace, "2099年12月1日", "week", "2026-W49").recorded_at.hour == 9
    assert remake(past.workspace, "2099-11-30T09:00", "week", PERIOD).recorded_at.day == 30
    assert remake(past.workspace, "2099-11-30 08:59", "week", PERIOD).recorded_at.day == 27


def test_the_view_of_the_past_answers_as_the_ledger_did(past: Past) -> None:
    """The latest view is made anew: what was withdrawn since stands, what was recorded since does not."""
    with look_into_ledger(past.workspace.ledger) as now:
        last = now.last_batch()
        assert last is not None
        with ledger_as_of(now, last.at) as same:
            assert same.history() == now.history()
            assert same.sequence() == now.sequence()
    with look_into_ledger(past.workspace.ledger) as now, ledger_as_of(now, moment(FRIDAY)) as then:
        assert {row.file for row in then.accepted_rows(PERIOD)} == {"03.xlsx", "08.xlsx"}
        assert then.withdrawals() == {}
        assert then.is_reported("indicators", "Z03-04")


def command(past: Past, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(past.workspace.root), *words])


def test_the_command_line_says_by_which_ledger_and_where(past: Past) -> None:
    done = command(past, "merge", "--period", PERIOD, "--as-of", "2099-11-28")
    assert done.exit_code == 0, done.stderr
    assert "已照2099年11月28日 23:59的台账重做，没有接收回表，没有记账" in done.stderr
    assert "当时台账的最后一笔记于2099-11-27 17:30:00。" in done.stderr
    done = command(past, "report", "--month", "2026-11", "--as-of", "２０９９-11-28", "--json")
    told = json.loads(done.stdout)
    assert (told["period"], told["as_of"]) == ("2026-11", "2099-11-28T23:59:59+08:00")
    assert told["recorded_at"] == "2099-11-27T17:30:00+08:00"
    assert all((past.workspace.root / path).exists() for path in told["written"])
    assert {path.split("/")[2] for path in told["written"]} == {"按当时_2099-11-28"}


@pytest.mark.parametrize(
    "typed", ["昨天", "2026-13-01", "2026-12-04 25:00", "12-04", "9999-12-31", "0001-01-01 08:00"]
)
def test_what_is_no_moment_is_told_with_an_example(past: Past, typed: str) -> None:
    done = command(past, "merge", "--period", PERIOD, "--as-of", typed)
    assert done.exit_code == 2
    assert f"“{typed}”不是时间，--as-of 应写如 2026-12-04" in done.stderr


def test_before_the_first_entry_there_is_nothing_to_ask_for(past: Past) -> None:
    done = command(past, "merge", "--period", PERIOD, "--as-of", "2001-01-01")
    assert done.exit_code == 2
    assert "到2001-01-01为止，台账里还没有记录" in done.stderr


def test_plan_and_settings_are_read_again_from_what_a_batch_kept_as_from_the_workbooks(week: Office) -> None:
    loaded = load(week.workspace)
    then = load_snapshots(loaded.snapshots)
    assert (then.plan, then.settings, then.snapshots) == (loaded.plan, loaded.settings, loaded.snapshots)


def test_settings_that_this_version_cannot_read_are_not_guessed_at(week: Office) -> None:
    loaded = load(week.workspace)
    spoilt = Snapshots(loaded.snapshots.plan, loaded.snapshots.settings.replace('"17:00"', '"99:00"'))
    with pytest.raises(EnvironmentProblem, match="不能照当时重做"):
        load_snapshots(spoilt)


def test_a_workspace_without_a_ledger_has_no_past(week: Office) -> None:
    (week.workspace.ledger / LEDGER_FILE).unlink()
    shutil.rmtree(journal_folder(week.workspace.ledger))  # else it is one whose ledger is lost
    with pytest.raises(UsageProblem, match="没有可以查的过去"):
        remake(week.workspace, "2026-12-04", "week", PERIOD)
