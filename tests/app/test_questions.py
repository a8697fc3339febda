"""The life of a question: asked once, answered by the unit or the office, or confirmed by silence."""

import json
import random
import shutil
from collections import Counter
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tenproj_xl.app import portions
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import RuleStats
from tenproj_xl.app.status import status
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.cli.clerks import yardstick_of
from tenproj_xl.cli.main import main
from tenproj_xl.cli.returns_text import ingested_lines, status_lines
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.catalogue import Code
from tenproj_xl.forms.form import FormRow
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.questions import Question, QuestionState, answer_in
from tenproj_xl.model.statuses import Status
from tests.helpers.answers import on_pace
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import workspace_of
from tests.helpers.rollup_reading import one, table
from tests.spoils import weeks

WEEK, NEXT = "2026-W48", "2026-W49"
CODE = "Z01-06"
ODD: Mapping[str, object] = {"value": 510.43}


@pytest.fixture
def november(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Office:
    """Return the office of a task force that has reported for half a year."""
    shutil.copytree(weeks.made(tmp_path_factory) / "november", tmp_path / "november")
    return weeks.opened("november", tmp_path / "november")


def sent(office: Office, name: str = "01.xlsx", hours: float = -3, **typed: object) -> str:
    """Return the letter that a return is answered with."""
    form = office.right("01")
    form.write("indicators", CODE, **{**ODD, **typed})
    office.send(form, name, hours=hours)
    (result,) = ingest(office.workspace, office.period).files
    assert result.letter
    return result.letter.read_text("utf-8")


def questions(office: Office) -> list[Question]:
    with look_into_ledger(office.workspace.ledger) as ledger:
        return [question for question in ledger.questions() if question.period == WEEK]


def test_a_question_is_asked_once_about_the_same_value(november: Office) -> None:
    assert "变化远大于以往各期" in sent(november)
    assert "变化远大于以往各期" not in sent(november, "again.xlsx", -2, remark="再报一次")
    (question,) = questions(november)
    assert (question.row, question.data_period, question.value) == (CODE, "2026-10", "510.43")
    assert question.state is QuestionState.ASKED


def test_another_value_is_another_question_and_answers_the_first(november: Office) -> None:
    sent(november)
    assert "变化远大于以往各期" in sent(november, "again.xlsx", -2, value=520.43)
    assert [(q.value, q.state) for q in questions(november)] == [
        ("510.43", QuestionState.CORRECTED),
        ("520.43", QuestionState.ASKED),
    ]


def test_a_return_that_does_not_count_answers_nothing(november: Office) -> None:
    sent(november)
    november.send(november.right("01"), "older.xlsx", hours=-20)
    (older,) = ingest(november.workspace, WEEK).files
    assert older.status is Status.SUPERSEDED
    (question,) = questions(november)
    assert question.state is QuestionState.ASKED
    line = table(merge(november.workspace, WEEK).rollup, "主要指标")
    assert one(line, CODE, "最新数值") == 510.43
    assert "【待核实】" in str(one(line, CODE, "时效"))


@pytest.mark.parametrize("said", ["", "属实"])
def test_the_words_beside_a_value_that_does_not_count_are_not_about_the_one_that_does(
    november: Office, said: str
) -> None:
    sent(november)
    form = november.right("01")
    form.write("indicators", CODE, verification=said)
    november.send(form, "older.xlsx", hours=-20)
    ingest(november.workspace, WEEK)
    (question,) = questions(november)
    assert question.state is QuestionState.ASKED


def test_a_return_between_two_that_say_the_same_answers_nothing(november: Office) -> None:
    sent(november)
    sent(november, "again.xlsx", -1, remark="再报一次")
    sent(november, "between.xlsx", -2, value=51.04)
    assert {q.state for q in questions(november) if q.value == "510.43"} == {QuestionState.ASKED}


def test_a_late_return_of_the_week_before_does_not_answer_what_was_asked_since(november: Office) -> None:
    later = sent_out(november.workspace, NEXT)
    form = later.right("01")
    form.write("indicators", CODE, **{**ODD, "data_period": "2026年10月"})
    later.send(form, "next.xlsx", hours=-1)
    ingest(later.workspace, NEXT)
    november.send(november.right("01"), "late.xlsx", hours=-1)
    ingest(november.workspace, WEEK)
    with look_into_ledger(november.workspace.ledger) as ledger:
        asked = [q for q in ledger.questions() if (q.period, q.row) == (NEXT, CODE)]
    assert [(q.data_period, q.value, q.state) for q in asked] == [("2026-10", "510.43", QuestionState.ASKED)]


def test_a_doubtful_figure_in_an_older_return_that_comes_late_marks_nothing(november: Office) -> None:
    november.send(november.right("01"), "newer.xlsx", hours=-3)
    ingest(november.workspace, WEEK)
    form = november.right("01")
    form.write("indicators", CODE, **ODD)
    november.send(form, "older.xlsx", hours=-20)
    (older,) = ingest(november.workspace, WEEK).files
    assert older.status is Status.SUPERSEDED
    assert [(q.value, q.state) for q in questions(november)] == [("510.43", QuestionState.CORRECTED)]
    line = table(merge(november.workspace, WEEK).rollup, "主要指标")
    assert "待核实" not in str(one(line, CODE, "时效"))
    withdraw(november.workspace, "newer.xlsx", "报错了单位")
    assert [(q.value, q.state) for q in questions(november)] == [("510.43", QuestionState.ASKED)]


@pytest.mark.parametrize("progress", ["已停工|资金未到位", "已停工｜资金未到位"])
def test_a_text_with_a_bar_in_it_is_corrected_only_by_another_one(november: Office, progress: str) -> None:
    def became(name: str, text: str) -> list[QuestionState]:
        form = november.right("01")
        form.write("tasks", "R01-01", status="序时推进", progress=text)
        form.cover(phone=f"0571-8888000{name}")
        november.send(form, f"{name}.xlsx", hours=-int(name))
        ingest(november.workspace, WEEK)
        return [q.state for q in questions(november) if "资金未到位" in q.value]

    assert became("9", progress) == [QuestionState.ASKED]
    assert became("8", progress) == [QuestionState.ASKED]
    assert became("7", "已停工") == [QuestionState.CORRECTED]


def lay_versions(office: Office, *values: float) -> None:
    """Put returns of the same form into the inbox, one newer than the other."""
    for number, value in enumerate(values):
        form = office.right("01")
        form.write("indicators", CODE, value=value)
        form.cover(phone=f"0571-8888000{number}")
        office.send(form, f"第{number}次.xlsx", hours=number - 9)


def to_call(office: Office) -> list[str]:
    """Take in what came; return what the console says of those to be called."""
    lines = [line.strip() for line in ingested_lines(ingest(office.workspace, WEEK), office.workspace)]
    for place, line in enumerate(lines):
        if line.endswith("家有疑问，请电话核对"):
            asked = list(takewhile(lambda one: one.startswith("01 "), lines[place + 1 :]))
            return [line.partition(". ")[2], *asked]
    return []


@pytest.mark.parametrize("at_once", [1, 200])
def test_a_unit_that_sent_the_same_doubtful_figure_three_times_is_called_once(
    november: Office, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(portions, "FILES_AT_ONCE", at_once)
    lay_versions(november, 510.43, 510.43, 510.43)
    said, asked = to_call(november)
    assert said == "1家有疑问，请电话核对"
    assert asked.startswith("01 区发改经信局")
    assert "处" not in asked


@pytest.mark.parametrize("at_once", [1, 200])
def test_nobody_is_called_about_a_figure_that_a_later_return_of_the_same_run_corrected(
    november: Office, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(portions, "FILES_AT_ONCE", at_once)
    right = november.right("01").value("indicators", CODE, "value")
    lay_versions(november, 510.43, float(str(right)))
    assert to_call(november) == []
    assert [(q.value, q.state) for q in questions(november)] == [("510.43", QuestionState.CORRECTED)]
    assert "疑问" not in "".join(status_lines(status(november.workspace, WEEK)))


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("属实", QuestionState.TRUE),
        ("属实：两个项目集中入库", QuestionState.TRUE),
        ("口径不同", QuestionState.SCOPE),
        ("更正：多打了一位", QuestionState.CORRECTED),
        ("核减系统计局反馈", QuestionState.TRUE),
        ("", None),
    ],
)
def test_what_a_unit_answers_in_its_own_words(said: str, state: QuestionState | None) -> None:
    assert answer_in(said) is state


def test_a_unit_answers_in_its_row(november: Office) -> None:
    sent(november)
    sent(november, "again.xlsx", -2, verification="属实：两个项目集中入库")
    (question,) = questions(november)
    assert (question.state, question.said) == (QuestionState.TRUE, "属实：两个项目集中入库")


@pytest.mark.parametrize("said", ["有误，应为51.04", "更正", "不属实"])
def test_that_a_value_is_wrong_settles_nothing_while_no_other_has_come(november: Office, said: str) -> None:
    sent(november)
    sent(november, "again.xlsx", -2, verification=said)
    (question,) = questions(november)
    assert (question.state, question.said) == (QuestionState.ASKED, said)
    assert review(november).exit_code == 0
    (path,) = (november.workspace.outbox / WEEK / "待核实").glob("待核实清单*.xlsx")
    shown = [str(cell.value) for row in load_workbook(path)["疑问"].iter_rows() for cell in row]
    assert [text for text in shown if text.endswith(f"写了“{said}”，还没有报来新数。")], shown
    sent_out(november.workspace, NEXT)
    rollup = merge(november.workspace, NEXT).rollup
    assert "【待核实】" in str(one(table(rollup, "主要指标"), CODE, "时效")), "silence confirms nothing"
    november.send(november.right("01"), "right.xlsx", hours=-1)
    ingest(november.workspace, WEEK)
    assert [q.state for q in questions(november) if q.row == CODE] == [QuestionState.CORRECTED]


def corrected_next_week(office: Office, data_period: str, value: float) -> None:
    """The form of the next week puts the figure of a data period right, in a row for corrections."""
    later = sent_out(office.workspace, NEXT)
    row = next(row for row in later.forms["01"].part("indicators").rows if row.code == "更正1")
    name = next(choice for choice in row.choices["name"] if choice.startswith(CODE))
    form = later.right("01")
    said = {"name": name, "data_period": data_period, "value": value, "nature": "部门统计"}
    form.write("indicators", "更正1", **said, verification="多打了一位")
    later.send(form, "correction.xlsx", hours=-1)
    ingest(office.workspace, NEXT)


def test_a_row_for_corrections_answers_what_the_own_row_was_asked_in_the_week_before(
    november: Office,
) -> None:
    sent(november)
    corrected_next_week(november, "2026年10月", 51.04)
    (question,) = questions(november)
    assert (question.state, question.said) == (QuestionState.CORRECTED, "多打了一位")


def told_next_week(office: Office, **typed: object) -> dict[Code, tuple[str, str]]:
    """The findings of the next week's form of task force 01, by code: cell and message."""
    later = sent_out(office.workspace, NEXT)
    form = later.right("01")
    form.write("indicators", CODE, **typed)
    later.send(form, "next.xlsx", hours=-1)
    (result,) = ingest(office.workspace, NEXT).files
    return {f.code: (f.cell, f.message) for f in result.findings}


@pytest.mark.parametrize("again", [{}, {"data_period": "2026年10月", "nature": "部门统计", **ODD}])
def test_who_says_that_a_figure_is_wrong_and_gives_no_other_is_told_that_it_stands(
    november: Office, again: Mapping[str, object]
) -> None:
    sent(november)
    told = told_next_week(november, verification="更正：应为51.04", **again)
    cell, message = told[Code.CORRECTION_LACKING]
    assert cell == "V17"
    assert message == (
        "第17行“重大项目累计完成投资”：“核实说明”写着“更正：应为51.04”，但没有报来更正后的数，2026年10月的510.43亿元没有改动；"
        "请在表下的更正行选这个指标，填写数据所属期和更正后的数，再发一次。"
    )


@pytest.mark.parametrize("said", ["", "属实", "口径不同"])
def test_who_does_not_call_the_figure_wrong_is_not_asked_for_another(november: Office, said: str) -> None:
    sent(november)
    assert Code.CORRECTION_LACKING not in told_next_week(november, verification=said)


@pytest.mark.parametrize("said", ["更正", "更正：多打了一位", "应为51.04"])
def test_the_right_figure_is_not_asked_about_beside_the_wrong_one_that_it_corrects(
    november: Office, said: str
) -> None:
    value = november.right("01").value("indicators", CODE, "value")
    sent(november)
    right = {"data_period": "2026年10月", "value": value, "nature": "部门统计"}
    assert told_next_week(november, **right, verification=said) == {}
    (question,) = questions(november)
    assert question.state is QuestionState.CORRECTED


def test_who_puts_the_forecast_right_is_not_told_that_the_figure_stands(november: Office) -> None:
    sent(november, value=november.right("01").value("indicators", CODE, "value"), forecast=9999)
    told = told_next_week(november, forecast=600, verification="更正：预计数多打了一位")
    assert Code.CORRECTION_LACKING not in told


def test_who_calls_a_figure_wrong_that_was_put_right_the_week_before_is_not_asked_for_another(
    november: Office,
) -> None:
    value = november.right("01").value("indicators", CODE, "value")
    sent(november)
    told_next_week(november, data_period="2026年10月", value=value, nature="部门统计", verification="更正")
    later = sent_out(november.workspace, "2026-W50")
    form = later.right("01")
    form.write("indicators", CODE, verification="更正")
    later.send(form, "W50.xlsx", hours=-1)
    (result,) = ingest(november.workspace, "2026-W50").files
    assert Code.CORRECTION_LACKING not in {f.code for f in result.findings}


def test_a_figure_that_is_corrected_into_another_odd_one_is_asked_about_beside_the_month_before(
    november: Office,
) -> None:
    sent(november)
    odd = {"data_period": "2026年10月", "value": 5.104, "nature": "部门统计"}
    told = told_next_week(november, **odd, verification="更正")
    assert [message for _, message in told.values() if "510.43" in message] == []
    assert told, "still far from September"


def test_a_row_for_corrections_of_another_month_answers_nothing(november: Office) -> None:
    sent(november)
    corrected_next_week(november, "2026年9月", 44.9)
    (question,) = questions(november)
    assert question.state is QuestionState.ASKED


@pytest.mark.parametrize(("said", "state"), [("属实", QuestionState.TRUE), ("", QuestionState.ASKED)])
def test_a_registered_issue_answers_what_it_was_asked_when_it_was_new(
    november: Office, said: str, state: QuestionState
) -> None:
    new = {"description": "弃土场没有落实", "category": "用地", "source": "自查", "unit": "相关单位"}
    days = {"raised_on": "2026-11-20", "due_on": "2026-12-31"}
    form = november.right("01")
    form.write("issues", "+1", **new, **days, status="整改中", progress="正在选址")
    november.send(form, "01.xlsx", hours=-3)
    ingest(november.workspace, WEEK)
    asked = {q.row for q in questions(november)}
    assert asked == {"弃土场没有落实"}
    later = sent_out(november.workspace, NEXT)
    code = max(row.code for row in later.forms["01"].part("issues").rows)
    form = later.right("01")
    form.write("issues", code, status="整改中", progress="正在选址", verification=said)
    later.send(form, "next.xlsx", hours=-1)
    ingest(november.workspace, NEXT)
    assert [q.state for q in questions(november)] == [state]


def test_who_says_that_a_value_is_wrong_is_asked_for_the_right_one(november: Office) -> None:
    assert "变化远大于以往各期" in sent(november, verification="写错了，应该是51.04")


def test_what_is_explained_beside_the_value_is_not_asked(november: Office) -> None:
    letter = sent(november, verification="属实：两个项目集中入库")
    assert "请核对" not in letter
    (question,) = questions(november)
    assert question.state is QuestionState.TRUE


def test_the_figure_counts_and_is_marked_until_the_next_return_is_due(november: Office) -> None:
    sent(november)
    rollup = merge(november.workspace, WEEK).rollup
    line = table(rollup, "主要指标")
    assert one(line, CODE, "最新数值") == 510.43
    assert "【待核实】" in str(one(line, CODE, "时效"))
    sent_out(november.workspace, NEXT)
    rollup = merge(november.workspace, NEXT).rollup
    assert "【单位未回复】" in str(one(table(rollup, "主要指标"), CODE, "时效"))


def review(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), "review", *arguments])


