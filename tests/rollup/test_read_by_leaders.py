"""Lines as a leader reads them: what is red says why it is red, nobody is cut off a list, nothing is told twice."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.plan import Measure
from tenproj_xl.model.statuses import Status
from tenproj_xl.rollup.annual_text import report_sections
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.brief_text import sections
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.editions import YEAR, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.facts.publishing import published
from tenproj_xl.rollup.facts.summary import expected_in_words
from tenproj_xl.rollup.facts.turned import turned_lines
from tests.helpers import rollup_example as ex
from tests.helpers.rollup_reading import one, opened, table


def brief_of(facts: Facts) -> str:
    return "\n".join(text for section in sections(facts) for text in section.paragraphs)


def report_of(data: RollupInput) -> str:
    found = report_sections(facts_of(data))
    return "\n".join(p.head + p.text for section in found for p in section.paragraphs)


def test_a_target_that_was_missed_is_told_as_missed_though_the_newest_figure_is_on_pace() -> None:
    goals = (ex.target("2026-Q3", "以上", 70.0), ex.target("2026", "以上", 100.0))
    rows = (
        ex.figure("Z01-01", 60.0, "2026年9月", "统计核定", period="2026-W42"),
        ex.figure("Z01-01", 90.0, "2026年10月"),
    )
    facts = facts_of(ex.rollup_input(*rows, indicators=(ex.indicator("Z01-01", Measure.ANNUAL, *goals),)))
    assert str(facts.indicators[0].state) == "on_pace"
    (line,) = turned_lines(facts, change_lines(facts))
    assert line.word == "未达标"
    assert line.state == "missed"
    assert line.gap.startswith("2026年三季度目标未达标，差10亿元；最新90亿元，应达")


def test_what_turned_because_its_target_was_raised_says_so() -> None:
    def week(code: str, goal: float) -> RollupInput:
        raised = ex.indicator("Z01-01", Measure.ANNUAL, ex.target("2026", "以上", goal))
        row = ex.figure("Z01-01", 85.0, "2026年10月", period=code)
        return replace(ex.rollup_input(row, indicators=(raised,)), period=parse_period(code))

    before = published(facts_of(week("2026-W46", 100.0)), 10)
    facts = facts_of(replace(week("2026-W48", 120.0), earlier=(before,)))
    (line,) = turned_lines(facts, change_lines(facts))
    assert line.word == "新增滞后"
    assert line.gap.endswith("；目标：100以上 → 120以上")


def test_reason_and_next_steps_are_joined_by_one_mark_however_the_reason_ends() -> None:
    row = ex.figure("Z01-01", 40.0, "2026年10月", lag_reason="征迁未完成；", next_steps="加快征迁。")
    facts = facts_of(ex.week_of(row))
    lines = {line.code: line for line in turned_lines(facts, change_lines(facts))}
    assert lines["Z01-01"].reason == "征迁未完成；加快征迁"


def test_an_ask_of_many_task_forces_names_them_all(tmp_path: Path) -> None:
    codes = [f"{n:02d}" for n in range(1, 9)]
    forces = [
        replace(ex.task_force(code, f"工程{code}", f"{code}号局"), conveners=("欧阳建国", "司马建华"))
        for code in codes
    ]
    rows = [ex.issue(f"W{code}-2026-001", request="请协调用地", suggested_level="总专班") for code in codes]
    made = ex.rollup_input(*rows)
    units = tuple(ex.unit(f"{code}号局") for code in codes)
    plan = replace(made.plan, task_forces=tuple(forces), units=(*made.plan.units, *units))
    write_rollup(tmp_path / "x.xlsx", facts_of(replace(made, plan=plan)))
    page = opened(tmp_path / "x.xlsx", values=True)["总览"]
    cells = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value]
    assert "01、02、03、04、05、06、07、08专班" in cells
    assert "01号局等8家" in cells


def test_a_brief_tells_returns_that_were_refused_from_those_that_never_came() -> None:
    refused = ex.receipt("01", Status.REFUSED, 25, cover={})
    told = brief_of(facts_of(ex.rollup_input(receipts=(refused,), indicators=ex.INDICATORS)))
    assert "未接收（退回）：01专班甲局。未报：02专班乙局" in told


def test_a_difference_in_percentage_points_has_its_measure_word() -> None:
    quick = ex.indicator("Z01-01", Measure.COMPARATIVE, ex.target("2026", "提高", 2.0), unit="百分点")
    row = ex.figure("Z01-01", 1.0, "2026年10月", forecast=1.5)
    facts = facts_of(ex.rollup_input(row, indicators=(quick,)))
    assert "预计1.5个百分点，目标提高2个百分点" in expected_in_words(facts)


def test_the_reason_why_a_target_was_missed_stands_beside_missed_targets_alone(tmp_path: Path) -> None:
    rows = (
        ex.figure("Z01-01", 103.0, "2026年", "统计核定", period="2026-W53", lag_reason="前期手续慢"),
        ex.figure("Z01-02", 12.0, "2026年四季度", "统计核定", period="2026-W53", lag_reason="前期项目多"),
    )
    write_rollup(tmp_path / "x.xlsx", facts_of(a_year(ex.rollup_input(*rows, indicators=ex.INDICATORS))))
    lines = table(tmp_path / "x.xlsx", "目标完成情况")
    columns = ("评判", "未达标的原因")
    assert [one(lines, "Z01-01", column) for column in columns] == ["达标", ""]
    assert [one(lines, "Z01-02", column) for column in columns] == ["未达标", "前期项目多"]


def test_a_report_tells_what_one_unit_wrote_for_two_task_forces_once() -> None:
    cover = {"unit": "甲局", "highlights": "推行“拿地即开工”，审批时限压缩到三十天。"}
    receipts = tuple(ex.receipt(code, day=28, period="2026-W53", cover=cover) for code in ("01", "02"))
    told = report_of(a_year(ex.rollup_input(receipts=receipts, indicators=ex.INDICATORS)))
    assert told.count("拿地即开工") == 1


def test_a_report_counts_what_it_names_once() -> None:
    tasks = tuple(ex.task(f"R01-{n:02d}", name=f"事项{n}", due_on=date(2026, 6, 30)) for n in range(1, 31))
    told = report_of(a_year(ex.rollup_input(tasks=tasks)))
    assert "历史未办结30项：事项1；" in told
    assert "等30项" not in told


def a_year(data: RollupInput) -> RollupInput:
    weeks = (parse_period("2026-W53"),)
    return replace(data, period=parse_period("2026"), periods=weeks, release=Release(YEAR))
