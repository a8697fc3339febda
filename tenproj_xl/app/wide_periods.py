"""The months, quarters and years that commands are about, and their editions."""

from tenproj_xl.app.periods import issued_period, parsed_period, spoken_period
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.periods import EXAMPLES, Frequency, Period, period_of
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.settings import Loaded
from tenproj_xl.rollup.facts.editions import MONTH, QUARTER, WEEK, YEAR, Edition

_FREQUENCIES = {MONTH: Frequency.MONTH, QUARTER: Frequency.QUARTER, YEAR: Frequency.YEAR}


_EXAMPLES = {MONTH: "2026-11", QUARTER: "2026-Q4", YEAR: "2026"}


def period_and_edition(code: str | None, loaded: Loaded, ledger: LedgerView) -> tuple[Period, Edition]:
    """Return the period of a code, by default the newest that forms went out for, and its edition.

    What forms went out for has the regular edition, also where it is a month or a quarter.

    Raises:
        UsageProblem: There is no such period, it has no edition, or no forms went out in it.
    """
    if code is not None:
        code = spoken_period(code, loaded, ledger)
    if code is None or ledger.plan_of_forms(code) is not None:
        return issued_period(code, loaded, ledger), WEEK
    period = parsed_period(code)
    for edition, frequency in _FREQUENCIES.items():
        if period_of(period.first, frequency).code == code:
            return period, edition
    if period.is_week:
        return issued_period(code, loaded, ledger), WEEK
    raise UsageProblem(f"“{code}”没有对应的汇总，请给出下发过填报表的一期，或月、季、年，如 {EXAMPLES}。")


def wide_code(period: Period, edition: Edition) -> str:
    """Return the code of the month, quarter or year of an edition in which a period counts."""
    return period_of(period.counted_on, _FREQUENCIES[edition]).code


def wide_period(code: str, edition: Edition) -> Period:
    """Return the period of a code for an edition.

    Raises:
        UsageProblem: it is none of the edition's.
    """
    period = parsed_period(code)
    if period_of(period.first, _FREQUENCIES[edition]).code != code:
        raise UsageProblem(f"“{code}”不能用于{edition.title}，应如 {_EXAMPLES[edition]}。")
    return period
