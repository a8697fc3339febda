"""挂图作战 in chromium: it turns by itself and by key, fits both screens, and prints a page a sheet."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Browser, Page

from tenproj_xl.app.editions import WALL
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.wall.document import SECONDS, write_wall
from tests.browser.office_desk import DeskProcess
from tests.browser.test_pages import serious
from tests.helpers import rollup_example as ex
from tests.helpers.filling import Office
from tests.helpers.programs import need

pytestmark = pytest.mark.browser

SCREENS = ((1920, 1080), (1366, 768), (1024, 768))
_SMALLEST = 0.65
"""The smallest letters on a page that are no remark, in shares of a 60th of the screen's width."""
_CUT_OFF = """() => {
    const faults = [];
    for (const page of document.querySelectorAll(".page.shown")) {
        if (page.scrollHeight > page.clientHeight + 1) {
            faults.push(page.id + " is too high: " + page.scrollHeight + " > " + page.clientHeight);
        }
        for (const cell of page.querySelectorAll("h1, td, .chip, .name small, .line > div, .bullet > div")) {
            if (cell.clientWidth && cell.scrollWidth > cell.clientWidth + 1) {
                faults.push(page.id + " is cut off: " + cell.textContent.slice(0, 40));
            }
            const size = parseFloat(getComputedStyle(cell).fontSize);
            if (size < SMALLEST * parseFloat(getComputedStyle(document.documentElement).fontSize)) {
                faults.push(page.id + " is too small: " + size + " " + cell.textContent.slice(0, 40));
            }
        }
    }
    return faults;
}""".replace("SMALLEST", str(_SMALLEST))


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wall") / "挂图作战.html"
    write_wall(path, facts_of(ex.awful_week()))
    return path


@pytest.fixture
def screen(browser: Browser, wall: Path) -> Iterator[Page]:
    """The wall on the screen of a meeting room; its clock stands still."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.clock.install()
    page.goto(wall.as_uri())
    yield page
    context.close()
    assert faults == []


def shown(page: Page) -> str:
    """The one page that is shown."""
    found = page.locator(".page:visible")
    assert found.count() == 1
    return str(found.get_attribute("id"))


def test_a_page_stands_for_its_seconds_and_then_the_next_one_comes(screen: Page) -> None:
    assert shown(screen) == "p1"
    screen.clock.run_for((SECONDS - 1) * 1000)
    assert shown(screen) == "p1"
    screen.clock.run_for(2000)
    assert shown(screen) == "p2"


def test_after_the_last_page_the_first_one_comes(screen: Page) -> None:
    screen.keyboard.press("End")
    assert shown(screen) == f"p{screen.locator('.page').count()}"
    screen.keyboard.press("ArrowRight")
    assert shown(screen) == "p1"
    screen.keyboard.press("ArrowLeft")
    assert shown(screen) == f"p{screen.locator('.page').count()}"


def test_space_lets_it_stand_and_go_on(screen: Page) -> None:
    screen.keyboard.press(" ")
    assert "已暂停" in screen.locator("#where").inner_text()
    screen.clock.run_for(10 * SECONDS * 1000)
    assert shown(screen) == "p1"
    screen.keyboard.press(" ")
    screen.clock.run_for((SECONDS + 1) * 1000)
    assert shown(screen) == "p2"


def test_the_number_of_a_task_force_leads_to_its_page_and_a_page_has_an_address(
    screen: Page, wall: Path
) -> None:
    screen.get_by_role("link", name="02", exact=True).click()
    number = shown(screen)
    assert screen.locator(f"#{number} h1").inner_text().startswith("02")
    assert screen.url == f"{wall.as_uri()}#{number}"
    screen.reload()
    assert shown(screen) == number


@pytest.mark.parametrize("size", SCREENS)
def test_every_page_fits_the_screen_in_letters_that_can_be_read(screen: Page, size: tuple[int, int]) -> None:
    width, height = size
    screen.set_viewport_size({"width": width, "height": height})
    faults: list[str] = []
    for _ in range(screen.locator(".page").count()):
        faults += cast("list[str]", screen.evaluate(_CUT_OFF))
        screen.keyboard.press("ArrowRight")
    assert faults == []
    inside = cast("list[int]", screen.evaluate("[document.body.scrollWidth, document.body.scrollHeight]"))
    assert inside[0] <= width
    assert inside[1] <= height


def test_everybody_can_read_and_use_it(screen: Page) -> None:
    need("axe")
    faults: list[str] = []
    screen.clock.resume()
    for _ in range(screen.locator(".page").count()):
        faults += serious(screen)
        screen.keyboard.press("ArrowRight")
    assert faults == []


def test_without_its_script_all_pages_stand_below_each_other(browser: Browser, wall: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(wall.as_uri())
    assert page.locator(".page:visible").count() == page.locator(".page").count() > 5
    assert not page.locator("footer").is_visible()
    context.close()


def test_the_desk_opens_the_wall_in_a_window_of_its_own(
    page: Page, merged: Office, desk: DeskProcess
) -> None:
    assert desk.address
    (made,) = (merged.workspace.outbox / merged.period / "汇总").glob(f"*{WALL}")
    page.get_by_role("link", name="挂图作战").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=made.stem.replace("_", " ")).first.click()
    window = opened.value
    window.wait_for_load_state()
    assert shown(window) == "p1"
    window.keyboard.press("ArrowRight")
    assert shown(window) == "p2"
