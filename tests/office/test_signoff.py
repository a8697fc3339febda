"""Sign-off: what departments apply for, what the office decides in its workbook, and what the next form says of it.

An office's week: forms go out, returns come in, `signoff` lays the workbook out, the office fills it in, `signoff FILE`
records it, and the forms of the next week start from it.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import Ingested, Signed
from tenproj_xl.app.signoff import draw_signoff, sign_off
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding
from tenproj_xl.forms.cover import instructions
from tenproj_xl.forms.form import FormRow
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.issues import IssueHistory, issue_history
from tenproj_xl.model.statuses import Status
from tests.conftest import PERIOD
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling, Office, sent_out
from tests.helpers.libreoffice import type_into
from tests.helpers.programs import need
from tests.helpers.rollup_reading import table

ISSUE: dict[str, object] = {
    "description": "项目用地指标尚未落实",
    "category": "用地",
    "related": "R03-02",
    "source": "自查",
    "raised_on": date(2026, 11, 23),
    "unit": "区科技局",
    "due_on": date(2026, 12, 31),
    "status": "整改中",
    "progress": "已报市局",
}
CODE = "W03-2026-001"
FRIDAY = date(2026, 11, 27)
WAITING, SIGNED_OFF, NEW = "待审定", "本年已销号", "登记问题"
Fields = dict[str, object]


HEADERS: Mapping[str, Mapping[str, str]] = {
    WAITING: {
        "code": "问题编号",
        "asks": "申请事项",
        "attention": "请注意",
        "past": "办理经过",
        "state": "现状",
        "deadline": "时限",
        "verdict": "销号审定",
        "level": "核定层级",
        "coordination": "协调结果",
        "extension": "延期审定",
        "until": "同意延期至",
        "change": "变更审定",
        "new_source": "来源改为",
        "new_unit": "责任单位改为",
        "opinion": "审定意见",
        "by": "审定人",
        "on": "审定日期",
    },
    SIGNED_OFF: {
        "code": "问题编号",
        "signed_on": "销号日期",
        "past": "办理经过",
        "verdict": "重新挂账",
        "until": "整改时限",
        "opinion": "审定意见",
        "by": "审定人",
        "on": "审定日期",
    },
    NEW: {
        "task_force": "专班",
        "description": "问题描述",
        "category": "问题类别",
        "source": "问题来源",
        "raised_on": "提出日期",
        "unit": "责任单位",
        "due_on": "原定时限",
        "level": "核定层级",
        "related": "关联编号",
        "request": "提请协调事项",
        "opinion": "审定意见",
        "by": "审定人",
        "on": "审定日期",
    },
}


class SignoffFile:
    """A sign-off workbook as the office has it open; rows go by the issue's code or, for new ones, by `+1`, …"""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = load_workbook(path)

    def at(self, sheet: str, row: str, field: str) -> str:
        tab = self.book[sheet]
        column = next(c for c in tab[4] if c.value == HEADERS[sheet][field])
        number = (
            4 + int(row)
            if row.startswith("+")
            else next(n for n in range(5, 99) if tab.cell(n, 2).value == row)
        )
        return f"{column.column_letter}{number}"

    def value(self, sheet: str, row: str, field: str) -> str:
        return str(self.book[sheet][self.at(sheet, row, field)].value or "")

    def codes(self, sheet: str) -> list[str]:
        return [str(v) for (v,) in self.book[sheet].iter_rows(5, 99, 2, 2, values_only=True) if v]

    def write(self, sheet: str, row: str, **values: object) -> str:
        for field, value in values.items():
            self.book[sheet][self.at(sheet, row, field)].value = value
        return self.at(sheet, row, list(values)[-1])

    def decide(self, row: str, on: object = FRIDAY, **values: object) -> str:
        """Fill in a row of what waits: what was decided, by the director, on Friday."""
        return self.write(WAITING, row, **{"by": "王主任", "on": on, **values})


def saved(path: Path, on: date) -> Path:
    """A file as if it had been saved at noon of some day."""
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    os.utime(path, (noon, noon))
    return path


