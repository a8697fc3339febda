"""The whole desk as it is started: a process that listens on this machine, and ends with its last window."""

import json
import os
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from platform import node
from urllib.parse import urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

import pytest

from tenproj_xl.desk.access import Access
from tenproj_xl.desk.running import RunningDesk

NOTE = ".tenproj-desk.json"


class Started:
    """A desk that was started in a folder, and a browser that came by its address."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tenproj_xl.cli.main", "-C", str(folder), "desk", "--no-browser"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8")  # noqa: S603
        assert self.process.stderr
        said = self.process.stderr.readline()
        self.address = re.sub("^[^：]*：", "", said).strip()
        self.origin = "http://" + urlsplit(self.address).netloc
        self.browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def see(self, address: str) -> str:
        with self.browser.open(address, timeout=30) as page:
            return str(page.read().decode())

    def send(self, path: str) -> int:
        headers = {"Origin": self.origin}
        asked = Request(f"http://{urlsplit(self.address).netloc}{path}", method="POST", headers=headers)
        with self.browser.open(asked, timeout=30) as answer:
            return int(answer.status)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    desk = Started(tmp_path)
    try:
        yield desk
    finally:
        desk.process.kill()
        desk.process.communicate()


def test_it_opens_by_its_address_and_ends_when_its_window_is_closed(started: Started, tmp_path: Path) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/enter\?token=[\w-]{43}", started.address)
    assert "看演示" in started.see(started.address)
    assert started.send("/window?name=a") == 204
    assert started.send("/window?name=a&closed=1") == 204
    assert started.process.wait(30) == 0
    assert not (tmp_path / NOTE).exists()


def test_a_second_start_shows_the_desk_that_runs(started: Started, tmp_path: Path) -> None:
    started.see(started.address)
    second = Started(tmp_path)
    assert second.process.stderr
    rest = second.process.stderr.read()
    second.process.stderr.close()
    assert second.process.wait(30) == 0
    address = re.search("http.*", rest)
    assert address
    assert address[0] != started.address
    assert urlsplit(address[0]).netloc == urlsplit(started.address).netloc
    assert "看演示" in second.see(address[0])


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes of files")
def test_only_the_operator_can_read_where_it_listens(started: Started, tmp_path: Path) -> None:
    assert started.address
    assert stat.S_IMODE((tmp_path / NOTE).stat().st_mode) == 0o600


def test_what_a_desk_left_that_was_cut_off_keeps_nobody_out(tmp_path: Path) -> None:
    desk = Started(tmp_path)
    desk.process.kill()
    desk.process.communicate()
    assert json.loads((tmp_path / NOTE).read_text(encoding="utf-8"))["port"]
    again = Started(tmp_path)
    try:
        assert "看演示" in again.see(again.address)
    finally:
        again.process.kill()
        again.process.communicate()


@pytest.mark.parametrize("is_told", [True, False])
def test_what_listens_at_the_port_of_a_desk_that_was_cut_off_is_not_shown(
    tmp_path: Path, *, is_told: bool
) -> None:
    class Impostor(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that it has to have
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"http://evil.example/\nguessed" if is_told else b"--option")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Impostor) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        noted = {"machine": node(), "port": server.server_port, "key": "a", "proof": "b"}
        (tmp_path / NOTE).write_text(json.dumps(noted), encoding="utf-8")
        assert RunningDesk(tmp_path).address() is None
        (tmp_path / NOTE).write_text(
            json.dumps(noted | {"port": f"{server.server_port}@evil.example"}), encoding="utf-8"
        )
        assert RunningDesk(tmp_path).address() is None
        server.shutdown()
        thread.join()


def test_a_desk_that_ends_late_leaves_the_note_of_the_next_one(tmp_path: Path) -> None:
    running, first, second = RunningDesk(tmp_path), Access(port=1), Access(port=2)
    running.note(first)
    running.note(second)
    running.forget(first)
    assert json.loads((tmp_path / NOTE).read_text(encoding="utf-8"))["port"] == 2
    running.forget(second)
    assert not (tmp_path / NOTE).exists()


@pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0, reason="only root can act as another user, on Linux"
)
def test_another_user_of_the_machine_gets_in_by_no_address(started: Started) -> None:
    ask = (
        "import os, sys, http.client as h, urllib.parse as u, encodings.idna; os.setuid(65534); "
        "at = u.urlsplit(sys.argv[1]); c = h.HTTPConnection(at.hostname, at.port); "
        "c.request('GET', f'{at.path}?{at.query}'); a = c.getresponse(); print(a.status, a.read().decode())"
    )
    command = [sys.executable, "-c", ask, started.address]
    asked = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)  # noqa: S603
    assert asked.stdout.startswith("403 ")
    assert "别的用户不能用这个办公桌" in asked.stdout
    assert "看演示" in started.see(started.address)


def test_a_command_that_runs_is_done_before_it_ends(started: Started, tmp_path: Path) -> None:
    started.see(started.address)
    started.send("/window?name=a")
    assert started.send("/steps/init/make") == 200
    started.send("/window?name=a&closed=1")
    assert started.process.wait(60) == 0
    assert (tmp_path / "工作区" / "workbook_templates" / "填报表.xlsx").exists()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    desk = Started(tmp_path / "没有")
    assert desk.process.stderr
    desk.process.stderr.close()
    assert desk.process.wait(30) == 3
    assert not (tmp_path / "没有").exists()
