"""Make the bundle of this machine, run it where nothing is installed; look at the other two.

    python -m tests.bundles.check

The bare root has a shell, a few small programs, the C library and /proc: no Python, no network, and the bundle lies on what
can only be read. There the demonstration runs by its command, and by its button on the desk that a double-click
starts; a stand-in for the browser gets the address. For Windows and aarch64 the packages are laid out as in their bundles, and looked at: binaries are for
that machine, the C library is old enough, and every module that runs finds what it imports.
"""

import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from tests.bundles.script import SCRIPT, bundle_module, bundle_script

ROOT = Path(__file__).parents[2]
_PLACE = "U盘 一/绿色版"
"""Where the bundle lies in the bare root."""
_PROGRAMS = ("/bin/sh", "/usr/bin/readlink", "/usr/bin/dirname", "/usr/bin/uname", "/usr/bin/cat")
_C_LIBRARY = (
    "libc.so.6",
    "libm.so.6",
    "libdl.so.2",
    "libpthread.so.0",
    "librt.so.1",
    "libutil.so.1",
    "libresolv.so.2",
)
_OLDEST = (2, 28)
"""The C library of UOS 20 and Kylin V10."""
_OF_A_CLUSTER = ("dask", "distributed")
"""What is asked for with `--cluster` alone, by the extra of that name, and told where it is not there."""
_X86_64, _AARCH64, _WINDOWS_X64 = 62, 183, 0x8664
"""How binaries name the machine that they are for."""
_SEALED = """
set -e
mount --bind "$1/$2" "$1/$2"
mount -o remount,bind,ro "$1/$2"
mount --rbind /proc "$1/proc"
"$4" -c "$5"
exec chroot "$1" /bin/sh -c "cd /home; export PATH=/usr/bin:/bin HOME=/home SHELL=/bin/sh; $3"
"""
"""Make a folder of the root one that can only be read, and run a command in the root."""
_LOOPBACK_UP = """
import fcntl, socket, struct
with socket.socket() as place:  # SIOCSIFFLAGS: IFF_UP
    fcntl.ioctl(place, 0x8914, struct.pack("16sh14x", b"lo", 1))
"""
"""Without a network a desktop has its loopback all the same."""
_VISIT = """
export BROWSER='/bin/sh /browser %s'
sh "/{place}/tenproj/打开.sh" & desk=$!
"/{place}/tenproj/python/bin/python3" -B /visit.py /tmp/address
wait $desk
"""
"""Double-click, visit the desk, close its window; it ends by itself."""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _hold_locks_together()
        _look_at("linux-x86_64", folder, _X86_64)
        _look_at("linux-aarch64", folder, _AARCH64)
        _look_at("windows-x64", folder, _WINDOWS_X64)
        _run_in_bare_root(_bundle_of_this_machine(folder), folder)


# --- the bundle of this machine, where nothing is installed


def _bundle_of_this_machine(folder: Path) -> Path:
    _made("linux-x86_64", "--to", str(folder / "dist"))
    (path,) = (folder / "dist").glob("*.zip")
    return path


def _run_in_bare_root(bundle: Path, folder: Path) -> None:
    """Run the whole demonstration; nothing is written but the workspace."""
    bare = folder / "bare"
    _bare_root(bare)
    place = bare / _PLACE
    _unpacked(bundle, place)
    before, tenproj = _files(bare), f'"/{_PLACE}/tenproj/tenproj"'
    began = time.monotonic()
    _in(bare, f"{tenproj} --version")
    print(f"starts in {time.monotonic() - began:.1f} s from a folder that can only be read")
    print(_last_line(_in(bare, f'sh "/{_PLACE}/tenproj/命令行.sh" < /dev/null')))
    _in(bare, f"{tenproj} demo 命令演示")
    print(f"the demonstration: {_last_line(_in(bare, f'{tenproj} -C 命令演示 verify'))}")
    print(_in(bare, _VISIT.format(place=_PLACE)), end="")
    print(f"its ledger: {_last_line(_in(bare, f'{tenproj} -C 演示 verify'))}")
    written = {path.partition("/")[0] for path in _files(bare / "home")}
    outside = _files(bare) - before - {f"home/{path}" for path in _files(bare / "home")} - {"tmp/address"}
    if written - {".tenproj-desk.lock"} != {"命令演示", "演示"} or outside:
        raise SystemExit(f"written outside the workspace: {sorted(written)} {sorted(outside)[:9]}")