@dataclass
class SignoffOffice:
    """An office through the weeks."""

    workspace: Workspace
    week: Office

    def returns(
        self, spoil: Callable[[Filling], object], name: str = "03.xlsx", hours: float = -3
    ) -> Ingested:
        """Take in a return of task force 03 in which a clerk wrote something."""
        form = self.week.blank("03")
        form.cover(**SIGNED)
        spoil(form)
        self.week.send(form, name, hours=hours)
        return ingest(self.workspace, self.week.period)

    def registers(self, **more: object) -> Ingested:
        return self.returns(lambda form: form.write("issues", "+1", **{**ISSUE, **more}))

    def says(self, **values: object) -> Ingested:
        return self.returns(lambda form: form.write("issues", CODE, **values))

    def applies(self, on: date) -> Ingested:
        return self.says(
            status="申请销号", applied_on=on, evidence="市局批复", lead_opinion="同意", progress="指标已落实"
        )

    def draw(self) -> SignoffFile:
        return SignoffFile(draw_signoff(self.workspace).path)

    def sign(self, drawn: SignoffFile, on: date = date(2027, 1, 29), name: str = "审定.xlsx") -> Signed:
        """Save the workbook somewhere, on some day, and name it to the command."""
        path = self.workspace.root / name
        drawn.book.save(path)
        return sign_off(self.workspace, saved(path, on))

    def next_week(self, period: str) -> None:
        self.week = sent_out(self.workspace, period)

    def issue_history(self, code: str = CODE) -> IssueHistory:
        with open_ledger(self.workspace.ledger, who="tests") as ledger:
            found = issue_history(ledger.history(), code)
        assert found is not None
        return found

    def row(self, code: str = CODE, task_force: str = "03") -> FormRow | None:
        """The issue's row in the form that is out."""
        return next((r for r in self.week.forms[task_force].part("issues").rows if r.code == code), None)

    def rolled_up(self) -> dict[str, dict[str, object]]:
        """The sheet 问题销号 of this week's roll-up, by code."""
        frame = table(merge(self.workspace, self.week.period).rollup, "问题销号", "问题编号")
        return {
            str(line["问题编号"]): {str(k): v for k, v in line.items()} for line in frame.to_dict("records")
        }


@pytest.fixture
def office(week: Office) -> SignoffOffice:
    """Forms for 2026-W48 are out, nothing was ever returned."""
    return SignoffOffice(week.workspace, week)


