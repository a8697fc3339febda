"""LibreOffice for tests: type into workbooks as a clerk does, recalculate them, make pictures of them.

Tests that use it are marked `libreoffice` and begin with `need_libreoffice()`.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PYTHON = "/usr/bin/python3"
"""The Python that the system's LibreOffice has its bridge for; that of a virtual environment has none."""
_WORKER = Path(__file__).with_name("lo_worker.py")
_SECONDS = 180
Shown = Mapping[str, Mapping[str, float | str]]
"""What cells show, by sheet and address; blank ones are not in it, dates are numbers."""


@cache
def missing() -> str:
    """What this machine lacks, "" if nothing."""
    if shutil.which("soffice") is None:
        return "soffice is not installed"
    if not Path(PYTHON).exists() or _run([PYTHON, "-c", "import uno"]).returncode:
        return f"{PYTHON} has no LibreOffice bridge (python3-uno)"
    return ""


def need_libreoffice() -> None:
    """Skip the test where LibreOffice is missing; fail it where TENPROJ_REQUIRE_LIBREOFFICE=1 says it must be there."""
    if missing() and os.environ.get("TENPROJ_REQUIRE_LIBREOFFICE") == "1":
        pytest.fail(missing())
    if missing():
        pytest.skip(missing())


def type_into(path: Path, cells: Sequence[tuple[str, str, str]], save_as: Path) -> None:
    """Type texts into cells (sheet, address, text) and save as .xlsx, .xls or .ods, by the ending of `save_as`."""
    _order(path, cells, save_as)


def recalculated(path: Path, cells: Sequence[tuple[str, str, str]] = ()) -> Shown:
    """What every cell shows after a full recalculation, with some texts typed in before."""
    shown: Shown = _order(path, cells, None, values=True)
    return shown


def to_pngs(path: Path, folder: Path, dpi: int = 60) -> list[Path]:
    """Pictures of a workbook's printed pages, in order."""
    with tempfile.TemporaryDirectory(prefix="tenproj-lo-") as profile:
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf"]
        _checked([*command, "--outdir", str(folder), str(path)])
    _checked(["pdftoppm", "-r", str(dpi), "-png", str(folder / f"{path.stem}.pdf"), str(folder / path.stem)])
    return sorted(folder.glob(f"{path.stem}-*.png"))


def _order(path: Path, cells: Sequence[tuple[str, str, str]], save: Path | None, *, values: bool = False) -> Any:
    order = {"open": str(path), "type": list(cells), "save": str(save) if save else None, "values": values}
    return json.loads(_checked([PYTHON, str(_WORKER)], json.dumps(order)))


def _checked(command: Sequence[str], given: str = "") -> str:
    done = _run(command, given)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed with {done.returncode}:\n{done.stderr}")
    return done.stdout


def _run(command: Sequence[str], given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(  # noqa: S603  # commands of this module
        command, input=given, capture_output=True, text=True, timeout=_SECONDS, check=False, env=environment
    )
