"""The registry of row rules: `@rule(Code.NEGATIVE, on=("indicators",))` registers the check of a rule.

A rule consists of its entry in the catalogue and of this one function, in a module of `row_rules`.
"""

from collections.abc import Callable, Iterator
from functools import cache

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry

Check = Callable[[Entry, Context], Iterator[Finding]]
"""Yields what is wrong with one row; stays silent about cells that were not understood."""

EVERY_SHEET = ("indicators", "tasks", "issues")


@dataclass(frozen=True)
class RowRule:
    """A registered check: the codes of its findings, the sheets whose rows it checks, and what it needs."""

    check: Check
    codes: tuple[Code, ...]
    sheets: tuple[str, ...]
    of_others: bool
    needs: tuple[str, ...]

    def speaks_of(self, entry: Entry) -> bool:
        """Return whether all that it needs was filled in and understood."""
        for field in self.needs:  # noqa: SIM110  # every rule asks of every row: no generator each time
            if entry.value(field) is None:
                return False
        return True


_REGISTERED: list[RowRule] = []


def rule(
    *codes: Code,
    on: tuple[str, ...] = EVERY_SHEET,
    of_others: bool = False,
    needs: tuple[str, ...] = (),
) -> Callable[[Check], Check]:
    """Register the decorated function as the check of some rules.

    Args:
        codes: The rules that it finds broken.
        on: The codes of the sheets whose rows it checks.
        of_others: Whether it checks the rows that another unit fills in, not the sender's own.
        needs: The fields that must be filled in and understood before it speaks: a question about a value
            that is blank, or not sound itself, would be a consequence of something else.
    """

    def register(check: Check) -> Check:
        _REGISTERED.append(RowRule(check, codes, on, of_others, needs))
        return check

    return register


@cache
def row_rules(sheet: str, *, of_others: bool = False) -> tuple[RowRule, ...]:
    """Return the rules for the rows of a sheet, in the order of their registration."""
    return tuple(r for r in _REGISTERED if sheet in r.sheets and r.of_others == of_others)
