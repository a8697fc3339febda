"""The programme plan as frozen objects: task forces, units, indicators with their targets, tasks with milestones."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from tenproj_xl.core.parse import canonical
from tenproj_xl.core.periods import Frequency, Period


class Measure(StrEnum):
    """How an indicator is counted (类型)."""

    ANNUAL = "逐年"
    ANNUAL_IN_YEAR = "目标年当年"
    CUMULATIVE = "期间累计"
    STOCK = "期末存量"
    RATIO = "比率"
    GROWTH = "增速"
    COMPLETION = "当年完成率"
    COMPARATIVE = "比较"
    QUALITATIVE = "定性"


class Curve(StrEnum):
    """How the way to a target is spread over time (进度曲线)."""

    EVEN = "匀速"
    PLANNED = "按计划"
    STEPS = "阶梯"
    YEAR_END = "年末考核"


class Origin(StrEnum):
    """Where a target comes from; a derived one is for reference and judges nobody."""

    SOURCE = "原文"
    APPROVED = "批准"
    DERIVED = "推算"


class Sense(StrEnum):
    """What a target's wording asks of a value."""

    AT_LEAST = "≥"
    MORE_THAN = ">"
    AT_MOST = "≤"
    ABOUT = "≈"


WORDINGS = {
    "以上": Sense.AT_LEAST,
    "至少": Sense.AT_LEAST,
    "达": Sense.AT_LEAST,
    "完成": Sense.AT_LEAST,
    "提高到": Sense.AT_LEAST,
    "力争": Sense.AT_LEAST,
    "保持": Sense.AT_LEAST,
    "覆盖全体": Sense.AT_LEAST,
    "超过": Sense.MORE_THAN,
    "突破": Sense.MORE_THAN,
    "快于": Sense.MORE_THAN,
    "提高": Sense.MORE_THAN,
    "以内": Sense.AT_MOST,
    "左右": Sense.ABOUT,
    "稳定": Sense.ABOUT,
}
_AFTER_THE_NUMBER = ("以上", "以内", "左右")
HIGHER, LOWER, NEITHER = "越高越好", "越低越好", "适中"
INVOLVED, NOT_INVOLVED = "涉及", "不涉及"


@dataclass(frozen=True)
class Programme:
    """What the plan as a whole is about."""

    code: str
    region: str
    name: str
    document: str
    document_no: str
    first_year: int
    last_year: int
    convener: str
    office: str
    contact: str

    @property
    def title(self) -> str:
        """The name with its district."""
        return self.region + self.name

    @property
    def signature(self) -> str:
        """Who signs what goes out."""
        return self.office or "总专班办公室"

    @property
    def years(self) -> range:
        """The plan's years."""
        return range(self.first_year, self.last_year + 1)


@dataclass(frozen=True)
class Unit:
    """A department; `name` as in the document, `current_name` what forms print where reforms renamed it."""

    name: str
    current_name: str
    short: str
    starts: date | None
    ends: date | None
    successor: str

    @property
    def printed(self) -> str:
        """The name that forms print."""
        return self.current_name or self.name


@dataclass(frozen=True)
class TaskForce:
    """One 工程专班; a form is made for one that is not involved, but its return is not owed and never ranked."""

    code: str
    name: str
    involved: bool
    conveners: tuple[str, ...]
    lead: str
    responsible: tuple[str, ...]
    responsible_note: str
    aim: str


@dataclass(frozen=True)
class Target:
    """What is to be reached by the end of a period; `value` is None for a target in words."""

    period: Period
    wording: str
    value: float | None
    text: str
    origin: Origin
    basis: str
    pending: str
    quotation: str

    @property
    def sense(self) -> Sense:
        """The comparison that the wording asks for."""
        return WORDINGS[self.wording]

    @property
    def judges(self) -> bool:
        """False for a derived target."""
        return self.origin is not Origin.DERIVED

    @property
    def strives(self) -> bool:
        """True for 力争: hoped for, never red."""
        return self.wording == "力争"

    @property
    def spoken(self) -> str:
        """The target as people write it, without its unit: `35以上`, `超过860`, `力争47`, or in words."""
        if self.text or self.value is None:
            return self.text
        number = f"{self.value:g}" if abs(self.value) < 1e6 else f"{self.value:.0f}"
        return number + self.wording if self.wording in _AFTER_THE_NUMBER else self.wording + number


