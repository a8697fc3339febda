"""A workspace that 0.2.1 made goes on: the daily commands of this version work on it (see tests/kept/README.md)."""

import csv
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import tenproj_xl
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.cli.main import main
from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.ledger.proof import KEYS, verify
from tenproj_xl.ledger.schema import CURRENT
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.model.slips import Level
from tests.helpers.address_book import contact
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling
from tests.helpers.plan_book import plan_book
from tests.helpers.rollup_reading import one, table
from tests.helpers.snapshot import snapshot
from tests.office.test_meeting import ITEM, MeetingFile
from tests.office.test_signoff import saved

KEPT = Path(__file__).parents[1] / "kept" / "workspace-0.2.1.zip"
EARLIER, PERIOD, NEXT = "2026-W42", "2026-W48", "2026-W49"
ISSUE = "W03-2026-001"
HOUR_BEFORE = datetime(2026, 11, 27, 16, tzinfo=ZoneInfo("Asia/Shanghai"))
GREEN = "FF006633"
"""Of titles, as the office has restyled its template."""


@pytest.fixture
def kept(tmp_path: Path) -> Workspace:
    """A copy of the workspace, as an office that has just updated the program has it."""
    with zipfile.ZipFile(KEPT) as archive:
        archive.extractall(tmp_path / "工作区")
    return Workspace(tmp_path / "工作区")


def run(workspace: Workspace, *arguments: str, code: int = 0) -> dict[str, Any]:
    """Run a command and return its document."""
    done = CliRunner().invoke(main, ["-C", str(workspace.root), *arguments, "--json"])
    assert done.exit_code == code, f"{arguments}: {done.exit_code}\n{done.stdout}\n{done.stderr}"
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.fixture
def ledger(kept: Workspace) -> Iterator[Ledger]:
    with open_ledger(kept.ledger, who="tests") as opened:
        yield opened


def outbox(workspace: Workspace, pattern: str) -> Path:
    (path,) = workspace.outbox.glob(pattern)
    return path


def form_of_03(workspace: Workspace) -> Filling:
    """The form that 0.2.1 sent to 03 for this week, filled in as a clerk does."""
    form = Filling(outbox(workspace, f"{PERIOD}/填报表/03_*.xlsx"))
    form.write("indicators", "Z03-01", value=11, nature="部门统计")
    form.write("indicators", "Z03-02", value=2.2, nature="统计核定")
    form.write("indicators", "Z03-04", value=12.5, nature="部门统计")
    form.write("tasks", "R03-01", status="序时推进", progress="资金已到位，按计划推进")
    form.write("tasks", "R03-02", status="序时推进", progress="按计划推进")
    form.write(
        "issues",
        ISSUE,
        status="申请销号",
        applied_on=date(2026, 11, 26),
        evidence="批复",
        lead_opinion="同意",
    )
    form.write("issues", ISSUE, progress="指标已落实")
    form.cover(**SIGNED)
    return form


def come_back(workspace: Workspace, form: Filling) -> dict[str, Any]:
    """Put a form into the inbox, an hour before the deadline, and take it in; return what became of it."""
    form.save(workspace.inbox / form.name, HOUR_BEFORE)
    (file,) = run(workspace, "ingest", "--period", PERIOD)["files"]
    return dict(file)


def fill_in(path: Path, sheet: str, head: int, row: tuple[str, str], **values: object) -> Path:
    """Fill in a row of a workbook of the office: by header and text of the cell that names the row."""
    book = load_workbook(path)
    page = book[sheet]
    columns = {str(cell.value): n for n, cell in enumerate(page[head], 1)}
    (number,) = (
        n for n in range(head + 1, page.max_row + 1) if page.cell(n, columns[row[0]]).value == row[1]
    )
    for header, value in values.items():
        page.cell(number, columns[header]).value = value  # type: ignore[assignment]  # whatever a person types
    book.save(path)
    return path


# --- the ledger


def test_its_ledger_goes_forward_and_every_entry_is_proven(kept: Workspace) -> None:
    path = kept.ledger / "台账.sqlite3"
    before = path.read_bytes()
    run(kept, "ingest")
    (backup,) = kept.ledger.glob("台账-第1版备份-*.sqlite3")
    with closing(sqlite3.connect(path)) as after, closing(sqlite3.connect(backup)) as copy:
        after.row_factory = sqlite3.Row
        assert after.execute("PRAGMA user_version").fetchone()[0] == CURRENT
        assert verify(after).breaches == ()
        kinds = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for kind in kinds & set(KEYS):
            kept_entries = copy.execute(f"SELECT * FROM {kind}")
            columns = ", ".join(name for name, *_ in kept_entries.description)
            entries = after.execute(f"SELECT {columns} FROM {kind} WHERE encoding = 1").fetchall()
            assert list(map(tuple, entries)) == kept_entries.fetchall()
    assert len(before) == backup.stat().st_size


