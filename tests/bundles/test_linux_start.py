"""The start files for Linux, with stand-ins for Python and for the program that shows a window."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bundles.script import SCRIPT
from tests.helpers.programs import PYTHON as PYTHON_OF_DEBIAN

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="start files for Linux")
START = SCRIPT.with_name("start")
_SECONDS = 20
_GLIB = "import sys; from gi.repository import Gio"
PYTHON = (
    '#!/bin/sh\n[ "$1" = -c ] && exit {fit}\nprintf "%s|" "$@" "$LD_LIBRARY_PATH" "$PYTHONHOME" > "{said}"\n'
)
WINDOW = '#!/bin/sh\nprintf "%s\\n" "$@" > "{shown}"\n'


@dataclass(frozen=True)
class Desktop:
    """A desktop on which a bundle of stand-ins is unpacked."""

    home: Path

    @property
    def bundle(self) -> Path:
        """The bundle, at a path with all that hurts."""
        return self.home / "U盘 一 & 二 (1)" / "tenproj"

    @property
    def python(self) -> Path:
        """The stand-in for Python."""
        return self.bundle / "python" / "bin" / "python3"

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command as a double-click does, with variables that would mislead Python."""
        environment = {
            "PATH": f"{self.home / 'programs'}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "PYTHONHOME": "/nowhere",
        }
        return subprocess.run(  # noqa: S603  # ours
            command, cwd=self.home, env=environment, capture_output=True, text=True, check=False
        )

    def said(self) -> list[str]:
        """Return how Python was called at last; what is launched is not waited for."""
        path, until = self.home / "said", time.monotonic() + _SECONDS
        while not (path.exists() and path.read_text("utf-8").endswith("|")):
            assert time.monotonic() < until, "Python was not called"
            time.sleep(0.05)
        return path.read_text("utf-8").replace(str(self.bundle), "BUNDLE").split("|")[:-1]

    def shown(self) -> str:
        """Return what stood in the window."""
        return (self.home / "shown").read_text("utf-8")


@pytest.fixture
def desktop(tmp_path: Path) -> Desktop:
    made = Desktop(tmp_path)
    made.python.parent.mkdir(parents=True)
    for name in ("tenproj", "打开.sh", "命令行.sh", "打开.desktop"):
        (made.bundle / name).write_bytes((START / name).read_bytes())
        (made.bundle / name).chmod(0o755)
    (made.bundle / "python" / "glibc.txt").write_text("2.28\n")
    (tmp_path / "programs").mkdir()
    programs = {
        made.python: PYTHON.format(fit=0, said=tmp_path / "said"),
        tmp_path / "programs" / "zenity": WINDOW.format(shown=tmp_path / "shown"),
    }
    for path, text in programs.items():
        path.write_text(text)
        path.chmod(0o755)
    return made


def test_a_double_click_starts_the_desk(desktop: Desktop) -> None:
    assert desktop.run("sh", desktop.bundle / "打开.sh").returncode == 0
    assert desktop.said() == ["-P", "BUNDLE/python/start_desk.py", "", ""]


def test_so_does_the_desktop_file_as_file_managers_launch_it(desktop: Desktop) -> None:
    """Those that are built on GLib; where they stand says nothing of where the file lies."""
    if subprocess.run([PYTHON_OF_DEBIAN, "-c", _GLIB], capture_output=True, check=False).returncode:  # noqa: S603  # ours
        pytest.skip("python3-gi is not installed")
    launch = f"{_GLIB}; Gio.DesktopAppInfo.new_from_filename(sys.argv[1]).launch([], None)"
    done = desktop.run(PYTHON_OF_DEBIAN, "-E", "-c", launch, desktop.bundle / "打开.desktop")
    assert (done.returncode, done.stderr) == (0, "")
    assert desktop.said() == ["-P", "BUNDLE/python/start_desk.py", "", ""]


def test_the_console_begins_as_the_desk_does(desktop: Desktop) -> None:
    desktop.run("sh", desktop.bundle / "命令行.sh")
    assert desktop.said() == ["-P", "BUNDLE/python/start_desk.py", "--console", "", ""]


def test_a_command_gets_its_arguments_and_python_nothing_that_misleads_it(desktop: Desktop) -> None:
    desktop.run(desktop.bundle / "tenproj", "-C", "工作区 一", "status")
    assert desktop.said() == ["-m", "tenproj_xl.cli.main", "-C", "工作区 一", "status", "", ""]


def test_a_machine_that_does_not_fit_is_told_in_a_window(desktop: Desktop) -> None:
    """What is built for another processor or a newer C library cannot be run at all."""
    desktop.python.write_text(PYTHON.format(fit=127, said=desktop.home / "said"))
    done = desktop.run("sh", desktop.bundle / "打开.sh")
    assert done.returncode == 3
    assert "不低于2.28" in desktop.shown()
    assert "填报表在哪里都能填" in desktop.shown()
    assert "不低于2.28" in done.stderr


def test_a_stick_that_keeps_no_rights_is_told_in_a_window(desktop: Desktop) -> None:
    desktop.python.chmod(0o644)
    assert desktop.run("sh", desktop.bundle / "打开.sh").returncode == 3
    assert "请把整个文件夹拷到主目录" in desktop.shown()


def test_a_part_of_the_zip_is_told_in_a_window(desktop: Desktop) -> None:
    desktop.python.unlink()
    assert desktop.run("sh", desktop.bundle / "打开.sh").returncode == 3
    assert "请重新解压整个压缩包" in desktop.shown()
