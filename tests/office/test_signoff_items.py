"""What is red leaves 督办清单 by a decision of the office, and by nothing else.

A figure of December misses its target; the office decides in the sheet 督办事项销号 of its sign-off workbook what
becomes of that, and the roll-ups of later weeks follow.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tenproj_xl.app import supervise
from tenproj_xl.app.history import history
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import Signed
from tenproj_xl.app.rollup_input import gathered
from tenproj_xl.app.signoff import draw_signoff, sign_off
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.periods import parse_period, week_of
from tenproj_xl.forms.cover import instructions
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.decisions import Decision, Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.history import History
from tenproj_xl.model.rulings import lets_go, ruling_on
from tenproj_xl.model.slips import Level
from tenproj_xl.rollup.facts.duties import Score
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.facts.supply import supply_lines
from tests.helpers.filling import Office, sent_out
from tests.helpers.rollup_reading import opened, table
from tests.helpers.year_ends import lay_down, send
from tests.office.test_signoff import CODE as ISSUE
from tests.office.test_signoff import SignoffOffice, saved
from tests.office.test_slips import YES
from tests.office.test_supervise import choose

SECOND = "W03-2026-002"
FLOW, STOCK, TASK, OTHER_TASK = "Z01-02", "Z01-05", "R01-01", "R01-02"
SHEET = "督办事项销号"
DECEMBER = date(2026, 12, 31)
FRIDAY = date(2027, 1, 29)
"""In the week for which the roll-up is made."""
GROUNDS = "县政府第3次常务会议纪要"


@pytest.fixture(scope="module")
def missed_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = lay_down(tmp_path_factory.mktemp("missed") / "w", 2026)
    send(
        sent_out(workspace, "2027-W03"),
        {("tasks", TASK): {"status": "滞后", "problems": "缺钱", "next_steps": "筹款"}},
    )
    merge(workspace, "2027-W03")
    missed: dict[str, object] = {
        "value": 80.0,
        "nature": "统计核定",
        "lag_reason": "市场下行",
        "next_steps": "加快",
    }
    of_december = {**missed, "data_period": "2026年12月"}  # of the stock it comes out behind the deadline
    answers = {("indicators", FLOW): missed, ("indicators", STOCK): of_december}
    send(sent_out(workspace, "2027-W04"), answers)
    ingest(workspace)
    return workspace.root


@dataclass
class Items:
    """An office that decides about what stands in 督办清单."""

    workspace: Workspace

    def listed(self, week: str = "2027-W04") -> dict[str, dict[str, object]]:
        """The lines of 督办清单 by code, those that left by a decision not among them."""
        frame = table(merge(self.workspace, week).rollup, "督办清单")
        levels = [level.label for level in Level]
        lines = [line for line in frame.to_dict("records") if line["级别"] in levels]
        return {str(line["编号"]): {str(k): v for k, v in line.items()} for line in lines}

    def told(self, week: str = "2027-W04") -> list[str]:
        """What stands under 本期经决定退出的事项."""
        page = opened(merge(self.workspace, week).rollup)["督办清单"]
        texts = [
            [str(cell.value) for cell in row if cell.value not in (None, "")] for row in page.iter_rows()
        ]
        heads = [n for n, row in enumerate(texts) if row[:1] == ["本期经决定退出的事项"]]
        return ["　".join(row) for n in heads for row in texts[n + 1 :]]

    def draw(self, week: str | None = None) -> Path:
        return draw_signoff(self.workspace, week).path

    def sign(self, path: Path, on: date = FRIDAY) -> Signed:
        return sign_off(self.workspace, saved(path, on))

    def decide(self, code: str, verdict: str, on: date = FRIDAY, **more: object) -> Signed:
        """Draw the workbook, decide about one item in it, and name it to the command."""
        values = {"处理": verdict, "依据": GROUNDS, "决定人": "县长", "决定日期": on, **more}
        return self.sign(written(self.draw(), {code: values}), on=max(on, FRIDAY))


@pytest.fixture
def items(missed_root: Path, tmp_path: Path) -> Items:
    """The figures of December are in, and two of them have missed their target."""
    shutil.copytree(missed_root, tmp_path / "w")
    return Items(Workspace(tmp_path / "w"))


def written(path: Path, rows: Mapping[str, Mapping[str, object]]) -> Path:
    """Fill in the sheet by the codes of its rows and its headers."""
    book = load_workbook(path)
    page = book[SHEET]
    head = {str(cell.value): n for n, cell in enumerate(page[4], 1)}
    at = {str(page.cell(n, 2).value): n for n in range(page.max_row, 4, -1)}  # what stands is above what left
    for code, values in rows.items():
        for header, value in values.items():
            page.cell(at[code], head[header]).value = value  # type: ignore[assignment]  # whatever is typed
    book.save(path)
    return path


def rows_of(path: Path) -> dict[str, dict[str, object]]:
    frame = table(path, SHEET)
    return {str(line["编号"]): {str(k): v for k, v in line.items()} for line in frame.to_dict("records")}


# --- what the workbook asks


def test_the_workbook_has_a_row_for_each_item_of_the_list(items: Items) -> None:
    listed, rows = items.listed(), rows_of(items.draw())
    assert list(rows) == list(listed)
    flow = rows[FLOW]
    assert (flow["级别"], flow["现状"], flow["时限"]) == ("红督办", "未达标", DECEMBER)
    assert rows[TASK]["超期天数"] == "34"


# --- how an item leaves


def test_what_was_written_off_has_left_and_the_leaders_are_told_why_by_whom_and_when(items: Items) -> None:
    done = items.decide(FLOW, "核销")
    assert (done.findings, [d.spoken for d in done.decisions]) == (
        (),
        [f"2027-01-29 核销（原定时限2026-12-31）（县长），依据：{GROUNDS}"],
    )
    assert FLOW not in items.listed()
    assert STOCK in items.listed()
    (told,) = items.told()
    assert told.startswith(f"核销　主要指标　{FLOW}　指标{FLOW}　01")
    assert told.endswith(done.decisions[0].spoken)
    changes = table(merge(items.workspace, "2027-W04").rollup, "本期变化")
    line = next(c for c in changes.to_dict("records") if c["变化"] == "退出督办")
    assert (line["编号"], line["上期"], line["本期"]) == (FLOW, "督办", "核销（原定时限2026-12-31）")
    page_one = opened(merge(items.workspace, "2027-W04").rollup, values=True)["总览"]
    assert any("经决定退出督办1项" in str(cell.value) for row in page_one.iter_rows() for cell in row)


def test_the_next_form_and_the_history_of_the_code_tell_the_decision(items: Items) -> None:
    (decided,) = items.decide(FLOW, "核销").decisions
    form = sent_out(items.workspace, "2027-W05").forms["01"]
    assert f"指标{FLOW}“指标{FLOW}”的督办：{decided.spoken}。" in instructions(form)
    assert [d.spoken for d in history(items.workspace, FLOW).decisions] == [decided.spoken]
    assert history(items.workspace, STOCK).decisions == ()


def test_what_was_decided_in_a_week_whose_paper_was_made_already_is_told_by_the_next(items: Items) -> None:
    merge(items.workspace, "2027-W04")
    (decided,) = items.decide(FLOW, "核销").decisions
    sent_out(items.workspace, "2027-W05")
    (told,) = items.told("2027-W05")
    assert told.endswith(decided.spoken)
    assert items.told("2027-W05") == [told]
    changes = table(merge(items.workspace, "2027-W05").rollup, "本期变化")
    assert [c["编号"] for c in changes.to_dict("records") if c["变化"] == "退出督办"] == [FLOW]
    sent_out(items.workspace, "2027-W06")
    assert items.told("2027-W06") == []


def test_another_miss_of_the_same_indicator_is_another_item(items: Items) -> None:
    items.decide(FLOW, "核销")
    items.decide(STOCK, "办结")
    missed: dict[str, object] = {
        "value": 90.0,
        "nature": "统计核定",
        "lag_reason": "市场下行",
        "next_steps": "加快",
    }
    of_december = {**missed, "data_period": "2027年12月"}
    answers = {("indicators", FLOW): missed, ("indicators", STOCK): of_december}
    send(sent_out(items.workspace, "2028-W04"), answers)
    lines = items.listed("2028-W04")
    assert [(lines[code]["时限"], lines[code]["差多少"]) for code in (FLOW, STOCK)] == [
        (date(2027, 12, 31), "差20亿元"),
        (date(2027, 12, 31), "差20家"),
    ]


def test_a_missed_target_stands_before_what_lags_in_the_new_year_and_each_is_decided_by_itself(
    items: Items,
) -> None:
    week = "2027-W08"
    slow: dict[str, object] = {
        "value": 1.0,
        "nature": "部门统计",
        "lag_reason": "征迁慢",
        "next_steps": "加快",
    }
    send(sent_out(items.workspace, week), {("indicators", FLOW): slow})
    line = items.listed(week)[FLOW]
    assert [line[name] for name in ("级别", "时限", "差多少", "单位自述的原因、进展")] == [
        "红督办",
        DECEMBER,
        "2026年目标未达标，差20亿元；2027年目标滞后，差8.34亿元",
        "市场下行；征迁慢",
    ]
    items.decide(FLOW, "核销")
    line = items.listed(week)[FLOW]
    assert [line[name] for name in ("级别", "时限", "差多少")] == [
        "黄催办",
        date(2027, 12, 31),
        "差8.34亿元",
    ]
    items.decide(FLOW, "核销", on=date(2027, 2, 26))
    assert FLOW not in items.listed(week)
    left = table(items.draw(), SHEET)
    left = left[(left["编号"] == FLOW) & (left["现状"] == "已退出")]
    assert list(left["时限"]) == [DECEMBER, date(2027, 12, 31)]  # either can be supervised again


def test_an_adjusted_item_is_back_and_red_once_its_new_deadline_has_passed(items: Items) -> None:
    until = date(2027, 2, 28)
    (decided,) = items.decide(FLOW, "调整", 新时限=until).decisions
    assert decided.outcome == "时限调整为2027-02-28（原定时限2026-12-31）"
    assert FLOW not in items.listed()
    for week in ("2027-W07", "2027-W09"):
        sent_out(items.workspace, week)
    near, past = items.listed("2027-W07")[FLOW], items.listed("2027-W09")[FLOW]
    assert (near["级别"], near["时限"], near["原定时限"]) == ("蓝提醒", until, DECEMBER)
    assert (past["级别"], past["时限"], past["原定时限"]) == ("红督办", until, DECEMBER)
    assert past["差多少"] == "2026年目标未达标，差20亿元，按调整后的时限超期7天"


def test_a_task_is_measured_by_its_adjusted_deadline(items: Items) -> None:
    items.decide(TASK, "调整", 新时限=date(2027, 2, 7))
    near = items.listed()[TASK]
    assert (near["级别"], near["状态"], near["差多少"]) == ("蓝提醒", "临近时限", "还有7天")
    sent_out(items.workspace, "2027-W07")
    past = items.listed("2027-W07")[TASK]
    assert (past["级别"], past["状态"], past["差多少"]) == ("红督办", "逾期", "超期14天")


def test_an_item_with_a_new_deadline_that_is_listed_yet_is_adjusted_and_none_that_left(items: Items) -> None:
    items.decide(TASK, "调整", 新时限=date(2027, 2, 7))  # near, it stays as one that is due soon
    rollup = merge(items.workspace, "2027-W04").rollup
    told = {str(c["编号"]): c for c in table(rollup, "本期变化").to_dict("records") if c["本期"] != ""}
    adjusted = [told[TASK][name] for name in ("变化", "上期", "本期")]
    assert adjusted == ["调整", "督办", "时限调整为2027-02-07（原定时限2026-12-28）"]
    assert "经决定退出督办" not in _changes_told(rollup)
    items.decide(FLOW, "调整", 新时限=date(2027, 3, 31))  # far, it has left until then
    assert "经决定退出督办1项；" in _changes_told(merge(items.workspace, "2027-W04").rollup)


def test_a_new_deadline_of_a_missed_target_is_not_told_as_a_new_target(items: Items) -> None:
    items.decide(FLOW, "调整", 新时限=date(2027, 2, 7))
    rows = opened(merge(items.workspace, "2027-W04").rollup, values=True)["总览"].values
    assert not [value for row in rows for value in row if "督办 → " in str(value)]


def _changes_told(rollup: Path) -> str:
    """What page one says has changed."""
    page = opened(rollup, values=True)["总览"]
    texts = [str(cell.value) for row in page.iter_rows() for cell in row]
    return next(text for text in texts if text.startswith("【变化】")).replace("。", "；")


def test_a_merged_item_stands_in_the_line_of_the_other(items: Items) -> None:
    done = items.decide(TASK, "并入", 并入事项=OTHER_TASK)
    assert (done.findings, done.decisions[0].outcome) == ((), f"并入{OTHER_TASK}（原定时限2026-12-28）")
    lines = items.listed()
    assert TASK not in lines
    assert str(lines[OTHER_TASK]["单位自述的原因、进展"]).startswith(f"（含并入的{TASK}）")


def test_what_was_merged_into_a_merged_item_stands_in_the_line_of_the_last(items: Items) -> None:
    items.decide(FLOW, "并入", 并入事项=TASK)
    items.decide(TASK, "并入", 并入事项=OTHER_TASK)
    lines = items.listed()
    assert not lines.keys() & {FLOW, TASK}
    assert str(lines[OTHER_TASK]["单位自述的原因、进展"]).startswith(f"（含并入的{TASK}、{FLOW}）")


def test_a_decision_stays_with_its_task_when_that_is_numbered_anew(items: Items) -> None:
    items.decide(TASK, "核销")
    book = load_workbook(items.workspace.plan)
    anew = {TASK: "R01-11", OTHER_TASK: TASK}
    for name in ("重点任务", "节点"):
        page = book[name]
        former = [cell.value for cell in page[1]].index("原编号") if name == "重点任务" else None
        for row in page.iter_rows(min_row=2):
            code = str(row[0].value)
            row[0].value = anew[code]
            if former is not None:
                row[former].value = code
    book.save(items.workspace.plan)
    sent_out(items.workspace, "2027-W05")
    lines = items.listed("2027-W05")
    assert TASK in lines  # what was R01-02 until then
    assert "R01-11" not in lines
    assert len(history(items.workspace, "R01-11").decisions) == 1
    assert history(items.workspace, TASK).decisions == ()


# --- issues


@pytest.fixture
def overdue(week: Office) -> SignoffOffice:
    """An issue that was to be solved by 1 December, and nobody has applied for it in the week of 7 December."""
    office = SignoffOffice(week.workspace, week)
    office.registers(due_on=date(2026, 12, 1))
    office.next_week("2026-W50")
    return office


def of_issue(verdict: str, **more: object) -> Mapping[str, Mapping[str, object]]:
    values = {"处理": verdict, "依据": GROUNDS, "决定人": "区长", "决定日期": date(2026, 12, 11), **more}
    return {ISSUE: values}


def test_an_issue_that_was_written_off_is_closed_until_it_is_reopened(overdue: SignoffOffice) -> None:
    assert overdue.rolled_up()[ISSUE]["状态"] == "逾期"
    path = draw_signoff(overdue.workspace).path
    done = sign_off(overdue.workspace, saved(written(path, of_issue("核销")), FRIDAY))
    assert (done.findings, [d.outcome for d in done.decisions]) == ((), ["核销"])
    items = Items(overdue.workspace)
    assert ISSUE not in items.listed("2026-W50")
    (told,) = items.told("2026-W50")
    assert told.startswith(f"核销　问题　{ISSUE}　项目用地指标尚未落实　03")
    assert overdue.rolled_up()[ISSUE]["状态"] == "已销号"
    overdue.next_week("2026-W51")
    assert overdue.row() is None
    assert (
        f"问题{ISSUE}“项目用地指标尚未落实”不再挂账：2026-12-11 核销（区长），依据：{GROUNDS}。"
        in instructions(overdue.week.forms["03"])
    )
    drawn = overdue.draw()
    reopened = {"verdict": "重新挂账", "until": date(2027, 1, 31), "opinion": "依据不足"}
    drawn.write("本年已销号", ISSUE, by="区长", on=date(2026, 12, 18), **reopened)
    assert overdue.sign(drawn).findings == ()
    assert overdue.rolled_up()[ISSUE]["状态"] == "重新挂账"


@pytest.fixture
def twice(week: Office) -> SignoffOffice:
    """An issue to be solved by 31 December, and the same registered once more a week later, with words put in."""
    office = SignoffOffice(week.workspace, week)
    office.registers()
    office.next_week("2026-W49")
    done = office.registers(description="项目用地指标至今尚未落实到位")
    assert [f.code for f in done.files[0].findings if f.code is Code.ISSUE_TWICE] == [Code.ISSUE_TWICE]
    return office


def test_an_issue_that_was_registered_twice_is_merged_long_before_it_is_due(twice: SignoffOffice) -> None:
    path = draw_signoff(twice.workspace).path
    rows = rows_of(path)
    assert list(rows)[-2:] == [ISSUE, SECOND]  # below what stands in 督办清单
    assert {(rows[code]["级别"], rows[code]["时限"]) for code in (ISSUE, SECOND)} == {
        ("未列入", date(2026, 12, 31))
    }
    said = [str(cell.value) for (cell,) in opened(path)["销号审定说明"]["B1:B20"]]
    assert any(f"督办清单上的{len(rows) - 2}项，后面是没有列入的未销号问题2个。" in line for line in said)
    verdict = {**of_issue("并入", 并入事项=ISSUE, 决定日期=date(2026, 12, 4))[ISSUE]}
    done = sign_off(twice.workspace, saved(written(path, {SECOND: verdict}), FRIDAY))
    assert (done.findings, [d.outcome for d in done.decisions]) == ((), [f"并入{ISSUE}"])
    assert {code: line["状态"] for code, line in twice.rolled_up().items()} == {
        ISSUE: "整改中",
        SECOND: "已销号",
    }
    assert SECOND not in rows_of(draw_signoff(twice.workspace).path)


def test_an_issue_that_was_merged_or_written_off_is_none_that_was_solved_in_time(
    twice: SignoffOffice,
) -> None:
    path = draw_signoff(twice.workspace).path
    on = date(2026, 12, 4)
    verdicts = {SECOND: {**of_issue("并入", 并入事项=ISSUE, 决定日期=on)[ISSUE]}}
    assert sign_off(twice.workspace, saved(written(path, verdicts), FRIDAY)).findings == ()
    with look_into_ledger(twice.workspace.ledger) as ledger:
        data = gathered(load(twice.workspace), ledger, parse_period(twice.week.period))
    facts = facts_of(data)
    of_issues = {line.code: line.score for line in facts.duties if line.kind is Duty.ISSUE}
    assert of_issues == {ISSUE: Score.NONE, SECOND: Score.NONE}
    assert {(line.open, line.signed_off) for line in supply_lines(facts)} == {(1, 0), (0, 0)}


def test_an_issue_that_was_merged_is_told_as_that_and_neither_as_new_nor_as_signed_off(
    twice: SignoffOffice,
) -> None:
    merge(twice.workspace, "2026-W48")
    verdict = {**of_issue("并入", 并入事项=ISSUE, 决定日期=date(2026, 12, 4))[ISSUE]}
    path = written(draw_signoff(twice.workspace).path, {SECOND: verdict})
    assert sign_off(twice.workspace, saved(path, FRIDAY)).findings == ()
    rollup = merge(twice.workspace, "2026-W49").rollup
    told = [c for c in table(rollup, "本期变化").to_dict("records") if c["编号"] == SECOND]
    assert [(c["变化"], c["上期"], c["本期"]) for c in told] == [("退出督办", "未销号", f"并入{ISSUE}")]
    page_one = opened(rollup, values=True)["总览"]
    said = "；".join(str(cell.value) for row in page_one.iter_rows() for cell in row if cell.value)
    assert "问题经决定并入、核销1件" in said
    assert all(words not in said for words in ("新提问题", "经决定退出督办"))


def test_an_issue_that_came_near_its_deadline_since_leaves_by_what_was_decided_about_it(
    twice: SignoffOffice,
) -> None:
    path = draw_signoff(twice.workspace).path
    twice.next_week("2026-W52")
    assert twice.rolled_up()[SECOND]["状态"] == "临近时限"
    late = {**of_issue("核销", 决定日期=date(2026, 12, 25))[ISSUE]}
    assert sign_off(twice.workspace, saved(written(path, {SECOND: late}), FRIDAY)).findings == ()
    assert {code: line["状态"] for code, line in twice.rolled_up().items()} == {
        ISSUE: "临近时限",
        SECOND: "已销号",
    }


def test_that_an_issue_is_solved_is_decided_by_signing_it_off(overdue: SignoffOffice) -> None:
    path = draw_signoff(overdue.workspace).path
    (found,) = sign_off(overdue.workspace, saved(written(path, of_issue("办结")), FRIDAY)).findings
    assert found.message.partition("：")[2] == (
        "处理选了“办结”，这一项是问题，没有录入；请清空这里，问题办结的在“待审定”表选“同意销号”。"
    )


# --- taken back, corrected, repeated


def test_a_decision_is_taken_back_and_the_item_stands_again(items: Items) -> None:
    items.decide(FLOW, "核销")
    row = rows_of(items.draw())[FLOW]
    assert (row["现状"], row["此前决定"]) == (
        "已退出",
        f"2027-01-29 核销（原定时限2026-12-31）（县长），依据：{GROUNDS}",
    )
    done = items.decide(FLOW, "恢复督办", on=date(2027, 1, 30), 依据="核销依据不足")
    assert done.findings == ()
    assert FLOW in items.listed()
    (told,) = items.told()
    assert told.startswith("恢复督办")


def test_a_later_decision_about_the_same_item_corrects_the_earlier(items: Items) -> None:
    items.decide(FLOW, "核销")
    items.decide(FLOW, "调整", on=date(2027, 1, 30), 新时限=date(2027, 2, 5))
    assert items.listed()[FLOW]["时限"] == date(2027, 2, 5)


def test_the_same_workbook_once_more_changes_nothing_and_a_changed_one_corrects(items: Items) -> None:
    values = {"处理": "核销", "依据": GROUNDS, "决定人": "县长", "决定日期": FRIDAY}
    path = written(items.draw(), {FLOW: values})
    assert len(items.sign(path).decisions) == 1
    again = items.sign(path)
    assert (again.decisions, again.repeated, again.findings) == ((), 1, ())
    corrected = items.sign(written(path, {FLOW: {"处理": "办结"}}))
    assert ([d.verdict for d in corrected.decisions], corrected.findings) == ([Verdict.SETTLE], ())
    assert len(corrected.notices) == 1
    assert [told.split("　")[0] for told in items.told()] == ["办结"]


def test_what_a_withdrawn_workbook_decided_is_decided_no_more(items: Items) -> None:
    done = items.decide(FLOW, "核销")
    withdraw(items.workspace, done.sha256[:12], why="依据有误")
    assert FLOW in items.listed()
    assert items.told() == []


# --- what is not recorded


@pytest.mark.parametrize(
    ("code", "values", "cell", "message"),
    [
        (
            FLOW,
            {"处理": "核销", "依据": None},
            "Q",
            "处理选了“核销”，请填写“依据”（依据的会议纪要、批示或文件）。",
        ),
        (
            FLOW,
            {"处理": None},
            "N",
            "填了其他栏，没有选怎样处理，请填写“处理”（办结、并入、调整、核销、恢复督办）。",
        ),
        (FLOW, {"处理": "删除"}, "N", "填了“删除”，请从下拉选项中选择：办结、并入、调整、核销、恢复督办。"),
        (
            FLOW,
            {"处理": "调整"},
            "P",
            "处理选了“调整”，请填写“新时限”（年月日，如 2026-12-31；只有调整时填）。",
        ),
        (
            TASK,
            {"处理": "并入", "并入事项": TASK},
            "O",
            f"“{TASK}”就是这一项自己，没有录入；请改填还在跟踪的另一项的编号。",
        ),
        (
            TASK,
            {"处理": "并入", "并入事项": "R09-99"},
            "O",
            "“R09-99”不是还在跟踪的指标、任务或问题编号，没有录入；请改填还在跟踪的另一项的编号。",
        ),
        (
            FLOW,
            {"处理": "核销", "新时限": date(2027, 3, 1)},
            "P",
            "填了“新时限”，处理选的是“核销”，没有录入；请改选“调整”，或清空“新时限”。",
        ),
        (
            FLOW,
            {"处理": "恢复督办"},
            "N",
            "处理选了“恢复督办”，这一项没有退出督办，没有录入；请清空，或改选别的处理。",
        ),
        (
            FLOW,
            {"处理": "调整", "新时限": date(2026, 12, 31)},
            "P",
            "“时限”2026-12-31晚于“新时限”2026-12-31，请核对日期。",
        ),
        (
            FLOW,
            {"处理": "核销", "决定日期": date(2026, 1, 29)},
            "S",
            "“时限”2026-12-31晚于“决定日期”2026-01-29，请核对日期。",
        ),
        (
            FLOW,
            {"处理": "核销", "决定日期": date(2027, 1, 30)},
            "S",
            "“决定日期”2027-01-30晚于审定表保存的日期2027-01-29，请核对日期。",
        ),
        (
            FLOW,
            {"处理": "核销", "时限": date(2027, 3, 1)},
            "I",
            "“时限”栏由2026-12-31改成了2027-03-01，没有录入；请恢复原来的时限；要改时限的，处理选“调整”，填“新时限”。",
        ),
    ],
)
def test_what_cannot_be_meant_is_named_by_its_cell_and_not_recorded(
    items: Items, code: str, values: dict[str, object], cell: str, message: str
) -> None:
    usual = {"依据": GROUNDS, "决定人": "县长", "决定日期": FRIDAY}
    done = items.sign(written(items.draw(), {code: {**usual, **values}}))
    (found,) = done.findings
    assert (found.cell[:1], found.message.partition("：")[2], done.decisions) == (cell, message, ())
    assert code in items.listed()


def test_copies_of_a_row_that_differ_decide_nothing(items: Items) -> None:
    values = {"处理": "核销", "依据": GROUNDS, "决定人": "县长", "决定日期": FRIDAY}
    path = written(items.draw(), {FLOW: values})
    book = load_workbook(path)
    page = book[SHEET]
    at = next(n for n in range(5, page.max_row + 1) if page.cell(n, 2).value == FLOW)
    row = [cell.value for cell in page[at]]
    page.append(["办结" if value == "核销" else value for value in row])
    book.save(path)
    done = items.sign(path)
    assert ([f.code for f in done.findings], done.decisions) == ([Code.ROW_TWICE], ())


def test_a_row_in_which_another_code_was_typed_decides_nothing(items: Items) -> None:
    values = {"处理": "核销", "依据": GROUNDS, "决定人": "县长", "决定日期": FRIDAY, "编号": STOCK}
    done = items.sign(written(items.draw(), {FLOW: values}))
    assert ([f.code for f in done.findings], done.decisions) == ([Code.KEYS_DISAGREE], ())


@pytest.mark.provokes(Code.ITEM_MISFIT)
def test_an_item_that_has_not_left_cannot_be_taken_back(items: Items) -> None:
    assert [f.code for f in items.decide(FLOW, "恢复督办").findings] == [Code.ITEM_MISFIT]


@pytest.mark.provokes(Code.MERGED_WRONGLY)
def test_two_items_are_not_merged_into_each_other(items: Items) -> None:
    usual = {"处理": "并入", "依据": GROUNDS, "决定人": "县长", "决定日期": FRIDAY}
    rows = {TASK: {**usual, "并入事项": OTHER_TASK}, OTHER_TASK: {**usual, "并入事项": TASK}}
    done = items.sign(written(items.draw(), rows))
    assert [f.code for f in done.findings] == [Code.MERGED_WRONGLY] * 2
    assert {TASK, OTHER_TASK} <= set(items.listed())


@pytest.mark.provokes(Code.MERGED_DROPS)
def test_where_the_other_is_not_on_the_list_it_is_told_that_the_merged_one_stands_nowhere(
    items: Items,
) -> None:
    other = "Z01-11"
    assert other not in items.listed()
    done = items.decide(FLOW, "并入", 并入事项=other)
    assert [d.outcome for d in done.decisions] == [f"并入{other}（原定时限2026-12-31）"]
    (found,) = done.findings
    assert FLOW in rows_of(items.draw())  # to be taken back
    assert (found.code, found.sheet) == (Code.MERGED_DROPS, SHEET)
    assert f"“{other}”不在督办清单上，这一项的内容就不再列出；请另行跟踪“{other}”" in found.message


def test_of_a_merged_item_it_is_told_that_a_slip_on_it_is_open(items: Items) -> None:
    path = supervise.list_items(items.workspace, "2027-W04").written
    supervise.issue(items.workspace, choose(path, {TASK: {**YES, "反馈时限": date(2027, 2, 7)}}))
    done = items.decide(TASK, "并入", 并入事项=OTHER_TASK)
    assert len(done.decisions) == 1
    (found,) = done.findings
    assert found.code is Code.MERGED_DROPS
    told = f"1号还没有办结；请在督办选择表第二张上登记办结，仍要办的对“{OTHER_TASK}”另发督办单。"
    assert found.message.endswith(told), found.message


@pytest.mark.parametrize("asked_there", [False, True])
def test_of_a_merged_issue_it_is_told_that_its_request_is_made_no_more(
    week: Office, *, asked_there: bool
) -> None:
    """Not where the other issue asks for the same."""
    ask = {"request": "请批复用地", "suggested_level": "总专班"}
    office = SignoffOffice(week.workspace, week)
    office.registers(**(ask if asked_there else {}))
    office.next_week("2026-W49")
    office.registers(description="项目用地指标至今尚未落实到位", **ask)
    verdict = {**of_issue("并入", 并入事项=ISSUE, 决定日期=date(2026, 12, 4))[ISSUE]}
    path = written(draw_signoff(office.workspace).path, {SECOND: verdict})
    done = sign_off(office.workspace, saved(path, FRIDAY))
    assert [d.outcome for d in done.decisions] == [f"并入{ISSUE}"]
    said = [f.message.partition("：")[2] for f in done.findings]
    told = (
        f"已按并入录入，但提请协调的“请批复用地”不再列入提请协调；"
        f"请核对，仍要协调的由“{ISSUE}”的填报单位在“提请协调事项”里提出。"
    )
    assert said == ([] if asked_there else [told])


def test_nothing_is_merged_into_what_has_left(items: Items) -> None:
    items.decide(OTHER_TASK, "核销")
    (found,) = items.decide(TASK, "并入", 并入事项=OTHER_TASK).findings
    assert found.code is Code.MERGED_WRONGLY


def test_a_decision_about_what_has_changed_since_is_asked_for_again(items: Items) -> None:
    old = items.draw()
    copy = old.with_name("旧表.xlsx")
    shutil.copy(old, copy)
    items.decide(FLOW, "核销")
    values = {"处理": "办结", "依据": GROUNDS, "决定人": "县长", "决定日期": FRIDAY}
    done = items.sign(written(copy, {FLOW: values}))
    assert [(f.code, done.decisions) for f in done.findings] == []  # the same row of the same workbook
    met: dict[str, object] = {"value": 120.0, "nature": "统计核定"}
    office = Office.of(items.workspace, "2027-W04")
    path = items.draw()
    send(office, {("indicators", STOCK): met}, hours=-2)
    ingest(items.workspace)
    done = items.sign(written(path, {STOCK: values}))
    (found,) = done.findings
    assert (found.code, "这一项已不在督办清单上" in found.message) == (Code.DECISION_OUTDATED, True)


# --- for ever


@given(weeks=st.integers(min_value=1, max_value=300))
def test_without_a_decision_no_time_takes_what_is_red_off_the_list(missed_root: Path, weeks: int) -> None:
    later = week_of(date.fromordinal(FRIDAY.toordinal() + 7 * weeks))
    loaded = load(Workspace(missed_root))
    with look_into_ledger(Workspace(missed_root).ledger) as ledger:
        lines = facts_of(gathered(loaded, ledger, later)).supervision
    red = {line.code for line in lines if line.level is Level.RED}
    assert {FLOW, STOCK, TASK} <= red


@given(
    st.lists(
        st.tuples(st.sampled_from([*Verdict]), st.sampled_from([DECEMBER, date(2027, 12, 31)])), max_size=6
    ),
    st.randoms(),
)
def test_the_last_decision_about_an_item_holds_in_whatever_order_they_are_read(
    decided: list[tuple[Verdict, date]], rng: object
) -> None:
    decisions = [
        Decision(
            issue=FLOW,
            on=FRIDAY,
            by="县长",
            upon=parse_period("2027-W04"),
            verdict=verdict,
            kind=Duty.INDICATOR,
            item=item,
            urgency=Level.RED,
            seq=seq,
        )
        for seq, (verdict, item) in enumerate(decided, 1)
    ]
    last = next((d for d in reversed(decisions) if d.item == DECEMBER), None)
    shuffled = list(decisions)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    found = ruling_on(History((), tuple(shuffled)), FLOW, DECEMBER)
    if last is None or last.verdict is Verdict.RESUME:
        assert found is None
    else:
        assert found == last
        left = (Verdict.SETTLE, Verdict.MERGE, Verdict.WRITE_OFF)
        assert lets_go(last, Level.RED) == (last.verdict in left)
