"""Make a bundle (绿色版): a zip with an interpreter and all packages, unpacked anywhere, nothing to install.

    python packaging/bundle.py linux-x86_64 --to dist
    python packaging/bundle.py windows-x64 --interpreter cpython-….tar.gz --to dist

Without the archive of an interpreter (see targets.toml) the bundle has that of this machine, which must be a
linux-x86_64, and runs where the C library is as new as here: the name of the zip says how new. The packages
are those of packaging/requirements.lock, by their hashes.
"""

import hashlib
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from packaging.markers import Marker, default_environment

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
"""What a release has, and what the extra `mail` needs; made anew by the command on its top."""
FOLDER = "tenproj"
"""The folder in the zip."""
C_LIBRARY = "glibc.txt"
"""Where the bundle keeps how new the C library must be, for its start script."""
_LOCKED = re.compile(
    r"^(?P<pinned>[\w.-]+==[^\s;]+)(?: ; (?P<marker>[^\\\n]+?))? \\\n"
    r"(?P<hashes>(?:    --hash=\S+(?: \\)?\n)+)",
    re.MULTILINE,
)
_GLIBC = re.compile(rb"GLIBC_(\d+)\.(\d+)")
_ELF = b"\x7fELF"
_OF_C_LIBRARY = re.compile(r"/(?:ld-linux\S*|lib(?:c|m|dl|pthread|rt|util|resolv))\.so")
_NO_PARTS_OF_LIBRARY = (
    "__pycache__",
    "config-*",
    "distutils",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "pydoc_data",
    "site-packages",
    "test",
    "tkinter",
    "turtledemo",
    "_curses*.so",
    "_dbm*.so",
    "_gdbm*.so",
    "_test*.so",
    "_tkinter*.so",
    "nis*.so",
    "readline*.so",
    "*xx*.so",
)
"""What of the interpreter's library nothing in a bundle uses: tests, windows, consoles, old databases."""
_NO_PARTS_OF_PACKAGES = ("**/tests", "**/__pycache__", "**/*.pyi", "**/*.pxd", "**/include", "bin")
"""What packages bring that nothing in a bundle uses."""
_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip, so that the same contents are the same bytes."""
_RUN_BY_ALL, _READ_BY_ALL = 0o755, 0o644
_MAY_RUN = 0o100


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a bundle is made for, as targets.toml says it.

    Attributes:
        name: As people call it.
        archive: The archive of the interpreter.
        sha256: Its checksum.
        python: The version of Python in it, such as 3.11.
        platforms: The tags of wheels that run there, the best first.
        sys_platform: What `sys.platform` is there.
        platform_system: What `platform.system()` is there.
        machine: What `platform.machine()` is there.
        packages: Where packages lie in the folder of the interpreter.
        start: The files by which it is started.
    """

    name: str
    archive: str
    sha256: str
    python: str
    platforms: tuple[str, ...]
    sys_platform: str
    platform_system: str
    machine: str
    packages: str
    start: tuple[str, ...]


def target_named(name: str) -> Target:
    """Return a target of targets.toml.

    Raises:
        click.ClickException: There is none of the name.
    """
    targets = tomllib.loads((HERE / "targets.toml").read_text("utf-8"))
    if name not in targets:
        raise click.ClickException(f"no target {name}: {' '.join(targets)}")
    values = dict(targets[name])
    values["platforms"], values["start"] = tuple(values["platforms"]), tuple(values["start"])
    return Target(name=name, **values)


# --- the interpreter


def unpack_interpreter(archive: Path, target: Target, into: Path) -> None:
    """Unpack the archive of an interpreter; its one folder is called `python`, as that to unpack into.

    Raises:
        click.ClickException: Its checksum is not that of the target.
    """
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != target.sha256:
        raise click.ClickException(
            f"{archive.name} has the checksum {found}; {target.archive} has {target.sha256}"
        )
    with tarfile.open(archive) as packed:
        packed.extractall(into.parent, filter="data")


def copy_own_interpreter(into: Path) -> None:
    """Copy the interpreter that runs this, and its library."""
    base, version = Path(sys.base_prefix), f"python{own_version()}"
    left_out = shutil.ignore_patterns(*_NO_PARTS_OF_LIBRARY)
    shutil.copytree(base / "lib" / version, into / "lib" / version, ignore=left_out)
    (into / "bin").mkdir()
    shutil.copy2(base / "bin" / version, into / "bin" / "python3")
    if sysconfig.get_config_var("Py_ENABLE_SHARED"):
        shared = sysconfig.get_config_var("INSTSONAME")
        shutil.copy2(base / "lib" / shared, into / "lib" / shared)


def copy_shared_libraries(into: Path) -> None:
    """Copy the shared libraries of this machine that its interpreter and the packages ask for."""
    own = into.resolve()
    found = set()
    for binary in binaries_in(into):
        told = subprocess.run(  # noqa: S603  # ours
            ["/usr/bin/ldd", binary], capture_output=True, text=True, check=False
        )
        for name in re.findall(r"=> (/\S+)", told.stdout):
            path = Path(name)
            is_there = path.is_relative_to(own) or (own / "lib" / path.name).exists()
            if not is_there and not _OF_C_LIBRARY.search(name):
                found.add(path)
    for path in found:
        shutil.copy2(path, into / "lib" / path.name)


