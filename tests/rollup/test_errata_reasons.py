"""更正内容 of what only small plans show: papers of older versions, settings, days, and what waits for publication."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.history import History
from tenproj_xl.model.plan import Measure
from tenproj_xl.model.publications import Publication, Series
from tenproj_xl.model.published import LAST_DECISION, Published, Row
from tenproj_xl.rollup.facts.editions import WEEK, Audience, Release
from tenproj_xl.rollup.facts.errata import Difference, differences
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.facts.public import for_all
from tenproj_xl.rollup.facts.publishing import (
    BY_OFFICE,
    BY_RULING,
    DECIDED,
    FROM,
    LAST_DAY,
    LAST_ROW,
    PARTS,
    published,
)
from tests.helpers import rollup_example as ex

NEW_KEYS = {FROM, BY_OFFICE, BY_RULING, DECIDED, PARTS, "nature", "due", "stale", "asks"} | {
    *("milestone_done", "invest_done", "suggested_level", "original_due")
}


def told_by(data: RollupInput) -> Published:
    return published(facts_of(data), 1)


def as_stored_before(told: Published) -> Published:
    """What an earlier version would have kept of a paper."""

    def kept(row: Row) -> Row:
        return {name: value for name, value in row.items() if name.removeprefix("for_all_") not in NEW_KEYS}

    rows = {sheet: {code: kept(row) for code, row in of.items()} for sheet, of in told.rows.items()}
    for row in rows.get("issues", {}).values():
        row.pop("status", None)  # type: ignore[attr-defined]  # a dict
    numbers = {name: number for name, number in told.numbers.items() if name not in (LAST_DAY, LAST_ROW)}
    return replace(told, rows=rows, numbers=numbers)


def paper(told: Published, plan: str = "") -> Publication:
    return Publication(
        series=Series.WEEK,
        year=2026,
        number=1,
        edition=WEEK.code,
        published_at=datetime(2026, 11, 24, tzinfo=UTC),
        published_by="王主任",
        files=(),
        told=told,
        plan=plan,
    )


def reasons(told: Published, now: RollupInput) -> dict[str, str]:
    return {one.code: one.why for one in listed(told, now)}


def listed(told: Published, now: RollupInput, plan: str = "") -> tuple[Difference, ...]:
    return differences(told, facts_of(replace(now, corrects=paper(told, plan))))


def of_task(**values: object) -> RollupInput:
    said: Mapping[str, object] = {"status": "序时推进", "progress": "在建", **values}
    task = ex.task("R01-01", invest_plan=10.0)
    return ex.rollup_input(ex.row("tasks", "R01-01", said), tasks=(task,))  # type: ignore[arg-type]  # values


def test_what_an_older_version_kept_is_compared_without_false_corrections() -> None:
    for week in (ex.ordinary_week(), ex.following_week(), ex.awful_week()):
        assert listed(as_stored_before(told_by(week)), week) == ()


def test_of_a_paper_of_an_older_version_nothing_is_said_to_be_unchanged_that_was_not_kept() -> None:
    told = as_stored_before(told_by(of_task(invest_done=9.5)))
    why = reasons(told, of_task(invest_done=2.0))["R01-01"]
    assert why == "报送的内容、办公室的决定或计划、设置有变"


def test_a_status_that_an_older_version_kept_is_told_as_the_reason() -> None:
    told = as_stored_before(told_by(of_task(invest_done=9.5)))
    why = reasons(told, of_task(invest_done=9.5, status="滞后"))["R01-01"]
    assert why.endswith("2026-11-23报来：当前状态（序时推进→滞后）")


def test_a_decision_is_told_as_the_reason_also_for_a_paper_of_an_older_version() -> None:
    data = ex.week_of(ex.issue("W01-2026-001"))
    told = as_stored_before(told_by(data))
    assert told.numbers[LAST_DECISION] == 0.0
    decided = replace(ex.decision("W01-2026-001", date(2026, 11, 25), level="总专班"), seq=3)
    now = replace(data, known=replace(data.known, decisions=(decided,)))
    assert reasons(told, now)["W01-2026-001"] == "2026-11-25 核定层级为总专班（王主任）"
    back = reasons(told_by(now), data)["W01-2026-001"]
    assert back == "此前的审核决定已撤回或更正"


def test_an_issue_that_was_closed_before_the_period_is_told_with_the_decision() -> None:
    data = ex.week_of(ex.issue("W01-2026-001", "2026-W46"))
    closed = replace(ex.decision("W01-2026-001", date(2026, 11, 20), verdict=Verdict.SIGN_OFF), seq=3)
    now = replace(data, known=replace(data.known, decisions=(closed,)))
    assert reasons(told_by(data), now)["W01-2026-001"] == "2026-11-20 同意销号（王主任）"


def test_an_ask_that_its_unit_took_back_is_told_as_what_its_unit_sent() -> None:
    told = {"suggested_level": "总专班"}
    decided = replace(ex.decision("W01-2026-001", date(2026, 11, 24), level="总专班"), seq=3)
    was, now = (
        ex.week_of(ex.issue("W01-2026-001", request="请批复用地", **told)),
        ex.week_of(replace(ex.issue("W01-2026-001", **told), sha256="b" * 64, seq=9)),
    )
    was, now = (replace(one, known=replace(one.known, decisions=(decided,))) for one in (was, now))
    assert reasons(told_by(was), now)["W01-2026-001"].endswith("报来：进展、提请或申请")


def test_a_nature_that_rose_is_told_as_what_has_judged_a_target() -> None:
    yearly = ex.indicator("Z01-09", Measure.ANNUAL, ex.target("2025", "以上", 60.0))
    was = ex.rollup_input(ex.figure("Z01-09", 66.0, "2025年12月", "预计"), indicators=(yearly,))
    now = ex.rollup_input(ex.figure("Z01-09", 66.0, "2025年12月", "统计核定"), indicators=(yearly,))
    was, now = (replace(one, period=parse_period("2026-W04")) for one in (was, now))
    found = reasons(told_by(was), now)
    assert found["Z01-09"].endswith("报来：数据性质（预计→统计核定）")


def test_other_settings_are_told_as_the_reason_where_all_else_is_the_same() -> None:
    data = replace(of_task(invest_done=8.8), plan_snapshot="ff00")
    stricter = replace(data, settings=replace(data.settings, slow=0.01))
    told = told_by(data)
    (one,) = [d for d in listed(told, stricter, "ff00") if d.code == "R01-01"]
    assert one.why == "报送的内容和计划没有变，按现在的设置评价不同"
    (one,) = [d for d in listed(told, stricter, "ee11") if d.code == "R01-01"]
    assert one.why == "报送的内容没有变，按现在的计划和设置评价不同"


def test_days_that_have_passed_are_told_as_the_reason_where_all_else_is_the_same() -> None:
    task = ex.task("R01-01", due_on=date(2026, 11, 27))
    said = ex.row("tasks", "R01-01", {"status": "序时推进", "due_on": date(2026, 11, 27)})
    now = ex.rollup_input(said, tasks=(task,))
    was = replace(now, newest=Period("2026-W48", date(2026, 11, 23), date(2026, 11, 26)))
    assert reasons(told_by(was), now)["R01-01"] == "评价到2026-11-29（印发时评价到2026-11-26）"


def test_an_ask_that_was_answered_is_told_beside_the_number_of_page_one() -> None:
    data = ex.week_of(ex.issue("W01-2026-001", request="请批复用地", suggested_level="总专班"))
    told = told_by(data)
    now = ex.week_of(ex.issue("W01-2026-001", suggested_level="总专班"))
    assert reasons(told, now)["asks"] == "W01-2026-001的提请事项或办理情况有变动"


def test_a_reason_for_all_names_no_unit_and_tells_of_no_figure_that_waits() -> None:
    from tests.rollup.test_embargo import SEPTEMBER, WAITING, district  # noqa: PLC0415  # its district

    was, now = district(40.0, SEPTEMBER), district(41.0, SEPTEMBER)
    rows = []
    for row in now.known.rows:
        if row.code == WAITING and row.values.get("value") == 82.0:
            rows.append(replace(row, sha256="b" * 64, seq=9, values={**row.values, "value": 83.0}))
        else:
            rows.append(row)
    now = replace(now, known=History(tuple(rows), now.known.decisions))
    told = told_by(was)
    release = Release(WEEK, Audience.PUBLIC, correction=1)
    facts = for_all(facts_of(replace(now, release=release, corrects=paper(told))))
    (one,) = [d for d in differences(told, facts) if d.code == WAITING]
    assert one.why.startswith("报送单位2026-")
    assert one.why.endswith("报来：最新数值")