@pytest.fixture(scope="session")
def _applied(_first_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = Workspace(tmp_path_factory.mktemp("applied") / "week")
    shutil.copytree(_first_week, workspace.root)
    office = SignoffOffice(workspace, Office.of(workspace, PERIOD))
    office.registers()
    office.next_week("2026-W49")
    office.applies(date(2026, 12, 3))
    return workspace.root


@pytest.fixture
def applied(_applied: Path, tmp_path: Path) -> SignoffOffice:
    """An issue of 2026-W48, for which its department applied for sign-off in 2026-W49."""
    workspace = Workspace(tmp_path / "week")
    shutil.copytree(_applied, workspace.root)
    return SignoffOffice(workspace, Office.of(workspace, "2026-W49"))


def codes(done: Signed) -> list[tuple[Code, str]]:
    return [(f.code, f.cell) for f in done.findings]


def only(done: Signed) -> Finding:
    (found,) = done.findings
    return found


def tenproj(office: SignoffOffice, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


# --- a whole life


def test_what_came_before_eight_in_the_morning_is_told_after_what_was_decided_the_day_before(
    office: SignoffOffice,
) -> None:
    office.registers(status="申请销号", applied_on=FRIDAY, evidence="市局批复", lead_opinion="同意")
    drawn = office.draw()
    drawn.decide(CODE, verdict="退回整改", opinion="批复未盖章", on=date(2026, 12, 3))
    assert office.sign(drawn).findings == ()
    office.next_week("2026-W49")
    again = {
        "status": "申请销号",
        "applied_on": date(2026, 12, 4),
        "evidence": "批复",
        "lead_opinion": "同意",
    }
    office.returns(lambda form: form.write("issues", CODE, progress="已盖章", **again), hours=-10)
    lines = office.draw().value(WAITING, CODE, "past").splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["2026年第48期", "2026-12-03", "2026年第49期"]


def test_registered_applied_sent_back_applied_signed_off_gone_reopened(office: SignoffOffice) -> None:
    office.registers()
    office.next_week("2026-W49")
    office.applies(date(2026, 12, 3))

    drawn = office.draw()
    assert drawn.codes(WAITING) == [CODE]
    assert (
        drawn.value(WAITING, CODE, "asks") == "【申请销号】2026-12-03，牵头单位初审：同意\n佐证材料：市局批复"
    )
    assert drawn.value(WAITING, CODE, "past") == (
        "2026年第48期 登记（自查，提出日期2026-11-23）整改中：已报市局\n2026年第49期 申请销号：指标已落实"
    )
    drawn.decide(CODE, verdict="退回整改", opinion="批复未盖章", on=date(2026, 12, 4))
    assert office.sign(drawn).findings == ()
    assert office.rolled_up()[CODE]["状态"] == "整改中"

    office.next_week("2026-W50")
    row = office.row()
    assert row is not None
    assert row.printed["review"] == "2026-12-04 退回整改（王主任）：批复未盖章"
    office.applies(date(2026, 12, 10))
    drawn = office.draw()
    assert drawn.value(WAITING, CODE, "attention") == "第2次申请，2026-12-04曾退回"
    drawn.decide(CODE, verdict="同意销号", opinion="材料齐全", on=date(2026, 12, 11))
    (decided,) = office.sign(drawn).decisions
    assert decided.spoken == "2026-12-11 同意销号（王主任）：材料齐全"
    line = office.rolled_up()[CODE]
    assert (line["状态"], line["最近一次审定"], line["退回整改（次）"]) == ("已销号", decided.spoken, 1)
    assert line["销号日期"] == date(2026, 12, 11)

    office.next_week("2026-W51")
    assert office.row() is None  # gone from the form, which says why
    assert instructions(office.week.forms["03"])[3] == (
        f"问题{CODE}“项目用地指标尚未落实”已销号：2026-12-11 同意销号（王主任）：材料齐全。"
    )
    assert CODE not in office.rolled_up()  # signed off before this week
    drawn = office.draw()
    assert drawn.codes(WAITING) == []
    assert drawn.codes(SIGNED_OFF) == [CODE]
    drawn.write(
        SIGNED_OFF,
        CODE,
        verdict="重新挂账",
        until=date(2027, 1, 31),
        opinion="现场复查未完工",
        by="督查组",
        on=date(2026, 12, 18),
    )
    assert office.sign(drawn).findings == ()
    line = office.rolled_up()[CODE]
    assert (line["状态"], line["重新挂账（次）"]) == ("重新挂账", 1)
    assert (line["原定时限"], line["现行时限"]) == (
        date(2026, 12, 31),
        date(2027, 1, 31),
    )
    assert line["挂账天数"] == 27 - 7  # from 23 November to 20 December, but for the week it was signed off

    office.next_week("2026-W52")
    row = office.row()
    assert row is not None
    assert str(row.printed["review"]).startswith(
        "2026-12-18 重新挂账（整改时限2027-01-31）（督查组）：现场复查未完工"
    )
    assert (row.printed["due_on"], row.printed["signed_on"]) == (date(2026, 12, 31), date(2026, 12, 11))


def test_an_extension_of_an_extension_is_numbered_and_the_original_deadline_stays(
    office: SignoffOffice,
) -> None:
    office.registers()
    office.next_week("2026-W49")
    office.says(status="整改中", extend_to=date(2027, 1, 31), extend_reason="市级计划未下达")
    drawn = office.draw()
    assert drawn.value(WAITING, CODE, "asks") == "【申请延期】至2027-01-31（第1次）：市级计划未下达"
    drawn.decide(CODE, extension="同意延期", until=date(2027, 1, 15), on=date(2026, 12, 4))
    assert office.sign(drawn).findings == ()

    office.next_week("2026-W50")
    row = office.row()
    assert row is not None
    assert row.printed["due_on"] == date(2026, 12, 31)
    assert row.printed["review"] == (
        "2026-12-04 同意延期至2027-01-15（王主任）；现行时限2027-01-15（原定2026-12-31，延期1次）"
    )
    office.says(status="整改中", extend_to=date(2027, 2, 28), extend_reason="评审排期")
    drawn = office.draw()
    assert drawn.value(WAITING, CODE, "asks") == "【申请延期】至2027-02-28（第2次）：评审排期"
    assert drawn.value(WAITING, CODE, "attention") == "已延期1次，原定2026-12-31"
    assert drawn.value(WAITING, CODE, "deadline") == "原定2026-12-31\n现行2027-01-15（延期1次）"
    drawn.decide(CODE, extension="不同意延期", opinion="限期办结", on=date(2026, 12, 11))
    assert office.sign(drawn).findings == ()
    line = office.rolled_up()[CODE]
    assert (line["延期（次）"], line["状态"]) == (1, "整改中")
    assert line["现行时限"] == date(2027, 1, 15)
    assert office.draw().codes(WAITING) == []


@pytest.mark.parametrize(("granted", "asked"), [("同意延期", []), ("不同意延期", [Code.TEXT_REPEATED])])
def test_an_issue_with_more_time_is_not_asked_why_its_words_stay_the_same(
    granted: str, asked: list[Code], office: SignoffOffice
) -> None:
    """Due on 27 November, the same words in three weeks; it is overdue unless more time was granted."""
    office.registers(due_on=date(2026, 11, 27), extend_to=date(2027, 1, 31), extend_reason="等待批复")
    drawn = office.draw()
    until = date(2027, 1, 31) if granted == "同意延期" else None
    drawn.decide(CODE, extension=granted, until=until, opinion="请抓紧")
    assert office.sign(drawn).findings == ()
    for period in ("2026-W49", "2026-W50"):
        office.next_week(period)
        done = office.says(status="整改中", progress="已报市局")
    assert [f.code for f in done.files[0].findings if f.code is Code.TEXT_REPEATED] == asked


def test_an_extension_that_was_asked_for_waits_until_it_is_answered(office: SignoffOffice) -> None:
    office.registers()
    office.next_week("2026-W49")
    office.says(status="整改中", extend_to=date(2027, 1, 31), extend_reason="市级计划未下达")
    office.next_week("2026-W50")
    office.says(status="整改中", progress="仍在等")
    assert "【申请延期】至2027-01-31" in office.draw().value(WAITING, CODE, "asks")
    row = office.row()
    assert row is not None
    assert row.printed["review"] == "申请延期至2027-01-31待审定"


def test_a_level_is_approved_and_the_clock_stands_still_until_the_superior_answers(
    office: SignoffOffice,
) -> None:
    office.registers(
        due_on=date(2026, 12, 6), request="请批复用地", suggested_level="总专班", suggested_unit="区规资局"
    )
    drawn = office.draw()
    assert drawn.value(WAITING, CODE, "asks") == "【建议层级】总专班：请批复用地（建议协调单位：区规资局）"
    drawn.decide(CODE, level="总专班办公室")
    assert office.sign(drawn).findings == ()
    line = office.rolled_up()[CODE]
    assert (line["层级"], line["状态"], line["距时限（天）"]) == ("总专班办公室", "待上级协调", 7 + 2)

    office.next_week("2026-W49")
    row = office.row()
    assert row is not None
    assert row.printed["approved_level"] is DecisionLevel.OFFICE
    office.next_week("2026-W50")  # nobody returned anything
    line = office.rolled_up()[CODE]
    assert (line["状态"], line["暂停计时（天）"], line["距时限（天）"]) == ("待上级协调", 16, -7 + 16)
    drawn = office.draw()
    assert "2026-11-27核定为总专班办公室，已16天，请填协调结果" in drawn.value(WAITING, CODE, "asks")
    drawn.decide(CODE, coordination="已协调", opinion="调剂指标20亩", on=date(2026, 12, 11))
    assert office.sign(drawn).findings == ()
    assert office.draw().codes(WAITING) == []
    office.next_week("2026-W51")
    line = office.rolled_up()[CODE]
    assert (line["提请协调"], line["暂停计时（天）"], line["距时限（天）"]) == ("否", 14, 0)
    assert line["状态"] == "临近时限"


def test_a_level_that_is_only_proposed_stops_no_clock(office: SignoffOffice) -> None:
    office.registers(due_on=date(2026, 11, 28), request="请批复用地", suggested_level="总专班")
    assert office.rolled_up()[CODE]["状态"] == "逾期"


def test_an_ask_for_which_nobody_proposed_a_level_waits_for_the_office_to_set_one(
    office: SignoffOffice,
) -> None:
    office.registers(request="请批复用地")
    drawn = office.draw()
    assert drawn.value(WAITING, CODE, "asks") == "【提请协调】请批复用地\n没有填建议层级，请核定层级"
    drawn.decide(CODE, level="总专班")
    assert office.sign(drawn).findings == ()
    assert office.rolled_up()[CODE]["状态"] == "待上级协调"
    assert "请填协调结果" in office.draw().value(WAITING, CODE, "asks")


def test_the_office_registers_an_issue_of_its_own(office: SignoffOffice) -> None:
    drawn = office.draw()
    drawn.write(
        NEW,
        "+1",
        task_force="03 “315”科技创新体系建设工程",
        description="实验室验收滞后",
        category="其他",
        source="督查核查",
        raised_on=FRIDAY,
        unit="区科技局",
        due_on=date(2026, 12, 20),
        level="总专班办公室",
        related="R03-02",
        opinion="请专班专题研究",
        by="督查组",
        on=FRIDAY,
    )
    done = office.sign(drawn)
    assert done.findings == ()
    assert [(d.issue, d.outcome) for d in done.decisions] == [(CODE, "登记，核定层级为总专班办公室")]
    assert office.rolled_up()[CODE]["问题来源"] == "督查核查"
    assert status(office.workspace).lines[2].label == "未报"  # registering is no return
    office.next_week("2026-W49")
    row = office.row()
    assert row is not None
    assert (row.printed["description"], row.printed["approved_level"]) == (
        "实验室验收滞后",
        DecisionLevel.OFFICE,
    )
    assert row.locked == {"description", "category", "source", "raised_on", "unit", "due_on"}
    again = office.sign(drawn)
    assert (again.decisions, again.repeated) == ((), 1)
    drawn.write(NEW, "+1", description="实验室验收滞后两个月")
    assert [d.issue for d in office.sign(drawn).decisions] == [CODE]  # the same issue, in better words
    assert office.issue_history().reported("description") == "实验室验收滞后两个月"


def test_days_without_a_year_are_read_and_told_as_in_the_forms(office: SignoffOffice) -> None:
    drawn = office.draw()
    drawn.write(
        NEW,
        "+1",
        task_force=3,
        description="实验室验收滞后",
        category="其他",
        source="督查核查",
        raised_on="11月25日",
        unit="区科技局",
        due_on="1月20日",
        level="区政府常务会",
        by="督查组",
        on="12/1",
    )
    done = office.sign(drawn, on=date(2026, 12, 1))
    assert {found.code for found in done.findings} == {Code.YEAR_GUESSED}
    assert done.findings[0].message.endswith("填了“11月25日”，年份不全，已记为2026-11-25，请核对。")
    [decision] = done.decisions
    assert (decision.on, decision.level) == (date(2026, 12, 1), DecisionLevel.EXECUTIVE_MEETING)
    issue = office.issue_history()
    assert (issue.row.task_force, issue.reported("raised_on")) == ("03", date(2026, 11, 25))
    assert issue.due == date(2027, 1, 20)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("03", "03"),
        ("3", "03"),
        ("１０", "10"),
        ("科技创新体系", "03"),
        ("“415X”", "02"),
        ("工程", None),
        ("技", None),
        ("11", None),
    ],
)
def test_a_task_force_is_named_by_its_code_or_by_what_no_other_is_called(
    office: SignoffOffice, typed: str, meant: str | None
) -> None:
    drawn = office.draw()
    drawn.write(
        NEW,
        "+1",
        task_force=typed,
        description="实验室验收滞后",
        category="其他",
        source="督查核查",
        raised_on=FRIDAY,
        unit="区科技局",
        due_on=date(2026, 12, 20),
        by="督查组",
        on=FRIDAY,
    )
    done = office.sign(drawn)
    if meant is None:
        assert [found.code for found in done.findings if found.is_error] == [Code.NOT_CHOICE]
    else:
        assert [decision.issue for decision in done.decisions] == [f"W{meant}-2026-001"]


