"""Conveners and 联络员 are those in office on the last day of each period (sheet 人员)."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tenproj_xl.app.frames import facts_for
from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.plan_check import check_plan
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.sheets import COVER
from tenproj_xl.model.plan_schema import PEOPLE
from tenproj_xl.rollup.facts.change_items import Change
from tenproj_xl.rollup.facts.changes import change_lines
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import plan_book, workspace_of
from tests.helpers.rollup_reading import opened
from tests.helpers.shared import made_once
from tests.helpers.small_plan import small_tables

W48, W49, W50 = "2026-W48", "2026-W49", "2026-W50"
FIRST = {"专班编号": "01", "职务": "召集人", "姓名": "张三副区长", "起始日期": "2023-01-01"}
SECOND = {"专班编号": "01", "职务": "召集人", "姓名": "赵六副区长", "起始日期": "2026-12-02"}
CHIEF = {"职务": "总召集人", "姓名": "钱七区长"}
LIAISON = {
    "专班编号": "01",
    "职务": "联络员",
    "姓名": "孙八",
    "单位": "区发改经信局",
    "承办科室": "投资科",
    "联系电话": "0571-88880000",
}


@pytest.fixture
def workspace(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace of the small plan, with an empty sheet 人员; the forms of W48 are out."""
    begun = made_once(tmp_path_factory, "people-in-time", _begun)
    return Workspace(Path(shutil.copytree(begun, tmp_path / "workspace")))


def _begun(root: Path) -> None:
    headers = [column.header for column in PEOPLE.columns]
    generate(workspace_of(root, {**small_tables(), PEOPLE.name: [headers]}), W48)


def register(workspace: Workspace, *people: Mapping[str, str]) -> None:
    """Write the rows of the sheet 人员 anew."""
    with plan_book(workspace) as plan:
        page = plan.book[PEOPLE.name]
        page.delete_rows(3, page.max_row)
        for person in people:
            page.append([person.get(column.header) for column in PEOPLE.columns])


def conveners(workspace: Workspace, *periods: str) -> list[tuple[str, ...]]:
    return [facts_for(workspace, period).data.plan.task_force("01").conveners for period in periods]


def chief(workspace: Workspace, period: str) -> str:
    return facts_for(workspace, period).data.plan.programme.convener


def texts(path: Path, sheet: str) -> str:
    page = opened(path)[sheet]
    return "\n".join(str(c) for row in page.iter_rows(values_only=True) for c in row if c is not None)


def cover(workspace: Workspace, period: str) -> str:
    return texts(Office.of(workspace, period).path("01"), COVER.name)


def everything_in(path: Path) -> str:
    return "\n".join(texts(path, sheet) for sheet in opened(path).sheetnames)


def test_a_convener_replaced_on_a_day_stands_in_forms_and_papers_from_that_week_on(
    workspace: Workspace,
) -> None:
    register(workspace, {**FIRST, "终止日期": "2026-12-01"}, SECOND)
    generate(workspace, W49)
    generate(workspace, W48)
    assert "召集人：张三副区长" in cover(workspace, W48)
    assert "召集人：赵六副区长" in cover(workspace, W49)
    aims = [texts(merge(workspace, week).rollup, "目标清单") for week in (W48, W49)]
    assert ["张三副区长" in text for text in aims] == [True, False]
    assert ["赵六副区长" in text for text in aims] == [False, True]
    facts = facts_for(workspace, W49)
    lines = change_lines(facts)
    (told,) = [one for one in lines if one.change is Change.PLAN]
    assert (told.code, told.before, told.after) == ("01", "召集人：张三副区长", "召集人：赵六副区长")


def test_a_successor_alone_follows_whom_the_sheet_of_task_forces_names(workspace: Workspace) -> None:
    register(workspace, SECOND)
    generate(workspace, W49)
    assert conveners(workspace, W48, W49) == [("张三副区长",), ("赵六副区长",)]


def test_after_the_end_of_the_last_one_nobody_is_shown(workspace: Workspace) -> None:
    register(workspace, {**FIRST, "终止日期": "2026-12-01"})
    generate(workspace, W49)
    assert conveners(workspace, W48, W49) == [("张三副区长",), ()]
    assert "召集人" not in cover(workspace, W49)


def test_one_who_followed_after_the_forms_went_out_is_in_the_papers_of_that_week(
    workspace: Workspace,
) -> None:
    register(workspace, FIRST)
    generate(workspace, W49)
    register(workspace, SECOND)  # over the row of the one before, whom W48 keeps
    assert conveners(workspace, W48, W49) == [("张三副区长",), ("赵六副区长",)]


