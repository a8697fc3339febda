"""A return is taken out again: what it said does not count, the earlier word on each row stands again."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app.merge import merge
from tenproj_xl.app.status import status
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.statuses import Status
from tests.app.test_ingest import ISSUE, figure, ingested, known, last_word, receipts, value
from tests.conftest import PERIOD
from tests.helpers.filling import Filling, Office
from tests.helpers.rollup_reading import one, table

WHY = "报错了单位"


def tenproj(week: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(week.workspace.root), *arguments])


def first_and_second(week: Office) -> tuple[Path, Path]:
    """12.5 on Thursday, 13.5 on Friday."""
    first, second = (
        week.send(figure(week, 12.5), "周四.xlsx", hours=-20),
        week.send(figure(week, 13.5), "周五.xlsx"),
    )
    ingested(week)
    return first, second


def reason(week: Office) -> str:
    """Why the last file was withdrawn."""
    withdrawal = receipts(week)[-1].withdrawn
    return withdrawal.why if withdrawal else ""


def test_the_earlier_word_stands_again(week: Office) -> None:
    first_and_second(week)
    assert value(week, "Z03-04") == 13.5
    done = withdraw(week.workspace, "周五.xlsx", WHY)
    assert (done.rows, done.standing, done.already) == (1, 1, False)
    assert value(week, "Z03-04") == 12.5
    assert [(r.file, r.status) for r in receipts(week)] == [
        ("周四.xlsx", Status.WITH_WARNINGS),
        ("周五.xlsx", Status.WITHDRAWN),
    ]
    assert reason(week) == WHY


def test_a_question_is_open_again_while_the_return_that_answered_it_is_withdrawn(week: Office) -> None:
    def asked() -> list[tuple[str, str, str]]:
        with open_ledger(week.workspace.ledger, who="tests") as ledger:
            return [(q.row, q.value, q.state.label) for q in ledger.questions()]

    week.send(figure(week, 125000), "周四.xlsx", hours=-20)
    ingested(week)
    week.send(figure(week, 12.5), "周五.xlsx")
    ingested(week)
    assert asked() == [("Z03-04", "125000", "更正")]
    withdraw(week.workspace, "周五.xlsx", WHY)
    assert (value(week, "Z03-04"), asked()) == (125000, [("Z03-04", "125000", "待核实")])
    rollup = merge(week.workspace, PERIOD).rollup
    assert "【待核实】" in str(one(table(rollup, "主要指标"), "Z03-04", "时效"))
    withdraw(week.workspace, "周五.xlsx", "撤错了", undo=True)
    assert (value(week, "Z03-04"), asked()) == (12.5, [("Z03-04", "125000", "更正")])


def test_it_says_how_many_rows_go_back_to_what_was_reported_before_and_how_many_to_nothing(
    week: Office,
) -> None:
    first_and_second(week)
    second = tenproj(week, "withdraw", "周五.xlsx", "--why", WHY).stderr
    assert "其中1行恢复为此前报送的内容。" in second
    first = tenproj(week, "withdraw", "周四.xlsx", "--why", WHY).stderr
    assert "其中1行此前没有报过，按未报处理。" in first


def test_where_nothing_else_was_ever_said_the_task_force_has_not_returned(week: Office) -> None:
    week.send(figure(week, 12.5), "03.xlsx")
    ingested(week)
    withdraw(week.workspace, "03.xlsx", WHY)
    assert known(week).rows == ()
    line = next(x for x in status(week.workspace).lines if x.task_force.code == "03")
    assert (line.label, line.returns) == ("未报", ())


def test_an_older_return_that_came_later_is_superseded_no_more(week: Office) -> None:
    week.send(figure(week, 13.5), "周五.xlsx")
    ingested(week)
    week.send(figure(week, 12.5), "周四.xlsx", hours=-20)
    assert ingested(week)["周四.xlsx"].status is Status.SUPERSEDED
    withdraw(week.workspace, "周五.xlsx", WHY)
    assert value(week, "Z03-04") == 12.5
    assert receipts(week)[0].status is Status.WITH_WARNINGS


def test_a_return_that_is_to_be_corrected_again_gets_its_workbook_and_letter_again(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(week.workspace.root)
    week.send(figure(week, "很多"), "原表.xlsx", hours=-20)
    first = ingested(week)["原表.xlsx"]
    assert first.answer
    assert first.letter
    correction = Filling(first.answer)
    correction.write("indicators", "Z03-04", value=12.5)
    week.send(correction, "更正.xlsx")
    ingested(week)
    assert not first.answer.exists()
    done = tenproj(week, "withdraw", "更正.xlsx", "--why", WHY).stderr
    (command,) = re.findall("tenproj (original [0-9a-f]{12} --out inbox)，汇总时会重新写好", done)
    assert "又待更正：原表.xlsx，它的更正表已不在“退回更正”里" in done
    assert tenproj(week, *command.split()).exit_code == 0
    merge(week.workspace, PERIOD)
    assert first.answer.exists()
    assert "有1处须更正" in first.letter.read_text("utf-8-sig")
    assert "又待更正" not in tenproj(week, "withdraw", "更正.xlsx", "--why", WHY, "--undo").stderr


def test_a_return_that_was_to_be_corrected_all_along_is_not_told_as_one_that_is_so_again(
    week: Office,
) -> None:
    week.send(figure(week, 12.5), "周四.xlsx", hours=-40)
    ingested(week)
    week.send(figure(week, "很多"), "原表.xlsx", hours=-20)
    answer = ingested(week)["原表.xlsx"].answer
    assert answer is not None
    answer.unlink()
    assert withdraw(week.workspace, "周四.xlsx", WHY).to_correct == ()
    assert withdraw(week.workspace, "周四.xlsx", WHY, undo=True).to_correct == ()


def test_withdrawing_twice_changes_nothing_and_says_so(week: Office) -> None:
    first_and_second(week)
    assert tenproj(week, "withdraw", "周五.xlsx", "--why", WHY).exit_code == 0
    again = tenproj(week, "withdraw", "周五.xlsx", "--why", "另有原因")
    assert again.exit_code == 0
    assert f"，{WHY}），未作改动。" in again.stderr
    assert reason(week) == WHY


@pytest.mark.provokes(Code.FILE_WITHDRAWN)
def test_the_same_file_again_does_not_come_in_by_itself(week: Office) -> None:
    _, second = first_and_second(week)
    withdraw(week.workspace, "周五.xlsx", WHY)
    week.send(figure(week, 13.6), "改好再发.xlsx")
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        sha = next(f.sha256 for f in ledger.accepted_files() if f.file == second.name)
    second.write_bytes((week.workspace.archive / sha[:2] / sha).read_bytes())
    results = ingested(week)
    again = results["周五.xlsx"]
    (said,) = again.findings
    assert (again.status, said.code, said.cell) == (Status.REFUSED, Code.FILE_WITHDRAWN, "")
    assert f"撤回（{WHY}），没有再收；内容仍要报的，请在填报表中改好、保存后重新发送。" in said.message
    assert again.letter is not None
    assert results["改好再发.xlsx"].status is Status.WITH_WARNINGS
    assert value(week, "Z03-04") == 13.6


def test_a_withdrawal_by_mistake_is_taken_back(week: Office) -> None:
    first_and_second(week)
    withdraw(week.workspace, "周五.xlsx", WHY)
    done = withdraw(week.workspace, "周五.xlsx", "撤错了", undo=True)
    assert (done.rows, done.undone) == (1, True)
    assert value(week, "Z03-04") == 13.5
    assert receipts(week)[-1].status is Status.WITH_WARNINGS
    assert withdraw(week.workspace, "周五.xlsx", "撤错了", undo=True).already


def test_a_name_that_several_files_have_lists_them_and_the_hash_tells_them_apart(week: Office) -> None:
    week.send(figure(week, 12.5), "03.xlsx", hours=-20)
    ingested(week)
    week.send(figure(week, 13.5), "03.xlsx")
    ingested(week)
    asked = tenproj(week, "withdraw", "03.xlsx", "--why", WHY)
    assert asked.exit_code == 2
    shas = [r.sha256 for r in receipts(week)]
    assert all(sha[:12] in asked.stderr for sha in shas)
    done = tenproj(week, "withdraw", shas[1][:8], "--why", WHY, "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "file": "03.xlsx",
        "sha256": shas[1],
        "task_force": "03",
        "recipient": "03",
        "period": PERIOD,
        "withdrawn": True,
        "changed": True,
        "rows": 1,
        "standing": 1,
        "decided": 0,
        "to_correct": [],
        "lapsed_decisions": [],
        "restored_decisions": [],
    }
    assert value(week, "Z03-04") == 12.5


def test_a_file_that_never_came_is_a_usage_error_that_lists_what_came(week: Office) -> None:
    first_and_second(week)
    asked = tenproj(week, "withdraw", "周六.xlsx", "--why", WHY)
    assert asked.exit_code == 2
    assert "没有接收过叫“周六.xlsx”的文件" in asked.stderr
    assert "周五.xlsx" in asked.stderr
    with pytest.raises(UsageProblem, match="原因"):
        withdraw(week.workspace, "周五.xlsx", " ")


def test_an_issues_code_stays_given(week: Office) -> None:
    form = week.blank("03")
    form.write("issues", "+1", **ISSUE)
    form.cover(filler="张三", phone="1")
    week.send(form, "03.xlsx")
    ingested(week)
    withdraw(week.workspace, "03.xlsx", WHY)
    assert known(week).rows == ()
    form.write("issues", "+2", **{**ISSUE, "description": "供电增容方案没有批复"})
    week.send(form, "03改.xlsx")
    ingested(week)
    assert last_word(week, "issues", "W03-2026-001").values["description"] == ISSUE["description"]
    assert last_word(week, "issues", "W03-2026-002").values["description"] == "供电增容方案没有批复"


def test_status_and_roll_up_say_what_was_withdrawn_and_why(week: Office) -> None:
    first_and_second(week)
    withdraw(week.workspace, "周五.xlsx", WHY)
    shown = tenproj(week, "status")
    assert "已撤回：周五.xlsx（" in shown.stdout
    said = json.loads(tenproj(week, "status", "--json").stdout)["withdrawn"]
    assert [(w["file"], w["why"]) for w in said] == [("周五.xlsx", WHY)]
    lines = table(merge(week.workspace, PERIOD).rollup, "报送情况", "专班")
    told = [
        one(lines, "03", column, "专班")
        for column in ("来件（份）", "更正（次）", "现行件", "撤回的文件和原因")
    ]
    assert told[:3] == [2, 0, "周四.xlsx"]
    assert re.fullmatch(rf"周五.xlsx（[-\d]+ [:\d]+撤回：{WHY}）", str(told[3]))


def test_a_withdrawal_has_the_time_at_which_it_is_recorded_and_not_that_of_a_clock_that_was_put_back(
    week: Office,
) -> None:
    first_and_second(week)
    last = datetime(2100, 3, 1, 9, tzinfo=UTC)
    with (
        open_ledger(week.workspace.ledger, who="tests") as ledger,
        ledger.batch("signoff", last, week.loaded.snapshots),
    ):
        pass
    withdraw(week.workspace, "周五.xlsx", WHY)
    withdrawal = receipts(week)[-1].withdrawn
    assert withdrawal is not None
    assert withdrawal.at == last + timedelta(seconds=1)
