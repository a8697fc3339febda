"""What is measured at scale: a province in one period, thousands of issues, years behind a week."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from benchmarks import history
from benchmarks.issues import register_issues
from benchmarks.measures import Size, compared, memory, roll_up_of
from benchmarks.peers import CALAMINE, office_script
from benchmarks.processes import fastest, python, tenproj
from benchmarks.results import Result
from benchmarks.returns import returns_of_a_province, weeks_of_ten
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.periods import parse_period, week_of

_FEW_ISSUES = 1000
_MILLISECONDS = 1000


def recipients(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure a period in which every unit of a province returned its own form."""
    folder = scratch / "recipients"
    period = returns_of_a_province(folder, size.recipients)
    inbox = Workspace(folder).inbox
    script = office_script(inbox, scratch / "script.xlsx", is_watched=True)
    calamine = python(CALAMINE, str(inbox), is_watched=True)
    merge = tenproj(folder, "merge", "--period", period, is_watched=True)
    what = f"`merge` of {size.recipients} recipients of one period"
    yield compared("recipients", what, "the office's script", merge, script, aim=0.1)
    yield compared("recipients-calamine", what, "calamine, cells only", merge, calamine)


def province(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure the forms of a province, each against one of the district."""
    many, ten = scratch / "province", scratch / "district"
    period = returns_of_a_province(many, size.recipients)
    weeks_of_ten(ten, 1)
    most = tenproj(many, "generate", "--by", "unit", "--period", period, is_watched=True)
    few = fastest(tenproj(ten, "generate", "--period", period) for _ in range(size.rounds))
    yield Result(
        code="province",
        what=f"`generate --by unit` for {size.recipients} units, for each form",
        against="for ten task forces",
        ours=most.seconds / size.recipients * _MILLISECONDS,
        other=few.seconds / 10 * _MILLISECONDS,
        unit="ms",
        note=memory(most),
    )


def issues(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure the forms of the week after one in which thousands of issues were registered."""
    folder = scratch / "issues"
    period = weeks_of_ten(folder, 1)
    tenproj(folder, "merge")
    following = week_of(parse_period(period).last + timedelta(days=1)).code
    took = {}
    for count in (0, _FEW_ISSUES, size.issues):
        copy = folder.with_name(f"issues-{count}")
        shutil.copytree(folder, copy)
        register_issues(Workspace(copy), period, count)
        took[count] = fastest(
            tenproj(copy, "generate", "--period", following, is_watched=True) for _ in range(size.rounds)
        )
    nothing, few, many = took[0], took[_FEW_ISSUES], took[size.issues]
    yield Result(
        code="issues",
        what=f"`generate` after {size.issues} new issues ({many.seconds:.1f} s), of the processor for each",
        against=f"after {_FEW_ISSUES}",
        ours=many.without(nothing).processor / size.issues * _MILLISECONDS,
        other=few.without(nothing).processor / _FEW_ISSUES * _MILLISECONDS,
        unit="ms",
        aim=1.2,
        note=memory(many),
    )


def large_roll_up(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure the writing of a roll-up of very many rows; each issue stands in four of its sheets."""
    folder = scratch / "roll-up-large"
    period = weeks_of_ten(folder, 1)
    tenproj(folder, "merge")
    register_issues(Workspace(folder), period, size.issues_in_rollup)
    whose = f"a week with {size.issues_in_rollup} issues"
    yield roll_up_of(Workspace(folder), period, "roll-up-large", whose, size.rounds)


def years_behind(_: Path, size: Size) -> Iterator[Result]:
    """Measure the commands of a week of a district with and without weeks behind it."""
    yield from _years("history", "a district", history.compared(size.history), size.history)


def years_of_a_province(_: Path, size: Size) -> Iterator[Result]:
    """Measure the commands of a week of a province with and without weeks behind it."""
    whose = f"a province of {size.province} units"
    taken = history.compared(size.history, size.province, runs=1)
    yield from _years("history-province", whose, taken, size.history)


def _years(code: str, whose: str, taken: Mapping[str, tuple[float, float]], weeks: int) -> Iterator[Result]:
    for command, (few, many) in taken.items():
        yield Result(
            code=f"{code}-{command}",
            what=f"`{command}` of {whose} with {weeks} weeks behind it, of the processor",
            against="with one",
            ours=many,
            other=few,
            aim=1.2,
        )


AT_SCALE: Mapping[str, Callable[[Path, Size], Iterator[Result]]] = {
    "recipients": recipients,
    "province": province,
    "issues": issues,
    "roll-up-large": large_roll_up,
    "history": years_behind,
    "history-province": years_of_a_province,
}
