"""Whether the modules of a bundle find what they import, read without running them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path


def missing_imports(packages: Path, first: str) -> list[str]:
    """Return the imports that nothing in a folder of packages, or in Python, answers.

    Followed are the imports that run as soon as a module is loaded, from the modules of the package `first`; what is
    tried, or asked for by a condition or within a function, may be absent. Of `first` itself all count.
    """
    waiting = [
        ".".join(path.relative_to(packages).with_suffix("").parts)
        for path in (packages / first).rglob("*.py")
    ]
    known, missing = set(waiting), set()
    while waiting:
        module = waiting.pop()
        path = _file_of(module, packages)
        if path is None or path.suffix != ".py":
            continue
        tree = ast.parse(path.read_bytes())
        nodes = ast.walk(tree) if module.split(".")[0] == first else iter(tree.body)
        for name in _imported(nodes, module, is_package=path.name == "__init__.py"):
            if name.split(".")[0] in sys.stdlib_module_names:
                continue
            if not _is_answered(name, packages):
                missing.add(f"{module}: {name}")
            elif name not in known:
                known.add(name)
                waiting.append(name)
    return sorted(missing)


def _imported(nodes: Iterator[ast.AST], module: str, *, is_package: bool) -> Iterator[str]:
    """Yield the full names of what statements import: modules, and what may be one."""
    parts = module.removesuffix(".__init__").split(".")
    package = parts if is_package else parts[:-1]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            yield ".".join((*above, *filter(None, [node.module])))


def _is_answered(name: str, packages: Path) -> bool:
    return _file_of(name, packages) is not None or packages.joinpath(*name.split(".")).is_dir()


def _file_of(module: str, packages: Path) -> Path | None:
    """Return the file of a module: Python, or an extension; None where there is none."""
    place = packages.joinpath(*module.split("."))
    for path in (place.with_name(f"{place.name}.py"), place / "__init__.py"):
        if path.is_file():
            return path
    if place.parent.is_dir():
        for path in sorted(place.parent.glob(f"{place.name}.*")):
            if path.suffix in (".so", ".pyd"):
                return path
    return None
