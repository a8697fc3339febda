"""What can be wrong with a cell by itself, before anybody knows what it is about."""

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Required
from tenproj_xl.core.dataclass import dataclass


@dataclass(frozen=True)
class Unread:
    """A cell that could not be understood: why, and what was typed."""

    code: Code
    typed: str
    detail: str = ""


@dataclass(frozen=True)
class Failure:
    """One failed check: the frame's index, the field, and the declaration where one cell requires another."""

    index: int
    field: str
    code: Code
    required: Required | None = None