def test_its_ledger_is_proven_backed_up_and_handed_over_once_it_has_gone_forward(
    kept: Workspace, tmp_path: Path
) -> None:
    before = (kept.ledger / "台账.sqlite3").read_bytes()
    for command in (("verify",), ("backup", str(tmp_path / "备份.zip"))):
        assert "没有校验链" in run(kept, *command, code=3)["error"]
    assert (kept.ledger / "台账.sqlite3").read_bytes() == before
    run(kept, "ingest")
    assert run(kept, "verify")["discrepancies"] == []
    run(kept, "backup", str(tmp_path / "备份.zip"))
    assert run(kept, "archive", "--year", "2026", "--no-pages")["missing"] == []
    assert run(kept, "handover")["written"]


def test_what_it_stored_in_words_is_read_as_codes(ledger: Ledger) -> None:
    closed, still_open = ledger.register().slips
    assert (closed.level, still_open.level) == (Level.YELLOW, Level.YELLOW)
    assert ledger.register().open == (still_open,)
    (decision,) = ledger.history().decisions
    assert (decision.level, decision.verdict) == (DecisionLevel.SUPERIOR, None)
    latest = ledger.history().latest("issues", ISSUE)
    assert latest is not None
    assert latest.values["suggested_level"] is DecisionLevel.SUPERIOR


# --- commands that look


def test_status_tells_what_is_out_and_what_waits_for_a_correction(kept: Workspace) -> None:
    states = {line["task_force"]: line["state"] for line in run(kept, "status")["returns"]}
    assert states == {"02": "to_correct", "03": "missing", "05": "not_owed"}


def test_plan_settings_rules_and_template_in_its_words_are_understood(kept: Workspace) -> None:
    (doubt,) = run(kept, "plan", "check")["findings"]
    assert doubt["code"] == "plan_nobody_responsible"
    settings = load(kept).settings
    assert (settings.slow, settings.soon_days) == (0.06, 10)
    assert run(kept, "rules")["rules"]
    codes = {finding["code"] for finding in run(kept, "template", "check")["findings"]}
    assert codes == {"template_field_missing"}


def test_a_form_of_0_2_1_may_be_checked_before_it_is_sent(kept: Workspace, tmp_path: Path) -> None:
    path = form_of_03(kept).save(tmp_path / "03.xlsx")
    (file,) = run(kept, "check", str(path))["files"]
    assert (file["status"], file["findings"]) == ("accepted", [])


# --- what it sent out comes back


def test_a_form_of_0_2_1_comes_back_and_is_accepted(kept: Workspace) -> None:
    file = come_back(kept, form_of_03(kept))
    assert (file["status"], file["findings"]) == ("accepted", [])
    with open_ledger(kept.ledger, who="tests") as opened:
        rows = {row.code: row for row in opened.accepted_rows(PERIOD)}
    assert rows["Z03-04"].values["value"] == 12.5
    assert rows["R03-01"].values["progress"] == "资金已到位，按计划推进"


def test_a_correction_workbook_of_0_2_1_comes_back_and_settles_the_return(kept: Workspace) -> None:
    form = Filling(outbox(kept, f"{PERIOD}/退回更正/02_*.xlsx"))
    form.write("tasks", "R02-01", status="序时推进", progress="按计划推进")
    assert come_back(kept, form)["status"] == "accepted"
    states = {line["task_force"]: line["state"] for line in run(kept, "status")["returns"]}
    assert states["02"] == "accepted"


def test_a_form_of_an_earlier_period_comes_back_late_and_is_filed_under_it(kept: Workspace) -> None:
    form = Filling(outbox(kept, f"{EARLIER}/填报表/05_*.xlsx"))
    form.cover(**SIGNED, nil_return="是")
    file = come_back(kept, form)
    assert [finding["code"] for finding in file["findings"]] == ["late_period"]
    assert (file["status"], file["period"]) == ("accepted_with_warnings", EARLIER)


def test_the_correction_that_0_2_1_took_in_is_known_when_it_comes_again(kept: Workspace) -> None:
    with open_ledger(kept.ledger, who="tests") as opened:
        taken = next(file for file in opened.accepted_files() if "请更正" in file.file)
    archived = next(kept.archive.rglob(taken.sha256))
    shutil.copy(archived, kept.inbox / taken.file)
    (file,) = run(kept, "ingest")["files"]
    assert file["status"] == "duplicate"


