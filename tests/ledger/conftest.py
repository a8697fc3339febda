"""What the tests of the ledger share."""

import shutil
from pathlib import Path

import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.workspace import Workspace
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.shared import copied, made_once


@pytest.fixture(scope="session")
def _recorded(_first_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        shutil.copytree(_first_week, folder)
        office = Office.of(Workspace(folder), PERIOD)
        office.send(office.right("02"))
        ingest(office.workspace)

    return made_once(tmp_path_factory, "recorded", make)


@pytest.fixture
def recorded(_recorded: Path, tmp_path: Path) -> Path:
    """The ledger of the first week, in which forms and the return of 02 are recorded."""
    return copied(_recorded, tmp_path).ledger / "台账.sqlite3"
