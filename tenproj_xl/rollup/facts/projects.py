"""Lines of 项目投资: indicators of investment, and the tasks that have an investment to tell.

A plan gives a task's 年度计划投资 where it has one; a unit reports 累计完成投资 for any.
"""

from collections.abc import Iterator

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.evaluate_tasks import year_share
from tenproj_xl.model.plan import Measure, TaskForce
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.tasks import TaskLine

_INVESTMENT, _MONEY = "投资", "元"


@dataclass(frozen=True, kw_only=True)
class ProjectLine:
    """An indicator of investment, or a task with an investment.

    `planned` is the target that the figure is measured by, or the task's plan for the year, `planned_for`
    what it is for. `ahead` is by how much it is ahead of an even course, in its own unit.
    """

    kind: Duty
    line: IndicatorLine | TaskLine
    code: str
    name: str
    task_force: TaskForce
    unit: str
    planned: float | None
    planned_for: str
    done: float | None
    as_of: str
    ahead: float | None
    state: LabelledCode
    site_progress: str
    problems: str
    answerable: str

    @property
    def share(self) -> float | None:
        """What is done as a fraction of what is planned."""
        if self.done is None or not self.planned:
            return None
        return self.done / self.planned


def project_lines(facts: Facts) -> tuple[ProjectLine, ...]:
    """Return the lines by task force, in each indicators before tasks."""
    lines = [*_of_indicators(facts), *_of_tasks(facts)]
    lines.sort(key=lambda line: (line.task_force.code, line.kind is Duty.TASK))
    return tuple(lines)


def has_projects(facts: Facts) -> bool:
    """Return whether a task has an investment."""
    return any(_has_investment(line) for line in facts.tasks)


def _of_indicators(facts: Facts) -> Iterator[ProjectLine]:
    for line in facts.indicators:
        if not line.task_force.involved or not _is_investment(line):
            continue
        target = line.yardstick.target if line.yardstick else None
        value = line.value
        yield ProjectLine(
            kind=Duty.INDICATOR,
            line=line,
            code=line.indicator.code,
            name=line.indicator.name,
            task_force=line.task_force,
            unit=line.indicator.unit,
            planned=target.value if target else None,
            planned_for=target.period.dated_label if target else "",
            done=value if isinstance(value, float) else None,
            as_of=line.data_period or "",
            ahead=line.ahead,
            state=line.state,
            site_progress="",
            problems=line.text("lag_reason"),
            answerable=facts.data.units(line.indicator.reporting_unit),
        )


def _is_investment(line: IndicatorLine) -> bool:
    """Return whether an indicator tells an investment, in money or as a share of its plan."""
    indicator = line.indicator
    is_told = indicator.unit.endswith(_MONEY) or indicator.measure is Measure.COMPLETION
    return _INVESTMENT in indicator.name and is_told


def _of_tasks(facts: Facts) -> Iterator[ProjectLine]:
    day, year = facts.data.day, facts.data.year
    for line in facts.tasks:
        if not line.is_owed or not _has_investment(line):
            continue
        done, planned = line.reported("invest_done"), line.task.invest_plan
        invested = done if isinstance(done, float) else None
        ahead = None
        if invested is not None and planned:
            ahead = round(invested - planned * year_share(day, year), 2)
        yield ProjectLine(
            kind=Duty.TASK,
            line=line,
            code=line.task.code,
            name=line.task.name,
            task_force=line.task_force,
            unit="亿元",
            planned=planned,
            planned_for=f"{year}年" if planned else "",
            done=invested,
            as_of=line.freshness,
            ahead=ahead,
            state=line.state,
            site_progress=line.text("site_progress"),
            problems=line.text("problems"),
            answerable=facts.data.units(line.task.lead_unit),
        )


def _has_investment(line: TaskLine) -> bool:
    return bool(line.task.invest_plan) or isinstance(line.reported("invest_done"), float)


def source_of_project(facts: Facts, project: ProjectLine) -> str:
    """Return where a line's value was typed."""
    if isinstance(project.line, IndicatorLine):
        return facts.data.source_of(project.line.figure)
    return facts.data.source(project.line.invested, "invest_done")