def test_the_office_answers_in_place_of_the_unit(november: Office) -> None:
    sent(november)
    assert review(november).exit_code == 0
    (path,) = (november.workspace.outbox / WEEK / "待核实").glob("待核实清单*.xlsx")
    book = load_workbook(path)
    page = book["疑问"]
    columns = {str(cell.value): n for n, cell in enumerate(page[2], 1)}
    page.cell(3, columns["核实结果"]).value = "电话核实"
    page.cell(3, columns["核实人"]).value = "赵六"
    page.cell(3, columns["核实情况"]).value = "两个项目集中入库"
    book.save(path)
    assert "电话核实（赵六）" in review(november, str(path)).stderr
    rollup = merge(november.workspace, WEEK).rollup
    assert "待核实" not in str(one(table(rollup, "主要指标"), CODE, "时效"))
    assert "没有待核实的更正和疑问" in review(november).stderr


def test_status_keeps_a_question_among_what_is_to_do_until_it_is_answered(november: Office) -> None:
    def to_do() -> str:
        return CliRunner().invoke(main, ["-C", str(november.workspace.root), "status"]).output

    sent(november)
    assert "1处此前的疑问，单位还没有答复；电话核实了的，请用 tenproj review 登记" in to_do()
    assert "01 第9行“重大项目累计完成投资”：本次510.43亿元" in to_do()
    sent(november, "again.xlsx", -2, verification="属实：两个项目集中入库")
    assert "此前的疑问" not in to_do()


