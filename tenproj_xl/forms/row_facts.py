"""What the rows of a form are made from, and whose they are."""

from collections.abc import Callable
from dataclasses import replace

from tenproj_xl.core.blocks import Block
from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column, Kind
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.policy import Subject
from tenproj_xl.core.sheets import FILLED_BY, FORCE, ISSUES, form_sheets
from tenproj_xl.forms.form import FormRow
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.plan import Indicator, Plan, Task
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import Recipient, spellings, spoken_task_force

OWN, OWN_SECTION, NOT_ASKED = "本单位填报", "本科室填报", "不必填报"
"""What the form of a unit, or of a 科室, says of rows that it fills in, and of those that others do."""
_SHEETS = {sheet.code: sheet for sheet in form_sheets(())}


@dataclass(frozen=True)
class RowFacts:
    """What the rows of a form are made from; `key` gives the token of a sheet's row."""

    plan: Plan
    settings: Settings
    period: Period
    recipient: Recipient
    known: History
    key: Callable[[str, str], str]

    def has(self, row: Indicator | Task | Reported, unit: str) -> bool:
        """Return whether a row stands in the form: a unit's own, and all of a task force that it leads."""
        return self.recipient.has(row.code, row.task_force, unit)


def assigned(row: FormRow, sheet: str, unit: str, task_force: str, facts: RowFacts) -> FormRow:
    """Return a row with who reports it; a unit's form prints that, too."""
    subject = Subject(task_force, row.code, spellings(unit, facts.plan))
    row = replace(row, unit=unit, task_force=task_force, subject=subject)
    if not facts.recipient.by_unit:
        return row
    force = next((spoken_task_force(t) for t in facts.recipient.task_forces if t.code == task_force), None)
    if not facts.recipient.reports(row.code, unit):
        return _of_others(row, sheet, force, facts)
    printed = {**row.printed, FORCE: force, FILLED_BY: None}
    if row.code:
        printed[FILLED_BY] = OWN_SECTION if facts.recipient.section else OWN
    if force:
        return replace(row, printed=printed, locked=row.locked | {FORCE})
    return replace(row, printed=printed)


def _of_others(row: FormRow, sheet: str, force: str | None, facts: RowFacts) -> FormRow:
    """Return a row that others fill in: closed, with the last values of its inputs."""
    inputs = {}
    for column in _SHEETS[sheet].inputs:
        if column.field == FORCE:
            continue
        if sheet == ISSUES.code and column.field in row.printed:
            inputs[column.field] = row.printed[column.field]
        else:
            inputs[column.field] = _carried(facts.known, sheet, row.code, column)
    filled_by = f"由{facts.recipient.reporter_of(row.code, row.unit, facts.plan)}填报"
    printed = {**row.printed, **inputs, FORCE: force, FILLED_BY: filled_by}
    row = replace(row, asked=False, of_others=True, locked=frozenset({*inputs, FORCE}), choices={})
    if "asked" not in printed:
        return replace(row, printed=printed)
    return replace(row, printed={**printed, "asked": NOT_ASKED}, block=Block.OTHERS)


def _carried(known: History, sheet: str, code: str, column: Column) -> Value:
    """Return the last value of a cell, as a form shows it."""
    last = last_value(known, sheet, code, column.field)
    if last and column.kind is Kind.PERIOD:
        period = read_period(str(last))
        if period:
            return period.dated_label
    return last


def last_value(known: History, sheet: str, code: str, name: str) -> Value:
    """Return the last value of a row's field, None if nothing was reported yet."""
    latest = known.latest(sheet, code)
    if latest is None:
        return None
    return latest.values.get(name)
