"""A supervision slip to several units: each answers for itself, and is thanked, reminded and shown by itself.

An issue of 区科技局 and 区财政局 is overdue in 2026-W48, and a slip asks both for an answer by 6 December. What
they answer comes back in 2026-W50.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tenproj_xl.app import supervise
from tenproj_xl.app.history import history
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.send import send
from tenproj_xl.app.slips import answering
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.slips import Register, Slip, SlipReply
from tests.app.test_amend import amended
from tests.conftest import PERIOD
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import plan_book
from tests.helpers.rollup_reading import one, opened, table
from tests.helpers.shared import copied, made_once
from tests.helpers.small_plan import small_plan
from tests.office.test_signoff import saved
from tests.office.test_slips import LATER, YES
from tests.office.test_supervise import choose

ISSUE: Mapping[str, object] = {
    "description": "项目用地指标尚未落实",
    "category": "用地",
    "source": "自查",
    "raised_on": date(2026, 11, 23),
    "unit": "区科技局、区财政局",
    "due_on": date(2026, 11, 27),
    "status": "整改中",
}
SCIENCE, FINANCE, HOUSING = "区科技局", "区财政局", "区住建局"


@dataclass
class Joint:
    """An office that has sent a slip to two units in 2026-W48, two weeks later."""

    workspace: Workspace
    week: Office
    slip: Slip

    @classmethod
    def of(cls, root: Path) -> "Joint":
        workspace = Workspace(root)
        with look_into_ledger(workspace.ledger) as ledger:
            (slip,) = ledger.register().slips
        return cls(workspace, Office.of(workspace, LATER), slip)

    def answers(self, unit: str, text: str, day: int = 10) -> None:
        """Fill in the workbook that went to a unit, and take it in."""
        (path,) = self.workspace.outbox.glob(f"{PERIOD}/督办/督办单反馈_{unit}_*.xlsx")
        book = load_workbook(path)
        page = book.active
        assert page is not None
        rows = list(page.iter_rows())
        head = next(row for row in rows if "办理情况" in [cell.value for cell in row])
        at = {str(cell.value): n for n, cell in enumerate(head)}
        for row in rows:
            if row[at["编号"]].value == self.slip.code:
                row[at["办理情况"]].value = text
        copy = self.workspace.inbox / f"{unit}{day}.xlsx"
        book.save(copy)
        saved(copy, date(2026, 12, day))
        ingest(self.workspace, LATER)

    def returns(self, progress: str) -> str:
        """Report on the issue in the form of the task force, which 区科技局 leads; return the file's hash."""
        form = self.week.blank("03")
        form.write("issues", self.slip.code, progress=progress)
        self.week.send(form)
        (file,) = ingest(self.workspace, LATER).files
        assert file.status.is_return
        return file.received.sha256

    def letters(self, unit: str) -> str:
        """All letters to a unit."""
        folder = self.workspace.outbox / LATER / "通知"
        return "".join(path.read_text("utf-8-sig") for path in sorted(folder.glob(f"*{unit}.txt")))

    def listed(self) -> object:
        return one(table(merge(self.workspace, LATER).rollup, "督办清单"), self.slip.code, "督办单反馈")

    def registered(self) -> dict[str, object]:
        path = supervise.list_items(self.workspace, LATER, force=True).written
        chosen = choose(path, {self.slip.code: {**YES, "是否督办": "再发", "反馈时限": date(2026, 12, 20)}})
        written = supervise.issue(self.workspace, chosen).written
        assert written is not None
        rows = table(written, "督办台账", key="督办单")
        return {name: one(rows, self.slip.label, name, key="督办单") for name in ("状态", "单位反馈")}


def issue_to(units: Sequence[str], before: Path, folder: Path) -> None:
    """Make a workspace in which a slip was issued to units, and forms of the later week are out."""
    workspace = Workspace(Path(shutil.copytree(before, folder)))
    office = Office.of(workspace, PERIOD)
    form = office.right("03")
    form.append("issues", **{**ISSUE, "unit": "、".join(units)})
    office.send(form)
    merge(workspace, PERIOD)
    with look_into_ledger(workspace.ledger) as ledger:
        (code,) = {row.code for row in ledger.accepted_rows() if row.sheet == "issues"}
    path = supervise.list_items(workspace, PERIOD).written
    issued = supervise.issue(workspace, choose(path, {code: YES}))
    assert issued.slips[0].units == tuple(units)
    sent_out(workspace, LATER)


