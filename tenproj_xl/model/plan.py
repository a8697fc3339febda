"""The programme plan as frozen objects: task forces, units, indicators and tasks."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import TypeVar

from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Frequency, Period
from tenproj_xl.core.texts import canonical
from tenproj_xl.core.words import USUAL, Words
from tenproj_xl.model.plan_people import Person


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
_MOST_PARTS = 4
"""Targets of parts of a year that a form shows beside that of the year."""
MOST_RANKED = 40
"""More districts and counties than any city has, for a plan that does not say how many are ranked."""
_AFTER_THE_NUMBER = ("以上", "以内", "左右")


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The programme as a whole: the 方案 sheet.

    `words` has the name of the office for sentences, `ranked` how many are ranked with the district.
    """

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
    words: Words = USUAL
    ranked: int = MOST_RANKED

    @property
    def title(self) -> str:
        """The name of the programme behind that of its district."""
        return self.region + self.name

    @property
    def signature(self) -> str:
        """The office that signs forms and letters."""
        return self.office or self.words.office

    @property
    def whom_to_ask(self) -> str:
        """The office and how to reach it, as forms and letters name it: `总专班办公室（0571-88880000）`."""
        if self.contact:
            return f"{self.signature}（{self.contact}）"
        return self.signature

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
    """One 工程专班. One that is not involved gets a form, but owes no return and is not ranked.

    It exists from the period `effective` on (None: from the first), and no more from `ends` (撤并期) on; what
    it leaves open goes to the task force of the code `successor`.
    """

    code: str
    name: str
    involved: bool
    conveners: tuple[str, ...]
    lead: str
    responsible: tuple[str, ...]
    responsible_note: str
    aim: str
    effective: Period | None = None
    ends: Period | None = None
    successor: str = ""
    section: str = ""
    """The 承办科室 of the lead unit."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A value to be reached by the end of a period; `value` is None for a target in words.

    It holds from the period `effective` (生效期) on, in place of an earlier one for the same period.
    """

    period: Period
    wording: str
    value: float | None
    text: str
    origin: Origin
    basis: str
    pending: str
    quotation: str
    effective: Period | None = None

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
        return self.spoken_with("")

    def spoken_with(self, unit: str) -> str:
        """Return the target with its unit: `35亿元以上`, `超过860亿元`, or in words."""
        if self.text or self.value is None:
            return self.text
        number = f"{self.value:g}"
        if abs(self.value) >= 1e6:  # `g` would write 1e+06
            number = f"{self.value:.0f}"
        if self.wording in _AFTER_THE_NUMBER:
            return number + unit + self.wording
        return self.wording + number + unit


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One 主要指标 with its targets in order of date.

    `lag_days` (发布时滞) is how many days after the end of a period its figure comes out, `baseline` the
    value on `baseline_on`. `disclosure` (公开) says whether, and when, all may read its figures.
    `former_code` (原编号) is the code that the same indicator had before, or its own where it is the same
    though its name changed. It is asked for from the period `effective` on. Figures of data periods before
    `series_starts` (口径调整期) are of another scope: nothing is compared across it. `low`, `high` and
    `places` (下限, 上限, 小数位) are what its figures are expected to keep to, None where nothing is said.
    Page one shows those that are core (核心). `section` is the 承办科室 of the reporting unit, "" where
    that is the one of its task force. `rescoped` are its rows in later versions of the plan, from the first
    one on that dates a 口径调整 back, each with its first period; see `model.plan_scopes`.
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
    disclosure: Disclosure
    pending: str
    quotation: str
    targets: tuple[Target, ...]
    former_code: str = ""
    effective: Period | None = None
    series_starts: Period | None = None
    low: float | None = None
    high: float | None = None
    places: int | None = None
    is_core: bool = False
    section: str = ""
    rescoped: tuple[tuple[Period, "Indicator"], ...] = ()

    def is_comparable(self, one: Period, other: Period) -> bool:
        """Return whether figures of two data periods have the same scope: no 口径调整 lies between them."""
        if self.series_starts is None:
            return True
        starts = self.series_starts.first
        return (one.counted_on >= starts) is (other.counted_on >= starts)

    @property
    def year_targets(self) -> tuple[Target, ...]:
        """The targets set for a whole year, in order of date."""
        return tuple(t for t in self.targets if "-" not in t.period.code)

    @property
    def part_targets(self) -> tuple[Target, ...]:
        """The targets set for a quarter, a month or another part of a year that judge, in order of date."""
        return tuple(t for t in self.targets if "-" in t.period.code and t.judges)

    @property
    def judging_targets(self) -> tuple[Target, ...]:
        """All targets that judge, in order of date."""
        return tuple(t for t in self.targets if t.judges)

    def spoken_targets(self, year: int, since: date) -> str:
        """Return the targets of a year as a form has them: `200以上；三季度120以上、四季度180以上`.

        Those of its parts stand behind that of the whole, at most four that end on a day or later.
        """
        whole = self.target_of_year(year)
        spoken = [whole.spoken] if whole else []
        parts = []
        for target in self.part_targets:
            if target.period.year == year and target.period.last >= since:
                parts.append(target.period.label.partition("年")[2] + target.spoken)
        if parts:
            spoken.append("、".join(parts[:_MOST_PARTS]))
        return "；".join(spoken)

    def target_of_year(self, year: int) -> Target | None:
        """Return the target set for a whole year, if any."""
        for target in self.year_targets:
            if target.period.year == year:
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
    """One 重点任务 with its milestones in order of number; `invest_plan` is the year's investment in 亿元.

    `former_code`, `effective` and `section` are as with an indicator.
    """

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
    former_code: str = ""
    effective: Period | None = None
    section: str = ""


