"""What meetings agree on: entered in a workbook, asked in the next forms, and told to the next meeting.

A meeting's way: `meeting` lays the workbook out, the office fills it in after the meeting, `meeting FILE` records it,
the forms of the next week ask the units, and the workbook and the paper of the next meeting tell what became of it.
"""

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.meeting import draw_meeting, take_in_meeting
from tenproj_xl.app.report import report
from tenproj_xl.app.results import Signed
from tenproj_xl.app.signoff import sign_off
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.answers import IssueSource
from tenproj_xl.core.catalogue import Code
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.rollup_reading import opened
from tests.helpers.shared import made_once
from tests.office.test_signoff import SIGNED_OFF, WAITING, SignoffOffice, saved

NEW, STANDING = "议定事项", "落实情况"
CODE = "W03-2026-001"
ITEM: dict[str, object] = {
    "会议名称": "第12次联络员例会",
    "会议日期": date(2026, 11, 25),
    "议定事项": "协调落实北部软件园扩建地块用地指标",
    "专班": "03",
    "责任单位": "区科技局",
    "完成时限": date(2026, 12, 20),
}


class MeetingFile:
    """The workbook as the office has it open; new items go by their place, 1, 2, …"""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = load_workbook(path)

    def write(self, row: int, values: Mapping[str, object]) -> str:
        """Write an item; return the address of the cell written last."""
        tab = self.book[NEW]
        headers = {cell.value: get_column_letter(n) for n, cell in enumerate(tab[4], 1)}
        address = ""
        for header, value in values.items():
            address = f"{headers[header]}{4 + row}"
            tab[address].value = self._task_force(value) if header == "专班" else value
        return address

    def _task_force(self, code: object) -> object:
        """The choice that the drop-down offers for a code; anything else as it is."""
        names = [str(row[0].value or "") for row in self.book["填写说明"]["B1:B40"]]
        return next((name for name in names if name.startswith(f"{code} ")), code)

    @property
    def standing(self) -> list[dict[str, object]]:
        """What it shows of earlier items."""
        tab = self.book[STANDING]
        headers = [cell.value for cell in tab[4]]
        rows = [dict(zip(headers, row, strict=True)) for row in tab.iter_rows(min_row=5, values_only=True)]
        return [{str(k): v for k, v in row.items() if k and "标识" not in str(k)} for row in rows]


class MeetingOffice(SignoffOffice):
    """An office with meetings."""

    def meeting(self) -> MeetingFile:
        return MeetingFile(draw_meeting(self.workspace).path)

    def agenda(self) -> str:
        """What the first sheet of the next meeting's paper says."""
        tab = opened(report(self.workspace, "meeting", None).written[0])["议程"]
        return "\n".join(str(value) for row in tab.values for value in row if value)

    def agree(self, file: MeetingFile, on: date = date(2026, 11, 26), name: str = "会后.xlsx") -> Signed:
        """Save the workbook somewhere, on some day, and name it to the command."""
        path = self.workspace.root / name
        file.book.save(path)
        return take_in_meeting(self.workspace, saved(path, on))


@pytest.fixture
def office(week: Office) -> MeetingOffice:
    """Forms for 2026-W48 are out, nothing was ever returned."""
    return MeetingOffice(week.workspace, week)


