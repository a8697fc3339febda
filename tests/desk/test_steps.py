"""A button runs its command: the same words, the same files, one at a time."""

import time

import click
import pytest

from tenproj_xl.app.status import status
from tenproj_xl.cli.main import main
from tenproj_xl.desk.declaring import Action, DeskStep
from tenproj_xl.desk.steps import BEGINNINGS, STEPS
from tenproj_xl.ledger.turns import own_turn
from tests.desk.visitor import Visitor, text_of
from tests.helpers.filling import Office

ACTIONS = [(step, action) for step in (*BEGINNINGS, *STEPS) for action in step.actions]


@pytest.mark.parametrize(("step", "action"), ACTIONS, ids=lambda one: one.code)
def test_each_button_is_a_command_with_options_that_it_has(step: DeskStep, action: Action) -> None:
    command = main.get_command(click.Context(main), action.command[0])
    assert command
    for word in action.command[1:]:
        command = getattr(command, "commands", {}).get(word, command)
    options = {name for one in command.params for name in one.opts}
    asked = {getattr(control, "option", "") for control in action.controls}
    assert asked - {""} <= options
    assert step.words.endswith("。")
    assert action.button


def test_codes_of_steps_and_their_buttons_stand_once() -> None:
    codes = [step.code for step in (*BEGINNINGS, *STEPS)]
    assert len(codes) == len(set(codes))
    for step in (*BEGINNINGS, *STEPS):
        buttons = [action.code for action in step.actions]
        assert len(buttons) == len(set(buttons))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.code)
def test_each_step_has_a_page_with_its_buttons_and_commands(visitor: Visitor, step: DeskStep) -> None:
    page = visitor.see(f"/steps/{step.code}")
    for action in step.actions:
        assert action.button in page
        assert f"命令： tenproj {' '.join(action.command)}" in page


def test_periods_are_chosen_by_name(visitor: Visitor) -> None:
    page = visitor.see("/steps/merge")
    assert "最近下发的一期：2026年第48期（11月23日—29日） 2026年第48期（11月23日—29日）" in page


def test_returns_are_dropped_taken_in_and_merged_by_clicks(visitor: Visitor, week: Office) -> None:
    form = week.right("03")
    path = form.save(week.workspace.root.parent / "03_区科技局(最终版)(1).xlsx")
    assert visitor.drop(path) == "已放进收件夹1个文件： 03_区科技局(最终版)(1).xlsx 接收"
    assert "收件夹里有1个文件，还没有接收 03_区科技局(最终版)(1).xlsx" in visitor.see("/steps/ingest")

    job = visitor.click("ingest", "take")
    assert job.status == 0, job.text
    assert job.command == "tenproj ingest"
    [line] = [one for one in status(week.workspace).lines if one.task_force.code == "03"]
    assert line.state.label == "已接收"

    merged = visitor.click("merge", "make", {"period": "2026-W48", "final": "张三 "})
    assert merged.command == "tenproj merge --period 2026-W48 --final 张三"
    page = visitor.see(f"/jobs/{merged.number}")
    assert merged.ending in page
    [rollup] = [path.name for path in merged.products if path.name.endswith("汇总表_签发稿.xlsx")]
    assert f"{rollup} 看 “{rollup}” 打开 “{rollup}” 另存 “{rollup}”" in page


def test_two_commands_do_not_run_at_once(visitor: Visitor) -> None:
    visitor.send("/steps/generate/make")
    running = visitor.desk.jobs.running
    assert running
    second = visitor.send("/steps/merge/make")
    assert second.status_code == 409
    assert "“生成填报表”正在运行，请等它做完再点。" in text_of(second)
    assert "正在运行：生成填报表" in visitor.see("/")
    visitor.wait()
    assert len(visitor.desk.jobs.past) == 1


def test_a_button_that_is_clicked_twice_runs_its_command_once(visitor: Visitor) -> None:
    first = visitor.send("/steps/generate/make")
    second = visitor.send("/steps/generate/make")
    assert second.location == first.location
    visitor.wait()
    assert len(visitor.desk.jobs.past) == 1


def test_a_command_is_stopped_and_goes_on_where_it_was(visitor: Visitor, week: Office) -> None:
    for code, form in week.forms.items():
        if form.recipient.involved:
            week.send(week.right(code))
    with own_turn(week.workspace.ledger, "tests"):  # a quick machine would be done before the stop
        visitor.send("/steps/merge/make")
        running = visitor.desk.jobs.running
        assert running
        while not running.lines:  # it waits for its turn: Python may lose a signal that comes while it loads
            time.sleep(0.01)
        visitor.send(f"/jobs/{running.number}/stop")
        visitor.wait()
    assert running.ending == "已停下，没有做完。再点一次就接着做，不会重复计入。"
    assert "Traceback" not in running.text
    again = visitor.click("merge", "make")
    assert again.status == 0, again.text
    assert {line.state.label for line in status(week.workspace).lines if line.is_owed} == {"已接收"}


def test_a_reload_or_a_second_window_only_looks_at_the_same_command(visitor: Visitor) -> None:
    answer = visitor.send("/steps/status/look")
    pages = [visitor.ask(answer.location) for _ in range(3)]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert len(visitor.desk.jobs.past) == 1


def test_what_cannot_be_meant_is_told_and_not_run(visitor: Visitor) -> None:
    refused = visitor.send("/steps/generate/make", {"by": "region"})
    assert "“怎样分”没有这一项，请重新选。" in text_of(refused)
    assert visitor.ask("/steps/nothing").status_code == 404
    assert visitor.send("/steps/merge/other").status_code == 409
    assert visitor.desk.jobs.past == []


def test_a_text_is_never_taken_for_another_option(visitor: Visitor) -> None:
    job = visitor.click("merge", "make", {"final": "--as-of=2026-01-01"})
    assert job.arguments == ("merge", "--final=--as-of=2026-01-01")
    assert not any("照当时" in line for line in job.lines)


def test_a_command_that_fails_says_so_in_words(visitor: Visitor, week: Office) -> None:
    week.workspace.settings.unlink()
    job = visitor.click("status", "look")
    assert job.status == 3
    page = visitor.see(f"/jobs/{job.number}")
    assert "没有做完：文件夹、文件或这台电脑有问题，见下面的说明。" in page
    assert "设置.xlsx" in page
