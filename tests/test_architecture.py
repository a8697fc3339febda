"""The map of the code names only what there is."""

import importlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import tenproj_xl

HOME = Path(tenproj_xl.__file__).parent
REPOSITORY = HOME.parent
MAP = (HOME / "ARCHITECTURE.md").read_text(encoding="utf-8")
QUOTED = sorted(set(re.findall(r"`([^`\n]+)`", MAP)))
PATHS = [text for text in QUOTED if re.fullmatch(r"[\w./]+(/[\w./]+|\.(py|toml|md))", text)]
NAMES = [text for text in QUOTED if re.fullmatch(r"[a-z_]+(\.[A-Za-z_]+)+", text) and text not in PATHS]
COMMITS = [" ".join(subject.split()) for subject in re.findall(r"[Cc]ommit\s“([^”]+)”", MAP)]


def resolved(name: str) -> object:
    """Return what a dotted name below the package stands for; raise AttributeError or ImportError for nothing."""
    parts = name.split(".")
    found: object = tenproj_xl
    for n, part in enumerate(parts, 1):
        if not hasattr(found, part):
            importlib.import_module(f"tenproj_xl.{'.'.join(parts[:n])}")
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_the_map_is_one_of_the_code(name: str) -> None:
    assert resolved(name) is not None


@pytest.mark.parametrize("path", PATHS)
def test_a_path_in_the_map_is_there(path: str) -> None:
    assert (REPOSITORY / path).exists() or (HOME / path).exists()


def test_the_map_names_every_package() -> None:
    packages = {path.parent.name for path in HOME.glob("*/__init__.py")} - {"data"}
    assert packages <= {text.split(".")[0].rstrip("/") for text in QUOTED}


def test_the_map_is_read_in_two_pages() -> None:
    assert len(MAP.splitlines()) <= 130
    assert len(NAMES) > 40


@pytest.mark.parametrize("subject", COMMITS)
def test_a_commit_in_the_map_is_in_the_history(subject: str) -> None:
    git = shutil.which("git")
    if git is None or not (REPOSITORY / ".git").exists():
        pytest.skip("this is no clone with its history")
    command = [git, "log", "--format=%s"]
    log = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)  # noqa: S603
    assert subject in log.stdout.splitlines()