@dataclass(frozen=True)
class Indicator:
    """One 主要指标 with its targets by date; `lag_days` is 发布时滞, `baseline` the value on `baseline_on`.

    The figures of one that is not published (公开：否) stay out of what all may read.
    """

    code: str
    task_force: str
    name: str
    area: str
    unit: str
    basis: str
    measure: Measure
    direction: str
    reporting_unit: str
    responsible: tuple[str, ...]
    frequency: Frequency
    lag_days: int
    curve: Curve
    starts: date | None
    baseline: float | None
    baseline_on: date | None
    is_published: bool
    pending: str
    quotation: str
    targets: tuple[Target, ...]

    @property
    def year_targets(self) -> tuple[Target, ...]:
        """The targets that are set for a whole year, by date."""
        return tuple(t for t in self.targets if "-" not in t.period.code)

    def target_of_year(self, year: int) -> Target | None:
        """The target set for a year, if any."""
        return next((t for t in self.year_targets if t.period.last.year == year), None)


@dataclass(frozen=True)
class Milestone:
    """A dated step of a task (节点)."""

    number: int
    name: str
    due_on: date
    origin: Origin


@dataclass(frozen=True)
class Task:
    """One 重点任务 with its milestones by number; `invest_plan` is the year's in 亿元."""

    code: str
    task_force: str
    name: str
    annual_goal: str
    lead_unit: str
    responsible: tuple[str, ...]
    reporting_unit: str
    person: str
    invest_plan: float | None
    due_on: date | None
    pending: str
    quotation: str
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True)
class Plan:
    """The whole plan."""

    programme: Programme
    task_forces: tuple[TaskForce, ...]
    units: tuple[Unit, ...]
    indicators: tuple[Indicator, ...]
    tasks: tuple[Task, ...]

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {plain_name(u.name): u for u in self.units} | {u.name: u for u in self.units}

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of all indicators and tasks."""
        return frozenset(row.code for rows in (self.indicators, self.tasks) for row in rows)

    @cached_property
    def _indicators(self) -> dict[str, Indicator]:
        return {i.code: i for i in reversed(self.indicators)}

    def indicator(self, code: str) -> Indicator | None:
        """The indicator of a code, if there is one."""
        return self._indicators.get(code)

    def unit(self, name: str) -> Unit:
        """The unit of a name as the plan writes it, with or without its bracketed second name."""
        return self._units.get(name) or self._units[plain_name(name)]

    def spellings(self, name: str) -> frozenset[str]:
        """All that a unit goes by, each in its one canonical spelling."""
        unit = self.unit(name)
        return frozenset(canonical(s) for s in (unit.name, unit.current_name, unit.short) if s)

    def printed(self, *names: str) -> str:
        """Units as forms print them, joined."""
        return "、".join(self.unit(n).printed for n in names)

    @cached_property
    def _task_forces(self) -> dict[str, TaskForce]:
        return {t.code: t for t in self.task_forces}

    def task_force(self, code: str) -> TaskForce:
        """The task force of a code; KeyError if there is none."""
        return self._task_forces[code]

    def indicators_of(self, task_force: str) -> tuple[Indicator, ...]:
        """A task force's indicators in the plan's order."""
        return tuple(i for i in self.indicators if i.task_force == task_force)

    def tasks_of(self, task_force: str) -> tuple[Task, ...]:
        """A task force's tasks in the plan's order."""
        return tuple(t for t in self.tasks if t.task_force == task_force)


def plain_name(name: str) -> str:
    """A unit's name without its bracketed second name."""
    return re.sub(r"[（(][^（()）]*[）)]$", "", name)
