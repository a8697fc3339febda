"""数据发布日历: from which day on all may read the figures of a data period, where the plan says 公布后."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.policy import EVERYBODY
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.plan import Indicator, Plan
from tenproj_xl.model.settings_schema import RELEASE_SHEET
from tenproj_xl.reading.records import Record

UNRELEASED = "未公布，内部掌握"
"""Stands in the leaders' papers beside a figure that nobody else may read yet."""
_EXAMPLES = "如 2026-10、2026-Q3、2026 的写法"
_LISTED = 3


@dataclass(frozen=True)
class DataRelease:
    """A line: whose figures of a data period are published, and on which day.

    `subjects` are names in canonical spelling: codes of indicators, units that report them, or 全部.
    """

    subjects: frozenset[str]
    period: str
    on: date


@dataclass(frozen=True)
class DataReleases:
    """All lines."""

    lines: tuple[DataRelease, ...] = ()

    def day_of(self, indicator: Indicator, period: Period, units: Iterable[str] = ()) -> date | None:
        """Return the day on which an indicator's figure of a data period is published, None if unknown.

        A line with its code comes before one of its reporting unit, which comes before 全部. A year, its last
        quarter and its December are periods of their own: each is published when its own line says so.

        Args:
            indicator: The indicator.
            period: The data period.
            units: All spellings of the unit that reports it.
        """
        names = (
            {canonical(indicator.code)},
            {canonical(unit) for unit in (indicator.reporting_unit, *units)},
            {canonical(EVERYBODY)},
        )
        for own in names:
            for line in self.lines:
                if line.period == period.code and not line.subjects.isdisjoint(own):
                    return line.on
        return None

    def is_open(self, indicator: Indicator, period: Period, day: date, plan: Plan) -> bool:
        """Return whether the plan lets all read an indicator's figure of a data period by a day.

        One that is not public at all (公开：否) is no matter of time, and not asked for here.
        """
        if indicator.disclosure is not Disclosure.AFTER_RELEASE:
            return True
        on = self.day_of(indicator, period, plan.spellings(indicator.reporting_unit))
        return on is not None and on <= day


def release_faults(records: Sequence[Record]) -> Iterator[Finding]:
    """Report a data period that is a week, one that is published before it ends, and what stands twice."""
    first_rows: dict[tuple[str, str], int] = {}
    for record in records:
        code, on = record.text("period"), record.day("on")
        if not code:
            continue
        period, place = parse_period(code), record.place("period")
        if period.is_week:
            header = RELEASE_SHEET.column("period").header
            yield finding(Code.SETTING_VALUE, place, code, expected=header, advice=_EXAMPLES)
            continue
        if on and on < period.last:
            header, advice = RELEASE_SHEET.column("on").header, f"{period.label}结束以后的日期"
            yield finding(Code.SETTING_VALUE, record.place("on"), on, expected=header, advice=advice)
        for subject in split_units(record.text("whose")):
            key = (canonical(subject), code)
            if first_rows.setdefault(key, record.row) != record.row:
                said = f"“{subject}”{period.label}的公布日期"
                yield finding(Code.SETTING_TWICE, record.place("whose"), said, expected=first_rows[key])
                break


def read_releases(records: Sequence[Record]) -> DataReleases:
    """Return the lines of the sheet, which have no faults."""
    lines = []
    for record in records:
        on, whose = record.day("on"), record.text("whose")
        if on:
            subjects = frozenset(map(canonical, (whose, *split_units(whose))))
            lines.append(DataRelease(subjects, record.text("period"), on))
    return DataReleases(tuple(lines))


def unknown_release_days(
    releases: DataReleases, plan: Plan, figures: Mapping[str, Sequence[Period]], file: str
) -> Iterator[Finding]:
    """Yield each indicator with figures that wait for a day which nobody has entered.

    Args:
        releases: The sheet.
        plan: The plan.
        figures: The data periods of the figures that are known, by the codes of the indicators.
        file: The name of 设置.xlsx.
    """
    place = Place(file, RELEASE_SHEET.name)
    for indicator in plan.indicators:
        if indicator.disclosure is not Disclosure.AFTER_RELEASE:
            continue
        units = plan.spellings(indicator.reporting_unit)
        unknown = []
        for period in figures.get(indicator.code, ()):
            if releases.day_of(indicator, period, units) is None:
                unknown.append(period.label)
        if unknown:
            named = "、".join(unknown[-_LISTED:])
            if len(unknown) > _LISTED:
                named += f"等{len(unknown)}期"
            said = f"{indicator.code}{indicator.name}"
            yield finding(Code.SETTING_RELEASE_UNKNOWN, place, said, after=named, expected=RELEASE_SHEET.name)
