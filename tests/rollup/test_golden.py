"""The roll-up's sheets as golden texts, in three weeks and in the editions; `--renew-golden` keeps what they say."""

from pathlib import Path

import pytest

from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.facts.model import facts_of
from tests.helpers import golden
from tests.helpers import rollup_example as ex


@pytest.mark.parametrize("data_set", ex.DATA_SETS)
def test_every_sheet_says_what_its_golden_text_says(
    data_set: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.DATA_SETS[data_set]()))
    assert golden.compare(path, data_set, renew=pytestconfig.getoption("renew_golden")) == []


@pytest.mark.parametrize("name", ex.OWN_SHEETS)
def test_what_an_edition_has_of_its_own_says_what_its_golden_text_says(
    name: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    made, sheets = ex.OWN_SHEETS[name]
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(made()))
    assert golden.compare(path, name, renew=pytestconfig.getoption("renew_golden"), only=sheets) == []
