"""Every page of the desk, as a real browser shows it on the screen of an office."""

from collections.abc import Iterable
from typing import cast
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.browser.addresses import of_looking, of_sheets, of_steps
from tests.browser.office_desk import SIZE, DeskProcess
from tests.helpers.filling import Office
from tests.helpers.programs import AXE, need

pytestmark = pytest.mark.browser

_SERIOUS = ("serious", "critical")
_CHECK = """async () => {
    const found = await axe.run(document, {resultTypes: ["violations"]});
    return found.violations.map(v => [v.impact, v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(" ")]);
}"""


def serious(page: Page) -> list[str]:
    """Return what keeps people from reading or using a page, as axe-core finds it."""
    page.evaluate(AXE.read_text("utf-8"))
    found = cast("list[tuple[str, str, str]]", page.evaluate(_CHECK))
    return [f"{page.url}: {code}: {where}" for impact, code, where in found if impact in _SERIOUS]


def wider_than_screen(page: Page) -> list[str]:
    """Return the address of a page that has to be moved sideways to be read."""
    width = cast("int", page.evaluate("document.documentElement.scrollWidth"))
    return [f"{page.url}: {width}"] if width > SIZE["width"] else []


def faults_of(page: Page, addresses: Iterable[str]) -> list[str]:
    """Return what people cannot use on some pages of the desk whose first page is open."""
    home, faults = page.url, []
    for address in addresses:
        page.goto(home + address)
        faults += [*serious(page), *wider_than_screen(page)]
    return faults


def test_the_pages_of_all_steps_can_be_read_by_everybody_without_moving_them_sideways(page: Page) -> None:
    need("axe")
    assert faults_of(page, of_steps()) == []


def test_the_pages_to_look_for_things_can_be_read_by_everybody(page: Page, merged: Office) -> None:
    need("axe")
    assert faults_of(page, of_looking(merged)) == []


def test_the_pictures_of_all_sheets_and_the_wall_can_be_read_by_everybody(page: Page, merged: Office) -> None:
    need("axe")
    assert faults_of(page, of_sheets(merged)) == []


def test_a_command_that_has_ended_can_be_read_by_everybody(page: Page) -> None:
    need("axe")
    page.goto(f"{page.url}steps/status")
    page.get_by_role("button", name="看报送情况").click()
    page.get_by_text("已完成。").wait_for()
    assert [*serious(page), *wider_than_screen(page)] == []


def test_the_state_of_each_task_force_stands_there_in_words(page: Page) -> None:
    rows = page.locator("table.matrix tbody tr")
    said = [row.locator("td").nth(1).inner_text() for row in rows.all()]
    assert len(said) == 10
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in said), said


def test_a_command_is_started_by_keyboard_alone(page: Page) -> None:
    page.goto(f"{page.url}steps/status")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "看报送情况":
            break
    page.keyboard.press("Enter")
    page.get_by_text("已完成。").wait_for()
    assert "应报7个专班" in page.locator("pre.words").inner_text()


def test_a_letter_is_copied_to_be_pasted(page: Page, merged: Office) -> None:
    letter = merged.workspace.outbox / merged.period / "通知" / "区科技局.txt"
    letter.parent.mkdir(exist_ok=True)
    letter.write_text("区科技局：\n请更正K5，谢谢！", "utf-8-sig")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{page.url}files?path={quote(merged.workspace.relative(letter))}")
    page.get_by_role("button", name="复制全文").click()
    page.get_by_text("已复制，可以粘贴。").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "区科技局：\n请更正K5，谢谢！"


def test_a_product_is_opened_by_the_program_of_the_machine_and_saved_by_the_browser(
    page: Page, desk: DeskProcess, merged: Office
) -> None:
    (rollup,) = (merged.workspace.outbox / merged.period / "汇总").glob("*汇总表.xlsx")
    page.goto(f"{page.url}files?path={quote(merged.workspace.relative(rollup))}")
    page.get_by_role("button", name="打开").click()
    page.get_by_text("已打开").wait_for()
    assert desk.opened == [str(rollup)]
    with page.expect_download() as saving:
        page.get_by_role("link", name="另存").click()
    assert saving.value.suggested_filename == rollup.name
    assert saving.value.path().read_bytes() == rollup.read_bytes()
