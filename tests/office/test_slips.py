"""Supervision slips that nobody answers become stronger, and those that are answered are closed.

Task force 03 lags in 2026-W48, and slips on two of its tasks ask for an answer by 6 December. What comes back in
2026-W50, in the return or in the 督办单反馈, answers them; what does not is on page one, in the unit's letter, and
proposed a stage higher.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tenproj_xl.app import supervise
from tenproj_xl.app.history import history
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.matters import SlipDue
from tenproj_xl.app.merge import merge
from tenproj_xl.app.prefer import prefer
from tenproj_xl.app.results import Ingested, IssuedSlips
from tenproj_xl.app.send import send
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.office_text import withdrawn_lines
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.slips import Level, Register, Slip, SlipReply, Stage, numbers_of
from tenproj_xl.model.statuses import Status
from tenproj_xl.office.slip_replies import SlipReplyBook
from tests.app.test_send import tick
from tests.conftest import PERIOD
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import plan_book
from tests.helpers.rollup_reading import one, opened, table
from tests.helpers.shared import copied
from tests.helpers.small_plan import small_plan
from tests.office.test_signoff import saved
from tests.office.test_supervise import REPLY, choose

TASK, OTHER = "R03-01", "R03-02"
UNIT = "区科技局"
LATER = "2026-W50"
YES: Mapping[str, object] = {"是否督办": "是", "签发人": "王五"}


@dataclass
class Supervising:
    """An office that has sent slips in 2026-W48, two weeks later."""

    workspace: Workspace
    week: Office
    issued: IssuedSlips

    def label(self, code: str) -> str:
        return next(slip.label for slip in self.issued.slips if slip.code == code)

    def listed(self, column: str, code: str = TASK) -> object:
        return one(table(merge(self.workspace, LATER).rollup, "督办清单"), code, column)

    def chosen(self, code: str = TASK, **values: object) -> IssuedSlips:
        path = supervise.list_items(self.workspace, LATER, force=True).written
        return supervise.issue(self.workspace, choose(path, {code: {**YES, **values}}))

    def letters(self) -> str:
        """All letters to the unit."""
        folder = self.workspace.outbox / LATER / "通知"
        return "".join(path.read_text("utf-8-sig") for path in sorted(folder.glob(f"*{UNIT}.txt")))

    def written_before(self) -> dict[str, object]:
        """What the unit wrote on the task in its return before the slip."""
        with look_into_ledger(self.workspace.ledger) as ledger:
            row = ledger.recordings({TASK})[-1].row
        written = {field: row.values[field] for field in ("progress", "problems", "next_steps")}
        return {"status": "滞后", **written}

    def returns(self, code: str, **values: object) -> Ingested:
        form = self.week.blank("03")
        form.write("tasks", code, **values)
        self.week.send(form)
        return ingest(self.workspace, LATER)

    def answers(self, **texts: str) -> Ingested:
        """Fill in the workbook that went along with the slips, and lay it into the inbox."""
        (path,) = self.issued.to_fill_in
        book = load_workbook(path)
        page = book.active
        assert page is not None
        rows = list(page.iter_rows())
        head = next(row for row in rows if "办理情况" in [cell.value for cell in row])
        at = {str(cell.value): n for n, cell in enumerate(head)}
        for row in rows:
            if text := texts.get(str(row[at["编号"]].value).replace("-", "_")):
                row[at["办理情况"]].value = text
        book.save(self.workspace.inbox / path.name)
        saved(self.workspace.inbox / path.name, date(2026, 12, 10))
        return ingest(self.workspace, LATER)


@pytest.fixture(scope="module")
def _issued(_behind: Path, tmp_path_factory: pytest.TempPathFactory) -> Supervising:
    workspace = copied(_behind, tmp_path_factory.mktemp("slips"))
    path = supervise.list_items(workspace, PERIOD).written
    issued = supervise.issue(workspace, choose(path, {TASK: YES, OTHER: YES}))
    return Supervising(workspace, sent_out(workspace, LATER), issued)


@pytest.fixture
def slips(_issued: Supervising, tmp_path: Path) -> Supervising:
    """Slips on two tasks were issued in 2026-W48, and forms of 2026-W50 are out."""
    made = _issued.workspace
    workspace = copied(made.root, tmp_path)
    to_fill_in = tuple(workspace.root / made.relative(path) for path in _issued.issued.to_fill_in)
    issued = replace(_issued.issued, to_fill_in=to_fill_in)
    return Supervising(workspace, replace(_issued.week, workspace=workspace), issued)


@pytest.fixture
def workspace(_behind: Path, tmp_path: Path) -> Workspace:
    """Tasks are behind in 2026-W48, and no slip was issued."""
    return copied(_behind, tmp_path)


# --- nobody answers


def test_an_unanswered_slip_is_on_page_one_in_the_list_and_in_the_units_letter(slips: Supervising) -> None:
    merged = merge(slips.workspace, LATER)
    page_one = opened(merged.rollup, values=True)["总览"]
    texts = " ".join(str(cell.value) for row in page_one.iter_rows() for cell in row if cell.value)
    first, second = slips.label(TASK), slips.label(OTHER)
    assert f"督办单逾期未反馈2件：{first}（{UNIT}，1天）、{second}（{UNIT}，1天），见“督办清单”" in texts
    assert (slips.listed("督办方式"), slips.listed("督办单反馈")) == ("催办", "逾期1天未反馈")
    letter = slips.letters()
    assert "贵单位有2件督办单逾期未反馈，请尽快填写“督办单反馈”表的“办理情况”栏发回，" in letter
    assert f"1. 催办{first}“" in letter
    assert "反馈时限2026年12月6日" in letter


def test_the_next_choice_proposes_a_stage_more_and_the_slip_tells_the_one_before(slips: Supervising) -> None:
    path = supervise.list_items(slips.workspace, LATER).written
    row = table(path, "督办事项选择")
    asked = {name: one(row, TASK, name) for name in ("在办督办单", "逾期未反馈", "拟发")}
    assert asked == {"在办督办单": slips.label(TASK), "逾期未反馈": "1天", "拟发": "督办"}
    (slip,) = slips.chosen().slips
    assert (slip.issued_as, slip.follows) == (Stage.SUPERVISE, slips.issued.slips[0].key)
    written = supervise.issue(slips.workspace, path.with_name(path.name)).written
    assert written is not None
    book = load_workbook(written)
    page = book[slip.label]
    said = {str(page.cell(n, 1).value): str(page.cell(n, 2).value) for n in range(1, 14)}
    issued_on = slips.issued.slips[0].issued_on
    day = f"{issued_on.year}年{issued_on.month}月{issued_on.day}日"
    assert said["此前发出"].startswith(f"催办{slips.label(TASK)}（{day}签发，")
    states = table(written, "督办台账", key="督办单")
    assert one(states, slips.label(TASK), "状态", key="督办单") == f"已再发{slip.label}"
    assert history(slips.workspace, TASK).slips[0].endswith(f"，未反馈，已再发{slip.label}")


def test_a_slip_that_may_be_answered_in_time_yet_is_neither_told_nor_followed(slips: Supervising) -> None:
    again = slips.chosen(反馈时限=date(2026, 12, 20))
    assert len(again.slips) == 1
    kept = slips.chosen(反馈时限=date(2026, 12, 21))
    assert (kept.slips, kept.kept) == ((), again.slips)
    assert slips.listed("督办单反馈") == "待反馈"


def test_a_slip_is_overdue_after_its_day_and_not_already_because_the_week_ends_after_it(
    workspace: Workspace,
) -> None:
    path = supervise.list_items(workspace, PERIOD).written
    issued = supervise.issue(workspace, choose(path, {TASK: {**YES, "反馈时限": date(2026, 12, 10)}}))
    slips = Supervising(workspace, sent_out(workspace, LATER), issued)
    told = []
    for hours in (-48, -3):  # on 9 and on 11 December
        form = slips.week.blank("03")
        form.write("tasks", OTHER, status="滞后", problems="缺钱", next_steps=f"筹款{hours}")
        slips.week.send(form, f"03_{hours}.xlsx", hours=hours)
        told.append(slips.listed("督办单反馈"))
    assert told == ["待反馈", "逾期1天未反馈"]


# --- the return answers


def test_what_the_unit_writes_in_its_return_answers_the_slip_and_the_item_stays(slips: Supervising) -> None:
    done = slips.returns(
        TASK, status="滞后", progress="已落实资金一半", problems="尚缺一半", next_steps="月底到位"
    )
    assert done.files[0].status.is_return
    assert f"贵单位对督办单{slips.label(TASK)}的反馈已登记" in slips.letters()
    assert f"催办{slips.label(OTHER)}" in slips.letters()
    assert str(slips.listed("督办单反馈")).startswith("2026-12-")
    assert "已落实资金一半" in str(slips.listed("督办单反馈"))
    assert "已反馈：" in history(slips.workspace, TASK).slips[0]
    path = supervise.list_items(slips.workspace, LATER).written
    assert one(table(path, "督办事项选择"), TASK, "在办督办单") == ""
    assert list(table(path, "在办督办单")["编号"]) == [OTHER]


def test_what_the_unit_had_written_before_the_slip_answers_it_as_little_as_a_remark(
    slips: Supervising,
) -> None:
    slips.returns(TASK, **slips.written_before(), remark="已阅")
    assert slips.listed("督办单反馈") == "逾期5天未反馈"
    assert f"催办{slips.label(TASK)}" in slips.letters()


def test_of_an_answer_what_the_unit_had_not_written_before_is_told(slips: Supervising) -> None:
    slips.returns(TASK, **slips.written_before() | {"next_steps": "月底到位"})
    assert str(slips.listed("督办单反馈")).endswith("：月底到位")


def test_a_slip_is_answered_however_many_returns_said_nothing_new_before(slips: Supervising) -> None:
    for remark in ("已阅", "收悉", "已转办"):
        slips.returns(TASK, **slips.written_before(), remark=remark)
    slips.returns(TASK, **slips.written_before() | {"next_steps": "月底到位"})
    assert str(slips.listed("督办单反馈")).endswith("：月底到位")


def test_a_slip_that_was_answered_stays_so_when_its_task_leaves_the_plan(slips: Supervising) -> None:
    slips.returns(TASK, status="滞后", progress="已落实资金一半", problems="尚缺一半", next_steps="月底到位")
    with plan_book(slips.workspace) as plan:
        plan.delete("重点任务", TASK)
    sent_out(slips.workspace, "2026-W51")
    path = supervise.list_items(slips.workspace, "2026-W51").written
    assert list(table(path, "在办督办单")["编号"]) == [OTHER]


def test_a_return_answers_the_slip_that_is_open_and_not_the_one_before_it(slips: Supervising) -> None:
    (second,) = slips.chosen().slips
    slips.returns(TASK, status="滞后", progress="已落实资金一半", problems="尚缺一半", next_steps="月底到位")
    assert f"贵单位对督办单{second.label}的反馈已登记" in slips.letters()
    first, then = history(slips.workspace, TASK).slips
    assert first.endswith(f"，未反馈，已再发{second.label}")
    assert "已反馈：" in then


def test_what_a_withdrawn_return_said_answers_nothing(slips: Supervising) -> None:
    done = slips.returns(
        TASK, status="滞后", progress="已落实资金一半", problems="尚缺一半", next_steps="月底到位"
    )
    withdraw(slips.workspace, done.files[0].received.sha256[:12], why="误报")
    assert slips.listed("督办单反馈") == "逾期5天未反馈"


def test_what_a_version_said_that_the_office_set_aside_answers_nothing(slips: Supervising) -> None:
    lagging = {"status": "滞后", "problems": "尚缺一半", "next_steps": "月底到位"}
    for name, progress in (("甲.xlsx", "已落实资金一半"), ("乙.xlsx", "已核减")):
        form = slips.week.blank("03")
        form.write("tasks", TASK, progress=progress, **lagging)
        slips.week.send(form, name)
    ingest(slips.workspace, LATER)
    prefer(slips.workspace, "甲.xlsx")
    said = history(slips.workspace, TASK).slips[0]
    assert "已落实资金一半" in said
    withdraw(slips.workspace, "甲.xlsx", why="误报")
    assert "已核减" in history(slips.workspace, TASK).slips[0]  # nothing is preferred to it any more
    withdraw(slips.workspace, "甲.xlsx", why="没有误报", undo=True)
    prefer(slips.workspace, "乙.xlsx")
    said = history(slips.workspace, TASK).slips[0]
    assert ("已核减" in said, "已落实资金一半" in said) == (True, False)


# --- the workbook answers


def test_the_workbook_that_went_along_answers_the_slips_when_it_comes_back(slips: Supervising) -> None:
    (path,) = slips.issued.to_fill_in
    numbers = [slip.number for slip in slips.issued.slips]
    assert path.name == f"督办单反馈_{UNIT}_{slips.issued.slips[0].year}年{numbers[0]}—{numbers[1]}号.xlsx"
    done = slips.answers(R03_01="资金12月20日前到位")
    (file,) = done.files
    assert (file.status, file.findings) == (Status.SLIP_REPLY, ())
    assert [(reply.key, reply.text) for reply in file.slip_replies] == [
        (slips.issued.slips[0].key, "资金12月20日前到位")
    ]
    assert not list(slips.workspace.inbox.glob("*.xlsx"))
    assert f"录入对督办单{slips.label(TASK)}的反馈，谢谢" in slips.letters()
    assert "资金12月20日前到位" in str(history(slips.workspace, TASK).slips[0])
    assert "待反馈" in history(slips.workspace, OTHER).slips[0]
    ingest(slips.workspace, LATER)
    assert f"录入对督办单{slips.label(TASK)}的反馈，谢谢" in slips.letters()


def test_the_same_workbook_once_more_answers_nothing_anew_and_a_withdrawn_one_nothing_at_all(
    slips: Supervising,
) -> None:
    (first,) = slips.answers(R03_01="资金12月20日前到位").files
    again = slips.answers(R03_01="资金12月20日前到位").files
    assert [file.slip_replies for file in again] == [()]
    done = withdraw(slips.workspace, first.received.sha256[:12], why="误发")
    assert f"对督办单{slips.label(TASK)}的反馈不再计入" in "".join(withdrawn_lines(done))
    assert "待反馈" in history(slips.workspace, TASK).slips[0]


def test_an_answer_to_a_slip_that_was_followed_answers_the_one_that_followed(slips: Supervising) -> None:
    (second,) = slips.chosen().slips
    (file,) = slips.answers(R03_01="资金12月20日前到位").files
    assert [reply.key for reply in file.slip_replies] == [second.key]


def test_nobody_answers_for_another_unit(slips: Supervising) -> None:
    folder = slips.workspace.inbox / "区投促局"
    folder.mkdir()
    (path,) = slips.issued.to_fill_in
    (folder / path.name).write_bytes(path.read_bytes())
    (file,) = ingest(slips.workspace, LATER).files
    assert (file.status, file.slip_replies) == (Status.REFUSED, ())
    assert file.findings[0].message.endswith(
        f"这是发给{UNIT}的表，发件的是区投促局，没有录入；请由{UNIT}填写后发回。"
    )


# --- stages


def slip(number: int, stage: Stage, follows: int | None) -> Slip:
    return Slip(
        year=2026,
        number=number,
        level=Level.YELLOW,
        kind=Duty.TASK,
        code=TASK,
        name="",
        task_force="",
        unit=UNIT,
        situation="",
        basis="",
        reply_by=REPLY,
        signer="",
        issued_on=REPLY,
        period="2026-W48",
        chosen_in="",
        stage=stage,
        follows=None if follows is None else (2026, follows),
    )


def test_numbers_that_do_not_follow_each_other_are_named() -> None:
    def named(*numbers: int) -> str:
        return numbers_of([slip(number, Stage.URGE, None) for number in numbers])

    assert [named(3), named(1, 2), named(1, 5), named(5, 1, 4, 7)] == [
        "2026年3号",
        "2026年1—2号",
        "2026年1、5号",
        "2026年1、4—5、7号",
    ]
    assert named(*range(1, 41, 2)) == "2026年1—39号中的20件"


def test_slips_of_two_years_are_named_with_the_year_of_each() -> None:
    old = [slip(number, Stage.URGE, None) for number in (11, 12)]
    new = replace(slip(1, Stage.URGE, None), year=2027)
    assert numbers_of([new, *old]) == "2026年11—12号、2027年1号"
    book = SlipReplyBook(plan=small_plan(), unit="区住建局", slips=[old[1], new], day=REPLY, secret="")
    assert book.stem == "督办单反馈_区住建局_2026年12号、2027年1号"


@given(st.sampled_from([*Stage]), st.integers(min_value=0, max_value=8))
def test_each_slip_that_follows_is_a_stage_stronger_up_to_the_last(first: Stage, times: int) -> None:
    stage = first
    for _ in range(times):
        stage = stage.next
    stages = list(Stage)
    assert stages.index(stage) == min(stages.index(first) + times, len(stages) - 1)


@given(length=st.integers(min_value=1, max_value=6), answered=st.sampled_from(["", "好"]))
def test_of_the_slips_on_an_item_the_last_alone_is_open_and_an_answer_to_it_closes_all(
    length: int, answered: str
) -> None:
    made = tuple(slip(n, Stage.URGE, n - 1 if n > 1 else None) for n in range(1, length + 1))
    replies = {}
    if answered:
        reply = SlipReply(
            year=2026, number=length, replied_on=REPLY, text=answered, period="2026-W50", file="", sha256=""
        )
        replies[reply.key] = [reply]
    register = Register(made, {}, replies)
    assert register.open == (() if answered else made[-1:])
    assert register.before(made[-1]) == made[:-1]


# --- what one letter says of them


def told(slips: Supervising) -> str:
    """Lay out what is to be sent, and return what the unit is told."""
    send(slips.workspace, LATER)
    return (slips.workspace.outbox / LATER / "待发" / UNIT / "消息.txt").read_text("utf-8-sig")


def asked_for(slips: Supervising, code: str) -> int:
    """How often the letter asks for the answer to a slip."""
    return told(slips).count(f"{slips.label(code)}“")


@pytest.fixture
def asked(slips: Supervising) -> Supervising:
    """The forms and the slips were sent, and `merge` has noted that neither was answered."""
    send(slips.workspace, LATER)
    tick(slips.week, [UNIT])
    merge(slips.workspace, LATER)
    return slips


def test_a_letter_that_thanks_for_the_answer_to_a_slip_does_not_ask_for_it(asked: Supervising) -> None:
    assert (asked_for(asked, TASK), asked_for(asked, OTHER)) == (1, 1)
    asked.answers(R03_01="资金月底到位", R03_02="资金12月20日前到位")
    said = told(asked)
    assert f"录入对督办单{asked.label(TASK)}、{asked.label(OTHER)}的反馈，谢谢。" in said
    assert "逾期未反馈" not in said
    assert "填报表尚未收到" in said


def test_a_letter_asks_once_for_the_slip_that_is_still_to_be_answered(asked: Supervising) -> None:
    asked.answers(R03_01="资金月底到位")
    assert "贵单位有1件督办单逾期未反馈" in told(asked)
    assert (asked_for(asked, TASK), asked_for(asked, OTHER)) == (0, 1)


def test_a_letter_about_a_return_does_not_ask_for_what_the_unit_answered_since(asked: Supervising) -> None:
    asked.returns(OTHER, status="已完成", progress="已全部完成")
    assert "逾期未反馈" in told(asked)
    asked.answers(R03_01="资金月底到位", R03_02="资金12月20日前到位")
    said = told(asked)
    assert "须更正" in said
    assert "逾期未反馈" not in said


def test_a_letter_does_not_ask_for_a_slip_that_the_office_has_closed(asked: Supervising) -> None:
    assert asked_for(asked, TASK) == 1
    path = supervise.list_items(asked.workspace, LATER).written
    closing = {asked.label(TASK): {"是否办结": "是", "办结日期": date(2026, 12, 10), "办结情况": "已办"}}
    supervise.issue(asked.workspace, choose(path, closing, "在办督办单", "督办单"))
    assert (asked_for(asked, TASK), asked_for(asked, OTHER)) == (0, 1)


def test_a_slip_that_goes_out_by_a_letter_is_not_called_late_in_it(slips: Supervising) -> None:
    merge(slips.workspace, LATER)
    said = told(slips)
    assert "以下2件事项已列入督办" in said
    assert "逾期未反馈" not in said


# --- they go out


def test_a_unit_is_sent_its_own_slips_and_the_workbook_to_answer_in(slips: Supervising) -> None:
    send(slips.workspace, slips.issued.slips[0].period)
    folder = slips.workspace.outbox / "2026-W48" / "待发" / UNIT
    names = {path.name for path in folder.glob("督办单*.xlsx")}
    (answer,) = slips.issued.to_fill_in
    assert names == {answer.name, answer.name.replace("督办单反馈", "督办单")}
    assert (folder / answer.name).read_bytes() == answer.read_bytes()
    said = (folder / "消息.txt").read_text("utf-8-sig")
    assert "以下2件事项已列入督办" in said
    assert f"{slips.label(TASK)}“" in said
    own = load_workbook(folder / answer.name.replace("督办单反馈", "督办单"))
    assert own.sheetnames == [slips.label(TASK), slips.label(OTHER), "督办台账"]


def laid_out(slips: Supervising, period: str = "") -> list[str]:
    """Lay out what is to be sent, and return the slips in letters and workbooks to answer in, by unit."""
    laid = send(slips.workspace, period or None)
    folder = slips.workspace.outbox / laid.period.code / "待发"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("督办单*.xlsx"))


def test_a_slip_that_was_not_sent_before_the_next_forms_goes_out_with_them_once(slips: Supervising) -> None:
    (answer,) = slips.issued.to_fill_in
    goes = [f"{UNIT}/{answer.name.replace('督办单反馈', '督办单')}", f"{UNIT}/{answer.name}"]
    assert laid_out(slips) == sorted(goes)
    folder = slips.workspace.outbox / LATER / "待发" / UNIT
    assert (folder / answer.name).read_bytes() == answer.read_bytes()
    assert "以下2件事项已列入督办" in (folder / "消息.txt").read_text("utf-8-sig")
    tick(slips.week, [UNIT])
    assert laid_out(slips) == []
    assert laid_out(slips, PERIOD) == []


def test_a_slip_that_was_sent_does_not_go_out_again_with_the_next_forms(slips: Supervising) -> None:
    assert laid_out(slips, PERIOD)
    tick(Office.of(slips.workspace, PERIOD), [UNIT])
    send(slips.workspace, PERIOD)
    assert laid_out(slips) == []


def test_a_slip_that_was_answered_before_it_was_sent_does_not_go_out(slips: Supervising) -> None:
    slips.returns(TASK, status="滞后", progress="已落实资金一半", problems="尚缺一半", next_steps="月底到位")
    slips.answers(R03_02="资金12月20日前到位")
    assert laid_out(slips) == []


def test_a_slip_for_two_units_is_still_due_to_the_one_when_the_other_has_it(slips: Supervising) -> None:
    ours, theirs = (SlipDue(slips.issued.slips[0], unit) for unit in (UNIT, "区财政局"))
    assert ours.version != theirs.version
