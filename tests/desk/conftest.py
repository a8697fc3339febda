"""A desk without a browser: pages are asked for as a browser would, commands run as processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.visitor import Visitor
from tests.helpers.filling import Office


@pytest.fixture
def visitor(week: Office) -> Iterator[Visitor]:
    """A browser that came by the address of a desk, on the first week of all."""
    yield (at := Visitor(week.workspace.root))
    at.wait()


@pytest.fixture
def beginner(tmp_path: Path) -> Iterator[Visitor]:
    """A browser on a desk that was started in an empty folder."""
    yield (at := Visitor(tmp_path))
    at.wait()
