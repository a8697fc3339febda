"""Workspaces with returns in their inbox: forms that the product issued, filled in by simulated clerks.

Each file is a form of its recipient with tokens and checksums as they went out, and plausible figures. Many
are made in several processes by `benchmarks.quick_filling`.
"""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.province import province
from benchmarks.quick_filling import QuickForm
from tenproj_xl.app.generate import generate
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.cli.clerks import COVER_ANSWERS, MARK, answers
from tenproj_xl.cli.open_form import Answers
from tenproj_xl.core.periods import parse_period, week_of
from tenproj_xl.core.sheets import FORCE
from tenproj_xl.forms.content import build_form
from tenproj_xl.forms.form import Form
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.recipients import of_units
from tenproj_xl.model.sections import Sections
from tenproj_xl.model.units import of_task_force, spoken_task_force

FIRST_WEEK = "2026-W10"
_HOURS_BEFORE = 3
_BATCH = 20
_STEP = 0.0001
"""By what a figure rises from one return to the next."""


@dataclass(frozen=True, kw_only=True)
class Filler:
    """What is needed to fill in one form as often as one likes, in any process."""

    path: Path
    answers: Answers
    cover: Mapping[str, str]
    at: datetime

    @classmethod
    def of(cls, form: Form, folder: Path) -> "Filler":
        """Return the plausible answers to a form that lies in a folder."""
        return cls(
            path=folder / f"{form.stem}.xlsx",
            answers=_own_answers(form),
            cover={"unit": form.recipient.printed, **COVER_ANSWERS},
            at=form.deadline - timedelta(hours=_HOURS_BEFORE),
        )


def weeks_of_ten(folder: Path, weeks: int) -> str:
    """Fill in and send the forms of some weeks; return the code of the last week."""
    workspace = Workspace(folder)
    initialise(workspace)
    week = parse_period(FIRST_WEEK)
    for _ in range(weeks):
        issue_and_send(workspace, week.code, processes=1)
        week = week_of(week.last + timedelta(days=1))
    return week_of(week.first - timedelta(days=1)).code


def many_of_one_week(folder: Path, count: int, *, processes: int | None = None) -> str:
    """Send the ten forms of a week again and again, each time with another figure; return the week's code.

    Each counts as the newest return of its unit.
    """
    workspace = Workspace(folder)
    initialise(workspace)
    generate(workspace, FIRST_WEEK)
    fillers = _fillers(workspace, FIRST_WEEK, by_unit=False)
    works = [
        partial(_send_again, workspace.inbox, filler, range(first, count, len(fillers)))
        for first, filler in enumerate(fillers[:count])
    ]
    _in_processes(works, processes)
    return FIRST_WEEK


def recipients_of_one_period(folder: Path, count: int, *, processes: int | None = None) -> str:
    """Issue the forms of a province to its units, and send them filled in; return the code of the week."""
    issue_and_send(province(folder, count), FIRST_WEEK, by_unit=True, processes=processes)
    return FIRST_WEEK


def issue_and_send(
    workspace: Workspace, period: str, *, by_unit: bool = False, processes: int | None = None
) -> None:
    """Issue the forms of a period, fill them in and put them into the inbox."""
    generate(workspace, period, by_unit=by_unit)
    send_issued(workspace, period, by_unit=by_unit, processes=processes)


def send_issued(
    workspace: Workspace, period: str, *, by_unit: bool = False, processes: int | None = None
) -> None:
    """Fill in the forms that were issued for a period, and put them into the inbox."""
    fillers = _fillers(workspace, period, by_unit=by_unit)
    batches = [fillers[first : first + _BATCH] for first in range(0, len(fillers), _BATCH)]
    _in_processes([partial(_send, workspace.inbox, batch) for batch in batches], processes)


def _fillers(workspace: Workspace, period: str, *, by_unit: bool) -> list[Filler]:
    forms = workspace.outbox / period / "填报表"
    return [Filler.of(form, forms) for form in _issued_forms(workspace, period, by_unit=by_unit)]


def _issued_forms(workspace: Workspace, period_code: str, *, by_unit: bool) -> Iterable[Form]:
    """Return the content of the forms that were issued for a period."""
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        loaded = with_issued(loaded, ledger)
        period = loaded.settings.period(period_code)
        plans = in_force(loaded, ledger)
        known = plans.known(plans.history_of(ledger, period.first, period.last), period)
        secret = ledger.secret
    plan = plans.at(period).plan
    recipients = tuple(of_task_force(force, plan) for force in plan.task_forces)
    if by_unit:
        sections = Sections(plan, loaded.addresses, period.last)
        recipients = of_units(plan, known.before(period), sections)
    return [build_form(plan, loaded.settings, period, one, known, secret) for one in recipients]


def copied(folder: Path, name: str) -> Path:
    """Return a copy of a workspace beside it, with the times of its files."""
    copy = folder.with_name(name)
    shutil.copytree(folder, copy)
    return copy


def _own_answers(form: Form) -> Answers:
    """Return answers to the rows that the form's recipient fills in; a new issue names its unit."""
    own = {(part.sheet.code, row.code) for part in form.sheets for row in part.own if row.code}
    forces = form.recipient.task_forces
    found: dict[tuple[str, str], Mapping[str, object]] = {}
    for (sheet, row), values in answers(form, 0).items():
        if (sheet, row) in own:
            found[sheet, row] = values
        elif row.startswith("+"):
            described = f"{form.recipient.printed}：{values['description']}"
            found[sheet, row] = {**values, "description": described}
            if len(forces) > 1:
                found[sheet, row] = {**found[sheet, row], FORCE: spoken_task_force(forces[0])}
    return found


def _send(inbox: Path, fillers: Sequence[Filler]) -> None:
    for filler in fillers:
        form = QuickForm(filler.path)
        _put(inbox / form.name, form.filled(filler.answers, filler.cover, filler.at), filler.at)


def _send_again(inbox: Path, filler: Filler, numbers: range) -> None:
    """Send one form many times, a second apart, each time with another figure and remark."""
    form = QuickForm(filler.path)
    for number in numbers:
        at = filler.at + timedelta(seconds=number)
        path = inbox / form.name
        if number >= numbers.step:
            path = path.with_stem(f"{path.stem}_{number:06d}")
        _put(path, form.filled(varied(filler.answers, number), filler.cover, at), at)


def varied(given: Answers, number: int) -> Answers:
    """Return answers of which one figure, and what is remarked on it, differ from the given ones by a number.

    The figure rises with the number: one that goes back to an earlier one is asked about.
    """
    found = dict(given)
    for (sheet, row), values in given.items():
        value = values.get("value")
        if isinstance(value, float) and not value.is_integer():
            remark = f"第{number + 1}稿（{MARK}）"
            found[sheet, row] = {**values, "value": round(value + number * _STEP, 4), "remark": remark}
            break
    return found


def _put(path: Path, data: bytes, at: datetime) -> None:
    path.write_bytes(data)
    os.utime(path, (at.timestamp(), at.timestamp()))


def _in_processes(works: Sequence[partial[None]], processes: int | None) -> None:
    """Do some work in several processes, by default one for each core."""
    count = processes or os.cpu_count() or 1
    if count == 1 or len(works) == 1:
        for work in works:
            work()
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result()
