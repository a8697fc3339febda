"""The frames say what the sheets say: same lines, same columns, codes for labels."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pandera.errors import SchemaError

from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.states import State
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.data_columns import columns_of
from tenproj_xl.rollup.drawing.table import Field, Holds
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.frames import (
    SOURCES,
    DataTable,
    Frames,
    data_tables,
    frames_of,
    schemas_of,
)
from tenproj_xl.rollup.registry import SPECS
from tests.helpers import rollup_example as ex
from tests.helpers.frame_reading import differences

EXAMPLES: dict[str, Callable[[], RollupInput]] = {
    **ex.DATA_SETS,
    **{name: made for name, (made, _) in ex.OWN_SHEETS.items() if "public" not in name},
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_frame_says_what_the_cells_of_its_sheet_say(name: str, tmp_path: Path) -> None:
    facts = facts_of(EXAMPLES[name]())
    write_rollup(tmp_path / "x.xlsx", facts)
    frames, schemas = frames_of(facts), schemas_of(facts)
    titles = {spec.code: spec.title for spec in SPECS}
    found = []
    for code, frame in frames.items():
        assert isinstance(frame, pd.DataFrame)
        if code != SOURCES:
            found += differences(tmp_path / "x.xlsx", titles[code], frame, schemas[code])
    assert found == []


def test_the_typed_dict_names_every_data_sheet_of_leaders_and_the_sources() -> None:
    declared = {spec.code for spec in SPECS if spec.table is not None and not spec.only_public}
    assert set(Frames.__annotations__) == declared | {SOURCES}


@pytest.mark.parametrize("name", ["ordinary", "quarter", "year"])
def test_every_column_has_a_meaning_and_every_number_a_unit(name: str) -> None:
    tables = data_tables(facts_of(EXAMPLES[name]()))
    for table in tables:
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names))
        for column in table.columns:
            where = f"{table.code}.{column.name}"
            assert column.meaning.endswith("。"), where
            assert bool(column.unit) == (column.holds in (Holds.NUMBER, Holds.COUNT)), where


def test_states_are_codes_and_the_schema_has_their_labels() -> None:
    facts = facts_of(ex.ordinary_week())
    states = frames_of(facts)["indicators"]["state"]
    assert set(states) <= {str(state) for state in State}
    labels = schemas_of(facts)["indicators"].columns["state"].metadata["labels"]
    assert labels["behind"] == "滞后"


def test_columns_that_the_plan_adds_are_there() -> None:
    frame = frames_of(facts_of(ex.ordinary_week()))["indicators"]
    assert [name for name in map(str, frame) if name.startswith("target_")] == [
        "target_now",
        "target_2023",
        "target_2024",
        "target_2025",
        "target_2027",
    ]


def test_types_are_those_of_the_declaration_even_where_there_are_no_lines() -> None:
    full = frames_of(facts_of(ex.ordinary_week()))
    empty = frames_of(facts_of(ex.rollup_input()))
    assert len(empty["indicators"]) == 0
    for code in ("tasks", "issues", "indicators", "duties", "sources"):
        assert empty[code].dtypes.to_dict() == full[code].dtypes.to_dict()
    types = full["indicators"].dtypes.astype(str)
    assert types[["value", "pending", "counted", "state"]].tolist() == ["float64", "Int64", "bool", "string"]
    assert str(full["issues"]["raised_on"].dtype) == "datetime64[ms]"


def test_words_among_numbers_have_a_column_of_their_own() -> None:
    week = ex.week_of(ex.figure("Z02-05", "保持稳定", "2026年10月"), ex.figure("Z01-01", 85.0, "2026年10月"))
    frame = frames_of(facts_of(week))["indicators"].set_index("code")
    assert frame.loc["Z01-01", "value"] == 85.0
    assert frame["value"].isna()["Z02-05"]
    assert frame.loc["Z02-05", "value_words"] == "保持稳定"
    assert frame["value_words"].notna().sum() == 1


def test_totals_are_left_out_so_that_nothing_counts_twice() -> None:
    facts = facts_of(ex.ordinary_week())
    frame = frames_of(facts)["duties"]
    assert len(frame) == sum(not line.is_total for line in facts.duties)
    assert frame["kind"].notna().all()


def test_each_figure_has_the_file_sheet_and_cell_that_it_was_typed_in() -> None:
    week = ex.week_of(ex.figure("Z01-01", 85.0, "2026年10月", city_rank=3.0))
    sources = frames_of(facts_of(week))["sources"]
    lines = sources[["table", "code", "column", "file", "sheet", "cell"]].to_numpy().tolist()
    assert lines == [
        ["indicators", "Z01-01", "value", "01填报表.xlsx", "主要指标进度表", "K8"],
        ["indicators", "Z01-01", "data_period", "01填报表.xlsx", "主要指标进度表", "L8"],
        ["indicators", "Z01-01", "nature", "01填报表.xlsx", "主要指标进度表", "M8"],
        ["indicators", "Z01-01", "city_rank", "01填报表.xlsx", "主要指标进度表", "N8"],
    ]
    assert sources["received_at"].tolist() == ["2026-11-23T09:00:00+08:00"] * 4


def test_a_forecast_of_last_year_that_is_not_shown_has_no_source() -> None:
    row = ex.figure("Z01-01", 85.0, "2026年12月", period="2027-W02", forecast=98.0)
    week = replace(ex.week_of(row), period=parse_period("2027-W02"))
    frames = frames_of(facts_of(week))
    assert frames["indicators"].set_index("code").loc[["Z01-01"], "forecast"].isna().all()
    assert set(frames["sources"]["column"]) == {"value", "data_period", "nature"}


def test_a_word_where_only_numbers_are_declared_is_a_fault_and_not_passed_over() -> None:
    broken: Field[object] = Field("n", "数", "一个数。", 5, lambda _: "无", holds=Holds.COUNT)
    table = DataTable(code="x", title="x", columns=tuple(columns_of(broken)), lines=[1])
    with pytest.raises((SchemaError, TypeError, ValueError)):
        _ = table.frame


def test_what_was_reported_to_a_form_of_before_ends_no_frame() -> None:
    old = ex.row("tasks", "R01-01", {"status": "基本完成", "completed_on": "年底", "invest_done": "一亿"})
    frames = frames_of(facts_of(ex.week_of(old)))
    task = frames["tasks"].set_index("code").loc["R01-01"]
    assert task["status"] == "基本完成"
    assert task[["completed_on", "invest_done"]].isna().all()
    typed = frames["sources"].set_index("column")["cell"].to_dict()
    assert {"status", "completed_on", "invest_done"} <= set(typed)
