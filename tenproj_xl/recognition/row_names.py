"""Codes and names of rows: whether one that was typed over a row's own is that of another row.

Reads: what was printed in the forms that a book is from, and the plan. Gives: whose a code or name is.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from tenproj_xl.core.cells import is_empty
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.plan import Indicator, Plan, Task
from tenproj_xl.recognition.rows import Issues, ReadRow


@dataclass(frozen=True)
class RowNames:
    """By what the rows of a sheet are known to people, in the forms that were printed and in the plan."""

    sheet: str
    issued: Issues
    plan: Plan

    def are_of_another(self, row: ReadRow) -> bool:
        """Return whether code or name of a row are another row's, or both are no longer its own.

        A name that several rows share is no other row's where one of them is this one.
        """
        changed = 0
        for edit in row.edits:
            if edit.column.field in ("code", "name") and not is_empty(edit.found):
                changed += 1
                if self._is_of_another(canonical(edit.found), row):
                    return True
        return changed > 1

    def _is_of_another(self, name: str, row: ReadRow) -> bool:
        if name in self._printed:
            return row.token not in self._printed[name]
        codes = _planned_names(self.plan).of_sheet(self.sheet).get(name)
        return codes is not None and indicator_of_row(row.form_code) not in codes

    @cached_property
    def _printed(self) -> Mapping[str, set[str]]:
        """The tokens of the rows that were printed, by code and by name."""
        names: dict[str, set[str]] = {}
        for token, printings in self.issued.items():
            newest = printings[-1]
            if newest.sheet == self.sheet and newest.code:
                for name in (newest.code, newest.printed.get("name")):
                    names.setdefault(canonical(name), set()).add(token)
        names.pop("", None)
        return names


class _PlannedNames:
    """The codes of the plan's rows by what they are known by: all forms together."""

    def __init__(self, plan: Plan) -> None:
        self._by_sheet = {"indicators": _codes_by_name(plan.indicators), "tasks": _codes_by_name(plan.tasks)}

    def of_sheet(self, sheet: str) -> Mapping[str, set[str]]:
        """Return the codes by code and name of a sheet's rows."""
        return self._by_sheet.get(sheet, {})


def _planned_names(plan: Plan) -> _PlannedNames:
    names = plan.kept.get(_PlannedNames)
    if not isinstance(names, _PlannedNames):
        names = plan.kept[_PlannedNames] = _PlannedNames(plan)
    return names


def _codes_by_name(rows: Iterable[Indicator | Task]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for row in rows:
        for name in (row.code, row.name):
            names.setdefault(canonical(name), set()).add(row.code)
    return names