# --- the next period, and what leaders read


def test_the_next_forms_start_from_what_was_reported_to_0_2_1_and_keep_the_look(kept: Workspace) -> None:
    run(kept, "generate", "--period", NEXT)
    form = Filling(outbox(kept, f"{NEXT}/填报表/03_*.xlsx"))
    assert form.value("indicators", "Z03-04", "last_value") == "10.2"
    assert form.value("issues", ISSUE, "description") == "项目用地指标尚未落实"
    assert form.tab("tasks")["B1"].font.color.rgb == GREEN
    assert "verification" in form.columns("tasks")


def test_a_bureau_of_a_workspace_of_0_2_1_gets_a_form_for_each_section_in_the_next_period(
    kept: Workspace,
) -> None:
    form = form_of_03(kept)
    run(kept, "init")
    contact(kept, "区科技局", "规划科A岗", section="规划科", task_forces="03")
    contact(kept, "区科技局", "成果科A岗", section="成果科")
    with plan_book(kept) as plan:
        page = plan.book["主要指标"]
        page.cell(2, page.max_column + 1).value = "承办科室"
        plan.set("主要指标", "Z03-04", 承办科室="成果科")
    run(kept, "generate", "--period", NEXT, "--by", "unit")
    sections = {
        name: Filling(outbox(kept, f"{NEXT}/填报表/区科技局{name}_*.xlsx")) for name in ("规划科", "成果科")
    }
    assert sections["成果科"].value("indicators", "Z03-04", "last_value") == "10.2"
    assert sections["规划科"].value("indicators", "Z03-04", "filled_by") == "由区科技局成果科填报"
    assert sections["规划科"].value("issues", ISSUE, "description") == "项目用地指标尚未落实"
    assert come_back(kept, form)["status"] in ("accepted", "accepted_with_warnings")


def test_template_update_adds_the_new_column_and_keeps_the_look(kept: Workspace) -> None:
    run(kept, "template", "update")
    assert run(kept, "template", "check")["findings"] == []
    assert {page["B1"].font.color.rgb for page in load_workbook(kept.template)} == {GREEN}


def test_merge_tells_what_has_changed_since_the_roll_up_of_0_2_1(kept: Workspace) -> None:
    come_back(kept, form_of_03(kept))
    rollup = kept.root / run(kept, "merge", "--period", PERIOD)["rollup"]
    changes = table(rollup, "本期变化")
    told = {(line["编号"], line["变化"]) for line in changes.to_dict("records")}
    figures = {(f"Z{number}", "有更新") for number in ("02-01", "02-02", "03-01", "03-04")}
    verdict = {("Z03-02", "数据修订"), ("Z03-02", "转好")}  # 待核定, and met by the verified figure
    assert told == {("R03-01", "转好"), (ISSUE, "有更新"), *verdict, *figures}
    assert one(table(rollup, "问题销号", "问题编号"), ISSUE, "层级", "问题编号") == "提请省、市协调"


def test_reports_of_months_and_years_hold_what_0_2_1_took_in(kept: Workspace) -> None:
    for edition, period in (("--month", "2026-10"), ("--quarter", "2026-Q4"), ("--year", "2026")):
        assert run(kept, "report", edition, period)["written"]
    assert run(kept, "report", "--meeting")["written"]


def test_what_0_2_1_took_in_is_exported_and_init_adds_the_formats_of_the_lists(
    kept: Workspace, tmp_path: Path
) -> None:
    before = snapshot(kept.root)
    written = run(kept, "export", "--period", EARLIER, "--to", str(tmp_path / "导出"))["written"]
    assert {"indicators.csv", "sources.csv", "目标清单.csv", "datapackage.json"} <= set(written)
    assert snapshot(kept.root) == before
    indicators = tenproj_xl.open(kept.root).frames(EARLIER)["indicators"].set_index("code")
    assert indicators["nature"].to_dict()["Z03-04"] == "reported"
    assert run(kept, "init")["written"] == [
        "打开密码.xlsx",
        "通讯录.xlsx",
        "workbook_templates/信函.xlsx",
        "上报格式.xlsx",
    ]


