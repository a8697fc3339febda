"""The command `plan new-year`: make the plan ready for the forms of the next year."""

from collections.abc import Container, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plan_book import rewrite_plan
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.cells import Rows, address
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.tables import data_rows, locate
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.issued_view import NEW_YEAR
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.history import History
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.issues import issue_histories
from tenproj_xl.model.plan import Indicator, Plan
from tenproj_xl.model.plan_schema import OF_ONE_YEAR, TASKS
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.unlit import NoLight, unlit_indicators
from tenproj_xl.reading.office_book import load_rows

_Cell = tuple[str, str]
"""The code of a task, and a field of it."""
_LATEST_MONTH = 3
"""The last month of a year in which the plan may still be made ready for it."""


@dataclass(frozen=True, kw_only=True)
class NewYear:
    """What goes on in a new year.

    `with_target` are the indicators that have a target for it, or one to be reached later; `undecided` those
    whose target of the year is not decided yet. `cleared` are the tasks whose goal or investment was that of
    the year before.
    """

    year: int
    tasks: tuple[str, ...]
    issues: tuple[str, ...]
    with_target: tuple[Indicator, ...]
    undecided: tuple[Indicator, ...]
    cleared: tuple[str, ...]
    backup: Path | None


def new_year(workspace: Workspace, year: int | None, now: datetime) -> NewYear:
    """Clear what the plan says of the year before alone, and tell what goes on and what is to be decided.

    Tasks, issues and targets of several years go on by themselves; what was written for the new year already
    stays. The previous workbook is kept in 备份; the ledger notes for which year the workbook is ready. The
    year is by default that after the newest period that forms went out for, or in its first months that of
    this period, if forms of the year before went out.

    Raises:
        UsageProblem: The programme does not last that long, or forms of the year before are still to go out.
    """
    workbooks = load(workspace)
    if year is None:
        year = _next_year(workspace, workbooks)
    if year not in workbooks.plan.programme.years:
        last = workbooks.plan.programme.last_year
        raise UsageProblem(f"方案到{last}年为止，不含{year}年。要延长的，请先改“方案”表的终止年。")
    with look_into_ledger(workspace.ledger) as ledger:
        loaded = with_issued(workbooks, ledger)
        known = _known(loaded, ledger, year)
        stale = _as_before(workbooks.plan, _last_plan(loaded, ledger, year))
    open_tasks = [task.code for task in loaded.plan.tasks if not known.is_finished(task)]
    undecided = _undecided(loaded, year)
    texts, cleared = _of_the_year_before(workspace, stale)
    with opened_ledger(workspace, loaded, who=f"tenproj {NEW_YEAR}") as ledger:
        # From here on the workbook is that of the year: periods before it keep the plan in force in them.
        # Noted before anything is cleared, so that no cleared goal is ever read as one of the year before.
        if ledger.year_begun() != year:
            _note_year_begun(ledger, year, loaded.snapshots)
        backup = None
        if cleared:
            backup = rewrite_plan(workspace, {TASKS.name: texts}, now)
    return NewYear(
        year=year,
        tasks=tuple(open_tasks),
        issues=tuple(issue.code for issue in issue_histories(known) if not issue.signed_off),
        with_target=tuple(i for i in loaded.plan.indicators if i not in undecided and _aims_at(i, year)),
        undecided=undecided,
        cleared=cleared,
        backup=backup,
    )


def _note_year_begun(ledger: Ledger, year: int, snapshots: Snapshots) -> None:
    with ledger.batch(f"{NEW_YEAR} {year}", datetime.now(UTC), snapshots):
        pass  # the batch says it all


def _next_year(workspace: Workspace, workbooks: Loaded) -> int:
    with look_into_ledger(workspace.ledger) as ledger:
        loaded = with_issued(workbooks, ledger)
        newest = issued_period(None, loaded, ledger)
        first_year = min(loaded.settings.span(code).year for code in ledger.issued_periods())
    has_begun = newest.first.month <= _LATEST_MONTH and first_year < newest.first.year
    return newest.first.year if has_begun else newest.first.year + 1


def _known(loaded: Loaded, ledger: LedgerView, year: int) -> History:
    """Return what is known up to the newest forms, which must be the last of the year before.

    Raises:
        UsageProblem: Forms of the year before are still to go out, or the year has begun long ago.
    """
    newest = ledger.newest_period()
    if newest is None:
        raise UsageProblem("还没有下发过填报表，不必结转：直接填好工作计划，再运行 tenproj generate。")
    period = loaded.settings.span(newest)
    if period.first >= date(year, _LATEST_MONTH + 1, 1):
        raise UsageProblem(
            f"最近下发的是{period.dated_label}的填报表，{year}年早已开始，没有改动工作计划。"
            f"要为下一年做准备的，请在年底运行：tenproj plan new-year {period.first.year + 1}"
        )
    following = loaded.settings.calendar.following(period)
    if following.year < year:
        raise UsageProblem(
            f"{following.name}还没有下发。请在{year - 1}年最后一期的填报表下发之后，再运行本命令。"
        )
    plans = in_force(loaded, ledger)
    return plans.known(plans.history_of(ledger, period.first, period.last), period)


def _aims_at(indicator: Indicator, year: int) -> bool:
    return any(target.period.year >= year for target in indicator.targets)


def _undecided(loaded: Loaded, year: int) -> tuple[Indicator, ...]:
    """Return the indicators whose target of a year is to be decided yet."""
    unlit = unlit_indicators(loaded.plan, year, loaded.settings)
    return tuple(line.indicator for line in unlit if line.reason is NoLight.NO_TARGET)


def _last_plan(loaded: Loaded, ledger: LedgerView, year: int) -> Plan:
    """Return the plan in force in the last period before a year that forms went out for, or in the first."""
    issued = [loaded.settings.span(code) for code in ledger.issued_periods()]
    before = [period for period in issued if period.year < year]
    return in_force(loaded, ledger).plan_at((before or issued[:1])[-1])


def _as_before(written: Plan, then: Plan) -> set[_Cell]:
    """Return what is still written of tasks as it was in the plan of the year before."""
    known = {task.code: task for task in then.tasks}
    stale = set[_Cell]()
    for task in written.tasks:
        before = known.get(task.code) or known.get(task.former_code)
        if before:
            same = [field for field in OF_ONE_YEAR if getattr(task, field) == getattr(before, field)]
            stale.update((task.code, field) for field in same)
    return stale


def _of_the_year_before(
    workspace: Workspace, stale: Container[_Cell]
) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return the empty texts, by address, for what the plan says of tasks for a year, and those tasks."""
    (sheets,) = load_rows(workspace.plan)
    texts: dict[str, str] = {}
    cleared: dict[str, None] = {}
    for (code, field), cell in _filled(sheets[TASKS.name]):
        if (code, field) in stale:
            texts[cell] = ""
            cleared[code] = None
    return texts, tuple(cleared)


def _filled(rows: Rows) -> Iterator[tuple[_Cell, str]]:
    """Yield each cell that is of one year and filled in, with its address."""
    layout = locate(rows, TASKS)
    if layout is None:
        raise ValueError("the plan was read, and has no table of tasks")
    for row in data_rows(rows, layout):
        for field in OF_ONE_YEAR:
            if text_of(row.cells.get(field)):
                cell = text_of(row.cells["code"]), field
                yield cell, address(row.index, layout.positions[field])
