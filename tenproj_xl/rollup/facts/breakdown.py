"""Lines of 首页明细: every indicator, task and open issue, in the order in which page one counts them.

Those that a number of page one counts stand together, those of one task force, too: each number leads to
exactly its rows.
"""

from collections.abc import Iterator, Mapping, Sequence

from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.model.evaluate_indicators import Mode, yardstick
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.model.settings import Settings
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.issues import units_of_issue
from tenproj_xl.rollup.facts.model import IN_TIME_STATES, Facts
from tenproj_xl.rollup.facts.supervision import behind_in_words, days_in_words, task_in_words


class CountedAs(LabelledCode):
    """What page one counts, in its order."""

    PACED = "paced", "指标：可比序时"
    MISSING = "missing", "指标：应报未报"
    DUE = "due", "指标：到期"
    UNJUDGED = "unjudged", "指标：暂不评价"
    TASKS = "tasks", "任务"
    ISSUES = "issues", "问题"


@dataclass(frozen=True, kw_only=True)
class CountedLine:
    """One indicator, task or issue; `number` is the name of the number that counts it, `why` is told."""

    part: CountedAs
    number: str
    state: LabelledCode
    code: str
    name: str
    task_force: TaskForce
    unit: str
    why: str


_NUMBERS: Mapping[CountedAs, Mapping[str, tuple[str, ...]]] = {
    CountedAs.PACED: {
        "on_track": (State.ON_PACE,),
        "slow": (State.SLOW,),
        "lagging": (State.BEHIND,),
    },
    CountedAs.MISSING: {"missing": (State.MISSING,)},
    CountedAs.DUE: {
        "met": (State.MET,),
        "missed": (State.MISSED,),
        "pending": (State.PENDING,),
    },
    CountedAs.TASKS: {
        "tasks_on_time": (TaskState.DONE, TaskState.ON_TIME),
        "tasks_soon": (TaskState.DUE_SOON,),
        "tasks_behind": (TaskState.BEHIND,),
        "tasks_overdue": (TaskState.OVERDUE,),
        "tasks_missing": (TaskState.MISSING,),
        "tasks_aside": (TaskState.NOT_INVOLVED,),
    },
    CountedAs.ISSUES: {
        "issues_in_time": IN_TIME_STATES,
        "issues_overdue": (IssueState.OVERDUE,),
    },
}
_OF_FIGURES = (CountedAs.PACED, CountedAs.MISSING, CountedAs.DUE)
_DUE = (State.MET, State.MISSED, State.PENDING)
_UNJUDGED = "unjudged"


class Reason(LabelledCode):
    """Why an indicator is not judged, in the order in which page one names it."""

    NO_TARGET = "no_target", "没有本年目标"
    DERIVED = "derived", "目标为推算"
    UNDECIDED = "undecided", "本年目标未下达"
    NO_PATH = "no_path", "无基期或不按序时"
    STRIVEN = "striven", "力争目标"
    IN_WORDS = "in_words", "定性未到期"
    NOT_YET = "not_yet", "未到发布期"
    PAST = "past", "目标期已过"
    NOT_INVOLVED = "not_involved", "不涉及"


def reason_of(line: IndicatorLine, settings: Settings) -> Reason:
    """Return why an indicator that is not 应评 is not judged."""
    of_state = {
        State.UNDECIDED: Reason.UNDECIDED,
        State.NOT_YET: Reason.NOT_YET,
        State.PAST: Reason.PAST,
        State.NOT_INVOLVED: Reason.NOT_INVOLVED,
    }
    if line.state in of_state:
        return of_state[line.state]
    stick = line.yardstick
    if stick is None and line.due is not None:
        stick = yardstick(line.indicator, line.due, settings)
    if stick is None or stick.target is None:
        return Reason.NO_TARGET
    if not stick.target.judges:
        return Reason.DERIVED
    if stick.mode is Mode.WORDS:
        return Reason.IN_WORDS
    if stick.mode is Mode.REFERENCE:
        return Reason.NO_PATH
    return Reason.STRIVEN


