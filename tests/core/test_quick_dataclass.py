"""Our dataclasses against those of Python, which they are in all but the time they take to declare."""

import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import KW_ONLY, FrozenInstanceError, field, replace
from functools import cached_property, partial
from typing import Any

import pytest

from tenproj_xl.core import quick_dataclass

Decorator = Callable[..., Any]
DECORATORS: tuple[Decorator, Decorator] = (dataclasses.dataclass, quick_dataclass.dataclass)


@quick_dataclass.dataclass(frozen=True, kw_only=True)
class Kept:
    """A class that pickles find by its name."""

    code: str
    count: int = 0


def figures(dataclass: Decorator) -> Any:
    @dataclass(frozen=True)
    class Figure:
        code: str
        value: float | None = None
        _: KW_ONLY
        unit: str = "万元"
        seen: list[str] = field(default_factory=list, hash=False)
        note: str = field(default="", compare=False, repr=False)

        @cached_property
        def doubled(self) -> float:
            return 2 * (self.value or 0)

    return Figure


def outcome(action: Callable[[], Any]) -> object:
    """Return what an action gives, or the kind and words of what it raises."""
    try:
        return action()
    except (TypeError, AttributeError) as fault:
        return type(fault), str(fault)


@pytest.mark.parametrize(
    "use",
    [
        lambda figure: repr(figure("Z03-04", 72.5)),
        lambda figure: repr(figure(code="Z03-04", unit="亩", note="问过")),
        lambda figure: figure("a", 1.0) == figure("a", 1.0, note="问过"),
        lambda figure: figure("a", 1.0) == figure("a", 2.0),
        lambda figure: figure("a") != figure("a", seen=["x"]),
        lambda figure: figure("a") == "a",
        lambda figure: hash(figure("a", 1.0, seen=["x"])) == hash(("a", 1.0, "万元")),
        lambda figure: len({figure("a"), figure("a", note="问过"), figure("b")}),
        lambda figure: (figure("a").seen is not figure("a").seen, figure("a").seen),
        lambda figure: figure("a", 1.5).doubled,
        lambda figure: repr(replace(figure("a"), value=3.0)),
        lambda figure: dataclasses.asdict(figure("a", 1.0)),
        lambda figure: [one.name for one in dataclasses.fields(figure)],
        lambda figure: figure.__match_args__,
        lambda figure: figure(),
        lambda figure: figure("a", 1.0, "亩"),
        lambda figure: figure("a", other=1),
        lambda figure: setattr(figure("a"), "code", "b"),
        lambda figure: delattr(figure("a"), "code"),
    ],
)
def test_a_dataclass_does_what_one_of_python_does(use: Callable[[Any], object]) -> None:
    python, ours = (outcome(partial(use, figures(made))) for made in DECORATORS)
    if isinstance(python, str):
        assert "Figure(code=" in python
    assert ours == python


def test_the_methods_are_compiled_when_they_are_first_called() -> None:
    figure = figures(quick_dataclass.dataclass)
    before = {name: vars(figure)[name] for name in ("__init__", "__eq__", "__hash__")}
    made = figure("a", 1.0)
    assert vars(figure)["__init__"] is not before["__init__"]
    assert vars(figure)["__eq__"] is before["__eq__"]
    assert made == figure("a", 1.0)
    assert hash(made) == hash(figure("a", 1.0))
    assert all(vars(figure)[name] is not method for name, method in before.items())
    assert list(inspect.signature(figure).parameters) == ["code", "value", "unit", "seen", "note"]


@pytest.mark.parametrize("derived", DECORATORS)
@pytest.mark.parametrize("dataclass", DECORATORS)
def test_a_derived_class_has_the_fields_of_both(dataclass: Decorator, derived: Decorator) -> None:
    @dataclass(frozen=True, kw_only=True)
    class Line:
        code: str

        def __post_init__(self) -> None:
            assert self.code

    @derived(frozen=True, kw_only=True)
    class Longer(Line):
        value: int = 1

    class Named(Longer):
        """Not a dataclass itself."""

    named: Any = Named
    for line in (Line, Longer):
        with pytest.raises(AssertionError):
            line(code="")
    assert Longer(code="a").value == 1
    assert Line(code="a") != Longer(code="a")
    assert named(code="a", value=2) == named(code="a", value=2)
    assert hash(named(code="a")) == hash(Longer(code="a"))
    assert repr(named(code="a", value=2)).endswith("Named(code='a', value=2)")


@pytest.mark.parametrize("dataclass", DECORATORS)
def test_what_a_class_defines_itself_stays(dataclass: Decorator) -> None:
    @dataclass(frozen=True)
    class Own:
        code: str

        def __hash__(self) -> int:
            return 7

        def __repr__(self) -> str:
            return "own"

    @dataclass(frozen=True, eq=False)
    class Single:
        code: str

    @dataclass
    class Open:
        code: str

    assert (hash(Own("a")), repr(Own("a")), Own("a") == Own("a")) == (7, "own", True)
    assert Single("a") != Single("a")
    assert hash(Single("a")) != hash(Single("a")) or Single.__hash__ is object.__hash__
    opened = Open("a")
    opened.code = "b"
    assert opened == Open("b")
    with pytest.raises(TypeError, match="unhashable"):
        hash(opened)


def test_one_that_is_ordered_is_ordered_by_its_fields() -> None:
    @quick_dataclass.dataclass(frozen=True, order=True)
    class Place:
        sheet: int
        row: int

    assert sorted([Place(2, 1), Place(1, 9), Place(1, 2)]) == [Place(1, 2), Place(1, 9), Place(2, 1)]


def test_it_travels_to_another_process_and_is_frozen_there() -> None:
    back = pickle.loads(pickle.dumps(frozenset([Kept(code="a", count=2)])))  # noqa: S301 - our own
    assert back == {Kept(code="a", count=2)}
    (one,) = back
    with pytest.raises(FrozenInstanceError, match="count"):
        one.count = 3
