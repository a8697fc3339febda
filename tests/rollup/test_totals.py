"""The roll-up against pandas: the same returns, read and summed by nothing of the product's own."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import Merged
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.rollup_reading import table

HEADER_ROW = 3


def returned(paths: Sequence[Path], sheet: str) -> pd.DataFrame:
    """One sheet of all returns, as the script of an office would read it."""
    frames = (
        pd.read_excel(p, sheet_name=sheet, header=HEADER_ROW, dtype=object, engine="openpyxl") for p in paths
    )
    return pd.concat(frames)


def sums(values: "pd.Series[Any]", groups: "pd.Series[Any]") -> dict[str, float]:
    """The sum of the numbers in each group; what is no number counts nothing."""
    added = pd.to_numeric(values, errors="coerce").groupby(groups).sum()
    return {str(name): float(total) for name, total in added.items()}


@pytest.fixture
def merged(week: Office, tmp_path: Path) -> tuple[Merged, list[Path]]:
    kept = []
    for code, form in week.forms.items():
        if form.recipient.involved:
            filling = week.right(code)
            first = form.part("tasks").rows[0].code
            filling.write("tasks", first, invest_done=1.25 * int(code), person=f"负责人{code}")
            kept.append(filling.save(tmp_path / f"{code}.xlsx"))
            week.send(filling)
    return merge(week.workspace, PERIOD), kept


def test_figures_by_task_force_add_up_to_what_pandas_adds_up(
    merged: tuple[Merged, list[Path]],
) -> None:
    done, paths = merged
    sent = returned(paths, "主要指标进度表")
    lines = table(done.rollup, "主要指标")
    sent = sent.assign(指标编号=sent["指标编号"].astype(str).str.split("/").str[0])
    # Of the row for the current figure and those for verified ones the first that is filled in is the newest.
    sent = sent[sent["最新数值"].notna()].drop_duplicates("指标编号")
    theirs = sums(sent["最新数值"], sent["指标编号"].str[1:3])
    # Last year's figure of an indicator without a target for this one stands as the last value.
    is_of_last_year = lines["进度评价"] == "本年目标未下达"
    ours = sums(lines["最新数值"].mask(is_of_last_year, lines["上次数值"]), lines["专班"])
    assert set(theirs) <= set(ours)
    for task_force, total in theirs.items():
        assert math.isclose(total, ours[task_force]), task_force
    assert pd.to_numeric(sent["最新数值"], errors="coerce").notna().sum() > 40


def test_investment_and_states_of_tasks_are_those_that_were_sent(
    merged: tuple[Merged, list[Path]],
) -> None:
    done, paths = merged
    sent = returned(paths, "重点任务进度表")
    lines = table(done.rollup, "重点任务")
    theirs = pd.to_numeric(sent["累计完成投资（亿元）"], errors="coerce").sum()
    ours = pd.to_numeric(lines["累计完成投资（亿元）"], errors="coerce").sum()
    assert theirs == ours == 1.25 * (1 + 2 + 3 + 4 + 8 + 9 + 10)
    counted = lines.loc[lines["当前状态（自报）"] != "", "当前状态（自报）"].value_counts().to_dict()
    assert counted == sent["当前状态"].value_counts().to_dict()
    by_code = dict(zip(sent["任务编号"], sent["本期进展"], strict=True))
    reported = lines[lines["专班"].isin(["01", "02", "03", "04", "08", "09", "10"])]
    assert dict(zip(reported["编号"], reported["本期进展"], strict=True)) == by_code
