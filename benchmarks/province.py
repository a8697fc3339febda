"""A province by the plan's own sheets: a hundred task forces of ten units, each of which reports for itself.

Each task force is like one of the shipped plan, in another city: the same indicators, targets and tasks under
codes of its own, shared out among its ten units.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.columns import Sheet
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.model.plan_schema import (
    INDICATORS,
    MILESTONES,
    PLAN_SHEETS,
    PROGRAMME,
    TARGETS,
    TASK_FORCES,
    TASKS,
    UNITS,
    shipped_plan,
)

UNITS_OF_FORCE = 10
MOST_FORCES = 99
"""A task force has two digits."""
_OFFICES = (
    "发改局",
    "经信局",
    "教育局",
    "科技局",
    "财政局",
    "资规局",
    "建设局",
    "交通局",
    "水利局",
    "商务局",
)
_FIRST_NAMES = "江河湖海山川林泉云溪"
_SECOND_NAMES = "东南西北中安宁平兴盛"
_MODELS = ("01", "02", "03", "04", "08", "09", "10")
"""The task forces of the shipped plan that have indicators and tasks."""

Line = dict[str, object]


def province(folder: Path, recipients: int = 1000) -> Workspace:
    """Make a workspace of as many units as are to get a form of their own, ten in a task force.

    Raises:
        ValueError: There are not so many codes of task forces.
    """
    forces = -(-recipients // UNITS_OF_FORCE)
    if forces > MOST_FORCES + 1:
        raise ValueError(f"more than {MOST_FORCES + 1} task forces")
    workspace = Workspace(folder)
    initialise(workspace)
    write_workbook(workspace.plan, PLAN_SHEETS, province_tables(recipients), {})
    return workspace


def province_tables(recipients: int, rows_of_each: int = 2) -> Mapping[str, Rows]:
    """Return the sheets of the plan; each unit reports so many indicators and as many tasks."""
    shipped = {sheet.code: list(_lines(sheet, shipped_plan()[sheet.name])) for sheet in PLAN_SHEETS}
    programme = [dict(line) for line in shipped[PROGRAMME.code]]
    for line in programme:
        changed = {"方案代码": "SJ1K", "地区": "示范省", "文件名称": "示范省工作总体方案"}
        line["content"] = changed.get(str(line["item"]), line["content"])
    made: dict[str, list[Line]] = {sheet.code: [] for sheet in PLAN_SHEETS}
    made[PROGRAMME.code] = programme
    for number, first in enumerate(range(0, recipients, UNITS_OF_FORCE)):
        units = [unit_name(n) for n in range(first, min(first + UNITS_OF_FORCE, recipients))]
        made[UNITS.code] += [{"name": unit} for unit in units]
        _add_force(made, shipped, number, units, rows_of_each)
    return {
        sheet.name: [[c.header for c in sheet.columns], *_cells(sheet, made[sheet.code])]
        for sheet in PLAN_SHEETS
    }


def unit_name(number: int) -> str:
    """Return the name of a unit: its city, and the office that it is there."""
    city, office = divmod(number, UNITS_OF_FORCE)
    second, first = divmod(city, UNITS_OF_FORCE)
    return f"{_FIRST_NAMES[first]}{_SECOND_NAMES[second]}市{_OFFICES[office]}"


def _add_force(
    made: Mapping[str, list[Line]],
    shipped: Mapping[str, Sequence[Line]],
    number: int,
    units: Sequence[str],
    rows_of_each: int,
) -> None:
    """Add a task force with the rows of its units."""
    code, model = f"{number:02d}", _MODELS[number % len(_MODELS)]
    force = next(line for line in shipped[TASK_FORCES.code] if line["code"] == model)
    made[TASK_FORCES.code].append(
        force
        | {
            "code": code,
            "lead": units[0],
            "responsible": "、".join(units[1:]) or None,
            "name": f"{units[0][:3]}{force['name']}",
        }
    )
    for sheet, letter in ((INDICATORS, "Z"), (TASKS, "R")):
        models = cycle([line for line in shipped[sheet.code] if line["task_force"] == model])
        for place in range(len(units) * rows_of_each):
            line = next(models)
            unit = units[place % len(units)]
            own = f"{letter}{code}-{place + 1:02d}"
            changed: Line = {"code": own, "task_force": code, "reporting_unit": unit, "responsible": None}
            if sheet is TASKS:
                changed["lead_unit"] = units[0]
            changed["name"] = f"{unit[:3]}{line['name']}（{place + 1}）"
            made[sheet.code].append(line | changed)
            for of in (TARGETS, MILESTONES):
                key = of.columns[0].field
                made[of.code] += [its | {key: own} for its in shipped[of.code] if its[key] == line["code"]]


def _lines(sheet: Sheet, rows: Rows) -> Iterator[Line]:
    head, *lines = rows
    fields = {column.header: column.field for column in sheet.columns}
    for line in lines:
        values = {fields[str(header)]: value for header, value in zip(head, line, strict=True)}
        yield {column.field: values.get(column.field) for column in sheet.columns}


def _cells(sheet: Sheet, lines: Sequence[Line]) -> Iterator[list[object]]:
    for line in lines:
        yield [line.get(column.field) for column in sheet.columns]
