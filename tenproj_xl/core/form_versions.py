"""The version of a form: what its id line ends in, so that a form of other columns is known by it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from tenproj_xl.core.columns import Fill, Sheet
from tenproj_xl.core.sheets import CHANGE_REQUEST, COVER, ISSUES, VERIFICATION, WORDED


@lru_cache(maxsize=8)  # every return asks
def form_version(sheets: tuple[Sheet, ...]) -> str:
    """Return eight hex digits that change with a field, a header, a choice or who fills a cell.

    The words of a plan change nothing in them.
    """
    return _version(sheets, {})


@lru_cache(maxsize=8)
def known_versions(sheets: tuple[Sheet, ...]) -> frozenset[str]:
    """Return the versions of forms read without a warning: the current one, and that of 0.2.1."""
    former = _version(_of_0_2_1(sheets), _CHOICES_OF_0_2_1)
    return frozenset((form_version(sheets), former))


_ADDED_AFTER_0_2_1 = (CHANGE_REQUEST, VERIFICATION)
"""Fields that forms of 0.2.1 lack."""
_CHOICES_OF_0_2_1: Mapping[str, tuple[str, ...]] = {
    "nature": ("统计核定", "部门统计", "预计"),
    "suggested_level": ("专班内部", "总专班办公室", "总专班", "区政府常务会议", "提请省市"),
}


_OPEN_IN_0_2_1 = ("description", "category", "source", "raised_on", "unit")
"""Fields of registered issues that forms of 0.2.1 left open."""


def _of_0_2_1(sheets: Iterable[Sheet]) -> Iterator[Sheet]:
    """Give the sheets as 0.2.1 declared them, but for choices."""
    for sheet in sheets:
        columns = []
        for column in sheet.columns:
            if sheet.code == ISSUES.code and column.field in _OPEN_IN_0_2_1:
                columns.append(replace(column, fill=Fill.EDITABLE))
            elif column.field not in _ADDED_AFTER_0_2_1:
                columns.append(column)
        yield replace(sheet, columns=tuple(columns))


def _version(sheets: Iterable[Sheet], choices: Mapping[str, tuple[str, ...]]) -> str:
    lines = []
    for sheet in (*sheets, COVER):
        for column in sheet.columns:
            c = WORDED.get(column.field, column)
            offered = choices.get(c.field, c.choice_labels)
            lines.append(f"{sheet.code}/{c.field}/{c.header}/{c.fill}/{c.kind}/{offered}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]
