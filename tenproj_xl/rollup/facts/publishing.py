"""What is remembered of a roll-up, to tell a period later what is new, has moved, was closed or got worse."""

from collections.abc import Iterator, Mapping

from tenproj_xl.core.cells import Value
from tenproj_xl.core.states import State
from tenproj_xl.model.published import LAST_DECISION, Published, Row
from tenproj_xl.model.slips import Level
from tenproj_xl.rollup.facts.embargo import only_released
from tenproj_xl.rollup.facts.indicators import IndicatorLine, indicator_lines
from tenproj_xl.rollup.facts.issues import SIGNED_OFF, IssueLine
from tenproj_xl.rollup.facts.league import LeagueLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.tasks import TaskLine

LEVEL_NUMBERS: Mapping[str, Level] = {"red": Level.RED, "yellow": Level.YELLOW, "blue": Level.BLUE}
"""The numbers of lines in 督办清单, by name."""
_OF_FIGURE = ("state", "value", "data_period", "gap")
WAITED = "waited"
"""A field of a row as all could read it: whether its newest figure was not published yet."""
_FOR_ALL = "for_all_"
"""What the fields begin with that tell a row as all could read it, where that is less than leaders could."""


def published(facts: Facts, sequence: int) -> Published:
    """Return the roll-up as it is remembered, issues signed off included: one may be reopened."""
    year = facts.data.year
    issues = _signed_off_before(facts)
    issues.update((line.code, issue_row(line)) for line in facts.issues)
    rows = {
        "indicators": dict(_indicator_rows(facts, year)),
        "tasks": {line.task.code: task_row(line) for line in facts.tasks},
        "issues": issues,
    }
    if facts.data.is_wide:
        rows["league"] = {line.task_force.code: league_row(line) for line in facts.league}
    return Published(facts.data.period, sequence, numbers(facts), rows)


def _indicator_rows(facts: Facts, year: int) -> Iterator[tuple[str, Row]]:
    """Yield the rows of indicators by code; that of a figure not published yet with what all could read."""
    released: Mapping[str, IndicatorLine] = {}
    if any(line.unreleased for line in facts.indicators):
        released = {line.indicator.code: line for line in indicator_lines(only_released(facts.data))}
    for line in facts.indicators:
        row = dict(indicator_row(line, year))
        if line.unreleased:
            read_by_all = indicator_row(released[line.indicator.code], year)
            row.update({f"{_FOR_ALL}{name}": read_by_all[name] for name in _OF_FIGURE})
        yield line.indicator.code, row


def read_by_all(row: Row) -> Mapping[str, Value]:
    """Return what was published of an indicator as all could read it then."""
    told = {name.removeprefix(_FOR_ALL): value for name, value in row.items() if name.startswith(_FOR_ALL)}
    return {**row, **told, WAITED: bool(told)}


def _signed_off_before(facts: Facts) -> dict[str, Row]:
    if not facts.data.earlier:
        return {}
    issues = facts.data.earlier[-1].rows.get("issues", {})
    return {code: row for code, row in issues.items() if row.get("state") == SIGNED_OFF}


def numbers(facts: Facts) -> dict[str, float]:
    """Return the numbers of page one, those of 督办清单, and of the last decision it knew of, by name."""
    counts = {name: float(number) for name, number in vars(facts.headline).items()}
    for name, level in LEVEL_NUMBERS.items():
        counts[name] = float(sum(line.level is level for line in facts.supervision))
    counts[LAST_DECISION] = float(max((decision.seq for decision in facts.data.known.decisions), default=0))
    return counts


def indicator_row(line: IndicatorLine, year: int) -> Row:
    """Return what is published of an indicator, with its target of a year."""
    row: dict[str, Value] = {
        "name": line.indicator.name,
        "task_force": line.task_force.code,
        "state": line.state,
        "value": None,
        "data_period": None,
        "gap": line.gap,
        "year": float(year),
        "target": None,
        "missed": " ".join(_missed(line)) or None,
    }
    if line.figure:
        row.update(value=line.figure.value, data_period=line.figure.period.code)
    if target := line.indicator.target_of_year(year):
        row.update(target=target.spoken)
    return row


def _missed(line: IndicatorLine) -> Iterator[str]:
    """Yield the periods of targets that have passed and were missed."""
    for judgement in line.passed:
        if judgement.state is State.MISSED:
            yield judgement.target.period.code


def task_row(line: TaskLine) -> Row:
    """Return what is published of a task."""
    return {
        "name": line.task.name,
        "task_force": line.task_force.code,
        "state": line.state,
        "status": line.reported("status"),
        "milestone": line.milestone or None,
        "deadline": line.task.due_on,
    }


def league_row(line: LeagueLine) -> Row:
    """Return what is published of a task force's rank."""
    rank = None
    if line.rank is not None:
        rank = float(line.rank)
    return {"name": line.task_force.name, "rank": rank, "score": line.score}


def issue_row(line: IssueLine) -> Row:
    """Return what is published of an issue."""
    return {
        "name": line.text("description"),
        "task_force": line.task_force.code,
        "state": line.state,
        "level": line.level,
        "deadline": line.due_on,
    }
