"""The periods that commands are about."""

from collections.abc import Iterable, Iterator

from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.periods import Period, parse_period, read_period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.settings import Loaded


def with_issued(loaded: Loaded, ledger: LedgerView) -> Loaded:
    """Return plan and settings, with the days that periods had when forms went out for them."""
    return loaded.with_issued(ledger.period_bounds())


def issued_period(code: str | None, loaded: Loaded, ledger: LedgerView) -> Period:
    """Return the period of a code, or the newest one, that forms went out for.

    The calendar of today is not asked: what forms went out for stays a period. It may be named as people
    speak of it, by `第48期` or `上期`, too.

    Raises:
        UsageProblem: No forms went out for the period, or at all.
    """
    newest = ledger.newest_period()
    if newest is None:
        raise UsageProblem(
            "台账里没有下发记录。还没有下发的，请先运行 tenproj generate；"
            "已经下发过的，说明台账丢失，请运行 tenproj rebuild 从存档重建，或从备份恢复 ledger 文件夹。"
        )
    if code is None:
        return loaded.settings.span(newest)
    code = spoken_period(code, loaded, ledger)
    if ledger.plan_of_forms(code) is None:
        loaded.settings.period(code)  # says so if there can be no such period
        last = "、".join(f"{period.spoken}（{period.code}）" for period in _newest_first(loaded)[:_TOLD])
        raise UsageProblem(f"{code} 还没有下发过填报表，请核对期号；最近下发的是{last}。")
    return loaded.settings.span(code)


def spoken_period(said: str, loaded: Loaded, ledger: LedgerView) -> str:
    """Return the code of a period that had begun when forms last went out, named as people speak of it.

    What is no such name is returned as it was said, and all of it before any forms went out.
    """
    newest = ledger.newest_period()
    if newest is None:
        return said
    periods = _newest_first(loaded)
    if said in _THIS:
        return newest
    if said in _BEFORE and len(periods) > 1:
        return periods[1].code
    return in_this_year(said, loaded.settings.span(newest))


def _newest_first(loaded: Loaded) -> list[Period]:
    """Return the periods that forms went out for."""
    issued = [one.period for one in loaded.settings.calendar.issued.values()]
    return sorted(issued, key=lambda period: (period.last, period.first), reverse=True)


def in_this_year(said: str, newest: Period) -> str:
    """Return the code of a period that is named without its year: `第48期`, `11月`, `四季度`.

    It is the last one that had begun by the end of the newest period; what is no such name is returned as it
    was said.
    """
    for found in _in_years(said, (newest.last.year, newest.last.year - 1)):
        if found.first <= newest.last:
            return found.code
    return said


def near(said: str, due: Period) -> str:
    """Return the code of a period that is named without its year: that nearest to the one that is due.

    What is no such name is returned as it was said.
    """
    years = range(due.last.year - 1, due.last.year + 2)
    found = min(_in_years(said, years), key=lambda one: abs(one.first - due.first), default=None)
    return found.code if found else said


def _in_years(said: str, years: Iterable[int]) -> Iterator[Period]:
    """Yield the periods that a name without a year stands for in some years."""
    if said.isdigit():
        return
    for year in years:
        found = read_period(f"{year}年{said.replace('期', '周')}")
        if found is not None:
            yield found


_THIS, _BEFORE = ("本期", "这期", "这一期", "最近一期"), ("上期", "上一期", "前一期")
SPOKEN = _THIS + _BEFORE
"""How people call a period by its place before the present."""
_TOLD = 3
"""As many periods are named to who named none that there is."""


def parsed_period(code: str) -> Period:
    """Return the period that a code names.

    Raises:
        UsageProblem: There is no such period.
    """
    try:
        return parse_period(code)
    except ValueError as fault:
        raise UsageProblem(f"{fault}。") from fault
