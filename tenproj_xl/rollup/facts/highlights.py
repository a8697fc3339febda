"""Lines of 亮点做法: good practice by theme, as units report it, and the results that this period brought."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from tenproj_xl.core.answers import TaskStatus
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.numbers import unit_in_sentences
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import COVER
from tenproj_xl.core.states import State, TaskState
from tenproj_xl.core.texts import is_blank
from tenproj_xl.core.wordings import Says, says, sentences
from tenproj_xl.ledger.return_state import current_receipts
from tenproj_xl.model.evaluate_tasks import milestone_reached
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import Milestone, TaskForce
from tenproj_xl.rollup.facts.editions import YEAR
from tenproj_xl.rollup.facts.embargo import unreleased_mark, with_mark
from tenproj_xl.rollup.facts.indicators import IndicatorLine, Judgement, judgement_of
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.reported import CLOSED
from tenproj_xl.rollup.facts.supervision import by_verdict
from tenproj_xl.rollup.facts.tasks import TaskLine
from tenproj_xl.rollup.facts.themes import Theme, theme_of

_PROBLEMS = (Says.STUCK, Says.HALTED, Says.UNSOLVED, Says.UNBEGUN, Says.UNFINISHED)
_LAGGING = (TaskState.BEHIND, TaskState.OVERDUE)
_AGAINST = (Code.WORDS_AGAINST, Code.DONE_HALFWAY, Code.MILESTONES_OPEN)


class Praise(LabelledCode):
    """What kind of result it is; the order is that of the sheet."""

    PRACTICE = "practice", "典型做法"
    MET = "met", "指标达标"
    TASK = "task", "任务完成"
    MILESTONE = "milestone", "节点完成"


@dataclass(frozen=True, kw_only=True)
class HighlightLine:
    """One result, as the unit that reported it put it; `theme` is that of good practice.

    Of one that `is_doubted` words and state do not agree, or a question about it has no answer: no praise.
    Nor is a milestone that `is_lagging`: of a task that lags, or reached after its limit.
    The `mark` is that of a figure which is not published yet, where the text tells of one.
    """

    task_force: TaskForce
    kind: Praise
    code: str = ""
    name: str = ""
    text: str
    mark: str = ""
    unit: str
    at: datetime
    source: str
    theme: Theme | None = None
    is_doubted: bool = False
    is_lagging: bool = False

    @property
    def is_praise(self) -> bool:
        """Whether it is told as good news."""
        return not self.is_doubted and not self.is_lagging

    @property
    def marked_text(self) -> str:
        """The text, with its mark."""
        return with_mark(self.text, self.mark)


def highlight_lines(
    data: RollupInput, indicators: Sequence[IndicatorLine], tasks: Sequence[TaskLine]
) -> tuple[HighlightLine, ...]:
    """Return all of this period: good practice by theme, then what was reached by task force.

    What is doubted is among them, and the milestones of tasks that lag.
    """
    lines = [*_practices(data), *_met(data, indicators), *_finished(data, tasks)]
    themes, kinds = list(Theme), list(Praise)

    def place(line: HighlightLine) -> tuple[int, str, int, str, datetime]:
        theme = themes.index(line.theme) if line.theme else len(themes)
        return theme, line.task_force.code, kinds.index(line.kind), line.code, line.at

    return tuple(sorted(lines, key=place))


def _practices(data: RollupInput) -> Iterator[HighlightLine]:
    header = next(c.header for c in COVER.columns if c.field == "highlights")
    for receipt in current_receipts(data.receipts):
        text = receipt.cover.get("highlights")
        if is_blank(text) or not isinstance(text, str):
            continue
        task_force = next(iter(receipt.party.task_forces), "")
        yield HighlightLine(
            task_force=data.task_force(task_force),
            kind=Praise.PRACTICE,
            theme=theme_of(text),
            is_doubted=_tells_of_a_problem(text),
            text=text,
            mark=unreleased_mark(text, data),
            unit=data.units(str(receipt.cover.get("unit") or receipt.sender)),
            at=receipt.received_at,
            source=f"{receipt.file} › {COVER.name} › {header}（{data.clock(receipt.received_at)}）",
        )


def _met(data: RollupInput, lines: Iterable[IndicatorLine]) -> Iterator[HighlightLine]:
    """Yield indicators with the targets that they met in this period."""
    for line in chain.from_iterable(_newly_met(data, line) for line in lines):
        if line.figure is None:
            continue
        row, text = line.figure.row, _reached(line.figure.value, line.indicator.unit)
        if line.yardstick and line.yardstick.target:
            target = line.yardstick.target
            text += f"（{target.period.dated_label}目标：{target.spoken}）"
        yield HighlightLine(
            task_force=line.task_force,
            kind=Praise.MET,
            code=line.indicator.code,
            name=line.indicator.name,
            text=text,
            mark=line.mark,
            unit=data.units(line.indicator.reporting_unit),
            at=row.received_at,
            source=data.source(row, "value"),
            is_doubted=bool(data.doubt(row, line.figure.period.code)),
        )


def _newly_met(data: RollupInput, line: IndicatorLine) -> Iterator[IndicatorLine]:
    """Yield an indicator for each target met in this period, as the figure that met it is measured.

    That is the newest figure, where it is of this period (in a week: sent in it), and what was sent in it for
    a target that has passed, though it be of a year before. A year's paper is about its own targets alone.
    """
    judged = [] if data.release.edition is YEAR else [j for j in line.passed if _was_met_now(data, line, j)]
    if line.state is State.MET and line.figure is not None:
        is_of_now = data.is_of_now(line.figure.period if data.is_wide else line.figure.row.period)
        if is_of_now and not _was_met_before(data, line, line.figure.period):
            yield line
            judged = [j for j in judged if j.target.period.last != line.figure.period.last]
    for judgement in judged:
        yield by_verdict(line, judgement)


def _was_met_now(data: RollupInput, line: IndicatorLine, judgement: Judgement) -> bool:
    """Return whether a target that has passed is met by a figure sent in this period, and was not before."""
    if judgement.state is not State.MET or judgement.figure is None:
        return False
    sent = judgement.figure.row.period
    is_of_now = data.is_of_now(sent) and sent.counted_on <= data.period.last
    return is_of_now and not _was_met_before(data, line, judgement.target.period)


def _was_met_before(data: RollupInput, line: IndicatorLine, period: Period) -> bool:
    """Return whether a target at the end of a period was met by what had been sent before this one."""
    indicator = data.plan.indicator(line.indicator.code) or line.indicator
    figures = data.known_before.figures(indicator.code)
    targets = [judgement.target for judgement in line.passed if judgement.target.period.last == period.last]
    earlier = [judgement_of(indicator, target, figures, data.settings) for target in targets]
    return any(judgement.state is State.MET for judgement in earlier)


def _finished(data: RollupInput, lines: Iterable[TaskLine]) -> Iterator[HighlightLine]:
    """Yield tasks and milestones that this period's returns report as done, each by the last that does."""
    against = _against(data)
    for line in lines:
        if not line.is_owed:
            continue
        rows = data.known.of("tasks", line.task.code)
        finished = _finished_by(line, rows)
        for milestone, row in _reached_by(line, rows, data).items():
            if row is finished or not _is_of_now(row, data):
                continue
            name = f"{line.task.name}：{milestone.name}"
            reached = _done(
                data, line, row, kind=Praise.MILESTONE, name=name, field="milestone_done", against=against
            )
            yield replace(reached, is_lagging=reached.is_lagging or _is_late(milestone, row))
        if finished and _is_of_now(finished, data):
            yield _done(
                data, line, finished, kind=Praise.TASK, name=line.task.name, field="status", against=against
            )


