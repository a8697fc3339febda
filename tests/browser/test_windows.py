"""Several windows of one desk, windows that are loaded again, and the last one that is closed."""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tenproj_xl.ledger.looking import look_into_ledger
from tests.browser.office_desk import DeskProcess, entered, new_window
from tests.helpers.filling import Office
from tests.helpers.programs import HOME

pytestmark = pytest.mark.browser

_DONE = "回到首页，看接下来做什么"


def starts_merge(page: Page) -> None:
    """Click on 汇总."""
    page.goto(f"{page.url.partition('/steps')[0].rstrip('/')}/steps/merge")
    page.get_by_role("button", name="汇总", exact=True).click()
    page.get_by_text("命令：tenproj merge").wait_for()


def test_a_page_that_is_loaded_again_in_mid_merge_shows_the_same_merge(page: Page, merged: Office) -> None:
    merged.send(merged.right("04"))
    starts_merge(page)
    place = page.url
    page.reload()
    page.goto(place.partition("/jobs")[0])
    page.get_by_role("link", name="正在运行：汇总").or_(page.get_by_text("首页").first).first.wait_for()
    page.goto(place)
    page.get_by_role("link", name=_DONE).wait_for()
    page.reload()
    assert page.locator("p.state").inner_text() == "已完成。"
    assert page.locator("pre.words").inner_text().count("汇总表：") == 1
    page.goto(f"{place.partition('/jobs')[0]}/jobs")
    assert page.locator("tbody tr").count() == 1
    with look_into_ledger(merged.workspace.ledger) as ledger:
        assert [r.file for r in ledger.receipts() if r.party.task_force == "04"] == [merged.blank("04").name]


def test_a_second_tab_looks_at_the_same_command_and_starts_no_other(
    page: Page, window: BrowserContext, merged: Office
) -> None:
    merged.send(merged.right("04"))
    home = page.url
    other = window.new_page()
    other.goto(f"{home}steps/status")
    starts_merge(page)
    other.get_by_role("button", name="看报送情况").click()
    told = other.get_by_text("正在运行，请等它做完再点").or_(other.get_by_text("应报7个专班"))
    told.first.wait_for()
    other.goto(page.url)
    other.get_by_role("link", name=_DONE).wait_for()
    page.get_by_role("link", name=_DONE).wait_for()
    assert other.locator("pre.words").inner_text() == page.locator("pre.words").inner_text()


def test_a_second_start_shows_the_desk_that_runs(page: Page, desk: DeskProcess, browser: Browser) -> None:
    command = [sys.executable, "-m", "tenproj_xl.cli.main", "-C", str(desk.folder), "desk", "--no-browser"]
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=True)  # noqa: S603
    assert "已经打开" in second.stderr
    address = second.stderr.partition("浏览器里打开：")[2].strip()
    assert address.partition("/enter")[0] == desk.address.partition("/enter")[0]
    context = new_window(browser)
    other = context.new_page()
    other.goto(address)
    assert other.inner_text("h1") == page.inner_text("h1")
    context.close()


def test_the_program_ends_when_its_last_window_is_closed(window: BrowserContext, desk: DeskProcess) -> None:
    first, second = entered(window, desk), window.new_page()
    second.goto(first.url)
    first.close()
    second.goto(f"{second.url}jobs")
    second.close()
    assert desk.ends() == 0


def test_a_page_that_the_browser_kept_and_shows_again_is_open_again(page: Page, desk: DeskProcess) -> None:
    with page.expect_request("**/window?*") as before:
        pass  # it says every two seconds that it is open
    old = before.value.url
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    with page.expect_response(lambda said: "/window?" in said.url and not said.url.startswith(old)):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    page.route("**/window?*", lambda route: route.abort())
    with pytest.raises(subprocess.TimeoutExpired):
        desk.ends(10)
    page.unroute("**/window?*")
    page.close()
    assert desk.ends() == 0
