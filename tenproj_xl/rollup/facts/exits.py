"""What left 督办清单 by a decision since the last roll-up: how, on what grounds, by whom."""

from collections.abc import Iterator

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.decisions import OF_ITEMS, Decision, Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.plan import Indicator, Task
from tenproj_xl.model.rulings import is_in_force
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import units_in_charge


@dataclass(frozen=True, kw_only=True)
class ExitLine:
    """One item or issue that left, with the decision by which it did; `is_back` where that was taken back."""

    kind: Duty
    code: str
    name: str
    task_force: str
    unit: str
    decision: Decision

    @property
    def is_back(self) -> bool:
        """Whether the decision is that it is supervised again."""
        return self.decision.verdict is Verdict.RESUME


def exit_lines(data: RollupInput) -> tuple[ExitLine, ...]:
    """Return what left and what came back by decisions since the last roll-up, in the order of their days."""
    return tuple(_line(decision, data) for decision in _decided_since(data))


def _decided_since(data: RollupInput) -> Iterator[Decision]:
    for decision in sorted(data.known.decisions, key=lambda d: (d.on, d.seq)):
        if decision.on <= data.period.last and _is_new(decision, data) and _is_exit(decision, data):
            yield decision


def _is_new(decision: Decision, data: RollupInput) -> bool:
    """Whether the last roll-up could not tell it: one may be recorded after the paper of its week."""
    if data.before is None:
        return decision.on >= data.period.first
    return not data.before.knew_of(decision)


def _is_exit(decision: Decision, data: RollupInput) -> bool:
    return decision.verdict in OF_ITEMS and is_in_force(decision, data.known)


def _line(decision: Decision, data: RollupInput) -> ExitLine:
    code = decision.issue
    if decision.kind is None:
        return _issue(decision, data)
    rows: tuple[Indicator | Task, ...] = (*data.plan.indicators, *data.plan.tasks)
    row = next((row for row in rows if row.code == code), None)
    if row is None:
        return ExitLine(kind=decision.kind, code=code, name="", task_force="", unit="", decision=decision)
    unit = row.lead_unit if isinstance(row, Task) else row.reporting_unit
    return ExitLine(
        kind=decision.kind,
        code=code,
        name=row.name,
        task_force=row.task_force,
        unit=data.units(unit),
        decision=decision,
    )


def _issue(decision: Decision, data: RollupInput) -> ExitLine:
    row = data.known.latest("issues", decision.issue)
    values = row.values if row is not None else {}
    task_force = row.task_force if row is not None else ""
    return ExitLine(
        kind=Duty.ISSUE,
        code=decision.issue,
        name=text_of(values.get("description")),
        task_force=task_force,
        unit="、".join(units_in_charge(values, data.task_force(task_force), data)),
        decision=decision,
    )
