"""Dataclasses whose methods are compiled late are what the standard library's are."""

import ast
import dataclasses
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import KW_ONLY, asdict, field, replace
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from threading import Barrier
from typing import Any, get_type_hints

import pytest

import tenproj_xl
from tenproj_xl.core import dataclass as late
from tenproj_xl.core.dataclass import dataclass

_PACKAGE = Path(tenproj_xl.__file__).parent


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell."""

    sheet: str
    row: int = 1
    notes: list[str] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True)
class Named(Cell):
    name: str
    _: KW_ONLY
    width: float = 0.5

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError(self.name)


def declared(decorator: Callable[..., Any], **options: bool) -> Any:
    """Return a new class by a decorator."""

    class Point:
        """A point."""

        x: int
        y: int = 0

    return decorator(**options)(Point)


@pytest.mark.parametrize("options", [{}, {"kw_only": True}])
def test_a_class_has_the_fields_and_shows_compares_and_hashes_as_the_standard_librarys(
    options: dict[str, bool],
) -> None:
    ours = declared(dataclass, frozen=True, **options)
    theirs = declared(dataclasses.dataclass, frozen=True, **options)
    assert get_type_hints(ours) == get_type_hints(theirs)
    assert ours.__match_args__ == theirs.__match_args__
    assert repr(ours(x=1)) == repr(theirs(x=1)).replace("theirs", "ours")
    assert hash(ours(x=1)) == hash(theirs(x=1)) == hash(ours(x=1, y=0))
    assert ours(x=1) == ours(x=1)
    assert ours(x=1) != ours(x=2)
    assert ours(x=1) != theirs(x=1)
    assert ours(y=3, x=1) == replace(ours(x=1), y=3)
    assert asdict(ours(x=1)) == {"x": 1, "y": 0}


@pytest.mark.parametrize(
    ("given", "named"), [((), {}), ((1, 2, 3), {}), ((), {"x": 1, "z": 2}), ((1,), {"x": 1})]
)
def test_what_is_given_wrongly_is_refused_in_the_same_words(
    given: tuple[int, ...], named: dict[str, int]
) -> None:
    said = []
    for decorator in (dataclass, dataclasses.dataclass):
        made = declared(decorator, frozen=True)
        for _ in range(2):  # the first object is not refused otherwise than later ones
            with pytest.raises(TypeError) as refused:
                made(*given, **named)
            said.append(str(refused.value).removeprefix("declared.<locals>."))
    assert len(set(said)) == 1


def test_what_is_not_compared_or_shown_is_left_out() -> None:
    one, other = Cell(sheet="A", notes=["x"]), Cell(sheet="A")
    assert one == other
    assert hash(one) == hash(other)
    assert repr(one) == "Cell(sheet='A', row=1)"
    assert other.notes is not Cell(sheet="A").notes


def test_a_class_has_the_fields_of_the_one_it_is_derived_from() -> None:
    named = Named("n", sheet="A")
    assert named == Named("n", sheet="A", row=1, width=0.5)
    assert named != Cell(sheet="A")
    with pytest.raises(ValueError, match=r"^$"):
        Named("", sheet="A")


def test_nothing_can_be_set_or_deleted() -> None:
    cell = Cell(sheet="A")
    for name in ("sheet", "another"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(cell, name, "B")
    with pytest.raises(dataclasses.FrozenInstanceError):
        del cell.sheet
    assert cell == Cell(sheet="A")


def test_methods_of_its_own_stay() -> None:
    @dataclass(frozen=True)
    class Loud:  # noqa: PLW1641  # the decorator gives it __hash__
        word: str

        def __repr__(self) -> str:
            return self.word.upper()

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Loud) and self.word.lower() == other.word.lower()

    assert repr(Loud("a")) == "A"
    assert Loud("a") == Loud("A")
    assert hash(Loud("a")) == hash(Loud("a"))


def test_a_method_is_compiled_when_it_is_first_called(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled, compile_it = [], late._compiled

    def counted(cls: type, name: str) -> Callable[..., Any]:
        compiled.append(name)
        return compile_it(cls, name)

    monkeypatch.setattr(late, "_compiled", counted)
    made = declared(dataclass, frozen=True)
    assert compiled == []
    points = [made(1), made(2)]
    assert compiled == ["__init__"]
    assert points[0] != points[1]
    assert points[0] != made(3)
    assert compiled == ["__init__", "__eq__"]


def test_objects_of_another_process_need_no_first_one() -> None:
    packed = pickle.dumps([Cell(sheet="A"), Cell(sheet="A", row=2)])
    for name in ("__init__", "__repr__", "__eq__", "__hash__"):
        setattr(Cell, name, late._compiling(Cell, name))
    first, second = pickle.loads(packed)  # noqa: S301  # our own
    assert {first, first, second} == {Cell(sheet="A"), Cell(sheet="A", row=2)}


def test_threads_make_the_first_objects_at_the_same_moment() -> None:
    together = Barrier(8)

    def first(made: Any) -> Any:
        together.wait()
        return made(1)

    with ThreadPoolExecutor(8) as threads:
        for _ in range(50):
            made = declared(dataclass, frozen=True)
            assert len(set(threads.map(first, [made] * 8))) == 1


def test_a_default_that_all_objects_would_share_is_refused_where_it_stands() -> None:
    with pytest.raises(ValueError, match="mutable default"):

        @dataclass(frozen=True)
        class Wrong:
            x: list[int] = []  # noqa: RUF012  # what is tested


def test_a_field_without_a_default_behind_one_is_refused_as_the_first_object_is_made() -> None:
    @dataclass(frozen=True)
    class Wrong:
        x: int = 1
        y: int  # type: ignore[misc]  # what is tested

    with pytest.raises(TypeError, match="non-default argument 'y'"):
        Wrong(1, 2)


def test_all_methods_of_every_class_of_the_program_can_be_compiled() -> None:
    for module in walk_packages(tenproj_xl.__path__, "tenproj_xl."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    every = _below(object)
    assert len(every) > 500
    for made in every:
        for name in late._MADE_BY:
            assert callable(late._compiled(made, name))


def _below(cls: type) -> list[type]:
    """Return our dataclasses derived from a class."""
    found: list[type] = []
    derived: type
    for derived in cls.__subclasses__():
        if not derived.__module__.startswith("tenproj_xl."):
            continue
        if dataclasses.is_dataclass(derived):
            found.append(derived)
        found += _below(derived)
    return found


def test_no_module_takes_the_decorator_from_the_standard_library() -> None:
    for path in sorted(_PACKAGE.rglob("*.py")):
        if path.name == "dataclass.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "dataclasses":
                assert "dataclass" not in {alias.name for alias in node.names}, path
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert (node.value.id, node.attr) != ("dataclasses", "dataclass"), path