def test_figures_that_0_2_1_took_in_are_exported(kept: Workspace, tmp_path: Path) -> None:
    run(kept, "export", "--period", EARLIER, "--to", str(tmp_path / "导出"))
    with (tmp_path / "导出" / "indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        values = {line["code"]: line["value"] for line in csv.DictReader(file)}
    assert (values["Z03-02"], values["Z03-04"]) == ("2.1", "10.2")


# --- what the office decides


def test_an_issue_that_0_2_1_registered_is_signed_off(kept: Workspace) -> None:
    come_back(kept, form_of_03(kept))
    (drawn,) = run(kept, "signoff")["written"]
    book = kept.root / drawn
    decision = {
        "销号审定": "同意销号",
        "审定人": "王主任",
        "审定日期": date(2026, 11, 27),
        "审定意见": "属实",
    }
    path = shutil.move(fill_in(book, "待审定", 4, ("问题编号", ISSUE), **decision), kept.root / "销号.xlsx")
    (decision_made,) = run(kept, "signoff", str(path))["decisions"]
    assert (decision_made["issue"], decision_made["verdict"]) == (ISSUE, "同意销号")


def test_the_sign_off_workbook_that_0_2_1_recorded_changes_nothing_when_it_is_named_again(
    kept: Workspace,
) -> None:
    run(kept, "signoff", str(kept.root / "审定.xlsx"))
    with open_ledger(kept.ledger, who="tests") as opened:
        assert len(opened.history().decisions) == 1


def test_what_a_meeting_agrees_on_stands_beside_the_issues_of_0_2_1(kept: Workspace) -> None:
    (drawn,) = run(kept, "meeting")["written"]
    file = MeetingFile(kept.root / drawn)
    file.write(1, ITEM)
    path = kept.root / "会后.xlsx"
    file.book.save(path)
    (item,) = run(kept, "meeting", str(saved(path, date(2026, 11, 26))))["decisions"]
    assert item["issue"] not in {"", ISSUE}
    assert run(kept, "report", "--meeting")["written"]


def test_the_slip_that_0_2_1_left_open_is_closed(kept: Workspace) -> None:
    (drawn,) = run(kept, "supervise", "--period", PERIOD)["written"]
    with open_ledger(kept.ledger, who="tests") as opened:
        (slip,) = opened.register().open
    closing = {"是否办结": "是", "办结日期": date(2026, 11, 27), "办结情况": "资金已到位"}
    path = fill_in(kept.root / drawn, "在办督办单", 2, ("督办单", slip.label), **closing)
    run(kept, "supervise", str(path))
    with open_ledger(kept.ledger, who="tests") as opened:
        assert opened.register().open == ()


def test_a_conflict_that_0_2_1_decided_stays_decided_and_a_new_one_is_asked(kept: Workspace) -> None:
    assert run(kept, "resolve", "--period", EARLIER)["conflicts"] == []
    form = form_of_03(kept)
    form.write("indicators", "Z03-02", value=2.3, nature="部门统计", data_period="2025年")
    come_back(kept, form)
    unit = Filling(outbox(kept, f"{PERIOD}/填报表/区财政局_*.xlsx"))
    unit.write("indicators", "Z03-02", value=2.2, nature="部门统计", data_period="2025年")
    unit.cover(**SIGNED)
    unit.save(kept.inbox / unit.name)
    run(kept, "ingest", code=1)
    (asked,) = run(kept, "resolve", "--period", PERIOD)["conflicts"]
    assert (asked["row"], asked["value"]) == ("全社会研究与试验发展经费占地区生产总值比重", "2.2")


def test_a_file_that_0_2_1_took_in_is_withdrawn_and_one_that_it_withdrew_comes_back(kept: Workspace) -> None:
    run(kept, "withdraw", "误发.xlsx", "--undo", "--why", "核实后采用")
    run(kept, "withdraw", "财政.xlsx", "--why", "数据有误")
    with open_ledger(kept.ledger, who="tests") as opened:
        withdrawn = {file.file for file in opened.accepted_files() if file.withdrawn}
    assert withdrawn == {"财政.xlsx"}


def test_the_workspace_was_made_by_0_2_1_itself(kept: Workspace) -> None:
    with closing(sqlite3.connect(kept.ledger / "台账.sqlite3")) as untouched:
        assert untouched.execute("PRAGMA user_version").fetchone() == (0,)
        (at,) = untouched.execute("SELECT MAX(at) FROM batches").fetchone()
    assert datetime.fromisoformat(at) < datetime(2026, 11, 29, tzinfo=UTC)


def test_the_verified_figure_that_its_form_asked_for_in_the_indicators_row_is_read_there(
    kept: Workspace,
) -> None:
    form = form_of_03(kept)
    assert form.value("indicators", "Z03-02", "asked") == "应报：2025年核定"
    come_back(kept, form)
    with open_ledger(kept.ledger, who="tests") as ledger:
        (final,) = [f for f in ledger.history().figures("Z03-02") if f.period.code == "2025"][-1:]
    assert (final.value, final.is_verified, final.row.code) == (2.2, True, "Z03-02")