# --- who may decide, and when it counts


def test_a_return_cannot_sign_off_even_where_somebody_typed_into_locked_cells(applied: SignoffOffice) -> None:
    done = applied.returns(
        lambda form: form.write(
            "issues",
            CODE,
            status="申请销号",
            applied_on=date(2026, 12, 3),
            evidence="批复",
            lead_opinion="同意",
            review="同意销号",
            signed_on=date(2026, 12, 4),
        ),
        "自己销号.xlsx",
        hours=-1,
    )
    assert [f.status for f in done.files] == [Status.WITH_WARNINGS]
    assert Code.OFFICE_EDITED in {f.code for f in done.files[0].findings}
    new = applied.returns(
        lambda form: form.append(
            "issues", **{**ISSUE, "description": "自己新增", "signed_on": date(2026, 12, 4)}
        ),
        "自己新增.xlsx",
        hours=-0.5,
    )
    assert new.files[0].status in (Status.WITH_WARNINGS, Status.TO_CORRECT)
    assert applied.issue_history().signed_off is None
    assert {line["状态"] for line in applied.rolled_up().values()} <= {"申请销号", "整改中", "临近时限"}


@pytest.mark.provokes(Code.OFFICE_BOOK)
def test_a_sign_off_workbook_in_the_inbox_is_not_taken_in_and_stays_there(applied: SignoffOffice) -> None:
    drawn = applied.draw()
    drawn.decide(CODE, verdict="同意销号", on=date(2026, 12, 4))
    path = applied.workspace.inbox / "03_填好了.xlsx"
    drawn.book.save(path)
    (result,) = ingest(applied.workspace).files
    assert [f.message for f in result.findings] == [
        "这是销号审定表，不作为回表收取，仍留在收件夹；请移到别处，再运行 tenproj signoff 文件名 录入。"
    ]
    assert (result.needs_a_person, result.answer, path.exists()) == (True, None, True)
    assert applied.issue_history().decisions == ()


