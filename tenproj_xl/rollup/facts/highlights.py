"""Lines of 亮点做法: what task forces report as good practice, and the results that this period brought."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tenproj_xl.core.parse import is_blank
from tenproj_xl.core.sheets import COVER, DONE
from tenproj_xl.model.evaluate_indicators import State
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.model.units import current_receipts
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.tasks import TaskLine


class Praise(StrEnum):
    """What kind of result it is; the order is that of the sheet."""

    PRACTICE = "典型做法"
    MET = "指标达标"
    TASK = "任务完成"
    MILESTONE = "节点完成"


@dataclass(frozen=True)
class HighlightLine:
    """One result, in the words of whoever reported it."""

    task_force: TaskForce
    kind: Praise
    code: str
    name: str
    text: str
    unit: str
    at: datetime
    source: str


def highlight_lines(
    data: RollupInput, indicators: Sequence[IndicatorLine], tasks: Sequence[TaskLine]
) -> tuple[HighlightLine, ...]:
    """All of this period by task force: good practice first, then what was reached."""
    lines = (*_practices(data), *_met(data, indicators), *_finished(data, tasks))
    kinds = list(Praise)
    return tuple(sorted(lines, key=lambda h: (h.task_force.code, kinds.index(h.kind), h.code, h.at)))


def _practices(data: RollupInput) -> Iterator[HighlightLine]:
    header = next(c.header for c in COVER.columns if c.field == "highlights")
    for receipt in current_receipts(data.receipts):
        text = receipt.cover.get("highlights")
        if is_blank(text) or not isinstance(text, str):
            continue
        unit = data.units(str(receipt.cover.get("unit") or receipt.sender))
        source = f"{receipt.file} › {COVER.name} › {header}（{data.clock(receipt.received_at)}）"
        task_force = data.task_force(next(iter(receipt.party.task_forces), ""))
        yield HighlightLine(task_force, Praise.PRACTICE, "", "", text, unit, receipt.received_at, source)


def _met(data: RollupInput, lines: Iterable[IndicatorLine]) -> Iterator[HighlightLine]:
    """Indicators whose target was judged as met by a figure of this period's returns."""
    for line in lines:
        row = line.figure.row if line.figure else None
        if line.state != State.MET or line.figure is None or row is None or not data.is_of_now(row.period):
            continue
        target = line.yardstick.target if line.yardstick else None
        spoken = f"（{target.period.label}目标：{target.spoken}）" if target else ""
        text = f"完成{_number(line.figure.value)}{line.indicator.unit}{spoken}"
        unit = data.units(line.indicator.reporting_unit)
        source = data.source(row, "value")
        name = line.indicator.name
        yield HighlightLine(
            line.task_force, Praise.MET, line.indicator.code, name, text, unit, row.received_at, source
        )


def _finished(data: RollupInput, lines: Iterable[TaskLine]) -> Iterator[HighlightLine]:
    """Tasks and milestones that this period's returns report as done, each by the return that said so last."""
    for line in lines:
        rows = (
            [r for r in data.known.of("tasks", line.task.code) if data.is_of_now(r.period)]
            if line.is_owed
            else []
        )
        steps = {
            str(r.values.get("milestone") or ""): r for r in rows if r.values.get("milestone_done") == DONE
        }
        whole = [r for r in rows[-1:] if r.values.get("status") == DONE]
        unit = data.units(line.task.lead_unit)
        for milestone, row in steps.items():
            if row not in whole:
                name = f"{line.task.name}：{milestone}" if milestone else line.task.name
                yield _done(data, line, Praise.MILESTONE, name, unit, row)
        for row in whole:
            yield _done(data, line, Praise.TASK, line.task.name, unit, row)


def _done(
    data: RollupInput, line: TaskLine, kind: Praise, name: str, unit: str, row: Reported
) -> HighlightLine:
    source = data.source(row, "status" if kind is Praise.TASK else "milestone_done")
    text = str(row.values.get("progress") or "")
    return HighlightLine(line.task_force, kind, line.task.code, name, text, unit, row.received_at, source)


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.10g}"
