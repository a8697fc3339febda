"""Which row of one version of the plan is which row of another, and whose history nobody can tell.

A row keeps its code and its history as long as it is the same indicator or task. Where name and measure of a
code both differ, or names have wandered to other codes, nobody but the office can tell: those are reported,
and 原编号 is the answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.plan import Indicator, Plan, Task, TaskForce

Row = Indicator | Task


class PlanTable(LabelledCode):
    """A sheet of the plan."""

    PROGRAMME = "programme", "方案"
    TASK_FORCES = "task_forces", "专班"
    UNITS = "units", "单位"
    INDICATORS = "indicators", "主要指标"
    TASKS = "tasks", "重点任务"


class Mixing(LabelledCode):
    """Why the history of a row would be mixed with that of another."""

    OTHER_ROW = "other_row", "同一编号下名称和内容都变了"
    SHIFTED = "shifted", "名称移到了别的编号下"
    UNIT = "unit", "计量单位变了"


@dataclass(frozen=True, kw_only=True)
class MixedRow:
    """A row of the newer version whose history nobody but the office can tell; see `Mixing`.

    `before` and `after` say what stood and stands there; `former` is the code that its history may be under.
    """

    mixing: Mixing
    table: PlanTable
    code: str
    before: str
    after: str
    former: str


# --- which row is which


@lru_cache(maxsize=256)
def rows_of(plan: Plan) -> Mapping[str, Row]:
    """Return the indicators and tasks of a plan by code."""
    rows: tuple[Row, ...] = (*plan.indicators, *plan.tasks)
    return {row.code: row for row in rows}


def followed(code: str, steps: Iterable[tuple[Plan, Plan]]) -> str | None:
    """Return what a code has become, version by version; None where the plan has its row no more."""
    *_, last = code, *codes_on_the_way(code, steps)
    return last


def codes_on_the_way(code: str, steps: Iterable[tuple[Plan, Plan]]) -> Iterator[str | None]:
    """Yield what a code has become in each version; None where it has its row no more.

    A row that was gone comes back under its code and name.
    """
    gone: Row | None = None
    for before, after in steps:
        codes = codes_after(before, after)
        if gone is None:
            now = codes.get(code, code)
            gone = rows_of(before).get(code) if now is None else None
            code = now or code
        else:
            back = rows_of(after).get(gone.code)
            if back and canonical(back.name) == canonical(gone.name) and gone.code not in codes.values():
                code, gone = gone.code, None
        yield None if gone else code


@lru_cache(maxsize=256)  # plans are frozen, and each period of a run asks for the same pairs
def codes_after(before: Plan, after: Plan) -> Mapping[str, str | None]:
    """Return for each code of a version the code of the same row in the next one, None where it has none."""
    old, new = rows_of(before), rows_of(after)
    moved = {former: code for code, former in _former_codes(old, new)}
    codes: dict[str, str | None] = {}
    for code, row in old.items():
        if code in moved:
            codes[code] = moved[code]
        elif code in new and code not in moved.values() and is_same(row, new[code]):
            codes[code] = code
        else:
            codes[code] = None
    return codes


def _former_codes(old: Mapping[str, Row], new: Mapping[str, Row]) -> Iterator[tuple[str, str]]:
    """Yield code and former code of each row that says where it comes from, unless it said so before."""
    for code, row in new.items():
        former = row.former_code
        if former not in old:
            continue
        is_told_again = code in old and old[code].former_code == former
        if not is_told_again or canonical(row.name) == canonical(old[former].name):
            yield code, former


def is_same(before: Row, after: Row) -> bool:
    """Return whether two rows of one code are one indicator or task: it may change its name or its unit."""
    if canonical(before.name) == canonical(after.name):
        return True
    if isinstance(before, Indicator) and isinstance(after, Indicator):
        return before.unit == after.unit and before.measure is after.measure
    if isinstance(before, Task) and isinstance(after, Task):
        return before.lead_unit == after.lead_unit
    return False


def mixed_rows(before: Plan, after: Plan) -> tuple[MixedRow, ...]:
    """Return the rows of a newer version whose history would be mixed, in the order of that version."""
    old, new = rows_of(before), rows_of(after)
    moved = dict(_former_codes(old, new))
    homes: dict[str, str] = {}
    for code, row in old.items():
        homes.setdefault(canonical(row.name), code)
    found = []
    for code, row in new.items():
        if code in moved:
            continue
        home = homes.get(canonical(row.name))
        is_elsewhere = home is not None and home != code and home not in moved.values()
        if is_elsewhere and _left(home, old, new):
            found.append(_mixed(Mixing.SHIFTED, code, str(home), row, former=str(home)))
        elif code in old and code not in moved.values() and not is_same(old[code], row):
            found.append(_mixed(Mixing.OTHER_ROW, code, _spoken(old[code]), row))
    found += _changed_units(old, new, moved)
    return tuple(found)


def _left(home: str | None, old: Mapping[str, Row], new: Mapping[str, Row]) -> bool:
    """Return whether the row of a code has another name now, or is gone."""
    if home is None:
        return False
    return home not in new or canonical(new[home].name) != canonical(old[home].name)


def _changed_units(
    old: Mapping[str, Row], new: Mapping[str, Row], moved: Mapping[str, str]
) -> Iterator[MixedRow]:
    """Yield the indicators that are measured in another unit and do not say from when on."""
    for code, row in new.items():
        was = old.get(moved.get(code, code))
        if not isinstance(row, Indicator) or not isinstance(was, Indicator):
            continue
        is_one = code in moved or is_same(was, row)
        is_dated = row.series_starts is not None and row.series_starts != was.series_starts
        if is_one and was.unit != row.unit and not is_dated:
            yield _mixed(Mixing.UNIT, code, was.unit, row, after=row.unit)


def _mixed(
    mixing: Mixing, code: str, before: str, row: Row, *, after: str = "", former: str = ""
) -> MixedRow:
    table = PlanTable.INDICATORS if isinstance(row, Indicator) else PlanTable.TASKS
    return MixedRow(
        mixing=mixing,
        table=table,
        code=code,
        before=before,
        after=after or _spoken(row),
        former=former or code,
    )


def _spoken(row: Row) -> str:
    if isinstance(row, Indicator):
        return f"{row.name}（{row.unit}）"
    return row.name


def deleted_task_forces(before: Plan, after: Plan) -> tuple[TaskForce, ...]:
    """Return the task forces that were deleted and not ended: nobody would take over what they leave open."""
    kept = {force.code for force in after.task_forces}
    return tuple(force for force in before.task_forces if force.involved and force.code not in kept)


# --- units


@lru_cache(maxsize=256)
def renamed_units(before: Plan, after: Plan) -> Mapping[str, str]:
    """Return the units whose 文件用名 was replaced everywhere, the new name by the old one.

    A unit that is gone and one that is new are the same where the new one has taken all the places of the old
    one in task forces, indicators and tasks that both versions have.
    """
    old_names, new_names = [u.name for u in before.units], [u.name for u in after.units]
    gone = [name for name in old_names if name not in new_names]
    fresh = [name for name in new_names if name not in old_names]
    if not gone or not fresh:
        return {}
    old_places, new_places = _places(before), _places(after)
    shared = {place for places in (*old_places.values(), *new_places.values()) for place in places}
    shared &= {place for places in old_places.values() for place in places}
    renamed = {}
    for name in gone:
        places = old_places.get(name, frozenset())
        same = [one for one in fresh if places and new_places.get(one, frozenset()) & shared == places]
        if len(same) == 1:
            renamed[name] = same[0]
    return renamed


def _places(plan: Plan) -> dict[str, frozenset[str]]:
    """Return where each unit stands: `03 lead`, `Z03-04 reports`, and so on."""
    places: dict[str, set[str]] = {}

    def stands(name: str, place: str) -> None:
        places.setdefault(name, set()).add(place)

    for force in plan.task_forces:
        stands(force.lead, f"{force.code} lead")
        for number, name in enumerate(force.responsible):
            stands(name, f"{force.code} responsible {number}")
    for code, row in rows_of(plan).items():
        stands(row.reporting_unit, f"{code} reports")
        for number, name in enumerate(row.responsible):
            stands(name, f"{code} responsible {number}")
    for task in plan.tasks:
        stands(task.lead_unit, f"{task.code} lead")
    return {name: frozenset(found) for name, found in places.items()}
