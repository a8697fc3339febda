"""The lock file answers pyproject.toml with hashes, and the bill of materials lists exactly the lock file."""

import importlib.util
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

HOME = Path(__file__).parents[1]
FILES = ("pyproject.toml", "requirements.lock", "sbom.cdx.json", "tenproj_xl/__init__.py")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release_files", HOME / ".ci" / "release_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A copy of the files that make a release."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(HOME / name, tmp_path / name)
    return tmp_path


def faults(script: ModuleType, root: Path) -> list[str]:
    return list(script.faults(root))


def test_the_release_files_agree(script: ModuleType) -> None:
    assert faults(script, HOME) == []
    assert len(script.locked((HOME / "requirements.lock").read_text("utf-8"))) > 20


def changed(name: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        path = root / name
        path.write_text(change(path.read_text("utf-8")), "utf-8")

    return spoil


def without_a_component(text: str) -> str:
    bill = json.loads(text)
    del bill["components"][3]
    return json.dumps(bill)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            changed("pyproject.toml", lambda t: t.replace('"click>=8.2.0"', '"click>=99"')),
            "click>=99 is not answered",
        ),
        (
            changed("pyproject.toml", lambda t: t.replace('"click>', '"colorama>=0.4", "click>')),
            "colorama>=0.4 is not",
        ),
        (changed("requirements.lock", lambda t: t.replace("openpyxl==3", "openpyxl==2")), "openpyxl"),
        (changed("requirements.lock", lambda t: t.replace("sha256:1", "sha256:2", 1)), "differ from those"),
        (changed("sbom.cdx.json", without_a_component), "stands in only one"),
        (
            changed("tenproj_xl/__init__.py", lambda t: t.replace('__version__ = "', '__version__ = "9')),
            "another version",
        ),
    ],
)
def test_what_does_not_agree_is_named(
    spoil: Callable[[Path], None], said: str, script: ModuleType, release: Path
) -> None:
    assert faults(script, release) == []
    spoil(release)
    assert said in "\n".join(faults(script, release))
