"""Take the pictures of the desk's pages, as chromium shows them on the screen of an office.

docs/make_pictures.py asks for them. They need Debian's chromium, and chromium-l10n for its own words.
"""

import io
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Page

from docs.picture_cutting import save_stacked
from tests.browser.office_desk import chromium, entered, new_window, running_desk
from tests.browser.story_clock import Clock

_NOW = "29 10:00"
"""When the pages are looked at: after the last return of the demonstration."""
_WEEK = "outbox/2026-W48"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A page to take a picture of: how one gets there from the first page, and how high the picture is."""

    go: Callable[[Page, Path], object]
    height: int = 768


def _home(page: Page, _: Path) -> None:
    page.get_by_text("正在看……").first.wait_for(state="hidden")


def _make_signoff(page: Page, _: Path) -> None:
    page.get_by_role("link", name="销号审定").first.click()
    page.get_by_role("button", name="生成审定表").click()
    page.get_by_role("link", name="回到首页，看接下来做什么").wait_for()


def _give_back(page: Page, _: Path) -> None:
    page.get_by_role("link", name="销号审定").first.click()
    page.get_by_role("button", name="交回审定表").wait_for()
    page.get_by_text("正在看有没有等着办的……").wait_for(state="hidden")


def _first_sheet(page: Page, root: Path) -> None:
    (book,) = (root / _WEEK / "汇总").glob("*汇总表.xlsx")
    page.goto(f"{page.url}pictures/sheet?path={quote(book.relative_to(root).as_posix())}")
    page.get_by_text("总览").first.wait_for()


def _finding(page: Page, _: Path) -> None:
    page.goto(f"{page.url}pictures/returns/03")
    page.get_by_role("link", name="看“重点任务进度表”").first.click()
    page.get_by_text("不在选项内").first.wait_for()


def _history(page: Page, _: Path) -> None:
    page.get_by_role("link", name="查来历").first.click()
    page.get_by_label("名称、编号、单位或文件名").fill("技术交易总额")
    page.get_by_role("button", name="查", exact=True).click()
    page.get_by_text("Z03-04").first.wait_for()


SCENES: Mapping[str, Scene] = {
    "desk-home": Scene(go=_home, height=1200),
    "desk-command": Scene(go=_make_signoff, height=540),
    "desk-step": Scene(go=_give_back, height=640),
    "desk-sheet": Scene(go=_first_sheet, height=600),
    "desk-finding": Scene(go=_finding, height=600),
    "desk-history": Scene(go=_history, height=900),
}
"""The pictures by name, in the order in which they are taken."""
_WIDTH = 960


def take(folder: Path, names: Mapping[str, Path]) -> None:
    """Take pictures of pages in a workspace of the demonstration, which is made for them.

    Args:
        folder: A folder for the workspace.
        names: Where each picture is saved, by its name in `SCENES`.
    """
    folder.mkdir(exist_ok=True)
    clock = Clock(folder)
    clock.set(_NOW)
    environment = {**clock.environment, "TZ": "Asia/Shanghai"}
    workspace = folder / "演示"
    command = [sys.executable, "-m", "tenproj_xl.cli.main", "demo", str(workspace)]
    subprocess.run(command, check=True, env=environment, capture_output=True)  # noqa: S603  # our own
    photograph(workspace, environment, names)


def photograph(workspace: Path, environment: Mapping[str, str], names: Mapping[str, Path]) -> None:
    """Take pictures of pages in a workspace."""
    with chromium(LANGUAGE="zh_CN:zh") as browser, running_desk(workspace, environment) as desk:
        page = entered(new_window(browser), desk)
        home = page.url
        for name, scene in SCENES.items():
            page.set_viewport_size({"width": 1366, "height": scene.height})
            page.goto(home)
            scene.go(page, workspace)
            if name in names:
                _save(page.screenshot(), names[name])


def _save(data: bytes, path: Path) -> None:
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    size = _WIDTH, round(picture.height * _WIDTH / picture.width)
    save_stacked([picture.resize(size, Image.Resampling.LANCZOS)], path)
