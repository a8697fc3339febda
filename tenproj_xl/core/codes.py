"""Codes with labels: the code is stored and compared, the label is what people read."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Self, TypeVar, overload

from tenproj_xl.core.cells import Value

_Code = TypeVar("_Code", bound="LabelledCode")


class LabelledCode(StrEnum):
    """A kind or state, declared as `BEHIND = "behind", "滞后"`; other words that are read as it may follow.

    Those are labels of earlier versions, and what people type for a choice.
    """

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
        """The label, and the other words."""
        return (self.label, *self.former)

    @classmethod
    def stored(cls, text: str) -> Self:
        """Return the member of a stored code, or of a label of this or an earlier version.

        What only another version has comes back as a stand-in with the text as its label: it is no member,
        and equal to none.
        """
        member: Self | None = _members(cls).get(str(text))
        if member is not None:
            return member
        stand_in: Self = _stand_in(cls, text)
        return stand_in

    def called(self, label: str, former: Iterable[str] = ()) -> Self:
        """Return the same code under another label, equal to the member; former ones are read as it, too."""
        if label == self.label:
            return self
        renamed: Self = _made(type(self), self.value, self.name, label, tuple(former))
        return renamed

    def __reduce_ex__(self, _protocol: object) -> tuple[Any, ...]:
        """Pickle it with its labels: by its code alone a stand-in would be lost, and what it is called."""
        return _told_as, (type(self), self.value, self.name, self.label, self.former)

    @property
    def is_known(self) -> bool:
        """Whether it is a member, and no stand-in for a code that only another version has."""
        return self in list(type(self))

    @classmethod
    def of(cls, value: object) -> Self | None:
        """Return a value that is a member, None for any other."""
        if isinstance(value, cls):
            return value
        return None


@cache
def _members(kind: type[_Code]) -> Mapping[str, _Code]:
    """Return the members by their codes and labels: years of a ledger ask for each again and again."""
    members: dict[str, _Code] = {}
    for member in kind:
        for text in (member.value, *member.labels):
            members.setdefault(text, member)
    return members


@cache
def _stand_in(kind: type[_Code], text: str) -> _Code:
    made: _Code = _made(kind, text, text, text, ())
    return made


def _told_as(kind: type[_Code], value: str, name: str, label: str, former: tuple[str, ...]) -> _Code:
    """Return a code that was pickled: the member, unless it was called otherwise or is none."""
    member: _Code | None = _members(kind).get(value)
    if member is not None and (member.value, member.label, member.former) == (value, label, former):
        return member
    return _made(kind, value, name, label, former)


def _made(kind: type[_Code], value: str, name: str, label: str, former: tuple[str, ...]) -> _Code:
    code = str.__new__(kind, value)
    code._name_ = name
    code._value_ = value
    code.label = label
    code.former = former
    return code


@overload
def label_of(value: str) -> str: ...
@overload
def label_of(value: Value) -> Value: ...
def label_of(value: Value) -> Value:
    """Return what people read of a value: the label of a code, anything else as it is."""
    if isinstance(value, LabelledCode):
        return value.label
    return value