_Row = TypeVar("_Row", Indicator, Task)


@dataclass(frozen=True, kw_only=True)
class Mechanism:
    """How the work is run (工作机制): a meeting, a report or another arrangement, how often and by whom."""

    name: str
    rhythm: str
    content: str
    chair: str
    quotation: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The whole plan.

    In the plan of a period, `people` are the 联络员 of that time alone (conveners stand with task forces and
    programme), `ended` are the task forces that have ended by then, and the task force of each
    row is the one that has it now; `former_forces` has the one that had it before, by the code of the row.
    """

    programme: Programme
    task_forces: tuple[TaskForce, ...]
    units: tuple[Unit, ...]
    indicators: tuple[Indicator, ...]
    tasks: tuple[Task, ...]
    mechanisms: tuple[Mechanism, ...] = ()
    people: tuple[Person, ...] = ()
    ended: tuple[TaskForce, ...] = ()
    former_forces: tuple[tuple[str, str], ...] = ()

    def __hash__(self) -> int:
        """Return the hash of the contents, computed once: what follows from a plan is kept for it."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.programme, self.task_forces, self.units, self.indicators, self.tasks))

    @cached_property
    def kept(self) -> dict[type, object]:
        """What was worked out of the plan once, by its class, for what is asked again and again."""
        return {}

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
        """Return the indicator of a code or row, or None; of several with one code the first."""
        return self._indicators.get(indicator_of_row(code))

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

    def former_force(self, code: str) -> TaskForce | None:
        """Return the ended task force that a row came from; None if it has always been with its own."""
        force = dict(self.former_forces).get(code) or issue_force(code)
        return next((one for one in self.ended if one.code == force), None)

    def indicators_of(self, task_force: str) -> tuple[Indicator, ...]:
        """Return the indicators of a task force in the plan's order."""
        return self._indicators_by_force.get(task_force, ())

    @cached_property
    def _indicators_by_force(self) -> dict[str, tuple[Indicator, ...]]:
        return {force: tuple(rows) for force, rows in _by_force(self.indicators).items()}

    def tasks_of(self, task_force: str) -> tuple[Task, ...]:
        """Return the tasks of a task force in the plan's order."""
        return self._tasks_by_force.get(task_force, ())

    @cached_property
    def _tasks_by_force(self) -> dict[str, tuple[Task, ...]]:
        return {force: tuple(rows) for force, rows in _by_force(self.tasks).items()}


def _by_force(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    """Return rows by the code of their task force."""
    by_force: dict[str, list[_Row]] = {}
    for row in rows:
        by_force.setdefault(row.task_force, []).append(row)
    return by_force


def issue_force(code: str) -> str:
    """Return the task force that registered an issue: `03` of `W03-2026-007`, "" of any other code."""
    match = re.match(r"W(\d+)-", code)
    return match[1] if match else ""


def plain_name(name: str) -> str:
    """Return the name of a unit without its bracketed second name."""
    return re.sub(r"[（(][^（()）]*[）)]$", "", name)
