"""What went out: the rows of a form as they were printed, and what a batch worked by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenproj_xl.core.cells import Value


@dataclass(frozen=True)
class Issued:
    """One keyed row that went out in a form. The same token may have been printed anew after the plan was edited.

    `recipient` got the form; the row is one of `task_force` ("" while a new issue's is not chosen) and reported by
    `unit`; `of_others` is True where that is not the recipient, who may only read it.
    """

    token: str
    version: str
    period: str
    recipient: str
    sheet: str
    code: str
    task_force: str
    unit: str
    of_others: bool
    printed: Mapping[str, Value]


@dataclass(frozen=True)
class SentForm:
    """What was sent out for a period to a task force: rows by token, and the fields of each sheet from left to right.

    The rows are those that every form had, in the order and as printed in the newest; the columns are the newest's.
    """

    rows: Mapping[str, Issued]
    columns: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Snapshots:
    """What a batch worked by: the tables of plan and settings as they were read."""

    plan: str
    settings: str
