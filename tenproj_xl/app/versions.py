"""What a return changed against the one before it: told to its sender and to the operator, cell by cell."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from enum import Enum
from typing import NamedTuple

from tenproj_xl.app.ranking import Version
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Column
from tenproj_xl.core.dataclass import dataclass
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


@dataclass(frozen=True, kw_only=True)
class _Against:
    """What cells that differ have in common: the version that they differ from, and how that is told."""

    code: Code
    other: str
    waits: Awaited | None = None

    @property
    def place(self) -> int:
        """Where it stands among the findings about a return."""
        return _TOLD_IN_ORDER[self.code]


_TOLD_IN_ORDER = {
    Code.RETURN_CHANGED: 0,
    Code.VERSION_UNSURE: 0,
    Code.RETURN_GOES_BACK: 1,
    Code.RETURN_SET_ASIDE: 2,
}


@dataclass(frozen=True, kw_only=True)
class VersionComparison:
    """A return beside the others of its unit.

    Attributes:
        own: The return.
        versions: All returns of its period, by hash.
        standing: The rows of the ledger and of the run.
        programme: The programme.
        zone: The time zone that moments are told in.
        waits_for: What a row has to pass before it counts, None for one that counts at once.
    """

    own: Version
    versions: Mapping[str, Version]
    standing: ReportedRows
    programme: Programme
    zone: tzinfo
    waits_for: Callable[[Reported], Awaited | None]

    def findings(self, rows: Iterable[Reported]) -> list[Compared]:
        """Find what its rows changed against earlier returns, or would have changed against a later one."""
        cells: dict[_Against, list[str]] = {}
        for row in rows:
            for against, cell in self._differing(row):
                cells.setdefault(against, []).append(cell)
        told = sorted(cells, key=lambda against: against.place)
        return [self._compared(against, cells[against]) for against in told]

    def _differing(self, row: Reported) -> Iterator[tuple[_Against, str]]:
        """Yield the cells of a row that differ from the report that counts besides it."""
        older, newer = self.standing.others(row)
        if newer:
            [last] = rows_in_force([*older, *newer]).values()
            yield from self._set_aside(row, last)
        elif older:
            [last] = rows_in_force(older).values()
            if last.sha256 in self.versions:
                yield from self._changed(row, last, [one for one in older if one is not last])

    def _set_aside(self, row: Reported, last: Reported) -> Iterator[tuple[_Against, str]]:
        is_of_the_run = last.sha256 not in self.versions or self.versions[last.sha256].number >= 0
        if is_of_the_run:
            return  # the newer one tells what it changed
        against = _Against(code=Code.RETURN_SET_ASIDE, other=last.sha256)
        for cell in differences(row, last, self.programme):
            yield against, cell

    def _changed(
        self, row: Reported, last: Reported, earlier: Sequence[Reported]
    ) -> Iterator[tuple[_Against, str]]:
        differing = _by_field(row, last, self.programme)
        if not differing:
            return
        waits = self.waits_for(row)
        is_sure = self.own.against(self.versions[last.sha256]).is_sure
        for field, cell in differing.items():
            code = Code.RETURN_CHANGED
            if not is_sure:
                code = Code.VERSION_UNSURE
            elif _goes_back(row, field, earlier):
                code = Code.RETURN_GOES_BACK
            yield _Against(code=code, other=last.sha256, waits=waits), cell

    def _compared(self, against: _Against, cells: Sequence[str]) -> Compared:
        other = self.versions[against.other]
        told = finding(
            against.code,
            Place(self.own.file),
            f"{other.file}，{_clock(other.told_at, self.zone)}",
            count=len(cells),
            said=listed(cells),
            counts=how_it_counts(against.waits, _counted(against.code), self.programme),
            office=self.programme.words.office,
        )
        # Who would rather have the other way chooses the one that does not count now.
        preferable = against.other
        if against.code is Code.RETURN_SET_ASIDE:
            preferable = self.own.sha256
        return Compared(told, preferable)


def _counted(code: Code) -> str:
    """Return how cells count that wait for nobody."""
    match code:
        case Code.RETURN_SET_ASIDE:
            return ""
        case Code.VERSION_UNSURE:
            return _FOR_NOW
    return _AT_ONCE


def how_it_counts(waits: Awaited | None, otherwise: str, programme: Programme) -> str:
    """Return what the sender of a row is told of what it has to pass."""
    if waits is None:
        return otherwise
    return waits.value.format(office=programme.words.office)


def _clock(moment: datetime, zone: tzinfo) -> str:
    own = moment.astimezone(zone)
    return f"{own.month}月{own.day}日{own:%H:%M}"
