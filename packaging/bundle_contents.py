"""What of an interpreter and of packages a bundle leaves out, and what it keeps compiled."""

import importlib.util
import py_compile
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

OF_INTERPRETERS: Mapping[str, tuple[str, ...]] = {
    "tests": (
        "{library}/test",
        "{library}/*/test",
        "{library}/*/tests",
        "**/_test*",
        "**/_ctypes_test*",
        "**/*xx*.so",
        "**/*.pdb",
    ),
    "windows and consoles of its own, old databases": (
        "{library}/tkinter",
        "{library}/idlelib",
        "{library}/turtle.py",
        "{library}/turtledemo",
        "tcl",
        "lib/tcl*",
        "lib/tk*",
        "lib/itcl*",
        "lib/thread*",
        "lib/libtcl*",
        "lib/libtk*",
        "DLLs/tcl*",
        "DLLs/tk*",
        "**/_tkinter*",
        "**/_curses*",
        "**/_dbm*",
        "**/_gdbm*",
        "**/nis.*",
        "**/readline.*",
    ),
    "what builds, installs and explains": (
        "{library}/config-*",
        "{library}/distutils",
        "{library}/ensurepip",
        "{library}/lib2to3",
        "{library}/pydoc_data",
        "{library}/site-packages",
        "include",
        "libs",
        "lib/pkgconfig",
        "lib/*.a",
        "share",
        "Scripts",
    ),
}
"""What of an interpreter nothing in a bundle uses, as patterns in its folder."""
OF_PACKAGES: Mapping[str, tuple[str, ...]] = {
    "tests of packages": ("**/tests",),
    "what compilers and checkers of packages read": (
        "**/*.pyi",
        "**/*.pxd",
        "**/*.pyx",
        "**/*.pxi",
        "**/*.a",
        "**/*.lib",
        "**/include",
        "lxml/includes",
        "numpy/distutils",
        "numpy/f2py",
    ),
    "parts of packages that nothing calls": (
        "bin",
        "**/sboms",
        "lxml/html",
        "lxml/isoschematron",
        "lxml/objectify*",
    ),
}
"""What packages bring that nothing in a bundle uses, as patterns in their folder."""


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder, or of a file."""
    if not folder.is_dir():
        return folder.lstat().st_size
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


def leave_out(folder: Path, patterns: Mapping[str, tuple[str, ...]], library: str = "") -> dict[str, int]:
    """Remove what matches from a folder, and return how many bytes that were, by its name.

    Args:
        folder: Where patterns begin.
        patterns: What is left out, by the name of each sort.
        library: Where Python's own library lies in the folder.
    """
    return {
        sort: sum(_remove(folder, pattern.format(library=library)) for pattern in these)
        for sort, these in patterns.items()
    }


def _remove(folder: Path, pattern: str) -> int:
    removed = 0
    for path in sorted(folder.glob(pattern)):
        if not path.exists() and not path.is_symlink():
            continue
        removed += size_of(path)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return removed


def keep_one_program(programs: Path, name: str) -> int:
    """Leave one program in a folder of programs, as a file of its own, and return the bytes of the others."""
    wanted = programs / name
    shutil.copy2(wanted.resolve(), programs / f"{name}.kept")
    removed = sum(_remove(programs, path.name) for path in list(programs.iterdir()) if path.suffix != ".kept")
    (programs / f"{name}.kept").rename(wanted)
    return removed


def compile_files(files: Iterable[Path], folder: Path) -> int:
    """Keep the compiled form of Python files beside them, and return its bytes.

    A bundle may lie where nothing can be written: without it every start compiles all modules anew. Nobody
    compares it with its file, for unpacking sets new times.
    """
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compiled = 0
    for path in files:
        to = Path(importlib.util.cache_from_source(str(path)))
        shown = str(path.relative_to(folder))  # no path of the machine that makes the bundle
        py_compile.compile(str(path), str(to), shown, doraise=True, invalidation_mode=unchecked)
        compiled += to.stat().st_size
    return compiled
