"""The whole desk as it is started: a process that listens on this machine, and ends with its last window."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

import pytest

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
