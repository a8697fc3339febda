"""What a return changed against the one before it: told to its sender and to the operator, cell by cell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from enum import Enum
from typing import NamedTuple

from tenproj_xl.app.ranking import Version
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Column
from tenproj_xl.core.findings import Finding, Place, finding, quoted
from tenproj_xl.core.identity_numbers import without_identity_numbers
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.conflicts import row_name, rows_in_force, shown_value
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import Programme

_LISTED = 6
"""As many cells are named in one sentence."""
_LONGEST = 24
_AT_ONCE, _FOR_NOW = "已按这一份计", "暂按这一份计"
_MAIN = "value"
"""The field that goes without saying."""


class Awaited(Enum):
    """What a changed row has to pass before it counts; the value is what its sender is told."""

    LEAD = "已收到，待牵头单位核对后计入"
    OFFICE = "已收到，因会改变已印发的评价，待{office}核实，暂按原数计"
    NOTHING_MORE = "同一个数{office}此前核实后没有采用，仍按原数计"
    """The office has refused the figure before."""


RowKey = tuple[str, str, str]
"""Period, sheet and code of a row."""


class ReportedRows:
    """The rows that are in force, by row and unit: those of the ledger, and those of the run so far."""

    def __init__(self, recorded: Iterable[Reported]) -> None:
        self._rows: dict[RowKey, list[Reported]] = {}
        self._told: dict[str, frozenset[tuple[str, str]]] = {}
        for row in recorded:
            if not row.basis:
                self.add(row)

    def add(self, row: Reported) -> None:
        """Add a row of the run."""
        self._told.pop(row.period.code, None)
        self._rows.setdefault((row.period.code, row.sheet, row.code), []).append(row)

    def of_unit(self, key: RowKey, unit: str) -> Reported | None:
        """Return what a unit has in force on a row, None if it reported nothing."""
        return rows_in_force(self._rows.get(key, ())).get(unit)

    def others(self, row: Reported) -> tuple[list[Reported], list[Reported]]:
        """Return the reports of the same unit on the same row: older ones, and newer ones."""
        older, newer = [], []
        for other in self._rows.get((row.period.code, row.sheet, row.code), ()):
            if other.unit != row.unit or other.sha256 == row.sha256:
                continue
            if other.order < row.order:
                older.append(other)
            else:
                newer.append(other)
        return older, newer

    def reported(self, period: str) -> frozenset[tuple[str, str]]:
        """Return sheet and code of the rows of a period of which nobody has to be asked for an answer."""
        if period not in self._told:  # every return of a run asks
            told = set()
            for (of, sheet, code), rows in self._rows.items():
                if of == period and any(map(_is_told, rows)):
                    told.add((sheet, code))
            self._told[period] = frozenset(told)
        return self._told[period]


def _is_told(row: Reported) -> bool:
    return row.sheet != "indicators" or row.values.get(_MAIN) is not None


def differences(row: Reported, before: Reported, programme: Programme) -> list[str]:
    """Return the cells in which a row differs from another report on it: `“技术交易总额”12.5→11.1`."""
    return list(_by_field(row, before, programme).values())


def _by_field(row: Reported, before: Reported, programme: Programme) -> dict[str, str]:
    """Return the cells in which a row differs from another report on it, by their fields."""
    told = {}
    for column in _inputs(row.sheet, programme):
        if _is_same(row, before, column.field):
            continue
        header = "" if column.field == _MAIN else f"{column.header}："
        was, now = (_shown(one, column.field) for one in (before, row))
        told[column.field] = f"{quoted(row_name(row))}{header}{was}→{now}"
    return told


def _is_same(row: Reported, other: Reported, field: str) -> bool:
    return canonical(row.values.get(field)) == canonical(other.values.get(field))


def _goes_back(row: Reported, field: str, earlier: Iterable[Reported]) -> bool:
    """Whether a cell has again what an earlier report had; a blank one goes back to nothing."""
    if not canonical(row.values.get(field)):
        return False
    return any(_is_same(row, one, field) for one in earlier)


def _inputs(sheet: str, programme: Programme) -> Sequence[Column]:
    sheets = form_sheets(programme.years, words=programme.words)
    return next(one for one in sheets if one.code == sheet).inputs


def _shown(row: Reported, name: str) -> str:
    text = without_identity_numbers(shown_value(row, name))
    if len(text) > _LONGEST:
        return f"{text[: _LONGEST - 1]}…"
    return text


def listed(cells: Sequence[str]) -> str:
    """Return the first of differing cells, and how many there are where there are more."""
    more = f"等{len(cells)}处" if len(cells) > _LISTED else ""
    return "；".join(cells[:_LISTED]) + more


class Compared(NamedTuple):
    """A finding about two versions of a return, and the hash of the one that can be preferred."""

    finding: Finding
    other: str


def version_findings(
    rows: Iterable[Reported],
    own: Version,
    versions: Mapping[str, Version],
    standing: ReportedRows,
    programme: Programme,
    zone: tzinfo,
    waits_for: Callable[[Reported], Awaited | None],
) -> list[Compared]:
    """Find what a return changed against earlier ones of its unit, or would have changed against a later one.

    Args:
        rows: What it brings.
        own: The return.
        versions: All returns of its period, by hash.
        standing: The rows of the ledger and of the run.
        programme: The programme.
        zone: The time zone that moments are told in.
        waits_for: What a row has to pass before it counts, None for one that counts at once.
    """
    changed: dict[tuple[str, Awaited | None], list[str]] = {}
    gone_back: dict[tuple[str, Awaited | None], list[str]] = {}
    set_aside: dict[str, list[str]] = {}
    for row in rows:
        older, newer = standing.others(row)
        if newer:
            [last] = rows_in_force([*older, *newer]).values()
            # Within a run the newer one tells what it changed.
            if last.sha256 in versions and versions[last.sha256].number < 0:
                set_aside.setdefault(last.sha256, []).extend(differences(row, last, programme))
        elif older:
            [last] = rows_in_force(older).values()
            earlier = [one for one in older if one is not last]
            differing = _by_field(row, last, programme)
            waits = waits_for(row) if differing else None
            for field, cell in differing.items():
                is_sure = last.sha256 in versions and own.against(versions[last.sha256]).is_sure
                goes_back = is_sure and _goes_back(row, field, earlier)
                (gone_back if goes_back else changed).setdefault((last.sha256, waits), []).append(cell)
    found = []
    for (sha256, waits), cells in changed.items():
        if sha256 in versions:
            other = versions[sha256]
            code, counts = Code.RETURN_CHANGED, how_it_counts(waits, _AT_ONCE, programme)
            if not own.against(other).is_sure:
                code, counts = Code.VERSION_UNSURE, how_it_counts(waits, _FOR_NOW, programme)
            found.append(Compared(_finding(code, own, other, cells, programme, zone, counts), sha256))
    for (sha256, waits), cells in gone_back.items():
        counts = how_it_counts(waits, _AT_ONCE, programme)
        back = _finding(Code.RETURN_GOES_BACK, own, versions[sha256], cells, programme, zone, counts)
        found.append(Compared(back, sha256))
    for sha256, cells in set_aside.items():
        if cells:
            aside = _finding(Code.RETURN_SET_ASIDE, own, versions[sha256], cells, programme, zone)
            found.append(Compared(aside, own.sha256))
    return found


def how_it_counts(waits: Awaited | None, otherwise: str, programme: Programme) -> str:
    """Return what the sender of a row is told of what it has to pass."""
    if waits is None:
        return otherwise
    return waits.value.format(office=programme.words.office)


def _finding(
    code: Code,
    own: Version,
    other: Version,
    cells: Sequence[str],
    programme: Programme,
    zone: tzinfo,
    counts: str = "",
) -> Finding:
    return finding(
        code,
        Place(own.file),
        f"{other.file}，{_clock(other.told_at, zone)}",
        count=len(cells),
        said=listed(cells),
        counts=counts,
        office=programme.words.office,
    )


def _clock(moment: datetime, zone: tzinfo) -> str:
    own = moment.astimezone(zone)
    return f"{own.month}月{own.day}日{own:%H:%M}"
