"""`merge` and `report` with `--as-of`: papers made again as they would have been made at a moment.

Reads: the ledger up to the moment, with the plan and settings of its last batch then. Writes: the papers,
into a folder of their own; nothing is taken in or recorded.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from unicodedata import normalize
from zoneinfo import ZoneInfo

from tenproj_xl.app.editions import make_again
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.read_workbooks import load_snapshots, settings_of_snapshots
from tenproj_xl.app.report import edition_of, period_for
from tenproj_xl.app.results import Remade
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.days import possible_day
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.garbage import gc_paused
from tenproj_xl.ledger.as_of import ledger_as_of
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.settings import Loaded
from tenproj_xl.rollup.facts.editions import WEEK

_WRITTEN = re.compile(
    r"(?P<year>\d{4})[-./年](?P<month>\d{1,2})[-./月](?P<day>\d{1,2})日?"
    r"(?:[ T]*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?)?",
    re.ASCII,
)


@dataclass(frozen=True)
class _Asked:
    """A moment that was asked for: its last second, and how it stands in the name of a folder."""

    until: datetime
    name: str


@dataclass(frozen=True)
class _Past:
    """What there was at a moment: the ledger, plan and settings, and when its last entry was recorded."""

    asked: _Asked
    ledger: LedgerView
    loaded: Loaded
    recorded_at: datetime


@gc_paused()
def remake(
    workspace: Workspace, as_of: str, edition_code: str, period_code: str | None, signed_by: str = ""
) -> Remade:
    """Make an edition of the roll-up as it would have been made at a moment.

    Args:
        workspace: The workspace.
        as_of: The moment in the office's time zone, as `2026-12-04 17:00`; a day means its end, a minute its
            last second.
        edition_code: `week`, `meeting`, `month`, `quarter` or `year`.
        period_code: The period, as the edition asks for it; of a week and a meeting by default the newest
            that forms had gone out for.
        signed_by: Who signed it; a draft without.

    Raises:
        UsageProblem: There is no such moment, edition or period, or nothing was recorded by then.
    """
    edition = WEEK
    if edition_code != WEEK.code:
        edition = edition_of(edition_code)
    with _past(workspace, as_of) as past:
        period = period_for(edition, period_code, past.loaded, past.ledger)
        folder = workspace.outbox / period.code / f"按当时_{past.asked.name}"
        made = make_again(past.loaded, past.ledger, period, edition, signed_by, folder, past.asked.until)
    return Remade(
        period=period,
        as_of=past.asked.until,
        recorded_at=past.recorded_at.astimezone(past.asked.until.tzinfo),
        written=made.written,
    )


@contextmanager
def _past(workspace: Workspace, as_of: str) -> Iterator[_Past]:
    with look_into_ledger(workspace.ledger) as ledger:
        newest = ledger.last_batch()
        if newest is None:
            raise UsageProblem("台账里还没有记录，没有可以查的过去。")
        zone = settings_of_snapshots(ledger.snapshots_of(newest)).zone
        asked = read_moment(as_of, zone)
        last = ledger.last_batch(asked.until)
        if last is None:
            raise UsageProblem(f"到{as_of}为止，台账里还没有记录，请核对 --as-of 的日期和时间。")
        loaded = load_snapshots(ledger.snapshots_of(last))
        with ledger_as_of(ledger, asked.until) as past:
            yield _Past(asked, past, with_issued(loaded, past), last.time_by(asked.until))


def read_moment(typed: str, zone: ZoneInfo) -> _Asked:
    """Read a moment that a person wrote: a day, or a day and a time, in a time zone.

    Raises:
        UsageProblem: It is none.
    """
    match = _WRITTEN.fullmatch(normalize("NFKC", typed).strip())
    wrong = UsageProblem(f'“{typed}”不是时间，--as-of 应写如 2026-12-04 或 "2026-12-04 17:00"。')
    if match is None:
        raise wrong
    day = possible_day(int(match["year"]), int(match["month"]), int(match["day"]))
    if day is None:
        raise wrong
    if match["hour"] is None:
        return _Asked(datetime.combine(day, time(23, 59, 59), zone), f"{day}")
    try:
        clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    except ValueError as fault:
        raise wrong from fault
    moment = datetime.combine(day, clock, zone)
    if match["second"] is None:
        return _Asked(moment + timedelta(seconds=59), f"{moment:%Y-%m-%dT%H%M}")
    return _Asked(moment, f"{moment:%Y-%m-%dT%H%M%S}")
