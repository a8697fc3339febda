"""The house rules that no linter counts: density, sizes and names of the code, package by package."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import tenproj_xl

HOME = Path(tenproj_xl.__file__).parent
PACKAGES = sorted(
    path.name for path in HOME.iterdir() if (path / "__init__.py").exists() and path.name != "data"
)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Source:
    """One module of the package."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """Lines that are not blank."""
        return sum(bool(line.strip()) for line in self.text.splitlines())

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """All nodes of some kinds."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))


def sources(folder: Path) -> list[Source]:
    return list(map(source_of, sorted(folder.rglob("*.py"))))


@cache
def source_of(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path, text, ast.parse(text))


def per_thousand(found: list[Source], *kinds: type[ast.AST]) -> float:
    count = sum(len(list(source.nodes(*kinds))) for source in found)
    return 1000 * count / sum(source.lines for source in found)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_no_denser_than_its_models(package: str) -> None:
    found = sources(HOME / package)
    assert per_thousand(found, ast.IfExp) <= 15
    assert per_thousand(found, *COMPREHENSIONS) <= 40


def test_no_conditional_expression_stands_in_another() -> None:
    nested = [
        f"{source.path.relative_to(HOME)}:{outer.lineno}"
        for source in sources(HOME)
        for outer in ast.walk(source.tree)
        if isinstance(outer, ast.IfExp)
        and any(isinstance(inner, ast.IfExp) for inner in ast.walk(outer) if inner is not outer)
    ]
    assert nested == []


def test_no_call_has_eight_positional_arguments() -> None:
    long = [
        f"{source.path.relative_to(HOME)}:{call.lineno}"
        for source in sources(HOME)
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and len(call.args) >= 8
    ]
    assert long == []


def test_dataclasses_of_seven_fields_are_keyword_only() -> None:
    positional = [
        f"{source.path.relative_to(HOME)}:{made.lineno} {made.name}"
        for source in sources(HOME)
        for made in ast.walk(source.tree)
        if isinstance(made, ast.ClassDef) and _is_positional_dataclass(made) and _fields(made) >= 7
    ]
    assert positional == []


def _is_positional_dataclass(made: ast.ClassDef) -> bool:
    decorators = [ast.unparse(d) for d in made.decorator_list]
    return any(d.startswith("dataclass") and "kw_only=True" not in d for d in decorators)


def _fields(made: ast.ClassDef) -> int:
    """Return how many fields a dataclass has, those behind `_: KW_ONLY` left out."""
    annotations = [ast.unparse(line.annotation) for line in made.body if isinstance(line, ast.AnnAssign)]
    if "KW_ONLY" in annotations:
        return annotations.index("KW_ONLY")
    return len(annotations)


def test_no_file_is_longer_than_five_hundred_lines() -> None:
    long = {str(s.path.relative_to(HOME)): n for s in sources(HOME) if (n := s.text.count("\n")) > 500}
    assert long == {}


def test_a_class_name_stands_once_in_the_package() -> None:
    names = Counter(
        line.name for source in sources(HOME) for line in source.tree.body if isinstance(line, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1 and not name.startswith("_")] == []
