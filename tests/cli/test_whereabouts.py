"""Bare `tenproj`: where one is, what is due, and what comes next."""

from datetime import datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.publish import publish
from tenproj_xl.app.send import send
from tenproj_xl.app.whereabouts import whereabouts
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tests.helpers.filling import Office


def commands(workspace: Workspace, now: datetime) -> list[str]:
    return [step.command for step in whereabouts(workspace, now=now).steps]


def test_outside_a_workspace_it_says_how_to_get_one(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["-C", str(tmp_path)])
    assert said.exit_code == 0
    assert "还不是工作区" in said.output
    assert "tenproj init 工作区" in said.output


def test_in_a_new_workspace_the_forms_of_the_period_that_is_due_come_next(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "工作区")
    initialise(workspace)
    noon = datetime(2026, 11, 25, 12).astimezone()
    here = whereabouts(workspace, now=noon)
    assert (here.due.code, here.matrix) == ("2026-W48", None)
    assert [step.command for step in here.steps] == ["tenproj generate", "tenproj send"]


def test_forms_go_out_and_then_there_is_nothing_to_run_but_what_came_is_taken_in(week: Office) -> None:
    before = week.deadline - timedelta(hours=3)
    assert commands(week.workspace, before) == ["tenproj send"]
    send(week.workspace, now=before)
    assert commands(week.workspace, before) == []
    week.send(week.right("03"), "03.xlsx")
    assert commands(week.workspace, before) == ["tenproj ingest"]
    ingest(week.workspace, week.period)
    assert commands(week.workspace, before) == []


def test_forms_that_went_out_in_another_way_are_not_asked_for_once_one_came_back(week: Office) -> None:
    week.send(week.right("03"), "03.xlsx")
    ingest(week.workspace, week.period)
    assert commands(week.workspace, week.deadline - timedelta(hours=3)) == []


def test_the_roll_up_comes_next_as_soon_as_all_are_in(week: Office) -> None:
    before = week.deadline - timedelta(hours=3)
    for code, form in week.forms.items():
        if form.recipient.involved:
            week.send(week.right(code))
    ingest(week.workspace, week.period)
    here = whereabouts(week.workspace, now=before)
    assert [(step.command, step.why) for step in here.steps] == [
        ("tenproj merge", "第48期（11月23日—29日）该报的都报来了，还没有汇总")
    ]
    merge(week.workspace, week.period)
    assert commands(week.workspace, before) == []


def test_after_the_deadline_come_the_roll_up_its_papers_and_the_next_forms(week: Office) -> None:
    after = week.deadline + timedelta(hours=1)
    assert commands(week.workspace, after) == ["tenproj merge", "tenproj generate", "tenproj send"]
    done = merge(week.workspace, week.period)
    assert commands(week.workspace, after)[0] == "tenproj publish"
    publish(week.workspace, [done.rollup], by="赵六")
    assert commands(week.workspace, after) == ["tenproj generate", "tenproj send"]


def test_the_command_shows_the_state_of_the_returns_and_the_next_step(week: Office) -> None:
    week.send(week.right("03"), "03.xlsx")
    said = CliRunner().invoke(main, ["-C", str(week.workspace.root)])
    assert said.exit_code == 0
    assert "现在应报：" in said.output
    assert "03  区科技局" in said.output
    assert "tenproj ingest　收件夹里有1个文件" in said.output
