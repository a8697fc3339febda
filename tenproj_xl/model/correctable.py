"""Whose figures a form may put right, and what they are called there."""

from collections.abc import Iterable, Iterator

from tenproj_xl.core.texts import canonical
from tenproj_xl.model.near_rows import indicators_near
from tenproj_xl.model.plan import Indicator, Plan
from tenproj_xl.model.units import Recipient, reporter


def own_indicators(recipient: Recipient, plan: Plan) -> Iterator[Indicator]:
    """Give the indicators that a recipient fills in: a unit's form not those of units that it leads."""
    for indicator in indicators_near(recipient, plan):
        unit = reporter(indicator, plan)
        is_own = recipient.has(indicator.code, indicator.task_force, unit)
        if recipient.by_unit:
            is_own = recipient.reports(indicator.code, unit)
        if is_own:
            yield indicator


def choice_of(indicator: Indicator) -> str:
    """Return what a row for corrections offers to choose: `Z03-04 技术交易总额`."""
    return f"{indicator.code} {indicator.name}"


def chosen_indicator(text: str, recipient: Recipient, plan: Plan) -> Indicator | None:
    """Return the own indicator of a recipient that a text names, None where that is not sure.

    Its code or its name alone will do, and the code with anything behind it but another indicator's name.
    """
    own, wanted = list(own_indicators(recipient, plan)), canonical(text)
    for indicator in own:
        if wanted == canonical(choice_of(indicator)):
            return indicator
    named = [indicator for indicator in own if wanted == canonical(indicator.name)]
    if not named:
        named = [indicator for indicator in own if _begins_with(wanted, indicator, own)]
    return named[0] if len(named) == 1 else None


def _begins_with(text: str, indicator: Indicator, own: Iterable[Indicator]) -> bool:
    """Return whether a text begins with an indicator's code, and does not go on with the name of another."""
    code = canonical(indicator.code)
    if text[: len(code)].upper() != code.upper():
        return False
    rest = text[len(code) :].lstrip(_BETWEEN)
    others = {canonical(other.name) for other in own if other is not indicator}
    return not text[len(code) :][:1].isdigit() and rest not in others


_BETWEEN = "-—·.,:;、()“”"
"""What people type between code and name."""
