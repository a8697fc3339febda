"""The programme plan as frozen objects: task forces, units, indicators and tasks."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.periods import Frequency, Period
from tenproj_xl.core.texts import canonical


class Measure(LabelledCode):
    """Kind of an indicator (类型): what its figures count, and so how they are compared with a target."""

    ANNUAL = "annual", "逐年"
    ANNUAL_IN_YEAR = "annual_in_year", "目标年当年"
    CUMULATIVE = "cumulative", "期间累计"
    STOCK = "stock", "期末存量"
    RATIO = "ratio", "比率"
    GROWTH = "growth", "增速"
    COMPLETION = "completion", "当年完成率"
    COMPARATIVE = "comparative", "比较"
    QUALITATIVE = "qualitative", "定性"


class Curve(LabelledCode):
    """Shape of the expected progress towards a target over time (进度曲线)."""

    EVEN = "even", "匀速"
    PLANNED = "planned", "按计划"
    STEPS = "steps", "阶梯"
    YEAR_END = "year_end", "年末考核"


class Origin(LabelledCode):
    """Where a target or milestone comes from; a derived target is for reference only and never evaluated."""

    SOURCE = "source", "原文"
    APPROVED = "approved", "批准"
    DERIVED = "derived", "推算"


class Sense(LabelledCode):
    """Comparison that a target's wording (用语) asks for."""

    AT_LEAST = "at_least", "≥"
    MORE_THAN = "more_than", ">"
    AT_MOST = "at_most", "≤"
    ABOUT = "about", "≈"


class Direction(LabelledCode):
    """In which direction a figure is better (方向)."""

    HIGHER = "higher", "越高越好"
    LOWER = "lower", "越低越好"
    NEITHER = "neither", "适中"


class Involvement(LabelledCode):
    """Whether a task force is concerned (是否涉及)."""

    INVOLVED = "involved", "涉及"
    NOT_INVOLVED = "not_involved", "不涉及"


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


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The programme as a whole: the 方案 sheet."""

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
        """The name of the programme behind that of its district."""
        return self.region + self.name

    @property
    def signature(self) -> str:
        """The office that signs forms and letters."""
        return self.office or "总专班办公室"

    @property
    def years(self) -> range:
        """The years of the plan, the last one included."""
        return range(self.first_year, self.last_year + 1)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A department.

    `name` is that of the document, `current_name` what forms print instead where a reform renamed the unit.
    `successor` names the unit that took over its duties.
    """

    name: str
    current_name: str
    short: str
    starts: date | None
    ends: date | None
    successor: str

    @property
    def printed(self) -> str:
        """The name printed on forms."""
        return self.current_name or self.name


@dataclass(frozen=True, kw_only=True)
class TaskForce:
    """One 工程专班. One that is not involved gets a form, but owes no return and is not ranked."""

    code: str
    name: str
    involved: bool
    conveners: tuple[str, ...]
    lead: str
    responsible: tuple[str, ...]
    responsible_note: str
    aim: str


@dataclass(frozen=True, kw_only=True)
class Target:
    """A value to be reached by the end of a period; `value` is None for a target in words."""

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
        """Whether values are evaluated against this target; False for a derived one."""
        return self.origin is not Origin.DERIVED

    @property
    def strives(self) -> bool:
        """Whether the target is one to strive for (力争): missing it is never shown as behind."""
        return self.wording == "力争"

    @property
    def spoken(self) -> str:
        """The target as people write it, without its unit: `35以上`, `超过860`, or in words."""
        if self.text or self.value is None:
            return self.text
        number = f"{self.value:g}"
        if abs(self.value) >= 1e6:  # `g` would write 1e+06
            number = f"{self.value:.0f}"
        if self.wording in _AFTER_THE_NUMBER:
            return number + self.wording
        return self.wording + number


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One 主要指标 with its targets in order of date.

    `lag_days` (发布时滞) is how many days after the end of a period its figure comes out, `baseline` the
    value on `baseline_on`. Figures of an indicator that is not published (公开：否) are left out of what the
    public reads.
    """

    code: str
    task_force: str
    name: str
    area: str
    unit: str
    basis: str
    measure: Measure
    direction: Direction
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
        """The targets set for a whole year, in order of date."""
        return tuple(t for t in self.targets if "-" not in t.period.code)

    def target_of_year(self, year: int) -> Target | None:
        """Return the target set for a whole year, if any."""
        for target in self.year_targets:
            if target.period.last.year == year:
                return target
        return None


@dataclass(frozen=True)
class Milestone:
    """A dated step of a task (节点); `number` counts from 1."""

    number: int
    name: str
    due_on: date
    origin: Origin


@dataclass(frozen=True, kw_only=True)
class Task:
    """One 重点任务 with its milestones in order of number; `invest_plan` is the year's investment in 亿元."""

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
        by_plain_name = {plain_name(unit.name): unit for unit in self.units}
        by_full_name = {unit.name: unit for unit in self.units}
        return by_plain_name | by_full_name

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of all indicators and tasks."""
        rows: tuple[Indicator | Task, ...] = (*self.indicators, *self.tasks)
        return frozenset(row.code for row in rows)

    @cached_property
    def _indicators(self) -> dict[str, Indicator]:
        return {i.code: i for i in reversed(self.indicators)}

    def indicator(self, code: str) -> Indicator | None:
        """Return the indicator of a code, or None; of several with one code the first."""
        return self._indicators.get(code)

    def unit(self, name: str) -> Unit:
        """Return the unit of a name as the plan writes it, with or without its bracketed second name.

        Raises:
            KeyError: The plan has no such unit.
        """
        return self._units.get(name) or self._units[plain_name(name)]

    def spellings(self, name: str) -> frozenset[str]:
        """Return the document's, the current and the short name of a unit, each in its canonical spelling."""
        return self._spellings[self.unit(name).name]

    @cached_property
    def _spellings(self) -> dict[str, frozenset[str]]:
        """The spellings by the name in the plan: every row of every return asks for those of its unit."""
        spellings = {}
        for unit in self.units:
            names = (unit.name, unit.current_name, unit.short)
            spellings[unit.name] = frozenset(canonical(name) for name in names if name)
        return spellings

    def printed(self, *names: str) -> str:
        """Return the names of units as forms print them, joined by 、."""
        return "、".join(self.unit(n).printed for n in names)

    @cached_property
    def _task_forces(self) -> dict[str, TaskForce]:
        return {t.code: t for t in self.task_forces}

    def task_force(self, code: str) -> TaskForce:
        """Return the task force of a code.

        Raises:
            KeyError: The plan has no such task force.
        """
        return self._task_forces[code]

    def indicators_of(self, task_force: str) -> tuple[Indicator, ...]:
        """Return the indicators of a task force in the plan's order."""
        return tuple(i for i in self.indicators if i.task_force == task_force)

    def tasks_of(self, task_force: str) -> tuple[Task, ...]:
        """Return the tasks of a task force in the plan's order."""
        return tuple(t for t in self.tasks if t.task_force == task_force)


def plain_name(name: str) -> str:
    """Return the name of a unit without its bracketed second name."""
    return re.sub(r"[（(][^（()）]*[）)]$", "", name)
