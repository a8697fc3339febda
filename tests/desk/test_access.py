"""Who may use the desk: the browser that came by its one-time address, and nobody else."""

from pathlib import Path

import pytest

from tests.desk.visitor import ORIGIN, PORT, Visitor, text_of


def test_the_address_lets_one_browser_in_once(tmp_path: Path) -> None:
    visitor = Visitor(tmp_path, enters=False)
    address = visitor.access.new_address()
    assert visitor.client.get(address, base_url=ORIGIN).location == "/"
    assert visitor.ask("/").status_code == 200

    other = visitor.client.application.test_client()
    refused = other.get(address, base_url=ORIGIN)
    assert refused.status_code == 403
    assert "这个地址已经用过。请再双击一次“打开”" in text_of(refused)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(tmp_path: Path) -> None:
    visitor = Visitor(tmp_path, enters=False)
    entered = visitor.client.get(visitor.access.new_address(), base_url=ORIGIN)
    assert entered.headers["Set-Cookie"] == (
        f"tenproj_desk_{PORT}={visitor.access.session}; HttpOnly; Path=/; SameSite=Strict"
    )


@pytest.mark.parametrize("path", ["/", "/steps/merge", "/files?path=outbox", "/jobs", "/static/desk.css"])
def test_without_the_cookie_no_page_is_shown(tmp_path: Path, path: str) -> None:
    refused = Visitor(tmp_path, enters=False).ask(path)
    assert refused.status_code == 403
    assert "每次打开的地址只能用一次" in text_of(refused)


def test_a_wrong_token_lets_nobody_in(tmp_path: Path) -> None:
    visitor = Visitor(tmp_path, enters=False)
    visitor.access.new_address()
    assert visitor.ask("/enter?token=guessed").status_code == 403
    assert visitor.ask("/enter?token=字").status_code == 403
    assert visitor.ask("/").status_code == 403


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:5001", f"127.0.0.1.evil.example:{PORT}"],
)
def test_another_name_that_leads_here_is_refused(visitor: Visitor, host: str) -> None:
    refused = visitor.client.get("/", base_url=ORIGIN, headers={"Host": host})
    assert refused.status_code == 403


def test_localhost_is_this_machine_too(visitor: Visitor) -> None:
    address = visitor.access.new_address().replace("127.0.0.1", "localhost")
    assert visitor.client.get(address, base_url=f"http://localhost:{PORT}").status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:5001"},
        {"Origin": f"https://127.0.0.1:{PORT}"},
        {"Referer": "http://evil.example/127.0.0.1:5000"},
        {"Origin": "http://evil.example", "Referer": f"{ORIGIN}/"},
        {"Origin": "http://["},
    ],
)
def test_what_another_page_sends_is_not_done(visitor: Visitor, headers: dict[str, str]) -> None:
    refused = visitor.send("/steps/generate/make", headers=headers)
    assert refused.status_code == 403
    assert "没有执行" in text_of(refused)
    assert visitor.desk.jobs.past == []


def test_a_page_that_only_tells_its_referrer_may_send(visitor: Visitor) -> None:
    assert visitor.send("/window?name=a", headers={"Referer": f"{ORIGIN}/"}).status_code == 204


def test_pages_take_nothing_from_elsewhere(visitor: Visitor) -> None:
    page = visitor.ask("/")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'; ")
    assert "http" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_a_second_start_gets_an_address_of_its_own_by_the_key_alone(visitor: Visitor) -> None:
    refused = visitor.client.post("/again", base_url=ORIGIN, headers={"X-Desk-Key": "guessed"})
    assert refused.status_code == 403
    key = {"X-Desk-Key": visitor.access.key}
    address, _, proof = visitor.client.post("/again", base_url=ORIGIN, headers=key).text.partition("\n")
    assert proof == visitor.access.proof
    other = visitor.client.application.test_client()
    assert other.get(address, base_url=ORIGIN).status_code == 302
    assert other.get("/", base_url=ORIGIN).status_code == 200


def test_where_a_second_start_asks_nobody_is_shown_the_page(visitor: Visitor) -> None:
    stranger = visitor.client.application.test_client()
    for method in ("GET", "HEAD", "OPTIONS", "PUT"):
        refused = stranger.open("/again", method=method, base_url=ORIGIN)
        assert refused.status_code == 403
        assert visitor.desk.workspace.root.name not in refused.text
