"""Workspaces with returns in their inbox, filled in by the product's own forms."""

import io
import os
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.clerks import answers, filled, issue_forms
from tenproj_xl.core.periods import parse_period, week_of

FIRST_WEEK = "2026-W10"


def weeks_of_ten(folder: Path, weeks: int) -> str:
    """Fill in and send the forms of some weeks; return the code of the last week."""
    workspace = Workspace(folder)
    initialise(workspace)
    week = parse_period(FIRST_WEEK)
    for _ in range(weeks):
        office = issue_forms(workspace, week.code)
        for code, form in office.forms.items():
            office.send(filled(office, code, answers(form, 0)))
        week = week_of(week.last + timedelta(days=1))
    return week_of(week.first - timedelta(days=1)).code


def many_of_one_week(folder: Path, count: int) -> str:
    """Send the ten forms of a week again and again, each time other bytes; return the code of the week.

    A comment at the end of the zip makes each file a new one; it counts as the unit's newest return.
    """
    period = weeks_of_ten(folder, 1)
    inbox = Workspace(folder).inbox
    first = {path: path.read_bytes() for path in sorted(inbox.glob("*.xlsx"))}
    moments = {path: path.stat().st_mtime for path in first}
    paths = list(first)
    for number in range(len(paths), count):
        path = paths[number % len(paths)]
        again = path.with_stem(f"{path.stem}_{number:06d}")
        again.write_bytes(_with_comment(first[path], number))
        moment = moments[path] + number / 1000
        os.utime(again, (moment, moment))
    return period


def _with_comment(data: bytes, number: int) -> bytes:
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        archive.comment = str(number).encode()
    return file.getvalue()


def copied(folder: Path, name: str) -> Path:
    """Return a copy of a workspace beside it, with the times of its files."""
    copy = folder.with_name(name)
    shutil.copytree(folder, copy)
    return copy
