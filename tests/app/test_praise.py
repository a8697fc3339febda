"""亮点做法 praises only what words and state agree on, sorted by theme, with who says so."""

from pathlib import Path

from tenproj_xl.app.merge import merge
from tests.helpers.filling import Office
from tests.helpers.rollup_reading import opened, table

TASK = "R03-01"


def praised(office: Office, **task: object) -> tuple[list[str], str]:
    """Return the codes of what is praised of tasks, and the note above."""
    form = office.right("03")
    form.write("tasks", TASK, **task)
    form.cover(highlights="推行“拿地即开工”，审批时限压缩到三十天")
    office.send(form)
    rollup: Path = merge(office.workspace, office.period).rollup
    codes = [str(code) for code in table(rollup, "亮点做法", "类别")["编号"].tolist()]
    return codes, str(opened(rollup)["亮点做法"]["C2"].value)


def test_a_task_that_is_done_and_says_so_is_praised(week: Office) -> None:
    codes, note = praised(week, status="已完成", progress="已通过竣工验收", completed_on="2026-11-20")
    assert TASK in codes
    assert "没有列入" not in note


def test_a_task_that_is_done_but_says_that_it_has_not_begun_is_counted_and_not_praised(week: Office) -> None:
    codes, note = praised(week, status="已完成", progress="尚未启动", completed_on="2026-11-20")
    assert TASK not in codes
    assert "另有1项自述与状态不一致或者待核实，没有列入，见“核验清单”。" in note


def test_good_practice_stands_under_its_theme_with_the_unit_that_says_so(week: Office) -> None:
    form = week.right("03")
    form.cover(highlights="推行“拿地即开工”，审批时限压缩到三十天")
    week.send(form)
    lines = table(merge(week.workspace, week.period).rollup, "亮点做法", "类别")
    practice = lines[lines["类别"] == "典型做法"].iloc[0]
    assert (practice["主题"], practice["单位"]) == ("要素保障", "区科技局")


def test_good_practice_that_tells_of_a_problem_is_not_praised(week: Office) -> None:
    form = week.right("03")
    form.cover(highlights="建立周会商机制；主体结构因资金未到位，项目已停工")
    week.send(form)
    rollup = merge(week.workspace, week.period).rollup
    assert "典型做法" not in table(rollup, "亮点做法", "类别")["类别"].tolist()
    assert "另有1项" in str(opened(rollup)["亮点做法"]["C2"].value)
