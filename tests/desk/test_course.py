"""The course of a figure as a chart: its numbers, targets, papers and corrections, in shapes and in words."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tenproj_xl.app.history import history
from tenproj_xl.app.merge import merge
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.periods import parse_period, week_of
from tenproj_xl.desk.course import CourseDot, CourseMark, FigureCourse, MarkKind, courses
from tenproj_xl.desk.course_svg import WIDTH, course_svg
from tenproj_xl.model.lives import ValueStanding
from tests.conftest import PERIOD
from tests.helpers.filling import Office, sent_out
from tests.helpers.lives import CODE, corrected_week
from tests.helpers.plan_book import plan_book, workspace_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def office(later: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """03 returned 1250, then 13.5, then 14.5, which was withdrawn; the first was printed."""
    root = tmp_path_factory.mktemp("course") / "工作区"
    shutil.copytree(later.workspace.root, root)
    return corrected_week(root)


@pytest.fixture(scope="module")
def course(office: Office) -> FigureCourse:
    return course_of(office.workspace, CODE)


def course_of(workspace: Workspace, code: str) -> FigureCourse:
    (found,) = courses(history(workspace, code), load(workspace).settings)
    return found


def test_the_line_leads_through_the_numbers_that_count_and_the_others_stand_beside_it(
    course: FigureCourse,
) -> None:
    of_october = [(dot.value, dot.counts) for dot in course.dots if dot.about.code == "2026-10"]
    assert of_october == [(1250.0, False), (13.5, True), (14.5, False)]
    on_lines = [dot for line in course.lines for dot in line]
    assert all(dot.counts for dot in on_lines)
    assert [dot.value for dot in on_lines if dot.about.code == "2026-10"] == [13.5]


def test_what_happened_is_told_in_the_order_of_time_and_marked_at_its_number(course: FigureCourse) -> None:
    assert [(mark.number, mark.kind, mark.day, mark.value) for mark in course.marks] == [
        (1, MarkKind.GIVEN_OUT, date(2026, 10, 31), 1250.0),
        (2, MarkKind.CORRECTED, date(2026, 10, 31), 13.5),
        (3, MarkKind.WITHDRAWN, date(2026, 10, 31), 14.5),
    ]
    printed, corrected, withdrawn = (mark.text for mark in course.marks)
    assert printed == "2099-11-25 15:00　印发“汇总2026年第1期”，其中2026年10月为1250亿元"
    assert corrected == "2099-11-26 10:00　区科技局更正2026年10月：1250→13.5亿元"
    assert withdrawn == "2099-11-27 10:00　撤回区科技局所报2026年10月14.5亿元：报错了单位"


def test_targets_and_the_pace_towards_them_are_those_of_the_plan(tmp_path: Path) -> None:
    """36 a year, evenly: half of it by the middle of the year, all of it at its end, and the next year anew."""
    workspace = workspace_of(tmp_path)
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=36)
        plan.set("主要指标", "Z01-01", 进度曲线="匀速")
    week = sent_out(workspace, PERIOD)
    week.send(week.right("01").answer({("indicators", "Z01-01"): {"value": 31, "nature": "部门统计"}}))
    merge(workspace, PERIOD)
    course = course_of(workspace, "Z01-01")
    goal = next(goal for goal in course.goals if goal.last == date(2026, 12, 31))
    assert (goal.value, goal.is_reference) == (36.0, False)
    assert goal.name.startswith("2026年目标：")
    path = dict(course.path)
    assert path[date(2026, 12, 31)] == pytest.approx(36)
    of_the_year = [value for day, value in path.items() if day.year == 2026]
    assert of_the_year == sorted(of_the_year)
    assert path[date(2026, 6, 30)] == pytest.approx(18, abs=0.2)


def test_no_line_leads_across_the_turn_of_the_year_of_what_starts_at_zero_each_year(
    course: FigureCourse,
) -> None:
    """技术交易总额 is counted from 1 January: from December to January it falls, and nothing is wrong."""
    assert len(course.lines) > 1
    for line in course.lines:
        assert len({dot.day.year for dot in line}) == 1


def test_no_line_leads_across_a_change_of_scope(office: Office, tmp_path: Path) -> None:
    root = tmp_path / "工作区"
    shutil.copytree(office.workspace.root, root)
    workspace = Workspace(root)
    before = course_of(workspace, CODE)
    dots = [dot for line in before.lines for dot in line if dot.day.year == 2026]
    assert len(dots) == 2  # August and October
    with plan_book(workspace) as plan:
        plan.set("主要指标", CODE, 口径调整期="2026-09")
    after = course_of(workspace, CODE)
    assert after.cut == date(2026, 9, 1)
    assert max(len([dot for dot in line if dot.day.year == 2026]) for line in after.lines) == 1
    assert "口径调整，前后不可比" in texts(picture(after))


# --- the picture


def picture(course: FigureCourse) -> ET.Element:
    return ET.fromstring(course_svg(course))


def texts(root: ET.Element) -> list[str]:
    return [str(element.text) for element in root.iter(f"{SVG}text")]


def test_the_chart_says_in_words_what_its_colours_say(course: FigureCourse) -> None:
    said = texts(picture(course))
    for word in (
        "现行数",
        "不再采用、撤回、未采用的数",
        "目标",
        "印＝印发",
        "更＝更正",
        "撤＝撤回",
        "单位：亿元",
    ):
        assert word in said
    for tag in ("印1", "更2", "撤3", "13.5", "10月", "2026年"):
        assert tag in said


def test_the_chart_is_told_whole_to_those_who_have_it_read_to_them(course: FigureCourse) -> None:
    root = picture(course)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Z03-04 技术交易总额　最新数值（亿元）"
    told = str(root.findtext(f"{SVG}desc"))
    assert "2026年10月13.5" in told
    for mark in course.marks:
        assert mark.text in told


def test_nothing_is_drawn_outside_the_chart(course: FigureCourse) -> None:
    root = picture(course)
    height = float(str(root.get("viewBox")).split()[-1])
    for element in root.iter():
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= float(element.get(name, 0)) <= WIDTH
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(element.get(name, 0)) <= height


def test_a_slip_that_was_put_right_does_not_flatten_the_chart(course: FigureCourse) -> None:
    """1250 for 13.5 stands at the edge with its number and an arrow, and the scale is that of what counts."""
    said = texts(picture(course))
    assert "↑1250" in said
    assert "1250" not in said
    scale = [float(text) for text in said if text.replace(".", "").isdigit()]
    assert max(scale) < 200


def test_tags_never_lie_on_each_other(course: FigureCourse) -> None:
    boxes = list(picture(course).iter(f"{SVG}rect"))
    places = [(float(str(b.get("x"))), float(str(b.get("y"))), float(str(b.get("width")))) for b in boxes]
    assert len(places) == len(course.marks)
    for n, (x, y, width) in enumerate(places):
        for other_x, other_y, _ in places[:n]:
            assert y != other_y or abs(x - other_x) >= width


def test_the_chart_needs_no_style_and_no_script_of_its_own(course: FigureCourse) -> None:
    """The desk's pages allow neither."""
    for element in picture(course).iter():
        assert element.tag not in (f"{SVG}style", f"{SVG}script")
        assert "style" not in element.attrib
        assert not any(name.startswith("on") for name in element.attrib)


