"""The parts of the form's check of itself: conditions, each as a formula and as what holds now.

The steps of a row's formula stand on a hidden sheet of their own, in the row of the same number, beside the
lists that they look up.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.sheets import STEPS_SHEET
from tenproj_xl.forms.form import UNCHECKED

PASSED, UNREPORTED, BROKEN = "✓", "未填", "有单元格出错"
LACKING, DOUBTFUL = "缺：", "请核对："
UNSURE = f"{UNCHECKED}："
STEPS = f"'{STEPS_SHEET}'!"
"""How formulas on other sheets name the hidden sheet."""


class Flag(IntEnum):
    """The state of a row, as the counts on the cover know it."""

    NOTHING = 0
    OPEN = 1
    UNREPORTED = 2
    DONE = 3


def flag_of(verdict: str) -> Flag:
    """Return the flag for a text of 自检; a row that is only to be looked at is done."""
    if not verdict:
        return Flag.NOTHING
    if verdict == UNREPORTED:
        return Flag.UNREPORTED
    if verdict == PASSED or verdict.startswith(DOUBTFUL):
        return Flag.DONE
    return Flag.OPEN


@dataclass(frozen=True)
class Step:
    """A formula and what it shows."""

    formula: str
    shown: Value


@dataclass(frozen=True)
class Condition:
    """A condition: as a formula, which is 0 where it does not hold, and whether it holds now."""

    formula: str
    holds: bool

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(f"{self.formula}*{other.formula}", self.holds and other.holds)

    def __or__(self, other: "Condition") -> "Condition":
        return any_of([self, other])

    def __invert__(self) -> "Condition":
        return Condition(f"(1-{self.formula})", not self.holds)


def any_of(conditions: Sequence[Condition]) -> Condition:
    """Return the condition that one of several holds."""
    return Condition(one_of(c.formula for c in conditions), any(c.holds for c in conditions))


def one_of(formulas: Iterable[str]) -> str:
    """Return the formula that is true where one of several is not 0."""
    # Added to 0 first: Excel compares no truth value with a number.
    return f"(0+{'+'.join(formulas)}>0)"


@dataclass(frozen=True)
class Fault:
    """A condition that breaks a rule and the text for it; no rule where the text is only a hint."""

    condition: Condition
    text: str
    code: Code | None = None


@dataclass(frozen=True)
class CheckText:
    """A reference (or a formula in brackets) and what it shows: texts with a mark before each, or nothing."""

    ref: str
    shown: str

    def after(self, heading: str) -> "CheckText":
        """Return the texts after a heading, whose mark replaces their first one."""
        shown = f"；{heading}{self.shown[1:]}" if self.shown else ""
        return CheckText(f'IF({self.ref}="","","；{heading}"&MID({self.ref},2,300))', shown)
