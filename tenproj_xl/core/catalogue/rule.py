"""What one rule of the catalogue consists of."""

from enum import StrEnum
from typing import TYPE_CHECKING, Self, TypeVar, overload

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass

_Member = TypeVar("_Member")


class Severity(LabelledCode):
    """What follows from a finding: an error keeps the row (or the file) out, the others only ask for a look."""

    ERROR = "error", "错误"
    WARNING = "warning", "提示"
    QUESTION = "question", "疑问"
    EXEMPT = "exempt", "已豁免"
    """Excused by a line of the settings: kept on record, asked of nobody."""


class Gate(StrEnum):
    """The step at which a rule is applied. A file passes the gates in this order."""

    FILE = "file"
    FORM = "form"
    SHEETS = "sheets"
    CELLS = "cells"
    ROWS = "rows"
    HISTORY = "history"
    PLAN = "plan"
    TEMPLATE = "template"
    PAPERS = "papers"

    @property
    def label(self) -> str:
        """What people call it."""
        return _GATE_LABELS[self]

    @property
    def is_of_senders(self) -> bool:
        """Whether it is passed by what senders send, not by the office's own workbooks."""
        return self not in (Gate.PLAN, Gate.TEMPLATE, Gate.PAPERS)


_GATE_LABELS = {
    Gate.FILE: "文件能不能读",
    Gate.FORM: "是不是下发的表",
    Gate.SHEETS: "表格是否完整",
    Gate.CELLS: "单元格填得对不对",
    Gate.ROWS: "前后是否相符",
    Gate.HISTORY: "与下发的、以前报的是否相符",
    Gate.PLAN: "工作计划和设置",
    Gate.TEMPLATE: "模板",
    Gate.PAPERS: "印发的材料",
}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One kind of finding.

    Attributes:
        gate: The step at which it is applied.
        severity: Its severity, unless the office sets another one.
        title: Its name in lists; no two rules for senders share one.
        text: The message, with named fields in braces.
        why: Why it is asked and what follows, for people.
        is_fixed: Whether the office cannot set its severity, as of a file that cannot be read.
        is_guess: Whether the cell is read all the same, and its sender asked to look.
        refuses_return: Whether it keeps the whole return out, though it is one of ours.
        is_for_office: Whether the office alone is told: it is in no letter and no workbook to be corrected.
        code: Its name for machines and in ledgers: the member's name in lower case.
    """

    gate: Gate
    severity: Severity
    title: str
    text: str
    why: str
    is_fixed: bool = False
    is_guess: bool = False
    refuses_return: bool = False
    is_for_office: bool = False
    code: str = ""

    if TYPE_CHECKING:
        # Entries of a table become members of the enumeration `Code`: `Code.FILE_EMPTY` is typed as a `Code`.
        @overload
        def __get__(self, instance: None, owner: type[_Member]) -> _Member: ...
        @overload
        def __get__(self, instance: object, owner: object) -> Self: ...
        def __get__(self, instance: object, owner: object) -> object: ...