def own_version() -> str:
    """Return the version of the Python that runs this, such as 3.11."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


# --- the packages


def requirements(target: Target, python: str) -> Iterator[str]:
    """Yield the lines of the lock file that hold on a target with a Python, with their hashes."""
    environment = {
        **default_environment(),
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": target.sys_platform,
        "platform_system": target.platform_system,
        "platform_machine": target.machine,
        "os_name": "nt" if target.sys_platform == "win32" else "posix",
    }
    for entry in _LOCKED.finditer(LOCK.read_text("utf-8")):
        if not entry["marker"] or Marker(entry["marker"]).evaluate(environment):
            yield f"{entry['pinned']} \\\n{entry['hashes']}"


def install_packages(target: Target, python: str, into: Path) -> int:
    """Install the packages of the lock file and this one, as wheels for a target.

    Returns:
        How many bytes of what they bring were left out, since nothing uses them.
    """
    kind = ["--only-binary", ":all:", "--implementation", "cp", "--python-version", python]
    for name in target.platforms:
        kind += ["--platform", name]
    for name in (f"cp{python.replace('.', '')}", "abi3", "none"):
        kind += ["--abi", name]
    with tempfile.TemporaryDirectory() as scratch:
        wheels, lines = Path(scratch) / "wheels", Path(scratch) / "requirements.txt"
        lines.write_text("".join(requirements(target, python)), "utf-8")
        _pip(
            *("download", "--no-deps", "--require-hashes", *kind),
            *("--dest", str(wheels), "--requirement", str(lines)),
        )
        _pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(ROOT))
        _pip(
            # the Python that runs this may be an older one
            *("install", "--no-deps", "--no-index", "--no-compile", "--ignore-requires-python", *kind),
            *("--target", str(into), *map(str, sorted(wheels.glob("*.whl")))),
        )
    return _leave_out(into)


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)  # noqa: S603  # ours


def _leave_out(folder: Path) -> int:
    before = size_of(folder)
    for pattern in _NO_PARTS_OF_PACKAGES:
        for path in sorted(folder.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    return before - size_of(folder)


# --- the zip


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def binaries_in(folder: Path) -> Iterator[Path]:
    """Yield the programs and shared libraries for Linux in a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(len(_ELF)) == _ELF:
                    yield path


def glibc_of(folder: Path) -> tuple[int, int]:
    """Return the newest version of the C library that a binary in a folder asks for."""
    newest = (0, 0)
    for path in binaries_in(folder):
        for major, minor in _GLIBC.findall(path.read_bytes()):
            newest = max(newest, (int(major), int(minor)))
    return newest


def pack(folder: Path, to: Path) -> None:
    """Pack a folder: the same contents are the same bytes, and what can be run stays so."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            info = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), _ALWAYS)
            mode = _RUN_BY_ALL if path.stat().st_mode & _MAY_RUN else _READ_BY_ALL
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, mode << 16
            packed.writestr(info, path.read_bytes())


def make(target: Target, interpreter: Path | None, to: Path) -> Path:
    """Make the bundle of a target, and return the zip."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / FOLDER
        python, version = folder / "python", target.python
        python.mkdir(parents=True)
        if interpreter:
            unpack_interpreter(interpreter, target, python)
        else:
            copy_own_interpreter(python)
            version = own_version()
        packages = python / target.packages.format(python=version)
        packages.mkdir(parents=True, exist_ok=True)
        left_out = install_packages(target, version, packages)
        if interpreter is None:
            copy_shared_libraries(python)
        for name in target.start:
            shutil.copy2(HERE / "start" / name, folder / name)
        parts = [FOLDER, target.name]
        if target.platform_system == "Linux":
            newest = "{}.{}".format(*glibc_of(folder))
            (python / C_LIBRARY).write_text(f"{newest}\n", "utf-8")
            parts.append(f"glibc{newest}")
        to.mkdir(parents=True, exist_ok=True)
        path = to / f"{'-'.join(parts)}.zip"
        pack(folder, path)
        sizes = [one / 1e6 for one in (path.stat().st_size, size_of(folder), left_out)]
    click.echo("{}: {:.1f} MB, unpacked {:.1f} MB, {:.1f} MB of packages left out".format(path, *sizes))
    return path


@click.command()
@click.argument("name", metavar="TARGET")
@click.option("--interpreter", metavar="ARCHIVE", type=click.Path(exists=True, path_type=Path))
@click.option("--packages-only", is_flag=True, help="Lay the packages alone into the folder, for a check.")
@click.option("--to", metavar="FOLDER", type=click.Path(path_type=Path), default=Path("dist"))
def main(name: str, interpreter: Path | None, to: Path, *, packages_only: bool) -> None:
    """Make the bundle of a target: windows-x64, linux-x86_64 or linux-aarch64."""
    target = target_named(name)
    if packages_only:
        to.mkdir(parents=True, exist_ok=True)
        install_packages(target, target.python, to)
        return
    is_own = (target.platform_system, target.machine) == (platform.system(), platform.machine())
    if interpreter is None and not is_own:
        raise click.ClickException(f"give --interpreter {target.archive}")
    make(target, interpreter, to)


if __name__ == "__main__":
    main()
