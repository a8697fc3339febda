"""Dataclasses that cost nothing until they are used.

Python compiles six methods for each frozen dataclass when its module is imported, half a millisecond or more
for each class, and no command uses all of ours. Here a method is compiled when it is first called, to what
`dataclasses` would have made. Fields, `replace`, `asdict` and matching are those of `dataclasses`.
"""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from functools import partial
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]


def _dataclass(
    cls: type[Any] | None = None,
    /,
    *,
    eq: bool = True,
    order: bool = False,
    frozen: bool = False,
    kw_only: bool = False,
) -> Any:
    """Make a class a dataclass, as `dataclasses.dataclass` does."""
    if cls is None:
        return partial(_dataclass, eq=eq, order=order, frozen=frozen, kw_only=kw_only)
    if order or any(map(dataclasses.is_dataclass, cls.__mro__[1:])):  # few, and not worth the words
        return dataclasses.dataclass(cls, eq=eq, order=order, frozen=frozen, kw_only=kw_only)
    own = set(vars(cls))
    is_hash_its_own = vars(cls).get("__hash__") is not None
    if not cls.__doc__:
        cls.__doc__ = cls.__name__  # what would be put together of its fields takes longer than all the rest
    made: Any = dataclasses.dataclass(cls, init=False, repr=False, eq=False, kw_only=kw_only)
    made.__dataclass_params__.frozen = frozen  # what is derived from it has to be the same
    methods: dict[str, Any] = {"__init__": _first_init, "__repr__": _repr}
    if eq:
        methods["__eq__"] = _first_eq
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    if eq and not is_hash_its_own:
        made.__hash__ = _first_hash if frozen else None
    if frozen:
        made.__setattr__, made.__delattr__ = _no_assignment, _no_deletion
    return made


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass


def _first_init(self: Any, /, *args: Any, **kwargs: Any) -> None:
    _compiled(self, "__init__", _first_init, _init_source)(self, *args, **kwargs)


def _first_eq(self: Any, other: object) -> Any:
    return _compiled(self, "__eq__", _first_eq, _eq_source)(self, other)


def _first_hash(self: Any) -> Any:
    return _compiled(self, "__hash__", _first_hash, _hash_source)(self)


@recursive_repr()
def _repr(self: Any) -> str:
    shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({shown})"


def _no_assignment(_self: object, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_deletion(_self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _compiled(
    self: object,
    name: str,
    first: Callable[..., Any],
    source: Callable[[type[Any], dict[str, Any]], Iterable[str]],
) -> Any:
    """Compile a method of the class that is still without it, and put it in its place."""
    cls = next((one for one in type(self).__mro__ if vars(one).get(name) is first), None)
    if cls is None:  # another thread was quicker
        return getattr(type(self), name)
    scope: dict[str, Any] = {"__name__": cls.__module__}
    exec("\n".join(source(cls, scope)), scope)  # noqa: S102  # of the names of our own fields
    method = scope[name]
    method.__qualname__ = f"{cls.__qualname__}.{name}"
    setattr(cls, name, method)
    return method


def _init_source(cls: type[Any], scope: dict[str, Any]) -> Iterable[str]:
    """Return how an object is filled, past `__setattr__`, which takes nothing where the class is frozen."""
    scope["_set"], scope["_missing"] = object.__setattr__, MISSING
    known = fields(cls)
    positional = [one for one in known if not one.kw_only]
    keywords = [one for one in known if one.kw_only]
    taken = ["self", *(_parameter(one, scope) for one in positional)]
    if keywords:
        taken += ["*", *(_parameter(one, scope) for one in keywords)]
    yield f"def __init__({', '.join(taken)}):"
    for one in known:
        value = one.name
        if one.default_factory is not MISSING:
            scope[f"_make_{one.name}"] = one.default_factory
            value = f"_make_{one.name}() if {one.name} is _missing else {one.name}"
        yield f"  _set(self, {one.name!r}, {value})"
    if hasattr(cls, "__post_init__"):
        yield "  self.__post_init__()"
    yield "  return None"


def _parameter(one: Field[Any], scope: dict[str, Any]) -> str:
    if one.default_factory is not MISSING:
        return f"{one.name}=_missing"
    if one.default is MISSING:
        return one.name
    scope[f"_default_{one.name}"] = one.default
    return f"{one.name}=_default_{one.name}"


def _eq_source(cls: type[Any], _scope: dict[str, Any]) -> Iterable[str]:
    names = [one.name for one in fields(cls) if one.compare]
    yield "def __eq__(self, other):"
    yield "  if other.__class__ is self.__class__:"
    yield f"    return {_tuple('self', names)} == {_tuple('other', names)}"
    yield "  return NotImplemented"


def _hash_source(cls: type[Any], _scope: dict[str, Any]) -> Iterable[str]:
    names = [one.name for one in fields(cls) if (one.compare if one.hash is None else one.hash)]
    yield "def __hash__(self):"
    yield f"  return hash({_tuple('self', names)})"


def _tuple(of: str, names: Sequence[str]) -> str:
    return "(" + "".join(f"{of}.{name}, " for name in names) + ")"
