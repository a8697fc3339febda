"""Unpack a bundle and try it on the machine that it is for: .github/workflows/bundles.yml does so where we cannot.

    python -m tests.bundles.try_out tenproj-windows-x64.zip FOLDER

The bundle is unpacked to a path with all that hurts. The demonstration runs by its command; then the file that a
double-click runs opens the desk, a stand-in for the browser gets its address, and the demonstration runs by its button.
When the window is closed, the desk has to end by itself.
"""

import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

_PLACE = "报表 一 & 二 (1)"
_BROWSER = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2] + '\\n', 'utf-8')\n"
_SECONDS = 60


def main() -> None:
    bundle, folder = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    place = folder / _PLACE
    _unpack(bundle, place)
    start, command = _start_files(place / "tenproj")
    _run(*command, "demo", "命令演示", within=place)
    print(_run(*command, "-C", "命令演示", "verify", within=place))
    address, browser = folder / "address", folder / "browser.py"
    browser.write_text(_BROWSER, "utf-8")
    shown = " ".join(path.as_posix() for path in (Path(sys.executable), browser, address))
    began = time.monotonic()
    desk = subprocess.Popen(start, env={**os.environ, "BROWSER": f"{shown} %s"})  # noqa: S603  # ours
    print(_run(sys.executable, Path(__file__).with_name("visit.py"), address, within=folder))
    _wait_for_end(desk, place / ".tenproj-desk.json")
    print(f"the desk was open for {time.monotonic() - began:.0f} s, and ended by itself")
    print(_run(*command, "-C", "演示", "verify", within=place))


def _unpack(bundle: Path, place: Path) -> None:
    with zipfile.ZipFile(bundle) as packed:
        for info in packed.infolist():
            Path(packed.extract(info, place)).chmod(info.external_attr >> 16)


def _start_files(bundle: Path) -> tuple[list[str | Path], list[str | Path]]:
    """Return what a double-click runs, and what runs a command."""
    if sys.platform == "win32":
        return [bundle / "打开.bat"], [bundle / "tenproj.bat"]
    return ["sh", bundle / "打开.sh"], [bundle / "tenproj"]


def _run(*command: str | Path, within: Path) -> str:
    done = subprocess.run(  # noqa: S603  # ours
        command, cwd=within, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        sys.exit(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return (done.stdout + done.stderr).strip()


def _wait_for_end(desk: subprocess.Popen[bytes], note: Path) -> None:
    """Wait until what was started has ended, and the desk has taken its note away."""
    desk.wait(_SECONDS)
    until = time.monotonic() + _SECONDS
    while note.exists():
        if time.monotonic() > until:
            sys.exit("the desk does not end, though its window is closed")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
