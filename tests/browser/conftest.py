"""A desk in a workspace of the week, and windows of a real browser that look at it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page

from tests.browser.office_desk import DeskProcess, chromium, entered, new_window, running_desk
from tests.helpers.filling import Office
from tests.helpers.programs import need


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    need("chromium", "axe")
    with chromium() as running:
        yield running


@pytest.fixture
def desk(merged: Office) -> Iterator[DeskProcess]:
    """The desk of a workspace in which 03 returned its form, and the roll-up was made."""
    need("chromium")
    with running_desk(merged.workspace.root, dict(os.environ)) as running:
        yield running


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    context = new_window(browser)
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext, desk: DeskProcess) -> Page:
    """The first page of the desk; whatever asks the operator a question by itself fails the test."""
    first = entered(window, desk)

    def fail(dialog: Dialog) -> None:
        raise AssertionError(dialog.message)

    first.on("dialog", fail)
    return first


@pytest.fixture
def download(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Save what came by mail or chat in a folder of the operator's."""

    def save(name: str, data: bytes) -> Path:
        folder = tmp_path / "downloads"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_bytes(data)
        return path

    return save
