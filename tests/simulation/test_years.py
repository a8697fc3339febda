"""A few weeks of a simulated district; `.ci/run years` runs more of it, by a seed that it prints."""

from pathlib import Path

import pytest

from tests.simulation.years import Simulation


@pytest.mark.parametrize("seed", [1, 7])
def test_no_week_changes_what_was_told_of_another(seed: int, tmp_path: Path) -> None:
    simulation = Simulation(tmp_path / "workspace", seed)
    simulation.run(9)
    assert simulation.reports
    assert simulation.given_out
