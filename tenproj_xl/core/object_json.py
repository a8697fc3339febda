"""Frozen objects as JSON and back: dataclasses, named tuples, codes, days, tuples and mappings."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo


class ObjectJson:
    """Writes objects of some classes, and makes no others of what it reads.

    An object is written as its class with its values in the order of its fields, so that a text is read by
    the classes that it was written by, and by no others.
    """

    def __init__(self, classes: Iterable[type]) -> None:
        self._classes: dict[str, type[Any]] = {one.__name__: one for one in classes}
        objects = [one for one in self._classes.values() if not issubclass(one, Enum)]
        self._fields = {one: _names(one) for one in objects}

    def dumps(self, value: object) -> str:
        """Return the text of a value.

        Raises:
            TypeError: A value in it is of another class.
        """
        return json.dumps(self._plain(value), ensure_ascii=False, separators=(",", ":"))

    def loads(self, text: str) -> Any:
        """Return the value of a text.

        Raises:
            ValueError: It is no JSON, or has values that a class does not take.
            LookupError: It has another class, or a code that is unknown.
            TypeError: What stands in it is of another type.
        """
        return _with_tuples(json.loads(text, object_hook=self._object))

    def _plain(self, value: object) -> object:
        if value is None or value.__class__ in (bool, int, float, str):
            return value
        if value.__class__ is tuple:
            return [self._plain(one) for one in value]
        return {type(value).__name__: self._content(value)}

    def _content(self, value: Any) -> object:
        """Return what stands behind the name of a class."""
        kind = type(value)
        content: object = None
        if kind is dict:
            content = [[self._plain(key), self._plain(one)] for key, one in value.items()]
        elif kind is frozenset:
            content = [self._plain(one) for one in sorted(value)]
        elif kind is ZoneInfo:
            content = value.key
        elif kind in (date, datetime, time):
            content = value.isoformat()
        elif self._classes.get(kind.__name__) is not kind:
            raise TypeError(f"{kind.__name__} is none of the classes that are written")
        elif issubclass(kind, Enum):
            content = str(value.name)
            if kind.__members__.get(content) is not value:
                raise TypeError(f"{content} is no member of {kind.__name__}")
        else:
            content = [self._plain(getattr(value, name)) for name in self._fields[kind]]
        return content

    def _object(self, written: dict[str, Any]) -> object:
        ((name, content),) = written.items()
        if name in _READ:
            return _READ[name](content)
        kind = self._classes[name]
        if issubclass(kind, Enum):
            return kind[content]
        values = map(_with_tuples, content)
        return kind(**dict(zip(self._fields[kind], values, strict=True)))


def _names(kind: type[Any]) -> Sequence[str]:
    """Return the names of the fields of a dataclass or named tuple."""
    if is_dataclass(kind):
        return [field.name for field in fields(kind)]
    names: tuple[str, ...] = kind._fields
    return names


def _with_tuples(value: object) -> object:
    """Return a value with tuples for lists."""
    if isinstance(value, list):
        return tuple(map(_with_tuples, value))
    return value


def _dict(pairs: Iterable[tuple[object, object]]) -> dict[object, object]:
    return {_with_tuples(key): _with_tuples(one) for key, one in pairs}


def _frozenset(items: Iterable[object]) -> frozenset[object]:
    return frozenset(map(_with_tuples, items))


_READ: Mapping[str, Any] = {
    "dict": _dict,
    "frozenset": _frozenset,
    "ZoneInfo": ZoneInfo,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}
