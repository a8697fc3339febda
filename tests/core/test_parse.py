"""What is typed and what it means by its column: left what stands in the cell, right what it is taken for."""

from datetime import date, datetime, time, timedelta
from time import process_time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tenproj_xl.core.answers import DecisionLevel, Opinion, TaskStatus, YesNo
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.core.columns import Column, Fill, Kind
from tenproj_xl.core.dates import read_date, read_period_cell
from tenproj_xl.core.meaning import BLANK, Meaning
from tenproj_xl.core.numbers import read_number
from tenproj_xl.core.parse import read_cell, read_cell_in, read_choice, read_text
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import ISSUES, TASKS, indicator_sheet
from tenproj_xl.core.texts import is_blank, text_of
from tests.helpers.values import CELLS

UNIT, YEAR = Code.UNIT_GUESSED, Code.YEAR_GUESSED
FIFTH = date(2026, 11, 5)


def by_word(*choices: str) -> dict[str, str]:
    return Column("choice", "选项", Fill.DEPARTMENT, Kind.CHOICE, choices=choices).choices_by_word


STATUSES = by_word(*TaskStatus)


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("已完成", TaskStatus.DONE),
        (" 已完成　", TaskStatus.DONE),
        ("已 完成", TaskStatus.DONE),
        ("已完成。", TaskStatus.DONE),
        ("“已完成”", TaskStatus.DONE),
        ("已\u200b完成", TaskStatus.DONE),
        ("滞后；", TaskStatus.BEHIND),
    ],
)
def test_a_choice_is_known_by_its_label(typed: str, choice: TaskStatus) -> None:
    assert read_choice(typed, STATUSES) == Meaning(choice)


@pytest.mark.parametrize("tick", ["√", "✓", "✔", " √ ", "√。"])
def test_a_tick_says_yes(tick: str) -> None:
    assert read_choice(tick, by_word(*YesNo)) == Meaning(YesNo.YES)
    assert read_choice(tick, by_word(*Opinion)) == Meaning(Opinion.AGREED)


@pytest.mark.parametrize("typed", ["区政府常务会议", "区政府常务会", "常务会议", "常务会"])
def test_a_level_is_known_by_what_people_call_it(typed: str) -> None:
    level = ISSUES.column("suggested_level").choices_by_word
    assert read_choice(typed, level) == Meaning(DecisionLevel.EXECUTIVE_MEETING)


@pytest.mark.parametrize("typed", ["完成", "基本已完成", "已完成/滞后", "是", 1, True, FIFTH, "done"])
def test_no_choice_is_made_of_anything_else(typed: object) -> None:
    assert read_choice(typed, STATUSES) == Meaning(None, Code.NOT_CHOICE)


def test_a_placeholder_that_is_a_choice_is_chosen() -> None:
    assert read_choice("无", by_word("有", "无")) == Meaning("无")
    assert read_choice("Ａ", by_word("A", "B")) == Meaning("A")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("无", "无"),
        ("暂无", "暂无"),
        ("  已开工\r\n二期待批  ", "已开工\n二期待批"),
        ("a\u2028b", "a\nb"),
        ("已\u202e开\u0000工\ufeff", "已开工"),
        ("\ud800已开工\uffff", "已开工"),
        ("e\u0301", "é"),
        ("全角，ＡＢＣ（１）", "全角，ＡＢＣ（１）"),
        ("\U00031350", "\U00031350"),  # younger than Python 3.11, and in use in names
        (True, "TRUE"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_text_is_what_people_read(typed: object, text: str) -> None:
    assert text_of(typed) == text
    assert read_text(typed) == Meaning(text)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (FIFTH, "2026-11-05"),
        (datetime(2026, 11, 5), "2026-11-05"),
        (datetime(2026, 11, 5, 8, 30), "2026-11-05 08:30:00"),
        (time(8, 30), "08:30:00"),
        (timedelta(hours=30), "30:00:00"),
        (330105199001011234.0, "330105199001011000"),
        (7.0, "7"),  # of 007
        (1.1, "1.1"),  # of 1.10
        (0.35, "0.35"),  # of 35%
        (57188258825, "57188258825"),  # of 057188258825, in an .xls
    ],
)
def test_a_text_that_a_spreadsheet_made_something_else_of_is_a_guess(found: object, text: str) -> None:
    meaning = read_text(found)
    assert (meaning.value, meaning.code) == (text, Code.TEXT_ALTERED)


def test_a_text_may_be_as_long_as_the_limit() -> None:
    assert read_text("长" * 500, 500) == Meaning("长" * 500)
    assert read_text("长" * 501, 500) == Meaning(None, Code.TOO_LONG, "501")