@pytest.fixture(scope="module")
def _joint(_later_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "joint", partial(issue_to, (SCIENCE, FINANCE), _later_week))


@pytest.fixture
def joint(_joint: Path, tmp_path: Path) -> Joint:
    """A slip to two units was issued in 2026-W48, and forms of 2026-W50 are out."""
    return Joint.of(copied(_joint, tmp_path).root)


@pytest.fixture(scope="module")
def _others(_later_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "joint-others", partial(issue_to, (FINANCE, HOUSING), _later_week))


@pytest.fixture
def others(_others: Path, tmp_path: Path) -> Joint:
    """The same, but that the slip asks two units that do not lead the task force."""
    return Joint.of(copied(_others, tmp_path).root)


@pytest.fixture
def alone(_later_week: Path, tmp_path: Path) -> Joint:
    """The same, but that the slip asks one unit that does not lead the task force."""
    issue_to((FINANCE,), _later_week, tmp_path / "alone")
    return Joint.of(tmp_path / "alone")


def test_a_slip_to_two_units_waits_for_the_second_when_the_first_has_answered(joint: Joint) -> None:
    joint.answers(SCIENCE, "已办一半")
    assert f"录入对督办单{joint.slip.label}的反馈，谢谢" in joint.letters(SCIENCE)
    assert "逾期未反馈" not in joint.letters(SCIENCE)
    assert "贵单位有1件督办单逾期未反馈" in joint.letters(FINANCE)
    assert joint.listed() == f"2026-12-10{SCIENCE}已反馈：已办一半；{FINANCE}逾期4天未反馈"
    page_one = opened(merge(joint.workspace, LATER).rollup, values=True)["总览"]
    texts = " ".join(str(cell.value) for row in page_one.iter_rows() for cell in row if cell.value)
    assert f"督办单逾期未反馈1件：{joint.slip.label}（{FINANCE}，4天）" in texts
    assert joint.registered()["单位反馈"] == (
        f"2026-12-10 {SCIENCE} 已办一半（{SCIENCE}10.xlsx）\n待{FINANCE}反馈"
    )


def test_what_both_units_answer_stands_in_the_register(joint: Joint) -> None:
    joint.answers(SCIENCE, "已办一半")
    joint.answers(FINANCE, "资金已拨", day=11)
    answers = f"2026-12-10{SCIENCE}已反馈：已办一半；2026-12-11{FINANCE}已反馈：资金已拨"
    assert joint.listed() == answers
    joint.answers(SCIENCE, "已办完", day=12)
    assert str(joint.listed()) == answers.replace("10", "12", 1).replace("已办一半", "已办完")
    (said,) = history(joint.workspace, joint.slip.code).slips
    assert said.endswith(
        f"2026-12-12{SCIENCE}已反馈：已办完（{SCIENCE}12.xlsx），"
        f"2026-12-11{FINANCE}已反馈：资金已拨（{FINANCE}11.xlsx）"
    )
    registered = joint.registered()
    assert registered["状态"] == "已反馈"
    assert str(registered["单位反馈"]).count("\n") == 1


def test_a_return_answers_for_the_unit_that_sent_it_and_thanks_no_other(joint: Joint) -> None:
    sha256 = joint.returns("已专题研究，资金下周拨付")
    assert f"贵单位对督办单{joint.slip.label}的反馈已登记" in joint.letters(SCIENCE)
    assert "已登记" not in joint.letters(FINANCE)
    assert "贵单位有1件督办单逾期未反馈" in joint.letters(FINANCE)
    joint.answers(FINANCE, "资金已拨")
    assert "逾期未反馈" not in joint.letters(FINANCE)
    assert "未反馈" not in str(joint.listed())
    withdraw(joint.workspace, sha256[:12], why="误报")
    assert joint.listed() == f"2026-12-10{FINANCE}已反馈：资金已拨；{SCIENCE}逾期5天未反馈"


