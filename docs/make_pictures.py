"""Make the pictures of the documents, in docs/pictures, from the demonstration and from filled-in forms.

    python -m docs.make_pictures [NAME…]

Run it in the repository, after `pip install '.[test]'`; it needs LibreOffice, poppler-utils, fonts-noto-cjk,
faketime, and for those of the desk chromium and chromium-l10n. By default it makes all; look at them before
you keep them. What is shown is looked up by words that stand there, so rows and columns may move; where they
are not found it stops.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from docs import desk_pictures
from docs.picture_cutting import Piece, Printed, on_screen, save_stacked

HOME = Path(__file__).parent
FOLDER = HOME / "pictures"
_NOW = "2026-11-29 02:00:00"
"""When the workbooks are made, in UTC: after the last return of the demonstration."""

PICTURES: Mapping[str, tuple[Piece, ...]] = {
    "form-cover": (
        Piece(
            book="form",
            page="一、填报要求",
            bottom="零报告",
            is_form=True,
            sharpness=110,
            marks=("专班：03", "请牵头单位组织", "本期应报指标", "填报人"),
        ),
    ),
    "form-indicators": (
        Piece(
            book="form",
            page="主要指标进度表",
            is_form=True,
            inches=4,
            marks=("自检", "本期应报", "最新数值", "进度评价", "滞后原因"),
        ),
    ),
    "form-tasks-issues": (
        Piece(book="form", page="重点任务进度表", is_form=True, marks=("当前状态", "本期进展", "存在问题")),
        Piece(book="form", page="问题销号进度表", is_form=True, inches=2.4, marks=("问题编号", "问题描述")),
    ),
    "form-check": (
        Piece(book="faulty", page="主要指标进度表", right="进度评价", is_form=True, inches=4),
        Piece(
            book="ready",
            page="一、填报要求",
            top="四、发送前自检",
            bottom="合计",
            is_form=True,
            sharpness=110,
        ),
    ),
    "correction": (Piece(book="correction", page="修改清单", is_form=True),),
    "overview": (Piece(book="rollup", page="拱墅区“十项重大工程”进度汇总", width=920),),
    "print-copy": (Piece(book="print-copy", page="主要指标（共", width=920),),
    "rollup-indicators": (
        Piece(book="rollup", page="主要指标", top="编号", left="编号", right="进度评价", inches=3),
    ),
    "rollup-lineage": (Piece(book="rollup", page="数据沿革", inches=3),),
    "rollup-returns": (Piece(book="rollup", page="报送情况", right="零报告"),),
    "public": (Piece(book="public", page="专班进展"),),
    "brief": (Piece(book="brief", page="工作简报", top="内部资料", sharpness=84),),
    "year-bullets": (Piece(book="year", page="目标进度图", bottom="Z01-10"),),
    "annual-report": (Piece(book="report", page="推进情况的报告", top="内部资料", sharpness=84),),
    "signoff": (
        Piece(book="signoff", page="待审定", right="办理经过"),
        Piece(book="signoff", page="待审定", top="问题情况和申请", left="销号审定"),
    ),
    "signoff-items": (Piece(book="signoff", page="督办清单上的事项", inches=3),),
    "meeting-agreed": (Piece(book="agreed", page="会议议定、交办的事项", inches=2.6),),
    "agenda": (Piece(book="meeting", page="一、上次议定事项落实情况", width=920),),
    "supervision-choice": (Piece(book="choice", page="是否督办", right="状态", inches=3),),
    "supervision-slip": (
        Piece(book="slips", page="督办〔2026〕1号", top="拱墅区", bottom="反馈时限", sharpness=110),
    ),
    "questions": (Piece(book="questions", page="疑问", top="下列疑问"),),
}
"""The pictures of workbooks by name, each with its pieces from the top."""
NAMES = (*PICTURES, *desk_pictures.SCENES)
"""All pictures."""


def main(names: Iterable[str]) -> None:
    """Make pictures in docs/pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tenproj-pictures-") as scratch:
        paths = {name: FOLDER / f"{name}.png" for name in names}
        if PICTURES.keys() & paths.keys():
            _cut(Path(scratch), paths)
        if desk_pictures.SCENES.keys() & paths.keys():
            desk_pictures.take(Path(scratch) / "desk", paths)
        for path in paths.values():
            print(path.relative_to(HOME.parent), f"{path.stat().st_size / 1000:.0f} kB")


def _cut(scratch: Path, paths: Mapping[str, Path]) -> None:
    """Cut the pictures of workbooks out of what the commands make."""
    products = scratch / "products"
    _make_products(products)
    printed = _Prints(products, scratch)
    for name in PICTURES.keys() & paths.keys():
        save_stacked([printed.of(piece).cut(piece) for piece in PICTURES[name]], paths[name])


def _make_products(folder: Path) -> None:
    """Make the workbooks as if it were the week of the demonstration."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{HOME.parent / '.ci' / 'other_day'}{os.pathsep}{HOME.parent}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }
    command = ["faketime", _NOW, sys.executable, "-m", "docs.picture_scenes", str(folder)]
    subprocess.run(command, check=True, env=environment, cwd=HOME.parent)  # noqa: S603  # our own script


class _Prints:
    """The products as printed, each once."""

    def __init__(self, products: Path, folder: Path) -> None:
        self._products, self._folder = products, folder
        self._made: dict[tuple[str, bool], Printed] = {}

    def of(self, piece: Piece) -> Printed:
        """Return the workbook of a piece."""
        key = piece.book, piece.is_form
        if key not in self._made:
            book = next(self._products.glob(f"{piece.book}.*"))
            if piece.is_form:
                book = on_screen(book, self._folder)
            self._made[key] = Printed(book, self._folder)
        return self._made[key]


if __name__ == "__main__":
    main(sys.argv[1:] or NAMES)
