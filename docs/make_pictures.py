"""Renders what the programme makes, page by page, to look at: every sheet of the roll-up in three weeks, and the forms.

`python -m docs.make_pictures FOLDER [NAME…]` from the repository; needs LibreOffice, poppler-utils and fonts-noto-cjk.
Names are `demo` (form, correction workbook and roll-up of the demonstration, whose first page also becomes
docs/overview.png) and the weeks of tests/whole_weeks.py: `ordinary`, `awful` and `first`; by default all.
"""

import shutil
import sys
from pathlib import Path

from tenproj_xl.demo import PERIOD, run
from tenproj_xl.workspace import Workspace
from tests.libreoffice import to_pngs
from tests.whole_weeks import WEEKS

_SHOWN = {"form": "填报表/10_*.xlsx", "correction": "退回更正/03_*.xlsx", "rollup": "汇总/*.xlsx"}


def main(folder: Path, names: list[str]) -> None:
    """Make the workbooks in a folder and render them beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        workspace = Workspace(folder / "workspaces" / name)
        shutil.rmtree(workspace.root, ignore_errors=True)
        if name == "demo":
            _demonstration(folder, workspace)
        else:
            _render(WEEKS[name](workspace).rollup, folder, name)


def _demonstration(folder: Path, workspace: Workspace) -> None:
    run(workspace, print)
    for name, pattern in _SHOWN.items():
        _render(next((workspace.outbox / PERIOD).glob(pattern)), folder, name)
    first = next(iter(sorted(folder.glob("rollup-*1.png"))))
    shutil.copy(first, Path(__file__).parent / "overview.png")


def _render(book: Path, folder: Path, name: str) -> None:
    for old in folder.glob(f"{name}-*.png"):
        old.unlink()
    for page in to_pngs(shutil.copy(book, folder / f"{name}.xlsx"), folder, dpi=80):
        print(page)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:] or ["demo", *WEEKS])
