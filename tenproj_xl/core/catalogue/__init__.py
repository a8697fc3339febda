"""The catalogue of rules. A rule is one entry in the table of its gate, reached as `Code.FILE_EMPTY`."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import Enum
from functools import cache
from typing import Any

from tenproj_xl.core.catalogue.addresses import AddressRules
from tenproj_xl.core.catalogue.cells import CellRules
from tenproj_xl.core.catalogue.files import FileRules
from tenproj_xl.core.catalogue.forms import FormRules
from tenproj_xl.core.catalogue.history import HistoryRules
from tenproj_xl.core.catalogue.papers import PaperRules
from tenproj_xl.core.catalogue.plan import PlanRules
from tenproj_xl.core.catalogue.rows import RowRules
from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity
from tenproj_xl.core.catalogue.sheets import SheetRules
from tenproj_xl.core.catalogue.template import TemplateRules

__all__ = ["Code", "Gate", "Rule", "Severity", "known", "retired"]

_TABLES = (
    FileRules,
    FormRules,
    SheetRules,
    CellRules,
    RowRules,
    HistoryRules,
    PlanRules,
    AddressRules,
    TemplateRules,
    PaperRules,
)
"""The tables in the order of their gates; each is a base of `Code`, too."""


def _entries(tables: Iterable[type]) -> Iterator[tuple[str, Rule]]:
    """Yield the entries of some tables, each with its name, and given its code."""
    for table in tables:
        for name, entry in vars(table).items():
            if isinstance(entry, Rule):
                yield name, replace(entry, code=name.lower())


class Code(
    FileRules,
    FormRules,
    SheetRules,
    CellRules,
    RowRules,
    HistoryRules,
    PlanRules,
    AddressRules,
    TemplateRules,
    PaperRules,
    Enum,
):
    """Every rule, in the order of the gates, which is also the order in which findings of a cell are shown.

    The entries of the tables become its members; the tables are its bases so that type checkers know their names.
    """

    vars().update(_entries(_TABLES))

    @property
    def rule(self) -> Rule:
        """The entry of the catalogue."""
        entry: Rule = self.value
        return entry

    @property
    def gate(self) -> Gate:
        """The step at which it is looked for."""
        return self.rule.gate

    @property
    def is_of_senders(self) -> bool:
        """Whether it is found in what senders send, not in the office's own workbooks."""
        return self.gate.is_of_senders

    def __reduce_ex__(self, _protocol: object) -> tuple[Any, ...]:
        """Pickle it by its code: a retired rule is no member, and could not be found again by its entry."""
        return _of_code, (self.rule.code,)


_BY_CODE = {code.rule.code: code for code in Code}


def known(code: str) -> Code | None:
    """Return the rule of a code (`file_empty`), None for one that was renamed or is retired.

    Ledgers keep the findings of earlier versions, whose rules need not exist any more.
    """
    return _BY_CODE.get(code)


@cache
def retired(code: str) -> Code:
    """Return a stand-in for a rule that only another version has: it is no member, and equal to itself alone.

    A finding of it still has its message, severity and cell.
    """
    stand_in = object.__new__(Code)
    stand_in._name_ = code.upper()
    stand_in._value_ = Rule(
        gate=Gate.CELLS,
        severity=Severity.WARNING,
        title="其他版本的规则",
        text="",
        why="这条规则由其他版本的程序核验，现在的版本没有。",
        code=code,
    )
    return stand_in


def _of_code(code: str) -> Code:
    return known(code) or retired(code)