def test_a_letter_asks_three_questions_at_most_the_gravest_first(november: Office) -> None:
    form = november.right("01")
    form.write("indicators", "Z01-01", value=297400, city_rank=50)
    form.write("indicators", "Z01-05", value=964.59)
    form.write("indicators", "Z01-11", value=48.96)
    form.write("tasks", "R01-01", invest_done=125)
    november.send(form, "01.xlsx")
    (result,) = ingest(november.workspace, WEEK).files
    assert result.status is Status.WITH_WARNINGS
    assert result.letter
    letter = result.letter.read_text("utf-8")
    assert "疑似单位为万元" in letter
    assert "“建设智慧医疗产业园”：本次125亿元" in letter
    assert "第8行“固定资产投资”：本次964.59亿元" in letter
    assert "省重大项目投资完成率" not in letter
    assert "名次" not in letter
    assert "有3处请贵单位核对。" in letter
    assert "到下期报送截止未回复的，按属实处理" in letter
    assert "不必回复" not in letter
    assert len(questions(november)) == 5


def stats(office: Office) -> list[dict[str, object]]:
    result = CliRunner().invoke(main, ["-C", str(office.workspace.root), "rules", "--stats", "--json"])
    rules: list[dict[str, object]] = json.loads(result.stdout)["rules"]
    return rules