@pytest.mark.provokes(Code.NOT_SIGNOFF)
def test_what_is_no_sign_off_workbook_is_not_taken_for_one(applied: SignoffOffice) -> None:
    done = sign_off(applied.workspace, applied.week.path("03"))
    assert codes(done) == [(Code.NOT_SIGNOFF, "")]
    assert done.needs_a_person


@pytest.mark.provokes(Code.DECISION_OUTDATED)
def test_a_decision_on_what_has_changed_meanwhile_is_not_recorded(applied: SignoffOffice) -> None:
    drawn = applied.draw()
    cell = drawn.decide(CODE, verdict="同意销号", on=date(2026, 12, 4))
    applied.returns(
        lambda form: form.write("issues", CODE, status="整改中", progress="材料有误，重报"),
        "更正.xlsx",
        hours=-1,
    )
    found = only(applied.sign(drawn))
    assert (found.code, found.cell) == (Code.DECISION_OUTDATED, cell.replace(cell[0], "B"))
    assert found.message == (
        f"第5行“{CODE}”：审定表生成之后有了新情况（单位在第49期又有填报，或原来的填报已更正、撤回），没有录入；"
        "请运行 tenproj signoff 生成新表再定。"
    )
    assert applied.issue_history().signed_off is None


def test_the_same_workbook_twice_changes_nothing_and_a_corrected_one_corrects(applied: SignoffOffice) -> None:
    drawn = applied.draw()
    drawn.decide(CODE, verdict="退回整改", opinion="批复未盖章", on=date(2026, 12, 4))
    assert len(applied.sign(drawn).decisions) == 1
    again = applied.sign(drawn)
    assert (again.decisions, again.repeated, again.findings) == ((), 1, ())
    drawn.decide(CODE, verdict="同意销号", opinion="批复已补盖", on=date(2026, 12, 4))
    done = applied.sign(drawn)
    assert [d.outcome for d in done.decisions] == ["同意销号"]
    assert done.notices == (
        f"{CODE} 此前录入的“2026-12-04 退回整改（王主任）：批复未盖章”已改为上面的结果。",
    )
    assert [d.outcome for d in applied.issue_history().decisions] == ["同意销号"]


