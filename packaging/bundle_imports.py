"""What modules import, read without running them: what loads with a package, and what nothing answers."""

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(kw_only=True)
class Loaded:
    """What loads with a package.

    Attributes:
        files: The Python files of its modules and of all that they import.
        missing: The imports that nothing answers, as `module: import`.
    """

    files: list[Path] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def what_loads(first: str, packages: Path, library: Path | None = None) -> Loaded:
    """Follow the imports of all modules of the package `first`.

    Followed are the imports that run as soon as a module is loaded; what is tried, or asked for by a
    condition or within a function, may be absent. Of `first` itself all count.

    Args:
        first: The package to begin with.
        packages: The folder of packages.
        library: Python's own library; without it, its modules are taken for there, and not followed.
    """
    folders = [packages, *filter(None, [library])]
    waiting = [
        ".".join(path.relative_to(packages).with_suffix("").parts)
        for path in sorted((packages / first).rglob("*.py"))
    ]
    found, known, missing = Loaded(), set(waiting), set()
    while waiting:
        module = waiting.pop()
        path = _file_of(module, folders)
        if path is None or path.suffix != ".py":
            continue
        found.files.append(path)
        for name in _imported_by(module, path, follow_all=module.split(".")[0] == first):
            is_own = name.split(".")[0] in sys.stdlib_module_names
            if not is_own and not _is_answered(name, folders):
                missing.add(f"{module}: {name}")
            elif name not in known:
                known.add(name)
                waiting.append(name)
    found.missing = sorted(missing)
    return found


def _imported_by(module: str, path: Path, *, follow_all: bool) -> Iterator[str]:
    """Yield the full names of what a module imports: modules, what may be one, and their packages."""
    tree = ast.parse(path.read_bytes())
    nodes = ast.walk(tree) if follow_all else iter(tree.body)
    for name in _imported(nodes, module, is_package=path.name == "__init__.py"):
        parts = name.split(".")
        yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _imported(nodes: Iterator[ast.AST], module: str, *, is_package: bool) -> Iterator[str]:
    parts = module.removesuffix(".__init__").split(".")
    package = parts if is_package else parts[:-1]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            yield ".".join((*above, *filter(None, [node.module])))


def _is_answered(name: str, folders: Sequence[Path]) -> bool:
    if _file_of(name, folders) is not None:
        return True
    return any(folder.joinpath(*name.split(".")).is_dir() for folder in folders)


def _file_of(module: str, folders: Sequence[Path]) -> Path | None:
    """Return the file of a module: Python, or an extension; None where there is none."""
    for folder in folders:
        place = folder.joinpath(*module.split("."))
        for path in (place.with_name(f"{place.name}.py"), place / "__init__.py"):
            if path.is_file():
                return path
        for path in sorted(place.parent.glob(f"{place.name}.*")):
            if path.suffix in (".so", ".pyd"):
                return path
    return None