@pytest.fixture(scope="session")
def _agreed(_first_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        shutil.copytree(_first_week, folder)
        office = MeetingOffice(Workspace(folder), Office.of(Workspace(folder), PERIOD))
        file = office.meeting()
        file.write(1, ITEM)
        office.agree(file)
        office.next_week("2026-W49")

    return made_once(tmp_path_factory, "agreed", make)


@pytest.fixture
def agreed(_agreed: Path, tmp_path: Path) -> MeetingOffice:
    """An item was agreed on and recorded in 2026-W48, and forms of 2026-W49 are out."""
    workspace = Workspace(tmp_path / "week")
    shutil.copytree(_agreed, workspace.root)
    return MeetingOffice(workspace, Office.of(workspace, "2026-W49"))


def told(done: Signed) -> list[tuple[Code, str]]:
    return [(f.code, f.cell) for f in done.findings]


def tenproj(office: MeetingOffice, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


# --- a whole life


def test_what_a_meeting_agreed_on_is_asked_in_the_next_form_answered_told_and_signed_off(
    agreed: MeetingOffice,
) -> None:
    row = agreed.row()
    assert row is not None
    assert row.printed["source"] is IssueSource.MEETING
    assert (row.printed["description"], row.printed["unit"]) == (ITEM["议定事项"], ITEM["责任单位"])
    assert (row.printed["raised_on"], row.printed["due_on"]) == (date(2026, 11, 25), date(2026, 12, 20))
    assert row.printed["review"] == "2026-11-25 第12次联络员例会议定"
    (line,) = agreed.meeting().standing
    assert (line["落实情况"], line["单位最近一次反馈"]) == ("临近时限", "尚无反馈")

    agreed.says(status="整改中", progress="已报市局，预计12月上旬批复")
    (line,) = agreed.meeting().standing
    assert line["单位最近一次反馈"] == "已报市局，预计12月上旬批复"
    assert (line["会议"], line["会议日期"].date()) == ("第12次联络员例会", date(2026, 11, 25))  # type: ignore[attr-defined]
    assert agreed.rolled_up()[CODE]["问题来源"] == "会议交办"

    assert "已报市局，预计12月上旬批复" in agreed.agenda()

    agreed.next_week("2026-W50")
    agreed.applies(date(2026, 12, 10))
    drawn = agreed.draw()
    assert drawn.value(WAITING, CODE, "past").startswith("2026-11-25 登记（第12次联络员例会）\n")
    drawn.decide(CODE, verdict="同意销号", opinion="批复已到", on=date(2026, 12, 11))
    assert agreed.sign(drawn).findings == ()
    (line,) = agreed.meeting().standing
    assert (line["落实情况"], line["单位最近一次反馈"]) == ("已销号", "指标已落实")
    agreed.next_week("2026-W51")
    assert agreed.row() is None
    agreed.next_week("2026-W53")
    assert "（1件：已销号1件）" in agreed.agenda()  # three weeks later: there was no meeting since


def test_what_the_last_meeting_heard_of_as_done_is_not_told_again(agreed: MeetingOffice) -> None:
    agreed.applies(date(2026, 12, 3))
    drawn = agreed.draw()
    drawn.decide(CODE, verdict="同意销号", on=date(2026, 12, 4))
    agreed.sign(drawn)
    file = agreed.meeting()
    assert [line["落实情况"] for line in file.standing] == ["已销号"]
    file.write(
        1, {**ITEM, "会议名称": "第13次联络员例会", "会议日期": date(2026, 12, 6), "议定事项": "完成选址"}
    )
    agreed.agree(file, on=date(2026, 12, 6))
    assert [line["议定事项"] for line in agreed.meeting().standing] == ["完成选址"]
    assert agreed.draw().codes(SIGNED_OFF) == [CODE]  # where it can be reopened


# --- once and again


def test_the_same_workbook_twice_makes_no_second_item(office: MeetingOffice) -> None:
    file = office.meeting()
    file.write(1, ITEM)
    first = office.agree(file)
    assert [(d.issue, d.on, d.by) for d in first.decisions] == [
        (CODE, date(2026, 11, 25), "第12次联络员例会")
    ]
    again = office.agree(file, name="又存了一次.xlsx")
    assert (again.decisions, again.repeated, again.notices) == ((), 1, ())
    assert list(office.rolled_up()) == [CODE]


def test_a_changed_row_is_a_change_that_is_told(office: MeetingOffice) -> None:
    file = office.meeting()
    file.write(1, ITEM)
    office.agree(file)
    file.write(1, {"完成时限": date(2026, 12, 31)})
    done = office.agree(file)
    assert done.notices == (
        f"{CODE} “完成时限”由“2026-12-20”改为“2026-12-31”。",
        f"{CODE} 此前录入的“2026-11-25 登记（第12次联络员例会）”已改为上面的结果。",
    )
    assert office.issue_history().original_due == date(2026, 12, 31)
    assert list(office.rolled_up()) == [CODE]


def test_a_row_that_tells_of_another_matter_is_another_item_and_the_first_one_stays(
    office: MeetingOffice,
) -> None:
    file = office.meeting()
    file.write(1, ITEM)
    office.agree(file)
    file.write(1, {"议定事项": "明确人才公寓配租办法"})
    done = office.agree(file)
    assert [d.issue for d in done.decisions] == ["W03-2026-002"]
    assert f"原来登记为 {CODE} 的那一行改写成了另一件事，已另登记为 W03-2026-002" in done.notices[0]


@pytest.mark.provokes(Code.ITEM_ANSWERED)
def test_what_its_unit_has_reported_on_is_changed_by_sign_off_alone(agreed: MeetingOffice) -> None:
    agreed.says(status="整改中", progress="已报市局")
    file = MeetingFile(agreed.workspace.root / "会后.xlsx")
    assert agreed.agree(file, name="原样.xlsx").repeated == 1
    cell = file.write(1, {"完成时限": date(2027, 1, 31)})
    done = agreed.agree(file)
    assert told(done) == [(Code.ITEM_ANSWERED, cell)]
    assert done.findings[0].message == (
        "第5行“协调落实北部软件园扩建地块用地指标”：这一件录入以后，单位在第49期已有填报，"
        "“完成时限”的改动没有录入；确需改动的，请单位在填报表的“申请变更”或“申请延期至”写明，"
        "再运行 tenproj signoff 审定。"
    )
    issue = agreed.issue_history()
    assert (issue.original_due, issue.reported("progress")) == (date(2026, 12, 20), "已报市局")


@pytest.mark.provokes(Code.BOOK_WITHDRAWN)
def test_a_workbook_that_was_withdrawn_takes_its_items_with_it(office: MeetingOffice) -> None:
    file = office.meeting()
    file.write(1, ITEM)
    office.agree(file)
    withdraw(office.workspace, "会后.xlsx", "会议改期")
    office.next_week("2026-W49")
    assert office.row() is None
    assert office.meeting().standing == []
    (found,) = take_in_meeting(office.workspace, office.workspace.root / "会后.xlsx").findings
    assert found.code is Code.BOOK_WITHDRAWN
    assert "请运行 tenproj withdraw 文件名 --undo --why 原因" in found.message


# --- faults


@pytest.mark.provokes(Code.ITEM_TWICE)
def test_the_same_item_twice_is_recorded_once(office: MeetingOffice) -> None:
    file = office.meeting()
    file.write(1, ITEM)
    file.write(3, ITEM)
    done = office.agree(file)
    assert told(done) == [(Code.ITEM_TWICE, "D7")]
    assert "与第5行的内容相同" in done.findings[0].message
    assert len(done.decisions) == 1

    later = office.meeting()
    later.write(2, ITEM)
    done = office.agree(later)
    assert told(done) == [(Code.ITEM_TWICE, "D6")]
    assert f"与已登记的{CODE}的内容相同" in done.findings[0].message
    assert list(office.rolled_up()) == [CODE]


@pytest.mark.parametrize(
    ("wrong", "code", "cell"),
    [
        ({"专班": "23 没有的工程"}, Code.NOT_CHOICE, "F5"),
        ({"完成时限": None}, Code.ISSUE_INCOMPLETE, "H5"),
        ({"完成时限": "年底前"}, Code.NOT_DATE, "H5"),
        ({"完成时限": date(2026, 11, 1)}, Code.DATES_ORDER, "H5"),
        ({"会议日期": date(2027, 11, 25), "完成时限": date(2027, 12, 20)}, Code.DATES_ORDER, "C5"),
        ({"会议名称": None}, Code.ISSUE_INCOMPLETE, "B5"),
    ],
)
def test_a_row_at_fault_is_told_by_its_cell_and_not_recorded(
    office: MeetingOffice, wrong: dict[str, object], code: Code, cell: str
) -> None:
    file = office.meeting()
    file.write(1, {**ITEM, **wrong})
    file.write(2, {**ITEM, "议定事项": "明确人才公寓配租办法"})
    done = office.agree(file)
    assert told(done) == [(code, cell)]
    assert len(done.decisions) == 1
    assert done.needs_a_person


def test_a_deadline_before_the_meeting_is_told_in_the_words_of_the_workbook(office: MeetingOffice) -> None:
    file = office.meeting()
    file.write(1, {**ITEM, "完成时限": date(2026, 11, 1)})
    (found,) = office.agree(file).findings
    assert found.message.endswith("“会议日期”2026-11-25晚于“完成时限”2026-11-01，请核对日期。")


def test_an_unknown_unit_is_asked_about_while_the_lead_unit_answers(office: MeetingOffice) -> None:
    file = office.meeting()
    file.write(1, {**ITEM, "责任单位": "区量子局"})
    done = office.agree(file)
    assert told(done) == [(Code.UNIT_UNCLEAR, "G5")]
    assert not done.needs_a_person
    office.next_week("2026-W49")
    assert office.row() is not None


def test_a_date_filled_down_a_column_is_no_item(office: MeetingOffice) -> None:
    file = office.meeting()
    file.write(1, ITEM)
    for row in range(2, 9):
        file.write(row, {"会议名称": "第12次联络员例会", "会议日期": date(2026, 11, 25)})
    done = office.agree(file)
    assert (done.findings, len(done.decisions)) == ((), 1)


# --- other workbooks, other places


@pytest.mark.provokes(Code.NOT_MEETING)
def test_another_workbook_is_not_taken_for_it_nor_it_for_another(office: MeetingOffice) -> None:
    assert told(take_in_meeting(office.workspace, office.week.path("03"))) == [(Code.NOT_MEETING, "")]
    assert told(take_in_meeting(office.workspace, office.draw().path)) == [(Code.NOT_MEETING, "")]
    assert told(sign_off(office.workspace, office.meeting().path)) == [(Code.NOT_SIGNOFF, "")]


def test_in_the_inbox_it_is_not_taken_in_and_stays_there(office: MeetingOffice) -> None:
    file = office.meeting()
    file.write(1, ITEM)
    path = office.workspace.inbox / "会后.xlsx"
    file.book.save(path)
    (result,) = ingest(office.workspace).files
    assert [f.message for f in result.findings] == [
        "这是议定事项表，不作为回表收取，仍留在收件夹；请移到别处，再运行 tenproj meeting 文件名 录入。"
    ]
    assert path.exists()


def test_the_command_says_what_it_did_and_what_is_next(office: MeetingOffice) -> None:
    laid_out = tenproj(office, "meeting")
    assert "会后填好保存，运行：tenproj meeting 文件名" in laid_out.stderr
    file = office.meeting()
    assert "没有覆盖" in tenproj(office, "meeting").stderr
    file.write(1, ITEM)
    path = office.workspace.root / "会后.xlsx"
    file.book.save(path)
    saved(path, date(2026, 11, 26))
    recorded = tenproj(office, "meeting", str(path))
    assert recorded.exit_code == 0
    assert f"{CODE}  {ITEM['议定事项']}（2026-11-25 第12次联络员例会）" in recorded.stderr
    assert tenproj(office, "meeting", str(path), "--period", PERIOD).exit_code == 2
