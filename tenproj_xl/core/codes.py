"""Codes with labels: the code is stored and compared, the label is what people read."""

from enum import StrEnum
from typing import Self, overload

from tenproj_xl.core.cells import Value


class LabelledCode(StrEnum):
    """A kind or state, declared as `BEHIND = "behind", "滞后"`; labels of earlier versions may follow."""

    label: str
    former: tuple[str, ...]

    def __new__(cls, code: str, label: str = "", *former: str) -> Self:
        """Make a member whose value is the code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.former = former
        return member

    @property
    def labels(self) -> tuple[str, ...]:
        """The label, and those of earlier versions."""
        return (self.label, *self.former)

    @classmethod
    def stored(cls, text: str) -> Self:
        """Return the member of a stored code, or of the label that 0.2.1 stored in its place.

        Raises:
            ValueError: there is no such code or label.
        """
        for member in cls:
            if text in member.labels:
                return member
        return cls(text)

    @classmethod
    def of(cls, value: object) -> Self | None:
        """Return a value that is a member, None for any other."""
        if isinstance(value, cls):
            return value
        return None


@overload
def label_of(value: str) -> str: ...
@overload
def label_of(value: Value) -> Value: ...
def label_of(value: Value) -> Value:
    """Return what people read of a value: the label of a code, anything else as it is."""
    if isinstance(value, LabelledCode):
        return value.label
    return value
