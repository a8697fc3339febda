"""LibreOffice for tests: what a clerk does to a workbook, a full recalculation, pictures of the pages.

Tests that use it are marked `libreoffice` and begin with `need("soffice")`.
"""

import atexit
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.helpers.programs import PYTHON, Dialogue, output_of

Shown = Mapping[str, Mapping[str, float | str]]
"""Values that cells show, by sheet and address; blank cells are left out, dates are numbers."""
Step = Mapping[str, object]
"""One thing that a person does: `do` names a function of lo_actions, the rest are its arguments."""


_ENDED = (
    Dialogue.ENDED,
    "disposed",
    "DisposedException",
    "UnknownPropertyException: cannot get value",
    "illegal object given",
)
"""Parts of the error where the windowless build of LibreOffice has ended by itself."""
_RETRIES = 8
"""How often it is started again, a second later each time; it ends by itself more often the busier the machine is."""
_STEPS = 200
"""How many steps one LibreOffice takes: after some hundreds it ends by itself."""


def typing(sheet: str, cell: str, text: str) -> Step:
    """Return the step that types a text into a cell."""
    return {"do": "type_text", "sheet": sheet, "cell": cell, "text": text}


def visit(path: Path, steps: Sequence[Step], save_as: Path, encoding: str = "utf-8") -> Path:
    """Open a workbook, do something to it, save it as what its ending says (`.csv`: the sheet that is looked at)."""
    _order(path, steps, save_as, encoding=encoding)
    return save_as


def type_into(path: Path, cells: Sequence[tuple[str, str, str]], save_as: Path) -> None:
    """Type texts into cells (sheet, address, text) and save as .xlsx, .xls or .ods, by the ending of `save_as`."""
    visit(path, [typing(*cell) for cell in cells], save_as)


def recalculated(path: Path, cells: Sequence[tuple[str, str, str]] = ()) -> Shown:
    """Type texts into cells, recalculate all, and return what every cell shows."""
    shown: Shown = _order(path, [typing(*cell) for cell in cells], None, values=True)
    return shown


def save_all_as(ending: str, paths: Sequence[Path], folder: Path) -> list[Path]:
    """Open files one after the other and save each in another format; return the new files, in their order.

    Raises:
        RuntimeError: LibreOffice could not open or save one of them.
    """
    with tempfile.TemporaryDirectory(prefix="tenproj-lo-") as profile:
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", ending]
        printed = output_of([*command, "--outdir", str(folder), *map(str, paths)])
    saved = [folder / f"{path.stem}.{ending}" for path in paths]
    for path in saved:
        if not path.exists():  # LibreOffice ends with 0 even so
            raise RuntimeError(f"LibreOffice did not save {path.name}:\n{printed}")
    return saved


def to_pngs(path: Path, folder: Path, dpi: int = 60) -> list[Path]:
    """Print a file and return pictures of its pages, in order."""
    (printed,) = save_all_as("pdf", [path], folder)
    output_of(["pdftoppm", "-r", str(dpi), "-png", str(printed), str(folder / path.stem)])
    return sorted(folder.glob(f"{path.stem}-*.png"))


def _order(
    path: Path, steps: Sequence[Step], save: Path | None, *, values: bool = False, encoding: str = ""
) -> Any:
    order = {
        "open": str(path),
        "steps": list(map(dict, steps)),
        "save": str(save) if save else None,
        "encoding": encoding,
        "values": values,
    }
    for attempt in range(_RETRIES):
        try:
            return _answer(order, anew=attempt > 0)
        except RuntimeError as failure:
            if not any(sign in str(failure) for sign in _ENDED):
                raise
        time.sleep(attempt)
    return _answer(order, anew=True)


class _Calc:
    """A LibreOffice that carries out one order after the other, as long as that is safe."""

    def __init__(self) -> None:
        self.dialogue = Dialogue([PYTHON, "-m", "tests.helpers.lo_worker"])
        self.steps = 0

    def has_room(self, order: Mapping[str, Any]) -> bool:
        return self.steps + len(order["steps"]) <= _STEPS

    def answer(self, order: Mapping[str, Any]) -> Any:
        self.steps += 1 + len(order["steps"])
        return json.loads(self.dialogue.answer(json.dumps(order)))


_waiting: list[_Calc] = []
"""Those that were started and have nothing to do."""


def _answer(order: Mapping[str, Any], *, anew: bool = False) -> Any:
    calc = _Calc() if anew else _taken(order)
    answer = calc.answer(order)  # where it fails the program has ended
    _waiting.append(calc)
    return answer


def _taken(order: Mapping[str, Any]) -> _Calc:
    """Return a LibreOffice for an order: one that waits, or a new one."""
    try:
        calc = _waiting.pop()  # tests may use several threads
    except IndexError:
        return _Calc()
    if calc.has_room(order):
        return calc
    calc.dialogue.end()
    return _Calc()


@atexit.register
def _end_all() -> None:
    for calc in _waiting:
        calc.dialogue.end()
