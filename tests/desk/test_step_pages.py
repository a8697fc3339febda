"""Every step has a page whose fields have labels, on a workspace of any age."""

import re

import pytest

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.desk.declaring import WorkStage
from tenproj_xl.desk.steps import STEPS, by_stage
from tenproj_xl.desk.waiting import WATCHED
from tests.desk.visitor import Visitor
from tests.helpers.filling import Office

CODES = [step.code for step in STEPS]


@pytest.fixture(scope="module")
def later_desk(later: Office) -> Visitor:
    return Visitor(later.workspace.root)


@pytest.mark.parametrize("code", CODES)
def test_each_field_has_its_label(later_desk: Visitor, code: str) -> None:
    page = later_desk.ask(f"/steps/{code}").text
    ids = re.findall(r'<(?:select|input)[^>]* id="([^"]+)"', page)
    labels = re.findall(r'<label for="([^"]+)"', page)
    assert sorted(ids) == sorted(labels)
    assert len(ids) == len(set(ids))


def test_steps_of_which_it_is_known_how_much_waits_are_steps() -> None:
    assert set(WATCHED) <= set(CODES)


def test_each_stage_of_the_work_has_its_steps(later_desk: Visitor) -> None:
    assert [stage for stage, _ in by_stage()] == [
        stage for stage in WorkStage if stage is not WorkStage.BEGIN
    ]
    page = later_desk.ask("/").text
    for step in STEPS:
        assert f'href="/steps/{step.code}"' in page


@pytest.fixture(scope="module")
def new_desk(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    workspace = Workspace(tmp_path_factory.mktemp("new") / "工作区")
    initialise(workspace)
    return Visitor(workspace.root)


@pytest.mark.parametrize("code", CODES)
def test_each_step_has_its_page_before_anything_went_out(new_desk: Visitor, code: str) -> None:
    assert "<button" in new_desk.ask(f"/steps/{code}").text


def test_nothing_waits_before_anything_went_out(new_desk: Visitor) -> None:
    assert new_desk.see("/steps/waiting") == ""
    assert new_desk.see("/steps/review/waiting") == "现在没有等着办的。"
