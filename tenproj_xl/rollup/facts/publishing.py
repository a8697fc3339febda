"""What is remembered of a roll-up, to tell a period later what is new, has moved, was closed or got worse."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from tenproj_xl.core.cells import Value
from tenproj_xl.core.states import State
from tenproj_xl.model.cell_sources import Giver
from tenproj_xl.model.history import Reported
from tenproj_xl.model.published import LAST_DECISION, Published, Row
from tenproj_xl.model.slips import Level
from tenproj_xl.rollup.facts.embargo import only_released
from tenproj_xl.rollup.facts.given_out import file_mark
from tenproj_xl.rollup.facts.indicators import IndicatorLine, indicator_lines
from tenproj_xl.rollup.facts.issues import SIGNED_OFF, IssueLine
from tenproj_xl.rollup.facts.league import LeagueLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.reported import ReportedLine
from tenproj_xl.rollup.facts.tasks import TaskLine

LEVEL_NUMBERS: Mapping[str, Level] = {"red": Level.RED, "yellow": Level.YELLOW, "blue": Level.BLUE}
"""The numbers of lines in 督办清单, by name."""
FROM, BY_OFFICE, BY_RULING = "from", "by_office", "by_ruling"
"""Fields of a row: the marks of the files that it comes from, and the fields that the office gave itself."""
UNSETTLED = "unsettled"
"""A field of an indicator: whether 督办清单 has a target that it missed before."""
DECIDED = "decided"
"""A field of an issue: the number that the last decision about it has."""
PARTS = "parts"
"""A field of a task force's rank: how many of how many items are good, part by part."""
LAST_DAY = "last_day"
"""The name of the number that the day has on which tasks and issues were judged."""
LAST_ROW = "last_row"
"""The name of the number that the last row has which the roll-up knew of."""
_OF_FIGURE = ("state", "value", "data_period", "gap", "nature", "due", "stale", FROM, BY_OFFICE, BY_RULING)
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
            row.update({f"{_FOR_ALL}{name}": read_by_all.get(name) for name in _OF_FIGURE})
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
    counts[LAST_DAY] = float(facts.data.day.toordinal())
    rows = chain(facts.data.known.rows, facts.data.reports)
    counts[LAST_ROW] = float(max((row.seq for row in rows), default=0))
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
        UNSETTLED: float(line.missed_before),
        "nature": line.nature,
        "due": line.due.code if line.due else None,
        "stale": float(line.stale),
        **_grounds(line, _GIVEN_FIGURE, [line.figure.row] if line.figure else []),
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


_GIVEN_FIGURE = ("value", "data_period", "nature")
_GIVEN_TASK = ("status", "milestone_done", "invest_done")
_GIVEN_ISSUE = ("status", "suggested_level", "due_on")


def _grounds(line: ReportedLine, fields: Iterable[str], rows: Iterable[Reported]) -> Row:
    """Return from which files a line comes, and which of some fields the office gave itself."""
    files, givers = [file_mark(row.sha256) for row in rows], dict[Giver, list[str]]()
    for name in fields:
        if source := line.origin(name):
            givers.setdefault(source.giver, []).append(name)
    return {
        FROM: " ".join(dict.fromkeys(files)) or None,
        BY_OFFICE: " ".join(givers.get(Giver.OFFICE, ())) or None,
        BY_RULING: " ".join(givers.get(Giver.RULING, ())) or None,
    }


def task_row(line: TaskLine) -> Row:
    """Return what is published of a task."""
    rows = list(line.rows)
    if line.invested:
        rows.append(line.invested)
    return {
        "name": line.task.name,
        "task_force": line.task_force.code,
        "state": line.state,
        "status": line.reported("status"),
        "milestone": line.milestone or None,
        "milestone_done": line.status_row.values.get("milestone_done") if line.status_row else None,
        "invest_done": line.reported("invest_done"),
        "deadline": line.task.due_on,
        **_grounds(line, _GIVEN_TASK, rows),
    }


def league_row(line: LeagueLine) -> Row:
    """Return what is published of a task force's rank."""
    rank = None
    if line.rank is not None:
        rank = float(line.rank)
    parts = " ".join(f"{part.good}/{part.of}" for part in line.parts)
    return {"name": line.task_force.name, "rank": rank, "score": line.score, PARTS: parts}


def issue_row(line: IssueLine) -> Row:
    """Return what is published of an issue."""
    return {
        "name": line.text("description"),
        "task_force": line.task_force.code,
        "state": line.state,
        "level": line.level,
        "deadline": line.due_on,
        "status": line.reported("status"),
        "suggested_level": line.reported("suggested_level"),
        "original_due": line.history.original_due,
        "asks": float(line.asks),
        DECIDED: float(max((decision.seq for decision in line.history.decisions), default=0)),
        **_grounds(line, _GIVEN_ISSUE, [line.row]),
    }
