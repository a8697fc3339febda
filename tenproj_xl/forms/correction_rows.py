"""The blank rows of 主要指标进度表 in which figures of earlier periods are put right."""

from collections.abc import Iterator

from tenproj_xl.core.blocks import Block
from tenproj_xl.core.period_rows import correction_place
from tenproj_xl.forms.form import FormRow, figure_key
from tenproj_xl.forms.row_facts import RowFacts, assigned
from tenproj_xl.model.correctable import choice_of, own_indicators
from tenproj_xl.model.plan import Measure

_SHEET = "indicators"
_ROWS = 5
_MOST_PERIODS = 24
"""As many periods are offered, the newest ones."""
_OPENED = frozenset(("name",))
_LOCKED = frozenset(("forecast", "lag_reason", "next_steps"))
"""What is said of the current figure only."""
_BLANK = dict.fromkeys(("name", "unit", "target_now", "last_value", "last_period", "asked", "data_period"))
"""What other rows say of an indicator; here it is not chosen yet."""


def correction_rows(facts: RowFacts) -> Iterator[FormRow]:
    """Give the blank rows, if the recipient has reported figures before that may be wrong.

    Each offers the recipient's own indicators and the periods that figures were reported for. Those that are
    reported in words are not offered: their own row says how things stand.
    """
    names, figures, periods = [], [], set()
    for indicator in own_indicators(facts.recipient, facts.plan):
        known = facts.known.figures(indicator.code)
        if not known or indicator.measure is Measure.QUALITATIVE:
            continue
        name = choice_of(indicator)
        names.append(name)
        for figure in known:
            periods.add(figure.period)
            figures.append(figure_key(name, figure.period.dated_label))
    if not names:
        return
    newest = sorted(periods, key=lambda period: (period.last, period.first), reverse=True)[:_MOST_PERIODS]
    choices = {"name": tuple(names), "data_period": tuple(period.dated_label for period in newest)}
    forces = facts.recipient.task_forces
    force = forces[0].code if len(forces) == 1 else ""
    for number in range(1, _ROWS + 1):
        place = correction_place(number)
        row = FormRow(
            token=facts.key(_SHEET, place),
            code=place,
            printed={**_BLANK, "code": place},
            asked=False,
            block=Block.CORRECTIONS,
            choices=choices,
            locked=_LOCKED,
            opened=_OPENED,
            figures=tuple(dict.fromkeys(figures)),
        )
        yield assigned(row, _SHEET, facts.recipient.unit, force, facts)
