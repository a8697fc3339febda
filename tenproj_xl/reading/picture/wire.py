"""Pictures as JSON and back: each dataclass an object of the fields that differ from their defaults.

What comes back is held against the types of the fields, as a reading process may have been taken over.
"""

import dataclasses
from collections.abc import Sequence
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from tenproj_xl.reading.picture.model import CELLS, CHARTS, COLUMNS, POINTS, ROWS, SERIES, Picture

Json = object


def encoded_picture(picture: Picture) -> Json:
    """Return a picture as JSON can hold it."""
    return _told(picture)


def decoded_picture(told: Json) -> Picture:
    """Return a picture.

    Raises:
        TypeError: What is told is none.
        ValueError: Likewise.
    """
    picture: Picture = _read(told, Picture)
    sheet = picture.shown
    sizes = [(sheet.widths, COLUMNS), (sheet.heights, ROWS), (sheet.charts, CHARTS)]
    for chart in sheet.charts:
        sizes += [(chart.series, SERIES), (chart.categories, POINTS), (chart.title, POINTS)]
        sizes += [(series.values, POINTS) for series in chart.series]
        sizes += [(name, POINTS) for name in chart.categories]
    if len(sheet.widths) * len(sheet.heights) > CELLS or any(len(own) > most for own, most in sizes):
        raise ValueError("too much")
    return picture


def _told(value: Any) -> Json:
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        told = {}
        for name, default in _defaults(kind).items():
            own = getattr(value, name)
            if own != default:
                told[name] = _told(own)
        return told
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    return value


@cache
def _defaults(kind: type) -> dict[str, object]:
    """Return the default of each field of a dataclass, MISSING for one that has none."""
    defaults: dict[str, object] = {}
    for field in dataclasses.fields(kind):
        defaults[field.name] = field.default
        if field.default_factory is not dataclasses.MISSING:
            defaults[field.name] = field.default_factory()
    return defaults


@cache
def _kinds(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(told: Json, kind: Any) -> Any:
    """Return a value of a kind, which is what the fields of pictures are made of."""
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        if not isinstance(told, dict):
            raise TypeError("no object")
        kinds = _kinds(kind)
        return kind(**{name: _read(value, kinds[name]) for name, value in told.items()})
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _one_of(told, inner)
    if origin is UnionType:
        return _optional(told, inner)
    if origin is Sequence:
        return tuple([_read(one, inner[0]) for one in _listed(told)])
    if origin is tuple:
        listed = _listed(told)
        return tuple([_read(one, own) for one, own in zip(listed, inner, strict=True)])
    return _plain(told, kind)


def _plain(told: Json, kind: type) -> Json:
    if kind is float and type(told) in (int, float):
        if not isfinite(told):  # type: ignore[arg-type]  # a number
            raise ValueError("no number")
        return told
    if type(told) is not kind:
        raise TypeError(kind.__name__)
    return told


def _one_of(told: Json, allowed: tuple[Any, ...]) -> Json:
    if told not in allowed:
        raise ValueError("no such word")
    return told


def _optional(told: Json, kinds: tuple[Any, ...]) -> Any:
    if told is None and NoneType in kinds:
        return None
    (kind,) = (one for one in kinds if one is not NoneType)
    return _read(told, kind)


def _listed(told: Json) -> list[Json]:
    if not isinstance(told, list):
        raise TypeError("no list")
    return told
