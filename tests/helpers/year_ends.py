"""The turn of a year through the real commands: figures of December that come in January and February, or not.

One district of one task force with a dozen indicators of all kinds; forms go out in two weeks of the old year and
three of the new. Which figure comes when, how good it is and whether it is verified in the end, is drawn by chance.
"""

import os
import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import week_of
from tenproj_xl.model.plan_schema import PLAN_SHEETS
from tests.helpers.filling import Office, sent_out, typed

UNIT = "县经信局"
Answers = dict[tuple[str, str], dict[str, object]]


class Sort(NamedTuple):
    """A sort of indicator, with its wording and its targets of the year before, the year itself and the year after."""

    unit: str
    measure: str
    direction: str
    frequency: str
    lag: int
    wording: str
    goals: tuple[float | None, float | None, float | None]


INDICATORS = {
    "Z01-01": Sort("亿元", "逐年", "越高越好", "月", 20, "以上", (100, 100, 110)),
    "Z01-02": Sort("亿元", "逐年", "越高越好", "月", 20, "超过", (100, 100, 110)),
    "Z01-03": Sort("亿元", "逐年", "越高越好", "季", 30, "力争", (100, 100, 110)),
    "Z01-04": Sort("个", "逐年", "适中", "季", 30, "左右", (100, 100, 100)),
    "Z01-05": Sort("家", "期末存量", "越高越好", "季", 30, "以上", (90, 100, 110)),
    "Z01-06": Sort("%", "比率", "越低越好", "季", 30, "以内", (110, 100, 90)),
    "Z01-07": Sort("亿元", "期间累计", "越高越好", "月", 20, "以上", (50, 100, 150)),
    "Z01-08": Sort("百分点", "增速", "越高越好", "月", 20, "提高", (100, 100, 100)),
    "Z01-09": Sort("亿元", "目标年当年", "越高越好", "年", 60, "达", (100, 100, 100)),
    "Z01-10": Sort("—", "定性", "越高越好", "半年", 30, "保持", (None, None, None)),
    "Z01-11": Sort("亿元", "逐年", "越高越好", "月", 20, "以上", (100, 100, 110)),
}
QUARTER_TARGETS = {"Z01-11": 70.0}
"""To be reached by the end of the third quarter, of the indicators that have such a target."""


@dataclass(frozen=True)
class YearEnd:
    """A workspace after the last week."""

    workspace: Workspace
    year: int


def lay_down(root: Path, year: int, *, undecided: Collection[str] = ()) -> Workspace:
    """Make a workspace with a plan for a year, the one before and the one after.

    Those `undecided` have no target for the year after.
    """
    workspace = Workspace(root)
    initialise(workspace)
    book = Workbook()
    tables = dict(_tables(year))
    tables["年度计划"] = [row for row in tables["年度计划"] if row[0] not in undecided or row[1] != year + 1]
    for sheet in PLAN_SHEETS:
        page = book.create_sheet(sheet.name)
        page.append([column.header for column in sheet.columns])
        for row in tables.get(sheet.name, []):
            page.append([cell if cell != "" else None for cell in row])
    del book["Sheet"]
    book.save(workspace.plan)
    return workspace


def _tables(year: int) -> Iterator[tuple[str, list[list[object]]]]:
    yield (
        "方案",
        [
            ["方案代码", "NM"],
            ["地区", "某县"],
            ["方案名称", "“强县工程”"],
            ["起始年", year - 1],
            ["终止年", year + 1],
            ["办公室", "县攻坚办"],
        ],
    )
    yield "专班", [["01", "强县工程", "涉及", "某县长", UNIT, "", "", ""]]
    yield "单位", [[UNIT, "", "", "", "", "", ""]]
    indicators: list[list[object]] = []
    targets: list[list[object]] = []
    for code, sort in INDICATORS.items():
        row: list[object] = [
            code,
            "01",
            f"指标{code}",
            "",
            sort.unit,
            "",
            sort.measure,
            sort.direction,
            UNIT,
            "",
        ]
        starts = date(year - 1, 1, 1) if sort.measure == "期间累计" else ""
        indicators.append([*row, sort.frequency, sort.lag, "匀速", starts, "", ""])
        for n, goal in enumerate(sort.goals, year - 1):
            words = "保持稳定" if goal is None else ""
            targets.append([code, n, sort.wording, "" if goal is None else goal, words, "原文", "", "", ""])
    targets += [
        [code, f"{year}-Q3", "以上", goal, "", "批准", "", "", ""] for code, goal in QUARTER_TARGETS.items()
    ]
    yield "主要指标", indicators
    yield "年度计划", targets
    tasks = {"R01-01": "建成一座桥", "R01-02": "修好一条路"}
    ends = date(year + 1, 6, 30)
    yield "重点任务", [[code, "01", name, "", UNIT, "", UNIT, "", "", ends] for code, name in tasks.items()]
    yield "节点", [[code, 1, "主体完工", date(year, 12, 28), "批准"] for code in tasks]


def weeks(year: int) -> list[str]:
    """The weeks that forms go out for: one in autumn, that over the end of the year, and three of the next."""
    days = [date(year, 11, 4), date(year, 12, 31)]
    days += [date(year + 1, 1, 27), date(year + 1, 2, 10), date(year + 1, 2, 24)]
    return [week_of(day).code for day in days]


def through_the_turn(root: Path, year: int) -> YearEnd:
    """Take the weeks through the real commands, what is answered drawn by the year."""
    workspace, rng = lay_down(root, year), random.Random(year)  # noqa: S311  # the same every time
    for week in weeks(year):
        office = sent_out(workspace, week)
        form = office.forms["01"]
        answers: Answers = {}
        for row in form.part("indicators").rows:
            is_final = row.block is Block.FINAL
            if not (row.asked or is_final) or rng.random() < 0.25:
                continue  # it stays missing, for this week or for good
            answers["indicators", row.code] = _figure(row.code, rng, is_final=is_final)
        send(office, answers)
    return YearEnd(workspace, year)


def _figure(code: str, rng: random.Random, *, is_final: bool) -> dict[str, object]:
    nature = "统计核定" if is_final else rng.choice(("部门统计", "统计快报", "统计核定"))
    if INDICATORS[indicator_of_row(code)].measure == "定性":
        return {"value": rng.choice(("已实现", "推进中")), "nature": nature}
    value: float = rng.choice((96.0, 99.0, 100.0, 101.0, 104.0, 106.0))
    answer: dict[str, object] = {"value": value, "nature": nature, "lag_reason": "前期手续慢"}
    if not is_final:
        answer["next_steps"] = "倒排工期"
    return answer


def send(office: Office, answers: Answers, *, hours: float = -3) -> None:
    """Send the form of the task force back, some hours after the deadline, and take it in."""
    path = office.workspace.inbox / office.path("01").name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(typed(office.path("01"), answers))
    moment = (office.deadline + timedelta(hours=hours)).timestamp()
    os.utime(path, (moment, moment))
    (result,) = ingest(office.workspace, office.period).files
    assert result.status.is_return, [found.message for found in result.findings]
