"""The annual report: the verdicts of the year in whole sentences, in the form of an office document, five pages at most."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from docx.document import Document
from docx.oxml.ns import qn

from tenproj_xl.app.editions import parts_of
from tenproj_xl.cli.main import main
from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.numerals import numeral
from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.plan import Measure
from tenproj_xl.model.publications import Series
from tenproj_xl.model.questions import Question
from tenproj_xl.model.slips import Level
from tenproj_xl.rollup.annual_report import write_annual_report
from tenproj_xl.rollup.annual_text import report_sections
from tenproj_xl.rollup.facts.editions import EDITIONS, YEAR, Audience, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tests.helpers import rollup_example as ex
from tests.helpers.filling import Office
from tests.helpers.golden import HOME
from tests.helpers.libreoffice import save_all_as
from tests.helpers.programs import need, output_of

GOLDEN = HOME / "annual_report.txt"


def written(data: RollupInput, folder: Path) -> Document:
    write_annual_report(folder / "报告.docx", facts_of(data))
    return docx.Document(str(folder / "报告.docx"))


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def full_year() -> RollupInput:
    """A year of which one target was met, one missed, with tasks, an ask, good practice and what comes next."""
    year = ex.ended_year()
    rows = (
        *year.known.rows,
        ex.row(
            "tasks",
            "R01-01",
            {
                "status": "序时推进",
                "milestone": "开工",
                "milestone_done": "已完成",
                "completed_on": date(2026, 11, 18),
                "progress": "主体结构施工",
                "site_progress": "主体结构施工至五层",
            },
            "2026-W53",
        ),
        ex.row("tasks", "R01-02", {"status": "滞后", "problems": "征迁未完成"}, "2026-W53"),
        ex.row("tasks", "R02-01", {"status": "长期推进", "invest_done": 9.5}, "2026-W53"),
        ex.issue(
            "W01-2026-001",
            "2026-W53",
            request="请批复用地指标",
            suggested_level="总专班",
            due_on=date(2027, 3, 1),
        ),
    )
    later = ex.task("R01-03", ("主体封顶", date(2027, 2, 15)), due_on=date(2027, 6, 30))
    cover = {"unit": "甲局", "highlights": "推行“拿地即开工”，审批时限压缩到三十天。"}
    receipts = (ex.receipt("01", day=28, period="2026-W53", cover=cover),)
    made = ex.rollup_input(*rows, indicators=ex.INDICATORS, tasks=(*ex.TASKS, later), receipts=receipts)
    return replace(made, period=year.period, periods=year.periods, release=Release(YEAR))


def test_it_says_what_its_golden_text_says(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    told = "\n".join(texts(written(full_year(), tmp_path))) + "\n"
    if pytestconfig.getoption("renew_golden"):
        GOLDEN.write_text(told, "utf-8")
    assert told.splitlines() == GOLDEN.read_text("utf-8").splitlines()


def test_what_was_missed_is_named_with_figure_data_period_gap_reason_and_unit(tmp_path: Path) -> None:
    told = next(text for text in texts(written(full_year(), tmp_path)) if text.startswith("（一）"))
    assert told.endswith(
        "未达标、滞后的：2026年四季度指标Z01-02为12亿元（2026年目标10亿元以内），未达标，差2亿元，"
        "主要是前期项目多（甲局）。"
    )


def test_late_tasks_that_a_decision_let_go_are_counted_and_said_to_have_left(tmp_path: Path) -> None:
    data = full_year()
    settled = tuple(
        ex.decision(
            code,
            date(2026, 12, 28),
            "2026-W53",
            verdict=Verdict.SETTLE,
            kind=Duty.TASK,
            item=due_on,
            urgency=Level.RED,
        )
        for code, due_on in (("R01-01", date(2026, 12, 5)), ("R01-02", date(2026, 12, 10)))
    )
    data = replace(data, known=replace(data.known, decisions=settled))
    told = texts(written(data, tmp_path))
    assert any("逾期2项" in text for text in told)
    assert "滞后和逾期的任务2项，均已决定退出督办或调整时限。" in told


def asked_about(row: Reported) -> Question:
    """A question about a task that nobody has answered."""
    return Question(
        rule=Code.VALUE_FELL.rule.code,
        row=row.code,
        field="invest_done",
        data_period="",
        value="3.37",
        sheet=row.sheet,
        task_force=row.task_force,
        name="",
        message="累计数下降",
        period=row.period.code,
        sha256=row.sha256,
    )


@pytest.mark.parametrize(
    ("doubted", "told"),
    [
        (0, "年内完成任务2项：任务R01-02、任务R02-02。"),
        (1, "年内完成任务1项：任务R02-02。另有1项任务报为已完成，尚待核实。"),
        (2, "年内2项任务报为已完成，尚待核实。"),
    ],
)
def test_what_was_finished_adds_up_to_the_tasks_that_are_done_the_doubted_told_apart(
    tmp_path: Path, doubted: int, told: str
) -> None:
    rows = []
    for n, code in enumerate(("R01-02", "R02-02")):
        row = ex.row("tasks", code, {"status": "已完成", "progress": "通过验收"}, "2026-W53")
        rows.append(replace(row, sha256=f"{n}" * 64))
    questions = tuple(asked_about(row) for row in rows[:doubted])
    data = replace(full_year(), known=History(tuple(rows)), questions=questions)
    assert any(f"已完成2项、未报3项。{told}" in text for text in texts(written(data, tmp_path)))


def test_investment_that_is_done_in_several_tasks_is_told_as_the_whole(tmp_path: Path) -> None:
    planned_and_done = ((0.3, 0.7), (0.3, 0.2), (0.4, 0.1))
    tasks = tuple(ex.task(f"R01-0{n}", invest_plan=plan) for n, (plan, _) in enumerate(planned_and_done))
    rows = (
        ex.row("tasks", f"R01-0{n}", {"status": "长期推进", "invest_done": done}, "2026-W53")
        for n, (_, done) in enumerate(planned_and_done)
    )
    year = full_year()
    data = replace(year, plan=ex.plan(ex.INDICATORS, tasks), known=History(tuple(rows)))
    told = " ".join(texts(written(data, tmp_path)))
    assert "计划投资1亿元，累计完成1亿元，占年度计划的100.0%。" in told


def test_nothing_is_called_silent_in_a_year_in_which_no_forms_went_out(tmp_path: Path) -> None:
    tasks = (ex.task("R01-09"),)
    asked = replace(full_year(), plan=ex.plan(ex.INDICATORS, tasks))
    told = " ".join(texts(written(asked, tmp_path)))
    assert "未报进展1项" in told
    assert "，应报未报" in told
    assert "、应报未报的指标" in told
    told = " ".join(texts(written(replace(asked, periods=()), tmp_path)))
    assert "未报进展" not in told
    assert "应报未报" not in told
    assert "，没有数可评" in told
    assert "这一时段没有下发填报表，不计分，不排名。" in told


def test_what_comes_is_later_than_the_report(tmp_path: Path) -> None:
    data = replace(full_year(), newest=parse_period("2027-W09"))
    told = texts(written(data, tmp_path))
    assert any("2027年到期的节点和任务1个：6月30日前，任务R01-03：任务完成（甲局）" in text for text in told)


def test_the_targets_of_the_year_add_up(tmp_path: Path) -> None:
    overall = next(text for text in texts(written(full_year(), tmp_path)) if "底到期的指标目标" in text)
    found = re.search(r"底到期的指标目标(\d+)项，(.*?)。", overall)
    assert found is not None
    assert int(found[1]) == sum(int(number) for number in re.findall(r"(\d+)项", found[2]))


def test_what_is_not_reported_is_as_many_in_the_sections_as_in_the_headline(tmp_path: Path) -> None:
    told = texts(written(replace(full_year(), known=History(())), tmp_path))
    (overall,) = (text for text in told if text.startswith("指标共"))
    sections = [text for text in told if re.match("（[一二三]）.*指标", text)]
    missing = sum(int(n) for text in sections for n in re.findall("未报([0-9]+)项", text))
    assert f"应报未报{missing}项；" in overall
    (targets,) = (text for text in told if "按统计核定数评判" in text)
    assert targets.endswith("待核定4项。待核定的有4项没有报数。")


def test_the_share_of_the_year_beside_a_target_of_a_month_says_what_it_is_a_share_of(tmp_path: Path) -> None:
    targets = (ex.target("2026-11", "达", 78.0), ex.target("2026", "达", 85.0))
    traded = ex.indicator("Z01-09", Measure.ANNUAL, *targets)
    november = ex.figure("Z01-09", 80.2, "2026年11月", "统计核定", period="2026-W53")
    data = replace(full_year(), known=History((november,)), plan=ex.plan((traded,)))
    (text,) = [text for text in texts(written(data, tmp_path)) if "2026年11月指标Z01-09" in text]
    assert "80.2亿元（2026年11月目标达78亿元，完成全年目标的94.4%），达标" in text


def test_it_is_addressed_to_the_committee_in_the_words_of_the_plan(tmp_path: Path) -> None:
    data = full_year()
    words = replace(
        data.plan.programme.words,
        level_labels=("专班内部", "办公室", "领导小组", "县政府常务会议", "县委", "提请市协调"),
    )
    plan = replace(data.plan, programme=replace(data.plan.programme, words=words))
    assert texts(written(replace(data, plan=plan), tmp_path))[2] == "县委："


def test_a_year_that_still_runs_says_until_when_it_tells(tmp_path: Path) -> None:
    told = texts(written(ex.rollup_input_for(YEAR), tmp_path))
    assert told[3].endswith("本年度尚未结束，以下为截至2026年11月29日的情况。")


def test_a_figure_that_is_not_published_stands_in_it_with_its_mark(tmp_path: Path) -> None:
    data = full_year()
    plan = data.plan
    waiting = tuple(replace(one, disclosure=Disclosure.AFTER_RELEASE) for one in plan.indicators)
    told = texts(written(replace(data, plan=replace(plan, indicators=waiting)), tmp_path))
    assert any(
        "2026年指标Z01-01为103亿元（2026年目标100亿元以上，完成103.0%，未公布，内部掌握）" in text
        for text in told
    )


def test_whatever_a_unit_says_of_such_a_figure_bears_the_mark(tmp_path: Path) -> None:
    said = "技术交易总额已达60亿元，居全市第七"
    waiting = ex.indicator(
        "Z01-01",
        Measure.ANNUAL,
        ex.target("2026", "以上", 100.0),
        name="技术交易总额",
        disclosure=Disclosure.AFTER_RELEASE,
    )
    late: dict[str, date | str] = {
        "status": "滞后",
        "milestone": "开工",
        "milestone_due": date(2026, 11, 20),
        "problems": said,
        "site_progress": said,
    }
    data = ex.rollup_input(
        ex.row("tasks", "R01-01", late),
        ex.figure("Z01-01", 60.0, "2026年10月", lag_reason=said, next_steps=said),
        indicators=(waiting,),
        tasks=(ex.task("R01-01", ("开工", date(2026, 11, 20)), due_on=date(2026, 12, 31)),),
    )
    of_year = replace(data, period=parse_period("2026"), periods=ex.WEEKS, release=Release(YEAR))
    told = [text for text in texts(written(of_year, tmp_path)) if said in text]
    assert len(told) == 4
    assert all(text.count(said) == text.count(f"{said}（未公布，内部掌握）") for text in told)


def test_fonts_are_those_of_an_office_document(tmp_path: Path) -> None:
    document = written(full_year(), tmp_path)
    found: dict[str | None, str] = {}
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            named = run.element.get_or_add_rPr().get_or_add_rFonts().get(qn("w:eastAsia"))
            if run.text:
                found.setdefault(named, run.text)
    assert set(found) == {"黑体", "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312"}
    assert found["楷体_GB2312"] == "（一）甲工程。"


def test_only_the_year_has_it_and_only_leaders_read_it() -> None:
    for edition in EDITIONS:
        assert (Series.REPORT in parts_of(edition)) == (edition is YEAR)
    assert parts_of(YEAR)[Series.REPORT].audience is Audience.LEADERS


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (25, "二十五"),
        (100, "一百"),
        (105, "一百零五"),
        (112, "一百一十二"),
        (1050, "一千零五十"),
    ],
)
def test_numbers_in_chinese(number: int, spoken: str) -> None:
    assert numeral(number) == spoken


def years() -> Iterator[tuple[str, RollupInput]]:
    """Years of all kinds, the last of ten task forces with long texts."""
    yield "full", full_year()
    yield "ended", ex.ended_year()
    yield "running", ex.rollup_input_for(YEAR)
    yield "first", replace(ex.week_of(), period=parse_period("2026"), periods=ex.WEEKS, release=Release(YEAR))
    awful = replace(ex.awful_week(), period=parse_period("2026"), periods=ex.WEEKS, release=Release(YEAR))
    yield "awful", awful
    forces = tuple(ex.task_force(f"{n:02d}", f"第{n}项重大工程", "甲局") for n in range(1, 26))
    indicators, rows = [], []
    for force in forces:
        for number in range(1, 7):
            one = ex.indicator(f"Z{force.code}-{number:02d}", ex.ANNUAL.measure, *ex.ANNUAL.targets)
            indicators.append(replace(one, name="战略性新兴产业增加值占规模以上工业增加值比重"))
            rows.append(ex.figure(one.code, 40.0, "2026年10月", lag_reason=ex.LONG, next_steps=ex.LONG))
    plan = replace(awful.plan, task_forces=forces, indicators=tuple(indicators))
    known = replace(awful.known, rows=(*awful.known.rows, *rows))
    yield "many", replace(awful, plan=plan, known=known)


def test_nothing_is_cut_and_every_paragraph_is_whole_sentences(tmp_path: Path) -> None:
    for name, data in years():
        assert not [text for text in texts(written(data, tmp_path)) if "…" in text], name
        for section in report_sections(facts_of(data)):
            for paragraph in section.paragraphs:
                assert paragraph.text.endswith("。"), (name, paragraph.text)
                assert "。。" not in paragraph.text


def test_the_same_input_gives_the_same_report(tmp_path: Path) -> None:
    facts = facts_of(full_year())
    for name in ("a", "b"):
        write_annual_report(tmp_path / name, facts)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.libreoffice
def test_it_has_five_pages_at_most_whatever_the_year_was(tmp_path: Path) -> None:
    need("writer", "pdfinfo")
    paths = []
    for name, data in years():
        paths.append(tmp_path / f"{name}.docx")
        write_annual_report(paths[-1], facts_of(data))
    pages = {}
    for printed in save_all_as("pdf", paths, tmp_path):
        (count,) = re.findall(r"Pages:\s+(\d+)", output_of(["pdfinfo", str(printed)]))
        pages[printed.stem] = int(count)
    assert len(pages) == len(paths)
    assert {name: count for name, count in pages.items() if count > 5} == {}


# --- the command


def run(office: Office, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])
    return result.exit_code, result.stdout + result.stderr


def test_the_year_is_made_with_its_report_which_is_registered_as_a_paper_of_its_own(week: Office) -> None:
    code, printed = run(week, "report", "--year", "--final", "李四")
    assert code == 0
    (path,) = (week.workspace.outbox / "2026" / "汇总").glob("*_报告.docx")
    assert path.name in printed
    assert run(week, "report", "--month")[0] == 0
    assert not list((week.workspace.outbox / "2026-11" / "汇总").glob("*_报告.docx"))
    code, printed = run(week, "publish", str(path), "--by", "李四")
    assert (code, "年度报告2026年第1期" in printed) == (0, True), printed
    again, printed = run(week, "publish", str(path), "--by", "李四")
    assert again == 0, printed