def _bare_root(bare: Path) -> None:
    """Make a root with a shell, a few programs and the C library."""
    for name in ("home", "tmp", "dev", "proc", "lib64", "lib/x86_64-linux-gnu"):
        (bare / name).mkdir(parents=True)
    for program in _PROGRAMS:
        target = bare / program.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(Path(program).resolve(), target)
    shutil.copy2("/lib64/ld-linux-x86-64.so.2", bare / "lib64")
    for library in _C_LIBRARY:
        shutil.copy2(Path("/lib/x86_64-linux-gnu") / library, bare / "lib/x86_64-linux-gnu")
    (bare / "dev/null").touch()
    (bare / "browser").write_text('echo "$1" > /tmp/address\n')
    shutil.copy2(Path(__file__).with_name("visit.py"), bare)


def _in(bare: Path, command: str) -> str:
    """Run a command in the bare root, without a network, and return what it said; it must be done."""
    sealed = ["unshare", "--map-root-user", "--net", "--mount", "sh", "-c", _SEALED]
    done = subprocess.run(  # noqa: S603  # ours
        [*sealed, "sh", str(bare), _PLACE, command, sys.executable, _LOOPBACK_UP],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout + done.stderr


def _last_line(said: str) -> str:
    return said.splitlines()[-1]


def _unpacked(bundle: Path, place: Path) -> None:
    """Unpack as file managers do, which keep what can be run."""
    with zipfile.ZipFile(bundle) as packed:
        for info in packed.infolist():
            Path(packed.extract(info, place)).chmod(info.external_attr >> 16)


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# --- what the others hold


def _hold_locks_together() -> None:
    """Hold the lock file of bundles against that of a release: the same versions, and those of the mail."""
    release, bundles = (
        _pinned(path) for path in (ROOT / "requirements.lock", SCRIPT.with_name("requirements.lock"))
    )
    if not release <= bundles:
        raise SystemExit(f"packaging/requirements.lock is to be made anew: {sorted(release - bundles)}")


def _pinned(lock: Path) -> set[str]:
    return {line for line in lock.read_text("utf-8").splitlines() if "==" in line}


def _look_at(target: str, folder: Path, machine: int) -> None:
    """Lay out the packages of a target; hold their binaries and imports against it."""
    packages = folder / target
    _made(target, "--packages-only", "--to", str(packages))
    strange = [path for path in packages.rglob("*") if _machine_of(path) not in (None, machine)]
    if strange:
        raise SystemExit(f"{target}: not for this machine: {strange}")
    newest = bundle_script().glibc_of(packages)
    if newest > _OLDEST:
        raise SystemExit(f"{target}: the packages ask for glibc {newest}")
    found = bundle_module("bundle_imports").what_loads("tenproj_xl", packages).missing
    missing = [one for one in found if one.partition(": ")[2].split(".")[0] not in _OF_A_CLUSTER]
    if missing:
        raise SystemExit(f"{target}: nothing answers these imports: {missing}")
    size = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file())
    about = f", glibc {newest[0]}.{newest[1]}" if newest > (0, 0) else ""
    print(f"{target}: packages of {size / 1e6:.1f} MB, all binaries and imports are right{about}")


def _machine_of(path: Path) -> int | None:
    """Return the machine that a binary is for, None for what is none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"\x7fELF"):
        return int(struct.unpack_from("<H", head, 18)[0])
    if head.startswith(b"MZ") and path.suffix in (".pyd", ".dll"):
        (at,) = struct.unpack_from("<I", head, 60)
        return int(struct.unpack_from("<H", head, at + 4)[0])
    return None


def _made(*arguments: str) -> None:
    subprocess.run([sys.executable, str(SCRIPT), *arguments], check=True)  # noqa: S603  # ours


if __name__ == "__main__":
    main()