def _finished_by(line: TaskLine, rows: Iterable[Reported]) -> Reported | None:
    """Return the last row that reports a task as done, None where it is not done by now."""
    if line.state != TaskState.DONE:
        return None
    return [row for row in rows if row.values.get("status")][-1]


def _reached_by(line: TaskLine, rows: Iterable[Reported], data: RollupInput) -> Mapping[Milestone, Reported]:
    """Return the milestones of a task that are done by now, each with the last row that says so.

    What was said beside a task that is not done after all praises nothing.
    """
    done, is_done = data.known.milestones_done(line.task), line.state == TaskState.DONE
    reached = {}
    for row in rows:
        milestone = milestone_reached(line.task, row.values)
        if milestone and milestone.number in done:
            reached[milestone] = row
    return {m: row for m, row in reached.items() if is_done or row.values.get("status") != TaskStatus.DONE}


def _is_late(milestone: Milestone, row: Reported) -> bool:
    """Return whether a row reports a milestone as done after its limit."""
    completed_on = row.values.get("completed_on")
    return isinstance(completed_on, date) and completed_on > milestone.due_on


def _is_of_now(row: Reported, data: RollupInput) -> bool:
    """Return whether what a row reports as done belongs to the period, in a wide edition by the day of it."""
    completed_on = row.values.get("completed_on")
    if data.is_wide and isinstance(completed_on, date):
        return completed_on >= data.period.first
    return data.is_of_now(row.period)


def _done(
    data: RollupInput,
    line: TaskLine,
    row: Reported,
    *,
    kind: Praise,
    name: str,
    field: str,
    against: Container[tuple[str, str]],
) -> HighlightLine:
    text = str(row.values.get("progress") or "")
    return HighlightLine(
        task_force=line.task_force,
        kind=kind,
        code=line.task.code,
        name=name,
        text=text,
        mark=unreleased_mark(text, data),
        unit=data.units(line.task.lead_unit),
        at=row.received_at,
        source=data.source(row, field),
        is_doubted=bool(data.doubt(row)) or (row.sha256, row.code) in against,
        is_lagging=line.state in _LAGGING,
    )


def _tells_of_a_problem(text: str) -> bool:
    return any(says(sentence, *_PROBLEMS) for sentence in sentences(text))


def _against(data: RollupInput) -> frozenset[tuple[str, str]]:
    """Return file and code of the rows of which a check has found that words are against the state."""
    receipts = (*data.receipts, *data.asked_later)
    found = ((receipt.sha256, f) for receipt in receipts for f in receipt.findings)
    return frozenset((sha256, f.row) for sha256, f in found if f.code in _AGAINST and f.is_open)


def _reached(value: float | str, unit: str) -> str:
    """Return what a figure says was reached; one in words has no unit: `已实现`."""
    if value == CLOSED:
        return f"达标，数值{CLOSED}"
    if isinstance(value, str):
        return label_of(value)
    return f"完成{value:,.10g}{unit_in_sentences(unit)}"
