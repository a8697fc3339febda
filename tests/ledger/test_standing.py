"""The latest view: its table equals what the entries say, and it answers as if all entries had been read."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tenproj_xl.core.answers import IssueStatus, MilestoneStatus, Nature, TaskStatus
from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.states import State
from tenproj_xl.ledger.migrations import migrate
from tenproj_xl.ledger.standing import renew_all
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.cell_sources import CellSource
from tenproj_xl.model.concerned_rows import ConcernedRows
from tenproj_xl.model.conflicts import ConflictDecision
from tenproj_xl.model.decisions import ChangeReply, Decision, Verdict, Withdrawal
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.issues import issue_histories, issue_history
from tenproj_xl.model.reviews import Review, ReviewVerdict

NOON = datetime(2026, 11, 1, 4, tzinfo=UTC)
CODES = {"indicators": ("Z01-01",), "tasks": ("R01-01",), "issues": ("W01-2026-001", "W01-2026-002")}
ISSUES = CODES["issues"]
PERIODS = tuple(
    map(parse_period, ("2026-W40", "2026-W44", "2026-W45", "2026-W46", "2026-11", "2026-12", "2026-Q4"))
)
"""The last two end on the same day."""
LAST = {"indicators": ("value",), "tasks": ("status", "invest_done", "milestone_done")}
"""The fields whose last value, however old, is asked for."""
FIELDS: dict[str, dict[str, tuple[Value, ...]]] = {
    "indicators": {
        "value": (None, 0.0, 1.0, "推进中"),
        "data_period": ("2026年9月", "2026-09", "2026年10月", None),
        "nature": (None, Nature.VERIFIED, Nature.REPORTED),
    },
    "tasks": {
        "status": (None, TaskStatus.DONE, TaskStatus.BEHIND),
        "milestone": ("开工", "竣工"),
        "milestone_done": (None, MilestoneStatus.DONE, MilestoneStatus.NOT_DONE),
        "invest_done": (None, 0.0, 2.5),
    },
    "issues": {"status": (None, IssueStatus.OPEN, IssueStatus.APPLIED), "request": (None, "请协调")},
}
UNITS, HASHES = ("区甲局", "区乙局"), tuple("abcdef")


@st.composite
def rows(draw: st.DrawFn) -> Reported:
    sheet = draw(st.sampled_from(list(CODES)))
    values = {name: draw(st.sampled_from(choices)) for name, choices in FIELDS[sheet].items()}
    return Reported(
        sheet=sheet,
        code=draw(st.sampled_from(CODES[sheet])),
        task_force="01",
        period=draw(st.sampled_from(PERIODS)),
        values=values,
        typed={},
        cells={},
        file="表.xlsx",
        sha256=draw(st.sampled_from(HASHES)),
        tab="表",
        received_at=NOON + timedelta(hours=draw(st.integers(0, 5))),
        seq=0,
        unit=draw(st.sampled_from(UNITS)),
        owner=UNITS[0],
        changed_fields=frozenset(draw(st.sets(st.sampled_from(list(values))))),
    )


@st.composite
def withdrawals(draw: st.DrawFn) -> tuple[Withdrawal, bool]:
    """Return a withdrawal, or the undoing of one."""
    return Withdrawal(draw(st.sampled_from(HASHES)), "报错了", NOON), draw(st.booleans())


@st.composite
def rulings(draw: st.DrawFn) -> ConflictDecision:
    """Return a decision on a cell, whatever the units report on it."""
    row = draw(rows())
    field = draw(st.sampled_from(list(FIELDS[row.sheet])))
    texts = [str(value or "") for value in FIELDS[row.sheet][field]]
    return ConflictDecision(
        period=row.period.code,
        sheet=row.sheet,
        code=row.code,
        field=field,
        reported_values={unit: draw(st.sampled_from(texts)) for unit in UNITS},
        chosen="",
        value=draw(st.sampled_from(FIELDS[row.sheet][field])),
        who="王主任",
        why="核实",
        source=CellSource(file="裁定.xlsx", tab="裁定", cell="B2", at=NOON),
    )


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    return Decision(
        issue=draw(st.sampled_from(ISSUES)),
        on=date(2026, 9, 20) + timedelta(days=draw(st.integers(0, 110))),
        by="王主任",
        upon=draw(st.sampled_from(PERIODS)),
        verdict=draw(st.sampled_from([Verdict.SIGN_OFF, Verdict.SEND_BACK, Verdict.REOPEN])),
        token=draw(st.sampled_from("tuvw")),
        sha256=draw(st.sampled_from(HASHES)),
    )


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    """Return a word on a figure: that it waits, or what became of it."""
    return Review(
        sha256=draw(st.sampled_from(HASHES)),
        code=CODES["indicators"][0],
        period=draw(st.sampled_from(PERIODS)).code,
        data_period="2026-09",
        was=0.0,
        value=1.0,
        told=State.ON_PACE,
        state=State.BEHIND,
        paper="汇总2026年第12期",
        verdict=draw(st.sampled_from(ReviewVerdict)),
    )


entries = st.one_of(rows(), rows(), rows(), withdrawals(), rulings(), decisions(), reviews())
batches = st.lists(st.lists(entries, min_size=5, max_size=15), min_size=2, max_size=4)


def report(sheet: str, period: str, **values: Value) -> Reported:
    """Return a report of one unit on the first row of a sheet."""
    return Reported(
        sheet=sheet,
        code=CODES[sheet][0],
        task_force="01",
        period=parse_period(period),
        values=dict.fromkeys(FIELDS[sheet]) | values,
        typed={},
        cells={},
        file="表.xlsx",
        sha256=HASHES[0],
        tab="表",
        received_at=NOON,
        seq=0,
        unit=UNITS[0],
        owner=UNITS[0],
    )


@contextmanager
def ledger_in_memory() -> Iterator[tuple[Ledger, sqlite3.Connection]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        migrate(connection, 0)
        yield Ledger(connection), connection


def record(ledger: Ledger, entries: list[Any]) -> None:
    with ledger.batch("test", NOON, Snapshots("{}", "{}")):
        for entry in entries:
            match entry:
                case Reported():
                    ledger.record_row(entry)
                case ConflictDecision():
                    ledger.record_conflict_decision(entry)
                case Decision():
                    ledger.record_decision(entry)
                case Review():
                    ledger.record_review(entry)
                case withdrawal, undone:
                    ledger.record_withdrawal(withdrawal, undone=undone)


def lines(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    query = "SELECT * FROM standing ORDER BY sheet, code, topic, since, period"
    return [tuple(line) for line in connection.execute(query)]


def chosen_of(sheet: str, recorded: list[Any], period: str) -> list[str]:
    """Return the periods of the reports on the first row of a sheet that are read for a period."""
    at_hand = parse_period(period)
    with ledger_in_memory() as (ledger, _):
        record(ledger, recorded)
        known = ledger.history_of(at_hand.first, at_hand.last)
    return [row.period.code for row in known.of(sheet, CODES[sheet][0])]


def test_of_earlier_figures_the_last_for_each_data_period_is_read_and_the_last_two_reports() -> None:
    september, october = {"data_period": "2026年9月"}, {"data_period": "2026年10月"}
    recorded = [
        report("indicators", "2026-W36", value=1.0, **september),
        report("indicators", "2026-W37", value=2.0, **september),
        report("indicators", "2026-W38", **september),
        report("indicators", "2026-W39", value=3.0, **october),
        report("indicators", "2026-W40", value=4.0, **october),
        report("indicators", "2026-W41", **october),
        report("indicators", "2026-W42", **october),
        report("indicators", "2026-W43", value=5.0, **october),
    ]
    assert chosen_of("indicators", recorded, "2026-W43") == [
        "2026-W37",
        "2026-W40",
        "2026-W41",
        "2026-W42",
        "2026-W43",
    ]
    assert chosen_of("indicators", recorded, "2026-W38") == ["2026-W36", "2026-W37", "2026-W38"]


def test_of_earlier_reports_on_a_task_those_are_read_that_tell_its_milestones_status_and_investment() -> None:
    done, not_done = MilestoneStatus.DONE, MilestoneStatus.NOT_DONE
    recorded = [
        report("tasks", "2026-W36", milestone="开工", milestone_done=done),
        report("tasks", "2026-W37", invest_done=2.5),
        report("tasks", "2026-W38", status=TaskStatus.BEHIND),
        report("tasks", "2026-W39", status=TaskStatus.ON_COURSE),
        report("tasks", "2026-W40", milestone="开工", milestone_done=not_done),
        report("tasks", "2026-W41"),
        report("tasks", "2026-W42"),
        report("tasks", "2026-W43"),
    ]
    assert chosen_of("tasks", recorded, "2026-W44") == [
        *("2026-W36", "2026-W37", "2026-W39", "2026-W40"),  # each the last that tells something
        *("2026-W42", "2026-W43"),
    ]


def test_of_an_issue_all_reports_are_read_until_it_is_signed_off_for_good() -> None:
    recorded: list[Any] = [report("issues", f"2026-W{week}") for week in range(36, 41)]
    everything = [row.period.code for row in recorded]
    assert chosen_of("issues", recorded, "2026-W48") == everything
    signed_off = Decision(
        issue=ISSUES[0],
        on=date(2026, 10, 8),
        by="王主任",
        upon=parse_period("2026-W40"),
        verdict=Verdict.SIGN_OFF,
        sha256=HASHES[0],
    )
    assert chosen_of("issues", [*recorded, signed_off], "2026-W41") == everything
    assert chosen_of("issues", [*recorded, signed_off], "2026-W42") == everything
    assert chosen_of("issues", [*recorded, signed_off], "2026-W43") == []


@given(batches)
@settings(max_examples=50)
def test_the_view_equals_what_is_made_anew_from_the_entries(recorded: list[list[Any]]) -> None:
    with ledger_in_memory() as (ledger, connection):
        for batch in recorded:
            record(ledger, batch)
            maintained = lines(connection)
            renew_all(connection, ledger.withdrawals(), ledger.conflict_decisions())
            assert lines(connection) == maintained


def _says(row: Reported, field: str) -> bool:
    """Return whether a report has a value for a field that counts."""
    return row.counted is not None and row.counted.values[field] is not None


def _answers(known: History) -> dict[str, object]:
    """Return what is asked of a history about rows of indicators and tasks."""
    found: dict[str, object] = {}
    for sheet in ("indicators", "tasks"):
        for code in CODES[sheet]:
            own = known.of(sheet, code)
            found[code] = own[-2:]
            for field in LAST[sheet]:
                found[f"{code} {field}"] = next((r for r in reversed(own) if _says(r, field)), None)
    for code in CODES["indicators"]:
        found[f"figures of {code}"] = known.figures(code)
    reports = [r for r in known.of("tasks", "R01-01") if r.values["milestone_done"] is MilestoneStatus.DONE]
    return found | {"milestones": {r.values["milestone"] for r in reports}}


@given(batches, st.sampled_from(PERIODS), st.sampled_from(PERIODS), st.sets(st.sampled_from(ISSUES)))
@settings(max_examples=100)
def test_the_view_answers_as_if_everything_had_been_read(
    recorded: list[list[Any]], one: Period, other: Period, asked: set[str]
) -> None:
    first, last = min(one.first, other.first), max(one.last, other.last)
    lately = first - (last - first) - timedelta(days=1)
    with ledger_in_memory() as (ledger, _):
        for batch in recorded:
            record(ledger, batch)
        everything, chosen = ledger.history(), ledger.history_of(first, last, issues=asked)
        for sheet, codes in CODES.items():
            for code in codes:
                assert ledger.is_reported(sheet, code) == bool(everything.of(sheet, code))
    for period in PERIODS:
        moments = []
        if first <= period.last <= last:
            moments.append((everything.before(period), chosen.before(period)))
            moments.append((everything.up_to(period), chosen.up_to(period)))
        for all_known, known in moments:
            assert _answers(known) == _answers(all_known)
            for code in asked:
                assert issue_history(known, code) == issue_history(all_known, code)
            issues = {issue.code: issue for issue in issue_histories(known)}
            for issue in issue_histories(all_known):
                if not issue.signed_off or issue.signed_off.on >= lately:
                    assert issues[issue.code] == issue


@given(batches, st.sampled_from(PERIODS), st.sets(st.sampled_from([*CODES["indicators"], *CODES["tasks"]])))
@settings(max_examples=60)
def test_what_is_read_about_a_few_rows_answers_the_same_about_these(
    recorded: list[list[Any]], period: Period, codes: set[str]
) -> None:
    about = ConcernedRows(codes=frozenset(codes), issues=frozenset(ISSUES[:1]))
    with ledger_in_memory() as (ledger, _):
        for batch in recorded:
            record(ledger, batch)
        everything, all_ever = ledger.history_of(period.first, period.last), ledger.history()
        known = ledger.history_of(period.first, period.last, about=about)
    assert known.up_to(period).newest_period == all_ever.up_to(period).newest_period
    assert known.before(period).newest_period == all_ever.before(period).newest_period
    assert {row.code for row in known.rows} <= {*codes, ISSUES[0]}
    moments = [(known, everything), (known.before(period), everything.before(period))]
    for few, whole in moments:
        of_few, of_all = _answers(few), _answers(whole)
        for code in codes:
            asked = [what for what in of_all if code in what]
            assert [of_few[what] for what in asked] == [of_all[what] for what in asked]
        assert issue_history(few, ISSUES[0]) == issue_history(whole, ISSUES[0])


@given(batches, st.sampled_from(PERIODS))
@settings(max_examples=60)
def test_where_nobody_asks_for_the_lives_of_issues_of_each_open_one_the_last_report_is_read(
    recorded: list[list[Any]], period: Period
) -> None:
    about = ConcernedRows(codes=frozenset(), issues=frozenset(ISSUES))
    with ledger_in_memory() as (ledger, _):
        for batch in recorded:
            record(ledger, batch)
        read = partial(ledger.history_of, period.first, period.last)
        whole, standing = read(), read(whole_issues=False)
        of_issues = read(about=about, whole_issues=False)
    assert _open_issues(standing.before(period)) == _open_issues(whole.before(period))
    assert _open_issues(standing.up_to(period)) == _open_issues(whole.up_to(period))
    assert _open_issues(of_issues) == _open_issues(whole)


def _open_issues(known: History) -> dict[str, Reported]:
    return {issue.code: issue.row for issue in issue_histories(known) if not issue.signed_off}


def test_of_an_issue_that_is_open_for_weeks_one_report_before_a_period_tells_whose_it_is() -> None:
    weeks = PERIODS[:4]
    reports = [report("issues", week.code, status=IssueStatus.OPEN) for week in weeks]
    newest = weeks[-1]
    with ledger_in_memory() as (ledger, _):
        record(ledger, reports)
        known = ledger.history_of(newest.first, newest.last, whole_issues=False)
    assert [row.period for row in known.of("issues", ISSUES[0])] == list(weeks[-2:])


def test_an_issue_is_read_with_the_task_force_the_unit_that_it_names_and_the_one_that_was_decided() -> None:
    named = report("issues", PERIODS[1].code, status=IssueStatus.OPEN, unit="区乙局、区丙局")
    moved = replace(named, code=ISSUES[1], task_force="02", values={**named.values, "unit": "区丁局"})
    with ledger_in_memory() as (ledger, _):
        record(ledger, [named, moved])
        read = partial(ledger.history_of, PERIODS[2].first, PERIODS[2].last)

        def read_about(force: str = "", unit: str = "无") -> list[str]:
            rows = ConcernedRows(
                codes=frozenset(), task_forces=frozenset([force]), is_named=lambda text: unit in text
            )
            return [row.code for row in read(about=rows).rows]

        assert read_about() == []
        assert read_about(force="01") == [ISSUES[0]]
        assert read_about(force="02") == [ISSUES[1]]
        assert read_about(unit="区丙局") == [ISSUES[0]]
        assert read_about(force="01", unit="区丁局") == list(ISSUES)
        changed = Decision(
            issue=ISSUES[1],
            on=date(2026, 11, 2),
            by="王主任",
            upon=PERIODS[1],
            change=ChangeReply.AGREED,
            unit="区戊局",
            sha256=HASHES[0],
        )
        record(ledger, [changed])
        assert read_about(unit="区戊局") == [ISSUES[1]]


def test_recordings_of_a_row_are_those_of_its_code_and_of_its_data_periods_and_no_other() -> None:
    of_figure = report("indicators", PERIODS[0].code, value=1.0)
    named = ("Z01-01", "Z01-01/2025", "Z01-01/2026-09", "Z01-010", "Z01-01-1", "Z01", "Z01-02", "Z01-01〇")
    of_issue = report("issues", PERIODS[1].code, status=IssueStatus.OPEN)
    with ledger_in_memory() as (ledger, _):
        record(ledger, [of_issue, *(replace(of_figure, code=code) for code in reversed(named))])
        found = [recording.row.code for recording in ledger.recordings(["Z01-01/2025", ISSUES[0]])]
        assert found == [ISSUES[0], "Z01-01/2026-09", "Z01-01/2025", "Z01-01"]
        assert [ledger.is_recorded(code) for code in ("Z01-01", "Z01-0", "Z01", ISSUES[1])] == [
            *(True, False),
            *(True, False),
        ]


def test_decisions_on_one_issue_are_those_among_all() -> None:
    sign_off = Decision(
        issue=ISSUES[0],
        on=date(2026, 11, 2),
        by="王主任",
        upon=PERIODS[0],
        verdict=Verdict.SIGN_OFF,
        token=HASHES[1],
        sha256=HASHES[0],
    )
    reopening = replace(sign_off, issue=ISSUES[1], verdict=Verdict.REOPEN)
    with ledger_in_memory() as (ledger, _):
        record(ledger, [sign_off, reopening])
        assert [d.issue for d in ledger.decisions()] == list(ISSUES)
        assert ledger.decisions([ISSUES[1]]) == ledger.decisions()[1:]
        assert ledger.decisions(()) == ()


def test_what_the_office_recorded_is_read_though_later_reports_of_the_unit_say_nothing_of_it() -> None:
    told = replace(
        report("indicators", "2026-W44", value=2.0, data_period="2026-09"),
        sha256="f",
        unit="",
        basis="电话告知",
        changed_fields=frozenset(("value", "data_period")),
    )
    recorded: list[Any] = [report("indicators", "2026-W40", value=1.0, data_period="2026-09"), told]
    for period in ("2026-W45", "2026-W46", "2026-12"):
        recorded.append(report("indicators", period, value=3.0, data_period="2026年10月"))
    with ledger_in_memory() as (ledger, _):
        record(ledger, recorded)
        for day in (date(2026, 11, 1), date(2027, 1, 10)):
            figures = ledger.history_of(day, day + timedelta(days=6)).figures("Z01-01")
            assert [(f.value, f.row.basis) for f in figures if f.period.code == "2026-09"] == [
                (2.0, "电话告知")
            ]