def test_a_decision_counts_from_the_period_of_its_day(applied: SignoffOffice) -> None:
    drawn = applied.draw()
    drawn.decide(CODE, verdict="同意销号", on=date(2026, 12, 7))  # the Monday after
    applied.sign(drawn)
    assert applied.rolled_up()[CODE]["状态"] == "申请销号"
    applied.next_week("2026-W50")
    assert applied.row() is None
    assert applied.rolled_up()[CODE]["状态"] == "已销号"


def test_a_withdrawn_workbook_decides_nothing_any_more(applied: SignoffOffice) -> None:
    drawn = applied.draw()
    drawn.decide(CODE, verdict="同意销号", on=date(2026, 12, 4))
    applied.sign(drawn)
    assert "审定的1项不再计入" in tenproj(applied, "withdraw", "审定.xlsx", "--why", "定错了").stderr
    assert applied.issue_history().signed_off is None
    assert codes(sign_off(applied.workspace, applied.workspace.root / "审定.xlsx")) == [
        (Code.BOOK_WITHDRAWN, "")
    ]


def test_the_week_across_new_year_is_of_the_year_of_its_number(applied: SignoffOffice) -> None:
    drawn = applied.draw()
    drawn.decide(CODE, verdict="同意销号", on=date(2026, 12, 8))
    applied.sign(drawn)
    applied.next_week("2026-W53")  # it ends on 3 January 2027
    assert applied.draw().codes(SIGNED_OFF) == [CODE]
    applied.registers(description="施工用电容量不足")
    assert sorted(applied.rolled_up()) == ["W03-2026-002"]


@pytest.mark.provokes(Code.ISSUE_CLOSED)
def test_a_return_on_a_signed_off_issue_is_kept_and_changes_nothing(applied: SignoffOffice) -> None:
    applied.next_week("2026-W50")  # the form is out before the office decides
    drawn = applied.draw()
    drawn.decide(CODE, verdict="同意销号", on=date(2026, 12, 8))
    done = applied.sign(drawn)
    result = applied.says(status="整改中", progress="继续跟进").files[0]
    (said,) = (f for f in result.findings if f.code is Code.ISSUE_CLOSED)
    assert said.message == (
        f"第5行“{ISSUE['description']}”：这个问题已于2026年12月08日销号，填报的内容已存档，不改变销号；"
        "需要重新挂账的，请与总专班办公室联系。"
    )
    assert done.notices == (
        "第50期（12月7日—13日）的填报表已经下发，要让审定结果出现在表中，请重新生成并分发。",
    )
    assert applied.issue_history().signed_off is not None
    assert applied.draw().codes(WAITING) == []


# --- what is wrong in a workbook


@pytest.mark.provokes(Code.DECISION_UNASKED)
def test_what_nobody_asked_for_is_not_decided(office: SignoffOffice) -> None:
    office.registers(request="请批复用地", suggested_level="总专班")
    drawn = office.draw()
    cell = drawn.at(WAITING, CODE, "verdict")
    drawn.decide(CODE, verdict="同意销号")
    found = only(office.sign(drawn))
    assert (found.code, found.cell) == (Code.DECISION_UNASKED, cell)
    assert found.message == (
        f"第5行“{CODE}”：选了“同意销号”，但这个问题没有待审定的销号申请，没有录入；请核对是否填错了行。"
    )


