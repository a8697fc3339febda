"""晾晒排名: who is ranked in a month and wider, what each scores, and that nothing is gained by silence."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tenproj_xl.core.codes import label_of
from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.decisions import Coordination
from tenproj_xl.model.history import Reported, history
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Weights
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.brief import write_brief
from tenproj_xl.rollup.facts.editions import EDITIONS, MEETING, MONTH, WEEK, YEAR, Audience, Edition, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.league import LeagueLine, ScorePart, score
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.facts.publishing import published
from tenproj_xl.rollup.frames import frames_of
from tests.helpers import rollup_example as ex
from tests.helpers.rollup_reading import one, table

WEIGHTS = (40.0, 30.0, 15.0, 15.0)
NOTHING = ScorePart(0, 0)
TITLE = "晾晒排名"


def month(data: RollupInput) -> RollupInput:
    """The week alone, as the month of which it is the only one."""
    return replace(data, period=parse_period("2026-11"), periods=(ex.WEEK,), release=Release(MONTH))


def of(*rows: Reported, receipts: tuple[str, ...] = ("01", "02"), plan: Plan | None = None) -> RollupInput:
    """A month of the example plan with returns, on time, of some task forces."""
    data = month(
        ex.rollup_input(
            *rows, indicators=ex.INDICATORS, tasks=ex.TASKS, receipts=tuple(map(ex.receipt, receipts))
        )
    )
    return replace(data, plan=plan or data.plan)


def scores(data: RollupInput) -> dict[str, tuple[int | None, float | None]]:
    return {line.task_force.code: (line.rank, line.score) for line in facts_of(data).league}


def line_of(data: RollupInput, task_force: str = "01") -> LeagueLine:
    return next(a for a in facts_of(data).league if a.task_force.code == task_force)


def parts(data: RollupInput, task_force: str) -> list[tuple[int, int]]:
    return [(p.good, p.of) for p in line_of(data, task_force).parts]


def written(data: RollupInput, path: Path) -> Path:
    write_rollup(path, facts_of(data))
    return path


def grid(path: Path, sheet: str) -> list[list[object]]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [list(row) for row in rows]


# --- where there is one


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.code)
def test_a_week_and_a_meeting_have_neither_rank_nor_score_anywhere(
    edition: Edition, audience: Audience, tmp_path: Path
) -> None:
    facts = facts_of(ex.rollup_input_for(edition, audience))
    book = CalamineWorkbook.from_path(written(facts.data, tmp_path / "x.xlsx"))
    ours = [name for name in book.sheet_names if name != RANKS_OF_SUPERIORS]
    said = {str(cell) for name in ours for row in grid(tmp_path / "x.xlsx", name) for cell in row}
    scored = {text for text in said if re.search("得分|计分|名次(?!是1到)|晾晒排名", text)}
    write_brief(tmp_path / "x.docx", facts_of(ex.rollup_input_for(edition)))
    brief = docx.Document(str(tmp_path / "x.docx"))
    told = [p.text for p in brief.paragraphs] + [
        c.text for t in brief.tables for r in t.rows for c in r.cells
    ]
    has_league = edition not in (WEEK, MEETING)
    assert (TITLE in book.sheet_names, bool(facts.league)) == (has_league, has_league)
    assert ("league" in frames_of(facts), "league" in published(facts, 1).rows) == (has_league, has_league)
    assert any("得分" in text or "名次" in text for text in told) is has_league
    assert bool(scored - ALLOWED) is has_league


RANKS_OF_SUPERIORS = "上级排名"
"""The sheet of what superiors have ranked and marked the district: no league of ours."""
ALLOWED = {
    "改变评价\n或名次",
    "同一所属期的数，前后不一样的逐项列出；改变评价或名次的请留意。",
    "按方案中的次序列出，不计分，不排名；得分和名次按月及以上公布。达序时含达标，滞后含未达标，序时含已完成。",
}
"""Words of ranks in a week: those of the district among others in its city, and that there are none here."""


def test_a_week_for_all_begins_with_the_progress_of_task_forces_in_the_order_of_the_plan(
    tmp_path: Path,
) -> None:
    path = written(ex.rollup_input_for(WEEK, Audience.PUBLIC), tmp_path / "x.xlsx")
    assert CalamineWorkbook.from_path(path).sheet_names[0] == "专班进展"
    lines = table(path, "专班进展", "专班")
    shown = lines[["专班", "应评指标", "指标达序时", "任务序时", "问题在办", "本期报送"]]
    facts = facts_of(ex.rollup_input_for(WEEK))
    counts = [facts.tally(code) for code in ("01", "02")]
    assert [list(row) for row in shown.itertuples(index=False)] == [
        [code, of.counted, of.on_pace, of.tasks_on_time, of.issues_open, returned]
        for code, of, returned in zip(("01", "02"), counts, ("按时", "迟报"), strict=True)
    ]


# --- what one scores


@pytest.mark.parametrize(
    ("given_parts", "expected"),
    [
        # 100 × (40×3/4 + 30×1/2 + 15×0/1 + 15×1/1) ÷ 100
        ((ScorePart(3, 4), ScorePart(1, 2), ScorePart(0, 1), ScorePart(1, 1)), 60.0),
        # No issues: 100 × (30 + 15 + 15) ÷ 85 = 70.588…
        ((ScorePart(3, 4), ScorePart(1, 2), NOTHING, ScorePart(1, 1)), 70.6),
        # Only a return: all of the weight is its.
        ((NOTHING, NOTHING, NOTHING, ScorePart(0, 1)), 0.0),
        ((NOTHING, NOTHING, NOTHING, NOTHING), None),
        # 100 × 40×5/32 ÷ 40 = 15.625, and 40×1/16 = 6.25: halves go up.
        ((ScorePart(1, 16), NOTHING, NOTHING, NOTHING), 6.3),
    ],
)
def test_a_score_is_weighed_over_the_parts_that_have_something_to_score(
    given_parts: tuple[ScorePart, ...], expected: float | None
) -> None:
    assert score(given_parts, WEIGHTS) == expected


def test_weights_of_nought_rank_nobody() -> None:
    data = month(ex.ordinary_week())
    unweighed = replace(data, settings=replace(data.settings, weights=Weights(0, 0, 0, 0)))
    assert scores(unweighed) == {"01": (None, None), "02": (None, None)}


def test_registering_no_issues_neither_gains_nor_loses() -> None:
    on_pace = ex.figure("Z01-01", 85.0, "2026年10月")
    assert parts(of(on_pace), "01")[2] == (0, 0)
    # An issue that is not due yet does not score either; an overdue one does, as bad.
    assert scores(of(on_pace, ex.issue("W01-2026-001")))["01"] == scores(of(on_pace))["01"]
    overdue = ex.issue("W01-2026-001", due_on=date(2026, 11, 1))
    assert parts(of(on_pace, overdue), "01")[2] == (0, 1)


@pytest.mark.parametrize(("applied_on", "good"), [(date(2026, 11, 20), 1), (date(2026, 11, 21), 0)])
def test_an_issue_is_solved_in_time_if_its_sign_off_was_applied_for_by_the_deadline(
    applied_on: date, good: int
) -> None:
    applied = ex.issue("W01-2026-001", status="申请销号", due_on=date(2026, 11, 20), applied_on=applied_on)
    assert parts(of(applied), "01")[2] == (good, 1)


def test_the_days_that_a_superior_took_do_not_make_an_issue_late() -> None:
    applied = ex.issue(
        "W01-2026-001",
        status="申请销号",
        applied_on=date(2026, 11, 24),
        due_on=date(2026, 11, 20),
        request="请批复",
        suggested_level="总专班",
    )
    assert parts(of(applied), "01")[2] == (0, 1)
    asked = ex.row("issues", "W01-2026-001", {**applied.values, "status": "整改中"}, "2026-W44")
    taken_up = ex.decision("W01-2026-001", date(2026, 11, 3), "2026-W44", level="总专班")
    settled = ex.decision("W01-2026-001", date(2026, 11, 10), "2026-W44", coordination=Coordination.SETTLED)
    data = replace(of(asked, applied), known=history([asked, applied], [taken_up, settled]))
    assert parts(data, "01")[2] == (1, 1)  # seven days stood still, so 27 November is in time


def test_a_figure_that_is_too_old_and_one_that_is_missing_do_not_score() -> None:
    # Z02-02: 110 of the 200 at the end of 2025, so on course with 150 in August; October is due.
    old = ex.figure("Z02-02", 150.0, "2026年8月")
    fresh = ex.figure("Z02-02", 170.0, "2026年10月")
    # Z02-02 and Z02-03 have a light to lose (Z02-01 is of a year that is past and waits for its verified figure).
    assert parts(of(old), "02")[0] == (0, 3)
    assert parts(of(fresh), "02")[0] == (1, 3)


def test_what_waits_for_a_verified_figure_is_not_scored() -> None:
    assert (
        parts(of(ex.figure("Z02-01", 910.0, "2025年")), "02")[0][1] == 2
    )  # Z02-02 and Z02-03, both unreported


def test_saying_nothing_does_not_keep_the_points_of_an_earlier_week() -> None:
    said = ex.row("tasks", "R01-02", {"due_on": date(2026, 12, 30), "status": "序时推进"}, "2026-W47")
    assert parts(of(said), "01")[1] == (1, 2)  # somebody stands by it: the form came back
    assert parts(of(said, receipts=("02",)), "01")[1] == (0, 2)
    done = ex.row("tasks", "R01-02", {"due_on": date(2026, 12, 30), "status": "已完成"}, "2026-W47")
    assert parts(of(done, receipts=("02",)), "01")[1] == (1, 2)  # what is done stays done


def test_what_only_the_unit_says_scores_where_it_was_said_in_the_period_and_is_marked() -> None:
    by_word = replace(ex.plan(ex.INDICATORS, (*ex.TASKS, ex.task("R01-03"))))
    before = ex.row("tasks", "R01-03", {"status": "序时推进"}, "2026-W42")
    kept_up = line_of(of(before, plan=by_word))
    assert (kept_up.parts[1].good, kept_up.declared) == (0, 0)  # an empty return says nothing of it
    said = line_of(of(before, ex.row("tasks", "R01-03", {"status": "序时推进"}), plan=by_word))
    assert (said.parts[1].good, said.declared) == (1, 1)


@pytest.mark.parametrize(
    ("more", "is_dated"),
    [
        ({}, False),
        ({"due_on": date(2026, 12, 31)}, True),
        ({"due_on": date(2023, 12, 31)}, True),
        ({"due_on": date(2027, 12, 31)}, False),  # nothing can be told by it before that year
        ({"invest_plan": 2.0}, True),
    ],
)
def test_a_task_can_be_judged_by_its_milestones_its_investment_or_a_deadline_of_this_year(
    more: dict[str, object],
    is_dated: bool,  # noqa: FBT001
) -> None:
    (line,) = facts_of(month(ex.rollup_input(tasks=(ex.task("R01-03", **more),)))).tasks
    assert line.is_dated is is_dated


# --- who is ranked


def too_little() -> Plan:
    """The example plan in which task force 02 has two indicators and many tasks without a date."""
    indicators = (*ex.INDICATORS[:4], ex.CUMULATIVE, ex.GROWTH)
    return ex.plan(indicators, (*ex.TASKS[:2], *(ex.task(f"R02-{n:02d}") for n in range(1, 9))))


def test_of_whom_too_little_can_be_judged_is_listed_and_not_ranked(tmp_path: Path) -> None:
    best = [ex.row("tasks", f"R02-{n:02d}", {"status": "序时推进"}) for n in range(1, 9)]
    figures = [ex.figure("Z02-02", 170.0, "2026年10月"), ex.figure("Z02-03", 20.0, "2026年10月")]
    data = of(*figures, *best, plan=too_little())
    found = scores(data)
    assert found["01"][0] == 1
    assert found["02"] == (None, None)  # all it has is good, and it would lead
    assert line_of(data, "02").evaluable == 2
    lines = table(written(data, tmp_path / "x.xlsx"), TITLE, "专班")
    told = [
        one(lines, "02", header, key="专班") for header in ("名次", "得分", "怎么算的", "任务按时其中自报")
    ]
    assert told == [
        "不排名",
        "—",
        "不参加排名（可评价事项不足3项）",
        8,
    ]
    assert "不参加排名（可评价事项不足3项）：02 乙工程" in {
        row[0] for row in grid(tmp_path / "x.xlsx", TITLE)
    }
    at_two = replace(data, settings=replace(data.settings, least_evaluable=2))
    assert scores(at_two)["02"] == (1, 100.0)


def test_what_is_due_and_was_not_reported_is_judged_so_that_nobody_hides_from_being_ranked() -> None:
    silent = of(receipts=())
    assert [line_of(silent, code).evaluable for code in ("01", "02")] == [4, 5]
    assert scores(silent) == {"01": (1, 0.0), "02": (1, 0.0)}


def test_equal_scores_share_a_rank_and_the_next_one_is_left_out() -> None:
    forces = tuple(ex.task_force(code, f"{code}工程", "甲局") for code in ("11", "12", "13", "14"))
    tasks = tuple(ex.task(f"R{f.code}-0{n}", due_on=date(2026, 12, 20)) for f in forces for n in (1, 2, 3))
    rows = [ex.row("tasks", t.code, {"status": "序时推进"}) for t in tasks if t.task_force in ("12", "14")]
    tied = month(ex.rollup_input(*rows, tasks=tasks, receipts=(ex.receipt("12"), ex.receipt("14"))))
    tied = replace(tied, plan=replace(tied.plan, task_forces=forces))
    assert scores(tied) == {"12": (1, 100.0), "14": (1, 100.0), "11": (3, 0.0), "13": (3, 0.0)}


def test_those_not_involved_are_named_and_not_ranked(tmp_path: Path) -> None:
    rows = grid(written(month(ex.ordinary_week()), tmp_path / "x.xlsx"), TITLE)
    assert [row[1] for row in rows[3:5]] == ["01", "02"]
    assert rows[-1][0] == "不涉及，不排名：03 丙工程"


def test_the_bureau_that_leads_several_stands_once_for_each_task_force(tmp_path: Path) -> None:
    data = month(ex.ordinary_week())
    first, second, third = data.plan.task_forces
    plan = replace(data.plan, task_forces=(first, replace(second, lead="甲局"), third))
    lines = table(written(replace(data, plan=plan), tmp_path / "x.xlsx"), TITLE, "专班")
    assert lines["牵头单位"].tolist()[:2] == ["甲局", "甲局"]


def test_the_sum_stands_beside_the_score(tmp_path: Path) -> None:
    # 01: Z01-01 of two, R01-02 (due soon) of two, one overdue issue, returned in time:
    # 40×1/2 + 30×1/2 + 15×0 + 15 = 50.
    first = table(written(month(ex.ordinary_week()), tmp_path / "x.xlsx"), TITLE, "专班").iloc[0]
    assert (first["得分"], first["怎么算的"]) == (50.0, "100×（40×1/2＋30×1/2＋15×0/1＋15×1/1）÷100＝50.0")
    assert (first["指标达序时"], first["指标计分"], first["任务按时率"]) == (1, 2, 0.5)


# --- nothing is gained by silence

MONTHLY = st.sampled_from([90.0, 40.0])
"""Figures of October: on pace and behind."""
STATUS = st.sampled_from(["序时推进", "滞后"])
BEFORE = st.sampled_from([None, "序时推进", "滞后"])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Reported], list[Reported]]:
    """What a task force said in an earlier month, and what it has to say now."""
    earlier: list[Reported] = []
    now = [ex.figure("Z01-01", draw(MONTHLY), "2026年10月")]
    if draw(st.booleans()):
        earlier.append(ex.figure("Z01-01", draw(MONTHLY), "2026年9月", period="2026-W42"))
    for code in ("R01-01", "R01-02", "R01-03"):
        before = draw(BEFORE)
        if before:
            earlier.append(ex.row("tasks", code, {"status": before}, "2026-W42"))
        now.append(ex.row("tasks", code, {"status": draw(STATUS | st.just("已完成"))}))
    due_on = draw(st.sampled_from([date(2026, 11, 10), date(2026, 12, 30)]))
    if draw(st.booleans()):
        earlier.append(ex.issue("W01-2026-001", "2026-W42", due_on=due_on))
        known: dict[str, Any] = {"due_on": due_on}
        if draw(st.booleans()):
            known |= {"status": "申请销号", "applied_on": date(2026, 11, 9)}
        now.append(ex.issue("W01-2026-001", **known))
    return earlier, now


WORLD = ex.plan(ex.INDICATORS, (*ex.TASKS, ex.task("R01-03")))


@settings(max_examples=60)
@given(worlds())
def test_silence_never_beats_a_truthful_return(world: tuple[list[Reported], list[Reported]]) -> None:
    earlier, now = world
    silent = line_of(of(*earlier, receipts=("02",), plan=WORLD))
    truthful = line_of(of(*earlier, *now, plan=WORLD))
    assert silent.score is not None
    assert truthful.score is not None
    assert silent.score <= truthful.score
    assert (silent.rank or 0) >= (truthful.rank or 0)


@settings(max_examples=60)
@given(worlds())
def test_a_nil_return_never_beats_saying_the_same_again(
    world: tuple[list[Reported], list[Reported]],
) -> None:
    earlier, _ = world
    again = [replace(row, period=ex.WEEK) for row in earlier]
    nil = line_of(of(*earlier, plan=WORLD))
    said = line_of(of(*earlier, *again, plan=WORLD))
    silent = line_of(of(*earlier, receipts=("02",), plan=WORLD))
    assert silent.score is not None
    assert nil.score is not None
    assert said.score is not None
    assert silent.score <= nil.score <= said.score


@settings(max_examples=60)
@given(worlds(), st.integers(1, 3))
def test_an_issue_registered_or_solved_in_time_never_costs_points(
    world: tuple[list[Reported], list[Reported]], more: int
) -> None:
    rows = [*world[0], *world[1]]
    open_ones = [ex.issue(f"W01-2026-10{n}", due_on=date(2026, 12, 30)) for n in range(more)]
    solved = [
        ex.issue(
            f"W01-2026-20{n}", status="申请销号", due_on=date(2026, 11, 20), applied_on=date(2026, 11, 19)
        )
        for n in range(more)
    ]
    without = line_of(of(*rows, plan=WORLD)).score
    registered = line_of(of(*rows, *open_ones, plan=WORLD)).score
    with_solved = line_of(of(*rows, *solved, plan=WORLD)).score
    assert without is not None
    assert with_solved is not None
    assert registered == without <= with_solved


@pytest.mark.parametrize("kept", ["indicators", "tasks"])
def test_an_empty_list_does_not_win(kept: str) -> None:
    """Of whom nothing can be judged leads nobody, though all that it has, its returns, is good."""
    data = of(*ex.ordinary_week().known.rows)
    own = [row for row in getattr(data.plan, kept) if row.task_force == "01"]
    bare = replace(data.plan, **({"indicators": (), "tasks": ()} | {kept: tuple(own)}))
    found = line_of(replace(data, plan=bare), "02")
    assert (found.parts[3].good, found.score, found.rank) == (1, None, None)


def test_the_year_has_the_league_of_the_year(tmp_path: Path) -> None:
    lines = table(written(ex.rollup_input_for(YEAR), tmp_path / "x.xlsx"), TITLE, "专班")
    assert lines["名次"].tolist()[:2] == [1, 2]


@pytest.mark.parametrize("audience", Audience)
def test_a_time_in_which_no_forms_went_out_scores_nobody_and_accuses_nobody_of_silence(
    audience: Audience, tmp_path: Path
) -> None:
    asked = of(ex.figure("Z01-01", 70.0, "2026年10月"), receipts=())
    facts = facts_of(replace(asked, periods=(), release=Release(MONTH, audience)))
    assert facts.league == ()
    assert {label_of(line.score) for line in facts.duties if not line.is_total} == {"不计"}
    path = written(facts.data, tmp_path / "x.xlsx")
    said = {str(cell) for row in grid(path, TITLE) for cell in row}
    assert "这一时段没有下发填报表，不计分，不排名。" in said
    page = CalamineWorkbook.from_path(path).sheet_names[0]
    if audience is Audience.LEADERS:
        told = " ".join(str(cell) for row in grid(path, page) for cell in row)
        assert "；应报未报4项（没有应报的期）；" in told
        assert "、未报4（没有应报的期）；" in told
        assert "应报的数没有报来" not in told


def test_an_issue_of_two_units_stands_under_both_and_scores_once() -> None:
    shared = ex.issue("W01-2026-001", unit="乙局、甲局", due_on=date(2026, 11, 1))
    data = of(shared)
    found = {d.unit: label_of(d.score) for d in facts_of(data).duties if d.code == "W01-2026-001"}
    assert found == {"乙局": "不得分", "甲局": "不计"}
    assert parts(data, "01")[2] == (0, 1)
