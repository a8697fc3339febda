"""The agenda of the liaison meeting: what became of what was agreed on, what is asked, what turned, what to decide."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.core.answers import IssueSource
from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.history import History
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.facts.agenda import decisions, resolution_lines, standing_in_words
from tenproj_xl.rollup.facts.editions import MEETING, Audience, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tests.helpers import rollup_example as ex
from tests.helpers.rollup_reading import opened

AGENDA, PAGE_ONE = "议程", "总览"


def written(data: RollupInput, folder: Path) -> dict[str, Worksheet]:
    path = folder / "x.xlsx"
    write_rollup(path, facts_of(data))
    return {tab.title: tab for tab in opened(path).worksheets}


def words(tab: Worksheet) -> str:
    return "\n".join(str(value) for row in tab.iter_rows(values_only=True) for value in row if value)


def with_items(count: int) -> RollupInput:
    """A meeting after one that agreed on many things, each with much to say."""
    held = date(2026, 11, 13)
    codes = [f"W01-2026-{n:03d}" for n in range(200, 200 + count)]
    said: dict[str, Any] = {
        "source": IssueSource.MEETING,
        "description": "协调" * 40,
        "progress": "已经开会研究" * 20,
    }
    rows = [ex.issue(code, "2026-W46", **said) for code in codes]
    decided = [
        replace(ex.decision(code, held, "2026-W46", verdict=Verdict.REGISTER), by="第11次联络员例会")
        for code in codes
    ]
    made = ex.meeting_week()
    known = History((*made.known.rows, *rows), (*made.known.decisions, *decided))
    return replace(made, known=known)


def test_the_last_meetings_items_come_first_then_what_is_open_of_earlier_ones() -> None:
    lines = resolution_lines(facts_of(ex.meeting_week()))
    assert [line.issue.code for line in lines] == [
        "W01-2026-101",
        "W01-2026-103",
        "W02-2026-102",
        "W02-2026-104",
    ]  # W01-2026-105 was signed off before the last meeting
    assert standing_in_words(lines) == "4件：逾期1件，整改中2件，已销号1件"


def test_the_last_words_of_a_unit_are_told_with_their_period_where_that_is_an_earlier_one() -> None:
    facts = facts_of(ex.meeting_week())
    said = {line.issue.code: line.last_words for line in resolution_lines(facts)}
    assert said["W01-2026-101"] == "已批复"
    assert said["W01-2026-103"] == ""
    assert said["W02-2026-102"] == "正在会签（第47周报）"


def test_days_of_other_years_have_their_year(tmp_path: Path) -> None:
    made = ex.meeting_week()
    rows = [
        replace(r, period=parse_period("2025-W52")) if r.code == "W02-2026-104" else r
        for r in made.known.rows
    ]
    asked = ex.issue("W01-2026-110", request="请批复", suggested_level="总专班", due_on=date(2025, 12, 20))
    decided = [
        replace(one, on=date(2025, 12, 26)) if one.issue == "W02-2026-104" else one
        for one in made.known.decisions
    ]
    agenda = words(written(replace(made, known=History((*rows, asked), tuple(decided))), tmp_path)[AGENDA])
    for told in ("11-13 第11次联络员例会", "11-26销号", "2025-12-26 第10次联络员例会", "2025-12-20\n逾期"):
        assert told in agenda


def test_the_agenda_comes_first_and_page_one_repeats_none_of_it(tmp_path: Path) -> None:
    tabs = written(ex.meeting_week(), tmp_path)
    assert list(tabs)[:2] == [AGENDA, PAGE_ONE]
    agenda, page_one = words(tabs[AGENDA]), words(tabs[PAGE_ONE])
    for part in ("一、上次议定事项落实情况", "二、提请协调", "三、新增滞后和主要差距", "四、请会议决定"):
        assert part in agenda
    for part in ("提请协调（", "新增滞后和主要差距", "【变化】", "【请定】"):
        assert part not in page_one
    for part in ("【总体】", "一、核心指标", "二、各专班进展"):
        assert part in page_one
        assert part not in agenda


def test_only_the_meeting_has_an_agenda_and_only_its_leaders(tmp_path: Path) -> None:
    for_all = replace(ex.meeting_week(), release=Release(MEETING, Audience.PUBLIC))
    assert AGENDA not in written(for_all, tmp_path)
    assert AGENDA not in written(ex.ordinary_week(), tmp_path)


def test_what_is_to_be_decided_names_what_is_overdue_asked_applied_for_and_owed() -> None:
    sentences = decisions(facts_of(ex.meeting_week()))
    assert sentences[0] == "议定事项逾期1件（W02-2026-102），请责任单位说明原因，定新的时限或督办。"
    assert any(sentence.startswith("提请协调") for sentence in sentences)


def test_a_meeting_without_earlier_items_says_so_without_a_command_that_leaders_do_not_know(
    tmp_path: Path,
) -> None:
    tabs = written(ex.rollup_input_for(MEETING), tmp_path)
    assert "没有以前会议的议定事项。" in words(tabs[AGENDA])
    assert "tenproj" not in words(tabs[AGENDA])


def test_many_items_take_two_pages_and_the_rest_is_counted(tmp_path: Path) -> None:
    tab = written(with_items(60), tmp_path)[AGENDA]
    (title,) = [value for value in words(tab).splitlines() if value.startswith("一、")]
    shown = sum(str(row[1]).startswith("W") and "协调协调" in str(row[1]) for row in tab.values)
    assert 5 < shown < 40
    assert "64件：逾期1件" in title
    assert "件见“问题销号”" in title
    assert tab.page_setup.scale == 85
    (last_of_page_one,) = [pause.id for pause in tab.row_breaks.brk]
    for first, last in ((1, last_of_page_one), (last_of_page_one + 1, tab.max_row)):
        assert sum(tab.row_dimensions[n].height or 15 for n in range(first, last + 1)) <= 622 + 24
