"""What can be chosen in a workspace: the periods that are known, the files that commands wrote."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import Enum
from itertools import islice
from pathlib import Path

from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import is_told
from tenproj_xl.core.periods import Frequency, Period, parse_period, period_of, recent
from tenproj_xl.ledger.looking import look_into_ledger

_MOST = 30


class Known(Enum):
    """Which periods a step lets choose from, newest first."""

    TO_ISSUE = "to_issue"
    """That which is due and the next one, then those that forms went out for."""
    ISSUED = "issued"
    """Those that forms went out for."""
    MONTHS = "months"
    QUARTERS = "quarters"
    YEARS = "years"
    """The months, quarters, years in which these count."""
    COMING_YEARS = "coming_years"
    """The year after that of the newest forms, and this one."""
    DATA = "data"
    """The last months, quarters and years that figures may be about, up to the end of the newest forms."""
    EDITIONS = "editions"
    """All that a paper may be of."""


_WIDER = {
    Known.MONTHS: (Frequency.MONTH,),
    Known.QUARTERS: (Frequency.QUARTER,),
    Known.YEARS: (Frequency.YEAR,),
    Known.EDITIONS: (Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR),
}


_DATA_PERIODS = ((Frequency.MONTH, 18), (Frequency.QUARTER, 6), (Frequency.YEAR, 3))


@dataclass(frozen=True)
class Offer:
    """One that can be chosen: the value that the command gets, and what people read."""

    value: str
    label: str


def periods(workspace: Workspace, known: Known, *, now: datetime | None = None) -> list[Offer]:
    """Return the periods of a kind: first the one that a command takes of itself, in most cases the newest.

    Raises:
        EnvironmentProblem: A workbook of the office or the ledger cannot be used.
    """
    found = islice(_periods(workspace, known, now or datetime.now(UTC)), _MOST)
    return [Offer(period.code, period.full_name) for period in found]


def _periods(workspace: Workspace, known: Known, now: datetime) -> Iterator[Period]:
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        settings = with_issued(loaded, ledger).settings
        issued = [settings.span(code) for code in reversed(ledger.issued_periods())]
    if known is Known.TO_ISSUE:
        due = settings.calendar.due(now)
        yield from _once([due, settings.calendar.following(due), *issued])
    if known is Known.COMING_YEARS:
        newest = max((period.code for period in issued), default=settings.calendar.due(now).code)
        year = int(newest[:4])
        yield from (parse_period(str(year + 1)), parse_period(str(year)))
    if known is Known.DATA and issued:
        for frequency, count in _DATA_PERIODS:
            yield from recent(period_of(issued[0].last, frequency), frequency, count)
    if known in (Known.ISSUED, Known.EDITIONS):
        yield from issued
    for frequency in _WIDER.get(known, ()):
        yield from _once(period_of(period.counted_on, frequency) for period in issued)


def _once(found: Iterable[Period]) -> list[Period]:
    by_code: dict[str, Period] = {}
    for period in found:
        by_code.setdefault(period.code, period)
    return list(by_code.values())


def files(workspace: Workspace, patterns: Iterable[str]) -> list[Path]:
    """Return the files that lie where patterns say, newest first."""
    found = {path for pattern in patterns for path in workspace.root.glob(pattern) if path.is_file()}
    shown = [path for path in found if not path.name.startswith(("~$", ".")) and is_told(path)]
    return sorted(shown, key=lambda path: (-path.stat().st_mtime, path.name))[:_MOST]
