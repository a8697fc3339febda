"""What of a roll-up is remembered: enough to say, a period later, what is new, has moved, was closed or got worse."""

from collections.abc import Mapping

from tenproj_xl.model.published import Published, Row
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.issues import SIGNED_OFF, IssueLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.supervision import Level
from tenproj_xl.rollup.facts.tasks import TaskLine

LEVEL_NUMBERS: Mapping[str, Level] = {"red": Level.RED, "yellow": Level.YELLOW, "blue": Level.BLUE}
"""The numbers that count the lines of 督办清单."""


def published(facts: Facts, sequence: int) -> Published:
    """The roll-up as it is remembered; issues that were signed off stay in it, so that a reopened one is known."""
    last = facts.data.earlier[-1].rows["issues"] if facts.data.earlier else {}
    signed_off = {code: row for code, row in last.items() if row["state"] == SIGNED_OFF}
    rows = {
        "indicators": {i.indicator.code: indicator_row(i, facts.data.day.year) for i in facts.indicators},
        "tasks": {t.task.code: task_row(t) for t in facts.tasks},
        "issues": signed_off | {i.code: issue_row(i) for i in facts.issues},
    }
    return Published(facts.data.period, sequence, numbers(facts), rows)


def numbers(facts: Facts) -> dict[str, float]:
    """The numbers of page one and those of 督办清单."""
    levels = {name: sum(s.level is level for s in facts.supervision) for name, level in LEVEL_NUMBERS.items()}
    return {name: float(number) for name, number in (vars(facts.headline) | levels).items()}


def indicator_row(line: IndicatorLine, year: int) -> Row:
    """What is said of an indicator."""
    target = line.indicator.target_of_year(year)
    return {
        "name": line.indicator.name,
        "task_force": line.task_force.code,
        "state": line.state,
        "value": line.figure.value if line.figure else None,
        "data_period": line.figure.period.code if line.figure else None,
        "gap": line.gap,
        "year": float(year),
        "target": target.spoken if target else None,
    }


def task_row(line: TaskLine) -> Row:
    """What is said of a task."""
    return {
        "name": line.task.name,
        "task_force": line.task_force.code,
        "state": line.state,
        "milestone": line.milestone or None,
        "deadline": line.task.due_on,
    }


def issue_row(line: IssueLine) -> Row:
    """What is said of an issue."""
    return {
        "name": str(line.reported("description") or ""),
        "task_force": line.task_force.code,
        "state": line.state,
        "level": line.level,
        "deadline": line.due_on,
    }
