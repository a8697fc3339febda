"""What the tests of the office's decisions share."""

import shutil
from pathlib import Path

import pytest

from tenproj_xl.app.merge import merge
from tenproj_xl.app.workspace import Workspace
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.shared import copied_as, made_once


@pytest.fixture(scope="session")
def _behind(_later_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        shutil.copytree(_later_week, folder)
        office = Office.of(Workspace(folder), PERIOD)
        form = office.right("03")
        for code in ("R03-01", "R03-02"):
            form.write("tasks", code, status="滞后", problems="资金未到位", next_steps="提请协调")
        office.send(form)
        merge(office.workspace, PERIOD)

    return made_once(tmp_path_factory, "behind", make)


@pytest.fixture
def behind(_behind: Path, later: Office, tmp_path: Path) -> Office:
    """Task force 03 returns that its first two tasks lag; the roll-up lists them as 黄催办."""
    return copied_as(later, _behind, tmp_path)