@pytest.mark.parametrize(
    ("second", "recorded", "found"),
    [("同意销号", ["同意销号"], []), ("退回整改", [], [(Code.ROW_TWICE, "A6")])],
)
def test_of_a_row_that_was_copied_nothing_counts_unless_both_say_the_same(
    applied: SignoffOffice, second: str, recorded: list[str], found: list[tuple[Code, str]]
) -> None:
    drawn = applied.draw()
    drawn.decide(CODE, verdict="同意销号", opinion="请归档", on=date(2026, 12, 4))
    tab = drawn.book[WAITING]
    tab.append([cell.value for cell in tab[5]])
    tab[drawn.at(WAITING, CODE, "verdict").replace("5", "6")].value = second
    done = applied.sign(drawn)
    assert ([d.outcome for d in done.decisions], codes(done)) == (recorded, found)
    assert [d.outcome for d in applied.issue_history().decisions] == recorded


@pytest.mark.parametrize(
    ("decided", "code", "field", "says"),
    [
        ({"verdict": "同意"}, Code.NOT_CHOICE, "verdict", "请从下拉选项中选择：同意销号、退回整改。"),
        (
            {"verdict": "退回整改"},
            Code.REQUIRED,
            "opinion",
            "选了“退回整改”，请填写“审定意见”（文字，500字以内）。",
        ),
        (
            {"verdict": "同意销号", "by": None},
            Code.REQUIRED,
            "by",
            "请填写“审定人”（审定人姓名或会议名称）。",
        ),
        ({"verdict": "同意销号", "on": None}, Code.REQUIRED, "on", "选了“同意销号”，请填写“审定日期”"),
        ({"verdict": "同意销号", "on": "12月初"}, Code.NOT_DATE, "on", "填了“12月初”，这里请填写年月日"),
        (
            {"opinion": "请补充材料"},
            Code.REQUIRED,
            "verdict",
            "写了意见或日期，没有选审定结果，请填写“销号审定”",
        ),
        ({"extension": "同意延期"}, Code.REQUIRED, "until", "选了“同意延期”，请填写“同意延期至”"),
        (
            {"extension": "不同意延期", "opinion": "不准"},
            Code.DECISION_UNASKED,
            "extension",
            "没有待答复的延期申请",
        ),
        (
            {"extension": "同意延期", "until": date(2026, 12, 20)},
            Code.DATES_ORDER,
            "until",
            "“现行时限”2026-12-31晚于“同意延期至”2026-12-20，请核对日期。",
        ),
        (
            {"verdict": "同意销号", "on": date(2026, 12, 1)},
            Code.DATES_ORDER,
            "on",
            "“申请销号日期”2026-12-03晚于“审定日期”2026-12-01，请核对日期。",
        ),
        (
            {"verdict": "同意销号", "on": date(2027, 12, 4)},
            Code.DATES_ORDER,
            "on",
            "“审定日期”2027-12-04晚于审定表保存的日期2027-01-29，请核对日期。",
        ),
    ],
)
def test_a_fault_keeps_its_own_row_out_and_says_where(
    applied: SignoffOffice, decided: Fields, code: Code, field: str, says: str
) -> None:
    drawn = applied.draw()
    drawn.decide(CODE, **{"on": date(2026, 12, 4), **decided})
    drawn.write(
        NEW,
        "+1",
        task_force="03 “315”科技创新体系建设工程",
        description="实验室验收滞后",
        category="其他",
        source="会议交办",
        raised_on=FRIDAY,
        unit="区科技局",
        due_on=date(2026, 12, 20),
        by="督查组",
        on=FRIDAY,
    )
    done = applied.sign(drawn)
    found = only(done)
    assert (found.code, found.sheet, found.cell) == (code, WAITING, drawn.at(WAITING, CODE, field))
    assert says in found.message
    assert [d.verdict for d in done.decisions] == [Verdict.REGISTER]
    assert done.needs_a_person


def test_rows_sorted_in_part_or_copied_are_not_recorded(applied: SignoffOffice) -> None:
    applied.returns(
        lambda form: form.write(
            "issues",
            "+2",
            **{**ISSUE, "description": "变压器没有到货", "request": "请协调", "suggested_level": "总专班"},
        ),
        "又一个.xlsx",
        hours=-1,
    )
    drawn = applied.draw()
    first, second = drawn.codes(WAITING)
    drawn.decide(first, verdict="同意销号", on=date(2026, 12, 4))
    drawn.decide(second, level="总专班", on=date(2026, 12, 4))
    tab = drawn.book[WAITING]
    tab["B5"].value, tab["B6"].value = tab["B6"].value, tab["B5"].value
    done = applied.sign(drawn)
    assert codes(done) == [(Code.KEYS_DISAGREE, "A5"), (Code.KEYS_DISAGREE, "A6")]
    assert done.decisions == ()


def test_who_and_when_filled_down_the_column_decide_nothing(applied: SignoffOffice) -> None:
    drawn = applied.draw()
    drawn.decide(CODE, on=date(2026, 12, 4))
    done = applied.sign(drawn)
    assert (done.decisions, done.findings, done.repeated) == ((), (), 0)


