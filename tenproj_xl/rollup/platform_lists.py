"""目标清单, 任务清单, 责任清单, 问题清单 as a superior's platform takes them: one flat table each.

Which fields, in which order and under which headers is the office's (`office.list_formats`); here is what
there is to choose from: the columns of the sheet behind a list as people read them, the codes behind labels,
and what the plan says of the task force and the programme.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.rollup.data_columns import DataColumn
from tenproj_xl.rollup.drawing.table import CellLook, Field, Holds
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.sdmx import confidentiality_status, observation_status
from tenproj_xl.rollup.facts.task_forces import conveners_of
from tenproj_xl.rollup.registry import SPECS


class PlatformList(LabelledCode):
    """The lists of a dispatch platform."""

    TARGETS = "target_list", "目标清单"
    TASKS = "task_list", "任务清单"
    DUTIES = "duty_list", "责任清单"
    ISSUES = "issue_list", "问题清单"


_SHEETS: Mapping[PlatformList, str] = {
    PlatformList.TARGETS: "indicators",
    PlatformList.TASKS: "tasks",
    PlatformList.DUTIES: "duties",
    PlatformList.ISSUES: "issues",
}
"""The sheets of the roll-up that have the lines of the lists."""


@dataclass(frozen=True)
class ListField:
    """A field that a list may have: its code, its name for people, its column, and what gives its values."""

    code: str
    name: str
    column: Field[Any]
    get: Callable[[Any], Value]

    @property
    def holds(self) -> Holds:
        """What it holds; where words may stand among numbers, text."""
        if self.column.words or self.column.holds is Holds.TRUTH:
            return Holds.TEXT
        return self.column.holds

    def value(self, line: object) -> object:
        """Return a line's value as the platform gets it; None where it is blank."""
        value = label_of(self.get(line))
        if value in (None, ""):
            return None
        if self.holds is Holds.TEXT:
            return text_of(value)
        return value


@dataclass(frozen=True)
class ListColumn:
    """A column that the office wants in a list: a field under a header."""

    field: str
    header: str


@dataclass(frozen=True, kw_only=True)
class ListTable:
    """A list ready to be written, with the names of its columns as their headers."""

    code: str
    title: str
    columns: tuple[DataColumn, ...]
    lines: Sequence[Any]


class Lists:
    """The lists of some facts: what they may have, and the tables of what the office chose."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def fields(self) -> Mapping[PlatformList, Mapping[str, ListField]]:
        """The fields that each list may have, by code, in order."""
        found = {}
        for kind, sheet in _SHEETS.items():
            spec = next(spec for spec in SPECS if spec.code == sheet)
            columns = spec.fields(self._facts)
            fields = [*_of_programme(self._facts), *_of_columns(columns)]
            if kind is PlatformList.TARGETS:
                fields += _of_targets(columns, self._facts.data.year)
            found[kind] = {field.code: field for field in fields}
        return found

    def field(self, kind: PlatformList, name: str) -> ListField | None:
        """Return the field of a list by its code, or by its name for people; None where there is none."""
        wanted = canonical(_plain(name))
        for field in self.fields[kind].values():
            if wanted in (canonical(field.code), canonical(field.name)):
                return field
        return None

    def table(self, kind: PlatformList, chosen: Sequence[ListColumn]) -> ListTable:
        """Return a list with the columns that the office chose."""
        spec = next(spec for spec in SPECS if spec.code == _SHEETS[kind])
        made = spec.table_of(self._facts)
        columns = [_column(self.fields[kind][column.field], column.header) for column in chosen]
        lines = [line for line in made.lines if not made.is_total(line)]
        return ListTable(code=str(kind), title=f"{kind.label}（上报）", columns=tuple(columns), lines=lines)


def _column(field: ListField, header: str) -> DataColumn:
    return DataColumn(
        name=header,
        title=field.name,
        meaning=field.column.meaning,
        unit=field.column.unit,
        holds=field.holds,
        labels={},
        values=lambda lines: [field.value(line) for line in lines],
    )


def _of_columns(columns: Sequence[Field[Any]]) -> Iterator[ListField]:
    """Yield the fields that the columns of a sheet are, and the codes behind those that show labels."""
    for column in columns:
        if column.holds is Holds.DRAWING:
            continue
        name = _plain(column.header)
        yield ListField(column.name, name, column, column.get)
        if column.codes or column.code:
            yield ListField(f"{column.name}.code", f"{name}代码", column, _code_of(column))


def _plain(header: str) -> str:
    """Return a header without line breaks and without what stands in brackets at its end."""
    return re.sub(r"（[^（）]*）$", "", header.replace("\n", ""))


def _code_of(column: Field[Any]) -> Callable[[Any], Value]:
    """Return what gives the code behind a column's label."""
    if column.code is not None:
        return column.code

    def code(line: object) -> Value:
        value = column.get(line)
        if isinstance(value, LabelledCode):
            return str(value.value)
        return None

    return code


def _text(code: str, name: str, meaning: str, get: Callable[[Any], Value]) -> ListField:
    """Return a field that no sheet has a column for."""
    return ListField(code, name, Field(code, name, meaning, 12, get, CellLook.TEXT), get)


def _of_programme(facts: Facts) -> Iterator[ListField]:
    """Yield what the plan says of the programme and of a line's task force."""
    data = facts.data
    yield _text("region", "地区", "工作计划里的地区。", lambda _: data.plan.programme.region)
    yield _text("programme", "方案", "工作计划里的方案名称。", lambda _: data.plan.programme.title)
    yield _text("edition", "期", "数据是哪一期的。", lambda _: data.period.dated_label)
    yield _text("edition.code", "期代码", "数据是哪一期的，用期号。", lambda _: data.period.code)
    yield _text("conveners", "召集人", "专班的召集人。", lambda x: conveners_of(x.task_force))
    yield _text("lead", "专班牵头单位", "专班的牵头单位。", lambda x: data.units(x.task_force.lead))
    yield _text("aim", "专班目标任务", "专班的目标任务，照工作计划。", lambda x: x.task_force.aim)


def _of_targets(columns: Sequence[Field[Any]], year: int) -> Iterator[ListField]:
    """Yield what only the list of targets has: this year's target by its year, and the state of a figure."""
    target = next(column for column in columns if column.name == "target_now")
    # The sheet has it as 本年目标 alone; a format that names the year is to hold in other years, too.
    by_year = replace(target, meaning=f"{year}年的目标，照工作计划的说法；没有的为“—”。")
    yield ListField(f"target_{year}", f"{year}年目标", by_year, target.get)
    yield _text(
        "obs_status",
        "观测状态",
        "数值的状态，SDMX 的 CL_OBS_STATUS："
        "A 统计核定，P 统计快报，V 部门统计，E 预计，L 应报未报，O 没有数值。",
        lambda x: str(observation_status(x)),
    )
    yield _text(
        "conf_status",
        "保密状态",
        "能不能公开，SDMX 的 CL_CONF_STATUS：F 可以公开，N 不公开。",
        lambda x: str(confidentiality_status(x)),
    )
