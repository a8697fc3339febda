"""Which rows some forms may be about, so that no others have to be read for them."""

from collections.abc import Callable, Collection, Iterable

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.plan import Indicator, Plan, Task
from tenproj_xl.model.units import (
    code_of_name,
    is_planned,
    is_unit,
    present_unit,
    reporter,
    unit_code,
    unit_of,
    units_meant,
)


@dataclass(frozen=True, kw_only=True)
class ConcernedRows:
    """Some rows, perhaps with a few others.

    Attributes:
        codes: The codes of indicators and tasks.
        issues: The codes of issues.
        task_forces: Task forces of which all issues are meant.
        is_named: Tells whether issues are meant by the text that names their units.
    """

    codes: frozenset[str]
    issues: frozenset[str] = frozenset()
    task_forces: frozenset[str] = frozenset()
    is_named: Callable[[str], bool] = bool


def concerned_rows(
    recipients: Collection[str],
    plans: Iterable[Plan],
    heirs: Collection[tuple[str, str]] = (),
    renamed: Collection[tuple[str, str]] = (),
) -> ConcernedRows:
    """Return the rows among which all are that the forms of some recipients have.

    Args:
        recipients: Codes of task forces, units, and 科室 of units; a plan may have them no more.
        plans: The plans of the periods of the forms.
        heirs: Task forces that have ended at any time, each with the one that took over its issues.
        renamed: Codes of units that were renamed at any time, each with the next one.
    """
    codes, forces = set[str](), set[str]()
    named: list[tuple[_Rows, set[str]]] = []
    for plan in plans:
        rows, units, own = _rows(plan), set[str](), set[str]()
        for recipient in recipients:
            if not is_planned(recipient, plan):
                continue
            if is_unit(recipient):
                units.add(present_unit(unit_of(recipient), plan))
            else:
                own.add(recipient)
        for unit in units:
            codes |= rows.codes_of_unit.get(unit, set())
            own |= rows.led_by.get(unit, set())
        for force in own:
            codes |= rows.codes_of_force.get(force, set())
        forces |= own
        for _ in renamed:  # one may have been renamed twice
            units |= {was for was, now in renamed if now in units}
        named.append((rows, units))
    for _ in heirs:  # one may have inherited from another
        forces |= {code for code, heir in heirs if heir in forces}
    return ConcernedRows(
        codes=frozenset(codes),
        task_forces=frozenset(forces),
        is_named=lambda text: any(rows.is_any_named(units, text) for rows, units in named),
    )


class _Rows:
    """The rows of a plan by what forms have: codes by task force and unit, task forces by their leads."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._named: dict[str, frozenset[str]] = {}
        self.codes_of_force: dict[str, set[str]] = {}
        self.codes_of_unit: dict[str, set[str]] = {}
        self.led_by: dict[str, set[str]] = {}
        rows: tuple[Indicator | Task, ...] = (*plan.indicators, *plan.tasks)
        for row in rows:
            self.codes_of_force.setdefault(row.task_force, set()).add(row.code)
            self.codes_of_unit.setdefault(reporter(row, plan), set()).add(row.code)
        for force in plan.task_forces:
            self.led_by.setdefault(unit_code(force.lead, plan), set()).add(force.code)

    def is_any_named(self, units: set[str], text: str) -> bool:
        """Return whether a text names any of some units, by their codes, which the plan need not have."""
        if text not in self._named:
            self._named[text] = frozenset(units_meant(text, self._plan))
        return not units.isdisjoint(self._named[text]) or any(unit in code_of_name(text) for unit in units)


def _rows(plan: Plan) -> _Rows:
    """Return the rows of a plan: kept with it, for all returns of its periods ask for them."""
    rows = plan.kept.get(_Rows)
    if not isinstance(rows, _Rows):
        rows = plan.kept[_Rows] = _Rows(plan)
    return rows
