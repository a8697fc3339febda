"""Read the lines of 数据发布日历 in 设置.xlsx into `DataReleases`, or into findings."""

from collections.abc import Iterator, Mapping, Sequence

from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.data_releases import DataRelease, DataReleases
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings_schema import RELEASE_SHEET
from tenproj_xl.reading.records import Record

_EXAMPLES = "如 2026-10、2026-Q3、2026 的写法"
_LISTED = 3


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