def test_an_issue_of_the_offices_own_needs_what_a_department_would_have_to_give(
    office: SignoffOffice,
) -> None:
    drawn = office.draw()
    drawn.write(
        NEW, "+1", task_force="03 “315”科技创新体系建设工程", description="实验室验收滞后", related="R99-01"
    )
    done = office.sign(drawn)
    fields = ("category", "source", "raised_on", "unit", "due_on", "by", "on")
    missing = [f.cell for f in done.findings if f.code is Code.ISSUE_INCOMPLETE]
    assert sorted(missing) == sorted(drawn.at(NEW, "+1", f) for f in fields)
    assert (Code.LINK_UNKNOWN, drawn.at(NEW, "+1", "related")) in codes(done)
    assert done.decisions == ()


def test_the_workbook_asks_about_a_task_that_is_overdue(office: SignoffOffice) -> None:
    office.registers()
    plan = office.workspace.plan
    book = load_workbook(plan)
    tasks = book["重点任务"]
    head = [c.value for c in tasks[2]]
    row = next(n for n in range(3, 99) if tasks.cell(n, head.index("任务编号") + 1).value == "R03-02")
    tasks.cell(row, head.index("完成时限") + 1).value = date(2026, 6, 30)
    book.save(plan)
    name = tasks.cell(row, head.index("重点任务") + 1).value
    office.next_week("2026-W49")

    def writes(form: Filling) -> None:
        form.write(
            "issues",
            CODE,
            status="申请销号",
            applied_on=date(2026, 12, 3),
            evidence="批复",
            lead_opinion="不同意",
        )
        form.write("issues", CODE, related="R01-01、R03-02")

    office.returns(writes)
    assert office.draw().value(WAITING, CODE, "attention") == (
        f"牵头单位初审不同意\n关联任务R03-02“{name}”已逾期，是否同意销号？"
    )


# --- the commands


def test_signoff_on_the_command_line(applied: SignoffOffice) -> None:
    written = tenproj(applied, "signoff", "--json")
    said = json.loads(written.stdout)
    assert (written.exit_code, said["waiting"], said["written"]) == (0, 1, [said["path"]])
    again = tenproj(applied, "signoff")
    assert "没有覆盖" in again.stderr
    drawn = SignoffFile(applied.workspace.root / said["path"])
    drawn.decide(CODE, verdict="同意销号", on=date(2026, 11, 24))  # before the application
    drawn.book.save(drawn.path)
    at_fault = tenproj(applied, "signoff", str(drawn.path))
    assert at_fault.exit_code == 1
    assert "没有录入的1处" in at_fault.stderr
    applied.sign(drawn)  # saved later
    drawn.decide(CODE, verdict="同意销号", on=date(2026, 12, 4), opinion="同意")
    path = applied.workspace.root / "改好.xlsx"
    drawn.book.save(path)
    saved(path, date(2026, 12, 4))
    done = tenproj(applied, "signoff", str(path), "--json")
    assert done.exit_code == 0
    (decision,) = json.loads(done.stdout)["decisions"]
    assert (decision["issue"], decision["verdict"], decision["by"], decision["date"]) == (
        CODE,
        "同意销号",
        "王主任",
        "2026-12-04",
    )


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_a_workbook_filled_in_in_another_program_decides_the_same(
    applied: SignoffOffice, ending: str
) -> None:
    need("soffice")
    drawn = applied.draw()
    typed = {"verdict": "同意销号", "opinion": "材料齐全", "by": "王主任", "on": "2026年12月4日"}
    path = applied.workspace.root / f"填好.{ending}"
    type_into(drawn.path, [(WAITING, drawn.at(WAITING, CODE, f), text) for f, text in typed.items()], path)
    saved(path, date(2026, 12, 7))
    done = sign_off(applied.workspace, path)
    assert done.findings == ()
    assert [d.spoken for d in done.decisions] == ["2026-12-04 同意销号（王主任）：材料齐全"]


# --- the unit is told


def test_a_decision_is_told_to_the_unit_in_its_next_letter_once(applied: SignoffOffice) -> None:
    drawn = applied.draw()
    drawn.decide(CODE, verdict="退回整改", opinion="批复未盖章", on=date(2026, 12, 4))
    applied.sign(drawn)
    assert tenproj(applied, "send").exit_code == 0
    folder = applied.workspace.outbox / "2026-W49" / "待发"
    said = (folder / "区科技局" / "消息.txt").read_text("utf-8-sig")
    assert f"{CODE}“项目用地指标尚未落实”：2026年12月4日审定，退回整改。" in said
    assert "原因：批复未盖章" in said
    book = load_workbook(folder / "待发清单.xlsx")
    for row in book.active.iter_rows(min_row=3):  # type: ignore[union-attr]  # there is one sheet
        row[1].value = "√"
    book.save(folder / "待发清单.xlsx")
    tenproj(applied, "send")
    assert not (folder / "区科技局").exists()
