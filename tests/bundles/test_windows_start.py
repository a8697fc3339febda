"""The start files for Windows, run by Wine's cmd with stand-ins for Python and Notepad.

Wine's cmd is not Microsoft's: this shows that each file calls what it should, from a path with all that hurts.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bundles.script import SCRIPT
from tests.helpers.programs import need

START = SCRIPT.with_name("start")
STAND_IN = Path(__file__).with_name("stand_in.c")
COMPILER = "x86_64-w64-mingw32-gcc"
PLACE = "U盘 一 & 二 (1)/tenproj"
SECONDS = 60


@dataclass(frozen=True)
class Windows:
    """Wine's Windows, with a bundle of stand-ins."""

    home: Path
    bundle: Path

    @property
    def said(self) -> Path:
        """What the stand-in wrote: how it was called."""
        return self.home / "said.txt"

    @property
    def environment(self) -> dict[str, str]:
        """What Wine has to know."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "WINEPREFIX": str(self.home / "wine"),
            "WINEDEBUG": "-all",
            "STAND_IN_SAYS": f"Z:{self.said}".replace("/", "\\"),
        }

    def serve(self, how: str) -> None:
        """Begin Wine's server, which every command would else begin for itself, or end it."""
        subprocess.run(["wineserver", how], env=self.environment, check=False)  # noqa: S603, S607  # Debian's

    def run(self, *command: str | Path) -> tuple[int, str]:
        """Run a command as a double-click does; return its exit code and what it printed."""
        self.said.unlink(missing_ok=True)
        printed = self.home / "printed.txt"  # a pipe would stay open as long as Wine's services run
        with printed.open("wb") as output:
            done = subprocess.run(  # noqa: S603  # ours
                ["wine", *map(str, command)],  # noqa: S607  # Debian's
                env=self.environment,
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=SECONDS,
                check=False,
            )
        return done.returncode, printed.read_text("utf-8", errors="replace")

    def become(self, version: str, number: str) -> None:
        """Be another version of Windows; wait until its console says that number, which Wine may do late."""
        until = time.monotonic() + SECONDS
        said = ""
        while f" {number}" not in said:
            assert time.monotonic() < until, f"Wine stayed {said!r}"
            self.run("winecfg", "-v", version)
            _, said = self.run("cmd", "/c", "ver")

    def called(self) -> str:
        """Return how the stand-in was called, with the bundle's folder as BUNDLE; wait for what was started only."""
        until = time.monotonic() + SECONDS
        while not (self.said.exists() and self.said.stat().st_size):
            assert time.monotonic() < until, "nothing was called"
            time.sleep(0.1)
        folder = f"Z:{self.bundle}".replace("/", "\\")
        return self.said.read_text("utf-8").replace(folder, "BUNDLE")


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    need("wine", COMPILER)
    home = tmp_path_factory.mktemp("windows")
    for name, kind in (("pythonw.exe", "-mwindows"), ("python.exe", "-mconsole")):
        subprocess.run([COMPILER, "-s", kind, "-o", home / name, STAND_IN], check=True)  # noqa: S603  # ours
    shutil.copy2(home / "pythonw.exe", home / "notepad.exe")
    made = Windows(home, home / PLACE)
    made.serve("--persistent")
    made.run("wineboot", "--init")
    yield made
    made.serve("--kill")


@pytest.fixture
def windows(wine: Windows) -> Windows:
    """Give Windows 10 with a whole bundle."""
    wine.become("win10", "10.")
    shutil.rmtree(wine.bundle, ignore_errors=True)
    (wine.bundle / "python").mkdir(parents=True)
    for name in ("打开.bat", "命令行.bat", "tenproj.bat", "说明.txt"):
        shutil.copy2(START / name, wine.bundle)
    for path in (wine.home / "python.exe", wine.home / "pythonw.exe", START / "start_desk.py"):
        shutil.copy2(path, wine.bundle / "python")
    shutil.copy2(wine.home / "notepad.exe", wine.bundle)
    return wine


def test_a_double_click_starts_the_desk_without_a_console_and_leaves_none(windows: Windows) -> None:
    status, _ = windows.run(windows.bundle / "打开.bat")
    assert status == 0
    assert windows.called() == r'"BUNDLE\python\pythonw.exe" -P "BUNDLE\python\start_desk.py"'


@pytest.mark.parametrize(("version", "number"), [("winxp64", "5.2"), ("win7", "6.1"), ("win81", "6.3")])
def test_an_old_windows_shows_what_to_do_instead(windows: Windows, version: str, number: str) -> None:
    windows.become(version, number)
    status, printed = windows.run(windows.bundle / "打开.bat")
    assert status == 3, printed
    assert windows.called().endswith('notepad.exe" 说明.txt')


def test_a_double_click_within_the_zip_says_to_unpack_it(windows: Windows) -> None:
    """Explorer lays out the file that is clicked, and nothing beside it."""
    shutil.rmtree(windows.bundle / "python")
    status, printed = windows.run(windows.bundle / "打开.bat")
    assert status == 3
    assert "Please unpack the whole zip first." in printed
    assert not windows.said.exists()


def test_a_command_gets_its_arguments_and_gives_its_exit_code(windows: Windows) -> None:
    status, _ = windows.run(windows.bundle / "tenproj.bat", "-C", "工作区 一", "status", "--json")
    assert (
        windows.called() == r'"BUNDLE\python\python.exe" -m tenproj_xl.cli.main -C "工作区 一" status --json'
    )
    assert status == 7


def test_the_console_begins_as_the_desk_does(windows: Windows) -> None:
    windows.run(windows.bundle / "命令行.bat")
    assert windows.called() == r'"BUNDLE\python\python.exe" -P "BUNDLE\python\start_desk.py" --console'
