"""Reports of several senders on one row: which figure counts while one of them waits for the office."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.cell_sources import CellSource
from tenproj_xl.model.conflicts import ConflictDecision, merged_rows
from tenproj_xl.model.history import Reported, figure_in

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
LEAD, OTHER = "区甲局", "区乙局"


def report(unit: str, value: float | None, hour: int, *, held: bool = False) -> Reported:
    """Return what a unit reports of Z01-01 in W48, whose row 区甲局 reports."""
    changed = {"value", "data_period"}
    if value is None:
        changed = {"remark"}
    return Reported(
        sheet="indicators",
        code="Z01-01",
        task_force="01",
        period=parse_period("2026-W48"),
        values={"value": value, "data_period": "2026-10"},
        typed={},
        cells={"value": "X5"},
        file=f"{unit}{hour}.xlsx",
        sha256=f"{unit}{hour}",
        tab="主要指标进度表",
        received_at=NOON + timedelta(hours=hour),
        seq=hour,
        unit=unit,
        owner=LEAD,
        changed_fields=frozenset(changed),
        held=held,
    )


def counted(rows: Sequence[Reported], *decisions: ConflictDecision) -> tuple[object, str] | None:
    """Return the figure that counts, and the file that it is from."""
    (row,) = merged_rows(rows, decisions)
    figure = figure_in(row)
    if figure is None:
        return None
    return figure.value, figure.row.source("value").file


def test_while_the_last_figure_of_a_unit_waits_that_of_its_return_before_counts() -> None:
    first, second = report(LEAD, 60.0, 1), report(LEAD, 67.0, 2, held=True)
    assert counted([first, second]) == (60.0, "区甲局1.xlsx")
    assert counted([first, second, report(LEAD, 68.0, 3, held=True)]) == (60.0, "区甲局1.xlsx")
    assert counted([second]) is None


def test_a_figure_that_waits_does_not_come_in_through_the_row_of_another_unit() -> None:
    silent, waiting = report(LEAD, None, 1), report(OTHER, 67.0, 2, held=True)
    assert counted([silent, replace(waiting, held=False)]) == (67.0, "区乙局2.xlsx")
    assert counted([silent, waiting]) is None
    assert counted([silent, report(OTHER, 60.0, 1), waiting]) == (60.0, "区乙局1.xlsx")


def test_while_the_figure_of_the_lead_waits_that_of_another_unit_counts() -> None:
    assert counted([report(LEAD, 67.0, 2, held=True), report(OTHER, 60.0, 1)]) == (60.0, "区乙局1.xlsx")


def test_a_figure_that_the_office_chose_between_units_waits_no_longer() -> None:
    rows = [report(LEAD, 67.0, 2, held=True), report(OTHER, 60.0, 1)]
    decision = ConflictDecision(
        period="2026-W48",
        sheet="indicators",
        code="Z01-01",
        field="value",
        reported_values={LEAD: "67", OTHER: "60"},
        chosen=LEAD,
        value=67.0,
        who="王主任",
        why="核实",
        source=CellSource(file="裁定.xlsx", tab="裁定", cell="B2", at=NOON),
    )
    assert counted(rows, decision) == (67.0, "区甲局2.xlsx")
