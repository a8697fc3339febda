"""Papers in time: drafts and signed papers are made again, what was given out is kept and only corrected."""

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from docx import Document

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tests.helpers.filling import Office, sent_out
from tests.helpers.rollup_reading import one, opened, table
from tests.helpers.settled import settled_report
from tests.helpers.shared import made_once

PERIOD, MONTH = "2026-W48", "2026-11"


def tenproj(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


def said(office: Office, *arguments: str) -> Any:
    return json.loads(tenproj(office, *arguments, "--json").stdout)


def tells(result: Result, code: Code) -> bool:
    """Whether a command tells of a rule, by the end of its sentence."""
    return code.rule.text.rpartition("}")[2] in result.stderr


def papers(office: Office, period: str = PERIOD) -> list[Path]:
    """The papers of a period; the copy for the printer and the wall are none of their own."""
    made = (office.workspace.outbox / period / "汇总").iterdir()
    return sorted(path for path in made if not path.name.endswith(("打印版.xlsx", "挂图作战.html")))


def page_one(path: Path) -> str:
    sheet = opened(path).worksheets[0]
    return "\n".join(
        str(cell) for row in sheet.iter_rows(max_row=3, values_only=True) for cell in row if cell
    )


def text_of_brief(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


# --- drafts and signed papers


def test_a_draft_shows_the_next_number_of_its_series_on_page_one_and_in_the_brief(week: Office) -> None:
    assert tenproj(week, "merge", "--period", PERIOD).exit_code == 0
    rollup, public, brief = papers(week)
    assert "第1期（拟）" in page_one(rollup)
    assert "第1期（拟）" in text_of_brief(brief)
    assert public.stem.endswith("晾晒版")


def test_a_signed_paper_shows_the_number_alone(signed: Office) -> None:
    rollup, _, brief = papers(signed)
    assert "第1期　签发稿（签发人：张三）" in page_one(rollup)
    head = text_of_brief(brief).splitlines()[:5]
    assert head[0].endswith("\t签发稿（签发人：张三）")
    assert (head[2], head[4]) == ("第1期", "2026年第48周工作进展情况")


def test_the_brief_of_a_month_says_until_when_data_were_taken_in_as_page_one_does(given_out: Office) -> None:
    rollup, _, brief = papers(given_out, MONTH)
    (until,) = re.findall(r"资料截至 ([\d-]+)", page_one(rollup))
    day = date.fromisoformat(until)
    assert f"资料截至{day.year}年{day.month}月{day.day}日。" in text_of_brief(brief)


# --- giving out


def test_the_copy_for_the_printer_is_registered_as_the_paper_that_it_is_a_copy_of(signed: Office) -> None:
    (printed,) = (signed.workspace.outbox / PERIOD / "汇总").glob("*打印版.xlsx")
    registered = tenproj(signed, "publish", str(printed), "--by", "李四")
    assert (registered.exit_code, registered.stderr.splitlines()[0]) == (
        0,
        f"已登记为汇总2026年第1期（2026年第48周）：{printed.name}",
    )
    assert not tells(registered, Code.PAPER_FIGURE_NOT_OURS)


def test_the_wall_is_no_paper_and_is_passed_over_beside_one(signed: Office) -> None:
    folder = signed.workspace.outbox / PERIOD / "汇总"
    (wall,) = folder.glob("*挂图作战.html")
    alone = tenproj(signed, "publish", str(wall), "--by", "李四")
    assert (alone.exit_code, "挂图作战不是印发材料，不用登记" in alone.stderr) == (2, True)
    with_others = tenproj(signed, "publish", *map(str, sorted(folder.iterdir())), "--by", "李四")
    assert with_others.exit_code == 0
    assert "挂图作战" not in with_others.stderr


def test_what_goes_to_units_or_is_for_the_office_alone_is_taken_for_no_paper(given_out: Office) -> None:
    for command in ("send", "signoff", "review"):
        tenproj(given_out, command)
    found: dict[str, Path] = {}
    for book in sorted(given_out.workspace.outbox.rglob("*.xlsx")):
        if book.parent.name != "汇总":
            found.setdefault(f"{book.parent.name}/{book.stem[:4]}", book)
    kinds = " ".join(found)
    assert all(kind in kinds for kind in ("填报表/", "填报示例", "待发清单", "得分核对稿/")), kinds
    for book in found.values():
        done = tenproj(given_out, "publish", str(book), "--by", "李四")
        assert (done.exit_code, "没有登记" in done.stderr) == (2, True), (book, done.stderr)


@pytest.fixture(scope="session")
def _signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        initialise(Workspace(folder))
        office = sent_out(Workspace(folder), PERIOD)
        office.send(office.right("02"))
        assert tenproj(office, "merge", "--period", PERIOD, "--final", "张三").exit_code == 0

    return made_once(tmp_path_factory, "signed", make)


@pytest.fixture(scope="session")
def _given_out(_signed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        shutil.copytree(_signed, folder, dirs_exist_ok=True)
        office = Office.of(Workspace(folder), PERIOD)
        settled_report(office.workspace, "month", MONTH, "张三")
        files = [str(path) for path in (papers(office)[0], *papers(office, MONTH))]
        assert tenproj(office, "publish", *files, "--by", "李四").exit_code == 0
        office.send(office.right("03"))
        assert tenproj(office, "ingest").exit_code in (0, 1)

    return made_once(tmp_path_factory, "given-out", make)


def copied(source: Path, tmp_path: Path) -> Office:
    shutil.copytree(source, tmp_path / source.name)
    return Office.of(Workspace(tmp_path / source.name), PERIOD)


@pytest.fixture
def signed(_signed: Path, tmp_path: Path) -> Office:
    """The first week, in which one task force returned its form, and a roll-up signed by 张三."""
    return copied(_signed, tmp_path)


def edit_brief(path: Path, old: str, new: str) -> Path:
    """Edit the first paragraph that says something, and add one, as the brief group does."""
    brief = Document(str(path))
    paragraph = next(p for p in brief.paragraphs if old in p.text)
    paragraph.runs[0].text = paragraph.text.replace(old, new)
    brief.add_paragraph("区领导要求：年内开工项目不少于 88.5 亿元，11月30日前报方案，见第3期。")
    edited = path.with_name("简报改定.docx")
    brief.save(str(edited))
    return edited


def test_what_was_given_out_gets_its_number_and_is_kept_byte_for_byte(signed: Office, tmp_path: Path) -> None:
    rollup, public, brief = papers(signed)
    edited = edit_brief(brief, "提请协调", "提请协调（重点）")
    scan = tmp_path / f"{rollup.stem}.pdf"
    scan.write_bytes(b"%PDF-1.4 scan")
    result = tenproj(signed, "publish", str(rollup), str(public), str(edited), str(scan), "--by", "李四")
    assert result.exit_code == 0
    for label in ("汇总2026年第1期", "晾晒2026年第1期", "简报2026年第1期"):
        assert f"已登记为{label}（2026年第48周）" in result.stderr
    assert "扫描件只存档" in result.stderr
    given_out = {path.name: path.read_bytes() for path in (rollup, public, edited, scan)}
    for path in (rollup, public, edited):
        path.write_bytes(b"overwritten")
    out = tmp_path / "取出"
    assert tenproj(signed, "publications", "--out", str(out)).exit_code == 0
    assert {path.name: path.read_bytes() for path in out.rglob("*.*")} == given_out


def test_figures_that_the_ledger_does_not_have_are_listed_with_their_place(signed: Office) -> None:
    rollup, _, brief = papers(signed)
    book = opened(rollup)
    book["主要指标"]["A2"] = "办公室补充：全区完成1234.5亿元"
    value = next(
        c for row in book["主要指标"].iter_rows(min_row=4) for c in row if isinstance(c.value, float)
    )
    value.value = 4321.5
    book.save(rollup)
    edited = edit_brief(brief, "应评指标", "应评指标777项，其中")
    result = tenproj(signed, "publish", str(rollup), str(edited), "--by", "李四")
    assert "“主要指标”A2：第2行：“1234.5”在台账里没有" in result.stderr
    assert f"“主要指标”{value.coordinate}：" in result.stderr
    assert "“4321.5”在台账里没有" in result.stderr
    assert "“777”在台账里没有" in result.stderr
    assert "“88.5”在台账里没有" in result.stderr
    assert "“30”" not in result.stderr
    assert result.stderr.count("在台账里没有") == 4
    assert tells(result, Code.PAPER_FIGURE_NOT_OURS)


def test_the_same_files_once_more_change_nothing_and_a_scan_is_added_later(
    signed: Office, tmp_path: Path
) -> None:
    rollup = papers(signed)[0]
    scan = tmp_path / f"{rollup.stem}签字页.jpg"
    scan.write_bytes(bytes.fromhex("ffd8ffe000104a464946"))
    tenproj(signed, "publish", str(rollup), "--by", "李四")
    again = tenproj(signed, "publish", str(rollup), "--by", "李四")
    assert "早已登记，没有变化" in again.stderr
    tenproj(signed, "publish", str(scan), "--by", "李四")
    (paper,) = said(signed, "publications")["papers"]
    assert [file["kind"] for file in paper["files"]] == ["workbook", "scan"]
    assert (paper["label"], paper["published_by"]) == ("汇总2026年第1期", "李四")


def test_a_scan_that_does_not_say_what_it_is_needs_its_period(signed: Office, tmp_path: Path) -> None:
    scan = tmp_path / "IMG_0001.pdf"
    scan.write_bytes(b"%PDF-1.4 scan")
    refused = tenproj(signed, "publish", str(scan), "--by", "李四")
    assert refused.exit_code == 2
    assert "请加 --period 期号" in refused.stderr
    options = ("--period", PERIOD, "--series", "brief")
    assert "已登记为简报2026年第1期" in tenproj(signed, "publish", str(scan), "--by", "李四", *options).stderr


def test_a_number_printed_by_hand_counts_and_the_next_paper_follows_it(signed: Office) -> None:
    """An office that begins in the middle of a year has given out papers before."""
    brief = papers(signed)[2]
    edited = edit_brief(brief, "第1期", "第41期")
    assert "已登记为简报2026年第41期" in tenproj(signed, "publish", str(edited), "--by", "李四").stderr
    tenproj(signed, "report", "--month", "2026-11")
    assert "第42期（拟）" in text_of_brief(papers(signed, "2026-11")[-1])


def test_a_number_that_is_taken_is_told(signed: Office) -> None:
    tenproj(signed, "report", "--month", "2026-11", "--final", "张三")
    month, week_of_paper = papers(signed, "2026-11")[-1], papers(signed)[2]
    result = tenproj(signed, "publish", str(week_of_paper), str(month), "--by", "李四")
    assert tells(result, Code.PAPER_NUMBER_DIFFERS)
    assert "印的是“第1期”，登记为“第2期”" in result.stderr


def test_a_draft_that_was_given_out_is_registered_and_told(week: Office) -> None:
    tenproj(week, "merge", "--period", PERIOD)
    result = tenproj(week, "publish", str(papers(week)[0]), "--by", "李四")
    assert tells(result, Code.PAPER_NOT_SIGNED)
    assert "还印着“（拟）”，已按印发稿登记" in result.stderr


@pytest.mark.parametrize("content", [b"%PDF-1.4", bytes.fromhex("89504e470d0a1a0a0000000d49484452")])
def test_of_a_scan_it_is_said_that_it_was_not_read(signed: Office, tmp_path: Path, content: bytes) -> None:
    scan = tmp_path / f"{papers(signed)[0].stem}.scan"
    scan.write_bytes(content)
    assert tells(tenproj(signed, "publish", str(scan), "--by", "李四"), Code.PAPER_SCAN_NOT_READ)


def test_what_is_no_paper_is_refused_with_the_kinds_that_can_be_registered(
    signed: Office, tmp_path: Path
) -> None:
    note = tmp_path / "说明.txt"
    note.write_text("2026年第48周", encoding="utf-8")
    refused = tenproj(signed, "publish", str(note), "--by", "李四")
    assert refused.exit_code == 2
    assert "可以登记工作簿（.xlsx）、文稿（.docx）和扫描件" in refused.stderr


# --- corrections


@pytest.fixture
def given_out(_given_out: Path, tmp_path: Path) -> Office:
    """The roll-up of the week and all three papers of the month were given out; then a return came late."""
    return copied(_given_out, tmp_path)


def test_a_change_of_verdict_in_a_months_paper_proposes_a_correction(given_out: Office) -> None:
    listed = tenproj(given_out, "publications").stdout
    assert "月调度2026年第1期" in listed
    assert "印发后变动" in listed
    assert "处改变评价" in listed
    proposed = "出更正稿（第1次）：tenproj report --month 2026-11"
    assert proposed in listed
    assert proposed in tenproj(given_out, "status").stdout
    assert said(given_out, "status")["corrections"][0]["period"] == MONTH


def test_a_correction_says_what_was_what_is_and_why(given_out: Office) -> None:
    before = {path.name for path in papers(given_out, MONTH)}
    settled_report(given_out.workspace, "month", MONTH, "张三")
    rollup, _, brief = (path for path in papers(given_out, MONTH) if path.name not in before)
    assert "_更正稿第1次_签发稿" in rollup.name
    assert "第1期更正稿（第1次）　签发稿（签发人：张三）" in page_one(rollup)
    lines = table(rollup, "更正内容", key="改变了")
    assert {"评价", "名次", "首页数字"} <= set(lines["改变了"])
    judged = lines[lines["改变了"] == "评价"]
    was, now, why, source = (one(judged, "Z03-04", column) for column in lines.columns[-4:])
    assert str(was).startswith("未报")
    assert not str(now).startswith("未报")
    assert str(why) == "区科技局2026-11-27报来：最新数值、数据所属期、数据性质（空→部门统计）"
    assert str(source).startswith("03_")
    assert "本稿更正" in text_of_brief(brief)
    assert "二、更正内容" in text_of_brief(brief)


def test_nothing_is_made_of_a_month_that_was_given_out_where_nothing_is_to_be_corrected(
    given_out: Office,
) -> None:
    settled_report(given_out.workspace, "month", MONTH, "张三")
    corrections = [str(path) for path in papers(given_out, MONTH) if "更正稿第1次" in path.name]
    tenproj(given_out, "publish", *corrections, "--by", "李四")
    before = papers(given_out, MONTH)
    again = tenproj(given_out, "report", "--month", MONTH)
    assert again.exit_code == 0
    assert "没有要更正的：月调度2026年第1期更正稿（第1次）、" in again.stderr
    assert "已生成" not in again.stderr
    assert papers(given_out, MONTH) == before


def test_a_correction_that_was_given_out_settles_the_matter(given_out: Office) -> None:
    before = papers(given_out, MONTH)
    settled_report(given_out.workspace, "month", MONTH, "张三")
    corrections = [str(path) for path in papers(given_out, MONTH) if path not in before]
    result = tenproj(given_out, "publish", *corrections, "--by", "李四")
    assert "已登记为月调度2026年第1期更正稿（第1次）" in result.stderr
    listed = said(given_out, "publications", "--period", MONTH)["papers"]
    assert [(p["correction"], p["changes"]) for p in listed] == [(0, None), (1, None)] * 3
    assert said(given_out, "status")["corrections"] == []


def test_another_text_of_a_paper_that_was_given_out_is_no_correction(given_out: Office) -> None:
    edited = edit_brief(papers(given_out, MONTH)[2], "提请协调", "协调")
    refused = tenproj(given_out, "publish", str(edited), "--by", "李四")
    assert refused.exit_code == 2
    assert "请先运行 tenproj report --month 2026-11 --final 签发人" in refused.stderr


def test_a_week_that_was_given_out_is_corrected_in_the_next_issue(given_out: Office) -> None:
    refused = tenproj(given_out, "merge", "--period", PERIOD, "--final", "张三")
    assert refused.exit_code == 2
    assert "已经印发（汇总2026年第1期），不再签发" in refused.stderr
    assert tenproj(given_out, "merge", "--period", PERIOD).exit_code in (0, 1)
    assert "第1期　印发后重新汇总，不再印发" in page_one(papers(given_out)[0])
    tenproj(given_out, "generate", "--period", "2026-W49")
    tenproj(given_out, "merge", "--period", "2026-W49")
    changes = table(papers(given_out, "2026-W49")[0], "本期变化")
    assert str(one(changes, "Z03-04", "上期")).startswith("未报")


# --- nothing is overwritten without a word


def test_a_roll_up_edited_by_hand_is_kept_beside_and_the_command_says_so(week: Office) -> None:
    tenproj(week, "merge", "--period", PERIOD)
    rollup = papers(week)[0]
    book = opened(rollup)
    book.worksheets[0]["A1"] = "办公室改的标题"
    book.save(rollup)
    edited = rollup.read_bytes()
    result = tenproj(week, "merge", "--period", PERIOD)
    assert "可能手工改过，没有覆盖" in result.stderr
    (kept,) = [path for path in papers(week) if "_手改备份_" in path.name]
    assert kept.read_bytes() == edited
    assert "办公室改的标题" not in page_one(rollup)


def test_what_nobody_edited_is_made_again_without_a_word(week: Office) -> None:
    tenproj(week, "merge", "--period", PERIOD)
    week.send(week.right("02"))
    result = tenproj(week, "merge", "--period", PERIOD)
    assert "手工改过" not in result.stderr
    assert len(papers(week)) == 3


def test_a_form_edited_in_the_outbox_is_kept_beside_when_forms_are_made_again(week: Office) -> None:
    form = week.path("02")
    form.write_bytes(week.right("02").data)
    result = tenproj(week, "generate", "--period", PERIOD)
    assert f"“{form.name}”与程序上次写的不同" in result.stderr
    assert len(list(form.parent.glob("*_手改备份_*"))) == 1


@pytest.mark.parametrize("part", [0, 2])
def test_an_edited_copy_never_takes_the_place_of_an_earlier_one(week: Office, part: int) -> None:
    for text in (b"one", b"two"):
        tenproj(week, "merge", "--period", PERIOD)
        papers(week)[part].write_bytes(text)
    tenproj(week, "merge", "--period", PERIOD)
    kept = {path.read_bytes() for path in papers(week) if "_手改备份_" in path.name}
    assert kept == {b"one", b"two"}
