"""Whether a correction would tell anything that the paper which it corrects does not."""

from collections.abc import Mapping
from dataclasses import replace

from tenproj_xl.core.cells import Value
from tenproj_xl.rollup.facts.corrected import errata
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.facts.public import for_all
from tenproj_xl.rollup.registry import sheets_of
from tenproj_xl.rollup.sheets import checks, lives, restatements, returns
from tenproj_xl.rollup.sheets import errata as errata_sheet

_TRACES = (lives.SPEC, checks.SPEC, returns.SPEC, restatements.SPEC, errata_sheet.SPEC)
"""Sheets that tell how papers came about: what is recorded since changes them, and corrects nothing."""
_TRACE_FIELDS = ("freshness", "source", "at")
_Cells = list[list[Value]]


def corrects_nothing(facts: Facts) -> bool:
    """Return whether a paper is a correction in whose sheets all is as in the paper that was given out.

    Where it is not known what that was made from, it is not known either.
    """
    then = facts.data.given_out
    if then is None or errata(facts):
        return False
    then_told = facts_of(replace(then, release=facts.data.release, corrects=facts.data.corrects))
    return _sheets(then_told) == _sheets(facts)


def _sheets(facts: Facts) -> Mapping[str, _Cells]:
    """Return what stands in the sheets of a paper, without the traces of how it came about."""
    if facts.data.release.is_public:
        facts = for_all(facts)
    found: dict[str, _Cells] = {}
    for spec in sheets_of(facts.data.release):
        if spec.table is not None and spec not in _TRACES:
            table = spec.table_of(facts)
            fields = [field for field in table.fields if field.name not in _TRACE_FIELDS]
            found[spec.code] = [[field.get(line) for field in fields] for line in table.lines]
    return found