def test_what_a_lead_unit_reports_answers_for_none_of_the_units_that_a_slip_asks(others: Joint) -> None:
    others.returns("已专题研究，资金下周拨付")
    for unit in (FINANCE, HOUSING):
        assert "已登记" not in others.letters(unit)
        assert "贵单位有1件督办单逾期未反馈" in others.letters(unit)
    others.answers(FINANCE, "资金已拨")
    assert others.listed() == f"2026-12-10{FINANCE}已反馈：资金已拨；{HOUSING}逾期5天未反馈"


def test_of_a_slip_to_one_unit_that_another_answers_the_one_that_wrote_is_thanked(alone: Joint) -> None:
    alone.returns("已专题研究，资金下周拨付")
    assert f"贵单位对督办单{alone.slip.label}的反馈已登记，谢谢" in alone.letters(SCIENCE)
    assert "已登记" not in alone.letters(FINANCE)
    assert "已反馈：已专题研究，资金下周拨付" in str(alone.listed())


def test_what_the_office_was_told_answers_for_the_unit_that_it_records_it_for(joint: Joint) -> None:
    amended(joint.week, joint.slip.code, "进展情况", "已专题研究", "--basis", "电话")
    assert f"{SCIENCE}已反馈：已专题研究；{FINANCE}" in str(joint.listed())


def test_a_unit_answers_for_the_one_that_it_succeeds_as_well(joint: Joint) -> None:
    with plan_book(joint.workspace) as plan:
        plan.set("单位", FINANCE, 终止日期="2026-12-06", 承继单位=SCIENCE)
    joint.answers(SCIENCE, "已办一半")
    assert joint.letters(SCIENCE).count(f"录入对督办单{joint.slip.label}的反馈，谢谢") == 1
    assert "逾期未反馈" not in joint.letters(SCIENCE)
    assert "未反馈" not in str(joint.listed())
    joint.answers(SCIENCE, "已办一半", day=11)
    assert "12-11" not in str(joint.listed())


def test_a_unit_that_succeeds_another_is_sent_and_told_of_the_slip_to_both_once(joint: Joint) -> None:
    with plan_book(joint.workspace) as plan:
        plan.set("单位", FINANCE, 终止日期="2026-12-06", 承继单位=SCIENCE)
    send(joint.workspace, LATER)
    said = (joint.workspace.outbox / LATER / "待发" / SCIENCE / "消息.txt").read_text("utf-8-sig")
    assert said.count(f"{joint.slip.label}“") == 1
    form = joint.week.right("02")
    joint.week.send(form)
    ingest(joint.workspace, LATER)
    assert "贵单位有1件督办单逾期未反馈" in joint.letters(SCIENCE)


def test_a_name_that_the_plan_has_no_more_is_answered_by_nobody_that_it_lacks_too(joint: Joint) -> None:
    plan = small_plan()
    slip = replace(joint.slip, unit=f"区旧局、{SCIENCE}", awaits=("区旧局", SCIENCE))
    assert answering(slip, "区别局", plan) == ()
    assert answering(slip, "区旧局", plan) == ("区旧局",)
    assert answering(slip, SCIENCE, plan) == (SCIENCE,)
    assert answering(replace(slip, awaits=()), "区别局", plan) == ("",)
    assert answering(replace(slip, unit="区旧局"), "区别局", plan) == ("",)


def test_a_unit_that_has_answered_is_not_sent_the_slip(joint: Joint) -> None:
    joint.answers(SCIENCE, "已办一半")
    send(joint.workspace, PERIOD)
    folder = joint.workspace.outbox / PERIOD / "待发"
    assert [path.parent.name for path in folder.rglob("督办单_*.xlsx")] == [FINANCE]


def test_of_a_slip_that_was_recorded_without_whom_it_awaits_one_answer_is_enough(joint: Joint) -> None:
    before = replace(joint.slip, awaits=())
    reply = SlipReply(
        year=before.year,
        number=before.number,
        replied_on=date(2026, 12, 10),
        text="好",
        period=LATER,
        file="",
        sha256="",
    )
    for unit in (SCIENCE, ""):
        register = Register((before,), {}, {before.key: (replace(reply, unit=unit),)})
        assert (register.open, register.awaited(before)) == ((), ())
    assert Register((before,)).awaited(before) == (SCIENCE, FINANCE)
