"""The desk as a process of its own, and a window of chromium that looks at it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.helpers.programs import HOME

SIZE = {"width": 1366, "height": 768}
"""The screen of an office."""
_CHROMIUM = "/usr/bin/chromium"
_SECONDS = 60
_TOLD = "请在这台电脑的浏览器里打开："


@contextmanager
def chromium(**environment: str) -> Iterator[Browser]:
    """Run Debian's chromium, with something in its environment besides."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_CHROMIUM,
            env={**os.environ, **environment},
            args=["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"],
        )
        try:
            yield browser
        finally:
            browser.close()


def new_window(browser: Browser) -> BrowserContext:
    """Open a window of its own, that waits long enough for a busy machine."""
    context = browser.new_context(viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai")  # type: ignore[arg-type]  # a plain dict
    context.set_default_timeout(_SECONDS * 1000)
    return context


class DeskProcess:
    """`tenproj desk` in a folder, as a person starts it.

    What it opens with the machine's programs is noted, by a stand-in for xdg-open.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        programs = folder.parent / "programs"
        programs.mkdir(exist_ok=True)
        self._opened = folder.parent / "opened.txt"
        opener = programs / "xdg-open"
        opener.write_text(f'#!/bin/sh\necho "$1" >> "{self._opened}"\n')
        opener.chmod(0o755)
        path = f"{programs}{os.pathsep}{environment.get('PATH', os.defpath)}"
        self._environment = {"PYTHONPATH": str(HOME), **environment, "PATH": path}
        self.said: list[str] = []
        self._told = threading.Event()
        self._process = self._started()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        assert self._told.wait(_SECONDS), self.said

    def _started(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603  # our own command
            [sys.executable, "-m", "tenproj_xl.cli.main", "-C", str(self.folder), "desk", "--no-browser"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._environment,
            cwd=self.folder,
        )

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self.said.append(line.rstrip())
            if _TOLD in line:
                self._told.set()
        self._told.set()

    @property
    def address(self) -> str:
        """The address that it told last, good for one browser."""
        told = [line.partition(_TOLD)[2] for line in self.said if _TOLD in line]
        assert told, self.said
        return told[-1]

    @property
    def opened(self) -> list[str]:
        """What it opened with programs of the machine."""
        return self._opened.read_text().splitlines() if self._opened.exists() else []

    def ends(self, seconds: float = _SECONDS) -> int:
        """Wait until it has ended by itself, and return its exit code."""
        return self._process.wait(seconds)

    def stop(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        if self._process.stdout:
            self._process.stdout.close()


@contextmanager
def running_desk(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[DeskProcess]:
    """Run the desk of a folder, and end it at last."""
    desk = DeskProcess(folder, environment or dict(os.environ))
    try:
        yield desk
    finally:
        desk.stop()


def entered(window: BrowserContext, desk: DeskProcess) -> Page:
    """Open the desk in a window, by the address that it told."""
    page = window.new_page()
    answer = page.goto(desk.address)
    assert answer, desk.said
    assert answer.ok, page.content()
    return page