EMPTY = [None, "", " ", "　", "\n\t", "\u200b", "\xa0"]
DASHES = ["—", "-", "——", "－", "–", "/", "／", "\\", "…", "-- ", "。"]
WORDS = [
    "无",
    " 无 ",
    "暂无",
    "没有",
    "暂缺",
    "未填",
    "未报",
    "待定",
    "未发布",
    "待公布",
    "不涉及",
    "N/A",
    "n/a",
    "null",
]


@pytest.mark.parametrize("typed", [*EMPTY, *DASHES, *WORDS])
def test_where_no_text_is_asked_a_placeholder_is_a_blank(typed: object) -> None:
    assert is_blank(typed)
    assert read_number(typed, "家") == read_date(typed, 2026) == read_period_cell(typed, 2026) == BLANK
    assert read_choice(typed, STATUSES) == BLANK


@pytest.mark.parametrize("typed", [*EMPTY, *DASHES])
def test_a_text_of_dashes_is_a_blank(typed: object) -> None:
    assert read_text(typed) == BLANK


@pytest.mark.parametrize("typed", WORDS)
def test_a_text_that_says_none_is_a_text(typed: str) -> None:
    assert read_text(typed) == Meaning(typed.strip())


@pytest.mark.parametrize(
    "typed",
    [
        "同上",
        " 同上。",
        "同左",
        "同上一行",
        "〃",
        "同R01-03",
        "同第7行",
        "同上一项",
        "见R01-03",
        "见下一行",
        "情况同第７行",
    ],
)
def test_a_text_that_points_elsewhere_is_kept_and_asked_about(typed: str) -> None:
    assert read_text(typed) == Meaning(typed.strip(), Code.SAME_AS_ABOVE)


@pytest.mark.parametrize(
    "typed", ["同R01-03同步推进", "见下一行所列3户已签约", "同一项目", "与第3项合并推进"]
)
def test_a_text_that_says_more_than_where_to_look_is_one_of_its_own(typed: str) -> None:
    assert read_text(typed) == Meaning(typed)


@pytest.mark.parametrize("typed", ["同上级部门协调", "同前期一致推进", "“十四五”"])
def test_a_text_that_only_begins_so_is_a_text(typed: str) -> None:
    assert read_text(typed) == Meaning(typed)


def test_a_formula_without_its_result_asks_for_it_in_a_cell_of_any_kind() -> None:
    unsolved = Meaning(None, Code.RESULT_MISSING, "=SUM(A1:A3)")
    for kind in Kind:
        column = Column("x", "某列", Fill.DEPARTMENT, kind)
        assert read_cell(NoValue("SUM(A1:A3)"), column, year=2026) == unsolved


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (ErrorValue("#DIV/0!"), "#DIV/0!"),
        ("#N/A", "#N/A"),
        ("#REF!", "#REF!"),
        ("########", "########"),
        ("Err:502", "Err:502"),
    ],
)
def test_an_error_is_one_in_a_cell_of_any_kind(typed: object, shown: str) -> None:
    broken = Meaning(None, Code.ERROR_VALUE, shown)
    for kind in Kind:
        assert read_cell(typed, Column("x", "某列", Fill.DEPARTMENT, kind), year=2026) == broken


@pytest.mark.parametrize(
    ("column", "typed", "meaning"),
    [
        (TASKS.column("invest_done"), "3.5亿元", Meaning(3.5)),
        (TASKS.column("invest_done"), "35000万元", Meaning(3.5, UNIT, "3.5亿元")),
        (TASKS.column("completed_on"), "11月5日", Meaning(FIFTH, YEAR, "2026-11-05")),
        (TASKS.column("status"), "滞后。", Meaning(TaskStatus.BEHIND)),
        (TASKS.column("problems"), "无", Meaning("无")),
        (TASKS.column("person"), "007", Meaning("007")),
        (ISSUES.column("raised_on"), "2026.11.5", Meaning(FIFTH)),
        (indicator_sheet([2026]).column("data_period"), "三季度", Meaning("2026-Q3", YEAR, "2026年三季度")),
        (
            indicator_sheet([2026]).column("data_period"),
            "去年四季度",
            Meaning("2025-Q4", Code.READ_ROUGHLY, "2025年四季度"),
        ),
        (indicator_sheet([2026]).column("city_rank"), "第3名", Meaning(3.0)),
        (indicator_sheet([2026]).column("share"), 0.935, Meaning(0.935)),
        (indicator_sheet([2026]).column("share"), "93.5%", Meaning(0.935)),
        (indicator_sheet([2026]).column("share"), "", BLANK),
        (indicator_sheet([2026]).column("key"), "ABC1-K", Meaning("ABC1-K")),
    ],
)
def test_a_cell_is_read_by_its_column(column: Column, typed: object, meaning: Meaning) -> None:
    assert read_cell(typed, column, year=2026) == meaning


