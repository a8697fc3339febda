"""Workspaces with returns in their inbox: forms that the product issued, filled in by simulated clerks.

Each file is a form of its recipient with tokens and checksums as they went out, and plausible figures. Many
are made in several processes by `benchmarks.quick_filling`.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.province import province
from benchmarks.quick_filling import QuickForm
from tenproj_xl.app.generate import generate
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.clerks import COVER_ANSWERS, answers, issued_forms
from tenproj_xl.cli.open_form import Answers
from tenproj_xl.core.periods import parse_period, week_of
from tenproj_xl.core.processors import usable_cores
from tenproj_xl.core.second_process import WRITING_FORMS, second_process
from tenproj_xl.core.sheets import FORCE
from tenproj_xl.forms.form import Form
from tenproj_xl.model.units import spoken_task_force

FIRST_WEEK = "2026-W10"
_HOURS_BEFORE = 3
_BATCH = 20
MOST_RECIPIENTS = 1000
"""As many units of a province get a form of their own at most."""
_WEEKS_WITH_ISSUES = 3
"""A unit of a province registers one issue in each of the first weeks: nobody has a hundred open ones."""


@dataclass(frozen=True, kw_only=True)
class Filler:
    """What is needed to fill in one form as often as one likes, in any process."""

    path: Path
    answers: Answers
    cover: Mapping[str, str]
    at: datetime

    @classmethod
    def of(cls, form: Form, folder: Path, sending: "Sending") -> "Filler":
        """Return the plausible answers to a form that lies in a folder."""
        return cls(
            path=folder / f"{form.stem}.xlsx",
            answers=_own_answers(form, has_issues=sending.has_issues),
            cover={"unit": form.recipient.printed, **COVER_ANSWERS},
            at=form.deadline - timedelta(hours=_HOURS_BEFORE),
        )


@dataclass(frozen=True, kw_only=True)
class Sending:
    """How the forms of a week come back.

    Attributes:
        by_unit: Whether each unit has a form of its own.
        has_issues: Whether new issues are registered.
        processes: How many processes fill them in, None for one for each core.
    """

    by_unit: bool = False
    has_issues: bool = True
    processes: int | None = None


def weeks_of_ten(folder: Path, weeks: int) -> str:
    """Fill in and send the forms of some weeks; return the code of the last week."""
    workspace = Workspace(folder)
    initialise(workspace)
    return _weeks(workspace, [Sending(processes=1)] * weeks)


def returns_of_a_province(folder: Path, count: int, *, processes: int | None = None) -> str:
    """Issue forms to the units of a province, and send them filled in; return the code of the last week.

    As many units as returns report for one week; 1,000 units report for more weeks where there are more.

    Raises:
        ValueError: So many returns are no whole number of weeks.
    """
    units = min(count, MOST_RECIPIENTS)
    weeks, rest = divmod(count, units)
    if rest:
        raise ValueError(f"{count} returns are no weeks of {units} units")
    sendings = [
        Sending(by_unit=True, has_issues=week < _WEEKS_WITH_ISSUES, processes=processes)
        for week in range(weeks)
    ]
    return _weeks(province(folder, units), sendings)


def _weeks(workspace: Workspace, sendings: Sequence[Sending]) -> str:
    week = parse_period(FIRST_WEEK)
    for sending in sendings:
        issue_and_send(workspace, week.code, sending)
        week = week_of(week.last + timedelta(days=1))
    return week_of(week.first - timedelta(days=1)).code


def issue_and_send(workspace: Workspace, period: str, sending: Sending) -> None:
    """Issue the forms of a period as the command does then, fill them in and put them into the inbox."""
    begins = datetime.combine(parse_period(period).first, time(), UTC)
    with second_process(WRITING_FORMS):
        generate(workspace, period, by_unit=sending.by_unit, now=begins)
    send_issued(workspace, period, sending)


def send_issued(workspace: Workspace, period: str, sending: Sending) -> None:
    """Fill in the forms that were issued for a period, and put them into the inbox."""
    fillers = _fillers(workspace, period, sending)
    batches = [fillers[first : first + _BATCH] for first in range(0, len(fillers), _BATCH)]
    _in_processes([partial(_send, workspace.inbox, batch) for batch in batches], sending.processes)


def _fillers(workspace: Workspace, period: str, sending: Sending) -> list[Filler]:
    folder = workspace.outbox / period / "填报表"
    _, forms = issued_forms(workspace, period, by_unit=sending.by_unit)
    return [Filler.of(form, folder, sending) for form in forms]


def copied(folder: Path, name: str) -> Path:
    """Return a copy of a workspace beside it, with the times of its files."""
    copy = folder.with_name(name)
    shutil.copytree(folder, copy)
    return copy


def _own_answers(form: Form, *, has_issues: bool) -> Answers:
    """Return answers to the rows that the form's recipient fills in; a new issue names its unit."""
    own = {(part.sheet.code, row.code) for part in form.sheets for row in part.own if row.code}
    forces = form.recipient.task_forces
    found: dict[tuple[str, str], Mapping[str, object]] = {}
    for (sheet, row), values in answers(form, 0).items():
        if (sheet, row) in own:
            found[sheet, row] = values
        elif row.startswith("+") and has_issues:
            described = f"{form.recipient.printed}：{values['description']}"
            found[sheet, row] = {**values, "description": described}
            if len(forces) > 1:
                found[sheet, row] = {**found[sheet, row], FORCE: spoken_task_force(forces[0])}
    return found


def _send(inbox: Path, fillers: Sequence[Filler]) -> None:
    for filler in fillers:
        form = QuickForm(filler.path)
        _put(inbox / form.name, form.filled(filler.answers, filler.cover, filler.at), filler.at)


def _put(path: Path, data: bytes, at: datetime) -> None:
    path.write_bytes(data)
    os.utime(path, (at.timestamp(), at.timestamp()))


def _in_processes(works: Sequence[partial[None]], processes: int | None) -> None:
    """Do some work in several processes, by default one for each core."""
    count = processes or usable_cores()
    if count == 1 or len(works) == 1:
        for work in works:
            work()
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result()
