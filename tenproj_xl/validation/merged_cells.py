"""Merged cells as the cause of what is missing: told once for each of them.

Reads: findings of rows. Gives: findings in which merged cells stand for the blanks that they left.
"""

from collections.abc import Iterable
from dataclasses import replace

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.findings import Finding, Place, finding


def cause(found: Finding, cells: str) -> Finding:
    """Return the finding about merged cells that takes the place of one about a blank among them."""
    place = Place(found.file, found.sheet, found.cell, found.name, found.task_force)
    return replace(finding(Code.CELLS_MERGED, place, "", Severity.ERROR, cells=cells), answer=found.answer)


def once_for_merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, those about the same merged cells once: the first that keeps a row out goes first."""
    first: dict[tuple[str, str], Finding] = {}
    for f in findings:
        if f.code is Code.CELLS_MERGED:
            known = first.setdefault(_cells(f), f)
            if f.is_error and not known.is_error:
                first[_cells(f)] = f
    return [f for f in findings if f.code is not Code.CELLS_MERGED or first[_cells(f)] is f]


def _cells(f: Finding) -> tuple[str, str]:
    return f.sheet, f.message.removeprefix(Place(cell=f.cell, name=f.name).spoken)