def test_a_name_changed_without_a_date_holds_from_the_next_forms(workspace: Workspace) -> None:
    register(workspace, FIRST)
    generate(workspace, W49)
    register(workspace, {**FIRST, "姓名": "赵六副区长"})
    generate(workspace, W50)
    assert conveners(workspace, W49, W50) == [("张三副区长",), ("赵六副区长",)]


def test_the_convener_of_the_whole_programme_is_replaced_likewise(workspace: Workspace) -> None:
    register(
        workspace,
        {**CHIEF, "终止日期": "2026-11-30"},
        {**CHIEF, "姓名": "周九区长", "起始日期": "2026-12-01"},
    )
    generate(workspace, W48)
    generate(workspace, W49)
    assert [chief(workspace, week) for week in (W48, W49)] == ["钱七区长", "周九区长"]
    assert "总召集人：周九区长" in texts(merge(workspace, W49).rollup, "目标清单")


def test_a_liaison_stands_in_the_units_letter_and_on_its_form_and_in_the_list_of_aims(
    workspace: Workspace,
) -> None:
    other = {"专班编号": "01", "职务": "联络员", "姓名": "吴十", "单位": "区住建局"}
    register(workspace, {**LIAISON, "终止日期": "2026-12-01"}, {**LIAISON, "姓名": "郑一"}, other)
    office = sent_out(workspace, W49)
    assert "联络员：郑一（投资科，0571-88880000）、吴十" in cover(workspace, W49)
    office.send(office.blank("01"), "01.xlsx")
    (letter,) = [result.letter for result in ingest(workspace).files]
    assert letter is not None
    lines = letter.read_text("utf-8-sig").splitlines()
    assert [line for line in lines if "联络员" in line] == ["联络员：郑一（投资科，0571-88880000）"]
    papers = merge(workspace, W49)
    assert "郑一（投资科，0571-88880000）、吴十" in texts(papers.rollup, "目标清单")
    public = next(path for path in papers.rollup.parent.glob("*晾晒*.xlsx"))
    assert "郑一" not in everything_in(public)


def test_plan_check_tells_who_is_replaced_by_whom(workspace: Workspace) -> None:
    register(workspace, SECOND, CHIEF, LIAISON)
    assert [change.text for change in check_plan(workspace).changes] == [
        "01“扩大有效投资“千项万亿”工程”召集人：张三副区长 → 赵六副区长（2026-12-02起）",
        "01“扩大有效投资“千项万亿”工程”联络员：空 → 孙八",
        "“方案”总召集人：空 → 钱七区长",
    ]


@pytest.mark.parametrize(
    ("people", "code", "cell", "says"),
    [
        ([{**SECOND, "终止日期": "2026-12-01"}], Code.PLAN_PERSON_DATES, "H3", "早于起始日期2026-12-02"),
        ([{**SECOND, "专班编号": "09"}], Code.PLAN_UNKNOWN, "A3", "“09”不在“专班”表中"),
        ([{**SECOND, "单位": "区水利局"}], Code.PLAN_UNKNOWN, "D3", "“区水利局”不在“单位”表中"),
        ([{**SECOND, "专班编号": ""}], Code.PLAN_PERSON_FORCE, "A3", "召集人：请填写所在专班的编号"),
        ([{**CHIEF, "专班编号": "01"}], Code.PLAN_PERSON_FORCE, "A3", "总召集人：管整个方案"),
        ([CHIEF, {**CHIEF, "姓名": "周九区长"}], Code.PLAN_TWO_CHIEFS, "C4", "“周九区长”和“钱七区长”同时"),
        ([{**SECOND, "职务": "秘书"}], Code.NOT_CHOICE, "B3", "请从下拉选项中选择"),
        ([{**SECOND, "姓名": ""}], Code.PLAN_REQUIRED, "C3", "请填写“姓名”"),
    ],
)
def test_what_cannot_be_is_told_with_its_cell(
    workspace: Workspace, people: list[Mapping[str, str]], code: Code, cell: str, says: str
) -> None:
    register(workspace, *people)
    (fault,) = [finding for finding in check_plan(workspace).findings if finding.is_error]
    assert (fault.code, fault.sheet, fault.cell) == (code, PEOPLE.name, cell)
    assert says in fault.message
