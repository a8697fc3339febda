"""The roll-up's sheets as golden texts, in three data sets; `--renew-golden` keeps what they say now."""

from pathlib import Path

import pytest

from tenproj_xl.rollup.book import write_rollup
from tests import golden
from tests import rollup_example as ex


@pytest.mark.parametrize("data_set", ex.DATA_SETS)
def test_every_sheet_says_what_its_golden_text_says(data_set: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, ex.DATA_SETS[data_set]())
    assert golden.compare(path, data_set, renew=pytestconfig.getoption("renew_golden")) == []
