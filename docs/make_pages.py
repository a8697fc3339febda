"""Render whole workbooks that the package makes, page by page, to look at while working on them.

    python -m docs.make_pages FOLDER [NAME…]

Run it in the repository; it needs LibreOffice, poppler-utils and fonts-noto-cjk. Names are `demo` (form,
correction workbook, roll-up and brief of the demonstration), the weeks of tests/helpers/whole_weeks.py
(`ordinary`, `awful` and `first`) and `editions` (meeting, month, quarter and year of the ordinary week, for
leaders and for the public); by default all. docs/make_pictures.py makes the pictures of the documents.
"""

import shutil
import sys
from pathlib import Path

from tenproj_xl.app.editions import WALL
from tenproj_xl.app.report import report
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.demo import PERIOD, run
from tests.helpers.libreoffice import to_pngs
from tests.helpers.whole_weeks import WEEKS

_SHOWN = {
    "form": "填报表/10_*.xlsx",
    "correction": "退回更正/10_*.xlsx",
    "rollup": "汇总/*汇总表.xlsx",
    "brief": "汇总/*简报.docx",
}


_READERS = {"晾晒版": "public", "打印版": "print", "简报": "brief", "报告": "report"}
"""What the papers of an edition are called by the ends of their names; the leaders' has none of them."""
_PERIODS = {"meeting": "2026-W48", "month": "2026-11", "quarter": "2026-Q4", "year": "2026"}


def main(folder: Path, names: list[str]) -> None:
    """Make the workbooks in a folder and render them beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        workspace = Workspace(folder / "workspaces" / name)
        shutil.rmtree(workspace.root, ignore_errors=True)
        if name == "demo":
            _demonstration(folder, workspace)
        elif name == "editions":
            _editions(folder, workspace)
        else:
            _render(WEEKS[name](workspace).rollup, folder, name)


def _demonstration(folder: Path, workspace: Workspace) -> None:
    run(workspace, print)
    for name, pattern in _SHOWN.items():
        _render(next((workspace.outbox / PERIOD).glob(pattern)), folder, name)


def _editions(folder: Path, workspace: Workspace) -> None:
    WEEKS["ordinary"](workspace)
    for code, period in _PERIODS.items():
        for made in report(workspace, code, period).written:
            if made.name.endswith(WALL):
                continue  # pages of a browser
            ending = made.stem.rpartition("_")[2]
            _render(made, folder, f"{code}-{_READERS.get(ending, 'leaders')}")


def _render(book: Path, folder: Path, name: str) -> None:
    for old in folder.glob(f"{name}-*.png"):
        old.unlink()
    for page in to_pngs(shutil.copy(book, folder / f"{name}{book.suffix}"), folder, dpi=80):
        print(page)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:] or ["demo", *WEEKS, "editions"])