def counted_lines(facts: Facts) -> tuple[CountedLine, ...]:
    """Return a line for every indicator, every task and every open issue, as page one counts them."""
    lines = [*_of_indicators(facts), *_of_tasks(facts), *_of_issues(facts)]
    parts: list[CountedAs] = list(CountedAs)
    numbers = [*(name for names in _NUMBERS.values() for name in names), _UNJUDGED]
    return tuple(
        sorted(
            lines,
            key=lambda line: (parts.index(line.part), numbers.index(line.number), line.task_force.code),
        )
    )


def spans_of(lines: Sequence[CountedLine]) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Return the first and last line that each number counts: of each task force, and of all under ""."""
    spans: dict[tuple[str, str], tuple[int, int]] = {}
    for n, line in enumerate(lines):
        for task_force in ("", line.task_force.code):
            first, _ = spans.get((line.number, task_force), (n, n))
            spans[line.number, task_force] = first, n
    return spans


def _number(part: CountedAs, state: str) -> str:
    return next(name for name, states in _NUMBERS[part].items() if state in states)


def _of_indicators(facts: Facts) -> Iterator[CountedLine]:
    for line in facts.indicators:
        part, number = CountedAs.UNJUDGED, _UNJUDGED
        why = reason_of(line, facts.data.settings).label
        if line.counted:
            part = next(part for part in _OF_FIGURES if _holds(_NUMBERS[part], line.state))
            number, why = _number(part, line.state), behind_in_words(line)
        yield CountedLine(
            part=part,
            number=number,
            state=line.state,
            code=line.indicator.code,
            name=line.indicator.name,
            task_force=line.task_force,
            unit=facts.data.units(line.indicator.reporting_unit),
            why=why,
        )


def _holds(names: Mapping[str, tuple[str, ...]], state: str) -> bool:
    return any(state in states for states in names.values())


def _of_tasks(facts: Facts) -> Iterator[CountedLine]:
    for line in facts.tasks:
        yield CountedLine(
            part=CountedAs.TASKS,
            number=_number(CountedAs.TASKS, line.state),
            state=line.state,
            code=line.task.code,
            name=line.task.name,
            task_force=line.task_force,
            unit=facts.data.units(line.task.lead_unit),
            why=task_in_words(line),
        )


def _of_issues(facts: Facts) -> Iterator[CountedLine]:
    for line in facts.issues:
        if line.is_open:
            yield CountedLine(
                part=CountedAs.ISSUES,
                number=_number(CountedAs.ISSUES, line.state),
                state=line.state,
                code=line.code,
                name=line.text("description"),
                task_force=line.task_force,
                unit="、".join(units_of_issue(line, facts.data)),
                why=days_in_words(line.days_left),
            )


def reasons_in_words(facts: Facts) -> str:
    """Return why indicators are not judged, with how many: `没有本年目标10、未到发布期2`."""
    settings = facts.data.settings
    found = [reason_of(line, settings) for line in facts.indicators if not line.counted]
    return "、".join(f"{label_of(reason)}{found.count(reason)}" for reason in Reason if reason in found)


def due_years(facts: Facts) -> str:
    """Return the years of the targets by which figures are judged in the end: `（2023—2025年）`."""
    due = [line for line in facts.indicators if line.counted and line.state in _DUE]
    years = sorted(
        {line.yardstick.target.period.year for line in due if line.yardstick and line.yardstick.target}
    )
    if not years:
        return ""
    if years[0] == years[-1]:
        return f"（{years[0]}年）"
    return f"（{years[0]}—{years[-1]}年）"


def passed_targets(facts: Facts) -> str:
    """Return what targets are called that have passed while the newest figures are judged by something else.

    A year, or the week in which one ends, has some of its own: they are no earlier ones.
    """
    for line in facts.indicators:
        if not (line.missed_before or line.unverified_before):
            continue
        for judgement in line.passed:
            is_open = judgement.state in (State.MISSED, State.PENDING)
            if is_open and judgement.target.period.last >= facts.data.period.first:
                return "到期目标"
    return "往期目标"
