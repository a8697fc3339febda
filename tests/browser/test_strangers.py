"""What is not the operator's browser gets nothing; what strangers send costs only itself."""

import http.client
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tenproj_xl.ledger.looking import look_into_ledger
from tests.browser.office_desk import DeskProcess, entered
from tests.helpers.filling import Office
from tests.reading.test_hostile import hostile

pytestmark = pytest.mark.browser


def asked(address: str, path: str, headers: Mapping[str, str], method: str = "GET") -> int:
    """Ask the desk for something as no browser does, and return the status of the answer."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    try:
        connection.request(method, path, body=b"" if method == "POST" else None, headers=dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def cookie_of(window: BrowserContext) -> str:
    """Return what a browser that may enter shows."""
    return "; ".join(f"{one.get('name')}={one.get('value')}" for one in window.cookies())


def test_an_address_is_good_for_one_browser_only(window: BrowserContext, desk: DeskProcess) -> None:
    address = desk.address
    entered(window, desk)
    query = urlsplit(address)
    assert asked(address, f"{query.path}?{query.query}", {}) == 403
    assert asked(address, "/enter?token=guessed", {}) == 403
    assert asked(address, "/", {}) == 403


def test_a_name_that_leads_to_this_machine_is_not_the_desk(window: BrowserContext, desk: DeskProcess) -> None:
    entered(window, desk)
    shown = {"Cookie": cookie_of(window)}
    port = urlsplit(desk.address).port
    assert asked(desk.address, "/", shown) == 200
    assert asked(desk.address, "/", {**shown, "Host": f"localhost:{port}"}) == 200
    for host in (f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port}.evil.example", "127.0.0.1:1"):
        assert asked(desk.address, "/", {**shown, "Host": host}) == 403, host


def test_nothing_runs_for_a_page_of_others(window: BrowserContext, desk: DeskProcess) -> None:
    page = entered(window, desk)
    shown = {"Cookie": cookie_of(window)}
    for origin in ("http://evil.example", "null", f"https://127.0.0.1:{urlsplit(desk.address).port}"):
        sent = {**shown, "Origin": origin}
        assert asked(desk.address, "/steps/merge/make", sent, "POST") == 403, origin
    assert asked(desk.address, "/steps/merge/make", shown, "POST") == 403
    page.goto(f"{page.url}jobs")
    assert "还没有" in page.inner_text("main")


def test_a_page_of_others_cannot_show_or_press_the_desk(window: BrowserContext, desk: DeskProcess) -> None:
    page = entered(window, desk)
    home = page.url
    other = window.new_page()
    other.route("http://evil.example/**", lambda route: route.fulfill(body="<title>elsewhere</title>"))
    other.goto("http://evil.example/")
    other.set_content(f'<form method="post" action="{home}steps/merge/make"><button>press</button></form>')
    with other.expect_navigation():
        other.get_by_role("button").click()
    assert "没有执行" in other.inner_text("body") or "tenproj desk" in other.inner_text("body")
    page.goto(f"{home}jobs")
    assert "还没有" in page.inner_text("main")


def test_nothing_on_a_page_comes_from_elsewhere(window: BrowserContext, desk: DeskProcess) -> None:
    asked_for: list[str] = []
    window.on("request", lambda request: asked_for.append(request.url))
    page = entered(window, desk)
    said = page.goto(page.url)
    assert said
    assert "default-src 'self'" in said.headers["content-security-policy"]
    page.goto(f"{page.url}steps/merge")
    place = urlsplit(page.url).netloc
    assert {urlsplit(url).netloc for url in asked_for if not url.startswith("data:")} == {place}


DROP = """([name, text]) => {
    const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    const dropped = new DataTransfer();
    dropped.items.add(new File([bytes], name, {lastModified: Date.UTC(2026, 10, 27, 6)}));
    const place = document.querySelector("[data-drop]");
    place.dispatchEvent(new DragEvent("drop", {dataTransfer: dropped, bubbles: true, cancelable: true}));
}"""


def test_hostile_files_that_are_put_on_the_page_cost_only_themselves(
    page: Page, merged: Office, download: Callable[[str, bytes], Path]
) -> None:
    made = {f"hostile{number}.xlsx": data for number, (data, _) in enumerate(hostile().values())}
    small = {name: data for name, data in made.items() if len(data) < 4_000_000}
    good = merged.right("04")
    paths = [download(name, data) for name, data in small.items()]
    paths.append(download("good.xlsx", good.data))
    page.locator("[data-drop].ready input[type=file]").set_input_files(paths)
    page.get_by_text(f"已放进收件夹{len(paths)}个文件").wait_for()
    page.get_by_role("button", name="接收", exact=True).click()
    page.get_by_role("link", name="回到首页，看接下来做什么").wait_for(timeout=240_000)
    said = page.locator("pre.words").inner_text()
    assert page.locator("p.state").inner_text().startswith("已完成"), said
    assert [name for name in small if name not in said] == []
    with look_into_ledger(merged.workspace.ledger) as ledger:
        accepted = {receipt.file for receipt in ledger.receipts() if receipt.status.is_return}
    assert accepted == {merged.blank("03").name, "good.xlsx"}


def test_a_name_that_means_to_act_is_only_a_name(page: Page, merged: Office) -> None:
    name = "../../<img src=x onerror=alert(1)>.xlsx"
    page.locator("[data-drop].ready").wait_for()
    page.evaluate(DROP, [name, "UEsDBA=="])
    page.get_by_text("已放进收件夹1个文件").wait_for()
    assert page.locator(".taken img").count() == 0
    (lying,) = merged.workspace.inbox.iterdir()
    assert lying.suffix == ".xlsx"
    assert not {"<", ">", "/"} & set(lying.name)
