"""`dataclass` of the standard library, which takes next to no time for a frozen class until it is used.

Python writes and compiles six methods of each frozen dataclass while its module loads, in a third of a
millisecond; a merge loads four hundred such classes, and makes objects of half of them. Here each method is
compiled by the standard library when it is first called; what refuses changes is one for all classes. What is
derived from such a class is declared by this decorator, too, and by no options but `frozen` and `kw_only`.
`InitVar` is not for it, and a class that was not used yet has no signature to inspect.
"""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: Any = None, /, **options: Any) -> Any:
        """Make a dataclass of a class, by options of `dataclasses.dataclass`."""
        if cls is None:
            return lambda decorated: dataclass(decorated, **options)
        if options.get("frozen") and options.keys() <= {"frozen", "kw_only"}:
            _declare(cls, kw_only=options.get("kw_only", False))
            return cls
        return dataclasses.dataclass(cls, **options)


_NONE: dict[str, Any] = {"init": False, "repr": False, "eq": False}
_MADE_BY: dict[str, dict[str, Any]] = {
    "__init__": {"init": True, "frozen": True},
    "__repr__": {"repr": True},
    "__eq__": {"eq": True},
    "__hash__": {"unsafe_hash": True},
}
"""The options by which the standard library makes one method alone."""


def _declare(cls: type, *, kw_only: bool) -> None:
    """Make a class a frozen dataclass whose methods are still to be compiled."""
    if cls.__doc__ is None:
        cls.__doc__ = cls.__name__  # else the standard library tells its signature, which takes as long
    dataclasses.dataclass(**_NONE, kw_only=kw_only)(cls)
    for name in _MADE_BY:
        if vars(cls).get(name) is None:
            setattr(cls, name, _compiling(cls, name))
    for name in ("__setattr__", "__delattr__"):
        setattr(cls, name, _refuse)


def _compiling(cls: Any, name: str) -> Callable[..., Any]:
    """Return a method that puts the compiled one in its own place as it is called."""

    def method(*given: object, **named: object) -> Any:
        compiled = _compiled(cls, name)
        setattr(cls, name, compiled)  # whole at any moment, whatever other threads do
        return compiled(*given, **named)

    return method


def _compiled(cls: Any, name: str) -> Callable[..., Any]:
    """Return a method as the standard library makes it for the fields of a class."""
    fields = [(field.name, field.type, field) for field in dataclasses.fields(cls)]
    namespace = {"__doc__": cls.__doc__}
    if hasattr(cls, "__post_init__"):
        namespace["__post_init__"] = cls.__post_init__
    options = {**_NONE, **_MADE_BY[name]}
    twin = dataclasses.make_dataclass(cls.__name__, fields, namespace=namespace, **options)
    made: Callable[..., Any] = vars(twin)[name]
    return made


def _refuse(_: object, name: str, *_value: object) -> NoReturn:
    message = f"cannot assign to or delete field {name!r}"
    raise dataclasses.FrozenInstanceError(message)
