"""Figures of rows: their periods and states, and questions about values that are odd beside another one."""

from collections.abc import Iterator
from datetime import date

from tenproj_xl.core.answers import Nature
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, finding, quoted
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.scales import ScaleSlip, slip
from tenproj_xl.core.states import State
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.evaluate_indicators import Yardstick, yardstick
from tenproj_xl.model.history import Figure
from tenproj_xl.model.plan import Indicator
from tenproj_xl.model.settings import Settings
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.failures import Unread


def data_period(entry: Entry) -> Period | None:
    """Return the period that the figure of an entry belongs to, None where it is not known."""
    code = entry.value("data_period")
    return read_period(str(code)) if code else None


def last_figure(entry: Entry, context: Context) -> Figure | None:
    """Return the figure that was accepted last, None where there is none."""
    return next(reversed(context.known.figures(indicator_of_row(entry.code))), None)


def state_of(entry: Entry, context: Context) -> State | None:
    """Return what a figure amounts to, None where that cannot be told, as of a figure of the future."""
    period = data_period(entry)
    if isinstance(entry.inputs["nature"], Unread) or period is None or period.last > context.period.last:
        return None
    return computed_state(entry, context)


def computed_state(entry: Entry, context: Context) -> State | None:
    """Return what the form's formula gives, None without a figure or its period."""
    period, value = data_period(entry), entry.value("value")
    if entry.indicator is None or period is None or value is None:
        return None
    limits = limits_for(entry.indicator, period, context)
    return limits.state(value, Nature.of(entry.value("nature")))


def unexplained(entry: Entry, context: Context) -> list[str]:
    """Return the fields that are blank and have to be filled in where a figure is in its state."""
    state = None if entry.row.is_correction else state_of(entry, context)
    if state is None:
        return []
    return [field for field in _wanted(entry, state) if entry.inputs[field] is None]


def _wanted(entry: Entry, state: State) -> Iterator[str]:
    """Yield the fields that have to be filled in where a figure is in a state."""
    for required in entry.row.sheet.requires:
        is_closed = entry.of_period is not None and required.field == "next_steps"  # the period is over
        if required.given == "state" and state in required.among and not is_closed:
            yield required.field


class _Yardsticks:
    """The limits for figures by a plan and settings, as they were asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.by_figure: dict[tuple[str, Period], Yardstick] = {}


def limits_for(indicator: Indicator, period: Period, context: Context) -> Yardstick:
    """Return the limits for a figure of a data period: kept with the plan, for several rules ask for them."""
    kept = context.plan.kept.get(_Yardsticks)
    if not isinstance(kept, _Yardsticks) or kept.settings is not context.settings:
        kept = context.plan.kept[_Yardsticks] = _Yardsticks(context.settings)
    known = kept.by_figure.get((indicator.code, period))
    if known is None:
        known = kept.by_figure[indicator.code, period] = yardstick(indicator, period, context.settings)
    return known


def is_past(due: object, context: Context) -> bool:
    """Return whether a date is before the last day of the return's period; anything but a date is not."""
    return isinstance(due, date) and due < context.period.last


@dataclass(frozen=True)
class Comparison:
    """A value of an entry, to be compared with others in its unit."""

    entry: Entry
    field: str
    value: float
    unit: str

    def with_target(self, target: float, context: Context, *, low_too: bool) -> Iterator[Finding]:
        """Ask about a value far beyond the target; with `low_too` about one far below it, too."""
        if abs(self.value) <= abs(target) and not low_too:
            return
        if out := slip(self.value, target, self.unit, least=0.05, most=3.0):
            yield self.unit_suspected(out, f"目标为{text_of(target)}{self.unit}")
        elif factor_between(self.value, target) >= context.settings.jump:
            yield self.question(Code.VALUE_FAR, target)

    def with_last(self, last: float, context: Context, *, falls: bool) -> Iterator[Finding]:
        """Ask about a value far from the last one, or about one that `falls` and may not, without 核减."""
        if factor_between(self.value, last) >= context.settings.jump:
            yield self.question(Code.VALUE_JUMPED, last)
        elif falls and "核减" not in str(self.entry.value("remark")):
            yield self.question(Code.VALUE_FELL, last, besides=self._besides(context))

    def _besides(self, context: Context) -> str:
        """Return what has to be filled in, too, if a figure is true: told before it is confirmed."""
        if self.entry.indicator is None:
            return ""
        headers = [self.entry.column(field).header for field in unexplained(self.entry, context)]
        return f"，并填写{'、'.join(map(quoted, headers))}" if headers else ""

    def question(self, code: Code, other: float, besides: str = "") -> Finding:
        """Return the finding that asks about the value beside another one."""
        return finding(
            code,
            self.entry.place(self.field),
            self.entry.typed(self.field),
            found=text_of(self.value) + self.unit,
            expected=text_of(other) + self.unit,
            factor=f"{factor_between(self.value, other):.0f}",
            besides=besides,
        )

    def unit_suspected(self, out: ScaleSlip, against: str) -> Finding:
        """Return the finding that the value seems to be in another unit than `against`, in words."""
        return finding(
            Code.UNIT_SUSPECT,
            self.entry.place(self.field),
            self.entry.typed(self.field),
            found=text_of(self.value) + self.unit,
            against=against,
            guess=out.guess,
            advice=out.advice,
        )


def factor_between(value: float, other: float) -> float:
    """Return how many times the smaller of two values the larger is, 1 where one of them is 0."""
    if not value or not other:
        return 1.0
    factor = abs(value / other)
    return max(factor, 1 / factor)