@pytest.mark.parametrize(
    ("week", "typed", "read"),
    [
        ("2026-W53", "1月2日", date(2027, 1, 2)),  # it ends on 3 January
        ("2026-W53", "1月4日", date(2026, 1, 4)),
        ("2026-W53", "12月30日", date(2026, 12, 30)),
        ("2026-W01", "12月30日", date(2025, 12, 30)),  # it begins on 29 December
        ("2027-W02", "12月28日", date(2026, 12, 28)),
        ("2026-W48", "11月20日", date(2026, 11, 20)),
        ("2026-W48", "12月1日", date(2026, 12, 1)),
    ],
)
def test_a_day_without_a_year_is_the_last_such_one_that_its_period_can_tell_of(
    week: str, typed: str, read: date
) -> None:
    column = TASKS.column("completed_on")
    assert read_cell_in(parse_period(week), typed, column) == Meaning(read, YEAR, read.isoformat())


@pytest.mark.parametrize(("week", "read"), [("2026-W53", date(2027, 1, 30)), ("2026-W48", date(2027, 1, 30))])
def test_a_deadline_without_a_year_is_the_next_such_day(week: str, read: date) -> None:
    column = TASKS.column("due_on")
    assert read_cell_in(parse_period(week), "1月30日", column, to_come=True).value == read


def test_a_month_without_a_year_is_the_last_one_that_is_over() -> None:
    column = indicator_sheet(()).column("data_period")
    assert read_cell_in(parse_period("2027-W02"), "11月", column).value == "2026-11"
    assert read_cell_in(parse_period("2026-W53"), "12月", column).value == "2026-12"


@pytest.mark.parametrize(
    ("week", "typed", "read"),
    [
        ("2026-W53", "第53周", "2026-W53"),
        ("2027-W01", "第53周", "2026-W53"),  # 2027 has 52 weeks
        ("2027-W01", "第53期", "2026-W53"),
        ("2027-W01", "第52周", "2026-W52"),
        ("2026-W02", "第52周", "2025-W52"),
        ("2025-W50", "第53周", None),
    ],
)
def test_a_week_without_a_year_is_the_last_such_one(week: str, typed: str, read: str | None) -> None:
    column = indicator_sheet(()).column("data_period")
    assert read_cell_in(parse_period(week), typed, column).value == read


def test_the_unit_of_a_row_comes_first() -> None:
    value = indicator_sheet([2026]).column("value")
    assert read_cell("35亿元", value, unit="万元", year=2026) == Meaning(350000, UNIT, "350000万元")
    assert read_cell("35万元", TASKS.column("invest_done"), unit="万元", year=2026) == Meaning(35)


def _digit_of_a_figure(c: str) -> bool:
    return c in "0123456789０１２３４５６７８９"


@given(st.text())
@example("inf")
@example("①②")
@example("²")
@example("٣")
@example("三十五")
def test_without_a_digit_nothing_is_a_number_or_a_date(text: str) -> None:
    assume(not any(map(_digit_of_a_figure, text)))
    assert read_number(text, "家").value is None
    assert read_date(text, 2026).value is None


@given(CELLS, st.sampled_from(Kind), st.sampled_from(["", "家", "亿元", "%", "万元/亩"]))
@example("35 40", Kind.NUMBER, "")
@example("9" * 5000, Kind.NUMBER, "")
@example("9" * 5000, Kind.PERIOD, "")
@example("1" * 5000 + "-1-1", Kind.DATE, "")
def test_any_cell_has_a_meaning_of_its_kind(cell: object, kind: Kind, unit: str) -> None:
    column = Column("x", "某列", Fill.DEPARTMENT, kind, choices=tuple(TaskStatus))
    meaning = read_cell(cell, column, unit=unit, year=2026)
    kinds = {Kind.NUMBER: float, Kind.SHARE: float, Kind.DATE: date}
    assert meaning.value is None or type(meaning.value) is kinds.get(kind, str)
    if meaning.code is not None:
        is_error = meaning.code.rule.severity is Severity.ERROR
        assert is_error is (meaning.value is None)
        assert is_error or meaning.detail
    if kind is Kind.PERIOD and isinstance(meaning.value, str):
        assert parse_period(meaning.value).code == meaning.value


@pytest.mark.parametrize("piece", [" ", "1 ", "1,", "1.", "第1期(", "—", "亿", "#", "1年", "\u200b"])
def test_no_composed_text_takes_long(piece: str) -> None:
    cell = ("1" + piece * 32000)[:32000] + "1"
    start = process_time()
    for kind in Kind:
        read_cell(
            cell,
            Column("x", "某列", Fill.DEPARTMENT, kind, choices=tuple(TaskStatus)),
            unit="亿元",
            year=2026,
        )
    assert process_time() - start < 2
