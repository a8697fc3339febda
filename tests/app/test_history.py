"""The life of a figure, a unit, a file: every value with its file, cell, sender, plan, findings and papers."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.app.history import history
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.life_results import Life, LifeOf
from tenproj_xl.app.merge import merge
from tenproj_xl.app.prefer import prefer
from tenproj_xl.app.report import report
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.excel import style
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.lives import RecordedValue, ValueStanding
from tenproj_xl.model.publications import Series
from tests.conftest import EARLIER, PERIOD
from tests.helpers.filling import Office, sent_out
from tests.helpers.lives import CODE, corrected_week, give_out
from tests.helpers.plan_book import plan_book, workspace_of
from tests.helpers.rollup_reading import opened
from tests.helpers.snapshot import snapshot
from tests.helpers.strict import refusals
from tests.helpers.times import Clock, moment


@pytest.fixture(scope="module")
def office(later: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """03 returned 1250, then 13.5, then 14.5, which was withdrawn; each is merged, one printed."""
    root = tmp_path_factory.mktemp("lives") / "工作区"
    shutil.copytree(later.workspace.root, root)
    office = corrected_week(root)
    (office.workspace.inbox / "便条.xlsx").write_bytes(b"PK\x03\x04" + bytes(50))
    return office


@pytest.fixture(scope="module")
def life(office: Office) -> Life:
    return history(office.workspace, CODE)


def of_week(life: Life) -> list[RecordedValue]:
    """The figures that came with the returns of the week at hand."""
    return [value for value in life.values if value.is_main and value.row.period.code == PERIOD]


def test_every_value_is_listed_by_data_period_and_by_time_of_recording(life: Life) -> None:
    assert (life.of, life.title) == (LifeOf.ROW, "Z03-04 技术交易总额")
    assert [(v.about.code, v.value, v.recording.at) for v in of_week(life)] == [
        ("2026-10", 1250.0, moment("2099-11-25 10:00")),
        ("2026-10", 13.5, moment("2099-11-26 10:00")),
        ("2026-10", 14.5, moment("2099-11-27 10:00")),
    ]
    abouts = [value.about for value in life.values if value.is_main]
    assert abouts == sorted(abouts)
    assert {value.row.period.code for value in life.values} == {EARLIER, PERIOD}


def test_one_value_of_each_data_period_counts_and_a_withdrawn_one_says_so(life: Life) -> None:
    assert [v.standing for v in of_week(life)] == [
        ValueStanding.NOT_USED,
        ValueStanding.CURRENT,
        ValueStanding.WITHDRAWN,
    ]
    withdrawn = of_week(life)[-1].withdrawn
    assert withdrawn is not None
    assert withdrawn.why == "报错了单位"


def test_a_value_names_file_cell_sender_and_who_filled_it_in(life: Life) -> None:
    value = of_week(life)[0]
    assert (value.row.file, value.row.tab, value.row.unit) == ("周三.xlsx", "主要指标进度表", "区科技局")
    assert value.cell == value.row.cells["value"]
    assert value.filler
    assert value.measure == "亿元"


def test_the_plan_in_force_is_that_of_the_forms_of_its_period(office: Office, life: Life) -> None:
    """What was edited after they went out is in force only from the next forms on."""
    with look_into_ledger(office.workspace.ledger) as ledger:
        plans = {code: ledger.plan_of_forms(code) for code in (EARLIER, PERIOD)}
    told = {v.row.period.code: v.plan for v in life.values}
    assert {code: plan.sha256 for code, plan in told.items() if plan} == plans
    assert {code: plan.since.code for code, plan in told.items() if plan} == {p: p for p in plans}


def test_a_life_goes_on_under_another_code_and_takes_nothing_from_its_next_owner(tmp_path: Path) -> None:
    """Z01-05 becomes Z01-17 in W49, and a new indicator gets its code."""
    workspace = workspace_of(tmp_path)
    office = sent_out(workspace, PERIOD)
    office.send(office.blank("01").answer({("indicators", "Z01-05"): {"value": 880, "nature": "部门统计"}}))
    merge(workspace, PERIOD)
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-05", 指标编号="Z01-17", 原编号="Z01-05")
        for year in ("2025", "2026", "2027"):
            plan.set("年度计划", "Z01-05", year, 指标编号="Z01-17")
        plan.copy("主要指标", "Z01-01", 指标编号="Z01-05", 指标名称="新签约项目投资")
        plan.copy("年度计划", "Z01-01", "2026", 指标编号="Z01-05")
    sent_out(workspace, "2026-W49")
    (value,) = [v for v in history(workspace, "Z01-17").values if v.is_main]
    assert (value.value, value.recording.code_then, value.row.code) == (880.0, "Z01-05", "Z01-17")
    assert [paper.label for paper in value.papers] == ["2026年第48周汇总"]
    assert history(workspace, "Z01-05").values == ()


def test_a_life_has_the_name_of_the_plan_in_force_until_forms_are_made_by_another(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    sent_out(workspace, PERIOD)
    before = history(workspace, "Z01-05").title
    assert history(workspace, "ｚ０１－０５").title == before, "full-width characters are codes, too"
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-05", 指标编号="Z01-17", 原编号="Z01-05")
        for year in ("2025", "2026", "2027"):
            plan.set("年度计划", "Z01-05", year, 指标编号="Z01-17")
        plan.copy("主要指标", "Z01-01", 指标编号="Z01-05", 指标名称="新签约项目投资")
        plan.copy("年度计划", "Z01-01", "2026", 指标编号="Z01-05")
    assert history(workspace, "Z01-05").title == before
    sent_out(workspace, "2026-W49")
    titles = [history(workspace, code).title for code in ("Z01-05", "Z01-17")]
    assert titles == ["Z01-05 新签约项目投资", before.replace("Z01-05", "Z01-17")]


def test_findings_about_it_are_those_in_its_cell_or_row(life: Life) -> None:
    first, second, _ = of_week(life)
    assert [f.code for f in first.findings] == [Code.VALUE_JUMPED]
    assert first.findings[0].cell == first.cell
    assert Code.VALUE_JUMPED not in [f.code for f in second.findings]


def test_papers_are_those_that_told_this_very_value_made_after_it(life: Life) -> None:
    labels = [[(p.label, p.is_given_out) for p in v.papers] for v in of_week(life)]
    assert labels == [
        [("2026年第48周汇总", False), ("汇总2026年第1期", True)],
        [("2026年第48周汇总", False)],
        [("2026年第48周汇总", False)],
    ]


def say_one_status_after_the_other(
    office: Office, clock: Clock, take_in: Callable[[Workspace, str], object]
) -> None:
    """Send 序时推进 and, a day later, 长期推进 of R03-02, each taken in by itself."""
    for day, (name, status) in enumerate((("周三.xlsx", "序时推进"), ("周四.xlsx", "长期推进"))):
        clock.set(f"2099-11-2{day + 5} 10:00")
        form = office.right("03")
        form.write("tasks", "R03-02", status=status)
        office.send(form, name, hours=day - 60)
        take_in(office.workspace, PERIOD)


def test_a_paper_made_after_a_withdrawal_told_what_counted_then(later: Office, tmp_path: Path) -> None:
    office = Office.of(Workspace(shutil.copytree(later.workspace.root, tmp_path / "工作区")), PERIOD)
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        say_one_status_after_the_other(office, clock, merge)
        clock.set("2099-11-27 10:00")
        withdraw(office.workspace, "周四.xlsx", "报错了")
        clock.set("2099-11-27 11:00")
        merge(office.workspace, PERIOD)
    told = {v.row.file: len(v.papers) for v in of_week(history(office.workspace, "R03-02"))}
    assert told == {"周三.xlsx": 2, "周四.xlsx": 1}


def test_papers_of_the_month_are_named_beside_a_figure_of_it_that_came_in_a_later_week(
    later: Office, tmp_path: Path
) -> None:
    office = Office.of(Workspace(shutil.copytree(later.workspace.root, tmp_path / "工作区")), PERIOD)
    form = office.right("03")
    form.write("indicators", CODE, value=13.5, nature="部门统计")
    office.send(form, "周三.xlsx")
    merge(office.workspace, PERIOD)
    report(office.workspace, "month", "2026-10")
    again = sent_out(office.workspace, "2026-W49")
    said_again = again.right("03")
    said_again.write("indicators", CODE, value=13.5, data_period="2026年10月", nature="部门统计")
    again.send(said_again, "下周.xlsx")
    ingest(office.workspace, again.period)
    give_out(office.workspace, Series.MONTH, "month", "2026-10")
    told = {}
    for value in history(office.workspace, CODE).values:
        if value.is_main and value.value == 13.5:
            told[value.row.file, value.about.code] = [paper.label for paper in value.papers]
    assert told == {
        ("周三.xlsx", "2026-10"): ["2026年第48周汇总", "月调度2026年第1期"],
        ("下周.xlsx", "2026-10"): [],
    }


def test_a_paper_is_named_beside_the_status_that_it_told_and_not_beside_one_that_was_overruled(
    later: Office, tmp_path: Path
) -> None:
    office = Office.of(Workspace(shutil.copytree(later.workspace.root, tmp_path / "工作区")), PERIOD)
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        say_one_status_after_the_other(office, clock, ingest)
        prefer(office.workspace, "周三.xlsx", "电话核实")
        clock.set("2099-11-27 11:00")
        merge(office.workspace, PERIOD)
    told = {v.row.file: len(v.papers) for v in of_week(history(office.workspace, "R03-02"))}
    assert told == {"周三.xlsx": 1, "周四.xlsx": 0}


def test_papers_and_receipts_of_one_row_are_read_without_all_others(office: Office) -> None:
    with look_into_ledger(office.workspace.ledger) as ledger:
        papers, about = ledger.papers(), ledger.papers_about([CODE, "Z99-99"])
        rows = [recording.row for recording in ledger.recordings([CODE])]
        receipts, of_rows = ledger.receipts(PERIOD), ledger.receipts_of_rows(rows)
    assert [(p.label, p.at, p.batch, p.is_given_out, p.told.period) for p in about] == [
        (p.label, p.at, p.batch, p.is_given_out, p.told.period) for p in papers
    ]
    assert any(paper.is_given_out for paper in papers)
    for paper, whole in zip(about, papers, strict=True):
        told = {
            sheet: {c: row for c, row in rows.items() if c == CODE} for sheet, rows in whole.told.rows.items()
        }
        assert paper.told.rows == told
    of_period = [receipt for receipt in of_rows if receipt.period == PERIOD]
    assert [(r.file, r.cover) for r in of_period] == [
        (r.file, r.cover) for r in receipts if r.sha256 in {row.sha256 for row in rows}
    ]


def test_the_value_that_counts_is_that_of_the_ledgers_history(office: Office) -> None:
    with look_into_ledger(office.workspace.ledger) as ledger:
        known = ledger.history()
    for code in (CODE, "Z03-01", "R03-01"):
        values = [v for v in history(office.workspace, code).values if v.standing is ValueStanding.CURRENT]
        assert values
        if code.startswith("Z"):
            figures = {figure.period: figure.value for figure in known.figures(code)}
            assert {v.about: v.value for v in values if v.is_main} == figures
        else:
            statuses = {row.period: row.values["status"] for row in known.of("tasks", code)}
            assert {v.about: v.value for v in values if v.is_main} == statuses


def test_a_row_of_the_plan_about_which_nothing_came_has_an_empty_life(week: Office) -> None:
    assert history(week.workspace, CODE).values == ()
    assert said(week, "history", CODE).stdout.splitlines() == ["Z03-04 技术交易总额", "台账里还没有记过。"]


def said(office: Office, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *words])


def test_people_read_it_in_lines_that_stand_below_each_other(office: Office) -> None:
    lines = said(office, "history", CODE).stdout.splitlines()
    assert lines[0] == "Z03-04 技术交易总额"
    assert "    不再采用  1250  部门统计" in "\n".join(lines)
    assert any("列入：汇总2026年第1期（印发稿），2099-11-25 15:00" in line for line in lines)
    assert any("撤回：报错了单位" in line for line in lines)


def test_programs_read_one_document(office: Office) -> None:
    document = json.loads(said(office, "history", CODE, "--json").stdout)
    (first, *_) = [v for v in document["values"] if v["file"] == "周三.xlsx" and v["column"] == "value"]
    assert (first["value"], first["about"], first["standing"]) == (1250, "2026-10", "not_used")
    assert [paper["given_out"] for paper in first["papers"]] == [False, True]
    assert first["recorded_at"] == "2099-11-25T02:00:00+00:00"


def test_a_unit_has_its_returns_and_the_rows_that_it_reported(office: Office) -> None:
    life = history(office.workspace, "区科技局")
    assert life.of is LifeOf.UNIT
    assert [r.file for r in life.receipts][-3:] == ["周三.xlsx", "周四.xlsx", "周五.xlsx"]
    assert {value.row.unit for value in life.values} == {"区科技局"}
    assert {value.row.code[1:3] for value in life.values} == {"03"}


def test_a_unit_that_was_renamed_by_find_and_replace_keeps_what_it_reported(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    office = sent_out(workspace, PERIOD)
    office.send(office.right("01"), "01.xlsx")
    merge(workspace, PERIOD)
    with plan_book(workspace) as plan:
        plan.replace_everywhere("区发改经信局", "区发展和改革局")
    life = history(workspace, "区发展和改革局")
    assert [receipt.file for receipt in life.receipts] == ["01.xlsx"]
    assert life.values != ()
    assert history(workspace, "区发改经信局") == life


def test_a_unit_has_the_rows_that_it_reports_in_the_form_of_a_lead_unit(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    office = sent_out(workspace, PERIOD)
    office.send(office.right("01"), "01.xlsx")
    merge(workspace, PERIOD)
    life = history(workspace, "区住建局")
    assert life.receipts == ()
    assert {value.row.unit for value in life.values} == {"区发改经信局"}
    assert "R01-03" in {value.code for value in life.values}
    assert "R01-01" not in {value.code for value in life.values}


@pytest.mark.parametrize("by_hash", [False, True], ids=["by name", "by hash"])
def test_a_file_has_what_became_of_it_and_what_it_brought(office: Office, *, by_hash: bool) -> None:
    name = "周五.xlsx"
    if by_hash:
        name = history(office.workspace, name).subject[:8]
    life = history(office.workspace, name)
    assert (life.of, life.title) == (LifeOf.FILE, "周五.xlsx")
    assert {value.row.file for value in life.values} == {"周五.xlsx"}
    assert {value.standing for value in life.values} == {ValueStanding.WITHDRAWN}
    assert "已撤回（2" in said(office, "history", name).stdout


def test_what_nothing_goes_by_is_told(office: Office) -> None:
    with pytest.raises(UsageProblem, match="不是指标、任务、问题的编号，不是工作计划里的单位"):
        history(office.workspace, "区某某局")


def rows(path: Path) -> list[dict[str, Any]]:
    head, *lines = load_workbook(path)["数据沿革"].iter_rows(min_row=3, values_only=True)
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


def test_the_workbook_has_the_values_and_a_chart_in_which_revisions_are_seen(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "来历.xlsx"
    before = snapshot(office.workspace.root)
    assert said(office, "history", CODE, "--xlsx", str(path)).exit_code == 0
    assert snapshot(office.workspace.root) == before
    own = [row for row in rows(path) if row["报送期"] == "2026年第48周" and row["项目"] == "最新数值"]
    assert [(row["数值或内容"], row["现在"]) for row in own] == [
        (1250, "不再采用"),
        (13.5, "现行"),
        (14.5, "已撤回"),
    ]
    colours = {cell.value: cell.fill.fgColor.rgb for row in load_workbook(path)["数据沿革"] for cell in row}
    assert colours["现行"] == f"FF{style.GREEN[1:]}"
    assert colours["已撤回"] == f"FF{style.GREY[1:]}"
    course = load_workbook(path)["走势"]
    assert isinstance(course, Worksheet)
    table = list(course.iter_rows(min_row=2, max_row=5, max_col=5, values_only=True))
    assert table[0] == ("数据所属期", "现行", "第1次记入", "第2次记入", "第3次记入")
    assert table[-1] == ("2026年10月", 13.5, 1250, 13.5, 14.5)
    (chart,) = course._charts  # type: ignore[attr-defined]  # what openpyxl read
    assert len(chart.series) == 4
    assert refusals(path) == []


def test_the_same_life_is_the_same_workbook_and_none_is_overwritten(office: Office, tmp_path: Path) -> None:
    first, second = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    for path in (first, second):
        history(office.workspace, "区科技局", path)
    assert first.read_bytes() == second.read_bytes()
    with pytest.raises(UsageProblem, match="已经有了"):
        history(office.workspace, CODE, first)


# --- in the roll-up


def test_one_click_leads_from_a_figure_to_all_that_were_recorded_of_it(office: Office) -> None:
    (rollup,) = (office.workspace.outbox / PERIOD / "汇总").glob("*汇总表.xlsx")
    book = opened(rollup)
    page = book["主要指标"]
    value = next(n for n, cell in enumerate(page[3]) if cell.value == "最新数值")
    row = next(row for row in page.iter_rows(min_row=4) if row[2].value == CODE)
    link = row[value].hyperlink
    assert link is not None
    sheet, _, place = str(link.location).partition("!")
    assert sheet == "'数据沿革'"
    lives = book["数据沿革"]
    first = lives[place].row
    told = [[cell.value for cell in lives[n][:7]] for n in range(first, first + 10)]
    own = [line for line in told if line[0] == CODE and line[2] == "2026年10月"]
    assert told[0][0] == CODE
    assert [(line[3], line[6]) for line in own] == [(1250, "不再采用"), (13.5, "不再采用"), (14.5, "现行")]


def test_the_public_edition_tells_no_lives(office: Office) -> None:
    (public,) = (office.workspace.outbox / PERIOD / "汇总").glob("*晾晒版.xlsx")
    assert "数据沿革" not in opened(public).sheetnames