def test_each_rule_tells_what_came_of_its_questions(november: Office) -> None:
    sent(november)
    sent(november, "again.xlsx", -2, value=520.43)
    (off,) = [rule for rule in stats(november) if rule["code"] == "value_off"]
    assert (off["fired"], off["corrected"], off["confirmed"], off["unanswered"]) == (2, 1, 0, 1)


def test_a_rule_of_which_hardly_a_question_leads_to_a_correction_is_noisy() -> None:
    assert RuleStats(code=Code.VALUE_OFF, fired=6, corrected=0, confirmed=6).is_noisy
    assert not RuleStats(code=Code.VALUE_OFF, fired=6, corrected=3, confirmed=3).is_noisy
    assert not RuleStats(code=Code.VALUE_OFF, fired=2, corrected=0, confirmed=2).is_noisy


# --- false questions weigh as much as missed ones


MONTHS = ("W04", "W08", "W13", "W17", "W21", "W26", "W30", "W34", "W39", "W43", "W47", "W52")


def test_an_ordinary_year_has_at_most_one_question_per_form_and_month(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "工作区", weeks.tables())
    chance = random.Random(3)  # noqa: S311  # an example, no secret
    for week in MONTHS:
        office = sent_out(workspace, f"2026-{week}")
        form = office.right("01")
        for row in office.forms["01"].part("indicators").own:
            if (row.asked or row.block is Block.FINAL) and "value" not in row.choices:
                value = on_pace(row, yardstick_of(row), better=chance.uniform(0.0, 0.12))
                form.write("indicators", row.code, value=_not_less(value, row))
        office.send(form)
        ingest(workspace, office.period)
    with look_into_ledger(workspace.ledger) as ledger:
        asked = Counter(question.period for question in ledger.questions())
    assert max(asked.values()) <= 1
    assert asked.total() <= 3


def _not_less(value: float | str, row: FormRow) -> float | str:
    """Return a figure, of the same year as the last one not less than that."""
    last = row.printed.get("last_value")
    is_of_one_year = str(row.printed["data_period"])[:4] == str(row.printed["last_period"])[:4]
    if isinstance(value, float) and last and is_of_one_year:
        return max(value, float(str(last)))
    return value