def test_the_same_course_gives_the_same_picture(course: FigureCourse) -> None:
    assert course_svg(course) == course_svg(course)


def test_a_name_from_outside_stays_text(office: Office) -> None:
    drawn = course_svg(replace(course_of(office.workspace, CODE), title="<script>alert(1)</script>"))
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn


def week_after_week(count: int) -> FigureCourse:
    """A figure of each week, each printed; one was corrected after it was printed."""
    weeks = [parse_period("2025-W01")]
    while len(weeks) < count:
        weeks.append(week_of(weeks[-1].last + timedelta(days=1)))
    dots, marks = [], []
    for number, week in enumerate(weeks, 1):
        dot = CourseDot(about=week, value=100.0 + number, standing=ValueStanding.CURRENT, nature="预计")
        dots.append(dot)
        marks.append(printed(number, dot))
    wrong = CourseDot(about=weeks[3], value=99.0, standing=ValueStanding.NOT_USED, nature="预计")
    return FigureCourse(
        title="Z99-01 每周一个数",
        measure="件",
        first=date(2024, 12, 1),
        last=date(2026, 12, 31),
        dots=(*dots, wrong),
        lines=(tuple(dots),),
        goals=(),
        path=(),
        marks=(*marks, printed(count + 1, wrong)),
    )


def printed(number: int, dot: CourseDot) -> CourseMark:
    return CourseMark(
        number=number, kind=MarkKind.GIVEN_OUT, day=dot.day, value=dot.value, text=f"第{number}期"
    )


def test_two_years_of_weeks_stay_legible() -> None:
    """Only a paper whose number no longer holds has a tag, and few numbers are written."""
    root = picture(week_after_week(100))
    said = texts(root)
    assert [text for text in said if text.startswith("印") and text[1:].isdigit()] == ["印101"]
    assert "印发过" in said
    assert {"101", "200"} <= set(said)
    assert "137" not in said
    assert len(said) < 50
    rings = [circle for circle in root.iter(f"{SVG}circle") if circle.get("fill") == "none"]
    assert len(rings) == 101  # with the one in the legend
    assert float(str(root.get("viewBox")).split()[-1]) < 500


def test_few_weeks_have_a_tag_and_a_number_each() -> None:
    said = texts(picture(week_after_week(5)))
    assert [text for text in said if text.startswith("印") and text[1:].isdigit()] == [
        f"印{n}" for n in (1, 2, 3, 4, 6, 5)
    ]
    assert "印发过" not in said


# --- investment of a task


@pytest.fixture(scope="module")
def invested(later: Office, tmp_path_factory: pytest.TempPathFactory) -> FigureCourse:
    root = tmp_path_factory.mktemp("invested") / "工作区"
    shutil.copytree(later.workspace.root, root)
    office = Office.of(Workspace(root), PERIOD)
    form = office.right("05")
    code = next(code for code in form.codes("tasks") if code.startswith("R05"))
    form.write("tasks", code, invest_done=7.5)
    office.send(form)
    merge(office.workspace, PERIOD)
    return next(c for c in courses(history(office.workspace, code), load(office.workspace).settings))


def test_the_investment_of_a_task_has_a_course_too(invested: FigureCourse) -> None:
    assert invested.title.endswith("累计完成投资")
    assert invested.measure == "亿元"
    assert invested.dots[-1].value == 7.5
    assert "7.5" in texts(picture(invested))


def test_a_row_without_numbers_has_no_chart(office: Office) -> None:
    life = history(office.workspace, "R03-01")
    assert courses(life, load(office.workspace).settings) == []
