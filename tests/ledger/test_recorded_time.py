"""Recorded time never goes back, whatever the clock of the machine says."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from tenproj_xl.cli.main import main
from tenproj_xl.ledger.proof import verify
from tenproj_xl.ledger.store import Ledger, open_ledger
from tests.helpers.filling import Office

NOW = datetime(2100, 3, 1, 9, tzinfo=UTC)
"""Later than whatever the machine that runs the tests has recorded."""
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def ledger(week: Office) -> Iterator[Ledger]:
    with open_ledger(week.workspace.ledger, who="tests") as opened:
        yield opened


def recorded(ledger: Ledger, week: Office, clock: datetime) -> datetime:
    """Record something by a clock; return the recorded time."""
    with ledger.batch("signoff", clock, week.loaded.snapshots):
        pass
    last = ledger.last_batch()
    assert last is not None
    return last.at


def test_what_is_recorded_is_recorded_at_the_time_of_the_clock(ledger: Ledger, week: Office) -> None:
    assert [recorded(ledger, week, NOW), recorded(ledger, week, NOW + HOUR)] == [NOW, NOW + HOUR]


def test_where_the_clock_was_put_back_time_goes_on_by_a_second(ledger: Ledger, week: Office) -> None:
    clocks = [NOW, NOW - 24 * HOUR, NOW - 23 * HOUR, NOW + HOUR]
    times = [recorded(ledger, week, clock) for clock in clocks]
    assert times == [NOW, NOW + SECOND, NOW + 2 * SECOND, NOW + HOUR]
    kept = [clock for (clock,) in ledger._db.execute("SELECT clock FROM batches ORDER BY id")][-4:]
    assert kept == [None, "2100-02-28T09:00:00+00:00", "2100-02-28T10:00:00+00:00", None]


def test_what_followed_a_clock_that_was_years_ahead_is_found_by_its_own_day(
    ledger: Ledger, week: Office
) -> None:
    days = [NOW, NOW + 1200 * 24 * HOUR, NOW + 24 * HOUR, NOW + 48 * HOUR]
    times = [recorded(ledger, week, clock) for clock in days]
    ahead = times[1]
    assert times[2:] == [ahead + SECOND, ahead + 2 * SECOND]
    by = [ledger.last_batch(NOW + n * 24 * HOUR) for n in (0.5, 1.5, 2.5)]
    assert [batch and batch.at for batch in by] == [times[0], times[2], times[3]]
    assert [batch and batch.time_by(NOW + 60 * HOUR) for batch in by] == [NOW, days[2], days[3]]


@pytest.mark.parametrize("back", [24 * HOUR, 60_000 * 24 * HOUR])
def test_what_was_recorded_by_a_clock_that_was_put_back_counts_from_its_recorded_time(
    ledger: Ledger, week: Office, back: timedelta
) -> None:
    for clock in (NOW - 3 * 24 * HOUR, NOW - 12 * HOUR, NOW, NOW - back):
        recorded(ledger, week, clock)
    before = ledger.last_batch(NOW - 18 * HOUR)
    assert before is not None
    assert before.at == NOW - 3 * 24 * HOUR


@pytest.mark.parametrize("rhythm", [30, 91, 182, 365, 380])
def test_where_work_is_done_a_few_times_a_year_a_clock_that_was_put_back_shows_nothing_of_later(
    ledger: Ledger, week: Office, rhythm: int
) -> None:
    for number in range(4):
        recorded(ledger, week, NOW + number * rhythm * DAY)
    recorded(ledger, week, NOW + rhythm / 3 * DAY)  # by an empty battery
    found = ledger.last_batch(NOW + rhythm / 2 * DAY)
    assert found is not None
    assert found.at == NOW


def test_of_a_clock_that_was_days_ahead_nothing_is_shown_before_its_time(
    ledger: Ledger, week: Office
) -> None:
    """It may as well have been put back wrongly: what was recorded then counts from the day that was recorded."""
    for day in (0, 20, 1, 2):
        recorded(ledger, week, NOW + day * DAY)
    by = [ledger.last_batch(NOW + day * DAY) for day in (3, 21)]
    assert [batch and (batch.at, batch.clock) for batch in by] == [
        (NOW, None),
        (NOW + 20 * DAY + 2 * SECOND, NOW + 2 * DAY),
    ]


def test_a_clock_that_goes_on_after_one_years_ahead_counts_until_that_is_caught_up_with(
    ledger: Ledger, week: Office
) -> None:
    days = [0, 1200, 1, 600, 1100, 1201]
    for day in days:
        recorded(ledger, week, NOW + day * DAY)
    by = [ledger.last_batch(NOW + (day + 0.5) * DAY) for day in (1, 600, 1100, 1201)]
    assert [batch and batch.time_by(NOW + 1150 * DAY) for batch in by] == [
        NOW + day * DAY for day in (1, 600, 1100, 1201)
    ]


def test_a_clock_that_is_put_back_after_one_years_ahead_shows_nothing_of_later(
    ledger: Ledger, week: Office
) -> None:
    for day in (0, 1200, 1, 100, 200, 30):
        recorded(ledger, week, NOW + day * DAY)
    found = ledger.last_batch(NOW + 50 * DAY)
    assert found is not None
    assert found.clock == NOW + DAY


def test_every_entry_is_sealed_with_the_recorded_time(ledger: Ledger, week: Office) -> None:
    for clock in (NOW, NOW - HOUR):
        recorded(ledger, week, clock)
    moments = [at for (at,) in ledger._db.execute("SELECT recorded_at FROM heads ORDER BY number")]
    assert moments == sorted(moments)
    assert verify(ledger._db).breaches == ()


def test_the_operator_is_told_once_each_time_that_the_clock_goes_wrong(
    ledger: Ledger, week: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    for hours in (0, -2, -1, 1, -3, -2):
        recorded(ledger, week, NOW + hours * HOUR)
    assert len(caplog.messages) == 2
    assert "请把电脑的日期和时间调准" in caplog.messages[0]


def test_times_within_a_minute_are_told_apart(
    ledger: Ledger, week: Office, caplog: pytest.LogCaptureFixture
) -> None:
    at = NOW.replace(second=31)
    recorded(ledger, week, at)
    recorded(ledger, week, at - timedelta(seconds=20))
    (told,) = caplog.messages
    minute = f"{at.astimezone():%Y-%m-%d %H:%M}"
    assert f"（{minute}:11）比台账上一笔（{minute}:31）还早，这一笔按{minute}:32记" in told


def test_the_command_line_tells_it_beside_what_the_command_did(week: Office) -> None:
    with closing(sqlite3.connect(week.workspace.ledger / "台账.sqlite3")) as ledger, ledger:
        ledger.execute("UPDATE batches SET at = '2100-03-01T09:00:00+00:00'")
    done = CliRunner().invoke(main, ["-C", str(week.workspace.root), "merge", "--period", week.period])
    assert "台账核验不符" in done.stderr  # the time was changed by another program than ours
    (told,) = (line for line in done.stderr.splitlines() if line.startswith("提示：电脑的时钟"))
    assert "这一笔按" in told
