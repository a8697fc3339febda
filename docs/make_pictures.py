"""Renders what the demonstration makes, page by page, to look at: form, correction workbook and roll-up.

`python -m docs.make_pictures FOLDER` from the repository; needs LibreOffice, poppler-utils and fonts-noto-cjk. The
first page of the roll-up also becomes docs/overview.png.
"""

import shutil
import sys
from pathlib import Path

from tenproj_xl.demo import PERIOD, run
from tenproj_xl.workspace import Workspace
from tests.libreoffice import to_pngs

_SHOWN = {"form": "填报表/10_*.xlsx", "correction": "退回更正/03_*.xlsx", "rollup": "汇总/*.xlsx"}


def main(folder: Path) -> None:
    """Run the demonstration in a folder and render its workbooks beside it."""
    workspace = Workspace(folder / "demo")
    run(workspace, print)
    for name, pattern in _SHOWN.items():
        made = next((workspace.outbox / PERIOD).glob(pattern))
        for page in to_pngs(shutil.copy(made, folder / f"{name}.xlsx"), folder, dpi=80):
            print(page)
    first = next(iter(sorted(folder.glob("rollup-*1.png"))))
    shutil.copy(first, Path(__file__).parent / "overview.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
