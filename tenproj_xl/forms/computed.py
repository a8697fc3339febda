"""What the formulas of a form show when it goes out: their cached values.

Reads: a `Form`. Gives: values by field, by the same yardsticks as the formulas.
"""

from datetime import date

from tenproj_xl.core.answers import Due, Nature
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.numbers import PER_CENT
from tenproj_xl.core.periods import read_period
from tenproj_xl.core.states import State
from tenproj_xl.forms.form import UNCHECKED, Form, FormRow
from tenproj_xl.model.evaluate_tasks import task_state


def computed(form: Form, sheet: Sheet, row: FormRow) -> dict[str, Value]:
    """Return what the formulas of a row show: the cached values of `share`, `pace` and `state`.

    A row of others without values shows nothing, for the reader of this form cannot fill it in.
    """
    if sheet.code == "indicators":
        if row.of_others and row.current("value") is None:
            return {}
        if row.block is Block.CORRECTIONS:
            return {}
        return _computed_indicator(row)
    if sheet.code == "tasks":
        if row.of_others and row.current("status") is None:
            return {}
        fields = ("status", "milestone_due", "due_on", "milestone_done", "invest_plan", "invest_done")
        period, values = form.period, {f: row.current(f) for f in fields}
        state = task_state(values, period.last, form.settings, year=period.year)
        return {"state": state.label}
    return {}


def seen_figure(row: FormRow) -> Value:
    """Return the figure of a row as its sender sees it: a text `2.04%` is a number where the unit is %."""
    value = row.current("value")
    if not isinstance(value, str) or row.printed.get("unit") not in PER_CENT:
        return value
    text = value.strip()
    if not text.endswith("%"):
        return value
    try:
        return float(text.removesuffix("%"))
    except ValueError:
        return value


def _computed_indicator(row: FormRow) -> dict[str, Value]:
    value = seen_figure(row)
    if value is None:
        state = State.NOT_YET
        if row.block is Block.FINAL:
            state = State.PENDING
        elif row.asked:
            state = State.MISSING
        elif row.printed["asked"] == Due.UNDECIDED.label:
            state = State.UNDECIDED
        elif row.printed["asked"] == Due.PAST.label:
            state = State.PAST
        return {"share": None, "pace": None, "state": state.label}
    period = read_period(str(row.current("data_period") or ""))
    stick = next((s for s in row.yardsticks if period and s.period.code == period.code), None)
    in_words = "value" in row.choices
    if stick is None or isinstance(value, str) != in_words or isinstance(value, date):
        return {"share": None, "pace": None, "state": UNCHECKED}
    nature = Nature.of(row.current("nature"))
    judged = stick.state(value, nature)
    return {"share": stick.share(value), "pace": stick.pace, "state": judged.label}
