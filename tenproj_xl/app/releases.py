"""Which paper an edition is for its readers: its series, its number, and what it corrects."""

from collections.abc import Mapping
from dataclasses import replace

from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.publications import Publication, Series, newest
from tenproj_xl.rollup.facts.editions import MEETING, MONTH, QUARTER, WEEK, YEAR, Audience, Edition, Release
from tenproj_xl.rollup.facts.model import Facts

EDITIONS: Mapping[str, Edition] = {e.code: e for e in (MEETING, MONTH, QUARTER, YEAR)}
"""The editions that are made by `report`."""
ALL_EDITIONS: Mapping[str, Edition] = {WEEK.code: WEEK, **EDITIONS}


def audience_of(series: Series) -> Audience:
    """Return who reads the papers of a series."""
    if series is Series.LEAGUE:
        return Audience.PUBLIC
    return Audience.LEADERS


def for_readers(facts: Facts, ledger: LedgerView, series: Series, release: Release) -> Facts:
    """Return the facts for the readers of a paper, which has its number, or that of the one it corrects.

    The sheets leave out what these readers may not see.
    """
    period = facts.data.period
    edition = release.edition
    given_out = newest(ledger.publications(period.code), series, period.code, edition.code)
    corrects: Publication | None = None
    if given_out is None:
        release = replace(release, number=ledger.next_number(series, year_of(period)))
    elif edition is WEEK:
        release = replace(release, number=given_out.number, is_given_out=True)
    else:
        corrects = given_out
        release = replace(release, number=given_out.number, correction=given_out.correction + 1)
    return replace(facts, data=replace(facts.data, release=release, corrects=corrects))


def report_command(edition: Edition, period: Period) -> str:
    """Return the command that makes an edition other than the week's."""
    return f"tenproj report --{edition.code} {period.code}"


def year_of(period: Period) -> int:
    """Return the year in whose numbers a paper about a period is counted."""
    return int(period.code[:4])
